#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "chance.h"
#include "near.h"
#include "rebut/agreement.h"

static void without_double_reviews_the_rate_is_the_prior(void **state)
{
    (void)state;
    struct rebut_review_error it;
    assert_true(rebut_review_error(0, 0, .95, &it, NULL));
    assert_near(it.rate, .03, 1e-15);
    assert_true(it.low < .01 && it.high > .07 && it.high < .15);
    assert_true(rebut_review_error(1800, 10000, .95, &it, NULL)); /* d = .18, eps = .1 */
    assert_near(it.rate, .1, 1e-3);
    assert_true(it.low > .094 && it.high < .106);
    assert_true(rebut_review_error(100, 100, .95, &it, NULL));
    assert_near(it.rate, .5, 0);
    assert_false(rebut_review_error(2, 1, .95, &it, NULL));
    assert_false(rebut_review_error(1, 2, (double)NAN, &it, NULL));
    assert_false(rebut_review_error(1, 20000000, .9, &it, NULL));
}

static void the_interval_of_the_rate_covers_it(void **state)
{
    (void)state;
    uint64_t seed = 8;
    int covered = 0;
    for (int world = 0; world < 1000; world++) {
        uint64_t differing = 0;
        for (int i = 0; i < 200; i++)
            differing += (chance(&seed) < .05) != (chance(&seed) < .05);
        struct rebut_review_error it;
        assert_true(rebut_review_error(differing, 200, .95, &it, NULL));
        covered += it.low <= .05 && .05 <= it.high;
    }
    assert_true(covered >= 940);
}

#define REQUESTS 3000
#define REVIEWERS 6
#define PER_REQUEST 3
static struct rebut_vote votes[REQUESTS * PER_REQUEST];
static rebut_fixed logit[REQUESTS];
static double p[REQUESTS];
static uint8_t truth[REQUESTS];
static const double missed[REVIEWERS] = {.02, .1, .3, .05, .15, .03};
static const double alarm[REVIEWERS] = {.03, .02, .1, .25, .05, .01};

static struct rebut_votes draw_votes(uint64_t seed)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < REQUESTS; i++) {
        truth[i] = chance(&seed) < .3;
        for (uint32_t k = 0; k < PER_REQUEST; k++) {
            const uint32_t who = (chance_below(&seed, 2) + 2 * k) % REVIEWERS;
            const bool wrong = chance(&seed) < (truth[i] ? missed[who] : alarm[who]);
            votes[count++] =
                (struct rebut_vote){i, (uint16_t)who, (uint8_t)(truth[i] != wrong)};
        }
    }
    return (struct rebut_votes){votes, count, REQUESTS, REVIEWERS, .03, 20};
}

static void each_reviewer_s_two_rates_are_recovered(void **state)
{
    (void)state;
    const struct rebut_votes data = draw_votes(17);
    struct rebut_reviewer who[REVIEWERS];
    int steps = 0, right = 0;
    assert_true(rebut_reviewers(&data, logit, p, who, &steps, NULL));
    assert_true(steps > 2 && steps < 500);
    for (int r = 0; r < REVIEWERS; r++) {
        /* three standard errors of a rate among those of the class, and the shrinkage */
        assert_near(who[r].missed, missed[r],
                    3.5 * sqrt(missed[r] / 450) + 20 * missed[r] / 450);
        assert_near(who[r].false_alarm, alarm[r],
                    3.5 * sqrt(alarm[r] / 1050) + 20 * alarm[r] / 1050);
        assert_near(who[r].abuse + who[r].legit, 1500, 120);
    }
    for (int i = 0; i < REQUESTS; i++)
        right += (p[i] > .5) == truth[i];
    assert_true(right > .96 * REQUESTS);
}

static void the_order_of_the_votes_changes_nothing(void **state)
{
    (void)state;
    const struct rebut_votes data = draw_votes(18);
    struct rebut_reviewer before[REVIEWERS], after[REVIEWERS];
    int steps = 0;
    assert_true(rebut_reviewers(&data, logit, p, before, &steps, NULL));
    uint64_t seed = 2;
    for (uint32_t i = data.count - 1; i > 0; i--) {
        const uint32_t j = chance_below(&seed, i + 1);
        const struct rebut_vote keep = votes[i];
        votes[i] = votes[j];
        votes[j] = keep;
    }
    assert_true(rebut_reviewers(&data, logit, p, after, &steps, NULL));
    assert_memory_equal(before, after, sizeof before);
}

static void a_reviewer_with_few_verdicts_has_the_common_rate(void **state)
{
    (void)state;
    static const struct rebut_vote one[] = {{0, 0, 1}};
    struct rebut_votes data = {one, 1, 2, 2, .03, 20};
    struct rebut_reviewer who[2];
    int steps = 0;
    assert_true(rebut_reviewers(&data, logit, p, who, &steps, NULL));
    assert_near(who[0].missed, .03, .005);
    assert_near(who[1].missed, .03, 1e-15);
    assert_true(p[0] > .9);
    data.reviewers = 257;
    assert_false(rebut_reviewers(&data, logit, p, who, &steps, NULL));
    data.reviewers = 0;
    assert_false(rebut_reviewers(&data, logit, p, who, &steps, NULL));
    data.reviewers = 2;
    data.common_error = (double)NAN;
    assert_false(rebut_reviewers(&data, logit, p, who, &steps, NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_double_reviews_the_rate_is_the_prior),
        cmocka_unit_test(the_interval_of_the_rate_covers_it),
        cmocka_unit_test(each_reviewer_s_two_rates_are_recovered),
        cmocka_unit_test(the_order_of_the_votes_changes_nothing),
        cmocka_unit_test(a_reviewer_with_few_verdicts_has_the_common_rate),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
