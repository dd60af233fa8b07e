/* What verdicts say of the calibration, of reviewers and of terms.  The expected figures
 * are numpy's, scipy's and scikit-learn's on the same made-up requests. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "near.h"
#include "rebut/audit.h"

static struct rebut_state shop;

static int name_reviewers(void **state)
{
    (void)state;
    static const char *const names[] = {"ann", "bob", "cat"};
    rebut_state_init(&shop, 1);
    for (size_t i = 0; i < 3; i++) {
        const struct rebut_text name = rebut_text_of(names[i]);
        uint32_t number;
        assert_true(rebut_intern_put(&shop.reviewers, name,
                                     rebut_intern_hash(&shop.reviewers, name), &number,
                                     NULL));
    }
    return 0;
}

static int forget_reviewers(void **state)
{
    (void)state;
    rebut_state_release(&shop);
    return 0;
}

static void begin(struct rebut_audit *audit)
{
    rebut_audit_init(audit);
    audit->state = &shop;
}

/* Request i of probability s = (37 i mod 101 + 1) / 103; the odd ones, or none, drawn. */
static void add(struct rebut_audit *audit, int i, bool abuse, bool random)
{
    assert_true(REBUT_ARRAY_MORE(&audit->items, 1, "items", NULL));
    audit->items.data[audit->items.count++] = (struct rebut_audit_item){
        .probability = (i * 37 % 101 + 1) / 103.0,
        .weight = random ? 5 : 1,
        .merchant = (double)NAN,
        .requested_at = INT64_C(1767225600000000),
        .judged_at = INT64_C(1767225600000000) + i,
        .selection = random ? REBUT_SELECTION_RANDOM : REBUT_SELECTION_RANKED,
        .abuse = abuse};
    audit->counts.random += random;
}

static bool is_abuse(int i)
{
    return i * 71 % 97 * 10 < i * 37 % 101 * 9;
}

static void random_draws_say_what_should_have_been_stated(void **state)
{
    (void)state;
    struct rebut_audit audit;
    begin(&audit);
    for (int i = 0; i < 240; i++)
        add(&audit, i, is_abuse(i), i % 2 == 1);
    assert_true(rebut_audit_measure(&audit, NULL));
    const struct rebut_audit_calibration *it = &audit.calibration;
    assert_true(it->random);
    assert_int_equal(it->judged, 120);
    assert_int_equal(it->abuse, 58);
    assert_near(it->platt[0].value, -.071358489811, 1e-8);
    assert_near(it->platt[1].value, 1.347498907375, 1e-8);
    assert_near(it->platt[1].low, .8721329724598789, 1e-8);
    assert_near(it->beta[0].value, -2.193059376067, 1e-8);
    assert_near(it->beta[1].value, .136940881116, 1e-8);
    assert_near(it->beta[2].value, 2.794190015473, 1e-8);
    assert_near(it->beta[2].low, 1.5222823950584852, 1e-8);
    assert_near(it->bic[REBUT_AUDIT_AS_STATED], 107.56454506329189, 1e-8);
    assert_near(it->bic[REBUT_AUDIT_PLATT], 114.54111839658839, 1e-8);
    assert_near(it->bic[REBUT_AUDIT_BETA], 108.87913441765863, 1e-8);
    assert_int_equal(it->preferred, REBUT_AUDIT_AS_STATED);
    rebut_audit_release(&audit);
}

/* Of all 240 beta's a would be -0.016: it is held at 0, and so of unknown interval. */
static void too_few_random_draws_leave_it_to_all_verdicts(void **state)
{
    (void)state;
    struct rebut_audit audit;
    begin(&audit);
    for (int i = 0; i < 240; i++)
        add(&audit, i, is_abuse(i), i < 99);
    assert_true(rebut_audit_measure(&audit, NULL));
    const struct rebut_audit_calibration *it = &audit.calibration;
    assert_false(it->random);
    assert_int_equal(it->judged, 240);
    assert_near(it->platt[0].value, -.072839423415, 1e-8);
    assert_near(it->platt[1].value, 1.350626205651, 1e-8);
    assert_near(it->bic[REBUT_AUDIT_PLATT], 220.96596466857176, 1e-8);
    assert_near(it->beta[1].value, 0, 0);
    assert_true(isnan(it->beta[1].low) && isnan(it->beta[1].high));
    assert_int_equal(it->preferred, REBUT_AUDIT_BETA);
    rebut_audit_release(&audit);
}

