/* Each claim of the buyer, the records that support it, and those that contradict it. */
#include <math.h>
#include <stdlib.h>

#include "pack_figures.h"
#include "pack_words.h"
#include "rebut/case_page.h"

enum side { SUPPORTS, CONTRADICTS, SILENT };

static struct rebut_pack_fact *add_fact(struct pack_case *own,
                                        struct rebut_pack_claim *claim, enum side side,
                                        int source)
{
    struct rebut_pack_fact *fact =
        side == SUPPORTS      ? REBUT_PACK_MORE(own->pack, &claim->supports)
        : side == CONTRADICTS ? REBUT_PACK_MORE(own->pack, &claim->contradicts)
                              : REBUT_PACK_MORE(own->pack, &claim->silent);
    if (fact != NULL)
        *fact = (struct rebut_pack_fact){.source = source, .at = REBUT_TIME_NONE};
    return fact;
}

static void say_fact(struct pack_case *own, struct rebut_pack_claim *claim,
                     enum side side, int source, int64_t at,
                     struct rebut_pack_words words)
{
    struct rebut_pack_fact *fact = add_fact(own, claim, side, source);
    if (fact == NULL)
        return;
    fact->at = at;
    fact->sentence = words;
}

static struct rebut_pack_words both(struct pack_case *own, const char *zh, const char *en)
{
    return (struct rebut_pack_words){rebut_pack_keep(own->pack, rebut_text_of(zh)),
                                     rebut_pack_keep(own->pack, rebut_text_of(en))};
}

/* A line that hardly moves the sum speaks neither for nor against. */
#define HARDLY .05

/* Which side a mark speaks for: the expert's weight and the line must agree.  In the sum
 * each mark is shifted so that it is neutral over all requests, and weights learned from
 * verdicts may turn: what the expert has as saying nothing (no text, a reason that the
 * carrier knows nothing of), or as speaking for the buyer (words that fit the goods),
 * must not come out as a record that contradicts him. */
static enum side side_of(enum rebut_mark_id mark, const struct rebut_pack_line *line)
{
    const int bin = rebut_pack_bin_named((int)mark, line->bin);
    const double weight = bin < 0 ? 0 : rebut_mark_tables[mark].bin[bin].weight;
    if (fabs(weight) <= HARDLY || !(fabs(line->log_odds) >= HARDLY))
        return SILENT;
    if ((weight > 0) != (line->log_odds > 0))
        return SILENT;
    return weight > 0 ? CONTRADICTS : SUPPORTS;
}

static void add_mark(struct pack_case *own, struct rebut_pack_claim *claim,
                     enum rebut_mark_id mark, int source)
{
    const char *name = rebut_mark_tables[mark].name;
    for (uint32_t i = 0; i < own->pack->score.lines.count; i++) {
        const struct rebut_pack_line *line = &own->pack->score.lines.list[i];
        if (!rebut_text_equal(line->name, rebut_text_of(name)))
            continue;
        struct rebut_pack_fact *fact = add_fact(own, claim, side_of(mark, line), source);
        if (fact == NULL)
            return;
        fact->mark = line->name;
        fact->sentence = line->sentence;
    }
}

static struct rebut_pack_claim *add_claim(struct pack_case *own, int kind,
                                          struct rebut_pack_words words)
{
    struct rebut_pack_claim *claim = REBUT_PACK_MORE(own->pack, &own->pack->sheet);
    if (claim != NULL)
        *claim = (struct rebut_pack_claim){.kind = kind, .claim = words};
    return claim;
}

/* ---- the reason ---- */

static void say_signature(struct pack_case *own, struct rebut_pack_claim *claim)
{
    const struct rebut_order *order = own->order;
    if (order->delivered_s == REBUT_SECONDS_NONE) {
        say_fact(own, claim, SUPPORTS, REBUT_SOURCE_CARRIER, REBUT_TIME_NONE,
                 both(own, rebut_case_say(REBUT_CASE_NOT_DELIVERED, REBUT_CHINESE),
                      rebut_case_say(REBUT_CASE_NOT_DELIVERED, REBUT_ENGLISH)));
        return;
    }
    const int64_t at = order->at + order->delivered_s * REBUT_SECOND;
    const bool self = order->signed_by == REBUT_SIGNED_SELF;
    if (at > own->request->at)
        say_fact(own, claim, SUPPORTS, REBUT_SOURCE_CARRIER, at,
                 both(own, "申请时物流尚未显示签收，签收在申请之后",
                      "when it was asked the carrier had no signature; that came later"));
    else if (self || order->signed_by == REBUT_SIGNED_NONE)
        say_fact(own, claim, CONTRADICTS, REBUT_SOURCE_CARRIER, at,
                 both(own, self ? "物流显示本人签收" : "物流显示已签收",
                      self ? "the carrier has it signed for by the buyer"
                           : "the carrier has it signed for"));
    else
        say_fact(own, claim, SUPPORTS, REBUT_SOURCE_CARRIER, at,
                 both(own,
                      order->signed_by == REBUT_SIGNED_LOCKER
                          ? "物流显示由快递柜签收，不是本人"
                          : "物流显示由他人签收，不是本人",
                      order->signed_by == REBUT_SIGNED_LOCKER
                          ? "the carrier left it in a locker, not with the buyer"
                          : "the carrier has another's signature, not the buyer's"));
}

