/* Spreadsheet exports as people save them: quotes, line ends, encodings, damage. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

#include "rebut/csv.h"

static struct rebut_csv open_text(struct rebut_text bytes,
                                  struct rebut_csv_options options)
{
    struct rebut_csv csv;
    struct rebut_error err = {0};
    if (!rebut_csv_open_bytes(&csv, bytes, &options, &err))
        fail_msg("%s", err.message);
    return csv;
}
#define OPEN(literal) open_text(REBUT_TEXT(literal), (struct rebut_csv_options){0})

/* The next row's fields, joined by '|'; "BAD" or "END". */
static const char *next(struct rebut_csv *csv)
{
    static char joined[4096];
    struct rebut_error why;
    switch (rebut_csv_next(csv, &why)) {
    case REBUT_CSV_END:
        return "END";
    case REBUT_CSV_BAD:
        return "BAD";
    default:
        break;
    }
    size_t used = 0;
    for (size_t i = 0; i < csv->field_count; i++) {
        const struct rebut_text field = rebut_csv_field(csv, i);
        used += (size_t)snprintf(joined + used, sizeof joined - used, "%s%.*s",
                                 i == 0 ? "" : "|", (int)field.size, field.data);
    }
    return joined;
}

static void quotes_newlines_and_doubled_quotes_are_undone(void **state)
{
    (void)state;
    struct rebut_csv csv = OPEN("a,\"b \"\"x\"\"\",c\n"
                                "1,\"two, \"\"2\"\"\r\nlines\",\"\"\n"
                                "5\" nail,x,\"\"\"\"\n");
    assert_int_equal(csv.header_count, 3);
    assert_int_equal(rebut_csv_column(&csv, REBUT_TEXT("c")), 2);
    assert_string_equal(next(&csv), "1|two, \"2\"\r\nlines|");
    assert_int_equal(csv.row_line, 2);
    assert_string_equal(next(&csv), "5\" nail|x|\"");
    assert_int_equal(csv.row_line, 4);
    assert_string_equal(next(&csv), "END");
    assert_string_equal(next(&csv), "END");
    assert_int_equal(rebut_csv_column(&csv, REBUT_TEXT("b \"x\"")), 1);
    rebut_csv_release(&csv);
    rebut_csv_release(&csv);
}

static void every_line_end_ends_a_line(void **state)
{
    (void)state;
    struct rebut_csv csv = OPEN("\xef\xbb\xbf"
                                "a,b\r\n1,2\r3,4\n\n\r\n5,6");
    assert_int_equal(rebut_csv_column(&csv, REBUT_TEXT("a")), 0);
    assert_string_equal(next(&csv), "1|2");
    assert_int_equal(csv.row_line, 2);
    assert_string_equal(next(&csv), "3|4");
    assert_int_equal(csv.row_line, 3);
    assert_string_equal(next(&csv), "5|6");
    assert_int_equal(csv.row_line, 6);
    assert_int_equal(csv.blank_lines, 2);
    assert_string_equal(next(&csv), "END");
    rebut_csv_release(&csv);
}

static void the_delimiter_is_found_or_stated(void **state)
{
    (void)state;
    struct rebut_csv csv = OPEN("a;\"b,c,d,e\";f\n1;2,5;3\n");
    assert_int_equal(csv.delimiter, ';');
    assert_string_equal(next(&csv), "1|2,5|3");
    rebut_csv_release(&csv);
    csv = OPEN("a\tb\n1\t2\n");
    assert_int_equal(csv.delimiter, '\t');
    rebut_csv_release(&csv);
    csv = open_text(REBUT_TEXT("a;b,c,d\n1;2,3\n"),
                    (struct rebut_csv_options){.delimiter = ';'});
    assert_string_equal(next(&csv), "1|2,3");
    rebut_csv_release(&csv);
}

