#include "rebut/queue.h"

#include <math.h>
#include <stdlib.h>
#include <xxhash.h>

const char *const rebut_words_even[REBUT_EVENS] = {
    [REBUT_EVEN_NONE] = "none",
    [REBUT_EVEN_RECORD] = "record",
    [REBUT_EVEN_MERCHANT] = "merchant",
    [REBUT_EVEN_BOTH] = "both",
};

#define THIRDS 3
#define STRATA (2 * THIRDS)

/* One request that nobody has judged. */
struct candidate {
    uint32_t score;
    uint8_t stratum;
    double place;  /* see the header */
    uint64_t draw; /* its lot */
};

struct maker {
    const struct rebut_scores *scores;
    const struct rebut_queue_plan *plan;
    struct candidate *list; /* [count] */
    uint32_t count;
};

static const struct rebut_frame *frame_of(const struct maker *maker)
{
    return maker->scores->inference->frame;
}

static const struct rebut_score *score_of(const struct maker *maker,
                                          const struct candidate *candidate)
{
    return &maker->scores->list[candidate->score];
}

/* The fault of the merchant without the buyer's own orders. */
static double fault_of(const struct maker *maker, const struct candidate *candidate)
{
    const uint32_t claim = score_of(maker, candidate)->claim;
    return maker->scores->inference->claims[claim].v[REBUT_LEVEL_MERCHANT];
}

static int compare_doubles(const void *left, const void *right)
{
    const double a = *(const double *)left, b = *(const double *)right;
    return a < b ? -1 : a > b;
}

/* The merchant's third of each candidate, or none where the plan does not ask. */
static bool set_strata(struct maker *maker, struct rebut_error *err)
{
    const enum rebut_even even = maker->plan->even;
    const bool record = even == REBUT_EVEN_RECORD || even == REBUT_EVEN_BOTH;
    const bool merchant = even == REBUT_EVEN_MERCHANT || even == REBUT_EVEN_BOTH;
    double *fault = malloc((maker->count + (size_t)1) * sizeof *fault);
    if (fault == NULL)
        return rebut_fail_memory(err, "a queue");
    for (uint32_t i = 0; i < maker->count; i++)
        fault[i] = fault_of(maker, &maker->list[i]);
    qsort(fault, maker->count, sizeof *fault, compare_doubles);
    for (uint32_t i = 0; i < maker->count; i++) {
        struct candidate *candidate = &maker->list[i];
        uint8_t third = 0;
        while (merchant && third < THIRDS - 1 &&
               fault_of(maker, candidate) >=
                   fault[(uint64_t)maker->count * (third + 1u) / THIRDS])
            third++;
        const bool alone = score_of(maker, candidate)->notes & REBUT_NOTE_ONE_ORDER;
        candidate->stratum = (uint8_t)(third + (record && alone ? THIRDS : 0));
    }
    free(fault);
    return true;
}

/* Candidates stand as ranked, best first. */
static void set_places(struct maker *maker)
{
    double honest[STRATA] = {0}, above[STRATA] = {0};
    for (uint32_t i = 0; i < maker->count; i++)
        honest[maker->list[i].stratum] +=
            1 - score_of(maker, &maker->list[i])->probability;
    for (uint32_t i = 0; i < maker->count; i++) {
        struct candidate *candidate = &maker->list[i];
        above[candidate->stratum] += 1 - score_of(maker, candidate)->probability;
        candidate->place = above[candidate->stratum] / honest[candidate->stratum];
    }
}

static int compare_places(const void *left, const void *right)
{
    const struct candidate *a = left, *b = right;
    if (a->place != b->place)
        return a->place < b->place ? -1 : 1;
    return a->score < b->score ? -1 : a->score > b->score;
}

/* The longest head of the list that keeps the bound. */
static uint32_t within_bound(const struct maker *maker)
{
    double wrong = 0;
    uint32_t longest = 0;
    for (uint32_t i = 0; i < maker->count; i++) {
        wrong += 1 - score_of(maker, &maker->list[i])->prudent;
        if (wrong <= maker->plan->fdr * (i + 1))
            longest = i + 1;
    }
    return longest;
}

static int compare_recovery(const void *left, const void *right, void *context)
{
    const struct maker *maker = context;
    const double a = score_of(maker, left)->expected_recovery;
    const double b = score_of(maker, right)->expected_recovery;
    if (a != b)
        return a > b ? -1 : 1;
    return compare_places(left, right);
}

static int compare_lots(const void *left, const void *right)
{
    const struct candidate *a = left, *b = right;
    if (a->draw != b->draw)
        return a->draw < b->draw ? -1 : 1;
    return a->score < b->score ? -1 : a->score > b->score;
}

static uint64_t lot_of(const struct maker *maker, uint32_t score)
{
    const struct rebut_frame *frame = frame_of(maker);
    const uint32_t request = frame->claims[maker->scores->list[score].claim].request;
    const struct rebut_text id = rebut_intern_text(&frame->state->request_ids, request);
    return XXH3_64bits_withSeed(id.data, id.size, maker->plan->seed);
}

