#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "birthwt.h"
#include "chance.h"
#include "near.h"
#include "rebut/logistic.h"

static struct rebut_logistic_work work;
static double births_x[BIRTHS * 10], births_y[BIRTHS];

static struct rebut_logistic_fit fit(const struct rebut_logistic *problem)
{
    struct rebut_logistic_fit answer;
    struct rebut_error err = {0};
    if (!rebut_logistic_fit(problem, &work, &answer, &err))
        fail_msg("%s", err.message);
    return answer;
}

static void expect_refused(const struct rebut_logistic *problem, enum rebut_code code)
{
    struct rebut_logistic_fit answer = {.steps = -7};
    struct rebut_error err = {0};
    assert_false(rebut_logistic_fit(problem, &work, &answer, &err));
    assert_int_equal(err.code, code);
    assert_int_equal(answer.steps, -7);
}

/* low ~ age + lwt + race + smoke + ptl + ht + ui + ftv */
static struct rebut_logistic whole(void)
{
    for (size_t i = 0; i < BIRTHS; i++) {
        const unsigned char *b = births[i];
        const double row[10] = {1,        b[AGE], b[LWT], b[RACE] == 2, b[RACE] == 3,
                                b[SMOKE], b[PTL], b[HT],  b[UI],        b[FTV]};
        memcpy(&births_x[i * 10], row, sizeof row);
        births_y[i] = b[LOW];
    }
    return (struct rebut_logistic){
        .rows = BIRTHS, .columns = 10, .x = births_x, .y = births_y};
}

/* low ~ smoke + ht + ui + (ptl > 0) */
static struct rebut_logistic marks(void)
{
    for (size_t i = 0; i < BIRTHS; i++) {
        const unsigned char *b = births[i];
        const double row[5] = {1, b[SMOKE], b[HT], b[UI], b[PTL] > 0};
        memcpy(&births_x[i * 5], row, sizeof row);
        births_y[i] = b[LOW];
    }
    return (struct rebut_logistic){
        .rows = BIRTHS, .columns = 5, .x = births_x, .y = births_y};
}

static void maximum_likelihood_equals_the_published_fit(void **state)
{
    (void)state;
    const struct rebut_logistic problem = whole();
    const struct rebut_logistic_fit answer = fit(&problem);
    assert_near(answer.beta[0], .4806232091, 5e-11);
    assert_near(answer.beta[5], .9388457016, 5e-11);
    assert_near(answer.beta[7], 1.8633028704, 5e-11);
    assert_near(-2 * answer.log_likelihood, 201.2847950559, 5e-11);
    assert_near(answer.objective, -answer.log_likelihood, 0);
    static const double errors[10] = {1.19690411, 0.03703142, 0.00691938, 0.5273637,
                                      0.44078566, 0.40215408, 0.34540543, 0.69754006,
                                      0.45932148, 0.17239583}; /* numpy */
    for (size_t k = 0; k < 10; k++) {
        double unit[10] = {0};
        unit[k] = 1;
        assert_near(sqrt(rebut_logistic_variance(&answer, unit)), errors[k], 5e-9);
    }
}

static void a_ridge_pulls_towards_its_centre_and_leaves_the_intercept(void **state)
{
    (void)state;
    static const double ridge[5] = {0, 20, 20, 20, 20}, centre[5] = {0, 1, 1, 1, 1};
    static const double expected[5] = {-1.5891907798, .8614935288, 1.0506197044,
                                       .9689768615, 1.0383699146};
    struct rebut_logistic problem = marks();
    problem.ridge = ridge;
    problem.centre = centre;
    const struct rebut_logistic_fit answer = fit(&problem);
    for (size_t k = 0; k < 5; k++)
        assert_near(answer.beta[k], expected[k], 5e-11);
    assert_near(answer.objective, 106.79095341314, 5e-12);
}

static void an_endless_ridge_gives_the_centre(void **state)
{
    (void)state;
    static const double ridge[5] = {1e12, 1e12, 1e12, 1e12, 1e12};
    static const double centre[5] = {-.3, 1, .5, 2, 0};
    struct rebut_logistic problem = marks();
    problem.ridge = ridge;
    problem.centre = centre;
    struct rebut_logistic_fit answer = fit(&problem);
    for (size_t k = 0; k < 5; k++)
        assert_near(answer.beta[k], centre[k], 1e-9);
    problem.rows = 0;
    answer = fit(&problem);
    for (size_t k = 0; k < 5; k++)
        assert_near(answer.beta[k], centre[k], 0);
}

