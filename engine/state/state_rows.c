/* Rows by themselves: compared, dated, copied into another state. */
#include "rebut/state_rows.h"

#include <stdlib.h>

#include "apply.h"

#define COMPARE(a, b)                                                                    \
    if ((a) != (b))                                                                      \
    return (a) < (b) ? -1 : 1

int rebut_contact_compare(const struct rebut_contact *a, const struct rebut_contact *b)
{
    COMPARE(a->order, b->order);
    COMPARE(a->at, b->at);
    COMPARE(a->party, b->party);
    COMPARE(a->kind, b->kind);
    COMPARE(a->digest, b->digest);
    return 0;
}

int rebut_outcome_compare(const struct rebut_outcome_seen *a,
                          const struct rebut_outcome_seen *b)
{
    COMPARE(a->request, b->request);
    COMPARE(a->at, b->at);
    COMPARE(a->outcome, b->outcome);
    COMPARE(a->digest, b->digest);
    return 0;
}

int rebut_verdict_compare(const struct rebut_verdict_seen *a,
                          const struct rebut_verdict_seen *b)
{
    COMPARE(a->request, b->request);
    COMPARE(a->at, b->at);
    COMPARE(a->verdict, b->verdict);
    COMPARE(a->digest, b->digest);
    return 0;
}

static int64_t time_after(const struct rebut_order *order, int32_t seconds, uint16_t ms)
{
    const int64_t millisecond = REBUT_SECOND / 1000;
    if (seconds == REBUT_SECONDS_NONE)
        return REBUT_TIME_NONE;
    return whole_ms(order->at) * millisecond + seconds * REBUT_SECOND + ms * millisecond;
}

int64_t rebut_order_shipped_at(const struct rebut_order *order)
{
    return time_after(order, order->shipped_s, order->shipped_ms);
}

int64_t rebut_order_delivered_at(const struct rebut_order *order)
{
    return time_after(order, order->delivered_s, order->delivered_ms);
}

/* ---- copies ---- */

static void raise_latest(struct rebut_state *state, int64_t at)
{
    if (at > state->latest)
        state->latest = at;
}

static bool copy_id(struct rebut_intern *ids, const struct rebut_intern *from,
                    uint32_t *index, struct rebut_error *err)
{
    return put_word(ids, rebut_intern_text(from, *index), index, err);
}

static bool copy_word(struct rebut_intern *words, const struct rebut_intern *from,
                      const char *what, uint16_t *word, struct rebut_error *err)
{
    return *word == 0 || rebut_state_put_word(words, rebut_intern_text(from, *word - 1U),
                                              what, word, err);
}

static bool copy_keys(struct rebut_state *state, const struct rebut_state *from,
                      struct rebut_order_keys *keys, struct rebut_error *err)
{
    for (int kind = 0; kind < REBUT_KEYS; kind++)
        if (keys->key[kind] != REBUT_NONE &&
            !copy_id(&state->key_ids[kind], &from->key_ids[kind], &keys->key[kind], err))
            return false;
    return true;
}

static bool copy_ids(struct rebut_state *state, const struct rebut_state *from,
                     struct rebut_order *order, struct rebut_error *err)
{
    if (order->host != 0) {
        order->host--;
        if (!copy_id(&state->hosts, &from->hosts, &order->host, err))
            return false;
        order->host++;
    }
    return copy_id(&state->buyer_ids, &from->buyer_ids, &order->buyer, err) &&
           copy_id(&state->merchant_ids, &from->merchant_ids, &order->merchant, err) &&
           copy_id(&state->sku_ids, &from->sku_ids, &order->sku, err) &&
           copy_word(&state->categories, &from->categories, "categories",
                     &order->category, err) &&
           copy_word(&state->campaigns, &from->campaigns, "campaigns", &order->campaign,
                     err) &&
           copy_word(&state->regions, &from->regions, "regions", &order->region, err) &&
           copy_word(&state->carriers, &from->carriers, "carriers", &order->carrier,
                     err) &&
           copy_word(&state->distributors, &from->distributors, "distributors",
                     &order->distributor, err);
}

