#include "parsing.h"

/* {"type":TYPE,"at":1,FIELDS with WORD} for every word of a vocabulary. */
static void assert_words(const char *before, const char *const *words, unsigned count,
                         const void *place)
{
    for (unsigned i = 1; i < count; i++) {
        char line[2048];
        unsigned got = 0;
        snprintf(line, sizeof line, "%s:\"%s\"}", before, words[i]);
        parse(line);
        memcpy(&got, place, sizeof got);
        assert_int_equal(got, i);
        /* A word is the whole of it: neither more nor less, and its case counts. */
        snprintf(line, sizeof line, "%s:\"%sx\"}", before, words[i]);
        assert_false(parse_text(rebut_text_of(line)));
        assert_string_equal(refusal.reason, "bad_value");
        snprintf(line, sizeof line, "%s:\"%.*s\"}", before, (int)strlen(words[i]) - 1,
                 words[i]);
        assert_false(parse_text(rebut_text_of(line)));
        snprintf(line, sizeof line, "%s:\"%c%s\"}", before, words[i][0] - 32,
                 words[i] + 1);
        assert_false(parse_text(rebut_text_of(line)));
    }
    char line[2048];
    snprintf(line, sizeof line, "%s:\"\"}", before);
    assert_false(parse_text(rebut_text_of(line)));
    assert_string_equal(refusal.reason, "bad_value");
}

#define ASSERT_WORDS(before, words, member)                                              \
    assert_words((before), (words), LENGTH(words), &event.member)

static void every_word_of_every_vocabulary_is_known_and_no_other(void **state)
{
    (void)state;
    ASSERT_WORDS("{\"type\":\"order\",\"at\":1,\"order_id\":\"o\",\"buyer_id\":\"b\","
                 "\"merchant_id\":\"m\",\"sku_id\":\"s\",\"category\":\"c\",\"amount\":1,"
                 "\"channel\"",
                 rebut_words_channel, channel);
    ASSERT_WORDS("{\"type\":\"request\",\"at\":1,\"request_id\":\"r\",\"order_id\":\"o\","
                 "\"reason\":\"other\",\"amount\":1,\"kind\"",
                 rebut_words_request_kind, request_kind);
    ASSERT_WORDS("{\"type\":\"request\",\"at\":1,\"request_id\":\"r\",\"order_id\":\"o\","
                 "\"kind\":\"refund_only\",\"amount\":1,\"reason\"",
                 rebut_words_reason, reason);
    ASSERT_WORDS("{\"type\":\"delivery\",\"at\":1,\"order_id\":\"o\",\"signed_by\"",
                 rebut_words_signed_by, signed_by);
    ASSERT_WORDS("{\"type\":\"contact\",\"at\":1,\"order_id\":\"o\",\"kind\":\"reply\","
                 "\"by\"",
                 rebut_words_party, party);
    ASSERT_WORDS("{\"type\":\"contact\",\"at\":1,\"order_id\":\"o\",\"by\":\"buyer\","
                 "\"kind\"",
                 rebut_words_contact_kind, contact_kind);
    ASSERT_WORDS("{\"type\":\"outcome\",\"at\":1,\"request_id\":\"r\",\"outcome\"",
                 rebut_words_outcome, outcome);
    ASSERT_WORDS("{\"type\":\"outcome\",\"at\":1,\"request_id\":\"r\","
                 "\"outcome\":\"denied\",\"by\"",
                 rebut_words_outcome_by, outcome_by);
    ASSERT_WORDS("{\"type\":\"verdict\",\"at\":1,\"request_id\":\"r\",\"verdict\"",
                 rebut_words_verdict, verdict);
    ASSERT_WORDS("{\"type\":\"verdict\",\"at\":1,\"request_id\":\"r\","
                 "\"verdict\":\"abuse\",\"selection\"",
                 rebut_words_selection, selection);
}

