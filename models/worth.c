#include "rebut/worth.h"

#include <math.h>

#include "rebut/fixed.h"
#include "rebut/logistic.h"

#define MOST 1000.0
#define NORMAL_95 1.959963984540054
#define SLOPE_LEAST 0.1
#define REACH_MOST 10.0 /* of an interval that still says something */
#define SAME 1e-9       /* of a term's spread: what is left is rounding */

static bool check(const struct rebut_worth_data *data, const double *term,
                  struct rebut_error *err)
{
    if (!(isfinite(data->intercept) && isfinite(data->slope)))
        return rebut_fail(err, REBUT_EINPUT, "bad calibration %g, %g", data->intercept,
                          data->slope);
    for (size_t i = 0; i < data->count; i++)
        if (!(fabs(data->logit[i]) <= MOST && fabs(term[i]) <= MOST &&
              data->abuse[i] <= 1))
            return rebut_fail(err, REBUT_EINPUT, "bad row: log-odds %g, term %g",
                              data->logit[i], term[i]);
    return true;
}

static double p_of(const struct rebut_worth_data *data, size_t row)
{
    return rebut_logistic(data->intercept + data->slope * data->logit[row]);
}

/* v-weighted means, and the regression of the term on L. */
struct line {
    double logit, term, slope;
};

static struct line regress(const struct rebut_worth_data *data, const double *term)
{
    rebut_total v = 0, vx = 0, vt = 0, xx = 0, xt = 0;
    for (size_t i = 0; i < data->count; i++) {
        const double p = p_of(data, i), weight = p * (1 - p);
        v += rebut_to_fixed(weight);
        vx += rebut_to_fixed(weight * data->logit[i]);
        vt += rebut_to_fixed(weight * term[i]);
    }
    struct line line = {0};
    if (v == 0)
        return line;
    line.logit = (double)vx / (double)v;
    line.term = (double)vt / (double)v;
    for (size_t i = 0; i < data->count; i++) {
        const double p = p_of(data, i), weight = p * (1 - p);
        const double x = data->logit[i] - line.logit, t = term[i] - line.term;
        xx += rebut_to_fixed(weight * x * x);
        xt += rebut_to_fixed(weight * x * t);
    }
    line.slope = xx > 0 ? (double)xt / (double)xx : 0;
    return line;
}

bool rebut_worth_of(const struct rebut_worth_data *data, const double *term,
                    struct rebut_worth *ret, struct rebut_error *err)
{
    if (!check(data, term, err))
        return false;
    const struct line line = regress(data, term);
    rebut_total score = 0, known = 0;
    for (size_t i = 0; i < data->count; i++) {
        const double p = p_of(data, i);
        const double left =
            term[i] - line.term - line.slope * (data->logit[i] - line.logit);
        score += rebut_to_fixed((data->abuse[i] - p) * left);
        known += rebut_to_fixed(p * (1 - p) * left * left);
    }
    const double u = rebut_from_total(score), v = rebut_from_total(known);
    const double none = (double)NAN;
    *ret = (struct rebut_worth){none, none, none, none, none};
    if (!(data->slope >= SLOPE_LEAST && v > SAME))
        return true;
    const double reach = NORMAL_95 / (data->slope * sqrt(v));
    ret->z = u / sqrt(v);
    ret->p = erfc(fabs(ret->z) / sqrt(2));
    if (reach > REACH_MOST)
        return true;
    ret->worth = 1 + u / (data->slope * v);
    ret->low = ret->worth - reach;
    ret->high = ret->worth + reach;
    return true;
}
