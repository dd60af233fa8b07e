/* Who meets whom: from visits to the graph of pairs. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "together_parts.h"

#define SAME_ITEM 1.5 /* times what the same merchant alone weighs */
#define MEETINGS_MAX (1u << 30)

/* Visits by merchant, then time, with a running sum of their weights. */
struct by_merchant {
    const struct rebut_visit *visits;
    uint32_t *at;       /* [count]: visits */
    rebut_total *until; /* [count + 1]: weights before each */
    double *near;       /* [count]: weight within a week of each, at its merchant */
    uint32_t count;
};

static int compare_visits(const void *a, const void *b, void *visits)
{
    const struct rebut_visit *list = *(const struct rebut_visit **)visits;
    const uint32_t i = *(const uint32_t *)a, k = *(const uint32_t *)b;
    if (list[i].merchant != list[k].merchant)
        return list[i].merchant < list[k].merchant ? -1 : 1;
    return i < k ? -1 : i > k;
}

static const struct rebut_visit *visit(const struct by_merchant *sorted, uint32_t place)
{
    return &sorted->visits[sorted->at[place]];
}

static bool is_near(const struct by_merchant *sorted, uint32_t a, uint32_t b)
{
    const struct rebut_visit *earlier = visit(sorted, a), *later = visit(sorted, b);
    return earlier->merchant == later->merchant &&
           later->at - earlier->at <= REBUT_TOGETHER_WITHIN;
}

static void weigh_weeks(struct by_merchant *sorted)
{
    uint32_t from = 0, to = 0;
    sorted->until[0] = 0;
    for (uint32_t i = 0; i < sorted->count; i++)
        sorted->until[i + 1] =
            sorted->until[i] + rebut_to_fixed(visit(sorted, i)->weight);
    for (uint32_t i = 0; i < sorted->count; i++) {
        while (!is_near(sorted, from, i))
            from++;
        if (to < i)
            to = i;
        while (to < sorted->count && is_near(sorted, i, to))
            to++;
        sorted->near[i] =
            fmax(rebut_from_total(sorted->until[to] - sorted->until[from]), 1);
    }
}

static bool sort_visits(struct by_merchant *sorted, const struct rebut_visit *visits,
                        uint32_t count, struct rebut_error *err)
{
    *sorted = (struct by_merchant){.visits = visits, .count = count};
    sorted->at = malloc((count + (size_t)1) * sizeof *sorted->at);
    sorted->until = malloc((count + (size_t)1) * sizeof *sorted->until);
    sorted->near = malloc((count + (size_t)1) * sizeof *sorted->near);
    if (sorted->at == NULL || sorted->until == NULL || sorted->near == NULL)
        return rebut_fail_memory(err, "visits by merchant");
    for (uint32_t i = 0; i < count; i++)
        sorted->at[i] = i;
    qsort_r(sorted->at, count, sizeof *sorted->at, compare_visits, &visits);
    weigh_weeks(sorted);
    return true;
}

static rebut_fixed weight_of(const struct by_merchant *sorted, uint32_t a, uint32_t b)
{
    const struct rebut_visit *one = visit(sorted, a), *other = visit(sorted, b);
    const double weight =
        one->weight * other->weight / fmax(sorted->near[a], sorted->near[b]);
    return rebut_to_fixed(one->item == other->item ? SAME_ITEM * weight : weight);
}

/* Count the meetings, and list them when there is a list. */
static uint64_t list_meetings(const struct by_merchant *sorted, struct meeting *list)
{
    uint64_t count = 0;
    for (uint32_t i = 0; i < sorted->count; i++) {
        const uint32_t least = i > REBUT_TOGETHER_NEAR ? i - REBUT_TOGETHER_NEAR : 0;
        for (uint32_t k = i; k-- > least && is_near(sorted, k, i); count++)
            if (list != NULL)
                list[count] = (struct meeting){sorted->at[k], sorted->at[i],
                                               weight_of(sorted, k, i)};
    }
    return count;
}

