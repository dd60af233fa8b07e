/* How a frame is made, part by part; frame.c calls them in this order. */
#ifndef REBUT_SCORE_FRAME_PARTS_H
#define REBUT_SCORE_FRAME_PARTS_H

#include "factors.h"
#include "rebut/frame.h"
#include "shared.h"

/* Rows, cells, units and merchants' service facts from the orders. */
REBUT_MUST_CHECK bool rebut_frame_rows(struct rebut_frame *frame,
                                       const struct rebut_lens *lens,
                                       struct rebut_error *err);
/* Claims from the refund-only requests; returns counted by cell and unit. */
REBUT_MUST_CHECK bool rebut_frame_claims(struct rebut_frame *frame,
                                         struct rebut_error *err);
/* What reviewers said of each claim; claim_of[request] is its claim or REBUT_NONE. */
void rebut_frame_verdicts(struct rebut_frame *frame, const uint32_t *claim_of);
/* Groups of accounts that share a key. */
REBUT_MUST_CHECK bool rebut_frame_groups(struct rebut_frame *frame,
                                         struct rebut_error *err);
/* The marks of every claim, from the tables that all requests make together. */
REBUT_MUST_CHECK bool rebut_frame_marks(struct rebut_frame *frame,
                                        const struct rebut_lens *lens,
                                        struct rebut_shared *shared,
                                        struct rebut_error *err);
/* After all of them. */
void rebut_frame_describe(struct rebut_frame *frame);

/* rebut_frame_build that leaves the tables in *ret_shared, to be closed by the caller. */
REBUT_MUST_CHECK bool
rebut_frame_build_shared(struct rebut_frame *ret, struct rebut_shared *ret_shared,
                         const struct rebut_state *state, int64_t as_of,
                         const struct rebut_model *model, struct rebut_error *err);

#endif
