/* The request, and what happened: the page's head and sections 1 and 2. */
#include <inttypes.h>
#include <math.h>

#include "html_parts.h"
#include "rebut/case_page.h"

static const char *answer_of(const struct page *page)
{
    switch (page->pack->score.answer) {
    case REBUT_LIKELY_ABUSE:
        return say(page, "很可能是滥用", "likely abuse");
    case REBUT_LIKELY_LEGITIMATE:
        return say(page, "很可能正当", "likely legitimate");
    default:
        return say(page, "不能确定", "undetermined");
    }
}

static void warn(const struct page *page)
{
    const struct rebut_pack_shop *shop = &page->pack->shop;
    if (!shop->explains)
        return;
    rebut_output_print(page->out, "<div class=\"w\" role=\"note\"><strong>%s</strong>\n",
                       say(page, "店铺自身的记录可以解释此类请求：",
                           "The shop's own record explains such requests:"));
    rebut_html_list(page, shop->why.list, shop->why.count);
    rebut_output_print(page->out, "</div>\n");
}

static void answer(const struct page *page)
{
    const struct rebut_pack_score *score = &page->pack->score;
    struct rebut_output *out = page->out;
    rebut_output_print(out, "<p class=\"o\">%s%s</p>\n<p>%s",
                       say(page, "结论：", "Answer: "), answer_of(page),
                       say(page, "滥用概率 ", "Probability of abuse "));
    rebut_html_percent(page, score->probability);
    rebut_output_print(out, "%s", say(page, "（90% 区间 ", " (90% interval "));
    rebut_html_between(page, score->low, score->high, true);
    rebut_output_print(out, "%s%" PRId64 " / %" PRId64 "%s",
                       say(page, "），按可疑程度排第 ", "), rank "), score->rank,
                       score->of,
                       say(page, "。若依次审核到此为止，其中预计误伤 ",
                           ".  Of all reviewed down to here, wrongly accused: "));
    rebut_html_percent(page, score->q_value);
    rebut_output_print(
        out, "%s</p>\n<p><strong>%s</strong></p>\n", say(page, "。", "."),
        say(page, "这是统计证据，不是法律认定；是否滥用须由人判断。",
            "This is statistical evidence, not a legal finding; a person must decide."));
}

static void facts(const struct page *page)
{
    const struct rebut_pack_header *header = &page->pack->header;
    rebut_html_heading(page, 1, "请求", "The request");
    rebut_html_facts(page, say(page, "编号、金额与期限", "Ids, amounts and times"));
    rebut_html_text_row(page, say(page, "请求", "Request"), header->request_id);
    rebut_html_text_row(page, say(page, "订单", "Order"), header->order_id);
    rebut_html_text_row(page, say(page, "商家", "Merchant"), header->merchant_id);
    rebut_html_text_row(page, say(page, "商品", "Item"), header->sku_id);
    rebut_html_text_row(page, say(page, "类目", "Category"), header->category);
    rebut_html_text_row(page, say(page, "买家（化名）", "Buyer (pseudonym)"),
                        page->pack->buyer.pseudonym);
    rebut_html_row(page, say(page, "版次", "Edition"), "");
    rebut_output_print(
        page->out, "%s",
        header->edition == REBUT_EDITION_SHOP
            ? say(page, "店铺版：买家的数字已取整，见第 8 节",
                  "shop's: the buyer's figures are rounded, see section 8")
            : say(page, "平台版：精确，不交给店铺", "platform's: exact, not for a shop"));
    rebut_html_end_row(page);
    rebut_html_row(page, say(page, "理由", "Reason"), "");
    rebut_html_reason(page, header->reason);
    rebut_html_end_row(page);
    rebut_html_row(page, say(page, "申请 / 实付（元）", "Asked / paid (yuan)"), "");
    rebut_html_yuan(page, header->asked);
    rebut_output_print(page->out, " / ");
    rebut_html_yuan(page, header->paid);
    rebut_html_end_row(page);
    rebut_html_count_row(page, say(page, "件数", "Quantity"), header->quantity);
    rebut_html_row(page, say(page, "数据截至", "Data as of"), "");
    rebut_html_time(page, header->as_of);
    rebut_html_end_row(page);
    rebut_html_row(page, say(page, "申诉期限", "Appeal until"), "");
    if (header->expires == REBUT_TIME_NONE)
        rebut_output_print(page->out, "%s", say(page, "数据中没有", "not in the data"));
    else
        rebut_html_time(page, header->expires);
    rebut_html_end_row(page);
    rebut_html_end_table(page);
}

void rebut_html_head(const struct page *page)
{
    rebut_output_print(page->out, "<h1>%s</h1>\n",
                       say(page, "仅退款请求：记录与统计证据",
                           "Refund without return: records and statistical evidence"));
    warn(page);
    answer(page);
    facts(page);
}

static void moment_row(const struct page *page, uint32_t i)
{
    const struct rebut_pack_moment *moment = &page->pack->timeline.list[i];
    struct rebut_output *out = page->out;
    rebut_output_print(out, "<tr><td>%" PRIu32 "</td><td>", i + 1);
    rebut_html_time(page, moment->at);
    rebut_output_print(out, "</td><td>");
    rebut_html_words(page, &moment->what);
    if (moment->more.zh.data != NULL) {
        rebut_output_print(out, " <span class=\"s\">");
        rebut_html_words(page, &moment->more);
        rebut_output_print(out, "</span>");
    }
    rebut_html_end_row(page);
}

void rebut_html_timeline(const struct page *page)
{
    const struct rebut_pack *pack = page->pack;
    const char *const heads[] = {"#", say(page, "时间（+08:00）", "Time (+08:00)"),
                                 say(page, "经过", "What happened"), NULL};
    rebut_html_heading(page, 2, "经过", "What happened");
    rebut_html_time_line(page);
    rebut_html_table(page, say(page, "按时间排列", "In the order of time"), heads);
    for (uint32_t i = 0; i < pack->timeline.count; i++)
        moment_row(page, i);
    rebut_html_end_table(page);
    if (pack->intervals.count == 0)
        return;
    rebut_output_print(page->out, "<ul>\n");
    for (uint32_t i = 0; i < pack->intervals.count; i++) {
        rebut_output_print(page->out, "<li>");
        rebut_html_words(page, &pack->intervals.list[i].sentence);
        rebut_output_print(page->out, "</li>\n");
    }
    rebut_output_print(page->out, "</ul>\n");
}
