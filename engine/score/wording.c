#include "wording.h"

#include <math.h>
#include <stdlib.h>

#include "rebut/map.h"

#define PAIRS_MAX 512 /* of one text that are looked at */
#define SMOOTHING 2.0

struct rebut_wording {
    const struct rebut_state *state;
    struct rebut_map pairs; /* two code points -> number */
    struct rebut_map cells; /* pair number and category -> number */
    REBUT_ARRAY(uint32_t) pair_counts;
    REBUT_ARRAY(uint32_t) cell_counts;
    uint64_t *category_counts; /* [categories + 1]: pairs written about each */
    uint64_t total;
};

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

static uint32_t category_of(const struct rebut_state *state, uint32_t request)
{
    return state->orders.data[state->requests.data[request].order].category;
}

static uint64_t cell_key(uint32_t pair, uint32_t category)
{
    return (uint64_t)pair << 32 | category;
}

static bool count_text(struct rebut_wording *wording, uint32_t request,
                       struct rebut_error *err)
{
    const uint32_t category = category_of(wording->state, request);
    const uint32_t text = wording->state->requests.data[request].text;
    uint64_t pairs[PAIRS_MAX];
    if (text == REBUT_NONE)
        return true;
    const int count = pairs_of(wording->state->texts.data[text], pairs);
    for (int i = 0; i < count; i++) {
        uint32_t pair = 0, cell = 0;
        if (!rebut_map_put(&wording->pairs, pairs[i], &pair, err) ||
            !rebut_map_put(&wording->cells, cell_key(pair, category), &cell, err) ||
            !REBUT_ARRAY_MORE(&wording->pair_counts, 1, "pairs of characters", err) ||
            !REBUT_ARRAY_MORE(&wording->cell_counts, 1, "pairs of characters", err))
            return false;
        if (pair == wording->pair_counts.count)
            wording->pair_counts.data[wording->pair_counts.count++] = 0;
        if (cell == wording->cell_counts.count)
            wording->cell_counts.data[wording->cell_counts.count++] = 0;
        wording->pair_counts.data[pair]++;
        wording->cell_counts.data[cell]++;
    }
    wording->category_counts[category] += (uint64_t)count;
    wording->total += (uint64_t)count;
    return true;
}

bool rebut_wording_new(struct rebut_wording **ret, const struct rebut_state *state,
                       struct rebut_error *err)
{
    struct rebut_wording *wording = calloc(1, sizeof *wording);
    bool ok = wording != NULL;
    if (ok) {
        wording->state = state;
        wording->category_counts =
            calloc(state->categories.count + (size_t)1, sizeof *wording->category_counts);
        ok = wording->category_counts != NULL;
    }
    if (!ok)
        rebut_fail_memory(err, "words");
    for (uint32_t i = 0; ok && i < state->requests.count; i++)
        ok = count_text(wording, i, err);
    if (!ok) {
        rebut_wording_free(wording);
        return false;
    }
    *ret = wording;
    return true;
}

void rebut_wording_free(struct rebut_wording *wording)
{
    if (wording == NULL)
        return;
    rebut_map_release(&wording->pairs);
    rebut_map_release(&wording->cells);
    free(wording->pair_counts.data);
    free(wording->cell_counts.data);
    free(wording->category_counts);
    free(wording);
}

bool rebut_wording_fit(const struct rebut_wording *wording, uint32_t request,
                       double *ret_fit)
{
    const uint32_t text = wording->state->requests.data[request].text;
    uint64_t pairs[PAIRS_MAX];
    if (text == REBUT_NONE)
        return false;
    const int count = pairs_of(wording->state->texts.data[text], pairs);
    const uint32_t category = category_of(wording->state, request);
    const double rest = (double)wording->total - count;
    if (count == 0 || rest <= 0)
        return false;
    const double share = ((double)wording->category_counts[category] - count) / rest;
    double least = INFINITY;
    for (int i = 0; i < count; i++) {
        const uint32_t pair = rebut_map_find(&wording->pairs, pairs[i]);
        const uint32_t cell = rebut_map_find(&wording->cells, cell_key(pair, category));
        const double counted = wording->cell_counts.data[cell] - 1.0;
        const double expected = (wording->pair_counts.data[pair] - 1.0) * share;
        least = fmin(least, log((counted + SMOOTHING) / (expected + SMOOTHING)));
    }
    *ret_fit = least;
    return true;
}
