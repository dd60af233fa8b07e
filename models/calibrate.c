#include "rebut/calibrate.h"

#include <math.h>

#define SCORE_MAX 1e9
#define LOGIT_MAX 1000.0
#define LEAST 1e-12 /* of a score and its complement, under a logarithm */

/* Check, and write weights divided by their mean; *ret_abuse is the sum of those of
 * abuse.  Summed in whole units: the order of rows changes nothing. */
static bool take_weights(const struct rebut_labelled *data, double *weight,
                         double *ret_abuse, struct rebut_error *err)
{
    double most = 0;
    for (size_t i = 0; i < data->count; i++) {
        const double w = data->weights ? data->weights[i] : 1;
        if (!(w > 0 && w <= 1e9))
            return rebut_fail(err, REBUT_EINPUT, "expected a weight over 0, got %g", w);
        if (data->labels[i] > 1)
            return rebut_fail(err, REBUT_EINPUT, "expected a label 0 or 1, got %u",
                              (unsigned)data->labels[i]);
        most = fmax(most, w);
    }
    int exponent = 0;
    frexp(most, &exponent);
    rebut_total all = 0, abuse = 0;
    for (size_t i = 0; i < data->count; i++) {
        weight[i] = ldexp(data->weights ? data->weights[i] : 1, -exponent);
        const int64_t units = (int64_t)(weight[i] * 0x1p62);
        all += units;
        abuse += data->labels[i] == 1 ? units : 0;
    }
    const double mean = (double)all / 0x1p62 / (double)data->count;
    for (size_t i = 0; i < data->count; i++)
        weight[i] /= mean;
    *ret_abuse = data->count > 0 ? (double)abuse / 0x1p62 / mean : 0;
    return true;
}

/* Rows (1, score) under scores of at most `most`. */
static bool take_scores(const struct rebut_labelled *data, double most, double *x,
                        struct rebut_error *err)
{
    for (size_t i = 0; i < data->count; i++) {
        if (!(fabs(data->scores[i]) <= most))
            return rebut_fail(err, REBUT_EINPUT, "expected a score within %g, got %g",
                              most, data->scores[i]);
        x[2 * i] = 1;
        x[2 * i + 1] = data->scores[i];
    }
    return true;
}

bool rebut_platt(const struct rebut_labelled *data,
                 const struct rebut_calibrate_work *work, struct rebut_logistic_fit *ret,
                 struct rebut_error *err)
{
    static const double lower[2] = {-(double)INFINITY, 0};
    double abuse = 0;
    if (!take_weights(data, work->weight, &abuse, err) ||
        !take_scores(data, SCORE_MAX, work->x, err))
        return false;
    const double honest = fmax(0, (double)data->count - abuse);
    for (size_t i = 0; i < data->count; i++)
        work->y[i] = data->labels[i] == 1 ? (abuse + 1) / (abuse + 2) : 1 / (honest + 2);
    const struct rebut_logistic problem = {.rows = data->count,
                                           .columns = 2,
                                           .x = work->x,
                                           .y = work->y,
                                           .weight = work->weight,
                                           .lower = lower};
    return rebut_logistic_fit(&problem, work->logistic, ret, err);
}

bool rebut_platt_prior(const struct rebut_labelled *data, double ridge_intercept,
                       double ridge_slope, const struct rebut_calibrate_work *work,
                       struct rebut_logistic_fit *ret, struct rebut_error *err)
{
    static const double lower[2] = {-(double)INFINITY, 0}, centre[2] = {0, 1};
    const double ridge[2] = {ridge_intercept, ridge_slope};
    if (!(ridge_intercept > 0 && ridge_slope > 0))
        return rebut_fail(err, REBUT_EINPUT, "expected ridges over 0, got %g and %g",
                          ridge_intercept, ridge_slope);
    double abuse = 0;
    if (!take_weights(data, work->weight, &abuse, err) ||
        !take_scores(data, LOGIT_MAX, work->x, err))
        return false;
    for (size_t i = 0; i < data->count; i++)
        work->y[i] = data->labels[i];
    const struct rebut_logistic problem = {.rows = data->count,
                                           .columns = 2,
                                           .x = work->x,
                                           .y = work->y,
                                           .weight = work->weight,
                                           .ridge = ridge,
                                           .centre = centre,
                                           .lower = lower};
    return rebut_logistic_fit(&problem, work->logistic, ret, err);
}

