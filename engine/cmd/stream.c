/* rebut stream -- score requests as they are made. */
#include <errno.h>
#include <inttypes.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "command.h"
#include "notify.h"
#include "rebut/effects.h"
#include "rebut/feeds.h"
#include "rebut/scorer.h"
#include "rebut/touch.h"
#include "stream_night.h"
#include "stream_options.h"
#include "stream_watch.h"

static volatile sig_atomic_t stop_asked, again_asked;

static void on_stop(int number)
{
    (void)number;
    stop_asked = 1;
}

static void on_hangup(int number)
{
    (void)number;
    again_asked = 1;
}

static int64_t read_clock(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (int64_t)now.tv_sec * REBUT_SECOND + now.tv_nsec / 1000;
}

static int64_t steady_us(void)
{
    return read_clock(CLOCK_MONOTONIC);
}

static int64_t time_of_day_us(void)
{
    return read_clock(CLOCK_REALTIME);
}

/* Everything that is open while the stream runs. */
struct session {
    const struct rebut_stream_options *options;
    struct rebut_stream_night *night;
    struct rebut_scorer *scorer;
    struct rebut_feed *feed;
    struct rebut_effects *effects;
    struct rebut_log log;
    struct rebut_loop_counts counts;
    struct rebut_stream_watch *watch; /* NULL: nobody watches */
    int64_t published_at;
};

/* Figures and the sign of life are as old as this at most, while the stream is at work.
 */
#define PUBLISH_US (REBUT_SECOND / 2)

static void publish(const struct session *session)
{
    const struct rebut_stream_night_facts night =
        rebut_stream_night_facts(session->night);
    if (session->watch != NULL)
        rebut_stream_watch_publish(session->watch, &session->counts, session->scorer,
                                   &night);
}

static bool tick(void *context, struct rebut_error *err)
{
    struct session *session = context;
    const int64_t now = steady_us();
    if (now - session->published_at >= PUBLISH_US) {
        session->published_at = now;
        publish(session);
        rebut_notify("WATCHDOG=1");
    }
    if (again_asked) {
        again_asked = 0;
        rebut_stream_night_again(session->night);
    }
    return rebut_stream_night_tick(session->night, session->scorer, err);
}

static bool open_feed(struct session *session, struct rebut_error *err)
{
    const struct rebut_stream_options *options = session->options;
    char worker[128], host[64] = "";
    gethostname(host, sizeof host - 1);
    snprintf(worker, sizeof worker, "%s:%ld:%" PRIx64, host, (long)getpid(),
             (uint64_t)time_of_day_us());
    const struct rebut_outbox_options outbox = {.conninfo = options->store,
                                                .stream = options->stream,
                                                .worker = worker,
                                                .now_us = steady_us};
    const struct rebut_kafka_options kafka = {.config_path = options->kafka,
                                              .topic = options->topic,
                                              .group = options->group,
                                              .log = &session->log,
                                              .now_us = steady_us};
    return options->from == REBUT_FROM_OUTBOX
               ? rebut_feed_outbox(&session->feed, &outbox, err)
           : options->from == REBUT_FROM_KAFKA
               ? rebut_feed_kafka(&session->feed, &kafka, err)
               : rebut_feed_input(&session->feed, STDIN_FILENO, err);
}

static bool open_effects(struct session *session, struct rebut_error *err)
{
    const struct rebut_stream_options *options = session->options;
    if (options->store != NULL ? !rebut_effects_store(&session->effects, options->store,
                                                      options->stream, err)
                               : !rebut_effects_output(&session->effects, STDOUT_FILENO,
                                                       options->letters, err))
        return false;
    return options->dead_topic == NULL ||
           rebut_effects_letters(&session->effects, options->kafka, options->dead_topic,
                                 options->stream, err);
}

static void close_all(struct session *session)
{
    if (session->feed != NULL)
        session->feed->close(session->feed);
    if (session->effects != NULL)
        session->effects->close(session->effects);
    rebut_stream_watch_close(session->watch);
    rebut_scorer_close(session->scorer);
    rebut_stream_night_close(session->night);
}

