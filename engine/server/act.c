/* What reviewers do: claim, release, decide, undo, escalate, each once and on the version
 * seen. */
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "server_parts.h"

/* ---- once: under an Idempotency-Key the same question has one answer */

static void digest_of(struct rebut_http_call *call, char ret[68])
{
    crypto_generichash_state state;
    unsigned char hash[32];
    const char *pattern = call->route->pattern;
    crypto_generichash_init(&state, NULL, 0, sizeof hash);
    crypto_generichash_update(&state, (const void *)pattern, strlen(pattern) + 1);
    for (int i = 0; call->route->params[i].name != NULL; i++) {
        const char *value = call->values[i];
        const unsigned char there = value != NULL;
        crypto_generichash_update(&state, &there, 1);
        if (value != NULL)
            crypto_generichash_update(&state, (const void *)value, strlen(value) + 1);
    }
    crypto_generichash_final(&state, hash, sizeof hash);
    memcpy(ret, "\\x", 2);
    sodium_bin2hex(ret + 2, 65, hash, sizeof hash);
}

static bool answer_again(struct rebut_http_call *call, const struct rebut_rows *rows)
{
    const char *etag = rebut_rows_get(rows, 0, 2), *body = rebut_rows_get(rows, 0, 3);
    if (!rebut_rows_true(rows, 0, 0))
        return rebut_http_refuse(call, 422, "key-used", "header Idempotency-Key",
                                 "expected a new key: this one was for something else");
    call->status = (int)rebut_rows_integer(rows, 0, 1);
    if (etag != NULL)
        rebut_http_set(call, "ETag", etag);
    rebut_http_set(call, "Idempotency-Replayed", "true");
    rebut_output_text(&call->out, rebut_text_of(body == NULL ? "" : body));
    return false;
}

/* False: it has been answered, or refused. */
static bool begin(struct rebut_http_call *call)
{
    const char *key = rebut_http_value(call, "Idempotency-Key");
    struct rebut_rows rows = {0};
    char digest[68];
    if (key == NULL)
        return true;
    digest_of(call, digest);
    const char *const parameters[] = {key, digest};
    bool fresh =
        rebut_server_ask(call, rebut_sql_web_idempotency_begin, parameters, 2, &rows);
    if (fresh && rows.count > 0)
        fresh = answer_again(call, &rows);
    else if (fresh)
        visit_of(call)->key = key;
    rebut_rows_release(&rows);
    return fresh;
}

/* ---- on the version seen */

/* Lets nobody else change the case, and keeps its version. */
static bool read_version(struct rebut_http_call *call, const char *id, char ret[40])
{
    struct rebut_rows rows = {0};
    if (!rebut_server_ask(call, rebut_sql_web_version, &id, 1, &rows))
        return false;
    const char *version = rebut_rows_get(&rows, 0, 0);
    snprintf(ret, 40, "%s", version == NULL ? "" : version);
    rebut_rows_release(&rows);
    return ret[0] != '\0' || rebut_server_missing(call, "request");
}

static bool check_version(struct rebut_http_call *call, const char *before)
{
    const char *seen = rebut_http_value(call, "If-Match");
    char quoted[48];
    snprintf(quoted, sizeof quoted, "\"%s\"", before);
    if (seen == NULL || strcmp(seen, "*") == 0 || strcmp(seen, quoted) == 0)
        return true;
    return rebut_http_refuse(call, 412, "other-version", "header If-Match",
                             "the case has changed since it was read; read it again");
}

static bool tell_version(struct rebut_http_call *call, const char *id)
{
    struct rebut_rows rows = {0};
    const bool ok = rebut_server_ask(call, rebut_sql_web_version_now, &id, 1, &rows);
    if (ok)
        rebut_server_etag(call, rebut_rows_get(&rows, 0, 0));
    rebut_rows_release(&rows);
    return ok;
}

/* What another has done with the case says more than that its version is another one: so
 * the doing comes first, and the version refuses only what would else have been done. */
static void act(struct rebut_http_call *call, const char *sql,
                const char *const *parameters, int count)
{
    const char *id = rebut_http_value(call, "id");
    char before[40];
    struct rebut_rows rows = {0};
    if (!begin(call) || !read_version(call, id, before) ||
        !rebut_server_ask(call, sql, parameters, count, &rows))
        return;
    if (check_version(call, before) && tell_version(call, id)) {
        rebut_output_text(&call->out, rebut_text_of(rebut_rows_get(&rows, 0, 0)));
        rebut_output_text(&call->out, REBUT_TEXT("\n"));
    }
    rebut_rows_release(&rows);
}

void rebut_server_claim(struct rebut_http_call *call)
{
    const char *const parameters[] = {rebut_http_value(call, "id"),
                                      rebut_http_value(call, "minutes")};
    act(call, rebut_sql_web_claim, parameters, 2);
}

void rebut_server_release(struct rebut_http_call *call)
{
    const char *id = rebut_http_value(call, "id");
    act(call, rebut_sql_web_release, &id, 1);
}

void rebut_server_decide(struct rebut_http_call *call)
{
    const char *const parameters[] = {rebut_http_value(call, "id"),
                                      rebut_http_value(call, "verdict"),
                                      rebut_http_value(call, "note")};
    if (rebut_http_value(call, "If-Match") == NULL)
        rebut_http_refuse(call, 428, "no-version", "header If-Match",
                          "expected the ETag of the case that you have read");
    else
        act(call, rebut_sql_web_decide, parameters, 3);
}

void rebut_server_undo(struct rebut_http_call *call)
{
    const char *id = rebut_http_value(call, "id");
    act(call, rebut_sql_web_undo, &id, 1);
}

void rebut_server_escalate(struct rebut_http_call *call)
{
    const char *const parameters[] = {rebut_http_value(call, "id"),
                                      rebut_http_value(call, "reason")};
    act(call, rebut_sql_web_escalate, parameters, 2);
}

void rebut_server_claim_next(struct rebut_http_call *call)
{
    const char *kind = rebut_http_value(call, "kind");
    const char *count = rebut_http_value(call, "count");
    const char *const parameters[] = {count == NULL ? "1" : count,
                                      rebut_http_value(call, "minutes")};
    struct rebut_rows rows = {0};
    if (!begin(call))
        return;
    const bool second = kind != NULL && strcmp(kind, "second") == 0;
    if (rebut_server_ask(call,
                         second ? rebut_sql_web_claim_second : rebut_sql_web_claim_next,
                         parameters, 2, &rows)) {
        rebut_output_text(&call->out, rebut_text_of(rebut_rows_get(&rows, 0, 0)));
        rebut_output_text(&call->out, REBUT_TEXT("\n"));
    }
    rebut_rows_release(&rows);
}

/* Of another's request and of none one is told the same, by rebut.appeal(). */
void rebut_server_appeal(struct rebut_http_call *call)
{
    const char *const parameters[] = {
        rebut_http_value(call, "request_id"), rebut_http_value(call, "reason"),
        rebut_http_value(call, "platform"), rebut_http_value(call, "form")};
    struct rebut_rows rows = {0};
    if (!begin(call))
        return;
    if (rebut_server_ask(call, rebut_sql_web_appeal, parameters, 4, &rows)) {
        if (rebut_rows_true(&rows, 0, 1))
            call->status = 200; /* it had been asked for before */
        rebut_output_text(&call->out, rebut_text_of(rebut_rows_get(&rows, 0, 0)));
        rebut_output_text(&call->out, REBUT_TEXT("\n"));
    }
    rebut_rows_release(&rows);
}
