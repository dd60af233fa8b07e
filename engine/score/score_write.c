#include "rebut/score_write.h"

#include <inttypes.h>
#include <math.h>

#include "say.h"

#define DIGITS 6 /* of a figure that is read and not computed with */

static const struct rebut_frame *frame_of(const struct rebut_scores *scores)
{
    return scores->inference->frame;
}

/* The facts of one score that both forms write. */
struct facts {
    const struct rebut_request *request;
    struct rebut_text request_id, order_id, buyer_id, merchant_id;
    char requested_at[REBUT_TIME_SIZE];
};

static struct facts facts_of(const struct rebut_scores *scores,
                             const struct rebut_score *score)
{
    const struct rebut_state *state = frame_of(scores)->state;
    const uint32_t index = frame_of(scores)->claims[score->claim].request;
    const struct rebut_request *request = &state->requests.data[index];
    const struct rebut_order *order = &state->orders.data[request->order];
    struct facts facts = {
        .request = request,
        .request_id = rebut_intern_text(&state->request_ids, index),
        .order_id = rebut_intern_text(&state->order_ids, request->order),
        .buyer_id = rebut_intern_text(&state->buyer_ids, order->buyer),
        .merchant_id = rebut_intern_text(&state->merchant_ids, order->merchant)};
    rebut_time_format(request->at, 0, facts.requested_at);
    return facts;
}

/* Text as it is. */
static void put(struct rebut_output *out, const char *text)
{
    rebut_output_write(out, text, strlen(text));
}

static void put_name(struct rebut_output *out, const char *name)
{
    put(out, "\"");
    put(out, name);
    put(out, "\":");
}

static void member(struct rebut_output *out, const char *name, struct rebut_text value)
{
    put_name(out, name);
    rebut_output_json(out, value);
    put(out, ",");
}

static void word(struct rebut_output *out, const char *name, const char *value)
{
    put_name(out, name);
    put(out, "\"");
    put(out, value);
    put(out, "\",");
}

static void count(struct rebut_output *out, const char *name, uint64_t value)
{
    char text[REBUT_FIGURE_SIZE];
    put_name(out, name);
    rebut_output_write(out, text, rebut_say_count(text, value));
    put(out, ",");
}

static void number(struct rebut_output *out, const char *name, double value)
{
    put_name(out, name);
    rebut_output_decimal(out, value);
    put(out, ",");
}

/* A figure that explains and that nothing is computed from: six digits. */
static void figure(struct rebut_output *out, const char *name, double value)
{
    char text[REBUT_FIGURE_SIZE];
    put_name(out, name);
    rebut_output_write(out, text, rebut_say_json(text, value));
    put(out, ",");
}

static void write_notes(const struct rebut_score *score, struct rebut_output *out)
{
    bool any = false;
    put(out, "\"notes\":[");
    for (int i = 0; i < REBUT_NOTE_KINDS; i++)
        if (score->notes >> i & 1) {
            put(out, any ? ",\"" : "\"");
            put(out, rebut_note_word((enum rebut_note)(1 << i)));
            put(out, "\"");
            any = true;
        }
    put(out, "],");
}

/* The members of one score, from `rank` to `as_of`, and the end of its line. */
static bool write_members(const struct rebut_scores *scores,
                          const struct rebut_score *score, enum rebut_language language,
                          struct rebut_output *out)
{
    char as_of[REBUT_TIME_SIZE];
    const struct facts facts = facts_of(scores, score);
    rebut_time_format(frame_of(scores)->as_of, 0, as_of);
    count(out, "rank", score->rank);
    member(out, "request_id", facts.request_id);
    member(out, "order_id", facts.order_id);
    member(out, "buyer_id", facts.buyer_id);
    member(out, "merchant_id", facts.merchant_id);
    word(out, "requested_at", facts.requested_at);
    rebut_output_print(out, "\"amount\":%" PRId64 ",", facts.request->amount);
    number(out, "probability", score->probability);
    put(out, "\"interval\":[");
    rebut_output_decimal(out, score->low);
    rebut_output_write(out, ",", 1);
    rebut_output_decimal(out, score->high);
    put(out, "],");
    number(out, "q_value", score->q_value);
    figure(out, "conformal_q", score->conformal_q);
    word(out, "answer", rebut_words_answer[score->answer]);
    number(out, "expected_recovery", score->expected_recovery);
    number(out, "log_odds", score->log_odds);
    put_name(out, "terms");
    rebut_score_write_terms(scores, score, language, out);
    put(out, ",");
    write_notes(score, out);
    word(out, "model", scores->model->version);
    put(out, "\"as_of\":\"");
    put(out, as_of);
    return rebut_output_write(out, "\"}\n", 3);
}

bool rebut_score_write_line(const struct rebut_scores *scores,
                            const struct rebut_score *score, enum rebut_language language,
                            struct rebut_output *out)
{
    rebut_output_write(out, "{", 1);
    return write_members(scores, score, language, out);
}

bool rebut_scores_write_ndjson(const struct rebut_scores *scores,
                               enum rebut_language language, struct rebut_output *out)
{
    for (uint32_t i = 0; i < scores->count; i++)
        if (!rebut_score_write_line(scores, &scores->list[i], language, out))
            return false;
    return true;
}

