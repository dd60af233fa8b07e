/* Live-stream and short-video sessions against shelf sales, by channel and host.
 *
 * Expected is what the shelf of this report would have had on orders of the same
 * categories: E = sum over orders of the shelf's rate in the category, drawn towards the
 * shelf's own by REBUT_LOSS_SHRINK orders.  Ratio (O + 5) / (E + 5); the log of it has
 * variance 1 / (O + 5) + 1 / (shelf's count + 1). */
#include <math.h>
#include <stdlib.h>

#include "losses_sums.h"
#include "rebut/losses.h"

#define DRAWN 5.0 /* requests, towards a ratio of 1 */

struct counts {
    uint64_t orders, asked, returned;
    rebut_total asked_expected, returned_expected; /* of 2^-40 */
};

struct gathering {
    struct rebut_losses *losses;
    const struct rebut_frame *frame;
    uint8_t *asked, *returned; /* [orders] */
    struct counts *shelf;      /* [categories + 1] */
    struct counts whole;       /* the shelf's */
    struct counts *hosts;      /* [hosts + 1] */
    struct counts channel[REBUT_CHANNELS];
};

static void mark_requests(struct gathering *to)
{
    const struct rebut_state *state = to->frame->state;
    for (uint32_t i = 0; i < state->requests.count; i++) {
        const struct rebut_request *request = &state->requests.data[i];
        if (request->at > to->frame->as_of)
            continue;
        if (request->kind == REBUT_KIND_REFUND_ONLY)
            to->asked[request->order] = 1;
        else
            to->returned[request->order] = 1;
    }
}

static void count(struct counts *counts, const struct gathering *to, uint32_t order)
{
    counts->orders++;
    counts->asked += to->asked[order];
    counts->returned += to->returned[order];
}

/* The shelf's rate in a category, drawn towards the whole shelf's. */
static double rate_of(uint64_t events, uint64_t orders, uint64_t all, uint64_t all_orders)
{
    const double mean = (double)all / (double)all_orders;
    return ((double)events + REBUT_LOSS_SHRINK * mean) /
           ((double)orders + REBUT_LOSS_SHRINK);
}

static void expect_of(struct counts *counts, const struct gathering *to,
                      const struct rebut_order *order)
{
    const struct counts *shelf = &to->shelf[order->category];
    const struct counts *whole = &to->whole;
    if (whole->orders == 0)
        return;
    counts->asked_expected +=
        rebut_to_fixed(rate_of(shelf->asked, shelf->orders, whole->asked, whole->orders));
    counts->returned_expected += rebut_to_fixed(
        rate_of(shelf->returned, shelf->orders, whole->returned, whole->orders));
}

/* Those who sell on screen; an order of a host is one whatever its channel says. */
static bool on_screen(const struct rebut_order *order)
{
    return order->channel == REBUT_CHANNEL_LIVESTREAM ||
           order->channel == REBUT_CHANNEL_SHORT_VIDEO;
}

static void gather(struct gathering *to, bool shelf)
{
    for (uint32_t i = 0; i < to->frame->rows_count; i++) {
        const uint32_t number = to->frame->rows[i].order;
        const struct rebut_order *order = &to->frame->state->orders.data[number];
        if (!loss_in_scope(to->losses, order->merchant) ||
            !loss_is_recent(to->losses, order))
            continue;
        if (shelf && order->channel == REBUT_CHANNEL_SHELF) {
            count(&to->shelf[order->category], to, number);
            count(&to->whole, to, number);
        } else if (!shelf && on_screen(order)) {
            count(&to->channel[order->channel], to, number);
            expect_of(&to->channel[order->channel], to, order);
            if (order->host == 0)
                continue;
            count(&to->hosts[order->host], to, number);
            expect_of(&to->hosts[order->host], to, order);
        }
    }
}

static struct rebut_loss_ratio ratio_of(uint64_t events, double expected, uint64_t shelf,
                                        uint64_t shelf_orders)
{
    if (shelf_orders == 0)
        return (struct rebut_loss_ratio){(double)NAN, (double)NAN, (double)NAN};
    const double seen = (double)events + DRAWN;
    const double value = seen / (expected + DRAWN);
    const double half = exp(LOSS_NORMAL_90 * sqrt(1 / seen + 1 / ((double)shelf + 1)));
    return (struct rebut_loss_ratio){value, value / half, value * half};
}

