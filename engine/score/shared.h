/* What all requests of a state say together: the tables that marks are found from.
 *
 * A frame finds the marks of its own claims from its own tables (frame_marks.c).  A
 * stream asks the tables of the night about requests that need not be in them
 * (night_marks.c).
 */
#ifndef REBUT_SCORE_SHARED_H
#define REBUT_SCORE_SHARED_H

#include "near_text.h"
#include "photo.h"
#include "reasons.h"
#include "wording.h"

/* Whoever asks leaves things out for the moment, so one thread asks. */
struct rebut_shared {
    struct rebut_album album;
    struct rebut_wording wording;
    struct rebut_company company;
    struct rebut_near_texts *near;
    struct rebut_reasons *reasons;
    bool *crowded; /* [buyers]: at an address of REBUT_CROWD accounts or more */
};

/* A porter's lodge, a dormitory's lockers, a forwarder: households and most rings
 * are smaller. */
#define REBUT_CROWD 20

/* From a frame that has rows, claims and groups; borrowed, as is its sealed state.  On
 * failure *ret is empty. */
REBUT_MUST_CHECK bool rebut_shared_open(struct rebut_shared *ret,
                                        const struct rebut_frame *frame,
                                        struct rebut_error *err);
/* The same in an image (rebut/image.h), of the same frame. */
REBUT_MUST_CHECK bool rebut_shared_image(struct rebut_shared *shared,
                                         const struct rebut_frame *frame,
                                         struct rebut_image *image,
                                         struct rebut_error *err);
void rebut_shared_close(struct rebut_shared *shared);

#endif
