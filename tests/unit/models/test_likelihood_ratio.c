#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "near.h"
#include "rebut/likelihood_ratio.h"

static double likelihood(uint64_t a, uint64_t b, uint64_t c, uint64_t d)
{
    const struct rebut_word_counts counts = {a, b, c, d};
    return rebut_word_likelihood(&counts);
}

static void the_swiss_equals_the_published_value(void **state)
{
    (void)state;
    assert_near(likelihood(110, 2442, 111, 29114), 270.7218769, 5e-8);
    assert_near(likelihood(111, 29114, 110, 2442), -270.7218769, 5e-8);
    assert_near(likelihood(3, 0, 10, 20), 6.060674722939, 5e-12);
}

static void nothing_to_compare_says_nothing(void **state)
{
    (void)state;
    assert_near(likelihood(0, 0, 0, 0), 0, 0);
    assert_near(likelihood(5, 5, 0, 0), 0, 0);
    assert_near(likelihood(0, 5, 0, 7), 0, 0);
    assert_near(likelihood(5, 0, 7, 0), 0, 0);
    assert_near(likelihood(10, 30, 20, 60), 0, 1e-12);
    assert_true(isfinite(likelihood(UINT64_MAX, 1, 1, UINT64_MAX)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_swiss_equals_the_published_value),
        cmocka_unit_test(nothing_to_compare_says_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
