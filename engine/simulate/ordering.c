#include "world.h"

/* Where honest people look: a shop they know, or any. */
static uint32_t choose_goods(struct world *world, uint32_t buyer, uint32_t second,
                             struct dice *dice)
{
    const bool loyal = dice_chance(dice, .32);
    const uint32_t favourite = dice_below(dice, 3);
    const uint64_t known =
        hash_of(world->people.seed ^ 0xfa4, (uint64_t)buyer * 4 + favourite);
    const uint64_t any = dice_bits(dice);
    uint32_t merchant = sim_market_choose(&world->market, loyal ? known : any);
    const bool festival = demand_day(&world->demand, second)->campaign != NULL;
    if (festival && !world->market.merchants[merchant].campaigns && dice_chance(dice, .5))
        merchant = sim_market_choose(&world->market, dice_bits(dice));
    return sim_market_choose_sku(&world->market, merchant, dice);
}

/* Fills in who and what; false when the order is an ordinary one. */
static bool take_planned(struct world *world, struct node *node)
{
    const uint32_t index = world->planned_first;
    if (index == NODE_NONE)
        return false;
    const struct node *planned = &world->calendar.nodes[index];
    world->planned_first = planned->next;
    if (world->planned_first == NODE_NONE)
        world->planned_last = NODE_NONE;
    node->buyer = planned->buyer;
    node->kind = planned->kind;
    node->sku = planned->sku;
    node->script = planned->script;
    node->intent = planned->intent;
    sim_calendar_free(&world->calendar, index);
    return true;
}

static void choose_order(struct world *world, struct node *node, struct dice *dice)
{
    enum buyer_kind kind = BUYER_HONEST;
    node->buyer = sim_people_choose(&world->people, dice, node->at, &kind);
    node->kind = (uint8_t)kind;
    node->intent = sim_wants_free_goods(world, node->buyer, kind, node->at, dice);
    const bool seeks = kind == BUYER_CLAIMANT && dice_chance(dice, .6);
    node->sku = node->intent || seeks
                    ? sim_choose_target(world, node->buyer, kind, node->at, dice)
                    : choose_goods(world, node->buyer, node->at, dice);
}

/* How long until it is shipped: the merchant's habit and the parcels before it. */
static double shipping_hours(struct world *world, struct node *node, struct dice *dice)
{
    struct merchant *merchant = world_merchant(world, node->sku);
    const double days = (node->at - merchant->backlog_at) / 86400.0;
    merchant->backlog_at = node->at;
    merchant->backlog = clamp(merchant->backlog - days * merchant->capacity, 0, 1e9) + 1;
    const double luck = exp(.55 * dice_normal(dice));
    const bool forgotten =
        dice_chance(dice, merchant->kind == MERCHANT_GOOD ? .003 : .010);
    double hours = merchant->handling * luck;
    hours += 24 * (merchant->backlog - 1) / merchant->capacity;
    hours += forgotten ? 72 : 0;
    return clamp(hours, .7, 24 * 30);
}

/* Second thoughts: after a livestream more than elsewhere. */
static bool regrets(const struct node *node, struct dice *dice)
{
    const double hype = node->hype / 255.0;
    const bool live = node->channel == REBUT_CHANNEL_LIVESTREAM;
    return dice_chance(dice, live ? .0018 + .008 * hype : .0006);
}

/* Nothing is shipped: the buyer wants the money back before. */
static enum stage cancel(struct node *node, enum rebut_reason reason)
{
    node->reason = (uint8_t)reason;
    node->request_kind = REBUT_KIND_REFUND_ONLY;
    node->asked = node->amount;
    node->before_goods = true;
    return STAGE_REQUEST;
}

/* What comes after the order, and in how many hours. */
static enum stage what_next(struct world *world, struct node *node, struct dice *dice,
                            double *ret_hours)
{
    const double shipping = shipping_hours(world, node, dice);
    const double patience =
        12 + 90 * people_trait(&world->people, node->buyer, TRAIT_PATIENCE);
    const double limit = (node->promised_at - node->at) / 3600.0 + patience;
    const bool tired = dice_chance(dice, .35);
    const bool regretful = regrets(node, dice);
    const double when = dice_fraction(dice);
    *ret_hours = shipping;
    if (regretful && !node->intent) {
        *ret_hours = .1 + when * (shipping < 12 ? shipping : 12);
        return cancel(node, REBUT_REASON_CHANGED_MIND);
    }
    if (shipping > limit && tired) {
        *ret_hours = limit;
        return cancel(node, REBUT_REASON_LATE_DELIVERY);
    }
    return STAGE_SHIP;
}

static void price_order(struct world *world, struct node *node, struct dice *dice)
{
    const struct sku *sku = &world->market.skus[node->sku];
    const double many = dice_fraction(dice);
    node->quantity = many < .86 ? 1 : many < .95 ? 2 : many < .985 ? 3 : 5;
    if (node->intent && node->quantity > 2)
        node->quantity = 1;
    const double coupon = dice_chance(dice, .25) ? .9 : 1;
    node->amount = (uint32_t)(sku->price * coupon) * node->quantity;
    static const uint32_t promise_hours[4] = {24, 48, 48, 72};
    const uint64_t hash = sim_sku_hash(world, node->sku);
    node->promised_at = node->at + promise_hours[hash >> 20 & 3] * 3600;
}

