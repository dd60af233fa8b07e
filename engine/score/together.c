#include "rebut/together.h"

#include <stdlib.h>
#include <string.h>

#include "together_parts.h"

/* Visits whose accounts may be dealt among each other stand side by side. */
struct deck {
    uint32_t *visit, *stratum; /* [count] */
    uint32_t *account;         /* [count], by visit: as dealt */
    uint64_t seed;
};

/* Four weeks, and how probable: from .1, .5 and .9 on. */
static uint32_t stratum_of(const struct rebut_visit *visit)
{
    const int64_t weeks = visit->at / REBUT_TOGETHER_STRATUM;
    return (uint32_t)weeks * 3 + (visit->weight >= .5) + (visit->weight >= .9);
}

static int compare_strata(const void *a, const void *b, void *visits)
{
    const struct rebut_visit *list = *(const struct rebut_visit **)visits;
    const uint32_t i = *(const uint32_t *)a, k = *(const uint32_t *)b;
    const uint32_t x = stratum_of(&list[i]), y = stratum_of(&list[k]);
    if (x != y)
        return x < y ? -1 : 1;
    return i < k ? -1 : i > k;
}

/* SplitMix64 (Steele, Lea, Flood 2014). */
static uint64_t next_bits(uint64_t *seed)
{
    uint64_t bits = *seed += 0x9e3779b97f4a7c15u;
    bits = (bits ^ (bits >> 30)) * 0xbf58476d1ce4e5b9u;
    bits = (bits ^ (bits >> 27)) * 0x94d049bb133111ebu;
    return bits ^ (bits >> 31);
}

static bool make_deck(struct deck *deck, const struct rebut_visit *visits, uint32_t count,
                      struct rebut_error *err)
{
    const size_t room = count + (size_t)1;
    *deck = (struct deck){.visit = malloc(room * sizeof *deck->visit),
                          .stratum = malloc(room * sizeof *deck->stratum),
                          .account = malloc(room * sizeof *deck->account)};
    if (deck->visit == NULL || deck->stratum == NULL || deck->account == NULL)
        return rebut_fail_memory(err, "visits to deal anew");
    for (uint32_t i = 0; i < count; i++) {
        deck->visit[i] = i;
        deck->account[i] = visits[i].account;
        deck->seed ^= (uint64_t)visits[i].at;
        next_bits(&deck->seed);
    }
    qsort_r(deck->visit, count, sizeof *deck->visit, compare_strata, &visits);
    for (uint32_t i = 0; i < count; i++)
        deck->stratum[i] = stratum_of(&visits[deck->visit[i]]);
    return true;
}

static void release_deck(struct deck *deck)
{
    free(deck->visit);
    free(deck->stratum);
    free(deck->account);
}

/* Deal the accounts anew within each stratum (Fisher and Yates). */
static void deal(struct deck *deck, uint32_t count)
{
    for (uint32_t from = 0, to = 0; from < count; from = to) {
        while (to < count && deck->stratum[to] == deck->stratum[from])
            to++;
        for (uint32_t left = to - from; left > 1; left--) {
            const uint64_t bits = next_bits(&deck->seed) >> 32;
            const uint32_t pick = deck->visit[from + (uint32_t)(bits * left >> 32)];
            const uint32_t last = deck->visit[from + left - 1];
            const uint32_t account = deck->account[pick];
            deck->account[pick] = deck->account[last];
            deck->account[last] = account;
        }
    }
}

/* The densest first; of equals the one whose first member is seen first. */
static int compare_found(const void *a, const void *b, void *members)
{
    const struct together_found *x = a, *y = b;
    const uint32_t *list = members;
    if (x->density != y->density)
        return x->density > y->density ? -1 : 1;
    return list[x->first] < list[y->first] ? -1 : list[x->first] > list[y->first];
}

static void sort_found(struct together_parts *parts)
{
    if (parts->found.count > 0)
        qsort_r(parts->found.data, parts->found.count, sizeof *parts->found.data,
                compare_found, parts->members.data);
}

