/* What comes out of files of events: which lines, in which order, and what is said of
 * inputs that cannot be read. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <dirent.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include "rebut/reader.h"

#define LENGTH(list) (sizeof(list) / sizeof *(list))

/* ---- a folder of inputs ---- */

static char folder[64];

static int make_folder(void **state)
{
    (void)state;
    snprintf(folder, sizeof folder, "/tmp/rebut-reader-XXXXXX");
    return mkdtemp(folder) == NULL ? -1 : 0;
}

static int remove_folder(void **state)
{
    (void)state;
    DIR *list = opendir(folder);
    const struct dirent *entry = NULL;
    while (list != NULL && (entry = readdir(list)) != NULL)
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            unlinkat(dirfd(list), entry->d_name, 0);
    if (list != NULL)
        closedir(list);
    return rmdir(folder);
}

/* One of a few names at a time. */
static const char *in_folder(const char *name)
{
    static char paths[8][128];
    static unsigned next;
    char *path = paths[next++ % 8];
    snprintf(path, sizeof paths[0], "%s/%s", folder, name);
    return path;
}

struct blob {
    char *data;
    size_t size, room;
};

static void add(struct blob *blob, const void *data, size_t size)
{
    if (blob->size + size + 1 > blob->room) {
        blob->room = (blob->size + size + 1) * 2;
        blob->data = realloc(blob->data, blob->room);
        assert_non_null(blob->data);
    }
    if (size > 0)
        memcpy(blob->data + blob->size, data, size);
    blob->size += size;
    blob->data[blob->size] = '\0';
}

static void add_text(struct blob *blob, const char *text)
{
    add(blob, text, strlen(text));
}

static void clear(struct blob *blob)
{
    free(blob->data);
    *blob = (struct blob){0};
}

static const char *put_file(const char *name, const void *data, size_t size)
{
    const char *path = in_folder(name);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(data, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
    return path;
}

static const char *put_text(const char *name, const char *text)
{
    return put_file(name, text, strlen(text));
}

static void add_gzip(struct blob *blob, const char *data, size_t size)
{
    z_stream stream = {0};
    assert_int_equal(deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY),
                     Z_OK);
    const uLong bound = deflateBound(&stream, size);
    char *packed = malloc(bound);
    assert_non_null(packed);
    stream.next_in = (Bytef *)(uintptr_t)data;
    stream.avail_in = (uInt)size;
    stream.next_out = (Bytef *)packed;
    stream.avail_out = (uInt)bound;
    assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
    add(blob, packed, bound - stream.avail_out);
    deflateEnd(&stream);
    free(packed);
}

static void add_zstd(struct blob *blob, const char *data, size_t size)
{
    const size_t bound = ZSTD_compressBound(size);
    char *packed = malloc(bound);
    assert_non_null(packed);
    ZSTD_CCtx *context = ZSTD_createCCtx();
    assert_non_null(context);
    ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
    const size_t got = ZSTD_compress2(context, packed, bound, data, size);
    assert_false(ZSTD_isError(got));
    add(blob, packed, got);
    ZSTD_freeCCtx(context);
    free(packed);
}

/* ---- what the reader gives, as text: a line an event or refusal ---- */

struct reading {
    struct blob events;  /* "INPUT:LINE SKU AT" */
    struct blob refused; /* "INPUT:LINE REASON BYTES" */
    struct rebut_reader_place place;
    size_t count, blocks;
    int64_t last_at;
    struct rebut_error err;
};

static void note(struct reading *reading, const struct rebut_block *block)
{
    char line[512];
    assert_true(block->count <= REBUT_BLOCK_MAX);
    assert_true(block->refused_count <= REBUT_BLOCK_MAX);
    for (size_t i = 0; i < block->count; i++) {
        const struct rebut_event *event = &block->events[i];
        snprintf(line, sizeof line, "%" PRIu32 ":%" PRIu64 " %.*s %" PRId64 "\n",
                 block->lines[i].input, block->lines[i].number, (int)event->sku_id.size,
                 event->sku_id.data, event->at / 1000);
        add_text(&reading->events, line);
        assert_int_equal(block->lines[i].bytes, block->lines[i].text.size);
        assert_non_null(
            memchr(block->lines[i].text.data, '}', block->lines[i].text.size));
    }
    for (size_t i = 0; i < block->refused_count; i++) {
        const struct rebut_refused_line *refused = &block->refused[i];
        snprintf(line, sizeof line, "%" PRIu32 ":%" PRIu64 " %s %" PRIu64 "\n",
                 refused->line.input, refused->line.number, refused->refusal.reason,
                 refused->line.bytes);
        add_text(&reading->refused, line);
    }
    reading->count += block->count;
    reading->blocks++;
}

