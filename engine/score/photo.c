#include "photo.h"

/* What the same picture on two orders of a buyer means. */
static uint8_t meaning_of_own(const struct rebut_order *order,
                              const struct rebut_order *other)
{
    const bool near = order->at - other->at <= REBUT_ONE_PURCHASE &&
                      other->at - order->at <= REBUT_ONE_PURCHASE;
    return order->merchant == other->merchant && near ? REBUT_PHOTO_ONE_PURCHASE
                                                      : REBUT_PHOTO_SAME_BUYER;
}

/* One picture of a request, and the smallest bin found so far. */
struct look {
    const struct rebut_album *album;
    const struct rebut_order *order; /* NULL: only others are asked about */
    uint32_t buyer;
    uint8_t best;
};

static bool see(void *context, uint32_t photo, int distance)
{
    struct look *look = context;
    const struct rebut_state *state = look->album->state;
    const struct rebut_order *other =
        &state->orders.data[state->requests.data[look->album->request[photo]].order];
    uint8_t found = REBUT_PHOTO_OWN;
    (void)distance; /* the same picture is the same */
    if (other->buyer != look->buyer)
        found = REBUT_PHOTO_OTHER_BUYER;
    else if (look->order != NULL)
        found = meaning_of_own(look->order, other);
    look->best = found < look->best ? found : look->best;
    return look->best != REBUT_PHOTO_OTHER_BUYER;
}

void rebut_photo_reuse(const struct rebut_album *album, uint8_t *ret_bin)
{
    const struct rebut_state *state = album->state;
    for (uint32_t r = 0; r < state->requests.count; r++) {
        const struct rebut_request *request = &state->requests.data[r];
        const struct rebut_order *order = &state->orders.data[request->order];
        ret_bin[r] = request->photo_count == 0 ? REBUT_PHOTO_ABSENT : REBUT_PHOTO_OWN;
        if (request->kind != REBUT_KIND_REFUND_ONLY)
            continue;
        for (uint32_t i = 0; i < request->photo_count; i++) {
            struct look look = {album, order, order->buyer, REBUT_PHOTO_OWN};
            rebut_album_search(album, request->photo_first + i, see, &look);
            ret_bin[r] = look.best < ret_bin[r] ? look.best : ret_bin[r];
        }
    }
}

/* Is the picture on another order of the buyer's own? */
static uint8_t judge_own(const struct rebut_state *own, uint32_t request, uint64_t hash)
{
    const uint32_t order = own->requests.data[request].order;
    uint8_t best = REBUT_PHOTO_OWN;
    for (uint32_t r = 0; r < own->requests.count; r++) {
        const struct rebut_request *other = &own->requests.data[r];
        for (uint32_t i = 0; other->order != order && i < other->photo_count; i++) {
            const uint64_t there = own->photos.data[other->photo_first + i];
            if (__builtin_popcountll(there ^ hash) > REBUT_PHOTO_DISTANCE)
                continue;
            const uint8_t found =
                meaning_of_own(&own->orders.data[order], &own->orders.data[other->order]);
            best = found < best ? found : best;
        }
    }
    return best;
}

uint8_t rebut_photo_of_others(const struct rebut_album *album, uint32_t buyer,
                              const struct rebut_state *own, uint32_t request)
{
    const struct rebut_request *r = &own->requests.data[request];
    struct look look = {album, NULL, buyer, REBUT_PHOTO_OWN};
    for (uint32_t i = 0; i < r->photo_count; i++)
        rebut_album_look(album, own->photos.data[r->photo_first + i], REBUT_NONE, see,
                         &look);
    return r->photo_count == 0 ? REBUT_PHOTO_ABSENT : look.best;
}

uint8_t rebut_photo_of_own(const struct rebut_state *own, uint32_t request)
{
    const struct rebut_request *r = &own->requests.data[request];
    uint8_t best = r->photo_count == 0 ? REBUT_PHOTO_ABSENT : REBUT_PHOTO_OWN;
    for (uint32_t i = 0; i < r->photo_count; i++) {
        const uint8_t found =
            judge_own(own, request, own->photos.data[r->photo_first + i]);
        best = found < best ? found : best;
    }
    return best;
}
