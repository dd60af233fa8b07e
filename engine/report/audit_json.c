/* The audit as JSON for a program. */
#include <inttypes.h>
#include <math.h>

#include "json_value.h"
#include "rebut/audit.h"

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
    json_value(out, "stated", it->stated);
    json_value(out, "q_value", it->q_value);
    json_value(out, "realised", it->realised);
    json_interval(out, "low", "high", it->range);
    json_value(out, "corrected", it->corrected);
    if (isfinite(it->corrected)) {
        json_interval(out, "corrected_low", "corrected_high", it->corrected_range);
        rebut_output_print(out, ",\"clamped\":%s", it->clamped ? "true" : "false");
    }
    rebut_output_print(out, "}");
}

static void weeks(struct rebut_output *out, const struct rebut_audit *it)
{
    json_list(out, "weeks");
    for (uint32_t i = 0; i < it->weeks.count; i++) {
        rebut_output_print(out, "%s", json_between(i));
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
        json_value(out, "value", it->estimates[i].value);
        json_interval(out, "low", "high", it->estimates[i].range);
        rebut_output_print(out, "}");
    }
    rebut_output_print(out, "}");
}

static void reliability(struct rebut_output *out, const struct rebut_audit *it)
{
    rebut_output_print(out, ",\"reliability_of\":\"%s\"",
                       it->reliability_random ? "random" : "all");
    json_list(out, "reliability");
    for (size_t i = 0; i < REBUT_AUDIT_BINS; i++) {
        const struct rebut_reliability *bin = &it->reliability[i];
        struct rebut_interval range = {(double)NAN, (double)NAN};
        if (bin->count > 0 &&
            !rebut_interval_proportion(bin->positives, bin->count, .95, &range, NULL))
            range = (struct rebut_interval){(double)NAN, (double)NAN};
        rebut_output_print(out, "%s{\"judged\":%zu,\"abuse\":%zu", json_between(i),
                           bin->count, bin->positives);
        json_value(out, "expected", bin->score_sum);
        json_interval(out, "low", "high", range);
        json_interval(out, "p0", "p1", it->venn[i]);
        rebut_output_print(out, "}");
    }
    rebut_output_print(out, "]");
}

/* A figure as an object. */
static void figure(struct rebut_output *out, const char *name,
                   struct rebut_audit_figure it)
{
    rebut_output_print(out, ",\"%s\":{\"value\":", name);
    rebut_output_double(out, it.value);
    json_interval(out, "low", "high", (struct rebut_interval){it.low, it.high});
    rebut_output_print(out, "}");
}

static void calibration(struct rebut_output *out,
                        const struct rebut_audit_calibration *it)
{
    static const char *const maps[REBUT_AUDIT_MAPS] = {"as_stated", "platt", "beta"};
    rebut_output_print(out,
                       ",\"calibration\":{\"of\":\"%s\",\"judged\":%zu,\"abuse\":%zu,"
                       "\"few\":%s,\"preferred\":\"%s\"",
                       it->random ? "random" : "all", it->judged, it->abuse,
                       it->known[REBUT_AUDIT_PLATT] ? "false" : "true",
                       maps[it->preferred]);
    rebut_output_print(out, ",\"as_stated\":{\"bic\":");
    rebut_output_double(out, it->bic[REBUT_AUDIT_AS_STATED]);
    rebut_output_print(out, "},\"platt\":{\"bic\":");
    rebut_output_double(out, it->bic[REBUT_AUDIT_PLATT]);
    figure(out, "intercept", it->platt[0]);
    figure(out, "slope", it->platt[1]);
    rebut_output_print(out, "},\"beta\":{\"bic\":");
    rebut_output_double(out, it->bic[REBUT_AUDIT_BETA]);
    figure(out, "c", it->beta[0]);
    figure(out, "a", it->beta[1]);
    figure(out, "b", it->beta[2]);
    rebut_output_print(out, "}}");
}

static void kappa(struct rebut_output *out, const struct rebut_kappa *it)
{
    rebut_output_print(out, "\"cases\":%" PRIu64, it->cases);
    json_value(out, "agreement", it->agreement);
    json_value(out, "kappa", it->kappa);
    json_value(out, "standard_error", it->error);
}

