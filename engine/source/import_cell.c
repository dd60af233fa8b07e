#include "import_cell.h"

#include <math.h>
#include <stdio.h>

#include "rebut/csv.h"
#include "rebut/time.h"

#define MANTISSA_MAX INT64_C(999999999999999)
#define EXCEL_EPOCH 25569 /* the serial of 1970-01-01 */
#define EXCEL_MAX 2958466 /* of 10000-01-01 */

__extension__ typedef __int128 wide;

static bool starts_with(struct rebut_text text, const char *start)
{
    const size_t size = strlen(start);
    return text.size >= size && memcmp(text.data, start, size) == 0;
}

static bool ends_with(struct rebut_text text, const char *end)
{
    const size_t size = strlen(end);
    return text.size >= size && memcmp(text.data + text.size - size, end, size) == 0;
}

static struct rebut_text without(struct rebut_text text, size_t before, size_t behind)
{
    return (struct rebut_text){text.data + before, text.size - before - behind};
}

static bool is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

struct rebut_text import_cell_unguard(struct rebut_text cell)
{
    if (cell.size >= 3 && starts_with(cell, "=\"") && ends_with(cell, "\""))
        return rebut_csv_trim(without(cell, 2, 1));
    if (cell.size >= 2 && cell.data[0] == '\'')
        return rebut_csv_trim(without(cell, 1, 0));
    return cell;
}

bool import_cell_rounded(struct rebut_text cell)
{
    size_t at = 0;
    size_t digits = 0;
    for (; at < cell.size && (is_digit(cell.data[at]) || cell.data[at] == '.'); at++)
        digits += is_digit(cell.data[at]);
    if (digits == 0 || at + 3 > cell.size ||
        (cell.data[at] != 'E' && cell.data[at] != 'e') || cell.data[at + 1] != '+')
        return false;
    for (at += 2; at < cell.size; at++)
        if (!is_digit(cell.data[at]))
            return false;
    return true;
}

/* Take off currency signs and one sign; true in *ret_negative for a minus of any kind. */
static struct rebut_text bare_number(struct rebut_text cell, bool *ret_negative)
{
    static const char *const signs[] = {"¥",   "￥",  "$",   "£",   "€",   "元",    "圆",
                                        "CNY", "RMB", "GBP", "USD", "EUR", "人民币"};
    static const char *const minuses[] = {"-", "−", "－"};
    int minus_count = 0;
    for (bool found = true; found && cell.size > 0;) {
        found = false;
        cell = rebut_csv_trim(cell);
        for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
            if (starts_with(cell, signs[i]) || ends_with(cell, signs[i])) {
                const size_t size = strlen(signs[i]);
                cell = starts_with(cell, signs[i]) ? without(cell, size, 0)
                                                   : without(cell, 0, size);
                found = true;
            }
        }
        for (size_t i = 0; i < sizeof minuses / sizeof *minuses && !found; i++) {
            if (starts_with(cell, minuses[i]) || ends_with(cell, minuses[i])) {
                const size_t size = strlen(minuses[i]);
                cell = starts_with(cell, minuses[i]) ? without(cell, size, 0)
                                                     : without(cell, 0, size);
                minus_count++;
                found = true;
            }
        }
        if (cell.size >= 3 && starts_with(cell, "(") && ends_with(cell, ")")) {
            cell = without(cell, 1, 1);
            minus_count++;
            found = true;
        }
    }
    *ret_negative = minus_count > 0;
    return minus_count <= 1 ? cell : (struct rebut_text){cell.data, 0};
}

/* Is the byte at `at` a thousands separator with three digits, and no more, behind it? */
static bool is_group(struct rebut_text cell, size_t at, char separator)
{
    if ((cell.data[at] != separator && cell.data[at] != ' ' && cell.data[at] != '\'') ||
        at == 0 || at + 3 >= cell.size)
        return false;
    for (size_t i = at + 1; i <= at + 3; i++)
        if (!is_digit(cell.data[i]))
            return false;
    return at + 4 == cell.size || !is_digit(cell.data[at + 4]);
}

