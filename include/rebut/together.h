/* rebut/together.h -- which accounts ask at the same merchants in the same days?
 *
 * Two accounts meet when both ask at one merchant within a week.  A meeting weighs the
 * product of the two requests' probabilities over how much was asked there in that week
 * (half as much again when it is the same item): where everybody asks, meeting is no
 * tie.  What happened at one merchant alone ties nobody: a pair counts what is left of
 * its merchants without the weightiest, over the geometric mean of what the two ask for
 * in all.  Parts of that graph come from greedy peeling (rebut/peel.h), again and again.
 *
 * Chance is measured, not assumed: the same is done REBUT_TOGETHER_SHUFFLES times after
 * the accounts have been dealt anew among requests of the same four weeks and a similar
 * probability, which leaves merchants, weeks and how often an account asks as they are.
 * A group stays while those as dense or denser that chance makes are at most
 * REBUT_TOGETHER_FALSE of those found (Storey and Tibshirani 2003, with one added): that
 * is the one correction for having looked everywhere.
 *
 * Cost: O(m log m) for m meetings, at most REBUT_TOGETHER_NEAR a visit, times shuffles.
 */
#ifndef REBUT_TOGETHER_H
#define REBUT_TOGETHER_H

#include "rebut/error.h"
#include "rebut/time.h"

#define REBUT_TOGETHER_WITHIN (7 * REBUT_DAY)
#define REBUT_TOGETHER_STRATUM (28 * REBUT_DAY)
#define REBUT_TOGETHER_SHUFFLES 40
#define REBUT_TOGETHER_FALSE .10
#define REBUT_TOGETHER_NEAR 100    /* a visit meets at most as many before it */
#define REBUT_TOGETHER_LARGEST 100 /* accounts; more is public */

/* A request, as far as it matters here. */
struct rebut_visit {
    int64_t at;
    double weight; /* the probability of abuse, in (0, 1] */
    uint32_t account, merchant, item;
};

struct rebut_together_group {
    uint32_t first, count; /* in members */
    double density;        /* sum of the pairs' weights over accounts */
    double by_chance;      /* groups as dense that a shuffle makes on average */
    double q_value;        /* expected share of chance among this and denser ones */
};

struct rebut_together {
    struct rebut_together_group *groups; /* [count], the densest first */
    uint32_t count;
    uint32_t *members; /* accounts, by group, each in ascending order */
};

/* Find the groups of 2 to REBUT_TOGETHER_LARGEST accounts.  Visits stand in order of
 * time; accounts are numbered from 0 as they first appear.  So the answer, the shuffles
 * too, depends on what is in the visits and not on how anything was numbered before.
 * Fails with ENOMEM, ELIMIT (2^30 meetings) or EINPUT when they are not in order. */
REBUT_MUST_CHECK bool rebut_together_open(struct rebut_together *ret,
                                          const struct rebut_visit *visits,
                                          uint32_t count, struct rebut_error *err);
void rebut_together_close(struct rebut_together *together);

#endif
