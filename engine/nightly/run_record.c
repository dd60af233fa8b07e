/* What rebut.runs says about a run. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "parts.h"
#include "statements.h"

static const char *or_null(int64_t value, int64_t none, char text[REBUT_NUMBER_SIZE])
{
    return value == none ? NULL : rebut_number_text(value, text);
}

/* The times of the run that did not end. */
static bool resume(struct night *night, struct rebut_error *err)
{
    struct rebut_rows rows;
    if (!rebut_store_query(night->desk, rebut_sql_run_resume, NULL, 0, &rows, err))
        return false;
    const bool found = rows.count == 1;
    if (found && rebut_rows_get(&rows, 0, 0) != NULL)
        night->as_of = rebut_rows_integer(&rows, 0, 0);
    if (found && rebut_rows_get(&rows, 0, 1) != NULL)
        night->since = rebut_rows_integer(&rows, 0, 1);
    rebut_rows_release(&rows);
    return found || rebut_fail(err, REBUT_EUSAGE,
                               "nothing to resume: the last run ended well, or there was "
                               "none");
}

static void settings_of(const struct night *night, char *ret, size_t size)
{
    const struct rebut_nightly_job *job = night->job;
    snprintf(ret, size,
             "{\"model\":\"%s\",\"fdr\":%.6g,\"budget\":%" PRIu32
             ",\"random\":%.6g,\"even\":\"%s\",\"lang\":\"%s\",\"again\":%s,"
             "\"incremental\":%s}",
             job->model == NULL        ? "fit"
             : strchr(job->model, '/') ? "file"
                                       : "stored",
             job->plan.fdr, job->plan.budget, job->plan.random_share,
             rebut_words_even[job->plan.even],
             job->language == REBUT_CHINESE ? "zh" : "en", job->again ? "true" : "false",
             job->state_path != NULL ? "true" : "false");
}

bool rebut_night_begin(struct night *night, struct rebut_error *err)
{
    char as_of[REBUT_NUMBER_SIZE], since[REBUT_NUMBER_SIZE], settings[400];
    char host[65] = "";
    struct rebut_rows rows;
    if (!rebut_store_do(night->desk, rebut_sql_run_abandon, NULL, 0, NULL, err) ||
        (night->job->resume && !resume(night, err)))
        return false;
    if (gethostname(host, sizeof host - 1) != 0)
        host[0] = '\0';
    settings_of(night, settings, sizeof settings);
    const char *const parameters[] = {or_null(night->as_of, REBUT_TIME_MAX, as_of),
                                      or_null(night->since, INT64_MIN, since), settings,
                                      host};
    if (!rebut_store_query(night->desk, rebut_sql_run_begin, parameters, 4, &rows, err))
        return false;
    night->report->run_id = rebut_rows_integer(&rows, 0, 0);
    rebut_rows_release(&rows);
    rebut_log(night->job->log, "info", "run_begins", ",\"run\":%" PRId64,
              night->report->run_id);
    return true;
}

bool rebut_night_knows(struct night *night, struct rebut_error *err)
{
    char run[REBUT_NUMBER_SIZE], as_of[REBUT_NUMBER_SIZE];
    const char *const parameters[] = {rebut_number_text(night->report->run_id, run),
                                      rebut_number_text(night->report->as_of, as_of)};
    return rebut_store_do(night->desk, rebut_sql_run_knows, parameters, 2, NULL, err);
}

void rebut_night_end(struct night *night, const struct rebut_error *why)
{
    char run[REBUT_NUMBER_SIZE], counts[REBUT_COUNTS_SIZE];
    if (night->desk == NULL || night->report->run_id == 0)
        return;
    rebut_night_counts(night, counts);
    const char *const parameters[] = {rebut_number_text(night->report->run_id, run),
                                      rebut_night_stopped(night) ? "cancelled" : "failed",
                                      why->message, counts};
    /* From now on nothing is to be cancelled; a cancel may still be on its way. */
    for (int i = 0; night->job->hand != NULL && i < 2; i++)
        night->job->hand->stores[i] = NULL;
    bool ok = false;
    for (int tries = 0; !ok && tries < 3; tries++) {
        struct rebut_error ignored = {0};
        ok =
            rebut_store_run(night->desk, "ROLLBACK", &ignored) &&
            rebut_store_do(night->desk, rebut_sql_run_end, parameters, 4, NULL, &ignored);
    }
    if (!ok)
        rebut_log(night->job->log, "warning", "run_record_not_written", "%s", "");
}

/* ---- counts, as JSON ---- */

struct text {
    char *to;
    size_t used, room;
};

static void put_count(struct text *text, const char *name, uint64_t count)
{
    if (text->used + 64 > text->room)
        return;
    text->used += (size_t)snprintf(
        text->to + text->used, text->room - text->used, "%s\"%s\":%" PRIu64,
        text->to[text->used - 1] == '{' ? "" : ",", name, count);
}

static void put_group(struct text *text, const char *name, const uint64_t *counts,
                      const char *const *words, int length)
{
    if (text->used + 64 > text->room)
        return;
    text->used +=
        (size_t)snprintf(text->to + text->used, text->room - text->used, "%s\"%s\":{",
                         text->to[text->used - 1] == '{' ? "" : ",", name);
    for (int i = 0; i < length; i++)
        if (counts[i] > 0)
            put_count(text, words[i], counts[i]);
    text->to[text->used++] = '}';
    text->to[text->used] = '\0';
}

void rebut_night_counts(const struct night *night, char ret[REBUT_COUNTS_SIZE])
{
    const struct rebut_nightly_report *report = night->report;
    const struct rebut_ingested *ingested = &report->ingested;
    struct text text = {ret, 1, REBUT_COUNTS_SIZE};
    memcpy(ret, "{", 2);
    put_group(&text, "applied", ingested->applied, rebut_words_type, REBUT_EVENT_TYPES);
    put_group(&text, "duplicates", ingested->duplicates, rebut_words_type,
              REBUT_EVENT_TYPES);
    put_group(&text, "conflicts", ingested->conflicts, rebut_words_type,
              REBUT_EVENT_TYPES);
    put_group(&text, "orphans", ingested->orphans, rebut_words_type, REBUT_EVENT_TYPES);
    put_group(&text, "after", ingested->after, rebut_words_type, REBUT_EVENT_TYPES);
    put_group(&text, "refused", ingested->refused, rebut_words_refusal, REBUT_REFUSALS);
    put_count(&text, "scored", report->scored);
    put_count(&text, "skipped", report->skipped);
    put_count(&text, "slots", report->slots);
    put_count(&text, "slots_random", report->slots_random);
    put_count(&text, "groups", report->groups);
    put_count(&text, "bounded", night->has_queue ? night->queue.bounded : 0);
    if (!isnan(report->psi_most) && text.used + 80 < text.room)
        text.used += (size_t)snprintf(ret + text.used, text.room - text.used,
                                      ",\"psi_most\":%.4g,\"psi_term\":\"%s\"",
                                      report->psi_most, report->psi_term);
    put_count(&text, "incremental", report->incremental);
    memcpy(ret + text.used, "}", 2);
}
