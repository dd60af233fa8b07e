/* Parse a line and hold what came against what was expected. */
#ifndef REBUT_TESTS_PARSING_H
#define REBUT_TESTS_PARSING_H

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
static inline bool parse_text(struct rebut_text line)
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

static inline void parse(const char *line)
{
    if (!parse_text(rebut_text_of(line)))
        fail_msg("%s\nwas refused: %s '%s': expected %s, got %s", line, refusal.reason,
                 refusal.field, refusal.expected, refusal.came);
}

static inline void assert_refused(const char *line, const char *reason, const char *field,
                                  const char *expected, const char *came)
{
    if (parse_text(rebut_text_of(line)))
        fail_msg("%s\nwas accepted", line);
    assert_string_equal(refusal.reason, reason);
    assert_string_equal(refusal.field, field);
    assert_string_equal(refusal.expected, expected);
    assert_string_equal(refusal.came, came);
}

static inline void assert_text(struct rebut_text text, const char *expected)
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

#endif