static void a_wrong_type_is_refused(void **state)
{
    (void)state;
    const char *id = "a string of 1 to 64 bytes";
    assert_refused("{\"type\":\"delivery\",\"at\":1,\"order_id\":7}", "wrong_type",
                   "order_id", id, "7");
    assert_refused("{\"type\":\"delivery\",\"at\":1,\"order_id\":null}", "wrong_type",
                   "order_id", id, "null");
    assert_refused("{\"type\":\"delivery\",\"at\":1,\"order_id\":[\"o\"]}", "wrong_type",
                   "order_id", id, "[\"o\"]");
    assert_refused("{\"type\":7}", "wrong_type", "type",
                   "one of order, shipment, delivery, price, contact, request, outcome, "
                   "verdict",
                   "7");
    assert_refused("{\"type\":\"delivery\",\"at\":true,\"order_id\":\"o\"}", "wrong_type",
                   "at", "RFC 3339 with offset or integer milliseconds, 1970 to 9999",
                   "true");
    assert_refused("{\"type\":\"delivery\",\"at\":1,\"order_id\":\"o\",\"signed_by\":{}}",
                   "wrong_type", "signed_by", "one of self, locker, other", "{}");
    assert_refused("{\"type\":\"price\",\"at\":1,\"sku_id\":\"s\",\"price\":\"12\"}",
                   "wrong_type", "price", "an integer from 0 to 1000000000000", "\"12\"");
    assert_refused("{\"type\":\"verdict\",\"at\":1,\"request_id\":\"r\","
                   "\"verdict\":\"abuse\",\"propensity\":\"0.5\"}",
                   "wrong_type", "propensity", "a number over 0 and at most 1",
                   "\"0.5\"");
}

static void an_integer_with_fraction_or_exponent_is_no_integer(void **state)
{
    (void)state;
    static const char *const spellings[] = {"1.0", "1e3", "1E3", "1e0", "0.5", "-1.0"};
    char line[2048];
    for (size_t i = 0; i < LENGTH(spellings); i++) {
        snprintf(line, sizeof line,
                 "{\"type\":\"price\",\"at\":1,\"sku_id\":\"s\",\"price\":%s}",
                 spellings[i]);
        assert_refused(line, "wrong_type", "price", "an integer from 0 to 1000000000000",
                       spellings[i]);
        snprintf(line, sizeof line,
                 "{\"type\":\"price\",\"at\":%s,\"sku_id\":\"s\",\"price\":1}",
                 spellings[i]);
        assert_refused(line, "wrong_type", "at",
                       "RFC 3339 with offset or integer milliseconds, 1970 to 9999",
                       spellings[i]);
    }
}

/* {…KEY:VALUE} is accepted or refused for `reason`. */
static void assert_value(const char *before, const char *value, const char *reason)
{
    char line[2048];
    snprintf(line, sizeof line, "%s:%s}", before, value);
    if (reason == NULL) {
        parse(line);
        return;
    }
    if (parse_text(rebut_text_of(line)))
        fail_msg("%s\nwas accepted", line);
    assert_string_equal(refusal.reason, reason);
    assert_string_not_equal(refusal.field, "");
}

static void integers_are_taken_within_their_limits(void **state)
{
    (void)state;
    const char *price = "{\"type\":\"price\",\"at\":1,\"sku_id\":\"s\",\"price\"";
    assert_value(price, "0", NULL);
    assert_value(price, "-0", NULL);
    assert_int_equal(event.amount, 0);
    assert_value(price, "1000000000000", NULL);
    assert_value(price, "1000000000001", "out_of_range");
    assert_value(price, "-1", "out_of_range");
    assert_value(price, "9223372036854775807", "out_of_range");
    assert_value(price, "9223372036854775808", "out_of_range");
    assert_value(price, "18446744073709551617", "out_of_range");
    assert_value(price, "-9223372036854775809", "out_of_range");
    assert_value(price, "10000000000000000000000000000000000000001", "out_of_range");
    static const char *const digits = "123456789012";
    for (int count = 1; count <= 12; count++) {
        char value[16];
        snprintf(value, sizeof value, "%.*s", count, digits);
        assert_value(price, value, NULL);
        assert_int_equal(event.amount, strtoll(value, NULL, 10));
    }
    char before[512];
    snprintf(before, sizeof before, "%.*s,\"quantity\"", (int)strlen(order) - 1, order);
    assert_value(before, "1", NULL);
    assert_value(before, "1000000000", NULL);
    assert_value(before, "0", "out_of_range");
    assert_value(before, "1000000001", "out_of_range");
    const char *shipment =
        "{\"type\":\"shipment\",\"at\":1,\"order_id\":\"o\",\"weight_g\"";
    assert_value(shipment, "0", NULL);
    assert_value(shipment, "1000000000", NULL);
    assert_value(shipment, "1000000001", "out_of_range");
    assert_value(shipment, "-1", "out_of_range");
}

