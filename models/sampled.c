#include "rebut/sampled.h"

#include <inttypes.h>
#include <math.h>

#include "rebut/fixed.h"
#include "rebut/special.h"

#define SQUARE_UNIT 0x1p36 /* of a squared weight: up to 1e8 fits 63 bits */

/* Which requests a share is taken of (b), and which of these it counts (a). */
enum share_kind { PREVALENCE, PRECISION, RECALL };

static bool in_base(enum share_kind kind, const struct rebut_sampled *row)
{
    return kind == PREVALENCE || (kind == PRECISION ? row->flagged : row->abuse) == 1;
}

static bool counts(enum share_kind kind, const struct rebut_sampled *row)
{
    return (kind == RECALL ? row->flagged : row->abuse) == 1;
}

static bool check_rows(const struct rebut_sampled *rows, size_t count,
                       struct rebut_error *err)
{
    for (size_t i = 0; i < count; i++) {
        const struct rebut_sampled *row = &rows[i];
        if (!(row->propensity >= REBUT_PROPENSITY_LEAST && row->propensity <= 1))
            return rebut_fail(err, REBUT_EINPUT,
                              "expected a propensity from %g to 1, got %g",
                              REBUT_PROPENSITY_LEAST, row->propensity);
        if (!(row->abuse <= 1 && row->flagged <= 1))
            return rebut_fail(err, REBUT_EINPUT, "expected 0 or 1, got %u and %u",
                              (unsigned)row->abuse, (unsigned)row->flagged);
    }
    return true;
}

/* The t quantile by Cornish and Fisher's expansion in 1 / freedom (Abramowitz & Stegun
 * 26.7.5), freedom at least 3; the normal quantile through the Gamma function's:
 * z^2 / 2 ~ Gamma(1/2). */
static double t_quantile(double confidence, double freedom)
{
    const double z = sqrt(2 * rebut_gamma_quantile(confidence, .5, 1));
    const double n = fmax(freedom, 3), z2 = z * z;
    return z + z * (z2 + 1) / (4 * n) + z * ((5 * z2 + 16) * z2 + 3) / (96 * n * n) +
           z * (((3 * z2 + 19) * z2 + 17) * z2 - 15) / (384 * n * n * n);
}

/* Interval of a share that is 0 or 1 or has no spread among its draws. */
static bool bound_extreme(struct rebut_share *share, double sure, double all,
                          double confidence, struct rebut_error *err)
{
    /* `sure` of `all` were reviewed for certain: only the rest is in doubt. */
    const uint64_t draws = (uint64_t)floor(fmin(share->draws, 1e7) + 1e-6);
    const double rest = fmax(0, 1 - sure / all);
    struct rebut_interval doubt;
    if (!rebut_interval_proportion(0, draws, confidence, &doubt, err))
        return false;
    share->low = fmax(0, share->share - rest * doubt.high);
    share->high = fmin(1, share->share + rest * doubt.high);
    return true;
}

/* What the rows of a base add up to, in whole units. */
struct sums {
    rebut_total base, hits, sure, drawn, drawn2;
};

static struct sums add_up(const struct rebut_sampled *rows, size_t count,
                          enum share_kind kind)
{
    struct sums sums = {0};
    for (size_t i = 0; i < count; i++) {
        if (!in_base(kind, &rows[i]))
            continue;
        const double weight = 1 / rows[i].propensity;
        sums.base += rebut_to_fixed(weight);
        sums.hits += counts(kind, &rows[i]) ? rebut_to_fixed(weight) : 0;
        if (rows[i].propensity < 1) {
            sums.drawn += rebut_to_fixed(weight);
            sums.drawn2 += (int64_t)(weight * weight * SQUARE_UNIT);
        } else {
            sums.sure += rebut_to_fixed(1);
        }
    }
    return sums;
}

/* Hajek's linearised standard error of a share. */
static double error_of(const struct rebut_sampled *rows, size_t count,
                       enum share_kind kind, double share, double all)
{
    rebut_total spread = 0;
    for (size_t i = 0; i < count; i++) {
        if (!in_base(kind, &rows[i]))
            continue;
        const double pi = rows[i].propensity;
        const double weighted = ((counts(kind, &rows[i]) ? 1 : 0) - share) / pi;
        spread += (int64_t)((1 - pi) * weighted * weighted * SQUARE_UNIT);
    }
    return sqrt((double)spread / SQUARE_UNIT) / all;
}

