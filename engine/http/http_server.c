/* Starting and ending. */
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "http_parts.h"

#define HEAD_MAX                                                                         \
    ((size_t)32 << 10) /* a request's line and headers, and one piece of body */
#define PEM_MAX ((size_t)1 << 20)

static void set_defaults(struct rebut_http_options *options)
{
    static const struct rebut_http_options usual = {.threads = 4,
                                                    .connections = 10240,
                                                    .connections_each = 256,
                                                    .idle_seconds = 30,
                                                    .request_seconds = 60,
                                                    .rate_second = 50,
                                                    .rate_burst = 200,
                                                    .drain_seconds = 30,
                                                    .body_max = (size_t)1 << 20};
#define USUAL(name) options->name = options->name == 0 ? usual.name : options->name
    USUAL(threads), USUAL(connections), USUAL(connections_each), USUAL(idle_seconds);
    USUAL(request_seconds), USUAL(rate_second), USUAL(rate_burst), USUAL(drain_seconds);
    USUAL(body_max);
#undef USUAL
}

static bool read_pem(const char *path, char **ret, struct rebut_error *err)
{
    FILE *file = fopen(path, "re");
    char *text = calloc(1, PEM_MAX + 1);
    const size_t size = file == NULL || text == NULL ? 0 : fread(text, 1, PEM_MAX, file);
    const int cause = errno;
    if (file != NULL)
        fclose(file);
    if (size > 0) {
        *ret = text;
        return true;
    }
    free(text);
    return rebut_fail(err, REBUT_EUSAGE, "cannot read '%.200s': %s", path,
                      file == NULL ? strerror(cause) : "it is empty");
}

static bool read_tls(struct rebut_http *http, struct rebut_error *err)
{
    const struct rebut_http_options *options = &http->options;
    if ((options->tls_cert == NULL) != (options->tls_key == NULL))
        return rebut_fail(err, REBUT_EUSAGE, "expected both --tls-cert and --tls-key");
    return options->tls_cert == NULL ||
           (read_pem(options->tls_cert, &http->tls_cert, err) &&
            read_pem(options->tls_key, &http->tls_key, err));
}

static bool make_entries(struct rebut_http *http, struct rebut_error *err)
{
    int count = 0;
    while (http->options.routes[count].method != NULL)
        count++;
    http->entry_count = count + rebut_http_routes_own_count + 1;
    http->entries = calloc((size_t)http->entry_count, sizeof *http->entries);
    if (http->entries == NULL)
        return rebut_fail_memory(err, "the routes");
    for (int i = 0; i < count; i++)
        http->entries[i].route = &http->options.routes[i];
    for (int i = 0; i < rebut_http_routes_own_count; i++)
        http->entries[count + i].route = &rebut_http_routes_own[i];
    http->rates =
        rebut_http_rates_new(http->options.rate_second, http->options.rate_burst);
    return http->rates != NULL || rebut_fail_memory(err, "the rates");
}

/* The target is taken apart by rebut_http_target; let the daemon change nothing. */
static size_t leave_alone(void *context, struct MHD_Connection *connection, char *text)
{
    (void)context, (void)connection;
    return strlen(text);
}

static void hush(void *context, const char *format, va_list values)
{
    (void)context, (void)format, (void)values;
}

static bool start_daemon(struct rebut_http *http, struct rebut_error *err)
{
    const struct rebut_http_options *options = &http->options;
    const bool tls = http->tls_cert != NULL;
    const struct MHD_OptionItem tls_items[] = {
        {MHD_OPTION_HTTPS_MEM_CERT, 0, http->tls_cert},
        {MHD_OPTION_HTTPS_MEM_KEY, 0, http->tls_key},
        {MHD_OPTION_HTTPS_PRIORITIES, 0,
         (void *)(uintptr_t) "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:%SERVER_"
                             "PRECEDENCE"},
        {MHD_OPTION_END, 0, NULL}};
    const struct MHD_OptionItem none[] = {{MHD_OPTION_END, 0, NULL}};
    http->daemon = MHD_start_daemon(
        MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_EPOLL | MHD_USE_ITC |
            MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG | (tls ? MHD_USE_TLS : 0),
        0, NULL, NULL, rebut_http_handle, http, MHD_OPTION_EXTERNAL_LOGGER, hush, NULL,
        MHD_OPTION_LISTEN_SOCKET, http->listener, MHD_OPTION_THREAD_POOL_SIZE,
        (unsigned)options->threads, MHD_OPTION_CONNECTION_LIMIT,
        (unsigned)options->connections, MHD_OPTION_PER_IP_CONNECTION_LIMIT,
        http->socket_path != NULL ? 0U : (unsigned)options->connections_each,
        MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)options->idle_seconds,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, HEAD_MAX, MHD_OPTION_STRICT_FOR_CLIENT, 1,
        MHD_OPTION_UNESCAPE_CALLBACK, leave_alone, NULL, MHD_OPTION_URI_LOG_CALLBACK,
        rebut_http_begin, http, MHD_OPTION_NOTIFY_COMPLETED, rebut_http_end, http,
        MHD_OPTION_NOTIFY_CONNECTION, rebut_http_peer, http,
        MHD_OPTION_SIGPIPE_HANDLED_BY_APP, 1, MHD_OPTION_ARRAY, tls ? tls_items : none,
        MHD_OPTION_END);
    if (http->daemon != NULL)
        return true;
    return rebut_fail(err, tls ? REBUT_EUSAGE : REBUT_EIO, "cannot start the server%s",
                      tls ? ": is the certificate one, and the key its key?" : "");
}

