/* rebut stream -- score requests as they are made. */
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "command.h"
#include "notify.h"
#include "rebut/effects.h"
#include "rebut/feeds.h"
#include "rebut/scorer.h"
#include "stream_watch.h"

static const char usage_text[] =
    "usage: rebut stream --model FILE --night FILE [OPTIONS]\n"
    "\n"
    "Takes events as they happen and gives a score for each refund-only request, as of\n"
    "its own time: the buyer's facts up to then, against what the last night knew of\n"
    "everybody else.  An event that comes late gives a new revision of the scores that "
    "it\n"
    "changes; the last one depends on no order.\n"
    "\n"
    "  --model FILE        a model written by 'rebut fit'\n"
    "  --night FILE        the state that 'rebut nightly --state' or 'rebut score "
    "--keep'\n"
    "                      has kept; taken up anew, with the model, on SIGHUP.  Scored\n"
    "                      once: FILE.image is written, and used from then on\n"
    "  --state DIR         keep what is known here, to go on from after a stop; holds\n"
    "                      buyers' ids\n"
    "  --from WHERE        input (default: NDJSON on standard input), outbox (a table "
    "of\n"
    "                      the store) or kafka\n"
    "  --kafka-config FILE librdkafka's properties, key=value a line "
    "(bootstrap.servers)\n"
    "  --topic NAME        of Kafka, its messages keyed by buyer\n"
    "  --group NAME        of consumers that share the topic (rebut)\n"
    "  --store CONNINFO    libpq's: scores, dead letters and positions go to PostgreSQL, "
    "in\n"
    "                      one transaction (default: scores to standard output, each "
    "with\n"
    "                      its position, at least once); needed for outbox and kafka\n"
    "  --stream NAME       whose positions they are (rebut)\n"
    "  --lateness TIME     how far behind the newest an event may be (24h)\n"
    "  --wait TIME         hold a score back until events so much newer have come (0s):\n"
    "                      fewer revisions where events come in disorder\n"
    "  --idle TIME         after so long without an event what is held back is given "
    "(5s)\n"
    "  --snapshot-every TIME  (60s)\n"
    "  --listen ADDRESS    answer /healthz, /readyz and /metrics there: 127.0.0.1:9100\n"
    "  --dead-letters FILE lines set aside, with the reason; holds buyers' data\n"
    "  --lang LANG         language of the sentences: zh (default) or en\n"
    "  --quiet             no log lines\n"
    "\n"
    "Times have a unit: 500ms, 30s, 10m, 24h, 2d.\n"
    "SIGTERM and SIGINT: the batch is finished, committed and kept, then exit 0.\n"
    "A score is not a verdict: a person decides.\n"
    "Example: rebut stream --model model.json --night state --state live "
    "<events.ndjson\n";

enum {
    OPTION_MODEL = 256,
    OPTION_NIGHT,
    OPTION_STATE,
    OPTION_FROM,
    OPTION_KAFKA,
    OPTION_TOPIC,
    OPTION_GROUP,
    OPTION_STORE,
    OPTION_STREAM,
    OPTION_LATENESS,
    OPTION_WAIT,
    OPTION_IDLE,
    OPTION_SNAPSHOT,
    OPTION_LISTEN,
    OPTION_LETTERS,
    OPTION_LANG,
    OPTION_QUIET,
    OPTION_HELP
};

static const struct option long_options[] = {
    {"model", required_argument, NULL, OPTION_MODEL},
    {"night", required_argument, NULL, OPTION_NIGHT},
    {"state", required_argument, NULL, OPTION_STATE},
    {"from", required_argument, NULL, OPTION_FROM},
    {"kafka-config", required_argument, NULL, OPTION_KAFKA},
    {"topic", required_argument, NULL, OPTION_TOPIC},
    {"group", required_argument, NULL, OPTION_GROUP},
    {"store", required_argument, NULL, OPTION_STORE},
    {"stream", required_argument, NULL, OPTION_STREAM},
    {"lateness", required_argument, NULL, OPTION_LATENESS},
    {"wait", required_argument, NULL, OPTION_WAIT},
    {"idle", required_argument, NULL, OPTION_IDLE},
    {"snapshot-every", required_argument, NULL, OPTION_SNAPSHOT},
    {"listen", required_argument, NULL, OPTION_LISTEN},
    {"dead-letters", required_argument, NULL, OPTION_LETTERS},
    {"lang", required_argument, NULL, OPTION_LANG},
    {"quiet", no_argument, NULL, OPTION_QUIET},
    {"help", no_argument, NULL, OPTION_HELP},
    {NULL, 0, NULL, 0}};

struct stream_options {
    const char *model, *night, *store, *stream, *letters, *listen;
    const char *kafka, *topic, *group;
    enum { FROM_INPUT, FROM_OUTBOX, FROM_KAFKA } from;
    int64_t idle_us;
    bool quiet;
    struct rebut_scorer_options scorer;
};

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

