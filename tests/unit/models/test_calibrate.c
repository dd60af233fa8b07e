#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "chance.h"
#include "near.h"
#include "rebut/calibrate.h"

#define MAX 400
static struct rebut_logistic_work logistic;
static double x[3 * MAX], y[MAX], weight[MAX];
static const struct rebut_calibrate_work work = {x, y, weight, &logistic};

/* model.md section 8, 'calibration' */
static const double S[10] = {.1, .2, .3, .35, .4, .55, .6, .7, .8, .9};
static const uint8_t Y[10] = {0, 0, 1, 0, 0, 1, 0, 1, 1, 1};
static const struct rebut_labelled ten = {10, S, Y, NULL};

static void platt_equals_the_reference(void **state)
{
    (void)state;
    struct rebut_logistic_fit fit;
    assert_true(rebut_platt(&ten, &work, &fit, NULL));
    assert_near(fit.beta[0], -2.07593535167, 5e-12);
    assert_near(fit.beta[1], 4.25458031708, 5e-12);
    const struct rebut_calibrated at = rebut_platt_apply(&fit, .5, 1.96);
    assert_near(at.p, 1 / (1 + exp(2.07593535167 - 4.25458031708 / 2)), 1e-11);
    assert_true(at.low < at.p && at.p < at.high && at.low > 0 && at.high < 1);
}

static void beta_calibration_equals_the_reference(void **state)
{
    (void)state;
    struct rebut_logistic_fit fit;
    assert_true(rebut_beta_calibrate(&ten, 0, &work, &fit, NULL));
    assert_near(fit.beta[0], -2.050755549, 5e-10);
    assert_near(fit.beta[1], .347022034, 5e-10);
    assert_near(fit.beta[2], 3.162137894, 5e-10);
    assert_near(rebut_beta_apply(&fit, .3),
                1 / (1 + exp(2.050755549 - .347022034 * log(.3) + 3.162137894 * log(.7))),
                1e-9);
    assert_true(rebut_beta_apply(&fit, 0) >= 0 && rebut_beta_apply(&fit, 1) <= 1);
    assert_true(isnan(rebut_beta_apply(&fit, (double)NAN)));
}

static void equal_weights_are_no_weights_and_two_are_a_row_twice(void **state)
{
    (void)state;
    static const double equal[10] = {7, 7, 7, 7, 7, 7, 7, 7, 7, 7};
    static const double some[10] = {1, 2, 1, 1, 1, 1, 2, 1, 1, 1};
    const double s[12] = {.1, .2, .3, .35, .4, .55, .6, .7, .8, .9, .2, .6};
    const uint8_t label[12] = {0, 0, 1, 0, 0, 1, 0, 1, 1, 1, 0, 0};
    const struct rebut_labelled same = {10, S, Y, equal}, heavy = {10, S, Y, some};
    const struct rebut_labelled twice = {12, s, label, NULL};
    struct rebut_logistic_fit a, b;
    assert_true(rebut_platt(&ten, &work, &a, NULL));
    assert_true(rebut_platt(&same, &work, &b, NULL));
    assert_near(a.beta[1], b.beta[1], 1e-9);
    assert_true(rebut_beta_calibrate(&heavy, 0, &work, &a, NULL));
    assert_true(rebut_beta_calibrate(&twice, 0, &work, &b, NULL));
    for (int k = 0; k < 3; k++)
        assert_near(a.beta[k], b.beta[k], 1e-7);
}

