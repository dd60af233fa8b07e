/* A report as PDF: A4, text that can be searched and copied, the same bytes each time. */
#include <cairo-pdf.h>
#include <math.h>
#include <pango/pangocairo.h>
#include <stdio.h>

#include "paper.h"

/* Points. */
#define PAGE_WIDTH 595.28
#define PAGE_HEIGHT 841.89
#define MARGIN 40.0
#define INNER (PAGE_WIDTH - 2 * MARGIN)
#define BOTTOM (PAGE_HEIGHT - MARGIN - 14)
#define TEXT_SIZE 9.0
#define NOTE_SIZE 7.5
#define CELL_SIZE 7.2
#define ROW_HEIGHT 12.5
#define GAP 7.0 /* between columns */
#define COLUMNS_MOST 32
#define FIRST_LEAST 70.0

static const double tones[PAPER_ALL_TONES][3] = {
    {.478, .122, .239}, {.184, .427, .710}, {.878, .541, .180},
    {.647, .816, .627}, {.875, .886, .902}, {.106, .125, .153},
    {.357, .392, .435}, {.851, .863, .882}, {1, 1, 1}};

struct pen {
    cairo_t *cairo;
    PangoLayout *layout;
    const struct paper *paper;
    double y;
    int page;
};

static void ink(const struct pen *pen, enum paper_tone tone)
{
    cairo_set_source_rgb(pen->cairo, tones[tone][0], tones[tone][1], tones[tone][2]);
}

