/* Every line is accounted for, and what the tables hold does not depend on the order in
 * which the lines came. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <sys/stat.h>
#include <sys/wait.h>

#include "dump.h"
#include "folder.h"
#include "rebut/ingest.h"
#include "shop.h"

static const char *put_lines(const char *name, const struct lines *lines)
{
    const char *path = in_folder(name);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    for (size_t i = 0; i < lines->count; i++)
        fprintf(file, "%s\n", lines->lines[i]);
    assert_int_equal(fclose(file), 0);
    return path;
}

/* ---- read it ---- */

struct result {
    struct rebut_ingested sums;
    struct rebut_error err;
    char *dump;    /* of the state */
    char *rejects; /* the file */
};

static bool ingest(struct result *result, struct rebut_ingest_job job)
{
    struct rebut_state state;
    struct rebut_rejects rejects = {0};
    *result = (struct result){0};
    const char *path = in_folder("rejects");
    unlink(path);
    if (job.as_of == 0)
        job.as_of = REBUT_TIME_MAX;
    assert_true(rebut_rejects_open(&rejects, path, NULL));
    job.rejects = &rejects;
    rebut_state_init(&state, 7);
    const bool ok = rebut_ingest(&job, &state, &result->sums, &result->err);
    if (ok) {
        result->dump = dump_state(&state);
        assert_true(rebut_rejects_commit(&rejects, NULL));
        result->rejects = get_file(path);
    }
    rebut_rejects_release(&rejects);
    rebut_state_release(&state);
    return ok;
}

static void read_one(struct result *result, const char *path)
{
    if (!ingest(result, (struct rebut_ingest_job){.paths = &path, .path_count = 1}))
        fail_msg("%s", result->err.message);
}

static void release(struct result *result)
{
    free(result->dump);
    free(result->rejects);
}

static size_t count_lines(const char *text)
{
    size_t count = 0;
    for (; *text != '\0'; text++)
        count += *text == '\n';
    return count;
}

static uint64_t of_types(const uint64_t *counts)
{
    return rebut_ingested_sum(counts, REBUT_EVENT_TYPES);
}

/* The promise: every line is in one place, and the rejects hold what was set aside. */
static void assert_adds_up(const struct result *result)
{
    const struct rebut_ingested *sums = &result->sums;
    const uint64_t refused = rebut_ingested_sum(sums->refused, REBUT_REFUSALS);
    const uint64_t set_aside =
        refused + of_types(sums->conflicts) + of_types(sums->orphans);
    assert_int_equal(sums->lines, sums->blank + set_aside + of_types(sums->after) +
                                      of_types(sums->applied) +
                                      of_types(sums->duplicates));
    assert_int_equal(sums->refused[REBUT_REFUSALS - 1], 0); /* all reasons have a word */
    assert_int_equal(count_lines(result->rejects), set_aside);
}

static void assert_same_state(const struct result *a, const struct result *b)
{
    if (strcmp(a->dump, b->dump) == 0)
        return;
    const char *left = a->dump, *right = b->dump;
    while (*left == *right) {
        left++;
        right++;
    }
    while (left > a->dump && left[-1] != '\n') {
        left--;
        right--;
    }
    fail_msg("the states differ:\n%.*s\n%.*s", (int)strcspn(left, "\n"), left,
             (int)strcspn(right, "\n"), right);
}

/* ---- tests ---- */

static void every_line_of_mangled_inputs_is_accounted_for(void **state)
{
    (void)state;
    static struct lines lines;
    for (noise = 1; noise < 40; noise++) {
        const uint64_t seed = noise;
        add_shop(&lines, 100, true);
        add_duplicates(&lines);
        mangle(&lines);
        if (seed % 2 == 0)
            shuffle(&lines);
        const char *path = put_lines("a", &lines);
        struct result result;
        read_one(&result, path);
        assert_int_equal(result.sums.lines, lines.count);
        assert_true(rebut_ingested_sum(result.sums.refused, REBUT_REFUSALS) > 10);
        assert_adds_up(&result);
        release(&result);
        assert_true(ingest(
            &result, (struct rebut_ingest_job){.paths = &path,
                                               .path_count = 1,
                                               .as_of = 1700000500000 * INT64_C(1000)}));
        assert_true(of_types(result.sums.after) > 10);
        assert_true(result.sums.last_at <= 1700000500000 * INT64_C(1000));
        assert_adds_up(&result);
        release(&result);
        clear(&lines);
        noise = seed;
    }
}

