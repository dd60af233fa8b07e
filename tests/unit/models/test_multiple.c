#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "chance.h"
#include "near.h"
#include "rebut/multiple.h"

/* Benjamini and Hochberg (1995), section 3.2: thrombolysis, 15 comparisons. */
static const double thrombolysis[15] = {.0001, .0004, .0019, .0095, .0201,
                                        .0278, .0298, .0344, .0459, .3240,
                                        .4262, .5719, .6528, .7590, 1.000};

static int rejected(const double *sorted, uint32_t count, double q)
{
    const double threshold = rebut_bh_threshold(sorted, count, q);
    int below = 0;
    for (uint32_t i = 0; i < count; i++)
        below += sorted[i] <= threshold;
    return below;
}

static void the_paper_s_four_rejections_come_out(void **state)
{
    (void)state;
    assert_int_equal(rejected(thrombolysis, 15, .05), 4);
    assert_near(rebut_bh_threshold(thrombolysis, 15, .05), .0095, 0);
    assert_int_equal(rejected(thrombolysis, 15, .1), 9);
}

static void a_later_p_value_may_carry_an_earlier_one(void **state)
{
    (void)state;
    static const double up[] = {.03, .04, .05};
    assert_int_equal(rejected(up, 3, .05), 3); /* .03 alone is above .05 / 3 */
    assert_int_equal(rejected(up, 2, .05), 2);
    assert_int_equal(rejected(up, 1, .02), 0);
}

static void nothing_is_rejected_of_nothing(void **state)
{
    (void)state;
    static const double ones[] = {1, 1, 1}, zeros[] = {0, 0, 0};
    assert_near(rebut_bh_threshold(NULL, 0, .05), -1, 0);
    assert_near(rebut_bh_threshold(ones, 3, .05), -1, 0);
    assert_int_equal(rejected(zeros, 3, .05), 3);
    assert_int_equal(rejected(ones, 3, 1), 3);
}

static void no_number_is_never_rejected(void **state)
{
    (void)state;
    const double unknown[] = {.001, (double)NAN};
    assert_near(rebut_bh_threshold(unknown, 2, .05), .001, 0);
}

static void an_adjusted_p_value_is_the_rate_that_just_rejects_it(void **state)
{
    (void)state;
    double adjusted[15];
    rebut_bh_adjust(thrombolysis, 15, adjusted);
    assert_near(adjusted[3], .0095 * 15 / 4, 1e-15);
    assert_near(adjusted[6], .0298 * 15 / 7, 1e-15);
    assert_near(adjusted[14], 1, 0);
    for (int i = 0; i < 15; i++)
        assert_true(rejected(thrombolysis, 15, adjusted[i] * (1 + 1e-12)) > i &&
                    (i == 14 || rejected(thrombolysis, 15, adjusted[i] * .9999) <= i));
    double own[] = {.001, (double)NAN};
    rebut_bh_adjust(own, 2, own);
    assert_near(own[0], .002, 1e-18);
    assert_near(own[1], 1, 0);
}

static void the_list_goes_down_until_the_mean_doubt_is_too_much(void **state)
{
    (void)state;
    static const double p[] = {.99, .95, .9, .7, .5};
    double q[5];
    uint32_t count = 9;
    assert_true(rebut_posterior_fdr(p, 5, .1, q, &count, NULL));
    assert_int_equal(count, 3); /* .01, .03, .0533, .115, .192 */
    assert_near(q[2], .16 / 3, 1e-12);
    assert_near(q[4], .192, 1e-12);
    assert_true(rebut_posterior_fdr(p, 5, .005, NULL, &count, NULL));
    assert_int_equal(count, 0);
    assert_true(rebut_posterior_fdr(p, 5, 1, NULL, &count, NULL));
    assert_int_equal(count, 5);
    static const double rising[] = {.5, .6};
    const double unknown[] = {.5, (double)NAN};
    assert_false(rebut_posterior_fdr(rising, 2, .1, NULL, &count, NULL));
    assert_false(rebut_posterior_fdr(unknown, 2, .1, NULL, &count, NULL));
    assert_false(rebut_posterior_fdr(p, 5, unknown[1], NULL, &count, NULL));
}

