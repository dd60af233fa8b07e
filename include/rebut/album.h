/* rebut/album.h -- on which other orders does this picture stand?
 *
 * Perceptual hashes of 64 bits that differ in at most 7 mean the same picture.  Multi-
 * index hashing (Norouzi, Punjani, Fleet 2012): of four 16-bit parts at least one then
 * differs in at most one bit, so four tables and 17 look-ups each find all of them
 * without comparing all pairs.
 */
#ifndef REBUT_ALBUM_H
#define REBUT_ALBUM_H

#include "rebut/state.h"

#define REBUT_PHOTO_DISTANCE 7
#define REBUT_ALBUM_PARTS 4

/* Two orders of a buyer at one shop within this time may have come in one parcel. */
#define REBUT_ONE_PURCHASE (3 * REBUT_DAY)

/* Pictures in buckets by one 16-bit part. */
struct rebut_album_table {
    uint32_t *first; /* [buckets + 1] */
    uint32_t *photo; /* [photos], by bucket */
};

struct rebut_album {
    const struct rebut_state *state; /* borrowed; sealed */
    uint32_t *request; /* [photos]: whose picture it is, or REBUT_NONE: replaced */
    struct rebut_album_table part[REBUT_ALBUM_PARTS];
};

/* All pictures of the state, 20 bytes each and 1 MiB.  ENOMEM. */
REBUT_MUST_CHECK bool rebut_album_open(struct rebut_album *ret,
                                       const struct rebut_state *state,
                                       struct rebut_error *err);
/* The same in an image (rebut/image.h), of the same state. */
REBUT_MUST_CHECK bool rebut_album_image(struct rebut_album *album,
                                        const struct rebut_state *state,
                                        struct rebut_image *image,
                                        struct rebut_error *err);
void rebut_album_close(struct rebut_album *album);

/* A find: `photo` (in state->photos) stands on another order, at so many bits.  False
 * ends the search. */
typedef bool rebut_album_visit(void *context, uint32_t photo, int distance);

/* Visit the same pictures on other orders; one may be visited up to four times.  At
 * most 65,536 of a bucket are looked at. */
void rebut_album_search(const struct rebut_album *album, uint32_t photo,
                        rebut_album_visit *visit, void *context);

/* The same for a picture that need not be in the album, by its hash; pictures on `order`
 * are left out (REBUT_NONE: none are). */
void rebut_album_look(const struct rebut_album *album, uint64_t hash, uint32_t order,
                      rebut_album_visit *visit, void *context);

#endif
