/* What the files of this room share. */
#ifndef REBUT_SERVER_PARTS_H
#define REBUT_SERVER_PARTS_H

#include <pthread.h>
#include <stdatomic.h>

#include "rebut/server.h"
#include "rebut/store.h"
#include "rebut/token.h"

struct rebut_server {
    struct rebut_server_options options;
    struct rebut_http *http;
    pthread_mutex_t lock;
    struct rebut_store **idle; /* [threads] connections that nobody uses */
    int idle_count, threads;
    int open_count; /* connections in all */
    unsigned long long reconnects, failures;
    unsigned char cursor_key[32];
    struct rebut_batches *batches;
    atomic_int packs;                 /* being made */
    pthread_mutex_t night_lock;       /* a night has one thread */
    struct rebut_server_night *night; /* NULL: none */
};

/* ---- connections */

/* One that has begun a transaction; false: refused with 503. */
bool rebut_server_take(struct rebut_server *server, struct rebut_http_call *call,
                       struct rebut_store **ret);
/* Give it back, outside a transaction; one that is lost is closed. */
void rebut_server_give(struct rebut_server *server, struct rebut_store *store);
/* One that has begun none; *ret_fresh: it has just been made.  The same. */
bool rebut_server_pick(struct rebut_server *server, struct rebut_http_call *call,
                       struct rebut_store **ret, bool *ret_fresh);
bool rebut_server_connect(struct rebut_server *server, struct rebut_store **ret,
                          struct rebut_error *err);

/* ---- who calls: call->mine between enter and leave */

struct visit {
    struct rebut_store *store; /* NULL on a lean route: lean.c */
    const char *kind;          /* "token" or "session": what was brought, */
    struct rebut_token token;  /* on a lean route not yet known to be good */
    char token_id[13], login[64], role[16], scopes[200], expires_at[40];
    char *merchants;  /* a JSON array */
    char session[13]; /* "" when it came with a token */
    char mark[44];    /* of the session */
    const char *key;  /* Idempotency-Key taken; NULL: none, or answered before */
    bool answered;    /* from what was answered before */
    char etag[80];
};

bool rebut_server_enter(struct rebut_http_call *call);
void rebut_server_leave(struct rebut_http_call *call);
bool rebut_server_unknown(struct rebut_http_call *call); /* refuse: 401 */

/* Does one statement do all of it? */
bool rebut_server_is_lean(const struct rebut_http_route *route);
/* web_scores or web_pass, about a subject; false: refused as the database says. */
bool rebut_server_ask_lean(struct rebut_http_call *call, const char *sql,
                           const char *subject, struct rebut_rows *ret);
/* Who called, and may they?  False: refused. */
bool rebut_server_check_lean(struct rebut_http_call *call, const struct rebut_rows *rows);

static inline struct visit *visit_of(const struct rebut_http_call *call)
{
    return call->mine;
}

/* ---- answering */

/* Ask; false: refused as the database says. */
bool rebut_server_ask(struct rebut_http_call *call, const char *sql,
                      const char *const *parameters, int count, struct rebut_rows *ret);
/* Refuse as the failed statement says; false. */
bool rebut_server_failed(struct rebut_http_call *call, const struct rebut_store *store,
                         const struct rebut_error *err);
/* There is no such thing, or it is not the caller's: one answer for both; false. */
bool rebut_server_missing(struct rebut_http_call *call, const char *what);
/* Copy a JSON object of ours, its terms' sentences (members `sentence` of objects in
 * `terms`, and `reason`) said in the language of the parameter `lang`, if there is one.
 */
void rebut_server_write(struct rebut_http_call *call, const char *json);
/* Write down that the caller reads this. */
bool rebut_server_record(struct rebut_http_call *call, const char *subject);
void rebut_server_etag(struct rebut_http_call *call, const char *version);

/* One row of JSON by a statement whose parameters are the route's, in their order. */
struct reading {
    const char *reviewer, *merchant, *auditor; /* NULL: not for this role */
    int parameters;
    const char *what;     /* in words, when there is none */
    const char *recorded; /* parameter whose value the audit trail gets; NULL: none */
};
void rebut_server_read(struct rebut_http_call *call);

