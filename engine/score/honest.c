#include "rebut/honest.h"

#include <stdlib.h>

#include "rebut/multiple.h"
#include "rebut/special.h"

bool rebut_honest_open(struct rebut_honest *ret, uint32_t count, struct rebut_error *err)
{
    *ret = (struct rebut_honest){.count = count};
    ret->log_odds = calloc(3 * (size_t)count + 1, sizeof *ret->log_odds);
    if (ret->log_odds == NULL)
        return rebut_fail_memory(err, "legitimate requests");
    ret->weight = ret->log_odds + count;
    ret->tail = ret->weight + count;
    return true;
}

void rebut_honest_close(struct rebut_honest *honest)
{
    free(honest->log_odds);
    *honest = (struct rebut_honest){0};
}

struct pair {
    double log_odds, weight;
};

static int compare_pairs(const void *left, const void *right)
{
    const struct pair *a = left, *b = right;
    if (a->log_odds != b->log_odds)
        return a->log_odds < b->log_odds ? -1 : 1;
    return a->weight < b->weight ? -1 : a->weight > b->weight;
}

bool rebut_honest_sort(struct rebut_honest *honest, struct rebut_error *err)
{
    const uint32_t count = honest->count;
    struct pair *pairs = malloc((count + (size_t)1) * sizeof *pairs);
    if (pairs == NULL)
        return rebut_fail_memory(err, "legitimate requests");
    for (uint32_t i = 0; i < count; i++)
        pairs[i] = (struct pair){honest->log_odds[i], honest->weight[i]};
    qsort(pairs, count, sizeof *pairs, compare_pairs);
    honest->count = count < REBUT_HONEST_MAX ? count : REBUT_HONEST_MAX;
    for (uint32_t i = 0; i < honest->count; i++) {
        const struct pair *pair = &pairs[(uint64_t)i * count / honest->count];
        honest->log_odds[i] = pair->log_odds;
        honest->weight[i] = pair->weight;
    }
    free(pairs);
    return rebut_conformal_tails(honest->weight, honest->count, honest->tail, err);
}

uint32_t rebut_honest_place(const struct rebut_honest *honest, double log_odds)
{
    uint32_t low = 0, high = honest->count;
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        if (honest->log_odds[middle] < log_odds)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

double rebut_honest_above(const struct rebut_honest *honest, double log_odds)
{
    return honest->count > 0 ? honest->tail[rebut_honest_place(honest, log_odds)] : 0;
}

double rebut_honest_p(const struct rebut_honest *honest, double above)
{
    const double all = honest->count > 0 ? honest->tail[0] : 0;
    if (!(above >= 0 && all - above >= .01))
        return 1;
    return rebut_beta_quantile(REBUT_HONEST_CONFIDENCE, above + 1, all - above);
}
