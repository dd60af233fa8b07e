#include "pack_words.h"

#include <inttypes.h>
#include <math.h>

#include "pack_figures.h"
#include "rebut/case_page.h"

static void spell_span(int64_t span, char zh[REBUT_CASE_SPAN], char en[REBUT_CASE_SPAN])
{
    const int64_t size = span < 0 ? -span : span;
    rebut_case_span(size, REBUT_CHINESE, zh);
    rebut_case_span(size, REBUT_ENGLISH, en);
}

struct rebut_pack_words
rebut_pack_interval_words(struct rebut_pack *pack,
                          const struct rebut_pack_interval *interval)
{
    static const struct {
        const char *zh[2], *en[2]; /* after, before */
    } words[REBUT_INTERVALS] = {
        [REBUT_INTERVAL_PROMISE_TO_SHIPMENT] = {{"晚于承诺时限 %s 发货",
                                                 "早于承诺时限 %s 发货"},
                                                {"shipped %s later than promised",
                                                 "shipped %s before the promised time"}},
        [REBUT_INTERVAL_SHIPMENT_TO_SIGNATURE] = {{"发货后 %s 签收", "发货前 %s 签收"},
                                                  {"signed for %s after it was shipped",
                                                   "signed for %s before it was "
                                                   "shipped"}},
        [REBUT_INTERVAL_SIGNATURE_TO_REQUEST] = {{"签收后 %s 申请仅退款",
                                                  "签收前 %s 申请仅退款"},
                                                 {"asked %s after signing",
                                                  "asked %s before signing"}},
        [REBUT_INTERVAL_ORDER_TO_REQUEST] = {{"下单后 %s 申请仅退款",
                                              "下单前 %s 申请仅退款"},
                                             {"asked %s after the order",
                                              "asked %s before the order"}},
    };
    char zh[REBUT_CASE_SPAN], en[REBUT_CASE_SPAN];
    const int before = interval->span < 0;
    spell_span(interval->span, zh, en);
    const char *const *say_zh = words[interval->kind].zh;
    const char *const *say_en = words[interval->kind].en;
    /* One "%s" each: filled by hand, so that the formats may lie in a table. */
    const char *at_zh = strstr(say_zh[before], "%s"),
               *at_en = strstr(say_en[before], "%s");
    return (struct rebut_pack_words){
        rebut_pack_print(pack, "%.*s%s%s", (int)(at_zh - say_zh[before]), say_zh[before],
                         zh, at_zh + 2),
        rebut_pack_print(pack, "%.*s%s%s", (int)(at_en - say_en[before]), say_en[before],
                         en, at_en + 2)};
}

struct rebut_pack_words rebut_pack_buyer_words(struct rebut_pack *pack,
                                               const struct rebut_pack_buyer *buyer)
{
    if (buyer->orders <= 1)
        return PACK_SAY(pack, "买家只有这 %" PRId64 " 个订单，没有其他记录可比",
                        "the buyer has %" PRId64 " order only: there is no record to "
                        "compare",
                        buyer->orders);
    return PACK_SAY(
        pack,
        "买家 %" PRId64 " 个订单（%" PRId64 " 家店铺）中，除本次外有 %" PRId64
        " 起仅退款；普通买家在同样的订单上约有 %.2f 起，为其 %.1f 倍（90%% 区间 "
        "%.1f–%.1f "
        "倍）；%" PRId64 " 个订单无任何争议",
        "of the buyer's %" PRId64 " orders (%" PRId64 " shops) %" PRId64
        " beside this one had a refund-only request; an ordinary buyer would have %.2f "
        "on "
        "the same orders, so %.1f times as many (90%% interval %.1f to %.1f); orders "
        "without any dispute: %" PRId64,
        buyer->orders, buyer->shops, buyer->other_requests, buyer->expected, buyer->ratio,
        buyer->low, buyer->high, buyer->undisputed);
}

struct rebut_pack_words rebut_pack_shop_words(struct rebut_pack *pack,
                                              const struct rebut_pack_shop *shop)
{
    char rate[REBUT_PACK_PERCENT], low[REBUT_PACK_PERCENT], high[REBUT_PACK_PERCENT],
        of[REBUT_PACK_PERCENT];
    if (shop->sku_rate.orders == 0)
        return PACK_SAY(
            pack,
            "该商品没有其他买家的订单可比；全店 %" PRId64 " 个订单中 %" PRId64
            " 起仅退款",
            "no other buyer ordered this item, so there is nothing to compare; "
            "of the shop's %" PRId64 " orders %" PRId64 " had a refund-only request",
            shop->shop_rate.orders, shop->shop_rate.requests);
    return PACK_SAY(
        pack,
        "该商品其他买家 %" PRId64 " 个订单中 %" PRId64
        " 起仅退款（%s，90%% 区间 %s 至 %s），同类目 %s",
        "of %" PRId64 " orders of this item by others %" PRId64
        " had a refund-only request (%s, 90%% interval %s to %s), of the category %s",
        shop->sku_rate.orders, shop->sku_rate.requests,
        rebut_pack_percent(shop->sku_rate.rate, rate),
        rebut_pack_percent(shop->sku_rate.low, low),
        rebut_pack_percent(shop->sku_rate.high, high),
        rebut_pack_percent(shop->category_rate.rate, of));
}

