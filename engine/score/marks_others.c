/* Marks of a request held against what others asked. */
#include <math.h>

#include "mark_context.h"

/* Logarithms of 4, 7 and 20 times rarer. */
#define UNUSUAL -1.386F
#define RARE -1.946F
#define FOREIGN -2.996F

/* 1 foreign, 2 rare, 3 unusual, 4 none of them; 0 without text. */
static uint8_t rarity(struct rebut_fitting fitting)
{
    if (isnan(fitting.least))
        return 0;
    return fitting.least < FOREIGN   ? 1
           : fitting.least < RARE    ? 2
           : fitting.least < UNUSUAL ? 3
                                     : 4;
}

uint8_t rebut_mark_text(const struct rebut_mark_context *context, uint32_t claim)
{
    return rarity(
        context->wording[context->frame->claims[claim].request][REBUT_TOPIC_CATEGORY]);
}

uint8_t rebut_mark_words(const struct rebut_mark_context *context, uint32_t claim)
{
    const struct rebut_fitting fitting =
        context->wording[context->frame->claims[claim].request][REBUT_TOPIC_REASON];
    const uint8_t bin = rarity(fitting);
    return bin == 4 && fitting.most > -UNUSUAL ? 5 : bin;
}

uint8_t rebut_mark_photo(const struct rebut_mark_context *context, uint32_t claim)
{
    return context->photo[context->frame->claims[claim].request];
}

uint8_t rebut_mark_copy(const struct rebut_mark_context *context, uint32_t claim)
{
    return context->near[context->frame->claims[claim].request];
}

uint8_t rebut_mark_mix(const struct rebut_mark_context *context, uint32_t claim)
{
    const double ratio = context->reasons[claim].ratio;
    return ratio == 0      ? 0
           : ratio < .5    ? 1
           : ratio < .8    ? 2
           : ratio <= 1.25 ? 3
           : ratio <= 2    ? 4
                           : 5;
}

/* A witness counts for what it exceeds the expected by: that everybody names the one
 * reason that everybody names says nothing. */
uint8_t rebut_mark_concord(const struct rebut_mark_context *context, uint32_t claim)
{
    const struct rebut_reason_view *view = &context->reasons[claim];
    if (view->same == 0)
        return view->expected >= 1 ? 1 : 0;
    if (view->same >= 2 && view->same > 2 * view->expected)
        return 4;
    return view->same >= view->expected + .5 ? 3 : 2;
}
