#include "random_world.h"

static void open_frame(struct run *run, const struct world *world)
{
    run_open(run, world, &(struct plan){.unscored = true});
}

static const struct rebut_row *row_of(const struct run *run, unsigned order)
{
    const uint32_t index = run_index(&run->state.order_ids, 'o', order);
    for (uint32_t i = 0; i < run->frame.rows_count; i++)
        if (run->frame.rows[i].order == index)
            return &run->frame.rows[i];
    fail_msg("o%u is no row", order);
    return NULL;
}

static void orders_in_the_same_circumstances_share_a_cell(void **state)
{
    (void)state;
    struct world world = world_make(1);
    struct run run;
    world_order(&world, 1, 1, 1, 1, 3)->category = REBUT_TEXT("食品");
    world_order(&world, 2, 2, 2, 2, 9)->category = REBUT_TEXT("食品");
    world_order(&world, 3, 3, 1, 1, 3)->category = REBUT_TEXT("女装");
    world_order(&world, 4, 4, 1, 1, 3)->category = REBUT_TEXT("食品");
    world.events.data[3].channel = REBUT_CHANNEL_LIVESTREAM;
    world_order(&world, 5, 5, 1, 1, 58)->category = REBUT_TEXT("食品"); /* young */
    open_frame(&run, &world);
    assert_int_equal(row_of(&run, 1)->cell, row_of(&run, 2)->cell);
    assert_int_equal(run.frame.cells_count, 4);
    assert_int_equal(run.frame.cells[row_of(&run, 1)->cell].rows, 2);
    uint32_t rows = 0;
    for (uint32_t i = 0; i < run.frame.cells_count; i++)
        rows += run.frame.cells[i].rows;
    assert_int_equal(rows, 5);
    run_close(&run);
    world_release(&world);
}

/* Each factor alone moves an order into another cell. */
static void every_circumstance_makes_a_cell_of_its_own(void **state)
{
    (void)state;
    struct world world = world_make(1);
    struct run run;
    enum { KINDS = 9 };
    for (unsigned i = 1; i <= KINDS; i++) {
        struct rebut_event *order = world_order(&world, i, i, 1, i, i == 1 ? 59 : 3);
        order->category = i == 2 ? REBUT_TEXT("女装") : REBUT_TEXT("食品");
        order->campaign = i == 3 ? REBUT_TEXT("618") : REBUT_TEXT("双11");
        order->amount = i == 4 ? 1 : 5000;
        order->channel = i == 5 ? REBUT_CHANNEL_SHELF : REBUT_CHANNEL_SOCIAL;
        order->account_created_at = i == 6 ? world_time(2) : world_time(-300);
        order->promised_ship_at = world_time(i == 7 ? 3 : 10);
        world_parcel(&world, REBUT_EVENT_SHIPMENT, i, i == 1 ? 59.5 : 4)->carrier =
            i == 8 ? REBUT_TEXT("顺丰") : REBUT_TEXT("中通");
        if (i != 1)
            world_parcel(&world, REBUT_EVENT_DELIVERY, i, i == 9 ? 11 : 5);
    }
    world_order(&world, 20, 20, 1, 20, 3);
    world.events.data[world.events.count - 1] = world.events.data[0];
    open_frame(&run, &world);
    assert_int_equal(run.frame.cells_count, KINDS);
    run_close(&run);
    world_release(&world);
}

static void a_unit_is_a_listing_in_a_fortnight(void **state)
{
    (void)state;
    struct world world = world_make(1);
    struct run run;
    const double first = 14 - fmod((double)WORLD_START / (double)REBUT_DAY, 14);
    world_order(&world, 1, 1, 1, 1, first);
    world_order(&world, 2, 2, 1, 1, first + 13.99);
    world_order(&world, 3, 1, 1, 1, first + 14);
    world_order(&world, 4, 1, 2, 1, first); /* the same item elsewhere */
    world_order(&world, 5, 1, 1, 2, first);
    open_frame(&run, &world);
    const struct rebut_frame *frame = &run.frame;
    assert_int_equal(frame->units, 4);
    assert_int_equal(frame->listings, 3);
    assert_int_equal(frame->windows, 3);
    assert_int_equal(row_of(&run, 1)->unit, row_of(&run, 2)->unit);
    const uint32_t one = row_of(&run, 1)->unit, three = row_of(&run, 3)->unit;
    const uint32_t five = row_of(&run, 5)->unit;
    assert_int_not_equal(one, three);
    assert_int_equal(frame->unit_listing[one], frame->unit_listing[three]);
    assert_int_not_equal(frame->unit_window[one], frame->unit_window[three]);
    assert_int_equal(frame->unit_window[one], frame->unit_window[five]);
    assert_int_not_equal(frame->unit_listing[one], frame->unit_listing[five]);
    run_close(&run);
    world_release(&world);
}

