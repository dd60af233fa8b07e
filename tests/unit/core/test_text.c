#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "rebut/text.h"

#define LENGTH(list) (sizeof(list) / sizeof *(list))

static void texts_are_equal_byte_by_byte(void **state)
{
    (void)state;
    const struct rebut_text absent = rebut_text_of(NULL);
    assert_null(absent.data);
    assert_int_equal(absent.size, 0);
    assert_true(rebut_text_equal(absent, REBUT_TEXT("")));
    assert_true(rebut_text_equal(rebut_text_of("ab"), REBUT_TEXT("ab")));
    assert_false(rebut_text_equal(REBUT_TEXT("ab"), REBUT_TEXT("abc")));
    assert_false(rebut_text_equal(REBUT_TEXT("ab"), REBUT_TEXT("aB")));
    assert_true(rebut_text_equal(REBUT_TEXT("a\0b"), REBUT_TEXT("a\0b")));
    assert_false(rebut_text_equal(REBUT_TEXT("a\0b"), REBUT_TEXT("a\0c")));
}

static void texts_sort_byte_by_byte_and_the_shorter_first(void **state)
{
    (void)state;
    const struct rebut_text absent = {NULL, 0};
    const struct rebut_text sorted[] = {
        absent,           REBUT_TEXT("A"), REBUT_TEXT("a"),           REBUT_TEXT("aa"),
        REBUT_TEXT("ab"), REBUT_TEXT("b"), REBUT_TEXT("\xe4\xb8\xad")};
    for (size_t i = 0; i < LENGTH(sorted); i++)
        for (size_t j = 0; j < LENGTH(sorted); j++) {
            const int order = rebut_text_compare(sorted[i], sorted[j]);
            assert_int_equal((order > 0) - (order < 0), (i > j) - (i < j));
        }
}

/* What the code point is spelled, by its definition; its size. */
static size_t spell(uint32_t code, unsigned char bytes[4])
{
    if (code < 0x80) {
        bytes[0] = (unsigned char)code;
        return 1;
    }
    const size_t size = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    static const unsigned char leads[] = {0, 0, 0xc0, 0xe0, 0xf0};
    for (size_t i = size - 1; i > 0; i--, code >>= 6)
        bytes[i] = (unsigned char)(0x80 | (code & 0x3f));
    bytes[0] = (unsigned char)(leads[size] | code);
    return size;
}

static void every_code_point_but_surrogates_is_valid_and_read_back(void **state)
{
    (void)state;
    for (uint32_t code = 0; code <= 0x110010; code++) {
        unsigned char bytes[4];
        const struct rebut_text text = {(const char *)bytes, spell(code, bytes)};
        const bool valid = code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
        if ((rebut_text_valid_utf8(text) == text.size) != valid)
            fail_msg("U+%04X: valid is %d", code, (int)valid);
        size_t position = 0;
        if (valid && (rebut_text_next(text, &position) != code || position != text.size))
            fail_msg("U+%04X is read otherwise", code);
    }
}

static void a_sequence_cut_short_is_invalid(void **state)
{
    (void)state;
    static const uint32_t codes[] = {0x80, 0x7ff, 0x800, 0xffff, 0x10000, 0x10ffff};
    for (size_t i = 0; i < LENGTH(codes); i++) {
        unsigned char bytes[4];
        const size_t size = spell(codes[i], bytes);
        for (size_t cut = 1; cut < size; cut++)
            assert_int_equal(
                rebut_text_valid_utf8((struct rebut_text){(const char *)bytes, cut}), 0);
        bytes[size - 1] = 'x';
        assert_int_equal(
            rebut_text_valid_utf8((struct rebut_text){(const char *)bytes, size}), 0);
    }
}

static void the_first_invalid_byte_is_told(void **state)
{
    (void)state;
    assert_int_equal(rebut_text_valid_utf8(REBUT_TEXT("")), 0);
    assert_int_equal(rebut_text_valid_utf8(REBUT_TEXT("abc")), 3);
    assert_int_equal(rebut_text_valid_utf8(REBUT_TEXT("ab\xff")), 2);
    assert_int_equal(rebut_text_valid_utf8(REBUT_TEXT("\xe4\xb8\xad\x80")), 3);
    assert_int_equal(rebut_text_valid_utf8(REBUT_TEXT("a\xc0\x80")), 1);
    assert_int_equal(rebut_text_valid_utf8(REBUT_TEXT("a\xe0\x9f\xbf")), 1);
    assert_int_equal(rebut_text_valid_utf8(REBUT_TEXT("a\xf0\x8f\xbf\xbf")), 1);
    assert_int_equal(rebut_text_valid_utf8(REBUT_TEXT("a\xf5\x80\x80\x80")), 1);
}

