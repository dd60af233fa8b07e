#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "near.h"
#include "rebut/posterior.h"

static const struct rebut_population population = {
    .pi = .02, .alpha = 1.2, .beta = 10, .kappa = 4};
static const struct rebut_claim claims[3] = {{.020, 1.20}, {.004, 2.00}, {.010, .40}};
static const struct rebut_record record = {
    .fault_exposure = .15, .abuse_exposure = 9, .claims = claims, .count = 3};

static double share(struct rebut_record r, int index)
{
    struct rebut_others others = {0};
    struct rebut_error err = {0};
    assert_true(rebut_posterior_others(&population, &r, index, &others, &err));
    const double odds = r.claims[index].q * others.ratio / r.claims[index].p;
    return odds / (1 + odds);
}

/* Reference values computed independently (2-d quadrature). */
static void the_posterior_equals_the_reference_to_the_digits_given(void **state)
{
    (void)state;
    struct rebut_posterior posterior = {0};
    struct rebut_error err = {0};
    assert_true(rebut_posterior_of(&population, &record, &posterior, &err));
    assert_near(posterior.log_z, -11.232488295129, 5e-13);
    assert_near(posterior.abuser, 0.914176092911, 5e-13);
    assert_near(posterior.mean_a, 0.190328385108, 5e-13);
    assert_near(posterior.mean_u, 1.079704095045, 5e-13);
    assert_near(share(record, 0), 0.826160785356, 5e-13);
    assert_near(share(record, 1), 0.901654024095, 5e-13);
    assert_near(share(record, 2), 0.791413196114, 5e-13);
}

static void a_record_without_requests_has_the_closed_form(void **state)
{
    (void)state;
    struct rebut_record empty = {.fault_exposure = .15, .abuse_exposure = 9};
    struct rebut_posterior posterior = {0};
    struct rebut_error err = {0};
    assert_true(rebut_posterior_of(&population, &empty, &posterior, &err));
    const double survive = pow(10. / 19, 1.2);
    assert_near(posterior.abuser, .02 * survive / (.98 + .02 * survive), 1e-15);
    assert_near(posterior.mean_u, 4 / 4.15, 1e-15);
    assert_near(posterior.mean_a, posterior.abuser * 1.2 / 19, 1e-15);
    const struct rebut_clean clean = rebut_clean_of(&population);
    struct rebut_posterior closed = {0};
    rebut_clean_posterior(&clean, population.pi, .15, 9, &closed);
    assert_near(closed.log_z, posterior.log_z, 1e-14);
    assert_near(closed.abuser, posterior.abuser, 1e-15);
    assert_near(closed.log_bf, posterior.log_bf, 1e-14);
    assert_near(closed.mean_a, posterior.mean_a, 1e-15);
    assert_near(closed.mean_u, posterior.mean_u, 1e-15);
    assert_near(closed.mean_log_a, posterior.mean_log_a, 1e-14);
    assert_near(closed.mean_log_u_ordinary, posterior.mean_log_u_ordinary, 1e-14);
    assert_near(rebut_clean_abuser(&clean, population.pi, 9), posterior.abuser, 1e-15);
}

static double uniform(uint64_t *seed)
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return (double)(*seed >> 11) / 9007199254740992.0;
}

static void fill(struct rebut_claim *ret, int count, uint64_t *seed)
{
    for (int i = 0; i < count; i++) {
        ret[i].p = exp(-8 + 6 * uniform(seed));
        ret[i].q = exp(-6 + 8 * uniform(seed));
    }
}

static const struct rebut_population with_claimants = {.pi = .02,
                                                       .alpha = 1.2,
                                                       .beta = 10,
                                                       .kappa = 4,
                                                       .claimants = .03,
                                                       .claimant_shape = 2,
                                                       .claimant_mean = 5};

