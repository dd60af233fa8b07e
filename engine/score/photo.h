/* Does a request's picture stand on another order too?
 *
 * What is the same picture: rebut/album.h.
 */
#ifndef REBUT_SCORE_PHOTO_H
#define REBUT_SCORE_PHOTO_H

#include "rebut/album.h"

/* The bins of the mark photo_reuse. */
enum rebut_photo_bin {
    REBUT_PHOTO_ABSENT,
    REBUT_PHOTO_OTHER_BUYER,
    REBUT_PHOTO_SAME_BUYER,
    REBUT_PHOTO_ONE_PURCHASE, /* on another order of the buyer at the same merchant within
                                 3 days: it may be one parcel */
    REBUT_PHOTO_OWN           /* on no other order */
};

/* Fill ret_bin[requests] with enum rebut_photo_bin. */
void rebut_photo_reuse(const struct rebut_album *album, uint8_t *ret_bin);

/* The same for one request of another state whose orders are all one buyer's: by the
 * album's other buyers (all but `buyer`, REBUT_NONE: all), and by the buyer's own orders.
 * The smaller of both is the bin. */
uint8_t rebut_photo_of_others(const struct rebut_album *album, uint32_t buyer,
                              const struct rebut_state *own, uint32_t request);
uint8_t rebut_photo_of_own(const struct rebut_state *own, uint32_t request);

#endif
