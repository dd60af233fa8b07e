/* The buyer's record, the shop's own, the same evidence elsewhere: 4 to 6. */
#include <inttypes.h>
#include <math.h>

#include "pack_figures.h"
#include "pdf_paper.h"
#include "rebut/case_page.h"
#include "rebut/time.h"

/* Some room beyond what is largest; NaN counts as nothing. */
static double scale_of(double a, double b, double c)
{
    return 1.08 * fmax(fmax(a, b), c);
}

static void put_count(struct pdf_paper *paper, const char *zh, const char *en,
                      int64_t count)
{
    g_string_append_printf(pdf_cell(paper, 1), "%" PRId64, count);
    pdf_pair(paper, zh, en);
}

/* A shop's edition tells the lower end of a class. */
static const char *at_least(const struct pdf_paper *paper)
{
    return paper->pack->header.edition == REBUT_EDITION_SHOP
               ? pdf_say(paper, "以上", " or more")
               : "";
}

static void put_span(struct pdf_paper *paper, const char *zh, const char *en,
                     int64_t span)
{
    char text[REBUT_CASE_SPAN];
    if (span == REBUT_TIME_NONE)
        return;
    rebut_case_span(span < 0 ? -span : span, paper->language, text);
    g_string_append_printf(pdf_cell(paper, 1), "%s%s%s", span < 0 ? "-" : "", text,
                           at_least(paper));
    pdf_pair(paper, zh, en);
}

static void set_range(struct pdf_paper *paper, int column, const double figures[3],
                      double mark, double most)
{
    paper->picture = (struct pdf_picture){.column = column,
                                          .value = figures[0],
                                          .low = figures[1],
                                          .high = figures[2],
                                          .mark = mark,
                                          .most = most};
}

/* ---- 4 ---- */

/* Requests beside those of an ordinary buyer, on one scale. */
static void put_expectation(struct pdf_paper *paper)
{
    const struct rebut_pack_buyer *buyer = &paper->pack->buyer;
    const struct pdf_table table = {
        .columns = 4,
        .width = {0.30, 0.12, 0.18, 0.40},
        .right = {false, true, true},
        .head = {pdf_say(paper, "仅退款请求（不含本次）",
                         "Refund-only requests, this one left out"),
                 pdf_say(paper, "起数", "number"),
                 pdf_say(paper, "90% 区间", "90% interval"),
                 buyer->other_requests == 0
                     ? ""
                     : pdf_say(paper, "虚线：普通买家", "dashed: an ordinary buyer")}};
    const double others = (double)buyer->other_requests;
    const double low = buyer->low * buyer->expected;
    const double high = buyer->high * buyer->expected;
    /* Of no request the interval says only how little is known: no picture of it. */
    const double most =
        others > 0 ? scale_of(others, high, buyer->expected) : (double)NAN;
    if (buyer->orders <= 1)
        return;
    pdf_table_begin(paper, &table);
    g_string_append(pdf_cell(paper, 0), pdf_say(paper, "普通买家在同样的订单上",
                                                "an ordinary buyer on the same orders"));
    pdf_figure(pdf_cell(paper, 1), buyer->expected);
    set_range(paper, 3, (double[]){buyer->expected, NAN, NAN}, buyer->expected, most);
    pdf_row(paper);
    g_string_append(pdf_cell(paper, 0), pdf_say(paper, "该买家", "this buyer"));
    g_string_append_printf(pdf_cell(paper, 1), "%" PRId64, buyer->other_requests);
    pdf_range(pdf_cell(paper, 2), low, high, false);
    set_range(paper, 3, (double[]){others, low, high}, buyer->expected, most);
    pdf_row(paper);
    g_string_append(pdf_cell(paper, 0), pdf_say(paper, "二者之比", "ratio"));
    pdf_figure(pdf_cell(paper, 1), buyer->ratio);
    pdf_range(pdf_cell(paper, 2), buyer->low, buyer->high, false);
    pdf_row(paper);
    pdf_table_end(paper);
}

