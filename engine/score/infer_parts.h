/* A pass of inference, part by part; infer.c calls them. */
#ifndef REBUT_SCORE_INFER_PARTS_H
#define REBUT_SCORE_INFER_PARTS_H

#include "rebut/infer.h"

/* The buyers without requests, and those with.  Both add to hot_cells and hot_units and
 * set the buyers' results; `pass` and the sums of the cells are left alone when it is
 * NULL.  Not counting, nothing but the results of buyers and claims changes. */
void rebut_clear_all(struct rebut_inference *inference, const struct rebut_model *model,
                     struct rebut_pass *pass);
REBUT_MUST_CHECK bool rebut_judge_all(struct rebut_inference *inference,
                                      const struct rebut_model *model, bool counting,
                                      struct rebut_pass *pass, struct rebut_error *err);

/* Add (1) what a buyer put into merchants and items to `own` of all their entities, or
 * take it away again (-1). */
void rebut_infer_own(struct rebut_inference *inference, uint32_t buyer, int sign);

/* What marks and verdicts say of each claim, before anything else is known. */
void rebut_infer_claims(struct rebut_inference *inference,
                        const struct rebut_model *model);

/* The prior of a buyer after the company it keeps, and the group that decides it. */
double rebut_ring_prior(const struct rebut_inference *inference,
                        const struct rebut_model *model, uint32_t buyer,
                        uint32_t *ret_group);

void rebut_count_population(const struct rebut_posterior *posterior,
                            struct rebut_pass *pass);

/* The end of the part that begins at row `first` of a buyer whose rows end at `end`. */
static inline uint32_t rebut_part_end(const struct rebut_frame *frame, uint32_t first,
                                      uint32_t end)
{
    first++;
    while (first < end && !frame->rows[first].starts)
        first++;
    return first;
}

static inline struct rebut_buyer_result
rebut_buyer_result_of(const struct rebut_posterior *posterior, double pi, uint32_t group,
                      double fault_exposure, double abuse_exposure)
{
    return (struct rebut_buyer_result){.log_bf = posterior->log_bf,
                                       .pi = pi,
                                       .group = group,
                                       .fault_exposure = fault_exposure,
                                       .abuse_exposure = abuse_exposure,
                                       .mean_a = (float)posterior->mean_a,
                                       .mean_u = (float)posterior->mean_u,
                                       .abuser = (float)posterior->abuser};
}

#endif
