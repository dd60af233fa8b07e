#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "rebut/event.h"

#define LENGTH(list) (sizeof(list) / sizeof *(list))

static char room[1 << 16];
static struct rebut_event event;
static struct rebut_refusal refusal;

/* Parse a copy in a block of just its size, so that the sanitizer sees any look
 * beyond.  The block lives until the next call. */
static bool parse_text(struct rebut_text line)
{
    static char *block;
    free(block);
    block = malloc(line.size == 0 ? 1 : line.size);
    assert_non_null(block);
    memcpy(block, line.data, line.size);
    struct rebut_event_scratch scratch = {.data = room, .size = sizeof room};
    memset(&event, 0xa5, sizeof event);
    memset(&refusal, 0, sizeof refusal);
    return rebut_event_parse((struct rebut_text){block, line.size}, &scratch, &event,
                             &refusal);
}

static void parse(const char *line)
{
    if (!parse_text(rebut_text_of(line)))
        fail_msg("%s\nwas refused: %s '%s': expected %s, got %s", line, refusal.reason,
                 refusal.field, refusal.expected, refusal.came);
}

static void assert_refused(const char *line, const char *reason, const char *field,
                           const char *expected, const char *came)
{
    if (parse_text(rebut_text_of(line)))
        fail_msg("%s\nwas accepted", line);
    assert_string_equal(refusal.reason, reason);
    assert_string_equal(refusal.field, field);
    assert_string_equal(refusal.expected, expected);
    assert_string_equal(refusal.came, came);
}

static void assert_text(struct rebut_text text, const char *expected)
{
    assert_non_null(text.data);
    assert_int_equal(text.size, strlen(expected));
    assert_memory_equal(text.data, expected, text.size);
}

#define ASSERT_ABSENT(text) assert_true((text).data == NULL && (text).size == 0)

static const char full_order[] =
    "{\"type\":\"order\",\"at\":\"2026-03-01T00:00:13+08:00\",\"order_id\":\"o1\","
    "\"buyer_id\":\"b1\",\"merchant_id\":\"m1\",\"sku_id\":\"s1\","
    "\"category\":\"food.snack\",\"channel\":\"private_domain\",\"amount\":12900,"
    "\"quantity\":3,\"title\":\"\xe5\x9d\x9a\xe6\x9e\x9c 1.2kg\",\"campaign\":\"618\","
    "\"host_id\":\"h1\",\"distributor\":\"hq/east/zhang\",\"region\":\"CN-33\","
    "\"device_id\":\"d1\",\"address_id\":\"a1\",\"payment_id\":\"p1\","
    "\"promised_ship_at\":\"2026-03-03T00:00:13Z\",\"account_created_at\":-86400000}";
static const char order[] =
    "{\"type\":\"order\",\"at\":1,\"order_id\":\"o1\",\"buyer_id\":\"b1\","
    "\"merchant_id\":\"m1\",\"sku_id\":\"s1\",\"category\":\"food\","
    "\"channel\":\"shelf\",\"amount\":0}";
static const char request[] =
    "{\"type\":\"request\",\"at\":1,\"request_id\":\"r1\",\"order_id\":\"o1\","
    "\"kind\":\"refund_only\",\"reason\":\"damaged\",\"amount\":5}";

static void an_order_gives_all_its_fields(void **state)
{
    (void)state;
    parse(full_order);
    assert_int_equal(event.type, REBUT_EVENT_ORDER);
    assert_int_equal(event.at, INT64_C(1772294413000000));
    assert_text(event.order_id, "o1");
    assert_text(event.buyer_id, "b1");
    assert_text(event.merchant_id, "m1");
    assert_text(event.sku_id, "s1");
    assert_text(event.category, "food.snack");
    assert_int_equal(event.channel, REBUT_CHANNEL_PRIVATE_DOMAIN);
    assert_int_equal(event.amount, 12900);
    assert_int_equal(event.quantity, 3);
    assert_text(event.title, "\xe5\x9d\x9a\xe6\x9e\x9c 1.2kg");
    assert_text(event.campaign, "618");
    assert_text(event.host_id, "h1");
    assert_text(event.distributor, "hq/east/zhang");
    assert_text(event.region, "CN-33");
    assert_text(event.device_id, "d1");
    assert_text(event.address_id, "a1");
    assert_text(event.payment_id, "p1");
    assert_int_equal(event.promised_ship_at, INT64_C(1772496013000000));
    assert_int_equal(event.account_created_at, -REBUT_DAY);
    ASSERT_ABSENT(event.request_id);
    ASSERT_ABSENT(event.text);
    assert_int_equal(event.photo_count, 0);
}