/* With claimants the likelihood is the mixture of two plain ones. */
static void claimants_are_a_mixture_of_two_populations(void **state)
{
    (void)state;
    struct rebut_posterior mixed = {0}, plain = {0}, keen = {0};
    struct rebut_error err = {0};
    /* Gamma(2, 2/5) is Gamma(2, 2) with exposures and p five times as large. */
    struct rebut_population keen_population = population;
    keen_population.kappa = 2;
    struct rebut_claim larger[3];
    for (int i = 0; i < 3; i++)
        larger[i] = (struct rebut_claim){5 * claims[i].p, claims[i].q};
    struct rebut_record keen_record = record;
    keen_record.fault_exposure *= 5;
    keen_record.claims = larger;
    assert_true(rebut_posterior_of(&with_claimants, &record, &mixed, &err));
    assert_true(rebut_posterior_of(&population, &record, &plain, &err));
    assert_true(rebut_posterior_of(&keen_population, &keen_record, &keen, &err));
    const double a = .97 * exp(plain.log_z), b = .03 * exp(keen.log_z);
    assert_near(mixed.log_z, log(a + b), 1e-12);
    assert_near(mixed.ordinary, a / (a + b), 1e-12);
    assert_near(mixed.abuser, (a * plain.abuser + b * keen.abuser) / (a + b), 1e-12);
    assert_near(mixed.mean_u, (a * plain.mean_u + 5 * b * keen.mean_u) / (a + b), 1e-12);
    assert_near(mixed.mean_u_ordinary, plain.mean_u, 1e-12);

    struct rebut_record empty = {.fault_exposure = .7, .abuse_exposure = 9};
    struct rebut_posterior closed = {0};
    const struct rebut_clean clean = rebut_clean_of(&with_claimants);
    assert_true(rebut_posterior_of(&with_claimants, &empty, &mixed, &err));
    rebut_clean_posterior(&clean, with_claimants.pi, .7, 9, &closed);
    assert_near(closed.log_z, mixed.log_z, 1e-13);
    assert_near(closed.mean_u, mixed.mean_u, 1e-14);
    assert_near(closed.ordinary, mixed.ordinary, 1e-14);
    assert_near(rebut_clean_readiness(&clean, .7), mixed.mean_u, 1e-14);
}

static void permuting_the_requests_changes_nothing(void **state)
{
    (void)state;
    uint64_t seed = 1;
    for (int round = 0; round < 200; round++) {
        struct rebut_claim there[32], back[32];
        const int n = 1 + (int)(uniform(&seed) * 32);
        fill(there, n, &seed);
        for (int i = 0; i < n; i++)
            back[i] = there[n - 1 - i];
        struct rebut_record a = {
            .fault_exposure = .3, .abuse_exposure = 20, .claims = there, .count = n};
        struct rebut_record b = a;
        b.claims = back;
        for (int i = 0; i < n; i++)
            assert_near(share(a, i), share(b, n - 1 - i), 1e-12);
    }
}

static void one_more_clean_order_lowers_the_suspicion(void **state)
{
    (void)state;
    uint64_t seed = 2;
    for (int round = 0; round < 200; round++) {
        struct rebut_claim some[8];
        fill(some, 8, &seed);
        struct rebut_record r = {.fault_exposure = uniform(&seed),
                                 .abuse_exposure = 30 * uniform(&seed),
                                 .claims = some,
                                 .count = (int)(uniform(&seed) * 8)};
        struct rebut_posterior before = {0}, after = {0};
        struct rebut_error err = {0};
        assert_true(rebut_posterior_of(&population, &r, &before, &err));
        r.abuse_exposure += 1;
        r.fault_exposure += 1e-4; /* a clean order at a good merchant */
        assert_true(rebut_posterior_of(&population, &r, &after, &err));
        assert_true(after.abuser < before.abuser);
    }
}

static void a_worse_merchant_lowers_the_share_of_abuse(void **state)
{
    (void)state;
    struct rebut_claim worse[3] = {claims[0], claims[1], claims[2]};
    struct rebut_record r = record;
    r.claims = worse;
    double last = 1;
    for (double p = .001; p < 1; p *= 1.5) {
        worse[1].p = p;
        const double now = share(r, 1);
        assert_true(now < last);
        last = now;
    }
}

static void the_short_form_agrees_with_the_whole(void **state)
{
    (void)state;
    struct rebut_posterior whole = {0};
    struct rebut_standing standing = {0};
    struct rebut_error err = {0};
    assert_true(rebut_posterior_of(&population, &record, &whole, &err));
    assert_true(rebut_posterior_standing(&population, &record, &standing, &err));
    assert_near(standing.abuser, whole.abuser, 1e-14);
    assert_near(standing.mean_u, whole.mean_u, 1e-14);
}

/* Requests that are all alike have a closed form of any length; its values, computed
 * elsewhere, against what folding makes of the older ones. */
static void more_than_32_requests_are_folded_close_to_the_exact_value(void **state)
{
    (void)state;
    static const struct {
        int count;
        double p, fault_exposure, mean_a, mean_u, log_bf;
    } cases[] = {{36, .01, 1, .3280009727950177, 1.0239785095, 44.30369662159695},
                 {97, .01, 1, .8824983050950325, 1.0250372879, 133.99247565760928},
                 {397, .01, 1, 3.609750233418348, 1.0254948648, 584.3318568474638},
                 {36, .05, 1, .000548104194243312, 7.9901856603, -.7711860073420707},
                 {397, .3, 119.1, 3.6066906683170408, .0443868926, 506.1237590319718}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct rebut_claim many[397];
        for (int j = 0; j < cases[i].count; j++)
            many[j] = (struct rebut_claim){cases[i].p, 1};
        const struct rebut_record r = {.fault_exposure = cases[i].fault_exposure,
                                       .abuse_exposure = 100,
                                       .claims = many,
                                       .count = cases[i].count};
        struct rebut_posterior posterior = {0};
        struct rebut_error err = {0};
        assert_true(rebut_posterior_of(&population, &r, &posterior, &err));
        /* What is left of the error leans to the buyer: less abuse, more readiness. */
        assert_true(posterior.mean_a <= cases[i].mean_a * 1.001);
        assert_true(posterior.mean_u >= cases[i].mean_u * .999);
        if (cases[i].log_bf > 0)
            assert_near(posterior.mean_a, cases[i].mean_a, .05 * cases[i].mean_a);
        assert_near(posterior.log_bf, cases[i].log_bf, .05 * fabs(cases[i].log_bf) + .5);
    }
}

