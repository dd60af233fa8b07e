/* Reading: one row at a time, and where to go on after one that cannot be read. */
#include <stdlib.h>

#include "rebut/csv.h"

/* Bytes of the line end at `at`: 0 when there is none. */
static size_t line_end(const struct rebut_csv *csv, size_t at)
{
    if (csv->data[at] == '\n')
        return 1;
    if (csv->data[at] != '\r')
        return 0;
    return at + 1 < csv->size && csv->data[at + 1] == '\n' ? 2 : 1;
}

/* Read the quoted field whose opening quote is at `at`.  Returns where the closing
 * quote's follower is, or 0 when there is no closing quote within the row's limit. */
static size_t read_quoted(struct rebut_csv *csv, size_t at, struct rebut_text *ret)
{
    const size_t start = ++at;
    const size_t limit =
        csv->size - start > REBUT_CSV_ROW_MAX ? start + REBUT_CSV_ROW_MAX : csv->size;
    size_t doubled = 0;
    for (;; at++) {
        const char *quote = memchr(csv->data + at, '"', limit - at);
        if (quote == NULL)
            return 0;
        at = (size_t)(quote - csv->data);
        if (at + 1 >= csv->size || csv->data[at + 1] != '"')
            break;
        if (++at + 1 > limit)
            return 0;
        doubled++;
    }
    *ret = (struct rebut_text){csv->data + start, at - start};
    if (doubled == 0)
        return at + 1;
    /* Fields do not overlap, so all of a row's fields fit where the row fits. */
    if (at - start > REBUT_CSV_ROW_MAX - csv->unquoted_used)
        return 0;
    char *to = csv->unquoted + csv->unquoted_used;
    ret->data = to;
    for (size_t i = start; i < at; i++) {
        *to++ = csv->data[i];
        i += csv->data[i] == '"';
    }
    ret->size = (size_t)(to - ret->data);
    csv->unquoted_used += ret->size;
    return at + 1;
}

/* Read one field at `at`; returns where it ends, or 0 with *why filled. */
static size_t read_field(struct rebut_csv *csv, size_t at, struct rebut_text *ret,
                         struct rebut_error *why)
{
    if (at < csv->size && csv->data[at] == '"') {
        const size_t end = read_quoted(csv, at, ret);
        if (end == 0)
            rebut_fail(why, REBUT_EDATA, "expected a closing quote, found none");
        else if (end < csv->size && csv->data[end] != csv->delimiter &&
                 line_end(csv, end) == 0)
            rebut_fail(why, REBUT_EDATA, "expected a delimiter after the closing quote");
        return why->code == REBUT_OK ? end : 0;
    }
    size_t end = at;
    while (end < csv->size && csv->data[end] != csv->delimiter &&
           csv->data[end] != '\n' && csv->data[end] != '\r')
        end++;
    *ret = (struct rebut_text){csv->data + at, end - at};
    return end;
}

/* Read the fields of the row at csv->at; returns where it ends, or 0. */
static size_t read_fields(struct rebut_csv *csv, struct rebut_error *why)
{
    size_t at = csv->at;
    csv->field_count = 0;
    csv->unquoted_used = 0;
    for (;;) {
        struct rebut_text field;
        const size_t end = read_field(csv, at, &field, why);
        if (why->code != REBUT_OK)
            return 0;
        if (csv->field_count == REBUT_CSV_FIELDS_MAX ||
            field.size > REBUT_CSV_FIELD_MAX || end - csv->at > REBUT_CSV_ROW_MAX) {
            rebut_fail(why, REBUT_ELIMIT, "a row has at most %d fields, %zu bytes each",
                       REBUT_CSV_FIELDS_MAX, REBUT_CSV_FIELD_MAX);
            return 0;
        }
        csv->fields[csv->field_count++] = field;
        if (end >= csv->size || csv->data[end] != csv->delimiter)
            return end;
        at = end + 1;
    }
}

/* Where the line at csv->at ends. */
static size_t end_of_line(const struct rebut_csv *csv)
{
    size_t at = csv->at;
    while (at < csv->size && line_end(csv, at) == 0)
        at++;
    return at;
}

/* Move past the row that ends at `end`, counting its lines. */
static void move_past(struct rebut_csv *csv, size_t end)
{
    for (size_t at = csv->at; at < end; at++)
        if (line_end(csv, at) == 1)
            csv->line++;
    csv->at = end < csv->size ? end + line_end(csv, end) : end;
    csv->line++;
}

static bool check_bytes(struct rebut_text raw, struct rebut_error *why)
{
    if (rebut_text_valid_utf8(raw) != raw.size)
        return rebut_fail(why, REBUT_EDATA, "bytes that are no text in the encoding");
    if (memchr(raw.data, '\0', raw.size) != NULL)
        return rebut_fail(why, REBUT_EDATA, "a NUL byte");
    return true;
}

enum rebut_csv_step rebut_csv_next(struct rebut_csv *csv, struct rebut_error *why)
{
    *why = (struct rebut_error){0};
    while (csv->at < csv->size && line_end(csv, csv->at) > 0) {
        csv->blank_lines++;
        move_past(csv, csv->at);
    }
    csv->row_line = csv->line;
    csv->field_count = 0;
    csv->raw = (struct rebut_text){csv->data + csv->at, 0};
    if (csv->at >= csv->size)
        return REBUT_CSV_END;
    size_t end = read_fields(csv, why);
    if (end == 0)
        end = end_of_line(csv); /* a stray quote must not swallow the rest */
    csv->raw.size = end - csv->at;
    move_past(csv, end);
    if (why->code == REBUT_OK && check_bytes(csv->raw, why))
        return REBUT_CSV_ROW;
    csv->field_count = 0;
    return REBUT_CSV_BAD;
}

/* Bytes of the white space that begins text at `at`, or 0. */
static size_t space_at(struct rebut_text text, size_t at)
{
    const char *p = text.data + at;
    const size_t left = text.size - at;
    if (p[0] == ' ' || p[0] == '\t' || p[0] == '\r' || p[0] == '\n')
        return 1;
    if (left >= 2 && memcmp(p, "\xc2\xa0", 2) == 0)
        return 2; /* no-break space */
    if (left >= 3 &&
        (memcmp(p, "\xe3\x80\x80", 3) == 0 || memcmp(p, "\xef\xbb\xbf", 3) == 0))
        return 3; /* ideographic space, stray mark */
    return 0;
}

struct rebut_text rebut_csv_trim(struct rebut_text text)
{
    size_t step;
    while (text.size > 0 && (step = space_at(text, 0)) > 0) {
        text.data += step;
        text.size -= step;
    }
    for (size_t width = 1; width <= 3; width++) {
        while (text.size >= width && space_at(text, text.size - width) == width) {
            text.size -= width;
            width = 1;
        }
    }
    return text;
}

struct rebut_text rebut_csv_field(const struct rebut_csv *csv, size_t column)
{
    if (column >= csv->field_count)
        return (struct rebut_text){NULL, 0};
    return rebut_csv_trim(csv->fields[column]);
}
