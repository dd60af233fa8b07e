/* One buyer judged against the night. */
#include <math.h>
#include <stdlib.h>

#include "infer_parts.h"
#include "night_parts.h"
#include "rebut/score_write.h"
#include "score_parts.h"

bool rebut_eye_open(struct rebut_eye **ret, struct rebut_night *night,
                    struct rebut_error *err)
{
    struct rebut_eye *eye = *ret = calloc(1, sizeof *eye);
    if (eye == NULL)
        return rebut_fail_memory(err, "a partition");
    eye->night = night;
    eye->recalled = calloc(REBUT_RECALLED, sizeof *eye->recalled);
    eye->said = calloc(1, sizeof *eye->said);
    if (eye->recalled != NULL && eye->said != NULL)
        return true;
    rebut_eye_close(eye);
    *ret = NULL;
    return rebut_fail_memory(err, "a partition");
}

static void forget(struct rebut_eye *eye)
{
    if (eye->has_inference)
        rebut_infer_close(&eye->inference);
    if (eye->has_frame)
        rebut_frame_release(&eye->frame);
    eye->has_inference = eye->has_frame = false;
}

void rebut_eye_close(struct rebut_eye *eye)
{
    if (eye == NULL)
        return;
    forget(eye);
    eye->lens.prices_of = NULL; /* the eye's */
    rebut_lens_close(&eye->lens);
    free(eye->recalled);
    free(eye->said);
    rebut_wording_left_release(&eye->left);
    free(eye->groups.data);
    free(eye->orders.data);
    free(eye->entities.data);
    free(eye->prices_of.data);
    free(eye->skus.data);
    free(eye->merchants.data);
    free(eye->categories.data);
    free(eye->photo.data);
    free(eye->near.data);
    free(eye->wording.data);
    free(eye->reasons.data);
    free(eye->steps.data);
    free(eye->episode.data);
    free(eye);
}

/* ---- the frame ---- */

/* The groups of the night that the buyer is in, or comes to today. */
static bool add_groups(struct rebut_eye *eye, struct rebut_error *err)
{
    struct rebut_frame *frame = &eye->frame;
    const uint32_t count = eye->groups.count;
    frame->groups = calloc(count + (size_t)1, sizeof *frame->groups);
    frame->group_members = calloc(count + (size_t)1, sizeof *frame->group_members);
    if (frame->groups == NULL || frame->group_members == NULL)
        return rebut_fail_memory(err, "groups");
    for (uint32_t i = 0; i < count; i++)
        frame->groups[i] = (struct rebut_group){
            .first = i,
            .count = 1,
            .key = eye->night->frame.groups[eye->groups.data[i]].key};
    frame->groups_count = frame->group_members_count = count;
    return true;
}

static bool make_frame(struct rebut_eye *eye, int64_t as_of, struct rebut_error *err)
{
    struct rebut_frame *frame = &eye->frame;
    eye->has_frame = true;
    *frame = (struct rebut_frame){.state = eye->own, .as_of = as_of};
    eye->lens.as_of = as_of;
    if (!rebut_frame_rows(frame, &eye->lens, err) || !rebut_frame_claims(frame, err) ||
        !add_groups(eye, err) || !rebut_eye_marks(eye, err))
        return false;
    rebut_frame_describe(frame);
    for (uint32_t i = 0; i < eye->own->orders.count; i++) {
        const uint32_t of_night = eye->orders.data[i].merchant;
        frame->merchant_orders[eye->own->orders.data[i].merchant] =
            of_night == REBUT_NONE ? 0 : eye->night->frame.merchant_orders[of_night];
    }
    return true;
}

/* ---- what the night knows of its orders ---- */

static uint64_t window_key(const struct rebut_order *order)
{
    return (uint64_t)order->merchant << 32 | (uint64_t)(order->at / REBUT_WINDOW);
}

static uint64_t listing_key(const struct rebut_order *order)
{
    return (uint64_t)order->merchant << 32 | order->sku;
}

static uint64_t unit_key(uint32_t listing, const struct rebut_order *order)
{
    return (uint64_t)listing << 32 | (uint64_t)(order->at / REBUT_WINDOW);
}

