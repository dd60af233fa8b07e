/* What is in a pack, and what never is. */
#include <math.h>

#include "../../../engine/evidence/pack_figures.h"
#include "packing.h"
#include "rebut/marks.h"

static struct packing packing;

static int open_all(void **state)
{
    (void)state;
    return packing_make(&packing, 5);
}

static int close_all(void **state)
{
    (void)state;
    packing_close(&packing);
    return 0;
}

static bool is_in(struct rebut_text text, const char *word)
{
    return memmem(text.data, text.size, word, strlen(word)) != NULL;
}

static void one_buyer_at_two_merchants_shares_no_token(void **state)
{
    (void)state;
    char a[REBUT_PACK_PSEUDONYM], b[REBUT_PACK_PSEUDONYM], c[REBUT_PACK_PSEUDONYM];
    for (unsigned i = 0; i < 2000; i++) {
        char buyer[32];
        snprintf(buyer, sizeof buyer, "buyer-%u", i);
        const struct rebut_text id = rebut_text_of(buyer);
        rebut_pack_pseudonym(packing_secret, REBUT_TEXT("m1"), id, a);
        rebut_pack_pseudonym(packing_secret, REBUT_TEXT("m2"), id, b);
        rebut_pack_pseudonym(packing_secret, REBUT_TEXT("m1"), id, c);
        assert_string_equal(a, c);
        assert_int_equal(strlen(a), 18);
        assert_int_equal(strspn(a + 2, "abcdefghijklmnopqrstuvwxyz234567"), 16);
        assert_string_not_equal(a, b);
        assert_string_not_equal(a, buyer);
        for (int at = 2; at <= 10; at++) { /* no run of eight letters is common */
            char run[9];
            snprintf(run, sizeof run, "%.8s", a + at);
            assert_null(strstr(b, run));
        }
    }
}

static void another_secret_gives_another_name(void **state)
{
    (void)state;
    unsigned char other[REBUT_PACK_SECRET];
    char a[REBUT_PACK_PSEUDONYM], b[REBUT_PACK_PSEUDONYM];
    memcpy(other, packing_secret, sizeof other);
    other[31] ^= 1;
    rebut_pack_pseudonym(packing_secret, REBUT_TEXT("m1"), REBUT_TEXT("b1"), a);
    rebut_pack_pseudonym(other, REBUT_TEXT("m1"), REBUT_TEXT("b1"), b);
    assert_string_not_equal(a, b);
}

static void without_a_key_the_buyer_has_no_name(void **state)
{
    (void)state;
    struct packing own = {.world = world_make(5)};
    packing_fill(&own.world);
    packing_open(&own, &(struct plan){0}, false);
    struct rebut_pack pack = packing_request(&own, 1);
    assert_null(pack.buyer.pseudonym.data);
    rebut_pack_release(&pack);
    packing_close(&own);
}

static void a_long_record_is_held_whole(void **state)
{
    (void)state;
    struct rebut_pack pack = packing_request(&packing, 1);
    assert_int_equal(pack.buyer.requests, 40);
    assert_int_equal(pack.buyer.orders, 60);
    assert_int_equal(pack.inputs.record.count, 40);
    assert_int_equal(pack.buyer.other_requests, 39);
    assert_int_equal(pack.buyer.undisputed, 20);
    assert_int_equal(packing_sum(&pack).wrong, 0);
    rebut_pack_release(&pack);
}

/* The pack of the first request of a buyer. */
static struct rebut_pack pack_of_buyer(unsigned buyer)
{
    const uint32_t index = run_index(&packing.run.state.buyer_ids, 'b', buyer);
    const uint32_t claim = packing.run.frame.buyer_claims[index];
    return packing_of(&packing,
                      &packing.run.scores.list[packing.run.scores.by_claim[claim]]);
}

static void a_ring_names_the_link_and_no_device(void **state)
{
    (void)state;
    struct rebut_pack pack = pack_of_buyer(3);
    const struct rebut_text text = packing_text(&pack);
    assert_int_equal(pack.buyer.ring_link, REBUT_LINK_DEVICE);
    assert_int_equal(pack.buyer.ring_others, 3);
    assert_true(pack.buyer.prior > pack.buyer.prior_alone);
    assert_false(is_in(text, "device-of-the-ring"));
    assert_int_equal(packing_sum(&pack).wrong, 0);
    packing_free(text);
    rebut_pack_release(&pack);
}

