/* Who asks, and the marks of its requests from the night's tables. */
#include <stdlib.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "night_parts.h"

/* Room for `count` items of an REBUT_ARRAY, whatever is in it. */
#define ROOM(array, wanted, what, err)                                                   \
    ((array)->count = 0, REBUT_ARRAY_MORE((array), (size_t)(wanted) + 1, (what), (err)))

static int compare_groups(const void *left, const void *right)
{
    const uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
    return a < b ? -1 : a > b;
}

/* The night's groups that the buyer's keys belong to. */
static bool find_company(struct rebut_eye *eye, struct rebut_error *err)
{
    const struct rebut_night *night = eye->night;
    const struct rebut_state *own = eye->own;
    eye->groups.count = 0;
    eye->crowded = false;
    for (int kind = 0; kind < REBUT_KEYS; kind++)
        for (uint32_t i = 0; i < own->links[kind].count; i++) {
            const uint32_t key =
                rebut_night_find(&night->state->key_ids[kind], &own->key_ids[kind],
                                 own->links[kind].data[i].key);
            if (key == REBUT_NONE)
                continue;
            if (kind == REBUT_KEY_ADDRESS && night->at_address[key] >= REBUT_CROWD)
                eye->crowded = true;
            if (night->group_of_key[kind][key] == REBUT_NONE)
                continue;
            if (!REBUT_ARRAY_MORE(&eye->groups, 1, "groups", err))
                return false;
            eye->groups.data[eye->groups.count++] = night->group_of_key[kind][key];
        }
    if (eye->groups.count > 1)
        qsort(eye->groups.data, eye->groups.count, sizeof *eye->groups.data,
              compare_groups);
    eye->known.groups = eye->groups.data;
    eye->known.count = eye->groups.count;
    return true;
}

/* The night's numbers of the own words from `known` on. */
static void number_words(const struct rebut_intern *of_night,
                         const struct rebut_intern *own, uint32_t known, uint32_t *ret)
{
    for (uint32_t i = known; i < own->count; i++)
        ret[i] = rebut_night_find(of_night, own, i);
}

static bool place_words(struct rebut_eye *eye, struct rebut_error *err)
{
    const struct rebut_state *own = eye->own, *state = eye->night->state;
    const uint32_t known = eye->categories.count;
    if (!ROOM(&eye->merchants, own->merchant_ids.count, "merchants", err) ||
        !ROOM(&eye->skus, own->sku_ids.count, "items", err) ||
        !ROOM(&eye->prices_of, own->sku_ids.count, "prices", err) ||
        !ROOM(&eye->categories, own->categories.count, "categories", err))
        return false;
    number_words(&state->merchant_ids, &own->merchant_ids, 0, eye->merchants.data);
    number_words(&state->sku_ids, &own->sku_ids, 0, eye->skus.data);
    number_words(&state->categories, &own->categories, known, eye->categories.data);
    eye->categories.count = own->categories.count;
    for (uint32_t sku = 0; sku < own->sku_ids.count; sku++)
        eye->prices_of.data[sku] = eye->skus.data[sku] == REBUT_NONE
                                       ? (struct rebut_span){0, 0}
                                       : eye->night->prices_of[eye->skus.data[sku]];
    return true;
}

/* The buyer's orders in the numbers of the night. */
static bool place_orders(struct rebut_eye *eye, struct rebut_error *err)
{
    const struct rebut_state *own = eye->own;
    if (!ROOM(&eye->orders, own->orders.count, "orders", err) ||
        !ROOM(&eye->entities, own->orders.count, "orders", err) || !place_words(eye, err))
        return false;
    for (uint32_t i = 0; i < own->orders.count; i++) {
        struct rebut_order *order = &eye->orders.data[i];
        *order = own->orders.data[i];
        order->merchant = eye->merchants.data[order->merchant];
        order->sku = eye->skus.data[order->sku];
        if (order->category == 0)
            continue;
        const uint32_t category = eye->categories.data[order->category - 1u];
        order->category = category == REBUT_NONE ? 0 : (uint16_t)(category + 1);
    }
    return true;
}

/* The lens of the eye's vocabularies: made again when a word was added to one. */
static bool open_lens(struct rebut_eye *eye, struct rebut_error *err)
{
    const struct rebut_state *own = eye->own;
    const uint32_t words[3] = {own->categories.count, own->campaigns.count,
                               own->carriers.count};
    if (!eye->has_lens || memcmp(words, eye->lens_words, sizeof words) != 0) {
        if (eye->has_lens) {
            eye->lens.prices_of = NULL; /* the eye's */
            rebut_lens_close(&eye->lens);
        }
        eye->has_lens = rebut_lens_open(&eye->lens, own, eye->night->model, 0, err);
        if (!eye->has_lens)
            return false;
        free(eye->lens.prices_of);
        memcpy(eye->lens_words, words, sizeof words);
    }
    eye->lens.state = own;
    eye->lens.prices = eye->night->state->prices.data;
    eye->lens.prices_of = eye->prices_of.data;
    return true;
}

