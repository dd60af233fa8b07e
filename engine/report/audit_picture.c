/* The audit as a sheet of three charts. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "audit_parts.h"
#include "audit_words.h"
#include "rebut/chart.h"
#include "tenths.h"

struct line {
    struct rebut_chart_point *points; /* [judged + REBUT_AUDIT_BAND + 1] */
    size_t count;
};

enum panel { PANEL_RELIABILITY, PANEL_PRECISION, PANEL_QUEUE, PANELS };

struct picture {
    const struct rebut_audit *it;
    enum rebut_language language;
    struct line tenths, band, precision, realised, stated;
    struct rebut_chart_point diagonal[2], level[2];
    double depth, most; /* of the queue's panel */
    struct rebut_chart_series series[PANELS][3];
    size_t series_count[PANELS];
    struct rebut_chart_panel panels[PANELS];
};

static const char *word(const struct picture *picture, enum rebut_audit_word which)
{
    return rebut_audit_word(which, picture->language);
}

static bool make_lines(struct picture *picture, struct rebut_error *err)
{
    struct line *lines[] = {&picture->tenths, &picture->band, &picture->precision,
                            &picture->realised, &picture->stated};
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        lines[i]->points = calloc(picture->it->items.count + REBUT_AUDIT_BAND + (size_t)1,
                                  sizeof *lines[i]->points);
        if (lines[i]->points == NULL)
            return rebut_fail_memory(err, "a chart");
    }
    return true;
}

static bool make_tenths(struct picture *picture, struct rebut_error *err)
{
    return rebut_tenths(picture->it->reliability, REBUT_AUDIT_BINS,
                        picture->tenths.points, &picture->tenths.count, err);
}

/* Between the lowest and the highest score: beyond them it is a matter of course. */
static void make_band(struct picture *picture)
{
    const struct rebut_audit *it = picture->it;
    double low = 1, high = 0;
    for (int i = 0; i < REBUT_AUDIT_BINS; i++)
        if (it->reliability[i].count > 0) {
            low = fmin(low, it->reliability[i].low);
            high = fmax(high, it->reliability[i].high);
        }
    for (int i = 0; i <= REBUT_AUDIT_BAND; i++) {
        const double x = (double)i / REBUT_AUDIT_BAND;
        if (x >= low && x <= high && isfinite(it->band[i].low))
            picture->band.points[picture->band.count++] = (struct rebut_chart_point){
                .x = x, .low = it->band[i].low, .high = it->band[i].high};
    }
}

/* A point a distinct probability, each request for as many as it stands for. */
static void make_precision(struct picture *picture)
{
    const struct rebut_audit *it = picture->it;
    double all = 0, abuse = 0, weight = 0, found = 0;
    for (uint32_t i = 0; i < it->items.count; i++) {
        all += it->items.data[i].weight;
        abuse += it->items.data[i].abuse ? it->items.data[i].weight : 0;
    }
    if (!(abuse > 0))
        return;
    for (size_t i = 0; i < it->ranking.count; i++) {
        const uint32_t own = it->order[i];
        weight += it->items.data[own].weight;
        found += it->items.data[own].abuse ? it->items.data[own].weight : 0;
        if (weight > 0 && (i + 1 == it->ranking.count ||
                           it->probability[it->order[i + 1]] < it->probability[own]))
            picture->precision.points[picture->precision.count++] =
                (struct rebut_chart_point){.x = found / abuse, .y = found / weight};
    }
    picture->level[0].y = picture->level[1].y = abuse / all;
}

static void make_queue(struct picture *picture)
{
    const struct rebut_audit *it = picture->it;
    double count = 0, wrong = 0, stated = 0;
    for (size_t i = 0; i < it->ranking.count; i++) {
        const struct rebut_audit_item *item = &it->items.data[it->order[i]];
        if (!rebut_audit_ranked(item))
            continue;
        count++;
        wrong += item->abuse == 0;
        stated += 1 - item->probability;
        picture->realised.points[picture->realised.count++] =
            (struct rebut_chart_point){.x = count, .y = wrong / count};
        picture->stated.points[picture->stated.count++] =
            (struct rebut_chart_point){.x = count, .y = stated / count};
        if (count >= 10)
            picture->most = fmax(picture->most, fmax(wrong, stated) / count);
    }
    picture->depth = fmax(count, 1);
    picture->most = fmax(picture->most, 0.2);
}

static struct rebut_chart_series series(const struct picture *picture,
                                        const struct line *line,
                                        enum rebut_audit_word label)
{
    return (struct rebut_chart_series){line->points, line->count, REBUT_CHART_LINE,
                                       REBUT_CHART_BLUE, word(picture, label)};
}

static struct rebut_chart_series reference(const struct picture *picture,
                                           const struct rebut_chart_point points[2],
                                           enum rebut_audit_word label)
{
    return (struct rebut_chart_series){points, 2, REBUT_CHART_DASHED, REBUT_CHART_GREY,
                                       word(picture, label)};
}

