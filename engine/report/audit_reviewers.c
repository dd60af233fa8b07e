/* Do reviewers say the same, and how often are they wrong? */
#include <math.h>
#include <stdlib.h>

#include "audit_parts.h"
#include "rebut/special.h"

#define CONFIDENCE 0.95

static int compare_cases(const void *left, const void *right)
{
    const struct rebut_audit_pair_case *a = left, *b = right;
    return memcmp(a->reviewer, b->reviewer, sizeof a->reviewer);
}

/* Most cases first, then by name. */
static bool comes_before(const struct rebut_audit_agreement *a,
                         const struct rebut_audit_agreement *b)
{
    if (a->kappa.cases != b->kappa.cases)
        return a->kappa.cases > b->kappa.cases;
    const int order = rebut_text_compare(a->reviewer[0], b->reviewer[0]);
    return (order != 0 ? order : rebut_text_compare(a->reviewer[1], b->reviewer[1])) < 0;
}

static void keep_pair(struct rebut_audit *audit, struct rebut_audit_agreement pair)
{
    size_t at = audit->pair_count < REBUT_AUDIT_PAIRS ? audit->pair_count++
                                                      : REBUT_AUDIT_PAIRS - 1;
    if (at == REBUT_AUDIT_PAIRS - 1 && audit->pairs[at].kappa.cases > 0 &&
        !comes_before(&pair, &audit->pairs[at]))
        return;
    for (; at > 0 && comes_before(&pair, &audit->pairs[at - 1]); at--)
        audit->pairs[at] = audit->pairs[at - 1];
    audit->pairs[at] = pair;
}

/* Who of a pair is the first is of no meaning, so over all pairs each case counts half
 * either way round: what is left of kappa is Scott's pi. */
static void agree(struct rebut_audit *audit)
{
    const struct rebut_intern *names = &audit->state->reviewers;
    struct rebut_audit_pair_case *cases = audit->cases.data;
    const uint32_t count = audit->cases.count;
    double all[4] = {0};
    if (count > 0)
        qsort(cases, count, sizeof *cases, compare_cases);
    for (uint32_t begin = 0, end = 0; begin < count; begin = end) {
        double said[4] = {0};
        for (; end < count && compare_cases(&cases[begin], &cases[end]) == 0; end++) {
            const uint8_t *word = cases[end].word;
            said[2 * word[0] + word[1]]++;
            all[2 * word[0] + word[1]] += .5;
            all[2 * word[1] + word[0]] += .5;
        }
        if (end - begin >= REBUT_AUDIT_PAIR_CASES)
            keep_pair(audit,
                      (struct rebut_audit_agreement){
                          {rebut_intern_text(names, cases[begin].reviewer[0] - 1U),
                           rebut_intern_text(names, cases[begin].reviewer[1] - 1U)},
                          rebut_kappa(said)});
    }
    audit->agreement.kappa = rebut_kappa(all);
}

/* Votes of a request lie together, the first first.  Who is asked a third time is often
 * asked because the first two differ, so pairs of the first two say how often they do. */
static bool measure_error(struct rebut_audit *audit, struct rebut_error *err)
{
    const struct rebut_vote *votes = audit->votes.data;
    struct rebut_audit_reviews *reviews = &audit->reviews;
    for (uint32_t begin = 0, end = 0; begin < audit->votes.count; begin = end) {
        while (end < audit->votes.count && votes[end].request == votes[begin].request)
            end++;
        reviews->pairs++;
        reviews->differing += votes[begin].abuse != votes[begin + 1].abuse;
        reviews->triples += end - begin >= 3;
    }
    const double none = (double)NAN;
    reviews->error = (struct rebut_audit_figure){none, none, none};
    struct rebut_review_error error;
    if (reviews->pairs < REBUT_AUDIT_REVIEW_PAIRS)
        return true;
    if (!rebut_review_error(reviews->differing, reviews->pairs, CONFIDENCE, &error, err))
        return false;
    reviews->error = (struct rebut_audit_figure){error.rate, error.low, error.high};
    return true;
}

/* What Dawid and Skene need. */
struct work {
    struct rebut_vote *votes; /* [count] reviewers numbered from 0 */
    rebut_fixed *logit;       /* [requests] */
    double *p;                /* [requests] */
    struct rebut_reviewer rates[REBUT_REVIEWERS_MAX];
    uint16_t name[REBUT_REVIEWERS_MAX]; /* as in verdicts */
    size_t judged[REBUT_REVIEWERS_MAX];
    uint32_t reviewers;
};

