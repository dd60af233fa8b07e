/* rebut/time.h -- instants as int64 microseconds since 1970-01-01T00:00:00Z.
 *
 * Nothing here reads a clock or the time zone of the machine: an instant comes in as
 * text with an offset, and goes out as text with the offset that the caller names.
 */
#ifndef REBUT_TIME_H
#define REBUT_TIME_H

#include "rebut/error.h"
#include "rebut/text.h"

#define REBUT_SECOND INT64_C(1000000)
#define REBUT_MINUTE (60 * REBUT_SECOND)
#define REBUT_HOUR (60 * REBUT_MINUTE)
#define REBUT_DAY (24 * REBUT_HOUR)

/* Instants that are accepted from outside: 1970-01-01 to 9999-12-31. */
#define REBUT_TIME_MIN INT64_C(0)
#define REBUT_TIME_MAX INT64_C(253402300799999999)
/* No such instant (an event that has not happened). */
#define REBUT_TIME_NONE INT64_MIN

/* Parse RFC 3339 with an offset ("2026-03-01T00:00:13+08:00", fraction of up to nine
 * digits, microseconds kept, 'Z', 'T' or a blank between).  A leap second :60 is
 * taken as :59.999999.  False when it is anything else or out of range. */
bool rebut_time_parse(struct rebut_text text, int64_t *ret_time);

/* The same, and also "2026-03-01" (midnight UTC), with words on failure: for the
 * command line. */
REBUT_MUST_CHECK bool rebut_time_parse_argument(const char *argument, int64_t *ret_time,
                                                struct rebut_error *err);

#define REBUT_TIME_SIZE 40
/* Write "2026-03-01T00:00:13+08:00" (fraction only when there is one) for the given
 * offset from UTC in minutes, within +-1439. */
void rebut_time_format(int64_t time, int offset_minutes, char ret_text[REBUT_TIME_SIZE]);

#endif
