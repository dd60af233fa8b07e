#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "rebut/json.h"

#define LENGTH(list) (sizeof(list) / sizeof *(list))

/* The text in a block of just its size, so that the sanitizer sees any look beyond. */
static char *block_of(struct rebut_text text)
{
    char *block = malloc(text.size == 0 ? 1 : text.size);
    assert_non_null(block);
    if (text.size != 0)
        memcpy(block, text.data, text.size);
    return block;
}

struct found {
    enum rebut_json_fault fault;
    ptrdiff_t at;
    const char *expected;
};

static struct found check(struct rebut_text text, int nesting_max)
{
    char *block = block_of(text);
    struct rebut_json json;
    rebut_json_init(&json, (struct rebut_text){block, text.size}, nesting_max);
    if (rebut_json_skip(&json))
        (void)rebut_json_finish(&json);
    const struct found found = {json.fault, json.at - json.start, json.expected};
    free(block);
    return found;
}

static void assert_accepted(struct rebut_text text)
{
    const struct found found = check(text, 32);
    if (found.fault != REBUT_JSON_FINE)
        fail_msg("'%.*s' was refused: expected %s at %td", (int)text.size, text.data,
                 found.expected, found.at);
}

static void assert_refused(struct rebut_text text, enum rebut_json_fault fault,
                           ptrdiff_t at, const char *expected)
{
    const struct found found = check(text, 32);
    if (found.fault != fault || found.at != at || strcmp(found.expected, expected) != 0)
        fail_msg("'%.*s': fault %d at %td, expected %s", (int)text.size, text.data,
                 (int)found.fault, found.at,
                 found.fault == REBUT_JSON_FINE ? "nothing" : found.expected);
}

/* The string value that `spelling` stands for, in `room`. */
static struct rebut_text decoded(const char *spelling, char *room, size_t size)
{
    struct rebut_json json;
    struct rebut_json_value value = {0};
    rebut_json_init(&json, rebut_text_of(spelling), 32);
    json.room = room;
    json.room_size = size;
    assert_true(rebut_json_value(&json, &value));
    assert_true(rebut_json_finish(&json));
    assert_int_equal(value.kind, REBUT_JSON_STRING);
    return value.text;
}

static void assert_decodes(const char *spelling, const char *meaning)
{
    char room[256];
    const struct rebut_text text = decoded(spelling, room, sizeof room);
    assert_int_equal(text.size, strlen(meaning));
    assert_memory_equal(text.data, meaning, text.size);
}

static void every_form_of_the_grammar_is_accepted(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "0",
        "-0",
        "1234567890123456789012345678901234567890",
        "-12.50",
        "0.0",
        "1e5",
        "1E+05",
        "1.25e-300",
        "1e999",
        "true",
        "false",
        "null",
        "\"\"",
        "[]",
        "{}",
        " \t\r\n[ \t\r\n] \t\r\n",
        "{ }",
        "[1,2 , 3]",
        "{\"\":1}",
        "{\"a\":1,\"a\":2}",
        " { \"a\" : [ true , null ] , \"b\" : { } } ",
        "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0041\"",
        "\"\x7f\"",
        "\"\xef\xbf\xbf\"",
        "\"\xf4\x8f\xbf\xbf\"",
    };
    for (size_t i = 0; i < LENGTH(texts); i++)
        assert_accepted(rebut_text_of(texts[i]));
}

