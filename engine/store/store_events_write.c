/* Events into the tables of schema rebut: by COPY into temporary tables, a type each, and
 * from there what is new.  A connection takes one COPY at a time, and events of all types
 * come mixed, so rows are held until there are enough of a type for a COPY of their own.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "rebut/copy.h"
#include "store_events_parts.h"

#define SEND_AT ((size_t)1 << 20) /* bytes of a type */
#define LOAD_CELLS 2              /* in front of a row: its input and its line */

struct table {
    enum rebut_event_type type;
    const char *name;
    const char *key; /* unique by itself; NULL: by key and digest, which has a column */
    size_t columns;
    char *create, *copy_in, *insert, *insert_sorted, *copy_conflicts;
    struct rebut_copy copy;
    uint64_t rows;
    int64_t last_at;
    bool unsorted; /* by `at` */
};

struct writing {
    struct rebut_store *store;
    const struct rebut_store_load *load;
    struct rebut_store_loaded *sums;
    struct table tables[REBUT_EVENT_TYPES];
};

/* ---- statements ---- */

static void put_columns(struct words *sql, const struct table *table, const char *prefix)
{
    for (size_t i = 0; i < table->columns; i++)
        rebut_words_put(sql, "%s%s\"%s\"", i == 0 ? "" : ", ", prefix,
                        rebut_event_column(table->type, i).name);
    if (table->key == NULL)
        rebut_words_put(sql, ", %sdigest", prefix);
}

static char *create_of(const struct table *table)
{
    struct words sql = {0};
    rebut_words_put(&sql,
                    "CREATE TEMPORARY TABLE rebut_load_%s ON COMMIT DROP AS "
                    "SELECT 0::integer AS load_input, 0::bigint AS load_line, ",
                    table->name);
    put_columns(&sql, table, "");
    rebut_words_put(&sql, " FROM rebut.%s WITH NO DATA", table->name);
    return sql.failed ? NULL : sql.data;
}

static char *copy_in_of(const struct table *table)
{
    struct words sql = {0};
    rebut_words_put(&sql, "COPY pg_temp.rebut_load_%s FROM STDIN (FORMAT BINARY)",
                    table->name);
    return sql.failed ? NULL : sql.data;
}

/* Of events with one id the first that is inserted stands: let it be the earliest. */
static char *insert_of(const struct table *table, bool sorted)
{
    struct words sql = {0};
    rebut_words_put(&sql, "INSERT INTO rebut.%s (", table->name);
    put_columns(&sql, table, "");
    rebut_words_put(&sql, ") SELECT ");
    put_columns(&sql, table, "");
    rebut_words_put(&sql, " FROM pg_temp.rebut_load_%s%s ON CONFLICT DO NOTHING",
                    table->name, sorted ? " ORDER BY at, ctid" : "");
    return sql.failed ? NULL : sql.data;
}

/* Both sides of "is it another event?": what is not there means its default. */
static void put_content(struct words *sql, const struct table *table, const char *prefix)
{
    rebut_words_put(sql, "ROW(");
    for (size_t i = 0; i < table->columns; i++) {
        const char *name = rebut_event_column(table->type, i).name;
        rebut_words_put(
            sql, strcmp(name, "quantity") == 0 ? "%scoalesce(%s\"%s\", 1)" : "%s%s\"%s\"",
            i == 0 ? "" : ", ", prefix, name);
    }
    rebut_words_put(sql, ")");
}

static char *copy_conflicts_of(const struct table *table)
{
    struct words sql = {0};
    if (table->key == NULL)
        return strdup("");
    rebut_words_put(&sql, "COPY (SELECT new.load_input, new.load_line, ");
    put_columns(&sql, table, "new.");
    rebut_words_put(&sql,
                    " FROM pg_temp.rebut_load_%s AS new JOIN rebut.%s AS old USING (%s) "
                    "WHERE ",
                    table->name, table->name, table->key);
    put_content(&sql, table, "new.");
    rebut_words_put(&sql, " IS DISTINCT FROM ");
    put_content(&sql, table, "old.");
    rebut_words_put(&sql, " ORDER BY new.ctid) TO STDOUT (FORMAT BINARY)");
    return sql.failed ? NULL : sql.data;
}

static const char *key_of(enum rebut_event_type type)
{
    switch (type) {
    case REBUT_EVENT_ORDER:
    case REBUT_EVENT_SHIPMENT:
    case REBUT_EVENT_DELIVERY:
        return "order_id";
    case REBUT_EVENT_REQUEST:
        return "request_id";
    default:
        return NULL;
    }
}

