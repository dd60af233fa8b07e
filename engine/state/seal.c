/* After the last event: lists in order, identical entries once. */
#include <stdlib.h>

#include "rebut/state.h"

#define COMPARE(a, b)                                                                    \
    if ((a) != (b))                                                                      \
    return (a) < (b) ? -1 : 1

static int compare_contacts(const void *left, const void *right)
{
    const struct rebut_contact *a = left, *b = right;
    COMPARE(a->order, b->order);
    COMPARE(a->at, b->at);
    COMPARE(a->party, b->party);
    COMPARE(a->kind, b->kind);
    COMPARE(a->digest, b->digest);
    return 0;
}

static int compare_outcomes(const void *left, const void *right)
{
    const struct rebut_outcome_seen *a = left, *b = right;
    COMPARE(a->request, b->request);
    COMPARE(a->at, b->at);
    COMPARE(a->outcome, b->outcome);
    COMPARE(a->digest, b->digest);
    return 0;
}

static int compare_verdicts(const void *left, const void *right)
{
    const struct rebut_verdict_seen *a = left, *b = right;
    COMPARE(a->request, b->request);
    COMPARE(a->at, b->at);
    COMPARE(a->verdict, b->verdict);
    COMPARE(a->digest, b->digest);
    return 0;
}

static int compare_prices(const void *left, const void *right)
{
    const struct rebut_price *a = left, *b = right;
    COMPARE(a->sku, b->sku);
    COMPARE(a->at, b->at);
    COMPARE(a->price, b->price);
    return 0;
}

static int compare_links(const void *left, const void *right)
{
    const struct rebut_link *a = left, *b = right;
    COMPARE(a->key, b->key);
    COMPARE(a->buyer, b->buyer);
    return 0;
}

/* Sort and drop items that compare equal; gives how many were dropped. */
static uint64_t sort_unique(void *data, uint32_t *count, size_t size,
                            int (*compare)(const void *, const void *))
{
    if (*count < 2)
        return 0;
    char *items = data;
    qsort(items, *count, size, compare);
    size_t kept = 1;
    for (size_t i = 1; i < *count; i++)
        if (compare(items + (kept - 1) * size, items + i * size) != 0)
            memmove(items + kept++ * size, items + i * size, size);
    const uint64_t dropped = *count - kept;
    *count = (uint32_t)kept;
    return dropped;
}

#define SORT_UNIQUE(array, compare)                                                      \
    sort_unique((array).data, &(array).count, sizeof *(array).data, (compare))

void rebut_state_seal(struct rebut_state *state,
                      uint64_t ret_duplicates[REBUT_EVENT_TYPES])
{
    memset(ret_duplicates, 0, REBUT_EVENT_TYPES * sizeof *ret_duplicates);
    ret_duplicates[REBUT_EVENT_CONTACT] = SORT_UNIQUE(state->contacts, compare_contacts);
    ret_duplicates[REBUT_EVENT_OUTCOME] = SORT_UNIQUE(state->outcomes, compare_outcomes);
    ret_duplicates[REBUT_EVENT_VERDICT] = SORT_UNIQUE(state->verdicts, compare_verdicts);
    ret_duplicates[REBUT_EVENT_PRICE] = SORT_UNIQUE(state->prices, compare_prices);
    for (int kind = 0; kind < REBUT_KEYS; kind++)
        SORT_UNIQUE(state->links[kind], compare_links);
    state->sealed = true;
}
