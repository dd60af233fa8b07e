#include "rebut/special.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

double rebut_digamma(double x)
{
    if (!(x >= 1e-3 && x <= 1e12))
        return (double)NAN;
    double sum = 0;
    for (; x < 10; x += 1)
        sum -= 1 / x;
    /* log x - 1/2x - sum B_2k / (2k x^2k)  (Abramowitz & Stegun 6.3.18) */
    const double y = 1 / (x * x);
    return sum + log(x) - 0.5 / x -
           y * (1. / 12 - y * (1. / 120 -
                               y * (1. / 252 -
                                    y * (1. / 240 - y * (1. / 132 - y * 691. / 32760)))));
}

double rebut_trigamma(double x)
{
    if (!(x >= 1e-3 && x <= 1e12))
        return (double)NAN;
    double sum = 0;
    for (; x < 12; x += 1)
        sum += 1 / (x * x);
    /* 1/x + 1/2x^2 + sum B_2k / x^(2k+1)  (Abramowitz & Stegun 6.4.12) */
    const double y = 1 / (x * x);
    return sum + (1 + 0.5 / x) / x +
           y / x *
               (1. / 6 -
                y * (1. / 30 -
                     y * (1. / 42 - y * (1. / 30 - y * (5. / 66 - y * 691. / 2730)))));
}

double rebut_gamma_quantile(double p, double shape, double rate)
{
    if (!(p > 0 && p < 1 && shape >= 1e-3 && shape <= 1e9 && rate > 0))
        return (double)NAN;
    double low = 0;
    double high = shape + 20 * sqrt(shape) + 40;
    /* Small shapes have quantiles far below 1: halve the logarithm, not the range. */
    if (gsl_cdf_gamma_P(1e-3, shape, 1) > p) {
        double log_low = -700, log_high = log(1e-3);
        for (int halvings = 0; halvings < 60; halvings++) {
            const double middle = (log_low + log_high) / 2;
            if (gsl_cdf_gamma_P(exp(middle), shape, 1) < p)
                log_low = middle;
            else
                log_high = middle;
        }
        return exp(log_high) / rate;
    }
    for (int halvings = 0; halvings < 60; halvings++) {
        const double middle = (low + high) / 2;
        const double below = gsl_cdf_gamma_P(middle, shape, 1);
        if (isnan(below))
            return (double)NAN;
        if (below < p)
            low = middle;
        else
            high = middle;
    }
    return high / rate;
}

double rebut_beta_quantile(double p, double a, double b)
{
    if (!(p > 0 && p < 1 && a >= 1e-2 && b >= 1e-2 && a <= 1e8 && b <= 1e8))
        return (double)NAN;
    double low = 0, high = 1;
    for (int halvings = 0; halvings < 60; halvings++) {
        const double middle = (low + high) / 2;
        const double below = gsl_cdf_beta_P(middle, a, b);
        if (isnan(below))
            return (double)NAN;
        if (below < p)
            low = middle;
        else
            high = middle;
    }
    return high;
}

double rebut_binomial_upper(double k, double n, double p)
{
    if (!(k >= 0 && k <= n && n <= 1e9 && p >= 0 && p <= 1))
        return (double)NAN;
    if (k == 0 || p == 1)
        return 1;
    if (p == 0)
        return 0;
    return gsl_cdf_beta_P(p, k, n - k + 1);
}

double rebut_log_gamma_poisson(double k, double shape, double rate, double exposure)
{
    if (!(k >= 0 && shape > 0 && rate > 0 && exposure > 0))
        return (double)NAN;
    int sign = 0;
    return lgamma_r(shape + k, &sign) - lgamma_r(shape, &sign) - lgamma_r(k + 1, &sign) -
           shape * log1p(exposure / rate) + k * (log(exposure) - log(rate + exposure));
}

/* Newton on log k for f(k) = log k - psi(k) = target > 0, which falls from inf to 0
 * (Minka's start, 2002). */
static double solve_shape(double target)
{
    if (!(target > 0))
        return 1e6;
    double k =
        (3 - target + sqrt((target - 3) * (target - 3) + 24 * target)) / (12 * target);
    for (int step = 0; step < 40; step++) {
        if (!(k >= 1e-3))
            return 1e-3;
        if (k > 1e6)
            return 1e6;
        const double f = log(k) - rebut_digamma(k) - target;
        const double slope = 1 - k * rebut_trigamma(k); /* df / dlog k < 0 */
        const double move = -f / slope;
        k *= exp(fmax(-2, fmin(2, move)));
        if (fabs(move) < 1e-13)
            break;
    }
    return fmax(1e-3, fmin(1e6, k));
}

double rebut_gamma_shape_unit_mean(double mean_log)
{
    return solve_shape(-mean_log);
}

double rebut_gamma_shape(double mean, double mean_log)
{
    return mean > 0 ? solve_shape(log(mean) - mean_log) : (double)NAN;
}
