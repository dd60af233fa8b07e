/* rebut serve -- the reviewers' API and console. */
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "command.h"
#include "desk.h"
#include "rebut/console.h"
#include "rebut/server.h"
#include "rebut/time.h"

static const char usage_text[] =
    "usage: rebut serve [OPTIONS]\n"
    "\n"
    "Answers reviewers, merchants and other programs over HTTP from the database: the\n"
    "queue, cases, decisions, figures.  GET /v1/openapi.json says what may be asked; "
    "who\n"
    "may ask has a token of 'rebut token create'.  Prints its address when it is ready.\n"
    "SIGTERM and SIGINT: what has been accepted is finished, then it ends.\n"
    "\n"
    "  --listen WHERE    ADDRESS:PORT in figures, port 0 a free one, or unix:PATH for a\n"
    "                    proxy (default: 127.0.0.1:8080)\n"
    "  --tls-cert FILE   certificate and key as PEM; without them only a loopback\n"
    "  --tls-key FILE    address or a Unix socket is taken\n" REBUT_DESK_STORE_HELP
    "                    (default: the PG* environment)\n"
    "  --evidence DIR    packs that 'rebut evidence --forms json' has written there\n"
    "  --night FILE      the state of a night (--keep), for POST /v1/score and packs, "
    "and\n"
    "  --model FILE      its model; both taken up anew on SIGHUP\n"
    "  --key-dir DIR     keys of 'rebut keygen', for buyers' pseudonyms in such packs\n"
    "  --threads N       requests answered at once, each with a connection (4)\n"
    "  --rate N          requests a second of one token or address (50)\n"
    "  --burst N         and how many at once before that counts (200)\n"
    "  --read-audit WHEN 'durable': that somebody read a score is on disk before the\n"
    "                    answer; 'soon': within 0.6 s, several times as fast (soon)\n"
    "  --timeout SECONDS how long one request may take from its first to its last byte "
    "(60)\n"
    "  --drain SECONDS   how long requests may take to finish at the end (30)\n"
    "\n"
    "Needs a login in rebut_server.  Logs a JSON line a request on standard error: "
    "route,\n"
    "status, time, id; never what was asked about.\n"
    "Example: rebut serve --listen unix:/run/rebut/serve.sock --store service=rebut\n";

enum {
    OPTION_LISTEN = 256,
    OPTION_CERT,
    OPTION_KEY,
    OPTION_STORE,
    OPTION_EVIDENCE,
    OPTION_THREADS,
    OPTION_RATE,
    OPTION_BURST,
    OPTION_TIMEOUT,
    OPTION_DRAIN,
    OPTION_READS,
    OPTION_NIGHT,
    OPTION_MODEL,
    OPTION_KEYS,
    OPTION_HELP
};

static const struct option long_options[] = {
    {"listen", required_argument, NULL, OPTION_LISTEN},
    {"tls-cert", required_argument, NULL, OPTION_CERT},
    {"tls-key", required_argument, NULL, OPTION_KEY},
    {"store", required_argument, NULL, OPTION_STORE},
    {"evidence", required_argument, NULL, OPTION_EVIDENCE},
    {"threads", required_argument, NULL, OPTION_THREADS},
    {"rate", required_argument, NULL, OPTION_RATE},
    {"burst", required_argument, NULL, OPTION_BURST},
    {"timeout", required_argument, NULL, OPTION_TIMEOUT},
    {"drain", required_argument, NULL, OPTION_DRAIN},
    {"read-audit", required_argument, NULL, OPTION_READS},
    {"night", required_argument, NULL, OPTION_NIGHT},
    {"model", required_argument, NULL, OPTION_MODEL},
    {"key-dir", required_argument, NULL, OPTION_KEYS},
    {"help", no_argument, NULL, OPTION_HELP},
    {NULL, 0, NULL, 0}};

static int64_t wall_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * REBUT_SECOND + now.tv_nsec / 1000;
}

static int64_t steady_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * REBUT_SECOND + now.tv_nsec / 1000;
}

static bool take_count(const char *name, const char *value, int64_t most, int *ret,
                       struct rebut_error *err)
{
    if (!rebut_desk_count(name, value, most, err))
        return false;
    *ret = (int)strtol(value, NULL, 10);
    return true;
}