static void platt_around_a_prior_starts_there_and_follows_the_labels(void **state)
{
    (void)state;
    enum { FEW = 20 };
    struct rebut_logistic_fit fit;
    const struct rebut_labelled none = {0, NULL, NULL, NULL};
    assert_true(rebut_platt_prior(&none, 1, 16, &work, &fit, NULL));
    assert_near(fit.beta[0], 0, 0);
    assert_near(fit.beta[1], 1, 0);
    const struct rebut_calibrated prior = rebut_platt_apply(&fit, 2, 1.96);
    assert_near(log(prior.high / (1 - prior.high)), 2 + 1.96 * sqrt(1 + 4 / 16.), 1e-12);
    /* The truth: logit p = -1 + 0.5 score. */
    double score[MAX];
    uint8_t label[MAX];
    uint64_t seed = 3;
    for (int i = 0; i < MAX; i++) {
        score[i] = 3 * chance_normal(&seed);
        label[i] = chance(&seed) < 1 / (1 + exp(1 - .5 * score[i]));
    }
    const struct rebut_labelled few = {FEW, score, label, NULL};
    const struct rebut_labelled all = {MAX, score, label, NULL};
    struct rebut_logistic_fit far;
    assert_true(rebut_platt_prior(&few, 1, 16, &work, &fit, NULL));
    assert_true(rebut_platt_prior(&all, 1, 16, &work, &far, NULL));
    assert_true(fit.beta[1] < 1 && fit.beta[1] > .55);
    assert_near(far.beta[0], -1, .35);
    assert_near(far.beta[1], .5, .15);
    /* Separated labels have an answer, and it is finite. */
    const struct rebut_labelled apart = {2, S, (const uint8_t[]){0, 1}, NULL};
    assert_true(rebut_platt_prior(&apart, 1, 16, &work, &fit, NULL));
    assert_true(rebut_platt(&apart, &work, &fit, NULL));
    assert_false(rebut_beta_calibrate(&apart, 0, &work, &fit, NULL));
    assert_true(rebut_beta_calibrate(&apart, 1, &work, &fit, NULL));
}

static void no_map_turns_the_ranking_round(void **state)
{
    (void)state;
    uint8_t wrong[10];
    for (int i = 0; i < 10; i++)
        wrong[i] = !Y[i];
    const struct rebut_labelled data = {10, S, wrong, NULL};
    struct rebut_logistic_fit fit;
    assert_true(rebut_platt(&data, &work, &fit, NULL));
    assert_near(fit.beta[1], 0, 0);
    assert_true(rebut_platt_prior(&data, 1, .01, &work, &fit, NULL));
    assert_near(fit.beta[1], 0, 0);
    assert_true(rebut_beta_calibrate(&data, 0, &work, &fit, NULL));
    assert_near(fit.beta[1] + fit.beta[2], 0, 0);
}

static void what_is_no_score_label_or_weight_is_refused(void **state)
{
    (void)state;
    static const uint8_t odd[10] = {0, 2, 1, 0, 0, 1, 0, 1, 1, 1};
    double bad[10];
    for (int i = 0; i < 10; i++)
        bad[i] = i == 5 ? (double)NAN : .1 * i + .1;
    const struct rebut_labelled cases[] = {
        {10, bad, Y, NULL}, {10, S, odd, NULL}, {10, S, Y, bad}};
    struct rebut_logistic_fit fit;
    for (int i = 0; i < 3; i++) {
        assert_false(rebut_platt(&cases[i], &work, &fit, NULL));
        assert_false(rebut_platt_prior(&cases[i], 1, 1, &work, &fit, NULL));
        assert_false(rebut_beta_calibrate(&cases[i], 0, &work, &fit, NULL));
    }
    assert_false(rebut_platt_prior(&ten, 0, 1, &work, &fit, NULL));
    assert_false(rebut_platt_prior(&ten, 1, bad[5], &work, &fit, NULL));
    assert_false(rebut_beta_calibrate(&ten, bad[5], &work, &fit, NULL));
}

static void violators_are_pooled(void **state)
{
    (void)state;
    const double raw[10] = {1, 0, 1, 0, 0, 1, 1, 0, 1, 1};
    const double expected[10] = {.4, .4, .4, .4, .4, 2 / 3., 2 / 3., 2 / 3., 1, 1};
    double fitted[10], mass[10];
    size_t start[10];
    assert_true(rebut_isotonic(raw, NULL, 10, fitted, start, mass, NULL));
    for (int i = 0; i < 10; i++)
        assert_near(fitted[i], expected[i], 1e-15);
    const double two[2] = {1, 0}, heavy[2] = {3, 1};
    assert_true(rebut_isotonic(two, heavy, 2, fitted, start, mass, NULL));
    assert_near(fitted[0], .75, 0);
    assert_near(fitted[1], .75, 0);
    double own[3] = {3, 1, 4}; /* in place */
    assert_true(rebut_isotonic(own, NULL, 3, own, start, mass, NULL));
    assert_near(own[0] + 10 * own[1] + 100 * own[2], 422, 1e-12);
    own[1] = (double)NAN;
    assert_false(rebut_isotonic(own, NULL, 3, fitted, start, mass, NULL));
    assert_true(rebut_isotonic(own, NULL, 0, fitted, start, mass, NULL));
}

