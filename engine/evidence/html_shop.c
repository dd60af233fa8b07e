/* The merchant's own record, and the same evidence elsewhere: sections 5 and 6. */
#include <inttypes.h>
#include <math.h>

#include "html_parts.h"
#include "pack_figures.h"

/* A little beyond the largest that is known. */
static double scale_of(double a, double b, double c)
{
    return 1.05 * fmax(a, fmax(b, c)); /* fmax passes over NaN */
}

static void rate_row(const struct page *page, const char *name,
                     const struct rebut_pack_rate *rate, double usual, double most)
{
    if (rate->orders == 0)
        return;
    rebut_html_row(page, name, "k");
    rebut_output_print(page->out, "%" PRId64 " / %" PRId64 "</td><td>", rate->requests,
                       rate->orders);
    rebut_html_range(page, &(struct range){.point = rate->rate,
                                           .low = rate->low,
                                           .high = rate->high,
                                           .mark = usual,
                                           .most = most,
                                           .share = true});
    rebut_html_end_row(page);
}

static void rates(const struct page *page)
{
    const struct rebut_pack_shop *shop = &page->pack->shop;
    const char *const heads[] = {
        say(page, "范围", "of"), say(page, "请求 / 订单", "requests / orders"),
        say(page, "比率（90% 区间）", "rate (90% interval)"), NULL};
    const char *const back[] = {
        say(page, "范围", "of"), say(page, "退货 / 订单", "returns / orders"),
        say(page, "比率（90% 区间）", "rate (90% interval)"), NULL};
    double usual = shop->category_rate.rate;
    double most =
        scale_of(shop->sku_rate.high, shop->shop_rate.high, shop->category_rate.high);
    rebut_html_table(page,
                     say(page, "仅退款请求占订单（不含该买家）",
                         "Refund-only requests of orders (without this buyer's)"),
                     heads);
    rate_row(page, say(page, "该商品", "this item"), &shop->sku_rate, usual, most);
    rate_row(page, say(page, "该店铺", "this shop"), &shop->shop_rate, usual, most);
    rate_row(page, say(page, "同类目", "the category"), &shop->category_rate, usual,
             most);
    rebut_html_end_table(page);
    usual = shop->category_returns.rate;
    most = scale_of(shop->sku_returns.high, shop->category_returns.high, 0);
    rebut_html_table(page,
                     say(page, "因商品问题寄回（不含该买家）",
                         "Sent back for a fault of the goods (without this buyer's)"),
                     back);
    rate_row(page, say(page, "该商品", "this item"), &shop->sku_returns, usual, most);
    rate_row(page, say(page, "同类目", "the category"), &shop->category_returns, usual,
             most);
    rebut_html_end_table(page);
    rebut_html_legend(page, say(page, "同类目的比率", "the category's rate"));
}

static void fault_row(const struct page *page, const char *name,
                      const struct rebut_pack_fault *fault, double most)
{
    rebut_html_row(page, name, "k");
    if (isnan(fault->usual_low) || isnan(fault->usual_high))
        rebut_output_print(page->out, "–");
    else
        rebut_output_print(page->out, "%.2f–%.2f", fault->usual_low, fault->usual_high);
    rebut_output_print(page->out, "</td><td>");
    rebut_html_range(page, &(struct range){.point = fault->ratio,
                                           .low = fault->low,
                                           .high = fault->high,
                                           .mark = 1,
                                           .most = most});
    rebut_html_end_row(page);
}

static void faults(const struct page *page)
{
    const struct rebut_pack_shop *shop = &page->pack->shop;
    const char *const heads[] = {
        say(page, "范围", "of"), say(page, "常见范围", "normal range"),
        say(page, "为同类的倍数（90% 区间）", "times the usual (90% interval)"), NULL};
    const double most = fmax(2, scale_of(shop->shop_fault.high, shop->sku_fault.high,
                                         shop->recent_fault.ratio));
    rebut_html_table(page,
                     say(page, "出问题的多少，与同类订单相比",
                         "How often it goes wrong, against comparable orders"),
                     heads);
    fault_row(page, say(page, "店铺", "shop"), &shop->shop_fault, most);
    fault_row(page, say(page, "商品（与店内其他商品比）", "item, within the shop"),
              &shop->sku_fault, most);
    fault_row(page, say(page, "下单前后两周", "two weeks around the order"),
              &shop->recent_fault, most);
    rebut_html_end_table(page);
    rebut_html_legend(page, say(page, "与同类相同（1）", "as usual (1)"));
}

static void share_row(const struct page *page, const char *name,
                      const struct rebut_pack_share *share)
{
    if (share->requests == 0)
        return;
    rebut_html_row(page, name, "");
    rebut_html_range(page, &(struct range){.point = share->share,
                                           .low = share->low,
                                           .high = share->high,
                                           .mark = NAN,
                                           .most = 1,
                                           .share = true});
    rebut_html_end_row(page);
}

