/* How two models' scores differ. */
#include <math.h>
#include <stdlib.h>

#include "rebut/comparison.h"

/* Room for both rankings; a ranking of all requests first, then of the known ones. */
struct measuring {
    double *scores[REBUT_SIDES]; /* [requests] */
    uint8_t *labels;
    uint32_t *order[REBUT_SIDES], *work; /* work: [2 * requests + 1] */
    uint32_t *cluster, *times;
    double *components; /* [2 * requests] */
    struct rebut_ranking ranking[REBUT_SIDES];
};

static bool open_measuring(struct measuring *m, size_t count, struct rebut_error *err)
{
    *m = (struct measuring){0};
    bool ok = true;
    for (int side = 0; side < REBUT_SIDES; side++) {
        m->scores[side] = calloc(count, sizeof *m->scores[side]);
        m->order[side] = calloc(count, sizeof *m->order[side]);
        ok = ok && m->scores[side] != NULL && m->order[side] != NULL;
    }
    m->labels = calloc(count, sizeof *m->labels);
    m->work = calloc(2 * count + 1, sizeof *m->work);
    m->cluster = calloc(count, sizeof *m->cluster);
    m->times = calloc(count, sizeof *m->times);
    m->components = calloc(2 * count, sizeof *m->components);
    return (ok && m->labels != NULL && m->work != NULL && m->cluster != NULL &&
            m->times != NULL && m->components != NULL) ||
           rebut_fail_memory(err, "the comparison");
}

static void close_measuring(struct measuring *m)
{
    for (int side = 0; side < REBUT_SIDES; side++) {
        free(m->scores[side]);
        free(m->order[side]);
    }
    free(m->labels);
    free(m->work);
    free(m->cluster);
    free(m->times);
    free(m->components);
}

/* Rank all requests, or those whose truth is known. */
static bool rank(const struct rebut_comparison *it, struct measuring *m, bool known,
                 struct rebut_error *err)
{
    size_t count = 0;
    for (uint32_t i = 0; i < it->list.count; i++) {
        const struct rebut_compared *compared = &it->list.data[i];
        if (known && compared->truth == REBUT_TRUTH_UNKNOWN)
            continue;
        m->labels[count] = compared->truth == 1;
        m->scores[REBUT_CHAMPION][count] = compared->probability[REBUT_CHAMPION];
        m->scores[REBUT_CHALLENGER][count++] = compared->probability[REBUT_CHALLENGER];
    }
    for (int side = 0; side < REBUT_SIDES; side++)
        if (!rebut_ranking_make(m->scores[side], m->labels, count, m->order[side],
                                m->work, &m->ranking[side], err))
            return false;
    return true;
}

struct owner {
    uint32_t buyer, at; /* at: among the known */
};

static int compare_owners(const void *left, const void *right)
{
    const struct owner *a = left, *b = right;
    if (a->buyer != b->buyer)
        return a->buyer < b->buyer ? -1 : 1;
    return a->at < b->at ? -1 : a->at > b->at;
}

/* Number the buyers of the known requests by their first one, whatever their number in
 * the state, which depends on the order of reading. */
static bool number_buyers(const struct rebut_comparison *it, struct measuring *m,
                          uint32_t *ret_clusters, struct rebut_error *err)
{
    uint32_t count = 0, clusters = 0;
    struct owner *owners = calloc(it->list.count, sizeof *owners);
    if (owners == NULL)
        return rebut_fail_memory(err, "the comparison");
    for (uint32_t i = 0; i < it->list.count; i++)
        if (it->list.data[i].truth != REBUT_TRUTH_UNKNOWN) {
            owners[count] = (struct owner){it->list.data[i].buyer, count};
            count++;
        }
    qsort(owners, count, sizeof *owners, compare_owners);
    for (uint32_t i = 0, first = 0; i < count; i++) { /* first of the same buyer's */
        first = i > 0 && owners[i].buyer == owners[i - 1].buyer ? first : owners[i].at;
        m->work[owners[i].at] = first;
    }
    for (uint32_t i = 0; i < count; i++)
        m->cluster[i] = m->work[i] == i ? clusters++ : m->cluster[m->work[i]];
    free(owners);
    *ret_clusters = clusters;
    return true;
}

