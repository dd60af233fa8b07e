#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "rebut/fixed.h"

static void a_unit_is_two_to_the_minus_forty(void **state)
{
    (void)state;
    assert_int_equal(rebut_to_fixed(0), 0);
    assert_int_equal(rebut_to_fixed(1), INT64_C(1) << 40);
    assert_int_equal(rebut_to_fixed(-1), -(INT64_C(1) << 40));
    assert_int_equal(rebut_to_fixed(0x1p-40), 1);
    assert_true(rebut_from_fixed(1) == 0x1p-40);
    assert_true(rebut_from_fixed(-3) == -0x3p-40);
    assert_true(rebut_from_total((rebut_total)1 << 100) == 0x1p60);
}

static void halves_are_rounded_away_from_zero(void **state)
{
    (void)state;
    assert_int_equal(rebut_to_fixed(0x1p-41), 1);
    assert_int_equal(rebut_to_fixed(-0x1p-41), -1);
    assert_int_equal(rebut_to_fixed(0x1.8p-40), 2);
    assert_int_equal(rebut_to_fixed(-0x1.8p-40), -2);
    assert_int_equal(rebut_to_fixed(0x1.fp-42), 0);
    assert_int_equal(rebut_to_fixed(-0x1.fp-42), 0);
}

static void a_term_out_of_range_saturates_and_nan_is_nothing(void **state)
{
    (void)state;
    const rebut_fixed most = (rebut_fixed)(REBUT_FIXED_MAX * REBUT_FIXED_ONE);
    assert_int_equal(rebut_to_fixed(REBUT_FIXED_MAX), most);
    assert_int_equal(rebut_to_fixed(1e300), most);
    assert_int_equal(rebut_to_fixed((double)INFINITY), most);
    assert_int_equal(rebut_to_fixed(-REBUT_FIXED_MAX), -most);
    assert_int_equal(rebut_to_fixed(-(double)INFINITY), -most);
    assert_int_equal(rebut_to_fixed((double)NAN), 0);
    assert_int_equal(rebut_to_fixed(-(double)NAN), 0);
}

static void what_was_converted_comes_back_within_half_a_unit(void **state)
{
    (void)state;
    double x = 0.1;
    for (int i = 0; i < 10000; i++) {
        x = fmod(x * 1.61803398875 + 0.7071, 1000);
        assert_true(fabs(rebut_from_fixed(rebut_to_fixed(x)) - x) <= 0x1p-41);
        assert_int_equal(rebut_to_fixed(-x), -rebut_to_fixed(x));
    }
}

static void a_sum_is_the_same_in_every_order(void **state)
{
    (void)state;
    enum { COUNT = 1000 };
    static double terms[COUNT];
    double x = 0.3;
    for (int i = 0; i < COUNT; i++) {
        x = fmod(x * 3.3 + 0.123, 17);
        terms[i] = i % 2 == 0 ? x * 1e5 : -x * 1e-7;
    }
    rebut_total forwards = 0, backwards = 0, mixed = 0;
    for (int i = 0; i < COUNT; i++) {
        forwards += rebut_to_fixed(terms[i]);
        backwards += rebut_to_fixed(terms[COUNT - 1 - i]);
        mixed += rebut_to_fixed(terms[i * 387 % COUNT]);
    }
    assert_true(forwards == backwards && forwards == mixed && forwards != 0);
}

static void a_total_of_very_many_of_the_largest_terms_does_not_overflow(void **state)
{
    (void)state;
    const rebut_total one = rebut_to_fixed(REBUT_FIXED_MAX);
    const rebut_total total = one * INT64_C(100000000000);
    assert_true(total / INT64_C(100000000000) == one);
    assert_true(rebut_from_total(total) == REBUT_FIXED_MAX * 1e11);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_unit_is_two_to_the_minus_forty),
        cmocka_unit_test(halves_are_rounded_away_from_zero),
        cmocka_unit_test(a_term_out_of_range_saturates_and_nan_is_nothing),
        cmocka_unit_test(what_was_converted_comes_back_within_half_a_unit),
        cmocka_unit_test(a_sum_is_the_same_in_every_order),
        cmocka_unit_test(a_total_of_very_many_of_the_largest_terms_does_not_overflow),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
