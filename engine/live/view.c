/* One buyer's facts as a small sealed state. */
#include <stdlib.h>

#include "parts.h"

/* Tables whose ids get small numbers: the number that an id of the live state has got. */
enum { SMALL_MERCHANTS, SMALL_SKUS, SMALL_KEYS, SMALL_TABLES = SMALL_KEYS + REBUT_KEYS };

struct rebut_live_view_room {
    REBUT_ARRAY(uint32_t) orders;   /* of the live state, in the view's order */
    REBUT_ARRAY(uint32_t) requests; /* the same */
    REBUT_ARRAY(uint32_t) places;   /* [requests]: their orders' numbers in the view */
    REBUT_ARRAY(uint64_t) slots; /* [SMALL_TABLES][slot_count]: id << 32 | number + 1 */
    uint32_t slot_count;         /* a power of two */
};

struct making {
    const struct rebut_live *live;
    struct rebut_live_view *view;
    struct rebut_live_view_room *room;
    int64_t as_of;
};

/* ---- small ids ---- */

static bool clear_slots(struct rebut_live_view_room *room, struct rebut_error *err)
{
    uint32_t count = 16;
    while (count / 2 < room->orders.count)
        count *= 2;
    room->slots.count = 0;
    if (!REBUT_ARRAY_MORE(&room->slots, (size_t)count * SMALL_TABLES, "ids of a buyer",
                          err))
        return false;
    memset(room->slots.data, 0, (size_t)count * SMALL_TABLES * sizeof *room->slots.data);
    room->slot_count = count;
    return true;
}

/* The small number of an id; its text is borrowed when it is new. */
static bool small_id(const struct making *making, int table,
                     const struct rebut_intern *from, struct rebut_intern *ids,
                     uint32_t *index, struct rebut_error *err)
{
    const uint32_t mask = making->room->slot_count - 1;
    uint64_t *slots = making->room->slots.data + (size_t)table * making->room->slot_count;
    uint32_t at = (*index * 2654435769U >> 7) & mask;
    for (; slots[at] != 0; at = (at + 1) & mask) {
        if (slots[at] >> 32 != *index)
            continue;
        *index = (uint32_t)slots[at] - 1;
        return true;
    }
    if (!rebut_intern_borrow(ids, from, *index, err))
        return false;
    slots[at] = (uint64_t)*index << 32 | ids->count;
    *index = ids->count - 1;
    return true;
}

static void raise_latest(struct rebut_state *small, int64_t at)
{
    if (at > small->latest)
        small->latest = at;
}

/* ---- orders ---- */

static void reverse(uint32_t *items, uint32_t count)
{
    for (uint32_t i = 0; i < count / 2; i++) {
        const uint32_t item = items[i];
        items[i] = items[count - 1 - i];
        items[count - 1 - i] = item;
    }
}

static bool collect_orders(const struct making *making, uint32_t buyer,
                           struct rebut_error *err)
{
    const struct rebut_live *live = making->live;
    struct rebut_live_view_room *room = making->room;
    room->orders.count = 0;
    for (uint32_t order = live->buyers.data[buyer].orders; order != REBUT_NONE;
         order = live->orders.data[order].next) {
        const struct rebut_order *row = &live->state.orders.data[order];
        if (row->at > making->as_of)
            continue;
        __builtin_prefetch(&row->buyer);
        __builtin_prefetch(&live->state.order_keys.data[order]);
        if (!REBUT_ARRAY_MORE(&room->orders, 1, "orders of a buyer", err))
            return false;
        room->orders.data[room->orders.count++] = order;
    }
    reverse(room->orders.data, room->orders.count);
    return true;
}

/* What came after as_of has not come. */
static void forget_future(struct rebut_state *small, struct rebut_order *row,
                          int64_t as_of)
{
    const int64_t shipped = rebut_order_shipped_at(row);
    const int64_t delivered = rebut_order_delivered_at(row);
    raise_latest(small, row->at);
    if (shipped > as_of) {
        row->shipped_s = REBUT_SECONDS_NONE;
        row->shipped_ms = 0;
        row->shipment_digest = 0;
        row->carrier = 0;
    } else {
        raise_latest(small, shipped);
    }
    if (delivered > as_of) {
        row->delivered_s = REBUT_SECONDS_NONE;
        row->delivered_ms = 0;
        row->delivery_digest = 0;
        row->signed_by = 0;
    } else {
        raise_latest(small, delivered);
    }
}

static bool copy_order(const struct making *making, uint32_t order,
                       struct rebut_error *err)
{
    const struct rebut_state *state = &making->live->state;
    struct rebut_state *small = &making->view->state;
    struct rebut_order *row = &small->orders.data[small->orders.count++];
    *row = state->orders.data[order];
    forget_future(small, row, making->as_of);
    row->buyer = 0;
    if (!rebut_intern_borrow(&small->order_ids, &state->order_ids, order, err) ||
        !small_id(making, SMALL_MERCHANTS, &state->merchant_ids, &small->merchant_ids,
                  &row->merchant, err) ||
        !small_id(making, SMALL_SKUS, &state->sku_ids, &small->sku_ids, &row->sku, err))
        return false;
    for (int kind = 0; kind < REBUT_KEYS; kind++) {
        uint32_t key = state->order_keys.data[order].key[kind];
        if (key != REBUT_NONE &&
            !small_id(making, SMALL_KEYS + kind, &state->key_ids[kind],
                      &small->key_ids[kind], &key, err))
            return false;
    }
    return true;
}

