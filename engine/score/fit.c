#include "rebut/fit.h"

#include <math.h>
#include <stdlib.h>

#include "mark_balance.h"
#include "rebut/rake.h"
#include "rebut/special.h"

/* Pseudo-counts of the raking. */
#define FAULT_PSEUDO 10
#define TEMPTATION_PSEUDO 20

struct fitter {
    struct rebut_model *model;
    struct rebut_inference *inference;
    const struct rebut_frame *frame;
    struct rebut_factor factors[REBUT_FACTORS];
    int factor_count;
    uint16_t *levels;             /* [REBUT_FACTORS][cells] */
    double *product;              /* [cells] */
    double *unit_rate;            /* [units]: of returns */
    rebut_fixed *observed, *base; /* [cells] */
    struct rebut_rake_sum *sums;  /* [largest number of levels] */
};

static void close_fitter(struct fitter *fitter)
{
    free(fitter->levels);
    free(fitter->product);
    free(fitter->unit_rate);
    free(fitter->observed);
    free(fitter->base);
    free(fitter->sums);
}

static bool open_fitter(struct fitter *fitter, struct rebut_model *model,
                        struct rebut_inference *inference, struct rebut_error *err)
{
    const struct rebut_frame *frame = inference->frame;
    const size_t cells = frame->cells_count;
    size_t most = 1;
    for (int f = 0; f < REBUT_FACTORS; f++)
        most = model->factors[f].levels > most ? model->factors[f].levels : most;
    *fitter = (struct fitter){.model = model, .inference = inference, .frame = frame};
    fitter->levels = malloc(REBUT_FACTORS * cells * sizeof *fitter->levels);
    fitter->product = malloc(cells * sizeof *fitter->product);
    fitter->unit_rate = malloc(frame->units * sizeof *fitter->unit_rate);
    fitter->observed = malloc(cells * sizeof *fitter->observed);
    fitter->base = malloc(cells * sizeof *fitter->base);
    fitter->sums = malloc(most * sizeof *fitter->sums);
    if (fitter->levels == NULL || fitter->product == NULL || fitter->unit_rate == NULL ||
        fitter->observed == NULL || fitter->base == NULL || fitter->sums == NULL) {
        close_fitter(fitter);
        return rebut_fail_memory(err, "the fit");
    }
    for (int f = 0; f < REBUT_FACTORS; f++)
        for (size_t cell = 0; cell < cells; cell++)
            fitter->levels[(size_t)f * cells + cell] = frame->cells[cell].level[f];
    return true;
}

/* Rake the factors of one rate to observed / base; *ret_base is set so that the total
 * expected equals the total observed. */
static void rake_rate(struct fitter *fitter, enum rebut_rate_id rate, double pseudo,
                      int rounds)
{
    struct rebut_model *model = fitter->model;
    const uint32_t cells = fitter->frame->cells_count;
    int count = 0;
    for (int f = 0; f < REBUT_FACTORS; f++)
        if (model->factors[f].multiplier[rate] != NULL)
            fitter->factors[count++] =
                (struct rebut_factor){.levels = model->factors[f].levels,
                                      .level = fitter->levels + (size_t)f * cells,
                                      .multiplier = model->factors[f].multiplier[rate]};
    const struct rebut_raking raking = {.cells = cells,
                                        .observed = fitter->observed,
                                        .base = fitter->base,
                                        .pseudo_counts = pseudo};
    rebut_rake(&raking, fitter->factors, count, rounds, fitter->product, fitter->sums);
}

static double total(const rebut_fixed *values, uint32_t count)
{
    rebut_total sum = 0;
    for (uint32_t i = 0; i < count; i++)
        sum += values[i];
    return rebut_from_total(sum);
}

static double total_product(const struct fitter *fitter, const rebut_fixed *base)
{
    rebut_total sum = 0;
    for (uint32_t cell = 0; cell < fitter->frame->cells_count; cell++)
        sum += rebut_to_fixed(rebut_from_fixed(base[cell]) * fitter->product[cell]);
    return rebut_from_total(sum);
}

