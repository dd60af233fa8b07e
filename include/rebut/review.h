/* rebut/review.h -- cases from the database as reviewers read them.
 *
 * Lines for programs: the members of 'rebut queue --input', as far as the database shows
 * them, and until when the reader holds the case.  A page for a person: what
 * 'rebut explain' prints (rebut/case_page.h), the words of buyer and merchant, both their
 * records, who holds the case and what the reader decided.  The sentences of the reasons
 * are in the language of the run that stored them.
 *
 * A failed write sticks in `out` and is told by its commit.
 */
#ifndef REBUT_REVIEW_H
#define REBUT_REVIEW_H

#include "rebut/cases.h"
#include "rebut/language.h"
#include "rebut/output.h"

/* One JSON object a row with enum rebut_cases_column; a column that is NULL is left
 * out. */
void rebut_review_lines(const struct rebut_rows *rows, struct rebut_output *out);

/* The whole case as one JSON object on one line: the members above, then state, events,
 * buyer_record, merchant_record, decisions. */
void rebut_review_json(const struct rebut_case_sheet *sheet, struct rebut_output *out);

/* The page.  What others wrote cannot move the cursor, change colours or the direction of
 * writing.  ENOMEM. */
REBUT_MUST_CHECK bool rebut_review_page(const struct rebut_case_sheet *sheet,
                                        enum rebut_language language,
                                        struct rebut_output *out,
                                        struct rebut_error *err);

#endif
