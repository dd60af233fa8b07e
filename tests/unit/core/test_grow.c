#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "rebut/grow.h"

static void one_at_a_time_costs_few_moves(void **state)
{
    (void)state;
    REBUT_ARRAY(uint64_t) array = {0};
    struct rebut_error err = {0};
    uint32_t moves = 0, last = 0;
    for (uint32_t i = 0; i < 200000; i++) {
        assert_true(REBUT_ARRAY_MORE(&array, 1, "things", &err));
        moves += array.room != last;
        last = array.room;
        array.data[array.count++] = i;
    }
    for (uint32_t i = 0; i < 200000; i++)
        assert_true(array.data[i] == i);
    assert_true(moves < 40);
    free(array.data);
}

static void what_is_there_already_is_not_moved(void **state)
{
    (void)state;
    REBUT_ARRAY(char) array = {0};
    struct rebut_error err = {0};
    assert_true(REBUT_ARRAY_MORE(&array, 0, "bytes", &err));
    assert_null(array.data);
    assert_true(REBUT_ARRAY_MORE(&array, 10, "bytes", &err));
    const char *data = array.data;
    array.count = array.room;
    assert_true(REBUT_ARRAY_MORE(&array, 0, "bytes", &err));
    assert_ptr_equal(array.data, data);
    free(array.data);
}

static void past_32_bits_is_refused_in_words(void **state)
{
    (void)state;
    void *data = NULL;
    uint32_t room = 0;
    struct rebut_error err = {0};
    assert_false(rebut_grow(&data, &room, UINT32_MAX, 1, "bytes", &err));
    assert_int_equal(err.code, REBUT_ELIMIT);
    assert_string_equal(err.message, "at most 4294967294 bytes");
    assert_false(rebut_grow(&data, &room, SIZE_MAX, 8, "orders", NULL));
    assert_null(data);
    assert_int_equal(room, 0);
    struct {
        char *data;
        uint32_t count, room;
    } full = {NULL, UINT32_MAX - 1, UINT32_MAX - 1};
    assert_false(REBUT_ARRAY_MORE(&full, 2, "bytes", NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_at_a_time_costs_few_moves),
        cmocka_unit_test(what_is_there_already_is_not_moved),
        cmocka_unit_test(past_32_bits_is_refused_in_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
