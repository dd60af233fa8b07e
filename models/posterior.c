#include "rebut/posterior.h"

#include <math.h>
#include <string.h>

#include "rebut/special.h"

/* A record made ready: the prior with older requests folded in, and the powers
 *   ga[k] = pi (alpha)_k / (beta + A)^k * (beta / (beta + A))^alpha
 *   gu[l] = (1 - c) (kappa)_l / (kappa + F)^l + c' (shape)_l / (rate + F)^l
 * The factor (kappa / (kappa + F))^kappa is common to all and kept as log_common; c' is
 * c with its own such factor over the common one. */
struct ready {
    double ga[REBUT_POSTERIOR_MAX + 2];
    double gu[REBUT_POSTERIOR_MAX + 2];
    double ordinary[REBUT_POSTERIOR_MAX + 2]; /* the first part of gu */
    double alpha, beta_a;                     /* beta + A */
    double shape_u, rate_u;                   /* kappa, kappa + F */
    double not_abuser;                        /* 1 - pi */
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
    if (!(p->claimants >= 0 && p->claimants < 1) ||
        !(p->claimants == 0 || (p->claimant_shape >= 1e-3 && p->claimant_shape <= 1e6 &&
                                p->claimant_mean >= 1e-3 && p->claimant_mean <= 1e6)))
        return rebut_fail(err, REBUT_EINPUT,
                          "expected a share of claimants in [0, 1) and their shape and "
                          "mean in [1e-3, 1e6], got %g, %g, %g",
                          p->claimants, p->claimant_shape, p->claimant_mean);
    if (!(record->fault_exposure >= 0 && record->abuse_exposure >= 0 &&
          record->count >= 0))
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

/* c' above: the claimants' weight, their zeroth power over the common factor. */
static double claimant_weight(double share, double shape, double rate, double exposure,
                              double log_common)
{
    return share * exp(-shape * log1p(exposure / rate) - log_common);
}

static void add_claimants(const struct rebut_population *population, double exposure,
                          struct ready *ready)
{
    const double folded = ready->shape_u - population->kappa;
    const double rate = population->claimant_shape / population->claimant_mean;
    const double shape = population->claimant_shape + folded;
    double power =
        claimant_weight(population->claimants, shape, rate, exposure, ready->log_common);
    for (int l = 0; l <= ready->count + 1; l++) {
        ready->gu[l] += power;
        power *= (shape + l) / (rate + exposure);
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
    ready->log_common =
        -ready->shape_u * log1p(record->fault_exposure / population->kappa);
    ready->claims = record->claims + older;
    ready->count = record->count - older;
    ready->ga[0] =
        ready->pi * exp(-ready->alpha * log1p(record->abuse_exposure / population->beta));
    ready->ordinary[0] = 1 - population->claimants;
    for (int k = 0; k <= ready->count; k++) {
        ready->ga[k + 1] = ready->ga[k] * (ready->alpha + k) / ready->beta_a;
        ready->ordinary[k + 1] =
            ready->ordinary[k] * (ready->shape_u + k) / ready->rate_u;
    }
    memcpy(ready->gu, ready->ordinary, (size_t)(ready->count + 2) * sizeof *ready->gu);
    if (population->claimants > 0)
        add_claimants(population, record->fault_exposure, ready);
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
    return (struct rebut_clean){
        .pi = population->pi,
        .alpha = population->alpha,
        .beta = population->beta,
        .kappa = population->kappa,
        .log_a = rebut_digamma(population->alpha) - log(population->beta),
        .log_u = rebut_digamma(population->kappa) - log(population->kappa),
        .claimants = population->claimants,
        .claimant_shape = population->claimant_shape,
        .claimant_rate = population->claimants > 0
                             ? population->claimant_shape / population->claimant_mean
                             : 1};
}

double rebut_clean_abuser(const struct rebut_clean *clean, double pi,
                          double abuse_exposure)
{
    const double survive = pi * exp(-clean->alpha * log1p(abuse_exposure / clean->beta));
    return survive / (1 - pi + survive);
}

/* P(no claimant); *ret_u = E[u]; log_common = -kappa log(1 + F / kappa). */
static double clean_readiness(const struct rebut_clean *clean, double exposure,
                              double log_common, double *ret_u)
{
    const double mean = clean->kappa / (clean->kappa + exposure);
    *ret_u = mean;
    if (clean->claimants == 0)
        return 1;
    const double ordinary = 1 - clean->claimants;
    const double claimant = claimant_weight(clean->claimants, clean->claimant_shape,
                                            clean->claimant_rate, exposure, log_common);
    *ret_u = (ordinary * mean +
              claimant * clean->claimant_shape / (clean->claimant_rate + exposure)) /
             (ordinary + claimant);
    return ordinary / (ordinary + claimant);
}

double rebut_clean_readiness(const struct rebut_clean *clean, double fault_exposure)
{
    double mean_u = 0;
    clean_readiness(clean, fault_exposure,
                    -clean->kappa * log1p(fault_exposure / clean->kappa), &mean_u);
    return mean_u;
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
    const double log_grown = log1p(fault_exposure / clean->kappa);
    const double log_common = -clean->kappa * log_grown;
    double mean_u = 0;
    const double ordinary = clean_readiness(clean, fault_exposure, log_common, &mean_u);
    *ret = (struct rebut_posterior){
        .log_z = log(z) + log_common + log((1 - clean->claimants) / ordinary),
        .abuser = survive / z,
        .log_bf = log_bf,
        .mean_a = survive / z * mean_a,
        .mean_u = mean_u,
        .mean_log_a = clean->log_a - log_thinned,
        .mean_a_given_abuser = mean_a,
        .ordinary = ordinary,
        .mean_u_ordinary = clean->kappa / (clean->kappa + fault_exposure),
        .mean_log_u_ordinary = clean->log_u - log_grown};
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

    double z1 = 0, sum_a = 0, sum_u = 0, sum_log_a = 0;
    double ordinary = 0, ordinary_u = 0, ordinary_log_u = 0;
    double digamma_a = rebut_digamma(ready.alpha);
    double digamma_u[REBUT_POSTERIOR_MAX + 1];
    digamma_u[0] = rebut_digamma(ready.shape_u);
    for (int l = 0; l < n; l++)
        digamma_u[l + 1] = digamma_u[l] + 1 / (ready.shape_u + l);
    const double log_beta_a = log(ready.beta_a), log_rate_u = log(ready.rate_u);
    for (int k = 0; k <= n; k++) {
        const double abuse = e[k] * ready.ga[k];
        const double either = abuse + (k == 0 ? ready.not_abuser * e[0] : 0);
        const int l = n - k;
        z1 += abuse * ready.gu[l];
        sum_a += e[k] * ready.ga[k + 1] * ready.gu[l];
        sum_log_a += abuse * ready.gu[l] * (digamma_a - log_beta_a);
        sum_u += either * ready.gu[l + 1];
        ordinary += either * ready.ordinary[l];
        ordinary_u += either * ready.ordinary[l + 1];
        ordinary_log_u += either * ready.ordinary[l] * (digamma_u[l] - log_rate_u);
        digamma_a += 1 / (ready.alpha + k);
    }
    const double z0 = ready.not_abuser * e[0] * ready.gu[n];
    const double z = z0 + z1;
    const struct rebut_posterior posterior = {
        .log_z = log(z) + log_scale + ready.log_common,
        .abuser = z1 / z,
        .log_bf = log(z1 / ready.pi) - log(z0 / ready.not_abuser),
        .mean_a = sum_a / z,
        .mean_u = sum_u / z,
        .mean_log_a = sum_log_a / z1,
        .mean_a_given_abuser = sum_a / z1,
        .ordinary = ordinary / z,
        .mean_u_ordinary = ordinary_u / ordinary,
        .mean_log_u_ordinary = ordinary_log_u / ordinary,
    };
    if (!isfinite(posterior.log_z) || !isfinite(posterior.log_bf) ||
        !isfinite(posterior.mean_log_a) || !isfinite(posterior.mean_log_u_ordinary))
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
    double sum_u = ready.not_abuser * e[0] * ready.gu[n + 1];
    for (int k = 0; k <= n; k++) {
        z1 += e[k] * ready.ga[k] * ready.gu[n - k];
        sum_u += e[k] * ready.ga[k] * ready.gu[n - k + 1];
    }
    const struct rebut_standing standing = {.abuser = z1 / (z0 + z1),
                                            .mean_u = sum_u / (z0 + z1)};
    if (!(standing.abuser <= 1 && isfinite(standing.mean_u)))
        return rebut_fail(err, REBUT_EMATH,
                          "a record of %d requests has no finite posterior",
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
        z += e[k] * (ready.ga[k] + spike) * ready.gu[n - k];
        sum_a += e[k] * ready.ga[k + 1] * ready.gu[n - k];
        sum_u += e[k] * (ready.ga[k] + spike) * ready.gu[n - k + 1];
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
