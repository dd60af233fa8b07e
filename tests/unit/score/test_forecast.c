#include <jansson.h>

#include "rebut/forecast.h"
#include "world.h"

/* Twelve shops, shop 0 bad; buyers 1 to 6 abuse; days 0 to 60. */
static struct world platform(unsigned seed)
{
    struct world world = world_make(seed);
    unsigned request = 0;
    for (unsigned order = 1; order <= 3000; order++) {
        const unsigned b = 1 + world_pick(&world, 200), m = world_pick(&world, 12);
        const double day = 60 * world_random(&world);
        world_order(&world, order, b, m, m, day)->category =
            m % 2 ? REBUT_TEXT("食品") : REBUT_TEXT("女装");
        world_parcel(&world, REBUT_EVENT_SHIPMENT, order, day + 1);
        world_parcel(&world, REBUT_EVENT_DELIVERY, order, day + 3);
        if (world_random(&world) < (m == 0 ? .25 : .01) + (b <= 6 ? .3 : 0))
            world_request(&world, ++request, order, day + 4);
    }
    return world;
}

/* Records up to day 40, orders looked at up to day 80. */
struct outlooks {
    struct run run;
    struct rebut_state later;
    struct rebut_forecaster *forecaster;
};

static void open_with(struct outlooks *outlooks, const struct world *world,
                      const struct rebut_model *model)
{
    struct rebut_error err = {0};
    run_open(&outlooks->run, world,
             &(struct plan){.as_of_day = 40, .model = model, .fit = model == NULL});
    world_state(world, world_time(80), &outlooks->later);
    assert_true(rebut_forecaster_new(&outlooks->forecaster, &outlooks->run.inference,
                                     outlooks->run.model, &err));
    assert_true(rebut_forecaster_look_at(outlooks->forecaster, &outlooks->later, &err));
}

static void open_outlooks(struct outlooks *outlooks, const struct world *world)
{
    open_with(outlooks, world, NULL);
}

static void close_outlooks(struct outlooks *outlooks)
{
    rebut_forecaster_free(outlooks->forecaster);
    rebut_state_release(&outlooks->later);
    run_close(&outlooks->run);
}

static struct rebut_outlook outlook_of(const struct outlooks *outlooks, unsigned order)
{
    return rebut_forecast(outlooks->forecaster,
                          run_index(&outlooks->later.order_ids, 'o', order), true);
}

static void rates_add_up_and_lie_in_their_intervals(void **state)
{
    (void)state;
    struct world world = platform(1);
    struct outlooks outlooks;
    open_outlooks(&outlooks, &world);
    for (unsigned order = 1; order <= 3000; order += 7) {
        const struct rebut_outlook o = outlook_of(&outlooks, order);
        assert_near(o.probability, 1 - exp(-(o.fault + o.abuse)), 1e-14);
        assert_true(o.fault > 0 && o.abuse > 0);
        assert_true(o.fault_low < o.fault && o.fault < o.fault_high);
        assert_true(o.abuse_low <= o.abuse && o.abuse_low <= o.abuse_high);
        const struct rebut_outlook quick = rebut_forecast(
            outlooks.forecaster, run_index(&outlooks.later.order_ids, 'o', order), false);
        assert_near(quick.probability, o.probability, 0);
        assert_near(quick.fault_high, 0, 0);
    }
    close_outlooks(&outlooks);
    world_release(&world);
}

static void who_is_new_is_average(void **state)
{
    (void)state;
    struct world world = platform(2);
    struct outlooks outlooks;
    /* New buyer, new shop, new item: then one of each that is known. */
    world_order(&world, 5000, 900, 90, 900, 45)->category = REBUT_TEXT("食品");
    world_order(&world, 5001, 900, 90, 900, 46)->category = REBUT_TEXT("没见过");
    world_order(&world, 5002, 900, 0, 0, 45)->category = REBUT_TEXT("女装");
    world_order(&world, 5003, 900, 2, 2, 45)->category = REBUT_TEXT("女装");
    world_order(&world, 5004, 1, 90, 900, 45)->category = REBUT_TEXT("食品");
    open_outlooks(&outlooks, &world);
    const struct rebut_population *population = &outlooks.run.own.population;
    const struct rebut_outlook newcomer = outlook_of(&outlooks, 5000);
    const double mean_a = population->pi * population->alpha / population->beta;
    assert_near(newcomer.abuse / mean_a, 1, .6); /* but for temptation */
    assert_true(isfinite(outlook_of(&outlooks, 5001).probability));
    const double mean =
        (double)outlooks.run.frame.claims_count / outlooks.run.frame.rows_count;
    assert_near(newcomer.by_buyer, mean, 1e-12);
    assert_near(newcomer.by_item, mean, 1e-12);
    const struct rebut_outlook bad = outlook_of(&outlooks, 5002);
    const struct rebut_outlook good = outlook_of(&outlooks, 5003);
    assert_true(bad.fault > 4 * good.fault);
    assert_near(bad.abuse / good.abuse, 1, 1e-12); /* the buyer is the same */
    const struct rebut_outlook abuser = outlook_of(&outlooks, 5004);
    assert_true(abuser.abuse > 5 * newcomer.abuse);
    close_outlooks(&outlooks);
    world_release(&world);
}

