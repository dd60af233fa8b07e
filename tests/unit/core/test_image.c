/* Tables written as an image and taken again; images that do not suit. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "../../support/folder.h"
#include "rebut/image.h"
#include "rebut/intern.h"
#include "rebut/map.h"

#define IDS 20000

/* One of everything. */
struct table {
    struct rebut_intern ids;
    struct rebut_map map;
    uint32_t count, *rows;
    double *sums, *scratch;
    REBUT_ARRAY(uint16_t) list;
    int64_t value;
};

static bool walk(struct rebut_image *image, struct table *table, struct rebut_error *err)
{
    uint32_t *numbers[] = {&table->count};
    return rebut_image_numbers(image, "numbers", numbers, 1, err) &&
           rebut_image_value(image, "value", &table->value, sizeof table->value, err) &&
           REBUT_IMAGE_ROWS(image, "rows", table->rows, table->count, err) &&
           REBUT_IMAGE_CHANGING(image, "sums", table->sums, table->count, err) &&
           REBUT_IMAGE_ARRAY(image, "list", table->list, err) &&
           rebut_image_fresh(image, &table->scratch, table->count, sizeof *table->scratch,
                             err) &&
           rebut_map_image(&table->map, image, "map", err) &&
           rebut_intern_image(&table->ids, image, "ids", err);
}

/* Every third id is too long for its entry. */
static struct rebut_text name_of(uint32_t index, char room[64])
{
    return (struct rebut_text){
        room, (size_t)snprintf(room, 64, index % 3 == 0 ? "a long name of %u" : "%u",
                               (unsigned)index)};
}

static struct table make(uint32_t ids)
{
    struct table table = {.count = 100, .value = -7};
    char room[64];
    uint32_t index = 0;
    rebut_intern_init(&table.ids, 618);
    for (uint32_t i = 0; i < ids; i++) {
        const struct rebut_text name = name_of(i, room);
        assert_true(rebut_intern_put(&table.ids, name,
                                     rebut_intern_hash(&table.ids, name), &index, NULL));
        assert_true(rebut_map_put(&table.map, i * (uint64_t)1000003, &index, NULL));
    }
    table.rows = calloc(table.count, sizeof *table.rows);
    table.sums = calloc(table.count, sizeof *table.sums);
    assert_true(REBUT_ARRAY_MORE(&table.list, 3, "list", NULL));
    for (uint16_t i = 0; i < 3; i++)
        table.list.data[table.list.count++] = i;
    for (uint32_t i = 0; i < table.count; i++)
        table.sums[i] = table.rows[i] = i;
    return table;
}

static void release(struct table *table)
{
    rebut_intern_release(&table->ids);
    rebut_map_release(&table->map);
    free(table->rows);
    free(table->sums);
    free(table->scratch);
    free(table->list.data);
}

static bool write_to(void *context, const void *data, size_t size)
{
    return fwrite(data, 1, size, context) == size;
}

static const struct rebut_image_key key = {1, 2};

static const char *write_image(uint32_t ids)
{
    const char *path = in_folder("image");
    struct rebut_error err = {0};
    struct rebut_image image;
    struct table table = make(ids);
    FILE *file = fopen(path, "wb");
    if (!rebut_image_begin(&image, write_to, file, &key, &err) ||
        !walk(&image, &table, &err) || !rebut_image_end(&image, &err))
        fail_msg("%s", err.message);
    rebut_image_release(&image);
    release(&table);
    fclose(file);
    chmod(path, 0600);
    return path;
}

static void take(const char *path, struct rebut_image *image, struct table *table)
{
    struct rebut_error err = {0};
    *table = (struct table){.count = 0};
    rebut_intern_init(&table->ids, 618);
    if (!rebut_image_open(image, path, &key, &err) || !walk(image, table, &err) ||
        !rebut_image_all_taken(image, &err))
        fail_msg("%s", err.message);
}

static void give_back(struct rebut_image *image, struct table *table)
{
    rebut_image_forget(image);
    assert_true(walk(image, table, NULL));
    release(table);
    rebut_image_release(image);
}

