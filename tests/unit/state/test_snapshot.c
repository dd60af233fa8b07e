/* What was saved comes back; what would not is not saved; there is always a good file. */
#include "saved.h"

#include <malloc.h>
#include <signal.h>
#include <sys/resource.h>

#include "dump.h"

/* ---- there and back ---- */

static void every_table_has_rows_in_the_small_shop(void **unused)
{
    (void)unused;
    struct rebut_state state;
    const char *path = save_small(&state);
    struct bytes file = read_file(path);
    struct snapshot_header header;
    memcpy(&header, file.data, sizeof header);
    for (int i = 0; i < SNAPSHOT_SECTIONS - 1; i++)
        if (header.sections[i].count == 0)
            fail_msg("nothing in '%s'", header.sections[i].name);
    free(file.data);
    rebut_state_release(&state);
}

static void reading_on_from_a_snapshot_gives_the_tables_of_reading_all(void **unused)
{
    (void)unused;
    static struct lines lines;
    for (unsigned seed = 1; seed <= 8; seed++) {
        struct rebut_state whole, first, second;
        struct rebut_snapshot_about about;
        uint64_t duplicates[REBUT_EVENT_TYPES];
        noise = seed;
        add_shop(&lines, 400, true);
        add_duplicates(&lines);
        if (seed % 2 == 0)
            shuffle(&lines);
        /* Some nights are the last: nothing comes that would be replaced again. */
        const size_t cut = seed % 4 == 0 ? lines.count : below((unsigned)lines.count);
        rebut_state_init(&whole, 1);
        rebut_state_init(&first, 2);
        apply_lines(&whole, &lines, 0, lines.count);
        apply_lines(&first, &lines, 0, cut);
        save(&first, in_folder("x"));
        load(in_folder("x"), &second, &about);
        assert_false(about.fell_back);
        assert_int_equal(about.watermark, 41);
        /* From 0: what waited for its order is read again, the rest is a duplicate. */
        apply_lines(&second, &lines, 0, lines.count);
        assert_true(rebut_state_seal(&whole, duplicates, NULL));
        assert_true(rebut_state_seal(&second, duplicates, NULL));
        char *expected = dump_state(&whole), *came = dump_state(&second);
        assert_string_equal(came, expected);
        free(expected);
        free(came);
        rebut_snapshot_about_release(&about);
        rebut_state_release(&whole);
        rebut_state_release(&first);
        rebut_state_release(&second);
        clear(&lines);
    }
}

static void an_empty_state_and_what_is_said_about_it_come_back(void **unused)
{
    (void)unused;
    struct rebut_state state, back;
    struct rebut_snapshot_about about = {.as_of = 7, .watermark = UINT64_MAX}, came;
    struct rebut_text waiting[] = {
        REBUT_TEXT("{\"type\":\"outcome\"}"), {NULL, 0}, REBUT_TEXT("\xe4\xb8\xad")};
    memset(about.source, 's', REBUT_SNAPSHOT_SOURCE_MAX);
    memset(about.source_digest, 0xee, sizeof about.source_digest);
    about.events[REBUT_EVENT_VERDICT] = 12;
    about.waiting.data = waiting;
    about.waiting.count = 3;
    rebut_state_init(&state, 1);
    assert_false(rebut_snapshot_exists(in_folder("e")));
    assert_true(rebut_snapshot_save(&state, &about, in_folder("e"), NULL));
    assert_true(rebut_snapshot_exists(in_folder("e")));
    load(in_folder("e"), &back, &came);
    assert_int_equal(came.as_of, 7);
    assert_int_equal(came.watermark, UINT64_MAX);
    assert_string_equal(came.source, about.source);
    assert_memory_equal(came.source_digest, about.source_digest,
                        sizeof about.source_digest);
    assert_memory_equal(came.events, about.events, sizeof about.events);
    assert_int_equal(came.waiting.count, 3);
    for (int i = 0; i < 3; i++)
        assert_true(rebut_text_equal(came.waiting.data[i], waiting[i]));
    assert_int_equal(back.latest, REBUT_TIME_NONE);
    assert_int_equal(back.orders.count, 0);
    rebut_snapshot_about_release(&came);
    rebut_state_release(&back);
    rebut_state_release(&state);
}

