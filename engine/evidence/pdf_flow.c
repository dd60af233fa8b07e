/* Text that flows over pages: paragraphs, headings, rows of tables. */
#include <math.h>
#include <stdio.h>

#include "pdf_paper.h"

#define PAD 4.0            /* in a cell */
#define PICTURE_LEAST 13.0 /* height of a row that has one */

/* A column's text, as far as it is not on paper yet. */
struct flow {
    PangoLayoutIter *iter; /* at the next line */
    bool done;
};

static double points(int units)
{
    return (double)units / PANGO_SCALE;
}

/* Lay out the cell's text; returns its height, 0 when it is empty. */
static double lay_out(struct pdf_paper *paper, int column, enum pdf_font font,
                      double width, bool right)
{
    PangoLayout *layout = paper->layout[column];
    const GString *text = paper->cell[column];
    int height = 0;
    pango_layout_set_font_description(layout, paper->font[font]);
    pango_layout_set_alignment(layout, right ? PANGO_ALIGN_RIGHT : PANGO_ALIGN_LEFT);
    pango_layout_set_width(layout, (int)(width * PANGO_SCALE));
    pango_layout_set_text(layout, text->str, (int)text->len);
    pango_layout_get_size(layout, NULL, &height);
    return text->len == 0 ? 0 : points(height);
}

/* Put lines at (x, top) as long as they fit; returns the height taken.  The first line
 * is put in any case where `force`. */
static double put_lines(struct pdf_paper *paper, struct flow *flow, double x, double top,
                        double room, bool force)
{
    PangoRectangle logical;
    double begin = 0, taken = 0;
    for (bool first = true; !flow->done; first = false) {
        pango_layout_iter_get_line_extents(flow->iter, NULL, &logical);
        if (first)
            begin = points(logical.y);
        const double end = points(logical.y + logical.height) - begin;
        if (end > room && !(first && force))
            break;
        if (paper->drawing) {
            cairo_move_to(paper->cairo, x + points(logical.x),
                          top + points(pango_layout_iter_get_baseline(flow->iter)) -
                              begin);
            pango_cairo_show_layout_line(paper->cairo,
                                         pango_layout_iter_get_line_readonly(flow->iter));
        }
        taken = end;
        flow->done = !pango_layout_iter_next_line(flow->iter);
    }
    return taken;
}

void pdf_paragraph(struct pdf_paper *paper, enum pdf_font font, const char *tag,
                   double indent)
{
    const double height = lay_out(paper, 0, font, PDF_WIDTH - indent, false);
    struct flow flow = {pango_layout_get_iter(paper->layout[0]), height == 0};
    /* A short one stays whole. */
    if (height < 48)
        pdf_room(paper, height);
    while (!flow.done) {
        pdf_tag(paper, tag);
        paper->y += put_lines(paper, &flow, PDF_LEFT + indent, paper->y,
                              PDF_BOTTOM - paper->y, paper->y <= PDF_TOP);
        pdf_untag(paper, tag);
        if (!flow.done)
            pdf_next_page(paper);
    }
    pango_layout_iter_free(flow.iter);
    paper->y += 3;
    g_string_truncate(paper->cell[0], 0);
}

void pdf_bullet(struct pdf_paper *paper)
{
    pdf_ink(paper, PDF_INK);
    g_string_prepend(paper->cell[0], "• ");
    pdf_paragraph(paper, PDF_BODY, "P", 6);
}

void pdf_title(struct pdf_paper *paper, const char *text)
{
    pdf_ink(paper, PDF_INK);
    g_string_assign(paper->cell[0], text);
    pdf_paragraph(paper, PDF_TITLE, "H1", 0);
    paper->y += 4;
}