static void shuffled_input_gives_the_same_tables(void **state)
{
    (void)state;
    static struct lines lines;
    for (uint64_t seed = 1; seed < 30; seed++) {
        noise = seed;
        add_shop(&lines, 200, true);
        add_duplicates(&lines);
        struct result ordered, shuffled;
        read_one(&ordered, put_lines("a", &lines));
        assert_adds_up(&ordered);
        assert_true(of_types(ordered.sums.conflicts) > 5);
        assert_true(of_types(ordered.sums.orphans) > 5);
        shuffle(&lines);
        read_one(&shuffled, put_lines("b", &lines));
        assert_adds_up(&shuffled);
        assert_same_state(&ordered, &shuffled);
        assert_memory_equal(ordered.sums.applied, shuffled.sums.applied,
                            sizeof ordered.sums.applied);
        assert_memory_equal(ordered.sums.orphans, shuffled.sums.orphans,
                            sizeof ordered.sums.orphans);
        assert_null(strstr(shuffled.rejects, "\"text\":null"));
        release(&ordered);
        release(&shuffled);
        clear(&lines);
    }
}

static void duplicates_change_nothing_but_their_count(void **state)
{
    (void)state;
    static struct lines lines;
    noise = 618;
    add_shop(&lines, 300, false);
    struct result once, twice;
    const size_t count = lines.count;
    read_one(&once, put_lines("a", &lines));
    add_duplicates(&lines);
    read_one(&twice, put_lines("b", &lines));
    assert_same_state(&once, &twice);
    assert_int_equal(of_types(once.sums.duplicates), 0);
    assert_int_equal(of_types(once.sums.conflicts), 0);
    assert_memory_equal(once.sums.applied, twice.sums.applied, sizeof once.sums.applied);
    assert_int_equal(of_types(twice.sums.duplicates) + of_types(twice.sums.orphans),
                     lines.count - count + of_types(once.sums.orphans));
    assert_adds_up(&twice);
    release(&once);
    release(&twice);
    clear(&lines);
}

static void a_file_in_pieces_gives_the_same_tables(void **state)
{
    (void)state;
    static struct lines lines;
    static struct lines pieces[3];
    noise = 12;
    add_shop(&lines, 300, true);
    add_duplicates(&lines);
    for (size_t i = 0; i < lines.count; i++)
        add(&pieces[below(3)], "%s", lines.lines[i]);
    struct result whole, merged;
    read_one(&whole, put_lines("a.ndjson", &lines));
    const char *paths[] = {put_lines("b", &pieces[0]), put_lines("c", &pieces[1]),
                           put_lines("d", &pieces[2])};
    assert_true(
        ingest(&merged, (struct rebut_ingest_job){.paths = paths, .path_count = 3}));
    assert_same_state(&whole, &merged);
    assert_int_equal(merged.sums.inputs, 3);
    assert_adds_up(&merged);
    release(&whole);
    release(&merged);
    clear(&lines);
    for (int i = 0; i < 3; i++)
        clear(&pieces[i]);
}

static void what_comes_later_changes_nothing_before_it(void **state)
{
    (void)state;
    static struct lines lines;
    static struct lines early;
    const int64_t as_of = 1700000600000;
    noise = 5;
    add_shop(&lines, 300, true);
    for (size_t i = 0; i < lines.count; i++)
        if (strtoll(strstr(lines.lines[i], "\"at\":") + 5, NULL, 10) <= as_of)
            add(&early, "%s", lines.lines[i]);
    struct result all, before;
    const char *path = put_lines("a", &lines);
    assert_true(ingest(&all, (struct rebut_ingest_job){.paths = &path,
                                                       .path_count = 1,
                                                       .as_of = as_of * 1000}));
    read_one(&before, put_lines("b", &early));
    assert_same_state(&all, &before);
    assert_int_equal(of_types(all.sums.after), lines.count - early.count);
    release(&all);
    release(&before);
    clear(&lines);
    clear(&early);
}

#define ORDER(id, at, amount)                                                            \
    "{\"type\":\"order\",\"at\":" at ",\"order_id\":\"" id                               \
    "\",\"buyer_id\":\"b\",\"merchant_id\":\"m\",\"sku_id\":\"s\",\"category\":\"c\","   \
    "\"channel\":\"shelf\",\"amount\":" amount "}"
