/* A night's report for Prometheus' textfile collector. */
#include <inttypes.h>
#include <math.h>

#include "rebut/nightly.h"

static void gauge(struct rebut_output *out, const char *name, const char *help)
{
    rebut_output_print(out, "# HELP rebut_nightly_%s %s\n# TYPE rebut_nightly_%s gauge\n",
                       name, help, name);
}

static void one(struct rebut_output *out, const char *name, const char *help,
                double value)
{
    gauge(out, name, help);
    rebut_output_print(out, "rebut_nightly_%s ", name);
    if (isfinite(value))
        rebut_output_double(out, value);
    else
        rebut_output_print(out, "NaN");
    rebut_output_print(out, "\n");
}

static void by_type(struct rebut_output *out, const char *what, const uint64_t *counts)
{
    for (int type = 0; type < REBUT_EVENT_TYPES; type++)
        rebut_output_print(out,
                           "rebut_nightly_events{type=\"%s\",what=\"%s\"} %" PRIu64 "\n",
                           rebut_words_type[type], what, counts[type]);
}

static void events(struct rebut_output *out, const struct rebut_ingested *ingested)
{
    gauge(out, "events", "Rows read by the last run, and what became of them.");
    by_type(out, "applied", ingested->applied);
    by_type(out, "duplicate", ingested->duplicates);
    by_type(out, "conflict", ingested->conflicts);
    by_type(out, "orphan", ingested->orphans);
    by_type(out, "after", ingested->after);
    gauge(out, "refused", "Rows that are no event, by the reason.");
    for (int i = 0; i < REBUT_REFUSALS; i++)
        rebut_output_print(out, "rebut_nightly_refused{reason=\"%s\"} %" PRIu64 "\n",
                           rebut_words_refusal[i], ingested->refused[i]);
}

bool rebut_nightly_metrics(const struct rebut_nightly_report *report, bool ok,
                           int64_t ended_at, const char *path, struct rebut_error *err)
{
    struct rebut_output out;
    if (!rebut_output_open(&out, path, err))
        return false;
    one(&out, "success", "Did the last run end well?", ok);
    one(&out, "end_timestamp_seconds", "When the last run ended.",
        (double)ended_at / REBUT_SECOND);
    one(&out, "as_of_timestamp_seconds", "As of when the last run scored.",
        report->as_of == REBUT_TIME_NONE ? (double)NAN
                                         : (double)report->as_of / REBUT_SECOND);
    one(&out, "incremental", "Were only new rows read?", report->incremental);
    one(&out, "scored", "Scores written.", (double)report->scored);
    one(&out, "skipped", "Requests that this model had scored before.",
        (double)report->skipped);
    one(&out, "night", "Number of the night announced to streams; 0: none.",
        (double)report->night_id);
    one(&out, "slots", "Requests in the reviewers' queue.", (double)report->slots);
    one(&out, "stated_false_share", "Share of wrong accusations expected in the queue.",
        report->stated);
    one(&out, "psi_most", "Largest stability index of a term against the model before.",
        report->psi_most);
    one(&out, "alarm_drift", "Has a term shifted?", report->psi_alarm);
    one(&out, "alarm_queue", "Is the queue unusually long or short?",
        report->queue_alarm);
    gauge(&out, "stage_seconds", "How long each stage took.");
    for (int stage = 0; stage < REBUT_STAGES; stage++)
        rebut_output_print(&out, "rebut_nightly_stage_seconds{stage=\"%s\"} %.3f\n",
                           rebut_words_stage[stage], report->seconds[stage]);
    events(&out, &report->ingested);
    const bool written = rebut_output_commit(&out, err);
    rebut_output_release(&out);
    return written;
}
