/* rebut/worth.h -- is a term of the score still worth what it adds?
 *
 * Requests were scored with log-odds L that are a sum of terms, then judged.  Were the
 * term T counted w times, and all then calibrated anew, the verdicts would follow
 *
 *     logit P(abuse) = a + b (L + (w - 1) T),
 *
 * and w = 1 says that the term is as good as the whole: 0 that it has nothing to say
 * any more, 2 that it should weigh twice.  Tested by the score test of w = 1 with a and
 * b estimated (Rao 1948; Cox and Hinkley, Theoretical Statistics, 1974, section 9.3):
 *
 *     v = p (1 - p),  T' = T less its v-weighted regression on 1 and L,
 *     z = sum (y - p) T' / sqrt(sum v T'^2),   w = 1 + sum (y - p) T' / (b sum v T'^2).
 *
 * Why this and not observed less expected abuse in the upper and the lower part of the
 * term: those mix in whatever is wrong with the whole and with terms that go along with
 * this one, and weighted by inverse propensities they see little.  The test is of
 * verdicts given the score, so it holds however requests were chosen by their score, and
 * needs no weights.  w is one Newton step from 1: right in its sign and near 1, a hint
 * far from it.
 *
 * Pure arithmetic on the caller's arrays.  The order of the rows changes no byte.
 */
#ifndef REBUT_WORTH_H
#define REBUT_WORTH_H

#include <stddef.h>
#include <stdint.h>

#include "rebut/error.h"

struct rebut_worth_data {
    size_t count;
    const double *logit;     /* [count] L, within 1000 */
    const uint8_t *abuse;    /* [count] 1 = abuse, 0 = not */
    double intercept, slope; /* a, b: the maximum of the likelihood, or near it */
};

struct rebut_worth {
    double worth, low, high; /* w and its 95 % interval, a and b taken as known */
    double z, p;             /* standard normal when w is 1; two-sided */
};

/* Of term[count], within 1000.  All NaN when the rows cannot tell: the term is the same
 * everywhere, goes with L exactly, or b is below 0.1; w alone where its interval reaches
 * further than 10.  EINPUT on figures out of their domain; *ret is written on success
 * only. */
REBUT_MUST_CHECK bool rebut_worth_of(const struct rebut_worth_data *data,
                                     const double *term, struct rebut_worth *ret,
                                     struct rebut_error *err);

#endif
