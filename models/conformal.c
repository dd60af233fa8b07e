#include "rebut/conformal.h"

#include <math.h>
#include <stdlib.h>

static int compare_honest(const void *left, const void *right)
{
    const struct rebut_honest *a = left, *b = right;
    if (a->log_odds != b->log_odds)
        return a->log_odds < b->log_odds ? -1 : 1;
    return a->weight < b->weight ? -1 : a->weight > b->weight;
}

void rebut_honest_sort(struct rebut_honest *honest, size_t count)
{
    double tail = 0;
    qsort(honest, count, sizeof *honest, compare_honest);
    for (size_t i = count; i > 0; i--)
        honest[i - 1].tail = tail += honest[i - 1].weight;
}

double rebut_conformal_p(const struct rebut_honest *honest, size_t count, double log_odds)
{
    size_t low = 0, high = count; /* the first that is at least so large lies between */
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (honest[middle].log_odds < log_odds)
            low = middle + 1;
        else
            high = middle;
    }
    if (count == 0)
        return 1;
    return (1 + (low < count ? honest[low].tail : 0)) / (1 + honest[0].tail);
}

void rebut_bh_q(double *ascending, size_t count)
{
    double least = 1;
    for (size_t i = count; i > 0; i--) {
        least = fmin(least, ascending[i - 1] * (double)count / (double)i);
        ascending[i - 1] = least;
    }
}
