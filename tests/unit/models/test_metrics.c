/* Metrics of a ranking: reference values, edges, and what must not change them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <gsl/gsl_errno.h>
#include <math.h>

#include "rebut/metrics.h"

#define N 12
/* model.md section 8, 'metrics' */
static const double S[N] = {.9, .8, .8, .7, .6, .6, .6, .5, .4, .3, .2, .1};
static const uint8_t Y[N] = {1, 1, 0, 1, 0, 1, 0, 0, 1, 0, 0, 0};

static void expect_near(double value, double expected, double tolerance)
{
    if (!(fabs(value - expected) <= tolerance))
        fail_msg("expected %.15g within %g, got %.15g", expected, tolerance, value);
}

static struct rebut_ranking rank(const double *scores, const uint8_t *labels,
                                 size_t count, uint32_t *order)
{
    static uint32_t work[1024];
    struct rebut_ranking ranking;
    struct rebut_error err = {0};
    assert_true(count <= 1024);
    if (!rebut_ranking_make(scores, labels, count, order, work, &ranking, &err))
        fail_msg("%s", err.message);
    return ranking;
}

static double auc_of(const struct rebut_ranking *ranking)
{
    double value = -1;
    assert_true(rebut_metric_auc(ranking, &value, NULL));
    return value;
}

/* A small generator of its own, so that a property test has the same data anywhere. */
static uint64_t next_random(uint64_t *state)
{
    *state += UINT64_C(0x9e3779b97f4a7c15);
    uint64_t x = *state;
    x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
    return x ^ (x >> 31);
}

static void reference_values_come_out_to_the_digits_given(void **state)
{
    (void)state;
    uint32_t order[N];
    const struct rebut_ranking ranking = rank(S, Y, N, order);
    assert_int_equal(ranking.positives, 5);
    expect_near(auc_of(&ranking), .785714285714, 5e-13);
    double value = -1;
    assert_true(rebut_metric_average_precision(&ranking, &value, NULL));
    expect_near(value, .708730158730, 5e-13);
    assert_true(rebut_metric_brier(&ranking, &value, NULL));
    expect_near(value, .200833333333, 5e-13);
    assert_true(rebut_metric_log_loss(&ranking, &value, NULL));
    expect_near(value, .577720077850, 5e-13);
}

static void precision_cuts_ties_in_input_order(void **state)
{
    (void)state;
    uint32_t order[N];
    const struct rebut_ranking ranking = rank(S, Y, N, order);
    double value = -1;
    assert_true(rebut_metric_precision_at(&ranking, 2, &value, NULL));
    expect_near(value, 1, 0);
    assert_true(rebut_metric_precision_at(&ranking, 3, &value, NULL));
    expect_near(value, 2 / 3.0, 1e-15);
    assert_true(rebut_metric_precision_at(&ranking, 100, &value, NULL));
    expect_near(value, 5 / 12.0, 1e-15);
    assert_false(rebut_metric_precision_at(&ranking, 0, &value, NULL));
}

static void the_drift_of_model_md_comes_out(void **state)
{
    (void)state;
    const double actual[10] = {.12, .11, .1, .1, .09, .1, .08, .1, .1, .1};
    const double expected[10] = {.1, .1, .1, .1, .1, .1, .1, .1, .1, .1};
    double value = -1;
    assert_true(rebut_metric_psi(expected, actual, 10, &value, NULL));
    expect_near(value, .010116009117, 5e-13);
    assert_true(rebut_metric_psi(expected, expected, 10, &value, NULL));
    expect_near(value, 0, 0);
    const double zero[2] = {0, 1};
    const double half[2] = {.5, .5};
    const double short_of_one[2] = {.5, .4};
    const double no_number[2] = {(double)NAN, .5};
    assert_false(rebut_metric_psi(half, zero, 2, &value, NULL));
    assert_false(rebut_metric_psi(zero, half, 2, &value, NULL));
    assert_false(rebut_metric_psi(half, short_of_one, 2, &value, NULL));
    assert_false(rebut_metric_psi(half, no_number, 2, &value, NULL));
    assert_false(rebut_metric_psi(half, half, 0, &value, NULL));
}

