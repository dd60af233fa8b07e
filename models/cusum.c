#include "rebut/cusum.h"

#include <math.h>

#define NODES 40
#define SIZE (NODES + 1)

double rebut_turn_increment(double requests, double p, double q, double nu, double a1)
{
    if (!(requests >= 0 && nu >= 0 && a1 >= 0 && isfinite(requests) && isfinite(nu * a1)))
        return (double)NAN;
    if (requests == 0)
        return -nu * a1;
    if (!(p > 0 && q >= 0 && isfinite(q / p * a1)))
        return (double)NAN;
    return requests * log1p(q / p * a1) - nu * a1;
}

struct rebut_turn rebut_turn_start(void)
{
    return (struct rebut_turn){.turned = -(double)INFINITY};
}

/* log(e^a + e^b), either of which may be 0 */
static double log_add(double a, double b)
{
    const double more = fmax(a, b), less = fmin(a, b);
    return isinf(less) ? more : more + log1p(exp(less - more));
}

bool rebut_turn_add(struct rebut_turn *turn, double increment, double hazard)
{
    if (!(isfinite(increment) && hazard > 0 && hazard < 1))
        return false;
    turn->sum += increment;
    turn->cusum = fmax(0, turn->cusum + increment);
    turn->turned = increment + log_add(turn->turned, turn->honest + log(hazard));
    turn->honest += log1p(-hazard);
    turn->peak = fmax(turn->peak, log_add(turn->turned, turn->honest));
    return true;
}

double rebut_turn_bound(double peak)
{
    return peak > 0 ? exp(-peak) : isnan(peak) ? (double)NAN : 1;
}

/* Gauss-Legendre nodes and weights on [0, h]: Newton on Legendre's polynomial. */
static void find_nodes(double h, double *node, double *weight)
{
    for (int i = 0; i < NODES; i++) {
        double x = cos(M_PI * (i + .75) / (NODES + .5)), slope = 1;
        for (int step = 0; step < 20; step++) {
            double here = 1, last = 0;
            for (int j = 1; j <= NODES; j++) {
                const double next = ((2 * j - 1) * x * here - (j - 1) * last) / j;
                last = here;
                here = next;
            }
            slope = NODES * (x * here - last) / (x * x - 1);
            const double move = here / slope;
            x -= move;
            if (fabs(move) < 1e-16)
                break;
        }
        node[i] = (1 - x) * h / 2;
        weight[i] = h / ((1 - x * x) * slope * slope);
    }
}

static double normal_density(double x)
{
    return exp(-x * x / 2) / sqrt(2 * M_PI);
}

/* L(z) = 1 + L(0) Phi(k - z) + integral from 0 to h of L(x) phi(x + k - z) dx, at z = 0
 * and the nodes.  Rows of the kernel sum to less than 1: no pivoting is needed. */
bool rebut_cusum_run_length(double k, double h, double *ret, struct rebut_error *err)
{
    if (!(k >= 0 && k <= 3 && h >= .1 && h <= 10))
        return rebut_fail(err, REBUT_EINPUT,
                          "expected a reference from 0 to 3 and a limit from 0.1 to 10, "
                          "got %g and %g",
                          k, h);
    double node[NODES], weight[NODES], m[SIZE][SIZE + 1];
    find_nodes(h, node, weight);
    for (int row = 0; row < SIZE; row++) {
        const double z = row > 0 ? node[row - 1] : 0;
        m[row][0] = -.5 * erfc(-(k - z) / M_SQRT2);
        for (int i = 0; i < NODES; i++)
            m[row][i + 1] = -weight[i] * normal_density(node[i] + k - z);
        m[row][row] += 1;
        m[row][SIZE] = 1;
    }
    for (int at = SIZE - 1; at > 0; at--) /* eliminate upwards: only L(0) is wanted */
        for (int row = 0; row < at; row++) {
            const double share = m[row][at] / m[at][at];
            for (int column = 0; column < at; column++)
                m[row][column] -= share * m[at][column];
            m[row][SIZE] -= share * m[at][SIZE];
        }
    const double length = m[0][SIZE] / m[0][0];
    if (!(isfinite(length) && length >= 1))
        return rebut_fail(err, REBUT_EMATH, "no run length for reference %g, limit %g", k,
                          h);
    *ret = length;
    return true;
}
