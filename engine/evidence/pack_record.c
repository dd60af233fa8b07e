/* The buyer's record, and the merchant's own. */
#include <math.h>
#include <stdlib.h>

#include "pack_figures.h"
#include "pack_words.h"

/* ---- the buyer ---- */

static void count_orders(struct pack_case *own)
{
    const struct rebut_frame *frame = own->maker->frame;
    const struct rebut_state *state = own->maker->state;
    struct rebut_pack_buyer *buyer = &own->pack->buyer;
    uint32_t last = REBUT_NONE; /* rows of a buyer stand by merchant */
    for (uint32_t i = frame->buyer_rows[own->buyer];
         i < frame->buyer_rows[own->buyer + 1]; i++) {
        const uint32_t order = frame->rows[i].order;
        const uint32_t merchant = state->orders.data[order].merchant;
        const uint8_t dispute = own->maker->dispute[order];
        buyer->orders++;
        buyer->orders_here += merchant == own->merchant;
        buyer->shops += merchant != last;
        last = merchant;
        buyer->requests += (dispute & DISPUTE_REFUND_ONLY) != 0;
        buyer->returns += (dispute & DISPUTE_RETURN) != 0;
        buyer->undisputed += dispute == 0;
    }
    own->shops_removed = (uint32_t)(buyer->shops - 1);
}

static int compare_times(const void *left, const void *right)
{
    const int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;
    return a < b ? -1 : a > b;
}

/* Reasons of all requests; delays and verdicts of the others. */
static void count_requests(struct pack_case *own)
{
    const struct rebut_frame *frame = own->maker->frame;
    const struct rebut_state *state = own->maker->state;
    struct rebut_pack_buyer *buyer = &own->pack->buyer;
    const uint32_t first = frame->buyer_claims[own->buyer];
    const uint32_t end = frame->buyer_claims[own->buyer + 1];
    int64_t reasons[REBUT_REASONS] = {0};
    int64_t *delays = rebut_pack_alloc(own->pack, (end - first) * sizeof *delays);
    uint32_t count = 0;
    for (uint32_t i = first; i < end && delays != NULL; i++) {
        const struct rebut_frame_claim *claim = &frame->claims[i];
        const struct rebut_request *request = &state->requests.data[claim->request];
        const struct rebut_order *order = &state->orders.data[request->order];
        reasons[request->reason]++;
        if (claim->first == own->claim->first)
            continue;
        buyer->judged_abuse += claim->said_abuse > claim->said_legitimate;
        buyer->judged_legitimate += claim->said_legitimate > claim->said_abuse;
        if (order->delivered_s != REBUT_SECONDS_NONE)
            delays[count++] = request->at - order->at - order->delivered_s * REBUT_SECOND;
    }
    if (count > 0)
        qsort(delays, count, sizeof *delays, compare_times);
    buyer->median_delay =
        count > 0 ? delays[(count - 1) / 2] / REBUT_PACK_STEP * REBUT_PACK_STEP
                  : REBUT_TIME_NONE;
    for (int r = 0; r < REBUT_REASONS; r++) {
        struct rebut_pack_reason_count *put =
            reasons[r] == 0 ? NULL : REBUT_PACK_MORE(own->pack, &buyer->reasons);
        if (put != NULL)
            *put = (struct rebut_pack_reason_count){r, reasons[r]};
    }
}

