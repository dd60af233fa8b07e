#include "world.h"

#include "../../../engine/score/near_text.h"
#include "rebut/shingle.h"

#define STORY "刚打开盒子就看见杯口缺了一大块根本没法喝水"

/* Request r of buyer b on order r of item r at shop r, unless changed. */
static struct rebut_event *tell(struct world *world, unsigned r, unsigned b,
                                const char *text)
{
    world_order(world, r, b, r, r, 1);
    struct rebut_event *request = world_request(world, r, r, 3);
    request->text = rebut_text_of(text);
    return request;
}

/* What is found for r0, r1, …. */
static void near_of(const struct world *world, uint8_t *ret, unsigned count)
{
    struct run run;
    struct rebut_company company;
    struct rebut_error err = {0};
    run_open(&run, world, &(struct plan){.unscored = true});
    assert_int_equal(run.state.requests.count, count);
    struct rebut_near_texts *texts = NULL;
    assert_true(rebut_company_open(&company, &run.frame, &err));
    assert_true(rebut_near_texts_open(&texts, &run.frame, &company, &err));
    for (unsigned i = 0; i < count; i++) {
        const uint32_t index = run_index(&run.state.request_ids, 'r', i);
        const struct rebut_request *request = &run.state.requests.data[index];
        const struct rebut_order *order = &run.state.orders.data[request->order];
        const struct rebut_known known = rebut_known_of(&company, order->buyer);
        ret[i] = rebut_near_texts_of(texts, index);
        /* Who asks about it from elsewhere is told the same. */
        const struct rebut_text text = request->text == REBUT_NONE
                                           ? (struct rebut_text){NULL, 0}
                                           : run.state.texts.data[request->text];
        assert_int_equal(rebut_near_texts_judge(texts, text, &known, order), ret[i]);
    }
    rebut_near_texts_close(texts);
    rebut_company_close(&company);
    run_close(&run);
}

static double jaccard(const char *a, const char *b, bool *ret_near)
{
    uint32_t x[REBUT_SHINGLES_MAX], y[REBUT_SHINGLES_MAX];
    const int m = rebut_shingles(rebut_text_of(a), x);
    const int n = rebut_shingles(rebut_text_of(b), y);
    int common = 0;
    for (int i = 0; i < m; i++)
        for (int j = 0; j < n; j++)
            common += x[i] == y[j];
    *ret_near = rebut_shingles_near(x, m, y, n);
    return m + n == common ? 1 : (double)common / (m + n - common);
}

static void
the_words_of_another_shop_s_buyer_are_usual_until_returns_say_otherwise(void **state)
{
    (void)state;
    struct world world = world_make(1);
    uint8_t bin[3];
    tell(&world, 0, 1, STORY);
    tell(&world, 1, 2, STORY);
    tell(&world, 2, 3, "袖子一长一短线头很多洗了以后缩得像童装");
    near_of(&world, bin, 3);
    assert_int_equal(bin[0], REBUT_NEAR_USUAL); /* no returns: 3 of 20 are supposed */
    assert_int_equal(bin[1], REBUT_NEAR_USUAL);
    assert_int_equal(bin[2], REBUT_NEAR_ALONE);
    world_release(&world);
}

/* `returns` of this length with words of their own, or all with the same two. */
static uint8_t beside_returns(unsigned returns, bool copied)
{
    struct world world = world_make(1);
    static uint8_t bin[200];
    char text[200][128];
    tell(&world, 0, 1, STORY);
    tell(&world, 1, 2, STORY);
    for (unsigned i = 2; i < 2 + returns; i++) {
        size_t at = 0;
        for (unsigned k = 0; k < 20; k++) {
            const unsigned point = copied ? 0x4e00 + 3 * k + i % 40 * 64
                                          : 0x4e00 + world_pick(&world, 20000);
            text[i][at++] = (char)(0xe0 | point >> 12);
            text[i][at++] = (char)(0x80 | (point >> 6 & 63));
            text[i][at++] = (char)(0x80 | (point & 63));
        }
        text[i][at] = 0;
        tell(&world, i, i + 10, text[i])->request_kind = REBUT_KIND_RETURN_REFUND;
    }
    near_of(&world, bin, 2 + returns);
    world_release(&world);
    return bin[0];
}

static void what_those_who_send_goods_back_seldom_do_is_copying(void **state)
{
    (void)state;
    assert_int_equal(beside_returns(80, false), REBUT_NEAR_COPIED);
    assert_int_equal(beside_returns(80, true), REBUT_NEAR_COMMON);
}

