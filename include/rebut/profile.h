/* rebut/profile.h -- do requests still look like those the model was fitted to?
 *
 * For each raw term of the model the deciles of its log-odds over the requests of the
 * fit, and the share of requests in each tenth; for each mark the same of its answers,
 * numbered (many requests share one, so the shares are not all a tenth).  Not of a mark's
 * log-odds: every fit weighs the answers a little anew, and of values so few a step aside
 * looks like all requests moving.  Against them: the population stability index of other
 * requests, half a count a bin.  Below 0.1 is stable, over 0.25 has shifted.
 */
#ifndef REBUT_PROFILE_H
#define REBUT_PROFILE_H

#include "rebut/error.h"
#include "rebut/term.h"

#define REBUT_PROFILE_BINS 10

struct rebut_profile {
    double cut[REBUT_RAW_TERMS][REBUT_PROFILE_BINS - 1]; /* ascending; bin i is < cut i */
    double count[REBUT_RAW_TERMS][REBUT_PROFILE_BINS];   /* requests; 0 before a fit */
};

struct rebut_scores;

/* Fill the profile from all scores.  ENOMEM. */
REBUT_MUST_CHECK bool rebut_profile_make(const struct rebut_scores *scores,
                                         struct rebut_profile *ret,
                                         struct rebut_error *err);

/* The index of each raw term over the scores, NaN where profile or scores are empty. */
REBUT_MUST_CHECK bool rebut_profile_psi(const struct rebut_profile *profile,
                                        const struct rebut_scores *scores,
                                        double ret_psi[REBUT_RAW_TERMS],
                                        struct rebut_error *err);

#endif
