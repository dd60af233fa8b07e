/* The evaluation as a sheet of four charts. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "evaluation_words.h"
#include "tenths.h"

/* A step smaller than this share of an axis is not drawn. */
#define LEAST_STEP (1 / 900.0)
#define WORD(picture, word) rebut_evaluation_word((word), (picture)->language)

struct line {
    struct rebut_chart_point *points;
    size_t count;
};

enum panel { PANEL_ROC, PANEL_PRECISION, PANEL_RELIABILITY, PANEL_QUEUE, PANELS };

struct picture {
    const struct rebut_evaluation *it;
    enum rebut_language language;
    struct line roc, precision, realised, expected, deciles;
    struct rebut_chart_point diagonal[2], level[2]; /* references */
    size_t depth;                                /* how far down the queue's panel goes */
    double queue_most;                           /* highest share in it */
    struct rebut_chart_series series[PANELS][2]; /* the reference, then the finding */
    struct rebut_chart_panel panels[PANELS];
};

static bool make_line(struct line *line, size_t room, struct rebut_error *err)
{
    line->points = calloc(room + 2, sizeof *line->points);
    return line->points != NULL || rebut_fail_memory(err, "a chart");
}

/* Add a point unless it is too close to the last to be seen. */
static void add_point(struct line *line, double x, double y, double x_max, double y_max)
{
    if (line->count > 0) {
        const struct rebut_chart_point *last = &line->points[line->count - 1];
        if (fabs(x - last->x) < LEAST_STEP * x_max &&
            fabs(y - last->y) < LEAST_STEP * y_max)
            return;
    }
    line->points[line->count++] = (struct rebut_chart_point){.x = x, .y = y};
}

static bool make_curves(struct picture *picture, struct rebut_error *err)
{
    const struct rebut_ranking *ranking = &picture->it->ranking;
    if (!make_line(&picture->roc, ranking->count, err) ||
        !make_line(&picture->precision, ranking->count, err))
        return false;
    const double positives = (double)ranking->positives;
    const double negatives = (double)ranking->count - positives;
    if (!(positives > 0 && negatives > 0))
        return true; /* one class only: empty panels */
    struct rebut_curve_point *curve = calloc(ranking->count, sizeof *curve);
    if (curve == NULL)
        return rebut_fail_memory(err, "a chart");
    const size_t count = rebut_metric_curve(ranking, curve);
    add_point(&picture->roc, 0, 0, 1, 1);
    for (size_t i = 0; i < count; i++) {
        const double found = (double)curve[i].positives;
        const double wrong = (double)curve[i].negatives;
        add_point(&picture->roc, wrong / negatives, found / positives, 1, 1);
        if (curve[i].positives > 0)
            add_point(&picture->precision, found / positives, found / (found + wrong), 1,
                      1);
    }
    picture->roc.points[picture->roc.count++] =
        (struct rebut_chart_point){.x = 1, .y = 1};
    free(curve);
    return true;
}

static bool make_deciles(struct picture *picture, struct rebut_error *err)
{
    struct line *line = &picture->deciles;
    return make_line(line, REBUT_EVALUATION_BINS, err) &&
           rebut_tenths(picture->it->reliability, REBUT_EVALUATION_BINS, line->points,
                        &line->count, err);
}

/* Shares of honest requests among the first 1, 2, 3 … of the ranking. */
static bool make_queue(struct picture *picture, struct rebut_error *err)
{
    const struct rebut_evaluation *it = picture->it;
    size_t depth = it->abuse * 2 > it->queue * 3 / 2 ? it->abuse * 2 : it->queue * 3 / 2;
    depth = depth < 50 ? 50 : depth;
    picture->depth = depth = depth < it->requests ? depth : it->requests;
    if (!make_line(&picture->realised, depth, err) ||
        !make_line(&picture->expected, depth, err))
        return false;
    double expected = 0;
    size_t honest = 0;
    for (size_t k = 1; k <= depth; k++) {
        const uint32_t request = it->order[k - 1];
        honest += it->label[request] == 0;
        expected += 1 - it->probability[request];
        const double x = (double)k;
        const double share = (double)honest / x;
        if (k >= 10)
            picture->queue_most = fmax(picture->queue_most, fmax(share, expected / x));
        add_point(&picture->realised, x, share, (double)depth, 1);
        add_point(&picture->expected, x, expected / x, (double)depth, 1);
    }
    return true;
}

/* Whole steps of the axis, so that its top has a label. */
static double round_up(double max)
{
    const double step = rebut_chart_step(max, 4);
    return fmin(1, ceil(max / step - 1e-9) * step);
}

static struct rebut_chart_series reference(const struct picture *picture,
                                           const struct rebut_chart_point *points,
                                           size_t count, enum rebut_evaluation_word label)
{
    return (struct rebut_chart_series){points, count, REBUT_CHART_DASHED,
                                       REBUT_CHART_GREY, WORD(picture, label)};
}

static struct rebut_chart_series finding(const struct picture *picture,
                                         const struct line *line,
                                         enum rebut_evaluation_word label)
{
    return (struct rebut_chart_series){line->points, line->count, REBUT_CHART_LINE,
                                       REBUT_CHART_BLUE, WORD(picture, label)};
}

