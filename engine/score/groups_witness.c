/* Does anybody outside the lead, and not suspected, complain of the same? */
#include <stdlib.h>

#include "groups_parts.h"

/* One complaint about an item, by item, then time. */
static int compare_complaints(const void *a, const void *b)
{
    const struct complaint *x = a, *y = b;
    if (x->item != y->item)
        return x->item < y->item ? -1 : 1;
    return x->at < y->at ? -1 : x->at > y->at;
}

bool rebut_groups_list_complaints(struct group_maker *maker, struct rebut_error *err)
{
    const struct rebut_scores *scores = maker->scores;
    const struct rebut_frame *frame = scores->inference->frame;
    maker->complaints = malloc((scores->count + (size_t)1) * sizeof *maker->complaints);
    if (maker->complaints == NULL)
        return rebut_fail_memory(err, "complaints by item");
    for (uint32_t i = 0; i < scores->count; i++) {
        const struct rebut_frame_claim *claim = &frame->claims[scores->list[i].claim];
        const struct rebut_request *request =
            &frame->state->requests.data[claim->request];
        const struct rebut_order *order = &frame->state->orders.data[request->order];
        const uint32_t *rows = &frame->buyer_rows[order->buyer];
        if (scores->list[i].probability < REBUT_GROUPS_LEAST &&
            rows[1] - rows[0] >= REBUT_GROUPS_WITNESS_ORDERS)
            maker->complaints[maker->complaint_count++] = (struct complaint){
                request->at, order->sku, order->buyer, request->reason};
    }
    qsort(maker->complaints, maker->complaint_count, sizeof *maker->complaints,
          compare_complaints);
    return true;
}

/* The first complaint about the item at `at` or later. */
static uint32_t find_first(const struct group_maker *maker, uint32_t item, int64_t at)
{
    uint32_t low = 0, high = maker->complaint_count;
    const struct complaint wanted = {.at = at, .item = item};
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        if (compare_complaints(&maker->complaints[middle], &wanted) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

bool rebut_groups_is_witnessed(const struct group_maker *maker, uint32_t visit)
{
    const struct rebut_scores *scores = maker->scores;
    const struct rebut_frame *frame = scores->inference->frame;
    const uint32_t claim = scores->list[maker->score[visit]].claim;
    const uint8_t reason =
        frame->state->requests.data[frame->claims[claim].request].reason;
    const struct rebut_visit *it = &maker->visits[visit];
    for (uint32_t i = find_first(maker, it->item, it->at - REBUT_WINDOW);
         i < maker->complaint_count; i++) {
        const struct complaint *other = &maker->complaints[i];
        if (other->item != it->item || other->at > it->at + REBUT_WINDOW)
            break;
        if (other->reason == reason && maker->lead_of[other->buyer] != maker->lead)
            return true;
    }
    return false;
}
