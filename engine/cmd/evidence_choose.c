/* Which requests: named, of a merchant, or those of a queue. */
#include <stdlib.h>

#include "evidence_parts.h"
#include "rebut/explain.h"

/* Add a place that is not there yet. */
static void add(uint32_t place, struct evidence_chosen *chosen)
{
    for (uint32_t i = 0; i < chosen->count; i++)
        if (chosen->list[i] == place)
            return;
    chosen->list[chosen->count++] = place;
}

static bool choose_requests(const struct evidence_wish *wish,
                            const struct rebut_scores *scores,
                            struct evidence_chosen *ret, struct rebut_error *err)
{
    for (size_t i = 0; i < wish->request_count; i++) {
        const struct rebut_score *score = NULL;
        if (!rebut_explain_find(scores, rebut_text_of(wish->requests[i]), &score, err))
            return false;
        add((uint32_t)(score - scores->list), ret);
    }
    return true;
}

static bool choose_merchant(const struct evidence_wish *wish,
                            const struct rebut_scores *scores, int64_t since,
                            struct evidence_chosen *ret, struct rebut_error *err)
{
    const struct rebut_frame *frame = scores->inference->frame;
    const struct rebut_state *state = frame->state;
    const struct rebut_text id = rebut_text_of(wish->merchant);
    const uint32_t merchant = rebut_intern_find(
        &state->merchant_ids, id, rebut_intern_hash(&state->merchant_ids, id));
    if (merchant == REBUT_INTERN_NONE)
        return rebut_fail(err, REBUT_EDATA, "no merchant '%.64s' up to the as-of time",
                          wish->merchant);
    for (uint32_t i = 0; i < scores->count; i++) {
        const struct rebut_frame_claim *claim = &frame->claims[scores->list[i].claim];
        const struct rebut_request *request = &state->requests.data[claim->request];
        if (state->orders.data[request->order].merchant == merchant &&
            request->at >= since)
            ret->list[ret->count++] = i;
    }
    return true;
}

/* As 'rebut queue --since' draws it, from the scores of these requests alone. */
static bool choose_queue(const struct evidence_wish *wish,
                         const struct rebut_scores *scores, int64_t since,
                         struct evidence_chosen *ret, struct rebut_error *err)
{
    struct rebut_scores recent;
    struct rebut_queue queue;
    if (!rebut_scores_open(&recent, scores->inference, scores->model, since, err))
        return false;
    const bool ok = rebut_queue_open(&queue, &recent, &wish->queue.plan, err);
    for (uint32_t i = 0; ok && i < queue.count; i++)
        ret->list[ret->count++] =
            scores->by_claim[recent.list[queue.slots[i].score].claim];
    if (ok)
        rebut_queue_close(&queue);
    rebut_scores_close(&recent);
    return ok;
}

bool rebut_evidence_choose(const struct evidence_wish *wish,
                           const struct rebut_scores *scores, int64_t since,
                           struct evidence_chosen *ret, struct rebut_error *err)
{
    const size_t room = scores->count + wish->request_count + 1;
    *ret = (struct evidence_chosen){.list = malloc(room * sizeof *ret->list)};
    if (ret->list == NULL)
        return rebut_fail_memory(err, "what to write");
    const bool ok = wish->use_queue ? choose_queue(wish, scores, since, ret, err)
                    : wish->merchant != NULL
                        ? choose_merchant(wish, scores, since, ret, err)
                        : choose_requests(wish, scores, ret, err);
    if (!ok)
        free(ret->list);
    return ok;
}