static void strings_are_taken_within_their_limits(void **state)
{
    (void)state;
    static char line[1 << 16], value[1 << 15];
    static const struct {
        const char *before;
        int least, most;
    } fields[] = {
        {"{\"type\":\"delivery\",\"at\":1,\"order_id\"", 1, 64},
        {"{\"type\":\"shipment\",\"at\":1,\"order_id\":\"o\",\"carrier\"", 1, 128},
        {"{\"type\":\"verdict\",\"at\":1,\"request_id\":\"r\",\"verdict\":\"abuse\","
         "\"by\"",
         1, 64},
        {"{\"type\":\"contact\",\"at\":1,\"order_id\":\"o\",\"by\":\"buyer\","
         "\"kind\":\"reply\",\"text\"",
         0, 16384},
    };
    for (size_t i = 0; i < LENGTH(fields); i++)
        for (int size = 0; size <= fields[i].most + 1;
             size += size == 0 ? 1 : fields[i].most / 2 - (size == 1)) {
            memset(value, 'v', (size_t)size);
            value[size] = '\0';
            if (size > fields[i].most)
                size = fields[i].most + 1;
            value[size] = '\0';
            snprintf(line, sizeof line, "%s:\"%s\"}", fields[i].before, value);
            assert_int_equal(parse_text(rebut_text_of(line)),
                             size >= fields[i].least && size <= fields[i].most);
            if (size > fields[i].most)
                assert_string_equal(refusal.reason, "too_long");
            else if (size < fields[i].least)
                assert_string_equal(refusal.reason, "bad_value");
        }
    /* The limit is on what escapes stand for. */
    char *at = value;
    for (int i = 0; i < 64; i++)
        at += snprintf(at, 7, "\\u0061");
    snprintf(line, sizeof line, "{\"type\":\"delivery\",\"at\":1,\"order_id\":\"%s\"}",
             value);
    parse(line);
    assert_int_equal(event.order_id.size, 64);
}

static void a_long_vocabulary_is_cut_at_a_word(void **state)
{
    (void)state;
    assert_refused(
        "{\"type\":\"request\",\"at\":1,\"request_id\":\"r\",\"order_id\":\"o\","
        "\"kind\":\"refund_only\",\"reason\":\"bad\",\"amount\":1}",
        "bad_value", "reason",
        "one of damaged, quality, not_as_described, counterfeit, wrong_item, "
        "missing_item, \xe2\x80\xa6",
        "\"bad\"");
}

static const char *const at = "{\"type\":\"delivery\",\"order_id\":\"o\",\"at\"";

static void assert_at(const char *value, int64_t expected)
{
    assert_value(at, value, NULL);
    assert_int_equal(event.at, expected);
}

static void times_are_taken_in_every_spelling(void **state)
{
    (void)state;
    const int64_t t = INT64_C(1772294413000000);
    assert_at("1772294413000", t);
    assert_at("\"2026-03-01T00:00:13+08:00\"", t);
    assert_at("\"2026-02-28T16:00:13Z\"", t);
    assert_at("\"2026-02-28t16:00:13z\"", t);
    assert_at("\"2026-02-28 16:00:13+00:00\"", t);
    assert_at("\"2026-02-28T16:00:13-00:00\"", t);
    assert_at("\"2026-02-28T06:30:13-09:30\"", t);
    assert_at("\"2026-03-01T15:59:13+23:59\"", t);
    assert_at("\"2026-02-27T16:01:13-23:59\"", t);
    assert_at("\"2026-02-28T16:00:13.5Z\"", t + 500000);
    assert_at("\"2026-02-28T16:00:13.123456789Z\"", t + 123456);
    assert_at("\"2026-03-01T00:00:13.000001+08:00\"", t + 1);
    assert_at("\"2026-\\u00303-01T00:00:13+08:00\"", t);
    assert_at("\"1970-01-01T00:00:00Z\"", 0);
    assert_at("\"1970-01-01T08:00:00+08:00\"", 0);
    assert_at("\"1969-12-31T16:00:00-08:00\"", 0);
    assert_at("\"2016-12-31T23:59:60Z\"", INT64_C(1483228799999999));
    assert_at("\"2017-01-01T07:59:60+08:00\"", INT64_C(1483228799999999));
    assert_at("\"2024-02-29T00:00:00Z\"", INT64_C(1709164800000000));
    assert_at("\"2000-02-29T00:00:00Z\"", INT64_C(951782400000000));
    assert_at("\"9999-12-31T23:59:59Z\"", INT64_C(253402300799000000));
    assert_at("253402300799999", INT64_C(253402300799999000));
}

