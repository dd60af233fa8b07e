#include "rebut/top_layer.h"

#include <math.h>

struct rebut_top_layer rebut_top_layer_none(void)
{
    return (struct rebut_top_layer){
        .intercept_variance = REBUT_TOP_INTERCEPT_SD * REBUT_TOP_INTERCEPT_SD,
        .slope_variance = REBUT_TOP_SLOPE_SD * REBUT_TOP_SLOPE_SD};
}

bool rebut_top_layer_learned(const struct rebut_top_layer *top)
{
    uint64_t verdicts = 0;
    for (int i = 0; i < REBUT_SELECTIONS; i++)
        verdicts += top->verdicts[i];
    return verdicts > 0;
}

double rebut_top_line(const struct rebut_top_layer *top, enum rebut_term_id id,
                      double raw, unsigned bin)
{
    return id < REBUT_TERM_MARKS ? (1 + top->weight[id]) * raw
                                 : raw + top->bin[id - REBUT_TERM_MARKS][bin];
}

double rebut_top_variance(const struct rebut_top_layer *top, double raw)
{
    return top->intercept_variance + raw * raw * top->slope_variance +
           2 * raw * top->covariance;
}

double rebut_top_log_odds(const struct rebut_top_layer *top, double raw, double lines)
{
    const double eta = lines + top->intercept + top->slope * raw;
    return eta / sqrt(1 + M_PI / 8 * rebut_top_variance(top, raw));
}
