#include "world.h"

/* How bad each condition is at its worst, and how often it is noticed. */
static const double gravity[CONDITIONS] = {0,   .12, 1.05, 1.0, 1.05,
                                           .95, .75, 1.15, 1.2, 1.2};
static const double noticed[CONDITIONS] = {0, .5, .97, .85, .97, .85, .80, .22, 1, 1};

static const uint8_t reason_of[CONDITIONS] = {
    REBUT_REASON_OTHER,
    REBUT_REASON_QUALITY,
    REBUT_REASON_DAMAGED,
    REBUT_REASON_QUALITY,
    REBUT_REASON_WRONG_ITEM,
    REBUT_REASON_MISSING_ITEM,
    REBUT_REASON_NOT_AS_DESCRIBED,
    REBUT_REASON_COUNTERFEIT,
    REBUT_REASON_NOT_RECEIVED,
    REBUT_REASON_NOT_RECEIVED,
};

static bool is_fault(const struct node *node)
{
    return node->condition >= CONDITION_DAMAGED;
}

/* The reason an honest person ticks: mostly the right one. */
static uint8_t honest_reason(const struct node *node, struct dice *dice)
{
    const uint8_t right = reason_of[node->condition];
    if (node->condition <= CONDITION_BLEMISH && node->late_hours > 0)
        return REBUT_REASON_LATE_DELIVERY;
    if (!dice_chance(dice, .12))
        return right;
    switch (right) {
    case REBUT_REASON_QUALITY:
    case REBUT_REASON_COUNTERFEIT:
        return REBUT_REASON_NOT_AS_DESCRIBED;
    case REBUT_REASON_NOT_AS_DESCRIBED:
    case REBUT_REASON_DAMAGED:
    case REBUT_REASON_WRONG_ITEM:
        return REBUT_REASON_QUALITY;
    default:
        return right;
    }
}

static double hours_until(const struct node *node, struct dice *dice)
{
    const double wait = dice_wait(dice);
    const double pickup = node->signed_by == REBUT_SIGNED_LOCKER ? .35 : .06;
    const double slow = node->condition == CONDITION_DEFECTIVE      ? 2.4
                        : node->condition == CONDITION_COUNTERFEIT  ? 3.0
                        : node->condition == CONDITION_MISDESCRIBED ? 1.3
                        : node->condition == CONDITION_STOLEN       ? 1.5
                                                                    : .5;
    const double quick = dice_fraction(dice) * pickup;
    return (.006 + quick + slow * wait) * 24;
}

enum remedy { REMEDY_REFUND, REMEDY_RETURN, REMEDY_PATCH };

/* Keep it and get the money, send it back, or take a new one: what is worth most. */
static enum remedy choose_remedy(struct world *world, const struct node *node,
                                 struct dice *dice)
{
    const struct trade *trade = world_trade(world, node->sku);
    const double yuan = node->amount / 100.0;
    const double hassle = people_trait(&world->people, node->buyer, TRAIT_HASSLE);
    const double patience = people_trait(&world->people, node->buyer, TRAIT_PATIENCE);
    const bool gone = node->condition == CONDITION_STOLEN;
    const bool plain = node->condition == CONDITION_DAMAGED ||
                       node->condition == CONDITION_WRONG ||
                       node->condition == CONDITION_MISSING;
    double refund = .27 + (yuan < 60 ? .45 : yuan < 200 ? .15 : -.25);
    refund += (plain ? .2 : 0) - .35 * trade->returnable + (gone ? 9 : 0);
    double send = .92 + .55 * trade->returnable - .8 * hassle;
    send += clamp(.22 * log(yuan / 50), -.6, .8);
    double patch = .30 + .55 * patience + (node->condition == CONDITION_MISSING ? .3 : 0);
    refund += .35 * dice_normal(dice);
    send += .35 * dice_normal(dice);
    patch += .35 * dice_normal(dice);
    if (refund >= send && refund >= patch)
        return REMEDY_REFUND;
    return send >= patch ? REMEDY_RETURN : REMEDY_PATCH;
}

static bool changes_mind(struct world *world, const struct node *node, struct dice *dice)
{
    const struct trade *trade = world_trade(world, node->sku);
    const double hype = node->hype / 255.0;
    const double live = node->channel == REBUT_CHANNEL_LIVESTREAM ? 1.4 + hype : 1;
    const double easy = 1.5 - people_trait(&world->people, node->buyer, TRAIT_HASSLE);
    return dice_chance(dice, trade->changed_mind * live * easy);
}

