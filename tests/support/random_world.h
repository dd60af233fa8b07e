/* random_world.h -- worlds with a bit of everything, another one for every seed. */
#ifndef TESTS_RANDOM_WORLD_H
#define TESTS_RANDOM_WORLD_H

#include "world.h"

static inline void world_fill_order(struct world *world, unsigned order, unsigned buyer,
                                    unsigned merchant, double day)
{
    static const char *const categories[] = {"食品", "女装", "数码", "家居"};
    static const char *const carriers[] = {"顺丰", "中通", "圆通"};
    struct rebut_event *event = world_order(world, order, buyer, merchant,
                                            merchant * 3 + world_pick(world, 3), day);
    event->amount = 100 + (int64_t)(exp(9 * world_random(world)));
    event->channel = (enum rebut_channel)world_pick(world, REBUT_CHANNELS);
    event->promised_ship_at = world_time(day + 2);
    if (world_pick(world, 4) > 0)
        event->category = rebut_text_of(categories[world_pick(world, 4)]);
    if (world_pick(world, 3) == 0)
        event->campaign = REBUT_TEXT("双11");
    if (world_pick(world, 3) > 0)
        event->account_created_at = world_time(day - 900 * world_random(world));
    if (world_pick(world, 3) == 0)
        event->device_id = world_id(world, 'd', world_pick(world, 5));
    if (world_pick(world, 3) == 0)
        event->address_id = world_id(world, 'a', world_pick(world, 5));
    if (world_pick(world, 5) == 0)
        return;
    const double shipped = day + 4 * world_random(world);
    world_parcel(world, REBUT_EVENT_SHIPMENT, order, shipped)->carrier =
        rebut_text_of(carriers[world_pick(world, 3)]);
    if (world_pick(world, 5) > 0)
        world_parcel(world, REBUT_EVENT_DELIVERY, order,
                     shipped + 8 * world_random(world))
            ->signed_by = REBUT_SIGNED_SELF;
}

static inline void world_fill_request(struct world *world, unsigned request,
                                      unsigned order, double day)
{
    static const char *const texts[] = {"收到时已经破损", "头盔有裂痕",
                                        "味道不对劲",     "尺码不合适",
                                        "屏幕坏了不能用", "一直没有收到"};
    struct rebut_event *event =
        world_request(world, request, order, day + 9 * world_random(world));
    event->reason = (enum rebut_reason)(1 + world_pick(world, REBUT_REASONS - 1));
    if (world_pick(world, 4) == 0)
        event->request_kind = REBUT_KIND_RETURN_REFUND;
    if (world_pick(world, 3) > 0)
        event->text = rebut_text_of(texts[world_pick(world, 6)]);
    for (unsigned i = world_pick(world, 3); i > 0; i--)
        event->photos[event->photo_count++] =
            (world_pick(world, 12) + 1) * 0x9e3779b97f4a7c15u ^
            (uint64_t)1 << world_pick(world, 64);
    if (world_pick(world, 6) == 0)
        world_ruling(world, REBUT_EVENT_VERDICT, request, day + 20)->verdict =
            (enum rebut_verdict)(1 + world_pick(world, 3));
    if (world_pick(world, 2) == 0)
        world_ruling(world, REBUT_EVENT_OUTCOME, request, day + 12);
}

/* A few buyers and merchants, tens of orders of every kind, all within 40 days; ids
 * count from 1.  Gives the number of orders. */
static inline unsigned world_fill(struct world *world)
{
    const unsigned buyers = 3 + world_pick(world, 10),
                   merchants = 1 + world_pick(world, 5);
    const unsigned orders = 10 + world_pick(world, 50);
    unsigned requests = 0;
    for (unsigned order = 1; order <= orders; order++) {
        const double day = 40 * world_random(world);
        world_fill_order(world, order, 1 + world_pick(world, buyers),
                         1 + world_pick(world, merchants), day);
        for (int i = 0; i < 2; i++)
            if (world_pick(world, i == 0 ? 3 : 8) == 0)
                world_fill_request(world, ++requests, order, day);
        if (world_pick(world, 8) == 0) {
            struct rebut_event *event =
                world_event(world, REBUT_EVENT_PRICE, day + 10 * world_random(world));
            event->sku_id = world_id(world, 's', world_pick(world, merchants * 3 + 3));
            event->amount = 100 + world_pick(world, 4000);
        }
        if (world_pick(world, 8) == 0) {
            struct rebut_event *event = world_event(world, REBUT_EVENT_CONTACT, day + 5);
            event->order_id = world_id(world, 'o', order);
            event->party = REBUT_PARTY_BUYER;
            event->contact_kind = REBUT_CONTACT_MESSAGE;
        }
    }
    return orders;
}

#endif
