/* rebut/case_page.h -- the parts that every page about one request has.
 *
 * `rebut explain` writes them from a state in memory, `rebut show` from rows of the
 * database; a reader of both meets the same words in the same places.  Chinese first,
 * English second.  Times are shown in the offset of China, +08:00.
 *
 * Nothing here fails: a failed write sticks in `out` and is told by its commit.
 */
#ifndef REBUT_CASE_PAGE_H
#define REBUT_CASE_PAGE_H

#include "rebut/output.h"
#include "rebut/score.h"

enum rebut_case_word {
    REBUT_CASE_TITLE,
    REBUT_CASE_ANSWER,
    REBUT_CASE_PROBABILITY,
    REBUT_CASE_TIMELINE,
    REBUT_CASE_AGAINST,
    REBUT_CASE_FOR,
    REBUT_CASE_NEUTRAL,
    REBUT_CASE_NONE,
    REBUT_CASE_CALIBRATION,
    REBUT_CASE_CHANGE,
    REBUT_CASE_UNKNOWN,
    REBUT_CASE_SUM,
    REBUT_CASE_NOTICE,
    REBUT_CASE_ORDERED,
    REBUT_CASE_PROMISED,
    REBUT_CASE_SHIPPED,
    REBUT_CASE_DELIVERED,
    REBUT_CASE_REQUESTED,
    REBUT_CASE_RETURN_REQUESTED,
    REBUT_CASE_AFTER_SIGNING,
    REBUT_CASE_NOT_DELIVERED,
    REBUT_CASE_NO_SHIPMENT,
    REBUT_CASE_NO_EVIDENCE,
    REBUT_CASE_WORDS
};
const char *rebut_case_say(enum rebut_case_word word, enum rebut_language language);

/* The words of the input contract as a reader reads them; the contract's own word, or
 * "" when absent, where the language has no better. */
const char *rebut_case_reason(enum rebut_reason reason, enum rebut_language language);
const char *rebut_case_signed(enum rebut_signed_by by, enum rebut_language language);
const char *rebut_case_outcome(enum rebut_outcome outcome, enum rebut_language language);
#define REBUT_CASE_WHAT 160
void rebut_case_contact(enum rebut_party party, enum rebut_contact_kind kind,
                        enum rebut_language language, char ret_text[REBUT_CASE_WHAT]);

struct rebut_case_head {
    struct rebut_text request_id, order_id, merchant_id, buyer_id;
    enum rebut_answer answer;
    double probability, low, high, q_value;
    uint32_t rank, count; /* count 0: of how many is not known */
    int64_t as_of;
    const char *model;
};
void rebut_case_write_head(const struct rebut_case_head *head,
                           enum rebut_language language, struct rebut_output *out);

/* One thing that happened.  `words` are somebody's own, set apart beneath; the caller
 * has made them safe to print (NULL: none). */
struct rebut_case_moment {
    int64_t at;
    int kind; /* order of equal times */
    char what[REBUT_CASE_WHAT];
    char more[200];
    const char *words;
};
/* What a request's moment says more: the reason, how much in fen, and how long after the
 * signature (REBUT_TIME_NONE: there is none). */
void rebut_case_asked(struct rebut_case_moment *moment, enum rebut_reason reason,
                      int64_t amount, int64_t signed_at, enum rebut_language language);
/* Sort and write them, each with the time since the order. */
void rebut_case_write_timeline(struct rebut_case_moment *moments, int count,
                               int64_t ordered_at, enum rebut_language language,
                               struct rebut_output *out);
#define REBUT_CASE_SPAN 64
/* "2天3小时", "2 d 3 h". */
void rebut_case_span(int64_t microseconds, enum rebut_language language,
                     char ret_text[REBUT_CASE_SPAN]);

/* A reason.  The model's own doubt (calibration) speaks neither for nor against. */
struct rebut_case_line {
    double log_odds;
    bool calibration;
    const char *sentence;
};
/* Against the buyer, for, hardly either, calibration, and the sum: lines in the order
 * given, which is the strongest first. */
void rebut_case_write_lines(const struct rebut_case_line *lines, int count, double sum,
                            enum rebut_language language, struct rebut_output *out);

/* What is not known: `notes` of enum rebut_note; `turned` says since when, or is NULL.
 * Ends with the notice that a person decides. */
void rebut_case_write_unknown(unsigned notes, const struct rebut_turned *turned,
                              enum rebut_language language, struct rebut_output *out);

#endif
