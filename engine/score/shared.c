#include "shared.h"

#include <stdlib.h>

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

bool rebut_shared_open(struct rebut_shared *ret, const struct rebut_frame *frame,
                       struct rebut_error *err)
{
    const struct rebut_state *state = frame->state;
    *ret = (struct rebut_shared){0};
    ret->crowded = calloc(frame->buyers + (size_t)1, sizeof *ret->crowded);
    bool ok = ret->crowded != NULL || rebut_fail_memory(err, "crowded addresses");
    if (ok)
        find_crowds(state, ret->crowded);
    ok = ok && rebut_album_open(&ret->album, state, err) &&
         rebut_wording_open(&ret->wording, state, err) &&
         rebut_company_open(&ret->company, frame, err) &&
         rebut_near_texts_open(&ret->near, frame, &ret->company, err) &&
         rebut_reasons_open(&ret->reasons, frame, &ret->company, err);
    if (!ok)
        rebut_shared_close(ret);
    return ok;
}

REBUT_IMAGE_KNOWS(struct rebut_shared, 344);
bool rebut_shared_image(struct rebut_shared *shared, const struct rebut_frame *frame,
                        struct rebut_image *image, struct rebut_error *err)
{
    const struct rebut_state *state = frame->state;
    return REBUT_IMAGE_ROWS(image, "crowded", shared->crowded, frame->buyers, err) &&
           rebut_album_image(&shared->album, state, image, err) &&
           rebut_wording_image(&shared->wording, state, image, err) &&
           rebut_company_image(&shared->company, frame, image, err) &&
           rebut_near_texts_image(&shared->near, frame, &shared->company, image, err) &&
           rebut_reasons_image(&shared->reasons, frame, &shared->company, image, err);
}

void rebut_shared_close(struct rebut_shared *shared)
{
    rebut_album_close(&shared->album);
    rebut_wording_close(&shared->wording);
    rebut_company_close(&shared->company);
    rebut_near_texts_close(shared->near);
    rebut_reasons_close(shared->reasons);
    free(shared->crowded);
    *shared = (struct rebut_shared){0};
}
