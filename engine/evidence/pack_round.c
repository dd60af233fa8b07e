#include "pack_round.h"

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rebut/time.h"

int64_t rebut_round_count(int64_t count, int64_t most)
{
    static const int64_t steps[] = {2, 5, 10};
    if (count <= 2)
        return count < most ? count : most;
    /* Between a and b by ratio: count * count against a * b, as doubles, which are exact
     * for all counts that there are. */
    int64_t unit = 1, low = 2, high = 5;
    for (int step = 1; high <= count && high < most && unit <= INT64_MAX / 100;) {
        low = high;
        step = (step + 1) % 3;
        unit = step == 0 ? unit * 10 : unit;
        high = unit * steps[step];
    }
    const int64_t near =
        (double)count * (double)count < (double)low * (double)high ? low : high;
    return near < most ? near : most;
}

double rebut_round_digits(double value, int digits)
{
    char text[32];
    if (!isfinite(value))
        return value;
    snprintf(text, sizeof text, "%.*e", digits - 1, value);
    return strtod(text, NULL);
}

double rebut_round_125(double value)
{
    char text[32];
    if (!(value > 0) || !isfinite(value))
        return value;
    snprintf(text, sizeof text, "%.16e", value);
    char *exponent = strchr(text, 'e');
    *exponent = '\0';
    const double mantissa = strtod(text, NULL);
    /* Roots of 1 x 2, 2 x 5, 5 x 10. */
    const char *near = mantissa * mantissa < 2    ? "1"
                       : mantissa * mantissa < 10 ? "2"
                       : mantissa * mantissa < 50 ? "5"
                                                  : "10";
    char rounded[32];
    snprintf(rounded, sizeof rounded, "%se%s", near, exponent + 1);
    return strtod(rounded, NULL);
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

double rebut_round_between(double log_odds, double above, double below)
{
    for (double parts = 4; parts <= 4e6; parts *= 10) {
        const double low = floor(log_odds * parts);
        const double first = floor(log_odds * parts + .5);
        const double tries[] = {first, low, low + 1};
        for (int i = 0; i < 3; i++)
            if (same_side(tries[i] / parts, log_odds, above, below))
                return tries[i] / parts;
    }
    return log_odds;
}
