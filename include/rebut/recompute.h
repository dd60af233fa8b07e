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
 * Whichever the edition: a shop's lines are those of its rounded inputs, and what is
 * missing to the score as given is an input too (inputs.rounding).
 *
 * A sentence is compared with the one that this version makes.  Packs outlive wordings,
 * and name theirs by a hash: where it is this version's, a sentence with another word
 * differs; where it is another, such a sentence is of an "older wording", which is no
 * difference and is counted apart, and `figures` tells whether all its figures stand in
 * this version's too, or the other way round.  Whether somebody changed the words is then
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
    bool worded;  /* not equal, and the pack has another wording: no difference */
    bool figures; /* of a worded one: its figures are the same */
};

/* Called for each, in a fixed order; the texts live until it returns. */
typedef void rebut_recompute_visit(void *context, const struct rebut_recomputed *one);

struct rebut_recompute_sum {
    uint32_t count, wrong, worded; /* worded ones are not wrong */
    uint32_t unlike;               /* worded ones whose figures are not the same */
    char first_wrong[80];          /* its name, "" when there is none */
};

/* EDATA when the inputs are out of the domain of the models, or lists that must be
 * complete are not; ENOMEM. */
REBUT_MUST_CHECK bool rebut_recompute(const struct rebut_pack *pack,
                                      rebut_recompute_visit *visit, void *context,
                                      struct rebut_recompute_sum *ret,
                                      struct rebut_error *err);

#endif
