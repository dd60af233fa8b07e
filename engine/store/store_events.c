/* The tables of a database as a source of events. */
#include "rebut/store_events.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "store_events_parts.h"

struct reading {
    struct rebut_source source;
    struct rebut_store *store;
    struct relations relations;
    struct rebut_store_events events; /* schema: owned; without: not kept */
    size_t current;                   /* of the relations; count: all are read */
    struct copy_out copy;
    struct rebut_source_place place;
    uint64_t rows; /* of the current relation that `place` counts already */
    bool ended;    /* the current relation has given all */

    /* The block. */
    struct rebut_value values[REBUT_COLUMNS_MAX];
    struct copy_row rows_held[2 * REBUT_BLOCK_MAX];
    size_t rows_count;
    struct rebut_event events_read[REBUT_BLOCK_MAX];
    struct rebut_line lines[REBUT_BLOCK_MAX];
    struct rebut_refused_line refused[REBUT_BLOCK_MAX];
    size_t count, refused_count;
    char *refused_texts[REBUT_BLOCK_MAX];
    char *spelled; /* [spelled_room] */
    size_t spelled_room;
};

static struct reading *reading_of(struct rebut_source *source)
{
    return (void *)source; /* its first member */
}

static const struct reading *reading_in(const struct rebut_source *source)
{
    return (const void *)source;
}

/* ---- statements ---- */

/* "2026-03-01T00:00:13.000000Z" as timestamptz. */
static void put_instant(struct words *sql, int64_t time)
{
    char text[REBUT_TIME_SIZE];
    rebut_time_format(time, 0, text);
    rebut_words_put(sql, "'%s'::pg_catalog.timestamptz", text);
}

/* No condition drops a row whose time is NULL or infinite: that is to be told. */
static void put_conditions(struct words *sql, const struct rebut_store_events *events)
{
    const char *word = " WHERE ";
    if (events->as_of != 0 && events->as_of < REBUT_TIME_MAX) {
        rebut_words_put(sql, "%s(\"at\" > ", word);
        put_instant(sql, events->as_of);
        rebut_words_put(sql, " AND \"at\" <= ");
        put_instant(sql, REBUT_TIME_MAX);
        rebut_words_put(sql, ") IS NOT TRUE");
        word = " AND ";
    }
    if (events->since_xid == 0)
        return;
    rebut_words_put(sql, "%s(\"xid\" >= %" PRIu64, word, events->since_xid);
    if (events->since_at != 0) {
        rebut_words_put(sql, " OR \"at\" > ");
        put_instant(sql, events->since_at);
    }
    rebut_words_put(sql, ")");
}

static char *select_of(const struct relation *relation,
                       const struct rebut_store_events *events, const char *before,
                       const char *behind)
{
    struct words sql = {0};
    rebut_words_put(&sql, "%sSELECT ", before);
    for (int i = 0; i < relation->count; i++) {
        const struct rebut_column column =
            rebut_event_column(relation->type, relation->columns[i]);
        rebut_words_put(&sql, i == 0 ? "" : ", ");
        rebut_words_put_name(&sql, column.name);
    }
    rebut_words_put(&sql, " FROM %s", relation->quoted);
    put_conditions(&sql, events);
    rebut_words_put(&sql, "%s", behind);
    if (!sql.failed)
        return sql.data;
    free(sql.data);
    return NULL;
}

/* About how many rows will come, as the planner has it. */
static bool estimate(struct reading *reading, const struct relation *relation,
                     struct rebut_error *err)
{
    struct rebut_rows rows;
    char *sql = select_of(relation, &reading->events, "EXPLAIN ", "");
    if (sql == NULL)
        return rebut_fail_memory(err, "a statement");
    const bool ok = rebut_store_query(reading->store, sql, NULL, 0, &rows, err);
    free(sql);
    if (!ok)
        return rebut_fail_context(err, "cannot read '%s'", relation->name);
    const char *plan = rebut_rows_get(&rows, 0, 0);
    const char *words = plan == NULL ? NULL : strstr(plan, " rows=");
    const uint64_t count = words == NULL ? 0 : strtoull(words + 6, NULL, 10);
    rebut_rows_release(&rows);
    reading->place.total += count;
    if (relation->type == REBUT_EVENT_ORDER)
        reading->place.orders = count;
    return true;
}

static bool begin_relation(struct reading *reading, struct rebut_error *err)
{
    const struct relation *relation = &reading->relations.list[reading->current];
    char *sql =
        select_of(relation, &reading->events, "COPY (", ") TO STDOUT (FORMAT BINARY)");
    if (sql == NULL)
        return rebut_fail_memory(err, "a statement");
    for (size_t i = 0; i < REBUT_COLUMNS_MAX; i++)
        reading->values[i].kind = REBUT_VALUE_NULL;
    const bool ok =
        rebut_copy_out_begin(&reading->copy, reading->store, sql, relation->name, err);
    free(sql);
    return ok;
}