/* What a session lost without abuse, from the table that has it. */
static struct rebut_loss_part honest_of(const struct rebut_loss_table *table,
                                        struct rebut_text key, rebut_total *ret)
{
    struct rebut_loss_part honest = {0};
    *ret = 0;
    for (uint32_t i = 0; i < table->count; i++)
        if (table->rows[i].key.data != NULL &&
            rebut_text_equal(table->rows[i].key, key)) {
            for (int c = 0; c < REBUT_CAUSES; c++)
                if (c != REBUT_CAUSE_ABUSE)
                    loss_part_add(&honest, &table->rows[i].sum.cause[c]);
            *ret = honest.part;
        }
    return honest;
}

static bool add_session(struct gathering *to, const struct counts *counts,
                        struct rebut_loss_session session, struct rebut_error *err)
{
    struct rebut_losses *losses = to->losses;
    if (counts->asked + counts->returned < REBUT_LOSS_FEW)
        return true;
    if (!REBUT_ARRAY_MORE(&losses->sessions, 1, "sessions", err))
        return false;
    session.orders = counts->orders;
    session.asked = counts->asked;
    session.returned = counts->returned;
    session.asked_expected = rebut_from_total(counts->asked_expected);
    session.returned_expected = rebut_from_total(counts->returned_expected);
    session.asked_ratio = ratio_of(session.asked, session.asked_expected, to->whole.asked,
                                   to->whole.orders);
    session.returned_ratio = ratio_of(session.returned, session.returned_expected,
                                      to->whole.returned, to->whole.orders);
    const bool channel = session.channel != REBUT_CHANNEL_NONE;
    const struct rebut_loss_part honest = honest_of(
        &losses->table[channel ? REBUT_BY_CHANNEL : REBUT_BY_HOST],
        channel ? rebut_text_of(rebut_words_channel[session.channel]) : session.host,
        &session.honest);
    if (to->whole.orders > 0)
        session.saving = loss_saving(&honest, &session.asked_ratio);
    losses->sessions.data[losses->sessions.count++] = session;
    return true;
}

/* Channels first, then hosts, the dearest first. */
static int compare_sessions(const void *left, const void *right)
{
    const struct rebut_loss_session *a = left, *b = right;
    if (a->channel != b->channel)
        return a->channel == REBUT_CHANNEL_NONE   ? 1
               : b->channel == REBUT_CHANNEL_NONE ? -1
                                                  : (a->channel < b->channel ? -1 : 1);
    if (a->honest != b->honest)
        return a->honest > b->honest ? -1 : 1;
    return rebut_text_compare(a->host, b->host);
}

static bool list_sessions(struct gathering *to, struct rebut_error *err)
{
    const struct rebut_state *state = to->frame->state;
    bool ok = true;
    for (int c = REBUT_CHANNEL_LIVESTREAM; ok && c <= REBUT_CHANNEL_SHORT_VIDEO; c++)
        ok = add_session(to, &to->channel[c],
                         (struct rebut_loss_session){.channel = (enum rebut_channel)c},
                         err);
    for (uint32_t h = 1; ok && h <= state->hosts.count; h++)
        ok = add_session(
            to, &to->hosts[h],
            (struct rebut_loss_session){.host = rebut_intern_text(&state->hosts, h - 1)},
            err);
    if (ok && to->losses->sessions.count > 0)
        qsort(to->losses->sessions.data, to->losses->sessions.count,
              sizeof *to->losses->sessions.data, compare_sessions);
    return ok;
}

bool loss_compare_sessions(struct rebut_losses *losses, struct rebut_error *err)
{
    const struct rebut_frame *frame = losses->scores->inference->frame;
    const struct rebut_state *state = frame->state;
    struct gathering to = {.losses = losses, .frame = frame};
    to.asked = calloc(state->orders.count + (size_t)1, 1);
    to.returned = calloc(state->orders.count + (size_t)1, 1);
    to.shelf = calloc(state->categories.count + (size_t)1, sizeof *to.shelf);
    to.hosts = calloc(state->hosts.count + (size_t)1, sizeof *to.hosts);
    bool ok = (to.asked != NULL && to.returned != NULL && to.shelf != NULL &&
               to.hosts != NULL) ||
              rebut_fail_memory(err, "sessions");
    if (ok) {
        mark_requests(&to);
        gather(&to, true);
        gather(&to, false);
        ok = list_sessions(&to, err);
    }
    free(to.asked);
    free(to.returned);
    free(to.shelf);
    free(to.hosts);
    return ok;
}