static bool measure_side(struct rebut_comparison_side *side,
                         const struct rebut_ranking *ranking, bool both,
                         struct rebut_error *err)
{
    struct rebut_reliability table[REBUT_COMPARISON_BINS];
    side->auc = side->ap = (double)NAN;
    if (!rebut_metric_brier(ranking, &side->brier, err) ||
        !rebut_metric_reliability(ranking, REBUT_COMPARISON_BINS, table, err))
        return false;
    side->ece = rebut_metric_calibration_error(table, REBUT_COMPARISON_BINS);
    return !both || (rebut_metric_auc(ranking, &side->auc, err) &&
                     rebut_metric_average_precision(ranking, &side->ap, err));
}

static bool measure_known(struct rebut_comparison *it, struct measuring *m,
                          struct rebut_error *err)
{
    const struct rebut_ranking *champion = &m->ranking[REBUT_CHAMPION];
    const struct rebut_ranking *challenger = &m->ranking[REBUT_CHALLENGER];
    struct rebut_clusters clusters = {m->cluster, 0, m->times};
    it->both_classes = it->abuse > 0 && it->abuse < it->known;
    for (int side = 0; side < REBUT_SIDES; side++)
        if (!measure_side(&it->side[side], &m->ranking[side], it->both_classes, err))
            return false;
    it->auc = it->ap = (struct rebut_difference){(double)NAN, {(double)NAN, (double)NAN}};
    return !it->both_classes ||
           (number_buyers(it, m, &clusters.clusters, err) &&
            rebut_paired_auc(challenger, champion, m->components, &it->auc, err) &&
            rebut_paired_ap(challenger, champion, &clusters, &it->ap, err));
}

static double change_of(const struct rebut_compared *it)
{
    return fabs(it->probability[REBUT_CHALLENGER] - it->probability[REBUT_CHAMPION]);
}

/* Keep the largest changes, the earlier request first among equals. */
static void note_move(struct rebut_comparison *it, uint32_t index)
{
    const double change = change_of(&it->list.data[index]);
    size_t at = it->moved_count;
    while (at > 0 && change_of(&it->list.data[it->moved[at - 1]]) < change)
        at--;
    if (at == REBUT_COMPARISON_MOVED || change <= 0)
        return;
    if (it->moved_count < REBUT_COMPARISON_MOVED)
        it->moved_count++;
    for (size_t i = it->moved_count - 1; i > at; i--)
        it->moved[i] = it->moved[i - 1];
    it->moved[at] = index;
}

static int compare_ids(const void *left, const void *right)
{
    const struct rebut_compared *a = left, *b = right;
    return rebut_text_compare(a->request_id, b->request_id);
}

/* Requests that were scored, by id, with what is known of them. */
static void settle(struct rebut_comparison *it)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < it->list.count; i++) {
        struct rebut_compared *compared = &it->list.data[i];
        if (compared->rank[0] == 0 || compared->rank[1] == 0)
            continue;
        if (compared->truth > REBUT_TRUTH_UNKNOWN)
            compared->truth = REBUT_TRUTH_UNKNOWN;
        it->known += compared->truth != REBUT_TRUTH_UNKNOWN;
        it->abuse += compared->truth == 1;
        it->list.data[kept++] = *compared;
    }
    it->list.count = kept;
    if (kept > 0)
        qsort(it->list.data, kept, sizeof *it->list.data, compare_ids);
    for (uint32_t i = 0; i < kept; i++) {
        const struct rebut_compared *compared = &it->list.data[i];
        it->changed[compared->answer[REBUT_CHAMPION]]
                   [compared->answer[REBUT_CHALLENGER]]++;
        it->changes +=
            compared->answer[REBUT_CHAMPION] != compared->answer[REBUT_CHALLENGER];
        note_move(it, i);
    }
}

bool rebut_comparison_measure(struct rebut_comparison *it, struct rebut_error *err)
{
    struct measuring m;
    settle(it);
    if (it->known == 0)
        return rebut_fail(err, REBUT_EDATA,
                          it->from_file
                              ? "the truth has none of the requests"
                              : "no request was judged after the time of '--since', and "
                                "not before it");
    const bool ok =
        open_measuring(&m, it->list.count, err) && rank(it, &m, false, err) &&
        rebut_rank_agreement(&m.ranking[REBUT_CHAMPION], &m.ranking[REBUT_CHALLENGER],
                             m.work, &it->agreement, err) &&
        rank(it, &m, true, err) && measure_known(it, &m, err);
    close_measuring(&m);
    return ok;
}
