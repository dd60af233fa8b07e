/* A small generator (SplitMix64) for property tests: the same data anywhere. */
#ifndef TESTS_CHANCE_H
#define TESTS_CHANCE_H

#include <math.h>
#include <stdint.h>

static inline uint64_t chance_bits(uint64_t *state)
{
    *state += UINT64_C(0x9e3779b97f4a7c15);
    uint64_t x = *state;
    x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
    return x ^ (x >> 31);
}

/* In [0, 1). */
static inline double chance(uint64_t *state)
{
    return (double)(chance_bits(state) >> 11) * 0x1p-53;
}

/* In 0 to n - 1. */
static inline uint32_t chance_below(uint64_t *state, uint32_t n)
{
    return (uint32_t)(chance_bits(state) % n);
}

/* Standard normal. */
static inline double chance_normal(uint64_t *state)
{
    const double radius = sqrt(-2 * log1p(-chance(state)));
    return radius * cos(6.283185307179586 * chance(state));
}

#endif
