/* Events before they are applied: their ids are hashed, once, and what applying them will
 * touch is fetched. */
#include <stddef.h>

#include "apply.h"
#include "rebut/state_rows.h"

/* An id that an event may name, and the table that it is in. */
struct named {
    size_t id, ids; /* offsets in struct rebut_event and rebut_state */
};

#define NAMED(id, ids)                                                                   \
    {                                                                                    \
        offsetof(struct rebut_event, id), offsetof(struct rebut_state, ids)              \
    }

/* Those of large tables, by enum ahead_id. */
static const struct named of_order[] = {
    [AHEAD_ORDER] = NAMED(order_id, order_ids),
    [AHEAD_SKU] = NAMED(sku_id, sku_ids),
    [AHEAD_BUYER] = NAMED(buyer_id, buyer_ids),
    [AHEAD_KEYS + REBUT_KEY_DEVICE] = NAMED(device_id, key_ids[REBUT_KEY_DEVICE]),
    [AHEAD_KEYS + REBUT_KEY_ADDRESS] = NAMED(address_id, key_ids[REBUT_KEY_ADDRESS]),
    [AHEAD_KEYS + REBUT_KEY_PAYMENT] = NAMED(payment_id, key_ids[REBUT_KEY_PAYMENT]),
};
static const struct named of_others[] = {
    [AHEAD_ORDER] = NAMED(order_id, order_ids),
    [AHEAD_SKU] = NAMED(sku_id, sku_ids),
    [AHEAD_REQUEST] = NAMED(request_id, request_ids),
};
#define ORDER_IDS (sizeof of_order / sizeof *of_order)
#define OTHER_IDS (sizeof of_others / sizeof *of_others)

_Static_assert(ORDER_IDS == REBUT_AHEAD_IDS, "each id has its place");

static inline struct rebut_text text_of(const struct named *named,
                                        const struct rebut_event *event)
{
    return *(const struct rebut_text *)(const void *)((const char *)event + named->id);
}

static inline const struct rebut_intern *ids_of(const struct named *named,
                                                const struct rebut_state *state)
{
    return (const void *)((const char *)state + named->ids);
}

static inline void seek_ids(const struct rebut_state *state, struct rebut_ahead *ahead,
                            const struct named *named, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct rebut_intern *ids = ids_of(&named[i], state);
        const struct rebut_text id = text_of(&named[i], ahead->event);
        ahead->ids[i].guess = REBUT_INTERN_NONE;
        if (id.size == 0)
            continue;
        ahead->ids[i].hash = rebut_intern_hash(ids, id);
        rebut_intern_prefetch(ids, ahead->ids[i].hash);
    }
}

void rebut_state_seek(const struct rebut_state *state, const struct rebut_event *event,
                      struct rebut_ahead *ret_ahead)
{
    ret_ahead->event = event;
    if (event->type == REBUT_EVENT_ORDER)
        seek_ids(state, ret_ahead, of_order, ORDER_IDS);
    else
        seek_ids(state, ret_ahead, of_others, OTHER_IDS);
}

/* The slots are there by now: ask for entries, and for the rows. */
static void guess_ids(const struct rebut_state *state, struct rebut_ahead *ahead)
{
    const bool is_order = ahead->event->type == REBUT_EVENT_ORDER;
    const struct named *named = is_order ? of_order : of_others;
    for (size_t i = 0; i < (is_order ? ORDER_IDS : OTHER_IDS); i++)
        if (text_of(&named[i], ahead->event).size != 0)
            ahead->ids[i].guess =
                rebut_intern_guess(ids_of(&named[i], state), ahead->ids[i].hash);
    const uint32_t order = ahead->ids[AHEAD_ORDER].guess;
    const uint32_t request = ahead->ids[AHEAD_REQUEST].guess;
    if (order != REBUT_INTERN_NONE) {
        const struct rebut_order *row = &state->orders.data[order];
        __builtin_prefetch(row);
        __builtin_prefetch(&row->buyer); /* may be on the next line */
    }
    if (!is_order && request != REBUT_INTERN_NONE)
        __builtin_prefetch(&state->requests.data[request]);
}