static void say_shipment(struct pack_case *own, struct rebut_pack_claim *claim)
{
    const struct rebut_order *order = own->order;
    if (order->shipped_s == REBUT_SECONDS_NONE) {
        say_fact(own, claim, SUPPORTS, REBUT_SOURCE_CARRIER, REBUT_TIME_NONE,
                 both(own, rebut_case_say(REBUT_CASE_NO_SHIPMENT, REBUT_CHINESE),
                      rebut_case_say(REBUT_CASE_NO_SHIPMENT, REBUT_ENGLISH)));
        return;
    }
    for (uint32_t i = 0; i < own->pack->intervals.count; i++) {
        const struct rebut_pack_interval *interval = &own->pack->intervals.list[i];
        if (interval->kind == REBUT_INTERVAL_PROMISE_TO_SHIPMENT)
            say_fact(own, claim, interval->span > 0 ? SUPPORTS : CONTRADICTS,
                     REBUT_SOURCE_CARRIER, interval->to, interval->sentence);
        if (interval->kind == REBUT_INTERVAL_SHIPMENT_TO_SIGNATURE)
            say_fact(own, claim, SILENT, REBUT_SOURCE_CARRIER, interval->to,
                     interval->sentence);
    }
}

/* The lowest price within 15 days of the order. */
static void say_price(struct pack_case *own, struct rebut_pack_claim *claim)
{
    const struct rebut_state *state = own->maker->state;
    uint32_t low = 0, high = state->prices.count;
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        if (state->prices.data[middle].sku < own->order->sku)
            low = middle + 1;
        else
            high = middle;
    }
    const struct rebut_price *lowest = NULL;
    for (; low < state->prices.count && state->prices.data[low].sku == own->order->sku;
         low++) {
        const struct rebut_price *price = &state->prices.data[low];
        if (price->at > own->order->at && price->at <= own->order->at + 15 * REBUT_DAY &&
            (lowest == NULL || price->price < lowest->price))
            lowest = price;
    }
    const double paid =
        own->order->quantity > 0 ? (double)own->order->amount / own->order->quantity : 0;
    if (lowest != NULL && (double)lowest->price < paid)
        say_fact(own, claim, SUPPORTS, REBUT_SOURCE_PRICES, lowest->at,
                 PACK_SAY(own->pack, "下单后15天内，单价由 %.2f元 降至 %.2f元",
                          "within 15 days of the order the price fell from %.2f to %.2f "
                          "yuan",
                          paid / 100, (double)lowest->price / 100));
    else
        say_fact(own, claim, CONTRADICTS, REBUT_SOURCE_PRICES, REBUT_TIME_NONE,
                 both(own, "下单后15天内没有更低价格的记录",
                      "no lower price is on record within 15 days of the order"));
}

static bool in_goods(int reason)
{
    return reason >= REBUT_REASON_DAMAGED && reason <= REBUT_REASON_MISSING_ITEM;
}

/* What others say of the item: for the buyer where it is bad, and where it is good
 * against. */
static void say_goods(struct pack_case *own, struct rebut_pack_claim *claim)
{
    const struct rebut_pack_shop *shop = &own->pack->shop;
    if (shop->witnesses > 0)
        say_fact(own, claim, SUPPORTS, REBUT_SOURCE_BUYERS, REBUT_TIME_NONE,
                 PACK_SAY(own->pack, "另有 %lld 名无嫌疑的买家同期就同一商品提出同样理由",
                          "%lld other buyers, who are not suspected, asked for the same "
                          "reason about the same item in the same days",
                          (long long)shop->witnesses));
    for (uint32_t i = 0; i < shop->why.count && shop->explains; i++)
        if (shop->witnesses < 2 || i + 1 < shop->why.count)
            say_fact(own, claim, SUPPORTS, REBUT_SOURCE_SHOP, REBUT_TIME_NONE,
                     shop->why.list[i]);
    const struct rebut_pack_rate *here = &shop->sku_returns;
    const struct rebut_pack_rate *usual = &shop->category_returns;
    if (here->orders == 0)
        return;
    const enum side side = here->low > usual->high   ? SUPPORTS
                           : here->high < usual->low ? CONTRADICTS
                                                     : SILENT;
    say_fact(own, claim, side, REBUT_SOURCE_RETURNS, REBUT_TIME_NONE,
             rebut_pack_returns_words(own->pack, shop));
}

