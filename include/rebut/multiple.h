/* rebut/multiple.h -- many tests at once: which of them still say something?
 *
 * p-values of requests against confirmed-legitimate ones (conformal), and how far down
 * a list one may go at a stated rate of false discoveries: by p-values (Benjamini and
 * Hochberg) or by the model's own probabilities.
 *
 * Sources: Benjamini and Hochberg, J. R. Statist. Soc. B 57 (1995), 289-300; Bates,
 * Candes, Lei, Romano and Sesia, Ann. Statist. 51 (2023), 149-178 (conformal p-values
 * that share their calibration requests keep BH's bound); Tibshirani, Barber, Candes and
 * Ramdas, NIPS 2019 (weighted); Vovk, Gammerman and Shafer, Algorithmic Learning in a
 * Random World (2005), section 4.5 (by stratum).
 */
#ifndef REBUT_MULTIPLE_H
#define REBUT_MULTIPLE_H

#include <stdint.h>

#include "rebut/error.h"

/* The largest p-value that is rejected at false discovery rate q, or -1 when none is:
 * reject all p at most that.  `sorted` has the p-values in ascending order. */
double rebut_bh_threshold(const double *sorted, uint32_t count, double q);

/* Adjusted p-values: the smallest q at which BH rejects each, at most 1; 1 for NaN.
 * ret[count] may be `sorted`. */
void rebut_bh_adjust(const double *sorted, uint32_t count, double *ret);

/* The model's own q-values: the mean of 1 - p over the first k, for each k, of p[count]
 * in descending order; ret_q[count] may be NULL.  *ret_count: the largest k whose
 * mean is at most q, 0 when none is.  It is as right as the probabilities are.  EINPUT
 * on p outside [0, 1] or rising. */
REBUT_MUST_CHECK bool rebut_posterior_fdr(const double *p, uint32_t count, double q,
                                          double *ret_q, uint32_t *ret_count,
                                          struct rebut_error *err);

/* (1 + how many of sorted[count], ascending, are at least score) / (count + 1): the
 * p-value of "this is one more of those", `sorted` being scores of confirmed-legitimate
 * requests that the model did not learn from.  Exact under exchangeability; too large,
 * never too small, where those score higher than legitimate requests in general do (as
 * reviewed ones do).  1 for a NaN.  O(log n). */
double rebut_conformal_p(const double *sorted, uint32_t count, double score);

/* Requests that were reviewed with unequal chances: weight 1 / propensity each.
 * tail[i] = the sum of weights[i..]; tail[count + 1].  EINPUT unless weights are
 * over 0 and at most 1e9. */
REBUT_MUST_CHECK bool rebut_conformal_tails(const double *weights, uint32_t count,
                                            double *tail, struct rebut_error *err);

/* (w + tail of the scores at least `score`) / (w + tail[0]), w the weight of the tested
 * request, or the largest weight where it is not known.  1 for a NaN. */
double rebut_conformal_weighted_p(const double *sorted, const double *tail,
                                  uint32_t count, double score, double weight);

/* By stratum (Mondrian): the calibration scores of stratum k are sorted[start[k]] to
 * sorted[start[k + 1] - 1], ascending; start[strata + 1].  The p-value is exact in each
 * stratum.  1 for a stratum without calibration scores or not below `strata`. */
struct rebut_conformal_strata {
    const double *sorted;
    const uint32_t *start;
    uint32_t strata;
};
double rebut_conformal_stratum_p(const struct rebut_conformal_strata *strata,
                                 uint32_t stratum, double score);

#endif
