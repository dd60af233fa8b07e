#include "platform.h"

/* Of base with seed 1, events and truth. */
#define DIGEST UINT64_C(0x0e6601dafd5e3eb3)

static struct platform base;

static int make_base(void **state)
{
    (void)state;
    const struct rebut_simulation plan = plan_of("base", 1);
    make(&plan, &base);
    return 0;
}

static int release_base(void **state)
{
    (void)state;
    release(&base);
    return 0;
}

/* ---- Tests */

static void the_same_seed_gives_the_same_bytes(void **state)
{
    (void)state;
    const struct rebut_simulation plan = plan_of("base", 1);
    struct platform again;
    make(&plan, &again);
    assert_true(same(&base.events, &again.events));
    assert_true(same(&base.truth, &again.truth));
    release(&again);
}

static void another_seed_gives_another_platform(void **state)
{
    (void)state;
    const struct rebut_simulation plan = plan_of("base", 2);
    struct platform other;
    make(&plan, &other);
    assert_false(same(&base.events, &other.events));
    assert_int_equal(other.counts.orders, ORDERS);
    release(&other);
}

/* FNV-1a.  Whoever changes the simulation changes the number, and says so. */
static void every_compiler_makes_the_same_platform(void **state)
{
    (void)state;
    uint64_t digest = UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < base.events.size; i++)
        digest = (digest ^ (unsigned char)base.events.data[i]) * UINT64_C(0x100000001b3);
    for (size_t i = 0; i < base.truth.size; i++)
        digest = (digest ^ (unsigned char)base.truth.data[i]) * UINT64_C(0x100000001b3);
    assert_int_equal(digest, DIGEST);
}

static void every_line_is_an_event_and_time_never_falls(void **state)
{
    (void)state;
    struct rebut_event event;
    struct rebut_simulation plan = plan_of("base", 1);
    int64_t before = plan.start;
    uint64_t events = 0;
    for (size_t at = 0; next_event(&base.events, &at, &event); events++) {
        assert_true(event.at >= before);
        before = event.at;
    }
    assert_true(before < plan.start + plan.days * REBUT_DAY);
    assert_int_equal(events, base.counts.events);
}

static void there_are_just_as_many_orders_as_asked_for(void **state)
{
    (void)state;
    static const uint64_t orders[] = {1, 7, 1000, 4321};
    for (size_t i = 0; i < sizeof orders / sizeof orders[0]; i++) {
        struct rebut_simulation plan = plan_of("attack", i);
        plan.orders = orders[i];
        plan.days = 1 + (uint32_t)i * 50;
        struct platform platform;
        make(&plan, &platform);
        struct rebut_event event;
        uint64_t seen = 0;
        for (size_t at = 0; next_event(&platform.events, &at, &event);)
            seen += event.type == REBUT_EVENT_ORDER;
        assert_int_equal(seen, orders[i]);
        assert_int_equal(platform.counts.orders, orders[i]);
        release(&platform);
    }
}

static void every_event_names_what_came_before_and_in_its_turn(void **state)
{
    (void)state;
    static unsigned char stage[ORDERS + 1]; /* 1 ordered, 2 shipped, 3 delivered */
    static bool asked[ORDERS + 1];
    struct rebut_event event;
    memset(stage, 0, sizeof stage);
    memset(asked, 0, sizeof asked);
    for (size_t at = 0; next_event(&base.events, &at, &event);) {
        if (event.type == REBUT_EVENT_PRICE)
            continue;
        if (event.type == REBUT_EVENT_OUTCOME || event.type == REBUT_EVENT_VERDICT) {
            assert_true(asked[number_of(event.request_id)]);
            continue;
        }
        const unsigned long order = number_of(event.order_id);
        assert_in_range(order, 1, ORDERS);
        switch (event.type) {
        case REBUT_EVENT_ORDER:
            assert_int_equal(stage[order]++, 0);
            break;
        case REBUT_EVENT_SHIPMENT:
            assert_int_equal(stage[order]++, 1);
            break;
        case REBUT_EVENT_DELIVERY:
            assert_int_equal(stage[order]++, 2);
            break;
        case REBUT_EVENT_REQUEST:
            assert_true(stage[order] > 0);
            assert_false(asked[number_of(event.request_id)]);
            asked[number_of(event.request_id)] = true;
            break;
        default:
            assert_true(stage[order] > 0);
        }
    }
}

static void verdicts_can_be_left_out_and_nothing_else_changes(void **state)
{
    (void)state;
    struct rebut_simulation plan = plan_of("base", 1);
    plan.no_verdicts = true;
    struct platform silent;
    make(&plan, &silent);
    assert_int_equal(silent.counts.verdicts, 0);
    assert_true(base.counts.verdicts > 20);
    assert_true(same(&base.truth, &silent.truth));
    struct rebut_text line, other = {0};
    for (size_t at = 0, silent_at = 0; next_line(&base.events, &at, &line);) {
        if (memcmp(line.data, "{\"type\":\"verdict\"", 17) == 0)
            continue;
        assert_true(next_line(&silent.events, &silent_at, &other));
        assert_true(rebut_text_equal(line, other));
    }
    release(&silent);
}

