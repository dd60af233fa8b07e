#include "rebut/score.h"

#include <math.h>
#include <stdlib.h>

#include "rebut/fit.h"
#include "rebut/multiple.h"
#include "rebut/special.h"
#include "score_parts.h"

const char *const rebut_words_answer[REBUT_ANSWERS] = {
    [REBUT_LIKELY_ABUSE] = "likely_abuse",
    [REBUT_UNDETERMINED] = "undetermined",
    [REBUT_LIKELY_LEGITIMATE] = "likely_legitimate",
};

/* Half the width of a 90 % interval in standard deviations. */
#define NORMAL_90 1.6448536269514722
/* A queue may hold this share of wrong accusations. */
#define ABUSE_Q 0.10
#define LEGITIMATE_P 0.2

static double logistic(double x)
{
    return 1 / (1 + exp(-x));
}

static const struct rebut_request *request_of(const struct rebut_scores *scores,
                                              const struct rebut_score *score)
{
    const struct rebut_frame *frame = scores->inference->frame;
    return &frame->state->requests.data[frame->claims[score->claim].request];
}

static struct rebut_text id_of(const struct rebut_scores *scores,
                               const struct rebut_score *score)
{
    const struct rebut_frame *frame = scores->inference->frame;
    return rebut_intern_text(&frame->state->request_ids,
                             frame->claims[score->claim].request);
}

/* Variance of the log-odds because the merchant's fault is known from so many faults
 * and no more. */
static double merchant_variance(const struct rebut_scores *scores,
                                const struct rebut_score *score)
{
    const struct rebut_claim_result *claim = &scores->inference->claims[score->claim];
    return rebut_trigamma(scores->model->rho[REBUT_LEVEL_MERCHANT] +
                          claim->counted_fault[REBUT_LEVEL_MERCHANT]);
}

static unsigned notes_of(const struct rebut_scores *scores,
                         const struct rebut_score *score)
{
    const struct rebut_frame *frame = scores->inference->frame;
    const struct rebut_row *row = &frame->rows[frame->claims[score->claim].row];
    const uint32_t buyer = frame->state->orders.data[row->order].buyer;
    const uint32_t merchant = frame->unit_merchant[row->unit];
    unsigned notes = 0;
    if (scores->model->verdicts < REBUT_VERDICTS_ENOUGH)
        notes |= REBUT_NOTE_BASE_RATE;
    if (frame->buyer_rows[buyer + 1] - frame->buyer_rows[buyer] == 1)
        notes |= REBUT_NOTE_ONE_ORDER;
    if (scores->episode[merchant])
        notes |= REBUT_NOTE_EPISODE;
    if (scores->inference->claims[score->claim].expected_fault[REBUT_LEVEL_MERCHANT] < .5)
        notes |= REBUT_NOTE_FEW_ORDERS;
    return notes;
}

static uint32_t buyer_of(const struct rebut_frame *frame, uint32_t claim)
{
    return frame->state->orders.data[frame->rows[frame->claims[claim].row].order].buyer;
}

void rebut_score_turn(const struct rebut_scores *scores, struct rebut_score *score,
                      const struct rebut_turned *turned)
{
    const struct rebut_frame *frame = scores->inference->frame;
    const uint32_t row = frame->claims[score->claim].row;
    score->turned = *turned;
    if (turned->since != REBUT_TIME_NONE &&
        frame->state->orders.data[frame->rows[row].order].at >= turned->since)
        score->notes |= REBUT_NOTE_TURNED;
}

/* The alarm of every buyer with a score. */
static bool find_turned(struct rebut_scores *scores, struct rebut_error *err)
{
    const struct rebut_frame *frame = scores->inference->frame;
    uint32_t most = 0, last = REBUT_NONE;
    for (uint32_t b = 0; b < frame->buyers; b++)
        if (frame->buyer_rows[b + 1] - frame->buyer_rows[b] > most)
            most = frame->buyer_rows[b + 1] - frame->buyer_rows[b];
    struct rebut_turn_step *steps = malloc((most + (size_t)1) * sizeof *steps);
    struct rebut_turned turned = {.since = REBUT_TIME_NONE, .bound = 1};
    bool ok = steps != NULL || rebut_fail_memory(err, "who has turned");
    for (uint32_t i = 0; ok && i < scores->count; i++) {
        struct rebut_score *score = &scores->list[i];
        const uint32_t buyer = buyer_of(frame, score->claim);
        if (buyer != last)
            ok = rebut_turned_of(scores->inference, scores->model, buyer, steps, &turned,
                                 err);
        last = buyer;
        rebut_score_turn(scores, score, &turned);
    }
    free(steps);
    return ok;
}

