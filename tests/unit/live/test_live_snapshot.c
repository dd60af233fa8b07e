/* A stream that was saved and loaded goes on as if nothing had been; a snapshot that
 * fails or is damaged costs the one before nothing. */
#include "stream.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "rebut/live_snapshot.h"
#include "rebut/snapshot.h"

static struct stream stream;
static char folder[64], path[96], previous[104];

static int set_up(void **state)
{
    (void)state;
    snprintf(folder, sizeof folder, "/tmp/rebut-live-XXXXXX");
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/0.snapshot", folder);
    snprintf(previous, sizeof previous, "%s.1", path);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    stream_free(&stream);
    unlink(path);
    unlink(previous);
    assert_int_equal(rmdir(folder), 0); /* nothing else is left */
    return 0;
}

static struct rebut_live_options options_of(int64_t wait_us)
{
    struct rebut_live_options options = REBUT_LIVE_OPTIONS;
    options.wait_us = wait_us;
    options.lateness_us = 1000 * HOUR; /* else most of this world is too late */
    options.held_max = 7;
    options.orphans_max = 9;
    return options;
}

/* All that comes out of a stream, as text. */
static void tell(struct rebut_live *live, FILE *file)
{
    struct rebut_live_view view = {0};
    struct rebut_live_dead dead;
    struct rebut_live_due due;
    while (rebut_live_next_dead(live, &dead))
        fprintf(file, "%s %s %" PRId64 " %.*s\n", dead.reason, dead.field, dead.major,
                (int)dead.line.size, dead.line.data);
    while (rebut_live_next(live, &due)) {
        size_t size = 0;
        uint32_t revision = 0;
        uint64_t digest = 1469598103934665603u;
        assert_true(rebut_live_view(live, due.request, &view, NULL));
        char *bytes = bytes_of(&view.state, &size);
        for (size_t i = 0; i < size; i++)
            digest = (digest ^ (unsigned char)bytes[i]) * 1099511628211u;
        free(bytes);
        if (rebut_live_scored(live, due.request, digest, &revision))
            fprintf(file, "%u %u %" PRIx64 "\n", due.request, revision, digest);
    }
    rebut_live_view_release(&view);
}

static char *tell_from(struct rebut_live *live, size_t first)
{
    char *all = NULL;
    size_t size = 0;
    FILE *file = open_memstream(&all, &size);
    assert_non_null(file);
    for (size_t i = first; i < stream.count; i++) {
        fprintf(file, "%d\n", take(live, &stream, i));
        tell(live, file);
    }
    assert_true(rebut_live_finish(live, NULL));
    tell(live, file);
    assert_int_equal(fclose(file), 0);
    return all;
}

static struct rebut_live *stream_until(struct rebut_live_options options, size_t end)
{
    struct rebut_live *live = live_of(options, NULL);
    FILE *nowhere = fopen("/dev/null", "w");
    assert_non_null(nowhere);
    for (size_t i = 0; i < end; i++) {
        take(live, &stream, i);
        tell(live, nowhere);
    }
    fclose(nowhere);
    return live;
}

static void save(const struct rebut_live *live, int64_t position)
{
    const struct rebut_live_about about = {.major = position, .minor = -3, .night = {9}};
    struct rebut_live_save running;
    struct rebut_error err = {0};
    bool done = false;
    if (!rebut_live_save_begin(live, &about, path, &running, &err) ||
        !rebut_live_save_end(&running, true, &done, &err))
        fail_msg("%s", err.message);
    assert_true(done);
}

static struct rebut_live *load(struct rebut_live_options options,
                               struct rebut_live_about *ret_about)
{
    struct rebut_live *live = NULL;
    struct rebut_error err = {0};
    options.seed = 4242; /* of another process */
    if (!rebut_live_load(path, &options, NULL, &live, ret_about, &err))
        fail_msg("%s", err.message);
    return live;
}

