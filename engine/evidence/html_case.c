/* What happened, and each claim beside the records: sections 1 to 3. */
#include <inttypes.h>

#include "html_parts.h"
#include "rebut/case_page.h"
#include "rebut/time.h"

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
    rebut_output_print(page->out,
                       "<div class=\"w\" role=\"note\"><strong>%s</strong><ul>",
                       say(page, "店铺自身的记录可以解释此类请求：",
                           "The shop's own record explains such requests:"));
    for (uint32_t i = 0; i < shop->why.count; i++) {
        rebut_output_print(page->out, "<li>");
        rebut_html_words(page, &shop->why.list[i]);
        rebut_output_print(page->out, "</li>");
    }
    rebut_output_print(page->out, "</ul></div>\n");
}

static void row(const struct page *page, const char *name)
{
    rebut_output_print(page->out, "<tr><th scope=\"row\">%s</th><td>", name);
}

static void end_row(const struct page *page)
{
    rebut_output_print(page->out, "</td></tr>\n");
}

static void text_row(const struct page *page, const char *name, struct rebut_text text)
{
    if (text.data == NULL)
        return;
    row(page, name);
    rebut_html_text(page->out, text);
    end_row(page);
}

static void facts(const struct page *page)
{
    const struct rebut_pack_header *header = &page->pack->header;
    rebut_output_print(page->out, "<div class=\"t\"><table><tbody>\n");
    text_row(page, say(page, "请求", "Request"), header->request_id);
    text_row(page, say(page, "订单", "Order"), header->order_id);
    text_row(page, say(page, "商家", "Merchant"), header->merchant_id);
    text_row(page, say(page, "商品", "Item"), header->sku_id);
    text_row(page, say(page, "类目", "Category"), header->category);
    text_row(page, say(page, "买家（化名）", "Buyer (pseudonym)"),
             page->pack->buyer.pseudonym);
    row(page, say(page, "理由", "Reason"));
    rebut_output_print(
        page->out, "%s",
        rebut_case_reason((enum rebut_reason)header->reason, page->language));
    end_row(page);
    row(page, say(page, "申请 / 实付（元）", "Asked / paid (yuan)"));
    rebut_html_yuan(page, header->asked);
    rebut_output_print(page->out, " / ");
    rebut_html_yuan(page, header->paid);
    end_row(page);
    row(page, say(page, "截至", "As of"));
    rebut_html_time(page, header->as_of);
    end_row(page);
    row(page, say(page, "申诉期限", "Appeal until"));
    if (header->expires == REBUT_TIME_NONE)
        rebut_output_print(page->out, "%s", say(page, "数据中没有", "not in the data"));
    else
        rebut_html_time(page, header->expires);
    end_row(page);
    rebut_output_print(page->out, "</tbody></table></div>\n");
}

void rebut_html_head(const struct page *page)
{
    const struct rebut_pack_score *score = &page->pack->score;
    struct rebut_output *out = page->out;
    rebut_output_print(out, "<h1>%s</h1>\n",
                       say(page, "仅退款请求：记录与统计证据",
                           "Refund without return: records and statistical evidence"));
    warn(page);
    rebut_output_print(out, "<p class=\"o\">%s%s</p>\n<p>%s",
                       say(page, "结论：", "Answer: "), answer_of(page),
                       say(page, "滥用概率 ", "Probability of abuse "));
    rebut_html_percent(page, score->probability);
    rebut_output_print(out, "%s", say(page, "（区间 ", " (interval "));
    rebut_html_percent(page, score->low);
    rebut_output_print(out, "–");
    rebut_html_percent(page, score->high);
    rebut_output_print(out, "%s",
                       say(page, "）；若审核到此为止，预计误伤比例 ",
                           "); wrong accusations expected down to here "));
    rebut_html_percent(page, score->q_value);
    rebut_output_print(out, "%s%" PRId64 " / %" PRId64, say(page, "；名次 ", "; rank "),
                       score->rank, score->of);
    rebut_output_print(
        out, "</p>\n<p class=\"s\">%s</p>\n",
        say(page, "这是统计证据，不是法律认定；是否滥用须由人判断。",
            "Statistical evidence, not a legal finding; a person decides."));
    facts(page);
}

void rebut_html_timeline(const struct page *page)
{
    const struct rebut_pack *pack = page->pack;
    struct rebut_output *out = page->out;
    const char *const heads[] = {say(page, "时间（+08:00）", "Time (+08:00)"),
                                 say(page, "经过", "What happened"), NULL};
    rebut_html_heading(page, "经过", "What happened");
    rebut_html_table(page, say(page, "按时间排列", "In the order of time"), heads);
    for (uint32_t i = 0; i < pack->timeline.count; i++) {
        const struct rebut_pack_moment *moment = &pack->timeline.list[i];
        rebut_output_print(out, "<tr><td class=\"h\">");
        rebut_html_time(page, moment->at);
        rebut_output_print(out, "</td><td>");
        rebut_html_words(page, &moment->what);
        if (moment->more.zh.data != NULL) {
            rebut_output_print(out, " <span class=\"s\">");
            rebut_html_words(page, &moment->more);
            rebut_output_print(out, "</span>");
        }
        rebut_output_print(out, "</td></tr>\n");
    }
    rebut_output_print(out, "</tbody></table></div>\n<ul>\n");
    for (uint32_t i = 0; i < pack->intervals.count; i++) {
        rebut_output_print(out, "<li>");
        rebut_html_words(page, &pack->intervals.list[i].sentence);
        rebut_output_print(out, "</li>\n");
    }
    rebut_output_print(out, "</ul>\n");
}

static void facts_of(const struct page *page, const char *title,
                     const struct rebut_pack_fact *list, uint32_t count)
{
    if (count == 0)
        return;
    rebut_output_print(page->out, "<p><strong>%s</strong></p><ul>", title);
    for (uint32_t i = 0; i < count; i++) {
        rebut_output_print(page->out, "<li>");
        rebut_html_words(page, &list[i].sentence);
        rebut_output_print(page->out, "</li>");
    }
    rebut_output_print(page->out, "</ul>\n");
}

void rebut_html_sheet(const struct page *page)
{
    rebut_html_heading(page, "买家的说法与记录",
                       "What the buyer says, beside the records");
    for (uint32_t i = 0; i < page->pack->sheet.count; i++) {
        const struct rebut_pack_claim *claim = &page->pack->sheet.list[i];
        rebut_output_print(page->out, "<h3>");
        rebut_html_words(page, &claim->claim);
        rebut_output_print(page->out, "</h3>\n");
        if (claim->quote.size > 0) {
            rebut_output_print(page->out, "<p class=\"q\">");
            rebut_html_text(page->out, claim->quote);
            rebut_output_print(page->out, "</p>\n");
        }
        facts_of(page, say(page, "支持这一说法的记录", "Records that support it"),
                 claim->supports.list, claim->supports.count);
        facts_of(page, say(page, "与之不符的记录", "Records that contradict it"),
                 claim->contradicts.list, claim->contradicts.count);
        facts_of(page, say(page, "不能说明问题的记录", "Records that say nothing"),
                 claim->silent.list, claim->silent.count);
    }
}