static bool link_keys(struct rebut_state *small, struct rebut_error *err)
{
    for (int kind = 0; kind < REBUT_KEYS; kind++) {
        const uint32_t count = small->key_ids[kind].count;
        if (!REBUT_ARRAY_MORE(&small->links[kind], count, "links of accounts", err))
            return false;
        for (uint32_t key = 0; key < count; key++)
            small->links[kind].data[key] = (struct rebut_link){0, key};
        small->links[kind].count = count;
    }
    return true;
}

/* Rows are there by now, or soon: ask for what they name, so that misses overlap. */
static void fetch_ids(const struct making *making)
{
    const struct rebut_live *live = making->live;
    const struct rebut_state *state = &live->state;
    for (uint32_t i = 0; i < making->room->orders.count; i++) {
        const uint32_t order = making->room->orders.data[i];
        const struct rebut_order *row = &state->orders.data[order];
        const uint32_t request = live->orders.data[order].requests;
        rebut_intern_prefetch_entry(&state->order_ids, order);
        rebut_intern_prefetch_entry(&state->merchant_ids, row->merchant);
        rebut_intern_prefetch_entry(&state->sku_ids, row->sku);
        if (request == REBUT_NONE)
            continue;
        __builtin_prefetch(&live->requests.data[request]);
        __builtin_prefetch(&state->requests.data[request]);
        rebut_intern_prefetch_entry(&state->request_ids, request);
    }
}

static bool copy_orders(const struct making *making, uint32_t buyer,
                        struct rebut_error *err)
{
    const struct rebut_live_view_room *room = making->room;
    struct rebut_state *small = &making->view->state;
    if (!clear_slots(making->room, err) ||
        !REBUT_ARRAY_MORE(&small->orders, room->orders.count, "orders of a buyer", err))
        return false;
    fetch_ids(making);
    for (uint32_t i = 0; i < room->orders.count; i++)
        if (!copy_order(making, room->orders.data[i], err))
            return false;
    return link_keys(small, err) &&
           (room->orders.count == 0 ||
            rebut_intern_borrow(&small->buyer_ids, &making->live->state.buyer_ids, buyer,
                                err));
}

/* ---- requests ---- */

/* Into its place among those before it: they come almost in order. */
static bool add_request(const struct making *making, uint32_t request, uint32_t place,
                        struct rebut_error *err)
{
    struct rebut_live_view_room *room = making->room;
    if (!REBUT_ARRAY_MORE(&room->requests, 1, "requests of a buyer", err) ||
        !REBUT_ARRAY_MORE(&room->places, 1, "requests of a buyer", err))
        return false;
    uint32_t at = room->requests.count++;
    room->places.count++;
    for (; at > 0 && rebut_live_compare_requests(
                         &making->live->state, room->requests.data[at - 1], request) > 0;
         at--) {
        room->requests.data[at] = room->requests.data[at - 1];
        room->places.data[at] = room->places.data[at - 1];
    }
    room->requests.data[at] = request;
    room->places.data[at] = place;
    return true;
}

static bool collect_requests(const struct making *making, struct rebut_error *err)
{
    const struct rebut_live *live = making->live;
    struct rebut_live_view_room *room = making->room;
    room->requests.count = room->places.count = 0;
    for (uint32_t place = 0; place < room->orders.count; place++)
        for (uint32_t request = live->orders.data[room->orders.data[place]].requests;
             request != REBUT_NONE; request = live->requests.data[request].next)
            if (live->state.requests.data[request].at <= making->as_of &&
                !add_request(making, request, place, err))
                return false;
    return true;
}

static bool copy_request(const struct making *making, uint32_t number,
                         struct rebut_error *err)
{
    const struct rebut_state *state = &making->live->state;
    struct rebut_state *small = &making->view->state;
    const uint32_t request = making->room->requests.data[number];
    struct rebut_request *row = &small->requests.data[small->requests.count++];
    *row = state->requests.data[request];
    row->order = making->room->places.data[number];
    raise_latest(small, row->at);
    if (!rebut_intern_borrow(&small->request_ids, &state->request_ids, request, err) ||
        !REBUT_ARRAY_MORE(&small->texts, 1, "texts of a buyer", err) ||
        !REBUT_ARRAY_MORE(&small->photos, row->photo_count, "photos of a buyer", err))
        return false;
    if (row->text != REBUT_NONE) {
        small->texts.data[small->texts.count] = state->texts.data[row->text];
        row->text = small->texts.count++;
    }
    const uint64_t *photos = state->photos.data + row->photo_first;
    row->photo_first = small->photos.count;
    for (int i = 0; i < row->photo_count; i++)
        small->photos.data[small->photos.count++] = photos[i];
    return true;
}

