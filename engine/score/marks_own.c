/* Marks of a request and its own order. */
#include "mark_context.h"

/* Days from signing to asking; negative when it was not signed for by then. */
static double delay_days(const struct rebut_order *order,
                         const struct rebut_request *request)
{
    if (order->delivered_s == REBUT_SECONDS_NONE)
        return -1;
    return (double)(request->at - order->at - order->delivered_s * REBUT_SECOND) /
           (double)REBUT_DAY;
}

uint8_t rebut_mark_delay(const struct rebut_mark_context *context, uint32_t claim)
{
    static const double edges[] = {.125, .5, 1, 2, 3};
    const double delay =
        delay_days(rebut_mark_order(context, claim), rebut_mark_request(context, claim));
    if (delay < 0)
        return 0;
    uint8_t bin = 1;
    while (bin <= 5 && delay >= edges[bin - 1])
        bin++;
    return bin;
}

/* The first contact of an order; contacts are sorted by order. */
static uint32_t first_contact(const struct rebut_state *state, uint32_t order)
{
    uint32_t low = 0, high = state->contacts.count;
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        if (state->contacts.data[middle].order < order)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

uint8_t rebut_mark_reply(const struct rebut_mark_context *context, uint32_t claim)
{
    const struct rebut_state *state = context->frame->state;
    const struct rebut_request *request = rebut_mark_request(context, claim);
    const int64_t as_of = context->frame->as_of;
    int64_t offered_at = REBUT_TIME_NONE;
    for (uint32_t i = first_contact(state, request->order);
         i < state->contacts.count && state->contacts.data[i].order == request->order;
         i++) {
        const struct rebut_contact *contact = &state->contacts.data[i];
        if (contact->at < request->at)
            continue;
        if (contact->party == REBUT_PARTY_BUYER && offered_at != REBUT_TIME_NONE)
            return 1;
        if (contact->party == REBUT_PARTY_MERCHANT && offered_at == REBUT_TIME_NONE &&
            contact->kind >= REBUT_CONTACT_OFFER_REPLACEMENT)
            offered_at = contact->at;
    }
    return offered_at != REBUT_TIME_NONE && as_of - offered_at > 2 * REBUT_DAY ? 2 : 0;
}

uint8_t rebut_mark_logistics(const struct rebut_mark_context *context, uint32_t claim)
{
    const struct rebut_order *order = rebut_mark_order(context, claim);
    const struct rebut_request *request = rebut_mark_request(context, claim);
    const bool signed_for = delay_days(order, request) >= 0;
    if (request->reason == REBUT_REASON_NOT_RECEIVED)
        return !signed_for ? 2 : context->crowded[order->buyer] ? 7 : 1;
    if (request->reason == REBUT_REASON_LATE_DELIVERY) {
        const int shipped = rebut_shipped_bin(order, request->at);
        const int transit = rebut_transit_bin(order, request->at);
        const bool late = !signed_for || (shipped >= 2 && shipped <= 5) || transit >= 4;
        return late ? 4 : 3;
    }
    if (request->reason == REBUT_REASON_PRICE_DROP)
        return rebut_price_drop(context->lens, order) > .02 ? 5 : 6;
    return 0;
}

/* A part of what was paid, the whole, or more; 2 % either way is rounding. */
uint8_t rebut_mark_amount(const struct rebut_mark_context *context, uint32_t claim)
{
    const int64_t paid = rebut_mark_order(context, claim)->amount;
    const int64_t asked = rebut_mark_request(context, claim)->amount;
    if (paid <= 0 || asked <= 0)
        return 0;
    const double share = (double)asked / (double)paid;
    return share < .98 ? 1 : share <= 1.02 ? 2 : 3;
}
