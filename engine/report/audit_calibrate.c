/* What should have been stated, by the verdicts; and is each term worth what it adds? */
#include <math.h>
#include <stdlib.h>

#include "audit_parts.h"
#include "rebut/calibrate.h"
#include "rebut/multiple.h"

#define NORMAL_95 1.959963984540054
#define LEAST 1e-12 /* of a probability and its complement, under a logarithm */
/* 1 / variance: slopes are 1 give or take 1, the intercept 0 give or take 3. */
#define RIDGE_SLOPE 1.0
#define RIDGE_INTERCEPT (1.0 / 9)

/* Some of the judged requests, and room to fit maps to them. */
struct sample {
    size_t count, abuse;
    double *p, *logit, *term; /* [items] */
    uint8_t *label;           /* [items] */
    const double **terms;     /* [items] the row of each, or NULL */
    struct rebut_calibrate_work work;
    struct rebut_logistic_fit *fit;
};

static bool open_sample(struct sample *sample, size_t items, struct rebut_error *err)
{
    const size_t room = items + 1;
    *sample = (struct sample){0};
    sample->p = calloc(room, sizeof *sample->p);
    sample->logit = calloc(room, sizeof *sample->logit);
    sample->term = calloc(room, sizeof *sample->term);
    sample->label = calloc(room, sizeof *sample->label);
    sample->terms = calloc(room, sizeof *sample->terms);
    sample->work.x = calloc(3 * room, sizeof *sample->work.x);
    sample->work.y = calloc(room, sizeof *sample->work.y);
    sample->work.weight = calloc(room, sizeof *sample->work.weight);
    sample->work.logistic = malloc(sizeof *sample->work.logistic);
    sample->fit = malloc(sizeof *sample->fit);
    return (sample->p != NULL && sample->logit != NULL && sample->term != NULL &&
            sample->label != NULL && sample->terms != NULL && sample->work.x != NULL &&
            sample->work.y != NULL && sample->work.weight != NULL &&
            sample->work.logistic != NULL && sample->fit != NULL) ||
           rebut_fail_memory(err, "the calibration");
}

static void close_sample(struct sample *sample)
{
    free(sample->p);
    free(sample->logit);
    free(sample->term);
    free(sample->label);
    free(sample->terms);
    free(sample->work.x);
    free(sample->work.y);
    free(sample->work.weight);
    free(sample->work.logistic);
    free(sample->fit);
}

enum which { ALL, RANDOM, WITH_TERMS };

static void take(struct sample *sample, const struct rebut_audit *audit, enum which which)
{
    sample->count = sample->abuse = 0;
    for (uint32_t i = 0; i < audit->items.count; i++) {
        const struct rebut_audit_item *item = &audit->items.data[i];
        if ((which == RANDOM && item->selection != REBUT_SELECTION_RANDOM) ||
            (which == WITH_TERMS && item->terms == 0))
            continue;
        const double p = fmin(fmax(item->probability, LEAST), 1 - LEAST);
        const size_t at = sample->count++;
        sample->p[at] = p;
        sample->logit[at] = log(p) - log1p(-p);
        sample->label[at] = item->abuse;
        sample->abuse += item->abuse;
        sample->terms[at] =
            item->terms == 0
                ? NULL
                : &audit->term_values.data[(item->terms - (size_t)1) * REBUT_RAW_TERMS];
    }
}

/* Are there enough of both kinds for so many parameters? */
static bool enough(const struct sample *sample, size_t parameters)
{
    const size_t honest = sample->count - sample->abuse;
    return (sample->abuse < honest ? sample->abuse : honest) >=
           REBUT_AUDIT_KIND * parameters;
}

static struct rebut_labelled labelled(const struct sample *sample, const double *scores)
{
    return (struct rebut_labelled){
        .count = sample->count, .scores = scores, .labels = sample->label};
}

static bool fit_platt(struct sample *sample, struct rebut_error *err)
{
    const struct rebut_labelled data = labelled(sample, sample->logit);
    return rebut_platt_prior(&data, RIDGE_INTERCEPT, RIDGE_SLOPE, &sample->work,
                             sample->fit, err);
}