void rebut_pack_put_buyer(struct pack_case *own)
{
    const struct rebut_inference *inference = own->maker->scores->inference;
    const struct rebut_buyer_result *result = &inference->buyers[own->buyer];
    const struct rebut_state *state = own->maker->state;
    struct rebut_pack_buyer *buyer = &own->pack->buyer;
    const int32_t age = own->order->account_age_s;
    *buyer = (struct rebut_pack_buyer){
        .expected = rebut_pack_round(result->fault_exposure),
        .account_age = age == REBUT_SECONDS_NONE
                           ? REBUT_TIME_NONE
                           : age * REBUT_SECOND / REBUT_DAY * REBUT_DAY,
        .prior = rebut_pack_round(result->pi),
        .prior_alone = rebut_pack_round(own->maker->scores->model->population.pi),
        .turned_since = own->score->turned.since == REBUT_TIME_NONE
                            ? REBUT_TIME_NONE
                            : rebut_pack_day(own->score->turned.since),
        .turned_bound = own->score->turned.since == REBUT_TIME_NONE
                            ? (double)NAN
                            : rebut_pack_round(own->score->turned.bound)};
    if (result->group != REBUT_NONE) {
        buyer->ring_link =
            REBUT_LINK_DEVICE + own->maker->frame->groups[result->group].key;
        buyer->ring_others = rebut_ring_size(inference, own->buyer) - 1;
    }
    if (own->maker->has_secret) {
        char pseudonym[REBUT_PACK_PSEUDONYM];
        rebut_pack_pseudonym(own->maker->secret,
                             rebut_intern_text(&state->merchant_ids, own->merchant),
                             rebut_intern_text(&state->buyer_ids, own->buyer), pseudonym);
        buyer->pseudonym = rebut_pack_keep(own->pack, rebut_text_of(pseudonym));
    }
    count_orders(own);
    count_requests(own);
    buyer->other_requests = own->pack->inputs.record.count - (int64_t)1;
    rebut_pack_ratio_of(buyer->other_requests, buyer->expected, &buyer->ratio,
                        &buyer->low, &buyer->high);
    buyer->summary = rebut_pack_buyer_words(own->pack, buyer);
}

/* ---- the shop, without this buyer ---- */

struct sums {
    struct tally shop, listing, category;
};

static void without_buyer(const struct pack_case *own, struct sums *ret)
{
    const struct rebut_pack_maker *maker = own->maker;
    const struct rebut_frame *frame = maker->frame;
    ret->shop = maker->shops[own->merchant];
    ret->listing = maker->listings[own->listing];
    ret->category = maker->categories[own->order->category];
    for (uint32_t i = frame->buyer_rows[own->buyer];
         i < frame->buyer_rows[own->buyer + 1]; i++) {
        const struct rebut_row *row = &frame->rows[i];
        const struct rebut_order *order = &maker->state->orders.data[row->order];
        const uint8_t dispute = maker->dispute[row->order];
        if (order->category == own->order->category)
            rebut_pack_tally_order(&ret->category, order, dispute, -1);
        if (order->merchant == own->merchant)
            rebut_pack_tally_order(&ret->shop, order, dispute, -1);
        if (frame->unit_listing[row->unit] == own->listing)
            rebut_pack_tally_order(&ret->listing, order, dispute, -1);
    }
    for (uint32_t i = frame->buyer_claims[own->buyer];
         i < frame->buyer_claims[own->buyer + 1]; i++) {
        const uint32_t unit = frame->rows[frame->claims[i].row].unit;
        const rebut_fixed fault = rebut_to_fixed(
            1 - maker->scores->list[maker->scores->by_claim[i]].probability);
        if (frame->unit_merchant[unit] == own->merchant) {
            ret->shop.claims--;
            ret->shop.fault -= fault;
        }
        if (frame->unit_listing[unit] == own->listing) {
            ret->listing.claims--;
            ret->listing.fault -= fault;
        }
    }
}

/* Unsuspected buyers (REBUT_GROUPS_LEAST) with a record, not of the same ring, who asked
 * for the same reason about the same item, bought within 14 days of this one. */
#define SUSPECTED .10
#define WITNESS_ORDERS 3
static bool is_witness(const struct pack_case *own, uint32_t claim)
{
    const struct rebut_pack_maker *maker = own->maker;
    const struct rebut_frame *frame = maker->frame;
    const struct rebut_request *request =
        &maker->state->requests.data[frame->claims[claim].request];
    const struct rebut_order *order = &maker->state->orders.data[request->order];
    const struct rebut_buyer_result *buyers = maker->scores->inference->buyers;
    const int64_t apart = order->at - own->order->at;
    const uint32_t *rows = &frame->buyer_rows[order->buyer];
    const bool ring = buyers[own->buyer].group != REBUT_NONE &&
                      buyers[own->buyer].group == buyers[order->buyer].group;
    return order->buyer != own->buyer && request->reason == own->request->reason &&
           frame->claims[claim].first == claim && !ring && apart <= REBUT_WINDOW &&
           -apart <= REBUT_WINDOW && rows[1] - rows[0] >= WITNESS_ORDERS &&
           maker->scores->list[maker->scores->by_claim[claim]].probability < SUSPECTED;
}

