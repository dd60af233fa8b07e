/* A term's sentence in the other language, from the sentence alone. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "rebut/score.h"

static void check(const struct rebut_term *term, uint8_t bin)
{
    char zh[REBUT_SENTENCE_SIZE], en[REBUT_SENTENCE_SIZE], text[REBUT_SENTENCE_SIZE];
    rebut_term_say(term, bin, REBUT_CHINESE, zh);
    rebut_term_say(term, bin, REBUT_ENGLISH, en);
    assert_true(rebut_term_resay(zh, REBUT_ENGLISH, text));
    assert_string_equal(text, en);
    assert_true(rebut_term_resay(en, REBUT_CHINESE, text));
    assert_string_equal(text, zh);
    assert_true(rebut_term_resay(zh, REBUT_CHINESE, text));
    assert_string_equal(text, zh);
}

static void each_sentence_is_said_in_the_other_language(void **state)
{
    (void)state;
    uint64_t dice = 7;
    for (int round = 0; round < 3000; round++)
        for (int id = 0; id < REBUT_TERMS; id++) {
            double value[6];
            for (int i = 0; i < 6; i++) {
                dice = dice * 6364136223846793005u + 1442695040888963407u;
                value[i] = (double)(dice >> 33) / 2147483648.0 * (i < 2 ? 40 : 3);
            }
            struct rebut_term term = {.id = (enum rebut_term_id)id,
                                      .raw = value[5] - 1.5,
                                      .observed = value[0] / (round % 3 == 0 ? 40 : 1),
                                      .expected = value[2] / 3,
                                      .low = value[3],
                                      .high = value[4],
                                      .n = (uint64_t)value[1]};
            const int mark = id - REBUT_TERM_MARKS;
            const int bins =
                mark >= 0 && mark < REBUT_MARKS ? rebut_mark_tables[mark].bins : 1;
            for (int bin = 0; bin < bins; bin++)
                check(&term, (uint8_t)bin);
        }
}

static void what_is_no_sentence_of_ours_is_left_alone(void **state)
{
    (void)state;
    char text[REBUT_SENTENCE_SIZE];
    assert_false(rebut_term_resay("", REBUT_ENGLISH, text));
    assert_false(rebut_term_resay("words", REBUT_ENGLISH, text));
    assert_false(rebut_term_resay("1 2 3 4 5 6 7 8 9 10 11", REBUT_ENGLISH, text));
    assert_false(rebut_term_resay("reviewers who judged it: 2, of whom 1 said abuse",
                                  REBUT_ENGLISH, text));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_sentence_is_said_in_the_other_language),
        cmocka_unit_test(what_is_no_sentence_of_ours_is_left_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
