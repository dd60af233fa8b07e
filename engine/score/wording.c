#include "wording.h"

#include <math.h>
#include <stdlib.h>

#define PAIRS_MAX 512 /* of one text that are looked at */
#define SMOOTHING 0.5

/* The different pairs of a text, each once: a repeated word is said once. */
static int pairs_of(struct rebut_text text, uint64_t *pairs)
{
    int count = 0;
    size_t at = 0;
    uint32_t last = 0;
    while (at < text.size && count < PAIRS_MAX) {
        const uint32_t next = rebut_text_next(text, &at);
        const uint64_t pair = (uint64_t)last << 32 | next;
        if (last != 0) {
            int seen = 0;
            while (seen < count && pairs[seen] != pair)
                seen++;
            if (seen == count)
                pairs[count++] = pair;
        }
        last = next;
    }
    return count;
}

static void topics_of(const struct rebut_wording *wording, uint32_t request,
                      uint32_t ret[REBUT_TOPICS])
{
    const struct rebut_request *r = &wording->state->requests.data[request];
    ret[REBUT_TOPIC_CATEGORY] = wording->state->orders.data[r->order].category;
    ret[REBUT_TOPIC_REASON] = r->reason;
}

static struct rebut_text text_of(const struct rebut_wording *wording, uint32_t request)
{
    const uint32_t text = wording->state->requests.data[request].text;
    return text == REBUT_NONE ? (struct rebut_text){NULL, 0}
                              : wording->state->texts.data[text];
}

static uint64_t cell_key(uint32_t pair, uint32_t topic)
{
    return (uint64_t)pair << 32 | topic;
}

/* One more text with this pair on this topic. */
static bool count_cell(struct rebut_wording_topics *topics, uint32_t pair, uint32_t topic,
                       struct rebut_error *err)
{
    uint32_t cell = 0;
    if (!rebut_map_put(&topics->cells, cell_key(pair, topic), &cell, err) ||
        !REBUT_ARRAY_MORE(&topics->cell_counts, 1, "pairs of characters", err))
        return false;
    if (cell == topics->cell_counts.count)
        topics->cell_counts.data[topics->cell_counts.count++] =
            (struct rebut_wording_count){0, 0};
    topics->cell_counts.data[cell].all++;
    return true;
}

static bool count_text(struct rebut_wording *wording, uint32_t request,
                       struct rebut_error *err)
{
    uint32_t topics[REBUT_TOPICS];
    uint64_t pairs[PAIRS_MAX];
    const int count = pairs_of(text_of(wording, request), pairs);
    topics_of(wording, request, topics);
    for (int i = 0; i < count; i++) {
        uint32_t pair = 0;
        if (!rebut_map_put(&wording->pairs, pairs[i], &pair, err) ||
            !REBUT_ARRAY_MORE(&wording->pair_counts, 1, "pairs of characters", err))
            return false;
        if (pair == wording->pair_counts.count)
            wording->pair_counts.data[wording->pair_counts.count++] =
                (struct rebut_wording_count){0, 0};
        wording->pair_counts.data[pair].all++;
        for (int kind = 0; kind < REBUT_TOPICS; kind++)
            if (!count_cell(&wording->topics[kind], pair, topics[kind], err))
                return false;
    }
    for (int kind = 0; kind < REBUT_TOPICS; kind++)
        wording->topics[kind].volumes[topics[kind]].all += (uint64_t)count;
    wording->total.all += (uint64_t)count;
    return true;
}

/* The numbers of a text's different pairs, or REBUT_MAP_NONE; what they need later is
 * asked for, as the tables are large and each look a miss. */
static int find_pairs(const struct rebut_wording *wording, struct rebut_text text,
                      const uint32_t topics[REBUT_TOPICS], uint32_t *ret)
{
    uint64_t pairs[PAIRS_MAX];
    const int count = pairs_of(text, pairs);
    for (int i = 0; i < count; i++)
        rebut_map_prefetch(&wording->pairs, pairs[i]);
    for (int i = 0; i < count; i++) {
        ret[i] = rebut_map_find(&wording->pairs, pairs[i]);
        if (ret[i] == REBUT_MAP_NONE)
            continue;
        __builtin_prefetch(&wording->pair_counts.data[ret[i]], 1);
        for (int kind = 0; kind < REBUT_TOPICS; kind++)
            rebut_map_prefetch(&wording->topics[kind].cells,
                               cell_key(ret[i], topics[kind]));
    }
    return count;
}