static void rows_lie_by_buyer_then_merchant_then_time(void **state)
{
    (void)state;
    for (unsigned seed = 1; seed <= 50; seed++) {
        struct world world = world_make(seed);
        struct run run;
        world_fill(&world);
        for (unsigned i = 0; i < 50; i++) /* more than are sorted by insertion */
            world_fill_order(&world, 500 + i, 1, 1 + i % 3, 40 * world_random(&world));
        open_frame(&run, &world);
        const struct rebut_frame *frame = &run.frame;
        assert_int_equal(frame->buyer_rows[frame->buyers], frame->rows_count);
        for (uint32_t b = 0; b < frame->buyers; b++)
            for (uint32_t i = frame->buyer_rows[b]; i < frame->buyer_rows[b + 1]; i++) {
                const struct rebut_order *now =
                    &run.state.orders.data[frame->rows[i].order];
                assert_int_equal(now->buyer, b);
                assert_int_equal(frame->unit_merchant[frame->rows[i].unit],
                                 now->merchant);
                if (i == frame->buyer_rows[b])
                    continue;
                const struct rebut_order *last =
                    &run.state.orders.data[frame->rows[i - 1].order];
                assert_true(last->merchant < now->merchant ||
                            (last->merchant == now->merchant && last->at <= now->at));
            }
        run_close(&run);
        world_release(&world);
    }
}

static void only_requests_for_a_refund_without_return_become_claims(void **state)
{
    (void)state;
    struct world world = world_make(1);
    struct run run;
    for (unsigned i = 1; i <= 4; i++)
        world_order(&world, i, 1, 1, 1, i);
    world_request(&world, 1, 1, 20);
    world_request(&world, 2, 2, 10);
    struct rebut_event *back = world_request(&world, 3, 3, 12);
    back->request_kind = REBUT_KIND_RETURN_REFUND;
    back->reason = REBUT_REASON_DAMAGED;
    back = world_request(&world, 4, 4, 12);
    back->request_kind = REBUT_KIND_RETURN_REFUND;
    back->reason = REBUT_REASON_CHANGED_MIND;
    world_request(&world, 5, 2, 30); /* once more on the same order */
    open_frame(&run, &world);
    assert_int_equal(run.frame.claims_count, 3);
    assert_int_equal(run_claim(&run, 2), 0); /* the earliest */
    assert_int_equal(run_claim(&run, 1), 1);
    assert_int_equal(run_claim(&run, 5), 2);
    assert_int_equal(run.frame.claims[0].first, 0);
    assert_int_equal(run.frame.claims[1].first, 1);
    assert_int_equal(run.frame.claims[2].first, 0);
    uint32_t returns = 0;
    for (uint32_t i = 0; i < run.frame.units; i++)
        returns += run.frame.unit_returns[i];
    assert_int_equal(returns, 1); /* a change of mind is no fault */
    run_close(&run);
    world_release(&world);
}

static void the_last_verdict_that_says_something_stands(void **state)
{
    (void)state;
    struct world world = world_make(1);
    struct run run;
    world_order(&world, 1, 1, 1, 1, 1);
    world_order(&world, 2, 1, 1, 1, 1);
    world_request(&world, 1, 1, 5);
    world_request(&world, 2, 2, 5);
    world_ruling(&world, REBUT_EVENT_VERDICT, 1, 12)->verdict = REBUT_VERDICT_LEGITIMATE;
    world_ruling(&world, REBUT_EVENT_VERDICT, 1, 10);
    world_ruling(&world, REBUT_EVENT_VERDICT, 1, 14)->verdict = REBUT_VERDICT_UNCLEAR;
    open_frame(&run, &world);
    const struct rebut_frame_claim *claim = &run.frame.claims[run_claim(&run, 1)];
    assert_int_equal(claim->said_abuse, 0);
    assert_int_equal(claim->said_legitimate, 1);
    assert_false(rebut_is_judged(&run.frame.claims[run_claim(&run, 2)]));
    run_close(&run);
    world_release(&world);
}

