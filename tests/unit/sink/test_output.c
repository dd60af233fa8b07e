/* A file that appears only on success: what is there before, after and on failure. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <dirent.h>
#include <fcntl.h>
#include <float.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "rebut/output.h"

static char folder[64];

static int make_folder(void **state)
{
    (void)state;
    snprintf(folder, sizeof folder, "/tmp/rebut-output-XXXXXX");
    return mkdtemp(folder) == NULL ? -1 : 0;
}

static int remove_folder(void **state)
{
    (void)state;
    DIR *list = opendir(folder);
    struct dirent *entry = NULL;
    while (list != NULL && (entry = readdir(list)) != NULL)
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            unlinkat(dirfd(list), entry->d_name, 0);
    if (list != NULL)
        closedir(list);
    return rmdir(folder);
}

static const char *in_folder(const char *name)
{
    static char path[128];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static int count_files(void)
{
    DIR *list = opendir(folder);
    assert_non_null(list);
    int count = 0;
    const struct dirent *entry = NULL;
    while ((entry = readdir(list)) != NULL)
        count += strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
    closedir(list);
    return count;
}

static void expect_content(const char *path, const char *expected)
{
    char text[4096];
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    const size_t size = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    text[size] = '\0';
    assert_string_equal(text, expected);
}

static void write_file(const char *path, const char *content, mode_t mode)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    fputs(content, file);
    fclose(file);
    assert_int_equal(chmod(path, mode), 0);
}

static void file_appears_on_commit_and_not_before(void **state)
{
    (void)state;
    struct rebut_output out;
    struct rebut_error err = {0};
    const char *path = in_folder("new");
    const mode_t mask = umask(027);
    assert_true(rebut_output_open(&out, path, &err));
    assert_true(rebut_output_print(&out, "%d lines\n", 3));
    assert_int_not_equal(access(path, F_OK), 0);
    assert_true(rebut_output_commit(&out, &err));
    umask(mask);
    rebut_output_release(&out);
    rebut_output_release(&out); /* twice is harmless */
    expect_content(path, "3 lines\n");
    struct stat there;
    assert_int_equal(stat(path, &there), 0);
    assert_int_equal(there.st_mode & 0777, 0640);
    assert_int_equal(count_files(), 1);
}

static void release_without_commit_leaves_the_old_file(void **state)
{
    (void)state;
    struct rebut_output out;
    struct rebut_error err = {0};
    const char *path = in_folder("kept");
    write_file(path, "old", 0600);
    const int before = count_files();
    assert_true(rebut_output_open(&out, path, &err));
    rebut_output_text(&out, REBUT_TEXT("new"));
    rebut_output_release(&out);
    expect_content(path, "old");
    assert_int_equal(count_files(), before);
}

static void killed_in_the_middle_it_leaves_nothing_behind(void **state)
{
    (void)state;
    const char *path = in_folder("killed");
    const int before = count_files();
    const pid_t child = fork();
    if (child == 0) {
        struct rebut_output out;
        struct rebut_error err = {0};
        if (rebut_output_open(&out, path, &err))
            for (int i = 0; i < 100000; i++)
                rebut_output_print(&out, "line %d\n", i);
        raise(SIGKILL);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status));
    const int nameless = open(folder, O_WRONLY | O_TMPFILE, 0600);
    if (nameless < 0)
        skip(); /* a file system without them */
    close(nameless);
    assert_int_equal(count_files(), before);
}

/* In a root without /proc a nameless file cannot get a name: it has one from the start.
 */
