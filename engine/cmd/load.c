/* rebut load -- event files into the tables of the store. */
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "command.h"
#include "rebut/reader.h"
#include "rebut/store_events.h"
#include "rebut/time.h"

static const char usage_text[] =
    "usage: rebut load --input PATH... [OPTIONS]\n"
    "\n"
    "Writes events into the tables of schema 'rebut' in a PostgreSQL database: all of\n"
    "them or, when something fails, none.  Loading a file twice changes nothing: what "
    "is\n"
    "there already is counted and left alone.  Of two orders, shipments, deliveries or\n"
    "requests with one id and other content the first stands.\n"
    "\n"
    "  --input PATH      events: NDJSON, plain, .gz or .zst; '-' is standard input; a\n"
    "                    directory is all its event files.  May be given again\n"
    "  --store CONNINFO  libpq's: 'dbname=shop host=db1', a URI, or 'service=rebut'\n"
    "                    (default: the PG* environment)\n"
    "  --rejects FILE    lines set aside, with the reason\n"
    "  --quiet           no progress, no account of lines\n"
    "\n"
    "Lines are checked as 'rebut score' checks them.  An event that names an order or\n"
    "request which is not there is loaded all the same: scoring sets it aside until "
    "that\n"
    "has come.  Needs a login that may read and insert there, and 'rebut migrate' "
    "first.\n"
    "Example: rebut load --input events.ndjson.gz --store service=rebut\n";

#define INPUTS_MAX 1000

enum { OPTION_INPUT = 256, OPTION_STORE, OPTION_REJECTS, OPTION_QUIET, OPTION_HELP };

static const struct option long_options[] = {
    {"input", required_argument, NULL, OPTION_INPUT},
    {"store", required_argument, NULL, OPTION_STORE},
    {"rejects", required_argument, NULL, OPTION_REJECTS},
    {"quiet", no_argument, NULL, OPTION_QUIET},
    {"help", no_argument, NULL, OPTION_HELP},
    {NULL, 0, NULL, 0}};

struct options {
    const char *inputs[INPUTS_MAX];
    size_t input_count;
    const char *store, *rejects;
    bool quiet;
};

/* What is open while it works. */
struct loading {
    struct rebut_store *store;
    struct rebut_reader *reader;
    struct rebut_rejects rejects;
    bool has_rejects;
};

static int64_t clock_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * REBUT_SECOND + now.tv_nsec / 1000;
}

static void print_count(const char *indent, const char *words, uint64_t count)
{
    if (count > 0)
        fprintf(stderr, "%s%-*s %15" PRIu64 "\n", indent, (int)(20 - strlen(indent)),
                words, count);
}

static void print_group(const char *words, const uint64_t *counts,
                        const char *const *labels, size_t length)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < length; i++)
        sum += counts[i];
    print_count("", words, sum);
    for (size_t i = 0; i < length; i++)
        print_count("  ", labels[i], counts[i]);
}

static void print_loaded(const struct rebut_store_loaded *loaded)
{
    print_count("", "lines", loaded->lines);
    print_count("", "blank", loaded->blank);
    print_group("refused", loaded->refused, rebut_words_refusal, REBUT_REFUSALS);
    print_group("conflicts", loaded->conflicts, rebut_words_type, REBUT_EVENT_TYPES);
    print_group("duplicates", loaded->duplicates, rebut_words_type, REBUT_EVENT_TYPES);
    print_group("loaded", loaded->inserted, rebut_words_type, REBUT_EVENT_TYPES);
}

static bool open_all(struct loading *loading, const struct options *options,
                     struct rebut_error *err)
{
    if (!rebut_reader_open(&loading->reader, options->inputs, options->input_count, NULL,
                           err) ||
        !rebut_store_open(&loading->store, options->store, "load", err) ||
        !rebut_schema_require(loading->store, err))
        return false;
    if (options->rejects == NULL)
        return true;
    loading->has_rejects = rebut_rejects_open(&loading->rejects, options->rejects, err);
    return loading->has_rejects;
}

static void close_all(struct loading *loading)
{
    if (loading->has_rejects)
        rebut_rejects_release(&loading->rejects);
    rebut_store_close(loading->store);
    rebut_reader_close(loading->reader);
}

static bool load(struct loading *loading, const struct options *options,
                 struct rebut_error *err)
{
    struct rebut_progress progress;
    struct rebut_store_loaded loaded;
    if (!open_all(loading, options, err))
        return false;
    rebut_progress_init(&progress, options->quiet ? NULL : stderr, "loading", clock_us);
    const struct rebut_store_load job = {
        .source = rebut_reader_source(loading->reader),
        .rejects = loading->has_rejects ? &loading->rejects : NULL,
        .progress = &progress};
    if (!rebut_store_run(loading->store, "BEGIN", err) ||
        !rebut_store_events_write(loading->store, &job, &loaded, err) ||
        (loading->has_rejects && !rebut_rejects_commit(&loading->rejects, err)) ||
        !rebut_store_run(loading->store, "COMMIT", err))
        return false;
    if (!options->quiet)
        print_loaded(&loaded);
    return true;
}

static bool take_option(struct options *options, int letter, const char *value,
                        struct rebut_error *err)
{
    switch (letter) {
    case OPTION_INPUT:
        if (options->input_count == INPUTS_MAX)
            return rebut_fail(err, REBUT_EUSAGE, "at most %d inputs", INPUTS_MAX);
        options->inputs[options->input_count++] = value;
        break;
    case OPTION_STORE:
        options->store = value;
        break;
    case OPTION_REJECTS:
        options->rejects = value;
        break;
    default:
        options->quiet = true;
    }
    return true;
}

static int run(int argc, char **argv)
{
    struct options options = {0};
    struct loading loading = {0};
    struct rebut_error err = {0};
    int letter = 0;
    while ((letter = getopt_long(argc, argv, "", long_options, NULL)) != -1) {
        if (letter == OPTION_HELP)
            return rebut_command_help(&rebut_command_load);
        if (letter == '?')
            return 2;
        if (!take_option(&options, letter, optarg, &err))
            return rebut_command_usage(&rebut_command_load, "%s", err.message);
    }
    if (optind < argc)
        return rebut_command_usage(&rebut_command_load, "unexpected argument '%.40s'",
                                   argv[optind]);
    if (options.input_count == 0)
        return rebut_command_usage(&rebut_command_load, "expected --input PATH");
    const bool ok = load(&loading, &options, &err);
    close_all(&loading);
    return ok ? 0 : rebut_command_failed(&rebut_command_load, &err);
}

const struct rebut_command rebut_command_load = {
    .name = "load",
    .summary = "write events into the tables of a PostgreSQL database",
    .usage_text = usage_text,
    .run = run,
};
