#include "rebut/rake.h"

#include <string.h>

void rebut_rake_product(const struct rebut_factor *factors, int count, uint32_t cells,
                        double *product)
{
    for (uint32_t cell = 0; cell < cells; cell++)
        product[cell] = 1;
    for (int f = 0; f < count; f++)
        for (uint32_t cell = 0; cell < cells; cell++)
            product[cell] *= factors[f].multiplier[factors[f].level[cell]];
}

static void rake_one(const struct rebut_raking *raking, const struct rebut_factor *factor,
                     double *product, struct rebut_rake_sum *sums)
{
    memset(sums, 0, factor->levels * sizeof *sums);
    for (uint32_t cell = 0; cell < raking->cells; cell++) {
        struct rebut_rake_sum *sum = &sums[factor->level[cell]];
        sum->observed += raking->observed[cell];
        sum->expected +=
            rebut_to_fixed(rebut_from_fixed(raking->base[cell]) * product[cell]);
    }
    for (uint32_t level = 0; level < factor->levels; level++) {
        /* Expected without this factor: else every round would wear the pseudo-counts
         * away, and 2 expected with none seen end at a multiplier of nothing. */
        const double last = factor->multiplier[level];
        const double now =
            (rebut_from_fixed(sums[level].observed) + raking->pseudo_counts) /
            (rebut_from_fixed(sums[level].expected) / last + raking->pseudo_counts);
        sums[level].move = now / last;
        factor->multiplier[level] = now;
    }
    for (uint32_t cell = 0; cell < raking->cells; cell++)
        product[cell] *= sums[factor->level[cell]].move;
}

void rebut_rake(const struct rebut_raking *raking, const struct rebut_factor *factors,
                int count, int rounds, double *product, struct rebut_rake_sum *sums)
{
    rebut_rake_product(factors, count, raking->cells, product);
    for (int round = 0; round < rounds; round++)
        for (int f = 0; f < count; f++)
            rake_one(raking, &factors[f], product, sums);
}
