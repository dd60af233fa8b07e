/* Pictures in rows, and the timeline.  Shapes and figures say everything: hollow and
 * filled, dashed and whole, never a colour alone. */
#include <math.h>
#include <stdio.h>

#include "pdf_paper.h"
#include "rebut/time.h"

static void stroke_line(const struct pdf_paper *paper, double x1, double y1, double x2,
                        double y2, double width)
{
    cairo_set_line_width(paper->cairo, width);
    cairo_move_to(paper->cairo, x1, y1);
    cairo_line_to(paper->cairo, x2, y2);
    cairo_stroke(paper->cairo);
}

static void stroke_dashes(const struct pdf_paper *paper, double x, double top,
                          double bottom)
{
    static const double dashes[] = {2, 1.6};
    cairo_set_dash(paper->cairo, dashes, 2, 0);
    stroke_line(paper, x, top, x, bottom, 0.9);
    cairo_set_dash(paper->cairo, NULL, 0, 0);
}

/* From the middle: to the left, hollow, for the buyer; to the right, filled, against. */
static void draw_bar(const struct pdf_paper *paper, double x, double y, double width)
{
    const struct pdf_picture *picture = &paper->picture;
    const double middle = x + width / 2;
    const double share = fmax(-1, fmin(1, picture->value / picture->most));
    const double length = fabs(share) * (width / 2 - 2);
    const double left = share < 0 ? middle - length : middle;
    cairo_rectangle(paper->cairo, left, y + 2, fmax(length, 0.5), 8);
    pdf_ink(paper, share < 0 ? PDF_PAPER : PDF_DARK);
    cairo_fill_preserve(paper->cairo);
    pdf_ink(paper, PDF_DARK);
    cairo_set_line_width(paper->cairo, 0.9);
    cairo_stroke(paper->cairo);
    pdf_ink(paper, PDF_QUIET);
    stroke_line(paper, middle, y - 1, middle, y + 13, 0.7);
}

static void draw_range(const struct pdf_paper *paper, double x, double y, double width)
{
    const struct pdf_picture *picture = &paper->picture;
    const double scale = (width - 6) / picture->most;
    const double middle = y + 6;
    const double most = picture->most;
    x += 3;
    pdf_ink(paper, PDF_GRID);
    stroke_line(paper, x, middle, x + width - 6, middle, 0.6);
    pdf_ink(paper, PDF_INK);
    if (picture->mark >= 0 && picture->mark <= most)
        stroke_dashes(paper, x + scale * picture->mark, y - 2, y + 14);
    pdf_ink(paper, PDF_DARK);
    if (picture->low >= 0 && picture->high >= picture->low) {
        const double left = x + scale * fmin(picture->low, most);
        const double right = x + scale * fmin(picture->high, most);
        stroke_line(paper, left, middle, right, middle, 1.6);
        stroke_line(paper, left, middle - 3, left, middle + 3, 1.2);
        stroke_line(paper, right, middle - 3, right, middle + 3, 1.2);
    }
    if (picture->value >= 0) {
        cairo_arc(paper->cairo, x + scale * fmin(picture->value, most), middle, 3, 0,
                  2 * G_PI);
        cairo_fill(paper->cairo);
    }
}

void pdf_draw_picture(struct pdf_paper *paper, double x, double y, double width)
{
    const struct pdf_picture *picture = &paper->picture;
    if (!paper->drawing || !(picture->most > 0 && isfinite(picture->most)))
        return;
    cairo_save(paper->cairo);
    if (!picture->bar)
        draw_range(paper, x, y, width);
    else if (isfinite(picture->value))
        draw_bar(paper, x, y, width);
    cairo_restore(paper->cairo);
}

/* ---- the timeline ---- */

#define LEVELS 6
#define LEVEL_HEIGHT 14.0
#define DOT 5.5 /* radius of a number's circle */

/* The lowest level on which a circle at x has room; levels[] say how far each is full. */
static int level_of(double levels[LEVELS], double x)
{
    int level = 0;
    while (level < LEVELS - 1 && x < levels[level] + 2 * DOT + 1)
        level++;
    levels[level] = x;
    return level;
}

