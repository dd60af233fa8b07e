/* rebut/metrics.h -- how good is a ranking, and are its probabilities honest?
 *
 * Discrimination (AUC, average precision, precision at k), calibration (Brier, log
 * loss, reliability), an exact interval for a proportion, and drift between two
 * histograms.  Pure arithmetic: no allocation, no I/O, no globals; any thread.
 *
 * Everything about one ranking starts from a rebut_ranking, made once:
 *
 *     struct rebut_ranking ranking;
 *     if (!rebut_ranking_make(scores, labels, count, order, work, &ranking, err) ||
 *         !rebut_metric_auc(&ranking, &auc, err))
 *         return false;
 */
#ifndef REBUT_METRICS_H
#define REBUT_METRICS_H

#include <stddef.h>
#include <stdint.h>

#include "rebut/error.h"

#define REBUT_RANKING_MAX ((size_t)1 << 31)
#define REBUT_TRIES_MAX UINT64_C(99999999) /* of an interval */

/* The arrays belong to the caller and must stay as they are while it is used. */
struct rebut_ranking {
    const double *scores;  /* [count] probability of abuse, 0 to 1 */
    const uint8_t *labels; /* [count] 1 = abuse, 0 = not */
    const uint32_t *order; /* [count] indexes, best score first, ties in input order */
    size_t count, positives;
};

/* Check and sort.  order and work have room for `count` each; work may be reused
 * afterwards.  Fails with EINPUT on a score that is not in [0, 1] (NaN included) or a
 * label that is neither 0 nor 1, with ELIMIT over REBUT_RANKING_MAX.  Zero requests
 * make a ranking of which nothing can be measured.  Cost: n log n. */
REBUT_MUST_CHECK bool rebut_ranking_make(const double *scores, const uint8_t *labels,
                                         size_t count, uint32_t *order, uint32_t *work,
                                         struct rebut_ranking *ret,
                                         struct rebut_error *err);

/* Area under the ROC curve: P(score of an abuse > score of a non-abuse), ties count
 * half.  Fails with EINPUT unless both classes are there. */
REBUT_MUST_CHECK bool rebut_metric_auc(const struct rebut_ranking *ranking, double *ret,
                                       struct rebut_error *err);

/* Average precision with ties grouped: the sum over distinct scores of the recall
 * gained there times the precision down to there.  Fails as AUC does. */
REBUT_MUST_CHECK bool rebut_metric_average_precision(const struct rebut_ranking *ranking,
                                                     double *ret,
                                                     struct rebut_error *err);

/* The share of abuse among the first min(k, count); the number of abuses there.  Ties
 * across k are cut in input order.  Fails with EINPUT when k or the ranking is 0. */
REBUT_MUST_CHECK bool rebut_metric_precision_at(const struct rebut_ranking *ranking,
                                                size_t k, double *ret,
                                                struct rebut_error *err);

/* Mean of (score - label)^2.  EINPUT when empty. */
REBUT_MUST_CHECK bool rebut_metric_brier(const struct rebut_ranking *ranking, double *ret,
                                         struct rebut_error *err);

/* Mean of -log(the probability given to what was true), that probability taken as at
 * least 1e-15, so that one wrong certainty costs 34.5 and not infinity. */
REBUT_MUST_CHECK bool rebut_metric_log_loss(const struct rebut_ranking *ranking,
                                            double *ret, struct rebut_error *err);

/* One bin of the reliability table. */
struct rebut_reliability {
    size_t count, positives;
    double score_sum; /* expected number of abuses, against `positives` */
    double low, high; /* smallest and largest score in it; 0 when empty */
};

/* Split the ranking, best first, into `bins` of equal count (b * n / bins).  Some are
 * empty when there are fewer requests than bins.  bins is 1 to 1000. */
REBUT_MUST_CHECK bool rebut_metric_reliability(const struct rebut_ranking *ranking,
                                               size_t bins, struct rebut_reliability *ret,
                                               struct rebut_error *err);

/* Expected calibration error of that table: the sum of |score_sum - positives| over
 * the number of requests (NaN when that is 0). */
double rebut_metric_calibration_error(const struct rebut_reliability *table, size_t bins);

/* What lies above a threshold. */
struct rebut_curve_point {
    double score;                /* flagged: score >= this */
    size_t positives, negatives; /* abuses and non-abuses flagged */
};

/* One point a distinct score, best first; ret has room for `count`.  Returns how many.
 * ROC is (negatives / all negatives, positives / all positives). */
size_t rebut_metric_curve(const struct rebut_ranking *ranking,
                          struct rebut_curve_point *ret);

/* Clopper-Pearson: the exact interval of a proportion, hits of tries, covering at least
 * `confidence` (0.5 to 0.9999).  0 of 0 is [0, 1].  EINPUT on hits > tries or tries
 * over REBUT_TRIES_MAX; EMATH if it cannot be evaluated.  Two quantiles: 30 us. */
struct rebut_interval {
    double low, high;
};
REBUT_MUST_CHECK bool rebut_interval_proportion(uint64_t hits, uint64_t tries,
                                                double confidence,
                                                struct rebut_interval *ret,
                                                struct rebut_error *err);

/* Population stability index: the sum of (actual - expected) * log(actual / expected).
 * Shares are over 0 and sum to 1 within 1e-6, or EINPUT (add half a count to each bin
 * of a histogram before dividing).  Below 0.1 is stable, over 0.25 has shifted. */
REBUT_MUST_CHECK bool rebut_metric_psi(const double *expected, const double *actual,
                                       size_t bins, double *ret, struct rebut_error *err);

#endif