static void whatever_is_beside_the_grammar_is_refused_where_it_stands(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        ptrdiff_t at;
        const char *expected;
    } texts[] = {
        {"", 0, "a value"},
        {" ", 1, "a value"},
        {"\xef\xbb\xbf{}", 0, "a value"},
        {"x", 0, "a value"},
        {"tru", 0, "a value"},
        {"trux", 0, "a value"},
        {"nul", 0, "a value"},
        {"falsy", 0, "a value"},
        {"True", 0, "a value"},
        {"NaN", 0, "a value"},
        {"Infinity", 0, "a value"},
        {"'a'", 0, "a value"},
        {"// a\n1", 0, "a value"},
        {"]", 0, "a value"},
        {"+1", 0, "a value"},
        {".5", 0, "a value"},
        {"-", 0, "a number"},
        {"-x", 0, "a number"},
        {"-.5", 0, "a number"},
        {"1.", 0, "a number"},
        {"1.e5", 0, "a number"},
        {"1e", 0, "a number"},
        {"1e+", 0, "a number"},
        {"01", 1, "nothing behind the value"},
        {"-01", 2, "nothing behind the value"},
        {"0x10", 1, "nothing behind the value"},
        {"1 2", 2, "nothing behind the value"},
        {"{}}", 2, "nothing behind the value"},
        {"{},", 2, "nothing behind the value"},
        {"true1", 4, "nothing behind the value"},
        {"\"a\"b", 3, "nothing behind the value"},
        {"[", 1, "a value"},
        {"[1", 2, "',' or ']'"},
        {"[1 2]", 3, "',' or ']'"},
        {"[1}", 2, "',' or ']'"},
        {"[1,]", 3, "a value"},
        {"[,1]", 1, "a value"},
        {"[1,,2]", 3, "a value"},
        {"{", 1, "a key in quotes"},
        {"{1:2}", 1, "a key in quotes"},
        {"{a:2}", 1, "a key in quotes"},
        {"{\"a\"}", 4, "':'"},
        {"{\"a\"", 4, "':'"},
        {"{\"a\":}", 5, "a value"},
        {"{\"a\":1", 6, "',' or '}'"},
        {"{\"a\":1 \"b\":2}", 7, "',' or '}'"},
        {"{\"a\":1]", 6, "',' or '}'"},
        {"{\"a\":1,}", 7, "a key in quotes"},
        {"{,\"a\":1}", 1, "a key in quotes"},
        {"\"", 1, "a closing quote"},
        {"\"a", 2, "a closing quote"},
        {"\"a\\\"", 4, "a closing quote"},
        {"\"abcdefghijklmnopqrstuvwxyz", 27, "a closing quote"},
        {"\"a\\", 2, "one of \"\\/bfnrtu behind a backslash"},
        {"\"\\x41\"", 1, "one of \"\\/bfnrtu behind a backslash"},
        {"\"\\N\"", 1, "one of \"\\/bfnrtu behind a backslash"},
        {"\"\\u12\"", 1, "four hexadecimal digits behind '\\u'"},
        {"\"\\u12g4\"", 1, "four hexadecimal digits behind '\\u'"},
        {"\"\\u", 1, "four hexadecimal digits behind '\\u'"},
        {"\"\\U0041\"", 1, "one of \"\\/bfnrtu behind a backslash"},
    };
    for (size_t i = 0; i < LENGTH(texts); i++)
        assert_refused(rebut_text_of(texts[i].text), REBUT_JSON_SYNTAX, texts[i].at,
                       texts[i].expected);
}

static void an_escaped_nul_is_refused(void **state)
{
    (void)state;
    assert_refused(REBUT_TEXT("\"a\\u0000\""), REBUT_JSON_SYNTAX, 2, "no NUL character");
    assert_refused(REBUT_TEXT("{\"\\u0000\":1}"), REBUT_JSON_SYNTAX, 2,
                   "no NUL character");
}

static void escapes_mean_what_the_grammar_says(void **state)
{
    (void)state;
    assert_decodes("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\/\b\f\n\r\t");
    assert_decodes("\"a\\u0041b\"", "aAb");
    assert_decodes("\"\\u00e9\\u00E9\\u07fF\"", "\xc3\xa9\xc3\xa9\xdf\xbf");
    assert_decodes("\"\\u0800\\u4e2d\\uFFFF\"", "\xe0\xa0\x80\xe4\xb8\xad\xef\xbf\xbf");
    assert_decodes("\"\\ud83d\\ude00\\uDBFF\\uDFFF\"",
                   "\xf0\x9f\x98\x80\xf4\x8f\xbf\xbf");
    assert_decodes("\"\\ud800\\udc00\"", "\xf0\x90\x80\x80");
    assert_decodes("\"\\ud7ff\\ue000\"", "\xed\x9f\xbf\xee\x80\x80");
    assert_decodes("\"\xe4\xb8\xad\\n\xe4\xb8\xad\\n\xe4\xb8\xad plain to the end\"",
                   "\xe4\xb8\xad\n\xe4\xb8\xad\n\xe4\xb8\xad plain to the end");
    assert_decodes("\"\\u0001\"", "\x01");
}

static void half_a_surrogate_pair_is_refused(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "\"\\ud800\"",        "\"\\udbff\"",        "\"\\udc00\"",
        "\"\\udfff\"",        "\"\\ud800x\"",       "\"\\ud800\\n\"",
        "\"\\ud800\\u0041\"", "\"\\ud800\\ud800\"", "\"\\udc00\\ud800\"",
        "\"\\ud800\\udbff\"", "\"\\ud800\\ue000\"", "\"\\ud800\\u12g4\"",
        "\"\\ud800\\udc0",    "\"\\ud800\\",
    };
    for (size_t i = 0; i < LENGTH(texts); i++)
        assert_refused(rebut_text_of(texts[i]), REBUT_JSON_SYNTAX, 1,
                       "both halves of a surrogate pair");
}

