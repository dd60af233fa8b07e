#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "rebut/intern.h"

static struct rebut_text name_of(unsigned number, char room[32])
{
    const int size = snprintf(room, 32, "id-%u", number);
    return (struct rebut_text){room, (size_t)size};
}

static uint32_t put(struct rebut_intern *table, struct rebut_text text, uint64_t hash)
{
    struct rebut_error err = {0};
    uint32_t index = REBUT_INTERN_NONE;
    if (!rebut_intern_put(table, text, hash, &index, &err))
        fail_msg("%s", err.message);
    return index;
}

static void ids_are_numbered_in_the_order_of_their_first_put(void **state)
{
    (void)state;
    struct rebut_intern table;
    rebut_intern_init(&table, 7);
    const char *const names[] = {"b", "a", "b", "c", "a", "\xe4\xb8\xad"};
    const uint32_t expected[] = {0, 1, 0, 2, 1, 3};
    for (int i = 0; i < 6; i++) {
        const struct rebut_text text = rebut_text_of(names[i]);
        assert_int_equal(put(&table, text, rebut_intern_hash(&table, text)), expected[i]);
    }
    assert_int_equal(table.count, 4);
    assert_true(
        rebut_text_equal(rebut_intern_text(&table, 3), rebut_text_of("\xe4\xb8\xad")));
    rebut_intern_release(&table);
}

static void an_empty_table_finds_nothing(void **state)
{
    (void)state;
    struct rebut_intern table;
    rebut_intern_init(&table, 0);
    assert_int_equal(rebut_intern_find(&table, REBUT_TEXT("a"), 1), REBUT_INTERN_NONE);
    rebut_intern_prefetch(&table, 1);
    rebut_intern_release(&table);
    rebut_intern_release(&table);
    assert_int_equal(rebut_intern_bytes(&table), 0);
}

static void a_cleared_table_begins_again_in_the_same_memory(void **state)
{
    (void)state;
    struct rebut_intern table;
    char room[32], longer[200];
    size_t bytes = 0;
    memset(longer, 'x', sizeof longer);
    rebut_intern_init(&table, 7);
    for (int round = 0; round < 4; round++) {
        for (unsigned i = 0; i < 20000; i++) {
            const struct rebut_text text = name_of(i + 7U * (unsigned)round, room);
            assert_int_equal(put(&table, text, rebut_intern_hash(&table, text)), i);
        }
        const struct rebut_text text = {longer, sizeof longer};
        assert_int_equal(put(&table, text, rebut_intern_hash(&table, text)), 20000);
        assert_true(rebut_text_equal(rebut_intern_text(&table, 20000), text));
        assert_true(rebut_text_equal(rebut_intern_text(&table, 0),
                                     name_of(7U * (unsigned)round, room)));
        assert_true(round == 0 || rebut_intern_bytes(&table) == bytes);
        bytes = rebut_intern_bytes(&table);
        rebut_intern_clear(&table);
        assert_int_equal(table.count, 0);
        assert_int_equal(rebut_intern_find(&table, text, rebut_intern_hash(&table, text)),
                         REBUT_INTERN_NONE);
    }
    rebut_intern_release(&table);
}

/* At every moment of a growth all that was put is found, and nothing else. */
static void nothing_is_lost_while_slots_move(void **state)
{
    (void)state;
    enum { COUNT = 500000 }; /* old slots beyond a megabyte, too */
    struct rebut_intern table;
    char room[32];
    unsigned chance = 1, moving = 0;
    rebut_intern_init(&table, 7);
    for (unsigned i = 0; i < COUNT; i++) {
        struct rebut_text text = name_of(i, room);
        assert_int_equal(put(&table, text, rebut_intern_hash(&table, text)), i);
        chance = chance * 1664525 + 1013904223;
        const unsigned other = (unsigned)((uint64_t)chance * (i + 1) >> 32);
        text = name_of(other, room);
        const uint64_t hash = rebut_intern_hash(&table, text);
        rebut_intern_prefetch(&table, hash);
        assert_int_equal(rebut_intern_find(&table, text, hash), other);
        assert_int_not_equal(rebut_intern_guess(&table, hash), REBUT_INTERN_NONE);
        assert_int_equal(put(&table, text, hash), other);
        text = name_of(i + 1, room);
        assert_int_equal(rebut_intern_find(&table, text, rebut_intern_hash(&table, text)),
                         REBUT_INTERN_NONE);
        moving += table.old_slots != NULL;
        if (i == 200000 || i == 99000)
            assert_true(rebut_intern_reserve(&table, table.slot_count, NULL));
    }
    assert_in_range(moving, COUNT / 100, COUNT / 2);
    rebut_intern_clear(&table);
    assert_null(table.old_slots);
    rebut_intern_release(&table);
}

