/* Do the words of a request fit what it is about?
 *
 * For each pair of neighbouring characters, how often it occurs in requests on one topic
 * (a category of goods, or a stated reason) against how often it would if topics did
 * not matter:
 *
 *     log (c + s) / (e + s),   c counted, e expected, s = 1/2
 *
 * without all that the same buyer wrote.  A pair that nobody else wrote has c = e = 0
 * and says nothing: rare words are no fault.
 */
#ifndef REBUT_SCORE_WORDING_H
#define REBUT_SCORE_WORDING_H

#include "rebut/state.h"

enum rebut_topic { REBUT_TOPIC_CATEGORY, REBUT_TOPIC_REASON };

/* One request's text against its topic: the least and the most fitting pair. */
struct rebut_fitting {
    float least,
        most; /* log ratios; least is NaN when there is no text of two characters */
};

/* Fill ret[requests], from the texts of all requests of the state (both kinds). */
REBUT_MUST_CHECK bool rebut_wording(const struct rebut_state *state,
                                    enum rebut_topic topic, struct rebut_fitting *ret,
                                    struct rebut_error *err);

#endif