/* Orders after day 40 as they were placed, against all that became of them. */
static void nothing_after_the_as_of_time_is_used(void **state)
{
    (void)state;
    struct world world = platform(3);
    struct world plain = world_make(1);
    struct outlooks all, placed;
    for (uint32_t i = 0; i < world.events.count; i++)
        if (world.events.data[i].at <= world_time(40) ||
            world.events.data[i].type == REBUT_EVENT_ORDER)
            *world_event(&plain, REBUT_EVENT_ORDER, 0) = world.events.data[i];
    for (unsigned sku = 0; sku < 12; sku++) {
        struct rebut_event *price = world_event(&world, REBUT_EVENT_PRICE, 41);
        price->sku_id = world_id(&world, 's', sku);
        price->amount = 1;
    }
    open_outlooks(&all, &world);
    open_outlooks(&placed, &plain);
    for (unsigned order = 1; order <= 3000; order += 3) {
        const struct rebut_outlook a = outlook_of(&all, order);
        const struct rebut_outlook b = outlook_of(&placed, order);
        assert_memory_equal(&a, &b, sizeof a);
    }
    close_outlooks(&all);
    close_outlooks(&placed);
    world_release(&plain);
    world_release(&world);
}

static void two_requests_on_one_order_count_once(void **state)
{
    (void)state;
    struct world world = world_make(1);
    struct outlooks once, twice;
    for (unsigned i = 1; i <= 60; i++)
        world_order(&world, i, i % 6, i % 3, i % 3, 1 + i / 3.);
    world_request(&world, 1, 12, 30);
    world_order(&world, 100, 0, 1, 1, 45);
    open_outlooks(&once, &world);
    world_request(&world, 2, 12, 31);
    open_with(&twice, &world, once.run.model);
    const struct rebut_outlook a = outlook_of(&once, 100), b = outlook_of(&twice, 100);
    assert_near(a.probability, b.probability, 1e-12);
    assert_near(a.abuse_high, b.abuse_high, 1e-12);
    assert_near(a.fault_high, b.fault_high, 1e-12);
    assert_near(a.by_buyer, b.by_buyer, 1e-12);
    assert_near(a.by_item, b.by_item, 1e-12);
    close_outlooks(&once);
    close_outlooks(&twice);
    world_release(&world);
}

static void a_good_forecast_beats_the_rates_and_is_calibrated(void **state)
{
    (void)state;
    struct world world = platform(4);
    struct outlooks outlooks;
    struct rebut_error err = {0};
    struct rebut_forecast_split splits[4];
    open_outlooks(&outlooks, &world);
    assert_true(rebut_forecast_judge(outlooks.forecaster, world_time(40), world_time(60),
                                     3, splits, &err));
    const struct rebut_forecast_split *whole = &splits[3];
    assert_int_equal(splits[0].orders + splits[1].orders + splits[2].orders,
                     whole->orders);
    assert_int_equal(splits[0].requested + splits[1].requested + splits[2].requested,
                     whole->requested);
    assert_true(splits[0].from == world_time(40) && splits[2].to == world_time(60));
    assert_true(splits[1].from == splits[0].to && splits[2].from == splits[1].to);
    assert_true(whole->auc > .8 && whole->auc > whole->auc_buyer + .03 &&
                whole->auc > whole->auc_item + .03);
    assert_near(whole->expected / (double)whole->requested, 1, .35);
    close_outlooks(&outlooks);
    world_release(&world);
}

/* Four orders: the two of the buyer who asked are above, the two of the other below;
 * asked for were the first and the third. */
