/* A form's text is neutral, whole sentences within the limit, and claims no more than
 * the pack shows. */
#include "packing.h"
#include "rebut/form_text.h"

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

static int64_t count_points(const char *text)
{
    const struct rebut_text all = rebut_text_of(text);
    int64_t points = 0;
    assert_int_equal(rebut_text_valid_utf8(all), all.size);
    for (size_t at = 0; at < all.size; points++)
        rebut_text_next(all, &at);
    return points;
}

static void assert_neutral(const char *text)
{
    static const char *const never[] = {"恶意", "骗子", "100%", "保证", "收到的商品已经"};
    for (size_t i = 0; i < sizeof never / sizeof *never; i++)
        assert_null(strstr(text, never[i]));
}

static struct rebut_form form_named(const char *name)
{
    struct rebut_form form;
    assert_true(rebut_form_find(name, &form, NULL));
    return form;
}

static struct rebut_form_text text_of(const struct rebut_form *form,
                                      const struct rebut_pack *pack, int language)
{
    struct rebut_form_text text;
    struct rebut_error err = {0};
    if (!rebut_form_text_make(form, pack, (enum rebut_language)language, &text, &err))
        fail_msg("%s", err.message);
    return text;
}

static void every_text_is_neutral_whole_and_within_the_limit(void **state)
{
    (void)state;
    int fitted = 0;
    for (int f = 0; f < rebut_form_files_count; f++) {
        struct rebut_form form = form_named(rebut_form_files[f].name);
        for (uint32_t i = 0; i < packing.run.scores.count; i++) {
            struct rebut_pack pack = packing_of(&packing, &packing.run.scores.list[i]);
            for (int language = 0; language < 2; language++) {
                struct rebut_form_text text = text_of(&form, &pack, language);
                assert_int_equal(count_points(text.text), text.points);
                assert_true(text.limit < 0 || text.points <= text.limit);
                assert_true(text.limit >= 0 || text.sentences_left == 0);
                fitted += text.sentences_left > 0;
                assert_neutral(text.text);
                assert_null(strstr(text.text, pack.buyer.pseudonym.data));
                const char *end = language == 0 ? "。" : ".";
                assert_string_equal(text.text + text.size - strlen(end), end);
                const char *first = language == 0 ? "现有事实不支持申诉" : "No ground";
                assert_int_equal(strncmp(text.text, first, strlen(first)) == 0,
                                 text.doubts != 0);
                assert_true(text.doubts == 0 || text.reason < 0);
                rebut_form_text_release(&text);
            }
            rebut_pack_release(&pack);
        }
        rebut_form_release(&form);
    }
    assert_true(fitted > 0);
}

/* Every limit down to the shortest text: shorter and shorter, never over, then refused.
 */
static void sentences_are_left_out_until_the_rest_fits(void **state)
{
    (void)state;
    struct rebut_form form = form_named("pinduoduo-after-sale");
    struct rebut_pack pack = packing_request(&packing, 1);
    bool refused = false;
    for (int64_t limit = 600; limit > 0; limit--) {
        struct rebut_form_text text;
        struct rebut_error err = {0};
        form.numbers[REBUT_FORM_TEXT].value = limit;
        const bool ok = rebut_form_text_make(&form, &pack, REBUT_CHINESE, &text, &err);
        assert_false(ok && refused);
        refused = !ok;
        if (!ok) {
            assert_int_equal(err.code, REBUT_ELIMIT);
            continue;
        }
        assert_true(count_points(text.text) <= limit);
        assert_string_equal(text.text + text.size - 3, "。");
        rebut_form_text_release(&text);
    }
    assert_true(refused);
    rebut_pack_release(&pack);
    rebut_form_release(&form);
}

/* ---- reasons: a case that is one, and what differs from it in one thing ---- */

static struct rebut_pack_moment signed_moment;
static struct rebut_pack_interval intervals[2];
static struct rebut_pack_mark mark;
static struct rebut_pack_match match;

/* Signed for by the buyer at hour 10, "not received" said at hour 40. */
static struct rebut_pack case_signed(void)
{
    signed_moment =
        (struct rebut_pack_moment){.kind = REBUT_MOMENT_SIGNED,
                                   .at = 10 * REBUT_HOUR,
                                   .more = {REBUT_TEXT("本人"), REBUT_TEXT("self")}};
    intervals[0] =
        (struct rebut_pack_interval){.kind = REBUT_INTERVAL_SIGNATURE_TO_REQUEST,
                                     .from = 10 * REBUT_HOUR,
                                     .to = 40 * REBUT_HOUR,
                                     .span = 30 * REBUT_HOUR};
    intervals[1] = (struct rebut_pack_interval){.kind = REBUT_INTERVAL_ORDER_TO_REQUEST,
                                                .to = 40 * REBUT_HOUR};
    mark = (struct rebut_pack_mark){.name = REBUT_TEXT("reason_logistics"),
                                    .bin = REBUT_TEXT("received")};
    return (struct rebut_pack){
        .header = {.reason = REBUT_REASON_NOT_RECEIVED, .expires = REBUT_TIME_NONE},
        .timeline = {&signed_moment, 1},
        .intervals = {intervals, 2},
        .inputs = {.marks = {&mark, 1}},
        .score = {.answer = REBUT_LIKELY_ABUSE}};
}

