/* Accounts that ask at the same merchants in the same days. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "near.h"
#include "rebut/together.h"

#define MOST 4000
#define RING 8

/* Visits before they are put in order: `who` names the account. */
struct town {
    struct rebut_visit visits[MOST];
    uint32_t count;
    uint64_t seed;
};

/* SplitMix64. */
static uint32_t pick(struct town *town, uint32_t count)
{
    uint64_t x = town->seed += 0x9e3779b97f4a7c15u;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
    return (uint32_t)(((x ^ (x >> 31)) >> 33) % count);
}

static void add(struct town *town, uint32_t who, uint32_t merchant, double day,
                double weight)
{
    assert_true(town->count < MOST);
    town->visits[town->count++] =
        (struct rebut_visit){.at = (int64_t)(day * (double)REBUT_DAY),
                             .weight = weight,
                             .account = who,
                             .merchant = merchant,
                             .item = merchant * 8 + pick(town, 8)};
}

/* 600 requests of 300 accounts at 100 merchants in 84 days. */
static void fill(struct town *town, uint64_t seed)
{
    *town = (struct town){.seed = seed};
    for (uint32_t i = 0; i < 600; i++) {
        const uint32_t who = 1000 + pick(town, 300), merchant = pick(town, 100);
        const double day = 20000 + pick(town, 8400) / 100.;
        add(town, who, merchant, day, (10 + pick(town, 90)) / 100.);
    }
}

/* Accounts first … first + RING - 1 strike merchants together, three times. */
static void raid(struct town *town, uint32_t first, double weight)
{
    for (uint32_t strike = 0; strike < 3; strike++)
        for (uint32_t i = 0; i < RING; i++)
            if (pick(town, 4) > 0)
                add(town, first + i, 7 + 11 * strike,
                    20010 + 20 * strike + pick(town, 500) / 100., weight);
}

static int compare_visits(const void *a, const void *b)
{
    const struct rebut_visit *x = a, *y = b;
    if (x->at != y->at)
        return x->at < y->at ? -1 : 1;
    return x->weight < y->weight ? -1 : x->weight > y->weight;
}

/* Puts the visits in order, numbers the accounts; ret_who has their names. */
static struct rebut_together find(struct town *town, uint32_t ret_who[MOST])
{
    static uint32_t number[2000];
    struct rebut_together found;
    struct rebut_error err = {0};
    uint32_t accounts = 0;
    memset(number, 0xff, sizeof number);
    qsort(town->visits, town->count, sizeof *town->visits, compare_visits);
    for (uint32_t i = 0; i < town->count; i++) {
        uint32_t *account = &number[town->visits[i].account];
        if (*account == UINT32_MAX) {
            ret_who[accounts] = town->visits[i].account;
            *account = accounts++;
        }
        town->visits[i].account = *account;
    }
    if (!rebut_together_open(&found, town->visits, town->count, &err))
        fail_msg("%s", err.message);
    return found;
}

/* Members whose names are below `end`. */
static uint32_t count_below(const struct rebut_together *found, const uint32_t *who,
                            uint32_t end)
{
    uint32_t below = 0;
    for (uint32_t i = 0; i < found->count; i++)
        for (uint32_t k = 0; k < found->groups[i].count; k++)
            below += who[found->members[found->groups[i].first + k]] < end;
    return below;
}

static uint32_t count_all(const struct rebut_together *found)
{
    uint32_t all = 0;
    for (uint32_t i = 0; i < found->count; i++)
        all += found->groups[i].count;
    return all;
}

static void a_ring_without_a_key_is_found_and_hardly_anybody_else(void **state)
{
    (void)state;
    uint32_t rings = 0, others = 0;
    for (uint64_t seed = 1; seed <= 10; seed++) {
        static struct town town;
        uint32_t who[MOST];
        fill(&town, seed);
        raid(&town, 0, .9);
        struct rebut_together found = find(&town, who);
        rings += count_below(&found, who, RING);
        others += count_all(&found) - count_below(&found, who, RING);
        for (uint32_t i = 0; i < found.count; i++) {
            assert_true(found.groups[i].q_value <= REBUT_TOGETHER_FALSE);
            assert_true(found.groups[i].count >= 2);
            if (i > 0)
                assert_true(found.groups[i].density <= found.groups[i - 1].density &&
                            found.groups[i].q_value >= found.groups[i - 1].q_value);
        }
        rebut_together_close(&found);
    }
    assert_true(rings >= 60 && others <= 2);
}