static bool set_up(struct writing *writing, enum rebut_event_type type,
                   struct rebut_error *err)
{
    struct table *table = &writing->tables[type];
    table->type = type;
    table->name = rebut_store_tables[type];
    table->key = key_of(type);
    table->columns = rebut_event_column_count(type);
    table->last_at = INT64_MIN;
    table->create = create_of(table);
    table->copy_in = copy_in_of(table);
    table->insert = insert_of(table, false);
    table->insert_sorted = insert_of(table, true);
    table->copy_conflicts = copy_conflicts_of(table);
    if (table->create == NULL || table->copy_in == NULL || table->insert == NULL ||
        table->insert_sorted == NULL || table->copy_conflicts == NULL)
        return rebut_fail_memory(err, "statements");
    const int cells = LOAD_CELLS + (int)table->columns + (table->key == NULL);
    return (rebut_store_run(writing->store, table->create, err) &&
            rebut_copy_hold(&table->copy, writing->store, cells, err)) ||
           rebut_fail_context(err, "cannot load 'rebut.%s'", table->name);
}

static void release(struct table *table)
{
    rebut_copy_abandon(&table->copy);
    free(table->create);
    free(table->copy_in);
    free(table->insert);
    free(table->insert_sorted);
    free(table->copy_conflicts);
}

/* ---- events into the temporary tables ---- */

static void put_value(struct rebut_copy *copy, const struct rebut_value *value)
{
    switch (value->kind) {
    case REBUT_VALUE_NULL:
        rebut_copy_null(copy);
        break;
    case REBUT_VALUE_TEXT:
        rebut_copy_text(copy, value->text);
        break;
    case REBUT_VALUE_INTEGER:
        rebut_copy_bigint(copy, value->integer);
        break;
    case REBUT_VALUE_TIME:
        rebut_copy_time(copy, value->time);
        break;
    case REBUT_VALUE_REAL:
        rebut_copy_double(copy, value->real);
        break;
    case REBUT_VALUE_TEXTS:
        rebut_copy_texts(copy, value->texts.data, (int)value->texts.count);
        break;
    }
}

static bool put_event(struct writing *writing, const struct rebut_event *event,
                      const struct rebut_line *line, struct rebut_error *err)
{
    struct table *table = &writing->tables[event->type];
    struct rebut_copy *copy = &table->copy;
    struct rebut_event_row row;
    rebut_event_to_row(event, &row);
    rebut_copy_row(copy);
    rebut_copy_integer(copy, (int32_t)line->input);
    rebut_copy_bigint(copy, (int64_t)line->number);
    for (size_t i = 0; i < table->columns; i++)
        put_value(copy, &row.values[i]);
    if (table->key == NULL)
        rebut_copy_bigint(copy, (int64_t)rebut_event_digest(event));
    table->rows++;
    table->unsorted = table->unsorted || event->at < table->last_at;
    table->last_at = event->at;
    return copy->used < SEND_AT || rebut_copy_send(copy, table->copy_in, err);
}

/* The writing may have failed; the commit knows in which words. */
static bool reject(struct writing *writing, const struct rebut_reject *what,
                   struct rebut_error *err)
{
    struct rebut_rejects *rejects = writing->load->rejects;
    return rejects == NULL || rebut_rejects_add(rejects, what) ||
           rebut_rejects_commit(rejects, err);
}

static bool refuse(struct writing *writing, const struct rebut_refused_line *refused,
                   struct rebut_error *err)
{
    const struct rebut_refusal *why = &refused->refusal;
    struct rebut_source *source = writing->load->source;
    writing->sums->refused[rebut_refusal_number(why)]++;
    return reject(
        writing,
        &(struct rebut_reject){.input = source->input_name(source, refused->line.input),
                               .line = refused->line.number,
                               .reason = why->reason,
                               .field = why->field,
                               .expected = why->expected,
                               .came = why->came,
                               .text = refused->line.text,
                               .bytes = refused->line.bytes},
        err);
}

static bool read_all(struct writing *writing, struct rebut_error *err)
{
    struct rebut_source *source = writing->load->source;
    struct rebut_block block = {0};
    while (!block.end) {
        if (!source->next(source, &block, err))
            return false;
        for (size_t i = 0; i < block.refused_count; i++)
            if (!refuse(writing, &block.refused[i], err))
                return false;
        for (size_t i = 0; i < block.count; i++)
            if (!put_event(writing, &block.events[i], &block.lines[i], err))
                return false;
        const struct rebut_source_place place = source->place(source);
        rebut_progress_step(writing->load->progress, place.done, place.total,
                            place.lines);
        writing->sums->lines = place.lines;
        writing->sums->blank = place.blank;
    }
    return true;
}

