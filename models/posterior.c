#include "rebut/posterior.h"

#include <math.h>

#include "rebut/special.h"

/* A record made ready: the prior with older requests folded in, and the powers
 *   ga[k] = pi (alpha)_k / (beta + A)^k * (beta / (beta + A))^alpha
 *   gu[l] = (kappa)_l / (kappa + F)^l
 * The factor (kappa / (kappa + F))^kappa is common to all and kept as log_common. */
struct ready {
    double ga[REBUT_POSTERIOR_MAX + 2];
    double gu[REBUT_POSTERIOR_MAX + 2];
    double alpha, beta_a;   /* beta + A */
    double shape_u, rate_u; /* kappa, kappa + F */
    double not_abuser;      /* 1 - pi */
    double pi;
    double log_common;
    const struct rebut_claim *claims;
    int count;
};

static bool check(const struct rebut_population *population,
                  const struct rebut_record *record, struct rebut_error *err)
{
    const struct rebut_population *p = population;
    if (!(p->pi > 0 && p->pi < 1))
        return rebut_fail(err, REBUT_EINPUT, "expected 0 < pi < 1, got %g", p->pi);
    if (!(p->alpha >= 1e-3 && p->alpha <= 1e6 && p->beta >= 1e-3 && p->beta <= 1e6 &&
          p->kappa >= 1e-3 && p->kappa <= 1e6))
        return rebut_fail(err, REBUT_EINPUT,
                          "expected alpha, beta, kappa in [1e-3, 1e6], got %g, %g, %g",
                          p->alpha, p->beta, p->kappa);
    if (!(record->fault_exposure >= 0 && record->abuse_exposure >= 0 && record->count >= 0))
        return rebut_fail(err, REBUT_EINPUT, "an exposure is negative or no number");
    for (int i = 0; i < record->count; i++)
        if (!(record->claims[i].p > 0 && record->claims[i].q > 0))
            return rebut_fail(err, REBUT_EINPUT,
                              "request %d: expected p, q > 0, got %g, %g", i,
                              record->claims[i].p, record->claims[i].q);
    return true;
}

/* Fold the claims before the last 32 into the prior: each is split between the two
 * sources by its own odds at the prior means, adds that much to their shapes, and
 * moves the odds of being an abuser by its own Bayes factor. */
static void fold_older(const struct rebut_population *population,
                       const struct rebut_record *record, int older, struct ready *ready)
{
    const double mean_a = population->alpha / population->beta;
    double log_odds = log(population->pi) - log1p(-population->pi);
    for (int i = 0; i < older; i++) {
        const double abuse = record->claims[i].q * mean_a;
        const double share = abuse / (record->claims[i].p + abuse);
        ready->alpha += share;
        ready->shape_u += 1 - share;
        log_odds += log1p(abuse / record->claims[i].p);
    }
    if (older > 0) {
        ready->pi = 1 / (1 + exp(-log_odds));
        ready->not_abuser = 1 / (1 + exp(log_odds));
    }
}

static void make_ready(const struct rebut_population *population,
                       const struct rebut_record *record, struct ready *ready)
{
    const int older =
        record->count > REBUT_POSTERIOR_MAX ? record->count - REBUT_POSTERIOR_MAX : 0;
    ready->pi = population->pi;
    ready->not_abuser = 1 - population->pi;
    ready->alpha = population->alpha;
    ready->shape_u = population->kappa;
    fold_older(population, record, older, ready);
    ready->beta_a = population->beta + record->abuse_exposure;
    ready->rate_u = population->kappa + record->fault_exposure;
    ready->log_common = -ready->shape_u * log1p(record->fault_exposure / population->kappa);
    ready->claims = record->claims + older;
    ready->count = record->count - older;
    ready->ga[0] =
        ready->pi * exp(-ready->alpha * log1p(record->abuse_exposure / population->beta));
    ready->gu[0] = 1;
    for (int k = 0; k <= ready->count; k++) {
        ready->ga[k + 1] = ready->ga[k] * (ready->alpha + k) / ready->beta_a;
        ready->gu[k + 1] = ready->gu[k] * (ready->shape_u + k) / ready->rate_u;
    }
}

