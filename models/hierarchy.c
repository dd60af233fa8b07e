#include "rebut/hierarchy.h"

#include <math.h>
#include <string.h>

/* What the entities of a level have counted and expected under the levels above. */
static void sum_level(const struct rebut_hierarchy *hierarchy, int level,
                      const rebut_fixed *counted, const rebut_fixed *expected,
                      struct rebut_entity *entities, const double *product,
                      rebut_fixed *sums)
{
    const uint32_t count = hierarchy->entities[level];
    memset(sums, 0, 2 * (size_t)count * sizeof *sums);
    for (uint32_t unit = 0; unit < hierarchy->units; unit++) {
        rebut_fixed *sum = &sums[2 * rebut_hierarchy_member(hierarchy, level, unit)];
        sum[0] += counted[unit];
        sum[1] += rebut_to_fixed(rebut_from_fixed(expected[unit]) * product[unit]);
    }
    for (uint32_t i = 0; i < count; i++) {
        entities[i].counted = rebut_from_fixed(sums[2 * (size_t)i]);
        entities[i].expected = rebut_from_fixed(sums[2 * (size_t)i + 1]);
    }
}

static void set_ratios(const struct rebut_hierarchy *hierarchy, int level, double rho,
                       struct rebut_entity *entities, double *product)
{
    for (uint32_t i = 0; i < hierarchy->entities[level]; i++) {
        struct rebut_entity *entity = &entities[i];
        entity->ratio = (rho + entity->counted) / (rho / entity->psi + entity->expected);
    }
    for (uint32_t unit = 0; unit < hierarchy->units; unit++)
        product[unit] *= entities[rebut_hierarchy_member(hierarchy, level, unit)].ratio;
}

void rebut_hierarchy_fit(const struct rebut_hierarchy *hierarchy,
                         const rebut_fixed *counted, const rebut_fixed *expected,
                         const double rho[REBUT_LEVELS],
                         struct rebut_entity *const entities[REBUT_LEVELS],
                         double *product, rebut_fixed *sums)
{
    for (uint32_t unit = 0; unit < hierarchy->units; unit++)
        product[unit] = 1;
    for (int k = 0; k < REBUT_LEVELS; k++) {
        sum_level(hierarchy, k, counted, expected, entities[k], product, sums);
        set_ratios(hierarchy, k, rho[k], entities[k], product);
    }
}

void rebut_hierarchy_learn(const struct rebut_hierarchy *hierarchy,
                           const rebut_fixed *counted, const rebut_fixed *expected,
                           double ret_rho[REBUT_LEVELS],
                           struct rebut_entity *const entities[REBUT_LEVELS],
                           double *product, rebut_fixed *sums)
{
    for (uint32_t unit = 0; unit < hierarchy->units; unit++)
        product[unit] = 1;
    for (int k = 0; k < REBUT_LEVELS; k++) {
        sum_level(hierarchy, k, counted, expected, entities[k], product, sums);
        ret_rho[k] = rebut_hierarchy_rho(entities[k], hierarchy->entities[k]);
        set_ratios(hierarchy, k, ret_rho[k], entities[k], product);
    }
}

#define RHO_LOW 0.3
#define RHO_HIGH 300.0
#define RHO_ENTITIES 20000

/* The exposure that about RHO_ENTITIES entities exceed: a power of two. */
static double exposure_floor(const struct rebut_entity *entities, uint32_t count)
{
    uint32_t histogram[128] = {0};
    for (uint32_t i = 0; i < count; i++) {
        const double e = entities[i].expected * entities[i].psi;
        int exponent = 0;
        if (e > 1e-12)
            frexp(e, &exponent);
        else
            continue;
        histogram[exponent < -63 ? 0 : exponent > 63 ? 127 : exponent + 64]++;
    }
    uint32_t above = 0;
    int at = 127;
    while (at > 0 && above + histogram[at] <= RHO_ENTITIES)
        above += histogram[at--];
    return above == 0 ? 0 : ldexp(1, at - 64);
}

/* psi(x) - log(x + m) for the m, 0 to 9, that makes x + m large enough to expand (x > 0,
 * Abramowitz & Stegun 6.3.18; to 1e-12); *ret_shifted = x + m. */
static inline double digamma_beyond(double x, double *ret_shifted)
{
    double sum = 0;
    for (; x < 7; x += 2)
        sum += (2 * x + 1) / (x * (x + 1));
    *ret_shifted = x;
    const double y = 1 / (x * x);
    return -sum - .5 / x -
           y * (1. / 12 - y * (1. / 120 - y * (1. / 252 - y * (1. / 240 - y / 132))));
}

/* d log-likelihood / d log rho of the Gamma-Poisson, summed. */
static double rho_slope(const struct rebut_entity *entities, uint32_t count, double floor,
                        double rho)
{
    double shifted = 0;
    const double beyond = digamma_beyond(rho, &shifted);
    const double none = beyond + log(shifted / rho) - 1; /* psi(rho) - log rho - 1 */
    rebut_total slope = 0;
    for (uint32_t i = 0; i < count; i++) {
        const double e = entities[i].expected * entities[i].psi;
        if (!(e > 1e-12 && e >= floor))
            continue;
        const double grown = rho + entities[i].counted, per = 1 / (rho + e);
        const double digamma = digamma_beyond(grown, &shifted);
        slope += rebut_to_fixed(digamma + log(shifted * per) - none - grown * per);
    }
    return rho * rebut_from_total(slope);
}

/* The root between two slopes of opposite sign, by false position (Illinois). */
static double rho_between(const struct rebut_entity *entities, uint32_t count,
                          double floor, double above, double below)
{
    double low = log(RHO_LOW), high = log(RHO_HIGH), last = low;
    int side = 0;
    for (int step = 0; step < 40; step++) {
        const double x = (low * below - high * above) / (below - above);
        if (fabs(x - last) < 1e-4 || high - low < 4e-4)
            return exp(x);
        last = x;
        const double slope = rho_slope(entities, count, floor, exp(x));
        if (slope > 0) {
            low = x;
            above = slope;
            below *= side > 0 ? .5 : 1;
            side = 1;
        } else {
            high = x;
            below = slope;
            above *= side < 0 ? .5 : 1;
            side = -1;
        }
    }
    return exp((low + high) / 2);
}

double rebut_hierarchy_rho(const struct rebut_entity *entities, uint32_t count)
{
    const double floor = exposure_floor(entities, count);
    const double above = rho_slope(entities, count, floor, RHO_LOW);
    if (!(above > 0))
        return RHO_LOW;
    const double below = rho_slope(entities, count, floor, RHO_HIGH);
    if (!(below < 0))
        return RHO_HIGH;
    return rho_between(entities, count, floor, above, below);
}
