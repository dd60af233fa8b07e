/* rebut replay -- bring dead letters of a stream back. */
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "command.h"
#include "rebut/letters.h"
#include "rebut/output.h"

static const char usage_text[] =
    "usage: rebut replay --dead-letters FILE | --store CONNINFO [OPTIONS]\n"
    "\n"
    "Sends what a stream put aside once more, after somebody has mended what was wrong.\n"
    "What is still wrong comes back as a new letter; what came another way meanwhile is "
    "a\n"
    "duplicate and changes nothing.\n"
    "\n"
    "  --dead-letters FILE  of 'rebut stream --dead-letters', or rejects of 'rebut "
    "score'\n"
    "  --store CONNINFO     libpq's: those in the table, marked when they are taken\n"
    "  --stream NAME        whose letters in the table (rebut)\n"
    "  --reason WORD        these only: orphan, too_late, not_json, ...\n"
    "  --to WHERE           output (default: lines on standard output), outbox (of the\n"
    "                       store: exactly once) or kafka\n"
    "  --kafka-config FILE, --topic NAME  as in 'rebut stream --help'\n"
    "  --output FILE        instead of standard output\n"
    "\n"
    "A letter of which only the start was kept cannot come back; it is counted.\n"
    "Example: rebut replay --store '' --reason orphan --to outbox\n";

enum { TO_OUTPUT, TO_OUTBOX, TO_KAFKA };
enum {
    OPTION_LETTERS = 256,
    OPTION_STORE,
    OPTION_STREAM,
    OPTION_REASON,
    OPTION_TO,
    OPTION_KAFKA,
    OPTION_TOPIC,
    OPTION_OUTPUT,
    OPTION_HELP
};

static const struct option long_options[] = {
    {"dead-letters", required_argument, NULL, OPTION_LETTERS},
    {"store", required_argument, NULL, OPTION_STORE},
    {"stream", required_argument, NULL, OPTION_STREAM},
    {"reason", required_argument, NULL, OPTION_REASON},
    {"to", required_argument, NULL, OPTION_TO},
    {"kafka-config", required_argument, NULL, OPTION_KAFKA},
    {"topic", required_argument, NULL, OPTION_TOPIC},
    {"output", required_argument, NULL, OPTION_OUTPUT},
    {"help", no_argument, NULL, OPTION_HELP},
    {NULL, 0, NULL, 0}};

struct replay {
    const char *letters, *store, *stream, *reason, *kafka, *topic_name, *path;
    int to;
    struct rebut_output out;
    struct rebut_topic *topic;
    struct rebut_store *desk;
    struct rebut_letters_counts counts;
};

#define FLUSH_MS 60000

static bool send_on(void *context, const struct rebut_letter *letter,
                    struct rebut_error *err)
{
    struct replay *replay = context;
    if (replay->to == TO_KAFKA)
        return rebut_topic_send(replay->topic, letter->key, letter->line, err);
    rebut_output_text(&replay->out, letter->line);
    return rebut_output_write(&replay->out, "\n", 1) ||
           rebut_fail(err, REBUT_EIO, "cannot write the letters");
}

/* All that was sent is there. */
static bool settle(void *context, struct rebut_error *err)
{
    struct replay *replay = context;
    return replay->to == TO_KAFKA ? rebut_topic_flush(replay->topic, FLUSH_MS, err)
                                  : rebut_output_commit(&replay->out, err);
}

static bool open_end(struct replay *replay, struct rebut_error *err)
{
    if (replay->to == TO_OUTPUT)
        return rebut_output_open(&replay->out, replay->path, err);
    return replay->to == TO_OUTBOX ||
           rebut_topic_open(&replay->topic, replay->kafka, replay->topic_name, err);
}

static bool replay_all(struct replay *replay, struct rebut_error *err)
{
    if (replay->store != NULL &&
        !rebut_store_open(&replay->desk, replay->store, "replay", err))
        return false;
    if (!open_end(replay, err))
        return false;
    if (replay->to == TO_OUTBOX)
        return rebut_letters_to_outbox(replay->desk, replay->stream, replay->reason,
                                       &replay->counts, err);
    if (replay->desk != NULL)
        return rebut_letters_query(replay->desk, replay->stream, replay->reason, send_on,
                                   settle, replay, &replay->counts, err);
    return rebut_letters_read(replay->letters, replay->reason, send_on, replay,
                              &replay->counts, err) &&
           settle(replay, err);
}

static bool take_to(struct replay *replay, const char *value, struct rebut_error *err)
{
    static const char *const words[] = {"output", "outbox", "kafka"};
    for (int i = TO_OUTPUT; i <= TO_KAFKA; i++)
        if (strcmp(value, words[i]) == 0) {
            replay->to = i;
            return true;
        }
    return rebut_fail(
        err, REBUT_EUSAGE,
        "expected '--to output', '--to outbox' or '--to kafka', got '%.20s'", value);
}

static bool take_option(struct replay *replay, int letter, const char *value,
                        struct rebut_error *err)
{
    const char **const words[] = {&replay->letters,    &replay->store, &replay->stream,
                                  &replay->reason,     NULL,           &replay->kafka,
                                  &replay->topic_name, &replay->path};
    if (letter == OPTION_TO)
        return take_to(replay, value, err);
    *words[letter - OPTION_LETTERS] = value;
    return true;
}

static int read_line(int argc, char **argv, struct replay *replay)
{
    const struct rebut_command *self = &rebut_command_replay;
    struct rebut_error err = {0};
    int letter = 0;
    while ((letter = getopt_long(argc, argv, "", long_options, NULL)) != -1) {
        if (letter == OPTION_HELP)
            return rebut_command_help(self);
        if (letter == '?')
            return 2;
        if (!take_option(replay, letter, optarg, &err))
            return rebut_command_usage(self, "%s", err.message);
    }
    if (optind < argc)
        return rebut_command_usage(self, "unexpected argument '%.40s'", argv[optind]);
    if ((replay->letters == NULL) == (replay->store == NULL))
        return rebut_command_usage(self, "expected --dead-letters FILE or --store");
    if (replay->to == TO_OUTBOX && replay->store == NULL)
        return rebut_command_usage(self, "expected --store with --to outbox");
    if (replay->to == TO_KAFKA && (replay->kafka == NULL || replay->topic_name == NULL))
        return rebut_command_usage(
            self, "expected --kafka-config FILE and --topic NAME with --to kafka");
    return -1;
}

static int run(int argc, char **argv)
{
    struct replay replay = {.stream = "rebut", .out = {.fd = -1}};
    struct rebut_error err = {0};
    const int code = read_line(argc, argv, &replay);
    if (code >= 0)
        return code;
    const bool ok = replay_all(&replay, &err);
    rebut_topic_close(replay.topic);
    rebut_output_release(&replay.out);
    rebut_store_close(replay.desk);
    if (!ok)
        return rebut_command_failed(&rebut_command_replay, &err);
    fprintf(stderr,
            "%" PRIu64 " sent once more, %" PRIu64 " cut short, %" PRIu64 " others\n",
            replay.counts.replayed, replay.counts.cut, replay.counts.other);
    return 0;
}

const struct rebut_command rebut_command_replay = {
    .name = "replay",
    .summary = "bring dead letters of a stream back",
    .usage_text = usage_text,
    .run = run,
};
