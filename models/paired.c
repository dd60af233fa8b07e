#include "rebut/paired.h"

#include <inttypes.h>
#include <math.h>

#define NORMAL_95 1.959963984540054
#define SEED UINT64_C(0x7265627574) /* of the bootstrap; any number does */
#define TRIES 100                   /* to draw some abuse */

static bool check_pair(const struct rebut_ranking *first,
                       const struct rebut_ranking *second, struct rebut_error *err)
{
    if (first->count != second->count || first->positives != second->positives)
        return rebut_fail(err, REBUT_EINPUT, "two rankings of other requests");
    for (size_t i = 0; i < first->count; i++)
        if (first->labels[i] != second->labels[i])
            return rebut_fail(err, REBUT_EINPUT, "two rankings of other requests");
    if (first->positives > 0 && first->positives < first->count)
        return true;
    return rebut_fail(err, REBUT_EINPUT,
                      "expected abuse and non-abuse, got %zu abusive of %zu requests",
                      first->positives, first->count);
}

/* Where the requests end that share the score at `at` of the order. */
static size_t tie_end(const struct rebut_ranking *ranking, size_t at)
{
    const double score = ranking->scores[ranking->order[at]];
    while (at < ranking->count && ranking->scores[ranking->order[at]] == score)
        at++;
    return at;
}

/* Of each abuse the share of non-abuses below it, of each non-abuse the share of abuses
 * above it, ties a half: DeLong's structural components. */
static void components(const struct rebut_ranking *ranking, double *ret)
{
    const double positives = (double)ranking->positives;
    const double negatives = (double)ranking->count - positives;
    double above_positives = 0, above_negatives = 0;
    for (size_t at = 0; at < ranking->count;) {
        const size_t end = tie_end(ranking, at);
        double here = 0;
        for (size_t i = at; i < end; i++)
            here += ranking->labels[ranking->order[i]];
        const double others = (double)(end - at) - here;
        for (; at < end; at++) {
            const uint32_t i = ranking->order[at];
            ret[i] = ranking->labels[i] == 1
                         ? (negatives - above_negatives - others / 2) / negatives
                         : (above_positives + here / 2) / positives;
        }
        above_positives += here;
        above_negatives += others;
    }
}

bool rebut_paired_auc(const struct rebut_ranking *first,
                      const struct rebut_ranking *second, double *work,
                      struct rebut_difference *ret, struct rebut_error *err)
{
    if (!check_pair(first, second, err))
        return false;
    const size_t count = first->count;
    const double of[2] = {(double)(count - first->positives), (double)first->positives};
    double mean[2] = {0}, squares[2] = {0}, variance = 0;
    components(first, work);
    components(second, work + count);
    for (size_t i = 0; i < count; i++) {
        work[i] -= work[count + i];
        mean[first->labels[i]] += work[i] / of[first->labels[i]];
    }
    for (size_t i = 0; i < count; i++) {
        const double off = work[i] - mean[first->labels[i]];
        squares[first->labels[i]] += off * off;
    }
    for (int label = 0; label < 2; label++)
        if (of[label] > 1)
            variance += squares[label] / (of[label] - 1) / of[label];
    const double reach = NORMAL_95 * sqrt(variance);
    *ret = (struct rebut_difference){.value = mean[1],
                                     .range = {mean[1] - reach, mean[1] + reach}};
    return true;
}

/* Average precision where request i counts times[cluster[i]] times; NaN without abuse. */
static double drawn_ap(const struct rebut_ranking *ranking,
                       const struct rebut_clusters *clusters)
{
    uint64_t positives = 0, seen = 0;
    double sum = 0;
    for (size_t at = 0; at < ranking->count;) {
        const size_t end = tie_end(ranking, at);
        uint64_t here = 0;
        for (; at < end; at++) {
            const uint32_t i = ranking->order[at];
            const uint64_t times = clusters->times[clusters->cluster[i]];
            seen += times;
            here += ranking->labels[i] == 1 ? times : 0;
        }
        positives += here;
        if (here > 0)
            sum += (double)here * (double)positives / (double)seen;
    }
    return positives > 0 ? sum / (double)positives : (double)NAN;
}

