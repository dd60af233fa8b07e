/* rebut/survey.h -- what do a few checked requests say about all of them?
 *
 * Checked requests are not like the rest: the best of the ranking are checked always,
 * others by lot.  A request that was drawn with probability pi stands for 1 / pi.  The
 * ratio of two such sums is Hajek's estimate, its interval from the linearised variance
 * on the logit scale (Sarndal, Swensson and Wretman, Model Assisted Survey Sampling,
 * 1992, ch. 5.7), which keeps it within 0 and 1.
 *
 * Those who check may disagree: Cohen's kappa, with the standard error of Fleiss, Cohen
 * and Everitt (Psychol. Bull. 72 (1969), 323-327).  And they err: the share that they
 * find, corrected (Rogan and Gladen, Am. J. Epidemiol. 107 (1978), 71-76).
 *
 * Pure arithmetic: no allocation, no I/O, no globals; any thread.
 */
#ifndef REBUT_SURVEY_H
#define REBUT_SURVEY_H

#include "rebut/metrics.h"

/* Sums over checked requests; zeroed is none. */
struct rebut_hajek {
    double w, wy;   /* of weights; of weights of those with the property */
    double ww, wwy; /* the same of squared weights */
    uint64_t count; /* requests in it */
};

struct rebut_estimate {
    double value; /* NaN when there is nothing to estimate it from */
    struct rebut_interval range;
    uint64_t count;
};

/* Add a request: `weight` at least 1, `y` 0 or 1. */
void rebut_hajek_add(struct rebut_hajek *sums, double weight, bool y);

/* The share with the property, and its 95 % interval.  Where the share is 0 or 1 the
 * linearised variance is 0 and says nothing: there it is Clopper-Pearson's for as many
 * requests as the weights are worth, w^2 / ww.  EMATH as Clopper-Pearson. */
REBUT_MUST_CHECK bool rebut_hajek_estimate(const struct rebut_hajek *sums,
                                           struct rebut_estimate *ret,
                                           struct rebut_error *err);

/* Two reviewers on the same cases: words 0 and 1: how often
 * they said 00, 01, 10, 11. */
struct rebut_kappa {
    uint64_t cases;
    double agreement; /* share of cases with the same word */
    double kappa;     /* NaN without cases, or where both always say one word */
    double error;     /* standard error of kappa */
};
struct rebut_kappa rebut_kappa(const double said[4]);

/* The true share when `share` was found by reviewers who err both ways with probability
 * e < 0.5: (share - e) / (1 - 2 e), clamped to [0, 1]. */
double rebut_share_corrected(double share, double e);

#endif
