#include "random_world.h"

/* Buyer `buyer` orders `count` times at merchants 50, 51, …; orders from `first` on. */
static void shop(struct world *world, unsigned buyer, unsigned first, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        world_order(world, first + i, buyer, 50 + i % 7, 50 + i % 7, 1 + i % 40);
}

static void assert_all_finite(const struct run *run)
{
    for (uint32_t b = 0; b < run->frame.buyers; b++) {
        const struct rebut_buyer_result *buyer = &run->inference.buyers[b];
        assert_true(isfinite(buyer->log_bf) && buyer->pi > 0 && buyer->pi < 1);
        assert_true(buyer->abuser >= 0 && buyer->abuser <= 1);
        assert_true(isfinite(buyer->mean_a) && isfinite(buyer->mean_u));
    }
    for (uint32_t i = 0; i < run->scores.count; i++) {
        const struct rebut_score *score = &run->scores.list[i];
        assert_true(isfinite(score->log_odds));
        assert_true(score->probability >= 0 && score->probability <= 1);
        assert_true(score->low >= 0 && score->high <= 1);
    }
    for (int k = 0; k < REBUT_LEVELS; k++)
        for (uint32_t i = 0; i < run->frame.hierarchy.entities[k]; i++)
            assert_true(run->inference.fault[k][i].ratio > 0 &&
                        isfinite(run->inference.fault[k][i].ratio));
}

/* Score with the starting values and with a fit; both must be sound. */
static void assert_sound(const struct world *world)
{
    for (int fit = 0; fit < 2; fit++) {
        struct run run;
        run_open(&run, world, &(struct plan){.fit = fit});
        assert_all_finite(&run);
        free(run_bytes(&run).data);
        run_close(&run);
    }
}

static void a_buyer_with_100_requests_is_judged_by_all(void **state)
{
    (void)state;
    struct world world = world_make(1);
    shop(&world, 1, 1, 120);
    shop(&world, 2, 201, 120);
    for (unsigned i = 1; i <= 100; i++)
        world_request(&world, i, i, 42);
    world_request(&world, 301, 301, 42);
    assert_sound(&world);
    struct run run;
    run_open(&run, &world, &(struct plan){0});
    assert_true(run_buyer(&run, 1)->abuser > .999F);
    assert_true(run_buyer(&run, 2)->abuser < .1F);
    for (unsigned i = 1; i <= 100; i++)
        assert_true(run_score(&run, i)->probability > .8);
    run_close(&run);
    world_release(&world);
}

static void a_buyer_with_5000_orders_is_judged_by_all(void **state)
{
    (void)state;
    struct world world = world_make(1);
    shop(&world, 1, 1, 5000);
    shop(&world, 2, 6001, 5);
    world_request(&world, 1, 1, 42);
    world_request(&world, 2, 6001, 42);
    assert_sound(&world);
    struct run run;
    run_open(&run, &world, &(struct plan){0});
    assert_true(run_buyer(&run, 1)->abuser < .01F);
    assert_true(run_score(&run, 1)->probability < run_score(&run, 2)->probability);
    run_close(&run);
    world_release(&world);
}

static void strange_platforms_are_scored_all_the_same(void **state)
{
    (void)state;
    struct world one = world_make(1); /* one order, one request, nothing else */
    world_order(&one, 1, 1, 1, 1, 1);
    world_request(&one, 1, 1, 2);
    assert_sound(&one);
    world_release(&one);

    struct world quiet = world_make(1); /* no request at all */
    shop(&quiet, 1, 1, 300);
    shop(&quiet, 2, 301, 1);
    assert_sound(&quiet);
    world_release(&quiet);

    struct world lone = world_make(1); /* one order, nothing else */
    world_order(&lone, 1, 1, 1, 1, 1);
    assert_sound(&lone);
    world_release(&lone);

    struct world all = world_make(1); /* everybody asks for everything at once */
    for (unsigned i = 1; i <= 400; i++) {
        struct rebut_event *order =
            world_order(&all, i, i % 40, i % 9, i % 20, 1 + i % 30);
        order->device_id = REBUT_TEXT("one");
        world_parcel(&all, REBUT_EVENT_DELIVERY, i, 33);
        struct rebut_event *request = world_request(&all, i, i, 33.01);
        request->reason = REBUT_REASON_NOT_RECEIVED;
        request->photos[0] = 7;
        request->photo_count = 1;
        world_ruling(&all, REBUT_EVENT_VERDICT, i, 40);
    }
    assert_sound(&all);
    world_release(&all);

    struct world fresh = world_make(1); /* every buyer has one order: no trust at all */
    for (unsigned i = 1; i <= 300; i++) {
        world_order(&fresh, i, i, i % 5, i % 5, 1 + i % 30)->amount = 0;
        if (i % 10 == 0)
            world_request(&fresh, i, i, 35)->amount = 0;
    }
    assert_sound(&fresh);
    world_release(&fresh);
}

