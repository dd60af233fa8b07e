/* Refund-only requests as claims; returns as counts; shared keys as groups. */
#include <stdlib.h>

#include "frame_parts.h"

/* Which row an order became, by order index. */
static uint32_t *rows_by_order(const struct rebut_frame *frame)
{
    uint32_t *row = malloc(frame->rows_count * sizeof *row);
    for (uint32_t i = 0; row != NULL && i < frame->rows_count; i++)
        row[frame->rows[i].order] = i;
    return row;
}

static uint32_t buyer_of(const struct rebut_frame *frame, uint32_t row)
{
    return frame->state->orders.data[frame->rows[row].order].buyer;
}

/* A buyer's claims: by time, then content, then id, never by the order of reading. */
static int compare_claims(const void *left, const void *right, void *context)
{
    const struct rebut_frame *frame = context;
    const struct rebut_frame_claim *a = left, *b = right;
    const struct rebut_request *x = &frame->state->requests.data[a->request];
    const struct rebut_request *y = &frame->state->requests.data[b->request];
    if (x->at != y->at)
        return x->at < y->at ? -1 : 1;
    if (x->amount != y->amount)
        return x->amount < y->amount ? -1 : 1;
    if (x->reason != y->reason)
        return x->reason < y->reason ? -1 : 1;
    return rebut_text_compare(rebut_intern_text(&frame->state->request_ids, a->request),
                              rebut_intern_text(&frame->state->request_ids, b->request));
}

/* The first claim on the same order stands for the order in the buyer's record. */
static void find_firsts(struct rebut_frame *frame, uint32_t *first_of_row)
{
    memset(first_of_row, 0xff, frame->rows_count * sizeof *first_of_row);
    for (uint32_t i = 0; i < frame->claims_count; i++) {
        uint32_t *first = &first_of_row[frame->claims[i].row];
        if (*first == REBUT_NONE)
            *first = i;
        frame->claims[i].first = *first;
    }
}

static void place_claims(struct rebut_frame *frame, const uint32_t *row_of)
{
    const struct rebut_state *state = frame->state;
    for (uint32_t i = 0; i < state->requests.count; i++) {
        const struct rebut_request *request = &state->requests.data[i];
        const uint32_t row = row_of[request->order];
        if (rebut_is_fault_return(request)) {
            frame->cells[frame->rows[row].cell].returns++;
            frame->unit_returns[frame->rows[row].unit]++;
        }
        if (request->kind == REBUT_KIND_REFUND_ONLY)
            frame->buyer_claims[buyer_of(frame, row) + 1]++;
    }
    for (uint32_t b = 0; b < frame->buyers; b++)
        frame->buyer_claims[b + 1] += frame->buyer_claims[b];
}

static void mark_judged(struct rebut_frame *frame)
{
    for (uint32_t b = 0; b < frame->buyers; b++)
        for (uint32_t row = frame->buyer_rows[b]; row < frame->buyer_rows[b + 1]; row++)
            frame->rows[row].judged = frame->buyer_claims[b] < frame->buyer_claims[b + 1];
}

bool rebut_frame_claims(struct rebut_frame *frame, struct rebut_error *err)
{
    const struct rebut_state *state = frame->state;
    const uint32_t requests = state->requests.count;
    uint32_t *row_of = rows_by_order(frame);
    uint32_t *claim_of = malloc((requests + (size_t)1) * sizeof *claim_of);
    uint32_t *next = malloc(frame->buyers * sizeof *next);
    bool ok = false;
    frame->buyer_claims = calloc(frame->buyers + (size_t)1, sizeof *frame->buyer_claims);
    if (row_of == NULL || claim_of == NULL || next == NULL ||
        frame->buyer_claims == NULL) {
        rebut_fail_memory(err, "claims");
        goto done;
    }
    place_claims(frame, row_of);
    frame->claims_count = frame->buyer_claims[frame->buyers];
    frame->claims = calloc(frame->claims_count + (size_t)1, sizeof *frame->claims);
    if (frame->claims == NULL) {
        rebut_fail_memory(err, "claims");
        goto done;
    }
    memcpy(next, frame->buyer_claims, frame->buyers * sizeof *next);
    for (uint32_t i = 0; i < requests; i++) {
        if (state->requests.data[i].kind != REBUT_KIND_REFUND_ONLY)
            continue;
        const uint32_t row = row_of[state->requests.data[i].order];
        frame->claims[next[buyer_of(frame, row)]++] =
            (struct rebut_frame_claim){.request = i, .row = row};
    }
    memset(claim_of, 0xff, (requests + (size_t)1) * sizeof *claim_of);
    for (uint32_t b = 0; b < frame->buyers; b++) {
        const uint32_t begin = frame->buyer_claims[b], end = frame->buyer_claims[b + 1];
        qsort_r(frame->claims + begin, end - begin, sizeof *frame->claims, compare_claims,
                frame);
        for (uint32_t i = begin; i < end; i++)
            claim_of[frame->claims[i].request] = i;
    }
    rebut_frame_verdicts(frame, claim_of);
    mark_judged(frame);
    find_firsts(frame, row_of); /* done with what it held */
    ok = true;
done:
    free(row_of);
    free(claim_of);
    free(next);
    return ok;
}

/* Links are sorted by key: runs of 2 to 100 buyers become groups. */
static bool groups_of_key(struct rebut_frame *frame, int key, uint32_t *groups_room,
                          uint32_t *members_room, struct rebut_error *err)
{
    const struct rebut_link *links = frame->state->links[key].data;
    const uint32_t count = frame->state->links[key].count;
    for (uint32_t begin = 0, end = 0; begin < count; begin = end) {
        while (end < count && links[end].key == links[begin].key)
            end++;
        const uint32_t size = end - begin;
        if (size < REBUT_RING_MIN || size > REBUT_RING_MAX)
            continue;
        if (!rebut_grow((void **)&frame->groups, groups_room,
                        (size_t)frame->groups_count + 1, sizeof *frame->groups, "groups",
                        err) ||
            !rebut_grow((void **)&frame->group_members, members_room,
                        (size_t)frame->group_members_count + size,
                        sizeof *frame->group_members, "members of groups", err))
            return false;
        frame->groups[frame->groups_count++] = (struct rebut_group){
            .first = frame->group_members_count, .count = size, .key = (uint32_t)key};
        for (uint32_t i = begin; i < end; i++)
            frame->group_members[frame->group_members_count++] = links[i].buyer;
    }
    return true;
}

bool rebut_frame_groups(struct rebut_frame *frame, struct rebut_error *err)
{
    uint32_t groups_room = 0, members_room = 0;
    for (int key = 0; key < REBUT_KEYS; key++)
        if (!groups_of_key(frame, key, &groups_room, &members_room, err))
            return false;
    return true;
}