#define SHIPMENT(id, at) "{\"type\":\"shipment\",\"at\":" at ",\"order_id\":\"" id "\"}"
#define REQUEST(id, order, at)                                                           \
    "{\"type\":\"request\",\"at\":" at ",\"request_id\":\"" id                           \
    "\",\"order_id\":\"" order                                                           \
    "\",\"kind\":\"refund_only\",\"reason\":\"other\",\"amount\":1}"
#define OUTCOME(id, at)                                                                  \
    "{\"type\":\"outcome\",\"at\":" at ",\"request_id\":\"" id                           \
    "\",\"outcome\":\"denied\"}"

static void what_happens_at_as_of_itself_is_known(void **state)
{
    (void)state;
    struct result result;
    const char *path =
        put_text("a", ORDER("o1", "999", "1") "\n" ORDER("o2", "1000", "1") "\n" ORDER(
                          "o3", "1001", "1") "\n");
    assert_true(ingest(&result, (struct rebut_ingest_job){.paths = &path,
                                                          .path_count = 1,
                                                          .as_of = REBUT_SECOND}));
    assert_int_equal(result.sums.applied[REBUT_EVENT_ORDER], 2);
    assert_int_equal(result.sums.after[REBUT_EVENT_ORDER], 1);
    assert_int_equal(result.sums.last_at, REBUT_SECOND);
    release(&result);
}

static void an_orphan_is_applied_when_what_it_waits_for_comes(void **state)
{
    (void)state;
    struct result result;
    read_one(&result,
             put_text("a", OUTCOME("r1", "4") "\n" REQUEST("r1", "o1", "3") "\n" SHIPMENT(
                               "o2", "3") "\n" ORDER("o1", "1", "5") "\n"));
    assert_int_equal(result.sums.applied[REBUT_EVENT_OUTCOME], 1);
    assert_int_equal(result.sums.applied[REBUT_EVENT_REQUEST], 1);
    assert_int_equal(result.sums.orphans[REBUT_EVENT_SHIPMENT], 1);
    assert_non_null(strstr(result.rejects, "\"line\":3,\"reason\":\"orphan\",\"field\":"
                                           "\"order_id\",\"expected\":\"an order of "
                                           "the same input\",\"came\":\"\\\"o2\\\", "
                                           "which never came\",\"text\":\"{\\\"type\\\":"
                                           "\\\"shipment\\\","));
    assert_adds_up(&result);
    release(&result);
}

static void of_two_with_one_id_the_earlier_stands_and_the_other_is_told(void **state)
{
    (void)state;
    struct result result;
    const char *path = put_text("a", ORDER("o1", "9000", "1") "\n" /* replaced */
                                SHIPMENT("o1", "9500") "\n"        /* replaced */
                                ORDER("o1", "8000", "2") "\n"      /* stands */
                                ORDER("o1", "9000", "3") "\n"      /* conflict */
                                SHIPMENT("o1", "9400") "\n"        /* stands */
                                REQUEST("r1", "o1", "9900") "\n"   /* replaced */
                                REQUEST("r1", "o1", "9800") "\n"   /* stands */
                                ORDER("o1", "8000", "2") "\n");    /* duplicate */
    read_one(&result, path);
    assert_adds_up(&result);
    assert_int_equal(result.sums.conflicts[REBUT_EVENT_ORDER], 2);
    assert_int_equal(result.sums.conflicts[REBUT_EVENT_SHIPMENT], 1);
    assert_int_equal(result.sums.conflicts[REBUT_EVENT_REQUEST], 1);
    assert_int_equal(result.sums.duplicates[REBUT_EVENT_ORDER], 1);
    static const char *const lines[] = {
        "\"line\":4,\"reason\":\"conflict\",\"field\":\"order_id\",\"expected\":\"what "
        "the first ",
        "\"line\":1,\"reason\":\"conflict\",\"field\":\"order_id\",\"expected\":\"what "
        "the "
        "other event of this id says, which stands\",\"came\":\"other "
        "content\",\"text\":"
        "\"{\\\"type\\\":\\\"order\\\",\\\"at\\\":9000,",
        "\"line\":2,\"reason\":\"conflict\",\"field\":\"order_id\"",
        "\"line\":6,\"reason\":\"conflict\",\"field\":\"request_id\""};
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        if (strstr(result.rejects, lines[i]) == NULL)
            fail_msg("no %s in\n%s", lines[i], result.rejects);
    release(&result);
}

