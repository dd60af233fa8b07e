/* rebut/scorer.h -- messages in, scores out: the handler of a stream (rebut/loop.h).
 *
 * Each message is parsed by the one parser and put into its partition's buyers
 * (rebut/live.h).  Each refund-only request that is due is judged against the night
 * (rebut/night.h), as of its own time.  A record is given out when there is none yet or
 * its bytes have changed, because an event came late: with the next revision.
 *
 *     loop ── messages ──> scorer ──> live: what is known of a buyer ──┐
 *                             │                                        │ a view as of
 * then └──────> night: everybody else <─────────┘ └── record ──> effects
 *
 * So the last revision of a request depends on the night and on the set of its buyer's
 * events, and on nothing else: not on order, batches, partitions or restarts.
 *
 * What cannot be used is a dead letter: refused by the parser, an orphan, in conflict,
 * too late, from the future.  One thread.
 */
#ifndef REBUT_SCORER_H
#define REBUT_SCORER_H

#include "rebut/live.h"
#include "rebut/loop.h"
#include "rebut/night.h"
#include "rebut/output.h"

/* A night as it lies on disk, loaded: the state that a nightly run keeps, scored with a
 * model.  Scored once: all of it is then kept as an image (rebut/image.h) beside the
 * snapshot, SNAPSHOT.image, which whoever opens it with the same model maps. */
struct rebut_tonight {
    struct rebut_state state;
    struct rebut_model model;
    struct rebut_night *night;
    struct rebut_live_night *buyers;
    struct rebut_image image; /* base NULL: it is in this process's memory alone */
    int64_t as_of;
    char damage[480]; /* not empty: the newest snapshot was unusable for this reason and
                         the one before it was loaded */
    char image_damage[480]; /* not empty: why the image was not used, or is not written */
};

/* Map the image of `snapshot` (rebut/snapshot.h) and `model` or, where it does not suit,
 * load, score, and write it.  Fails as rebut_snapshot_load, rebut_model_load and
 * rebut_night_open do, and leaves *ret released; an image that cannot be used or written
 * is no failure. */
REBUT_MUST_CHECK bool rebut_tonight_open(struct rebut_tonight *ret, const char *snapshot,
                                         const char *model, struct rebut_error *err);
void rebut_tonight_close(struct rebut_tonight *tonight);

/* Load and score a night that lies on disk and write its image, so that whoever opens it
 * maps it at once: for who makes a night, before it is announced.  The same bytes as
 * rebut_tonight_open writes, and on the disk when it returns.  Fails as that does, with
 * EIO where it cannot be written, and EDATA where the snapshot fell back. */
REBUT_MUST_CHECK bool rebut_tonight_keep(const char *snapshot, const char *model,
                                         uint64_t *ret_bytes, struct rebut_error *err);

/* Each refund-only request of the sealed state (with its order_keys) made at or after
 * `since`, as of its own time, against the night: by time of request, the records that a
 * stream gives last.  No part of a stream is used; for looking back, and to hold a stream
 * against.  False with *err, or when a write failed (the commit says why). */
REBUT_MUST_CHECK bool rebut_scorer_hindsight(const struct rebut_tonight *tonight,
                                             const struct rebut_state *state,
                                             int64_t since, enum rebut_language language,
                                             struct rebut_output *out,
                                             struct rebut_error *err);

struct rebut_scorer_options {
    struct rebut_live_options live;
    enum rebut_language language;
    const char *folder;        /* of the partitions' snapshots; NULL: none are kept */
    int64_t snapshot_us;       /* time between two of a partition */
    bool remembers;            /* effects store positions: go on from them; else all that
                                  comes is new, and what is known already is a duplicate */
    int64_t (*now_us)(void);   /* a clock that does not go back, for snapshots */
    int64_t (*clock_us)(void); /* time of day, for what is from the future; NULL: none */
    const struct rebut_log *log;
};

#define REBUT_SCORER_TIMES 12
extern const int64_t rebut_scorer_edges[REBUT_SCORER_TIMES]; /* ascending */

/* What was done, for metrics. */
struct rebut_scorer_counts {
    uint64_t became[REBUT_LIVE_BECAME];
    uint64_t blank;
    uint64_t refused[REBUT_REFUSALS]; /* by rebut_words_refusal */
    uint64_t given_up;                /* orphans */
    uint64_t scored, revised;         /* records given out: first ones, later ones */
    uint64_t unchanged;               /* judged again, the same bytes */
    uint64_t snapshots, snapshots_failed;
    /* From a batch's coming to a score's being given out: how many took at most
     * rebut_scorer_edges[i] microseconds and more than the one before; the last: more. */
    uint64_t took[REBUT_SCORER_TIMES + 1];
    uint64_t took_us; /* all together */
};

struct rebut_scorer;

/* Options are copied; the night is borrowed. */
REBUT_MUST_CHECK bool rebut_scorer_open(struct rebut_scorer **ret,
                                        const struct rebut_tonight *tonight,
                                        const struct rebut_scorer_options *options,
                                        struct rebut_error *err);
void rebut_scorer_close(struct rebut_scorer *scorer); /* NULL is allowed */

struct rebut_handler *rebut_scorer_handler(struct rebut_scorer *scorer);

/* Take up another night (and model): between two batches, all partitions at once.  What
 * was given out stays; what is judged from here on is judged by the new one. */
REBUT_MUST_CHECK bool rebut_scorer_take_up(struct rebut_scorer *scorer,
                                           const struct rebut_tonight *tonight,
                                           struct rebut_error *err);

const struct rebut_scorer_counts *rebut_scorer_counts(const struct rebut_scorer *scorer);
size_t rebut_scorer_bytes(const struct rebut_scorer *scorer); /* of all partitions */

#endif
