#include "parsing.h"

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

static void a_line_cut_anywhere_is_refused(void **state)
{
    (void)state;
    for (size_t size = 0; size < strlen(full_order); size++) {
        assert_false(parse_text((struct rebut_text){full_order, size}));
        assert_true(strcmp(refusal.reason, "not_json") == 0 ||
                    strcmp(refusal.reason, "invalid_utf8") == 0);
        assert_string_equal(refusal.field, "");
    }
}

/* The same members with `gap` at every place where white space may be. */
static void spaced_out(const char *line, const char *gap, char *ret_line)
{
    bool quoted = false;
    for (const char *at = line; *at != '\0'; at++) {
        const bool joint = !quoted && strchr("{}:,[]", *at) != NULL;
        quoted ^= *at == '"';
        if (joint)
            ret_line = stpcpy(ret_line, gap);
        *ret_line++ = *at;
        if (joint)
            ret_line = stpcpy(ret_line, gap);
    }
    *ret_line = '\0';
}

static void white_space_changes_nothing(void **state)
{
    (void)state;
    static const char *const gaps[] = {" ", "\t", "\r\n", "          "};
    parse(full_order);
    const uint64_t digest = rebut_event_digest(&event);
    for (size_t i = 0; i < LENGTH(gaps); i++) {
        char line[4096];
        spaced_out(full_order, gaps[i], line);
        parse(line);
        assert_int_equal(rebut_event_digest(&event), digest);
    }
}

/* Each member of an order in turn taken to the end, where the fast path has no room. */
static void any_member_may_be_the_last(void **state)
{
    (void)state;
    parse(full_order);
    const uint64_t digest = rebut_event_digest(&event);
    const char *next = NULL;
    for (const char *member = full_order + 1; member != NULL; member = next) {
        char line[2048];
        const char *comma = strstr(member, ",\"");
        next = comma == NULL ? NULL : comma + 1;
        if (comma == NULL)
            break;
        const size_t size = (size_t)(comma - member);
        snprintf(line, sizeof line, "%.*s%.*s,%.*s}", (int)(member - full_order),
                 full_order, (int)strlen(next) - 1, next, (int)size, member);
        parse(line);
        assert_int_equal(rebut_event_digest(&event), digest);
    }
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
        cmocka_unit_test(the_type_may_come_at_any_place),
        cmocka_unit_test(unknown_fields_and_those_of_other_types_are_stepped_over),
        cmocka_unit_test(a_line_that_is_no_json_object_is_refused),
        cmocka_unit_test(a_line_cut_anywhere_is_refused),
        cmocka_unit_test(white_space_changes_nothing),
        cmocka_unit_test(any_member_may_be_the_last),
        cmocka_unit_test(broken_json_is_told_before_a_bad_field),
        cmocka_unit_test(nesting_is_limited),
        cmocka_unit_test(a_mandatory_field_that_is_missing_is_named),
        cmocka_unit_test(a_line_over_a_mebibyte_is_refused),
        cmocka_unit_test(what_came_is_cut_at_a_character),
        cmocka_unit_test(an_unknown_type_is_refused),
        cmocka_unit_test(a_repeated_key_is_refused),
        cmocka_unit_test(scratch_is_taken_for_escapes_alone_and_not_by_a_refused_line),
        cmocka_unit_test(a_digest_does_not_depend_on_the_spelling),
        cmocka_unit_test(a_digest_changes_with_every_field),
        cmocka_unit_test(a_digest_reads_long_texts_to_their_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
