/* What comes out of files of events: which lines, in which order, and what is said of
 * inputs that cannot be read. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <sys/stat.h>
#include <sys/wait.h>

#include "folder.h"
#include "reading.h"

static void every_line_is_an_event_or_refused_or_blank(void **state)
{
    (void)state;
    const char *path = put_text("a.ndjson", mixed);
    struct reading reading;
    assert_true(read_paths(&reading, &path, 1, 0));
    assert_string_equal(reading.events.data, mixed_events);
    assert_string_equal(reading.refused.data, mixed_refused);
    assert_int_equal(reading.place.lines, 10);
    assert_int_equal(reading.place.blank, 3);
    assert_int_equal(reading.place.bytes, strlen(mixed));
    assert_int_equal(reading.place.total, strlen(mixed));
    release(&reading);
}

static void buffers_of_every_size_give_the_same(void **state)
{
    (void)state;
    const char *path = put_text("a.ndjson", mixed);
    for (size_t size = 1; size < strlen(mixed) + 3; size++)
        assert_reads(&path, 1, size, mixed_events, mixed_refused);
}

static void a_nul_byte_refuses_its_line_alone(void **state)
{
    (void)state;
    static const char text[] =
        PRICE("a", "1") "\n\0\n" PRICE("b\0", "2") "\n" PRICE("c", "3");
    const char *path = put_file("nul.ndjson", text, sizeof text - 1);
    struct reading reading;
    assert_true(read_paths(&reading, &path, 1, 0));
    assert_string_equal(reading.events.data, "0:1 a 1\n0:4 c 3\n");
    assert_string_equal(reading.refused.data, "0:2 not_json 1\n0:3 not_json 47\n");
    release(&reading);
}

static void a_last_line_cut_short_is_refused(void **state)
{
    (void)state;
    const char *path = put_text("cut.ndjson", PRICE("a", "1") "\n{\"type\":\"pri");
    assert_reads(&path, 1, 0, "0:1 a 1\n", "0:2 not_json 12\n");
}

static void a_mark_counts_at_the_start_alone(void **state)
{
    (void)state;
    const char *path =
        put_text("mark.ndjson", PRICE("a", "1") "\n\xef\xbb\xbf" PRICE("b", "2") "\n");
    assert_reads(&path, 1, 0, "0:1 a 1\n", "0:2 not_json 49\n");
    path = put_text("mark.ndjson", "\xef\xbb\xbf");
    assert_reads(&path, 1, 0, "", "");
}

static void an_empty_input_has_no_lines(void **state)
{
    (void)state;
    const char *path = put_text("empty.ndjson", "");
    struct reading reading;
    assert_true(read_paths(&reading, &path, 1, 0));
    assert_int_equal(reading.count, 0);
    assert_int_equal(reading.place.lines, 0);
    release(&reading);
}

/* ---- long lines ---- */

/* A price whose line has `size` bytes, by an unknown field. */
static void add_long(struct blob *blob, const char *sku, size_t size)
{
    char head[128];
    const int head_size = snprintf(
        head, sizeof head,
        "{\"type\":\"price\",\"at\":1,\"sku_id\":\"%s\",\"price\":1,\"x\":\"", sku);
    add(blob, head, (size_t)head_size);
    char *filling = malloc(size);
    assert_non_null(filling);
    memset(filling, 'x', size);
    add(blob, filling, size - (size_t)head_size - 2);
    add_text(blob, "\"}");
    free(filling);
}

static void a_line_of_the_largest_size_is_read_and_one_byte_more_is_not(void **state)
{
    (void)state;
    struct blob text = {0};
    add_long(&text, "a", REBUT_LINE_MAX);
    add_text(&text, "\n");
    add_long(&text, "b", REBUT_LINE_MAX + 1);
    add_text(&text, "\n");
    add_long(&text, "c", 5 * REBUT_LINE_MAX + 77);
    add_text(&text, "\n");
    add_long(&text, "d", 2 * REBUT_LINE_MAX + 2);
    add_text(&text, "\n\n" PRICE("e", "5") "\n");
    add_long(&text, "f", REBUT_LINE_MAX); /* without newline */
    const char *path = put_file("long.ndjson", text.data, text.size);
    static const size_t sizes[] = {
        0,        4096, 1000003, REBUT_LINE_MAX, REBUT_LINE_MAX + 1, REBUT_LINE_MAX + 2,
        100 << 20};
    for (size_t i = 0; i < LENGTH(sizes); i++)
        assert_reads(&path, 1, sizes[i], "0:1 a 1\n0:6 e 5\n0:7 f 1\n",
                     "0:2 too_long 1048577\n0:3 too_long 5242957\n"
                     "0:4 too_long 2097154\n");
    add_text(&text, "x");
    path = put_file("long.ndjson", text.data, text.size);
    assert_reads(&path, 1, 0, "0:1 a 1\n0:6 e 5\n",
                 "0:2 too_long 1048577\n0:3 too_long 5242957\n0:4 too_long 2097154\n"
                 "0:7 too_long 1048577\n");
    clear(&text);
}

