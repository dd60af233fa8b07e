/* Each request of a sealed state as of its own time: what a stream should have said. */
#include <stdlib.h>
#include <string.h>

#include "rebut/score_write.h"
#include "rebut/scorer.h"
#include "rebut/state_rows.h"

/* A state and who is looked at. */
struct hindsight {
    const struct rebut_tonight *tonight;
    const struct rebut_state *state;
    uint32_t *order_first; /* [buyers + 2]: of each buyer in orders */
    uint32_t *orders;
    uint32_t *request_first; /* [orders + 2]: of each order in requests */
    uint32_t *requests;
    uint32_t *contact_first; /* [orders + 1]: of each order in the state's contacts */
    uint32_t *verdict_first; /* [requests + 1]: of each request in its verdicts */
    enum rebut_language language;
    struct rebut_output *out;
};

/* Lists by owner: owners[i] of `count` items.  first[o + 2] counts, then sums; filling
 * moves first[o + 1] to the end of o. */
static bool list_by(uint32_t owners, uint32_t count, const uint32_t *owner_of,
                    uint32_t **ret_first, uint32_t **ret_items, struct rebut_error *err)
{
    uint32_t *first = *ret_first = calloc(owners + (size_t)2, sizeof *first);
    uint32_t *items = *ret_items = malloc((count + (size_t)1) * sizeof *items);
    if (first == NULL || items == NULL)
        return rebut_fail_memory(err, "orders by buyer");
    for (uint32_t i = 0; i < count; i++)
        first[owner_of[i] + 2]++;
    for (uint32_t o = 0; o < owners; o++)
        first[o + 2] += first[o + 1];
    for (uint32_t i = 0; i < count; i++)
        items[first[owner_of[i] + 1]++] = i;
    return true;
}

/* Where each owner's items begin in a sealed list: `owner` is that of item 0, `stride`
 * bytes before that of the next. */
static uint32_t *firsts_of(uint32_t owners, const void *owner, size_t stride,
                           uint32_t count)
{
    uint32_t *first = calloc(owners + (size_t)2, sizeof *first);
    for (uint32_t i = 0; first != NULL && i < count; i++) {
        uint32_t at = 0;
        memcpy(&at, (const char *)owner + i * stride, sizeof at);
        first[at + 1]++;
    }
    for (uint32_t o = 0; first != NULL && o < owners; o++)
        first[o + 1] += first[o];
    return first;
}

static bool list_all(struct hindsight *hindsight, struct rebut_error *err)
{
    const struct rebut_state *state = hindsight->state;
    const uint32_t most = state->orders.count > state->requests.count
                              ? state->orders.count
                              : state->requests.count;
    uint32_t *owner = malloc((most + (size_t)1) * sizeof *owner);
    if (owner == NULL)
        return rebut_fail_memory(err, "orders by buyer");
    for (uint32_t i = 0; i < state->orders.count; i++)
        owner[i] = state->orders.data[i].buyer;
    bool ok = list_by(state->buyer_ids.count, state->orders.count, owner,
                      &hindsight->order_first, &hindsight->orders, err);
    for (uint32_t i = 0; ok && i < state->requests.count; i++)
        owner[i] = state->requests.data[i].order;
    ok = ok && list_by(state->orders.count, state->requests.count, owner,
                       &hindsight->request_first, &hindsight->requests, err);
    free(owner);
    hindsight->contact_first =
        firsts_of(state->orders.count, &state->contacts.data->order,
                  sizeof *state->contacts.data, state->contacts.count);
    hindsight->verdict_first =
        firsts_of(state->requests.count, &state->verdicts.data->request,
                  sizeof *state->verdicts.data, state->verdicts.count);
    return ok &&
           ((hindsight->contact_first != NULL && hindsight->verdict_first != NULL) ||
            rebut_fail_memory(err, "orders by buyer"));
}

/* ---- one buyer as of a time ---- */

/* Parcels are known by the millisecond, rounded down. */
static void forget_later(struct rebut_order *order, int64_t as_of)
{
    if (rebut_order_shipped_at(order) > as_of) {
        order->shipped_s = REBUT_SECONDS_NONE;
        order->shipped_ms = order->carrier = 0;
        order->shipment_digest = 0;
    }
    if (rebut_order_delivered_at(order) > as_of) {
        order->delivered_s = REBUT_SECONDS_NONE;
        order->delivered_ms = order->signed_by = 0;
        order->delivery_digest = 0;
    }
}

static bool copy_verdicts(const struct hindsight *hindsight, uint32_t request,
                          int64_t as_of, struct rebut_state *own, uint32_t index,
                          struct rebut_error *err)
{
    const struct rebut_state *state = hindsight->state;
    for (uint32_t i = hindsight->verdict_first[request];
         i < hindsight->verdict_first[request + 1]; i++)
        if (state->verdicts.data[i].at <= as_of &&
            !rebut_state_copy_verdict(own, state, &state->verdicts.data[i], index, err))
            return false;
    return true;
}

