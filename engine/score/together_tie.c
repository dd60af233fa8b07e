/* Pairs of accounts that met at two merchants or more, as a graph. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "together_parts.h"

/* By pair, then merchant; at one merchant the weightiest first. */
static int compare_ties(const void *a, const void *b)
{
    const struct tie *x = a, *y = b;
    if (x->a != y->a)
        return x->a < y->a ? -1 : 1;
    if (x->b != y->b)
        return x->b < y->b ? -1 : 1;
    if (x->merchant != y->merchant)
        return x->merchant < y->merchant ? -1 : 1;
    return x->weight > y->weight ? -1 : x->weight < y->weight;
}

static bool tie_of(const struct together_graph *graph, uint32_t index,
                   const uint32_t *account, struct tie *ret)
{
    const struct meeting *meeting = &graph->meetings[index];
    const uint32_t a = account[meeting->a], b = account[meeting->b];
    *ret = (struct tie){a < b ? a : b, a < b ? b : a, graph->visits[meeting->a].merchant,
                        meeting->weight};
    return a != b;
}

/* In the order of compare_ties: placed by their first account, then sorted within it,
 * which is a fifth of the work of sorting them all.  `first` is only lent. */
static void list_ties(struct together_graph *graph, const uint32_t *account)
{
    struct tie tie;
    uint32_t *end = graph->first + 1;
    memset(graph->first, 0, (graph->accounts + (size_t)2) * sizeof *graph->first);
    for (uint32_t i = 0; i < graph->meeting_count; i++)
        if (tie_of(graph, i, account, &tie))
            end[tie.a + 1]++;
    for (uint32_t i = 0; i < graph->accounts; i++)
        end[i + 1] += end[i];
    graph->tie_count = end[graph->accounts];
    for (uint32_t i = 0; i < graph->meeting_count; i++)
        if (tie_of(graph, i, account, &tie))
            graph->ties[end[tie.a]++] = tie;
    for (uint32_t i = 0; i < graph->accounts; i++) /* where i begins, i - 1 has ended */
        qsort(graph->ties + graph->first[i], end[i] - graph->first[i],
              sizeof *graph->ties, compare_ties);
}

/* The ties of one pair from `from` on become one in `*ret`, whose weight is 0 when they
 * are of one merchant; gives where the next pair begins. */
static uint32_t merge_pair(const struct together_graph *graph, uint32_t from,
                           struct tie *ret)
{
    const struct tie *ties = graph->ties;
    rebut_fixed sum = 0, most = 0;
    uint32_t i = from;
    *ret = ties[from];
    for (; i < graph->tie_count && ties[i].a == ret->a && ties[i].b == ret->b; i++) {
        if (i > from && ties[i].merchant == ties[i - 1].merchant)
            continue;
        sum += ties[i].weight;
        most = ties[i].weight > most ? ties[i].weight : most;
    }
    const double both = sqrt(graph->asks[ret->a] * graph->asks[ret->b]);
    ret->weight = rebut_to_fixed(rebut_from_fixed(sum - most) / both);
    return i;
}

void rebut_together_tie(struct together_graph *graph, const uint32_t *account)
{
    uint32_t pairs = 0;
    list_ties(graph, account);
    for (uint32_t i = 0; i < graph->tie_count;) {
        struct tie pair;
        i = merge_pair(graph, i, &pair);
        if (pair.weight > 0)
            graph->ties[pairs++] = pair;
    }
    graph->tie_count = pairs;
    memset(graph->first, 0, (graph->accounts + (size_t)2) * sizeof *graph->first);
    for (uint32_t i = 0; i < pairs; i++) {
        graph->first[graph->ties[i].a + 2]++;
        graph->first[graph->ties[i].b + 2]++;
    }
    for (uint32_t i = 0; i < graph->accounts; i++)
        graph->first[i + 2] += graph->first[i + 1];
    for (uint32_t i = 0; i < pairs; i++) {
        const struct tie *pair = &graph->ties[i];
        const uint32_t there = graph->first[pair->a + 1]++;
        const uint32_t back = graph->first[pair->b + 1]++;
        graph->neighbour[there] = pair->b;
        graph->neighbour[back] = pair->a;
        graph->weight[there] = graph->weight[back] = pair->weight;
    }
}
