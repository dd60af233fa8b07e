/* What one event does to the tables, and that what they hold depends on the events
 * alone. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "dump.h"

#define DAY_MS INT64_C(86400000)

static struct rebut_state tables;
static uint64_t duplicates[REBUT_EVENT_TYPES];
static uint32_t other;

static int set_up(void **state)
{
    (void)state;
    rebut_state_init(&tables, 1);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    rebut_state_release(&tables);
    return 0;
}

static enum rebut_applied apply(const struct rebut_event *event)
{
    enum rebut_applied applied = REBUT_ORPHAN;
    struct rebut_error err = {0};
    if (!rebut_state_apply(&tables, event, &applied, &other, &err))
        fail_msg("%s", err.message);
    return applied;
}

static enum rebut_applied apply_ahead(const struct rebut_ahead *ahead)
{
    enum rebut_applied applied = REBUT_ORPHAN;
    struct rebut_error err = {0};
    if (!rebut_state_apply_ahead(&tables, ahead, &applied, &other, &err))
        fail_msg("%s", err.message);
    return applied;
}

static void seal(void)
{
    assert_true(rebut_state_seal(&tables, duplicates, NULL));
}

static struct rebut_event event_of(enum rebut_event_type type, int64_t ms)
{
    return (struct rebut_event){.type = type,
                                .at = ms * 1000,
                                .quantity = 1,
                                .weight_g = -1,
                                .promised_ship_at = REBUT_TIME_NONE,
                                .account_created_at = REBUT_TIME_NONE};
}

static struct rebut_event order_of(const char *id, int64_t ms, int64_t amount)
{
    struct rebut_event event = event_of(REBUT_EVENT_ORDER, ms);
    event.order_id = rebut_text_of(id);
    event.buyer_id = REBUT_TEXT("b1");
    event.merchant_id = REBUT_TEXT("m1");
    event.sku_id = REBUT_TEXT("s1");
    event.category = REBUT_TEXT("food");
    event.channel = REBUT_CHANNEL_SHELF;
    event.amount = amount;
    return event;
}

static struct rebut_event of_order(enum rebut_event_type type, const char *order,
                                   int64_t ms)
{
    struct rebut_event event = event_of(type, ms);
    event.order_id = rebut_text_of(order);
    return event;
}

static struct rebut_event request_of(const char *id, const char *order, int64_t ms)
{
    struct rebut_event event = of_order(REBUT_EVENT_REQUEST, order, ms);
    event.request_id = rebut_text_of(id);
    event.request_kind = REBUT_KIND_REFUND_ONLY;
    event.reason = REBUT_REASON_DAMAGED;
    event.amount = 5;
    return event;
}

static struct rebut_event of_request(enum rebut_event_type type, const char *id,
                                     int64_t ms)
{
    struct rebut_event event = event_of(type, ms);
    event.request_id = rebut_text_of(id);
    return event;
}

static void assert_applied(struct rebut_event event, enum rebut_applied expected)
{
    assert_int_equal(apply(&event), expected);
}

static void an_order_fills_its_row(void **state)
{
    (void)state;
    struct rebut_event event = order_of("o1", 2 * DAY_MS, 4200);
    event.quantity = 3;
    event.campaign = REBUT_TEXT("618");
    event.host_id = REBUT_TEXT("h1");
    event.region = REBUT_TEXT("CN-33");
    event.distributor = REBUT_TEXT("hq/east");
    event.promised_ship_at = event.at + 3600 * REBUT_SECOND + 999999;
    event.account_created_at = event.at - REBUT_DAY;
    assert_applied(event, REBUT_APPLIED);
    assert_int_equal(tables.orders.count, 1);
    const struct rebut_order *order = &tables.orders.data[0];
    assert_int_equal(order->at, 2 * REBUT_DAY);
    assert_int_equal(order->amount, 4200);
    assert_int_equal(order->quantity, 3);
    assert_int_equal(order->promised_s, 3600);
    assert_int_equal(order->account_age_s, 86400);
    assert_int_equal(order->shipped_s, REBUT_SECONDS_NONE);
    assert_int_equal(order->delivered_s, REBUT_SECONDS_NONE);
    assert_int_equal(order->channel, REBUT_CHANNEL_SHELF);
    assert_int_equal(order->category, 1);
    assert_int_equal(order->campaign, 1);
    assert_int_equal(order->region, 1);
    assert_int_equal(order->distributor, 1);
    assert_int_equal(order->host, 1);
    assert_int_equal(order->carrier, 0);
    assert_int_equal(tables.latest, 2 * REBUT_DAY);
    assert_true(rebut_state_bytes(&tables) > 0);
}

static void what_follows_an_order_finds_it(void **state)
{
    (void)state;
    assert_applied(order_of("o1", 1000, 1), REBUT_APPLIED);
    struct rebut_event shipment = of_order(REBUT_EVENT_SHIPMENT, "o1", 61999);
    shipment.carrier = REBUT_TEXT("SF");
    struct rebut_event delivery = of_order(REBUT_EVENT_DELIVERY, "o1", 100000);
    delivery.signed_by = REBUT_SIGNED_LOCKER;
    struct rebut_event contact = of_order(REBUT_EVENT_CONTACT, "o1", 110000);
    contact.party = REBUT_PARTY_MERCHANT;
    contact.contact_kind = REBUT_CONTACT_OFFER_RETURN;
    struct rebut_event request = request_of("r1", "o1", 120000);
    request.text = REBUT_TEXT("broken");
    request.photos[0] = 77;
    request.photo_count = 1;
    struct rebut_event outcome = of_request(REBUT_EVENT_OUTCOME, "r1", 130000);
    outcome.outcome = REBUT_OUTCOME_GRANTED;
    outcome.outcome_by = REBUT_OUTCOME_BY_PLATFORM;
    struct rebut_event verdict = of_request(REBUT_EVENT_VERDICT, "r1", 140000);
    verdict.verdict = REBUT_VERDICT_ABUSE;
    verdict.reviewer = REBUT_TEXT("w1");
    verdict.selection = REBUT_SELECTION_RANDOM;
    verdict.propensity = 0.25;
    struct rebut_event price = event_of(REBUT_EVENT_PRICE, 150000);
    price.sku_id = REBUT_TEXT("s1");
    price.amount = 99;
    const struct rebut_event *const events[] = {&shipment, &delivery, &contact, &request,
                                                &outcome,  &verdict,  &price};
    for (size_t i = 0; i < sizeof events / sizeof *events; i++)
        assert_int_equal(apply(events[i]), REBUT_APPLIED);
    seal();
    const struct rebut_order *order = &tables.orders.data[0];
    assert_int_equal(order->shipped_s, 60);
    assert_int_equal(order->shipped_ms, 999);
    assert_int_equal(order->delivered_s, 99);
    assert_int_equal(order->carrier, 1);
    assert_int_equal(order->signed_by, REBUT_SIGNED_LOCKER);
    assert_int_equal(tables.contacts.data[0].kind, REBUT_CONTACT_OFFER_RETURN);
    assert_int_equal(tables.requests.data[0].reason, REBUT_REASON_DAMAGED);
    assert_int_equal(tables.requests.data[0].photo_count, 1);
    assert_int_equal(tables.photos.data[0], 77);
    assert_memory_equal(tables.texts.data[0].data, "broken", 6);
    assert_int_equal(tables.outcomes.data[0].by, REBUT_OUTCOME_BY_PLATFORM);
    assert_int_equal(tables.verdicts.data[0].selection, REBUT_SELECTION_RANDOM);
    assert_true(tables.verdicts.data[0].propensity == 0.25);
    assert_int_equal(tables.prices.data[0].price, 99);
    assert_int_equal(tables.latest, 150000 * INT64_C(1000));
}

static void what_names_an_unknown_order_or_request_changes_nothing(void **state)
{
    (void)state;
    char *before = dump_state(&tables);
    assert_applied(of_order(REBUT_EVENT_SHIPMENT, "o1", 1), REBUT_ORPHAN);
    assert_applied(of_order(REBUT_EVENT_DELIVERY, "o1", 1), REBUT_ORPHAN);
    assert_applied(of_order(REBUT_EVENT_CONTACT, "o1", 1), REBUT_ORPHAN);
    assert_applied(request_of("r1", "o1", 1), REBUT_ORPHAN);
    assert_applied(of_request(REBUT_EVENT_OUTCOME, "r1", 1), REBUT_ORPHAN);
    assert_applied(of_request(REBUT_EVENT_VERDICT, "r1", 1), REBUT_ORPHAN);
    char *after = dump_state(&tables);
    assert_string_equal(before, after);
    assert_int_equal(tables.order_ids.count + tables.request_ids.count, 0);
    free(before);
    free(after);
}

static void the_same_id_twice_is_a_duplicate_or_a_conflict(void **state)
{
    (void)state;
    const struct rebut_event first = order_of("o1", 1000, 1);
    assert_applied(first, REBUT_APPLIED);
    assert_applied(first, REBUT_DUPLICATE);
    assert_applied(order_of("o1", 2000, 1), REBUT_CONFLICT);
    assert_applied(order_of("o1", 900, 3), REBUT_REPLACED);
    assert_int_equal(other, (uint32_t)rebut_event_digest(&first));
    assert_int_equal(tables.orders.data[0].amount, 3);
    assert_applied(first, REBUT_CONFLICT);
    assert_int_equal(tables.orders.count, 1);

    const struct rebut_event request = request_of("r1", "o1", 5000);
    assert_applied(request, REBUT_APPLIED);
    assert_applied(request, REBUT_DUPLICATE);
    assert_applied(request_of("r1", "o1", 6000), REBUT_CONFLICT);
    assert_applied(request_of("r1", "o1", 4000), REBUT_REPLACED);
    assert_int_equal(other, (uint32_t)rebut_event_digest(&request));
    assert_int_equal(tables.requests.data[0].at, 4000 * 1000);
}

/* Read in either order, the same one stands. */
static void of_two_at_one_time_the_smaller_digest_stands(void **state)
{
    (void)state;
    const struct rebut_event one[] = {order_of("o1", 1000, 1), order_of("o1", 1000, 2)};
    const uint32_t small =
        (uint32_t)rebut_event_digest(&one[1]) < (uint32_t)rebut_event_digest(&one[0]);
    assert_applied(one[!small], REBUT_APPLIED);
    assert_applied(one[small], REBUT_REPLACED);
    assert_applied(one[!small], REBUT_CONFLICT);
    assert_applied(one[small], REBUT_DUPLICATE);
    assert_int_equal(tables.orders.data[0].amount, one[small].amount);

    static const enum rebut_event_type types[] = {REBUT_EVENT_SHIPMENT,
                                                  REBUT_EVENT_DELIVERY};
    for (size_t i = 0; i < 2; i++) {
        /* within the millisecond that is kept */
        const struct rebut_event first = of_order(types[i], "o1", 5700);
        struct rebut_event second = first;
        second.at += 1;
        const bool smaller =
            (uint32_t)rebut_event_digest(&second) < (uint32_t)rebut_event_digest(&first);
        assert_applied(smaller ? first : second, REBUT_APPLIED);
        assert_applied(smaller ? second : first, REBUT_REPLACED);
        assert_applied(smaller ? first : second, REBUT_CONFLICT);
    }
    struct rebut_event asked[] = {request_of("r1", "o1", 5000),
                                  request_of("r1", "o1", 5000)};
    asked[1].amount += 7;
    const int low = rebut_event_digest(&asked[1]) < rebut_event_digest(&asked[0]);
    assert_applied(asked[low], REBUT_APPLIED);
    assert_applied(asked[!low], REBUT_CONFLICT);
    assert_int_equal(tables.requests.data[0].amount, asked[low].amount);
}

