#include "rebut/simulate.h"

#include "world.h"

#define UTC8_SECONDS (8 * 3600)

void rebut_simulation_init(struct rebut_simulation *plan)
{
    *plan = (struct rebut_simulation){
        .setting = "base",
        .orders = 100000,
        .days = 120,
        .seed = 1,
        .start = INT64_C(1772294400) * REBUT_SECOND, /* 2026-03-01T00:00:00+08:00 */
    };
}

static bool check_plan(const struct rebut_simulation *plan, struct rebut_error *err)
{
    if (plan->setting == NULL || sim_setting_named(plan->setting) == NULL)
        return rebut_fail(err, REBUT_EUSAGE, "no setting '%.40s'",
                          plan->setting == NULL ? "" : plan->setting);
    if (plan->orders < 1 || plan->orders > REBUT_SIMULATE_ORDERS_MAX)
        return rebut_fail(err, REBUT_EINPUT, "from 1 to %llu orders, got %llu",
                          (unsigned long long)REBUT_SIMULATE_ORDERS_MAX,
                          (unsigned long long)plan->orders);
    if (plan->days < 1 || plan->days > REBUT_SIMULATE_DAYS_MAX)
        return rebut_fail(err, REBUT_EINPUT, "from 1 to %d days, got %u",
                          REBUT_SIMULATE_DAYS_MAX, plan->days);
    const int64_t last = REBUT_TIME_MAX - (int64_t)plan->days * REBUT_DAY - REBUT_DAY;
    if (plan->start < 0 || plan->start > last || plan->start % REBUT_SECOND != 0)
        return rebut_fail(err, REBUT_EINPUT,
                          "the start must be a whole second of the years 1970 to 9999");
    return true;
}

/* A node for something that is no parcel: a merchant's first day, a first raid. */
static bool schedule(struct world *world, enum stage stage, uint32_t number, uint32_t at,
                     struct rebut_error *err)
{
    const uint32_t index = sim_calendar_new(&world->calendar);
    if (index == NODE_NONE)
        return rebut_fail_memory(err, "the calendar");
    world->calendar.nodes[index].stage = (uint8_t)stage;
    world->calendar.nodes[index].sku = number;
    return sim_calendar_push(&world->calendar, index, at) ||
           rebut_fail_memory(err, "the calendar");
}

static bool schedule_agents(struct world *world, struct rebut_error *err)
{
    for (uint32_t m = 0; m < world->market.merchant_count; m++) {
        const uint64_t hash = hash_of(world->seed ^ 0x3e4, m);
        const uint32_t hour = 7 * 3600 + below_of(hash, 4 * 3600);
        if (!schedule(world, STAGE_MERCHANT_DAY, m, hour, err))
            return false;
    }
    for (uint32_t r = 0; r < world->people.ring_count; r++) {
        const double share = fraction_of(hash_of(world->seed ^ 0x4a1, r));
        const double days = share * world->setting->raid_days;
        if (!schedule(world, STAGE_RAID, r, (uint32_t)(days * 86400), err))
            return false;
    }
    for (uint32_t a = 0; a < world->people.attack_count; a++)
        if (!schedule(world, STAGE_RAID, world->people.ring_count + a,
                      world->people.attacks[a].at, err))
            return false;
    return true;
}

static bool world_init(struct world *world, const struct rebut_simulation *plan,
                       struct rebut_error *err)
{
    world->seed = hash_of(plan->seed, 0x4eb07);
    world->local_start = plan->start / REBUT_SECOND + UTC8_SECONDS;
    world->planned_first = world->planned_last = NODE_NONE;
    sim_roads_init(&world->roads, world->seed);
    return sim_demand_init(&world->demand, world->seed, plan->orders, plan->days,
                           plan->start, err) &&
           sim_people_init(&world->people, world->seed, world->setting, plan->orders,
                           plan->days, err) &&
           sim_market_init(&world->market, world->seed, world->setting, plan->orders,
                           plan->days, err) &&
           sim_calendar_init(&world->calendar, plan->days * 86400, err) &&
           schedule_agents(world, err);
}

static void world_release(struct world *world)
{
    sim_demand_release(&world->demand);
    sim_people_release(&world->people);
    sim_market_release(&world->market);
    sim_calendar_release(&world->calendar);
    sim_lines_release(&world->events);
    sim_lines_release(&world->truth);
}

/* When a stage can happen: parcels by day, people awake, reviewers at work. */
struct opening {
    uint32_t from, until; /* hours of the local day */
    double strict;        /* share that keeps to it */
};
static const struct opening openings[STAGE_PLANNED_ORDER + 1] = {
    [STAGE_SHIP] = {8, 22, 1},        [STAGE_DELIVER] = {8, 21, 1},
    [STAGE_PRICE_CHECK] = {7, 24, 1}, [STAGE_MESSAGE] = {7, 24, .85},
    [STAGE_ANSWER] = {8, 23, .95},    [STAGE_REQUEST] = {7, 24, .85},
    [STAGE_OFFER] = {8, 23, .95},     [STAGE_REPLY] = {7, 24, .85},
    [STAGE_OUTCOME] = {8, 22, .5},    [STAGE_VERDICT] = {9, 18, 1},
};

