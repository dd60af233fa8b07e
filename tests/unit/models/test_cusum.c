#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "chance.h"
#include "near.h"
#include "rebut/cusum.h"

static void run_lengths_equal_the_reference(void **state)
{
    (void)state;
    double length = 0;
    assert_true(rebut_cusum_run_length(.5, 4, &length, NULL));
    assert_near(length, 335.3675776, 5e-8);
    assert_true(rebut_cusum_run_length(.5, 5, &length, NULL));
    assert_near(length, 930.8870121, 6e-8);
    assert_true(rebut_cusum_run_length(1, 3, &length, NULL));
    assert_near(length, 1962.79451984, 1e-7);
    assert_false(rebut_cusum_run_length((double)NAN, 4, &length, NULL));
    assert_false(rebut_cusum_run_length(.5, 11, &length, NULL));
    double last = 1;
    for (double h = .1; h <= 10; h += .45) {
        assert_true(rebut_cusum_run_length(.5, h, &length, NULL));
        assert_true(length > last);
        last = length;
    }
}

static void a_request_speaks_for_a_turn_as_far_as_fault_does_not_explain_it(void **state)
{
    (void)state;
    assert_near(rebut_turn_increment(1, .02, 1, .5, .1), log(6) - .05, 1e-15);
    assert_near(rebut_turn_increment(0, (double)NAN, 1, .5, .1), -.05, 1e-17);
    assert_true(rebut_turn_increment(1, .5, 1, .5, .1) <
                rebut_turn_increment(1, .02, 1, .5, .1));
    assert_true(isnan(rebut_turn_increment(1, 0, 1, .5, .1)));
    assert_true(isnan(rebut_turn_increment(1, .1, -1, .5, .1)));
    assert_true(isnan(rebut_turn_increment(1, .1, 1, (double)NAN, .1)));
    assert_true(isnan(rebut_turn_increment(1, 1e-300, 1e300, 1, .1)));
}

/* One order of a buyer with abuse rate `a`: circumstances vary, and so does a mark of
 * likelihood ratio 3 or 1/3. */
static double order(uint64_t *seed, double a, double a1)
{
    const double p = .005 + .3 * chance(seed) * chance(seed), nu = 2 * chance(seed);
    const double abuse = nu * a;
    const bool requested = chance(seed) < 1 - exp(-(p + abuse));
    const bool is_abuse = chance(seed) * (p + abuse) < abuse;
    const double ratio = chance(seed) < (is_abuse ? .75 : .25) ? 3 : 1 / 3.;
    return rebut_turn_increment(requested, p, nu * ratio, nu, a1);
}

static void honest_buyers_alarm_no_oftener_than_the_bound(void **state)
{
    (void)state;
    enum { BUYERS = 4000, ORDERS = 200 };
    uint64_t seed = 6;
    int alarms = 0, alarms_sum = 0, alarms_cusum = 0;
    for (int buyer = 0; buyer < BUYERS; buyer++) {
        struct rebut_turn turn = rebut_turn_start();
        double sum_peak = 0, cusum_peak = 0;
        for (int i = 0; i < ORDERS; i++) {
            assert_true(rebut_turn_add(&turn, order(&seed, 0, .2), .02));
            sum_peak = fmax(sum_peak, turn.sum);
            cusum_peak = fmax(cusum_peak, turn.cusum);
        }
        alarms += rebut_turn_bound(turn.peak) <= .05;
        alarms_sum += rebut_turn_bound(sum_peak) <= .05;
        alarms_cusum += rebut_turn_bound(cusum_peak) <= .05;
    }
    const double most = BUYERS * .05 + 3 * sqrt(BUYERS * .05 * .95);
    assert_true(alarms > 10 && alarms <= most);
    assert_true(alarms_sum <= most);
    assert_true(alarms_cusum > most); /* why the header says so */
}

static void a_buyer_who_turns_late_is_found_by_the_mixture(void **state)
{
    (void)state;
    uint64_t seed = 9;
    int found = 0, found_sum = 0;
    for (int buyer = 0; buyer < 500; buyer++) {
        struct rebut_turn turn = rebut_turn_start();
        double sum_peak = 0;
        for (int i = 0; i < 120; i++) {
            assert_true(rebut_turn_add(&turn, order(&seed, i < 80 ? 0 : .3, .3), .02));
            sum_peak = fmax(sum_peak, turn.sum);
        }
        found += rebut_turn_bound(turn.peak) <= .05;
        found_sum += rebut_turn_bound(sum_peak) <= .05;
    }
    assert_true(found > 400 && found_sum < found / 2);
}

static void the_mixture_is_the_sum_over_the_moments_of_turning(void **state)
{
    (void)state;
    uint64_t seed = 4;
    double steps[30], whole = 0;
    struct rebut_turn turn = rebut_turn_start();
    for (int i = 0; i < 30; i++) {
        steps[i] = chance_normal(&seed);
        assert_true(rebut_turn_add(&turn, steps[i], .1));
    }
    for (int from = 0; from < 30; from++) {
        double term = .1 * pow(.9, from);
        for (int i = from; i < 30; i++)
            term *= exp(steps[i]);
        whole += term;
    }
    assert_near(exp(turn.turned) / whole, 1, 1e-12);
    assert_near(exp(turn.honest), pow(.9, 30), 1e-14);
    const struct rebut_turn before = turn;
    assert_false(rebut_turn_add(&turn, (double)NAN, .1));
    assert_false(rebut_turn_add(&turn, 1, 0));
    assert_false(rebut_turn_add(&turn, 1, (double)NAN));
    assert_memory_equal(&before, &turn, sizeof turn);
    assert_near(rebut_turn_bound(-1), 1, 0);
    assert_true(isnan(rebut_turn_bound((double)NAN)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(run_lengths_equal_the_reference),
        cmocka_unit_test(a_request_speaks_for_a_turn_as_far_as_fault_does_not_explain_it),
        cmocka_unit_test(honest_buyers_alarm_no_oftener_than_the_bound),
        cmocka_unit_test(a_buyer_who_turns_late_is_found_by_the_mixture),
        cmocka_unit_test(the_mixture_is_the_sum_over_the_moments_of_turning),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
