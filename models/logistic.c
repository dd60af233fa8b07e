#include "rebut/logistic.h"

#include <math.h>
#include <string.h>

#define STEPS_MAX 100
#define HALVINGS_MAX 40
#define ENOUGH 1e-10 /* gradient left, in standard errors */
#define GOOD 1e-6    /* the same, where rounding lets no step help any more */
#define UNIT 0x1p62  /* of a term scaled to [-1, 1] */
#define LOSS_UNIT 0x1p50
#define LOSS_MAX 8191.0
#define MAGNITUDE_MAX 1e9
#define SINGULAR 1e-11

static double or_else(const double *array, size_t at, double otherwise)
{
    return array ? array[at] : otherwise;
}

static size_t pair(size_t row, size_t column) /* row >= column */
{
    return row * (row + 1) / 2 + column;
}

static bool check_columns(const struct rebut_logistic *p, struct rebut_error *err)
{
    for (size_t k = 0; k < p->columns; k++) {
        const double ridge = or_else(p->ridge, k, 0), centre = or_else(p->centre, k, 0);
        const double lower = or_else(p->lower, k, -(double)INFINITY);
        const double upper = or_else(p->upper, k, (double)INFINITY);
        if (!(ridge >= 0 && ridge <= 1e12 && fabs(centre) <= MAGNITUDE_MAX))
            return rebut_fail(err, REBUT_EINPUT,
                              "bad prior of column %zu: ridge %g at %g", k, ridge,
                              centre);
        if (!(lower <= upper && lower <= MAGNITUDE_MAX && upper >= -MAGNITUDE_MAX))
            return rebut_fail(err, REBUT_EINPUT, "bad bounds of column %zu: %g to %g", k,
                              lower, upper);
    }
    return true;
}

static bool check_rows(const struct rebut_logistic *p, struct rebut_error *err)
{
    for (size_t i = 0; i < p->rows; i++) {
        const double weight = or_else(p->weight, i, 1), offset = or_else(p->offset, i, 0);
        if (!(p->y[i] >= 0 && p->y[i] <= 1))
            return rebut_fail(err, REBUT_EINPUT, "expected a label from 0 to 1, got %g",
                              p->y[i]);
        if (!(weight >= 0 && weight <= MAGNITUDE_MAX && fabs(offset) <= 1000))
            return rebut_fail(err, REBUT_EINPUT, "bad row: weight %g, offset %g", weight,
                              offset);
        for (size_t k = 0; k < p->columns; k++)
            if (!(fabs(p->x[i * p->columns + k]) <= MAGNITUDE_MAX))
                return rebut_fail(err, REBUT_EINPUT,
                                  "expected column %zu within 1e9, got %g", k,
                                  p->x[i * p->columns + k]);
    }
    return true;
}

/* Powers of two over the largest magnitudes: terms scaled by them are in [-1, 1].  And
 * the sum of w x^2 of each column: what it could tell at most, four times over. */
static void find_scales(const struct rebut_logistic *p, struct rebut_logistic_work *w)
{
    double most[REBUT_LOGISTIC_COLUMNS] = {0};
    double weight = p->weight ? 0 : 1;
    for (size_t i = 0; i < p->rows; i++) {
        weight = fmax(weight, or_else(p->weight, i, 1));
        for (size_t k = 0; k < p->columns; k++)
            most[k] = fmax(most[k], fabs(p->x[i * p->columns + k]));
    }
    for (size_t k = 0; k < p->columns; k++) {
        frexp(most[k], &w->exponent[k]);
        w->scale[k] = ldexp(1, -w->exponent[k]);
    }
    frexp(weight, &w->weight_exponent);

    rebut_total size[REBUT_LOGISTIC_COLUMNS] = {0};
    for (size_t i = 0; i < p->rows; i++)
        for (size_t k = 0; k < p->columns; k++) {
            const double x = ldexp(p->x[i * p->columns + k], -w->exponent[k]);
            size[k] += (int64_t)(ldexp(or_else(p->weight, i, 1), -w->weight_exponent) *
                                 x * x * UNIT);
        }
    for (size_t k = 0; k < p->columns; k++)
        w->size[k] =
            ldexp((double)size[k] / UNIT, w->weight_exponent + 2 * w->exponent[k]);
}

double rebut_logistic(double x)
{
    return 1 / (1 + exp(-x));
}

double rebut_logistic_logit(const struct rebut_logistic *p, size_t row,
                            const double *beta)
{
    double eta = or_else(p->offset, row, 0);
    for (size_t k = 0; k < p->columns; k++)
        eta += p->x[row * p->columns + k] * beta[k];
    return eta;
}