static void what_was_written_is_there_again(void **state)
{
    struct rebut_image image;
    struct table table;
    char room[64];
    (void)state;
    take(write_image(IDS), &image, &table);
    assert_int_equal(table.count, 100);
    assert_int_equal(table.value, -7);
    assert_int_equal(table.list.count, 3);
    assert_int_equal(table.list.data[2], 2);
    assert_int_equal(table.rows[99], 99);
    assert_int_equal(table.ids.count, IDS);
    for (uint32_t i = 0; i < IDS; i++) {
        const struct rebut_text name = name_of(i, room);
        assert_int_equal(
            rebut_intern_find(&table.ids, name, rebut_intern_hash(&table.ids, name)), i);
        assert_true(rebut_text_equal(rebut_intern_text(&table.ids, i), name));
        assert_int_equal(rebut_map_find(&table.map, i * (uint64_t)1000003), i);
    }
    assert_int_equal(rebut_map_find(&table.map, 1), REBUT_MAP_NONE);
    give_back(&image, &table);
}

static void ids_of_an_image_can_be_borrowed_and_written_again(void **state)
{
    struct rebut_image image;
    struct rebut_intern borrower;
    struct table table;
    char room[64];
    (void)state;
    take(write_image(100), &image, &table);
    rebut_intern_init(&borrower, 618);
    for (uint32_t i = 0; i < 100; i++)
        assert_true(rebut_intern_borrow(&borrower, &table.ids, 99 - i, NULL));
    for (uint32_t i = 0; i < 100; i++)
        assert_true(
            rebut_text_equal(rebut_intern_text(&borrower, i), name_of(99 - i, room)));
    rebut_intern_release(&borrower);
    give_back(&image, &table);
}

static void changes_stay_with_the_one_who_makes_them(void **state)
{
    struct rebut_image image, other;
    struct table table, other_table;
    const char *path = write_image(10);
    (void)state;
    take(path, &image, &table);
    for (uint32_t i = 0; i < table.count; i++) {
        assert_true(table.sums[i] == i && table.scratch[i] == 0);
        table.sums[i] = table.scratch[i] = 5;
    }
    take(path, &other, &other_table);
    assert_true(other_table.sums[99] == 99 && other_table.scratch[99] == 0);
    give_back(&other, &other_table);
    give_back(&image, &table);
}

/* Open it and expect these words. */
static void expect_refused(const char *path, const struct rebut_image_key *asked,
                           const char *words)
{
    struct rebut_error err = {0};
    struct rebut_image image;
    if (rebut_image_open(&image, path, asked, &err))
        fail_msg("expected '%s', was opened", words);
    if (strstr(err.message, words) == NULL)
        fail_msg("expected '%s', got '%s'", words, err.message);
    assert_null(image.base);
}

static char *read_whole(const char *path, size_t *ret_size)
{
    struct stat status;
    assert_int_equal(stat(path, &status), 0);
    *ret_size = (size_t)status.st_size;
    char *bytes = malloc(*ret_size);
    FILE *file = fopen(path, "rb");
    assert_int_equal(fread(bytes, 1, *ret_size, file), *ret_size);
    fclose(file);
    return bytes;
}

static void each_flipped_bit_is_found(void **state)
{
    const char *path = write_image(10);
    size_t size = 0;
    char *bytes = read_whole(path, &size);
    const int fd = open(path, O_WRONLY);
    (void)state;
    for (size_t i = 0; i < size; i++) {
        const char spoilt = (char)(bytes[i] ^ 1 << i % 8);
        assert_int_equal(pwrite(fd, &spoilt, 1, (off_t)i), 1);
        expect_refused(path, &key, "");
        assert_int_equal(pwrite(fd, &bytes[i], 1, (off_t)i), 1);
    }
    close(fd);
    free(bytes);
    struct rebut_image image;
    struct table table;
    take(path, &image, &table);
    give_back(&image, &table);
}

