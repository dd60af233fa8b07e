/* rebut/groups.h -- which accounts act together, whether or not they share a key?
 *
 * Leads for a risk team: groups of accounts whose probable abuse meets at the same
 * merchants in the same weeks more often than chance makes it (rebut/together.h).  A
 * lead says nothing about any one account, and enters no score: as a key of rings it
 * added nothing beyond error (benchmarks/quality/README.md).
 *
 * Only what is probably abuse counts (REBUT_GROUPS_LEAST), so honest claimants, who meet
 * at the same sellers of counterfeits, do not surface.  Beside what ties the members
 * stands what speaks for them.
 */
#ifndef REBUT_GROUPS_H
#define REBUT_GROUPS_H

#include "rebut/score.h"
#include "rebut/together.h"

#define REBUT_GROUPS_LEAST .10  /* probability of a request that counts */
#define REBUT_GROUPS_FAULTY 1.5 /* fault, times the usual, that speaks for a buyer */

/* Witnesses are not suspected (below REBUT_GROUPS_LEAST) and have as many orders. */
#define REBUT_GROUPS_WITNESS_ORDERS 3

/* An account of a lead: its requests that met one of another member. */
struct rebut_lead_member {
    uint32_t buyer;           /* in state->buyer_ids */
    uint32_t first, requests; /* in `requests` of the groups */
    double probability;       /* mean of these */
    bool linked;              /* shares a device, address or payment account with another
                                 of the lead (keys of 2 to 100 accounts) */
};

struct rebut_lead {
    uint32_t first, count; /* in `members` */
    uint32_t merchants, items, requests;
    uint32_t linked; /* members that share a key with another */
    int64_t amount;  /* fen, asked for */
    int64_t first_at, last_at;
    double probability; /* mean over the requests */
    double density, by_chance, q_value;
    /* What speaks for the members: requests with witnesses, who found the same wrong with
     * the item within 14 days and are not in the lead; at a merchant or item of much
     * fault; judged legitimate; of the commonest item, which may be a bad batch, and how
     * many of these have witnesses. */
    uint32_t witnessed, faulty, judged_legitimate, judged_abuse;
    uint32_t one_item, one_item_witnessed;
};

struct rebut_groups {
    struct rebut_lead *list; /* [count], the least like chance first */
    uint32_t count;
    struct rebut_lead_member *members;
    uint32_t *requests;  /* in scores->list */
    uint32_t considered; /* requests that count */
    uint32_t accounts;   /* that made them */
};

/* Find the leads among all scores; those without a request at or after `since` are left
 * out.  `scores` hold all claims.  Same events, same groups, however they were read. */
REBUT_MUST_CHECK bool rebut_groups_open(struct rebut_groups *ret,
                                        const struct rebut_scores *scores, int64_t since,
                                        struct rebut_error *err);
void rebut_groups_close(struct rebut_groups *groups);

#endif