static void a_loaded_stream_goes_on_as_the_saved_one(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 30; seed++) {
        const struct rebut_live_options options = options_of(seed % 2 * 60 * HOUR);
        struct rebut_live_about about;
        chance = seed;
        say_world(&stream, 60, 6);
        for (size_t i = 0; i < stream.count; i++) /* somewhat out of order */
            stream_swap(
                &stream, i,
                i + pick((unsigned)(stream.count - i < 60 ? stream.count - i : 60)));
        const size_t half = pick((unsigned)stream.count);
        struct rebut_live *live = stream_until(options, half);
        save(live, (int64_t)half);
        char *expected = tell_from(live, half);
        rebut_live_free(live);
        live = load(options, &about);
        assert_int_equal(about.major, half);
        assert_int_equal(about.minor, -3);
        assert_int_equal(about.night[0], 9);
        assert_false(about.fell_back);
        char *came = tell_from(live, half);
        assert_string_equal(came, expected);
        rebut_live_free(live);
        free(came);
        free(expected);
        stream_free(&stream);
    }
}

static void a_stream_that_has_seen_nothing_is_saved_too(void **state)
{
    (void)state;
    struct rebut_live_about about;
    struct rebut_live *live = live_of(options_of(0), NULL);
    save(live, -1);
    rebut_live_free(live);
    live = load(options_of(0), &about);
    assert_int_equal(about.major, -1);
    assert_true(rebut_live_watermark(live) == REBUT_TIME_NONE);
    rebut_live_free(live);
}

static void what_comes_while_the_child_writes_is_not_in_the_file(void **state)
{
    (void)state;
    const struct rebut_live_about about = {.major = 50};
    struct rebut_live_about came;
    struct rebut_live_save running;
    bool done = false;
    chance = 5;
    say_world(&stream, 60, 6);
    struct rebut_live *live = stream_until(options_of(0), 50);
    assert_true(rebut_live_save_begin(live, &about, path, &running, NULL));
    char *expected = tell_from(live, 50);
    while (!done)
        assert_true(rebut_live_save_end(&running, false, &done, NULL));
    rebut_live_free(live);
    live = load(options_of(0), &came);
    char *again = tell_from(live, 50);
    assert_string_equal(again, expected);
    free(again);
    free(expected);
    rebut_live_free(live);
}

static void nothing_may_be_due(void **state)
{
    (void)state;
    const struct rebut_live_about about = {0};
    struct rebut_live_save running;
    struct rebut_error err = {0};
    say_order(&stream, 1, 1, 0, 5000);
    say_request(&stream, 1, 1, 5000, "refund_only");
    struct rebut_live *live = live_of(options_of(0), NULL);
    take(live, &stream, 0);
    take(live, &stream, 1);
    assert_false(rebut_live_save_begin(live, &about, path, &running, &err));
    assert_int_equal(err.code, REBUT_EINPUT);
    assert_false(rebut_live_save(live, &about, path, NULL));
    rebut_live_free(live);
}

/* ---- failures ---- */

static struct rebut_live *two_snapshots(void)
{
    chance = 8;
    say_world(&stream, 60, 6);
    struct rebut_live *live = stream_until(options_of(HOUR), 100);
    save(live, 99);
    rebut_live_free(live);
    live = stream_until(options_of(HOUR), 200);
    save(live, 199);
    return live;
}

static void expect_position(int64_t position, bool fell_back)
{
    struct rebut_live_about about;
    rebut_live_free(load(options_of(HOUR), &about));
    assert_int_equal(about.major, position);
    assert_int_equal(about.fell_back, fell_back);
    assert_int_equal(about.damage[0] != '\0', fell_back);
}

static void fail_to_save(const struct rebut_live *live, bool kill_it, const char *word)
{
    const struct rebut_live_about about = {.major = 1000};
    struct rebut_live_save running;
    struct rebut_error err = {0};
    bool done = false;
    assert_true(rebut_live_save_begin(live, &about, path, &running, NULL));
    if (kill_it)
        kill(running.child, SIGKILL);
    assert_false(rebut_live_save_end(&running, true, &done, &err));
    assert_true(done);
    assert_int_equal(err.code, REBUT_EIO);
    if (strstr(err.message, word) == NULL)
        fail_msg("expected '%s' in '%s'", word, err.message);
    assert_true(rebut_live_save_end(&running, true, &done, NULL)); /* told once */
}

