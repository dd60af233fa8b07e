#include "rebut/metrics.h"

#include <inttypes.h>
#include <math.h>

#include "rebut/special.h"

#define LEAST_PROBABILITY 1e-15
#define BINS_MAX 1000

/* Merge the runs [low, middle) and [middle, high) of `from` into `to`, the higher score
 * first, the left run first among equals: which keeps input order among ties. */
static void merge_runs(const double *scores, const uint32_t *from, uint32_t *to,
                       size_t low, size_t middle, size_t high)
{
    size_t left = low;
    size_t right = middle;
    for (size_t at = low; at < high; at++) {
        const bool take_left =
            left < middle && (right >= high || scores[from[left]] >= scores[from[right]]);
        to[at] = take_left ? from[left++] : from[right++];
    }
}

/* Bottom-up merge sort of order[count], with work[count]; qsort would allocate. */
static void sort_descending(const double *scores, size_t count, uint32_t *order,
                            uint32_t *work)
{
    uint32_t *from = order;
    uint32_t *to = work;
    for (size_t width = 1; width < count; width *= 2) {
        for (size_t low = 0; low < count; low += 2 * width) {
            const size_t middle = low + width < count ? low + width : count;
            const size_t high = low + 2 * width < count ? low + 2 * width : count;
            merge_runs(scores, from, to, low, middle, high);
        }
        uint32_t *swap = from;
        from = to;
        to = swap;
    }
    for (size_t i = 0; from != order && i < count; i++)
        order[i] = from[i];
}

bool rebut_ranking_make(const double *scores, const uint8_t *labels, size_t count,
                        uint32_t *order, uint32_t *work, struct rebut_ranking *ret,
                        struct rebut_error *err)
{
    if (count > REBUT_RANKING_MAX)
        return rebut_fail(err, REBUT_ELIMIT, "cannot rank %zu requests: at most %zu",
                          count, REBUT_RANKING_MAX);
    size_t positives = 0;
    for (size_t i = 0; i < count; i++) {
        if (!(scores[i] >= 0 && scores[i] <= 1))
            return rebut_fail(err, REBUT_EINPUT, "expected a score from 0 to 1, got %g",
                              scores[i]);
        if (labels[i] > 1)
            return rebut_fail(err, REBUT_EINPUT, "expected a label 0 or 1, got %u",
                              (unsigned)labels[i]);
        positives += labels[i];
        order[i] = (uint32_t)i;
    }
    sort_descending(scores, count, order, work);
    *ret = (struct rebut_ranking){.scores = scores,
                                  .labels = labels,
                                  .order = order,
                                  .count = count,
                                  .positives = positives};
    return true;
}

static bool check_not_empty(const struct rebut_ranking *ranking, struct rebut_error *err)
{
    if (ranking->count > 0)
        return true;
    return rebut_fail(err, REBUT_EINPUT, "nothing to measure: there are no requests");
}

static bool check_both_classes(const struct rebut_ranking *ranking,
                               struct rebut_error *err)
{
    if (ranking->positives > 0 && ranking->positives < ranking->count)
        return true;
    return rebut_fail(err, REBUT_EINPUT,
                      "expected abuse and non-abuse, got %zu abusive of %zu requests",
                      ranking->positives, ranking->count);
}

/* Gather the requests that share the score at *at; move *at past them. */
static struct rebut_curve_point next_tie(const struct rebut_ranking *ranking, size_t *at)
{
    const double score = ranking->scores[ranking->order[*at]];
    struct rebut_curve_point tie = {.score = score};
    for (; *at < ranking->count && ranking->scores[ranking->order[*at]] == score; ++*at) {
        if (ranking->labels[ranking->order[*at]] == 1)
            tie.positives++;
        else
            tie.negatives++;
    }
    return tie;
}

bool rebut_metric_auc(const struct rebut_ranking *ranking, double *ret,
                      struct rebut_error *err)
{
    if (!check_both_classes(ranking, err))
        return false;
    /* Each non-abuse counts the abuses above it, and half of those beside it. */
    double won = 0;
    size_t above = 0;
    for (size_t at = 0; at < ranking->count;) {
        const struct rebut_curve_point tie = next_tie(ranking, &at);
        won += (double)tie.negatives * ((double)above + (double)tie.positives / 2);
        above += tie.positives;
    }
    *ret = won /
           ((double)ranking->positives * (double)(ranking->count - ranking->positives));
    return true;
}

bool rebut_metric_average_precision(const struct rebut_ranking *ranking, double *ret,
                                    struct rebut_error *err)
{
    if (!check_both_classes(ranking, err))
        return false;
    double sum = 0;
    size_t positives = 0;
    for (size_t at = 0; at < ranking->count;) {
        const struct rebut_curve_point tie = next_tie(ranking, &at);
        positives += tie.positives;
        sum += (double)tie.positives / (double)ranking->positives * (double)positives /
               (double)at;
    }
    *ret = sum;
    return true;
}

bool rebut_metric_precision_at(const struct rebut_ranking *ranking, size_t k, double *ret,
                               struct rebut_error *err)
{
    if (!check_not_empty(ranking, err))
        return false;
    if (k == 0)
        return rebut_fail(err, REBUT_EINPUT, "expected at least the first 1, got 0");
    const size_t first = k < ranking->count ? k : ranking->count;
    size_t positives = 0;
    for (size_t i = 0; i < first; i++)
        positives += ranking->labels[ranking->order[i]];
    *ret = (double)positives / (double)first;
    return true;
}

