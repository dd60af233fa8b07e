/* A worker as `rebut stream` is one, with a handler that counts
 * (tests/support/counting.h). What it is told to do at which message, so that a fault can
 * be put between handling and committing:
 *
 *     stream_worker --feed input|outbox|kafka --effects output|store [--store CONNINFO]
 *         [--stream NAME] [--worker NAME] [--folder DIR] [--kafka-config FILE]
 *         [--save-every N] [--kill-at N] [--pause-at N] [--lease-ms N] [--poll-ms N]
 *         [--idle-ms N]
 *         [--letters FILE] [--revision N] [--topic NAME]
 *
 * --kill-at: kills itself with SIGKILL after handling so many; --pause-at: stops itself.
 * --idle-ms: ends when nothing has come for so long. */
#include <getopt.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "counting.h"
#include "rebut/feeds.h"

static volatile sig_atomic_t stop;
static uint64_t kill_at, pause_at;

struct settings {
    const char *feed, *effects, *store, *stream, *worker, *folder, *kafka, *letters,
        *topic;
    uint64_t save_every, revision;
    int lease_ms, poll_ms;
    int64_t idle_ms;
};

static int64_t now_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static int64_t wall_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static void on_signal(int number)
{
    (void)number;
    stop = 1;
}

static void faults(struct counting *counting)
{
    if (kill_at > 0 && counting->handled >= kill_at)
        raise(SIGKILL);
    if (pause_at > 0 && counting->handled >= pause_at) {
        pause_at = 0;
        raise(SIGSTOP);
    }
}

/* Ends the loop when nothing has been handled for a while. */
struct idle {
    const struct counting *counting;
    uint64_t handled;
    int64_t since, most_us;
};

static bool tick(void *context, struct rebut_error *err)
{
    struct idle *idle = context;
    (void)err;
    if (idle->handled != idle->counting->handled || idle->since == 0) {
        idle->handled = idle->counting->handled;
        idle->since = now_us();
    } else if (idle->most_us > 0 && now_us() - idle->since > idle->most_us) {
        stop = 1;
    }
    return true;
}

static bool open_feed(struct rebut_feed **ret, const struct settings *settings,
                      const struct rebut_log *log, struct rebut_error *err)
{
    if (strcmp(settings->feed, "input") == 0)
        return rebut_feed_input(ret, STDIN_FILENO, err);
    if (strcmp(settings->feed, "outbox") == 0) {
        char worker[64];
        snprintf(worker, sizeof worker, "%ld-%" PRId64, (long)getpid(), wall_us());
        const struct rebut_outbox_options options = {
            .conninfo = settings->store,
            .stream = settings->stream,
            .worker = settings->worker == NULL ? worker : settings->worker,
            .now_us = now_us,
            .lease_ms = settings->lease_ms,
            .poll_ms = settings->poll_ms};
        return rebut_feed_outbox(ret, &options, err);
    }
    if (strcmp(settings->feed, "kafka") == 0) {
        const struct rebut_kafka_options options = {.config_path = settings->kafka,
                                                    .topic = settings->topic,
                                                    .group = settings->stream,
                                                    .log = log,
                                                    .now_us = now_us};
        return rebut_feed_kafka(ret, &options, err);
    }
    return rebut_fail(err, REBUT_EUSAGE, "no feed '%s'", settings->feed);
}

static int work(const struct settings *settings)
{
    struct rebut_error err = {0};
    struct counting counting;
    counting_init(&counting, settings->folder);
    counting.save_every = settings->save_every;
    counting.revision = (uint32_t)settings->revision;
    counting.before_commit = faults;
    struct idle idle = {.counting = &counting, .most_us = settings->idle_ms * 1000};
    const struct rebut_log log = {.to = stderr, .now_us = wall_us};
    struct rebut_loop_counts counts;
    struct rebut_loop loop = {.handler = &counting.handler,
                              .now_us = now_us,
                              .stop = &stop,
                              .log = &log,
                              .tick = tick,
                              .context = &idle,
                              .counts = &counts,
                              .reclaim_ms = 2000};
    bool ok =
        strcmp(settings->effects, "output") == 0
            ? rebut_effects_output(&loop.effects, STDOUT_FILENO, settings->letters, &err)
            : rebut_effects_store(&loop.effects, settings->store, settings->stream, &err);
    const int64_t begun = now_us();
    ok = ok && open_feed(&loop.feed, settings, &log, &err) && rebut_loop_run(&loop, &err);
    if (ok)
        rebut_log(&log, "info", "done",
                  ",\"messages\":%" PRIu64 ",\"commits\":%" PRIu64 ",\"fenced\":%" PRIu64
                  ",\"retries\":%" PRIu64 ",\"loads\":%" PRIu64 ",\"saves\":%" PRIu64
                  ",\"us\":%" PRId64 ",\"commit_us\":%" PRId64,
                  counts.messages, counts.commits, counts.fenced, counts.retries,
                  counting.loads, counting.saves, now_us() - begun, counts.commit_us);
    else
        rebut_log_error(&log, "failed", &err);
    if (loop.feed != NULL)
        loop.feed->close(loop.feed);
    if (loop.effects != NULL)
        loop.effects->close(loop.effects);
    counting_release(&counting);
    return rebut_exit_code(err.code);
}

int main(int argc, char **argv)
{
    static const struct option options[] = {
        {"feed", required_argument, NULL, 'f'},
        {"effects", required_argument, NULL, 'e'},
        {"store", required_argument, NULL, 's'},
        {"stream", required_argument, NULL, 'n'},
        {"worker", required_argument, NULL, 'w'},
        {"folder", required_argument, NULL, 'd'},
        {"kafka-config", required_argument, NULL, 'k'},
        {"save-every", required_argument, NULL, 'v'},
        {"kill-at", required_argument, NULL, 'K'},
        {"pause-at", required_argument, NULL, 'P'},
        {"lease-ms", required_argument, NULL, 'l'},
        {"poll-ms", required_argument, NULL, 'o'},
        {"idle-ms", required_argument, NULL, 'i'},
        {"letters", required_argument, NULL, 'L'},
        {"topic", required_argument, NULL, 't'},
        {"revision", required_argument, NULL, 'r'},
        {NULL, 0, NULL, 0}};
    struct settings settings = {.feed = "input", .effects = "output", .stream = "test"};
    int option;
    while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
        const uint64_t number = optarg == NULL ? 0 : strtoull(optarg, NULL, 10);
        switch (option) {
        case 'f':
            settings.feed = optarg;
            break;
        case 'e':
            settings.effects = optarg;
            break;
        case 's':
            settings.store = optarg;
            break;
        case 'n':
            settings.stream = optarg;
            break;
        case 'w':
            settings.worker = optarg;
            break;
        case 'd':
            settings.folder = optarg;
            break;
        case 'k':
            settings.kafka = optarg;
            break;
        case 't':
            settings.topic = optarg;
            break;
        case 'L':
            settings.letters = optarg;
            break;
        case 'r':
            settings.revision = number;
            break;
        case 'v':
            settings.save_every = number;
            break;
        case 'K':
            kill_at = number;
            break;
        case 'P':
            pause_at = number;
            break;
        case 'l':
            settings.lease_ms = (int)number;
            break;
        case 'o':
            settings.poll_ms = (int)number;
            break;
        case 'i':
            settings.idle_ms = (int64_t)number;
            break;
        default:
            return 2;
        }
    }
    signal(SIGPIPE, SIG_IGN);
    signal(SIGTERM, on_signal);
    return work(&settings);
}
