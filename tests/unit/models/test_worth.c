#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "chance.h"
#include "near.h"
#include "rebut/logistic.h"
#include "rebut/worth.h"

#define ROWS 200

static double logit[ROWS], term[ROWS];
static uint8_t abuse[ROWS];

/* Figures that anybody can make again: numpy made the expected ones, by Newton for a and
 * b and by z = U / sqrt(I_TT - I_Tx I_xx^-1 I_xT) with whole matrices. */
static struct rebut_worth_data make(void)
{
    for (int i = 0; i < ROWS; i++) {
        logit[i] = -3 + .06 * (i * 37 % 101);
        term[i] = (i * 53 % 17) / 8.0;
        abuse[i] = i * 71 % 97 * 10 + i * 53 % 17 * 15 < i * 37 % 101 * 10;
    }
    return (struct rebut_worth_data){.count = ROWS,
                                     .logit = logit,
                                     .abuse = abuse,
                                     .intercept = -0.8267130992833002,
                                     .slope = 1.664544489893373};
}

static void it_is_the_score_test_of_textbooks(void **state)
{
    (void)state;
    const struct rebut_worth_data data = make();
    struct rebut_worth it;
    assert_true(rebut_worth_of(&data, term, &it, NULL));
    assert_near(it.z, -2.5807734300798275, 1e-9);
    assert_near(it.p, .009857925577541539, 1e-10);
    assert_near(it.worth, .42318967955558295, 1e-9);
    assert_near(it.high - it.worth, .4380576151340399, 1e-9);
    assert_near(it.worth - it.low, .4380576151340399, 1e-9);
}

static void a_calibration_that_is_a_little_off_changes_little(void **state)
{
    (void)state;
    struct rebut_worth_data data = make();
    struct rebut_worth it;
    data.intercept += .02;
    data.slope -= .02;
    assert_true(rebut_worth_of(&data, term, &it, NULL));
    assert_near(it.z, -2.58, .03);
}

static void the_order_of_the_rows_changes_no_byte(void **state)
{
    (void)state;
    const struct rebut_worth_data data = make();
    struct rebut_worth one, two;
    assert_true(rebut_worth_of(&data, term, &one, NULL));
    for (int i = 0, j = ROWS - 1; i < j; i++, j--) {
        const double x = logit[i], t = term[i];
        const uint8_t y = abuse[i];
        logit[i] = logit[j], term[i] = term[j], abuse[i] = abuse[j];
        logit[j] = x, term[j] = t, abuse[j] = y;
    }
    assert_true(rebut_worth_of(&data, term, &two, NULL));
    assert_memory_equal(&one, &two, sizeof one);
}

static void a_term_that_cannot_be_told_from_the_rest_is_not_judged(void **state)
{
    (void)state;
    struct rebut_worth_data data = make();
    struct rebut_worth it;
    for (int i = 0; i < ROWS; i++)
        term[i] = 2;
    assert_true(rebut_worth_of(&data, term, &it, NULL));
    assert_true(isnan(it.z) && isnan(it.p) && isnan(it.worth) && isnan(it.low));
    for (int i = 0; i < ROWS; i++)
        term[i] = 1 - logit[i] / 3;
    assert_true(rebut_worth_of(&data, term, &it, NULL));
    assert_true(isnan(it.z));
    data.slope = .05;
    assert_true(rebut_worth_of(&data, logit, &it, NULL));
    assert_true(isnan(it.z));
    data.count = 0;
    data.slope = 1;
    assert_true(rebut_worth_of(&data, term, &it, NULL));
    assert_true(isnan(it.z));
}

static void a_term_that_hardly_varies_is_tested_without_a_weight(void **state)
{
    (void)state;
    const struct rebut_worth_data data = make();
    struct rebut_worth it;
    for (int i = 0; i < ROWS; i++)
        term[i] /= 100;
    assert_true(rebut_worth_of(&data, term, &it, NULL));
    assert_near(it.z, -2.5807734300798275, 1e-4);
    assert_true(isnan(it.worth) && isnan(it.low) && isnan(it.high));
}

static void figures_out_of_their_domain_are_refused(void **state)
{
    (void)state;
    struct rebut_worth_data data = make();
    struct rebut_worth it = {.z = 7};
    term[3] = (double)NAN;
    assert_false(rebut_worth_of(&data, term, &it, NULL));
    data = make();
    logit[5] = 2000;
    assert_false(rebut_worth_of(&data, term, &it, NULL));
    data = make();
    data.slope = (double)INFINITY;
    assert_false(rebut_worth_of(&data, term, &it, NULL));
    assert_near(it.z, 7, 0);
}

/* Requests chosen by their score, as queues are: those of low score one in five. */
static void a_good_term_is_accused_one_time_in_twenty(void **state)
{
    (void)state;
    uint64_t seed = 3;
    int accused = 0;
    for (int world = 0; world < 2000; world++) {
        struct rebut_worth_data data = make();
        data.intercept = 0;
        data.slope = 1;
        size_t count = 0;
        while (count < ROWS) {
            term[count] = chance(&seed) < .3 ? 1.2 : -.2;
            logit[count] = 3 * chance(&seed) - 2.5 + term[count];
            if (logit[count] < -1 && chance(&seed) > .2)
                continue;
            abuse[count] = chance(&seed) < rebut_logistic(logit[count]);
            count++;
        }
        struct rebut_worth it;
        assert_true(rebut_worth_of(&data, term, &it, NULL));
        accused += it.p < .05;
    }
    assert_in_range(accused, 70, 130); /* 100 expected, s.d. 9.7 */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_the_score_test_of_textbooks),
        cmocka_unit_test(a_calibration_that_is_a_little_off_changes_little),
        cmocka_unit_test(the_order_of_the_rows_changes_no_byte),
        cmocka_unit_test(a_term_that_cannot_be_told_from_the_rest_is_not_judged),
        cmocka_unit_test(a_term_that_hardly_varies_is_tested_without_a_weight),
        cmocka_unit_test(figures_out_of_their_domain_are_refused),
        cmocka_unit_test(a_good_term_is_accused_one_time_in_twenty),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
