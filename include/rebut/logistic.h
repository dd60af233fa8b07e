/* rebut/logistic.h -- a few numbers from a few hundred yes-or-no answers.
 *
 * Logistic regression with a Gaussian prior on every coefficient, and lower bounds:
 * maximises
 *
 *     sum_i [ y_i eta_i - log(1 + exp(eta_i)) ] - sum_k precision_k (beta_k - centre_k)^2
 * / 2 eta_i = offset_i + sum_k x_ik beta_k,    beta_k >= low_k
 *
 * by projected Newton steps with halving.  Answers may be soft, y in [0, 1].  Sums over
 * rows are order-free (rebut/fixed.h): the rows in another order give the same bits.
 * Pure arithmetic on the caller's arrays; any thread.  Source: Bertsekas, SIAM J. Control
 * 20 (1982), 221-246, for the projection.
 */
#ifndef REBUT_LOGISTIC_H
#define REBUT_LOGISTIC_H

#include <stddef.h>

#include "rebut/error.h"

#define REBUT_LOGISTIC_COLUMNS_MAX 256
#define REBUT_LOGISTIC_ROWS_MAX ((size_t)1 << 24)

struct rebut_logistic {
    size_t rows;
    int columns;
    const double *x;         /* [rows][columns], each at most 30 either way */
    const double *offset;    /* [rows], each at most 1000 either way */
    const double *y;         /* [rows], in [0, 1] */
    const double *centre;    /* [columns] */
    const double *precision; /* [columns], > 0, at most 1e9 */
    const double *low;       /* [columns], at most the centre; -INFINITY where none */
};

/* Bytes of scratch, aligned for a double. */
#define REBUT_LOGISTIC_WORK(rows, columns)                                               \
    (sizeof(double) * (2 * (size_t)(rows) + 2 * (size_t)(columns) * ((columns) + 3)))

/* beta [columns] holds where to start and gets the answer; `work` is scratch.  Stops when
 * no gradient is over 1e-7 or no step over 1e-8.  Fails with EINPUT when a domain above
 * is left, EMATH when 200 steps do not end. */
REBUT_MUST_CHECK bool rebut_logistic_fit(const struct rebut_logistic *problem,
                                         double *beta, void *work,
                                         struct rebut_error *err);

/* The covariance of the answer as a Gaussian there: the inverse of
 * sum_i curvature_i x_i x_i' + precision, into ret [columns][columns].  `curvature`
 * [rows] is p (1 - p) for hard answers; less for answers that may be wrong.  EMATH when
 * it cannot be inverted. */
REBUT_MUST_CHECK bool rebut_logistic_covariance(const struct rebut_logistic *problem,
                                                const double *curvature, double *ret,
                                                void *work, struct rebut_error *err);

/* 1 / (1 + exp(-x)). */
double rebut_logistic(double x);

/* The linear predictor of one row. */
double rebut_logistic_eta(const struct rebut_logistic *problem, const double *beta,
                          size_t row);

#endif
