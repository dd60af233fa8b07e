#include "rebut/forecast.h"

#include <math.h>
#include <stdlib.h>

#include "factors.h"
#include "forecaster.h"
#include "rebut/special.h"

/* Pseudo-orders of the shrunken refund rates that forecasts are compared with. */
#define SHRINK 10.0

static bool by_listing(struct rebut_forecaster *forecaster, struct rebut_error *err)
{
    const struct rebut_frame *frame = forecaster->inference->frame;
    for (uint32_t i = 0; i < frame->rows_count; i++) {
        const struct rebut_row *row = &frame->rows[i];
        const struct rebut_order *order = &frame->state->orders.data[row->order];
        const uint64_t fortnight = (uint64_t)(order->at / REBUT_WINDOW);
        uint32_t number = 0;
        if (!rebut_map_put(&forecaster->listings,
                           (uint64_t)order->merchant << 32 | order->sku, &number, err))
            return false;
        forecaster->listing_of[number] = frame->unit_listing[row->unit];
        if (fortnight != (uint64_t)(frame->as_of / REBUT_WINDOW))
            continue;
        forecaster->current_unit[frame->unit_listing[row->unit]] = row->unit;
        forecaster->current_window[order->merchant] = frame->unit_window[row->unit];
    }
    return true;
}

static void count_rates(struct rebut_forecaster *forecaster)
{
    const struct rebut_frame *frame = forecaster->inference->frame;
    uint32_t requested = 0;
    for (uint32_t i = 0; i < frame->claims_count; i++) {
        if (frame->claims[i].first != i)
            continue;
        const struct rebut_row *row = &frame->rows[frame->claims[i].row];
        forecaster->sku_requests[frame->state->orders.data[row->order].sku]++;
        requested++;
    }
    for (uint32_t i = 0; i < frame->rows_count; i++)
        forecaster->sku_orders[frame->state->orders.data[frame->rows[i].order].sku]++;
    forecaster->mean_rate = (double)requested / frame->rows_count;
}

/* The mean multiplier of a factor over orders old enough to have shown everything. */
static double mature_mean(const struct rebut_forecaster *forecaster, int factor)
{
    const struct rebut_frame *frame = forecaster->inference->frame;
    const double *multiplier =
        forecaster->model->factors[factor].multiplier[REBUT_RATE_FAULT];
    rebut_total sum = 0;
    uint64_t rows = 0;
    for (uint32_t cell = 0; cell < frame->cells_count; cell++) {
        if (frame->cells[cell].level[REBUT_FACTOR_AGE] != forecaster->mature)
            continue;
        sum += rebut_to_fixed(multiplier[frame->cells[cell].level[factor]]) *
               frame->cells[cell].rows;
        rows += frame->cells[cell].rows;
    }
    return rows == 0 ? 1 : rebut_from_total(sum) / (double)rows;
}

bool rebut_forecaster_new(struct rebut_forecaster **ret,
                          const struct rebut_inference *inference,
                          const struct rebut_model *model, struct rebut_error *err)
{
    const struct rebut_frame *frame = inference->frame;
    struct rebut_forecaster *forecaster = calloc(1, sizeof *forecaster);
    if (forecaster == NULL)
        return rebut_fail_memory(err, "the forecast");
    forecaster->inference = inference;
    forecaster->model = model;
    forecaster->listing_of = malloc((frame->listings + (size_t)1) * sizeof(uint32_t));
    forecaster->current_unit = malloc((frame->listings + (size_t)1) * sizeof(uint32_t));
    forecaster->current_window =
        malloc((frame->merchants + (size_t)1) * sizeof(uint32_t));
    const size_t skus = frame->state->sku_ids.count + (size_t)1;
    forecaster->sku_orders = calloc(skus, sizeof(uint32_t));
    forecaster->sku_requests = calloc(skus, sizeof(uint32_t));
    if (forecaster->listing_of == NULL || forecaster->current_unit == NULL ||
        forecaster->current_window == NULL || forecaster->sku_orders == NULL ||
        forecaster->sku_requests == NULL) {
        rebut_forecaster_free(forecaster);
        return rebut_fail_memory(err, "the forecast");
    }
    memset(forecaster->current_unit, 0xff, frame->listings * sizeof(uint32_t));
    memset(forecaster->current_window, 0xff, frame->merchants * sizeof(uint32_t));
    if (!by_listing(forecaster, err)) {
        rebut_forecaster_free(forecaster);
        return false;
    }
    count_rates(forecaster);
    forecaster->mature =
        (uint16_t)rebut_model_level(model, REBUT_FACTOR_AGE, REBUT_TEXT("over_14d"));
    static const int unknown[] = {REBUT_FACTOR_SHIPPED, REBUT_FACTOR_TRANSIT,
                                  REBUT_FACTOR_DROP};
    forecaster->logistics = 1;
    for (size_t i = 0; i < sizeof unknown / sizeof unknown[0]; i++)
        forecaster->logistics *= mature_mean(forecaster, unknown[i]);
    *ret = forecaster;
    return true;
}

