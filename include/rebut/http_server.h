/* rebut/http_server.h -- starting and ending the server of rebut/http.h. */
#ifndef REBUT_HTTP_SERVER_H
#define REBUT_HTTP_SERVER_H

#include "rebut/http.h"

struct rebut_http; /* a running server */

struct rebut_http_options {
    const char *listen;             /* "127.0.0.1:8080", "[::1]:0", "unix:/run/x.sock" */
    const char *tls_cert, *tls_key; /* PEM files, or NULL both.  Without them an address
                                       must be of the loopback */
    const struct rebut_http_route *routes; /* ended by a NULL method */
    const struct rebut_http_schema *schemas;
    const struct rebut_http_file *files; /* NULL: none */
    const char *title;
    const struct rebut_log *log;
    int64_t (*now_us)(void); /* a clock that never goes back */
    void *app;

    /* Who calls, and may they, asking for route->scope?  Only for routes that have one;
     * false: refused.  NULL: no route may have one. */
    bool (*enter)(struct rebut_http_call *call);
    /* After the handler of each call that entered; may still refuse.  NULL: nothing. */
    void (*leave)(struct rebut_http_call *call);
    bool (*ready)(void *app, struct rebut_error *err);    /* /readyz; NULL: always */
    void (*metrics)(void *app, struct rebut_output *out); /* more lines; NULL: none */

    /* 0: the value in brackets */
    int threads;                       /* [4] */
    int connections, connections_each; /* in all [10240], of one address [256] */
    int idle_seconds, request_seconds; /* without a byte [30], for one request [60] */
    int rate_second, rate_burst;       /* a token or address [50], [200] */
    int drain_seconds;                 /* for requests under way at the end [30] */
    size_t body_max;                   /* bytes [1 MiB] */
};

/* EUSAGE (the address, TLS files), EIO or ENOMEM. */
REBUT_MUST_CHECK bool rebut_http_start(struct rebut_http **ret,
                                       const struct rebut_http_options *options,
                                       struct rebut_error *err);
/* "http://127.0.0.1:43211", or "unix:PATH". */
const char *rebut_http_address(const struct rebut_http *http);
/* Accept no more, answer what has been accepted, end.  NULL is allowed.  False when
 * drain_seconds passed and requests were cut off. */
bool rebut_http_stop(struct rebut_http *http);

/* The OpenAPI 3.1 document of the table. */
void rebut_http_openapi(const struct rebut_http_options *options,
                        struct rebut_output *out);

#endif
