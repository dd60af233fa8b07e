#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <gsl/gsl_errno.h>

#include "chance.h"
#include "near.h"
#include "rebut/sampled.h"

#define LIST 1500
static struct rebut_sampled list[LIST], reviewed[LIST];

/* A list with 100 sure slots at its top; below it flagged ones are reviewed with chance
 * .4 and the others with .15: what a week's queue looks like. */
static void draw_list(uint64_t *seed)
{
    for (int i = 0; i < LIST; i++) {
        const double p = i < 300 ? .9 - .0015 * i : .12;
        list[i] = (struct rebut_sampled){.propensity = i < 100   ? 1
                                                       : i < 300 ? .4
                                                                 : .15,
                                         .abuse = chance(seed) < p,
                                         .flagged = i < 300};
    }
}

static size_t review(uint64_t *seed)
{
    size_t count = 0;
    for (int i = 0; i < LIST; i++)
        if (chance(seed) < list[i].propensity)
            reviewed[count++] = list[i];
    return count;
}

static void estimates_are_unbiased_and_their_intervals_cover(void **state)
{
    (void)state;
    enum { WEEKS = 2000 };
    uint64_t seed = 23;
    double bias[3] = {0}, spread[3] = {0}, stated[3] = {0}, total = 0;
    int covered[3] = {0};
    for (int week = 0; week < WEEKS; week++) {
        draw_list(&seed);
        double abuse = 0, caught = 0;
        for (int i = 0; i < LIST; i++) {
            abuse += list[i].abuse;
            caught += list[i].abuse && list[i].flagged;
        }
        const double truth[3] = {abuse / LIST, caught / 300, caught / abuse};
        struct rebut_sample_estimates it;
        assert_true(rebut_sample_estimate(reviewed, review(&seed), .95, &it, NULL));
        const struct rebut_share *share[3] = {&it.prevalence, &it.precision, &it.recall};
        for (int k = 0; k < 3; k++) {
            const double off = share[k]->share - truth[k];
            bias[k] += off / WEEKS;
            spread[k] += off * off / WEEKS;
            stated[k] += share[k]->error * share[k]->error / WEEKS;
            covered[k] += share[k]->low <= truth[k] && truth[k] <= share[k]->high;
        }
        total += it.abuses / abuse / WEEKS;
    }
    for (int k = 0; k < 3; k++) {
        /* ratios have a bias of order 1/n, far below their spread */
        assert_near(bias[k], 0, .1 * sqrt(spread[k]));
        assert_near(stated[k] / spread[k], 1, .12);
        assert_true(covered[k] >= .92 * WEEKS && covered[k] <= .985 * WEEKS);
    }
    assert_near(total, 1, .01);
}

static void ignoring_the_propensities_would_mislead(void **state)
{
    (void)state;
    uint64_t seed = 3;
    draw_list(&seed);
    const size_t count = review(&seed);
    double abuse = 0, truth = 0;
    for (size_t i = 0; i < count; i++)
        abuse += reviewed[i].abuse;
    for (int i = 0; i < LIST; i++)
        truth += list[i].abuse;
    struct rebut_sample_estimates it;
    assert_true(rebut_sample_estimate(reviewed, count, .95, &it, NULL));
    assert_true(abuse / (double)count > 1.5 * truth / LIST);
    assert_true(abuse / (double)count > it.prevalence.high);
}

static void what_was_wholly_reviewed_is_known(void **state)
{
    (void)state;
    static const struct rebut_sampled rows[4] = {
        {1, 1, 1}, {1, 0, 1}, {1, 1, 0}, {1, 0, 0}};
    struct rebut_sample_estimates it;
    assert_true(rebut_sample_estimate(rows, 4, .95, &it, NULL));
    assert_near(it.precision.share, .5, 0);
    assert_near(it.precision.error, 0, 0);
    assert_near(it.precision.high - it.precision.low, 0, 0);
    assert_near(it.requests, 4, 0);
    assert_near(it.abuses, 2, 0);
}

