#include "rebut/chart.h"

#include <cairo-svg.h>
#include <math.h>
#include <pango/pangocairo.h>
#include <stdio.h>

/* Pixels. */
#define SHEET_WIDTH 980.0
#define HEADER_HEIGHT 78.0
#define PANEL_WIDTH (SHEET_WIDTH / 2)
#define PANEL_HEIGHT 360.0
#define PLOT_LEFT 60.0
#define PLOT_RIGHT 24.0
#define PLOT_TOP 58.0
#define PLOT_BOTTOM 52.0
#define TICKS 5
#define LEGEND_LINE 18.0

enum ink { INK_TEXT, INK_QUIET, INK_GRID, INK_PAPER };
static const double inks[][3] = {
    {0.13, 0.16, 0.20}, {0.38, 0.42, 0.47}, {0.90, 0.91, 0.93}, {1, 1, 1}};
static const double colors[][3] = {
    {0.12, 0.38, 0.66}, {0.78, 0.25, 0.16}, {0.55, 0.58, 0.62}};

struct pen {
    cairo_t *cairo;
    PangoLayout *layout;
};

/* Where a panel's plot lies on the sheet, and its scales. */
struct plot {
    double left, top, width, height;
    const struct rebut_chart_panel *panel;
};

static void set_ink(const struct pen *pen, enum ink ink)
{
    cairo_set_source_rgb(pen->cairo, inks[ink][0], inks[ink][1], inks[ink][2]);
}

static void set_color(const struct pen *pen, enum rebut_chart_color color)
{
    cairo_set_source_rgb(pen->cairo, colors[color][0], colors[color][1],
                         colors[color][2]);
}

