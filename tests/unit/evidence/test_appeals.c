/* The life of an appeal, entry by entry, and what decided ones teach. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "near.h"
#include "rebut/appeals.h"
#include "rebut/time.h"

#define AT(day) "\"at\":\"2026-06-" #day "T09:00:00+08:00\""
#define LINE(id, status, day)                                                            \
    "{\"request_id\":\"" id "\",\"status\":\"" status "\"," AT(day) "}\n"
#define LATE REBUT_TIME_MAX

static int64_t instant(const char *text)
{
    int64_t at = 0;
    assert_true(rebut_time_parse(rebut_text_of(text), &at));
    return at;
}

static void parse(struct rebut_appeals *ret, const char *text, int64_t as_of)
{
    struct rebut_error err = {0};
    if (!rebut_appeals_parse(ret, rebut_text_of(text), as_of, &err))
        fail_msg("%s", err.message);
}

static void refused(const char *text, const char *words)
{
    struct rebut_appeals appeals = {0};
    struct rebut_error err = {0};
    assert_false(rebut_appeals_parse(&appeals, rebut_text_of(text), LATE, &err));
    assert_int_equal(err.code, REBUT_EDATA);
    if (strstr(err.message, words) == NULL)
        fail_msg("'%s' does not say '%s'", err.message, words);
    rebut_appeals_close(&appeals);
}

static void lines_in_any_order_and_said_twice_are_one_appeal(void **state)
{
    (void)state;
    struct rebut_appeals appeals;
    parse(&appeals,
          LINE("r2", "opened", 03) LINE("r1", "won", 05) LINE("r1", "opened", 01)
              LINE("r1", "submitted", 02) LINE("r1", "won", 05),
          LATE);
    assert_int_equal(appeals.count, 2);
    const struct rebut_appeal *first = rebut_appeals_find(&appeals, REBUT_TEXT("r1"));
    assert_non_null(first);
    assert_int_equal(first->status, REBUT_APPEAL_WON);
    assert_int_equal(first->at[REBUT_APPEAL_SUBMITTED],
                     instant("2026-06-02T09:00:00+08:00"));
    assert_int_equal(first->amount, -1);
    assert_int_equal(first->expires, REBUT_TIME_NONE);
    assert_null(rebut_appeals_find(&appeals, REBUT_TEXT("r3")));
    rebut_appeals_close(&appeals);
}

static void what_came_later_is_not_known_yet(void **state)
{
    (void)state;
    struct rebut_appeals appeals;
    parse(&appeals,
          LINE("r1", "opened", 01) LINE("r1", "submitted", 02) LINE("r1", "lost", 05)
              LINE("r2", "opened", 04),
          instant("2026-06-03T00:00:00+08:00"));
    assert_int_equal(appeals.count, 1);
    assert_int_equal(appeals.list[0].status, REBUT_APPEAL_SUBMITTED);
    rebut_appeals_close(&appeals);
}

static void a_moved_window_is_the_newest(void **state)
{
    (void)state;
    struct rebut_appeals appeals;
    parse(&appeals,
          "{\"request_id\":\"r1\",\"status\":\"opened\"," AT(
              02) ",\"expires_at\":\"2026-06-09T09:00:00+08:00\"}\n"
                  "{\"request_id\":\"r1\",\"status\":\"opened\"," AT(
                      01) ",\"expires_at\":\"2026-06-04T09:00:00+08:00\"}\n",
          LATE);
    assert_int_equal(appeals.list[0].expires, instant("2026-06-09T09:00:00+08:00"));
    rebut_appeals_close(&appeals);
}

static void contradictions_are_refused_with_their_line(void **state)
{
    (void)state;
    refused(LINE("r1", "submitted", 02), "expected 'opened' before 'submitted'");
    refused(LINE("r1", "opened", 01) LINE("r1", "won", 02), "line 2");
    refused(LINE("r1", "opened", 01) LINE("r1", "submitted", 02) LINE("r1", "lost", 03)
                LINE("r1", "won", 04),
            "line 4");
    refused(LINE("r1", "opened", 05) LINE("r1", "submitted", 02), "line 2");
    refused(LINE("r1", "opened", 01) LINE("r1", "submitted", 02)
                LINE("r1", "expired", 03),
            "line 3");
}

/* An entry of r1 on that day with something more. */
#define MORE(status, day, more)                                                          \
    "{\"request_id\":\"r1\",\"status\":\"" status "\"," AT(day) "," more "}\n"

