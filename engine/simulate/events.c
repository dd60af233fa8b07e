#include "words.h"
#include "world.h"

static void put_head(struct world *world, const char *type, uint32_t second)
{
    struct lines *lines = &world->events;
    PUT(lines, "{\"type\":\"");
    put_string(lines, type);
    PUT(lines, "\",\"at\":\"");
    sim_put_time(lines, world->local_start + second);
    PUT(lines, "\"");
}

static void put_field(struct lines *lines, const char *name, const char *value)
{
    PUT(lines, ",\"");
    put_string(lines, name);
    PUT(lines, "\":\"");
    put_string(lines, value);
    PUT(lines, "\"");
}

static bool finish(struct world *world, struct rebut_error *err)
{
    PUT(&world->events, "}");
    world->counts.events++;
    return sim_lines_end(&world->events, err);
}

static void put_title(struct world *world, uint32_t sku)
{
    struct lines *lines = &world->events;
    const uint64_t hash = sim_sku_hash(world, sku);
    if (hash % 16 == 0) /* some shops leave it out */
        return;
    PUT(lines, ",\"title\":\"");
    lines->used +=
        sim_words_title(lines->data + lines->used, world_trade(world, sku), hash);
    PUT(lines, "\"");
}

static void put_pitch(struct world *world, const struct node *node,
                      const struct pitch *pitch)
{
    struct lines *lines = &world->events;
    if (pitch->host != UINT32_MAX) {
        PUT(lines, ",\"host_id\":\"");
        sim_put_host_id(world, lines, pitch->host);
        PUT(lines, "\"");
    }
    if (pitch->dealer != UINT32_MAX) {
        PUT(lines, ",\"distributor\":\"");
        sim_put_distributor(world, lines, world->market.skus[node->sku].merchant,
                            pitch->dealer);
        PUT(lines, "\"");
    }
    const char *campaign = demand_day(&world->demand, node->at)->campaign;
    if (campaign != NULL && world_merchant(world, node->sku)->campaigns)
        put_field(lines, "campaign", campaign);
}

static void put_person(struct world *world, const struct node *node)
{
    struct lines *lines = &world->events;
    struct home home;
    sim_world_home(world, node, &home);
    put_field(lines, "region", sim_region_codes[home.region]);
    PUT(lines, ",\"device_id\":\"");
    sim_put_key(world, lines, 'd', home.device);
    PUT(lines, "\",\"address_id\":\"");
    sim_put_key(world, lines, 'a', home.address);
    PUT(lines, "\",\"payment_id\":\"");
    sim_put_key(world, lines, 'p', home.payment);
    PUT(lines, "\",\"promised_ship_at\":\"");
    sim_put_time(lines, world->local_start + node->promised_at);
    PUT(lines, "\",\"account_created_at\":\"");
    sim_put_time(lines, world->local_start +
                            sim_people_created(&world->people, node->buyer, node->kind));
    PUT(lines, "\"");
}

bool sim_event_order(struct world *world, const struct node *node,
                     const struct pitch *pitch, struct rebut_error *err)
{
    struct lines *lines = &world->events;
    put_head(world, "order", node->at);
    PUT(lines, ",\"order_id\":\"");
    sim_put_order_id(lines, node->order);
    PUT(lines, "\",\"buyer_id\":\"");
    sim_put_buyer_id(world, lines, node->buyer);
    PUT(lines, "\",\"merchant_id\":\"");
    sim_put_merchant_id(lines, world->market.skus[node->sku].merchant);
    PUT(lines, "\",\"sku_id\":\"");
    sim_put_sku_id(world, lines, node->sku);
    PUT(lines, "\"");
    put_field(lines, "category", world_trade(world, node->sku)->category);
    put_field(lines, "channel", rebut_words_channel[node->channel]);
    PUT(lines, ",\"amount\":");
    sim_put_number(lines, node->amount, 1);
    PUT(lines, ",\"quantity\":");
    sim_put_number(lines, node->quantity, 1);
    put_title(world, node->sku);
    put_pitch(world, node, pitch);
    put_person(world, node);
    world->counts.orders++;
    return finish(world, err);
}

