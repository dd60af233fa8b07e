/* Compressed files of events: the same lines, whatever the buffers, and no lines out of
 * data that are cut or corrupt. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <zlib.h>
#include <zstd.h>

#include "folder.h"
#include "reading.h"

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

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_folder, remove_folder)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(buffers_of_every_size_give_the_same),
        TEST(members_and_frames_follow_one_another),
        TEST(large_compressed_inputs_give_the_same_as_plain_ones),
        TEST(compressed_data_that_end_early_are_an_error),
        TEST(corrupt_compressed_data_are_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
