/* Attack episodes: a burst of requests from accounts without a record. */
#include <stdlib.h>

#include "rebut/multiple.h"
#include "rebut/score.h"
#include "rebut/special.h"

/* Below this trust (a weight times a readiness) an account counts as untrusted: fewer
 * than two orders elsewhere, or a record of abuse. */
#define TRUSTED 0.4

struct tally {
    double claims[2];        /* untrusted, trusted */
    rebut_fixed exposure[2]; /* expected faults of their orders */
};

static int compare_doubles(const void *left, const void *right)
{
    const double a = *(const double *)left, b = *(const double *)right;
    return a < b ? -1 : a > b;
}

static void count(const struct rebut_inference *inference, struct tally *tallies)
{
    const struct rebut_frame *frame = inference->frame;
    for (uint32_t i = 0; i < frame->rows_count; i++) {
        const struct rebut_row *row = &frame->rows[i];
        tallies[frame->unit_merchant[row->unit]]
            .exposure[(double)row->trust >= TRUSTED] +=
            rebut_to_fixed(inference->mu[row->cell]);
    }
    for (uint32_t i = 0; i < frame->claims_count; i++) {
        if (frame->claims[i].first != i)
            continue;
        const struct rebut_row *row = &frame->rows[frame->claims[i].row];
        tallies[frame->unit_merchant[row->unit]].claims[(double)row->trust >= TRUSTED] +=
            1;
    }
}

static double p_value(const struct tally *tally)
{
    const double untrusted = rebut_from_fixed(tally->exposure[0]);
    const double trusted = rebut_from_fixed(tally->exposure[1]);
    const double claims = tally->claims[0] + tally->claims[1];
    if (claims == 0 || untrusted + trusted <= 0)
        return 1;
    return rebut_binomial_upper(tally->claims[0], claims,
                                untrusted / (untrusted + trusted));
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
    count(inference, tallies);
    uint32_t tested = 0;
    double *sorted = p + merchants;
    for (uint32_t m = 0; m < merchants; m++) {
        p[m] = p_value(&tallies[m]);
        if (tallies[m].claims[0] + tallies[m].claims[1] > 0)
            sorted[tested++] = p[m];
    }
    qsort(sorted, tested, sizeof *sorted, compare_doubles);
    const double threshold = rebut_bh_threshold(sorted, tested, .05);
    for (uint32_t m = 0; m < merchants; m++)
        ret_episode[m] = p[m] <= threshold && tallies[m].claims[0] >= 5;
    ok = true;
done:
    free(tallies);
    free(p);
    return ok;
}