/* Claims of a listing stand by buyer, so one who asked twice comes twice in a row. */
static int64_t count_witnesses(const struct pack_case *own)
{
    const struct rebut_pack_maker *maker = own->maker;
    uint32_t last = REBUT_NONE;
    int64_t witnesses = 0;
    for (uint32_t i = maker->listing_first[own->listing];
         i < maker->listing_first[own->listing + 1]; i++) {
        const uint32_t claim = maker->listing_claims[i];
        const uint32_t row = maker->frame->claims[claim].row;
        const uint32_t buyer =
            maker->state->orders.data[maker->frame->rows[row].order].buyer;
        if (buyer == last || !is_witness(own, claim))
            continue;
        witnesses++;
        last = buyer;
    }
    return witnesses;
}

static void add_why(struct pack_case *own, struct rebut_pack_words words)
{
    struct rebut_pack_words *put = REBUT_PACK_MORE(own->pack, &own->pack->shop.why);
    if (put != NULL)
        *put = words;
}

static void put_why(struct pack_case *own)
{
    const struct rebut_pack_shop *shop = &own->pack->shop;
    struct rebut_pack *pack = own->pack;
    if (shop->sku_fault.ratio >= REBUT_PACK_FAULTY && shop->sku_fault.low > 1)
        add_why(own, PACK_SAY(pack, "该商品的问题率是店内其他商品的 %.2f 倍",
                              "this item goes wrong %.2f times as often as the shop's "
                              "others",
                              shop->sku_fault.ratio));
    if (shop->shop_fault.ratio >= REBUT_PACK_FAULTY && shop->shop_fault.low > 1)
        add_why(own,
                PACK_SAY(pack, "本店的问题率是同类商家的 %.2f 倍",
                         "the shop goes wrong %.2f times as often as comparable ones",
                         shop->shop_fault.ratio));
    if (shop->recent_fault.ratio >= REBUT_PACK_FAULTY)
        add_why(own,
                PACK_SAY(pack, "下单前后两周内，问题率是平时的 %.2f 倍",
                         "in the two weeks around the order it went wrong %.2f times "
                         "as often as otherwise",
                         shop->recent_fault.ratio));
    if (shop->witnesses >= REBUT_PACK_WITNESSES)
        add_why(own, PACK_SAY(pack, "另有 %lld 名无嫌疑的买家同期就同一商品提出同样理由",
                              "%lld other buyers, who are not suspected, asked for the "
                              "same reason about the same item in the same days",
                              (long long)shop->witnesses));
}

void rebut_pack_put_shop(struct pack_case *own)
{
    const struct rebut_pack_level *levels = own->pack->inputs.levels.list;
    struct rebut_pack_shop *shop = &own->pack->shop;
    struct sums sums;
    if (own->pack->inputs.levels.count != REBUT_LEVELS)
        return; /* no memory */
    without_buyer(own, &sums);
    *shop = (struct rebut_pack_shop){
        .sku_rate = rebut_pack_rate_of(sums.listing.requests, sums.listing.orders),
        .shop_rate = rebut_pack_rate_of(sums.shop.requests, sums.shop.orders),
        .category_rate = rebut_pack_rate_of(sums.category.requests, sums.category.orders),
        .sku_returns = rebut_pack_rate_of(sums.listing.returns, sums.listing.orders),
        .category_returns =
            rebut_pack_rate_of(sums.category.returns, sums.category.orders),
        .shop_fault = rebut_pack_fault_of(&levels[REBUT_LEVEL_MERCHANT]),
        .sku_fault = rebut_pack_fault_of(&levels[REBUT_LEVEL_LISTING]),
        .recent_fault = rebut_pack_recent_of(&levels[REBUT_LEVEL_MERCHANT_WINDOW],
                                             &levels[REBUT_LEVEL_UNIT]),
        .sku_share = rebut_pack_share_of(
            sums.listing.claims, rebut_pack_round(rebut_from_fixed(sums.listing.fault))),
        .shop_share = rebut_pack_share_of(
            sums.shop.claims, rebut_pack_round(rebut_from_fixed(sums.shop.fault))),
        .shipped = sums.shop.promised,
        .shipped_late = sums.shop.late,
        .witnesses = count_witnesses(own)};
    shop->explains = rebut_pack_explains(shop);
    if (shop->explains)
        put_why(own);
    shop->summary = rebut_pack_shop_words(own->pack, shop);
}