/* "30s" as microseconds. */
static bool take_duration(const char *option, const char *text, int64_t *ret,
                          struct rebut_error *err)
{
    static const struct {
        const char *name;
        int64_t us;
    } units[] = {{"ms", 1000},
                 {"s", REBUT_SECOND},
                 {"m", 60 * REBUT_SECOND},
                 {"h", 3600 * REBUT_SECOND},
                 {"d", REBUT_DAY}};
    char *end = NULL;
    errno = 0;
    const long long number = strtoll(text, &end, 10);
    for (size_t i = 0; errno == 0 && end != text && i < sizeof units / sizeof *units; i++)
        if (strcmp(end, units[i].name) == 0 && number >= 0 &&
            number <= 3650 * (REBUT_DAY / units[i].us)) {
            *ret = number * units[i].us;
            return true;
        }
    return rebut_fail(err, REBUT_EUSAGE,
                      "expected --%s with a unit (500ms, 30s, 10m, 24h, 2d; ten years at "
                      "most), got '%.20s'",
                      option, text);
}

static bool take_from(struct stream_options *options, const char *value,
                      struct rebut_error *err)
{
    static const char *const words[] = {"input", "outbox", "kafka"};
    for (int i = FROM_INPUT; i <= FROM_KAFKA; i++)
        if (strcmp(value, words[i]) == 0) {
            options->from = i;
            return true;
        }
    return rebut_fail(err, REBUT_EUSAGE,
                      "expected '--from input', '--from outbox' or '--from kafka', got "
                      "'%.20s'",
                      value);
}

static bool take_option(struct stream_options *options, int letter, const char *value,
                        struct rebut_error *err)
{
    switch (letter) {
    case OPTION_MODEL:
        options->model = value;
        return true;
    case OPTION_NIGHT:
        options->night = value;
        return true;
    case OPTION_STATE:
        options->scorer.folder = value;
        return true;
    case OPTION_STORE:
        options->store = value;
        return true;
    case OPTION_STREAM:
        options->stream = value;
        return true;
    case OPTION_LETTERS:
        options->letters = value;
        return true;
    case OPTION_LISTEN:
        options->listen = value;
        return true;
    case OPTION_QUIET:
        options->quiet = true;
        return true;
    case OPTION_LATENESS:
        return take_duration("lateness", value, &options->scorer.live.lateness_us, err);
    case OPTION_WAIT:
        return take_duration("wait", value, &options->scorer.live.wait_us, err);
    case OPTION_IDLE:
        if (!take_duration("idle", value, &options->idle_us, err))
            return false;
        options->idle_us +=
            options->idle_us == 0; /* at once: the loop's 0 is its default */
        return true;
    case OPTION_SNAPSHOT:
        return take_duration("snapshot-every", value, &options->scorer.snapshot_us, err);
    case OPTION_LANG:
        return rebut_language_parse(value, &options->scorer.language) ||
               rebut_fail(err, REBUT_EUSAGE,
                          "expected '--lang zh' or '--lang en', got '%.20s'", value);
    case OPTION_KAFKA:
        options->kafka = value;
        return true;
    case OPTION_TOPIC:
        options->topic = value;
        return true;
    case OPTION_GROUP:
        options->group = value;
        return true;
    default:
        return take_from(options, value, err);
    }
}

/* Everything that is open while the stream runs. */
struct session {
    const struct stream_options *options;
    struct rebut_tonight nights[2]; /* the one in use, and room for the next */
    int tonight;
    struct rebut_scorer *scorer;
    struct rebut_feed *feed;
    struct rebut_effects *effects;
    struct rebut_log log;
    struct rebut_loop_counts counts;
    struct rebut_stream_watch *watch; /* NULL: nobody watches */
    int64_t published_at;
};

static void tell_night(const struct session *session)
{
    const struct rebut_tonight *tonight = &session->nights[session->tonight];
    char as_of[REBUT_TIME_SIZE];
    rebut_time_format(tonight->as_of, 0, as_of);
    rebut_log(&session->log, "info", "night",
              ",\"as_of\":\"%s\",\"model\":\"%s\",\"orders\":%" PRIu32
              ",\"requests\":%" PRIu32 ",\"mapped\":%s",
              as_of, tonight->model.version, tonight->state.orders.count,
              tonight->state.requests.count,
              tonight->image.base != NULL ? "true" : "false");
    if (tonight->image_damage[0] != '\0') {
        struct rebut_error damage = {0};
        (void)rebut_fail(&damage, REBUT_EDATA, "%s", tonight->image_damage);
        rebut_log_error(&session->log, "night_image", &damage);
    }
    if (tonight->damage[0] != '\0') {
        struct rebut_error damage = {0};
        (void)rebut_fail(&damage, REBUT_EDATA, "%s", tonight->damage);
        rebut_log_error(&session->log, "night_fell_back", &damage);
    }
}

/* Another night and model: read whole before the old ones go.  One that cannot be read is
 * told, and the old ones stay. */
