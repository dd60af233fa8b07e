#include "paper.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "rebut/hidden.h"

#define TEXT_MOST 2000

void paper_init(struct paper *paper, enum rebut_language language, int64_t made_at)
{
    *paper = (struct paper){.language = language, .made_at = made_at};
}

void paper_release(struct paper *paper)
{
    free(paper->text.data);
    free(paper->blocks.data);
    free(paper->cells.data);
    free(paper->marks.data);
    *paper = (struct paper){0};
}

const char *paper_text(const struct paper *paper, uint32_t text)
{
    return paper->text.data + text;
}

static uint32_t keep(struct paper *paper, const char *text)
{
    const size_t size = strlen(text) + 1;
    const uint32_t at = paper->text.count;
    if (paper->failed || !REBUT_ARRAY_MORE(&paper->text, size, "a report", NULL)) {
        paper->failed = true;
        return 0;
    }
    memcpy(paper->text.data + at, text, size);
    paper->text.count += (uint32_t)size;
    return at;
}

static void add_block(struct paper *paper, struct paper_block block)
{
    if (paper->failed || !REBUT_ARRAY_MORE(&paper->blocks, 1, "a report", NULL))
        paper->failed = true;
    else
        paper->blocks.data[paper->blocks.count++] = block;
}

void paper_say(struct paper *paper, enum paper_kind kind, const char *format, ...)
{
    char text[TEXT_MOST];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    add_block(paper, (struct paper_block){.kind = kind, .text = keep(paper, text)});
}

void paper_table(struct paper *paper, uint32_t columns, const char *caption)
{
    add_block(paper, (struct paper_block){.kind = PAPER_TABLE,
                                          .text = keep(paper, caption),
                                          .first = paper->cells.count,
                                          .columns = columns});
}

void paper_cell(struct paper *paper, const char *format, ...)
{
    char text[TEXT_MOST];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    const uint32_t at = keep(paper, text);
    if (paper->failed || !REBUT_ARRAY_MORE(&paper->cells, 1, "a report", NULL)) {
        paper->failed = true;
        return;
    }
    paper->cells.data[paper->cells.count++] = at;
    paper->blocks.data[paper->blocks.count - 1].count++;
}

void paper_chart(struct paper *paper, double height, const char *caption)
{
    add_block(paper, (struct paper_block){.kind = PAPER_CHART,
                                          .text = keep(paper, caption),
                                          .first = paper->marks.count,
                                          .height = height});
}

static void add_mark(struct paper *paper, struct paper_mark mark)
{
    if (paper->failed || !REBUT_ARRAY_MORE(&paper->marks, 1, "a report", NULL)) {
        paper->failed = true;
        return;
    }
    paper->marks.data[paper->marks.count++] = mark;
    paper->blocks.data[paper->blocks.count - 1].count++;
}

void paper_rect(struct paper *paper, enum paper_tone tone, double x, double y,
                double width, double height)
{
    add_mark(paper, (struct paper_mark){.shape = PAPER_RECT,
                                        .tone = tone,
                                        .x = x,
                                        .y = y,
                                        .width = width,
                                        .height = height});
}

void paper_line(struct paper *paper, enum paper_tone tone, double x, double y,
                double width, double height)
{
    add_mark(paper, (struct paper_mark){.shape = PAPER_LINE,
                                        .tone = tone,
                                        .x = x,
                                        .y = y,
                                        .width = width,
                                        .height = height});
}

void paper_label(struct paper *paper, enum paper_tone tone, struct paper_place place,
                 const char *format, ...)
{
    char text[TEXT_MOST];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    add_mark(paper, (struct paper_mark){.shape = PAPER_LABEL,
                                        .tone = tone,
                                        .x = place.x,
                                        .y = place.y,
                                        .align = place.align,
                                        .text = keep(paper, text)});
}

const char *paper_name(struct rebut_text name, size_t most, char ret_text[PAPER_NAME])
{
    static const char formula[] = "=+-@";
    size_t used = 0, shown = 0;
    name.size = rebut_text_valid_utf8(name);
    if (name.size > 0 && memchr(formula, name.data[0], sizeof formula - 1) != NULL)
        ret_text[used++] = '\'';
    for (size_t at = 0, begin = 0; at < name.size; begin = at) {
        const uint32_t c = rebut_text_next(name, &at);
        const bool full = ++shown > most || used + 12 > PAPER_NAME;
        const char *bytes = full                 ? "…"
                            : rebut_is_hidden(c) ? "\xef\xbf\xbd"
                                                 : name.data + begin;
        const size_t size = full || rebut_is_hidden(c) ? 3 : at - begin;
        memcpy(ret_text + used, bytes, size);
        used += size;
        if (full)
            break;
    }
    ret_text[used] = '\0';
    return ret_text;
}