/* ---- rows into the block ---- */

static void release_block(struct reading *reading)
{
    for (size_t i = 0; i < reading->rows_count; i++)
        PQfreemem(reading->rows_held[i].message);
    for (size_t i = 0; i < reading->refused_count; i++)
        free(reading->refused_texts[i]);
    reading->rows_count = reading->count = reading->refused_count = 0;
}

static bool fail_row(const struct reading *reading, struct rebut_error *err)
{
    return rebut_fail(err, REBUT_EIO, "cannot read '%s': row %" PRIu64 " is malformed",
                      reading->copy.name, reading->copy.rows);
}

/* The tuple's values; texts and photos lie in the tuple and in `photos`. */
static bool values_of(struct reading *reading, struct rebut_text tuple,
                      struct rebut_text photos[REBUT_PHOTOS_MAX + 1])
{
    const struct relation *relation = &reading->relations.list[reading->current];
    struct cell cells[REBUT_COLUMNS_MAX];
    return rebut_copy_out_cells(tuple, cells, relation->count) &&
           rebut_store_values(relation, cells, reading->values, photos);
}

/* The row as a line for a person; of one that is too long only the start. */
static bool refuse(struct reading *reading, struct rebut_text tuple,
                   struct rebut_error *err)
{
    struct rebut_refused_line *refused = &reading->refused[reading->refused_count];
    const enum rebut_event_type type = reading->relations.list[reading->current].type;
    const bool is_long = tuple.size > REBUT_LINE_MAX;
    const size_t size = rebut_event_spell_row(type, reading->values, NULL, 0);
    const size_t room = is_long && size > REBUT_LINE_HEAD ? REBUT_LINE_HEAD : size;
    char *text = malloc(room);
    if (text == NULL)
        return rebut_fail_memory(err, "a refused row");
    rebut_event_spell_row(type, reading->values, text, room);
    refused->line = (struct rebut_line){.text = {text, room},
                                        .number = reading->copy.rows,
                                        .bytes = size,
                                        .input = (uint32_t)reading->current};
    reading->refused_texts[reading->refused_count++] = text;
    return true;
}

static void say_too_long(struct rebut_refusal *refusal, size_t bytes)
{
    *refusal = (struct rebut_refusal){.reason = "too_long", .field = ""};
    snprintf(refusal->expected, sizeof refusal->expected, "a row of at most %zu bytes",
             REBUT_LINE_MAX);
    snprintf(refusal->came, sizeof refusal->came, "%zu bytes", bytes);
}

static bool take_row(struct reading *reading, struct rebut_text tuple,
                     struct rebut_error *err)
{
    const struct relation *relation = &reading->relations.list[reading->current];
    struct rebut_text photos[REBUT_PHOTOS_MAX + 1];
    struct rebut_refusal *refusal = &reading->refused[reading->refused_count].refusal;
    if (!values_of(reading, tuple, photos))
        return fail_row(reading, err);
    if (tuple.size > REBUT_LINE_MAX) {
        say_too_long(refusal, tuple.size);
        return refuse(reading, tuple, err);
    }
    if (!rebut_event_from_row(relation->type, reading->values,
                              &reading->events_read[reading->count], refusal))
        return refuse(reading, tuple, err);
    reading->lines[reading->count++] =
        (struct rebut_line){.text = tuple,
                            .number = reading->copy.rows,
                            .bytes = tuple.size,
                            .input = (uint32_t)reading->current};
    return true;
}

static bool has_room(const struct reading *reading)
{
    return reading->count < REBUT_BLOCK_MAX && reading->refused_count < REBUT_BLOCK_MAX;
}

/* Rows of the current relation, until the block is full or the relation ends. */
static bool fill(struct reading *reading, struct rebut_error *err)
{
    bool end = false;
    while (has_room(reading)) {
        struct copy_row row;
        if (!rebut_copy_out_next(&reading->copy, &row, &end, err))
            return false;
        if (end)
            break;
        reading->rows_held[reading->rows_count++] = row;
        if (!take_row(reading, row.tuple, err))
            return false;
    }
    reading->place.bytes += reading->copy.bytes;
    reading->place.lines += reading->copy.rows - reading->rows;
    reading->place.done = reading->place.lines;
    reading->copy.bytes = 0;
    reading->rows = end ? 0 : reading->copy.rows;
    reading->ended = end;
    return true;
}

