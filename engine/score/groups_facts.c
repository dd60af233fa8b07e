/* What is to be said of one lead. */
#include <stdlib.h>
#include <string.h>

#include "groups_parts.h"

static int compare_by_merchant(const void *a, const void *b, void *visits)
{
    const struct rebut_visit *list = *(const struct rebut_visit **)visits;
    const uint32_t i = *(const uint32_t *)a, k = *(const uint32_t *)b;
    if (list[i].merchant != list[k].merchant)
        return list[i].merchant < list[k].merchant ? -1 : 1;
    return i < k ? -1 : i > k;
}

/* The visits of the members in maker->of_lead, by merchant; gives their number. */
static uint32_t gather(struct group_maker *maker, const uint32_t *members, uint32_t count)
{
    const struct rebut_visit *visits = maker->visits;
    uint32_t gathered = 0;
    for (uint32_t i = 0; i < count; i++)
        for (uint32_t k = maker->account_first[members[i]];
             k < maker->account_first[members[i] + 1]; k++) {
            maker->of_lead[gathered++] = maker->account_visits[k];
            maker->met[maker->account_visits[k]] = false;
        }
    qsort_r(maker->of_lead, gathered, sizeof *maker->of_lead, compare_by_merchant,
            &visits);
    return gathered;
}

/* Mark the visits within a week of another member's at the same merchant. */
static void mark_met(struct group_maker *maker, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        for (uint32_t k = i; k-- > 0;) {
            const uint32_t earlier = maker->of_lead[k], later = maker->of_lead[i];
            const struct rebut_visit *one = &maker->visits[earlier];
            const struct rebut_visit *other = &maker->visits[later];
            if (one->merchant != other->merchant ||
                other->at - one->at > REBUT_TOGETHER_WITHIN)
                break;
            if (one->account != other->account)
                maker->met[earlier] = maker->met[later] = true;
        }
}

static const struct rebut_frame_claim *claim_of(const struct group_maker *maker,
                                                uint32_t visit)
{
    const struct rebut_scores *scores = maker->scores;
    return &scores->inference->frame->claims[scores->list[maker->score[visit]].claim];
}

static bool is_faulty(const struct group_maker *maker, uint32_t visit)
{
    const struct rebut_scores *scores = maker->scores;
    const double *v =
        scores->inference->claims[scores->list[maker->score[visit]].claim].v;
    double product = 1;
    for (int level = 0; level < REBUT_LEVELS; level++)
        product *= v[level];
    return product >= REBUT_GROUPS_FAULTY;
}

/* Items of the visits that met, which stand by merchant: how many, and the commonest;
 * of equals the one with more witnesses. */
static void count_items(const struct group_maker *maker, uint32_t count,
                        struct rebut_lead *lead)
{
    for (uint32_t i = 0; i < count; i++) {
        uint32_t same = 0, witnessed = 0;
        bool seen = false;
        if (!maker->met[maker->of_lead[i]])
            continue;
        for (uint32_t k = 0; k < count; k++) {
            const uint32_t visit = maker->of_lead[k];
            if (!maker->met[visit] ||
                maker->visits[visit].item != maker->visits[maker->of_lead[i]].item)
                continue;
            seen = seen || k < i;
            same++;
            witnessed += rebut_groups_is_witnessed(maker, visit);
        }
        lead->items += !seen;
        if (same > lead->one_item ||
            (same == lead->one_item && witnessed > lead->one_item_witnessed)) {
            lead->one_item = same;
            lead->one_item_witnessed = witnessed;
        }
    }
}

static void add_visit(const struct group_maker *maker, uint32_t visit,
                      struct rebut_lead *lead)
{
    const struct rebut_frame *frame = maker->scores->inference->frame;
    const struct rebut_frame_claim *claim = claim_of(maker, visit);
    const struct rebut_visit *it = &maker->visits[visit];
    if (lead->requests++ == 0 || it->at < lead->first_at)
        lead->first_at = it->at;
    if (lead->requests == 1 || it->at > lead->last_at)
        lead->last_at = it->at;
    lead->amount += frame->state->requests.data[claim->request].amount;
    lead->witnessed += rebut_groups_is_witnessed(maker, visit);
    lead->faulty += is_faulty(maker, visit);
    lead->judged_legitimate += claim->said_legitimate > claim->said_abuse;
    lead->judged_abuse += claim->said_abuse > claim->said_legitimate;
}

