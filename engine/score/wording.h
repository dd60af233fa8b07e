/* Do the words of a request fit the category of the goods?
 *
 * For each pair of neighbouring characters, how often it occurs in requests about this
 * category against how often it would if categories did not matter:
 *
 *     log (c + s) / (e + s),   c counted, e expected, s = 2
 *
 * without the request itself.  The fit of a request is its least fitting pair.  A pair
 * that nobody else wrote has c = e = 0 and says nothing: rare words are no fault.
 */
#ifndef REBUT_SCORE_WORDING_H
#define REBUT_SCORE_WORDING_H

#include "rebut/state.h"

struct rebut_wording;

/* Count the pairs of all requests of the state (both kinds). */
REBUT_MUST_CHECK bool rebut_wording_new(struct rebut_wording **ret,
                                        const struct rebut_state *state,
                                        struct rebut_error *err);
void rebut_wording_free(struct rebut_wording *wording);

/* The fit of a request's text, at most 0 for any unusual pair; false when it has no
 * text of two characters. */
bool rebut_wording_fit(const struct rebut_wording *wording, uint32_t request,
                       double *ret_fit);

#endif
