/* Unit tests of engine/review/plain.c: what others wrote, on a terminal. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "../../../engine/review/parts.h"
#include "chance.h"
#include "rebut/table.h"

static struct rebut_output quoted(const char *words)
{
    struct rebut_output out;
    struct rebut_error err = {0};
    assert_true(rebut_output_memory(&out, &err));
    rebut_review_quote(words, &out);
    rebut_output_write(&out, "", 1);
    return out;
}

static void assert_quoted(const char *words, const char *expected)
{
    struct rebut_output out = quoted(words);
    assert_string_equal(out.buffer, expected);
    rebut_output_release(&out);
}

#define BAR "                    │ "

static void words_are_set_in_and_keep_their_line_ends(void **state)
{
    (void)state;
    assert_quoted("", "");
    assert_quoted(" \r\n\n", "");
    assert_quoted("坏了", BAR "坏了\n");
    assert_quoted("one\r\n\r\ntwo\n", BAR "one\n" BAR "\n" BAR "two\n");
}

static void no_line_begins_with_a_sign_that_closes(void **state)
{
    (void)state;
    char words[400] = "";
    for (int i = 0; i < 34; i++)
        strcat(words, "茶"); /* 68 columns: the line is full */
    strcat(words, "。好");
    struct rebut_output out = quoted(words);
    assert_non_null(strstr(out.buffer, "茶。\n" BAR "好\n"));
    rebut_output_release(&out);
}

static void a_long_word_is_broken_where_the_line_ends(void **state)
{
    (void)state;
    char words[200];
    memset(words, 'x', 150);
    words[150] = '\0';
    struct rebut_output out = quoted(words);
    int lines = 0;
    for (const char *at = out.buffer; (at = strchr(at, '\n')) != NULL; at++)
        lines++;
    assert_int_equal(lines, 3);
    rebut_output_release(&out);
}

/* Everything but blanks and line ends comes out, in order, in lines of 90 columns and one
 * sign that closes. */
static void assert_whole(const char *words)
{
    struct rebut_output out = quoted(words);
    const char *next = words;
    for (char *line = out.buffer; *line != '\0';) {
        char *end = strchr(line, '\n');
        assert_non_null(end);
        assert_true(rebut_text_width((struct rebut_text){line, (size_t)(end - line)}) <=
                    96);
        assert_memory_equal(line, BAR, strlen(BAR));
        for (const char *at = line + strlen(BAR); at < end; at++) {
            next += strspn(next, " \n");
            if (*at == ' ')
                continue;
            assert_int_equal(*at, *next);
            next++;
        }
        line = end + 1;
    }
    assert_int_equal(next[strspn(next, " \n")], '\0');
    rebut_output_release(&out);
}

static void nothing_of_any_words_is_lost(void **state)
{
    (void)state;
    static const char *const pieces[] = {"a",  "bc",   "wonderful", " ",  "茶",
                                         "。", "退款", "\n",        "，", "e\xcc\x81"};
    uint64_t chance = 7;
    for (int round = 0; round < 2000; round++) {
        char words[2000] = "";
        const uint64_t count = chance_below(&chance, 150);
        for (uint64_t i = 0; i < count; i++)
            strcat(words, pieces[chance_below(&chance, 10)]);
        assert_whole(words);
    }
}

static void assert_plain(struct rebut_text page, const char *expected)
{
    struct rebut_output out;
    struct rebut_error err = {0};
    assert_true(rebut_output_memory(&out, &err));
    rebut_review_plain(page, &out);
    rebut_output_write(&out, "", 1);
    assert_string_equal(out.buffer, expected);
    rebut_output_release(&out);
}

static void a_page_moves_no_cursor_and_turns_no_writing(void **state)
{
    (void)state;
    assert_plain(REBUT_TEXT("退款 23.00（元）\n–│·😀\n"), "退款 23.00（元）\n–│·😀\n");
    assert_plain(REBUT_TEXT("\033[2J"), "�[2J");
    assert_plain(REBUT_TEXT("a\rb\tc\177"), "a�b c�");
    assert_plain(REBUT_TEXT("\xc2\x9b"
                            "31m"),
                 "�31m");
    assert_plain(REBUT_TEXT("\xe2\x80\xae"
                            "x\xe2\x81\xa6\xe2\x80\x8b"),
                 "�x��");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_are_set_in_and_keep_their_line_ends),
        cmocka_unit_test(no_line_begins_with_a_sign_that_closes),
        cmocka_unit_test(a_long_word_is_broken_where_the_line_ends),
        cmocka_unit_test(nothing_of_any_words_is_lost),
        cmocka_unit_test(a_page_moves_no_cursor_and_turns_no_writing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