static void what_an_event_does_not_carry_is_absent_or_the_default(void **state)
{
    (void)state;
    parse(order);
    assert_int_equal(event.amount, 0);
    assert_int_equal(event.quantity, 1);
    assert_int_equal(event.weight_g, -1);
    assert_int_equal(event.promised_ship_at, REBUT_TIME_NONE);
    assert_int_equal(event.account_created_at, REBUT_TIME_NONE);
    ASSERT_ABSENT(event.request_id);
    ASSERT_ABSENT(event.title);
    ASSERT_ABSENT(event.campaign);
    ASSERT_ABSENT(event.host_id);
    ASSERT_ABSENT(event.distributor);
    ASSERT_ABSENT(event.region);
    ASSERT_ABSENT(event.device_id);
    ASSERT_ABSENT(event.address_id);
    ASSERT_ABSENT(event.payment_id);
    ASSERT_ABSENT(event.carrier);
    ASSERT_ABSENT(event.tracking_id);
    ASSERT_ABSENT(event.text);
    ASSERT_ABSENT(event.reviewer);
    ASSERT_ABSENT(event.note);
    assert_int_equal(event.signed_by, REBUT_SIGNED_NONE);
    assert_int_equal(event.party, REBUT_PARTY_NONE);
    assert_int_equal(event.contact_kind, REBUT_CONTACT_NONE);
    assert_int_equal(event.request_kind, REBUT_KIND_NONE);
    assert_int_equal(event.reason, REBUT_REASON_NONE);
    assert_int_equal(event.photo_count, 0);
    assert_int_equal(event.outcome, REBUT_OUTCOME_NONE);
    assert_int_equal(event.outcome_by, REBUT_OUTCOME_BY_NONE);
    assert_int_equal(event.verdict, REBUT_VERDICT_NONE);
    assert_int_equal(event.selection, REBUT_SELECTION_NONE);
    assert_true(event.propensity == 0);
}

static void a_shipment_and_a_delivery_give_all_their_fields(void **state)
{
    (void)state;
    parse("{\"type\":\"shipment\",\"at\":1500,\"order_id\":\"o1\",\"carrier\":\"SF\","
          "\"tracking_id\":\"SF123\",\"weight_g\":0}");
    assert_int_equal(event.type, REBUT_EVENT_SHIPMENT);
    assert_int_equal(event.at, 1500000);
    assert_text(event.order_id, "o1");
    assert_text(event.carrier, "SF");
    assert_text(event.tracking_id, "SF123");
    assert_int_equal(event.weight_g, 0);
    parse(
        "{\"type\":\"delivery\",\"at\":0,\"order_id\":\"o1\",\"signed_by\":\"locker\"}");
    assert_int_equal(event.type, REBUT_EVENT_DELIVERY);
    assert_int_equal(event.at, 0);
    assert_int_equal(event.signed_by, REBUT_SIGNED_LOCKER);
    assert_int_equal(event.weight_g, -1);
}

static void a_price_and_a_contact_give_all_their_fields(void **state)
{
    (void)state;
    parse("{\"type\":\"price\",\"at\":1,\"sku_id\":\"s1\",\"price\":1000000000000}");
    assert_int_equal(event.type, REBUT_EVENT_PRICE);
    assert_text(event.sku_id, "s1");
    assert_int_equal(event.amount, REBUT_MONEY_MAX);
    parse("{\"type\":\"contact\",\"at\":1,\"order_id\":\"o1\",\"by\":\"merchant\","
          "\"kind\":\"offer_partial_refund\",\"text\":\"\"}");
    assert_int_equal(event.type, REBUT_EVENT_CONTACT);
    assert_int_equal(event.party, REBUT_PARTY_MERCHANT);
    assert_int_equal(event.contact_kind, REBUT_CONTACT_OFFER_PARTIAL_REFUND);
    assert_text(event.text, "");
    assert_int_equal(event.request_kind, REBUT_KIND_NONE);
    ASSERT_ABSENT(event.reviewer);
}

