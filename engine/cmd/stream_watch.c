#include "stream_watch.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdlib.h>

#include "rebut/http_server.h"

struct rebut_stream_watch {
    struct rebut_http *http;
    pthread_mutex_t lock;
    struct rebut_output text; /* published */
    bool ready;
};

static void write_published(void *app, struct rebut_output *out)
{
    struct rebut_stream_watch *watch = app;
    pthread_mutex_lock(&watch->lock);
    rebut_output_write(out, watch->text.buffer, watch->text.used);
    pthread_mutex_unlock(&watch->lock);
}

static bool is_ready(void *app, struct rebut_error *err)
{
    struct rebut_stream_watch *watch = app;
    pthread_mutex_lock(&watch->lock);
    const bool ready = watch->ready;
    pthread_mutex_unlock(&watch->lock);
    return ready || rebut_fail(err, REBUT_ETRY, "the night is being loaded");
}

bool rebut_stream_watch_open(struct rebut_stream_watch **ret, const char *address,
                             const struct rebut_log *log, int64_t (*now_us)(void),
                             struct rebut_error *err)
{
    static const struct rebut_http_route none[] = {{.method = NULL}};
    static const struct rebut_http_schema no_schema[] = {{.name = NULL}};
    struct rebut_stream_watch *watch = *ret = calloc(1, sizeof *watch);
    if (watch == NULL || !rebut_output_memory(&watch->text, err)) {
        free(watch);
        *ret = NULL;
        return rebut_fail_memory(err, "metrics");
    }
    pthread_mutex_init(&watch->lock, NULL);
    const struct rebut_http_options options = {.listen = address,
                                               .routes = none,
                                               .schemas = no_schema,
                                               .title = "rebut stream",
                                               .log = log,
                                               .now_us = now_us,
                                               .app = watch,
                                               .ready = is_ready,
                                               .metrics = write_published,
                                               .threads = 1,
                                               .connections = 64};
    if (rebut_http_start(&watch->http, &options, err)) {
        rebut_log(log, "info", "listening", ",\"address\":\"%s\"",
                  rebut_http_address(watch->http));
        return true;
    }
    rebut_stream_watch_close(watch);
    *ret = NULL;
    return false;
}

void rebut_stream_watch_close(struct rebut_stream_watch *watch)
{
    if (watch == NULL)
        return;
    (void)rebut_http_stop(watch->http);
    rebut_output_release(&watch->text);
    pthread_mutex_destroy(&watch->lock);
    free(watch);
}

/* ---- OpenMetrics ---- */

static void head(struct rebut_output *out, const char *name, const char *type,
                 const char *help)
{
    rebut_output_print(out, "# HELP rebut_stream_%s %s\n# TYPE rebut_stream_%s %s\n",
                       name, help, name, type);
}

static void counter(struct rebut_output *out, const char *name, const char *help,
                    uint64_t value)
{
    head(out, name, "counter", help);
    rebut_output_print(out, "rebut_stream_%s_total %" PRIu64 "\n", name, value);
}

static void gauge(struct rebut_output *out, const char *name, const char *help,
                  int64_t value)
{
    head(out, name, "gauge", help);
    rebut_output_print(out, "rebut_stream_%s %" PRId64 "\n", name, value);
}

static void labelled(struct rebut_output *out, const char *name, const char *label,
                     const char *word, uint64_t value)
{
    rebut_output_print(out, "rebut_stream_%s_total{%s=\"%s\"} %" PRIu64 "\n", name, label,
                       word, value);
}

