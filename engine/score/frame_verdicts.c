/* What reviewers said of each claim: every reviewer has one voice, the last it used;
 * `unclear` is no word and takes none back. */
#include "frame_parts.h"

/* Of a request judged more often than this only the last count; so many voices are a
 * mistake of whoever sends the events, and must not cost a square. */
#define VOICES_MAX 64

/* Did the same reviewer speak again, before `end`?  Verdicts without a reviewer are of
 * one and the same. */
static bool speaks_again(const struct rebut_verdict_seen *seen, uint32_t i, uint32_t end)
{
    for (uint32_t j = i + 1; j < end; j++)
        if (seen[j].reviewer == seen[i].reviewer &&
            seen[j].verdict != REBUT_VERDICT_UNCLEAR)
            return true;
    return false;
}

/* A random draw says more of a request's neighbours than what else led to it. */
static void note_selection(struct rebut_frame_claim *claim,
                           const struct rebut_verdict_seen *seen)
{
    const bool random = seen->selection == REBUT_SELECTION_RANDOM;
    if (claim->selection == REBUT_SELECTION_RANDOM ||
        (claim->selection != REBUT_SELECTION_NONE && !random))
        return;
    claim->selection = seen->selection;
}

static void note_voices(struct rebut_frame_claim *claim,
                        const struct rebut_verdict_seen *seen, uint32_t begin,
                        uint32_t end)
{
    if (end - begin > VOICES_MAX)
        begin = end - VOICES_MAX;
    for (uint32_t i = begin; i < end; i++) {
        if (seen[i].verdict == REBUT_VERDICT_UNCLEAR || speaks_again(seen, i, end))
            continue;
        claim->said_abuse += seen[i].verdict == REBUT_VERDICT_ABUSE;
        claim->said_legitimate += seen[i].verdict == REBUT_VERDICT_LEGITIMATE;
        note_selection(claim, &seen[i]);
    }
}

/* Verdicts are sorted by request, then time. */
void rebut_frame_verdicts(struct rebut_frame *frame, const uint32_t *claim_of)
{
    const struct rebut_verdict_seen *seen = frame->state->verdicts.data;
    const uint32_t count = frame->state->verdicts.count;
    for (uint32_t begin = 0, end = 0; begin < count; begin = end) {
        while (end < count && seen[end].request == seen[begin].request)
            end++;
        const uint32_t claim = claim_of[seen[begin].request];
        if (claim != REBUT_NONE)
            note_voices(&frame->claims[claim], seen, begin, end);
    }
}
