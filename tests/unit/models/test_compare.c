#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <gsl/gsl_errno.h>

#include "chance.h"
#include "near.h"
#include "rebut/compare.h"

#define COUNT 240
#define BUYERS 60
static double one[COUNT], two[COUNT], components[COUNT];
static uint8_t labels[COUNT];
static uint32_t order_one[COUNT], order_two[COUNT], work[COUNT], cluster[COUNT];
static uint32_t drawn[BUYERS];
static double differences[REBUT_REPLICATES_MAX];
static struct rebut_ranking first, second;

static double squash(double x)
{
    return floor(40 / (1 + exp(-x))) / 40; /* many ties */
}

/* Requests of buyers that share a part of both scores' noise; `better` is how much more
 * of the truth the second score knows. */
static void draw(uint64_t *seed, double better)
{
    double shared = 0;
    for (uint32_t i = 0; i < COUNT; i++) {
        if (i % (COUNT / BUYERS) == 0)
            shared = chance_normal(seed);
        cluster[i] = i / (COUNT / BUYERS);
        labels[i] = chance(seed) < .35;
        const double common = chance_normal(seed) + .5 * shared;
        one[i] = squash(labels[i] + common + .7 * chance_normal(seed));
        two[i] = squash((1 + better) * labels[i] + common + .7 * chance_normal(seed));
    }
}

static void rank_both(void)
{
    assert_true(rebut_ranking_make(one, labels, COUNT, order_one, work, &first, NULL));
    assert_true(rebut_ranking_make(two, labels, COUNT, order_two, work, &second, NULL));
}

static double psi(double positive, double negative)
{
    return positive > negative ? 1 : positive == negative ? .5 : 0;
}

/* DeLong's variance of the difference, from every pair of an abuse and a non-abuse. */
static double brute_variance(void)
{
    double sum = 0;
    for (int label = 0; label < 2; label++) {
        double d[COUNT], mean = 0, n = 0, squares = 0;
        for (int i = 0; i < COUNT; i++) {
            if (labels[i] != label)
                continue;
            double others = 0;
            d[i] = 0;
            for (int j = 0; j < COUNT; j++)
                if (labels[j] != label) {
                    d[i] += label ? psi(two[i], two[j]) - psi(one[i], one[j])
                                  : psi(two[j], two[i]) - psi(one[j], one[i]);
                    others++;
                }
            d[i] /= others;
            mean += d[i];
            n++;
        }
        mean /= n;
        for (int i = 0; i < COUNT; i++)
            if (labels[i] == label)
                squares += (d[i] - mean) * (d[i] - mean);
        sum += squares / (n - 1) / n;
    }
    return sum;
}

static void delong_agrees_with_all_pairs(void **state)
{
    (void)state;
    uint64_t seed = 1;
    for (int repetition = 0; repetition < 20; repetition++) {
        draw(&seed, .4);
        rank_both();
        struct rebut_auc_difference it;
        assert_true(rebut_compare_auc(&first, &second, .95, components, &it, NULL));
        double auc = 0;
        assert_true(rebut_metric_auc(&second, &auc, NULL));
        assert_near(it.second, auc, 0);
        assert_near(it.error * it.error / brute_variance(), 1, 1e-9);
        assert_near(it.high - it.low, 2 * 1.959963984540054 * it.error, 1e-12);
    }
}

static void equal_rankings_differ_by_chance_as_often_as_stated(void **state)
{
    (void)state;
    enum { WORLDS = 1000 };
    uint64_t seed = 2;
    int rejected = 0, seen = 0;
    for (int world = 0; world < WORLDS; world++) {
        struct rebut_auc_difference it;
        draw(&seed, 0);
        rank_both();
        assert_true(rebut_compare_auc(&first, &second, .95, components, &it, NULL));
        rejected += it.p < .05;
        assert_int_equal(it.p<.05, it.low> 0 || it.high < 0);
        draw(&seed, .6);
        rank_both();
        assert_true(rebut_compare_auc(&first, &second, .95, components, &it, NULL));
        seen += it.low > 0;
    }
    assert_true(rejected > .03 * WORLDS && rejected < .075 * WORLDS);
    assert_true(seen > .7 * WORLDS);
}

