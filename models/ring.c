#include "rebut/ring.h"

#include <math.h>

/* log(share * exp(log_bf) + 1 - share) without overflow. */
static double log_mix(double share, double log_bf)
{
    if (log_bf > 0)
        return log_bf + log(share + (1 - share) * exp(-log_bf));
    return log1p(share * expm1(log_bf));
}

double rebut_ring_member(const struct rebut_ring_prior *prior, double pi, double log_bf)
{
    return log_mix(prior->pi_hi, log_bf) - log_mix(prior->lo_share * pi, log_bf);
}

double rebut_ring_pi(const struct rebut_ring_prior *prior, double pi, double others)
{
    const double log_odds = log(prior->theta) - log1p(-prior->theta) + others;
    const double hi = 1 / (1 + exp(-log_odds));
    return hi * prior->pi_hi + (1 - hi) * prior->lo_share * pi;
}