/* How many groups are hardly chance, and what is to be said of each. */
static uint32_t judge(const struct together_parts *found,
                      const struct together_parts *chance,
                      struct rebut_together_group *ret)
{
    uint32_t denser = 0, kept = 0;
    for (uint32_t i = 0; i < found->found.count; i++) {
        const struct together_found *group = &found->found.data[i];
        while (denser < chance->found.count &&
               chance->found.data[denser].density >= group->density)
            denser++;
        ret[i] = (struct rebut_together_group){
            .first = group->first,
            .count = group->count,
            .density = group->density,
            .by_chance = (double)denser / REBUT_TOGETHER_SHUFFLES,
            .q_value = (denser + 1.0) / REBUT_TOGETHER_SHUFFLES / (i + 1.0)};
        if (ret[i].q_value <= REBUT_TOGETHER_FALSE)
            kept = i + 1;
    }
    for (uint32_t i = kept; i-- > 1;)
        if (ret[i - 1].q_value > ret[i].q_value)
            ret[i - 1].q_value = ret[i].q_value;
    return kept;
}

static bool count_accounts(const struct rebut_visit *visits, uint32_t count,
                           uint32_t *ret_accounts, struct rebut_error *err)
{
    uint32_t accounts = 0;
    for (uint32_t i = 0; i < count; i++) {
        const bool in_order = i == 0 || visits[i - 1].at <= visits[i].at;
        if (!(visits[i].account <= accounts && in_order && visits[i].weight > 0 &&
              visits[i].weight <= 1 && visits[i].at >= 0))
            return rebut_fail(err, REBUT_EINPUT, "visit %u is out of order or domain", i);
        accounts += visits[i].account == accounts;
    }
    *ret_accounts = accounts;
    return true;
}

static bool find(struct together_graph *graph, struct deck *deck,
                 struct together_parts *found, struct together_parts *chance,
                 struct rebut_error *err)
{
    rebut_together_tie(graph, deck->account);
    if (!rebut_together_split(graph, found, err))
        return false;
    for (int i = 0; found->found.count > 0 && i < REBUT_TOGETHER_SHUFFLES; i++) {
        deal(deck, graph->visit_count);
        rebut_together_tie(graph, deck->account);
        chance->members.count = 0; /* they are nobody */
        if (!rebut_together_split(graph, chance, err))
            return false;
    }
    return true;
}

static int compare_densities(const void *a, const void *b)
{
    const struct together_found *x = a, *y = b;
    return x->density > y->density ? -1 : x->density < y->density;
}

bool rebut_together_open(struct rebut_together *ret, const struct rebut_visit *visits,
                         uint32_t count, struct rebut_error *err)
{
    struct together_graph graph = {0};
    struct together_parts found = {0}, chance = {0};
    struct deck deck = {0};
    uint32_t accounts = 0;
    bool ok = false;
    *ret = (struct rebut_together){0};
    if (!count_accounts(visits, count, &accounts, err) ||
        !rebut_together_graph_open(&graph, visits, count, accounts, err) ||
        !make_deck(&deck, visits, count, err) ||
        !find(&graph, &deck, &found, &chance, err))
        goto done;
    sort_found(&found);
    if (chance.found.count > 0)
        qsort(chance.found.data, chance.found.count, sizeof *chance.found.data,
              compare_densities);
    ret->groups = malloc((found.found.count + (size_t)1) * sizeof *ret->groups);
    if (ret->groups == NULL) {
        rebut_fail_memory(err, "groups");
        goto done;
    }
    ret->count = judge(&found, &chance, ret->groups);
    ret->members = found.members.data;
    found.members.data = NULL;
    ok = true;
done:
    free(found.found.data);
    free(found.members.data);
    free(chance.found.data);
    free(chance.members.data);
    release_deck(&deck);
    rebut_together_graph_close(&graph);
    return ok;
}

void rebut_together_close(struct rebut_together *together)
{
    free(together->groups);
    free(together->members);
    *together = (struct rebut_together){0};
}
