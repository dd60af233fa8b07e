/* One event into the tables. */
#include <stdlib.h>

#include "rebut/state.h"

/* An event and where its outcome goes: what every function below works on. */
struct step {
    struct rebut_state *state;
    const struct rebut_event *event;
    enum rebut_applied applied;
};

static bool put_id(struct rebut_intern *ids, struct rebut_text id, uint32_t *ret_index,
                   struct rebut_error *err)
{
    return rebut_intern_put(ids, id, rebut_intern_hash(ids, id), ret_index, err);
}

/* A word of a small vocabulary as 1, 2, …; 0 when the field is absent. */
static bool put_word(struct rebut_intern *words, struct rebut_text word, const char *what,
                     uint16_t *ret_index, struct rebut_error *err)
{
    *ret_index = 0;
    if (word.size == 0)
        return true;
    uint32_t index = 0;
    if (!put_id(words, word, &index, err))
        return false;
    if (index >= UINT16_MAX - 1)
        return rebut_fail(err, REBUT_ELIMIT, "at most 65,534 different %s", what);
    *ret_index = (uint16_t)(index + 1);
    return true;
}

/* Whole seconds from `start` to `time`, held within what 32 bits hold. */
static int32_t seconds_from(int64_t start, int64_t time)
{
    if (time == REBUT_TIME_NONE)
        return REBUT_SECONDS_NONE;
    int64_t seconds = (time - start) / REBUT_SECOND;
    if (seconds > INT32_MAX)
        seconds = INT32_MAX;
    if (seconds < -INT32_MAX)
        seconds = -INT32_MAX;
    return (int32_t)seconds;
}

/* Of an event seen at `old_at` and this one with the same id: which stands? */
static enum rebut_applied settle(const struct rebut_event *event, int64_t old_at,
                                 bool identical)
{
    if (identical)
        return REBUT_DUPLICATE;
    return event->at < old_at ? REBUT_REPLACED : REBUT_CONFLICT;
}

static bool find_order(const struct rebut_state *state, struct rebut_text id,
                       uint32_t *ret_order)
{
    *ret_order = rebut_intern_find(&state->order_ids, id,
                                   rebut_intern_hash(&state->order_ids, id));
    return *ret_order != REBUT_INTERN_NONE;
}

static bool find_request(const struct rebut_state *state, struct rebut_text id,
                         uint32_t *ret_request)
{
    *ret_request = rebut_intern_find(&state->request_ids, id,
                                     rebut_intern_hash(&state->request_ids, id));
    return *ret_request != REBUT_INTERN_NONE;
}

/* Keep the account's key of a kind; a new pair with the last one seen is a link. */
static bool note_key(struct rebut_state *state, uint32_t buyer, enum rebut_key kind,
                     struct rebut_text id, struct rebut_error *err)
{
    uint32_t key = 0;
    if (id.size == 0)
        return true;
    if (!put_id(&state->key_ids[kind], id, &key, err))
        return false;
    uint32_t *last = &state->buyer_keys.data[(size_t)buyer * REBUT_KEYS + kind];
    if (*last == key)
        return true;
    if (!REBUT_ARRAY_MORE(&state->links[kind], 1, "links of accounts", err))
        return false;
    state->links[kind].data[state->links[kind].count++] = (struct rebut_link){buyer, key};
    *last = key;
    return true;
}

static bool put_buyer(struct rebut_state *state, const struct rebut_event *event,
                      uint32_t *ret_buyer, struct rebut_error *err)
{
    if (!put_id(&state->buyer_ids, event->buyer_id, ret_buyer, err))
        return false;
    const size_t wanted = ((size_t)*ret_buyer + 1) * REBUT_KEYS;
    while (state->buyer_keys.count < wanted) {
        if (!REBUT_ARRAY_MORE(&state->buyer_keys, 1, "buyers", err))
            return false;
        state->buyer_keys.data[state->buyer_keys.count++] = REBUT_NONE;
    }
    return note_key(state, *ret_buyer, REBUT_KEY_DEVICE, event->device_id, err) &&
           note_key(state, *ret_buyer, REBUT_KEY_ADDRESS, event->address_id, err) &&
           note_key(state, *ret_buyer, REBUT_KEY_PAYMENT, event->payment_id, err);
}

static bool fill_order(struct rebut_state *state, const struct rebut_event *event,
                       struct rebut_order *order, struct rebut_error *err)
{
    uint32_t host = 0;
    if (event->host_id.size != 0) {
        if (!put_id(&state->hosts, event->host_id, &host, err))
            return false;
        host++;
    }
    order->at = event->at;
    order->amount = event->amount;
    order->promised_s = seconds_from(event->at, event->promised_ship_at);
    order->account_age_s = event->account_created_at == REBUT_TIME_NONE
                               ? REBUT_SECONDS_NONE
                               : seconds_from(event->account_created_at, event->at);
    order->host = host;
    order->quantity = (uint32_t)event->quantity;
    order->channel = (uint8_t)event->channel;
    order->digest = (uint32_t)rebut_event_digest(event);
    return put_buyer(state, event, &order->buyer, err) &&
           put_id(&state->merchant_ids, event->merchant_id, &order->merchant, err) &&
           put_id(&state->sku_ids, event->sku_id, &order->sku, err) &&
           put_word(&state->categories, event->category, "categories", &order->category,
                    err) &&
           put_word(&state->campaigns, event->campaign, "campaigns", &order->campaign,
                    err) &&
           put_word(&state->regions, event->region, "regions", &order->region, err) &&
           put_word(&state->distributors, event->distributor, "distributors",
                    &order->distributor, err);
}

