/* Dense parts of the graph of pairs: each connected part is peeled, what stays is taken
 * out, and what is left falls apart and is peeled again. */
#include <stdlib.h>
#include <string.h>

#include "together_parts.h"

#define DEEPEST 64 /* so often is one part peeled: bounds the cost, in a shuffle too */
#define DONE 0     /* a label: in no part any more */

/* A connected part: its accounts stand side by side in graph->nodes. */
struct part {
    uint32_t first, count, label, depth;
};
struct splitter {
    struct together_graph *graph;
    struct together_parts *parts;
    uint32_t labels; /* given so far */
    REBUT_ARRAY(struct part) todo;
};

/* All that hangs together with `from` among the nodes of its label: they get `label`
 * and stand in ret_nodes; gives their number. */
static uint32_t spread(struct together_graph *graph, uint32_t from, uint32_t label,
                       uint32_t *ret_nodes)
{
    const uint32_t among = graph->label[from];
    uint32_t count = 1;
    ret_nodes[0] = from;
    graph->label[from] = label;
    for (uint32_t i = 0; i < count; i++) {
        const uint32_t node = ret_nodes[i];
        for (uint32_t e = graph->first[node]; e < graph->first[node + 1]; e++)
            if (graph->label[graph->neighbour[e]] == among) {
                graph->label[graph->neighbour[e]] = label;
                ret_nodes[count++] = graph->neighbour[e];
            }
    }
    return count;
}

/* Peel one part, numbered anew: graph->kept has what stays, by place in the part. */
static void peel(struct together_graph *graph, const struct part *part)
{
    const uint32_t *nodes = graph->nodes + part->first;
    uint32_t edges = 0;
    for (uint32_t i = 0; i < part->count; i++)
        graph->local[nodes[i]] = i;
    for (uint32_t i = 0; i < part->count; i++) {
        graph->part_first[i] = edges;
        for (uint32_t e = graph->first[nodes[i]]; e < graph->first[nodes[i] + 1]; e++)
            if (graph->label[graph->neighbour[e]] == part->label) {
                graph->part_neighbour[edges] = graph->local[graph->neighbour[e]];
                graph->part_weight[edges++] = graph->weight[e];
            }
    }
    graph->part_first[part->count] = edges;
    graph->part = (struct rebut_graph){part->count, graph->part_first,
                                       graph->part_neighbour, graph->part_weight};
    rebut_peel(&graph->part, &graph->work, graph->kept);
}

static double density(const struct together_graph *graph, const uint32_t *nodes,
                      uint32_t count, uint32_t label)
{
    rebut_total sum = 0;
    for (uint32_t i = 0; i < count; i++)
        for (uint32_t e = graph->first[nodes[i]]; e < graph->first[nodes[i] + 1]; e++)
            if (graph->label[graph->neighbour[e]] == label)
                sum += graph->weight[e];
    return rebut_from_total(sum / 2) / count;
}

static int compare_numbers(const void *a, const void *b)
{
    const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return x < y ? -1 : x > y;
}

/* Add what hangs together with `from` among what stayed. */
static bool add_group(struct splitter *splitter, uint32_t from, struct rebut_error *err)
{
    struct together_graph *graph = splitter->graph;
    struct together_parts *parts = splitter->parts;
    uint32_t *nodes = graph->local; /* free between two peelings */
    const uint32_t label = ++splitter->labels;
    const uint32_t count = spread(graph, from, label, nodes);
    if (count < 2 || count > REBUT_TOGETHER_LARGEST)
        return true;
    if (!REBUT_ARRAY_MORE(&parts->found, 1, "groups", err) ||
        !REBUT_ARRAY_MORE(&parts->members, count, "members of groups", err))
        return false;
    parts->found.data[parts->found.count++] = (struct together_found){
        density(graph, nodes, count, label), parts->members.count, count};
    qsort(nodes, count, sizeof *nodes, compare_numbers);
    memcpy(parts->members.data + parts->members.count, nodes, count * sizeof *nodes);
    parts->members.count += count;
    return true;
}

/* Add the part that hangs together with `from`, its nodes put at `first`. */
static bool add_part(struct splitter *splitter, uint32_t from, uint32_t depth,
                     uint32_t *first, struct rebut_error *err)
{
    struct part part = {*first, 0, ++splitter->labels, depth};
    part.count =
        spread(splitter->graph, from, part.label, splitter->graph->nodes + *first);
    *first += part.count;
    if (part.count < 2)
        return true;
    if (!REBUT_ARRAY_MORE(&splitter->todo, 1, "parts of a graph", err))
        return false;
    splitter->todo.data[splitter->todo.count++] = part;
    return true;
}

static bool split(struct splitter *splitter, const struct part *part,
                  struct rebut_error *err)
{
    struct together_graph *graph = splitter->graph;
    uint32_t *seeds = graph->seeds, first = part->first;
    const uint32_t stays = ++splitter->labels, leaves = part->label;
    peel(graph, part);
    memcpy(seeds, graph->nodes + part->first, part->count * sizeof *seeds);
    for (uint32_t i = 0; i < part->count; i++)
        if (graph->kept[i])
            graph->label[seeds[i]] = stays;
    for (uint32_t i = 0; i < part->count; i++)
        if (graph->label[seeds[i]] == stays && !add_group(splitter, seeds[i], err))
            return false;
    if (part->depth == DEEPEST)
        return true;
    for (uint32_t i = 0; i < part->count; i++)
        if (graph->label[seeds[i]] == leaves &&
            !add_part(splitter, seeds[i], part->depth + 1, &first, err))
            return false;
    return true;
}

bool rebut_together_split(struct together_graph *graph, struct together_parts *parts,
                          struct rebut_error *err)
{
    struct splitter splitter = {.graph = graph, .parts = parts, .labels = 1};
    uint32_t first = 0;
    bool ok = true;
    for (uint32_t i = 0; i < graph->accounts; i++)
        graph->label[i] = graph->first[i] < graph->first[i + 1] ? 1 : DONE;
    for (uint32_t i = 0; ok && i < graph->accounts; i++)
        if (graph->label[i] == 1)
            ok = add_part(&splitter, i, 0, &first, err);
    while (ok && splitter.todo.count > 0) {
        const struct part part = splitter.todo.data[--splitter.todo.count];
        ok = split(&splitter, &part, err);
    }
    free(splitter.todo.data);
    return ok;
}
