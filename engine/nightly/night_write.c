/* All results of a night in one transaction: the model, the scores, the queue, and the
 * run that is done. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "parts.h"
#include "rebut/copy.h"
#include "rebut/score_write.h"
#include "statements.h"

/* Of put_score, in its order. */
#define SCORE_COLUMNS 20
#define SCORE_COLUMN_NAMES                                                               \
    "run_id, as_of, model_id, request_id, order_id, buyer_id, merchant_id, "             \
    "requested_at, amount, rank, probability, low, high, q_value, conformal_q, answer, " \
    "expected_recovery, log_odds, notes, terms"
#define SLOT_COLUMNS 6
#define STOP_EVERY 4096 /* rows between looks at the stop */

/* Requests that this model has scored, as a bit an index of state.requests. */
struct scored {
    uint8_t *bits;
    bool any;
};

static bool is_scored(const struct scored *scored, uint32_t request)
{
    return scored->any && (scored->bits[request / 8] >> request % 8 & 1);
}

static bool read_scored(struct night *night, struct scored *scored,
                        struct rebut_error *err)
{
    const struct rebut_intern *ids = &night->state.request_ids;
    char as_of[REBUT_NUMBER_SIZE];
    const char *const parameters[] = {night->model.version,
                                      night->job->again ? "true" : "false",
                                      rebut_number_text(night->report->as_of, as_of)};
    struct rebut_rows rows;
    scored->bits = calloc(ids->count / 8 + 1, 1);
    if (scored->bits == NULL)
        return rebut_fail_memory(err, "what was scored before");
    if (!rebut_store_query(night->desk, rebut_sql_scored, parameters, 3, &rows, err))
        return false;
    for (int i = 0; i < rows.count; i++) {
        const struct rebut_text id = rebut_text_of(rebut_rows_get(&rows, i, 0));
        const uint32_t at = rebut_intern_find(ids, id, rebut_intern_hash(ids, id));
        if (at != REBUT_INTERN_NONE)
            scored->bits[at / 8] |= (uint8_t)(1U << at % 8);
    }
    scored->any = rows.count > 0;
    rebut_rows_release(&rows);
    return true;
}

static void put_notes(struct rebut_copy *copy, unsigned notes)
{
    struct rebut_text words[REBUT_NOTE_KINDS];
    int count = 0;
    for (int i = 0; i < REBUT_NOTE_KINDS; i++)
        if (notes >> i & 1)
            words[count++] = rebut_text_of(rebut_note_word((enum rebut_note)(1 << i)));
    rebut_copy_texts(copy, words, count);
}

/* One score's row; the terms are written to `text` first. */
static void put_score(const struct night *night, const struct rebut_score *score,
                      struct rebut_copy *copy, struct rebut_output *text)
{
    const struct rebut_state *state = &night->state;
    const uint32_t index = night->frame.claims[score->claim].request;
    const struct rebut_request *request = &state->requests.data[index];
    const struct rebut_order *order = &state->orders.data[request->order];
    text->used = 0;
    rebut_score_write_terms(&night->scores, score, night->job->language, text);
    rebut_copy_row(copy);
    rebut_copy_bigint(copy, night->report->run_id);
    rebut_copy_time(copy, night->report->as_of);
    rebut_copy_text(copy, rebut_text_of(night->model.version));
    rebut_copy_text(copy, rebut_intern_text(&state->request_ids, index));
    rebut_copy_text(copy, rebut_intern_text(&state->order_ids, request->order));
    rebut_copy_text(copy, rebut_intern_text(&state->buyer_ids, order->buyer));
    rebut_copy_text(copy, rebut_intern_text(&state->merchant_ids, order->merchant));
    rebut_copy_time(copy, request->at);
    rebut_copy_bigint(copy, request->amount);
    rebut_copy_integer(copy, (int32_t)score->rank);
    rebut_copy_double(copy, score->probability);
    rebut_copy_double(copy, score->low);
    rebut_copy_double(copy, score->high);
    rebut_copy_double(copy, score->q_value);
    rebut_copy_double(copy, score->conformal_q);
    rebut_copy_text(copy, rebut_text_of(rebut_words_answer[score->answer]));
    rebut_copy_double(copy, score->expected_recovery);
    rebut_copy_double(copy, score->log_odds);
    put_notes(copy, score->notes);
    rebut_copy_text(copy, (struct rebut_text){text->buffer, text->used});
}

static bool copy_scores(struct night *night, const struct scored *scored,
                        struct rebut_copy *copy, struct rebut_output *text,
                        struct rebut_error *err)
{
    const struct rebut_scores *scores = &night->scores;
    for (uint32_t i = 0; i < scores->count; i++) {
        if (i % STOP_EVERY == 0) {
            rebut_progress_step(night->job->progress, i, scores->count, i);
            if (copy->failed || !rebut_night_go_on(night, err))
                break;
        }
        if (is_scored(scored, night->frame.claims[scores->list[i].claim].request)) {
            night->report->skipped++;
            continue;
        }
        put_score(night, &scores->list[i], copy, text);
        if (text->cause != 0) {
            rebut_fail_memory(err, "the terms of a score");
            break;
        }
        night->report->scored++;
    }
    return err->code == REBUT_OK;
}

/* The scores' partition of the month, made if need be: COPY into it and not into the
 * whole table, whose row-level security COPY does not go with.  The name comes from a
 * function of the schema; still it is looked at before it becomes part of a statement. */