/* Lay text out in a width (0: on one line) and give its height; *ret_width its width. */
static double lay(const struct pen *pen, const char *text, double size, bool bold,
                  double width, double *ret_width)
{
    PangoFontDescription *font = pango_font_description_new();
    int wide = 0, high = 0;
    pango_font_description_set_family(font, "DejaVu Sans, WenQuanYi Micro Hei, sans");
    pango_font_description_set_absolute_size(font, size * PANGO_SCALE);
    pango_font_description_set_weight(font,
                                      bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
    pango_layout_set_font_description(pen->layout, font);
    pango_font_description_free(font);
    pango_layout_set_width(pen->layout, width > 0 ? (int)(width * PANGO_SCALE) : -1);
    pango_layout_set_text(pen->layout, text, -1);
    pango_layout_get_size(pen->layout, &wide, &high);
    if (ret_width != NULL)
        *ret_width = (double)wide / PANGO_SCALE;
    return (double)high / PANGO_SCALE;
}

static void end_page(struct pen *pen)
{
    char number[16];
    double width = 0;
    snprintf(number, sizeof number, "%d", ++pen->page);
    lay(pen, number, NOTE_SIZE, false, 0, &width);
    ink(pen, PAPER_QUIET);
    cairo_move_to(pen->cairo, PAGE_WIDTH - MARGIN - width, PAGE_HEIGHT - MARGIN);
    pango_cairo_show_layout(pen->cairo, pen->layout);
    cairo_show_page(pen->cairo);
    pen->y = MARGIN;
}

static void need(struct pen *pen, double height)
{
    if (pen->y + height > BOTTOM && pen->y > MARGIN)
        end_page(pen);
}

static void say(struct pen *pen, const struct paper_block *block)
{
    const bool heading = block->kind == PAPER_HEADING || block->kind == PAPER_TITLE;
    const double size = block->kind == PAPER_TITLE     ? 16
                        : block->kind == PAPER_HEADING ? 11.5
                        : block->kind == PAPER_NOTE    ? NOTE_SIZE
                                                       : TEXT_SIZE;
    const char *text = paper_text(pen->paper, block->text);
    const double height = lay(pen, text, size, heading, INNER, NULL);
    if (block->kind == PAPER_HEADING && pen->y > MARGIN)
        pen->y += 10;
    need(pen, height + (heading ? 110 : 0)); /* what it heads stays with it */
    lay(pen, text, size, heading, INNER, NULL);
    ink(pen, block->kind == PAPER_NOTE ? PAPER_QUIET : PAPER_INK);
    cairo_move_to(pen->cairo, MARGIN, pen->y);
    pango_cairo_show_layout(pen->cairo, pen->layout);
    pen->y += height + (heading ? 5 : 3);
}

/* ---- tables ---- */

struct columns {
    double width[COLUMNS_MOST];
    double size; /* of the text */
};

/* As wide as the widest cell; the first column has what is left, and the text becomes
 * smaller where that is too little. */
static struct columns measure(const struct pen *pen, const struct paper_block *table)
{
    struct columns columns = {.size = CELL_SIZE};
    double others = 0;
    for (uint32_t i = 0; i < table->count; i++) {
        double width = 0;
        lay(pen, paper_text(pen->paper, pen->paper->cells.data[table->first + i]),
            CELL_SIZE, i < table->columns, 0, &width);
        columns.width[i % table->columns] =
            fmax(columns.width[i % table->columns], width + GAP);
    }
    for (uint32_t i = 1; i < table->columns; i++)
        others += columns.width[i];
    const double most = table->columns <= 4 ? INNER / 2 : 190;
    const double first = fmin(fmax(columns.width[0], FIRST_LEAST), most);
    if (others + first > INNER) {
        const double scale = (INNER - FIRST_LEAST) / others;
        if (scale < 1)
            columns.size *= scale;
        for (uint32_t i = 1; i < table->columns; i++)
            columns.width[i] *= fmin(1, scale);
        others = fmin(others, INNER - FIRST_LEAST);
        columns.width[0] = INNER - others;
    } else {
        columns.width[0] = first;
    }
    return columns;
}

static void write_row(struct pen *pen, const struct paper_block *table, uint32_t row,
                      const struct columns *columns)
{
    double x = MARGIN, right = MARGIN;
    for (uint32_t i = 0; i < table->columns; i++)
        right += columns->width[i];
    for (uint32_t i = 0; i < table->columns; i++) {
        const uint32_t cell =
            pen->paper->cells.data[table->first + row * table->columns + i];
        double width = 0;
        pango_layout_set_ellipsize(pen->layout,
                                   i == 0 ? PANGO_ELLIPSIZE_END : PANGO_ELLIPSIZE_NONE);
        lay(pen, paper_text(pen->paper, cell), columns->size, row == 0,
            i == 0 ? columns->width[0] - GAP / 2 : 0, &width);
        ink(pen, row == 0 ? PAPER_QUIET : PAPER_INK);
        cairo_move_to(pen->cairo, i == 0 ? x : x + columns->width[i] - width, pen->y);
        pango_cairo_show_layout(pen->cairo, pen->layout);
        x += columns->width[i];
    }
    pango_layout_set_ellipsize(pen->layout, PANGO_ELLIPSIZE_NONE);
    pen->y += ROW_HEIGHT;
    ink(pen, PAPER_GRID);
    cairo_set_line_width(pen->cairo, .5);
    cairo_move_to(pen->cairo, MARGIN, pen->y - 2);
    cairo_line_to(pen->cairo, right, pen->y - 2);
    cairo_stroke(pen->cairo);
}

static void write_caption(struct pen *pen, const struct paper_block *block)
{
    const char *text = paper_text(pen->paper, block->text);
    if (*text == '\0')
        return;
    const double height = lay(pen, text, NOTE_SIZE, false, INNER, NULL);
    ink(pen, PAPER_QUIET);
    cairo_move_to(pen->cairo, MARGIN, pen->y);
    pango_cairo_show_layout(pen->cairo, pen->layout);
    pen->y += height + 3;
}

static void write_table(struct pen *pen, const struct paper_block *table)
{
    const struct columns columns = measure(pen, table);
    const uint32_t rows = table->count / table->columns;
    need(pen, 12 + 3 * ROW_HEIGHT);
    write_caption(pen, table);
    for (uint32_t row = 0; row < rows; row++) {
        const int page = pen->page;
        need(pen, ROW_HEIGHT);
        if (pen->page != page && row > 0)
            write_row(pen, table, 0, &columns);
        write_row(pen, table, row, &columns);
    }
    pen->y += 6;
}

/* ---- charts ---- */

static void write_label(const struct pen *pen, const struct paper_mark *mark)
{
    double width = 0;
    const double height =
        lay(pen, paper_text(pen->paper, mark->text), 11, false, 0, &width);
    ink(pen, mark->tone);
    cairo_move_to(pen->cairo, mark->x - mark->align * width, mark->y - height / 2);
    pango_cairo_show_layout(pen->cairo, pen->layout);
}

static void write_mark(const struct pen *pen, const struct paper_mark *mark)
{
    switch (mark->shape) {
    case PAPER_RECT:
        ink(pen, mark->tone);
        cairo_rectangle(pen->cairo, mark->x, mark->y, mark->width, mark->height);
        cairo_fill_preserve(pen->cairo);
        ink(pen, PAPER_ON_DARK);
        cairo_set_line_width(pen->cairo, 1);
        cairo_stroke(pen->cairo);
        break;
    case PAPER_LINE:
        ink(pen, mark->tone);
        cairo_set_line_width(pen->cairo, 1);
        cairo_move_to(pen->cairo, mark->x, mark->y);
        cairo_line_to(pen->cairo, mark->x + mark->width, mark->y + mark->height);
        cairo_stroke(pen->cairo);
        break;
    case PAPER_LABEL:
        write_label(pen, mark);
        break;
    }
}

static void write_chart(struct pen *pen, const struct paper_block *chart)
{
    const double scale = INNER / PAPER_WIDTH;
    need(pen, chart->height * scale + 16);
    write_caption(pen, chart);
    cairo_save(pen->cairo);
    cairo_translate(pen->cairo, MARGIN, pen->y);
    cairo_scale(pen->cairo, scale, scale);
    for (uint32_t i = 0; i < chart->count; i++)
        write_mark(pen, &pen->paper->marks.data[chart->first + i]);
    cairo_restore(pen->cairo);
    pen->y += chart->height * scale + 6;
}

static cairo_status_t take_bytes(void *closure, const unsigned char *data, unsigned size)
{
    return rebut_output_write(closure, data, size) ? CAIRO_STATUS_SUCCESS
                                                   : CAIRO_STATUS_WRITE_ERROR;
}

/* Text by shape alone: no hinting for a screen that is not there. */
static PangoLayout *make_layout(cairo_t *cairo, const char *language)
{
    cairo_font_options_t *options = cairo_font_options_create();
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    PangoLayout *layout = pango_cairo_create_layout(cairo);
    PangoContext *context = pango_layout_get_context(layout);
    pango_cairo_context_set_font_options(context, options);
    pango_context_set_language(context, pango_language_from_string(language));
    pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
    pango_layout_set_single_paragraph_mode(layout, TRUE);
    cairo_font_options_destroy(options);
    return layout;
}

static void describe(cairo_surface_t *surface, const struct paper *paper)
{
    char made[REBUT_TIME_SIZE] = "";
    rebut_time_format(paper->made_at - paper->made_at % REBUT_SECOND, 0, made);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE,
                                   paper_text(paper, paper->blocks.data[0].text));
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATOR, "rebut");
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, made);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_MOD_DATE, made);
}