static void input_order_changes_nothing(void **state)
{
    (void)state;
    enum { COUNT = 600 };
    double scores[COUNT];
    uint8_t labels[COUNT];
    uint32_t order[COUNT];
    uint64_t seed = 7;
    for (size_t i = 0; i < COUNT; i++) {
        scores[i] = (double)(next_random(&seed) % 41) / 40; /* many ties, 0 and 1 too */
        labels[i] = next_random(&seed) % 40 < 20 * scores[i];
    }
    struct rebut_ranking ranking = rank(scores, labels, COUNT, order);
    double before[4], after[4];
    assert_true(rebut_metric_auc(&ranking, &before[0], NULL));
    assert_true(rebut_metric_average_precision(&ranking, &before[1], NULL));
    assert_true(rebut_metric_brier(&ranking, &before[2], NULL));
    assert_true(rebut_metric_log_loss(&ranking, &before[3], NULL));
    for (size_t i = COUNT - 1; i > 0; i--) {
        const size_t j = next_random(&seed) % (i + 1);
        const double score = scores[i];
        const uint8_t label = labels[i];
        scores[i] = scores[j];
        labels[i] = labels[j];
        scores[j] = score;
        labels[j] = label;
    }
    ranking = rank(scores, labels, COUNT, order);
    assert_true(rebut_metric_auc(&ranking, &after[0], NULL));
    assert_true(rebut_metric_average_precision(&ranking, &after[1], NULL));
    assert_true(rebut_metric_brier(&ranking, &after[2], NULL));
    assert_true(rebut_metric_log_loss(&ranking, &after[3], NULL));
    for (int i = 0; i < 4; i++)
        expect_near(after[i], before[i], 0); /* to the last bit */
}

static void a_monotone_transformation_leaves_the_ranking_metrics(void **state)
{
    (void)state;
    double squared[N];
    uint32_t order[N], order_squared[N];
    for (size_t i = 0; i < N; i++)
        squared[i] = S[i] * S[i];
    const struct rebut_ranking ranking = rank(S, Y, N, order);
    const struct rebut_ranking other = rank(squared, Y, N, order_squared);
    expect_near(auc_of(&other), auc_of(&ranking), 0);
    double a = -1, b = -2;
    assert_true(rebut_metric_average_precision(&ranking, &a, NULL));
    assert_true(rebut_metric_average_precision(&other, &b, NULL));
    expect_near(b, a, 0);
}

static void auc_agrees_with_counting_pairs(void **state)
{
    (void)state;
    enum { COUNT = 300 };
    double scores[COUNT];
    uint8_t labels[COUNT];
    uint32_t order[COUNT];
    uint64_t seed = 99;
    for (size_t i = 0; i < COUNT; i++) {
        scores[i] = (double)(next_random(&seed) % 23) / 22;
        labels[i] = next_random(&seed) % 3 == 0;
    }
    const struct rebut_ranking ranking = rank(scores, labels, COUNT, order);
    double won = 0, pairs = 0;
    for (size_t i = 0; i < COUNT; i++)
        for (size_t j = 0; j < COUNT; j++)
            if (labels[i] == 1 && labels[j] == 0) {
                pairs++;
                won += scores[i] > scores[j] ? 1 : scores[i] == scores[j] ? .5 : 0;
            }
    expect_near(auc_of(&ranking), won / pairs, 1e-15);
    for (size_t i = 1; i < COUNT; i++)
        assert_true(
            scores[order[i - 1]] > scores[order[i]] ||
            (scores[order[i - 1]] == scores[order[i]] && order[i - 1] < order[i]));
}

