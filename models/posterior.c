#include "rebut/posterior.h"

#include <math.h>
#include <string.h>

#include "rebut/special.h"

/* A record made ready: older requests folded in, and the powers
 *   ga[k] = pi (alpha)_k / (beta + A)^k * (beta / (beta + A))^alpha
 *   gu[l] = (1 - c) (kappa)_l / (kappa + F)^l + c' (shape)_l / (rate + F)^l
 * The factor (kappa / (kappa + F))^kappa is common to all and kept as log_common; c' is
 * c with its own such factor over the common one. */
struct ready {
    double ga[REBUT_POSTERIOR_MAX + 2];
    double gu[REBUT_POSTERIOR_MAX + 2];       /* of an abuser */
    double gu_clean[REBUT_POSTERIOR_MAX + 2]; /* of anybody else: differs by the folded */
    double ordinary[REBUT_POSTERIOR_MAX + 2]; /* the first part of gu */
    double alpha, beta_a;                     /* alpha + folded abuse; beta + A */
    double shape_u, rate_u;                   /* kappa + folded faults; kappa + F */
    double clean;                             /* weight of no abuser: 1 - pi, scaled */
    double log_scale;                         /* of ga and clean, and of what is common */
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

/* log(1 + exposure / rate), to 2e-16 absolutely: it is added to what is of the order of 1
 * or raised to a power, and log takes half the time of log1p. */
static double log_grown(double exposure, double rate)
{
    return log(1 + exposure / rate);
}

/* log (x)_k for real k >= 0. */
static double log_rising(double x, double k)
{
    int sign = 0;
    return lgamma_r(x + k, &sign) - lgamma_r(x, &sign);
}

/* The claims before the last 32, summed up. */
struct folded {
    double abuse, fault;        /* how many of them are of each source, for an abuser */
    double log_abuser, log_any; /* log likelihood: for an abuser, for anybody else */
};

/* Each folded claim is split between the sources in the odds q a : p u, with a and u at
 * what all folded claims together make of them; the likelihood of an abuser is then
 * bounded from below (Jensen), of anybody else it is exact. */
static struct folded fold_older(const struct rebut_population *population,
                                const struct rebut_record *record, int older)
{
    const double beta_a = population->beta + record->abuse_exposure;
    const double rate_u = population->kappa + record->fault_exposure;
    double a = population->alpha / population->beta, u = 1;
    struct folded folded = {0};
    for (int round = 0; round < 4; round++) {
        folded = (struct folded){0};
        for (int i = 0; i < older; i++) {
            const double p = record->claims[i].p, q = record->claims[i].q;
            const double share = q * a / (p * u + q * a);
            folded.abuse += share;
            folded.log_any += log(p);
            if (share > 0)
                folded.log_abuser += share * (log(q) - log(share));
            if (share < 1)
                folded.log_abuser += (1 - share) * (log(p) - log1p(-share));
        }
        folded.fault = older - folded.abuse;
        a = (population->alpha + folded.abuse) / beta_a;
        u = (population->kappa + folded.fault) / rate_u;
    }
    folded.log_abuser +=
        log_rising(population->alpha, folded.abuse) - folded.abuse * log(beta_a) +
        log_rising(population->kappa, folded.fault) - folded.fault * log(rate_u);
    folded.log_any += log_rising(population->kappa, older) - older * log(rate_u);
    return folded;
}

/* The weights of abuser and not, before the last 32 claims: as they are, or, when older
 * ones may have moved them far, scaled by the larger. */
static void weigh(const struct rebut_population *population,
                  const struct rebut_record *record, const struct folded *folded,
                  struct ready *ready)
{
    const double log_thinned =
        -population->alpha * log_grown(record->abuse_exposure, population->beta);
    ready->ga[0] = population->pi * exp(log_thinned);
    ready->clean = 1 - population->pi;
    if (folded == NULL)
        return;
    const double abuser = log(population->pi) + log_thinned + folded->log_abuser;
    const double any = log1p(-population->pi) + folded->log_any;
    const double larger = fmax(abuser, any);
    ready->ga[0] = exp(abuser - larger);
    ready->clean = exp(any - larger);
    ready->log_scale += larger;
}

/* c' above: the claimants' weight, their zeroth power over the common factor. */
static double claimant_weight(double share, double shape, double rate, double exposure,
                              double log_common)
{
    /* An absurd kappa and exposure must not make infinity of it. */
    return share * exp(fmin(600, -shape * log_grown(exposure, rate) - log_common));
}

/* The powers of readiness after `faults` folded ones; *ret_ordinary without claimants. */
static void make_powers(const struct rebut_population *population, double exposure,
                        double faults, int count, double *ret_powers,
                        double *ret_ordinary)
{
    const double kappa = population->kappa;
    const double log_common = -kappa * log_grown(exposure, kappa);
    double power = 1 - population->claimants, step = 1 / (kappa + exposure);
    for (int l = 0; l <= count; l++) {
        ret_powers[l] = ret_ordinary[l] = power;
        power *= (kappa + faults + l) * step;
    }
    if (population->claimants == 0)
        return;
    const double shape = population->claimant_shape;
    const double rate = shape / population->claimant_mean;
    power = claimant_weight(population->claimants, shape, rate, exposure, log_common);
    if (faults > 0) /* (shape)_f / (rate + F)^f over (kappa)_f / (kappa + F)^f */
        power *= exp(log_rising(shape, faults) - faults * log(rate + exposure) -
                     log_rising(kappa, faults) + faults * log(kappa + exposure));
    step = 1 / (rate + exposure);
    for (int l = 0; l <= count; l++) {
        ret_powers[l] += power;
        power *= (shape + faults + l) * step;
    }
}

static void make_ready(const struct rebut_population *population,
                       const struct rebut_record *record, struct ready *ready)
{
    const int older =
        record->count > REBUT_POSTERIOR_MAX ? record->count - REBUT_POSTERIOR_MAX : 0;
    struct folded folded = {0};
    if (older > 0)
        folded = fold_older(population, record, older);
    ready->alpha = population->alpha + folded.abuse;
    ready->shape_u = population->kappa + folded.fault;
    ready->beta_a = population->beta + record->abuse_exposure;
    ready->rate_u = population->kappa + record->fault_exposure;
    ready->log_scale =
        -population->kappa * log_grown(record->fault_exposure, population->kappa);
    ready->claims = record->claims + older;
    ready->count = record->count - older;
    weigh(population, record, older > 0 ? &folded : NULL, ready);
    const double step = 1 / ready->beta_a;
    for (int k = 0; k <= ready->count; k++)
        ready->ga[k + 1] = ready->ga[k] * (ready->alpha + k) * step;
    if (older > 0)
        make_powers(population, record->fault_exposure, older, ready->count + 1,
                    ready->gu_clean, ready->ordinary);
    make_powers(population, record->fault_exposure, folded.fault, ready->count + 1,
                ready->gu, ready->ordinary);
    if (older == 0)
        memcpy(ready->gu_clean, ready->gu,
               (size_t)(ready->count + 2) * sizeof *ready->gu);
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
    const double survive =
        pi * exp(-clean->alpha * log_grown(abuse_exposure, clean->beta));
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
                    -clean->kappa * log_grown(fault_exposure, clean->kappa), &mean_u);
    return mean_u;
}

