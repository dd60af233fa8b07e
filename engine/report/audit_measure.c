/* Stated against realised: by week, corrected for who was asked, by tenth, by month. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "audit_parts.h"
#include "rebut/time.h"

#define CONFIDENCE 0.95
#define NORMAL_95 1.959963984540054

int64_t rebut_audit_day(int64_t time)
{
    return (time + REBUT_AUDIT_ZONE * REBUT_MINUTE) / REBUT_DAY;
}

/* ISO 8601: a week belongs to the year of its Thursday. */
static void week_name(int64_t time, char ret[REBUT_AUDIT_PERIOD])
{
    char text[REBUT_TIME_SIZE];
    const int64_t day = rebut_audit_day(time);
    const int64_t thursday = day - (day + 3) % 7 + 3; /* 1970-01-01 was one */
    int64_t january = 0;
    rebut_time_format(thursday * REBUT_DAY, 0, text);
    memcpy(text + 4, "-01-01T00:00:00Z", 17);
    if (!rebut_time_parse(rebut_text_of(text), &january))
        january = thursday * REBUT_DAY;
    const unsigned week = (unsigned)((thursday - january / REBUT_DAY) / 7) % 53 + 1;
    snprintf(ret, REBUT_AUDIT_PERIOD, "%.4s-W%02u", text, week);
}

static void month_name(int64_t time, char ret[REBUT_AUDIT_PERIOD])
{
    char text[REBUT_TIME_SIZE];
    rebut_time_format(time, REBUT_AUDIT_ZONE, text);
    snprintf(ret, REBUT_AUDIT_PERIOD, "%.7s", text);
}

#define COMPARE(x, y)                                                                    \
    do {                                                                                 \
        if ((x) != (y))                                                                  \
            return (x) < (y) ? -1 : 1;                                                   \
    } while (0)

/* By verdict; all that is measured is compared, so that sums do not depend on the order
 * of reading. */
static int compare_items(const void *left, const void *right)
{
    const struct rebut_audit_item *a = left, *b = right;
    COMPARE(a->judged_at, b->judged_at);
    COMPARE(a->requested_at, b->requested_at);
    COMPARE(b->probability, a->probability);
    COMPARE(a->q_value, b->q_value);
    COMPARE(a->weight, b->weight);
    COMPARE(a->selection, b->selection);
    COMPARE(a->abuse, b->abuse);
    COMPARE(isnan(a->merchant), isnan(b->merchant));
    if (!isnan(a->merchant))
        COMPARE(a->merchant, b->merchant);
    COMPARE(a->channel, b->channel);
    COMPARE(a->one_order, b->one_order);
    return rebut_text_compare(a->region, b->region);
}

/* Add up in `stated`, divide in close_period. */
static void add_to_period(struct rebut_audit_period *period,
                          const struct rebut_audit_item *item)
{
    period->judged++;
    period->wrong += item->abuse == 0;
    period->stated += 1 - item->probability;
    period->q_value = fmax(period->q_value, item->q_value);
}

static bool close_period(struct rebut_audit_period *period, double e,
                         struct rebut_error *err)
{
    period->realised = period->corrected = (double)NAN;
    period->range = period->corrected_range = (struct rebut_interval){0, 1};
    if (period->judged == 0) {
        period->stated = period->q_value = (double)NAN;
        return true;
    }
    period->stated /= (double)period->judged;
    period->realised = (double)period->wrong / (double)period->judged;
    if (!rebut_interval_proportion(period->wrong, period->judged, CONFIDENCE,
                                   &period->range, err))
        return false;
    if (isnan(e))
        return true;
    period->corrected = rebut_share_corrected(period->realised, e);
    period->corrected_range.low = rebut_share_corrected(period->range.low, e);
    period->corrected_range.high = rebut_share_corrected(period->range.high, e);
    period->clamped = period->range.low < e || period->range.high > 1 - e;
    return true;
}

static bool measure_weeks(struct rebut_audit *audit, struct rebut_error *err)
{
    snprintf(audit->total.name, REBUT_AUDIT_PERIOD, "all");
    for (uint32_t i = 0; i < audit->items.count; i++) {
        const struct rebut_audit_item *item = &audit->items.data[i];
        char name[REBUT_AUDIT_PERIOD];
        if (!rebut_audit_ranked(item))
            continue;
        week_name(item->judged_at, name);
        if (audit->weeks.count == 0 ||
            strcmp(audit->weeks.data[audit->weeks.count - 1].name, name) != 0) {
            if (!REBUT_ARRAY_MORE(&audit->weeks, 1, "weeks", err))
                return false;
            struct rebut_audit_period *week = &audit->weeks.data[audit->weeks.count++];
            *week = (struct rebut_audit_period){0};
            memcpy(week->name, name, sizeof name);
        }
        add_to_period(&audit->weeks.data[audit->weeks.count - 1], item);
        add_to_period(&audit->total, item);
    }
    for (uint32_t i = 0; i < audit->weeks.count; i++)
        if (!close_period(&audit->weeks.data[i], audit->reviewer_error, err))
            return false;
    return close_period(&audit->total, audit->reviewer_error, err);
}