static void shipments_within_a_second_are_told_apart(void **state)
{
    (void)state;
    assert_applied(order_of("o1", 1300, 1), REBUT_APPLIED);
    static const enum rebut_event_type types[] = {REBUT_EVENT_SHIPMENT,
                                                  REBUT_EVENT_DELIVERY};
    for (size_t i = 0; i < 2; i++) {
        assert_applied(of_order(types[i], "o1", 5700), REBUT_APPLIED);
        assert_applied(of_order(types[i], "o1", 5700), REBUT_DUPLICATE);
        assert_applied(of_order(types[i], "o1", 5800), REBUT_CONFLICT);
        assert_applied(of_order(types[i], "o1", 5699), REBUT_REPLACED);
        assert_applied(of_order(types[i], "o1", 5700), REBUT_CONFLICT);
    }
    assert_int_equal(tables.orders.data[0].shipped_s, 4);
    assert_int_equal(tables.orders.data[0].shipped_ms, 399);
}

static void a_shipment_before_its_order_counts_backwards(void **state)
{
    (void)state;
    assert_applied(order_of("o1", 5000, 1), REBUT_APPLIED);
    assert_applied(of_order(REBUT_EVENT_SHIPMENT, "o1", 3500), REBUT_APPLIED);
    assert_int_equal(tables.orders.data[0].shipped_s, -2);
    assert_int_equal(tables.orders.data[0].shipped_ms, 500);
}

