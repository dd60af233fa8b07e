/* rebut/queue.h -- which requests should people look at, and who is then wronged?
 *
 * A queue has a bound on the share of wrong accusations in it, an order by what may be
 * recovered, and some slots drawn at random, because only these tell how much abuse there
 * is and whether the bound holds.
 *
 * Evenness.  The same probability for everybody flags honest buyers without a record, or
 * at excellent merchants, more often than others: there the model knows less.  The queue
 * can instead go down all strata side by side: a request's place is the share of its
 * stratum's honest requests that would be flagged with it,
 *
 *     place_i = sum of 1 - p over requests of the stratum at least as suspicious
 *               / sum of 1 - p over the stratum
 *
 * so that at every length of the queue honest requests of every stratum are flagged at
 * the same expected rate.  What it costs: benchmarks/quality/README.md.
 */
#ifndef REBUT_QUEUE_H
#define REBUT_QUEUE_H

#include "rebut/score.h"

enum rebut_even {
    REBUT_EVEN_NONE,     /* by probability alone */
    REBUT_EVEN_RECORD,   /* buyers with one order, and the others */
    REBUT_EVEN_MERCHANT, /* thirds of the requests by their merchant's fault */
    REBUT_EVEN_BOTH,
    REBUT_EVENS
};
extern const char *const rebut_words_even[REBUT_EVENS];

struct rebut_queue_plan {
    double fdr;          /* bound on the share of wrong accusations, 0 to 1 */
    uint32_t budget;     /* slots in all */
    double random_share; /* of the budget, 0 to 1 */
    uint64_t seed;       /* of the random draw */
    enum rebut_even even;
};

struct rebut_slot {
    uint32_t score;    /* in scores->list */
    bool random;       /* drawn at random, not for its rank */
    double place;      /* share of its stratum's honest requests flagged with it */
    double propensity; /* of being in the queue in this way: 1 of ranked ones */
};

struct rebut_queue {
    struct rebut_slot *slots; /* [count]: random ones stand among the others */
    uint32_t count, drawn;    /* drawn: how many of them at random */
    uint32_t candidates;      /* requests that nobody has judged */
    uint32_t bounded;         /* of them, within the bound */
    uint32_t bounded_uneven;  /* the same by probability alone: what evenness costs */
    double stated;   /* expected share of wrong accusations among the ranked slots */
    double recovery; /* expected of the ranked slots, fen */
};

/* Fill a queue from the scores that no reviewer has judged.  Fails with EINPUT (plan out
 * of range) or ENOMEM. */
REBUT_MUST_CHECK bool rebut_queue_open(struct rebut_queue *ret,
                                       const struct rebut_scores *scores,
                                       const struct rebut_queue_plan *plan,
                                       struct rebut_error *err);
void rebut_queue_close(struct rebut_queue *queue);

#endif
