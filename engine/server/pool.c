/* Connections: as many as threads, made when they are needed, and anew when they are
 * lost. */
#include <stdlib.h>

#include "server_parts.h"

/* What no request may pass.  In their own statement, because the role of a request must
 * not be able to widen them by a word in its conninfo. */
static const char limits[] = "SET statement_timeout = '15s'; SET lock_timeout = '5s'; "
                             "SET idle_in_transaction_session_timeout = '60s'; "
                             /* Compiling a plan takes longer than any of ours runs. */
                             "SET jit = off";

bool rebut_server_connect(struct rebut_server *server, struct rebut_store **ret,
                          struct rebut_error *err)
{
    if (!rebut_store_open(ret, server->options.conninfo, "serve", err))
        return false;
    if (rebut_store_run(*ret, limits, err)) {
        pthread_mutex_lock(&server->lock);
        server->open_count++;
        server->reconnects++;
        pthread_mutex_unlock(&server->lock);
        return true;
    }
    rebut_store_close(*ret);
    *ret = NULL;
    return false;
}

static struct rebut_store *pop(struct rebut_server *server)
{
    pthread_mutex_lock(&server->lock);
    struct rebut_store *store =
        server->idle_count == 0 ? NULL : server->idle[--server->idle_count];
    pthread_mutex_unlock(&server->lock);
    return store;
}

static void discard(struct rebut_server *server, struct rebut_store *store)
{
    pthread_mutex_lock(&server->lock);
    server->open_count--;
    pthread_mutex_unlock(&server->lock);
    rebut_store_close(store);
}

static bool none(struct rebut_server *server, struct rebut_http_call *call)
{
    pthread_mutex_lock(&server->lock);
    server->failures++;
    pthread_mutex_unlock(&server->lock);
    return rebut_http_refuse(call, 503, "no-database", NULL,
                             "the database does not answer; try again");
}

bool rebut_server_pick(struct rebut_server *server, struct rebut_http_call *call,
                       struct rebut_store **ret, bool *ret_fresh)
{
    struct rebut_error err = {0};
    *ret = pop(server);
    *ret_fresh = *ret == NULL;
    return *ret != NULL || rebut_server_connect(server, ret, &err) || none(server, call);
}

bool rebut_server_take(struct rebut_server *server, struct rebut_http_call *call,
                       struct rebut_store **ret)
{
    struct rebut_error err = {0};
    struct rebut_store *store = NULL;
    /* All that lay idle may have been lost together. */
    while ((store = pop(server)) != NULL) {
        if (rebut_store_run(store, rebut_sql_web_begin, NULL)) {
            *ret = store;
            return true;
        }
        discard(server, store);
    }
    if (rebut_server_connect(server, &store, &err)) {
        if (rebut_store_run(store, rebut_sql_web_begin, &err)) {
            *ret = store;
            return true;
        }
        discard(server, store);
    }
    return none(server, call);
}

void rebut_server_give(struct rebut_server *server, struct rebut_store *store)
{
    if (!rebut_store_is_idle(store)) {
        discard(server, store);
        return;
    }
    pthread_mutex_lock(&server->lock);
    const bool room = server->idle_count < server->threads;
    if (room)
        server->idle[server->idle_count++] = store;
    pthread_mutex_unlock(&server->lock);
    if (!room)
        discard(server, store);
}