static void a_borrowed_entry_reads_as_the_one_it_is_of(void **state)
{
    (void)state;
    struct rebut_intern table, borrower;
    const struct rebut_text texts[] = {REBUT_TEXT("near"),
                                       REBUT_TEXT("a text that its entry cannot hold")};
    rebut_intern_init(&table, 7);
    rebut_intern_init(&borrower, 0);
    for (int i = 0; i < 2; i++)
        put(&table, texts[i], rebut_intern_hash(&table, texts[i]));
    for (uint32_t i = 0; i < 20000; i++)
        assert_true(rebut_intern_borrow(&borrower, &table, (i + 1) % 2, NULL));
    for (uint32_t i = 0; i < 20000; i++)
        assert_true(
            rebut_text_equal(rebut_intern_text(&borrower, i), texts[(i + 1) % 2]));
    rebut_intern_release(&borrower);
    assert_true(rebut_text_equal(rebut_intern_text(&table, 1), texts[1]));
    rebut_intern_release(&table);
}

static void growth_loses_and_renumbers_nothing(void **state)
{
    (void)state;
    enum { COUNT = 100000 };
    struct rebut_intern table;
    char room[32];
    rebut_intern_init(&table, 618);
    for (unsigned i = 0; i < COUNT; i++) {
        const struct rebut_text text = name_of(i, room);
        assert_int_equal(put(&table, text, rebut_intern_hash(&table, text)), i);
    }
    for (unsigned i = 0; i < COUNT; i++) {
        const struct rebut_text text = name_of(i, room);
        assert_int_equal(rebut_intern_find(&table, text, rebut_intern_hash(&table, text)),
                         i);
        assert_true(rebut_text_equal(rebut_intern_text(&table, i), text));
    }
    const struct rebut_text other = name_of(COUNT, room);
    assert_int_equal(rebut_intern_find(&table, other, rebut_intern_hash(&table, other)),
                     REBUT_INTERN_NONE);
    assert_true(table.count <= table.slot_count / 4 * 3);
    rebut_intern_release(&table);
}

static void a_text_stays_where_it_is(void **state)
{
    (void)state;
    struct rebut_intern table;
    char room[32];
    rebut_intern_init(&table, 1);
    put(&table, REBUT_TEXT("first"), 1);
    const char *first = rebut_intern_text(&table, 0).data;
    for (unsigned i = 0; i < 50000; i++) {
        const struct rebut_text text = name_of(i, room);
        put(&table, text, rebut_intern_hash(&table, text));
    }
    assert_ptr_equal(rebut_intern_text(&table, 0).data, first);
    assert_memory_equal(first, "first", 5);
    rebut_intern_release(&table);
}

static void reserved_room_is_enough_without_growth(void **state)
{
    (void)state;
    enum { COUNT = 3000 };
    struct rebut_intern table;
    struct rebut_error err = {0};
    char room[32];
    rebut_intern_init(&table, 1);
    assert_true(rebut_intern_reserve(&table, COUNT, &err));
    const uint64_t *slots = table.slots;
    for (unsigned i = 0; i < COUNT; i++) {
        const struct rebut_text text = name_of(i, room);
        put(&table, text, rebut_intern_hash(&table, text));
    }
    assert_ptr_equal(table.slots, slots);
    assert_true(rebut_intern_reserve(&table, 10, &err));
    assert_int_equal(table.count, COUNT);
    assert_false(rebut_intern_reserve(&table, UINT32_MAX, &err));
    assert_int_equal(err.code, REBUT_ELIMIT);
    rebut_intern_release(&table);
}

/* Entries hold up to 15 bytes; texts of the sizes around differ in their last byte alone,
 * and have one hash. */
static void a_guess_holds_only_if_the_text_is_the_same(void **state)
{
    (void)state;
    struct rebut_intern table;
    char one[] = "1234567890123456", other[] = "1234567890123456";
    rebut_intern_init(&table, 1);
    assert_int_equal(rebut_intern_guess(&table, 5), REBUT_INTERN_NONE);
    assert_false(rebut_intern_is(&table, REBUT_INTERN_NONE, REBUT_TEXT("1")));
    for (size_t size = 1; size <= 16; size++) {
        const struct rebut_text text = {one, size}, wrong = {other, size};
        other[size - 1] = 'x';
        const uint32_t index = put(&table, text, size);
        assert_int_equal(rebut_intern_guess(&table, size), index);
        rebut_intern_prefetch_text(&table, index);
        assert_true(rebut_intern_is(&table, index, text));
        assert_false(rebut_intern_is(&table, index, wrong));
        assert_int_equal(rebut_intern_find(&table, wrong, size), REBUT_INTERN_NONE);
        other[size - 1] = one[size - 1];
    }
    rebut_intern_release(&table);
}

/* Hashes are the caller's: these all want the last slot, so that every probe is long and
 * goes round the end, before and after growth. */
static void ids_that_want_the_same_slot_are_told_apart(void **state)
{
    (void)state;
    enum { COUNT = 500 };
    const uint64_t hash = UINT64_C(0x12345678ffffffff);
    struct rebut_intern table;
    char room[32];
    rebut_intern_init(&table, 1);
    for (unsigned i = 0; i < COUNT; i++)
        assert_int_equal(put(&table, name_of(i, room), hash), i);
    for (unsigned i = 0; i < COUNT; i++) {
        assert_int_equal(put(&table, name_of(i, room), hash), i);
        assert_int_equal(rebut_intern_find(&table, name_of(i, room), hash), i);
    }
    assert_int_equal(rebut_intern_find(&table, name_of(COUNT, room), hash),
                     REBUT_INTERN_NONE);
    assert_int_equal(table.count, COUNT);
    rebut_intern_release(&table);
}

