/* A shop's edition: rounded, of the same answer, recomputed, and held against the exact.
 */
#include <math.h>

#include "packing.h"
#include "rebut/pack_edition.h"

static struct packing packing;

static int open_all(void **state)
{
    (void)state;
    return packing_make(&packing, 4);
}

static int close_all(void **state)
{
    (void)state;
    packing_close(&packing);
    return 0;
}

static struct rebut_pack shop_of(unsigned request)
{
    struct rebut_pack pack = packing_request(&packing, request);
    struct rebut_error err = {0};
    if (!rebut_pack_shop_edition(&pack, &err))
        fail_msg("%s", err.message);
    return pack;
}

/* 0, 1, 2, 5, 10, … */
static bool is_step(int64_t count)
{
    while (count >= 10 && count % 10 == 0)
        count /= 10;
    return count == 0 || count == 1 || count == 2 || count == 5;
}

static void every_number_of_it_comes_out_again(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < packing.run.scores.count; i++) {
        struct rebut_pack pack = packing_of(&packing, &packing.run.scores.list[i]);
        assert_true(rebut_pack_shop_edition(&pack, NULL));
        const struct rebut_recompute_sum sum = packing_sum(&pack);
        if (sum.wrong > 0)
            fail_msg("%u wrong, first '%s'", sum.wrong, sum.first_wrong);
        rebut_pack_release(&pack);
    }
}

static void its_answer_and_its_side_of_each_border_are_those_given(void **state)
{
    (void)state;
    double most = 0;
    for (uint32_t i = 0; i < packing.run.scores.count; i++) {
        struct rebut_pack exact = packing_of(&packing, &packing.run.scores.list[i]);
        struct rebut_pack shop = packing_of(&packing, &packing.run.scores.list[i]);
        assert_true(rebut_pack_shop_edition(&shop, NULL));
        const struct rebut_pack_score *was = &exact.score, *is = &shop.score;
        assert_int_equal(is->answer, was->answer);
        assert_int_equal(is->log_odds >= is->border_abuse,
                         was->log_odds >= was->border_abuse);
        assert_int_equal(is->log_odds <= is->border_legitimate,
                         was->log_odds <= was->border_legitimate);
        if (fabs(was->log_odds) < 3)
            most = fmax(most, fabs(is->log_odds - was->log_odds));
        rebut_pack_release(&exact);
        rebut_pack_release(&shop);
    }
    assert_true(most > .01 && most <= .5);
}

static void figures_of_the_buyer_over_all_shops_are_steps(void **state)
{
    (void)state;
    for (unsigned r = 1; r <= 60; r++) {
        struct rebut_pack pack = shop_of(r);
        const struct rebut_pack_buyer *buyer = &pack.buyer;
        assert_true(is_step(buyer->orders));
        assert_true(is_step(buyer->other_requests));
        assert_int_equal(buyer->requests, pack.inputs.record.count);
        assert_true(buyer->orders >= buyer->requests);
        assert_true(buyer->orders >= buyer->orders_here);
        assert_true(buyer->undisputed + buyer->requests <= buyer->orders);
        assert_true(buyer->returns == REBUT_PACK_UNTOLD);
        assert_true(buyer->reasons.count <= 1);
        assert_true(buyer->turned_since == REBUT_TIME_NONE);
        assert_true(buyer->judged_abuse == REBUT_PACK_UNTOLD);
        for (uint32_t i = 2; i < pack.inputs.record.count; i++)
            assert_memory_equal(&pack.inputs.record.list[i], &pack.inputs.record.list[1],
                                sizeof pack.inputs.record.list[1]);
        for (uint32_t i = 0; i < pack.elsewhere.photo.count; i++)
            assert_true(pack.elsewhere.photo.list[i].same_shop ||
                        pack.elsewhere.photo.list[i].at == REBUT_TIME_NONE);
        assert_null(pack.header.blind.data);
        assert_int_equal(pack.header.exact.size, 128);
        rebut_pack_release(&pack);
    }
}

