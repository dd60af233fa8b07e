/* A buyer of the night shows up: all of its rows are copied, as they are. */
#include "parts.h"

static bool copy_contacts(struct rebut_live *live, uint32_t old_order, uint32_t order,
                          struct rebut_error *err)
{
    const struct rebut_state *from = live->night->state;
    if (!rebut_live_has_contacts(live->night, old_order))
        return true;
    for (uint32_t i = rebut_live_first_contact(from, old_order);
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

static bool copy_order(struct rebut_live *live, uint32_t old_order,
                       struct rebut_error *err)
{
    const struct rebut_state *from = live->night->state;
    uint32_t order = 0;
    bool is_new = false;
    if (!rebut_state_copy_order(&live->state, from, &live->copies, old_order, &order,
                                &is_new, err) ||
        !rebut_live_extend(live, err))
        return false;
    if (!is_new) /* a stream that goes on over a newer night knows it already */
        return true;
    const uint32_t buyer = live->state.orders.data[order].buyer;
    rebut_live_link(live, LIVE_ORDERS, &live->buyers.data[buyer].orders, order);
    return copy_contacts(live, old_order, order, err) &&
           rebut_live_wake(live, false, rebut_intern_text(&from->order_ids, old_order),
                           err);
}

static bool copy_rulings(struct rebut_live *live, uint32_t old_request, uint32_t request,
                         struct rebut_error *err)
{
    const struct rebut_state *from = live->night->state;
    for (uint32_t i = rebut_live_first_outcome(from, old_request);
         i < from->outcomes.count && from->outcomes.data[i].request == old_request; i++) {
        const uint32_t index = live->state.outcomes.count;
        if (!rebut_state_copy_outcome(&live->state, &from->outcomes.data[i], request,
                                      err) ||
            !rebut_live_extend(live, err))
            return false;
        rebut_live_link(live, LIVE_OUTCOMES, &live->requests.data[request].outcomes,
                        index);
    }
    for (uint32_t i = rebut_live_first_verdict(from, old_request);
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

static bool copy_buyer(struct rebut_live *live, uint32_t buyer, struct rebut_error *err)
{
    const struct rebut_live_night *night = live->night;
    const uint32_t first = night->first_order[buyer], end = night->first_order[buyer + 1];
    for (uint32_t i = first; i < end; i++)
        rebut_state_fetch_row(night->state, night->orders[i]);
    for (uint32_t i = first; i < end; i++)
        rebut_state_fetch_id(&live->state, night->state, night->orders[i]);
    for (uint32_t i = first; i < end; i++)
        if (!copy_order(live, night->orders[i], err))
            return false;
    for (uint32_t i = night->first_request[buyer]; i < night->first_request[buyer + 1];
         i++)
        if (!copy_request(live, night->requests[i], err))
            return false;
    return true;
}

/* The night's buyer whom an event names where we do not know what it names, or NONE. */
static uint32_t stranger(const struct rebut_live *live, struct rebut_ahead *ahead,
                         uint32_t order, uint32_t request)
{
    const struct rebut_state *from = live->night->state;
    uint32_t index = REBUT_NONE;
    if (order == REBUT_NONE)
        index = rebut_ahead_other_order(from, ahead);
    if (index == REBUT_NONE && request == REBUT_NONE) {
        index = rebut_ahead_other_request(from, ahead);
        if (index != REBUT_NONE)
            index = from->requests.data[index].order;
    }
    if (index != REBUT_NONE)
        return from->orders.data[index].buyer;
    return rebut_ahead_buyer(&live->state, ahead) == REBUT_NONE
               ? rebut_ahead_other_buyer(from, ahead)
               : REBUT_NONE;
}

bool rebut_live_meet(struct rebut_live *live, struct rebut_ahead *ahead,
                     uint32_t *ret_order, uint32_t *ret_request, struct rebut_error *err)
{
    for (;;) {
        *ret_order = rebut_ahead_order(&live->state, ahead);
        *ret_request = rebut_ahead_request(&live->state, ahead);
        const uint32_t buyer = live->night == NULL
                                   ? REBUT_NONE
                                   : stranger(live, ahead, *ret_order, *ret_request);
        if (buyer == REBUT_NONE)
            return true;
        if (!copy_buyer(live, buyer, err))
            return false;
    }
}

/* Rows are there by now, and what they name is known: ask for what hangs on it. */
static void fetch_chains(const struct rebut_live *live, const struct rebut_ahead *ahead,
                         size_t count)
{
    const struct rebut_state *state = &live->state;
    for (size_t i = 0; i < count; i++) {
        uint32_t buyer = rebut_ahead_buyer_guess(&ahead[i]);
        const uint32_t order = rebut_ahead_order_guess(&ahead[i]);
        if (order != REBUT_NONE)
            buyer = state->orders.data[order].buyer;
        if (buyer != REBUT_NONE)
            __builtin_prefetch(&live->buyers.data[buyer]);
    }
    for (size_t i = 0; i < count; i++) {
        const uint32_t buyer = rebut_ahead_buyer_guess(&ahead[i]);
        if (buyer != REBUT_NONE && live->buyers.data[buyer].orders != REBUT_NONE)
            __builtin_prefetch(&state->orders.data[live->buyers.data[buyer].orders]);
    }
}

void rebut_live_look_ahead(const struct rebut_live *live,
                           const struct rebut_event *events, size_t count,
                           struct rebut_ahead *ret_ahead)
{
    rebut_state_look_ahead(&live->state, events, count, ret_ahead);
    if (live->night != NULL)
        rebut_state_look_also(live->night->state, ret_ahead, count);
    fetch_chains(live, ret_ahead, count);
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
    return rebut_live_meet(live, &ahead, &order, &request, err);
}