/* Read all; false leaves the words in reading->err. */
static bool read_paths(struct reading *reading, const char *const *paths, size_t count,
                       size_t buffer_size)
{
    *reading = (struct reading){0};
    add_text(&reading->events, "");
    add_text(&reading->refused, "");
    struct rebut_reader *reader = NULL;
    struct rebut_block block = {0};
    const struct rebut_reader_options options = {.buffer_size = buffer_size};
    bool ok = rebut_reader_open(&reader, paths, count, &options, &reading->err);
    while (ok && !block.end) {
        ok = rebut_reader_next(reader, &block, &reading->err);
        if (ok)
            note(reading, &block);
    }
    if (reader != NULL)
        reading->place = rebut_reader_place(reader);
    rebut_reader_close(reader);
    return ok;
}

static void release(struct reading *reading)
{
    clear(&reading->events);
    clear(&reading->refused);
}

static void assert_reads(const char *const *paths, size_t count, size_t buffer_size,
                         const char *events, const char *refused)
{
    struct reading reading;
    if (!read_paths(&reading, paths, count, buffer_size))
        fail_msg("%s", reading.err.message);
    assert_string_equal(reading.events.data, events);
    assert_string_equal(reading.refused.data, refused);
    release(&reading);
}

static void assert_cannot_read(const char *const *paths, size_t count,
                               enum rebut_code code, const char *words)
{
    struct reading reading;
    if (read_paths(&reading, paths, count, 0))
        fail_msg("it was read; expected '%s'", words);
    assert_int_equal(reading.err.code, code);
    if (strstr(reading.err.message, words) == NULL)
        fail_msg("expected '%s' in '%s'", words, reading.err.message);
    release(&reading);
}

#define PRICE(sku, at)                                                                   \
    "{\"type\":\"price\",\"at\":" at ",\"sku_id\":\"" sku "\",\"price\":1}"

static const char mixed[] =
    "\xef\xbb\xbf" PRICE("a", "1") "\n"        /* a byte order mark */
                                   "\n \t\r\n" /* two blank lines */
    PRICE("b\\u4e2d\\n", "2") "\r\n"           /* escapes, CRLF */
                              "nonsense\n"     /* no JSON */
    PRICE("c\xff",
          "3") "\n"                                          /* no UTF-8 */
               "{\"type\":\"price\",\"at\":4,\"sku_id\":\"d" /* a number too large */
               "\",\"price\":99999999999999999999}\n"        /* */
    PRICE("e", "5") "\n\n"                                   /* */
    PRICE("f", "6");                                         /* no newline at the end */
static const char mixed_events[] = "0:1 a 1\n0:4 b\xe4\xb8\xad\n 2\n0:8 e 5\n0:10 f 6\n";
static const char mixed_refused[] =
    "0:5 not_json 8\n0:6 invalid_utf8 47\n0:7 out_of_range 65\n";

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
    assert_int_equal(reading.place.bytes_total, strlen(mixed));
    release(&reading);
}