static void only_numbers_from_zero_to_one_are_ranked(void **state)
{
    (void)state;
    const double bad[] = {(double)NAN, -1e-300, 1.0000001, (double)INFINITY};
    const uint8_t labels[2] = {0, 1};
    const uint8_t odd[2] = {0, 2};
    uint32_t order[2], work[2];
    struct rebut_ranking ranking;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        const double scores[2] = {.5, bad[i]};
        struct rebut_error err = {0};
        assert_false(rebut_ranking_make(scores, labels, 2, order, work, &ranking, &err));
        assert_int_equal(err.code, REBUT_EINPUT);
    }
    const double fine[2] = {0, 1};
    assert_false(rebut_ranking_make(fine, odd, 2, order, work, &ranking, NULL));
    assert_true(rebut_ranking_make(fine, labels, 2, order, work, &ranking, NULL));
    assert_false(rebut_ranking_make(fine, labels, REBUT_RANKING_MAX + 1, order, work,
                                    &ranking, NULL));
}

static void what_cannot_be_measured_is_refused(void **state)
{
    (void)state;
    uint32_t order[2];
    const double scores[2] = {.5, .6};
    const uint8_t all[2] = {1, 1};
    double value = -1;
    struct rebut_ranking ranking = rank(scores, all, 2, order);
    assert_false(rebut_metric_auc(&ranking, &value, NULL));
    assert_false(rebut_metric_average_precision(&ranking, &value, NULL));
    assert_true(rebut_metric_brier(&ranking, &value, NULL));
    ranking = rank(scores, all, 0, order);
    struct rebut_reliability table[10];
    assert_false(rebut_metric_brier(&ranking, &value, NULL));
    assert_false(rebut_metric_log_loss(&ranking, &value, NULL));
    assert_false(rebut_metric_precision_at(&ranking, 1, &value, NULL));
    assert_false(rebut_metric_reliability(&ranking, 10, table, NULL));
    struct rebut_curve_point points[1];
    assert_int_equal(rebut_metric_curve(&ranking, points), 0);
}

static void a_wrong_certainty_costs_a_finite_amount(void **state)
{
    (void)state;
    uint32_t order[2];
    const double scores[2] = {0, 1};
    const uint8_t wrong[2] = {1, 0};
    const uint8_t right[2] = {0, 1};
    double value = -1;
    struct rebut_ranking ranking = rank(scores, wrong, 2, order);
    assert_true(rebut_metric_log_loss(&ranking, &value, NULL));
    expect_near(value, -log(1e-15), 1e-12);
    ranking = rank(scores, right, 2, order);
    assert_true(rebut_metric_log_loss(&ranking, &value, NULL));
    expect_near(value, 0, 0);
}

static void reliability_bins_hold_equal_counts_and_add_up(void **state)
{
    (void)state;
    uint32_t order[N];
    struct rebut_reliability table[10];
    struct rebut_ranking ranking = rank(S, Y, N, order);
    assert_true(rebut_metric_reliability(&ranking, 10, table, NULL));
    size_t count = 0, positives = 0;
    double expected = 0;
    for (size_t b = 0; b < 10; b++) {
        assert_int_equal(table[b].count, (b + 1) * N / 10 - b * N / 10);
        assert_true(table[b].low <= table[b].high);
        count += table[b].count;
        positives += table[b].positives;
        expected += fabs(table[b].score_sum - (double)table[b].positives) / N;
    }
    assert_int_equal(count, N);
    assert_int_equal(positives, 5);
    expect_near(rebut_metric_calibration_error(table, 10), expected, 1e-15);
    ranking = rank(S, Y, 3, order); /* fewer requests than bins */
    assert_true(rebut_metric_reliability(&ranking, 10, table, NULL));
    assert_int_equal(table[0].count, 0);
    expect_near(rebut_metric_calibration_error(table, 10), 1.1 / 3, 1e-15);
    assert_false(rebut_metric_reliability(&ranking, 0, table, NULL));
    assert_true(isnan(rebut_metric_calibration_error(table, 0)));
}

static void the_curve_ends_with_everything_flagged(void **state)
{
    (void)state;
    uint32_t order[N];
    struct rebut_curve_point points[N];
    const struct rebut_ranking ranking = rank(S, Y, N, order);
    assert_int_equal(rebut_metric_curve(&ranking, points), 9);
    assert_int_equal(points[1].positives, 2); /* .9, and both of .8 */
    assert_int_equal(points[1].negatives, 1);
    assert_int_equal(points[8].positives, 5);
    assert_int_equal(points[8].negatives, 7);
}

