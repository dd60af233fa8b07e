#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "rebut/grow.h"
#include "rebut/huge.h"
#include "rebut/intern.h"
#include "rebut/touch.h"

#define MEMORY ((size_t)16 << 20)

static char *map_memory(void)
{
    char *data =
        mmap(NULL, MEMORY, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    assert_ptr_not_equal(data, MAP_FAILED);
    return data;
}

/* How many bytes are there without having been written. */
static size_t resident(char *data, size_t size)
{
    const size_t pages = size / 4096;
    unsigned char *there = malloc(pages);
    assert_int_equal(mincore(data, size, there), 0);
    size_t count = 0;
    for (size_t i = 0; i < pages; i++)
        count += there[i] & 1;
    free(there);
    return count * 4096;
}

/* Does the system do it at all? */
static bool is_done_here(void)
{
    char *data = map_memory();
    rebut_touch_start();
    rebut_touch(data, MEMORY);
    const uint64_t touched = rebut_touch_settle();
    rebut_touch_stop();
    munmap(data, MEMORY);
    return touched > 0;
}

static void what_was_asked_for_is_there_and_keeps_its_content(void **state)
{
    (void)state;
    if (!is_done_here())
        skip();
    char *data = map_memory();
    strcpy(data + 5000, "before");
    rebut_touch_start();
    rebut_touch_start(); /* is one start */
    rebut_touch(data, MEMORY / 2);
    assert_int_equal(rebut_touch_settle(), MEMORY / 2);
    assert_int_equal(resident(data, MEMORY / 2), MEMORY / 2);
    assert_int_equal(resident(data + MEMORY / 2, MEMORY / 2), 0);
    assert_string_equal(data + 5000, "before");
    rebut_touch_stop();
    munmap(data, MEMORY);
}

static void nothing_happens_before_the_start_and_after_the_stop(void **state)
{
    (void)state;
    char *data = map_memory();
    rebut_touch(data, MEMORY);
    rebut_touch_start();
    rebut_touch_stop();
    rebut_touch(data, MEMORY);
    rebut_touch_stop();
    assert_int_equal(rebut_touch_settle(), 0);
    assert_int_equal(resident(data, MEMORY), 0);
    munmap(data, MEMORY);
}

static void memory_that_is_gone_or_not_ours_to_write_does_no_harm(void **state)
{
    (void)state;
    char *gone = map_memory(), *fixed = map_memory();
    strcpy(fixed, "fixed");
    assert_int_equal(mprotect(fixed, MEMORY, PROT_READ), 0);
    munmap(gone, MEMORY);
    rebut_touch_start();
    rebut_touch(gone, MEMORY);
    rebut_touch(fixed, MEMORY);
    rebut_touch(NULL, 0);
    for (int i = 0; i < 10000; i++) /* more than wait */
        rebut_touch(gone, 4096);
    (void)rebut_touch_settle();
    assert_string_equal(fixed, "fixed");
    rebut_touch_stop();
    munmap(fixed, MEMORY);
}

static void a_forked_child_never_waits_for_it(void **state)
{
    (void)state;
    char *data = map_memory();
    rebut_touch_start();
    for (int round = 0; round < 20; round++) {
        rebut_touch(data, MEMORY);
        const pid_t child = fork();
        if (child == 0) {
            alarm(20);
            rebut_touch(data, MEMORY);
            (void)rebut_touch_settle();
            rebut_touch_stop();
            _exit(0);
        }
        int status = -1;
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_int_equal(status, 0);
    }
    (void)rebut_touch_settle();
    rebut_touch_stop();
    munmap(data, MEMORY);
}

static void a_large_array_has_a_page_more_than_it_uses(void **state)
{
    (void)state;
    if (!is_done_here())
        skip();
    REBUT_ARRAY(uint64_t) array = {0};
    struct rebut_error err = {0};
    rebut_touch_start();
    for (uint64_t i = 0; i < 4 << 20; i++) {
        const uint32_t room = array.room;
        assert_true(REBUT_ARRAY_MORE(&array, 1, "things", &err));
        if (array.room != room && (size_t)room * sizeof i >= 2 * REBUT_HUGE_FROM)
            assert_int_equal(resident((char *)((uintptr_t)(array.data + room) & -4096ull),
                                      REBUT_HUGE_PAGE - 8192),
                             REBUT_HUGE_PAGE - 8192);
        array.data[array.count++] = i;
        if (array.room != room)
            (void)rebut_touch_settle();
    }
    for (uint64_t i = 0; i < array.count; i++)
        assert_int_equal(array.data[i], i);
    rebut_touch_stop();
    free(array.data);
}

static void a_large_id_table_has_its_next_slots_before_it_grows(void **state)
{
    (void)state;
    struct rebut_intern table;
    struct rebut_error err = {0};
    uint32_t index = 0;
    size_t grown = 0;
    rebut_intern_init(&table, 7);
    rebut_touch_start();
    for (uint32_t i = 0; i < 900000; i++) {
        char id[32];
        const int size =
            snprintf(id, sizeof id, "%s%u", i % 3 ? "i" : "a longer id, number ", i);
        const struct rebut_text text = {id, (size_t)size};
        const size_t before = table.slot_count;
        const uint64_t *next = table.next_slots;
        assert_true(rebut_intern_put(&table, text, rebut_intern_hash(&table, text),
                                     &index, &err));
        assert_int_equal(index, i);
        if (table.slot_count != before && table.slot_count * 8 >= REBUT_HUGE_FROM) {
            assert_non_null(next);
            assert_ptr_equal(table.slots, next);
            assert_null(table.next_slots);
            grown++;
        }
    }
    assert_true(grown >= 2);
    assert_non_null(table.next_group);
    for (uint32_t i = 0; i < 900000; i += 7) {
        char id[32];
        const int size =
            snprintf(id, sizeof id, "%s%u", i % 3 ? "i" : "a longer id, number ", i);
        const struct rebut_text text = {id, (size_t)size};
        assert_int_equal(rebut_intern_find(&table, text, rebut_intern_hash(&table, text)),
                         i);
    }
    rebut_intern_clear(&table);
    assert_null(table.next_group);
    rebut_touch_stop();
    rebut_intern_release(&table);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_asked_for_is_there_and_keeps_its_content),
        cmocka_unit_test(nothing_happens_before_the_start_and_after_the_stop),
        cmocka_unit_test(memory_that_is_gone_or_not_ours_to_write_does_no_harm),
        cmocka_unit_test(a_forked_child_never_waits_for_it),
        cmocka_unit_test(a_large_array_has_a_page_more_than_it_uses),
        cmocka_unit_test(a_large_id_table_has_its_next_slots_before_it_grows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
