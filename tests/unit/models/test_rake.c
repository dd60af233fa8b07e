#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "near.h"
#include "rebut/rake.h"

/* Two factors of three and two levels, all six cells. */
#define CELLS 6
static const uint16_t row[CELLS] = {0, 0, 1, 1, 2, 2};
static const uint16_t column[CELLS] = {0, 1, 0, 1, 0, 1};

struct table {
    double rows[3], columns[2], product[CELLS];
    rebut_fixed observed[CELLS], base[CELLS];
};

static struct table table_of(const double *observed, const double *base)
{
    struct table table = {.rows = {1, 1, 1}, .columns = {1, 1}};
    for (int i = 0; i < CELLS; i++) {
        table.observed[i] = rebut_to_fixed(observed[i]);
        table.base[i] = rebut_to_fixed(base[i]);
    }
    return table;
}

static void rake(struct table *table, double pseudo_counts, int rounds)
{
    const struct rebut_factor factors[2] = {{3, row, table->rows},
                                            {2, column, table->columns}};
    const struct rebut_raking raking = {CELLS, table->observed, table->base,
                                        pseudo_counts};
    struct rebut_rake_sum sums[3];
    rebut_rake(&raking, factors, 2, rounds, table->product, sums);
}

static void without_pseudo_counts_the_margins_come_out(void **state)
{
    (void)state;
    static const double observed[CELLS] = {10, 4, 3, 9, 8, 2};
    static const double base[CELLS] = {6, 6, 4, 7, 5, 3};
    struct table table = table_of(observed, base);
    rake(&table, 0, 60);
    for (int r = 0; r < 3; r++)
        assert_near(base[2 * r] * table.product[2 * r] +
                        base[2 * r + 1] * table.product[2 * r + 1],
                    observed[2 * r] + observed[2 * r + 1], 1e-9);
    for (int c = 0; c < 2; c++)
        assert_near(base[c] * table.product[c] + base[c + 2] * table.product[c + 2] +
                        base[c + 4] * table.product[c + 4],
                    observed[c] + observed[c + 2] + observed[c + 4], 1e-9);
}

static void multipliers_that_made_the_counts_are_found_again(void **state)
{
    (void)state;
    static const double true_rows[3] = {.5, 1, 4}, true_columns[2] = {1, 2.5};
    double observed[CELLS], base[CELLS];
    for (int i = 0; i < CELLS; i++) {
        base[i] = 1000 + 137 * i;
        observed[i] = base[i] * true_rows[row[i]] * true_columns[column[i]];
    }
    struct table table = table_of(observed, base);
    rake(&table, 0, 40);
    for (int i = 0; i < CELLS; i++)
        assert_near(table.product[i], true_rows[row[i]] * true_columns[column[i]], 1e-9);
    assert_near(table.rows[2] / table.rows[1], 4, 1e-9);
    assert_near(table.columns[1] / table.columns[0], 2.5, 1e-9);
}

static void the_product_is_that_of_the_multipliers(void **state)
{
    (void)state;
    static const double observed[CELLS] = {1, 0, 3, 2, 8, 0};
    static const double base[CELLS] = {1, 2, 3, 2, 1, 0};
    struct table table = table_of(observed, base);
    rake(&table, 5, 7);
    for (int i = 0; i < CELLS; i++)
        assert_near(table.product[i], table.rows[row[i]] * table.columns[column[i]],
                    1e-13);
}

static void a_level_that_was_never_seen_stays_at_one(void **state)
{
    (void)state;
    static const double observed[CELLS] = {3, 5, 0, 0, 2, 2};
    static const double base[CELLS] = {3, 5, 0, 0, 2, 2};
    struct table table = table_of(observed, base);
    rake(&table, 10, 20);
    assert_near(table.rows[1], 1, 1e-12);
}

static void one_round_shrinks_by_the_pseudo_counts(void **state)
{
    (void)state;
    static const double observed[CELLS] = {0, 0, 3, 3, 2, 2};
    static const double base[CELLS] = {1, 1, 2, 2, 2, 2};
    struct table table = table_of(observed, base);
    rake(&table, 10, 1);
    assert_near(table.rows[0], 10. / 12, 1e-12);
    assert_near(table.rows[1], 16. / 14, 1e-12);
}

/* However often it is raked: two expected and none seen is weak evidence. */
static void rounds_do_not_wear_the_shrinkage_away(void **state)
{
    (void)state;
    static const double observed[CELLS] = {0, 0, 6, 6, 4, 4};
    static const double base[CELLS] = {1, 1, 5, 5, 4, 4};
    struct table table = table_of(observed, base);
    rake(&table, 10, 200);
    assert_near(table.rows[0], 10. / 12, .02);
}

static void the_order_of_cells_changes_no_bit(void **state)
{
    (void)state;
    static const double observed[CELLS] = {.1, .7, 3.3, 1e-3, 8.25, 2};
    static const double base[CELLS] = {1.7, .2, 3e3, .002, 8, 2};
    struct table there = table_of(observed, base),
                 back = {.rows = {1, 1, 1}, .columns = {1, 1}};
    uint16_t row_back[CELLS], column_back[CELLS];
    for (int i = 0; i < CELLS; i++) {
        back.observed[i] = there.observed[CELLS - 1 - i];
        back.base[i] = there.base[CELLS - 1 - i];
        row_back[i] = row[CELLS - 1 - i];
        column_back[i] = column[CELLS - 1 - i];
    }
    rake(&there, 5, 9);
    const struct rebut_factor factors[2] = {{3, row_back, back.rows},
                                            {2, column_back, back.columns}};
    const struct rebut_raking raking = {CELLS, back.observed, back.base, 5};
    struct rebut_rake_sum sums[3];
    rebut_rake(&raking, factors, 2, 9, back.product, sums);
    assert_memory_equal(there.rows, back.rows, sizeof there.rows);
    assert_memory_equal(there.columns, back.columns, sizeof there.columns);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_pseudo_counts_the_margins_come_out),
        cmocka_unit_test(multipliers_that_made_the_counts_are_found_again),
        cmocka_unit_test(the_product_is_that_of_the_multipliers),
        cmocka_unit_test(a_level_that_was_never_seen_stays_at_one),
        cmocka_unit_test(one_round_shrinks_by_the_pseudo_counts),
        cmocka_unit_test(rounds_do_not_wear_the_shrinkage_away),
        cmocka_unit_test(the_order_of_cells_changes_no_bit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
