#include "market.h"

/* Discounts before a festival, and what is left of them afterwards. */
static void price_festival(struct market *market, uint32_t m, struct market_today today,
                           struct dice *dice, market_price_told *told, void *to)
{
    struct merchant *it = &market->merchants[m];
    const bool begins = today.festival_soon && !it->on_sale && it->campaigns;
    const bool ends = !today.festival_soon && !today.festival && it->on_sale;
    if (!begins && !ends)
        return;
    it->on_sale = begins;
    for (uint32_t s = it->first_sku; s < it->first_sku + it->skus; s++) {
        struct sku *sku = &market->skus[s];
        const double part = dice_fraction(dice);
        const double cut = dice_fraction(dice);
        if (part >= .22)
            continue;
        const uint32_t before = sku->price;
        if (begins)
            sku->price = (uint32_t)(sku->base_price * (.70 + .22 * cut));
        else /* a third of the goods are cheaper after the festival than in it */
            sku->price = cut < .35 ? (uint32_t)(sku->price * .8) : sku->base_price;
        if (sku->price < 100)
            sku->price = 100;
        if (sku->price != before)
            told(to, s);
    }
}

static void price_plain(struct market *market, uint32_t m, struct dice *dice,
                        market_price_told *told, void *to)
{
    struct merchant *it = &market->merchants[m];
    if (!dice_chance(dice, .035))
        return;
    const uint32_t s = it->first_sku + dice_below(dice, it->skus);
    struct sku *sku = &market->skus[s];
    const double change = .75 + .4 * dice_fraction(dice);
    sku->price = (uint32_t)(sku->base_price * change) + 100;
    told(to, s);
}

/* A bad batch: one SKU, two to five weeks, then the next delivery is good again. */
static void start_batch(struct market *market, uint32_t m, uint32_t second,
                        struct dice *dice)
{
    struct merchant *it = &market->merchants[m];
    if (!dice_chance(dice, .006))
        return;
    struct sku *sku = &market->skus[it->first_sku + dice_below(dice, it->skus) / 2];
    sku->batch_until = second + (14 + dice_below(dice, 21)) * 86400;
    const double goods = dice_fraction(dice);
    sku->batch_fault = (6 + 16 * goods);
}

/* Too much came back: those who care do something, by a quarter at a time. */
static void learn(struct merchant *it, struct dice *dice)
{
    const double back = it->sold > 0 ? (double)it->came_back / it->sold : 0;
    if (it->sold >= 40 && it->learns && back > .06 && dice_chance(dice, .2)) {
        it->fault *= .75;
        it->packing *= .85;
        it->boast *= .8;
    }
    if (it->sold >= 40) {
        it->sold /= 2;
        it->came_back /= 2;
    }
    it->fault *= exp(.012 * dice_normal(dice));
    it->handling *= exp(.015 * dice_normal(dice));
    it->handling = clamp(it->handling, 3, 72);
}

void sim_market_live(struct market *market, uint32_t merchant, struct market_today today,
                     market_price_told *told, void *to)
{
    const uint64_t about = (uint64_t)today.second << 32 | merchant;
    struct dice dice = dice_for(market->seed ^ 0xda1, about);
    learn(&market->merchants[merchant], &dice);
    start_batch(market, merchant, today.second, &dice);
    price_festival(market, merchant, today, &dice, told, to);
    price_plain(market, merchant, &dice, told, to);
}
