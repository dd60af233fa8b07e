/* A night in an image: what a judgement asks of it, the list with its terms, and what
 * packs are made of.  What only the making of it needed stays out. */
#include <math.h>
#include <stdlib.h>

#include "night_parts.h"

REBUT_IMAGE_KNOWS(struct rebut_frame, 216);
static bool walk_frame(struct rebut_night *night, struct rebut_image *image,
                       struct rebut_error *err)
{
    struct rebut_frame *frame = &night->frame;
    uint32_t *numbers[] = {&frame->buyers,       &frame->merchants,
                           &frame->rows_count,   &frame->cells_count,
                           &frame->units,        &frame->listings,
                           &frame->windows,      &frame->claims_count,
                           &frame->groups_count, &frame->group_members_count};
    if (!rebut_image_numbers(image, "frame", numbers, sizeof numbers / sizeof *numbers,
                             err) ||
        !rebut_image_value(image, "as of", &frame->as_of, sizeof frame->as_of, err))
        return false;
    const size_t firsts = frame->buyers + (size_t)1;
    frame->state = night->state;
    bool ok =
        REBUT_IMAGE_ROWS(image, "rows", frame->rows, frame->rows_count, err) &&
        REBUT_IMAGE_ROWS(image, "row firsts", frame->buyer_rows, firsts, err) &&
        REBUT_IMAGE_ROWS(image, "claims", frame->claims, frame->claims_count, err) &&
        REBUT_IMAGE_ROWS(image, "claim firsts", frame->buyer_claims, firsts, err) &&
        REBUT_IMAGE_ROWS(image, "cells", frame->cells, frame->cells_count, err) &&
        REBUT_IMAGE_ROWS(image, "unit merchants", frame->unit_merchant, frame->units,
                         err) &&
        REBUT_IMAGE_ROWS(image, "unit listings", frame->unit_listing, frame->units,
                         err) &&
        REBUT_IMAGE_ROWS(image, "unit windows", frame->unit_window, frame->units, err) &&
        REBUT_IMAGE_ROWS(image, "unit returns", frame->unit_returns, frame->units, err) &&
        REBUT_IMAGE_ROWS(image, "merchant orders", frame->merchant_orders,
                         frame->merchants, err) &&
        REBUT_IMAGE_ROWS(image, "groups", frame->groups, frame->groups_count, err) &&
        REBUT_IMAGE_ROWS(image, "group members", frame->group_members,
                         frame->group_members_count, err);
    if (ok)
        rebut_frame_describe(frame);
    return ok;
}

/* The largest number of items that one has. */
static uint32_t longest_run(const uint32_t *firsts, uint32_t count)
{
    uint32_t longest = 0;
    for (uint32_t i = 0; i < count; i++)
        if (firsts[i + 1] - firsts[i] > longest)
            longest = firsts[i + 1] - firsts[i];
    return longest;
}

/* What judgements write to on the way, zero in between: not in the image. */
static bool open_scratch(struct rebut_night *night, struct rebut_image *image,
                         struct rebut_error *err)
{
    struct rebut_inference *inference = &night->inference;
    const struct rebut_frame *frame = &night->frame;
    const bool taking = image->mode == REBUT_IMAGE_TAKE;
    if (image->mode == REBUT_IMAGE_WRITE)
        return true;
    const uint32_t longest = taking ? longest_run(frame->buyer_claims, frame->buyers) : 0;
    if (!rebut_image_fresh(image, &night->scratch[REBUT_LEVELS], longest,
                           sizeof *inference->record, err))
        return false;
    inference->record = taking ? night->scratch[REBUT_LEVELS] : NULL;
    for (int k = 0; k < REBUT_LEVELS; k++) {
        if (!rebut_image_fresh(image, &night->scratch[k], frame->hierarchy.entities[k],
                               sizeof *inference->own[k], err))
            return false;
        inference->own[k] = taking ? night->scratch[k] : NULL;
    }
    return true;
}

static bool walk_faults(struct rebut_night *night, struct rebut_image *image,
                        struct rebut_error *err)
{
    bool ok = true;
    for (int k = 0; ok && k < REBUT_LEVELS; k++)
        ok = REBUT_IMAGE_ROWS(image, "faults", night->inference.fault[k],
                              night->frame.hierarchy.entities[k], err);
    return ok;
}

