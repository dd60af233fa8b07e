/* saved.h -- snapshots as files, for the tests of them. */
#ifndef TESTS_UNIT_STATE_SAVED_H
#define TESTS_UNIT_STATE_SAVED_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <sys/stat.h>

#include "../../support/folder.h"
#include "../../support/snapshot_file.h"
#include "shop.h"

static const struct rebut_snapshot_about about_all = {.as_of = REBUT_TIME_MAX,
                                                      .watermark = 41,
                                                      .events = {1, 2, 3, 4, 5, 6, 7, 8},
                                                      .source = "a shop",
                                                      .source_digest = {9, 8, 7}};

struct bytes {
    uint8_t *data;
    size_t size;
};

static inline struct bytes read_file(const char *path)
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
static inline void apply_lines(struct rebut_state *state, const struct lines *lines,
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

static inline void save(const struct rebut_state *state, const char *path)
{
    struct rebut_error err = {0};
    if (!rebut_snapshot_save(state, &about_all, path, &err))
        fail_msg("%s", err.message);
}

static inline void load(const char *path, struct rebut_state *state,
                        struct rebut_snapshot_about *ret_about)
{
    struct rebut_error err = {0};
    rebut_state_init(state, 99);
    if (!rebut_snapshot_load(path, state, ret_about, &err))
        fail_msg("%s", err.message);
}

/* A small shop with something in every section, saved as "small". */
static inline const char *save_small(struct rebut_state *state)
{
    static const char *const more[] = {
        ("{\"type\":\"order\",\"at\":1600000000000,\"order_id\":\"an order with a long "
         "id\",\"buyer_id\":\"b1\",\"merchant_id\":\"m1\",\"sku_id\":\"s1\",\"category\":"
         "\"\\u98df\\u54c1\",\"campaign\":\"618\",\"region\":\"CN-33\",\"distributor\":"
         "\"hq\",\"payment_id\":\"p1\",\"device_id\":\"d1\",\"address_id\":\"a1\","
         "\"host_id\":\"h1\",\"channel\":\"shelf\",\"amount\":5}"),
        ("{\"type\":\"contact\",\"at\":1600000000001,\"order_id\":\"an order with a long "
         "id\",\"by\":\"buyer\",\"kind\":\"message\"}"),
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

static inline void expect_refused(const char *path, const char *expected)
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

/* Where forcing to disk costs nothing, if there is such a place. */
static inline int make_quick_folder(void **state)
{
    snprintf(folder, sizeof folder, "/dev/shm/rebut-test-XXXXXX");
    return mkdtemp(folder) != NULL ? 0 : make_folder(state);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_quick_folder, remove_folder)

#endif