static void what_a_pipe_brought_and_was_replaced_is_told_without_its_text(void **state)
{
    (void)state;
    const char *path = in_folder("fifo");
    assert_int_equal(mkfifo(path, 0600), 0);
    const pid_t child = fork();
    if (child == 0) {
        FILE *file = fopen(path, "wb");
        fputs(ORDER("o1", "9000", "1") "\n" ORDER("o1", "8000", "2") "\n", file);
        _exit(fclose(file) != 0);
    }
    struct result result;
    read_one(&result, path);
    waitpid(child, NULL, 0);
    assert_adds_up(&result);
    assert_string_equal(
        result.rejects,
        "{\"input\":null,\"line\":null,\"reason\":\"conflict\",\"field\":"
        "\"order_id\",\"expected\":\"what the other event of this id says, "
        "which stands\",\"came\":\"other content for \\\"o1\\\"\",\"text\":null}\n");
    release(&result);
}

static void a_refused_line_is_told_with_its_text(void **state)
{
    (void)state;
    struct result result;
    read_one(&result, put_text("a", ORDER("o1", "1", "5") "\n" ORDER(
                                        "o2", "1", "-5") "\n"
                                                         "\xff\xfejunk\x01\n"));
    char expected[1024];
    snprintf(
        expected, sizeof expected,
        "{\"input\":\"%s\",\"line\":2,\"reason\":\"out_of_range\",\"field\":\"amount\","
        "\"expected\":\"an integer from 0 to 1000000000000\",\"came\":\"-5\",\"text\":\"",
        in_folder("a"));
    assert_memory_equal(result.rejects, expected, strlen(expected));
    assert_non_null(
        strstr(result.rejects, "\"line\":3,\"reason\":\"not_json\",\"field\":\"\""));
    assert_non_null(strstr(result.rejects, "\"text_base64\":\"//5qdW5rAQ==\"}"));
    release(&result);
}

static void of_a_line_too_long_the_start_is_told_whole_characters_only(void **state)
{
    (void)state;
    static char text[REBUT_LINE_MAX + 200];
    struct result result;
    memset(text, 'x', sizeof text);
    memcpy(text + REBUT_LINE_HEAD - 2, "\xe4\xb8\xad", 3);
    snprintf(text + REBUT_LINE_MAX + 1, 199, "\n" ORDER("o1", "1", "5"));
    read_one(&result, put_text("a", text));
    char expected[REBUT_LINE_HEAD + 64] = "\"came\":\"1048577 bytes\",\"text\":\"";
    const size_t head = strlen(expected);
    memset(expected + head, 'x', REBUT_LINE_HEAD - 2);
    snprintf(expected + head + REBUT_LINE_HEAD - 2, 66 - head, "\",\"bytes\":1048577}\n");
    assert_non_null(strstr(result.rejects, expected));
    assert_adds_up(&result);
    release(&result);
}

static void what_must_be_kept_has_a_limit(void **state)
{
    (void)state;
    static struct lines lines;
    struct result result;
    for (unsigned i = 0; i < 1000; i++)
        add(&lines, SHIPMENT("o%u", "%u"), i, i);
    const char *path = put_lines("a", &lines);
    const struct rebut_ingest_job job = {
        .paths = &path, .path_count = 1, .kept_max = (size_t)1 << 16};
    assert_false(ingest(&result, job));
    assert_int_equal(result.err.code, REBUT_ELIMIT);
    clear(&lines);

    /* As many, whose orders come when the limit is passed. */
    for (unsigned i = 0; i < 2000; i++)
        add(&lines, i < 1000 ? SHIPMENT("o%u", "%u") : ORDER("o%u", "%u", "1"), i,
            i % 1000);
    path = put_lines("a", &lines);
    assert_false(ingest(&result, job));
    assert_int_equal(result.err.code, REBUT_ELIMIT);
    clear(&lines);

    /* As many, but their orders come soon after. */
    for (unsigned i = 0; i < 1000; i++)
        add(&lines, i % 2 == 0 ? SHIPMENT("o%u", "%u") : ORDER("o%u", "%u", "1"), i,
            i / 2);
    path = put_lines("a", &lines);
    assert_true(ingest(&result, job));
    assert_int_equal(result.sums.applied[REBUT_EVENT_SHIPMENT], 500);
    assert_adds_up(&result);
    release(&result);
    clear(&lines);
}

