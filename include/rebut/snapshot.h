/* rebut/snapshot.h -- what did we know at the end of the last run?
 *
 *     struct rebut_snapshot_about about = {.as_of = as_of, .watermark = watermark};
 *     if (!rebut_snapshot_save(&state, &about, path, err))
 *         return false;
 *     ...the next night...
 *     rebut_state_init(&state, seed);
 *     if (!rebut_snapshot_load(path, &state, &about, err))
 *         return false;
 *     ...apply what came after about.watermark, and about.waiting; seal; score...
 *     rebut_snapshot_about_release(&about);
 *
 * A loaded state behaves as the saved one: with the same events after it, the scores are
 * the same to the byte as when all events are read at once.
 *
 * The file: a header (version, layout, what it is about, size and checksum of each
 * section, and its own checksum), then the sections: rows as they lie in memory, ids and
 * texts as their sizes and bytes.  Little-endian; other machines are refused.  Equal
 * states give equal bytes.  XXH3-128 finds damage, not malice: but whatever the bytes
 * are, a state that was loaded has every index, word, time and amount in its range.
 *
 * It holds the ids of buyers and the texts of requests: mode 0600.
 */
#ifndef REBUT_SNAPSHOT_H
#define REBUT_SNAPSHOT_H

#include "rebut/state.h"

#define REBUT_SNAPSHOT_SOURCE_MAX 200 /* bytes */
#define REBUT_SNAPSHOT_DIGEST 32
#define REBUT_SNAPSHOT_HEAD 4096 /* first bytes, which differ where two states do */

/* What the snapshot is about, for the one who reads on from it. */
struct rebut_snapshot_about {
    int64_t as_of;                      /* the state holds nothing later */
    uint64_t watermark;                 /* the source was read up to here; 0: none */
    uint64_t events[REBUT_EVENT_TYPES]; /* read so far, by type */
    char source[REBUT_SNAPSHOT_SOURCE_MAX + 1]; /* its name in words: UTF-8 */
    uint8_t source_digest[REBUT_SNAPSHOT_DIGEST];
    /* Lines that were read and are in no table yet: orphans, and what is later than
     * as_of.  Without them a reader that starts at the watermark would lose them. */
    REBUT_ARRAY(struct rebut_text) waiting;
    /* Bytes of the caller's own, behind the sections: checksummed, not looked into. */
    REBUT_ARRAY(unsigned char) extra;
    /* After a load: PATH was unusable for the reason `damage`, and PATH.1 was read. */
    bool fell_back;
    char damage[480];
};

/* Write `state`, not yet sealed, to `path`, a regular file or none.  The file that was
 * there stays as PATH.1.  At every moment PATH is the old file or the whole new one, on
 * disk, and PATH.1 is replaced only after that; a failure leaves both as they were.
 *
 * Reads the state and changes nothing (a forked child may do it while the parent goes
 * on).  It is checked first as a load checks it, so that what was written can be read.
 * Fails with EINPUT (sealed, something later than as_of, a row out of its range), EIO or
 * ENOMEM.  Three passes over the memory: check, checksums, writing. */
REBUT_MUST_CHECK bool rebut_snapshot_save(const struct rebut_state *state,
                                          const struct rebut_snapshot_about *about,
                                          const char *path, struct rebut_error *err);

/* Read `path` into `state` (initialised, empty; its seed is kept), or PATH.1 if PATH is
 * missing or unusable.  Fills *ret_about, to be released by the caller.  Fails, leaving
 * both empty, with EDATA (saying for both files which section, what was expected and
 * what came), EIO or ENOMEM.  Memory: the state's own, and 400 KB. */
REBUT_MUST_CHECK bool rebut_snapshot_load(const char *path, struct rebut_state *state,
                                          struct rebut_snapshot_about *ret_about,
                                          struct rebut_error *err);

/* Is there something to load?  (PATH or PATH.1; to begin anew, remove both.) */
bool rebut_snapshot_exists(const char *path);

/* Free what a load allocated; zeroed is released already. */
void rebut_snapshot_about_release(struct rebut_snapshot_about *about);

#endif
