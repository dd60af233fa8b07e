/* Moments, the first on top. */
#include "parts.h"

static bool is_before(const struct live_moment *a, const struct live_moment *b)
{
    return a->at != b->at ? a->at < b->at : a->number < b->number;
}

bool rebut_live_heap_put(struct live_heap *heap, struct live_moment moment,
                         struct rebut_error *err)
{
    if (!REBUT_ARRAY_MORE(&heap->moments, 1, "what waits", err))
        return false;
    struct live_moment *moments = heap->moments.data;
    uint32_t at = heap->moments.count++;
    while (at > 0 && is_before(&moment, &moments[(at - 1) / 2])) {
        moments[at] = moments[(at - 1) / 2];
        at = (at - 1) / 2;
    }
    moments[at] = moment;
    return true;
}

struct live_moment rebut_live_heap_take(struct live_heap *heap)
{
    struct live_moment *moments = heap->moments.data;
    const struct live_moment first = moments[0];
    const uint32_t count = --heap->moments.count;
    const struct live_moment moment = moments[count];
    uint32_t at = 0;
    while (at * (uint64_t)2 + 1 < count) {
        uint32_t child = at * 2 + 1;
        if (child + 1 < count && is_before(&moments[child + 1], &moments[child]))
            child++;
        if (!is_before(&moments[child], &moment))
            break;
        moments[at] = moments[child];
        at = child;
    }
    moments[at] = moment;
    return first;
}