struct rebut_pack_words rebut_pack_returns_words(struct rebut_pack *pack,
                                                 const struct rebut_pack_shop *shop)
{
    char rate[REBUT_PACK_PERCENT], of[REBUT_PACK_PERCENT];
    return PACK_SAY(pack,
                    "该商品其他买家 %" PRId64 " 个订单中 %" PRId64
                    " 个因商品问题退货（%s），同类目 %s",
                    "of %" PRId64 " orders of this item by others %" PRId64
                    " were sent back for a fault (%s), of the category %s",
                    shop->sku_returns.orders, shop->sku_returns.requests,
                    rebut_pack_percent(shop->sku_returns.rate, rate),
                    rebut_pack_percent(shop->category_returns.rate, of));
}

struct rebut_text rebut_pack_plain(struct rebut_pack *pack, const char *word)
{
    char plain[REBUT_CASE_WHAT];
    size_t size = 0;
    for (; word[size] != '\0' && size < sizeof plain; size++)
        plain[size] = (char)(word[size] == '_' ? ' ' : word[size]);
    return rebut_pack_keep(pack, (struct rebut_text){plain, size});
}

enum rebut_term_id rebut_pack_term_of(struct rebut_text name)
{
    for (int id = 0; id < REBUT_TERMS; id++)
        if (rebut_text_equal(name,
                             rebut_text_of(rebut_term_name((enum rebut_term_id)id))))
            return (enum rebut_term_id)id;
    return REBUT_TERMS;
}

int rebut_pack_bin_named(int mark, struct rebut_text name)
{
    for (int bin = 0; bin < rebut_mark_tables[mark].bins; bin++)
        if (rebut_text_equal(name, rebut_text_of(rebut_mark_tables[mark].bin[bin].name)))
            return bin;
    return -1;
}

struct rebut_pack_words rebut_pack_line_words(struct rebut_pack *pack,
                                              const struct rebut_pack_line *line)
{
    char zh[REBUT_SENTENCE_SIZE], en[REBUT_SENTENCE_SIZE];
    const struct rebut_term term = {.id = rebut_pack_term_of(line->name),
                                    .log_odds = line->log_odds,
                                    .raw = line->raw,
                                    .observed = line->observed,
                                    .expected = line->expected,
                                    .low = line->low,
                                    .high = line->high,
                                    .n = (uint64_t)line->n};
    const int mark = (int)term.id - REBUT_TERM_MARKS;
    int bin = 0;
    if (mark >= 0 && mark < REBUT_MARKS)
        bin = rebut_pack_bin_named(mark, line->bin);
    if (term.id == REBUT_TERMS || bin < 0)
        return (struct rebut_pack_words){0};
    rebut_term_say(&term, (uint8_t)bin, REBUT_CHINESE, zh);
    rebut_term_say(&term, (uint8_t)bin, REBUT_ENGLISH, en);
    return (struct rebut_pack_words){rebut_pack_print(pack, "%s", zh),
                                     rebut_pack_print(pack, "%s", en)};
}

const char *rebut_pack_source_word(int source, enum rebut_language language)
{
    static const char *const words[REBUT_SOURCES][2] = {
        [REBUT_SOURCE_CARRIER] = {"物流", "carrier"},
        [REBUT_SOURCE_PRICES] = {"价格", "prices"},
        [REBUT_SOURCE_PICTURES] = {"图片", "pictures"},
        [REBUT_SOURCE_TEXTS] = {"文字", "texts"},
        [REBUT_SOURCE_RETURNS] = {"退货", "returns"},
        [REBUT_SOURCE_BUYERS] = {"其他买家", "other buyers"},
        [REBUT_SOURCE_CONTACTS] = {"沟通", "contacts"},
        [REBUT_SOURCE_ORDER] = {"订单", "order"},
        [REBUT_SOURCE_SHOP] = {"本店", "shop"},
    };
    return words[source][language];
}
