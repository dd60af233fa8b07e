/* rebut/explain.h -- the case of one request, as a person reads it.
 *
 * Chinese first, English second: header, timeline with the intervals that matter, each
 * term as a sentence (strongest first, for and against the buyer apart), what the
 * number does not know, and the notice that a person decides.  It names the request,
 * order and merchant, and the buyer's id; no device, address or payment account.
 */
#ifndef REBUT_EXPLAIN_H
#define REBUT_EXPLAIN_H

#include "rebut/output.h"
#include "rebut/score.h"

/* The score of a request by its id.  EDATA when there is no such request, or when it
 * is no refund-only one. */
REBUT_MUST_CHECK bool rebut_explain_find(const struct rebut_scores *scores,
                                         struct rebut_text request_id,
                                         const struct rebut_score **ret_score,
                                         struct rebut_error *err);

/* Write the case.  A failure sticks in `out` and is told by its commit. */
void rebut_explain(const struct rebut_scores *scores, const struct rebut_score *score,
                   enum rebut_language language, struct rebut_output *out);

#endif