/* The gradient of the objective, summed plainly. */
static double slope(const struct rebut_logistic *p, const double *beta, size_t k)
{
    double sum = p->ridge[k] * (beta[k] - p->centre[k]);
    for (size_t i = 0; i < p->rows; i++) {
        double eta = p->offset[i];
        for (size_t j = 0; j < p->columns; j++)
            eta += p->x[i * p->columns + j] * beta[j];
        sum += p->weight[i] * (1 / (1 + exp(-eta)) - p->y[i]) * p->x[i * p->columns + k];
    }
    return sum;
}

static uint64_t seed;

#define ROWS 300
#define COLUMNS 12
static double x[ROWS * COLUMNS], y[ROWS], offset[ROWS], weight[ROWS];
static double ridge[COLUMNS], centre[COLUMNS], lower[COLUMNS], upper[COLUMNS];

static struct rebut_logistic draw(void)
{
    for (size_t k = 0; k < COLUMNS; k++) {
        ridge[k] = k == 0 ? 0 : 5 * chance(&seed);
        centre[k] = k % 2;
        lower[k] = k == 0 ? -(double)INFINITY : 0;
        upper[k] = k % 3 ? (double)INFINITY : 1.2;
    }
    for (size_t i = 0; i < ROWS; i++) {
        x[i * COLUMNS] = 1;
        double eta = offset[i] = chance(&seed) - .5;
        for (size_t k = 1; k < COLUMNS; k++) {
            x[i * COLUMNS + k] = 4 * chance(&seed) * chance(&seed) - 1;
            eta += ((double)(k % 5) - 1.5) * x[i * COLUMNS + k];
        }
        weight[i] = .1 + 3 * chance(&seed);
        y[i] = chance(&seed) < .2 ? chance(&seed) : chance(&seed) < 1 / (1 + exp(-eta));
    }
    return (struct rebut_logistic){.rows = ROWS,
                                   .columns = COLUMNS,
                                   .x = x,
                                   .y = y,
                                   .offset = offset,
                                   .weight = weight,
                                   .ridge = ridge,
                                   .centre = centre,
                                   .lower = lower,
                                   .upper = upper};
}

static void bounds_hold_and_only_they_stop_the_slope(void **state)
{
    (void)state;
    int held = 0;
    seed = 5;
    for (int repetition = 0; repetition < 50; repetition++) {
        const struct rebut_logistic problem = draw();
        const struct rebut_logistic_fit answer = fit(&problem);
        for (size_t k = 0; k < COLUMNS; k++) {
            const double beta = answer.beta[k], left = slope(&problem, answer.beta, k);
            assert_true(beta >= lower[k] && beta <= upper[k]);
            held += answer.held[k];
            if (answer.held[k])
                assert_true(beta == lower[k] ? left > 0 : beta == upper[k] && left < 0);
            else
                assert_near(left, 0, 1e-7);
        }
    }
    assert_true(held > 50);
}

static void rows_in_another_order_give_the_same_bytes(void **state)
{
    (void)state;
    seed = 11;
    const struct rebut_logistic problem = draw();
    const struct rebut_logistic_fit before = fit(&problem);
    for (size_t i = ROWS - 1; i > 0; i--) {
        const size_t j = (size_t)(chance(&seed) * (double)(i + 1));
        double row[COLUMNS], keep;
        memcpy(row, &x[i * COLUMNS], sizeof row);
        memmove(&x[i * COLUMNS], &x[j * COLUMNS], sizeof row);
        memcpy(&x[j * COLUMNS], row, sizeof row);
        keep = y[i], y[i] = y[j], y[j] = keep;
        keep = offset[i], offset[i] = offset[j], offset[j] = keep;
        keep = weight[i], weight[i] = weight[j], weight[j] = keep;
    }
    const struct rebut_logistic_fit after = fit(&problem);
    assert_memory_equal(before.beta, after.beta, sizeof before.beta);
    assert_memory_equal(before.factor, after.factor, sizeof before.factor);
    assert_memory_equal(&before.objective, &after.objective, sizeof before.objective);
}

