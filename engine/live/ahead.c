/* Memory that events will touch is asked for before they are applied. */
#include "parts.h"

/* Rows are there by now, and what they name is known: ask for what hangs on it. */
static void fetch_chains(const struct rebut_live *live, const struct rebut_ahead *ahead,
                         size_t count)
{
    const struct rebut_state *state = &live->state;
    for (size_t i = 0; i < count; i++) {
        uint32_t buyer = rebut_ahead_buyer_guess(&ahead[i]);
        const uint32_t order = rebut_ahead_order_guess(&ahead[i]);
        if (order != REBUT_NONE)
            buyer = state->orders.data[order].buyer;
        if (buyer != REBUT_NONE)
            __builtin_prefetch(&live->buyers.data[buyer]);
    }
    for (size_t i = 0; i < count; i++) {
        const uint32_t buyer = rebut_ahead_buyer_guess(&ahead[i]);
        if (buyer != REBUT_NONE && live->buyers.data[buyer].orders != REBUT_NONE)
            __builtin_prefetch(&state->orders.data[live->buyers.data[buyer].orders]);
    }
}

void rebut_live_look_ahead(const struct rebut_live *live,
                           const struct rebut_event *events, size_t count,
                           struct rebut_ahead *ret_ahead)
{
    rebut_state_look_ahead(&live->state, events, count, ret_ahead);
    if (live->night != NULL)
        rebut_state_look_also(live->night->state, ret_ahead, count);
    fetch_chains(live, ret_ahead, count);
}
