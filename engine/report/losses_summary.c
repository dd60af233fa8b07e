/* What it was lost to, in figures, and what changing each would save. */
#include <stdlib.h>

#include "losses_pages.h"

/* [value][Chinese, English]; pieces of a cause that has one only are not shown apart. */
static const char *const pieces[REBUT_PIECES][2] = {
    [REBUT_PIECE_FAULT] = {"商品和店铺的问题率高于平均",
                           "item and shop, above the average"},
    [REBUT_PIECE_GOODS] = {"理由说商品有问题", "goods wrong, says the reason"},
    [REBUT_PIECE_SHIPPED] = {"发货晚于承诺", "shipped later than promised"},
    [REBUT_PIECE_CARRIER] = {"该快递高于平均", "the carrier, above the average"},
    [REBUT_PIECE_TRANSIT] = {"在途过久或丢失", "long under way, or lost"},
    [REBUT_PIECE_PARCEL] = {"理由说破损、迟到或未收到",
                            "damaged, late or not received, says the reason"},
    [REBUT_PIECE_PRICE] = {"下单后15天内降价", "the price fell within 15 days"},
    [REBUT_PIECE_MIND] = {"理由说改变主意", "a change of mind, says the reason"},
};

static void part_row(struct pages *to, const char *before, const char *name,
                     const struct rebut_loss_part *part)
{
    struct paper *paper = &to->paper;
    const rebut_total amount = to->losses->total.amount;
    char text[PAGES_WORD];
    paper_cell(paper, "%s%s", before, name);
    paper_cell(paper, "%s", pages_yuan(part->part, text));
    paper_cell(paper, "%.1f%%",
               amount > 0 ? 100 * (double)part->part / (double)amount : 0);
    paper_cell(paper, "%s", pages_range(part, amount, text));
}

void pages_split(struct pages *to)
{
    struct paper *paper = &to->paper;
    const struct rebut_losses *losses = to->losses;
    char text[PAGES_WORD];
    paper_table(paper, 4, "");
    paper_cell(paper, "%s", PAGES_SAY(to, "原因", "cause"));
    paper_cell(paper, "%s", PAGES_SAY(to, "金额(元)", "yuan"));
    paper_cell(paper, "%s", PAGES_SAY(to, "占比", "share"));
    paper_cell(paper, "%s", PAGES_SAY(to, "90%区间", "90 %"));
    for (int c = 0; c < REBUT_CAUSES; c++) {
        part_row(to, "", pages_cause(to, (enum rebut_loss_cause)c),
                 &losses->total.cause[c]);
        for (int piece = 0; piece < REBUT_PIECES; piece++)
            if ((int)rebut_loss_cause_of((enum rebut_loss_piece)piece) == c &&
                pieces[piece][0] != NULL)
                part_row(to, "  └ ", pieces[piece][!to->chinese], &losses->piece[piece]);
    }
    paper_cell(paper, "%s", PAGES_SAY(to, "合计", "total"));
    paper_cell(paper, "%s", pages_yuan(losses->total.amount, text));
    paper_cell(paper, "100%%");
    paper_cell(paper, "-");
}

/* ---- savings ---- */

struct saving {
    enum rebut_loss_piece piece;
    const char *words[2];
    struct rebut_loss_part part;
};

static int compare_savings(const void *left, const void *right)
{
    const struct saving *a = left, *b = right;
    if (a->part.part != b->part.part)
        return a->part.part > b->part.part ? -1 : 1;
    return a->piece < b->piece ? -1 : a->piece > b->piece;
}

void pages_savings(struct pages *to)
{
    struct saving lines[] = {
        {REBUT_PIECE_FAULT,
         {"店铺和商品的问题率降到同类平均", "shop and items no worse than the average"},
         {0}},
        {REBUT_PIECE_SHIPPED, {"在承诺时间内发货", "shipped within the promise"}, {0}},
        {REBUT_PIECE_TRANSIT,
         {"在途不超过3天、不丢件", "under way 3 days at most, none lost"},
         {0}},
        {REBUT_PIECE_CARRIER,
         {"快递达到平均水平", "carriers no worse than the average"},
         {0}},
        {REBUT_PIECE_PRICE, {"15天内不降价", "no price drop within 15 days"}, {0}},
    };
    const size_t count = sizeof lines / sizeof lines[0];
    struct paper *paper = &to->paper;
    char text[PAGES_WORD];
    for (size_t i = 0; i < count; i++)
        lines[i].part = to->losses->piece[lines[i].piece];
    qsort(lines, count, sizeof *lines, compare_savings);
    paper_say(paper, PAPER_HEADING, "%s",
              PAGES_SAY(to, "改变什么，可省多少", "What changing each would save"));
    paper_say(
        paper, PAPER_NOTE, "%s",
        PAGES_SAY(
            to,
            "这是关联，不是承诺：改变之后省多少，只有改变了才知道。各行按申请拆分，互不重"
            "叠；"
            "与上升的商品、直播的数字有重叠，不能相加。",
            "An association, not a promise: what a change saves is known once it is "
            "made. These lines do not overlap; those of risen items and of sessions "
            "overlap with them, so do not add them."));
    paper_table(paper, 3, "");
    paper_cell(paper, "%s", PAGES_SAY(to, "如果", "if"));
    paper_cell(paper, "%s", PAGES_SAY(to, "可省(元)", "saves (yuan)"));
    paper_cell(paper, "%s", PAGES_SAY(to, "90%区间", "90 %"));
    for (size_t i = 0; i < count; i++) {
        paper_cell(paper, "%s", lines[i].words[!to->chinese]);
        paper_cell(paper, "%s", pages_yuan(lines[i].part.part, text));
        paper_cell(paper, "%s",
                   pages_range(&lines[i].part, to->losses->total.amount, text));
    }
}