/* Number the reviewers; false when there are too many. */
static bool number_reviewers(struct work *work, const struct rebut_vote *votes,
                             uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        uint32_t at = 0;
        while (at < work->reviewers && work->name[at] != votes[i].reviewer)
            at++;
        if (at == REBUT_REVIEWERS_MAX)
            return false;
        if (at == work->reviewers)
            work->name[work->reviewers++] = votes[i].reviewer;
        work->judged[at]++;
        work->votes[i] = votes[i];
        work->votes[i].reviewer = (uint16_t)at;
    }
    return true;
}

/* A rate that is already drawn to the prior, of `seen` requests of its class. */
static struct rebut_audit_figure rate_of(double rate, double seen)
{
    const double all = seen + REBUT_AUDIT_REVIEW_CLASS;
    const double a = fmax(rate * all, .01), b = fmax((1 - rate) * all, .01);
    const double none = (double)NAN;
    if (!(seen >= REBUT_AUDIT_REVIEW_CLASS))
        return (struct rebut_audit_figure){none, none, none};
    return (struct rebut_audit_figure){rate,
                                       rebut_beta_quantile((1 - CONFIDENCE) / 2, a, b),
                                       rebut_beta_quantile((1 + CONFIDENCE) / 2, a, b)};
}

/* Most judged first, then by name. */
static int compare_reviewers(const void *left, const void *right)
{
    const struct rebut_audit_reviewer *a = left, *b = right;
    if (a->judged != b->judged)
        return a->judged > b->judged ? -1 : 1;
    return rebut_text_compare(a->name, b->name);
}

static bool judge_reviewers(struct rebut_audit *audit, struct work *work,
                            struct rebut_error *err)
{
    int steps;
    const struct rebut_votes votes = {
        .votes = work->votes,
        .count = audit->votes.count,
        .requests = audit->vote_requests,
        .reviewers = work->reviewers,
        .common_error = fmin(fmax(audit->reviews.error.value, .001), .4),
        .pseudo_counts = REBUT_AUDIT_REVIEW_CLASS};
    if (!rebut_reviewers(&votes, work->logit, work->p, work->rates, &steps, err) ||
        !REBUT_ARRAY_MORE(&audit->reviewers, work->reviewers, "reviewers", err))
        return false;
    for (uint32_t i = 0; i < work->reviewers; i++)
        audit->reviewers.data[audit->reviewers.count++] = (struct rebut_audit_reviewer){
            .name = rebut_intern_text(&audit->state->reviewers, work->name[i] - 1U),
            .judged = work->judged[i],
            .missed = rate_of(work->rates[i].missed, work->rates[i].abuse),
            .false_alarm = rate_of(work->rates[i].false_alarm, work->rates[i].legit)};
    qsort(audit->reviewers.data, audit->reviewers.count, sizeof *audit->reviewers.data,
          compare_reviewers);
    audit->reviews.by_reviewer = true;
    return true;
}

static bool measure_reviewers(struct rebut_audit *audit, struct rebut_error *err)
{
    if (!(audit->reviews.triples >= REBUT_AUDIT_REVIEW_TRIPLES))
        return true;
    struct work *work = calloc(1, sizeof *work);
    bool ok = work != NULL;
    if (ok) {
        work->votes = calloc(audit->votes.count, sizeof *work->votes);
        work->logit = calloc(audit->vote_requests, sizeof *work->logit);
        work->p = calloc(audit->vote_requests, sizeof *work->p);
        ok = work->votes != NULL && work->logit != NULL && work->p != NULL;
    }
    if (!ok)
        rebut_fail_memory(err, "the reviewers");
    else if (number_reviewers(work, audit->votes.data, audit->votes.count))
        ok = judge_reviewers(audit, work, err);
    if (work != NULL) {
        free(work->votes);
        free(work->logit);
        free(work->p);
    }
    free(work);
    return ok;
}

bool rebut_audit_reviewers(struct rebut_audit *audit, struct rebut_error *err)
{
    agree(audit);
    return measure_error(audit, err) && measure_reviewers(audit, err);
}
