/* rebut/rake.h -- what do circumstances alone do to a rate?
 *
 * Multiplicative raking: the expected count of a cell is a base times one multiplier a
 * factor; one factor at a time is moved so that observed equals expected in each of
 * its levels, shrunk towards 1 by k pseudo-counts: (observed + k) / (expected without
 * this factor + k), however many rounds are raked.
 *
 * Pure arithmetic on the caller's arrays.
 */
#ifndef REBUT_RAKE_H
#define REBUT_RAKE_H

#include <stdint.h>

#include "rebut/fixed.h"

/* One factor. */
struct rebut_factor {
    uint32_t levels;
    const uint16_t *level; /* [cells]: the level of each cell */
    double *multiplier;    /* [levels], > 0; 1 before the first raking */
};

struct rebut_raking {
    uint32_t cells;
    const rebut_fixed *observed; /* [cells] soft counts */
    const rebut_fixed *base;     /* [cells] expected counts without any factor */
    double pseudo_counts;        /* k, 5 to 20 */
};

/* Scratch: what one level has, and by how much it moves. */
struct rebut_rake_sum {
    rebut_fixed observed, expected;
    double move;
};

/* Rake each of the `count` factors `rounds` times.  `product` [cells] comes out as the
 * product of multipliers of each cell; `sums` is scratch, as many as the largest number
 * of levels. */
void rebut_rake(const struct rebut_raking *raking, const struct rebut_factor *factors,
                int count, int rounds, double *product, struct rebut_rake_sum *sums);

/* The product of multipliers of each cell. */
void rebut_rake_product(const struct rebut_factor *factors, int count, uint32_t cells,
                        double *product);

#endif
