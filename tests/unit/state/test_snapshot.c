/* What was saved comes back; what is damaged does not; there is always a good file. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <malloc.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "dump.h"
#include "folder.h"
#include "shop.h"
#include "snapshot_file.h"

static const struct rebut_snapshot_about about_all = {.as_of = REBUT_TIME_MAX,
                                                      .watermark = 41,
                                                      .events = {1, 2, 3, 4, 5, 6, 7, 8},
                                                      .source = "a shop",
                                                      .source_digest = {9, 8, 7}};

struct bytes {
    uint8_t *data;
    size_t size;
};

static struct bytes read_file(const char *path)
{
    struct stat there;
    struct bytes bytes = {0};
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    assert_int_equal(fstat(fileno(file), &there), 0);
    bytes.size = (size_t)there.st_size;
    bytes.data = malloc(bytes.size + 1);
    assert_non_null(bytes.data);
    assert_int_equal(fread(bytes.data, 1, bytes.size, file), bytes.size);
    fclose(file);
    return bytes;
}

/* Lines from `first` to `last` into the tables; what names something not yet seen is
 * tried again. */
static void apply_lines(struct rebut_state *state, const struct lines *lines,
                        size_t first, size_t last)
{
    static char room[4096];
    for (int round = 0; round < 3; round++)
        for (size_t i = first; i < last; i++) {
            struct rebut_event_scratch scratch = {.data = room, .size = sizeof room};
            struct rebut_event event;
            struct rebut_refusal refusal;
            enum rebut_applied applied = REBUT_APPLIED;
            uint32_t other = 0;
            static bool done[LINES_MAX];
            if (round == 0)
                done[i] = false;
            if (done[i])
                continue;
            if (!rebut_event_parse(rebut_text_of(lines->lines[i]), &scratch, &event,
                                   &refusal))
                fail_msg("%s: %s", refusal.field, refusal.expected);
            assert_true(rebut_state_apply(state, &event, &applied, &other, NULL));
            done[i] = applied != REBUT_ORPHAN;
        }
}

static void save(const struct rebut_state *state, const char *path)
{
    struct rebut_error err = {0};
    if (!rebut_snapshot_save(state, &about_all, path, &err))
        fail_msg("%s", err.message);
}

static void load(const char *path, struct rebut_state *state,
                 struct rebut_snapshot_about *ret_about)
{
    struct rebut_error err = {0};
    rebut_state_init(state, 99);
    if (!rebut_snapshot_load(path, state, ret_about, &err))
        fail_msg("%s", err.message);
}

/* A small shop with something in every section, saved as "small". */
static const char *save_small(struct rebut_state *state)
{
    static const char *const more[] = {
        "{\"type\":\"order\",\"at\":1600000000000,\"order_id\":\"an order with a long "
        "id\",\"buyer_id\":\"b1\",\"merchant_id\":\"m1\",\"sku_id\":\"s1\",\"category\":"
        "\"\\u98df\\u54c1\",\"campaign\":\"618\",\"region\":\"CN-33\",\"distributor\":"
        "\"hq\",\"payment_id\":\"p1\",\"device_id\":\"d1\",\"address_id\":\"a1\","
        "\"host_id\":\"h1\",\"channel\":\"shelf\",\"amount\":5}",
        "{\"type\":\"contact\",\"at\":1600000000001,\"order_id\":\"an order with a long "
        "id\",\"by\":\"buyer\",\"kind\":\"message\"}",
        "{\"type\":\"price\",\"at\":1600000000000,\"sku_id\":\"s1\",\"price\":7}"};
    struct lines lines = {.count = 0};
    noise = 5;
    add_shop(&lines, 6, true);
    for (size_t i = 0; i < sizeof more / sizeof *more; i++)
        add(&lines, "%s", more[i]);
    for (int i = 0; i < 2; i++) {
        add_request(&lines, 5, 1700000000000 + 100 * i);
        add(&lines, "{\"type\":\"verdict\",\"at\":1700000000300,\"request_id\":\"r5\","
                    "\"verdict\":\"abuse\",\"by\":\"w1\",\"propensity\":0.5}");
    }
    rebut_state_init(state, 3);
    apply_lines(state, &lines, 0, lines.count);
    clear(&lines);
    const char *path = in_folder("small");
    save(state, path);
    return path;
}