static void a_shop_with_one_order_is_taken_for_average(void **state)
{
    (void)state;
    struct world world = world_make(1);
    struct run run;
    shop(&world, 1, 1, 30);
    world_order(&world, 90, 1, 1, 1, 5);
    world_request(&world, 90, 90, 9);
    run_open(&run, &world, &(struct plan){0});
    /* Nearly: an order that was not sent back speaks for the shop a little. */
    assert_near(run_term(&run, 90, REBUT_TERM_MERCHANT).log_odds, 0, .01);
    assert_true(run_score(&run, 90)->notes & REBUT_NOTE_FEW_ORDERS);
    run_close(&run);
    world_release(&world);
}

/* The same buyer with the second request on an order asked about, or on another. */
static void two_requests_on_one_order_count_once(void **state)
{
    (void)state;
    struct world world = world_make(1);
    struct run once, twice, both;
    shop(&world, 1, 1, 10);
    shop(&world, 2, 101, 30);
    world_request(&world, 1, 1, 42);
    run_open(&once, &world, &(struct plan){0});
    world_request(&world, 2, 1, 43);
    run_open(&twice, &world, &(struct plan){.model = once.model});
    assert_near(run_buyer(&twice, 1)->log_bf, run_buyer(&once, 1)->log_bf, 0);
    assert_near(run_score(&twice, 1)->log_odds, run_score(&once, 1)->log_odds, 0);
    assert_near(run_score(&twice, 2)->log_odds, run_score(&once, 1)->log_odds, 1e-12);
    for (uint32_t i = 0; i < once.frame.units; i++)
        assert_near((double)twice.inference.unit_counted[i],
                    (double)once.inference.unit_counted[i], 0);
    world.events.data[world.events.count - 1].order_id = world_id(&world, 'o', 2);
    run_open(&both, &world, &(struct plan){.model = once.model});
    assert_true(run_buyer(&both, 1)->log_bf > run_buyer(&once, 1)->log_bf + .5);
    run_close(&both);
    run_close(&twice);
    run_close(&once);
    world_release(&world);
}

/* w E[u] of a row's buyer. */
static double trust_of(const struct run *run, uint32_t row)
{
    const struct rebut_row *r = &run->frame.rows[row];
    return (double)r->expected / run->inference.mu[r->cell];
}

/* One merchant, b1 asks there.  Weights are by the record elsewhere: n / (n + 3). */
static void trust_comes_from_orders_elsewhere_and_from_nothing_at_the_shop(void **state)
{
    (void)state;
    struct world world = world_make(1);
    struct run run, asked;
    for (unsigned i = 1; i <= 5; i++)
        world_order(&world, i, 1, 1, 1, i); /* only here */
    for (unsigned i = 1; i <= 5; i++)
        world_order(&world, 10 + i, 2, 1, 1, i);
    shop(&world, 2, 100, 9); /* and nine elsewhere */
    run_open(&run, &world, &(struct plan){0});
    for (uint32_t i = 0; i < run.frame.rows_count; i++) {
        const struct rebut_order *order = &run.state.orders.data[run.frame.rows[i].order];
        if (order->merchant != run_index(&run.state.merchant_ids, 'm', 1))
            continue;
        const double trust = trust_of(&run, i);
        if (order->buyer == run_index(&run.state.buyer_ids, 'b', 1))
            assert_near(trust, 0, 0);
        else
            assert_near(trust, 9. / 12, .03);
    }
    for (unsigned i = 1; i <= 5; i++) /* now b2 asks about all that it bought here */
        world_request(&world, i, 10 + i, 30);
    run_open(&asked, &world, &(struct plan){.model = run.model});
    const uint32_t here = run_index(&run.state.merchant_ids, 'm', 1);
    for (uint32_t i = 0; i < run.frame.rows_count; i++) {
        const struct rebut_row *row = &run.frame.rows[i];
        if (run.frame.unit_merchant[row->unit] == here)
            assert_near(trust_of(&asked, i), trust_of(&run, i), 1e-3);
    }
    run_close(&asked);
    run_close(&run);
    world_release(&world);
}

