/* A sealed state in an image. */
#include "rebut/state_image.h"

#include <stdlib.h>

/* ---- texts: where each ends, then their bytes ---- */

static bool write_texts(const struct rebut_state *state, struct rebut_image *image,
                        struct rebut_error *err)
{
    uint64_t end = 0;
    if (!rebut_image_open_section(image, "text ends", sizeof end, false, err))
        return false;
    for (uint32_t i = 0; i < state->texts.count; i++) {
        end += state->texts.data[i].size;
        if (!rebut_image_piece(image, &end, sizeof end, err))
            return false;
    }
    rebut_image_close_section(image);
    if (!rebut_image_open_section(image, "texts", 1, false, err))
        return false;
    for (uint32_t i = 0; i < state->texts.count; i++)
        if (!rebut_image_piece(image, state->texts.data[i].data,
                               state->texts.data[i].size, err))
            return false;
    rebut_image_close_section(image);
    return true;
}

static bool take_texts(struct rebut_state *state, struct rebut_image *image,
                       struct rebut_error *err)
{
    void *ends = NULL, *bytes = NULL;
    size_t count = 0, size = 0;
    uint64_t begin = 0;
    if (!rebut_image_take(image, "text ends", sizeof begin, &ends, &count, err) ||
        !rebut_image_take(image, "texts", 1, &bytes, &size, err) ||
        !REBUT_ARRAY_MORE(&state->texts, count, "texts", err))
        return false;
    for (size_t i = 0; i < count; i++) {
        const uint64_t end = ((const uint64_t *)ends)[i];
        state->texts.data[i] =
            (struct rebut_text){(const char *)bytes + begin, end - begin};
        begin = end;
    }
    state->texts.count = (uint32_t)count;
    return true;
}

static bool walk_texts(struct rebut_state *state, struct rebut_image *image,
                       struct rebut_error *err)
{
    if (image->mode == REBUT_IMAGE_WRITE)
        return write_texts(state, image, err);
    if (image->mode == REBUT_IMAGE_TAKE)
        return take_texts(state, image, err);
    free(state->texts.data);
    state->texts.data = NULL;
    state->texts.count = state->texts.room = 0;
    return true;
}

/* ---- ids and rows ---- */

static bool walk_ids(struct rebut_state *state, struct rebut_image *image,
                     struct rebut_error *err)
{
    const struct {
        struct rebut_intern *table;
        const char *name;
    } tables[] = {
        {&state->order_ids, "order ids"},
        {&state->request_ids, "request ids"},
        {&state->buyer_ids, "buyer ids"},
        {&state->merchant_ids, "merchant ids"},
        {&state->sku_ids, "sku ids"},
        {&state->key_ids[REBUT_KEY_DEVICE], "device ids"},
        {&state->key_ids[REBUT_KEY_ADDRESS], "address ids"},
        {&state->key_ids[REBUT_KEY_PAYMENT], "payment ids"},
        {&state->categories, "categories"},
        {&state->campaigns, "campaigns"},
        {&state->regions, "regions"},
        {&state->carriers, "carriers"},
        {&state->distributors, "distributors"},
        {&state->hosts, "hosts"},
        {&state->reviewers, "reviewers"},
    };
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
        if (!rebut_intern_image(tables[i].table, image, tables[i].name, err))
            return false;
    return true;
}

static bool walk_rows(struct rebut_state *state, struct rebut_image *image,
                      struct rebut_error *err)
{
    bool ok = REBUT_IMAGE_ARRAY(image, "orders", state->orders, err) &&
              REBUT_IMAGE_ARRAY(image, "requests", state->requests, err) &&
              REBUT_IMAGE_ARRAY(image, "order keys", state->order_keys, err) &&
              REBUT_IMAGE_ARRAY(image, "contacts", state->contacts, err) &&
              REBUT_IMAGE_ARRAY(image, "outcomes", state->outcomes, err) &&
              REBUT_IMAGE_ARRAY(image, "verdicts", state->verdicts, err) &&
              REBUT_IMAGE_ARRAY(image, "prices", state->prices, err) &&
              REBUT_IMAGE_ARRAY(image, "photos", state->photos, err);
    for (int kind = 0; ok && kind < REBUT_KEYS; kind++)
        ok = REBUT_IMAGE_ARRAY(image, "links", state->links[kind], err);
    return ok;
}

REBUT_IMAGE_KNOWS(struct rebut_state, 1888);
bool rebut_state_image(struct rebut_state *state, struct rebut_image *image,
                       struct rebut_error *err)
{
    struct {
        uint64_t seed;
        int64_t latest;
    } about = {state->order_ids.seed, state->latest};
    if (image->mode == REBUT_IMAGE_WRITE && (!state->sealed || !state->keeps_keys))
        return rebut_fail(err, REBUT_EINPUT,
                          "expected a state sealed with its order keys");
    if (!rebut_image_value(image, "state", &about, sizeof about, err))
        return false;
    if (image->mode == REBUT_IMAGE_TAKE) {
        rebut_state_init(state, about.seed);
        state->latest = about.latest;
        state->sealed = state->keeps_keys = true;
    }
    return walk_ids(state, image, err) && walk_rows(state, image, err) &&
           walk_texts(state, image, err);
}
