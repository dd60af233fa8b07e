#include "market.h"

#include <stdlib.h>

#include "roads.h"

const char *const sim_merchant_kind_words[3] = {"good", "poor", "bad"};

/* At 10^5 orders. */
#define MERCHANTS 330.0

static uint8_t choose_trade(struct dice *dice)
{
    double left = dice_fraction(dice) * 1.04; /* the shares' sum */
    for (uint8_t trade = 0; trade < TRADES; trade++) {
        left -= sim_trades[trade].share;
        if (left < 0)
            return trade;
    }
    return 0;
}

/* The bad are bad in one way each: they sell counterfeits, rubbish, or chaos. */
static void spoil(struct merchant *it, const struct setting *setting, struct dice *dice)
{
    const double way = dice_fraction(dice);
    const double much = .7 + .6 * dice_fraction(dice);
    if (way < setting->fake * (.2 + 1.1 * sim_trades[it->trade].fakeable)) {
        it->fake = clamp(.60 * much, 0, .9);
        it->boast += .04 * much;
        it->fault *= 1.5;
    } else if (way < .8) {
        it->fault *= 14 * much;
        it->boast += .2 * much;
        it->packing *= 2.6;
    } else {
        it->slop += .14 * much;
        it->handling *= 2.4;
        it->packing *= 3;
        it->fault *= 2;
    }
}

static void choose_channels(struct merchant *it, struct dice *dice)
{
    /* Shelf, livestream, short video, social; what is left is the private domain. */
    double shares[5] = {.36, .20, .22, .12, .10};
    const uint32_t strong = dice_below(dice, 5);
    shares[strong] += 1.2;
    double sum = 0;
    for (int i = 0; i < 4; i++) {
        sum += shares[i] / 2.2;
        it->channels[i] = (uint8_t)(sum * 255);
    }
}

static void make_merchant(struct merchant *it, const struct setting *setting,
                          struct dice *dice)
{
    *it = (struct merchant){.trade = choose_trade(dice)};
    const double kind = dice_fraction(dice);
    it->kind = kind < setting->bad                   ? MERCHANT_BAD
               : kind < setting->bad + setting->poor ? MERCHANT_POOR
                                                     : MERCHANT_GOOD;
    const double step = it->kind == MERCHANT_POOR ? 2.6 : 1;
    it->fault = 1.3 * step * exp(.35 * dice_normal(dice));
    it->packing = sqrt(step) * exp(.35 * dice_normal(dice));
    it->slop = .006 * step * exp(.5 * dice_normal(dice));
    it->boast = .013 * step * exp(.5 * dice_normal(dice));
    it->handling = 10 * sqrt(step) * exp(.4 * dice_normal(dice));
    if (it->kind == MERCHANT_BAD)
        spoil(it, setting, dice);
    else if (it->kind == MERCHANT_POOR &&
             dice_chance(dice, .08 * sim_trades[it->trade].fakeable))
        it->fake = .12;
    it->leniency = dice_fraction(dice);
    it->carrier = (uint8_t)dice_below(dice, CARRIERS);
    it->campaigns = dice_chance(dice, .65);
    it->learns = dice_chance(dice, it->kind == MERCHANT_BAD ? .15 : .5);
    it->weight = exp(1.25 * dice_normal(dice));
    if (it->kind == MERCHANT_BAD) /* word gets round */
        it->weight *= .8;
    else if (dice_chance(dice, .04))
        it->weight *= 5;
    it->weight = clamp(it->weight, .03, 30);
    choose_channels(it, dice);
}

static void make_sku(struct sku *sku, const struct merchant *merchant, uint32_t index,
                     struct dice *dice)
{
    const struct trade *trade = &sim_trades[merchant->trade];
    const double spread = log(trade->price_high / trade->price_low) / 2.56;
    const double middle = sqrt(trade->price_high * trade->price_low);
    const double yuan = middle * exp(spread * dice_normal(dice));
    const double weight = trade->weight_g * exp(.4 * dice_normal(dice));
    const double flaw = exp(.5 * dice_normal(dice));
    /* Prices end in .9, .8 or .00, as they do. */
    const uint32_t fen = (uint32_t)(yuan < 1 ? 1 : yuan) * 100;
    static const uint32_t endings[4] = {90, 80, 99, 0};
    const uint32_t ending = endings[dice_below(dice, 4)];
    *sku = (struct sku){.merchant = index,
                        .base_price = fen + ending,
                        .price = fen + ending,
                        .weight_g = (uint32_t)weight + 5,
                        .flaw = flaw,
                        .batch_fault = 1};
    /* A counterfeiter sells some goods that are what they say. */
    const bool honest_goods = dice_chance(dice, .3);
    sku->fake = honest_goods ? 0 : clamp(merchant->fake / .7, 0, .95);
}