static void a_line_that_says_otherwise_is_refused_and_one_that_agrees_is_not(void **state)
{
    (void)state;
    struct rebut_appeals appeals;
    refused(MORE("opened", 01, "\"amount\":5") MORE("opened", 01, "\"amount\":6"),
            "line 2: expected what line 1 says");
    refused(LINE("r1", "opened", 01) LINE("r1", "submitted", 02)
                LINE("r1", "submitted", 03),
            "line 3: expected what line 2 says");
    refused(MORE("opened", 01, "\"platform\":\"a\"")
                MORE("submitted", 02, "\"platform\":\"b\""),
            "line 2: expected the platform of line 1, found another");
    refused(LINE("r1", "opened", 01) LINE("r1", "submitted", 02) LINE("r1", "opened", 03),
            "expected 'submitted' at or after 'opened' of line 3");
    refused(MORE("opened", 05, "\"expires_at\":\"2026-06-01T09:00:00+08:00\""),
            "'expires_at' at or after 'at'");
    refused(MORE("submitted", 05, "\"expires_at\":\"2026-06-09T09:00:00+08:00\""),
            "of 'opened' only");
    refused(MORE("opened", 01, "\"reason\":null"), "to be a string, got null");
    refused(MORE("opened", 01, "\"amount\":1000000000001"), "whole fen");
    /* Keys in another order, and an escape, say the same. */
    parse(&appeals,
          MORE("opened", 01, "\"amount\":5") "{\"amount\":5," AT(
              01) ",\"status\":\"op\\u0065ned\",\"request_id\":\"r1\"}\n",
          LATE);
    assert_int_equal(appeals.count, 1);
    assert_int_equal(appeals.list[0].amount, 5);
    rebut_appeals_close(&appeals);
}

static void every_size_has_its_limit(void **state)
{
    (void)state;
    struct rebut_appeals appeals;
    const size_t size = REBUT_APPEALS_LINES;
    struct rebut_error err = {0}, next = {0};
    char text[REBUT_APPEALS_LINE_MAX + 300];
    char *lines = malloc(size + 1);
    assert_non_null(lines);
    memset(lines, '\n', size + 1);
    assert_true(
        rebut_appeals_parse(&appeals, (struct rebut_text){lines, size}, LATE, &err));
    rebut_appeals_close(&appeals);
    assert_false(
        rebut_appeals_parse(&appeals, (struct rebut_text){lines, size + 1}, LATE, &err));
    assert_int_equal(err.code, REBUT_ELIMIT);
    free(lines);
    memset(text, ' ', sizeof text);
    assert_false(rebut_appeals_parse(
        &appeals, (struct rebut_text){text, REBUT_APPEALS_LINE_MAX + 1}, LATE, &next));
    assert_int_equal(next.code, REBUT_ELIMIT);
    for (int length = REBUT_APPEALS_TEXT_MAX; length <= REBUT_APPEALS_TEXT_MAX + 1;
         length++) {
        struct rebut_error long_err = {0};
        snprintf(
            text, sizeof text,
            "{\"request_id\":\"r1\",\"status\":\"opened\"," AT(01) ",\"form\":\"%0*d\"}",
            length, 1);
        const bool taken =
            rebut_appeals_parse(&appeals, rebut_text_of(text), LATE, &long_err);
        assert_int_equal(taken, length == REBUT_APPEALS_TEXT_MAX);
        rebut_appeals_close(&appeals);
    }
}

static void bad_entries_are_refused_with_what_was_expected(void **state)
{
    (void)state;
    refused("{\"request_id\":\"r1\",\"status\":\"gone\"," AT(01) "}\n",
            "expected 'status'");
    refused("{\"request_id\":\"r1\",\"status\":\"opened\"}\n", "expected 'at'");
    refused("{\"status\":\"opened\"," AT(01) "}\n", "expected 'request_id'");
    refused("{\"request_id\":\"\",\"status\":\"opened\"," AT(01) "}\n", "1 to");
    refused("{\"request_id\":\"r1\",\"status\":\"opened\",\"at\":\"June\"}\n",
            "RFC 3339");
    refused("{\"request_id\":\"r1\",\"status\":\"opened\"," AT(01) ",\"amount\":-1}\n",
            "whole fen");
    refused("{\"request_id\":\"r1\",\"status\":\"opened\"," AT(01) ",\"amount\":1.5}\n",
            "whole fen");
    refused("{\"request_id\":\"r1\",\"status\":\"opened\"," AT(01) ",\"recovered\":1}\n",
            "'won' only");
    refused("{\"request_id\":\"r1\",\"status\":\"opened\"," AT(01) ",\"note\":\"x\"}\n",
            "expected keys of an appeal");
    refused("{\"request_id\":\"r1\",\"request_id\":\"r1\",\"status\":\"opened\"," AT(
                01) "}\n",
            "got it twice");
    refused("not an object\n", "line 1");
    refused(LINE("r1", "opened", 01) "{\"request_id\":", "line 2");
}

