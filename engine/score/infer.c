/* One pass: every buyer given the merchants, then every merchant given the buyers. */
#include "rebut/infer.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* One buyer while it is being judged. */
struct buyer {
    struct rebut_inference *inference;
    const struct rebut_model *model;
    uint32_t index;
    uint32_t row_first, row_end, claim_first, claim_end;
    struct rebut_population population; /* pi after the ring */
    const struct rebut_clean *clean;
    rebut_fixed fault_exposure, abuse_exposure;
    int record_count;
    struct rebut_posterior posterior;
};

/* The end of the part that begins at `row`: the rows at one merchant. */
static uint32_t part_end(const struct buyer *buyer, uint32_t row)
{
    const struct rebut_row *rows = buyer->inference->frame->rows;
    row++;
    while (row < buyer->row_end && !rows[row].starts)
        row++;
    return row;
}

/* Add (or take away) what this buyer put into the entities of a row's unit. */
static void own_row(const struct buyer *buyer, uint32_t row, rebut_fixed sign)
{
    const struct rebut_inference *inference = buyer->inference;
    const struct rebut_row *r = &inference->frame->rows[row];
    const uint32_t *member = inference->hot_units[r->unit].member;
    double part = inference->hot_cells[r->cell].mu_counted * (double)r->trust;
    for (int k = 0; k < REBUT_LEVELS; k++) {
        struct rebut_entity *entity = &inference->fault[k][member[k]];
        entity->own_expected += sign * rebut_to_fixed(part);
        part *= entity->ratio;
    }
}

static void own_claim(const struct buyer *buyer, uint32_t claim, rebut_fixed sign)
{
    const struct rebut_inference *inference = buyer->inference;
    const uint32_t unit =
        inference->frame->rows[inference->frame->claims[claim].row].unit;
    const uint32_t *member = inference->hot_units[unit].member;
    for (int k = 0; k < REBUT_LEVELS; k++)
        inference->fault[k][member[k]].own_counted +=
            sign * inference->claims[claim].counted;
}

static void own_everything(const struct buyer *buyer, rebut_fixed sign)
{
    for (uint32_t row = buyer->row_first; row < buyer->row_end; row++)
        own_row(buyer, row, sign);
    for (uint32_t claim = buyer->claim_first; claim < buyer->claim_end; claim++)
        own_claim(buyer, claim, sign);
}

/* The fault ratios of a unit without what the buyer put in. */
static double fault_without(const struct buyer *buyer, uint32_t unit,
                            struct rebut_claim_result *ret_claim)
{
    const struct rebut_inference *inference = buyer->inference;
    double v = 1;
    for (int k = 0; k < REBUT_LEVELS; k++) {
        const struct rebut_entity *entity =
            &inference->fault[k][inference->hot_units[unit].member[k]];
        const double counted =
            fmax(0, entity->counted - rebut_from_fixed(entity->own_counted));
        const double expected =
            fmax(0, entity->expected - rebut_from_fixed(entity->own_expected));
        const double rho = inference->rho[k];
        const double ratio = (rho + counted) / (rho / entity->psi + expected);
        v *= ratio;
        if (ret_claim == NULL)
            continue;
        ret_claim->v[k] = ratio;
        ret_claim->counted_fault[k] = counted;
        ret_claim->expected_fault[k] = expected;
    }
    return v;
}

/* Rows lie in order; what they point to does not, and what that points to even less. */
#define PREFETCH_ROWS 24
#define PREFETCH_ENTITIES 8

static inline void prefetch_row(const struct rebut_inference *inference, uint32_t row)
{
    const struct rebut_frame *frame = inference->frame;
    if (row + PREFETCH_ROWS < frame->rows_count) {
        const struct rebut_row *r = &frame->rows[row + PREFETCH_ROWS];
        __builtin_prefetch(&inference->hot_cells[r->cell], 1);
        __builtin_prefetch(&inference->hot_units[r->unit], 1);
    }
    if (row + PREFETCH_ENTITIES < frame->rows_count &&
        frame->rows[row + PREFETCH_ENTITIES].judged) {
        const uint32_t unit = frame->rows[row + PREFETCH_ENTITIES].unit;
        for (int k = 0; k < REBUT_LEVELS; k++)
            __builtin_prefetch(&inference->fault[k][inference->hot_units[unit].member[k]],
                               1);
    }
}

/* Exposures of the whole record, and each claim's p and q.  The fault by which a buyer
 * with requests is judged is without its own orders; a buyer without any is not judged,
 * and its own orders stay in. */
