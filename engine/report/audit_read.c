/* Where scores meet the verdicts that came after them. */
#include <math.h>
#include <stdlib.h>

#include "audit_parts.h"
#include "rebut/voices.h"
#include "score_lines.h"

#define NONE UINT32_MAX

struct scored {
    double probability, q_value, propensity; /* propensity 0: not given */
    double merchant;                         /* NaN: not given */
    int64_t as_of;                           /* or REBUT_TIME_NONE */
    uint32_t previous;                       /* score of the same request, or NONE */
    uint32_t file;
    uint32_t terms; /* 1 + its row of term_values, or 0 */
    uint8_t selection, one_order;
};

struct reading {
    struct rebut_audit *audit;
    const struct rebut_state *state;
    const struct rebut_audit_job *job;
    REBUT_ARRAY(struct scored) scores;
    uint32_t *last; /* [requests]: the request's last score read, or NONE */
    uint8_t *seen;  /* [requests]: does it have a verdict? */
    uint32_t file;
    size_t listed[REBUT_SELECTIONS], judged[REBUT_SELECTIONS]; /* by the files */
};

/* Keep the terms of a score that a verdict may judge; a term it does not have adds 0. */
static bool keep_terms(struct rebut_audit *audit, const double *terms, uint32_t *ret_row,
                       struct rebut_error *err)
{
    if (!REBUT_ARRAY_MORE(&audit->term_values, REBUT_RAW_TERMS, "terms", err))
        return false;
    for (int id = 0; id < REBUT_RAW_TERMS; id++)
        audit->term_values.data[audit->term_values.count++] =
            isnan(terms[id]) ? 0 : terms[id];
    *ret_row = audit->term_values.count / REBUT_RAW_TERMS;
    return true;
}

static bool take_score(void *to, json_t *object, struct rebut_error *err)
{
    struct reading *reading = to;
    const struct rebut_intern *ids = &reading->state->request_ids;
    struct rebut_audit_line line;
    if (!rebut_audit_line_read(object, &line, err))
        return false;
    struct scored score = {.probability = line.probability,
                           .q_value = line.q_value,
                           .propensity = line.propensity,
                           .merchant = line.terms[REBUT_TERM_MERCHANT],
                           .as_of = line.as_of,
                           .file = reading->file,
                           .selection = line.selection,
                           .one_order = line.one_order};
    reading->audit->counts.lines++;
    if (score.as_of > reading->audit->scored_at)
        reading->audit->scored_at = score.as_of;
    const uint32_t request =
        rebut_intern_find(ids, line.id, rebut_intern_hash(ids, line.id));
    if (request == REBUT_INTERN_NONE) {
        reading->audit->counts.unknown++;
        return true;
    }
    score.previous = reading->last[request];
    if (score.previous != NONE) {
        if (reading->scores.data[score.previous].file == reading->file)
            return rebut_fail(err, REBUT_EDATA, "a request_id that came before");
        reading->audit->counts.superseded++;
    }
    if (line.has_terms && reading->seen[request] &&
        !keep_terms(reading->audit, line.terms, &score.terms, err))
        return false;
    if (!REBUT_ARRAY_MORE(&reading->scores, 1, "scores", err))
        return false;
    reading->last[request] = reading->scores.count;
    reading->scores.data[reading->scores.count++] = score;
    return true;
}

/* The last score of the request that was made before `time`, or NULL. */
static const struct scored *score_before(const struct reading *reading, uint32_t request,
                                         int64_t time)
{
    const struct scored *best = NULL;
    for (uint32_t i = reading->last[request]; i != NONE;
         i = reading->scores.data[i].previous) {
        const struct scored *score = &reading->scores.data[i];
        if ((score->as_of == REBUT_TIME_NONE || score->as_of < time) &&
            (best == NULL || score->as_of > best->as_of))
            best = score;
    }
    return best;
}

static bool add_cases(struct reading *reading, const struct rebut_voices *voices,
                      struct rebut_error *err)
{
    struct rebut_audit *audit = reading->audit;
    const struct rebut_intern *names = &reading->state->reviewers;
    for (int i = 0; i < voices->count; i++)
        for (int j = 0; j < voices->count; j++) {
            const struct rebut_voice *a = &voices->voice[i], *b = &voices->voice[j];
            if (a->reviewer == 0 || b->reviewer == 0 ||
                rebut_text_compare(rebut_intern_text(names, a->reviewer - 1U),
                                   rebut_intern_text(names, b->reviewer - 1U)) >= 0)
                continue;
            if (!REBUT_ARRAY_MORE(&audit->cases, 1, "verdicts", err))
                return false;
            audit->cases.data[audit->cases.count++] = (struct rebut_audit_pair_case){
                {a->reviewer, b->reviewer},
                {a->verdict == REBUT_VERDICT_ABUSE, b->verdict == REBUT_VERDICT_ABUSE}};
        }
    return true;
}

