/* rebut/instant.h -- what would the score be, now, with these events?
 *
 * One request judged against a night, from what the night knows of its buyer and from
 * events that the caller has: the record that a stream would give after them, and nothing
 * is kept.  As of the later of the request's and its order's time, so that what was
 * known later changes nothing.
 *
 * Not from two threads at once with the same night (rebut/night.h).
 */
#ifndef REBUT_INSTANT_H
#define REBUT_INSTANT_H

#include "rebut/scorer.h"

#define REBUT_INSTANT_EVENTS 1000 /* at most */

struct rebut_instant_question {
    struct rebut_text request_id; /* of the events or of the night */
    struct rebut_text events;     /* a JSON array of events of the input contract, in any
                                     order; empty: none */
    enum rebut_language language;
};

/* Write the record as a line.  Fails with EINPUT, and words for the caller that quote
 * nothing of the events, when one of them is refused, contradicts another or the night,
 * or names an order or request that nobody knows, when there are too many, or when there
 * is no such refund-only request; else as rebut_eye_judge does.  On failure *out may hold
 * part of a line. */
REBUT_MUST_CHECK bool rebut_instant_score(const struct rebut_tonight *tonight,
                                          const struct rebut_instant_question *question,
                                          struct rebut_output *out,
                                          struct rebut_error *err);

#endif
