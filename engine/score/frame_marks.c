/* The marks of every claim: the shared tables, then each row's function. */
#include <stdlib.h>

#include "frame_parts.h"
#include "mark_context.h"
#include "near_text.h"
#include "photo.h"

static void release(struct rebut_mark_context *context)
{
    free(context->photo);
    free(context->category);
    free(context->reason);
    free(context->near);
    free(context->reasons);
    free(context->crowded);
    rebut_company_close(&context->company);
}

/* Links are sorted by key. */
static void find_crowds(const struct rebut_state *state, bool *crowded)
{
    const struct rebut_link *links = state->links[REBUT_KEY_ADDRESS].data;
    const uint32_t count = state->links[REBUT_KEY_ADDRESS].count;
    for (uint32_t begin = 0, end = 0; begin < count; begin = end) {
        while (end < count && links[end].key == links[begin].key)
            end++;
        for (uint32_t i = begin; end - begin >= REBUT_CROWD && i < end; i++)
            crowded[links[i].buyer] = true;
    }
}

static bool prepare(struct rebut_mark_context *context, struct rebut_error *err)
{
    const struct rebut_state *state = context->frame->state;
    const size_t requests = state->requests.count + (size_t)1;
    context->photo = malloc(requests);
    context->category = malloc(requests * sizeof *context->category);
    context->reason = malloc(requests * sizeof *context->reason);
    context->near = malloc(requests);
    context->reasons =
        malloc((context->frame->claims_count + (size_t)1) * sizeof *context->reasons);
    context->crowded =
        calloc(context->frame->buyers + (size_t)1, sizeof *context->crowded);
    if (context->crowded == NULL || context->photo == NULL || context->category == NULL ||
        context->reason == NULL || context->near == NULL || context->reasons == NULL)
        return rebut_fail_memory(err, "marks");
    find_crowds(state, context->crowded);
    return rebut_photo_reuse(state, context->photo, err) &&
           rebut_wording(state, REBUT_TOPIC_CATEGORY, context->category, err) &&
           rebut_wording(state, REBUT_TOPIC_REASON, context->reason, err) &&
           rebut_company_open(&context->company, context->frame, err) &&
           rebut_near_text(context->frame, &context->company, context->near, err) &&
           rebut_reasons(context->frame, &context->company, context->reasons, err);
}

bool rebut_frame_marks(struct rebut_frame *frame, const struct rebut_lens *lens,
                       struct rebut_error *err)
{
    struct rebut_mark_context context = {.frame = frame, .lens = lens};
    const bool ok = prepare(&context, err);
    for (uint32_t claim = 0; ok && claim < frame->claims_count; claim++)
        for (int mark = 0; mark < REBUT_MARKS; mark++)
            frame->claims[claim].bin[mark] =
                rebut_mark_tables[mark].bin_of(&context, claim);
    release(&context);
    return ok;
}
