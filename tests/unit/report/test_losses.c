/* Losses: every fen once, and nothing that depends on the order of reading. */
#include <string.h>

#include "random_world.h"
#include "rebut/losses.h"

#define MICRO 1000000

static struct rebut_losses open_losses(const struct run *run, const char *merchant)
{
    struct rebut_losses losses;
    struct rebut_error err = {0};
    if (!rebut_losses_open(&losses, &run->scores, rebut_text_of(merchant), INT64_MIN,
                           &err))
        fail_msg("%s", err.message);
    return losses;
}

/* All that a report says, as JSON and as text in both languages and HTML. */
static char *written(const struct run *run, const char *merchant, size_t *ret_size)
{
    struct rebut_losses losses = open_losses(run, merchant);
    struct rebut_output out;
    assert_true(rebut_output_memory(&out, NULL));
    rebut_losses_write_json(&losses, &out);
    for (int form = REBUT_LOSSES_TEXT; form <= REBUT_LOSSES_HTML; form++)
        for (int language = REBUT_CHINESE; language <= REBUT_ENGLISH; language++)
            assert_true(rebut_losses_write(&losses, (enum rebut_losses_form)form,
                                           (enum rebut_language)language, &out, NULL));
    assert_true(rebut_output_write(&out, "", 1));
    char *text = malloc(out.used);
    assert_non_null(text);
    memcpy(text, out.buffer, out.used);
    *ret_size = out.used;
    rebut_output_release(&out);
    rebut_losses_close(&losses);
    return text;
}

static void assert_sum(const struct rebut_loss_sum *sum)
{
    rebut_total parts = 0;
    for (int c = 0; c < REBUT_CAUSES; c++) {
        const struct rebut_loss_range range =
            rebut_loss_range_of(&sum->cause[c], sum->amount);
        parts += sum->cause[c].part;
        assert_true(sum->cause[c].part >= 0);
        assert_true(range.low >= 0 && range.high <= sum->amount);
        assert_true(range.low <= sum->cause[c].part + (rebut_total)sum->requests);
        assert_true(range.high + (rebut_total)sum->requests >= sum->cause[c].part);
    }
    assert_true(parts == sum->amount);
}

static void assert_table(const struct rebut_losses *losses,
                         const struct rebut_loss_table *table)
{
    rebut_total amount = table->few.sum.amount + table->rest.sum.amount;
    rebut_total shop = table->few.sum.cause[REBUT_CAUSE_SHOP].part +
                       table->rest.sum.cause[REBUT_CAUSE_SHOP].part;
    uint64_t requests = table->few.sum.requests + table->rest.sum.requests;
    for (uint32_t i = 0; i < table->count; i++) {
        assert_true(table->rows[i].sum.requests >= REBUT_LOSS_FEW);
        assert_sum(&table->rows[i].sum);
        if (table->rows[i].depth > 1)
            continue;
        amount += table->rows[i].sum.amount;
        shop += table->rows[i].sum.cause[REBUT_CAUSE_SHOP].part;
        requests += table->rows[i].sum.requests;
    }
    assert_true(amount == losses->total.amount);
    assert_true(shop == losses->total.cause[REBUT_CAUSE_SHOP].part);
    assert_int_equal(requests, losses->total.requests);
}

static void totals_are_the_scores_and_every_table_adds_up(void **state)
{
    (void)state;
    for (unsigned seed = 1; seed <= 40; seed++) {
        struct world world = world_make(seed);
        struct run run;
        world_fill(&world);
        run_open(&run, &world, &(struct plan){.fit = seed % 2 == 0});
        struct rebut_losses losses = open_losses(&run, NULL);
        int64_t asked = 0;
        double recovery = 0;
        for (uint32_t i = 0; i < run.scores.count; i++) {
            const uint32_t claim = run.scores.list[i].claim;
            asked += run.state.requests.data[run.frame.claims[claim].request].amount;
            recovery += run.scores.list[i].expected_recovery;
        }
        assert_true(losses.total.amount == (rebut_total)asked * MICRO);
        assert_int_equal(losses.total.requests, run.scores.count);
        assert_near((double)losses.total.cause[REBUT_CAUSE_ABUSE].part / MICRO, recovery,
                    1e-6 * (run.scores.count + 1.0));
        assert_sum(&losses.total);
        rebut_total pieces = 0;
        for (int piece = 0; piece < REBUT_PIECES; piece++)
            pieces += losses.piece[piece].part;
        assert_true(pieces == losses.total.amount);
        for (int d = 0; d < REBUT_DIMENSIONS; d++)
            assert_table(&losses, &losses.table[d]);
        rebut_losses_close(&losses);
        run_close(&run);
        world_release(&world);
    }
}

