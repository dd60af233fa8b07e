/* The buyers with requests: each judged without what it put into its merchants itself. */
#include <math.h>

#include "infer_parts.h"

/* One buyer with requests while it is being judged. */
struct buyer {
    struct rebut_inference *inference;
    const struct rebut_model *model;
    uint32_t index;
    uint32_t row_first, row_end, claim_first, claim_end;
    struct rebut_population population; /* pi after the ring */
    rebut_fixed fault_exposure, abuse_exposure;
    int record_count;
    struct rebut_posterior posterior;
};

/* What the buyer's claims on a row have counted as faults. */
static rebut_fixed counted_on(const struct buyer *buyer, uint32_t row)
{
    const struct rebut_inference *inference = buyer->inference;
    rebut_fixed counted = 0;
    for (uint32_t i = buyer->claim_first; i < buyer->claim_end; i++)
        if (inference->frame->claims[i].row == row)
            counted += inference->claims[i].counted;
    return counted;
}

/* Add (or take away) what rows of this buyer put into the entities of their units. */
static void own_rows(const struct buyer *buyer, uint32_t first, uint32_t end,
                     rebut_fixed sign)
{
    const struct rebut_inference *inference = buyer->inference;
    for (uint32_t row = first; row < end; row++) {
        const struct rebut_row *r = &inference->frame->rows[row];
        const struct rebut_members *members = &inference->members[r->unit];
        double part = (double)r->expected;
        for (int k = 0; k < REBUT_LEVELS; k++) {
            inference->own[k][members->at[k]].expected += sign * rebut_to_fixed(part);
            part *= inference->fault[k][members->at[k]].ratio;
        }
    }
    for (uint32_t i = buyer->claim_first; i < buyer->claim_end; i++) {
        const uint32_t row = inference->frame->claims[i].row;
        if (row < first || row >= end)
            continue;
        const struct rebut_members *members =
            &inference->members[inference->frame->rows[row].unit];
        for (int k = 0; k < REBUT_LEVELS; k++)
            inference->own[k][members->at[k]].counted +=
                sign * inference->claims[i].counted;
    }
}

/* Trusted counts of a row's entities without the buyer. */
struct seen {
    double counted[REBUT_LEVELS], expected[REBUT_LEVELS];
};

/* `alone`: the row is all that the buyer put into them; otherwise that is in `own`.  The
 * same figures to the last bit. */
static void see_without(const struct buyer *buyer, uint32_t row, bool alone,
                        struct seen *ret)
{
    const struct rebut_inference *inference = buyer->inference;
    const struct rebut_row *r = &inference->frame->rows[row];
    const struct rebut_members *members = &inference->members[r->unit];
    const double counted = alone ? rebut_from_fixed(counted_on(buyer, row)) : 0;
    double part = (double)r->expected;
    for (int k = 0; k < REBUT_LEVELS; k++) {
        const struct rebut_entity *entity = &inference->fault[k][members->at[k]];
        const struct rebut_own *own = &inference->own[k][members->at[k]];
        ret->counted[k] =
            fmax(0, entity->counted - (alone ? counted : rebut_from_fixed(own->counted)));
        ret->expected[k] =
            fmax(0, entity->expected -
                        rebut_from_fixed(alone ? rebut_to_fixed(part) : own->expected));
        part *= entity->ratio;
    }
}

/* The product of a row's ratios without the buyer. */
static double fault_without(const struct buyer *buyer, uint32_t row, bool alone)
{
    const struct rebut_inference *inference = buyer->inference;
    const uint32_t unit = inference->frame->rows[row].unit;
    struct seen seen;
    double over = 1, under = 1; /* one division is cheaper than four */
    see_without(buyer, row, alone, &seen);
    for (int k = 0; k < REBUT_LEVELS; k++) {
        const double rho = inference->rho[k];
        const double psi = inference->fault[k][inference->members[unit].at[k]].psi;
        over *= psi * (rho + seen.counted[k]);
        under *= rho + psi * seen.expected[k];
    }
    return over / under;
}

/* The same for a claim, level by level, and its circumstances. */
static void place_claim(const struct buyer *buyer, uint32_t claim, bool alone)
{
    const struct rebut_inference *inference = buyer->inference;
    struct rebut_claim_result *result = &inference->claims[claim];
    const uint32_t row = inference->frame->claims[claim].row;
    const struct rebut_row *r = &inference->frame->rows[row];
    struct seen seen;
    see_without(buyer, row, alone, &seen);
    for (int k = 0; k < REBUT_LEVELS; k++) {
        const double rho = inference->rho[k];
        const double psi = inference->fault[k][inference->members[r->unit].at[k]].psi;
        result->counted_fault[k] = seen.counted[k];
        result->expected_fault[k] = seen.expected[k];
        result->v[k] = (rho + seen.counted[k]) / (rho / psi + seen.expected[k]);
    }
    result->mu = inference->mu[r->cell];
    result->nu = inference->nu[r->cell];
}

