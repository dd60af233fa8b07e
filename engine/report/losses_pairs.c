/* Late shipments, price drops, and a merchant beside the others of its categories. */
#include <math.h>
#include <stdlib.h>

#include "losses_sums.h"
#include "rebut/losses.h"

#define PROTECTED (15 * REBUT_DAY) /* from the order: 价保 */
#define DROP_LEAST 0.03            /* of what was paid; as the model's first edge */

/* The first price of a SKU after `at`: prices lie by SKU, then time. */
static uint32_t first_price(const struct rebut_state *state, uint32_t sku, int64_t at)
{
    uint32_t low = 0, high = state->prices.count;
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        const struct rebut_price *price = &state->prices.data[middle];
        if (price->sku < sku || (price->sku == sku && price->at <= at))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Paid above the lowest price of the time protected, fen. */
static int64_t paid_above(const struct rebut_frame *frame,
                          const struct rebut_order *order)
{
    const struct rebut_state *state = frame->state;
    int64_t lowest = order->amount;
    for (uint32_t i = first_price(state, order->sku, order->at); i < state->prices.count;
         i++) {
        const struct rebut_price *price = &state->prices.data[i];
        if (price->sku != order->sku || price->at > order->at + PROTECTED ||
            price->at > frame->as_of)
            break;
        int64_t now = 0;
        if (!__builtin_mul_overflow(price->price, (int64_t)order->quantity, &now) &&
            now < lowest)
            lowest = now;
    }
    return order->amount - lowest;
}

/* 1 late, 0 in time, -1 no promise or not to be told: nothing is shipped yet, or never
 * will be since the money was asked back (at `until`) before the promise was due. */
static int lateness(const struct rebut_order *order, int64_t until)
{
    if (order->promised_s == REBUT_SECONDS_NONE)
        return -1;
    if (order->shipped_s != REBUT_SECONDS_NONE)
        return order->shipped_s > order->promised_s;
    return order->at + order->promised_s * REBUT_SECOND < until ? 1 : -1;
}

static void finish(struct rebut_loss_pair *pair)
{
    pair->ratio = loss_ratio((double)pair->asked[1], (double)pair->orders[1],
                             (double)pair->asked[0], (double)pair->orders[0]);
}

void loss_count_pairs(struct rebut_losses *losses)
{
    const struct rebut_frame *frame = losses->scores->inference->frame;
    for (uint32_t b = 0; b < frame->buyers; b++)
        for (uint32_t r = frame->buyer_rows[b]; r < frame->buyer_rows[b + 1]; r++) {
            const struct rebut_order *order =
                &frame->state->orders.data[frame->rows[r].order];
            bool asked = false;
            int64_t until = frame->as_of;
            if (!loss_in_scope(losses, order->merchant) || !loss_is_recent(losses, order))
                continue;
            for (uint32_t c = frame->buyer_claims[b]; c < frame->buyer_claims[b + 1];
                 c++) {
                const int64_t at =
                    frame->state->requests.data[frame->claims[c].request].at;
                if (frame->claims[c].row != r)
                    continue;
                asked = true;
                until = at < until ? at : until;
            }
            const int late = lateness(order, until);
            if (late >= 0) {
                losses->late.orders[late]++;
                losses->late.asked[late] += asked;
            }
            const int64_t above = paid_above(frame, order);
            const bool fell =
                order->amount > 0 && (double)above >= DROP_LEAST * (double)order->amount;
            losses->drops.orders[fell]++;
            losses->drops.asked[fell] += asked;
            losses->drops.difference += fell ? above : 0;
        }
    finish(&losses->late);
    finish(&losses->drops);
}

/* ---- the others of a category ---- */

#define PEERS_LEAST 5

struct category {
    uint64_t orders[2], asked[2]; /* [0] others, [1] own */
    uint32_t merchants[PEERS_LEAST], known;
};

static void meet(struct category *category, uint32_t merchant)
{
    for (uint32_t i = 0; i < category->known; i++)
        if (category->merchants[i] == merchant)
            return;
    if (category->known < PEERS_LEAST)
        category->merchants[category->known++] = merchant;
}

static double rate(uint64_t asked, uint64_t orders)
{
    return orders > 0 ? (double)asked / (double)orders : (double)NAN;
}

static bool list_peers(struct rebut_losses *losses, const struct category *categories,
                       struct rebut_error *err)
{
    const struct rebut_state *state = losses->scores->inference->frame->state;
    for (uint32_t c = 1; c <= state->categories.count; c++) {
        const struct category *category = &categories[c];
        if (category->orders[1] == 0)
            continue;
        if (!REBUT_ARRAY_MORE(&losses->peers, 1, "categories", err))
            return false;
        const bool enough =
            category->known == PEERS_LEAST && category->asked[0] >= REBUT_LOSS_FEW;
        losses->peers.data[losses->peers.count++] = (struct rebut_loss_peer){
            .category = rebut_intern_text(&state->categories, c - 1),
            .own = category->asked[1] >= REBUT_LOSS_FEW
                       ? rate(category->asked[1], category->orders[1])
                       : (double)NAN,
            .others =
                enough ? rate(category->asked[0], category->orders[0]) : (double)NAN};
    }
    return true;
}

static int compare_peers(const void *left, const void *right)
{
    const struct rebut_loss_peer *a = left, *b = right;
    return rebut_text_compare(a->category, b->category);
}

bool loss_compare_peers(struct rebut_losses *losses, struct rebut_error *err)
{
    const struct rebut_frame *frame = losses->scores->inference->frame;
    if (losses->merchant_index == REBUT_NONE)
        return true;
    struct category *categories =
        calloc(frame->state->categories.count + (size_t)1, sizeof *categories);
    if (categories == NULL)
        return rebut_fail_memory(err, "categories");
    for (uint32_t i = 0; i < frame->rows_count; i++) {
        const struct rebut_order *order =
            &frame->state->orders.data[frame->rows[i].order];
        const bool own = order->merchant == losses->merchant_index;
        if (!loss_is_recent(losses, order))
            continue;
        categories[order->category].orders[own]++;
        if (!own)
            meet(&categories[order->category], order->merchant);
    }
    for (uint32_t i = 0; i < frame->claims_count; i++) {
        const struct rebut_order *order =
            &frame->state->orders.data[frame->rows[frame->claims[i].row].order];
        if (frame->claims[i].first == i && loss_is_recent(losses, order))
            categories[order->category]
                .asked[order->merchant == losses->merchant_index]++;
    }
    const bool ok = list_peers(losses, categories, err);
    if (ok && losses->peers.count > 0)
        qsort(losses->peers.data, losses->peers.count, sizeof *losses->peers.data,
              compare_peers);
    free(categories);
    return ok;
}
