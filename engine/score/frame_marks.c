/* Which bin of each mark a claim falls into. */
#include <math.h>
#include <stdlib.h>

#include "frame_parts.h"
#include "photo.h"
#include "wording.h"

/* Days from signing to asking; negative when it was not signed for by then. */
static double delay_days(const struct rebut_order *order,
                         const struct rebut_request *request)
{
    if (order->delivered_s == REBUT_SECONDS_NONE)
        return -1;
    return (double)(request->at - order->at - order->delivered_s * REBUT_SECOND) /
           (double)REBUT_DAY;
}

static uint8_t delay_mark(const struct rebut_order *order,
                          const struct rebut_request *request)
{
    static const double edges[] = {.125, .5, 1, 2, 3};
    const double delay = delay_days(order, request);
    if (delay < 0)
        return 0;
    uint8_t bin = 1;
    while (bin <= 5 && delay >= edges[bin - 1])
        bin++;
    return bin;
}

/* Logarithms of 4, 7 and 20 times rarer. */
#define UNUSUAL -1.386F
#define RARE -1.946F
#define FOREIGN -2.996F

/* 1 foreign, 2 rare, 3 unusual, 4 none of them; 0 without text. */
static uint8_t rarity(struct rebut_fitting fitting)
{
    if (isnan(fitting.least))
        return 0;
    return fitting.least < FOREIGN   ? 1
           : fitting.least < RARE    ? 2
           : fitting.least < UNUSUAL ? 3
                                     : 4;
}

static uint8_t words_mark(struct rebut_fitting fitting)
{
    const uint8_t bin = rarity(fitting);
    return bin == 4 && fitting.most > -UNUSUAL ? 5 : bin;
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

static uint8_t reply_mark(const struct rebut_state *state,
                          const struct rebut_request *request, int64_t as_of)
{
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

static uint8_t logistics_mark(const struct rebut_lens *lens,
                              const struct rebut_order *order,
                              const struct rebut_request *request)
{
    const bool signed_for = delay_days(order, request) >= 0;
    if (request->reason == REBUT_REASON_NOT_RECEIVED)
        return signed_for ? 1 : 2;
    if (request->reason == REBUT_REASON_LATE_DELIVERY) {
        const int shipped = rebut_shipped_bin(order, request->at);
        const int transit = rebut_transit_bin(order, request->at);
        const bool late = !signed_for || (shipped >= 2 && shipped <= 5) || transit >= 4;
        return late ? 4 : 3;
    }
    if (request->reason == REBUT_REASON_PRICE_DROP)
        return rebut_price_drop(lens, order) > .02 ? 5 : 6;
    return 0;
}

bool rebut_frame_marks(struct rebut_frame *frame, const struct rebut_lens *lens,
                       struct rebut_error *err)
{
    const struct rebut_state *state = frame->state;
    const size_t requests = state->requests.count + (size_t)1;
    uint8_t *photo = malloc(requests);
    struct rebut_fitting *category = malloc(requests * sizeof *category);
    struct rebut_fitting *reason = malloc(requests * sizeof *reason);
    bool ok = false;
    if (photo == NULL || category == NULL || reason == NULL) {
        rebut_fail_memory(err, "marks");
        goto done;
    }
    if (!rebut_photo_reuse(state, photo, err) ||
        !rebut_wording(state, REBUT_TOPIC_CATEGORY, category, err) ||
        !rebut_wording(state, REBUT_TOPIC_REASON, reason, err))
        goto done;
    for (uint32_t i = 0; i < frame->claims_count; i++) {
        struct rebut_frame_claim *claim = &frame->claims[i];
        const struct rebut_request *request = &state->requests.data[claim->request];
        const struct rebut_order *order = &state->orders.data[request->order];
        claim->bin[REBUT_MARK_DELAY] = delay_mark(order, request);
        claim->bin[REBUT_MARK_TEXT] = rarity(category[claim->request]);
        claim->bin[REBUT_MARK_WORDS] = words_mark(reason[claim->request]);
        claim->bin[REBUT_MARK_PHOTO] = photo[claim->request];
        claim->bin[REBUT_MARK_LOGISTICS] = logistics_mark(lens, order, request);
        claim->bin[REBUT_MARK_REPLY] = reply_mark(state, request, frame->as_of);
    }
    ok = true;
done:
    free(photo);
    free(category);
    free(reason);
    return ok;
}