static void make_record(struct buyer *buyer)
{
    struct rebut_inference *inference = buyer->inference;
    const struct rebut_frame *frame = inference->frame;
    const bool clean = buyer->claim_first == buyer->claim_end;
    const bool own = !clean && inference->passes > 0; /* before, nothing was put in */
    if (own)
        own_everything(buyer, 1);
    buyer->fault_exposure = buyer->abuse_exposure = 0;
    for (uint32_t row = buyer->row_first; row < buyer->row_end; row++) {
        const struct rebut_row *r = &frame->rows[row];
        prefetch_row(inference, row);
        const double v =
            clean ? inference->hot_units[r->unit].v : fault_without(buyer, r->unit, NULL);
        inference->v[row - buyer->row_first] = v;
        buyer->fault_exposure += rebut_to_fixed(inference->hot_cells[r->cell].mu * v);
        buyer->abuse_exposure += rebut_to_fixed(inference->hot_cells[r->cell].nu);
    }
    buyer->record_count = 0;
    if (clean)
        return;
    for (uint32_t i = buyer->claim_first; i < buyer->claim_end; i++) {
        struct rebut_claim_result *claim = &inference->claims[i];
        const struct rebut_row *r = &frame->rows[frame->claims[i].row];
        const double v = fault_without(buyer, r->unit, claim);
        claim->mu = inference->mu[r->cell];
        claim->nu = inference->nu[r->cell];
        if (frame->claims[i].first == i)
            inference->record[buyer->record_count++] = (struct rebut_claim){
                .p = claim->mu * v,
                .q = claim->nu * exp(claim->log_marks + claim->log_verdict)};
    }
    if (own)
        own_everything(buyer, -1);
}

static struct rebut_record whole_record(const struct buyer *buyer)
{
    return (struct rebut_record){
        .fault_exposure = rebut_from_fixed(buyer->fault_exposure),
        .abuse_exposure = rebut_from_fixed(buyer->abuse_exposure),
        .claims = buyer->inference->record,
        .count = buyer->record_count};
}

/* The prior after the company it keeps: of several groups, the one whose other members
 * say most. */
