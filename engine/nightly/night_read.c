/* Events into the state: all of them, or those that are new since the state file. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "parts.h"
#include "rebut/snapshot.h"
#include "rebut/store_events.h"
#include "statements.h"

/* Where reading begins. */
struct start {
    struct rebut_snapshot_about about;
    bool going_on; /* from the state file */
    bool have_xid; /* so that it can be read on from tonight's state */
};

static const char *schema_of(const struct night *night)
{
    return night->job->source_schema == NULL ? "rebut" : night->job->source_schema;
}

/* ---- which database ---- */

static bool read_text(struct rebut_store *store, const char *sql, char *ret, size_t size,
                      struct rebut_error *err)
{
    struct rebut_rows rows;
    if (!rebut_store_query(store, sql, NULL, 0, &rows, err))
        return false;
    const char *text = rebut_rows_get(&rows, 0, 0);
    snprintf(ret, size, "%s", text == NULL ? "" : text);
    rebut_rows_release(&rows);
    return ret[0] != '\0' || rebut_fail(err, REBUT_EDATA,
                                        "the database does not say which "
                                        "one it is: rebut.settings has "
                                        "no 'identity'");
}

/* What a state file of this database and schema is named by. */
static bool name_source(struct night *night,
                        char ret_source[REBUT_SNAPSHOT_SOURCE_MAX + 1],
                        struct rebut_error *err)
{
    char identity[64];
    if (!read_text(night->reader, rebut_sql_identity, identity, sizeof identity, err))
        return false;
    snprintf(ret_source, REBUT_SNAPSHOT_SOURCE_MAX + 1, "%s %.63s", identity,
             schema_of(night));
    return true;
}

/* ---- the state file ---- */

/* Why the state file cannot be gone on from; NULL: it can. */
static const char *unfit(const struct night *night, const struct start *start,
                         const char *source)
{
    if (!start->have_xid)
        return "the tables have no column 'xid'";
    if (strcmp(start->about.source, source) != 0)
        return "it is of another database or schema";
    if (start->about.watermark > night->watermark)
        return "the database is older than it: was a backup restored?";
    if (night->state.latest > night->as_of)
        return "it knows what came after the time asked for";
    return NULL;
}

static bool load_state(struct night *night, struct start *start, const char *source,
                       struct rebut_error *err)
{
    struct rebut_error damage = {0};
    if (!rebut_snapshot_load(night->job->state_path, &night->state, &start->about,
                             &damage)) {
        if (damage.code == REBUT_ENOMEM)
            return rebut_fail(err, damage.code, "%s", damage.message);
        rebut_log_error(night->job->log, "state_file_unusable", &damage);
        return true;
    }
    if (start->about.fell_back)
        rebut_log(night->job->log, "warning", "state_file_damaged",
                  ",\"used\":\"the one before\"");
    const char *why = unfit(night, start, source);
    if (why == NULL) {
        start->going_on = true;
        return true;
    }
    rebut_log(night->job->log, "warning", "state_file_not_used", ",\"reason\":\"%s\"",
              why);
    rebut_snapshot_about_release(&start->about);
    start->about = (struct rebut_snapshot_about){0};
    rebut_state_release(&night->state);
    return true;
}

/* For the ingest: what becomes tomorrow's start. */
struct keeping {
    struct night *night;
    bool goes_on; /* there will be a state file to go on from */
    struct rebut_snapshot_about about;
};

static bool save_state(struct keeping *keeping, const struct rebut_state *state,
                       const struct rebut_text *waiting, uint32_t waiting_count,
                       struct rebut_error *err)
{
    struct night *night = keeping->night;
    struct rebut_error why = {0};
    const int64_t start = night->job->clock_us();
    if (!rebut_night_go_on(night, err))
        return false;
    /* Borrowed: the text is ingest's, the list its own. */
    keeping->about.waiting.data = (struct rebut_text *)(uintptr_t)waiting;
    keeping->about.waiting.count = keeping->about.waiting.room = waiting_count;
    const bool ok =
        rebut_snapshot_save(state, &keeping->about, night->job->state_path, &why);
    keeping->about.waiting.data = NULL;
    night->report->seconds[REBUT_STAGE_STATE] =
        (double)(night->job->clock_us() - start) / REBUT_SECOND;
    if (ok || why.code == REBUT_ENOMEM)
        return ok || rebut_fail(err, why.code, "%s", why.message);
    /* Tomorrow more has to be read; that is no reason to have no scores today. */
    rebut_log_error(night->job->log, "state_file_not_written", &why);
    return true;
}

static bool keep(void *context, const struct rebut_state *state,
                 const struct rebut_text *waiting, uint32_t waiting_count,
                 struct rebut_error *err)
{
    struct keeping *keeping = context;
    struct night *night = keeping->night;
    return (!keeping->goes_on ||
            save_state(keeping, state, waiting, waiting_count, err)) &&
           (night->job->keep_folder == NULL ||
            rebut_night_keep_state(night, state, waiting, waiting_count, err));
}

/* ---- reading ---- */

