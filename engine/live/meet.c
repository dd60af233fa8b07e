/* What the night knows is copied when it is needed: an order or request that an event
 * names, alone; all that is left of a buyer when a request of theirs is to be scored. */
#include "parts.h"
#include "rebut/lists.h"

static bool copy_contacts(struct rebut_live *live, uint32_t old_order, uint32_t order,
                          struct rebut_error *err)
{
    const struct rebut_state *from = live->night->state;
    if (!rebut_live_has_contacts(live->night, old_order))
        return true;
    for (uint32_t i = rebut_state_first_contact(from, old_order);
         i < from->contacts.count && from->contacts.data[i].order == old_order; i++) {
        const uint32_t index = live->state.contacts.count;
        if (!rebut_state_copy_contact(&live->state, &from->contacts.data[i], order,
                                      err) ||
            !rebut_live_extend(live, err))
            return false;
        rebut_live_link(live, LIVE_CONTACTS, &live->orders.data[order].contacts, index);
    }
    return true;
}

/* Into its buyer's chain.  *behind, of the same buyer or NONE, is the order behind which
 * the one before it went: that one is older. */
static void link_order(struct rebut_live *live, uint32_t order, uint32_t *behind)
{
    const struct rebut_order *rows = live->state.orders.data;
    const uint32_t buyer = rows[order].buyer;
    uint32_t *place = &live->buyers.data[buyer].orders;
    if (*behind != REBUT_NONE && rows[*behind].buyer == buyer &&
        rows[*behind].at > rows[order].at)
        place = rebut_live_next_of(live, LIVE_ORDERS, *behind);
    else
        *behind = REBUT_NONE;
    while (*place != REBUT_NONE && rows[*place].at > rows[order].at) {
        *behind = *place;
        place = rebut_live_next_of(live, LIVE_ORDERS, *place);
    }
    rebut_live_link(live, LIVE_ORDERS, place, order);
}

/* Copy those of these orders of the night, in the order of time, that are not here. */
static bool copy_orders(struct rebut_live *live, const uint32_t *orders, uint32_t count,
                        struct rebut_error *err)
{
    const struct rebut_state *from = live->night->state;
    const uint32_t begin = live->state.orders.count;
    uint32_t behind = REBUT_NONE;
    live->fresh.count = 0;
    if (!REBUT_ARRAY_MORE(&live->fresh, count, "orders of a buyer", err))
        return false;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t order = 0;
        bool is_new = false;
        if (!rebut_state_copy_order(&live->state, from, &live->copies, orders[i], &order,
                                    &is_new, err))
            return false;
        live->fresh.data[live->fresh.count] = orders[i];
        live->fresh.count += is_new;
    }
    if (!rebut_live_extend(live, err))
        return false;
    for (uint32_t i = 0; i < live->fresh.count; i++) {
        const uint32_t old = live->fresh.data[i];
        link_order(live, begin + i, &behind);
        if (!copy_contacts(live, old, begin + i, err) ||
            !rebut_live_wake(live, false, rebut_intern_text(&from->order_ids, old), err))
            return false;
    }
    return true;
}

static bool copy_rulings(struct rebut_live *live, uint32_t old_request, uint32_t request,
                         struct rebut_error *err)
{
    const struct rebut_state *from = live->night->state;
    for (uint32_t i = rebut_state_first_outcome(from, old_request);
         i < from->outcomes.count && from->outcomes.data[i].request == old_request; i++) {
        const uint32_t index = live->state.outcomes.count;
        if (!rebut_state_copy_outcome(&live->state, &from->outcomes.data[i], request,
                                      err) ||
            !rebut_live_extend(live, err))
            return false;
        rebut_live_link(live, LIVE_OUTCOMES, &live->requests.data[request].outcomes,
                        index);
    }
    for (uint32_t i = rebut_state_first_verdict(from, old_request);
         i < from->verdicts.count && from->verdicts.data[i].request == old_request; i++) {
        const uint32_t index = live->state.verdicts.count;
        if (!rebut_state_copy_verdict(&live->state, from, &from->verdicts.data[i],
                                      request, err) ||
            !rebut_live_extend(live, err))
            return false;
        rebut_live_link(live, LIVE_VERDICTS, &live->requests.data[request].verdicts,
                        index);
    }
    return true;
}

