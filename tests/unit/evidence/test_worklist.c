/* What to take up first; and no text from outside ever is a formula. */
#include <inttypes.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "../../../engine/evidence/worklist_parts.h"
#include "folder.h"
#include "rebut/time.h"

#define AS_OF INT64_C(1780000000000000)
#define FILE_NAME "pack-1.pdf"

static struct rebut_pack pack_of(const char *id, int64_t asked, double probability)
{
    return (struct rebut_pack){.header = {.request_id = rebut_text_of(id),
                                          .order_id = REBUT_TEXT("o1"),
                                          .sku_id = REBUT_TEXT("s1"),
                                          .merchant_id = REBUT_TEXT("m1"),
                                          .asked = asked,
                                          .reason = REBUT_REASON_QUALITY,
                                          .expires = REBUT_TIME_NONE},
                               .score = {.probability = probability,
                                         .low = 0.1,
                                         .high = 0.9,
                                         .q_value = 0.25,
                                         .answer = REBUT_UNDETERMINED}};
}

static void add(struct rebut_worklist *list, const struct rebut_pack *pack, double appeal)
{
    struct rebut_error err = {0};
    if (!rebut_worklist_add(list, pack, FILE_NAME, appeal, &err))
        fail_msg("%s", err.message);
}

/* Of the ordered list, in English. */
static const char *cell(struct rebut_worklist *list, uint32_t place,
                        enum worklist_column column)
{
    static struct worklist_cell cells[8];
    static unsigned next;
    struct worklist_cell *one = &cells[next++ % 8];
    worklist_sort(list);
    worklist_cell(list, place, column, REBUT_ENGLISH, one);
    return one->text;
}

/* The whole CSV; free it. */
static char *csv_of(struct rebut_worklist *list)
{
    struct rebut_output out;
    assert_true(rebut_output_memory(&out, NULL));
    rebut_worklist_csv(list, REBUT_ENGLISH, &out);
    rebut_output_write(&out, "", 1);
    char *text = strdup(out.buffer);
    rebut_output_release(&out);
    assert_non_null(text);
    return text;
}

static void money_times_probability_times_haste_is_the_order(void **state)
{
    (void)state;
    struct rebut_worklist list;
    struct rebut_pack small = pack_of("small", 1000, 0.9),
                      large = pack_of("large", 9000, 0.2),
                      soon = pack_of("soon", 1600, 0.9),
                      late = pack_of("late", 2000, 0.9),
                      past = pack_of("past", 900000, 0.9);
    soon.header.expires = AS_OF;                 /* 1600 x 0.9 x 1.5 = 2160 */
    late.header.expires = AS_OF + 7 * REBUT_DAY; /* 2000 x 0.9 x 0.8 = 1440 */
    past.header.expires = AS_OF - 1;
    rebut_worklist_open(&list, AS_OF);
    add(&list, &past, NAN);
    add(&list, &small, NAN);
    add(&list, &late, NAN);
    add(&list, &large, NAN);
    add(&list, &soon, NAN);
    const char *const expected[] = {"soon", "large", "late", "small", "past"};
    for (uint32_t i = 0; i < 5; i++)
        assert_string_equal(cell(&list, i, WORKLIST_REQUEST), expected[i]);
    assert_string_equal(cell(&list, 0, WORKLIST_WEIGHT), "1.500");
    assert_string_equal(cell(&list, 2, WORKLIST_WEIGHT), "0.800");
    assert_string_equal(cell(&list, 2, WORKLIST_LEFT), "168.0");
    assert_string_equal(cell(&list, 4, WORKLIST_LEFT), "past");
    assert_string_equal(cell(&list, 4, WORKLIST_WEIGHT), "0.000");
    rebut_worklist_release(&list);
}

static void an_unknown_deadline_weighs_as_one_in_three_days(void **state)
{
    (void)state;
    struct rebut_worklist list;
    struct rebut_pack unknown = pack_of("b", 1000, 0.5), known = pack_of("a", 1000, 0.5);
    known.header.expires = AS_OF + 3 * REBUT_DAY;
    rebut_worklist_open(&list, AS_OF);
    add(&list, &unknown, NAN);
    add(&list, &known, NAN);
    assert_string_equal(cell(&list, 0, WORKLIST_REQUEST), "a");
    assert_string_equal(cell(&list, 0, WORKLIST_WEIGHT), "1.000");
    assert_string_equal(cell(&list, 0, WORKLIST_LEFT), "72.0");
    assert_string_equal(cell(&list, 1, WORKLIST_WEIGHT), "1.000");
    assert_string_equal(cell(&list, 1, WORKLIST_LEFT), "unknown");
    assert_string_equal(cell(&list, 1, WORKLIST_DEADLINE), "unknown");
    rebut_worklist_release(&list);
}