static void reused_pictures_stand_with_distance_and_day(void **state)
{
    (void)state;
    struct rebut_pack pack = pack_of_buyer(3);
    assert_true(pack.elsewhere.photo_matches > 0);
    assert_true(pack.elsewhere.photo.count > 0);
    int64_t last = 0;
    for (uint32_t i = 0; i < pack.elsewhere.photo.count; i++) {
        const struct rebut_pack_match *match = &pack.elsewhere.photo.list[i];
        assert_true(match->distance >= last && match->distance <= 7);
        last = match->distance;
        if (!match->same_shop) {
            assert_int_equal((match->at + 8 * REBUT_HOUR) % REBUT_DAY, 0);
            assert_null(match->order_id.data);
        }
    }
    rebut_pack_release(&pack);
}

static void one_order_alone_has_no_record_and_says_so(void **state)
{
    (void)state;
    struct rebut_pack pack = pack_of_buyer(90);
    assert_int_equal(pack.buyer.orders, 1);
    assert_int_equal(pack.buyer.other_requests, 0);
    assert_true(is_in(pack.buyer.summary.zh, "没有其他记录可比"));
    assert_true(pack.buyer.median_delay == REBUT_TIME_NONE);
    assert_int_equal(packing_sum(&pack).wrong, 0);
    /* It says not received, and no signature is on record: that supports it. */
    assert_int_equal(pack.sheet.list[0].kind, REBUT_CLAIMED_REASON);
    assert_true(pack.sheet.list[0].supports.count > 0);
    assert_int_equal(pack.sheet.list[0].contradicts.count, 0);
    rebut_pack_release(&pack);
}

static void a_bad_item_is_no_secret(void **state)
{
    (void)state;
    unsigned explained = 0, others = 0;
    for (uint32_t i = 0; i < packing.run.scores.count; i++) {
        struct rebut_pack pack = packing_of(&packing, &packing.run.scores.list[i]);
        assert_int_equal(pack.shop.explains, pack.shop.why.count > 0);
        if (rebut_text_equal(pack.header.merchant_id, REBUT_TEXT("m3")))
            explained += pack.shop.explains;
        else
            others += pack.shop.explains && pack.shop.shop_fault.low > 1;
        rebut_pack_release(&pack);
    }
    assert_true(explained > 0);
    assert_int_equal(others, 0);
}

/* Whose requests are left out: the rates are those of others. */
static void the_shops_rates_leave_the_buyer_out(void **state)
{
    (void)state;
    const struct run *run = &packing.run;
    const uint32_t claim = run_claim(run, 1);
    const struct rebut_order *own =
        &run->state.orders.data[run->frame.rows[run->frame.claims[claim].row].order];
    int64_t orders = 0, requests = 0;
    for (uint32_t i = 0; i < run->state.orders.count; i++)
        orders += run->state.orders.data[i].merchant == own->merchant &&
                  run->state.orders.data[i].buyer != own->buyer;
    for (uint32_t i = 0; i < run->state.requests.count; i++) {
        const struct rebut_order *order =
            &run->state.orders.data[run->state.requests.data[i].order];
        requests += order->merchant == own->merchant && order->buyer != own->buyer;
    }
    struct rebut_pack pack = packing_request(&packing, 1);
    assert_int_equal(pack.shop.shop_rate.orders, orders);
    assert_int_equal(pack.shop.shop_rate.requests, requests);
    assert_true(pack.shop.shop_rate.low < pack.shop.shop_rate.rate &&
                pack.shop.shop_rate.rate < pack.shop.shop_rate.high);
    rebut_pack_release(&pack);
}

static void the_order_of_reading_changes_no_byte(void **state)
{
    (void)state;
    struct packing other = {.world = world_make(5)};
    packing_fill(&other.world);
    world_shuffle(&other.world);
    packing_open(&other, &(struct plan){.fit = true}, true);
    for (unsigned r = 1; r <= 60; r++) {
        struct rebut_pack a = packing_request(&packing, r);
        struct rebut_pack b = packing_request(&other, r);
        const struct rebut_text x = packing_text(&a), y = packing_text(&b);
        assert_int_equal(x.size, y.size);
        assert_memory_equal(x.data, y.data, x.size);
        packing_free(x);
        packing_free(y);
        rebut_pack_release(&a);
        rebut_pack_release(&b);
    }
    packing_close(&other);
}

