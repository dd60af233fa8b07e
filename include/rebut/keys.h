/* rebut/keys.h -- who signs evidence, and by what secret are buyers named?
 *
 * A key folder, mode 0700, of one who writes packs:
 *
 *     signing-ID.key   the secret of an Ed25519 key, hex, mode 0600
 *     buyers.key       32 secret bytes for pseudonyms, hex, mode 0600; made once
 *     current          the id of the key that signs
 *     public.json      all public keys and which are revoked: what a platform is given
 *
 * A key's id is 16 hex digits of the BLAKE2b hash of its public key.  Old keys stay
 * public when a new one is made; a revoked one no longer counts from a time on.  Secret
 * files that others may read are refused.
 */
#ifndef REBUT_KEYS_H
#define REBUT_KEYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rebut/error.h"

#define REBUT_KEY_ID_SIZE 17
#define REBUT_BUYERS_SECRET 32
#define REBUT_KEYS_MAX 1000

struct rebut_signer {
    char id[REBUT_KEY_ID_SIZE];
    unsigned char secret[64];
};

struct rebut_public_key {
    char id[REBUT_KEY_ID_SIZE];
    unsigned char key[32];
    int64_t made_at;    /* microseconds UTC */
    int64_t revoked_at; /* REBUT_TIME_NONE: it is not */
    char reason[200];   /* of the revocation */
};

struct rebut_public_keys {
    struct rebut_public_key *list; /* [count] */
    size_t count;
};

/* Make a key and, if there are none yet, the folder and the buyers' secret.  An older key
 * stays and no longer signs; without `rotate` it is an error that there is one.  EIO,
 * EUSAGE, EDATA.  ret_id gets the new key's. */
REBUT_MUST_CHECK bool rebut_keys_make(const char *folder, bool rotate, int64_t now,
                                      char ret_id[REBUT_KEY_ID_SIZE],
                                      struct rebut_error *err);

/* From `at` on, key `id` no longer counts. */
REBUT_MUST_CHECK bool rebut_keys_revoke(const char *folder, const char *id, int64_t at,
                                        const char *reason, struct rebut_error *err);

/* The key that signs; EDATA when it is revoked.  Wipe with rebut_signer_wipe. */
REBUT_MUST_CHECK bool rebut_signer_load(const char *folder, struct rebut_signer *ret,
                                        struct rebut_error *err);
void rebut_signer_wipe(struct rebut_signer *signer);

REBUT_MUST_CHECK bool rebut_buyers_secret_load(const char *folder,
                                               unsigned char ret[REBUT_BUYERS_SECRET],
                                               struct rebut_error *err);

/* Public keys from public.json or from a key folder. */
REBUT_MUST_CHECK bool rebut_public_keys_load(const char *path,
                                             struct rebut_public_keys *ret,
                                             struct rebut_error *err);
void rebut_public_keys_release(struct rebut_public_keys *keys);

/* The key of that id, or NULL. */
const struct rebut_public_key *rebut_public_key_find(const struct rebut_public_keys *keys,
                                                     const char *id);

#endif