static bool take_up(struct session *session, struct rebut_error *err)
{
    const struct stream_options *options = session->options;
    struct rebut_tonight *next = &session->nights[!session->tonight];
    struct rebut_error why = {0};
    if (!rebut_tonight_open(next, options->night, options->model, &why)) {
        rebut_log_error(&session->log, "night_not_taken_up", &why);
        return true;
    }
    if (!rebut_scorer_take_up(session->scorer, next, err))
        return false;
    rebut_tonight_close(&session->nights[session->tonight]);
    session->tonight = !session->tonight;
    tell_night(session);
    return true;
}

/* Figures and the sign of life are as old as this at most, while the stream is at work.
 */
#define PUBLISH_US (REBUT_SECOND / 2)

static void publish(const struct session *session)
{
    if (session->watch != NULL)
        rebut_stream_watch_publish(session->watch, &session->counts, session->scorer,
                                   session->nights[session->tonight].as_of);
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
    if (!again_asked)
        return true;
    again_asked = 0;
    return take_up(session, err);
}

static bool open_feed(struct session *session, struct rebut_error *err)
{
    const struct stream_options *options = session->options;
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
    return options->from == FROM_OUTBOX ? rebut_feed_outbox(&session->feed, &outbox, err)
           : options->from == FROM_KAFKA
               ? rebut_feed_kafka(&session->feed, &kafka, err)
               : rebut_feed_input(&session->feed, STDIN_FILENO, err);
}

static bool open_effects(struct session *session, struct rebut_error *err)
{
    const struct stream_options *options = session->options;
    return options->store != NULL ? rebut_effects_store(&session->effects, options->store,
                                                        options->stream, err)
                                  : rebut_effects_output(&session->effects, STDOUT_FILENO,
                                                         options->letters, err);
}

static void close_all(struct session *session)
{
    if (session->feed != NULL)
        session->feed->close(session->feed);
    if (session->effects != NULL)
        session->effects->close(session->effects);
    rebut_stream_watch_close(session->watch);
    rebut_scorer_close(session->scorer);
    rebut_tonight_close(&session->nights[0]);
    rebut_tonight_close(&session->nights[1]);
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

static bool stream(struct session *session, struct rebut_error *err)
{
    const struct stream_options *options = session->options;
    struct rebut_scorer_options scoring = options->scorer;
    scoring.log = &session->log;
    scoring.now_us = steady_us;
    scoring.remembers = options->store != NULL;
    if (options->listen != NULL &&
        !rebut_stream_watch_open(&session->watch, options->listen, &session->log,
                                 steady_us, err))
        return false;
    if (!rebut_tonight_open(&session->nights[0], options->night, options->model, err))
        return false;
    tell_night(session);
    if (!rebut_scorer_open(&session->scorer, &session->nights[0], &scoring, err) ||
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
    rebut_notify("READY=1");
    const bool ok = rebut_loop_run(&loop, err);
    rebut_notify("STOPPING=1");
    tell_end(session);
    return ok;
}

static int read_line(int argc, char **argv, struct stream_options *options)
{
    struct rebut_error err = {0};
    int letter = 0;
    while ((letter = getopt_long(argc, argv, "", long_options, NULL)) != -1) {
        if (letter == OPTION_HELP)
            return rebut_command_help(&rebut_command_stream);
        if (letter == '?')
            return 2;
        if (!take_option(options, letter, optarg, &err))
            return rebut_command_usage(&rebut_command_stream, "%s", err.message);
    }
    if (optind < argc)
        return rebut_command_usage(&rebut_command_stream, "unexpected argument '%.40s'",
                                   argv[optind]);
    if (options->model == NULL || options->night == NULL)
        return rebut_command_usage(&rebut_command_stream,
                                   "expected --model FILE and --night FILE");
    if (options->from != FROM_INPUT && options->store == NULL)
        return rebut_command_usage(&rebut_command_stream,
                                   "expected --store with --from outbox or kafka");
    if (options->from == FROM_KAFKA && (options->kafka == NULL || options->topic == NULL))
        return rebut_command_usage(
            &rebut_command_stream,
            "expected --kafka-config FILE and --topic NAME with --from kafka");
    if (options->letters != NULL && options->store != NULL)
        return rebut_command_usage(
            &rebut_command_stream,
            "expected --dead-letters or --store, not both: with a store dead letters go "
            "to its table");
    return -1;
}

static int run(int argc, char **argv)
{
    struct stream_options options = {.stream = "rebut",
                                     .scorer = {.live = REBUT_LIVE_OPTIONS,
                                                .language = REBUT_CHINESE,
                                                .snapshot_us = 60 * REBUT_SECOND}};
    struct session session = {.options = &options};
    struct rebut_error err = {0};
    const int code = read_line(argc, argv, &options);
    if (code >= 0)
        return code;
    if (options.from != FROM_INPUT) /* recorded events may be of any time */
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
    .usage_text = usage_text,
    .run = run,
};
