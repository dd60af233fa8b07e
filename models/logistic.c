#include "rebut/logistic.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#define STEPS 200
#define HALVINGS 40
#define X_MAX 30.0
#define OFFSET_MAX 1000.0
#define GRADIENT_ENOUGH 1e-7
#define STEP_ENOUGH 1e-8
/* Steps so small are taken without asking the objective, which has not the digits. */
#define STEP_SMALL 1e-4
/* Sums over rows are kept in units of 2^-30: 2^24 rows of 30 * 30 / 4 fit. */
#define UNIT 1073741824.0

double rebut_logistic(double x)
{
    return 1 / (1 + exp(-x));
}

double rebut_logistic_eta(const struct rebut_logistic *problem, const double *beta,
                          size_t row)
{
    const double *x = problem->x + row * (size_t)problem->columns;
    double eta = problem->offset[row];
    for (int k = 0; k < problem->columns; k++)
        eta += x[k] * beta[k];
    return eta;
}

/* One fit under way: the arrays of the scratch. */
struct fit {
    const struct rebut_logistic *problem;
    int n;
    double *residual;  /* [rows]: y - p */
    double *curvature; /* [rows]: p (1 - p) */
    double *matrix;    /* [n][n], the lower triangle */
    int64_t *sums;     /* [n][n] */
    double *gradient, *step, *trial;
    int64_t *gradient_sums;
    uint8_t fixed[REBUT_LOGISTIC_COLUMNS_MAX]; /* held at its bound in this step */
};

static void open_fit(struct fit *fit, const struct rebut_logistic *problem, void *work)
{
    const size_t n = (size_t)problem->columns;
    fit->problem = problem;
    fit->n = problem->columns;
    fit->residual = work;
    fit->curvature = fit->residual + problem->rows;
    fit->matrix = fit->curvature + problem->rows;
    fit->gradient = fit->matrix + n * n;
    fit->step = fit->gradient + n;
    fit->trial = fit->step + n;
    fit->sums = (int64_t *)(void *)(fit->trial + n);
    fit->gradient_sums = fit->sums + n * n;
}

static int64_t to_units(double x)
{
    const double units = x * UNIT;
    return (int64_t)(units < 0 ? units - .5 : units + .5);
}

/* log(1 + exp(x)) without overflow. */
static double softplus(double x)
{
    return x > 0 ? x + log1p(exp(-x)) : log1p(exp(x));
}

static double penalty_of(const struct rebut_logistic *problem, const double *beta)
{
    double penalty = 0;
    for (int k = 0; k < problem->columns; k++) {
        const double off = beta[k] - problem->centre[k];
        penalty += problem->precision[k] * off * off / 2;
    }
    return penalty;
}

/* The objective at beta; residual and curvature of every row. */
static double look(struct fit *fit, const double *beta)
{
    const struct rebut_logistic *problem = fit->problem;
    int64_t sum = 0;
    for (size_t i = 0; i < problem->rows; i++) {
        const double eta = rebut_logistic_eta(problem, beta, i);
        const double p = rebut_logistic(eta);
        fit->residual[i] = problem->y[i] - p;
        fit->curvature[i] = p * (1 - p);
        sum += to_units(problem->y[i] * eta - softplus(eta));
    }
    return (double)sum / UNIT - penalty_of(problem, beta);
}

static void find_gradient(struct fit *fit, const double *beta)
{
    const struct rebut_logistic *problem = fit->problem;
    const int n = fit->n;
    memset(fit->gradient_sums, 0, (size_t)n * sizeof *fit->gradient_sums);
    for (size_t i = 0; i < problem->rows; i++) {
        const double *x = problem->x + i * (size_t)n;
        for (int k = 0; k < n; k++)
            if (x[k] != 0)
                fit->gradient_sums[k] += to_units(fit->residual[i] * x[k]);
    }
    for (int k = 0; k < n; k++)
        fit->gradient[k] = (double)fit->gradient_sums[k] / UNIT -
                           problem->precision[k] * (beta[k] - problem->centre[k]);
}

/* matrix = sum_i curvature_i x_i x_i' + diag(precision), the lower triangle.  Most x are
 * zero: one bin of each mark is not. */
static void find_matrix(struct fit *fit, const double *curvature)
{
    const struct rebut_logistic *problem = fit->problem;
    const int n = fit->n;
    memset(fit->sums, 0, (size_t)n * (size_t)n * sizeof *fit->sums);
    for (size_t i = 0; i < problem->rows; i++) {
        const double *x = problem->x + i * (size_t)n;
        int some[REBUT_LOGISTIC_COLUMNS_MAX], count = 0;
        for (int k = 0; k < n; k++)
            if (x[k] != 0)
                some[count++] = k;
        for (int a = 0; a < count; a++)
            for (int b = 0; b <= a; b++)
                fit->sums[some[a] * n + some[b]] +=
                    to_units(curvature[i] * x[some[a]] * x[some[b]]);
    }
    for (int j = 0; j < n; j++)
        for (int k = 0; k <= j; k++)
            fit->matrix[j * n + k] = (double)fit->sums[j * n + k] / UNIT +
                                     (j == k ? problem->precision[k] : 0);
}

/* Cholesky in place, the lower triangle; false when it is not positive definite. */
static bool factorise(double *matrix, int n)
{
    for (int j = 0; j < n; j++) {
        for (int k = 0; k <= j; k++) {
            double sum = matrix[j * n + k];
            for (int l = 0; l < k; l++)
                sum -= matrix[j * n + l] * matrix[k * n + l];
            if (j != k)
                matrix[j * n + k] = sum / matrix[k * n + k];
            else if (sum > 0)
                matrix[j * n + j] = sqrt(sum);
            else
                return false;
        }
    }
    return true;
}