static void only_random_reviews_state_their_propensity(void **state)
{
    (void)state;
    struct rebut_event event;
    int seen[REBUT_SELECTIONS] = {0};
    for (size_t at = 0; next_event(&base.events, &at, &event);) {
        if (event.type != REBUT_EVENT_VERDICT)
            continue;
        seen[event.selection]++;
        assert_int_equal(event.propensity > 0, event.selection == REBUT_SELECTION_RANDOM);
    }
    assert_true(seen[REBUT_SELECTION_RANKED] > 0);
    assert_true(seen[REBUT_SELECTION_RANDOM] > 0);
    assert_true(seen[REBUT_SELECTION_APPEAL] > 0);
}

static void orders_carry_campaign_host_and_distributor_where_they_belong(void **state)
{
    (void)state;
    struct rebut_event event;
    int campaigns = 0, hosts = 0, distributors = 0;
    for (size_t at = 0; next_event(&base.events, &at, &event);) {
        if (event.type != REBUT_EVENT_ORDER)
            continue;
        campaigns += is(event.campaign, "618");
        hosts += event.host_id.size > 0;
        assert_int_equal(event.host_id.size > 0,
                         event.channel == REBUT_CHANNEL_LIVESTREAM ||
                             event.channel == REBUT_CHANNEL_SHORT_VIDEO);
        if (event.channel == REBUT_CHANNEL_PRIVATE_DOMAIN) {
            distributors++;
            assert_non_null(memchr(event.distributor.data, '/', event.distributor.size));
        }
        assert_int_equal(event.region.size, 5);
        assert_true(event.account_created_at <= event.at);
    }
    assert_true(campaigns > ORDERS / 20);
    assert_true(hosts > ORDERS / 10);
    assert_true(distributors > ORDERS / 50);
}

static bool refuse(void *to, const char *data, size_t size, struct rebut_error *err)
{
    (void)to, (void)data, (void)size;
    return rebut_fail(err, REBUT_EIO, "the cup is full");
}

static void a_full_sink_ends_the_simulation_in_its_own_words(void **state)
{
    (void)state;
    const struct rebut_simulation plan = plan_of("base", 1);
    const struct rebut_simulate_sink full = {refuse, NULL};
    struct rebut_simulate_counts counts;
    struct rebut_error err = {0};
    assert_false(rebut_simulate(&plan, &full, NULL, &counts, &err));
    assert_int_equal(err.code, REBUT_EIO);
    assert_string_equal(err.message, "the cup is full");
}

static void assert_no_plan(struct rebut_simulation plan, enum rebut_code code)
{
    const struct rebut_simulate_sink full = {refuse, NULL};
    struct rebut_simulate_counts counts;
    struct rebut_error err = {0};
    assert_false(rebut_simulate(&plan, &full, NULL, &counts, &err));
    assert_int_equal(err.code, code);
}

static void a_plan_out_of_range_is_refused(void **state)
{
    (void)state;
    const struct rebut_simulation good = plan_of("base", 1);
    struct rebut_simulation plan = good;
    plan.setting = "bas";
    assert_no_plan(plan, REBUT_EUSAGE);
    plan = good;
    plan.orders = 0;
    assert_no_plan(plan, REBUT_EINPUT);
    plan.orders = REBUT_SIMULATE_ORDERS_MAX + 1;
    assert_no_plan(plan, REBUT_EINPUT);
    plan = good;
    plan.days = 0;
    assert_no_plan(plan, REBUT_EINPUT);
    plan.days = REBUT_SIMULATE_DAYS_MAX + 1;
    assert_no_plan(plan, REBUT_EINPUT);
    plan = good;
    plan.start = -1;
    assert_no_plan(plan, REBUT_EINPUT);
    plan.start = REBUT_TIME_MAX;
    assert_no_plan(plan, REBUT_EINPUT);
    plan.start = good.start + 1;
    assert_no_plan(plan, REBUT_EINPUT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_seed_gives_the_same_bytes),
        cmocka_unit_test(another_seed_gives_another_platform),
        cmocka_unit_test(every_compiler_makes_the_same_platform),
        cmocka_unit_test(every_line_is_an_event_and_time_never_falls),
        cmocka_unit_test(there_are_just_as_many_orders_as_asked_for),
        cmocka_unit_test(every_event_names_what_came_before_and_in_its_turn),
        cmocka_unit_test(verdicts_can_be_left_out_and_nothing_else_changes),
        cmocka_unit_test(only_random_reviews_state_their_propensity),
        cmocka_unit_test(orders_carry_campaign_host_and_distributor_where_they_belong),
        cmocka_unit_test(a_full_sink_ends_the_simulation_in_its_own_words),
        cmocka_unit_test(a_plan_out_of_range_is_refused),
    };
    return cmocka_run_group_tests(tests, make_base, release_base);
}
