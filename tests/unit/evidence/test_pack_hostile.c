/* Whatever stands in any text of a pack, pages show it and stay whole. */
#include "../../../engine/evidence/pack_shape.h"
#include "packing.h"
#include "rebut/pack_html.h"
#include "rebut/pack_pdf.h"

static struct packing packing;

static int open_all(void **state)
{
    (void)state;
    return packing_make(&packing, 3);
}

static int close_all(void **state)
{
    (void)state;
    packing_close(&packing);
    return 0;
}

/* Put `text` in the place of every text; how many there were. */
static size_t fill(void *place, const struct pack_shape *shape, struct rebut_text text)
{
    size_t filled = 0;
    for (size_t i = 0; i < shape->count; i++) {
        const struct pack_member *member = &shape->members[i];
        void *at = (char *)place + member->offset;
        if (member->kind == PACK_TEXT) {
            *(struct rebut_text *)at = text;
            filled++;
        } else if (member->kind == PACK_WORDS) {
            *(struct rebut_pack_words *)at = (struct rebut_pack_words){text, text};
            filled++;
        } else if (member->kind == PACK_OBJECT) {
            filled += fill(at, member->shape, text);
        } else if (member->kind == PACK_LIST) {
            const struct pack_list *list = at;
            for (uint32_t j = 0; j < list->count; j++)
                filled += fill((char *)list->list + j * member->shape->size,
                               member->shape, text);
        }
    }
    return filled;
}

static size_t count_of(const char *page, const char *piece)
{
    size_t count = 0;
    for (const char *at = page; (at = strstr(at, piece)) != NULL; at++)
        count++;
    return count;
}

/* The page of request 1 with every text replaced; free it. */
static char *page_with(struct rebut_text text, enum rebut_language language,
                       size_t *ret_filled)
{
    struct rebut_pack pack = packing_request(&packing, 1);
    struct rebut_output out;
    *ret_filled = fill(&pack, &rebut_pack_shape, text);
    assert_true(rebut_output_memory(&out, NULL));
    rebut_pack_write_html(&pack, language, &out);
    rebut_output_write(&out, "", 1);
    assert_int_equal(out.cause, 0);
    char *page = strdup(out.buffer);
    assert_int_equal(strlen(page) + 1, out.used);
    rebut_output_release(&out);
    rebut_pack_release(&pack);
    return page;
}

static void assert_whole(const char *page)
{
    static const char *const tags[][2] = {
        {"<table", "</table>"}, {"<tr>", "</tr>"},   {"<td", "</td>"},
        {"<ul>", "</ul>"},      {"<li>", "</li>"},   {"<bdi>", "</bdi>"},
        {"<svg", "</svg>"},     {"<div", "</div>"},  {"<h2>", "</h2>"},
        {"<h3>", "</h3>"},      {"<h4>", "</h4>"},   {"<caption>", "</caption>"},
        {"<time", "</time>"},   {"<span", "</span>"}};
    for (size_t i = 0; i < sizeof tags / sizeof *tags; i++)
        assert_int_equal(count_of(page, tags[i][0]), count_of(page, tags[i][1]));
    assert_int_equal(count_of(page, "<table"), count_of(page, "<caption>"));
    assert_int_equal(count_of(page, "<h2>"), 8);
    assert_non_null(strstr(page, "</html>\n"));
}

