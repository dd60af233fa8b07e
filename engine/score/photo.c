#include "photo.h"

#include "rebut/album.h"

/* What the same picture on two orders means: 1, 2 or 3 of the mark's bins. */
static uint8_t meaning(const struct rebut_order *order, const struct rebut_order *other)
{
    if (order->buyer != other->buyer)
        return 1;
    const bool near = order->at - other->at <= REBUT_ONE_PURCHASE &&
                      other->at - order->at <= REBUT_ONE_PURCHASE;
    return order->merchant == other->merchant && near ? 3 : 2;
}

/* One picture of a request, and the smallest bin found so far. */
struct look {
    const struct rebut_album *album;
    uint32_t order;
    uint8_t best;
};

static bool see(void *context, uint32_t photo, int distance)
{
    struct look *look = context;
    const struct rebut_state *state = look->album->state;
    const uint32_t other = state->requests.data[look->album->request[photo]].order;
    const uint8_t found =
        meaning(&state->orders.data[look->order], &state->orders.data[other]);
    (void)distance; /* the same picture is the same */
    look->best = found < look->best ? found : look->best;
    return look->best != 1;
}

bool rebut_photo_reuse(const struct rebut_state *state, uint8_t *ret_bin,
                       struct rebut_error *err)
{
    struct rebut_album album;
    if (!rebut_album_open(&album, state, err))
        return false;
    for (uint32_t r = 0; r < state->requests.count; r++) {
        const struct rebut_request *request = &state->requests.data[r];
        ret_bin[r] = request->photo_count == 0 ? 0 : 4;
        if (request->kind != REBUT_KIND_REFUND_ONLY)
            continue;
        for (uint32_t i = 0; i < request->photo_count; i++) {
            struct look look = {&album, request->order, 4};
            rebut_album_search(&album, request->photo_first + i, see, &look);
            ret_bin[r] = look.best < ret_bin[r] ? look.best : ret_bin[r];
        }
    }
    rebut_album_close(&album);
    return true;
}
