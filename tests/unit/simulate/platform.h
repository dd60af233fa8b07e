/* platform.h -- a simulated platform in memory, for the tests of this folder. */
#ifndef REBUT_TESTS_SIMULATE_PLATFORM_H
#define REBUT_TESTS_SIMULATE_PLATFORM_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "rebut/event.h"
#include "rebut/simulate.h"

#define ORDERS 20000

struct text {
    char *data;
    size_t size, room;
};

static inline bool keep(void *to, const char *data, size_t size, struct rebut_error *err)
{
    struct text *text = to;
    if (size > text->room - text->size) {
        text->room = (text->room + size) * 2;
        text->data = realloc(text->data, text->room);
        if (text->data == NULL)
            return rebut_fail_memory(err, "the test");
    }
    memcpy(text->data + text->size, data, size);
    text->size += size;
    return true;
}

struct platform {
    struct text events, truth;
    struct rebut_simulate_counts counts;
};

static inline void make(const struct rebut_simulation *plan, struct platform *ret)
{
    const struct rebut_simulate_sink events = {keep, &ret->events};
    const struct rebut_simulate_sink truth = {keep, &ret->truth};
    struct rebut_error err = {0};
    *ret = (struct platform){0};
    if (!rebut_simulate(plan, &events, &truth, &ret->counts, &err))
        fail_msg("%s", err.message);
}

static inline void release(struct platform *platform)
{
    free(platform->events.data);
    free(platform->truth.data);
}

static inline struct rebut_simulation plan_of(const char *setting, uint64_t seed)
{
    struct rebut_simulation plan;
    rebut_simulation_init(&plan);
    plan.setting = setting;
    plan.orders = ORDERS;
    plan.seed = seed;
    return plan;
}

static inline bool same(const struct text *a, const struct text *b)
{
    return a->size == b->size && memcmp(a->data, b->data, a->size) == 0;
}

/* The next line without its end; false at the end of the text. */
static inline bool next_line(const struct text *text, size_t *at, struct rebut_text *ret)
{
    if (*at >= text->size)
        return false;
    const char *start = text->data + *at;
    const char *end = memchr(start, '\n', text->size - *at);
    assert_non_null(end);
    *ret = (struct rebut_text){start, (size_t)(end - start)};
    *at += ret->size + 1;
    return true;
}

static inline bool next_event(const struct text *text, size_t *at,
                              struct rebut_event *ret)
{
    static char room[REBUT_LINE_MAX];
    struct rebut_event_scratch scratch = {.data = room, .size = sizeof room};
    struct rebut_refusal refusal;
    struct rebut_text line;
    if (!next_line(text, at, &line))
        return false;
    if (!rebut_event_parse(line, &scratch, ret, &refusal))
        fail_msg("%.*s\nis refused: %s %s", (int)line.size, line.data, refusal.reason,
                 refusal.field);
    return true;
}

/* Ids are a letter and a number. */
static inline unsigned long number_of(struct rebut_text id)
{
    char digits[REBUT_ID_MAX + 1];
    assert_true(id.size > 1 && id.size <= REBUT_ID_MAX);
    memcpy(digits, id.data + 1, id.size - 1);
    digits[id.size - 1] = '\0';
    return strtoul(digits, NULL, 10);
}

/* ---- The truth */

enum column {
    REQUEST_ID,
    ORDER_ID,
    BUYER_ID,
    MERCHANT_ID,
    DAY,
    ABUSE,
    BUYER_KIND,
    MERCHANT_KIND,
    REASON,
    AMOUNT,
    DORM,
    RING,
    REGION,
    CHANNEL,
    ORDERS_OF_BUYER,
    CONDITION,
    LATE_HOURS,
    COLUMNS
};

static inline bool next_row(const struct text *truth, size_t *at,
                            struct rebut_text row[COLUMNS])
{
    struct rebut_text line;
    if (!next_line(truth, at, &line))
        return false;
    for (int column = 0; column < COLUMNS; column++) {
        const char *comma = memchr(line.data, ',', line.size);
        const size_t size = comma == NULL ? line.size : (size_t)(comma - line.data);
        assert_int_equal(comma == NULL, column == COLUMNS - 1);
        row[column] = (struct rebut_text){line.data, size};
        line.data += size + (comma != NULL);
        line.size -= size + (comma != NULL);
    }
    return true;
}

static inline bool is(struct rebut_text text, const char *word)
{
    return rebut_text_equal(text, rebut_text_of(word));
}

/* Rows where the columns have these words; NULL is any. */
static inline double count(const struct platform *platform, const char *abuse,
                           const char *buyer_kind, const char *merchant_kind,
                           const char *reason)
{
    struct rebut_text row[COLUMNS];
    size_t at = 0;
    double rows = 0;
    assert_true(next_row(&platform->truth, &at, row));
    while (next_row(&platform->truth, &at, row))
        rows += (abuse == NULL || is(row[ABUSE], abuse)) &&
                (buyer_kind == NULL || is(row[BUYER_KIND], buyer_kind)) &&
                (merchant_kind == NULL || is(row[MERCHANT_KIND], merchant_kind)) &&
                (reason == NULL || is(row[REASON], reason));
    return rows;
}

#endif