static void of_a_line_too_long_the_start_is_kept(void **state)
{
    (void)state;
    struct blob text = {0};
    add_long(&text, "b", REBUT_LINE_MAX + 1);
    const char *path = put_file("long.ndjson", text.data, text.size);
    struct rebut_reader *reader = NULL;
    struct rebut_block block;
    assert_true(rebut_reader_open(&reader, &path, 1, NULL, NULL));
    assert_true(rebut_reader_next(reader, &block, NULL));
    assert_int_equal(block.refused_count, 1);
    assert_int_equal(block.refused[0].line.text.size, REBUT_LINE_HEAD);
    assert_memory_equal(block.refused[0].line.text.data, text.data, REBUT_LINE_HEAD);
    assert_string_equal(block.refused[0].refusal.expected,
                        "a line of at most 1048576 bytes");
    assert_string_equal(block.refused[0].refusal.came, "1048577 bytes");
    rebut_reader_close(reader);
    clear(&text);
}

/* ---- several inputs ---- */

static void inputs_are_merged_by_time(void **state)
{
    (void)state;
    const char *paths[] = {
        put_text("a", PRICE("a", "1") "\n" PRICE("b", "5") "\n" PRICE("c", "5") "\n"),
        put_text("b", ""),
        put_text("c", PRICE("d", "0") "\n\n" PRICE("e", "5") "\nbad\n" PRICE("f", "9")),
        put_text("d", "bad\nbad\n"),
    };
    for (size_t size = 1; size < 200; size++)
        assert_reads(paths, 4, size,
                     "2:1 d 0\n0:1 a 1\n0:2 b 5\n0:3 c 5\n2:3 e 5\n2:5 f 9\n",
                     "3:1 not_json 3\n3:2 not_json 3\n2:4 not_json 3\n");
}

static void an_input_out_of_order_keeps_its_order(void **state)
{
    (void)state;
    const char *paths[] = {put_text("a", PRICE("a", "5") "\n" PRICE("b", "1") "\n"),
                           put_text("b", PRICE("c", "3") "\n" PRICE("d", "4") "\n")};
    assert_reads(paths, 2, 0, "1:1 c 3\n1:2 d 4\n0:1 a 5\n0:2 b 1\n", "");
}

/* Nine inputs of ten have many lines; what comes out must be what a stable sort gives. */
static void many_inputs_merge_as_a_stable_sort_would(void **state)
{
    (void)state;
    enum { INPUTS = 40, TIMES = 300 };
    struct blob texts[INPUTS] = {0}, expected = {0};
    unsigned noise = 7;
    char line[160], name[16];
    uint64_t numbers[INPUTS] = {0};
    for (int at = 0; at < TIMES; at++) {
        for (int i = 0; i < INPUTS; i++) {
            noise = noise * 1103515245 + 12345;
            if ((noise >> 16) % 10 == 0) {
                add_text(&texts[i], "{}\n");
                numbers[i]++;
            }
            if ((noise >> 20) % 4 == 0 || i % 10 == 3)
                continue;
            snprintf(
                line, sizeof line,
                "{\"type\":\"price\",\"at\":%d,\"sku_id\":\"s%d\\u0020\",\"price\":1}\n",
                at, i);
            add_text(&texts[i], line);
            snprintf(line, sizeof line, "%d:%" PRIu64 " s%d  %d\n", i, ++numbers[i], i,
                     at);
            add_text(&expected, line);
        }
    }
    char paths[INPUTS][128];
    const char *list[INPUTS];
    uint64_t lines = 0;
    for (int i = 0; i < INPUTS; i++) {
        snprintf(name, sizeof name, "%02d", i);
        snprintf(paths[i], sizeof paths[i], "%s",
                 put_file(name, texts[i].data, texts[i].size));
        list[i] = paths[i];
        lines += numbers[i];
        clear(&texts[i]);
    }
    static const size_t sizes[] = {1, 100, 1000, 5003, 0};
    for (size_t i = 0; i < LENGTH(sizes); i++) {
        struct reading reading;
        assert_true(read_paths(&reading, list, INPUTS, sizes[i]));
        assert_string_equal(reading.events.data, expected.data);
        assert_int_equal(reading.place.lines, lines);
        release(&reading);
    }
    clear(&expected);
}