static enum decision ask(struct node *node, enum rebut_request_kind kind, uint8_t reason)
{
    node->request_kind = (uint8_t)kind;
    node->reason = reason;
    node->asked = node->amount;
    return DECIDE_ASK;
}

/* What bothers the buyer against what the buyer puts up with. */
static bool is_upset(struct world *world, const struct node *node, struct dice *dice)
{
    const struct memory *memory = &world->people.memory[node->buyer];
    struct home home;
    sim_world_home(world, node, &home);
    const double expert = people_trait(&world->people, node->buyer, TRAIT_EXPERT);
    double sees = noticed[node->condition];
    if (node->condition == CONDITION_COUNTERFEIT)
        sees = node->kind == BUYER_CLAIMANT ? .92 : .18 + .75 * expert * expert;
    const bool seen = dice_chance(dice, sees);
    const double bad = gravity[node->condition] * (.45 + .55 * node->severity / 255.0);
    const double late = clamp(node->late_hours / 24.0 * .06, 0, .8);
    const double whim = .2 * dice_normal(dice);
    double tolerance =
        .10 + 1.10 * people_trait(&world->people, node->buyer, TRAIT_TOLERANCE);
    tolerance += sim_roads_mood(&world->roads, home.region, node->at);
    tolerance -= clamp(memory->nerve * .004, -.1, .12);
    if (node->kind == BUYER_CLAIMANT)
        tolerance = .45;
    return (seen ? bad : 0) + late + whim > tolerance;
}

static enum decision decide_honestly(struct world *world, struct node *node,
                                     struct dice *dice, double *ret_hours)
{
    *ret_hours = hours_until(node, dice);
    const bool something = node->condition != CONDITION_OK || node->late_hours >= 12;
    if (something && is_upset(world, node, dice)) {
        const uint8_t reason = honest_reason(node, dice);
        const bool chats = dice_chance(dice, .4);
        const bool claims =
            node->kind == BUYER_CLAIMANT && node->condition == CONDITION_COUNTERFEIT;
        const enum remedy remedy =
            claims ? REMEDY_REFUND : choose_remedy(world, node, dice);
        if (remedy == REMEDY_PATCH) {
            /* Those who are not helped ask for the money after all. */
            ask(node, REBUT_KIND_NONE, reason);
            return DECIDE_CHAT;
        }
        ask(node,
            remedy == REMEDY_REFUND ? REBUT_KIND_REFUND_ONLY : REBUT_KIND_RETURN_REFUND,
            reason);
        return chats ? DECIDE_CHAT : DECIDE_ASK;
    }
    if (changes_mind(world, node, dice))
        return ask(node, REBUT_KIND_RETURN_REFUND, REBUT_REASON_CHANGED_MIND);
    if (dice_chance(dice, .07)) {
        *ret_hours = 12 + 168 * dice_fraction(dice);
        return DECIDE_WATCH_PRICE;
    }
    return DECIDE_NOTHING;
}

/* What to say when nothing is wrong: a habit, a whim, or what fits the delivery. */
static uint8_t invented_reason(struct world *world, const struct node *node,
                               struct dice *dice)
{
    static const uint8_t liked[16] = {
        REBUT_REASON_QUALITY,          REBUT_REASON_QUALITY,
        REBUT_REASON_QUALITY,          REBUT_REASON_QUALITY,
        REBUT_REASON_QUALITY,          REBUT_REASON_NOT_AS_DESCRIBED,
        REBUT_REASON_NOT_AS_DESCRIBED, REBUT_REASON_NOT_AS_DESCRIBED,
        REBUT_REASON_DAMAGED,          REBUT_REASON_DAMAGED,
        REBUT_REASON_MISSING_ITEM,     REBUT_REASON_MISSING_ITEM,
        REBUT_REASON_NOT_RECEIVED,     REBUT_REASON_COUNTERFEIT,
        REBUT_REASON_WRONG_ITEM,       REBUT_REASON_OTHER,
    };
    const uint64_t habit = people_trait_bits(&world->people, node->buyer, TRAIT_REASON);
    const bool by_habit = dice_chance(dice, .45);
    const uint32_t whim = dice_below(dice, 16);
    uint32_t which = by_habit ? below_of(habit, 16) : whim;
    if (node->script != 0)
        which = node->script % 5 == 0 ? which : node->script % 16;
    return liked[which];
}