static void verdicts_of_one_kind_calibrate_nothing(void **state)
{
    (void)state;
    struct rebut_audit audit;
    begin(&audit);
    for (int i = 0; i < 200; i++)
        add(&audit, i, i < 19, false);
    assert_true(rebut_audit_measure(&audit, NULL));
    assert_false(audit.calibration.known[REBUT_AUDIT_PLATT]);
    assert_true(isnan(audit.calibration.platt[1].value));
    assert_true(isnan(audit.calibration.bic[REBUT_AUDIT_BETA]));
    assert_int_equal(audit.calibration.preferred, REBUT_AUDIT_AS_STATED);
    rebut_audit_release(&audit);
    begin(&audit);
    for (int i = 0; i < 200; i++)
        add(&audit, i, i >= 20, false);
    assert_true(rebut_audit_measure(&audit, NULL));
    assert_true(audit.calibration.known[REBUT_AUDIT_PLATT]);
    assert_false(audit.calibration.known[REBUT_AUDIT_BETA]); /* takes 30 honest ones */
    rebut_audit_release(&audit);
}

static void one_verdict_says_nothing(void **state)
{
    (void)state;
    struct rebut_audit audit;
    begin(&audit);
    add(&audit, 0, true, false); /* of none there is no audit */
    assert_true(rebut_audit_measure(&audit, NULL));
    assert_false(audit.calibration.known[REBUT_AUDIT_PLATT]);
    assert_int_equal(audit.calibration.judged, 1);
    assert_true(isnan(audit.venn[0].low) && isnan(audit.band[50].high));
    assert_true(isnan(audit.reviews.error.value));
    assert_false(audit.has_terms);
    assert_true(isnan(audit.terms[0].q_value));
    rebut_audit_release(&audit);
}

/* Isotonic regression of the random draws with one more request, of either kind. */
static void venn_abers_is_isotonic_regression_with_one_more(void **state)
{
    (void)state;
    struct rebut_audit audit;
    begin(&audit);
    for (int i = 0; i < 240; i++)
        add(&audit, i, is_abuse(i), i % 2 == 1);
    assert_true(rebut_audit_measure(&audit, NULL));
    assert_near(audit.venn[0].low, .9583333333333334, 1e-12);
    assert_near(audit.venn[0].high, .9791666666666666, 1e-12);
    assert_near(audit.band[50].low, .07936507936507936, 1e-12);
    assert_near(audit.band[50].high, .25, 1e-12);
    assert_near(audit.band[25].high, .09523809523809523, 1e-12);
    rebut_audit_release(&audit);
    begin(&audit);
    for (int i = 0; i < REBUT_AUDIT_FEW - 1; i++)
        add(&audit, i, is_abuse(i), false);
    assert_true(rebut_audit_measure(&audit, NULL));
    assert_true(isnan(audit.venn[0].low) && isnan(audit.band[50].low));
    rebut_audit_release(&audit);
}

static void vote(struct rebut_audit *audit, uint32_t request, uint16_t reviewer,
                 bool abuse)
{
    assert_true(REBUT_ARRAY_MORE(&audit->votes, 1, "votes", NULL));
    audit->votes.data[audit->votes.count++] =
        (struct rebut_vote){.request = request, .reviewer = reviewer, .abuse = abuse};
    audit->vote_requests = request + 1;
}

/* Every third request is abuse; the first `thrice` of 90 are judged by three. */
static void judge(struct rebut_audit *audit, uint32_t thrice)
{
    begin(audit);
    add(audit, 0, true, false);
    for (uint32_t r = 0; r < 90; r++) {
        const bool truth = r % 3 == 0;
        vote(audit, r, 1, truth != (r % 20 == 7));
        vote(audit, r, 2, truth != (truth && r % 12 == 0));
        if (r < thrice)
            vote(audit, r, 3, truth != (!truth && r % 5 == 1));
    }
    assert_true(rebut_audit_measure(audit, NULL));
}

static void assert_figure(struct rebut_audit_figure it, double value, double low,
                          double high)
{
    assert_near(it.value, value, 1e-7);
    assert_near(it.low, low, 1e-7);
    assert_near(it.high, high, 1e-7);
}

/* Dawid and Skene by numpy, Beta quantiles by scipy. */
static void three_reviewers_show_who_misses_and_who_accuses(void **state)
{
    (void)state;
    struct rebut_audit audit;
    judge(&audit, 60);
    assert_int_equal(audit.reviews.pairs, 90);
    assert_int_equal(audit.reviews.differing, 13);
    assert_int_equal(audit.reviews.triples, 60);
    assert_figure(audit.reviews.error, .0657669596480096, .036668126648025545,
                  .10439383832468169);
    assert_true(audit.reviews.by_reviewer);
    assert_int_equal(audit.reviewers.count, 3);
    const struct rebut_audit_reviewer *who = audit.reviewers.data;
    assert_memory_equal(who[0].name.data, "ann", 3);
    assert_int_equal(who[0].judged, 90);
    assert_int_equal(who[2].judged, 60);
    assert_figure(who[0].missed, .068109970805, .01260918916, .164836714344);
    assert_figure(who[0].false_alarm, .069431725194, .023096839611, .138361462868);
    assert_figure(who[1].missed, .202445990245, .093244279877, .340685327069);
    assert_figure(who[1].false_alarm, .016099750893, .000620947747, .055269923465);
    assert_figure(who[2].missed, .024994797062, .000214093774, .102630211691);
    assert_figure(who[2].false_alarm, .180386888964, .08813206982, .296612717633);
    rebut_audit_release(&audit);
}