static void a_folder_is_its_event_files_by_name(void **state)
{
    (void)state;
    put_text("b.ndjson", PRICE("b", "1"));
    put_text("a.jsonl", PRICE("a", "1"));
    put_text("c.jsonl.zst", PRICE("c", "1")); /* by name; the bytes decide the format */
    put_text("d.ndjson.gz", PRICE("d", "1"));
    put_text(".hidden.ndjson", PRICE("x", "1"));
    put_text("notes.txt", "not read");
    put_text(".ndjson", "not read");
    put_text("x.ndjson.bz2", "not read");
    const char *path = folder;
    assert_reads(&path, 1, 0, "0:1 a 1\n1:1 b 1\n2:1 c 1\n3:1 d 1\n", "");
    struct rebut_reader *reader = NULL;
    assert_true(rebut_reader_open(&reader, &path, 1, NULL, NULL));
    assert_int_equal(rebut_reader_input_count(reader), 4);
    assert_string_equal(rebut_reader_input_name(reader, 0), in_folder("a.jsonl"));
    assert_true(rebut_reader_input_again(reader, 0));
    rebut_reader_close(reader);
}

/* Write the text into a FIFO in pieces, from another process. */
static pid_t feed(const char *path, const char *text, size_t piece)
{
    const pid_t child = fork();
    if (child != 0)
        return child;
    FILE *file = fopen(path, "wb");
    const size_t size = strlen(text);
    for (size_t at = 0; file != NULL && at < size; at += piece) {
        fwrite(text + at, 1, size - at < piece ? size - at : piece, file);
        fflush(file);
    }
    _exit(file == NULL || fclose(file) != 0);
}

static void a_pipe_is_read_in_whatever_pieces_it_comes(void **state)
{
    (void)state;
    const char *path = in_folder("fifo");
    assert_int_equal(mkfifo(path, 0600), 0);
    for (size_t piece = 1; piece < 70; piece += 17) {
        const pid_t child = feed(path, mixed, piece);
        struct reading reading;
        assert_true(read_paths(&reading, &path, 1, 0));
        assert_string_equal(reading.events.data, mixed_events);
        assert_string_equal(reading.refused.data, mixed_refused);
        assert_int_equal(reading.place.total, 0);
        release(&reading);
        int status = -1;
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_int_equal(status, 0);
    }
}

/* ---- inputs that cannot be read ---- */

static void an_input_that_cannot_be_read_is_named(void **state)
{
    (void)state;
    const char *path = in_folder("nowhere.ndjson");
    char words[256];
    snprintf(words, sizeof words, "cannot open '%s': No such file or directory", path);
    assert_cannot_read(&path, 1, REBUT_EIO, words);
    path = folder;
    snprintf(words, sizeof words, "no event files in '%s': expected names that end in",
             path);
    assert_cannot_read(&path, 1, REBUT_EDATA, words);
    assert_cannot_read(&path, 0, REBUT_EUSAGE, "no input");
    const char *twice[] = {"-", "-"};
    assert_cannot_read(twice, 2, REBUT_EUSAGE, "standard input can be read only once");
    path = put_text("utf16.ndjson", "\xff\xfe{");
    assert_cannot_read(&path, 1, REBUT_EDATA, "got UTF-16 text");
    path = put_text("x.xlsx", "PK\x03\x04.....");
    assert_cannot_read(&path, 1, REBUT_EDATA, "got a zip archive or spreadsheet");
}

static void more_inputs_than_the_limit_are_refused(void **state)
{
    (void)state;
    static const char *paths[REBUT_INPUTS_MAX + 1];
    const char *path = put_text("a", PRICE("a", "1"));
    for (size_t i = 0; i < LENGTH(paths); i++)
        paths[i] = path;
    assert_cannot_read(paths, LENGTH(paths), REBUT_ELIMIT, "at most 1000 inputs");
    struct reading reading;
    assert_true(read_paths(&reading, paths, REBUT_INPUTS_MAX, 0));
    assert_int_equal(reading.count, REBUT_INPUTS_MAX);
    release(&reading);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_folder, remove_folder)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_line_is_an_event_or_refused_or_blank),
        TEST(buffers_of_every_size_give_the_same),
        TEST(a_nul_byte_refuses_its_line_alone),
        TEST(a_last_line_cut_short_is_refused),
        TEST(a_mark_counts_at_the_start_alone),
        TEST(an_empty_input_has_no_lines),
        TEST(a_line_of_the_largest_size_is_read_and_one_byte_more_is_not),
        TEST(of_a_line_too_long_the_start_is_kept),
        TEST(inputs_are_merged_by_time),
        TEST(an_input_out_of_order_keeps_its_order),
        TEST(many_inputs_merge_as_a_stable_sort_would),
        TEST(a_folder_is_its_event_files_by_name),
        TEST(a_pipe_is_read_in_whatever_pieces_it_comes),
        TEST(an_input_that_cannot_be_read_is_named),
        TEST(more_inputs_than_the_limit_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
