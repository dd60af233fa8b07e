#include "rebut/compare.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "rebut/fixed.h"
#include "rebut/special.h"

static bool check_pair(const struct rebut_ranking *first,
                       const struct rebut_ranking *second, double confidence,
                       struct rebut_error *err)
{
    if (!(first->count == second->count &&
          (first->count == 0 ||
           memcmp(first->labels, second->labels, first->count) == 0)))
        return rebut_fail(err, REBUT_EINPUT,
                          "two rankings of other requests cannot be compared");
    if (!(first->positives >= 2 && first->count - first->positives >= 2))
        return rebut_fail(err, REBUT_EINPUT,
                          "expected two of each class, got %zu abusive of %zu requests",
                          first->positives, first->count);
    if (!(confidence >= .5 && confidence <= .9999))
        return rebut_fail(err, REBUT_EINPUT,
                          "expected a confidence from 0.5 to 0.9999, got %g", confidence);
    return true;
}

/* The end of the run of equal scores that starts at `at`; how many abuses it has. */
static size_t tie_end(const struct rebut_ranking *ranking, size_t at,
                      size_t *ret_positives)
{
    const double score = ranking->scores[ranking->order[at]];
    *ret_positives = 0;
    for (; at < ranking->count && ranking->scores[ranking->order[at]] == score; at++)
        *ret_positives += ranking->labels[ranking->order[at]];
    return at;
}

/* Add sign times the structural component of each request: for an abuse the share of
 * non-abuses below it, for a non-abuse the share of abuses above it, ties counting half.
 */
static void add_components(const struct rebut_ranking *ranking, double sign,
                           double *components)
{
    const double positives = (double)ranking->positives;
    const double negatives = (double)(ranking->count - ranking->positives);
    size_t above = 0; /* abuses seen */
    for (size_t at = 0; at < ranking->count;) {
        size_t here = 0;
        const size_t end = tie_end(ranking, at, &here);
        const double others = (double)(end - at - here);
        const double below =
            (double)(ranking->count - end) - (positives - (double)(above + here));
        for (size_t i = at; i < end; i++) {
            const uint32_t request = ranking->order[i];
            components[request] +=
                sign * (ranking->labels[request] == 1
                            ? (below + others / 2) / negatives
                            : ((double)above + (double)here / 2) / positives);
        }
        above += here;
        at = end;
    }
}

/* The variance of the mean of the components of a class. */
static double variance_of_mean(const struct rebut_ranking *ranking,
                               const double *components, uint8_t label)
{
    rebut_total sum = 0, squares = 0;
    double n = 0;
    for (size_t i = 0; i < ranking->count; i++)
        if (ranking->labels[i] == label) {
            sum += rebut_to_fixed(components[i]);
            n++;
        }
    const double mean = rebut_from_total(sum) / n;
    for (size_t i = 0; i < ranking->count; i++)
        if (ranking->labels[i] == label) {
            const double away = components[i] - mean;
            squares += (int64_t)(away * away * 0x1p60);
        }
    return (double)squares / 0x1p60 / (n - 1) / n;
}

bool rebut_compare_auc(const struct rebut_ranking *first,
                       const struct rebut_ranking *second, double confidence,
                       double *components, struct rebut_auc_difference *ret,
                       struct rebut_error *err)
{
    struct rebut_auc_difference answer = {0};
    if (!check_pair(first, second, confidence, err) ||
        !rebut_metric_auc(first, &answer.first, err) ||
        !rebut_metric_auc(second, &answer.second, err))
        return false;
    for (size_t i = 0; i < first->count; i++)
        components[i] = 0;
    add_components(second, 1, components);
    add_components(first, -1, components);
    answer.difference = answer.second - answer.first;
    answer.error = sqrt(variance_of_mean(first, components, 1) +
                        variance_of_mean(first, components, 0));
    /* z of the confidence: z^2 / 2 ~ Gamma(1/2) */
    const double z = sqrt(2 * rebut_gamma_quantile(confidence, .5, 1));
    answer.low = answer.difference - z * answer.error;
    answer.high = answer.difference + z * answer.error;
    answer.p = answer.error > 0 ? erfc(fabs(answer.difference) / answer.error / M_SQRT2)
                                : answer.difference == 0;
    if (!(isfinite(answer.error) && isfinite(answer.low) && isfinite(answer.p)))
        return rebut_fail(err, REBUT_EMATH, "the difference of AUC is not finite");
    *ret = answer;
    return true;
}

/* SplitMix64 (Steele, Lea and Flood 2014). */
static uint64_t next_random(uint64_t *state)
{
    *state += UINT64_C(0x9e3779b97f4a7c15);
    uint64_t x = *state;
    x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
    return x ^ (x >> 31);
}

