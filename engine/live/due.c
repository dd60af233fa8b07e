/* Which requests are to be scored, now or when their wait is over. */
#include "parts.h"

/* It will be scored: all that is known of its buyer must be here. */
static bool make_due(struct rebut_live *live, uint32_t request, struct rebut_error *err)
{
    if (!rebut_live_know(live, live_buyer_of(live, request), err))
        return false;
    struct live_request *waits = &live->requests.data[request];
    waits->held = 0;
    if (waits->due)
        return true;
    if (live->due_first == live->due.count)
        live->due_first = live->due.count = 0;
    if (!REBUT_ARRAY_MORE(&live->due, 1, "requests to be scored", err))
        return false;
    live->due.data[live->due.count++] = request;
    waits->due = 1;
    return true;
}

static bool is_refund_only(const struct rebut_live *live, uint32_t request)
{
    return live->state.requests.data[request].kind == REBUT_KIND_REFUND_ONLY;
}

bool rebut_live_want(struct rebut_live *live, uint32_t request, struct rebut_error *err)
{
    struct live_request *waits = &live->requests.data[request];
    if (!is_refund_only(live, request) || waits->scored || waits->due || waits->held)
        return true;
    const int64_t over = live_as_of(live, request) + live->options.wait_us;
    if (live->options.wait_us == 0 || live->watermark >= over)
        return make_due(live, request, err);
    waits->held = 1;
    const struct live_moment moment = {over, ++live->held_numbers, request};
    return rebut_live_heap_put(&live->held, moment, err) &&
           (live->held.moments.count <= live->options.held_max ||
            make_due(live, rebut_live_heap_take(&live->held).what, err));
}

bool rebut_live_want_again(struct rebut_live *live, uint32_t buyer, int64_t from,
                           struct rebut_error *err)
{
    if (from > live->buyers.data[buyer].scored_to)
        return true;
    if (!rebut_live_know(live, buyer, err)) /* before the chains are walked */
        return false;
    for (uint32_t order = live->buyers.data[buyer].orders; order != REBUT_NONE;
         order = live->orders.data[order].next) {
        for (uint32_t request = live->orders.data[order].requests; request != REBUT_NONE;
             request = live->requests.data[request].next) {
            if (live_as_of(live, request) < from)
                break;
            if (live->requests.data[request].scored && is_refund_only(live, request) &&
                !make_due(live, request, err))
                return false;
        }
    }
    return true;
}

bool rebut_live_let_go(struct rebut_live *live, bool all, struct rebut_error *err)
{
    while (live->held.moments.count > 0 &&
           (all || live->held.moments.data[0].at <= live->watermark))
        if (!make_due(live, rebut_live_heap_take(&live->held).what, err))
            return false;
    return true;
}

bool rebut_live_next(struct rebut_live *live, struct rebut_live_due *ret)
{
    while (live->due_first < live->due.count) {
        const uint32_t request = live->due.data[live->due_first++];
        live->requests.data[request].due = 0;
        if (!is_refund_only(live, request)) /* it was, until replaced */
            continue;
        *ret = (struct rebut_live_due){request, live_as_of(live, request)};
        return true;
    }
    return false;
}

bool rebut_live_scored(struct rebut_live *live, uint32_t request, uint64_t digest,
                       uint32_t *ret_revision)
{
    struct live_request *scored = &live->requests.data[request];
    const bool first = !scored->scored;
    const bool same = !first && scored->digest == digest;
    if (!first && !same)
        scored->revision++;
    scored->scored = 1;
    scored->digest = digest;
    live_note_score(live, live_buyer_of(live, request), live_as_of(live, request));
    *ret_revision = scored->revision;
    return !same;
}
