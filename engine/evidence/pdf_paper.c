/* A page, and the text that flows over pages. */
#include "pdf_paper.h"

#include <stdio.h>

#include "rebut/time.h"

/* In grey they stay apart. */
static const double inks[][3] = {
    [PDF_INK] = {0.10, 0.11, 0.13},  [PDF_QUIET] = {0.36, 0.38, 0.41},
    [PDF_GRID] = {0.78, 0.80, 0.82}, [PDF_SHADE] = {0.93, 0.94, 0.95},
    [PDF_PAPER] = {1, 1, 1},         [PDF_DARK] = {0.11, 0.24, 0.40}};
static const double sizes[PDF_FONTS] = {[PDF_TITLE] = 18,
                                        [PDF_HEADING] = 13,
                                        [PDF_SUBHEADING] = 10.5,
                                        [PDF_BODY] = 9.5,
                                        [PDF_SMALL] = 8};

void pdf_ink(const struct pdf_paper *paper, enum pdf_ink ink)
{
    cairo_set_source_rgb(paper->cairo, inks[ink][0], inks[ink][1], inks[ink][2]);
}

void pdf_tag(const struct pdf_paper *paper, const char *tag)
{
    if (paper->drawing)
        cairo_tag_begin(paper->cairo, tag, NULL);
}

void pdf_untag(const struct pdf_paper *paper, const char *tag)
{
    if (paper->drawing)
        cairo_tag_end(paper->cairo, tag);
}

/* ---- open and close ---- */

static cairo_status_t take_bytes(void *closure, const unsigned char *data, unsigned size)
{
    return rebut_output_write(closure, data, size) ? CAIRO_STATUS_SUCCESS
                                                   : CAIRO_STATUS_WRITE_ERROR;
}

/* Dates of the pack, never of the clock. */
static void put_metadata(const struct pdf_paper *paper)
{
    const struct rebut_pack_header *header = &paper->pack->header;
    char date[REBUT_TIME_SIZE];
    rebut_time_format(header->as_of / REBUT_SECOND * REBUT_SECOND, 8 * 60, date);
    GString *text = g_string_new(
        pdf_say(paper, "仅退款请求：记录与统计证据 ",
                "Refund without return: records and statistical evidence, "));
    pdf_safe(text, header->request_id);
    cairo_pdf_surface_set_metadata(paper->surface, CAIRO_PDF_METADATA_TITLE, text->str);
    g_string_truncate(text, 0);
    pdf_safe(text, header->engine);
    cairo_pdf_surface_set_metadata(paper->surface, CAIRO_PDF_METADATA_CREATOR, text->str);
    cairo_pdf_surface_set_metadata(paper->surface, CAIRO_PDF_METADATA_CREATE_DATE, date);
    cairo_pdf_surface_set_metadata(paper->surface, CAIRO_PDF_METADATA_MOD_DATE, date);
    g_string_free(text, TRUE);
}

static void make_layouts(struct pdf_paper *paper)
{
    cairo_font_options_t *options = cairo_font_options_create();
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    for (int i = 0; i < PDF_COLUMNS; i++) {
        paper->cell[i] = g_string_new(NULL);
        paper->layout[i] = pango_cairo_create_layout(paper->cairo);
        PangoContext *context = pango_layout_get_context(paper->layout[i]);
        pango_cairo_context_set_font_options(context, options);
        pango_cairo_context_set_resolution(context, 72);
        pango_context_set_language(
            context, pango_language_from_string(pdf_say(paper, "zh-cn", "en")));
        pango_layout_set_auto_dir(paper->layout[i], FALSE);
        pango_layout_set_wrap(paper->layout[i], PANGO_WRAP_WORD_CHAR);
        pango_layout_set_line_spacing(paper->layout[i], 1.15F);
    }
    paper->label = pango_layout_copy(paper->layout[0]);
    cairo_font_options_destroy(options);
    for (int i = 0; i < PDF_FONTS; i++) {
        paper->font[i] = pango_font_description_new();
        pango_font_description_set_family(paper->font[i],
                                          "WenQuanYi Micro Hei, DejaVu Sans, sans");
        pango_font_description_set_absolute_size(paper->font[i], sizes[i] * PANGO_SCALE);
    }
}

