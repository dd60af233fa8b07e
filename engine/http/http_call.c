/* One request, from its first line to the answer. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "http_parts.h"

/* ---- what a handler may ask and set */

const char *rebut_http_header(const struct rebut_http_call *call, const char *name)
{
    return MHD_lookup_connection_value(call->core->connection, MHD_HEADER_KIND, name);
}

char *rebut_http_keep(struct rebut_http_call *call, struct rebut_text text)
{
    struct http_kept *kept = malloc(sizeof *kept + text.size + 1);
    if (kept == NULL) {
        rebut_http_refuse(call, 503, "no-memory", NULL, "no memory for the request");
        return NULL;
    }
    if (text.size > 0)
        memcpy(kept->text, text.data, text.size);
    kept->text[text.size] = '\0';
    kept->next = call->core->kept;
    call->core->kept = kept;
    return kept->text;
}

const char *rebut_http_cookie(struct rebut_http_call *call, const char *name)
{
    const char *at = rebut_http_header(call, "Cookie");
    const size_t size = strlen(name);
    while (at != NULL) {
        at += strspn(at, " ;");
        const char *end = strchrnul(at, ';');
        if (strncmp(at, name, size) == 0 && at[size] == '=')
            return rebut_http_keep(
                call, (struct rebut_text){at + size + 1, (size_t)(end - at) - size - 1});
        at = *end == '\0' ? NULL : end;
    }
    return NULL;
}

void rebut_http_set(struct rebut_http_call *call, const char *name, const char *value)
{
    struct rebut_http_core *core = call->core;
    for (const char *c = value; *c != '\0'; c++)
        if (*c < 0x20 || *c > 0x7e)
            return;
    if (core->header_count == REBUT_HTTP_HEADERS_MAX)
        return;
    const char *kept = rebut_http_keep(call, rebut_text_of(value));
    if (kept != NULL)
        core->headers[core->header_count++] = (struct http_pair){name, kept};
}

