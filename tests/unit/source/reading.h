/* What the reader gives, as text that a test can compare. */
#ifndef TESTS_UNIT_SOURCE_READING_H
#define TESTS_UNIT_SOURCE_READING_H

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "rebut/reader.h"

#define LENGTH(list) (sizeof(list) / sizeof *(list))

/* ---- bytes ---- */

struct blob {
    char *data;
    size_t size, room;
};

static inline void add(struct blob *blob, const void *data, size_t size)
{
    if (blob->size + size + 1 > blob->room) {
        blob->room = (blob->size + size + 1) * 2;
        blob->data = realloc(blob->data, blob->room);
        assert_non_null(blob->data);
    }
    if (size > 0)
        memcpy(blob->data + blob->size, data, size);
    blob->size += size;
    blob->data[blob->size] = '\0';
}

static inline void add_text(struct blob *blob, const char *text)
{
    add(blob, text, strlen(text));
}

static inline void clear(struct blob *blob)
{
    free(blob->data);
    *blob = (struct blob){0};
}

/* ---- what the reader gives, as text: a line an event or refusal ---- */

struct reading {
    struct blob events;  /* "INPUT:LINE SKU AT" */
    struct blob refused; /* "INPUT:LINE REASON BYTES" */
    struct rebut_source_place place;
    size_t count; /* events */
    struct rebut_error err;
};

static inline void note(struct reading *reading, const struct rebut_block *block)
{
    char line[512];
    assert_true(block->count <= REBUT_BLOCK_MAX);
    assert_true(block->refused_count <= REBUT_BLOCK_MAX);
    for (size_t i = 0; i < block->count; i++) {
        const struct rebut_event *event = &block->events[i];
        snprintf(line, sizeof line, "%" PRIu32 ":%" PRIu64 " %.*s %" PRId64 "\n",
                 block->lines[i].input, block->lines[i].number, (int)event->sku_id.size,
                 event->sku_id.data, event->at / 1000);
        add_text(&reading->events, line);
        assert_int_equal(block->lines[i].bytes, block->lines[i].text.size);
        assert_non_null(
            memchr(block->lines[i].text.data, '}', block->lines[i].text.size));
    }
    for (size_t i = 0; i < block->refused_count; i++) {
        const struct rebut_refused_line *refused = &block->refused[i];
        snprintf(line, sizeof line, "%" PRIu32 ":%" PRIu64 " %s %" PRIu64 "\n",
                 refused->line.input, refused->line.number, refused->refusal.reason,
                 refused->line.bytes);
        add_text(&reading->refused, line);
    }
    reading->count += block->count;
}

/* Read all; false leaves the words in reading->err. */
static inline bool read_paths(struct reading *reading, const char *const *paths,
                              size_t count, size_t buffer_size)
{
    *reading = (struct reading){0};
    add_text(&reading->events, "");
    add_text(&reading->refused, "");
    struct rebut_reader *reader = NULL;
    struct rebut_block block = {0};
    const struct rebut_reader_options options = {.buffer_size = buffer_size};
    bool ok = rebut_reader_open(&reader, paths, count, &options, &reading->err);
    while (ok && !block.end) {
        ok = rebut_reader_next(reader, &block, &reading->err);
        if (ok)
            note(reading, &block);
    }
    if (reader != NULL)
        reading->place = rebut_reader_place(reader);
    rebut_reader_close(reader);
    return ok;
}

static inline void release(struct reading *reading)
{
    clear(&reading->events);
    clear(&reading->refused);
}

static inline void assert_reads(const char *const *paths, size_t count,
                                size_t buffer_size, const char *events,
                                const char *refused)
{
    struct reading reading;
    if (!read_paths(&reading, paths, count, buffer_size))
        fail_msg("%s", reading.err.message);
    assert_string_equal(reading.events.data, events);
    assert_string_equal(reading.refused.data, refused);
    release(&reading);
}

static inline void assert_cannot_read(const char *const *paths, size_t count,
                                      enum rebut_code code, const char *words)
{
    struct reading reading;
    if (read_paths(&reading, paths, count, 0))
        fail_msg("it was read; expected '%s'", words);
    assert_int_equal(reading.err.code, code);
    if (strstr(reading.err.message, words) == NULL)
        fail_msg("expected '%s' in '%s'", words, reading.err.message);
    release(&reading);
}

/* ---- lines ---- */

#define PRICE(sku, at)                                                                   \
    "{\"type\":\"price\",\"at\":" at ",\"sku_id\":\"" sku "\",\"price\":1}"

/* All that may stand in a file. */
static const char mixed[] =
    "\xef\xbb\xbf" PRICE("a", "1") "\n"        /* a byte order mark */
                                   "\n \t\r\n" /* two blank lines */
    PRICE("b\\u4e2d\\n", "2") "\r\n"           /* escapes, CRLF */
                              "nonsense\n"     /* no JSON */
    PRICE("c\xff",
          "3") "\n"                                          /* no UTF-8 */
               "{\"type\":\"price\",\"at\":4,\"sku_id\":\"d" /* a number too large */
               "\",\"price\":99999999999999999999}\n"        /* */
    PRICE("e", "5") "\n\n"                                   /* */
    PRICE("f", "6");                                         /* no newline at the end */
static const char mixed_events[] = "0:1 a 1\n0:4 b\xe4\xb8\xad\n 2\n0:8 e 5\n0:10 f 6\n";
static const char mixed_refused[] =
    "0:5 not_json 8\n0:6 invalid_utf8 47\n0:7 out_of_range 65\n";

#endif