/* Memory that malloc hands out full of other bytes each time. */
static void equal_states_are_saved_as_equal_bytes(void **unused)
{
    (void)unused;
    struct bytes files[3];
    struct rebut_state state;
    struct rebut_snapshot_about about;
    for (int i = 0; i < 2; i++) {
        mallopt(M_PERTURB, i == 0 ? 0x5a : 0xa5);
        files[i] = read_file(save_small(&state));
        rebut_state_release(&state);
    }
    load(in_folder("small"), &state, &about);
    save(&state, in_folder("again"));
    mallopt(M_PERTURB, 0);
    files[2] = read_file(in_folder("again"));
    for (int i = 1; i < 3; i++) {
        assert_int_equal(files[i].size, files[0].size);
        assert_memory_equal(files[i].data, files[0].data, files[0].size);
    }
    for (int i = 0; i < 3; i++)
        free(files[i].data);
    rebut_snapshot_about_release(&about);
    rebut_state_release(&state);
}

/* ---- what cannot be saved ---- */

static void expect_unsaved(const struct rebut_state *state,
                           const struct rebut_snapshot_about *about, const char *expected)
{
    struct rebut_error err = {0};
    assert_false(rebut_snapshot_save(state, about, in_folder("no"), &err));
    if (strstr(err.message, expected) == NULL)
        fail_msg("expected '%s' in: %s", expected, err.message);
    assert_false(rebut_snapshot_exists(in_folder("no")));
}

static void a_state_that_would_not_come_back_is_not_saved(void **unused)
{
    (void)unused;
    struct rebut_state state;
    struct rebut_snapshot_about about = about_all;
    uint64_t duplicates[REBUT_EVENT_TYPES];
    save_small(&state);
    about.as_of = state.latest - 1;
    expect_unsaved(&state, &about, "the latest event is of");
    about.as_of = state.latest;
    assert_true(rebut_snapshot_save(&state, &about, in_folder("yes"), NULL));
    memset(about.source, 'x', sizeof about.source);
    expect_unsaved(&state, &about, "the name of the source");
    strncpy(about.source, "\xff", 2);
    expect_unsaved(&state, &about, "the name of the source");
    state.orders.data[1].buyer = state.buyer_ids.count;
    expect_unsaved(&state, &about_all, "section 'orders', row 1: 'buyer' is");
    state.orders.data[1].buyer = 0;
    uint32_t index = 0;
    assert_true(
        rebut_intern_put(&state.order_ids, REBUT_TEXT("half an order"), 1, &index, NULL));
    expect_unsaved(&state, &about_all, "section 'order ids' has");
    state.order_ids.count--;
    assert_true(rebut_state_seal(&state, duplicates, NULL));
    expect_unsaved(&state, &about_all, "sealed");
    rebut_state_release(&state);
}

/* ---- files ---- */

static uint64_t watermark_of(const char *path, bool *ret_fell_back)
{
    struct rebut_state state;
    struct rebut_snapshot_about about;
    load(path, &state, &about);
    const uint64_t watermark = about.watermark;
    *ret_fell_back = about.fell_back;
    if (about.fell_back)
        assert_non_null(strstr(about.damage, path));
    rebut_snapshot_about_release(&about);
    rebut_state_release(&state);
    return watermark;
}

static void save_watermark(const struct rebut_state *state, const char *path,
                           uint64_t watermark)
{
    struct rebut_snapshot_about about = about_all;
    struct rebut_error err = {0};
    about.watermark = watermark;
    if (!rebut_snapshot_save(state, &about, path, &err))
        fail_msg("%s", err.message);
}

static void only_its_owner_may_read_it(void **unused)
{
    (void)unused;
    struct rebut_state state;
    struct stat there;
    const mode_t mask = umask(0);
    const char *path = save_small(&state);
    for (int round = 0; round < 2; round++) {
        assert_int_equal(stat(path, &there), 0);
        assert_int_equal(there.st_mode & 0777, 0600);
        assert_int_equal(chmod(path, 0644), 0);
        save(&state, path);
    }
    umask(mask);
    rebut_state_release(&state);
}