static void a_conformal_p_value_counts_the_legitimate_above(void **state)
{
    (void)state;
    static const double s[] = {.1, .2, .2, .4};
    assert_near(rebut_conformal_p(s, 4, .2), .8, 1e-15);
    assert_near(rebut_conformal_p(s, 4, .41), .2, 1e-15);
    assert_near(rebut_conformal_p(s, 4, 0), 1, 0);
    assert_near(rebut_conformal_p(s, 0, .9), 1, 0);
    assert_near(rebut_conformal_p(s, 4, (double)NAN), 1, 0);
    static const double w[] = {1, 2, 3, 4}, ones[] = {1, 1, 1, 1}, zero[] = {0};
    double tail[5];
    assert_true(rebut_conformal_tails(w, 4, tail, NULL));
    assert_near(rebut_conformal_weighted_p(s, tail, 4, .3, 2), 6 / 12., 1e-15);
    assert_near(rebut_conformal_weighted_p(s, tail, 4, (double)NAN, 2), 1, 0);
    assert_near(rebut_conformal_weighted_p(s, tail, 4, .3, (double)NAN), 1, 0);
    assert_true(rebut_conformal_tails(ones, 4, tail, NULL));
    for (double at = 0; at < .6; at += .05)
        assert_near(rebut_conformal_weighted_p(s, tail, 4, at, 1),
                    rebut_conformal_p(s, 4, at), 0);
    assert_false(rebut_conformal_tails(zero, 1, tail, NULL));
    static const double sorted[] = {.5, .9, .1, .2, .3};
    static const uint32_t start[] = {0, 2, 2, 5};
    const struct rebut_conformal_strata strata = {sorted, start, 3};
    assert_near(rebut_conformal_stratum_p(&strata, 0, .4), 1, 0);
    assert_near(rebut_conformal_stratum_p(&strata, 2, .4), .25, 0);
    assert_near(rebut_conformal_stratum_p(&strata, 1, .4), 1, 0);
    assert_near(rebut_conformal_stratum_p(&strata, 3, .4), 1, 0);
}

static int compare(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Mean share of legitimate requests among the rejected, over 2,000 worlds of 400
 * calibration requests (shifted up by `bias`) and 40 tested, of which 30 legitimate. */
static double false_discoveries(double q, double bias, double *ret_power)
{
    enum { WORLDS = 2000, KNOWN = 400, TESTED = 40, LEGITIMATE = 30 };
    uint64_t seed = 41;
    double sum = 0, found = 0, known[KNOWN], p[TESTED], sorted[TESTED];
    for (int world = 0; world < WORLDS; world++) {
        for (int i = 0; i < KNOWN; i++)
            known[i] = chance_normal(&seed) + bias;
        qsort(known, KNOWN, sizeof *known, compare);
        for (int i = 0; i < TESTED; i++)
            sorted[i] = p[i] = rebut_conformal_p(
                known, KNOWN, chance_normal(&seed) + (i < LEGITIMATE ? 0 : 3));
        qsort(sorted, TESTED, sizeof *sorted, compare);
        const double threshold = rebut_bh_threshold(sorted, TESTED, q);
        int wrong = 0, all = 0;
        for (int i = 0; i < TESTED; i++) {
            all += p[i] <= threshold;
            wrong += p[i] <= threshold && i < LEGITIMATE;
        }
        sum += all > 0 ? (double)wrong / all : 0;
        found += (all - wrong) / 10.;
    }
    *ret_power = found / WORLDS;
    return sum / WORLDS;
}

static void conformal_p_values_keep_the_stated_rate_of_false_discoveries(void **state)
{
    (void)state;
    double power = 0, power_biased = 0;
    const double fair = false_discoveries(.2, 0, &power);
    const double biased = false_discoveries(.2, .5, &power_biased);
    const double error = 3 * sqrt(.2 * .8 / 2000);
    assert_true(fair <= .2 + error && fair >= .1); /* .2 * 30 / 40 in the long run */
    assert_near(fair, .15, error);
    assert_true(biased < fair / 1.5);
    assert_true(power > .7 && power_biased > .4 && power_biased < power);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_paper_s_four_rejections_come_out),
        cmocka_unit_test(a_later_p_value_may_carry_an_earlier_one),
        cmocka_unit_test(nothing_is_rejected_of_nothing),
        cmocka_unit_test(no_number_is_never_rejected),
        cmocka_unit_test(an_adjusted_p_value_is_the_rate_that_just_rejects_it),
        cmocka_unit_test(the_list_goes_down_until_the_mean_doubt_is_too_much),
        cmocka_unit_test(a_conformal_p_value_counts_the_legitimate_above),
        cmocka_unit_test(conformal_p_values_keep_the_stated_rate_of_false_discoveries),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