bool rebut_queue_write_ndjson(const struct rebut_queue *queue,
                              const struct rebut_scores *scores,
                              enum rebut_language language, struct rebut_output *out)
{
    for (uint32_t i = 0; i < queue->count; i++) {
        const struct rebut_slot *slot = &queue->slots[i];
        rebut_output_print(out, "{\"slot\":%" PRIu32 ",\"selection\":\"%s\",", i + 1,
                           slot->random ? "random" : "ranked");
        number(out, "propensity", slot->propensity);
        figure(out, "place", slot->place);
        if (!write_members(scores, &scores->list[slot->score], language, out))
            return false;
    }
    return true;
}

/* A CSV field: quoted where it must be. */
static void field(struct rebut_output *out, struct rebut_text text)
{
    bool quote = false;
    for (size_t i = 0; i < text.size; i++)
        quote = quote || strchr(",\"\r\n", text.data[i]) != NULL;
    if (!quote) {
        rebut_output_text(out, text);
        return;
    }
    rebut_output_print(out, "\"");
    for (size_t i = 0; i < text.size; i++) {
        if (text.data[i] == '"')
            rebut_output_print(out, "\"");
        rebut_output_write(out, &text.data[i], 1);
    }
    rebut_output_print(out, "\"");
}

static void csv_heading(struct rebut_output *out)
{
    rebut_output_print(out, "rank,request_id,order_id,buyer_id,merchant_id,requested_at,"
                            "amount,probability,low,high,q_value,answer,"
                            "expected_recovery,log_odds");
    for (int id = 0; id < REBUT_TERMS; id++)
        rebut_output_print(out, ",%s", rebut_term_name((enum rebut_term_id)id));
    rebut_output_print(out, ",model,as_of\n");
}

static void csv_terms(const struct rebut_scores *scores, const struct rebut_score *score,
                      struct rebut_output *out)
{
    struct rebut_term terms[REBUT_TERMS];
    double by_id[REBUT_TERMS] = {0};
    const int count = rebut_score_terms(scores, score, terms);
    for (int i = 0; i < count; i++)
        by_id[terms[i].id] = terms[i].log_odds;
    for (int id = 0; id < REBUT_TERMS; id++)
        rebut_output_print(out, ",%.*g", DIGITS, by_id[id]);
}

bool rebut_scores_write_csv(const struct rebut_scores *scores, struct rebut_output *out)
{
    char as_of[REBUT_TIME_SIZE];
    rebut_time_format(frame_of(scores)->as_of, 0, as_of);
    csv_heading(out);
    for (uint32_t i = 0; i < scores->count; i++) {
        const struct rebut_score *score = &scores->list[i];
        const struct facts facts = facts_of(scores, score);
        rebut_output_print(out, "%" PRIu32 ",", score->rank);
        field(out, facts.request_id);
        rebut_output_print(out, ",");
        field(out, facts.order_id);
        rebut_output_print(out, ",");
        field(out, facts.buyer_id);
        rebut_output_print(out, ",");
        field(out, facts.merchant_id);
        rebut_output_print(out, ",%s,%" PRId64 ",%.*g,%.*g,%.*g,%.*g,%s,%.*g,%.*g",
                           facts.requested_at, facts.request->amount, DIGITS,
                           score->probability, DIGITS, score->low, DIGITS, score->high,
                           DIGITS, score->q_value, rebut_words_answer[score->answer],
                           DIGITS, score->expected_recovery, DIGITS, score->log_odds);
        csv_terms(scores, score, out);
        if (!rebut_output_print(out, ",%s,%s\n", scores->model->version, as_of))
            return false;
    }
    return true;
}

/* ---- terms, for those who want to feed a learner of their own ---- */

static const char *said(const struct rebut_frame_claim *claim)
{
    if (!rebut_is_judged(claim))
        return "";
    return claim->said_abuse > claim->said_legitimate   ? "abuse"
           : claim->said_abuse < claim->said_legitimate ? "legitimate"
                                                        : "split";
}

bool rebut_terms_write_csv(const struct rebut_scores *scores, struct rebut_output *out)
{
    rebut_output_print(out, "request_id,requested_at,verdict,selection");
    for (int id = 0; id < REBUT_RAW_TERMS; id++)
        rebut_output_print(out, ",%s", rebut_term_name((enum rebut_term_id)id));
    for (int mark = 0; mark < REBUT_MARKS; mark++)
        rebut_output_print(out, ",%s_bin", rebut_mark_tables[mark].name);
    rebut_output_print(out, ",log_odds,model\n");
    for (uint32_t i = 0; i < scores->count; i++) {
        const struct rebut_score *score = &scores->list[i];
        const struct rebut_frame_claim *claim = &frame_of(scores)->claims[score->claim];
        const struct facts facts = facts_of(scores, score);
        struct rebut_term terms[REBUT_TERMS];
        double raw[REBUT_TERMS] = {0}, verdict = 0;
        const int count = rebut_score_terms(scores, score, terms);
        for (int t = 0; t < count; t++)
            raw[terms[t].id] = terms[t].raw;
        verdict = raw[REBUT_TERM_VERDICT];
        field(out, facts.request_id);
        rebut_output_print(out, ",%s,%s,%s", facts.requested_at, said(claim),
                           rebut_words_selection[claim->selection]);
        for (int id = 0; id < REBUT_RAW_TERMS; id++)
            rebut_output_print(out, ",%.*g", DIGITS, raw[id]);
        for (int mark = 0; mark < REBUT_MARKS; mark++)
            rebut_output_print(out, ",%s",
                               rebut_mark_tables[mark].bin[claim->bin[mark]].name);
        if (!rebut_output_print(out, ",%.*g,%s\n", DIGITS, score->log_odds - verdict,
                                scores->model->version))
            return false;
    }
    return true;
}
