#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>

#include "parts.h"
#include "statements.h"

static bool is_done(const PGresult *result)
{
    const ExecStatusType status = PQresultStatus(result);
    return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK ||
           status == PGRES_EMPTY_QUERY;
}

bool rebut_store_run(struct rebut_store *store, const char *sql, struct rebut_error *err)
{
    PGresult *result = PQexec(rebut_store_pq(store), sql);
    const bool ok = is_done(result) || rebut_store_failed(store, result, err);
    PQclear(result);
    return ok;
}

bool rebut_store_query(struct rebut_store *store, const char *sql,
                       const char *const *parameters, int count, struct rebut_rows *ret,
                       struct rebut_error *err)
{
    *ret = (struct rebut_rows){0};
    PGresult *result =
        PQexecParams(rebut_store_pq(store), sql, count, NULL, parameters, NULL, NULL, 0);
    if (!is_done(result)) {
        rebut_store_failed(store, result, err);
        PQclear(result);
        return false;
    }
    *ret = (struct rebut_rows){result, PQntuples(result), PQnfields(result)};
    return true;
}

/* The name of the statement in this connection; false when it cannot be prepared. */
static bool prepare(struct rebut_store *store, const char *sql, char ret_name[16],
                    struct rebut_error *err)
{
    struct store_prepared *prepared = rebut_store_prepared(store);
    int place = 0;
    while (place < prepared->count && prepared->texts[place] != sql)
        place++;
    snprintf(ret_name, 16, "s%d", place);
    if (place < prepared->count)
        return true;
    if (place == STORE_PREPARED_MAX)
        return rebut_fail(err, REBUT_ELIMIT, "more than %d prepared statements",
                          STORE_PREPARED_MAX);
    PGresult *result = PQprepare(rebut_store_pq(store), ret_name, sql, 0, NULL);
    const bool ok = is_done(result) || rebut_store_failed(store, result, err);
    PQclear(result);
    if (ok)
        prepared->texts[prepared->count++] = sql;
    return ok;
}

bool rebut_store_ask(struct rebut_store *store, const char *sql,
                     const char *const *parameters, int count, struct rebut_rows *ret,
                     struct rebut_error *err)
{
    char name[16];
    *ret = (struct rebut_rows){0};
    if (!prepare(store, sql, name, err))
        return false;
    PGresult *result =
        PQexecPrepared(rebut_store_pq(store), name, count, parameters, NULL, NULL, 0);
    if (!is_done(result)) {
        rebut_store_failed(store, result, err);
        PQclear(result);
        return false;
    }
    *ret = (struct rebut_rows){result, PQntuples(result), PQnfields(result)};
    return true;
}

const char *rebut_rows_get(const struct rebut_rows *rows, int row, int column)
{
    if (row >= rows->count || PQgetisnull(rows->result, row, column))
        return NULL;
    return PQgetvalue(rows->result, row, column);
}

bool rebut_rows_true(const struct rebut_rows *rows, int row, int column)
{
    const char *text = rebut_rows_get(rows, row, column);
    return text != NULL && text[0] == 't';
}

int64_t rebut_rows_integer(const struct rebut_rows *rows, int row, int column)
{
    const char *text = rebut_rows_get(rows, row, column);
    return text == NULL ? 0 : strtoll(text, NULL, 10);
}

void rebut_rows_release(struct rebut_rows *rows)
{
    PQclear(rows->result);
    *rows = (struct rebut_rows){0};
}

bool rebut_store_do(struct rebut_store *store, const char *sql,
                    const char *const *parameters, int count, uint64_t *ret_touched,
                    struct rebut_error *err)
{
    struct rebut_rows rows;
    if (!rebut_store_query(store, sql, parameters, count, &rows, err))
        return false;
    if (ret_touched != NULL)
        *ret_touched = strtoull(PQcmdTuples(rows.result), NULL, 10);
    rebut_rows_release(&rows);
    return true;
}

/* ---- prepared ---- */

bool rebut_store_prepare(struct rebut_store *store, const char *name, const char *sql,
                         struct rebut_error *err)
{
    PGresult *result = PQprepare(rebut_store_pq(store), name, sql, 0, NULL);
    const bool ok = is_done(result) || rebut_store_failed(store, result, err);
    PQclear(result);
    return ok;
}

bool rebut_store_execute(struct rebut_store *store, const char *name,
                         const char *const *parameters, int count, struct rebut_rows *ret,
                         struct rebut_error *err)
{
    *ret = (struct rebut_rows){0};
    PGresult *result =
        PQexecPrepared(rebut_store_pq(store), name, count, parameters, NULL, NULL, 0);
    if (!is_done(result)) {
        rebut_store_failed(store, result, err);
        PQclear(result);
        return false;
    }
    *ret = (struct rebut_rows){result, PQntuples(result), PQnfields(result)};
    return true;
}

size_t rebut_rows_size(const struct rebut_rows *rows, int row, int column)
{
    return (size_t)PQgetlength(rows->result, row, column);
}

/* ---- waiting ---- */

static bool take_notices(struct rebut_store *store, bool *ret_told,
                         struct rebut_error *err)
{
    PGconn *connection = rebut_store_pq(store);
    if (PQconsumeInput(connection) != 1)
        return rebut_store_failed(store, NULL, err);
    PGnotify *notify = NULL;
    while ((notify = PQnotifies(connection)) != NULL) {
        *ret_told = true;
        PQfreemem(notify);
    }
    return true;
}

bool rebut_store_wait(struct rebut_store *store, int timeout_ms, bool *ret_told,
                      struct rebut_error *err)
{
    *ret_told = false;
    if (!take_notices(store, ret_told, err))
        return false;
    if (*ret_told || timeout_ms == 0)
        return true;
    struct pollfd one = {.fd = PQsocket(rebut_store_pq(store)), .events = POLLIN};
    return poll(&one, 1, timeout_ms) <= 0 || take_notices(store, ret_told, err);
}

/* ---- locks ---- */

bool rebut_store_lock(struct rebut_store *store, enum rebut_lock lock,
                      struct rebut_error *err)
{
    char class[16], object[16];
    snprintf(class, sizeof class, "%d", REBUT_LOCK_CLASS);
    snprintf(object, sizeof object, "%d", (int)lock);
    const char *const parameters[] = {class, object};
    struct rebut_rows rows;
    if (!rebut_store_query(store, rebut_sql_lock_try, parameters, 2, &rows, err))
        return false;
    const bool ok = rebut_rows_true(&rows, 0, 0);
    rebut_rows_release(&rows);
    if (ok)
        return true;
    if (!rebut_store_query(store, rebut_sql_lock_holder, parameters, 2, &rows, err))
        return false;
    const char *what = lock == REBUT_LOCK_MIGRATE ? "a migration" : "a nightly run";
    if (rows.count == 0)
        rebut_fail(err, REBUT_ETRY, "%s has just ended; try again", what);
    else
        rebut_fail(err, REBUT_ETRY,
                   "%s is under way: backend %s of user '%s' from %s, since %s", what,
                   rebut_rows_get(&rows, 0, 0), rebut_rows_get(&rows, 0, 1),
                   rebut_rows_get(&rows, 0, 2), rebut_rows_get(&rows, 0, 3));
    rebut_rows_release(&rows);
    return false;
}
