/* From rows to events: which become which, which are set aside, and in what order. */
#include "rebut/import.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <xxhash.h>

#include "import_run.h"

#define SCRATCH_SIZE (REBUT_LINE_MAX)

struct lookup {
    const struct rebut_csv *csv;
    struct rebut_error *err;
};

static bool find_column(struct import_column *column, void *context)
{
    const struct lookup *lookup = context;
    column->index = rebut_csv_column(lookup->csv, rebut_text_of(column->name));
    if (column->index != REBUT_CSV_NO_COLUMN)
        return true;
    return rebut_fail(
        lookup->err, REBUT_EDATA,
        "expected one column '%.60s' in the header line, which has %zu column%s",
        column->name, lookup->csv->header_count,
        lookup->csv->header_count == 1 ? "" : "s");
}

static bool set_row_aside(struct import_run *run, const char *reason,
                          const char *expected, struct rebut_error *err)
{
    const struct rebut_aside aside = {.line = run->csv->row_line,
                                      .reason = reason,
                                      .field = "",
                                      .expected = expected,
                                      .text = run->csv->raw};
    return import_set_aside(run, &aside, err);
}

/* Has a row of the same bytes come before? */
static bool is_identical(struct import_run *run, bool *ret, struct rebut_error *err)
{
    const struct rebut_text raw = run->csv->raw;
    uint32_t number = 0;
    *ret = false;
    if (!run->map->identical_aside)
        return true;
    /* The highest key is not allowed in a map. */
    const uint64_t hash = XXH3_64bits(raw.data, raw.size) >> 1;
    if (!rebut_map_put(&run->hashes, hash, &number, err))
        return false;
    if (number < run->texts.count) {
        *ret = rebut_text_equal(run->texts.data[number], raw);
        return true;
    }
    if (!REBUT_ARRAY_MORE(&run->texts, 1, "rows", err))
        return false;
    run->texts.data[run->texts.count++] = raw;
    return true;
}

static bool is_blank(const struct rebut_csv *csv)
{
    for (size_t i = 0; i < csv->field_count; i++)
        if (rebut_csv_field(csv, i).size > 0)
            return false;
    return true;
}

static void release_made(struct import_made *made)
{
    free(made->line);
    free(made->order_id);
    json_decref(made->open);
    *made = (struct import_made){.key = IMPORT_NO_KEY};
}

/* The number of buyer and sku together; IMPORT_NO_KEY when there is not both. */
static bool find_key(struct import_run *run, struct rebut_text buyer,
                     struct rebut_text sku, uint32_t *ret, struct rebut_error *err)
{
    char both[2 * REBUT_ID_MAX + 1];
    *ret = IMPORT_NO_KEY;
    if (buyer.size == 0 || sku.size == 0 || buyer.size > REBUT_ID_MAX ||
        sku.size > REBUT_ID_MAX)
        return true;
    memcpy(both, buyer.data, buyer.size);
    both[buyer.size] = '\x1f'; /* no printed id has it */
    memcpy(both + buyer.size + 1, sku.data, sku.size);
    const struct rebut_text text = {both, buyer.size + 1 + sku.size};
    return rebut_intern_put(&run->keys, text, rebut_intern_hash(&run->keys, text), ret,
                            err);
}

/* What the rule's "match" says of the row: key and quantity of a credit note. */
static bool read_note(struct import_run *run, const struct import_rule *rule,
                      struct import_made *made, struct import_refusal *refusal,
                      struct rebut_error *err)
{
    json_t *parts[3] = {NULL, NULL, NULL};
    bool ok = true;
    for (int i = 0; ok && i < 3; i++) {
        ok = import_row_value(&run->row, &rule->match[i], &parts[i], refusal, err);
        if (ok && parts[i] == NULL) {
            *refusal = (struct import_refusal){.reason = "missing_field",
                                               .field = rule->match[i].field,
                                               .expected = "what a purchase is found by"};
            ok = false;
        }
    }
    if (ok) {
        made->quantity = json_integer_value(parts[2]);
        ok = find_key(run,
                      (struct rebut_text){json_string_value(parts[0]),
                                          json_string_length(parts[0])},
                      (struct rebut_text){json_string_value(parts[1]),
                                          json_string_length(parts[1])},
                      &made->key, err);
    }
    for (int i = 0; i < 3; i++)
        json_decref(parts[i]);
    return ok;
}

