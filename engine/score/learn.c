#include "rebut/learn.h"

#include <math.h>
#include <stdlib.h>

#include "rebut/fit.h"
#include "rebut/logistic.h"
#include "rebut/score.h"

#define ROUNDS 60
#define ROUND_ENOUGH 1e-4
#define RAW_MAX 30.0

/* Columns: intercept, slope, one a term that is no mark, one a bin of a mark, one a way
 * of choosing requests for review but the random draw. */
enum { INTERCEPT, SLOPE, WEIGHTS, BINS = WEIGHTS + REBUT_TERM_MARKS };
#define CHOSEN (BINS + REBUT_MARKS * REBUT_MARK_BINS)
#define COLUMNS (CHOSEN + REBUT_SELECTIONS)

struct pupil {
    const struct rebut_frame *frame;
    struct rebut_logistic problem;
    struct rebut_logistic_work *work;
    struct rebut_logistic_fit *fit;
    uint32_t *claims; /* [rows] */
    int *voices;      /* [rows][2]: who said legitimate, who said abuse */
    double *x;        /* [rows][COLUMNS] */
    double *offset;   /* [rows]: the raw terms' sum */
    double *truth;    /* [rows]: P(abuse | what was said, the request) */
    double *told;     /* [rows]: share of the truth's information that a verdict gives */
    double error;     /* of reviewers */
    uint64_t said_abuse, said_legitimate;
    double beta[COLUMNS], ridge[COLUMNS], low[COLUMNS];
};

static void close_pupil(struct pupil *pupil)
{
    void *all[] = {pupil->work, pupil->fit,    pupil->claims, pupil->voices,
                   pupil->x,    pupil->offset, pupil->truth,  pupil->told};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        free(all[i]);
}

static void *zeroed(size_t count, size_t size, bool *ok)
{
    void *memory = calloc(count + 1, size);
    *ok = *ok && memory != NULL;
    return memory;
}

static bool open_pupil(struct pupil *pupil, const struct rebut_frame *frame,
                       struct rebut_error *err)
{
    size_t rows = 0;
    bool ok = true;
    for (uint32_t i = 0; i < frame->claims_count; i++)
        rows += rebut_is_judged(&frame->claims[i]);
    *pupil = (struct pupil){.frame = frame, .error = REBUT_REVIEWER_ERROR};
    pupil->work = zeroed(1, sizeof *pupil->work, &ok);
    pupil->fit = zeroed(1, sizeof *pupil->fit, &ok);
    pupil->claims = zeroed(rows, sizeof *pupil->claims, &ok);
    pupil->voices = zeroed(2 * rows, sizeof *pupil->voices, &ok);
    pupil->x = zeroed(rows * COLUMNS, sizeof *pupil->x, &ok);
    pupil->offset = zeroed(rows, sizeof *pupil->offset, &ok);
    pupil->truth = zeroed(rows, sizeof *pupil->truth, &ok);
    pupil->told = zeroed(rows, sizeof *pupil->told, &ok);
    pupil->problem = (struct rebut_logistic){.columns = COLUMNS,
                                             .x = pupil->x,
                                             .y = pupil->truth,
                                             .offset = pupil->offset,
                                             .ridge = pupil->ridge,
                                             .start = pupil->beta,
                                             .lower = pupil->low};
    if (ok)
        return true;
    close_pupil(pupil);
    return rebut_fail_memory(err, "what verdicts teach");
}

static void set_prior(struct pupil *pupil)
{
    for (int k = 0; k < COLUMNS; k++) {
        const double deviation = k == INTERCEPT ? REBUT_TOP_INTERCEPT_SD
                                 : k == SLOPE   ? REBUT_TOP_SLOPE_SD
                                 : k < BINS     ? REBUT_TOP_WEIGHT_SD
                                 : k < CHOSEN   ? REBUT_TOP_BIN_SD
                                                : REBUT_TOP_SELECTION_SD;
        pupil->ridge[k] = 1 / (deviation * deviation);
        pupil->low[k] = k == SLOPE || (k >= WEIGHTS && k < BINS) ? REBUT_TOP_WEIGHT_MIN
                                                                 : -(double)INFINITY;
    }
}

static double bounded(double raw)
{
    return fmin(fmax(raw, -RAW_MAX), RAW_MAX);
}