/* Solve (L L') x = b in place. */
static void solve(const double *factor, int n, double *b)
{
    for (int j = 0; j < n; j++) {
        for (int k = 0; k < j; k++)
            b[j] -= factor[j * n + k] * b[k];
        b[j] /= factor[j * n + j];
    }
    for (int j = n - 1; j >= 0; j--) {
        for (int k = j + 1; k < n; k++)
            b[j] -= factor[k * n + j] * b[k];
        b[j] /= factor[j * n + j];
    }
}

/* Which coefficients lie at their bound and would go beyond; the largest gradient of the
 * others. */
static double hold_bounds(struct fit *fit, const double *beta)
{
    double largest = 0;
    for (int k = 0; k < fit->n; k++) {
        fit->fixed[k] = beta[k] <= fit->problem->low[k] && fit->gradient[k] < 0;
        if (!fit->fixed[k])
            largest = fmax(largest, fabs(fit->gradient[k]));
    }
    return largest;
}

/* The Newton step of those that are not held. */
static bool find_step(struct fit *fit)
{
    const int n = fit->n;
    for (int k = 0; k < n; k++) {
        fit->step[k] = fit->fixed[k] ? 0 : fit->gradient[k];
        if (!fit->fixed[k])
            continue;
        for (int j = 0; j < n; j++)
            fit->matrix[j > k ? j * n + k : k * n + j] = j == k;
    }
    if (!factorise(fit->matrix, n))
        return false;
    solve(fit->matrix, n, fit->step);
    return true;
}

static double largest_of(const double *values, int count)
{
    double largest = 0;
    for (int k = 0; k < count; k++)
        largest = fmax(largest, fabs(values[k]));
    return largest;
}

/* Go as far along the step as the objective does not fall; false when nowhere. */
static bool advance(struct fit *fit, double *beta, double *value)
{
    const bool small = largest_of(fit->step, fit->n) <= STEP_SMALL;
    double length = 1;
    for (int halving = 0; halving < HALVINGS; halving++, length /= 2) {
        for (int k = 0; k < fit->n; k++)
            fit->trial[k] = fmax(beta[k] + length * fit->step[k], fit->problem->low[k]);
        const double found = look(fit, fit->trial);
        if (small || found >= *value) {
            *value = found;
            memcpy(beta, fit->trial, (size_t)fit->n * sizeof *beta);
            return true;
        }
    }
    return false;
}

static bool usable(const struct rebut_logistic *problem, struct rebut_error *err)
{
    if (!(problem->columns >= 1 && problem->columns <= REBUT_LOGISTIC_COLUMNS_MAX &&
          problem->rows <= REBUT_LOGISTIC_ROWS_MAX))
        return rebut_fail(err, REBUT_EINPUT, "a regression of %zu rows and %d columns",
                          problem->rows, problem->columns);
    for (int k = 0; k < problem->columns; k++)
        if (!(problem->precision[k] > 0 && problem->precision[k] <= 1e9 &&
              isfinite(problem->centre[k]) && problem->low[k] <= problem->centre[k]))
            return rebut_fail(
                err, REBUT_EINPUT,
                "the prior of coefficient %d: centre %g, precision %g, low %g", k,
                problem->centre[k], problem->precision[k], problem->low[k]);
    for (size_t i = 0; i < problem->rows; i++) {
        bool good = problem->y[i] >= 0 && problem->y[i] <= 1 &&
                    fabs(problem->offset[i]) <= OFFSET_MAX;
        for (int k = 0; k < problem->columns; k++)
            good = good &&
                   fabs(problem->x[i * (size_t)problem->columns + (size_t)k]) <= X_MAX;
        if (!good)
            return rebut_fail(err, REBUT_EINPUT,
                              "row %zu of a regression is out of range", i);
    }
    return true;
}

bool rebut_logistic_fit(const struct rebut_logistic *problem, double *beta, void *work,
                        struct rebut_error *err)
{
    struct fit fit;
    if (!usable(problem, err))
        return false;
    open_fit(&fit, problem, work);
    for (int k = 0; k < fit.n; k++)
        if (!(beta[k] >= problem->low[k]))
            beta[k] = problem->centre[k];
    double value = look(&fit, beta);
    for (int step = 0; step < STEPS && isfinite(value); step++) {
        find_gradient(&fit, beta);
        if (hold_bounds(&fit, beta) <= GRADIENT_ENOUGH)
            return true;
        find_matrix(&fit, fit.curvature);
        if (!find_step(&fit))
            break;
        /* Where no step gains a unit of the sums, this is the top. */
        if (largest_of(fit.step, fit.n) <= STEP_ENOUGH || !advance(&fit, beta, &value))
            return true;
    }
    return rebut_fail(err, REBUT_EMATH, "a regression of %zu rows does not settle",
                      problem->rows);
}

bool rebut_logistic_covariance(const struct rebut_logistic *problem,
                               const double *curvature, double *ret, void *work,
                               struct rebut_error *err)
{
    struct fit fit;
    if (!usable(problem, err))
        return false;
    open_fit(&fit, problem, work);
    find_matrix(&fit, curvature);
    if (!factorise(fit.matrix, fit.n))
        return rebut_fail(err, REBUT_EMATH, "no covariance: the information is singular");
    for (int k = 0; k < fit.n; k++) {
        memset(fit.step, 0, (size_t)fit.n * sizeof *fit.step);
        fit.step[k] = 1;
        solve(fit.matrix, fit.n, fit.step);
        for (int j = 0; j < fit.n; j++)
            ret[j * fit.n + k] = fit.step[j];
    }
    return true;
}
