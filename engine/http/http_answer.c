/* The answer: headers, body, and what is told of it. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "http_parts.h"

const int64_t rebut_http_bounds_us[HTTP_BUCKETS] = {
    500, 1000, 2500, 5000, 10000, 25000, 100000, 500000, 2500000, 10000000};

#define POLICY                                                                           \
    "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "  \
    "object-src 'none'"

static const struct http_pair always[] = {
    {"X-Content-Type-Options", "nosniff"},
    {"X-Frame-Options", "DENY"},
    {"Referrer-Policy", "no-referrer"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
    {"Cross-Origin-Opener-Policy", "same-origin"},
};

static bool has_header(const struct rebut_http_core *core, const char *name)
{
    for (int i = 0; i < core->header_count; i++)
        if (strcasecmp(core->headers[i].name, name) == 0)
            return true;
    return false;
}

static void add_headers(struct rebut_http_core *core, struct MHD_Response *response)
{
    char number[16];
    for (size_t i = 0; i < sizeof always / sizeof *always; i++)
        MHD_add_response_header(response, always[i].name, always[i].value);
    if (!has_header(core, "Content-Security-Policy"))
        MHD_add_response_header(response, "Content-Security-Policy", POLICY);
    if (core->http->tls_cert != NULL)
        MHD_add_response_header(response, "Strict-Transport-Security",
                                "max-age=31536000");
    MHD_add_response_header(response, "X-Request-Id", core->id);
    for (int i = 0; i < core->header_count; i++)
        MHD_add_response_header(response, core->headers[i].name, core->headers[i].value);
    if (core->problem == 405)
        MHD_add_response_header(response, "Allow", core->allow);
    if (core->problem == 401)
        MHD_add_response_header(response, "WWW-Authenticate", "Bearer realm=\"rebut\"");
    if (core->wait_seconds > 0) {
        snprintf(number, sizeof number, "%d", core->wait_seconds);
        MHD_add_response_header(response, "Retry-After", number);
    }
    if (atomic_load(&core->http->draining))
        MHD_add_response_header(response, "Connection", "close");
}

/* The name of a file's content, as long as the program is the same. */
static void file_tag(const struct rebut_http_file *file, char ret[32])
{
    snprintf(ret, 32, "\"%016" PRIx64 "\"",
             rebut_http_rates_name(file->data, file->size));
}

static struct MHD_Response *answer_file(struct rebut_http_core *core)
{
    const struct rebut_http_file *file = core->file;
    const char *known = rebut_http_header(&core->call, "If-None-Match");
    const char *takes = rebut_http_header(&core->call, "Accept-Encoding");
    char tag[32];
    file_tag(file, tag);
    core->call.status = 200;
    core->call.media = file->media;
    if (known != NULL && strstr(known, tag) != NULL)
        core->call.status = 304;
    else if (file->gzip && (takes == NULL || strstr(takes, "gzip") == NULL))
        return NULL;
    struct MHD_Response *response =
        core->call.status == 304
            ? MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT)
            : MHD_create_response_from_buffer(file->size, (void *)(uintptr_t)file->data,
                                              MHD_RESPMEM_PERSISTENT);
    if (response == NULL)
        return NULL;
    MHD_add_response_header(response, "ETag", tag);
    MHD_add_response_header(response, "Cache-Control", "no-cache");
    MHD_add_response_header(response, "Vary", "Accept-Encoding");
    if (file->gzip && core->call.status == 200)
        MHD_add_response_header(response, "Content-Encoding", "gzip");
    return response;
}

/* The buffer of the answer changes hands. */
static struct MHD_Response *answer_call(struct rebut_http_core *core)
{
    struct rebut_output *out = &core->call.out;
    if (core->problem == 0 && out->cause != 0)
        rebut_http_refuse(&core->call, 503, "no-memory", NULL,
                          "no memory for the answer");
    if (core->problem != 0)
        rebut_http_problem(core);
    struct MHD_Response *response =
        MHD_create_response_from_buffer(out->used, out->buffer, MHD_RESPMEM_MUST_FREE);
    if (response == NULL)
        return NULL;
    out->buffer = NULL;
    MHD_add_response_header(response, "Cache-Control", "no-store");
    return response;
}

static void note(struct rebut_http_core *core)
{
    const struct rebut_http_options *options = &core->http->options;
    const int64_t took = options->now_us() - core->began_us;
    struct http_entry *entry = core->entry;
    const int class = core->call.status / 100;
    int bucket = 0;
    while (bucket < HTTP_BUCKETS && took > rebut_http_bounds_us[bucket])
        bucket++;
    atomic_fetch_add(&entry->by_class[class > 5 ? 0 : class], 1);
    atomic_fetch_add(&entry->buckets[bucket], 1);
    atomic_fetch_add(&entry->sum_us, (unsigned long long)took);
    rebut_log(
        options->log, core->call.status >= 500 ? "error" : "info", "request",
        ",\"route\":\"%s %s\",\"status\":%d,\"us\":%" PRId64
        ",\"request_id\":\"%s\"%s%s%s",
        entry->route == NULL ? "-" : entry->route->method,
        core->file != NULL     ? "(file)"
        : entry->route == NULL ? "(none)"
                               : entry->route->pattern,
        core->call.status, took, core->id, core->problem == 0 ? "" : ",\"problem\":\"",
        core->problem == 0 ? "" : core->problem_kind, core->problem == 0 ? "" : "\"");
}

enum MHD_Result rebut_http_answer(struct rebut_http_core *core)
{
    struct MHD_Response *response =
        core->problem == 0 && core->file != NULL ? answer_file(core) : NULL;
    if (response == NULL && core->problem == 0 && core->file != NULL)
        rebut_http_refuse(&core->call, 406, "gzip-only", "header Accept-Encoding",
                          "expected gzip to be accepted");
    if (response == NULL)
        response = answer_call(core);
    if (response == NULL)
        return MHD_NO;
    const char *media = core->call.media == NULL ? "application/json" : core->call.media;
    if (core->call.status != 204 && core->call.status != 304)
        MHD_add_response_header(response, "Content-Type", media);
    add_headers(core, response);
    note(core);
    const enum MHD_Result ok =
        MHD_queue_response(core->connection, (unsigned)core->call.status, response);
    MHD_destroy_response(response);
    return ok;
}

void rebut_http_end(void *context, struct MHD_Connection *connection, void **request,
                    enum MHD_RequestTerminationCode why)
{
    struct rebut_http_core *core = *request;
    struct rebut_http *http = context;
    (void)why;
    if (core == NULL)
        return;
    rebut_http_leave(core); /* a deferred one that could not be answered any more */
    if (core->began) {
        atomic_fetch_sub(&http->active, 1);
        rebut_http_peer_done(connection, http->options.now_us());
    }
    rebut_output_release(&core->call.out);
    while (core->kept != NULL) {
        struct http_kept *next = core->kept->next;
        free(core->kept);
        core->kept = next;
    }
    free(core->body), free(core->raw), free(core->room), free(core);
    *request = NULL;
}
