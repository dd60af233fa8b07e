/* Memory of an inference, and its start from service facts. */
#include <math.h>
#include <stdlib.h>

#include "infer_parts.h"
#include "rebut/rake.h"

static uint32_t longest_run(const uint32_t *firsts, uint32_t count)
{
    uint32_t longest = 0;
    for (uint32_t i = 0; i < count; i++)
        if (firsts[i + 1] - firsts[i] > longest)
            longest = firsts[i + 1] - firsts[i];
    return longest;
}

/* Which groups each buyer is in, from which buyers each group has. */
static bool index_groups(struct rebut_inference *inference, struct rebut_error *err)
{
    const struct rebut_frame *frame = inference->frame;
    uint32_t *first = inference->buyer_group_first;
    uint32_t *next = malloc((frame->buyers + (size_t)1) * sizeof *next);
    if (next == NULL)
        return rebut_fail_memory(err, "groups");
    for (uint32_t i = 0; i < frame->group_members_count; i++)
        first[frame->group_members[i] + 1]++;
    for (uint32_t b = 0; b < frame->buyers; b++)
        first[b + 1] += first[b];
    memcpy(next, first, (frame->buyers + (size_t)1) * sizeof *next);
    for (uint32_t g = 0; g < frame->groups_count; g++)
        for (uint32_t i = 0; i < frame->groups[g].count; i++)
            inference
                ->buyer_groups[next[frame->group_members[frame->groups[g].first + i]]++] =
                g;
    free(next);
    return true;
}

/* Who has requests, and what holds each unit. */
static void index_units(struct rebut_inference *inference)
{
    const struct rebut_frame *frame = inference->frame;
    for (uint32_t b = 0; b < frame->buyers; b++)
        if (frame->buyer_claims[b] < frame->buyer_claims[b + 1])
            inference->judged[inference->judged_count++] = b;
    for (uint32_t unit = 0; unit < frame->units; unit++)
        for (int k = 0; k < REBUT_LEVELS; k++)
            inference->members[unit].at[k] =
                rebut_hierarchy_member(&frame->hierarchy, k, unit);
}

/* One piece of memory that is measured first (`at` NULL) and shared out after. */
struct piece {
    char *at;
    size_t used;
};

#define LINE ((size_t)64) /* of cache: each array begins on one */

/* Room for `count` items and one more. */
static void *take(struct piece *piece, size_t count, size_t size)
{
    char *here = piece->at == NULL ? NULL : piece->at + piece->used;
    piece->used += ((count + 1) * size + LINE - 1) / LINE * LINE;
    return here;
}

static void take_all(struct rebut_inference *ret, struct piece *piece)
{
    const struct rebut_frame *frame = ret->frame;
    const size_t cells = frame->cells_count, units = frame->units;
    uint32_t most = 0;
    for (int k = 0; k < REBUT_LEVELS; k++) {
        const uint32_t count = frame->hierarchy.entities[k];
        ret->fault[k] = take(piece, count, sizeof *ret->fault[k]);
        ret->own[k] = take(piece, count, sizeof *ret->own[k]);
        ret->returns[k] = take(piece, count, sizeof *ret->returns[k]);
        most = count > most ? count : most;
    }
    ret->mu = take(piece, cells, sizeof *ret->mu);
    ret->nu = take(piece, cells, sizeof *ret->nu);
    ret->hot_cells = take(piece, cells, sizeof *ret->hot_cells);
    ret->hot_units = take(piece, units, sizeof *ret->hot_units);
    ret->members = take(piece, units, sizeof *ret->members);
    ret->unit_v = take(piece, units, sizeof *ret->unit_v);
    ret->sums = take(piece, 2 * (size_t)most, sizeof *ret->sums);
    ret->claims = take(piece, frame->claims_count, sizeof *ret->claims);
    ret->buyers = take(piece, frame->buyers, sizeof *ret->buyers);
    ret->judged = take(piece, frame->buyers, sizeof *ret->judged);
    ret->clean_expected = take(piece, units, sizeof *ret->clean_expected);
    ret->unit_counted = take(piece, units, sizeof *ret->unit_counted);
    ret->unit_expected = take(piece, units, sizeof *ret->unit_expected);
    ret->cell_fault = take(piece, cells, sizeof *ret->cell_fault);
    ret->cell_fault_base = take(piece, cells, sizeof *ret->cell_fault_base);
    ret->cell_abuse = take(piece, cells, sizeof *ret->cell_abuse);
    ret->cell_abuse_base = take(piece, cells, sizeof *ret->cell_abuse_base);
    ret->v = take(piece, longest_run(frame->buyer_rows, frame->buyers), sizeof *ret->v);
    const uint32_t claims = longest_run(frame->buyer_claims, frame->buyers);
    ret->record = take(piece, claims, sizeof *ret->record);
    ret->elsewhere = take(piece, claims, sizeof *ret->elsewhere);
    ret->buyer_group_first = take(piece, frame->buyers, sizeof *ret->buyer_group_first);
    ret->buyer_groups =
        take(piece, frame->group_members_count, sizeof *ret->buyer_groups);
    ret->group_sums = take(piece, frame->groups_count, sizeof *ret->group_sums);
}

bool rebut_infer_open(struct rebut_inference *ret, const struct rebut_frame *frame,
                      struct rebut_error *err)
{
    struct piece piece = {NULL, 0};
    *ret = (struct rebut_inference){.frame = frame};
    take_all(ret, &piece);
    ret->memory = calloc(1, piece.used + LINE); /* of a large one, touched when needed */
    if (ret->memory == NULL)
        return rebut_fail_memory(err, "the inference");
    piece = (struct piece){(char *)(((uintptr_t)ret->memory + LINE - 1) & -LINE), 0};
    take_all(ret, &piece);
    if (index_groups(ret, err)) {
        index_units(ret);
        return true;
    }
    rebut_infer_close(ret);
    return false;
}