bool paper_write_pdf(const struct paper *paper, struct rebut_output *out,
                     struct rebut_error *err)
{
    cairo_surface_t *surface =
        cairo_pdf_surface_create_for_stream(take_bytes, out, PAGE_WIDTH, PAGE_HEIGHT);
    describe(surface, paper);
    cairo_t *cairo = cairo_create(surface);
    struct pen pen = {
        .cairo = cairo,
        .layout = make_layout(cairo, paper->language == REBUT_CHINESE ? "zh-cn" : "en"),
        .paper = paper,
        .y = MARGIN};
    for (uint32_t i = 0; i < paper->blocks.count; i++) {
        const struct paper_block *block = &paper->blocks.data[i];
        if (block->kind == PAPER_TABLE)
            write_table(&pen, block);
        else if (block->kind == PAPER_CHART)
            write_chart(&pen, block);
        else
            say(&pen, block);
    }
    end_page(&pen);
    g_object_unref(pen.layout);
    const cairo_status_t drawn = cairo_status(cairo);
    cairo_destroy(cairo);
    cairo_surface_finish(surface);
    const cairo_status_t written = cairo_surface_status(surface);
    cairo_surface_destroy(surface);
    if (drawn == CAIRO_STATUS_SUCCESS && written == CAIRO_STATUS_SUCCESS)
        return true;
    return rebut_fail(
        err, REBUT_EIO, "cannot draw: %s",
        cairo_status_to_string(drawn != CAIRO_STATUS_SUCCESS ? drawn : written));
}
