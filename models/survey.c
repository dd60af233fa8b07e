#include "rebut/survey.h"

#include <math.h>

#define NORMAL_95 1.959963984540054
#define CONFIDENCE 0.95

void rebut_hajek_add(struct rebut_hajek *sums, double weight, bool y)
{
    sums->w += weight;
    sums->ww += weight * weight;
    if (y) {
        sums->wy += weight;
        sums->wwy += weight * weight;
    }
    sums->count++;
}

/* Clopper-Pearson's for w^2 / ww requests, of which all or none have the property. */
static bool interval_at_end(const struct rebut_hajek *sums, struct rebut_estimate *ret,
                            struct rebut_error *err)
{
    const uint64_t worth = (uint64_t)(sums->w * sums->w / sums->ww + 1e-9);
    const uint64_t hits = ret->value > .5 ? worth : 0;
    return rebut_interval_proportion(hits, worth, CONFIDENCE, &ret->range, err);
}

bool rebut_hajek_estimate(const struct rebut_hajek *sums, struct rebut_estimate *ret,
                          struct rebut_error *err)
{
    *ret = (struct rebut_estimate){
        .value = (double)NAN, .range = {0, 1}, .count = sums->count};
    if (!(sums->w > 0))
        return true;
    const double share = ret->value = sums->wy / sums->w;
    /* y is 0 or 1: the sum of w^2 (y - share)^2, with n / (n - 1). */
    const double n = (double)sums->count;
    const double squares =
        sums->wwy * (1 - share) * (1 - share) + (sums->ww - sums->wwy) * share * share;
    if (!(share > 0 && share < 1 && n > 1))
        return interval_at_end(sums, ret, err);
    const double error = sqrt(squares * n / (n - 1)) / sums->w;
    const double reach = NORMAL_95 * error / (share * (1 - share));
    const double logit = log(share / (1 - share));
    ret->range.low = 1 / (1 + exp(reach - logit));
    ret->range.high = 1 / (1 + exp(-reach - logit));
    return true;
}

static double square(double x)
{
    return x * x;
}

struct rebut_kappa rebut_kappa(const double said[4])
{
    const double n = said[0] + said[1] + said[2] + said[3];
    struct rebut_kappa ret = {.cases = (uint64_t)n,
                              .agreement = (double)NAN,
                              .kappa = (double)NAN,
                              .error = (double)NAN};
    if (!(n > 0))
        return ret;
    const double row[2] = {(said[0] + said[1]) / n, (said[2] + said[3]) / n};
    const double column[2] = {(said[0] + said[2]) / n, (said[1] + said[3]) / n};
    const double chance = row[0] * column[0] + row[1] * column[1];
    ret.agreement = (said[0] + said[3]) / n;
    if (!(chance < 1))
        return ret;
    const double kappa = ret.kappa = (ret.agreement - chance) / (1 - chance);
    double sum = 0;
    for (int i = 0; i < 2; i++)
        for (int j = 0; j < 2; j++)
            sum += said[2 * i + j] / n *
                   square((i == j) - (column[i] + row[j]) * (1 - kappa));
    sum -= square(kappa - chance * (1 - kappa));
    ret.error = sqrt(sum > 0 ? sum / n : 0) / (1 - chance);
    return ret;
}

double rebut_share_corrected(double share, double e)
{
    const double corrected = (share - e) / (1 - 2 * e);
    return corrected < 0 ? 0 : corrected > 1 ? 1 : corrected;
}
