/* Attack episodes: a burst of requests from accounts without a record. */
#include <stdlib.h>

#include "rebut/multiple.h"
#include "rebut/score.h"
#include "rebut/special.h"

/* An account with fewer orders elsewhere than this has no record to speak of. */
#define RECORD_ORDERS 2
/* A burst has at least this many requests of such accounts. */
#define BURST 5

/* What accounts without a record [0] and with one [1] did at a merchant. */
struct tally {
    double claims[2];
    rebut_fixed exposure[2]; /* expected faults of their orders */
};

static int compare_doubles(const void *left, const void *right)
{
    const double a = *(const double *)left, b = *(const double *)right;
    return a < b ? -1 : a > b;
}

static void count_buyer(const struct rebut_inference *inference, uint32_t buyer,
                        struct tally *tallies)
{
    const struct rebut_frame *frame = inference->frame;
    const uint32_t begin = frame->buyer_rows[buyer], end = frame->buyer_rows[buyer + 1];
    for (uint32_t first = begin, last = 0; first < end; first = last) {
        struct tally *tally = &tallies[frame->unit_merchant[frame->rows[first].unit]];
        for (last = first + 1; last < end && !frame->rows[last].starts; last++)
            continue;
        const bool record = end - begin - (last - first) >= RECORD_ORDERS;
        for (uint32_t row = first; row < last; row++)
            tally->exposure[record] +=
                rebut_to_fixed(inference->mu[frame->rows[row].cell]);
        for (uint32_t i = frame->buyer_claims[buyer]; i < frame->buyer_claims[buyer + 1];
             i++)
            if (frame->claims[i].first == i && frame->claims[i].row >= first &&
                frame->claims[i].row < last)
                tally->claims[record] += 1;
    }
}

/* All tallies in one. */
struct whole {
    double claims[2];
    rebut_total exposure[2];
};

static struct whole sum_of(const struct tally *tallies, uint32_t merchants)
{
    struct whole whole = {0};
    for (uint32_t m = 0; m < merchants; m++)
        for (int record = 0; record < 2; record++) {
            whole.claims[record] += tallies[m].claims[record];
            whole.exposure[record] += tallies[m].exposure[record];
        }
    return whole;
}

/* How much more often accounts without a record ask at other merchants, at least once:
 * with its own in it, an attack would pass for the custom of such accounts. */
static double excess_elsewhere(const struct whole *whole, const struct tally *own)
{
    double claims[2], exposure[2];
    for (int record = 0; record < 2; record++) {
        claims[record] = whole->claims[record] - own->claims[record];
        exposure[record] =
            rebut_from_total(whole->exposure[record] - own->exposure[record]);
    }
    if (claims[1] == 0 || exposure[0] == 0 || exposure[1] == 0)
        return 1;
    const double excess = claims[0] / exposure[0] / (claims[1] / exposure[1]);
    return excess > 1 ? excess : 1;
}

static double p_value(const struct tally *tally, double excess)
{
    const double without = rebut_from_fixed(tally->exposure[0]) * excess;
    const double with = rebut_from_fixed(tally->exposure[1]);
    const double claims = tally->claims[0] + tally->claims[1];
    if (claims == 0 || without + with <= 0)
        return 1;
    return rebut_binomial_upper(tally->claims[0], claims, without / (without + with));
}

bool rebut_episodes(const struct rebut_inference *inference, uint8_t *ret_episode,
                    struct rebut_error *err)
{
    const uint32_t merchants = inference->frame->merchants;
    struct tally *tallies = calloc(merchants + (size_t)1, sizeof *tallies);
    double *p = malloc((2 * (size_t)merchants + 1) * sizeof *p);
    bool ok = false;
    if (tallies == NULL || p == NULL) {
        rebut_fail_memory(err, "attack episodes");
        goto done;
    }
    for (uint32_t b = 0; b < inference->frame->buyers; b++)
        count_buyer(inference, b, tallies);
    const struct whole whole = sum_of(tallies, merchants);
    uint32_t tested = 0;
    double *sorted = p + merchants;
    for (uint32_t m = 0; m < merchants; m++) {
        p[m] = p_value(&tallies[m], excess_elsewhere(&whole, &tallies[m]));
        if (tallies[m].claims[0] + tallies[m].claims[1] > 0)
            sorted[tested++] = p[m];
    }
    qsort(sorted, tested, sizeof *sorted, compare_doubles);
    const double threshold = rebut_bh_threshold(sorted, tested, .05);
    for (uint32_t m = 0; m < merchants; m++)
        ret_episode[m] = p[m] <= threshold && tallies[m].claims[0] >= BURST;
    ok = true;
done:
    free(tallies);
    free(p);
    return ok;
}
