/* rebut/sampled.h -- what do the reviewed requests say about all of them?
 *
 * Reviewed requests are chosen: the top of the queue surely (propensity 1), some others
 * at random with a logged propensity.  Each reviewed one stands for 1 / propensity, and
 * so prevalence, precision and recall of the whole list can be stated, with intervals.
 * Propensities are for evaluation, not for training.
 *
 * Sources: Horvitz and Thompson, JASA 47 (1952), 663-685; Hajek (1971); Sarndal, Swensson
 * and Wretman, Model Assisted Survey Sampling (1992), section 5.5-5.7.
 *
 * Pure arithmetic; the order of the rows changes no byte.
 */
#ifndef REBUT_SAMPLED_H
#define REBUT_SAMPLED_H

#include <stddef.h>
#include <stdint.h>

#include "rebut/error.h"
#include "rebut/metrics.h"

/* A propensity below this is refused: one verdict would stand for thousands. */
#define REBUT_PROPENSITY_LEAST 1e-4
#define REBUT_SAMPLED_MAX ((size_t)1 << 31)

/* One reviewed request. */
struct rebut_sampled {
    double propensity; /* chance that it was reviewed, REBUT_PROPENSITY_LEAST to 1 */
    uint8_t abuse;     /* the verdict: 1 or 0 */
    uint8_t flagged;   /* the list calls it likely abuse: 1 or 0 */
};

/* A share with its design standard error: the labels are what they are, chance is in
 * who was drawn, each alone.  low and high cover `confidence` about; [0, 1], and share
 * NaN, when no reviewed request bears on it.
 *
 * The variance is Hajek's linearisation: for sum(a/pi) / sum(b/pi) = R it is
 * sum((1 - pi) / pi^2 (a - R b)^2) / sum(b/pi)^2.  The interval is symmetric in the
 * log-odds and widened by t quantiles at the effective number of random draws; where
 * R is 0 or 1 among draws it is Clopper-Pearson's of that number, so that seeing none is
 * not taken as there being none. */
struct rebut_share {
    double share, error, low, high;
    double draws; /* effective number of reviews with a propensity under 1 */
};

struct rebut_sample_estimates {
    struct rebut_share prevalence; /* abuse among all requests */
    struct rebut_share precision;  /* abuse among flagged; its complement is the FDP */
    struct rebut_share recall;     /* flagged among abuse */
    double requests, abuses;       /* Horvitz-Thompson totals of all requests, of abuse */
};

/* Estimate from rows[count].  confidence 0.5 to 0.9999.  EINPUT on a row or a confidence
 * out of its domain or no row, ELIMIT over REBUT_SAMPLED_MAX, EMATH when an interval
 * cannot be evaluated. */
REBUT_MUST_CHECK bool rebut_sample_estimate(const struct rebut_sampled *rows,
                                            size_t count, double confidence,
                                            struct rebut_sample_estimates *ret,
                                            struct rebut_error *err);

/* Realised false-discovery proportion: of `reviewed` flagged requests, drawn with equal
 * chances, `legitimate` were none.  Clopper-Pearson; as rebut_interval_proportion. */
struct rebut_realised {
    double proportion; /* NaN when none was reviewed */
    struct rebut_interval interval;
    bool keeps; /* the stated rate is not refuted: low <= stated */
};
REBUT_MUST_CHECK bool rebut_realised_fdp(uint64_t legitimate, uint64_t reviewed,
                                         double stated, double confidence,
                                         struct rebut_realised *ret,
                                         struct rebut_error *err);

/* rebut_metric_psi of two histograms of raw counts, half a count added to each of the
 * `bins` (1 to 1000); shares[2 * bins] is scratch. */
REBUT_MUST_CHECK bool rebut_psi_of_counts(const uint64_t *expected,
                                          const uint64_t *actual, size_t bins,
                                          double *shares, double *ret,
                                          struct rebut_error *err);

#endif
