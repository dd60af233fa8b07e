/* Who calls, and may they? */
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "server_parts.h"

#define COOKIE "rebut_session"

/* One answer to all who are not known, whatever is wrong with what they brought. */
bool rebut_server_unknown(struct rebut_http_call *call)
{
    return rebut_http_refuse(call, 401, "who-are-you", NULL,
                             "expected a token or a session that is in force");
}

/* What did the caller bring?  A token goes before a cookie, which a browser adds by
 * itself. */
static bool read_credential(struct rebut_http_call *call, struct visit *visit,
                            struct rebut_token *ret, const char **ret_kind)
{
    const char *header = rebut_http_header(call, "Authorization");
    if (header != NULL) {
        *ret_kind = "token";
        return strncasecmp(header, "Bearer ", 7) == 0 &&
               rebut_token_read(REBUT_TOKEN_PREFIX, rebut_text_of(header + 7), ret);
    }
    const char *cookie = rebut_http_cookie(call, COOKIE);
    *ret_kind = "session";
    if (cookie == NULL ||
        !rebut_token_read(REBUT_COOKIE_PREFIX, rebut_text_of(cookie), ret))
        return false;
    memcpy(visit->session, ret->id, sizeof visit->session);
    memcpy(visit->mark, ret->mark, sizeof visit->mark);
    return true;
}

static bool is_safe(const char *method)
{
    return strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0;
}

/* Another site's page can make a browser send the cookie, but not this header. */
static bool check_mark(struct rebut_http_call *call, const struct visit *visit)
{
    const char *sent = rebut_http_header(call, "X-CSRF-Token");
    if (visit->session[0] == '\0' || is_safe(call->route->method))
        return true;
    if (sent != NULL && strlen(sent) == strlen(visit->mark) &&
        sodium_memcmp(sent, visit->mark, strlen(sent)) == 0)
        return true;
    return rebut_http_refuse(call, 403, "no-csrf-token", "header X-CSRF-Token",
                             "expected the token that GET /v1/session gives");
}

static void keep(char *to, size_t room, const struct rebut_rows *rows, int column)
{
    const char *cell = rebut_rows_get(rows, 0, column);
    snprintf(to, room, "%s", cell == NULL ? "" : cell);
}

static bool know(struct rebut_http_call *call, struct visit *visit,
                 const struct rebut_token *token, const char *kind)
{
    const char *const parameters[] = {kind, token->id, token->hash};
    struct rebut_error err = {0};
    struct rebut_rows rows = {0};
    if (!rebut_store_ask(visit->store, rebut_sql_web_enter, parameters, 3, &rows, &err))
        return rebut_server_failed(call, visit->store, &err);
    const bool known = rows.count == 1;
    if (known) {
        keep(visit->token_id, sizeof visit->token_id, &rows, 0);
        keep(visit->login, sizeof visit->login, &rows, 1);
        keep(visit->role, sizeof visit->role, &rows, 2);
        keep(visit->scopes, sizeof visit->scopes, &rows, 3);
        keep(visit->expires_at, sizeof visit->expires_at, &rows, 5);
        const char *merchants = rebut_rows_get(&rows, 0, 4);
        visit->merchants =
            rebut_http_keep(call, rebut_text_of(merchants == NULL ? "[]" : merchants));
    }
    rebut_rows_release(&rows);
    return known || rebut_server_unknown(call);
}

static bool may(struct rebut_http_call *call, const struct visit *visit)
{
    const char *scope = call->route->scope;
    if (strcmp(scope, "any") == 0 || rebut_token_has_scope(visit->scopes, scope))
        return true;
    return rebut_http_refuse(call, 403, "not-for-you", NULL,
                             "expected scope '%s', which the token does not have", scope);
}

/* What has been begun is ended, whatever became of it. */
static void end(struct rebut_http_call *call)
{
    struct visit *visit = visit_of(call);
    struct rebut_error err = {0};
    const bool commit = !rebut_http_refused(call);
    call->mine = NULL;
    if (visit->store == NULL) {
        free(visit);
        return;
    }
    if (!rebut_store_run(visit->store, commit ? "COMMIT" : "ROLLBACK", &err) && commit)
        rebut_server_failed(call, visit->store, &err);
    rebut_server_give(call->app, visit->store);
    free(visit);
}

static bool enter(struct rebut_http_call *call, struct visit *visit)
{
    if (!rebut_server_take(call->app, call, &visit->store))
        return false;
    return know(call, visit, &visit->token, visit->kind) &&
           rebut_http_within_rate(call, visit->token_id, 1) && check_mark(call, visit) &&
           may(call, visit);
}

bool rebut_server_enter(struct rebut_http_call *call)
{
    struct visit *visit = calloc(1, sizeof *visit);
    if (visit == NULL)
        return rebut_http_refuse(call, 503, "no-memory", NULL, "no memory");
    if (!read_credential(call, visit, &visit->token, &visit->kind)) {
        free(visit);
        return rebut_server_unknown(call);
    }
    call->mine = visit;
    /* A lean route's own statement says who calls. */
    if (rebut_server_is_lean(call->route) ? check_mark(call, visit) : enter(call, visit))
        return true;
    end(call);
    return false;
}

/* Under a key the answer is kept with what was done, or neither is. */
static void keep_answer(struct rebut_http_call *call, const struct visit *visit)
{
    char status[16];
    struct rebut_error err = {0};
    struct rebut_rows rows = {0};
    snprintf(status, sizeof status, "%d", call->status);
    const char *body =
        rebut_http_keep(call, (struct rebut_text){call->out.buffer, call->out.used});
    const char *const parameters[] = {visit->key, status,
                                      visit->etag[0] == '\0' ? NULL : visit->etag, body};
    if (body != NULL && !rebut_store_ask(visit->store, rebut_sql_web_idempotency_end,
                                         parameters, 4, &rows, &err))
        rebut_server_failed(call, visit->store, &err);
    rebut_rows_release(&rows);
}

void rebut_server_leave(struct rebut_http_call *call)
{
    const struct visit *visit = visit_of(call);
    if (visit->key != NULL && !rebut_http_refused(call))
        keep_answer(call, visit);
    end(call);
}