/* The fast path against the plain functions: each fifth day, at all times of day. */
static void every_day_is_what_the_plain_functions_say(void **state)
{
    (void)state;
    char line[2048], text[REBUT_TIME_SIZE];
    const int64_t step = 5 * REBUT_DAY + 12345 * REBUT_SECOND;
    int offset = 0;
    for (int64_t time = -25566 * REBUT_DAY; time < REBUT_TIME_MAX - step; time += step) {
        offset = (offset + 37) % 2879;
        rebut_time_format(time, offset % 3 == 0 ? 0 : offset - 1439, text);
        snprintf(line, sizeof line, "%.*s,\"account_created_at\":\"%s\"}",
                 (int)strlen(order) - 1, order, text);
        parse(line);
        if (event.account_created_at != time)
            fail_msg("%s is not %lld", text, (long long)event.account_created_at);
    }
}

static void what_is_no_time_is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "\"\"",
        "\"2026-03-01\"",
        "\"2026-03-01T00:00:13\"",
        "\"2026-03-01T00:00:13+0800\"",
        "\"2026-03-01T00:00:13+8:00\"",
        "\"2026-03-01T00:00:13+08:00 \"",
        "\" 2026-03-01T00:00:13+08:00\"",
        "\"2026-03-01T00:00:13+24:00\"",
        "\"2026-03-01T00:00:13+08:60\"",
        "\"2026-03-01T00:00:13*08:00\"",
        "\"2026-03-01T00:00:13+08.00\"",
        "\"2026-03-01T00:00:13.Z\"",
        "\"2026-03-01T00:00:13.1234567890Z\"",
        "\"2026-03-01T00:00:13,5Z\"",
        "\"2026-00-01T00:00:13+08:00\"",
        "\"2026-13-01T00:00:13+08:00\"",
        "\"2026-03-00T00:00:13+08:00\"",
        "\"2026-03-32T00:00:13+08:00\"",
        "\"2026-04-31T00:00:13+08:00\"",
        "\"2026-02-29T00:00:13+08:00\"",
        "\"2100-02-29T00:00:13+08:00\"",
        "\"2026-03-01T24:00:13+08:00\"",
        "\"2026-03-01T00:60:13+08:00\"",
        "\"2026-03-01T00:00:61+08:00\"",
        "\"2026/03/01T00:00:13+08:00\"",
        "\"2026-03-01_00:00:13+08:00\"",
        "\"2026-03-01T00-00:13+08:00\"",
        "\"2026-03-01T00:00-13+08:00\"",
        "\"202a-03-01T00:00:13+08:00\"",
        "\"2026-0:-01T00:00:13+08:00\"",
        "\"2026-03-01T00:00:1/+08:00\"",
        "\"2026-03-01T00:00:13+0a:00\"",
        "\"2026-03-01T00:00:13+08:0\xc2\xb0\"",
        "\"1772294413000\"",
    };
    for (size_t i = 0; i < LENGTH(bad); i++)
        assert_value(at, bad[i], "bad_value");
    static const char *const beyond[] = {
        "-1",
        "253402300800000",
        "9223372036854775807",
        "9223372036854775808",
        "-9223372036854775808",
        "\"1969-12-31T23:59:59Z\"",
        "\"1970-01-01T00:00:00+00:01\"",
        "\"0000-01-01T00:00:00Z\"",
        "\"9999-12-31T23:59:59-00:01\"",
    };
    for (size_t i = 0; i < LENGTH(beyond); i++)
        assert_value(at, beyond[i], "out_of_range");
}

static void an_account_may_be_older_than_1970(void **state)
{
    (void)state;
    char before[512];
    snprintf(before, sizeof before, "%.*s,\"account_created_at\"", (int)strlen(order) - 1,
             order);
    assert_value(before, "\"1969-12-31T23:59:59.5Z\"", NULL);
    assert_int_equal(event.account_created_at, -500000);
    assert_value(before, "\"1900-01-01T00:00:00Z\"", NULL);
    assert_int_equal(event.account_created_at, INT64_C(-2208988800000000));
    assert_value(before, "-2208988800000", NULL);
    assert_int_equal(event.account_created_at, INT64_C(-2208988800000000));
    assert_value(before, "\"1900-01-01T00:00:00+00:01\"", "out_of_range");
    assert_value(before, "-2208988800001", "out_of_range");
    assert_value(before, "\"1900-02-29T00:00:00Z\"", "bad_value");
    snprintf(before, sizeof before, "%.*s,\"promised_ship_at\"", (int)strlen(order) - 1,
             order);
    assert_value(before, "-1", "out_of_range");
}

