/* Targets are taken apart as RFC 3986 has them, or refused; patterns fit what they say.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../../engine/http/http_parts.h"

static char room[HTTP_TARGET_MAX];
static struct http_target target;

static const char *wrong(const char *raw)
{
    return rebut_http_target(raw, room, &target);
}

static void a_target_is_split_and_decoded(void **state)
{
    (void)state;
    assert_null(wrong("/v1/requests/r%201%2F%E8%8C%B6?lang=zh&q=a+b%26c&empty="));
    assert_int_equal(target.segment_count, 3);
    assert_string_equal(target.segments[2], "r 1/茶");
    assert_int_equal(target.query_count, 3);
    assert_string_equal(target.query[1].value, "a b&c");
    assert_string_equal(target.query[2].value, "");
    assert_null(wrong("/"));
    assert_int_equal(target.segment_count, 1);
    assert_string_equal(target.segments[0], "");
    assert_null(wrong("/a+b?"));
    assert_string_equal(target.segments[0], "a+b");
    assert_int_equal(target.query_count, 0);
}

static void what_is_no_target_is_refused(void **state)
{
    static const char *const bad[] = {
        "",       "x",         "http://x/", "*",        "/a/../b",    "/a/./b",
        "/..",    "/%2e%2e/b", "/%",        "/%2",      "/%zz",       "/%00",
        "/a%0ab", "/a?b=%0d",  "/%ff",      "/%c0%af",  "/a?b",       "/a?b=c&d",
        "/a#b",   "/a\x7f",    "/%7f",      "/a?%ff=b", "/%ed%a0%80", "/a/%2E"};
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (wrong(bad[i]) == NULL)
            fail_msg("taken: '%s'", bad[i]);
    assert_null(wrong("/1/2/3/4/5/6/7/8/9/10/11/12"));
    assert_non_null(wrong("/1/2/3/4/5/6/7/8/9/10/11/12/13"));
    char many[400] = "/a?";
    for (int i = 0; i < HTTP_QUERY_MAX; i++)
        strncat(many, i == 0 ? "a=b" : "&a=b", sizeof many - strlen(many) - 1);
    assert_null(wrong(many));
    strncat(many, "&a=b", sizeof many - strlen(many) - 1);
    assert_non_null(wrong(many));
    char long_one[HTTP_TARGET_MAX + 2];
    memset(long_one, 'a', sizeof long_one);
    long_one[0] = '/', long_one[HTTP_TARGET_MAX - 1] = '\0';
    assert_null(wrong(long_one));
    long_one[HTTP_TARGET_MAX - 1] = 'a', long_one[HTTP_TARGET_MAX] = '\0';
    assert_non_null(wrong(long_one));
}

static bool fits(const char *pattern, const char *raw, const char **ret_first)
{
    const char *values[4] = {0};
    char names[4][32];
    assert_null(wrong(raw));
    const bool ok = rebut_http_fits(pattern, &target, values, names, 4);
    *ret_first = values[0];
    return ok;
}

static void a_pattern_fits_what_it_says_and_no_more(void **state)
{
    const char *value = NULL;
    (void)state;
    assert_true(fits("/v1/requests/{id}", "/v1/requests/r1", &value));
    assert_string_equal(value, "r1");
    assert_true(fits("/v1/requests/{id}", "/v1/requests/a%2Fb", &value));
    assert_string_equal(value, "a/b");
    assert_true(fits("/v1/{id}/evidence.{form}", "/v1/x/evidence.pdf", &value));
    assert_false(fits("/v1/{id}/evidence.{form}", "/v1/x/evidence.", &value));
    assert_false(fits("/v1/{id}/evidence.{form}", "/v1/x/evidence", &value));
    assert_false(fits("/v1/requests/{id}", "/v1/requests/", &value));
    assert_false(fits("/v1/requests/{id}", "/v1/requests", &value));
    assert_false(fits("/v1/requests/{id}", "/v1/requests/a/b", &value));
    assert_false(fits("/v1/requests", "/v1/requests/", &value));
    assert_false(fits("/v1/requests", "/v1/Requests", &value));
    assert_false(fits("/v1/requests", "//v1/requests", &value));
}

static void a_bucket_empties_fills_and_says_how_long(void **state)
{
    struct http_rates *rates = rebut_http_rates_new(10, 5);
    const uint64_t one = rebut_http_rates_name("one", 3),
                   two = rebut_http_rates_name("two", 3);
    int wait = -1;
    (void)state;
    assert_non_null(rates);
    assert_true(one != two);
    for (int i = 0; i < 5; i++)
        assert_true(rebut_http_rates_take(rates, one, 1, 1000000, &wait));
    assert_false(rebut_http_rates_take(rates, one, 1, 1000000, &wait));
    assert_int_equal(wait, 1);
    assert_true(rebut_http_rates_take(rates, two, 1, 1000000, &wait));
    assert_false(rebut_http_rates_take(rates, one, 1, 1099999, &wait));
    assert_true(rebut_http_rates_take(rates, one, 1, 1100001, &wait));
    assert_false(rebut_http_rates_take(rates, one, 2, 1110000, &wait));
    assert_true(rebut_http_rates_take(rates, one, 5, 9000000, &wait));
    assert_false(rebut_http_rates_take(rates, one, 1, 9000000, &wait));
    rebut_http_rates_free(rates);
}

/* More names than there is room for: the one that is used all the time is not forgotten
 * for the sake of others more often than the room makes it. */