static void a_text_is_read_code_point_by_code_point(void **state)
{
    (void)state;
    const struct rebut_text text = REBUT_TEXT("a\xc3\xa9\xe4\xb8\xad\xf0\x9f\x98\x80z");
    static const uint32_t codes[] = {'a', 0xe9, 0x4e2d, 0x1f600, 'z'};
    size_t position = 0;
    for (size_t i = 0; i < LENGTH(codes); i++)
        assert_int_equal(rebut_text_next(text, &position), codes[i]);
    assert_int_equal(position, text.size);
}

static void whole_decimal_integers_are_read(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t value;
    } good[] = {
        {"0", 0},
        {"-0", 0},
        {"007", 7},
        {"-12", -12},
        {"9223372036854775807", INT64_MAX},
        {"-9223372036854775808", INT64_MIN},
        {"0000000000000000001", 1},
    };
    for (size_t i = 0; i < LENGTH(good); i++) {
        int64_t value = 99;
        assert_true(rebut_text_int64(rebut_text_of(good[i].text), &value));
        assert_true(value == good[i].value);
    }
}

static void what_is_no_integer_is_refused_and_leaves_the_value(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        "-",
        "+1",
        " 1",
        "1 ",
        "1.0",
        "1e3",
        "--1",
        "1-",
        "0x1",
        "9223372036854775808",
        "-9223372036854775809",
        "18446744073709551616",
        "99999999999999999999",
    };
    for (size_t i = 0; i < LENGTH(bad); i++) {
        int64_t value = 99;
        assert_false(rebut_text_int64(rebut_text_of(bad[i]), &value));
        assert_int_equal(value, 99);
    }
    int64_t value = 99;
    assert_false(rebut_text_int64(REBUT_TEXT("1\0"), &value));
    assert_false(rebut_text_int64((struct rebut_text){NULL, 0}, &value));
}

static void whole_decimal_numbers_are_read(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        double value;
    } good[] = {
        {"0", 0},           {"1.5", 1.5},
        {"-2e3", -2000},    {"1E-2", 0.01},
        {"5e-324", 5e-324}, {"1.7976931348623157e308", 0x1.fffffffffffffp1023},
        {"1e-400", 0},      {"0.1", 0.1},
    };
    for (size_t i = 0; i < LENGTH(good); i++) {
        double value = 99;
        assert_true(rebut_text_double(rebut_text_of(good[i].text), &value));
        assert_true(value == good[i].value);
    }
}

static void what_is_no_finite_number_is_refused_and_leaves_the_value(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        "-",
        "nan",
        "inf",
        "0x1p3",
        "1e400",
        "-1e400",
        "1.5x",
        " 1",
        "1 ",
        "1,5",
        "1e",
        ".",
        "--1",
        "1.2.3",
        "infinity",
        "00000000000000000000000000000000000000000000000000000000000000001",
    };
    for (size_t i = 0; i < LENGTH(bad); i++) {
        double value = 99;
        assert_false(rebut_text_double(rebut_text_of(bad[i]), &value));
        assert_true(value == 99);
    }
    double value = 99;
    assert_false(rebut_text_double(REBUT_TEXT("1\0"), &value));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_are_equal_byte_by_byte),
        cmocka_unit_test(texts_sort_byte_by_byte_and_the_shorter_first),
        cmocka_unit_test(every_code_point_but_surrogates_is_valid_and_read_back),
        cmocka_unit_test(a_sequence_cut_short_is_invalid),
        cmocka_unit_test(the_first_invalid_byte_is_told),
        cmocka_unit_test(a_text_is_read_code_point_by_code_point),
        cmocka_unit_test(whole_decimal_integers_are_read),
        cmocka_unit_test(what_is_no_integer_is_refused_and_leaves_the_value),
        cmocka_unit_test(whole_decimal_numbers_are_read),
        cmocka_unit_test(what_is_no_finite_number_is_refused_and_leaves_the_value),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
