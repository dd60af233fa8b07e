/* rebut/live.h -- what does a stream know of a buyer at the moment of a request?
 *
 *     rebut_live_new(&live, &(struct rebut_live_options)REBUT_LIVE_OPTIONS, night, err)
 *     for each message: rebut_live_apply(live, &message, &became, err)
 *         while (rebut_live_next_dead(live, &dead))   ... a dead letter
 *         while (rebut_live_next(live, &due))         ... rebut_live_view; score;
 *             if (rebut_live_scored(live, due.request, digest, &revision)) ... emit
 *
 * One partition's buyers: a rebut_state that is never sealed, chains from a buyer to all
 * of its rows, and what waits.  An order or request of the night is copied in when an
 * event names it, all the rest of a buyer when a request of theirs is to be scored: those
 * who ask for nothing take no memory for what the night knows.
 *
 * A request is scored as of the later of its own time and its order's.  The view then is
 * a function of the set of the buyer's events up to there, whatever order they came in;
 * shipments and deliveries are known by the millisecond, rounded down.
 *
 * The watermark is the largest `at` of what was taken.  What is older than it by more
 * than `lateness` changes nothing; both are decided message by message.
 *
 * One thread an object.  Failures: ENOMEM, ELIMIT (a table is full); afterwards only
 * release it.
 */
#ifndef REBUT_LIVE_H
#define REBUT_LIVE_H

#include "rebut/image.h"
#include "rebut/state.h"

/* The night's state by buyer: 4 bytes an order, a request and a buyer.  `state` is sealed
 * with its order_keys (keeps_keys), borrowed, and shared by all partitions.  Fails with
 * ENOMEM or EINPUT. */
struct rebut_live_night;
REBUT_MUST_CHECK bool rebut_live_night_open(struct rebut_live_night **ret_night,
                                            const struct rebut_state *state,
                                            struct rebut_error *err);
/* The same in an image (rebut/image.h): *night is made when it is taken. */
REBUT_MUST_CHECK bool rebut_live_night_image(struct rebut_live_night **night,
                                             const struct rebut_state *state,
                                             struct rebut_image *image,
                                             struct rebut_error *err);
void rebut_live_night_close(struct rebut_live_night *night); /* NULL is allowed */

struct rebut_live_options {
    int64_t lateness_us; /* how far behind the watermark an event may be */
    int64_t ahead_us;    /* how far ahead of the clock */
    int64_t wait_us;     /* a score waits until the watermark is this far past as_of */
    uint32_t held_max;   /* scores that wait; beyond it the oldest is due at once */
    uint32_t orphans_max;
    size_t orphan_bytes_max; /* of lines; beyond either the oldest is given up */
    uint64_t seed;           /* of hashes: the night's, if there is one */
};
#define REBUT_LIVE_OPTIONS                                                               \
    {                                                                                    \
        .lateness_us = 24 * 3600 * REBUT_SECOND, .ahead_us = 3600 * REBUT_SECOND,        \
        .held_max = 100000, .orphans_max = 100000, .orphan_bytes_max = (size_t)64 << 20  \
    }

struct rebut_live;
/* Options are copied; `night` is borrowed and may be NULL (nothing is known). */
REBUT_MUST_CHECK bool rebut_live_new(struct rebut_live **ret_live,
                                     const struct rebut_live_options *options,
                                     const struct rebut_live_night *night,
                                     struct rebut_error *err);
void rebut_live_free(struct rebut_live *live); /* NULL is allowed */

/* What is copied from here on is of this night, whose state has the same seed; buyers who
 * have been copied whole stay as they are. */
void rebut_live_take_up(struct rebut_live *live, const struct rebut_live_night *night);

/* Copy in what the night knows of a buyer of ours, once.  Done already for the buyers of
 * requests that are due. */
REBUT_MUST_CHECK bool rebut_live_know(struct rebut_live *live, uint32_t buyer,
                                      struct rebut_error *err);
/* The same for the buyer of this request, if the night knows it. */
REBUT_MUST_CHECK bool rebut_live_recall(struct rebut_live *live,
                                        struct rebut_text request_id,
                                        struct rebut_error *err);

/* The tables: indexes below are theirs.  Not sealed; lists are in no order. */
const struct rebut_state *rebut_live_state(const struct rebut_live *live);
size_t rebut_live_bytes(const struct rebut_live *live);
int64_t rebut_live_watermark(const struct rebut_live *live); /* or REBUT_TIME_NONE */