static bool estimate(const struct rebut_sampled *rows, size_t count, enum share_kind kind,
                     double confidence, struct rebut_share *ret, struct rebut_error *err)
{
    const struct sums sums = add_up(rows, count, kind);
    struct rebut_share share = {
        .share = (double)NAN, .error = (double)NAN, .low = 0, .high = 1};
    *ret = share;
    if (sums.base == 0)
        return true;
    const double all = rebut_from_total(sums.base), mass = rebut_from_total(sums.drawn);
    share.share = rebut_from_total(sums.hits) / all;
    share.draws = sums.drawn2 > 0 ? mass * mass / ((double)sums.drawn2 / SQUARE_UNIT) : 0;
    share.error = error_of(rows, count, kind, share.share, all);
    const double odds = share.share * (1 - share.share);
    if (!(odds > 1e-12 && share.error > 0)) {
        if (!bound_extreme(&share, rebut_from_total(sums.sure), all, confidence, err))
            return false;
    } else {
        const double logit = log(share.share / (1 - share.share));
        const double half = t_quantile(confidence, share.draws - 1) * share.error / odds;
        share.low = 1 / (1 + exp(half - logit));
        share.high = 1 / (1 + exp(-half - logit));
    }
    if (!(isfinite(share.low) && isfinite(share.high) && isfinite(share.error)))
        return rebut_fail(err, REBUT_EMATH, "no interval for a share of %g", share.share);
    *ret = share;
    return true;
}

bool rebut_sample_estimate(const struct rebut_sampled *rows, size_t count,
                           double confidence, struct rebut_sample_estimates *ret,
                           struct rebut_error *err)
{
    if (!(count <= REBUT_SAMPLED_MAX))
        return rebut_fail(err, REBUT_ELIMIT, "cannot estimate from %zu requests", count);
    if (!(count > 0 && confidence >= .5 && confidence <= .9999))
        return rebut_fail(err, REBUT_EINPUT,
                          "expected a request and a confidence from 0.5 to 0.9999, got "
                          "%zu and %g",
                          count, confidence);
    if (!check_rows(rows, count, err))
        return false;
    struct rebut_sample_estimates answer = {0};
    if (!estimate(rows, count, PREVALENCE, confidence, &answer.prevalence, err) ||
        !estimate(rows, count, PRECISION, confidence, &answer.precision, err) ||
        !estimate(rows, count, RECALL, confidence, &answer.recall, err))
        return false;
    rebut_total all = 0, abuse = 0;
    for (size_t i = 0; i < count; i++) {
        const rebut_fixed weight = rebut_to_fixed(1 / rows[i].propensity);
        all += weight;
        abuse += rows[i].abuse ? weight : 0;
    }
    answer.requests = rebut_from_total(all);
    answer.abuses = rebut_from_total(abuse);
    *ret = answer;
    return true;
}

bool rebut_realised_fdp(uint64_t legitimate, uint64_t reviewed, double stated,
                        double confidence, struct rebut_realised *ret,
                        struct rebut_error *err)
{
    if (!(stated >= 0 && stated <= 1))
        return rebut_fail(err, REBUT_EINPUT, "expected a rate from 0 to 1, got %g",
                          stated);
    struct rebut_realised answer = {.proportion = (double)NAN};
    if (!rebut_interval_proportion(legitimate, reviewed, confidence, &answer.interval,
                                   err))
        return false;
    if (reviewed > 0)
        answer.proportion = (double)legitimate / (double)reviewed;
    answer.keeps = answer.interval.low <= stated;
    *ret = answer;
    return true;
}

static bool take_shares(const uint64_t *histogram, size_t bins, double *shares,
                        struct rebut_error *err)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < bins; i++) {
        if (!(histogram[i] <= UINT64_C(1) << 50))
            return rebut_fail(err, REBUT_EINPUT, "too large a count: %" PRIu64,
                              histogram[i]);
        sum += histogram[i];
    }
    for (size_t i = 0; i < bins; i++)
        shares[i] = ((double)histogram[i] + .5) / ((double)sum + .5 * (double)bins);
    return true;
}

bool rebut_psi_of_counts(const uint64_t *expected, const uint64_t *actual, size_t bins,
                         double *shares, double *ret, struct rebut_error *err)
{
    if (!(bins >= 1 && bins <= 1000))
        return rebut_fail(err, REBUT_EINPUT, "expected 1 to 1000 bins, got %zu", bins);
    if (!take_shares(expected, bins, shares, err) ||
        !take_shares(actual, bins, shares + bins, err))
        return false;
    return rebut_metric_psi(shares, shares + bins, bins, ret, err);
}
