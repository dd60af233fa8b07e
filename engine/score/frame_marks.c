/* The marks of every claim: what all requests say together, then each row's function. */
#include <stdlib.h>

#include "frame_parts.h"
#include "mark_context.h"

static void release(struct rebut_mark_context *context)
{
    free(context->photo);
    free(context->wording);
    free(context->near);
    free(context->reasons);
}

/* What the frame's own tables say of its own requests. */
static bool prepare(struct rebut_mark_context *context, struct rebut_shared *shared,
                    struct rebut_error *err)
{
    const uint32_t count = context->frame->state->requests.count;
    const size_t requests = count + (size_t)1;
    context->photo = malloc(requests);
    context->wording = malloc(requests * sizeof *context->wording);
    context->near = malloc(requests);
    context->reasons =
        malloc((context->frame->claims_count + (size_t)1) * sizeof *context->reasons);
    if (context->photo == NULL || context->wording == NULL || context->near == NULL ||
        context->reasons == NULL)
        return rebut_fail_memory(err, "marks");
    context->crowded = shared->crowded;
    rebut_photo_reuse(&shared->album, context->photo);
    if (!rebut_wording_all(&shared->wording, context->wording, err))
        return false;
    rebut_reasons_all(shared->reasons, context->reasons);
    for (uint32_t i = 0; i < count; i++)
        context->near[i] = rebut_near_texts_of(shared->near, i);
    return true;
}

bool rebut_frame_marks(struct rebut_frame *frame, const struct rebut_lens *lens,
                       struct rebut_shared *shared, struct rebut_error *err)
{
    struct rebut_mark_context context = {.frame = frame, .lens = lens};
    const bool ok = prepare(&context, shared, err);
    for (uint32_t claim = 0; ok && claim < frame->claims_count; claim++)
        rebut_mark_all(&context, &frame->claims[claim], claim);
    release(&context);
    return ok;
}
