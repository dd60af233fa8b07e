#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "rebut/json.h"

#define LENGTH(list) (sizeof(list) / sizeof *(list))

static const struct rebut_json_key names[2] = {REBUT_JSON_KEY("ab"),
                                               REBUT_JSON_KEY("longer_than_eight")};

/* A multiplier that sends both names to different places, found the slow way. */
static struct rebut_json_keys two_keys(void)
{
    static const uint8_t order[] = {0, 1}, next[] = {1, 0};
    struct rebut_json_keys keys = {.keys = names,
                                   .count = 2,
                                   .order = order,
                                   .next = next,
                                   .order_size = 2,
                                   .multiplier = 1};
    for (;; keys.multiplier += 0x9e3779b97f4a7c16) {
        uint64_t first[2] = {0, 0};
        memcpy(&first[0], "ab", 2);
        memcpy(&first[1], "longer_t", 8);
        const uint64_t a = first[0] * keys.multiplier >> 57;
        const uint64_t b = first[1] * keys.multiplier >> 57;
        if (a == b || a == 0 || b == 0)
            continue;
        keys.slots[a] = 1;
        keys.slots[b] = 2;
        return keys;
    }
}

static bool members(const char *line, struct rebut_json_value values[2],
                    uint64_t *ret_seen, uint64_t *ret_repeated)
{
    static char room[256];
    const struct rebut_json_keys keys = two_keys();
    struct rebut_json json;
    rebut_json_init(&json, rebut_text_of(line), 4);
    json.room = room;
    json.room_size = sizeof room;
    return rebut_json_members(&json, &keys, values, ret_seen, ret_repeated) &&
           rebut_json_finish(&json);
}

static void members_gives_known_keys_and_steps_over_others(void **state)
{
    (void)state;
    static const char others[] =
        "{\"a\":1,\"abc\":2,\"\":3,\"longer_than_eigh\":4,\"longer_than_eight\":\"x\","
        "\"ab\":12,\"longer_than_eight_\":5,\"longer_thxn_eight\":\"\\n\"}";
    static const char *const lines[] = {
        "{\"ab\":12,\"longer_than_eight\":\"x\"}",
        "{\"longer_than_eight\":\"x\",\"ab\":12}",
        " { \"ab\" : 12 , \"x\" : [1,{\"ab\":3}] , \"longer_than_eight\" : \"x\" } ",
        others,
        "{\"\\u0061b\":12,\"longer\\u005fthan_eight\":\"\\u0078\"}",
    };
    for (size_t i = 0; i < LENGTH(lines); i++) {
        struct rebut_json_value values[2] = {0};
        uint64_t seen = 0, repeated = 7;
        assert_true(members(lines[i], values, &seen, &repeated));
        assert_int_equal(seen, 3);
        assert_int_equal(repeated, 0);
        assert_int_equal(values[0].kind, REBUT_JSON_INTEGER);
        assert_true(rebut_text_equal(values[0].text, REBUT_TEXT("12")));
        assert_int_equal(values[1].kind, REBUT_JSON_STRING);
        assert_true(rebut_text_equal(values[1].text, REBUT_TEXT("x")));
    }
}

static void members_keeps_the_first_of_a_repeated_key_and_says_so(void **state)
{
    (void)state;
    struct rebut_json_value values[2] = {0};
    uint64_t seen = 0, repeated = 0;
    assert_true(members("{\"ab\":1,\"ab\":2,\"x\":1,\"x\":2}", values, &seen, &repeated));
    assert_int_equal(seen, 1);
    assert_int_equal(repeated, 1);
    assert_true(rebut_text_equal(values[0].text, REBUT_TEXT("1")));
    assert_true(members("{\"longer_than_eight\":1,\"ab\":2,\"longer_than_eight\":3,"
                        "\"longer_than_eight\":4,\"ab\":5,\"longer_than_eight\":6}",
                        values, &seen, &repeated));
    assert_int_equal(seen, 3);
    assert_int_equal(repeated, 3);
    assert_true(rebut_text_equal(values[0].text, REBUT_TEXT("2")));
    assert_true(rebut_text_equal(values[1].text, REBUT_TEXT("1")));
    assert_true(members("{}", values, &seen, &repeated));
    assert_int_equal(seen, 0);
    assert_int_equal(repeated, 0);
}

static void members_refuses_what_is_no_object_or_no_json(void **state)
{
    (void)state;
    static const char *const lines[] = {
        "",
        "[]",
        "{",
        "{\"ab\"",
        "{\"ab\":",
        "{\"ab\":1",
        "{\"ab\":1,",
        "{\"ab\":1,}",
        "{\"ab\":1x}",
        "{\"ab\":01}",
        "{\"ab\":-}",
        "{\"ab\":1.}",
        "{\"ab\" 1}",
        "{\"ab\":\"1}",
        "{\"x\":\"1}",
        "{\"x\":\"\\ud800\"}",
        "{\"ab\":\"\xff\"}",
        "{\"ab\":\"1\"\"x\":2}",
        "{\"ab\":1}}",
        "{\"ab\":1}x",
        "{\"x\":[[[[]]]]}",
        "{\"\\u00\":1}",
        "{ab:1}",
    };
    for (size_t i = 0; i < LENGTH(lines); i++) {
        struct rebut_json_value values[2] = {0};
        uint64_t seen = 0, repeated = 0;
        if (members(lines[i], values, &seen, &repeated))
            fail_msg("'%s' was accepted", lines[i]);
    }
}

static void members_keeps_to_the_nesting_limit(void **state)
{
    (void)state;
    static const char *const lines[] = {"{\"ab\":[1,\"two\"]}", "{\"ab\":[]}",
                                        "{\"x\":{\"y\":1}}", "{\"ab\":[[1]]}"};
    static const int depths[] = {2, 2, 2, 3};
    const struct rebut_json_keys keys = two_keys();
    for (size_t i = 0; i < LENGTH(lines); i++)
        for (int limit = 0; limit < 4; limit++) {
            struct rebut_json json;
            struct rebut_json_value values[2];
            uint64_t seen = 0, repeated = 0;
            rebut_json_init(&json, rebut_text_of(lines[i]), limit);
            assert_int_equal(rebut_json_members(&json, &keys, values, &seen, &repeated),
                             limit >= depths[i]);
            assert_int_equal(json.fault,
                             limit >= depths[i] ? REBUT_JSON_FINE : REBUT_JSON_NESTING);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(members_gives_known_keys_and_steps_over_others),
        cmocka_unit_test(members_keeps_the_first_of_a_repeated_key_and_says_so),
        cmocka_unit_test(members_keeps_to_the_nesting_limit),
        cmocka_unit_test(members_refuses_what_is_no_object_or_no_json),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
