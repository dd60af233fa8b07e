#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "near.h"
#include "rebut/survey.h"

/* Two that were checked for certain and abusive, one of ten that was not:
 * 2 / 12; squares (2 * 25 + 100) / 36 * 3 / 2 = 6.25; error 2.5 / 12. */
static void a_drawn_request_stands_for_those_not_drawn(void **state)
{
    (void)state;
    struct rebut_hajek sums = {0};
    struct rebut_estimate estimate;
    rebut_hajek_add(&sums, 1, true);
    rebut_hajek_add(&sums, 1, true);
    rebut_hajek_add(&sums, 10, false);
    assert_true(rebut_hajek_estimate(&sums, &estimate, NULL));
    assert_near(estimate.value, 1.0 / 6, 1e-15);
    assert_near(estimate.range.low, .010463, 1e-5);
    assert_near(estimate.range.high, .790925, 1e-5);
    assert_int_equal(estimate.count, 3);
}

static void none_of_three_is_no_proof_of_none(void **state)
{
    (void)state;
    struct rebut_hajek sums = {0};
    struct rebut_estimate estimate;
    assert_true(rebut_hajek_estimate(&sums, &estimate, NULL));
    assert_true(isnan(estimate.value));
    assert_near(estimate.range.high, 1, 0);
    for (int i = 0; i < 3; i++)
        rebut_hajek_add(&sums, 10, false);
    assert_true(rebut_hajek_estimate(&sums, &estimate, NULL));
    assert_near(estimate.value, 0, 0);
    assert_near(estimate.range.low, 0, 0);
    assert_near(estimate.range.high, 1 - cbrt(.025), 1e-9);
}

static void unequal_weights_are_worth_fewer_requests(void **state)
{
    (void)state;
    struct rebut_hajek sums = {0};
    struct rebut_estimate estimate;
    rebut_hajek_add(&sums, 1, true);
    rebut_hajek_add(&sums, 3, true); /* 16 / 10: one request */
    assert_true(rebut_hajek_estimate(&sums, &estimate, NULL));
    assert_near(estimate.range.low, .025, 1e-9);
    assert_near(estimate.range.high, 1, 0);
}

/* 35 of 50 agree, half by chance; the error by the paper's formula:
 * (0.10972 + 0.10188 - 0.01) / (50 * 0.25). */
static void kappa_and_its_error_are_those_of_the_formula(void **state)
{
    (void)state;
    static const double said[4] = {20, 5, 10, 15};
    const struct rebut_kappa kappa = rebut_kappa(said);
    assert_int_equal(kappa.cases, 50);
    assert_near(kappa.agreement, .7, 1e-15);
    assert_near(kappa.kappa, .4, 1e-12);
    assert_near(kappa.error, sqrt(.2016 / 12.5), 1e-12);
}

static void kappa_needs_two_words(void **state)
{
    (void)state;
    static const double none[4] = {0}, one[4] = {0, 0, 0, 7};
    assert_true(isnan(rebut_kappa(none).agreement));
    assert_near(rebut_kappa(one).agreement, 1, 0);
    assert_true(isnan(rebut_kappa(one).kappa));
}

static void what_reviewers_get_wrong_is_taken_off(void **state)
{
    (void)state;
    assert_near(rebut_share_corrected(.2, .05), .15 / .9, 1e-15);
    assert_near(rebut_share_corrected(.02, .05), 0, 0);
    assert_near(rebut_share_corrected(.99, .05), 1, 0);
    assert_near(rebut_share_corrected(.3, 0), .3, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_drawn_request_stands_for_those_not_drawn),
        cmocka_unit_test(none_of_three_is_no_proof_of_none),
        cmocka_unit_test(unequal_weights_are_worth_fewer_requests),
        cmocka_unit_test(kappa_and_its_error_are_those_of_the_formula),
        cmocka_unit_test(kappa_needs_two_words),
        cmocka_unit_test(what_reviewers_get_wrong_is_taken_off),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
