/* What every number is made from, as it was used: full precision. */
#include <math.h>

#include "pack_maker.h"

static void put_factors(struct pack_case *own)
{
    const struct rebut_model *model = own->maker->scores->model;
    const struct rebut_cell *cell = &own->maker->frame->cells[own->row->cell];
    struct rebut_pack_inputs *inputs = &own->pack->inputs;
    for (int f = 0; f < REBUT_FACTORS; f++) {
        const struct rebut_factor_table *table = &model->factors[f];
        const uint32_t level = cell->level[f];
        struct rebut_pack_factor *factor = REBUT_PACK_MORE(own->pack, &inputs->factors);
        if (factor == NULL)
            return;
        *factor = (struct rebut_pack_factor){
            .name = rebut_pack_keep(
                own->pack, rebut_text_of(rebut_factor_name((enum rebut_factor_id)f))),
            .level = level == 0 ? rebut_pack_keep(own->pack, REBUT_TEXT("other"))
                                : rebut_pack_id(own, &table->names, level - 1),
            .fault = table->multiplier[REBUT_RATE_FAULT] == NULL
                         ? 1
                         : table->multiplier[REBUT_RATE_FAULT][level],
            .temptation = table->multiplier[REBUT_RATE_TEMPTATION] == NULL
                              ? 1
                              : table->multiplier[REBUT_RATE_TEMPTATION][level]};
    }
}

static void put_levels(struct pack_case *own)
{
    static const char *const names[REBUT_LEVELS] = {"merchant", "item", "merchant_window",
                                                    "item_window"};
    const struct rebut_inference *inference = own->maker->scores->inference;
    const struct rebut_hierarchy *hierarchy = &own->maker->frame->hierarchy;
    for (int k = 0; k < REBUT_LEVELS; k++) {
        const uint32_t entity = rebut_hierarchy_member(hierarchy, k, own->row->unit);
        struct rebut_pack_level *level =
            REBUT_PACK_MORE(own->pack, &own->pack->inputs.levels);
        if (level == NULL)
            return;
        *level = (struct rebut_pack_level){
            .name = rebut_pack_keep(own->pack, rebut_text_of(names[k])),
            .rho = own->maker->scores->model->rho[k],
            .psi = inference->fault[k][entity].psi,
            .counted = own->result->counted_fault[k],
            .expected = own->result->expected_fault[k]};
    }
}

/* The buyer's requests, one an order, as the posterior reads them. */
static void put_record(struct pack_case *own)
{
    const struct rebut_frame *frame = own->maker->frame;
    struct rebut_pack_inputs *inputs = &own->pack->inputs;
    for (uint32_t i = frame->buyer_claims[own->buyer];
         i < frame->buyer_claims[own->buyer + 1]; i++) {
        if (frame->claims[i].first != i)
            continue;
        const struct rebut_claim_result *claim =
            &own->maker->scores->inference->claims[i];
        if (i == own->claim->first)
            inputs->index = inputs->record.count;
        struct rebut_pack_record_claim *put = REBUT_PACK_MORE(own->pack, &inputs->record);
        if (put == NULL)
            return;
        double v = 1;
        for (int k = 0; k < REBUT_LEVELS; k++)
            v *= claim->v[k];
        *put = (struct rebut_pack_record_claim){
            .p = claim->mu * v,
            .q = claim->nu * exp(claim->log_marks + claim->log_verdict)};
    }
}

static void put_marks(struct pack_case *own)
{
    const struct rebut_scores *scores = own->maker->scores;
    for (int m = 0; m < REBUT_MARKS; m++) {
        const uint8_t bin = own->claim->bin[m];
        struct rebut_pack_mark *mark =
            REBUT_PACK_MORE(own->pack, &own->pack->inputs.marks);
        if (mark == NULL)
            return;
        *mark = (struct rebut_pack_mark){
            .name = rebut_pack_keep(own->pack, rebut_text_of(rebut_mark_tables[m].name)),
            .bin = rebut_pack_keep(own->pack,
                                   rebut_text_of(rebut_mark_tables[m].bin[bin].name)),
            .weight = scores->model->mark_weights[m][bin],
            .learned = scores->model->top.bin[m][bin],
            .share =
                (int64_t)(scores->bin_share[m][bin] * own->maker->frame->claims_count +
                          .5)};
    }
}

/* What the other members of the ring said, back from the prior that it made. */
static double ring_others(const struct rebut_model *model, double pi)
{
    const double lo = model->ring.lo_share * model->population.pi;
    const double hi = (pi - lo) / (model->ring.pi_hi - lo);
    if (!isfinite(hi))
        return 0;
    const double within = fmin(fmax(hi, 1e-300), 1 - 1e-16);
    return log(within) - log1p(-within) - log(model->ring.theta) +
           log1p(-model->ring.theta);
}

static void put_top_layer(struct pack_case *own)
{
    const struct rebut_top_layer *top = &own->maker->scores->model->top;
    struct rebut_pack_inputs *inputs = &own->pack->inputs;
    for (int i = 0; i < REBUT_TERM_MARKS; i++)
        inputs->weight[i] = top->weight[i];
    inputs->intercept = top->intercept;
    inputs->slope = top->slope;
    inputs->intercept_variance = top->intercept_variance;
    inputs->slope_variance = top->slope_variance;
    inputs->covariance = top->covariance;
    for (int i = 0; i < REBUT_SELECTIONS; i++)
        inputs->verdicts += (int64_t)top->verdicts[i];
    inputs->random_verdicts = (int64_t)top->verdicts[REBUT_SELECTION_RANDOM];
}

void rebut_pack_put_inputs(struct pack_case *own)
{
    const struct rebut_scores *scores = own->maker->scores;
    const struct rebut_frame *frame = own->maker->frame;
    const struct rebut_model *model = scores->model;
    const struct rebut_buyer_result *buyer = &scores->inference->buyers[own->buyer];
    struct rebut_pack_inputs *inputs = &own->pack->inputs;
    *inputs = (struct rebut_pack_inputs){
        .base_fault = model->base[REBUT_RATE_FAULT],
        .base_temptation = model->base[REBUT_RATE_TEMPTATION],
        .mean_fault_rate = scores->mean_fault_rate,
        .population = model->population,
        .ring = model->ring,
        .ring_others = buyer->pi == model->population.pi ? (double)NAN
                                                         : ring_others(model, buyer->pi),
        .prior = buyer->pi,
        .repeated = own->claim->first != own->score->claim,
        .fault_exposure = buyer->fault_exposure,
        .abuse_exposure = buyer->abuse_exposure,
        .requests = frame->claims_count,
        .orders = frame->rows_count,
        .merchant_orders = frame->merchant_orders[own->merchant],
        .said_abuse = own->claim->said_abuse,
        .said_legitimate = own->claim->said_legitimate,
        .reviewer_error = model->reviewer_error};
    put_factors(own);
    put_levels(own);
    put_record(own);
    put_marks(own);
    put_top_layer(own);
}
