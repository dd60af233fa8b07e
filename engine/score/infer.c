/* One pass: every buyer given the merchants, then every merchant given the buyers. */
#include "rebut/infer.h"

#include <stdlib.h>
#include <string.h>

#include "infer_parts.h"

/* The prior after the company it keeps: of several groups, the one whose other members
 * say most. */
double rebut_ring_prior(const struct rebut_inference *inference,
                        const struct rebut_model *model, uint32_t buyer,
                        uint32_t *ret_group)
{
    const uint32_t first = inference->buyer_group_first[buyer];
    const uint32_t end = inference->buyer_group_first[buyer + 1];
    const struct rebut_buyer_result *result = &inference->buyers[buyer];
    *ret_group = REBUT_NONE;
    if (first == end)
        return model->population.pi;
    const rebut_fixed own = rebut_to_fixed(
        rebut_ring_member(&model->ring, model->population.pi, result->log_bf));
    rebut_fixed strongest = 0;
    bool any = false;
    for (uint32_t i = first; i < end; i++) {
        const rebut_fixed sum = inference->group_sums[inference->buyer_groups[i]];
        const rebut_fixed others = sum - own;
        if (!any || llabs(others) > llabs(strongest) ||
            (llabs(others) == llabs(strongest) && others > strongest)) {
            strongest = others;
            *ret_group = inference->buyer_groups[i];
        }
        any = true;
    }
    return rebut_ring_pi(&model->ring, model->population.pi, rebut_from_fixed(strongest));
}

uint32_t rebut_ring_size(const struct rebut_inference *inference, uint32_t buyer)
{
    const uint32_t group = inference->buyers[buyer].group;
    return group == REBUT_NONE ? 0 : inference->frame->groups[group].count;
}

static void sum_groups(struct rebut_inference *inference, const struct rebut_model *model)
{
    const struct rebut_frame *frame = inference->frame;
    for (uint32_t g = 0; g < frame->groups_count; g++) {
        const struct rebut_group *group = &frame->groups[g];
        rebut_fixed sum = 0;
        for (uint32_t i = 0; i < group->count; i++)
            sum += rebut_to_fixed(rebut_ring_member(
                &model->ring, model->population.pi,
                inference->buyers[frame->group_members[group->first + i]].log_bf));
        inference->group_sums[g] = sum;
    }
}

void rebut_count_population(const struct rebut_posterior *posterior,
                            struct rebut_pass *pass)
{
    pass->abuser += rebut_to_fixed(posterior->abuser);
    pass->mean_a += rebut_to_fixed(posterior->abuser * posterior->mean_a_given_abuser);
    pass->mean_log_a += rebut_to_fixed(posterior->abuser * posterior->mean_log_a);
    pass->ordinary += rebut_to_fixed(posterior->ordinary);
    pass->mean_u += rebut_to_fixed(posterior->ordinary * posterior->mean_u_ordinary);
    pass->mean_log_u +=
        rebut_to_fixed(posterior->ordinary * posterior->mean_log_u_ordinary);
}

/* Put what the pass reads side by side; its sums start at nothing or, in a pass that does
 * not find the clean buyers anew, at what these added. */
static void warm_up(struct rebut_inference *inference, bool anew)
{
    const uint32_t units = inference->frame->units;
    const uint32_t cells = inference->frame->cells_count;
    for (uint32_t unit = 0; unit < units; unit++)
        inference->hot_units[unit] = (struct rebut_hot_unit){
            .v = inference->unit_v[unit],
            .expected = anew ? 0 : inference->clean_expected[unit]};
    for (uint32_t cell = 0; cell < cells; cell++)
        inference->hot_cells[cell] =
            (struct rebut_hot_cell){.mu = inference->mu[cell], .nu = inference->nu[cell]};
    memset(inference->unit_counted, 0, units * sizeof *inference->unit_counted);
    memset(inference->cell_fault, 0, cells * sizeof *inference->cell_fault);
    memset(inference->cell_abuse, 0, cells * sizeof *inference->cell_abuse);
}

/* Keep what the clean buyers have added. */
static void keep_clean(struct rebut_inference *inference)
{
    for (uint32_t unit = 0; unit < inference->frame->units; unit++)
        inference->clean_expected[unit] = inference->hot_units[unit].expected;
}

/* Take out what the pass has added up. */
static void cool_down(struct rebut_inference *inference, bool fitting)
{
    for (uint32_t unit = 0; unit < inference->frame->units; unit++)
        inference->unit_expected[unit] = inference->hot_units[unit].expected;
    for (uint32_t cell = 0; fitting && cell < inference->frame->cells_count; cell++) {
        inference->cell_fault_base[cell] = inference->hot_cells[cell].fault_base;
        inference->cell_abuse_base[cell] = inference->hot_cells[cell].abuse_base;
    }
}

bool rebut_infer_pass(struct rebut_inference *inference, const struct rebut_model *model,
                      struct rebut_pass *ret, struct rebut_error *err)
{
    const bool fitting = ret != NULL;
    const bool anew = fitting || inference->passes % 2 == 0;
    struct rebut_pass pass = {0};
    sum_groups(inference, model);
    warm_up(inference, anew);
    if (anew)
        rebut_clear_all(inference, model, fitting ? &pass : NULL);
    if (anew && !fitting)
        keep_clean(inference);
    if (!rebut_judge_all(inference, model, true, fitting ? &pass : NULL, err))
        return false;
    cool_down(inference, fitting);
    inference->passes++;
    if (fitting)
        *ret = pass;
    return true;
}

bool rebut_infer_settle(struct rebut_inference *inference,
                        const struct rebut_model *model, struct rebut_error *err)
{
    sum_groups(inference, model);
    return rebut_judge_all(inference, model, false, NULL, err);
}

void rebut_infer_fault(struct rebut_inference *inference, const struct rebut_model *model)
{
    memcpy(inference->rho, model->rho, sizeof inference->rho);
    rebut_hierarchy_fit(&inference->frame->hierarchy, inference->unit_counted,
                        inference->unit_expected, model->rho, inference->fault,
                        inference->unit_v, inference->sums);
}