static void fill_series(struct picture *picture)
{
    const double base = (double)picture->it->abuse / (double)picture->it->requests;
    picture->diagonal[1] = (struct rebut_chart_point){.x = 1, .y = 1};
    picture->level[0] = (struct rebut_chart_point){.x = 0, .y = base};
    picture->level[1] = (struct rebut_chart_point){.x = 1, .y = base};
    struct rebut_chart_series(*series)[2] = picture->series;
    series[PANEL_ROC][0] = reference(picture, picture->diagonal, 2, WORD_CHANCE);
    series[PANEL_ROC][1] = finding(picture, &picture->roc, WORD_RANKING);
    series[PANEL_PRECISION][0] = reference(picture, picture->level, 2, WORD_CHANCE);
    series[PANEL_PRECISION][1] = finding(picture, &picture->precision, WORD_RANKING);
    series[PANEL_RELIABILITY][0] = reference(picture, picture->diagonal, 2, WORD_PERFECT);
    series[PANEL_RELIABILITY][1] = finding(picture, &picture->deciles, WORD_DECILES);
    series[PANEL_RELIABILITY][1].style = REBUT_CHART_DOTS;
    series[PANEL_QUEUE][0] = reference(picture, picture->expected.points,
                                       picture->expected.count, WORD_STATED);
    series[PANEL_QUEUE][1] = finding(picture, &picture->realised, WORD_REALISED);
    series[PANEL_QUEUE][1].color = REBUT_CHART_RED;
}

static void fill_panels(struct picture *picture)
{
    static const struct {
        enum rebut_evaluation_word title, x_label, y_label;
        enum rebut_chart_corner legend;
    } plans[PANELS] = {[PANEL_ROC] = {WORD_ROC, WORD_FALSE_POSITIVE_RATE,
                                      WORD_TRUE_POSITIVE_RATE, REBUT_CHART_BOTTOM_RIGHT},
                       [PANEL_PRECISION] = {WORD_PRECISION_RECALL, WORD_RECALL_AXIS,
                                            WORD_PRECISION, REBUT_CHART_BOTTOM_LEFT},
                       [PANEL_RELIABILITY] = {WORD_RELIABILITY, WORD_PREDICTED,
                                              WORD_OBSERVED, REBUT_CHART_TOP_LEFT},
                       [PANEL_QUEUE] = {WORD_QUEUE_PANEL, WORD_REVIEWED, WORD_FALSE_SHARE,
                                        REBUT_CHART_BOTTOM_RIGHT}};
    for (int i = 0; i < PANELS; i++)
        picture->panels[i] =
            (struct rebut_chart_panel){.title = WORD(picture, plans[i].title),
                                       .x_label = WORD(picture, plans[i].x_label),
                                       .y_label = WORD(picture, plans[i].y_label),
                                       .x_max = 1,
                                       .y_max = 1,
                                       .series = picture->series[i],
                                       .series_count = 2,
                                       .legend = plans[i].legend,
                                       .mark_x = (double)NAN};
    struct rebut_chart_panel *queue = &picture->panels[PANEL_QUEUE];
    queue->x_max = (double)picture->depth;
    queue->y_max = round_up(fmax(picture->queue_most, 0.2));
    if (picture->it->queue > 0)
        queue->mark_x = (double)picture->it->queue;
    queue->mark_label = WORD(picture, WORD_QUEUE_END);
}

static void write_subtitle(const struct picture *picture, char *ret, size_t size)
{
    const struct rebut_evaluation *it = picture->it;
    int used =
        snprintf(ret, size, "%s %zu   %s %zu   %s %.4f", WORD(picture, WORD_REQUESTS),
                 it->requests, WORD(picture, WORD_ABUSE), it->abuse,
                 WORD(picture, WORD_ECE), it->ece);
    if (isfinite(it->auc) && used > 0 && (size_t)used < size)
        snprintf(ret + used, size - (size_t)used, "   %s %.4f   %s %.4f",
                 WORD(picture, WORD_AUC), it->auc, WORD(picture, WORD_AP), it->ap);
}

static bool draw(struct picture *picture, struct rebut_output *out,
                 struct rebut_error *err)
{
    char subtitle[320];
    fill_series(picture);
    fill_panels(picture);
    write_subtitle(picture, subtitle, sizeof subtitle);
    const struct rebut_chart_sheet sheet = {
        .title = WORD(picture, WORD_TITLE),
        .subtitle = subtitle,
        .language = picture->language == REBUT_CHINESE ? "zh-cn" : "en",
        .panels = picture->panels,
        .panel_count = PANELS};
    return rebut_chart_svg(&sheet, out, err);
}

bool rebut_evaluation_picture(const struct rebut_evaluation *it,
                              enum rebut_language language, struct rebut_output *out,
                              struct rebut_error *err)
{
    struct picture picture = {.it = it, .language = language};
    const bool ok = make_curves(&picture, err) && make_deciles(&picture, err) &&
                    make_queue(&picture, err) && draw(&picture, out, err);
    free(picture.roc.points);
    free(picture.precision.points);
    free(picture.realised.points);
    free(picture.expected.points);
    free(picture.deciles.points);
    return ok;
}
