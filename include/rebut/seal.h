/* rebut/seal.h -- is this bundle of evidence whole, and as it was signed?
 *
 * A bundle is a folder of files, `manifest.json` that names each with its size and hash,
 * and `manifest.sig`, an Ed25519 signature of the manifest.  Nothing here knows what a
 * file says.
 *
 *     manifest.json, canonical (sorted keys, no blanks, one newline at the end):
 *       {"as_of":"…","engine":"…","entries":[{"blake2b":"HEX","bytes":N,"file":"…","n":1},…],
 *        "key":"ID","model":"…","previous":null,"schema":"rebut-manifest-1","total":N}
 *     manifest.sig:
 *       {"key":"ID","schema":"rebut-signature-1","signature":"HEX"}
 *
 * Signed is the text "rebut-manifest-1\n", the BLAKE2b-512 of manifest.json in hex, and
 * "\n", so that anybody with b2sum and an Ed25519 verifier can check it.  `n` counts from
 * 1 and `total` is signed too: a file that is taken away, from the end as well, is
 * missed. `previous` is the BLAKE2b-512 of the manifest before, where bundles follow each
 * other.  manifest.tsq and manifest.tsr, a time stamp's request and reply, may lie beside
 * it; that one is not there is no fault, for nothing signed says that it was.
 *
 * Writing is streamed, in constant memory; the manifest appears last.
 */
#ifndef REBUT_SEAL_H
#define REBUT_SEAL_H

#include "rebut/keys.h"
#include "rebut/language.h"
#include "rebut/output.h"

#define REBUT_SEAL_HASH 64 /* bytes of BLAKE2b-512 */
#define REBUT_SEAL_HEX (2 * REBUT_SEAL_HASH + 1)
#define REBUT_SEAL_NAME_MAX 128        /* bytes of a file's name */
#define REBUT_SEAL_ENTRIES_MAX 2000000 /* of a manifest */

struct rebut_seal {
    struct rebut_output out; /* manifest.json */
    const struct rebut_signer *signer;
    char *folder;
    uint64_t total;
    struct rebut_seal_about {
        const char *as_of, *model; /* plain words */
        const char *previous;      /* hex, or NULL */
    } about;
};

/* Begin the manifest of a folder that is there.  EIO, ENOMEM. */
REBUT_MUST_CHECK bool rebut_seal_open(struct rebut_seal *seal, const char *folder,
                                      const struct rebut_signer *signer,
                                      const struct rebut_seal_about *about,
                                      struct rebut_error *err);

/* Take in a file of the folder, which is finished.  EIO; EINPUT for a name that is not
 * letters, digits, dots, hyphens and underscores. */
REBUT_MUST_CHECK bool rebut_seal_add(struct rebut_seal *seal, const char *name,
                                     struct rebut_error *err);

/* Sign, and let manifest and signature appear. */
REBUT_MUST_CHECK bool rebut_seal_commit(struct rebut_seal *seal, struct rebut_error *err);
void rebut_seal_release(struct rebut_seal *seal);

/* Write manifest.tsq, the request for a time stamp of a folder's manifest.sig.  A reply
 * that is there stays: it fits as long as the signature is the same. */
REBUT_MUST_CHECK bool rebut_seal_ask_stamp(const char *folder, struct rebut_error *err);

/* BLAKE2b-512 of a regular file, as hex, and its size. */
REBUT_MUST_CHECK bool rebut_seal_hash(const char *path, char ret_hex[REBUT_SEAL_HEX],
                                      uint64_t *ret_bytes, struct rebut_error *err);

/* ---- verifying ---- */

enum rebut_fault {
    REBUT_FAULT_NO_MANIFEST, /* it is missing, or no regular file */
    REBUT_FAULT_MANIFEST,    /* unreadable, no manifest, or not canonical */
    REBUT_FAULT_NO_SIGNATURE,
    REBUT_FAULT_SIGNATURE,   /* unreadable, or it does not fit */
    REBUT_FAULT_UNKNOWN_KEY, /* signed by a key that is not among the known ones */
    REBUT_FAULT_REVOKED,     /* by a key that no longer counted then */
    REBUT_FAULT_SEQUENCE,    /* numbers with a gap, twice, or out of order */
    REBUT_FAULT_TOTAL,       /* not as many as stated */
    REBUT_FAULT_NAME,        /* a name that leads elsewhere, or twice the same */
    REBUT_FAULT_MISSING,     /* a file is not there, or is a link */
    REBUT_FAULT_SIZE,
    REBUT_FAULT_CONTENT,       /* another hash */
    REBUT_FAULT_EXTRA,         /* a file that the manifest does not name */
    REBUT_FAULT_PREVIOUS,      /* it does not follow the bundle before */
    REBUT_FAULT_STAMP_REQUEST, /* manifest.tsq is not that of the signature */
    REBUT_FAULT_STAMP,         /* manifest.tsr: mangled, not granted, of something else */
    REBUT_FAULTS
};
extern const char *const rebut_words_fault[REBUT_FAULTS]; /* stable words */

struct rebut_finding_of_seal {
    enum rebut_fault fault;
    char where[REBUT_SEAL_NAME_MAX + 1]; /* file, or "" */
    char detail[200];                    /* what was expected and what came */
};

struct rebut_verification {
    struct rebut_finding_of_seal *list; /* [count]; at most REBUT_FINDINGS_KEPT */
    size_t count;
    uint64_t found; /* all of them */
    uint64_t files; /* checked */
    char key[REBUT_KEY_ID_SIZE];
    char hash[REBUT_SEAL_HEX]; /* of the manifest */
    char as_of[41];
    enum rebut_stamp_state {
        REBUT_STAMP_NONE,
        REBUT_STAMP_WANTED, /* asked for, and no reply there */
        REBUT_STAMP_FITS    /* by all but the authority's signature: rebut/timestamp.h */
    } stamp;
    int64_t stamped_at; /* where it fits */
};
#define REBUT_FINDINGS_KEPT 1000

/* Check a bundle's folder against the known keys.  `only`, which may be NULL, is the one
 * file that matters: of others only their names are looked at.  `previous` may be NULL:
 * the hash of the manifest that should be the one before.  All that is wrong is in *ret,
 * which needs release; false only when the work could not be done (ENOMEM, EIO of the
 * folder). */
REBUT_MUST_CHECK bool rebut_seal_verify(const char *folder,
                                        const struct rebut_public_keys *keys,
                                        const char *only, const char *previous,
                                        struct rebut_verification *ret,
                                        struct rebut_error *err);
void rebut_verification_release(struct rebut_verification *verification);

/* A finding as a sentence. */
void rebut_fault_sentence(const struct rebut_finding_of_seal *finding,
                          enum rebut_language language, char *ret, size_t size);

/* Fuzzing's way in: read a manifest's bytes and forget them.  True when they are one. */
bool rebut_seal_try(struct rebut_text bytes);

#endif
