/* One request, judged against a night with the caller's events, and forgotten. */
#include "rebut/instant.h"

#include <stdlib.h>

#include "rebut/json.h"
#include "rebut/score_write.h"

struct instant {
    const struct rebut_tonight *tonight;
    struct rebut_live *live;
    struct rebut_eye *eye;
    struct rebut_live_view view;
    struct rebut_event_scratch scratch;
    size_t count;
};

static bool refuse(const struct instant *instant, const struct rebut_refusal *refusal,
                   struct rebut_error *err)
{
    return rebut_fail(err, REBUT_EINPUT, "event %zu: %s%s%s%s: expected %s",
                      instant->count, refusal->reason,
                      refusal->field[0] == '\0' ? "" : " '", refusal->field,
                      refusal->field[0] == '\0' ? "" : "'", refusal->expected);
}

static bool take_event(struct instant *instant, struct rebut_text line,
                       struct rebut_error *err)
{
    enum rebut_live_became became = REBUT_LIVE_APPLIED;
    struct rebut_event event;
    struct rebut_refusal refusal;
    if (instant->count == REBUT_INSTANT_EVENTS)
        return rebut_fail(err, REBUT_EINPUT, "expected at most %d events",
                          REBUT_INSTANT_EVENTS);
    instant->count++;
    if (!rebut_event_parse(line, &instant->scratch, &event, &refusal))
        return refuse(instant, &refusal, err);
    struct rebut_ahead ahead;
    rebut_live_look_ahead(instant->live, &event, 1, &ahead);
    const struct rebut_live_message message = {.event = &event,
                                               .line = line,
                                               .minor = (int64_t)instant->count,
                                               .now = REBUT_TIME_NONE,
                                               .ahead = &ahead};
    if (!rebut_live_apply(instant->live, &message, &became, err))
        return false;
    return became != REBUT_LIVE_CONFLICT ||
           rebut_fail(err, REBUT_EINPUT,
                      "event %zu: conflict: expected the content that this id had before",
                      instant->count);
}

static bool take_events(struct instant *instant, struct rebut_text events,
                        struct rebut_error *err)
{
    struct rebut_json json;
    struct rebut_json_value value;
    if (events.size == 0)
        return true;
    instant->scratch.data = malloc(events.size);
    instant->scratch.size = events.size;
    if (instant->scratch.data == NULL)
        return rebut_fail_memory(err, "events");
    rebut_json_init(&json, events, REBUT_NESTING_MAX + 1);
    bool ok = rebut_json_open(&json, REBUT_JSON_ARRAY);
    while (ok && rebut_json_next(&json)) {
        if (rebut_json_peek(&json) != REBUT_JSON_OBJECT)
            return rebut_fail(err, REBUT_EINPUT, "expected events that are objects");
        ok = rebut_json_value(&json, &value);
        if (ok && !take_event(instant, value.text, err))
            return false;
    }
    return (ok && rebut_json_finish(&json)) ||
           rebut_fail(err, REBUT_EINPUT, "expected events as an array of objects");
}

/* What still waits for an order or request waits in vain. */
static bool check_orphans(struct instant *instant, struct rebut_error *err)
{
    struct rebut_live_dead dead;
    if (!rebut_live_finish(instant->live, err))
        return false;
    if (!rebut_live_next_dead(instant->live, &dead))
        return true;
    return rebut_fail(err, REBUT_EINPUT, "event %lld: %s: expected %s",
                      (long long)dead.minor, dead.reason, dead.expected);
}

static bool judge(struct instant *instant, const struct rebut_instant_question *question,
                  struct rebut_output *out, struct rebut_error *err)
{
    const struct rebut_state *state = rebut_live_state(instant->live);
    const uint32_t index =
        rebut_intern_find(&state->request_ids, question->request_id,
                          rebut_intern_hash(&state->request_ids, question->request_id));
    struct rebut_judged judged;
    if (index == REBUT_NONE || state->requests.data[index].kind != REBUT_KIND_REFUND_ONLY)
        return rebut_fail(err, REBUT_EINPUT,
                          "expected a refund-only request of the events or the night");
    const struct rebut_request *request = &state->requests.data[index];
    const int64_t ordered = state->orders.data[request->order].at;
    const int64_t as_of = request->at > ordered ? request->at : ordered;
    if (!rebut_live_view(instant->live, index, &instant->view, err) ||
        !rebut_eye_open(&instant->eye, instant->tonight->night, err) ||
        !rebut_eye_judge(instant->eye, &instant->view.state, as_of, instant->view.request,
                         &judged, err))
        return false;
    return rebut_score_write_line(judged.scores, judged.score, question->language, out) ||
           rebut_fail_memory(err, "a score");
}

bool rebut_instant_score(const struct rebut_tonight *tonight,
                         const struct rebut_instant_question *question,
                         struct rebut_output *out, struct rebut_error *err)
{
    struct instant instant = {.tonight = tonight};
    struct rebut_live_options options = REBUT_LIVE_OPTIONS;
    options.lateness_us = REBUT_TIME_MAX; /* in any order */
    const bool ok = rebut_live_new(&instant.live, &options, tonight->buyers, err) &&
                    rebut_live_recall(instant.live, question->request_id, err) &&
                    take_events(&instant, question->events, err) &&
                    check_orphans(&instant, err) && judge(&instant, question, out, err);
    rebut_eye_close(instant.eye);
    rebut_live_view_release(&instant.view);
    rebut_live_free(instant.live);
    free(instant.scratch.data);
    return ok;
}
