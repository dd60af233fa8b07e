/* A view is a function of the set of the buyer's events up to its moment. */
#include "stream.h"

struct wanted {
    const struct rebut_state *all; /* who has each order in the end */
    uint32_t buyer;
    int64_t as_of;
};

static int64_t time_known(const struct rebut_event *event)
{
    const bool by_ms =
        event->type == REBUT_EVENT_SHIPMENT || event->type == REBUT_EVENT_DELIVERY;
    return by_ms ? event->at / 1000 * 1000 : event->at;
}

/* Is it an event of this buyer that is not later than the moment? */
static bool is_wanted(const struct rebut_event *event, const void *context)
{
    const struct wanted *wanted = context;
    const struct rebut_state *all = wanted->all;
    uint32_t order = index_of(&all->order_ids, event->order_id);
    if (event->type == REBUT_EVENT_OUTCOME || event->type == REBUT_EVENT_VERDICT) {
        const uint32_t request = index_of(&all->request_ids, event->request_id);
        order = request == REBUT_NONE ? REBUT_NONE : all->requests.data[request].order;
    } else if (event->type == REBUT_EVENT_REQUEST) {
        order = all->requests.data[index_of(&all->request_ids, event->request_id)].order;
    }
    return order != REBUT_NONE && all->orders.data[order].buyer == wanted->buyer &&
           time_known(event) <= wanted->as_of;
}

/* The view of a buyer, against a state of those events alone. */
static void compare(struct rebut_live *live, const struct stream *stream,
                    const struct rebut_state *all, uint32_t buyer, int64_t as_of,
                    struct rebut_live_view *view)
{
    struct rebut_error err = {0};
    struct rebut_state expected;
    struct wanted wanted = {all, buyer, as_of};
    const struct rebut_text id = rebut_intern_text(&all->buyer_ids, buyer);
    const uint32_t here = index_of(&rebut_live_state(live)->buyer_ids, id);
    assert_int_not_equal(here, REBUT_NONE);
    if (!rebut_live_know(live, here, &err) ||
        !rebut_live_view_buyer(live, here, as_of, view, &err))
        fail_msg("%s", err.message);
    state_of(stream, is_wanted, &wanted, true, &expected);
    char *came = dump_state(&view->state), *should = dump_state(&expected);
    assert_string_equal(came, should);
    assert_true(view->state.sealed);
    assert_int_equal(view->state.buyer_ids.count, view->state.orders.count > 0);
    free(came);
    free(should);
    rebut_state_release(&expected);
}

static void compare_all(struct rebut_live *live, const struct stream *stream)
{
    struct rebut_state all;
    struct rebut_live_view view = {0};
    state_of(stream, NULL, NULL, true, &all);
    for (uint32_t buyer = 0; buyer < all.buyer_ids.count; buyer++)
        for (int64_t as_of = START; as_of < START + 100 * HOUR; as_of += 7 * HOUR)
            compare(live, stream, &all, buyer, as_of, &view);
    rebut_live_view_release(&view);
    rebut_state_release(&all);
}

static const struct rebut_live_options patient = {
    .lateness_us = 1000 * HOUR, .orphans_max = 100000, .orphan_bytes_max = 1 << 30};

static void a_view_is_the_state_of_the_buyers_events_alone(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 25; seed++) {
        struct stream stream = {0};
        chance = seed;
        say_world(&stream, 60, 6);
        stream_shuffle(&stream);
        struct rebut_live *live = live_of(patient, NULL);
        for (size_t i = 0; i < stream.count; i++)
            take(live, &stream, i);
        compare_all(live, &stream);
        rebut_live_free(live);
        stream_free(&stream);
    }
}

static bool is_before_noon(const struct rebut_event *event, const void *context)
{
    (void)context;
    return event->at <= START + 36 * HOUR;
}

/* Before noon, and it did not name what came only later. */
static bool is_in(const struct rebut_state *known, const struct rebut_event *event)
{
    const bool ruling =
        event->type == REBUT_EVENT_OUTCOME || event->type == REBUT_EVENT_VERDICT;
    return is_before_noon(event, NULL) &&
           (ruling ? index_of(&known->request_ids, event->request_id)
                   : index_of(&known->order_ids, event->order_id)) != REBUT_NONE;
}

