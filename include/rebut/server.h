/* rebut/server.h -- the reviewers' API and console over the store.
 *
 * Every request that has a scope runs in one transaction of one connection, in the name
 * and role of its token (sql/migrations/0011_server.sql): who may see or do what is
 * decided by the database, and the scopes only narrow it.  What a reviewer reads of a
 * case is written to the audit trail in the same transaction.
 *
 * When the database is away requests are answered with 503 and Retry-After, and
 * connections are made anew as soon as it is back.
 */
#ifndef REBUT_SERVER_H
#define REBUT_SERVER_H

#include "rebut/http_server.h"

struct rebut_server_options {
    const char *listen, *tls_cert, *tls_key; /* as rebut/http_server.h */
    const char *conninfo;                    /* of a login in rebut_server; NULL: PG* */
    const char *evidence; /* a folder that 'rebut evidence' fills; NULL:
                             none */
    bool durable_reads;   /* the audit trail of a lean read (/score) is on disk before the
                             answer; else at most 0.6 s later */
    const char *night, *model; /* a snapshot and its model, for POST /v1/score and packs;
                                  NULL both: none */
    const char *key_dir; /* of 'rebut keygen', for the buyers' pseudonyms in packs that
                            are made; NULL: none */
    int threads;         /* 0: 4; each has a connection */
    int rate_second, rate_burst, drain_seconds, request_seconds, idle_seconds;
    const struct rebut_log *log;
    int64_t (*now_us)(void);             /* a clock that never goes back */
    const struct rebut_http_file *files; /* the console; NULL: none */
};

struct rebut_server;

/* Fails as rebut_http_start and rebut_store_open, and with EDATA when the schema is not
 * the one expected or the login may not act for others. */
REBUT_MUST_CHECK bool rebut_server_start(struct rebut_server **ret,
                                         const struct rebut_server_options *options,
                                         struct rebut_error *err);
const char *rebut_server_address(const struct rebut_server *server);
/* Take up the night and the model that lie there now; what is being judged is judged by
 * the one before.  Fails as rebut_tonight_open, and leaves the one before. */
REBUT_MUST_CHECK bool rebut_server_take_up(struct rebut_server *server,
                                           struct rebut_error *err);
/* Finish what has been accepted, then end; false: some was cut off.  NULL is allowed. */
bool rebut_server_stop(struct rebut_server *server);

extern const struct rebut_http_route rebut_server_routes[];
extern const struct rebut_http_schema rebut_server_schemas[];

#endif
