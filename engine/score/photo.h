/* Does a request's picture stand on another order too?
 *
 * What is the same picture: rebut/album.h.
 */
#ifndef REBUT_SCORE_PHOTO_H
#define REBUT_SCORE_PHOTO_H

#include "rebut/state.h"

/* Fill ret_bin[requests] with the bins of the mark photo_reuse: 0 no picture, 1 on
 * another buyer's order, 2 on another order of the buyer, 3 likewise but at the same
 * merchant within 3 days (it may be one parcel), 4 on no other. */
REBUT_MUST_CHECK bool rebut_photo_reuse(const struct rebut_state *state, uint8_t *ret_bin,
                                        struct rebut_error *err);

#endif
