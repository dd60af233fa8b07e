/* world.h -- the whole of a simulated platform, and the steps of its life. */
#ifndef REBUT_SIMULATE_WORLD_H
#define REBUT_SIMULATE_WORLD_H

#include "calendar.h"
#include "demand.h"
#include "lines.h"
#include "market.h"
#include "people.h"
#include "rebut/event.h"
#include "rebut/simulate.h"
#include "roads.h"

struct world {
    const struct rebut_simulation *plan;
    const struct setting *setting;
    uint64_t seed;
    int64_t local_start; /* seconds since 1970, UTC+8 */
    struct demand demand;
    struct people people;
    struct market market;
    struct roads roads;
    struct calendar calendar;
    struct lines events, truth;
    struct rebut_simulate_counts counts;
    uint32_t planned_first, planned_last; /* orders that wait for their turn */
    uint32_t requests;
};

/* The same dice for the same purpose and order, whenever asked. */
static inline struct dice world_dice(const struct world *world, uint64_t purpose,
                                     uint32_t order)
{
    return dice_for(world->seed ^ purpose << 40, order);
}

static inline struct merchant *world_merchant(struct world *world, uint32_t sku)
{
    return &world->market.merchants[world->market.skus[sku].merchant];
}
static inline const struct trade *world_trade(struct world *world, uint32_t sku)
{
    return &sim_trades[world_merchant(world, sku)->trade];
}

void sim_world_home(const struct world *world, const struct node *node, struct home *ret);

/* simulate.c: the node's next stage, after so many hours and when people are at work or
 * awake. */
REBUT_MUST_CHECK bool sim_later(struct world *world, uint32_t index, enum stage stage,
                                double hours, struct rebut_error *err);

/* ordering.c: who buys what, and what for. */

/* Somebody orders something at that second, as order number `order`. */
REBUT_MUST_CHECK bool sim_world_order(struct world *world, uint32_t order,
                                      uint32_t second, struct rebut_error *err);
/* A ring or an attacker sets out: its members' orders are planned. */
REBUT_MUST_CHECK bool sim_world_raid(struct world *world, uint32_t index,
                                     struct rebut_error *err);
/* A planned order's hour has come: it takes the next order number. */
void sim_world_plan(struct world *world, uint32_t index);

/* appetite.c: does the buyer order with the intent not to pay?  And of whom? */
bool sim_wants_free_goods(const struct world *world, uint32_t buyer, enum buyer_kind kind,
                          uint32_t second, struct dice *dice);
uint32_t sim_choose_target(struct world *world, uint32_t buyer, enum buyer_kind kind,
                           uint32_t second, struct dice *dice);
/* 0 at merchants with nothing to complain of, 1 at the worst. */
double sim_merchant_risk(const struct merchant *merchant);
bool sim_buyer_has_turned(const struct world *world, uint32_t buyer, enum buyer_kind kind,
                          uint32_t second);

/* parcel.c: shipment, delivery and what the parcel turns out to hold. */
REBUT_MUST_CHECK bool sim_world_ship(struct world *world, uint32_t index,
                                     struct rebut_error *err);
REBUT_MUST_CHECK bool sim_world_deliver(struct world *world, uint32_t index,
                                        struct rebut_error *err);

/* decision.c: what does the buyer do about it?  Sets what will be asked in the node,
 * and gives the hours until then. */
enum decision { DECIDE_NOTHING, DECIDE_ASK, DECIDE_CHAT, DECIDE_WATCH_PRICE };
enum decision sim_decide_on_delivery(struct world *world, struct node *node,
                                     double *ret_hours);
bool sim_decide_on_price(struct world *world, struct node *node);

/* dispute.c: from the first message to the last verdict. */
REBUT_MUST_CHECK bool sim_world_dispute(struct world *world, uint32_t index,
                                        struct rebut_error *err);

/* events.c: one line each. */
REBUT_MUST_CHECK bool sim_event_order(struct world *world, const struct node *node,
                                      const struct pitch *pitch, struct rebut_error *err);
REBUT_MUST_CHECK bool sim_event_shipment(struct world *world, const struct node *node,
                                         struct rebut_error *err);
REBUT_MUST_CHECK bool sim_event_delivery(struct world *world, const struct node *node,
                                         struct rebut_error *err);
REBUT_MUST_CHECK bool sim_event_price(struct world *world, uint32_t sku, uint32_t second,
                                      struct rebut_error *err);
struct contact {
    enum rebut_party by;
    enum rebut_contact_kind kind;
    const char *text;
    size_t text_size;
};
REBUT_MUST_CHECK bool sim_event_contact(struct world *world, const struct node *node,
                                        const struct contact *contact,
                                        struct rebut_error *err);
REBUT_MUST_CHECK bool sim_event_outcome(struct world *world, const struct node *node,
                                        enum rebut_outcome_by by,
                                        struct rebut_error *err);
struct opinion {
    enum rebut_verdict verdict;
    uint32_t reviewer;
    double propensity; /* or 0 */
};
REBUT_MUST_CHECK bool sim_event_verdict(struct world *world, const struct node *node,
                                        const struct opinion *opinion,
                                        struct rebut_error *err);

/* requests.c: the request and the truth about it. */
REBUT_MUST_CHECK bool sim_event_request(struct world *world, const struct node *node,
                                        struct rebut_error *err);
REBUT_MUST_CHECK bool sim_truth_header(struct world *world, struct rebut_error *err);
REBUT_MUST_CHECK bool sim_truth_row(struct world *world, const struct node *node,
                                    struct rebut_error *err);

/* identity.c: what things are called. */
void sim_put_order_id(struct lines *lines, uint32_t order);
void sim_put_request_id(struct lines *lines, uint32_t request);
void sim_put_buyer_id(const struct world *world, struct lines *lines, uint32_t buyer);
void sim_put_merchant_id(struct lines *lines, uint32_t merchant);
void sim_put_sku_id(const struct world *world, struct lines *lines, uint32_t sku);
void sim_put_key(const struct world *world, struct lines *lines, char letter,
                 uint64_t key);
void sim_put_host_id(const struct world *world, struct lines *lines, uint32_t host);
void sim_put_distributor(const struct world *world, struct lines *lines,
                         uint32_t merchant, uint32_t dealer);
uint64_t sim_sku_hash(const struct world *world, uint32_t sku);

#endif