static void a_request_gives_all_its_fields(void **state)
{
    (void)state;
    parse("{\"type\":\"request\",\"at\":1,\"request_id\":\"r1\",\"order_id\":\"o1\","
          "\"kind\":\"return_refund\",\"reason\":\"other\",\"amount\":5,"
          "\"text\":\"\xe7\xa0\xb4\\u4e86\",\"photos\":[\"0123456789abcdef\" , "
          "\"FFFFFFFFFFFFFFFF\",\"\\u0030000000000000000\"]}");
    assert_int_equal(event.type, REBUT_EVENT_REQUEST);
    assert_text(event.request_id, "r1");
    assert_text(event.order_id, "o1");
    assert_int_equal(event.request_kind, REBUT_KIND_RETURN_REFUND);
    assert_int_equal(event.reason, REBUT_REASON_OTHER);
    assert_int_equal(event.amount, 5);
    assert_text(event.text, "\xe7\xa0\xb4\xe4\xba\x86");
    assert_int_equal(event.photo_count, 3);
    assert_int_equal(event.photos[0], UINT64_C(0x0123456789abcdef));
    assert_int_equal(event.photos[1], UINT64_MAX);
    assert_int_equal(event.photos[2], 0);
}

static void an_outcome_and_a_verdict_give_all_their_fields(void **state)
{
    (void)state;
    parse(
        "{\"type\":\"outcome\",\"at\":1,\"request_id\":\"r1\",\"outcome\":\"withdrawn\","
        "\"by\":\"platform_auto\"}");
    assert_int_equal(event.type, REBUT_EVENT_OUTCOME);
    assert_int_equal(event.outcome, REBUT_OUTCOME_WITHDRAWN);
    assert_int_equal(event.outcome_by, REBUT_OUTCOME_BY_PLATFORM_AUTO);
    parse("{\"type\":\"verdict\",\"at\":1,\"request_id\":\"r1\",\"verdict\":\"unclear\","
          "\"by\":\"zhang\",\"note\":\"why\",\"selection\":\"appeal\",\"propensity\":0."
          "25}");
    assert_int_equal(event.type, REBUT_EVENT_VERDICT);
    assert_int_equal(event.verdict, REBUT_VERDICT_UNCLEAR);
    assert_text(event.reviewer, "zhang");
    assert_text(event.note, "why");
    assert_int_equal(event.selection, REBUT_SELECTION_APPEAL);
    assert_true(event.propensity == 0.25);
    assert_int_equal(event.outcome_by, REBUT_OUTCOME_BY_NONE);
    parse("{\"type\":\"verdict\",\"at\":1,\"request_id\":\"r1\",\"verdict\":\"abuse\"}");
    assert_int_equal(event.selection, REBUT_SELECTION_RANKED);
}

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

static void the_type_may_come_at_any_place(void **state)
{
    (void)state;
    parse("{\"at\":1,\"order_id\":\"o\",\"by\":\"buyer\",\"kind\":\"reply\","
          "\"text\":\"t\",\"type\":\"contact\"}");
    assert_int_equal(event.party, REBUT_PARTY_BUYER);
    assert_int_equal(event.contact_kind, REBUT_CONTACT_REPLY);
    assert_text(event.text, "t");
    parse(
        "{\"amount\":7,\"at\":1,\"kind\":\"refund_only\",\"order_id\":\"o\","
        "\"reason\":\"quality\",\"request_id\":\"r\",\"sku_id\":7,\"type\":\"request\"}");
    assert_int_equal(event.request_kind, REBUT_KIND_REFUND_ONLY);
    assert_int_equal(event.contact_kind, REBUT_CONTACT_NONE);
    assert_int_equal(event.amount, 7);
    ASSERT_ABSENT(event.sku_id);
    parse("{\"by\":\"merchant\",\"at\":1,\"type\":\"outcome\",\"outcome\":\"denied\","
          "\"request_id\":\"r\"}");
    assert_int_equal(event.outcome_by, REBUT_OUTCOME_BY_MERCHANT);
    assert_int_equal(event.party, REBUT_PARTY_NONE);
    assert_refused("{\"by\":\"platform\",\"at\":1,\"order_id\":\"o\",\"kind\":\"reply\","
                   "\"type\":\"contact\"}",
                   "bad_value", "by", "one of buyer, merchant", "\"platform\"");
}

