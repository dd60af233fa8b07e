#include "words.h"
#include "world.h"

static bool is_professional(const struct node *node)
{
    return node->kind == BUYER_CLAIMANT && node->condition == CONDITION_COUNTERFEIT;
}

/* In which manner, and in whose words. */
static void choose_words(struct world *world, const struct node *node,
                         struct complaint *ret)
{
    struct dice dice = world_dice(world, 30, node->order);
    const double place = dice_fraction(&dice);
    const uint32_t script = dice_below(&dice, 16);
    const uint32_t foreign = dice_below(&dice, TRADES);
    const uint64_t own = people_trait_bits(&world->people, node->buyer, TRAIT_STYLE);
    const bool repeats = dice_chance(&dice, .3);
    ret->manner = place < .10 ? MANNER_TERSE : MANNER_PLAIN;
    ret->script = script;
    if (is_professional(node)) {
        ret->manner = place < .75 ? MANNER_LEGAL : MANNER_PLAIN;
    } else if (node->abuse && node->script != 0) {
        ret->manner = place < .60   ? MANNER_SCRIPT
                      : place < .72 ? MANNER_TERSE
                                    : MANNER_PLAIN;
        ret->script = node->script;
    } else if (node->abuse) {
        ret->manner = place < .20   ? MANNER_SCRIPT
                      : place < .38 ? MANNER_TERSE
                                    : MANNER_PLAIN;
        if (place > .86) /* the words do not fit the goods */
            ret->trade = &sim_trades[foreign];
    } else if (place > .985) { /* honest people copy too */
        ret->manner = MANNER_SCRIPT;
    }
    ret->dice = dice;
    ret->style = own;
    if (node->abuse && repeats && node->kind != BUYER_OPPORTUNIST) {
        ret->dice = dice_for(own, 0); /* what worked last time */
        ret->script = (uint32_t)(own >> 40);
    }
}

static void put_text(struct world *world, const struct node *node)
{
    struct lines *lines = &world->events;
    struct dice dice = world_dice(world, 31, node->order);
    if (dice_chance(&dice, node->before_goods ? .35 : .07))
        return;
    struct complaint complaint = {
        .reason = node->reason,
        .trade = world_trade(world, node->sku),
        .noun =
            sim_words_noun(world_trade(world, node->sku), sim_sku_hash(world, node->sku)),
    };
    complaint.core = node->reason == REBUT_REASON_DAMAGED            ? CORE_DAMAGED
                     : node->reason == REBUT_REASON_NOT_AS_DESCRIBED ? CORE_MISDESCRIBED
                                                                     : CORE_DEFECTIVE;
    choose_words(world, node, &complaint);
    PUT(lines, ",\"text\":\"");
    lines->used += sim_words_complaint(lines->data + lines->used, &complaint);
    PUT(lines, "\"");
}

/* Up to `most` of the 64 bits flipped: the same picture, stored again. */
static uint64_t stored_again(uint64_t photo, uint32_t most, struct dice *dice)
{
    const uint32_t flips = dice_below(dice, most + 1);
    for (uint32_t i = 0; i < flips; i++)
        photo ^= UINT64_C(1) << dice_below(dice, 64);
    return photo;
}

static uint64_t take_photo(const struct world *world, const struct node *node,
                           struct dice *dice)
{
    const uint64_t fresh = dice_bits(dice);
    const double place = dice_fraction(dice);
    const uint32_t which = dice_below(dice, 3);
    if (node->abuse && node->script != 0 && place < .6) /* the group's album */
        return stored_again(
            hash_of(world->seed ^ 0xa1b, node->script * UINT64_C(4) + which), 5, dice);
    if (node->abuse && place < .36) /* the abuser's own */
        return stored_again(
            hash_of(world->seed ^ 0xa1c, (uint64_t)node->buyer * 4 + which), 4, dice);
    if (node->abuse && place > .92) /* found on the web */
        return stored_again(hash_of(world->seed ^ 0xa1d, dice_below(dice, 200)), 6, dice);
    if (place > .96) /* the seller's own picture, beside the complaint */
        return stored_again(sim_sku_hash(world, node->sku), 3, dice);
    return fresh;
}

