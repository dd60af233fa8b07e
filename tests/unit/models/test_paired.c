#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "near.h"
#include "rebut/paired.h"

#define MOST 400

struct ranked {
    uint32_t order[MOST], work[MOST];
    struct rebut_ranking ranking;
};

static const struct rebut_ranking *rank(struct ranked *ranked, const double *scores,
                                        const uint8_t *labels, size_t count)
{
    assert_true(rebut_ranking_make(scores, labels, count, ranked->order, ranked->work,
                                   &ranked->ranking, NULL));
    return &ranked->ranking;
}

static const uint8_t labels[4] = {1, 1, 0, 0};
static const double good[4] = {.9, .8, .3, .1}, worse[4] = {.9, .4, .5, .1};

/* Components of the worse: 1, 1/2; 1/2, 1.  Of the good: 1 all.  Differences of each
 * class: 0 and 1/2, variance 1/8, a half of which counts: 1/16 each. */
static void the_difference_of_auc_is_delong_s(void **state)
{
    (void)state;
    struct ranked a, b;
    double work[8];
    struct rebut_difference difference;
    assert_true(rebut_paired_auc(rank(&a, good, labels, 4), rank(&b, worse, labels, 4),
                                 work, &difference, NULL));
    assert_near(difference.value, .25, 1e-15);
    assert_near(difference.range.high - .25, 1.959963984540054 * sqrt(.125), 1e-12);
    assert_near(.25 - difference.range.low, 1.959963984540054 * sqrt(.125), 1e-12);
}

static void ties_count_half_as_in_the_auc_itself(void **state)
{
    (void)state;
    static const double even[4] = {.5, .5, .5, .5};
    struct ranked a, b;
    double work[8], auc;
    struct rebut_difference difference;
    assert_true(rebut_paired_auc(rank(&a, even, labels, 4), rank(&b, worse, labels, 4),
                                 work, &difference, NULL));
    assert_true(rebut_metric_auc(&b.ranking, &auc, NULL));
    assert_near(difference.value, .5 - auc, 1e-15);
}

static void a_ranking_against_itself_differs_by_nothing(void **state)
{
    (void)state;
    static const uint32_t cluster[4] = {0, 1, 2, 2};
    struct ranked a;
    double work[8];
    uint32_t times[3];
    struct rebut_difference difference;
    rank(&a, worse, labels, 4);
    assert_true(rebut_paired_auc(&a.ranking, &a.ranking, work, &difference, NULL));
    assert_near(difference.range.high, 0, 0);
    const struct rebut_clusters clusters = {cluster, 3, times};
    assert_true(rebut_paired_ap(&a.ranking, &a.ranking, &clusters, &difference, NULL));
    assert_near(difference.range.low, 0, 0);
    assert_near(difference.range.high, 0, 0);
}

static void other_requests_and_one_class_are_refused(void **state)
{
    (void)state;
    static const uint8_t others[4] = {1, 0, 1, 0}, ones[4] = {1, 1, 1, 1};
    struct ranked a, b;
    double work[8];
    struct rebut_difference difference;
    struct rebut_error err = {0};
    assert_false(rebut_paired_auc(rank(&a, good, labels, 4), rank(&b, good, others, 4),
                                  work, &difference, &err));
    assert_int_equal(err.code, REBUT_EINPUT);
    assert_false(rebut_paired_auc(rank(&a, good, ones, 4), rank(&b, good, ones, 4), work,
                                  &difference, NULL));
}

/* With one cluster every draw is everything. */
static void the_difference_of_ap_is_that_of_the_two(void **state)
{
    (void)state;
    static const uint32_t cluster[4] = {0};
    struct ranked a, b;
    uint32_t times[1];
    struct rebut_difference difference;
    const struct rebut_clusters clusters = {cluster, 1, times};
    assert_true(rebut_paired_ap(rank(&a, good, labels, 4), rank(&b, worse, labels, 4),
                                &clusters, &difference, NULL));
    assert_near(difference.value, 1.0 / 6, 1e-15); /* 1 less (1 + 2/3) / 2 */
    assert_near(difference.range.low, difference.value, 1e-15);
    assert_near(difference.range.high, difference.value, 1e-15);
}

