/* What is too late, too early in the stream, or of the future. */
#include "stream.h"

static struct stream stream;

static int tear_down(void **state)
{
    (void)state;
    stream_free(&stream);
    return 0;
}

static struct rebut_live_options options_of(int64_t lateness_us)
{
    struct rebut_live_options options = REBUT_LIVE_OPTIONS;
    options.lateness_us = lateness_us;
    return options;
}

static bool no_letter(struct rebut_live *live)
{
    struct rebut_live_dead dead;
    return !rebut_live_next_dead(live, &dead);
}

static void expect_dead(struct rebut_live *live, const char *reason, const char *field,
                        size_t line)
{
    struct rebut_live_dead dead;
    assert_true(rebut_live_next_dead(live, &dead));
    assert_string_equal(dead.reason, reason);
    assert_string_equal(dead.field, field);
    assert_int_equal(dead.major, line);
    assert_true(rebut_text_equal(dead.line, rebut_text_of(stream.lines[line])));
}

static void an_event_too_far_behind_the_watermark_changes_nothing(void **state)
{
    (void)state;
    say_order(&stream, 1, 1, 10000, 5000);
    say_order(&stream, 2, 1, 7999, 5000);
    say_order(&stream, 3, 1, 8000, 5000);
    struct rebut_live *live = live_of(options_of(2 * REBUT_SECOND), NULL);
    assert_true(rebut_live_watermark(live) == REBUT_TIME_NONE);
    assert_int_equal(take(live, &stream, 0), REBUT_LIVE_APPLIED);
    assert_int_equal(take(live, &stream, 1), REBUT_LIVE_TOO_LATE);
    assert_int_equal(rebut_live_state(live)->orders.count, 1);
    assert_int_equal(take(live, &stream, 2), REBUT_LIVE_APPLIED);
    assert_true(rebut_live_watermark(live) == START + 10 * REBUT_SECOND);
    rebut_live_free(live);
}

static void an_event_of_the_future_does_not_move_the_watermark(void **state)
{
    (void)state;
    struct rebut_live_options options = options_of(2 * REBUT_SECOND);
    options.ahead_us = REBUT_SECOND;
    say_order(&stream, 1, 1, 10000, 5000);
    say_order(&stream, 2, 1, 99000, 5000);
    struct rebut_live *live = live_of(options, NULL);
    const int64_t now = START + 9 * REBUT_SECOND;
    assert_int_equal(take_at(live, &stream, 0, now), REBUT_LIVE_APPLIED);
    assert_int_equal(take_at(live, &stream, 0, now - 1), REBUT_LIVE_FUTURE);
    assert_int_equal(take_at(live, &stream, 1, now), REBUT_LIVE_FUTURE);
    assert_true(rebut_live_watermark(live) == START + 10 * REBUT_SECOND);
    assert_int_equal(take(live, &stream, 1), REBUT_LIVE_APPLIED);
    rebut_live_free(live);
}

static void prices_move_the_watermark_and_are_not_kept(void **state)
{
    (void)state;
    say(&stream, "{'type':'price','at':%lld,'sku_id':'s1','price':100}", ms(5000));
    struct rebut_live *live = live_of(options_of(HOUR), NULL);
    assert_int_equal(take(live, &stream, 0), REBUT_LIVE_PRICE);
    assert_int_equal(rebut_live_state(live)->prices.count, 0);
    assert_int_equal(rebut_live_state(live)->sku_ids.count, 0);
    assert_true(rebut_live_watermark(live) == START + 5 * REBUT_SECOND);
    rebut_live_free(live);
}

static void orphans_are_taken_when_what_they_name_comes(void **state)
{
    (void)state;
    struct rebut_live_due due;
    say_verdict(&stream, 1, 9000);
    say_outcome(&stream, 1, 8000);
    say_request(&stream, 1, 1, 5000, "refund_only");
    say_parcel(&stream, "shipment", 1, 3000);
    say_contact(&stream, 2, 3000); /* of another order */
    say_order(&stream, 1, 1, 0, 5000);
    struct rebut_live *live = live_of(options_of(HOUR), NULL);
    for (size_t i = 0; i < 5; i++)
        assert_int_equal(take(live, &stream, i), REBUT_LIVE_ORPHAN);
    assert_int_equal(rebut_live_state(live)->requests.count, 0);
    assert_int_equal(take(live, &stream, 5), REBUT_LIVE_APPLIED);
    const struct rebut_state *tables = rebut_live_state(live);
    assert_int_equal(tables->requests.count, 1);
    assert_int_equal(tables->verdicts.count, 1);
    assert_int_equal(tables->outcomes.count, 1);
    assert_int_equal(tables->contacts.count, 0);
    assert_int_equal(tables->orders.data[0].shipped_s, 3);
    assert_true(rebut_live_next(live, &due));
    assert_true(due.as_of == START + 5 * REBUT_SECOND);
    assert_true(no_letter(live));
    assert_true(rebut_live_finish(live, NULL));
    expect_dead(live, "orphan", "order_id", 4);
    assert_true(no_letter(live));
    rebut_live_free(live);
}

