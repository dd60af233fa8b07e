/* Sheets of paper: text that flows over pages, headings, tables.
 *
 * Everything is laid out twice, first to count the pages and then to draw. */
#ifndef REBUT_EVIDENCE_PDF_PAPER_H
#define REBUT_EVIDENCE_PDF_PAPER_H

#include <cairo-pdf.h>
#include <pango/pangocairo.h>

#include "rebut/pack_pdf.h"

/* Points: A4 and its margins. */
#define PDF_PAGE_WIDTH 595.276
#define PDF_PAGE_HEIGHT 841.890
#define PDF_LEFT 48.0
#define PDF_WIDTH (PDF_PAGE_WIDTH - 2 * PDF_LEFT)
#define PDF_TOP 56.0
#define PDF_BOTTOM (PDF_PAGE_HEIGHT - 58.0)
#define PDF_COLUMNS 5

enum pdf_font { PDF_TITLE, PDF_HEADING, PDF_SUBHEADING, PDF_BODY, PDF_SMALL, PDF_FONTS };
enum pdf_ink { PDF_INK, PDF_QUIET, PDF_GRID, PDF_SHADE, PDF_PAPER, PDF_DARK };

/* In the place of a cell's text; drawn at the top of its row. */
struct pdf_picture {
    int column;              /* -1: none */
    bool bar;                /* a signed bar of `value`; else a range */
    double value, low, high; /* NaN: left out */
    double mark;             /* a dashed line; NaN: none */
    double most;             /* the end of the scale */
};

struct pdf_table {
    int columns;
    double width[PDF_COLUMNS];     /* of 1, which they sum to */
    const char *head[PDF_COLUMNS]; /* repeated on the next page; NULL first: none */
    bool right[PDF_COLUMNS];       /* figures */
    bool warning;                  /* a dark head and a frame */
};

struct pdf_paper {
    const struct rebut_pack *pack;
    enum rebut_language language;
    cairo_surface_t *surface;
    cairo_t *cairo;
    PangoLayout *layout[PDF_COLUMNS];
    GString *cell[PDF_COLUMNS];
    PangoLayout *label;
    PangoFontDescription *font[PDF_FONTS];
    bool drawing;
    int page, pages, section;
    double y;
    const struct pdf_table *table; /* open, or NULL */
    struct pdf_picture picture;    /* of the next row */
};

bool pdf_paper_open(struct pdf_paper *paper, const struct rebut_pack *pack,
                    enum rebut_language language, struct rebut_output *out,
                    struct rebut_error *err);
/* Begin the first page, for counting or for drawing; end the last. */
void pdf_begin(struct pdf_paper *paper, bool drawing);
void pdf_end(struct pdf_paper *paper);
void pdf_paper_release(struct pdf_paper *paper);

/* Words, or a format whose values the compiler checks in both languages. */
__attribute__((format_arg(2), format_arg(3))) static inline const char *
pdf_say(const struct pdf_paper *paper, const char *zh, const char *en)
{
    return paper->language == REBUT_CHINESE ? zh : en;
}

void pdf_ink(const struct pdf_paper *paper, enum pdf_ink ink);
void pdf_tag(const struct pdf_paper *paper, const char *tag);
void pdf_untag(const struct pdf_paper *paper, const char *tag);
void pdf_next_page(struct pdf_paper *paper);
/* What follows, of this height, stays on one page. */
void pdf_room(struct pdf_paper *paper, double height);
/* `put` on this page if all of it fits, else from the next one on. */
void pdf_whole(struct pdf_paper *paper, void (*put)(struct pdf_paper *));
/* A line of text, with its left, middle or right (0, 0.5, 1) at x and its top at y. */
void pdf_label(struct pdf_paper *paper, const char *text, enum pdf_font font,
               double align, double x, double y);

/* The text of a column's cell of the next row, or (0) of the next paragraph. */
static inline GString *pdf_cell(const struct pdf_paper *paper, int column)
{
    return paper->cell[column];
}
/* What is in cell 0, as a paragraph with `tag`; `indent` from the left. */
void pdf_paragraph(struct pdf_paper *paper, enum pdf_font font, const char *tag,
                   double indent);
void pdf_bullet(struct pdf_paper *paper);
void pdf_title(struct pdf_paper *paper, const char *text);
void pdf_heading(struct pdf_paper *paper, const char *zh, const char *en);
void pdf_subheading(struct pdf_paper *paper, const char *zh, const char *en);

/* `table` outlives the end. */
void pdf_table_begin(struct pdf_paper *paper, const struct pdf_table *table);
void pdf_row(struct pdf_paper *paper);
void pdf_table_end(struct pdf_paper *paper);
/* Rows of two texts, the first of our own: "name", then cell 1. */
void pdf_pair(struct pdf_paper *paper, const char *zh, const char *en);

/* ---- pdf_text.c: text, the only way into a cell ---- */

/* Anybody's text, made harmless. */
void pdf_safe(GString *to, struct rebut_text text);
void pdf_words(const struct pdf_paper *paper, GString *to,
               const struct rebut_pack_words *words);
/* Figures; "-" for what is not known. */
void pdf_yuan(GString *to, int64_t fen);
void pdf_percent(GString *to, double share);
void pdf_log_odds(GString *to, double value);
void pdf_reason(const struct pdf_paper *paper, GString *to, int reason);
void pdf_figure(GString *to, double value);
void pdf_range(GString *to, double low, double high, bool percent);
void pdf_time(GString *to, int64_t at);
void pdf_day(GString *to, int64_t at);

/* ---- pdf_chart.c ---- */

void pdf_draw_picture(struct pdf_paper *paper, double x, double y, double width);
void pdf_timeline_chart(struct pdf_paper *paper);

/* ---- the sections ---- */

void pdf_case(struct pdf_paper *paper);    /* 1 to 3 */
void pdf_records(struct pdf_paper *paper); /* 4 to 6 */
void pdf_score(struct pdf_paper *paper);   /* 7 and 8 */

#endif
