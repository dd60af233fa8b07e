/* What a person sees while the program works, by a clock that the test moves. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "rebut/progress.h"
#include "rebut/time.h"

static int64_t now_us;
static FILE *file;

static int64_t clock_us(void)
{
    return now_us;
}

static int set_up(void **state)
{
    (void)state;
    now_us = 1000 * REBUT_SECOND;
    file = tmpfile();
    return file == NULL ? -1 : 0;
}

static int tear_down(void **state)
{
    (void)state;
    return fclose(file);
}

static void assert_shown(const char *expected)
{
    static char text[4096];
    rewind(file);
    const size_t size = fread(text, 1, sizeof text - 1, file);
    text[size] = '\0';
    assert_string_equal(text, expected);
}

static void a_file_gets_a_line_every_five_seconds(void **state)
{
    (void)state;
    struct rebut_progress progress;
    rebut_progress_init(&progress, file, "reading", clock_us);
    for (int tenth = 0; tenth <= 110; tenth++) {
        rebut_progress_step(&progress, (uint64_t)tenth, 220, (uint64_t)tenth * 100000);
        now_us += REBUT_SECOND / 10;
    }
    rebut_progress_end(&progress);
    assert_shown("reading  22% 1.0M/s -0:17\nreading  45% 1.0M/s -0:12\n");
}

static void a_terminal_gets_a_bar_that_is_wiped_at_the_end(void **state)
{
    (void)state;
    struct rebut_progress progress;
    rebut_progress_init(&progress, file, "\xe8\xaf\xbb\xe5\x8f\x96", clock_us);
    progress.terminal = true; /* of the 80 columns that are assumed */
    rebut_progress_step(&progress, 1, 4, 1000);
    now_us += 2 * REBUT_SECOND;
    rebut_progress_step(&progress, 1, 4, 1000);
    rebut_progress_step(&progress, 2, 4, 2000); /* too soon */
    rebut_progress_end(&progress);
    rebut_progress_end(&progress);
    assert_shown("\r\xe8\xaf\xbb\xe5\x8f\x96  25% [#############"
                 "..........................................] 500/s -0:06\033[K\r\033[K");
}

static void of_a_whole_that_is_not_known_it_tells_how_much_and_how_long(void **state)
{
    (void)state;
    struct rebut_progress progress;
    rebut_progress_init(&progress, file, "reading", clock_us);
    now_us += 3725 * REBUT_SECOND;
    rebut_progress_step(&progress, 1 << 30, 0, 12345678);
    assert_shown("reading 12M 3.3k/s +1:02:05\n");
}

static void nothing_is_shown_when_it_is_quiet(void **state)
{
    (void)state;
    struct rebut_progress progress;
    rebut_progress_init(&progress, NULL, "reading", clock_us);
    now_us += 100 * REBUT_SECOND;
    rebut_progress_step(&progress, 1, 2, 3);
    rebut_progress_end(&progress);
    rebut_progress_init(&progress, file, "reading", NULL);
    rebut_progress_step(&progress, 1, 2, 3);
    rebut_progress_step(NULL, 1, 2, 3);
    rebut_progress_end(NULL);
    assert_shown("");
}

static void no_figures_break_it(void **state)
{
    (void)state;
    struct rebut_progress progress;
    rebut_progress_init(&progress, file, "reading", clock_us);
    now_us += 5 * REBUT_SECOND;
    rebut_progress_step(&progress, 0, 10, 0);
    now_us += 5 * REBUT_SECOND;
    rebut_progress_step(&progress, UINT64_MAX, 1, UINT64_MAX); /* a file that grew */
    now_us += INT64_C(200000) * REBUT_DAY;
    rebut_progress_step(&progress, 1, UINT64_MAX, 1);
    assert_shown("reading   0% 0/s\nreading 100% 1844674T/s -0:00\n"
                 "reading   0% 0/s -100000:00:00\n");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_file_gets_a_line_every_five_seconds),
        TEST(a_terminal_gets_a_bar_that_is_wiped_at_the_end),
        TEST(of_a_whole_that_is_not_known_it_tells_how_much_and_how_long),
        TEST(nothing_is_shown_when_it_is_quiet),
        TEST(no_figures_break_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