/* The entries are there: ask for texts that they do not hold. */
static void fetch_texts(const struct rebut_state *state, const struct rebut_ahead *ahead)
{
    const bool is_order = ahead->event->type == REBUT_EVENT_ORDER;
    const struct named *named = is_order ? of_order : of_others;
    for (size_t i = 0; i < (is_order ? ORDER_IDS : OTHER_IDS); i++)
        if (ahead->ids[i].guess != REBUT_INTERN_NONE)
            rebut_intern_prefetch_text(ids_of(&named[i], state), ahead->ids[i].guess);
}

/* An id costs two misses or three, each known by the one before: slot, entry, and text
 * if it is long.  So all ids of the block go through the steps together. */
void rebut_state_look_ahead(const struct rebut_state *state,
                            const struct rebut_event *events, size_t count,
                            struct rebut_ahead *ret_ahead)
{
    for (size_t i = 0; i < count; i++)
        rebut_state_seek(state, &events[i], &ret_ahead[i]);
    for (size_t i = 0; i < count; i++)
        guess_ids(state, &ret_ahead[i]);
    for (size_t i = 0; i < count; i++)
        fetch_texts(state, &ret_ahead[i]);
}

/* Only what is not here can be there. */
static bool is_asked(const struct rebut_ahead *ahead)
{
    return ahead->event->order_id.size != 0 &&
           ahead->ids[AHEAD_ORDER].guess == REBUT_INTERN_NONE;
}

void rebut_state_look_also(const struct rebut_state *state,
                           const struct rebut_ahead *ahead, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (!is_asked(&ahead[i]))
            continue;
        rebut_intern_prefetch(&state->order_ids, ahead[i].ids[AHEAD_ORDER].hash);
    }
    for (size_t i = 0; i < count; i++) {
        const struct rebut_ahead *one = &ahead[i];
        if (!is_asked(one))
            continue;
        const uint32_t order =
            rebut_intern_guess(&state->order_ids, one->ids[AHEAD_ORDER].hash);
        if (order != REBUT_INTERN_NONE)
            rebut_state_fetch_row(state, order);
    }
}

uint32_t rebut_ahead_order_guess(const struct rebut_ahead *ahead)
{
    return ahead->event->order_id.size == 0 ? REBUT_NONE : ahead->ids[AHEAD_ORDER].guess;
}

uint32_t rebut_ahead_buyer_guess(const struct rebut_ahead *ahead)
{
    return ahead->event->type == REBUT_EVENT_ORDER ? ahead->ids[AHEAD_BUYER].guess
                                                   : REBUT_NONE;
}

/* Remembers what it finds, or that there is nothing. */
static uint32_t index_of(const struct rebut_intern *ids, struct rebut_text id,
                         struct rebut_ahead *ahead, int place)
{
    uint32_t *guess = &ahead->ids[place].guess;
    if (id.size == 0)
        return REBUT_NONE;
    if (*guess < ids->count && rebut_intern_is(ids, *guess, id))
        return *guess;
    const uint32_t found = rebut_intern_find(ids, id, ahead->ids[place].hash);
    *guess = found == REBUT_INTERN_NONE ? AHEAD_ABSENT : found;
    return found;
}

uint32_t rebut_ahead_order(const struct rebut_state *state, struct rebut_ahead *ahead)
{
    return index_of(&state->order_ids, ahead->event->order_id, ahead, AHEAD_ORDER);
}

uint32_t rebut_ahead_request(const struct rebut_state *state, struct rebut_ahead *ahead)
{
    return index_of(&state->request_ids, ahead->event->request_id, ahead, AHEAD_REQUEST);
}

static uint32_t find_other(const struct rebut_intern *ids, struct rebut_text id,
                           const struct rebut_ahead *ahead, int place)
{
    return id.size == 0 ? REBUT_NONE : rebut_intern_find(ids, id, ahead->ids[place].hash);
}

uint32_t rebut_ahead_other_order(const struct rebut_state *other,
                                 const struct rebut_ahead *ahead)
{
    return find_other(&other->order_ids, ahead->event->order_id, ahead, AHEAD_ORDER);
}

uint32_t rebut_ahead_other_request(const struct rebut_state *other,
                                   const struct rebut_ahead *ahead)
{
    return find_other(&other->request_ids, ahead->event->request_id, ahead,
                      AHEAD_REQUEST);
}