/* An event, and what is kept of it should it be an orphan. */
struct rebut_live_message {
    const struct rebut_event *event;
    struct rebut_text line; /* that it was parsed from; parsed again later */
    int64_t major, minor;   /* its position, given back in dead letters */
    int64_t now;            /* the clock, or REBUT_TIME_NONE: nothing is in the future */
    struct rebut_ahead *ahead; /* of the event; NULL: nobody has looked */
};

/* Look ahead at a block of events that will be applied next: memory that they will touch
 * is asked for together, here and in the night's tables. */
void rebut_live_look_ahead(const struct rebut_live *live,
                           const struct rebut_event *events, size_t count,
                           struct rebut_ahead *ret_ahead);

enum rebut_live_became {
    REBUT_LIVE_APPLIED,
    REBUT_LIVE_DUPLICATE,
    REBUT_LIVE_CONFLICT, /* a dead letter: see REBUT_CONFLICT */
    REBUT_LIVE_REPLACED, /* this one stands; the one before has no line any more */
    REBUT_LIVE_ORPHAN,   /* it waits for the order or request it names */
    REBUT_LIVE_PRICE,    /* touches no buyer: not kept */
    REBUT_LIVE_TOO_LATE, /* a dead letter: nothing changed */
    REBUT_LIVE_FUTURE,   /* a dead letter: nothing changed */
    REBUT_LIVE_BECAME    /* how many there are */
};
extern const char *const rebut_words_live_became[REBUT_LIVE_BECAME];

/* Take one message, then the orphans that waited for it. */
REBUT_MUST_CHECK bool rebut_live_apply(struct rebut_live *live,
                                       const struct rebut_live_message *message,
                                       enum rebut_live_became *ret_became,
                                       struct rebut_error *err);

/* The feed is idle: what is held is due.  It has ended: orphans are given up too. */
REBUT_MUST_CHECK bool rebut_live_idle(struct rebut_live *live, struct rebut_error *err);
REBUT_MUST_CHECK bool rebut_live_finish(struct rebut_live *live, struct rebut_error *err);

/* An orphan of before that cannot be used: "orphan" (what it waits for did not come in
 * time, or there were too many) or "conflict".  Valid until the next call with `live`. */
struct rebut_live_dead {
    const char *reason, *field, *expected; /* as in rebut/rejects.h */
    struct rebut_text line;
    int64_t major, minor;
};
bool rebut_live_next_dead(struct rebut_live *live, struct rebut_live_dead *ret);

/* A refund-only request to be scored: new, or scored before and touched since by an
 * event that is not later than it.  Each is given once, however many events touched it
 * since the last drain. */
struct rebut_live_due {
    uint32_t request;
    int64_t as_of;
};
bool rebut_live_next(struct rebut_live *live, struct rebut_live_due *ret);

/* The request has a score with this digest: is it to be emitted (*ret_revision counts
 * from 0), or the same as the one emitted last? */
bool rebut_live_scored(struct rebut_live *live, uint32_t request, uint64_t digest,
                       uint32_t *ret_revision);

/* One buyer's facts as a sealed state: orders by (at, id), requests by (at, id), the
 * rest as rebut_state_seal leaves it; no prices.  Categories, campaigns, regions,
 * carriers, distributors, hosts and reviewers have the indexes of the live state; ids can
 * be read (rebut_intern_text), not found.  Borrows from `live` until its next apply.
 * Zeroed is empty; nothing is allocated once it is as large as the largest buyer. */
struct rebut_live_view {
    struct rebut_state state;
    uint32_t request; /* the one that was asked for, or REBUT_NONE */
    struct rebut_live_view_room *room;
};
REBUT_MUST_CHECK bool rebut_live_view(const struct rebut_live *live, uint32_t request,
                                      struct rebut_live_view *view,
                                      struct rebut_error *err);
/* The same of a buyer (see rebut_live_know), as of any time. */
REBUT_MUST_CHECK bool rebut_live_view_buyer(const struct rebut_live *live, uint32_t buyer,
                                            int64_t as_of, struct rebut_live_view *view,
                                            struct rebut_error *err);
void rebut_live_view_release(struct rebut_live_view *view);

#endif