/* The night's entities of all orders of the eye, or REBUT_NONE: in rounds, each of which
 * asks for the memory that the next one reads. */
static void find_entities(const struct rebut_night *night,
                          const struct rebut_order *orders, uint32_t count,
                          struct rebut_members *ret)
{
    for (uint32_t i = 0; i < count; i++) {
        rebut_map_prefetch(&night->windows, window_key(&orders[i]));
        rebut_map_prefetch(&night->listings, listing_key(&orders[i]));
    }
    for (uint32_t i = 0; i < count; i++) {
        const struct rebut_order *order = &orders[i];
        for (int k = 0; k < REBUT_LEVELS; k++)
            ret[i].at[k] = REBUT_NONE;
        if (order->merchant == REBUT_NONE)
            continue;
        ret[i].at[REBUT_LEVEL_MERCHANT] = order->merchant;
        ret[i].at[REBUT_LEVEL_MERCHANT_WINDOW] =
            rebut_map_find(&night->windows, window_key(order));
        if (order->sku == REBUT_NONE)
            continue;
        const uint32_t listing = rebut_map_find(&night->listings, listing_key(order));
        ret[i].at[REBUT_LEVEL_LISTING] = listing;
        if (listing != REBUT_NONE)
            rebut_map_prefetch(&night->units, unit_key(listing, order));
    }
    for (uint32_t i = 0; i < count; i++) {
        const uint32_t listing = ret[i].at[REBUT_LEVEL_LISTING];
        if (listing != REBUT_NONE)
            ret[i].at[REBUT_LEVEL_UNIT] =
                rebut_map_find(&night->units, unit_key(listing, &orders[i]));
        for (int k = 0; k < REBUT_LEVELS; k++)
            if (ret[i].at[k] != REBUT_NONE) {
                __builtin_prefetch(&night->inference.fault[k][ret[i].at[k]]);
                __builtin_prefetch(&night->inference.own[k][ret[i].at[k]]);
            }
    }
}

/* An entity without the buyer; one that the night does not know is at its prior. */
static struct rebut_entity entity_of(const struct rebut_night *night, int level,
                                     uint32_t index)
{
    if (index == REBUT_NONE) {
        const double psi =
            level == REBUT_LEVEL_MERCHANT ? night->model->service_scale : 1;
        return (struct rebut_entity){.psi = psi, .ratio = psi};
    }
    struct rebut_entity entity = night->inference.fault[level][index];
    const struct rebut_own *own = &night->inference.own[level][index];
    entity.counted = fmax(0, entity.counted - rebut_from_fixed(own->counted));
    entity.expected = fmax(0, entity.expected - rebut_from_fixed(own->expected));
    return entity;
}

static void ask_merchants(struct rebut_eye *eye)
{
    struct rebut_night *night = eye->night;
    struct rebut_inference *inference = &eye->inference;
    find_entities(night, eye->orders.data, eye->own->orders.count, eye->entities.data);
    if (eye->known.buyer != REBUT_NONE)
        rebut_infer_own(&night->inference, eye->known.buyer, 1);
    for (uint32_t row = 0; row < eye->frame.rows_count; row++) {
        const struct rebut_row *r = &eye->frame.rows[row];
        const uint32_t *of_night = eye->entities.data[r->order].at;
        for (int k = 0; k < REBUT_LEVELS; k++)
            inference->fault[k][inference->members[r->unit].at[k]] =
                entity_of(night, k, of_night[k]);
    }
    if (eye->known.buyer != REBUT_NONE)
        rebut_infer_own(&night->inference, eye->known.buyer, -1);
}

/* Was the buyer in the group when the night summed it up? */
static bool is_member(const struct rebut_night *night, uint32_t buyer, uint32_t group)
{
    const struct rebut_inference *inference = &night->inference;
    if (buyer == REBUT_NONE)
        return false;
    for (uint32_t i = inference->buyer_group_first[buyer];
         i < inference->buyer_group_first[buyer + 1]; i++)
        if (inference->buyer_groups[i] == group)
            return true;
    return false;
}

