/* What is read from any source gives the tables and the rejects that its lines give. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "dump.h"
#include "folder.h"
#include "rebut/event_row.h"
#include "rebut/ingest.h"
#include "rebut/reader.h"
#include "shop.h"

/* ---- a source whose lines are no text until asked ---- */

struct veiled {
    struct rebut_source source;
    struct rebut_source *inner;
    struct rebut_block block;
    struct rebut_line lines[REBUT_BLOCK_MAX];
    char text[4096];
    size_t spelled, reread;
};

static struct veiled *veiled_of(struct rebut_source *source)
{
    return (void *)source;
}

static bool veiled_next(struct rebut_source *source, struct rebut_block *ret_block,
                        struct rebut_error *err)
{
    struct veiled *veiled = veiled_of(source);
    if (!veiled->inner->next(veiled->inner, &veiled->block, err))
        return false;
    *ret_block = veiled->block;
    for (size_t i = 0; i < ret_block->count; i++) {
        veiled->lines[i] = veiled->block.lines[i];
        veiled->lines[i].text = REBUT_TEXT("\xff\xff");
        veiled->lines[i].bytes = 2;
    }
    ret_block->lines = veiled->lines;
    return true;
}

static bool veiled_spell(struct rebut_source *source, const struct rebut_line *line,
                         struct rebut_text *ret_text, struct rebut_error *err)
{
    struct veiled *veiled = veiled_of(source);
    (void)err;
    for (size_t i = 0; i < veiled->block.count; i++) {
        const struct rebut_line *plain = &veiled->block.lines[i];
        if (plain->number != line->number || plain->input != line->input)
            continue;
        assert_true(plain->text.size < sizeof veiled->text);
        memcpy(veiled->text, plain->text.data, plain->text.size);
        *ret_text = (struct rebut_text){veiled->text, plain->text.size};
        veiled->spelled++;
        return true;
    }
    fail_msg("line %" PRIu64 " is not of this block", line->number);
    return false;
}

static struct rebut_source_place veiled_place(const struct rebut_source *source)
{
    const struct rebut_source *inner =
        ((const struct veiled *)(const void *)source)->inner;
    return inner->place(inner);
}

static size_t veiled_count(const struct rebut_source *source)
{
    const struct rebut_source *inner =
        ((const struct veiled *)(const void *)source)->inner;
    return inner->input_count(inner);
}

static const char *veiled_name(const struct rebut_source *source, uint32_t input)
{
    const struct rebut_source *inner =
        ((const struct veiled *)(const void *)source)->inner;
    return inner->input_name(inner, input);
}

static struct veiled *veil(struct rebut_source *inner);

static bool veiled_again(struct rebut_source *source, uint32_t input,
                         struct rebut_source **ret_source, struct rebut_error *err)
{
    struct veiled *veiled = veiled_of(source);
    struct rebut_source *inner = NULL;
    *ret_source = NULL;
    if (!veiled->inner->again(veiled->inner, input, &inner, err))
        return false;
    veiled->reread++;
    *ret_source = inner == NULL ? NULL : &veil(inner)->source;
    return true;
}

static void veiled_close(struct rebut_source *source)
{
    struct veiled *veiled = veiled_of(source);
    rebut_source_close(veiled->inner);
    free(veiled);
}

static struct veiled *veil(struct rebut_source *inner)
{
    struct veiled *veiled = calloc(1, sizeof *veiled);
    assert_non_null(veiled);
    veiled->source = (struct rebut_source){
        .next = veiled_next,
        .place = veiled_place,
        .input_count = veiled_count,
        .input_name = veiled_name,
        .again = veiled_again,
        .spell = veiled_spell,
        .close = veiled_close,
    };
    veiled->inner = inner;
    return veiled;
}

/* ---- read it ---- */

struct result {
    struct rebut_ingested sums;
    char *dump, *rejects;
};

static void ingest(struct result *result, struct rebut_ingest_job job)
{
    struct rebut_state state;
    struct rebut_rejects rejects = {0};
    struct rebut_error err = {0};
    const char *path = in_folder("rejects");
    unlink(path);
    assert_true(rebut_rejects_open(&rejects, path, NULL));
    job.as_of = REBUT_TIME_MAX;
    job.rejects = &rejects;
    rebut_state_init(&state, 7);
    if (!rebut_ingest(&job, &state, &result->sums, &err))
        fail_msg("%s", err.message);
    result->dump = dump_state(&state);
    assert_true(rebut_rejects_commit(&rejects, NULL));
    result->rejects = get_file(path);
    rebut_rejects_release(&rejects);
    rebut_state_release(&state);
}

static void release(struct result *result)
{
    free(result->dump);
    free(result->rejects);
}

static void put_shop(const char *path, struct lines *lines)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    add_shop(lines, 300, true);
    add_duplicates(lines);
    mangle(lines);
    shuffle(lines);
    for (size_t i = 0; i < lines->count; i++)
        fprintf(file, "%s\n", lines->lines[i]);
    assert_int_equal(fclose(file), 0);
}