static void every_reviewer_has_one_voice_and_a_random_draw_stands(void **state)
{
    (void)state;
    struct world world = world_make(1);
    struct run run;
    world_order(&world, 1, 1, 1, 1, 1);
    world_request(&world, 1, 1, 5);
    static const struct {
        double day;
        const char *reviewer;
        enum rebut_verdict verdict;
        enum rebut_selection selection;
    } said[] = {{10, "anna", REBUT_VERDICT_ABUSE, REBUT_SELECTION_RANKED},
                {11, "bela", REBUT_VERDICT_ABUSE, REBUT_SELECTION_RANDOM},
                {12, "anna", REBUT_VERDICT_LEGITIMATE, REBUT_SELECTION_APPEAL},
                {13, "cora", REBUT_VERDICT_ABUSE, REBUT_SELECTION_APPEAL}};
    for (size_t i = 0; i < sizeof said / sizeof said[0]; i++) {
        struct rebut_event *event =
            world_ruling(&world, REBUT_EVENT_VERDICT, 1, said[i].day);
        event->verdict = said[i].verdict;
        event->selection = said[i].selection;
        event->reviewer = world_text(&world, said[i].reviewer);
    }
    open_frame(&run, &world);
    const struct rebut_frame_claim *claim = &run.frame.claims[run_claim(&run, 1)];
    assert_int_equal(claim->said_abuse, 2);
    assert_int_equal(claim->said_legitimate, 1);
    assert_int_equal(claim->selection, REBUT_SELECTION_RANDOM);
    run_close(&run);
    world_release(&world);
}

/* Accounts with one device: how many make a group? */
static uint32_t groups_of(unsigned accounts, uint32_t *ret_members)
{
    struct world world = world_make(1);
    struct run run;
    for (unsigned i = 1; i <= accounts; i++) {
        world_order(&world, i, i, 1, 1, 1)->device_id = REBUT_TEXT("d");
        world_order(&world, 500 + i, i, 1, 1, 2)->device_id = REBUT_TEXT("d");
    }
    open_frame(&run, &world);
    const uint32_t groups = run.frame.groups_count;
    *ret_members = groups > 0 ? run.frame.groups[0].count : 0;
    run_close(&run);
    world_release(&world);
    return groups;
}

static void two_to_a_hundred_accounts_make_a_group_and_more_are_public(void **state)
{
    (void)state;
    uint32_t members = 0;
    assert_int_equal(groups_of(1, &members), 0);
    assert_int_equal(groups_of(2, &members), 1);
    assert_int_equal(members, 2);
    assert_int_equal(groups_of(100, &members), 1);
    assert_int_equal(members, 100);
    assert_int_equal(groups_of(101, &members), 0);
}

struct mark_case {
    enum rebut_reason reason;
    double shipped, delivered, asked; /* days; 0: not */
    uint8_t delay, logistics;
};

