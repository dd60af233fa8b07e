/* What the marks are found from, and the functions that find them: one a row of the
 * table in marks.c. */
#ifndef REBUT_SCORE_MARK_CONTEXT_H
#define REBUT_SCORE_MARK_CONTEXT_H

#include "factors.h"
#include "rebut/frame.h"
#include "shared.h"

struct rebut_mark_context {
    const struct rebut_frame *frame; /* rows, claims and groups are there */
    const struct rebut_lens *lens;
    uint8_t *photo;                                /* [requests]: enum rebut_photo_bin */
    struct rebut_fitting (*wording)[REBUT_TOPICS]; /* [requests] */
    uint8_t *near;                                 /* [requests]: enum rebut_near */
    struct rebut_reason_view *reasons;             /* [claims] */
    bool *crowded; /* [buyers]: at an address of REBUT_CROWD accounts or more */
};

static inline const struct rebut_request *
rebut_mark_request(const struct rebut_mark_context *context, uint32_t claim)
{
    const struct rebut_frame *frame = context->frame;
    return &frame->state->requests.data[frame->claims[claim].request];
}

static inline const struct rebut_order *
rebut_mark_order(const struct rebut_mark_context *context, uint32_t claim)
{
    const uint32_t order = rebut_mark_request(context, claim)->order;
    return &context->frame->state->orders.data[order];
}

typedef uint8_t rebut_mark_function(const struct rebut_mark_context *context,
                                    uint32_t claim);

/* All bins of one claim, into the frame's. */
static inline void rebut_mark_all(const struct rebut_mark_context *context,
                                  struct rebut_frame_claim *claim, uint32_t index)
{
    for (int mark = 0; mark < REBUT_MARKS; mark++)
        claim->bin[mark] = rebut_mark_tables[mark].bin_of(context, index);
}

/* From the request and its own order: marks_own.c. */
rebut_mark_function rebut_mark_delay, rebut_mark_logistics, rebut_mark_reply,
    rebut_mark_amount;
/* From what others asked, too: marks_others.c. */
rebut_mark_function rebut_mark_text, rebut_mark_words, rebut_mark_photo, rebut_mark_copy,
    rebut_mark_mix, rebut_mark_concord;

#endif
