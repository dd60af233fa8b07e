/* Which tables of events are there, and are their columns what the contract wants? */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "statements.h"
#include "store_events_parts.h"

const enum rebut_event_type rebut_store_order[REBUT_EVENT_TYPES] = {
    REBUT_EVENT_ORDER,   REBUT_EVENT_SHIPMENT, REBUT_EVENT_DELIVERY, REBUT_EVENT_PRICE,
    REBUT_EVENT_CONTACT, REBUT_EVENT_REQUEST,  REBUT_EVENT_OUTCOME,  REBUT_EVENT_VERDICT,
};

const char *const rebut_store_tables[REBUT_EVENT_TYPES] = {
    [REBUT_EVENT_ORDER] = "orders",        [REBUT_EVENT_SHIPMENT] = "shipments",
    [REBUT_EVENT_DELIVERY] = "deliveries", [REBUT_EVENT_PRICE] = "prices",
    [REBUT_EVENT_CONTACT] = "contacts",    [REBUT_EVENT_REQUEST] = "requests",
    [REBUT_EVENT_OUTCOME] = "outcomes",    [REBUT_EVENT_VERDICT] = "verdicts",
};

/* ---- words ---- */

void rebut_words_put(struct words *words, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    char *added = NULL;
    const int size = vasprintf(&added, format, list);
    va_end(list);
    char *data = size < 0 || words->failed
                     ? NULL
                     : realloc(words->data, words->size + (size_t)size + 1);
    if (data == NULL) {
        words->failed = true;
    } else {
        memcpy(data + words->size, added, (size_t)size + 1);
        words->data = data;
        words->size += (size_t)size;
    }
    if (size >= 0)
        free(added);
}

void rebut_words_put_name(struct words *words, const char *name)
{
    rebut_words_put(words, "\"");
    for (; *name != '\0'; name++)
        rebut_words_put(words, *name == '"' ? "\"\"" : "%c", *name);
    rebut_words_put(words, "\"");
}

/* ---- types ---- */

/* What may stand for each shape: pg_type's names, and words for people. */
static const struct {
    const char *names, *expected;
} accepted[] = {
    [REBUT_SHAPE_TEXT] = {" text varchar enum ", "text"},
    [REBUT_SHAPE_WORD] = {" text varchar enum ", "text"},
    [REBUT_SHAPE_INTEGER] = {" int8 int4 int2 ", "bigint"},
    [REBUT_SHAPE_TIME] = {" timestamptz ", "timestamp with time zone"},
    [REBUT_SHAPE_PHOTOS] = {" _text _varchar ", "text[]"},
    [REBUT_SHAPE_FRACTION] = {" float8 float4 ", "double precision"},
};

static bool is_accepted(enum rebut_shape shape, const char *name)
{
    char padded[80];
    if (name == NULL)
        return false;
    snprintf(padded, sizeof padded, " %s ", name);
    return strstr(accepted[shape].names, padded) != NULL;
}

/* ---- one table ---- */

/* What the catalogue says, a row a column: table, column, type at bottom, type as people
 * write it, may we read it. */
enum { TABLE, COLUMN, TYPE, SPELLED, READABLE };

/* The row of a column, or -1; of the table's first row when `column` is NULL. */
static int find_row(const struct rebut_rows *rows, const char *table, const char *column)
{
    for (int row = 0; row < rows->count; row++) {
        const char *name = rebut_rows_get(rows, row, COLUMN);
        if (strcmp(rebut_rows_get(rows, row, TABLE), table) == 0 &&
            (column == NULL || (name != NULL && strcmp(name, column) == 0)))
            return row;
    }
    return -1;
}

static bool check_column(const struct rebut_rows *rows, int row,
                         struct rebut_column column, const char *table,
                         struct rebut_error *err)
{
    if (!is_accepted(column.shape, rebut_rows_get(rows, row, TYPE)))
        return rebut_fail(err, REBUT_EDATA, "expected '%s.%s' to be %s, it is %s", table,
                          column.name, accepted[column.shape].expected,
                          rebut_rows_get(rows, row, SPELLED));
    if (!rebut_rows_true(rows, row, READABLE))
        return rebut_fail(err, REBUT_EDATA,
                          "no privilege to read '%s.%s': expected SELECT on it", table,
                          column.name);
    return true;
}