bool import_cell_decimal(struct rebut_text cell, char decimal, struct import_decimal *ret)
{
    const char separator = decimal == ',' ? '.' : ',';
    bool negative = false;
    cell = bare_number(cell, &negative);
    struct import_decimal number = {0};
    bool fraction = false;
    size_t first_group = 0; /* digits before the first separator */
    size_t digits = 0;
    for (size_t at = 0; at < cell.size; at++) {
        const char byte = cell.data[at];
        if (is_digit(byte)) {
            if (number.mantissa > MANTISSA_MAX / 10 || number.digits == 15)
                return false;
            number.mantissa = number.mantissa * 10 + (byte - '0');
            number.digits += fraction;
            digits++;
        } else if (byte == decimal && !fraction) {
            fraction = true;
        } else if (!fraction && is_group(cell, at, separator) &&
                   (first_group != 0 || digits <= 3)) {
            first_group = digits;
        } else {
            return false;
        }
    }
    if (digits == 0)
        return false;
    if (negative)
        number.mantissa = -number.mantissa;
    *ret = number;
    return true;
}

bool import_decimal_units(struct import_decimal a, struct import_decimal b,
                          int unit_digits, int64_t *ret)
{
    wide units = (wide)a.mantissa * b.mantissa; /* below 10^30 */
    int digits = a.digits + b.digits;
    for (; digits < unit_digits; digits++)
        units *= 10;
    wide divisor = 1;
    for (; digits > unit_digits; digits--)
        divisor *= 10;
    const wide half = units < 0 ? -(divisor / 2) : divisor / 2;
    units = (units + half) / divisor;
    if (units > INT64_MAX || units < -INT64_MAX)
        return false;
    *ret = (int64_t)units;
    return true;
}

/* A local date and time in pieces, as a format fills them. */
struct moment {
    int year, month, day, hour, minute, second, microsecond, offset_minutes;
    int afternoon; /* -1: not stated */
};

/* Read 1 to `most` digits (exactly `most` when `exact`) at *at. */
static bool read_digits(struct rebut_text cell, size_t *at, int most, bool exact,
                        int *ret)
{
    int value = 0;
    int count = 0;
    while (count < most && *at < cell.size && is_digit(cell.data[*at])) {
        value = value * 10 + (cell.data[*at] - '0');
        ++*at;
        count++;
    }
    *ret = value;
    return exact ? count == most : count > 0;
}

static bool read_month_name(struct rebut_text cell, size_t *at, int *ret)
{
    static const char names[] = "janfebmaraprmayjunjulaugsepoctnovdec";
    for (int month = 0; month < 12 && *at + 3 <= cell.size; month++) {
        if (strncasecmp(cell.data + *at, names + month * 3, 3) == 0) {
            *at += 3;
            *ret = month + 1;
            return true;
        }
    }
    return false;
}

static bool read_half(struct rebut_text cell, size_t *at, int *ret)
{
    static const char *const halves[] = {"AM", "PM", "am", "pm", "上午", "下午"};
    const struct rebut_text rest = without(cell, *at, 0);
    for (int i = 0; i < 6; i++) {
        if (starts_with(rest, halves[i])) {
            *at += strlen(halves[i]);
            *ret = i % 2;
            return true;
        }
    }
    return false;
}

static bool read_offset(struct rebut_text cell, size_t *at, int *ret_minutes)
{
    int hours = 0;
    int minutes = 0;
    if (*at < cell.size && cell.data[*at] == 'Z') {
        ++*at;
        *ret_minutes = 0;
        return true;
    }
    if (*at >= cell.size || (cell.data[*at] != '+' && cell.data[*at] != '-'))
        return false;
    const bool west = cell.data[(*at)++] == '-';
    if (!read_digits(cell, at, 2, true, &hours))
        return false;
    if (*at < cell.size && cell.data[*at] == ':')
        ++*at;
    if (!read_digits(cell, at, 2, true, &minutes) || hours > 23 || minutes > 59)
        return false;
    *ret_minutes = (west ? -1 : 1) * (hours * 60 + minutes);
    return true;
}

static bool read_fraction(struct rebut_text cell, size_t *at, int *ret)
{
    const size_t start = *at;
    int scale = 1000000;
    *ret = 0;
    for (; *at < cell.size && is_digit(cell.data[*at]); ++*at) {
        scale /= 10;
        *ret += scale * (cell.data[*at] - '0');
    }
    return *at > start && *at - start <= 9;
}