static void markup_and_hidden_signs_in_any_text_are_shown(void **state)
{
    (void)state;
    for (int language = REBUT_CHINESE; language <= REBUT_ENGLISH; language++) {
        size_t filled = 0;
        char *page =
            page_with(REBUT_TEXT("</bdi><script>x</script>\"' onload='x\xe2\x80\xae"
                                 "\x1b\xc2\xad\xd8\x9c\xe2\x80\xa8\xf3\xa0\x81\x81\xff"),
                      (enum rebut_language)language, &filled);
        assert_true(filled > 60);
        assert_true(count_of(page, "&lt;script&gt;") > 40);
        assert_null(strstr(page, "<script"));
        assert_null(strstr(page, "onload='"));
        assert_null(strchr(page, '\x1b'));
        assert_null(strchr(page, '\xff'));
        static const char *const hidden[] = {"\xe2\x80\xae", "\xc2\xad", "\xd8\x9c",
                                             "\xe2\x80\xa8", "\xf3\xa0\x81\x81"};
        for (size_t i = 0; i < sizeof hidden / sizeof *hidden; i++)
            assert_null(strstr(page, hidden[i]));
        assert_non_null(strstr(page, "U+202E"));
        assert_non_null(strstr(page, "U+E0041"));
        assert_whole(page);
        free(page);
    }
}

static void empty_absent_and_very_long_texts_leave_the_page_whole(void **state)
{
    (void)state;
    size_t filled = 0;
    char *page = page_with((struct rebut_text){NULL, 0}, REBUT_CHINESE, &filled);
    assert_whole(page);
    free(page);
    page = page_with(REBUT_TEXT(""), REBUT_ENGLISH, &filled);
    assert_whole(page);
    free(page);
    char *much = malloc(100000);
    memset(much, 'w', 100000);
    page = page_with((struct rebut_text){much, 100000}, REBUT_CHINESE, &filled);
    assert_true(strlen(page) > (size_t)40 * 100000);
    assert_whole(page);
    free(page);
    free(much);
}

static void of_many_matches_the_nearest_are_shown(void **state)
{
    (void)state;
    struct rebut_pack pack = packing_request(&packing, 1);
    struct rebut_pack_match match[50] = {0};
    struct rebut_output out;
    pack.elsewhere.photo.count = 0;
    const uint32_t count = pack.elsewhere.text.count;
    struct rebut_pack_match *list = pack.elsewhere.text.list;
    pack.elsewhere.text.list = match;
    pack.elsewhere.text.count = 50;
    assert_true(rebut_output_memory(&out, NULL));
    rebut_pack_write_html(&pack, REBUT_ENGLISH, &out);
    rebut_output_write(&out, "", 1);
    assert_int_equal(count_of(out.buffer, "</td><td class=\"k\">0.0%"), 20);
    assert_non_null(strstr(out.buffer, "The nearest 20; the JSON lists up to 50."));
    assert_whole(out.buffer);
    rebut_output_release(&out);
    pack.elsewhere.text.list = list;
    pack.elsewhere.text.count = count;
    rebut_pack_release(&pack);
}

static void paper_takes_the_same_texts_and_gives_the_same_bytes(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "", "<script>x</script>\xe2\x80\xae\x1b\xff\n\t=cmd|'/c calc'!A0"};
    for (size_t i = 0; i < 2; i++) {
        struct rebut_pack pack = packing_request(&packing, 1);
        struct rebut_output out[2];
        struct rebut_error err = {0};
        fill(&pack, &rebut_pack_shape, rebut_text_of(texts[i]));
        for (int j = 0; j < 2; j++) {
            assert_true(rebut_output_memory(&out[j], NULL));
            if (!rebut_pack_pdf(&pack, REBUT_CHINESE, &out[j], &err))
                fail_msg("%s", err.message);
        }
        assert_int_equal(out[0].used, out[1].used);
        assert_memory_equal(out[0].buffer, out[1].buffer, out[0].used);
        rebut_output_release(&out[0]);
        rebut_output_release(&out[1]);
        rebut_pack_release(&pack);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(markup_and_hidden_signs_in_any_text_are_shown),
        cmocka_unit_test(empty_absent_and_very_long_texts_leave_the_page_whole),
        cmocka_unit_test(of_many_matches_the_nearest_are_shown),
        cmocka_unit_test(paper_takes_the_same_texts_and_gives_the_same_bytes),
    };
    return cmocka_run_group_tests_name("pack hostile", tests, open_all, close_all);
}