void rebut_score_judge(const struct rebut_scores *scores, struct rebut_score *score)
{
    struct rebut_term terms[REBUT_TERMS];
    const int count = rebut_score_terms(scores, score, terms);
    double raw = 0;
    score->log_odds = 0;
    for (int i = 0; i < count; i++) {
        score->log_odds += terms[i].log_odds;
        if (terms[i].id < REBUT_RAW_TERMS)
            raw += terms[i].raw;
    }
    const double calibration = rebut_top_variance(&scores->model->top, raw);
    const double half = NORMAL_90 * sqrt(merchant_variance(scores, score) + calibration);
    score->probability = logistic(score->log_odds);
    score->prudent = logistic(score->log_odds - REBUT_PRUDENCE * sqrt(calibration));
    score->low = logistic(score->log_odds - half);
    score->high = logistic(score->log_odds + half);
    score->expected_recovery =
        score->probability * (double)request_of(scores, score)->amount;
    score->notes = notes_of(scores, score);
}

/* Then the earlier, the larger, the lower id. */
int rebut_score_compare(const struct rebut_scores *a, const struct rebut_score *left,
                        const struct rebut_scores *b, const struct rebut_score *right)
{
    if (left->log_odds != right->log_odds)
        return left->log_odds > right->log_odds ? -1 : 1;
    const struct rebut_request *x = request_of(a, left), *y = request_of(b, right);
    if (x->at != y->at)
        return x->at < y->at ? -1 : 1;
    if (x->amount != y->amount)
        return x->amount > y->amount ? -1 : 1;
    return rebut_text_compare(id_of(a, left), id_of(b, right));
}

static int compare_scores(const void *left, const void *right, void *context)
{
    return rebut_score_compare(context, left, context, right);
}

enum rebut_answer rebut_score_answer(const struct rebut_score *score)
{
    /* An attack of fresh accounts and a bad batch sold to new buyers look alike. */
    if (score->notes & REBUT_NOTE_EPISODE && score->notes & REBUT_NOTE_ONE_ORDER)
        return REBUT_UNDETERMINED;
    if (score->q_value <= ABUSE_Q && score->low >= .5)
        return REBUT_LIKELY_ABUSE;
    if (score->probability <= LEGITIMATE_P && score->high < .5)
        return REBUT_LIKELY_LEGITIMATE;
    return REBUT_UNDETERMINED;
}

static void rank(struct rebut_scores *scores)
{
    qsort_r(scores->list, scores->count, sizeof *scores->list, compare_scores, scores);
    double wrong = 0, most = 0;
    for (uint32_t i = 0; i < scores->count; i++) {
        struct rebut_score *score = &scores->list[i];
        wrong += 1 - score->prudent;
        most = fmax(most, wrong / (i + 1));
        score->rank = i + 1;
        score->q_value = most;
        score->answer = rebut_score_answer(score);
        scores->by_claim[score->claim] = i;
    }
}

bool rebut_score_is_tested(const struct rebut_scores *scores,
                           const struct rebut_score *score)
{
    return scores->model->honest.count > 0 &&
           !rebut_is_judged(&scores->inference->frame->claims[score->claim]);
}

/* Best first, the conformal p-values ascend; so do they without the judged ones. */
static bool bound_by_honest(struct rebut_scores *scores, struct rebut_error *err)
{
    const struct rebut_honest *honest = &scores->model->honest;
    double *p = malloc((scores->count + (size_t)1) * sizeof *p);
    uint32_t tested = 0, next = 0;
    if (p == NULL)
        return rebut_fail_memory(err, "conformal p-values");
    double last = -1;
    for (uint32_t i = 0; i < scores->count; i++) {
        if (!rebut_score_is_tested(scores, &scores->list[i]))
            continue;
        const double above = rebut_honest_above(honest, scores->list[i].log_odds);
        p[tested] =
            tested > 0 && above == last ? p[tested - 1] : rebut_honest_p(honest, above);
        last = above;
        tested++;
    }
    rebut_bh_adjust(p, tested, p);
    for (uint32_t i = 0; i < scores->count; i++)
        scores->list[i].conformal_q =
            rebut_score_is_tested(scores, &scores->list[i]) ? p[next++] : (double)NAN;
    free(p);
    return true;
}

static void share_bins(struct rebut_scores *scores)
{
    const struct rebut_frame *frame = scores->inference->frame;
    for (uint32_t i = 0; i < frame->claims_count; i++)
        for (int mark = 0; mark < REBUT_MARKS; mark++)
            scores->bin_share[mark][frame->claims[i].bin[mark]] += 1;
    for (int mark = 0; mark < REBUT_MARKS; mark++)
        for (int bin = 0; bin < REBUT_MARK_BINS; bin++)
            scores->bin_share[mark][bin] /=
                frame->claims_count > 0 ? frame->claims_count : 1;
}

static const double tails[2] = {.05, .95};

/* Two factors at once, each Gamma with mean 1: one Gamma of the product's mean and
 * variance stands for it. */
