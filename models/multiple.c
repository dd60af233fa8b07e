#include "rebut/multiple.h"

double rebut_bh_threshold(const double *sorted, uint32_t count, double q)
{
    for (uint32_t k = count; k > 0; k--)
        if (sorted[k - 1] <= q * k / count)
            return sorted[k - 1];
    return -1;
}
