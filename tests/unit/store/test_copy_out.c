/* Bytes of COPY BINARY are read within their bounds, whatever they say. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "../../../engine/store/store_events_parts.h"
#include "chance.h"

#define BYTES(literal) ((struct rebut_text){(literal), sizeof(literal) - 1})

#define HEAD "PGCOPY\n\377\r\n\0\0\0\0\0"
#define TUPLE                                                                            \
    "\0\3"                                                                               \
    "\0\0\0\2hi"                                                                         \
    "\377\377\377\377"                                                                   \
    "\0\0\0\0"

/* In a block of just its size, so that the sanitizer sees any look beyond. */
static bool cells_of(struct rebut_text tuple, struct cell *ret_cells, int count)
{
    static char *block;
    free(block);
    block = malloc(tuple.size == 0 ? 1 : tuple.size);
    assert_non_null(block);
    memcpy(block, tuple.data, tuple.size);
    return rebut_copy_out_cells((struct rebut_text){block, tuple.size}, ret_cells, count);
}

static void a_tuple_gives_its_cells(void **state)
{
    struct cell cells[3];
    (void)state;
    assert_true(cells_of(BYTES(TUPLE), cells, 3));
    assert_int_equal(cells[0].size, 2);
    assert_memory_equal(cells[0].data, "hi", 2);
    assert_int_equal(cells[1].size, -1);
    assert_int_equal(cells[2].size, 0);
}

static void a_tuple_cut_anywhere_or_with_other_fields_is_none(void **state)
{
    struct cell cells[4];
    const struct rebut_text whole = BYTES(TUPLE);
    (void)state;
    for (size_t size = 0; size < whole.size; size++)
        assert_false(cells_of((struct rebut_text){whole.data, size}, cells, 3));
    assert_false(cells_of(whole, cells, 2));
    assert_false(cells_of(whole, cells, 4));
    assert_false(cells_of(BYTES(TUPLE "x"), cells, 3));
    assert_false(cells_of(BYTES("\0\1\177\377\377\377hi"), cells, 1));
    assert_false(cells_of(BYTES("\0\1\377\377\377\376hi"), cells, 1));
}

static void the_head_is_passed_over_with_what_it_adds(void **state)
{
    struct rebut_text message = BYTES(HEAD "\0\0\0\0rest");
    (void)state;
    assert_true(rebut_copy_out_head(&message));
    assert_int_equal(message.size, 4);
    assert_memory_equal(message.data, "rest", 4);
    message = BYTES(HEAD "\0\0\0\2xxrest");
    assert_true(rebut_copy_out_head(&message));
    assert_memory_equal(message.data, "rest", 4);
    static const char *const bad[] = {
        HEAD "\0\0\0",                                /* cut */
        HEAD "\0\0\0\5rest",                          /* adds more than there is */
        HEAD "\377\377\377\377rest",                  /* adds less than nothing */
        "PGCOPY\n\377\n\n\0\0\0\0\0\0\0\0\0rest....", /* another signature */
        "PGCOPY\n\377\r\n\0\0\1\0\0\0\0\0\0rest....", /* a flag that changes the meaning
                                                       */
    };
    static const size_t sizes[] = {18, 23, 23, 27, 27};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        message = (struct rebut_text){bad[i], sizes[i]};
        assert_false(rebut_copy_out_head(&message));
    }
}

/* ---- cells as values ---- */

static bool value_of(enum rebut_shape shape, struct rebut_text bytes,
                     struct rebut_value *ret_value, struct rebut_text *photos)
{
    static char *block;
    free(block);
    block = malloc(bytes.size == 0 ? 1 : bytes.size);
    assert_non_null(block);
    memcpy(block, bytes.data, bytes.size);
    const struct relation relation = {.shapes = {(uint8_t)shape}, .count = 1};
    const struct cell cell = {block, (int32_t)bytes.size};
    return rebut_store_values(&relation, &cell, ret_value, photos);
}

