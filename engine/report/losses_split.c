/* One request's amount, split by its probability and the model's own pieces. */
#include <math.h>

#include "losses_sums.h"
#include "rebut/losses.h"
#include "rebut/special.h"

/* How far a stated reason is believed; rebut/losses.h says what each does. */
struct belief {
    double fidelity, discord;
    double v; /* ends of its interval, in standard deviations of its logarithm */
};
static const struct belief believed = {.8, .2, 0};
static const struct belief corners[] = {
    {.6, .05, -LOSS_NORMAL_90}, {.6, .05, LOSS_NORMAL_90},   {.6, .4, -LOSS_NORMAL_90},
    {.6, .4, LOSS_NORMAL_90},   {.95, .05, -LOSS_NORMAL_90}, {.95, .05, LOSS_NORMAL_90},
    {.95, .4, -LOSS_NORMAL_90}, {.95, .4, LOSS_NORMAL_90},
};
#define CORNERS (sizeof corners / sizeof corners[0])

/* What is known of one request. */
struct view {
    double lift[REBUT_PIECES]; /* log lifts, 0 where a piece has none */
    double log_v, v_deviation; /* of its logarithm */
    enum rebut_loss_piece stated;
    unsigned reason;
};

static double multiplier(const struct rebut_model *model, enum rebut_factor_id factor,
                         uint32_t level)
{
    const struct rebut_factor_table *table = &model->factors[factor];
    const double *all = table->multiplier[REBUT_RATE_FAULT];
    return all == NULL || level >= table->levels ? 1 : all[level];
}

/* log of the cell's multiplier over that of the level named `usual` (NULL: over 1). */
static double log_lift(const struct rebut_model *model, const struct rebut_cell *cell,
                       enum rebut_factor_id factor, const char *usual)
{
    const double there = multiplier(model, factor, cell->level[factor]);
    const double here =
        usual == NULL
            ? 1
            : multiplier(model, factor,
                         rebut_model_level(model, factor, rebut_text_of(usual)));
    return there > here && here > 0 ? log(there / here) : 0;
}

/* Was the promise broken when the request was made?  What came later (an order that was
 * cancelled is never shipped) says nothing. */
static bool shipped_late(const struct rebut_order *order, int64_t asked_at)
{
    if (order->promised_s == REBUT_SECONDS_NONE)
        return false;
    const int64_t promised = order->at + order->promised_s * REBUT_SECOND;
    if (order->shipped_s != REBUT_SECONDS_NONE &&
        order->at + order->shipped_s * REBUT_SECOND <= asked_at)
        return order->shipped_s > order->promised_s;
    return promised < asked_at;
}

/* The piece that a reason speaks of. */
static enum rebut_loss_piece piece_of(unsigned reason, bool late)
{
    switch (reason) {
    case REBUT_REASON_QUALITY:
    case REBUT_REASON_NOT_AS_DESCRIBED:
    case REBUT_REASON_COUNTERFEIT:
    case REBUT_REASON_WRONG_ITEM:
    case REBUT_REASON_MISSING_ITEM:
        return REBUT_PIECE_GOODS;
    case REBUT_REASON_LATE_DELIVERY:
    case REBUT_REASON_NOT_RECEIVED:
        return late ? REBUT_PIECE_SHIPPED : REBUT_PIECE_PARCEL;
    case REBUT_REASON_DAMAGED:
        return REBUT_PIECE_PARCEL;
    case REBUT_REASON_PRICE_DROP:
        return REBUT_PIECE_PRICE;
    case REBUT_REASON_CHANGED_MIND:
        return REBUT_PIECE_MIND;
    default:
        return REBUT_PIECE_UNKNOWN;
    }
}

#define SAYS(reason) (1u << (reason))
#define SAYS_GOODS                                                                       \
    (SAYS(REBUT_REASON_QUALITY) | SAYS(REBUT_REASON_NOT_AS_DESCRIBED) |                  \
     SAYS(REBUT_REASON_COUNTERFEIT) | SAYS(REBUT_REASON_WRONG_ITEM) |                    \
     SAYS(REBUT_REASON_MISSING_ITEM))
#define SAYS_NOTHING (SAYS(REBUT_REASON_NONE) | SAYS(REBUT_REASON_OTHER))
#define SAYS_AWAY (SAYS(REBUT_REASON_LATE_DELIVERY) | SAYS(REBUT_REASON_NOT_RECEIVED))

