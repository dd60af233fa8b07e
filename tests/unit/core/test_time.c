#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "rebut/time.h"

#define LENGTH(list) (sizeof(list) / sizeof *(list))

static void assert_time(const char *text, int64_t expected)
{
    /* In a block of just its size, so that the sanitizer sees any look beyond. */
    const size_t size = strlen(text);
    char *block = malloc(size);
    assert_non_null(block);
    memcpy(block, text, size);
    int64_t time = -1;
    if (!rebut_time_parse((struct rebut_text){block, size}, &time))
        fail_msg("'%s' was refused", text);
    free(block);
    assert_true(time == expected);
}

static void a_time_is_read_with_its_offset(void **state)
{
    (void)state;
    const int64_t t = INT64_C(1772294413000000);
    assert_time("2026-03-01T00:00:13+08:00", t);
    assert_time("2026-02-28T16:00:13Z", t);
    assert_time("2026-02-28t16:00:13z", t);
    assert_time("2026-02-28 16:00:13-00:00", t);
    assert_time("2026-02-28T06:30:13-09:30", t);
    assert_time("2026-03-01T15:59:13+23:59", t);
}

static void a_fraction_is_kept_to_the_microsecond(void **state)
{
    (void)state;
    const int64_t t = INT64_C(1772294413000000);
    assert_time("2026-02-28T16:00:13.5Z", t + 500000);
    assert_time("2026-02-28T16:00:13.000001Z", t + 1);
    assert_time("2026-02-28T16:00:13.0000009Z", t);
    assert_time("2026-02-28T16:00:13.999999999+00:00", t + 999999);
}

static void a_leap_second_is_the_last_microsecond_before_it(void **state)
{
    (void)state;
    assert_time("2016-12-31T23:59:60Z", INT64_C(1483228799999999));
    assert_time("2017-01-01T07:59:60.7+08:00", INT64_C(1483228799999999));
}

static void the_years_1970_to_9999_are_accepted(void **state)
{
    (void)state;
    assert_time("1970-01-01T00:00:00Z", 0);
    assert_time("1969-12-31T16:00:00-08:00", 0);
    assert_time("9999-12-31T23:59:59.999999Z", REBUT_TIME_MAX);
    int64_t time = -1;
    assert_false(rebut_time_parse(REBUT_TEXT("1969-12-31T23:59:59Z"), &time));
    assert_false(rebut_time_parse(REBUT_TEXT("1970-01-01T00:00:00+00:01"), &time));
    assert_false(rebut_time_parse(REBUT_TEXT("9999-12-31T23:59:59-00:01"), &time));
    assert_int_equal(time, -1);
}

static void what_is_no_time_is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        "2026-03-01",
        "2026-03-01T00:00:13",
        "2026-03-01T00:00:13+0800",
        "2026-03-01T00:00:13+8:00",
        "2026-03-01T00:00:13+08:00 ",
        "2026-03-01T00:00:13+24:00",
        "2026-03-01T00:00:13+08:60",
        "2026-03-01T00:00:13.Z",
        "2026-03-01T00:00:13.1234567890Z",
        "2026-00-01T00:00:13Z",
        "2026-13-01T00:00:13Z",
        "2026-03-00T00:00:13Z",
        "2026-03-32T00:00:13Z",
        "2026-02-29T00:00:13Z",
        "2100-02-29T00:00:13Z",
        "2026-03-01T24:00:00Z",
        "2026-03-01T00:60:13Z",
        "2026-03-01T00:00:61Z",
        "2026/03/01T00:00:13Z",
        "2026-03-01_00:00:13Z",
        "20a6-03-01T00:00:13Z",
        "2026-03-01T00:00:1/Z",
    };
    for (size_t i = 0; i < LENGTH(bad); i++) {
        int64_t time = -1;
        if (rebut_time_parse(rebut_text_of(bad[i]), &time))
            fail_msg("'%s' was accepted", bad[i]);
        assert_int_equal(time, -1);
    }
}

