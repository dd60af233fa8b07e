/* Forms are data: strict, each fact with its source, and what is unknown stays so. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "rebut/forms.h"

static struct rebut_form form_at(int index)
{
    struct rebut_form form;
    struct rebut_error err = {0};
    if (!rebut_form_find(rebut_form_files[index].name, &form, &err))
        fail_msg("%s", err.message);
    return form;
}

/* What is written, NUL-terminated; free it. */
static char *written(const struct rebut_form *form, int language)
{
    struct rebut_output out;
    assert_true(rebut_output_memory(&out, NULL));
    if (language < 0)
        rebut_form_write_json(form, &out);
    else
        rebut_form_write(form, (enum rebut_language)language, &out);
    rebut_output_write(&out, "", 1);
    assert_int_equal(out.cause, 0);
    char *text = strdup(out.buffer);
    assert_non_null(text);
    rebut_output_release(&out);
    return text;
}

static void every_form_within_is_read_under_its_own_name(void **state)
{
    (void)state;
    assert_int_equal(rebut_form_files_count, 7);
    for (int i = 0; i < rebut_form_files_count; i++) {
        struct rebut_form form = form_at(i);
        assert_string_equal(form.name, rebut_form_files[i].name);
        rebut_form_release(&form);
    }
}

static void the_limits_are_those_that_were_found(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        int64_t text; /* -1: unknown */
        int reasons;
    } rows[] = {{"pinduoduo-after-sale", 300, 8},
                {"wechat-shop-dispute", 500, 0},
                {"kuaishou-refund", 500, 0},
                {"douyin-evidence", -1, 0},
                {"wechat-pay-refusal", 200, 0},
                {"taobao-tmall", -1, 0},
                {"jd", -1, 0}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct rebut_form form;
        assert_true(rebut_form_find(rows[i].name, &form, NULL));
        const struct rebut_form_number *text = &form.numbers[REBUT_FORM_TEXT];
        assert_int_equal(text->fact.known ? text->value : -1, rows[i].text);
        assert_int_equal(form.reason_count, rows[i].reasons);
        rebut_form_release(&form);
    }
}

/* A line a fact: which says "unknown" has no digit, and there are as many as unknowns. */
static void no_unknown_is_printed_as_known(void **state)
{
    (void)state;
    static const char *const words[] = {"未知", "unknown"};
    for (int i = 0; i < rebut_form_files_count; i++)
        for (int language = 0; language < 2; language++) {
            struct rebut_form form = form_at(i);
            int unknown = !form.kinds_fact.known + !form.reasons_fact.known, said = 0;
            for (int n = 0; n < REBUT_FORM_NUMBERS; n++)
                unknown += !form.numbers[n].fact.known;
            for (int n = 0; n < REBUT_FORM_WORDS; n++)
                unknown += !form.words[n].fact.known;
            char *text = written(&form, language);
            char *rest = text;
            for (char *line; (line = strsep(&rest, "\n")) != NULL;) {
                if (strstr(line, words[language]) == NULL)
                    continue;
                said++;
                assert_int_equal(strcspn(line, "0123456789"), strlen(line));
                assert_null(strstr(line, language == 0 ? "来源" : "source"));
            }
            assert_int_equal(said, unknown);
            free(text);
            rebut_form_release(&form);
        }
}

static void what_is_written_as_json_reads_as_the_same_form(void **state)
{
    (void)state;
    for (int i = 0; i < rebut_form_files_count; i++) {
        struct rebut_form form = form_at(i), again;
        struct rebut_error err = {0};
        char *text = written(&form, -1);
        if (!rebut_form_read(rebut_text_of(text), "again", &again, &err))
            fail_msg("%s", err.message);
        char *other = written(&again, -1);
        assert_string_equal(text, other);
        free(text);
        free(other);
        rebut_form_release(&form);
        rebut_form_release(&again);
    }
}