/* A map's number with its interval; unknown, where it is held at its bound. */
static struct rebut_audit_figure figure(const struct rebut_logistic_fit *fit, size_t k)
{
    double x[3] = {0};
    x[k] = 1;
    const double reach =
        fit->held[k] ? (double)NAN : NORMAL_95 * sqrt(rebut_logistic_variance(fit, x));
    return (struct rebut_audit_figure){fit->beta[k], fit->beta[k] - reach,
                                       fit->beta[k] + reach};
}

static double bic(const struct sample *sample, enum rebut_audit_map map)
{
    static const double parameters[REBUT_AUDIT_MAPS] = {0, 2, 3};
    double likelihood = 0;
    for (size_t i = 0; i < sample->count; i++) {
        double p = sample->p[i];
        if (map == REBUT_AUDIT_PLATT)
            p = rebut_platt_apply(sample->fit, sample->logit[i], 0).p;
        else if (map == REBUT_AUDIT_BETA)
            p = rebut_beta_apply(sample->fit, sample->p[i]);
        likelihood += log(fmax(sample->label[i] ? p : 1 - p, LEAST));
    }
    return parameters[map] * log((double)sample->count) - 2 * likelihood;
}

static bool fit_maps(struct rebut_audit_calibration *it, struct sample *sample,
                     struct rebut_error *err)
{
    it->known[REBUT_AUDIT_PLATT] = enough(sample, 2);
    it->known[REBUT_AUDIT_BETA] = enough(sample, 3);
    it->bic[REBUT_AUDIT_AS_STATED] = bic(sample, REBUT_AUDIT_AS_STATED);
    if (it->known[REBUT_AUDIT_PLATT]) {
        if (!fit_platt(sample, err))
            return false;
        for (size_t k = 0; k < 2; k++)
            it->platt[k] = figure(sample->fit, k);
        it->bic[REBUT_AUDIT_PLATT] = bic(sample, REBUT_AUDIT_PLATT);
    }
    if (it->known[REBUT_AUDIT_BETA]) {
        const struct rebut_labelled data = labelled(sample, sample->p);
        if (!rebut_beta_calibrate(&data, RIDGE_SLOPE, &sample->work, sample->fit, err))
            return false;
        for (size_t k = 0; k < 3; k++)
            it->beta[k] = figure(sample->fit, k);
        it->bic[REBUT_AUDIT_BETA] = bic(sample, REBUT_AUDIT_BETA);
    }
    for (int map = REBUT_AUDIT_PLATT; map < REBUT_AUDIT_MAPS; map++)
        if (it->known[map] && it->bic[map] < it->bic[it->preferred])
            it->preferred = (enum rebut_audit_map)map;
    return true;
}

static bool calibrate(struct rebut_audit *audit, struct sample *sample,
                      struct rebut_error *err)
{
    const double none = (double)NAN;
    struct rebut_audit_calibration *it = &audit->calibration;
    *it = (struct rebut_audit_calibration){.known = {true}, .bic = {none, none, none}};
    for (size_t k = 0; k < 3; k++)
        it->beta[k] = it->platt[k % 2] = (struct rebut_audit_figure){none, none, none};
    take(sample, audit, RANDOM);
    it->random = sample->count >= REBUT_AUDIT_RANDOM && enough(sample, 2);
    if (!it->random)
        take(sample, audit, ALL);
    it->judged = sample->count;
    it->abuse = sample->abuse;
    return fit_maps(it, sample, err);
}

static int compare_doubles(const void *left, const void *right)
{
    const double a = *(const double *)left, b = *(const double *)right;
    return a < b ? -1 : a > b;
}

/* How many are not at the commonest value; sorts them. */
static size_t moved(double *values, size_t count)
{
    size_t most = 0;
    qsort(values, count, sizeof *values, compare_doubles);
    for (size_t begin = 0, end = 0; begin < count; begin = end) {
        while (end < count && values[end] == values[begin])
            end++;
        most = end - begin > most ? end - begin : most;
    }
    return count - most;
}

