/* How likely is an appeal to succeed?  Platt around P(abuse), from decided appeals. */
#include <math.h>
#include <stdlib.h>

#include "rebut/appeals.h"
#include "rebut/calibrate.h"

#define Z90 1.6448536269514722 /* 90 % interval */
#define LOGIT_MOST 36.0        /* beyond it a double's 1 - p says nothing */

struct decided {
    double log_odds;
    const struct rebut_appeal *appeal;
    int64_t at;
    uint8_t won;
};

/* Rows in the order of decisions, and the scratch of fits. */
struct learner {
    struct decided *rows; /* [count] */
    double *scores;       /* [count] */
    uint8_t *labels;
    struct rebut_calibrate_work work;
    uint32_t count;
};

static int by_decision(const void *left, const void *right)
{
    const struct decided *a = left, *b = right;
    if (a->at != b->at)
        return a->at < b->at ? -1 : 1;
    return rebut_text_compare(a->appeal->request_id, b->appeal->request_id);
}

static double bounded(double log_odds)
{
    return fmin(fmax(log_odds, -LOGIT_MOST), LOGIT_MOST);
}

static void collect(const struct rebut_appeals *appeals, const double *log_odds,
                    struct learner *learner, struct rebut_appeals_learned *learned)
{
    for (uint32_t i = 0; i < appeals->count; i++) {
        const struct rebut_appeal *appeal = &appeals->list[i];
        const bool won = appeal->status == REBUT_APPEAL_WON;
        if (!won && appeal->status != REBUT_APPEAL_LOST)
            continue;
        if (log_odds == NULL || isnan(log_odds[i])) {
            learned->unscored++;
            continue;
        }
        learned->won += won;
        learner->rows[learner->count++] = (struct decided){
            bounded(log_odds[i]), appeal, appeal->at[appeal->status], won};
    }
    learned->decided = learner->count;
    if (learner->count > 0)
        qsort(learner->rows, learner->count, sizeof *learner->rows, by_decision);
    for (uint32_t i = 0; i < learner->count; i++) {
        learner->scores[i] = learner->rows[i].log_odds;
        learner->labels[i] = learner->rows[i].won;
    }
}

/* From the first `count` decisions; too few leave the prior. */
static bool fit_first(const struct learner *learner, uint32_t count,
                      struct rebut_logistic_fit *ret, struct rebut_error *err)
{
    const struct rebut_labelled data = {.count = count < REBUT_APPEALS_ENOUGH ? 0 : count,
                                        .scores = learner->scores,
                                        .labels = learner->labels};
    return rebut_platt_prior(
        &data, 1 / (REBUT_APPEALS_INTERCEPT_SD * REBUT_APPEALS_INTERCEPT_SD),
        1 / (REBUT_APPEALS_SLOPE_SD * REBUT_APPEALS_SLOPE_SD), &learner->work, ret, err);
}

/* Each decision predicted from those before it; the fit is made anew whenever there are
 * a tenth more, so that all of them cost some ten fits of the last. */
static bool judge(const struct learner *learner, struct rebut_logistic_fit *fit,
                  struct rebut_appeals_learned *learned, struct rebut_error *err)
{
    rebut_total sum = 0, sum_abuse = 0;
    uint32_t before = 0, fitted = 0; /* decided earlier than row i; of them, in the fit */
    if (!fit_first(learner, 0, fit, err))
        return false;
    for (uint32_t i = 0; i < learner->count; i++) {
        const struct decided *row = &learner->rows[i];
        if (i > 0 && row->at > learner->rows[i - 1].at)
            before = i;
        if (before >= REBUT_APPEALS_ENOUGH && before >= fitted + fitted / 10 + 1) {
            if (!fit_first(learner, before, fit, err))
                return false;
            fitted = before;
        }
        const double miss = rebut_platt_apply(fit, row->log_odds, 0).p - row->won;
        const double miss_abuse = rebut_logistic(row->log_odds) - row->won;
        sum += rebut_to_fixed(miss * miss);
        sum_abuse += rebut_to_fixed(miss_abuse * miss_abuse);
    }
    learned->brier = rebut_from_total(sum) / learner->count;
    learned->brier_abuse = rebut_from_total(sum_abuse) / learner->count;
    return true;
}

