#include <gsl/gsl_errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "near.h"
#include "rebut/special.h"

#define EULER 0.57721566490153286061
#define PI 3.14159265358979323846

static void digamma_equals_its_closed_forms(void **state)
{
    (void)state;
    assert_near(rebut_digamma(1), -EULER, 4e-15);
    assert_near(rebut_digamma(.5), -EULER - 2 * log(2), 4e-15);
    assert_near(rebut_digamma(2.5), -EULER - 2 * log(2) + 2 + 2. / 3, 4e-15);
    double harmonic = 0;
    for (int k = 1; k < 10; k++)
        harmonic += 1. / k;
    assert_near(rebut_digamma(10), harmonic - EULER, 4e-15);
    assert_near(rebut_digamma(9.999), 2.251647417205735, 4e-15);
    assert_near(rebut_digamma(100.25), 4.602671243274712, 4e-15);
    assert_near(rebut_digamma(1.4616321449683623), 0, 1e-15);
    assert_near(rebut_digamma(1e-3), -1000.5755719318103, 4e-13);
    assert_near(rebut_digamma(1e12), 27.631021115928046, 1e-14);
}

static void trigamma_equals_its_closed_forms(void **state)
{
    (void)state;
    assert_near(rebut_trigamma(1), PI * PI / 6, 4e-15);
    assert_near(rebut_trigamma(.5), PI * PI / 2, 1e-14);
    assert_near(rebut_trigamma(2.5), PI * PI / 2 - 4 - 4. / 9, 4e-15);
    double squares = 0;
    for (int k = 1; k < 20; k++)
        squares += 1. / (k * k);
    assert_near(rebut_trigamma(20), PI * PI / 6 - squares, 4e-15);
    assert_near(rebut_trigamma(1e-3) / 1000001.6425331958, 1, 1e-14);
    assert_near(rebut_trigamma(1e12), 1e-12, 1e-24);
}

static void digamma_and_trigamma_keep_their_recurrences_everywhere(void **state)
{
    (void)state;
    for (double x = 1.1e-3; x < 1e6; x *= 1.07) {
        const double scale = fabs(rebut_digamma(x)) + 1 / x;
        assert_near(rebut_digamma(x + 1) - rebut_digamma(x) - 1 / x, 0, 1e-14 * scale);
        assert_near(rebut_trigamma(x) - rebut_trigamma(x + 1) - 1 / (x * x), 0,
                    1e-14 * rebut_trigamma(x));
    }
}

struct quantile {
    double p, first, second, value;
};

/* Reference values: scipy 1.10. */
static void gamma_quantiles_equal_the_reference(void **state)
{
    (void)state;
    static const struct quantile cases[] = {
        {.05, 3.5, 1.1, .9851590496809349}, {.95, 3.5, 1.1, 6.394154749700077},
        {.5, 1, 1, .6931471805599453},      {.05, .1, 2, 2.965355645707124e-14},
        {.999, .01, 3, .5030280492315816},  {.5, 1e-3, 1, 5.244206408274974e-302},
        {.05, 1e6, 1, 998355.7150837178},   {.95, 1e9, 1, 1000052015.4072958},
        {1e-10, 2, 1, 1.414220229082974e-5}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const double got =
            rebut_gamma_quantile(cases[i].p, cases[i].first, cases[i].second);
        assert_near(got / cases[i].value, 1, i == 5 ? 1e-9 : 1e-11);
    }
    /* The design's own digits: N = 3 and E = .7 at Gamma(.5, .4). */
    assert_near(rebut_gamma_quantile(.05, .5 + 3, .4 + .7), .985159049681, 5e-13);
    assert_near((.5 + 3) / (.4 + .7), 3.18181818182, 5e-12);
}

