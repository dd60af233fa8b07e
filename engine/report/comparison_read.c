/* What is known of the requests that two models are compared on. */
#include <inttypes.h>
#include <stdlib.h>

#include "rebut/comparison.h"
#include "rebut/csv.h"
#include "rebut/voices.h"

#define TRUTH_BEFORE 3 /* until measured: judged before `since` */

void rebut_comparison_init(struct rebut_comparison *it)
{
    *it = (struct rebut_comparison){0};
}

void rebut_comparison_release(struct rebut_comparison *it)
{
    free(it->list.data);
    rebut_comparison_init(it);
}

/* The list is in the order of the state's requests until it is measured. */
static int compare_requests(const void *left, const void *right)
{
    const struct rebut_compared *a = left, *b = right;
    return a->request < b->request ? -1 : a->request > b->request;
}

static struct rebut_compared *find(const struct rebut_comparison *it, uint32_t request)
{
    const struct rebut_compared wanted = {.request = request};
    return bsearch(&wanted, it->list.data, it->list.count, sizeof wanted,
                   compare_requests);
}

bool rebut_comparison_requests(struct rebut_comparison *it,
                               const struct rebut_state *state, struct rebut_error *err)
{
    for (uint32_t i = 0; i < state->requests.count; i++) {
        const struct rebut_request *request = &state->requests.data[i];
        if (request->kind != REBUT_KIND_REFUND_ONLY)
            continue;
        if (!REBUT_ARRAY_MORE(&it->list, 1, "requests", err))
            return false;
        it->list.data[it->list.count++] = (struct rebut_compared){
            .request_id = rebut_intern_text(&state->request_ids, i),
            .request = i,
            .buyer = state->orders.data[request->order].buyer,
            .truth = REBUT_TRUTH_UNKNOWN};
    }
    return it->list.count > 0 ||
           rebut_fail(err, REBUT_EDATA, "there are no refund-only requests");
}

static void take_voices(struct rebut_comparison *it, const struct rebut_voices *voices)
{
    struct rebut_compared *compared = find(it, voices->request);
    if (compared == NULL)
        return;
    if (voices->first_at <= it->since) {
        it->before++;
        compared->truth = TRUTH_BEFORE;
    } else if (!it->from_file && voices->count > 0) {
        if (voices->abuse == voices->legitimate)
            it->disputed++;
        else
            compared->truth = voices->abuse > voices->legitimate;
    }
}

void rebut_comparison_verdicts(struct rebut_comparison *it, struct rebut_state *state)
{
    struct rebut_verdict_seen *seen = state->verdicts.data;
    struct rebut_voices voices = {0};
    uint32_t kept = 0;
    for (uint32_t begin = 0; begin < state->verdicts.count; begin = voices.next) {
        rebut_voices_of(state, begin, &voices);
        take_voices(it, &voices);
    }
    for (uint32_t i = 0; i < state->verdicts.count; i++)
        if (seen[i].at <= it->since)
            seen[kept++] = seen[i];
    state->verdicts.count = kept;
}

static bool take_row(struct rebut_comparison *it, const struct rebut_state *state,
                     struct rebut_text id, struct rebut_text abuse,
                     struct rebut_error *err)
{
    const struct rebut_intern *ids = &state->request_ids;
    if (!rebut_text_equal(abuse, REBUT_TEXT("0")) &&
        !rebut_text_equal(abuse, REBUT_TEXT("1")))
        return rebut_fail(err, REBUT_EDATA, "expected 0 or 1 in 'abuse'");
    if (id.size == 0)
        return rebut_fail(err, REBUT_EDATA, "expected a request_id, found none");
    const uint32_t request = rebut_intern_find(ids, id, rebut_intern_hash(ids, id));
    struct rebut_compared *compared =
        request == REBUT_INTERN_NONE ? NULL : find(it, request);
    if (compared == NULL || compared->truth == TRUTH_BEFORE)
        return true; /* not in the events, or known to the scores */
    if (compared->truth != REBUT_TRUTH_UNKNOWN)
        return rebut_fail(err, REBUT_EDATA, "a request_id that came before");
    compared->truth = abuse.data[0] == '1';
    return true;
}

static bool take_rows(struct rebut_comparison *it, const struct rebut_state *state,
                      struct rebut_csv *csv, struct rebut_error *err)
{
    const size_t id = rebut_csv_column(csv, REBUT_TEXT("request_id"));
    const size_t abuse = rebut_csv_column(csv, REBUT_TEXT("abuse"));
    if (id == REBUT_CSV_NO_COLUMN || abuse == REBUT_CSV_NO_COLUMN)
        return rebut_fail(err, REBUT_EDATA, "expected columns 'request_id' and 'abuse'");
    for (;;) {
        const enum rebut_csv_step step = rebut_csv_next(csv, err);
        if (step == REBUT_CSV_END)
            return true;
        if (step == REBUT_CSV_BAD || !take_row(it, state, rebut_csv_field(csv, id),
                                               rebut_csv_field(csv, abuse), err))
            return rebut_fail_context(err, "line %" PRIu64, csv->row_line);
    }
}

bool rebut_comparison_truth(struct rebut_comparison *it, const struct rebut_state *state,
                            const char *path, struct rebut_error *err)
{
    struct rebut_csv csv;
    const struct rebut_csv_options options = {.encoding = REBUT_ENCODING_UTF8};
    if (!rebut_csv_open(&csv, path, &options, err))
        return false;
    const bool ok = take_rows(it, state, &csv, err);
    rebut_csv_release(&csv);
    return ok || rebut_fail_context(err, "'%s'", path);
}

void rebut_comparison_scores(struct rebut_comparison *it, enum rebut_side side,
                             const struct rebut_scores *scores)
{
    const struct rebut_frame *frame = scores->inference->frame;
    for (uint32_t i = 0; i < scores->count; i++) {
        const struct rebut_score *score = &scores->list[i];
        struct rebut_compared *compared = find(it, frame->claims[score->claim].request);
        if (compared == NULL)
            continue;
        compared->probability[side] = score->probability;
        compared->rank[side] = score->rank;
        compared->answer[side] = (uint8_t)score->answer;
    }
    memcpy(it->side[side].version, scores->model->version, REBUT_MODEL_VERSION_SIZE);
    it->side[side].as_of = scores->model->as_of;
    it->seen = it->seen || scores->model->as_of > it->since;
}
