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

#define PREFETCH_BLOCK 64
#define IDS_MAX 6 /* large id tables that an event touches */

/* An id that an event names. */
struct lookup {
    const struct rebut_intern *ids;
    uint64_t hash;
    uint32_t guess;
};

static size_t list_id(const struct rebut_intern *ids, struct rebut_text id,
                      struct lookup *ret)
{
    if (id.size == 0)
        return 0;
    ret->ids = ids;
    ret->hash = rebut_intern_hash(ids, id);
    rebut_intern_prefetch(ids, ret->hash);
    return 1;
}

static size_t list_ids(const struct rebut_state *state, const struct rebut_event *event,
                       struct lookup ret[IDS_MAX])
{
    size_t count = list_id(&state->order_ids, event->order_id, ret);
    if (event->type != REBUT_EVENT_ORDER)
        return count + list_id(&state->request_ids, event->request_id, ret + count);
    count += list_id(&state->buyer_ids, event->buyer_id, ret + count);
    count += list_id(&state->sku_ids, event->sku_id, ret + count);
    for (int kind = 0; kind < REBUT_KEYS; kind++) {
        const struct rebut_text ids[REBUT_KEYS] = {event->device_id, event->address_id,
                                                   event->payment_id};
        count += list_id(&state->key_ids[kind], ids[kind], ret + count);
    }
    return count;
}

/* An id costs three misses, each known by the one before: slot, place, text.  So all ids
 * of the block go through the three steps together. */
static void prefetch_block(const struct rebut_state *state,
                           const struct rebut_event *events, size_t count)
{
    struct lookup lookups[PREFETCH_BLOCK * IDS_MAX];
    size_t listed = 0;
    for (size_t i = 0; i < count; i++)
        listed += list_ids(state, &events[i], lookups + listed);
    for (size_t i = 0; i < listed; i++)
        lookups[i].guess = rebut_intern_guess(lookups[i].ids, lookups[i].hash);
    for (size_t i = 0; i < listed; i++) {
        const uint32_t guess = lookups[i].guess;
        if (guess == REBUT_INTERN_NONE)
            continue;
        __builtin_prefetch(rebut_intern_text(lookups[i].ids, guess).data);
        if (lookups[i].ids == &state->order_ids)
            __builtin_prefetch(&state->orders.data[guess]);
        else if (lookups[i].ids == &state->request_ids)
            __builtin_prefetch(&state->requests.data[guess]);
    }
}

void rebut_state_prefetch(const struct rebut_state *state,
                          const struct rebut_event *events, size_t count)
{
    for (size_t done = 0; done < count; done += PREFETCH_BLOCK)
        prefetch_block(state, events + done,
                       count - done < PREFETCH_BLOCK ? count - done : PREFETCH_BLOCK);
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
