/* Model, inference, scores and queue of a night, and what in them should alarm. */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "parts.h"
#include "rebut/learn.h"
#include "rebut/profile.h"
#include "statements.h"

static void stage_ends(struct night *night, enum rebut_nightly_stage stage, int64_t start)
{
    night->report->seconds[stage] =
        (double)(night->job->clock_us() - start) / REBUT_SECOND;
}

/* ---- the model ---- */

static bool read_document(struct rebut_store *desk, const char *sql, const char *id,
                          int column, struct rebut_model *ret, bool *ret_found,
                          struct rebut_error *err)
{
    struct rebut_rows rows;
    if (!rebut_store_query(desk, sql, &id, id == NULL ? 0 : 1, &rows, err))
        return false;
    *ret_found = rows.count == 1;
    const bool ok =
        !*ret_found ||
        rebut_model_read(rebut_text_of(rebut_rows_get(&rows, 0, column)), ret, err);
    rebut_rows_release(&rows);
    return ok || rebut_fail_context(err, "the model in rebut.models");
}

/* The model that the job names. */
bool rebut_night_load_model(struct night *night, struct rebut_error *err)
{
    const char *name = night->job->model;
    bool found = true;
    if (strchr(name, '/') != NULL || strstr(name, ".json") != NULL)
        night->has_model = rebut_model_load(name, &night->model, err);
    else if (strcmp(name, "champion") == 0)
        night->has_model = read_document(night->desk, rebut_sql_model_champion, NULL, 1,
                                         &night->model, &found, err) &&
                           found;
    else
        night->has_model = read_document(night->desk, rebut_sql_model_read, name, 0,
                                         &night->model, &found, err) &&
                           found;
    return night->has_model ||
           rebut_fail(err, REBUT_EDATA,
                      "no model '%.64s' in rebut.models: expected 'champion', the id of "
                      "one, or a file by its path",
                      name);
}

static bool open_model(struct night *night, struct rebut_error *err)
{
    if (night->job->model != NULL)
        return rebut_night_load_model(night, err);
    rebut_model_init(&night->model);
    night->has_model = true;
    return rebut_model_learn_levels(&night->model, &night->state, err);
}

/* As 'rebut score' does it: fit what is not given, else infer with it. */
static bool infer(struct night *night, struct rebut_error *err)
{
    const bool given = night->job->model != NULL;
    night->has_frame = rebut_frame_build(&night->frame, &night->state,
                                         night->report->as_of, &night->model, err);
    if (!night->has_frame)
        return false;
    night->has_inference = rebut_infer_open(&night->inference, &night->frame, err);
    if (!night->has_inference)
        return false;
    if (given)
        return rebut_infer(&night->inference, &night->model, err);
    if (!rebut_train(&night->model, &night->inference, err))
        return false;
    char *document = rebut_model_write(&night->model); /* which names it */
    free(document);
    return document != NULL || rebut_fail_memory(err, "the model");
}

static bool fit(struct night *night, struct rebut_error *err)
{
    const int64_t start = night->job->clock_us();
    if (!open_model(night, err) || !rebut_night_go_on(night, err) || !infer(night, err))
        return false;
    memcpy(night->report->model, night->model.version, sizeof night->report->model);
    stage_ends(night, REBUT_STAGE_FIT, start);
    rebut_log(night->job->log, "info", night->job->model == NULL ? "fitted" : "inferred",
              ",\"model\":\"%s\",\"requests\":%" PRIu32 ",\"verdicts\":%" PRIu64
              ",\"seconds\":%.2f",
              night->model.version, night->frame.claims_count, night->model.verdicts,
              night->report->seconds[REBUT_STAGE_FIT]);
    return true;
}

/* ---- alarms ---- */

/* How far tonight's terms are from those of the model that was in use. */
static bool measure_drift(struct night *night, struct rebut_error *err)
{
    struct rebut_model champion;
    double psi[REBUT_RAW_TERMS];
    bool found = false;
    if (!read_document(night->desk, rebut_sql_model_champion, NULL, 1, &champion, &found,
                       err))
        return false;
    if (!found)
        return true;
    const bool ok = rebut_profile_psi(&champion.profile, &night->scores, psi, err);
    for (int id = 0; ok && id < REBUT_RAW_TERMS; id++)
        if (!(psi[id] <= night->report->psi_most)) {
            if (isnan(psi[id]))
                continue;
            night->report->psi_most = psi[id];
            night->report->psi_term = rebut_term_name((enum rebut_term_id)id);
        }
    night->report->psi_alarm = night->report->psi_most > REBUT_ALARM_PSI;
    if (night->report->psi_alarm)
        rebut_log(night->job->log, "warning", "alarm_drift",
                  ",\"term\":\"%s\",\"psi\":%.3f,\"limit\":%.3g", night->report->psi_term,
                  night->report->psi_most, REBUT_ALARM_PSI);
    rebut_model_release(&champion);
    return ok;
}

/* Few requests vary by chance: ten more or less are no alarm. */
bool rebut_nightly_queue_alarm(double now, double usual)
{
    return fabs(now - usual) > 10 &&
           (now > REBUT_ALARM_QUEUE * usual || now * REBUT_ALARM_QUEUE < usual);
}

static bool measure_queue(struct night *night, struct rebut_error *err)
{
    struct rebut_rows rows;
    if (!rebut_store_query(night->desk, rebut_sql_slots_usual, NULL, 0, &rows, err))
        return false;
    const char *text = rebut_rows_get(&rows, 0, 0);
    const double usual = text == NULL ? (double)NAN : strtod(text, NULL);
    const double now = night->queue.bounded;
    rebut_rows_release(&rows);
    night->report->queue_alarm = rebut_nightly_queue_alarm(now, usual);
    if (night->report->queue_alarm)
        rebut_log(night->job->log, "warning", "alarm_queue",
                  ",\"requests\":%.0f,\"usual\":%.0f,\"factor\":%.3g", now, usual,
                  REBUT_ALARM_QUEUE);
    return true;
}

/* ---- scores ---- */

static bool score(struct night *night, struct rebut_error *err)
{
    struct rebut_queue_plan plan = night->job->plan;
    struct rebut_nightly_report *report = night->report;
    const int64_t start = night->job->clock_us();
    if (!night->job->seeded)
        plan.seed = (uint64_t)report->as_of;
    night->has_scores = rebut_scores_open(&night->scores, &night->inference,
                                          &night->model, night->since, err);
    if (!night->has_scores)
        return false;
    night->has_queue = rebut_queue_open(&night->queue, &night->scores, &plan, err);
    if (!night->has_queue)
        return false;
    report->slots = night->queue.count;
    report->slots_random = night->queue.drawn;
    report->stated = night->queue.stated;
    report->recovery = night->queue.recovery;
    stage_ends(night, REBUT_STAGE_SCORE, start);
    rebut_log(night->job->log, "info", "scored",
              ",\"requests\":%" PRIu32 ",\"slots\":%" PRIu64 ",\"random\":%" PRIu64
              ",\"stated\":%.4f,\"seconds\":%.2f",
              night->scores.count, report->slots, report->slots_random, report->stated,
              report->seconds[REBUT_STAGE_SCORE]);
    return true;
}

bool rebut_night_score(struct night *night, struct rebut_error *err)
{
    return rebut_night_go_on(night, err) && fit(night, err) &&
           rebut_night_go_on(night, err) && score(night, err) &&
           measure_drift(night, err) && measure_queue(night, err);
}