static void inputs_without_events_are_an_error(void **state)
{
    (void)state;
    struct result result;
    const char *path = put_text("a", "");
    const struct rebut_ingest_job job = {.paths = &path, .path_count = 1};
    assert_false(ingest(&result, job));
    assert_int_equal(result.err.code, REBUT_EDATA);
    assert_non_null(strstr(result.err.message, "no events in '"));
    put_text("a", "\n\nname;value\nx;1\n");
    assert_false(ingest(&result, job));
    assert_non_null(
        strstr(result.err.message, "all of 2 lines were refused, the first (line 3 of"));
    assert_non_null(strstr(result.err.message, "as not_json: expected a JSON object"));
}

static void rejects_that_cannot_be_written_stop_it(void **state)
{
    (void)state;
    struct rebut_state tables;
    struct rebut_rejects rejects;
    struct rebut_ingested sums;
    struct rebut_error err = {0};
    static struct lines lines;
    if (access("/dev/full", W_OK) != 0)
        skip();
    for (unsigned i = 0; i < 5000; i++)
        add(&lines, "%s", i == 0 ? ORDER("o", "1", "1") : "no event at all");
    const char *path = put_lines("a", &lines);
    clear(&lines);
    assert_true(rebut_rejects_open(&rejects, "/dev/full", NULL));
    rebut_state_init(&tables, 0);
    const struct rebut_ingest_job job = {
        .paths = &path, .path_count = 1, .as_of = REBUT_TIME_MAX, .rejects = &rejects};
    assert_false(rebut_ingest(&job, &tables, &sums, &err));
    assert_int_equal(err.code, REBUT_EIO);
    assert_non_null(strstr(err.message, "/dev/full"));
    rebut_rejects_release(&rejects);
    rebut_state_release(&tables);
}

static void the_account_is_printed_aligned_and_as_json(void **state)
{
    (void)state;
    struct result result;
    read_one(&result,
             put_text("a", ORDER("o1", "1", "5") "\n\n" ORDER("o1", "1", "5") "\nx\n"));
    char *text = NULL;
    size_t size = 0;
    FILE *file = open_memstream(&text, &size);
    rebut_ingested_print(&result.sums, file);
    fclose(file);
    assert_string_equal(text, "lines                              4\n"
                              "blank                              1\n"
                              "refused                            1\n"
                              "  not_json                         1\n"
                              "duplicates                         1\n"
                              "  order                            1\n"
                              "applied                            1\n"
                              "  order                            1\n");
    free(text);
    struct rebut_output out;
    const char *path = in_folder("json");
    assert_true(rebut_output_open(&out, path, NULL));
    assert_true(rebut_ingested_json(&result.sums, &out));
    assert_true(rebut_output_commit(&out, NULL));
    rebut_output_release(&out);
    text = get_file(path);
    assert_non_null(strstr(text, "{\"inputs\":1,\"bytes\":"));
    assert_non_null(
        strstr(text, ",\"lines\":4,\"blank\":1,\"refused\":{\"not_json\":1,"));
    assert_non_null(strstr(text, "\"applied\":{\"order\":1,\"shipment\":0,"));
    assert_non_null(strstr(text, "\"first_at\":\"1970-01-01T00:00:00.001"));
    free(text);
    release(&result);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_folder, remove_folder)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_line_of_mangled_inputs_is_accounted_for),
        TEST(shuffled_input_gives_the_same_tables),
        TEST(duplicates_change_nothing_but_their_count),
        TEST(a_file_in_pieces_gives_the_same_tables),
        TEST(what_comes_later_changes_nothing_before_it),
        TEST(what_happens_at_as_of_itself_is_known),
        TEST(an_orphan_is_applied_when_what_it_waits_for_comes),
        TEST(of_two_with_one_id_the_earlier_stands_and_the_other_is_told),
        TEST(what_a_pipe_brought_and_was_replaced_is_told_without_its_text),
        TEST(a_refused_line_is_told_with_its_text),
        TEST(of_a_line_too_long_the_start_is_told_whole_characters_only),
        TEST(what_must_be_kept_has_a_limit),
        TEST(inputs_without_events_are_an_error),
        TEST(rejects_that_cannot_be_written_stop_it),
        TEST(the_account_is_printed_aligned_and_as_json),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