/* A replaced order keeps its shipment and delivery: they name the same id.  Their
 * times are from the order, so they move with it. */
static void shift_times(struct rebut_order *order, int64_t old_at)
{
    const int64_t shift = (old_at - order->at) / REBUT_SECOND;
    if (order->shipped_s != REBUT_SECONDS_NONE)
        order->shipped_s += (int32_t)shift;
    if (order->delivered_s != REBUT_SECONDS_NONE)
        order->delivered_s += (int32_t)shift;
}

static bool apply_order(struct step *step, struct rebut_error *err)
{
    struct rebut_state *state = step->state;
    const struct rebut_event *event = step->event;
    uint32_t index = 0;
    const uint32_t known = state->order_ids.count;
    if (!REBUT_ARRAY_MORE(&state->orders, 1, "orders", err) ||
        !put_id(&state->order_ids, event->order_id, &index, err))
        return false;
    struct rebut_order *order = &state->orders.data[index];
    if (index == known) {
        *order = (struct rebut_order){.shipped_s = REBUT_SECONDS_NONE,
                                      .delivered_s = REBUT_SECONDS_NONE};
        state->orders.count++;
        return fill_order(state, event, order, err);
    }
    const int64_t old_at = order->at;
    step->applied =
        settle(event, old_at, order->digest == (uint32_t)rebut_event_digest(event));
    if (step->applied != REBUT_REPLACED)
        return true;
    if (!fill_order(state, event, order, err))
        return false;
    shift_times(order, old_at);
    return true;
}

static bool apply_shipment(struct step *step, struct rebut_error *err)
{
    uint32_t index = 0;
    if (!find_order(step->state, step->event->order_id, &index)) {
        step->applied = REBUT_ORPHAN;
        return true;
    }
    struct rebut_order *order = &step->state->orders.data[index];
    const uint32_t digest = (uint32_t)rebut_event_digest(step->event);
    if (order->shipped_s != REBUT_SECONDS_NONE) {
        step->applied = settle(step->event, order->at + order->shipped_s * REBUT_SECOND,
                               order->shipment_digest == digest);
        if (step->applied != REBUT_REPLACED)
            return true;
    }
    order->shipped_s = seconds_from(order->at, step->event->at);
    order->shipment_digest = digest;
    return put_word(&step->state->carriers, step->event->carrier, "carriers",
                    &order->carrier, err);
}

static bool apply_delivery(struct step *step, struct rebut_error *err)
{
    (void)err;
    uint32_t index = 0;
    if (!find_order(step->state, step->event->order_id, &index)) {
        step->applied = REBUT_ORPHAN;
        return true;
    }
    struct rebut_order *order = &step->state->orders.data[index];
    const uint32_t digest = (uint32_t)rebut_event_digest(step->event);
    if (order->delivered_s != REBUT_SECONDS_NONE) {
        step->applied = settle(step->event, order->at + order->delivered_s * REBUT_SECOND,
                               order->delivery_digest == digest);
        if (step->applied != REBUT_REPLACED)
            return true;
    }
    order->delivered_s = seconds_from(order->at, step->event->at);
    order->delivery_digest = digest;
    order->signed_by = (uint8_t)step->event->signed_by;
    return true;
}

static bool keep_text(struct rebut_state *state, struct rebut_text text,
                      uint32_t *ret_text, struct rebut_error *err)
{
    *ret_text = REBUT_NONE;
    if (text.size == 0)
        return true;
    if (!REBUT_ARRAY_MORE(&state->texts, 1, "texts", err))
        return false;
    char *copy = malloc(text.size);
    if (copy == NULL)
        return rebut_fail_memory(err, "a request's text");
    memcpy(copy, text.data, text.size);
    state->texts.data[state->texts.count] = (struct rebut_text){copy, text.size};
    *ret_text = state->texts.count++;
    return true;
}

static bool fill_request(struct rebut_state *state, const struct rebut_event *event,
                         struct rebut_request *request, struct rebut_error *err)
{
    if (!REBUT_ARRAY_MORE(&state->photos, event->photo_count, "photos", err) ||
        !keep_text(state, event->text, &request->text, err))
        return false;
    request->at = event->at;
    request->amount = event->amount;
    request->digest = rebut_event_digest(event);
    request->kind = (uint8_t)event->request_kind;
    request->reason = (uint8_t)event->reason;
    request->photo_first = state->photos.count;
    request->photo_count = (uint8_t)event->photo_count;
    for (size_t i = 0; i < event->photo_count; i++)
        state->photos.data[state->photos.count++] = event->photos[i];
    return true;
}

