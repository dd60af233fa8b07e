/* The list of public keys and its file. */
#ifndef REBUT_EVIDENCE_KEYS_PUBLIC_H
#define REBUT_EVIDENCE_KEYS_PUBLIC_H

#include "rebut/keys.h"

void rebut_key_id(const unsigned char public[32], char ret[REBUT_KEY_ID_SIZE]);

REBUT_MUST_CHECK bool rebut_public_keys_add(struct rebut_public_keys *keys,
                                            const struct rebut_public_key *key,
                                            struct rebut_error *err);
REBUT_MUST_CHECK bool rebut_public_keys_save(const char *folder,
                                             const struct rebut_public_keys *keys,
                                             struct rebut_error *err);

#endif