static bool name_relation(struct relation *relation, const char *schema,
                          const char *table, struct rebut_error *err)
{
    struct words name = {0}, quoted = {0};
    rebut_words_put(&name, "%s.%s", schema, table);
    rebut_words_put_name(&quoted, schema);
    rebut_words_put(&quoted, ".");
    rebut_words_put_name(&quoted, table);
    relation->name = name.data;
    relation->quoted = quoted.data;
    return (!name.failed && !quoted.failed) ||
           rebut_fail_memory(err, "the names of tables");
}

static bool describe(struct relation *relation, const struct rebut_rows *rows,
                     struct rebut_error *err)
{
    const char *table = rebut_store_tables[relation->type];
    if (find_row(rows, table, NULL) < 0)
        return rebut_fail(err, REBUT_EDATA,
                          "there is no table or view '%s': expected one, be it empty",
                          relation->name);
    const size_t columns = rebut_event_column_count(relation->type);
    for (size_t i = 0; i < columns; i++) {
        const struct rebut_column column = rebut_event_column(relation->type, i);
        const int row = find_row(rows, table, column.name);
        if (row < 0 && column.mandatory)
            return rebut_fail(err, REBUT_EDATA, "expected a column '%s.%s' of type %s",
                              relation->name, column.name,
                              accepted[column.shape].expected);
        if (row < 0 || !column.needed)
            continue;
        if (!check_column(rows, row, column, relation->name, err))
            return false;
        relation->shapes[relation->count] = (uint8_t)column.shape;
        relation->columns[relation->count++] = (uint8_t)i;
    }
    const int xid = find_row(rows, table, "xid");
    const char *type = xid < 0 ? NULL : rebut_rows_get(rows, xid, TYPE);
    relation->has_xid = type != NULL && strcmp(type, "int8") == 0;
    return true;
}

/* ---- all of them ---- */

static bool describe_all(struct relations *relations,
                         const struct rebut_store_events *events, const char *schema,
                         const struct rebut_rows *rows, struct rebut_error *err)
{
    for (size_t i = 0; i < REBUT_EVENT_TYPES; i++) {
        const enum rebut_event_type type = rebut_store_order[i];
        if (events->without != NULL && events->without[type])
            continue;
        struct relation *relation = &relations->list[relations->count++];
        relation->type = type;
        if (!name_relation(relation, schema, rebut_store_tables[type], err) ||
            !describe(relation, rows, err))
            return false;
    }
    return true;
}

bool rebut_store_relations(struct rebut_store *store,
                           const struct rebut_store_events *events, struct relations *ret,
                           struct rebut_error *err)
{
    const char *schema = events->schema == NULL ? "rebut" : events->schema;
    struct words tables = {0};
    struct rebut_rows rows = {0};
    *ret = (struct relations){0};
    for (size_t i = 0; i < REBUT_EVENT_TYPES; i++)
        rebut_words_put(&tables, i == 0 ? "%s" : ",%s", rebut_store_tables[i]);
    const char *const parameters[] = {schema, tables.data};
    const bool ok = !tables.failed ? rebut_store_query(store, rebut_sql_event_columns,
                                                       parameters, 2, &rows, err) &&
                                         describe_all(ret, events, schema, &rows, err)
                                   : rebut_fail_memory(err, "the names of tables");
    rebut_rows_release(&rows);
    free(tables.data);
    if (!ok)
        rebut_store_relations_release(ret);
    return ok;
}

void rebut_store_relations_release(struct relations *relations)
{
    for (size_t i = 0; i < relations->count; i++) {
        free(relations->list[i].name);
        free(relations->list[i].quoted);
    }
    relations->count = 0;
}

bool rebut_store_events_have_xid(struct rebut_store *store,
                                 const struct rebut_store_events *events, bool *ret_have,
                                 struct rebut_error *err)
{
    struct relations relations;
    if (!rebut_store_relations(store, events, &relations, err))
        return false;
    *ret_have = true;
    for (size_t i = 0; i < relations.count; i++)
        *ret_have = *ret_have && relations.list[i].has_xid;
    rebut_store_relations_release(&relations);
    return true;
}