/* One judged claim as a row. */
static void add_row(struct pupil *pupil, const struct rebut_scores *scores,
                    uint32_t index)
{
    const struct rebut_frame_claim *claim = &pupil->frame->claims[index];
    const size_t row = pupil->problem.rows++;
    double *x = pupil->x + row * COLUMNS;
    struct rebut_term terms[REBUT_TERMS];
    const int count =
        rebut_score_terms(scores, &scores->list[scores->by_claim[index]], terms);
    double sum = 0;
    for (int i = 0; i < count; i++) {
        const int mark = (int)terms[i].id - REBUT_TERM_MARKS;
        if (terms[i].id >= REBUT_RAW_TERMS)
            continue;
        sum += terms[i].raw;
        if (mark < 0)
            x[WEIGHTS + terms[i].id] = bounded(terms[i].raw);
        else
            x[BINS + mark * REBUT_MARK_BINS + claim->bin[mark]] = 1;
    }
    x[INTERCEPT] = 1;
    x[SLOPE] = pupil->offset[row] = bounded(sum);
    if (claim->selection != REBUT_SELECTION_RANDOM)
        x[CHOSEN + claim->selection] = 1;
    pupil->said_abuse += claim->said_abuse;
    pupil->said_legitimate += claim->said_legitimate;
    pupil->voices[2 * row] = claim->said_legitimate;
    pupil->voices[2 * row + 1] = claim->said_abuse;
    pupil->claims[row] = index;
}

static double eta_of(const struct pupil *pupil, size_t row)
{
    return rebut_logistic_logit(&pupil->problem, row, pupil->beta);
}

/* What is behind each verdict, given the numbers and the reviewers' error. */
static void guess_truths(struct pupil *pupil)
{
    const double sure = log1p(-pupil->error) - log(pupil->error);
    for (size_t row = 0; row < pupil->problem.rows; row++) {
        const int *voices = pupil->voices + 2 * row;
        const double said = sure * (voices[1] - voices[0]);
        pupil->truth[row] = rebut_logistic(eta_of(pupil, row) + said);
    }
}

/* How often a verdict was wrong, given the truths; a sum that knows no order. */
static void guess_error(struct pupil *pupil)
{
    rebut_total wrong = 0;
    double given = 0;
    for (size_t row = 0; row < pupil->problem.rows; row++) {
        const int *voices = pupil->voices + 2 * row;
        wrong += rebut_to_fixed(voices[0] * pupil->truth[row] +
                                voices[1] * (1 - pupil->truth[row]));
        given += voices[0] + voices[1];
    }
    const double prior = REBUT_REVIEWER_ERROR * REBUT_REVIEWER_ERROR_WEIGHT;
    pupil->error =
        fmin((rebut_from_total(wrong) + prior) / (given + REBUT_REVIEWER_ERROR_WEIGHT),
             REBUT_REVIEWER_ERROR_MAX);
}

/* Soft truths given the numbers, the numbers given the truths, until they agree. */
static bool settle(struct pupil *pupil, struct rebut_error *err)
{
    for (int round = 0; round < ROUNDS; round++) {
        double moved = 0;
        guess_truths(pupil);
        if (!rebut_logistic_fit(&pupil->problem, pupil->work, pupil->fit, err))
            return false;
        guess_error(pupil);
        for (int k = 0; k < COLUMNS; k++)
            moved = fmax(moved, fabs(pupil->fit->beta[k] - pupil->beta[k]));
        memcpy(pupil->beta, pupil->fit->beta, sizeof pupil->beta);
        if (moved <= ROUND_ENOUGH)
            break;
    }
    return true;
}

/* How sure the numbers are.  A verdict that may be wrong tells less than the truth
 * would: its information is p (1 - p) less what it leaves open (Louis, J. R. Statist.
 * Soc. B 44 (1982), 226-233).  Fits the answer to itself with that as weights, so that
 * pupil->fit has the factor of this information. */
static bool find_covariance(struct pupil *pupil, struct rebut_error *err)
{
    struct rebut_logistic known = pupil->problem;
    double *p = pupil->truth, open = 0;
    for (size_t row = 0; row < pupil->problem.rows; row++) {
        open = p[row] * (1 - p[row]);
        p[row] = rebut_logistic(eta_of(pupil, row));
        pupil->told[row] = fmax(0, 1 - open / fmax(p[row] * (1 - p[row]), 1e-12));
    }
    known.weight = pupil->told;
    known.centre = pupil->beta;
    const bool ok = rebut_logistic_fit(&known, pupil->work, pupil->fit, err);
    guess_truths(pupil);
    return ok;
}

static void write_top(const struct pupil *pupil, struct rebut_top_layer *top)
{
    const double *beta = pupil->beta;
    top->intercept = beta[INTERCEPT];
    top->slope = beta[SLOPE];
    for (int k = 0; k < REBUT_TERM_MARKS; k++)
        top->weight[k] = beta[WEIGHTS + k];
    for (int mark = 0; mark < REBUT_MARKS; mark++)
        for (int bin = 0; bin < REBUT_MARK_BINS; bin++)
            top->bin[mark][bin] = beta[BINS + mark * REBUT_MARK_BINS + bin];
    for (int i = 0; i < REBUT_SELECTIONS; i++)
        top->selection[i] = beta[CHOSEN + i];
    double x[COLUMNS] = {[INTERCEPT] = 1};
    top->intercept_variance = rebut_logistic_variance(pupil->fit, x);
    x[SLOPE] = 1;
    const double both = rebut_logistic_variance(pupil->fit, x);
    x[INTERCEPT] = 0;
    top->slope_variance = rebut_logistic_variance(pupil->fit, x);
    top->covariance = (both - top->intercept_variance - top->slope_variance) / 2;
    for (size_t row = 0; row < pupil->problem.rows; row++)
        top->verdicts[pupil->frame->claims[pupil->claims[row]].selection]++;
}