static void a_source_gives_what_its_lines_give(void **state)
{
    static struct lines lines;
    struct rebut_reader *reader = NULL;
    struct result plain, veiled;
    (void)state;
    noise = 4;
    const char *path = in_folder("shop");
    put_shop(path, &lines);
    ingest(&plain, (struct rebut_ingest_job){.paths = &path, .path_count = 1});
    assert_true(rebut_reader_open(&reader, &path, 1, NULL, NULL));
    struct veiled *veil_of = veil(rebut_reader_source(reader));
    ingest(&veiled, (struct rebut_ingest_job){.source = &veil_of->source});
    assert_string_equal(plain.dump, veiled.dump);
    assert_string_equal(plain.rejects, veiled.rejects);
    assert_memory_equal(&plain.sums, &veiled.sums, sizeof plain.sums);
    assert_true(rebut_ingested_sum(plain.sums.orphans, REBUT_EVENT_TYPES) > 5);
    assert_true(rebut_ingested_sum(plain.sums.conflicts, REBUT_EVENT_TYPES) > 5);
    assert_true(veil_of->spelled > 20);
    assert_int_equal(veil_of->reread, 1);
    rebut_source_close(&veil_of->source);
    release(&plain);
    release(&veiled);
    clear(&lines);
}

/* ---- the columns that the tables do without ---- */

static void apply_lines(struct rebut_state *tables, bool needed_alone)
{
    static const char *const lines[] = {
        "{\"type\":\"order\",\"at\":1000,\"order_id\":\"o1\",\"buyer_id\":\"b1\","
        "\"merchant_id\":\"m1\",\"sku_id\":\"s1\",\"category\":\"food\",\"channel\":"
        "\"shelf\",\"amount\":900,\"quantity\":2,\"title\":\"nuts\",\"campaign\":\"618\","
        "\"host_id\":\"h1\",\"distributor\":\"hq\",\"region\":\"CN-33\",\"device_id\":"
        "\"d1\",\"address_id\":\"a1\",\"payment_id\":\"p1\",\"promised_ship_at\":9000,"
        "\"account_created_at\":10}",
        "{\"type\":\"shipment\",\"at\":2000,\"order_id\":\"o1\",\"carrier\":\"sf\","
        "\"tracking_id\":\"t1\",\"weight_g\":120}",
        "{\"type\":\"delivery\",\"at\":3000,\"order_id\":\"o1\",\"signed_by\":\"self\"}",
        "{\"type\":\"price\",\"at\":3500,\"sku_id\":\"s1\",\"price\":800}",
        "{\"type\":\"contact\",\"at\":4000,\"order_id\":\"o1\",\"by\":\"buyer\",\"kind\":"
        "\"message\",\"text\":\"where is it\"}",
        "{\"type\":\"contact\",\"at\":4000,\"order_id\":\"o1\",\"by\":\"buyer\",\"kind\":"
        "\"message\",\"text\":\"hello\"}",
        "{\"type\":\"request\",\"at\":5000,\"request_id\":\"r1\",\"order_id\":\"o1\","
        "\"kind\":\"refund_only\",\"reason\":\"damaged\",\"amount\":900,\"text\":\"bad\","
        "\"photos\":[\"0123456789abcdef\"]}",
        "{\"type\":\"outcome\",\"at\":6000,\"request_id\":\"r1\",\"outcome\":\"denied\","
        "\"by\":\"merchant\"}",
        "{\"type\":\"verdict\",\"at\":7000,\"request_id\":\"r1\",\"verdict\":\"unclear\","
        "\"by\":\"x\",\"note\":\"see "
        "photo\",\"selection\":\"random\",\"propensity\":0.5}",
        "{\"type\":\"verdict\",\"at\":7000,\"request_id\":\"r1\",\"verdict\":\"unclear\","
        "\"by\":\"x\",\"note\":\"again\",\"selection\":\"random\",\"propensity\":0.5}",
    };
    uint64_t duplicates[REBUT_EVENT_TYPES];
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        static char room[4096];
        struct rebut_event_scratch scratch = {.data = room, .size = sizeof room};
        struct rebut_event event;
        struct rebut_refusal refusal;
        static struct rebut_event_row row;
        enum rebut_applied applied;
        uint32_t other;
        assert_true(
            rebut_event_parse(rebut_text_of(lines[i]), &scratch, &event, &refusal));
        rebut_event_to_row(&event, &row);
        for (size_t column = 0; column < rebut_event_column_count(event.type); column++) {
            assert_int_not_equal(row.values[column].kind, REBUT_VALUE_NULL);
            if (needed_alone && !rebut_event_column(event.type, column).needed)
                row.values[column].kind = REBUT_VALUE_NULL;
        }
        assert_true(rebut_event_from_row(event.type, row.values, &event, &refusal));
        assert_true(rebut_state_apply(tables, &event, &applied, &other, NULL));
        assert_int_equal(applied, REBUT_APPLIED);
    }
    assert_true(rebut_state_seal(tables, duplicates, NULL));
    assert_int_equal(rebut_ingested_sum(duplicates, REBUT_EVENT_TYPES), 0);
    tables->orders.data[0].digest = tables->orders.data[0].shipment_digest = 0;
}

static void the_needed_columns_alone_give_the_same_tables(void **state)
{
    struct rebut_state all, needed;
    (void)state;
    rebut_state_init(&all, 7);
    rebut_state_init(&needed, 7);
    apply_lines(&all, false);
    apply_lines(&needed, true);
    char *left = dump_state(&all), *right = dump_state(&needed);
    assert_string_equal(left, right);
    free(left);
    free(right);
    rebut_state_release(&all);
    rebut_state_release(&needed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_source_gives_what_its_lines_give),
        cmocka_unit_test(the_needed_columns_alone_give_the_same_tables),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
