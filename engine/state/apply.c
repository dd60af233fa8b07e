/* One event into the tables. */
#include <stdlib.h>

#include "rebut/state.h"

/* An event and where its outcome goes: what every function below works on. */
struct step {
    struct rebut_state *state;
    const struct rebut_event *event;
    enum rebut_applied applied;
    uint32_t other; /* lower bits of the digest of what was replaced */
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

/* Of the event seen before and this one with the same id: which stands?  True when it
 * is this one. */
static bool settle(struct step *step, bool earlier, uint64_t old_digest,
                   uint64_t new_digest)
{
    step->applied = REBUT_CONFLICT;
    if (old_digest == new_digest)
        step->applied = REBUT_DUPLICATE;
    else if (earlier)
        step->applied = REBUT_REPLACED;
    step->other = (uint32_t)old_digest;
    return step->applied == REBUT_REPLACED;
}

/* ---- times after the order ---- */

struct moment {
    int32_t seconds; /* from the order, rounded down */
    uint16_t ms;     /* beyond them */
};

static int64_t whole_ms(int64_t time)
{
    return time / (REBUT_SECOND / 1000); /* times of events are never negative */
}

/* Whole milliseconds of the epoch, so that which of two came first, and what follows
 * when the order is replaced, does not depend on the order's own fraction. */
static int64_t moment_ms(int64_t order_at, struct moment moment)
{
    return whole_ms(order_at) + (int64_t)moment.seconds * 1000 + moment.ms;
}

static struct moment moment_of(int64_t order_at, int64_t ms)
{
    ms -= whole_ms(order_at);
    const int64_t most = (int64_t)INT32_MAX * 1000;
    if (ms > most)
        ms = most;
    if (ms < -most)
        ms = -most;
    int64_t seconds = ms / 1000;
    if (seconds * 1000 > ms)
        seconds--;
    return (struct moment){(int32_t)seconds, (uint16_t)(ms - seconds * 1000)};
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

static bool put_key(struct rebut_state *state, enum rebut_key kind, struct rebut_text id,
                    uint32_t *ret_key, struct rebut_error *err)
{
    *ret_key = REBUT_NONE;
    return id.size == 0 || put_id(&state->key_ids[kind], id, ret_key, err);
}

static bool put_keys(struct rebut_state *state, const struct rebut_event *event,
                     struct rebut_order_keys *ret_keys, struct rebut_error *err)
{
    uint32_t *key = ret_keys->key;
    return put_key(state, REBUT_KEY_DEVICE, event->device_id, &key[REBUT_KEY_DEVICE],
                   err) &&
           put_key(state, REBUT_KEY_ADDRESS, event->address_id, &key[REBUT_KEY_ADDRESS],
                   err) &&
           put_key(state, REBUT_KEY_PAYMENT, event->payment_id, &key[REBUT_KEY_PAYMENT],
                   err);
}

static bool fill_order(struct rebut_state *state, const struct rebut_event *event,
                       uint32_t index, struct rebut_error *err)
{
    struct rebut_order *order = &state->orders.data[index];
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
    return put_keys(state, event, &state->order_keys.data[index], err) &&
           put_id(&state->buyer_ids, event->buyer_id, &order->buyer, err) &&
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
    const struct moment old_shipped = {order->shipped_s, order->shipped_ms};
    const struct moment old_delivered = {order->delivered_s, order->delivered_ms};
    if (order->shipped_s != REBUT_SECONDS_NONE) {
        const struct moment shipped =
            moment_of(order->at, moment_ms(old_at, old_shipped));
        order->shipped_s = shipped.seconds;
        order->shipped_ms = shipped.ms;
    }
    if (order->delivered_s != REBUT_SECONDS_NONE) {
        const struct moment delivered =
            moment_of(order->at, moment_ms(old_at, old_delivered));
        order->delivered_s = delivered.seconds;
        order->delivered_ms = delivered.ms;
    }
}

static bool add_order(struct rebut_state *state, const struct rebut_event *event,
                      struct rebut_error *err)
{
    const uint32_t index = state->orders.count++;
    state->order_keys.count++;
    state->orders.data[index] = (struct rebut_order){.shipped_s = REBUT_SECONDS_NONE,
                                                     .delivered_s = REBUT_SECONDS_NONE};
    return fill_order(state, event, index, err);
}

static bool apply_order(struct step *step, struct rebut_error *err)
{
    struct rebut_state *state = step->state;
    const struct rebut_event *event = step->event;
    uint32_t index = 0;
    if (!REBUT_ARRAY_MORE(&state->orders, 1, "orders", err) ||
        !REBUT_ARRAY_MORE(&state->order_keys, 1, "orders", err) ||
        !put_id(&state->order_ids, event->order_id, &index, err))
        return false;
    if (index == state->orders.count)
        return add_order(state, event, err);
    struct rebut_order *order = &state->orders.data[index];
    const int64_t old_at = order->at;
    if (!settle(step, event->at < old_at, order->digest,
                (uint32_t)rebut_event_digest(event)))
        return true;
    if (!fill_order(state, event, index, err))
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
    const struct moment moment = moment_of(order->at, whole_ms(step->event->at));
    const struct moment old = {order->shipped_s, order->shipped_ms};
    if (old.seconds != REBUT_SECONDS_NONE &&
        !settle(step, moment_ms(order->at, moment) < moment_ms(order->at, old),
                order->shipment_digest, digest))
        return true;
    order->shipped_s = moment.seconds;
    order->shipped_ms = moment.ms;
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
    const struct moment moment = moment_of(order->at, whole_ms(step->event->at));
    const struct moment old = {order->delivered_s, order->delivered_ms};
    if (old.seconds != REBUT_SECONDS_NONE &&
        !settle(step, moment_ms(order->at, moment) < moment_ms(order->at, old),
                order->delivery_digest, digest))
        return true;
    order->delivered_s = moment.seconds;
    order->delivered_ms = moment.ms;
    order->delivery_digest = digest;
    order->signed_by = (uint8_t)step->event->signed_by;
    return true;
}

/* Keep a copy of the request's text, in the place of the one that it replaces. */
static bool keep_text(struct rebut_state *state, struct rebut_text text,
                      uint32_t *text_index, struct rebut_error *err)
{
    char *copy = NULL;
    if (*text_index != REBUT_NONE) {
        struct rebut_text *old = &state->texts.data[*text_index];
        free((void *)(uintptr_t)old->data);
        *old = (struct rebut_text){NULL, 0};
    }
    if (text.size == 0) {
        *text_index = REBUT_NONE;
        return true;
    }
    if (!REBUT_ARRAY_MORE(&state->texts, 1, "texts", err))
        return false;
    copy = malloc(text.size);
    if (copy == NULL)
        return rebut_fail_memory(err, "a request's text");
    memcpy(copy, text.data, text.size);
    if (*text_index == REBUT_NONE)
        *text_index = state->texts.count++;
    state->texts.data[*text_index] = (struct rebut_text){copy, text.size};
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
    if (!REBUT_ARRAY_MORE(&state->requests, 1, "requests", err) ||
        !put_id(&state->request_ids, event->request_id, &index, err))
        return false;
    struct rebut_request *request = &state->requests.data[index];
    if (index == state->requests.count) {
        *request = (struct rebut_request){.order = order, .text = REBUT_NONE};
        state->requests.count++;
        return fill_request(state, event, request, err);
    }
    if (!settle(step, event->at < request->at, request->digest,
                rebut_event_digest(event)))
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

/* Shipments and deliveries are known by the millisecond, so this is too. */
static int64_t time_known(const struct rebut_event *event)
{
    const bool by_ms =
        event->type == REBUT_EVENT_SHIPMENT || event->type == REBUT_EVENT_DELIVERY;
    return by_ms ? whole_ms(event->at) * (REBUT_SECOND / 1000) : event->at;
}

bool rebut_state_apply(struct rebut_state *state, const struct rebut_event *event,
                       enum rebut_applied *ret_applied, uint32_t *ret_other,
                       struct rebut_error *err)
{
    static bool (*const by_type[REBUT_EVENT_TYPES])(struct step *,
                                                    struct rebut_error *) = {
        [REBUT_EVENT_ORDER] = apply_order,       [REBUT_EVENT_SHIPMENT] = apply_shipment,
        [REBUT_EVENT_DELIVERY] = apply_delivery, [REBUT_EVENT_PRICE] = apply_price,
        [REBUT_EVENT_CONTACT] = apply_contact,   [REBUT_EVENT_REQUEST] = apply_request,
        [REBUT_EVENT_OUTCOME] = apply_outcome,   [REBUT_EVENT_VERDICT] = apply_verdict,
    };
    struct step step = {.state = state, .event = event, .applied = REBUT_APPLIED};
    if (state->sealed)
        return rebut_fail(err, REBUT_EINPUT,
                          "no event can follow once the state is sealed");
    if (!by_type[event->type](&step, err))
        return false;
    const int64_t at = time_known(event);
    if ((step.applied == REBUT_APPLIED || step.applied == REBUT_REPLACED) &&
        at > state->latest)
        state->latest = at;
    state->replaced = state->replaced || step.applied == REBUT_REPLACED;
    *ret_applied = step.applied;
    *ret_other = step.applied == REBUT_REPLACED ? step.other : 0;
    return true;
}
