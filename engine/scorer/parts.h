/* The scorer, part by part: scorer.c takes messages, keep.c keeps and restores
 * partitions, tonight.c loads a night. */
#ifndef REBUT_SCORER_PARTS_H
#define REBUT_SCORER_PARTS_H

#include "rebut/live_snapshot.h"
#include "rebut/output.h"
#include "rebut/scorer.h"

/* A partition that is loaded. */
struct rebut_place {
    uint32_t partition;
    struct rebut_position last; /* handled */
    struct rebut_live *live;
    struct rebut_eye *eye;
    struct rebut_live_view view;
    int64_t saved_at; /* by options.now_us */
    bool changed;     /* since then */
    struct rebut_live_save save;
};

#define REBUT_BLOCK 64 /* messages that are looked ahead at together */

struct rebut_scorer {
    struct rebut_handler handler;
    const struct rebut_tonight *tonight;
    struct rebut_scorer_options options;
    struct rebut_scorer_counts counts;
    struct rebut_event_scratch scratch;
    struct rebut_event events[REBUT_BLOCK];
    struct rebut_ahead ahead[REBUT_BLOCK];
    int64_t now;     /* of the batch: time of day */
    int64_t began;   /* the same by options.now_us */
    bool unprompted; /* no message gives what is being given */
    struct rebut_output line;
    REBUT_ARRAY(struct rebut_place) places;
};

struct rebut_place *rebut_scorer_place(struct rebut_scorer *scorer, uint32_t partition);

/* Words for a line over the limit. */
void rebut_scorer_too_long(uint64_t bytes, struct rebut_refusal *refusal);

/* The partition's buyers: from the newest snapshot at or before `stored`, or none.
 * place->last says where they end. */
REBUT_MUST_CHECK bool rebut_scorer_restore(struct rebut_scorer *scorer,
                                           struct rebut_place *place,
                                           struct rebut_position stored,
                                           struct rebut_error *err);

/* Snapshot the partition if one is due, or `now`.  A snapshot that fails is logged and
 * counted, and no failure unless `now`. */
REBUT_MUST_CHECK bool rebut_scorer_save(struct rebut_scorer *scorer,
                                        struct rebut_place *place, bool now,
                                        struct rebut_error *err);

#endif
