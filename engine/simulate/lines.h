/* lines.h -- bytes for a sink, written by hand because there are so many. */
#ifndef REBUT_SIMULATE_LINES_H
#define REBUT_SIMULATE_LINES_H

#include "rebut/simulate.h"

#include <string.h>

#define LINES_ROOM ((size_t)1 << 18)
#define LINE_ROOM ((size_t)1 << 13) /* no line is longer */

struct lines {
    char *data;
    size_t used;
    const struct rebut_simulate_sink *sink; /* NULL swallows everything */
};

REBUT_MUST_CHECK bool sim_lines_init(struct lines *lines,
                                     const struct rebut_simulate_sink *sink,
                                     struct rebut_error *err);
void sim_lines_release(struct lines *lines);

/* End a line; hand over what there is when it is much. */
REBUT_MUST_CHECK bool sim_lines_end(struct lines *lines, struct rebut_error *err);
REBUT_MUST_CHECK bool sim_lines_flush(struct lines *lines, struct rebut_error *err);

static inline void put_bytes(struct lines *lines, const char *data, size_t size)
{
    memcpy(lines->data + lines->used, data, size);
    lines->used += size;
}
#define PUT(lines, literal) put_bytes(lines, literal, sizeof(literal) - 1)

static inline void put_string(struct lines *lines, const char *text)
{
    put_bytes(lines, text, strlen(text));
}

/* Decimal, at least `width` digits. */
void sim_put_number(struct lines *lines, uint64_t number, int width);
/* Hexadecimal, exactly `width` digits. */
void sim_put_hex(struct lines *lines, uint64_t number, int width);
/* Seconds since 1970 in local time, as 2026-03-01T00:00:13+08:00. */
void sim_put_time(struct lines *lines, int64_t local_second);

#endif