static bool begin_copy(struct night *night, struct rebut_copy *copy,
                       struct rebut_error *err)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789_.";
    char as_of[REBUT_NUMBER_SIZE], sql[400];
    const char *const month[] = {rebut_number_text(night->report->as_of, as_of)};
    struct rebut_rows rows;
    if (!rebut_store_query(night->desk, rebut_sql_scores_partition, month, 1, &rows, err))
        return false;
    const char *name = rebut_rows_get(&rows, 0, 0);
    const bool ok = name != NULL && name[strspn(name, letters)] == '\0';
    snprintf(sql, sizeof sql,
             "COPY %.80s (" SCORE_COLUMN_NAMES ") FROM STDIN (FORMAT BINARY)",
             ok ? name : "");
    rebut_rows_release(&rows);
    if (!ok)
        return rebut_fail(err, REBUT_EDATA, "no partition of rebut.scores for the month");
    return rebut_copy_begin(copy, night->desk, sql, SCORE_COLUMNS, err);
}

static bool write_scores(struct night *night, struct rebut_error *err)
{
    struct scored scored = {0};
    struct rebut_copy copy = {0};
    struct rebut_output text = {.fd = -1};
    bool ok = read_scored(night, &scored, err) && rebut_output_memory(&text, err) &&
              begin_copy(night, &copy, err);
    if (ok && copy_scores(night, &scored, &copy, &text, err)) {
        ok = rebut_copy_end(&copy, err);
    } else {
        rebut_copy_abandon(&copy);
        ok = false;
    }
    rebut_progress_end(night->job->progress);
    rebut_output_release(&text);
    free(scored.bits);
    return ok;
}

static bool write_slots(struct night *night, struct rebut_error *err)
{
    const struct rebut_state *state = &night->state;
    struct rebut_copy copy;
    if (!rebut_copy_begin(&copy, night->desk, rebut_sql_slots_copy, SLOT_COLUMNS, err))
        return false;
    for (uint32_t i = 0; i < night->queue.count; i++) {
        const struct rebut_slot *slot = &night->queue.slots[i];
        const uint32_t claim = night->scores.list[slot->score].claim;
        const uint32_t request = night->frame.claims[claim].request;
        rebut_copy_row(&copy);
        rebut_copy_bigint(&copy, night->report->run_id);
        rebut_copy_integer(&copy, (int32_t)i + 1);
        rebut_copy_text(&copy, rebut_intern_text(&state->request_ids, request));
        rebut_copy_text(&copy, rebut_text_of(slot->random ? "random" : "ranked"));
        rebut_copy_double(&copy, slot->propensity);
        rebut_copy_double(&copy, slot->place);
    }
    return rebut_copy_end(&copy, err);
}

static bool write_model(struct night *night, struct rebut_error *err)
{
    char as_of[REBUT_NUMBER_SIZE];
    char *document = rebut_model_write(&night->model);
    if (document == NULL)
        return rebut_fail_memory(err, "the model");
    const char *const parameters[] = {night->model.version, document,
                                      rebut_number_text(night->model.as_of, as_of)};
    const bool ok =
        rebut_store_do(night->desk, rebut_sql_model_retire, parameters, 1, NULL, err) &&
        rebut_store_do(night->desk, rebut_sql_model_adopt, parameters, 3, NULL, err);
    free(document);
    return ok;
}

static bool write_done(struct night *night, struct rebut_error *err)
{
    char run[REBUT_NUMBER_SIZE], as_of[REBUT_NUMBER_SIZE], mark[REBUT_NUMBER_SIZE];
    char counts[REBUT_COUNTS_SIZE];
    uint64_t touched = 0;
    rebut_night_counts(night, counts);
    const char *const parameters[] = {
        rebut_number_text(night->report->run_id, run),
        rebut_number_text(night->report->as_of, as_of), night->model.version,
        rebut_number_text((int64_t)night->watermark, mark), counts};
    if (!rebut_store_do(night->desk, rebut_sql_run_done, parameters, 5, &touched, err))
        return false;
    return touched == 1 ||
           rebut_fail(err, REBUT_EDATA, "the run's own record is gone from rebut.runs");
}

/* A connection that breaks now leaves it open whether all was written or nothing. */
static bool commit(struct night *night, struct rebut_error *err)
{
    struct rebut_error ignored = {0};
    if (rebut_store_run(night->desk, "COMMIT", err))
        return true;
    night->in_doubt = !rebut_store_run(night->desk, "ROLLBACK", &ignored);
    return night->in_doubt &&
           rebut_fail_context(err, "the answer to COMMIT was lost, all was written or "
                                   "nothing; the next run finds out");
}

bool rebut_night_write(struct night *night, struct rebut_error *err)
{
    const int64_t start = night->job->clock_us();
    const bool ok =
        rebut_store_run(night->desk, "BEGIN", err) &&
        rebut_store_do(night->desk, rebut_sql_scores_pack, NULL, 0, NULL, err) &&
        write_model(night, err) && write_scores(night, err) && write_slots(night, err) &&
        rebut_night_write_groups(night, err) && write_done(night, err) &&
        commit(night, err);
    night->report->seconds[REBUT_STAGE_WRITE] =
        (double)(night->job->clock_us() - start) / REBUT_SECOND;
    if (ok)
        rebut_log(night->job->log, "info", "written",
                  ",\"scored\":%" PRIu64 ",\"skipped\":%" PRIu64 ",\"slots\":%" PRIu64
                  ",\"seconds\":%.2f",
                  night->report->scored, night->report->skipped, night->report->slots,
                  night->report->seconds[REBUT_STAGE_WRITE]);
    return ok;
}
