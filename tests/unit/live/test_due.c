/* Which requests are scored, when, and how often. */
#include "stream.h"

static struct stream stream;
static struct rebut_live_view view;

static int tear_down(void **state)
{
    (void)state;
    stream_free(&stream);
    rebut_live_view_release(&view);
    return 0;
}

static const struct rebut_live_options patient = {.lateness_us = 1000 * HOUR,
                                                  .held_max = 1000,
                                                  .orphans_max = 100000,
                                                  .orphan_bytes_max = 1 << 30};

static uint64_t digest_of(const struct rebut_live *live, uint32_t request)
{
    size_t size = 0;
    uint64_t digest = 1469598103934665603u;
    assert_true(rebut_live_view(live, request, &view, NULL));
    assert_int_not_equal(view.request, REBUT_NONE);
    char *bytes = bytes_of(&view.state, &size);
    for (size_t i = 0; i < size; i++)
        digest = (digest ^ (unsigned char)bytes[i]) * 1099511628211u;
    free(bytes);
    return digest;
}

/* What was emitted last, by request. */
struct emitted {
    uint64_t digest[4096];
    uint32_t revision[4096];
    unsigned count;
};

static void drain(struct rebut_live *live, struct emitted *emitted)
{
    struct rebut_live_due due;
    while (rebut_live_next(live, &due)) {
        uint32_t revision = 77;
        const uint64_t digest = digest_of(live, due.request);
        if (!rebut_live_scored(live, due.request, digest, &revision))
            continue;
        assert_int_equal(revision, emitted->digest[due.request] == 0
                                       ? 0
                                       : emitted->revision[due.request] + 1);
        emitted->digest[due.request] = digest;
        emitted->revision[due.request] = revision;
        emitted->count++;
    }
}

static uint32_t scores_are_right(const struct rebut_live *live,
                                 const struct emitted *emitted)
{
    const struct rebut_state *state = rebut_live_state(live);
    uint32_t revisions = 0;
    for (uint32_t i = 0; i < state->requests.count; i++) {
        if (state->requests.data[i].kind != REBUT_KIND_REFUND_ONLY)
            continue;
        assert_true(emitted->digest[i] == digest_of(live, i));
        revisions += emitted->revision[i];
    }
    return revisions;
}

static void
after_any_order_of_events_the_last_score_is_that_of_what_is_known(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 30; seed++) {
        uint32_t at_once = 0, waited = 0;
        chance = seed;
        say_world(&stream, 80, 6);
        stream_shuffle(&stream);
        for (int wait = 0; wait < 2; wait++) {
            struct rebut_live_options options = patient;
            options.wait_us = wait * 20 * HOUR;
            struct rebut_live *live = live_of(options, NULL);
            struct emitted *emitted = calloc(1, sizeof *emitted);
            for (size_t i = 0; i < stream.count; i++) {
                take(live, &stream, i);
                drain(live, emitted);
            }
            assert_true(rebut_live_finish(live, NULL));
            drain(live, emitted);
            *(wait == 0 ? &at_once : &waited) = scores_are_right(live, emitted);
            free(emitted);
            rebut_live_free(live);
        }
        assert_true(at_once > 0 && waited <= at_once);
        stream_free(&stream);
    }
}

static bool next_is(struct rebut_live *live, unsigned number)
{
    struct rebut_live_due due;
    uint32_t revision = 0;
    if (!rebut_live_next(live, &due) || due.request != request_of(live, number))
        return false;
    rebut_live_scored(live, due.request, number, &revision);
    return true;
}

static bool nothing_is_due(struct rebut_live *live)
{
    struct rebut_live_due due;
    return !rebut_live_next(live, &due);
}

static void what_is_later_than_a_request_does_not_score_it_again(void **state)
{
    (void)state;
    say_order(&stream, 1, 1, 0, 5000);
    say_request(&stream, 1, 1, 5000, "refund_only");
    say_request(&stream, 2, 1, 6000, "return_refund");
    say_contact(&stream, 1, 5001);
    say_contact(&stream, 1, 5000);
    say_contact(&stream, 1, 5000); /* the same again */
    say_order(&stream, 2, 2, 100, 5000);
    struct rebut_live *live = live_of(patient, NULL);
    take(live, &stream, 0);
    take(live, &stream, 1);
    assert_true(next_is(live, 1));
    for (size_t i = 2; i < 4; i++) {
        take(live, &stream, i);
        assert_true(nothing_is_due(live));
    }
    take(live, &stream, 4);
    assert_true(next_is(live, 1));
    assert_int_equal(take(live, &stream, 5), REBUT_LIVE_DUPLICATE);
    take(live, &stream, 6); /* of another buyer */
    assert_true(nothing_is_due(live));
    rebut_live_free(live);
}