static void put_reasons(struct pdf_paper *paper)
{
    const struct rebut_pack_buyer *buyer = &paper->pack->buyer;
    GString *text = pdf_cell(paper, 1);
    for (uint32_t i = 0; i < buyer->reasons.count; i++) {
        const enum rebut_reason reason = (enum rebut_reason)buyer->reasons.list[i].reason;
        g_string_append(text, i == 0 ? "" : pdf_say(paper, "，", ", "));
        if (*rebut_case_reason(reason, paper->language) != '\0')
            pdf_reason(paper, text, reason);
        else
            g_string_append(text, pdf_say(paper, "未说明", "none"));
        g_string_append_printf(text, " %" PRId64, buyer->reasons.list[i].count);
    }
    if (text->len > 0)
        pdf_pair(paper, "各次理由", "Reasons");
}

static void put_ring(struct pdf_paper *paper)
{
    static const char *const links[REBUT_LINKS][2] = {
        [REBUT_LINK_NONE] = {"无", "none"},
        [REBUT_LINK_DEVICE] = {"同一设备", "the same device"},
        [REBUT_LINK_ADDRESS] = {"同一收货地址", "the same address"},
        [REBUT_LINK_PAYMENT] = {"同一支付账户", "the same payment account"}};
    const struct rebut_pack_buyer *buyer = &paper->pack->buyer;
    GString *text = pdf_cell(paper, 1);
    g_string_append(text, links[buyer->ring_link][paper->language]);
    if (buyer->ring_link != REBUT_LINK_NONE) {
        g_string_append_printf(text,
                               pdf_say(paper, "，另有 %" PRId64 " 个账号；滥用者先验 ",
                                       ", with %" PRId64 " other accounts; prior "),
                               buyer->ring_others);
        pdf_percent(text, buyer->prior);
        g_string_append(text, pdf_say(paper, "，不计关联 ", ", without the link "));
        pdf_percent(text, buyer->prior_alone);
    }
    pdf_pair(paper, "与其他账号的关联", "Link with other accounts");
    if (isnan(buyer->turned_bound))
        return;
    if (buyer->turned_since != REBUT_TIME_NONE)
        pdf_day(text, buyer->turned_since);
    else
        g_string_append(text, pdf_say(paper, "已改变，日期见精确版",
                                      "they have; exact edition: when"));
    pdf_pair(paper, "行为改变始于", "Ways changed since");
}

static void put_buyer(struct pdf_paper *paper)
{
    const struct rebut_pack_buyer *buyer = &paper->pack->buyer;
    const struct pdf_table table = {.columns = 2, .width = {0.42, 0.58}};
    pdf_heading(paper, "买家的记录", "The buyer's record");
    pdf_words(paper, pdf_cell(paper, 0), &buyer->summary);
    pdf_ink(paper, PDF_INK);
    pdf_paragraph(paper, PDF_BODY, "P", 0);
    put_expectation(paper);
    pdf_table_begin(paper, &table);
    put_count(paper, "无任何争议的订单", "Undisputed orders", buyer->undisputed);
    put_count(paper, "全部订单", "All orders", buyer->orders);
    put_count(paper, "其中在本店", "Of them at this shop", buyer->orders_here);
    put_count(paper, "下单的店铺", "Shops ordered from", buyer->shops);
    if (buyer->returns != REBUT_PACK_UNTOLD)
        put_count(paper, "退货退款", "Returns with the goods", buyer->returns);
    if (buyer->judged_abuse != REBUT_PACK_UNTOLD) {
        put_count(paper, "其他请求经审核为正当", "Other requests judged legitimate",
                  buyer->judged_legitimate);
        put_count(paper, "其他请求经审核为滥用", "Other requests judged abuse",
                  buyer->judged_abuse);
    }
    put_reasons(paper);
    put_span(paper, "签收到申请（其他请求的中位数）",
             "Signature to request (median of the others)", buyer->median_delay);
    if (buyer->account_age != REBUT_TIME_NONE) {
        g_string_append_printf(pdf_cell(paper, 1), pdf_say(paper, "%lld天%s", "%lld d%s"),
                               (long long)(buyer->account_age / REBUT_DAY),
                               at_least(paper));
        pdf_pair(paper, "下单时账号年龄", "Age of the account at the order");
    }
    put_ring(paper);
    pdf_table_end(paper);
}

