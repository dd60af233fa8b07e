/* A run of a small platform, and packs from it. */
#ifndef TESTS_PACKING_H
#define TESTS_PACKING_H

#include "../../support/world.h"
#include "rebut/pack_json.h"
#include "rebut/pack_make.h"
#include "rebut/recompute.h"

static const unsigned char packing_secret[REBUT_PACK_SECRET] =
    "thirty-two bytes of a test's key";

struct packing {
    struct world world;
    struct run run;
    struct rebut_pack_maker *maker;
};

/* Of the world's events so far. */
static inline void packing_open(struct packing *packing, const struct plan *plan,
                                bool named)
{
    const struct rebut_pack_plan how = {.secret = named ? packing_secret : NULL,
                                        .edition = REBUT_EDITION_PLATFORM,
                                        .retain_days = 180};
    struct rebut_error err = {0};
    run_open(&packing->run, &packing->world, plan);
    if (!rebut_pack_maker_open(&packing->maker, &packing->run.scores, &how, &err))
        fail_msg("%s", err.message);
}

static inline void packing_close(struct packing *packing)
{
    rebut_pack_maker_close(packing->maker);
    run_close(&packing->run);
    world_release(&packing->world);
}

static inline struct rebut_pack packing_of(const struct packing *packing,
                                           const struct rebut_score *score)
{
    struct rebut_pack pack;
    struct rebut_error err = {0};
    if (!rebut_pack_make(packing->maker, score, &pack, &err))
        fail_msg("%s", err.message);
    return pack;
}

/* The pack of request r1, r2, … */
static inline struct rebut_pack packing_request(const struct packing *packing,
                                                unsigned request)
{
    return packing_of(packing, run_score(&packing->run, request));
}

/* Its JSON; released with free(text.data). */
static inline struct rebut_text packing_text(const struct rebut_pack *pack)
{
    struct rebut_output out;
    assert_true(rebut_output_memory(&out, NULL));
    rebut_pack_write(pack, &out);
    assert_int_equal(out.cause, 0);
    char *text = malloc(out.used + 1);
    assert_non_null(text);
    memcpy(text, out.buffer, out.used);
    text[out.used] = '\0';
    const struct rebut_text made = {text, out.used};
    rebut_output_release(&out);
    return made;
}

static inline void packing_free(struct rebut_text text)
{
    free((void *)(uintptr_t)text.data);
}

/* How many figures of a pack differ, and which first. */
static inline void packing_ignore(void *context, const struct rebut_recomputed *one)
{
    (void)context;
    (void)one;
}
static inline struct rebut_recompute_sum packing_sum(const struct rebut_pack *pack)
{
    struct rebut_recompute_sum sum = {0};
    struct rebut_error err = {0};
    if (!rebut_recompute(pack, packing_ignore, NULL, &sum, &err))
        fail_msg("%s", err.message);
    return sum;
}

/* A platform: a ring, reused pictures and words, a buyer with 40 requests (b1), another
 * with one order (b90), verdicts, and an item that is bad. */
static inline void packing_fill(struct world *world)
{
    unsigned order = 0, request = 0;
    for (unsigned b = 1; b <= 60; b++)
        for (unsigned i = 0; i < (b == 1 ? 60u : 12u); i++) {
            const unsigned m = 1 + world_pick(world, 8);
            const double day = 40 * world_random(world);
            struct rebut_event *event = world_order(world, ++order, b, m, m, day);
            event->category = REBUT_TEXT("家居");
            event->promised_ship_at = world_time(day + 1);
            if (b >= 2 && b <= 5)
                event->device_id = REBUT_TEXT("device-of-the-ring");
            world_parcel(world, REBUT_EVENT_SHIPMENT, order,
                         day + 2 * world_random(world));
            world_parcel(world, REBUT_EVENT_DELIVERY, order, day + 3);
            const bool asks = b == 1   ? i < 40
                              : b <= 5 ? i < 5
                                       : world_pick(world, m == 3 ? 4 : 40) == 0;
            if (!asks)
                continue;
            event = world_request(world, ++request, order, day + 3 + world_random(world));
            event->text = REBUT_TEXT("收到的商品已经破损无法使用了请退款");
            event->photos[event->photo_count++] = b <= 5 ? 0xabcdef + b : world->seed;
            if (request % 9 == 0)
                world_ruling(world, REBUT_EVENT_VERDICT, request, day + 10)->verdict =
                    b <= 5 ? REBUT_VERDICT_ABUSE : REBUT_VERDICT_LEGITIMATE;
            if (request % 4 == 0)
                world_ruling(world, REBUT_EVENT_OUTCOME, request, day + 9);
        }
    world_order(world, ++order, 90, 3, 3, 20);
    world_request(world, ++request, order, 25)->reason = REBUT_REASON_NOT_RECEIVED;
}

/* A platform with requests of all kinds, fitted, buyers named.  0, for cmocka. */
static inline int packing_make(struct packing *packing, uint64_t seed)
{
    packing->world = world_make(seed);
    packing_fill(&packing->world);
    packing_open(packing, &(struct plan){.fit = true}, true);
    return 0;
}

#endif