/* splitmix64: Steele, Lea and Flood, OOPSLA 2014. */
static uint64_t next_number(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

static void draw(const struct rebut_clusters *clusters, uint64_t *state)
{
    for (uint32_t i = 0; i < clusters->clusters; i++)
        clusters->times[i] = 0;
    for (uint32_t i = 0; i < clusters->clusters; i++)
        clusters->times[((next_number(state) >> 32) * clusters->clusters) >> 32]++;
}

/* Put `value` into the first `count` sorted values. */
static void insert(double *sorted, int count, double value)
{
    int at = count;
    for (; at > 0 && sorted[at - 1] > value; at--)
        sorted[at] = sorted[at - 1];
    sorted[at] = value;
}

bool rebut_paired_ap(const struct rebut_ranking *first,
                     const struct rebut_ranking *second,
                     const struct rebut_clusters *clusters, struct rebut_difference *ret,
                     struct rebut_error *err)
{
    if (!check_pair(first, second, err))
        return false;
    double sorted[REBUT_PAIRED_DRAWS];
    uint64_t state = SEED;
    int tries = TRIES;
    for (uint32_t i = 0; i < clusters->clusters; i++)
        clusters->times[i] = 1;
    const double value = drawn_ap(first, clusters) - drawn_ap(second, clusters);
    for (int i = 0; i < REBUT_PAIRED_DRAWS;) {
        draw(clusters, &state);
        const double drawn = drawn_ap(first, clusters) - drawn_ap(second, clusters);
        if (isnan(drawn) && tries-- > 0)
            continue;
        insert(sorted, i++, isnan(drawn) ? value : drawn);
    }
    *ret = (struct rebut_difference){
        .value = value,
        .range = {sorted[REBUT_PAIRED_DRAWS / 40],
                  sorted[REBUT_PAIRED_DRAWS - 1 - REBUT_PAIRED_DRAWS / 40]}};
    return true;
}

/* Number the distinct scores from 1, best first; gives how many pairs are ties and, by
 * *ret_squares, the sum of squares of mean ranks around their mean. */
static double number_scores(const struct rebut_ranking *ranking, uint32_t *ret_number,
                            double *ret_squares)
{
    const double middle = ((double)ranking->count + 1) / 2;
    double tied = 0;
    uint32_t number = 0;
    *ret_squares = 0;
    for (size_t at = 0; at < ranking->count;) {
        const size_t end = tie_end(ranking, at);
        const double size = (double)(end - at);
        const double off = ((double)at + (double)end + 1) / 2 - middle;
        *ret_squares += size * off * off;
        tied += size * (size - 1) / 2;
        number++;
        for (; at < end; at++)
            ret_number[ranking->order[at]] = number;
    }
    return tied;
}

/* A Fenwick tree over the numbers 1 … count. */
static uint32_t up_to(const uint32_t *tree, uint32_t number)
{
    uint32_t sum = 0;
    for (; number > 0; number &= number - 1)
        sum += tree[number];
    return sum;
}

/* Pairs in the same order in both less pairs in opposite orders. */
static double concordance(const struct rebut_ranking *first, const uint32_t *number,
                          uint32_t *tree)
{
    const size_t count = first->count;
    double sum = 0;
    for (size_t i = 0; i <= count; i++)
        tree[i] = 0;
    for (size_t at = 0; at < count;) {
        const size_t end = tie_end(first, at);
        for (size_t i = at; i < end; i++) {
            const uint32_t own = number[first->order[i]];
            const double before = up_to(tree, own - 1);
            sum += before - ((double)at - up_to(tree, own));
        }
        for (; at < end; at++)
            for (size_t i = number[first->order[at]]; i <= count; i += i & (~i + 1))
                tree[i]++;
    }
    return sum;
}

/* Sum of products of mean ranks around their mean.  twice: room for
 * twice the mean rank in the second, which is whole, [count]. */
static double rank_products(const struct rebut_ranking *first,
                            const struct rebut_ranking *second, uint32_t *twice)
{
    const double middle = ((double)first->count + 1) / 2;
    double sum = 0;
    for (size_t at = 0; at < second->count;) {
        const size_t end = tie_end(second, at);
        const uint32_t here = (uint32_t)(at + end + 1);
        for (; at < end; at++)
            twice[second->order[at]] = here;
    }
    for (size_t at = 0; at < first->count;) {
        const size_t end = tie_end(first, at);
        const double own = ((double)at + (double)end + 1) / 2 - middle;
        for (; at < end; at++)
            sum += own * ((double)twice[first->order[at]] / 2 - middle);
    }
    return sum;
}

bool rebut_rank_agreement(const struct rebut_ranking *first,
                          const struct rebut_ranking *second, uint32_t *work,
                          struct rebut_rank_agreement *ret, struct rebut_error *err)
{
    if (first->count != second->count)
        return rebut_fail(err, REBUT_EINPUT, "two rankings of other requests");
    const size_t count = first->count;
    const double pairs = (double)count * ((double)count - 1) / 2;
    double squares_first = 0, squares_second = 0;
    const double tied_first = number_scores(first, work, &squares_first);
    const double tied_second = number_scores(second, work, &squares_second);
    const double both = sqrt(pairs - tied_first) * sqrt(pairs - tied_second);
    const double spread = sqrt(squares_first) * sqrt(squares_second);
    ret->kendall = both > 0 ? concordance(first, work, work + count) / both : (double)NAN;
    ret->spearman =
        spread > 0 ? rank_products(first, second, work) / spread : (double)NAN;
    return true;
}