/* ---- 5 ---- */

static void put_rate(struct pdf_paper *paper, const char *zh, const char *en,
                     const struct rebut_pack_rate *rate, const double scale[2])
{
    g_string_append_printf(pdf_cell(paper, 1), "%" PRId64 " / %" PRId64, rate->requests,
                           rate->orders);
    pdf_percent(pdf_cell(paper, 2), rate->rate);
    pdf_range(pdf_cell(paper, 3), rate->low, rate->high, true);
    if (rate->orders > 0)
        set_range(paper, 4, (double[]){rate->rate, rate->low, rate->high}, scale[0],
                  scale[1]);
    pdf_pair(paper, zh, en);
}

static void put_rates(struct pdf_paper *paper)
{
    const struct rebut_pack_shop *shop = &paper->pack->shop;
    struct pdf_table table = {
        .columns = 5,
        .width = {0.22, 0.14, 0.10, 0.18, 0.36},
        .right = {false, true, true, true},
        .head = {pdf_say(paper, "仅退款请求（不含该买家）",
                         "Refund-only (without this buyer)"),
                 pdf_say(paper, "请求 / 订单", "requests / orders"),
                 pdf_say(paper, "比率", "rate"),
                 pdf_say(paper, "90% 区间", "90% interval"),
                 pdf_say(paper, "虚线：类目", "dashed: the category")}};
    const double scale[2] = {
        shop->category_rate.rate,
        scale_of(shop->sku_rate.orders > 0 ? shop->sku_rate.high : (double)NAN,
                 shop->shop_rate.orders > 0 ? shop->shop_rate.high : (double)NAN,
                 shop->category_rate.high)};
    pdf_table_begin(paper, &table);
    put_rate(paper, "该商品", "this item", &shop->sku_rate, scale);
    put_rate(paper, "全店", "the shop", &shop->shop_rate, scale);
    put_rate(paper, "同类目", "the category", &shop->category_rate, scale);
    pdf_table_end(paper);
    table.head[0] = pdf_say(paper, "因商品问题退货", "Sent back for a fault");
    const double back[2] = {
        shop->category_returns.rate,
        scale_of(shop->sku_returns.orders > 0 ? shop->sku_returns.high : (double)NAN,
                 shop->category_returns.high, NAN)};
    pdf_table_begin(paper, &table);
    put_rate(paper, "该商品", "this item", &shop->sku_returns, back);
    put_rate(paper, "同类目", "the category", &shop->category_returns, back);
    pdf_table_end(paper);
}

static void put_fault(struct pdf_paper *paper, const char *zh, const char *en,
                      const struct rebut_pack_fault *fault, double most)
{
    pdf_figure(pdf_cell(paper, 1), fault->ratio);
    pdf_range(pdf_cell(paper, 2), fault->low, fault->high, false);
    pdf_range(pdf_cell(paper, 3), fault->usual_low, fault->usual_high, false);
    set_range(paper, 4, (double[]){fault->ratio, fault->low, fault->high}, 1, most);
    pdf_pair(paper, zh, en);
}

