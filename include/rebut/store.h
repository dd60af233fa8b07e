/* rebut/store.h -- a connection to PostgreSQL that says what it needs and what went
 * wrong.
 *
 *     struct rebut_store *store = NULL;
 *     struct rebut_rows rows = {0};
 *     if (!rebut_store_open(&store, conninfo, "nightly", err) ||
 *         !rebut_store_query(store, rebut_sql_run_last, NULL, 0, &rows, err))
 *         goto done;
 *     … rebut_rows_get(&rows, 0, 0) …
 *     done: rebut_rows_release(&rows), rebut_store_close(store);
 *
 * Statements are files under sql/queries, one each, compiled into the program; none is
 * put together from outside text.  Every name in them is qualified, and the session's
 * search_path is empty.  Times are exchanged as microseconds or in UTC.
 *
 * Errors: ETRY when the same may succeed later (server away, starting or stopping, lock
 * held, cancelled, deadlock); EDATA when the schema is not the one expected (relation,
 * column, function or privilege missing); EUSAGE for a connection string that is none;
 * else EIO, also when the server turns the login away.  Errors of our own functions
 * (SQLSTATE class RB) have codes of their own, listed in engine/store/connection.c, and
 * their words are shown alone.  Other messages carry the SQLSTATE; what the server says
 * is left out where it may quote data (classes 22, 23 and P0), and DETAIL always is: it
 * quotes rows.
 *
 * One store belongs to one thread, but for rebut_store_cancel.
 */
#ifndef REBUT_STORE_H
#define REBUT_STORE_H

#include <stddef.h>
#include <stdint.h>

#include "rebut/error.h"

/* Advisory locks: a class of our own, and who holds which. */
#define REBUT_LOCK_CLASS 1919247989 /* "rebu" */
enum rebut_lock {
    REBUT_LOCK_MIGRATE = 1,
    REBUT_LOCK_NIGHTLY = 2,
    REBUT_LOCK_REPLAY = 3, /* for a transaction: sql/queries/letters_lock.sql */
};

struct rebut_store;

/* Connect.  `conninfo` is libpq's: key=value words or a URI; NULL or "" leaves all to
 * the PG* environment, service and password files.  `purpose` becomes the application's
 * name ("rebut nightly").  Unless told otherwise a connection that nobody answers is
 * given up after 30 s.  On failure *ret is NULL. */
REBUT_MUST_CHECK bool rebut_store_open(struct rebut_store **ret, const char *conninfo,
                                       const char *purpose, struct rebut_error *err);
void rebut_store_close(struct rebut_store *store); /* NULL is allowed */

/* The SQLSTATE of the last failure; "" when libpq failed, or nothing has. */
const char *rebut_store_state(const struct rebut_store *store);
/* Is there a connection still, as far as one knows without asking, and no transaction? */
bool rebut_store_is_idle(const struct rebut_store *store);

/* Ask the server to stop what this connection is doing: from another thread or from a
 * signal handler, nothing else is. */
void rebut_store_cancel(const struct rebut_store *store);

/* Run one or more statements without parameters; results are thrown away. */
REBUT_MUST_CHECK bool rebut_store_run(struct rebut_store *store, const char *sql,
                                      struct rebut_error *err);

/* Rows as text; zeroed is empty.  A cell is NULL, or text that lives until release. */
struct rebut_rows {
    void *result;
    int count, columns;
};
REBUT_MUST_CHECK bool rebut_store_query(struct rebut_store *store, const char *sql,
                                        const char *const *parameters, int count,
                                        struct rebut_rows *ret, struct rebut_error *err);
/* The same for one of the program's own statements, which the connection prepares when it
 * is asked first: `sql` is known by its address. */
REBUT_MUST_CHECK bool rebut_store_ask(struct rebut_store *store, const char *sql,
                                      const char *const *parameters, int count,
                                      struct rebut_rows *ret, struct rebut_error *err);
const char *rebut_rows_get(const struct rebut_rows *rows, int row, int column);
bool rebut_rows_true(const struct rebut_rows *rows, int row,
                     int column); /* NULL: false */
int64_t rebut_rows_integer(const struct rebut_rows *rows, int row,
                           int column); /* NULL: 0 */
void rebut_rows_release(struct rebut_rows *rows);

/* The same for a statement whose rows nobody wants; *ret_touched, which may be NULL, gets
 * how many rows it changed. */
REBUT_MUST_CHECK bool rebut_store_do(struct rebut_store *store, const char *sql,
                                     const char *const *parameters, int count,
                                     uint64_t *ret_touched, struct rebut_error *err);

/* A statement planned once for the session, and its rows; they may hold any byte. */
REBUT_MUST_CHECK bool rebut_store_prepare(struct rebut_store *store, const char *name,
                                          const char *sql, struct rebut_error *err);
REBUT_MUST_CHECK bool rebut_store_execute(struct rebut_store *store, const char *name,
                                          const char *const *parameters, int count,
                                          struct rebut_rows *ret,
                                          struct rebut_error *err);
size_t rebut_rows_size(const struct rebut_rows *rows, int row, int column);

/* After LISTEN: wait at most timeout_ms for a notification, or for a signal. */
REBUT_MUST_CHECK bool rebut_store_wait(struct rebut_store *store, int timeout_ms,
                                       bool *ret_told, struct rebut_error *err);

/* Try to take an advisory lock until the session ends.  ETRY says who holds it. */
REBUT_MUST_CHECK bool rebut_store_lock(struct rebut_store *store, enum rebut_lock lock,
                                       struct rebut_error *err);

/* ---- the schema ---- */

struct rebut_migration {
    int number;
    const char *name, *sql;
};
extern const struct rebut_migration rebut_migrations[]; /* ascending, from 1 */
extern const int rebut_migrations_count;

struct rebut_schema {
    int applied, known; /* numbers of the last migrations */
};

/* Which migrations has the database?  EDATA when one was applied with another content
 * than this program's, or when the database is of a newer program. */
REBUT_MUST_CHECK bool rebut_schema_read(struct rebut_store *store,
                                        struct rebut_schema *ret,
                                        struct rebut_error *err);

/* Apply what is missing, each in a transaction of its own, under the lock; `applied` is
 * called after each and may be NULL. */
REBUT_MUST_CHECK bool
rebut_schema_migrate(struct rebut_store *store,
                     void (*applied)(const struct rebut_migration *),
                     struct rebut_schema *ret, struct rebut_error *err);

/* EDATA unless the database has every migration that this program knows, and no other:
 * what a command calls before it trusts the schema. */
REBUT_MUST_CHECK bool rebut_schema_require(struct rebut_store *store,
                                           struct rebut_error *err);

#endif
