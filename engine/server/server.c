#include "rebut/server.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "server_parts.h"

#define THREADS_USUAL 4

/* ---- what the HTTP side asks of us */

static bool is_ready(void *app, struct rebut_error *err)
{
    struct rebut_server *server = app;
    struct rebut_store *store = NULL;
    pthread_mutex_lock(&server->lock);
    if (server->idle_count > 0)
        store = server->idle[--server->idle_count];
    pthread_mutex_unlock(&server->lock);
    if (store == NULL && !rebut_server_connect(server, &store, err))
        return rebut_fail(err, REBUT_ETRY, "the database does not answer");
    const bool ok = rebut_store_run(store, rebut_sql_web_ready, NULL);
    rebut_server_give(server, store);
    return ok || rebut_fail(err, REBUT_ETRY, "the database does not answer");
}

static void write_metrics(void *app, struct rebut_output *out)
{
    struct rebut_server *server = app;
    pthread_mutex_lock(&server->lock);
    const int open = server->open_count, idle = server->idle_count;
    const unsigned long long made = server->reconnects, failed = server->failures;
    pthread_mutex_unlock(&server->lock);
    rebut_output_print(out,
                       "# TYPE rebut_store_connections gauge\n"
                       "rebut_store_connections{state=\"open\"} %d\n"
                       "rebut_store_connections{state=\"idle\"} %d\n"
                       "# TYPE rebut_store_connects counter\n"
                       "rebut_store_connects_total %llu\n"
                       "# TYPE rebut_store_refusals counter\n"
                       "rebut_store_refusals_total %llu\n",
                       open, idle, made, failed);
}

/* ---- beginning and end */

/* The key of cursors is the database's: a list goes on after a restart, and on another
 * server. */
static bool read_cursor_key(struct rebut_server *server, struct rebut_store *store,
                            struct rebut_error *err)
{
    const char *purpose = "cursor";
    struct rebut_rows rows = {0};
    if (!rebut_store_query(store, rebut_sql_web_derived, &purpose, 1, &rows, err))
        return rebut_fail_context(err, "the login must be in rebut_server");
    const char *hex = rebut_rows_get(&rows, 0, 0);
    const bool ok = hex != NULL && strlen(hex) == 64 &&
                    sodium_hex2bin(server->cursor_key, sizeof server->cursor_key, hex, 64,
                                   NULL, NULL, NULL) == 0;
    rebut_rows_release(&rows);
    return ok || rebut_fail(err, REBUT_EDATA, "expected a key of 32 bytes");
}

static bool prepare(struct rebut_server *server, struct rebut_error *err)
{
    struct rebut_store *store = NULL;
    if (sodium_init() < 0)
        return rebut_fail(err, REBUT_EIO, "no random bytes from the system");
    server->idle = calloc((size_t)server->threads, sizeof *server->idle);
    if (server->idle == NULL)
        return rebut_fail_memory(err, "the connections");
    if (!rebut_server_connect(server, &store, err))
        return false;
    const bool ok =
        rebut_schema_require(store, err) && read_cursor_key(server, store, err);
    rebut_server_give(server, store);
    return ok;
}

static bool listen_on(struct rebut_server *server, struct rebut_error *err)
{
    const struct rebut_server_options *given = &server->options;
    const struct rebut_http_options options = {
        .listen = given->listen,
        .tls_cert = given->tls_cert,
        .tls_key = given->tls_key,
        .routes = rebut_server_routes,
        .schemas = rebut_server_schemas,
        .files = given->files,
        .title = "rebut",
        .log = given->log,
        .now_us = given->now_us,
        .app = server,
        .enter = rebut_server_enter,
        .leave = rebut_server_leave,
        .ready = is_ready,
        .metrics = write_metrics,
        .threads = server->threads,
        .rate_second = given->rate_second,
        .rate_burst = given->rate_burst,
        .drain_seconds = given->drain_seconds,
        .request_seconds = given->request_seconds,
        .idle_seconds = given->idle_seconds,
    };
    return rebut_http_start(&server->http, &options, err);
}

static void release(struct rebut_server *server)
{
    while (server->idle_count > 0)
        rebut_store_close(server->idle[--server->idle_count]);
    sodium_memzero(server->cursor_key, sizeof server->cursor_key);
    rebut_server_batches_close(server->batches);
    rebut_server_close_night(server->night);
    pthread_mutex_destroy(&server->night_lock);
    pthread_mutex_destroy(&server->lock);
    free(server->idle), free(server);
}

bool rebut_server_start(struct rebut_server **ret,
                        const struct rebut_server_options *options,
                        struct rebut_error *err)
{
    *ret = NULL;
    struct rebut_server *server = calloc(1, sizeof *server);
    if (server == NULL)
        return rebut_fail_memory(err, "the server");
    server->options = *options;
    server->threads = options->threads == 0 ? THREADS_USUAL : options->threads;
    pthread_mutex_init(&server->lock, NULL);
    pthread_mutex_init(&server->night_lock, NULL);
    if (!prepare(server, err) || !rebut_server_take_up(server, err) ||
        !rebut_server_batches_open(server, err) || !listen_on(server, err)) {
        release(server);
        return false;
    }
    *ret = server;
    return true;
}

const char *rebut_server_address(const struct rebut_server *server)
{
    return rebut_http_address(server->http);
}

bool rebut_server_stop(struct rebut_server *server)
{
    if (server == NULL)
        return true;
    const bool ok = rebut_http_stop(server->http);
    release(server);
    return ok;
}