static void count_merchants(const struct group_maker *maker, uint32_t count,
                            struct rebut_lead *lead)
{
    uint32_t last = REBUT_NONE;
    for (uint32_t i = 0; i < count; i++) {
        const uint32_t merchant = maker->visits[maker->of_lead[i]].merchant;
        lead->merchants += maker->met[maker->of_lead[i]] && merchant != last;
        if (maker->met[maker->of_lead[i]])
            last = merchant;
    }
}

/* Who of the members shares a key with another; at most one lead holds key_group. */
static void link_members(struct group_maker *maker, struct rebut_lead_member *members,
                         uint32_t count)
{
    const struct rebut_inference *inference = maker->scores->inference;
    for (uint32_t i = 0; i < count; i++)
        for (uint32_t k = inference->buyer_group_first[members[i].buyer];
             k < inference->buyer_group_first[members[i].buyer + 1]; k++) {
            uint32_t *seen = &maker->key_group[inference->buyer_groups[k]];
            if (*seen == REBUT_NONE)
                *seen = i;
            else if (*seen != i)
                members[i].linked = members[*seen].linked = true;
        }
    for (uint32_t i = 0; i < count; i++)
        for (uint32_t k = inference->buyer_group_first[members[i].buyer];
             k < inference->buyer_group_first[members[i].buyer + 1]; k++)
            maker->key_group[inference->buyer_groups[k]] = REBUT_NONE;
}

/* The members' requests that met, by member, then time. */
static void list_requests(const struct group_maker *maker, const uint32_t *accounts,
                          struct rebut_groups *groups, struct rebut_lead *lead)
{
    uint32_t at = lead->first > 0 ? groups->members[lead->first - 1].first +
                                        groups->members[lead->first - 1].requests
                                  : 0;
    rebut_total all = 0;
    for (uint32_t i = 0; i < lead->count; i++) {
        struct rebut_lead_member *member = &groups->members[lead->first + i];
        rebut_total sum = 0;
        *member =
            (struct rebut_lead_member){.buyer = maker->buyer[accounts[i]], .first = at};
        for (uint32_t k = maker->account_first[accounts[i]];
             k < maker->account_first[accounts[i] + 1]; k++) {
            const uint32_t visit = maker->account_visits[k];
            if (!maker->met[visit])
                continue;
            add_visit(maker, visit, lead);
            sum += rebut_to_fixed(maker->visits[visit].weight);
            groups->requests[at++] = maker->score[visit];
        }
        member->requests = at - member->first;
        member->probability = rebut_from_total(sum) / member->requests;
        all += sum;
    }
    lead->probability = rebut_from_total(all) / lead->requests;
}

bool rebut_groups_describe(struct group_maker *maker, const struct rebut_together *found,
                           const struct rebut_together_group *group, int64_t since,
                           struct rebut_groups *groups)
{
    const uint32_t *accounts = found->members + group->first;
    struct rebut_lead lead = {.count = group->count,
                              .density = group->density,
                              .by_chance = group->by_chance,
                              .q_value = group->q_value};
    const uint32_t visits = gather(maker, accounts, group->count);
    if (groups->count > 0) {
        const struct rebut_lead *last = &groups->list[groups->count - 1];
        lead.first = last->first + last->count;
    }
    maker->lead++;
    for (uint32_t i = 0; i < group->count; i++)
        maker->lead_of[maker->buyer[accounts[i]]] = maker->lead;
    mark_met(maker, visits);
    list_requests(maker, accounts, groups, &lead);
    if (lead.last_at < since)
        return false;
    count_merchants(maker, visits, &lead);
    count_items(maker, visits, &lead);
    link_members(maker, groups->members + lead.first, lead.count);
    for (uint32_t i = 0; i < lead.count; i++)
        lead.linked += groups->members[lead.first + i].linked;
    groups->list[groups->count] = lead;
    return true;
}
