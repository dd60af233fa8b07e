/* rebut nightly -- a platform's PostgreSQL read, scored and written back. */
#include <getopt.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "command.h"
#include "queue_plan.h"
#include "rebut/nightly.h"

static const char usage_text[] =
    "usage: rebut nightly [OPTIONS]\n"
    "\n"
    "Reads a platform's events from PostgreSQL, fits the model, scores every "
    "refund-only\n"
    "request and draws the reviewers' queue.  Model, scores, queue and the record of "
    "the\n"
    "run appear in one transaction, or not at all.  'rebut migrate' makes the schema.\n"
    "\n"
    "  --store CONNINFO     libpq's (default: the PG* environment)\n"
    "  --source-schema NAME where the events' tables or views are (rebut)\n"
    "  --state FILE         what was known after the last run; with it only new rows "
    "are\n"
    "                       read.  Made when it is not there; holds buyers' ids\n"
    "  --as-of TIME         use events up to TIME only (default: the last event)\n"
    "  --since TIME         score requests made at TIME or later (default: all)\n"
    "  --model MODEL        'champion' (the one in use), an id of rebut.models or a\n"
    "                       file's path (default: fit one)\n"
    "  --again              score also what this model has scored as of another time\n"
    "  --resume             as of the time of the last run, which did not end\n"
    "  --keep DIR           keep the night in DIR and announce it to 'rebut stream\n"
    "                       --nights'; the three newest stay\n"
    "  --night-only         with --keep: no scores and no queue, only a fresher night,\n"
    "                       with the model in use (or --model ID); for every hour\n"
    "  --dry-run            do all but write\n"
    "  --fdr SHARE, --budget N, --random SHARE, --seed N, --even WHOM\n"
    "                       the queue's plan; see 'rebut queue --help'\n"
    "  --lang LANG          language of the reasons: zh (default) or en\n"
    "  --rejects FILE       rows set aside, with the reason; holds buyers' data\n"
    "  --metrics FILE       the run's figures for Prometheus' textfile collector\n"
    "  --quiet              no log lines\n"
    "\n"
    "What this model has scored before is not scored again, so a run after a run writes\n"
    "nothing.  One run at a time: a second one is told who is at work (exit code 75).\n"
    "SIGINT and SIGTERM end it at the next safe point, at most 10 s later.  Log lines\n"
    "are JSON, on stderr, without buyers' data.\n"
    "A score is not a verdict: a person decides.\n"
    "Example: rebut nightly --store service=rebut --state /var/lib/rebut/state\n";

/* So long a run that was told to end may take; then it leaves at once. */
#define STOP_PATIENCE_S 10

enum {
    OPTION_STORE = 256,
    OPTION_SCHEMA,
    OPTION_STATE,
    OPTION_AS_OF,
    OPTION_SINCE,
    OPTION_MODEL,
    OPTION_AGAIN,
    OPTION_RESUME,
    OPTION_DRY_RUN,
    OPTION_KEEP,
    OPTION_NIGHT_ONLY,
    OPTION_LANG,
    OPTION_REJECTS,
    OPTION_METRICS,
    OPTION_QUIET,
    OPTION_HELP
};

static const struct option long_options[] = {
    {"store", required_argument, NULL, OPTION_STORE},
    {"source-schema", required_argument, NULL, OPTION_SCHEMA},
    {"state", required_argument, NULL, OPTION_STATE},
    {"as-of", required_argument, NULL, OPTION_AS_OF},
    {"since", required_argument, NULL, OPTION_SINCE},
    {"model", required_argument, NULL, OPTION_MODEL},
    {"again", no_argument, NULL, OPTION_AGAIN},
    {"resume", no_argument, NULL, OPTION_RESUME},
    {"keep", required_argument, NULL, OPTION_KEEP},
    {"night-only", no_argument, NULL, OPTION_NIGHT_ONLY},
    {"dry-run", no_argument, NULL, OPTION_DRY_RUN},
    REBUT_QUEUE_LONG_OPTIONS,
    {"lang", required_argument, NULL, OPTION_LANG},
    {"rejects", required_argument, NULL, OPTION_REJECTS},
    {"metrics", required_argument, NULL, OPTION_METRICS},
    {"quiet", no_argument, NULL, OPTION_QUIET},
    {"help", no_argument, NULL, OPTION_HELP},
    {NULL, 0, NULL, 0}};

/* What the command line says. */
struct line {
    struct rebut_nightly_job job;
    struct rebut_queue_wish wish;
    const char *metrics;
    bool quiet;
};

/* Signal handlers have no argument. */
static struct rebut_nightly_hand hand;

/* What the server has of it, it rolls back; the run's record will say `abandoned`. */
static void leave_at_once(void)
{
    static const char line[] =
        "{\"level\":\"error\",\"event\":\"run_failed\",\"exit_code\":75,\"message\":"
        "\"stopped by a signal, without waiting for the server\"}\n";
    (void)!write(STDERR_FILENO, line, sizeof line - 1);
    _exit(75);
}

static void on_signal(int number)
{
    if (number == SIGALRM || hand.connecting)
        leave_at_once();
    if (!hand.stop)
        alarm(STOP_PATIENCE_S);
    rebut_nightly_stop(&hand);
}

static void catch_signals(void)
{
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_RESTART};
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGALRM, &action, NULL);
}

static int64_t read_clock(clockid_t which)
{
    struct timespec now;
    clock_gettime(which, &now);
    return (int64_t)now.tv_sec * REBUT_SECOND + now.tv_nsec / 1000;
}