bool sim_world_order(struct world *world, uint32_t order, uint32_t second,
                     struct rebut_error *err)
{
    const uint32_t index = sim_calendar_new(&world->calendar);
    if (index == NODE_NONE)
        return rebut_fail_memory(err, "the parcels under way");
    struct node *node = &world->calendar.nodes[index];
    struct dice dice = world_dice(world, 1, order);
    node->at = second;
    node->order = order;
    if (!take_planned(world, node))
        choose_order(world, node, &dice);

    struct memory *memory = &world->people.memory[node->buyer];
    if (memory->orders < UINT16_MAX)
        memory->orders++;
    struct merchant *merchant = world_merchant(world, node->sku);
    merchant->sold++;
    const bool usual = dice_chance(&dice, .8);
    const uint32_t another = dice_below(&dice, CARRIERS);
    node->carrier = usual ? merchant->carrier : (uint8_t)another;
    struct pitch pitch;
    sim_market_pitch(&world->market, world->market.skus[node->sku].merchant, &dice,
                     &pitch);
    node->channel = (uint8_t)pitch.channel;
    node->hype = (uint8_t)(pitch.hype * 255);
    price_order(world, node, &dice);
    if (!sim_event_order(world, node, &pitch, err))
        return false;
    double hours = 0;
    const enum stage next = what_next(world, node, &dice, &hours);
    return sim_later(world, index, next, hours, err);
}

void sim_world_plan(struct world *world, uint32_t index)
{
    world->calendar.nodes[index].next = NODE_NONE;
    if (world->planned_last == NODE_NONE)
        world->planned_first = index;
    else
        world->calendar.nodes[world->planned_last].next = index;
    world->planned_last = index;
}

static bool plan_one(struct world *world, const struct node *order, uint32_t at,
                     struct rebut_error *err)
{
    const uint32_t index = sim_calendar_new(&world->calendar);
    if (index == NODE_NONE)
        return rebut_fail_memory(err, "the planned orders");
    world->calendar.nodes[index] = *order;
    world->calendar.nodes[index].stage = STAGE_PLANNED_ORDER;
    return sim_calendar_push(&world->calendar, index, at) ||
           rebut_fail_memory(err, "the calendar");
}

static bool raid_by_attacker(struct world *world, uint32_t number, uint32_t now,
                             struct rebut_error *err)
{
    const struct attack *attack = &world->people.attacks[number];
    struct dice dice = dice_for(world->seed ^ 0xa77, number);
    const uint32_t first = sim_choose_target(world, 0, BUYER_ATTACKER, now, &dice);
    const uint32_t merchant = world->market.skus[first].merchant;
    const double days = 1.5 + 5 * dice_fraction(&dice);
    const uint32_t script = 1 + (uint32_t)(dice_bits(&dice) >> 33);
    for (uint32_t i = 0; i < attack->count; i++) {
        const double orders = dice_fraction(&dice);
        for (int k = 0; k < (orders < .3 ? 2 : 1); k++) {
            const bool elsewhere = k == 1 && orders < .12;
            const bool same_sku = dice_chance(&dice, .6);
            const uint32_t other = sim_market_choose_sku(&world->market, merchant, &dice);
            const uint32_t away = sim_market_choose(&world->market, dice_bits(&dice));
            const double when = dice_fraction(&dice) * days;
            struct node order = {.buyer = attack->first + i, .kind = BUYER_ATTACKER};
            order.sku = same_sku ? first : other;
            if (elsewhere)
                order.sku = sim_market_choose_sku(&world->market, away, &dice);
            order.script = elsewhere ? 0 : script;
            order.intent = !elsewhere;
            if (!plan_one(world, &order, now + (uint32_t)(when * 86400), err))
                return false;
        }
    }
    return true;
}

static bool raid_by_ring(struct world *world, uint32_t number, uint32_t now,
                         struct rebut_error *err)
{
    const struct ring *ring = &world->people.rings[number];
    struct dice dice = dice_for(world->seed ^ 0x414d, (uint64_t)number << 32 | now);
    const uint32_t script = 1 + (uint32_t)(dice_bits(&dice) >> 33);
    uint32_t targets[3];
    for (int i = 0; i < 3; i++)
        targets[i] = sim_choose_target(world, ring->first, BUYER_RING, now, &dice);
    for (uint32_t i = 0; i < ring->count; i++) {
        const bool joins = dice_chance(&dice, .65);
        const uint32_t target = dice_below(&dice, 5);
        const double when = dice_wait(&dice) * .8;
        const struct node order = {.buyer = ring->first + i,
                                   .kind = BUYER_RING,
                                   .sku = targets[target < 3 ? target : 0],
                                   .script = script,
                                   .intent = true};
        if (joins && sim_people_created(&world->people, order.buyer, BUYER_RING) <= now &&
            !plan_one(world, &order, now + (uint32_t)(clamp(when, 0, 6) * 86400), err))
            return false;
    }
    return true;
}

bool sim_world_raid(struct world *world, uint32_t index, struct rebut_error *err)
{
    const uint32_t number = world->calendar.nodes[index].sku;
    const uint32_t now = world->calendar.nodes[index].at;
    if (number >= world->people.ring_count) {
        sim_calendar_free(&world->calendar, index);
        return raid_by_attacker(world, number - world->people.ring_count, now, err);
    }
    if (!raid_by_ring(world, number, now, err))
        return false;
    struct dice dice = dice_for(world->seed ^ 0x414e, (uint64_t)number << 32 | now);
    const double days = world->setting->raid_days * (.5 + .5 * dice_wait(&dice));
    return sim_calendar_push(&world->calendar, index,
                             now + (uint32_t)(days * 86400) + 60) ||
           rebut_fail_memory(err, "the calendar");
}
