#include "rebut/state.h"

#include <stdlib.h>

#include "tables.h"

static struct rebut_intern *vocabulary(struct rebut_state *state, int index)
{
    struct rebut_intern *all[REBUT_VOCABULARIES] = {
        &state->categories,   &state->campaigns, &state->regions,  &state->carriers,
        &state->distributors, &state->hosts,     &state->reviewers};
    return all[index];
}

void rebut_state_init(struct rebut_state *state, uint64_t seed)
{
    *state = (struct rebut_state){.latest = REBUT_TIME_NONE};
    struct rebut_intern *ids[] = {&state->order_ids, &state->request_ids,
                                  &state->buyer_ids, &state->merchant_ids,
                                  &state->sku_ids};
    for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++)
        rebut_intern_init(ids[i], seed);
    for (int k = 0; k < REBUT_KEYS; k++)
        rebut_intern_init(&state->key_ids[k], seed);
    for (int i = 0; i < REBUT_VOCABULARIES; i++)
        rebut_intern_init(vocabulary(state, i), seed);
}

void rebut_state_release(struct rebut_state *state)
{
    struct rebut_intern *ids[] = {&state->order_ids, &state->request_ids,
                                  &state->buyer_ids, &state->merchant_ids,
                                  &state->sku_ids};
    for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++)
        rebut_intern_release(ids[i]);
    for (int k = 0; k < REBUT_KEYS; k++) {
        rebut_intern_release(&state->key_ids[k]);
        free(state->links[k].data);
    }
    for (int i = 0; i < REBUT_VOCABULARIES; i++)
        rebut_intern_release(vocabulary(state, i));
    for (uint32_t i = 0; i < state->texts.count; i++)
        free((void *)(uintptr_t)state->texts.data[i].data);
    free(state->orders.data);
    free(state->requests.data);
    free(state->order_keys.data);
    free(state->contacts.data);
    free(state->outcomes.data);
    free(state->verdicts.data);
    free(state->prices.data);
    free(state->photos.data);
    free(state->texts.data);
    rebut_state_init(state, 0);
}

bool rebut_state_reserve(struct rebut_state *state, size_t orders,
                         struct rebut_error *err)
{
    return rebut_intern_reserve(&state->order_ids, orders, err) &&
           rebut_grow((void **)&state->orders.data, &state->orders.room, orders,
                      sizeof *state->orders.data, "orders", err) &&
           rebut_grow((void **)&state->order_keys.data, &state->order_keys.room, orders,
                      sizeof *state->order_keys.data, "orders", err);
}

size_t rebut_state_bytes(const struct rebut_state *state)
{
    size_t bytes =
        rebut_intern_bytes(&state->order_ids) + rebut_intern_bytes(&state->request_ids) +
        rebut_intern_bytes(&state->buyer_ids) + rebut_intern_bytes(&state->merchant_ids) +
        rebut_intern_bytes(&state->sku_ids);
    for (int k = 0; k < REBUT_KEYS; k++)
        bytes += rebut_intern_bytes(&state->key_ids[k]) +
                 state->links[k].room * sizeof(struct rebut_link);
    for (uint32_t i = 0; i < state->texts.count; i++)
        bytes += state->texts.data[i].size;
    bytes += state->orders.room * sizeof(struct rebut_order);
    bytes += state->requests.room * sizeof(struct rebut_request);
    bytes += state->order_keys.room * sizeof(struct rebut_order_keys);
    bytes += state->contacts.room * sizeof(struct rebut_contact);
    bytes += state->outcomes.room * sizeof(struct rebut_outcome_seen);
    bytes += state->verdicts.room * sizeof(struct rebut_verdict_seen);
    bytes += state->prices.room * sizeof(struct rebut_price);
    bytes += state->photos.room * sizeof(uint64_t);
    bytes += state->texts.room * sizeof(struct rebut_text);
    return bytes;
}