/* Expected returns of every cell at the ratios found, without its circumstances. */
static void expect_returns(struct fitter *fitter)
{
    const struct rebut_inference *inference = fitter->inference;
    const struct rebut_frame *frame = fitter->frame;
    double *rate = fitter->unit_rate;
    for (uint32_t unit = 0; unit < frame->units; unit++)
        rate[unit] = fitter->model->base[REBUT_RATE_RETURNS] * inference->unit_v[unit];
    memset(fitter->base, 0, frame->cells_count * sizeof *fitter->base);
    for (uint32_t i = 0; i < frame->rows_count; i++) {
        if (i + 16 < frame->rows_count) {
            __builtin_prefetch(&rate[frame->rows[i + 16].unit]);
            __builtin_prefetch(&fitter->base[frame->rows[i + 16].cell], 1);
        }
        fitter->base[frame->rows[i].cell] += rebut_to_fixed(rate[frame->rows[i].unit]);
    }
}

#define RETURNS_ROUNDS 2

/* Returns with goods: circumstances and merchants in turn. */
static void fit_returns(struct fitter *fitter)
{
    struct rebut_inference *inference = fitter->inference;
    struct rebut_model *model = fitter->model;
    const struct rebut_frame *frame = fitter->frame;
    double returns = 0;
    for (uint32_t cell = 0; cell < frame->cells_count; cell++)
        returns += frame->cells[cell].returns;
    model->base[REBUT_RATE_RETURNS] = fmax(returns, .5) / frame->rows_count;
    for (int round = 0; round < RETURNS_ROUNDS; round++) {
        rebut_infer_returns(inference, model);
        rebut_hierarchy_learn(&frame->hierarchy, inference->unit_counted,
                              inference->unit_expected, model->rho_returns,
                              inference->returns, inference->unit_v, inference->sums);
        expect_returns(fitter);
        for (uint32_t cell = 0; cell < frame->cells_count; cell++)
            fitter->observed[cell] = rebut_to_fixed(frame->cells[cell].returns);
        rake_rate(fitter, REBUT_RATE_RETURNS, FAULT_PSEUDO, 2);
    }
}

static void fit_fault_rates(struct fitter *fitter)
{
    const struct rebut_inference *inference = fitter->inference;
    struct rebut_model *model = fitter->model;
    const uint32_t cells = fitter->frame->cells_count;
    memcpy(fitter->observed, inference->cell_fault, cells * sizeof *fitter->observed);
    memcpy(fitter->base, inference->cell_fault_base, cells * sizeof *fitter->base);
    rake_rate(fitter, REBUT_RATE_FAULT, FAULT_PSEUDO, 1);
    model->base[REBUT_RATE_FAULT] *= fmax(total(fitter->observed, cells), .5) /
                                     total_product(fitter, inference->cell_fault_base);
}

static void fit_temptation(struct fitter *fitter)
{
    const struct rebut_inference *inference = fitter->inference;
    const uint32_t cells = fitter->frame->cells_count;
    memcpy(fitter->observed, inference->cell_abuse, cells * sizeof *fitter->observed);
    memcpy(fitter->base, inference->cell_abuse_base, cells * sizeof *fitter->base);
    rake_rate(fitter, REBUT_RATE_TEMPTATION, TEMPTATION_PSEUDO, 1);
    rebut_total sum = 0;
    for (uint32_t cell = 0; cell < cells; cell++)
        sum += rebut_to_fixed(fitter->product[cell]) * fitter->frame->cells[cell].rows;
    fitter->model->base[REBUT_RATE_TEMPTATION] =
        fitter->frame->rows_count / rebut_from_total(sum);
}

static double clamp(double x, double low, double high)
{
    return x < low ? low : x > high ? high : x;
}

