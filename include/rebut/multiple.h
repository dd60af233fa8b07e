/* rebut/multiple.h -- many tests at once: which of them still say something?
 *
 * Source: Benjamini and Hochberg, J. R. Statist. Soc. B 57 (1995), 289-300.
 */
#ifndef REBUT_MULTIPLE_H
#define REBUT_MULTIPLE_H

#include <stdint.h>

/* The largest p-value that is rejected at false discovery rate q, or -1 when none is:
 * reject all p at most that.  `sorted` has the p-values in ascending order. */
double rebut_bh_threshold(const double *sorted, uint32_t count, double q);

#endif
