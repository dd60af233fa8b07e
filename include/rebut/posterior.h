/* rebut/posterior.h -- given one buyer's whole record, who is to blame for each request?
 *
 * Two sources: over the buyer's orders refund-only requests arise as
 * Poisson(mu v u + nu a), fault times the buyer's readiness to complain u, plus
 * temptation times the buyer's abuse rate a.  u ~ Gamma(kappa, kappa); a is zero with
 * probability 1 - pi and Gamma(alpha, beta) with probability pi.  The posterior is
 * exact: the product over requests of (p_j u + q_j a) is a polynomial in a and u
 * whose coefficients follow by recursion, and every integral is a Gamma integral.
 *
 * Pure arithmetic: no allocation, no lgamma in the hot path; any thread may call it.
 */
#ifndef REBUT_POSTERIOR_H
#define REBUT_POSTERIOR_H

#include "rebut/error.h"

/* Requests held exactly; older ones are folded into the prior (see below). */
#define REBUT_POSTERIOR_MAX 32

/* The population: 0 < pi < 1, alpha, beta, kappa in [1e-3, 1e6]. */
struct rebut_population {
    double pi;          /* share of buyers who abuse at all */
    double alpha, beta; /* their abuse rate per unit of temptation: Gamma(alpha, beta) */
    double kappa;       /* readiness to complain: Gamma(kappa, kappa), mean 1 */
    /* A few, professional claimants and others with every right, complain of whatever
     * is wrong: with this share readiness is Gamma(claimant_shape, claimant_shape /
     * claimant_mean) instead.  0 leaves them out. */
    double claimants, claimant_shape, claimant_mean;
};

/* One request: p = mu v, q = nu L with L the likelihood ratio of its marks. */
struct rebut_claim {
    double p, q; /* both > 0 */
};

/* One buyer.  Exposures are sums over all orders, disputed or not. */
struct rebut_record {
    double fault_exposure;            /* F = sum mu v >= 0 */
    double abuse_exposure;            /* A = sum nu >= 0 */
    const struct rebut_claim *claims; /* [count], in order of time; borrowed */
    int count;                        /* any number; the last 32 are held exactly */
};

struct rebut_posterior {
    double log_z;      /* log marginal likelihood of the record */
    double abuser;     /* P(z = 1 | record) */
    double log_bf;     /* log P(record | abuser) - log P(record | not) */
    double mean_a;     /* E[a | record] */
    double mean_u;     /* E[u | record] */
    double mean_log_a; /* E[log a | record, abuser] */
    double mean_a_given_abuser;
    double ordinary; /* P(no claimant | record); of those, for the fit: */
    double mean_u_ordinary, mean_log_u_ordinary;
};

/* Fill *ret.  EINPUT for a domain named above, EMATH when the result is not finite. */
REBUT_MUST_CHECK bool rebut_posterior_of(const struct rebut_population *population,
                                         const struct rebut_record *record,
                                         struct rebut_posterior *ret,
                                         struct rebut_error *err);

/* Most buyers never asked for anything.  Their posterior has a closed form; what it
 * shares between buyers is made once a pass. */
struct rebut_clean {
    double pi, alpha, beta, kappa;
    double log_a; /* psi(alpha) - log beta */
    double log_u; /* psi(kappa) */
    double claimants, claimant_shape, claimant_rate;
};
struct rebut_clean rebut_clean_of(const struct rebut_population *population);

/* The posterior of a record without requests.  No checks: exposures >= 0, 0 < pi < 1. */
void rebut_clean_posterior(const struct rebut_clean *clean, double pi,
                           double fault_exposure, double abuse_exposure,
                           struct rebut_posterior *ret);

/* P(abuser) of a record without requests. */
double rebut_clean_abuser(const struct rebut_clean *clean, double pi,
                          double abuse_exposure);

/* E[u] of a record without requests. */
double rebut_clean_readiness(const struct rebut_clean *clean, double fault_exposure);

/* The two figures that trust needs, without the rest: about half the cost. */
struct rebut_standing {
    double abuser; /* P(z = 1 | record) */
    double mean_u; /* E[u | record] */
};
REBUT_MUST_CHECK bool rebut_posterior_standing(const struct rebut_population *population,
                                               const struct rebut_record *record,
                                               struct rebut_standing *ret,
                                               struct rebut_error *err);

/* What the buyer's other requests say about this one.  A request is never evidence
 * about itself: claim `index` is left out, exposures stay in. */
struct rebut_others {
    double mean_a; /* E[a | others] */
    double mean_u; /* E[u | others] */
    double ratio;  /* E[a | others] / E[u | others] */
};

/* The same domains and errors; 0 <= index < count.  The probability that the request
 * is abuse is then q ratio / (p + q ratio).  Cost O(32^2), about a microsecond. */
REBUT_MUST_CHECK bool rebut_posterior_others(const struct rebut_population *population,
                                             const struct rebut_record *record, int index,
                                             struct rebut_others *ret,
                                             struct rebut_error *err);

#endif