static void merchants_reports_add_up_to_the_platforms(void **state)
{
    (void)state;
    struct world world = world_make(5);
    struct run run;
    world_fill(&world);
    run_open(&run, &world, &(struct plan){0});
    struct rebut_losses platform = open_losses(&run, NULL);
    rebut_total amount = 0, abuse = 0;
    for (uint32_t m = 0; m < run.state.merchant_ids.count; m++) {
        char id[REBUT_ID_MAX + 1];
        const struct rebut_text text = rebut_intern_text(&run.state.merchant_ids, m);
        snprintf(id, sizeof id, "%.*s", (int)text.size, text.data);
        struct rebut_losses own = open_losses(&run, id);
        amount += own.total.amount;
        abuse += own.total.cause[REBUT_CAUSE_ABUSE].part;
        assert_int_equal(own.table[REBUT_BY_MERCHANT].count, 0);
        rebut_losses_close(&own);
    }
    assert_true(amount == platform.total.amount);
    assert_true(abuse == platform.total.cause[REBUT_CAUSE_ABUSE].part);
    rebut_losses_close(&platform);
    run_close(&run);
    world_release(&world);
}

static void events_in_another_order_give_the_same_bytes(void **state)
{
    (void)state;
    for (unsigned seed = 1; seed <= 12; seed++) {
        struct world world = world_make(seed);
        char *first = NULL;
        size_t first_size = 0;
        world_fill(&world);
        for (int round = 0; round < 3; round++) {
            struct run run;
            size_t size = 0;
            run_open(&run, &world, &(struct plan){.fit = true});
            char *text = written(&run, NULL, &size);
            if (first == NULL) {
                first = text;
                first_size = size;
            } else {
                assert_int_equal(size, first_size);
                assert_memory_equal(text, first, size);
                free(text);
            }
            run_close(&run);
            world_shuffle(&world);
        }
        free(first);
        world_release(&world);
    }
}

static void no_buyer_and_no_other_merchant_is_named(void **state)
{
    (void)state;
    struct world world = world_make(1);
    struct run run;
    for (unsigned i = 0; i < 400; i++) {
        struct rebut_event *event =
            world_order(&world, i, 700000 + i % 50, 800000 + i % 4, i % 4, i % 50);
        event->category = REBUT_TEXT("食品");
        if (i % 5 == 0)
            world_request(&world, i, i, i % 50 + 3);
    }
    run_open(&run, &world, &(struct plan){0});
    size_t size = 0;
    char *text = written(&run, "m800002", &size);
    assert_non_null(strstr(text, "m800002"));
    assert_null(strstr(text, "b7000"));
    assert_null(strstr(text, "m800001"));
    assert_null(strstr(text, "m800003"));
    free(text);
    text = written(&run, NULL, &size);
    assert_non_null(strstr(text, "m800001"));
    assert_null(strstr(text, "b7000"));
    free(text);
    run_close(&run);
    world_release(&world);
}

static void a_report_of_nothing_and_of_one_request_is_written(void **state)
{
    (void)state;
    for (unsigned requests = 0; requests <= 1; requests++) {
        struct world world = world_make(1);
        struct run run;
        size_t size = 0;
        world_order(&world, 1, 1, 1, 1, 2);
        if (requests > 0)
            world_request(&world, 1, 1, 5);
        run_open(&run, &world, &(struct plan){0});
        struct rebut_losses losses = open_losses(&run, "m1");
        assert_int_equal(losses.total.requests, requests);
        assert_true(losses.total.amount == (rebut_total)requests * 5000 * MICRO);
        assert_int_equal(losses.orders, 1);
        rebut_losses_close(&losses);
        char *text = written(&run, "m1", &size);
        assert_null(strstr(text, "nan"));
        assert_null(strstr(text, "inf"));
        free(text);
        run_close(&run);
        world_release(&world);
    }
}

