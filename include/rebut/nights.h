/* rebut/nights.h -- which night should everybody judge against, and where is it?
 *
 * A night is two files in one folder, a state and a model, and a row of rebut.nights that
 * announces them (sql/migrations/0014_nights.sql).  Who makes one:
 *
 *     rebut_nights_begin(store, &night, err)            its number, and names after it
 *     ...write FOLDER/night.state_file and .model_file, each whole...
 *     rebut_nights_seal(folder, &night, err)            digests of what is on disk
 *     rebut_nights_announce(store, &night, err)         in a transaction, at last
 *     rebut_nights_tidy(store, folder, err)             after it: what is old goes
 *
 * Who takes one up listens to rebut_nights, asks for the newest, and checks that the
 * files in its own folder are the ones announced.  Names are used once and files never
 * changed, so what was checked is what is read.
 *
 * Errors as rebut/store.h says, and EDATA for files that are not what was announced.
 */
#ifndef REBUT_NIGHTS_H
#define REBUT_NIGHTS_H

#include "rebut/store.h"

#define REBUT_NIGHTS_NAME_SIZE 101 /* of a file, with NUL */
#define REBUT_NIGHTS_HEX 33        /* XXH3-128 in hex, with NUL */
#define REBUT_NIGHTS_MODEL_SIZE 129
#define REBUT_NIGHTS_KEPT 3 /* that are not withdrawn */

struct rebut_announced {
    int64_t id; /* 0: none */
    char state_file[REBUT_NIGHTS_NAME_SIZE], model_file[REBUT_NIGHTS_NAME_SIZE];
    char state_digest[REBUT_NIGHTS_HEX], model_digest[REBUT_NIGHTS_HEX];
    char model_id[REBUT_NIGHTS_MODEL_SIZE]; /* in rebut.models */
    int64_t as_of, made_at;                 /* microseconds */
};

/* The newest that is not withdrawn, or the one `before` places older; id 0: none. */
REBUT_MUST_CHECK bool rebut_nights_newest(struct rebut_store *store, int before,
                                          struct rebut_announced *ret,
                                          struct rebut_error *err);

/* What became of one that is not the newest any more. */
enum rebut_nights_fate {
    REBUT_NIGHTS_STANDS,
    REBUT_NIGHTS_WITHDRAWN, /* on purpose: go back to the one before */
    REBUT_NIGHTS_GONE       /* its row is: a database restored from a dump, a slip */
};
REBUT_MUST_CHECK bool rebut_nights_fate(struct rebut_store *store,
                                        const struct rebut_announced *night,
                                        enum rebut_nights_fate *ret,
                                        struct rebut_error *err);

/* Are the two one night?  Numbers may come again after a database was restored. */
bool rebut_nights_same(const struct rebut_announced *a, const struct rebut_announced *b);

/* FOLDER/FILE, malloc'ed; NULL without memory. */
char *rebut_nights_path(const char *folder, const char *file);

/* Are both files there, and those that were announced?  EDATA names the one that is not.
 * Reads them once. */
REBUT_MUST_CHECK bool rebut_nights_check(const char *folder,
                                         const struct rebut_announced *night,
                                         struct rebut_error *err);

/* What its files look like without being read: another stamp, other files. */
struct rebut_nights_stamp {
    uint64_t device[2], inode[2], size[2]; /* zero: it is not there */
    int64_t changed_ns[2];
};
struct rebut_nights_stamp rebut_nights_stamp(const char *folder,
                                             const struct rebut_announced *night);

/* A number of its own, and names; makes the folder (mode 0700) where there is none. */
REBUT_MUST_CHECK bool rebut_nights_begin(struct rebut_store *store, const char *folder,
                                         struct rebut_announced *ret,
                                         struct rebut_error *err);
REBUT_MUST_CHECK bool rebut_nights_seal(const char *folder, struct rebut_announced *night,
                                        struct rebut_error *err);
REBUT_MUST_CHECK bool rebut_nights_announce(struct rebut_store *store,
                                            const struct rebut_announced *night,
                                            struct rebut_error *err);

/* Remove the files of one that will not be announced. */
void rebut_nights_discard(const char *folder, const struct rebut_announced *night);

/* Withdraw all but the REBUT_NIGHTS_KEPT newest and remove their files, and those of
 * nights that were begun and never announced.  One maker at a time: under its lock. */
REBUT_MUST_CHECK bool rebut_nights_tidy(struct rebut_store *store, const char *folder,
                                        struct rebut_error *err);

#endif
