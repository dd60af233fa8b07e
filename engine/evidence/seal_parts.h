/* What writing and verifying a seal share. */
#ifndef REBUT_EVIDENCE_SEAL_PARTS_H
#define REBUT_EVIDENCE_SEAL_PARTS_H

#include "rebut/seal.h"
#include "rebut/timestamp.h"

#define REBUT_MANIFEST "manifest.json"
#define REBUT_SIGNATURE "manifest.sig"
#define REBUT_STAMP_ASKED "manifest.tsq"
#define REBUT_STAMP_GIVEN "manifest.tsr"
#define REBUT_MANIFEST_SCHEMA "rebut-manifest-1"
#define REBUT_SIGNATURE_SCHEMA "rebut-signature-1"

/* Letters, digits, dots, hyphens, underscores; no dot in front; 1 to NAME_MAX bytes; none
 * of the seal's own files. */
bool rebut_seal_name(const char *name);

/* The text that is signed, of a manifest's hash. */
#define REBUT_SIGNED_SIZE (sizeof REBUT_MANIFEST_SCHEMA + REBUT_SEAL_HEX)
size_t rebut_seal_signed(const char hash[REBUT_SEAL_HEX], char ret[REBUT_SIGNED_SIZE]);

/* A manifest as it is read. */
struct entry {
    const char *file, *hash;
    int64_t bytes, n;
};
struct manifest {
    void *document; /* jansson's; the texts live in it */
    const char *as_of, *key, *previous;
    int64_t total;
    size_t count;
};

/* Read canonical bytes; EDATA says what is wrong. */
REBUT_MUST_CHECK bool rebut_manifest_read(struct rebut_text bytes, struct manifest *ret,
                                          struct rebut_error *err);
bool rebut_manifest_entry(const struct manifest *manifest, size_t index,
                          struct entry *ret);
void rebut_manifest_release(struct manifest *manifest);

/* Add a finding; those past REBUT_FINDINGS_KEPT are only counted. */
void rebut_seal_find(struct rebut_verification *ret, enum rebut_fault fault,
                     const char *where, const char *format, ...) REBUT_PRINTF(4, 5);

/* manifest.tsq and manifest.tsr against manifest.sig, where they are there.  EIO and
 * ENOMEM; a signature that cannot be read has its finding already. */
REBUT_MUST_CHECK bool rebut_seal_check_stamp(const char *folder,
                                             struct rebut_verification *ret,
                                             struct rebut_error *err);

#endif
