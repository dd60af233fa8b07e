/* The lines of the sum from a pack's inputs: as engine/score/terms.c makes them, from
 * the models alone. */
#include <math.h>

#include "rebut/special.h"
#include "recompute_parts.h"

static bool check_inputs(const struct rebut_pack_inputs *inputs, struct rebut_error *err)
{
    if (inputs->levels.count != REBUT_LEVELS || inputs->marks.count != REBUT_MARKS ||
        inputs->factors.count != REBUT_FACTORS)
        return rebut_fail(err, REBUT_EDATA,
                          "'inputs': expected %d levels, %d marks and %d factors, got "
                          "%u, %u and %u",
                          REBUT_LEVELS, REBUT_MARKS, REBUT_FACTORS, inputs->levels.count,
                          inputs->marks.count, inputs->factors.count);
    if (!(inputs->index >= 0 && inputs->index < inputs->record.count))
        return rebut_fail(err, REBUT_EDATA, "'inputs.index': no such request");
    if (!(inputs->reviewer_error > 0 && inputs->reviewer_error < 1))
        return rebut_fail(err, REBUT_EDATA,
                          "'inputs.reviewer_error': expected a number in (0, 1)");
    if (!isfinite(inputs->rounding))
        return rebut_fail(err, REBUT_EDATA, "'inputs.rounding': expected a number");
    for (int m = 0; m < REBUT_MARKS; m++)
        if (!rebut_text_equal(inputs->marks.list[m].name,
                              rebut_text_of(rebut_mark_tables[m].name)) ||
            rebut_pack_bin_named(m, inputs->marks.list[m].bin) < 0)
            return rebut_fail(err, REBUT_EDATA,
                              "'inputs.marks[%d]': expected a bin of the mark '%s'", m,
                              rebut_mark_tables[m].name);
    return true;
}

static void make_rates(const struct rebut_pack_inputs *inputs, struct made *made)
{
    const struct rebut_population *population = &inputs->population;
    made->mu = inputs->base_fault;
    made->nu = inputs->base_temptation;
    for (int f = 0; f < REBUT_FACTORS; f++) {
        made->mu *= inputs->factors.list[f].fault;
        made->nu *= inputs->factors.list[f].temptation;
    }
    for (int k = 0; k < REBUT_LEVELS; k++) {
        const struct rebut_pack_level *level = &inputs->levels.list[k];
        made->v[k] =
            (level->rho + level->counted) / (level->rho / level->psi + level->expected);
    }
    made->average = population->pi * population->alpha / population->beta;
    for (int m = 0; m < REBUT_MARKS; m++)
        made->log_marks += inputs->marks.list[m].weight;
    const double sure = log1p(-inputs->reviewer_error) - log(inputs->reviewer_error);
    made->log_verdict = sure * (double)(inputs->said_abuse - inputs->said_legitimate);
}

/* What the buyer's other requests say, with the ring's prior and without. */
bool rebut_recompute_others(const struct rebut_pack_inputs *inputs, struct made *made,
                            struct rebut_pack *scratch, struct rebut_error *err)
{
    struct rebut_population population = inputs->population;
    struct rebut_claim *claims =
        rebut_pack_alloc(scratch, inputs->record.count * sizeof *claims);
    if (claims == NULL)
        return rebut_fail_memory(err, "a record");
    for (uint32_t i = 0; i < inputs->record.count; i++)
        claims[i] =
            (struct rebut_claim){inputs->record.list[i].p, inputs->record.list[i].q};
    const struct rebut_record record = {inputs->fault_exposure, inputs->abuse_exposure,
                                        claims, (int)inputs->record.count};
    if (!rebut_posterior_others(&population, &record, (int)inputs->index, &made->alone,
                                err))
        return false;
    population.pi = inputs->prior;
    return rebut_posterior_others(&population, &record, (int)inputs->index, &made->others,
                                  err);
}

static void add(struct made *made, enum rebut_term_id id, double raw, double observed,
                double expected, int64_t n)
{
    made->terms[made->count++] = (struct rebut_term){.id = id,
                                                     .log_odds = raw,
                                                     .raw = raw,
                                                     .observed = observed,
                                                     .expected = expected,
                                                     .low = (double)NAN,
                                                     .high = (double)NAN,
                                                     .n = (uint64_t)n};
}

static void set_range(struct made *made, double low, double high)
{
    made->terms[made->count - 1].low = low;
    made->terms[made->count - 1].high = high;
}

