/* What nobody sees is named as hidden, and what people write is not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "rebut/hidden.h"

static void controls_turns_and_blanks_without_width_are_hidden(void **state)
{
    (void)state;
    static const uint32_t hidden[] = {
        0,       '\t',    '\n',     0x1b,   0x7f,    0x85,     0xad,      0x34f,
        0x61c,   0x115f,  0x180e,   0x200b, 0x200e,  0x2028,   0x2029,    0x202e,
        0x2060,  0x2066,  0x3164,   0xfeff, 0xffa0,  0xfff9,   0xd800,    0xe000,
        0xe0041, 0xfffff, 0x10ffff, 0x378,  0x1d173, 0x110000, UINT32_MAX};
    for (size_t i = 0; i < sizeof hidden / sizeof *hidden; i++)
        if (!rebut_is_hidden(hidden[i]))
            fail_msg("U+%04X is shown", (unsigned)hidden[i]);
}

static void letters_signs_blanks_and_emoji_are_not(void **state)
{
    (void)state;
    static const uint32_t shown[] = {' ',    '<',   '~',   0xa0,   0xe9,    0x300,
                                     0x3000, U'退', U'，', U'￥',  0x20bb7, 0x1f600,
                                     0xfe0f, 0x5d0, 0x628, 0xfffd, 0xff1d,  0x2026};
    for (size_t i = 0; i < sizeof shown / sizeof *shown; i++)
        if (rebut_is_hidden(shown[i]))
            fail_msg("U+%04X is hidden", (unsigned)shown[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(controls_turns_and_blanks_without_width_are_hidden),
        cmocka_unit_test(letters_signs_blanks_and_emoji_are_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