/* Rows lie in order; what they point to does not, and what that points to even less. */
static void prefetch_rows(const struct rebut_inference *inference, uint32_t buyer)
{
    const struct rebut_frame *frame = inference->frame;
    for (uint32_t i = frame->buyer_rows[buyer]; i < frame->buyer_rows[buyer + 1]; i++) {
        const struct rebut_row *row = &frame->rows[i];
        __builtin_prefetch(&inference->hot_cells[row->cell], 1);
        __builtin_prefetch(&inference->hot_units[row->unit], 1);
        __builtin_prefetch(&inference->members[row->unit]);
    }
}

static void prefetch_entities(const struct rebut_inference *inference, uint32_t buyer)
{
    const struct rebut_frame *frame = inference->frame;
    for (uint32_t i = frame->buyer_rows[buyer]; i < frame->buyer_rows[buyer + 1]; i++)
        for (int k = 0; k < REBUT_LEVELS; k++)
            __builtin_prefetch(
                &inference->fault[k][inference->members[frame->rows[i].unit].at[k]]);
}

/* What rows that share entities say: exposures, and where their claims stand. */
static void read_rows(struct buyer *buyer, uint32_t first, uint32_t end)
{
    struct rebut_inference *inference = buyer->inference;
    const struct rebut_frame *frame = inference->frame;
    const bool alone = end - first == 1;
    if (!alone)
        own_rows(buyer, first, end, 1);
    for (uint32_t row = first; row < end; row++) {
        const struct rebut_hot_cell *cell = &inference->hot_cells[frame->rows[row].cell];
        const double v = fault_without(buyer, row, alone);
        inference->v[row - buyer->row_first] = v;
        buyer->fault_exposure += rebut_to_fixed(cell->mu * v);
        buyer->abuse_exposure += rebut_to_fixed(cell->nu);
    }
    for (uint32_t i = buyer->claim_first; i < buyer->claim_end; i++)
        if (frame->claims[i].row >= first && frame->claims[i].row < end)
            place_claim(buyer, i, alone);
    if (!alone)
        own_rows(buyer, first, end, -1);
}

/* Exposures of the whole record, and each claim's p and q, by the fault without the
 * buyer's own orders.  Parts share no merchant, and so nothing, unless all events are of
 * one merchant. */
static void make_record(struct buyer *buyer)
{
    struct rebut_inference *inference = buyer->inference;
    const struct rebut_frame *frame = inference->frame;
    buyer->fault_exposure = buyer->abuse_exposure = 0;
    for (uint32_t first = buyer->row_first, end = 0; first < buyer->row_end;
         first = end) {
        end = frame->merchants > 1 ? rebut_part_end(frame, first, buyer->row_end)
                                   : buyer->row_end;
        read_rows(buyer, first, end);
    }
    buyer->record_count = 0;
    for (uint32_t i = buyer->claim_first; i < buyer->claim_end; i++) {
        const struct rebut_claim_result *claim = &inference->claims[i];
        double v = 1;
        for (int k = 0; k < REBUT_LEVELS; k++)
            v *= claim->v[k];
        if (frame->claims[i].first == i)
            inference->record[buyer->record_count++] = (struct rebut_claim){
                .p = claim->mu * v,
                .q = claim->nu * exp(claim->log_marks + claim->log_verdict)};
    }
}

static struct rebut_record whole_record(const struct buyer *buyer)
{
    return (struct rebut_record){
        .fault_exposure = rebut_from_fixed(buyer->fault_exposure),
        .abuse_exposure = rebut_from_fixed(buyer->abuse_exposure),
        .claims = buyer->inference->record,
        .count = buyer->record_count};
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
        const struct rebut_hot_cell *cell = &inference->hot_cells[frame->rows[row].cell];
        fault -= rebut_to_fixed(cell->mu * inference->v[row - buyer->row_first]);
        abuse -= rebut_to_fixed(cell->nu);
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
    *ret_w = elsewhere / (elsewhere + buyer->model->trust_orders) * (1 - standing.abuser);
    *ret_u = standing.mean_u;
    return true;
}

