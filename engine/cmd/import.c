/* rebut import -- events from the exports that a shop already has. */
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>

#include "command.h"
#include "rebut/import.h"
#include "rebut/output.h"
#include "rebut/rejects.h"

#define CAME_MAX 60

struct options {
    const char *map, *input, *output, *rejects;
    enum rebut_encoding encoding;
    bool help;
};

enum {
    OPTION_HELP = 'h',
    OPTION_MAP = 256,
    OPTION_OUTPUT,
    OPTION_REJECTS,
    OPTION_ENCODING
};

static const struct option long_options[] = {
    {"help", no_argument, NULL, OPTION_HELP},
    {"map", required_argument, NULL, OPTION_MAP},
    {"output", required_argument, NULL, OPTION_OUTPUT},
    {"rejects", required_argument, NULL, OPTION_REJECTS},
    {"encoding", required_argument, NULL, OPTION_ENCODING},
    {NULL, 0, NULL, 0}};

static bool read_encoding(const char *text, enum rebut_encoding *ret,
                          struct rebut_error *err)
{
    if (strcmp(text, "utf-8") != 0 && strcmp(text, "gb18030") != 0)
        return rebut_fail(err, REBUT_EUSAGE,
                          "expected --encoding utf-8 or gb18030, "
                          "got '%.20s'",
                          text);
    *ret = text[0] == 'u' ? REBUT_ENCODING_UTF8 : REBUT_ENCODING_GB18030;
    return true;
}

static bool read_options(struct options *options, int argc, char **argv,
                         struct rebut_error *err)
{
    *options = (struct options){0};
    optind = 0; /* begin anew: another command line may have been read before */
    int which = 0;
    while ((which = getopt_long(argc, argv, ":h", long_options, NULL)) != -1) {
        if (which == OPTION_HELP)
            options->help = true;
        else if (which == OPTION_MAP)
            options->map = optarg;
        else if (which == OPTION_OUTPUT)
            options->output = optarg;
        else if (which == OPTION_REJECTS)
            options->rejects = optarg;
        else if (which != OPTION_ENCODING)
            return rebut_fail(err, REBUT_EUSAGE,
                              which == '?' ? "no option '%.40s'"
                                           : "expected a value after '%.40s'",
                              argv[optind - 1]);
        else if (!read_encoding(optarg, &options->encoding, err))
            return false;
    }
    if (options->help)
        return true;
    if (options->map == NULL || optind + 1 != argc)
        return rebut_fail(err, REBUT_EUSAGE, "expected --map FILE and one input");
    options->input = argv[optind];
    return true;
}

/* Where events and rejects go. */
struct files {
    const char *input;
    struct rebut_output events;
    struct rebut_rejects rejects;
    bool has_rejects;
};

static bool write_event(void *context, struct rebut_text line)
{
    struct files *files = context;
    rebut_output_text(&files->events, line);
    return rebut_output_write(&files->events, "\n", 1);
}

/* At most CAME_MAX bytes of a cell, cut at a character. */
static void copy_start(struct rebut_text cell, char ret[CAME_MAX + 1])
{
    if (cell.size > CAME_MAX) {
        cell.size = CAME_MAX;
        cell.size = rebut_text_valid_utf8(cell);
    }
    if (cell.size > 0)
        memcpy(ret, cell.data, cell.size);
    ret[cell.size] = '\0';
}

static bool write_aside(void *context, const struct rebut_aside *aside)
{
    struct files *files = context;
    char came[CAME_MAX + 1];
    if (!files->has_rejects)
        return true;
    copy_start(aside->came, came);
    const struct rebut_reject reject = {.input = files->input,
                                        .line = aside->line,
                                        .reason = aside->reason,
                                        .field = aside->field,
                                        .expected = aside->expected,
                                        .came = came,
                                        .text = aside->text};
    return rebut_rejects_add(&files->rejects, &reject);
}

static void print_summary(const char *input, const struct rebut_import_summary *summary)
{
    fprintf(stderr,
            "rebut import: '%s': %" PRIu64 " rows: %" PRIu64 " taken, %" PRIu64
            " set aside, %" PRIu64 " blank\n",
            input, summary->rows, summary->taken, summary->aside, summary->blank);
    for (int i = 0; i < REBUT_EVENT_TYPES; i++)
        if (summary->events[i] > 0)
            fprintf(stderr, "  event  %-18s %10" PRIu64 "\n", rebut_words_type[i],
                    summary->events[i]);
    for (size_t i = 0; i < summary->reason_count; i++)
        fprintf(stderr, "  aside  %-18s %10" PRIu64 "\n", summary->reasons[i].word,
                summary->reasons[i].rows);
    if (summary->matched > 0)
        fprintf(stderr,
                "  credit notes matched to a purchase: %" PRIu64
                ", giving back more than was left of it: %" PRIu64 "\n",
                summary->matched, summary->matched_short);
}

