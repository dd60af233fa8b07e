#include "rebut/conformal.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "near.h"

static void a_p_value_counts_who_looks_as_bad(void **state)
{
    (void)state;
    struct rebut_honest honest[] = {{2, 1, 0}, {-1, 1, 0}, {0, .5, 0}, {0, .5, 0}};
    rebut_honest_sort(honest, 4);
    assert_near(honest[0].log_odds, -1, 0);
    assert_near(honest[0].tail, 3, 1e-15);
    assert_near(rebut_conformal_p(honest, 4, 3), 1. / 4, 1e-15);
    assert_near(rebut_conformal_p(honest, 4, 2), 2. / 4, 1e-15);
    assert_near(rebut_conformal_p(honest, 4, 0), 3. / 4, 1e-15);
    assert_near(rebut_conformal_p(honest, 4, -9), 1, 1e-15);
    assert_near(rebut_conformal_p(honest, 0, 9), 1, 0);
}

/* Benjamini and Hochberg (1995), their fifteen p-values: four rejections at 5 %. */
static void the_published_example_has_four_rejections(void **state)
{
    (void)state;
    double p[] = {.0001, .0004, .0019, .0095, .0201, .0278, .0298, .0344,
                  .0459, .3240, .4262, .5719, .6528, .7590, 1.0};
    rebut_bh_q(p, 15);
    int rejected = 0;
    for (int i = 0; i < 15; i++)
        rejected += p[i] <= .05;
    assert_int_equal(rejected, 4);
    assert_near(p[3], .0095 * 15 / 4, 1e-12);
    assert_near(p[14], 1, 0);
}

static uint64_t seed = 7;

static double chance(void)
{
    uint64_t x = seed += 0x9e3779b97f4a7c15u;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
    return (double)((x ^ (x >> 31)) >> 11) / 9007199254740992.0;
}

static double normal(void)
{
    return sqrt(-2 * log(1 - chance())) * cos(6.283185307179586 * chance());
}

static int descending(const void *left, const void *right)
{
    const double a = *(const double *)left, b = *(const double *)right;
    return a > b ? -1 : a < b;
}

enum { CONFIRMED = 199, HONEST = 80, ABUSE = 20, ROUNDS = 1000 };

/* Mean share of honest ones among the rejected at q = 0.1, where confirmed ones are
 * `shift` higher than the honest ones that are tested. */
static double realised(double shift, double *ret_found)
{
    double sum = 0, found = 0;
    for (int round = 0; round < ROUNDS; round++) {
        struct rebut_honest honest[CONFIRMED];
        double score[HONEST + ABUSE], cut = (double)INFINITY, q[HONEST + ABUSE];
        for (int i = 0; i < CONFIRMED; i++)
            honest[i] = (struct rebut_honest){normal() + shift, 1, 0};
        rebut_honest_sort(honest, CONFIRMED);
        for (int i = 0; i < HONEST + ABUSE; i++)
            score[i] = normal() + (i < HONEST ? 0 : 3.5);
        double sorted[HONEST + ABUSE];
        for (int i = 0; i < HONEST + ABUSE; i++)
            sorted[i] = score[i];
        qsort(sorted, HONEST + ABUSE, sizeof *sorted, descending);
        for (int i = 0; i < HONEST + ABUSE; i++)
            q[i] = rebut_conformal_p(honest, CONFIRMED, sorted[i]);
        rebut_bh_q(q, HONEST + ABUSE);
        for (int i = 0; i < HONEST + ABUSE; i++)
            if (q[i] <= .1)
                cut = sorted[i];
        int wrong = 0, right = 0;
        for (int i = 0; i < HONEST + ABUSE; i++)
            if (score[i] >= cut)
                i < HONEST ? wrong++ : right++;
        sum += wrong > 0 ? (double)wrong / (wrong + right) : 0;
        found += right;
    }
    *ret_found = found / ROUNDS;
    return sum / ROUNDS;
}

static void the_share_of_false_discoveries_keeps_its_bound(void **state)
{
    (void)state;
    double found = 0;
    const double share = realised(0, &found);
    /* 0.1 times 80 of 100, and its error over 1,000 rounds. */
    assert_true(share < .1 && share > .05);
    assert_true(found > 10);
    /* Confirmed because they looked bad: the safer. */
    assert_true(realised(.5, &found) < share);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_p_value_counts_who_looks_as_bad),
        cmocka_unit_test(the_published_example_has_four_rejections),
        cmocka_unit_test(the_share_of_false_discoveries_keeps_its_bound),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