static struct rebut_venn_point points[MAX];
static double corner[2 * MAX + 4];
static size_t stack[MAX + 2];
static uint32_t order[MAX], spare[MAX];

static struct rebut_venn prepare(const double *scores, const uint8_t *labels,
                                 size_t count)
{
    struct rebut_ranking ranking;
    struct rebut_venn venn;
    assert_true(rebut_ranking_make(scores, labels, count, order, spare, &ranking, NULL));
    assert_true(rebut_venn_prepare(&ranking, points, corner, stack, &venn, NULL));
    return venn;
}

static void venn_abers_equals_the_reference(void **state)
{
    (void)state;
    const struct rebut_venn venn = prepare(S, Y, 10);
    static const double at[3] = {.33, .5, .65}, low[3] = {.25, .25, 1 / 3.};
    static const double high[3] = {.5, 2 / 3., 1};
    for (int i = 0; i < 3; i++) {
        const struct rebut_interval it = rebut_venn_interval(&venn, at[i]);
        assert_near(it.low, low[i], 1e-15);
        assert_near(it.high, high[i], 1e-15);
    }
    assert_true(isnan(rebut_venn_interval(&venn, (double)NAN).low));
    assert_near(rebut_venn_interval(&venn, 0).low, 0, 0);
    assert_near(rebut_venn_interval(&venn, 1).high, 1, 0);
    struct rebut_ranking none;
    struct rebut_venn empty;
    assert_true(rebut_ranking_make(S, Y, 0, order, spare, &none, NULL));
    assert_false(rebut_venn_prepare(&none, points, corner, stack, &empty, NULL));
}

/* The isotonic fit with the request added: scores are whole numbers 0 to 40 of 40. */
static double refit(const double *scores, const uint8_t *labels, size_t count, double at,
                    int label)
{
    double hits[81] = {0}, mass[81] = {0}, mean[81], held[81], scratch[81];
    size_t start[81], used = 0, place = 0;
    for (size_t i = 0; i < count; i++) {
        mass[lrint(80 * scores[i])]++;
        hits[lrint(80 * scores[i])] += labels[i];
    }
    mass[lrint(80 * at)]++;
    hits[lrint(80 * at)] += label;
    for (int k = 0; k <= 80; k++)
        if (mass[k] > 0) {
            if (k == lrint(80 * at))
                place = used;
            mean[used] = hits[k] / mass[k];
            held[used++] = mass[k];
        }
    assert_true(rebut_isotonic(mean, held, used, mean, start, scratch, NULL));
    return mean[place];
}

static void venn_abers_agrees_with_fitting_again(void **state)
{
    (void)state;
    uint64_t seed = 12;
    for (int repetition = 0; repetition < 200; repetition++) {
        double scores[60];
        uint8_t labels[60];
        const size_t count = 1 + chance_below(&seed, 60);
        for (size_t i = 0; i < count; i++) {
            scores[i] = chance_below(&seed, 41) / 40.;
            labels[i] = chance(&seed) < scores[i];
        }
        const struct rebut_venn venn = prepare(scores, labels, count);
        for (int k = 0; k <= 80; k++) {
            const struct rebut_interval it = rebut_venn_interval(&venn, k / 80.);
            assert_near(it.low, refit(scores, labels, count, k / 80., 0), 1e-13);
            assert_near(it.high, refit(scores, labels, count, k / 80., 1), 1e-13);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(platt_equals_the_reference),
        cmocka_unit_test(beta_calibration_equals_the_reference),
        cmocka_unit_test(equal_weights_are_no_weights_and_two_are_a_row_twice),
        cmocka_unit_test(platt_around_a_prior_starts_there_and_follows_the_labels),
        cmocka_unit_test(no_map_turns_the_ranking_round),
        cmocka_unit_test(what_is_no_score_label_or_weight_is_refused),
        cmocka_unit_test(violators_are_pooled),
        cmocka_unit_test(venn_abers_equals_the_reference),
        cmocka_unit_test(venn_abers_agrees_with_fitting_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
