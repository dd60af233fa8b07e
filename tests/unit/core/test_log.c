#include "rebut/log.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static int64_t noon(void)
{
    return INT64_C(1764072000250000); /* 2025-11-25T12:00:00.25Z */
}

static void a_line_is_one_json_object(void **state)
{
    (void)state;
    char *said = NULL;
    size_t size = 0;
    const struct rebut_log log = {open_memstream(&said, &size), noon};
    rebut_log(&log, "info", "read", ",\"rows\":%d", 7);
    fclose(log.to);
    assert_string_equal(said,
                        "{\"at\":\"2025-11-25T12:00:00.250000Z\",\"level\":\"info\","
                        "\"event\":\"read\",\"rows\":7}\n");
    free(said);
}

static void a_message_is_escaped(void **state)
{
    (void)state;
    char *said = NULL;
    size_t size = 0;
    const struct rebut_log log = {open_memstream(&said, &size), NULL};
    struct rebut_error err = {0};
    assert_false(rebut_fail(&err, REBUT_ETRY, "no \"server\"\n\\"));
    rebut_log_error(&log, "failed", &err);
    fclose(log.to);
    assert_string_equal(said,
                        "{\"level\":\"error\",\"event\":\"failed\",\"exit_code\":75,"
                        "\"message\":\"no \\\"server\\\"\\u000a\\\\\"}\n");
    free(said);
}

static void no_log_is_silent(void **state)
{
    (void)state;
    const struct rebut_log log = {NULL, noon};
    rebut_log(NULL, "info", "read", "%s", "");
    rebut_log(&log, "info", "read", "%s", "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_is_one_json_object),
        cmocka_unit_test(a_message_is_escaped),
        cmocka_unit_test(no_log_is_silent),
    };
    return cmocka_run_group_tests_name("log", tests, NULL, NULL);
}