void rebut_html_shop(const struct page *page)
{
    const struct rebut_pack_shop *shop = &page->pack->shop;
    rebut_html_heading(page, 5, "店铺自身的记录", "The shop's own record");
    rebut_output_print(page->out, "<p>");
    rebut_html_words(page, &shop->summary);
    rebut_output_print(page->out, "</p>\n");
    rates(page);
    faults(page);
    rebut_html_facts(page, say(page, "店铺的责任与服务", "Fault and service"));
    share_row(page,
              say(page, "该商品其他请求中像是店铺过错的占比",
                  "Of the item's other requests, those that look like its fault"),
              &shop->sku_share);
    share_row(page,
              say(page, "全店其他请求中像是店铺过错的占比",
                  "Of the shop's other requests, those that look like its fault"),
              &shop->shop_share);
    rebut_html_row(page,
                   say(page, "晚于承诺发货 / 有承诺的订单",
                       "Shipped later than promised / orders with a promise"),
                   "");
    rebut_output_print(page->out, "%" PRId64 " / %" PRId64, shop->shipped_late,
                       shop->shipped);
    rebut_html_end_row(page);
    rebut_html_count_row(page,
                         say(page, "以同样理由就该商品申请的其他可信买家",
                             "Other trusted buyers who gave the same reason, same item"),
                         shop->witnesses);
    rebut_html_end_table(page);
}

/* ---- the same elsewhere ---- */

static const char *where_of(const struct page *page, int where)
{
    switch (where) {
    case REBUT_WHERE_SAME_BUYER:
        return say(page, "该买家的另一订单", "another order of this buyer");
    case REBUT_WHERE_SAME_PURCHASE:
        return say(page, "该买家同期订单，可能是同一包裹",
                   "an order of this buyer in the same days; perhaps one parcel");
    default:
        return say(page, "其他买家的订单", "an order of another buyer");
    }
}

static void matches(const struct page *page, const char *caption, const char *distance,
                    bool photo)
{
    const struct rebut_pack_elsewhere *elsewhere = &page->pack->elsewhere;
    const struct rebut_pack_match *list =
        photo ? elsewhere->photo.list : elsewhere->text.list;
    const uint32_t count = photo ? elsewhere->photo.count : elsewhere->text.count;
    const char *const heads[] = {say(page, "日期", "day"), say(page, "何处", "where"),
                                 distance, NULL};
    if (count == 0)
        return;
    rebut_html_table(page, caption, heads);
    for (uint32_t i = 0; i < count && i < REBUT_PACK_SHOWN; i++) {
        rebut_output_print(page->out, "<tr><td>");
        if (list[i].at != REBUT_TIME_NONE)
            rebut_html_day(page, list[i].at);
        else
            rebut_output_print(page->out, "–");
        rebut_output_print(page->out, "</td><td>%s%s", where_of(page, list[i].where),
                           list[i].same_shop
                               ? say(page, "（本店）", " (this shop) ")
                               : say(page, "（其他店铺）", " (another shop) "));
        if (list[i].order_id.data != NULL)
            rebut_html_text(page->out, list[i].order_id);
        if (photo)
            rebut_output_print(page->out, "</td><td class=\"k\">%" PRId64,
                               list[i].distance);
        else
            rebut_output_print(page->out, "</td><td class=\"k\">%.1f%%",
                               (double)list[i].distance / 10);
        rebut_html_end_row(page);
    }
    rebut_html_end_table(page);
    if (count > REBUT_PACK_SHOWN)
        rebut_output_print(page->out,
                           page->language == REBUT_CHINESE
                               ? "<p class=\"s\">只列最相近的 %d 个；JSON 中至多 50 "
                                 "个。</p>\n"
                               : "<p class=\"s\">The nearest %d; the JSON lists up to "
                                 "50.</p>\n",
                           REBUT_PACK_SHOWN);
}

static void matched(const struct page *page, const char *what, int64_t count,
                    int64_t shops, int64_t buyers)
{
    rebut_output_print(
        page->out,
        page->language == REBUT_CHINESE
            ? "<li>%s：%" PRId64 "（店铺 %" PRId64 "，其他买家 %" PRId64 "）</li>\n"
            : "<li>%s: %" PRId64 " (shops %" PRId64 ", other buyers %" PRId64 ")</li>\n",
        what, count, shops, buyers);
}

void rebut_html_elsewhere(const struct page *page)
{
    const struct rebut_pack_elsewhere *elsewhere = &page->pack->elsewhere;
    rebut_html_heading(page, 6, "其他订单中的同样图片或文字",
                       "The same pictures or words on other orders");
    rebut_output_print(page->out, "<ul>\n<li>%s%" PRId64 "</li>\n",
                       say(page, "买家提供的图片：", "Pictures the buyer gave: "),
                       elsewhere->photos);
    matched(page,
            say(page, "有相同或相近图片的其他订单",
                "Other orders with the same or nearly the same picture"),
            elsewhere->photo_matches, elsewhere->photo_shops, elsewhere->photo_buyers);
    matched(page,
            say(page, "有相近文字的其他订单", "Other orders with nearly the same words"),
            elsewhere->text_matches, elsewhere->text_shops, elsewhere->text_buyers);
    rebut_output_print(page->out, "</ul>\n");
    const bool shop = page->pack->header.edition == REBUT_EDITION_SHOP;
    matches(page,
            shop ? say(page, "图片：最相近者在前；其他店铺只列最相近的，不记日期",
                       "Pictures, the nearest first; of other shops the nearest, no day")
                 : say(page, "图片：最相近者在前；其他店铺只记日期",
                       "Pictures, the nearest first; of other shops only the day"),
            say(page, "相差（位，共 64）", "differs (bits of 64)"), true);
    matches(page,
            shop ? say(page, "文字：最相近者在前；其他店铺只列最相近的，不记日期",
                       "Words, the nearest first; of other shops the nearest, no day")
                 : say(page, "文字：最相近者在前；其他店铺只记日期",
                       "Words, the nearest first; of other shops only the day"),
            say(page, "不同的字对", "pairs of letters not in common"), false);
}