void rebut_forecaster_free(struct rebut_forecaster *forecaster)
{
    if (forecaster == NULL)
        return;
    rebut_map_release(&forecaster->listings);
    rebut_lens_close(&forecaster->lens);
    free(forecaster->listing_of);
    free(forecaster->current_unit);
    free(forecaster->current_window);
    free(forecaster->sku_orders);
    free(forecaster->sku_requests);
    free(forecaster);
}

bool rebut_forecaster_look_at(struct rebut_forecaster *forecaster,
                              const struct rebut_state *later, struct rebut_error *err)
{
    rebut_lens_close(&forecaster->lens);
    forecaster->later = later;
    return rebut_lens_open(&forecaster->lens, later, forecaster->model,
                           forecaster->inference->frame->as_of, err);
}

/* The index of a later state's id in the records, or REBUT_NONE. */
static uint32_t known(const struct rebut_intern *records,
                      const struct rebut_intern *later, uint32_t index)
{
    const struct rebut_text id = rebut_intern_text(later, index);
    return rebut_intern_find(records, id, rebut_intern_hash(records, id));
}

/* Fault and temptation of the order's circumstances, as far as they are known before
 * it is shipped. */
static void circumstances(const struct rebut_forecaster *forecaster,
                          const struct rebut_order *order, double *ret_mu, double *ret_nu)
{
    const struct rebut_factor_table *factors = forecaster->model->factors;
    uint16_t level[REBUT_FACTORS];
    rebut_lens_levels(&forecaster->lens, order, level);
    level[REBUT_FACTOR_AGE] = forecaster->mature;
    *ret_mu = forecaster->model->base[REBUT_RATE_FAULT] * forecaster->logistics;
    *ret_nu = forecaster->model->base[REBUT_RATE_TEMPTATION];
    for (int f = 0; f < REBUT_FACTORS; f++) {
        const bool later = f == REBUT_FACTOR_SHIPPED || f == REBUT_FACTOR_TRANSIT ||
                           f == REBUT_FACTOR_DROP || f == REBUT_FACTOR_CARRIER;
        if (!later && factors[f].multiplier[REBUT_RATE_FAULT] != NULL)
            *ret_mu *= factors[f].multiplier[REBUT_RATE_FAULT][level[f]];
        if (factors[f].multiplier[REBUT_RATE_TEMPTATION] != NULL)
            *ret_nu *= factors[f].multiplier[REBUT_RATE_TEMPTATION][level[f]];
    }
}

/* The fault of the merchant and item now, and the shape of what is known of it. */
static double fault_now(const struct rebut_forecaster *forecaster, uint32_t merchant,
                        uint32_t sku, double *ret_shape)
{
    struct rebut_entity *const *fault = forecaster->inference->fault;
    const double *rho = forecaster->model->rho;
    *ret_shape = rho[REBUT_LEVEL_MERCHANT];
    if (merchant == REBUT_NONE)
        return 1;
    const struct rebut_entity *shop = &fault[REBUT_LEVEL_MERCHANT][merchant];
    double v = shop->ratio;
    *ret_shape += shop->counted;
    const uint32_t window = forecaster->current_window[merchant];
    if (window != REBUT_NONE)
        v *= fault[REBUT_LEVEL_MERCHANT_WINDOW][window].ratio;
    if (sku == REBUT_NONE)
        return v;
    const uint32_t number =
        rebut_map_find(&forecaster->listings, (uint64_t)merchant << 32 | sku);
    if (number == REBUT_MAP_NONE)
        return v;
    const uint32_t listing = forecaster->listing_of[number];
    v *= fault[REBUT_LEVEL_LISTING][listing].ratio;
    const uint32_t unit = forecaster->current_unit[listing];
    return unit == REBUT_NONE ? v : v * fault[REBUT_LEVEL_UNIT][unit].ratio;
}