static bool apply_request(struct step *step, struct rebut_error *err)
{
    struct rebut_state *state = step->state;
    const struct rebut_event *event = step->event;
    uint32_t order = 0, index = 0;
    if (!find_order(state, event->order_id, &order)) {
        step->applied = REBUT_ORPHAN;
        return true;
    }
    const uint32_t known = state->request_ids.count;
    if (!REBUT_ARRAY_MORE(&state->requests, 1, "requests", err) ||
        !put_id(&state->request_ids, event->request_id, &index, err))
        return false;
    struct rebut_request *request = &state->requests.data[index];
    if (index == known) {
        *request = (struct rebut_request){.order = order};
        state->requests.count++;
        return fill_request(state, event, request, err);
    }
    step->applied =
        settle(event, request->at, request->digest == rebut_event_digest(event));
    if (step->applied != REBUT_REPLACED)
        return true;
    request->order = order;
    return fill_request(state, event, request, err);
}

static bool apply_price(struct step *step, struct rebut_error *err)
{
    struct rebut_state *state = step->state;
    uint32_t sku = 0;
    if (!put_id(&state->sku_ids, step->event->sku_id, &sku, err) ||
        !REBUT_ARRAY_MORE(&state->prices, 1, "prices", err))
        return false;
    state->prices.data[state->prices.count++] =
        (struct rebut_price){step->event->at, step->event->amount, sku};
    return true;
}

static bool apply_contact(struct step *step, struct rebut_error *err)
{
    struct rebut_state *state = step->state;
    uint32_t order = 0;
    if (!find_order(state, step->event->order_id, &order)) {
        step->applied = REBUT_ORPHAN;
        return true;
    }
    if (!REBUT_ARRAY_MORE(&state->contacts, 1, "contacts", err))
        return false;
    state->contacts.data[state->contacts.count++] =
        (struct rebut_contact){.at = step->event->at,
                               .digest = rebut_event_digest(step->event),
                               .order = order,
                               .party = (uint8_t)step->event->party,
                               .kind = (uint8_t)step->event->contact_kind};
    return true;
}

static bool apply_outcome(struct step *step, struct rebut_error *err)
{
    struct rebut_state *state = step->state;
    uint32_t request = 0;
    if (!find_request(state, step->event->request_id, &request)) {
        step->applied = REBUT_ORPHAN;
        return true;
    }
    if (!REBUT_ARRAY_MORE(&state->outcomes, 1, "outcomes", err))
        return false;
    state->outcomes.data[state->outcomes.count++] =
        (struct rebut_outcome_seen){.at = step->event->at,
                                    .digest = rebut_event_digest(step->event),
                                    .request = request,
                                    .outcome = (uint8_t)step->event->outcome,
                                    .by = (uint8_t)step->event->outcome_by};
    return true;
}

static bool apply_verdict(struct step *step, struct rebut_error *err)
{
    struct rebut_state *state = step->state;
    uint32_t request = 0;
    uint16_t reviewer = 0;
    if (!find_request(state, step->event->request_id, &request)) {
        step->applied = REBUT_ORPHAN;
        return true;
    }
    if (!REBUT_ARRAY_MORE(&state->verdicts, 1, "verdicts", err) ||
        !put_word(&state->reviewers, step->event->reviewer, "reviewers", &reviewer, err))
        return false;
    state->verdicts.data[state->verdicts.count++] =
        (struct rebut_verdict_seen){.at = step->event->at,
                                    .digest = rebut_event_digest(step->event),
                                    .propensity = step->event->propensity,
                                    .request = request,
                                    .reviewer = reviewer,
                                    .verdict = (uint8_t)step->event->verdict,
                                    .selection = (uint8_t)step->event->selection};
    return true;
}

bool rebut_state_apply(struct rebut_state *state, const struct rebut_event *event,
                       enum rebut_applied *ret_applied, struct rebut_error *err)
{
    static bool (*const by_type[REBUT_EVENT_TYPES])(struct step *,
                                                    struct rebut_error *) = {
        [REBUT_EVENT_ORDER] = apply_order,       [REBUT_EVENT_SHIPMENT] = apply_shipment,
        [REBUT_EVENT_DELIVERY] = apply_delivery, [REBUT_EVENT_PRICE] = apply_price,
        [REBUT_EVENT_CONTACT] = apply_contact,   [REBUT_EVENT_REQUEST] = apply_request,
        [REBUT_EVENT_OUTCOME] = apply_outcome,   [REBUT_EVENT_VERDICT] = apply_verdict,
    };
    struct step step = {.state = state, .event = event, .applied = REBUT_APPLIED};
    if (!by_type[event->type](&step, err))
        return false;
    if ((step.applied == REBUT_APPLIED || step.applied == REBUT_REPLACED) &&
        event->at > state->latest)
        state->latest = event->at;
    *ret_applied = step.applied;
    return true;
}