/* What the buyer says about its merchants, weighed by trust. */
static bool count_merchants(struct buyer *buyer, struct rebut_error *err)
{
    struct rebut_inference *inference = buyer->inference;
    const struct rebut_frame *frame = inference->frame;
    for (uint32_t first = buyer->row_first, end = 0; first < buyer->row_end;
         first = end) {
        double w = 0, u = 0;
        end = rebut_part_end(frame, first, buyer->row_end);
        if (!trust_at(buyer, first, end, &w, &u, err))
            return false;
        for (uint32_t row = first; row < end; row++) {
            struct rebut_row *r = &frame->rows[row];
            r->expected = (float)(inference->hot_cells[r->cell].mu * w * u);
            inference->hot_units[r->unit].expected += rebut_to_fixed((double)r->expected);
        }
        for (uint32_t i = buyer->claim_first; i < buyer->claim_end; i++) {
            const uint32_t row = frame->claims[i].row;
            if (row < first || row >= end || frame->claims[i].first != i)
                continue;
            struct rebut_claim_result *claim = &inference->claims[i];
            claim->counted = rebut_to_fixed(w * (1 - claim->probability));
            inference->unit_counted[frame->rows[row].unit] += claim->counted;
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
        struct rebut_hot_cell *cell = &inference->hot_cells[frame->rows[row].cell];
        cell->fault_base +=
            rebut_to_fixed(readiness * inference->v[row - buyer->row_first]);
        cell->abuse_base += mean_a;
    }
    for (uint32_t i = buyer->claim_first; i < buyer->claim_end; i++) {
        if (frame->claims[i].first != i)
            continue;
        const uint32_t cell = frame->rows[frame->claims[i].row].cell;
        const rebut_fixed abuse = rebut_to_fixed(inference->claims[i].probability);
        inference->cell_abuse[cell] += abuse;
        inference->cell_fault[cell] += rebut_to_fixed(1) - abuse;
    }
}

static struct buyer buyer_of(struct rebut_inference *inference,
                             const struct rebut_model *model, uint32_t index)
{
    const struct rebut_frame *frame = inference->frame;
    return (struct buyer){.inference = inference,
                          .model = model,
                          .index = index,
                          .row_first = frame->buyer_rows[index],
                          .row_end = frame->buyer_rows[index + 1],
                          .claim_first = frame->buyer_claims[index],
                          .claim_end = frame->buyer_claims[index + 1]};
}

/* The buyer's own results; nothing that others are judged by changes. */
static bool judge_alone(struct buyer *buyer, struct rebut_error *err)
{
    struct rebut_buyer_result *result = &buyer->inference->buyers[buyer->index];
    const double log_bf = result->log_bf;
    uint32_t group = REBUT_NONE;
    buyer->population = buyer->model->population;
    buyer->population.pi =
        rebut_ring_prior(buyer->inference, buyer->model, buyer->index, &group);
    make_record(buyer);
    const struct rebut_record record = whole_record(buyer);
    if (!rebut_posterior_of(&buyer->population, &record, &buyer->posterior, err) ||
        !judge_claims(buyer, err))
        return false;
    *result = rebut_buyer_result_of(&buyer->posterior, buyer->population.pi, group,
                                    record.fault_exposure, record.abuse_exposure);
    result->log_bf = log_bf;
    return true;
}

void rebut_infer_own(struct rebut_inference *inference, uint32_t index, int sign)
{
    const struct buyer buyer = buyer_of(inference, NULL, index);
    own_rows(&buyer, buyer.row_first, buyer.row_end, sign);
}

bool rebut_judge_buyer(struct rebut_inference *inference, const struct rebut_model *model,
                       uint32_t index, struct rebut_error *err)
{
    struct buyer buyer = buyer_of(inference, model, index);
    return judge_alone(&buyer, err);
}

/* The buyer in a pass: judged, and counted for the next one. */
static bool judge_and_count(struct buyer *buyer, struct rebut_pass *pass,
                            struct rebut_error *err)
{
    if (!judge_alone(buyer, err) || !count_merchants(buyer, err))
        return false;
    if (pass != NULL) {
        count_cells(buyer);
        rebut_count_population(&buyer->posterior, pass);
    }
    buyer->inference->buyers[buyer->index].log_bf = buyer->posterior.log_bf;
    return true;
}

#define AHEAD_ROWS 4
#define AHEAD_ENTITIES 2

bool rebut_judge_all(struct rebut_inference *inference, const struct rebut_model *model,
                     bool counting, struct rebut_pass *pass, struct rebut_error *err)
{
    for (uint32_t i = 0; i < inference->judged_count; i++) {
        struct buyer buyer = buyer_of(inference, model, inference->judged[i]);
        if (i + AHEAD_ROWS < inference->judged_count)
            prefetch_rows(inference, inference->judged[i + AHEAD_ROWS]);
        if (i + AHEAD_ENTITIES < inference->judged_count)
            prefetch_entities(inference, inference->judged[i + AHEAD_ENTITIES]);
        if (counting ? !judge_and_count(&buyer, pass, err) : !judge_alone(&buyer, err))
            return false;
    }
    return true;
}
