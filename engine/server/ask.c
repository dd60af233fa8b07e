/* Asking the database, and saying what it says. */
#include <stdio.h>
#include <string.h>

#include "server_parts.h"

/* Errors of our own functions (sql/migrations/0005), as a caller may understand them.
 * Their words are ours and hold nothing of a buyer. */
static const struct {
    const char *state;
    int status;
    const char *kind;
} own[] = {
    {"RB001", 409, "held-by-another"}, {"RB002", 409, "not-in-hand"},
    {"RB003", 409, "decided"},         {"RB004", 409, "nothing-to-undo"},
    {"RB005", 409, "too-late"},        {"RB006", 422, "out-of-range"},
    {"RB007", 404, "no-such-thing"},   {"RB009", 409, "too-many-held"},
    {"RB012", 409, "judged-yourself"}, {"RB014", 409, "escalated"},
};

bool rebut_server_failed(struct rebut_http_call *call, const struct rebut_store *store,
                         const struct rebut_error *err)
{
    const char *state = rebut_store_state(store);
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        if (strcmp(own[i].state, state) == 0)
            return rebut_http_refuse(call, own[i].status, own[i].kind, NULL, "%.400s",
                                     err->message);
    if (err->code == REBUT_ETRY)
        return rebut_http_refuse(call, 503, "no-database", NULL,
                                 "the database does not answer; try again");
    const struct rebut_server *server = call->app;
    rebut_log_error(server->options.log, "database", err);
    if (strcmp(state, "42501") == 0)
        return rebut_http_refuse(call, 403, "not-for-you", NULL,
                                 "the role of this token may not do that");
    return rebut_http_refuse(call, 500, "our-fault", NULL,
                             "the request failed; its id leads to the reason in the log");
}

bool rebut_server_missing(struct rebut_http_call *call, const char *what)
{
    return rebut_http_refuse(call, 404, "no-such-thing", NULL, "there is no such %s",
                             what);
}

bool rebut_server_ask(struct rebut_http_call *call, const char *sql,
                      const char *const *parameters, int count, struct rebut_rows *ret)
{
    struct rebut_error err = {0};
    struct rebut_store *store = visit_of(call)->store;
    return rebut_store_ask(store, sql, parameters, count, ret, &err) ||
           rebut_server_failed(call, store, &err);
}

void rebut_server_etag(struct rebut_http_call *call, const char *version)
{
    struct visit *visit = visit_of(call);
    if (version == NULL)
        return;
    snprintf(visit->etag, sizeof visit->etag, "\"%s\"", version);
    rebut_http_set(call, "ETag", visit->etag);
}

static const char *for_role(struct rebut_http_call *call, const char *reviewer,
                            const char *merchant, const char *auditor)
{
    const char *role = visit_of(call)->role;
    const char *sql = strcmp(role, "merchant") == 0  ? merchant
                      : strcmp(role, "auditor") == 0 ? auditor
                                                     : reviewer;
    if (sql == NULL)
        rebut_http_refuse(call, 403, "not-for-you", NULL, "this is not for role '%s'",
                          role);
    return sql;
}

bool rebut_server_record(struct rebut_http_call *call, const char *subject)
{
    struct rebut_rows rows = {0};
    const bool ok = rebut_server_ask(call, rebut_sql_web_read, &subject, 1, &rows);
    rebut_rows_release(&rows);
    return ok;
}

void rebut_server_read(struct rebut_http_call *call)
{
    const struct reading *reading = call->route->detail;
    const char *sql =
        for_role(call, reading->reviewer, reading->merchant, reading->auditor);
    struct rebut_rows rows = {0};
    if (sql == NULL ||
        !rebut_server_ask(call, sql, call->values, reading->parameters, &rows))
        return;
    const char *json = rebut_rows_get(&rows, 0, 0);
    if (json == NULL)
        rebut_server_missing(call, reading->what);
    else if (reading->recorded == NULL ||
             rebut_server_record(call, rebut_http_value(call, reading->recorded))) {
        rebut_server_write(call, json);
        rebut_output_text(&call->out, REBUT_TEXT("\n"));
        if (rows.columns > 1)
            rebut_server_etag(call, rebut_rows_get(&rows, 0, 1));
    }
    rebut_rows_release(&rows);
}

/* ---- lists */

#define LIMIT_USUAL 50

/* What the cursor belongs to: whose list, of what, by which filters. */
static bool write_context(struct rebut_http_call *call, int parameters,
                          struct rebut_output *out, struct rebut_error *err)
{
    if (!rebut_output_memory(out, err))
        return false;
    rebut_output_print(out, "%s\n%s", visit_of(call)->login, call->route->pattern);
    for (int i = 0; i < parameters; i++)
        rebut_output_print(out, "\n%s",
                           call->values[i] == NULL ? "\x01" : call->values[i]);
    return true;
}