static double sigmoid(double logit)
{
    const double tail = exp(-fabs(logit));
    return logit < 0 ? tail / (1 + tail) : 1 / (1 + tail);
}

struct rebut_calibrated rebut_platt_apply(const struct rebut_logistic_fit *fit,
                                          double score, double z)
{
    const double x[2] = {1, score};
    const double logit = fit->beta[0] + fit->beta[1] * score;
    const double half = z * sqrt(rebut_logistic_variance(fit, x));
    return (struct rebut_calibrated){
        .p = sigmoid(logit), .low = sigmoid(logit - half), .high = sigmoid(logit + half)};
}

static void beta_row(double score, double *x)
{
    const double s = fmin(fmax(score, LEAST), 1 - LEAST);
    x[0] = 1;
    x[1] = log(s);
    x[2] = -log1p(-s);
}

bool rebut_beta_calibrate(const struct rebut_labelled *data, double ridge,
                          const struct rebut_calibrate_work *work,
                          struct rebut_logistic_fit *ret, struct rebut_error *err)
{
    static const double lower[3] = {-(double)INFINITY, 0, 0}, centre[3] = {0, 1, 1};
    const double ridges[3] = {0, ridge, ridge};
    double abuse = 0;
    if (!take_weights(data, work->weight, &abuse, err))
        return false;
    for (size_t i = 0; i < data->count; i++) {
        if (!(data->scores[i] >= 0 && data->scores[i] <= 1))
            return rebut_fail(err, REBUT_EINPUT, "expected a score from 0 to 1, got %g",
                              data->scores[i]);
        beta_row(data->scores[i], &work->x[3 * i]);
        work->y[i] = data->labels[i];
    }
    const struct rebut_logistic problem = {.rows = data->count,
                                           .columns = 3,
                                           .x = work->x,
                                           .y = work->y,
                                           .weight = work->weight,
                                           .ridge = ridges,
                                           .centre = centre,
                                           .lower = lower};
    return rebut_logistic_fit(&problem, work->logistic, ret, err);
}

double rebut_beta_apply(const struct rebut_logistic_fit *fit, double score)
{
    double x[3];
    if (!(score >= 0 && score <= 1))
        return (double)NAN;
    beta_row(score, x);
    return sigmoid(fit->beta[0] + fit->beta[1] * x[1] + fit->beta[2] * x[2]);
}

bool rebut_isotonic(const double *y, const double *weights, size_t count, double *ret,
                    size_t *start, double *mass, struct rebut_error *err)
{
    for (size_t i = 0; i < count; i++) {
        const double w = weights ? weights[i] : 1;
        if (!(isfinite(y[i]) && w > 0 && w <= 1e9))
            return rebut_fail(err, REBUT_EINPUT, "bad value %g of weight %g", y[i], w);
    }
    /* Block b starts at start[b], weighs mass[b] and has the mean ret[b]. */
    size_t blocks = 0;
    for (size_t i = 0; i < count; i++) {
        double mean = y[i], weight = weights ? weights[i] : 1;
        size_t from = i;
        for (; blocks > 0 && ret[blocks - 1] >= mean; blocks--) {
            const double both = mass[blocks - 1] + weight;
            mean = (ret[blocks - 1] * mass[blocks - 1] + mean * weight) / both;
            weight = both;
            from = start[blocks - 1];
        }
        start[blocks] = from;
        mass[blocks] = weight;
        ret[blocks++] = mean;
    }
    /* From the end, so that no mean is overwritten before it is spread. */
    for (size_t at = count; blocks > 0; blocks--) {
        const double mean = ret[blocks - 1];
        while (at > start[blocks - 1])
            ret[--at] = mean;
    }
    return true;
}

