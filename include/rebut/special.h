/* rebut/special.h -- the special functions that the models need, with their domains.
 *
 * The one place that calls GSL's distribution functions.  GSL 2.7.1's own quantiles
 * return NaN or never return for ordinary arguments, so quantiles are bisections on
 * the distribution functions, which always end.  Outside a stated domain the answer
 * is NaN: check with isfinite.
 */
#ifndef REBUT_SPECIAL_H
#define REBUT_SPECIAL_H

/* psi(x) for x in [1e-3, 1e12]: recurrence up to 10, then the asymptotic series;
 * relative error below 1e-14 away from its zero at 1.4616.  Trigamma likewise. */
double rebut_digamma(double x);
double rebut_trigamma(double x);

/* The p-quantile of Gamma(shape, rate), 0 < p < 1, shape in [1e-3, 1e9], rate > 0. */
double rebut_gamma_quantile(double p, double shape, double rate);

/* The p-quantile of Beta(a, b), a and b in [1e-2, 1e8]. */
double rebut_beta_quantile(double p, double a, double b);

/* P(X >= k) for X ~ Binomial(n, p), 0 <= k <= n <= 1e9: exact, by the Beta function. */
double rebut_binomial_upper(double k, double n, double p);

/* log of the negative binomial probability of k (real, >= 0) when the rate is
 * Gamma(shape, rate) and the exposure is `exposure` > 0. */
double rebut_log_gamma_poisson(double k, double shape, double rate, double exposure);

/* Shape of the Gamma with mean 1 whose expected log is mean_log < 0: solves
 * psi(k) - log(k) = mean_log, k clamped to [1e-3, 1e6]. */
double rebut_gamma_shape_unit_mean(double mean_log);

/* Shape of the Gamma with mean `mean` and expected log `mean_log`: solves
 * log(k) - psi(k) = log(mean) - mean_log, clamped to [1e-3, 1e6]. */
double rebut_gamma_shape(double mean, double mean_log);

#endif
