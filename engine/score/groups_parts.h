/* What the files of rebut/groups.h share. */
#ifndef REBUT_SCORE_GROUPS_PARTS_H
#define REBUT_SCORE_GROUPS_PARTS_H

#include "rebut/groups.h"

/* A refund-only request that nobody suspects, of an account with some orders. */
struct complaint {
    int64_t at;
    uint32_t item, buyer;
    uint8_t reason;
};

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
    struct complaint *complaints; /* [complaint_count], by item, then time */
    uint32_t *lead_of;            /* [buyers]: the last lead that the buyer was in */
    uint32_t count, accounts, complaint_count;
    uint32_t lead; /* the one under way, from 1 */
};

REBUT_MUST_CHECK bool rebut_groups_list_complaints(struct group_maker *maker,
                                                   struct rebut_error *err);

/* Is there a complaint about the same item, for the same reason, within REBUT_WINDOW of
 * that visit, by somebody who is not in the lead under way? */
bool rebut_groups_is_witnessed(const struct group_maker *maker, uint32_t visit);

/* Fill lead `index`: its members from *group, its requests added to *groups, which has
 * room for them; gives false and adds nothing when none is at `since` or later. */
bool rebut_groups_describe(struct group_maker *maker, const struct rebut_together *found,
                           const struct rebut_together_group *group, int64_t since,
                           struct rebut_groups *groups);

#endif
