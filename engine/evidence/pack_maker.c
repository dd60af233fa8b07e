/* What every pack needs, counted once: shops, items, categories, texts, verdicts. */
#include "pack_maker.h"

#include <math.h>
#include <stdlib.h>

#include "pack_figures.h"

void rebut_pack_tally_order(struct tally *tally, const struct rebut_order *order,
                            uint8_t dispute, int sign)
{
    const uint32_t one = (uint32_t)sign; /* wraps, and back */
    tally->orders += one;
    if (dispute & DISPUTE_REFUND_ONLY)
        tally->requests += one;
    if (dispute & DISPUTE_FAULT_RETURN)
        tally->returns += one;
    if (order->shipped_s == REBUT_SECONDS_NONE || order->promised_s == REBUT_SECONDS_NONE)
        return;
    tally->promised += one;
    if (order->shipped_s > order->promised_s)
        tally->late += one;
}

static void mark_disputes(struct rebut_pack_maker *maker)
{
    const struct rebut_state *state = maker->state;
    for (uint32_t i = 0; i < state->requests.count; i++) {
        const struct rebut_request *request = &state->requests.data[i];
        uint8_t *dispute = &maker->dispute[request->order];
        if (request->kind == REBUT_KIND_REFUND_ONLY)
            *dispute |= DISPUTE_REFUND_ONLY;
        else
            *dispute |= DISPUTE_RETURN;
        if (rebut_is_fault_return(request))
            *dispute |= DISPUTE_FAULT_RETURN;
    }
}

static void count_orders(struct rebut_pack_maker *maker)
{
    const struct rebut_frame *frame = maker->frame;
    for (uint32_t i = 0; i < frame->rows_count; i++) {
        const struct rebut_row *row = &frame->rows[i];
        const struct rebut_order *order = &maker->state->orders.data[row->order];
        const uint8_t dispute = maker->dispute[row->order];
        rebut_pack_tally_order(&maker->shops[order->merchant], order, dispute, 1);
        rebut_pack_tally_order(&maker->listings[frame->unit_listing[row->unit]], order,
                               dispute, 1);
        rebut_pack_tally_order(&maker->categories[order->category], order, dispute, 1);
    }
}

static void count_claims(struct rebut_pack_maker *maker)
{
    const struct rebut_frame *frame = maker->frame;
    const struct rebut_scores *scores = maker->scores;
    for (uint32_t i = 0; i < frame->claims_count; i++) {
        const uint32_t unit = frame->rows[frame->claims[i].row].unit;
        const rebut_fixed fault =
            rebut_to_fixed(1 - scores->list[scores->by_claim[i]].probability);
        struct tally *shop = &maker->shops[frame->unit_merchant[unit]];
        struct tally *listing = &maker->listings[frame->unit_listing[unit]];
        shop->claims++;
        shop->fault += fault;
        listing->claims++;
        listing->fault += fault;
        maker->listing_first[frame->unit_listing[unit] + 2]++;
    }
}

bool rebut_pack_count(struct rebut_pack_maker *maker, struct rebut_error *err)
{
    const struct rebut_frame *frame = maker->frame;
    const size_t categories = maker->state->categories.count + (size_t)1;
    maker->dispute = calloc(maker->state->orders.count + (size_t)1, 1);
    maker->shops = calloc(frame->merchants + (size_t)1, sizeof *maker->shops);
    maker->listings = calloc(frame->listings + (size_t)1, sizeof *maker->listings);
    maker->categories = calloc(categories, sizeof *maker->categories);
    maker->listing_first =
        calloc(frame->listings + (size_t)2, sizeof *maker->listing_first);
    maker->listing_claims =
        malloc((frame->claims_count + (size_t)1) * sizeof *maker->listing_claims);
    if (maker->dispute == NULL || maker->shops == NULL || maker->listings == NULL ||
        maker->categories == NULL || maker->listing_first == NULL ||
        maker->listing_claims == NULL)
        return rebut_fail_memory(err, "the counts of packs");
    mark_disputes(maker);
    count_orders(maker);
    count_claims(maker);
    /* listing_first[l + 2] counts, then sums; filling moves [l + 1] to the end of l. */
    for (uint32_t l = 0; l < frame->listings; l++)
        maker->listing_first[l + 2] += maker->listing_first[l + 1];
    for (uint32_t i = 0; i < frame->claims_count; i++) {
        const uint32_t unit = frame->rows[frame->claims[i].row].unit;
        maker->listing_claims[maker->listing_first[frame->unit_listing[unit] + 1]++] = i;
    }
    return true;
}

/* Log-odds without what the request's own reviewers said. */
static double unjudged(const struct rebut_pack_maker *maker,
                       const struct rebut_score *score)
{
    return score->log_odds - maker->scores->inference->claims[score->claim].log_verdict;
}

static void find_borders(struct rebut_pack_maker *maker)
{
    double abuse = (double)INFINITY, legitimate = -(double)INFINITY;
    for (uint32_t i = 0; i < maker->scores->count; i++) {
        const struct rebut_score *score = &maker->scores->list[i];
        if (score->answer == REBUT_LIKELY_ABUSE)
            abuse = fmin(abuse, score->log_odds);
        if (score->answer == REBUT_LIKELY_LEGITIMATE)
            legitimate = fmax(legitimate, score->log_odds);
    }
    maker->border_abuse = rebut_pack_round(abuse);
    maker->border_legitimate = rebut_pack_round(legitimate);
}

void rebut_pack_judged(struct rebut_pack_maker *maker)
{
    rebut_total sums[RELIABILITY_BINS] = {0};
    find_borders(maker);
    for (uint32_t i = 0; i < maker->scores->count; i++) {
        const struct rebut_score *score = &maker->scores->list[i];
        const struct rebut_frame_claim *claim = &maker->frame->claims[score->claim];
        if (claim->said_abuse == claim->said_legitimate)
            continue; /* not judged, or they disagree */
        const double p = 1 / (1 + exp(-unjudged(maker, score)));
        const int bin = p < 1 ? (int)(p * RELIABILITY_BINS) : RELIABILITY_BINS - 1;
        maker->reliability[bin].judged++;
        maker->reliability[bin].abuse += claim->said_abuse > claim->said_legitimate;
        sums[bin] += rebut_to_fixed(p);
    }
    for (int i = 0; i < RELIABILITY_BINS; i++) {
        struct rebut_pack_bin *bin = &maker->reliability[i];
        bin->from = rebut_pack_round((double)i / RELIABILITY_BINS);
        bin->to = rebut_pack_round((double)(i + 1) / RELIABILITY_BINS);
        bin->predicted =
            rebut_pack_round(rebut_from_total(sums[i]) / (double)bin->judged);
        rebut_pack_bin_of(bin);
    }
}