REBUT_IMAGE_KNOWS(struct rebut_inference, 336);
static bool walk_inference(struct rebut_night *night, struct rebut_image *image,
                           struct rebut_error *err)
{
    struct rebut_inference *inference = &night->inference;
    const struct rebut_frame *frame = inference->frame = &night->frame;
    return rebut_image_value(image, "rho", inference->rho, sizeof inference->rho, err) &&
           REBUT_IMAGE_ROWS(image, "mu", inference->mu, frame->cells_count, err) &&
           REBUT_IMAGE_ROWS(image, "nu", inference->nu, frame->cells_count, err) &&
           walk_faults(night, image, err) &&
           REBUT_IMAGE_ROWS(image, "claim results", inference->claims,
                            frame->claims_count, err) &&
           REBUT_IMAGE_ROWS(image, "buyer results", inference->buyers, frame->buyers,
                            err) &&
           REBUT_IMAGE_ROWS(image, "members", inference->members, frame->units, err) &&
           REBUT_IMAGE_ROWS(image, "buyer group firsts", inference->buyer_group_first,
                            frame->buyers + (size_t)1, err) &&
           REBUT_IMAGE_ROWS(image, "buyer groups", inference->buyer_groups,
                            frame->group_members_count, err) &&
           REBUT_IMAGE_ROWS(image, "group sums", inference->group_sums,
                            frame->groups_count, err) &&
           open_scratch(night, image, err);
}

REBUT_IMAGE_KNOWS(struct rebut_scores, 824);
static bool walk_scores(struct rebut_night *night, struct rebut_image *image,
                        struct rebut_error *err)
{
    struct rebut_scores *scores = &night->scores;
    uint32_t *numbers[] = {&scores->count, &scores->orders, &scores->claims};
    scores->inference = &night->inference;
    scores->model = night->model;
    return rebut_image_numbers(image, "scores", numbers, sizeof numbers / sizeof *numbers,
                               err) &&
           rebut_image_value(image, "bin shares", scores->bin_share,
                             sizeof scores->bin_share, err) &&
           rebut_image_value(image, "usual fault", scores->usual_fault,
                             sizeof scores->usual_fault, err) &&
           rebut_image_value(image, "usual readiness", scores->usual_readiness,
                             sizeof scores->usual_readiness, err) &&
           rebut_image_value(image, "usual weeks", scores->usual_recent,
                             sizeof scores->usual_recent, err) &&
           rebut_image_value(image, "usual rates", scores->usual_rate,
                             sizeof scores->usual_rate, err) &&
           rebut_image_value(image, "mean fault rate", &scores->mean_fault_rate,
                             sizeof scores->mean_fault_rate, err) &&
           REBUT_IMAGE_ROWS(image, "list", scores->list, scores->count, err) &&
           REBUT_IMAGE_ROWS(image, "places in the list", scores->by_claim,
                            night->frame.claims_count, err) &&
           REBUT_IMAGE_ROWS(image, "episodes", scores->episode, night->frame.merchants,
                            err);
}

static bool walk_indexes(struct rebut_night *night, struct rebut_image *image,
                         struct rebut_error *err)
{
    const struct rebut_state *state = night->state;
    const size_t places = night->scores.count + (size_t)1;
    bool ok = REBUT_IMAGE_ROWS(image, "prices of items", night->prices_of,
                               state->sku_ids.count, err) &&
              rebut_map_image(&night->listings, image, "listings", err) &&
              rebut_map_image(&night->windows, image, "windows", err) &&
              rebut_map_image(&night->units, image, "units", err);
    for (int kind = 0; ok && kind < REBUT_KEYS; kind++)
        ok = REBUT_IMAGE_ROWS(image, "groups of keys", night->group_of_key[kind],
                              state->key_ids[kind].count, err);
    return ok &&
           REBUT_IMAGE_ROWS(image, "accounts at addresses", night->at_address,
                            state->key_ids[REBUT_KEY_ADDRESS].count, err) &&
           REBUT_IMAGE_ROWS(image, "wrong before", night->wrong_before, places, err) &&
           REBUT_IMAGE_ROWS(image, "tested before", night->tested_before, places, err);
}

/* p-values by place are found when they are asked for. */
static bool open_honest(struct rebut_night *night, struct rebut_image *image,
                        struct rebut_error *err)
{
    const uint32_t honest = night->model->honest.count;
    if (!rebut_image_fresh(image, &night->honest_p, honest + (size_t)1,
                           sizeof *night->honest_p, err))
        return false;
    for (uint32_t i = 0; image->mode == REBUT_IMAGE_TAKE && i <= honest; i++)
        night->honest_p[i] = (double)NAN;
    return true;
}

REBUT_IMAGE_KNOWS(struct rebut_night, 1936);
bool rebut_night_image(struct rebut_night **night_at, const struct rebut_state *state,
                       const struct rebut_model *model, struct rebut_image *image,
                       struct rebut_error *err)
{
    if (image->mode == REBUT_IMAGE_TAKE) {
        *night_at = calloc(1, sizeof **night_at);
        if (*night_at == NULL)
            return rebut_fail_memory(err, "the night");
        (*night_at)->state = state;
        (*night_at)->model = model;
    }
    struct rebut_night *night = *night_at;
    return night == NULL || /* forgotten before it was made */
           (walk_frame(night, image, err) &&
            rebut_shared_image(&night->shared, &night->frame, image, err) &&
            walk_inference(night, image, err) && walk_scores(night, image, err) &&
            walk_indexes(night, image, err) && open_honest(night, image, err));
}