static void unknown_fields_and_those_of_other_types_are_stepped_over(void **state)
{
    (void)state;
    parse("{\"type\":\"shipment\",\"at\":1,\"order_id\":\"o1\",\"amount\":\"much\","
          "\"by\":{\"kind\":[1,2]},\"photos\":null,\"sku_id\":7,\"amount\":8,"
          "\"new\":[[{\"type\":\"price\"}],\"\\ud83d\\ude00\",-1.5e3,true]}");
    assert_int_equal(event.type, REBUT_EVENT_SHIPMENT);
    assert_int_equal(event.amount, 0);
    ASSERT_ABSENT(event.sku_id);
    assert_refused("{\"type\":\"shipment\",\"at\":1,\"order_id\":\"o1\",\"new\":[01]}",
                   "not_json", "", "',' or ']' at byte 51", "1]}");
    assert_refused(
        "{\"type\":\"shipment\",\"at\":1,\"order_id\":\"o1\",\"new\":\"\xff\"}",
        "invalid_utf8", "", "valid UTF-8 at byte 50", "byte 0xff");
}

static void a_line_that_is_no_json_object_is_refused(void **state)
{
    (void)state;
    assert_refused("", "not_json", "", "a JSON object", "nothing");
    assert_refused("[1,2]", "not_json", "", "a JSON object", "[1,2]");
    assert_refused("order", "not_json", "", "a JSON object", "order");
    assert_refused("{\"type\":\"order\"", "not_json", "", "',' or '}' at byte 16",
                   "the end of the line");
    assert_refused("{\"type\":\"order\"}}", "not_json", "",
                   "nothing behind the value at byte 17", "}");
    assert_refused("{\"type\":\"a\tb\"}", "not_json", "",
                   "an escape for a control character at byte 11", "byte 0x09");
    assert_refused("{\"type\":nul}", "not_json", "", "a value at byte 9", "nul}");
    assert_false(parse_text(REBUT_TEXT("{\"type\":\"a\0b\"}")));
    assert_string_equal(refusal.reason, "not_json");
    assert_string_equal(refusal.came, "byte 0x00");
    assert_refused("{\"type\":\"order\",\"at\":1,\"order_id\":\"\\u0000\"}", "not_json",
                   "", "no NUL character at byte 36", "\\u0000\"}");
}

static void broken_json_is_told_before_a_bad_field(void **state)
{
    (void)state;
    assert_refused("{\"type\":\"nothing\",\"at\":false,\"order_id\":7", "not_json", "",
                   "',' or '}' at byte 42", "the end of the line");
}

static void nesting_is_limited(void **state)
{
    (void)state;
    char line[2048];
    for (int depth = REBUT_NESTING_MAX - 1; depth <= REBUT_NESTING_MAX; depth++) {
        char open[64] = {0}, close[64] = {0};
        memset(open, '[', (size_t)depth);
        memset(close, ']', (size_t)depth);
        snprintf(line, sizeof line,
                 "{\"type\":\"delivery\",\"at\":1,\"order_id\":\"o\",\"x\":%s%s}", open,
                 close);
        assert_int_equal(parse_text(rebut_text_of(line)), depth < REBUT_NESTING_MAX);
    }
    assert_string_equal(refusal.reason, "nesting");
    assert_string_equal(refusal.field, "");
    assert_string_equal(refusal.expected,
                        "fewer arrays and objects in each other at byte 77");
}

