/* One event into the tables. */
#include <stdlib.h>

#include "apply.h"

bool rebut_state_put_word(struct rebut_intern *words, struct rebut_text word,
                          const char *what, uint16_t *ret_index, struct rebut_error *err)
{
    *ret_index = 0;
    if (word.size == 0)
        return true;
    uint32_t index = 0;
    if (!put_word(words, word, &index, err))
        return false;
    if (index >= UINT16_MAX - 1)
        return rebut_fail(err, REBUT_ELIMIT, "at most 65,534 different %s", what);
    *ret_index = (uint16_t)(index + 1);
    return true;
}

bool rebut_state_settle(struct step *step, int64_t old_at, int64_t new_at,
                        uint64_t old_digest, uint64_t new_digest)
{
    step->applied = REBUT_CONFLICT;
    if (old_digest == new_digest)
        step->applied = REBUT_DUPLICATE;
    else if (new_at < old_at || (new_at == old_at && new_digest < old_digest))
        step->applied = REBUT_REPLACED;
    step->other = (uint32_t)old_digest;
    return step->applied == REBUT_REPLACED;
}

static bool find_request(const struct step *step, uint32_t *ret_request)
{
    *ret_request =
        find_id(&step->state->request_ids, step->event->request_id, step, AHEAD_REQUEST);
    return *ret_request != REBUT_NONE;
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
    if (!find_order(step, &order)) {
        step->applied = REBUT_ORPHAN;
        return true;
    }
    if (!REBUT_ARRAY_MORE(&state->requests, 1, "requests", err) ||
        !put_id(&state->request_ids, event->request_id, step, AHEAD_REQUEST, &index, err))
        return false;
    struct rebut_request *request = &state->requests.data[index];
    if (index == state->requests.count) {
        *request = (struct rebut_request){.order = order, .text = REBUT_NONE};
        state->requests.count++;
        return fill_request(state, event, request, err);
    }
    if (!rebut_state_settle(step, request->at, event->at, request->digest,
                            rebut_event_digest(event)))
        return true;
    request->order = order;
    return fill_request(state, event, request, err);
}

static bool apply_price(struct step *step, struct rebut_error *err)
{
    struct rebut_state *state = step->state;
    uint32_t sku = 0;
    if (!put_id(&state->sku_ids, step->event->sku_id, step, AHEAD_SKU, &sku, err) ||
        !REBUT_ARRAY_MORE(&state->prices, 1, "prices", err))
        return false;
    state->prices.data[state->prices.count++] = (struct rebut_price){
        .at = step->event->at, .price = step->event->amount, .sku = sku};
    return true;
}

static bool apply_contact(struct step *step, struct rebut_error *err)
{
    struct rebut_state *state = step->state;
    uint32_t order = 0;
    if (!find_order(step, &order)) {
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
    if (!find_request(step, &request)) {
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
    if (!find_request(step, &request)) {
        step->applied = REBUT_ORPHAN;
        return true;
    }
    if (!REBUT_ARRAY_MORE(&state->verdicts, 1, "verdicts", err) ||
        !rebut_state_put_word(&state->reviewers, step->event->reviewer, "reviewers",
                              &reviewer, err))
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

bool rebut_state_apply_ahead(struct rebut_state *state, const struct rebut_ahead *ahead,
                             enum rebut_applied *ret_applied, uint32_t *ret_other,
                             struct rebut_error *err)
{
    static bool (*const by_type[REBUT_EVENT_TYPES])(struct step *,
                                                    struct rebut_error *) = {
        [REBUT_EVENT_ORDER] = rebut_state_apply_order,
        [REBUT_EVENT_SHIPMENT] = rebut_state_apply_shipment,
        [REBUT_EVENT_DELIVERY] = rebut_state_apply_delivery,
        [REBUT_EVENT_PRICE] = apply_price,
        [REBUT_EVENT_CONTACT] = apply_contact,
        [REBUT_EVENT_REQUEST] = apply_request,
        [REBUT_EVENT_OUTCOME] = apply_outcome,
        [REBUT_EVENT_VERDICT] = apply_verdict,
    };
    const struct rebut_event *event = ahead->event;
    struct step step = {
        .state = state, .event = event, .ahead = ahead, .applied = REBUT_APPLIED};
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

bool rebut_state_apply(struct rebut_state *state, const struct rebut_event *event,
                       enum rebut_applied *ret_applied, uint32_t *ret_other,
                       struct rebut_error *err)
{
    struct rebut_ahead ahead;
    rebut_state_seek(state, event, &ahead);
    return rebut_state_apply_ahead(state, &ahead, ret_applied, ret_other, err);
}
