/* The tables of a report of losses. */
#include "losses_pages.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "losses_sums.h"

#define SHOWN 12 /* rows of a table; JSON has all */
#define RANKED 15
#define NAME 36 /* characters of a name */

static bool has_orders(enum rebut_loss_dimension dimension)
{
    return dimension != REBUT_BY_WEEKDAY && dimension != REBUT_BY_HOUR &&
           dimension != REBUT_BY_FORTNIGHT && dimension != REBUT_BY_REASON;
}

static bool is_cut(enum rebut_loss_dimension dimension)
{
    return has_orders(dimension) && dimension != REBUT_BY_CHANNEL;
}

static void heads(struct pages *to, enum rebut_loss_dimension dimension, bool orders)
{
    struct paper *paper = &to->paper;
    paper_table(paper, orders ? 11 : 9, "");
    paper_cell(paper, "%s", pages_dimension(to, dimension));
    if (orders)
        paper_cell(paper, "%s", PAGES_SAY(to, "订单", "orders"));
    paper_cell(paper, "%s", PAGES_SAY(to, "申请", "requests"));
    if (orders)
        paper_cell(paper, "%s", PAGES_SAY(to, "申请率*", "rate*"));
    paper_cell(paper, "%s", PAGES_SAY(to, "金额(元)", "yuan"));
    paper_cell(paper, "%s", pages_cause(to, REBUT_CAUSE_ABUSE));
    paper_cell(paper, "%s", pages_cause(to, REBUT_CAUSE_SHOP));
    paper_cell(paper, "%s", PAGES_SAY(to, "店铺90%区间", "shop's, 90 %"));
    paper_cell(paper, "%s", pages_cause(to, REBUT_CAUSE_LOGISTICS));
    paper_cell(paper, "%s", pages_cause(to, REBUT_CAUSE_ORDINARY));
    paper_cell(paper, "%s", pages_cause(to, REBUT_CAUSE_UNKNOWN));
}

static void line(struct pages *to, const char *name, const struct rebut_loss_row *row,
                 bool orders)
{
    struct paper *paper = &to->paper;
    const struct rebut_losses *losses = to->losses;
    const double mean =
        losses->orders > 0 ? (double)losses->asked / (double)losses->orders : 0;
    char text[PAGES_WORD];
    paper_cell(paper, "%s", name);
    if (orders)
        paper_cell(paper, "%" PRIu64, row->orders);
    paper_cell(paper, "%" PRIu64, row->sum.requests);
    if (orders && row->orders > 0)
        paper_cell(paper, "%.1f%%", 100 * rebut_loss_rate(row, mean));
    else if (orders)
        paper_cell(paper, "-");
    paper_cell(paper, "%s", pages_yuan(row->sum.amount, text));
    for (int c = 0; c < REBUT_CAUSES; c++) {
        paper_cell(paper, "%s", pages_yuan(row->sum.cause[c].part, text));
        if (c == REBUT_CAUSE_SHOP)
            paper_cell(paper, "%s",
                       pages_range(&row->sum.cause[c], row->sum.amount, text));
    }
}

/* Groups put together: the few requests of many, or what a table has no room for. */
static void bucket(struct pages *to, bool few, const struct rebut_loss_row *row,
                   bool orders)
{
    char name[PAPER_NAME];
    if (row->number == 0)
        return;
    if (few)
        snprintf(
            name, sizeof name,
            PAGES_SAY(to, "少：%" PRIu32 " 组各不足5起", "few: %" PRIu32 " of under 5"),
            row->number);
    else
        snprintf(name, sizeof name,
                 PAGES_SAY(to, "其余 %" PRIu32 " 组", "%" PRIu32 " others"), row->number);
    line(to, name, row, orders);
}

/* One row that is the whole and has no name: nothing was recorded. */
static bool says_nothing(const struct rebut_loss_table *table)
{
    return table->count + table->few.number + table->rest.number == 0 ||
           (table->count == 1 && table->few.number == 0 &&
            table->rows[0].key.data == NULL);
}