/* The WeChat Pay form with one piece of its JSON replaced. */
static void assert_refused(const char *piece, const char *by, const char *message)
{
    struct rebut_form form, other;
    struct rebut_error err = {0};
    assert_true(rebut_form_find("wechat-pay-refusal", &form, NULL));
    char *text = written(&form, -1);
    char *at = strstr(text, piece);
    assert_non_null(at);
    const size_t room = strlen(text) + strlen(by) + 1;
    char *changed = malloc(room);
    assert_non_null(changed);
    snprintf(changed, room, "%.*s%s%s", (int)(at - text), text, by, at + strlen(piece));
    assert_false(rebut_form_read(rebut_text_of(changed), "x.json", &other, &err));
    assert_non_null(strstr(err.message, "'x.json'"));
    if (strstr(err.message, message) == NULL)
        fail_msg("expected '%s' in '%s'", message, err.message);
    free(changed);
    free(text);
    rebut_form_release(&form);
}

static void what_is_wrong_is_named_with_its_place(void **state)
{
    (void)state;
    char text[700] = "\"name\":\"";
    memset(text + 8, 'a', 600);
    strncat(text, "\"", 2);
    assert_refused("\"window\":", "\"windows\":", "expected a member 'window'");
    assert_refused("\"name\":", "\"more\":1,\"name\":", "unknown member 'more'");
    assert_refused("\"name\":", "\"window\":1,\"name\":", "no JSON");
    assert_refused("\"value\":200", "\"value\":\"200\"",
                   "text_limit.value: expected null or a whole number");
    assert_refused("\"value\":200", "\"value\":200.0", "text_limit.value");
    assert_refused("\"value\":200", "\"value\":0", "text_limit.value");
    assert_refused("\"value\":200", "\"value\":null",
                   "text_limit: expected no source and no date");
    assert_refused("\"text_limit\":{\"date\":\"2025-09-01\"",
                   "\"text_limit\":{\"date\":null",
                   "text_limit: a known value without date");
    assert_refused("\"text_limit\":{\"date\":\"2025-09-01\"",
                   "\"text_limit\":{\"date\":\"soon\"", "text_limit.date: expected YYYY");
    assert_refused("\"text_limit\":{\"date\":\"2025-09-01\"",
                   "\"text_limit\":{\"date\":\"2025-13\"",
                   "text_limit.date: expected YYYY");
    assert_refused("\"window\":{\"date\":null,\"source\":null,\"value\":null",
                   "\"window\":{\"date\":\"2026\",\"source\":null,\"value\":{}",
                   "window: a known value without source");
    assert_refused("\"reasons\":{\"date\":null,\"source\":null,\"value\":null",
                   "\"reasons\":{\"date\":\"2026\",\"source\":\"x\",\"value\":"
                   "[{\"text\":\"y\",\"proof\":\"sure\"}]",
                   "reasons.value[0].proof: expected null");
    assert_refused("\"zh\":\"微信支付\"", "\"zh\":\"\\u001b[31m\"",
                   "platform.zh: a control character");
    assert_refused("\"name\":\"wechat-pay-refusal\"", text, "name: longer than");
    assert_refused("rebut-form-1", "rebut-form-2", "expected schema 'rebut-form-1'");
}

static void a_name_that_is_none_is_no_path(void **state)
{
    (void)state;
    struct rebut_form form;
    struct rebut_error err = {0};
    assert_false(rebut_form_find("nobody", &form, &err));
    assert_int_equal(err.code, REBUT_EUSAGE);
    err = (struct rebut_error){0};
    assert_false(rebut_form_find("./nobody.json", &form, &err));
    assert_int_equal(err.code, REBUT_EIO);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_form_within_is_read_under_its_own_name),
        cmocka_unit_test(the_limits_are_those_that_were_found),
        cmocka_unit_test(no_unknown_is_printed_as_known),
        cmocka_unit_test(what_is_written_as_json_reads_as_the_same_form),
        cmocka_unit_test(what_is_wrong_is_named_with_its_place),
        cmocka_unit_test(a_name_that_is_none_is_no_path),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
