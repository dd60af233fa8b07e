#include "rebut/agreement.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "rebut/special.h"

#define STEPS_MAX 500
#define STILL 1e-10
#define RATE_LEAST 1e-4

/* The rate of error at which two verdicts differ with probability `differ`. */
static double error_of(double differ)
{
    const double d = fmin(differ, .5);
    return d / (1 + sqrt(1 - 2 * d)); /* (1 - sqrt(1 - 2 d)) / 2 */
}

bool rebut_review_error(uint64_t differing, uint64_t pairs, double confidence,
                        struct rebut_review_error *ret, struct rebut_error *err)
{
    if (!(differing <= pairs && pairs <= 10000000))
        return rebut_fail(err, REBUT_EINPUT, "bad counts: %" PRIu64 " of %" PRIu64,
                          differing, pairs);
    if (!(confidence >= .5 && confidence <= .9999))
        return rebut_fail(err, REBUT_EINPUT,
                          "expected a confidence from 0.5 to 0.9999, got %g", confidence);
    const double prior = 2 * REBUT_REVIEW_ERROR * (1 - REBUT_REVIEW_ERROR);
    const double a = REBUT_REVIEW_ERROR_PAIRS * prior + (double)differing;
    const double b = REBUT_REVIEW_ERROR_PAIRS * (1 - prior) + (double)(pairs - differing);
    const double tail = (1 - confidence) / 2;
    const struct rebut_review_error answer = {
        .rate = error_of(a / (a + b)),
        .low = error_of(rebut_beta_quantile(tail, a, b)),
        .high = error_of(rebut_beta_quantile(1 - tail, a, b)),
    };
    if (!(isfinite(answer.low) && isfinite(answer.high)))
        return rebut_fail(err, REBUT_EMATH, "cannot evaluate Beta(%g, %g)", a, b);
    *ret = answer;
    return true;
}

static bool check_votes(const struct rebut_votes *votes, struct rebut_error *err)
{
    if (!(votes->reviewers <= REBUT_REVIEWERS_MAX))
        return rebut_fail(err, REBUT_ELIMIT,
                          "expected at most %d reviewers, got %" PRIu32,
                          REBUT_REVIEWERS_MAX, votes->reviewers);
    if (!(votes->common_error >= .001 && votes->common_error <= .4 &&
          votes->pseudo_counts >= 1 && votes->pseudo_counts <= 1e6))
        return rebut_fail(err, REBUT_EINPUT, "bad prior: rate %g of weight %g",
                          votes->common_error, votes->pseudo_counts);
    for (uint32_t i = 0; i < votes->count; i++) {
        const struct rebut_vote *vote = &votes->votes[i];
        if (!(vote->request < votes->requests && vote->reviewer < votes->reviewers &&
              vote->abuse <= 1))
            return rebut_fail(err, REBUT_EINPUT, "vote %" PRIu32 " is out of range", i);
    }
    return true;
}

static double sigmoid(double logit)
{
    const double tail = exp(-fabs(logit));
    return logit < 0 ? tail / (1 + tail) : 1 / (1 + tail);
}

/* P(abuse) of each request under the reviewers' rates.  Returns their sum. */
static double judge(const struct rebut_votes *votes, const struct rebut_reviewer *rates,
                    double prevalence, rebut_fixed *logit, double *p)
{
    const rebut_fixed start = rebut_to_fixed(log(prevalence / (1 - prevalence)));
    for (uint32_t i = 0; i < votes->requests; i++)
        logit[i] = start;
    for (uint32_t i = 0; i < votes->count; i++) {
        const struct rebut_vote *vote = &votes->votes[i];
        const struct rebut_reviewer *who = &rates[vote->reviewer];
        logit[vote->request] +=
            rebut_to_fixed(vote->abuse ? log((1 - who->missed) / who->false_alarm)
                                       : log(who->missed / (1 - who->false_alarm)));
    }
    rebut_total sum = 0;
    for (uint32_t i = 0; i < votes->requests; i++) {
        p[i] = sigmoid(rebut_from_fixed(logit[i]));
        sum += rebut_to_fixed(p[i]);
    }
    return rebut_from_total(sum);
}

static double shrunk(const struct rebut_votes *votes, double wrong, double all)
{
    const double rate = (wrong + votes->pseudo_counts * votes->common_error) /
                        (all + votes->pseudo_counts);
    return fmin(fmax(rate, RATE_LEAST), 1 - RATE_LEAST);
}

/* Rates of each reviewer from P(abuse) of the requests.  Returns the largest move. */
static double rate(const struct rebut_votes *votes, const double *p,
                   struct rebut_reviewer *rates)
{
    rebut_total missed[REBUT_REVIEWERS_MAX] = {0}, alarm[REBUT_REVIEWERS_MAX] = {0};
    rebut_total abuse[REBUT_REVIEWERS_MAX] = {0}, all[REBUT_REVIEWERS_MAX] = {0};
    for (uint32_t i = 0; i < votes->count; i++) {
        const struct rebut_vote *vote = &votes->votes[i];
        const rebut_fixed share = rebut_to_fixed(p[vote->request]);
        const rebut_fixed one = rebut_to_fixed(1);
        abuse[vote->reviewer] += share;
        all[vote->reviewer] += one;
        if (vote->abuse)
            alarm[vote->reviewer] += one - share;
        else
            missed[vote->reviewer] += share;
    }
    double most = 0;
    for (uint32_t r = 0; r < votes->reviewers; r++) {
        struct rebut_reviewer now = {.abuse = rebut_from_total(abuse[r]),
                                     .legit = rebut_from_total(all[r] - abuse[r])};
        now.missed = shrunk(votes, rebut_from_total(missed[r]), now.abuse);
        now.false_alarm = shrunk(votes, rebut_from_total(alarm[r]), now.legit);
        most = fmax(most, fabs(now.missed - rates[r].missed));
        most = fmax(most, fabs(now.false_alarm - rates[r].false_alarm));
        rates[r] = now;
    }
    return most;
}

bool rebut_reviewers(const struct rebut_votes *votes, rebut_fixed *logit, double *p,
                     struct rebut_reviewer *ret, int *ret_steps, struct rebut_error *err)
{
    if (!check_votes(votes, err))
        return false;
    for (uint32_t r = 0; r < votes->reviewers; r++)
        ret[r] = (struct rebut_reviewer){.missed = votes->common_error,
                                         .false_alarm = votes->common_error};
    double prevalence = .5;
    int steps = 0;
    while (steps < STEPS_MAX) {
        steps++;
        const double abuse = judge(votes, ret, prevalence, logit, p);
        prevalence = (abuse + 1) / ((double)votes->requests + 2);
        if (rate(votes, p, ret) < STILL)
            break;
    }
    *ret_steps = steps;
    return true;
}