static bool read_letter(struct rebut_text cell, size_t *at, char letter,
                        struct moment *moment)
{
    switch (letter) {
    case 'Y':
        return read_digits(cell, at, 4, true, &moment->year);
    case 'y':
        if (!read_digits(cell, at, 2, true, &moment->year))
            return false;
        moment->year += 2000;
        return true;
    case 'm':
        return read_digits(cell, at, 2, false, &moment->month);
    case 'b':
        return read_month_name(cell, at, &moment->month);
    case 'd':
        return read_digits(cell, at, 2, false, &moment->day);
    case 'H':
    case 'I':
        return read_digits(cell, at, 2, false, &moment->hour) &&
               (letter == 'H' || (moment->hour >= 1 && moment->hour <= 12));
    case 'M':
        return read_digits(cell, at, 2, false, &moment->minute);
    case 'S':
        return read_digits(cell, at, 2, false, &moment->second);
    case 'f':
        return read_fraction(cell, at, &moment->microsecond);
    case 'p':
        return read_half(cell, at, &moment->afternoon);
    case 'z':
        return read_offset(cell, at, &moment->offset_minutes);
    default:
        return false;
    }
}

/* Fill the moment; a blank in the format is any white space, or none. */
static bool read_moment(struct rebut_text cell, const char *format, struct moment *moment)
{
    size_t at = 0;
    for (const char *f = format; *f != '\0'; f++) {
        if (*f == '%' && f[1] != '\0') {
            if (!read_letter(cell, &at, *++f, moment))
                return false;
        } else if (*f == ' ') {
            const size_t left = rebut_csv_trim(without(cell, at, 0)).size;
            at = cell.size - left;
        } else if (at < cell.size && cell.data[at] == *f) {
            at++;
        } else {
            return false;
        }
    }
    return at == cell.size;
}

/* The instant of a moment, if there is such a day. */
static bool find_instant(const struct moment *moment, int64_t *ret)
{
    int hour = moment->hour;
    if (moment->afternoon >= 0) {
        if (hour > 12 || hour < 1)
            return false;
        hour = hour % 12 + 12 * moment->afternoon;
    }
    const int offset = moment->offset_minutes;
    const int minutes = offset < 0 ? -offset : offset;
    char text[96];
    const int size = snprintf(
        text, sizeof text, "%04d-%02d-%02dT%02d:%02d:%02d.%06d%c%02d:%02d", moment->year,
        moment->month, moment->day, hour, moment->minute, moment->second,
        moment->microsecond, offset < 0 ? '-' : '+', minutes / 60, minutes % 60);
    return rebut_time_parse((struct rebut_text){text, (size_t)size}, ret);
}

/* Whole seconds: what Excel shows of a serial that no double holds exactly. */
static bool excel_time(struct rebut_text cell, int offset_minutes, int64_t *ret)
{
    double serial = 0;
    if (!rebut_text_double(cell, &serial) ||
        !(serial >= EXCEL_EPOCH && serial < EXCEL_MAX))
        return false;
    *ret = llround((serial - EXCEL_EPOCH) * 86400) * REBUT_SECOND -
           offset_minutes * REBUT_MINUTE;
    return *ret >= REBUT_TIME_MIN && *ret <= REBUT_TIME_MAX;
}

static bool epoch_time(struct rebut_text cell, int64_t unit, int64_t *ret)
{
    int64_t count = 0;
    if (!rebut_text_int64(cell, &count) || count < 0 || count > REBUT_TIME_MAX / unit)
        return false;
    *ret = count * unit;
    return true;
}

bool import_cell_time(struct rebut_text cell, const char *format, int offset_minutes,
                      int64_t *ret)
{
    if (strcmp(format, "excel") == 0)
        return excel_time(cell, offset_minutes, ret);
    if (strcmp(format, "epoch") == 0)
        return epoch_time(cell, REBUT_SECOND, ret);
    if (strcmp(format, "epoch_ms") == 0)
        return epoch_time(cell, REBUT_SECOND / 1000, ret);
    struct moment moment = {.afternoon = -1, .offset_minutes = offset_minutes};
    return read_moment(cell, format, &moment) && find_instant(&moment, ret);
}
