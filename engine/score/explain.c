#include "rebut/explain.h"

#include <math.h>
#include <stdlib.h>

#include "explain_page.h"

bool rebut_explain_find(const struct rebut_scores *scores, struct rebut_text request_id,
                        const struct rebut_score **ret_score, struct rebut_error *err)
{
    const struct rebut_frame *frame = scores->inference->frame;
    const struct rebut_intern *ids = &frame->state->request_ids;
    const uint32_t index =
        rebut_intern_find(ids, request_id, rebut_intern_hash(ids, request_id));
    if (index == REBUT_INTERN_NONE)
        return rebut_fail(err, REBUT_EDATA, "no request '%.*s' up to the as-of time",
                          (int)(request_id.size < 64 ? request_id.size : 64),
                          request_id.data);
    for (uint32_t i = 0; i < scores->count; i++)
        if (frame->claims[scores->list[i].claim].request == index) {
            *ret_score = &scores->list[i];
            return true;
        }
    return rebut_fail(
        err, REBUT_EDATA,
        frame->state->requests.data[index].kind == REBUT_KIND_REFUND_ONLY
            ? "request '%.*s' is not among those that were scored"
            : "request '%.*s' is a return with goods sent back, which is not judged",
        (int)(request_id.size < 64 ? request_id.size : 64), request_id.data);
}

static int stronger(const void *left, const void *right)
{
    const struct rebut_term *a = left, *b = right;
    if (fabs(a->log_odds) != fabs(b->log_odds))
        return fabs(a->log_odds) > fabs(b->log_odds) ? -1 : 1;
    return (int)a->id - (int)b->id;
}

static struct rebut_case_head head_of(const struct rebut_page *page)
{
    const struct rebut_score *score = page->score;
    const struct rebut_state *state = page->state;
    return (struct rebut_case_head){
        .request_id = rebut_intern_text(&state->request_ids, page->request_index),
        .order_id = rebut_intern_text(&state->order_ids, page->request->order),
        .merchant_id = rebut_intern_text(&state->merchant_ids, page->order->merchant),
        .buyer_id = rebut_intern_text(&state->buyer_ids, page->order->buyer),
        .answer = score->answer,
        .probability = score->probability,
        .low = score->low,
        .high = score->high,
        .q_value = score->q_value,
        .rank = score->rank,
        .count = page->scores->count,
        .as_of = page->scores->inference->frame->as_of,
        .model = page->scores->model->version};
}

static void write_lines(const struct rebut_page *page, const struct rebut_term *terms,
                        int count)
{
    char sentences[REBUT_TERMS][REBUT_SENTENCE_SIZE];
    struct rebut_case_line lines[REBUT_TERMS];
    for (int i = 0; i < count; i++) {
        rebut_term_sentence(page->scores, page->score, &terms[i], page->language,
                            sentences[i]);
        lines[i] = (struct rebut_case_line){
            terms[i].log_odds, terms[i].id == REBUT_TERM_CALIBRATION, sentences[i]};
    }
    rebut_case_write_lines(lines, count, page->score->log_odds, page->language,
                           page->out);
}

void rebut_explain(const struct rebut_scores *scores, const struct rebut_score *score,
                   enum rebut_language language, struct rebut_output *out)
{
    const struct rebut_frame *frame = scores->inference->frame;
    const uint32_t index = frame->claims[score->claim].request;
    const struct rebut_request *request = &frame->state->requests.data[index];
    const struct rebut_page page = {.scores = scores,
                                    .score = score,
                                    .state = frame->state,
                                    .request = request,
                                    .order = &frame->state->orders.data[request->order],
                                    .request_index = index,
                                    .language = language,
                                    .out = out};
    struct rebut_term terms[REBUT_TERMS];
    const int count = rebut_score_terms(scores, score, terms);
    qsort(terms, (size_t)count, sizeof *terms, stronger);
    const struct rebut_case_head head = head_of(&page);
    rebut_case_write_head(&head, language, out);
    rebut_page_timeline(&page);
    write_lines(&page, terms, count);
    rebut_page_change(&page, terms, count);
    rebut_case_write_unknown(score->notes, &score->turned, language, out);
}
