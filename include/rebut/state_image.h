/* rebut/state_image.h -- a sealed state in an image (rebut/image.h). */
#ifndef REBUT_STATE_IMAGE_H
#define REBUT_STATE_IMAGE_H

#include "rebut/image.h"
#include "rebut/state.h"

/* Written: sealed with its order_keys (EINPUT).  Taken: *state is made, to be read only;
 * its texts' places take 16 bytes each of memory of its own.  Forget before the state is
 * released.  On failure, forget and release. */
REBUT_MUST_CHECK bool rebut_state_image(struct rebut_state *state,
                                        struct rebut_image *image,
                                        struct rebut_error *err);

#endif
