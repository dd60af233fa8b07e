#include "rebut/groups.h"

#include <stdlib.h>
#include <string.h>

#include "groups_parts.h"

static const struct rebut_request *request_of(const struct rebut_scores *scores,
                                              uint32_t score)
{
    const struct rebut_frame *frame = scores->inference->frame;
    const uint32_t claim = scores->list[score].claim;
    return &frame->state->requests.data[frame->claims[claim].request];
}

static struct rebut_text id_of(const struct rebut_scores *scores, uint32_t score)
{
    const struct rebut_frame *frame = scores->inference->frame;
    return rebut_intern_text(&frame->state->request_ids,
                             frame->claims[scores->list[score].claim].request);
}

/* By what is in the requests, never by how they are numbered. */
static int compare_requests(const void *a, const void *b, void *scores)
{
    const uint32_t i = *(const uint32_t *)a, k = *(const uint32_t *)b;
    const struct rebut_request *x = request_of(scores, i), *y = request_of(scores, k);
    if (x->at != y->at)
        return x->at < y->at ? -1 : 1;
    if (x->amount != y->amount)
        return x->amount < y->amount ? -1 : 1;
    return rebut_text_compare(id_of(scores, i), id_of(scores, k));
}

/* The first request of each order that is probable enough, in order of time. */
static void choose(struct group_maker *maker, struct rebut_scores *scores)
{
    const struct rebut_frame *frame = scores->inference->frame;
    for (uint32_t i = 0; i < scores->count; i++) {
        const uint32_t claim = scores->list[i].claim;
        if (frame->claims[claim].first == claim &&
            scores->list[i].probability >= REBUT_GROUPS_LEAST)
            maker->score[maker->count++] = i;
    }
    qsort_r(maker->score, maker->count, sizeof *maker->score, compare_requests, scores);
}

/* Visits, and accounts numbered as they appear. */
static bool make_visits(struct group_maker *maker, struct rebut_error *err)
{
    const struct rebut_state *state = maker->scores->inference->frame->state;
    uint32_t *account = malloc((state->buyer_ids.count + (size_t)1) * sizeof *account);
    if (account == NULL)
        return rebut_fail_memory(err, "accounts");
    memset(account, 0xff, state->buyer_ids.count * sizeof *account);
    for (uint32_t i = 0; i < maker->count; i++) {
        const struct rebut_request *request = request_of(maker->scores, maker->score[i]);
        const struct rebut_order *order = &state->orders.data[request->order];
        uint32_t *number = &account[order->buyer];
        if (*number == REBUT_NONE) {
            *number = maker->accounts++;
            maker->buyer[*number] = order->buyer;
        }
        maker->visits[i] = (struct rebut_visit){
            .at = request->at,
            .weight = maker->scores->list[maker->score[i]].probability,
            .account = *number,
            .merchant = order->merchant,
            .item = order->sku};
    }
    free(account);
    return true;
}

static void sort_by_account(struct group_maker *maker)
{
    uint32_t *first = maker->account_first;
    memset(first, 0, (maker->accounts + (size_t)2) * sizeof *first);
    for (uint32_t i = 0; i < maker->count; i++)
        first[maker->visits[i].account + 2]++;
    for (uint32_t i = 0; i < maker->accounts; i++)
        first[i + 2] += first[i + 1];
    for (uint32_t i = 0; i < maker->count; i++)
        maker->account_visits[first[maker->visits[i].account + 1]++] = i;
}

static bool make_room(struct group_maker *maker, struct rebut_error *err)
{
    const size_t room = maker->scores->count + (size_t)2;
    const size_t buyers = maker->scores->inference->frame->state->buyer_ids.count;
    const uint32_t keys = maker->scores->inference->frame->groups_count;
    maker->visits = malloc(room * sizeof *maker->visits);
    maker->score = malloc(room * sizeof *maker->score);
    maker->buyer = malloc(room * sizeof *maker->buyer);
    maker->account_first = malloc(room * sizeof *maker->account_first);
    maker->account_visits = malloc(room * sizeof *maker->account_visits);
    maker->key_group = malloc((keys + (size_t)1) * sizeof *maker->key_group);
    maker->of_lead = malloc(room * sizeof *maker->of_lead);
    maker->met = malloc(room * sizeof *maker->met);
    maker->lead_of = calloc(buyers + 1, sizeof *maker->lead_of);
    if (maker->visits == NULL || maker->score == NULL || maker->buyer == NULL ||
        maker->account_first == NULL || maker->account_visits == NULL ||
        maker->key_group == NULL || maker->of_lead == NULL || maker->met == NULL ||
        maker->lead_of == NULL)
        return rebut_fail_memory(err, "the requests of groups");
    memset(maker->key_group, 0xff, keys * sizeof *maker->key_group);
    return true;
}

static void release(struct group_maker *maker)
{
    free(maker->visits);
    free(maker->score);
    free(maker->buyer);
    free(maker->account_first);
    free(maker->account_visits);
    free(maker->key_group);
    free(maker->of_lead);
    free(maker->met);
    free(maker->complaints);
    free(maker->lead_of);
}

static bool describe_all(struct group_maker *maker, const struct rebut_together *found,
                         int64_t since, struct rebut_groups *ret, struct rebut_error *err)
{
    ret->list = malloc((found->count + (size_t)1) * sizeof *ret->list);
    ret->members = malloc((maker->accounts + (size_t)1) * sizeof *ret->members);
    ret->requests = malloc((maker->count + (size_t)1) * sizeof *ret->requests);
    if (ret->list == NULL || ret->members == NULL || ret->requests == NULL)
        return rebut_fail_memory(err, "groups");
    for (uint32_t i = 0; i < found->count; i++)
        ret->count += rebut_groups_describe(maker, found, &found->groups[i], since, ret);
    return true;
}

bool rebut_groups_open(struct rebut_groups *ret, const struct rebut_scores *scores,
                       int64_t since, struct rebut_error *err)
{
    struct group_maker maker = {.scores = scores};
    struct rebut_scores view = *scores; /* qsort_r takes no const */
    struct rebut_together found = {0};
    *ret = (struct rebut_groups){0};
    bool ok = make_room(&maker, err);
    if (ok) {
        choose(&maker, &view);
        ok = make_visits(&maker, err);
    }
    if (ok) {
        sort_by_account(&maker);
        ok = rebut_groups_list_complaints(&maker, err) &&
             rebut_together_open(&found, maker.visits, maker.count, err) &&
             describe_all(&maker, &found, since, ret, err);
    }
    ret->considered = maker.count;
    ret->accounts = maker.accounts;
    rebut_together_close(&found);
    release(&maker);
    if (!ok)
        rebut_groups_close(ret);
    return ok;
}

void rebut_groups_close(struct rebut_groups *groups)
{
    free(groups->list);
    free(groups->members);
    free(groups->requests);
    *groups = (struct rebut_groups){0};
}