static bool learner_open(struct learner *learner, uint32_t count, struct rebut_error *err)
{
    const size_t room = count + (size_t)1;
    *learner = (struct learner){
        .rows = malloc(room * sizeof *learner->rows),
        .scores = malloc(room * sizeof *learner->scores),
        .labels = malloc(room * sizeof *learner->labels),
        .work = {.x = malloc(3 * room * sizeof(double)),
                 .y = malloc(room * sizeof(double)),
                 .weight = malloc(room * sizeof(double)),
                 .logistic = malloc(sizeof(struct rebut_logistic_work))}};
    return (learner->rows != NULL && learner->scores != NULL && learner->labels != NULL &&
            learner->work.x != NULL && learner->work.y != NULL &&
            learner->work.weight != NULL && learner->work.logistic != NULL) ||
           rebut_fail_memory(err, "learning from appeals");
}

static void learner_close(struct learner *learner)
{
    free(learner->rows);
    free(learner->scores);
    free(learner->labels);
    free(learner->work.x);
    free(learner->work.y);
    free(learner->work.weight);
    free(learner->work.logistic);
}

bool rebut_appeals_learn(struct rebut_appeals *appeals, const double *log_odds,
                         struct rebut_error *err)
{
    static const double intercept[2] = {1, 0}, slope[2] = {0, 1};
    struct rebut_appeals_learned learned = {.brier = (double)NAN,
                                            .brier_abuse = (double)NAN};
    struct rebut_logistic_fit *fit = malloc(sizeof *fit);
    struct learner learner;
    bool ok = learner_open(&learner, appeals->count, err);
    ok = ok && (fit != NULL || rebut_fail_memory(err, "learning from appeals"));
    if (ok) {
        collect(appeals, log_odds, &learner, &learned);
        ok = judge(&learner, fit, &learned, err) &&
             fit_first(&learner, learner.count, fit, err);
    }
    learner_close(&learner);
    if (!ok) {
        free(fit);
        return false;
    }
    learned.assumed = learned.decided < REBUT_APPEALS_ENOUGH;
    learned.intercept = fit->beta[0];
    learned.slope = fit->beta[1];
    learned.intercept_sd = sqrt(rebut_logistic_variance(fit, intercept));
    learned.slope_sd = sqrt(rebut_logistic_variance(fit, slope));
    free(appeals->fit);
    appeals->fit = fit;
    appeals->learned = learned;
    return true;
}

/* logit P(abuse) by the scores, NaN where there is none. */
static void by_scores(const struct rebut_appeals *appeals,
                      const struct rebut_scores *scores, double *ret_log_odds)
{
    for (uint32_t i = 0; i < appeals->count; i++)
        ret_log_odds[i] = (double)NAN;
    for (uint32_t i = 0; scores != NULL && i < scores->count; i++) {
        const struct rebut_frame *frame = scores->inference->frame;
        const struct rebut_score *score = &scores->list[i];
        const struct rebut_appeal *appeal = rebut_appeals_find(
            appeals, rebut_intern_text(&frame->state->request_ids,
                                       frame->claims[score->claim].request));
        if (appeal != NULL)
            ret_log_odds[appeal - appeals->list] = score->log_odds;
    }
}

bool rebut_appeals_learn_scores(struct rebut_appeals *appeals,
                                const struct rebut_scores *scores,
                                struct rebut_error *err)
{
    if (appeals->submitted_log_odds != NULL) {
        const bool ok = rebut_appeals_learn(appeals, appeals->submitted_log_odds, err);
        appeals->learned.kept = ok;
        return ok;
    }
    double *log_odds = malloc((appeals->count + (size_t)1) * sizeof *log_odds);
    if (log_odds == NULL)
        return rebut_fail_memory(err, "learning from appeals");
    by_scores(appeals, scores, log_odds);
    const bool ok = rebut_appeals_learn(appeals, log_odds, err);
    free(log_odds);
    return ok;
}

double rebut_appeals_probability(const struct rebut_appeals *appeals,
                                 double probability_of_abuse, double *low, double *high,
                                 bool *assumed)
{
    const double p = probability_of_abuse;
    struct rebut_calibrated answer = {(double)NAN, (double)NAN, (double)NAN};
    if (p >= 0 && p <= 1)
        answer = rebut_platt_apply(appeals->fit, bounded(log(p) - log1p(-p)), Z90);
    if (low != NULL)
        *low = answer.low;
    if (high != NULL)
        *high = answer.high;
    if (assumed != NULL)
        *assumed = appeals->learned.assumed;
    return appeals->learned.assumed && p >= 0 && p <= 1 ? p : answer.p;
}
