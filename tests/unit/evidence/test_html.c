/* Text from outside is text on the page, whatever it holds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "rebut/pack_html.h"

static void assert_shown(struct rebut_text text, const char *expected)
{
    struct rebut_output out;
    struct rebut_error err = {0};
    assert_true(rebut_output_memory(&out, &err));
    rebut_html_text(&out, text);
    rebut_output_write(&out, "", 1);
    assert_string_equal(out.buffer, expected);
    rebut_output_release(&out);
}

static void markup_is_escaped(void **state)
{
    (void)state;
    assert_shown(
        REBUT_TEXT("<script>alert('x')</script>&amp;\""),
        "<bdi>&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;amp;&quot;</bdi>");
}

static void what_turns_the_writing_or_hides_is_shown(void **state)
{
    (void)state;
    assert_shown(REBUT_TEXT("a\xe2\x80\xae\x62"),
                 "<bdi>a<span class=\"c\">U+202E</span>b</bdi>");
    assert_shown(REBUT_TEXT("a\xe2\x80\x8b\xef\xbb\xbf\xc2\x85"),
                 "<bdi>a<span class=\"c\">U+200B</span><span "
                 "class=\"c\">U+FEFF</span><span class=\"c\">U+0085</span></bdi>");
    assert_shown(REBUT_TEXT("a\x1b[31m\n\x7f"),
                 "<bdi>a<span class=\"c\">U+001B</span>[31m<br><span "
                 "class=\"c\">U+007F</span></bdi>");
}

static void chinese_and_pictures_stay(void **state)
{
    (void)state;
    assert_shown(REBUT_TEXT("坏了\xf0\x9f\x98\xa1"), "<bdi>坏了\xf0\x9f\x98\xa1</bdi>");
}

static void what_is_no_utf_8_is_replaced(void **state)
{
    (void)state;
    assert_shown((struct rebut_text){"a\xff\xe4\xbd", 4},
                 "<bdi>a\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd</bdi>");
    assert_shown((struct rebut_text){NULL, 0}, "<bdi></bdi>");
}

static void a_page_of_an_empty_pack_is_whole(void **state)
{
    (void)state;
    struct rebut_pack pack = {.header = {.reason = REBUT_REASON_OTHER}};
    for (int language = REBUT_CHINESE; language <= REBUT_ENGLISH; language++) {
        struct rebut_output out;
        struct rebut_error err = {0};
        assert_true(rebut_output_memory(&out, &err));
        rebut_pack_write_html(&pack, (enum rebut_language)language, &out);
        rebut_output_write(&out, "", 1);
        assert_non_null(strstr(out.buffer, "<!DOCTYPE html>"));
        assert_non_null(strstr(out.buffer, "</html>\n"));
        assert_null(strstr(out.buffer, "<script"));
        assert_null(strstr(out.buffer, "nan"));
        rebut_output_release(&out);
    }
}

/* Where a buyer has no other order, or asked for no other, a picture of the interval says
 * only how little is known. */
static void a_buyer_without_a_record_gets_no_picture_of_one(void **state)
{
    (void)state;
    struct rebut_pack pack = {.buyer = {.orders = 1, .ratio = 0, .low = 0, .high = 254}};
    for (int others = 0; others < 3; others++) {
        struct rebut_output out;
        struct rebut_error err = {0};
        assert_true(rebut_output_memory(&out, &err));
        pack.buyer.orders = 1 + others;
        pack.buyer.other_requests = others / 2;
        rebut_pack_write_html(&pack, REBUT_ENGLISH, &out);
        rebut_output_write(&out, "", 1);
        const char *section = strstr(out.buffer, "<h2>4.");
        const char *next = strstr(out.buffer, "<h2>5.");
        assert_true(section != NULL && next != NULL);
        const char *ratio = strstr(section, "Found over expected");
        const char *picture = strstr(section, "<svg");
        assert_int_equal(ratio != NULL && ratio<next, others> 0);
        assert_int_equal(picture != NULL && picture<next, others> 1);
        rebut_output_release(&out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(markup_is_escaped),
        cmocka_unit_test(what_turns_the_writing_or_hides_is_shown),
        cmocka_unit_test(chinese_and_pictures_stay),
        cmocka_unit_test(what_is_no_utf_8_is_replaced),
        cmocka_unit_test(a_page_of_an_empty_pack_is_whole),
        cmocka_unit_test(a_buyer_without_a_record_gets_no_picture_of_one),
    };
    return cmocka_run_group_tests_name("html", tests, NULL, NULL);
}
