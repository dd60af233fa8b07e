/* Requests, whatever they are, are matched and checked within their bounds; and no text
 * but one that we wrote is a cursor.
 *
 * Input: the target of a request up to the first newline, then the body.  Each route of
 * the server's table that fits has its parameters and body checked.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../engine/http/http_parts.h"
#include "../../engine/server/server_parts.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define HOLDS(condition)                                                                 \
    do {                                                                                 \
        if (!(condition)) {                                                              \
            fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__,            \
                    #condition);                                                         \
            abort();                                                                     \
        }                                                                                \
    } while (0)

static void check_values(const struct rebut_http_core *core)
{
    const struct rebut_http_param *params = core->call.route->params;
    for (int i = 0; params != NULL && params[i].name != NULL; i++) {
        const char *value = core->call.values[i];
        HOLDS(value != NULL || !params[i].required);
        if (value == NULL || params[i].type != REBUT_HTTP_TEXT)
            continue;
        const struct rebut_text text = rebut_text_of(value);
        HOLDS((int64_t)text.size >= params[i].low &&
              (int64_t)text.size <= params[i].high);
        HOLDS(rebut_text_valid_utf8(text) == text.size);
        HOLDS(strchr(value, '\r') == NULL);
    }
}

static void try_route(const struct rebut_http_route *route, struct rebut_http_core *core)
{
    const char *values[4];
    char names[4][32];
    if (!rebut_http_fits(route->pattern, &core->target, values, names, 4))
        return;
    for (const struct rebut_http_param *p = route->params; p != NULL && p->name; p++)
        if (p->place == REBUT_HTTP_HEADER)
            return; /* these need a connection */
    core->call.route = route;
    core->problem = 0;
    memset(core->call.values, 0, sizeof core->call.values);
    const bool ok = rebut_http_params(core) &&
                    (route->body != REBUT_HTTP_JSON || rebut_http_body(core));
    HOLDS(ok == (core->problem == 0));
    if (ok && route->body == REBUT_HTTP_JSON)
        check_values(core);
    if (!ok) {
        HOLDS(core->problem >= 400 && core->problem < 500);
        rebut_http_problem(core);
    }
}

static void try_cursor(const char *text)
{
    static const unsigned char secret[32] = "secret";
    char key[64], id[128];
    HOLDS(!rebut_cursor_read(secret, REBUT_TEXT("context"), text, key, id));
    char cursor[CURSOR_SIZE];
    if (strchr(text, '\n') == NULL && strlen(text) < 64 &&
        rebut_cursor_write(secret, REBUT_TEXT("context"), text, text, cursor)) {
        HOLDS(rebut_cursor_read(secret, REBUT_TEXT("context"), cursor, key, id));
        HOLDS(strcmp(key, text) == 0 && strcmp(id, text) == 0);
    }
}

static void release(struct rebut_http_core *core)
{
    while (core->kept != NULL) {
        struct http_kept *next = core->kept->next;
        free(core->kept);
        core->kept = next;
    }
    rebut_output_release(&core->call.out);
    free(core->room), free(core->raw), free(core->body), free(core);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct rebut_http_core *core = calloc(1, sizeof *core);
    const uint8_t *line = size == 0 ? NULL : memchr(data, '\n', size);
    const size_t length = line == NULL ? size : (size_t)(line - data);
    struct rebut_token token;
    HOLDS(core != NULL && rebut_output_memory(&core->call.out, NULL));
    core->call.core = core;
    core->room = malloc(HTTP_TARGET_MAX);
    core->raw = calloc(1, length + 1);
    core->body_size = line == NULL ? 0 : size - length - 1;
    core->body = malloc(core->body_size + 1);
    HOLDS(core->room != NULL && core->raw != NULL && core->body != NULL);
    if (length > 0)
        memcpy(core->raw, data, length);
    if (core->body_size > 0)
        memcpy(core->body, line + 1, core->body_size);
    try_cursor(core->raw);
    if (rebut_token_read(REBUT_TOKEN_PREFIX, rebut_text_of(core->raw), &token))
        HOLDS(strlen(token.id) == 12 && strlen(token.hash) == 66);
    if (rebut_http_target(core->raw, core->room, &core->target) == NULL)
        for (const struct rebut_http_route *r = rebut_server_routes; r->method; r++)
            try_route(r, core);
    release(core);
    return 0;
}
