/* The listening socket. */
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "http_parts.h"

#define BACKLOG 4096

static bool fail(struct rebut_http *http, struct rebut_error *err)
{
    return rebut_fail(err, REBUT_EIO, "cannot listen on '%.200s': %s",
                      http->options.listen, strerror(errno));
}

/* What a server left that was killed; a living one keeps its place. */
static bool clear_place(const struct sockaddr_un *place)
{
    struct stat there;
    if (lstat(place->sun_path, &there) != 0 || !S_ISSOCK(there.st_mode))
        return errno == ENOENT;
    const int probe = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const bool dead = probe >= 0 &&
                      connect(probe, (const void *)place, sizeof *place) != 0 &&
                      errno == ECONNREFUSED;
    close(probe);
    return dead && unlink(place->sun_path) == 0;
}

static bool listen_unix(struct rebut_http *http, const char *path,
                        struct rebut_error *err)
{
    struct sockaddr_un place = {.sun_family = AF_UNIX};
    if (path[0] == '\0' || strlen(path) >= sizeof place.sun_path)
        return rebut_fail(err, REBUT_EUSAGE,
                          "expected a socket's path of 1 to %zu bytes, got '%.200s'",
                          sizeof place.sun_path - 1, path);
    strncpy(place.sun_path, path, sizeof place.sun_path - 1);
    if (!clear_place(&place))
        return rebut_fail(err, REBUT_EIO, "cannot listen on '%.200s': something is there",
                          path);
    http->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (http->listener < 0 ||
        bind(http->listener, (const void *)&place, sizeof place) != 0)
        return fail(http, err);
    http->socket_path = strdup(path);
    if (chmod(path, 0660) != 0 || listen(http->listener, BACKLOG) != 0)
        return fail(http, err);
    http->secure = true;
    snprintf(http->address, sizeof http->address, "unix:%s", path);
    return true;
}

static bool is_loopback(const struct sockaddr *address)
{
    if (address->sa_family == AF_INET)
        return ntohl(((const struct sockaddr_in *)(const void *)address)
                         ->sin_addr.s_addr) >>
                   24 ==
               127;
    return IN6_IS_ADDR_LOOPBACK(
        &((const struct sockaddr_in6 *)(const void *)address)->sin6_addr);
}

static bool bind_to(struct rebut_http *http, const struct addrinfo *where,
                    struct rebut_error *err)
{
    const bool tls = http->options.tls_cert != NULL;
    const int yes = 1;
    if (!tls && !is_loopback(where->ai_addr))
        return rebut_fail(err, REBUT_EUSAGE,
                          "expected --tls-cert and --tls-key, a loopback address or a "
                          "Unix socket: '%.100s' can be reached from elsewhere",
                          http->options.listen);
    http->listener = socket(where->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (http->listener < 0)
        return fail(http, err);
    setsockopt(http->listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (bind(http->listener, where->ai_addr, where->ai_addrlen) != 0 ||
        listen(http->listener, BACKLOG) != 0)
        return fail(http, err);
    struct sockaddr_storage bound;
    socklen_t size = sizeof bound;
    char host[64], port[16];
    if (getsockname(http->listener, (void *)&bound, &size) != 0 ||
        getnameinfo((void *)&bound, size, host, sizeof host, port, sizeof port,
                    NI_NUMERICHOST | NI_NUMERICSERV) != 0)
        return fail(http, err);
    const bool six = bound.ss_family == AF_INET6;
    http->secure = tls;
    snprintf(http->address, sizeof http->address, "%s://%s%s%s:%s",
             tls ? "https" : "http", six ? "[" : "", host, six ? "]" : "", port);
    return true;
}

static bool listen_tcp(struct rebut_http *http, struct rebut_error *err)
{
    const char *words = http->options.listen;
    const char *colon = strrchr(words, ':');
    char host[64] = "";
    size_t size = colon == NULL ? 0 : (size_t)(colon - words);
    if (size >= 2 && words[0] == '[' && words[size - 1] == ']')
        words++, size -= 2;
    struct addrinfo *where = NULL;
    const struct addrinfo hints = {.ai_socktype = SOCK_STREAM,
                                   .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV};
    int64_t port = 0;
    const bool good = colon != NULL &&
                      rebut_text_int64(rebut_text_of(colon + 1), &port) && port >= 0 &&
                      port <= 65535;
    if (size > 0 && size < sizeof host && good) {
        memcpy(host, words, size);
        if (getaddrinfo(host, colon + 1, &hints, &where) != 0)
            where = NULL;
    }
    if (where == NULL)
        return rebut_fail(err, REBUT_EUSAGE,
                          "expected ADDRESS:PORT in figures or unix:PATH, got '%.100s'",
                          http->options.listen);
    const bool ok = bind_to(http, where, err);
    freeaddrinfo(where);
    return ok;
}

bool rebut_http_listen(struct rebut_http *http, struct rebut_error *err)
{
    http->listener = -1;
    if (strncmp(http->options.listen, "unix:", 5) == 0)
        return listen_unix(http, http->options.listen + 5, err);
    return listen_tcp(http, err);
}