/* The event's fields as a JSON object. */
static bool fill_object(struct import_run *run, const struct import_rule *rule,
                        json_t *object, struct import_refusal *refusal,
                        struct rebut_error *err)
{
    int failed =
        json_object_set_new(object, "type", json_string(rebut_words_type[rule->type]));
    for (size_t i = 0; i < rule->value_count; i++) {
        json_t *value = NULL;
        if (!import_row_value(&run->row, &rule->values[i], &value, refusal, err))
            return false;
        if (value != NULL)
            failed |= json_object_set_new(object, rule->values[i].field, value);
    }
    if (rule->match != NULL) /* any order will do until there is one */
        failed |= json_object_set_new(object, "order_id", json_string("?"));
    return failed == 0 || rebut_fail_memory(err, "an event");
}

/* Hold the line against the contract of events; fill in what matching needs. */
static bool validate(struct import_run *run, struct import_made *made,
                     struct import_refusal *refusal, struct rebut_error *err)
{
    struct rebut_event event;
    struct rebut_refusal why;
    run->scratch.used = 0;
    if (!rebut_event_parse(rebut_text_of(made->line), &run->scratch, &event, &why)) {
        *refusal = (struct import_refusal){.reason = why.reason, .field = why.field};
        snprintf(refusal->expected, sizeof refusal->expected, "%s", why.expected);
        snprintf(refusal->kept, sizeof refusal->kept, "%s", why.came);
        refusal->came = rebut_text_of(refusal->kept);
        return false;
    }
    made->at = event.at;
    made->type = event.type;
    if (!run->matching || event.type != REBUT_EVENT_ORDER || event.quantity <= 0)
        return true;
    made->quantity = event.quantity;
    made->order_id = strndup(event.order_id.data, event.order_id.size);
    return (made->order_id != NULL || rebut_fail_memory(err, "an event")) &&
           find_key(run, event.buyer_id, event.sku_id, &made->key, err);
}

/* Make the event that the rule says.  False: refused, or err->code is set. */
static bool make_event(struct import_run *run, const struct import_rule *rule,
                       struct import_made *ret, struct import_refusal *refusal,
                       struct rebut_error *err)
{
    json_t *object = json_object();
    *ret = (struct import_made){
        .key = IMPORT_NO_KEY, .file_line = run->csv->row_line, .raw = run->csv->raw};
    bool ok = object != NULL || rebut_fail_memory(err, "an event");
    ok = ok && fill_object(run, rule, object, refusal, err);
    if (ok) {
        ret->line = json_dumps(object, JSON_COMPACT);
        ok = ret->line != NULL || rebut_fail_memory(err, "an event");
    }
    ok = ok && validate(run, ret, refusal, err) &&
         (rule->match == NULL || read_note(run, rule, ret, refusal, err));
    if (ok && rule->match != NULL)
        ret->open = json_incref(object);
    json_decref(object);
    if (!ok)
        release_made(ret);
    return ok;
}

/* Make all events of the row; *ret_refused when one was refused (then none is left). */
static bool make_events(struct import_run *run, bool *ret_refused,
                        struct import_refusal *refusal, struct rebut_error *err)
{
    const uint32_t before = run->made.count;
    bool alone = true;
    *ret_refused = false;
    *refusal = (struct import_refusal){.reason = NULL};
    for (size_t i = 0; i < run->map->event_count && !*ret_refused; i++) {
        const struct import_rule *rule = &run->map->events[i];
        if (!import_row_matches(&run->row, rule))
            continue;
        if (!REBUT_ARRAY_MORE(&run->made, 1, "events", err))
            return false;
        if (!make_event(run, rule, &run->made.data[run->made.count], refusal, err)) {
            if (err->code != REBUT_OK)
                return false;
            *ret_refused = true;
            break;
        }
        alone = alone && rule->match == NULL;
        run->made.count++;
    }
    if (!*ret_refused && !alone && run->made.count - before > 1) {
        *refusal = (struct import_refusal){.reason = "match_not_alone",
                                           .field = "",
                                           .expected = "one event of this row"};
        *ret_refused = true;
    }
    while (*ret_refused && run->made.count > before)
        release_made(&run->made.data[--run->made.count]);
    return true;
}

