#include "appeals_sums.h"

#include <stdlib.h>

#include "pack_figures.h"

static void add(struct appeals_sum *sum, const struct rebut_appeal *appeal)
{
    sum->count[appeal->status]++;
    if (appeal->amount >= 0) {
        sum->amount[appeal->status] += appeal->amount;
        sum->amount_known[appeal->status]++;
    }
    if (appeal->recovered >= 0) {
        sum->recovered += appeal->recovered;
        sum->recovered_known++;
    }
}

static void rate(struct appeals_sum *sum)
{
    const int64_t won = sum->count[REBUT_APPEAL_WON];
    sum->success = rebut_pack_rate_of(won, won + sum->count[REBUT_APPEAL_LOST]);
}

/* ---- groups ---- */

/* What is not stated sorts first. */
static int by_platform(const void *left, const void *right)
{
    const struct rebut_appeal *const *a = left, *const *b = right;
    return rebut_text_compare((*a)->platform, (*b)->platform);
}

static int by_reason(const void *left, const void *right)
{
    const struct rebut_appeal *const *a = left, *const *b = right;
    const int platforms = by_platform(left, right);
    return platforms != 0 ? platforms : rebut_text_compare((*a)->reason, (*b)->reason);
}

/* `sorted` has the appeals; gives the groups' number.  `reasons`: also by reason. */
static uint32_t make_groups(const struct rebut_appeal **sorted, uint32_t count,
                            bool reasons, struct appeals_group *groups)
{
    int (*compare)(const void *, const void *) = reasons ? by_reason : by_platform;
    uint32_t made = 0;
    if (count > 0)
        qsort(sorted, count, sizeof *sorted, compare);
    for (uint32_t i = 0; i < count; i++) {
        if (i == 0 || compare(&sorted[i - 1], &sorted[i]) != 0) {
            groups[made] = (struct appeals_group){.platform = sorted[i]->platform};
            if (reasons)
                groups[made].reason = sorted[i]->reason;
            made++;
        }
        add(&groups[made - 1].sum, sorted[i]);
    }
    for (uint32_t i = 0; i < made; i++)
        rate(&groups[i].sum);
    return made;
}

/* ---- deadlines ---- */

static int by_deadline(const void *left, const void *right)
{
    const struct rebut_appeal *const *a = left, *const *b = right;
    if ((*a)->expires != (*b)->expires)
        return (*a)->expires < (*b)->expires ? -1 : 1;
    return rebut_text_compare((*a)->request_id, (*b)->request_id);
}

static void find_due(const struct rebut_appeals *appeals,
                     const struct rebut_appeal **sorted, struct appeals_sums *sums)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < appeals->count; i++) {
        const struct rebut_appeal *appeal = &appeals->list[i];
        if (appeal->status != REBUT_APPEAL_OPENED || appeal->expires == REBUT_TIME_NONE ||
            appeal->expires > appeals->as_of + REBUT_APPEALS_SOON)
            continue;
        sorted[count++] = appeal;
        if (appeal->expires < appeals->as_of)
            sums->passed++;
        else
            sums->soon++;
    }
    if (count > 0)
        qsort(sorted, count, sizeof *sorted, by_deadline);
    for (uint32_t i = 0; i < count; i++)
        sums->due[i] = (uint32_t)(sorted[i] - appeals->list);
}

bool rebut_appeals_sums_open(struct appeals_sums *ret,
                             const struct rebut_appeals *appeals, struct rebut_error *err)
{
    const size_t room = appeals->count + (size_t)1;
    const struct rebut_appeal **sorted = malloc(room * sizeof *sorted);
    *ret = (struct appeals_sums){.platforms = malloc(room * sizeof *ret->platforms),
                                 .reasons = malloc(room * sizeof *ret->reasons),
                                 .due = malloc(room * sizeof *ret->due)};
    if (sorted == NULL || ret->platforms == NULL || ret->reasons == NULL ||
        ret->due == NULL) {
        free(sorted);
        rebut_appeals_sums_close(ret);
        return rebut_fail_memory(err, "the account of appeals");
    }
    for (uint32_t i = 0; i < appeals->count; i++) {
        sorted[i] = &appeals->list[i];
        add(&ret->all, sorted[i]);
    }
    rate(&ret->all);
    ret->platforms_count = make_groups(sorted, appeals->count, false, ret->platforms);
    ret->reasons_count = make_groups(sorted, appeals->count, true, ret->reasons);
    find_due(appeals, sorted, ret);
    free(sorted);
    return true;
}

void rebut_appeals_sums_close(struct appeals_sums *sums)
{
    free(sums->platforms);
    free(sums->reasons);
    free(sums->due);
    *sums = (struct appeals_sums){0};
}
