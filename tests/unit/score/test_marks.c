#include "world.h"

/* The name of the bin that a request falls into. */
static const char *bin_of(const struct run *run, unsigned request,
                          enum rebut_mark_id mark)
{
    const uint8_t bin = run->frame.claims[run_claim(run, request)].bin[mark];
    assert_true(bin < rebut_mark_tables[mark].bins);
    return rebut_mark_tables[mark].bin[bin].name;
}

static void assert_bin(const struct world *world, unsigned request,
                       enum rebut_mark_id mark, const char *name)
{
    struct run run;
    run_open(&run, world, &(struct plan){.unscored = true});
    assert_string_equal(bin_of(&run, request, mark), name);
    run_close(&run);
}

static void the_expert_s_weights_are_weak_and_each_bin_can_be_said(void **state)
{
    (void)state;
    for (int mark = 0; mark < REBUT_MARKS; mark++) {
        const struct rebut_mark_table *table = &rebut_mark_tables[mark];
        assert_true(table->name != NULL && table->reason != NULL);
        assert_true(table->bin_of != NULL && table->bins <= REBUT_MARK_BINS);
        for (int bin = 0; bin < table->bins; bin++) {
            assert_true(fabs(table->bin[bin].weight) <= REBUT_MARK_WEIGHT_MAX);
            assert_non_null(table->bin[bin].name);
            assert_non_null(table->bin[bin].zh);
            assert_non_null(table->bin[bin].en);
            for (int other = 0; other < bin; other++)
                assert_string_not_equal(table->bin[bin].name, table->bin[other].name);
        }
    }
}

