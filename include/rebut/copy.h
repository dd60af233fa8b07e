/* rebut/copy.h -- rows into a table, as fast as the server takes them (COPY BINARY).
 *
 *     rebut_copy_begin(&copy, store, "COPY rebut.scores (…) FROM STDIN (FORMAT BINARY)",
 *                      3, err)
 *     for each row:
 *         rebut_copy_row(&copy), rebut_copy_text(&copy, id), rebut_copy_integer(&copy,
 * n), rebut_copy_double(&copy, NAN); rebut_copy_end(&copy, err)
 *
 * A failure sticks: puts do nothing from then on, and the end says what it was.  The
 * calls of a row must be as many as the columns, in their order and of their types.
 * The caller's transaction decides whether the rows stay.
 */
#ifndef REBUT_COPY_H
#define REBUT_COPY_H

#include "rebut/store.h"
#include "rebut/text.h"

struct rebut_copy {
    struct rebut_store *store;
    char *buffer; /* [room] */
    size_t used, room;
    uint64_t rows;
    int columns;
    bool failed, no_memory;
    bool held; /* rows are kept until rebut_copy_send */
};

/* Start.  `sql` is the whole statement; EIO, ETRY, EDATA or ENOMEM. */
REBUT_MUST_CHECK bool rebut_copy_begin(struct rebut_copy *copy, struct rebut_store *store,
                                       const char *sql, int columns,
                                       struct rebut_error *err);

/* A row begins; false when an earlier put has failed (a long loop should stop). */
bool rebut_copy_row(struct rebut_copy *copy);

/* Keep rows in memory instead, where a connection has several tables to fill and can fill
 * one at a time: puts as above, rebut_copy_send when `used` is large enough, and in the
 * end rebut_copy_abandon. */
REBUT_MUST_CHECK bool rebut_copy_hold(struct rebut_copy *copy, struct rebut_store *store,
                                      int columns, struct rebut_error *err);

/* Send the rows kept, by `sql` as for begin; afterwards none are.  Nothing is sent when
 * there are none. */
REBUT_MUST_CHECK bool rebut_copy_send(struct rebut_copy *copy, const char *sql,
                                      struct rebut_error *err);

/* Send the rows of several by one statement over `store`, which may be another than the
 * one they were made for, and keep them: the transaction may have to be tried again. Then
 * forget. */
REBUT_MUST_CHECK bool rebut_copy_send_kept(struct rebut_copy *const *copies, size_t count,
                                           struct rebut_store *store, const char *sql,
                                           struct rebut_error *err);
void rebut_copy_forget(struct rebut_copy *copy);

void rebut_copy_null(struct rebut_copy *copy);
void rebut_copy_text(struct rebut_copy *copy, struct rebut_text text); /* {NULL, 0}: null;
                                                  text, json, name … */
void rebut_copy_bigint(struct rebut_copy *copy, int64_t value);
void rebut_copy_integer(struct rebut_copy *copy, int32_t value);
void rebut_copy_time(struct rebut_copy *copy, int64_t time);   /* microseconds UTC, or
                                                                  REBUT_TIME_NONE: null */
void rebut_copy_double(struct rebut_copy *copy, double value); /* not finite: null */
void rebut_copy_bool(struct rebut_copy *copy, bool value);
void rebut_copy_texts(struct rebut_copy *copy, const struct rebut_text *texts,
                      int count); /* text[] */

/* The last row is through, or why not.  Releases the writer either way. */
REBUT_MUST_CHECK bool rebut_copy_end(struct rebut_copy *copy, struct rebut_error *err);

/* Give up: the server forgets the rows and the transaction is aborted. */
void rebut_copy_abandon(struct rebut_copy *copy);

#endif
