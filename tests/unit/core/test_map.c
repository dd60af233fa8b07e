#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "rebut/map.h"

static uint32_t put(struct rebut_map *map, uint64_t key)
{
    uint32_t value = 0;
    struct rebut_error err = {0};
    assert_true(rebut_map_put(map, key, &value, &err));
    return value;
}

static void numbers_are_given_in_the_order_of_first_puts(void **state)
{
    (void)state;
    struct rebut_map map = {0};
    assert_int_equal(put(&map, 900), 0);
    assert_int_equal(put(&map, 0), 1);
    assert_int_equal(put(&map, REBUT_MAP_KEY_NONE - 1), 2);
    assert_int_equal(put(&map, 900), 0);
    assert_int_equal(map.count, 3);
    assert_int_equal(rebut_map_find(&map, 0), 1);
    assert_int_equal(rebut_map_find(&map, 1), REBUT_MAP_NONE);
    rebut_map_release(&map);
}

static void an_empty_map_finds_nothing(void **state)
{
    (void)state;
    struct rebut_map map = {0};
    assert_int_equal(rebut_map_find(&map, 5), REBUT_MAP_NONE);
    rebut_map_release(&map);
    assert_int_equal(rebut_map_find(&map, 5), REBUT_MAP_NONE);
    assert_int_equal(put(&map, 5), 0); /* usable again after its release */
    rebut_map_release(&map);
    rebut_map_release(&map);
}

static void many_keys_keep_their_numbers_while_it_grows(void **state)
{
    (void)state;
    static const uint64_t steps[] = {1, 64, (uint64_t)1 << 32, 0x9e3779b97f4a7c15u};
    for (size_t s = 0; s < sizeof steps / sizeof steps[0]; s++) {
        struct rebut_map map = {0};
        for (uint32_t i = 0; i < 50000; i++) {
            assert_int_equal(put(&map, i * steps[s]), i);
            if (i % 997 == 0)
                assert_int_equal(rebut_map_find(&map, i / 2 * steps[s]), i / 2);
        }
        for (uint32_t i = 0; i < 50000; i++)
            assert_int_equal(rebut_map_find(&map, i * steps[s]), i);
        assert_int_equal(rebut_map_find(&map, 50000 * steps[s]), REBUT_MAP_NONE);
        assert_true(map.count <= map.slots / 4 * 3);
        assert_int_equal(map.slots & (map.slots - 1), 0);
        rebut_map_release(&map);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_given_in_the_order_of_first_puts),
        cmocka_unit_test(an_empty_map_finds_nothing),
        cmocka_unit_test(many_keys_keep_their_numbers_while_it_grows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