/* Does the reason speak of what the lift is about?  Bad packing breaks goods; who waits
 * changes the mind. */
static bool agrees(int piece, unsigned reason)
{
    static const unsigned said[REBUT_PIECES] = {
        [REBUT_PIECE_FAULT] = SAYS_GOODS | SAYS(REBUT_REASON_DAMAGED),
        [REBUT_PIECE_SHIPPED] = SAYS_AWAY | SAYS(REBUT_REASON_CHANGED_MIND),
        [REBUT_PIECE_CARRIER] =
            SAYS_AWAY | SAYS(REBUT_REASON_DAMAGED) | SAYS(REBUT_REASON_MISSING_ITEM),
        [REBUT_PIECE_TRANSIT] = SAYS_AWAY | SAYS(REBUT_REASON_DAMAGED),
        [REBUT_PIECE_PRICE] =
            SAYS(REBUT_REASON_PRICE_DROP) | SAYS(REBUT_REASON_CHANGED_MIND),
    };
    return ((said[piece] | SAYS_NOTHING) >> reason & 1) != 0;
}

static struct view view_of(const struct rebut_scores *scores,
                           const struct rebut_score *score)
{
    const struct rebut_frame *frame = scores->inference->frame;
    const struct rebut_frame_claim *claim = &frame->claims[score->claim];
    const struct rebut_claim_result *result = &scores->inference->claims[score->claim];
    const struct rebut_row *row = &frame->rows[claim->row];
    const struct rebut_cell *cell = &frame->cells[row->cell];
    const struct rebut_model *model = scores->model;
    const struct rebut_request *request = &frame->state->requests.data[claim->request];
    const struct rebut_order *order = &frame->state->orders.data[row->order];
    const unsigned reason = request->reason;
    const bool late = shipped_late(order, request->at);
    struct view view = {.reason = reason, .stated = piece_of(reason, late)};
    for (int k = 0; k < REBUT_LEVELS; k++)
        view.log_v += log(result->v[k]);
    view.v_deviation = sqrt(rebut_trigamma(model->rho[REBUT_LEVEL_MERCHANT] +
                                           result->counted_fault[REBUT_LEVEL_MERCHANT]));
    if (late)
        view.lift[REBUT_PIECE_SHIPPED] =
            log_lift(model, cell, REBUT_FACTOR_SHIPPED, "in_time");
    view.lift[REBUT_PIECE_CARRIER] = log_lift(model, cell, REBUT_FACTOR_CARRIER, NULL);
    /* What was never sent is on no road. */
    if (order->shipped_s != REBUT_SECONDS_NONE)
        view.lift[REBUT_PIECE_TRANSIT] =
            log_lift(model, cell, REBUT_FACTOR_TRANSIT, "under_3d");
    view.lift[REBUT_PIECE_PRICE] = log_lift(model, cell, REBUT_FACTOR_DROP, "under_3%");
    return view;
}

/* t of the pieces that are not abuse, which sum to 1; t of abuse is 0. */
static void weigh(const struct view *view, const struct belief *belief,
                  double ret[REBUT_PIECES])
{
    const double log_v = view->log_v + belief->v * view->v_deviation;
    double lift[REBUT_PIECES], lifts = 0, sum = 0;
    for (int piece = 0; piece < REBUT_PIECES; piece++) {
        lift[piece] = piece == REBUT_PIECE_FAULT ? fmax(0, log_v) : view->lift[piece];
        lifts += lift[piece];
    }
    const double base = exp(-lifts);
    for (int piece = 0; piece < REBUT_PIECES; piece++) {
        ret[piece] = lifts > 0 ? (1 - base) * lift[piece] / lifts : 0;
        if (!agrees(piece, view->reason))
            ret[piece] *= belief->discord;
    }
    const double stated = view->stated == REBUT_PIECE_UNKNOWN ? 1 : belief->fidelity;
    ret[view->stated] += stated * base;
    ret[REBUT_PIECE_UNKNOWN] += (1 - stated) * base;
    for (int piece = 0; piece < REBUT_PIECES; piece++)
        sum += ret[piece];
    for (int piece = 0; piece < REBUT_PIECES; piece++)
        ret[piece] /= sum;
}

