/* What the marks are found from, and the functions that find them: one a row of the
 * table in marks.c.  Tables that many claims share are made once, before the first. */
#ifndef REBUT_SCORE_MARK_CONTEXT_H
#define REBUT_SCORE_MARK_CONTEXT_H

#include "company.h"
#include "factors.h"
#include "reasons.h"
#include "rebut/frame.h"
#include "wording.h"

struct rebut_mark_context {
    const struct rebut_frame *frame; /* rows, claims and groups are there */
    const struct rebut_lens *lens;
    uint8_t *photo;                          /* [requests]: rebut_photo_reuse */
    struct rebut_fitting *category, *reason; /* [requests]: rebut_wording */
    struct rebut_company company;
    uint8_t *near;                     /* [requests]: rebut_near_text */
    struct rebut_reason_view *reasons; /* [claims]: rebut_reasons */
    bool *crowded; /* [buyers]: at an address of REBUT_CROWD accounts or more */
};

/* A porter's lodge, a dormitory's lockers, a forwarder: households and most rings
 * are smaller. */
#define REBUT_CROWD 20

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

/* From the request and its own order: marks_own.c. */
rebut_mark_function rebut_mark_delay, rebut_mark_logistics, rebut_mark_reply,
    rebut_mark_amount;
/* From what others asked, too: marks_others.c. */
rebut_mark_function rebut_mark_text, rebut_mark_words, rebut_mark_photo, rebut_mark_copy,
    rebut_mark_mix, rebut_mark_concord;

#endif
