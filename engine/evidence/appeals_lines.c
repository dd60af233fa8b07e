/* All lines of a file of appeals, in the order in which they hold or do not hold. */
#include "appeals_entry.h"

#include <inttypes.h>
#include <stdlib.h>

static bool is_blank(struct rebut_text line)
{
    for (size_t i = 0; i < line.size; i++)
        if (line.data[i] != ' ' && line.data[i] != '\t' && line.data[i] != '\r')
            return false;
    return true;
}

static bool read_line(struct rebut_text text, uint32_t line, char **room,
                      struct appeal_entries *entries, struct rebut_error *err)
{
    size_t used = 0;
    if (text.size > REBUT_APPEALS_LINE_MAX)
        return rebut_fail(err, REBUT_ELIMIT,
                          "line %" PRIu32 ": expected at most %d bytes, got %zu", line,
                          REBUT_APPEALS_LINE_MAX, text.size);
    if (line > REBUT_APPEALS_LINES)
        return rebut_fail(err, REBUT_ELIMIT, "expected at most %d lines",
                          REBUT_APPEALS_LINES);
    if (is_blank(text))
        return true;
    if (!REBUT_ARRAY_MORE(&entries->all, 1, "entries of appeals", err) ||
        !rebut_appeal_entry(text, line, *room, &used,
                            &entries->all.data[entries->all.count], err))
        return false;
    entries->all.count++;
    *room += used;
    return true;
}

static bool read_lines(struct rebut_text text, char *room, struct appeal_entries *entries,
                       struct rebut_error *err)
{
    uint32_t line = 0;
    for (size_t at = 0; at < text.size;) {
        const char *end = memchr(text.data + at, '\n', text.size - at);
        const size_t size = end == NULL ? text.size - at : (size_t)(end - text.data) - at;
        if (!read_line((struct rebut_text){text.data + at, size}, ++line, &room, entries,
                       err))
            return false;
        at += size + 1;
    }
    return true;
}

/* Opened, submitted, then one of the ends. */
static int rank(int status)
{
    return status < REBUT_APPEAL_WON ? status : REBUT_APPEAL_WON;
}

static int in_order(const void *left, const void *right)
{
    const struct appeal_entry *a = left, *b = right;
    const int ids = rebut_text_compare(a->request_id, b->request_id);
    if (ids != 0)
        return ids;
    if (rank(a->status) != rank(b->status))
        return rank(a->status) - rank(b->status);
    if (a->status != b->status)
        return a->status - b->status;
    if (a->at != b->at)
        return a->at < b->at ? -1 : 1;
    return a->line < b->line ? -1 : a->line > b->line;
}

bool rebut_appeal_entries_read(struct rebut_text text, char *room,
                               struct appeal_entries *ret, struct rebut_error *err)
{
    *ret = (struct appeal_entries){0};
    if (!read_lines(text, room, ret, err)) {
        rebut_appeal_entries_release(ret);
        return false;
    }
    if (ret->all.count > 0)
        qsort(ret->all.data, ret->all.count, sizeof *ret->all.data, in_order);
    return true;
}

void rebut_appeal_entries_release(struct appeal_entries *entries)
{
    free(entries->all.data);
    *entries = (struct appeal_entries){0};
}
