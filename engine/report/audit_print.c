/* The audit as tables for a person. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include "audit_printer.h"

static void print_counts(const struct printer *to, const struct rebut_audit_counts *it)
{
    const struct {
        enum rebut_audit_word word;
        size_t count;
    } rows[] = {{AUDIT_LINES, it->lines},       {AUDIT_SUPERSEDED, it->superseded},
                {AUDIT_UNKNOWN, it->unknown},   {AUDIT_UNJUDGED, it->unjudged},
                {AUDIT_KNOWN, it->known},       {AUDIT_OUTSIDE, it->outside},
                {AUDIT_DISPUTED, it->disputed}, {AUDIT_JUDGED, it->judged},
                {AUDIT_ABUSE, it->abuse},       {AUDIT_RANKED, it->ranked},
                {AUDIT_RANDOM, it->random},     {AUDIT_UNWEIGHED, it->unweighed}};
    rebut_output_print(to->out, "%s\n\n", word(to, AUDIT_TITLE));
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        rebut_output_padded(to->out, word(to, rows[i].word), NAME_WIDTH);
        rebut_output_print(to->out, "%10zu\n", rows[i].count);
    }
}

static void print_period(const struct printer *to, const struct rebut_audit_period *it,
                         const char *name)
{
    rebut_output_padded(to->out, name, NAME_WIDTH);
    rebut_output_print(to->out, "%10zu%10zu", it->judged, it->wrong);
    cell(to, it->stated);
    cell(to, it->q_value);
    cell(to, it->realised);
    interval(to, it->range);
    if (isfinite(it->corrected)) {
        cell(to, it->corrected);
        interval(to, it->corrected_range);
        rebut_output_print(to->out, "%s", it->clamped ? " *" : "");
    }
    end_line(to);
}

static void print_weeks(const struct printer *to, const struct rebut_audit *it)
{
    static const enum rebut_audit_word raw[] = {
        AUDIT_WEEK, AUDIT_N,        AUDIT_WRONG,    AUDIT_STATED,
        AUDIT_Q,    AUDIT_REALISED, AUDIT_INTERVAL, AUDIT_WORDS};
    static const enum rebut_audit_word both[] = {
        AUDIT_WEEK,     AUDIT_N,        AUDIT_WRONG,     AUDIT_STATED,   AUDIT_Q,
        AUDIT_REALISED, AUDIT_INTERVAL, AUDIT_CORRECTED, AUDIT_INTERVAL, AUDIT_WORDS};
    heading(to, AUDIT_WEEKS);
    if (it->total.judged == 0) {
        rebut_output_print(to->out, "%s\n", word(to, AUDIT_NO_RANKED));
        return;
    }
    bool clamped = it->total.clamped;
    heads(to, isnan(it->reviewer_error) ? raw : both);
    for (uint32_t i = 0; i < it->weeks.count; i++) {
        print_period(to, &it->weeks.data[i], it->weeks.data[i].name);
        clamped = clamped || it->weeks.data[i].clamped;
    }
    print_period(to, &it->total, word(to, AUDIT_TOTAL));
    if (isnan(it->reviewer_error))
        return;
    rebut_output_print(to->out, "%s: %.4f\n", word(to, AUDIT_ERROR_NOTE),
                       it->reviewer_error);
    if (clamped)
        rebut_output_print(to->out, "%s\n", word(to, AUDIT_CLAMPED));
}

static void print_estimates(const struct printer *to, const struct rebut_audit *it)
{
    static const enum rebut_audit_word columns[] = {
        AUDIT_ESTIMATE, AUDIT_N, AUDIT_ESTIMATE, AUDIT_INTERVAL, AUDIT_WORDS};
    heading(to, AUDIT_ESTIMATES);
    heads(to, columns);
    for (int i = 0; i < REBUT_AUDIT_ESTIMATES; i++) {
        rebut_output_padded(
            to->out, word(to, (enum rebut_audit_word)(AUDIT_PREVALENCE + i)), NAME_WIDTH);
        rebut_output_print(to->out, "%10" PRIu64, it->estimates[i].count);
        cell(to, it->estimates[i].value);
        interval(to, it->estimates[i].range);
        end_line(to);
    }
    if (it->counts.random < REBUT_AUDIT_FEW)
        rebut_output_print(to->out, "%s: %zu\n", word(to, AUDIT_FEW), it->counts.random);
}

static void print_groups(const struct printer *to, const struct rebut_audit *it)
{
    static const enum rebut_audit_word columns[] = {
        AUDIT_GROUP,    AUDIT_N,        AUDIT_WRONG, AUDIT_STATED,
        AUDIT_REALISED, AUDIT_INTERVAL, AUDIT_WORDS};
    heading(to, AUDIT_GROUPS);
    heads(to, columns);
    for (uint32_t i = 0; i < it->groups.count; i++) {
        const struct rebut_audit_group *group = &it->groups.data[i];
        char name[REBUT_AUDIT_GROUP_WORDS];
        rebut_audit_group_words(group->kind, group->name, to->language, name);
        rebut_output_padded(to->out, name, NAME_WIDTH);
        rebut_output_print(to->out, "%10zu%10zu", group->judged, group->wrong);
        cell(to, group->stated);
        cell(to, group->rate);
        interval(to, group->range);
        end_line(to);
    }
}

static void print_months(const struct printer *to, const struct rebut_audit *it)
{
    static const enum rebut_audit_word columns[] = {AUDIT_MONTH, AUDIT_N, AUDIT_SHIFT,
                                                    AUDIT_INTERVAL, AUDIT_WORDS};
    heading(to, AUDIT_MONTHS);
    heads(to, columns);
    for (uint32_t i = 0; i < it->months.count; i++) {
        rebut_output_padded(to->out, it->months.data[i].name, NAME_WIDTH);
        rebut_output_print(to->out, "%10zu", it->months.data[i].judged);
        cell(to, it->months.data[i].shift);
        interval(to, it->months.data[i].range);
        end_line(to);
    }
}

bool rebut_audit_print(const struct rebut_audit *audit, enum rebut_language language,
                       struct rebut_output *out)
{
    const struct printer to = {out, language};
    print_counts(&to, &audit->counts);
    print_weeks(&to, audit);
    print_estimates(&to, audit);
    rebut_audit_print_calibration(&to, audit);
    rebut_audit_print_reviewers(&to, audit);
    print_groups(&to, audit);
    print_months(&to, audit);
    rebut_audit_print_terms(&to, audit);
    return out->cause == 0;
}