static bool copy_request(struct rebut_live *live, uint32_t old_request,
                         struct rebut_error *err)
{
    const struct rebut_state *from = live->night->state;
    uint32_t request = 0;
    bool is_new = false;
    if (!rebut_state_copy_request(&live->state, from, old_request, &request, &is_new,
                                  err) ||
        !rebut_live_extend(live, err))
        return false;
    if (!is_new)
        return true;
    const struct rebut_request *row = &live->state.requests.data[request];
    rebut_live_link(live, LIVE_REQUESTS, &live->orders.data[row->order].requests,
                    request);
    return copy_rulings(live, old_request, request, err) &&
           rebut_live_wake(live, true, rebut_intern_text(&from->request_ids, old_request),
                           err);
}

bool rebut_live_know(struct rebut_live *live, uint32_t buyer, struct rebut_error *err)
{
    const struct rebut_live_night *night = live->night;
    if (live->buyers.data[buyer].known)
        return true;
    live->buyers.data[buyer].known = true;
    if (night == NULL)
        return true;
    const struct rebut_text id = rebut_intern_text(&live->state.buyer_ids, buyer);
    const uint32_t old = rebut_intern_find(&night->state->buyer_ids, id,
                                           rebut_intern_hash(&live->state.buyer_ids, id));
    if (old == REBUT_NONE)
        return true;
    const uint32_t first = night->first_order[old], end = night->first_order[old + 1];
    for (uint32_t i = first; i < end; i++)
        rebut_state_fetch_row(night->state, night->orders[i]);
    for (uint32_t i = first; i < end; i++)
        rebut_state_fetch_id(&live->state, night->state, night->orders[i]);
    if (!copy_orders(live, night->orders + first, end - first, err))
        return false;
    for (uint32_t i = night->first_request[old]; i < night->first_request[old + 1]; i++)
        if (!copy_request(live, night->requests[i], err))
            return false;
    return true;
}

/* The order or request of the night that an event names and that is not here. */
static bool meet(struct rebut_live *live, const struct rebut_ahead *ahead, uint32_t order,
                 uint32_t request, struct rebut_error *err)
{
    const struct rebut_state *from = live->night->state;
    uint32_t old_order = REBUT_NONE, old_request = REBUT_NONE;
    if (order == REBUT_NONE)
        old_order = rebut_ahead_other_order(from, ahead);
    if (request == REBUT_NONE)
        old_request = rebut_ahead_other_request(from, ahead);
    if (old_order != REBUT_NONE && !copy_orders(live, &old_order, 1, err))
        return false;
    return old_request == REBUT_NONE ||
           (copy_orders(live, &from->requests.data[old_request].order, 1, err) &&
            copy_request(live, old_request, err));
}

bool rebut_live_meet(struct rebut_live *live, struct rebut_ahead *ahead,
                     uint32_t *ret_order, uint32_t *ret_request, struct rebut_error *err)
{
    const struct rebut_state *state = &live->state;
    const uint32_t orders = state->orders.count, requests = state->requests.count;
    *ret_order = rebut_ahead_order(state, ahead);
    *ret_request = rebut_ahead_request(state, ahead);
    if (live->night == NULL || (*ret_order != REBUT_NONE && *ret_request != REBUT_NONE))
        return true;
    if (!meet(live, ahead, *ret_order, *ret_request, err))
        return false;
    if (state->orders.count == orders && state->requests.count == requests)
        return true;
    *ret_order = rebut_ahead_order(state, ahead);
    *ret_request = rebut_ahead_request(state, ahead);
    return true;
}

void rebut_live_take_up(struct rebut_live *live, const struct rebut_live_night *night)
{
    live->night = night;
    rebut_copies_release(&live->copies);
}

bool rebut_live_recall(struct rebut_live *live, struct rebut_text request_id,
                       struct rebut_error *err)
{
    const struct rebut_event event = {.type = REBUT_EVENT_OUTCOME,
                                      .request_id = request_id};
    struct rebut_ahead ahead;
    uint32_t order = 0, request = 0;
    rebut_state_seek(&live->state, &event, &ahead);
    return rebut_live_meet(live, &ahead, &order, &request, err) &&
           (request == REBUT_NONE ||
            rebut_live_know(live, live_buyer_of(live, request), err));
}