#define INDENT 4

/* Put `bytes` behind `before` ASCII letters and in front of `after` in a string.  It does
 * not begin the text: what does is not looked at sixteen bytes at a time. */
static struct rebut_text quoted(char *room, struct rebut_text bytes, size_t before,
                                size_t after)
{
    memset(room, ' ', INDENT - 1);
    char *text = room + INDENT;
    text[-1] = '"';
    memset(text, 'a', before);
    memcpy(text + before, bytes.data, bytes.size);
    memset(text + before + bytes.size, 'b', after);
    text[before + bytes.size + after] = '"';
    return (struct rebut_text){room, INDENT + before + bytes.size + after + 1};
}

static void a_raw_control_character_is_refused_anywhere(void **state)
{
    (void)state;
    char room[128];
    for (int control = 0; control < 0x20; control++)
        for (size_t before = 0; before < 40; before++) {
            const char byte = (char)control;
            const struct rebut_text bytes = {&byte, 1};
            assert_refused(quoted(room, bytes, before, 39 - before), REBUT_JSON_SYNTAX,
                           (ptrdiff_t)before + INDENT,
                           "an escape for a control character");
        }
    assert_refused(REBUT_TEXT("[1\0]"), REBUT_JSON_SYNTAX, 2, "',' or ']'");
    assert_refused(REBUT_TEXT("{}\0"), REBUT_JSON_SYNTAX, 2, "nothing behind the value");
    assert_refused(REBUT_TEXT("\v1"), REBUT_JSON_SYNTAX, 0, "a value");
}

static void a_sequence_that_is_no_utf8_is_refused_at_every_place(void **state)
{
    (void)state;
    static const char *const sequences[] = {
        "\x80", /* continues nothing */
        "\xbf",
        "\xc0\x80", /* overlong */
        "\xc1\xbf",
        "\xe0\x80\x80",
        "\xe0\x9f\xbf",
        "\xf0\x80\x80\x80",
        "\xf0\x8f\xbf\xbf",
        "\xed\xa0\x80", /* surrogates */
        "\xed\xbf\xbf",
        "\xf4\x90\x80\x80", /* over U+10FFFF */
        "\xf5\x80\x80\x80",
        "\xf8\x88\x80\x80\x80",
        "\xfe",
        "\xff",
        "\xc2", /* cut short */
        "\xe4",
        "\xe4\xb8",
        "\xf0\x9f",
        "\xf0\x9f\x98",
        "\xe4\xe4\xb8\xad", /* a lead where a sequence should go on */
        "\xf0\x9f\xe4\xb8\xad",
        "\xc2\xc2\xa0",
    };
    char room[128];
    for (size_t i = 0; i < LENGTH(sequences); i++)
        for (size_t before = 0; before < 40; before++)
            for (size_t after = 0; after < 40; after++) {
                const struct rebut_text bytes = rebut_text_of(sequences[i]);
                const struct rebut_text text = quoted(room, bytes, before, after);
                assert_refused(text, REBUT_JSON_UTF8, (ptrdiff_t)before + INDENT,
                               "valid UTF-8");
            }
}

static void a_sequence_of_utf8_is_accepted_at_every_place(void **state)
{
    (void)state;
    static const char *const sequences[] = {
        "\xc2\x80",         "\xdf\xbf",         "\xe0\xa0\x80",     "\xe4\xb8\xad",
        "\xec\xbf\xbf",     "\xed\x80\x80",     "\xed\x9f\xbf",     "\xee\x80\x80",
        "\xef\xbf\xbf",     "\xf0\x90\x80\x80", "\xf0\x9f\x98\x80", "\xf3\xbf\xbf\xbf",
        "\xf4\x80\x80\x80", "\xf4\x8f\xbf\xbf",
    };
    char room[128];
    for (size_t i = 0; i < LENGTH(sequences); i++)
        for (size_t before = 0; before < 40; before++)
            for (size_t after = 0; after < 40; after++)
                assert_accepted(quoted(room, rebut_text_of(sequences[i]), before, after));
}

/* The fast path against the plain one, on all two-byte strings and all three-byte
 * strings with a three-byte lead, where sixteen bytes are looked at together. */
