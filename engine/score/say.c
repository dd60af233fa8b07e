#include "say.h"

#include <math.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* Where the text goes; what does not fit is counted and not kept. */
struct place {
    char *text;
    size_t size, used;
};

static void put(struct place *place, const char *data, size_t size)
{
    if (place->used < place->size) {
        const size_t room = place->size - place->used;
        memcpy(place->text + place->used, data, size < room ? size : room);
    }
    place->used += size;
}

/* Digits of a number before `end`, at least `least` of them; returns the first. */
static char *digits_before(char *end, uint64_t number, int least)
{
    for (; number > 0 || least > 0; number /= 10, least--)
        *--end = (char)('0' + number % 10);
    return end;
}

static void put_count(struct place *place, uint64_t count)
{
    char room[24];
    char *const end = room + sizeof room;
    const char *first = digits_before(end, count, 1);
    put(place, first, (size_t)(end - first));
}

static const double powers[] = {1, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9};

/* x to whole units, unless it lies so near the middle of two that the product's own
 * rounding might decide. */
static bool whole(double x, uint64_t *ret_units)
{
    const double below = floor(x), rest = x - below;
    *ret_units = (uint64_t)below + (rest > .5);
    return fabs(rest - .5) > 1e-6;
}

static void put_slowly(struct place *place, const char *format, int digits, double x)
{
    char room[400]; /* 1e308 in full has 309 digits */
    const int size = strcmp(format, "f") == 0
                         ? snprintf(room, sizeof room, "%.*f", digits, x)
                         : snprintf(room, sizeof room, "%.*g", digits, x);
    put(place, room, (size_t)size);
}

/* %.Nf */
static void put_fixed(struct place *place, int decimals, double x)
{
    char room[24];
    char *const end = room + sizeof room;
    uint64_t units = 0;
    if (!(fabs(x) < 1e6) || !whole(fabs(x) * powers[decimals], &units)) {
        put_slowly(place, "f", decimals, x);
        return;
    }
    const uint64_t one = (uint64_t)powers[decimals];
    char *first = end;
    if (decimals > 0) {
        first = digits_before(end, units % one, decimals);
        *--first = '.';
    }
    first = digits_before(first, units / one, 1);
    if (signbit(x))
        *--first = '-';
    put(place, first, (size_t)(end - first));
}

/* %.6g of 1e-4 to 1e6: six digits, then where the point goes. */
static void put_figure(struct place *place, double x)
{
    const double size = fabs(x);
    char room[24];
    char *const end = room + sizeof room;
    uint64_t digits = 0;
    int decimals = 0;
    if (size < 999999 && size == (double)(uint64_t)size) { /* counts, and 0 */
        if (signbit(x))
            put(place, "-", 1);
        put_count(place, (uint64_t)size);
        return;
    }
    if (!(size >= 1e-4 && size < 999999)) {
        put_slowly(place, "g", 6, x);
        return;
    }
    while (size * powers[decimals] < 1e5)
        decimals++;
    if (!whole(size * powers[decimals], &digits)) {
        put_slowly(place, "g", 6, x);
        return;
    }
    for (; decimals > 0 && digits % 10 == 0; decimals--)
        digits /= 10;
    char *first = end;
    if (decimals > 0) {
        const uint64_t one = (uint64_t)powers[decimals];
        first = digits_before(end, digits % one, decimals);
        *--first = '.';
        digits /= one;
    }
    first = digits_before(first, digits, 1);
    if (x < 0)
        *--first = '-';
    put(place, first, (size_t)(end - first));
}

/* One directive, at the '%'; its length, or 0 when it is not one of ours. */
static size_t put_one(struct place *place, const char *at, va_list *values)
{
    if (at[1] == '%') {
        put(place, "%", 1);
        return 2;
    }
    if (at[1] == 's') {
        const char *text = va_arg(*values, const char *);
        put(place, text, strlen(text));
        return 2;
    }
    if (strncmp(at, "%llu", 4) == 0) {
        put_count(place, va_arg(*values, unsigned long long));
        return 4;
    }
    if (strncmp(at, "%.6g", 4) == 0) {
        put_figure(place, va_arg(*values, double));
        return 4;
    }
    if (at[1] == '.' && at[2] >= '0' && at[2] <= '3' && at[3] == 'f') {
        put_fixed(place, at[2] - '0', va_arg(*values, double));
        return 4;
    }
    return 0;
}

int rebut_say(char *ret_text, size_t size, const char *format, ...)
{
    struct place place = {ret_text, size, 0};
    va_list values, again;
    va_start(values, format);
    va_copy(again, values);
    int result = -1;
    const char *from = format;
    for (;;) {
        const char *at = strchrnul(from, '%');
        put(&place, from, (size_t)(at - from));
        if (*at == '\0') {
            if (size > 0)
                ret_text[place.used < size ? place.used : size - 1] = '\0';
            result = (int)place.used;
            break;
        }
        const size_t length = put_one(&place, at, &values);
        if (length == 0) {
            result = vsnprintf(ret_text, size, format, again);
            break;
        }
        from = at + length;
    }
    va_end(again);
    va_end(values);
    return result;
}

size_t rebut_say_figure(char ret_text[REBUT_FIGURE_SIZE], double value)
{
    struct place place = {ret_text, REBUT_FIGURE_SIZE - 1, 0};
    put_figure(&place, value);
    ret_text[place.used] = '\0';
    return place.used;
}

size_t rebut_say_json(char ret_text[REBUT_FIGURE_SIZE], double value)
{
    if (isfinite(value))
        return rebut_say_figure(ret_text, value);
    memcpy(ret_text, "null", 5);
    return 4;
}

size_t rebut_say_count(char ret_text[REBUT_FIGURE_SIZE], uint64_t value)
{
    struct place place = {ret_text, REBUT_FIGURE_SIZE - 1, 0};
    put_count(&place, value);
    ret_text[place.used] = '\0';
    return place.used;
}