static double abuser_wait(const struct world *world, const struct node *node,
                          struct dice *dice)
{
    const double haste = people_trait(&world->people, node->buyer, TRAIT_HASTE);
    const double wait = dice_wait(dice);
    const bool at_once = dice_chance(dice, haste * .6);
    const double days = at_once ? .004 + .06 * wait : .05 + 1.4 * wait;
    return days * 24;
}

static enum decision lie(struct world *world, struct node *node, struct dice *dice,
                         double *ret_hours)
{
    const bool chats = dice_chance(dice, .2);
    *ret_hours = abuser_wait(world, node, dice);
    ask(node, REBUT_KIND_REFUND_ONLY, invented_reason(world, node, dice));
    if (node->kind == BUYER_OPPORTUNIST && node->late_hours >= 12 &&
        dice_chance(dice, .6))
        node->reason = REBUT_REASON_LATE_DELIVERY;
    node->abuse = true;
    return chats ? DECIDE_CHAT : DECIDE_ASK;
}

/* Ordered with intent; some think better of it, and some have been truly wronged. */
static enum decision decide_with_intent(struct world *world, struct node *node,
                                        struct dice *dice, double *ret_hours)
{
    const struct memory *memory = &world->people.memory[node->buyer];
    const bool wronged = is_fault(node) && node->severity > 80;
    const double fear = memory->nerve < 0 ? .25 : .08;
    const double hide = world->setting->hide;
    const double risk = sim_merchant_risk(world_merchant(world, node->sku));
    const double alone = hide > 0 ? .55 * (1 - risk) : 0; /* nobody else complains here */
    if (dice_chance(dice, fear + alone))
        return DECIDE_NOTHING;
    if (wronged) {
        *ret_hours = hours_until(node, dice);
        return ask(node, REBUT_KIND_REFUND_ONLY, honest_reason(node, dice));
    }
    return lie(world, node, dice, ret_hours);
}

/* An opportunist looks at the parcel for an excuse. */
static bool finds_excuse(struct world *world, const struct node *node, struct dice *dice)
{
    const struct memory *memory = &world->people.memory[node->buyer];
    const double greed = people_trait(&world->people, node->buyer, TRAIT_GREED);
    const double purse = people_trait(&world->people, node->buyer, TRAIT_BUDGET);
    double excuse = clamp(node->late_hours / 24.0 * .22, 0, .6);
    if (node->condition == CONDITION_BLEMISH)
        excuse += .5;
    if (node->signed_by == REBUT_SIGNED_OTHER)
        excuse += .3;
    if (demand_day(&world->demand, node->at)->campaign != NULL)
        excuse += .06; /* nobody looks closely now */
    excuse +=
        world->setting->hide * .35 * sim_merchant_risk(world_merchant(world, node->sku));
    if (memory->asked >= 2 + 6 * purse || node->at / 86400 < memory->rest_until)
        excuse -= .4;
    if (node->amount > 60000)
        excuse -= .25;
    const double urge = (.12 + excuse) * (.4 + 1.2 * greed) * world->setting->greed;
    return urge + .12 * dice_normal(dice) > .36;
}

enum decision sim_decide_on_delivery(struct world *world, struct node *node,
                                     double *ret_hours)
{
    struct dice dice = world_dice(world, 4, node->order);
    if (node->intent)
        return decide_with_intent(world, node, &dice, ret_hours);
    if (node->kind == BUYER_OPPORTUNIST && !is_fault(node) &&
        finds_excuse(world, node, &dice))
        return lie(world, node, &dice, ret_hours);
    return decide_honestly(world, node, &dice, ret_hours);
}

bool sim_decide_on_price(struct world *world, struct node *node)
{
    struct dice dice = world_dice(world, 5, node->order);
    const uint32_t now = world->market.skus[node->sku].price * node->quantity;
    if (now + 300 > node->amount || now > node->amount * .93 || dice_chance(&dice, .35))
        return false;
    ask(node, REBUT_KIND_REFUND_ONLY, REBUT_REASON_PRICE_DROP);
    node->asked = node->amount - now;
    return true;
}
