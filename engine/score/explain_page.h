/* What the files that write the explanation of a request share. */
#ifndef REBUT_SCORE_EXPLAIN_PAGE_H
#define REBUT_SCORE_EXPLAIN_PAGE_H

#include "rebut/case_page.h"
#include "rebut/explain.h"

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

/* What happened, in the order of time. */
void rebut_page_timeline(const struct rebut_page *page);

/* What would change the answer: by how much the log-odds would have to move, which
 * lines could do it alone if they were refuted, and what a verdict would do. */
void rebut_page_change(const struct rebut_page *page, const struct rebut_term *terms,
                       int count);

#endif