static void numbers_and_accounts_in_words_are_taken_out(void **state)
{
    (void)state;
    struct packing own = {.world = world_make(9)};
    packing_fill(&own.world);
    world_order(&own.world, 5000, 4321, 777, 777, 30)->payment_id =
        REBUT_TEXT("alipay-0007");
    world_order(&own.world, 5001, 4321, 778, 778, 31);
    world_request(&own.world, 5001, 5001, 33)->text = REBUT_TEXT(
        "打我电话13812345678或 138-1234 5678，１３８１２３４５６７８，我是b4321，"
        "支付alipay-0007。m777也卖，m778不错，me@a.cn，尺寸12345，3件 <b>x</b>\n");
    packing_open(&own, &(struct plan){0}, true);
    struct rebut_pack pack = packing_request(&own, 5001);
    const struct rebut_text quote = pack.sheet.list[REBUT_CLAIMED_WORDS].quote;
    const char *expected =
        "打我电话[***]或 [***]，[***]，我是[***]，支付[***]。[***]也卖，"
        "m778不错，[***]，尺寸12345，3件 <b>x</b>\n";
    assert_int_equal(quote.size, strlen(expected));
    assert_memory_equal(quote.data, expected, quote.size);
    assert_int_equal(pack.notice.redactions.list[pack.notice.redactions.count - 1].count,
                     7);
    rebut_pack_release(&pack);
    packing_close(&own);
}

static void copied_words_stand_with_distance_and_day(void **state)
{
    (void)state;
    struct packing own = {.world = world_make(9)};
    packing_fill(&own.world);
    const char *const texts[] = {
        "打开包裹发现杯子碎成三块，客服一直没有回复，只能申请退款，这家店的包装实在太差，"
        "下次再也不会来买东西了",
        "打开包裹发现杯子碎成三块!客服一直没有回复 只能申请退款12 "
        "这家店的包装实在太差下次再也不会来买东西了",
        "打开包裹发现杯子碎成四块，客服一直没有回复，只能申请退款，这家店的包装实在太差，"
        "下次再也不会来买东西了",
        "收到以后尺码偏小，颜色也和图片不一样，不想要了申请退款"};
    for (unsigned i = 0; i < 4; i++) {
        world_order(&own.world, 6000 + i, 600 + i, i == 1 ? 60 : 61, 1, 20 + i);
        world_request(&own.world, 6000 + i, 6000 + i, 25.3 + i)->text =
            rebut_text_of(texts[i]);
    }
    packing_open(&own, &(struct plan){0}, true);
    struct rebut_pack pack = packing_request(&own, 6000);
    assert_int_equal(pack.elsewhere.text_matches, 2);
    assert_int_equal(pack.elsewhere.text_buyers, 2);
    assert_int_equal(pack.elsewhere.text_shops, 1);
    const struct rebut_pack_match *match = pack.elsewhere.text.list;
    assert_int_equal(match[0].distance, 0);
    assert_false(match[0].same_shop);
    assert_true(match[0].at == world_time(26) - 8 * REBUT_HOUR); /* midnight there */
    assert_true(match[1].distance > 0 && match[1].distance <= 100);
    assert_true(match[1].same_shop);
    assert_true(rebut_text_equal(match[1].order_id, REBUT_TEXT("o6002")));
    assert_true(match[1].at == world_time(27.3));
    rebut_pack_release(&pack);
    packing_close(&own);
}

static void all_figures_of_random_platforms_are_found_again(void **state)
{
    (void)state;
    unsigned packs = 0;
    for (unsigned seed = 1; seed <= 30; seed++) {
        struct packing own = {.world = world_make(seed)};
        for (int i = 0; i < 4; i++)
            packing_fill(&own.world), own.world.seed += 1, i = 4;
        packing_open(&own, &(struct plan){.fit = seed % 2 == 0}, true);
        for (uint32_t i = 0; i < own.run.scores.count; i += 3) {
            struct rebut_pack pack = packing_of(&own, &own.run.scores.list[i]);
            const struct rebut_recompute_sum sum = packing_sum(&pack);
            if (sum.wrong > 0)
                fail_msg("seed %u, score %u: %s", seed, i, sum.first_wrong);
            rebut_pack_release(&pack);
            packs++;
        }
        packing_close(&own);
    }
    assert_true(packs > 500);
}

/* The expert's weight of a fact that came from a mark; NaN for another. */
static double weight_of(const struct rebut_pack *pack, struct rebut_text mark)
{
    for (uint32_t i = 0; mark.data != NULL && i < pack->score.lines.count; i++) {
        const struct rebut_pack_line *line = &pack->score.lines.list[i];
        if (!rebut_text_equal(line->name, mark))
            continue;
        for (int m = 0; m < REBUT_MARKS; m++)
            for (int bin = 0; bin < rebut_mark_tables[m].bins; bin++)
                if (rebut_text_equal(mark, rebut_text_of(rebut_mark_tables[m].name)) &&
                    rebut_text_equal(line->bin,
                                     rebut_text_of(rebut_mark_tables[m].bin[bin].name)))
                    return rebut_mark_tables[m].bin[bin].weight;
    }
    return NAN;
}