static void the_chance_of_an_appeal_stands_for_that_of_abuse(void **state)
{
    (void)state;
    struct rebut_worklist list;
    struct rebut_error err = {0};
    const struct rebut_pack hopeless = pack_of("hopeless", 10001, 0.99),
                            hopeful = pack_of("hopeful", 10001, 0.5),
                            nothing = pack_of("nothing", 10001, NAN);
    rebut_worklist_open(&list, AS_OF);
    add(&list, &nothing, NAN);
    add(&list, &hopeless, 0.01);
    add(&list, &hopeful, NAN);
    assert_string_equal(cell(&list, 0, WORKLIST_REQUEST), "hopeful");
    assert_string_equal(cell(&list, 0, WORKLIST_EXPECTED), "50.01");
    assert_string_equal(cell(&list, 0, WORKLIST_APPEAL), "unknown");
    assert_string_equal(cell(&list, 1, WORKLIST_EXPECTED), "1.00");
    assert_string_equal(cell(&list, 1, WORKLIST_APPEAL), "0.0100");
    assert_string_equal(cell(&list, 2, WORKLIST_EXPECTED), "unknown");
    assert_string_equal(cell(&list, 2, WORKLIST_PROBABILITY), "unknown");
    assert_false(rebut_worklist_add(&list, &hopeful, FILE_NAME, 1.5, &err));
    assert_int_equal(err.code, REBUT_EINPUT);
    assert_int_equal(list.rows.count, 3);
    rebut_worklist_release(&list);
}

static void ties_are_in_the_order_of_bytes_whatever_came_first(void **state)
{
    (void)state;
    static const char *const ids[] = {"r1", "r10", "r2", "R1", "请", ""};
    static const uint32_t ways[2][6] = {{0, 1, 2, 3, 4, 5}, {4, 2, 5, 0, 3, 1}};
    char *texts[2];
    for (int way = 0; way < 2; way++) {
        struct rebut_worklist list;
        rebut_worklist_open(&list, AS_OF);
        for (int i = 0; i < 6; i++) {
            const struct rebut_pack pack = pack_of(ids[ways[way][i]], 500, 0.5);
            add(&list, &pack, NAN);
        }
        const char *const expected[] = {"", "R1", "r1", "r10", "r2", "请"};
        for (uint32_t i = 0; i < 6; i++)
            assert_string_equal(cell(&list, i, WORKLIST_REQUEST), expected[i]);
        texts[way] = csv_of(&list);
        rebut_worklist_release(&list);
    }
    assert_string_equal(texts[0], texts[1]);
    free(texts[0]);
    free(texts[1]);
}

static void amounts_are_exact_to_the_last_fen(void **state)
{
    (void)state;
    static const struct {
        int64_t fen;
        const char *text;
        enum worklist_kind kind;
    } cases[] = {{INT64_MAX, "92233720368547758.07", WORKLIST_TEXT},
                 {INT64_C(1000000000000000), "10000000000000.00", WORKLIST_TEXT},
                 {INT64_C(999999999999999), "9999999999999.99", WORKLIST_YUAN},
                 {5, "0.05", WORKLIST_YUAN},
                 {0, "0.00", WORKLIST_YUAN},
                 {-1, "-0.01", WORKLIST_YUAN},
                 {INT64_MIN, "-92233720368547758.08", WORKLIST_TEXT}};
    struct rebut_worklist list;
    rebut_worklist_open(&list, AS_OF);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct rebut_pack pack = pack_of("r", cases[i].fen, 1);
        add(&list, &pack, NAN);
    }
    worklist_sort(&list);
    for (uint32_t i = 0; i < list.rows.count; i++) {
        struct worklist_cell one;
        worklist_cell(&list, i, WORKLIST_ASKED, REBUT_CHINESE, &one);
        assert_string_equal(one.text, cases[i].text);
        assert_int_equal(one.kind, cases[i].kind);
        if (i > 0) /* 2^63 - 1 is no double */
            assert_string_equal(cell(&list, i, WORKLIST_EXPECTED), cases[i].text);
    }
    rebut_worklist_release(&list);
}

