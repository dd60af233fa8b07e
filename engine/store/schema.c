/* The schema of the database: which migrations it has, and those it lacks. */
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "parts.h"
#include "statements.h"

#define CHECKSUM_BYTES 32
#define CHECKSUM_SIZE (2 * CHECKSUM_BYTES + 1)

static void checksum_of(const char *sql, char ret_checksum[CHECKSUM_SIZE])
{
    unsigned char hash[CHECKSUM_BYTES];
    crypto_generichash(hash, sizeof hash, (const unsigned char *)sql, strlen(sql), NULL,
                       0);
    sodium_bin2hex(ret_checksum, CHECKSUM_SIZE, hash, sizeof hash);
}

/* One row of what was applied against what this program knows. */
static bool check_applied(const struct rebut_rows *rows, int row, struct rebut_error *err)
{
    const int number = (int)rebut_rows_integer(rows, row, 0);
    const char *name = rebut_rows_get(rows, row, 1);
    char checksum[CHECKSUM_SIZE];
    if (row >= rebut_migrations_count)
        return rebut_fail(err, REBUT_EDATA,
                          "the database is of a newer rebut: it has migration %d '%s', "
                          "this program knows %d",
                          number, name, rebut_migrations_count);
    const struct rebut_migration *known = &rebut_migrations[row];
    if (number != known->number)
        return rebut_fail(err, REBUT_EDATA,
                          "expected migration %d '%s' in the database, came %d '%s'",
                          known->number, known->name, number, name);
    checksum_of(known->sql, checksum);
    if (strcmp(checksum, rebut_rows_get(rows, row, 2)) != 0)
        return rebut_fail(err, REBUT_EDATA,
                          "migration %d '%s' was applied with another content: checksum "
                          "%.12s…, this program's is %.12s…",
                          number, name, rebut_rows_get(rows, row, 2), checksum);
    return true;
}

bool rebut_schema_read(struct rebut_store *store, struct rebut_schema *ret,
                       struct rebut_error *err)
{
    struct rebut_rows rows;
    *ret = (struct rebut_schema){0, rebut_migrations_count};
    if (!rebut_store_query(store, rebut_sql_schema_exists, NULL, 0, &rows, err))
        return false;
    const bool exists = rebut_rows_true(&rows, 0, 0);
    rebut_rows_release(&rows);
    if (!exists)
        return true;
    if (!rebut_store_query(store, rebut_sql_schema_applied, NULL, 0, &rows, err))
        return false;
    bool ok = true;
    for (int row = 0; ok && row < rows.count; row++)
        ok = check_applied(&rows, row, err);
    ret->applied = rows.count;
    rebut_rows_release(&rows);
    return ok;
}

static bool apply(struct rebut_store *store, const struct rebut_migration *migration,
                  struct rebut_error *err)
{
    char number[16], checksum[CHECKSUM_SIZE];
    snprintf(number, sizeof number, "%d", migration->number);
    checksum_of(migration->sql, checksum);
    const char *const parameters[] = {number, migration->name, checksum};
    const bool ok =
        rebut_store_run(store, "BEGIN", err) &&
        rebut_store_run(store, migration->sql, err) &&
        rebut_store_do(store, rebut_sql_schema_record, parameters, 3, NULL, err) &&
        rebut_store_run(store, "COMMIT", err);
    if (!ok && !rebut_store_run(store, "ROLLBACK", NULL))
        rebut_fail_context(err, "the connection is lost");
    return ok || rebut_fail_context(err, "migration %d '%s'", migration->number,
                                    migration->name);
}

bool rebut_schema_migrate(struct rebut_store *store,
                          void (*applied)(const struct rebut_migration *),
                          struct rebut_schema *ret, struct rebut_error *err)
{
    if (!rebut_store_lock(store, REBUT_LOCK_MIGRATE, err) ||
        !rebut_store_run(store, rebut_sql_schema_create, err) ||
        !rebut_schema_read(store, ret, err))
        return false;
    for (int i = ret->applied; i < rebut_migrations_count; i++) {
        if (!apply(store, &rebut_migrations[i], err))
            return false;
        ret->applied = i + 1;
        if (applied != NULL)
            applied(&rebut_migrations[i]);
    }
    return true;
}

bool rebut_schema_require(struct rebut_store *store, struct rebut_error *err)
{
    struct rebut_schema schema;
    if (!rebut_schema_read(store, &schema, err))
        return false;
    if (schema.applied == schema.known)
        return true;
    if (schema.applied == 0)
        return rebut_fail(
            err, REBUT_EDATA,
            "the database has no schema of rebut; 'rebut migrate' makes it");
    return rebut_fail(err, REBUT_EDATA,
                      "the database has migration %d, this program needs %d; 'rebut "
                      "migrate' applies what is missing",
                      schema.applied, schema.known);
}
