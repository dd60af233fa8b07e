/* rebut/loop.h -- feed, handler, effects: read, handle, commit, until told to stop.
 *
 *     assigned   acquire, load, seek to where the loaded state stands
 *     messages   handle; commit when enough is pending, enough time has passed, or the
 *                feed has nothing more for now
 *     revoked    commit, save, drop           lost     drop
 *     fenced     drop what was lost without saving, commit the rest, go on; if the feed
 *                still says after reclaim_ms that it is ours, take it again
 *     stop       finish the batch, commit, save; done
 *     end        finish, commit, save; done
 *
 * One thread.  What fails with ETRY is tried again for patience_ms.
 */
#ifndef REBUT_LOOP_H
#define REBUT_LOOP_H

#include <signal.h>

#include "rebut/effects.h"
#include "rebut/log.h"

/* Who makes effects of messages.  Failures end the loop: what is wrong with a message is
 * a dead letter.  A message's words are borrowed until `handle` returns. */
struct rebut_handler {
    /* Make the state of a partition: the last good snapshot at or before `stored`, which
     * ends where *ret_from says (REBUT_POSITION_NONE: empty state, all from the start).
     */
    bool (*load)(struct rebut_handler *handler, uint32_t partition,
                 struct rebut_position stored, struct rebut_position *ret_from,
                 struct rebut_error *err);

    /* Messages of loaded partitions, in order within each; effects->score and ->dead. */
    bool (*handle)(struct rebut_handler *handler, const struct rebut_message *messages,
                   size_t count, struct rebut_effects *effects, struct rebut_error *err);

    /* All that was handled is committed: the moment for a snapshot of what is due.
     * NULL: no interest. */
    bool (*committed)(struct rebut_handler *handler, struct rebut_error *err);

    /* Nothing came for idle_us: give what is held back for what may come.  Effects of it
     * are unprompted.  NULL: nothing ever is. */
    bool (*idle)(struct rebut_handler *handler, struct rebut_effects *effects,
                 struct rebut_error *err);

    /* The feed has ended: give what was held back.  NULL: nothing ever is. */
    bool (*finish)(struct rebut_handler *handler, struct rebut_effects *effects,
                   struct rebut_error *err);

    /* Snapshot the partition, all of which is committed; `drop` follows. */
    bool (*save)(struct rebut_handler *handler, uint32_t partition,
                 struct rebut_error *err);
    void (*drop)(struct rebut_handler *handler, uint32_t partition);

    /* No room for more of this partition until others have caught up: it is paused.
     * NULL: never. */
    bool (*full)(const struct rebut_handler *handler, uint32_t partition);
};

struct rebut_loop_counts {
    uint64_t messages, bytes, batches, commits, retries, turns;
    uint64_t fenced;                   /* partitions, each time */
    int64_t commit_us, commit_most_us; /* in commits, and the longest */
    int64_t idle_us;                   /* waiting for messages */
    int64_t lag;                       /* -1: not known */
    uint32_t partitions;               /* held now */
};

struct rebut_loop {
    struct rebut_feed *feed; /* open; the caller closes all three */
    struct rebut_effects *effects;
    struct rebut_handler *handler;
    int64_t (*now_us)(void);           /* a clock that does not go back */
    const volatile sig_atomic_t *stop; /* not 0: stop; NULL: never */
    const struct rebut_log *log;       /* NULL: silent */
    bool (*tick)(void *context, struct rebut_error *err); /* between batches, at least
                                    every wait_ms; false ends the loop; NULL: none */
    void *context;
    struct rebut_loop_counts *counts; /* kept up to date; NULL: no interest */
    int wait_ms;                      /* the longest wait for messages; 0: 200 */
    int64_t idle_us;                  /* 0: 5,000,000 */
    int64_t commit_us;                /* commit what is older than this; 0: 100,000 */
    uint64_t commit_messages;         /* or after so many messages; 0: 20,000 */
    int64_t patience_ms;              /* how long what failed is tried again; 0: 60,000 */
    int64_t reclaim_ms;               /* 0: 10,000 */
};

/* Run until stopped, ended or failed.  After a failure nothing more is committed. */
REBUT_MUST_CHECK bool rebut_loop_run(const struct rebut_loop *loop,
                                     struct rebut_error *err);

#endif
