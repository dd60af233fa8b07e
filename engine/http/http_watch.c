/* Connections: who is there, and away with those that take too long.
 *
 * The daemon's own limit counts from the last byte, and so a peer that sends or takes one
 * byte at a time stays for ever.  Here a request has so many seconds from the first to
 * the last byte of its answer. */
#include <errno.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <time.h>

#include "http_parts.h"

#define NEW_US 1000000 /* so long a peer may take from coming to its first byte */

void rebut_http_peer(void *context, struct MHD_Connection *connection, void **mine,
                     enum MHD_ConnectionNotificationCode what)
{
    struct rebut_http *http = context;
    struct http_peer *peer = *mine;
    pthread_mutex_lock(&http->lock);
    if (what == MHD_CONNECTION_NOTIFY_STARTED) {
        const union MHD_ConnectionInfo *info =
            MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
        peer = calloc(1, sizeof *peer);
        *mine = peer;
        if (peer != NULL && info != NULL) {
            peer->fd = info->connect_fd;
            peer->since_us = http->options.now_us();
            peer->next = http->peers;
            if (http->peers != NULL)
                http->peers->previous = peer;
            http->peers = peer;
            http->peer_count++;
        }
    } else if (peer != NULL) {
        if (peer->previous != NULL)
            peer->previous->next = peer->next;
        else
            http->peers = peer->next;
        if (peer->next != NULL)
            peer->next->previous = peer->previous;
        http->peer_count--;
        free(peer);
        *mine = NULL;
    }
    pthread_mutex_unlock(&http->lock);
}

/* By the connection's own thread; the watcher may read the old value once more. */
void rebut_http_peer_done(struct MHD_Connection *connection, int64_t now_us)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    struct http_peer *peer = info == NULL ? NULL : info->socket_context;
    if (peer != NULL) {
        __atomic_store_n(&peer->since_us, now_us, __ATOMIC_RELAXED);
        __atomic_store_n(&peer->asked, true, __ATOMIC_RELAXED);
    }
}

static void end_slow(struct rebut_http *http)
{
    const int64_t now = http->options.now_us();
    const int64_t most = (int64_t)http->options.request_seconds * 1000000;
    for (struct http_peer *peer = http->peers; peer != NULL; peer = peer->next)
        if (now - __atomic_load_n(&peer->since_us, __ATOMIC_RELAXED) > most)
            shutdown(peer->fd, SHUT_RDWR);
}

static void *watch(void *context)
{
    struct rebut_http *http = context;
    pthread_mutex_lock(&http->lock);
    while (!http->ending) {
        const int64_t next = http->options.now_us() + 1000000;
        const struct timespec until = {next / 1000000, next % 1000000 * 1000};
        if (pthread_cond_timedwait(&http->wake, &http->lock, &until) == ETIMEDOUT)
            end_slow(http);
    }
    pthread_mutex_unlock(&http->lock);
    return NULL;
}

bool rebut_http_watch(struct rebut_http *http, struct rebut_error *err)
{
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_mutex_init(&http->lock, NULL);
    pthread_cond_init(&http->wake, &monotonic);
    pthread_condattr_destroy(&monotonic);
    http->has_watcher = pthread_create(&http->watcher, NULL, watch, http) == 0;
    return http->has_watcher || rebut_fail(err, REBUT_EIO, "cannot start a thread");
}

void rebut_http_unwatch(struct rebut_http *http)
{
    if (!http->has_watcher)
        return;
    pthread_mutex_lock(&http->lock);
    http->ending = true;
    pthread_cond_signal(&http->wake);
    pthread_mutex_unlock(&http->lock);
    pthread_join(http->watcher, NULL);
    pthread_cond_destroy(&http->wake);
    pthread_mutex_destroy(&http->lock);
    http->has_watcher = false;
}

bool rebut_http_peers_wait(struct rebut_http *http)
{
    const int64_t now = http->options.now_us();
    bool any = false;
    pthread_mutex_lock(&http->lock);
    for (struct http_peer *peer = http->peers; peer != NULL && !any; peer = peer->next) {
        int waiting = 0;
        const bool new =
            !__atomic_load_n(&peer->asked, __ATOMIC_RELAXED) &&
            now - __atomic_load_n(&peer->since_us, __ATOMIC_RELAXED) < NEW_US;
        any = new || (ioctl(peer->fd, FIONREAD, &waiting) == 0 && waiting > 0);
    }
    pthread_mutex_unlock(&http->lock);
    return any;
}
