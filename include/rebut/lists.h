/* rebut/lists.h -- where do an order's contacts begin, a request's outcomes and verdicts?
 *
 * Once a state is sealed these lists are sorted by their owner: walk from the first entry
 * as long as it is the owner's.  Where there is none, the first of a later owner is
 * given, or the count.
 */
#ifndef REBUT_LISTS_H
#define REBUT_LISTS_H

#include "rebut/state.h"

uint32_t rebut_state_first_contact(const struct rebut_state *state, uint32_t order);
uint32_t rebut_state_first_outcome(const struct rebut_state *state, uint32_t request);
uint32_t rebut_state_first_verdict(const struct rebut_state *state, uint32_t request);

#endif