/* Not alone at the foot of a page; the section is in the outline too. */
void pdf_heading(struct pdf_paper *paper, const char *zh, const char *en)
{
    char place[80];
    pdf_room(paper, 96);
    paper->y += paper->y > PDF_TOP ? 12 : 0;
    GString *text = paper->cell[0];
    g_string_printf(text, "%d  %s", ++paper->section, pdf_say(paper, zh, en));
    snprintf(place, sizeof place, "page=%d pos=[%.0f %.0f]", paper->page, PDF_LEFT,
             paper->y);
    if (paper->drawing)
        cairo_pdf_surface_add_outline(paper->surface, CAIRO_PDF_OUTLINE_ROOT, text->str,
                                      place, CAIRO_PDF_OUTLINE_FLAG_OPEN);
    pdf_ink(paper, PDF_DARK);
    pdf_paragraph(paper, PDF_HEADING, "H2", 0);
    if (paper->drawing) {
        cairo_set_line_width(paper->cairo, 0.8);
        cairo_move_to(paper->cairo, PDF_LEFT, paper->y);
        cairo_line_to(paper->cairo, PDF_LEFT + PDF_WIDTH, paper->y);
        cairo_stroke(paper->cairo);
    }
    paper->y += 6;
}

void pdf_subheading(struct pdf_paper *paper, const char *zh, const char *en)
{
    pdf_room(paper, 64);
    paper->y += 6;
    pdf_ink(paper, PDF_INK);
    g_string_assign(paper->cell[0], pdf_say(paper, zh, en));
    pdf_paragraph(paper, PDF_SUBHEADING, "H3", 0);
}

/* ---- tables ---- */

static void fill(struct pdf_paper *paper, enum pdf_ink ink, double height)
{
    if (!paper->drawing)
        return;
    pdf_ink(paper, ink);
    cairo_rectangle(paper->cairo, PDF_LEFT, paper->y, PDF_WIDTH, height);
    cairo_fill(paper->cairo);
}

/* Below a row; of a warning, its sides. */
static void rule(struct pdf_paper *paper, double height)
{
    const double y = paper->y + height;
    if (!paper->drawing)
        return;
    pdf_ink(paper, paper->table->warning ? PDF_DARK : PDF_GRID);
    cairo_set_line_width(paper->cairo, paper->table->warning ? 1.2 : 0.6);
    if (paper->table->warning) {
        cairo_rectangle(paper->cairo, PDF_LEFT, paper->y, PDF_WIDTH, height);
    } else {
        cairo_move_to(paper->cairo, PDF_LEFT, y);
        cairo_line_to(paper->cairo, PDF_LEFT + PDF_WIDTH, y);
    }
    cairo_stroke(paper->cairo);
}

/* Lay out all cells; returns the row's height. */
static double lay_out_row(struct pdf_paper *paper, enum pdf_font font)
{
    const struct pdf_table *table = paper->table;
    double most = paper->picture.column >= 0 ? PICTURE_LEAST : 0;
    for (int i = 0; i < table->columns; i++)
        most = fmax(most, lay_out(paper, i, font, table->width[i] * PDF_WIDTH - 2 * PAD,
                                  table->right[i]));
    return most + 2 * PAD;
}

static void put_head(struct pdf_paper *paper)
{
    const struct pdf_table *table = paper->table;
    if (table->head[0] == NULL)
        return;
    for (int i = 0; i < table->columns; i++)
        g_string_assign(paper->cell[i], table->head[i]);
    const double height = lay_out_row(paper, table->warning ? PDF_SUBHEADING : PDF_SMALL);
    fill(paper, table->warning ? PDF_DARK : PDF_SHADE, height);
    pdf_ink(paper, table->warning ? PDF_PAPER : PDF_INK);
    pdf_tag(paper, "TR");
    double x = PDF_LEFT;
    for (int i = 0; i < table->columns; i++) {
        struct flow flow = {pango_layout_get_iter(paper->layout[i]), false};
        pdf_tag(paper, "TH");
        put_lines(paper, &flow, x + PAD, paper->y + PAD, height, true);
        pdf_untag(paper, "TH");
        pango_layout_iter_free(flow.iter);
        x += table->width[i] * PDF_WIDTH;
    }
    pdf_untag(paper, "TR");
    paper->y += height;
}

/* The height of the head as it would be. */
static double head_height(struct pdf_paper *paper)
{
    const struct pdf_table *table = paper->table;
    if (table->head[0] == NULL)
        return 0;
    for (int i = 0; i < table->columns; i++)
        g_string_assign(paper->cell[i], table->head[i]);
    const double height = lay_out_row(paper, table->warning ? PDF_SUBHEADING : PDF_SMALL);
    for (int i = 0; i < table->columns; i++)
        g_string_truncate(paper->cell[i], 0);
    return height;
}