static void each_cut_is_found(void **state)
{
    const char *path = write_image(10);
    size_t size = 0;
    char *bytes = read_whole(path, &size);
    (void)state;
    for (size_t left = 0; left < size; left += left < 200 || left + 200 > size ? 1 : 61) {
        assert_int_equal(truncate(path, (off_t)left), 0);
        const int fd = open(path, O_WRONLY);
        assert_int_equal(pwrite(fd, bytes, left, 0), (ssize_t)left);
        close(fd);
        expect_refused(path, &key, "");
    }
    free(bytes);
}

static void says_why_it_does_not_suit(void **state)
{
    const char *path = write_image(10);
    const struct rebut_image_key other = {1, 3};
    size_t size = 0;
    char *bytes = read_whole(path, &size);
    (void)state;
    expect_refused(in_folder("none"), &key, "");
    expect_refused(path, &other, "it was made from other sources");
    const struct {
        size_t at;
        const char *words;
    } cases[] = {{0, "expected an image of rebut"},
                 {8, "version of the format"},
                 {12, "order of bytes"},
                 {16, "bytes of a page"},
                 {24, "another build"},
                 {size / 2, "is damaged"},
                 {size - 70, "its head, table or foot is damaged"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        bytes[cases[i].at] ^= 4;
        put_file("spoilt", bytes, size);
        chmod(in_folder("spoilt"), 0600);
        bytes[cases[i].at] ^= 4;
        expect_refused(in_folder("spoilt"), &key, cases[i].words);
    }
    chmod(path, 0620);
    expect_refused(path, &key, "others can write to it");
    free(bytes);
}

static void a_walk_takes_what_the_same_walk_wrote_and_nothing_else(void **state)
{
    struct rebut_error err = {0};
    struct rebut_image image;
    uint32_t number = 0, *numbers[] = {&number};
    int64_t value = 0;
    (void)state;
    assert_true(rebut_image_open(&image, write_image(10), &key, &err));
    assert_false(rebut_image_value(&image, "value", &value, sizeof value, &err));
    assert_non_null(strstr(err.message, "expected a section 'value'"));
    err = (struct rebut_error){0};
    assert_true(rebut_image_numbers(&image, "numbers", numbers, 1, &err));
    assert_false(rebut_image_all_taken(&image, &err));
    assert_non_null(strstr(err.message, "sections"));
    rebut_image_release(&image);
}

static void a_key_is_of_size_and_first_bytes(void **state)
{
    struct rebut_image_key first = {0}, same = {0}, size = {0}, bytes = {0}, more = {0};
    (void)state;
    put_text("a", "abcdefgh");
    put_text("b", "abcdefgx");
    put_text("c", "abcdefghi");
    assert_true(rebut_image_add_file(&first, in_folder("a"), 7, NULL));
    assert_true(rebut_image_add_file(&same, in_folder("b"), 7, NULL));
    assert_true(rebut_image_add_file(&size, in_folder("c"), 7, NULL));
    assert_true(rebut_image_add_file(&bytes, in_folder("b"), 8, NULL));
    assert_memory_equal(&first, &same, sizeof first);
    assert_memory_not_equal(&first, &size, sizeof first);
    assert_true(rebut_image_add_file(&more, in_folder("a"), 8, NULL));
    assert_memory_not_equal(&more, &bytes, sizeof more);
    assert_false(rebut_image_add_file(&more, in_folder("none"), 8, NULL));
}

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, make_folder, remove_folder)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(what_was_written_is_there_again),
        IN_FOLDER(ids_of_an_image_can_be_borrowed_and_written_again),
        IN_FOLDER(changes_stay_with_the_one_who_makes_them),
        IN_FOLDER(each_flipped_bit_is_found),
        IN_FOLDER(each_cut_is_found),
        IN_FOLDER(says_why_it_does_not_suit),
        IN_FOLDER(a_walk_takes_what_the_same_walk_wrote_and_nothing_else),
        IN_FOLDER(a_key_is_of_size_and_first_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
