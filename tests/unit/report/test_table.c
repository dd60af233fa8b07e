/* Columns that line up, whatever the script. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "rebut/chart.h"
#include "rebut/table.h"

static void chinese_takes_two_columns_and_marks_take_none(void **state)
{
    (void)state;
    assert_int_equal(rebut_text_width(REBUT_TEXT("")), 0);
    assert_int_equal(rebut_text_width(REBUT_TEXT("abc")), 3);
    assert_int_equal(rebut_text_width(REBUT_TEXT("仅退款")), 6);
    assert_int_equal(rebut_text_width(REBUT_TEXT("（10 组）")), 9);
    assert_int_equal(rebut_text_width(REBUT_TEXT("e\xcc\x81")),
                     1); /* e, combining acute */
    assert_int_equal(rebut_text_width(REBUT_TEXT("a\xff"
                                                 "b")),
                     3);
}

static void padding_fills_up_either_side(void **state)
{
    (void)state;
    char path[] = "/tmp/rebut-table-XXXXXX";
    const int fd = mkstemp(path);
    assert_true(fd >= 0);
    struct rebut_output out;
    struct rebut_error err = {0};
    assert_true(rebut_output_open(&out, path, &err));
    rebut_output_padded(&out, "退款", 6);
    rebut_output_padded(&out, "退款", -6);
    rebut_output_padded(&out, "longer than that", 3);
    assert_true(rebut_output_commit(&out, &err));
    rebut_output_release(&out);
    close(fd);
    char text[64] = "";
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    assert_non_null(fgets(text, sizeof text, file));
    fclose(file);
    unlink(path);
    assert_string_equal(text, "退款  "
                              "  退款"
                              "longer than that");
}

static void steps_of_an_axis_are_round(void **state)
{
    (void)state;
    const double cases[][3] = {{1, 5, .2},    {994, 5, 200}, {1002, 5, 500}, {50, 5, 10},
                               {.03, 5, .01}, {1e6, 4, 5e5}, {7, 4, 2}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const double step = rebut_chart_step(cases[i][0], (int)cases[i][1]);
        assert_true(step > cases[i][2] * .999999 && step < cases[i][2] * 1.000001);
    }
    assert_true(rebut_chart_step(0, 5) == 1);
}

static void a_chart_without_axes_is_refused(void **state)
{
    (void)state;
    struct rebut_output out;
    struct rebut_error err = {0};
    const struct rebut_chart_panel panel = {
        .title = "t", .x_label = "x", .y_label = "y", .x_max = 0, .y_max = 1};
    const struct rebut_chart_sheet sheet = {.title = "t",
                                            .subtitle = "s",
                                            .language = "en",
                                            .panels = &panel,
                                            .panel_count = 1};
    assert_true(rebut_output_open(&out, "/dev/null", &err));
    assert_false(rebut_chart_svg(&sheet, &out, &err));
    assert_int_equal(err.code, REBUT_EINPUT);
    rebut_output_release(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(chinese_takes_two_columns_and_marks_take_none),
        cmocka_unit_test(padding_fills_up_either_side),
        cmocka_unit_test(steps_of_an_axis_are_round),
        cmocka_unit_test(a_chart_without_axes_is_refused),
    };
    return cmocka_run_group_tests_name("table", tests, NULL, NULL);
}