/* Numbers of the table's rows, above the axis where they happened: filled where they are
 * used, hollow where they are only told. */
static void draw_moments(struct pdf_paper *paper, double axis, int64_t from, double scale)
{
    const struct rebut_pack *pack = paper->pack;
    double levels[LEVELS];
    char number[16];
    for (int i = 0; i < LEVELS; i++)
        levels[i] = -1000;
    for (uint32_t i = 0; i < pack->timeline.count; i++) {
        const struct rebut_pack_moment *moment = &pack->timeline.list[i];
        const double x = PDF_LEFT + 12 + scale * (double)(moment->at - from);
        const double y = axis - 14 - LEVEL_HEIGHT * level_of(levels, x);
        pdf_ink(paper, PDF_DARK);
        stroke_line(paper, x, axis, x, y, 0.6);
        cairo_arc(paper->cairo, x, y, DOT, 0, 2 * G_PI);
        pdf_ink(paper, moment->evidence ? PDF_DARK : PDF_PAPER);
        cairo_fill_preserve(paper->cairo);
        pdf_ink(paper, PDF_DARK);
        cairo_set_line_width(paper->cairo, 0.9);
        cairo_stroke(paper->cairo);
        pdf_ink(paper, moment->evidence ? PDF_PAPER : PDF_INK);
        snprintf(number, sizeof number, "%u", i + 1);
        pdf_label(paper, number, PDF_SMALL, 0.5, x, y - 5.5);
    }
}

/* Midnights of China; at most ten are named. */
static void draw_days(struct pdf_paper *paper, double axis, int64_t from, int64_t to,
                      double scale)
{
    const int64_t zone = 8 * REBUT_HOUR;
    const int64_t step = REBUT_DAY * ((to - from) / (9 * REBUT_DAY) + 1);
    int64_t day = (from + zone) / REBUT_DAY * REBUT_DAY - zone;
    char text[REBUT_TIME_SIZE];
    for (; day <= to; day += step) {
        const double x = PDF_LEFT + 12 + scale * (double)(day - from);
        if (day < from)
            continue;
        pdf_ink(paper, PDF_QUIET);
        stroke_line(paper, x, axis, x, axis + 4, 0.7);
        rebut_time_format(day, 8 * 60, text);
        text[10] = '\0';
        pdf_label(paper, text + 5, PDF_SMALL, 0.5, x, axis + 5);
    }
}

/* How many levels the numbers take, as draw_moments will set them. */
static int count_levels(const struct rebut_pack *pack, int64_t from, double scale)
{
    double levels[LEVELS];
    int most = 0;
    for (int i = 0; i < LEVELS; i++)
        levels[i] = -1000;
    for (uint32_t i = 0; i < pack->timeline.count; i++) {
        const int level = level_of(
            levels, PDF_LEFT + 12 + scale * (double)(pack->timeline.list[i].at - from));
        most = level > most ? level : most;
    }
    return most + 1;
}

void pdf_timeline_chart(struct pdf_paper *paper)
{
    const struct rebut_pack *pack = paper->pack;
    if (pack->timeline.count < 2)
        return;
    const int64_t from = pack->timeline.list[0].at;
    const int64_t to = pack->timeline.list[pack->timeline.count - 1].at;
    if (!(from >= REBUT_TIME_MIN && to > from))
        return;
    const double scale = (PDF_WIDTH - 24) / (double)(to - from);
    const double height = 14 + LEVEL_HEIGHT * count_levels(pack, from, scale);
    pdf_room(paper, height + 24);
    const double axis = paper->y + height;
    if (paper->drawing) {
        pdf_tag(paper, "Figure");
        cairo_save(paper->cairo);
        pdf_ink(paper, PDF_INK);
        stroke_line(paper, PDF_LEFT, axis, PDF_LEFT + PDF_WIDTH, axis, 1.2);
        draw_days(paper, axis, from, to, scale);
        draw_moments(paper, axis, from, scale);
        cairo_restore(paper->cairo);
        pdf_untag(paper, "Figure");
    }
    paper->y = axis + 22;
}