/* Rows of JSON with a keyset: the statement's last three parameters are key, id, limit.
 */
struct listing {
    const char *reviewer, *merchant, *auditor;
    const char *usual, *usual_sort; /* instead, but for merchants, where `sort` is this or
                                       absent: in the order of an index */
    int parameters;                 /* before these */
    const char *filler; /* when the last of them is absent it is what this gives: a
                           condition on a sub-select would not reach the index */
};
void rebut_server_list(struct rebut_http_call *call);

struct rebut_batches; /* of scores that are asked for together */
bool rebut_server_batches_open(struct rebut_server *server, struct rebut_error *err);
void rebut_server_batches_close(struct rebut_batches *batches); /* NULL is allowed */

struct rebut_server_night;
void rebut_server_close_night(struct rebut_server_night *night); /* NULL is allowed */

/* ---- cursors */

#define CURSOR_SIZE 400
/* An opaque text for (key, id), good for this context only. */
bool rebut_cursor_write(const unsigned char secret[32], struct rebut_text context,
                        const char *key, const char *id, char ret[CURSOR_SIZE]);
/* False when it was not written by the above with the same secret and context. */
bool rebut_cursor_read(const unsigned char secret[32], struct rebut_text context,
                       const char *cursor, char ret_key[64], char ret_id[128]);

/* ---- doing */

void rebut_server_queue(struct rebut_http_call *call);
void rebut_server_claim(struct rebut_http_call *call);
void rebut_server_release(struct rebut_http_call *call);
void rebut_server_decide(struct rebut_http_call *call);
void rebut_server_undo(struct rebut_http_call *call);
void rebut_server_escalate(struct rebut_http_call *call);
void rebut_server_claim_next(struct rebut_http_call *call);
void rebut_server_session_open(struct rebut_http_call *call);
void rebut_server_session_show(struct rebut_http_call *call);
void rebut_server_session_end(struct rebut_http_call *call);
void rebut_server_evidence(struct rebut_http_call *call);
void rebut_server_score_read(struct rebut_http_call *call);
void rebut_server_score_make(struct rebut_http_call *call);
void rebut_server_appeal(struct rebut_http_call *call);
void rebut_server_form(struct rebut_http_call *call);
void rebut_server_events(struct rebut_http_call *call);

/* The statements of sql/queries that this room runs. */
extern const char rebut_sql_web_begin[], rebut_sql_web_enter[],
    rebut_sql_web_session_open[], rebut_sql_web_session_end[], rebut_sql_web_derived[],
    rebut_sql_web_ready[], rebut_sql_web_read[], rebut_sql_web_idempotency_begin[],
    rebut_sql_web_idempotency_end[], rebut_sql_web_version[], rebut_sql_web_version_now[],
    rebut_sql_web_claim[], rebut_sql_web_release[], rebut_sql_web_decide[],
    rebut_sql_web_undo[], rebut_sql_web_escalate[], rebut_sql_web_escalated[],
    rebut_sql_web_claim_next[], rebut_sql_web_claim_second[], rebut_sql_web_case[],
    rebut_sql_web_case_merchant[], rebut_sql_web_case_auditor[], rebut_sql_web_queue[],
    rebut_sql_web_mine[], rebut_sql_web_requests[], rebut_sql_web_requests_rank[],
    rebut_sql_web_queue_slot[], rebut_sql_web_run[], rebut_sql_web_requests_merchant[],
    rebut_sql_web_buyer[], rebut_sql_web_report[], rebut_sql_web_report_merchant[],
    rebut_sql_web_audit[], rebut_sql_web_models[], rebut_sql_web_summary[],
    rebut_sql_web_sees[], rebut_sql_web_sees_merchant[], rebut_sql_web_scores[],
    rebut_sql_web_pass[], rebut_sql_web_appeal[], rebut_sql_web_appeals[],
    rebut_sql_web_appeals_merchant[], rebut_sql_web_appeals_auditor[];

#endif
