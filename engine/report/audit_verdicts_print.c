/* The part of the audit's tables that weighs verdicts: maps, reviewers, terms. */
#include <inttypes.h>
#include <stdio.h>

#include "audit_printer.h"

#define PSI_MOVED 0.1
#define PSI_SHIFTED 0.25

static void figure(const struct printer *to, struct rebut_audit_figure it)
{
    cell(to, it.value);
    interval(to, (struct rebut_interval){it.low, it.high});
}

/* "words: `have`, `need`" -- what there is and what it would take. */
static void too_few(const struct printer *to, enum rebut_audit_word what, size_t have,
                    int need)
{
    rebut_output_print(to->out, "%s%s%zu%s%d\n", word(to, what), word(to, AUDIT_TOO_FEW),
                       have, word(to, AUDIT_NEEDED), need);
}

static void print_reliability(const struct printer *to, const struct rebut_audit *it)
{
    static const enum rebut_audit_word columns[] = {
        AUDIT_BIN,      AUDIT_N,    AUDIT_STATED, AUDIT_REALISED,
        AUDIT_INTERVAL, AUDIT_VENN, AUDIT_WORDS};
    heading(to,
            it->reliability_random ? AUDIT_RELIABILITY_RANDOM : AUDIT_RELIABILITY_ALL);
    heads(to, columns);
    for (int i = 0; i < REBUT_AUDIT_BINS; i++) {
        const struct rebut_reliability *bin = &it->reliability[i];
        struct rebut_interval range = {0, 1};
        char name[40];
        if (bin->count == 0 ||
            !rebut_interval_proportion(bin->positives, bin->count, .95, &range, NULL))
            continue;
        snprintf(name, sizeof name, "%.4f - %.4f", bin->low, bin->high);
        rebut_output_padded(to->out, name, NAME_WIDTH);
        rebut_output_print(to->out, "%10zu", bin->count);
        cell(to, bin->score_sum / (double)bin->count);
        cell(to, (double)bin->positives / (double)bin->count);
        interval(to, range);
        interval(to, it->venn[i]);
        end_line(to);
    }
    rebut_output_print(to->out, "%s\n", word(to, AUDIT_VENN_NOTE));
}

/* A map's numbers, each with what it means. */
static void print_map(const struct printer *to, const struct rebut_audit_figure *numbers,
                      enum rebut_audit_word first, int count)
{
    for (int k = 0; k < count; k++) {
        const enum rebut_audit_word name = (enum rebut_audit_word)((int)first + 2 * k);
        rebut_output_padded(to->out, word(to, name), NAME_WIDTH);
        figure(to, numbers[k]);
        rebut_output_print(to->out, "  %s\n",
                           word(to, (enum rebut_audit_word)((int)name + 1)));
    }
}

static void print_preferred(const struct printer *to,
                            const struct rebut_audit_calibration *it)
{
    rebut_output_print(
        to->out, "%s%s (BIC:", word(to, AUDIT_PREFERRED),
        word(to, (enum rebut_audit_word)(AUDIT_MAP_STATED + (int)it->preferred)));
    for (int map = 0; map < REBUT_AUDIT_MAPS; map++)
        if (it->known[map])
            rebut_output_print(to->out, "%s %s %.2f", map > 0 ? "," : "",
                               word(to, (enum rebut_audit_word)(AUDIT_MAP_STATED + map)),
                               it->bic[map]);
    rebut_output_print(to->out, ")\n");
}

static void print_maps(const struct printer *to, const struct rebut_audit_calibration *it)
{
    static const enum rebut_audit_word columns[] = {AUDIT_MAP, AUDIT_ESTIMATE,
                                                    AUDIT_INTERVAL, AUDIT_WORDS};
    const size_t honest = it->judged - it->abuse;
    const size_t rarer = it->abuse < honest ? it->abuse : honest;
    heading(to, AUDIT_MAPS);
    rebut_output_print(to->out, "%s: %zu / %zu\n",
                       word(to, it->random ? AUDIT_MAPS_RANDOM : AUDIT_MAPS_ALL),
                       it->judged, it->abuse);
    if (!it->known[REBUT_AUDIT_PLATT]) {
        too_few(to, AUDIT_MAPS_FEW, rarer, 2 * REBUT_AUDIT_KIND);
        return;
    }
    heads(to, columns);
    print_map(to, it->platt, AUDIT_PLATT_INTERCEPT, 2);
    if (it->known[REBUT_AUDIT_BETA])
        print_map(to, it->beta, AUDIT_BETA_C, 3);
    else
        too_few(to, AUDIT_BETA_FEW, rarer, 3 * REBUT_AUDIT_KIND);
    print_preferred(to, it);
}

void rebut_audit_print_calibration(const struct printer *to, const struct rebut_audit *it)
{
    print_reliability(to, it);
    print_maps(to, &it->calibration);
}

static void print_kappa(const struct printer *to, const char *name,
                        const struct rebut_kappa *kappa)
{
    rebut_output_padded(to->out, name, NAME_WIDTH);
    rebut_output_print(to->out, "%10" PRIu64, kappa->cases);
    cell(to, kappa->agreement);
    cell(to, kappa->kappa);
    cell(to, kappa->error);
    end_line(to);
}