/* Leave out what a request put in. */
static void own_text(struct rebut_wording *wording, uint32_t request,
                     struct rebut_wording_left *left)
{
    uint32_t topics[REBUT_TOPICS], pairs[PAIRS_MAX];
    topics_of(wording, request, topics);
    const int count = find_pairs(wording, text_of(wording, request), topics, pairs);
    for (int i = 0; i < count; i++) {
        uint32_t *own = &wording->pair_counts.data[pairs[i]].own;
        left->counts.data[left->counts.count++] = own;
        ++*own;
        for (int kind = 0; kind < REBUT_TOPICS; kind++) {
            struct rebut_wording_topics *on = &wording->topics[kind];
            const uint32_t cell =
                rebut_map_find(&on->cells, cell_key(pairs[i], topics[kind]));
            own = &on->cell_counts.data[cell].own;
            left->counts.data[left->counts.count++] = own;
            ++*own;
        }
    }
    for (int kind = 0; kind <= REBUT_TOPICS; kind++) {
        struct rebut_wording_volume *volume =
            kind < REBUT_TOPICS ? &wording->topics[kind].volumes[topics[kind]]
                                : &wording->total;
        left->volumes.data[left->volumes.count++] = &volume->own;
        volume->own += (uint64_t)count;
    }
}

/* How often something was written without what is left out. */
static double counted(const struct rebut_wording_count *counts, uint32_t index)
{
    return index == REBUT_MAP_NONE ? 0 : (double)(counts[index].all - counts[index].own);
}

/* The share of a topic in all that was written. */
static double share_of(const struct rebut_wording *wording, int kind, uint32_t topic)
{
    const struct rebut_wording_topics *on = &wording->topics[kind];
    if (topic >= on->count)
        return 0;
    return (double)(on->volumes[topic].all - on->volumes[topic].own) /
           (double)(wording->total.all - wording->total.own);
}

void rebut_wording_fit(const struct rebut_wording *wording, struct rebut_text text,
                       const uint32_t topics[REBUT_TOPICS],
                       struct rebut_fitting ret[REBUT_TOPICS])
{
    uint32_t pairs[PAIRS_MAX];
    double shares[REBUT_TOPICS];
    const int count = find_pairs(wording, text, topics, pairs);
    for (int kind = 0; kind < REBUT_TOPICS; kind++)
        ret[kind] = (struct rebut_fitting){.least = nanf(""), .most = nanf("")};
    if (count == 0 || wording->total.all <= wording->total.own)
        return;
    for (int kind = 0; kind < REBUT_TOPICS; kind++)
        shares[kind] = share_of(wording, kind, topics[kind]);
    for (int i = 0; i < count; i++) {
        const uint32_t pair = pairs[i];
        const double everywhere = counted(wording->pair_counts.data, pair);
        for (int kind = 0; kind < REBUT_TOPICS; kind++) {
            const struct rebut_wording_topics *on = &wording->topics[kind];
            const uint32_t cell =
                pair == REBUT_MAP_NONE || topics[kind] >= on->count
                    ? REBUT_MAP_NONE
                    : rebut_map_find(&on->cells, cell_key(pair, topics[kind]));
            const double fit = log((counted(on->cell_counts.data, cell) + SMOOTHING) /
                                   (everywhere * shares[kind] + SMOOTHING));
            ret[kind].least = fminf(ret[kind].least, (float)fit);
            ret[kind].most = fmaxf(ret[kind].most, (float)fit);
        }
    }
}

/* Requests in order of their buyers, so that a buyer's texts can be left out. */
static bool by_buyer(struct rebut_wording *wording, struct rebut_error *err)
{
    const struct rebut_state *state = wording->state;
    const uint32_t buyers = state->buyer_ids.count, requests = state->requests.count;
    uint32_t *first = wording->buyer_first = calloc(buyers + (size_t)2, sizeof *first);
    wording->buyer_requests = malloc((requests + (size_t)1) * sizeof(uint32_t));
    if (first == NULL || wording->buyer_requests == NULL)
        return rebut_fail_memory(err, "words");
    /* first[b + 2] counts, then sums; filling moves first[b + 1] to the end of b. */
    for (uint32_t i = 0; i < requests; i++)
        first[state->orders.data[state->requests.data[i].order].buyer + 2]++;
    for (uint32_t b = 0; b < buyers; b++)
        first[b + 2] += first[b + 1];
    for (uint32_t i = 0; i < requests; i++)
        wording->buyer_requests
            [first[state->orders.data[state->requests.data[i].order].buyer + 1]++] = i;
    return true;
}

bool rebut_wording_leave_out(struct rebut_wording *wording, uint32_t buyer,
                             struct rebut_wording_left *left, struct rebut_error *err)
{
    const uint32_t end = wording->buyer_first[buyer + 1];
    for (uint32_t i = wording->buyer_first[buyer]; i < end; i++) {
        if (!REBUT_ARRAY_MORE(&left->counts, PAIRS_MAX * (1 + REBUT_TOPICS), "words",
                              err) ||
            !REBUT_ARRAY_MORE(&left->volumes, 1 + REBUT_TOPICS, "words", err)) {
            rebut_wording_have_in(left);
            return false;
        }
        own_text(wording, wording->buyer_requests[i], left);
    }
    return true;
}