static void put_order_field(struct world *world, const struct node *node)
{
    PUT(&world->events, ",\"order_id\":\"");
    sim_put_order_id(&world->events, node->order);
    PUT(&world->events, "\"");
}

bool sim_event_shipment(struct world *world, const struct node *node,
                        struct rebut_error *err)
{
    struct lines *lines = &world->events;
    struct dice dice = world_dice(world, 0x51, node->order);
    put_head(world, "shipment", node->at);
    put_order_field(world, node);
    put_field(lines, "carrier", sim_carrier_codes[node->carrier]);
    PUT(lines, ",\"tracking_id\":\"");
    put_string(lines, sim_carrier_prefixes[node->carrier]);
    sim_put_number(lines, dice_bits(&dice) % UINT64_C(10000000000000), 13);
    PUT(lines, "\"");
    if (dice_chance(&dice, .8)) {
        const double whole =
            (double)world->market.skus[node->sku].weight_g * node->quantity + 40;
        const double there = node->condition == CONDITION_MISSING ? .55 : 1;
        const double noise = 1 + .02 * dice_normal(&dice);
        PUT(lines, ",\"weight_g\":");
        sim_put_number(lines, (uint64_t)(whole * there * noise), 1);
    }
    return finish(world, err);
}

bool sim_event_delivery(struct world *world, const struct node *node,
                        struct rebut_error *err)
{
    put_head(world, "delivery", node->at);
    put_order_field(world, node);
    if (node->signed_by != REBUT_SIGNED_NONE)
        put_field(&world->events, "signed_by", rebut_words_signed_by[node->signed_by]);
    return finish(world, err);
}

bool sim_event_price(struct world *world, uint32_t sku, uint32_t second,
                     struct rebut_error *err)
{
    put_head(world, "price", second);
    PUT(&world->events, ",\"sku_id\":\"");
    sim_put_sku_id(world, &world->events, sku);
    PUT(&world->events, "\",\"price\":");
    sim_put_number(&world->events, world->market.skus[sku].price, 1);
    return finish(world, err);
}

bool sim_event_contact(struct world *world, const struct node *node,
                       const struct contact *contact, struct rebut_error *err)
{
    put_head(world, "contact", node->at);
    put_order_field(world, node);
    put_field(&world->events, "by", rebut_words_party[contact->by]);
    put_field(&world->events, "kind", rebut_words_contact_kind[contact->kind]);
    if (contact->text_size > 0) {
        PUT(&world->events, ",\"text\":\"");
        put_bytes(&world->events, contact->text, contact->text_size);
        PUT(&world->events, "\"");
    }
    return finish(world, err);
}

static void put_request_field(struct world *world, const struct node *node)
{
    PUT(&world->events, ",\"request_id\":\"");
    sim_put_request_id(&world->events, node->request);
    PUT(&world->events, "\"");
}

bool sim_event_outcome(struct world *world, const struct node *node,
                       enum rebut_outcome_by by, struct rebut_error *err)
{
    put_head(world, "outcome", node->at);
    put_request_field(world, node);
    put_field(&world->events, "outcome", rebut_words_outcome[node->outcome]);
    if (by != REBUT_OUTCOME_BY_NONE)
        put_field(&world->events, "by", rebut_words_outcome_by[by]);
    return finish(world, err);
}

bool sim_event_verdict(struct world *world, const struct node *node,
                       const struct opinion *opinion, struct rebut_error *err)
{
    struct lines *lines = &world->events;
    put_head(world, "verdict", node->at);
    put_request_field(world, node);
    put_field(lines, "verdict", rebut_words_verdict[opinion->verdict]);
    PUT(lines, ",\"by\":\"rev");
    sim_put_number(lines, opinion->reviewer + 1, 2);
    PUT(lines, "\"");
    put_field(lines, "selection", rebut_words_selection[node->review]);
    if (opinion->propensity > 0) {
        PUT(lines, ",\"propensity\":0.");
        sim_put_number(lines, (uint64_t)(opinion->propensity * 10000 + .5), 4);
    }
    world->counts.verdicts++;
    return finish(world, err);
}
