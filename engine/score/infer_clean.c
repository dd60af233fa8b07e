/* The buyers without requests, most of them: nothing to judge, and a closed form.  The
 * fault that they are exposed to has their own orders in it. */
#include "infer_parts.h"

#define AHEAD 24

static inline void prefetch_row(const struct rebut_inference *inference, uint32_t row)
{
    if (row + AHEAD >= inference->frame->rows_count)
        return;
    const struct rebut_row *r = &inference->frame->rows[row + AHEAD];
    if (r->judged)
        return;
    __builtin_prefetch(&inference->hot_cells[r->cell], 1);
    __builtin_prefetch(&inference->hot_units[r->unit], 1);
}

/* One such buyer. */
struct clean_buyer {
    const struct rebut_clean *clean;
    uint32_t first, end; /* rows */
    double pi;
    rebut_fixed fault, abuse; /* exposures */
};

static void add_exposures(const struct rebut_inference *inference,
                          struct clean_buyer *buyer)
{
    for (uint32_t row = buyer->first; row < buyer->end; row++) {
        const struct rebut_row *r = &inference->frame->rows[row];
        prefetch_row(inference, row);
        const struct rebut_hot_cell *cell = &inference->hot_cells[r->cell];
        buyer->fault += rebut_to_fixed(cell->mu * inference->hot_units[r->unit].v);
        buyer->abuse += rebut_to_fixed(cell->nu);
    }
}

/* What the buyer says about its merchants: trust and readiness by its record elsewhere.
 */
static void count_merchants(struct rebut_inference *inference, double trust_orders,
                            const struct clean_buyer *buyer)
{
    const struct rebut_frame *frame = inference->frame;
    const double orders = (double)buyer->end - buyer->first;
    for (uint32_t first = buyer->first, end = 0; first < buyer->end; first = end) {
        rebut_fixed fault = buyer->fault, abuse = buyer->abuse;
        end = rebut_part_end(frame, first, buyer->end);
        for (uint32_t row = first; row < end; row++) {
            const struct rebut_row *r = &frame->rows[row];
            const struct rebut_hot_cell *cell = &inference->hot_cells[r->cell];
            fault -= rebut_to_fixed(cell->mu * inference->hot_units[r->unit].v);
            abuse -= rebut_to_fixed(cell->nu);
        }
        const double elsewhere = orders - (double)(end - first);
        double trust = 0;
        if (elsewhere > 0)
            trust = elsewhere / (elsewhere + trust_orders) *
                    (1 - rebut_clean_abuser(buyer->clean, buyer->pi,
                                            rebut_from_fixed(abuse))) *
                    rebut_clean_readiness(buyer->clean, rebut_from_fixed(fault));
        for (uint32_t row = first; row < end; row++) {
            struct rebut_row *r = &frame->rows[row];
            r->expected = (float)(inference->hot_cells[r->cell].mu * trust);
            inference->hot_units[r->unit].expected += rebut_to_fixed((double)r->expected);
        }
    }
}

/* What the buyer says about circumstances. */
static void count_cells(struct rebut_inference *inference,
                        const struct clean_buyer *buyer, double readiness, double mean_a)
{
    const rebut_fixed abuse = rebut_to_fixed(mean_a);
    for (uint32_t row = buyer->first; row < buyer->end; row++) {
        const struct rebut_row *r = &inference->frame->rows[row];
        struct rebut_hot_cell *cell = &inference->hot_cells[r->cell];
        cell->fault_base += rebut_to_fixed(readiness * inference->hot_units[r->unit].v);
        cell->abuse_base += abuse;
    }
}

void rebut_clear_all(struct rebut_inference *inference, const struct rebut_model *model,
                     struct rebut_pass *pass)
{
    const struct rebut_frame *frame = inference->frame;
    const struct rebut_clean clean = rebut_clean_of(&model->population);
    for (uint32_t b = 0; b < frame->buyers; b++) {
        if (frame->buyer_claims[b] < frame->buyer_claims[b + 1])
            continue;
        uint32_t group = 0;
        struct rebut_posterior posterior;
        struct clean_buyer buyer = {.clean = &clean,
                                    .first = frame->buyer_rows[b],
                                    .end = frame->buyer_rows[b + 1],
                                    .pi = rebut_ring_prior(inference, model, b, &group)};
        add_exposures(inference, &buyer);
        const double fault = rebut_from_fixed(buyer.fault);
        const double abuse = rebut_from_fixed(buyer.abuse);
        rebut_clean_posterior(&clean, buyer.pi, fault, abuse, &posterior);
        count_merchants(inference, model->trust_orders, &buyer);
        if (pass != NULL) {
            count_cells(inference, &buyer,
                        model->base[REBUT_RATE_FAULT] * posterior.mean_u,
                        posterior.mean_a);
            rebut_count_population(&posterior, pass);
        }
        inference->buyers[b] =
            rebut_buyer_result_of(&posterior, buyer.pi, group, fault, abuse);
    }
}