bool rebut_state_copy_order(struct rebut_state *state, const struct rebut_state *from,
                            uint32_t order, uint32_t *ret_index, bool *ret_new,
                            struct rebut_error *err)
{
    struct rebut_order row = from->orders.data[order];
    struct rebut_order_keys keys = from->order_keys.data[order];
    uint32_t index = order;
    if (!REBUT_ARRAY_MORE(&state->orders, 1, "orders", err) ||
        !REBUT_ARRAY_MORE(&state->order_keys, 1, "orders", err) ||
        !copy_id(&state->order_ids, &from->order_ids, &index, err))
        return false;
    *ret_index = index;
    *ret_new = index == state->orders.count;
    if (!*ret_new)
        return true;
    if (!copy_ids(state, from, &row, err) || !copy_keys(state, from, &keys, err))
        return false;
    state->orders.data[state->orders.count++] = row;
    state->order_keys.data[state->order_keys.count++] = keys;
    raise_latest(state, row.at);
    raise_latest(state, rebut_order_shipped_at(&row));
    raise_latest(state, rebut_order_delivered_at(&row));
    return true;
}

static bool copy_text(struct rebut_state *state, const struct rebut_state *from,
                      uint32_t *text, struct rebut_error *err)
{
    if (*text == REBUT_NONE)
        return true;
    const struct rebut_text old = from->texts.data[*text];
    if (!REBUT_ARRAY_MORE(&state->texts, 1, "texts", err))
        return false;
    char *copy = malloc(old.size);
    if (copy == NULL)
        return rebut_fail_memory(err, "a request's text");
    memcpy(copy, old.data, old.size);
    *text = state->texts.count++;
    state->texts.data[*text] = (struct rebut_text){copy, old.size};
    return true;
}

bool rebut_state_copy_request(struct rebut_state *state, const struct rebut_state *from,
                              uint32_t request, uint32_t *ret_index, bool *ret_new,
                              struct rebut_error *err)
{
    struct rebut_request row = from->requests.data[request];
    const uint64_t *photos = from->photos.data + row.photo_first;
    uint32_t index = request;
    if (!copy_id(&state->order_ids, &from->order_ids, &row.order, err) ||
        !REBUT_ARRAY_MORE(&state->requests, 1, "requests", err) ||
        !REBUT_ARRAY_MORE(&state->photos, row.photo_count, "photos", err) ||
        !copy_id(&state->request_ids, &from->request_ids, &index, err))
        return false;
    *ret_index = index;
    *ret_new = index == state->requests.count;
    if (!*ret_new)
        return true;
    if (!copy_text(state, from, &row.text, err))
        return false;
    row.photo_first = state->photos.count;
    for (int i = 0; i < row.photo_count; i++)
        state->photos.data[state->photos.count++] = photos[i];
    state->requests.data[state->requests.count++] = row;
    raise_latest(state, row.at);
    return true;
}

bool rebut_state_copy_contact(struct rebut_state *state, const struct rebut_contact *row,
                              uint32_t order, struct rebut_error *err)
{
    if (!REBUT_ARRAY_MORE(&state->contacts, 1, "contacts", err))
        return false;
    struct rebut_contact *copy = &state->contacts.data[state->contacts.count++];
    *copy = *row;
    copy->order = order;
    raise_latest(state, row->at);
    return true;
}

bool rebut_state_copy_outcome(struct rebut_state *state,
                              const struct rebut_outcome_seen *row, uint32_t request,
                              struct rebut_error *err)
{
    if (!REBUT_ARRAY_MORE(&state->outcomes, 1, "outcomes", err))
        return false;
    struct rebut_outcome_seen *copy = &state->outcomes.data[state->outcomes.count++];
    *copy = *row;
    copy->request = request;
    raise_latest(state, row->at);
    return true;
}

bool rebut_state_copy_verdict(struct rebut_state *state, const struct rebut_state *from,
                              const struct rebut_verdict_seen *row, uint32_t request,
                              struct rebut_error *err)
{
    uint16_t reviewer = row->reviewer;
    if (!REBUT_ARRAY_MORE(&state->verdicts, 1, "verdicts", err) ||
        !copy_word(&state->reviewers, &from->reviewers, "reviewers", &reviewer, err))
        return false;
    struct rebut_verdict_seen *copy = &state->verdicts.data[state->verdicts.count++];
    *copy = *row;
    copy->request = request;
    copy->reviewer = reviewer;
    raise_latest(state, row->at);
    return true;
}