static void what_is_no_probability_or_no_merchant_is_refused(void **state)
{
    (void)state;
    struct world world = world_make(1);
    struct run run;
    struct rebut_losses losses;
    struct rebut_error err = {0};
    world_order(&world, 1, 1, 1, 1, 2);
    world_request(&world, 1, 1, 5);
    run_open(&run, &world, &(struct plan){0});
    assert_false(rebut_losses_open(&losses, &run.scores, REBUT_TEXT("m2"), 0, &err));
    assert_int_equal(err.code, REBUT_EDATA);
    assert_string_equal(err.message, "there is no merchant 'm2'");
    err = (struct rebut_error){0};
    run.scores.list[0].probability = (double)NAN;
    assert_false(
        rebut_losses_open(&losses, &run.scores, (struct rebut_text){0}, 0, &err));
    assert_int_equal(err.code, REBUT_EMATH);
    assert_null(losses.scores);
    run_close(&run);
    world_release(&world);
}

/* The part of each piece in the only request of a small world. */
static struct rebut_loss_split split_one(enum rebut_reason reason, double shipped_day,
                                         double asked_day)
{
    struct world world = world_make(1);
    struct run run;
    struct rebut_loss_split split;
    world_order(&world, 1, 1, 1, 1, 2)->promised_ship_at = world_time(4);
    if (shipped_day > 0)
        world_parcel(&world, REBUT_EVENT_SHIPMENT, 1, shipped_day);
    world_request(&world, 1, 1, asked_day)->reason = reason;
    run_open(&run, &world, &(struct plan){0});
    assert_true(rebut_loss_split_of(&run.scores, &run.scores.list[0], &split));
    run_close(&run);
    world_release(&world);
    return split;
}

static void the_reason_speaks_for_its_own_piece(void **state)
{
    (void)state;
    static const struct {
        enum rebut_reason reason;
        double shipped, asked;
        enum rebut_loss_piece most;
    } cases[] = {
        {REBUT_REASON_QUALITY, 3, 9, REBUT_PIECE_GOODS},
        {REBUT_REASON_DAMAGED, 3, 9, REBUT_PIECE_PARCEL},
        {REBUT_REASON_LATE_DELIVERY, 3, 9, REBUT_PIECE_PARCEL},
        {REBUT_REASON_LATE_DELIVERY, 6, 9, REBUT_PIECE_SHIPPED},
        {REBUT_REASON_LATE_DELIVERY, 0, 9, REBUT_PIECE_SHIPPED},
        {REBUT_REASON_LATE_DELIVERY, 0, 3, REBUT_PIECE_PARCEL}, /* not late yet */
        {REBUT_REASON_PRICE_DROP, 3, 9, REBUT_PIECE_PRICE},
        {REBUT_REASON_CHANGED_MIND, 3, 9, REBUT_PIECE_MIND},
        {REBUT_REASON_OTHER, 3, 9, REBUT_PIECE_UNKNOWN},
        {REBUT_REASON_NONE, 3, 9, REBUT_PIECE_UNKNOWN},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct rebut_loss_split split =
            split_one(cases[i].reason, cases[i].shipped, cases[i].asked);
        for (int piece = 1; piece < REBUT_PIECES; piece++)
            if (split.piece[piece] > split.piece[cases[i].most])
                fail_msg("case %zu: %s has more than %s", i, rebut_words_piece[piece],
                         rebut_words_piece[cases[i].most]);
    }
}

/* Honest buyers with records; item s1 of m1 goes bad on day 56. */
static void an_item_that_went_bad_is_found_with_its_day(void **state)
{
    (void)state;
    struct world world = world_make(3);
    struct run run;
    unsigned request = 0;
    for (unsigned i = 1; i <= 6000; i++) {
        const double day = 100 * world_random(&world);
        const unsigned merchant = 1 + world_pick(&world, 10);
        const unsigned sku = merchant * 3 + world_pick(&world, 3);
        const bool bad = sku == 3 && day >= 56;
        world_order(&world, i, 1 + world_pick(&world, 600), merchant, sku, day);
        world_parcel(&world, REBUT_EVENT_DELIVERY, i, day + 2);
        if (world_random(&world) < (bad ? .4 : .02))
            world_request(&world, ++request, i, day + 3);
    }
    run_open(&run, &world, &(struct plan){.as_of_day = 110, .fit = true});
    struct rebut_losses losses = open_losses(&run, NULL);
    assert_int_equal(losses.rises.count, 1);
    const struct rebut_loss_rise *rise = &losses.rises.data[0];
    assert_true(rebut_text_equal(rise->sku, REBUT_TEXT("s3")));
    assert_true(llabs(rise->since - world_time(56)) <= REBUT_WINDOW);
    assert_true(rise->ratio.low > 2);
    assert_true(rise->q <= .05);
    assert_true(rise->saving.part > 0 && rise->saving.part <= rise->shop);
    rebut_losses_close(&losses);
    run_close(&run);
    world_release(&world);
}