/* 400 requests, all noise but for the first ranking's knowledge. */
static void requests_of_one_buyer_are_drawn_together(void **state)
{
    (void)state;
    static double knows[MOST], guesses[MOST];
    static uint8_t said[MOST];
    static uint32_t own[MOST], shared[MOST], times[MOST];
    struct ranked a, b;
    struct rebut_difference alone, together, again;
    uint32_t dice = 12345;
    for (uint32_t i = 0; i < MOST; i++) {
        dice = dice * 1664525 + 1013904223;
        own[i] = i;
        shared[i] = i / 20;
        said[i] = i / 20 % 3 == 0;
        guesses[i] = (dice >> 8) / 16777216.0;
        knows[i] = (guesses[i] + (said[i] && i / 20 % 2 == 0)) / 2;
    }
    rank(&a, knows, said, MOST);
    rank(&b, guesses, said, MOST);
    const struct rebut_clusters by_request = {own, MOST, times};
    const struct rebut_clusters by_buyer = {shared, MOST / 20, times};
    assert_true(rebut_paired_ap(&a.ranking, &b.ranking, &by_request, &alone, NULL));
    assert_true(rebut_paired_ap(&a.ranking, &b.ranking, &by_buyer, &together, NULL));
    assert_true(rebut_paired_ap(&a.ranking, &b.ranking, &by_buyer, &again, NULL));
    assert_true(alone.range.low > 0 && alone.range.low < alone.value &&
                alone.value < alone.range.high);
    assert_true(together.range.high - together.range.low >
                1.5 * (alone.range.high - alone.range.low));
    assert_near(again.range.low, together.range.low, 0);
    assert_near(again.range.high, together.range.high, 0);
}

static void agreement(const double *x, const double *y, double spearman, double kendall)
{
    struct ranked a, b;
    uint32_t work[9];
    struct rebut_rank_agreement got;
    assert_true(rebut_rank_agreement(rank(&a, x, labels, 4), rank(&b, y, labels, 4), work,
                                     &got, NULL));
    assert_near(got.spearman, spearman, 1e-12);
    assert_near(got.kendall, kendall, 1e-12);
    assert_true(rebut_rank_agreement(&b.ranking, &a.ranking, work, &got, NULL));
    assert_near(got.spearman, spearman, 1e-12);
    assert_near(got.kendall, kendall, 1e-12);
}

static void agreement_of_orders_is_spearman_s_and_kendall_s(void **state)
{
    (void)state;
    static const double straight[4] = {.1, .2, .3, .4}, swapped[4] = {.1, .3, .2, .4};
    static const double back[4] = {.4, .3, .2, .1}, tied[4] = {.1, .2, .2, .3};
    agreement(straight, straight, 1, 1);
    agreement(straight, back, -1, -1);
    agreement(straight, swapped, .8, 2.0 / 3);
    agreement(tied, straight, 4.5 / sqrt(22.5), 5 / sqrt(30));
}

static void agreement_with_a_single_value_is_no_number(void **state)
{
    (void)state;
    static const double even[4] = {.5, .5, .5, .5};
    struct ranked a, b;
    uint32_t work[9];
    struct rebut_rank_agreement got;
    assert_true(rebut_rank_agreement(rank(&a, even, labels, 4), rank(&b, good, labels, 4),
                                     work, &got, NULL));
    assert_true(isnan(got.spearman) && isnan(got.kendall));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_difference_of_auc_is_delong_s),
        cmocka_unit_test(ties_count_half_as_in_the_auc_itself),
        cmocka_unit_test(a_ranking_against_itself_differs_by_nothing),
        cmocka_unit_test(other_requests_and_one_class_are_refused),
        cmocka_unit_test(the_difference_of_ap_is_that_of_the_two),
        cmocka_unit_test(requests_of_one_buyer_are_drawn_together),
        cmocka_unit_test(agreement_of_orders_is_spearman_s_and_kendall_s),
        cmocka_unit_test(agreement_with_a_single_value_is_no_number),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