/* The sums of the groups with the buyer in them, which its prior leaves out again. */
static void ask_groups(struct rebut_eye *eye)
{
    const struct rebut_night *night = eye->night;
    const struct rebut_model *model = night->model;
    struct rebut_inference *inference = &eye->inference;
    const uint32_t buyer = eye->known.buyer;
    const double log_bf = buyer == REBUT_NONE ? 0 : night->inference.buyers[buyer].log_bf;
    inference->buyers[0].log_bf = log_bf;
    for (uint32_t i = 0; i < eye->groups.count; i++) {
        const uint32_t group = eye->groups.data[i];
        const bool member = is_member(night, buyer, group);
        inference->group_sums[i] = night->inference.group_sums[group];
        if (!member)
            inference->group_sums[i] += rebut_to_fixed(
                rebut_ring_member(&model->ring, model->population.pi, log_bf));
        eye->frame.groups[i].count = night->frame.groups[group].count + !member;
    }
}

static bool infer(struct rebut_eye *eye, struct rebut_error *err)
{
    const struct rebut_model *model = eye->night->model;
    struct rebut_inference *inference = &eye->inference;
    eye->has_inference = rebut_infer_open(inference, &eye->frame, err);
    if (!eye->has_inference)
        return false;
    memcpy(inference->rho, model->rho, sizeof inference->rho);
    rebut_infer_rates(inference, model);
    rebut_infer_claims(inference, model);
    for (uint32_t cell = 0; cell < eye->frame.cells_count; cell++)
        inference->hot_cells[cell] =
            (struct rebut_hot_cell){.mu = inference->mu[cell], .nu = inference->nu[cell]};
    ask_merchants(eye);
    ask_groups(eye);
    return rebut_judge_buyer(inference, model, 0, err);
}

/* ---- the score ---- */

static uint32_t claim_of(const struct rebut_frame *frame, uint32_t request)
{
    for (uint32_t claim = 0; claim < frame->claims_count; claim++)
        if (frame->claims[claim].request == request)
            return claim;
    return REBUT_NONE;
}

static bool make_score(struct rebut_eye *eye, uint32_t claim, struct rebut_error *err)
{
    const struct rebut_state *own = eye->own;
    struct rebut_turned turned;
    eye->episode.count = eye->steps.count = 0;
    if (!REBUT_ARRAY_MORE(&eye->episode, own->merchant_ids.count, "merchants", err) ||
        !REBUT_ARRAY_MORE(&eye->steps, own->orders.count, "orders", err))
        return false;
    for (uint32_t i = 0; i < own->orders.count; i++) {
        const uint32_t merchant = eye->orders.data[i].merchant;
        eye->episode.data[own->orders.data[i].merchant] =
            merchant != REBUT_NONE && eye->night->scores.episode[merchant];
    }
    eye->scores = eye->night->scores; /* everybody's shares and means */
    eye->scores.inference = &eye->inference;
    eye->scores.list = &eye->score;
    eye->scores.count = 1;
    eye->scores.by_claim = NULL;
    eye->scores.episode = eye->episode.data;
    eye->scores.said = eye->said;
    eye->score = (struct rebut_score){.claim = claim};
    rebut_score_judge(&eye->scores, &eye->score);
    if (!rebut_turned_of(&eye->inference, eye->night->model, 0, eye->steps.data, &turned,
                         err))
        return false;
    rebut_score_turn(&eye->scores, &eye->score, &turned);
    rebut_eye_place(eye);
    return true;
}

bool rebut_eye_judge(struct rebut_eye *eye, const struct rebut_state *own, int64_t as_of,
                     uint32_t request, struct rebut_judged *ret, struct rebut_error *err)
{
    forget(eye);
    if (!rebut_eye_recognise(eye, own, err) || !make_frame(eye, as_of, err) ||
        !infer(eye, err))
        return false;
    const uint32_t claim = claim_of(&eye->frame, request);
    if (claim == REBUT_NONE)
        return rebut_fail(err, REBUT_EINPUT,
                          "expected a refund-only request of the buyer, got request %u",
                          request);
    if (!make_score(eye, claim, err))
        return false;
    *ret = (struct rebut_judged){&eye->scores, &eye->score};
    return true;
}
