/* rebut/calibrate.h -- of the requests scored like this one, how many are abuse?
 *
 * From the verdicts on some requests: Platt scaling, Platt around a prior (the one for
 * few labels), beta calibration, isotonic regression, and the Venn-Abers interval.
 * None of the parametric maps can turn a ranking round: slopes are at least 0.
 *
 * Sources: Platt 1999; Lin, Lin and Weng, Machine Learning 68 (2007), 267-276; Kull,
 * Silva Filho and Flach, EJS 11 (2017), 5052-5080; Vovk, Petej and Fedorova, NIPS 2015.
 *
 * Pure arithmetic on the caller's arrays.  The order of the rows changes no byte.
 */
#ifndef REBUT_CALIBRATE_H
#define REBUT_CALIBRATE_H

#include <stdint.h>

#include "rebut/logistic.h"
#include "rebut/metrics.h"

struct rebut_labelled {
    size_t count;
    const double *scores;  /* [count] */
    const uint8_t *labels; /* [count] 1 = abuse, 0 = not */
    const double *weights; /* [count] over 0, to 1e9, as inverse propensities; NULL: 1.
                            * Only their ratios count: they are divided by their mean. */
};

/* Scratch. */
struct rebut_calibrate_work {
    double *x;      /* [3 * count] */
    double *y;      /* [count] */
    double *weight; /* [count] */
    struct rebut_logistic_work *logistic;
};

/* Platt: logit p = beta[0] + beta[1] * score, any finite scores within 1e9.  Labels are
 * moved to (n1 + 1) / (n1 + 2) and 1 / (n0 + 2), so that separated ones have a finite
 * answer; n1 and n0 are sums of the weights after division by their mean.  Fails with
 * EINPUT on a bad score, label or weight, EMATH when all scores are the same. */
REBUT_MUST_CHECK bool rebut_platt(const struct rebut_labelled *data,
                                  const struct rebut_calibrate_work *work,
                                  struct rebut_logistic_fit *ret,
                                  struct rebut_error *err);

/* Platt around a prior: the same map on scores that are log-odds already (within 1000),
 * with plain labels and ridges around intercept 0 and slope 1.  A ridge is 1 / variance:
 * "the slope is 1 give or take 0.25" is 16.  With no labels the answer is the prior,
 * and every p = sigmoid(score).  Both ridges over 0, or EINPUT. */
REBUT_MUST_CHECK bool rebut_platt_prior(const struct rebut_labelled *data,
                                        double ridge_intercept, double ridge_slope,
                                        const struct rebut_calibrate_work *work,
                                        struct rebut_logistic_fit *ret,
                                        struct rebut_error *err);

/* logit p = beta[0] + beta[1] * score, and a probability with its interval z standard
 * deviations to each side (1.96: 95%) by the Laplace posterior. */
struct rebut_calibrated {
    double p, low, high;
};
struct rebut_calibrated rebut_platt_apply(const struct rebut_logistic_fit *fit,
                                          double score, double z);

/* Beta calibration: logit p = c + a log s - b log(1 - s) for scores in [0, 1], taken as
 * at least 1e-12 and at most 1 - 1e-12; beta = (c, a, b), a and b at least 0.  `ridge`
 * pulls a and b towards 1 (0: not; then separated labels are EMATH). */
REBUT_MUST_CHECK bool rebut_beta_calibrate(const struct rebut_labelled *data,
                                           double ridge,
                                           const struct rebut_calibrate_work *work,
                                           struct rebut_logistic_fit *ret,
                                           struct rebut_error *err);
double rebut_beta_apply(const struct rebut_logistic_fit *fit, double score);

/* Isotonic regression by pooling adjacent violators: the non-decreasing ret[count] with
 * the least sum of weights * (y - ret)^2, y in ascending order of score, one value a
 * distinct score.  weights over 0, or NULL.  start[count] and mass[count] are scratch;
 * ret may be y.  EINPUT on a value that is not finite.  O(n).  Never under 4,000
 * labels: it fits noise. */
REBUT_MUST_CHECK bool rebut_isotonic(const double *y, const double *weights, size_t count,
                                     double *ret, size_t *start, double *mass,
                                     struct rebut_error *err);

/* Venn-Abers: the probability if the request is not abuse (p0) and if it is (p1).  One
 * of the two is calibrated, whatever the distribution; they part where labels are few. */
struct rebut_venn_point {
    double score, p0, p1; /* exactly at this score */
    double mass, hits;    /* requests, abuses: scratch after the preparation */
};
struct rebut_venn {
    struct rebut_venn_point *points; /* [count] distinct scores, ascending */
    size_t count;
};

/* Prepare from the calibration requests' ranking (at least one, or EINPUT).  With n of
 * them, points has room for n; corner[2 n + 4] and stack[n + 2] are scratch.  O(n). */
REBUT_MUST_CHECK bool rebut_venn_prepare(const struct rebut_ranking *ranking,
                                         struct rebut_venn_point *points, double *corner,
                                         size_t *stack, struct rebut_venn *ret,
                                         struct rebut_error *err);

/* low = p0 and high = p1 at a score; O(log n).  NaN for NaN. */
struct rebut_interval rebut_venn_interval(const struct rebut_venn *venn, double score);

#endif