static void a_weight_counts_as_repeated_rows(void **state)
{
    (void)state;
    static const double x2[] = {1, .2, 1, .9, 1, .4, 1, .7};
    static const double y2[] = {0, 1, 1, 0}, w2[] = {3, 2, 1, 1};
    static const double x7[] = {1, .2, 1, .2, 1, .2, 1, .9, 1, .9, 1, .4, 1, .7};
    static const double y7[] = {0, 0, 0, 1, 1, 1, 0};
    const struct rebut_logistic once = {
        .rows = 4, .columns = 2, .x = x2, .y = y2, .weight = w2};
    const struct rebut_logistic often = {.rows = 7, .columns = 2, .x = x7, .y = y7};
    const struct rebut_logistic_fit a = fit(&once), b = fit(&often);
    assert_near(a.beta[0], b.beta[0], 1e-9);
    assert_near(a.beta[1], b.beta[1], 1e-9);
    assert_near(a.objective, b.objective, 1e-12);
}

static void what_has_no_single_maximum_is_refused(void **state)
{
    (void)state;
    static const double ones[] = {1, 1, 1, 1}, apart[] = {1, -1, 1, -2, 1, 1, 1, 2};
    static const double twice[] = {1, 1, 1, 1, 1, 1, 1, 1};
    static const double same[] = {1, 1, 1, 1}, mixed[] = {0, 0, 1, 1};
    static const double some[] = {.1, .1};
    struct rebut_logistic p = {.rows = 4, .columns = 1, .x = ones, .y = same};
    expect_refused(&p, REBUT_EMATH); /* all are abuse */
    p = (struct rebut_logistic){.rows = 4, .columns = 2, .x = apart, .y = mixed};
    expect_refused(&p, REBUT_EMATH); /* separated */
    p.ridge = some;
    assert_true(fit(&p).beta[1] > 1); /* a ridge answers it */
    p = (struct rebut_logistic){.rows = 4, .columns = 2, .x = twice, .y = mixed};
    expect_refused(&p, REBUT_EMATH); /* collinear */
    p.ridge = some;
    assert_near(fit(&p).beta[0], 0, 1e-9);
    p = (struct rebut_logistic){.rows = 0, .columns = 1, .x = ones, .y = mixed};
    expect_refused(&p, REBUT_EMATH); /* nothing known */
}

static void arguments_out_of_their_domain_are_refused(void **state)
{
    (void)state;
    const double bad = (double)NAN;
    const double nan2[] = {1, bad}, ones[] = {1, 1}, huge[] = {1, 2e9};
    const double mixed[] = {0, 1}, low[] = {2}, high[] = {1}, minus[] = {-1};
    const struct rebut_logistic fine = {.rows = 2, .columns = 1, .x = ones, .y = mixed};
    assert_near(fit(&fine).beta[0], 0, 1e-12);
    struct rebut_logistic cases[10];
    for (int i = 0; i < 10; i++)
        cases[i] = fine;
    cases[0].x = nan2;
    cases[1].x = huge;
    cases[2].y = nan2;
    cases[3].y = huge;
    cases[4].weight = nan2;
    cases[5].offset = nan2;
    cases[6].ridge = minus;
    cases[7].ridge = &nan2[1];
    cases[8].centre = &nan2[1];
    cases[9].lower = low;
    cases[9].upper = high;
    for (int i = 0; i < 10; i++)
        expect_refused(&cases[i], REBUT_EINPUT);
    struct rebut_logistic wide = fine;
    wide.columns = REBUT_LOGISTIC_COLUMNS + 1;
    expect_refused(&wide, REBUT_ELIMIT);
    wide.columns = 0;
    expect_refused(&wide, REBUT_ELIMIT);
    const struct rebut_logistic_fit answer = fit(&fine);
    assert_true(isnan(rebut_logistic_variance(&answer, &nan2[1])));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(maximum_likelihood_equals_the_published_fit),
        cmocka_unit_test(a_ridge_pulls_towards_its_centre_and_leaves_the_intercept),
        cmocka_unit_test(an_endless_ridge_gives_the_centre),
        cmocka_unit_test(bounds_hold_and_only_they_stop_the_slope),
        cmocka_unit_test(rows_in_another_order_give_the_same_bytes),
        cmocka_unit_test(a_weight_counts_as_repeated_rows),
        cmocka_unit_test(what_has_no_single_maximum_is_refused),
        cmocka_unit_test(arguments_out_of_their_domain_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