static double both(double rho, double other)
{
    return 1 / ((1 + 1 / rho) * (1 + 1 / other) - 1);
}

static void find_usual(struct rebut_scores *scores)
{
    const struct rebut_model *model = scores->model;
    const double recent =
        both(model->rho[REBUT_LEVEL_MERCHANT_WINDOW], model->rho[REBUT_LEVEL_UNIT]);
    for (int side = 0; side < 2; side++) {
        for (int k = 0; k < REBUT_LEVELS; k++)
            scores->usual_fault[k][side] =
                rebut_gamma_quantile(tails[side], model->rho[k], model->rho[k]);
        scores->usual_readiness[side] = rebut_gamma_quantile(
            tails[side], model->population.kappa, model->population.kappa);
        scores->usual_recent[side] = rebut_gamma_quantile(tails[side], recent, recent);
    }
}

struct cell_rate {
    double mu;
    uint64_t rows;
};

static int compare_rates(const void *left, const void *right)
{
    const struct cell_rate *a = left, *b = right;
    return a->mu < b->mu ? -1 : a->mu > b->mu;
}

/* Of all orders: the cells in the order of their rates, until enough rows are passed. */
static bool find_usual_rate(struct rebut_scores *scores, struct rebut_error *err)
{
    const struct rebut_frame *frame = scores->inference->frame;
    struct cell_rate *rates = calloc(frame->cells_count + (size_t)1, sizeof *rates);
    if (rates == NULL)
        return rebut_fail_memory(err, "the usual rates");
    for (uint32_t cell = 0; cell < frame->cells_count; cell++)
        rates[cell] = (struct cell_rate){scores->inference->mu[cell],
                                         (uint64_t)frame->cells[cell].rows};
    qsort(rates, frame->cells_count, sizeof *rates, compare_rates);
    for (int side = 0; side < 2; side++) {
        uint64_t passed = 0;
        scores->usual_rate[side] = (double)NAN;
        for (uint32_t cell = 0; cell < frame->cells_count; cell++) {
            passed += rates[cell].rows;
            if ((double)passed < tails[side] * (double)frame->rows_count)
                continue;
            scores->usual_rate[side] = rates[cell].mu;
            break;
        }
    }
    free(rates);
    return true;
}

static double mean_fault_rate(const struct rebut_inference *inference)
{
    const struct rebut_frame *frame = inference->frame;
    rebut_total sum = 0;
    for (uint32_t cell = 0; cell < frame->cells_count; cell++)
        sum += rebut_to_fixed(inference->mu[cell]) * frame->cells[cell].rows;
    return rebut_from_total(sum) / frame->rows_count;
}

bool rebut_scores_list(struct rebut_scores *ret, const struct rebut_inference *inference,
                       const struct rebut_model *model, int64_t since,
                       struct rebut_error *err)
{
    const struct rebut_frame *frame = inference->frame;
    *ret = (struct rebut_scores){.inference = inference, .model = model};
    ret->list = calloc(frame->claims_count + (size_t)1, sizeof *ret->list);
    ret->by_claim = malloc((frame->claims_count + (size_t)1) * sizeof *ret->by_claim);
    ret->episode = calloc(frame->merchants + (size_t)1, sizeof *ret->episode);
    if (ret->list == NULL || ret->by_claim == NULL || ret->episode == NULL) {
        rebut_scores_close(ret);
        return rebut_fail_memory(err, "scores");
    }
    ret->orders = frame->rows_count;
    ret->claims = frame->claims_count;
    share_bins(ret);
    find_usual(ret);
    if (!find_usual_rate(ret, err)) {
        rebut_scores_close(ret);
        return false;
    }
    ret->mean_fault_rate = mean_fault_rate(inference);
    for (uint32_t i = 0; i < frame->claims_count; i++) {
        ret->by_claim[i] = REBUT_NONE;
        if (frame->state->requests.data[frame->claims[i].request].at < since)
            continue;
        ret->by_claim[i] = ret->count;
        ret->list[ret->count++].claim = i;
    }
    return true;
}

bool rebut_scores_open(struct rebut_scores *ret, const struct rebut_inference *inference,
                       const struct rebut_model *model, int64_t since,
                       struct rebut_error *err)
{
    if (!rebut_scores_list(ret, inference, model, since, err))
        return false;
    if (rebut_episodes(inference, ret->episode, err)) {
        for (uint32_t i = 0; i < ret->count; i++)
            rebut_score_judge(ret, &ret->list[i]);
        if (find_turned(ret, err)) {
            rank(ret);
            if (bound_by_honest(ret, err))
                return true;
        }
    }
    rebut_scores_close(ret);
    return false;
}

void rebut_scores_close(struct rebut_scores *scores)
{
    free(scores->list);
    free(scores->by_claim);
    free(scores->episode);
    *scores = (struct rebut_scores){0};
}
