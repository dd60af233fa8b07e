/* rebut/agreement.h -- how often are the reviewers themselves wrong?
 *
 * Verdicts are evidence, not truth.  From requests that two or more reviewers judged
 * without seeing each other's verdict: how often a verdict
 * is wrong (one rate for all), and, with enough of them, each reviewer's own two rates.
 *
 * From pairs of interchangeable reviewers one cannot learn different error rates by
 * true class: the pairs give two free numbers (both say abuse, they differ), and the
 * prevalence and two rates are three.  It takes three verdicts on a request, or known
 * reviewers who meet requests of different prevalence (Hui and Walter 1980): that is
 * rebut_reviewers.
 *
 * Source: Dawid and Skene, Applied Statistics 28 (1979), 20-28.  How far two reviewers
 * agree (kappa) is in rebut/survey.h.  Pure arithmetic; the order of the verdicts
 * changes no byte.
 */
#ifndef REBUT_AGREEMENT_H
#define REBUT_AGREEMENT_H

#include <stdint.h>

#include "rebut/error.h"
#include "rebut/fixed.h"
#include "rebut/metrics.h"

/* The prior rate of error, and how many double reviews it counts for. */
#define REBUT_REVIEW_ERROR 0.03
#define REBUT_REVIEW_ERROR_PAIRS 30.0

/* The rate eps at which a verdict is wrong.  Two verdicts that err alone differ with
 * probability d = 2 eps (1 - eps), so eps = (1 - sqrt(1 - 2 d)) / 2.  d has the prior
 * Beta(w d0, w (1 - d0)), d0 from REBUT_REVIEW_ERROR and w = REBUT_REVIEW_ERROR_PAIRS;
 * `rate` is eps at the posterior mean of d, low and high at its quantiles.  d over 1/2
 * (more than chance) counts as 1/2.  EINPUT unless differing <= pairs <= 1e7. */
struct rebut_review_error {
    double rate, low, high;
};
REBUT_MUST_CHECK bool rebut_review_error(uint64_t differing, uint64_t pairs,
                                         double confidence,
                                         struct rebut_review_error *ret,
                                         struct rebut_error *err);

#define REBUT_REVIEWERS_MAX 256

/* One verdict: request below `requests`, reviewer below `reviewers`. */
struct rebut_vote {
    uint32_t request;
    uint16_t reviewer;
    uint8_t abuse; /* 1 = abuse, 0 = not */
};

struct rebut_votes {
    const struct rebut_vote *votes; /* [count], in any order */
    uint32_t count, requests, reviewers;
    double common_error;  /* what each reviewer is shrunk to, 0.001 to 0.4 */
    double pseudo_counts; /* and how strongly: requests of each class, 1 to 1e6 */
};

struct rebut_reviewer {
    double missed;       /* P(says not | abuse) */
    double false_alarm;  /* P(says abuse | not) */
    double abuse, legit; /* expected requests of each class that it judged */
};

/* Dawid and Skene's EM.  ret[reviewers]; p[requests] P(abuse | the verdicts), the
 * prevalence of abuse for requests without a verdict; logit[requests] is scratch.
 * *ret_steps: passes made, at most 500; it stops when no rate moves by 1e-10.
 * EINPUT or ELIMIT on arguments out of their domain. */
REBUT_MUST_CHECK bool rebut_reviewers(const struct rebut_votes *votes, rebut_fixed *logit,
                                      double *p, struct rebut_reviewer *ret,
                                      int *ret_steps, struct rebut_error *err);

#endif
