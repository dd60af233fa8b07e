/* Figures, tables and the small pictures beside them. */
#include <inttypes.h>
#include <math.h>

#include "html_parts.h"
#include "rebut/time.h"

#define CHINA 480 /* minutes */

void rebut_html_words(const struct page *page, const struct rebut_pack_words *words)
{
    rebut_html_text(page->out, page->language == REBUT_CHINESE ? words->zh : words->en);
}

void rebut_html_yuan(const struct page *page, int64_t fen)
{
    rebut_output_print(page->out, "%s%" PRId64 ".%02d", fen < 0 ? "−" : "",
                       (fen < 0 ? -fen : fen) / 100, (int)((fen < 0 ? -fen : fen) % 100));
}

void rebut_html_percent(const struct page *page, double share)
{
    if (isnan(share))
        rebut_output_print(page->out, "–");
    else
        rebut_output_print(page->out, "%.1f %%", 100 * share);
}

void rebut_html_figure(const struct page *page, double value)
{
    if (isnan(value))
        rebut_output_print(page->out, "–");
    else
        rebut_output_print(page->out, "%.2f", value);
}

void rebut_html_time(const struct page *page, int64_t at)
{
    char text[REBUT_TIME_SIZE];
    if (at == REBUT_TIME_NONE) {
        rebut_output_print(page->out, "–");
        return;
    }
    rebut_time_format(at / REBUT_SECOND * REBUT_SECOND, CHINA, text);
    rebut_output_print(page->out, "<time datetime=\"%s\">%.10s %.5s</time>", text, text,
                       text + 11);
}

void rebut_html_day(const struct page *page, int64_t at)
{
    char text[REBUT_TIME_SIZE];
    rebut_time_format(at / REBUT_SECOND * REBUT_SECOND, CHINA, text);
    rebut_output_print(page->out, "<time>%.10s</time>", text);
}

void rebut_html_heading(const struct page *page, const char *zh, const char *en)
{
    rebut_output_print(page->out, "<h2>%s</h2>\n", say(page, zh, en));
}

void rebut_html_table(const struct page *page, const char *caption,
                      const char *const *heads)
{
    rebut_output_print(page->out,
                       "<div class=\"t\"><table><caption>%s</caption>"
                       "<thead><tr>",
                       caption);
    for (; *heads != NULL; heads++)
        rebut_output_print(page->out, "<th scope=\"col\">%s</th>", *heads);
    rebut_output_print(page->out, "</tr></thead>\n<tbody>\n");
}

static double place(double value, double most)
{
    const double at = 160 * value / most;
    return at < 0 ? 0 : at > 160 ? 160 : at;
}

void rebut_html_range(const struct page *page, const struct range *range)
{
    struct rebut_output *out = page->out;
    if (isnan(range->point) || !(range->most > 0)) {
        rebut_output_print(out, "–");
        return;
    }
    rebut_output_print(out,
                       "<svg class=\"r\" viewBox=\"-4 0 168 16\" role=\"img\" "
                       "aria-label=\"%.3g (%.3g–%.3g)\">"
                       "<path class=\"a\" d=\"M0 12H160\"/>",
                       range->point, range->low, range->high);
    if (!isnan(range->mark))
        rebut_output_print(out, "<path class=\"u\" d=\"M%.1f 0V16\"/>",
                           place(range->mark, range->most));
    if (!isnan(range->low) && !isnan(range->high))
        rebut_output_print(out, "<path class=\"i\" d=\"M%.1f 6H%.1f\"/>",
                           place(range->low, range->most),
                           place(range->high, range->most));
    rebut_output_print(out, "<circle cx=\"%.1f\" cy=\"6\" r=\"4\"/></svg>",
                       place(range->point, range->most));
}

void rebut_html_bar(const struct page *page, double value, double most)
{
    const double width = isnan(value) || !(most > 0) ? 0 : 60 * fabs(value) / most;
    rebut_output_print(page->out,
                       "<svg class=\"b\" viewBox=\"-62 0 124 12\" aria-hidden=\"true\">"
                       "<rect class=\"%s\" x=\"%.1f\" y=\"1\" width=\"%.1f\" "
                       "height=\"10\"/><path class=\"a\" d=\"M0 0V12\"/></svg>",
                       value < 0 ? "n" : "p", value < 0 ? -width : 0, width);
}
