/* rebut/score_write.h -- ranked scores as NDJSON or CSV. */
#ifndef REBUT_SCORE_WRITE_H
#define REBUT_SCORE_WRITE_H

#include "rebut/output.h"
#include "rebut/queue.h"
#include "rebut/score.h"

/* All scores, best first: one JSON object a line, with terms and their sentences in the
 * language asked for.  False when a write failed (the commit says why). */
bool rebut_scores_write_ndjson(const struct rebut_scores *scores,
                               enum rebut_language language, struct rebut_output *out);

/* One of them. */
bool rebut_score_write_line(const struct rebut_scores *scores,
                            const struct rebut_score *score, enum rebut_language language,
                            struct rebut_output *out);

/* Marks as they were written last.  A mark's words and figures depend on its bin and on
 * everybody, not on the request, so most are written as they were before.  All zero at
 * first; for one thread, and any number of scores. */
#define REBUT_SAID_SIZE 480
struct rebut_said {
    struct rebut_said_mark {
        double log_odds, observed, expected;
        uint64_t n;
        enum rebut_language language;
        uint32_t size; /* 0: nothing yet */
        char text[REBUT_SAID_SIZE];
    } mark[REBUT_MARKS][REBUT_MARK_BINS];
};

/* The terms of one score alone, as the JSON array that its line has. */
bool rebut_score_write_terms(const struct rebut_scores *scores,
                             const struct rebut_score *score,
                             enum rebut_language language, struct rebut_output *out);

/* The same as CSV (RFC 4180): a heading, one row a score, a column a term with its
 * log-odds (0 where a score does not have it). */
bool rebut_scores_write_csv(const struct rebut_scores *scores, struct rebut_output *out);

/* A queue: the same objects, each begun by `slot`, `selection` (ranked or random) and
 * `propensity`, which belong into the verdict's event, and `place`. */
bool rebut_queue_write_ndjson(const struct rebut_queue *queue,
                              const struct rebut_scores *scores,
                              enum rebut_language language, struct rebut_output *out);

/* The raw terms of every score as CSV, with each mark's bin, what reviewers said and why
 * they were asked; `log_odds` is without the request's own verdict. */
bool rebut_terms_write_csv(const struct rebut_scores *scores, struct rebut_output *out);

#endif