static void expect_refused(const char *path, const char *expected)
{
    struct rebut_state state;
    struct rebut_snapshot_about about;
    struct rebut_error err = {0};
    rebut_state_init(&state, 1);
    assert_false(rebut_snapshot_load(path, &state, &about, &err));
    assert_int_equal(err.code, REBUT_EDATA);
    if (strstr(err.message, expected) == NULL || strstr(err.message, path) == NULL)
        fail_msg("expected '%s' in: %s", expected, err.message);
    assert_int_equal(state.orders.count, 0);
    assert_int_equal(state.order_ids.seed, 1);
    assert_null(about.waiting.data);
    rebut_state_release(&state);
}

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
        const size_t cut = below((unsigned)lines.count);
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

/* ---- what is damaged ---- */

static void a_file_cut_anywhere_is_refused(void **unused)
{
    (void)unused;
    struct rebut_state state;
    struct bytes file = read_file(save_small(&state));
    for (size_t size = 0; size < file.size; size += size < 64 ? 1 : 23)
        expect_refused(put_file("cut", file.data, size),
                       size < 16 ? "expected a snapshot of rebut, came other bytes"
                                 : "expected");
    expect_refused(put_file("cut", file.data, file.size - 1), "bytes of the file");
    free(file.data);
    rebut_state_release(&state);
}

static void no_bit_can_flip_unseen(void **unused)
{
    (void)unused;
    struct rebut_state state;
    struct bytes file = read_file(save_small(&state));
    for (size_t at = 0; at < file.size; at++) {
        file.data[at] ^= (uint8_t)(1 << at % 8);
        expect_refused(put_file("flip", file.data, file.size),
                       at < sizeof(struct snapshot_header) ? "expected" : "is damaged");
        file.data[at] ^= (uint8_t)(1 << at % 8);
    }
    free(file.data);
    rebut_state_release(&state);
}

/* What must be said when these bytes of the header are others, checksums right. */
static void other_versions_and_layouts_are_named(void **unused)
{
    (void)unused;
#define HEADER(member) offsetof(struct snapshot_header, member)
    static const struct {
        size_t at;
        const char *expected;
    } cases[] = {
        {HEADER(magic), "expected a snapshot of rebut"},
        {HEADER(version), "version of the format: expected 1, came 0"},
        {HEADER(header_size), "bytes of the header"},
        {HEADER(layout), "expected layout"},
        {HEADER(file_size), "bytes of the file: expected"},
        {HEADER(latest) + 7, "the latest event is of"},
        {HEADER(as_of) + 7, "as_of"},
        {HEADER(section_count), "number of sections: expected 25, came 24"},
        {HEADER(replaced) + 1, "the header: expected flags"},
        {HEADER(unused), "the header: expected flags"},
        {HEADER(source) + 100, "the header: expected flags"},
        {HEADER(sections[15].name), "expected a section 'orders', came 'nrders'"},
        {HEADER(sections[15].record_size),
         "section 'orders', bytes of a record: expected 80, came 81"},
        {HEADER(sections[15].count), "section 'orders', bytes of"},
        {HEADER(sections[15].bytes), "section 'orders', bytes of"},
        {HEADER(sections[0].bytes) + 7, "section 'order ids': expected at most"},
    };
    struct rebut_state state;
    struct bytes file = read_file(save_small(&state));
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const uint8_t old = file.data[cases[i].at];
        file.data[cases[i].at] ^= cases[i].at == HEADER(replaced) + 1 ? 0x80 : 1;
        if (cases[i].at == HEADER(latest) + 7 || cases[i].at == HEADER(as_of) + 7)
            file.data[cases[i].at] = 0x7f;
        snapshot_seal_header(file.data);
        expect_refused(put_file("other", file.data, file.size), cases[i].expected);
        file.data[cases[i].at] = old;
    }
    free(file.data);
    rebut_state_release(&state);
}

