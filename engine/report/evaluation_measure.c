/* What the table says: metrics of the ranking, and rates by group. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "rebut/evaluation.h"

#define NONE REBUT_INTERN_NONE
#define CONFIDENCE 0.95

/* Is this request in the group?  `word` is the group's word where it has one. */
typedef bool group_test(const struct rebut_subject *subject, uint32_t word);

static bool is_any(const struct rebut_subject *subject, uint32_t word)
{
    (void)subject;
    (void)word;
    return true;
}

static bool is_dorm(const struct rebut_subject *subject, uint32_t word)
{
    (void)word;
    return subject->dorm;
}

static bool is_one_order(const struct rebut_subject *subject, uint32_t word)
{
    (void)word;
    return subject->one_order;
}

static bool has_buyer_kind(const struct rebut_subject *subject, uint32_t word)
{
    return subject->buyer_kind == word;
}

static bool has_merchant_kind(const struct rebut_subject *subject, uint32_t word)
{
    return subject->merchant_kind == word;
}

static bool has_region(const struct rebut_subject *subject, uint32_t word)
{
    return subject->region == word;
}

static bool has_channel(const struct rebut_subject *subject, uint32_t word)
{
    return subject->channel == word;
}

/* How many of the requests with this label are in the group, and flagged. */
static bool add_group(const struct rebut_evaluation *it,
                      struct rebut_error_groups *groups, const char *name, uint8_t label,
                      group_test *test, uint32_t word, struct rebut_error *err)
{
    struct rebut_error_group group = {0};
    snprintf(group.name, sizeof group.name, "%s", name);
    for (size_t i = 0; i < it->requests; i++) {
        if (it->label[i] != label || !test(&it->subjects[i], word))
            continue;
        group.tries++;
        group.hits += it->flagged[i];
    }
    if (group.tries == 0)
        return true;
    if (groups->count == REBUT_EVALUATION_GROUPS_MAX)
        return rebut_fail(err, REBUT_ELIMIT, "over %d groups",
                          REBUT_EVALUATION_GROUPS_MAX);
    group.rate = (double)group.hits / (double)group.tries;
    if (!rebut_interval_proportion(group.hits, group.tries, CONFIDENCE, &group.interval,
                                   err))
        return false;
    groups->data[groups->count++] = group;
    return true;
}

static int by_text(const void *a, const void *b, void *words)
{
    const struct rebut_text one = rebut_intern_text(words, *(const uint32_t *)a);
    const struct rebut_text two = rebut_intern_text(words, *(const uint32_t *)b);
    const size_t common = one.size < two.size ? one.size : two.size;
    const int order = memcmp(one.data, two.data, common);
    return order != 0 ? order : (one.size > two.size) - (one.size < two.size);
}

/* One group a word, in the order of the words' bytes. */
static bool add_groups(struct rebut_evaluation *it, struct rebut_error_groups *groups,
                       const char *prefix, uint8_t label, group_test *test,
                       struct rebut_error *err)
{
    const uint32_t count = it->words.count;
    uint32_t *sorted = calloc((size_t)count + 1, sizeof *sorted);
    if (sorted == NULL)
        return rebut_fail_memory(err, "groups");
    for (uint32_t i = 0; i < count; i++)
        sorted[i] = i;
    qsort_r(sorted, count, sizeof *sorted, by_text, &it->words);
    bool ok = true;
    for (uint32_t i = 0; ok && i < count; i++) {
        const struct rebut_text word = rebut_intern_text(&it->words, sorted[i]);
        char name[64];
        snprintf(name, sizeof name, "%s%.*s", prefix, (int)word.size, word.data);
        ok = add_group(it, groups, name, label, test, sorted[i], err);
    }
    free(sorted);
    return ok;
}

static uint32_t word_of(const struct rebut_evaluation *it, struct rebut_text text)
{
    return rebut_intern_find(&it->words, text, rebut_intern_hash(&it->words, text));
}

