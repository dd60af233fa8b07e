/* dice.h -- chance that is the same everywhere.
 *
 * Every draw is a pure function of the seed and of what it is about (a buyer, an
 * order, a day), so nothing has to be remembered and no draw moves another.  Integer
 * arithmetic (splitmix64, Steele et al. 2014); fractions are exact multiples of
 * 2^-53.  Two draws never stand in one expression: the order of evaluation is the
 * compiler's.
 */
#ifndef REBUT_SIMULATE_DICE_H
#define REBUT_SIMULATE_DICE_H

#include <math.h>
#include <stdbool.h>
#include <stdint.h>

static inline uint64_t scramble(uint64_t x)
{
    x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
    return x ^ (x >> 31);
}

/* A number for the pair, as good as random. */
static inline uint64_t hash_of(uint64_t seed, uint64_t about)
{
    return scramble(scramble(seed + UINT64_C(0x9e3779b97f4a7c15)) ^
                    (about * UINT64_C(0xd1342543de82ef95) + 1));
}

/* The top 53 bits as a fraction in [0, 1). */
static inline double fraction_of(uint64_t hash)
{
    return (double)(hash >> 11) * 0x1p-53;
}

/* A whole number below n, from the top bits. */
static inline uint32_t below_of(uint64_t hash, uint32_t n)
{
    return (uint32_t)(((hash >> 32) * n) >> 32);
}

struct dice {
    uint64_t state;
};

static inline struct dice dice_for(uint64_t seed, uint64_t about)
{
    return (struct dice){hash_of(seed, about)};
}

static inline uint64_t dice_bits(struct dice *dice)
{
    dice->state += UINT64_C(0x9e3779b97f4a7c15);
    return scramble(dice->state);
}

static inline double dice_fraction(struct dice *dice)
{
    return fraction_of(dice_bits(dice));
}

static inline uint32_t dice_below(struct dice *dice, uint32_t n)
{
    return below_of(dice_bits(dice), n);
}

static inline bool dice_chance(struct dice *dice, double chance)
{
    return dice_fraction(dice) < chance;
}

/* Mean 0, variance 1, within +-3.47: four uniforms added (Irwin-Hall). */
static inline double normal_of(uint64_t hash)
{
    const uint64_t sum =
        (hash & 0xffff) + (hash >> 16 & 0xffff) + (hash >> 32 & 0xffff) + (hash >> 48);
    return ((double)sum * 0x1p-16 - 2.0) * 1.7320508075688772;
}

static inline double dice_normal(struct dice *dice)
{
    return normal_of(dice_bits(dice));
}

/* Mean 1. */
static inline double dice_wait(struct dice *dice)
{
    return -log(1.0 - dice_fraction(dice));
}

static inline double clamp(double x, double low, double high)
{
    return x < low ? low : x > high ? high : x;
}

#endif
