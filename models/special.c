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

/* P(X < x) for X ~ Gamma(shape, 1).  From a shape of 1e5 on, where GSL's has lost seven
 * digits and at 1e9 all, Temme's uniform expansion (DLMF 8.12.3): two terms are exact
 * to 1e-13 there. */
static double gamma_below(double x, double shape)
{
    if (!(shape >= 1e5))
        return gsl_cdf_gamma_P(x, shape, 1);
    const double mu = x / shape - 1;
    if (!(fabs(mu) < .05)) /* more than 15 standard deviations away */
        return mu < 0 ? 0 : mu > 0 ? 1 : (double)NAN;
    const double half = mu - log1p(mu); /* eta^2 / 2 */
    const double eta = copysign(sqrt(2 * half), mu);
    const double c0 = -1. / 3 + eta * (1. / 12 - eta * (2. / 135 - eta / 864));
    const double c1 = -1. / 540 - eta / 288;
    return .5 * erfc(-eta * sqrt(shape / 2)) -
           exp(-shape * half) / sqrt(2 * M_PI * shape) * (c0 + c1 / shape);
}

/* n h(d), h(d) = (1 + d) log(1 + d) - d: what a count of n (1 + d) is surprising by
 * where n is expected (Loader 2000). */
static double deviance(double count, double expected)
{
    const double d = (count - expected) / expected;
    return expected * ((1 + d) * log1p(d) - d);
}

/* P(X < x) for X ~ Beta(a, b), a and b large, where GSL's continued fraction loses
 * digits and from 1e6 on gives up: the fraction of Abramowitz & Stegun 26.5.8 by Lentz's
 * method, on the side where it converges, under Loader's form of x^a (1 - x)^b / B(a, b).
 */
static double beta_below_large(double x, double a, double b)
{
    if (x > (a + 1) / (a + b + 2))
        return 1 - beta_below_large(1 - x, b, a);
    const double n = a + b;
    const double front = exp(1 / (12 * n) - 1 / (12 * a) - 1 / (12 * b) -
                             deviance(a, n * x) - deviance(b, n * (1 - x))) *
                         sqrt(a * b / (2 * M_PI * n));
    double c = 1, d = 1 / (1 - (a + b) * x / (a + 1)), fraction = d;
    for (int m = 1; m < 200000; m++) {
        const double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
        d = 1 / (1 + even * d);
        c = 1 + even / c;
        fraction *= d * c;
        const double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
        d = 1 / (1 + odd * d);
        c = 1 + odd / c;
        fraction *= d * c;
        if (fabs(d * c - 1) < 1e-15)
            return front * fraction / a;
    }
    return (double)NAN;
}

/* P(X < x) for X ~ Beta(a, b). */
static double beta_below(double x, double a, double b)
{
    return a >= 1e5 && b >= 1e5 && x > 0 && x < 1 ? beta_below_large(x, a, b)
                                                  : gsl_cdf_beta_P(x, a, b);
}

double rebut_gamma_quantile(double p, double shape, double rate)
{
    if (!(p > 0 && p < 1 && shape >= 1e-3 && shape <= 1e9 && rate > 0))
        return (double)NAN;
    double low = 0;
    double high = shape + 20 * sqrt(shape) + 40;
    /* Small shapes have quantiles far below 1: halve the logarithm, not the range. */
    if (gamma_below(1e-3, shape) > p) {
        double log_low = -700, log_high = log(1e-3);
        for (int halvings = 0; halvings < 60; halvings++) {
            const double middle = (log_low + log_high) / 2;
            if (gamma_below(exp(middle), shape) < p)
                log_low = middle;
            else
                log_high = middle;
        }
        return exp(log_high) / rate;
    }
    for (int halvings = 0; halvings < 60; halvings++) {
        const double middle = (low + high) / 2;
        const double below = gamma_below(middle, shape);
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
        const double below = beta_below(middle, a, b);
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
    return beta_below(p, k, n - k + 1);
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
        return isnan(target) ? (double)NAN : 1e6;
    if (!(target < 1e3)) /* psi(1e-3) is about -1e3 */
        return 1e-3;
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