bool pdf_paper_open(struct pdf_paper *paper, const struct rebut_pack *pack,
                    enum rebut_language language, struct rebut_output *out,
                    struct rebut_error *err)
{
    *paper = (struct pdf_paper){.pack = pack, .language = language};
    paper->surface = cairo_pdf_surface_create_for_stream(take_bytes, out, PDF_PAGE_WIDTH,
                                                         PDF_PAGE_HEIGHT);
    if (cairo_surface_status(paper->surface) != CAIRO_STATUS_SUCCESS) {
        cairo_surface_destroy(paper->surface);
        return rebut_fail_memory(err, "a page");
    }
    paper->cairo = cairo_create(paper->surface);
    put_metadata(paper);
    make_layouts(paper);
    return true;
}

void pdf_paper_release(struct pdf_paper *paper)
{
    for (int i = 0; i < PDF_COLUMNS; i++) {
        g_string_free(paper->cell[i], TRUE);
        g_object_unref(paper->layout[i]);
    }
    g_object_unref(paper->label);
    for (int i = 0; i < PDF_FONTS; i++)
        pango_font_description_free(paper->font[i]);
    cairo_destroy(paper->cairo);
    cairo_surface_destroy(paper->surface);
}

/* ---- pages ---- */

void pdf_label(struct pdf_paper *paper, const char *text, enum pdf_font font,
               double align, double x, double y)
{
    PangoLayout *layout = paper->label;
    int width = 0;
    if (!paper->drawing)
        return;
    pango_layout_set_font_description(layout, paper->font[font]);
    pango_layout_set_alignment(layout, PANGO_ALIGN_LEFT);
    pango_layout_set_width(layout, -1);
    pango_layout_set_text(layout, text, -1);
    pango_layout_get_size(layout, &width, NULL);
    cairo_move_to(paper->cairo, x - align * width / PANGO_SCALE, y);
    pango_cairo_show_layout(paper->cairo, layout);
}

/* Head and foot of a sheet: which request, what it is not, which page of how many. */
static void begin_page(struct pdf_paper *paper)
{
    const double foot = PDF_PAGE_HEIGHT - 40;
    char number[64];
    paper->y = PDF_TOP;
    if (!paper->drawing)
        return;
    cairo_save(paper->cairo);
    GString *text = g_string_new(pdf_say(paper, "请求 ", "Request "));
    pdf_safe(text, paper->pack->header.request_id);
    pdf_ink(paper, PDF_QUIET);
    pdf_label(paper, text->str, PDF_SMALL, 0, PDF_LEFT, 30);
    g_string_assign(text, pdf_say(paper, "截至 ", "As of "));
    pdf_time(text, paper->pack->header.as_of);
    g_string_append(text, " +08:00");
    pdf_label(paper, text->str, PDF_SMALL, 1, PDF_LEFT + PDF_WIDTH, 30);
    g_string_free(text, TRUE);
    pdf_label(paper,
              pdf_say(paper, "统计证据，不是法律认定；是否滥用须由人判断。",
                      "Statistical evidence, not a legal finding; a person decides."),
              PDF_SMALL, 0, PDF_LEFT, foot);
    snprintf(number, sizeof number, pdf_say(paper, "第 %d / %d 页", "page %d of %d"),
             paper->page, paper->pages);
    pdf_label(paper, number, PDF_SMALL, 1, PDF_LEFT + PDF_WIDTH, foot);
    cairo_restore(paper->cairo);
}

void pdf_begin(struct pdf_paper *paper, bool drawing)
{
    paper->drawing = drawing;
    paper->page = 1;
    paper->section = 0;
    paper->picture.column = -1;
    begin_page(paper);
}

void pdf_next_page(struct pdf_paper *paper)
{
    if (paper->drawing)
        cairo_show_page(paper->cairo);
    paper->page++;
    begin_page(paper);
}

void pdf_end(struct pdf_paper *paper)
{
    paper->pages = paper->page;
    if (paper->drawing)
        cairo_show_page(paper->cairo);
}

void pdf_room(struct pdf_paper *paper, double height)
{
    if (paper->y + height > PDF_BOTTOM && paper->y > PDF_TOP)
        pdf_next_page(paper);
}

void pdf_whole(struct pdf_paper *paper, void (*put)(struct pdf_paper *))
{
    const bool drawing = paper->drawing;
    const int page = paper->page, section = paper->section;
    const double y = paper->y;
    paper->drawing = false;
    put(paper);
    const bool fits = paper->page == page;
    paper->drawing = drawing;
    paper->page = page;
    paper->section = section;
    paper->y = y;
    if (!fits)
        pdf_next_page(paper);
    put(paper);
}