static void the_same_score_is_not_emitted_twice(void **state)
{
    (void)state;
    uint32_t revision = 0;
    say_order(&stream, 1, 1, 0, 5000);
    say_request(&stream, 1, 1, 5000, "refund_only");
    struct rebut_live *live = live_of(patient, NULL);
    take(live, &stream, 0);
    take(live, &stream, 1);
    assert_true(rebut_live_scored(live, 0, 11, &revision));
    assert_int_equal(revision, 0);
    assert_false(rebut_live_scored(live, 0, 11, &revision));
    assert_true(rebut_live_scored(live, 0, 12, &revision));
    assert_int_equal(revision, 1);
    assert_true(rebut_live_scored(live, 0, 11, &revision));
    assert_int_equal(revision, 2);
    rebut_live_free(live);
}

static void a_request_that_the_night_knew_is_scored_when_the_stream_tells_it(void **state)
{
    (void)state;
    struct rebut_state known;
    struct rebut_live_night *night = NULL;
    say_order(&stream, 1, 1, 0, 5000);
    say_request(&stream, 1, 1, 5000, "refund_only");
    say_request(&stream, 2, 1, 5000, "refund_only");
    state_of(&stream, NULL, NULL, true, &known);
    assert_true(rebut_live_night_open(&night, &known, NULL));
    struct rebut_live *live = live_of(patient, night);
    assert_int_equal(take(live, &stream, 1), REBUT_LIVE_DUPLICATE);
    assert_true(next_is(live, 1));
    assert_true(nothing_is_due(live));
    take(live, &stream, 1);
    assert_true(nothing_is_due(live));
    rebut_live_free(live);
    rebut_live_night_close(night);
    rebut_state_release(&known);
}

/* ---- wait ---- */

static void a_score_waits_until_the_watermark_is_past_it(void **state)
{
    (void)state;
    struct rebut_live_options options = patient;
    options.wait_us = 2 * REBUT_SECOND;
    say_order(&stream, 1, 1, 0, 5000);
    say_request(&stream, 1, 1, 5000, "refund_only");
    say_contact(&stream, 1, 4000);
    say_contact(&stream, 1, 6999);
    say_contact(&stream, 1, 7000);
    struct rebut_live *live = live_of(options, NULL);
    for (size_t i = 0; i < 4; i++) {
        take(live, &stream, i);
        assert_true(nothing_is_due(live));
    }
    take(live, &stream, 4);
    assert_true(next_is(live, 1));
    assert_true(nothing_is_due(live));
    rebut_live_free(live);
}

static void
too_many_scores_do_not_wait_and_none_waits_for_a_feed_that_is_idle(void **state)
{
    (void)state;
    struct rebut_live_options options = patient;
    options.wait_us = HOUR;
    options.held_max = 2;
    say_order(&stream, 1, 1, 0, 5000);
    say_request(&stream, 1, 1, 5002, "refund_only");
    say_request(&stream, 2, 1, 5001, "refund_only");
    say_request(&stream, 3, 1, 5003, "refund_only");
    struct rebut_live *live = live_of(options, NULL);
    for (size_t i = 0; i < 3; i++) {
        take(live, &stream, i);
        assert_true(nothing_is_due(live));
    }
    take(live, &stream, 3);
    assert_true(next_is(live, 2));
    assert_true(nothing_is_due(live));
    assert_true(rebut_live_idle(live, NULL));
    assert_true(next_is(live, 1));
    assert_true(next_is(live, 3));
    assert_true(nothing_is_due(live));
    rebut_live_free(live);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(
            after_any_order_of_events_the_last_score_is_that_of_what_is_known, tear_down),
        cmocka_unit_test_teardown(what_is_later_than_a_request_does_not_score_it_again,
                                  tear_down),
        cmocka_unit_test_teardown(the_same_score_is_not_emitted_twice, tear_down),
        cmocka_unit_test_teardown(
            a_request_that_the_night_knew_is_scored_when_the_stream_tells_it, tear_down),
        cmocka_unit_test_teardown(a_score_waits_until_the_watermark_is_past_it,
                                  tear_down),
        cmocka_unit_test_teardown(
            too_many_scores_do_not_wait_and_none_waits_for_a_feed_that_is_idle,
            tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