static void the_one_before_is_kept_and_read_when_the_last_is_damaged(void **unused)
{
    (void)unused;
    struct rebut_state state;
    bool fell_back = false;
    save_small(&state);
    const char *path = in_folder("kept"), *before = in_folder("kept.1");
    for (uint64_t night = 1; night <= 3; night++)
        save_watermark(&state, path, night);
    assert_int_equal(watermark_of(path, &fell_back), 3);
    assert_false(fell_back);
    assert_int_equal(watermark_of(before, &fell_back), 2);
    assert_int_not_equal(access(in_folder("kept.1.tmp"), F_OK), 0);

    assert_int_equal(truncate(path, 3000), 0);
    assert_int_equal(watermark_of(path, &fell_back), 2);
    assert_true(fell_back);
    unlink(path);
    assert_true(rebut_snapshot_exists(path));
    assert_int_equal(watermark_of(path, &fell_back), 2);
    assert_true(fell_back);

    put_text("kept", "no snapshot");
    put_text("kept.1", "neither");
    expect_refused(path, "came other bytes (11 of them)");
    expect_refused(path, "kept.1': expected a snapshot of rebut");
    rebut_state_release(&state);
}

static void a_good_predecessor_outlives_a_save_over_a_damaged_file(void **unused)
{
    (void)unused;
    struct rebut_state state;
    bool fell_back = false;
    struct rlimit old, small = {.rlim_cur = 1000};
    save_small(&state);
    const char *path = in_folder("good");
    save_watermark(&state, path, 1);
    save_watermark(&state, path, 2);
    assert_int_equal(truncate(path, 100), 0);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
    small.rlim_max = old.rlim_max;
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    assert_false(rebut_snapshot_save(&state, &about_all, path, NULL));
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
    assert_int_equal(watermark_of(path, &fell_back), 1);
    rebut_state_release(&state);
}

static void a_full_disk_leaves_both_files_as_they_were(void **unused)
{
    (void)unused;
    struct rebut_state state;
    struct rebut_error err = {0};
    struct rlimit old, small;
    bool fell_back = true;
    struct bytes file = read_file(save_small(&state));
    small.rlim_cur = file.size - 1;
    free(file.data);
    const char *path = in_folder("full");
    save_watermark(&state, path, 1);
    save_watermark(&state, path, 2);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
    small.rlim_max = old.rlim_max;
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    const bool saved = rebut_snapshot_save(&state, &about_all, path, &err);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
    assert_false(saved);
    assert_int_equal(err.code, REBUT_EIO);
    assert_non_null(strstr(err.message, path));
    assert_int_equal(watermark_of(path, &fell_back), 2);
    assert_false(fell_back);
    assert_int_equal(watermark_of(in_folder("full.1"), &fell_back), 1);
    /* small, full, full.1, and nothing half written */
    DIR *list = opendir(folder);
    const struct dirent *entry = NULL;
    while ((entry = readdir(list)) != NULL)
        assert_null(strstr(entry->d_name, "tmp"));
    closedir(list);
    rebut_state_release(&state);
}

static void what_is_no_regular_file_is_neither_written_nor_read(void **unused)
{
    (void)unused;
    struct rebut_state state;
    struct rebut_snapshot_about about;
    struct rebut_error err = {0}, other = {0};
    save_small(&state);
    assert_int_equal(symlink("small", in_folder("link")), 0);
    assert_false(rebut_snapshot_save(&state, &about_all, in_folder("link"), &err));
    assert_non_null(strstr(err.message, "expected a regular file"));
    rebut_state_release(&state);
    rebut_state_init(&state, 1);
    assert_false(rebut_snapshot_load("/dev/null", &state, &about, &other));
    assert_non_null(strstr(other.message, "expected a regular file"));
    rebut_state_release(&state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_table_has_rows_in_the_small_shop),
        TEST(reading_on_from_a_snapshot_gives_the_tables_of_reading_all),
        TEST(an_empty_state_and_what_is_said_about_it_come_back),
        TEST(equal_states_are_saved_as_equal_bytes),
        TEST(a_state_that_would_not_come_back_is_not_saved),
        TEST(only_its_owner_may_read_it),
        TEST(the_one_before_is_kept_and_read_when_the_last_is_damaged),
        TEST(a_good_predecessor_outlives_a_save_over_a_damaged_file),
        TEST(a_full_disk_leaves_both_files_as_they_were),
        TEST(what_is_no_regular_file_is_neither_written_nor_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
