/* The warning, the facts, what happened, each claim beside the records: 1 to 3. */
#include <inttypes.h>

#include "pack_words.h"
#include "pdf_paper.h"
#include "rebut/case_page.h"
#include "rebut/time.h"

static const char *answer_of(const struct pdf_paper *paper)
{
    switch (paper->pack->score.answer) {
    case REBUT_LIKELY_ABUSE:
        return pdf_say(paper, "很可能是滥用", "likely abuse");
    case REBUT_LIKELY_LEGITIMATE:
        return pdf_say(paper, "很可能正当", "likely legitimate");
    default:
        return pdf_say(paper, "不能确定", "undetermined");
    }
}

/* A shop whose own record explains the requests is told so before all else. */
static void put_warning(struct pdf_paper *paper)
{
    const struct rebut_pack_shop *shop = &paper->pack->shop;
    const struct pdf_table table = {
        .columns = 1,
        .width = {1},
        .head = {pdf_say(paper, "请先读：店铺自身的记录可以解释此类请求",
                         "Read first: the shop's own record explains such requests")},
        .warning = true};
    if (!shop->explains)
        return;
    pdf_table_begin(paper, &table);
    for (uint32_t i = 0; i < shop->why.count; i++) {
        pdf_words(paper, pdf_cell(paper, 0), &shop->why.list[i]);
        pdf_row(paper);
    }
    pdf_table_end(paper);
}

static void put_answer(struct pdf_paper *paper)
{
    const struct rebut_pack_score *score = &paper->pack->score;
    GString *text = pdf_cell(paper, 0);
    g_string_append_printf(text, "%s%s%s", pdf_say(paper, "结论：", "Answer: "),
                           answer_of(paper),
                           pdf_say(paper, "。滥用概率 ", ". Probability of abuse "));
    pdf_percent(text, score->probability);
    g_string_append(text, pdf_say(paper, "（90% 区间 ", " (90% interval "));
    pdf_range(text, score->low, score->high, true);
    g_string_append(text, pdf_say(paper, "），见第 7 节。", "), see section 7."));
    pdf_ink(paper, PDF_INK);
    pdf_paragraph(paper, PDF_SUBHEADING, "P", 0);
}

/* ---- 1 ---- */

/* Two facts a row: `side` is 0 or 2, the column of the name of the next one, and its
 * value is in the column beside. */
static void end_fact(struct pdf_paper *paper, int *side, const char *zh, const char *en)
{
    g_string_assign(pdf_cell(paper, *side), pdf_say(paper, zh, en));
    *side = 2 - *side;
    if (*side == 0)
        pdf_row(paper);
}

static void put_fact(struct pdf_paper *paper, int *side, const char *zh, const char *en,
                     struct rebut_text text)
{
    if (text.data == NULL)
        return;
    pdf_safe(pdf_cell(paper, *side + 1), text);
    end_fact(paper, side, zh, en);
}

static void put_money(struct pdf_paper *paper, int *side)
{
    const struct rebut_pack_header *header = &paper->pack->header;
    GString *text = pdf_cell(paper, *side + 1);
    pdf_reason(paper, text, header->reason);
    if (text->len == 0)
        g_string_append(text, pdf_say(paper, "未说明", "none given"));
    end_fact(paper, side, "理由", "Reason");
    text = pdf_cell(paper, *side + 1);
    pdf_yuan(text, header->asked);
    g_string_append(text, " / ");
    pdf_yuan(text, header->paid);
    g_string_append_printf(
        text, pdf_say(paper, "（%" PRId64 " 件）", " (quantity %" PRId64 ")"),
        header->quantity);
    end_fact(paper, side, "申请 / 实付（元）", "Asked / paid (yuan)");
}

static void put_header(struct pdf_paper *paper)
{
    const struct rebut_pack_header *header = &paper->pack->header;
    const struct pdf_table table = {.columns = 4, .width = {0.18, 0.32, 0.18, 0.32}};
    int side = 0;
    pdf_heading(paper, "申请", "The request");
    pdf_table_begin(paper, &table);
    put_fact(paper, &side, "请求", "Request", header->request_id);
    put_fact(paper, &side, "订单", "Order", header->order_id);
    put_fact(paper, &side, "商家", "Merchant", header->merchant_id);
    put_fact(paper, &side, "商品", "Item", header->sku_id);
    put_fact(paper, &side, "类目", "Category", header->category);
    put_fact(paper, &side, "买家（化名）", "Buyer (pseudonym)",
             paper->pack->buyer.pseudonym);
    g_string_append(pdf_cell(paper, side + 1),
                    header->edition == REBUT_EDITION_SHOP
                        ? pdf_say(paper, "店铺版：买家的数字已取整，见第 8 节",
                                  "shop's: buyer's figures rounded, see 8")
                        : pdf_say(paper, "平台版：精确，不交给店铺",
                                  "platform's: exact, not for a shop"));
    end_fact(paper, &side, "版次", "Edition");
    put_money(paper, &side);
    pdf_time(pdf_cell(paper, side + 1), header->as_of);
    end_fact(paper, &side, "截至（此后的记录未使用）", "As of (nothing later used)");
    if (header->expires == REBUT_TIME_NONE)
        g_string_append(pdf_cell(paper, side + 1),
                        pdf_say(paper, "数据中没有", "not in the data"));
    else
        pdf_time(pdf_cell(paper, side + 1), header->expires);
    end_fact(paper, &side, "申诉期限", "Appeal until");
    if (side != 0) /* without a pseudonym they are odd */
        pdf_row(paper);
    pdf_table_end(paper);
}

/* ---- 2 ---- */