static void buffers_of_every_size_give_the_same(void **state)
{
    (void)state;
    struct blob gzip = {0}, zstd = {0};
    add_gzip(&gzip, mixed, strlen(mixed));
    add_zstd(&zstd, mixed, strlen(mixed));
    const char *plain = put_text("a.ndjson", mixed);
    const char *packed = put_file("a.gz", gzip.data, gzip.size);
    const char *frame = put_file("a.zst", zstd.data, zstd.size);
    for (size_t size = 1; size < strlen(mixed) + 3; size++) {
        assert_reads(&plain, 1, size, mixed_events, mixed_refused);
        assert_reads(&packed, 1, size, mixed_events, mixed_refused);
        assert_reads(&frame, 1, size, mixed_events, mixed_refused);
    }
    clear(&gzip);
    clear(&zstd);
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

/* ---- compression ---- */

static void members_and_frames_follow_one_another(void **state)
{
    (void)state;
    static const char one[] = PRICE("a", "1") "\n{\"type\":\"price\",\"at\":2,";
    static const char two[] = "\"sku_id\":\"b\",\"price\":1}\n";
    struct blob gzip = {0}, zstd = {0};
    add_gzip(&gzip, one, strlen(one));
    add_gzip(&gzip, "", 0);
    add_gzip(&gzip, two, strlen(two));
    add(&gzip, "\0\0\0\0\0\0", 6); /* as tapes are padded */
    add_zstd(&zstd, one, strlen(one));
    add(&zstd, "\x50\x2a\x4d\x18\x03\0\0\0abc", 11); /* a frame to be skipped */
    add_zstd(&zstd, two, strlen(two));
    const char *path = put_file("wrong-name.txt", gzip.data, gzip.size);
    for (size_t size = 1; size < 200; size++)
        assert_reads(&path, 1, size, "0:1 a 1\n0:2 b 2\n", "");
    path = put_file("wrong-name.txt", zstd.data, zstd.size);
    for (size_t size = 1; size < 200; size++)
        assert_reads(&path, 1, size, "0:1 a 1\n0:2 b 2\n", "");
    clear(&gzip);
    clear(&zstd);
}

/* Lines enough that compressed data come in several pieces. */
static void add_prices(struct blob *blob, int count)
{
    char line[128];
    unsigned noise = 1;
    for (int i = 0; i < count; i++) {
        noise = noise * 1103515245 + 12345;
        snprintf(line, sizeof line,
                 "{\"type\":\"price\",\"at\":%d,\"sku_id\":\"s%08x\",\"price\":1}\n", i,
                 noise);
        add_text(blob, line);
    }
}

static void large_compressed_inputs_give_the_same_as_plain_ones(void **state)
{
    (void)state;
    struct blob text = {0}, gzip = {0}, zstd = {0};
    add_prices(&text, 30000);
    add_gzip(&gzip, text.data, text.size);
    add_zstd(&zstd, text.data, text.size);
    const char *paths[] = {put_file("p", text.data, text.size),
                           put_file("g", gzip.data, gzip.size),
                           put_file("z", zstd.data, zstd.size)};
    struct reading plain;
    assert_true(read_paths(&plain, &paths[0], 1, 0));
    assert_int_equal(plain.count, 30000);
    for (size_t i = 1; i < 3; i++) {
        assert_reads(&paths[i], 1, 0, plain.events.data, "");
        assert_reads(&paths[i], 1, 5000, plain.events.data, "");
    }
    release(&plain);
    clear(&text);
    clear(&gzip);
    clear(&zstd);
}

/* Whatever is cut off, the lines before are given and the message says how many. */
static void assert_cuts_are_told(const struct blob *packed, const char *words,
                                 size_t from)
{
    for (size_t size = from; size < packed->size; size++) {
        const char *path = put_file("cut", packed->data, size);
        struct reading reading;
        char expected[128];
        assert_false(read_paths(&reading, &path, 1, 64));
        if (reading.count > 0)
            snprintf(expected, sizeof expected, "cannot read '%s': %s after line %zu",
                     path, words, reading.count);
        else
            snprintf(expected, sizeof expected, "cannot read '%s': %s", path, words);
        assert_string_equal(reading.err.message, expected);
        assert_int_equal(reading.err.code, REBUT_EDATA);
        release(&reading);
    }
}

static void compressed_data_that_end_early_are_an_error(void **state)
{
    (void)state;
    struct blob text = {0}, gzip = {0}, zstd = {0};
    add_prices(&text, 20);
    add_gzip(&gzip, text.data, text.size);
    add_zstd(&zstd, text.data, text.size);
    assert_cuts_are_told(&gzip, "the gzip data end early", 2);
    assert_cuts_are_told(&zstd, "the zstd data end early", 4);
    clear(&text);
    clear(&gzip);
    clear(&zstd);
}

/* No flipped bit may pass as other events; it may pass unnoticed where it means nothing
 * (the time in gzip's header). */
static void assert_flips_are_told(struct blob *packed, const char *events)
{
    int told = 0;
    for (size_t bit = 0; bit < packed->size * 8; bit++) {
        packed->data[bit / 8] ^= (char)(1 << bit % 8);
        const char *path = put_file("flipped", packed->data, packed->size);
        struct reading reading;
        if (!read_paths(&reading, &path, 1, 0))
            told++;
        else if (strcmp(reading.events.data, events) != 0)
            assert_true(reading.count == 0 && reading.refused.size > 0); /* no magic */
        release(&reading);
        packed->data[bit / 8] ^= (char)(1 << bit % 8);
    }
    assert_true(told * 10 > (int)packed->size * 8 * 8);
}

static void corrupt_compressed_data_are_an_error(void **state)
{
    (void)state;
    struct blob text = {0}, gzip = {0}, zstd = {0};
    add_prices(&text, 10);
    add_gzip(&gzip, text.data, text.size);
    add_zstd(&zstd, text.data, text.size);
    const char *path = put_file("plain", text.data, text.size);
    struct reading plain;
    assert_true(read_paths(&plain, &path, 1, 0));
    assert_flips_are_told(&gzip, plain.events.data);
    assert_flips_are_told(&zstd, plain.events.data);
    release(&plain);

    gzip.data[gzip.size - 8] ^= 1;
    path = put_file("crc.gz", gzip.data, gzip.size);
    assert_cannot_read(&path, 1, REBUT_EDATA,
                       "the gzip data are corrupt (incorrect data check) after line 10");
    gzip.data[gzip.size - 8] ^= 1;
    add_text(&gzip, "and more");
    path = put_file("tail.gz", gzip.data, gzip.size);
    assert_cannot_read(&path, 1, REBUT_EDATA,
                       "what follows the gzip data is no gzip data after line 10");
    clear(&text);
    clear(&gzip);
    clear(&zstd);
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
        assert_int_equal(reading.place.bytes_total, 0);
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
        TEST(members_and_frames_follow_one_another),
        TEST(large_compressed_inputs_give_the_same_as_plain_ones),
        TEST(compressed_data_that_end_early_are_an_error),
        TEST(corrupt_compressed_data_are_an_error),
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