static bool list_candidates(struct maker *maker, struct rebut_error *err)
{
    const struct rebut_scores *scores = maker->scores;
    maker->list = malloc((scores->count + (size_t)1) * sizeof *maker->list);
    if (maker->list == NULL)
        return rebut_fail_memory(err, "a queue");
    for (uint32_t i = 0; i < scores->count; i++)
        if (!rebut_is_judged(&frame_of(maker)->claims[scores->list[i].claim]))
            maker->list[maker->count++] =
                (struct candidate){.score = i, .draw = lot_of(maker, i)};
    return true;
}

/* Random slots stand among the ranked ones, where their lots put them, so that their
 * place does not give them away. */
static void place_slots(struct rebut_queue *queue, const struct candidate *ranked,
                        uint32_t ranked_count, const struct candidate *drawn,
                        uint32_t drawn_count, uint32_t rest)
{
    uint32_t next = 0;
    for (uint32_t i = 0; i < ranked_count || next < drawn_count;) {
        const bool random =
            next < drawn_count &&
            (i >= ranked_count ||
             drawn[next].draw % (ranked_count + drawn_count - queue->count) <
                 drawn_count - next);
        const struct candidate *chosen = random ? &drawn[next] : &ranked[i];
        queue->slots[queue->count++] =
            (struct rebut_slot){.score = chosen->score,
                                .place = chosen->place,
                                .random = random,
                                .propensity = random ? (double)drawn_count / rest : 1};
        next += random;
        i += !random;
    }
}

static double mean_wrong(const struct maker *maker, uint32_t count)
{
    double wrong = 0;
    for (uint32_t i = 0; i < count; i++)
        wrong += 1 - score_of(maker, &maker->list[i])->prudent;
    return count > 0 ? wrong / count : 0;
}

/* Put the most recoverable of the bounded requests first; gives how many slots they
 * fill.  Where there is not room for all, the dear ones alone might be wrong more often
 * than all together: then fewer requests compete, until the bound holds for the slots. */
static uint32_t choose_ranked(struct maker *maker, uint32_t bounded, uint32_t room)
{
    for (uint32_t head = bounded; head > room; head -= 1 + (head - room) / 20) {
        qsort(maker->list, bounded, sizeof *maker->list, compare_places);
        qsort_r(maker->list, head, sizeof *maker->list, compare_recovery, maker);
        if (mean_wrong(maker, room) <= maker->plan->fdr)
            return room;
    }
    const uint32_t ranked = bounded < room ? bounded : room;
    qsort(maker->list, bounded, sizeof *maker->list, compare_places);
    qsort_r(maker->list, ranked, sizeof *maker->list, compare_recovery, maker);
    return ranked;
}

static void fill(struct rebut_queue *queue, struct maker *maker)
{
    const struct rebut_queue_plan *plan = maker->plan;
    uint32_t drawn = (uint32_t)(plan->random_share * plan->budget + .5);
    if (drawn == 0 && plan->random_share > 0 && plan->budget > 0)
        drawn = 1;
    const uint32_t ranked = choose_ranked(maker, queue->bounded, plan->budget - drawn);
    const uint32_t rest = maker->count - ranked;
    struct candidate *others = maker->list + ranked;
    qsort(others, rest, sizeof *others, compare_lots);
    queue->drawn = drawn < rest ? drawn : rest;
    queue->stated = mean_wrong(maker, ranked);
    for (uint32_t i = 0; i < ranked; i++)
        queue->recovery += score_of(maker, &maker->list[i])->expected_recovery;
    place_slots(queue, maker->list, ranked, others, queue->drawn, rest);
}

bool rebut_queue_open(struct rebut_queue *ret, const struct rebut_scores *scores,
                      const struct rebut_queue_plan *plan, struct rebut_error *err)
{
    struct maker maker = {.scores = scores, .plan = plan};
    bool ok = false;
    *ret = (struct rebut_queue){0};
    if (!(plan->fdr >= 0 && plan->fdr <= 1 && plan->random_share >= 0 &&
          plan->random_share <= 1))
        return rebut_fail(err, REBUT_EINPUT,
                          "expected a bound and a random share in [0, 1], got %g and %g",
                          plan->fdr, plan->random_share);
    if (!list_candidates(&maker, err) || !set_strata(&maker, err))
        goto done;
    ret->candidates = maker.count;
    ret->slots = malloc((maker.count + (size_t)1) * sizeof *ret->slots);
    if (ret->slots == NULL) {
        rebut_fail_memory(err, "a queue");
        goto done;
    }
    ret->bounded_uneven = within_bound(&maker);
    set_places(&maker);
    qsort(maker.list, maker.count, sizeof *maker.list, compare_places);
    ret->bounded = within_bound(&maker);
    fill(ret, &maker);
    ok = true;
done:
    free(maker.list);
    if (!ok)
        rebut_queue_close(ret);
    return ok;
}

void rebut_queue_close(struct rebut_queue *queue)
{
    free(queue->slots);
    *queue = (struct rebut_queue){0};
}
