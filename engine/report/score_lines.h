/* A file of scores, one JSON object a line: what evaluation and audit read alike. */
#ifndef REBUT_REPORT_SCORE_LINES_H
#define REBUT_REPORT_SCORE_LINES_H

#include <jansson.h>

#include "rebut/error.h"
#include "rebut/text.h"

#define REBUT_SCORES_LINE_MAX ((size_t)1 << 20)

/* Call `take` with each object; false with the path and the line's number in front of
 * what it said.  "-" is standard input; blank lines are passed over.  EIO, EDATA, ELIMIT,
 * or what `take` fails with. */
typedef bool rebut_take_score(void *to, json_t *object, struct rebut_error *err);
REBUT_MUST_CHECK bool rebut_score_lines(const char *path, rebut_take_score *take,
                                        void *to, struct rebut_error *err);

/* The member 'request_id', of 1 to 255 bytes. */
REBUT_MUST_CHECK bool rebut_score_id(json_t *object, struct rebut_text *ret,
                                     struct rebut_error *err);

/* A number from 0 to 1; `otherwise` when it is not there or null, unless that is below
 * 0. */
REBUT_MUST_CHECK bool rebut_score_share(json_t *object, const char *name,
                                        double otherwise, double *ret,
                                        struct rebut_error *err);

/* RFC 3339 or milliseconds; REBUT_TIME_NONE when it is neither. */
int64_t rebut_score_time(json_t *value);

#endif
