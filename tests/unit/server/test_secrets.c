/* Tokens and cursors: what is made is known again, and nothing else is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../../engine/server/server_parts.h"

static void a_token_is_known_by_its_hash_alone(void **state)
{
    struct rebut_token made, read, other;
    (void)state;
    assert_true(rebut_token_make(REBUT_TOKEN_PREFIX, &made, NULL));
    assert_int_equal(strlen(made.text), 62);
    assert_int_equal(strlen(made.hash), 66);
    assert_true(rebut_token_read(REBUT_TOKEN_PREFIX, rebut_text_of(made.text), &read));
    assert_string_equal(read.id, made.id);
    assert_string_equal(read.hash, made.hash);
    assert_string_equal(read.mark, made.mark);
    assert_null(strstr(made.hash, made.text + 19));
    assert_string_not_equal(made.mark, made.text + 19);
    assert_true(rebut_token_make(REBUT_TOKEN_PREFIX, &other, NULL));
    assert_string_not_equal(made.id, other.id);
    assert_string_not_equal(made.hash, other.hash);
}

/* BLAKE2b-256 of forty-three zeros, by b2sum -l 256. */
static void the_hash_is_the_one_that_others_compute(void **state)
{
    struct rebut_token token;
    (void)state;
    assert_true(rebut_token_read(
        REBUT_TOKEN_PREFIX,
        REBUT_TEXT("rebut_aaaaaaaaaaaa_0000000000000000000000000000000000000000000"),
        &token));
    assert_string_equal(
        token.hash,
        "\\xd8dede6f82461ccf2902f58dff168053a875a4c600ab1affefb537252d1ba936");
}

static void what_has_not_the_form_is_no_token(void **state)
{
    static const char *const bad[] = {
        "",
        "rebut",
        "rebut_",
        "rebut_aaaaaaaaaaaa_",
        "rebut_aaaaaaaaaaaa_000000000000000000000000000000000000000000",
        "rebut_aaaaaaaaaaaa_00000000000000000000000000000000000000000000",
        "rebut_AAAAAAAAAAAA_0000000000000000000000000000000000000000000",
        "rebut_aaaaaaaaaaaa 0000000000000000000000000000000000000000000",
        "rebut_aaaaaaaaaaaa_000000000000000000000000000000000000000000=",
        "rebut_aaaaaaaaaaaa_00000000000000000000000000000000000000000 0",
        "REBUT_aaaaaaaaaaaa_0000000000000000000000000000000000000000000",
        "rebutl_aaaaaaaaaaaa_000000000000000000000000000000000000000000"};
    struct rebut_token token;
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (rebut_token_read(REBUT_TOKEN_PREFIX, rebut_text_of(bad[i]), &token))
            fail_msg("taken: '%s'", bad[i]);
}

static void scopes_are_whole_words_of_the_role(void **state)
{
    (void)state;
    assert_true(rebut_token_has_scope(rebut_token_scopes("reviewer"), "cases:write"));
    assert_false(rebut_token_has_scope(rebut_token_scopes("merchant"), "cases:write"));
    assert_false(rebut_token_has_scope("cases:read cases:write", "cases"));
    assert_false(rebut_token_has_scope("cases:read", "cases:read:more"));
    assert_false(rebut_token_has_scope("", "cases:read"));
    assert_null(rebut_token_scopes("root"));
}

static const unsigned char secret[32] = "a secret of exactly thirty-two b",
                           other[32] = "another";
#define CONTEXT REBUT_TEXT("anna\n/v1/queue\nslot")

static void a_cursor_reads_back_in_its_context_alone(void **state)
{
    char cursor[CURSOR_SIZE], key[64], id[128];
    (void)state;
    assert_true(rebut_cursor_write(secret, CONTEXT, "-0.25", "r\n1", cursor));
    assert_true(rebut_cursor_read(secret, CONTEXT, cursor, key, id));
    assert_string_equal(key, "-0.25");
    assert_string_equal(id, "r\n1");
    assert_false(rebut_cursor_read(other, CONTEXT, cursor, key, id));
    assert_false(
        rebut_cursor_read(secret, REBUT_TEXT("bert\n/v1/queue\nslot"), cursor, key, id));
    assert_false(rebut_cursor_read(secret, REBUT_TEXT(""), cursor, key, id));
}

static void a_cursor_with_any_character_changed_is_refused(void **state)
{
    static const char letters[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    char cursor[CURSOR_SIZE], key[64], id[128];
    (void)state;
    assert_true(rebut_cursor_write(secret, CONTEXT, "7", "r17", cursor));
    const size_t size = strlen(cursor);
    for (size_t i = 0; i < size; i++) {
        const char was = cursor[i];
        for (size_t k = 0; k < sizeof letters; k++) {
            cursor[i] = letters[k]; /* the last is NUL: cut there */
            if (cursor[i] != was && rebut_cursor_read(secret, CONTEXT, cursor, key, id))
                fail_msg("taken: '%s'", cursor);
        }
        cursor[i] = was;
    }
    assert_true(rebut_cursor_read(secret, CONTEXT, cursor, key, id));
}

static void a_place_too_long_for_a_cursor_gives_none(void **state)
{
    char cursor[CURSOR_SIZE], id[300];
    (void)state;
    memset(id, 'x', sizeof id);
    id[299] = '\0';
    assert_false(rebut_cursor_write(secret, CONTEXT, "1", id, cursor));
    id[64] = '\0';
    assert_true(
        rebut_cursor_write(secret, CONTEXT, "-1.7976931348623157e+308", id, cursor));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_token_is_known_by_its_hash_alone),
        cmocka_unit_test(the_hash_is_the_one_that_others_compute),
        cmocka_unit_test(what_has_not_the_form_is_no_token),
        cmocka_unit_test(scopes_are_whole_words_of_the_role),
        cmocka_unit_test(a_cursor_reads_back_in_its_context_alone),
        cmocka_unit_test(a_cursor_with_any_character_changed_is_refused),
        cmocka_unit_test(a_place_too_long_for_a_cursor_gives_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
