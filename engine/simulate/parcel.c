#include "world.h"

/* From the promised shipment to the door; later is late. */
#define EXPECTED_HOURS 100

void sim_world_home(const struct world *world, const struct node *node, struct home *ret)
{
    struct dice dice = world_dice(world, 2, node->order);
    sim_people_home(&world->people, node->buyer, node->kind, &dice, ret);
}

/* What the merchant put into the box. */
static enum condition packed_condition(struct world *world, const struct node *node,
                                       struct dice *dice)
{
    const struct merchant *merchant = world_merchant(world, node->sku);
    const struct sku *sku = &world->market.skus[node->sku];
    const struct trade *trade = &sim_trades[merchant->trade];
    const struct day *day = demand_day(&world->demand, node->at);
    if (dice_chance(dice, sku->fake))
        return CONDITION_COUNTERFEIT;
    const double batch = node->at < sku->batch_until ? sku->batch_fault : 1;
    const double season = 1 + trade->spoils * (day->heat - .4);
    const double faulty = trade->defects * merchant->fault * sku->flaw * batch * season;
    if (dice_chance(dice, clamp(faulty, 0, .6)))
        return CONDITION_DEFECTIVE;
    const double load = clamp(merchant->backlog / merchant->capacity, 0, 4);
    const double slip = merchant->slop * (1 + .5 * load);
    if (dice_chance(dice, clamp(slip, 0, .5)))
        return dice_chance(dice, .5) ? CONDITION_MISSING : CONDITION_WRONG;
    const double hype = node->hype / 255.0;
    if (dice_chance(dice, merchant->boast + .05 * hype))
        return CONDITION_MISDESCRIBED;
    return CONDITION_OK;
}

/* What the journey did to it. */
static enum condition travelled_condition(struct world *world, const struct node *node,
                                          const struct journey *journey,
                                          struct dice *dice)
{
    const struct merchant *merchant = world_merchant(world, node->sku);
    const double breaks = sim_trades[merchant->trade].breaks * merchant->packing;
    if (dice_chance(dice, clamp(breaks * journey->roughness, 0, .7)))
        return CONDITION_DAMAGED;
    const enum condition condition = node->condition;
    if (condition == CONDITION_OK && dice_chance(dice, .03 * journey->roughness))
        return CONDITION_BLEMISH;
    return condition;
}

static void sign(const struct world *world, struct node *node, const struct home *home,
                 struct dice *dice)
{
    const double habit = people_trait(&world->people, node->buyer, TRAIT_STYLE);
    const double locker = home->dorm ? .75 : .25 + .4 * habit;
    const double place = dice_fraction(dice);
    const bool written = dice_chance(dice, .92);
    const bool stolen = dice_chance(dice, home->dorm ? .006 : .0022);
    node->signed_by = place < locker         ? REBUT_SIGNED_LOCKER
                      : place < locker + .12 ? REBUT_SIGNED_OTHER
                                             : REBUT_SIGNED_SELF;
    if (stolen && node->signed_by != REBUT_SIGNED_SELF)
        node->condition = CONDITION_STOLEN;
    if (!written)
        node->signed_by = REBUT_SIGNED_NONE;
}

/* A lost parcel: nothing comes until somebody asks. */
static bool lose(struct world *world, uint32_t index, struct dice *dice,
                 struct rebut_error *err)
{
    struct node *node = &world->calendar.nodes[index];
    const double patience = people_trait(&world->people, node->buyer, TRAIT_PATIENCE);
    const double days = 5 + 7 * patience + dice_wait(dice);
    const bool asks = dice_chance(dice, .93);
    node->condition = CONDITION_LOST;
    node->severity = 255;
    node->reason = REBUT_REASON_NOT_RECEIVED;
    node->request_kind = REBUT_KIND_REFUND_ONLY;
    node->asked = node->amount;
    node->before_goods = true;
    if (!asks) {
        sim_calendar_free(&world->calendar, index);
        return true;
    }
    return sim_later(world, index, STAGE_REQUEST, days * 24, err);
}

bool sim_world_ship(struct world *world, uint32_t index, struct rebut_error *err)
{
    struct node *node = &world->calendar.nodes[index];
    struct dice dice = world_dice(world, 3, node->order);
    struct home home;
    sim_world_home(world, node, &home);
    node->condition = (uint8_t)packed_condition(world, node, &dice);
    if (!sim_event_shipment(world, node, err))
        return false;

    struct journey journey;
    sim_roads_travel(&world->roads, node->carrier, home.region, node->at,
                     demand_day(&world->demand, node->at), &dice, &journey);
    const double severity = dice_fraction(&dice);
    node->severity = (uint8_t)(severity * 255);
    if (journey.lost)
        return lose(world, index, &dice, err);
    node->condition = (uint8_t)travelled_condition(world, node, &journey, &dice);
    sign(world, node, &home, &dice);
    return sim_later(world, index, STAGE_DELIVER, journey.hours, err);
}

bool sim_world_deliver(struct world *world, uint32_t index, struct rebut_error *err)
{
    struct node *node = &world->calendar.nodes[index];
    const uint32_t due = node->promised_at + EXPECTED_HOURS * 3600;
    node->delivered_at = node->at;
    node->late_hours = node->at > due ? (uint16_t)((node->at - due) / 3600) : 0;
    if (!sim_event_delivery(world, node, err))
        return false;
    double wait = 0;
    switch (sim_decide_on_delivery(world, node, &wait)) {
    case DECIDE_ASK:
        return sim_later(world, index, STAGE_REQUEST, wait, err);
    case DECIDE_CHAT:
        return sim_later(world, index, STAGE_MESSAGE, wait, err);
    case DECIDE_WATCH_PRICE:
        return sim_later(world, index, STAGE_PRICE_CHECK, wait, err);
    case DECIDE_NOTHING:
        break;
    }
    sim_calendar_free(&world->calendar, index);
    return true;
}
