/* assert_near: a double equals what is expected, within a stated tolerance.
 * cmocka's assert_float_equal compares floats and would pass at 1e-7. */
#ifndef TESTS_NEAR_H
#define TESTS_NEAR_H

#include <math.h>

#define assert_near(actual, expected, tolerance)                                         \
    do {                                                                                 \
        const double near_actual = (actual), near_expected = (expected);                 \
        if (!(fabs(near_actual - near_expected) <= (tolerance)))                         \
            fail_msg("%s is %.17g, expected %.17g within %g", #actual, near_actual,      \
                     near_expected, (double)(tolerance));                                \
    } while (0)

#endif