static void times_of_thousands_of_years_are_held_within_the_column(void **state)
{
    (void)state;
    const int64_t far = REBUT_TIME_MAX / 1000;
    assert_applied(order_of("o1", far, 1), REBUT_APPLIED);
    assert_applied(of_order(REBUT_EVENT_SHIPMENT, "o1", 0), REBUT_APPLIED);
    assert_applied(of_order(REBUT_EVENT_DELIVERY, "o1", far), REBUT_APPLIED);
    assert_applied(order_of("o1", 0, 1), REBUT_REPLACED);
    assert_applied(of_order(REBUT_EVENT_DELIVERY, "o1", far - 1), REBUT_CONFLICT);
    assert_int_equal(tables.orders.data[0].delivered_s, INT32_MAX);
}

static void a_replaced_order_keeps_the_times_of_what_followed(void **state)
{
    (void)state;
    assert_applied(order_of("o1", 1900, 1), REBUT_APPLIED);
    assert_applied(of_order(REBUT_EVENT_SHIPMENT, "o1", 3100), REBUT_APPLIED);
    assert_applied(of_order(REBUT_EVENT_DELIVERY, "o1", 9800), REBUT_APPLIED);
    assert_applied(order_of("o1", 950, 1), REBUT_REPLACED);
    const struct rebut_order *order = &tables.orders.data[0];
    assert_int_equal(order->shipped_s * 1000 + order->shipped_ms, 3100 - 950);
    assert_int_equal(order->delivered_s * 1000 + order->delivered_ms, 9800 - 950);
    assert_applied(of_order(REBUT_EVENT_SHIPMENT, "o1", 3100), REBUT_DUPLICATE);
}

