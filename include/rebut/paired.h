/* rebut/paired.h -- of two rankings of the same requests, which is the better?
 *
 * Differences are first less second, with 95 % intervals that know that both rank the
 * same requests.  AUC: DeLong, DeLong and Clarke-Pearson, Biometrics 44 (1988), 837-845.
 * Average precision: percentiles of a bootstrap over clusters (all requests of a buyer
 * are drawn together), from a generator with a fixed seed: the same input, the same
 * interval.  Agreement: Spearman's rho on mean ranks, Kendall's tau-b.
 *
 * Pure arithmetic: the caller gives the room; any thread.
 */
#ifndef REBUT_PAIRED_H
#define REBUT_PAIRED_H

#include "rebut/metrics.h"

#define REBUT_PAIRED_DRAWS 500

struct rebut_difference {
    double value;
    struct rebut_interval range; /* 95 % */
};

/* Difference of the areas under the ROC curves.  Both rankings are of the same requests
 * (same count, same labels), of both classes, or EINPUT.  work: [2 * count].  With one
 * request in a class its variance is taken as 0. */
REBUT_MUST_CHECK bool rebut_paired_auc(const struct rebut_ranking *first,
                                       const struct rebut_ranking *second, double *work,
                                       struct rebut_difference *ret,
                                       struct rebut_error *err);

/* Difference of average precision.  cluster[i] < clusters says whose request i is;
 * times: room for [clusters].  Draws without abuse are drawn again.  EINPUT as above.
 * Cost: REBUT_PAIRED_DRAWS walks of both rankings. */
struct rebut_clusters {
    const uint32_t *cluster; /* [count] */
    uint32_t clusters;       /* at least 1 */
    uint32_t *times;         /* [clusters]: how often drawn */
};
REBUT_MUST_CHECK bool rebut_paired_ap(const struct rebut_ranking *first,
                                      const struct rebut_ranking *second,
                                      const struct rebut_clusters *clusters,
                                      struct rebut_difference *ret,
                                      struct rebut_error *err);

/* How alike are two orders of the same requests?  Labels are not looked at.  work:
 * [2 * count + 1].  NaN where one has a single value. */
struct rebut_rank_agreement {
    double spearman, kendall;
};
REBUT_MUST_CHECK bool rebut_rank_agreement(const struct rebut_ranking *first,
                                           const struct rebut_ranking *second,
                                           uint32_t *work,
                                           struct rebut_rank_agreement *ret,
                                           struct rebut_error *err);

#endif