static void seeing_none_is_not_there_being_none(void **state)
{
    (void)state;
    struct rebut_sampled rows[30];
    for (int i = 0; i < 30; i++)
        rows[i] = (struct rebut_sampled){.1, 0, 0};
    struct rebut_sample_estimates it;
    assert_true(rebut_sample_estimate(rows, 30, .95, &it, NULL));
    assert_near(it.prevalence.share, 0, 0);
    assert_near(it.prevalence.low, 0, 0);
    assert_near(it.prevalence.high, 1 - pow(.025, 1 / 30.), 1e-9);
    assert_true(isnan(it.precision.share)); /* nothing was flagged */
    assert_near(it.precision.high - it.precision.low, 1, 0);
    assert_near(it.prevalence.draws, 30, 1e-6);
}

static void rows_in_another_order_give_the_same_bytes(void **state)
{
    (void)state;
    uint64_t seed = 5;
    draw_list(&seed);
    const size_t count = review(&seed);
    struct rebut_sample_estimates before, after;
    memset(&before, 0, sizeof before);
    memset(&after, 0, sizeof after);
    assert_true(rebut_sample_estimate(reviewed, count, .9, &before, NULL));
    for (size_t i = count - 1; i > 0; i--) {
        const size_t j = chance_below(&seed, (uint32_t)i + 1);
        const struct rebut_sampled keep = reviewed[i];
        reviewed[i] = reviewed[j];
        reviewed[j] = keep;
    }
    assert_true(rebut_sample_estimate(reviewed, count, .9, &after, NULL));
    assert_memory_equal(&before, &after, sizeof before);
}

static void rows_out_of_their_domain_are_refused(void **state)
{
    (void)state;
    const struct rebut_sampled bad[] = {{(double)NAN, 0, 0}, {0, 0, 0}, {1.01, 0, 0},
                                        {1e-5, 0, 0},        {1, 2, 0}, {1, 0, 2}};
    static const struct rebut_sampled fine = {.5, 1, 1};
    struct rebut_sample_estimates it;
    for (int i = 0; i < 6; i++)
        assert_false(rebut_sample_estimate(&bad[i], 1, .95, &it, NULL));
    assert_true(rebut_sample_estimate(&fine, 1, .95, &it, NULL));
    assert_false(rebut_sample_estimate(&fine, 0, .95, &it, NULL));
    assert_false(rebut_sample_estimate(&fine, 1, (double)NAN, &it, NULL));
}

static void a_stated_rate_is_refuted_only_by_enough_reviews(void **state)
{
    (void)state;
    struct rebut_realised it;
    assert_true(rebut_realised_fdp(2, 10, .1, .95, &it, NULL));
    assert_near(it.proportion, .2, 1e-15);
    assert_true(it.keeps);
    assert_true(rebut_realised_fdp(40, 200, .1, .95, &it, NULL));
    assert_false(it.keeps);
    assert_true(rebut_realised_fdp(0, 0, .1, .95, &it, NULL));
    assert_true(isnan(it.proportion) && it.keeps);
    assert_false(rebut_realised_fdp(3, 2, .1, .95, &it, NULL));
    assert_false(rebut_realised_fdp(1, 2, (double)NAN, .95, &it, NULL));
}

static void empty_bins_have_half_a_count(void **state)
{
    (void)state;
    static const uint64_t before[3] = {10, 0, 5}, after[3] = {5, 5, 5};
    double shares[6], psi = 0, sum = 0;
    const double x[3] = {10.5 / 16.5, .5 / 16.5, 5.5 / 16.5};
    for (int i = 0; i < 3; i++)
        sum += (1 / 3. - x[i]) * log(1 / 3. / x[i]);
    assert_true(rebut_psi_of_counts(before, after, 3, shares, &psi, NULL));
    assert_near(psi, sum, 1e-14);
    assert_true(rebut_psi_of_counts(before, before, 3, shares, &psi, NULL));
    assert_near(psi, 0, 0);
    assert_false(rebut_psi_of_counts(before, after, 0, shares, &psi, NULL));
}

int main(void)
{
    gsl_set_error_handler_off();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(estimates_are_unbiased_and_their_intervals_cover),
        cmocka_unit_test(ignoring_the_propensities_would_mislead),
        cmocka_unit_test(what_was_wholly_reviewed_is_known),
        cmocka_unit_test(seeing_none_is_not_there_being_none),
        cmocka_unit_test(rows_in_another_order_give_the_same_bytes),
        cmocka_unit_test(rows_out_of_their_domain_are_refused),
        cmocka_unit_test(a_stated_rate_is_refuted_only_by_enough_reviews),
        cmocka_unit_test(empty_bins_have_half_a_count),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
