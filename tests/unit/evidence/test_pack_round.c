/* Rounding of a shop's edition: to one of the two steps around a number. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../../../engine/evidence/pack_round.h"
#include "rebut/time.h"

static void counts_go_to_a_step_beside_them(void **state)
{
    (void)state;
    const int64_t plain[][2] = {{0, 0},   {1, 1},   {2, 2},   {3, 2},
                                {4, 5},   {6, 5},   {8, 10},  {14, 10},
                                {15, 20}, {31, 20}, {32, 50}, {999, 1000}};
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++)
        assert_int_equal(rebut_round_count(plain[i][0], true, INT64_MAX, .5),
                         plain[i][1]);
    assert_int_equal(rebut_round_count(3, true, INT64_MAX, .01), 5);
    assert_int_equal(rebut_round_count(3, true, INT64_MAX, .99), 2);
    assert_int_equal(rebut_round_count(5, true, INT64_MAX, .01), 5);
    assert_int_equal(rebut_round_count(4, true, 4, .01), 4);
    assert_int_equal(rebut_round_count(2, false, INT64_MAX, .01), 3);
    assert_int_equal(rebut_round_count(2, false, INT64_MAX, .99), 1);
    assert_true(rebut_round_count(INT64_MAX, true, INT64_MAX, .5) > 0);
}

static void numbers_of_any_size_go_to_1_2_or_5(void **state)
{
    (void)state;
    assert_true(fabs(rebut_round_125(.031, .5) - .02) < 1e-15);
    assert_true(fabs(rebut_round_125(.031, .1) - .05) < 1e-15);
    assert_true(fabs(rebut_round_125(99, .5) - 100) < 1e-9);
    assert_true(fabs(rebut_round_125(2, .001) - 2) < 1e-15);
    assert_true(isnan(rebut_round_125((double)NAN, .5)));
    assert_true(rebut_round_125(0, .5) == 0);
}

static void a_score_stays_on_its_side_of_each_border(void **state)
{
    (void)state;
    const double none = (double)NAN;
    assert_true(rebut_round_between(1.3, none, none) == 1.5);
    assert_true(rebut_round_between(3.6, none, none) == 4);
    assert_true(rebut_round_between(-11, none, none) == -6);
    for (double x = -8; x < 8; x += .013)
        for (double border = -7; border < 7; border += .37) {
            const double near = rebut_round_between(x, border, border - .05);
            assert_int_equal(near >= border, x >= border);
            assert_int_equal(near <= border - .05, x <= border - .05);
        }
    assert_true(isnan(rebut_round_between(none, 1, 0)));
}

static void draws_differ_by_secret_and_by_number(void **state)
{
    (void)state;
    double sum = 0;
    for (int i = 0; i < 200; i++)
        sum += rebut_round_draw(REBUT_TEXT("secret"), i);
    assert_true(fabs(sum / 200 - .5) < .07);
    assert_true(rebut_round_draw(REBUT_TEXT("a"), 1) !=
                rebut_round_draw(REBUT_TEXT("b"), 1));
    assert_true(rebut_round_draw((struct rebut_text){0}, 1) == .5);
}

static void ages_and_delays_go_to_the_lower_end_of_their_class(void **state)
{
    (void)state;
    assert_int_equal(rebut_round_age(29 * REBUT_DAY), 0);
    assert_int_equal(rebut_round_age(400 * REBUT_DAY), 365 * REBUT_DAY);
    assert_int_equal(rebut_round_age(9999 * REBUT_DAY), 730 * REBUT_DAY);
    assert_int_equal(rebut_round_delay(-REBUT_DAY), 0);
    assert_int_equal(rebut_round_delay(26 * REBUT_HOUR), REBUT_DAY);
    assert_true(rebut_round_delay(REBUT_TIME_NONE) == REBUT_TIME_NONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_go_to_a_step_beside_them),
        cmocka_unit_test(numbers_of_any_size_go_to_1_2_or_5),
        cmocka_unit_test(a_score_stays_on_its_side_of_each_border),
        cmocka_unit_test(draws_differ_by_secret_and_by_number),
        cmocka_unit_test(ages_and_delays_go_to_the_lower_end_of_their_class),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
