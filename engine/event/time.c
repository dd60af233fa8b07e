/* RFC 3339 times of any year. */
#include "field.h"

#include <endian.h>

#define EPOCH_DAYS 719528 /* from 0000-01-01 to 1970-01-01 */
#define CYCLE_YEARS 400   /* after which the Gregorian calendar repeats itself */
#define CYCLE_DAYS 146097

/* Eight characters as a number, the first lowest. */
#define FORM(a, b, c, d, e, f, g, h)                                                     \
    ((uint64_t)(a) | (uint64_t)(b) << 8 | (uint64_t)(c) << 16 | (uint64_t)(d) << 24 |    \
     (uint64_t)(e) << 32 | (uint64_t)(f) << 40 | (uint64_t)(g) << 48 |                   \
     (uint64_t)(h) << 56)

static inline uint64_t load8(const char *bytes)
{
    uint64_t word = 0;
    memcpy(&word, bytes, sizeof word);
    return le64toh(word);
}

/* The bytes as differences to `form`.  *bad gets a high bit where one is more than 9 at a
 * '0' of the form, or more than 0 elsewhere: a '0' is added 0x76, the rest 0x7f. */
static inline uint64_t digits_of(uint64_t bytes, uint64_t form, uint64_t slack,
                                 uint64_t *bad)
{
    const uint64_t values = bytes ^ form;
    *bad |= (values + slack) | values;
    return values;
}

/* The two digits at byte `place`, as a number. */
static inline unsigned pair(uint64_t pairs, int place)
{
    return (unsigned)(pairs >> place * 8) & 0xff;
}

/* Days from 0000-01-01 to a day in the proleptic Gregorian calendar; false when the
 * month has no such day.  No branch on what cannot be predicted. */
static inline bool days_of(unsigned century, unsigned year, unsigned month, unsigned day,
                           int64_t *ret_days)
{
    /* Days in a year, a leap one too, before the months 1 to 12, and in the whole. */
    static const uint16_t before[2][13] = {
        {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365},
        {0, 31, 60, 91, 121, 152, 182, 213, 244, 274, 305, 335, 366},
    };
    if (month - 1 > 11)
        return false;
    const bool leap = ((year == 0 ? century : year) & 3) == 0;
    const unsigned first = before[leap][month - 1];
    const unsigned whole = century * 100 + year;
    const unsigned centuries = century + (year != 0);
    const unsigned leap_days = (whole + 3) / 4 - centuries + (centuries + 3) / 4;
    *ret_days = whole * INT64_C(365) + leap_days + first + day - 1;
    return day - 1 < before[leap][month] - first;
}

/* "2026-03-01T00:00:13+08:00" and "2026-02-28T16:00:13Z", nearly all times there are,
 * eight bytes at once; false also for what is spelled in another way. */
static bool plain_time(struct rebut_text text, int64_t *ret_time)
{
    const char *p = text.data;
    const uint64_t west_form = FORM('0', '0', '-', '0', '0', ':', '0', '0');
    const uint64_t east_form = FORM('0', '0', '+', '0', '0', ':', '0', '0');
    uint64_t rest = 0;
    if (text.size == 25)
        rest = load8(p + 17);
    else if (text.size == 20 && p[19] == 'Z')
        rest = (load8(p + 12) >> 40 & 0xffff) | (east_form & ~UINT64_C(0xffff));
    else
        return false;
    const bool west = (rest >> 16 & 0xff) == '-';
    uint64_t bad = 0;
    const uint64_t date =
        digits_of(load8(p), FORM('0', '0', '0', '0', '-', '0', '0', '-'),
                  UINT64_C(0x7f76767f76767676), &bad);
    const uint64_t middle =
        digits_of(load8(p + 8), FORM('0', '0', 'T', '0', '0', ':', '0', '0'),
                  UINT64_C(0x76767f76767f7676), &bad);
    const uint64_t last =
        digits_of(rest, west ? west_form : east_form, UINT64_C(0x76767f76767f7676), &bad);
    const uint64_t pairs[3] = {date * 10 + (date >> 8), middle * 10 + (middle >> 8),
                               last * 10 + (last >> 8)};
    const unsigned hour = pair(pairs[1], 3), minute = pair(pairs[1], 6);
    const unsigned second = pair(pairs[2], 0);
    const unsigned offset_hour = pair(pairs[2], 3), offset_minute = pair(pairs[2], 6);
    int64_t days = 0;
    if ((bad & UINT64_C(0x8080808080808080)) != 0 || p[16] != ':' || hour > 23 ||
        minute > 59 || second > 59 || offset_hour > 23 || offset_minute > 59 ||
        !days_of(pair(pairs[0], 0), pair(pairs[0], 2), pair(pairs[0], 5),
                 pair(pairs[1], 0), &days))
        return false;
    const int64_t offset = (int64_t)offset_hour * 60 + offset_minute;
    const int64_t minutes = (int64_t)hour * 60 + minute - (west ? -offset : offset);
    *ret_time =
        (days - EPOCH_DAYS) * REBUT_DAY + minutes * REBUT_MINUTE + second * REBUT_SECOND;
    return true;
}

/* rebut_time_parse takes the years 1970 to 9999: ask for the same day in the cycle
 * that begins with 2000, and go back by whole cycles.  (Kept out of the way of the rest,
 * which then needs no stack.) */
__attribute__((noinline)) static bool any_time(struct rebut_text text, int64_t *ret_time)
{
    char shifted[40];
    int year = 0;
    for (int i = 0; i < 4; i++) {
        const unsigned digit = (unsigned char)text.data[i] - (unsigned)'0';
        if (digit > 9)
            return false;
        year = year * 10 + (int)digit;
    }
    const int twin = 2000 + year % CYCLE_YEARS;
    memcpy(shifted, text.data, text.size);
    for (int i = 3, rest = twin; i >= 0; i--, rest /= 10)
        shifted[i] = (char)('0' + rest % 10);
    int64_t time = 0;
    if (!rebut_time_parse((struct rebut_text){shifted, text.size}, &time))
        return false;
    *ret_time = time + (year - twin) / CYCLE_YEARS * (CYCLE_DAYS * REBUT_DAY);
    return true;
}

bool rebut_event_time(struct rebut_text text, int64_t *ret_time)
{
    if (text.size < 20 || text.size > 40)
        return false;
    return plain_time(text, ret_time) || any_time(text, ret_time);
}