static void an_orphan_is_given_up_when_it_is_too_late(void **state)
{
    (void)state;
    say_contact(&stream, 1, 3000);
    say_outcome(&stream, 7, 2000);
    say_order(&stream, 2, 1, 5000, 5000);
    say_order(&stream, 3, 1, 5001, 5000);
    say_order(&stream, 1, 1, 5002, 5000);
    struct rebut_live *live = live_of(options_of(2 * REBUT_SECOND), NULL);
    take(live, &stream, 0);
    take(live, &stream, 1);
    assert_true(no_letter(live));
    take(live, &stream, 2);
    expect_dead(live, "orphan", "request_id", 1);
    assert_true(no_letter(live));
    take(live, &stream, 3);
    expect_dead(live, "orphan", "order_id", 0);
    take(live, &stream, 4);
    assert_int_equal(rebut_live_state(live)->contacts.count, 0);
    assert_true(no_letter(live));
    rebut_live_free(live);
}

static void of_too_many_orphans_the_oldest_are_given_up(void **state)
{
    (void)state;
    struct rebut_live_options options = options_of(HOUR);
    options.orphans_max = 3;
    for (unsigned i = 0; i < 100; i++)
        say_contact(&stream, i, 5000 + (i * 37) % 100);
    struct rebut_live *live = live_of(options, NULL);
    unsigned letters = 0;
    for (size_t i = 0; i < stream.count; i++) {
        struct rebut_live_dead dead;
        take(live, &stream, i);
        for (; rebut_live_next_dead(live, &dead); letters++)
            assert_true(stream.events[dead.major].at < START + 5097 * 1000);
    }
    assert_int_equal(letters, 97);
    rebut_live_free(live);

    options = options_of(HOUR);
    options.orphan_bytes_max = 1000;
    live = live_of(options, NULL);
    for (size_t i = 0; i < stream.count; i++)
        take(live, &stream, i);
    letters = 0;
    for (struct rebut_live_dead dead; rebut_live_next_dead(live, &dead);)
        letters++;
    assert_in_range(letters, 85, 95);
    rebut_live_free(live);
}

static void an_orphan_may_turn_out_to_be_a_conflict(void **state)
{
    (void)state;
    say_request(&stream, 1, 1, 7000, "refund_only"); /* waits for order 1 */
    say_order(&stream, 2, 1, 0, 5000);
    say_request(&stream, 1, 2, 5000, "refund_only"); /* the same id, earlier */
    say_order(&stream, 1, 1, 0, 5000);
    struct rebut_live *live = live_of(options_of(HOUR), NULL);
    for (size_t i = 0; i < stream.count; i++)
        take(live, &stream, i);
    expect_dead(live, "conflict", "request_id", 0);
    assert_true(no_letter(live));
    rebut_live_free(live);
}

static void many_orphans_come_and_go(void **state)
{
    (void)state;
    chance = 3;
    for (unsigned i = 0; i < 3000; i++)
        say_contact(&stream, i, pick(1000000));
    for (unsigned i = 0; i < 3000; i++)
        say_order(&stream, i, i % 100, pick(1000000), 5000);
    struct rebut_live *live = live_of(options_of(HOUR), NULL);
    stream_shuffle(&stream);
    for (size_t i = 0; i < stream.count; i++)
        take(live, &stream, i);
    assert_int_equal(rebut_live_state(live)->contacts.count, 3000);
    assert_true(rebut_live_finish(live, NULL));
    assert_true(no_letter(live));
    rebut_live_free(live);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(an_event_too_far_behind_the_watermark_changes_nothing,
                                  tear_down),
        cmocka_unit_test_teardown(an_event_of_the_future_does_not_move_the_watermark,
                                  tear_down),
        cmocka_unit_test_teardown(prices_move_the_watermark_and_are_not_kept, tear_down),
        cmocka_unit_test_teardown(orphans_are_taken_when_what_they_name_comes, tear_down),
        cmocka_unit_test_teardown(an_orphan_is_given_up_when_it_is_too_late, tear_down),
        cmocka_unit_test_teardown(of_too_many_orphans_the_oldest_are_given_up, tear_down),
        cmocka_unit_test_teardown(an_orphan_may_turn_out_to_be_a_conflict, tear_down),
        cmocka_unit_test_teardown(many_orphans_come_and_go, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
