/* Leads: from events to what a person reads of them. */
#include <string.h>

#include "rebut/groups_write.h"
#include "world.h"

#define RING 8
#define CLAIMANTS 10
#define FIRST_CLAIMANT 100
#define FIRST_BUYER 1000

static unsigned buy(struct world *world, unsigned *order, unsigned buyer,
                    unsigned merchant, double day)
{
    ++*order;
    world_order(world, *order, buyer, merchant, merchant * 3 + world_pick(world, 3), day);
    world_parcel(world, REBUT_EVENT_DELIVERY, *order, day + 2);
    return *order;
}

/* Honest buyers; sellers of counterfeits (m1 … m3), at whom every third complains, and
 * CLAIMANTS who look for them; a ring that raids three shops, three times. */
static struct world platform(unsigned seed)
{
    struct world world = world_make(seed);
    unsigned order = 0, request = 0;
    for (unsigned i = 0; i < 4000; i++) {
        const unsigned merchant = 1 + world_pick(&world, 60);
        const double day = 50 * world_random(&world);
        buy(&world, &order, FIRST_BUYER + world_pick(&world, 900), merchant, day);
        if (world_random(&world) < (merchant <= 3 ? .35 : .02))
            world_request(&world, ++request, order, day + 3 + 4 * world_random(&world));
    }
    for (unsigned i = 0; i < 4 * CLAIMANTS; i++) {
        const double day = 20 + 14 * world_random(&world);
        buy(&world, &order, FIRST_CLAIMANT + i % CLAIMANTS, 1 + world_pick(&world, 3),
            day);
        world_request(&world, ++request, order, day + 4)->reason =
            REBUT_REASON_COUNTERFEIT;
    }
    for (unsigned i = 0; i < 9 * RING; i++) {
        const unsigned shop = 10 + 10 * (i / RING % 3), raid = i / RING / 3;
        const double day = 5 + 15 * raid + 3 * world_random(&world);
        if (world_pick(&world, 4) == 0)
            continue;
        buy(&world, &order, 1 + i % RING, shop + raid, day);
        world_request(&world, ++request, order, day + 2.02)->reason =
            REBUT_REASON_DAMAGED;
    }
    return world;
}

static struct rebut_groups open_groups(const struct run *run, int64_t since)
{
    struct rebut_groups groups;
    struct rebut_error err = {0};
    if (!rebut_groups_open(&groups, &run->scores, since, &err))
        fail_msg("%s", err.message);
    return groups;
}

/* Members whose number is from `first` on and below `end`. */
static uint32_t listed(const struct run *run, const struct rebut_groups *groups,
                       unsigned first, unsigned end)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < groups->count; i++)
        for (uint32_t k = 0; k < groups->list[i].count; k++) {
            const uint32_t buyer = groups->members[groups->list[i].first + k].buyer;
            for (unsigned number = first; number < end; number++) {
                char text[32];
                snprintf(text, sizeof text, "b%u", number);
                count += rebut_text_equal(rebut_intern_text(&run->state.buyer_ids, buyer),
                                          rebut_text_of(text));
            }
        }
    return count;
}

static void the_ring_is_listed_and_honest_claimants_are_not(void **state)
{
    (void)state;
    for (unsigned seed = 1; seed <= 5; seed++) {
        struct world world = platform(seed);
        struct run run;
        run_open(&run, &world, &(struct plan){.fit = true});
        struct rebut_groups groups = open_groups(&run, INT64_MIN);
        assert_true(listed(&run, &groups, 1, RING + 1) >= RING - 2);
        assert_int_equal(
            listed(&run, &groups, FIRST_CLAIMANT, FIRST_CLAIMANT + CLAIMANTS), 0);
        assert_true(listed(&run, &groups, FIRST_BUYER, FIRST_BUYER + 900) <= 2);
        rebut_groups_close(&groups);
        run_close(&run);
        world_release(&world);
    }
}

static void the_facts_of_a_lead_add_up(void **state)
{
    (void)state;
    struct world world = platform(1);
    struct run run;
    run_open(&run, &world, &(struct plan){.fit = true});
    struct rebut_groups groups = open_groups(&run, INT64_MIN);
    assert_true(groups.count > 0);
    for (uint32_t i = 0; i < groups.count; i++) {
        const struct rebut_lead *lead = &groups.list[i];
        uint32_t requests = 0;
        double probability = 0;
        for (uint32_t k = 0; k < lead->count; k++) {
            const struct rebut_lead_member *member = &groups.members[lead->first + k];
            assert_true(member->requests >= 2); /* it met others at two merchants */
            assert_false(member->linked);
            for (uint32_t r = 0; r < member->requests; r++) {
                const struct rebut_score *score =
                    &run.scores.list[groups.requests[member->first + r]];
                assert_true(score->probability >= REBUT_GROUPS_LEAST);
                probability += score->probability;
            }
            requests += member->requests;
        }
        assert_int_equal(lead->requests, requests);
        assert_near(lead->probability, probability / requests, 1e-9);
        assert_int_equal(lead->amount, 5000 * (int64_t)requests);
        assert_true(lead->merchants >= 2 && lead->items >= lead->merchants);
        assert_true(lead->one_item >= 1 && lead->one_item <= requests);
        assert_true(lead->witnessed <= requests && lead->faulty <= requests);
        assert_true(lead->first_at < lead->last_at && lead->linked == 0);
    }
    rebut_groups_close(&groups);
    run_close(&run);
    world_release(&world);
}