static void what_the_night_knew_is_there_and_is_not_counted_twice(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 25; seed++) {
        struct stream stream = {0};
        struct rebut_state known;
        struct rebut_live_night *night = NULL;
        chance = seed;
        say_world(&stream, 60, 6);
        stream_shuffle(&stream);
        state_of(&stream, is_before_noon, NULL, true, &known);
        assert_true(rebut_live_night_open(&night, &known, NULL));
        struct rebut_live *live = live_of(patient, night);
        for (size_t i = 0; i < stream.count; i++)
            if (!is_in(&known, &stream.events[i]) || pick(4) == 0)
                take(live, &stream, i);
        for (size_t i = 0; i < stream.count; i++) /* who did not show up, does */
            if (stream.events[i].type == REBUT_EVENT_ORDER)
                take(live, &stream, i);
        compare_all(live, &stream);
        rebut_live_free(live);
        rebut_live_night_close(night);
        rebut_state_release(&known);
        stream_free(&stream);
    }
}

/* A shuffled stream after the same words, which get their numbers by first use. */
static char *view_bytes(const struct stream *stream, const struct stream *words,
                        size_t *ret_size)
{
    struct rebut_live_view view = {0};
    struct rebut_live *live = live_of(patient, NULL);
    char *all = NULL;
    FILE *file = open_memstream(&all, ret_size);
    assert_non_null(file);
    for (size_t i = 0; i < words->count; i++)
        take(live, words, i);
    for (size_t i = 0; i < stream->count; i++)
        take(live, stream, i);
    for (unsigned number = 0; number < 6; number++) {
        char id[8];
        size_t size = 0;
        snprintf(id, sizeof id, "b%u", number);
        const uint32_t buyer =
            index_of(&rebut_live_state(live)->buyer_ids, rebut_text_of(id));
        assert_true(rebut_live_view_buyer(live, buyer, START + 50 * HOUR, &view, NULL));
        char *bytes = bytes_of(&view.state, &size);
        fwrite(bytes, 1, size, file);
        free(bytes);
    }
    assert_int_equal(fclose(file), 0);
    rebut_live_view_release(&view);
    rebut_live_free(live);
    return all;
}

static void the_order_of_coming_does_not_change_a_byte_of_a_view(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 25; seed++) {
        struct stream stream = {0}, words = {0};
        size_t size = 0, again_size = 0;
        chance = seed;
        for (unsigned order = 900; order < 912; order++)
            say_order(&words, order, 50, 0, 1);
        say_parcel(&words, "shipment", 900, 1);
        say_request(&words, 900, 900, 2, "refund_only");
        for (int i = 0; i < 20; i++)
            say_verdict(&words, 900, 3);
        say_world(&stream, 60, 6);
        char *bytes = view_bytes(&stream, &words, &size);
        for (int i = 0; i < 4; i++) {
            stream_shuffle(&stream);
            char *again = view_bytes(&stream, &words, &again_size);
            assert_int_equal(again_size, size);
            assert_memory_equal(again, bytes, size);
            free(again);
        }
        free(bytes);
        stream_free(&stream);
        stream_free(&words);
    }
}

static void the_view_of_a_request_ends_with_it(void **state)
{
    (void)state;
    struct stream stream = {0};
    struct rebut_live_view view = {0};
    say_order(&stream, 1, 1, 0, 5000);
    say_order(&stream, 2, 1, 5000, 5000);
    say_parcel(&stream, "shipment", 1, 3000);
    say_parcel(&stream, "delivery", 1, 9000);
    say_request(&stream, 1, 1, 4000, "refund_only");
    say_request(&stream, 2, 2, 4500, "refund_only"); /* before its own order */
    struct rebut_live *live = live_of(patient, NULL);
    for (size_t i = 0; i < stream.count; i++)
        take(live, &stream, i);
    assert_true(rebut_live_view(live, request_of(live, 1), &view, NULL));
    assert_int_equal(view.state.orders.count, 1);
    assert_int_equal(view.state.requests.count, 1);
    assert_int_equal(view.request, 0);
    assert_int_equal(view.state.orders.data[0].shipped_s, 3);
    assert_int_equal(view.state.orders.data[0].delivered_s, REBUT_SECONDS_NONE);
    assert_int_equal(view.state.orders.data[0].signed_by, 0);
    assert_true(view.state.latest == START + 4 * REBUT_SECOND);
    assert_true(rebut_live_view(live, request_of(live, 2), &view, NULL));
    assert_int_equal(view.state.orders.count, 2);
    assert_int_equal(view.request, 1);
    assert_true(view.state.latest == START + 5 * REBUT_SECOND);
    rebut_live_view_release(&view);
    rebut_live_free(live);
    stream_free(&stream);
}