void rebut_clean_posterior(const struct rebut_clean *clean, double pi,
                           double fault_exposure, double abuse_exposure,
                           struct rebut_posterior *ret)
{
    const double log_thinned = log_grown(abuse_exposure, clean->beta);
    const double log_bf = -clean->alpha * log_thinned;
    const double survive = pi * exp(log_bf);
    const double z = 1 - pi + survive;
    const double mean_a = clean->alpha / (clean->beta + abuse_exposure);
    const double log_ready = log_grown(fault_exposure, clean->kappa);
    const double log_common = -clean->kappa * log_ready;
    double mean_u = 0;
    const double ordinary = clean_readiness(clean, fault_exposure, log_common, &mean_u);
    *ret = (struct rebut_posterior){
        .log_z = log(z * (1 - clean->claimants) / ordinary) + log_common,
        .abuser = survive / z,
        .log_bf = log_bf,
        .mean_a = survive / z * mean_a,
        .mean_u = mean_u,
        .mean_log_a = clean->log_a - log_thinned,
        .mean_a_given_abuser = mean_a,
        .ordinary = ordinary,
        .mean_u_ordinary = clean->kappa / (clean->kappa + fault_exposure),
        .mean_log_u_ordinary = clean->log_u - log_ready};
}

/* log(a / b) of weights that may have underflowed. */
static double log_ratio(double a, double b)
{
    return log(fmax(a, 1e-300)) - log(fmax(b, 1e-300));
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

    const double z0 = ready.clean * e[0] * ready.gu_clean[n];
    double z1 = 0, sum_a = 0, sum_log_a = 0;
    double sum_u = ready.clean * e[0] * ready.gu_clean[n + 1];
    double ordinary = 0, ordinary_u = 0, ordinary_log_u = 0;
    double digamma_a = rebut_digamma(ready.alpha);
    double digamma_u[REBUT_POSTERIOR_MAX + 1];
    digamma_u[0] = rebut_digamma(ready.shape_u);
    for (int l = 0; l < n; l++)
        digamma_u[l + 1] = digamma_u[l] + 1 / (ready.shape_u + l);
    const double log_beta_a = log(ready.beta_a), log_rate_u = log(ready.rate_u);
    for (int k = 0; k <= n; k++) {
        const double abuse = e[k] * ready.ga[k];
        const double either = abuse + (k == 0 ? ready.clean * e[0] : 0);
        const int l = n - k;
        z1 += abuse * ready.gu[l];
        sum_a += e[k] * ready.ga[k + 1] * ready.gu[l];
        sum_log_a += abuse * ready.gu[l] * (digamma_a - log_beta_a);
        sum_u += abuse * ready.gu[l + 1];
        ordinary += either * ready.ordinary[l];
        ordinary_u += either * ready.ordinary[l + 1];
        ordinary_log_u += either * ready.ordinary[l] * (digamma_u[l] - log_rate_u);
        digamma_a += 1 / (ready.alpha + k);
    }
    const double z = z0 + z1;
    const struct rebut_posterior posterior = {
        .log_z = log(z) + log_scale + ready.log_scale,
        .abuser = z1 / z,
        .log_bf = log_ratio(z1, z0) - log_ratio(population->pi, 1 - population->pi),
        .mean_a = sum_a / z,
        .mean_u = sum_u / z,
        .mean_log_a = z1 > 0 ? sum_log_a / z1 : digamma_a - log_beta_a,
        .mean_a_given_abuser = z1 > 0 ? sum_a / z1 : ready.alpha / ready.beta_a,
        .ordinary = fmin(1, ordinary / z),
        .mean_u_ordinary = ordinary_u / ordinary,
        .mean_log_u_ordinary = ordinary_log_u / ordinary,
    };
    if (!isfinite(posterior.log_z) || !isfinite(posterior.mean_log_a) ||
        !isfinite(posterior.mean_log_u_ordinary) || !isfinite(posterior.mean_u))
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
    const double z0 = ready.clean * e[0] * ready.gu_clean[n];
    double z1 = 0, sum_u = ready.clean * e[0] * ready.gu_clean[n + 1];
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
    double z = ready.clean * e[0] * ready.gu_clean[n];
    double sum_u = ready.clean * e[0] * ready.gu_clean[n + 1];
    double sum_a = 0;
    for (int k = 0; k <= n; k++) {
        z += e[k] * ready.ga[k] * ready.gu[n - k];
        sum_a += e[k] * ready.ga[k + 1] * ready.gu[n - k];
        sum_u += e[k] * ready.ga[k] * ready.gu[n - k + 1];
    }
    const struct rebut_others others = {
        .mean_a = sum_a / z, .mean_u = sum_u / z, .ratio = sum_a / sum_u};
    if (!(others.ratio >= 0 && isfinite(others.ratio) && isfinite(others.mean_a)))
        return rebut_fail(err, REBUT_EMATH,
                          "a record of %d requests has no finite posterior",
                          record->count);
    *ret = others;
    return true;
}