static void many_names_take_no_more_room(void **state)
{
    struct http_rates *rates = rebut_http_rates_new(1, 1);
    int wait = 0;
    (void)state;
    for (uint64_t i = 0; i < 200000; i++)
        assert_true(rebut_http_rates_take(rates, rebut_http_rates_name(&i, sizeof i), 1,
                                          (int64_t)i, &wait));
    rebut_http_rates_free(rates);
}

static void answer_nothing(struct rebut_http_call *call)
{
    (void)call;
}

static void the_document_says_what_the_table_says(void **state)
{
    static const struct rebut_http_param params[] = {
        {"id", REBUT_HTTP_PATH, REBUT_HTTP_TEXT, true, 1, 9, NULL, "a \"quoted\" word"},
        {"n", REBUT_HTTP_QUERY, REBUT_HTTP_INTEGER, false, -1, 7, NULL, "a number"},
        {"w", REBUT_HTTP_BODY, REBUT_HTTP_WORD, true, 0, 0, "a b", "a word"},
        {NULL, REBUT_HTTP_PATH, REBUT_HTTP_TEXT, false, 0, 0, NULL, NULL}};
    static const struct rebut_http_route routes[] = {
        {"GET", "/x/{id}", "readX", "reads", NULL, params, REBUT_HTTP_NO_BODY, 200, NULL,
         "X", answer_nothing, NULL},
        {"POST", "/x/{id}", "writeX", "writes", "x:write", params, REBUT_HTTP_JSON, 201,
         NULL, "X", answer_nothing, NULL},
        {NULL, NULL, NULL, NULL, NULL, NULL, REBUT_HTTP_NO_BODY, 0, NULL, NULL, NULL,
         NULL}};
    static const struct rebut_http_schema schemas[] = {{"X", "{}"}, {NULL, NULL}};
    const struct rebut_http_options options = {
        .routes = routes, .schemas = schemas, .title = "x"};
    struct rebut_output out;
    (void)state;
    assert_true(rebut_output_memory(&out, NULL));
    rebut_http_openapi(&options, &out);
    rebut_output_write(&out, "", 1);
    static const char *const parts[] = {
        "\"openapi\":\"3.1.0\"",
        "\"/x/{id}\":{\"get\":{\"operationId\":\"readX\"",
        "},\"post\":{\"operationId\":\"writeX\"",
        "\"description\":\"a \\\"quoted\\\" "
        "word\",\"schema\":{\"type\":\"string\",\"minLength\":1,\"maxLength\":9}",
        "{\"type\":\"integer\",\"minimum\":-1,\"maximum\":7}",
        "\"properties\":{\"w\":{\"type\":\"string\",\"enum\":[\"a\",\"b\"]}},"
        "\"required\":[\"w\"]",
        "\"security\":[{\"token\":[\"x:write\"]}",
        "\"responses\":{\"201\"",
        "\"/healthz\"",
        "\"X\":{}"};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (strstr(out.buffer, parts[i]) == NULL)
            fail_msg("not there: %s", parts[i]);
    rebut_output_release(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_target_is_split_and_decoded),
        cmocka_unit_test(what_is_no_target_is_refused),
        cmocka_unit_test(a_pattern_fits_what_it_says_and_no_more),
        cmocka_unit_test(a_bucket_empties_fills_and_says_how_long),
        cmocka_unit_test(many_names_take_no_more_room),
        cmocka_unit_test(the_document_says_what_the_table_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
