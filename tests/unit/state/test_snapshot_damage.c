/* No damaged or crafted snapshot is believed, and what is wrong with it is named. */
#include "saved.h"

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_file_cut_anywhere_is_refused),
        TEST(no_bit_can_flip_unseen),
        TEST(other_versions_and_layouts_are_named),
        TEST(a_row_out_of_its_range_is_named),
        TEST(photos_that_would_not_fit_when_packed_are_refused),
        TEST(ids_that_no_event_could_bring_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
