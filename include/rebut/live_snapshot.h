/* rebut/live_snapshot.h -- a partition's state on disk, without a pause.
 *
 * The file is that of rebut/snapshot.h and what follows its sections: position,
 * watermark, digests and revisions of scored requests, orphans, held scores.  PATH.1 is
 * the one before.  A loaded state goes on exactly as the saved one.
 *
 * rebut_live_save_begin forks: the child writes what was there at that moment and the
 * parent goes on.  A failure (full disk, killed child) leaves both files as they were.
 */
#ifndef REBUT_LIVE_SNAPSHOT_H
#define REBUT_LIVE_SNAPSHOT_H

#include <sys/types.h>

#include "rebut/live.h"

struct rebut_live_about {
    int64_t major, minor; /* the last message that is in it */
    uint8_t night[32];    /* whatever names the night that buyers were copied from */
    /* After a load, as in rebut/snapshot.h. */
    bool fell_back;
    char damage[480];
};

/* A save under way; zeroed is none. */
struct rebut_live_save {
    pid_t child; /* 0: none */
    int words;   /* where it says why it failed */
};

/* Nothing may be due (EINPUT).  Fails with EIO when there can be no child. */
REBUT_MUST_CHECK bool rebut_live_save_begin(const struct rebut_live *live,
                                            const struct rebut_live_about *about,
                                            const char *path,
                                            struct rebut_live_save *ret_save,
                                            struct rebut_error *err);
/* Has it ended?  `wait`: until it has.  *ret_done is false while it writes; a failure of
 * the child's is this call's, once. */
REBUT_MUST_CHECK bool rebut_live_save_end(struct rebut_live_save *save, bool wait,
                                          bool *ret_done, struct rebut_error *err);

/* The same at once, in this process. */
REBUT_MUST_CHECK bool rebut_live_save(const struct rebut_live *live,
                                      const struct rebut_live_about *about,
                                      const char *path, struct rebut_error *err);

/* Read PATH, or PATH.1 if it is missing or unusable, into a new object.  Fails with
 * EDATA, EIO or ENOMEM and leaves *ret_live alone. */
REBUT_MUST_CHECK bool
rebut_live_load(const char *path, const struct rebut_live_options *options,
                const struct rebut_live_night *night, struct rebut_live **ret_live,
                struct rebut_live_about *ret_about, struct rebut_error *err);

#endif