static void assert_reason(const struct rebut_pack *pack, int reason)
{
    struct rebut_form form = form_named("pinduoduo-after-sale");
    struct rebut_form_text text = text_of(&form, pack, 0);
    assert_int_equal(text.reason, reason);
    rebut_form_text_release(&text);
    rebut_form_release(&form);
}

#define SIGNED_REASON 0
#define PICTURE_REASON 6

static void a_signature_shows_that_it_was_received(void **state)
{
    (void)state;
    struct rebut_pack pack = case_signed();
    assert_true(rebut_form_proven(&pack, REBUT_PROOF_SIGNED));
    assert_reason(&pack, SIGNED_REASON);
    signed_moment.more = (struct rebut_pack_words){0}; /* not said by whom */
    assert_reason(&pack, SIGNED_REASON);
}

static void a_signature_of_another_shows_nothing(void **state)
{
    (void)state;
    struct rebut_pack pack = case_signed();
    signed_moment.more.en = REBUT_TEXT("locker");
    assert_reason(&pack, -1);
    signed_moment.more.en = REBUT_TEXT("other");
    assert_reason(&pack, -1);
}

static void a_signature_after_the_request_shows_nothing(void **state)
{
    (void)state;
    struct rebut_pack pack = case_signed();
    intervals[0].span = 0;
    assert_false(rebut_form_proven(&pack, REBUT_PROOF_SIGNED));
    intervals[0].span = -1;
    assert_false(rebut_form_proven(&pack, REBUT_PROOF_SIGNED));
    pack.intervals.count = 0;
    assert_false(rebut_form_proven(&pack, REBUT_PROOF_SIGNED));
}

static void a_signature_at_a_crowded_address_shows_nothing(void **state)
{
    (void)state;
    struct rebut_pack pack = case_signed();
    mark.bin = REBUT_TEXT("received_crowd");
    assert_reason(&pack, -1);
    pack.inputs.marks.count = 0; /* not known: no proof */
    assert_reason(&pack, -1);
}

static void a_signature_answers_no_other_claim(void **state)
{
    (void)state;
    struct rebut_pack pack = case_signed();
    pack.header.reason = REBUT_REASON_DAMAGED;
    assert_reason(&pack, -1);
}

static struct rebut_pack case_picture(void)
{
    struct rebut_pack pack = case_signed();
    pack.header.reason = REBUT_REASON_DAMAGED;
    mark.bin = REBUT_TEXT("silent");
    match = (struct rebut_pack_match){
        .where = REBUT_WHERE_OTHER_BUYER, .same_shop = true, .at = 40 * REBUT_HOUR - 1};
    pack.elsewhere.photo.list = &match;
    pack.elsewhere.photo.count = 1;
    return pack;
}

static void an_earlier_picture_of_another_buyer_is_shown(void **state)
{
    (void)state;
    struct rebut_pack pack = case_picture();
    assert_reason(&pack, PICTURE_REASON);
    match.same_shop = false; /* of another shop the day is known: it must be over */
    match.at = 16 * REBUT_HOUR;
    assert_reason(&pack, PICTURE_REASON);
    match.at++;
    assert_reason(&pack, -1);
}

static void a_picture_not_strictly_earlier_or_of_one_parcel_shows_nothing(void **state)
{
    (void)state;
    struct rebut_pack pack = case_picture();
    match.at = 40 * REBUT_HOUR;
    assert_reason(&pack, -1);
    match.where = REBUT_WHERE_SAME_BUYER;
    assert_reason(&pack, -1);
    match.at = 0;
    match.where = REBUT_WHERE_SAME_PURCHASE;
    assert_reason(&pack, -1);
}

/* The form asks whether it stood on another order, and says no more than that. */
static void ones_own_picture_of_another_order_is_shown_as_that(void **state)
{
    (void)state;
    struct rebut_pack pack = case_picture();
    struct rebut_form form = form_named("pinduoduo-after-sale");
    match.where = REBUT_WHERE_SAME_BUYER;
    assert_reason(&pack, PICTURE_REASON);
    struct rebut_form_text text = text_of(&form, &pack, 0);
    assert_non_null(strstr(text.text, "同一图片更早见于该买家另一订单的售后申请。"));
    assert_null(strstr(text.text, "其他买家"));
    rebut_form_text_release(&text);
    /* Another buyer's is the stronger one, whichever comes first. */
    struct rebut_pack_match two[2] = {match, match};
    two[1].where = REBUT_WHERE_OTHER_BUYER;
    pack.elsewhere.photo.list = two;
    pack.elsewhere.photo.count = 2;
    assert_int_equal(rebut_form_picture(&pack), REBUT_WHERE_OTHER_BUYER);
    two[1].at = 41 * REBUT_HOUR;
    assert_int_equal(rebut_form_picture(&pack), REBUT_WHERE_SAME_BUYER);
    rebut_form_release(&form);
}