static void a_mandatory_field_that_is_missing_is_named(void **state)
{
    (void)state;
    assert_refused("{}", "missing_field", "type",
                   "one of order, shipment, delivery, price, contact, request, outcome, "
                   "verdict",
                   "nothing");
    assert_refused("{\"type\":\"price\"}", "missing_field", "at",
                   "RFC 3339 with offset or integer milliseconds, 1970 to 9999",
                   "nothing");
    assert_refused("{\"type\":\"price\",\"at\":1,\"sku_id\":\"s\",\"amount\":5}",
                   "missing_field", "price", "an integer from 0 to 1000000000000",
                   "nothing");
    /* Every mandatory field of every type, by taking it out. */
    static const struct {
        const char *line;
        const char *names[10];
    } lines[] = {
        {order,
         {"type", "at", "order_id", "buyer_id", "merchant_id", "sku_id", "category",
          "channel", "amount"}},
        {"{\"type\":\"shipment\",\"at\":1,\"order_id\":\"o\"}",
         {"type", "at", "order_id"}},
        {"{\"type\":\"delivery\",\"at\":1,\"order_id\":\"o\"}",
         {"type", "at", "order_id"}},
        {"{\"type\":\"price\",\"at\":1,\"sku_id\":\"s\",\"price\":1}",
         {"type", "at", "sku_id", "price"}},
        {"{\"type\":\"contact\",\"at\":1,\"order_id\":\"o\",\"by\":\"buyer\","
         "\"kind\":\"reply\"}",
         {"type", "at", "order_id", "by", "kind"}},
        {request, {"type", "at", "request_id", "order_id", "kind", "reason", "amount"}},
        {"{\"type\":\"outcome\",\"at\":1,\"request_id\":\"r\",\"outcome\":\"denied\"}",
         {"type", "at", "request_id", "outcome"}},
        {"{\"type\":\"verdict\",\"at\":1,\"request_id\":\"r\",\"verdict\":\"abuse\"}",
         {"type", "at", "request_id", "verdict"}},
    };
    for (size_t i = 0; i < LENGTH(lines); i++)
        for (size_t j = 0; lines[i].names[j] != NULL; j++) {
            char line[2048], key[64];
            snprintf(line, sizeof line, "%s", lines[i].line);
            parse(line);
            snprintf(key, sizeof key, "\"%s\":", lines[i].names[j]);
            strstr(line, key)[1] = 'X';
            assert_false(parse_text(rebut_text_of(line)));
            assert_string_equal(refusal.reason, "missing_field");
            assert_string_equal(refusal.field, lines[i].names[j]);
        }
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

static void a_line_over_a_mebibyte_is_refused(void **state)
{
    (void)state;
    const char *head = "{\"type\":\"delivery\",\"at\":1,\"order_id\":\"o\",\"x\":\"";
    char *line = malloc(REBUT_LINE_MAX + 1);
    assert_non_null(line);
    memset(line, 'x', REBUT_LINE_MAX + 1);
    memcpy(line, head, strlen(head));
    memcpy(line + REBUT_LINE_MAX - 2, "\"}", 2);
    assert_true(parse_text((struct rebut_text){line, REBUT_LINE_MAX}));
    memcpy(line + REBUT_LINE_MAX - 2, "x\"}", 3);
    assert_false(parse_text((struct rebut_text){line, REBUT_LINE_MAX + 1}));
    assert_string_equal(refusal.reason, "too_long");
    assert_string_equal(refusal.field, "");
    free(line);
}

static void what_came_is_cut_at_a_character(void **state)
{
    (void)state;
    char line[2048], expected[256];
    for (int ascii = 0; ascii < 3; ascii++) {
        char value[128] = "aaa";
        value[ascii] = '\0';
        for (int i = 0; i < 30; i++)
            memcpy(value + ascii + i * 3, "\xe4\xb8\xad", 4);
        snprintf(line, sizeof line, "{\"type\":\"%s\",\"at\":1}", value);
        assert_false(parse_text(rebut_text_of(line)));
        const int kept = ascii + (60 - ascii) / 3 * 3;
        snprintf(expected, sizeof expected, "\"%.*s\xe2\x80\xa6\"", kept, value);
        assert_string_equal(refusal.came, expected);
    }
    assert_refused("{\"type\":\"a\\nb\"}", "unknown_type", "type",
                   "one of order, shipment, delivery, price, contact, request, outcome, "
                   "verdict",
                   "\"a\xe2\x80\xa6\"");
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

static void an_unknown_type_is_refused(void **state)
{
    (void)state;
    const char *types = "one of order, shipment, delivery, price, contact, request, "
                        "outcome, verdict";
    assert_refused("{\"type\":\"refund\",\"at\":1}", "unknown_type", "type", types,
                   "\"refund\"");
    assert_refused("{\"type\":\"\",\"at\":1}", "unknown_type", "type", types, "\"\"");
    assert_refused("{\"type\":\"Order\",\"at\":1}", "unknown_type", "type", types,
                   "\"Order\"");
}

static void a_repeated_key_is_refused(void **state)
{
    (void)state;
    assert_refused(
        "{\"type\":\"delivery\",\"at\":1,\"order_id\":\"o\",\"order_id\":\"o\"}",
        "duplicate_key", "order_id", "the key once", "the key again");
    assert_refused("{\"type\":\"delivery\",\"at\":1,\"order_id\":\"o\",\"at\":1}",
                   "duplicate_key", "at", "the key once", "the key again");
    assert_refused("{\"type\":\"delivery\",\"type\":\"delivery\",\"at\":1,"
                   "\"order_id\":\"o\"}",
                   "duplicate_key", "type", "the key once", "the key again");
    assert_refused("{\"type\":\"delivery\",\"at\":1,\"order_id\":\"o\","
                   "\"\\u006frder_id\":\"o\"}",
                   "duplicate_key", "order_id", "the key once", "the key again");
    parse("{\"type\":\"delivery\",\"at\":1,\"order_id\":\"o\",\"x\":1,\"x\":2}");
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

static void scratch_is_taken_for_escapes_alone_and_not_by_a_refused_line(void **state)
{
    (void)state;
    struct rebut_event_scratch scratch = {.data = room, .size = 8};
    const struct rebut_text plain = REBUT_TEXT(request);
    assert_true(rebut_event_parse(plain, &scratch, &event, &refusal));
    assert_int_equal(scratch.used, 0);
    const struct rebut_text one =
        REBUT_TEXT("{\"type\":\"delivery\",\"at\":1,\"order_id\":\"a\\nb\"}");
    const struct rebut_text bad = REBUT_TEXT(
        "{\"type\":\"delivery\",\"at\":1,\"order_id\":\"c\\nd\",\"signed_by\":1}");
    assert_true(rebut_event_parse(one, &scratch, &event, &refusal));
    assert_int_equal(scratch.used, 3);
    const struct rebut_text first = event.order_id;
    assert_false(rebut_event_parse(bad, &scratch, &event, &refusal));
    assert_int_equal(scratch.used, 3);
    assert_true(rebut_event_parse(one, &scratch, &event, &refusal));
    assert_int_equal(scratch.used, 6);
    assert_ptr_equal(event.order_id.data, room + 3);
    assert_text(first, "a\nb");
    assert_false(rebut_event_parse(one, &scratch, &event, &refusal));
    assert_string_equal(refusal.reason, "too_long");
    assert_string_equal(refusal.expected, "room for a decoded string at byte 38");
    struct rebut_event_scratch none = {0};
    assert_true(rebut_event_parse(plain, &none, &event, &refusal));
    assert_false(rebut_event_parse(one, &none, &event, &refusal));
}

static uint64_t digest_of(const char *line)
{
    parse(line);
    return rebut_event_digest(&event);
}

static void a_digest_does_not_depend_on_the_spelling(void **state)
{
    (void)state;
    const uint64_t digest = digest_of(
        "{\"type\":\"contact\",\"at\":\"2026-03-01T00:00:13+08:00\",\"order_id\":\"o1\","
        "\"by\":\"buyer\",\"kind\":\"reply\",\"text\":\"\xe4\xb8\xad\"}");
    assert_int_equal(
        digest_of("{ \"kind\":\"reply\",\"by\":\"buyer\", \"text\":\"\\u4e2d\",\"x\":[1],"
                  "\"order_id\":\"\\u006f1\",\"at\":1772294413000,\"type\":\"contact\"}"),
        digest);
    assert_int_equal(
        digest_of("{\"type\":\"contact\",\"at\":\"2026-02-28T16:00:13.000Z\","
                  "\"order_id\":\"o1\",\"by\":\"buyer\",\"kind\":\"reply\","
                  "\"text\":\"\xe4\xb8\xad\",\"amount\":8}"),
        digest);
    assert_int_equal(digest_of("{\"type\":\"verdict\",\"at\":1,\"request_id\":\"r\","
                               "\"verdict\":\"abuse\",\"selection\":\"ranked\"}"),
                     digest_of("{\"type\":\"verdict\",\"at\":1,\"request_id\":\"r\","
                               "\"verdict\":\"abuse\"}"));
}

static void a_digest_changes_with_every_field(void **state)
{
    (void)state;
    static const char *const variants[] = {
        "{\"type\":\"request\",\"at\":1,\"request_id\":\"ab\",\"order_id\":\"c\","
        "\"kind\":\"refund_only\",\"reason\":\"damaged\",\"amount\":5}",
        "{\"type\":\"request\",\"at\":2,\"request_id\":\"ab\",\"order_id\":\"c\","
        "\"kind\":\"refund_only\",\"reason\":\"damaged\",\"amount\":5}",
        "{\"type\":\"request\",\"at\":1,\"request_id\":\"a\",\"order_id\":\"bc\","
        "\"kind\":\"refund_only\",\"reason\":\"damaged\",\"amount\":5}",
        "{\"type\":\"request\",\"at\":1,\"request_id\":\"ab\",\"order_id\":\"c\","
        "\"kind\":\"return_refund\",\"reason\":\"damaged\",\"amount\":5}",
        "{\"type\":\"request\",\"at\":1,\"request_id\":\"ab\",\"order_id\":\"c\","
        "\"kind\":\"refund_only\",\"reason\":\"quality\",\"amount\":5}",
        "{\"type\":\"request\",\"at\":1,\"request_id\":\"ab\",\"order_id\":\"c\","
        "\"kind\":\"refund_only\",\"reason\":\"damaged\",\"amount\":6}",
        "{\"type\":\"request\",\"at\":1,\"request_id\":\"ab\",\"order_id\":\"c\","
        "\"kind\":\"refund_only\",\"reason\":\"damaged\",\"amount\":5,\"text\":\"\"}",
        "{\"type\":\"request\",\"at\":1,\"request_id\":\"ab\",\"order_id\":\"c\","
        "\"kind\":\"refund_only\",\"reason\":\"damaged\",\"amount\":5,\"text\":\"t\"}",
        "{\"type\":\"request\",\"at\":1,\"request_id\":\"ab\",\"order_id\":\"c\","
        "\"kind\":\"refund_only\",\"reason\":\"damaged\",\"amount\":5,"
        "\"photos\":[\"0000000000000000\"]}",
        "{\"type\":\"request\",\"at\":1,\"request_id\":\"ab\",\"order_id\":\"c\","
        "\"kind\":\"refund_only\",\"reason\":\"damaged\",\"amount\":5,"
        "\"photos\":[\"0000000000000001\"]}",
        "{\"type\":\"delivery\",\"at\":1,\"order_id\":\"c\"}",
        "{\"type\":\"shipment\",\"at\":1,\"order_id\":\"c\"}",
        "{\"type\":\"verdict\",\"at\":1,\"request_id\":\"r\",\"verdict\":\"abuse\"}",
        "{\"type\":\"verdict\",\"at\":1,\"request_id\":\"r\",\"verdict\":\"abuse\","
        "\"propensity\":0.5}",
        "{\"type\":\"verdict\",\"at\":1,\"request_id\":\"r\",\"verdict\":\"abuse\","
        "\"propensity\":0.25}",
        "{\"type\":\"verdict\",\"at\":1,\"request_id\":\"r\",\"verdict\":\"abuse\","
        "\"by\":\"a\"}",
        "{\"type\":\"verdict\",\"at\":1,\"request_id\":\"r\",\"verdict\":\"abuse\","
        "\"note\":\"a\"}",
    };
    uint64_t digests[LENGTH(variants)];
    for (size_t i = 0; i < LENGTH(variants); i++) {
        digests[i] = digest_of(variants[i]);
        for (size_t j = 0; j < i; j++)
            assert_int_not_equal(digests[i], digests[j]);
    }
}

static void a_digest_reads_long_texts_to_their_end(void **state)
{
    (void)state;
    static char text[REBUT_TEXT_MAX];
    memset(text, 'a', sizeof text);
    parse("{\"type\":\"contact\",\"at\":1,\"order_id\":\"o\",\"by\":\"buyer\","
          "\"kind\":\"reply\"}");
    static const size_t sizes[] = {1, 255, 256, 257, 258, 4096, REBUT_TEXT_MAX};
    for (size_t i = 0; i < LENGTH(sizes); i++) {
        event.text = (struct rebut_text){text, sizes[i]};
        const uint64_t digest = rebut_event_digest(&event);
        assert_int_equal(rebut_event_digest(&event), digest);
        text[sizes[i] - 1] = 'b';
        assert_int_not_equal(rebut_event_digest(&event), digest);
        text[sizes[i] - 1] = 'a';
        event.text.size--;
        assert_int_not_equal(rebut_event_digest(&event), digest);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_order_gives_all_its_fields),
        cmocka_unit_test(what_an_event_does_not_carry_is_absent_or_the_default),
        cmocka_unit_test(a_shipment_and_a_delivery_give_all_their_fields),
        cmocka_unit_test(a_price_and_a_contact_give_all_their_fields),
        cmocka_unit_test(a_request_gives_all_its_fields),
        cmocka_unit_test(an_outcome_and_a_verdict_give_all_their_fields),
        cmocka_unit_test(every_word_of_every_vocabulary_is_known_and_no_other),
        cmocka_unit_test(the_type_may_come_at_any_place),
        cmocka_unit_test(unknown_fields_and_those_of_other_types_are_stepped_over),
        cmocka_unit_test(a_line_that_is_no_json_object_is_refused),
        cmocka_unit_test(broken_json_is_told_before_a_bad_field),
        cmocka_unit_test(nesting_is_limited),
        cmocka_unit_test(a_mandatory_field_that_is_missing_is_named),
        cmocka_unit_test(a_wrong_type_is_refused),
        cmocka_unit_test(an_integer_with_fraction_or_exponent_is_no_integer),
        cmocka_unit_test(integers_are_taken_within_their_limits),
        cmocka_unit_test(strings_are_taken_within_their_limits),
        cmocka_unit_test(a_line_over_a_mebibyte_is_refused),
        cmocka_unit_test(what_came_is_cut_at_a_character),
        cmocka_unit_test(a_long_vocabulary_is_cut_at_a_word),
        cmocka_unit_test(an_unknown_type_is_refused),
        cmocka_unit_test(a_repeated_key_is_refused),
        cmocka_unit_test(times_are_taken_in_every_spelling),
        cmocka_unit_test(what_is_no_time_is_refused),
        cmocka_unit_test(an_account_may_be_older_than_1970),
        cmocka_unit_test(photos_are_sixteen_hex_digits_each),
        cmocka_unit_test(a_propensity_is_over_zero_and_at_most_one),
        cmocka_unit_test(scratch_is_taken_for_escapes_alone_and_not_by_a_refused_line),
        cmocka_unit_test(a_digest_does_not_depend_on_the_spelling),
        cmocka_unit_test(a_digest_changes_with_every_field),
        cmocka_unit_test(a_digest_reads_long_texts_to_their_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