/* Minus the weighted log-likelihood, to 2^-50 a row. */
static double data_loss(const struct rebut_logistic *p, const double *beta,
                        int weight_exponent)
{
    rebut_total total = 0;
    for (size_t i = 0; i < p->rows; i++) {
        const double eta = rebut_logistic_logit(p, i, beta);
        /* log(1 + e^eta) - y eta, with no overflow */
        const double loss = fmax(eta, 0) * (1 - p->y[i]) - fmin(eta, 0) * p->y[i] +
                            log1p(exp(-fabs(eta)));
        const double share = ldexp(or_else(p->weight, i, 1), -weight_exponent);
        total += (int64_t)(fmin(share * loss, LOSS_MAX) * LOSS_UNIT);
    }
    return ldexp((double)total / LOSS_UNIT, weight_exponent);
}

static double prior_loss(const struct rebut_logistic *p, const double *beta)
{
    double sum = 0;
    for (size_t k = 0; k < p->columns; k++) {
        const double away = beta[k] - or_else(p->centre, k, 0);
        sum += or_else(p->ridge, k, 0) * away * away / 2;
    }
    return sum;
}

static void add_row(const struct rebut_logistic *p, size_t row, const double *beta,
                    struct rebut_logistic_work *w)
{
    const double eta = rebut_logistic_logit(p, row, beta);
    const double tail = exp(-fabs(eta)), smaller = tail / (1 + tail);
    const double share = ldexp(or_else(p->weight, row, 1), -w->weight_exponent);
    /* p - y, exact where p is almost 1 */
    const double residual =
        share * (eta < 0 ? smaller - p->y[row] : (1 - p->y[row]) - smaller);
    const double spread = share * (smaller / (1 + tail));
    size_t some[REBUT_LOGISTIC_COLUMNS], count = 0; /* most columns are 0 in most rows */
    for (size_t k = 0; k < p->columns; k++) {
        const double x = p->x[row * p->columns + k];
        if (x == 0)
            continue;
        w->scaled[k] = x * w->scale[k];
        w->slope[k] += (int64_t)(residual * w->scaled[k] * UNIT);
        some[count++] = k;
        const double half = spread * w->scaled[k];
        for (size_t j = 0; j < count; j++)
            w->curve[pair(k, some[j])] += (int64_t)(half * w->scaled[some[j]] * UNIT);
    }
}

/* Gradient and Hessian of the objective at beta. */
static void differentiate(const struct rebut_logistic *p, const double *beta,
                          struct rebut_logistic_work *w)
{
    memset(w->slope, 0, sizeof w->slope);
    memset(w->curve, 0, sizeof w->curve);
    for (size_t i = 0; i < p->rows; i++)
        add_row(p, i, beta, w);
    for (size_t k = 0; k < p->columns; k++) {
        const double ridge = or_else(p->ridge, k, 0);
        const int scale = w->weight_exponent + w->exponent[k];
        w->gradient[k] = ldexp((double)w->slope[k] / UNIT, scale) +
                         ridge * (beta[k] - or_else(p->centre, k, 0));
        for (size_t j = 0; j <= k; j++)
            w->hessian[pair(k, j)] =
                ldexp((double)w->curve[pair(k, j)] / UNIT, scale + w->exponent[j]);
        w->hessian[pair(k, k)] += ridge;
    }
}

/* Cholesky of the Hessian of the columns that are free. */
static bool factorize(const struct rebut_logistic *p, const struct rebut_logistic_work *w,
                      struct rebut_logistic_fit *fit, struct rebut_error *err)
{
    double *l = fit->factor;
    for (size_t k = 0; k < fit->columns; k++) {
        const double ridge = or_else(p->ridge, k, 0);
        for (size_t j = 0; j <= k; j++) {
            if (fit->held[k] || fit->held[j]) {
                l[pair(k, j)] = k == j;
                continue;
            }
            double left = w->hessian[pair(k, j)];
            for (size_t m = 0; m < j; m++)
                left -= l[pair(k, m)] * l[pair(j, m)];
            if (j < k) {
                l[pair(k, j)] = left / l[pair(j, j)];
                continue;
            }
            if (!(left > SINGULAR * (w->size[k] + ridge) && left > 1e-200))
                return rebut_fail(err, REBUT_EMATH,
                                  "column %zu has no value of its own: it is a mix of "
                                  "others, or separates the labels, and has no ridge",
                                  k);
            l[pair(k, k)] = sqrt(left);
        }
    }
    return true;
}

/* z := L^-1 z, in place; returns |z|^2. */
static double solve_lower(const struct rebut_logistic_fit *fit, double *z)
{
    double sum = 0;
    for (size_t k = 0; k < fit->columns; k++) {
        for (size_t j = 0; j < k; j++)
            z[k] -= fit->factor[pair(k, j)] * z[j];
        z[k] /= fit->factor[pair(k, k)];
        sum += z[k] * z[k];
    }
    return sum;
}

static double clamp(const struct rebut_logistic *p, size_t k, double value)
{
    return fmin(fmax(value, or_else(p->lower, k, -(double)INFINITY)),
                or_else(p->upper, k, (double)INFINITY));
}

/* Which columns push against their bounds; the largest gradient of the others in units
 * of their standard errors, a step cut short by a bound counting for what is left. */