static bool make_room(struct together_graph *graph, struct rebut_error *err)
{
    const size_t nodes = graph->accounts + (size_t)2;
    const size_t ties = graph->meeting_count + (size_t)1;
    graph->asks = calloc(nodes, sizeof *graph->asks);
    graph->ties = malloc(ties * sizeof *graph->ties);
    graph->first = malloc(nodes * sizeof *graph->first);
    graph->neighbour = malloc(2 * ties * sizeof *graph->neighbour);
    graph->weight = malloc(2 * ties * sizeof *graph->weight);
    graph->part_first = malloc(nodes * sizeof *graph->part_first);
    graph->part_neighbour = malloc(2 * ties * sizeof *graph->part_neighbour);
    graph->part_weight = malloc(2 * ties * sizeof *graph->part_weight);
    graph->work.degree = malloc(nodes * sizeof *graph->work.degree);
    graph->work.heap = malloc(nodes * sizeof *graph->work.heap);
    graph->work.place = malloc(nodes * sizeof *graph->work.place);
    graph->work.order = malloc(nodes * sizeof *graph->work.order);
    graph->kept = malloc(nodes);
    graph->label = malloc(nodes * sizeof *graph->label);
    graph->local = malloc(nodes * sizeof *graph->local);
    graph->nodes = malloc(nodes * sizeof *graph->nodes);
    graph->seeds = malloc(nodes * sizeof *graph->seeds);
    return (graph->asks && graph->ties && graph->first && graph->neighbour &&
            graph->weight && graph->part_first && graph->part_neighbour &&
            graph->part_weight && graph->work.degree && graph->work.heap &&
            graph->work.place && graph->work.order && graph->kept && graph->label &&
            graph->local && graph->nodes && graph->seeds) ||
           rebut_fail_memory(err, "the graph of accounts that meet");
}

/* What each account asks for in all: a sum that does not depend on any order. */
static void sum_asks(struct together_graph *graph)
{
    rebut_fixed *sums = graph->work.degree;
    memset(sums, 0, graph->accounts * sizeof *sums);
    for (uint32_t i = 0; i < graph->visit_count; i++)
        sums[graph->visits[i].account] += rebut_to_fixed(graph->visits[i].weight);
    for (uint32_t i = 0; i < graph->accounts; i++)
        graph->asks[i] = fmax(rebut_from_fixed(sums[i]), 1);
}

bool rebut_together_graph_open(struct together_graph *ret,
                               const struct rebut_visit *visits, uint32_t count,
                               uint32_t accounts, struct rebut_error *err)
{
    struct by_merchant sorted;
    bool ok = false;
    *ret = (struct together_graph){
        .visits = visits, .visit_count = count, .accounts = accounts};
    if (!sort_visits(&sorted, visits, count, err))
        goto done;
    const uint64_t meetings = list_meetings(&sorted, NULL);
    if (meetings > MEETINGS_MAX) {
        rebut_fail(err, REBUT_ELIMIT, "at most %u meetings of accounts", MEETINGS_MAX);
        goto done;
    }
    ret->meeting_count = (uint32_t)meetings;
    ret->meetings = malloc((meetings + 1) * sizeof *ret->meetings);
    if (ret->meetings == NULL) {
        rebut_fail_memory(err, "meetings of accounts");
        goto done;
    }
    list_meetings(&sorted, ret->meetings);
    if (!make_room(ret, err))
        goto done;
    sum_asks(ret);
    ok = true;
done:
    free(sorted.at);
    free(sorted.until);
    free(sorted.near);
    if (!ok)
        rebut_together_graph_close(ret);
    return ok;
}

void rebut_together_graph_close(struct together_graph *graph)
{
    free(graph->meetings);
    free(graph->asks);
    free(graph->ties);
    free(graph->first);
    free(graph->neighbour);
    free(graph->weight);
    free(graph->part_first);
    free(graph->part_neighbour);
    free(graph->part_weight);
    free(graph->work.degree);
    free(graph->work.heap);
    free(graph->work.place);
    free(graph->work.order);
    free(graph->kept);
    free(graph->label);
    free(graph->local);
    free(graph->nodes);
    free(graph->seeds);
    *graph = (struct together_graph){0};
}
