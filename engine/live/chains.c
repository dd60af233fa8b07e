/* From a buyer to its orders, from an order to its requests and contacts, from a request
 * to its outcomes and verdicts. */
#include "parts.h"

#define EXTEND(array, wanted, what, ...)                                                 \
    do {                                                                                 \
        if (!REBUT_ARRAY_MORE(&(array), (wanted) - (array).count, what, err))            \
            return false;                                                                \
        while ((array).count < (wanted))                                                 \
            (array).data[(array).count++] = __VA_ARGS__;                                 \
    } while (0)

bool rebut_live_extend(struct rebut_live *live, struct rebut_error *err)
{
    const struct rebut_state *state = &live->state;
    EXTEND(live->buyers, state->buyer_ids.count, "buyers",
           (struct live_buyer){.orders = REBUT_NONE, .scored_to = REBUT_TIME_NONE});
    EXTEND(live->orders, state->orders.count, "orders",
           (struct live_order){REBUT_NONE, REBUT_NONE, REBUT_NONE});
    EXTEND(live->requests, state->requests.count, "requests",
           (struct live_request){
               .next = REBUT_NONE, .outcomes = REBUT_NONE, .verdicts = REBUT_NONE});
    EXTEND(live->contacts, state->contacts.count, "contacts", REBUT_NONE);
    EXTEND(live->outcomes, state->outcomes.count, "outcomes", REBUT_NONE);
    EXTEND(live->verdicts, state->verdicts.count, "verdicts", REBUT_NONE);
    return true;
}

uint32_t *rebut_live_next_of(struct rebut_live *live, enum live_chain chain,
                             uint32_t item)
{
    switch (chain) {
    case LIVE_ORDERS:
        return &live->orders.data[item].next;
    case LIVE_REQUESTS:
        return &live->requests.data[item].next;
    case LIVE_CONTACTS:
        return &live->contacts.data[item];
    case LIVE_OUTCOMES:
        return &live->outcomes.data[item];
    case LIVE_VERDICTS:
        break;
    }
    return &live->verdicts.data[item];
}

static int compare_ids(const struct rebut_intern *ids, uint32_t a, uint32_t b)
{
    return rebut_text_compare(rebut_intern_text(ids, a), rebut_intern_text(ids, b));
}

int rebut_live_compare_requests(const struct rebut_state *state, uint32_t a, uint32_t b)
{
    const int64_t at = state->requests.data[a].at, other = state->requests.data[b].at;
    return at != other ? (at < other ? -1 : 1) : compare_ids(&state->request_ids, a, b);
}

static int compare_orders(const struct rebut_state *state, uint32_t a, uint32_t b)
{
    const int64_t at = state->orders.data[a].at, other = state->orders.data[b].at;
    return at != other ? (at < other ? -1 : 1) : compare_ids(&state->order_ids, a, b);
}

static int compare(const struct rebut_state *state, enum live_chain chain, uint32_t a,
                   uint32_t b)
{
    switch (chain) {
    case LIVE_ORDERS:
        return compare_orders(state, a, b);
    case LIVE_REQUESTS:
        return rebut_live_compare_requests(state, a, b);
    case LIVE_CONTACTS:
        return rebut_contact_compare(&state->contacts.data[a], &state->contacts.data[b]);
    case LIVE_OUTCOMES:
        return rebut_outcome_compare(&state->outcomes.data[a], &state->outcomes.data[b]);
    case LIVE_VERDICTS:
        break;
    }
    return rebut_verdict_compare(&state->verdicts.data[a], &state->verdicts.data[b]);
}

bool rebut_live_link(struct rebut_live *live, enum live_chain chain, uint32_t *head,
                     uint32_t item)
{
    uint32_t *place = head;
    while (*place != REBUT_NONE) {
        const int order = compare(&live->state, chain, *place, item);
        if (order == 0)
            return false;
        if (order < 0)
            break;
        place = rebut_live_next_of(live, chain, *place);
    }
    *rebut_live_next_of(live, chain, item) = *place;
    *place = item;
    return true;
}

void rebut_live_unlink(struct rebut_live *live, enum live_chain chain, uint32_t *head,
                       uint32_t item)
{
    uint32_t *place = head;
    while (*place != item)
        place = rebut_live_next_of(live, chain, *place);
    *place = *rebut_live_next_of(live, chain, item);
}