static void it_is_made_by_the_maker_that_is_not_told_otherwise(void **state)
{
    (void)state;
    struct rebut_pack_maker *maker = NULL;
    const struct rebut_pack_plan plan = {.secret = packing_secret, .retain_days = 180};
    struct rebut_pack made, rounded = shop_of(2);
    assert_true(rebut_pack_maker_open(&maker, &packing.run.scores, &plan, NULL));
    assert_true(rebut_pack_make(maker, run_score(&packing.run, 2), &made, NULL));
    const struct rebut_text left = packing_text(&made), right = packing_text(&rounded);
    assert_string_equal(left.data, right.data);
    packing_free(left);
    packing_free(right);
    rebut_pack_release(&made);
    rebut_pack_release(&rounded);
    rebut_pack_maker_close(maker);
}

static void a_shops_edition_cannot_be_rounded_again(void **state)
{
    (void)state;
    struct rebut_pack pack = shop_of(2);
    struct rebut_error err = {0};
    assert_false(rebut_pack_shop_edition(&pack, &err));
    assert_int_equal(err.code, REBUT_EINPUT);
    rebut_pack_release(&pack);
}

static void counts_that_cannot_be_are_refused_and_not_rounded_for_ever(void **state)
{
    (void)state;
    static const int64_t orders[] = {0, -1, INT64_C(1000000000000000000)};
    for (size_t i = 0; i < sizeof orders / sizeof *orders; i++) {
        struct rebut_pack pack = packing_request(&packing, 2);
        struct rebut_error err = {0};
        pack.buyer.orders = orders[i];
        pack.buyer.orders_here = orders[i] > 0 ? orders[i] : 1;
        assert_false(rebut_pack_shop_edition(&pack, &err));
        assert_int_equal(err.code, REBUT_EDATA);
        rebut_pack_release(&pack);
    }
}

static void write_pack(const struct rebut_pack *pack, const char *path)
{
    const struct rebut_text text = packing_text(pack);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(text.data, 1, text.size, file), text.size);
    fclose(file);
    packing_free(text);
}

static enum rebut_edition_match match_of(const char *shop, const char *exact)
{
    enum rebut_edition_match match = REBUT_EDITION_MATCHES;
    struct rebut_error err = {0};
    if (!rebut_pack_edition_match(shop, exact, &match, &err))
        fail_msg("%s", err.message);
    return match;
}

static void
the_exact_edition_is_known_by_its_hash_and_by_what_rounding_makes(void **state)
{
    (void)state;
    char folder[] = "/tmp/edition-XXXXXX", shop[64], exact[64], other[64];
    assert_non_null(mkdtemp(folder));
    snprintf(shop, sizeof shop, "%s/shop", folder);
    snprintf(exact, sizeof exact, "%s/exact", folder);
    snprintf(other, sizeof other, "%s/other", folder);
    struct rebut_pack pack = packing_request(&packing, 2);
    write_pack(&pack, exact);
    pack.header.asked++;
    write_pack(&pack, other);
    rebut_pack_release(&pack);
    pack = shop_of(2);
    write_pack(&pack, shop);
    assert_int_equal(match_of(shop, exact), REBUT_EDITION_FITS);
    assert_int_equal(match_of(shop, other), REBUT_EDITION_OTHER);
    assert_int_equal(match_of(exact, exact), REBUT_EDITION_NOT_SHOP);
    assert_int_equal(match_of(shop, shop), REBUT_EDITION_NOT_PLATFORM);
    pack.buyer.shops++;
    write_pack(&pack, shop);
    assert_int_equal(match_of(shop, exact), REBUT_EDITION_ALTERED);
    rebut_pack_release(&pack);
    assert_int_equal(remove(shop) | remove(exact) | remove(other) | remove(folder), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_number_of_it_comes_out_again),
        cmocka_unit_test(its_answer_and_its_side_of_each_border_are_those_given),
        cmocka_unit_test(figures_of_the_buyer_over_all_shops_are_steps),
        cmocka_unit_test(it_is_made_by_the_maker_that_is_not_told_otherwise),
        cmocka_unit_test(a_shops_edition_cannot_be_rounded_again),
        cmocka_unit_test(counts_that_cannot_be_are_refused_and_not_rounded_for_ever),
        cmocka_unit_test(
            the_exact_edition_is_known_by_its_hash_and_by_what_rounding_makes),
    };
    return cmocka_run_group_tests(tests, open_all, close_all);
}
