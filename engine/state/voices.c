#include "rebut/voices.h"

static bool speaks_again(const struct rebut_verdict_seen *seen, uint32_t i, uint32_t end)
{
    for (uint32_t j = i + 1; j < end; j++)
        if (seen[j].reviewer == seen[i].reviewer &&
            seen[j].verdict != REBUT_VERDICT_UNCLEAR)
            return true;
    return false;
}

static void note_selection(struct rebut_voices *voices,
                           const struct rebut_verdict_seen *seen)
{
    const bool random = seen->selection == REBUT_SELECTION_RANDOM;
    if (voices->selection == REBUT_SELECTION_RANDOM ||
        (voices->selection != REBUT_SELECTION_NONE && !random))
        return;
    voices->selection = seen->selection;
    voices->propensity = seen->propensity;
}

void rebut_voices_of(const struct rebut_state *state, uint32_t begin,
                     struct rebut_voices *ret)
{
    const struct rebut_verdict_seen *seen = state->verdicts.data;
    const uint32_t request = seen[begin].request;
    uint32_t end = begin;
    while (end < state->verdicts.count && seen[end].request == request)
        end++;
    *ret = (struct rebut_voices){.request = request,
                                 .next = end,
                                 .first_at = seen[begin].at,
                                 .last_at = seen[begin].at};
    if (end - begin > REBUT_VOICES_MAX)
        begin = end - REBUT_VOICES_MAX;
    for (uint32_t i = begin; i < end; i++) {
        if (seen[i].verdict == REBUT_VERDICT_UNCLEAR || speaks_again(seen, i, end))
            continue;
        ret->voice[ret->count++] =
            (struct rebut_voice){seen[i].reviewer, seen[i].verdict};
        ret->abuse += seen[i].verdict == REBUT_VERDICT_ABUSE;
        ret->legitimate += seen[i].verdict == REBUT_VERDICT_LEGITIMATE;
        ret->last_at = seen[i].at;
        note_selection(ret, &seen[i]);
    }
}
