/* The exact interval of a proportion (Clopper and Pearson 1934). */
#include <gsl/gsl_cdf.h>
#include <math.h>

#include "rebut/metrics.h"

#define TRIES_MAX UINT64_C(1000000000)
#define HALVINGS 60

/* The x at which the given tail of Beta(a, b) is `tail`, or NaN.  `upper` names the
 * tail: the small one is evaluated, so nothing cancels.  Bisection always ends;
 * gsl_cdf_beta_Pinv does not (GSL 2.7.1). */
static double beta_tail_point(double tail, bool upper, double a, double b)
{
    double low = 0;
    double high = 1;
    for (int halvings = 0; halvings < HALVINGS; halvings++) {
        const double middle = (low + high) / 2;
        const double there =
            upper ? gsl_cdf_beta_Q(middle, a, b) : gsl_cdf_beta_P(middle, a, b);
        if (!isfinite(there))
            return (double)NAN;
        if (upper ? there > tail : there < tail)
            low = middle;
        else
            high = middle;
    }
    return (low + high) / 2;
}

bool rebut_interval_proportion(uint64_t hits, uint64_t tries, double confidence,
                               struct rebut_interval *ret, struct rebut_error *err)
{
    if (!(hits <= tries && tries <= TRIES_MAX))
        return rebut_fail(err, REBUT_EINPUT, "bad counts: %llu of %llu",
                          (unsigned long long)hits, (unsigned long long)tries);
    if (!(confidence >= 0.5 && confidence <= 0.9999))
        return rebut_fail(err, REBUT_EINPUT,
                          "expected a confidence from 0.5 to 0.9999, got %g", confidence);
    const double tail = (1 - confidence) / 2;
    const double k = (double)hits;
    const double misses = (double)(tries - hits);
    struct rebut_interval interval = {.low = 0, .high = 1};
    /* P(at least k hits) = tail at low; P(at most k hits) = tail at high. */
    if (hits > 0)
        interval.low = beta_tail_point(tail, false, k, misses + 1);
    if (hits < tries)
        interval.high = beta_tail_point(tail, true, k + 1, misses);
    if (!(isfinite(interval.low) && isfinite(interval.high)))
        return rebut_fail(err, REBUT_EMATH,
                          "cannot evaluate the interval of %llu of %llu",
                          (unsigned long long)hits, (unsigned long long)tries);
    *ret = interval;
    return true;
}