static void put_faults(struct pdf_paper *paper)
{
    const struct rebut_pack_shop *shop = &paper->pack->shop;
    const struct pdf_table table = {
        .columns = 5,
        .width = {0.22, 0.10, 0.16, 0.16, 0.36},
        .right = {false, true, true, true},
        .head = {pdf_say(paper, "问题率，为同类的倍数",
                         "How often it goes wrong, times the usual"),
                 pdf_say(paper, "倍数", "times"),
                 pdf_say(paper, "90% 区间", "90% interval"),
                 pdf_say(paper, "常见范围", "normal range"),
                 pdf_say(paper, "虚线：1 倍", "dashed: once")}};
    const double most = scale_of(fmax(shop->shop_fault.high, shop->shop_fault.ratio),
                                 fmax(shop->sku_fault.high, shop->sku_fault.ratio),
                                 fmax(2, shop->recent_fault.ratio));
    pdf_table_begin(paper, &table);
    put_fault(paper, "全店", "the shop", &shop->shop_fault, most);
    put_fault(paper, "该商品", "this item", &shop->sku_fault, most);
    put_fault(paper, "近期", "recently", &shop->recent_fault, most);
    pdf_table_end(paper);
}

static void put_share(struct pdf_paper *paper, const char *zh, const char *en,
                      const struct rebut_pack_share *share)
{
    GString *text = pdf_cell(paper, 1);
    if (share->requests == 0) {
        g_string_append(text, pdf_say(paper, "没有他人的请求", "others have none"));
        pdf_pair(paper, zh, en);
        return;
    }
    pdf_percent(text, share->share);
    if (isfinite(share->low)) {
        g_string_append(text, pdf_say(paper, "（90% 区间 ", " (90% interval "));
        pdf_range(text, share->low, share->high, true);
        g_string_append(text, pdf_say(paper, "）", ")"));
    }
    g_string_append_printf(text, pdf_say(paper, "，共 %" PRId64 " 起", ", of %" PRId64),
                           share->requests);
    pdf_pair(paper, zh, en);
}

static void put_shop(struct pdf_paper *paper)
{
    const struct rebut_pack_shop *shop = &paper->pack->shop;
    const struct pdf_table table = {.columns = 2, .width = {0.48, 0.52}};
    pdf_heading(paper, "店铺自身的记录", "The shop's own record");
    pdf_words(paper, pdf_cell(paper, 0), &shop->summary);
    pdf_ink(paper, PDF_INK);
    pdf_paragraph(paper, PDF_BODY, "P", 0);
    put_rates(paper);
    put_faults(paper);
    pdf_table_begin(paper, &table);
    put_share(paper, "该商品：他人请求中像是店铺过错的占比",
              "Item: share of others' requests that look like its fault",
              &shop->sku_share);
    put_share(paper, "全店：他人请求中像是店铺过错的占比",
              "Shop: share of others' requests that look like its fault",
              &shop->shop_share);
    g_string_append_printf(pdf_cell(paper, 1), "%" PRId64 " / %" PRId64,
                           shop->shipped_late, shop->shipped);
    pdf_pair(paper, "晚于承诺发货", "Shipped later than promised");
    put_count(paper, "同期就同一商品以同样理由申请的无嫌疑买家",
              "Unsuspected buyers, same item and reason, same days", shop->witnesses);
    pdf_table_end(paper);
}

/* ---- 6 ---- */

