/* Sessions of browsers. */
#include <stdio.h>
#include <string.h>

#include "server_parts.h"

#define LOGIN_COST 20 /* of the address's bucket: ten at once, then a few a second */
#define COOKIE_SECONDS 43200

static bool is_throttled(struct rebut_http_call *call)
{
    char peer[64], name[80];
    snprintf(name, sizeof name, "login %s", rebut_http_peer_words(call, peer));
    return !rebut_http_within_rate(call, name, LOGIN_COST);
}

static bool read_secret(struct rebut_http_call *call, struct rebut_token *ret,
                        const char **ret_kind)
{
    const char *token = rebut_http_value(call, "token");
    const char *code = rebut_http_value(call, "code");
    if ((token == NULL) == (code == NULL))
        return rebut_http_refuse(call, 400, "bad-parameter", "body",
                                 "expected either 'token' or 'code'");
    *ret_kind = token != NULL ? "token" : "code";
    if (rebut_token_read(token != NULL ? REBUT_TOKEN_PREFIX : REBUT_LINK_PREFIX,
                         rebut_text_of(token != NULL ? token : code), ret))
        return true;
    return rebut_http_refuse(call, 401, "who-are-you", NULL,
                             "expected a token or code that is in force");
}

static void set_cookie(struct rebut_http_call *call, const char *value, int seconds)
{
    char cookie[200];
    snprintf(cookie, sizeof cookie,
             "rebut_session=%s; Path=/; Max-Age=%d; HttpOnly; SameSite=Strict%s", value,
             seconds, rebut_http_is_secure(call) ? "; Secure" : "");
    rebut_http_set(call, "Set-Cookie", cookie);
}

static void open_session(struct rebut_http_call *call, struct rebut_store *store,
                         const struct rebut_token *secret, const char *kind)
{
    struct rebut_error err = {0};
    struct rebut_rows rows = {0};
    struct rebut_token session;
    if (!rebut_token_make(REBUT_COOKIE_PREFIX, &session, &err)) {
        rebut_http_refuse(call, 503, "no-dice", NULL, "%s", err.message);
        return;
    }
    const char *const parameters[] = {kind, secret->id, secret->hash, session.id,
                                      session.hash};
    if (!rebut_store_ask(store, rebut_sql_web_session_open, parameters, 5, &rows, &err))
        rebut_server_failed(call, store, &err);
    else if (rows.count == 0)
        rebut_http_refuse(call, 401, "who-are-you", NULL,
                          "expected a token or code that is in force");
    else if (!rebut_store_run(store, "COMMIT", &err))
        rebut_server_failed(call, store, &err);
    else {
        set_cookie(call, session.text, COOKIE_SECONDS);
        rebut_output_print(&call->out, "{\"csrf\":\"%s\"}\n", session.mark);
    }
    rebut_rows_release(&rows);
}

/* Open to anybody: it is how one becomes known. */
void rebut_server_session_open(struct rebut_http_call *call)
{
    struct rebut_token secret;
    const char *kind = NULL;
    struct rebut_store *store = NULL;
    if (is_throttled(call) || !read_secret(call, &secret, &kind) ||
        !rebut_server_take(call->app, call, &store))
        return;
    open_session(call, store, &secret, kind);
    if (rebut_http_refused(call) && !rebut_store_run(store, "ROLLBACK", NULL)) {
        /* The pool sees for itself whether the connection is lost. */
    }
    rebut_server_give(call->app, store);
}

static void write_words(struct rebut_output *out, const char *words)
{
    rebut_output_print(out, "[");
    for (const char *at = words; *at != '\0';) {
        const char *end = strchrnul(at, ' ');
        rebut_output_print(out, at == words ? "" : ",");
        rebut_output_json(out, (struct rebut_text){at, (size_t)(end - at)});
        at = *end == '\0' ? end : end + 1;
    }
    rebut_output_print(out, "]");
}

void rebut_server_session_show(struct rebut_http_call *call)
{
    const struct visit *visit = visit_of(call);
    struct rebut_output *out = &call->out;
    rebut_output_print(out, "{\"login\":");
    rebut_output_json(out, rebut_text_of(visit->login));
    rebut_output_print(out,
                       ",\"role\":\"%s\",\"token_id\":\"%s\",\"scopes\":", visit->role,
                       visit->token_id);
    write_words(out, visit->scopes);
    rebut_output_print(out, ",\"merchant_ids\":%s,\"expires_at\":\"%s\",\"csrf\":",
                       visit->merchants, visit->expires_at);
    if (visit->session[0] == '\0')
        rebut_output_print(out, "null}\n");
    else
        rebut_output_print(out, "\"%s\"}\n", visit->mark);
}

void rebut_server_session_end(struct rebut_http_call *call)
{
    const struct visit *visit = visit_of(call);
    const char *id = visit->session;
    struct rebut_rows rows = {0};
    if (id[0] == '\0') {
        rebut_http_refuse(call, 409, "no-session", NULL,
                          "expected a session: this came with a token");
        return;
    }
    if (rebut_server_ask(call, rebut_sql_web_session_end, &id, 1, &rows))
        set_cookie(call, "", 0);
    rebut_rows_release(&rows);
}
