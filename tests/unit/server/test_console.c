/* Is the console in the program, whole, small and compressed? */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <zlib.h>

#include "rebut/console.h"

#define FIRST_VIEW 150000 /* bytes, as issue 7 has it */

static const struct rebut_http_file *find(const char *path)
{
    for (const struct rebut_http_file *file = rebut_console_files; file->path; file++)
        if (strcmp(file->path, path) == 0)
            return file;
    return NULL;
}

static size_t unpack(const struct rebut_http_file *file, char *ret, size_t room)
{
    z_stream stream = {0};
    assert_int_equal(inflateInit2(&stream, 16 + MAX_WBITS), Z_OK);
    stream.next_in = (unsigned char *)(uintptr_t)file->data;
    stream.avail_in = (uInt)file->size;
    stream.next_out = (unsigned char *)ret;
    stream.avail_out = (uInt)(room - 1);
    const int code = inflate(&stream, Z_FINISH);
    ret[stream.total_out] = '\0';
    inflateEnd(&stream);
    assert_int_equal(code, Z_STREAM_END);
    return stream.total_out;
}

static void every_file_is_compressed_and_has_its_media_type(void **state)
{
    (void)state;
    static char text[1 << 20];
    for (const struct rebut_http_file *file = rebut_console_files; file->path; file++) {
        assert_true(file->path[0] == '/' && file->gzip && file->media != NULL);
        assert_true(unpack(file, text, sizeof text) > 0);
    }
}

static void all_that_the_first_page_names_is_there(void **state)
{
    (void)state;
    static char page[1 << 16];
    const struct rebut_http_file *first = find("/");
    assert_non_null(first);
    unpack(first, page, sizeof page);
    int named = 0;
    for (const char *at = page; (at = strstr(at, "=\"/")) != NULL; named++) {
        char path[100] = "";
        at += 2;
        memcpy(path, at, strcspn(at, "\""));
        assert_non_null(find(path));
    }
    assert_true(named > 10);
}

static void
all_but_the_library_of_curves_is_smaller_than_a_first_view_may_be(void **state)
{
    (void)state;
    size_t sum = 0;
    for (const struct rebut_http_file *file = rebut_console_files; file->path; file++)
        sum += strcmp(file->path, "/vendor/uplot.js") == 0 ? 0 : file->size;
    assert_true(sum > 0 && sum < FIRST_VIEW);
}

static void no_page_has_a_script_or_style_within_it(void **state)
{
    (void)state;
    static char page[1 << 16];
    unpack(find("/"), page, sizeof page);
    assert_null(strstr(page, "<style"));
    assert_null(strstr(page, "style="));
    assert_null(strstr(page, "<script>"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_file_is_compressed_and_has_its_media_type),
        cmocka_unit_test(all_that_the_first_page_names_is_there),
        cmocka_unit_test(
            all_but_the_library_of_curves_is_smaller_than_a_first_view_may_be),
        cmocka_unit_test(no_page_has_a_script_or_style_within_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
