/* The buyer's record, the shop's own, and the same evidence elsewhere: sections 4 to 6.
 */
#include <inttypes.h>
#include <math.h>

#include "html_parts.h"
#include "rebut/case_page.h"
#include "rebut/time.h"

static void count_row(const struct page *page, const char *name, int64_t count)
{
    rebut_output_print(
        page->out, "<tr><th scope=\"row\">%s</th><td class=\"k\">%" PRId64 "</td></tr>\n",
        name, count);
}

/* Some room beyond what is largest. */
static double scale_of(double a, double b, double c)
{
    double most = 0;
    const double all[] = {a, b, c};
    for (int i = 0; i < 3; i++)
        if (!isnan(all[i]) && all[i] > most)
            most = all[i];
    return 1.1 * most;
}

static void buyer_reasons(const struct page *page)
{
    const struct rebut_pack_buyer *buyer = &page->pack->buyer;
    rebut_output_print(page->out, "<tr><th scope=\"row\">%s</th><td>",
                       say(page, "理由", "Reasons"));
    for (uint32_t i = 0; i < buyer->reasons.count; i++)
        rebut_output_print(
            page->out, "%s%s %" PRId64, i > 0 ? ", " : "",
            rebut_case_reason((enum rebut_reason)buyer->reasons.list[i].reason,
                              page->language),
            buyer->reasons.list[i].count);
    rebut_output_print(page->out, "</td></tr>\n");
}

static void buyer_record(const struct page *page)
{
    const struct rebut_pack_buyer *buyer = &page->pack->buyer;
    struct rebut_output *out = page->out;
    rebut_html_heading(page, "买家的记录", "The buyer's record");
    rebut_output_print(out, "<p>");
    rebut_html_words(page, &buyer->summary);
    rebut_output_print(out, "</p>\n<div class=\"t\"><table><tbody>\n");
    count_row(page, say(page, "订单", "Orders"), buyer->orders);
    count_row(page, say(page, "其中无任何售后", "of them without any request"),
              buyer->undisputed);
    count_row(page, say(page, "店铺", "Shops"), buyer->shops);
    count_row(page, say(page, "另有仅退款请求", "Other refund-only requests"),
              buyer->other_requests);
    count_row(page, say(page, "退货退款", "Returns with the goods"), buyer->returns);
    rebut_output_print(
        out, "<tr><th scope=\"row\">%s</th><td class=\"k\">",
        say(page, "普通买家在同样订单上约有", "An ordinary buyer on the same orders"));
    rebut_html_figure(page, buyer->expected);
    rebut_output_print(
        out, "</td></tr>\n<tr><th scope=\"row\">%s</th><td class=\"k\">",
        say(page, "二者之比（90 % 区间；虚线为 1）", "Ratio (90 % interval; dashed: 1)"));
    rebut_html_figure(page, buyer->ratio);
    rebut_output_print(out, " (");
    rebut_html_figure(page, buyer->low);
    rebut_output_print(out, "–");
    rebut_html_figure(page, buyer->high);
    rebut_output_print(out, ") ");
    rebut_html_range(page,
                     &(struct range){.point = buyer->ratio,
                                     .low = buyer->low,
                                     .high = buyer->high,
                                     .mark = 1,
                                     .most = scale_of(buyer->high, 2, buyer->ratio)});
    rebut_output_print(out, "</td></tr>\n");
    buyer_reasons(page);
    rebut_output_print(out, "</tbody></table></div>\n");
}

/* ---- the shop ---- */

static void rate_row(const struct page *page, const char *name,
                     const struct rebut_pack_rate *rate, double usual, double most)
{
    struct rebut_output *out = page->out;
    rebut_output_print(out,
                       "<tr><th scope=\"row\">%s</th><td class=\"k\">%" PRId64
                       " / %" PRId64 "</td><td class=\"k\">",
                       name, rate->requests, rate->orders);
    rebut_html_percent(page, rate->rate);
    rebut_output_print(out, " (");
    rebut_html_percent(page, rate->low);
    rebut_output_print(out, "–");
    rebut_html_percent(page, rate->high);
    rebut_output_print(out, ")</td><td>");
    rebut_html_range(page, &(struct range){.point = rate->rate,
                                           .low = rate->low,
                                           .high = rate->high,
                                           .mark = usual,
                                           .most = most});
    rebut_output_print(out, "</td></tr>\n");
}

static void shop_rates(const struct page *page)
{
    const struct rebut_pack_shop *shop = &page->pack->shop;
    const char *const heads[] = {"", say(page, "请求 / 订单", "requests / orders"),
                                 say(page, "比率（90 % 区间）", "rate (90 % interval)"),
                                 say(page, "虚线：类目平均", "dashed: the category"),
                                 NULL};
    const double usual = shop->category_rate.rate;
    const double most =
        scale_of(shop->sku_rate.high, shop->shop_rate.high, shop->category_rate.high);
    rebut_html_table(page,
                     say(page, "仅退款请求占订单（不含该买家）",
                         "Refund-only requests of orders (without this buyer)"),
                     heads);
    rate_row(page, say(page, "该商品", "this item"), &shop->sku_rate, usual, most);
    rate_row(page, say(page, "该店铺", "this shop"), &shop->shop_rate, usual, most);
    rate_row(page, say(page, "该类目", "the category"), &shop->category_rate, usual,
             most);
    rebut_output_print(page->out, "</tbody></table></div>\n");
}