static void the_33rd_request_makes_no_jump(void **state)
{
    (void)state;
    struct rebut_claim many[40];
    double last = 0;
    for (int i = 0; i < 40; i++)
        many[i] = (struct rebut_claim){.01, 1};
    for (int n = 28; n <= 40; n++) {
        const struct rebut_record r = {
            .fault_exposure = 1, .abuse_exposure = 100, .claims = many, .count = n};
        const double now = share(r, n - 1);
        if (n > 28)
            assert_near(now, last, .0025);
        last = now;
    }
}

static void a_thousand_requests_have_a_posterior(void **state)
{
    (void)state;
    static struct rebut_claim many[1000];
    uint64_t seed = 5;
    fill(many, 1000, &seed);
    for (int n = 33; n <= 1000; n += 37) {
        const struct rebut_record r = {.fault_exposure = n * .05,
                                       .abuse_exposure = n * 1.2,
                                       .claims = many,
                                       .count = n};
        struct rebut_posterior posterior = {0};
        struct rebut_standing standing = {0};
        struct rebut_error err = {0};
        assert_true(rebut_posterior_of(&population, &r, &posterior, &err));
        assert_true(rebut_posterior_of(&with_claimants, &r, &posterior, &err));
        assert_true(rebut_posterior_standing(&with_claimants, &r, &standing, &err));
        assert_near(standing.abuser, posterior.abuser, 1e-12);
        for (int i = 0; i < n; i += 50)
            assert_true(share(r, i) >= 0 && share(r, i) <= 1);
    }
}

static void extreme_claims_stay_finite(void **state)
{
    (void)state;
    struct rebut_claim extreme[32];
    for (int i = 0; i < 32; i++)
        extreme[i] = (struct rebut_claim){i % 2 ? 1e-12 : 1e3, i % 3 ? 1e6 : 1e-12};
    struct rebut_record r = {
        .fault_exposure = 1e5, .abuse_exposure = 1e6, .claims = extreme, .count = 32};
    struct rebut_posterior posterior = {0};
    struct rebut_error err = {0};
    assert_true(rebut_posterior_of(&population, &r, &posterior, &err));
    for (int i = 0; i < 32; i++) {
        const double now = share(r, i);
        assert_true(now >= 0 && now <= 1);
    }
}

static void bad_arguments_are_refused_with_words(void **state)
{
    (void)state;
    struct rebut_posterior posterior = {.abuser = 7};
    struct rebut_population bad = population;
    bad.pi = (double)NAN;
    struct rebut_error err = {0};
    assert_false(rebut_posterior_of(&bad, &record, &posterior, &err));
    assert_int_equal(err.code, REBUT_EINPUT);
    assert_string_equal(err.message, "expected 0 < pi < 1, got nan");
    assert_true(posterior.abuser > 6); /* left alone */
    struct rebut_claim zero = {0, 1};
    struct rebut_record r = record;
    r.claims = &zero;
    r.count = 1;
    err = (struct rebut_error){0};
    assert_false(rebut_posterior_of(&population, &r, &posterior, &err));
    assert_string_equal(err.message, "request 0: expected p, q > 0, got 0, 1");
    struct rebut_others others = {0};
    err = (struct rebut_error){0};
    assert_false(rebut_posterior_others(&population, &record, 3, &others, &err));
    assert_string_equal(err.message, "expected a request of 0 to 2, got 3");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_posterior_equals_the_reference_to_the_digits_given),
        cmocka_unit_test(a_record_without_requests_has_the_closed_form),
        cmocka_unit_test(claimants_are_a_mixture_of_two_populations),
        cmocka_unit_test(permuting_the_requests_changes_nothing),
        cmocka_unit_test(one_more_clean_order_lowers_the_suspicion),
        cmocka_unit_test(a_worse_merchant_lowers_the_share_of_abuse),
        cmocka_unit_test(the_short_form_agrees_with_the_whole),
        cmocka_unit_test(more_than_32_requests_are_folded_close_to_the_exact_value),
        cmocka_unit_test(the_33rd_request_makes_no_jump),
        cmocka_unit_test(a_thousand_requests_have_a_posterior),
        cmocka_unit_test(extreme_claims_stay_finite),
        cmocka_unit_test(bad_arguments_are_refused_with_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
