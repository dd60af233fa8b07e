/* The audit as JSON for a program. */
#include <inttypes.h>
#include <math.h>

#include "rebut/audit.h"

static void value(struct rebut_output *out, const char *name, double number)
{
    rebut_output_print(out, ",\"%s\":", name);
    rebut_output_double(out, number);
}

static void interval(struct rebut_output *out, const char *low, const char *high,
                     struct rebut_interval range)
{
    value(out, low, range.low);
    value(out, high, range.high);
}

/* `"name":[` and what separates its members. */
static void list(struct rebut_output *out, const char *name)
{
    rebut_output_print(out, ",\"%s\":[", name);
}

static const char *between(size_t index)
{
    return index == 0 ? "" : ",";
}

static void counts(struct rebut_output *out, const struct rebut_audit_counts *it)
{
    rebut_output_print(out,
                       "{\"scores\":%zu,\"superseded\":%zu,\"unknown\":%zu,"
                       "\"unjudged\":%zu,\"judged_before\":%zu,\"outside\":%zu,"
                       "\"disputed\":%zu,\"judged\":%zu,\"abuse\":%zu,\"ranked\":%zu,"
                       "\"random\":%zu,\"unweighed\":%zu",
                       it->lines, it->superseded, it->unknown, it->unjudged, it->known,
                       it->outside, it->disputed, it->judged, it->abuse, it->ranked,
                       it->random, it->unweighed);
}

static void period(struct rebut_output *out, const struct rebut_audit_period *it)
{
    rebut_output_print(out, "{\"period\":\"%s\",\"judged\":%zu,\"wrong\":%zu", it->name,
                       it->judged, it->wrong);
    value(out, "stated", it->stated);
    value(out, "q_value", it->q_value);
    value(out, "realised", it->realised);
    interval(out, "low", "high", it->range);
    value(out, "corrected", it->corrected);
    if (isfinite(it->corrected)) {
        interval(out, "corrected_low", "corrected_high", it->corrected_range);
        rebut_output_print(out, ",\"clamped\":%s", it->clamped ? "true" : "false");
    }
    rebut_output_print(out, "}");
}

static void weeks(struct rebut_output *out, const struct rebut_audit *it)
{
    list(out, "weeks");
    for (uint32_t i = 0; i < it->weeks.count; i++) {
        rebut_output_print(out, "%s", between(i));
        period(out, &it->weeks.data[i]);
    }
    rebut_output_print(out, "],\"total\":");
    period(out, &it->total);
}

static void estimates(struct rebut_output *out, const struct rebut_audit *it)
{
    static const char *const names[REBUT_AUDIT_ESTIMATES] = {
        "prevalence", "precision", "recall", "precision_q", "recall_q"};
    rebut_output_print(out, ",\"estimates\":{\"few_random\":%s",
                       it->counts.random < REBUT_AUDIT_FEW ? "true" : "false");
    for (int i = 0; i < REBUT_AUDIT_ESTIMATES; i++) {
        rebut_output_print(out, ",\"%s\":{\"judged\":%" PRIu64, names[i],
                           it->estimates[i].count);
        value(out, "value", it->estimates[i].value);
        interval(out, "low", "high", it->estimates[i].range);
        rebut_output_print(out, "}");
    }
    rebut_output_print(out, "}");
}

static void reliability(struct rebut_output *out, const struct rebut_audit *it)
{
    rebut_output_print(out, ",\"reliability_of\":\"%s\"",
                       it->reliability_random ? "random" : "all");
    list(out, "reliability");
    for (size_t i = 0; i < REBUT_AUDIT_BINS; i++) {
        const struct rebut_reliability *bin = &it->reliability[i];
        struct rebut_interval range = {(double)NAN, (double)NAN};
        if (bin->count > 0 &&
            !rebut_interval_proportion(bin->positives, bin->count, .95, &range, NULL))
            range = (struct rebut_interval){(double)NAN, (double)NAN};
        rebut_output_print(out, "%s{\"judged\":%zu,\"abuse\":%zu", between(i), bin->count,
                           bin->positives);
        value(out, "expected", bin->score_sum);
        interval(out, "low", "high", range);
        rebut_output_print(out, "}");
    }
    rebut_output_print(out, "]");
}

static void kappa(struct rebut_output *out, const struct rebut_kappa *it)
{
    rebut_output_print(out, "\"cases\":%" PRIu64, it->cases);
    value(out, "agreement", it->agreement);
    value(out, "kappa", it->kappa);
    value(out, "standard_error", it->error);
}

static void agreement(struct rebut_output *out, const struct rebut_audit *it)
{
    rebut_output_print(out, ",\"agreement\":{");
    kappa(out, &it->agreement.kappa);
    list(out, "pairs");
    for (size_t i = 0; i < it->pair_count; i++) {
        rebut_output_print(out, "%s{\"reviewers\":[", between(i));
        rebut_output_json(out, it->pairs[i].reviewer[0]);
        rebut_output_print(out, ",");
        rebut_output_json(out, it->pairs[i].reviewer[1]);
        rebut_output_print(out, "],");
        kappa(out, &it->pairs[i].kappa);
        rebut_output_print(out, "}");
    }
    rebut_output_print(out, "]}");
}

static void groups(struct rebut_output *out, const struct rebut_audit *it)
{
    list(out, "groups");
    for (uint32_t i = 0; i < it->groups.count; i++) {
        const struct rebut_audit_group *group = &it->groups.data[i];
        rebut_output_print(out, "%s{\"kind\":\"%s\",\"group\":", between(i), group->kind);
        rebut_output_json(out, rebut_text_of(group->name));
        rebut_output_print(out, ",\"judged\":%zu,\"wrong\":%zu", group->judged,
                           group->wrong);
        value(out, "stated", group->stated);
        value(out, "realised", group->rate);
        interval(out, "low", "high", group->range);
        rebut_output_print(out, "}");
    }
    rebut_output_print(out, "]");
}

static void drift(struct rebut_output *out, const struct rebut_audit *it)
{
    list(out, "months");
    for (uint32_t i = 0; i < it->months.count; i++) {
        rebut_output_print(out, "%s{\"month\":\"%s\",\"judged\":%zu", between(i),
                           it->months.data[i].name, it->months.data[i].judged);
        value(out, "shift", it->months.data[i].shift);
        interval(out, "low", "high", it->months.data[i].range);
        rebut_output_print(out, "}");
    }
    rebut_output_print(out, "]");
    for (int i = 0; it->has_psi && i < REBUT_RAW_TERMS; i++) {
        rebut_output_print(out, "%s\"%s\":", i == 0 ? ",\"psi\":{" : ",",
                           rebut_term_name((enum rebut_term_id)i));
        rebut_output_double(out, it->psi[i]);
    }
    rebut_output_print(out, "%s", it->has_psi ? "}" : "");
}

bool rebut_audit_json(const struct rebut_audit *audit, struct rebut_output *out)
{
    counts(out, &audit->counts);
    value(out, "reviewer_error", audit->reviewer_error);
    weeks(out, audit);
    estimates(out, audit);
    reliability(out, audit);
    agreement(out, audit);
    groups(out, audit);
    drift(out, audit);
    return rebut_output_print(out, "}\n");
}
