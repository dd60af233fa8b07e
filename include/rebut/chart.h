/* rebut/chart.h -- a sheet of small plain charts as SVG, by cairo and pango.
 *
 * Panels two in a row, each with axes from 0, lines or dots with intervals, a legend
 * and at most one upright mark.  Text becomes outlines, so the picture looks the same
 * anywhere, Chinese included; the same input and fonts give the same bytes.
 */
#ifndef REBUT_CHART_H
#define REBUT_CHART_H

#include "rebut/output.h"

#define REBUT_CHART_PANELS_MAX 12

enum rebut_chart_style {
    REBUT_CHART_LINE,
    REBUT_CHART_DASHED, /* thin: a reference */
    REBUT_CHART_DOTS,   /* with an upright bar from low to high */
    REBUT_CHART_BAND,   /* shaded from low to high; two points at least, left to right */
};
enum rebut_chart_color { REBUT_CHART_BLUE, REBUT_CHART_RED, REBUT_CHART_GREY };
enum rebut_chart_corner {
    REBUT_CHART_BOTTOM_RIGHT,
    REBUT_CHART_TOP_RIGHT,
    REBUT_CHART_TOP_LEFT,
    REBUT_CHART_BOTTOM_LEFT,
};

struct rebut_chart_point {
    double x, y;
    double low, high; /* of y; used by dots and bands only */
};

struct rebut_chart_series {
    const struct rebut_chart_point *points; /* [count], finite */
    size_t count;
    enum rebut_chart_style style;
    enum rebut_chart_color color;
    const char *label; /* in the legend; NULL: not there */
};

struct rebut_chart_panel {
    const char *title, *x_label, *y_label;
    double x_max, y_max;                     /* > 0; what lies beyond is cut off */
    const struct rebut_chart_series *series; /* [series_count], drawn in this order */
    size_t series_count;
    enum rebut_chart_corner legend;
    double mark_x;          /* an upright dashed line, or NAN */
    const char *mark_label; /* beside it */
};

struct rebut_chart_sheet {
    const char *title, *subtitle;
    const char *language; /* BCP 47: chooses the shapes of Chinese characters */
    const struct rebut_chart_panel *panels; /* [panel_count] */
    size_t panel_count;
};

/* Draw and write to `out` (not committed).  EINPUT on a bad panel, ENOMEM, EIO. */
REBUT_MUST_CHECK bool rebut_chart_svg(const struct rebut_chart_sheet *sheet,
                                      struct rebut_output *out, struct rebut_error *err);

/* The smallest of 1, 2, 5 times a power of ten that splits `max` into at most `steps`. */
double rebut_chart_step(double max, int steps);

#endif
