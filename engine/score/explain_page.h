/* What the files that write the explanation of a request share. */
#ifndef REBUT_SCORE_EXPLAIN_PAGE_H
#define REBUT_SCORE_EXPLAIN_PAGE_H

#include "rebut/explain.h"

/* Words of this page, both languages in one place. */
enum rebut_page_word {
    W_TITLE,
    W_ANSWER,
    W_PROBABILITY,
    W_TIMELINE,
    W_AGAINST,
    W_FOR,
    W_NEUTRAL,
    W_NONE,
    W_CALIBRATION,
    W_CHANGE,
    W_UNKNOWN,
    W_SUM,
    W_NOTICE,
    W_ORDERED,
    W_PROMISED,
    W_SHIPPED,
    W_DELIVERED,
    W_REQUESTED,
    W_AFTER_SIGNING,
    W_NOT_DELIVERED,
    W_NO_SHIPMENT,
    WORDS
};

/* What is written, about what, for whom. */
struct rebut_page {
    const struct rebut_scores *scores;
    const struct rebut_score *score;
    const struct rebut_state *state;
    const struct rebut_request *request;
    const struct rebut_order *order;
    uint32_t request_index;
    enum rebut_language language;
    struct rebut_output *out;
};

const char *rebut_page_say(const struct rebut_page *page, enum rebut_page_word word);

/* What happened, in the order of time. */
void rebut_page_timeline(const struct rebut_page *page);

/* What would change the answer: by how much the log-odds would have to move, which
 * lines could do it alone if they were refuted, and what a verdict would do. */
void rebut_page_change(const struct rebut_page *page, const struct rebut_term *terms,
                       int count);

#endif
