/* rebut/appeals_store.h -- appeals that a platform keeps in its database.
 *
 * The table rebut.appeals (sql/migrations/0009) holds the entries of rebut/appeals.h, an
 * entry a row, with who wrote it and, of those submitted, the score that stood then. They
 * are read as lines of the file and by the file's own code, so that the rules, the
 * account and what is learned are the same.  Who sees what is the database's matter: a
 * merchant its own appeals, engine and auditor all; nobody else reads them here.
 *
 * Errors beside those of rebut/store.h: EDATA when an entry contradicts what is known or
 * names a request that is not there (or, of a merchant, is not its own), EUSAGE for an
 * argument out of range.
 */
#ifndef REBUT_APPEALS_STORE_H
#define REBUT_APPEALS_STORE_H

#include "rebut/appeals.h"
#include "rebut/output.h"
#include "rebut/store.h"

/* May the login read appeals, all or its own? */
REBUT_MUST_CHECK bool rebut_appeals_seen(struct rebut_store *store, bool *ret_seen,
                                         struct rebut_error *err);

/* All that the login may see, as of `as_of` (REBUT_TIME_MAX: of the newest entry), with
 * submitted_log_odds.  Nothing is learned yet.  EDATA when it may see none. */
REBUT_MUST_CHECK bool rebut_appeals_read(struct rebut_appeals *ret,
                                         struct rebut_store *store, int64_t as_of,
                                         struct rebut_error *err);

/* The same entries as the file that rebut_appeals_open reads. */
REBUT_MUST_CHECK bool rebut_appeals_list(struct rebut_store *store,
                                         struct rebut_output *out,
                                         struct rebut_error *err);

struct rebut_appeals_recorded {
    uint32_t written, known; /* entries new; entries that were there */
};
/* Write a file's entries: reviewers and loaders may.  The file is checked whole before
 * anything is written; then a thousand requests are one transaction, because the server
 * keeps a lock for each.  What was written before a failure stays, and may come again.
 * *ret counts what was committed, on failure too. */
#define REBUT_APPEALS_AT_ONCE 1000
REBUT_MUST_CHECK bool rebut_appeals_record(struct rebut_store *store, const char *path,
                                           struct rebut_appeals_recorded *ret,
                                           struct rebut_error *err);

struct rebut_appeal_asked {
    int64_t submitted, answer_by; /* answer_by: REBUT_TIME_NONE when nobody said */
    bool again;                   /* it had been asked before: nothing was written */
};
/* A merchant asks for a person to look at a request of its own: the clock starts.
 * `reason`, one of the form's, may be NULL. */
REBUT_MUST_CHECK bool rebut_appeals_ask(struct rebut_store *store, const char *request,
                                        const char *reason,
                                        struct rebut_appeal_asked *ret,
                                        struct rebut_error *err);

#endif