static void without_nameless_files_it_has_a_temporary_name(void **state)
{
    (void)state;
    if (geteuid() != 0)
        skip();
    const int before = count_files();
    const pid_t child = fork();
    if (child == 0) {
        struct rebut_output out;
        struct rebut_error err = {0};
        if (chroot(folder) != 0 || chdir("/") != 0 ||
            !rebut_output_open(&out, "/named", &err) || out.temp == NULL ||
            access(out.temp, F_OK) != 0 || !rebut_output_print(&out, "all\n") ||
            !rebut_output_commit(&out, &err))
            _exit(1);
        rebut_output_release(&out);
        _exit(0);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    assert_int_equal(count_files(), before + 1);
    expect_content(in_folder("named"), "all\n");
}

static void a_replaced_file_gets_no_wider_mode(void **state)
{
    (void)state;
    struct rebut_output out;
    struct rebut_error err = {0};
    const char *path = in_folder("private");
    write_file(path, "old", 0600);
    assert_true(rebut_output_open(&out, path, &err));
    rebut_output_text(&out, REBUT_TEXT("new"));
    assert_true(rebut_output_commit(&out, &err));
    rebut_output_release(&out);
    struct stat there;
    assert_int_equal(stat(path, &there), 0);
    assert_int_equal(there.st_mode & 0777, 0600);
    expect_content(path, "new");
}

static void a_private_file_is_its_owners_alone_whatever_it_replaces(void **state)
{
    (void)state;
    struct rebut_output out;
    struct rebut_error err = {0};
    struct stat there;
    const char *path = in_folder("private");
    const mode_t mask = umask(0);
    for (int round = 0; round < 2; round++) {
        assert_true(rebut_output_open_private(&out, path, &err));
        assert_int_equal(fstat(out.fd, &there), 0);
        assert_int_equal(there.st_mode & 0777, 0600);
        assert_true(rebut_output_commit(&out, &err));
        rebut_output_release(&out);
        assert_int_equal(stat(path, &there), 0);
        assert_int_equal(there.st_mode & 0777, 0600);
        assert_int_equal(chmod(path, 0666), 0);
    }
    umask(mask);
}

static void a_symbolic_link_stays_a_link(void **state)
{
    (void)state;
    struct rebut_output out;
    struct rebut_error err = {0};
    char target[128];
    snprintf(target, sizeof target, "%s", in_folder("target"));
    write_file(target, "old", 0644);
    const char *path = in_folder("link");
    assert_int_equal(symlink("target", path), 0);
    assert_true(rebut_output_open(&out, path, &err));
    rebut_output_text(&out, REBUT_TEXT("new"));
    assert_true(rebut_output_commit(&out, &err));
    rebut_output_release(&out);
    struct stat there;
    assert_int_equal(lstat(path, &there), 0);
    assert_true(S_ISLNK(there.st_mode));
    expect_content(target, "new");
}

static void unusable_paths_say_why(void **state)
{
    (void)state;
    struct rebut_output out;
    struct rebut_error err = {0};
    assert_false(rebut_output_open(&out, folder, &err));
    assert_int_equal(err.code, REBUT_EIO);
    assert_non_null(strstr(err.message, "Is a directory"));
    rebut_output_release(&out);
    err = (struct rebut_error){0};
    assert_false(rebut_output_open(&out, in_folder("no/such"), &err));
    assert_non_null(strstr(err.message, "No such file or directory"));
    err = (struct rebut_error){0};
    assert_false(rebut_output_open(&out, "", &err));
    assert_int_equal(err.code, REBUT_EIO);
    assert_false(rebut_output_write(&out, "x", 1));
}

static void a_full_disk_fails_at_commit(void **state)
{
    (void)state;
    struct rebut_output out;
    struct rebut_error err = {0};
    assert_true(rebut_output_open(&out, "/dev/full", &err));
    assert_true(rebut_output_text(&out, REBUT_TEXT("a line\n")));
    assert_false(rebut_output_commit(&out, &err));
    assert_string_equal(err.message, "cannot write '/dev/full': No space left on device");
    rebut_output_release(&out);
}

static void a_long_run_of_writes_stops_at_the_first_failure(void **state)
{
    (void)state;
    struct rebut_output out;
    struct rebut_error err = {0};
    assert_true(rebut_output_open(&out, "/dev/full", &err));
    int taken = 0;
    while (taken < 100000 && rebut_output_print(&out, "line %d\n", taken))
        taken++;
    assert_in_range(taken, 1, 20000);
    assert_false(rebut_output_commit(&out, &err));
    rebut_output_release(&out);
}

static void a_closed_pipe_is_an_error_not_a_signal(void **state)
{
    (void)state;
    signal(SIGPIPE, SIG_IGN);
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    close(ends[0]);
    char path[32];
    snprintf(path, sizeof path, "/dev/fd/%d", ends[1]);
    struct rebut_output out = {
        .fd = ends[1], .own = true, .buffer = malloc(1 << 16), .room = 1 << 16};
    struct rebut_error err = {0};
    assert_true(rebut_output_text(&out, REBUT_TEXT("x")));
    assert_false(rebut_output_commit(&out, &err));
    assert_non_null(strstr(err.message, "Broken pipe"));
    rebut_output_release(&out);
}

static void large_pieces_arrive_whole(void **state)
{
    (void)state;
    struct rebut_output out;
    struct rebut_error err = {0};
    const size_t size = 3 * REBUT_OUTPUT_BUFFER + 7;
    char *data = malloc(size);
    assert_non_null(data);
    for (size_t i = 0; i < size; i++)
        data[i] = (char)('a' + i % 23);
    const char *path = in_folder("large");
    assert_true(rebut_output_open(&out, path, &err));
    rebut_output_write(&out, data, 10);
    rebut_output_write(&out, data + 10, size - 10);
    rebut_output_print(&out, "%.*s", 2000, data);
    assert_true(rebut_output_commit(&out, &err));
    assert_int_equal(out.written, size + 2000);
    rebut_output_release(&out);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    for (size_t i = 0; i < size + 2000; i++)
        if (fgetc(file) != data[i < size ? i : i - size])
            fail_msg("byte %zu differs", i);
    assert_int_equal(fgetc(file), EOF);
    fclose(file);
    free(data);
}

static void memory_grows_and_begins_again(void **state)
{
    (void)state;
    struct rebut_output out;
    struct rebut_error err = {0};
    assert_true(rebut_output_memory(&out, &err));
    for (int i = 0; i < 100000; i++)
        assert_true(rebut_output_print(&out, "%05d,", i));
    assert_int_equal(out.used, 600000);
    assert_memory_equal(out.buffer + 599994, "99999,", 6);
    out.used = 0;
    assert_true(rebut_output_text(&out, REBUT_TEXT("again")));
    assert_int_equal(out.used, 5);
    assert_false(rebut_output_commit(&out, &err));
    rebut_output_release(&out);
}

static void strings_are_escaped_for_json(void **state)
{
    (void)state;
    struct rebut_output out;
    struct rebut_error err = {0};
    const char *path = in_folder("json");
    assert_true(rebut_output_open(&out, path, &err));
    rebut_output_json(&out, REBUT_TEXT("a\"b\\c\n\x01\x7f/仅退款"));
    rebut_output_json(&out, REBUT_TEXT("\xff"
                                       "x\xe4\xbb"
                                       "\xed\xa0\x80"));
    rebut_output_json(&out, (struct rebut_text){NULL, 0});
    assert_true(rebut_output_commit(&out, &err));
    rebut_output_release(&out);
    expect_content(path, "\"a\\\"b\\\\c\\n\\u0001\\u007f/仅退款\""
                         "\"\xef\xbf\xbdx\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"
                         "\xef\xbf\xbd\"\"\"");
}

static void doubles_read_back_as_themselves(void **state)
{
    (void)state;
    const double values[] = {0,           -0.0,      0.1,     1.0 / 3, 2.0 / 3,
                             1e22,        DBL_MAX,   DBL_MIN, 5e-324,  1e15,
                             123456789.5, 0.1 + 0.2, M_PI,    -1e-7,   DBL_EPSILON};
    char text[REBUT_DOUBLE_SIZE];
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        const size_t size = rebut_double_text(values[i], text);
        assert_int_equal(size, strlen(text));
        assert_true(strtod(text, NULL) == values[i]);
    }
    rebut_double_text(0.1, text);
    assert_string_equal(text, "0.1");
    rebut_double_text(5e-324, text); /* fifteen digits are enough */
    assert_string_equal(text, "4.94065645841247e-324");
    rebut_double_text(0.1 + 0.2, text);
    assert_string_equal(text, "0.30000000000000004");
    rebut_double_text((double)NAN, text);
    assert_string_equal(text, "null");
    rebut_double_text(-(double)INFINITY, text);
    assert_string_equal(text, "null");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(file_appears_on_commit_and_not_before),
        cmocka_unit_test(release_without_commit_leaves_the_old_file),
        cmocka_unit_test(killed_in_the_middle_it_leaves_nothing_behind),
        cmocka_unit_test(without_nameless_files_it_has_a_temporary_name),
        cmocka_unit_test(a_replaced_file_gets_no_wider_mode),
        cmocka_unit_test(a_private_file_is_its_owners_alone_whatever_it_replaces),
        cmocka_unit_test(a_symbolic_link_stays_a_link),
        cmocka_unit_test(unusable_paths_say_why),
        cmocka_unit_test(a_full_disk_fails_at_commit),
        cmocka_unit_test(a_long_run_of_writes_stops_at_the_first_failure),
        cmocka_unit_test(a_closed_pipe_is_an_error_not_a_signal),
        cmocka_unit_test(large_pieces_arrive_whole),
        cmocka_unit_test(memory_grows_and_begins_again),
        cmocka_unit_test(strings_are_escaped_for_json),
        cmocka_unit_test(doubles_read_back_as_themselves),
    };
    return cmocka_run_group_tests_name("output", tests, make_folder, remove_folder);
}
