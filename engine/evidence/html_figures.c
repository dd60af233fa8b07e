/* Figures, rows and tables. */
#include <inttypes.h>
#include <math.h>

#include "html_parts.h"
#include "pack_figures.h"
#include "rebut/case_page.h"
#include "rebut/time.h"

#define CHINA 480 /* minutes */

void rebut_html_words(const struct page *page, const struct rebut_pack_words *words)
{
    rebut_html_text(page->out, page->language == REBUT_CHINESE ? words->zh : words->en);
}

void rebut_html_list(const struct page *page, const struct rebut_pack_words *list,
                     uint32_t count)
{
    if (count == 0)
        return;
    rebut_output_print(page->out, "<ul>\n");
    for (uint32_t i = 0; i < count; i++) {
        rebut_output_print(page->out, "<li>");
        rebut_html_words(page, &list[i]);
        rebut_output_print(page->out, "</li>\n");
    }
    rebut_output_print(page->out, "</ul>\n");
}

void rebut_html_yuan(const struct page *page, int64_t fen)
{
    const uint64_t size = fen < 0 ? 0 - (uint64_t)fen : (uint64_t)fen;
    rebut_output_print(page->out, "%s%" PRIu64 ".%02u", fen < 0 ? "-" : "", size / 100,
                       (unsigned)(size % 100));
}

void rebut_html_percent(const struct page *page, double share)
{
    char text[REBUT_PACK_PERCENT];
    rebut_html_escape(page->out, rebut_text_of(rebut_pack_percent(share, text)));
}

/* "1.2%–3.4%"; blanks about the dash where a sign would stand against it. */
void rebut_html_between(const struct page *page, double low, double high, bool share)
{
    const bool wide = share && high < 1 && high >= 0.9995;
    void (*const put)(const struct page *, double) =
        share ? rebut_html_percent : rebut_html_figure;
    put(page, low);
    rebut_output_print(page->out, wide ? " – " : "–");
    put(page, high);
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
    rebut_output_print(page->out,
                       "<time datetime=\"%s\"><span class=\"d\">%.10s</span> <span "
                       "class=\"d\">%.5s</span></time>",
                       text, text, text + 11);
}

void rebut_html_day(const struct page *page, int64_t at)
{
    char text[REBUT_TIME_SIZE];
    rebut_time_format(at / REBUT_SECOND * REBUT_SECOND, CHINA, text);
    rebut_output_print(page->out, "<time class=\"d\">%.10s</time>", text);
}

void rebut_html_span(const struct page *page, int64_t span)
{
    char text[REBUT_CASE_SPAN];
    rebut_case_span(span < 0 ? -span : span, page->language, text);
    rebut_output_print(page->out, "%s%s", span < 0 ? "-" : "", text);
}

void rebut_html_reason(const struct page *page, int reason)
{
    const char *word = rebut_case_reason((enum rebut_reason)reason, page->language);
    for (; *word != '\0'; word++)
        rebut_output_write(page->out, *word == '_' ? " " : word, 1);
}

void rebut_html_heading(const struct page *page, int section, const char *zh,
                        const char *en)
{
    rebut_output_print(page->out, "<h2>%d. %s</h2>\n", section, say(page, zh, en));
}

void rebut_html_table(const struct page *page, const char *caption,
                      const char *const *heads)
{
    rebut_output_print(page->out, "<table><caption>%s</caption>\n<thead><tr>", caption);
    for (; *heads != NULL; heads++)
        rebut_output_print(page->out, "<th scope=\"col\">%s</th>", *heads);
    rebut_output_print(page->out, "</tr></thead>\n<tbody>\n");
}

void rebut_html_facts(const struct page *page, const char *caption)
{
    rebut_output_print(page->out, "<table class=\"f\"><caption>%s</caption>\n<tbody>\n",
                       caption);
}

void rebut_html_end_table(const struct page *page)
{
    rebut_output_print(page->out, "</tbody></table>\n");
}

void rebut_html_row(const struct page *page, const char *name, const char *kind)
{
    rebut_output_print(page->out, "<tr><th scope=\"row\">%s</th><td class=\"%s\">", name,
                       kind);
}

void rebut_html_end_row(const struct page *page)
{
    rebut_output_print(page->out, "</td></tr>\n");
}

void rebut_html_count_row(const struct page *page, const char *name, int64_t count)
{
    rebut_html_row(page, name, "");
    rebut_output_print(page->out, "%" PRId64, count);
    rebut_html_end_row(page);
}

void rebut_html_text_row(const struct page *page, const char *name,
                         struct rebut_text text)
{
    if (text.data == NULL)
        return;
    rebut_html_row(page, name, "");
    rebut_html_text(page->out, text);
    rebut_html_end_row(page);
}