static void the_fast_path_agrees_with_the_plain_one_on_all_short_sequences(void **state)
{
    (void)state;
    char room[64];
    for (unsigned code = 0; code < 0x10000 + 0x100000; code++) {
        char bytes[3] = {(char)(code >> 8), (char)code, 'x'};
        if (code >= 0x10000) {
            bytes[0] = (char)(0xe0 | ((code - 0x10000) >> 16));
            bytes[1] = (char)(code >> 8);
            bytes[2] = (char)code;
        }
        if (memchr(bytes, '"', 3) != NULL || memchr(bytes, '\\', 3) != NULL ||
            (unsigned char)bytes[0] < 0x20 || (unsigned char)bytes[1] < 0x20 ||
            (unsigned char)bytes[2] < 0x20)
            continue;
        const struct rebut_text three = {bytes, 3};
        const bool valid = rebut_text_valid_utf8(three) == 3;
        struct rebut_json json;
        rebut_json_init(&json, quoted(room, three, 7 + code % 9, 30), 1);
        if (rebut_json_skip(&json) != valid)
            fail_msg("%02x %02x %02x: plain says %d", bytes[0] & 0xff, bytes[1] & 0xff,
                     bytes[2] & 0xff, (int)valid);
    }
}

static void nesting_is_accepted_up_to_its_limit(void **state)
{
    (void)state;
    char text[4 * REBUT_JSON_NESTING_MAX] = {0};
    for (int depth = 1; depth <= REBUT_JSON_NESTING_MAX + 1; depth++) {
        memset(text, '[', (size_t)depth);
        memset(text + depth, ']', (size_t)depth);
        const struct rebut_text whole = {text, (size_t)depth * 2};
        assert_int_equal(check(whole, depth).fault, depth <= REBUT_JSON_NESTING_MAX
                                                        ? REBUT_JSON_FINE
                                                        : REBUT_JSON_NESTING);
        const struct found found = check(whole, depth - 1);
        assert_int_equal(found.fault, REBUT_JSON_NESTING);
        assert_int_equal(found.at, depth - 1);
    }
    assert_int_equal(check(REBUT_TEXT("{\"a\":[{}]}"), 3).fault, REBUT_JSON_FINE);
    assert_int_equal(check(REBUT_TEXT("{\"a\":[{}]}"), 2).fault, REBUT_JSON_NESTING);
    assert_int_equal(check(REBUT_TEXT("[[],[],[]]"), 2).fault, REBUT_JSON_FINE);
}

static void a_number_stays_text_and_its_kind_says_whether_it_is_an_integer(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum rebut_json_kind kind;
    } numbers[] = {
        {"0", REBUT_JSON_INTEGER},    {"-0", REBUT_JSON_INTEGER},
        {"120", REBUT_JSON_INTEGER},  {"99999999999999999999", REBUT_JSON_INTEGER},
        {"1.0", REBUT_JSON_REAL},     {"1e3", REBUT_JSON_REAL},
        {"1E3", REBUT_JSON_REAL},     {"1e+3", REBUT_JSON_REAL},
        {"-1.5e-3", REBUT_JSON_REAL}, {"0e0", REBUT_JSON_REAL},
    };
    for (size_t i = 0; i < LENGTH(numbers); i++) {
        struct rebut_json json;
        struct rebut_json_value value = {0};
        char *block = block_of(rebut_text_of(numbers[i].text));
        rebut_json_init(&json, (struct rebut_text){block, strlen(numbers[i].text)}, 1);
        assert_true(rebut_json_value(&json, &value));
        assert_true(rebut_json_finish(&json));
        assert_int_equal(value.kind, numbers[i].kind);
        assert_true(rebut_text_equal(value.text, rebut_text_of(numbers[i].text)));
        free(block);
    }
}

