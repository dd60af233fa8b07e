/* The page's pictures: SVG within, told apart without colour, with words beside. */
#include <inttypes.h>
#include <math.h>

#include "html_parts.h"

#define WIDE 200.0 /* units of a range's scale */

static double place(double value, double most)
{
    const double at = WIDE * value / most;
    return at < 0 ? 0 : at > WIDE ? WIDE : at;
}

static void number(const struct page *page, double value, bool share)
{
    if (share)
        rebut_html_percent(page, value);
    else
        rebut_html_figure(page, value);
}

static void numbers(const struct page *page, const struct range *range)
{
    number(page, range->point, range->share);
    if (isnan(range->low) || isnan(range->high))
        return;
    rebut_output_print(page->out, "%s", say(page, "（", " ("));
    rebut_html_between(page, range->low, range->high, range->share);
    rebut_output_print(page->out, "%s", say(page, "）", ")"));
}

void rebut_html_range(const struct page *page, const struct range *range)
{
    struct rebut_output *out = page->out;
    const double most = range->most > 0 ? range->most : 1;
    numbers(page, range);
    if (isnan(range->point) || range->plain)
        return;
    rebut_output_print(out,
                       "<svg class=\"r\" viewBox=\"-6 0 %.0f 16\" role=\"img\" "
                       "aria-label=\"",
                       WIDE + 12);
    numbers(page, range);
    if (!isnan(range->mark)) {
        rebut_output_print(out, "%s", say(page, "；虚线 ", "; dashed line at "));
        number(page, range->mark, range->share);
    }
    rebut_output_print(out, "\"><path class=\"a\" d=\"M0 14V8M0 11H%.0fM%.0f 14V8\"/>",
                       WIDE, WIDE);
    if (!isnan(range->low) && !isnan(range->high))
        rebut_output_print(out, "<path class=\"i\" d=\"M%.1f 6H%.1f\"/>",
                           place(range->low, most), place(range->high, most));
    if (!isnan(range->mark))
        rebut_output_print(out, "<path class=\"u\" d=\"M%.1f 0V16\"/>",
                           place(range->mark, most));
    rebut_output_print(out, "<circle cx=\"%.1f\" cy=\"6\" r=\"3.2\"/></svg>",
                       place(range->point, most));
}

void rebut_html_legend(const struct page *page, const char *dashed)
{
    rebut_output_print(page->out, "<p class=\"s\">%s%s%s</p>\n",
                       say(page, "图：横轴从 0 起；圆点为所得值，粗线为 90% 区间，虚线为",
                           "Pictures: the scale begins at 0; dot: what was found; thick "
                           "line: its 90% interval; dashed line: "),
                       dashed, say(page, "。", "."));
}

void rebut_html_bar(const struct page *page, double value, double most)
{
    const double width = isnan(value) || !(most > 0) ? 0 : 60 * fabs(value) / most;
    rebut_output_print(page->out,
                       "<svg class=\"b\" viewBox=\"-62 0 124 12\" aria-hidden=\"true\">"
                       "<rect class=\"%s\" x=\"%.1f\" y=\"1.5\" width=\"%.1f\" "
                       "height=\"9\"/><path class=\"a\" d=\"M0 0V12\"/></svg>",
                       value < 0 ? "n" : "p", value < 0 ? -width : 0, width);
}

/* ---- the line of time ---- */

#define LANES 6
#define LANE 24 /* pixels */
/* Percent of the width that a mark takes where the page is narrowest. */
#define NARROW 8.5

/* The lowest lane with room at `at`; the top one when there is none. */
static int lane_of(double at, double busy[LANES])
{
    int lane = 0;
    while (lane < LANES - 1 && at < busy[lane])
        lane++;
    busy[lane] = at + NARROW;
    return lane;
}

static void time_mark(const struct page *page, uint32_t i, double at, int y)
{
    const struct rebut_pack_moment *moment = &page->pack->timeline.list[i];
    const bool asked = moment->kind == REBUT_MOMENT_ASKED;
    rebut_output_print(page->out,
                       "<circle class=\"%s\" cx=\"%.2f%%\" cy=\"%d\" r=\"10\"/>"
                       "<text class=\"%s\" x=\"%.2f%%\" y=\"%d\">%" PRIu32 "</text>",
                       asked              ? "g"
                       : moment->evidence ? "m"
                                          : "m v",
                       at, y, asked ? "h" : "", at, y + 4, i + 1);
}

void rebut_html_time_line(const struct page *page)
{
    const struct rebut_pack *pack = page->pack;
    const uint32_t count = pack->timeline.count;
    double at[REBUT_PACK_MOMENTS_MAX], busy[LANES] = {0};
    int lane[REBUT_PACK_MOMENTS_MAX], lanes = 1;
    if (count < 2 || count > REBUT_PACK_MOMENTS_MAX)
        return;
    const int64_t first = pack->timeline.list[0].at;
    const int64_t last = pack->timeline.list[count - 1].at;
    for (uint32_t i = 0; i < count; i++) {
        const double since = (double)(pack->timeline.list[i].at - first);
        at[i] = last > first ? 4 + 92 * since / (double)(last - first) : 50;
        lane[i] = lane_of(at[i], busy);
        lanes = lane[i] >= lanes ? lane[i] + 1 : lanes;
    }
    const int base = lanes * LANE + 6;
    rebut_output_print(
        page->out,
        "<svg class=\"t\" width=\"100%%\" height=\"%d\" role=\"img\" "
        "aria-label=\"%s\">"
        "<line class=\"a\" x1=\"2%%\" x2=\"98%%\" y1=\"%d\" y2=\"%d\"/>",
        base + 8,
        say(page, "时间轴，编号与下表相同", "line of time, numbered as the table below"),
        base, base);
    for (uint32_t i = 0; i < count; i++)
        rebut_output_print(page->out,
                           "<line class=\"a\" x1=\"%.2f%%\" x2=\"%.2f%%\" "
                           "y1=\"%d\" y2=\"%d\"/>",
                           at[i], at[i], base - 6 - LANE * lane[i], base);
    for (uint32_t i = 0; i < count; i++)
        time_mark(page, i, at[i], base - 16 - LANE * lane[i]);
    rebut_output_print(page->out, "</svg>\n<p class=\"e s\"><span>");
    rebut_html_day(page, first);
    rebut_output_print(page->out, "</span><span>");
    rebut_html_day(page, last);
    rebut_output_print(page->out, "</span></p>\n");
}
