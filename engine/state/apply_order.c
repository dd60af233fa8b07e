/* Orders, and the shipments and deliveries that their rows hold, into the tables. */
#include "apply.h"

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

/* ---- times after the order ---- */

struct moment {
    int32_t seconds; /* from the order, rounded down */
    uint16_t ms;     /* beyond them */
};

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

static bool put_keys(const struct step *step, struct rebut_order_keys *ret_keys,
                     struct rebut_error *err)
{
    const struct rebut_event *event = step->event;
    const struct rebut_text ids[REBUT_KEYS] = {event->device_id, event->address_id,
                                               event->payment_id};
    for (int kind = 0; kind < REBUT_KEYS; kind++) {
        uint32_t *key = &ret_keys->key[kind];
        *key = REBUT_NONE;
        if (ids[kind].size != 0 && !put_id(&step->state->key_ids[kind], ids[kind], step,
                                           AHEAD_KEYS + kind, key, err))
            return false;
    }
    return true;
}

static bool fill_order(const struct step *step, uint32_t index, struct rebut_error *err)
{
    struct rebut_state *state = step->state;
    const struct rebut_event *event = step->event;
    struct rebut_order *order = &state->orders.data[index];
    uint32_t host = 0;
    if (event->host_id.size != 0) {
        if (!put_word(&state->hosts, event->host_id, &host, err))
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
    return put_keys(step, &state->order_keys.data[index], err) &&
           put_id(&state->buyer_ids, event->buyer_id, step, AHEAD_BUYER, &order->buyer,
                  err) &&
           put_word(&state->merchant_ids, event->merchant_id, &order->merchant, err) &&
           put_id(&state->sku_ids, event->sku_id, step, AHEAD_SKU, &order->sku, err) &&
           rebut_state_put_word(&state->categories, event->category, "categories",
                                &order->category, err) &&
           rebut_state_put_word(&state->campaigns, event->campaign, "campaigns",
                                &order->campaign, err) &&
           rebut_state_put_word(&state->regions, event->region, "regions", &order->region,
                                err) &&
           rebut_state_put_word(&state->distributors, event->distributor, "distributors",
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

static bool add_order(const struct step *step, struct rebut_error *err)
{
    struct rebut_state *state = step->state;
    const uint32_t index = state->orders.count++;
    state->order_keys.count++;
    state->orders.data[index] = (struct rebut_order){.shipped_s = REBUT_SECONDS_NONE,
                                                     .delivered_s = REBUT_SECONDS_NONE};
    return fill_order(step, index, err);
}

bool rebut_state_apply_order(struct step *step, struct rebut_error *err)
{
    struct rebut_state *state = step->state;
    const struct rebut_event *event = step->event;
    uint32_t index = 0;
    if (!REBUT_ARRAY_MORE(&state->orders, 1, "orders", err) ||
        !REBUT_ARRAY_MORE(&state->order_keys, 1, "orders", err) ||
        !put_id(&state->order_ids, event->order_id, step, AHEAD_ORDER, &index, err))
        return false;
    if (index == state->orders.count)
        return add_order(step, err);
    struct rebut_order *order = &state->orders.data[index];
    const int64_t old_at = order->at;
    if (!rebut_state_settle(step, old_at, event->at, order->digest,
                            (uint32_t)rebut_event_digest(event)))
        return true;
    if (!fill_order(step, index, err))
        return false;
    shift_times(order, old_at);
    return true;
}

bool rebut_state_apply_shipment(struct step *step, struct rebut_error *err)
{
    uint32_t index = 0;
    if (!find_order(step, &index)) {
        step->applied = REBUT_ORPHAN;
        return true;
    }
    struct rebut_order *order = &step->state->orders.data[index];
    const uint32_t digest = (uint32_t)rebut_event_digest(step->event);
    const struct moment moment = moment_of(order->at, whole_ms(step->event->at));
    const struct moment old = {order->shipped_s, order->shipped_ms};
    if (old.seconds != REBUT_SECONDS_NONE &&
        !rebut_state_settle(step, moment_ms(order->at, old), moment_ms(order->at, moment),
                            order->shipment_digest, digest))
        return true;
    order->shipped_s = moment.seconds;
    order->shipped_ms = moment.ms;
    order->shipment_digest = digest;
    return rebut_state_put_word(&step->state->carriers, step->event->carrier, "carriers",
                                &order->carrier, err);
}

bool rebut_state_apply_delivery(struct step *step, struct rebut_error *err)
{
    (void)err;
    uint32_t index = 0;
    if (!find_order(step, &index)) {
        step->applied = REBUT_ORPHAN;
        return true;
    }
    struct rebut_order *order = &step->state->orders.data[index];
    const uint32_t digest = (uint32_t)rebut_event_digest(step->event);
    const struct moment moment = moment_of(order->at, whole_ms(step->event->at));
    const struct moment old = {order->delivered_s, order->delivered_ms};
    if (old.seconds != REBUT_SECONDS_NONE &&
        !rebut_state_settle(step, moment_ms(order->at, old), moment_ms(order->at, moment),
                            order->delivery_digest, digest))
        return true;
    order->delivered_s = moment.seconds;
    order->delivered_ms = moment.ms;
    order->delivery_digest = digest;
    order->signed_by = (uint8_t)step->event->signed_by;
    return true;
}
