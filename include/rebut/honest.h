/* rebut/honest.h -- requests that reviewers called legitimate: what do such look like?
 *
 * Their log-odds, each as if the model had not been taught by it, against which a new
 * request's are held.  If legitimate requests reach the new one's log-odds with chance p,
 * of n confirmed ones k do so with the binomial's chance; the p-value here is the upper
 * 90 % limit of p (Clopper and Pearson).  So with nine chances in ten over which requests
 * happened to be confirmed, it is at least the true chance, whatever the model is worth
 * (Bates et al., Ann. Statist. 51 (2023), 149-178: calibration-conditional).  The plain
 * conformal p-value, (1 + k) / (1 + n), is right on average only: with 25 confirmed
 * requests one simulated platform in twenty had a queue that was wrong in 32 of 100.
 * Where the confirmed ones were picked because they looked bad, p comes out too large,
 * which is the safer.
 *
 * A person's word may be wrong, and a few abusive requests among the confirmed ones
 * would make every p-value large.  So each weighs the probability that it is what the
 * reviewer said.  That takes back a part of "whatever the model is worth": that the
 * bound still holds is measured, not proven (benchmarks/quality/README.md).
 */
#ifndef REBUT_HONEST_H
#define REBUT_HONEST_H

#include <stdint.h>

#include "rebut/error.h"

/* Confidence that a p-value is not too small. */
#define REBUT_HONEST_CONFIDENCE 0.9

/* Most that a model keeps. */
#define REBUT_HONEST_MAX 100000

struct rebut_honest {
    uint32_t count;
    double *log_odds; /* [count], ascending; its memory holds the other two as well */
    double *weight;   /* [count], over 0 and at most 1 */
    double *tail;     /* [count + 1]: sum of weight[i..] */
};

/* Room for `count`, to be filled and then sorted.  ENOMEM. */
REBUT_MUST_CHECK bool rebut_honest_open(struct rebut_honest *ret, uint32_t count,
                                        struct rebut_error *err);

/* Sort by log-odds, then weight; of more than REBUT_HONEST_MAX keep evenly spaced ones;
 * sum the tails.  EINPUT on a weight that is not over 0, ENOMEM. */
REBUT_MUST_CHECK bool rebut_honest_sort(struct rebut_honest *honest,
                                        struct rebut_error *err);
void rebut_honest_close(struct rebut_honest *honest);

/* The first that is at least so large, or count; and the weight of it and those after. */
uint32_t rebut_honest_place(const struct rebut_honest *honest, double log_odds);
double rebut_honest_above(const struct rebut_honest *honest, double log_odds);

/* The p-value where they weigh `above`; 1 where all do or there are none.  15 us. */
double rebut_honest_p(const struct rebut_honest *honest, double above);

#endif