static bool copy_requests(const struct making *making, struct rebut_error *err)
{
    const uint32_t count = making->room->requests.count;
    if (!REBUT_ARRAY_MORE(&making->view->state.requests, count, "requests of a buyer",
                          err))
        return false;
    for (uint32_t i = 0; i < count; i++)
        if (!copy_request(making, i, err))
            return false;
    return true;
}

/* ---- lists ---- */

/* The entries of one owner are added from the last to the first, then turned around. */
#define COPY_CHAIN(making, list, head, links, member, number, what)                      \
    do {                                                                                 \
        const struct rebut_state *all = &(making)->live->state;                          \
        struct rebut_state *to = &(making)->view->state;                                 \
        const uint32_t begin = to->list.count;                                           \
        for (uint32_t i = (head); i != REBUT_NONE; i = (making)->live->links.data[i]) {  \
            if (all->list.data[i].at > (making)->as_of)                                  \
                continue;                                                                \
            if (!REBUT_ARRAY_MORE(&to->list, 1, what, err))                              \
                return false;                                                            \
            to->list.data[to->list.count] = all->list.data[i];                           \
            to->list.data[to->list.count++].member = (number);                           \
            raise_latest(to, all->list.data[i].at);                                      \
        }                                                                                \
        for (uint32_t a = begin, b = to->list.count; a + 1 < b; a++) {                   \
            const __typeof__(*to->list.data) entry = to->list.data[a];                   \
            to->list.data[a] = to->list.data[--b];                                       \
            to->list.data[b] = entry;                                                    \
        }                                                                                \
    } while (0)

static bool copy_lists(const struct making *making, struct rebut_error *err)
{
    const struct rebut_live *live = making->live;
    const struct rebut_live_view_room *room = making->room;
    for (uint32_t n = 0; n < room->orders.count; n++)
        COPY_CHAIN(making, contacts, live->orders.data[room->orders.data[n]].contacts,
                   contacts, order, n, "contacts of a buyer");
    for (uint32_t n = 0; n < room->requests.count; n++) {
        const struct live_request *request = &live->requests.data[room->requests.data[n]];
        COPY_CHAIN(making, outcomes, request->outcomes, outcomes, request, n,
                   "outcomes of a buyer");
        COPY_CHAIN(making, verdicts, request->verdicts, verdicts, request, n,
                   "verdicts of a buyer");
    }
    return true;
}

/* ---- the whole ---- */

static void borrow_words(const struct rebut_state *state, struct rebut_state *small)
{
    small->categories = state->categories;
    small->campaigns = state->campaigns;
    small->regions = state->regions;
    small->carriers = state->carriers;
    small->distributors = state->distributors;
    small->hosts = state->hosts;
    small->reviewers = state->reviewers;
}

static void empty(struct rebut_state *small)
{
    struct rebut_intern *ids[] = {
        &small->order_ids, &small->request_ids, &small->buyer_ids,  &small->merchant_ids,
        &small->sku_ids,   &small->key_ids[0],  &small->key_ids[1], &small->key_ids[2]};
    _Static_assert(REBUT_KEYS == 3, "each kind of key has its table");
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++)
        rebut_intern_clear(ids[i]);
    small->orders.count = small->requests.count = small->contacts.count = 0;
    small->outcomes.count = small->verdicts.count = 0;
    small->photos.count = small->texts.count = 0;
    small->latest = REBUT_TIME_NONE;
    small->sealed = true;
}

bool rebut_live_view_buyer(const struct rebut_live *live, uint32_t buyer, int64_t as_of,
                           struct rebut_live_view *view, struct rebut_error *err)
{
    if (view->room == NULL) {
        view->room = calloc(1, sizeof *view->room);
        if (view->room == NULL)
            return rebut_fail_memory(err, "the view of a buyer");
    }
    const struct making making = {live, view, view->room, as_of};
    view->request = REBUT_NONE;
    empty(&view->state);
    borrow_words(&live->state, &view->state);
    return collect_orders(&making, buyer, err) && copy_orders(&making, buyer, err) &&
           collect_requests(&making, err) && copy_requests(&making, err) &&
           copy_lists(&making, err);
}

bool rebut_live_view(const struct rebut_live *live, uint32_t request,
                     struct rebut_live_view *view, struct rebut_error *err)
{
    if (!rebut_live_view_buyer(live, live_buyer_of(live, request),
                               live_as_of(live, request), view, err))
        return false;
    /* It is among the last: few are as late as it. */
    uint32_t number = view->room->requests.count;
    while (number > 0 && view->room->requests.data[number - 1] != request)
        number--;
    view->request = number > 0 ? number - 1 : REBUT_NONE;
    return true;
}

void rebut_live_view_release(struct rebut_live_view *view)
{
    const struct rebut_state none = {.latest = REBUT_TIME_NONE};
    borrow_words(&none, &view->state);
    view->state.texts.count = 0;
    rebut_state_release(&view->state);
    if (view->room != NULL) {
        free(view->room->orders.data);
        free(view->room->requests.data);
        free(view->room->places.data);
        free(view->room->slots.data);
        free(view->room);
    }
    *view = (struct rebut_live_view){.request = REBUT_NONE};
}