void rebut_infer_close(struct rebut_inference *inference)
{
    free(inference->memory);
    *inference = (struct rebut_inference){0};
}

double rebut_infer_rate(const struct rebut_frame *frame, const struct rebut_model *model,
                        enum rebut_rate_id rate, uint32_t cell)
{
    double product = model->base[rate];
    for (int f = 0; f < REBUT_FACTORS; f++)
        if (model->factors[f].multiplier[rate] != NULL)
            product *= model->factors[f].multiplier[rate][frame->cells[cell].level[f]];
    return product;
}

/* Observed over expected returns with goods, level by level. */
void rebut_infer_returns(struct rebut_inference *inference,
                         const struct rebut_model *model)
{
    const struct rebut_frame *frame = inference->frame;
    double *rate = inference->nu; /* free until the rates are set */
    memset(inference->unit_expected, 0, frame->units * sizeof *inference->unit_expected);
    for (uint32_t cell = 0; cell < frame->cells_count; cell++)
        rate[cell] = rebut_infer_rate(frame, model, REBUT_RATE_RETURNS, cell);
    for (uint32_t i = 0; i < frame->rows_count; i++) {
        if (i + 16 < frame->rows_count) {
            __builtin_prefetch(&inference->unit_expected[frame->rows[i + 16].unit], 1);
            __builtin_prefetch(&rate[frame->rows[i + 16].cell]);
        }
        inference->unit_expected[frame->rows[i].unit] +=
            rebut_to_fixed(rate[frame->rows[i].cell]);
    }
    for (uint32_t unit = 0; unit < frame->units; unit++)
        inference->unit_counted[unit] = rebut_to_fixed((double)frame->unit_returns[unit]);
    for (int k = 0; k < REBUT_LEVELS; k++)
        for (uint32_t i = 0; i < frame->hierarchy.entities[k]; i++)
            inference->returns[k][i].psi = 1;
    rebut_hierarchy_fit(&frame->hierarchy, inference->unit_counted,
                        inference->unit_expected, model->rho_returns, inference->returns,
                        inference->unit_v, inference->sums);
}

void rebut_infer_priors(struct rebut_inference *inference,
                        const struct rebut_model *model)
{
    const struct rebut_frame *frame = inference->frame;
    for (int k = 0; k < REBUT_LEVELS; k++)
        for (uint32_t i = 0; i < frame->hierarchy.entities[k]; i++) {
            double psi = inference->returns[k][i].ratio;
            if (k == REBUT_LEVEL_MERCHANT)
                psi *= model->service_scale;
            inference->fault[k][i].psi = inference->fault[k][i].ratio = psi;
        }
}

void rebut_infer_rates(struct rebut_inference *inference, const struct rebut_model *model)
{
    const struct rebut_frame *frame = inference->frame;
    for (uint32_t cell = 0; cell < frame->cells_count; cell++) {
        inference->mu[cell] = rebut_infer_rate(frame, model, REBUT_RATE_FAULT, cell);
        inference->nu[cell] = rebut_infer_rate(frame, model, REBUT_RATE_TEMPTATION, cell);
    }
}

void rebut_infer_claims(struct rebut_inference *inference,
                        const struct rebut_model *model)
{
    const struct rebut_frame *frame = inference->frame;
    for (uint32_t i = 0; i < frame->claims_count; i++) {
        struct rebut_claim_result *claim = &inference->claims[i];
        *claim = (struct rebut_claim_result){0};
        for (int mark = 0; mark < REBUT_MARKS; mark++)
            claim->log_marks += model->mark_weights[mark][frame->claims[i].bin[mark]];
        const double sure = log1p(-model->reviewer_error) - log(model->reviewer_error);
        claim->log_verdict =
            sure * (frame->claims[i].said_abuse - frame->claims[i].said_legitimate);
    }
}

bool rebut_infer_start(struct rebut_inference *inference, const struct rebut_model *model,
                       struct rebut_error *err)
{
    const struct rebut_frame *frame = inference->frame;
    (void)err;
    rebut_infer_returns(inference, model);
    rebut_infer_priors(inference, model);
    rebut_infer_rates(inference, model);
    for (uint32_t unit = 0; unit < frame->units; unit++) {
        double v = 1;
        for (int k = 0; k < REBUT_LEVELS; k++)
            v *= inference->fault[k][inference->members[unit].at[k]].ratio;
        inference->unit_v[unit] = v;
    }
    for (int k = 0; k < REBUT_LEVELS; k++)
        for (uint32_t i = 0; i < frame->hierarchy.entities[k]; i++)
            inference->fault[k][i].counted = inference->fault[k][i].expected = 0;
    for (uint32_t i = 0; i < frame->rows_count; i++)
        frame->rows[i].expected = 0;
    memset(inference->buyers, 0, frame->buyers * sizeof *inference->buyers);
    memset(inference->group_sums, 0, frame->groups_count * sizeof *inference->group_sums);
    memcpy(inference->rho, model->rho, sizeof inference->rho);
    inference->passes = 0;
    rebut_infer_claims(inference, model);
    return true;
}

bool rebut_infer(struct rebut_inference *inference, const struct rebut_model *model,
                 struct rebut_error *err)
{
    if (!rebut_infer_start(inference, model, err))
        return false;
    for (int pass = 0; pass < REBUT_INFER_PASSES; pass++) {
        if (!rebut_infer_pass(inference, model, NULL, err))
            return false;
        rebut_infer_fault(inference, model);
    }
    return rebut_infer_settle(inference, model, err);
}
