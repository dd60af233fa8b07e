/* rebut/store_events.h -- events out of the tables of a database and into them, by COPY.
 *
 * Reading: a source (rebut/source.h) over the eight tables or views of a schema, one a
 * type of event, in the order orders, shipments, deliveries, prices, contacts, requests,
 * outcomes, verdicts.  Their columns are the keys of the input contract:
 *
 *     text, varchar or an enum              ids, labels, texts, words
 *     bigint, integer or smallint           money, quantity, weight
 *     timestamptz                           every time
 *     text[] or varchar[]                   photos
 *     double precision or real              propensity
 *
 * (or domains over them).  An optional column may be missing, and other columns are no
 * matter.  Columns that the state does without are not read (rebut/event_row.h), so the
 * digests of an event in a file and of its row are not the same number.
 *
 * A row that is no event is refused like a line, with "schema.table" as input, the number
 * of the row as line and the row as a JSON object as text.  What breaks the stream off is
 * an error that names table and row.
 *
 * Writing: all events of a source into the tables of schema rebut, once each.
 */
#ifndef REBUT_STORE_EVENTS_H
#define REBUT_STORE_EVENTS_H

#include "rebut/progress.h"
#include "rebut/rejects.h"
#include "rebut/source.h"
#include "rebut/store.h"

struct rebut_store_events {
    const char *schema;  /* NULL: rebut */
    int64_t as_of;       /* later events are not read; 0: all are */
    uint64_t since_xid;  /* read what this transaction or a later one wrote; 0: all */
    int64_t since_at;    /* and what says to be later than this, whoever wrote it: what a
                            run with this as_of passed over; 0: nothing */
    const bool *without; /* [REBUT_EVENT_TYPES] tables to leave alone; NULL: none */
};

/* Check the tables' shape and open them.  The caller has begun a transaction, REPEATABLE
 * READ so that all tables are seen at one moment, and leaves the connection alone until
 * the source is closed.  Fails with EINPUT outside a transaction; with EDATA, naming
 * schema.table.column, what was expected and what is there, for a missing table or
 * mandatory column, another type, a missing privilege, or since_xid without a column
 * `xid`; and as rebut/store.h says. */
REBUT_MUST_CHECK bool rebut_store_events_open(struct rebut_source **ret_source,
                                              struct rebut_store *store,
                                              const struct rebut_store_events *events,
                                              struct rebut_error *err);

/* Have all tables of the schema (NULL: rebut) the column `xid` of type bigint, so that
 * since_xid may be asked for? */
REBUT_MUST_CHECK bool rebut_store_events_have_xid(struct rebut_store *store,
                                                  const struct rebut_store_events *events,
                                                  bool *ret_have,
                                                  struct rebut_error *err);

/* ---- writing ---- */

struct rebut_store_load {
    struct rebut_source *source;     /* to be read to its end; the caller closes it */
    struct rebut_rejects *rejects;   /* open; NULL: only count.  The caller commits */
    struct rebut_progress *progress; /* may be NULL */
};

/*  lines == blank + refused + inserted + duplicates + conflicts  */
struct rebut_store_loaded {
    uint64_t lines, blank;
    uint64_t refused[REBUT_REFUSALS];       /* by rebut_words_refusal */
    uint64_t inserted[REBUT_EVENT_TYPES];   /* new rows */
    uint64_t duplicates[REBUT_EVENT_TYPES]; /* there already, the same */
    uint64_t conflicts[REBUT_EVENT_TYPES];  /* the id is there, with other content */
};

/* Write all events in one transaction, which the caller begins and, on success, commits.
 * Of events of one id the earliest of the source is written, unless the table has the id.
 * What is refused or in conflict goes to the rejects.  An event that names an order or
 * request which is not there is written all the same: scoring sets orphans aside.  Fails
 * with EINPUT outside a transaction, as the source does, and as rebut/store.h says;
 * then the transaction must be rolled back. */
REBUT_MUST_CHECK bool rebut_store_events_write(struct rebut_store *store,
                                               const struct rebut_store_load *load,
                                               struct rebut_store_loaded *ret_loaded,
                                               struct rebut_error *err);

#endif