/* The voices that have a name, in order of time, if there are two. */
static bool add_votes(struct rebut_audit *audit, const struct rebut_voices *voices,
                      struct rebut_error *err)
{
    int named = 0;
    for (int i = 0; i < voices->count; i++)
        named += voices->voice[i].reviewer != 0;
    if (named < 2)
        return true;
    if (!REBUT_ARRAY_MORE(&audit->votes, (size_t)named, "verdicts", err))
        return false;
    for (int i = 0; i < voices->count; i++)
        if (voices->voice[i].reviewer != 0)
            audit->votes.data[audit->votes.count++] = (struct rebut_vote){
                .request = audit->vote_requests,
                .reviewer = voices->voice[i].reviewer,
                .abuse = voices->voice[i].verdict == REBUT_VERDICT_ABUSE};
    audit->vote_requests++;
    return true;
}

/* How many requests a judged one stands for, before those not yet judged. */
static double base_weight(uint8_t selection, double propensity)
{
    if (selection == REBUT_SELECTION_RANKED)
        return propensity > 0 ? 1 / propensity : 1;
    return selection == REBUT_SELECTION_RANDOM && propensity > 0 ? 1 / propensity : 0;
}

static bool add_item(struct reading *reading, const struct rebut_voices *voices,
                     const struct scored *score, struct rebut_error *err)
{
    struct rebut_audit *audit = reading->audit;
    const struct rebut_state *state = reading->state;
    const struct rebut_request *request = &state->requests.data[voices->request];
    const struct rebut_order *order = &state->orders.data[request->order];
    const bool own = score->selection != REBUT_SELECTION_NONE;
    struct rebut_audit_item item = {.probability = score->probability,
                                    .q_value = score->q_value,
                                    .merchant = score->merchant,
                                    .terms = score->terms,
                                    .requested_at = request->at,
                                    .judged_at = voices->last_at,
                                    .channel = order->channel,
                                    .selection =
                                        own ? score->selection : voices->selection,
                                    .abuse = voices->abuse > voices->legitimate,
                                    .one_order = score->one_order,
                                    .own_selection = own};
    item.weight =
        base_weight(item.selection, own ? score->propensity : voices->propensity);
    if (order->region != 0)
        item.region = rebut_intern_text(&state->regions, (uint32_t)order->region - 1);
    if (!REBUT_ARRAY_MORE(&audit->items, 1, "judged requests", err))
        return false;
    audit->items.data[audit->items.count++] = item;
    if (own)
        reading->judged[score->selection]++;
    return true;
}

static bool take_voices(struct reading *reading, const struct rebut_voices *voices,
                        struct rebut_error *err)
{
    struct rebut_audit_counts *counts = &reading->audit->counts;
    if (reading->last[voices->request] == NONE)
        return true;
    const struct scored *score = score_before(reading, voices->request, voices->first_at);
    if (score == NULL || voices->last_at < reading->job->from ||
        voices->last_at >= reading->job->to) {
        *(score == NULL ? &counts->known : &counts->outside) += 1;
        counts->unjudged--;
        return true;
    }
    reading->listed[score->selection]++;
    if (voices->count == 0)
        return true;
    counts->unjudged--;
    if (!add_cases(reading, voices, err) || !add_votes(reading->audit, voices, err))
        return false;
    if (voices->abuse == voices->legitimate) {
        counts->disputed++;
        return true;
    }
    return add_item(reading, voices, score, err);
}

static int compare_doubles(const void *left, const void *right)
{
    const double a = *(const double *)left, b = *(const double *)right;
    return a < b ? -1 : a > b;
}

/* Thirds of the merchants' terms over all scores, and the earliest request. */
static bool look_at_all(struct reading *reading, struct rebut_error *err)
{
    struct rebut_audit *audit = reading->audit;
    size_t count = 0;
    double *terms = calloc(reading->scores.count + (size_t)1, sizeof *terms);
    if (terms == NULL)
        return rebut_fail_memory(err, "the scores");
    for (uint32_t i = 0; i < reading->state->requests.count; i++) {
        if (reading->last[i] == NONE)
            continue;
        const struct scored *score = &reading->scores.data[reading->last[i]];
        const int64_t at = reading->state->requests.data[i].at;
        audit->since = at < audit->since ? at : audit->since;
        audit->counts.unjudged++;
        if (isfinite(score->merchant))
            terms[count++] = score->merchant;
    }
    qsort(terms, count, sizeof *terms, compare_doubles);
    audit->tertile[0] = count > 0 ? terms[count / 3] : 0;
    audit->tertile[1] = count > 0 ? terms[2 * count / 3] : 0;
    free(terms);
    return true;
}