static void write_loop(struct rebut_output *out, const struct rebut_loop_counts *loop)
{
    counter(out, "messages", "Messages read", loop->messages);
    counter(out, "read_bytes", "Their bytes", loop->bytes);
    counter(out, "commits", "Commits", loop->commits);
    counter(out, "retries", "Commits and reads tried again", loop->retries);
    counter(out, "fenced", "Partitions lost to another worker", loop->fenced);
    head(out, "commit_seconds", "counter", "Time in commits");
    rebut_output_print(out, "rebut_stream_commit_seconds_total %.6f\n",
                       (double)loop->commit_us / REBUT_SECOND);
    head(out, "idle_seconds", "counter", "Time waiting for messages");
    rebut_output_print(out, "rebut_stream_idle_seconds_total %.6f\n",
                       (double)loop->idle_us / REBUT_SECOND);
    gauge(out, "lag_messages", "Messages not read yet; -1: not known", loop->lag);
    gauge(out, "partitions", "Partitions held", loop->partitions);
}

static void write_times(struct rebut_output *out,
                        const struct rebut_scorer_counts *counts)
{
    uint64_t so_far = 0;
    head(out, "score_seconds", "histogram",
         "From the coming of a batch to a score's being given out");
    for (int i = 0; i < REBUT_SCORER_TIMES; i++) {
        so_far += counts->took[i];
        rebut_output_print(out,
                           "rebut_stream_score_seconds_bucket{le=\"%g\"} %" PRIu64 "\n",
                           (double)rebut_scorer_edges[i] / REBUT_SECOND, so_far);
    }
    so_far += counts->took[REBUT_SCORER_TIMES];
    rebut_output_print(out,
                       "rebut_stream_score_seconds_bucket{le=\"+Inf\"} %" PRIu64
                       "\nrebut_stream_score_seconds_sum %.6f\n"
                       "rebut_stream_score_seconds_count %" PRIu64 "\n",
                       so_far, (double)counts->took_us / REBUT_SECOND, so_far);
}

static void write_scorer(struct rebut_output *out, const struct rebut_scorer *scorer)
{
    const struct rebut_scorer_counts *counts = rebut_scorer_counts(scorer);
    head(out, "events", "counter", "What became of events");
    for (int i = 0; i < REBUT_LIVE_BECAME; i++)
        labelled(out, "events", "became", rebut_words_live_became[i], counts->became[i]);
    head(out, "refused", "counter", "Messages that are no event");
    for (int i = 0; i < REBUT_REFUSALS; i++)
        labelled(out, "refused", "reason", rebut_words_refusal[i], counts->refused[i]);
    counter(out, "orphans", "Events given up because what they name did not come",
            counts->given_up);
    head(out, "scores", "counter", "Scores: first ones, revisions, and unchanged ones");
    labelled(out, "scores", "kind", "first", counts->scored);
    labelled(out, "scores", "kind", "revised", counts->revised);
    labelled(out, "scores", "kind", "unchanged", counts->unchanged);
    head(out, "snapshots", "counter", "Snapshots of partitions");
    labelled(out, "snapshots", "result", "kept", counts->snapshots);
    labelled(out, "snapshots", "result", "failed", counts->snapshots_failed);
    gauge(out, "state_bytes", "Memory of all partitions' buyers",
          (int64_t)rebut_scorer_bytes(scorer));
    write_times(out, counts);
}

static void write_night(struct rebut_output *out,
                        const struct rebut_stream_night_facts *night)
{
    gauge(out, "night", "Number of the night in use; 0: not an announced one", night->id);
    gauge(out, "night_as_of_seconds", "The night in use, seconds since 1970",
          night->as_of / REBUT_SECOND);
    gauge(out, "night_made_seconds", "When it was announced; 0: not known",
          night->made_at / REBUT_SECOND);
    counter(out, "nights_taken_up", "Nights taken up, the first one too",
            night->taken_up);
    counter(out, "nights_failed",
            "Nights that could not be taken up, and failures to ask", night->failed);
}

void rebut_stream_watch_publish(struct rebut_stream_watch *watch,
                                const struct rebut_loop_counts *loop,
                                const struct rebut_scorer *scorer,
                                const struct rebut_stream_night_facts *night)
{
    pthread_mutex_lock(&watch->lock);
    watch->text.used = 0;
    write_loop(&watch->text, loop);
    write_scorer(&watch->text, scorer);
    write_night(&watch->text, night);
    watch->ready = true;
    pthread_mutex_unlock(&watch->lock);
}