static void a_tiny_case_is_judged_as_by_hand(void **state)
{
    (void)state;
    struct world world = world_make(1);
    struct outlooks outlooks;
    struct rebut_error err = {0};
    struct rebut_forecast_split splits[3];
    for (unsigned i = 1; i <= 20; i++)
        world_order(&world, i, 1 + i % 2, 1, 1, i);
    for (unsigned i = 1; i <= 20; i += 2)
        world_request(&world, i, i, 25); /* all of buyer 2 */
    world_order(&world, 101, 2, 1, 1, 41);
    world_order(&world, 102, 2, 1, 1, 42);
    world_order(&world, 103, 1, 1, 1, 43);
    world_order(&world, 104, 1, 1, 1, 44);
    world_request(&world, 101, 101, 50);
    world_request(&world, 103, 103, 50);
    open_outlooks(&outlooks, &world);
    assert_true(rebut_forecast_judge(outlooks.forecaster, world_time(40), world_time(48),
                                     2, splits, &err));
    const struct rebut_forecast_split *whole = &splits[2];
    assert_int_equal(whole->orders, 4);
    assert_int_equal(whole->requested, 2);
    /* Pairs: 101 = 102, 101 > 104, 103 < 102, 103 = 104: (.5 + 1 + 0 + .5) / 4. */
    assert_near(whole->auc, .5, 1e-12);
    /* By groups of ties: recall 1/2 at precision 1/2, then 1 at 2/4. */
    assert_near(whole->ap, .5, 1e-12);
    assert_near(whole->auc_buyer, .5, 1e-12);
    assert_near(whole->auc_item, .5, 1e-12);
    /* The second half of the time has no orders: nothing to say, and no failure. */
    assert_int_equal(splits[0].orders, 4);
    assert_int_equal(splits[1].orders, 0);
    assert_true(isnan(splits[1].auc) && isnan(splits[1].ap_item));
    assert_false(rebut_forecast_judge(outlooks.forecaster, world_time(60), world_time(70),
                                      1, splits, &err));
    assert_int_equal(err.code, REBUT_EDATA);
    err = (struct rebut_error){0};
    assert_false(rebut_forecast_judge(outlooks.forecaster, world_time(60), world_time(50),
                                      1, splits, &err));
    assert_int_equal(err.code, REBUT_EINPUT);
    assert_false(rebut_forecast_judge(outlooks.forecaster, world_time(40), world_time(50),
                                      13, splits, NULL));
    close_outlooks(&outlooks);
    world_release(&world);
}

static void the_list_has_open_orders_the_likeliest_first(void **state)
{
    (void)state;
    struct world world = platform(5);
    struct outlooks outlooks;
    struct rebut_error err = {0};
    struct rebut_output out;
    char path[64];
    open_outlooks(&outlooks, &world);
    bytes_begin(&out, path);
    assert_true(rebut_forecast_write(outlooks.forecaster, world_time(35), world_time(40),
                                     &out, &err));
    struct bytes bytes = bytes_end(&out, path);
    double last = 1;
    json_int_t rank = 0;
    for (char *line = bytes.data; *line != '\0'; line = strchr(line, '\n') + 1) {
        json_t *object = json_loads(line, JSON_DISABLE_EOF_CHECK, NULL);
        assert_non_null(object);
        const double now = json_number_value(json_object_get(object, "probability"));
        assert_true(now <= last);
        last = now;
        assert_int_equal(json_integer_value(json_object_get(object, "rank")), ++rank);
        const char *id = json_string_value(json_object_get(object, "order_id"));
        const uint32_t order = run_index(&outlooks.later.order_ids, 'o',
                                         (unsigned)strtoul(id + 1, NULL, 10));
        assert_true(outlooks.later.orders.data[order].at >= world_time(35) &&
                    outlooks.later.orders.data[order].at <= world_time(40));
        for (uint32_t i = 0; i < outlooks.later.requests.count; i++)
            assert_int_not_equal(outlooks.later.requests.data[i].order, order);
        assert_null(json_object_get(object, "buyer_id"));
        json_decref(object);
    }
    assert_true(rank > 150);
    free(bytes.data);
    close_outlooks(&outlooks);
    world_release(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rates_add_up_and_lie_in_their_intervals),
        cmocka_unit_test(who_is_new_is_average),
        cmocka_unit_test(nothing_after_the_as_of_time_is_used),
        cmocka_unit_test(two_requests_on_one_order_count_once),
        cmocka_unit_test(a_good_forecast_beats_the_rates_and_is_calibrated),
        cmocka_unit_test(a_tiny_case_is_judged_as_by_hand),
        cmocka_unit_test(the_list_has_open_orders_the_likeliest_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