/* Twice the area of the triangle of three corners: over 0 where it turns left. */
static double turn(const double *a, const double *b, const double *c)
{
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
}

/* What the isotonic fit gives to one more request of label 1 at each point: algorithms
 * 1 and 2 of Vovk et al.  corner[2 i + 2..] is the cumulated (mass, hits) after i points,
 * corner[0..] the new request, placed before all and then moved up point by point.
 * With `mirror`, labels and order are turned round, which gives 1 - p0. */
static void venn_side(struct rebut_venn_point *points, size_t count, bool mirror,
                      double *corner, size_t *stack)
{
    corner[0] = corner[1] = -1;
    corner[2] = corner[3] = 0;
    size_t top = 2; /* the convex minorant, from the left: a stack of corners */
    stack[0] = 0;
    stack[1] = 1;
    for (size_t i = 1; i <= count; i++) {
        const struct rebut_venn_point *point = &points[mirror ? count - i : i - 1];
        double *at = &corner[2 * (i + 1)];
        at[0] = at[-2] + point->mass;
        at[1] = at[-1] + (mirror ? point->mass - point->hits : point->hits);
        while (top > 1 &&
               turn(&corner[2 * stack[top - 2]], &corner[2 * stack[top - 1]], at) <= 0)
            top--;
        stack[top++] = i + 1;
    }
    for (size_t i = 0; i < top / 2; i++) { /* now from the right */
        const size_t keep = stack[i];
        stack[i] = stack[top - 1 - i];
        stack[top - 1 - i] = keep;
    }
    for (size_t i = 1; i <= count; i++) {
        const double *a = &corner[2 * stack[top - 1]], *b = &corner[2 * stack[top - 2]];
        const double slope = (b[1] - a[1]) / (b[0] - a[0]);
        if (mirror)
            points[count - i].p0 = 1 - slope;
        else
            points[i - 1].p1 = slope;
        double *moved = &corner[2 * i];
        const double next[2] = {moved[-2] + moved[2] - moved[0],
                                moved[-1] + moved[3] - moved[1]};
        const bool above = turn(a, b, next) >= 0;
        moved[0] = next[0];
        moved[1] = next[1];
        if (above)
            continue;
        top--;
        while (top > 1 &&
               turn(moved, &corner[2 * stack[top - 1]], &corner[2 * stack[top - 2]]) <= 0)
            top--;
        stack[top++] = i;
    }
}

bool rebut_venn_prepare(const struct rebut_ranking *ranking,
                        struct rebut_venn_point *points, double *corner, size_t *stack,
                        struct rebut_venn *ret, struct rebut_error *err)
{
    if (ranking->count == 0)
        return rebut_fail(err, REBUT_EINPUT, "no request to calibrate from");
    size_t count = 0;
    for (size_t i = ranking->count; i-- > 0;) {
        const uint32_t at = ranking->order[i];
        const double score = ranking->scores[at];
        if (count == 0 || score > points[count - 1].score)
            points[count++] = (struct rebut_venn_point){.score = score};
        points[count - 1].mass += 1;
        points[count - 1].hits += ranking->labels[at];
    }
    venn_side(points, count, false, corner, stack);
    venn_side(points, count, true, corner, stack);
    *ret = (struct rebut_venn){.points = points, .count = count};
    return true;
}

struct rebut_interval rebut_venn_interval(const struct rebut_venn *venn, double score)
{
    if (isnan(score))
        return (struct rebut_interval){.low = (double)NAN, .high = (double)NAN};
    size_t low = 0, high = venn->count; /* the first point not below the score */
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (venn->points[middle].score < score)
            low = middle + 1;
        else
            high = middle;
    }
    const bool here = low < venn->count && venn->points[low].score == score;
    const size_t below = here ? low + 1 : low; /* points at or below it */
    return (struct rebut_interval){
        .low = below > 0 ? venn->points[below - 1].p0 : 0,
        .high = low < venn->count ? venn->points[low].p1 : 1,
    };
}
