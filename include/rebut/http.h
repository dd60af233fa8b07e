/* rebut/http.h -- an HTTP/1.1 server made from one table of routes.
 *
 * The table says all: method, path, who may, parameters with their limits, and what is
 * answered.  Requests are matched and checked by it, and the OpenAPI document is written
 * from it (GET /v1/openapi.json), so the two cannot differ.  Every server also answers
 * /healthz, /readyz and /metrics.
 *
 *     static void greet(struct rebut_http_call *call)
 *     {
 *         rebut_output_print(&call->out, "{\"hello\":");
 *         rebut_output_json(&call->out, rebut_text_of(rebut_http_value(call, "name")));
 *         rebut_output_print(&call->out, "}");
 *     }
 *     rebut_http_start(&http, &options, err), … rebut_http_stop(http);
 *
 * A handler sees only requests whose parameters hold what the table says; everything else
 * has been refused with a problem (RFC 9457, application/problem+json) that tells what
 * was expected, what came and where.  Handlers run in a fixed number of threads, several
 * at once.  Nothing here knows of databases or refunds; no text of a request is logged.
 */
#ifndef REBUT_HTTP_H
#define REBUT_HTTP_H

#include "rebut/log.h"
#include "rebut/output.h"

enum rebut_http_place {
    REBUT_HTTP_PATH,
    REBUT_HTTP_QUERY,
    REBUT_HTTP_HEADER,
    REBUT_HTTP_BODY /* a member of the body, which is one JSON object */
};
enum rebut_http_type {
    REBUT_HTTP_TEXT, /* low to high bytes of UTF-8 without control characters other than
                        tab and newline */
    REBUT_HTTP_INTEGER, /* from low to high */
    REBUT_HTTP_NUMBER,  /* from low to high */
    REBUT_HTTP_WORD,    /* one of `words`, which have blanks between */
    REBUT_HTTP_TIME,    /* RFC 3339 with offset */
    REBUT_HTTP_FLAG,    /* true or false */
    REBUT_HTTP_OBJECTS  /* of a body: an array of objects, of at most `high`, as it is
                           spelled; what is in them is the handler's to check */
};
struct rebut_http_param {
    const char *name; /* NULL ends the list */
    enum rebut_http_place place;
    enum rebut_http_type type;
    bool required; /* of a path always */
    int64_t low, high;
    const char *words, *about;
};
#define REBUT_HTTP_PARAMS_MAX 20

enum rebut_http_body {
    REBUT_HTTP_NO_BODY, /* none is taken, but for an empty one */
    REBUT_HTTP_JSON,    /* one object, whose members are parameters */
    REBUT_HTTP_LINES    /* application/x-ndjson: call->body as it came */
};

struct rebut_http_call;
struct rebut_http_route {
    const char *method, *pattern; /* "/v1/requests/{id}/evidence.{form}" */
    const char *operation;        /* its name in the document: "readCase" */
    const char *summary;
    const char *scope; /* what `enter` asks for; NULL: open to anybody */
    const struct rebut_http_param *params;
    enum rebut_http_body body;
    int status;         /* when all is well */
    const char *media;  /* of the answer; NULL: application/json */
    const char *answer; /* a name among `schemas`; NULL: not JSON */
    void (*handle)(struct rebut_http_call *call);
    const void *detail; /* the handler's own */
};
struct rebut_http_schema {
    const char *name, *json; /* JSON Schema 2020-12; NULL name ends the list */
};

/* A file of the program itself, served by GET to anybody. */
struct rebut_http_file {
    const char *path, *media; /* NULL path ends the list */
    const unsigned char *data;
    size_t size;
    bool gzip; /* data is compressed; who does not take that is refused with 406 */
};

#define REBUT_HTTP_HEADERS_MAX 8
struct rebut_http_call {
    const struct rebut_http_route *route;
    const char *values[REBUT_HTTP_PARAMS_MAX]; /* in the order of params; NULL: absent */
    struct rebut_text body;                    /* of REBUT_HTTP_LINES */
    struct rebut_output out;                   /* the answer, in memory */
    int status;        /* route->status unless the handler sets another */
    const char *media; /* the same */
    const char *id;    /* X-Request-Id */
    void *app;         /* of the options */
    void *mine;        /* for enter, the handler and leave */
    struct rebut_http_core *core;
};

/* The value of a parameter by name, or NULL. */
const char *rebut_http_value(const struct rebut_http_call *call, const char *name);
/* The same for INTEGER; `otherwise` when absent. */
int64_t rebut_http_integer(const struct rebut_http_call *call, const char *name,
                           int64_t otherwise);
/* A header or a cookie of the request, or NULL. */
const char *rebut_http_header(const struct rebut_http_call *call, const char *name);
const char *rebut_http_cookie(struct rebut_http_call *call, const char *name);
/* A header of the answer; dropped when the value is not printable ASCII. */
void rebut_http_set(struct rebut_http_call *call, const char *name, const char *value);
/* Keep a copy until the call ends; NULL: no memory. */
char *rebut_http_keep(struct rebut_http_call *call, struct rebut_text text);

/* Answer with a problem instead; false.  `kind` is a short name that stays
 * ("bad-cursor"), `where` "query limit" or NULL, the words the detail.  The first problem
 * stands. */
bool rebut_http_refuse(struct rebut_http_call *call, int status, const char *kind,
                       const char *where, const char *format, ...) REBUT_PRINTF(5, 6);
bool rebut_http_refused(const struct rebut_http_call *call);
/* For a handler: somebody else answers.  The handler returns at once without touching the
 * call again; another thread may use it as a handler does, and ends with
 * rebut_http_resume, after which it is the server's.  `leave` comes after that.  The
 * server does not end before; false, and refused with 503: it ends already. */
REBUT_MUST_CHECK bool rebut_http_defer(struct rebut_http_call *call);
void rebut_http_resume(struct rebut_http_call *call);
/* Take `cost` (usually 1) from the bucket of this name (a token's, an address's): false,
 * and refused with 429, when there is less in it. */
bool rebut_http_within_rate(struct rebut_http_call *call, const char *name, int cost);
/* The peer's address for such a name; "" behind a Unix socket. */
const char *rebut_http_peer_words(const struct rebut_http_call *call, char ret[64]);
/* Does nobody between read along: TLS, or a proxy's Unix socket? */
bool rebut_http_is_secure(const struct rebut_http_call *call);

#include "rebut/http_server.h"

#endif