/* `count` appeals decided, each won with P = logistic(intercept + slope * logit
 * P(abuse)); the log-odds go to log_odds. */
static void decided(struct rebut_appeals *ret, int count, double intercept, double slope,
                    double *log_odds)
{
    struct rebut_error err = {0};
    char *text = malloc((size_t)count * 400);
    assert_non_null(text);
    size_t used = 0;
    uint64_t seed = 7;
    for (int i = 0; i < count; i++) {
        seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        const double a = (double)(seed >> 40) / (double)(1 << 24);
        seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        const double b = (double)(seed >> 40) / (double)(1 << 24);
        log_odds[i] = 6 * (a - .5);
        const bool won = b < 1 / (1 + exp(-(intercept + slope * log_odds[i])));
        static const char *const words[] = {"opened", "submitted", "lost", "won"};
        for (int entry = 0; entry < 3; entry++)
            used += (size_t)snprintf(text + used, 130,
                                     "{\"request_id\":\"r%05d\",\"status\":\"%s\",\"at\":"
                                     "\"2026-06-%02dT%02d:%02d:00+08:00\"}\n",
                                     i, words[entry == 2 && won ? 3 : entry],
                                     entry < 2 ? entry + 1 : 3 + i / 1440,
                                     entry < 2 ? 0 : i / 60 % 24, entry < 2 ? 0 : i % 60);
    }
    parse(ret, text, LATE);
    free(text);
    assert_int_equal(ret->count, count);
    assert_true(rebut_appeals_learn(ret, log_odds, &err));
}

static void below_thirty_nothing_is_learned_and_that_is_said(void **state)
{
    (void)state;
    static double log_odds[30];
    for (int count = 29; count <= 30; count++) {
        struct rebut_appeals appeals;
        bool assumed = false;
        decided(&appeals, count, 2, 1, log_odds);
        const double p = rebut_appeals_probability(&appeals, .6, NULL, NULL, &assumed);
        assert_int_equal(assumed, count == 29);
        assert_int_equal(appeals.learned.decided, count);
        if (assumed)
            assert_near(p, .6, 1e-12);
        else
            assert_true(p > .6);
        rebut_appeals_close(&appeals);
    }
}

static void the_truth_of_a_simulation_is_found_again(void **state)
{
    (void)state;
    static double log_odds[4000];
    struct rebut_appeals appeals;
    double low = 0, high = 0;
    bool assumed = true;
    decided(&appeals, 4000, -1, .8, log_odds);
    assert_near(appeals.learned.intercept, -1, 4 * appeals.learned.intercept_sd);
    assert_near(appeals.learned.slope, .8, 4 * appeals.learned.slope_sd);
    assert_true(appeals.learned.slope_sd < .1);
    const double truth = 1 / (1 + exp(1 - .8 * log(.9 / .1)));
    const double p = rebut_appeals_probability(&appeals, .9, &low, &high, &assumed);
    assert_false(assumed);
    assert_near(p, truth, .05);
    assert_true(low < p && p < high);
    assert_true(appeals.learned.brier < appeals.learned.brier_abuse);
    rebut_appeals_close(&appeals);
}

static void expired_appeals_tell_nothing_of_success(void **state)
{
    (void)state;
    struct rebut_appeals appeals;
    struct rebut_error err = {0};
    const double log_odds[] = {1};
    parse(&appeals, LINE("r1", "opened", 01) LINE("r1", "expired", 04), LATE);
    assert_true(rebut_appeals_learn(&appeals, log_odds, &err));
    assert_int_equal(appeals.learned.decided, 0);
    assert_true(isnan(appeals.learned.brier));
    rebut_appeals_close(&appeals);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_in_any_order_and_said_twice_are_one_appeal),
        cmocka_unit_test(what_came_later_is_not_known_yet),
        cmocka_unit_test(a_moved_window_is_the_newest),
        cmocka_unit_test(contradictions_are_refused_with_their_line),
        cmocka_unit_test(
            a_line_that_says_otherwise_is_refused_and_one_that_agrees_is_not),
        cmocka_unit_test(every_size_has_its_limit),
        cmocka_unit_test(bad_entries_are_refused_with_what_was_expected),
        cmocka_unit_test(below_thirty_nothing_is_learned_and_that_is_said),
        cmocka_unit_test(the_truth_of_a_simulation_is_found_again),
        cmocka_unit_test(expired_appeals_tell_nothing_of_success),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
