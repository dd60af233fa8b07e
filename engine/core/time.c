#include "rebut/time.h"

#include <stdio.h>

/* Days since 1970-01-01 of a date in the proleptic Gregorian calendar
 * (Howard Hinnant's days_from_civil, public domain algorithm). */
static int64_t days_from_date(int year, int month, int day)
{
    year -= month <= 2;
    const int era = year / 400;
    const int year_of_era = year - era * 400;
    const int day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    const int day_of_era =
        year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return (int64_t)era * 146097 + day_of_era - 719468;
}

static int days_in_month(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month == 2 && leap ? 29 : days[month - 1];
}

/* `count` decimal digits at p as a number, or -1. */
static int digits(const char *p, int count)
{
    int value = 0;
    for (int i = 0; i < count; i++) {
        const unsigned digit = (unsigned char)p[i] - (unsigned)'0';
        if (digit > 9)
            return -1;
        value = value * 10 + (int)digit;
    }
    return value;
}

/* Parse ".123456789" at *at (if there) into microseconds, moving *at; -1 when bad. */
static int64_t parse_fraction(struct rebut_text text, size_t *at)
{
    if (*at >= text.size || text.data[*at] != '.')
        return 0;
    const size_t start = ++*at;
    int64_t fraction = 0;
    int64_t scale = 1000000;
    while (*at < text.size && text.data[*at] >= '0' && text.data[*at] <= '9') {
        scale /= 10;
        fraction += scale * (text.data[*at] - '0');
        ++*at;
    }
    return *at == start || *at - start > 9 ? -1 : fraction;
}

/* Parse "Z" or "+08:00" as the rest of the text into minutes. */
static bool parse_offset(const char *p, size_t left, int *ret_minutes)
{
    if (left == 1 && (p[0] == 'Z' || p[0] == 'z')) {
        *ret_minutes = 0;
        return true;
    }
    if (left != 6 || (p[0] != '+' && p[0] != '-') || p[3] != ':')
        return false;
    const int hours = digits(p + 1, 2);
    const int minutes = digits(p + 4, 2);
    if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59)
        return false;
    *ret_minutes = (p[0] == '-' ? -1 : 1) * (hours * 60 + minutes);
    return true;
}

bool rebut_time_parse(struct rebut_text text, int64_t *ret_time)
{
    const char *p = text.data;
    if (text.size < 20 || p[4] != '-' || p[7] != '-' || p[13] != ':' || p[16] != ':' ||
        (p[10] != 'T' && p[10] != 't' && p[10] != ' '))
        return false;
    const int year = digits(p, 4);
    const int month = digits(p + 5, 2);
    const int day = digits(p + 8, 2);
    const int hour = digits(p + 11, 2);
    const int minute = digits(p + 14, 2);
    const int second = digits(p + 17, 2);
    if (year < 0 || month < 1 || month > 12 || day < 1 ||
        day > days_in_month(year, month))
        return false;
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60)
        return false;
    size_t at = 19;
    int64_t fraction = parse_fraction(text, &at);
    int offset = 0;
    if (fraction < 0 || !parse_offset(p + at, text.size - at, &offset))
        return false;
    int64_t seconds = hour * 3600 + minute * 60 + second;
    if (second == 60) {
        seconds--;
        fraction = 999999;
    }
    const int64_t time = days_from_date(year, month, day) * REBUT_DAY +
                         seconds * REBUT_SECOND + fraction - offset * REBUT_MINUTE;
    if (time < REBUT_TIME_MIN || time > REBUT_TIME_MAX)
        return false;
    *ret_time = time;
    return true;
}

bool rebut_time_parse_argument(const char *argument, int64_t *ret_time,
                               struct rebut_error *err)
{
    char whole[32];
    struct rebut_text text = rebut_text_of(argument);
    if (text.size == 10) {
        snprintf(whole, sizeof whole, "%sT00:00:00Z", argument);
        text = rebut_text_of(whole);
    }
    if (rebut_time_parse(text, ret_time))
        return true;
    return rebut_fail(err, REBUT_EUSAGE,
                      "expected a time like '2026-06-30T00:00:00+08:00' or '2026-06-30', "
                      "got '%.40s'",
                      argument);
}

/* The inverse of days_from_date (Hinnant's civil_from_days). */
static void date_from_days(int64_t days, int *ret_year, int *ret_month, int *ret_day)
{
    days += 719468;
    const int64_t era = (days >= 0 ? days : days - 146096) / 146097;
    const int day_of_era = (int)(days - era * 146097);
    const int year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    const int day_of_year =
        day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    const int shifted = (5 * day_of_year + 2) / 153;
    *ret_day = day_of_year - (153 * shifted + 2) / 5 + 1;
    *ret_month = shifted < 10 ? shifted + 3 : shifted - 9;
    *ret_year = (int)(year_of_era + era * 400) + (*ret_month <= 2);
}

/* `before`, unless it is 0, and `count` digits; returns their end.  printf is ten times
 * as slow. */
static char *put_digits(char *at, char before, int number, int count)
{
    if (before != '\0')
        *at++ = before;
    for (int i = count - 1; i >= 0; i--, number /= 10)
        at[i] = (char)('0' + number % 10);
    return at + count;
}

void rebut_time_format(int64_t time, int offset_minutes, char ret_text[REBUT_TIME_SIZE])
{
    if (time == REBUT_TIME_NONE) {
        ret_text[0] = '\0';
        return;
    }
    const int64_t local = time + offset_minutes * REBUT_MINUTE;
    int64_t days = local / REBUT_DAY;
    int64_t rest = local % REBUT_DAY;
    if (rest < 0) {
        days--;
        rest += REBUT_DAY;
    }
    int year = 0, month = 0, day = 0;
    date_from_days(days, &year, &month, &day);
    const int seconds = (int)(rest / REBUT_SECOND);
    const int fraction = (int)(rest % REBUT_SECOND);
    const bool usual = year >= 0 && year <= 9999; /* others are only complained of */
    char *at = usual ? put_digits(ret_text, '\0', year, 4)
                     : ret_text + snprintf(ret_text, REBUT_TIME_SIZE, "%04d", year);
    at = put_digits(at, '-', month, 2);
    at = put_digits(at, '-', day, 2);
    at = put_digits(at, 'T', seconds / 3600, 2);
    at = put_digits(at, ':', seconds / 60 % 60, 2);
    at = put_digits(at, ':', seconds % 60, 2);
    if (fraction != 0)
        at = put_digits(at, '.', fraction, 6);
    if (offset_minutes == 0) {
        memcpy(at, "Z", 2);
        return;
    }
    const int minutes = offset_minutes < 0 ? -offset_minutes : offset_minutes;
    at = put_digits(at, offset_minutes < 0 ? '-' : '+', minutes / 60 % 24, 2);
    at = put_digits(at, ':', minutes % 60, 2);
    *at = '\0';
}
