/* rebut/conformal.h -- how often does an honest request look as bad as this one?
 *
 * Scores of requests that people confirmed as legitimate, against a new score: if the
 * new request were legitimate too, and like them, then a p-value below x has probability
 * at most x, whatever the model is worth.  Benjamini-Hochberg over such p-values bounds
 * the share of wrong accusations among those rejected.  Where the confirmed ones were
 * picked because they looked bad, p comes out too large and the bound is the safer.
 * Sources: Vovk et al., Algorithmic Learning in a Random World (2005); Bates et al.,
 * Ann. Statist. 51 (2023), 149-178.
 *
 * A person's word may be wrong, and a few abusive requests among the confirmed ones would
 * make every p-value large.  So each weighs the probability that it is what the reviewer
 * said.  That takes back a part of "whatever the model is worth": it is measured, not
 * proven, that the bound still holds (benchmarks/quality/README.md).
 *
 * Pure arithmetic; any thread.
 */
#ifndef REBUT_CONFORMAL_H
#define REBUT_CONFORMAL_H

#include <stddef.h>

/* A request that was confirmed as legitimate. */
struct rebut_honest {
    double log_odds; /* as if the model had not been taught by it */
    double weight;   /* P(legitimate | verdicts and the rest), 0 to 1 */
    double tail;     /* sum of weights of this and all with larger log-odds */
};

/* Sort by log-odds, ascending, and sum the tails from the largest. */
void rebut_honest_sort(struct rebut_honest *honest, size_t count);

/* (1 + weight of those whose log-odds are at least these) / (1 + all weight); 1 when
 * there are none.  `honest` as sorted. */
double rebut_conformal_p(const struct rebut_honest *honest, size_t count,
                         double log_odds);

/* From p-values in ascending order the Benjamini-Hochberg q-values, in place: the
 * smallest rate of false discoveries at which each would be rejected. */
void rebut_bh_q(double *ascending, size_t count);

#endif
