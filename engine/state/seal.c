/* After the last event: lists in order, identical entries once. */
#include <stdlib.h>

#include "rebut/state_rows.h"

#define COMPARE(a, b)                                                                    \
    if ((a) != (b))                                                                      \
    return (a) < (b) ? -1 : 1

static int compare_contacts(const void *left, const void *right)
{
    return rebut_contact_compare(left, right);
}

static int compare_outcomes(const void *left, const void *right)
{
    return rebut_outcome_compare(left, right);
}

static int compare_verdicts(const void *left, const void *right)
{
    return rebut_verdict_compare(left, right);
}

static int compare_prices(const void *left, const void *right)
{
    const struct rebut_price *a = left, *b = right;
    COMPARE(a->sku, b->sku);
    COMPARE(a->at, b->at);
    COMPARE(a->price, b->price);
    return 0;
}

static int compare_links(const void *left, const void *right)
{
    const struct rebut_link *a = left, *b = right;
    COMPARE(a->key, b->key);
    COMPARE(a->buyer, b->buyer);
    return 0;
}

/* Sort and drop items that compare equal; gives how many were dropped. */
static uint64_t sort_unique(void *data, uint32_t *count, size_t size,
                            int (*compare)(const void *, const void *))
{
    if (*count < 2)
        return 0;
    char *items = data;
    qsort(items, *count, size, compare);
    size_t kept = 1;
    for (size_t i = 1; i < *count; i++)
        if (compare(items + (kept - 1) * size, items + i * size) != 0)
            memmove(items + kept++ * size, items + i * size, size);
    const uint64_t dropped = *count - kept;
    *count = (uint32_t)kept;
    return dropped;
}

#define SORT_UNIQUE(array, compare)                                                      \
    sort_unique((array).data, &(array).count, sizeof *(array).data, (compare))

/* Links of the orders that stand; an account's run of orders with the same key gives
 * one, and the sort makes the rest unique. */
static bool link_keys(struct rebut_state *state, enum rebut_key kind, uint32_t *last,
                      struct rebut_error *err)
{
    memset(last, 0xff, state->buyer_ids.count * sizeof *last); /* REBUT_NONE */
    for (uint32_t i = 0; i < state->orders.count; i++) {
        const uint32_t buyer = state->orders.data[i].buyer;
        const uint32_t key = state->order_keys.data[i].key[kind];
        if (key == REBUT_NONE || last[buyer] == key)
            continue;
        if (!REBUT_ARRAY_MORE(&state->links[kind], 1, "links of accounts", err))
            return false;
        state->links[kind].data[state->links[kind].count++] =
            (struct rebut_link){buyer, key};
        last[buyer] = key;
    }
    return true;
}

static bool link_accounts(struct rebut_state *state, struct rebut_error *err)
{
    uint32_t *last = malloc((state->buyer_ids.count + (size_t)1) * sizeof *last);
    if (last == NULL)
        return rebut_fail_memory(err, "links of accounts");
    bool ok = true;
    for (int kind = 0; ok && kind < REBUT_KEYS; kind++)
        ok = link_keys(state, (enum rebut_key)kind, last, err);
    free(last);
    if (state->keeps_keys)
        return ok;
    free(state->order_keys.data);
    state->order_keys.data = NULL;
    state->order_keys.count = state->order_keys.room = 0;
    return ok;
}

/* Drop the photos of requests that were replaced. */
static bool compact_photos(struct rebut_state *state, struct rebut_error *err)
{
    uint64_t *photos = malloc((state->photos.count + (size_t)1) * sizeof *photos);
    if (photos == NULL)
        return rebut_fail_memory(err, "photos");
    uint32_t count = 0;
    for (uint32_t i = 0; i < state->requests.count; i++) {
        struct rebut_request *request = &state->requests.data[i];
        if (request->photo_count > 0)
            memcpy(photos + count, state->photos.data + request->photo_first,
                   request->photo_count * sizeof *photos);
        request->photo_first = count;
        count += request->photo_count;
    }
    free(state->photos.data);
    state->photos.room = state->photos.count + 1;
    state->photos.data = photos;
    state->photos.count = count;
    return true;
}

static void raise_to(int64_t *latest, int64_t at)
{
    if (at > *latest)
        *latest = at;
}

#define RAISE_ALL(latest, array)                                                         \
    for (uint32_t i = 0; i < (array).count; i++)                                         \
    raise_to((latest), (array).data[i].at)

/* The largest `at` again, from what stands. */
static int64_t latest_of(const struct rebut_state *state)
{
    int64_t latest = REBUT_TIME_NONE;
    for (uint32_t i = 0; i < state->orders.count; i++) {
        const struct rebut_order *order = &state->orders.data[i];
        raise_to(&latest, order->at);
        raise_to(&latest, rebut_order_shipped_at(order));
        raise_to(&latest, rebut_order_delivered_at(order));
    }
    RAISE_ALL(&latest, state->requests);
    RAISE_ALL(&latest, state->contacts);
    RAISE_ALL(&latest, state->outcomes);
    RAISE_ALL(&latest, state->verdicts);
    RAISE_ALL(&latest, state->prices);
    return latest;
}

bool rebut_state_seal(struct rebut_state *state,
                      uint64_t ret_duplicates[REBUT_EVENT_TYPES], struct rebut_error *err)
{
    memset(ret_duplicates, 0, REBUT_EVENT_TYPES * sizeof *ret_duplicates);
    if (state->sealed)
        return true;
    if (!link_accounts(state, err) || (state->replaced && !compact_photos(state, err)))
        return false;
    ret_duplicates[REBUT_EVENT_CONTACT] = SORT_UNIQUE(state->contacts, compare_contacts);
    ret_duplicates[REBUT_EVENT_OUTCOME] = SORT_UNIQUE(state->outcomes, compare_outcomes);
    ret_duplicates[REBUT_EVENT_VERDICT] = SORT_UNIQUE(state->verdicts, compare_verdicts);
    ret_duplicates[REBUT_EVENT_PRICE] = SORT_UNIQUE(state->prices, compare_prices);
    for (int kind = 0; kind < REBUT_KEYS; kind++)
        SORT_UNIQUE(state->links[kind], compare_links);
    if (state->replaced)
        state->latest = latest_of(state);
    state->sealed = true;
    return true;
}