static void no_share_that_only_comes_near_is_none_or_all(void **state)
{
    (void)state;
    static const struct {
        double share;
        const char *text;
    } cases[] = {{0, "0.0000"}, {1e-9, "0.0001"}, {0.99999, "0.9999"}, {1, "1.0000"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct rebut_worklist list;
        const struct rebut_pack pack = pack_of("r", 1, cases[i].share);
        rebut_worklist_open(&list, AS_OF);
        add(&list, &pack, NAN);
        assert_string_equal(cell(&list, 0, WORKLIST_PROBABILITY), cases[i].text);
        rebut_worklist_release(&list);
    }
}

/* The second field of the CSV's one row, as it is written. */
static void assert_field(struct rebut_text id, const char *expected)
{
    struct rebut_worklist list;
    struct rebut_pack pack = pack_of("", 100, 0.5);
    pack.header.request_id = id;
    rebut_worklist_open(&list, AS_OF);
    add(&list, &pack, NAN);
    char *text = csv_of(&list);
    const char *row = strstr(text, "\r\n1,");
    assert_non_null(row);
    row += 4;
    if (strncmp(row, expected, strlen(expected)) != 0 ||
        strncmp(row + strlen(expected), ",m1,", 4) != 0)
        fail_msg("expected %s, came %.80s", expected, row);
    free(text);
    rebut_worklist_release(&list);
}

static void nothing_that_a_spreadsheet_would_run_stays_bare(void **state)
{
    (void)state;
    assert_field(REBUT_TEXT("=cmd|' /C calc'!A0"), "\"'=cmd|' /C calc'!A0\"");
    assert_field(REBUT_TEXT("+1"), "\"'+1\"");
    assert_field(REBUT_TEXT("-1"), "\"'-1\"");
    assert_field(REBUT_TEXT("@SUM(A1)"), "\"'@SUM(A1)\"");
    assert_field(REBUT_TEXT("＝1"), "\"'＝1\"");
    assert_field(REBUT_TEXT("\t=1"), "[U+0009]=1");
    assert_field(REBUT_TEXT("\r=1"), "[U+000D]=1");
    assert_field(REBUT_TEXT("a=1"), "a=1");
    assert_field(REBUT_TEXT("a,\"b\""), "\"a,\"\"b\"\"\"");
    assert_field(REBUT_TEXT("=\"\""), "\"'=\"\"\"\"\"");
}

static void what_cannot_be_seen_is_spelled(void **state)
{
    (void)state;
    assert_field(REBUT_TEXT("a\xe2\x80\xae\x62"), "a[U+202E]b");
    assert_field(REBUT_TEXT("a\n\x1b[31m"), "a[U+000A][U+001B][31m");
    assert_field((struct rebut_text){"a\0b", 3}, "a[U+0000]b");
    assert_field((struct rebut_text){"\xff\xe4", 2}, "\xef\xbf\xbd\xef\xbf\xbd");
    assert_field((struct rebut_text){NULL, 0}, "");
    assert_field(REBUT_TEXT("坏\xf0\x9f\x98\xa1"), "坏\xf0\x9f\x98\xa1");
}

static void a_very_long_text_is_cut_and_says_so(void **state)
{
    (void)state;
    static char words[70000];
    char expected[REBUT_WORKLIST_TEXT + 32];
    memset(words, 'x', sizeof words);
    memset(expected, 'x', REBUT_WORKLIST_TEXT);
    snprintf(expected + REBUT_WORKLIST_TEXT, 32, " [… +%zu]",
             sizeof words - REBUT_WORKLIST_TEXT);
    assert_field((struct rebut_text){words, sizeof words}, expected);
    /* The widest that a cell may become. */
    struct worklist_cell one;
    for (size_t i = 0; i + 4 <= sizeof words; i += 4)
        memcpy(words + i, "\xf3\xa0\x80\x81", 4); /* U+E0001 */
    const size_t used = worklist_safe((struct rebut_text){words, sizeof words}, one.text);
    assert_true(used < WORKLIST_CELL);
    assert_int_equal(one.text[used], '\0');
}

/* The workbook of a list, in memory; free it. */
static unsigned char *sheet_of(struct rebut_worklist *list, size_t *ret_size)
{
    struct rebut_output out;
    struct rebut_error err = {0};
    assert_true(rebut_output_memory(&out, &err));
    if (!rebut_worklist_xlsx(list, REBUT_CHINESE, folder, &out, &err))
        fail_msg("%s", err.message);
    unsigned char *bytes = malloc(out.used);
    assert_non_null(bytes);
    memcpy(bytes, out.buffer, out.used);
    *ret_size = out.used;
    rebut_output_release(&out);
    return bytes;
}

static void fill(struct rebut_worklist *list, uint32_t rows)
{
    rebut_worklist_open(list, AS_OF);
    for (uint32_t i = 0; i < rows; i++) {
        char id[32];
        snprintf(id, sizeof id, "r%" PRIu32, i * 7919 % rows);
        struct rebut_pack pack = pack_of(id, 100 + i % 13, 0.5);
        pack.header.expires = AS_OF + i % 17 * REBUT_HOUR;
        add(list, &pack, NAN);
    }
}

static void a_workbook_is_the_same_two_seconds_later(void **state)
{
    (void)state;
    struct rebut_worklist list;
    size_t sizes[2];
    fill(&list, 300);
    unsigned char *before = sheet_of(&list, &sizes[0]);
    sleep(2); /* a zip counts every second second */
    unsigned char *after = sheet_of(&list, &sizes[1]);
    assert_int_equal(sizes[0], sizes[1]);
    assert_memory_equal(before, after, sizes[0]);
    free(before);
    free(after);
    rebut_worklist_release(&list);
}

static void a_workbook_that_lacks_something_is_noticed(void **state)
{
    (void)state;
    struct rebut_worklist list;
    size_t size = 0;
    fill(&list, 40);
    unsigned char *bytes = sheet_of(&list, &size);
    assert_true(worklist_is_whole(bytes, size, 41));
    assert_false(worklist_is_whole(bytes, size, 40));
    assert_false(worklist_is_whole(bytes, size, 42));
    for (size_t cut = 0; cut < size; cut += 7)
        assert_false(worklist_is_whole(bytes, cut, 41));
    for (size_t at = 0; at < size; at++) { /* any byte may be another: no crash */
        bytes[at] ^= 0xff;
        (void)worklist_is_whole(bytes, size, 41);
        bytes[at] ^= 0xff;
    }
    free(bytes);
    rebut_worklist_release(&list);
}

static void ten_thousand_rows_and_none_are_written(void **state)
{
    (void)state;
    struct rebut_worklist list;
    size_t size = 0;
    fill(&list, 10000);
    free(sheet_of(&list, &size));
    assert_true(size > 100000);
    rebut_worklist_release(&list);
    rebut_worklist_open(&list, 0);
    free(sheet_of(&list, &size));
    char *text = csv_of(&list);
    assert_int_equal(strlen(strstr(text, "\r\n")), 2);
    free(text);
    rebut_worklist_release(&list);
}

static void a_full_disk_is_an_error(void **state)
{
    (void)state;
    struct rebut_worklist list;
    struct rebut_output out;
    struct rebut_error err = {0};
    fill(&list, 40);
    assert_true(rebut_output_open(&out, "/dev/full", &err));
    assert_true(rebut_worklist_xlsx(&list, REBUT_CHINESE, folder, &out, &err));
    assert_false(rebut_output_commit(&out, &err));
    assert_int_equal(err.code, REBUT_EIO);
    rebut_output_release(&out);
    rebut_worklist_release(&list);
}

static void the_records_are_counted_and_the_reason_is_held_against_them(void **state)
{
    (void)state;
    struct rebut_pack_fact facts[3] = {0};
    struct rebut_pack_claim claims[2] = {
        {.kind = REBUT_CLAIMED_REASON, .contradicts = {facts, 1}},
        {.kind = REBUT_CLAIMED_TIMING,
         .supports = {facts, 3},
         .contradicts = {facts, 2}}};
    struct rebut_worklist list;
    struct rebut_pack pack = pack_of("r1", 100, 0.5);
    pack.sheet.list = claims;
    pack.sheet.count = 2;
    pack.shop.explains = true;
    rebut_worklist_open(&list, AS_OF);
    add(&list, &pack, NAN);
    assert_string_equal(cell(&list, 0, WORKLIST_RECORD), "no, they contradict it");
    assert_string_equal(cell(&list, 0, WORKLIST_SUPPORTS), "3");
    assert_string_equal(cell(&list, 0, WORKLIST_CONTRADICTS), "3");
    assert_string_equal(cell(&list, 0, WORKLIST_SHOP), "yes");
    rebut_worklist_release(&list);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(money_times_probability_times_haste_is_the_order),
        cmocka_unit_test(an_unknown_deadline_weighs_as_one_in_three_days),
        cmocka_unit_test(the_chance_of_an_appeal_stands_for_that_of_abuse),
        cmocka_unit_test(ties_are_in_the_order_of_bytes_whatever_came_first),
        cmocka_unit_test(amounts_are_exact_to_the_last_fen),
        cmocka_unit_test(no_share_that_only_comes_near_is_none_or_all),
        cmocka_unit_test(nothing_that_a_spreadsheet_would_run_stays_bare),
        cmocka_unit_test(what_cannot_be_seen_is_spelled),
        cmocka_unit_test(a_very_long_text_is_cut_and_says_so),
        cmocka_unit_test(the_records_are_counted_and_the_reason_is_held_against_them),
        cmocka_unit_test_setup_teardown(a_workbook_is_the_same_two_seconds_later,
                                        make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(a_workbook_that_lacks_something_is_noticed,
                                        make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(ten_thousand_rows_and_none_are_written,
                                        make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(a_full_disk_is_an_error, make_folder,
                                        remove_folder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