static void punctuation_width_case_and_numbers_make_no_other_text(void **state)
{
    (void)state;
    bool near = false;
    assert_near(jaccard("收到货，打开一看：ABC杯子坏了！",
                        "收到货 打开一看 ａｂｃ杯子 坏了。。。", &near),
                1, 0);
    assert_true(near);
    assert_near(jaccard("订单12345的杯子裂了", "订单９９８８的杯子裂了", &near), 1, 0);
    assert_near(jaccard("Caf\xc3\xa9 tasse", "CAFE\xcc\x81 tasse", &near), 1, 0);
    assert_true(jaccard("收到货打开一看杯子坏了", "袖子一长一短线头很多", &near) < .1);
    assert_false(near);
}

static void one_word_in_a_long_text_is_near_and_three_are_not(void **state)
{
    (void)state;
    bool near = false;
    static const char *const base = "包裹打开就是坏的完全不能用快递和商家互相推要求退全款"
                                    "客服态度也很差说了半天没有一个人愿意负责";
    static const char *const one = "包裹打开就是坏的完全不能用快递和商家互相推要求退全款"
                                   "客服态度也很坏说了半天没有一个人愿意负责";
    static const char *const three =
        "箱子打开就是坏的完全没法用快递和卖家互相推要求退全款"
        "客服态度也很坏说了半天没有一个人愿意负责";
    struct world world = world_make(1);
    uint8_t bin[2];
    assert_true(jaccard(base, one, &near) >= .9 && near);
    assert_true(jaccard(base, three, &near) < .9 && !near);
    tell(&world, 0, 1, base);
    tell(&world, 1, 2, one);
    near_of(&world, bin, 2);
    assert_int_equal(bin[0], REBUT_NEAR_USUAL);
    world_release(&world);
    world = world_make(1);
    tell(&world, 0, 1, base);
    tell(&world, 1, 2, three);
    near_of(&world, bin, 2);
    assert_int_equal(bin[0], REBUT_NEAR_ALONE);
    world_release(&world);
}

static void what_over_a_hundred_buyers_wrote_is_a_template(void **state)
{
    (void)state;
    static uint8_t bin[101];
    for (unsigned buyers = 100; buyers <= 101; buyers++) {
        struct world world = world_make(1);
        for (unsigned i = 0; i < buyers; i++)
            tell(&world, i, i, STORY);
        near_of(&world, bin, buyers);
        for (unsigned i = 0; i < buyers; i++)
            assert_int_equal(bin[i],
                             buyers == 100 ? REBUT_NEAR_USUAL : REBUT_NEAR_PUBLIC);
        world_release(&world);
    }
}

static void a_law_reads_the_same_from_everybody(void **state)
{
    (void)state;
    static const char *const legal =
        "经鉴定为假冒商品依据消费者权益保护法第五十五条要求退一赔三";
    struct world world = world_make(1);
    uint8_t bin[2];
    tell(&world, 0, 1, legal);
    tell(&world, 1, 2, legal);
    near_of(&world, bin, 2);
    assert_int_equal(bin[0], REBUT_NEAR_PUBLIC);
    assert_true(rebut_cites_law(REBUT_TEXT("违反《产品质量法》第二十七条")));
    assert_false(rebut_cites_law(REBUT_TEXT("用法不对")));
    assert_false(rebut_cites_law((struct rebut_text){NULL, 0}));
    world_release(&world);
}

static void one_s_own_words_and_those_of_one_s_household_are_no_copies(void **state)
{
    (void)state;
    struct world world = world_make(1);
    uint8_t bin[4];
    tell(&world, 0, 1, STORY);
    tell(&world, 1, 1, STORY);
    near_of(&world, bin, 2);
    assert_int_equal(bin[0], REBUT_NEAR_ALONE);
    tell(&world, 2, 2, STORY);
    for (uint32_t i = 0; i < world.events.count; i += 2)
        world.events.data[i].device_id = REBUT_TEXT("d1");
    near_of(&world, bin, 3);
    assert_int_equal(bin[0], REBUT_NEAR_ALONE);
    assert_int_equal(bin[2], REBUT_NEAR_ALONE);
    world_release(&world);
}

