/* The charts of a report of losses. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "losses_pages.h"
#include "rebut/chart.h"

#define LEFT 4.0
#define BAR 34.0
#define LEGEND 122.0 /* of each cause */
#define FULL (PAPER_WIDTH - 2 * LEFT)

static double share(rebut_total part, rebut_total whole)
{
    return whole > 0 ? (double)part / (double)whole : 0;
}

/* Text on the two darkest is light. */
static enum paper_tone text_on(int cause)
{
    return cause <= REBUT_CAUSE_SHOP ? PAPER_ON_DARK : PAPER_INK;
}

static void draw_legend(struct pages *to, double left, double y)
{
    for (int c = 0; c < REBUT_CAUSES; c++) {
        const double x = left + c * LEGEND;
        paper_rect(&to->paper, (enum paper_tone)c, x, y - 6, 14, 11);
        paper_label(&to->paper, PAPER_INK, (struct paper_place){x + 20, y, 0}, "%s",
                    pages_cause(to, (enum rebut_loss_cause)c));
    }
}

/* Shares at a glance; the table below it has the figures. */
void pages_draw_split(struct pages *to)
{
    struct paper *paper = &to->paper;
    const struct rebut_loss_sum *total = &to->losses->total;
    double x = LEFT;
    paper_chart(paper, BAR + 28, "");
    for (int c = 0; c < REBUT_CAUSES; c++) {
        const double part = share(total->cause[c].part, total->amount);
        paper_rect(paper, (enum paper_tone)c, x, 2, part * FULL, BAR);
        if (part > .06)
            paper_label(paper, text_on(c),
                        (struct paper_place){x + part * FULL / 2, 2 + BAR / 2, .5},
                        "%.0f%%", 100 * part);
        x += part * FULL;
    }
    draw_legend(to, LEFT, BAR + 16);
}

/* ---- items ---- */

#define ITEMS 10
#define ITEM 20.0
#define NAMES 190.0
#define AXIS (PAPER_WIDTH - NAMES - 60)

static int compare_shop(const void *left, const void *right)
{
    const struct rebut_loss_row *a = left, *b = right;
    const rebut_total x = a->sum.cause[REBUT_CAUSE_SHOP].part;
    const rebut_total y = b->sum.cause[REBUT_CAUSE_SHOP].part;
    if (x != y)
        return x > y ? -1 : 1;
    return rebut_text_compare(a->key, b->key);
}

static void draw_axis(struct pages *to, double most, double bottom)
{
    const double step = rebut_chart_step(most, 5);
    char money[PAGES_WORD];
    for (int i = 0; i * step <= most * (1 + 1e-9); i++) {
        const double x = NAMES + i * step / most * AXIS;
        paper_line(&to->paper, PAPER_GRID, x, 0, 0, bottom);
        paper_label(&to->paper, PAPER_QUIET, (struct paper_place){x, bottom + 9, .5},
                    "%s", pages_yuan((rebut_total)(i * step * 1e8), money));
    }
}

static void draw_items(struct pages *to, const struct rebut_loss_row *rows,
                       uint32_t count)
{
    struct paper *paper = &to->paper;
    double most = 0;
    for (uint32_t i = 0; i < count; i++)
        most = fmax(most, (double)rebut_loss_range_of(
                              &rows[i].sum.cause[REBUT_CAUSE_SHOP], rows[i].sum.amount)
                                  .high /
                              1e8);
    if (!(most > 0))
        most = 1;
    paper_chart(paper, count * ITEM + 22,
                PAGES_SAY(to, "各商品中店铺自身原因的损失，90%区间（元）",
                          "The shop's own part by item, 90 % interval (yuan)"));
    draw_axis(to, most, count * ITEM);
    for (uint32_t i = 0; i < count; i++) {
        const struct rebut_loss_part *part = &rows[i].sum.cause[REBUT_CAUSE_SHOP];
        const struct rebut_loss_range range =
            rebut_loss_range_of(part, rows[i].sum.amount);
        const double y = ITEM * (i + .5), scale = AXIS / most / 1e8;
        const double low = NAMES + (double)range.low * scale;
        char name[PAPER_NAME];
        pages_key(to, REBUT_BY_SKU, &rows[i], 20, name);
        paper_label(paper, PAPER_INK, (struct paper_place){NAMES - 8, y, 1}, "%s", name);
        paper_line(paper, (enum paper_tone)REBUT_CAUSE_SHOP, low, y,
                   (double)(range.high - range.low) * scale, 0);
        paper_rect(paper, (enum paper_tone)REBUT_CAUSE_SHOP,
                   NAMES + (double)part->part * scale - 4, y - 5, 8, 10);
    }
}

