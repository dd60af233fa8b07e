/* What groups.c and groups_facts.c share. */
#ifndef REBUT_SCORE_GROUPS_PARTS_H
#define REBUT_SCORE_GROUPS_PARTS_H

#include "rebut/groups.h"

/* The requests that count, in order of time, as visits. */
struct group_maker {
    const struct rebut_scores *scores;
    struct rebut_visit *visits; /* [count] */
    uint32_t *score;            /* [count]: in scores->list */
    uint32_t *buyer;            /* [accounts]: in the state */
    uint32_t *account_first;    /* [accounts + 2]: in account_visits */
    uint32_t *account_visits;   /* [count], each account's in order of time */
    uint32_t *key_group; /* [groups of the frame]: who of the lead was seen there */
    uint32_t *of_lead;   /* [count]: visits of one lead */
    bool *met;           /* [count] */
    uint32_t count, accounts;
};

/* Fill lead `index`: its members from *group, its requests added to *groups, which has
 * room for them; gives false and adds nothing when none is at `since` or later. */
bool rebut_groups_describe(struct group_maker *maker, const struct rebut_together *found,
                           const struct rebut_together_group *group, int64_t since,
                           struct rebut_groups *groups);

#endif
