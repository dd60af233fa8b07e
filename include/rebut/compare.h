/* rebut/compare.h -- is the new ranking better than the old one, or luckier?
 *
 * Two scores of the same labelled requests: difference of AUC with DeLong's variance,
 * and difference of average precision by a bootstrap over buyers, since a buyer's
 * requests are not independent.
 *
 * Sources: DeLong, DeLong and Clarke-Pearson, Biometrics 44 (1988), 837-845; Sun and Xu,
 * IEEE Signal Processing Letters 21 (2014), 1389-1393; Field and Welsh, J. R. Statist.
 * Soc. B 69 (2007), 369-390 (cluster bootstrap).
 *
 * Pure arithmetic on the caller's arrays.
 */
#ifndef REBUT_COMPARE_H
#define REBUT_COMPARE_H

#include <stdint.h>

#include "rebut/metrics.h"

#define REBUT_REPLICATES_MAX 10000

/* Both rankings are of the same labels, request i being the same in both (the label
 * arrays' contents are compared).  The difference is second minus first. */
struct rebut_auc_difference {
    double first, second;     /* AUC */
    double difference, error; /* and its standard error, requests taken as independent */
    double low, high;         /* of the difference, at the confidence asked for */
    double p;                 /* two-sided, of no difference; 1 when the error is 0 and
                               * so is the difference */
};

/* components[count] is scratch.  n log n went into the rankings; this is O(n).  EINPUT
 * when the labels differ, there are fewer than two of a class, or confidence is not in
 * 0.5 to 0.9999.  The order of requests changes no byte. */
REBUT_MUST_CHECK bool rebut_compare_auc(const struct rebut_ranking *first,
                                        const struct rebut_ranking *second,
                                        double confidence, double *components,
                                        struct rebut_auc_difference *ret,
                                        struct rebut_error *err);

/* How the bootstrap is drawn.  Clusters (buyers) are drawn whole. */
struct rebut_bootstrap {
    const uint32_t *cluster; /* [count]: the cluster of each request, below `clusters` */
    uint32_t clusters;       /* 2 or more */
    uint32_t replicates;     /* 100 to REBUT_REPLICATES_MAX */
    uint64_t seed;
    double confidence;   /* 0.5 to 0.9999 */
    uint32_t *drawn;     /* scratch [clusters] */
    double *differences; /* [replicates]; comes out in ascending order */
};

struct rebut_precision_difference {
    double first, second, difference; /* average precision, ties grouped */
    double error;                     /* standard deviation over replicates */
    double low, high;                 /* percentiles of the replicates */
    double worse;                     /* share of replicates with a difference <= 0 */
};

/* The same seed gives the same answer.  It costs replicates * (2 count + clusters).
 * A replicate without abuse counts as no difference.  EINPUT as above, or a cluster out
 * of range. */
REBUT_MUST_CHECK bool rebut_compare_precision(const struct rebut_ranking *first,
                                              const struct rebut_ranking *second,
                                              const struct rebut_bootstrap *bootstrap,
                                              struct rebut_precision_difference *ret,
                                              struct rebut_error *err);

#endif