static void who_shares_a_key_within_the_lead_is_marked(void **state)
{
    (void)state;
    struct world world = platform(1);
    struct run run;
    uint32_t linked = 0;
    for (uint32_t i = 0; i < world.events.count; i++) {
        struct rebut_event *event = &world.events.data[i];
        if (event->type == REBUT_EVENT_ORDER &&
            (rebut_text_equal(event->buyer_id, REBUT_TEXT("b1")) ||
             rebut_text_equal(event->buyer_id, REBUT_TEXT("b2"))))
            event->device_id = REBUT_TEXT("d1");
    }
    run_open(&run, &world, &(struct plan){.fit = true});
    struct rebut_groups groups = open_groups(&run, INT64_MIN);
    for (uint32_t i = 0; i < groups.count; i++)
        linked += groups.list[i].linked;
    assert_int_equal(linked, 2);
    rebut_groups_close(&groups);
    run_close(&run);
    world_release(&world);
}

static uint32_t witnessed(const struct world *world)
{
    struct run run;
    uint32_t sum = 0;
    run_open(&run, world, &(struct plan){.fit = true});
    struct rebut_groups groups = open_groups(&run, INT64_MIN);
    for (uint32_t i = 0; i < groups.count; i++)
        sum += groups.list[i].witnessed;
    rebut_groups_close(&groups);
    run_close(&run);
    return sum;
}

static void buyers_outside_bear_witness_and_members_do_not(void **state)
{
    (void)state;
    struct world world = platform(1);
    unsigned order = 90000, request = 90000;
    const uint32_t before = witnessed(&world);
    for (unsigned item = 30; item < 33; item++) {
        world_order(&world, ++order, FIRST_BUYER + item, 10, item, 6);
        world_parcel(&world, REBUT_EVENT_DELIVERY, order, 8);
        world_request(&world, ++request, order, 12)->reason = REBUT_REASON_DAMAGED;
    }
    assert_int_equal(before, 0);
    assert_true(witnessed(&world) >= 3);
    world_release(&world);
}

static struct bytes written(const struct world *world, bool table)
{
    struct run run;
    struct rebut_output out;
    char path[64];
    run_open(&run, world, &(struct plan){.fit = true});
    struct rebut_groups groups = open_groups(&run, INT64_MIN);
    bytes_begin(&out, path);
    if (table)
        rebut_groups_write_table(&groups, &run.scores, REBUT_ENGLISH, &out);
    else
        rebut_groups_write_ndjson(&groups, &run.scores, REBUT_CHINESE, &out);
    rebut_groups_close(&groups);
    run_close(&run);
    return bytes_end(&out, path);
}

static void the_order_of_events_changes_no_byte(void **state)
{
    (void)state;
    struct world world = platform(2);
    struct bytes there = written(&world, false);
    world_shuffle(&world);
    struct bytes back = written(&world, false);
    assert_true(there.size > 0);
    assert_string_equal(there.data, back.data);
    free(there.data);
    free(back.data);
    world_release(&world);
}

static void a_lead_that_ended_before_is_left_out(void **state)
{
    (void)state;
    struct world world = platform(1);
    struct run run;
    run_open(&run, &world, &(struct plan){.fit = true});
    struct rebut_groups all = open_groups(&run, INT64_MIN);
    struct rebut_groups late = open_groups(&run, all.list[0].last_at);
    struct rebut_groups none = open_groups(&run, world_time(59));
    assert_true(late.count >= 1 && late.count <= all.count);
    assert_int_equal(none.count, 0);
    rebut_groups_close(&all);
    rebut_groups_close(&late);
    rebut_groups_close(&none);
    run_close(&run);
    world_release(&world);
}

static void no_request_and_one_request_give_none(void **state)
{
    (void)state;
    for (unsigned requests = 0; requests <= 1; requests++) {
        struct world world = world_make(1);
        unsigned order = 0;
        buy(&world, &order, 1, 1, 1);
        if (requests > 0)
            world_request(&world, 1, 1, 4);
        struct bytes lines = written(&world, false), table = written(&world, true);
        assert_int_equal(lines.size, 0);
        assert_non_null(strstr(table.data, "none found"));
        free(lines.data);
        free(table.data);
        world_release(&world);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_ring_is_listed_and_honest_claimants_are_not),
        cmocka_unit_test(the_facts_of_a_lead_add_up),
        cmocka_unit_test(who_shares_a_key_within_the_lead_is_marked),
        cmocka_unit_test(buyers_outside_bear_witness_and_members_do_not),
        cmocka_unit_test(the_order_of_events_changes_no_byte),
        cmocka_unit_test(a_lead_that_ended_before_is_left_out),
        cmocka_unit_test(no_request_and_one_request_give_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