static void print_error(const struct printer *to, const struct rebut_audit_reviews *it)
{
    static const enum rebut_audit_word columns[] = {AUDIT_ERROR, AUDIT_N, AUDIT_ESTIMATE,
                                                    AUDIT_INTERVAL, AUDIT_WORDS};
    end_line(to);
    if (!(it->pairs >= REBUT_AUDIT_REVIEW_PAIRS)) {
        too_few(to, AUDIT_ERROR_FEW, it->pairs, REBUT_AUDIT_REVIEW_PAIRS);
        return;
    }
    heads(to, columns);
    rebut_output_padded(to->out, word(to, AUDIT_TWICE), NAME_WIDTH);
    rebut_output_print(to->out, "%10zu", it->pairs);
    figure(to, it->error);
    end_line(to);
}

static void print_by_reviewer(const struct printer *to, const struct rebut_audit *it)
{
    static const enum rebut_audit_word columns[] = {
        AUDIT_REVIEWER,    AUDIT_N,        AUDIT_MISSED, AUDIT_INTERVAL,
        AUDIT_FALSE_ALARM, AUDIT_INTERVAL, AUDIT_WORDS};
    if (!it->reviews.by_reviewer) {
        too_few(to, AUDIT_BY_REVIEWER_FEW, it->reviews.triples,
                REBUT_AUDIT_REVIEW_TRIPLES);
        return;
    }
    end_line(to);
    heads(to, columns);
    for (uint32_t i = 0; i < it->reviewers.count; i++) {
        const struct rebut_audit_reviewer *who = &it->reviewers.data[i];
        char name[80];
        snprintf(name, sizeof name, "%.*s", (int)who->name.size, who->name.data);
        rebut_output_padded(to->out, name, NAME_WIDTH);
        rebut_output_print(to->out, "%10zu", who->judged);
        figure(to, who->missed);
        figure(to, who->false_alarm);
        end_line(to);
    }
    rebut_output_print(to->out, "%s\n", word(to, AUDIT_REVIEWER_NOTE));
}

void rebut_audit_print_reviewers(const struct printer *to, const struct rebut_audit *it)
{
    static const enum rebut_audit_word columns[] = {AUDIT_PAIR,  AUDIT_N,  AUDIT_AGREE,
                                                    AUDIT_KAPPA, AUDIT_SE, AUDIT_WORDS};
    heading(to, AUDIT_AGREEMENT);
    if (it->agreement.kappa.cases == 0) {
        rebut_output_print(to->out, "%s\n", word(to, AUDIT_NO_PAIRS));
        return;
    }
    heads(to, columns);
    print_kappa(to, word(to, AUDIT_PAIRS_ALL), &it->agreement.kappa);
    for (size_t i = 0; i < it->pair_count; i++) {
        const struct rebut_text *who = it->pairs[i].reviewer;
        char name[160];
        snprintf(name, sizeof name, "%.*s / %.*s", (int)who[0].size, who[0].data,
                 (int)who[1].size, who[1].data);
        print_kappa(to, name, &it->pairs[i].kappa);
    }
    print_error(to, &it->reviews);
    print_by_reviewer(to, it);
}

/* What a term has to answer for. */
static void print_flags(const struct printer *to, double psi,
                        const struct rebut_audit_term *term)
{
    if (psi >= PSI_MOVED)
        rebut_output_print(to->out, "  %s",
                           word(to, psi >= PSI_SHIFTED ? AUDIT_SHIFTED : AUDIT_MOVED));
    if (term->q_value <= REBUT_AUDIT_DRIFT)
        rebut_output_print(to->out, "  %s",
                           word(to, term->worth.z < 0 ? AUDIT_HEAVY : AUDIT_LIGHT));
}

void rebut_audit_print_terms(const struct printer *to, const struct rebut_audit *it)
{
    static const enum rebut_audit_word psi_only[] = {AUDIT_TERM, AUDIT_PSI_COLUMN,
                                                     AUDIT_WORDS};
    static const enum rebut_audit_word both[] = {
        AUDIT_TERM,     AUDIT_PSI_COLUMN, AUDIT_HAVE,     AUDIT_WORTH,
        AUDIT_INTERVAL, AUDIT_Z,          AUDIT_Q_COLUMN, AUDIT_WORDS};
    if (!it->has_psi && !it->has_terms)
        return;
    heading(to, AUDIT_DRIFT);
    heads(to, it->has_terms ? both : psi_only);
    for (int i = 0; i < REBUT_RAW_TERMS; i++) {
        const struct rebut_audit_term *term = &it->terms[i];
        const double psi = it->has_psi ? it->psi[i] : (double)NAN;
        rebut_output_padded(to->out, rebut_term_name((enum rebut_term_id)i), NAME_WIDTH);
        cell(to, psi);
        if (it->has_terms) {
            rebut_output_print(to->out, "%10zu", term->moved);
            figure(to, (struct rebut_audit_figure){term->worth.worth, term->worth.low,
                                                   term->worth.high});
            cell(to, term->worth.z);
            cell(to, term->q_value);
        }
        print_flags(to, psi, term);
        end_line(to);
    }
    if (it->has_terms)
        rebut_output_print(to->out, "%s\n", word(to, AUDIT_WORTH_NOTE));
}