static void a_path_is_rolled_up(void **state)
{
    (void)state;
    static const char *const paths[] = {"hq", "hq/east", "hq/east/zhang", "hq-2"};
    struct world world = world_make(3);
    struct run run;
    for (unsigned i = 1; i <= 40; i++) {
        world_order(&world, i, i, 1, 1, 2)->distributor = rebut_text_of(paths[i % 4]);
        world_request(&world, i, i, 5);
    }
    run_open(&run, &world, &(struct plan){0});
    struct rebut_losses losses = open_losses(&run, NULL);
    const struct rebut_loss_table *table = &losses.table[REBUT_BY_DISTRIBUTOR];
    static const char *const keys[] = {"hq", "hq/east", "hq/east/zhang", "hq-2"};
    static const unsigned requests[] = {30, 20, 10, 10}, depths[] = {1, 2, 3, 1};
    assert_int_equal(table->count, 4);
    for (unsigned i = 0; i < 4; i++) {
        assert_true(rebut_text_equal(table->rows[i].key, rebut_text_of(keys[i])));
        assert_int_equal(table->rows[i].sum.requests, requests[i]);
        assert_int_equal(table->rows[i].orders, requests[i]);
        assert_int_equal(table->rows[i].depth, depths[i]);
    }
    rebut_losses_close(&losses);
    run_close(&run);
    world_release(&world);
}

/* Names that are markup, turn the direction of writing, or begin a formula. */
static void names_are_shown_and_never_run(void **state)
{
    (void)state;
    struct world world = world_make(3);
    struct run run;
    size_t size = 0;
    for (unsigned i = 1; i <= 60; i++) {
        struct rebut_event *event = world_order(&world, i, i, 1, 1, 2);
        event->sku_id = i % 2 == 0 ? REBUT_TEXT("<script>alert(1)</script>")
                                   : REBUT_TEXT("=cmd|' /C calc'!A0");
        event->host_id = REBUT_TEXT("\xe2\x80\xae"
                                    "evil\"&'");
        event->channel = REBUT_CHANNEL_LIVESTREAM;
        event->distributor = REBUT_TEXT("//a//\xc2\x85"
                                        "b/");
        world_request(&world, i, i, 5);
    }
    run_open(&run, &world, &(struct plan){0});
    char *text = written(&run, NULL, &size);
    const char *html = strstr(text, "<!DOCTYPE html>");
    assert_non_null(html);
    assert_null(strstr(html, "<script"));
    assert_null(strstr(html, ">=cmd"));
    assert_non_null(strstr(html, "&#60;script&#62;"));
    assert_non_null(strstr(html, "&#39;=cmd"));
    const char *plain = strstr(text, "\n== ");
    assert_null(strstr(plain, "\xe2\x80\xae"));
    assert_null(strstr(plain, "\xc2\x85"));
    assert_non_null(strstr(plain, "\xef\xbf\xbd"
                                  "evil"));
    free(text);
    run_close(&run);
    world_release(&world);
}

/* 10^12 fen is the most that a request may ask for: in micro fen ten of them are more
 * than 64 bits hold, and ten million of them are in fen. */
