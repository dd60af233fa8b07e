/* rebut/appeals.h -- what became of a merchant's appeals, and how likely is the next?
 *
 * The merchant keeps a file of NDJSON, an entry a line: what was done when.
 *
 *     {"request_id":"r1","status":"opened","at":"2026-06-01T09:00:00+08:00",
 *      "amount":2990,"platform":"pinduoduo","expires_at":"2026-06-03T09:00:00+08:00"}
 *
 * `status` is one of the words below.  May be absent: amount (fen, what is at stake),
 * recovered (fen, of won only), platform, form, reason (1 to 255 bytes each), expires_at
 * (of opened only).  No other key, no key twice, no null.
 *
 * An appeal is a request's entries: opened, submitted, won or lost; or opened, expired.
 * None may stand without the one before it, or be earlier.  `opened` may come again, with
 * another time, before it is submitted: the window was moved.  Of what may be absent the
 * newest entry that has it counts; the platform may not change.  A line that says again
 * what another says changes nothing; one that contradicts another is refused, and the
 * file with it.  The order of lines does not matter.
 *
 * A platform keeps the same entries in its database: rebut/appeals_store.h.
 *
 * P(appeal succeeds) is learned from won and lost appeals: see rebut_appeals_learn.  The
 * P(abuse) of a decided appeal should be the one that stood when it was submitted: a
 * later one may know how the appeal ended (a verdict, what the buyer did next), and then
 * slope and Brier flatter.  The database keeps it; a file has none, so that from a file
 * P(abuse) is today's and the figures are to be read as the best that can be.
 */
#ifndef REBUT_APPEALS_H
#define REBUT_APPEALS_H

#include "rebut/score.h"

/* Most that a file holds. */
#define REBUT_APPEALS_BYTES ((size_t)256 << 20)
#define REBUT_APPEALS_LINES 1000000
#define REBUT_APPEALS_LINE_MAX 8192 /* bytes of a line */
#define REBUT_APPEALS_TEXT_MAX 255  /* bytes of platform, form, reason */

enum rebut_appeal_status {
    REBUT_APPEAL_OPENED,
    REBUT_APPEAL_SUBMITTED,
    REBUT_APPEAL_WON,
    REBUT_APPEAL_LOST,
    REBUT_APPEAL_EXPIRED,
    REBUT_APPEAL_STATUSES
};
extern const char *const rebut_words_appeal[REBUT_APPEAL_STATUSES];

/* Times are REBUT_TIME_NONE, money is -1 and texts {NULL, 0} where unknown. */
struct rebut_appeal {
    struct rebut_text request_id, platform, form, reason;
    int64_t at[REBUT_APPEAL_STATUSES]; /* of `opened`, the newest */
    int64_t expires, amount, recovered;
    int status; /* enum rebut_appeal_status, the last */
};

/* Of P(appeal): logit P = intercept + slope * logit P(abuse). */
struct rebut_appeals_learned {
    uint32_t decided;  /* won or lost, of requests with a score */
    uint32_t unscored; /* won or lost, of requests without */
    uint32_t won;      /* of `decided` */
    bool assumed;      /* too few: P(appeal) is taken to be P(abuse) */
    double intercept, slope, intercept_sd, slope_sd;
    /* Mean squared error over `decided` of P(appeal) by what was known before the
     * decision, and of P(abuse) itself; NaN of none. */
    double brier, brier_abuse;
    bool kept; /* P(abuse) of decided appeals is of their submission, not of now */
};

struct rebut_logistic_fit;
struct rebut_appeals {
    struct rebut_appeal *list; /* [count], by request_id */
    uint32_t count;
    int64_t as_of; /* later entries were checked and left out; NONE: no entry */
    struct rebut_appeals_learned learned;
    /* [count], of the score that stood when it was submitted, NaN where there was none;
     * NULL: from a file, which does not say. */
    double *submitted_log_odds;
    struct rebut_logistic_fit *fit; /* the rest is private */
    char *bytes, *decoded;
};

/* Read the file, as of `as_of`; REBUT_TIME_MAX: of the newest entry.  Nothing is learned
 * yet: P(appeal) is assumed.  EDATA for a line that is no entry or contradicts another
 * (the words name the line, what was expected and what came), ELIMIT, EIO, ENOMEM. */
REBUT_MUST_CHECK bool rebut_appeals_open(struct rebut_appeals *ret, const char *path,
                                         int64_t as_of, struct rebut_error *err);
/* The same from memory, which is copied. */
REBUT_MUST_CHECK bool rebut_appeals_parse(struct rebut_appeals *ret,
                                          struct rebut_text text, int64_t as_of,
                                          struct rebut_error *err);
void rebut_appeals_close(struct rebut_appeals *appeals); /* zeroed is fine */

/* The appeal of a request, or NULL; O(log count). */
const struct rebut_appeal *rebut_appeals_find(const struct rebut_appeals *appeals,
                                              struct rebut_text request_id);

/* Fewer decided appeals teach nothing: P(appeal) is P(abuse), which is an assumption. */
#define REBUT_APPEALS_ENOUGH 30
/* Prior deviations of intercept and slope around 0 and 1. */
#define REBUT_APPEALS_INTERCEPT_SD 2.0
#define REBUT_APPEALS_SLOPE_SD 0.5

/* Learn from log_odds[count], logit P(abuse) of each appeal of the list, NaN where there
 * is no score.  Expired appeals tell nothing of success and are left out.  Platt around
 * the prior (rebut/calibrate.h), slope at least 0.  ENOMEM, EMATH. */
REBUT_MUST_CHECK bool rebut_appeals_learn(struct rebut_appeals *appeals,
                                          const double *log_odds,
                                          struct rebut_error *err);
/* The same with submitted_log_odds where they are known, else with the log-odds of the
 * scores (NULL: none). */
REBUT_MUST_CHECK bool rebut_appeals_learn_scores(struct rebut_appeals *appeals,
                                                 const struct rebut_scores *scores,
                                                 struct rebut_error *err);

/* P(an appeal succeeds) of a request with this P(abuse), and its 90 % interval; pointers
 * may be NULL.  *assumed: nothing was learned, the answer is P(abuse) and the interval
 * the prior's.  NaN for what is no probability. */
double rebut_appeals_probability(const struct rebut_appeals *appeals,
                                 double probability_of_abuse, double *low, double *high,
                                 bool *assumed);

#endif
