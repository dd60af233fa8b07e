/* rebut/cusum.h -- has this buyer turned?
 *
 * A sum of log likelihood ratios, one increment an order, of "abuses at rate a1" against
 * "never abuses": what the buyer ordered and what happened there are both in it, so a
 * buyer of faulty merchants does not drift upwards.  And the run length of the ordinary
 * CUSUM of normal numbers, for charts of rates.
 *
 * Sources: Page, Biometrika 41 (1954), 100-115; Ville (1939); for the run length,
 * Goel and Wu, Technometrics 13 (1971), 221-230.  Pure arithmetic.
 */
#ifndef REBUT_CUSUM_H
#define REBUT_CUSUM_H

#include "rebut/error.h"

/* log(1 + (q/p) a1) for a request, minus nu a1 for the order: p and q are fault and
 * temptation intensities of the request with its marks (model.md sections 1 and 2), nu
 * the order's temptation without them, a1 the abuse rate suspected.  requests: how many
 * followed from the order, usually 0 or 1; p and q are not looked at when it is 0.  NaN
 * unless p > 0, q, nu, a1 >= 0 and all are finite. */
double rebut_turn_increment(double requests, double p, double q, double nu, double a1);

/* A buyer's running state; start from rebut_turn_start. */
struct rebut_turn {
    double sum;    /* log likelihood ratio of "abused from the first order on" */
    double cusum;  /* the same from the worst moment on: max(0, last + increment) */
    double turned; /* log: turned at one of the orders so far, a mixture */
    double honest; /* log of the mixture's share that has not turned yet */
    double peak;   /* largest log of the whole mixture so far, 0 at first */
};

struct rebut_turn rebut_turn_start(void);

/* One more order; hazard is the chance that a buyer turns at any one order, in (0, 1),
 * the same for all of them.  Returns false, the state as before, for a NaN or infinite
 * increment or a bad hazard. */
REBUT_MUST_CHECK bool rebut_turn_add(struct rebut_turn *turn, double increment,
                                     double hazard);

/* P0(the mixture ever reaches this peak) <= exp(-peak), for a buyer who never abuses, at
 * any number of orders and however often one looks (Ville).  It bounds `sum` too, for
 * its own peak; it does NOT bound `cusum`, which starts anew and in the end alarms on
 * everyone. */
double rebut_turn_bound(double peak);

/* Mean number of standard normal observations until the one-sided CUSUM
 * S = max(0, S + x - k), from 0, reaches h, when nothing has changed (ARL0).  k in
 * [0, 3], h in [0.1, 10].  By 40 Gauss-Legendre nodes; relative error below 1e-9 up to
 * an ARL0 of 1e6.  EINPUT or EMATH. */
REBUT_MUST_CHECK bool rebut_cusum_run_length(double k, double h, double *ret,
                                             struct rebut_error *err);

#endif