static void what_was_replaced_leaves_no_trace(void **state)
{
    (void)state;
    struct rebut_event late = order_of("o1", 9000, 1);
    late.device_id = REBUT_TEXT("stolen");
    late.buyer_id = REBUT_TEXT("b2");
    struct rebut_event early = order_of("o1", 1000, 1);
    early.device_id = REBUT_TEXT("d1");
    struct rebut_event late_request = request_of("r1", "o1", 9500);
    late_request.photos[0] = 1;
    late_request.photos[1] = 2;
    late_request.photo_count = 2;
    late_request.text = REBUT_TEXT("late");
    struct rebut_event early_request = request_of("r1", "o1", 9400);
    early_request.photos[0] = 3;
    early_request.photo_count = 1;
    struct rebut_event second = request_of("r2", "o1", 9450);
    second.photos[0] = 4;
    second.photo_count = 1;
    second.text = REBUT_TEXT("second");

    assert_applied(early, REBUT_APPLIED);
    assert_applied(early_request, REBUT_APPLIED);
    assert_applied(second, REBUT_APPLIED);
    seal();
    char *expected = dump_state(&tables);
    rebut_state_release(&tables);
    rebut_state_init(&tables, 2);
    assert_applied(late, REBUT_APPLIED);
    assert_applied(late_request, REBUT_APPLIED);
    assert_applied(early, REBUT_REPLACED);
    assert_applied(second, REBUT_APPLIED);
    assert_applied(early_request, REBUT_REPLACED);
    seal();
    char *came = dump_state(&tables);
    assert_string_equal(came, expected);
    assert_int_equal(tables.photos.count, 2);
    assert_int_equal(tables.latest, 9450 * 1000);
    free(expected);
    free(came);
}

static void lists_are_sorted_and_their_duplicates_counted_when_sealed(void **state)
{
    (void)state;
    assert_applied(order_of("o1", 1, 1), REBUT_APPLIED);
    assert_applied(request_of("r1", "o1", 1), REBUT_APPLIED);
    for (int64_t ms = 9; ms >= 5; ms--) {
        for (int times = 0; times < (int)ms - 3; times++) {
            struct rebut_event price = event_of(REBUT_EVENT_PRICE, ms);
            price.sku_id = REBUT_TEXT("s9");
            assert_applied(price, REBUT_APPLIED);
            assert_applied(of_order(REBUT_EVENT_CONTACT, "o1", ms), REBUT_APPLIED);
            assert_applied(of_request(REBUT_EVENT_OUTCOME, "r1", ms), REBUT_APPLIED);
            assert_applied(of_request(REBUT_EVENT_VERDICT, "r1", ms), REBUT_APPLIED);
        }
    }
    seal();
    static const enum rebut_event_type types[] = {
        REBUT_EVENT_CONTACT, REBUT_EVENT_OUTCOME, REBUT_EVENT_VERDICT, REBUT_EVENT_PRICE};
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(duplicates[types[i]], 2 + 3 + 4 + 5 + 6 - 5);
    assert_int_equal(duplicates[REBUT_EVENT_ORDER], 0);
    for (uint32_t i = 0; i < 5; i++) {
        assert_int_equal(tables.contacts.data[i].at, (5 + i) * 1000);
        assert_int_equal(tables.prices.data[i].at, (5 + i) * 1000);
    }
    assert_int_equal(tables.contacts.count, 5);
    assert_int_equal(tables.outcomes.count, 5);
    assert_int_equal(tables.verdicts.count, 5);
    assert_int_equal(tables.prices.count, 5);
}

