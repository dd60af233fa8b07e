/* The night's rows by buyer.  Requests go by the buyer of their order; contacts, outcomes
 * and verdicts are found in the sealed state's sorted lists. */
#include <stdlib.h>

#include "parts.h"

static uint32_t buyer_of_order(const struct rebut_state *state, uint32_t order)
{
    return state->orders.data[order].buyer;
}

static uint32_t buyer_of_request(const struct rebut_state *state, uint32_t request)
{
    return state->orders.data[state->requests.data[request].order].buyer;
}

/* Sort `count` rows by buyer: first[b] .. first[b + 1] are those of buyer b. */
static bool by_buyer(const struct rebut_state *state, uint32_t count,
                     uint32_t (*buyer_of)(const struct rebut_state *, uint32_t),
                     uint32_t **ret_first, uint32_t **ret_rows)
{
    const uint32_t buyers = state->buyer_ids.count;
    uint32_t *first = calloc(buyers + (size_t)2, sizeof *first);
    uint32_t *rows = malloc((count + (size_t)1) * sizeof *rows);
    *ret_first = first;
    *ret_rows = rows;
    if (first == NULL || rows == NULL)
        return false;
    for (uint32_t i = 0; i < count; i++)
        first[buyer_of(state, i) + (size_t)2]++;
    for (uint32_t b = 2; b < buyers + (size_t)2; b++)
        first[b] += first[b - 1];
    for (uint32_t i = 0; i < count; i++)
        rows[first[buyer_of(state, i) + (size_t)1]++] = i;
    return true;
}

static int compare_at(const void *left, const void *right, void *orders)
{
    const struct rebut_order *rows = orders;
    const uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
    const int64_t at = rows[a].at, other = rows[b].at;
    return at != other ? (at < other ? -1 : 1) : (a > b) - (a < b);
}

/* So that each is linked in front of its chain. */
static void sort_orders(const struct rebut_live_night *night)
{
    struct rebut_order *orders = night->state->orders.data;
    for (uint32_t b = 0; b < night->state->buyer_ids.count; b++) {
        const uint32_t begin = night->first_order[b], end = night->first_order[b + 1];
        bool ascending = true;
        for (uint32_t i = begin + 1; i < end && ascending; i++)
            ascending = orders[night->orders[i - 1]].at <= orders[night->orders[i]].at;
        if (ascending)
            continue;
        qsort_r(night->orders + begin, end - begin, sizeof *night->orders, compare_at,
                orders);
    }
}

/* Few orders have any, and to look for them in vain is a binary search. */
static bool mark_contacted(struct rebut_live_night *night)
{
    const struct rebut_state *state = night->state;
    night->contacted =
        calloc(state->orders.count / 64 + (size_t)1, sizeof *night->contacted);
    for (uint32_t i = 0; night->contacted != NULL && i < state->contacts.count; i++) {
        const uint32_t order = state->contacts.data[i].order;
        night->contacted[order / 64] |= UINT64_C(1) << order % 64;
    }
    return night->contacted != NULL;
}

bool rebut_live_night_open(struct rebut_live_night **ret_night,
                           const struct rebut_state *state, struct rebut_error *err)
{
    if (!state->sealed || state->order_keys.count != state->orders.count)
        return rebut_fail(err, REBUT_EINPUT,
                          "expected the night's state sealed with its order keys");
    struct rebut_live_night *night = calloc(1, sizeof *night);
    if (night == NULL)
        return rebut_fail_memory(err, "the night by buyer");
    night->state = state;
    if (!by_buyer(state, state->orders.count, buyer_of_order, &night->first_order,
                  &night->orders) ||
        !by_buyer(state, state->requests.count, buyer_of_request, &night->first_request,
                  &night->requests) ||
        !mark_contacted(night)) {
        rebut_live_night_close(night);
        return rebut_fail_memory(err, "the night by buyer");
    }
    sort_orders(night);
    *ret_night = night;
    return true;
}

REBUT_IMAGE_KNOWS(struct rebut_live_night, 48);
bool rebut_live_night_image(struct rebut_live_night **night_at,
                            const struct rebut_state *state, struct rebut_image *image,
                            struct rebut_error *err)
{
    struct rebut_live_night *night = *night_at;
    if (image->mode == REBUT_IMAGE_TAKE) {
        night = *night_at = calloc(1, sizeof *night);
        if (night == NULL)
            return rebut_fail_memory(err, "the night by buyer");
        night->state = state;
    }
    if (night == NULL) /* forgotten before it was made */
        return true;
    const size_t firsts = state->buyer_ids.count + (size_t)1;
    return REBUT_IMAGE_ROWS(image, "buyers' first orders", night->first_order, firsts,
                            err) &&
           REBUT_IMAGE_ROWS(image, "buyers' orders", night->orders, state->orders.count,
                            err) &&
           REBUT_IMAGE_ROWS(image, "buyers' first requests", night->first_request, firsts,
                            err) &&
           REBUT_IMAGE_ROWS(image, "buyers' requests", night->requests,
                            state->requests.count, err) &&
           REBUT_IMAGE_ROWS(image, "orders with contacts", night->contacted,
                            state->orders.count / 64 + (size_t)1, err);
}

void rebut_live_night_close(struct rebut_live_night *night)
{
    if (night == NULL)
        return;
    free(night->first_order);
    free(night->orders);
    free(night->first_request);
    free(night->requests);
    free(night->contacted);
    free(night);
}