static void the_same_goods_or_the_same_shop_pick_no_side(void **state)
{
    (void)state;
    for (int same_days = 0; same_days <= 1; same_days++) {
        struct world world = world_make(1);
        uint8_t bin[2];
        tell(&world, 0, 1, STORY);
        tell(&world, 1, 2, STORY);
        world.events.data[2].merchant_id = world.events.data[0].merchant_id;
        world.events.data[2].sku_id = world.events.data[0].sku_id;
        world.events.data[2].at = world_time(same_days ? 14.9 : 15.1);
        world.events.data[3].at = world_time(20);
        near_of(&world, bin, 2);
        assert_int_equal(bin[0], same_days ? REBUT_NEAR_GOODS : REBUT_NEAR_SHOP);
        world_release(&world);
    }
}

static void short_empty_and_very_long_texts_are_read(void **state)
{
    (void)state;
    struct world world = world_make(1);
    uint8_t bin[7];
    char *text = malloc(3 * 60000 + 1), *folds = malloc(3 * 3000 + 1);
    assert_non_null(text);
    assert_non_null(folds);
    for (int i = 0; i < 60000; i++)
        snprintf(text + 3 * i, 4, "\xe4%c%c", 0x80 + i / 64 % 64, 0x80 + i % 64);
    for (int i = 0; i < 3000; i++) /* one code point that NFKC makes eighteen of */
        memcpy(folds + 3 * i, "\xef\xb7\xba", 4);
    tell(&world, 0, 1, "质量不好");
    tell(&world, 1, 2, "质量不好");
    tell(&world, 2, 3, "");
    tell(&world, 3, 4, "，。！？ 123 …… ---");
    tell(&world, 4, 5, text);
    tell(&world, 5, 6, text);
    tell(&world, 6, 7, folds);
    near_of(&world, bin, 7);
    for (int i = 0; i < 4; i++)
        assert_int_equal(bin[i], REBUT_NEAR_SHORT);
    assert_int_equal(bin[4], REBUT_NEAR_USUAL);
    assert_int_equal(bin[5], REBUT_NEAR_USUAL);
    assert_int_equal(bin[6], REBUT_NEAR_ALONE);
    free(text);
    free(folds);
    world_release(&world);
}

static void the_search_finds_what_comparing_all_pairs_finds(void **state)
{
    (void)state;
    enum { COUNT = 400, LENGTH = 50 };
    struct world world = world_make(4);
    static char text[COUNT][3 * LENGTH + 1];
    static uint8_t bin[COUNT];
    for (unsigned i = 0; i < COUNT; i++) {
        const unsigned from = world_pick(&world, i + 1);
        const bool fresh = i % 2 == 0;
        if (!fresh)
            memcpy(text[i], text[from], sizeof text[i]);
        for (unsigned k = 0; k < (fresh ? LENGTH : 1); k++) {
            const unsigned at = fresh ? k : world_pick(&world, LENGTH);
            const unsigned point = 0x4e00 + world_pick(&world, 16000);
            const char bytes[] = {(char)(0xe0 | point >> 12),
                                  (char)(0x80 | (point >> 6 & 63)),
                                  (char)(0x80 | (point & 63))};
            memcpy(text[i] + 3 * at, bytes, 3);
        }
        tell(&world, i, i, text[i]);
    }
    near_of(&world, bin, COUNT);
    unsigned found = 0, missed = 0;
    for (unsigned i = 0; i < COUNT; i++) {
        bool expected = false, near = false;
        for (unsigned j = 0; j < COUNT; j++) {
            (void)jaccard(text[i], text[j], &near);
            expected = expected || (i != j && near);
        }
        assert_true(expected || bin[i] == REBUT_NEAR_ALONE);
        found += expected && bin[i] != REBUT_NEAR_ALONE;
        missed += expected && bin[i] == REBUT_NEAR_ALONE;
    }
    print_message("found %u, missed %u\n", found, missed);
    assert_true(found > 100 && missed * 50 <= found);
    world_release(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            the_words_of_another_shop_s_buyer_are_usual_until_returns_say_otherwise),
        cmocka_unit_test(what_those_who_send_goods_back_seldom_do_is_copying),
        cmocka_unit_test(punctuation_width_case_and_numbers_make_no_other_text),
        cmocka_unit_test(one_word_in_a_long_text_is_near_and_three_are_not),
        cmocka_unit_test(what_over_a_hundred_buyers_wrote_is_a_template),
        cmocka_unit_test(a_law_reads_the_same_from_everybody),
        cmocka_unit_test(one_s_own_words_and_those_of_one_s_household_are_no_copies),
        cmocka_unit_test(the_same_goods_or_the_same_shop_pick_no_side),
        cmocka_unit_test(short_empty_and_very_long_texts_are_read),
        cmocka_unit_test(the_search_finds_what_comparing_all_pairs_finds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