/* Coefficients e[k] of a^k u^(n-k) in prod (p_j u + q_j a), without claim `without`
 * (-1: with all), scaled to a largest of 1; the log of the scale is returned. */
static double expand(const struct ready *ready, int without, double *e)
{
    double log_scale = 0;
    int n = 0;
    e[0] = 1;
    for (int j = 0; j < ready->count; j++) {
        if (j == without)
            continue;
        const double p = ready->claims[j].p;
        const double q = ready->claims[j].q;
        double largest = e[n + 1] = q * e[n];
        for (int k = n; k > 0; k--) {
            e[k] = p * e[k] + q * e[k - 1];
            largest = e[k] > largest ? e[k] : largest;
        }
        e[0] *= p;
        largest = e[0] > largest ? e[0] : largest;
        n++;
        if (largest < 1e-100 || largest > 1e100) {
            for (int k = 0; k <= n; k++)
                e[k] /= largest;
            log_scale += log(largest);
        }
    }
    return log_scale;
}

struct rebut_clean rebut_clean_of(const struct rebut_population *population)
{
    return (struct rebut_clean){.pi = population->pi,
                                .alpha = population->alpha,
                                .beta = population->beta,
                                .kappa = population->kappa,
                                .log_a = rebut_digamma(population->alpha) -
                                         log(population->beta),
                                .log_u = rebut_digamma(population->kappa)};
}

double rebut_clean_abuser(const struct rebut_clean *clean, double pi, double abuse_exposure)
{
    const double survive = pi * exp(-clean->alpha * log1p(abuse_exposure / clean->beta));
    return survive / (1 - pi + survive);
}

void rebut_clean_posterior(const struct rebut_clean *clean, double pi,
                           double fault_exposure, double abuse_exposure,
                           struct rebut_posterior *ret)
{
    const double log_thinned = log1p(abuse_exposure / clean->beta);
    const double log_bf = -clean->alpha * log_thinned;
    const double survive = pi * exp(log_bf);
    const double z = 1 - pi + survive;
    const double mean_a = clean->alpha / (clean->beta + abuse_exposure);
    const double rate_u = clean->kappa + fault_exposure;
    const double log_rate_u = log(rate_u);
    *ret = (struct rebut_posterior){.log_z = log(z) - clean->kappa *
                                                          (log_rate_u - log(clean->kappa)),
                                    .abuser = survive / z,
                                    .log_bf = log_bf,
                                    .mean_a = survive / z * mean_a,
                                    .mean_u = clean->kappa / rate_u,
                                    .mean_log_a = clean->log_a - log_thinned,
                                    .mean_a_given_abuser = mean_a,
                                    .mean_log_u = clean->log_u - log_rate_u};
}

bool rebut_posterior_of(const struct rebut_population *population,
                        const struct rebut_record *record, struct rebut_posterior *ret,
                        struct rebut_error *err)
{
    if (!check(population, record, err))
        return false;
    struct ready ready;
    double e[REBUT_POSTERIOR_MAX + 1];
    make_ready(population, record, &ready);
    const double log_scale = expand(&ready, -1, e);
    const int n = ready.count;