static bool next(struct rebut_source *source, struct rebut_block *ret_block,
                 struct rebut_error *err)
{
    struct reading *reading = reading_of(source);
    release_block(reading);
    if (reading->ended) {
        reading->current++;
        reading->ended = false;
    }
    if (reading->current < reading->relations.count &&
        ((!reading->copy.open && !begin_relation(reading, err)) || !fill(reading, err)))
        return false;
    *ret_block = (struct rebut_block){.events = reading->events_read,
                                      .lines = reading->lines,
                                      .refused = reading->refused,
                                      .count = reading->count,
                                      .refused_count = reading->refused_count,
                                      .end = reading->current + reading->ended >=
                                             reading->relations.count};
    return true;
}

/* ---- what is known of it ---- */

static struct rebut_source_place place(const struct rebut_source *source)
{
    return reading_in(source)->place;
}

static size_t input_count(const struct rebut_source *source)
{
    return reading_in(source)->relations.count;
}

static const char *input_name(const struct rebut_source *source, uint32_t input)
{
    return reading_in(source)->relations.list[input].name;
}

static bool spell(struct rebut_source *source, const struct rebut_line *line,
                  struct rebut_text *ret_text, struct rebut_error *err)
{
    struct reading *reading = reading_of(source);
    const enum rebut_event_type type = reading->relations.list[line->input].type;
    struct rebut_text photos[REBUT_PHOTOS_MAX + 1];
    if (!values_of(reading, line->text, photos))
        return fail_row(reading, err);
    size_t size = rebut_event_spell_row(type, reading->values, reading->spelled,
                                        reading->spelled_room);
    if (size > reading->spelled_room) {
        char *larger = realloc(reading->spelled, size * 2);
        if (larger == NULL)
            return rebut_fail_memory(err, "the words of a row");
        reading->spelled = larger;
        reading->spelled_room = size * 2;
        size = rebut_event_spell_row(type, reading->values, larger, size * 2);
    }
    *ret_text = (struct rebut_text){reading->spelled, size};
    return true;
}

/* ---- open and close ---- */

static void close_reading(struct rebut_source *source)
{
    struct reading *reading = reading_of(source);
    release_block(reading);
    rebut_copy_out_abandon(&reading->copy);
    rebut_store_relations_release(&reading->relations);
    free((void *)(uintptr_t)reading->events.schema);
    free(reading->spelled);
    free(reading);
}

static bool again(struct rebut_source *source, uint32_t input,
                  struct rebut_source **ret_source, struct rebut_error *err)
{
    const struct reading *reading = reading_in(source);
    bool without[REBUT_EVENT_TYPES];
    for (int type = 0; type < REBUT_EVENT_TYPES; type++)
        without[type] = type != (int)reading->relations.list[input].type;
    struct rebut_store_events events = reading->events;
    events.without = without;
    return rebut_store_events_open(ret_source, reading->store, &events, err);
}

static bool set_up(struct reading *reading, struct rebut_error *err)
{
    /* Rows in the order they lie in, so that their numbers are the same each time; and no
     * compiler for a plain scan. */
    static const char settings[] = "SET LOCAL synchronize_seqscans = off; "
                                   "SET LOCAL max_parallel_workers_per_gather = 0; "
                                   "SET LOCAL jit = off";
    if (PQtransactionStatus(rebut_store_pq(reading->store)) != PQTRANS_INTRANS)
        return rebut_fail(err, REBUT_EINPUT, "expected a transaction to read in");
    if (!rebut_store_run(reading->store, settings, err) ||
        !rebut_store_relations(reading->store, &reading->events, &reading->relations,
                               err))
        return false;
    for (size_t i = 0; i < reading->relations.count; i++) {
        const struct relation *relation = &reading->relations.list[i];
        if (reading->events.since_xid != 0 && !relation->has_xid)
            return rebut_fail(err, REBUT_EDATA,
                              "expected a column '%s.xid' of type bigint to read what is "
                              "new only",
                              relation->name);
        if (!estimate(reading, relation, err))
            return false;
    }
    return true;
}

bool rebut_store_events_open(struct rebut_source **ret_source, struct rebut_store *store,
                             const struct rebut_store_events *events,
                             struct rebut_error *err)
{
    static const struct rebut_source functions = {
        .next = next,
        .place = place,
        .input_count = input_count,
        .input_name = input_name,
        .again = again,
        .spell = spell,
        .close = close_reading,
    };
    *ret_source = NULL;
    struct reading *reading = calloc(1, sizeof *reading);
    if (reading == NULL)
        return rebut_fail_memory(err, "reading tables");
    reading->source = functions;
    reading->store = store;
    reading->events = *events;
    reading->events.schema = strdup(events->schema == NULL ? "rebut" : events->schema);
    const bool ok = reading->events.schema == NULL
                        ? rebut_fail_memory(err, "reading tables")
                        : set_up(reading, err);
    reading->events.without = NULL;
    if (!ok) {
        close_reading(&reading->source);
        return false;
    }
    *ret_source = &reading->source;
    return true;
}
