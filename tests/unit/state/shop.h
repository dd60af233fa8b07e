/* A made-up shop: lines of events, with all that may be wrong with them.  The same
 * `noise` gives the same lines. */
#ifndef TESTS_UNIT_STATE_SHOP_H
#define TESTS_UNIT_STATE_SHOP_H

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rebut/error.h"

#define LINES_MAX 20000

struct lines {
    char *lines[LINES_MAX];
    size_t count;
};

static uint64_t noise;

static inline unsigned below(unsigned bound)
{
    noise = noise * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)((noise >> 33) % bound);
}

static inline bool one_in(unsigned bound)
{
    return below(bound) == 0;
}

static inline void add(struct lines *lines, const char *format, ...) REBUT_PRINTF(2, 3);
static inline void add(struct lines *lines, const char *format, ...)
{
    va_list words;
    va_start(words, format);
    if (lines->count == LINES_MAX ||
        vasprintf(&lines->lines[lines->count++], format, words) < 0)
        abort();
    va_end(words);
}

static inline void clear(struct lines *lines)
{
    for (size_t i = 0; i < lines->count; i++)
        free(lines->lines[i]);
    lines->count = 0;
}

static inline void add_order(struct lines *lines, unsigned order, int64_t at)
{
    add(lines,
        "{\"type\":\"order\",\"at\":%" PRId64
        ",\"order_id\":\"o%u\",\"buyer_id\":\"b%u\","
        "\"merchant_id\":\"m%u\",\"sku_id\":\"s%u\",\"category\":\"food.%u\",\"channel\":"
        "\"shelf\",\"amount\":%u,\"device_id\":\"d%u\",\"address_id\":\"a%u\","
        "\"promised_ship_at\":%" PRId64 ",\"host_id\":\"h%u\"}",
        at, order, below(40), below(5), below(20), below(3), below(10000), below(30),
        below(30), at + below(100000000), below(4));
}

static inline void add_request(struct lines *lines, unsigned order, int64_t at)
{
    add(lines,
        "{\"type\":\"request\",\"at\":%" PRId64
        ",\"request_id\":\"r%u\",\"order_id\":\"o%u\",\"kind\":\"refund_only\","
        "\"reason\":"
        "\"quality\",\"amount\":%u,\"text\":\"bad \\u4e2d %u\",\"photos\":[%s]}",
        at, order, one_in(50) ? below(300) : order, below(10000), below(1000),
        one_in(2) ? "\"00112233445566ff\",\"ffffffffffffffff\"" : "");
}

/* One order and what follows from it, in order of time. */
static inline void add_story(struct lines *lines, unsigned order, bool conflicts)
{
    int64_t at = 1700000000000 + below(1000000000);
    const bool lost = one_in(30); /* the order never comes */
    if (!lost)
        add_order(lines, order, at);
    if (conflicts && one_in(8))
        add_order(lines, order, at + 1 + below(3000));
    if (!one_in(10))
        add(lines,
            "{\"type\":\"shipment\",\"at\":%" PRId64
            ",\"order_id\":\"o%u\",\"carrier\":\"c%u\"}",
            at += 1 + below(90000000), order, below(3));
    if (conflicts && one_in(8))
        add(lines,
            "{\"type\":\"shipment\",\"at\":%" PRId64
            ",\"order_id\":\"o%u\",\"carrier\":\"x\"}",
            at + 1 + below(1500), order);
    if (!one_in(10))
        add(lines,
            "{\"type\":\"delivery\",\"at\":%" PRId64
            ",\"order_id\":\"o%u\",\"signed_by\":\"self\"}",
            at += 1 + below(90000000), order);
    if (conflicts && one_in(8))
        add(lines,
            "{\"type\":\"delivery\",\"at\":%" PRId64
            ",\"order_id\":\"o%u\",\"signed_by\":\"locker\"}",
            at + 1 + below(1500), order);
    if (one_in(3))
        add(lines,
            "{\"type\":\"contact\",\"at\":%" PRId64
            ",\"order_id\":\"o%u\",\"by\":\"buyer\",\"kind\":\"message\"}",
            at += 1 + below(90000), order);
    if (one_in(5))
        add(lines,
            "{\"type\":\"price\",\"at\":%" PRId64 ",\"sku_id\":\"s%u\",\"price\":%u}", at,
            below(25), below(1000));
    if (one_in(2))
        return;
    if (!one_in(30))
        add_request(lines, order, at += 1 + below(90000000));
    if (conflicts && one_in(5))
        add_request(lines, order, at + 1 + below(2000));
    add(lines,
        "{\"type\":\"outcome\",\"at\":%" PRId64
        ",\"request_id\":\"r%u\",\"outcome\":\"granted\"}",
        at += 1 + below(90000), order);
    if (one_in(3))
        add(lines,
            "{\"type\":\"verdict\",\"at\":%" PRId64
            ",\"request_id\":\"r%u\",\"verdict\":\"abuse\",\"by\":\"w%u\"}",
            at + 1 + below(90000), order, below(4));
}

static inline void add_shop(struct lines *lines, unsigned orders, bool conflicts)
{
    for (unsigned order = 0; order < orders; order++)
        add_story(lines, order, conflicts);
}

/* One line in twenty comes again. */
static inline void add_duplicates(struct lines *lines)
{
    const size_t count = lines->count;
    for (size_t i = 0; i < count; i++)
        if (one_in(20))
            add(lines, "%s", lines->lines[i]);
}

static inline void shuffle(struct lines *lines)
{
    for (size_t i = lines->count; i > 1; i--) {
        const size_t other = below((unsigned)i);
        char *line = lines->lines[i - 1];
        lines->lines[i - 1] = lines->lines[other];
        lines->lines[other] = line;
    }
}

/* Cut, overwrite or empty some lines. */
static inline void mangle(struct lines *lines)
{
    for (size_t i = 0; i < lines->count; i++) {
        char *line = lines->lines[i];
        const size_t size = strlen(line);
        if (size == 0 || !one_in(10))
            continue;
        const unsigned at = below((unsigned)size);
        if (one_in(3))
            line[at] = '\0';
        else if (one_in(8))
            line[0] = '\0';
        else
            line[at] = (char)(1 + below(255));
        if (line[at] == '\n')
            line[at] = ' ';
    }
}

#endif
