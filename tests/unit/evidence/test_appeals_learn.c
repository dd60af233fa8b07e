/* What decided appeals teach, and that neither order nor the future changes it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "chance.h"
#include "near.h"
#include "rebut/appeals_print.h"
#include "rebut/logistic.h"

#define LINE_SIZE 160
#define MANY 600

/* Lines of requests, three each; request i is decided in minute i of 2026-06-03, and
 * log_odds has its P(abuse). */
struct file {
    char (*lines)[LINE_SIZE];
    double log_odds[MANY];
    unsigned count;
};

static void file_open(struct file *file, unsigned appeals, double intercept, double slope)
{
    static const char *const words[] = {"opened", "submitted", "lost", "won"};
    uint64_t dice = 11;
    file->count = 3 * appeals;
    file->lines = calloc(file->count, sizeof *file->lines);
    assert_non_null(file->lines);
    for (unsigned i = 0; i < appeals; i++) {
        file->log_odds[i] = 2 * chance_normal(&dice);
        const bool won =
            chance(&dice) < rebut_logistic(intercept + slope * file->log_odds[i]);
        for (unsigned entry = 0; entry < 3; entry++)
            snprintf(file->lines[3 * i + entry], LINE_SIZE,
                     "{\"request_id\":\"r%05u\",\"status\":\"%s\",\"at\":"
                     "\"2026-06-0%uT%02u:%02u:00Z\",\"platform\":\"p%u\"}\n",
                     i, words[entry == 2 && won ? 3 : entry], entry + 1,
                     entry < 2 ? 0 : i / 60, entry < 2 ? 0 : i % 60, i % 3);
    }
}

static void file_shuffle(struct file *file, uint64_t dice)
{
    char kept[LINE_SIZE];
    for (unsigned i = file->count - 1; i > 0; i--) {
        const unsigned other = chance_below(&dice, i + 1);
        memcpy(kept, file->lines[i], LINE_SIZE);
        memcpy(file->lines[i], file->lines[other], LINE_SIZE);
        memcpy(file->lines[other], kept, LINE_SIZE);
    }
}

/* Learned as of a minute after 2026-06-03T00:00Z. */
static struct rebut_appeals learn(const struct file *file, unsigned minute)
{
    struct rebut_appeals appeals;
    struct rebut_output text;
    struct rebut_error err = {0};
    int64_t start = 0;
    assert_true(rebut_time_parse(REBUT_TEXT("2026-06-03T00:00:00Z"), &start));
    assert_true(rebut_output_memory(&text, NULL));
    for (unsigned i = 0; i < file->count; i++)
        rebut_output_print(&text, "%s", file->lines[i]);
    if (!rebut_appeals_parse(&appeals, (struct rebut_text){text.buffer, text.used},
                             start + minute * REBUT_MINUTE, &err) ||
        !rebut_appeals_learn(&appeals, file->log_odds, &err))
        fail_msg("%s", err.message);
    rebut_output_release(&text);
    return appeals;
}

static void same_learned(const struct rebut_appeals *a, const struct rebut_appeals *b)
{
    assert_int_equal(a->learned.decided, b->learned.decided);
    assert_true(a->learned.intercept == b->learned.intercept);
    assert_true(a->learned.slope == b->learned.slope);
    assert_true(a->learned.slope_sd == b->learned.slope_sd);
    assert_true(a->learned.brier == b->learned.brier);
}

static void the_order_of_lines_changes_no_byte(void **state)
{
    (void)state;
    struct file file;
    struct rebut_output first, next;
    file_open(&file, 200, -1, .7);
    struct rebut_appeals plain = learn(&file, 1000);
    assert_true(rebut_output_memory(&first, NULL));
    assert_true(rebut_appeals_write_json(&plain, true, &first, NULL));
    for (uint64_t seed = 1; seed <= 20; seed++) {
        file_shuffle(&file, seed);
        struct rebut_appeals mixed = learn(&file, 1000);
        same_learned(&plain, &mixed);
        assert_true(rebut_output_memory(&next, NULL));
        assert_true(rebut_appeals_write_json(&mixed, true, &next, NULL));
        assert_int_equal(next.used, first.used);
        assert_memory_equal(next.buffer, first.buffer, first.used);
        rebut_output_release(&next);
        rebut_appeals_close(&mixed);
    }
    rebut_output_release(&first);
    rebut_appeals_close(&plain);
    free(file.lines);
}

static void an_appeal_decided_later_changes_nothing(void **state)
{
    (void)state;
    struct file file;
    file_open(&file, MANY, -1, .7);
    struct rebut_appeals then = learn(&file, 99); /* 100 are decided */
    assert_int_equal(then.learned.decided, 100);
    const unsigned all = file.count;
    file.count = 300; /* as if the others had never come */
    struct rebut_appeals without = learn(&file, 99);
    same_learned(&then, &without);
    file.count = all;
    struct rebut_appeals later = learn(&file, 1000);
    assert_int_equal(later.learned.decided, MANY);
    assert_true(later.learned.slope != then.learned.slope);
    rebut_appeals_close(&then);
    rebut_appeals_close(&without);
    rebut_appeals_close(&later);
    free(file.lines);
}

