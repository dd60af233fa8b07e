#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "near.h"
#include "rebut/ring.h"

static const struct rebut_ring_prior prior = {.theta = .02, .pi_hi = .5, .lo_share = .5};
#define PI_ALL .01 /* half of it is the design's pi_lo, .005 */

static double pi_with(const struct rebut_ring_prior *ring, double pi,
                      const double *log_bf, int count, int self)
{
    double others = 0;
    for (int i = 0; i < count; i++)
        if (i != self)
            others += rebut_ring_member(ring, pi, log_bf[i]);
    return rebut_ring_pi(ring, pi, others);
}

static void the_prior_of_each_member_equals_the_reference(void **state)
{
    (void)state;
    static const double log_bf[] = {2, 1, -.3};
    static const double expected[] = {.020713844362, .038373924943, .070650542089};
    for (int i = 0; i < 3; i++)
        assert_near(pi_with(&prior, PI_ALL, log_bf, 3, i), expected[i], 5e-13);
}

/* Sum over the group being hi or not and over who abuses, weighed by the records of
 * the others: nothing shared with the code but the story. */
static void the_prior_is_the_sum_over_all_that_may_be(void **state)
{
    (void)state;
    static const double log_bf[] = {2.5, -1, .4, 0};
    const double share[2] = {prior.lo_share * PI_ALL, prior.pi_hi};
    const double odds[2] = {1 - prior.theta, prior.theta};
    double all = 0, abuses = 0;
    for (int hi = 0; hi < 2; hi++)
        for (unsigned who = 0; who < 16; who++) {
            double weight = odds[hi];
            for (int i = 0; i < 4; i++) {
                weight *= who >> i & 1 ? share[hi] : 1 - share[hi];
                if (i != 2 && who >> i & 1)
                    weight *= exp(log_bf[i]);
            }
            all += weight;
            abuses += who >> 2 & 1 ? weight : 0;
        }
    assert_near(pi_with(&prior, PI_ALL, log_bf, 4, 2), abuses / all, 1e-14);
}

static void a_household_of_honest_buyers_lowers_suspicion(void **state)
{
    (void)state;
    static const double honest[] = {-.5, -1, -.2, -.8};
    assert_true(pi_with(&prior, PI_ALL, honest, 4, 0) < PI_ALL);
    static const double ring[] = {3, 4, 5, 2};
    assert_true(pi_with(&prior, PI_ALL, ring, 4, 0) > .4);
    /* Accounts without any record change nothing but what being in a group means. */
    assert_near(rebut_ring_member(&prior, PI_ALL, 0), 0, 1e-16);
    assert_near(rebut_ring_pi(&prior, PI_ALL, 0), .02 * .5 + .98 * .005, 1e-16);
}

static void a_worse_companion_never_lowers_the_prior(void **state)
{
    (void)state;
    double last = -1e9;
    for (double log_bf = -60; log_bf < 60; log_bf += .25) {
        const double now = rebut_ring_member(&prior, PI_ALL, log_bf);
        assert_true(now >= last);
        last = now;
    }
}

static void extreme_records_stay_finite_and_bounded(void **state)
{
    (void)state;
    static const double extreme[] = {-1e300, -800, -40, 40, 800, 1e300};
    const double most = log(prior.pi_hi / (prior.lo_share * PI_ALL));
    const double least = log((1 - prior.pi_hi) / (1 - prior.lo_share * PI_ALL));
    for (size_t i = 0; i < sizeof extreme / sizeof extreme[0]; i++) {
        const double lam = rebut_ring_member(&prior, PI_ALL, extreme[i]);
        assert_true(lam >= least - 1e-12 && lam <= most + 1e-12);
        const double pi = rebut_ring_pi(&prior, PI_ALL, extreme[i]);
        assert_true(pi >= prior.lo_share * PI_ALL && pi <= prior.pi_hi);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_prior_of_each_member_equals_the_reference),
        cmocka_unit_test(the_prior_is_the_sum_over_all_that_may_be),
        cmocka_unit_test(a_household_of_honest_buyers_lowers_suspicion),
        cmocka_unit_test(a_worse_companion_never_lowers_the_prior),
        cmocka_unit_test(extreme_records_stay_finite_and_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