static void begin_part(struct pdf_paper *paper)
{
    pdf_tag(paper, "Table");
    put_head(paper);
    for (int i = 0; i < paper->table->columns; i++)
        g_string_truncate(paper->cell[i], 0);
}

void pdf_table_begin(struct pdf_paper *paper, const struct pdf_table *table)
{
    paper->table = table;
    pdf_room(paper, head_height(paper) + 40);
    begin_part(paper);
}

/* The table goes on overleaf; what is in the cells stays there. */
static void turn_page(struct pdf_paper *paper)
{
    const struct pdf_picture picture = paper->picture;
    GString *kept[PDF_COLUMNS];
    PangoLayout *laid[PDF_COLUMNS];
    paper->picture.column = -1;
    for (int i = 0; i < PDF_COLUMNS; i++) {
        kept[i] = paper->cell[i];
        laid[i] = paper->layout[i];
        paper->cell[i] = g_string_new(NULL);
        paper->layout[i] = pango_layout_copy(laid[i]);
    }
    pdf_untag(paper, "Table");
    pdf_next_page(paper);
    begin_part(paper);
    for (int i = 0; i < PDF_COLUMNS; i++) {
        g_string_free(paper->cell[i], TRUE);
        g_object_unref(paper->layout[i]);
        paper->cell[i] = kept[i];
        paper->layout[i] = laid[i];
    }
    paper->picture = picture;
}

/* As much of the row as this page has room for; true when that was all. */
static bool put_part(struct pdf_paper *paper, struct flow flow[PDF_COLUMNS], bool first,
                     bool force)
{
    const struct pdf_table *table = paper->table;
    double x = PDF_LEFT, taken = first && paper->picture.column >= 0 ? PICTURE_LEAST : 0;
    bool all = true;
    pdf_ink(paper, PDF_INK);
    pdf_tag(paper, "TR");
    for (int i = 0; i < table->columns; i++) {
        pdf_tag(paper, "TD");
        taken = fmax(taken, put_lines(paper, &flow[i], x + PAD, paper->y + PAD,
                                      PDF_BOTTOM - paper->y - 2 * PAD, force));
        if (first && i == paper->picture.column) {
            pdf_draw_picture(paper, x + PAD, paper->y + PAD,
                             table->width[i] * PDF_WIDTH - 2 * PAD);
            pdf_ink(paper, PDF_INK);
        }
        pdf_untag(paper, "TD");
        all = all && flow[i].done;
        x += table->width[i] * PDF_WIDTH;
    }
    pdf_untag(paper, "TR");
    rule(paper, taken + 2 * PAD);
    paper->y += taken + 2 * PAD;
    return all;
}

void pdf_row(struct pdf_paper *paper)
{
    const double height = lay_out_row(paper, PDF_BODY);
    struct flow flow[PDF_COLUMNS];
    for (int i = 0; i < paper->table->columns; i++)
        flow[i] = (struct flow){pango_layout_get_iter(paper->layout[i]),
                                paper->cell[i]->len == 0};
    /* Whole on the next page if it can be; a giant begins here if there is some room. */
    const bool giant = height > (PDF_BOTTOM - PDF_TOP) / 2;
    if (paper->y + (giant ? 60 : height) > PDF_BOTTOM)
        turn_page(paper);
    bool first = true;
    while (!put_part(paper, flow, first, !first)) {
        turn_page(paper);
        first = false;
    }
    for (int i = 0; i < paper->table->columns; i++) {
        pango_layout_iter_free(flow[i].iter);
        g_string_truncate(paper->cell[i], 0);
    }
    paper->picture.column = -1;
}

void pdf_table_end(struct pdf_paper *paper)
{
    pdf_untag(paper, "Table");
    paper->table = NULL;
    paper->y += 6;
}

void pdf_pair(struct pdf_paper *paper, const char *zh, const char *en)
{
    g_string_assign(paper->cell[0], pdf_say(paper, zh, en));
    pdf_row(paper);
}