/* Nearest first: pictures differ in bits, texts in pairs of letters. */
static void put_matches(struct pdf_paper *paper, bool photos)
{
    const struct rebut_pack_elsewhere *elsewhere = &paper->pack->elsewhere;
    const struct rebut_pack_match *list =
        photos ? elsewhere->photo.list : elsewhere->text.list;
    const uint32_t count = photos ? elsewhere->photo.count : elsewhere->text.count;
    const char *what =
        photos ? pdf_say(paper, "图片", "picture") : pdf_say(paper, "文字", "words");
    static const char *const wheres[REBUT_WHERES][2] = {
        [REBUT_WHERE_SAME_BUYER] = {"该买家的另一订单", "another order of this buyer"},
        [REBUT_WHERE_SAME_PURCHASE] = {"该买家同期订单，可能是同一包裹",
                                       "this buyer, same days; perhaps one parcel"},
        [REBUT_WHERE_OTHER_BUYER] = {"其他买家的订单", "an order of another buyer"}};
    for (uint32_t i = 0; i < count && i < REBUT_PACK_SHOWN; i++) {
        GString *text = pdf_cell(paper, 1);
        g_string_append(pdf_cell(paper, 0), what);
        g_string_append(text, wheres[list[i].where][paper->language]);
        g_string_append(text, list[i].same_shop
                                  ? pdf_say(paper, "（本店）", " (this shop) ")
                                  : pdf_say(paper, "（其他店铺）", " (another shop) "));
        pdf_safe(text, list[i].order_id);
        if (list[i].at != REBUT_TIME_NONE)
            pdf_day(pdf_cell(paper, 2), list[i].at);
        else
            g_string_append(pdf_cell(paper, 2), "–");
        if (photos)
            g_string_append_printf(pdf_cell(paper, 3), "%" PRId64, list[i].distance);
        else /* thousandths */
            g_string_append_printf(pdf_cell(paper, 3), "%.1f%%",
                                   (double)list[i].distance / 10);
        pdf_row(paper);
    }
}

static void put_elsewhere(struct pdf_paper *paper)
{
    const struct rebut_pack_elsewhere *elsewhere = &paper->pack->elsewhere;
    const struct pdf_table table = {
        .columns = 4,
        .width = {0.12, 0.50, 0.18, 0.20},
        .right = {false, false, false, true},
        .head = {"", pdf_say(paper, "何处", "where"), pdf_say(paper, "日期", "day"),
                 pdf_say(paper, "相差（图片：64 位中；文字：字对）",
                         "differs (of 64 bits; words: letter pairs)")}};
    pdf_heading(paper, "同样的图片或文字", "The same pictures or words elsewhere");
    g_string_append_printf(
        pdf_cell(paper, 0),
        pdf_say(paper,
                "提供图片 %" PRId64 " 张；相同或相近的图片见于 %" PRId64
                " 个其他订单（店铺 %" PRId64 "，其他买家 %" PRId64
                "）；相近的文字见于 %" PRId64 " 个其他订单（店铺 %" PRId64
                "，其他买家 %" PRId64 "）。其他店铺只计数，不具名。",
                "Pictures given: %" PRId64 "; the same or nearly the same on %" PRId64
                " other orders (shops %" PRId64 ", other buyers %" PRId64
                "); nearly the same words on %" PRId64 " other orders (shops %" PRId64
                ", other buyers %" PRId64 "). Other shops are counted, not named."),
        elsewhere->photos, elsewhere->photo_matches, elsewhere->photo_shops,
        elsewhere->photo_buyers, elsewhere->text_matches, elsewhere->text_shops,
        elsewhere->text_buyers);
    pdf_ink(paper, PDF_INK);
    pdf_paragraph(paper, PDF_BODY, "P", 0);
    if (elsewhere->photo.count + elsewhere->text.count == 0)
        return;
    pdf_table_begin(paper, &table);
    put_matches(paper, true);
    put_matches(paper, false);
    pdf_table_end(paper);
    if (elsewhere->photo.count > REBUT_PACK_SHOWN ||
        elsewhere->text.count > REBUT_PACK_SHOWN) {
        g_string_append_printf(
            pdf_cell(paper, 0),
            pdf_say(paper, "每类只列最相近的 %d 个；JSON 中各列至多 50 个。",
                    "The nearest %d of a kind; the JSON lists up to 50 of each."),
            REBUT_PACK_SHOWN);
        pdf_ink(paper, PDF_QUIET);
        pdf_paragraph(paper, PDF_SMALL, "P", 0);
    }
}

void pdf_records(struct pdf_paper *paper)
{
    put_buyer(paper);
    put_shop(paper);
    put_elsewhere(paper);
}