static void put_photos(struct world *world, const struct node *node)
{
    struct lines *lines = &world->events;
    struct dice dice = world_dice(world, 32, node->order);
    const bool shows = node->condition >= CONDITION_DAMAGED && !node->before_goods &&
                       node->condition != CONDITION_STOLEN;
    const bool takes = dice_chance(&dice, node->abuse ? .46 : shows ? .58 : .06);
    const uint32_t count = 1 + dice_below(&dice, 10) / 5 + dice_below(&dice, 10) / 8;
    PUT(lines, ",\"photos\":[");
    for (uint32_t i = 0; takes && i < count; i++) {
        put_string(lines, i == 0 ? "\"" : ",\"");
        sim_put_hex(lines, take_photo(world, node, &dice), 16);
        PUT(lines, "\"");
    }
    PUT(lines, "]");
}

bool sim_event_request(struct world *world, const struct node *node,
                       struct rebut_error *err)
{
    struct lines *lines = &world->events;
    PUT(lines, "{\"type\":\"request\",\"at\":\"");
    sim_put_time(lines, world->local_start + node->at);
    PUT(lines, "\",\"request_id\":\"");
    sim_put_request_id(lines, node->request);
    PUT(lines, "\",\"order_id\":\"");
    sim_put_order_id(lines, node->order);
    PUT(lines, "\",\"kind\":\"");
    put_string(lines, rebut_words_request_kind[node->request_kind]);
    PUT(lines, "\",\"reason\":\"");
    put_string(lines, rebut_words_reason[node->reason]);
    PUT(lines, "\",\"amount\":");
    sim_put_number(lines, node->asked, 1);
    put_text(world, node);
    put_photos(world, node);
    PUT(lines, "}");
    world->counts.events++;
    if (node->request_kind == REBUT_KIND_REFUND_ONLY) {
        world->counts.refund_only++;
        world->counts.abuse += node->abuse;
    } else {
        world->counts.return_refund++;
    }
    return sim_lines_end(lines, err);
}

/* What was wrong with the parcel. */
static const char *const condition_words[CONDITIONS] = {
    [CONDITION_OK] = "fine",
    [CONDITION_BLEMISH] = "blemished",
    [CONDITION_DAMAGED] = "damaged",
    [CONDITION_DEFECTIVE] = "defective",
    [CONDITION_WRONG] = "wrong",
    [CONDITION_MISSING] = "incomplete",
    [CONDITION_MISDESCRIBED] = "misdescribed",
    [CONDITION_COUNTERFEIT] = "counterfeit",
    [CONDITION_LOST] = "lost",
    [CONDITION_STOLEN] = "stolen",
};

bool sim_truth_header(struct world *world, struct rebut_error *err)
{
    PUT(&world->truth, "request_id,order_id,buyer_id,merchant_id,day,abuse,buyer_kind,"
                       "merchant_kind,reason,amount,dorm,ring,region,channel,"
                       "orders_of_buyer,condition,late_hours");
    return sim_lines_end(&world->truth, err);
}

bool sim_truth_row(struct world *world, const struct node *node, struct rebut_error *err)
{
    struct lines *lines = &world->truth;
    struct home home;
    sim_world_home(world, node, &home);
    sim_put_request_id(lines, node->request);
    PUT(lines, ",");
    sim_put_order_id(lines, node->order);
    PUT(lines, ",");
    sim_put_buyer_id(world, lines, node->buyer);
    PUT(lines, ",");
    sim_put_merchant_id(lines, world->market.skus[node->sku].merchant);
    PUT(lines, ",");
    sim_put_number(lines, node->at / 86400, 1);
    PUT(lines, ".");
    sim_put_number(lines, node->at % 86400 * UINT64_C(10000) / 86400, 4);
    put_string(lines, node->abuse ? ",1," : ",0,");
    put_string(lines, sim_buyer_kind_words[node->kind]);
    PUT(lines, ",");
    put_string(lines, sim_merchant_kind_words[world_merchant(world, node->sku)->kind]);
    PUT(lines, ",");
    put_string(lines, rebut_words_reason[node->reason]);
    PUT(lines, ",");
    sim_put_number(lines, node->asked, 1);
    put_string(lines, home.dorm ? ",1," : ",0,");
    if (home.ring != NO_RING) {
        PUT(lines, "g");
        sim_put_number(lines, home.ring, 3);
    }
    PUT(lines, ",");
    put_string(lines, sim_region_codes[home.region]);
    PUT(lines, ",");
    put_string(lines, rebut_words_channel[node->channel]);
    PUT(lines, ",");
    sim_put_number(lines, world->people.memory[node->buyer].orders, 1);
    PUT(lines, ",");
    put_string(lines, condition_words[node->condition]);
    PUT(lines, ",");
    sim_put_number(lines, node->late_hours, 1);
    return sim_lines_end(lines, err);
}