/* Gamma maximum likelihood from the expected sufficient statistics. */
static void fit_population(struct fitter *fitter, const struct rebut_pass *pass)
{
    struct rebut_population *population = &fitter->model->population;
    const double buyers = fitter->frame->buyers;
    const double abusers = rebut_from_total(pass->abuser);
    population->pi = clamp(abusers / buyers, 1e-4, .5);
    const double mean_a = rebut_from_total(pass->mean_a) / abusers;
    const double mean_log_a = rebut_from_total(pass->mean_log_a) / abusers;
    population->alpha = clamp(rebut_gamma_shape(mean_a, mean_log_a), .5, 20);
    population->beta = clamp(population->alpha / mean_a, 1e-2, 1e5);
    const double ordinary = rebut_from_total(pass->ordinary);
    const double mean_u = rebut_from_total(pass->mean_u) / ordinary;
    const double mean_log_u = rebut_from_total(pass->mean_log_u) / ordinary;
    population->kappa = clamp(rebut_gamma_shape(mean_u, mean_log_u), .3, 50);
}

/* The product of each unit's ratios of returns, which the passes leave alone. */
static void keep_returns(struct fitter *fitter)
{
    const struct rebut_inference *inference = fitter->inference;
    for (uint32_t unit = 0; unit < fitter->frame->units; unit++) {
        fitter->unit_rate[unit] = 1;
        for (int k = 0; k < REBUT_LEVELS; k++)
            fitter->unit_rate[unit] *=
                inference->returns[k][inference->members[unit].at[k]].ratio;
    }
}

/* The scale that makes the mean prior of fault, weighed by trusted exposure, 1. */
static void fit_service_scale(struct fitter *fitter)
{
    const struct rebut_inference *inference = fitter->inference;
    const struct rebut_hierarchy *hierarchy = &fitter->frame->hierarchy;
    rebut_total expected = 0, prior = 0;
    for (uint32_t unit = 0; unit < hierarchy->units; unit++) {
        const double psi =
            rebut_from_fixed(inference->unit_expected[unit]) * fitter->unit_rate[unit];
        expected += inference->unit_expected[unit];
        prior += rebut_to_fixed(psi);
    }
    fitter->model->service_scale =
        expected > 0 && prior > 0 ? rebut_from_total(expected) / rebut_from_total(prior)
                                  : 1;
}

static void fit_fault(struct fitter *fitter)
{
    struct rebut_inference *inference = fitter->inference;
    struct rebut_model *model = fitter->model;
    const struct rebut_hierarchy *hierarchy = &fitter->frame->hierarchy;
    fit_service_scale(fitter);
    rebut_infer_priors(inference, model);
    rebut_hierarchy_learn(hierarchy, inference->unit_counted, inference->unit_expected,
                          model->rho, inference->fault, inference->unit_v,
                          inference->sums);
    memcpy(inference->rho, model->rho, sizeof inference->rho);
}

static void count_facts(struct fitter *fitter)
{
    struct rebut_model *model = fitter->model;
    const struct rebut_frame *frame = fitter->frame;
    model->as_of = frame->as_of;
    model->orders = frame->rows_count;
    model->requests = frame->claims_count;
    model->buyers = frame->buyers;
    model->merchants = frame->merchants;
    model->verdicts = 0;
    for (uint32_t i = 0; i < frame->claims_count; i++)
        model->verdicts += rebut_is_judged(&frame->claims[i]);
}

bool rebut_fit(struct rebut_model *model, struct rebut_inference *inference,
               struct rebut_error *err)
{
    struct fitter fitter;
    if (!open_fitter(&fitter, model, inference, err))
        return false;
    bool ok = false;
    count_facts(&fitter);
    rebut_balance_marks(inference->frame, model);
    fit_returns(&fitter);
    model->base[REBUT_RATE_FAULT] =
        fmax(.75 * fitter.frame->claims_count, .5) / fitter.frame->rows_count;
    model->base[REBUT_RATE_TEMPTATION] = 1;
    if (!rebut_infer_start(inference, model, err))
        goto done;
    keep_returns(&fitter);
    for (int step = 0; step < REBUT_FIT_PASSES; step++) {
        struct rebut_pass pass;
        if (!rebut_infer_pass(inference, model, &pass, err))
            goto done;
        fit_fault(&fitter);
        fit_population(&fitter, &pass);
        fit_fault_rates(&fitter);
        fit_temptation(&fitter);
        rebut_infer_rates(inference, model);
    }
    ok = true;
done:
    close_fitter(&fitter);
    return ok;
}
