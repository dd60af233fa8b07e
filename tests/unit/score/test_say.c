/* Unit tests of engine/score/say.c: snprintf decides what is right. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../../engine/score/say.h"

static uint64_t next(uint64_t *seed)
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return *seed >> 11;
}

#define SAME(format, ...)                                                                \
    do {                                                                                 \
        char ours[512], theirs[512];                                                     \
        const int a = rebut_say(ours, sizeof ours, format, __VA_ARGS__);                 \
        const int b = snprintf(theirs, sizeof theirs, format, __VA_ARGS__);              \
        assert_string_equal(ours, theirs);                                               \
        assert_int_equal(a, b);                                                          \
    } while (0)

static void all_forms(double x)
{
    char figure[REBUT_FIGURE_SIZE], printed[32];
    snprintf(printed, sizeof printed, "%.6g", x);
    assert_int_equal(rebut_say_figure(figure, x), strlen(printed));
    assert_string_equal(figure, printed);
    SAME("%.0f|%.1f|%.2f|%.3f|%.6g", x, x, x, x, x);
    SAME("%.0f|%.1f|%.2f|%.3f|%.6g", -x, -x, -x, -x, -x);
}

static void counts_are_those_of_printf(void **state)
{
    (void)state;
    static const uint64_t counts[] = {0, 9, 10, 4294967296u, UINT64_MAX};
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        char ours[REBUT_FIGURE_SIZE], theirs[32];
        snprintf(theirs, sizeof theirs, "%llu", (unsigned long long)counts[i]);
        assert_int_equal(rebut_say_count(ours, counts[i]), strlen(theirs));
        assert_string_equal(ours, theirs);
    }
}

static void figures_are_those_of_printf(void **state)
{
    (void)state;
    static const double edges[] = {0,           1e-300,       9.99999e-5,
                                   1e-4,        .00099999949, .5,
                                   1.5,         2.5,          .125,
                                   .375,        .045,         9.9999995,
                                   99999.95,    1e5,          1e15,
                                   999999.4999, 999999.5,     999999.9,
                                   1e6,         1234567.5,    (double)INFINITY,
                                   (double)NAN};
    for (size_t i = 0; i < sizeof edges / sizeof edges[0]; i++)
        all_forms(edges[i]);
    uint64_t seed = 3;
    for (int i = 0; i < 200000; i++)
        all_forms(ldexp((double)next(&seed), -53 - 15 + (int)(next(&seed) % 40)));
    for (int i = 0; i < 20000; i++) { /* ties, and what only looks like one */
        all_forms((double)(next(&seed) % 2000000) / 16);
        all_forms((double)(next(&seed) % 20000) / 200);
    }
}

static void words_counts_and_what_does_not_fit(void **state)
{
    (void)state;
    char text[8];
    SAME("%s: %llu of %llu, %.1f%%", "商家", 0ull, ~0ull, 12.25);
    SAME("%5d left to printf, %s", 3, "all of it");
    assert_int_equal(rebut_say(text, sizeof text, "%s", "123456789"), 9);
    assert_string_equal(text, "1234567");
    assert_int_equal(rebut_say(text, 1, "%.2f", 3.14), 4);
    assert_string_equal(text, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_are_those_of_printf),
        cmocka_unit_test(figures_are_those_of_printf),
        cmocka_unit_test(words_counts_and_what_does_not_fit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