bool sim_later(struct world *world, uint32_t index, enum stage stage, double hours,
               struct rebut_error *err)
{
    struct node *node = &world->calendar.nodes[index];
    struct dice dice = world_dice(world, 64 + stage, node->order);
    uint32_t at = node->at + (uint32_t)(hours * 3600) + 1;
    const uint32_t clock = (uint32_t)((world->local_start + at) % 86400);
    const struct opening *opening = &openings[stage];
    const bool strict = dice_chance(&dice, opening->strict);
    const double morning = dice_fraction(&dice);
    if (strict && (clock < opening->from * 3600 || clock >= opening->until * 3600))
        at += (opening->from * 3600 + 86400 - clock) % 86400 +
              (uint32_t)(morning * morning * 4 * 3600);
    node->stage = (uint8_t)stage;
    return sim_calendar_push(&world->calendar, index, at) ||
           rebut_fail_memory(err, "the calendar");
}

struct telling {
    struct world *world;
    uint32_t second;
    bool failed;
    struct rebut_error *err;
};

static void tell_price(void *to, uint32_t sku)
{
    struct telling *telling = to;
    telling->failed = telling->failed || !sim_event_price(telling->world, sku,
                                                          telling->second, telling->err);
}

static bool merchant_day(struct world *world, uint32_t index, struct rebut_error *err)
{
    const struct node *node = &world->calendar.nodes[index];
    const uint32_t now = node->at;
    const struct market_today today = {
        .second = now,
        .festival_soon = demand_day(&world->demand, now + 86400)->campaign != NULL,
        .festival = demand_day(&world->demand, now)->campaign != NULL};
    struct telling telling = {world, now, false, err};
    sim_market_live(&world->market, node->sku, today, tell_price, &telling);
    if (telling.failed)
        return false;
    return sim_calendar_push(&world->calendar, index, now + 86400) ||
           rebut_fail_memory(err, "the calendar");
}

static bool happen(struct world *world, uint32_t index, struct rebut_error *err)
{
    struct node *node = &world->calendar.nodes[index];
    switch (node->stage) {
    case STAGE_SHIP:
        return sim_world_ship(world, index, err);
    case STAGE_DELIVER:
        return sim_world_deliver(world, index, err);
    case STAGE_PRICE_CHECK:
        if (sim_decide_on_price(world, node)) {
            node->stage = STAGE_REQUEST;
            return sim_world_dispute(world, index, err);
        }
        sim_calendar_free(&world->calendar, index);
        return true;
    case STAGE_MERCHANT_DAY:
        return merchant_day(world, index, err);
    case STAGE_RAID:
        return sim_world_raid(world, index, err);
    case STAGE_PLANNED_ORDER:
        sim_world_plan(world, index);
        return true;
    default:
        return sim_world_dispute(world, index, err);
    }
}

/* Everything that happens up to and with that second. */
static bool live_until(struct world *world, uint32_t second, struct rebut_error *err)
{
    for (;;) {
        uint32_t index = NODE_NONE;
        if (!sim_calendar_take(&world->calendar, second, &index))
            return rebut_fail_memory(err, "the calendar");
        if (index == NODE_NONE)
            return true;
        if (!happen(world, index, err))
            return false;
    }
}

static bool live(struct world *world, struct rebut_error *err)
{
    for (uint64_t i = 0; i < world->plan->orders; i++) {
        const uint32_t second = sim_demand_second(&world->demand, i);
        if (!live_until(world, second, err) ||
            !sim_world_order(world, (uint32_t)i, second, err))
            return false;
    }
    return live_until(world, world->plan->days * 86400, err);
}

bool rebut_simulate(const struct rebut_simulation *plan,
                    const struct rebut_simulate_sink *events,
                    const struct rebut_simulate_sink *truth,
                    struct rebut_simulate_counts *ret, struct rebut_error *err)
{
    if (!check_plan(plan, err))
        return false;
    static const struct world nothing;
    struct world world = nothing;
    world.plan = plan;
    world.setting = sim_setting_named(plan->setting);
    const bool ok = sim_lines_init(&world.events, events, err) &&
                    sim_lines_init(&world.truth, truth, err) &&
                    sim_truth_header(&world, err) && world_init(&world, plan, err) &&
                    live(&world, err) && sim_lines_flush(&world.events, err) &&
                    sim_lines_flush(&world.truth, err);
    if (ok)
        *ret = world.counts;
    world_release(&world);
    return ok;
}