static void a_killed_child_leaves_both_files_as_they_were(void **state)
{
    (void)state;
    struct rebut_live *live = two_snapshots();
    fail_to_save(live, true, "signal 9");
    expect_position(199, false);
    save(live, 300);
    expect_position(300, false);
    rebut_live_free(live);
}

static void a_full_disk_fails_the_snapshot_and_nothing_else(void **state)
{
    (void)state;
    struct rebut_live *live = two_snapshots();
    struct rlimit old, little = {5000, 5000};
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
    little.rlim_max = old.rlim_max;
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &little), 0);
    fail_to_save(live, false, strerror(EFBIG));
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
    expect_position(199, false);
    take(live, &stream, 200);
    rebut_live_free(live);
}

static void no_folder_fails_the_snapshot(void **state)
{
    (void)state;
    const struct rebut_live_about about = {0};
    struct rebut_live_save running;
    struct rebut_error err = {0};
    bool done = false;
    struct rebut_live *live = live_of(options_of(0), NULL);
    assert_true(rebut_live_save_begin(live, &about, "/nonexistent/x", &running, NULL));
    assert_false(rebut_live_save_end(&running, true, &done, &err));
    assert_int_equal(err.code, REBUT_EIO);
    rebut_live_free(live);
}

static char *read_all(const char *name, size_t *ret_size)
{
    struct stat there;
    const int fd = open(name, O_RDONLY);
    assert_true(fd >= 0 && fstat(fd, &there) == 0);
    char *bytes = malloc((size_t)there.st_size);
    assert_non_null(bytes);
    assert_int_equal(read(fd, bytes, (size_t)there.st_size), there.st_size);
    close(fd);
    *ret_size = (size_t)there.st_size;
    return bytes;
}

static void write_all(const char *name, const char *bytes, size_t size)
{
    const int fd = open(name, O_WRONLY | O_TRUNC | O_CREAT, 0600);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, bytes, size), size);
    close(fd);
}

static void a_damaged_file_is_named_and_the_one_before_is_used(void **state)
{
    (void)state;
    size_t size = 0;
    rebut_live_free(two_snapshots());
    char *bytes = read_all(path, &size);
    for (size_t at = 0; at < size; at += 1 + at % 97) {
        bytes[at] ^= 0x20;
        write_all(path, bytes, size);
        expect_position(99, true);
        bytes[at] ^= 0x20;
    }
    bytes[size - 1] ^= 1;
    write_all(path, bytes, size);
    expect_position(99, true);
    bytes[size - 1] ^= 1;
    write_all(path, bytes, size);
    expect_position(199, false);
    free(bytes);
}

static void a_file_that_was_cut_is_named_and_the_one_before_is_used(void **state)
{
    (void)state;
    size_t size = 0;
    rebut_live_free(two_snapshots());
    char *bytes = read_all(path, &size);
    for (size_t length = 0; length < size; length += 1 + length % 211) {
        write_all(path, bytes, length);
        expect_position(99, true);
    }
    write_all(path, bytes, size - 1);
    expect_position(99, true);
    assert_int_equal(unlink(path), 0);
    expect_position(99, true);
    free(bytes);
}

static void without_a_good_file_both_are_named(void **state)
{
    (void)state;
    const struct rebut_live_options options = REBUT_LIVE_OPTIONS;
    struct rebut_live *live = NULL;
    struct rebut_live_about about;
    struct rebut_error err = {0};
    rebut_live_free(two_snapshots());
    write_all(path, "no", 2);
    write_all(previous, "none", 4);
    assert_false(rebut_live_load(path, &options, NULL, &live, &about, &err));
    assert_int_equal(err.code, REBUT_EDATA);
    assert_non_null(strstr(err.message, previous));
    assert_null(live);
}

