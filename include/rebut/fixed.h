/* rebut/fixed.h -- sums whose value does not depend on the order of adding.
 *
 * Floating point addition is not associative: the same orders read in another order
 * would give other last bits, and so other bytes.  Every sum over orders, buyers,
 * merchants or requests is therefore kept in whole units of 2^-40 (9.1e-13), which
 * add exactly.  A total has 128 bits and cannot overflow: 10^11 terms of magnitude
 * up to REBUT_FIXED_MAX fit.
 */
#ifndef REBUT_FIXED_H
#define REBUT_FIXED_H

#include <stdint.h>

#define REBUT_FIXED_ONE 1099511627776.0 /* 2^40 */
#define REBUT_FIXED_MAX 8388607.0       /* of one term, and of a rebut_fixed */

typedef int64_t rebut_fixed;
__extension__ typedef __int128 rebut_total;

/* x in whole units, rounded half away from zero.  |x| <= REBUT_FIXED_MAX; a larger or
 * NaN x is a caller's mistake and saturates to the nearest bound or zero. */
static inline rebut_fixed rebut_to_fixed(double x)
{
    if (x >= REBUT_FIXED_MAX)
        x = REBUT_FIXED_MAX;
    else if (x <= -REBUT_FIXED_MAX)
        x = -REBUT_FIXED_MAX;
    else if (!(x == x))
        x = 0;
    const double units = x * REBUT_FIXED_ONE;
    return (rebut_fixed)(units < 0 ? units - 0.5 : units + 0.5);
}

static inline double rebut_from_fixed(rebut_fixed units)
{
    return (double)units / REBUT_FIXED_ONE;
}

static inline double rebut_from_total(rebut_total units)
{
    return (double)units / REBUT_FIXED_ONE;
}

#endif