static void an_object_is_walked_key_by_key(void **state)
{
    (void)state;
    const char *line = " { \"a\" : 1 , \"b\":[ true , {} ], \"c\":{\"d\":null} } ";
    struct rebut_json json;
    struct rebut_text key;
    struct rebut_json_value value = {0};
    rebut_json_init(&json, rebut_text_of(line), 8);
    assert_int_equal(rebut_json_peek(&json), REBUT_JSON_OBJECT);
    assert_true(rebut_json_open(&json, REBUT_JSON_OBJECT));
    assert_true(rebut_json_next_key(&json, &key));
    assert_true(rebut_text_equal(key, REBUT_TEXT("a")));
    assert_int_equal(rebut_json_peek(&json), REBUT_JSON_INTEGER);
    assert_true(rebut_json_skip(&json));
    assert_true(rebut_json_next_key(&json, &key));
    assert_true(rebut_text_equal(key, REBUT_TEXT("b")));
    assert_true(rebut_json_open(&json, REBUT_JSON_ARRAY));
    assert_true(rebut_json_next(&json));
    assert_int_equal(rebut_json_peek(&json), REBUT_JSON_TRUE);
    assert_true(rebut_json_skip(&json));
    assert_true(rebut_json_next(&json));
    assert_true(rebut_json_open(&json, REBUT_JSON_OBJECT));
    assert_false(rebut_json_next_key(&json, &key));
    assert_false(rebut_json_next(&json));
    assert_true(rebut_json_next_key(&json, &key));
    assert_true(rebut_json_value(&json, &value));
    assert_int_equal(value.kind, REBUT_JSON_OBJECT);
    assert_true(rebut_text_equal(value.text, REBUT_TEXT("{\"d\":null}")));
    assert_false(rebut_json_next_key(&json, &key));
    assert_true(rebut_json_finish(&json));
}

static void the_first_fault_stands(void **state)
{
    (void)state;
    struct rebut_json json;
    struct rebut_json_value value = {.kind = REBUT_JSON_NONE};
    struct rebut_text key;
    rebut_json_init(&json, REBUT_TEXT("[1,]"), 8);
    assert_false(rebut_json_skip(&json));
    const char *at = json.at;
    assert_false(rebut_json_skip(&json));
    assert_false(rebut_json_value(&json, &value));
    assert_false(rebut_json_open(&json, REBUT_JSON_ARRAY));
    assert_false(rebut_json_next(&json));
    assert_false(rebut_json_next_key(&json, &key));
    assert_false(rebut_json_finish(&json));
    assert_int_equal(rebut_json_peek(&json), REBUT_JSON_NONE);
    assert_ptr_equal(json.at, at);
    assert_int_equal(json.fault, REBUT_JSON_SYNTAX);
    assert_int_equal(value.kind, REBUT_JSON_NONE);
}

static void a_string_without_escapes_is_a_piece_of_the_text(void **state)
{
    (void)state;
    const char *line = "\"plain and long enough for two steps\"";
    const struct rebut_text text = decoded(line, NULL, 0);
    assert_ptr_equal(text.data, line + 1);
    assert_int_equal(text.size, strlen(line) - 2);
}

static void a_string_with_escapes_takes_room_and_no_more_than_there_is(void **state)
{
    (void)state;
    char room[8];
    for (size_t size = 0; size < sizeof room; size++) {
        struct rebut_json json;
        struct rebut_json_value value = {0};
        memset(room, '#', sizeof room);
        rebut_json_init(&json, REBUT_TEXT("\"ab\\n\\u4e2d\""), 1);
        json.room = room;
        json.room_size = size;
        const bool fits = size >= 6;
        assert_int_equal(rebut_json_value(&json, &value), fits);
        assert_int_equal(json.fault, fits ? REBUT_JSON_FINE : REBUT_JSON_ROOM);
        assert_int_equal(json.room_used, fits ? 6 : 0);
        assert_int_equal(room[size], '#');
    }
    struct rebut_json json;
    rebut_json_init(&json, REBUT_TEXT("\"ab\\n\\u4e2d\""), 1);
    assert_true(rebut_json_skip(&json));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_form_of_the_grammar_is_accepted),
        cmocka_unit_test(whatever_is_beside_the_grammar_is_refused_where_it_stands),
        cmocka_unit_test(a_raw_control_character_is_refused_anywhere),
        cmocka_unit_test(an_escaped_nul_is_refused),
        cmocka_unit_test(escapes_mean_what_the_grammar_says),
        cmocka_unit_test(half_a_surrogate_pair_is_refused),
        cmocka_unit_test(a_sequence_that_is_no_utf8_is_refused_at_every_place),
        cmocka_unit_test(a_sequence_of_utf8_is_accepted_at_every_place),
        cmocka_unit_test(the_fast_path_agrees_with_the_plain_one_on_all_short_sequences),
        cmocka_unit_test(nesting_is_accepted_up_to_its_limit),
        cmocka_unit_test(a_number_stays_text_and_its_kind_says_whether_it_is_an_integer),
        cmocka_unit_test(an_object_is_walked_key_by_key),
        cmocka_unit_test(the_first_fault_stands),
        cmocka_unit_test(a_string_without_escapes_is_a_piece_of_the_text),
        cmocka_unit_test(a_string_with_escapes_takes_room_and_no_more_than_there_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