static void assert_sides(const struct rebut_pack *pack)
{
    for (uint32_t i = 0; i < pack->sheet.count; i++) {
        const struct rebut_pack_claim *claim = &pack->sheet.list[i];
        for (uint32_t k = 0; k < claim->contradicts.count; k++) {
            const double weight = weight_of(pack, claim->contradicts.list[k].mark);
            assert_true(isnan(weight) || weight > .05);
        }
        for (uint32_t k = 0; k < claim->supports.count; k++) {
            const double weight = weight_of(pack, claim->supports.list[k].mark);
            assert_true(isnan(weight) || weight < -.05);
        }
    }
}

/* However the sum is shifted, and whatever verdicts made of a weight. */
static void what_says_nothing_or_speaks_for_the_buyer_contradicts_nothing(void **state)
{
    (void)state;
    unsigned shifted = 0;
    for (uint32_t i = 0; i < packing.run.scores.count; i++) {
        struct rebut_pack pack = packing_of(&packing, &packing.run.scores.list[i]);
        assert_sides(&pack);
        for (uint32_t k = 0; k < pack.score.lines.count; k++)
            shifted += weight_of(&pack, pack.score.lines.list[k].name) <= 0 &&
                       pack.score.lines.list[k].log_odds >= .05;
        rebut_pack_release(&pack);
    }
    assert_true(shifted > 0); /* or nothing was tried */
}

static void shares_and_log_odds_have_one_spelling(void **state)
{
    (void)state;
    static const struct {
        double value;
        const char *share, *log_odds;
    } cases[] = {
        {0, "0.0%", "0.00"},        {.0004, "<0.1%", "0.00"}, {.0649, "6.5%", "+0.06"},
        {.9996, ">99.9%", "+1.00"}, {1, "100.0%", "+1.00"},   {-.004, "-0.4%", "0.00"},
        {-.006, "-0.6%", "-0.01"},  {NAN, "–", "–"},          {INFINITY, "–", "–"}};
    char text[REBUT_PACK_PERCENT];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_string_equal(rebut_pack_percent(cases[i].value, text), cases[i].share);
        assert_string_equal(rebut_pack_log_odds(cases[i].value, text), cases[i].log_odds);
    }
}

/* An instant that two shops' packs have tells them that two pseudonyms are one account.
 */
static void no_pack_tells_an_instant_of_the_buyer_elsewhere(void **state)
{
    (void)state;
    uint32_t delays = 0;
    for (uint32_t i = 0; i < packing.run.scores.count; i++) {
        struct rebut_pack pack = packing_of(&packing, &packing.run.scores.list[i]);
        const struct rebut_pack_buyer *buyer = &pack.buyer;
        if (buyer->median_delay != REBUT_TIME_NONE) {
            assert_int_equal(buyer->median_delay % REBUT_PACK_STEP, 0);
            delays++;
        }
        if (buyer->turned_since != REBUT_TIME_NONE)
            assert_int_equal((buyer->turned_since + 8 * REBUT_HOUR) % REBUT_DAY, 0);
        rebut_pack_release(&pack);
    }
    assert_true(delays > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_buyer_at_two_merchants_shares_no_token),
        cmocka_unit_test(another_secret_gives_another_name),
        cmocka_unit_test(without_a_key_the_buyer_has_no_name),
        cmocka_unit_test(a_long_record_is_held_whole),
        cmocka_unit_test(a_ring_names_the_link_and_no_device),
        cmocka_unit_test(reused_pictures_stand_with_distance_and_day),
        cmocka_unit_test(one_order_alone_has_no_record_and_says_so),
        cmocka_unit_test(a_bad_item_is_no_secret),
        cmocka_unit_test(the_shops_rates_leave_the_buyer_out),
        cmocka_unit_test(the_order_of_reading_changes_no_byte),
        cmocka_unit_test(numbers_and_accounts_in_words_are_taken_out),
        cmocka_unit_test(copied_words_stand_with_distance_and_day),
        cmocka_unit_test(what_says_nothing_or_speaks_for_the_buyer_contradicts_nothing),
        cmocka_unit_test(shares_and_log_odds_have_one_spelling),
        cmocka_unit_test(all_figures_of_random_platforms_are_found_again),
        cmocka_unit_test(no_pack_tells_an_instant_of_the_buyer_elsewhere),
    };
    return cmocka_run_group_tests(tests, open_all, close_all);
}
