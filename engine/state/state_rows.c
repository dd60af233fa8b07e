/* Rows by themselves: compared, dated, copied into another state. */
#include "rebut/state_rows.h"

#include <stddef.h>
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

/* ---- words that are known by their index ---- */

/* The tables of enum rebut_copied; `what` names a vocabulary of 16 bits. */
static const struct copied {
    size_t ids; /* offset in struct rebut_state */
    const char *what;
} tables[REBUT_COPIED] = {
    [REBUT_COPIED_BUYERS] = {offsetof(struct rebut_state, buyer_ids), NULL},
    [REBUT_COPIED_MERCHANTS] = {offsetof(struct rebut_state, merchant_ids), NULL},
    [REBUT_COPIED_SKUS] = {offsetof(struct rebut_state, sku_ids), NULL},
    [REBUT_COPIED_HOSTS] = {offsetof(struct rebut_state, hosts), NULL},
    [REBUT_COPIED_CATEGORIES] = {offsetof(struct rebut_state, categories), "categories"},
    [REBUT_COPIED_CAMPAIGNS] = {offsetof(struct rebut_state, campaigns), "campaigns"},
    [REBUT_COPIED_REGIONS] = {offsetof(struct rebut_state, regions), "regions"},
    [REBUT_COPIED_CARRIERS] = {offsetof(struct rebut_state, carriers), "carriers"},
    [REBUT_COPIED_DISTRIBUTORS] = {offsetof(struct rebut_state, distributors),
                                   "distributors"},
};

/* From one state into another. */
struct copy {
    struct rebut_state *state;
    const struct rebut_state *from;
    struct rebut_copies *copies; /* or NULL */
};

void rebut_copies_release(struct rebut_copies *copies)
{
    for (int table = 0; table < REBUT_COPIED; table++)
        free(copies->known[table]);
    *copies = (struct rebut_copies){0};
}

/* The place where the new index of word `index` is kept, or NULL without memory for it.
 */
static uint32_t *known_place(const struct copy *copy, int table, uint32_t index)
{
    if (copy->copies == NULL)
        return NULL;
    uint32_t **known = &copy->copies->known[table];
    if (*known == NULL) {
        const struct rebut_intern *ids =
            (const void *)((const char *)copy->from + tables[table].ids);
        *known = calloc(ids->count, sizeof **known);
    }
    return *known == NULL ? NULL : *known + index;
}

/* Make the index of a word of `from` that in `state`. */
static bool copy_known(const struct copy *copy, int table, uint32_t *index,
                       struct rebut_error *err)
{
    uint32_t *place = known_place(copy, table, *index);
    if (place != NULL && *place != 0) {
        *index = *place - 1;
        return true;
    }
    struct rebut_intern *ids = (void *)((char *)copy->state + tables[table].ids);
    const struct rebut_intern *from =
        (const void *)((const char *)copy->from + tables[table].ids);
    uint16_t word = 0;
    if (tables[table].what == NULL) {
        if (!copy_id(ids, from, index, err))
            return false;
    } else if (!rebut_state_put_word(ids, rebut_intern_text(from, *index),
                                     tables[table].what, &word, err)) {
        return false;
    } else {
        *index = word - 1u;
    }
    if (place != NULL)
        *place = *index + 1;
    return true;
}

/* The same for 1, 2, …; 0 stays what it is. */
static bool copy_small(const struct copy *copy, int table, uint16_t *word,
                       struct rebut_error *err)
{
    if (*word == 0)
        return true;
    uint32_t index = *word - 1u;
    if (!copy_known(copy, table, &index, err))
        return false;
    *word = (uint16_t)(index + 1);
    return true;
}

/* A buyer's orders mostly have the keys of the one before. */
static bool copy_key(const struct copy *copy, int kind, uint32_t *key,
                     struct rebut_error *err)
{
    struct rebut_copies *copies = copy->copies;
    const uint32_t old = *key;
    if (copies != NULL && copies->key_from[kind] == old + 1) {
        *key = copies->key_to[kind];
        return true;
    }
    if (!copy_id(&copy->state->key_ids[kind], &copy->from->key_ids[kind], key, err))
        return false;
    if (copies != NULL) {
        copies->key_from[kind] = old + 1;
        copies->key_to[kind] = *key;
    }
    return true;
}

static bool copy_keys(const struct copy *copy, struct rebut_order_keys *keys,
                      struct rebut_error *err)
{
    for (int kind = 0; kind < REBUT_KEYS; kind++)
        if (keys->key[kind] != REBUT_NONE && !copy_key(copy, kind, &keys->key[kind], err))
            return false;
    return true;
}

static bool copy_ids(const struct copy *copy, struct rebut_order *order,
                     struct rebut_error *err)
{
    if (order->host != 0) {
        order->host--;
        if (!copy_known(copy, REBUT_COPIED_HOSTS, &order->host, err))
            return false;
        order->host++;
    }
    return copy_known(copy, REBUT_COPIED_BUYERS, &order->buyer, err) &&
           copy_known(copy, REBUT_COPIED_MERCHANTS, &order->merchant, err) &&
           copy_known(copy, REBUT_COPIED_SKUS, &order->sku, err) &&
           copy_small(copy, REBUT_COPIED_CATEGORIES, &order->category, err) &&
           copy_small(copy, REBUT_COPIED_CAMPAIGNS, &order->campaign, err) &&
           copy_small(copy, REBUT_COPIED_REGIONS, &order->region, err) &&
           copy_small(copy, REBUT_COPIED_CARRIERS, &order->carrier, err) &&
           copy_small(copy, REBUT_COPIED_DISTRIBUTORS, &order->distributor, err);
}

void rebut_state_fetch_row(const struct rebut_state *from, uint32_t order)
{
    __builtin_prefetch(&from->orders.data[order]);
    __builtin_prefetch(&from->orders.data[order].buyer); /* may be on the next line */
    __builtin_prefetch(&from->order_keys.data[order]);
    rebut_intern_prefetch_entry(&from->order_ids, order);
}

void rebut_state_fetch_id(const struct rebut_state *state, const struct rebut_state *from,
                          uint32_t order)
{
    const struct rebut_text id = rebut_intern_text(&from->order_ids, order);
    rebut_intern_prefetch(&state->order_ids, rebut_intern_hash(&state->order_ids, id));
}

bool rebut_state_copy_order(struct rebut_state *state, const struct rebut_state *from,
                            struct rebut_copies *copies, uint32_t order,
                            uint32_t *ret_index, bool *ret_new, struct rebut_error *err)
{
    const struct copy copy = {state, from, copies};
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
    if (!copy_ids(&copy, &row, err) || !copy_keys(&copy, &keys, err))
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