static bool measure_groups(struct rebut_evaluation *it, struct rebut_error *err)
{
    struct rebut_error_groups *wronged = &it->false_positives;
    const uint32_t bad = word_of(it, REBUT_TEXT("bad"));
    const uint32_t good = word_of(it, REBUT_TEXT("good"));
    const uint32_t claimant = word_of(it, REBUT_TEXT("claimant"));
    wronged->data = calloc(REBUT_EVALUATION_GROUPS_MAX, sizeof *wronged->data);
    it->recall.data = calloc(REBUT_EVALUATION_GROUPS_MAX, sizeof *it->recall.data);
    if (wronged->data == NULL || it->recall.data == NULL)
        return rebut_fail_memory(err, "groups");
    return add_group(it, wronged, "all", 0, is_any, NONE, err) &&
           (bad == NONE ||
            add_group(it, wronged, "bad_merchant", 0, has_merchant_kind, bad, err)) &&
           (good == NONE ||
            add_group(it, wronged, "good_merchant", 0, has_merchant_kind, good, err)) &&
           (claimant == NONE ||
            add_group(it, wronged, "claimant", 0, has_buyer_kind, claimant, err)) &&
           add_group(it, wronged, "dorm", 0, is_dorm, NONE, err) &&
           add_group(it, wronged, "one_order", 0, is_one_order, NONE, err) &&
           add_groups(it, wronged, "region:", 0, has_region, err) &&
           add_groups(it, wronged, "channel:", 0, has_channel, err) &&
           add_group(it, &it->recall, "all", 1, is_any, NONE, err) &&
           add_groups(it, &it->recall, "", 1, has_buyer_kind, err);
}

static bool measure_queue(struct rebut_evaluation *it, struct rebut_error *err)
{
    double expected = 0;
    for (size_t i = 0; i < it->requests; i++) {
        if (!(it->q_value[i] <= REBUT_EVALUATION_QUEUE))
            continue;
        it->queue++;
        it->queue_false += it->label[i] == 0;
        expected += 1 - it->probability[i];
    }
    it->fdp = it->stated = (double)NAN;
    if (it->queue == 0)
        return true;
    it->fdp = (double)it->queue_false / (double)it->queue;
    it->stated = expected / (double)it->queue;
    return rebut_interval_proportion(it->queue_false, it->queue, CONFIDENCE,
                                     &it->fdp_range, err);
}

/* What can be measured with one class, and what with both. */
static bool measure_ranking(struct rebut_evaluation *it, struct rebut_error *err)
{
    const struct rebut_ranking *ranking = &it->ranking;
    it->auc = it->ap = it->pk = it->threshold = (double)NAN;
    if (!rebut_metric_brier(ranking, &it->brier, err) ||
        !rebut_metric_log_loss(ranking, &it->log_loss, err) ||
        !rebut_metric_precision_at(ranking, 100, &it->p100, err) ||
        !rebut_metric_precision_at(ranking, 300, &it->p300, err) ||
        !rebut_metric_reliability(ranking, REBUT_EVALUATION_BINS, it->reliability, err))
        return false;
    it->ece = rebut_metric_calibration_error(it->reliability, REBUT_EVALUATION_BINS);
    if (it->abuse > 0) {
        it->threshold = it->probability[it->order[it->abuse - 1]];
        if (!rebut_metric_precision_at(ranking, it->abuse, &it->pk, err))
            return false;
    }
    if (it->abuse == 0 || it->abuse == it->requests)
        return true;
    return rebut_metric_auc(ranking, &it->auc, err) &&
           rebut_metric_average_precision(ranking, &it->ap, err);
}

bool rebut_evaluation_measure(struct rebut_evaluation *it, struct rebut_error *err)
{
    if (!rebut_ranking_make(it->probability, it->label, it->requests, it->order, it->work,
                            &it->ranking, err))
        return false;
    for (size_t i = 0; i < it->abuse; i++)
        it->flagged[it->order[i]] = 1;
    return measure_ranking(it, err) && measure_queue(it, err) && measure_groups(it, err);
}