static void chinese_encodings_become_utf8(void **state)
{
    (void)state;
    /* 订单,买家 / 一,㐀 in GB18030 (the last takes four bytes) */
    struct rebut_csv csv =
        OPEN("\xb6\xa9\xb5\xa5,\xc2\xf2\xbc\xd2\n\xd2\xbb,\x81\x39\xee\x39\n");
    assert_int_equal(csv.encoding, REBUT_ENCODING_GB18030);
    assert_int_equal(rebut_csv_column(&csv, REBUT_TEXT("买家")), 1);
    assert_string_equal(next(&csv), "一|㐀");
    rebut_csv_release(&csv);
    csv = OPEN("订单,买家\n一,二\n");
    assert_int_equal(csv.encoding, REBUT_ENCODING_UTF8);
    assert_string_equal(next(&csv), "一|二");
    rebut_csv_release(&csv);
    csv = OPEN("\xff\xfe"
               "a\0,\0b\0\n\0\x00\x4e,\0x\0\n\0");
    assert_int_equal(csv.encoding, REBUT_ENCODING_UTF16LE);
    assert_string_equal(next(&csv), "一|x");
    rebut_csv_release(&csv);
}

static void bytes_that_are_no_text_spoil_their_row_alone(void **state)
{
    (void)state;
    struct rebut_csv csv =
        open_text(REBUT_TEXT("a,b\n\xb6\xa9,1\n\xff\xff,2\n\xb6\xa9,3\nx\0y,4\n"),
                  (struct rebut_csv_options){.encoding = REBUT_ENCODING_GB18030});
    assert_string_equal(next(&csv), "订|1");
    assert_string_equal(next(&csv), "BAD");
    assert_int_equal(csv.row_line, 3);
    assert_string_equal(next(&csv), "订|3");
    assert_string_equal(next(&csv), "BAD");
    assert_string_equal(next(&csv), "END");
    rebut_csv_release(&csv);
    csv = open_text(REBUT_TEXT("a,b\n\xb6\xa9,1\n2,3\n"),
                    (struct rebut_csv_options){.encoding = REBUT_ENCODING_UTF8});
    assert_string_equal(next(&csv), "BAD");
    assert_string_equal(next(&csv), "2|3");
    rebut_csv_release(&csv);
}

static void a_stray_quote_does_not_swallow_the_rest(void **state)
{
    (void)state;
    struct rebut_csv csv = OPEN("a,b\n\"never closed,1\n2,3\n\"x\"y,4\n5,6\n");
    assert_string_equal(next(&csv), "BAD");
    assert_int_equal(csv.raw.size, strlen("\"never closed,1"));
    assert_string_equal(next(&csv), "2|3");
    assert_string_equal(next(&csv), "BAD");
    assert_int_equal(csv.row_line, 4);
    assert_string_equal(next(&csv), "5|6");
    assert_string_equal(next(&csv), "END");
    rebut_csv_release(&csv);
}

static void limits_refuse_the_row_and_reading_goes_on(void **state)
{
    (void)state;
    const size_t size = REBUT_CSV_FIELD_MAX + 2000;
    char *bytes = malloc(size + 64);
    assert_non_null(bytes);
    memcpy(bytes, "a,b\n", 4);
    memset(bytes + 4, 'x', REBUT_CSV_FIELD_MAX + 1);
    memcpy(bytes + 4 + REBUT_CSV_FIELD_MAX + 1, ",1\n", 3);
    size_t used = 4 + REBUT_CSV_FIELD_MAX + 4;
    memset(bytes + used, ',', REBUT_CSV_FIELDS_MAX);
    used += REBUT_CSV_FIELDS_MAX;
    memcpy(bytes + used, "\n2,3\n", 5);
    struct rebut_csv csv = open_text((struct rebut_text){bytes, used + 5},
                                     (struct rebut_csv_options){.delimiter = ','});
    assert_string_equal(next(&csv), "BAD");
    assert_string_equal(next(&csv), "BAD");
    assert_string_equal(next(&csv), "2|3");
    rebut_csv_release(&csv);
    free(bytes);
}

static void white_space_of_every_kind_is_trimmed(void **state)
{
    (void)state;
    struct rebut_csv csv = OPEN("\xef\xbb\xbf \xe3\x80\x80"
                                "a ,b\n"
                                "\t 12\xc2\xa0,\xe3\x80\x80\xe4\xb8\x80 \xe3\x80\x80\n"
                                "  ,x\n");
    assert_int_equal(rebut_csv_column(&csv, REBUT_TEXT("a")), 0);
    assert_string_equal(next(&csv), "12|一");
    assert_string_equal(next(&csv), "|x");
    assert_non_null(rebut_csv_field(&csv, 0).data);
    assert_null(rebut_csv_field(&csv, 2).data);
    rebut_csv_release(&csv);
}