/* Summed score by score, not request by request: ties in another order add up alike. */
bool rebut_metric_brier(const struct rebut_ranking *ranking, double *ret,
                        struct rebut_error *err)
{
    if (!check_not_empty(ranking, err))
        return false;
    double sum = 0;
    for (size_t at = 0; at < ranking->count;) {
        const struct rebut_curve_point tie = next_tie(ranking, &at);
        sum += (double)tie.positives * (1 - tie.score) * (1 - tie.score) +
               (double)tie.negatives * tie.score * tie.score;
    }
    *ret = sum / (double)ranking->count;
    return true;
}

bool rebut_metric_log_loss(const struct rebut_ranking *ranking, double *ret,
                           struct rebut_error *err)
{
    if (!check_not_empty(ranking, err))
        return false;
    const double most = -log(LEAST_PROBABILITY);
    double sum = 0;
    for (size_t at = 0; at < ranking->count;) {
        const struct rebut_curve_point tie = next_tie(ranking, &at);
        /* fmin: 0 * infinity must not arise where a score is exactly 0 or 1. */
        sum += (double)tie.positives * fmin(-log(tie.score), most) +
               (double)tie.negatives * fmin(-log1p(-tie.score), most);
    }
    *ret = sum / (double)ranking->count;
    return true;
}

bool rebut_metric_reliability(const struct rebut_ranking *ranking, size_t bins,
                              struct rebut_reliability *ret, struct rebut_error *err)
{
    if (!check_not_empty(ranking, err))
        return false;
    if (!(bins >= 1 && bins <= BINS_MAX))
        return rebut_fail(err, REBUT_EINPUT, "expected 1 to %d bins, got %zu", BINS_MAX,
                          bins);
    for (size_t bin = 0; bin < bins; bin++) {
        struct rebut_reliability row = {0};
        const size_t end = (bin + 1) * ranking->count / bins;
        for (size_t at = bin * ranking->count / bins; at < end; at++) {
            const double score = ranking->scores[ranking->order[at]];
            if (row.count == 0)
                row.high = score;
            row.low = score;
            row.count++;
            row.positives += ranking->labels[ranking->order[at]];
            row.score_sum += score;
        }
        ret[bin] = row;
    }
    return true;
}

double rebut_metric_calibration_error(const struct rebut_reliability *table, size_t bins)
{
    double sum = 0;
    size_t count = 0;
    for (size_t bin = 0; bin < bins; bin++) {
        sum += fabs(table[bin].score_sum - (double)table[bin].positives);
        count += table[bin].count;
    }
    return count > 0 ? sum / (double)count : (double)NAN;
}

size_t rebut_metric_curve(const struct rebut_ranking *ranking,
                          struct rebut_curve_point *ret)
{
    struct rebut_curve_point sum = {0};
    size_t points = 0;
    for (size_t at = 0; at < ranking->count;) {
        const struct rebut_curve_point tie = next_tie(ranking, &at);
        sum.score = tie.score;
        sum.positives += tie.positives;
        sum.negatives += tie.negatives;
        ret[points++] = sum;
    }
    return points;
}

/* Shares must be over 0 and sum to 1. */
static bool check_shares(const double *shares, size_t bins, const char *what,
                         struct rebut_error *err)
{
    double sum = 0;
    for (size_t i = 0; i < bins; i++) {
        if (!(shares[i] > 0 && shares[i] <= 1))
            return rebut_fail(err, REBUT_EINPUT, "expected %s shares over 0, got %g",
                              what, shares[i]);
        sum += shares[i];
    }
    if (!(fabs(sum - 1) <= 1e-6))
        return rebut_fail(err, REBUT_EINPUT, "expected %s shares that sum to 1, got %g",
                          what, sum);
    return true;
}

bool rebut_metric_psi(const double *expected, const double *actual, size_t bins,
                      double *ret, struct rebut_error *err)
{
    if (!check_shares(expected, bins, "expected", err) ||
        !check_shares(actual, bins, "actual", err))
        return false;
    double sum = 0;
    for (size_t i = 0; i < bins; i++)
        sum += (actual[i] - expected[i]) * log(actual[i] / expected[i]);
    *ret = sum;
    return true;
}

bool rebut_interval_proportion(uint64_t hits, uint64_t tries, double confidence,
                               struct rebut_interval *ret, struct rebut_error *err)
{
    if (!(hits <= tries && tries <= REBUT_TRIES_MAX))
        return rebut_fail(err, REBUT_EINPUT, "bad counts: %" PRIu64 " of %" PRIu64, hits,
                          tries);
    if (!(confidence >= 0.5 && confidence <= 0.9999))
        return rebut_fail(err, REBUT_EINPUT,
                          "expected a confidence from 0.5 to 0.9999, got %g", confidence);
    const double tail = (1 - confidence) / 2;
    const double k = (double)hits;
    const double misses = (double)(tries - hits);
    struct rebut_interval interval = {.low = 0, .high = 1};
    /* P(at least k hits) = tail at low; P(at most k hits) = tail at high. */
    if (hits > 0)
        interval.low = rebut_beta_quantile(tail, k, misses + 1);
    if (hits < tries)
        interval.high = rebut_beta_quantile(1 - tail, k + 1, misses);
    if (!(isfinite(interval.low) && isfinite(interval.high)))
        return rebut_fail(err, REBUT_EMATH,
                          "cannot evaluate the interval of %" PRIu64 " of %" PRIu64, hits,
                          tries);
    *ret = interval;
    return true;
}
