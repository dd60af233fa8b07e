/* rebut/recompute.h -- are the numbers of a pack those that its inputs make?
 *
 * From the pack alone, no events and no model: every line of the sum and its sentence,
 * the log-odds, the probability and its interval, the expected recovery, the rates of
 * buyer, item, shop and category with their intervals, the spans of the timeline.  A
 * number agrees when it is the nearest of its stated digits (12) to what comes out.
 *
 * Not among them, because other requests make them: rank, q-values, the borders of the
 * answers; counts that the events alone hold are held against each other where one
 * follows from others.
 *
 * A sentence is compared with the one that this version makes.  Packs outlive wordings:
 * where every figure of the stated sentence stands in this version's too and only words
 * are others, it is "worded", which is no difference and is counted apart.  A sentence
 * with a figure that does not come out differs.  Whether somebody changed the words is
 * nothing that recomputing can tell: that is what the signature is for (rebut/seal.h).
 */
#ifndef REBUT_RECOMPUTE_H
#define REBUT_RECOMPUTE_H

#include "rebut/pack.h"

struct rebut_recomputed {
    const char *name;     /* as in the JSON: "score.lines[3].log_odds" */
    double stated, found; /* of a number; NaN when not known */
    bool is_text;         /* then these: */
    struct rebut_text stated_text, found_text;
    bool equal;
    bool worded; /* not equal, and the figures are the same: other words, no difference */
};

/* Called for each, in a fixed order; the texts live until it returns. */
typedef void rebut_recompute_visit(void *context, const struct rebut_recomputed *one);

struct rebut_recompute_sum {
    uint32_t count, wrong, worded; /* worded ones are not wrong */
    char first_wrong[80];          /* its name, "" when there is none */
};

/* EDATA when the inputs are out of the domain of the models, or lists that must be
 * complete are not; ENOMEM. */
REBUT_MUST_CHECK bool rebut_recompute(const struct rebut_pack *pack,
                                      rebut_recompute_visit *visit, void *context,
                                      struct rebut_recompute_sum *ret,
                                      struct rebut_error *err);

#endif
