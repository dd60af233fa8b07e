#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "near.h"
#include "rebut/audit.h"

#define DAY0 INT64_C(1767225600000000) /* 2026-01-01T00:00:00Z, a Thursday */

static struct rebut_state no_state;

static void add(struct rebut_audit *audit, double probability, bool abuse,
                enum rebut_selection selection, int day)
{
    assert_true(REBUT_ARRAY_MORE(&audit->items, 1, "items", NULL));
    audit->items.data[audit->items.count++] =
        (struct rebut_audit_item){.probability = probability,
                                  .q_value = 1 - probability,
                                  .weight = selection == REBUT_SELECTION_RANDOM ? 10 : 1,
                                  .merchant = (double)NAN,
                                  .requested_at = DAY0,
                                  .judged_at = DAY0 + day * REBUT_DAY,
                                  .selection = (uint8_t)selection,
                                  .channel = REBUT_CHANNEL_SHELF,
                                  .abuse = abuse};
}

/* Four ranked, one of them wrong; two drawn of ten each, one abusive. */
static void make(struct rebut_audit *audit, double error)
{
    rebut_audit_init(audit);
    audit->state = &no_state;
    audit->reviewer_error = error;
    add(audit, .6, false, REBUT_SELECTION_RANKED, 4);
    add(audit, .9, true, REBUT_SELECTION_RANKED, 0);
    add(audit, .8, true, REBUT_SELECTION_RANKED, 3);
    add(audit, .7, true, REBUT_SELECTION_RANKED, 32);
    add(audit, .2, true, REBUT_SELECTION_RANDOM, 5);
    add(audit, .1, false, REBUT_SELECTION_RANDOM, 5);
    assert_true(rebut_audit_measure(audit, NULL));
}

static void a_week_belongs_to_the_year_of_its_thursday(void **state)
{
    (void)state;
    struct rebut_audit audit;
    make(&audit, (double)NAN);
    assert_int_equal(audit.weeks.count, 3);
    assert_string_equal(audit.weeks.data[0].name, "2026-W01");
    assert_int_equal(audit.weeks.data[0].judged, 2); /* Thursday and Sunday */
    assert_string_equal(audit.weeks.data[1].name, "2026-W02");
    assert_string_equal(audit.weeks.data[2].name, "2026-W06");
    assert_true(isnan(audit.total.corrected));
    rebut_audit_release(&audit);
    rebut_audit_init(&audit);
    audit.state = &no_state;
    add(&audit, .9, true, REBUT_SELECTION_RANKED, 366); /* Saturday, 2027-01-02 */
    assert_true(rebut_audit_measure(&audit, NULL));
    assert_string_equal(audit.weeks.data[0].name, "2026-W53");
    assert_string_equal(audit.months.data[0].name, "2027-01");
    rebut_audit_release(&audit);
}

static void stated_stands_beside_realised(void **state)
{
    (void)state;
    struct rebut_audit audit;
    make(&audit, .05);
    assert_int_equal(audit.total.judged, 4);
    assert_int_equal(audit.total.wrong, 1);
    assert_near(audit.total.stated, .25, 1e-12); /* (.4 + .1 + .2 + .3) / 4 */
    assert_near(audit.total.q_value, .4, 1e-12);
    assert_near(audit.total.realised, .25, 0);
    assert_near(audit.total.range.low, .0063094, 1e-6); /* 1 - .975^(1/4) */
    assert_near(audit.total.corrected, .2 / .9, 1e-12);
    assert_near(audit.total.corrected_range.low, 0, 0);
    assert_true(audit.total.clamped);
    rebut_audit_release(&audit);
}

/* Weights: 4 ranked, 3 abusive; 10 and 10.  All 24, abuse 13, of it ranked 3. */
static void who_was_not_asked_is_stood_for(void **state)
{
    (void)state;
    struct rebut_audit audit;
    make(&audit, (double)NAN);
    assert_near(audit.estimates[REBUT_AUDIT_PREVALENCE].value, 13.0 / 24, 1e-12);
    assert_near(audit.estimates[REBUT_AUDIT_PRECISION].value, .75, 1e-12);
    assert_near(audit.estimates[REBUT_AUDIT_RECALL].value, 3.0 / 13, 1e-12);
    assert_false(audit.reliability_random);
    assert_int_equal(audit.ranking.count, 6);
    rebut_audit_release(&audit);
}

static void small_groups_are_pooled(void **state)
{
    (void)state;
    struct rebut_audit audit;
    make(&audit, (double)NAN);
    for (uint32_t i = 0; i < audit.groups.count; i++)
        assert_string_equal(audit.groups.data[i].name, "other");
    assert_int_equal(audit.groups.count, 6); /* one of each kind */
    assert_int_equal(audit.groups.data[0].judged, 4);
    assert_int_equal(audit.groups.data[4].judged, 6); /* selection: all that is judged */
    rebut_audit_release(&audit);
}

/* January: -.6, .1, .2, .8, -.1. */
static void calibration_drifts_by_month(void **state)
{
    (void)state;
    struct rebut_audit audit;
    make(&audit, (double)NAN);
    assert_int_equal(audit.months.count, 2);
    assert_int_equal(audit.months.data[0].judged, 5);
    assert_near(audit.months.data[0].shift, .08, 1e-12);
    assert_near(audit.months.data[0].range.high - .08,
                1.959963984540054 * sqrt(1.028 / 20), 1e-9);
    assert_near(audit.months.data[1].shift, .3, 1e-12);
    assert_true(isnan(audit.months.data[1].range.low));
    rebut_audit_release(&audit);
}

static void the_order_of_reading_changes_nothing(void **state)
{
    (void)state;
    struct rebut_audit one, two;
    rebut_audit_init(&one);
    rebut_audit_init(&two);
    one.state = two.state = &no_state;
    for (int i = 0; i < 200; i++)
        add(&one, (i * 37 % 101) / 103.0, i % 3 == 0, REBUT_SELECTION_RANKED, i % 9);
    for (int i = 199; i >= 0; i--)
        add(&two, (i * 37 % 101) / 103.0, i % 3 == 0, REBUT_SELECTION_RANKED, i % 9);
    assert_true(rebut_audit_measure(&one, NULL));
    assert_true(rebut_audit_measure(&two, NULL));
    assert_memory_equal(&one.total, &two.total, sizeof one.total);
    assert_near(one.months.data[0].shift, two.months.data[0].shift, 0);
    assert_memory_equal(one.reliability, two.reliability, sizeof one.reliability);
    rebut_audit_release(&one);
    rebut_audit_release(&two);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_week_belongs_to_the_year_of_its_thursday),
        cmocka_unit_test(stated_stands_beside_realised),
        cmocka_unit_test(who_was_not_asked_is_stood_for),
        cmocka_unit_test(small_groups_are_pooled),
        cmocka_unit_test(calibration_drifts_by_month),
        cmocka_unit_test(the_order_of_reading_changes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