static void beta_quantiles_equal_the_reference(void **state)
{
    (void)state;
    assert_near(rebut_beta_quantile(.05, 5.4, 18.6), .101726204575, 5e-13);
    assert_near(rebut_beta_quantile(.95, 5.4, 18.6), .374768908881, 5e-13);
    static const struct quantile cases[] = {{.5, 1e6, 1e6, .5},
                                            {.975, .01, 5, .010386887238859577},
                                            {.05, 1e8, 1e8, .49994184564256783},
                                            {.95, 300.5, 9000.25, .035380952980951424}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_near(rebut_beta_quantile(cases[i].p, cases[i].first, cases[i].second),
                    cases[i].value, 1e-12);
    /* Its true place is 7.8e-131: the answer is right to the step of the bisection. */
    assert_near(rebut_beta_quantile(.025, .01, .01), 0, 1e-17);
}

static void a_quantile_rises_with_its_probability(void **state)
{
    (void)state;
    static const double shapes[] = {1e-3, .02, .3, 1, 7, 400, 1e5, 1e9};
    for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++) {
        double last = 0;
        for (double p = .001; p < 1; p += .0365) {
            const double now = rebut_gamma_quantile(p, shapes[i], 2);
            assert_true(now >= last && isfinite(now));
            last = now;
        }
    }
}

static void binomial_tails_equal_the_reference(void **state)
{
    (void)state;
    assert_near(rebut_binomial_upper(3, 10, .2), .3222004736, 1e-14);
    assert_near(rebut_binomial_upper(10, 10, .3) / pow(.3, 10), 1, 1e-13);
    assert_near(rebut_binomial_upper(25, 27, .2) / 7.68396492800001e-16, 1, 1e-12);
    assert_near(rebut_binomial_upper(1, 1e9, 1e-9), .6321205590124974, 1e-9);
    assert_near(rebut_binomial_upper(500200, 1e6, .5), .3449466124321, 2e-9);
    assert_true(rebut_binomial_upper(0, 5, .3) == 1);
    assert_true(rebut_binomial_upper(0, 0, .3) == 1);
    assert_true(rebut_binomial_upper(2, 5, 0) == 0);
    assert_true(rebut_binomial_upper(2, 5, 1) == 1);
}

static void the_gamma_poisson_equals_the_reference(void **state)
{
    (void)state;
    assert_near(exp(rebut_log_gamma_poisson(3, .5, .4, .7)), .0485623549916, 5e-14);
    assert_near(exp(rebut_log_gamma_poisson(0, 2, 3, 1)), .5625, 1e-14);
    assert_near(rebut_log_gamma_poisson(2.5, 1.5, .7, 4), -2.547958443456198, 1e-13);
    assert_near(rebut_log_gamma_poisson(1000, 3, .01, 9), -8.395649176453134, 1e-11);
    double sum = 0;
    for (int k = 0; k < 200; k++)
        sum += exp(rebut_log_gamma_poisson(k, .5, .4, .7));
    assert_near(sum, 1, 1e-12);
}