/* 5 % and 95 % of an abuse rate: zero with probability 1 - abuser, else Gamma. */
static double abuse_quantile(double p, double abuser, double mean_a, double shape)
{
    const double above_spike = (p - (1 - abuser)) / abuser;
    if (!(above_spike > 0))
        return 0;
    return rebut_gamma_quantile(above_spike, shape, shape * abuser / mean_a);
}

static void abuse_outlook(const struct rebut_forecaster *forecaster, uint32_t buyer,
                          double nu, bool intervals, struct rebut_outlook *outlook)
{
    const struct rebut_population *population = &forecaster->model->population;
    const struct rebut_inference *inference = forecaster->inference;
    double abuser = population->pi, shape = population->alpha;
    double mean_a = population->pi * population->alpha / population->beta;
    if (buyer != REBUT_NONE) {
        const struct rebut_frame *frame = inference->frame;
        abuser = (double)inference->buyers[buyer].abuser;
        mean_a = (double)inference->buyers[buyer].mean_a;
        for (uint32_t i = frame->buyer_claims[buyer]; i < frame->buyer_claims[buyer + 1];
             i++)
            if (frame->claims[i].first == i)
                shape += inference->claims[i].probability;
    }
    outlook->abuse = nu * mean_a;
    if (!intervals)
        return;
    outlook->abuse_low = nu * abuse_quantile(.05, abuser, mean_a, shape);
    outlook->abuse_high = nu * abuse_quantile(.95, abuser, mean_a, shape);
}

static void compare_rates(const struct rebut_forecaster *forecaster, uint32_t buyer,
                          uint32_t sku, struct rebut_outlook *outlook)
{
    const struct rebut_frame *frame = forecaster->inference->frame;
    const double mean = forecaster->mean_rate;
    outlook->by_buyer = outlook->by_item = mean;
    if (buyer != REBUT_NONE) {
        double requests = 0;
        for (uint32_t i = frame->buyer_claims[buyer]; i < frame->buyer_claims[buyer + 1];
             i++)
            requests += frame->claims[i].first == i;
        outlook->by_buyer =
            (requests + SHRINK * mean) /
            (frame->buyer_rows[buyer + 1] - frame->buyer_rows[buyer] + SHRINK);
    }
    if (sku != REBUT_NONE)
        outlook->by_item = (forecaster->sku_requests[sku] + SHRINK * mean) /
                           (forecaster->sku_orders[sku] + SHRINK);
}

struct rebut_outlook rebut_forecast(const struct rebut_forecaster *forecaster,
                                    uint32_t index, bool intervals)
{
    const struct rebut_state *later = forecaster->later;
    const struct rebut_state *records = forecaster->inference->frame->state;
    const struct rebut_order *order = &later->orders.data[index];
    const uint32_t buyer = known(&records->buyer_ids, &later->buyer_ids, order->buyer);
    const uint32_t merchant =
        known(&records->merchant_ids, &later->merchant_ids, order->merchant);
    const uint32_t sku = known(&records->sku_ids, &later->sku_ids, order->sku);
    struct rebut_outlook outlook = {0};
    double mu = 0, nu = 0, shape_v = 0, readiness = 1;
    double shape_u = forecaster->model->population.kappa;
    circumstances(forecaster, order, &mu, &nu);
    const double v = fault_now(forecaster, merchant, sku, &shape_v);
    if (buyer != REBUT_NONE) {
        readiness = (double)forecaster->inference->buyers[buyer].mean_u;
        const struct rebut_frame *frame = forecaster->inference->frame;
        for (uint32_t i = frame->buyer_claims[buyer]; i < frame->buyer_claims[buyer + 1];
             i++)
            if (frame->claims[i].first == i)
                shape_u += 1 - forecaster->inference->claims[i].probability;
    }
    outlook.fault = mu * v * readiness;
    if (intervals) {
        /* The product of two Gammas, by its mean and its coefficient of variation. */
        const double shape = 1 / (1 / shape_v + 1 / shape_u + 1 / (shape_v * shape_u));
        outlook.fault_low = outlook.fault * rebut_gamma_quantile(.05, shape, shape);
        outlook.fault_high = outlook.fault * rebut_gamma_quantile(.95, shape, shape);
    }
    abuse_outlook(forecaster, buyer, nu, intervals, &outlook);
    outlook.probability = -expm1(-(outlook.fault + outlook.abuse));
    compare_rates(forecaster, buyer, sku, &outlook);
    return outlook;
}