/* Lay text out; returns its size in pixels. */
static void lay_text(const struct pen *pen, const char *text, double size, bool bold,
                     double *ret_width, double *ret_height)
{
    PangoFontDescription *font = pango_font_description_new();
    pango_font_description_set_family(font, "DejaVu Sans, WenQuanYi Micro Hei, sans");
    pango_font_description_set_absolute_size(font, size * PANGO_SCALE);
    pango_font_description_set_weight(font,
                                      bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
    pango_layout_set_font_description(pen->layout, font);
    pango_font_description_free(font);
    pango_layout_set_text(pen->layout, text, -1);
    int width = 0;
    int height = 0;
    pango_layout_get_size(pen->layout, &width, &height);
    *ret_width = (double)width / PANGO_SCALE;
    *ret_height = (double)height / PANGO_SCALE;
}

/* Write text with its left (align 0), middle (0.5) or right (1) at x, its top at y. */
static void draw_text(const struct pen *pen, const char *text, double size, double align,
                      double x, double y)
{
    double width = 0;
    double height = 0;
    lay_text(pen, text, size, false, &width, &height);
    cairo_move_to(pen->cairo, x - align * width, y);
    pango_cairo_show_layout(pen->cairo, pen->layout);
}

static void draw_heading(const struct pen *pen, const char *text, double size, double x,
                         double y)
{
    double width = 0;
    double height = 0;
    set_ink(pen, INK_TEXT);
    lay_text(pen, text, size, true, &width, &height);
    cairo_move_to(pen->cairo, x, y);
    pango_cairo_show_layout(pen->cairo, pen->layout);
}

static double x_of(const struct plot *plot, double x)
{
    return plot->left + x / plot->panel->x_max * plot->width;
}

static double y_of(const struct plot *plot, double y)
{
    return plot->top + plot->height - y / plot->panel->y_max * plot->height;
}

double rebut_chart_step(double max, int steps)
{
    if (!(max > 0 && isfinite(max) && steps > 0))
        return 1;
    const double least = max / steps;
    const double power = pow(10, floor(log10(least)));
    static const double nice[] = {1, 2, 5, 10};
    for (size_t i = 0; i < sizeof nice / sizeof *nice; i++)
        if (nice[i] * power >= least * (1 - 1e-9))
            return nice[i] * power;
    return 10 * power;
}

static void draw_axes(const struct pen *pen, const struct plot *plot)
{
    const struct rebut_chart_panel *panel = plot->panel;
    const double bottom = plot->top + plot->height;
    const double x_step = rebut_chart_step(panel->x_max, TICKS);
    const double y_step = rebut_chart_step(panel->y_max, TICKS);
    char label[32];
    cairo_set_line_width(pen->cairo, 1);
    for (int i = 0; i * y_step <= panel->y_max * (1 + 1e-9); i++) {
        const double y = y_of(plot, i * y_step);
        set_ink(pen, i == 0 ? INK_QUIET : INK_GRID);
        cairo_move_to(pen->cairo, plot->left, y);
        cairo_line_to(pen->cairo, plot->left + plot->width, y);
        cairo_stroke(pen->cairo);
        snprintf(label, sizeof label, "%.6g", i * y_step);
        set_ink(pen, INK_QUIET);
        draw_text(pen, label, 11, 1, plot->left - 8, y - 7.5);
    }
    for (int i = 0; i * x_step <= panel->x_max * (1 + 1e-9); i++) {
        snprintf(label, sizeof label, "%.6g", i * x_step);
        draw_text(pen, label, 11, 0.5, x_of(plot, i * x_step), bottom + 6);
    }
    draw_text(pen, panel->x_label, 11.5, 1, plot->left + plot->width, bottom + 24);
    draw_text(pen, panel->y_label, 11.5, 0, plot->left - 36, plot->top - 24);
}

static void draw_line(const struct pen *pen, const struct plot *plot,
                      const struct rebut_chart_series *series)
{
    static const double dashes[] = {5, 4};
    const bool dashed = series->style == REBUT_CHART_DASHED;
    cairo_set_line_width(pen->cairo, dashed ? 1.2 : 2);
    cairo_set_dash(pen->cairo, dashes, dashed ? 2 : 0, 0);
    for (size_t i = 0; i < series->count; i++)
        cairo_line_to(pen->cairo, x_of(plot, series->points[i].x),
                      y_of(plot, series->points[i].y));
    cairo_stroke(pen->cairo);
    cairo_set_dash(pen->cairo, dashes, 0, 0);
}

static void draw_dots(const struct pen *pen, const struct plot *plot,
                      const struct rebut_chart_series *series)
{
    cairo_set_line_width(pen->cairo, 1.4);
    for (size_t i = 0; i < series->count; i++) {
        const struct rebut_chart_point *point = &series->points[i];
        const double x = x_of(plot, point->x);
        cairo_move_to(pen->cairo, x, y_of(plot, point->low));
        cairo_line_to(pen->cairo, x, y_of(plot, point->high));
        cairo_stroke(pen->cairo);
        cairo_arc(pen->cairo, x, y_of(plot, point->y), 3.4, 0, 2 * G_PI);
        cairo_fill(pen->cairo);
    }
}

#define SHADE 0.16 /* of a band's color */

static void set_shade(const struct pen *pen, enum rebut_chart_color color)
{
    cairo_set_source_rgba(pen->cairo, colors[color][0], colors[color][1],
                          colors[color][2], SHADE);
}

/* Its steps have an outline too, so that a band of no height is seen. */
static void draw_band(const struct pen *pen, const struct plot *plot,
                      const struct rebut_chart_series *series)
{
    const struct rebut_chart_point *points = series->points;
    for (size_t i = 0; i < series->count; i++)
        cairo_line_to(pen->cairo, x_of(plot, points[i].x), y_of(plot, points[i].high));
    for (size_t i = series->count; i-- > 0;)
        cairo_line_to(pen->cairo, x_of(plot, points[i].x), y_of(plot, points[i].low));
    cairo_close_path(pen->cairo);
    set_shade(pen, series->color);
    cairo_fill_preserve(pen->cairo);
    cairo_set_line_width(pen->cairo, 1);
    cairo_stroke(pen->cairo);
}

static void draw_series(const struct pen *pen, const struct plot *plot)
{
    cairo_save(pen->cairo);
    cairo_rectangle(pen->cairo, plot->left - 4, plot->top - 4, plot->width + 8,
                    plot->height + 8);
    cairo_clip(pen->cairo);
    for (size_t i = 0; i < plot->panel->series_count; i++) {
        const struct rebut_chart_series *series = &plot->panel->series[i];
        set_color(pen, series->color);
        if (series->style == REBUT_CHART_DOTS)
            draw_dots(pen, plot, series);
        else if (series->style == REBUT_CHART_BAND)
            draw_band(pen, plot, series);
        else
            draw_line(pen, plot, series);
    }
    cairo_restore(pen->cairo);
}

static void draw_mark(const struct pen *pen, const struct plot *plot)
{
    static const double dashes[] = {2, 3};
    const double x = x_of(plot, plot->panel->mark_x);
    if (!(plot->panel->mark_x >= 0 && plot->panel->mark_x <= plot->panel->x_max))
        return; /* NAN too */
    set_ink(pen, INK_TEXT);
    cairo_set_line_width(pen->cairo, 1.2);
    cairo_set_dash(pen->cairo, dashes, 2, 0);
    cairo_move_to(pen->cairo, x, plot->top);
    cairo_line_to(pen->cairo, x, plot->top + plot->height);
    cairo_stroke(pen->cairo);
    cairo_set_dash(pen->cairo, dashes, 0, 0);
    /* The label stands on the side that has room, on paper. */
    const bool right_half = x > plot->left + plot->width / 2;
    double width = 0;
    double height = 0;
    lay_text(pen, plot->panel->mark_label, 11, false, &width, &height);
    const double left = right_half ? x - 6 - width : x + 6;
    set_ink(pen, INK_PAPER);
    cairo_rectangle(pen->cairo, left - 2, plot->top + 3, width + 4, height + 2);
    cairo_fill(pen->cairo);
    set_ink(pen, INK_TEXT);
    cairo_move_to(pen->cairo, left, plot->top + 4);
    pango_cairo_show_layout(pen->cairo, pen->layout);
}

/* The widest label and how many there are. */
static double measure_legend(const struct pen *pen, const struct rebut_chart_panel *panel,
                             int *ret_lines)
{
    double widest = 0;
    *ret_lines = 0;
    for (size_t i = 0; i < panel->series_count; i++) {
        if (panel->series[i].label == NULL)
            continue;
        double width = 0;
        double height = 0;
        lay_text(pen, panel->series[i].label, 11, false, &width, &height);
        widest = fmax(widest, width);
        ++*ret_lines;
    }
    return widest;
}

static void draw_legend_key(const struct pen *pen,
                            const struct rebut_chart_series *series, double x, double y)
{
    static const double dashes[] = {5, 4};
    set_color(pen, series->color);
    if (series->style == REBUT_CHART_DOTS) {
        cairo_arc(pen->cairo, x + 11, y, 3.4, 0, 2 * G_PI);
        cairo_fill(pen->cairo);
        return;
    }
    if (series->style == REBUT_CHART_BAND) {
        set_shade(pen, series->color);
        cairo_rectangle(pen->cairo, x, y - 5, 22, 10);
        cairo_fill(pen->cairo);
        return;
    }
    const bool dashed = series->style == REBUT_CHART_DASHED;
    cairo_set_line_width(pen->cairo, dashed ? 1.2 : 2);
    cairo_set_dash(pen->cairo, dashes, dashed ? 2 : 0, 0);
    cairo_move_to(pen->cairo, x, y);
    cairo_line_to(pen->cairo, x + 22, y);
    cairo_stroke(pen->cairo);
    cairo_set_dash(pen->cairo, dashes, 0, 0);
}

static void draw_legend(const struct pen *pen, const struct plot *plot)
{
    const struct rebut_chart_panel *panel = plot->panel;
    int lines = 0;
    const double width = measure_legend(pen, panel, &lines) + 40;
    const double height = lines * LEGEND_LINE + 8;
    const bool right = panel->legend == REBUT_CHART_BOTTOM_RIGHT ||
                       panel->legend == REBUT_CHART_TOP_RIGHT;
    const bool top =
        panel->legend == REBUT_CHART_TOP_LEFT || panel->legend == REBUT_CHART_TOP_RIGHT;
    const double x = right ? plot->left + plot->width - width - 8 : plot->left + 10;
    double y = top ? plot->top + 4 : plot->top + plot->height - height - 8;
    if (lines == 0)
        return;
    cairo_set_source_rgba(pen->cairo, 1, 1, 1, 0.88);
    cairo_rectangle(pen->cairo, x, y, width, height);
    cairo_fill(pen->cairo);
    for (size_t i = 0; i < panel->series_count; i++) {
        if (panel->series[i].label == NULL)
            continue;
        draw_legend_key(pen, &panel->series[i], x + 6, y + 4 + LEGEND_LINE / 2);
        set_ink(pen, INK_TEXT);
        draw_text(pen, panel->series[i].label, 11, 0, x + 34, y + 5);
        y += LEGEND_LINE;
    }
}

static void draw_panel(const struct pen *pen, const struct rebut_chart_panel *panel,
                       double left, double top)
{
    const struct plot plot = {.left = left + PLOT_LEFT,
                              .top = top + PLOT_TOP,
                              .width = PANEL_WIDTH - PLOT_LEFT - PLOT_RIGHT,
                              .height = PANEL_HEIGHT - PLOT_TOP - PLOT_BOTTOM,
                              .panel = panel};
    draw_heading(pen, panel->title, 14, left + PLOT_LEFT - 36, top + 8);
    draw_axes(pen, &plot);
    draw_series(pen, &plot);
    draw_mark(pen, &plot);
    draw_legend(pen, &plot);
}

static void draw_sheet(const struct pen *pen, const struct rebut_chart_sheet *sheet)
{
    set_ink(pen, INK_PAPER);
    cairo_paint(pen->cairo);
    draw_heading(pen, sheet->title, 19, PLOT_LEFT - 36, 16);
    set_ink(pen, INK_QUIET);
    draw_text(pen, sheet->subtitle, 12, 0, PLOT_LEFT - 36, 47);
    for (size_t i = 0; i < sheet->panel_count; i++)
        draw_panel(pen, &sheet->panels[i], (double)(i % 2) * PANEL_WIDTH,
                   HEADER_HEIGHT + (double)(i / 2) * PANEL_HEIGHT);
}

static cairo_status_t take_bytes(void *closure, const unsigned char *data, unsigned size)
{
    return rebut_output_write(closure, data, size) ? CAIRO_STATUS_SUCCESS
                                                   : CAIRO_STATUS_WRITE_ERROR;
}

static bool check_sheet(const struct rebut_chart_sheet *sheet, struct rebut_error *err)
{
    if (!(sheet->panel_count >= 1 && sheet->panel_count <= REBUT_CHART_PANELS_MAX))
        return rebut_fail(err, REBUT_EINPUT, "expected 1 to %d panels, got %zu",
                          REBUT_CHART_PANELS_MAX, sheet->panel_count);
    for (size_t i = 0; i < sheet->panel_count; i++) {
        const struct rebut_chart_panel *panel = &sheet->panels[i];
        if (!(panel->x_max > 0 && isfinite(panel->x_max) && panel->y_max > 0 &&
              isfinite(panel->y_max)))
            return rebut_fail(err, REBUT_EINPUT, "expected axes over 0, got %g and %g",
                              panel->x_max, panel->y_max);
    }
    return true;
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
    cairo_font_options_destroy(options);
    return layout;
}

bool rebut_chart_svg(const struct rebut_chart_sheet *sheet, struct rebut_output *out,
                     struct rebut_error *err)
{
    if (!check_sheet(sheet, err))
        return false;
    const double rows = (double)((sheet->panel_count + 1) / 2);
    cairo_surface_t *surface = cairo_svg_surface_create_for_stream(
        take_bytes, out, SHEET_WIDTH, HEADER_HEIGHT + rows * PANEL_HEIGHT);
    cairo_svg_surface_set_document_unit(surface, CAIRO_SVG_UNIT_PX);
    cairo_t *cairo = cairo_create(surface);
    PangoLayout *layout = make_layout(cairo, sheet->language);
    const struct pen pen = {cairo, layout};
    draw_sheet(&pen, sheet);
    g_object_unref(layout);
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
