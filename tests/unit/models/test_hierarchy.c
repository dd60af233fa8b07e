#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "near.h"
#include "rebut/hierarchy.h"

/* Two merchants; the first has two listings, each in two windows. */
#define UNITS 5
static const uint32_t merchant[UNITS] = {0, 0, 0, 0, 1};
static const uint32_t listing[UNITS] = {0, 0, 1, 1, 2};
static const uint32_t window[UNITS] = {0, 1, 0, 1, 2};
static const struct rebut_hierarchy hierarchy = {
    .units = UNITS,
    .entities = {2, 3, 3, UNITS},
    .member = {merchant, listing, window, NULL}};
static const double rho[REBUT_LEVELS] = {3, 2, 5, 4};

struct fault {
    struct rebut_entity merchant[2], listing[3], window[3], unit[UNITS];
};

static void fit(const double *counted, const double *expected, struct fault *fault)
{
    struct rebut_entity *const levels[REBUT_LEVELS] = {fault->merchant, fault->listing,
                                                       fault->window, fault->unit};
    rebut_fixed n[UNITS], e[UNITS], sums[2 * UNITS];
    double product[UNITS];
    for (int i = 0; i < UNITS; i++) {
        n[i] = rebut_to_fixed(counted[i]);
        e[i] = rebut_to_fixed(expected[i]);
    }
    for (int k = 0; k < REBUT_LEVELS; k++)
        for (uint32_t i = 0; i < hierarchy.entities[k]; i++)
            levels[k][i] = (struct rebut_entity){.psi = k == 0 && i == 1 ? 2 : 1};
    rebut_hierarchy_fit(&hierarchy, n, e, rho, levels, product, sums);
}

static void every_level_is_the_formula_by_hand(void **state)
{
    (void)state;
    static const double counted[UNITS] = {4, 0, 1, 1, 2};
    static const double expected[UNITS] = {1, .5, 1, .5, 8};
    struct fault fault;
    fit(counted, expected, &fault);
    const double v0 = (3 + 6.) / (3 + 3.), v1 = (3 + 2.) / (3 / 2. + 8);
    assert_near(fault.merchant[0].ratio, v0, 1e-12);
    assert_near(fault.merchant[1].ratio, v1, 1e-12);
    assert_near(fault.merchant[0].counted, 6, 0);
    assert_near(fault.merchant[0].expected, 3, 0);
    const double l0 = (2 + 4.) / (2 + 1.5 * v0), l1 = (2 + 2.) / (2 + 1.5 * v0);
    assert_near(fault.listing[0].ratio, l0, 1e-11);
    assert_near(fault.listing[1].ratio, l1, 1e-11);
    const double w0 = (5 + 5.) / (5 + v0 * (l0 + l1));
    assert_near(fault.window[0].ratio, w0, 1e-11);
    assert_near(fault.unit[0].ratio, (4 + 4.) / (4 + v0 * l0 * w0), 1e-11);
    assert_near(fault.unit[0].expected, v0 * l0 * w0, 1e-11);
}

static void who_has_seen_nothing_stays_at_its_prior(void **state)
{
    (void)state;
    static const double none[UNITS] = {0};
    struct fault fault;
    fit(none, none, &fault);
    assert_near(fault.merchant[0].ratio, 1, 0);
    assert_near(fault.merchant[1].ratio, 2, 1e-15);
    for (int i = 0; i < UNITS; i++)
        assert_near(fault.unit[i].ratio, 1, 0);
}

static void much_evidence_leaves_the_prior_behind(void **state)
{
    (void)state;
    static const double counted[UNITS] = {0, 0, 0, 0, 30000};
    static const double expected[UNITS] = {1, 1, 1, 1, 10000};
    struct fault fault;
    fit(counted, expected, &fault);
    const double whole = fault.merchant[1].ratio * fault.listing[2].ratio *
                         fault.window[2].ratio * fault.unit[4].ratio;
    assert_near(whole, 3, 1e-3);
    assert_near(fault.merchant[1].ratio, 3, 1e-3); /* the highest level takes it */
}