static bool measure_estimates(struct rebut_audit *audit, struct rebut_error *err)
{
    struct rebut_hajek sums[REBUT_AUDIT_ESTIMATES] = {{0}};
    for (uint32_t i = 0; i < audit->items.count; i++) {
        const struct rebut_audit_item *item = &audit->items.data[i];
        const bool ranked = rebut_audit_ranked(item);
        const bool accused = item->q_value <= REBUT_AUDIT_QUEUE;
        if (!(item->weight > 0))
            continue;
        rebut_hajek_add(&sums[REBUT_AUDIT_PREVALENCE], item->weight, item->abuse);
        if (ranked)
            rebut_hajek_add(&sums[REBUT_AUDIT_PRECISION], item->weight, item->abuse);
        if (accused)
            rebut_hajek_add(&sums[REBUT_AUDIT_PRECISION_Q], item->weight, item->abuse);
        if (item->abuse) {
            rebut_hajek_add(&sums[REBUT_AUDIT_RECALL], item->weight, ranked);
            rebut_hajek_add(&sums[REBUT_AUDIT_RECALL_Q], item->weight, accused);
        }
    }
    for (int i = 0; i < REBUT_AUDIT_ESTIMATES; i++)
        if (!rebut_hajek_estimate(&sums[i], &audit->estimates[i], err))
            return false;
    return true;
}

static bool make_arrays(struct rebut_audit *audit, struct rebut_error *err)
{
    const size_t room = audit->items.count + (size_t)1;
    audit->probability = calloc(room, sizeof *audit->probability);
    audit->label = calloc(room, sizeof *audit->label);
    audit->order = calloc(room, sizeof *audit->order);
    audit->work = calloc(room, sizeof *audit->work);
    return (audit->probability != NULL && audit->label != NULL && audit->order != NULL &&
            audit->work != NULL) ||
           rebut_fail_memory(err, "the audit");
}

/* Rank the items, or only those drawn at random. */
static bool rank(struct rebut_audit *audit, bool random, struct rebut_error *err)
{
    size_t count = 0;
    for (uint32_t i = 0; i < audit->items.count; i++) {
        const struct rebut_audit_item *item = &audit->items.data[i];
        if (random && item->selection != REBUT_SELECTION_RANDOM)
            continue;
        audit->probability[count] = item->probability;
        audit->label[count++] = item->abuse;
    }
    return rebut_ranking_make(audit->probability, audit->label, count, audit->order,
                              audit->work, &audit->ranking, err);
}

/* Leaves the ranking of all items. */
static bool measure_reliability(struct rebut_audit *audit, struct rebut_error *err)
{
    audit->reliability_random = audit->counts.random >= REBUT_AUDIT_RANDOM;
    return make_arrays(audit, err) && rank(audit, audit->reliability_random, err) &&
           rebut_metric_reliability(&audit->ranking, REBUT_AUDIT_BINS, audit->reliability,
                                    err) &&
           rebut_audit_venn(audit, err) &&
           (!audit->reliability_random || rank(audit, false, err));
}

/* One month: items [begin, end). */
static struct rebut_audit_month measure_month(const struct rebut_audit_item *items,
                                              size_t count)
{
    const double n = (double)count;
    struct rebut_audit_month month = {.judged = count};
    double squares = 0;
    for (size_t i = 0; i < count; i++)
        month.shift += (items[i].abuse - items[i].probability) / n;
    for (size_t i = 0; i < count; i++) {
        const double off = items[i].abuse - items[i].probability - month.shift;
        squares += off * off;
    }
    const double reach =
        count > 1 ? NORMAL_95 * sqrt(squares / (n * (n - 1))) : (double)NAN;
    month.range = (struct rebut_interval){month.shift - reach, month.shift + reach};
    month_name(items[0].judged_at, month.name);
    return month;
}

static bool measure_months(struct rebut_audit *audit, struct rebut_error *err)
{
    const struct rebut_audit_item *items = audit->items.data;
    for (uint32_t begin = 0, end = 0; begin < audit->items.count; begin = end) {
        char name[REBUT_AUDIT_PERIOD], other[REBUT_AUDIT_PERIOD];
        month_name(items[begin].judged_at, name);
        for (end = begin + 1; end < audit->items.count; end++) {
            month_name(items[end].judged_at, other);
            if (strcmp(name, other) != 0)
                break;
        }
        if (!REBUT_ARRAY_MORE(&audit->months, 1, "months", err))
            return false;
        audit->months.data[audit->months.count++] =
            measure_month(items + begin, end - begin);
    }
    return true;
}

bool rebut_audit_measure(struct rebut_audit *audit, struct rebut_error *err)
{
    qsort(audit->items.data, audit->items.count, sizeof *audit->items.data,
          compare_items);
    return rebut_audit_reviewers(audit, err) && measure_weeks(audit, err) &&
           measure_estimates(audit, err) && measure_reliability(audit, err) &&
           rebut_audit_calibrate(audit, err) && measure_months(audit, err) &&
           rebut_audit_groups(audit, err);
}
