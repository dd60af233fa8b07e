/* One event into the tables, its row into its chain, and who is to be scored for it. */
#include "parts.h"

/* The rows that an event may change, as they were before it. */
struct before {
    uint32_t order, request; /* or REBUT_NONE */
    uint32_t buyer, order_of_request;
};

static bool look(struct rebut_live *live, struct rebut_ahead *ahead, struct before *ret,
                 struct rebut_error *err)
{
    const struct rebut_state *state = &live->state;
    *ret = (struct before){0};
    if (!rebut_live_meet(live, ahead, &ret->order, &ret->request, err))
        return false;
    if (ret->order != REBUT_NONE)
        ret->buyer = state->orders.data[ret->order].buyer;
    if (ret->request != REBUT_NONE)
        ret->order_of_request = state->requests.data[ret->request].order;
    return true;
}

/* Scores of the buyer may change, and of the one that had the row before. */
static bool want_both(struct rebut_live *live, uint32_t buyer, uint32_t other,
                      int64_t from, struct rebut_error *err)
{
    if (other != buyer)
        live_note_score(live, buyer, live->buyers.data[other].scored_to);
    return rebut_live_want_again(live, buyer, from, err) &&
           (other == buyer || rebut_live_want_again(live, other, from, err));
}

static bool order_came(struct rebut_live *live, const struct rebut_event *event,
                       const struct before *before, struct rebut_error *err)
{
    const bool is_new = before->order == REBUT_NONE;
    const uint32_t order = is_new ? live->state.orders.count - 1 : before->order;
    const uint32_t buyer = live->state.orders.data[order].buyer;
    if (!is_new)
        rebut_live_unlink(live, LIVE_ORDERS, &live->buyers.data[before->buyer].orders,
                          order);
    rebut_live_link(live, LIVE_ORDERS, &live->buyers.data[buyer].orders, order);
    return want_both(live, buyer, is_new ? buyer : before->buyer, event->at, err) &&
           (!is_new || rebut_live_wake(live, false, event->order_id, err));
}

static bool request_came(struct rebut_live *live, const struct rebut_event *event,
                         const struct before *before, struct rebut_error *err)
{
    const struct rebut_state *state = &live->state;
    const bool is_new = before->request == REBUT_NONE;
    const uint32_t request = is_new ? state->requests.count - 1 : before->request;
    const uint32_t order = state->requests.data[request].order;
    const uint32_t buyer = state->orders.data[order].buyer;
    uint32_t other = buyer;
    if (!is_new) {
        other = state->orders.data[before->order_of_request].buyer;
        rebut_live_unlink(live, LIVE_REQUESTS,
                          &live->orders.data[before->order_of_request].requests, request);
    }
    rebut_live_link(live, LIVE_REQUESTS, &live->orders.data[order].requests, request);
    return rebut_live_want(live, request, err) &&
           want_both(live, buyer, other, event->at, err) &&
           (!is_new || rebut_live_wake(live, true, event->request_id, err));
}

/* An entry at the end of a list goes into its chain, or away if it is there. */
static void list_entry(struct rebut_live *live, enum live_chain chain, uint32_t *head,
                       uint32_t *count, uint32_t *links_count,
                       enum rebut_live_became *became)
{
    if (rebut_live_link(live, chain, head, *count - 1))
        return;
    --*count;
    --*links_count;
    *became = REBUT_LIVE_DUPLICATE;
}

static bool entry_came(struct rebut_live *live, const struct rebut_event *event,
                       const struct before *before, enum rebut_live_became *became,
                       struct rebut_error *err)
{
    uint32_t buyer = 0;
    if (event->type == REBUT_EVENT_CONTACT) {
        buyer = before->buyer;
        list_entry(live, LIVE_CONTACTS, &live->orders.data[before->order].contacts,
                   &live->state.contacts.count, &live->contacts.count, became);
    } else {
        struct live_request *request = &live->requests.data[before->request];
        buyer = live_buyer_of(live, before->request);
        if (event->type == REBUT_EVENT_OUTCOME)
            list_entry(live, LIVE_OUTCOMES, &request->outcomes,
                       &live->state.outcomes.count, &live->outcomes.count, became);
        else
            list_entry(live, LIVE_VERDICTS, &request->verdicts,
                       &live->state.verdicts.count, &live->verdicts.count, became);
    }
    return *became == REBUT_LIVE_DUPLICATE ||
           rebut_live_want_again(live, buyer, event->at, err);
}

static bool changed(struct rebut_live *live, const struct rebut_event *event,
                    const struct before *before, enum rebut_live_became *became,
                    struct rebut_error *err)
{
    const int64_t ms = REBUT_SECOND / 1000;
    if (!rebut_live_extend(live, err))
        return false;
    switch (event->type) {
    case REBUT_EVENT_ORDER:
        return order_came(live, event, before, err);
    case REBUT_EVENT_SHIPMENT:
    case REBUT_EVENT_DELIVERY:
        return rebut_live_want_again(live, before->buyer, event->at / ms * ms, err);
    case REBUT_EVENT_REQUEST:
        return request_came(live, event, before, err);
    case REBUT_EVENT_CONTACT:
    case REBUT_EVENT_OUTCOME:
    case REBUT_EVENT_VERDICT:
        return entry_came(live, event, before, became, err);
    case REBUT_EVENT_PRICE:
    case REBUT_EVENT_TYPES:
        break;
    }
    return true;
}

bool rebut_live_take(struct rebut_live *live, struct rebut_ahead *ahead,
                     enum rebut_live_became *ret_became, struct rebut_error *err)
{
    static const enum rebut_live_became words[] = {[REBUT_APPLIED] = REBUT_LIVE_APPLIED,
                                                   [REBUT_DUPLICATE] =
                                                       REBUT_LIVE_DUPLICATE,
                                                   [REBUT_CONFLICT] = REBUT_LIVE_CONFLICT,
                                                   [REBUT_REPLACED] = REBUT_LIVE_REPLACED,
                                                   [REBUT_ORPHAN] = REBUT_LIVE_ORPHAN};
    const struct rebut_event *event = ahead->event;
    enum rebut_applied applied = REBUT_APPLIED;
    uint32_t other = 0;
    struct before before;
    *ret_became = REBUT_LIVE_PRICE;
    if (event->type == REBUT_EVENT_PRICE)
        return true;
    if (!look(live, ahead, &before, err) ||
        !rebut_state_apply_ahead(&live->state, ahead, &applied, &other, err))
        return false;
    *ret_became = words[applied];
    if (applied == REBUT_APPLIED || applied == REBUT_REPLACED)
        return changed(live, event, &before, ret_became, err);
    /* The night knew it, and this is how the stream tells it. */
    if (applied == REBUT_DUPLICATE && event->type == REBUT_EVENT_REQUEST)
        return rebut_live_want(live, before.request, err);
    return true;
}
