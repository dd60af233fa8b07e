/* Which bin of each mark a claim falls into. */
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
    static const double edges[] = {1. / 12, .5, 1, 2, 3};
    const double delay = delay_days(order, request);
    if (delay < 0)
        return 0;
    uint8_t bin = 1;
    while (bin <= 5 && delay >= edges[bin - 1])
        bin++;
    return bin;
}

static uint8_t text_mark(double fit, bool any)
{
    if (!any)
        return 0;
    return fit < -2.2 ? 1 : fit < -1.4 ? 2 : fit < -.7 ? 3 : 4;
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
    struct rebut_wording *wording = NULL;
    uint8_t *photo = malloc(state->requests.count + (size_t)1);
    bool ok = false;
    if (photo == NULL) {
        rebut_fail_memory(err, "marks");
        goto done;
    }
    if (!rebut_photo_reuse(state, photo, err) || !rebut_wording_new(&wording, state, err))
        goto done;
    for (uint32_t i = 0; i < frame->claims_count; i++) {
        struct rebut_frame_claim *claim = &frame->claims[i];
        const struct rebut_request *request = &state->requests.data[claim->request];
        const struct rebut_order *order = &state->orders.data[request->order];
        double fit = 0;
        const bool any = rebut_wording_fit(wording, claim->request, &fit);
        claim->bin[REBUT_MARK_DELAY] = delay_mark(order, request);
        claim->bin[REBUT_MARK_TEXT] = text_mark(fit, any);
        claim->bin[REBUT_MARK_PHOTO] = photo[claim->request];
        claim->bin[REBUT_MARK_LOGISTICS] = logistics_mark(lens, order, request);
    }
    ok = true;
done:
    rebut_wording_free(wording);
    free(photo);
    return ok;
}