/* Of an IPv6 address its first half: a household has as many of the rest as it wants. */
const char *rebut_http_peer_words(const struct rebut_http_call *call, char ret[64])
{
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(
        call->core->connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    const struct sockaddr *peer = info == NULL ? NULL : info->client_addr;
    ret[0] = '\0';
    if (peer != NULL && peer->sa_family == AF_INET) {
        const struct sockaddr_in *four = (const void *)peer;
        inet_ntop(AF_INET, &four->sin_addr, ret, 64);
    } else if (peer != NULL && peer->sa_family == AF_INET6) {
        struct in6_addr six =
            ((const struct sockaddr_in6 *)(const void *)peer)->sin6_addr;
        memset(six.s6_addr + 8, 0, 8);
        inet_ntop(AF_INET6, &six, ret, 64);
    }
    return ret;
}

bool rebut_http_within_rate(struct rebut_http_call *call, const char *name, int cost)
{
    struct rebut_http_core *core = call->core;
    struct rebut_http *http = core->http;
    if (rebut_http_rates_take(http->rates, rebut_http_rates_name(name, strlen(name)),
                              cost, http->options.now_us(), &core->wait_seconds))
        return true;
    return rebut_http_refuse(call, 429, "too-often", NULL,
                             "expected at most %d requests a second, after the first %d",
                             http->options.rate_second, http->options.rate_burst);
}

bool rebut_http_is_secure(const struct rebut_http_call *call)
{
    return call->core->http->secure;
}

/* ---- the beginning */

void *rebut_http_begin(void *context, const char *target,
                       struct MHD_Connection *connection)
{
    struct rebut_http *http = context;
    struct rebut_http_core *core = calloc(1, sizeof *core);
    if (core == NULL)
        return NULL;
    const size_t size = strlen(target);
    core->raw = malloc(size + 1);
    core->room = malloc(HTTP_TARGET_MAX);
    if (core->raw == NULL || core->room == NULL ||
        !rebut_output_memory(&core->call.out, NULL)) {
        free(core->raw), free(core->room), free(core);
        return NULL;
    }
    memcpy(core->raw, target, size + 1);
    core->http = http;
    core->connection = connection;
    core->call.core = core;
    core->call.app = http->options.app;
    core->call.id = core->id;
    return core;
}

/* The caller's own id when it is one, else one of ours. */
static void name_request(struct rebut_http_core *core)
{
    const char *given = rebut_http_header(&core->call, "X-Request-Id");
    const size_t size = given == NULL ? 0 : strlen(given);
    if (size >= 8 && size <= 64 &&
        strspn(given, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                      "._-") == size) {
        memcpy(core->id, given, size + 1);
        return;
    }
    unsigned char dice[16] = {0};
    if (getrandom(dice, sizeof dice, 0) < 0)
        memcpy(dice, &core->began_us, sizeof core->began_us);
    for (size_t i = 0; i < sizeof dice; i++)
        snprintf(core->id + 2 * i, 3, "%02x", dice[i]);
}

static struct http_entry *find_entry(struct rebut_http_core *core, const char *method)
{
    struct rebut_http *http = core->http;
    bool elsewhere = false;
    const char *values[4];
    char names[4][32];
    const char *asked = strcmp(method, "HEAD") == 0 ? "GET" : method;
    for (int i = 0; i + 1 < http->entry_count; i++) {
        const struct rebut_http_route *route = http->entries[i].route;
        if (!rebut_http_fits(route->pattern, &core->target, values, names, 4))
            continue;
        if (strcmp(route->method, asked) == 0)
            return &http->entries[i];
        elsewhere = true;
        const size_t used = strlen(core->allow);
        snprintf(core->allow + used, sizeof core->allow - used, "%s%s",
                 used == 0 ? "" : ", ", route->method);
    }
    if (elsewhere)
        rebut_http_refuse(&core->call, 405, "bad-method", "method",
                          "expected %s, got '%.20s'", core->allow, method);
    else
        rebut_http_refuse(&core->call, 404, "no-such-path", "path",
                          "there is nothing at this path");
    return &http->entries[http->entry_count - 1];
}

static const struct rebut_http_file *find_file(struct rebut_http_core *core,
                                               const char *method)
{
    const struct rebut_http_file *files = core->http->options.files;
    const size_t size = strcspn(core->raw, "?");
    if (strcmp(method, "GET") != 0 && strcmp(method, "HEAD") != 0)
        return NULL;
    for (; files != NULL && files->path != NULL; files++)
        if (strlen(files->path) == size && memcmp(files->path, core->raw, size) == 0)
            return files;
    return NULL;
}

static void check_rate(struct rebut_http_core *core)
{
    char words[64];
    if (rebut_http_peer_words(&core->call, words)[0] != '\0')
        rebut_http_within_rate(&core->call, words, 1); /* a Unix socket has no address */
}

struct lengths {
    int content_lengths, codings;
    const char *length;
};

static enum MHD_Result count_lengths(void *context, enum MHD_ValueKind kind,
                                     const char *name, const char *value)
{
    struct lengths *lengths = context;
    (void)kind;
    if (strcasecmp(name, "Content-Length") == 0)
        lengths->content_lengths++, lengths->length = value;
    if (strcasecmp(name, "Transfer-Encoding") == 0)
        lengths->codings++;
    return MHD_YES;
}

/* Two ways to say how long the body is are two requests to two readers. */
static void check_length(struct rebut_http_core *core)
{
    struct lengths lengths = {0};
    MHD_get_connection_values(core->connection, MHD_HEADER_KIND, count_lengths, &lengths);
    if (lengths.content_lengths + lengths.codings > 1)
        rebut_http_refuse(&core->call, 400, "bad-length", "header Content-Length",
                          "expected one length of the body, got several");
    int64_t length = 0;
    if (lengths.length != NULL &&
        (!rebut_text_int64(rebut_text_of(lengths.length), &length) ||
         length > (int64_t)core->http->options.body_max))
        rebut_http_refuse(&core->call, 413, "too-large", "body",
                          "expected at most %zu bytes, got %.20s",
                          core->http->options.body_max, lengths.length);
}

static void begin(struct rebut_http_core *core, const char *method)
{
    core->began = true;
    core->began_us = core->http->options.now_us();
    atomic_fetch_add(&core->http->active, 1);
    core->entry = &core->http->entries[core->http->entry_count - 1];
    name_request(core);
    check_rate(core);
    core->file = find_file(core, method);
    const char *wrong = rebut_http_target(core->raw, core->room, &core->target);
    if (wrong != NULL)
        rebut_http_refuse(&core->call, 400, "bad-path", "path", "expected %s", wrong);
    else if (core->file == NULL)
        core->entry = find_entry(core, method);
    core->call.route = core->entry->route;
    check_length(core);
}

/* ---- the body */

static bool take_body(struct rebut_http_core *core, const char *data, size_t size)
{
    const size_t most = core->http->options.body_max;
    core->body_seen += size;
    if (core->body_seen > most) {
        rebut_http_refuse(&core->call, 413, "too-large", "body",
                          "expected at most %zu bytes", most);
        return core->body_seen <= 4 * most; /* no end in sight: away with it */
    }
    if (core->body_size + size > core->body_room) {
        const size_t room = core->body_size + size + (core->body_size + size) / 2 + 4096;
        char *grown = realloc(core->body, room);
        if (grown == NULL)
            return false;
        core->body = grown, core->body_room = room;
    }
    memcpy(core->body + core->body_size, data, size);
    core->body_size += size;
    return true;
}

static bool check_body(struct rebut_http_core *core)
{
    const enum rebut_http_body wanted = core->call.route->body;
    const char *media = rebut_http_header(&core->call, "Content-Type");
    const char *expected =
        wanted == REBUT_HTTP_LINES ? "application/x-ndjson" : "application/json";
    if (core->body_size == 0 && wanted != REBUT_HTTP_LINES)
        return rebut_http_body(core);
    if (wanted == REBUT_HTTP_NO_BODY)
        return rebut_http_refuse(&core->call, 400, "no-body-wanted", "body",
                                 "expected no body, got %zu bytes", core->body_size);
    if (media == NULL || strncasecmp(media, expected, strlen(expected)) != 0)
        return rebut_http_refuse(&core->call, 415, "bad-media", "header Content-Type",
                                 "expected %s", expected);
    if (wanted == REBUT_HTTP_JSON)
        return rebut_http_body(core);
    core->call.body =
        (struct rebut_text){core->body == NULL ? "" : core->body, core->body_size};
    return true;
}

/* ---- the work */

/* First counted, then looked: either rebut_http_stop waits for it, or it is seen here
 * that the server closes.  The daemon may not end while a connection is suspended. */
bool rebut_http_defer(struct rebut_http_call *call)
{
    struct rebut_http_core *core = call->core;
    struct rebut_http *http = core->http;
    atomic_fetch_add(&http->deferred, 1);
    if (atomic_load(&http->closing)) {
        atomic_fetch_sub(&http->deferred, 1);
        return rebut_http_refuse(call, 503, "ending", NULL, "the server is about to end");
    }
    core->deferred = true;
    MHD_suspend_connection(core->connection);
    return true;
}

void rebut_http_resume(struct rebut_http_call *call)
{
    struct rebut_http *http = call->core->http;
    MHD_resume_connection(call->core->connection);
    atomic_fetch_sub(&http->deferred, 1); /* the call may be gone */
}

void rebut_http_leave(struct rebut_http_core *core)
{
    if (core->entered && core->http->options.leave != NULL)
        core->http->options.leave(&core->call);
    core->entered = false;
}

static enum MHD_Result finish(struct rebut_http_core *core)
{
    rebut_http_leave(core);
    return rebut_http_answer(core);
}

/* False: another thread goes on. */
static bool work(struct rebut_http_core *core)
{
    const struct rebut_http_options *options = &core->http->options;
    struct rebut_http_call *call = &core->call;
    call->status = call->route->status;
    call->media = call->route->media;
    if (call->route->scope != NULL) {
        core->entered = options->enter != NULL && options->enter(call);
        if (!core->entered) {
            rebut_http_refuse(call, 401, "who-are-you", NULL, "expected a token");
            return true;
        }
    }
    if (rebut_http_params(core) && check_body(core))
        call->route->handle(call);
    return !core->deferred;
}

enum MHD_Result rebut_http_handle(void *context, struct MHD_Connection *connection,
                                  const char *url, const char *method,
                                  const char *version, const char *data, size_t *size,
                                  void **request)
{
    struct rebut_http_core *core = *request;
    (void)context, (void)connection, (void)url, (void)version;
    if (core == NULL)
        return MHD_NO;
    if (!core->began) {
        begin(core, method);
        return core->problem != 0 ? rebut_http_answer(core) : MHD_YES;
    }
    if (*size > 0) {
        const bool ok = take_body(core, data, *size);
        *size = 0;
        return ok ? MHD_YES : MHD_NO;
    }
    if (core->deferred)
        return finish(core);
    if (core->problem != 0 || core->file != NULL)
        return rebut_http_answer(core);
    /* A call that was deferred comes here again when it is resumed. */
    return work(core) ? finish(core) : MHD_YES;
}
