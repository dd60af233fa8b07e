#include "world.h"

#include "../../../engine/score/photo.h"

enum { NO_PHOTO, OTHER_BUYER, SAME_BUYER, SAME_PURCHASE, OWN };

/* Request r on order r of buyer b, at a shop of its own, with that picture. */
static void show(struct world *world, unsigned request, unsigned buyer, uint64_t photo)
{
    world_order(world, request, buyer, request, 1, 1);
    struct rebut_event *event = world_request(world, request, request, 2);
    event->photos[0] = photo;
    event->photo_count = 1;
}

/* The bins of r0, r1, … into ret. */
static void reuse_of(const struct world *world, uint8_t *ret, unsigned count)
{
    struct rebut_state state;
    struct rebut_error err = {0};
    uint8_t *bins = malloc(count + (size_t)1);
    assert_non_null(bins);
    world_state(world, world_time(60), &state);
    assert_int_equal(state.requests.count, count);
    struct rebut_album album;
    assert_true(rebut_album_open(&album, &state, &err));
    rebut_photo_reuse(&album, bins);
    rebut_album_close(&album);
    for (unsigned i = 0; i < count; i++)
        ret[i] = bins[run_index(&state.request_ids, 'r', i)];
    free(bins);
    rebut_state_release(&state);
}

static uint64_t word(struct world *world)
{
    uint64_t x = 0;
    for (int i = 0; i < 4; i++)
        x = x << 16 | world_pick(world, 65536);
    return x;
}

/* `bits` different bits of a picture turned over. */
static uint64_t blur(struct world *world, uint64_t photo, int bits)
{
    uint64_t mask = 0;
    while (__builtin_popcountll(mask) < bits)
        mask |= (uint64_t)1 << world_pick(world, 64);
    return photo ^ mask;
}

static void seven_bits_apart_is_the_same_picture_and_eight_is_not(void **state)
{
    (void)state;
    struct world world = world_make(5);
    for (int bits = 0; bits <= 9; bits++)
        for (int round = 0; round < 60; round++) {
            struct world pair = world_make(1);
            uint8_t bin[2];
            const uint64_t photo = word(&world);
            show(&pair, 0, 1, photo);
            show(&pair, 1, 2, blur(&world, photo, bits));
            reuse_of(&pair, bin, 2);
            assert_int_equal(bin[0], bits <= 7 ? OTHER_BUYER : OWN);
            assert_int_equal(bin[1], bin[0]);
            world_release(&pair);
        }
    world_release(&world);
}

static void each_single_bit_may_differ(void **state)
{
    (void)state;
    struct world world = world_make(6);
    const uint64_t photo = word(&world);
    uint8_t bin[65];
    show(&world, 0, 0, photo);
    for (unsigned bit = 0; bit < 64; bit++) {
        struct world pair = world_make(1);
        show(&pair, 0, 1, photo);
        show(&pair, 1, 2, photo ^ (uint64_t)1 << bit);
        reuse_of(&pair, bin, 2);
        assert_int_equal(bin[0], OTHER_BUYER);
        world_release(&pair);
    }
    world_release(&world);
}

static void another_order_of_the_same_buyer_is_told_apart(void **state)
{
    (void)state;
    struct world world = world_make(1);
    uint8_t bin[6];
    show(&world, 0, 1, 0xabcdef);
    show(&world, 1, 1, 0xabcdee);
    show(&world, 2, 2, UINT64_MAX);
    show(&world, 3, 2, 0x5555000055550000);
    /* The same order again, and a request without a picture. */
    struct rebut_event *again = world_request(&world, 4, 3, 5);
    again->photos[0] = again->photos[1] = 0x5555000055550000;
    again->photo_count = 2;
    world_request(&world, 5, 3, 6);
    reuse_of(&world, bin, 6);
    assert_int_equal(bin[0], SAME_BUYER);
    assert_int_equal(bin[1], SAME_BUYER);
    assert_int_equal(bin[2], OWN);
    assert_int_equal(bin[3], OWN);
    assert_int_equal(bin[4], OWN);
    assert_int_equal(bin[5], NO_PHOTO);
    world_release(&world);
}