static void unusable_files_say_why(void **state)
{
    (void)state;
    struct rebut_csv csv;
    struct rebut_error err = {0};
    const struct rebut_csv_options plain = {0};
    assert_false(rebut_csv_open_bytes(&csv, REBUT_TEXT(""), &plain, &err));
    assert_int_equal(err.code, REBUT_EDATA);
    err = (struct rebut_error){0};
    assert_false(rebut_csv_open_bytes(&csv, REBUT_TEXT("\n\r\n"), &plain, &err));
    assert_int_equal(err.code, REBUT_EDATA);
    err = (struct rebut_error){0};
    assert_false(rebut_csv_open_bytes(&csv, REBUT_TEXT("\"a,b\n"), &plain, &err));
    assert_non_null(strstr(err.message, "line 1: header: expected a closing quote"));
    err = (struct rebut_error){0};
    assert_false(rebut_csv_open(&csv, "/no/such/file", &plain, &err));
    assert_int_equal(err.code, REBUT_EIO);
    assert_string_equal(err.message,
                        "cannot read '/no/such/file': No such file or directory");
}

static void columns_are_named_once(void **state)
{
    (void)state;
    struct rebut_csv csv = OPEN("a,b,a\n1,2,3\n");
    assert_true(rebut_csv_column(&csv, REBUT_TEXT("a")) == REBUT_CSV_NO_COLUMN);
    assert_true(rebut_csv_column(&csv, REBUT_TEXT("c")) == REBUT_CSV_NO_COLUMN);
    assert_int_equal(rebut_csv_column(&csv, REBUT_TEXT("b")), 1);
    rebut_csv_release(&csv);
}

static void preamble_lines_are_skipped(void **state)
{
    (void)state;
    struct rebut_csv csv = open_text(REBUT_TEXT("export of 3 rows\n------\na,b\n1,2\n"),
                                     (struct rebut_csv_options){.skip_lines = 2});
    assert_int_equal(rebut_csv_column(&csv, REBUT_TEXT("b")), 1);
    assert_string_equal(next(&csv), "1|2");
    assert_int_equal(csv.row_line, 4);
    rebut_csv_release(&csv);
}

/* Any bytes at all: no crash, and every byte lies in one row or is a line end. */
static void random_bytes_are_survived(void **state)
{
    (void)state;
    static const char alphabet[] = "a,\"\"\n\r;\t\xff\xe4\xb8\x80 \0";
    uint64_t seed = 12345;
    for (int round = 0; round < 3000; round++) {
        char bytes[64];
        for (size_t i = 0; i < sizeof bytes; i++) {
            seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407;
            bytes[i] = alphabet[(seed >> 33) % (sizeof alphabet - 1)];
        }
        struct rebut_csv csv;
        struct rebut_error why = {0};
        const struct rebut_csv_options options = {.encoding = round % 3};
        if (!rebut_csv_open_bytes(&csv, (struct rebut_text){bytes, sizeof bytes},
                                  &options, &why))
            continue;
        int rows = 0;
        while (rebut_csv_next(&csv, &why) != REBUT_CSV_END) {
            for (size_t i = 0; i < csv.field_count; i++)
                (void)rebut_csv_field(&csv, i);
            assert_true(csv.raw.size > 0 && ++rows <= 64);
        }
        rebut_csv_release(&csv);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(quotes_newlines_and_doubled_quotes_are_undone),
        cmocka_unit_test(every_line_end_ends_a_line),
        cmocka_unit_test(the_delimiter_is_found_or_stated),
        cmocka_unit_test(chinese_encodings_become_utf8),
        cmocka_unit_test(bytes_that_are_no_text_spoil_their_row_alone),
        cmocka_unit_test(a_stray_quote_does_not_swallow_the_rest),
        cmocka_unit_test(limits_refuse_the_row_and_reading_goes_on),
        cmocka_unit_test(white_space_of_every_kind_is_trimmed),
        cmocka_unit_test(unusable_files_say_why),
        cmocka_unit_test(columns_are_named_once),
        cmocka_unit_test(preamble_lines_are_skipped),
        cmocka_unit_test(random_bytes_are_survived),
    };
    return cmocka_run_group_tests_name("csv", tests, NULL, NULL);
}