static void numbers_of_every_width_and_times_of_another_epoch_are_read(void **state)
{
    struct rebut_value value;
    (void)state;
    assert_true(value_of(REBUT_SHAPE_INTEGER, BYTES("\377\376"), &value, NULL));
    assert_int_equal(value.integer, -2);
    assert_true(value_of(REBUT_SHAPE_INTEGER, BYTES("\0\0\1\0"), &value, NULL));
    assert_int_equal(value.integer, 256);
    assert_true(value_of(REBUT_SHAPE_INTEGER, BYTES("\0\0\0\1\0\0\0\0"), &value, NULL));
    assert_int_equal(value.integer, INT64_C(1) << 32);
    assert_false(value_of(REBUT_SHAPE_INTEGER, BYTES("\0\0\0"), &value, NULL));
    assert_true(value_of(REBUT_SHAPE_TIME, BYTES("\0\0\0\0\0\0\0\1"), &value, NULL));
    assert_int_equal(value.time, INT64_C(946684800000001));
    assert_true(value_of(REBUT_SHAPE_TIME, BYTES("\177\377\377\377\377\377\377\377"),
                         &value, NULL));
    assert_true(value.time == INT64_MAX);
    assert_true(
        value_of(REBUT_SHAPE_TIME, BYTES("\177\377\377\0\0\0\0\0"), &value, NULL));
    assert_true(value.time == INT64_MAX); /* 946,684,800 s more would not fit */
    assert_true(value_of(REBUT_SHAPE_TIME, BYTES("\200\0\0\0\0\0\0\0"), &value, NULL));
    assert_true(value.time == INT64_MIN);
    assert_false(value_of(REBUT_SHAPE_TIME, BYTES("\0\0\0\1"), &value, NULL));
    assert_true(
        value_of(REBUT_SHAPE_FRACTION, BYTES("\77\340\0\0\0\0\0\0"), &value, NULL));
    assert_true(value.real == 0.5);
    assert_true(value_of(REBUT_SHAPE_FRACTION, BYTES("\77\0\0\0"), &value, NULL));
    assert_true(value.real == 0.5);
    assert_false(value_of(REBUT_SHAPE_FRACTION, BYTES("\77"), &value, NULL));
}

#define TEXT_ARRAY(dimensions) "\0\0\0" dimensions "\0\0\0\1\0\0\0\31"

static void arrays_are_read_with_their_nulls_and_not_beyond_their_end(void **state)
{
    struct rebut_text photos[REBUT_PHOTOS_MAX + 1];
    struct rebut_value value;
    const struct rebut_text two = BYTES(TEXT_ARRAY("\1") "\0\0\0\2\0\0\0\1"
                                                         "\0\0\0\2ab"
                                                         "\377\377\377\377");
    (void)state;
    assert_true(value_of(REBUT_SHAPE_PHOTOS, two, &value, photos));
    assert_int_equal(value.texts.count, 2);
    assert_memory_equal(value.texts.data[0].data, "ab", 2);
    assert_null(value.texts.data[1].data);
    for (size_t size = 0; size < two.size; size++)
        assert_false(value_of(REBUT_SHAPE_PHOTOS, (struct rebut_text){two.data, size},
                              &value, photos));
    assert_true(value_of(REBUT_SHAPE_PHOTOS, BYTES(TEXT_ARRAY("\0")), &value, photos));
    assert_int_equal(value.texts.count, 0);
    /* More elements than there may be, in two dimensions, of which none is there. */
    assert_false(value_of(REBUT_SHAPE_PHOTOS,
                          BYTES(TEXT_ARRAY("\2") "\177\377\377\377\0\0\0\1"
                                                 "\177\377\377\377\0\0\0\1"),
                          &value, photos));
    assert_false(value_of(REBUT_SHAPE_PHOTOS, BYTES(TEXT_ARRAY("\7")), &value, photos));
}

/* Any bytes: nothing is read beyond them, and what is given lies within them. */
static void random_bytes_are_read_within_their_bounds(void **state)
{
    uint64_t dice = 7;
    (void)state;
    for (int round = 0; round < 200000; round++) {
        char bytes[64];
        const size_t size = chance_below(&dice, sizeof bytes);
        for (size_t i = 0; i < size; i++)
            bytes[i] = (char)(chance_below(&dice, 3) == 0 ? chance_below(&dice, 256)
                                                          : chance_below(&dice, 3));
        struct cell cells[REBUT_COLUMNS_MAX];
        struct rebut_text photos[REBUT_PHOTOS_MAX + 1];
        struct rebut_value value = {.kind = REBUT_VALUE_NULL};
        const struct rebut_text text = {bytes, size};
        (void)cells_of(text, cells, (int)chance_below(&dice, 4));
        (void)value_of((enum rebut_shape)chance_below(&dice, 6), text, &value, photos);
        if (value.kind == REBUT_VALUE_TEXTS)
            assert_true(value.texts.count <= REBUT_PHOTOS_MAX + 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_tuple_gives_its_cells),
        cmocka_unit_test(a_tuple_cut_anywhere_or_with_other_fields_is_none),
        cmocka_unit_test(the_head_is_passed_over_with_what_it_adds),
        cmocka_unit_test(numbers_of_every_width_and_times_of_another_epoch_are_read),
        cmocka_unit_test(arrays_are_read_with_their_nulls_and_not_beyond_their_end),
        cmocka_unit_test(random_bytes_are_read_within_their_bounds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
