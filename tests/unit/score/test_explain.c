#include "rebut/explain.h"
#include "world.h"

static struct bytes explain(const struct run *run, unsigned request,
                            enum rebut_language language)
{
    struct rebut_output out;
    char path[64];
    bytes_begin(&out, path);
    rebut_explain(&run->scores, run_score(run, request), language, &out);
    return bytes_end(&out, path);
}

static struct world one_case(void)
{
    struct world world = world_make(1);
    struct rebut_event *event = world_order(&world, 1, 1, 1, 1, 1);
    event->device_id = REBUT_TEXT("device-secret");
    event->address_id = REBUT_TEXT("address-secret");
    event->payment_id = REBUT_TEXT("payment-secret");
    event->category = REBUT_TEXT("数码");
    event->channel = REBUT_CHANNEL_LIVESTREAM;
    event->promised_ship_at = world_time(3);
    for (unsigned i = 2; i <= 9; i++) {
        event = world_order(&world, i, i, 1, 1, i);
        event->device_id = REBUT_TEXT("device-secret");
        event->address_id = REBUT_TEXT("address-secret");
        event->payment_id = REBUT_TEXT("payment-secret");
    }
    world_parcel(&world, REBUT_EVENT_SHIPMENT, 1, 2)->carrier = REBUT_TEXT("顺丰");
    world_parcel(&world, REBUT_EVENT_DELIVERY, 1, 4)->signed_by = REBUT_SIGNED_SELF;
    event = world_request(&world, 1, 1, 6.125);
    event->text = REBUT_TEXT("屏幕坏了");
    event = world_event(&world, REBUT_EVENT_CONTACT, 6.5);
    event->order_id = world_id(&world, 'o', 1);
    event->party = REBUT_PARTY_MERCHANT;
    event->contact_kind = REBUT_CONTACT_OFFER_REPLACEMENT;
    world_ruling(&world, REBUT_EVENT_OUTCOME, 1, 8);
    return world;
}

static void assert_has(const struct bytes *bytes, const char *words)
{
    if (strstr(bytes->data, words) == NULL)
        fail_msg("'%s' is not in\n%s", words, bytes->data);
}

static void the_case_is_told_in_both_languages(void **state)
{
    (void)state;
    static const char *const zh[] = {"仅退款请求 r1",  "订单 o1  商家 m1  买家 b1",
                                     "签收后2天3小时", "2026-01-02 08:00  下单",
                                     "顺丰",           "商家提出补发换货",
                                     "平台同意退款",   "不作为证据",
                                     "支持买家的事实", "基础比率仍是假设",
                                     "须由人判断"};
    static const char *const en[] = {
        "refund-only request r1", "order o1  merchant m1  buyer b1",
        "2 d 3 h after signing",  "granted",
        "(not used as evidence)", "What speaks for the buyer",
        "still an assumption",    "a person must decide",
        "sum of the lines"};
    struct world world = one_case();
    struct run run;
    run_open(&run, &world, &(struct plan){0});
    struct bytes chinese = explain(&run, 1, REBUT_CHINESE);
    struct bytes english = explain(&run, 1, REBUT_ENGLISH);
    for (size_t i = 0; i < sizeof zh / sizeof zh[0]; i++)
        assert_has(&chinese, zh[i]);
    for (size_t i = 0; i < sizeof en / sizeof en[0]; i++)
        assert_has(&english, en[i]);
    free(chinese.data);
    free(english.data);
    run_close(&run);
    world_release(&world);
}

static void every_line_of_the_score_is_on_the_page(void **state)
{
    (void)state;
    struct world world = one_case();
    struct run run;
    run_open(&run, &world, &(struct plan){0});
    for (int language = REBUT_CHINESE; language <= REBUT_ENGLISH; language++) {
        struct bytes page = explain(&run, 1, (enum rebut_language)language);
        struct rebut_term terms[REBUT_TERMS];
        const struct rebut_score *score = run_score(&run, 1);
        const int count = rebut_score_terms(&run.scores, score, terms);
        for (int i = 0; i < count; i++) {
            char sentence[REBUT_SENTENCE_SIZE], line[REBUT_SENTENCE_SIZE + 16];
            rebut_term_sentence(&run.scores, score, &terms[i],
                                (enum rebut_language)language, sentence);
            snprintf(line, sizeof line, "  %+6.2f  %s\n", terms[i].log_odds, sentence);
            assert_has(&page, line);
        }
        assert_int_equal(rebut_text_valid_utf8((struct rebut_text){page.data, page.size}),
                         page.size);
        free(page.data);
    }
    run_close(&run);
    world_release(&world);
}

static void no_share_of_orders_is_over_all_of_them(void **state)
{
    (void)state;
    static const char *const said[] = {"比率为 100.00%，全部订单平均 4.00%",
                                       "in 100.00% of cases; all orders in 4.00%"};
    const struct rebut_term term = {
        .id = REBUT_TERM_CIRCUMSTANCES, .observed = 1.85, .expected = .04};
    struct world world = one_case();
    struct run run;
    run_open(&run, &world, &(struct plan){0});
    for (int language = REBUT_CHINESE; language <= REBUT_ENGLISH; language++) {
        char sentence[REBUT_SENTENCE_SIZE];
        rebut_term_sentence(&run.scores, run_score(&run, 1), &term,
                            (enum rebut_language)language, sentence);
        assert_non_null(strstr(sentence, said[language]));
    }
    run_close(&run);
    world_release(&world);
}

