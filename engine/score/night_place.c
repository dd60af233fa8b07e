/* The place of a score in the night's list: as if it stood there instead of what the
 * night said of the same request. */
#include <math.h>

#include "night_parts.h"
#include "rebut/honest.h"
#include "score_parts.h"

/* Where the night has the request itself, or REBUT_NONE. */
static uint32_t own_place(const struct rebut_eye *eye)
{
    const struct rebut_night *night = eye->night;
    const uint32_t request =
        rebut_night_find(&night->state->request_ids, &eye->own->request_ids,
                         eye->frame.claims[eye->score.claim].request);
    if (request == REBUT_NONE || eye->known.buyer == REBUT_NONE)
        return REBUT_NONE;
    for (uint32_t i = night->frame.buyer_claims[eye->known.buyer];
         i < night->frame.buyer_claims[eye->known.buyer + 1]; i++)
        if (night->frame.claims[i].request == request)
            return night->scores.by_claim[i];
    return REBUT_NONE;
}

/* How many of the night's list come before it. */
static uint32_t count_before(const struct rebut_eye *eye)
{
    const struct rebut_scores *list = &eye->night->scores;
    uint32_t low = 0, high = list->count;
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        if (rebut_score_compare(list, &list->list[middle], &eye->scores, &eye->score) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static double conformal_q(const struct rebut_eye *eye, uint32_t before, uint32_t own)
{
    const struct rebut_scores *list = &eye->night->scores;
    const struct rebut_honest *honest = &eye->night->model->honest;
    const uint32_t *tested_before = eye->night->tested_before;
    if (!rebut_score_is_tested(&eye->scores, &eye->score))
        return (double)NAN;
    const bool own_tested =
        own != REBUT_NONE && rebut_score_is_tested(list, &list->list[own]);
    const uint32_t tested = tested_before[list->count] - own_tested + 1;
    const uint32_t above = tested_before[before] - (own_tested && own < before);
    uint32_t next = before;
    while (next < list->count &&
           (next == own || !rebut_score_is_tested(list, &list->list[next])))
        next++;
    double *p_there =
        &eye->night->honest_p[rebut_honest_place(honest, eye->score.log_odds)];
    if (isnan(*p_there)) /* 20 us */
        *p_there =
            rebut_honest_p(honest, rebut_honest_above(honest, eye->score.log_odds));
    const double p = *p_there;
    const double here = p * tested / (above + 1);
    const double least = next < list->count ? list->list[next].conformal_q : 1;
    return here < least ? here : least;
}

void rebut_eye_place(struct rebut_eye *eye)
{
    const struct rebut_scores *list = &eye->night->scores;
    struct rebut_score *score = &eye->score;
    const uint32_t own = own_place(eye), before = count_before(eye);
    const bool own_before = own != REBUT_NONE && own < before;
    double wrong = eye->night->wrong_before[before];
    if (own_before)
        wrong -= 1 - list->list[own].prudent;
    score->rank = before - own_before + 1;
    wrong += 1 - score->prudent;
    score->q_value =
        fmax(before > 0 ? list->list[before - 1].q_value : 0, wrong / score->rank);
    score->answer = rebut_score_answer(score);
    score->conformal_q = conformal_q(eye, before, own);
}