static uint32_t orders_of(const struct rebut_live *live)
{
    return rebut_live_state(live)->orders.count;
}

static void what_the_night_knew_comes_when_a_request_is_to_be_scored(void **state)
{
    (void)state;
    struct stream before = {0}, stream = {0};
    struct rebut_live_view view = {0};
    struct rebut_live_due due;
    struct rebut_state known;
    struct rebut_live_night *night = NULL;
    for (unsigned order = 1; order <= 5; order++)
        say_order(&before, order, 1, order, 5000);
    say_contact(&before, 2, 100);
    say_request(&before, 2, 2, 200, "refund_only");
    say_outcome(&before, 2, 300);
    state_of(&before, NULL, NULL, true, &known);
    assert_true(rebut_live_night_open(&night, &known, NULL));
    say_order(&stream, 11, 1, 5000, 5000);
    say_parcel(&stream, "shipment", 4, 6000);
    say_contact(&stream, 2, 100);
    say_outcome(&stream, 2, 7000);
    say_request(&stream, 11, 11, 8000, "return_refund");
    say_request(&stream, 4, 4, 9000, "refund_only");
    const uint32_t expected[] = {1, 2, 3, 3, 3, 6};
    struct rebut_live *live = live_of(patient, night);
    for (size_t i = 0; i < stream.count; i++) {
        const bool again = i == 2; /* the night has told it */
        assert_int_equal(take(live, &stream, i),
                         again ? REBUT_LIVE_DUPLICATE : REBUT_LIVE_APPLIED);
        assert_int_equal(orders_of(live), expected[i]);
    }
    assert_true(rebut_live_next(live, &due));
    assert_true(rebut_live_view(live, due.request, &view, NULL));
    assert_int_equal(view.state.orders.count, 6);
    assert_int_equal(view.state.requests.count, 3);
    assert_int_equal(view.state.contacts.count, 1);
    assert_int_equal(view.state.outcomes.count, 2);
    rebut_live_view_release(&view);
    rebut_live_free(live);
    rebut_live_night_close(night);
    rebut_state_release(&known);
    stream_free(&before);
    stream_free(&stream);
}

static void a_night_without_its_keys_is_refused(void **state)
{
    (void)state;
    struct stream stream = {0};
    struct rebut_state known;
    struct rebut_live_night *night = NULL;
    struct rebut_error err = {0};
    uint64_t duplicates[REBUT_EVENT_TYPES];
    say_order(&stream, 1, 1, 0, 5000);
    state_of(&stream, NULL, NULL, false, &known);
    assert_false(rebut_live_night_open(&night, &known, NULL));
    known.keeps_keys = false;
    assert_true(rebut_state_seal(&known, duplicates, NULL));
    assert_false(rebut_live_night_open(&night, &known, &err));
    assert_int_equal(err.code, REBUT_EINPUT);
    rebut_state_release(&known);
    stream_free(&stream);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_view_is_the_state_of_the_buyers_events_alone),
        cmocka_unit_test(what_the_night_knew_is_there_and_is_not_counted_twice),
        cmocka_unit_test(the_order_of_coming_does_not_change_a_byte_of_a_view),
        cmocka_unit_test(the_view_of_a_request_ends_with_it),
        cmocka_unit_test(what_the_night_knew_comes_when_a_request_is_to_be_scored),
        cmocka_unit_test(a_night_without_its_keys_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
