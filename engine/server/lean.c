/* Routes that need one statement: who calls, may they, what do they get and the audit
 * trail in one round trip, in a transaction of its own. */
#include "server_parts.h"

bool rebut_server_is_lean(const struct rebut_http_route *route)
{
    return route->handle == rebut_server_score_read ||
           route->handle == rebut_server_score_make;
}

/* A connection that was lost while it lay idle says nothing of the database: the next is
 * tried, and at last a new one.  What reads may be asked twice. */
static bool ask(struct rebut_http_call *call, const char *sql,
                const char *const *parameters, int count, struct rebut_rows *ret)
{
    struct rebut_server *server = call->app;
    struct rebut_store *store = NULL;
    bool fresh = false;
    while (rebut_server_pick(server, call, &store, &fresh)) {
        struct rebut_error err = {0};
        const bool ok = rebut_store_ask(store, sql, parameters, count, ret, &err);
        const bool alive = rebut_store_is_idle(store);
        if (!ok && (alive || fresh))
            rebut_server_failed(call, store, &err);
        rebut_server_give(server, store);
        if (ok || alive || fresh)
            return ok;
    }
    return false;
}

/* As enter.c does it: 401, 429, 403. */
bool rebut_server_check_lean(struct rebut_http_call *call, const struct rebut_rows *rows)
{
    const char *token = rebut_rows_get(rows, 0, 0);
    if (token == NULL)
        return rebut_server_unknown(call);
    if (!rebut_http_within_rate(call, token, 1))
        return false;
    return rebut_rows_true(rows, 0, 2) ||
           rebut_http_refuse(call, 403, "not-for-you", NULL,
                             "expected scope '%s', which the token does not have",
                             call->route->scope);
}

bool rebut_server_ask_lean(struct rebut_http_call *call, const char *sql,
                           const char *subject, struct rebut_rows *ret)
{
    const struct rebut_server *server = call->app;
    const struct visit *visit = visit_of(call);
    const char *const parameters[] = {
        visit->kind,       visit->token.id,
        visit->token.hash, call->route->scope,
        subject,           server->options.durable_reads ? "true" : "false"};
    return ask(call, sql, parameters, 6, ret);
}
