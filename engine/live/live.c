#include "rebut/live.h"

#include <stdlib.h>

#include "parts.h"

const char *const rebut_words_live_became[REBUT_LIVE_BECAME] = {
    [REBUT_LIVE_APPLIED] = "applied",   [REBUT_LIVE_DUPLICATE] = "duplicate",
    [REBUT_LIVE_CONFLICT] = "conflict", [REBUT_LIVE_REPLACED] = "replaced",
    [REBUT_LIVE_ORPHAN] = "orphan",     [REBUT_LIVE_PRICE] = "price",
    [REBUT_LIVE_TOO_LATE] = "too_late", [REBUT_LIVE_FUTURE] = "future",
};

bool rebut_live_new(struct rebut_live **ret_live,
                    const struct rebut_live_options *options,
                    const struct rebut_live_night *night, struct rebut_error *err)
{
    if (!(options->lateness_us >= 0 && options->lateness_us <= REBUT_TIME_MAX &&
          options->ahead_us >= 0 && options->ahead_us <= REBUT_TIME_MAX &&
          options->wait_us >= 0 && options->wait_us <= REBUT_TIME_MAX))
        return rebut_fail(err, REBUT_EINPUT,
                          "lateness, 'ahead' and 'wait' are times from 0");
    struct rebut_live *live = calloc(1, sizeof *live);
    if (live == NULL)
        return rebut_fail_memory(err, "the state of a stream");
    rebut_state_init(&live->state,
                     night != NULL ? night->state->order_ids.seed : options->seed);
    live->options = *options;
    live->night = night;
    live->watermark = REBUT_TIME_NONE;
    live->orphans.free = REBUT_NONE;
    *ret_live = live;
    return true;
}

void rebut_live_free(struct rebut_live *live)
{
    if (live == NULL)
        return;
    rebut_live_release_orphans(live);
    rebut_state_release(&live->state);
    rebut_copies_release(&live->copies);
    free(live->fresh.data);
    free(live->buyers.data);
    free(live->orders.data);
    free(live->requests.data);
    free(live->contacts.data);
    free(live->outcomes.data);
    free(live->verdicts.data);
    free(live->held.moments.data);
    free(live->due.data);
    free(live);
}

const struct rebut_state *rebut_live_state(const struct rebut_live *live)
{
    return &live->state;
}

int64_t rebut_live_watermark(const struct rebut_live *live)
{
    return live->watermark;
}

size_t rebut_live_bytes(const struct rebut_live *live)
{
    return rebut_state_bytes(&live->state) +
           live->buyers.room * sizeof *live->buyers.data +
           live->orders.room * sizeof *live->orders.data +
           live->requests.room * sizeof *live->requests.data +
           ((size_t)live->contacts.room + live->outcomes.room + live->verdicts.room +
            live->due.room) *
               sizeof(uint32_t) +
           live->held.moments.room * sizeof *live->held.moments.data +
           rebut_live_orphan_bytes(live);
}

/* Is it too old or too new?  Decided by what came before it alone. */
static bool is_refused(const struct rebut_live *live,
                       const struct rebut_live_message *message,
                       enum rebut_live_became *ret_became)
{
    const int64_t at = message->event->at;
    if (message->now != REBUT_TIME_NONE && at - live->options.ahead_us > message->now) {
        *ret_became = REBUT_LIVE_FUTURE;
        return true;
    }
    *ret_became = REBUT_LIVE_TOO_LATE;
    return live->watermark != REBUT_TIME_NONE &&
           at < live->watermark - live->options.lateness_us;
}

bool rebut_live_apply(struct rebut_live *live, const struct rebut_live_message *message,
                      enum rebut_live_became *ret_became, struct rebut_error *err)
{
    if (is_refused(live, message, ret_became))
        return true;
    if (message->event->at > live->watermark)
        live->watermark = message->event->at;
    struct rebut_ahead ahead;
    if (message->ahead == NULL)
        rebut_state_seek(&live->state, message->event, &ahead);
    if (!rebut_live_take(live, message->ahead != NULL ? message->ahead : &ahead,
                         ret_became, err) ||
        (*ret_became == REBUT_LIVE_ORPHAN && !rebut_live_keep_orphan(live, message, err)))
        return false;
    return rebut_live_try_woken(live, err) && rebut_live_let_go(live, false, err) &&
           rebut_live_expire(live, live->watermark - live->options.lateness_us, err);
}

bool rebut_live_idle(struct rebut_live *live, struct rebut_error *err)
{
    return rebut_live_let_go(live, true, err);
}

bool rebut_live_finish(struct rebut_live *live, struct rebut_error *err)
{
    return rebut_live_let_go(live, true, err) && rebut_live_expire(live, INT64_MAX, err);
}