static void tell_end(const struct session *session)
{
    const struct rebut_scorer_counts *counts = rebut_scorer_counts(session->scorer);
    uint64_t refused = 0;
    for (int i = 0; i < REBUT_REFUSALS; i++)
        refused += counts->refused[i];
    rebut_log(&session->log, "info", "stopped",
              ",\"messages\":%" PRIu64 ",\"applied\":%" PRIu64 ",\"duplicates\":%" PRIu64
              ",\"refused\":%" PRIu64 ",\"conflicts\":%" PRIu64 ",\"orphans\":%" PRIu64
              ",\"too_late\":%" PRIu64 ",\"future\":%" PRIu64 ",\"scored\":%" PRIu64
              ",\"revised\":%" PRIu64 ",\"commits\":%" PRIu64,
              session->counts.messages,
              counts->became[REBUT_LIVE_APPLIED] + counts->became[REBUT_LIVE_REPLACED],
              counts->became[REBUT_LIVE_DUPLICATE], refused,
              counts->became[REBUT_LIVE_CONFLICT], counts->given_up,
              counts->became[REBUT_LIVE_TOO_LATE], counts->became[REBUT_LIVE_FUTURE],
              counts->scored, counts->revised, session->counts.commits);
}

/* A folder that cannot be is told before the first event, not at the first snapshot. */
static bool make_folder(const char *folder, struct rebut_error *err)
{
    if (folder == NULL || mkdir(folder, 0700) == 0 ||
        (errno == EEXIST && access(folder, W_OK | X_OK) == 0))
        return true;
    return rebut_fail(err, REBUT_EIO, "cannot keep state in '%s': %s", folder,
                      strerror(errno));
}

static bool stream(struct session *session, struct rebut_error *err)
{
    const struct rebut_stream_options *options = session->options;
    struct rebut_scorer_options scoring = options->scorer;
    scoring.log = &session->log;
    scoring.now_us = steady_us;
    scoring.remembers = options->store != NULL;
    if (!make_folder(scoring.folder, err))
        return false;
    if (options->listen != NULL &&
        !rebut_stream_watch_open(&session->watch, options->listen, &session->log,
                                 steady_us, err))
        return false;
    const struct rebut_stream_night_options night = {.night = options->night,
                                                     .model = options->model,
                                                     .nights = options->nights,
                                                     .store = options->store,
                                                     .log = &session->log};
    if (!rebut_stream_night_open(&session->night, &night, err) ||
        !rebut_scorer_open(&session->scorer, rebut_stream_night_now(session->night),
                           &scoring, err) ||
        !open_feed(session, err) || !open_effects(session, err))
        return false;
    const struct rebut_loop loop = {.feed = session->feed,
                                    .effects = session->effects,
                                    .handler = rebut_scorer_handler(session->scorer),
                                    .now_us = steady_us,
                                    .stop = &stop_asked,
                                    .log = &session->log,
                                    .tick = tick,
                                    .context = session,
                                    .counts = &session->counts,
                                    .idle_us = options->idle_us};
    publish(session);
    rebut_touch_start(); /* not before: a night is made in bulk */
    rebut_notify("READY=1");
    const bool ok = rebut_loop_run(&loop, err);
    rebut_touch_stop();
    rebut_notify("STOPPING=1");
    tell_end(session);
    return ok;
}

static int run(int argc, char **argv)
{
    struct rebut_stream_options options = {.stream = "rebut",
                                           .scorer = {.live = REBUT_LIVE_OPTIONS,
                                                      .language = REBUT_CHINESE,
                                                      .snapshot_us = 60 * REBUT_SECOND}};
    struct session session = {.options = &options};
    struct rebut_error err = {0};
    const int code = rebut_stream_read_line(argc, argv, &options);
    if (code >= 0)
        return code;
    if (options.from != REBUT_FROM_INPUT) /* recorded events may be of any time */
        options.scorer.clock_us = time_of_day_us;
    session.log = (struct rebut_log){options.quiet ? NULL : stderr, time_of_day_us};
    /* Large tables in pages of their own: they grow by moving pages, and do not stand
     * still to be copied. */
    mallopt(M_MMAP_THRESHOLD, 1 << 20);
    const struct sigaction stop = {.sa_handler = on_stop};
    const struct sigaction again = {.sa_handler = on_hangup};
    sigaction(SIGTERM, &stop, NULL);
    sigaction(SIGINT, &stop, NULL);
    sigaction(SIGHUP, &again, NULL);
    const bool ok = stream(&session, &err);
    close_all(&session);
    return ok ? 0 : rebut_command_failed(&rebut_command_stream, &err);
}

const struct rebut_command rebut_command_stream = {
    .name = "stream",
    .summary = "score requests as they are made",
    .usage_text = rebut_stream_usage,
    .run = run,
};