static bool take_row(struct import_run *run, struct rebut_error *err)
{
    bool identical = false;
    if (!is_identical(run, &identical, err))
        return false;
    if (identical)
        return set_row_aside(run, "duplicate", "a row that did not come before", err);
    for (size_t i = 0; i < run->map->aside_count; i++)
        if (import_row_matches(&run->row, &run->map->asides[i]))
            return set_row_aside(run, run->map->asides[i].reason, "", err);
    const uint32_t before = run->made.count;
    struct import_refusal refusal;
    bool refused = false;
    if (!make_events(run, &refused, &refusal, err))
        return false;
    if (!refused && run->made.count == before)
        return set_row_aside(run, "no_rule", "a row that some event is made of", err);
    if (!refused) {
        run->summary->taken++;
        return run->made.count <= REBUT_IMPORT_EVENTS_MAX ||
               rebut_fail(err, REBUT_ELIMIT, "over %d events", REBUT_IMPORT_EVENTS_MAX);
    }
    const struct rebut_aside aside = {.line = run->csv->row_line,
                                      .reason = refusal.reason,
                                      .field = refusal.field,
                                      .expected = refusal.expected,
                                      .came = refusal.came,
                                      .text = run->csv->raw};
    return import_set_aside(run, &aside, err);
}

static bool read_rows(struct import_run *run, struct rebut_error *err)
{
    for (;;) {
        struct rebut_error why;
        const enum rebut_csv_step step = rebut_csv_next(run->csv, &why);
        if (step == REBUT_CSV_END)
            break;
        run->summary->rows++;
        if (step == REBUT_CSV_BAD) {
            /* The column of what was expected says "expected" itself. */
            const char *words = why.message;
            words += strncmp(words, "expected ", 9) == 0 ? 9 : 0;
            if (!set_row_aside(run, "bad_row", words, err))
                return false;
        } else if (is_blank(run->csv)) {
            run->summary->blank++;
        } else if (!take_row(run, err)) {
            return false;
        }
    }
    run->summary->rows += run->csv->blank_lines;
    run->summary->blank += run->csv->blank_lines;
    return true;
}

static bool start(struct import_run *run, struct rebut_error *err)
{
    struct lookup lookup = {run->csv, err};
    if (!import_map_columns(run->map, find_column, &lookup))
        return false;
    run->row.map = run->map;
    run->row.csv = run->csv;
    run->row.room = malloc(IMPORT_TEXT_MAX);
    run->scratch = (struct rebut_event_scratch){malloc(SCRATCH_SIZE), SCRATCH_SIZE, 0};
    for (size_t i = 0; i < run->map->event_count; i++)
        run->matching = run->matching || run->map->events[i].match != NULL;
    return (run->row.room != NULL && run->scratch.data != NULL) ||
           rebut_fail_memory(err, "an import");
}

bool rebut_import_run(struct rebut_import_map *map, struct rebut_csv *csv,
                      const struct rebut_import_sink *sink,
                      struct rebut_import_summary *ret, struct rebut_error *err)
{
    *ret = (struct rebut_import_summary){0};
    struct import_run run = {.map = map, .csv = csv, .sink = sink, .summary = ret};
    rebut_intern_init(&run.keys, 0);
    rebut_intern_init(&run.row.ids, 0);
    const bool ok = start(&run, err) && read_rows(&run, err) &&
                    (!run.matching || import_match_requests(&run, err)) &&
                    import_emit(&run, err);
    for (uint32_t i = 0; i < run.made.count; i++)
        release_made(&run.made.data[i]);
    free(run.made.data);
    free(run.texts.data);
    free(run.row.room);
    free(run.row.ordinals.data);
    rebut_intern_release(&run.row.ids);
    free(run.scratch.data);
    rebut_map_release(&run.hashes);
    rebut_intern_release(&run.keys);
    return ok;
}