static double uniform(uint64_t *seed)
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return (double)(*seed >> 11) / 9007199254740992.0;
}

static void more_faults_never_lower_a_merchant(void **state)
{
    (void)state;
    uint64_t seed = 4;
    for (int round = 0; round < 200; round++) {
        double counted[UNITS], expected[UNITS];
        for (int i = 0; i < UNITS; i++) {
            counted[i] = 5 * uniform(&seed);
            expected[i] = 5 * uniform(&seed);
        }
        struct fault before, after;
        fit(counted, expected, &before);
        counted[round % 4] += .01 + uniform(&seed);
        fit(counted, expected, &after);
        assert_true(after.merchant[0].ratio > before.merchant[0].ratio);
        const int i = round % 4;
        const double was = before.merchant[0].ratio * before.listing[i / 2].ratio *
                           before.window[i % 2].ratio * before.unit[i].ratio;
        const double now = after.merchant[0].ratio * after.listing[i / 2].ratio *
                           after.window[i % 2].ratio * after.unit[i].ratio;
        assert_true(now > was);
        assert_near(after.merchant[1].ratio, before.merchant[1].ratio, 0);
    }
}

/* Poisson by multiplication; Gamma(k, k) for whole k as a sum of exponentials. */
static double draw(uint64_t *seed, int shape, double exposure)
{
    double v = exposure == 0 ? 0 : 1;
    if (shape > 0) {
        v = 0;
        for (int i = 0; i < shape; i++)
            v -= log(1 - uniform(seed)) / shape;
    }
    const double limit = exp(-v * exposure);
    double product = uniform(seed), n = 0;
    for (; product > limit; n++)
        product *= uniform(seed);
    return n;
}

static void rho_is_found_again_from_what_it_made(void **state)
{
    (void)state;
    enum { COUNT = 4000 };
    struct rebut_entity *entities = calloc(COUNT, sizeof *entities);
    uint64_t seed = 7;
    assert_non_null(entities);
    for (int shape = 1; shape <= 9; shape += 4) {
        for (int i = 0; i < COUNT; i++) {
            const double e = 1 + 8 * uniform(&seed);
            entities[i] = (struct rebut_entity){
                .counted = draw(&seed, shape, e), .expected = e / 2, .psi = 2};
        }
        /* Standard error about 4 %. */
        assert_near(rebut_hierarchy_rho(entities, COUNT) / shape, 1, .15);
    }
    for (int i = 0; i < COUNT; i++)
        entities[i] =
            (struct rebut_entity){.counted = draw(&seed, 0, 5), .expected = 5, .psi = 1};
    assert_true(rebut_hierarchy_rho(entities, COUNT) > 80);
    free(entities);
}

static void rho_stays_in_its_range(void **state)
{
    (void)state;
    struct rebut_entity same[3], wild[3];
    for (int i = 0; i < 3; i++) {
        same[i] = (struct rebut_entity){.counted = 100, .expected = 100, .psi = 1};
        wild[i] =
            (struct rebut_entity){.counted = i == 0 ? 1e6 : 0, .expected = 1e4, .psi = 1};
    }
    assert_near(rebut_hierarchy_rho(same, 3), 300, .2);
    assert_near(rebut_hierarchy_rho(wild, 3), .3, .001);
    const double empty = rebut_hierarchy_rho(same, 0);
    assert_true(empty >= .3 && empty <= 300);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_level_is_the_formula_by_hand),
        cmocka_unit_test(who_has_seen_nothing_stays_at_its_prior),
        cmocka_unit_test(much_evidence_leaves_the_prior_behind),
        cmocka_unit_test(more_faults_never_lower_a_merchant),
        cmocka_unit_test(rho_is_found_again_from_what_it_made),
        cmocka_unit_test(rho_stays_in_its_range),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