static void a_ranking_does_not_differ_from_itself(void **state)
{
    (void)state;
    uint64_t seed = 3;
    draw(&seed, 0);
    memcpy(two, one, sizeof one);
    rank_both();
    struct rebut_auc_difference it;
    assert_true(rebut_compare_auc(&first, &second, .95, components, &it, NULL));
    assert_near(it.difference, 0, 0);
    assert_near(it.error, 0, 0);
    assert_near(it.p, 1, 0);
}

static struct rebut_bootstrap bootstrap(uint32_t replicates, uint64_t seed)
{
    return (struct rebut_bootstrap){.cluster = cluster,
                                    .clusters = BUYERS,
                                    .replicates = replicates,
                                    .seed = seed,
                                    .confidence = .95,
                                    .drawn = drawn,
                                    .differences = differences};
}

static void the_bootstrap_repeats_itself_and_finds_a_better_ranking(void **state)
{
    (void)state;
    uint64_t seed = 4;
    struct rebut_precision_difference it, again, other;
    draw(&seed, 1.5);
    rank_both();
    struct rebut_bootstrap plan = bootstrap(1000, 7);
    assert_true(rebut_compare_precision(&first, &second, &plan, &it, NULL));
    assert_true(it.low > 0 && it.low < it.difference && it.difference < it.high);
    assert_true(it.worse < .01 && it.error > 0);
    double ap = 0;
    assert_true(rebut_metric_average_precision(&first, &ap, NULL));
    assert_near(it.first, ap, 0);
    for (int i = 1; i < 1000; i++)
        assert_true(differences[i - 1] <= differences[i]);
    assert_true(rebut_compare_precision(&first, &second, &plan, &again, NULL));
    assert_memory_equal(&it, &again, sizeof it);
    plan.seed = 8;
    assert_true(rebut_compare_precision(&first, &second, &plan, &other, NULL));
    assert_true(other.low != it.low);
    assert_near(other.error / it.error, 1, .1);
}

static void the_bootstrap_s_interval_covers_no_difference(void **state)
{
    (void)state;
    uint64_t seed = 5;
    int covered = 0;
    for (uint64_t world = 0; world < 300; world++) {
        draw(&seed, 0);
        rank_both();
        const struct rebut_bootstrap plan = bootstrap(200, world);
        struct rebut_precision_difference it;
        assert_true(rebut_compare_precision(&first, &second, &plan, &it, NULL));
        covered += it.low <= 0 && it.high >= 0;
    }
    assert_true(covered >= .91 * 300);
}

static void what_cannot_be_compared_is_refused(void **state)
{
    (void)state;
    uint64_t seed = 6;
    struct rebut_auc_difference it;
    struct rebut_precision_difference ap;
    draw(&seed, 0);
    rank_both();
    struct rebut_bootstrap plan = bootstrap(200, 1);
    assert_false(rebut_compare_auc(&first, &second, (double)NAN, components, &it, NULL));
    plan.replicates = 99;
    assert_false(rebut_compare_precision(&first, &second, &plan, &ap, NULL));
    plan = bootstrap(200, 1);
    plan.clusters = BUYERS - 1;
    assert_false(rebut_compare_precision(&first, &second, &plan, &ap, NULL));
    uint8_t others[COUNT];
    memcpy(others, labels, sizeof others);
    others[3] = !others[3];
    second.labels = others;
    assert_false(rebut_compare_auc(&first, &second, .95, components, &it, NULL));
    const uint8_t alone[3] = {1, 0, 0};
    assert_true(rebut_ranking_make(one, alone, 3, order_one, work, &first, NULL));
    assert_false(rebut_compare_auc(&first, &first, .95, components, &it, NULL));
    assert_true(rebut_ranking_make(one, alone, 0, order_one, work, &first, NULL));
    assert_false(rebut_compare_auc(&first, &first, .95, components, &it, NULL));
}

int main(void)
{
    gsl_set_error_handler_off();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(delong_agrees_with_all_pairs),
        cmocka_unit_test(equal_rankings_differ_by_chance_as_often_as_stated),
        cmocka_unit_test(a_ranking_does_not_differ_from_itself),
        cmocka_unit_test(the_bootstrap_repeats_itself_and_finds_a_better_ranking),
        cmocka_unit_test(the_bootstrap_s_interval_covers_no_difference),
        cmocka_unit_test(what_cannot_be_compared_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