static void release(struct rebut_http *http)
{
    if (http->listener >= 0)
        close(http->listener);
    if (http->socket_path != NULL)
        unlink(http->socket_path);
    if (http->tls_key != NULL)
        explicit_bzero(http->tls_key, strlen(http->tls_key));
    rebut_http_rates_free(http->rates);
    free(http->socket_path), free(http->tls_cert), free(http->tls_key);
    free(http->entries), free(http);
}

bool rebut_http_start(struct rebut_http **ret, const struct rebut_http_options *options,
                      struct rebut_error *err)
{
    *ret = NULL;
    struct rebut_http *http = calloc(1, sizeof *http);
    if (http == NULL)
        return rebut_fail_memory(err, "the server");
    http->options = *options;
    http->listener = -1;
    set_defaults(&http->options);
    if (!read_tls(http, err) || !make_entries(http, err) ||
        !rebut_http_listen(http, err) || !rebut_http_watch(http, err) ||
        !start_daemon(http, err)) {
        rebut_http_unwatch(http);
        release(http);
        return false;
    }
    *ret = http;
    return true;
}

const char *rebut_http_address(const struct rebut_http *http)
{
    return http->address;
}

/* From here on the system hears nothing of new connections: else one that it accepts
 * between our last look and the end of the socket would be cut off.  Who knocks now is
 * refused when it knocks again. */
static void hear_no_more(int listener)
{
    struct sock_filter drop = {BPF_RET | BPF_K, 0, 0, 0};
    const struct sock_fprog program = {1, &drop};
    setsockopt(listener, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program);
}

/* Those that the system has accepted for us and the daemon has not seen; then no more. */
static void take_waiting(struct rebut_http *http)
{
    const int listener = http->listener;
    hear_no_more(listener);
    fcntl(listener, F_SETFL, fcntl(listener, F_GETFL) | O_NONBLOCK);
    for (;;) {
        struct sockaddr_storage peer;
        socklen_t size = sizeof peer;
        const int fd =
            accept4(listener, (void *)&peer, &size, SOCK_CLOEXEC | SOCK_NONBLOCK);
        if (fd < 0)
            break;
        MHD_add_connection(http->daemon, fd, (void *)&peer, size);
    }
    close(listener);
    http->listener = -1;
}

/* Nothing under way and nothing unread, for a while. */
static bool drain(struct rebut_http *http)
{
    const struct timespec pause = {0, 10000000};
    int quiet = 0;
    for (int64_t i = 0; i < (int64_t)http->options.drain_seconds * 100; i++) {
        const bool busy = atomic_load(&http->active) > 0 || rebut_http_peers_wait(http);
        quiet = busy ? 0 : quiet + 1;
        if (quiet == 10)
            return true;
        nanosleep(&pause, NULL);
    }
    return false;
}

bool rebut_http_stop(struct rebut_http *http)
{
    if (http == NULL)
        return true;
    atomic_store(&http->draining, true);
    if (MHD_quiesce_daemon(http->daemon) != MHD_INVALID_SOCKET)
        take_waiting(http);
    const bool ok = drain(http);
    atomic_store(&http->closing, true);
    /* Who answers those has a time limit of its own. */
    const struct timespec pause = {0, 10000000};
    while (atomic_load(&http->deferred) > 0)
        nanosleep(&pause, NULL);
    MHD_stop_daemon(http->daemon);
    rebut_http_unwatch(http);
    release(http);
    return ok;
}