static void fill_series(struct picture *picture)
{
    picture->diagonal[1] = (struct rebut_chart_point){.x = 1, .y = 1};
    picture->level[1].x = 1;
    struct rebut_chart_series(*all)[3] = picture->series;
    /* The band lies under the rest; without one the dots are the last. */
    size_t at = 0;
    if (picture->band.count >= 2) {
        all[PANEL_RELIABILITY][at] = series(picture, &picture->band, AUDIT_VENN_BAND);
        all[PANEL_RELIABILITY][at++].style = REBUT_CHART_BAND;
    }
    all[PANEL_RELIABILITY][at++] = reference(picture, picture->diagonal, AUDIT_PERFECT);
    all[PANEL_RELIABILITY][at] = series(picture, &picture->tenths, AUDIT_TENTHS);
    all[PANEL_RELIABILITY][at++].style = REBUT_CHART_DOTS;
    all[PANEL_PRECISION][0] = reference(picture, picture->level, AUDIT_CHANCE);
    all[PANEL_PRECISION][1] = series(picture, &picture->precision, AUDIT_PR_LINE);
    all[PANEL_QUEUE][0] = series(picture, &picture->stated, AUDIT_LINE_STATED);
    all[PANEL_QUEUE][0].style = REBUT_CHART_DASHED;
    all[PANEL_QUEUE][0].color = REBUT_CHART_GREY;
    all[PANEL_QUEUE][1] = series(picture, &picture->realised, AUDIT_LINE_REALISED);
    all[PANEL_QUEUE][1].color = REBUT_CHART_RED;
    for (int i = 0; i < PANELS; i++)
        picture->series_count[i] = 2;
    picture->series_count[PANEL_RELIABILITY] = at;
}

static void fill_panels(struct picture *picture)
{
    static const struct {
        enum rebut_audit_word title, x_label, y_label;
        enum rebut_chart_corner legend;
    } plans[PANELS] = {[PANEL_RELIABILITY] = {AUDIT_RELIABILITY, AUDIT_X_STATED,
                                              AUDIT_Y_FOUND, REBUT_CHART_TOP_LEFT},
                       [PANEL_PRECISION] = {AUDIT_PR, AUDIT_X_RECALL, AUDIT_Y_PRECISION,
                                            REBUT_CHART_BOTTOM_LEFT},
                       [PANEL_QUEUE] = {AUDIT_CURVE, AUDIT_X_RANK, AUDIT_Y_WRONG,
                                        REBUT_CHART_TOP_RIGHT}};
    for (int i = 0; i < PANELS; i++)
        picture->panels[i] =
            (struct rebut_chart_panel){.title = word(picture, plans[i].title),
                                       .x_label = word(picture, plans[i].x_label),
                                       .y_label = word(picture, plans[i].y_label),
                                       .x_max = 1,
                                       .y_max = 1,
                                       .series = picture->series[i],
                                       .series_count = picture->series_count[i],
                                       .legend = plans[i].legend,
                                       .mark_x = (double)NAN};
    const double step = rebut_chart_step(picture->most * 1.3, 4);
    picture->panels[PANEL_QUEUE].x_max = picture->depth;
    picture->panels[PANEL_QUEUE].y_max =
        fmin(1, ceil(picture->most * 1.3 / step - 1e-9) * step);
}

static bool draw(struct picture *picture, struct rebut_output *out,
                 struct rebut_error *err)
{
    const struct rebut_audit_counts *counts = &picture->it->counts;
    char subtitle[200];
    fill_series(picture);
    fill_panels(picture);
    snprintf(subtitle, sizeof subtitle, "%s %zu   %s %zu   %s %zu",
             word(picture, AUDIT_JUDGED), counts->judged, word(picture, AUDIT_RANKED) + 2,
             counts->ranked, word(picture, AUDIT_RANDOM) + 2, counts->random);
    const struct rebut_chart_sheet sheet = {
        .title = word(picture, AUDIT_TITLE),
        .subtitle = subtitle,
        .language = picture->language == REBUT_CHINESE ? "zh-cn" : "en",
        .panels = picture->panels,
        .panel_count = PANELS};
    return rebut_chart_svg(&sheet, out, err);
}

bool rebut_audit_picture(const struct rebut_audit *audit, enum rebut_language language,
                         struct rebut_output *out, struct rebut_error *err)
{
    struct picture picture = {.it = audit, .language = language};
    bool ok = make_lines(&picture, err) && make_tenths(&picture, err);
    if (ok) {
        make_band(&picture);
        make_precision(&picture);
        make_queue(&picture);
        ok = draw(&picture, out, err);
    }
    free(picture.tenths.points);
    free(picture.band.points);
    free(picture.precision.points);
    free(picture.realised.points);
    free(picture.stated.points);
    return ok;
}