void pages_draw_items(struct pages *to)
{
    const struct rebut_loss_table *from = &to->losses->table[REBUT_BY_SKU];
    struct rebut_loss_row *rows = malloc((from->count + (size_t)1) * sizeof *rows);
    if (rows == NULL) {
        to->paper.failed = true;
        return;
    }
    if (from->count > 0) {
        memcpy(rows, from->rows, from->count * sizeof *rows);
        qsort(rows, from->count, sizeof *rows, compare_shop);
        draw_items(to, rows, from->count < ITEMS ? from->count : ITEMS);
    }
    free(rows);
}

/* ---- trend ---- */

#define TREND 190.0
#define TREND_LEFT 64.0
#define FORTNIGHTS 26u /* a year */

static void draw_fortnight(struct pages *to, const struct rebut_loss_row *row, double x,
                           double width, double most)
{
    double y = TREND + 6;
    char day[PAGES_WORD];
    for (int c = 0; c < REBUT_CAUSES; c++) {
        const double height = (double)row->sum.cause[c].part / 1e8 / most * TREND;
        y -= height;
        paper_rect(&to->paper, (enum paper_tone)c, x + width * .12, y, width * .76,
                   height);
    }
    pages_day((int64_t)row->number * REBUT_WINDOW, day);
    paper_label(&to->paper, PAPER_QUIET,
                (struct paper_place){x + width / 2, TREND + 16, .5}, "%s", day + 5);
}

void pages_draw_trend(struct pages *to)
{
    const struct rebut_loss_table *from = &to->losses->table[REBUT_BY_FORTNIGHT];
    double most = 0;
    char money[PAGES_WORD];
    if (from->count == 0)
        return;
    const uint32_t last = from->rows[from->count - 1].number;
    uint32_t first = from->rows[0].number;
    first = last - first >= FORTNIGHTS ? last - FORTNIGHTS + 1 : first;
    const double width = (PAPER_WIDTH - TREND_LEFT) / (last - first + 1);
    for (uint32_t i = 0; i < from->count; i++)
        most = fmax(most, (double)from->rows[i].sum.amount / 1e8);
    most = most > 0 ? most : 1;
    paper_chart(&to->paper, TREND + 46,
                PAGES_SAY(to, "每14天的损失（元），按申请时间；不足5起的窗口不画",
                          "Losses in every 14 days (yuan), by time of request; windows "
                          "of under 5 are left out"));
    const double step = rebut_chart_step(most, 4);
    for (int i = 0; i * step <= most; i++) {
        const double y = TREND + 6 - i * step / most * TREND;
        paper_line(&to->paper, PAPER_GRID, TREND_LEFT, y, PAPER_WIDTH - TREND_LEFT, 0);
        paper_label(&to->paper, PAPER_QUIET, (struct paper_place){TREND_LEFT - 6, y, 1},
                    "%s", pages_yuan((rebut_total)(i * step * 1e8), money));
    }
    for (uint32_t i = 0; i < from->count; i++)
        if (from->rows[i].number >= first)
            draw_fortnight(to, &from->rows[i],
                           TREND_LEFT + width * (from->rows[i].number - first),
                           fmin(width, 120), most);
    draw_legend(to, TREND_LEFT, TREND + 36);
}