static void exact_intervals_agree_with_closed_forms_and_solved_values(void **state)
{
    (void)state;
    gsl_set_error_handler_off();
    struct rebut_interval it;
    /* 0 of n: the upper bound is 1 - (alpha/2)^(1/n). */
    const uint64_t tries[] = {1, 10, 300, 100000, REBUT_TRIES_MAX};
    for (size_t i = 0; i < sizeof tries / sizeof *tries; i++) {
        const double bound = -expm1(log(.025) / (double)tries[i]);
        assert_true(rebut_interval_proportion(0, tries[i], .95, &it, NULL));
        expect_near(it.low, 0, 0);
        expect_near(it.high, bound, 1e-12);
        assert_true(rebut_interval_proportion(tries[i], tries[i], .95, &it, NULL));
        expect_near(it.low, 1 - bound, 1e-12);
        expect_near(it.high, 1, 0);
    }
    /* Solved with 40 digits: 1 of 10 and 5 of 10 at 95%. */
    assert_true(rebut_interval_proportion(1, 10, .95, &it, NULL));
    expect_near(it.low, 0.00252857854446, 5e-14);
    expect_near(it.high, 0.44501611702820, 5e-14);
    assert_true(rebut_interval_proportion(5, 10, .95, &it, NULL));
    expect_near(it.low, 0.18708602844739, 5e-13);
    expect_near(it.high, 0.81291397155261, 5e-13);
    assert_true(rebut_interval_proportion(0, 0, .95, &it, NULL));
    expect_near(it.high - it.low, 1, 0);
}

/* P(at least k of n) at p, summed term by term. */
static double at_least(unsigned k, unsigned n, double p)
{
    double sum = 0;
    for (unsigned i = k; i <= n; i++)
        sum += exp(lgamma(n + 1.0) - lgamma(i + 1.0) - lgamma(n - i + 1.0) + i * log(p) +
                   (n - i) * log1p(-p));
    return sum;
}

static void interval_ends_leave_the_stated_tails(void **state)
{
    (void)state;
    gsl_set_error_handler_off();
    for (unsigned n = 2; n <= 400; n = n * 3 + 1)
        for (unsigned k = 1; k < n; k += 1 + n / 7) {
            struct rebut_interval it;
            assert_true(rebut_interval_proportion(k, n, .9, &it, NULL));
            expect_near(at_least(k, n, it.low), .05, 1e-9);
            expect_near(1 - at_least(k + 1, n, it.high), .05, 1e-9);
            assert_true(it.low < (double)k / n && (double)k / n < it.high);
        }
}

static void bad_counts_have_no_interval(void **state)
{
    (void)state;
    struct rebut_interval it;
    assert_false(rebut_interval_proportion(3, 2, .95, &it, NULL));
    assert_false(rebut_interval_proportion(1, 2000000000, .95, &it, NULL));
    assert_false(rebut_interval_proportion(1, 2, (double)NAN, &it, NULL));
    assert_false(rebut_interval_proportion(1, 2, 1, &it, NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reference_values_come_out_to_the_digits_given),
        cmocka_unit_test(precision_cuts_ties_in_input_order),
        cmocka_unit_test(the_drift_of_model_md_comes_out),
        cmocka_unit_test(input_order_changes_nothing),
        cmocka_unit_test(a_monotone_transformation_leaves_the_ranking_metrics),
        cmocka_unit_test(auc_agrees_with_counting_pairs),
        cmocka_unit_test(only_numbers_from_zero_to_one_are_ranked),
        cmocka_unit_test(what_cannot_be_measured_is_refused),
        cmocka_unit_test(a_wrong_certainty_costs_a_finite_amount),
        cmocka_unit_test(reliability_bins_hold_equal_counts_and_add_up),
        cmocka_unit_test(the_curve_ends_with_everything_flagged),
        cmocka_unit_test(exact_intervals_agree_with_closed_forms_and_solved_values),
        cmocka_unit_test(interval_ends_leave_the_stated_tails),
        cmocka_unit_test(bad_counts_have_no_interval),
    };
    return cmocka_run_group_tests_name("metrics", tests, NULL, NULL);
}
