/* rebut/turns.h -- has a buyer turned, and since when?
 *
 * A sleeper orders honestly for months and then begins to abuse.  Over a buyer's orders
 * in time, likelihood ratios of "abuses at the mean rate of abusers" against "never"
 * (rebut/cusum.h) are added up as a mixture over the moment of turning.  For a buyer who
 * never abuses the chance that it ever gets so large is at most the bound (Ville).
 *
 * It is a sign for the reader and no part of a score: the request asked about is in it.
 */
#ifndef REBUT_TURNS_H
#define REBUT_TURNS_H

#include "rebut/infer.h"

/* The chance that a buyer turns at any one order; and the alarm. */
#define REBUT_TURN_HAZARD 0.01
#define REBUT_TURN_ALARM 0.01
/* Before it turns a buyer has so many orders: else it has always been so. */
#define REBUT_TURN_ORDERS 5

struct rebut_turned {
    int64_t since; /* the order at which it began, or REBUT_TIME_NONE: no alarm */
    double bound;  /* chance at most of such a record from one who never abuses */
};

/* Scratch: one order of a buyer. */
struct rebut_turn_step {
    int64_t at;
    double increment;
    uint32_t claim;
};

/* One buyer of a finished inference; `steps` has room for its orders.  EMATH when an
 * increment is not finite. */
REBUT_MUST_CHECK bool rebut_turned_of(const struct rebut_inference *inference,
                                      const struct rebut_model *model, uint32_t buyer,
                                      struct rebut_turn_step *steps,
                                      struct rebut_turned *ret, struct rebut_error *err);

#endif
