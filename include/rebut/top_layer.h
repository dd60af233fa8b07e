/* rebut/top_layer.h -- what do verdicts say about the model's own log-odds?
 *
 * The model's log-odds are a sum of raw terms t_k.  The top layer weighs them anew,
 *
 *     eta      = sum_k (1 + weight_k) t_k + sum_marks bin[mark][its bin]
 *                + intercept + slope sum_k t_k
 *     log-odds = eta / sqrt(1 + pi v / 8),   v = variance of intercept + slope sum_k t_k
 *
 * with all numbers zero until verdicts move them: the pure model is the prior.  Priors
 * are Gaussian with mean zero; their deviations are the constants below.  The division
 * draws towards even odds what is not known: it makes the log-odds those of the mean
 * probability over all calibrations that the verdicts leave open (MacKay, Neural Comput.
 * 4 (1992), 720-736).  What intercept, slope and division do to the lines above them is
 * the calibration line of the explanation.
 *
 * Pure arithmetic; any thread.
 */
#ifndef REBUT_TOP_LAYER_H
#define REBUT_TOP_LAYER_H

#include <stdint.h>

#include "rebut/event.h"
#include "rebut/term.h"

/* Prior standard deviations.  Intercept 1: a base rate that is a guess is wrong by a
 * factor of e one time in three.  Selection 2: who was picked for review, and why, is
 * seldom known, so verdicts on picked requests must not fix the base rate.
 * benchmarks/quality/README.md has what was tried. */
#define REBUT_TOP_INTERCEPT_SD 1.0
#define REBUT_TOP_SLOPE_SD 0.2
#define REBUT_TOP_WEIGHT_SD 0.158 /* 1 / sqrt(40) */
#define REBUT_TOP_BIN_SD 0.316    /* 1 / sqrt(10) */
#define REBUT_TOP_SELECTION_SD 2.0
/* The same where all verdicts say one thing: see engine/score/learn.c. */
#define REBUT_TOP_ONE_KIND_SD 10.0
/* Weights and slope stay at or above this, so that no term changes its sign. */
#define REBUT_TOP_WEIGHT_MIN (-.5)

struct rebut_top_layer {
    double intercept, slope;
    double weight[REBUT_TERM_MARKS]; /* of the terms that are no marks */
    double bin[REBUT_MARKS][REBUT_MARK_BINS];
    /* How much likelier abuse is among requests chosen for review in this way than the
     * rest of the model says; never part of a score.  [RANDOM] is 0. */
    double selection[REBUT_SELECTIONS];
    /* Of intercept and slope: their variances and their covariance. */
    double intercept_variance, slope_variance, covariance;
    uint64_t verdicts[REBUT_SELECTIONS]; /* requests judged, by why they were */
};

/* Nothing learned: zeros, and the prior's variances. */
struct rebut_top_layer rebut_top_layer_none(void);

/* Has it learned anything? */
bool rebut_top_layer_learned(const struct rebut_top_layer *top);

/* The line of a raw term whose mark has fallen into `bin` (0 for a term that is no
 * mark). */
double rebut_top_line(const struct rebut_top_layer *top, enum rebut_term_id id,
                      double raw, unsigned bin);

/* v above, where the raw terms sum to `raw`. */
double rebut_top_variance(const struct rebut_top_layer *top, double raw);

/* The log-odds of a request whose raw terms sum to `raw` and whose lines to `lines`;
 * the calibration line is this less `lines`. */
double rebut_top_log_odds(const struct rebut_top_layer *top, double raw, double lines);

#endif