static void no_device_address_or_payment_account_is_named(void **state)
{
    (void)state;
    struct world world = one_case();
    struct run run;
    run_open(&run, &world, &(struct plan){0});
    assert_true(run_term(&run, 1, REBUT_TERM_RING).n == 8);
    struct bytes pages[3] = {explain(&run, 1, REBUT_CHINESE),
                             explain(&run, 1, REBUT_ENGLISH), run_bytes(&run)};
    for (int i = 0; i < 3; i++) {
        assert_null(strstr(pages[i].data, "secret"));
        free(pages[i].data);
    }
    run_close(&run);
    world_release(&world);
}

static void find(const struct run *run, const char *id, const char *words)
{
    const struct rebut_score *score = NULL;
    struct rebut_error err = {0};
    assert_false(rebut_explain_find(&run->scores, rebut_text_of(id), &score, &err));
    assert_int_equal(err.code, REBUT_EDATA);
    if (strstr(err.message, words) == NULL)
        fail_msg("'%s' does not say '%s'", err.message, words);
    assert_null(score);
}

static void what_cannot_be_explained_is_told_apart(void **state)
{
    (void)state;
    struct world world = one_case();
    struct run run;
    struct rebut_error err = {0};
    const struct rebut_score *score = NULL;
    world_request(&world, 2, 2, 12)->request_kind = REBUT_KIND_RETURN_REFUND;
    run_open(&run, &world, &(struct plan){0});
    assert_true(rebut_explain_find(&run.scores, REBUT_TEXT("r1"), &score, &err));
    assert_ptr_equal(score, run_score(&run, 1));
    score = NULL;
    find(&run, "r77", "no request 'r77'");
    find(&run, "", "no request ''");
    find(&run, "r2", "return with goods");
    /* A request that is older than what was scored is no return. */
    rebut_scores_close(&run.scores);
    assert_true(
        rebut_scores_open(&run.scores, &run.inference, run.model, world_time(9), &err));
    find(&run, "r1", "not among");
    run_close(&run);
    world_release(&world);
}

/* No delivery, no shipment, no category, a request before the order, amounts of nothing,
 * 100 contacts. */
static void a_case_with_hardly_any_facts_is_told_too(void **state)
{
    (void)state;
    struct world world = world_make(1);
    struct run run;
    world_order(&world, 1, 1, 1, 1, 10)->amount = 0;
    world_request(&world, 1, 1, 9)->amount = 0;
    for (int i = 0; i < 100; i++) {
        struct rebut_event *event =
            world_event(&world, REBUT_EVENT_CONTACT, 11 + i / 10.);
        event->order_id = world_id(&world, 'o', 1);
        event->party = REBUT_PARTY_BUYER;
        event->contact_kind = REBUT_CONTACT_MESSAGE;
    }
    run_open(&run, &world, &(struct plan){0});
    struct bytes page = explain(&run, 1, REBUT_ENGLISH);
    assert_has(&page, "no shipment is on record");
    assert_has(&page, "the carrier shows no signature");
    assert_has(&page, "(-1 d 0 h)");
    assert_has(&page, "this is the buyer's only order");
    assert_null(strstr(page.data, "nan"));
    free(page.data);
    run_close(&run);
    world_release(&world);
}

/* A serial abuser among honest buyers of one bad and many good shops. */
static struct world three_answers(void)
{
    struct world world = world_make(9);
    unsigned order = 0, request = 0;
    for (unsigned b = 1; b <= 120; b++)
        for (unsigned i = 0; i < 10; i++) {
            const unsigned m = world_pick(&world, 10);
            const double day = 30 * world_random(&world);
            world_order(&world, ++order, b, m, m, day);
            world_parcel(&world, REBUT_EVENT_DELIVERY, order, day + 3);
            const bool abuse = b <= 6 && i % 2 == 0;
            if (abuse || world_random(&world) < (m == 0 ? .4 : .01))
                world_request(&world, ++request, order, day + 3 + (abuse ? .05 : 5));
        }
    return world;
}

/* What the page says about a request's margin is what moves its answer. */
static void what_would_change_the_answer_is_said_and_true(void **state)
{
    (void)state;
    struct world world = three_answers();
    struct run run;
    unsigned told = 0;
    run_open(&run, &world, &(struct plan){.fit = true});
    double least_abuse = (double)INFINITY;
    for (uint32_t i = 0; i < run.scores.count; i++)
        if (run.scores.list[i].answer == REBUT_LIKELY_ABUSE)
            least_abuse = fmin(least_abuse, run.scores.list[i].log_odds);
    assert_true(isfinite(least_abuse));
    for (uint32_t i = 0; i < run.scores.count; i++) {
        const struct rebut_score *score = &run.scores.list[i];
        struct rebut_output out;
        char path[64], expected[80];
        bytes_begin(&out, path);
        rebut_explain(&run.scores, score, REBUT_ENGLISH, &out);
        struct bytes page = bytes_end(&out, path);
        assert_has(&page, "What would change the answer");
        assert_has(&page, "Calibration");
        if (score->answer == REBUT_LIKELY_ABUSE) {
            snprintf(expected, sizeof expected, "log-odds that move by %+.2f or more",
                     least_abuse - score->log_odds);
            assert_has(&page, expected);
            assert_has(&page, "one reviewer who calls it legitimate: -2.94");
            told++;
        }
        free(page.data);
    }
    assert_true(told > 5);
    run_close(&run);
    world_release(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_case_is_told_in_both_languages),
        cmocka_unit_test(every_line_of_the_score_is_on_the_page),
        cmocka_unit_test(no_share_of_orders_is_over_all_of_them),
        cmocka_unit_test(no_device_address_or_payment_account_is_named),
        cmocka_unit_test(what_cannot_be_explained_is_told_apart),
        cmocka_unit_test(a_case_with_hardly_any_facts_is_told_too),
        cmocka_unit_test(what_would_change_the_answer_is_said_and_true),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
