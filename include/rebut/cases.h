/* rebut/cases.h -- what a reviewer asks of the store, and does there.
 *
 * Reading goes through the reviewers' views, doing through the reviewers' functions; both
 * judge by the login, so nothing here decides who may see or do what.  Rows come back as
 * they are; rebut/review.h makes lines and pages of them.
 *
 * Errors beside those of rebut/store.h: ETRY when the case is in the hands of another or
 * has been decided meanwhile, EDATA when there is no such request, EUSAGE for an argument
 * out of range, else EIO (not in your hands, nothing to undo, too late, too many held).
 * A note's words are in no message.
 */
#ifndef REBUT_CASES_H
#define REBUT_CASES_H

#include "rebut/store.h"

/* Columns of a case, NULL where the source does not have them.  Times are microseconds,
 * terms and notes JSON on one line. */
enum rebut_cases_column {
    REBUT_CASES_SLOT,
    REBUT_CASES_RANK,
    REBUT_CASES_REQUEST_ID,
    REBUT_CASES_ORDER_ID,
    REBUT_CASES_BUYER_ID,
    REBUT_CASES_MERCHANT_ID,
    REBUT_CASES_REQUESTED_AT,
    REBUT_CASES_AMOUNT,
    REBUT_CASES_PROBABILITY,
    REBUT_CASES_LOW,
    REBUT_CASES_HIGH,
    REBUT_CASES_Q_VALUE,
    REBUT_CASES_CONFORMAL_Q,
    REBUT_CASES_ANSWER,
    REBUT_CASES_EXPECTED_RECOVERY,
    REBUT_CASES_LOG_ODDS,
    REBUT_CASES_TERMS,
    REBUT_CASES_NOTES,
    REBUT_CASES_MODEL,
    REBUT_CASES_AS_OF,
    REBUT_CASES_MINE_UNTIL,
    REBUT_CASES_SECOND, /* held for a second review */
    REBUT_CASES_COLUMNS
};

/* The open queue: not decided, not suppressed, not held by another; by slot. */
REBUT_MUST_CHECK bool rebut_cases_queue(struct rebut_store *store, struct rebut_rows *ret,
                                        struct rebut_error *err);

/* What the caller holds; `ids`, a PostgreSQL array of text, picks some (NULL: all). */
REBUT_MUST_CHECK bool rebut_cases_mine(struct rebut_store *store, const char *ids,
                                       struct rebut_rows *ret, struct rebut_error *err);

enum rebut_claim_kind {
    REBUT_CLAIM_NEXT,   /* `what` is how many of the queue */
    REBUT_CLAIM_SECOND, /* `what` is how many that others have decided, blind */
    REBUT_CLAIM_REQUEST /* `what` is a request's id; beside the queue it is an appeal */
};
/* Take cases for so many minutes (NULL: as the settings say) and read them: fewer than
 * asked for when there are no more. */
REBUT_MUST_CHECK bool rebut_cases_claim(struct rebut_store *store,
                                        enum rebut_claim_kind kind, const char *what,
                                        const char *minutes, struct rebut_rows *ret,
                                        struct rebut_error *err);

/* Each gives its time in microseconds: until when the decision may be undone, and until
 * when the case is in hand again.  `note` may be NULL. */
REBUT_MUST_CHECK bool rebut_cases_decide(struct rebut_store *store, const char *request,
                                         const char *verdict, const char *note,
                                         int64_t *ret_undo_until,
                                         struct rebut_error *err);
REBUT_MUST_CHECK bool rebut_cases_undo(struct rebut_store *store, const char *request,
                                       int64_t *ret_until, struct rebut_error *err);
REBUT_MUST_CHECK bool rebut_cases_give_back(struct rebut_store *store,
                                            const char *request, struct rebut_error *err);

/* ---- everything about one request ---- */

enum rebut_case_event_column {
    REBUT_CASE_EVENT_AT,
    REBUT_CASE_EVENT_TYPE,
    REBUT_CASE_EVENT_REQUEST_ID,
    REBUT_CASE_EVENT_CATEGORY,
    REBUT_CASE_EVENT_CHANNEL,
    REBUT_CASE_EVENT_AMOUNT,
    REBUT_CASE_EVENT_TITLE,
    REBUT_CASE_EVENT_PROMISED,
    REBUT_CASE_EVENT_CARRIER,
    REBUT_CASE_EVENT_SIGNED_BY,
    REBUT_CASE_EVENT_BY,
    REBUT_CASE_EVENT_KIND,
    REBUT_CASE_EVENT_REASON,
    REBUT_CASE_EVENT_TEXT,
    REBUT_CASE_EVENT_PHOTOS, /* how many */
    REBUT_CASE_EVENT_OUTCOME,
    REBUT_CASE_EVENT_JSON /* the keys beside type and at */
};
enum rebut_case_record_column {
    REBUT_RECORD_WHO, /* buyer, merchant */
    REBUT_RECORD_ORDERS,
    REBUT_RECORD_OTHERS, /* merchants of the buyer, buyers of the merchant */
    REBUT_RECORD_PAID,
    REBUT_RECORD_REFUND_ONLY,
    REBUT_RECORD_RETURN_REFUND,
    REBUT_RECORD_REFUND_ONLY_AMOUNT,
    REBUT_RECORD_ABUSE,
    REBUT_RECORD_LEGITIMATE,
    REBUT_RECORD_FIRST,
    REBUT_RECORD_LAST,
    REBUT_RECORD_JSON
};
enum rebut_case_state_column {
    REBUT_HOLD_HOLDER,
    REBUT_HOLD_UNTIL,
    REBUT_HOLD_MINE,
    REBUT_HOLD_SECOND,
    REBUT_HOLD_LIVE, /* `until` is to come */
    REBUT_HOLD_DECIDED,
    REBUT_HOLD_SUPPRESSED_UNTIL,
    REBUT_HOLD_JSON
};
enum rebut_case_decision_column {
    REBUT_DECISION_AT,
    REBUT_DECISION_VERDICT,
    REBUT_DECISION_SECOND,
    REBUT_DECISION_NOTE,
    REBUT_DECISION_UNDO_UNTIL,
    REBUT_DECISION_OPEN, /* it may still be undone */
    REBUT_DECISION_UNDONE_AT,
    REBUT_DECISION_JSON
};

/* Rows of one moment.  `score` has one; `terms` name, log-odds and sentence, the
 * strongest first; `decisions` are the caller's own.  No events: the case is not in the
 * caller's hands, nor was it decided by it. */
struct rebut_case_sheet {
    struct rebut_rows score, terms, events, records, state, decisions;
};
REBUT_MUST_CHECK bool rebut_cases_sheet(struct rebut_store *store, const char *request,
                                        struct rebut_case_sheet *ret,
                                        struct rebut_error *err);
void rebut_case_sheet_release(struct rebut_case_sheet *sheet);

#endif
