#include "pack_round.h"

#include <math.h>
#include <sodium.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rebut/time.h"

double rebut_round_draw(struct rebut_text secret, int what)
{
    unsigned char hash[16];
    const unsigned char byte = (unsigned char)what;
    crypto_generichash_state state;
    uint64_t bits = 0;
    if (secret.data == NULL)
        return .5;
    crypto_generichash_init(&state, NULL, 0, sizeof hash);
    crypto_generichash_update(&state, (const unsigned char *)secret.data, secret.size);
    crypto_generichash_update(&state, &byte, 1);
    crypto_generichash_final(&state, hash, sizeof hash);
    for (int i = 0; i < 6; i++)
        bits = bits << 8 | hash[i];
    return ((double)bits + .5) / 0x1p48;
}

/* Does a value between two steps go to the upper one? */
static bool is_up(double value, double low, double high, double at)
{
    return log(value / low) > at * log(high / low);
}

int64_t rebut_round_count(int64_t count, bool fine, int64_t most, double at)
{
    static const int64_t steps[2][3] = {{1, 3}, {1, 2, 5}};
    const int parts = fine ? 3 : 2;
    int64_t unit = 1, low = 1, high = steps[fine][1];
    if (count <= 1)
        return count < most ? count : most;
    for (int step = 1; high <= count && high < most && unit < INT64_MAX / 1000;) {
        low = high;
        step = (step + 1) % parts;
        unit = step == 0 ? unit * 10 : unit;
        high = unit * steps[fine][step];
    }
    const int64_t told = is_up((double)count, (double)low, (double)high, at) ? high : low;
    return told < most ? told : most;
}

double rebut_round_digits(double value, int digits)
{
    char text[32];
    if (!isfinite(value))
        return value;
    snprintf(text, sizeof text, "%.*e", digits - 1, value);
    return strtod(text, NULL);
}

double rebut_round_125(double value, double at)
{
    char text[32];
    if (!(value > 0) || !isfinite(value))
        return value;
    snprintf(text, sizeof text, "%.16e", value);
    char *exponent = strchr(text, 'e');
    *exponent = '\0';
    const double mantissa = strtod(text, NULL);
    const int step = mantissa < 2 ? 0 : mantissa < 5 ? 1 : 2;
    static const double steps[] = {1, 2, 5, 10};
    static const char *const words[] = {"1", "2", "5", "10"};
    const bool up = is_up(mantissa, steps[step], steps[step + 1], at);
    char rounded[32];
    snprintf(rounded, sizeof rounded, "%se%s", words[step + up], exponent + 1);
    return strtod(rounded, NULL);
}

double rebut_round_step(double value, double step, double at)
{
    if (!isfinite(value))
        return value;
    const double low = floor(value / step);
    return step * (value / step - low > at ? low + 1 : low);
}

static int64_t lower(int64_t value, const int64_t *edges, size_t count)
{
    size_t class = 0;
    if (value == REBUT_TIME_NONE)
        return value;
    while (class + 1 < count && value >= edges[class + 1])
        class ++;
    return edges[class];
}

int64_t rebut_round_age(int64_t age)
{
    static const int64_t edges[] = {0,
                                    30 * REBUT_DAY,
                                    90 * REBUT_DAY,
                                    180 * REBUT_DAY,
                                    365 * REBUT_DAY,
                                    730 * REBUT_DAY};
    return lower(age, edges, sizeof edges / sizeof *edges);
}

int64_t rebut_round_delay(int64_t delay)
{
    static const int64_t edges[] = {0,
                                    REBUT_HOUR,
                                    6 * REBUT_HOUR,
                                    REBUT_DAY,
                                    3 * REBUT_DAY,
                                    7 * REBUT_DAY,
                                    14 * REBUT_DAY,
                                    30 * REBUT_DAY};
    return lower(delay, edges, sizeof edges / sizeof *edges);
}

static bool same_side(double left, double right, double above, double below)
{
    return (left >= above) == (right >= above) && (left <= below) == (right <= below);
}

/* Nearest of steps of 1/2, from 3 on of 1, and no more than 6. */
static double step_of(double log_odds, double parts)
{
    const double size = fabs(log_odds);
    const double near = size < 3.25 ? floor(size * parts + .5) / parts
                                    : fmin(6, floor(size * parts / 2 + .5) / parts * 2);
    return copysign(near, log_odds);
}

double rebut_round_between(double log_odds, double above, double below)
{
    for (double parts = 2; parts <= 2e6; parts *= 10) {
        const double near =
            parts < 3 ? step_of(log_odds, parts) : floor(log_odds * parts + .5) / parts;
        if (same_side(near, log_odds, above, below))
            return near;
        const double low = floor(log_odds * parts) / parts;
        if (same_side(low, log_odds, above, below))
            return low;
        if (same_side(low + 1 / parts, log_odds, above, below))
            return low + 1 / parts;
    }
    return log_odds;
}
