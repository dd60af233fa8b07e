/* What does it cost to judge one request of a buyer with so many earlier ones? */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "rebut/posterior.h"

#define ROUNDS 21
#define TIMES 20000

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

static int ascending(const void *left, const void *right)
{
    const double a = *(const double *)left, b = *(const double *)right;
    return a < b ? -1 : a > b;
}

/* Median microseconds of the posterior of the others, which is all of the request's
 * probability beside a product and its marks. */
static double cost(int earlier)
{
    const struct rebut_population population = {.pi = .03,
                                                .alpha = 1.2,
                                                .beta = 10,
                                                .kappa = 4,
                                                .claimants = .01,
                                                .claimant_shape = 2,
                                                .claimant_mean = 5};
    struct rebut_claim claims[40];
    double rounds[ROUNDS], sum = 0;
    for (int i = 0; i <= earlier; i++)
        claims[i] = (struct rebut_claim){.01 + .001 * i, 1 + .1 * (i % 7)};
    const struct rebut_record record = {.fault_exposure = .6,
                                        .abuse_exposure = 60,
                                        .claims = claims,
                                        .count = earlier + 1};
    for (int round = 0; round < ROUNDS; round++) {
        const double start = now();
        for (int i = 0; i < TIMES; i++) {
            struct rebut_others others;
            claims[earlier].p = .02 + 1e-9 * i; /* nothing to remember */
            if (!rebut_posterior_others(&population, &record, earlier, &others, NULL))
                exit(1);
            sum += others.ratio;
        }
        rounds[round] = (now() - start) / TIMES * 1e6;
    }
    if (!(sum > 0))
        exit(1);
    qsort(rounds, ROUNDS, sizeof *rounds, ascending);
    return rounds[ROUNDS / 2];
}

int main(void)
{
    static const int earlier[] = {0, 1, 4, 16, 31};
    puts("earlier requests  microseconds, median of 21 rounds");
    for (size_t i = 0; i < sizeof earlier / sizeof earlier[0]; i++)
        printf("%16d  %.2f\n", earlier[i], cost(earlier[i]));
    return 0;
}