/* A crafted file: these bytes of a section's first row are 0xff, or 0xff after zeros, and
 * every checksum is right. */
static void a_row_out_of_its_range_is_named(void **unused)
{
    (void)unused;
#define ROW(section, row, member)                                                        \
    {                                                                                    \
        section, offsetof(struct rebut_##row, member),                                   \
            sizeof(((struct rebut_##row *)NULL)->member), #member                        \
    }
    static const struct {
        const char *section;
        size_t at, size;
        const char *member;
    } cases[] = {
        ROW("orders", order, at),
        ROW("orders", order, amount),
        ROW("orders", order, buyer),
        ROW("orders", order, merchant),
        ROW("orders", order, sku),
        ROW("orders", order, host),
        ROW("orders", order, quantity),
        ROW("orders", order, carrier),
        ROW("orders", order, category),
        ROW("orders", order, campaign),
        ROW("orders", order, region),
        ROW("orders", order, distributor),
        ROW("orders", order, channel),
        ROW("orders", order, signed_by),
        ROW("orders", order, shipped_ms),
        ROW("orders", order, delivered_ms),
        ROW("requests", request, at),
        ROW("requests", request, amount),
        ROW("requests", request, order),
        ROW("requests", request, photo_first),
        ROW("requests", request, photo_count),
        ROW("requests", request, kind),
        ROW("requests", request, reason),
        ROW("requests", request, unused),
        ROW("contacts", contact, at),
        ROW("contacts", contact, order),
        ROW("contacts", contact, party),
        ROW("contacts", contact, kind),
        ROW("contacts", contact, unused),
        ROW("outcomes", outcome_seen, at),
        ROW("outcomes", outcome_seen, request),
        ROW("outcomes", outcome_seen, outcome),
        ROW("outcomes", outcome_seen, by),
        ROW("outcomes", outcome_seen, unused),
        ROW("verdicts", verdict_seen, at),
        ROW("verdicts", verdict_seen, request),
        ROW("verdicts", verdict_seen, reviewer),
        ROW("verdicts", verdict_seen, verdict),
        ROW("verdicts", verdict_seen, selection),
        ROW("verdicts", verdict_seen, propensity),
        ROW("prices", price, at),
        {"prices", offsetof(struct rebut_price, price), 8, "amount"},
        ROW("prices", price, sku),
        ROW("prices", price, unused),
        {"order keys", 0, 1, "device"},
        {"order keys", 4, 1, "address"},
        {"order keys", 8, 1, "payment"},
    };
    struct rebut_state state;
    struct snapshot_header header;
    struct bytes file = read_file(save_small(&state));
    memcpy(&header, file.data, sizeof header);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char expected[96];
        uint8_t old[8];
        int section = 0;
        while (strcmp(header.sections[section].name, cases[i].section) != 0)
            section++;
        uint8_t *place =
            file.data + snapshot_begin(&header, file.size, section) + cases[i].at;
        memcpy(old, place, cases[i].size);
        memset(place, 0xff, cases[i].size);
        if (strcmp(cases[i].section, "order keys") == 0)
            memset(place, 0x7f, 1), memset(place + 1, 0, 3);
        snapshot_repair(file.data, file.size);
        snprintf(expected, sizeof expected, "section '%s', row 0: '", cases[i].section);
        expect_refused(put_file("crafted", file.data, file.size), expected);
        expect_refused(put_file("crafted", file.data, file.size), cases[i].member);
        memcpy(place, old, cases[i].size);
        if (strcmp(cases[i].section, "order keys") == 0)
            memset(place + 1, old[0] == 0xff ? 0xff : 0, 3);
    }
    free(file.data);
    rebut_state_release(&state);
}

static void photos_that_would_not_fit_when_packed_are_refused(void **unused)
{
    (void)unused;
    struct rebut_state state;
    struct rebut_error err = {0};
    save_small(&state);
    for (uint32_t i = 0; i < state.requests.count; i++) {
        state.requests.data[i].photo_first = 0;
        state.requests.data[i].photo_count = (uint8_t)state.photos.count;
    }
    assert_false(rebut_snapshot_save(&state, &about_all, in_folder("x"), &err));
    assert_non_null(strstr(err.message, "section 'photos' has"));
    assert_false(rebut_snapshot_exists(in_folder("x")));
    rebut_state_release(&state);
}

static void ids_that_no_event_could_bring_are_refused(void **unused)
{
    (void)unused;
    struct rebut_state state;
    struct snapshot_header header;
    struct bytes file = read_file(save_small(&state));
    memcpy(&header, file.data, sizeof header);
    /* Merchants: a byte of size each, then "m…" each. */
    const uint32_t count = header.sections[3].count;
    uint8_t *sizes = file.data + snapshot_begin(&header, file.size, 3);
    uint8_t *bytes = sizes + count;
    assert_true(count >= 2 && sizes[0] == 2 && sizes[1] == 2);
    const struct {
        uint8_t *place;
        uint8_t byte;
        const char *expected;
    } cases[] = {
        {sizes, 0, "'merchant ids': entry 0 has 0 bytes, expected 1 to 64"},
        {sizes, 65, "'merchant ids': entry 0 has 65 bytes, expected 1 to 64"},
        {sizes, 3, "'merchant ids': it ends within an entry"},
        {sizes, 1, "'merchant ids' has 1 bytes behind"},
        {bytes, 0, "'merchant ids': expected UTF-8 without NUL"},
        {bytes, 0xc3, "'merchant ids': expected UTF-8 without NUL"},
        {bytes + 1, bytes[3], "'merchant ids': entry 1 repeats entry 0"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const uint8_t old = *cases[i].place;
        *cases[i].place = cases[i].byte;
        snapshot_repair(file.data, file.size);
        expect_refused(put_file("ids", file.data, file.size), cases[i].expected);
        *cases[i].place = old;
    }
    memcpy(bytes + 1, "\xc3\xa9", 2); /* one character, half in each */
    snapshot_repair(file.data, file.size);
    expect_refused(put_file("ids", file.data, file.size), "expected UTF-8 without NUL");
    free(file.data);
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

/* Where forcing to disk costs nothing, if there is such a place. */
static int make_quick_folder(void **state)
{
    snprintf(folder, sizeof folder, "/dev/shm/rebut-test-XXXXXX");
    return mkdtemp(folder) != NULL ? 0 : make_folder(state);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_quick_folder, remove_folder)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_table_has_rows_in_the_small_shop),
        TEST(reading_on_from_a_snapshot_gives_the_tables_of_reading_all),
        TEST(an_empty_state_and_what_is_said_about_it_come_back),
        TEST(equal_states_are_saved_as_equal_bytes),
        TEST(a_file_cut_anywhere_is_refused),
        TEST(no_bit_can_flip_unseen),
        TEST(other_versions_and_layouts_are_named),
        TEST(a_row_out_of_its_range_is_named),
        TEST(photos_that_would_not_fit_when_packed_are_refused),
        TEST(ids_that_no_event_could_bring_are_refused),
        TEST(a_state_that_would_not_come_back_is_not_saved),
        TEST(only_its_owner_may_read_it),
        TEST(the_one_before_is_kept_and_read_when_the_last_is_damaged),
        TEST(a_good_predecessor_outlives_a_save_over_a_damaged_file),
        TEST(a_full_disk_leaves_both_files_as_they_were),
        TEST(what_is_no_regular_file_is_neither_written_nor_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
