/* What the files of the HTML page share. */
#ifndef REBUT_EVIDENCE_HTML_PARTS_H
#define REBUT_EVIDENCE_HTML_PARTS_H

#include "rebut/pack_html.h"

struct page {
    const struct rebut_pack *pack;
    enum rebut_language language;
    struct rebut_output *out;
};

/* Our own words, which are markup already. */
static inline const char *say(const struct page *page, const char *zh, const char *en)
{
    return page->language == REBUT_CHINESE ? zh : en;
}

void rebut_html_escape(struct rebut_output *out, struct rebut_text text);

/* A sentence of the pack in the page's language. */
void rebut_html_words(const struct page *page, const struct rebut_pack_words *words);
/* "<ul>", a sentence an item; nothing when there are none. */
void rebut_html_list(const struct page *page, const struct rebut_pack_words *list,
                     uint32_t count);

/* Figures as a reader wants them: "–" for what is not known. */
void rebut_html_yuan(const struct page *page, int64_t fen);
void rebut_html_percent(const struct page *page, double share);
void rebut_html_between(const struct page *page, double low, double high, bool share);
void rebut_html_figure(const struct page *page, double value);
void rebut_html_time(const struct page *page, int64_t at);
void rebut_html_day(const struct page *page, int64_t at);
void rebut_html_span(const struct page *page, int64_t span);
void rebut_html_reason(const struct page *page, int reason);

/* "<h2>", with the number of its section. */
void rebut_html_heading(const struct page *page, int section, const char *zh,
                        const char *en);
/* A table with its caption and heads; NULL ends the heads. */
void rebut_html_table(const struct page *page, const char *caption,
                      const char *const *heads);
/* A table of names and values, with its caption. */
void rebut_html_facts(const struct page *page, const char *caption);
void rebut_html_end_table(const struct page *page);
/* A row: its name, then what is written, then its end.  "k": figures; "" for words. */
void rebut_html_row(const struct page *page, const char *name, const char *kind);
void rebut_html_end_row(const struct page *page);
void rebut_html_count_row(const struct page *page, const char *name, int64_t count);
void rebut_html_text_row(const struct page *page, const char *name,
                         struct rebut_text text);

/* A point and its interval, in figures and, on a common scale from 0 to `most`, as SVG
 * with words for those who do not see it. */
struct range {
    double point, low, high; /* NaN: left out */
    double mark;             /* a dashed line: what is usual; NaN: none */
    double most;
    bool share; /* in percent */
    bool plain; /* figures without a picture */
};
void rebut_html_range(const struct page *page, const struct range *range);
/* How to read them. */
void rebut_html_legend(const struct page *page, const char *dashed);

/* A signed bar of a line of the sum. */
void rebut_html_bar(const struct page *page, double value, double most);

/* The moments on a line of time, numbered as in the table below it. */
void rebut_html_time_line(const struct page *page);

/* The sections. */
void rebut_html_head(const struct page *page);
void rebut_html_timeline(const struct page *page);
void rebut_html_sheet(const struct page *page);
void rebut_html_buyer(const struct page *page);
void rebut_html_shop(const struct page *page);
void rebut_html_elsewhere(const struct page *page);
void rebut_html_score(const struct page *page);
void rebut_html_notice(const struct page *page);

#endif
