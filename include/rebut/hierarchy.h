/* rebut/hierarchy.h -- how faulty is this merchant, this item, this batch?
 *
 * Fault at four levels, each a ratio to the one above: the merchant, the listing (an
 * item at a merchant), the merchant in a window of time, the listing in a window (a
 * bad batch).  With soft fault counts N and expected counts E at the finest level
 * (a unit: one listing in one window), level by level:
 *
 *     ratio_k = (rho_k + N_k) / (rho_k / psi_k + E_k * product of ratios above)
 *
 * so a level that has seen little stays at its prior psi, which comes from service
 * facts (returns with goods, late shipping) and no refund-only outcome.
 *
 * Pure arithmetic on the caller's arrays; sums are order-free (rebut/fixed.h).
 */
#ifndef REBUT_HIERARCHY_H
#define REBUT_HIERARCHY_H

#include <stdint.h>

#include "rebut/fixed.h"

enum rebut_level {
    REBUT_LEVEL_MERCHANT,
    REBUT_LEVEL_LISTING,
    REBUT_LEVEL_MERCHANT_WINDOW,
    REBUT_LEVEL_UNIT,
    REBUT_LEVELS
};

/* One entity of a level. */
struct rebut_entity {
    double counted;  /* N: soft fault count */
    double expected; /* E times the ratios above */
    double psi;      /* prior mean of the ratio, > 0 */
    double ratio;    /* posterior mean */
};

/* Who belongs to whom.  member[k][unit] is the entity of level k that holds the unit;
 * member[REBUT_LEVEL_UNIT] may be NULL (the unit itself). */
struct rebut_hierarchy {
    uint32_t units;
    uint32_t entities[REBUT_LEVELS]; /* how many; [REBUT_LEVEL_UNIT] == units */
    const uint32_t *member[REBUT_LEVELS];
};

static inline uint32_t rebut_hierarchy_member(const struct rebut_hierarchy *hierarchy,
                                              int level, uint32_t unit)
{
    return level == REBUT_LEVEL_UNIT ? unit : hierarchy->member[level][unit];
}

/* Fill entities[k][.].counted, expected and ratio for all levels from counted[units],
 * expected[units] (fixed units) and the psi already there; product[units] comes out as
 * the product of a unit's ratios.  `sums` is scratch: 2 * units of rebut_fixed. */
void rebut_hierarchy_fit(const struct rebut_hierarchy *hierarchy,
                         const rebut_fixed *counted, const rebut_fixed *expected,
                         const double rho[REBUT_LEVELS],
                         struct rebut_entity *const entities[REBUT_LEVELS],
                         double *product, rebut_fixed *sums);

/* The same, each level's rho found (rebut_hierarchy_rho) before its ratios are made. */
void rebut_hierarchy_learn(const struct rebut_hierarchy *hierarchy,
                           const rebut_fixed *counted, const rebut_fixed *expected,
                           double ret_rho[REBUT_LEVELS],
                           struct rebut_entity *const entities[REBUT_LEVELS],
                           double *product, rebut_fixed *sums);

/* The rho in [0.3, 300] that makes `counted` likeliest, given expected and psi:
 * N ~ Poisson(E v), v ~ Gamma(rho, rho/psi); its logarithm to 4e-4.  Looks at the
 * entities with the largest expected counts only, at most about 20,000 (chosen by
 * exposure, which favours no outcome).  300 where nothing varies. */
double rebut_hierarchy_rho(const struct rebut_entity *entities, uint32_t count);

#endif
