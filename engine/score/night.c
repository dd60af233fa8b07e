/* The night: a scoring that is kept, and ways to find things in it. */
#include "rebut/night.h"

#include <math.h>
#include <stdlib.h>

#include "night_parts.h"
#include "score_parts.h"

/* The frame's numbers of listings, windows and units again: its orders, put in the order
 * in which it put them. */
static bool number_entities(struct rebut_night *night, struct rebut_error *err)
{
    const struct rebut_state *state = night->state;
    for (uint32_t i = 0; i < state->orders.count; i++) {
        const struct rebut_order *order = &state->orders.data[i];
        const uint64_t window = (uint64_t)(order->at / REBUT_WINDOW);
        const uint64_t merchant = (uint64_t)order->merchant << 32;
        uint32_t listing = 0, number = 0;
        if (!rebut_map_put(&night->listings, merchant | order->sku, &listing, err))
            return false;
        const uint32_t units = night->units.count;
        if (!rebut_map_put(&night->units, (uint64_t)listing << 32 | window, &number, err))
            return false;
        if (number == units &&
            !rebut_map_put(&night->windows, merchant | window, &number, err))
            return false;
    }
    return true;
}

/* Which group a key makes, and how many accounts an address has. */
static bool index_keys(struct rebut_night *night, struct rebut_error *err)
{
    const struct rebut_state *state = night->state;
    uint32_t group = 0;
    for (int kind = 0; kind < REBUT_KEYS; kind++) {
        const size_t keys = state->key_ids[kind].count + (size_t)1;
        uint32_t *of_key = night->group_of_key[kind] = malloc(keys * sizeof *of_key);
        if (of_key == NULL)
            return rebut_fail_memory(err, "keys of the night");
        memset(of_key, 0xff, keys * sizeof *of_key); /* REBUT_NONE */
        const struct rebut_link *links = state->links[kind].data;
        const uint32_t count = state->links[kind].count;
        for (uint32_t begin = 0, end = 0; begin < count; begin = end) {
            while (end < count && links[end].key == links[begin].key)
                end++;
            if (kind == REBUT_KEY_ADDRESS)
                night->at_address[links[begin].key] = end - begin;
            if (end - begin >= REBUT_RING_MIN && end - begin <= REBUT_RING_MAX)
                of_key[links[begin].key] = group++;
        }
    }
    return true;
}

/* What stands above each place of the list. */
static bool index_list(struct rebut_night *night, struct rebut_error *err)
{
    const struct rebut_scores *scores = &night->scores;
    const size_t places = scores->count + (size_t)1;
    night->wrong_before = calloc(places, sizeof *night->wrong_before);
    night->tested_before = calloc(places, sizeof *night->tested_before);
    const uint32_t honest = night->model->honest.count;
    night->honest_p = malloc((honest + (size_t)1) * sizeof *night->honest_p);
    if (night->wrong_before == NULL || night->tested_before == NULL ||
        night->honest_p == NULL)
        return rebut_fail_memory(err, "the list of the night");
    for (uint32_t i = 0; i <= honest; i++)
        night->honest_p[i] = (double)NAN;
    for (uint32_t i = 0; i < scores->count; i++) {
        night->wrong_before[i + 1] =
            night->wrong_before[i] + (1 - scores->list[i].prudent);
        night->tested_before[i + 1] =
            night->tested_before[i] + rebut_score_is_tested(scores, &scores->list[i]);
    }
    return true;
}

bool rebut_night_open(struct rebut_night **ret, const struct rebut_state *state,
                      const struct rebut_model *model, int64_t as_of,
                      struct rebut_error *err)
{
    struct rebut_night *night = *ret = calloc(1, sizeof *night);
    if (night == NULL)
        return rebut_fail_memory(err, "the night");
    night->state = state;
    night->model = model;
    night->at_address =
        calloc(state->key_ids[REBUT_KEY_ADDRESS].count + (size_t)1, sizeof(uint32_t));
    night->prices_of = rebut_spans_of_prices(state);
    bool ok = (night->at_address != NULL && night->prices_of != NULL) ||
              rebut_fail_memory(err, "the night");
    ok = ok &&
         rebut_frame_build_shared(&night->frame, &night->shared, state, as_of, model,
                                  err) &&
         rebut_infer_open(&night->inference, &night->frame, err) &&
         rebut_infer(&night->inference, model, err) &&
         rebut_scores_open(&night->scores, &night->inference, model, INT64_MIN, err) &&
         number_entities(night, err) && index_keys(night, err) && index_list(night, err);
    if (!ok) {
        rebut_night_close(night);
        *ret = NULL;
    }
    return ok;
}

void rebut_night_close(struct rebut_night *night)
{
    if (night == NULL)
        return;
    rebut_scores_close(&night->scores);
    rebut_infer_close(&night->inference);
    rebut_shared_close(&night->shared);
    rebut_frame_release(&night->frame);
    rebut_map_release(&night->listings);
    rebut_map_release(&night->windows);
    rebut_map_release(&night->units);
    for (int kind = 0; kind < REBUT_KEYS; kind++)
        free(night->group_of_key[kind]);
    free(night->prices_of);
    free(night->at_address);
    free(night->wrong_before);
    free(night->tested_before);
    free(night->honest_p);
    for (int i = 0; i <= REBUT_LEVELS; i++)
        free(night->scratch[i]);
    free(night);
}

const struct rebut_scores *rebut_night_scores(const struct rebut_night *night)
{
    return &night->scores;
}