static void accounts_are_linked_to_every_key_they_used_once(void **state)
{
    (void)state;
    static const struct {
        const char *order, *buyer, *device, *payment;
    } uses[] = {{"1", "b1", "d1", NULL}, {"2", "b2", "d1", "p1"},
                {"3", "b1", "d2", NULL}, {"4", "b1", "d1", NULL},
                {"5", "b2", "d1", "p1"}, {"6", "b3", NULL, "p1"}};
    for (size_t i = 0; i < sizeof uses / sizeof *uses; i++) {
        struct rebut_event order = order_of(uses[i].order, 1, 1);
        order.buyer_id = rebut_text_of(uses[i].buyer);
        order.device_id = rebut_text_of(uses[i].device);
        order.payment_id = rebut_text_of(uses[i].payment);
        assert_applied(order, REBUT_APPLIED);
    }
    seal();
    assert_int_equal(tables.links[REBUT_KEY_DEVICE].count, 3); /* d1 b1, d1 b2, d2 b1 */
    assert_int_equal(tables.links[REBUT_KEY_DEVICE].data[0].key,
                     tables.links[REBUT_KEY_DEVICE].data[1].key);
    assert_int_equal(tables.links[REBUT_KEY_PAYMENT].count, 2);
    assert_int_equal(tables.links[REBUT_KEY_ADDRESS].count, 0);
}

static void tables_grow_and_keep_everything(void **state)
{
    (void)state;
    char id[32], request_id[32];
    assert_true(rebut_state_reserve(&tables, 10, NULL));
    for (int i = 0; i < 100000; i++) {
        snprintf(id, sizeof id, "order-%d", i);
        snprintf(request_id, sizeof request_id, "request-%d", i);
        const struct rebut_event events[] = {order_of(id, i, i),
                                             request_of(request_id, id, i + 1)};
        struct rebut_ahead ahead[2];
        rebut_state_look_ahead(&tables, events, 2, ahead);
        assert_int_equal(apply_ahead(&ahead[0]), REBUT_APPLIED);
        assert_int_equal(apply_ahead(&ahead[1]), REBUT_APPLIED);
    }
    seal();
    for (uint32_t i = 0; i < 100000; i++) {
        assert_int_equal(tables.orders.data[i].amount, i);
        assert_int_equal(tables.requests.data[i].order, i);
    }
}

static void more_words_than_a_column_holds_are_refused(void **state)
{
    (void)state;
    struct rebut_error err = {0};
    enum rebut_applied applied;
    char id[32];
    bool ok = true;
    int count = 0;
    for (; ok && count < 70000; count++) {
        snprintf(id, sizeof id, "c%d", count);
        struct rebut_event order = order_of(id, 1, 1);
        order.category = rebut_text_of(id);
        ok = rebut_state_apply(&tables, &order, &applied, &other, &err);
    }
    assert_int_equal(count, 65535);
    assert_int_equal(err.code, REBUT_ELIMIT);
    assert_string_equal(err.message, "at most 65,534 different categories");
}

static void nothing_follows_once_it_is_sealed(void **state)
{
    (void)state;
    struct rebut_error err = {0};
    enum rebut_applied applied;
    seal();
    const struct rebut_event order = order_of("o1", 1, 1);
    assert_false(rebut_state_apply(&tables, &order, &applied, &other, &err));
    assert_int_equal(err.code, REBUT_EINPUT);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_order_fills_its_row),
        TEST(what_follows_an_order_finds_it),
        TEST(what_names_an_unknown_order_or_request_changes_nothing),
        TEST(the_same_id_twice_is_a_duplicate_or_a_conflict),
        TEST(of_two_at_one_time_the_smaller_digest_stands),
        TEST(shipments_within_a_second_are_told_apart),
        TEST(a_shipment_before_its_order_counts_backwards),
        TEST(times_of_thousands_of_years_are_held_within_the_column),
        TEST(a_replaced_order_keeps_the_times_of_what_followed),
        TEST(what_was_replaced_leaves_no_trace),
        TEST(lists_are_sorted_and_their_duplicates_counted_when_sealed),
        TEST(accounts_are_linked_to_every_key_they_used_once),
        TEST(tables_grow_and_keep_everything),
        TEST(more_words_than_a_column_holds_are_refused),
        TEST(nothing_follows_once_it_is_sealed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
