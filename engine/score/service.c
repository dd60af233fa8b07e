#include "service.h"

#include <math.h>

#define FACTS (REBUT_LEVELS + 1) /* returns by level, late */
#define COEFFICIENTS (FACTS + 1) /* and an intercept */
#define RIDGE 1.0

struct system {
    double gradient[COEFFICIENTS];
    double hessian[COEFFICIENTS][COEFFICIENTS];
};

static void facts_of(const struct rebut_inference *inference, const double *log_late,
                     uint32_t unit, double *x)
{
    const struct rebut_hierarchy *hierarchy = &inference->frame->hierarchy;
    x[0] = 1;
    for (int k = 0; k < REBUT_LEVELS; k++)
        x[1 + k] =
            log(inference->returns[k][rebut_hierarchy_member(hierarchy, k, unit)].ratio);
    x[FACTS] = log_late[inference->frame->unit_merchant[unit]];
}

/* Gradient and Hessian of the Poisson likelihood at `theta`. */
static void evaluate(const struct rebut_inference *inference, const double *log_late,
                     const double *theta, struct system *ret)
{
    rebut_total gradient[COEFFICIENTS] = {0};
    rebut_total hessian[COEFFICIENTS][COEFFICIENTS] = {{0}};
    for (uint32_t unit = 0; unit < inference->frame->units; unit++) {
        const double expected = rebut_from_fixed(inference->unit_expected[unit]);
        if (!(expected > 0))
            continue;
        double x[COEFFICIENTS], eta = 0;
        facts_of(inference, log_late, unit, x);
        for (int i = 0; i < COEFFICIENTS; i++)
            eta += theta[i] * x[i];
        const double rate = expected * exp(fmin(eta, 20));
        const double excess = rebut_from_fixed(inference->unit_counted[unit]) - rate;
        for (int i = 0; i < COEFFICIENTS; i++) {
            gradient[i] += rebut_to_fixed(excess * x[i]);
            for (int j = 0; j <= i; j++)
                hessian[i][j] += rebut_to_fixed(rate * x[i] * x[j]);
        }
    }
    for (int i = 0; i < COEFFICIENTS; i++) {
        ret->gradient[i] = rebut_from_total(gradient[i]) - (i > 0 ? RIDGE * theta[i] : 0);
        for (int j = 0; j <= i; j++)
            ret->hessian[i][j] = ret->hessian[j][i] = rebut_from_total(hessian[i][j]);
        ret->hessian[i][i] += i > 0 ? RIDGE : 1e-6;
    }
}

/* Solve hessian * step = gradient in place (Cholesky; the ridge keeps it positive). */
static void solve(struct system *system)
{
    double(*h)[COEFFICIENTS] = system->hessian;
    double *g = system->gradient;
    for (int i = 0; i < COEFFICIENTS; i++) {
        for (int j = 0; j <= i; j++) {
            double sum = h[i][j];
            for (int k = 0; k < j; k++)
                sum -= h[i][k] * h[j][k];
            h[i][j] = i == j ? sqrt(fmax(sum, 1e-12)) : sum / h[j][j];
        }
        for (int k = 0; k < i; k++)
            g[i] -= h[i][k] * g[k];
        g[i] /= h[i][i];
    }
    for (int i = COEFFICIENTS - 1; i >= 0; i--) {
        for (int k = i + 1; k < COEFFICIENTS; k++)
            g[i] -= h[k][i] * g[k];
        g[i] /= h[i][i];
    }
}

/* The scale that makes the mean prior, weighed by trusted exposure, 1. */
static double scale_of(const struct rebut_inference *inference, const double *log_late,
                       const double *theta)
{
    rebut_total expected_sum = 0, prior_sum = 0;
    for (uint32_t unit = 0; unit < inference->frame->units; unit++) {
        double x[COEFFICIENTS], eta = 0;
        facts_of(inference, log_late, unit, x);
        for (int i = 1; i < COEFFICIENTS; i++)
            eta += theta[i] * x[i];
        expected_sum += inference->unit_expected[unit];
        prior_sum += rebut_to_fixed(rebut_from_fixed(inference->unit_expected[unit]) *
                                    exp(fmin(eta, 20)));
    }
    return prior_sum > 0 ? rebut_from_total(expected_sum) / rebut_from_total(prior_sum)
                         : 1;
}

void rebut_service_fit(const struct rebut_inference *inference, struct rebut_model *model)
{
    const struct rebut_frame *frame = inference->frame;
    double theta[COEFFICIENTS] = {log(model->service_scale)};
    double *log_late = inference->late;
    for (uint32_t m = 0; m < frame->merchants; m++)
        log_late[m] = rebut_infer_log_late(frame, m);
    for (int k = 0; k < REBUT_LEVELS; k++)
        theta[1 + k] = model->service.returns[k];
    theta[FACTS] = model->service.late;
    for (int step = 0; step < 2; step++) {
        struct system system;
        evaluate(inference, log_late, theta, &system);
        solve(&system);
        for (int i = 0; i < COEFFICIENTS; i++)
            theta[i] += fmax(-1, fmin(1, system.gradient[i]));
    }
    for (int i = 1; i < COEFFICIENTS; i++)
        theta[i] = fmax(0, fmin(2, theta[i]));
    for (int k = 0; k < REBUT_LEVELS; k++)
        model->service.returns[k] = theta[1 + k];
    model->service.late = theta[FACTS];
    model->service_scale = scale_of(inference, log_late, theta);
}