/* Walker 1977, in whole units so that it is the same everywhere. */
static bool make_alias(struct market *market, struct rebut_error *err)
{
    const uint32_t n = market->merchant_count;
    market->alias_cut = malloc(n * sizeof *market->alias_cut);
    market->alias = malloc(n * sizeof *market->alias);
    double *share = malloc(n * sizeof *share);
    uint32_t *stack =
        malloc(n * sizeof *stack); /* small from the left, large from right */
    const bool ok = market->alias_cut && market->alias && share && stack;
    if (ok) {
        double sum = 0;
        uint32_t small = 0, large = n;
        for (uint32_t i = 0; i < n; i++)
            sum += market->merchants[i].weight;
        for (uint32_t i = 0; i < n; i++) {
            share[i] = market->merchants[i].weight / sum * n;
            stack[share[i] < 1 ? small++ : --large] = i;
        }
        while (small > 0 && large < n) {
            const uint32_t low = stack[--small], high = stack[large];
            market->alias_cut[low] = (uint32_t)(share[low] * 4294967295.0);
            market->alias[low] = high;
            share[high] -= 1 - share[low];
            if (share[high] < 1) {
                large++;
                stack[small++] = high;
            }
        }
        while (small > 0 || large < n) {
            const uint32_t left = small > 0 ? stack[--small] : stack[large++];
            market->alias_cut[left] = UINT32_MAX;
            market->alias[left] = left;
        }
    }
    free(share);
    free(stack);
    return ok || rebut_fail_memory(err, "the merchants");
}

static bool make_skus(struct market *market, struct rebut_error *err)
{
    for (uint32_t m = 0; m < market->merchant_count; m++)
        market->sku_count += market->merchants[m].skus;
    market->skus = malloc(market->sku_count * sizeof *market->skus);
    if (market->skus == NULL)
        return rebut_fail_memory(err, "the SKUs");
    uint32_t next = 0;
    for (uint32_t m = 0; m < market->merchant_count; m++) {
        struct merchant *merchant = &market->merchants[m];
        struct dice dice = dice_for(market->seed ^ 0x5c0, m);
        merchant->first_sku = next;
        for (uint32_t i = 0; i < merchant->skus; i++)
            make_sku(&market->skus[next++], merchant, m, &dice);
    }
    return true;
}

bool sim_market_init(struct market *market, uint64_t seed, const struct setting *setting,
                     uint64_t orders, uint32_t days, struct rebut_error *err)
{
    *market = (struct market){.seed = hash_of(seed, 0x3a4)};
    const double size = exp(.7 * log((double)orders / 100000));
    market->merchant_count = (uint32_t)(MERCHANTS * size) + 8;
    market->hosts = market->merchant_count / 3 + 4;
    market->merchants = malloc(market->merchant_count * sizeof *market->merchants);
    if (market->merchants == NULL)
        return rebut_fail_memory(err, "the merchants");
    double weights = 0;
    for (uint32_t m = 0; m < market->merchant_count; m++) {
        struct dice dice = dice_for(market->seed, m);
        struct merchant *it = &market->merchants[m];
        make_merchant(it, setting, &dice);
        const double skus = 4 + 7 * dice_wait(&dice) * (1 + sqrt(it->weight) / 2);
        it->skus = (uint32_t)clamp(skus, 2, 90);
        weights += it->weight;
    }
    for (uint32_t m = 0; m < market->merchant_count; m++) {
        struct merchant *it = &market->merchants[m];
        const double a_day = (double)orders / days * it->weight / weights;
        const double spare = it->kind == MERCHANT_GOOD ? 1.9 : 1.45;
        it->capacity = a_day * spare + 4;
    }
    return make_skus(market, err) && make_alias(market, err);
}

void sim_market_release(struct market *market)
{
    free(market->merchants);
    free(market->skus);
    free(market->alias_cut);
    free(market->alias);
    *market = (struct market){0};
}

uint32_t sim_market_choose(const struct market *market, uint64_t hash)
{
    const uint32_t m = below_of(hash, market->merchant_count);
    return (uint32_t)scramble(hash) <= market->alias_cut[m] ? m : market->alias[m];
}

uint32_t sim_market_choose_sku(const struct market *market, uint32_t merchant,
                               struct dice *dice)
{
    const struct merchant *it = &market->merchants[merchant];
    const double place = dice_fraction(dice);
    return it->first_sku + (uint32_t)(place * place * it->skus);
}

void sim_market_pitch(const struct market *market, uint32_t merchant, struct dice *dice,
                      struct pitch *ret)
{
    const struct merchant *it = &market->merchants[merchant];
    const uint32_t place = dice_below(dice, 255);
    int channel = 0;
    while (channel < 4 && place >= it->channels[channel])
        channel++;
    *ret = (struct pitch){REBUT_CHANNEL_SHELF + (unsigned)channel, UINT32_MAX, UINT32_MAX,
                          0};
    const uint32_t which = dice_below(dice, 4);
    if (ret->channel == REBUT_CHANNEL_LIVESTREAM ||
        ret->channel == REBUT_CHANNEL_SHORT_VIDEO) {
        const uint32_t slot = merchant * 4 + (which & it->trade);
        ret->host = below_of(hash_of(market->seed ^ 0x4057, slot), market->hosts);
        const double hype = fraction_of(hash_of(market->seed ^ 0x427e, ret->host));
        ret->hype = hype * hype * (ret->channel == REBUT_CHANNEL_LIVESTREAM ? 1 : .5);
    } else if (ret->channel == REBUT_CHANNEL_PRIVATE_DOMAIN) {
        ret->dealer = which;
        const uint64_t push = hash_of(market->seed ^ 0xdea1, merchant * 8 + which);
        ret->hype = fraction_of(push) * fraction_of(push) * .8;
    }
}