static void another_buyer_s_order_weighs_more_than_one_s_own(void **state)
{
    (void)state;
    struct world world = world_make(1);
    uint8_t bin[4];
    show(&world, 0, 1, 77);
    show(&world, 1, 1, 77);
    show(&world, 2, 2, 77);
    show(&world, 3, 3, 0xffff00000000);
    reuse_of(&world, bin, 4);
    for (int i = 0; i < 3; i++)
        assert_int_equal(bin[i], OTHER_BUYER);
    assert_int_equal(bin[3], OWN);
    world_release(&world);
}

/* The bin of a buyer's picture that also stands on its order `days` later at `shop`. */
static uint8_t again_after(double days, unsigned shop)
{
    struct world world = world_make(1);
    uint8_t bin[2];
    show(&world, 0, 1, 77);
    show(&world, 1, 1, 77);
    world.events.data[2].at = world_time(1 + days);
    world.events.data[2].merchant_id = world_id(&world, 'm', shop);
    world.events.data[3].at = world_time(20);
    reuse_of(&world, bin, 2);
    assert_int_equal(bin[0], bin[1]);
    world_release(&world);
    return bin[0];
}

static void two_orders_at_a_shop_within_three_days_may_be_one_parcel(void **state)
{
    (void)state;
    assert_int_equal(again_after(0, 0), SAME_PURCHASE);
    assert_int_equal(again_after(2.9, 0), SAME_PURCHASE);
    assert_int_equal(again_after(3.1, 0), SAME_BUYER);
    assert_int_equal(again_after(0, 5), SAME_BUYER);
    struct world world = world_make(1); /* one that may be and one that may not */
    uint8_t bin[3];
    for (unsigned i = 0; i < 3; i++)
        show(&world, i, 1, 77);
    world.events.data[2].merchant_id = world.events.data[0].merchant_id;
    reuse_of(&world, bin, 3);
    for (int i = 0; i < 3; i++)
        assert_int_equal(bin[i], SAME_BUYER);
    world_release(&world);
}

/* Also the picture of a return counts, though a return is not judged. */
static void a_return_s_picture_counts_too(void **state)
{
    (void)state;
    struct world world = world_make(1);
    uint8_t bin[2];
    show(&world, 0, 1, 77);
    show(&world, 1, 2, 77);
    world.events.data[3].request_kind = REBUT_KIND_RETURN_REFUND;
    reuse_of(&world, bin, 2);
    assert_int_equal(bin[0], OTHER_BUYER);
    world_release(&world);
}

static void the_search_finds_what_comparing_all_pairs_finds(void **state)
{
    (void)state;
    enum { COUNT = 1200 };
    struct world world = world_make(9);
    static uint64_t photo[COUNT];
    static unsigned buyer[COUNT];
    static uint8_t bin[COUNT];
    for (unsigned i = 0; i < COUNT; i++) {
        buyer[i] = world_pick(&world, 300);
        photo[i] = i % 3 != 0 ? word(&world)
                              : blur(&world, photo[world_pick(&world, i + 1)],
                                     4 + (int)world_pick(&world, 7));
        show(&world, i, buyer[i], photo[i]);
    }
    reuse_of(&world, bin, COUNT);
    unsigned found = 0;
    for (unsigned i = 0; i < COUNT; i++) {
        uint8_t expected = OWN;
        for (unsigned j = 0; j < COUNT; j++)
            if (i != j && __builtin_popcountll(photo[i] ^ photo[j]) <= 7) {
                const uint8_t kind = buyer[i] == buyer[j] ? SAME_BUYER : OTHER_BUYER;
                expected = kind < expected ? kind : expected;
            }
        assert_int_equal(bin[i], expected);
        found += expected != OWN;
    }
    assert_true(found > 200 && found < 1000);
    world_release(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(seven_bits_apart_is_the_same_picture_and_eight_is_not),
        cmocka_unit_test(each_single_bit_may_differ),
        cmocka_unit_test(another_order_of_the_same_buyer_is_told_apart),
        cmocka_unit_test(another_buyer_s_order_weighs_more_than_one_s_own),
        cmocka_unit_test(two_orders_at_a_shop_within_three_days_may_be_one_parcel),
        cmocka_unit_test(a_return_s_picture_counts_too),
        cmocka_unit_test(the_search_finds_what_comparing_all_pairs_finds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