static bool take(struct rebut_server_options *options, int letter,
                 struct rebut_error *err)
{
    switch (letter) {
    case OPTION_LISTEN:
        options->listen = optarg;
        return true;
    case OPTION_CERT:
        options->tls_cert = optarg;
        return true;
    case OPTION_KEY:
        options->tls_key = optarg;
        return true;
    case OPTION_STORE:
        options->conninfo = optarg;
        return true;
    case OPTION_EVIDENCE:
        options->evidence = optarg;
        return true;
    case OPTION_THREADS:
        return take_count("threads", optarg, 256, &options->threads, err);
    case OPTION_RATE:
        return take_count("rate", optarg, 1000000, &options->rate_second, err);
    case OPTION_BURST:
        return take_count("burst", optarg, 1000000, &options->rate_burst, err);
    case OPTION_TIMEOUT:
        return take_count("timeout", optarg, 3600, &options->request_seconds, err);
    case OPTION_NIGHT:
        options->night = optarg;
        return true;
    case OPTION_KEYS:
        options->key_dir = optarg;
        return true;
    case OPTION_MODEL:
        options->model = optarg;
        return true;
    case OPTION_READS:
        options->durable_reads = strcmp(optarg, "durable") == 0;
        return options->durable_reads || strcmp(optarg, "soon") == 0 ||
               rebut_fail(err, REBUT_EUSAGE,
                          "option '--read-audit' needs 'soon' or 'durable', not '%.40s'",
                          optarg);
    default:
        return take_count("drain", optarg, 3600, &options->drain_seconds, err);
    }
}

static void take_up(struct rebut_server *server, const struct rebut_log *log)
{
    struct rebut_error err = {0};
    if (!rebut_server_take_up(server, &err))
        rebut_log_error(log, "night", &err); /* the one before stays */
}

/* Threads that the server starts inherit the mask, so that only this one is told. */
static int serve(struct rebut_server_options *options)
{
    const struct rebut_log log = {.to = stderr, .now_us = wall_us};
    struct rebut_error err = {0};
    struct rebut_server *server = NULL;
    sigset_t ends;
    int caught = 0;
    sigemptyset(&ends);
    sigaddset(&ends, SIGTERM);
    sigaddset(&ends, SIGINT);
    sigaddset(&ends, SIGHUP);
    pthread_sigmask(SIG_BLOCK, &ends, NULL);
    setenv("PGCONNECT_TIMEOUT", "5", 0); /* a database that hangs holds up a thread */
    options->log = &log;
    options->now_us = steady_us;
    if (!rebut_server_start(&server, options, &err))
        return rebut_command_failed(&rebut_command_serve, &err);
    printf("%s\n", rebut_server_address(server));
    const int told = rebut_command_done(&rebut_command_serve);
    rebut_log(&log, "info", "listening", "%s", "");
    while (told == 0 && sigwait(&ends, &caught) == 0 && caught == SIGHUP)
        take_up(server, &log);
    rebut_log(&log, "info", "ending", "%s", "");
    const bool whole = rebut_server_stop(server);
    rebut_log(&log, whole ? "info" : "error", "ended", "%s", "");
    return told != 0 ? told : whole ? 0 : 1;
}

static int run(int argc, char **argv)
{
    struct rebut_server_options options = {.listen = "127.0.0.1:8080",
                                           .files = rebut_console_files};
    struct rebut_error err = {0};
    int letter = 0;
    while ((letter = getopt_long(argc, argv, "", long_options, NULL)) != -1) {
        if (letter == OPTION_HELP)
            return rebut_command_help(&rebut_command_serve);
        if (letter == '?')
            return 2;
        if (!take(&options, letter, &err))
            return rebut_command_usage(&rebut_command_serve, "%s", err.message);
    }
    if (optind < argc)
        return rebut_command_usage(&rebut_command_serve, "unexpected argument '%.40s'",
                                   argv[optind]);
    if ((options.night == NULL) != (options.model == NULL))
        return rebut_command_usage(&rebut_command_serve,
                                   "expected --night and --model together");
    return serve(&options);
}

const struct rebut_command rebut_command_serve = {
    .name = "serve",
    .summary = "the reviewers' API over HTTP from the database",
    .usage_text = usage_text,
    .run = run,
};
