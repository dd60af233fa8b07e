/* A report of losses, from scores: what it covers, its total, and the parts in turn. */
#include "rebut/losses.h"

#include <stdlib.h>

#include "losses_sums.h"

static bool find_merchant(struct rebut_losses *losses, struct rebut_error *err)
{
    const struct rebut_state *state = losses->scores->inference->frame->state;
    losses->merchant_index = REBUT_NONE;
    if (losses->merchant.data == NULL)
        return true;
    const uint32_t index =
        rebut_intern_find(&state->merchant_ids, losses->merchant,
                          rebut_intern_hash(&state->merchant_ids, losses->merchant));
    if (index == REBUT_INTERN_NONE)
        return rebut_fail(err, REBUT_EDATA, "there is no merchant '%.*s'",
                          (int)(losses->merchant.size < 64 ? losses->merchant.size : 64),
                          losses->merchant.data);
    losses->merchant_index = index;
    losses->merchant = rebut_intern_text(&state->merchant_ids, index);
    return true;
}

/* The last outcome of each request: outcomes lie by request, then time. */
static uint8_t *last_outcomes(const struct rebut_state *state)
{
    uint8_t *last = calloc(state->requests.count + (size_t)1, 1);
    for (uint32_t i = 0; last != NULL && i < state->outcomes.count; i++)
        last[state->outcomes.data[i].request] = state->outcomes.data[i].outcome;
    return last;
}

/* Split every request in scope; amount -1 in the splits of all others. */
static bool split_all(struct rebut_losses *losses, struct rebut_loss_split *splits,
                      struct rebut_error *err)
{
    const struct rebut_scores *scores = losses->scores;
    const struct rebut_frame *frame = scores->inference->frame;
    uint8_t *outcome = last_outcomes(frame->state);
    bool ok = outcome != NULL || rebut_fail_memory(err, "outcomes");
    for (uint32_t i = 0; ok && i < scores->count; i++) {
        const struct rebut_frame_claim *claim = &frame->claims[scores->list[i].claim];
        splits[i].amount = -1;
        if (!loss_in_scope(losses, frame->unit_merchant[frame->rows[claim->row].unit]))
            continue;
        if (!rebut_loss_split_of(scores, &scores->list[i], &splits[i])) {
            ok = rebut_fail(err, REBUT_EMATH,
                            "expected a probability and its interval, got %g in %g to %g",
                            scores->list[i].probability, scores->list[i].low,
                            scores->list[i].high);
            break;
        }
        const struct rebut_loss_sum sum = loss_sum_of(&splits[i]);
        loss_sum_add(&losses->total, &sum);
        for (int piece = 0; piece < REBUT_PIECES; piece++) {
            const struct rebut_loss_part part = loss_piece_of(&splits[i], piece);
            loss_part_add(&losses->piece[piece], &part);
        }
        if (outcome[claim->request] == REBUT_OUTCOME_DENIED ||
            outcome[claim->request] == REBUT_OUTCOME_WITHDRAWN) {
            losses->refused++;
            losses->refused_amount += splits[i].amount;
        }
    }
    free(outcome);
    return ok;
}

bool rebut_losses_open(struct rebut_losses *ret, const struct rebut_scores *scores,
                       struct rebut_text merchant, int64_t since, struct rebut_error *err)
{
    *ret = (struct rebut_losses){.scores = scores, .merchant = merchant, .since = since};
    rebut_intern_init(&ret->paths, 0);
    struct rebut_loss_split *splits =
        malloc((scores->count + (size_t)1) * sizeof *splits);
    bool ok = splits != NULL || rebut_fail_memory(err, "losses");
    ok = ok && find_merchant(ret, err) && split_all(ret, splits, err) &&
         loss_fill_tables(ret, splits, err) && loss_find_rises(ret, splits, err) &&
         loss_compare_sessions(ret, err) && loss_compare_peers(ret, err);
    if (ok)
        loss_count_pairs(ret);
    free(splits);
    if (!ok)
        rebut_losses_close(ret);
    return ok;
}

void rebut_losses_close(struct rebut_losses *losses)
{
    for (int d = 0; d < REBUT_DIMENSIONS; d++)
        free(losses->table[d].rows);
    free(losses->sessions.data);
    free(losses->rises.data);
    free(losses->peers.data);
    rebut_intern_release(&losses->paths);
    *losses = (struct rebut_losses){0};
}