static void table(struct pages *to, enum rebut_loss_dimension dimension)
{
    const struct rebut_loss_table *from = &to->losses->table[dimension];
    const bool orders = has_orders(dimension);
    struct rebut_loss_row rest = from->rest;
    struct rebut_loss_row total = {.orders = to->losses->orders,
                                   .asked = to->losses->asked,
                                   .sum = to->losses->total};
    char name[PAPER_NAME];
    uint32_t shown = 0;
    heads(to, dimension, orders);
    for (uint32_t i = 0; i < from->count; i++) {
        const struct rebut_loss_row *row = &from->rows[i];
        if (is_cut(dimension) &&
            shown >= SHOWN * (dimension == REBUT_BY_DISTRIBUTOR ? 3 : 1)) {
            if (row->depth == 1)
                loss_row_add(&rest, row);
            continue;
        }
        shown++;
        pages_key(to, dimension, row, NAME, name);
        line(to, name, row, orders);
    }
    bucket(to, false, &rest, orders);
    bucket(to, true, &from->few, orders);
    line(to, PAGES_SAY(to, "合计", "total"), &total, orders);
}

static void explain(struct pages *to)
{
    paper_say(
        &to->paper, PAPER_NOTE, "%s",
        PAGES_SAY(to,
                  "* 申请率：期间内下单的订单中有仅退款申请的比例，小组按50单向总体收缩。"
                  "不足5起申请的组合并为“少”，因为说明不了什么。金额取整到元，JSON "
                  "中为精确值。",
                  "* rate: share of orders placed in the period with a refund-only "
                  "request, small groups drawn towards the whole by 50 orders. "
                  "Groups of under 5 requests stand together as \"few\": they say "
                  "nothing. Yuan are rounded; JSON has exact figures."));
}

void pages_tables(struct pages *to)
{
    static const enum rebut_loss_dimension shown[] = {
        REBUT_BY_SKU,      REBUT_BY_CATEGORY, REBUT_BY_CHANNEL,     REBUT_BY_HOST,
        REBUT_BY_CAMPAIGN, REBUT_BY_CARRIER,  REBUT_BY_DISTRIBUTOR, REBUT_BY_REGION,
        REBUT_BY_REASON,   REBUT_BY_WEEKDAY,  REBUT_BY_HOUR,        REBUT_BY_FORTNIGHT};
    paper_say(&to->paper, PAPER_HEADING, "%s",
              PAGES_SAY(to, "分组明细", "Where it was lost"));
    if (to->losses->merchant_index != REBUT_NONE)
        explain(to);
    for (size_t i = 0; i < sizeof shown / sizeof shown[0]; i++)
        if (!is_cut(shown[i]) || !says_nothing(&to->losses->table[shown[i]]))
            table(to, shown[i]);
}

/* ---- merchants beside each other ---- */

static int compare_part(const void *left, const void *right, void *context)
{
    const int cause = *(const int *)context;
    const struct rebut_loss_row *a = left, *b = right;
    if (a->sum.cause[cause].part != b->sum.cause[cause].part)
        return a->sum.cause[cause].part > b->sum.cause[cause].part ? -1 : 1;
    return rebut_text_compare(a->key, b->key);
}

static void rank(struct pages *to, const char *heading, int cause)
{
    const struct rebut_loss_table *from = &to->losses->table[REBUT_BY_MERCHANT];
    struct rebut_loss_row *rows = malloc((from->count + (size_t)1) * sizeof *rows);
    char name[PAPER_NAME];
    if (rows == NULL) {
        to->paper.failed = true;
        return;
    }
    if (from->count > 0) {
        memcpy(rows, from->rows, from->count * sizeof *rows);
        qsort_r(rows, from->count, sizeof *rows, compare_part, &cause);
    }
    paper_say(&to->paper, PAPER_HEADING, "%s", heading);
    if (cause == REBUT_CAUSE_SHOP)
        explain(to);
    heads(to, REBUT_BY_MERCHANT, true);
    for (uint32_t i = 0; i < from->count && i < RANKED; i++) {
        pages_key(to, REBUT_BY_MERCHANT, &rows[i], NAME, name);
        line(to, name, &rows[i], true);
    }
    free(rows);
}

void pages_merchants(struct pages *to)
{
    if (to->losses->merchant_index != REBUT_NONE)
        return;
    rank(to, PAGES_SAY(to, "商家：自身原因损失最多", "Merchants by own-fault loss"),
         REBUT_CAUSE_SHOP);
    rank(to, PAGES_SAY(to, "商家：遭受滥用最多", "Merchants by abuse suffered"),
         REBUT_CAUSE_ABUSE);
}
