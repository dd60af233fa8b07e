/* demand.h -- when do people order?
 *
 * By the hour of the day, the day of the week, the season and the festivals; the
 * days differ by a few per cent without a reason.
 */
#ifndef REBUT_SIMULATE_DEMAND_H
#define REBUT_SIMULATE_DEMAND_H

#include "rebut/error.h"

#include <stdint.h>

struct day {
    const char *campaign; /* "618", or NULL */
    double rush;          /* orders against a plain day */
    double heat;          /* 0 in January, 1 in July */
};

struct demand {
    uint64_t seed;
    uint64_t orders;
    struct day *days;   /* [day_count + 1], the last for what comes after */
    double *cumulative; /* [24 * day_count + 1]: share of the orders before the hour */
    uint32_t day_count;
    uint32_t hour; /* of the last order: times are asked for in order */
};

/* `start` is microseconds UTC; local time is UTC+8. */
REBUT_MUST_CHECK bool sim_demand_init(struct demand *demand, uint64_t seed,
                                      uint64_t orders, uint32_t day_count, int64_t start,
                                      struct rebut_error *err);
void sim_demand_release(struct demand *demand);

/* The second of order `i`; calls must come with rising i.  Times never fall. */
uint32_t sim_demand_second(struct demand *demand, uint64_t i);

static inline const struct day *demand_day(const struct demand *demand, uint32_t second)
{
    const uint32_t day = second / 86400;
    return &demand->days[day < demand->day_count ? day : demand->day_count];
}

/* Year, month and day of a count of days since 1970-01-01. */
struct date {
    int year, month, day;
};
struct date sim_date_of(int64_t days);

#endif