static void put_timeline(struct pdf_paper *paper)
{
    const struct rebut_pack *pack = paper->pack;
    const struct pdf_table table = {
        .columns = 4,
        .width = {0.06, 0.25, 0.34, 0.35},
        .head = {"#", pdf_say(paper, "时间（+08:00）", "Time (+08:00)"),
                 pdf_say(paper, "经过", "What happened"),
                 pdf_say(paper, "详情", "Details")}};
    pdf_heading(paper, "经过", "What happened");
    pdf_timeline_chart(paper);
    if (pack->timeline.count > 0)
        pdf_table_begin(paper, &table);
    for (uint32_t i = 0; i < pack->timeline.count; i++) {
        const struct rebut_pack_moment *moment = &pack->timeline.list[i];
        g_string_append_printf(pdf_cell(paper, 0), "%u", i + 1);
        pdf_time(pdf_cell(paper, 1), moment->at);
        pdf_words(paper, pdf_cell(paper, 2), &moment->what);
        pdf_words(paper, pdf_cell(paper, 3), &moment->more);
        pdf_row(paper);
    }
    if (pack->timeline.count > 0)
        pdf_table_end(paper);
    for (uint32_t i = 0; i < pack->intervals.count; i++) {
        pdf_words(paper, pdf_cell(paper, 0), &pack->intervals.list[i].sentence);
        pdf_bullet(paper);
    }
}

/* ---- 3 ---- */

/* One fact, or "none on record" as the first of an empty side. */
static void put_side(struct pdf_paper *paper, int column,
                     const struct rebut_pack_fact *list, uint32_t count, uint32_t i)
{
    GString *text = pdf_cell(paper, column);
    if (i >= count) {
        if (i == 0)
            g_string_append(text, pdf_say(paper, "（无记录）", "(none on record)"));
        return;
    }
    g_string_append_printf(text, pdf_say(paper, "【%s】", "[%s] "),
                           rebut_pack_source_word(list[i].source, paper->language));
    pdf_words(paper, text, &list[i].sentence);
    if (list[i].at != REBUT_TIME_NONE) {
        g_string_append(text, pdf_say(paper, "（", " ("));
        pdf_time(text, list[i].at);
        g_string_append(text, pdf_say(paper, "）", ")"));
    }
}

/* The records that say nothing, which are no weight on either side. */
static void put_silent(struct pdf_paper *paper, const struct rebut_pack_claim *claim)
{
    if (claim->silent.count == 0)
        return;
    GString *text = pdf_cell(paper, 0);
    g_string_append(text,
                    pdf_say(paper, "不能说明问题的记录：", "Records that say nothing: "));
    for (uint32_t i = 0; i < claim->silent.count; i++) {
        g_string_append(text, i == 0 ? "" : pdf_say(paper, "；", "; "));
        pdf_words(paper, text, &claim->silent.list[i].sentence);
    }
    pdf_ink(paper, PDF_QUIET);
    pdf_paragraph(paper, PDF_SMALL, "P", 4);
}

#define CLAIM 96.0 /* points that a claim, its table's head and a row take at least */

static void put_sides(struct pdf_paper *paper, const struct rebut_pack_claim *claim,
                      uint32_t rows)
{
    const struct pdf_table table = {
        .columns = 2,
        .width = {0.5, 0.5},
        .head = {pdf_say(paper, "支持这一说法的记录", "Records that support it"),
                 pdf_say(paper, "与之不符的记录", "Records that contradict it")}};
    pdf_table_begin(paper, &table);
    for (uint32_t i = 0; i < rows; i++) {
        put_side(paper, 0, claim->supports.list, claim->supports.count, i);
        put_side(paper, 1, claim->contradicts.list, claim->contradicts.count, i);
        pdf_row(paper);
    }
    pdf_table_end(paper);
}

static void put_claim(struct pdf_paper *paper, const struct rebut_pack_claim *claim)
{
    GString *text = pdf_cell(paper, 0);
    const uint32_t rows = claim->supports.count > claim->contradicts.count
                              ? claim->supports.count
                              : claim->contradicts.count;
    pdf_room(paper, CLAIM);
    paper->y += 4;
    pdf_words(paper, text, &claim->claim);
    pdf_ink(paper, PDF_INK);
    pdf_paragraph(paper, PDF_SUBHEADING, "H3", 0);
    if (claim->quote.size > 0) {
        g_string_append(text, pdf_say(paper, "“", "\""));
        pdf_safe(text, claim->quote);
        g_string_append(text, pdf_say(paper, "”", "\""));
        pdf_paragraph(paper, PDF_BODY, "BlockQuote", 10);
    }
    if (rows > 0)
        put_sides(paper, claim, rows);
    else if (claim->silent.count == 0) {
        g_string_append(
            text, pdf_say(paper, "没有可以对照的记录", "no record to hold it against"));
        pdf_ink(paper, PDF_QUIET);
        pdf_paragraph(paper, PDF_SMALL, "P", 4);
    }
    put_silent(paper, claim);
}

void pdf_case(struct pdf_paper *paper)
{
    const struct rebut_pack *pack = paper->pack;
    pdf_title(paper, pdf_say(paper, "仅退款请求：记录与统计证据",
                             "Refund without return: records and statistical evidence"));
    put_warning(paper);
    put_answer(paper);
    put_header(paper);
    put_timeline(paper);
    pdf_room(paper, 32 + CLAIM); /* the heading goes with the first claim */
    pdf_heading(paper, "买家的说法与记录", "What the buyer says, beside the records");
    for (uint32_t i = 0; i < pack->sheet.count; i++)
        put_claim(paper, &pack->sheet.list[i]);
}