static void agreement(struct rebut_output *out, const struct rebut_audit *it)
{
    rebut_output_print(out, ",\"agreement\":{");
    kappa(out, &it->agreement.kappa);
    json_list(out, "pairs");
    for (size_t i = 0; i < it->pair_count; i++) {
        rebut_output_print(out, "%s{\"reviewers\":[", json_between(i));
        rebut_output_json(out, it->pairs[i].reviewer[0]);
        rebut_output_print(out, ",");
        rebut_output_json(out, it->pairs[i].reviewer[1]);
        rebut_output_print(out, "],");
        kappa(out, &it->pairs[i].kappa);
        rebut_output_print(out, "}");
    }
    rebut_output_print(out, "]}");
}

static void reviews(struct rebut_output *out, const struct rebut_audit *it)
{
    rebut_output_print(out,
                       ",\"reviews\":{\"twice\":%zu,\"differing\":%zu,\"thrice\":%zu",
                       it->reviews.pairs, it->reviews.differing, it->reviews.triples);
    figure(out, "error", it->reviews.error);
    json_list(out, "reviewers");
    for (uint32_t i = 0; i < it->reviewers.count; i++) {
        const struct rebut_audit_reviewer *who = &it->reviewers.data[i];
        rebut_output_print(out, "%s{\"reviewer\":", json_between(i));
        rebut_output_json(out, who->name);
        rebut_output_print(out, ",\"judged\":%zu", who->judged);
        figure(out, "missed", who->missed);
        figure(out, "false_alarm", who->false_alarm);
        rebut_output_print(out, "}");
    }
    rebut_output_print(out, "]}");
}

static void terms(struct rebut_output *out, const struct rebut_audit *it)
{
    json_list(out, "terms");
    for (int i = 0; i < REBUT_RAW_TERMS; i++) {
        const struct rebut_audit_term *term = &it->terms[i];
        rebut_output_print(out, "%s{\"term\":\"%s\",\"requests\":%zu",
                           json_between((size_t)i),
                           rebut_term_name((enum rebut_term_id)i), term->moved);
        json_value(out, "worth", term->worth.worth);
        json_interval(out, "low", "high",
                      (struct rebut_interval){term->worth.low, term->worth.high});
        json_value(out, "z", term->worth.z);
        json_value(out, "q_value", term->q_value);
        rebut_output_print(out, ",\"drifted\":%s}",
                           term->q_value <= REBUT_AUDIT_DRIFT ? "true" : "false");
    }
    rebut_output_print(out, "]");
}

static void groups(struct rebut_output *out, const struct rebut_audit *it)
{
    json_list(out, "groups");
    for (uint32_t i = 0; i < it->groups.count; i++) {
        const struct rebut_audit_group *group = &it->groups.data[i];
        rebut_output_print(out, "%s{\"kind\":\"%s\",\"group\":", json_between(i),
                           group->kind);
        rebut_output_json(out, rebut_text_of(group->name));
        rebut_output_print(out, ",\"judged\":%zu,\"wrong\":%zu", group->judged,
                           group->wrong);
        json_value(out, "stated", group->stated);
        json_value(out, "realised", group->rate);
        json_interval(out, "low", "high", group->range);
        rebut_output_print(out, "}");
    }
    rebut_output_print(out, "]");
}

static void drift(struct rebut_output *out, const struct rebut_audit *it)
{
    json_list(out, "months");
    for (uint32_t i = 0; i < it->months.count; i++) {
        rebut_output_print(out, "%s{\"month\":\"%s\",\"judged\":%zu", json_between(i),
                           it->months.data[i].name, it->months.data[i].judged);
        json_value(out, "shift", it->months.data[i].shift);
        json_interval(out, "low", "high", it->months.data[i].range);
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
    json_value(out, "reviewer_error", audit->reviewer_error);
    weeks(out, audit);
    estimates(out, audit);
    reliability(out, audit);
    calibration(out, &audit->calibration);
    agreement(out, audit);
    reviews(out, audit);
    groups(out, audit);
    drift(out, audit);
    if (audit->has_terms)
        terms(out, audit);
    return rebut_output_print(out, "}\n");
}