/* ---- where there is no ground ---- */

static void assert_doubt(const struct rebut_pack *pack, unsigned doubt, const char *words)
{
    struct rebut_form form = form_named("pinduoduo-after-sale");
    struct rebut_form_text text = text_of(&form, pack, 0);
    assert_true((text.doubts & doubt) != 0);
    assert_int_equal(text.reason, -1);
    assert_int_equal(
        strncmp(text.text, "现有事实不支持申诉：", strlen("现有事实不支持申诉：")), 0);
    assert_non_null(strstr(text.text, words));
    rebut_form_text_release(&text);
    rebut_form_release(&form);
}

static void where_the_facts_support_no_appeal_the_text_begins_with_it(void **state)
{
    (void)state;
    struct rebut_pack pack = case_signed();
    assert_int_equal(rebut_form_doubts(&pack), 0);
    mark.bin = REBUT_TEXT("not_received");
    assert_doubt(&pack, REBUT_DOUBT_BORNE_OUT, "记录支持买家的说法");
    pack = case_signed();
    pack.score.answer = REBUT_LIKELY_LEGITIMATE;
    assert_doubt(&pack, REBUT_DOUBT_LEGITIMATE, "该申请较可能合理");
    pack = case_signed();
    struct rebut_pack_words why = {REBUT_TEXT("该商品问题偏多"), REBUT_TEXT("faulty")};
    pack.shop.explains = true;
    pack.shop.why.list = &why;
    pack.shop.why.count = 1;
    assert_doubt(&pack, REBUT_DOUBT_SHOP, "有利于买家的记录：该商品问题偏多。");
    pack = case_signed();
    pack.score.answer = REBUT_UNDETERMINED;
    assert_doubt(&pack, REBUT_DOUBT_NOTHING, "没有与买家说法不一致之处");
}

static void a_sentence_that_accuses_names_or_quotes_is_left_out(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "买家恶意申请",         "他是骗子", "100% 属实", "保证属实", "订单 order-123",
        "他写道：坏了坏了坏了", "a\x1b[31m"};
    struct rebut_form form = form_named("jd");
    for (size_t i = 0; i <= sizeof bad / sizeof *bad; i++) {
        const bool good = i == sizeof bad / sizeof *bad;
        const struct rebut_text words = rebut_text_of(good ? "物流显示本人签收" : bad[i]);
        struct rebut_pack pack = case_signed();
        struct rebut_pack_fact fact = {.sentence = {words, words}};
        struct rebut_pack_claim claim = {.kind = REBUT_CLAIMED_REASON,
                                         .quote = REBUT_TEXT("坏了坏了坏了"),
                                         .contradicts = {&fact, 1}};
        pack.header.order_id = REBUT_TEXT("order-123");
        pack.sheet.list = &claim;
        pack.sheet.count = 1;
        struct rebut_form_text text = text_of(&form, &pack, 0);
        assert_int_equal(text.limit, -1);
        assert_int_equal(strstr(text.text, words.data) != NULL, good);
        rebut_form_text_release(&text);
    }
    rebut_form_release(&form);
}

static void an_unknown_limit_is_said_to_be_unknown(void **state)
{
    (void)state;
    struct rebut_pack pack = case_signed();
    for (int language = 0; language < 2; language++) {
        struct rebut_form form = form_named("taobao-tmall");
        struct rebut_output out;
        assert_true(rebut_output_memory(&out, NULL));
        assert_true(rebut_form_text_write(&form, &pack, (enum rebut_language)language,
                                          &out, NULL));
        rebut_output_write(&out, "", 1);
        assert_non_null(strstr(out.buffer, language == 0 ? "上限未知" : "limit unknown"));
        assert_non_null(
            strstr(out.buffer, language == 0 ? "须由人选择" : "a person must choose"));
        rebut_output_release(&out);
        rebut_form_release(&form);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_text_is_neutral_whole_and_within_the_limit),
        cmocka_unit_test(sentences_are_left_out_until_the_rest_fits),
        cmocka_unit_test(a_signature_shows_that_it_was_received),
        cmocka_unit_test(a_signature_of_another_shows_nothing),
        cmocka_unit_test(a_signature_after_the_request_shows_nothing),
        cmocka_unit_test(a_signature_at_a_crowded_address_shows_nothing),
        cmocka_unit_test(a_signature_answers_no_other_claim),
        cmocka_unit_test(an_earlier_picture_of_another_buyer_is_shown),
        cmocka_unit_test(a_picture_not_strictly_earlier_or_of_one_parcel_shows_nothing),
        cmocka_unit_test(ones_own_picture_of_another_order_is_shown_as_that),
        cmocka_unit_test(where_the_facts_support_no_appeal_the_text_begins_with_it),
        cmocka_unit_test(a_sentence_that_accuses_names_or_quotes_is_left_out),
        cmocka_unit_test(an_unknown_limit_is_said_to_be_unknown),
    };
    return cmocka_run_group_tests(tests, open_all, close_all);
}