static void write_rows(struct rebut_http_call *call, const struct rebut_rows *rows,
                       int64_t limit, struct rebut_text context)
{
    const struct rebut_server *server = call->app;
    struct rebut_output *out = &call->out;
    const int count = rows->count > limit ? (int)limit : rows->count;
    char cursor[CURSOR_SIZE];
    rebut_output_print(out, "{\"items\":[");
    for (int row = 0; row < count; row++) {
        rebut_output_print(out, row > 0 ? "," : "");
        rebut_server_write(call, rebut_rows_get(rows, row, 0));
    }
    rebut_output_print(out, "],\"next\":");
    if (rows->count > limit &&
        rebut_cursor_write(server->cursor_key, context,
                           rebut_rows_get(rows, count - 1, 1),
                           rebut_rows_get(rows, count - 1, 2), cursor))
        rebut_output_print(out, "\"%s\"}\n", cursor);
    else
        rebut_output_print(out, "null}\n");
}

/* Not of a merchant, who has one list alone. */
static bool fill(struct rebut_http_call *call, const struct listing *listing)
{
    struct rebut_rows rows = {0};
    const int last = listing->parameters - 1;
    if (listing->filler == NULL || call->values[last] != NULL ||
        strcmp(visit_of(call)->role, "merchant") == 0)
        return true;
    if (!rebut_server_ask(call, listing->filler, NULL, 0, &rows))
        return false;
    const char *value = rebut_rows_get(&rows, 0, 0);
    call->values[last] =
        value == NULL ? NULL : rebut_http_keep(call, rebut_text_of(value));
    rebut_rows_release(&rows);
    return !rebut_http_refused(call);
}

static void list(struct rebut_http_call *call, const char *sql, int parameters,
                 struct rebut_text context)
{
    const struct rebut_server *server = call->app;
    const char *cursor = rebut_http_value(call, "cursor");
    const int64_t limit = rebut_http_integer(call, "limit", LIMIT_USUAL);
    const char *values[REBUT_HTTP_PARAMS_MAX + 3];
    char key[64], id[128], more[24];
    struct rebut_rows rows = {0};
    struct rebut_error err = {0};
    struct rebut_store *store = visit_of(call)->store;
    if (cursor != NULL &&
        !rebut_cursor_read(server->cursor_key, context, cursor, key, id)) {
        rebut_http_refuse(call, 400, "bad-cursor", "query cursor",
                          "expected a cursor that this list gave, with the same filters");
        return;
    }
    snprintf(more, sizeof more, "%lld", (long long)limit + 1);
    memcpy(values, call->values, (size_t)parameters * sizeof *values);
    values[parameters] = cursor == NULL ? NULL : key;
    values[parameters + 1] = cursor == NULL ? NULL : id;
    values[parameters + 2] = more;
    /* Planned anew for these values: without the limit the plan is another one. */
    if (!rebut_store_query(store, sql, values, parameters + 3, &rows, &err))
        rebut_server_failed(call, store, &err);
    else
        write_rows(call, &rows, limit, context);
    rebut_rows_release(&rows);
}

void rebut_server_list(struct rebut_http_call *call)
{
    const struct listing *listing = call->route->detail;
    const char *sql =
        for_role(call, listing->reviewer, listing->merchant, listing->auditor);
    const char *sort = rebut_http_value(call, "sort");
    struct rebut_output context;
    if (sql == NULL || !fill(call, listing))
        return;
    if (listing->usual != NULL && sql != listing->merchant &&
        (sort == NULL || strcmp(sort, listing->usual_sort) == 0))
        sql = listing->usual;
    if (!write_context(call, listing->parameters, &context, NULL)) {
        rebut_http_refuse(call, 503, "no-memory", NULL, "no memory");
        return;
    }
    list(call, sql, listing->parameters,
         (struct rebut_text){context.buffer, context.used});
    rebut_output_release(&context);
}

void rebut_server_queue(struct rebut_http_call *call)
{
    const char *view = rebut_http_value(call, "view");
    struct rebut_rows rows = {0};
    if (view == NULL || strcmp(view, "open") == 0) {
        rebut_server_list(call);
        return;
    }
    if (rebut_server_ask(call,
                         strcmp(view, "mine") == 0 ? rebut_sql_web_mine
                                                   : rebut_sql_web_escalated,
                         NULL, 0, &rows)) {
        rebut_output_text(&call->out, rebut_text_of(rebut_rows_get(&rows, 0, 0)));
        rebut_output_text(&call->out, REBUT_TEXT("\n"));
    }
    rebut_rows_release(&rows);
}
