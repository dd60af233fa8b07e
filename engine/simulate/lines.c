#include "lines.h"

#include <stdlib.h>

#include "demand.h"

bool sim_lines_init(struct lines *lines, const struct rebut_simulate_sink *sink,
                    struct rebut_error *err)
{
    *lines = (struct lines){.sink = sink};
    lines->data = malloc(LINES_ROOM);
    return lines->data != NULL || rebut_fail_memory(err, "an output buffer");
}

void sim_lines_release(struct lines *lines)
{
    free(lines->data);
    *lines = (struct lines){0};
}

bool sim_lines_flush(struct lines *lines, struct rebut_error *err)
{
    const size_t size = lines->used;
    lines->used = 0;
    if (lines->sink == NULL || size == 0)
        return true;
    return lines->sink->write(lines->sink->to, lines->data, size, err);
}

bool sim_lines_end(struct lines *lines, struct rebut_error *err)
{
    PUT(lines, "\n");
    return lines->used + LINE_ROOM <= LINES_ROOM || sim_lines_flush(lines, err);
}

void sim_put_number(struct lines *lines, uint64_t number, int width)
{
    char digits[20];
    int first = 20;
    do {
        digits[--first] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    while (20 - first < width)
        digits[--first] = '0';
    put_bytes(lines, digits + first, (size_t)(20 - first));
}

void sim_put_hex(struct lines *lines, uint64_t number, int width)
{
    for (int shift = (width - 1) * 4; shift >= 0; shift -= 4)
        lines->data[lines->used++] = "0123456789abcdef"[number >> shift & 15];
}

static void put_pair(struct lines *lines, unsigned number, char before)
{
    lines->data[lines->used++] = before;
    lines->data[lines->used++] = (char)('0' + number / 10);
    lines->data[lines->used++] = (char)('0' + number % 10);
}

void sim_put_time(struct lines *lines, int64_t local_second)
{
    const int64_t day =
        local_second >= 0 ? local_second / 86400 : -((86399 - local_second) / 86400);
    const unsigned second = (unsigned)(local_second - day * 86400);
    const struct date date = sim_date_of(day);
    sim_put_number(lines, (uint64_t)date.year, 4);
    put_pair(lines, (unsigned)date.month, '-');
    put_pair(lines, (unsigned)date.day, '-');
    put_pair(lines, second / 3600, 'T');
    put_pair(lines, second / 60 % 60, ':');
    put_pair(lines, second % 60, ':');
    PUT(lines, "+08:00");
}