static double ring_prior(const struct buyer *buyer, uint32_t *ret_group)
{
    const struct rebut_inference *inference = buyer->inference;
    const struct rebut_model *model = buyer->model;
    const uint32_t first = inference->buyer_group_first[buyer->index];
    const uint32_t end = inference->buyer_group_first[buyer->index + 1];
    const struct rebut_buyer_result *result = &inference->buyers[buyer->index];
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

/* Every claim's probability, from the buyer's other requests. */
static bool judge_claims(struct buyer *buyer, struct rebut_error *err)
{
    struct rebut_inference *inference = buyer->inference;
    const struct rebut_frame *frame = inference->frame;
    const struct rebut_record record = whole_record(buyer);
    int in_record = 0;
    for (uint32_t i = buyer->claim_first; i < buyer->claim_end; i++) {
        struct rebut_claim_result *claim = &inference->claims[i];
        const uint32_t first = frame->claims[i].first;
        if (first == i) {
            struct rebut_others others = {0};
            if (!rebut_posterior_others(&buyer->population, &record, in_record++, &others,
                                        err))
                return false;
            claim->mean_a = others.mean_a;
            claim->mean_u = others.mean_u;
        } else {
            claim->mean_a = inference->claims[first].mean_a;
            claim->mean_u = inference->claims[first].mean_u;
        }
        double v = 1;
        for (int k = 0; k < REBUT_LEVELS; k++)
            v *= claim->v[k];
        const double odds = claim->nu * exp(claim->log_marks + claim->log_verdict) *
                            claim->mean_a / (claim->mu * v * claim->mean_u);
        claim->probability = odds / (1 + odds);
    }
    return true;
}

/* w and E[u] of this buyer for one merchant, from its record elsewhere. */
static bool trust_at(const struct buyer *buyer, uint32_t first, uint32_t end,
                     double *ret_w, double *ret_u, struct rebut_error *err)
{
    struct rebut_inference *inference = buyer->inference;
    const struct rebut_frame *frame = inference->frame;
    const double elsewhere =
        (double)(buyer->row_end - buyer->row_first) - (double)(end - first);
    *ret_w = *ret_u = 0;
    if (elsewhere == 0)
        return true;
    rebut_fixed fault = buyer->fault_exposure, abuse = buyer->abuse_exposure;
    for (uint32_t row = first; row < end; row++) {
        const uint32_t cell = frame->rows[row].cell;
        fault -= rebut_to_fixed(inference->hot_cells[cell].mu *
                                inference->v[row - buyer->row_first]);
        abuse -= rebut_to_fixed(inference->hot_cells[cell].nu);
    }
    const double weight = elsewhere / (elsewhere + buyer->model->trust_orders);
    if (buyer->record_count == 0) {
        *ret_w = weight * (1 - rebut_clean_abuser(buyer->clean, buyer->population.pi,
                                                  rebut_from_fixed(abuse)));
        *ret_u = rebut_clean_readiness(buyer->clean, rebut_from_fixed(fault));
        return true;
    }
    int count = 0, in_record = 0;
    for (uint32_t i = buyer->claim_first; i < buyer->claim_end; i++) {
        if (frame->claims[i].first != i)
            continue;
        const uint32_t row = frame->claims[i].row;
        if (row < first || row >= end)
            inference->elsewhere[count++] = inference->record[in_record];
        in_record++;
    }
    const struct rebut_record record = {.fault_exposure = rebut_from_fixed(fault),
                                        .abuse_exposure = rebut_from_fixed(abuse),
                                        .claims = inference->elsewhere,
                                        .count = count};
    struct rebut_standing standing = {0};
    if (!rebut_posterior_standing(&buyer->population, &record, &standing, err))
        return false;
    *ret_w = weight * (1 - standing.abuser);
    *ret_u = standing.mean_u;
    return true;
}

/* What the buyer says about its merchants, weighed by trust.  The trust in a buyer who
 * asked for nothing hardly moves: it is found anew every other pass. */
static bool count_merchants(struct buyer *buyer, struct rebut_error *err)
{
    struct rebut_inference *inference = buyer->inference;
    const struct rebut_frame *frame = inference->frame;
    const bool refresh = buyer->record_count > 0 || inference->passes % 2 == 0;
    for (uint32_t first = buyer->row_first, end = 0; first < buyer->row_end;
         first = end) {
        double w = 0, u = 0;
        end = part_end(buyer, first);
        if (refresh && !trust_at(buyer, first, end, &w, &u, err))
            return false;
        for (uint32_t row = first; row < end; row++) {
            if (refresh)
                frame->rows[row].trust = (float)(w * u);
            inference->hot_units[frame->rows[row].unit].expected +=
                rebut_to_fixed(inference->hot_cells[frame->rows[row].cell].mu *
                               (double)frame->rows[row].trust);
        }
        for (uint32_t i = buyer->claim_first; i < buyer->claim_end; i++) {
            const uint32_t row = frame->claims[i].row;
            if (row < first || row >= end || frame->claims[i].first != i)
                continue;
            struct rebut_claim_result *claim = &inference->claims[i];
            claim->counted = rebut_to_fixed(w * (1 - claim->probability));
            inference->hot_units[frame->rows[row].unit].counted += claim->counted;
        }
    }
    return true;
}

/* What the buyer says about circumstances. */
static void count_cells(const struct buyer *buyer)
{
    struct rebut_inference *inference = buyer->inference;
    const struct rebut_frame *frame = inference->frame;
    const double readiness =
        buyer->model->base[REBUT_RATE_FAULT] * buyer->posterior.mean_u;
    const rebut_fixed mean_a = rebut_to_fixed(buyer->posterior.mean_a);
    for (uint32_t row = buyer->row_first; row < buyer->row_end; row++) {
        const uint32_t cell = frame->rows[row].cell;
        inference->hot_cells[cell].fault_base +=
            rebut_to_fixed(readiness * inference->v[row - buyer->row_first]);
        inference->hot_cells[cell].abuse_base += mean_a;
    }
    for (uint32_t i = buyer->claim_first; i < buyer->claim_end; i++) {
        if (frame->claims[i].first != i)
            continue;
        const uint32_t cell = frame->rows[frame->claims[i].row].cell;
        const rebut_fixed abuse = rebut_to_fixed(inference->claims[i].probability);
        inference->hot_cells[cell].abuse += abuse;
        inference->hot_cells[cell].fault += rebut_to_fixed(1) - abuse;
    }
}

static void count_population(const struct buyer *buyer, struct rebut_pass *pass)
{
    const struct rebut_posterior *posterior = &buyer->posterior;
    pass->abuser += rebut_to_fixed(posterior->abuser);
    pass->mean_a += rebut_to_fixed(posterior->abuser * posterior->mean_a_given_abuser);
    pass->mean_log_a += rebut_to_fixed(posterior->abuser * posterior->mean_log_a);
    pass->ordinary += rebut_to_fixed(posterior->ordinary);
    pass->mean_u += rebut_to_fixed(posterior->ordinary * posterior->mean_u_ordinary);
    pass->mean_log_u +=
        rebut_to_fixed(posterior->ordinary * posterior->mean_log_u_ordinary);
}

static bool judge_buyer(struct buyer *buyer, struct rebut_pass *pass,
                        struct rebut_error *err)
{
    struct rebut_buyer_result *result = &buyer->inference->buyers[buyer->index];
    buyer->population = buyer->model->population;
    uint32_t group = REBUT_NONE;
    buyer->population.pi = ring_prior(buyer, &group);
    make_record(buyer);
    const struct rebut_record record = whole_record(buyer);
    if (record.count == 0)
        rebut_clean_posterior(buyer->clean, buyer->population.pi, record.fault_exposure,
                              record.abuse_exposure, &buyer->posterior);
    else if (!rebut_posterior_of(&buyer->population, &record, &buyer->posterior, err))
        return false;
    if (!judge_claims(buyer, err) || !count_merchants(buyer, err))
        return false;
    count_cells(buyer);
    count_population(buyer, pass);
    *result = (struct rebut_buyer_result){.log_bf = buyer->posterior.log_bf,
                                          .pi = buyer->population.pi,
                                          .group = group,
                                          .fault_exposure = record.fault_exposure,
                                          .abuse_exposure = record.abuse_exposure,
                                          .mean_a = (float)buyer->posterior.mean_a,
                                          .mean_u = (float)buyer->posterior.mean_u,
                                          .abuser = (float)buyer->posterior.abuser};
    return true;
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

/* Put what the pass reads side by side, and clear what it adds to. */
static void warm_up(struct rebut_inference *inference)
{
    const struct rebut_hierarchy *hierarchy = &inference->frame->hierarchy;
    for (uint32_t unit = 0; unit < hierarchy->units; unit++) {
        double v = 1;
        for (int k = 0; k < REBUT_LEVELS; k++)
            v *= inference->fault[k][rebut_hierarchy_member(hierarchy, k, unit)].ratio;
        struct rebut_hot_unit *hot = &inference->hot_units[unit];
        *hot = (struct rebut_hot_unit){.v = v};
        for (int k = 0; k < REBUT_LEVELS; k++)
            hot->member[k] = rebut_hierarchy_member(hierarchy, k, unit);
    }
    for (uint32_t cell = 0; cell < inference->frame->cells_count; cell++)
        inference->hot_cells[cell] =
            (struct rebut_hot_cell){.mu = inference->mu[cell],
                                    .nu = inference->nu[cell],
                                    .mu_counted = inference->hot_cells[cell].mu_counted};
}

/* Take out what the pass has added up. */
static void cool_down(struct rebut_inference *inference)
{
    for (uint32_t unit = 0; unit < inference->frame->units; unit++) {
        inference->unit_counted[unit] = inference->hot_units[unit].counted;
        inference->unit_expected[unit] = inference->hot_units[unit].expected;
    }
    for (uint32_t cell = 0; cell < inference->frame->cells_count; cell++) {
        struct rebut_hot_cell *hot = &inference->hot_cells[cell];
        inference->cell_fault[cell] = hot->fault;
        inference->cell_fault_base[cell] = hot->fault_base;
        inference->cell_abuse[cell] = hot->abuse;
        inference->cell_abuse_base[cell] = hot->abuse_base;
        hot->mu_counted = hot->mu;
    }
}

bool rebut_infer_pass(struct rebut_inference *inference, const struct rebut_model *model,
                      struct rebut_pass *ret, struct rebut_error *err)
{
    const struct rebut_frame *frame = inference->frame;
    const struct rebut_clean clean = rebut_clean_of(&model->population);
    struct rebut_pass pass = {0};
    sum_groups(inference, model);
    warm_up(inference);
    for (uint32_t b = 0; b < frame->buyers; b++) {
        struct buyer buyer = {.inference = inference,
                              .model = model,
                              .clean = &clean,
                              .index = b,
                              .row_first = frame->buyer_rows[b],
                              .row_end = frame->buyer_rows[b + 1],
                              .claim_first = frame->buyer_claims[b],
                              .claim_end = frame->buyer_claims[b + 1]};
        if (!judge_buyer(&buyer, &pass, err))
            return false;
    }
    cool_down(inference);
    inference->passes++;
    memcpy(inference->rho, model->rho, sizeof inference->rho);
    rebut_hierarchy_fit(&frame->hierarchy, inference->unit_counted,
                        inference->unit_expected, model->rho, inference->fault,
                        inference->sums);
    if (ret != NULL)
        *ret = pass;
    return true;
}