static void every_day_is_what_the_c_library_says_both_ways(void **state)
{
    (void)state;
    const int64_t last = REBUT_TIME_MAX / REBUT_DAY;
    for (int64_t day = 0; day <= last; day++) {
        const time_t seconds = (time_t)(day * 86400 + day % 86400);
        struct tm parts;
        char expected[64], text[REBUT_TIME_SIZE];
        gmtime_r(&seconds, &parts);
        strftime(expected, sizeof expected, "%Y-%m-%dT%H:%M:%SZ", &parts);
        rebut_time_format(seconds * REBUT_SECOND, 0, text);
        assert_string_equal(text, expected);
        int64_t time = -1;
        assert_true(rebut_time_parse(rebut_text_of(text), &time));
        assert_true(time == seconds * REBUT_SECOND);
    }
}

static void what_was_written_is_read_back_at_every_offset(void **state)
{
    (void)state;
    int64_t time = INT64_C(1772294413123456);
    for (int offset = -1439; offset <= 1439; offset++) {
        char text[REBUT_TIME_SIZE];
        time = (time * 31 + 987654321987) % REBUT_TIME_MAX;
        rebut_time_format(time, offset, text);
        assert_time(text, time);
    }
}

static void a_time_is_written_with_a_fraction_only_when_there_is_one(void **state)
{
    (void)state;
    char text[REBUT_TIME_SIZE];
    rebut_time_format(INT64_C(1772294413000000), 480, text);
    assert_string_equal(text, "2026-03-01T00:00:13+08:00");
    rebut_time_format(INT64_C(1772294413000001), -570, text);
    assert_string_equal(text, "2026-02-28T06:30:13.000001-09:30");
    rebut_time_format(-1, 0, text);
    assert_string_equal(text, "1969-12-31T23:59:59.999999Z");
    rebut_time_format(INT64_MAX - 1, 0, text); /* refused, and told */
    assert_string_equal(text, "294247-01-10T04:00:54.775806Z");
    rebut_time_format(INT64_MIN + 1, 0, text);
    assert_string_equal(text, "-290308-12-21T19:59:05.224193Z");
    rebut_time_format(REBUT_TIME_NONE, 0, text);
    assert_string_equal(text, "");
}

static void an_argument_may_be_a_date_alone(void **state)
{
    (void)state;
    struct rebut_error err = {0};
    int64_t time = -1;
    assert_true(rebut_time_parse_argument("2026-03-01", &time, &err));
    assert_true(time == INT64_C(1772323200000000));
    assert_true(rebut_time_parse_argument("2026-03-01T00:00:13+08:00", &time, &err));
    assert_true(time == INT64_C(1772294413000000));
    assert_false(rebut_time_parse_argument("yesterday", &time, &err));
    assert_int_equal(err.code, REBUT_EUSAGE);
    assert_string_equal(err.message,
                        "expected a time like '2026-06-30T00:00:00+08:00' or "
                        "'2026-06-30', got 'yesterday'");
    struct rebut_error again = {0};
    assert_false(rebut_time_parse_argument("2026-02-29", &time, &again));
    assert_int_equal(again.code, REBUT_EUSAGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_time_is_read_with_its_offset),
        cmocka_unit_test(a_fraction_is_kept_to_the_microsecond),
        cmocka_unit_test(a_leap_second_is_the_last_microsecond_before_it),
        cmocka_unit_test(the_years_1970_to_9999_are_accepted),
        cmocka_unit_test(what_is_no_time_is_refused),
        cmocka_unit_test(every_day_is_what_the_c_library_says_both_ways),
        cmocka_unit_test(what_was_written_is_read_back_at_every_offset),
        cmocka_unit_test(a_time_is_written_with_a_fraction_only_when_there_is_one),
        cmocka_unit_test(an_argument_may_be_a_date_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
