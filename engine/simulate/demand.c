#include "demand.h"

#include <stdlib.h>

#include "dice.h"
#include "rebut/time.h"

#define LOCAL_OFFSET (8 * REBUT_HOUR)

struct festival {
    const char *name;
    int from, to;     /* month * 100 + day, both within */
    int peak1, peak2; /* the days when half the country orders */
    double rush, peak;
};
static const struct festival festivals[] = {
    {"new_year_goods", 115, 122, 116, 122, 1.3, 1.5},
    {"38", 303, 308, 303, 308, 1.25, 1.9},
    {"51", 428, 503, 430, 501, 1.2, 1.4},
    {"618", 530, 620, 601, 618, 1.35, 2.7},
    {"818", 815, 818, 818, 818, 1.2, 1.5},
    {"double11", 1024, 1111, 1101, 1111, 1.4, 3.2},
    {"double12", 1209, 1212, 1212, 1212, 1.25, 1.8},
};

/* Share of a day's orders by the local hour: the evening, and the lunch break. */
static const double by_hour[24] = {
    24, 12, 6,  4,  3,  5,  12, 24, 38, 52, 62, 62,
    58, 58, 56, 54, 54, 52, 54, 66, 82, 90, 78, 46,
};
/* Monday first. */
static const double by_weekday[7] = {1.0, .98, .98, .97, 1.0, 1.06, 1.05};

/* Howard Hinnant's civil_from_days. */
struct date sim_date_of(int64_t days)
{
    days += 719468;
    const int64_t era = (days >= 0 ? days : days - 146096) / 146097;
    const int64_t of_era = days - era * 146097;
    const int64_t year_of_era =
        (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    const int64_t of_year =
        of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    const int64_t month = (5 * of_year + 2) / 153; /* March is 0 */
    const int day = (int)(of_year - (153 * month + 2) / 5) + 1;
    const int civil_month = (int)(month < 10 ? month + 3 : month - 9);
    const int64_t year = year_of_era + era * 400 + (civil_month <= 2);
    return (struct date){(int)year, civil_month, day};
}

static struct day describe_day(int64_t civil_day, uint64_t seed)
{
    const struct date date = sim_date_of(civil_day);
    const int code = date.month * 100 + date.day;
    struct day day = {.rush = 1};
    for (size_t i = 0; i < sizeof festivals / sizeof festivals[0]; i++) {
        const struct festival *it = &festivals[i];
        if (code >= it->from && code <= it->to) {
            day.campaign = it->name;
            day.rush = code == it->peak1 || code == it->peak2 ? it->peak : it->rush;
        }
    }
    day.rush *= by_weekday[(civil_day + 3) % 7];
    day.rush *= 1 + .05 * normal_of(hash_of(seed, (uint64_t)civil_day));
    const int of_year = (date.month - 1) * 30 + date.day;
    const int from_july = of_year > 200 ? of_year - 200 : 200 - of_year;
    day.heat = clamp(1 - from_july / 150.0, 0, 1);
    return day;
}

bool sim_demand_init(struct demand *demand, uint64_t seed, uint64_t orders,
                     uint32_t day_count, int64_t start, struct rebut_error *err)
{
    *demand = (struct demand){.seed = seed, .orders = orders, .day_count = day_count};
    demand->days = malloc((day_count + 1) * sizeof *demand->days);
    demand->cumulative = malloc((24 * (size_t)day_count + 1) * sizeof(double));
    if (demand->days == NULL || demand->cumulative == NULL)
        return rebut_fail_memory(err, "the days");

    const int64_t first_hour = (start + LOCAL_OFFSET) / REBUT_HOUR;
    for (uint32_t d = 0; d <= day_count; d++)
        demand->days[d] = describe_day((first_hour + 12) / 24 + d, seed);
    double sum = 0;
    for (uint32_t h = 0; h < 24 * day_count; h++) {
        demand->cumulative[h] = sum;
        sum += by_hour[(first_hour + h) % 24] * demand->days[h / 24].rush;
    }
    for (uint32_t h = 0; h < 24 * day_count; h++)
        demand->cumulative[h] /= sum;
    demand->cumulative[24 * (size_t)day_count] = 1;
    return true;
}

void sim_demand_release(struct demand *demand)
{
    free(demand->days);
    free(demand->cumulative);
    *demand = (struct demand){0};
}

uint32_t sim_demand_second(struct demand *demand, uint64_t i)
{
    const double jitter = fraction_of(hash_of(demand->seed ^ 0x5ec0, i));
    const double share = ((double)i + jitter) / (double)demand->orders;
    while (demand->hour + 1 < 24 * demand->day_count &&
           demand->cumulative[demand->hour + 1] <= share)
        demand->hour++;
    const double *here = &demand->cumulative[demand->hour];
    const double within = (share - here[0]) / (here[1] - here[0]);
    return demand->hour * 3600 + (uint32_t)clamp(within * 3600, 0, 3599);
}
