#include "rebut/turns.h"

#include <math.h>
#include <stdlib.h>

#include "rebut/cusum.h"

/* By time; orders of one time by what they add, never by the order of reading. */
static int compare_steps(const void *left, const void *right)
{
    const struct rebut_turn_step *a = left, *b = right;
    if (a->at != b->at)
        return a->at < b->at ? -1 : 1;
    return a->increment < b->increment ? -1 : a->increment > b->increment;
}

static void sort_steps(struct rebut_turn_step *steps, uint32_t count)
{
    if (count > 32) {
        qsort(steps, count, sizeof *steps, compare_steps);
        return;
    }
    for (uint32_t i = 1; i < count; i++) {
        const struct rebut_turn_step step = steps[i];
        uint32_t at = i;
        for (; at > 0 && compare_steps(&step, &steps[at - 1]) < 0; at--)
            steps[at] = steps[at - 1];
        steps[at] = step;
    }
}

static double increment_of(const struct rebut_inference *inference, uint32_t row,
                           uint32_t index, double rate)
{
    const double nu = inference->nu[inference->frame->rows[row].cell];
    if (index == REBUT_NONE)
        return rebut_turn_increment(0, 0, 0, nu, rate);
    const struct rebut_claim_result *claim = &inference->claims[index];
    double p = claim->mu;
    for (int k = 0; k < REBUT_LEVELS; k++)
        p *= claim->v[k];
    return rebut_turn_increment(1, p, claim->nu * exp(claim->log_marks), nu, rate);
}

/* What each order adds, in the order of time. */
static void list_steps(const struct rebut_inference *inference, uint32_t buyer,
                       double rate, struct rebut_turn_step *steps)
{
    const struct rebut_frame *frame = inference->frame;
    const uint32_t first = frame->buyer_rows[buyer], end = frame->buyer_rows[buyer + 1];
    for (uint32_t row = first; row < end; row++)
        steps[row - first].claim = REBUT_NONE;
    for (uint32_t i = frame->buyer_claims[buyer]; i < frame->buyer_claims[buyer + 1]; i++)
        if (frame->claims[i].first == i)
            steps[frame->claims[i].row - first].claim = i;
    for (uint32_t row = first; row < end; row++) {
        struct rebut_turn_step *step = &steps[row - first];
        step->at = frame->state->orders.data[frame->rows[row].order].at;
        step->increment = increment_of(inference, row, step->claim, rate);
    }
    sort_steps(steps, end - first);
}

bool rebut_turned_of(const struct rebut_inference *inference,
                     const struct rebut_model *model, uint32_t buyer,
                     struct rebut_turn_step *steps, struct rebut_turned *ret,
                     struct rebut_error *err)
{
    const struct rebut_frame *frame = inference->frame;
    const uint32_t count = frame->buyer_rows[buyer + 1] - frame->buyer_rows[buyer];
    struct rebut_turn turn = rebut_turn_start();
    uint32_t began = 0, since = 0; /* the present climb's first order; the highest's */
    double highest = 0;
    *ret = (struct rebut_turned){.since = REBUT_TIME_NONE, .bound = 1};
    list_steps(inference, buyer, model->population.alpha / model->population.beta, steps);
    for (uint32_t i = 0; i < count; i++) {
        if (turn.cusum <= 0)
            began = i;
        if (!rebut_turn_add(&turn, steps[i].increment, REBUT_TURN_HAZARD))
            return rebut_fail(err, REBUT_EMATH, "a buyer's record cannot be evaluated");
        if (turn.cusum > highest) {
            highest = turn.cusum;
            since = began;
        }
    }
    ret->bound = rebut_turn_bound(turn.peak);
    if (ret->bound <= REBUT_TURN_ALARM && since >= REBUT_TURN_ORDERS)
        ret->since = steps[since].at;
    return true;
}
