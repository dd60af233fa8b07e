/* The groups that a night has found: accounts that share a key and bad company, which the
 * scores know already, and accounts that act together without one, which are leads. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "parts.h"
#include "rebut/copy.h"
#include "rebut/fixed.h"
#include "rebut/groups.h"
#include "statements.h"

#define GROUP_COLUMNS 5
#define DETAIL_SIZE 400

static const char *const key_words[REBUT_KEYS] = {
    [REBUT_KEY_DEVICE] = "device",
    [REBUT_KEY_ADDRESS] = "address",
    [REBUT_KEY_PAYMENT] = "payment",
};

struct writing {
    struct night *night;
    struct rebut_copy copy;
    struct rebut_text *members; /* [REBUT_RING_MAX]: leads are no larger */
    int32_t number;
};

static void put_group(struct writing *writing, const char *kind, int count,
                      const char *detail)
{
    struct rebut_copy *copy = &writing->copy;
    rebut_copy_row(copy);
    rebut_copy_bigint(copy, writing->night->report->run_id);
    rebut_copy_integer(copy, ++writing->number);
    rebut_copy_text(copy, rebut_text_of(kind));
    rebut_copy_texts(copy, writing->members, count);
    rebut_copy_text(copy, rebut_text_of(detail));
}

/* Accounts that share a key, where the group is more likely bad company than not. */
static void put_rings(struct writing *writing)
{
    const struct night *night = writing->night;
    const struct rebut_frame *frame = &night->frame;
    const double theta = night->model.ring.theta;
    const double prior = log(theta) - log1p(-theta);
    for (uint32_t g = 0; g < frame->groups_count; g++) {
        const struct rebut_group *group = &frame->groups[g];
        char detail[DETAIL_SIZE];
        const double log_odds = prior + rebut_from_fixed(night->inference.group_sums[g]);
        if (!(log_odds > 0) || group->count > REBUT_RING_MAX)
            continue;
        for (uint32_t i = 0; i < group->count; i++)
            writing->members[i] = rebut_intern_text(
                &night->state.buyer_ids, frame->group_members[group->first + i]);
        snprintf(detail, sizeof detail, "{\"probability\":%.6g}",
                 1 / (1 + exp(-log_odds)));
        put_group(writing, key_words[group->key], (int)group->count, detail);
    }
}

static void put_lead(struct writing *writing, const struct rebut_groups *groups,
                     const struct rebut_lead *lead)
{
    char detail[DETAIL_SIZE];
    for (uint32_t i = 0; i < lead->count; i++)
        writing->members[i] = rebut_intern_text(&writing->night->state.buyer_ids,
                                                groups->members[lead->first + i].buyer);
    snprintf(detail, sizeof detail,
             "{\"requests\":%" PRIu32 ",\"merchants\":%" PRIu32 ",\"items\":%" PRIu32
             ",\"amount\":%" PRId64 ",\"probability\":%.6g,\"density\":%.6g"
             ",\"by_chance\":%.6g,\"q_value\":%.6g,\"linked\":%" PRIu32
             ",\"witnessed\":%" PRIu32 ",\"faulty\":%" PRIu32
             ",\"judged_legitimate\":%" PRIu32 "}",
             lead->requests, lead->merchants, lead->items, lead->amount,
             lead->probability, lead->density, lead->by_chance, lead->q_value,
             lead->linked, lead->witnessed, lead->faulty, lead->judged_legitimate);
    put_group(writing, "lead", (int)lead->count, detail);
}

/* Leads need the scores of all claims. */
static bool put_leads(struct writing *writing, struct rebut_error *err)
{
    struct night *night = writing->night;
    struct rebut_scores all = {0};
    struct rebut_groups groups = {0};
    const bool own = night->since != INT64_MIN;
    if (own && !rebut_scores_open(&all, &night->inference, &night->model, INT64_MIN, err))
        return false;
    const bool ok =
        rebut_groups_open(&groups, own ? &all : &night->scores, night->since, err);
    for (uint32_t i = 0; ok && i < groups.count; i++)
        if (groups.list[i].count <= REBUT_RING_MAX)
            put_lead(writing, &groups, &groups.list[i]);
    rebut_groups_close(&groups);
    if (own)
        rebut_scores_close(&all);
    return ok;
}

bool rebut_night_write_groups(struct night *night, struct rebut_error *err)
{
    struct writing writing = {.night = night};
    writing.members = calloc(REBUT_RING_MAX, sizeof *writing.members);
    if (writing.members == NULL)
        return rebut_fail_memory(err, "groups");
    bool ok = rebut_copy_begin(&writing.copy, night->desk, rebut_sql_groups_copy,
                               GROUP_COLUMNS, err);
    if (ok) {
        put_rings(&writing);
        ok = put_leads(&writing, err);
        if (ok)
            ok = rebut_copy_end(&writing.copy, err);
        else
            rebut_copy_abandon(&writing.copy);
    }
    night->report->groups = (uint64_t)writing.number;
    free(writing.members);
    return ok;
}
