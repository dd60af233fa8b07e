/* A report before it has a form: headings, paragraphs, tables and charts.
 *
 * Built once, then written as text, HTML or PDF, so that all three say the same.  Texts
 * are copied; what is somebody else's (ids, names) goes through paper_name, which makes
 * it safe to show anywhere.  A failure to get memory sticks and is told by the writer.
 */
#ifndef REBUT_REPORT_PAPER_H
#define REBUT_REPORT_PAPER_H

#include "rebut/grow.h"
#include "rebut/language.h"
#include "rebut/output.h"
#include "rebut/time.h"

enum paper_kind {
    PAPER_TITLE,
    PAPER_HEADING,
    PAPER_PARAGRAPH,
    PAPER_NOTE, /* smaller */
    PAPER_TABLE,
    PAPER_CHART,
};
/* What a chart is drawn in; the first five are the causes, dark to light, so that they
 * can be told apart in grey. */
enum paper_tone {
    PAPER_TONES = 5,
    PAPER_INK = PAPER_TONES,
    PAPER_QUIET,
    PAPER_GRID,
    PAPER_ON_DARK, /* text on the darker tones */
    PAPER_ALL_TONES
};
enum paper_shape { PAPER_RECT, PAPER_LINE, PAPER_LABEL };

/* x, y from the chart's upper left corner; a label's y is its middle. */
struct paper_mark {
    enum paper_shape shape;
    enum paper_tone tone;
    double x, y, width, height; /* of a line: to x + width, y + height */
    double align;               /* of a label: 0 left, 0.5 middle, 1 right */
    uint32_t text;
};
struct paper_block {
    enum paper_kind kind;
    uint32_t text;         /* a table's or chart's caption; offset */
    uint32_t first, count; /* cells by row, the first row the heads; or marks */
    uint32_t columns;
    double height; /* of a chart */
};
#define PAPER_WIDTH 680.0 /* of every chart */

struct paper {
    REBUT_ARRAY(char) text;
    REBUT_ARRAY(struct paper_block) blocks;
    REBUT_ARRAY(uint32_t) cells; /* offsets of texts */
    REBUT_ARRAY(struct paper_mark) marks;
    enum rebut_language language;
    int64_t made_at; /* in a PDF's metadata */
    bool failed;
};

void paper_init(struct paper *paper, enum rebut_language language, int64_t made_at);
void paper_release(struct paper *paper);
const char *paper_text(const struct paper *paper, uint32_t text);

void paper_say(struct paper *paper, enum paper_kind kind, const char *format, ...)
    REBUT_PRINTF(3, 4);
void paper_table(struct paper *paper, uint32_t columns, const char *caption);
/* The next cell of the last table, its heads first. */
void paper_cell(struct paper *paper, const char *format, ...) REBUT_PRINTF(2, 3);
void paper_chart(struct paper *paper, double height, const char *caption);
void paper_rect(struct paper *paper, enum paper_tone tone, double x, double y,
                double width, double height);
void paper_line(struct paper *paper, enum paper_tone tone, double x, double y,
                double width, double height);
struct paper_place {
    double x, y, align;
};
void paper_label(struct paper *paper, enum paper_tone tone, struct paper_place place,
                 const char *format, ...) REBUT_PRINTF(4, 5);

/* A name as it may be shown: at most `most` characters (then "…"), control and format
 * characters (those that turn the direction of writing among them) as U+FFFD, and an
 * apostrophe before what a spreadsheet would take for a formula. */
#define PAPER_NAME 400
const char *paper_name(struct rebut_text name, size_t most, char ret_text[PAPER_NAME]);

void paper_write_text(const struct paper *paper, struct rebut_output *out);
void paper_write_html(const struct paper *paper, struct rebut_output *out);
REBUT_MUST_CHECK bool paper_write_pdf(const struct paper *paper, struct rebut_output *out,
                                      struct rebut_error *err);

#endif