/* Requests that were listed by a file and not judged at all. */
static void count_listed(struct reading *reading)
{
    const struct rebut_state *state = reading->state;
    for (uint32_t i = 0; i < state->verdicts.count; i++) {
        const uint32_t request = state->verdicts.data[i].request;
        reading->last[request] = NONE;
    }
    for (uint32_t i = 0; i < state->requests.count; i++)
        if (reading->last[i] != NONE)
            reading->listed[reading->scores.data[reading->last[i]].selection]++;
}

/* Judged requests stand for those listed for the same reason and not yet judged. */
static void weigh_unjudged(struct reading *reading)
{
    struct rebut_audit *audit = reading->audit;
    for (uint32_t i = 0; i < audit->items.count; i++) {
        struct rebut_audit_item *item = &audit->items.data[i];
        const uint8_t by = item->selection;
        if (item->own_selection)
            item->weight *= (double)reading->listed[by] / (double)reading->judged[by];
        audit->counts.unweighed += !(item->weight > 0);
        audit->counts.random += by == REBUT_SELECTION_RANDOM;
        audit->counts.ranked += by == REBUT_SELECTION_RANKED;
        audit->counts.abuse += item->abuse;
    }
    audit->counts.judged = audit->items.count;
}

static bool join(struct reading *reading, struct rebut_error *err)
{
    const struct rebut_state *state = reading->state;
    struct rebut_voices voices = {0};
    if (!look_at_all(reading, err))
        return false;
    for (uint32_t begin = 0; begin < state->verdicts.count; begin = voices.next) {
        rebut_voices_of(state, begin, &voices);
        if (!take_voices(reading, &voices, err))
            return false;
    }
    count_listed(reading);
    weigh_unjudged(reading);
    if (reading->audit->items.count > 0)
        return true;
    return rebut_fail(err, REBUT_EDATA,
                      "no score has a verdict that came after it: %zu without a verdict, "
                      "%zu judged before the score, %zu at another time, %zu undecided, "
                      "%zu not in the events",
                      reading->audit->counts.unjudged, reading->audit->counts.known,
                      reading->audit->counts.outside, reading->audit->counts.disputed,
                      reading->audit->counts.unknown);
}

void rebut_audit_init(struct rebut_audit *audit)
{
    *audit = (struct rebut_audit){.reviewer_error = (double)NAN,
                                  .scored_at = REBUT_TIME_NONE,
                                  .since = REBUT_TIME_MAX};
}

void rebut_audit_release(struct rebut_audit *audit)
{
    free(audit->items.data);
    free(audit->cases.data);
    free(audit->votes.data);
    free(audit->term_values.data);
    free(audit->reviewers.data);
    free(audit->weeks.data);
    free(audit->groups.data);
    free(audit->months.data);
    free(audit->probability);
    free(audit->label);
    free(audit->order);
    free(audit->work);
    rebut_audit_init(audit);
}

bool rebut_audit_read(struct rebut_audit *audit, const struct rebut_state *state,
                      const struct rebut_audit_job *job, struct rebut_error *err)
{
    struct reading reading = {.audit = audit, .state = state, .job = job};
    const size_t room = state->requests.count + (size_t)1;
    reading.last = malloc(room * sizeof *reading.last);
    reading.seen = calloc(room, sizeof *reading.seen);
    bool ok = (reading.last != NULL && reading.seen != NULL) ||
              rebut_fail_memory(err, "the scores");
    for (size_t i = 0; ok && i < room; i++)
        reading.last[i] = NONE;
    for (uint32_t i = 0; ok && i < state->verdicts.count; i++)
        reading.seen[state->verdicts.data[i].request] = 1;
    audit->state = state;
    for (; ok && reading.file < job->score_count; reading.file++)
        ok = rebut_score_lines(job->scores[reading.file], take_score, &reading, err);
    if (ok && audit->counts.lines == 0)
        ok = rebut_fail(err, REBUT_EDATA, "there are no scores");
    ok = ok && join(&reading, err);
    free(reading.scores.data);
    free(reading.last);
    free(reading.seen);
    return ok;
}
