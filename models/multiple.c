#include "rebut/multiple.h"

#include <math.h>

#include "rebut/fixed.h"

double rebut_bh_threshold(const double *sorted, uint32_t count, double q)
{
    for (uint32_t k = count; k > 0; k--)
        if (sorted[k - 1] <= q * k / count)
            return sorted[k - 1];
    return -1;
}

void rebut_bh_adjust(const double *sorted, uint32_t count, double *ret)
{
    double least = 1;
    for (uint32_t k = count; k > 0; k--) {
        const double here = sorted[k - 1] * count / k;
        if (here < least) /* not so for a NaN */
            least = here;
        ret[k - 1] = least;
    }
}

bool rebut_posterior_fdr(const double *p, uint32_t count, double q, double *ret_q,
                         uint32_t *ret_count, struct rebut_error *err)
{
    if (!(q >= 0 && q <= 1))
        return rebut_fail(err, REBUT_EINPUT, "expected a rate from 0 to 1, got %g", q);
    for (uint32_t k = 0; k < count; k++) {
        if (!(p[k] >= 0 && p[k] <= 1))
            return rebut_fail(err, REBUT_EINPUT,
                              "expected a probability from 0 to 1, got %g", p[k]);
        if (k > 0 && !(p[k] <= p[k - 1]))
            return rebut_fail(err, REBUT_EINPUT,
                              "expected falling order, got %g after %g", p[k], p[k - 1]);
    }
    uint32_t most = 0;
    rebut_total wrong = 0; /* expected false discoveries so far */
    for (uint32_t k = 0; k < count; k++) {
        wrong += rebut_to_fixed(1 - p[k]);
        const double mean = rebut_from_total(wrong) / (k + 1);
        if (mean <= q)
            most = k + 1;
        if (ret_q)
            ret_q[k] = mean;
    }
    *ret_count = most;
    return true;
}

/* How many are below the score. */
static uint32_t count_below(const double *sorted, uint32_t count, double score)
{
    uint32_t low = 0, high = count;
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        if (sorted[middle] < score)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

double rebut_conformal_p(const double *sorted, uint32_t count, double score)
{
    if (isnan(score))
        return 1;
    const uint32_t above = count - count_below(sorted, count, score);
    return (1 + (double)above) / (1 + (double)count);
}

bool rebut_conformal_tails(const double *weights, uint32_t count, double *tail,
                           struct rebut_error *err)
{
    for (uint32_t i = 0; i < count; i++)
        if (!(weights[i] > 0 && weights[i] <= 1e9))
            return rebut_fail(err, REBUT_EINPUT, "expected a weight over 0, got %g",
                              weights[i]);
    tail[count] = 0;
    for (uint32_t i = count; i > 0; i--)
        tail[i - 1] = tail[i] + weights[i - 1];
    return true;
}

double rebut_conformal_weighted_p(const double *sorted, const double *tail,
                                  uint32_t count, double score, double weight)
{
    if (!(!isnan(score) && weight > 0 && isfinite(weight)))
        return 1;
    return (weight + tail[count_below(sorted, count, score)]) / (weight + tail[0]);
}

double rebut_conformal_stratum_p(const struct rebut_conformal_strata *strata,
                                 uint32_t stratum, double score)
{
    if (!(stratum < strata->strata))
        return 1;
    const uint32_t start = strata->start[stratum];
    return rebut_conformal_p(strata->sorted + start, strata->start[stratum + 1] - start,
                             score);
}