/* Everything b1 put into its shops, taken out by hand. */
static void a_buyer_is_judged_without_its_own_orders(void **state)
{
    (void)state;
    struct world with = world_make(1), without = world_make(1);
    struct run run, rest;
    for (unsigned b = 2; b <= 9; b++) {
        shop(&with, b, 100 * b, 20);
        shop(&without, b, 100 * b, 20);
        world_request(&with, b, 100 * b + b, 43);
        world_request(&without, b, 100 * b + b, 43);
    }
    shop(&with, 1, 1, 20);
    world_request(&with, 1, 1, 42);
    world_request(&with, 40, 8, 42); /* the same shop once more */
    run_open(&run, &with, &(struct plan){0});
    run_open(&rest, &without, &(struct plan){.model = run.model});
    const uint32_t shop_of = run_index(&rest.state.merchant_ids, 'm', 50);
    const struct rebut_entity *entity =
        &rest.inference.fault[REBUT_LEVEL_MERCHANT][shop_of];
    const struct rebut_claim_result *claim = &run.inference.claims[run_claim(&run, 1)];
    /* Not to the bit: b1's requests move the others' judgement, and so their counts. */
    assert_near(claim->counted_fault[REBUT_LEVEL_MERCHANT], entity->counted, .05);
    assert_near(claim->expected_fault[REBUT_LEVEL_MERCHANT], entity->expected, .02);
    const struct rebut_entity *all =
        &run.inference
             .fault[REBUT_LEVEL_MERCHANT][run_index(&run.state.merchant_ids, 'm', 50)];
    assert_true(all->counted > claim->counted_fault[REBUT_LEVEL_MERCHANT] + .3);
    run_close(&rest);
    run_close(&run);
    world_release(&with);
    world_release(&without);
}

static void bad_company_raises_suspicion_and_good_company_lowers_it(void **state)
{
    (void)state;
    double alone = 0, ring = 0, household = 0;
    for (int kind = 0; kind < 3; kind++) {
        struct world world = world_make(1);
        struct run run;
        for (unsigned b = 1; b <= 5; b++) {
            shop(&world, b, 100 * b, 30);
            for (uint32_t i = 0; kind > 0 && i < world.events.count; i++)
                world.events.data[i].device_id = REBUT_TEXT("shared");
        }
        world_request(&world, 1, 100, 42);
        for (unsigned b = 2; kind == 1 && b <= 5; b++)
            for (unsigned i = 0; i < 8; i++)
                world_request(&world, 10 * b + i, 100 * b + i, 42);
        run_open(&run, &world, &(struct plan){0});
        const double log_odds = run_score(&run, 1)->log_odds;
        if (kind == 0)
            alone = log_odds;
        else if (kind == 1)
            ring = log_odds;
        else
            household = log_odds;
        assert_true((run_term(&run, 1, REBUT_TERM_RING).log_odds != 0) == (kind > 0));
        run_close(&run);
        world_release(&world);
    }
    assert_true(ring > alone + 1);
    assert_true(household < alone);
}

static void verdicts_move_what_was_judged_and_who_was(void **state)
{
    (void)state;
    struct world world = world_make(1);
    struct run before, after;
    shop(&world, 1, 1, 20);
    shop(&world, 2, 101, 200);
    for (unsigned i = 1; i <= 3; i++)
        world_request(&world, i, i, 42);
    run_open(&before, &world, &(struct plan){0});
    world_ruling(&world, REBUT_EVENT_VERDICT, 1, 44);
    run_open(&after, &world, &(struct plan){.model = before.model});
    assert_near(run_term(&after, 1, REBUT_TERM_VERDICT).log_odds, log(.95 / .05), 1e-12);
    assert_true(run_score(&after, 1)->probability > run_score(&before, 1)->probability);
    assert_true(run_score(&after, 2)->probability > run_score(&before, 2)->probability);
    run_close(&after);
    world.events.data[world.events.count - 1].verdict = REBUT_VERDICT_LEGITIMATE;
    run_open(&after, &world, &(struct plan){.model = before.model});
    assert_true(run_score(&after, 1)->probability < run_score(&before, 1)->probability);
    assert_true(run_score(&after, 2)->probability < run_score(&before, 2)->probability);
    run_close(&after);
    run_close(&before);
    world_release(&world);
}

static void running_it_again_gives_the_same_bits(void **state)
{
    (void)state;
    struct world world = world_make(12);
    struct run run;
    struct rebut_error err = {0};
    world_fill(&world);
    run_open(&run, &world, &(struct plan){.fit = true});
    struct bytes first = run_bytes(&run);
    rebut_scores_close(&run.scores);
    assert_true(rebut_infer(&run.inference, run.model, &err));
    assert_true(
        rebut_scores_open(&run.scores, &run.inference, run.model, INT64_MIN, &err));
    struct bytes second = run_bytes(&run);
    assert_same_bytes(&first, &second);
    free(first.data);
    free(second.data);
    run_close(&run);
    world_release(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_buyer_with_100_requests_is_judged_by_all),
        cmocka_unit_test(a_buyer_with_5000_orders_is_judged_by_all),
        cmocka_unit_test(strange_platforms_are_scored_all_the_same),
        cmocka_unit_test(a_shop_with_one_order_is_taken_for_average),
        cmocka_unit_test(two_requests_on_one_order_count_once),
        cmocka_unit_test(trust_comes_from_orders_elsewhere_and_from_nothing_at_the_shop),
        cmocka_unit_test(a_buyer_is_judged_without_its_own_orders),
        cmocka_unit_test(bad_company_raises_suspicion_and_good_company_lowers_it),
        cmocka_unit_test(verdicts_move_what_was_judged_and_who_was),
        cmocka_unit_test(running_it_again_gives_the_same_bits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
