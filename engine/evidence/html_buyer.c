/* The buyer's record, under a pseudonym: section 4. */
#include <inttypes.h>
#include <math.h>

#include "html_parts.h"
#include "rebut/case_page.h"

static void reasons(const struct page *page)
{
    const struct rebut_pack_buyer *buyer = &page->pack->buyer;
    if (buyer->reasons.count == 0)
        return;
    rebut_html_row(page, say(page, "各次理由", "Reasons given"), "");
    for (uint32_t i = 0; i < buyer->reasons.count; i++) {
        rebut_output_print(page->out, "%s", i > 0 ? say(page, "，", ", ") : "");
        rebut_html_reason(page, buyer->reasons.list[i].reason);
        rebut_output_print(page->out, " %" PRId64, buyer->reasons.list[i].count);
    }
    rebut_html_end_row(page);
}

static void counts(const struct page *page)
{
    const struct rebut_pack_buyer *buyer = &page->pack->buyer;
    rebut_html_count_row(page, say(page, "订单", "Orders"), buyer->orders);
    rebut_html_count_row(page, say(page, "其中无任何售后", "Of them without any request"),
                         buyer->undisputed);
    rebut_html_count_row(page, say(page, "其中在本店", "Of them in this shop"),
                         buyer->orders_here);
    rebut_html_count_row(page, say(page, "下单的店铺", "Shops"), buyer->shops);
    if (buyer->returns != REBUT_PACK_UNTOLD)
        rebut_html_count_row(page,
                             say(page, "退货退款", "Requests that sent the goods back"),
                             buyer->returns);
    rebut_html_count_row(page,
                         say(page, "除本次外的仅退款", "Other refund-only requests"),
                         buyer->other_requests);
    if (buyer->judged_legitimate > 0 || buyer->judged_abuse > 0) {
        rebut_html_row(
            page, say(page, "其中经审核正当 / 滥用", "Of them judged legitimate / abuse"),
            "");
        rebut_output_print(page->out, "%" PRId64 " / %" PRId64, buyer->judged_legitimate,
                           buyer->judged_abuse);
        rebut_html_end_row(page);
    }
    reasons(page);
}

static void comparison(const struct page *page)
{
    const struct rebut_pack_buyer *buyer = &page->pack->buyer;
    const double most = fmax(2, 1.05 * fmax(buyer->ratio, buyer->high));
    if (buyer->orders <= 1)
        return;
    rebut_html_row(
        page,
        say(page, "普通买家在同样的订单上约有", "An ordinary buyer on the same orders"),
        "");
    rebut_html_figure(page, buyer->expected);
    rebut_html_end_row(page);
    rebut_html_row(
        page,
        say(page, "实有与应有之比（90% 区间）", "Found over expected (90% interval)"),
        "");
    rebut_html_range(page, &(struct range){.point = buyer->ratio,
                                           .low = buyer->low,
                                           .high = buyer->high,
                                           .mark = 1,
                                           .most = most,
                                           .plain = buyer->other_requests == 0});
    rebut_html_end_row(page);
}

/* A shop's edition tells the lower end of a class. */
static void at_least(const struct page *page)
{
    if (page->pack->header.edition == REBUT_EDITION_SHOP)
        rebut_output_print(page->out, "%s", say(page, "以上", " or more"));
}

static void habits(const struct page *page)
{
    const struct rebut_pack_buyer *buyer = &page->pack->buyer;
    if (buyer->median_delay != REBUT_TIME_NONE) {
        rebut_html_row(page,
                       say(page, "其他请求距签收的时间（中位数）",
                           "Signature to request, the others' median"),
                       "");
        rebut_html_span(page, buyer->median_delay);
        at_least(page);
        rebut_html_end_row(page);
    }
    if (buyer->account_age != REBUT_TIME_NONE) {
        rebut_html_row(
            page, say(page, "下单时账号已注册", "Age of the account at the order"), "");
        rebut_output_print(page->out, "%lld%s",
                           (long long)(buyer->account_age / REBUT_DAY),
                           say(page, "天", " d"));
        at_least(page);
        rebut_html_end_row(page);
    }
    if (!isnan(buyer->turned_bound)) {
        rebut_html_row(page,
                       say(page, "行为转变始于（从不滥用者出现的概率上限）",
                           "Turned since (at most so likely of one who never abuses)"),
                       "");
        if (buyer->turned_since != REBUT_TIME_NONE)
            rebut_html_day(page, buyer->turned_since);
        else
            rebut_output_print(page->out, "%s",
                               say(page, "是，日期见精确版", "yes; exact edition: when"));
        rebut_output_print(page->out, "%s", say(page, "（", " ("));
        rebut_html_percent(page, buyer->turned_bound);
        rebut_output_print(page->out, "%s", say(page, "）", ")"));
        rebut_html_end_row(page);
    }
}

static void ring(const struct page *page)
{
    static const char *const links[REBUT_LINKS][2] = {{"", ""},
                                                      {"设备", "device"},
                                                      {"地址", "address"},
                                                      {"支付账户", "payment account"}};
    const struct rebut_pack_buyer *buyer = &page->pack->buyer;
    if (buyer->ring_others > 0) {
        rebut_html_row(page,
                       say(page, "共用同一标识的其他账号",
                           "Other accounts that share an identifier"),
                       "");
        rebut_output_print(page->out, "%" PRId64 "%s%s%s", buyer->ring_others,
                           say(page, "（", " ("), links[buyer->ring_link][page->language],
                           say(page, "）", ")"));
        rebut_html_end_row(page);
    }
    if (isnan(buyer->prior))
        return;
    rebut_html_row(page,
                   say(page, "未看本次请求前为滥用者的概率",
                       "Probability of an abuser before this request is looked at"),
                   "");
    rebut_html_percent(page, buyer->prior);
    if (buyer->ring_others > 0) {
        rebut_output_print(page->out, "%s",
                           say(page, "（不计关联账号 ", " (without the other accounts "));
        rebut_html_percent(page, buyer->prior_alone);
        rebut_output_print(page->out, "%s", say(page, "）", ")"));
    }
    rebut_html_end_row(page);
}

void rebut_html_buyer(const struct page *page)
{
    rebut_html_heading(page, 4, "买家的记录", "The buyer's record");
    rebut_output_print(page->out, "<p>");
    rebut_html_words(page, &page->pack->buyer.summary);
    rebut_output_print(page->out, "</p>\n");
    rebut_html_facts(page, page->pack->header.edition == REBUT_EDITION_SHOP
                               ? say(page, "所有店铺合计，各店不具名；已取整",
                                     "In all shops together, none named; rounded")
                               : say(page, "所有店铺合计，各店不具名",
                                     "In all shops together, none named"));
    counts(page);
    comparison(page);
    habits(page);
    ring(page);
    rebut_html_end_table(page);
    if (page->pack->buyer.orders > 1 && page->pack->buyer.other_requests > 0)
        rebut_html_legend(page, say(page, "普通买家（1）", "an ordinary buyer (1)"));
}
