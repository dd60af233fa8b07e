/* rebut/logistic.h -- what do the verdicts say that the prior does not?
 *
 * Ridge logistic regression around a stated prior, with bounds: maximise
 *
 *     sum_i w_i [ y_i log p_i + (1 - y_i) log(1 - p_i) ]
 *         - 1/2 sum_k ridge_k (beta_k - centre_k)^2,    lower_k <= beta_k <= upper_k,
 *     logit p_i = offset_i + x_i . beta
 *
 * by projected Newton with an active set (Bertsekas, SIAM J. Control Optim. 20 (1982),
 * 221-246).  Without a ridge it is plain maximum likelihood; without rows, the centre.
 *
 * Pure arithmetic: no allocation, no globals; any thread.  Rows are summed in whole
 * units of 2^-62 of the largest possible term: the same rows in another order give the
 * same bytes.
 */
#ifndef REBUT_LOGISTIC_H
#define REBUT_LOGISTIC_H

#include <stddef.h>

#include "rebut/error.h"
#include "rebut/fixed.h"

#define REBUT_LOGISTIC_COLUMNS 192
#define REBUT_LOGISTIC_ROWS ((size_t)1 << 31)
#define REBUT_LOGISTIC_PAIRS (REBUT_LOGISTIC_COLUMNS * (REBUT_LOGISTIC_COLUMNS + 1) / 2)

/* The caller's arrays; NULL stands for what is said.  A column of ones is the
 * intercept; it usually has ridge 0. */
struct rebut_logistic {
    size_t rows, columns; /* columns: 1 to REBUT_LOGISTIC_COLUMNS */
    const double *x;      /* [rows][columns], magnitudes to 1e9 */
    const double *y;      /* [rows] in [0, 1]: 1 = abuse; soft labels are fine */
    const double *offset; /* [rows] log-odds, magnitudes to 1000; NULL: 0 */
    const double *weight; /* [rows] 0 to 1e9; NULL: 1 */
    const double *ridge;  /* [columns] 0 to 1e12; NULL: 0, not shrunk */
    const double *centre; /* [columns]; NULL: 0 */
    const double *start;  /* [columns] where the search starts; NULL: the centre */
    const double *lower;  /* [columns], may be -infinity; NULL: no bound */
    const double *upper;  /* [columns], may be +infinity; NULL: no bound */
};

/* Scratch, 0.5 MB, too large for a stack; its content is nobody's business and needs no
 * setting. */
struct rebut_logistic_work {
    rebut_total slope[REBUT_LOGISTIC_COLUMNS], curve[REBUT_LOGISTIC_PAIRS];
    double gradient[REBUT_LOGISTIC_COLUMNS], hessian[REBUT_LOGISTIC_PAIRS];
    double size[REBUT_LOGISTIC_COLUMNS], scaled[REBUT_LOGISTIC_COLUMNS];
    double move[REBUT_LOGISTIC_COLUMNS], scale[REBUT_LOGISTIC_COLUMNS];
    int exponent[REBUT_LOGISTIC_COLUMNS], weight_exponent;
};

/* The answer. */
struct rebut_logistic_fit {
    size_t columns;
    double beta[REBUT_LOGISTIC_COLUMNS];
    bool held[REBUT_LOGISTIC_COLUMNS]; /* at its bound, pushing against it */
    /* Row by row, lower triangle: Cholesky factor of the Hessian (the inverse of the
     * Laplace posterior's covariance); rows of held columns are those of the identity. */
    double factor[REBUT_LOGISTIC_PAIRS];
    double objective;      /* what was minimised: minus the expression above */
    double log_likelihood; /* its first sum; the deviance of 0/1 labels is -2 of it */
    int steps;             /* Newton steps taken */
};

/* 1 / (1 + exp(-x)). */
double rebut_logistic(double x);

/* The logit of one row, offset + x . beta. */
double rebut_logistic_logit(const struct rebut_logistic *problem, size_t row,
                            const double *beta);

/* Fit.  EINPUT: an argument out of its stated domain, lower > upper; ELIMIT: too many
 * rows or columns; EMATH: no finite or no single maximum (columns without a ridge that
 * are collinear, or that separate the labels), or not found in 100 steps.  *ret is
 * written on success only.  Cost: about 6 steps of rows * columns^2 / 2. */
REBUT_MUST_CHECK bool rebut_logistic_fit(const struct rebut_logistic *problem,
                                         struct rebut_logistic_work *work,
                                         struct rebut_logistic_fit *ret,
                                         struct rebut_error *err);

/* Posterior variance of x . beta, x[columns]: the interval of a logit is
 * offset + x.beta -+ 1.96 sqrt(variance).  A held column counts as known, so the
 * variance is too small where one is held; weights count as repeated rows, so it is
 * too small for inverse propensities.  NaN when x is. */
double rebut_logistic_variance(const struct rebut_logistic_fit *fit, const double *x);

#endif