static void an_id_has_1_to_255_bytes(void **state)
{
    (void)state;
    struct rebut_intern table;
    struct rebut_error err = {0};
    uint32_t index = 77;
    char text[256];
    memset(text, 't', sizeof text);
    rebut_intern_init(&table, 1);
    assert_false(rebut_intern_put(&table, REBUT_TEXT(""), 5, &index, &err));
    assert_int_equal(err.code, REBUT_EINPUT);
    assert_string_equal(err.message, "an id has 1 to 255 bytes, got 0");
    struct rebut_error over = {0};
    assert_false(
        rebut_intern_put(&table, (struct rebut_text){text, 256}, 5, &index, &over));
    assert_string_equal(over.message, "an id has 1 to 255 bytes, got 256");
    assert_int_equal(index, 77);
    assert_int_equal(table.count, 0);
    for (size_t size = 1; size < 256; size++)
        assert_int_equal(put(&table, (struct rebut_text){text, size}, 5), size - 1);
    for (uint32_t i = 0; i < 255; i++)
        assert_int_equal(rebut_intern_text(&table, i).size, i + 1);
    rebut_intern_release(&table);
}

static void long_ids_fill_more_than_one_chunk(void **state)
{
    (void)state;
    enum { COUNT = 20000 };
    struct rebut_intern table;
    char text[255];
    memset(text, 'x', sizeof text);
    rebut_intern_init(&table, 3);
    for (uint32_t i = 0; i < COUNT; i++) {
        memcpy(text, &i, sizeof i);
        const struct rebut_text id = {text, sizeof text};
        assert_int_equal(put(&table, id, rebut_intern_hash(&table, id)), i);
    }
    assert_true(table.chunk_count > 16);
    for (uint32_t i = 0; i < COUNT; i++) {
        memcpy(text, &i, sizeof i);
        assert_memory_equal(rebut_intern_text(&table, i).data, text, sizeof text);
    }
    assert_true(rebut_intern_bytes(&table) >= (size_t)COUNT * 256);
    rebut_intern_release(&table);
}

static void the_seed_changes_hashes_and_not_numbers(void **state)
{
    (void)state;
    struct rebut_intern one, other;
    char room[32];
    rebut_intern_init(&one, 1);
    rebut_intern_init(&other, 2);
    for (unsigned i = 0; i < 1000; i++) {
        const struct rebut_text text = name_of(i * 7 % 1000, room);
        const uint64_t hash = rebut_intern_hash(&one, text);
        assert_int_not_equal(hash, rebut_intern_hash(&other, text));
        assert_int_equal(put(&one, text, hash),
                         put(&other, text, rebut_intern_hash(&other, text)));
    }
    rebut_intern_release(&one);
    rebut_intern_release(&other);
}

/* More than eight blocks of entries and eight chunks of texts: then they come in groups.
 */
static void groups_of_blocks_hold_what_single_ones_do(void **state)
{
    (void)state;
    enum { IDS = 300000 };
    struct rebut_intern table;
    rebut_intern_init(&table, 7);
    for (int round = 0; round < 2; round++) {
        char id[40];
        for (uint32_t i = 0; i < IDS; i++) {
            uint32_t index = 0;
            snprintf(id, sizeof id, "longer than fifteen %d %06u", round, i);
            const struct rebut_text text = rebut_text_of(id);
            const uint64_t hash = rebut_intern_hash(&table, text);
            assert_true(rebut_intern_put(&table, text, hash, &index, NULL));
            assert_int_equal(index, i);
        }
        for (uint32_t i = 0; i < IDS; i += 997) {
            snprintf(id, sizeof id, "longer than fifteen %d %06u", round, i);
            assert_true(rebut_intern_is(&table, i, rebut_text_of(id)));
        }
        rebut_intern_clear(&table);
    }
    rebut_intern_release(&table);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(groups_of_blocks_hold_what_single_ones_do),
        cmocka_unit_test(ids_are_numbered_in_the_order_of_their_first_put),
        cmocka_unit_test(an_empty_table_finds_nothing),
        cmocka_unit_test(a_cleared_table_begins_again_in_the_same_memory),
        cmocka_unit_test(nothing_is_lost_while_slots_move),
        cmocka_unit_test(a_borrowed_entry_reads_as_the_one_it_is_of),
        cmocka_unit_test(growth_loses_and_renumbers_nothing),
        cmocka_unit_test(a_text_stays_where_it_is),
        cmocka_unit_test(reserved_room_is_enough_without_growth),
        cmocka_unit_test(a_guess_holds_only_if_the_text_is_the_same),
        cmocka_unit_test(ids_that_want_the_same_slot_are_told_apart),
        cmocka_unit_test(an_id_has_1_to_255_bytes),
        cmocka_unit_test(long_ids_fill_more_than_one_chunk),
        cmocka_unit_test(the_seed_changes_hashes_and_not_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
