#include "platform.h"

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

static void the_truth_has_a_row_for_each_refund_only_request(void **state)
{
    (void)state;
    static struct rebut_text buyers[ORDERS + 1], merchants[ORDERS + 1];
    static unsigned long bought[ORDERS + 1];
    struct rebut_text row[COLUMNS];
    struct rebut_event event;
    size_t row_at = 0;
    assert_true(next_row(&base.truth, &row_at, row));
    assert_true(is(row[ORDERS_OF_BUYER], "orders_of_buyer"));
    for (size_t at = 0; next_event(&base.events, &at, &event);) {
        if (event.type == REBUT_EVENT_ORDER) {
            const unsigned long order = number_of(event.order_id);
            buyers[order] = event.buyer_id; /* no escapes: points into the events */
            merchants[order] = event.merchant_id;
            bought[order] = 0;
        }
        if (event.type != REBUT_EVENT_REQUEST ||
            event.request_kind != REBUT_KIND_REFUND_ONLY)
            continue;
        const unsigned long order = number_of(event.order_id);
        assert_true(next_row(&base.truth, &row_at, row));
        assert_true(rebut_text_equal(row[REQUEST_ID], event.request_id));
        assert_true(rebut_text_equal(row[ORDER_ID], event.order_id));
        assert_true(rebut_text_equal(row[BUYER_ID], buyers[order]));
        assert_true(rebut_text_equal(row[MERCHANT_ID], merchants[order]));
        assert_true(is(row[REASON], rebut_words_reason[event.reason]));
        int64_t amount = 0, orders = 0;
        assert_true(rebut_text_int64(row[AMOUNT], &amount) && amount == event.amount);
        assert_true(rebut_text_int64(row[ORDERS_OF_BUYER], &orders) && orders >= 1);
        double day = 0;
        assert_true(rebut_text_double(row[DAY], &day));
        const double passed = (double)(event.at - plan_of("base", 1).start) / REBUT_DAY;
        assert_true(passed >= day && passed < day + .0002);
        assert_int_equal(bought[order]++, 0); /* one request an order */
    }
    assert_false(next_row(&base.truth, &row_at, row));
    assert_true(count(&base, NULL, NULL, NULL, NULL) == (double)base.counts.refund_only);
    assert_true(count(&base, "1", NULL, NULL, NULL) == (double)base.counts.abuse);
}

static void all_kinds_are_there_and_the_honest_do_not_abuse(void **state)
{
    (void)state;
    static const char *const abusers[] = {"serial", "sleeper", "opportunist", "ring",
                                          "attacker"};
    for (size_t i = 0; i < sizeof abusers / sizeof abusers[0]; i++)
        assert_true(count(&base, "1", abusers[i], NULL, NULL) > 0);
    assert_true(count(&base, "0", "honest", NULL, NULL) > 0);
    assert_true(count(&base, "0", "claimant", NULL, NULL) > 0);
    assert_true(count(&base, "1", "honest", NULL, NULL) == 0);
    assert_true(count(&base, "1", "claimant", NULL, NULL) == 0);
    /* Abusers are wronged too, and are then in the right. */
    assert_true(count(&base, "0", "serial", NULL, NULL) > 0);
    static const char *const merchants[] = {"good", "poor", "bad"};
    for (size_t i = 0; i < 3; i++) {
        assert_true(count(&base, "0", NULL, merchants[i], NULL) > 0);
        assert_true(count(&base, "1", NULL, merchants[i], NULL) > 0);
    }
}

static void requests_are_as_frequent_as_on_a_real_platform(void **state)
{
    (void)state;
    const double asked = (double)base.counts.refund_only / ORDERS;
    const double abuse = (double)base.counts.abuse / (double)base.counts.refund_only;
    assert_true(asked > .03 && asked < .06);
    assert_true(abuse > .15 && abuse < .32);
    assert_true((double)base.counts.return_refund / ORDERS > .03);
}

/* Share of the abuse that buyers of a kind commit. */
static double share_of_kind(const struct platform *platform, const char *kind)
{
    return count(platform, "1", kind, NULL, NULL) /
           count(platform, "1", NULL, NULL, NULL);
}

static double abuse_share(const struct platform *platform)
{
    return (double)platform->counts.abuse / (double)platform->counts.refund_only;
}

static double share_at_the_faulty(const struct platform *platform)
{
    return 1 - count(platform, "1", NULL, "good", NULL) /
                   count(platform, "1", NULL, NULL, NULL);
}

static void the_settings_differ_in_the_way_they_say(void **state)
{
    (void)state;
    static const char *const names[] = {"rare",        "weak",     "rings",
                                        "counterfeit", "multiply", "attack"};
    struct platform made[6];
    for (size_t i = 0; i < 6; i++) {
        const struct rebut_simulation plan = plan_of(names[i], 1);
        make(&plan, &made[i]);
        assert_false(same(&base.events, &made[i].events));
    }
    assert_true(abuse_share(&made[0]) < .45 * abuse_share(&base));
    assert_true(abuse_share(&made[1]) < .9 * abuse_share(&base));
    assert_true(share_of_kind(&made[2], "ring") > 2 * share_of_kind(&base, "ring"));
    assert_true(count(&made[3], "0", NULL, NULL, "counterfeit") >
                2 * count(&base, "0", NULL, NULL, "counterfeit"));
    assert_true(count(&made[3], "0", "claimant", NULL, NULL) >
                2 * count(&base, "0", "claimant", NULL, NULL));
    assert_true(share_at_the_faulty(&made[4]) > 2.5 * share_at_the_faulty(&base));
    assert_true(share_of_kind(&made[5], "attacker") >
                2 * share_of_kind(&base, "attacker"));
    for (size_t i = 0; i < 6; i++)
        release(&made[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_truth_has_a_row_for_each_refund_only_request),
        cmocka_unit_test(all_kinds_are_there_and_the_honest_do_not_abuse),
        cmocka_unit_test(requests_are_as_frequent_as_on_a_real_platform),
        cmocka_unit_test(the_settings_differ_in_the_way_they_say),
    };
    return cmocka_run_group_tests(tests, make_base, release_base);
}