    double z1 = 0, sum_a = 0, sum_u = 0, sum_log_a = 0, sum_log_u = 0;
    const double log_beta_a = log(ready.beta_a);
    const double log_rate_u = log(ready.rate_u);
    double digamma_a = rebut_digamma(ready.alpha);
    double digamma_u[REBUT_POSTERIOR_MAX + 1];
    digamma_u[0] = rebut_digamma(ready.shape_u);
    for (int l = 0; l < n; l++)
        digamma_u[l + 1] = digamma_u[l] + 1 / (ready.shape_u + l);
    for (int k = 0; k <= n; k++) {
        const double weight = e[k] * ready.ga[k] * ready.gu[n - k];
        z1 += weight;
        sum_a += weight * (ready.alpha + k) / ready.beta_a;
        sum_u += weight * (ready.shape_u + n - k) / ready.rate_u;
        sum_log_a += weight * (digamma_a - log_beta_a);
        sum_log_u += weight * (digamma_u[n - k] - log_rate_u);
        digamma_a += 1 / (ready.alpha + k);
    }
    const double z0 = ready.not_abuser * e[0] * ready.gu[n];
    sum_u += z0 * (ready.shape_u + n) / ready.rate_u;
    sum_log_u += z0 * (digamma_u[n] - log_rate_u);
    const double z = z0 + z1;
    const struct rebut_posterior posterior = {
        .log_z = log(z) + log_scale + ready.log_common,
        .abuser = z1 / z,
        .log_bf = log(z1 / ready.pi) - log(z0 / ready.not_abuser),
        .mean_a = sum_a / z,
        .mean_u = sum_u / z,
        .mean_log_a = sum_log_a / z1,
        .mean_a_given_abuser = sum_a / z1,
        .mean_log_u = sum_log_u / z,
    };
    if (!isfinite(posterior.log_z) || !isfinite(posterior.log_bf) ||
        !isfinite(posterior.mean_log_a))
        return rebut_fail(err, REBUT_EMATH,
                          "a record of %d requests has no finite posterior",
                          record->count);
    *ret = posterior;
    return true;
}

bool rebut_posterior_standing(const struct rebut_population *population,
                              const struct rebut_record *record,
                              struct rebut_standing *ret, struct rebut_error *err)
{
    if (!check(population, record, err))
        return false;
    struct ready ready;
    double e[REBUT_POSTERIOR_MAX + 1];
    make_ready(population, record, &ready);
    expand(&ready, -1, e);
    const int n = ready.count;
    double z1 = 0;
    const double z0 = ready.not_abuser * e[0] * ready.gu[n];
    double sum_u = z0 * (ready.shape_u + n);
    for (int k = 0; k <= n; k++) {
        const double weight = e[k] * ready.ga[k] * ready.gu[n - k];
        z1 += weight;
        sum_u += weight * (ready.shape_u + n - k);
    }
    const struct rebut_standing standing = {.abuser = z1 / (z0 + z1),
                                            .mean_u = sum_u / (z0 + z1) / ready.rate_u};
    if (!(standing.abuser <= 1 && isfinite(standing.mean_u)))
        return rebut_fail(err, REBUT_EMATH, "a record of %d requests has no finite posterior",
                          record->count);
    *ret = standing;
    return true;
}

bool rebut_posterior_others(const struct rebut_population *population,
                            const struct rebut_record *record, int index,
                            struct rebut_others *ret, struct rebut_error *err)
{
    if (!check(population, record, err))
        return false;
    if (!(index >= 0 && index < record->count))
        return rebut_fail(err, REBUT_EINPUT, "expected a request of 0 to %d, got %d",
                          record->count - 1, index);
    /* A folded request is left out by moving the window onto it and its elders. */
    struct rebut_record seen = *record;
    const int older = record->count - REBUT_POSTERIOR_MAX;
    if (older > index)
        seen.count = index + 1 > REBUT_POSTERIOR_MAX ? index + 1 : REBUT_POSTERIOR_MAX;
    const int folded =
        seen.count > REBUT_POSTERIOR_MAX ? seen.count - REBUT_POSTERIOR_MAX : 0;

    struct ready ready;
    double e[REBUT_POSTERIOR_MAX + 1];
    make_ready(population, &seen, &ready);
    expand(&ready, index - folded, e);
    const int n = ready.count - 1;
    double z = 0, sum_a = 0, sum_u = 0;
    for (int k = 0; k <= n; k++) {
        const double spike = k == 0 ? ready.not_abuser : 0;
        const double weight = e[k] * ready.gu[n - k];
        z += weight * (ready.ga[k] + spike);
        sum_a += weight * ready.ga[k + 1];
        sum_u += weight * (ready.ga[k] + spike) * (ready.shape_u + n - k) / ready.rate_u;
    }
    const struct rebut_others others = {
        .mean_a = sum_a / z, .mean_u = sum_u / z, .ratio = sum_a / sum_u};
    if (!(others.ratio > 0 && isfinite(others.ratio) && isfinite(others.mean_a)))
        return rebut_fail(err, REBUT_EMATH,
                          "a record of %d requests has no finite posterior",
                          record->count);
    *ret = others;
    return true;
}
