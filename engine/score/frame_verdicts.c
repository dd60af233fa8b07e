/* What reviewers said of each claim. */
#include "frame_parts.h"
#include "rebut/voices.h"

void rebut_frame_verdicts(struct rebut_frame *frame, const uint32_t *claim_of)
{
    struct rebut_voices voices = {0};
    for (uint32_t begin = 0; begin < frame->state->verdicts.count; begin = voices.next) {
        rebut_voices_of(frame->state, begin, &voices);
        if (claim_of[voices.request] == REBUT_NONE)
            continue;
        struct rebut_frame_claim *claim = &frame->claims[claim_of[voices.request]];
        claim->said_abuse = voices.abuse;
        claim->said_legitimate = voices.legitimate;
        claim->selection = voices.selection;
    }
}