static bool open_reader(struct night *night, struct rebut_error *err)
{
    char mark[REBUT_NUMBER_SIZE + 8];
    if (!night->job->dry_run &&
        !rebut_store_do(night->desk, rebut_sql_claims_settle, NULL, 0, NULL, err))
        return false;
    if (!rebut_store_run(night->reader, rebut_sql_read_begin, err) ||
        !read_text(night->reader, rebut_sql_watermark, mark, sizeof mark, err))
        return false;
    night->watermark = strtoull(mark, NULL, 10);
    return true;
}

static struct rebut_store_events what_to_read(const struct night *night,
                                              const struct start *start)
{
    const struct rebut_snapshot_about *about = &start->about;
    struct rebut_store_events events = {.schema = night->job->source_schema};
    if (start->going_on) {
        events.since_xid = about->watermark;
        events.since_at = about->as_of == REBUT_TIME_MAX ? 0 : about->as_of;
    }
    return events;
}

static bool ingest(struct night *night, const struct start *start,
                   const char *source_name, struct rebut_error *err)
{
    const struct rebut_nightly_job *job = night->job;
    const struct rebut_store_events events = what_to_read(night, start);
    struct rebut_source *source = NULL;
    struct keeping keeping = {
        .night = night,
        .goes_on = job->state_path != NULL && start->have_xid,
        .about = {.as_of = night->as_of, .watermark = night->watermark}};
    snprintf(keeping.about.source, sizeof keeping.about.source, "%s", source_name);
    if (!rebut_store_events_open(&source, night->reader, &events, err))
        return false;
    const struct rebut_ingest_job ingest = {
        .source = source,
        .as_of = night->as_of,
        .rejects = night->has_rejects ? &night->rejects : NULL,
        .progress = job->progress,
        .keep = job->dry_run ? NULL : keep,
        .context = &keeping,
        .goes_on = start->going_on,
        .waiting = start->about.waiting.data,
        .waiting_count = start->about.waiting.count};
    const bool ok = rebut_ingest(&ingest, &night->state, &night->report->ingested, err);
    rebut_source_close(source);
    return ok;
}

static bool read_events(struct night *night, struct start *start, struct rebut_error *err)
{
    char source[REBUT_SNAPSHOT_SOURCE_MAX + 1];
    const struct rebut_store_events events = {.schema = night->job->source_schema};
    if (!open_reader(night, err) || !name_source(night, source, err) ||
        !rebut_store_events_have_xid(night->reader, &events, &start->have_xid, err))
        return false;
    if (night->job->state_path != NULL && rebut_snapshot_exists(night->job->state_path) &&
        !load_state(night, start, source, err))
        return false;
    return ingest(night, start, source, err) &&
           rebut_store_run(night->reader, "COMMIT", err);
}

/* One order dated 2926 makes all scores of tonight the latest ones for nine hundred
 * years. */
static void warn_future(const struct night *night)
{
    const struct rebut_log *log = night->job->log;
    char as_of[REBUT_TIME_SIZE];
    if (log == NULL || log->now_us == NULL || night->as_of != REBUT_TIME_MAX ||
        night->report->as_of <= log->now_us() + REBUT_DAY)
        return;
    rebut_time_format(night->report->as_of, 0, as_of);
    rebut_log(log, "warning", "last_event_in_future", ",\"as_of\":\"%s\"", as_of);
}

bool rebut_night_read(struct night *night, struct rebut_error *err)
{
    const int64_t begin = night->job->clock_us();
    struct rebut_nightly_report *report = night->report;
    struct start start = {0};
    if (night->job->rejects_path != NULL) {
        night->has_rejects =
            rebut_rejects_open(&night->rejects, night->job->rejects_path, err);
        if (!night->has_rejects)
            return false;
    }
    const bool ok = read_events(night, &start, err);
    rebut_progress_end(night->job->progress);
    report->incremental = start.going_on;
    rebut_snapshot_about_release(&start.about);
    report->seconds[REBUT_STAGE_READ] =
        (double)(night->job->clock_us() - begin) / REBUT_SECOND -
        report->seconds[REBUT_STAGE_STATE];
    if (!ok)
        return false;
    report->as_of = night->as_of == REBUT_TIME_MAX ? night->state.latest : night->as_of;
    warn_future(night);
    if (!night->job->dry_run && !rebut_night_knows(night, err))
        return false;
    rebut_log(night->job->log, "info", "read",
              ",\"incremental\":%s,\"rows\":%" PRIu64 ",\"orders\":%" PRIu32
              ",\"refused\":%" PRIu64 ",\"conflicts\":%" PRIu64 ",\"orphans\":%" PRIu64
              ",\"seconds\":%.2f,\"state_seconds\":%.2f",
              start.going_on ? "true" : "false", report->ingested.lines,
              night->state.orders.count,
              rebut_ingested_sum(report->ingested.refused, REBUT_REFUSALS),
              rebut_ingested_sum(report->ingested.conflicts, REBUT_EVENT_TYPES),
              rebut_ingested_sum(report->ingested.orphans, REBUT_EVENT_TYPES),
              report->seconds[REBUT_STAGE_READ], report->seconds[REBUT_STAGE_STATE]);
    return true;
}