static void fault_row(const struct page *page, const char *name,
                      const struct rebut_pack_fault *fault)
{
    struct rebut_output *out = page->out;
    rebut_output_print(out, "<tr><th scope=\"row\">%s</th><td class=\"k\">", name);
    rebut_html_figure(page, fault->ratio);
    rebut_output_print(out, " (");
    rebut_html_figure(page, fault->low);
    rebut_output_print(out, "–");
    rebut_html_figure(page, fault->high);
    rebut_output_print(out, ")</td><td class=\"k\">");
    rebut_html_figure(page, fault->usual_low);
    rebut_output_print(out, "–");
    rebut_html_figure(page, fault->usual_high);
    rebut_output_print(out, "</td><td>");
    rebut_html_range(
        page, &(struct range){.point = fault->ratio,
                              .low = fault->low,
                              .high = fault->high,
                              .mark = 1,
                              .most = scale_of(fault->high, fault->usual_high, 2)});
    rebut_output_print(out, "</td></tr>\n");
}

static void shop_record(const struct page *page)
{
    const struct rebut_pack_shop *shop = &page->pack->shop;
    struct rebut_output *out = page->out;
    const char *const heads[] = {
        "",
        say(page, "问题率为同类的倍数（90 % 区间）", "times the usual (90 % interval)"),
        say(page, "常见范围", "normal range"), say(page, "虚线为 1", "dashed: 1"), NULL};
    rebut_html_heading(page, "店铺自身的记录", "The shop's own record");
    rebut_output_print(out, "<p>");
    rebut_html_words(page, &shop->summary);
    rebut_output_print(out, "</p>\n");
    shop_rates(page);
    rebut_html_table(page,
                     say(page, "出问题的多少，与同类订单相比",
                         "How often it goes wrong, against comparable orders"),
                     heads);
    fault_row(page, say(page, "店铺", "shop"), &shop->shop_fault);
    fault_row(page, say(page, "商品", "item"), &shop->sku_fault);
    fault_row(page, say(page, "近两周", "these two weeks"), &shop->recent_fault);
    rebut_output_print(out, "</tbody></table></div>\n<ul>\n<li>");
    rebut_output_print(out, "%s",
                       say(page, "像是店铺过错的请求占比（该商品）：",
                           "Share of the item's requests that look like its fault: "));
    rebut_html_percent(page, shop->sku_share.share);
    rebut_output_print(out, "</li>\n<li>%s%" PRId64 " / %" PRId64 "</li>\n",
                       say(page, "晚于承诺发货：", "Shipped later than promised: "),
                       shop->shipped_late, shop->shipped);
    rebut_output_print(
        out, "<li>%s%" PRId64 "</li>\n</ul>\n",
        say(page, "同期以同样理由申请的其他可信买家：",
            "Other trusted buyers who asked for the same reason in these days: "),
        shop->witnesses);
}

void rebut_html_records(const struct page *page)
{
    buyer_record(page);
    shop_record(page);
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

static void match_rows(const struct page *page, const char *what,
                       const struct rebut_pack_match *list, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        rebut_output_print(
            page->out, "<tr><td>%s</td><td>%s%s", what, where_of(page, list[i].where),
            list[i].same_shop ? say(page, "（本店）", " (this shop) ")
                              : say(page, "（其他店铺）", " (another shop) "));
        if (list[i].order_id.data != NULL)
            rebut_html_text(page->out, list[i].order_id);
        rebut_output_print(page->out, "</td><td class=\"h\">");
        rebut_html_day(page, list[i].at);
        rebut_output_print(page->out, "</td><td class=\"k\">%" PRId64 "</td></tr>\n",
                           list[i].distance);
    }
}

void rebut_html_elsewhere(const struct page *page)
{
    const struct rebut_pack_elsewhere *elsewhere = &page->pack->elsewhere;
    const char *const heads[] = {
        "", say(page, "何处", "where"), say(page, "时间", "time"),
        say(page, "相差（位，共 64）", "differs (bits of 64)"), NULL};
    rebut_html_heading(page, "同样的图片或文字", "The same pictures or words elsewhere");
    rebut_output_print(
        page->out, "<p>%s%" PRId64 "%s%" PRId64 "%s%" PRId64 "</p>\n",
        say(page, "图片数：", "Pictures: "), elsewhere->photos,
        say(page, "；有相同或相近图片的其他订单：",
            "; other orders with the same or nearly the same: "),
        elsewhere->photo_matches,
        say(page, "；文字相同的其他订单：", "; other orders with the same words: "),
        elsewhere->text_matches);
    if (elsewhere->photo.count + elsewhere->text.count == 0)
        return;
    rebut_html_table(page,
                     say(page, "其他店铺只记数目与日期",
                         "Of other shops only that there is one, and the day"),
                     heads);
    match_rows(page, say(page, "图片", "picture"), elsewhere->photo.list,
               elsewhere->photo.count);
    match_rows(page, say(page, "文字", "words"), elsewhere->text.list,
               elsewhere->text.count);
    rebut_output_print(page->out, "</tbody></table></div>\n");
}