static void without_a_ring_there_is_hardly_ever_a_group(void **state)
{
    (void)state;
    uint32_t groups = 0;
    for (uint64_t seed = 101; seed <= 150; seed++) {
        static struct town town;
        uint32_t who[MOST];
        fill(&town, seed);
        struct rebut_together found = find(&town, who);
        groups += found.count;
        rebut_together_close(&found);
    }
    assert_true(groups <= 10);
}

/* What claimants look like when they are doubted a little: the ring's pattern at a
 * tenth. */
static void the_same_pattern_of_improbable_abuse_is_no_group(void **state)
{
    (void)state;
    uint32_t claimants = 0;
    for (uint64_t seed = 1; seed <= 10; seed++) {
        static struct town town;
        uint32_t who[MOST];
        fill(&town, seed);
        raid(&town, 0, .1);
        struct rebut_together found = find(&town, who);
        claimants += count_below(&found, who, RING);
        rebut_together_close(&found);
    }
    assert_int_equal(claimants, 0);
}

static void a_crowd_at_one_merchant_is_no_group(void **state)
{
    (void)state;
    static struct town town;
    uint32_t who[MOST];
    fill(&town, 3);
    for (uint32_t i = 0; i < 40; i++)
        add(&town, i, 5, 20030 + pick(&town, 300) / 100., .95);
    struct rebut_together found = find(&town, who);
    assert_int_equal(count_below(&found, who, 40), 0);
    rebut_together_close(&found);
}

static void merchants_numbered_otherwise_give_the_same_groups(void **state)
{
    (void)state;
    static struct town town, other;
    uint32_t who[MOST], who_other[MOST];
    fill(&town, 5);
    raid(&town, 0, .9);
    other = town;
    for (uint32_t i = 0; i < other.count; i++) {
        other.visits[i].merchant = 1000 - 3 * other.visits[i].merchant;
        other.visits[i].item = 9000 - other.visits[i].item;
    }
    struct rebut_together found = find(&town, who), again = find(&other, who_other);
    assert_true(found.count > 0);
    assert_int_equal(found.count, again.count);
    assert_memory_equal(found.groups, again.groups, found.count * sizeof *found.groups);
    assert_memory_equal(found.members, again.members,
                        count_all(&found) * sizeof *found.members);
    rebut_together_close(&found);
    rebut_together_close(&again);
}

static void nobody_and_one_request_are_no_group(void **state)
{
    (void)state;
    const struct rebut_visit one = {.at = 5, .weight = 1};
    struct rebut_together found;
    struct rebut_error err = {0};
    assert_true(rebut_together_open(&found, NULL, 0, &err));
    assert_int_equal(found.count, 0);
    rebut_together_close(&found);
    assert_true(rebut_together_open(&found, &one, 1, &err));
    assert_int_equal(found.count, 0);
    rebut_together_close(&found);
}

static void visits_out_of_order_or_domain_are_refused(void **state)
{
    (void)state;
    static const struct rebut_visit bad[][2] = {
        {{.at = 5, .weight = 1}, {.at = 4, .weight = 1}},
        {{.at = 5, .weight = 1}, {.at = 5, .weight = 1, .account = 2}},
        {{.at = 5, .weight = 1}, {.at = 5, .weight = 0}},
        {{.at = 5, .weight = 1}, {.at = 5, .weight = (double)NAN}},
        {{.at = -1, .weight = 1}, {.at = 5, .weight = 1}},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct rebut_together found;
        struct rebut_error err = {0};
        assert_false(rebut_together_open(&found, bad[i], 2, &err));
        assert_int_equal(err.code, REBUT_EINPUT);
        rebut_together_close(&found);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_ring_without_a_key_is_found_and_hardly_anybody_else),
        cmocka_unit_test(without_a_ring_there_is_hardly_ever_a_group),
        cmocka_unit_test(the_same_pattern_of_improbable_abuse_is_no_group),
        cmocka_unit_test(a_crowd_at_one_merchant_is_no_group),
        cmocka_unit_test(merchants_numbered_otherwise_give_the_same_groups),
        cmocka_unit_test(nobody_and_one_request_are_no_group),
        cmocka_unit_test(visits_out_of_order_or_domain_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