/* Ordered on day 1, promised for day 3. */
static void marks_fall_into_the_stated_bins(void **state)
{
    (void)state;
    static const struct mark_case cases[] = {
        {REBUT_REASON_QUALITY, 0, 0, 9, 0, 0},
        {REBUT_REASON_QUALITY, 2, 4, 4.05, 1, 0},
        {REBUT_REASON_QUALITY, 2, 4, 4.2, 2, 0},
        {REBUT_REASON_QUALITY, 2, 4, 4.75, 3, 0},
        {REBUT_REASON_QUALITY, 2, 4, 5, 4, 0},
        {REBUT_REASON_QUALITY, 2, 4, 6, 5, 0},
        {REBUT_REASON_QUALITY, 2, 4, 7, 6, 0},
        {REBUT_REASON_QUALITY, 2, 9, 5, 0, 0}, /* asked before it was signed for */
        {REBUT_REASON_NOT_RECEIVED, 2, 4, 5, 4, 1},
        {REBUT_REASON_NOT_RECEIVED, 2, 0, 5, 0, 2},
        {REBUT_REASON_NOT_RECEIVED, 2, 8, 5, 0, 2},
        {REBUT_REASON_LATE_DELIVERY, 2, 4, 5, 4, 3},
        {REBUT_REASON_LATE_DELIVERY, 4, 5, 6, 4, 4}, /* shipped late */
        {REBUT_REASON_LATE_DELIVERY, 2, 8, 9, 4, 4}, /* carried for six days */
        {REBUT_REASON_LATE_DELIVERY, 2, 0, 5, 0, 4}, /* still on its way */
        {REBUT_REASON_PRICE_DROP, 2, 4, 5, 4, 6},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct world world = world_make(1);
        struct run run;
        world_order(&world, 1, 1, 1, 1, 1)->promised_ship_at = world_time(3);
        if (cases[i].shipped > 0)
            world_parcel(&world, REBUT_EVENT_SHIPMENT, 1, cases[i].shipped);
        if (cases[i].delivered > 0)
            world_parcel(&world, REBUT_EVENT_DELIVERY, 1, cases[i].delivered);
        world_request(&world, 1, 1, cases[i].asked)->reason = cases[i].reason;
        open_frame(&run, &world);
        const uint8_t *bin = run.frame.claims[0].bin;
        if (bin[REBUT_MARK_DELAY] != cases[i].delay ||
            bin[REBUT_MARK_LOGISTICS] != cases[i].logistics)
            fail_msg("case %zu: delay %d, logistics %d", i, bin[REBUT_MARK_DELAY],
                     bin[REBUT_MARK_LOGISTICS]);
        run_close(&run);
        world_release(&world);
    }
}

/* 100 fen for one; `later` for one after `days`, two were bought. */
static uint8_t drop_mark(int64_t later, double days)
{
    struct world world = world_make(1);
    struct run run;
    struct rebut_event *order = world_order(&world, 1, 1, 1, 1, 1);
    order->amount = 200;
    order->quantity = 2;
    struct rebut_event *price = world_event(&world, REBUT_EVENT_PRICE, 1 + days);
    price->sku_id = world_id(&world, 's', 1);
    price->amount = later;
    price = world_event(&world, REBUT_EVENT_PRICE, 2);
    price->sku_id = world_id(&world, 's', 2); /* another item's */
    price->amount = 1;
    world_request(&world, 1, 1, 20)->reason = REBUT_REASON_PRICE_DROP;
    open_frame(&run, &world);
    const uint8_t bin = run.frame.claims[0].bin[REBUT_MARK_LOGISTICS];
    run_close(&run);
    world_release(&world);
    return bin;
}

static void a_fallen_price_is_one_of_the_item_within_15_days(void **state)
{
    (void)state;
    assert_int_equal(drop_mark(90, 3), 5);
    assert_int_equal(drop_mark(90, 15), 5);
    assert_int_equal(drop_mark(90, 15.01), 6);
    assert_int_equal(drop_mark(90, 0), 6);
    assert_int_equal(drop_mark(99, 3), 6);
    assert_int_equal(drop_mark(110, 3), 6);
}

static void without_orders_there_is_no_frame(void **state)
{
    (void)state;
    struct rebut_state empty;
    struct rebut_model model;
    struct rebut_frame frame;
    struct rebut_error err = {0};
    rebut_state_init(&empty, 1);
    rebut_model_init(&model);
    assert_false(rebut_frame_build(&frame, &empty, world_time(1), &model, &err));
    assert_int_equal(err.code, REBUT_EDATA);
    assert_non_null(strstr(err.message, "no orders"));
    rebut_frame_release(&frame);
    rebut_model_release(&model);
    rebut_state_release(&empty);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(orders_in_the_same_circumstances_share_a_cell),
        cmocka_unit_test(every_circumstance_makes_a_cell_of_its_own),
        cmocka_unit_test(a_unit_is_a_listing_in_a_fortnight),
        cmocka_unit_test(rows_lie_by_buyer_then_merchant_then_time),
        cmocka_unit_test(only_requests_for_a_refund_without_return_become_claims),
        cmocka_unit_test(the_last_verdict_that_says_something_stands),
        cmocka_unit_test(every_reviewer_has_one_voice_and_a_random_draw_stands),
        cmocka_unit_test(two_to_a_hundred_accounts_make_a_group_and_more_are_public),
        cmocka_unit_test(marks_fall_into_the_stated_bins),
        cmocka_unit_test(a_fallen_price_is_one_of_the_item_within_15_days),
        cmocka_unit_test(without_orders_there_is_no_frame),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
