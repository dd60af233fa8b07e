#include "rebut/profile.h"

#include <math.h>
#include <stdlib.h>

#include "rebut/metrics.h"
#include "rebut/score.h"

/* What is compared of a term: its raw log-odds; of a mark the bin it is in, whose weight
 * every fit shifts a little (mark_balance.h). */
static double compared(const struct rebut_scores *scores, const struct rebut_score *score,
                       const struct rebut_term *term)
{
    if (term->id < REBUT_TERM_MARKS)
        return term->raw;
    const struct rebut_frame_claim *claim =
        &scores->inference->frame->claims[score->claim];
    return claim->bin[term->id - REBUT_TERM_MARKS];
}

/* It for every score, term by term: ret[term][score]. */
static double *raw_terms(const struct rebut_scores *scores, struct rebut_error *err)
{
    const size_t count = scores->count;
    double *values = calloc(REBUT_RAW_TERMS * count + 1, sizeof *values);
    if (values == NULL) {
        rebut_fail_memory(err, "the profile of terms");
        return NULL;
    }
    for (size_t i = 0; i < count; i++) {
        struct rebut_term terms[REBUT_TERMS];
        const int some = rebut_score_terms(scores, &scores->list[i], terms);
        for (int t = 0; t < some; t++)
            if (terms[t].id < REBUT_RAW_TERMS)
                values[terms[t].id * count + i] =
                    compared(scores, &scores->list[i], &terms[t]);
    }
    return values;
}

static int compare_doubles(const void *left, const void *right)
{
    const double a = *(const double *)left, b = *(const double *)right;
    return a < b ? -1 : a > b;
}

/* Sort values of which there are a few different ones only, as those of a mark; false,
 * nothing done, when there are more. */
static bool sort_few(double *values, size_t count)
{
    double different[REBUT_MARK_BINS];
    size_t often[REBUT_MARK_BINS] = {0}, kinds = 0;
    for (size_t i = 0; i < count; i++) {
        size_t kind = 0;
        while (kind < kinds && different[kind] != values[i])
            kind++;
        if (kind == kinds && kinds == REBUT_MARK_BINS)
            return false;
        if (kind == kinds)
            different[kinds++] = values[i];
        often[kind]++;
    }
    for (size_t at = 0; at < count;) {
        size_t least = kinds;
        for (size_t kind = 0; kind < kinds; kind++)
            if (often[kind] > 0 && (least == kinds || different[kind] < different[least]))
                least = kind;
        for (; often[least] > 0; often[least]--)
            values[at++] = different[least];
    }
    return true;
}

static void count_bins(const double *cut, const double *values, size_t count,
                       double ret_count[REBUT_PROFILE_BINS])
{
    for (int bin = 0; bin < REBUT_PROFILE_BINS; bin++)
        ret_count[bin] = 0;
    for (size_t i = 0; i < count; i++) {
        int bin = 0;
        while (bin < REBUT_PROFILE_BINS - 1 && values[i] >= cut[bin])
            bin++;
        ret_count[bin]++;
    }
}

bool rebut_profile_make(const struct rebut_scores *scores, struct rebut_profile *ret,
                        struct rebut_error *err)
{
    const size_t count = scores->count;
    double *values = raw_terms(scores, err);
    *ret = (struct rebut_profile){0};
    if (values == NULL)
        return false;
    for (int term = 0; term < REBUT_RAW_TERMS && count > 0; term++) {
        double *own = values + (size_t)term * count;
        if (!sort_few(own, count))
            qsort(own, count, sizeof *own, compare_doubles);
        for (size_t bin = 1; bin < REBUT_PROFILE_BINS; bin++)
            ret->cut[term][bin - 1] = own[bin * count / REBUT_PROFILE_BINS];
        count_bins(ret->cut[term], own, count, ret->count[term]);
    }
    free(values);
    return true;
}

/* Shares with half a count a bin; false when there is nothing to share. */
static bool shares(const double *count, double *ret_share)
{
    double sum = 0;
    for (int bin = 0; bin < REBUT_PROFILE_BINS; bin++)
        sum += count[bin];
    for (int bin = 0; bin < REBUT_PROFILE_BINS; bin++)
        ret_share[bin] = (count[bin] + .5) / (sum + .5 * REBUT_PROFILE_BINS);
    return sum > 0;
}

bool rebut_profile_psi(const struct rebut_profile *profile,
                       const struct rebut_scores *scores, double ret_psi[REBUT_RAW_TERMS],
                       struct rebut_error *err)
{
    double *values = raw_terms(scores, err);
    bool ok = values != NULL;
    for (int term = 0; ok && term < REBUT_RAW_TERMS; term++) {
        double count[REBUT_PROFILE_BINS], then[REBUT_PROFILE_BINS],
            now[REBUT_PROFILE_BINS];
        count_bins(profile->cut[term], values + (size_t)term * scores->count,
                   scores->count, count);
        ret_psi[term] = (double)NAN;
        if (shares(profile->count[term], then) && shares(count, now))
            ok = rebut_metric_psi(then, now, REBUT_PROFILE_BINS, &ret_psi[term], err);
    }
    free(values);
    return ok;
}