bool rebut_eye_recognise(struct rebut_eye *eye, const struct rebut_state *own,
                         struct rebut_error *err)
{
    eye->own = own;
    if (own->buyer_ids.count != 1 || own->orders.count == 0)
        return rebut_fail(err, REBUT_EINPUT,
                          "expected the facts of one buyer with an order, got %u buyers "
                          "and %u orders",
                          own->buyer_ids.count, own->orders.count);
    eye->known.buyer =
        rebut_night_find(&eye->night->state->buyer_ids, &own->buyer_ids, 0);
    return find_company(eye, err) && place_orders(eye, err) && open_lens(eye, err);
}

/* A digest of all that the night's answer about a request depends on beside the night:
 * the buyer, its company, and the whole of request and order. */
static uint64_t key_of(const struct rebut_eye *eye, uint32_t index)
{
    const struct rebut_request *request = &eye->own->requests.data[index];
    const struct rebut_order *order = &eye->own->orders.data[request->order];
    const struct rebut_order *placed = &eye->orders.data[request->order];
    const uint64_t facts[] = {request->digest, (uint64_t)order->at,
                              (uint64_t)order->digest << 32 | eye->known.buyer,
                              (uint64_t)placed->merchant << 32 | placed->sku,
                              (uint64_t)order->category << 32 | placed->category};
    const uint64_t company =
        XXH3_64bits(eye->groups.data, eye->groups.count * sizeof *eye->groups.data);
    const uint64_t key = XXH3_64bits_withSeed(facts, sizeof facts, company);
    return key == 0 ? 1 : key;
}

/* What the night says of one claim, by tables out of which the buyer's own is left. */
static void ask(struct rebut_eye *eye, uint32_t claim, struct rebut_recalled *ret)
{
    const struct rebut_shared *shared = &eye->night->shared;
    const struct rebut_state *own = eye->own;
    const uint32_t index = eye->frame.claims[claim].request;
    const struct rebut_request *request = &own->requests.data[index];
    const struct rebut_order *order = &eye->orders.data[request->order];
    const bool unknown =
        order->category == 0 && own->orders.data[request->order].category != 0;
    const struct rebut_text text = request->text == REBUT_NONE
                                       ? (struct rebut_text){NULL, 0}
                                       : own->texts.data[request->text];
    const uint32_t topics[REBUT_TOPICS] = {[REBUT_TOPIC_CATEGORY] =
                                               unknown ? REBUT_NONE : order->category,
                                           [REBUT_TOPIC_REASON] = request->reason};
    rebut_wording_fit(&shared->wording, text, topics, ret->wording);
    ret->near = rebut_near_texts_judge(shared->near, text, &eye->known, order);
    ret->photo = rebut_photo_of_others(&shared->album, eye->known.buyer, own, index);
    ret->reasons =
        rebut_reasons_view(shared->reasons, &eye->known, order, request->reason);
}

static bool leave_out(struct rebut_eye *eye, struct rebut_error *err)
{
    struct rebut_shared *shared = &eye->night->shared;
    const uint32_t buyer = eye->known.buyer;
    if (buyer == REBUT_NONE)
        return true;
    if (!rebut_wording_leave_out(&shared->wording, buyer, &eye->left, err))
        return false;
    rebut_reasons_leave_out(shared->reasons, buyer, true);
    return true;
}

static void have_in(struct rebut_eye *eye)
{
    rebut_wording_have_in(&eye->left);
    if (eye->known.buyer != REBUT_NONE)
        rebut_reasons_leave_out(eye->night->shared.reasons, eye->known.buyer, false);
}

/* The same for all claims, those that were not asked about before. */
static bool ask_all(struct rebut_eye *eye, struct rebut_error *err)
{
    bool out = false;
    for (uint32_t claim = 0; claim < eye->frame.claims_count; claim++) {
        const uint32_t index = eye->frame.claims[claim].request;
        const uint64_t key = key_of(eye, index);
        struct rebut_recalled *recalled = &eye->recalled[key % REBUT_RECALLED];
        if (recalled->key != key) {
            if (!out && !leave_out(eye, err))
                return false;
            out = true;
            ask(eye, claim, recalled);
            recalled->key = key;
        }
        const uint8_t photo = rebut_photo_of_own(eye->own, index);
        memcpy(eye->wording.data[index].on, recalled->wording, sizeof recalled->wording);
        eye->reasons.data[claim] = recalled->reasons;
        eye->near.data[index] = recalled->near;
        eye->photo.data[index] = photo < recalled->photo ? photo : recalled->photo;
    }
    if (out)
        have_in(eye);
    return true;
}

bool rebut_eye_marks(struct rebut_eye *eye, struct rebut_error *err)
{
    struct rebut_frame *frame = &eye->frame;
    const uint32_t requests = eye->own->requests.count;
    if (!ROOM(&eye->photo, requests, "marks", err) ||
        !ROOM(&eye->near, requests, "marks", err) ||
        !ROOM(&eye->wording, requests, "marks", err) ||
        !ROOM(&eye->reasons, frame->claims_count, "marks", err) || !ask_all(eye, err))
        return false;
    const struct rebut_mark_context context = {.frame = frame,
                                               .lens = &eye->lens,
                                               .photo = eye->photo.data,
                                               .wording = &eye->wording.data->on,
                                               .near = eye->near.data,
                                               .reasons = eye->reasons.data,
                                               .crowded = &eye->crowded};
    for (uint32_t claim = 0; claim < frame->claims_count; claim++)
        rebut_mark_all(&context, &frame->claims[claim], claim);
    return true;
}
