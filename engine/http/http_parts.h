/* What the files of this room share. */
#ifndef REBUT_HTTP_PARTS_H
#define REBUT_HTTP_PARTS_H

#include <arpa/inet.h>
#include <microhttpd.h>
#include <pthread.h>
#include <stdatomic.h>

#include "rebut/http.h"

/* ---- the target of a request: "/v1/requests/r%201?lang=zh" taken apart */

#define HTTP_SEGMENTS_MAX 12
#define HTTP_QUERY_MAX 24
#define HTTP_TARGET_MAX 4096

struct http_target {
    const char *segments[HTTP_SEGMENTS_MAX]; /* decoded, UTF-8, no controls; "/" has one
                                                that is empty */
    int segment_count;
    struct {
        const char *name, *value;
    } query[HTTP_QUERY_MAX];
    int query_count;
};

/* Take `raw` apart in `room` (HTTP_TARGET_MAX bytes, which the target points into). NULL,
 * or what is wrong. */
const char *rebut_http_target(const char *raw, char *room, struct http_target *ret);

/* Does the pattern fit the segments?  values[i] get those of its parameters, in the order
 * of the pattern, at most `most`. */
bool rebut_http_fits(const char *pattern, const struct http_target *target,
                     const char **ret_values, char (*ret_names)[32], int most);

/* ---- one route and what became of its requests */

#define HTTP_BUCKETS 10
extern const int64_t rebut_http_bounds_us[HTTP_BUCKETS];
struct http_entry {
    const struct rebut_http_route *route; /* NULL: what fits none */
    atomic_ullong by_class[6];            /* of status / 100 */
    atomic_ullong buckets[HTTP_BUCKETS + 1], sum_us;
};

/* ---- rates */

struct http_rates; /* of many names, in a fixed room */
struct http_rates *rebut_http_rates_new(int each_second, int burst);
void rebut_http_rates_free(struct http_rates *rates);
/* Take one from the bucket; false, and after how many seconds there is one, when empty.
 */
bool rebut_http_rates_take(struct http_rates *rates, uint64_t name, int cost,
                           int64_t now_us, int *ret_wait);
uint64_t rebut_http_rates_name(const void *data, size_t size);

/* ---- the server */

struct http_peer { /* a connection; under `lock` */
    struct http_peer *next, *previous;
    int fd;
    bool asked;       /* it has had an answer */
    int64_t since_us; /* of its beginning, or of the end of its last request */
};

struct rebut_http {
    struct rebut_http_options options;
    struct MHD_Daemon *daemon;
    struct http_entry *entries; /* those of the table, of every server, and of none */
    int entry_count;
    struct http_rates *rates;
    char *tls_cert, *tls_key, *socket_path;
    char address[160];
    int listener;
    bool secure;                   /* TLS, or behind a proxy on a Unix socket */
    atomic_int active, deferred;   /* requests; those of another thread */
    atomic_bool draining, closing; /* closing: nothing is deferred any more */
    pthread_mutex_t lock;
    pthread_cond_t wake;
    pthread_t watcher;
    bool has_watcher, ending;
    struct http_peer *peers;
    int peer_count;
};

extern const struct rebut_http_route rebut_http_routes_own[];
extern const int rebut_http_routes_own_count;

/* ---- one request */

struct http_kept {
    struct http_kept *next;
    char text[];
};
struct http_pair {
    const char *name, *value;
};

struct rebut_http_core {
    struct rebut_http_call call;
    struct rebut_http *http;
    struct MHD_Connection *connection;
    struct http_entry *entry;
    struct http_target target;
    char *raw, *room; /* the target as it came, and taken apart */
    bool began, entered, too_much;
    bool deferred; /* the handler has left it to another thread */
    char id[72];
    struct http_kept *kept;
    char *body;
    size_t body_size, body_room, body_seen;
    struct http_pair headers[REBUT_HTTP_HEADERS_MAX]; /* of the answer */
    int header_count;
    const struct rebut_http_file *file; /* it asks for this one */
    int64_t began_us;
    int problem; /* the status; 0: none */
    const char *problem_kind;
    char problem_where[96], problem_words[480], allow[64];
    int wait_seconds;
};

/* Fill call->values from path, query, headers and body; false: refused. */
bool rebut_http_params(struct rebut_http_core *core);
bool rebut_http_body(struct rebut_http_core *core);
/* Is the text what the parameter takes?  False: refused. */
bool rebut_http_check(struct rebut_http_core *core, const struct rebut_http_param *param,
                      const char *text, size_t size);
const char *rebut_http_place_word(enum rebut_http_place place);

/* The problem as the body of the answer. */
void rebut_http_problem(struct rebut_http_core *core);
enum MHD_Result rebut_http_answer(struct rebut_http_core *core);
/* `leave`, if it was entered and not left yet. */
void rebut_http_leave(struct rebut_http_core *core);

enum MHD_Result rebut_http_handle(void *http, struct MHD_Connection *connection,
                                  const char *url, const char *method,
                                  const char *version, const char *data, size_t *size,
                                  void **context);
void *rebut_http_begin(void *http, const char *target, struct MHD_Connection *connection);
void rebut_http_end(void *http, struct MHD_Connection *connection, void **context,
                    enum MHD_RequestTerminationCode why);

/* Connections: who is there, and away with those that are too slow. */
void rebut_http_peer(void *http, struct MHD_Connection *connection, void **context,
                     enum MHD_ConnectionNotificationCode what);
void rebut_http_peer_done(struct MHD_Connection *connection, int64_t now_us);
bool rebut_http_watch(struct rebut_http *http, struct rebut_error *err);
void rebut_http_unwatch(struct rebut_http *http);
/* Is there a byte that a peer sent and nobody has read, or a peer that has only just come
 * and is about to send one? */
bool rebut_http_peers_wait(struct rebut_http *http);

/* A listening socket; writes http->address, ->socket_path and ->secure. */
bool rebut_http_listen(struct rebut_http *http, struct rebut_error *err);
void rebut_http_metrics_write(struct rebut_http *http, struct rebut_output *out);

#endif
