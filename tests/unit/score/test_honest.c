/* Requests that were confirmed as legitimate, and how a new one compares. */
#include "rebut/honest.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "near.h"

static void a_p_value_is_the_upper_limit_of_the_chance(void **state)
{
    (void)state;
    struct rebut_honest honest;
    struct rebut_error err = {0};
    assert_true(rebut_honest_open(&honest, 4, &err));
    const double log_odds[] = {2, -1, 0, 0}, weight[] = {1, 1, .5, .5};
    for (int i = 0; i < 4; i++) {
        honest.log_odds[i] = log_odds[i];
        honest.weight[i] = weight[i];
    }
    assert_true(rebut_honest_sort(&honest, &err));
    assert_near(honest.log_odds[0], -1, 0);
    assert_near(rebut_honest_above(&honest, 3), 0, 0);
    assert_near(rebut_honest_above(&honest, 2), 1, 1e-15);
    assert_near(rebut_honest_above(&honest, 0), 2, 1e-15);
    /* None of three: 1 - 0.1^(1/3); all of three: certain. */
    assert_near(rebut_honest_p(&honest, 0), 1 - pow(.1, 1. / 3), 1e-9);
    assert_near(rebut_honest_p(&honest, 3), 1, 0);
    assert_true(rebut_honest_p(&honest, 1) > rebut_honest_p(&honest, 0));
    rebut_honest_close(&honest);
    assert_near(rebut_honest_p(&honest, 0), 1, 0);
}

static void of_too_many_evenly_spaced_ones_are_kept(void **state)
{
    (void)state;
    const uint32_t many = 3 * REBUT_HONEST_MAX;
    struct rebut_honest honest;
    struct rebut_error err = {0};
    assert_true(rebut_honest_open(&honest, many, &err));
    for (uint32_t i = 0; i < many; i++) {
        honest.log_odds[i] = (double)(many - i);
        honest.weight[i] = 1;
    }
    assert_true(rebut_honest_sort(&honest, &err));
    assert_int_equal(honest.count, REBUT_HONEST_MAX);
    assert_near(honest.log_odds[0], 1, 0);
    assert_near(honest.log_odds[REBUT_HONEST_MAX - 1], many - 2, 0);
    assert_near(honest.tail[0], REBUT_HONEST_MAX, 1e-6);
    rebut_honest_close(&honest);
}

static void a_weight_of_nothing_is_refused(void **state)
{
    (void)state;
    struct rebut_honest honest;
    struct rebut_error err = {0};
    assert_true(rebut_honest_open(&honest, 1, &err));
    assert_false(rebut_honest_sort(&honest, &err));
    assert_int_equal(err.code, REBUT_EINPUT);
    rebut_honest_close(&honest);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_p_value_is_the_upper_limit_of_the_chance),
        cmocka_unit_test(of_too_many_evenly_spaced_ones_are_kept),
        cmocka_unit_test(a_weight_of_nothing_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