/* Import into the open files; the files' own failures speak before the import's. */
static bool fill(struct files *files, struct rebut_import_map *map, struct rebut_csv *csv,
                 struct rebut_error *err)
{
    const struct rebut_import_sink sink = {files, write_event, write_aside};
    struct rebut_import_summary summary;
    struct rebut_error why = {0};
    if (!rebut_import_run(map, csv, &sink, &summary, &why) && files->events.cause == 0 &&
        files->rejects.out.cause == 0)
        return rebut_fail(err, why.code, "'%s': %s", files->input, why.message);
    /* Rejects first: when they cannot be told, there are no events either. */
    if (files->has_rejects && !rebut_rejects_commit(&files->rejects, err))
        return false;
    if (files->events.cause == 0) {
        print_summary(files->input, &summary);
        if (summary.taken == 0)
            return rebut_fail(err, REBUT_EDATA, "no row of '%s' made an event",
                              files->input);
    }
    return rebut_output_commit(&files->events, err);
}

static bool import(const struct options *options, struct rebut_error *err)
{
    struct rebut_csv csv = {0};
    struct files files = {.input = options->input,
                          .events.fd = -1,
                          .rejects.out.fd = -1,
                          .has_rejects = options->rejects != NULL};
    bool ok = false;
    struct rebut_import_map *map = rebut_import_map_load(options->map, err);
    if (map == NULL)
        return false;
    struct rebut_csv_options how = rebut_import_map_options(map);
    if (options->encoding != REBUT_ENCODING_AUTO)
        how.encoding = options->encoding;
    ok = rebut_csv_open(&csv, options->input, &how, err) &&
         rebut_output_open(&files.events, options->output, err) &&
         (!files.has_rejects ||
          rebut_rejects_open(&files.rejects, options->rejects, err)) &&
         fill(&files, map, &csv, err);
    rebut_output_release(&files.events);
    rebut_rejects_release(&files.rejects);
    rebut_csv_release(&csv);
    rebut_import_map_free(map);
    return ok;
}

static int run(int argc, char **argv)
{
    const struct rebut_command *command = &rebut_command_import;
    struct rebut_error err = {0};
    struct options options;
    if (!read_options(&options, argc, argv, &err))
        return rebut_command_usage(command, "%s", err.message);
    if (options.help)
        return rebut_command_help(command);
    if (!import(&options, &err))
        return rebut_command_failed(command, &err);
    return rebut_command_done(command);
}

const struct rebut_command rebut_command_import = {
    .name = "import",
    .summary = "turn a shop's spreadsheet export into events",
    .usage_text =
        "usage: rebut import --map MAP.json [OPTIONS] INPUT.csv\n"
        "\n"
        "  --map MAP.json   which columns feed which fields; ready ones: "
        "share/rebut/maps\n"
        "  --output FILE    events as JSON lines, by time; '-' is stdout (default)\n"
        "  --rejects FILE   rows set aside, a JSON object a line: input, line, reason,\n"
        "                   field, expected, came, text\n"
        "  --encoding NAME  utf-8 or gb18030; default: as the map says, else found out\n"
        "                   by mark, by being UTF-8 throughout, or else GB18030\n"
        "\n"
        "INPUT.csv may be '-'.  Every row is taken whole or set aside whole with a\n"
        "reason; the summary on stderr accounts for all.  A map is a JSON object:\n"
        "\n"
        "  offset          offset of all times from UTC: \"+08:00\" (mandatory)\n"
        "  times           formats tried in turn: \"%Y-%m-%d %H:%M\", \"excel\", "
        "\"epoch\",\n"
        "                  \"epoch_ms\"; letters Y y m d H I M S f p z b\n"
        "  encoding        \"auto\", \"utf-8\", \"gb18030\"\n"
        "  delimiter       \"auto\", \",\", \";\", \"tab\"\n"
        "  skip_lines      lines before the header line\n"
        "  decimal         \".\" or \",\"\n"
        "  minor_digits    decimals of the currency's minor unit (2)\n"
        "  identical_rows  \"keep\" or \"aside\"\n"
        "  aside           [{when, reason}]: rows that are no use\n"
        "  events          [{type, when, fields: {FIELD: VALUE}, match}]: each whose\n"
        "                  conditions hold makes an event of the row\n"
        "\n"
        "  when            {column, TEST} or an array of them; TEST is one of is, not,\n"
        "                  starts, starts_not, empty, below, above\n"
        "  VALUE           a column's name, or an object: column, columns and join, or\n"
        "                  constant; prefix, ordinal (#2 … behind a repeated id),\n"
        "                  values (text in the file: text in the event), otherwise,\n"
        "                  empty, absolute, multiply (a column, for money)\n"
        "  match           {buyer_id, sku_id, quantity}: a credit note that names no\n"
        "                  order is about the buyer's latest earlier order of that item\n"
        "                  of which something is left\n",
    .run = run,
};