static void causes_of(const double t[REBUT_PIECES], double ret[REBUT_CAUSES])
{
    for (int c = 0; c < REBUT_CAUSES; c++)
        ret[c] = 0;
    for (int piece = 0; piece < REBUT_PIECES; piece++)
        ret[rebut_loss_cause_of((enum rebut_loss_piece)piece)] += t[piece];
}

/* Smallest and largest t over the corners and what is believed. */
struct spread {
    double low[REBUT_PIECES], high[REBUT_PIECES];
};

static void widen(struct spread *spread, const double *t, int count, bool first)
{
    for (int i = 0; i < count; i++) {
        spread->low[i] = first ? t[i] : fmin(spread->low[i], t[i]);
        spread->high[i] = first ? t[i] : fmax(spread->high[i], t[i]);
    }
}

static int64_t micro(double share, double amount)
{
    const double units = floor(share * amount + .5);
    return units > 0 ? (int64_t)fmin(units, amount) : 0;
}

/* Pieces end where the running sum, rounded, ends: as integers they are the amount. */
static void cut(const double share[REBUT_PIECES], struct rebut_loss_split *ret)
{
    double running = 0;
    int64_t before = 0;
    for (int piece = 0; piece < REBUT_PIECES; piece++) {
        running += share[piece];
        int64_t end = micro(running, (double)ret->amount);
        if (piece == REBUT_PIECES - 1 || end > ret->amount)
            end = ret->amount;
        ret->piece[piece] = end - before;
        before = end;
    }
}

static double chance_of(double share, double fen)
{
    return floor(fen * fen * share * (1 - share) + .5);
}

static void bound(const struct rebut_score *score, const struct spread *pieces,
                  const struct spread *causes, struct rebut_loss_split *ret)
{
    const double amount = (double)ret->amount;
    for (int piece = 1; piece < REBUT_PIECES; piece++) {
        ret->piece_low[piece] = micro((1 - score->high) * pieces->low[piece], amount);
        ret->piece_high[piece] = micro((1 - score->low) * pieces->high[piece], amount);
    }
    for (int c = 1; c < REBUT_CAUSES; c++) {
        ret->low[c] = micro((1 - score->high) * causes->low[c], amount);
        ret->high[c] = micro((1 - score->low) * causes->high[c], amount);
    }
    ret->low[REBUT_CAUSE_ABUSE] = ret->piece_low[REBUT_PIECE_ABUSE] =
        micro(score->low, amount);
    ret->high[REBUT_CAUSE_ABUSE] = ret->piece_high[REBUT_PIECE_ABUSE] =
        micro(score->high, amount);
}

bool rebut_loss_split_of(const struct rebut_scores *scores,
                         const struct rebut_score *score, struct rebut_loss_split *ret)
{
    const struct rebut_frame *frame = scores->inference->frame;
    const int64_t fen =
        frame->state->requests.data[frame->claims[score->claim].request].amount;
    const struct view view = view_of(scores, score);
    struct spread pieces, causes;
    double share[REBUT_PIECES], cause[REBUT_CAUSES], t[REBUT_PIECES];
    const double p = score->probability;
    *ret = (struct rebut_loss_split){.amount = fen * LOSS_MICRO};
    weigh(&view, &believed, share);
    causes_of(share, cause);
    widen(&pieces, share, REBUT_PIECES, true);
    widen(&causes, cause, REBUT_CAUSES, true);
    for (size_t i = 0; i < CORNERS; i++) {
        weigh(&view, &corners[i], t);
        causes_of(t, cause);
        widen(&pieces, t, REBUT_PIECES, false);
        widen(&causes, cause, REBUT_CAUSES, false);
    }
    for (int piece = 0; piece < REBUT_PIECES; piece++)
        share[piece] *= 1 - p;
    share[REBUT_PIECE_ABUSE] = p;
    double sum = 0;
    for (int piece = 0; piece < REBUT_PIECES; piece++)
        sum += share[piece];
    if (!(p >= 0 && p <= 1 && score->low >= 0 && score->high <= 1 &&
          fabs(sum - 1) < 1e-9))
        return false;
    cut(share, ret);
    bound(score, &pieces, &causes, ret);
    causes_of(share, cause);
    for (int piece = 0; piece < REBUT_PIECES; piece++)
        ret->piece_variance[piece] = chance_of(share[piece], (double)fen);
    for (int c = 0; c < REBUT_CAUSES; c++)
        ret->variance[c] = chance_of(cause[c], (double)fen);
    return true;
}