static int64_t clock_us(void)
{
    return read_clock(CLOCK_MONOTONIC);
}

static int64_t now_us(void)
{
    return read_clock(CLOCK_REALTIME);
}

static bool take_switch(struct line *line, int letter)
{
    switch (letter) {
    case OPTION_AGAIN:
        return line->job.again = true;
    case OPTION_RESUME:
        return line->job.resume = true;
    case OPTION_NIGHT_ONLY:
        return line->job.night_only = true;
    case OPTION_DRY_RUN:
        return line->job.dry_run = true;
    case OPTION_QUIET:
        return line->quiet = true;
    default:
        return false;
    }
}

static bool take(struct line *line, int letter, const char *value,
                 struct rebut_error *err)
{
    switch (letter) {
    case OPTION_STORE:
        line->job.conninfo = value;
        return true;
    case OPTION_SCHEMA:
        line->job.source_schema = value;
        return true;
    case OPTION_STATE:
        line->job.state_path = value;
        return true;
    case OPTION_AS_OF:
        return rebut_time_parse_argument(value, &line->job.as_of, err);
    case OPTION_SINCE:
        return rebut_time_parse_argument(value, &line->job.since, err);
    case OPTION_MODEL:
        line->job.model = value;
        return true;
    case OPTION_LANG:
        return rebut_language_parse(value, &line->job.language) ||
               rebut_fail(err, REBUT_EUSAGE, "expected --lang zh or en, got '%.20s'",
                          value);
    case OPTION_KEEP:
        line->job.keep_folder = value;
        return true;
    case OPTION_REJECTS:
        line->job.rejects_path = value;
        return true;
    case OPTION_METRICS:
        line->metrics = value;
        return true;
    default:
        return take_switch(line, letter) ||
               rebut_queue_option(&line->wish, letter, value, err);
    }
}

static int read_night_only(struct line *line)
{
    struct rebut_nightly_job *job = &line->job;
    if (!job->night_only)
        return -1;
    if (job->keep_folder == NULL || job->dry_run || job->resume || job->again)
        return rebut_command_usage(&rebut_command_nightly,
                                   "--night-only needs --keep DIR, and no --dry-run, "
                                   "--resume, --again");
    if (job->model == NULL)
        job->model = "champion";
    if (strchr(job->model, '/') != NULL || strstr(job->model, ".json") != NULL)
        return rebut_command_usage(&rebut_command_nightly,
                                   "expected a model of rebut.models with --night-only, "
                                   "got a file");
    return -1;
}

/* -1 to go on, or the exit code. */
static int read_line(int argc, char **argv, struct line *line)
{
    struct rebut_error err = {0};
    int letter = 0;
    while ((letter = getopt_long(argc, argv, "", long_options, NULL)) != -1) {
        if (letter == OPTION_HELP)
            return rebut_command_help(&rebut_command_nightly);
        if (letter == '?')
            return 2;
        if (!take(line, letter, optarg, &err))
            return rebut_command_usage(&rebut_command_nightly, "%s", err.message);
    }
    if (optind < argc)
        return rebut_command_usage(&rebut_command_nightly, "unexpected argument '%.40s'",
                                   argv[optind]);
    if (line->job.resume && (line->job.as_of != REBUT_TIME_MAX ||
                             line->job.since != INT64_MIN || line->job.dry_run))
        return rebut_command_usage(&rebut_command_nightly,
                                   "--resume takes its times from the run before: no "
                                   "--as-of, --since, --dry-run");
    return read_night_only(line);
}

static void tell(const struct rebut_log *log, const char *event,
                 const struct rebut_error *err)
{
    if (log->to == NULL)
        (void)rebut_command_failed(&rebut_command_nightly, err);
    else
        rebut_log_error(log, event, err);
}

static int run(int argc, char **argv)
{
    struct line line = {.job = {.as_of = REBUT_TIME_MAX,
                                .since = INT64_MIN,
                                .clock_us = clock_us,
                                .hand = &hand},
                        .wish = REBUT_QUEUE_WISH};
    struct rebut_nightly_report report;
    struct rebut_error err = {0};
    const int code = read_line(argc, argv, &line);
    if (code >= 0)
        return code;
    /* A line in one piece, whatever becomes of us. */
    static char line_buffer[4096];
    setvbuf(stderr, line_buffer, _IOLBF, sizeof line_buffer);
    const struct rebut_log log = {line.quiet ? NULL : stderr, now_us};
    struct rebut_progress progress;
    rebut_progress_init(&progress, line.quiet || !isatty(STDERR_FILENO) ? NULL : stderr,
                        "nightly", clock_us);
    line.job.log = &log;
    line.job.progress = &progress;
    line.job.plan = line.wish.plan;
    line.job.seeded = line.wish.seeded;
    catch_signals();
    const bool ok = rebut_nightly(&line.job, &report, &err);
    if (!ok)
        tell(&log, "run_failed", &err);
    struct rebut_error of_metrics = {0};
    if (line.metrics != NULL &&
        !rebut_nightly_metrics(&report, ok, now_us(), line.metrics, &of_metrics))
        tell(&log, "metrics_not_written", &of_metrics);
    return rebut_exit_code(ok ? of_metrics.code : err.code);
}

const struct rebut_command rebut_command_nightly = {
    .name = "nightly",
    .summary = "read events from PostgreSQL, score, and write the results back",
    .usage_text = usage_text,
    .run = run,
};
