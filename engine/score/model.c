/* A model's starting values, and its end. */
#include "rebut/model.h"

#include <stdlib.h>

void rebut_model_init(struct rebut_model *model)
{
    *model = (struct rebut_model){
        .population = {.pi = .03,
                       .alpha = 1.2,
                       .beta = 10,
                       .kappa = 4,
                       .claimants = .01,
                       .claimant_shape = 2,
                       .claimant_mean = 5},
        .ring = {.theta = .02, .pi_hi = .5, .lo_share = .7},
        .base = {.01, 1, .01},
        .rho = {3, 3, 3, 3},
        .rho_returns = {3, 3, 3, 3},
        .service_scale = 1,
        .trust_orders = 3,
        .reviewer_error = REBUT_REVIEWER_ERROR,
        .as_of = REBUT_TIME_NONE,
        .top = rebut_top_layer_none(),
    };
    for (int f = 0; f < REBUT_FACTORS; f++)
        rebut_intern_init(&model->factors[f].names, 0);
    for (int mark = 0; mark < REBUT_MARKS; mark++)
        for (int bin = 0; bin < rebut_mark_tables[mark].bins; bin++)
            model->mark_weights[mark][bin] = rebut_mark_tables[mark].bin[bin].weight;
}

void rebut_model_release(struct rebut_model *model)
{
    for (int f = 0; f < REBUT_FACTORS; f++) {
        rebut_intern_release(&model->factors[f].names);
        for (int rate = 0; rate < REBUT_RATES; rate++)
            free(model->factors[f].multiplier[rate]);
        model->factors[f] = (struct rebut_factor_table){0};
    }
    rebut_honest_close(&model->honest);
}