/* f(k) = log k - psi(k) = target, by scipy's brentq. */
static void gamma_shapes_equal_the_reference(void **state)
{
    (void)state;
    static const double cases[][2] = {{.01, 50.16610820660189}, {.1, 5.160875503410197},
                                      {.5, 1.1377247271478585}, {1, .6155567664795943},
                                      {3, .23855463469170035},  {10, .0830570479949632}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_near(rebut_gamma_shape_unit_mean(-cases[i][0]) / cases[i][1], 1, 1e-12);
    /* scipy.stats.gamma.fit(x, floc=0) of ten numbers. */
    static const double x[] = {.31, 1.7, .05, 2.4, .9, .62, 1.15, .44, 3.1, .27};
    double mean = 0, mean_log = 0;
    for (int i = 0; i < 10; i++) {
        mean += x[i] / 10;
        mean_log += log(x[i]) / 10;
    }
    assert_near(rebut_gamma_shape(mean, mean_log), 1.117243766095098, 1e-12);
}

static void gamma_shapes_are_clamped_where_nothing_or_everything_varies(void **state)
{
    (void)state;
    assert_true(rebut_gamma_shape_unit_mean(0) == 1e6);
    assert_true(rebut_gamma_shape_unit_mean(1) == 1e6);
    assert_true(rebut_gamma_shape_unit_mean(-1e-300) == 1e6);
    assert_true(rebut_gamma_shape_unit_mean(-5e5) == 1e-3);
    assert_true(rebut_gamma_shape_unit_mean(-(double)INFINITY) == 1e-3);
    for (double k = 2e-3; k < 9e5; k *= 1.9) {
        const double target = log(k) - rebut_digamma(k);
        /* log k - psi(k) is about 1 / 2k and loses that many digits. */
        assert_near(rebut_gamma_shape_unit_mean(-target) / k, 1, 1e-13 + 4e-15 * k);
    }
}

static void outside_its_domain_every_function_says_nan(void **state)
{
    (void)state;
    const double bad = (double)NAN, huge = (double)INFINITY;
    const double answers[] = {
        rebut_digamma(bad),
        rebut_digamma(0),
        rebut_digamma(-1),
        rebut_digamma(huge),
        rebut_trigamma(bad),
        rebut_trigamma(9e-4),
        rebut_trigamma(huge),
        rebut_gamma_quantile(bad, 1, 1),
        rebut_gamma_quantile(0, 1, 1),
        rebut_gamma_quantile(1, 1, 1),
        rebut_gamma_quantile(.5, bad, 1),
        rebut_gamma_quantile(.5, 1e-4, 1),
        rebut_gamma_quantile(.5, 2e9, 1),
        rebut_gamma_quantile(.5, 1, 0),
        rebut_gamma_quantile(.5, 1, bad),
        rebut_beta_quantile(bad, 1, 1),
        rebut_beta_quantile(.5, 0, 1),
        rebut_beta_quantile(.5, 1, bad),
        rebut_beta_quantile(.5, 1e9, 1),
        rebut_beta_quantile(.5, 1, huge),
        rebut_binomial_upper(-1, 3, .5),
        rebut_binomial_upper(4, 3, .5),
        rebut_binomial_upper(1, 2e9, .5),
        rebut_binomial_upper(1, 3, bad),
        rebut_binomial_upper(bad, 3, .5),
        rebut_binomial_upper(1, 3, 1.5),
        rebut_log_gamma_poisson(-1, 1, 1, 1),
        rebut_log_gamma_poisson(bad, 1, 1, 1),
        rebut_log_gamma_poisson(1, 0, 1, 1),
        rebut_log_gamma_poisson(1, 1, bad, 1),
        rebut_log_gamma_poisson(1, 1, 1, 0),
        rebut_gamma_shape_unit_mean(bad),
        rebut_gamma_shape(bad, -1),
        rebut_gamma_shape(1, bad),
        rebut_gamma_shape(0, -1),
        rebut_gamma_shape(-1, -1),
    };
    for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++)
        if (!isnan(answers[i]))
            fail_msg("answer %zu is %g, expected nan", i, answers[i]);
}

/* GSL's own quantiles never return for some of these. */
static void huge_arguments_end(void **state)
{
    (void)state;
    for (double p = 1e-300; p < 1; p = p < 1e-3 ? p * 1e30 : p + .3)
        for (double a = 1e-2; a <= 1e8; a *= 100)
            for (double b = 1e-2; b <= 1e8; b *= 100) {
                const double at = rebut_beta_quantile(p, a, b);
                assert_true(at >= 0 && at <= 1);
                assert_true(rebut_gamma_quantile(p, a, b) >= 0);
            }
    const double top = 1 - 1e-16;
    assert_true(rebut_gamma_quantile(top, 1e9, 1) > 1e9);
    assert_true(rebut_gamma_quantile(top, 1e-3, 1) > 1);
    assert_true(rebut_binomial_upper(1e9, 1e9, .999999999) < 1);
}

int main(void)
{
    gsl_set_error_handler_off();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(digamma_equals_its_closed_forms),
        cmocka_unit_test(trigamma_equals_its_closed_forms),
        cmocka_unit_test(digamma_and_trigamma_keep_their_recurrences_everywhere),
        cmocka_unit_test(gamma_quantiles_equal_the_reference),
        cmocka_unit_test(beta_quantiles_equal_the_reference),
        cmocka_unit_test(a_quantile_rises_with_its_probability),
        cmocka_unit_test(binomial_tails_equal_the_reference),
        cmocka_unit_test(the_gamma_poisson_equals_the_reference),
        cmocka_unit_test(gamma_shapes_equal_the_reference),
        cmocka_unit_test(gamma_shapes_are_clamped_where_nothing_or_everything_varies),
        cmocka_unit_test(outside_its_domain_every_function_says_nan),
        cmocka_unit_test(huge_arguments_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
