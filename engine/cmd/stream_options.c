/* What the command line of 'rebut stream' says. */
#include "stream_options.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"

const char rebut_stream_usage[] =
    "usage: rebut stream --model FILE --night FILE [OPTIONS]\n"
    "       rebut stream --store CONNINFO --nights DIR [OPTIONS]\n"
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
    "  --nights DIR        instead of both: the newest night that 'rebut nightly "
    "--keep' has\n"
    "                      announced in the store; a newer one is taken up when it is "
    "there,\n"
    "                      and one withdrawn (removed_at) is left\n"
    "  --state DIR         keep what is known here, to go on from after a stop (made if "
    "it\n"
    "                      is not there); holds buyers' ids\n"
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
    "  --dead-letters WHERE  lines set aside, with the reason: a file; or kafka:TOPIC, "
    "by\n"
    "                      --kafka-config, there before positions are committed, the\n"
    "                      reason in headers; hold buyers' data (default with --store:\n"
    "                      its table)\n"
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
    OPTION_NIGHTS,
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
    {"nights", required_argument, NULL, OPTION_NIGHTS},
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

static bool take_from(struct rebut_stream_options *options, const char *value,
                      struct rebut_error *err)
{
    static const char *const words[] = {"input", "outbox", "kafka"};
    for (int i = REBUT_FROM_INPUT; i <= REBUT_FROM_KAFKA; i++)
        if (strcmp(value, words[i]) == 0) {
            options->from = i;
            return true;
        }
    return rebut_fail(err, REBUT_EUSAGE,
                      "expected '--from input', '--from outbox' or '--from kafka', got "
                      "'%.20s'",
                      value);
}

/* The member that holds an option's word; NULL: it is no mere word. */
static const char **word_of(struct rebut_stream_options *options, int letter)
{
    switch (letter) {
    case OPTION_MODEL:
        return &options->model;
    case OPTION_NIGHT:
        return &options->night;
    case OPTION_NIGHTS:
        return &options->nights;
    case OPTION_STATE:
        return &options->scorer.folder;
    case OPTION_STORE:
        return &options->store;
    case OPTION_STREAM:
        return &options->stream;
    case OPTION_LISTEN:
        return &options->listen;
    case OPTION_KAFKA:
        return &options->kafka;
    case OPTION_TOPIC:
        return &options->topic;
    case OPTION_GROUP:
        return &options->group;
    default:
        return NULL;
    }
}

/* The same for times; *ret_name is the option's. */
static int64_t *time_of(struct rebut_stream_options *options, int letter,
                        const char **ret_name)
{
    switch (letter) {
    case OPTION_LATENESS:
        *ret_name = "lateness";
        return &options->scorer.live.lateness_us;
    case OPTION_WAIT:
        *ret_name = "wait";
        return &options->scorer.live.wait_us;
    case OPTION_IDLE:
        *ret_name = "idle";
        return &options->idle_us;
    case OPTION_SNAPSHOT:
        *ret_name = "snapshot-every";
        return &options->scorer.snapshot_us;
    default:
        return NULL;
    }
}

static bool take_option(struct rebut_stream_options *options, int letter,
                        const char *value, struct rebut_error *err)
{
    const char **word = word_of(options, letter), *name = NULL;
    int64_t *time = time_of(options, letter, &name);
    if (word != NULL) {
        *word = value;
        return true;
    }
    if (time != NULL) {
        if (!take_duration(name, value, time, err))
            return false;
        if (letter == OPTION_IDLE &&
            *time == 0) /* at once: the loop's 0 is its default */
            *time = 1;
        return true;
    }
    switch (letter) {
    case OPTION_LETTERS:
        if (strncmp(value, "kafka:", 6) == 0)
            options->dead_topic = value + 6;
        else
            options->letters = value;
        return true;
    case OPTION_QUIET:
        options->quiet = true;
        return true;
    case OPTION_LANG:
        return rebut_language_parse(value, &options->scorer.language) ||
               rebut_fail(err, REBUT_EUSAGE,
                          "expected '--lang zh' or '--lang en', got '%.20s'", value);
    default:
        return take_from(options, value, err);
    }
}

/* What is missing, or does not go together; NULL: nothing. */
static const char *fault_of(const struct rebut_stream_options *options)
{
    if (options->nights != NULL
            ? options->model != NULL || options->night != NULL || options->store == NULL
            : options->model == NULL || options->night == NULL)
        return "expected --model FILE and --night FILE, or --store CONNINFO and --nights "
               "DIR";
    if (options->from != REBUT_FROM_INPUT && options->store == NULL)
        return "expected --store with --from outbox or kafka";
    if (options->from == REBUT_FROM_KAFKA &&
        (options->kafka == NULL || options->topic == NULL))
        return "expected --kafka-config FILE and --topic NAME with --from kafka";
    if (options->letters != NULL && options->store != NULL)
        return "expected --dead-letters or --store, not both: with a store dead letters "
               "go to its table, or to kafka:TOPIC";
    if (options->dead_topic != NULL &&
        (options->kafka == NULL || *options->dead_topic == '\0'))
        return "expected --kafka-config FILE and a topic's name with --dead-letters "
               "kafka:";
    return NULL;
}

int rebut_stream_read_line(int argc, char **argv, struct rebut_stream_options *options)
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
    const char *fault = fault_of(options);
    if (fault != NULL)
        return rebut_command_usage(&rebut_command_stream, "%s", fault);
    return -1;
}