static void put_reason(struct pack_case *own)
{
    const int reason = own->request->reason;
    const bool none = reason == REBUT_REASON_NONE;
    struct rebut_pack_words words = both(own, "未说明理由", "no reason was given");
    if (!none)
        words = (struct rebut_pack_words){
            rebut_pack_print(own->pack, "%s", rebut_case_reason(reason, REBUT_CHINESE)),
            rebut_pack_plain(own->pack, rebut_words_reason[reason])};
    struct rebut_pack_claim *claim = add_claim(own, REBUT_CLAIMED_REASON, words);
    if (claim == NULL)
        return;
    if (reason == REBUT_REASON_NOT_RECEIVED)
        say_signature(own, claim);
    if (reason == REBUT_REASON_LATE_DELIVERY || reason == REBUT_REASON_NOT_RECEIVED)
        say_shipment(own, claim);
    if (reason == REBUT_REASON_PRICE_DROP)
        say_price(own, claim);
    if (in_goods(reason))
        say_goods(own, claim);
    /* Of a price that fell the mark asks the prices, not the carrier. */
    add_mark(own, claim, REBUT_MARK_LOGISTICS,
             own->request->reason == REBUT_REASON_PRICE_DROP ? REBUT_SOURCE_PRICES
                                                             : REBUT_SOURCE_CARRIER);
    add_mark(own, claim, REBUT_MARK_CONCORD, REBUT_SOURCE_BUYERS);
    add_mark(own, claim, REBUT_MARK_MIX, REBUT_SOURCE_RETURNS);
}

/* ---- words, pictures, amount, timing ---- */

static void put_words(struct pack_case *own)
{
    const struct rebut_state *state = own->maker->state;
    const uint32_t text = own->request->text;
    const bool none = text == REBUT_NONE || state->texts.data[text].size == 0;
    struct rebut_pack_claim *claim =
        add_claim(own, REBUT_CLAIMED_WORDS,
                  both(own, none ? "没有文字说明" : "买家的文字说明",
                       none ? "no text was given" : "the buyer's words"));
    if (claim == NULL)
        return;
    if (none) /* said once; the three marks could only say it again */
        return;
    claim->quote = rebut_pack_redact(own, state->texts.data[text]);
    add_mark(own, claim, REBUT_MARK_WORDS, REBUT_SOURCE_TEXTS);
    add_mark(own, claim, REBUT_MARK_TEXT, REBUT_SOURCE_TEXTS);
    add_mark(own, claim, REBUT_MARK_COPY, REBUT_SOURCE_TEXTS);
}

static void put_pictures(struct pack_case *own)
{
    const int count = own->request->photo_count;
    struct rebut_pack_claim *claim =
        add_claim(own, REBUT_CLAIMED_PICTURES,
                  PACK_SAY(own->pack, "提供图片 %d 张", "pictures given: %d", count));
    if (claim == NULL || count == 0)
        return;
    add_mark(own, claim, REBUT_MARK_PHOTO, REBUT_SOURCE_PICTURES);
}

static void put_amount(struct pack_case *own)
{
    struct rebut_pack_claim *claim = add_claim(
        own, REBUT_CLAIMED_AMOUNT,
        PACK_SAY(own->pack, "申请退款 %.2f元，实付 %.2f元",
                 "asked for %.2f yuan of %.2f paid", (double)own->request->amount / 100,
                 (double)own->order->amount / 100));
    if (claim == NULL)
        return;
    add_mark(own, claim, REBUT_MARK_AMOUNT, REBUT_SOURCE_ORDER);
}

static void put_timing(struct pack_case *own)
{
    const struct rebut_pack *pack = own->pack;
    struct rebut_pack_words when = {0};
    for (uint32_t i = 0; i < pack->intervals.count && when.zh.data == NULL; i++)
        if (pack->intervals.list[i].kind >= REBUT_INTERVAL_SIGNATURE_TO_REQUEST)
            when = pack->intervals.list[i].sentence;
    struct rebut_pack_claim *claim = add_claim(own, REBUT_CLAIMED_TIMING, when);
    if (claim == NULL)
        return;
    add_mark(own, claim, REBUT_MARK_DELAY, REBUT_SOURCE_CARRIER);
    add_mark(own, claim, REBUT_MARK_REPLY, REBUT_SOURCE_CONTACTS);
}

void rebut_pack_put_sheet(struct pack_case *own)
{
    put_reason(own);
    put_words(own);
    put_pictures(own);
    put_amount(own);
    put_timing(own);
}
