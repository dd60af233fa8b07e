#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_paper_s_four_rejections_come_out),
        cmocka_unit_test(a_later_p_value_may_carry_an_earlier_one),
        cmocka_unit_test(nothing_is_rejected_of_nothing),
        cmocka_unit_test(no_number_is_never_rejected),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