static void pairs_alone_blame_no_reviewer(void **state)
{
    (void)state;
    struct rebut_audit audit;
    judge(&audit, REBUT_AUDIT_REVIEW_TRIPLES - 1);
    assert_true(isfinite(audit.reviews.error.value));
    assert_false(audit.reviews.by_reviewer);
    assert_int_equal(audit.reviewers.count, 0);
    rebut_audit_release(&audit);
}

static void few_double_reviews_state_no_error(void **state)
{
    (void)state;
    struct rebut_audit audit;
    begin(&audit);
    add(&audit, 0, true, false);
    for (uint32_t r = 0; r + 1 < REBUT_AUDIT_REVIEW_PAIRS; r++) {
        vote(&audit, r, 1, true);
        vote(&audit, r, 2, true);
    }
    assert_true(rebut_audit_measure(&audit, NULL));
    assert_int_equal(audit.reviews.pairs, REBUT_AUDIT_REVIEW_PAIRS - 1);
    assert_true(isnan(audit.reviews.error.value) && isnan(audit.reviews.error.high));
    rebut_audit_release(&audit);
}

/* Nobody was of class abuse: how often it is missed stays unknown. */
static void a_rate_needs_requests_of_its_class(void **state)
{
    (void)state;
    struct rebut_audit audit;
    begin(&audit);
    add(&audit, 0, true, false);
    for (uint32_t r = 0; r < 60; r++)
        for (uint16_t who = 1; who <= 3; who++)
            vote(&audit, r, who, false);
    assert_true(rebut_audit_measure(&audit, NULL));
    assert_true(audit.reviews.by_reviewer);
    assert_true(isnan(audit.reviewers.data[0].missed.value));
    assert_true(audit.reviewers.data[0].false_alarm.value < .03);
    rebut_audit_release(&audit);
}

/* Verdicts follow the term `delay` half as strongly as it was counted: requests with
 * it, of the same stated probability, are abusive less often. */
static void a_term_that_counts_too_much_is_named(void **state)
{
    (void)state;
    struct rebut_audit audit;
    begin(&audit);
    for (int i = 0; i < 400; i++) {
        const bool late = i * 53 % 17 < 6;
        add(&audit, i, i * 71 % 97 * 10 + (late ? 300 : 0) < i * 37 % 101 * 10, false);
        audit.items.data[i].terms = (uint32_t)i + 1;
        assert_true(REBUT_ARRAY_MORE(&audit.term_values, REBUT_RAW_TERMS, "terms", NULL));
        double *row = audit.term_values.data + audit.term_values.count;
        audit.term_values.count += REBUT_RAW_TERMS;
        for (int id = 0; id < REBUT_RAW_TERMS; id++)
            row[id] = 0;
        row[REBUT_TERM_MERCHANT] = i % 7 / 7.0;
        row[REBUT_TERM_ITEM] = i < 19;
        row[REBUT_TERM_RECORD] = late ? 1.5 : 0;
    }
    assert_true(rebut_audit_measure(&audit, NULL));
    assert_true(audit.has_terms);
    const struct rebut_audit_term *record = &audit.terms[REBUT_TERM_RECORD];
    assert_int_equal(record->moved, 141);
    assert_true(record->worth.z < -4 && record->worth.worth < .7);
    assert_true(record->q_value <= REBUT_AUDIT_DRIFT);
    assert_true(audit.terms[REBUT_TERM_MERCHANT].q_value > REBUT_AUDIT_DRIFT);
    /* Two are tested: the least q is twice the least p. */
    assert_near(record->q_value, 2 * record->worth.p, 1e-15);
    assert_int_equal(audit.terms[REBUT_TERM_ITEM].moved, 19);
    assert_true(isnan(audit.terms[REBUT_TERM_ITEM].worth.z));
    assert_int_equal(audit.terms[REBUT_TERM_RING].moved, 0);
    assert_true(isnan(audit.terms[REBUT_TERM_RING].q_value));
    rebut_audit_release(&audit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_draws_say_what_should_have_been_stated),
        cmocka_unit_test(too_few_random_draws_leave_it_to_all_verdicts),
        cmocka_unit_test(verdicts_of_one_kind_calibrate_nothing),
        cmocka_unit_test(one_verdict_says_nothing),
        cmocka_unit_test(venn_abers_is_isotonic_regression_with_one_more),
        cmocka_unit_test(three_reviewers_show_who_misses_and_who_accuses),
        cmocka_unit_test(pairs_alone_blame_no_reviewer),
        cmocka_unit_test(few_double_reviews_state_no_error),
        cmocka_unit_test(a_rate_needs_requests_of_its_class),
        cmocka_unit_test(a_term_that_counts_too_much_is_named),
    };
    return cmocka_run_group_tests(tests, name_reviewers, forget_reviewers);
}