static void what_is_predicted_knows_no_decision_of_its_own_time(void **state)
{
    (void)state;
    struct file file;
    file_open(&file, 60, -3, .7);
    struct rebut_appeals one_by_one = learn(&file, 1000);
    for (unsigned i = 0; i < 60; i++) /* all in one minute: each is predicted by none */
        memcpy(strstr(file.lines[3 * i + 2], "T00:") + 4, "00", 2);
    struct rebut_appeals at_once = learn(&file, 1000);
    assert_true(one_by_one.learned.brier < one_by_one.learned.brier_abuse);
    assert_near(at_once.learned.brier, at_once.learned.brier_abuse, 1e-9);
    assert_true(at_once.learned.slope == one_by_one.learned.slope);
    rebut_appeals_close(&one_by_one);
    rebut_appeals_close(&at_once);
    free(file.lines);
}

static void requests_without_a_score_are_counted_and_teach_nothing(void **state)
{
    (void)state;
    struct file file;
    file_open(&file, 40, 0, 1);
    for (unsigned i = 0; i < 11; i++)
        file.log_odds[i] = (double)NAN;
    struct rebut_appeals appeals = learn(&file, 1000);
    assert_int_equal(appeals.learned.decided, 29);
    assert_int_equal(appeals.learned.unscored, 11);
    assert_true(appeals.learned.assumed);
    rebut_appeals_close(&appeals);
    free(file.lines);
}

static void the_assumption_is_exact_and_its_interval_wide(void **state)
{
    (void)state;
    struct rebut_appeals none;
    double low = 0, high = 0;
    bool assumed = false;
    assert_true(rebut_appeals_parse(&none, REBUT_TEXT(""), REBUT_TIME_MAX, NULL));
    assert_int_equal(none.as_of, REBUT_TIME_NONE);
    for (double p = 0; p <= 1; p += .125) {
        assert_true(rebut_appeals_probability(&none, p, &low, &high, &assumed) == p);
        assert_true(assumed && low >= 0 && high <= 1 && low <= high);
    }
    rebut_appeals_probability(&none, .5, &low, &high, NULL);
    assert_near(low, rebut_logistic(-1.6448536269514722 * 2), 1e-12); /* sd 2 */
    assert_near(high, 1 - low, 1e-12);
    assert_true(isnan(rebut_appeals_probability(&none, (double)NAN, &low, &high, NULL)));
    assert_true(isnan(low) && isnan(high));
    assert_true(isnan(rebut_appeals_probability(&none, 1.5, NULL, NULL, NULL)));
    rebut_appeals_close(&none);
}

static void one_kind_of_outcome_has_a_finite_answer(void **state)
{
    (void)state;
    struct file file;
    bool assumed = true;
    file_open(&file, 100, 40, 0); /* all won */
    struct rebut_appeals appeals = learn(&file, 1000);
    assert_int_equal(appeals.learned.won, 100);
    const double p = rebut_appeals_probability(&appeals, .5, NULL, NULL, &assumed);
    assert_true(!assumed && p > .9 && p < 1);
    rebut_appeals_close(&appeals);
    free(file.lines);
}

static void a_score_kept_at_submission_is_what_counts(void **state)
{
    (void)state;
    struct file file;
    struct rebut_error err = {0};
    file_open(&file, 200, -1, .7);
    struct rebut_appeals by_hand = learn(&file, 600), kept = learn(&file, 600);
    assert_false(by_hand.learned.kept);
    /* Nothing is known of them by scores: none, and nothing is learned. */
    assert_true(rebut_appeals_learn_scores(&kept, NULL, &err));
    assert_int_equal(kept.learned.decided, 0);
    assert_false(kept.learned.kept);
    kept.submitted_log_odds = malloc(kept.count * sizeof(double));
    assert_non_null(kept.submitted_log_odds);
    memcpy(kept.submitted_log_odds, file.log_odds, kept.count * sizeof(double));
    assert_true(rebut_appeals_learn_scores(&kept, NULL, &err));
    same_learned(&by_hand, &kept);
    assert_true(kept.learned.kept);
    rebut_appeals_close(&by_hand);
    rebut_appeals_close(&kept);
    free(file.lines);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_score_kept_at_submission_is_what_counts),
        cmocka_unit_test(the_order_of_lines_changes_no_byte),
        cmocka_unit_test(an_appeal_decided_later_changes_nothing),
        cmocka_unit_test(what_is_predicted_knows_no_decision_of_its_own_time),
        cmocka_unit_test(requests_without_a_score_are_counted_and_teach_nothing),
        cmocka_unit_test(the_assumption_is_exact_and_its_interval_wide),
        cmocka_unit_test(one_kind_of_outcome_has_a_finite_answer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
