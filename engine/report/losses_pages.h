/* A report of losses put on paper, part by part; losses_write.c calls them. */
#ifndef REBUT_REPORT_LOSSES_PAGES_H
#define REBUT_REPORT_LOSSES_PAGES_H

#include "paper.h"
#include "rebut/losses.h"

struct pages {
    struct paper paper;
    const struct rebut_losses *losses;
    bool chinese;
};

/* The one of two wordings that the reader reads; literals, so that formats are checked.
 */
#define PAGES_SAY(to, chinese_words, english_words)                                      \
    ((to)->chinese ? (chinese_words) : (english_words))

#define PAGES_WORD 96
/* Whole yuan, "12,346". */
const char *pages_yuan(rebut_total micro, char ret_text[PAGES_WORD]);
/* "900–1,500": the interval of a part. */
const char *pages_range(const struct rebut_loss_part *part, rebut_total amount,
                        char ret_text[PAGES_WORD]);
/* "1.32 (1.05–1.66)", or "-". */
const char *pages_ratio(const struct rebut_loss_ratio *ratio, char ret_text[PAGES_WORD]);
/* "2026-05-01", at +08:00. */
const char *pages_day(int64_t at, char ret_text[PAGES_WORD]);

const char *pages_cause(const struct pages *to, enum rebut_loss_cause cause);
const char *pages_dimension(const struct pages *to, enum rebut_loss_dimension dimension);
/* What a row is called, safe to show, at most `most` characters of somebody's own. */
void pages_key(const struct pages *to, enum rebut_loss_dimension dimension,
               const struct rebut_loss_row *row, size_t most, char ret_text[PAPER_NAME]);

void pages_tables(struct pages *to);
void pages_merchants(struct pages *to);
/* What it was lost to, piece by piece; what changing each would save, largest first. */
void pages_split(struct pages *to);
void pages_savings(struct pages *to);
void pages_draw_split(struct pages *to);
void pages_draw_items(struct pages *to);
void pages_draw_trend(struct pages *to);
/* Savings, rises, sessions, late shipments, price drops, category averages. */
void pages_changes(struct pages *to);

#endif
