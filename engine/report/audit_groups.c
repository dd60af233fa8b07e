/* Who is wrongly accused, by group? */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "audit_parts.h"

#define CONFIDENCE 0.95

typedef struct rebut_text name_of(const struct rebut_audit *audit,
                                  const struct rebut_audit_item *item);

static struct rebut_text or_unknown(struct rebut_text text)
{
    return text.size > 0 ? text : REBUT_TEXT("unknown");
}

/* The term speaks of abuse, so it is high where the merchant is seldom at fault. */
static struct rebut_text fault_of(const struct rebut_audit *audit,
                                  const struct rebut_audit_item *item)
{
    if (isnan(item->merchant))
        return REBUT_TEXT("unknown");
    if (item->merchant >= audit->tertile[1])
        return REBUT_TEXT("low");
    return item->merchant >= audit->tertile[0] ? REBUT_TEXT("middle")
                                               : REBUT_TEXT("high");
}

static struct rebut_text one_order_of(const struct rebut_audit *audit,
                                      const struct rebut_audit_item *item)
{
    (void)audit;
    return item->one_order ? REBUT_TEXT("yes") : REBUT_TEXT("no");
}

static struct rebut_text channel_of(const struct rebut_audit *audit,
                                    const struct rebut_audit_item *item)
{
    (void)audit;
    return or_unknown(rebut_text_of(rebut_words_channel[item->channel]));
}

static struct rebut_text region_of(const struct rebut_audit *audit,
                                   const struct rebut_audit_item *item)
{
    (void)audit;
    return or_unknown(item->region);
}

static struct rebut_text selection_of(const struct rebut_audit *audit,
                                      const struct rebut_audit_item *item)
{
    (void)audit;
    return or_unknown(rebut_text_of(rebut_words_selection[item->selection]));
}

static struct rebut_text delay_of(const struct rebut_audit *audit,
                                  const struct rebut_audit_item *item)
{
    (void)audit;
    const int64_t days =
        rebut_audit_day(item->judged_at) - rebut_audit_day(item->requested_at);
    if (days < 1)
        return REBUT_TEXT("same_day");
    return days <= 3   ? REBUT_TEXT("1_3_days")
           : days <= 7 ? REBUT_TEXT("4_7_days")
                       : REBUT_TEXT("later");
}

static const struct {
    const char *kind;
    name_of *name;
    bool all; /* of all judged requests, not of ranked ones alone */
} kinds[] = {
    {"merchant_fault", fault_of, false}, {"one_order", one_order_of, false},
    {"channel", channel_of, false},      {"region", region_of, false},
    {"selection", selection_of, true},   {"delay", delay_of, false},
};

static struct rebut_audit_group *find_group(struct rebut_audit *audit, uint32_t first,
                                            const char *kind, struct rebut_text name,
                                            struct rebut_error *err)
{
    char text[sizeof audit->groups.data->name];
    snprintf(text, sizeof text, "%.*s", (int)(name.size < 70 ? name.size : 70),
             name.data);
    for (uint32_t i = first; i < audit->groups.count; i++)
        if (strcmp(audit->groups.data[i].name, text) == 0)
            return &audit->groups.data[i];
    if (!REBUT_ARRAY_MORE(&audit->groups, 1, "groups", err))
        return NULL;
    struct rebut_audit_group *group = &audit->groups.data[audit->groups.count++];
    *group = (struct rebut_audit_group){.kind = kind};
    memcpy(group->name, text, sizeof text);
    return group;
}

/* Pool the small groups from `first` on into one at the end. */
static void pool_small(struct rebut_audit *audit, uint32_t first)
{
    struct rebut_audit_group *groups = audit->groups.data;
    struct rebut_audit_group other = {.name = "other"};
    uint32_t kept = first;
    for (uint32_t i = first; i < audit->groups.count; i++) {
        if (groups[i].judged >= REBUT_AUDIT_GROUP) {
            groups[kept++] = groups[i];
            continue;
        }
        other.kind = groups[i].kind;
        other.judged += groups[i].judged;
        other.wrong += groups[i].wrong;
        other.stated += groups[i].stated;
    }
    if (other.judged > 0)
        groups[kept++] = other;
    audit->groups.count = kept;
}

static int compare_groups(const void *left, const void *right)
{
    const struct rebut_audit_group *a = left, *b = right;
    return strcmp(a->name, b->name);
}

static bool measure_kind(struct rebut_audit *audit, size_t kind, struct rebut_error *err)
{
    const uint32_t first = audit->groups.count;
    for (uint32_t i = 0; i < audit->items.count; i++) {
        const struct rebut_audit_item *item = &audit->items.data[i];
        if (!kinds[kind].all && !rebut_audit_ranked(item))
            continue;
        struct rebut_audit_group *group = find_group(audit, first, kinds[kind].kind,
                                                     kinds[kind].name(audit, item), err);
        if (group == NULL)
            return false;
        group->judged++;
        group->wrong += item->abuse == 0;
        group->stated += 1 - item->probability;
    }
    if (audit->groups.count > first)
        qsort(audit->groups.data + first, audit->groups.count - first,
              sizeof *audit->groups.data, compare_groups);
    pool_small(audit, first);
    for (uint32_t i = first; i < audit->groups.count; i++) {
        struct rebut_audit_group *group = &audit->groups.data[i];
        group->rate = (double)group->wrong / (double)group->judged;
        group->stated /= (double)group->judged;
        if (!rebut_interval_proportion(group->wrong, group->judged, CONFIDENCE,
                                       &group->range, err))
            return false;
    }
    return true;
}

bool rebut_audit_groups(struct rebut_audit *audit, struct rebut_error *err)
{
    for (size_t kind = 0; kind < sizeof kinds / sizeof *kinds; kind++)
        if (!measure_kind(audit, kind, err))
            return false;
    return true;
}