/* ---- from there into the tables ---- */

static bool reject_conflict(struct writing *writing, const struct table *table,
                            struct rebut_text tuple, struct rebut_error *err)
{
    struct relation relation = {.type = table->type, .count = (int)table->columns};
    struct cell cells[LOAD_CELLS + REBUT_COLUMNS_MAX];
    struct rebut_value values[REBUT_COLUMNS_MAX];
    struct rebut_text photos[REBUT_PHOTOS_MAX + 1];
    struct rebut_source *source = writing->load->source;
    for (size_t i = 0; i < table->columns; i++) {
        relation.columns[i] = (uint8_t)i;
        relation.shapes[i] = (uint8_t)rebut_event_column(table->type, i).shape;
    }
    if (!rebut_copy_out_cells(tuple, cells, LOAD_CELLS + relation.count) ||
        cells[0].size != 4 || cells[1].size != 8 ||
        !rebut_store_values(&relation, cells + LOAD_CELLS, values, photos))
        return rebut_fail(err, REBUT_EIO, "a conflicting row is malformed");
    const size_t size = rebut_event_spell_row(table->type, values, NULL, 0);
    char *text = malloc(size);
    if (text == NULL)
        return rebut_fail_memory(err, "a conflicting row");
    rebut_event_spell_row(table->type, values, text, size);
    const uint32_t input = (uint32_t)load_32(cells[0].data);
    const bool ok = reject(
        writing,
        &(struct rebut_reject){.input = source->input_name(source, input),
                               .line = (uint64_t)load_64(cells[1].data),
                               .reason = "conflict",
                               .field = table->key,
                               .expected = "what the table says of this id, which stands",
                               .came = "other content",
                               .text = {text, size},
                               .bytes = size},
        err);
    free(text);
    return ok;
}

static bool find_conflicts(struct writing *writing, const struct table *table,
                           struct rebut_error *err)
{
    struct copy_out copy;
    struct copy_row row;
    bool end = false;
    if (!rebut_copy_out_begin(&copy, writing->store, table->copy_conflicts, table->name,
                              err))
        return false;
    for (;;) {
        bool ok = rebut_copy_out_next(&copy, &row, &end, err);
        if (ok && end)
            break;
        ok = ok && reject_conflict(writing, table, row.tuple, err);
        PQfreemem(row.message);
        if (!ok) {
            rebut_copy_out_abandon(&copy);
            return false;
        }
    }
    writing->sums->conflicts[table->type] = copy.rows;
    return true;
}

static bool merge(struct writing *writing, struct table *table, struct rebut_error *err)
{
    uint64_t inserted = 0;
    if (table->rows == 0)
        return true;
    if (!rebut_copy_send(&table->copy, table->copy_in, err) ||
        !rebut_store_do(writing->store,
                        table->unsorted ? table->insert_sorted : table->insert, NULL, 0,
                        &inserted, err))
        return rebut_fail_context(err, "cannot load 'rebut.%s'", table->name);
    writing->sums->inserted[table->type] = inserted;
    if (table->key != NULL && inserted < table->rows &&
        !find_conflicts(writing, table, err))
        return false;
    writing->sums->duplicates[table->type] =
        table->rows - inserted - writing->sums->conflicts[table->type];
    return true;
}

static bool write_all(struct writing *writing, struct rebut_error *err)
{
    if (PQtransactionStatus(rebut_store_pq(writing->store)) != PQTRANS_INTRANS)
        return rebut_fail(err, REBUT_EINPUT, "expected a transaction to write in");
    for (size_t i = 0; i < REBUT_EVENT_TYPES; i++)
        if (!set_up(writing, (enum rebut_event_type)i, err))
            return false;
    if (!read_all(writing, err))
        return false;
    for (size_t i = 0; i < REBUT_EVENT_TYPES; i++)
        if (!merge(writing, &writing->tables[rebut_store_order[i]], err))
            return false;
    return true;
}

bool rebut_store_events_write(struct rebut_store *store,
                              const struct rebut_store_load *load,
                              struct rebut_store_loaded *ret_loaded,
                              struct rebut_error *err)
{
    struct writing writing = {.store = store, .load = load, .sums = ret_loaded};
    *ret_loaded = (struct rebut_store_loaded){0};
    const bool ok = write_all(&writing, err);
    rebut_progress_end(load->progress);
    for (size_t i = 0; i < REBUT_EVENT_TYPES; i++)
        release(&writing.tables[i]);
    return ok;
}