static void take_term(struct sample *sample, int id)
{
    for (size_t i = 0; i < sample->count; i++)
        sample->term[i] = sample->terms[i][id];
}

/* q-values over the terms that were tested. */
static void adjust(struct rebut_audit_term terms[REBUT_RAW_TERMS])
{
    double p[REBUT_RAW_TERMS], q[REBUT_RAW_TERMS];
    uint32_t tested = 0;
    for (int id = 0; id < REBUT_RAW_TERMS; id++)
        if (isfinite(terms[id].worth.p))
            p[tested++] = terms[id].worth.p;
    qsort(p, tested, sizeof *p, compare_doubles);
    rebut_bh_adjust(p, tested, q);
    for (int id = 0; id < REBUT_RAW_TERMS; id++)
        for (uint32_t i = 0; i < tested; i++)
            if (terms[id].worth.p == p[i])
                terms[id].q_value = q[i];
}

static bool judge_terms(struct rebut_audit *audit, struct sample *sample,
                        struct rebut_error *err)
{
    const double none = (double)NAN;
    take(sample, audit, WITH_TERMS);
    audit->has_terms = sample->count > 0;
    const bool fits = enough(sample, 2);
    if (fits && !fit_platt(sample, err))
        return false;
    const struct rebut_worth_data data = {.count = sample->count,
                                          .logit = sample->logit,
                                          .abuse = sample->label,
                                          .intercept = fits ? sample->fit->beta[0] : 0,
                                          .slope = fits ? sample->fit->beta[1] : 0};
    for (int id = 0; id < REBUT_RAW_TERMS; id++) {
        struct rebut_audit_term *term = &audit->terms[id];
        *term = (struct rebut_audit_term){.worth = {none, none, none, none, none},
                                          .q_value = none};
        take_term(sample, id);
        term->moved = moved(sample->term, sample->count);
        take_term(sample, id);
        if (fits && term->moved >= REBUT_AUDIT_MOVED &&
            !rebut_worth_of(&data, sample->term, &term->worth, err))
            return false;
    }
    adjust(audit->terms);
    return true;
}

bool rebut_audit_calibrate(struct rebut_audit *audit, struct rebut_error *err)
{
    struct sample sample;
    const bool ok = open_sample(&sample, audit->items.count, err) &&
                    calibrate(audit, &sample, err) && judge_terms(audit, &sample, err);
    close_sample(&sample);
    return ok || rebut_fail_context(err, "what verdicts say of the calibration");
}

static void take_venn(struct rebut_audit *audit, const struct rebut_venn *venn)
{
    for (int i = 0; i < REBUT_AUDIT_BINS; i++) {
        const struct rebut_reliability *bin = &audit->reliability[i];
        if (bin->count > 0)
            audit->venn[i] =
                rebut_venn_interval(venn, bin->score_sum / (double)bin->count);
    }
    for (int i = 0; i <= REBUT_AUDIT_BAND; i++)
        audit->band[i] = rebut_venn_interval(venn, (double)i / REBUT_AUDIT_BAND);
}

bool rebut_audit_venn(struct rebut_audit *audit, struct rebut_error *err)
{
    const size_t n = audit->ranking.count;
    const struct rebut_interval none = {(double)NAN, (double)NAN};
    for (int i = 0; i < REBUT_AUDIT_BINS; i++)
        audit->venn[i] = none;
    for (int i = 0; i <= REBUT_AUDIT_BAND; i++)
        audit->band[i] = none;
    if (n < REBUT_AUDIT_FEW)
        return true;
    struct rebut_venn venn;
    struct rebut_venn_point *points = calloc(n, sizeof *points);
    double *corner = calloc(2 * n + 4, sizeof *corner);
    size_t *stack = calloc(n + 2, sizeof *stack);
    bool ok = (points != NULL && corner != NULL && stack != NULL) ||
              rebut_fail_memory(err, "the intervals of the calibration");
    ok = ok && rebut_venn_prepare(&audit->ranking, points, corner, stack, &venn, err);
    if (ok)
        take_venn(audit, &venn);
    free(points);
    free(corner);
    free(stack);
    return ok;
}
