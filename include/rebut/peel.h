/* rebut/peel.h -- which part of a graph is densest?
 *
 * Density is the sum of the weights within a set of nodes over the number of nodes
 * (Goldberg 1984).  Greedy peeling (Charikar 2000; FRAUDAR: Hooi et al., KDD 2016) takes
 * away the node of least weight again and again and keeps the best that was left: at
 * least half of the densest.  Nodes of equal least weight go together, which keeps that
 * bound and makes the answer independent of how nodes are numbered.
 *
 * For accounts and merchants, an edge weighs 1 / log(degree of the merchant + 5): what
 * everybody does is little in common, and an account that also buys where everybody buys
 * hides nothing by it.
 *
 * Pure arithmetic in whole units of 2^-40: no allocation, any thread may call it.
 */
#ifndef REBUT_PEEL_H
#define REBUT_PEEL_H

#include <stdbool.h>
#include <stdint.h>

#include "rebut/fixed.h"

/* An undirected graph: each edge stands with both of its ends, with the same weight. */
struct rebut_graph {
    uint32_t nodes;
    const uint32_t *first;     /* [nodes + 1]: the first edge of each node */
    const uint32_t *neighbour; /* [first[nodes]] */
    const rebut_fixed *weight; /* [first[nodes]], at least 0; 0: the edge is gone */
};

/* Work space, the caller's, of `nodes` each. */
struct rebut_peel_work {
    rebut_fixed *degree;
    uint32_t *heap, *place; /* a heap of nodes; where each is in it */
    uint32_t *order;        /* nodes as they were taken away */
};

/* Fill ret_kept[nodes] with 1 for the nodes of the densest part found, the largest of
 * equals, and give its density; 0 and nothing kept when there is no weight at all.  The
 * sum of all weights is at most REBUT_FIXED_MAX.  Cost: O((nodes + edges) log nodes). */
double rebut_peel(const struct rebut_graph *graph, const struct rebut_peel_work *work,
                  uint8_t *ret_kept);

/* FRAUDAR's weight of an edge to a column of that degree. */
rebut_fixed rebut_peel_weight(uint32_t degree);

#endif