/* Average precision where each request counts as often as its cluster was drawn; NaN
 * without abuse. */
static double drawn_precision(const struct rebut_ranking *ranking,
                              const struct rebut_bootstrap *bootstrap)
{
    double sum = 0;
    uint64_t positives = 0, seen = 0;
    for (size_t at = 0; at < ranking->count;) {
        const double score = ranking->scores[ranking->order[at]];
        uint64_t here = 0;
        for (; at < ranking->count && ranking->scores[ranking->order[at]] == score;
             at++) {
            const uint32_t request = ranking->order[at];
            const uint32_t times = bootstrap->drawn[bootstrap->cluster[request]];
            seen += times;
            here += ranking->labels[request] == 1 ? times : 0;
        }
        positives += here;
        if (here > 0)
            sum += (double)here * ((double)positives / (double)seen);
    }
    return positives > 0 ? sum / (double)positives : (double)NAN;
}

static void draw_clusters(const struct rebut_bootstrap *bootstrap, uint64_t *state)
{
    memset(bootstrap->drawn, 0, bootstrap->clusters * sizeof *bootstrap->drawn);
    for (uint32_t i = 0; i < bootstrap->clusters; i++)
        bootstrap->drawn[((next_random(state) >> 32) * bootstrap->clusters) >> 32]++;
}

static void sift(double *heap, uint32_t at, uint32_t count)
{
    for (;;) {
        uint32_t child = 2 * at + 1;
        if (child >= count)
            return;
        if (child + 1 < count && heap[child + 1] > heap[child])
            child++;
        if (heap[at] >= heap[child])
            return;
        const double keep = heap[at];
        heap[at] = heap[child];
        heap[child] = keep;
        at = child;
    }
}

static void heap_sort(double *values, uint32_t count)
{
    for (uint32_t at = count / 2; at > 0; at--)
        sift(values, at - 1, count);
    for (uint32_t end = count; end > 1; end--) {
        const double most = values[0];
        values[0] = values[end - 1];
        values[end - 1] = most;
        sift(values, 0, end - 1);
    }
}

static bool check_bootstrap(const struct rebut_bootstrap *bootstrap, size_t count,
                            struct rebut_error *err)
{
    if (!(bootstrap->clusters >= 2 && bootstrap->replicates >= 100 &&
          bootstrap->replicates <= REBUT_REPLICATES_MAX))
        return rebut_fail(
            err, REBUT_EINPUT,
            "expected 2 clusters and 100 to %d replicates, got %" PRIu32 " and %" PRIu32,
            REBUT_REPLICATES_MAX, bootstrap->clusters, bootstrap->replicates);
    for (size_t i = 0; i < count; i++)
        if (!(bootstrap->cluster[i] < bootstrap->clusters))
            return rebut_fail(err, REBUT_EINPUT, "cluster %" PRIu32 " is out of range",
                              bootstrap->cluster[i]);
    return true;
}

/* Sort the replicates and read the answer off them. */
static void summarize(const struct rebut_bootstrap *bootstrap,
                      struct rebut_precision_difference *answer)
{
    const uint32_t n = bootstrap->replicates;
    double *d = bootstrap->differences;
    double mean = 0, squares = 0;
    uint32_t worse = 0;
    heap_sort(d, n);
    for (uint32_t r = 0; r < n; r++) {
        mean += d[r] / n;
        worse += d[r] <= 0;
    }
    for (uint32_t r = 0; r < n; r++)
        squares += (d[r] - mean) * (d[r] - mean);
    const uint32_t cut = (uint32_t)floor((1 - bootstrap->confidence) / 2 * n);
    answer->error = sqrt(squares / (n - 1));
    answer->low = d[cut];
    answer->high = d[n - 1 - cut];
    answer->worse = (double)worse / n;
}

bool rebut_compare_precision(const struct rebut_ranking *first,
                             const struct rebut_ranking *second,
                             const struct rebut_bootstrap *bootstrap,
                             struct rebut_precision_difference *ret,
                             struct rebut_error *err)
{
    struct rebut_precision_difference answer = {0};
    if (!check_pair(first, second, bootstrap->confidence, err) ||
        !check_bootstrap(bootstrap, first->count, err) ||
        !rebut_metric_average_precision(first, &answer.first, err) ||
        !rebut_metric_average_precision(second, &answer.second, err))
        return false;
    answer.difference = answer.second - answer.first;
    uint64_t state = bootstrap->seed;
    for (uint32_t r = 0; r < bootstrap->replicates; r++) {
        draw_clusters(bootstrap, &state);
        const double difference =
            drawn_precision(second, bootstrap) - drawn_precision(first, bootstrap);
        bootstrap->differences[r] = isnan(difference) ? 0 : difference;
    }
    summarize(bootstrap, &answer);
    *ret = answer;
    return true;
}