static bool copy_order(const struct hindsight *hindsight, uint32_t order, int64_t as_of,
                       struct rebut_state *own, struct rebut_error *err)
{
    const struct rebut_state *state = hindsight->state;
    uint32_t index = 0, request = 0;
    bool new = false;
    if (!rebut_state_copy_order(own, state, NULL, order, &index, &new, err))
        return false;
    forget_later(&own->orders.data[index], as_of);
    for (uint32_t i = hindsight->contact_first[order];
         i < hindsight->contact_first[order + 1]; i++)
        if (state->contacts.data[i].at <= as_of &&
            !rebut_state_copy_contact(own, &state->contacts.data[i], index, err))
            return false;
    for (uint32_t i = hindsight->request_first[order];
         i < hindsight->request_first[order + 1]; i++) {
        const uint32_t of_order = hindsight->requests[i];
        if (state->requests.data[of_order].at > as_of)
            continue;
        if (!rebut_state_copy_request(own, state, of_order, &request, &new, err) ||
            !copy_verdicts(hindsight, of_order, as_of, own, request, err))
            return false;
    }
    return true;
}

static bool make_own(const struct hindsight *hindsight, uint32_t buyer, int64_t as_of,
                     struct rebut_state *own, struct rebut_error *err)
{
    const struct rebut_state *state = hindsight->state;
    uint64_t duplicates[REBUT_EVENT_TYPES];
    for (uint32_t i = hindsight->order_first[buyer];
         i < hindsight->order_first[buyer + 1]; i++) {
        const uint32_t order = hindsight->orders[i];
        if (state->orders.data[order].at <= as_of &&
            !copy_order(hindsight, order, as_of, own, err))
            return false;
    }
    return rebut_state_seal(own, duplicates, err);
}

static bool judge(const struct hindsight *hindsight, uint32_t request,
                  struct rebut_error *err)
{
    const struct rebut_state *state = hindsight->state;
    const struct rebut_request *r = &state->requests.data[request];
    const struct rebut_order *order = &state->orders.data[r->order];
    const int64_t as_of = r->at > order->at ? r->at : order->at;
    const struct rebut_text id = rebut_intern_text(&state->request_ids, request);
    struct rebut_eye *eye = NULL;
    struct rebut_judged judged;
    struct rebut_state own;
    rebut_state_init(&own, 0);
    bool ok = make_own(hindsight, order->buyer, as_of, &own, err) &&
              rebut_eye_open(&eye, hindsight->tonight->night, err) &&
              rebut_eye_judge(eye, &own, as_of,
                              rebut_intern_find(&own.request_ids, id,
                                                rebut_intern_hash(&own.request_ids, id)),
                              &judged, err);
    if (ok)
        ok = rebut_score_write_line(judged.scores, judged.score, hindsight->language,
                                    hindsight->out);
    rebut_eye_close(eye);
    rebut_state_release(&own);
    return ok;
}

/* ---- all of them ---- */

static int compare_requests(const void *left, const void *right, void *context)
{
    const struct rebut_state *state = context;
    const uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
    if (state->requests.data[a].at != state->requests.data[b].at)
        return state->requests.data[a].at < state->requests.data[b].at ? -1 : 1;
    return rebut_text_compare(rebut_intern_text(&state->request_ids, a),
                              rebut_intern_text(&state->request_ids, b));
}

bool rebut_scorer_hindsight(const struct rebut_tonight *tonight,
                            const struct rebut_state *state, int64_t since,
                            enum rebut_language language, struct rebut_output *out,
                            struct rebut_error *err)
{
    struct hindsight hindsight = {
        .tonight = tonight, .state = state, .language = language, .out = out};
    uint32_t *asked = malloc((state->requests.count + (size_t)1) * sizeof *asked);
    uint32_t count = 0;
    bool ok = asked != NULL || rebut_fail_memory(err, "requests");
    for (uint32_t i = 0; ok && i < state->requests.count; i++)
        if (state->requests.data[i].kind == REBUT_KIND_REFUND_ONLY &&
            state->requests.data[i].at >= since)
            asked[count++] = i;
    ok = ok && list_all(&hindsight, err);
    if (ok)
        qsort_r(asked, count, sizeof *asked, compare_requests, (void *)(uintptr_t)state);
    for (uint32_t i = 0; ok && i < count; i++)
        ok = judge(&hindsight, asked[i], err);
    free(asked);
    free(hindsight.order_first);
    free(hindsight.orders);
    free(hindsight.request_first);
    free(hindsight.requests);
    free(hindsight.contact_first);
    free(hindsight.verdict_first);
    return ok;
}