void rebut_wording_have_in(struct rebut_wording_left *left)
{
    for (uint32_t i = 0; i < left->counts.count; i++)
        *left->counts.data[i] = 0;
    for (uint32_t i = 0; i < left->volumes.count; i++)
        *left->volumes.data[i] = 0;
    left->counts.count = left->volumes.count = 0;
}

void rebut_wording_left_release(struct rebut_wording_left *left)
{
    free(left->counts.data);
    free(left->volumes.data);
    *left = (struct rebut_wording_left){0};
}

bool rebut_wording_all(struct rebut_wording *wording,
                       struct rebut_fitting (*ret)[REBUT_TOPICS], struct rebut_error *err)
{
    struct rebut_wording_left left = {0};
    bool ok = true;
    for (uint32_t b = 0; ok && b < wording->state->buyer_ids.count; b++) {
        ok = rebut_wording_leave_out(wording, b, &left, err);
        for (uint32_t i = wording->buyer_first[b]; ok && i < wording->buyer_first[b + 1];
             i++) {
            uint32_t topics[REBUT_TOPICS];
            const uint32_t request = wording->buyer_requests[i];
            topics_of(wording, request, topics);
            rebut_wording_fit(wording, text_of(wording, request), topics, ret[request]);
        }
        rebut_wording_have_in(&left);
    }
    rebut_wording_left_release(&left);
    return ok;
}

REBUT_IMAGE_KNOWS(struct rebut_wording, 216);
static bool walk_topics(struct rebut_wording_topics *topics, struct rebut_image *image,
                        struct rebut_error *err)
{
    uint32_t *numbers[] = {&topics->count};
    return rebut_image_numbers(image, "topics", numbers, 1, err) &&
           rebut_map_image(&topics->cells, image, "topic cells", err) &&
           rebut_image_array(image, "topic counts", &topics->cell_counts,
                             sizeof *topics->cell_counts.data, true, err) &&
           REBUT_IMAGE_CHANGING(image, "topic volumes", topics->volumes, topics->count,
                                err);
}

bool rebut_wording_image(struct rebut_wording *wording, const struct rebut_state *state,
                         struct rebut_image *image, struct rebut_error *err)
{
    wording->state = state;
    bool ok = rebut_map_image(&wording->pairs, image, "pairs", err) &&
              rebut_image_array(image, "pair counts", &wording->pair_counts,
                                sizeof *wording->pair_counts.data, true, err) &&
              rebut_image_value(image, "pairs in all", &wording->total,
                                sizeof wording->total, err);
    for (int kind = 0; ok && kind < REBUT_TOPICS; kind++)
        ok = walk_topics(&wording->topics[kind], image, err);
    return ok &&
           REBUT_IMAGE_ROWS(image, "wording firsts", wording->buyer_first,
                            state->buyer_ids.count + (size_t)1, err) &&
           REBUT_IMAGE_ROWS(image, "wording requests", wording->buyer_requests,
                            state->requests.count, err);
}

void rebut_wording_close(struct rebut_wording *wording)
{
    rebut_map_release(&wording->pairs);
    free(wording->pair_counts.data);
    for (int kind = 0; kind < REBUT_TOPICS; kind++) {
        rebut_map_release(&wording->topics[kind].cells);
        free(wording->topics[kind].cell_counts.data);
        free(wording->topics[kind].volumes);
    }
    free(wording->buyer_requests);
    free(wording->buyer_first);
    *wording = (struct rebut_wording){0};
}

bool rebut_wording_open(struct rebut_wording *ret, const struct rebut_state *state,
                        struct rebut_error *err)
{
    const uint32_t counts[REBUT_TOPICS] = {[REBUT_TOPIC_CATEGORY] =
                                               state->categories.count + 1,
                                           [REBUT_TOPIC_REASON] = REBUT_REASONS};
    bool ok = true;
    *ret = (struct rebut_wording){.state = state};
    for (int kind = 0; kind < REBUT_TOPICS; kind++) {
        struct rebut_wording_topics *topics = &ret->topics[kind];
        topics->count = counts[kind];
        topics->volumes = calloc(counts[kind], sizeof *topics->volumes);
        ok = ok && topics->volumes != NULL;
    }
    ok = ok || rebut_fail_memory(err, "words");
    ok = ok && by_buyer(ret, err);
    for (uint32_t i = 0; ok && i < state->requests.count; i++)
        ok = count_text(ret, i, err);
    if (!ok)
        rebut_wording_close(ret);
    return ok;
}
