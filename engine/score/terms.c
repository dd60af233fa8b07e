/* The log-odds of one request, line by line. */
#include <math.h>

#include "rebut/score.h"

/* Everything that the terms of one score are made of. */
struct view {
    const struct rebut_scores *scores;
    const struct rebut_frame *frame;
    const struct rebut_frame_claim *claim;
    const struct rebut_claim_result *result;
    uint32_t buyer, merchant;
};

static struct view view_of(const struct rebut_scores *scores,
                           const struct rebut_score *score)
{
    const struct rebut_frame *frame = scores->inference->frame;
    const struct rebut_frame_claim *claim = &frame->claims[score->claim];
    const struct rebut_row *row = &frame->rows[claim->row];
    return (struct view){.scores = scores,
                         .frame = frame,
                         .claim = claim,
                         .result = &scores->inference->claims[score->claim],
                         .buyer = frame->state->orders.data[row->order].buyer,
                         .merchant = frame->unit_merchant[row->unit]};
}

static uint64_t orders_of(const struct view *view)
{
    return view->frame->buyer_rows[view->buyer + 1] -
           view->frame->buyer_rows[view->buyer];
}

/* Claims in the buyer's record beside this one. */
static uint64_t other_claims(const struct view *view)
{
    const struct rebut_frame *frame = view->frame;
    uint64_t others = 0;
    for (uint32_t i = frame->buyer_claims[view->buyer];
         i < frame->buyer_claims[view->buyer + 1]; i++)
        others += frame->claims[i].first == i && i != view->claim->first;
    return others;
}

/* E[a | others] and E[u | others] as if the buyer kept no company. */
static struct rebut_others without_ring(const struct view *view)
{
    const struct rebut_inference *inference = view->scores->inference;
    const struct rebut_frame *frame = view->frame;
    const struct rebut_buyer_result *buyer = &inference->buyers[view->buyer];
    struct rebut_others others = {.mean_a = view->result->mean_a,
                                  .mean_u = view->result->mean_u,
                                  .ratio = view->result->mean_a / view->result->mean_u};
    if (buyer->pi == view->scores->model->population.pi)
        return others;
    struct rebut_record record = {.fault_exposure = buyer->fault_exposure,
                                  .abuse_exposure = buyer->abuse_exposure,
                                  .claims = inference->record};
    int index = 0;
    for (uint32_t i = frame->buyer_claims[view->buyer];
         i < frame->buyer_claims[view->buyer + 1]; i++) {
        if (frame->claims[i].first != i)
            continue;
        if (i == view->claim->first)
            index = record.count;
        const struct rebut_claim_result *claim = &inference->claims[i];
        double v = 1;
        for (int k = 0; k < REBUT_LEVELS; k++)
            v *= claim->v[k];
        inference->record[record.count++] = (struct rebut_claim){
            .p = claim->mu * v,
            .q = claim->nu * exp(claim->log_marks + claim->log_verdict)};
    }
    /* The same arithmetic has just succeeded with another prior. */
    if (!rebut_posterior_others(&view->scores->model->population, &record, index, &others,
                                NULL))
        others.ratio = others.mean_a / others.mean_u;
    return others;
}

static void add(struct rebut_term *terms, int *count, struct rebut_term term)
{
    terms[(*count)++] = term;
}

static void add_fault(const struct view *view, struct rebut_term *terms, int *count)
{
    static const enum rebut_term_id ids[] = {REBUT_TERM_MERCHANT, REBUT_TERM_ITEM};
    const struct rebut_claim_result *result = view->result;
    for (int k = REBUT_LEVEL_MERCHANT; k <= REBUT_LEVEL_LISTING; k++)
        add(terms, count,
            (struct rebut_term){.id = ids[k],
                                .log_odds = -log(result->v[k]),
                                .observed = result->counted_fault[k],
                                .expected = result->expected_fault[k],
                                .low = view->scores->usual_fault[k][0],
                                .high = view->scores->usual_fault[k][1],
                                .n = k == REBUT_LEVEL_MERCHANT
                                         ? view->frame->merchant_orders[view->merchant]
                                         : 0});
    const int last = REBUT_LEVEL_UNIT;
    add(terms, count,
        (struct rebut_term){
            .id = REBUT_TERM_RECENT,
            .log_odds = -log(result->v[REBUT_LEVEL_MERCHANT_WINDOW] * result->v[last]),
            .observed = result->counted_fault[REBUT_LEVEL_MERCHANT_WINDOW],
            .expected = result->expected_fault[REBUT_LEVEL_MERCHANT_WINDOW],
            .low = (double)NAN,
            .high = (double)NAN});
}