/* What the request's log-odds would be had the model not been taught by it: one Newton
 * step away from its row.  The intercept of its selection is no part of a score. */
static double without(const struct pupil *pupil, const struct rebut_top_layer *top,
                      size_t row)
{
    const double *x = pupil->x + row * COLUMNS;
    const double p = rebut_logistic(eta_of(pupil, row));
    double lines = pupil->offset[row] - top->intercept - top->slope * x[SLOPE];
    double sum[COLUMNS], rest[COLUMNS];
    for (int k = 0; k < COLUMNS; k++) {
        lines += k < CHOSEN ? x[k] * pupil->beta[k] : 0;
        sum[k] = k < CHOSEN ? 2 * x[k] : x[k]; /* x and what of it is in a score */
        rest[k] = k < CHOSEN ? 0 : x[k];
    }
    /* Covariance of the row's logit with its score, by the polarisation identity. */
    const double own = (rebut_logistic_variance(pupil->fit, sum) -
                        rebut_logistic_variance(pupil->fit, rest)) /
                       4;
    const double leverage = rebut_logistic_variance(pupil->fit, x);
    const double left = fmax(1 - pupil->told[row] * p * (1 - p) * leverage, .1);
    return rebut_top_log_odds(top, pupil->offset[row],
                              lines - own * (pupil->truth[row] - p) / left);
}

/* Keep the confirmed-legitimate requests. */
static bool keep_honest(const struct pupil *pupil, struct rebut_model *model,
                        struct rebut_error *err)
{
    struct rebut_honest honest;
    uint32_t count = 0;
    if (!rebut_honest_open(&honest, (uint32_t)pupil->problem.rows, err))
        return false;
    for (size_t row = 0; row < pupil->problem.rows; row++) {
        if (pupil->voices[2 * row] <= pupil->voices[2 * row + 1])
            continue;
        honest.log_odds[count] = without(pupil, &model->top, row);
        honest.weight[count++] = fmax(1 - pupil->truth[row], 1e-9);
    }
    honest.count = count;
    if (!rebut_honest_sort(&honest, err)) {
        rebut_honest_close(&honest);
        return false;
    }
    rebut_honest_close(&model->honest);
    model->honest = honest;
    return true;
}

/* Verdicts of one kind only were chosen by what they say, the random ones too: then they
 * teach what such requests look like and nothing of how many there are. */
static void heed_one_kind(struct pupil *pupil)
{
    if (pupil->said_abuse > 0 && pupil->said_legitimate > 0)
        return;
    for (int k = CHOSEN; k < COLUMNS; k++)
        pupil->ridge[k] = 1 / (REBUT_TOP_ONE_KIND_SD * REBUT_TOP_ONE_KIND_SD);
    for (size_t row = 0; row < pupil->problem.rows; row++)
        pupil->x[row * COLUMNS + CHOSEN +
                 pupil->frame->claims[pupil->claims[row]].selection] = 1;
}

static bool teach(struct pupil *pupil, struct rebut_model *model, struct rebut_error *err)
{
    heed_one_kind(pupil);
    if (!settle(pupil, err) || !find_covariance(pupil, err))
        return false;
    write_top(pupil, &model->top);
    model->reviewer_error = pupil->error;
    return keep_honest(pupil, model, err);
}

bool rebut_learn(struct rebut_model *model, const struct rebut_inference *inference,
                 struct rebut_error *err)
{
    struct pupil pupil;
    struct rebut_scores scores;
    model->top = rebut_top_layer_none();
    rebut_honest_close(&model->honest);
    if (!open_pupil(&pupil, inference->frame, err))
        return false;
    set_prior(&pupil);
    bool ok = rebut_scores_list(&scores, inference, model, INT64_MIN, err);
    if (ok) {
        ok = rebut_profile_make(&scores, &model->profile, err);
        for (uint32_t i = 0; ok && i < pupil.frame->claims_count; i++)
            if (rebut_is_judged(&pupil.frame->claims[i]))
                add_row(&pupil, &scores, i);
        rebut_scores_close(&scores);
    }
    if (ok && pupil.problem.rows > 0)
        ok = teach(&pupil, model, err);
    close_pupil(&pupil);
    return ok || rebut_fail_context(err, "learning from verdicts");
}

bool rebut_train(struct rebut_model *model, struct rebut_inference *inference,
                 struct rebut_error *err)
{
    return rebut_fit(model, inference, err) && rebut_infer(inference, model, err) &&
           rebut_learn(model, inference, err) &&
           (model->verdicts == 0 || rebut_infer(inference, model, err));
}