static void who_asks_for_a_part_is_told_from_who_asks_for_all(void **state)
{
    (void)state;
    static const struct {
        int64_t paid, asked;
        const char *name;
    } cases[] = {{5000, 2500, "part"},  {5000, 4899, "part"}, {5000, 4900, "whole"},
                 {5000, 5000, "whole"}, {5000, 5101, "more"}, {0, 100, "unknown"},
                 {5000, 0, "unknown"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct world world = world_make(1);
        world_order(&world, 1, 1, 1, 1, 1)->amount = cases[i].paid;
        world_request(&world, 1, 1, 2)->amount = cases[i].asked;
        assert_bin(&world, 1, REBUT_MARK_AMOUNT, cases[i].name);
        world_release(&world);
    }
}

/* `count` buyers from `first` on send item `sku` of shop 1 back for that reason. */
static void send_back(struct world *world, unsigned first, unsigned count, unsigned sku,
                      enum rebut_reason reason)
{
    for (unsigned i = first; i < first + count; i++) {
        world_order(world, i, i, 1 + sku, sku, 30)->category = REBUT_TEXT("家居");
        struct rebut_event *request = world_request(world, i, i, 33);
        request->request_kind = REBUT_KIND_RETURN_REFUND;
        request->reason = reason;
    }
}

/* Item 1 breaks, item 2 is of poor quality. */
static struct world two_items(void)
{
    struct world world = world_make(1);
    send_back(&world, 100, 20, 1, REBUT_REASON_DAMAGED);
    send_back(&world, 200, 20, 2, REBUT_REASON_QUALITY);
    return world;
}

static struct rebut_event *ask(struct world *world, unsigned sku,
                               enum rebut_reason reason)
{
    world_order(world, 1, 1, 1 + sku, sku, 5)->category = REBUT_TEXT("家居");
    struct rebut_event *request = world_request(world, 1, 1, 8);
    request->reason = reason;
    return request;
}

static void the_reason_is_held_against_what_these_goods_are_sent_back_for(void **state)
{
    (void)state;
    static const struct {
        unsigned sku;
        enum rebut_reason reason;
        const char *name;
    } cases[] = {{1, REBUT_REASON_QUALITY, "under_half"},
                 {1, REBUT_REASON_DAMAGED, "more"},
                 {3, REBUT_REASON_DAMAGED, "as_usual"}, /* nothing is known of it */
                 {1, REBUT_REASON_NOT_RECEIVED, "other_reason"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct world world = two_items();
        ask(&world, cases[i].sku, cases[i].reason);
        assert_bin(&world, 1, REBUT_MARK_MIX, cases[i].name);
        world_release(&world);
    }
}

static void a_buyer_s_own_returns_do_not_vouch_for_its_reason(void **state)
{
    (void)state;
    struct world world = two_items();
    ask(&world, 1, REBUT_REASON_QUALITY);
    send_back(&world, 300, 30, 1, REBUT_REASON_QUALITY);
    for (uint32_t i = 0; i < world.events.count; i++)
        if (world.events.data[i].type == REBUT_EVENT_ORDER && i > 80)
            world.events.data[i].buyer_id = world_id(&world, 'b', 1);
    assert_bin(&world, 1, REBUT_MARK_MIX, "under_half");
    world_release(&world);
}

/* Buyer b asks about item 1, bought on `day`, and has `elsewhere` other orders, `asked`
 * of them with a request of another kind of reason. */
static void witness(struct world *world, unsigned buyer, double day, unsigned elsewhere,
                    unsigned asked)
{
    world_order(world, buyer * 50, buyer, 2, 1, day)->category = REBUT_TEXT("家居");
    world_request(world, buyer * 50, buyer * 50, day + 2)->reason = REBUT_REASON_DAMAGED;
    for (unsigned i = 1; i <= elsewhere; i++) {
        world_order(world, buyer * 50 + i, buyer, 9, 90 + i, 1);
        if (i <= asked)
            world_request(world, buyer * 50 + i, buyer * 50 + i, 3)->reason =
                REBUT_REASON_LATE_DELIVERY;
    }
}

/* What the category's trusted buyers complain of otherwise. */
static struct world usual_complaints(void)
{
    struct world world = world_make(1);
    for (unsigned i = 0; i < 40; i++) {
        const unsigned buyer = 500 + i;
        world_order(&world, 50000 + i, buyer, 3, 500 + i, 1)->category =
            REBUT_TEXT("家居");
        world_request(&world, 50000 + i, 50000 + i, 3);
        for (unsigned k = 0; k < 3; k++)
            world_order(&world, 60000 + 3 * i + k, buyer, 8, 80, 1);
    }
    return world;
}

static void trusted_buyers_of_the_same_days_bear_witness(void **state)
{
    (void)state;
    struct world world = usual_complaints();
    ask(&world, 1, REBUT_REASON_DAMAGED);
    assert_bin(&world, 1, REBUT_MARK_CONCORD, "nobody");
    witness(&world, 10, 18.9, 3, 0);
    assert_bin(&world, 1, REBUT_MARK_CONCORD, "concordant");
    witness(&world, 11, 2, 3, 0);
    assert_bin(&world, 1, REBUT_MARK_CONCORD, "strongly");
    world_release(&world);
}

static void who_has_no_record_or_asks_often_or_came_later_is_no_witness(void **state)
{
    (void)state;
    struct world world = usual_complaints();
    ask(&world, 1, REBUT_REASON_DAMAGED);
    witness(&world, 10, 5, 2, 0);    /* too few orders elsewhere */
    witness(&world, 11, 19.1, 3, 0); /* other days */
    witness(&world, 12, 5, 9, 2);    /* two requests on nine */
    assert_bin(&world, 1, REBUT_MARK_CONCORD, "nobody");
    witness(&world, 13, 5, 10, 2);
    assert_bin(&world, 1, REBUT_MARK_CONCORD, "concordant");
    world_release(&world);
}

static void who_shares_a_key_with_the_buyer_is_no_witness(void **state)
{
    (void)state;
    struct world world = usual_complaints();
    ask(&world, 1, REBUT_REASON_DAMAGED);
    witness(&world, 10, 5, 3, 0);
    for (uint32_t i = 0; i < world.events.count; i++) {
        struct rebut_event *event = &world.events.data[i];
        if (event->type == REBUT_EVENT_ORDER &&
            (rebut_text_equal(event->buyer_id, REBUT_TEXT("b1")) ||
             rebut_text_equal(event->buyer_id, REBUT_TEXT("b10"))))
            event->address_id = REBUT_TEXT("a1");
    }
    assert_bin(&world, 1, REBUT_MARK_CONCORD, "nobody");
    world_release(&world);
}

static void where_all_name_one_reason_naming_it_says_nothing(void **state)
{
    (void)state;
    struct world world = usual_complaints();
    ask(&world, 1, REBUT_REASON_QUALITY);
    witness(&world, 10, 5, 3, 0);
    witness(&world, 11, 5, 3, 0);
    for (uint32_t i = 0; i < world.events.count; i++)
        world.events.data[i].reason = REBUT_REASON_QUALITY;
    assert_bin(&world, 1, REBUT_MARK_CONCORD, "some");
    world_release(&world);
}

/* The bin when `accounts` in all share the asking buyer's address or device. */
static void assert_crowd(unsigned accounts, bool device, bool signed_for,
                         const char *name)
{
    struct world world = world_make(1);
    for (unsigned i = 1; i <= accounts; i++) {
        struct rebut_event *order = world_order(&world, i, i, 1, 1, 1);
        *(device ? &order->device_id : &order->address_id) = REBUT_TEXT("k");
    }
    if (signed_for)
        world_parcel(&world, REBUT_EVENT_DELIVERY, 1, 3);
    world_request(&world, 1, 1, 4)->reason = REBUT_REASON_NOT_RECEIVED;
    assert_bin(&world, 1, REBUT_MARK_LOGISTICS, name);
    world_release(&world);
}

static void where_many_share_an_address_a_signature_is_nobody_s(void **state)
{
    (void)state;
    assert_crowd(1, false, true, "received");
    assert_crowd(19, false, true, "received");
    assert_crowd(20, false, true, "received_crowd");
    assert_crowd(101, false, true, "received_crowd"); /* public: no group */
    assert_crowd(20, false, false, "not_received");
    assert_crowd(20, true, true, "received");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_expert_s_weights_are_weak_and_each_bin_can_be_said),
        cmocka_unit_test(who_asks_for_a_part_is_told_from_who_asks_for_all),
        cmocka_unit_test(the_reason_is_held_against_what_these_goods_are_sent_back_for),
        cmocka_unit_test(a_buyer_s_own_returns_do_not_vouch_for_its_reason),
        cmocka_unit_test(trusted_buyers_of_the_same_days_bear_witness),
        cmocka_unit_test(who_has_no_record_or_asks_often_or_came_later_is_no_witness),
        cmocka_unit_test(who_shares_a_key_with_the_buyer_is_no_witness),
        cmocka_unit_test(where_all_name_one_reason_naming_it_says_nothing),
        cmocka_unit_test(where_many_share_an_address_a_signature_is_nobody_s),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
