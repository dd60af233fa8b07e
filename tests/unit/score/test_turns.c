/* A buyer who turns, one who always abused, and honest ones. */
#include "world.h"

#define BUYERS 400
#define ORDERS 40

/* Buyers with one order every three days.  b1 to b8 turn at their 30th order, b9 to b16
 * abuse from the first, the others never. */
static struct world platform(unsigned seed)
{
    struct world world = world_make(seed);
    unsigned order = 0, request = 0;
    for (unsigned b = 1; b <= BUYERS; b++)
        for (unsigned i = 0; i < ORDERS; i++) {
            const unsigned m = world_pick(&world, 20);
            const double day = 1 + 3 * i + world_random(&world);
            world_order(&world, ++order, b, m, m, day);
            const bool abuser = (b <= 8 && i >= 30) || (b > 8 && b <= 16);
            if (world_random(&world) < (abuser ? .5 : m == 0 ? .2 : .02))
                world_request(&world, ++request, order, day + 2);
        }
    return world;
}

static void who_turns_is_found_with_the_time(void **state)
{
    (void)state;
    struct world world = platform(1);
    struct run run;
    unsigned turned = 0, always = 0, honest = 0;
    uint8_t seen[BUYERS + 1] = {0};
    run_open(&run, &world, &(struct plan){.fit = true, .as_of_day = 130});
    for (uint32_t i = 0; i < run.scores.count; i++) {
        const struct rebut_score *score = &run.scores.list[i];
        const uint32_t row = run.frame.claims[score->claim].row;
        const struct rebut_order *order =
            &run.state.orders.data[run.frame.rows[row].order];
        const struct rebut_text id =
            rebut_intern_text(&run.state.buyer_ids, order->buyer);
        const unsigned buyer = (unsigned)strtoul(id.data + 1, NULL, 10);
        const bool alarm = score->turned.since != REBUT_TIME_NONE;
        assert_true(alarm || !(score->notes & REBUT_NOTE_TURNED));
        /* The note stands on what came with the turn or after it. */
        assert_true(!alarm || !!(score->notes & REBUT_NOTE_TURNED) ==
                                  (order->at >= score->turned.since));
        if (seen[buyer]++ > 0)
            continue;
        turned += buyer <= 8 && alarm;
        always += buyer > 8 && buyer <= 16 && alarm;
        honest += buyer > 16 && alarm;
        if (buyer <= 8 && alarm)
            assert_near((double)(score->turned.since - world_time(0)) / REBUT_DAY, 91,
                        20);
    }
    assert_true(turned >= 6);
    assert_true(always <= 2);
    assert_true(honest <= BUYERS / 100 + 2);
    run_close(&run);
    world_release(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_turns_is_found_with_the_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
