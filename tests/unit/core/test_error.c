#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "rebut/error.h"

static void a_failure_records_its_code_and_its_words(void **state)
{
    (void)state;
    struct rebut_error err = {0};
    assert_false(rebut_fail(&err, REBUT_EDATA, "bad '%s' at %d", "x", 7));
    assert_int_equal(err.code, REBUT_EDATA);
    assert_string_equal(err.message, "bad 'x' at 7");
}

static void the_first_cause_wins(void **state)
{
    (void)state;
    struct rebut_error err = {0};
    assert_false(rebut_fail(&err, REBUT_EIO, "first"));
    assert_false(rebut_fail(&err, REBUT_EDATA, "second"));
    assert_false(rebut_fail_memory(&err, "third"));
    assert_int_equal(err.code, REBUT_EIO);
    assert_string_equal(err.message, "first");
}

static void context_goes_in_front_and_the_code_stays(void **state)
{
    (void)state;
    struct rebut_error err = {0};
    assert_false(rebut_fail(&err, REBUT_EIO, "no such file"));
    assert_false(rebut_fail_context(&err, "cannot open '%s'", "a"));
    assert_false(rebut_fail_context(&err, "line %d", 3));
    assert_int_equal(err.code, REBUT_EIO);
    assert_string_equal(err.message, "line 3: cannot open 'a': no such file");
}

static void nobody_need_be_interested(void **state)
{
    (void)state;
    assert_false(rebut_fail(NULL, REBUT_EIO, "words"));
    assert_false(rebut_fail_context(NULL, "words"));
    assert_false(rebut_fail_memory(NULL, "words"));
}

static void long_words_are_cut_and_end(void **state)
{
    (void)state;
    struct rebut_error err = {0};
    char words[1000];
    memset(words, 'w', sizeof words);
    words[999] = '\0';
    assert_false(rebut_fail(&err, REBUT_EIO, "%s", words));
    assert_int_equal(strlen(err.message), sizeof err.message - 1);
    assert_false(rebut_fail_context(&err, "here"));
    assert_int_equal(strlen(err.message), sizeof err.message - 1);
    assert_memory_equal(err.message, "here: www", 9);
    assert_false(rebut_fail_context(&err, "%s", words));
    assert_int_equal(strlen(err.message), sizeof err.message - 1);
    assert_int_equal(err.message[0], 'w');
}

static void no_memory_says_for_what(void **state)
{
    (void)state;
    struct rebut_error err = {0};
    assert_false(rebut_fail_memory(&err, "an id table"));
    assert_int_equal(err.code, REBUT_ENOMEM);
    assert_string_equal(err.message, "no memory for an id table");
}

static void each_code_has_its_exit_code(void **state)
{
    (void)state;
    assert_int_equal(rebut_exit_code(REBUT_OK), 0);
    assert_int_equal(rebut_exit_code(REBUT_EINPUT), 1);
    assert_int_equal(rebut_exit_code(REBUT_EMATH), 1);
    assert_int_equal(rebut_exit_code(REBUT_EIO), 1);
    assert_int_equal(rebut_exit_code(REBUT_ENOMEM), 1);
    assert_int_equal(rebut_exit_code(REBUT_EUSAGE), 2);
    assert_int_equal(rebut_exit_code(REBUT_EDATA), 3);
    assert_int_equal(rebut_exit_code(REBUT_ELIMIT), 3);
    assert_int_equal(rebut_exit_code(REBUT_ETRY), 75);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_failure_records_its_code_and_its_words),
        cmocka_unit_test(the_first_cause_wins),
        cmocka_unit_test(context_goes_in_front_and_the_code_stays),
        cmocka_unit_test(nobody_need_be_interested),
        cmocka_unit_test(long_words_are_cut_and_end),
        cmocka_unit_test(no_memory_says_for_what),
        cmocka_unit_test(each_code_has_its_exit_code),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