static void the_largest_amounts_add_up_too(void **state)
{
    (void)state;
    enum { REQUESTS = 300 };
    struct world world = world_make(2);
    struct run run;
    struct rebut_output out;
    for (unsigned i = 1; i <= REQUESTS; i++) {
        world_order(&world, i, i, 1 + i % 3, i % 7, 2)->amount = REBUT_MONEY_MAX;
        world_request(&world, i, i, 5 + i % 40)->amount = REBUT_MONEY_MAX;
    }
    run_open(&run, &world, &(struct plan){.fit = true});
    struct rebut_losses losses = open_losses(&run, NULL);
    const rebut_total expected = (rebut_total)REBUT_MONEY_MAX * MICRO * REQUESTS;
    assert_true(losses.total.amount == expected);
    assert_sum(&losses.total);
    for (int d = 0; d < REBUT_DIMENSIONS; d++)
        assert_table(&losses, &losses.table[d]);
    losses.total.amount = losses.drops.difference = expected * 100000;
    assert_true(rebut_output_memory(&out, NULL));
    rebut_losses_write_json(&losses, &out);
    assert_true(
        rebut_losses_write(&losses, REBUT_LOSSES_TEXT, REBUT_ENGLISH, &out, NULL));
    assert_true(rebut_output_write(&out, "", 1));
    assert_non_null(strstr(out.buffer, "\"fen\":30000000000000000000,\"abuse\""));
    assert_non_null(strstr(out.buffer, "\"difference_fen\":30000000000000000000000000,"));
    assert_non_null(strstr(out.buffer, " 300,000,000,000,000,000 yuan"));
    assert_null(strstr(out.buffer, "-"
                                   "9223372036854775808"));
    rebut_output_release(&out);
    rebut_losses_close(&losses);
    run_close(&run);
    world_release(&world);
}

/* Two rows of the same amount stand by the bytes of their names, the nameless first. */
static void rows_of_the_same_amount_have_one_order(void **state)
{
    (void)state;
    static const char *const regions[] = {"z", "b", "ba", NULL, "a", "\xe6\xb5\x99", "B"};
    static const char *const ordered[] = {NULL, "B", "a", "b", "ba", "z", "\xe6\xb5\x99"};
    for (unsigned round = 0; round < 3; round++) {
        struct world world = world_make(2 + round);
        struct run run;
        for (unsigned i = 0; i < 70; i++) {
            struct rebut_event *event = world_order(&world, i, i, i % 7, 6 - i % 7, 2);
            event->region = rebut_text_of(regions[i % 7]);
            event->campaign = event->region;
            world_request(&world, i, i, 5);
        }
        for (unsigned i = 0; i < round; i++)
            world_shuffle(&world);
        run_open(&run, &world, &(struct plan){0});
        struct rebut_losses losses = open_losses(&run, NULL);
        static const enum rebut_loss_dimension named[] = {REBUT_BY_REGION,
                                                          REBUT_BY_CAMPAIGN};
        for (size_t d = 0; d < sizeof named / sizeof named[0]; d++) {
            const struct rebut_loss_table *table = &losses.table[named[d]];
            assert_int_equal(table->count, 7);
            for (unsigned i = 0; i < 7; i++)
                assert_true(
                    rebut_text_equal(table->rows[i].key, rebut_text_of(ordered[i])));
        }
        for (unsigned i = 0; i < 7; i++) {
            const char sku[] = {'s', (char)('0' + i)}, merchant[] = {'m', sku[1]};
            assert_memory_equal(losses.table[REBUT_BY_SKU].rows[i].key.data, sku, 2);
            assert_memory_equal(losses.table[REBUT_BY_MERCHANT].rows[i].key.data,
                                merchant, 2);
        }
        rebut_losses_close(&losses);
        run_close(&run);
        world_release(&world);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(totals_are_the_scores_and_every_table_adds_up),
        cmocka_unit_test(merchants_reports_add_up_to_the_platforms),
        cmocka_unit_test(events_in_another_order_give_the_same_bytes),
        cmocka_unit_test(no_buyer_and_no_other_merchant_is_named),
        cmocka_unit_test(a_report_of_nothing_and_of_one_request_is_written),
        cmocka_unit_test(what_is_no_probability_or_no_merchant_is_refused),
        cmocka_unit_test(the_reason_speaks_for_its_own_piece),
        cmocka_unit_test(an_item_that_went_bad_is_found_with_its_day),
        cmocka_unit_test(a_path_is_rolled_up),
        cmocka_unit_test(names_are_shown_and_never_run),
        cmocka_unit_test(the_largest_amounts_add_up_too),
        cmocka_unit_test(rows_of_the_same_amount_have_one_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
