/* What the files of rebut/together.h share: meetings, the graph of pairs, its parts. */
#ifndef REBUT_SCORE_TOGETHER_PARTS_H
#define REBUT_SCORE_TOGETHER_PARTS_H

#include "rebut/grow.h"
#include "rebut/peel.h"
#include "rebut/together.h"

/* Two visits at one merchant in one week, whoever made them. */
struct meeting {
    uint32_t a, b; /* visits */
    rebut_fixed weight;
};

/* Two accounts that met, a < b. */
struct tie {
    uint32_t a, b, merchant;
    rebut_fixed weight;
};

/* The graph of pairs and all that peeling it needs, made once and used for each shuffle.
 * Nodes are accounts. */
struct together_graph {
    const struct rebut_visit *visits;
    uint32_t visit_count, accounts;
    struct meeting *meetings; /* [meeting_count] */
    uint32_t meeting_count;
    double *asks;     /* [accounts]: sum of the weights, at least 1 */
    struct tie *ties; /* [meeting_count] */
    uint32_t tie_count;
    uint32_t *first, *neighbour; /* [accounts + 2], [2 meeting_count] */
    rebut_fixed *weight;         /* [2 meeting_count] */
    struct rebut_graph part;     /* a part of it, numbered anew */
    uint32_t *part_first, *part_neighbour;
    rebut_fixed *part_weight;
    struct rebut_peel_work work; /* [accounts] each, as all that follows */
    uint8_t *kept;
    uint32_t *label, *local, *nodes, *seeds;
};

/* A part that was found: `count` accounts from `first` on in `members`. */
struct together_found {
    double density;
    uint32_t first, count;
};
struct together_parts {
    REBUT_ARRAY(struct together_found) found;
    REBUT_ARRAY(uint32_t) members;
};

/* Lists the meetings and makes room for the rest. */
REBUT_MUST_CHECK bool rebut_together_graph_open(struct together_graph *ret,
                                                const struct rebut_visit *visits,
                                                uint32_t count, uint32_t accounts,
                                                struct rebut_error *err);
void rebut_together_graph_close(struct together_graph *graph);

/* The graph of pairs when visit i is made by account[i]. */
void rebut_together_tie(struct together_graph *graph, const uint32_t *account);

/* Add the dense parts of 2 to REBUT_TOGETHER_LARGEST accounts to *parts. */
REBUT_MUST_CHECK bool rebut_together_split(struct together_graph *graph,
                                           struct together_parts *parts,
                                           struct rebut_error *err);

#endif