static double hold_columns(const struct rebut_logistic *p,
                           const struct rebut_logistic_work *w,
                           struct rebut_logistic_fit *fit)
{
    double worst = 0;
    for (size_t k = 0; k < p->columns; k++) {
        const double step = w->gradient[k], beta = fit->beta[k];
        fit->held[k] = (step > 0 && beta <= or_else(p->lower, k, -(double)INFINITY)) ||
                       (step < 0 && beta >= or_else(p->upper, k, (double)INFINITY));
        if (!fit->held[k])
            worst = fmax(worst, fabs(step) / sqrt(w->hessian[pair(k, k)]));
    }
    return worst;
}

/* Newton's direction of the free columns into work->move. */
static void find_move(struct rebut_logistic_work *w, const struct rebut_logistic_fit *fit)
{
    for (size_t k = 0; k < fit->columns; k++)
        w->move[k] = fit->held[k] ? 0 : -w->gradient[k];
    solve_lower(fit, w->move);
    for (size_t k = fit->columns; k-- > 0;) {
        for (size_t j = k + 1; j < fit->columns; j++)
            w->move[k] -= fit->factor[pair(j, k)] * w->move[j];
        w->move[k] /= fit->factor[pair(k, k)];
    }
}

/* Walk along the projected direction, half as far each time, until it pays. */
static bool walk(const struct rebut_logistic *p, struct rebut_logistic_work *w,
                 struct rebut_logistic_fit *fit)
{
    double length = 1, there[REBUT_LOGISTIC_COLUMNS];
    for (int halving = 0; halving < HALVINGS_MAX; halving++, length /= 2) {
        double promised = 0;
        for (size_t k = 0; k < p->columns; k++) {
            there[k] = clamp(p, k, fit->beta[k] + length * w->move[k]);
            promised += w->gradient[k] * (fit->beta[k] - there[k]);
        }
        const double loss = data_loss(p, there, w->weight_exponent);
        const double objective = loss + prior_loss(p, there);
        const double slack = 1e-13 * (1 + fabs(fit->objective));
        if (!(objective <= fit->objective - 1e-4 * promised + slack))
            continue;
        memcpy(fit->beta, there, p->columns * sizeof *there);
        fit->objective = objective;
        fit->log_likelihood = -loss;
        return true;
    }
    return false;
}

static bool search(const struct rebut_logistic *p, struct rebut_logistic_work *w,
                   struct rebut_logistic_fit *fit, struct rebut_error *err)
{
    for (fit->steps = 0; fit->steps <= STEPS_MAX; fit->steps++) {
        differentiate(p, fit->beta, w);
        const double left = hold_columns(p, w, fit);
        if (!factorize(p, w, fit, err))
            return false;
        if (left <= ENOUGH)
            return true;
        find_move(w, fit);
        if (walk(p, w, fit))
            continue;
        if (left <= GOOD)
            return true;
        break;
    }
    return rebut_fail(err, REBUT_EMATH, "no maximum found in %d steps", fit->steps);
}

bool rebut_logistic_fit(const struct rebut_logistic *problem,
                        struct rebut_logistic_work *work, struct rebut_logistic_fit *ret,
                        struct rebut_error *err)
{
    if (!(problem->columns >= 1 && problem->columns <= REBUT_LOGISTIC_COLUMNS))
        return rebut_fail(err, REBUT_ELIMIT, "expected 1 to %d columns, got %zu",
                          REBUT_LOGISTIC_COLUMNS, problem->columns);
    if (!(problem->rows <= REBUT_LOGISTIC_ROWS))
        return rebut_fail(err, REBUT_ELIMIT, "cannot fit %zu rows: at most %zu",
                          problem->rows, REBUT_LOGISTIC_ROWS);
    if (!check_columns(problem, err) || !check_rows(problem, err))
        return false;
    find_scales(problem, work);
    struct rebut_logistic_fit fit = {.columns = problem->columns};
    for (size_t k = 0; k < fit.columns; k++)
        fit.beta[k] =
            clamp(problem, k, or_else(problem->start, k, or_else(problem->centre, k, 0)));
    const double loss = data_loss(problem, fit.beta, work->weight_exponent);
    fit.objective = loss + prior_loss(problem, fit.beta);
    fit.log_likelihood = -loss;
    if (!search(problem, work, &fit, err))
        return false;
    for (size_t k = 0; k < fit.columns; k++)
        if (!isfinite(fit.beta[k]))
            return rebut_fail(err, REBUT_EMATH, "column %zu has no finite value", k);
    *ret = fit;
    return true;
}

double rebut_logistic_variance(const struct rebut_logistic_fit *fit, const double *x)
{
    double z[REBUT_LOGISTIC_COLUMNS];
    for (size_t k = 0; k < fit->columns; k++) {
        if (isnan(x[k]))
            return (double)NAN;
        z[k] = fit->held[k] ? 0 : x[k];
    }
    return solve_lower(fit, z);
}