static void add_buyer(const struct view *view, struct rebut_term *terms, int *count)
{
    const struct rebut_population *population = &view->scores->model->population;
    const struct rebut_buyer_result *buyer =
        &view->scores->inference->buyers[view->buyer];
    const struct rebut_others alone = without_ring(view);
    const double average = population->pi * population->alpha / population->beta;
    const double expected = buyer->fault_exposure;
    add(terms, count,
        (struct rebut_term){.id = REBUT_TERM_RECORD,
                            .log_odds = log(alone.mean_a / average),
                            .observed = (double)other_claims(view),
                            .expected = expected,
                            .low = expected * view->scores->usual_readiness[0],
                            .high = expected * view->scores->usual_readiness[1],
                            .n = orders_of(view)});
    add(terms, count,
        (struct rebut_term){.id = REBUT_TERM_READINESS,
                            .log_odds = -log(alone.mean_u),
                            .observed = alone.mean_u,
                            .expected = 1,
                            .low = view->scores->usual_readiness[0],
                            .high = view->scores->usual_readiness[1],
                            .n = orders_of(view)});
    if (buyer->pi != population->pi)
        add(terms, count,
            (struct rebut_term){
                .id = REBUT_TERM_RING,
                .log_odds = log(view->result->mean_a / view->result->mean_u) -
                            (log(alone.mean_a) - log(alone.mean_u)),
                .observed = buyer->pi,
                .expected = population->pi,
                .low = (double)NAN,
                .high = (double)NAN,
                .n = rebut_ring_size(view->scores->inference, view->buyer) - 1});
}

static void add_marks(const struct view *view, struct rebut_term *terms, int *count)
{
    for (int mark = 0; mark < REBUT_MARKS; mark++)
        add(terms, count,
            (struct rebut_term){
                .id = (enum rebut_term_id)(REBUT_TERM_MARKS + mark),
                .log_odds =
                    view->scores->model->mark_weights[mark][view->claim->bin[mark]],
                .observed = 1,
                .expected = view->scores->bin_share[mark][view->claim->bin[mark]],
                .low = (double)NAN,
                .high = (double)NAN,
                .n = view->scores->claims});
}

/* What verdicts have taught: each line weighed anew, and the calibration as the last. */
static void weigh(const struct view *view, struct rebut_term *terms, int *count)
{
    const struct rebut_top_layer *top = &view->scores->model->top;
    double raw = 0, lines = 0;
    for (int i = 0; i < *count; i++) {
        struct rebut_term *term = &terms[i];
        const int mark = (int)term->id - REBUT_TERM_MARKS;
        term->raw = term->log_odds;
        term->log_odds = rebut_top_line(top, term->id, term->raw,
                                        mark >= 0 ? view->claim->bin[mark] : 0);
        raw += term->raw;
        lines += term->log_odds;
    }
    uint64_t verdicts = 0;
    for (int i = 0; i < REBUT_SELECTIONS; i++)
        verdicts += top->verdicts[i];
    add(terms, count,
        (struct rebut_term){.id = REBUT_TERM_CALIBRATION,
                            .log_odds = rebut_top_log_odds(top, raw, lines) - lines,
                            .observed = (double)top->verdicts[REBUT_SELECTION_RANDOM],
                            .expected = (double)NAN,
                            .low = (double)NAN,
                            .high = (double)NAN,
                            .n = verdicts});
}

int rebut_score_terms(const struct rebut_scores *scores, const struct rebut_score *score,
                      struct rebut_term ret_terms[REBUT_TERMS])
{
    const struct view view = view_of(scores, score);
    const struct rebut_population *population = &scores->model->population;
    const double average = population->pi * population->alpha / population->beta;
    int count = 0;
    add(ret_terms, &count,
        (struct rebut_term){.id = REBUT_TERM_CIRCUMSTANCES,
                            .log_odds = log(view.result->nu * average / view.result->mu),
                            .observed = view.result->mu,
                            .expected = scores->mean_fault_rate,
                            .low = (double)NAN,
                            .high = (double)NAN,
                            .n = scores->orders});
    add_fault(&view, ret_terms, &count);
    add_buyer(&view, ret_terms, &count);
    add_marks(&view, ret_terms, &count);
    weigh(&view, ret_terms, &count);
    if (view.result->log_verdict != 0)
        add(ret_terms, &count,
            (struct rebut_term){.id = REBUT_TERM_VERDICT,
                                .log_odds = view.result->log_verdict,
                                .raw = view.result->log_verdict,
                                .observed = view.claim->said_abuse,
                                .expected = (double)NAN,
                                .low = (double)NAN,
                                .high = (double)NAN,
                                .n = (uint64_t)view.claim->said_abuse +
                                     view.claim->said_legitimate});
    return count;
}
