#include "rebut/hierarchy.h"

#include <math.h>
#include <string.h>

#include "rebut/special.h"

void rebut_hierarchy_fit(const struct rebut_hierarchy *hierarchy,
                         const rebut_fixed *counted, const rebut_fixed *expected,
                         const double rho[REBUT_LEVELS],
                         struct rebut_entity *const entities[REBUT_LEVELS],
                         rebut_fixed *sums)
{
    for (int level = 0; level < REBUT_LEVELS; level++) {
        const uint32_t count = hierarchy->entities[level];
        rebut_fixed *counted_sum = sums, *expected_sum = sums + count;
        memset(sums, 0, 2 * (size_t)count * sizeof *sums);
        for (uint32_t unit = 0; unit < hierarchy->units; unit++) {
            double above = 1;
            for (int k = 0; k < level; k++)
                above *= entities[k][rebut_hierarchy_member(hierarchy, k, unit)].ratio;
            const uint32_t entity = rebut_hierarchy_member(hierarchy, level, unit);
            counted_sum[entity] += counted[unit];
            expected_sum[entity] +=
                rebut_to_fixed(rebut_from_fixed(expected[unit]) * above);
        }
        for (uint32_t i = 0; i < count; i++) {
            struct rebut_entity *entity = &entities[level][i];
            entity->counted = rebut_from_fixed(counted_sum[i]);
            entity->expected = rebut_from_fixed(expected_sum[i]);
            entity->ratio = (rho[level] + entity->counted) /
                            (rho[level] / entity->psi + entity->expected);
        }
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

/* d log-likelihood / d rho of the Gamma-Poisson, summed. */
static double rho_slope(const struct rebut_entity *entities, uint32_t count, double floor,
                        double rho)
{
    const double digamma_rho = rebut_digamma(rho);
    rebut_total slope = 0;
    for (uint32_t i = 0; i < count; i++) {
        const double e = entities[i].expected * entities[i].psi;
        if (!(e > 1e-12 && e >= floor))
            continue;
        const double n = entities[i].counted;
        slope += rebut_to_fixed(rebut_digamma(rho + n) - digamma_rho - log1p(e / rho) +
                                1 - (rho + n) / (rho + e));
    }
    return rebut_from_total(slope);
}

double rebut_hierarchy_rho(const struct rebut_entity *entities, uint32_t count)
{
    const double floor = exposure_floor(entities, count);
    double low = log(RHO_LOW), high = log(RHO_HIGH);
    for (int halvings = 0; halvings < 14; halvings++) {
        const double middle = (low + high) / 2;
        if (rho_slope(entities, count, floor, exp(middle)) > 0)
            low = middle;
        else
            high = middle;
    }
    return exp((low + high) / 2);
}
