/* Rows as lines of JSON, for people and for rebut_event_parse. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include "field.h"

/* Where the line goes: what has no room is only counted. */
struct line {
    char *data;
    size_t room, size;
};

static void put(struct line *line, const char *data, size_t size)
{
    const size_t left = line->size < line->room ? line->room - line->size : 0;
    if (left > 0)
        memcpy(line->data + line->size, data, size < left ? size : left);
    line->size += size;
}

static void put_string(struct line *line, const char *string)
{
    put(line, string, strlen(string));
}

static void put_quoted(struct line *line, struct rebut_text text)
{
    size_t plain = 0; /* where what needs no escape begins */
    put(line, "\"", 1);
    for (size_t i = 0; i < text.size; i++) {
        const unsigned char byte = (unsigned char)text.data[i];
        char escape[8];
        if (byte >= 0x20 && byte != '"' && byte != '\\')
            continue;
        put(line, text.data + plain, i - plain);
        plain = i + 1;
        if (byte >= 0x20)
            snprintf(escape, sizeof escape, "\\%c", byte);
        else
            snprintf(escape, sizeof escape, "\\u%04x", byte);
        put_string(line, escape);
    }
    if (text.size > plain)
        put(line, text.data + plain, text.size - plain);
    put(line, "\"", 1);
}

/* Infinite ones by PostgreSQL's words. */
static void put_time(struct line *line, int64_t time)
{
    char spelled[REBUT_TIME_SIZE + 2] = "\"infinity\"";
    if (time == INT64_MIN) {
        memcpy(spelled, "\"-infinity\"", sizeof "\"-infinity\"");
    } else if (time != INT64_MAX) {
        spelled[0] = '"';
        rebut_time_format(time, 0, spelled + 1);
        const size_t size = strlen(spelled);
        memcpy(spelled + size, "\"", 2);
    }
    put_string(line, spelled);
}

static void put_real(struct line *line, double real)
{
    char spelled[32];
    snprintf(spelled, sizeof spelled, isfinite(real) ? "%.17g" : "\"%f\"", real);
    put_string(line, spelled);
}

static void put_texts(struct line *line, const struct rebut_value *value)
{
    put(line, "[", 1);
    for (size_t i = 0; i < value->texts.count; i++) {
        if (i > 0)
            put(line, ",", 1);
        if (value->texts.data[i].data == NULL)
            put_string(line, "null");
        else
            put_quoted(line, value->texts.data[i]);
    }
    put(line, "]", 1);
}

static void put_value(struct line *line, const struct rebut_value *value)
{
    char spelled[24];
    switch (value->kind) {
    case REBUT_VALUE_NULL:
        put_string(line, "null");
        break;
    case REBUT_VALUE_TEXT:
        put_quoted(line, value->text);
        break;
    case REBUT_VALUE_INTEGER:
        snprintf(spelled, sizeof spelled, "%" PRId64, value->integer);
        put_string(line, spelled);
        break;
    case REBUT_VALUE_TIME:
        put_time(line, value->time);
        break;
    case REBUT_VALUE_REAL:
        put_real(line, value->real);
        break;
    case REBUT_VALUE_TEXTS:
        put_texts(line, value);
        break;
    }
}

size_t rebut_event_spell_value(const struct rebut_value *value, char *ret_text,
                               size_t room)
{
    struct line line = {.data = ret_text, .room = room};
    put_value(&line, value);
    return line.size;
}

size_t rebut_event_spell_row(enum rebut_event_type type, const struct rebut_value *values,
                             char *ret_line, size_t room)
{
    struct line line = {.data = ret_line, .room = room};
    put_string(&line, "{\"type\":\"");
    put_string(&line, rebut_words_type[type]);
    put(&line, "\"", 1);
    const size_t count = rebut_event_column_count(type);
    for (size_t i = 0; i < count; i++) {
        if (values[i].kind == REBUT_VALUE_NULL)
            continue;
        put_string(&line, ",\"");
        put_string(&line, rebut_event_column(type, i).name);
        put_string(&line, "\":");
        put_value(&line, &values[i]);
    }
    put(&line, "}", 1);
    return line.size;
}