static void add_fault(const struct rebut_pack_inputs *inputs, struct made *made)
{
    const struct rebut_pack_level *levels = inputs->levels.list;
    for (int k = REBUT_LEVEL_MERCHANT; k <= REBUT_LEVEL_LISTING; k++) {
        const double rho = levels[k].rho;
        add(made, k == REBUT_LEVEL_MERCHANT ? REBUT_TERM_MERCHANT : REBUT_TERM_ITEM,
            -log(made->v[k]), levels[k].counted, levels[k].expected,
            k == REBUT_LEVEL_MERCHANT ? inputs->merchant_orders : 0);
        set_range(made, rebut_gamma_quantile(.05, rho, rho),
                  rebut_gamma_quantile(.95, rho, rho));
    }
    const struct rebut_pack_level *window = &levels[REBUT_LEVEL_MERCHANT_WINDOW];
    add(made, REBUT_TERM_RECENT,
        -log(made->v[REBUT_LEVEL_MERCHANT_WINDOW] * made->v[REBUT_LEVEL_UNIT]),
        window->counted, window->expected, 0);
}

static void add_buyer(const struct rebut_pack *pack, struct made *made)
{
    const struct rebut_pack_inputs *inputs = &pack->inputs;
    const double kappa = inputs->population.kappa;
    const double low = rebut_gamma_quantile(.05, kappa, kappa);
    const double high = rebut_gamma_quantile(.95, kappa, kappa);
    const double exposure = inputs->fault_exposure;
    add(made, REBUT_TERM_RECORD, log(made->alone.mean_a / made->average),
        (double)inputs->record.count - 1, exposure, pack->buyer.orders);
    set_range(made, exposure * low, exposure * high);
    add(made, REBUT_TERM_READINESS, -log(made->alone.mean_u), made->alone.mean_u, 1,
        pack->buyer.orders);
    set_range(made, low, high);
    if (isnan(inputs->ring_others))
        return;
    add(made, REBUT_TERM_RING,
        log(made->others.mean_a / made->others.mean_u) -
            (log(made->alone.mean_a) - log(made->alone.mean_u)),
        inputs->prior, inputs->population.pi, pack->buyer.ring_others);
}

/* What verdicts have taught, and the calibration. */
static void weigh(const struct rebut_pack_inputs *inputs, struct made *made)
{
    struct rebut_top_layer top = {.intercept = inputs->intercept,
                                  .slope = inputs->slope,
                                  .intercept_variance = inputs->intercept_variance,
                                  .slope_variance = inputs->slope_variance,
                                  .covariance = inputs->covariance};
    double lines = 0;
    memcpy(top.weight, inputs->weight, sizeof top.weight);
    for (int i = 0; i < made->count; i++) {
        struct rebut_term *term = &made->terms[i];
        const int mark = (int)term->id - REBUT_TERM_MARKS;
        if (mark >= 0)
            top.bin[mark][0] = inputs->marks.list[mark].learned;
        term->log_odds = rebut_top_line(&top, term->id, term->raw, 0);
        made->raw += term->raw;
        lines += term->log_odds;
    }
    add(made, REBUT_TERM_CALIBRATION, rebut_top_log_odds(&top, made->raw, lines) - lines,
        (double)inputs->random_verdicts, (double)NAN, inputs->verdicts);
    made->terms[made->count - 1].raw = 0;
}

bool rebut_recompute_make(const struct rebut_pack *pack, struct made *ret,
                          struct rebut_error *err)
{
    const struct rebut_pack_inputs *inputs = &pack->inputs;
    struct rebut_pack scratch = {0};
    *ret = (struct made){0};
    if (!check_inputs(inputs, err))
        return false;
    make_rates(inputs, ret);
    struct rebut_error cause = {0};
    const bool ok = rebut_recompute_others(inputs, ret, &scratch, &cause);
    rebut_pack_release(&scratch);
    if (!ok)
        return rebut_fail(err, cause.code == REBUT_ENOMEM ? REBUT_ENOMEM : REBUT_EDATA,
                          "'inputs': %s", cause.message);
    add(ret, REBUT_TERM_CIRCUMSTANCES, log(ret->nu * ret->average / ret->mu), ret->mu,
        inputs->mean_fault_rate, inputs->orders);
    add_fault(inputs, ret);
    add_buyer(pack, ret);
    for (int m = 0; m < REBUT_MARKS; m++)
        add(ret, (enum rebut_term_id)(REBUT_TERM_MARKS + m), inputs->marks.list[m].weight,
            1, (double)inputs->marks.list[m].share / (double)inputs->requests,
            inputs->requests);
    weigh(inputs, ret);
    if (ret->log_verdict != 0)
        add(ret, REBUT_TERM_VERDICT, ret->log_verdict, (double)inputs->said_abuse,
            (double)NAN, inputs->said_abuse + inputs->said_legitimate);
    for (int i = 0; i < ret->count; i++)
        ret->log_odds += ret->terms[i].log_odds;
    ret->log_odds += inputs->rounding;
    return true;
}