static void a_nightly_snapshot_is_not_taken_for_one_of_a_stream(void **state)
{
    (void)state;
    const struct rebut_live_options options = REBUT_LIVE_OPTIONS;
    const struct rebut_snapshot_about night = {.as_of = START + 1000 * HOUR};
    struct rebut_live *live = NULL;
    struct rebut_live_about about;
    struct rebut_error err = {0};
    struct rebut_state known;
    chance = 2;
    say_world(&stream, 60, 6);
    state_of(&stream, NULL, NULL, false, &known);
    assert_true(rebut_snapshot_save(&known, &night, path, NULL));
    assert_false(rebut_live_load(path, &options, NULL, &live, &about, &err));
    assert_int_equal(err.code, REBUT_EDATA);
    rebut_state_release(&known);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

/* As the first version wrote it: all buyers were known. */
static void make_first_version(void)
{
    struct rebut_state tables;
    struct rebut_snapshot_about about = {0};
    const uint32_t version = 1;
    uint32_t known = 0;
    rebut_state_init(&tables, 1);
    assert_true(rebut_snapshot_load(path, &tables, &about, NULL));
    memcpy(&known, about.extra.data + 96, sizeof known);
    const uint32_t rest = 96 + 4 + 4 * known;
    memmove(about.extra.data + 96, about.extra.data + rest, about.extra.count - rest);
    about.extra.count -= rest - 96;
    memcpy(about.extra.data + 8, &version, sizeof version);
    assert_true(rebut_snapshot_save(&tables, &about, path, NULL));
    rebut_snapshot_about_release(&about);
    rebut_state_release(&tables);
}

static uint32_t orders_after(const struct rebut_live_night *night, size_t event)
{
    struct rebut_live *live = NULL;
    struct rebut_live_about about;
    const struct rebut_live_options options = options_of(0);
    assert_true(rebut_live_load(path, &options, night, &live, &about, NULL));
    take(live, &stream, event);
    const uint32_t count = rebut_live_state(live)->orders.count;
    rebut_live_free(live);
    return count;
}

static void whom_nobody_asked_about_is_still_of_the_night_after_a_stop(void **state)
{
    (void)state;
    struct stream before = {0};
    struct rebut_state known;
    struct rebut_live_night *night = NULL;
    for (unsigned order = 1; order <= 6; order++)
        say_order(&before, order, 1 + order % 2, order, 5000);
    state_of(&before, NULL, NULL, true, &known);
    assert_true(rebut_live_night_open(&night, &known, NULL));
    say_order(&stream, 11, 1, 5000, 5000);
    say_order(&stream, 12, 2, 5000, 5000);
    say_request(&stream, 1, 11, 6000, "refund_only");
    say_request(&stream, 2, 12, 7000, "refund_only");
    struct rebut_live *live = live_of(options_of(0), night);
    struct rebut_live_due due;
    for (size_t i = 0; i < 3; i++)
        take(live, &stream, i);
    assert_true(rebut_live_next(live, &due));
    assert_int_equal(rebut_live_state(live)->orders.count, 2 + 3);
    save(live, 3);
    rebut_live_free(live);
    assert_int_equal(orders_after(night, 2), 5); /* known, and not copied again */
    assert_int_equal(orders_after(night, 3), 8);
    make_first_version();
    assert_int_equal(orders_after(night, 3), 5);
    rebut_live_night_close(night);
    rebut_state_release(&known);
    stream_free(&before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_loaded_stream_goes_on_as_the_saved_one),
        TEST(a_stream_that_has_seen_nothing_is_saved_too),
        TEST(what_comes_while_the_child_writes_is_not_in_the_file),
        TEST(nothing_may_be_due),
        TEST(a_killed_child_leaves_both_files_as_they_were),
        TEST(a_full_disk_fails_the_snapshot_and_nothing_else),
        TEST(no_folder_fails_the_snapshot),
        TEST(a_damaged_file_is_named_and_the_one_before_is_used),
        TEST(a_file_that_was_cut_is_named_and_the_one_before_is_used),
        TEST(without_a_good_file_both_are_named),
        TEST(a_nightly_snapshot_is_not_taken_for_one_of_a_stream),
        TEST(whom_nobody_asked_about_is_still_of_the_night_after_a_stop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
