/* What the files of this room share. */
#ifndef REBUT_REVIEW_PARTS_H
#define REBUT_REVIEW_PARTS_H

#include "rebut/case_page.h"
#include "rebut/review.h"

/* "2026-11-25 18:10" in China; "" of a cell that is NULL. */
#define REBUT_MINUTE_SIZE REBUT_TIME_SIZE
void rebut_review_minute(const struct rebut_rows *rows, int row, int column,
                         char ret_text[REBUT_MINUTE_SIZE]);

/* The cell, or "". */
const char *rebut_review_cell(const struct rebut_rows *rows, int row, int column);

/* Words of somebody as a block of lines, set in by 20 columns and broken at 90. */
void rebut_review_quote(const char *words, struct rebut_output *out);

/* Copy a page, a tab as a blank, anything but printable text and
 * line ends as U+FFFD. */
void rebut_review_plain(struct rebut_text page, struct rebut_output *out);

bool rebut_review_timeline(const struct rebut_case_sheet *sheet,
                           enum rebut_language language, struct rebut_output *out,
                           struct rebut_error *err);
void rebut_review_records(const struct rebut_case_sheet *sheet,
                          enum rebut_language language, struct rebut_output *out);

#endif
