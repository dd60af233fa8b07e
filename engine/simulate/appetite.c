#include "world.h"

/* Candidates looked at before one is chosen. */
#define CANDIDATES 6
#define CLAIMANT_CANDIDATES 30 /* who search for a living */

double sim_merchant_risk(const struct merchant *merchant)
{
    return clamp((merchant->fault - 1) / 5 + merchant->fake * 1.6 + merchant->slop * 6 +
                     merchant->boast * 3,
                 0, 1);
}

bool sim_buyer_has_turned(const struct world *world, uint32_t buyer, enum buyer_kind kind,
                          uint32_t second)
{
    if (kind != BUYER_SLEEPER)
        return kind == BUYER_SERIAL || kind == BUYER_RING;
    const double when = .12 + .75 * people_trait(&world->people, buyer, TRAIT_TURN);
    return second >= when * world->people.seconds;
}

/* Greed, less fear, against a threshold; success feeds it and refusals starve it. */
bool sim_wants_free_goods(const struct world *world, uint32_t buyer, enum buyer_kind kind,
                          uint32_t second, struct dice *dice)
{
    if (kind == BUYER_HONEST || kind == BUYER_OPPORTUNIST || kind == BUYER_CLAIMANT ||
        !sim_buyer_has_turned(world, buyer, kind, second))
        return false;
    const struct memory *memory = &world->people.memory[buyer];
    const double greed = people_trait(&world->people, buyer, TRAIT_GREED);
    const bool rests = second / 86400 < memory->rest_until;
    double desire = (kind == BUYER_SLEEPER ? .20 : -.06) + .62 * greed;
    desire += clamp(memory->nerve / 60.0, -.3, .2);
    if (kind == BUYER_RING) /* they wait for the next raid */
        desire -= .35;
    if (rests)
        desire -= .5;
    desire *= world->setting->greed;
    return desire + .3 * dice_normal(dice) > .62;
}

/* What is this SKU worth to somebody who does not mean to pay? */
static double allure(struct world *world, uint32_t buyer, enum buyer_kind kind,
                     uint32_t sku)
{
    const struct merchant *merchant = world_merchant(world, sku);
    const struct trade *trade = &sim_trades[merchant->trade];
    const double yuan = world->market.skus[sku].price / 100.0;
    if (kind == BUYER_CLAIMANT)
        return 4 * world->market.skus[sku].fake + .25 * log(yuan + 1);
    /* Above some amount the platform looks twice. */
    const double limit = 60 + 260 * people_trait(&world->people, buyer, TRAIT_BUDGET);
    double worth = log(1 + (yuan < limit ? yuan : limit) / 15);
    if (yuan > limit)
        worth -= 1.6 * log(yuan / limit);
    const double paid = (merchant->granted + 2.0) / (merchant->asked + 3.0);
    worth += .7 * merchant->leniency + .8 * paid - .5 * trade->returnable;
    return worth + 3.2 * world->setting->hide * sim_merchant_risk(merchant);
}

/* A small merchant with a good name: what an attack is aimed at. */
static uint32_t choose_victim(const struct world *world, struct dice *dice)
{
    uint32_t best = sim_market_choose(&world->market, dice_bits(dice));
    for (int tries = 0; tries < 60; tries++) {
        const uint32_t m = dice_below(dice, world->market.merchant_count);
        const struct merchant *it = &world->market.merchants[m];
        if (it->kind == MERCHANT_GOOD && it->weight < 1.2 && it->weight > .15)
            return m;
        if (it->kind == MERCHANT_GOOD)
            best = m;
    }
    return best;
}

uint32_t sim_choose_target(struct world *world, uint32_t buyer, enum buyer_kind kind,
                           uint32_t second, struct dice *dice)
{
    if (kind == BUYER_ATTACKER)
        return sim_market_choose_sku(&world->market, choose_victim(world, dice), dice);
    const struct memory *memory = &world->people.memory[buyer];
    uint32_t best = 0;
    double most = -1e9;
    const int candidates = kind == BUYER_CLAIMANT ? CLAIMANT_CANDIDATES : CANDIDATES;
    for (int i = 0; i < candidates; i++) {
        /* What went well last month is looked at again. */
        const bool again = i == 0 && memory->nerve > 0;
        const uint64_t last = hash_of(world->people.seed ^ 0x1a57,
                                      (uint64_t)buyer << 16 | second / (30 * 86400));
        const uint64_t fresh = dice_bits(dice);
        const uint32_t merchant = sim_market_choose(&world->market, again ? last : fresh);
        const uint32_t sku = sim_market_choose_sku(&world->market, merchant, dice);
        const double whim = .45 * dice_normal(dice);
        const double worth = allure(world, buyer, kind, sku) + whim + (again ? .4 : 0);
        if (worth > most) {
            most = worth;
            best = sku;
        }
    }
    return best;
}