static void photos_are_sixteen_hex_digits_each(void **state)
{
    (void)state;
    char before[512], value[1024];
    snprintf(before, sizeof before, "%.*s,\"photos\"", (int)strlen(request) - 1, request);
    assert_value(before, "[]", NULL);
    assert_int_equal(event.photo_count, 0);
    assert_value(before, "[ \"0123456789ABCDEF\" ]", NULL);
    assert_int_equal(event.photos[0], UINT64_C(0x0123456789abcdef));
    assert_value(before, "[\"0123456789abcde\"]", "bad_value");
    assert_value(before, "[\"0123456789abcdef0\"]", "bad_value");
    assert_value(before, "[\"0123456789abcdeg\"]", "bad_value");
    assert_value(before, "[\"0123456789abcde`\"]", "bad_value");
    assert_value(before, "[\"0123456789abcde@\"]", "bad_value");
    assert_value(before, "[\"0123456789abcde/\"]", "bad_value");
    assert_value(before, "[\"0123456789abcde:\"]", "bad_value");
    assert_value(before, "[\"0123456789abc\\u0064e\\n\"]", "bad_value");
    assert_value(before, "[\"0x23456789abcdef\"]", "bad_value");
    assert_value(before, "[\"\"]", "bad_value");
    assert_value(before, "[\"\\u0030123456789abcdef0\"]", "bad_value");
    assert_value(before, "[\"0123456789abcdef\",7]", "wrong_type");
    assert_value(before, "[null]", "wrong_type");
    assert_value(before, "\"0123456789abcdef\"", "wrong_type");
    assert_value(before, "{}", "wrong_type");
    for (int count = REBUT_PHOTOS_MAX; count <= REBUT_PHOTOS_MAX + 1; count++) {
        size_t used = 0;
        for (int i = 0; i < count; i++)
            used += (size_t)snprintf(value + used, sizeof value - used, "%c\"%016x\"",
                                     i == 0 ? '[' : ',', (unsigned)i);
        snprintf(value + used, sizeof value - used, "]");
        assert_value(before, value, count <= REBUT_PHOTOS_MAX ? NULL : "too_long");
        if (count == REBUT_PHOTOS_MAX)
            assert_int_equal(event.photos[REBUT_PHOTOS_MAX - 1], REBUT_PHOTOS_MAX - 1);
    }
}

static void a_propensity_is_over_zero_and_at_most_one(void **state)
{
    (void)state;
    const char *before = "{\"type\":\"verdict\",\"at\":1,\"request_id\":\"r\","
                         "\"verdict\":\"abuse\",\"propensity\"";
    static const struct {
        const char *text;
        double value;
    } good[] = {
        {"1", 1},           {"1.0", 1},
        {"1e0", 1},         {"0.1", 0.1},
        {"10e-2", 0.1},     {"0.30000000000000004", 0.30000000000000004},
        {"5e-324", 5e-324}, {"0.333333333333333333333", 1. / 3},
    };
    for (size_t i = 0; i < LENGTH(good); i++) {
        assert_value(before, good[i].text, NULL);
        assert_true(event.propensity == good[i].value);
    }
    static const char *const bad[] = {"0", "-0",  "0.0",    "-0.5",  "1.0000001",
                                      "2", "1e1", "1e-400", "1e400", "-1e400"};
    for (size_t i = 0; i < LENGTH(bad); i++)
        assert_value(before, bad[i], "out_of_range");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_word_of_every_vocabulary_is_known_and_no_other),
        cmocka_unit_test(a_wrong_type_is_refused),
        cmocka_unit_test(an_integer_with_fraction_or_exponent_is_no_integer),
        cmocka_unit_test(integers_are_taken_within_their_limits),
        cmocka_unit_test(strings_are_taken_within_their_limits),
        cmocka_unit_test(a_long_vocabulary_is_cut_at_a_word),
        cmocka_unit_test(times_are_taken_in_every_spelling),
        cmocka_unit_test(every_day_is_what_the_plain_functions_say),
        cmocka_unit_test(what_is_no_time_is_refused),
        cmocka_unit_test(an_account_may_be_older_than_1970),
        cmocka_unit_test(photos_are_sixteen_hex_digits_each),
        cmocka_unit_test(a_propensity_is_over_zero_and_at_most_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
