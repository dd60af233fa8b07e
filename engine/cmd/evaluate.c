/* rebut evaluate -- how well did the scores find abuse, and whom did they wrong? */
#include <getopt.h>
#include <math.h>
#include <stdio.h>

#include "command.h"
#include "rebut/evaluation.h"

struct options {
    const char *scores, *truth, *json, *picture;
    enum rebut_language language;
    struct rebut_evaluation_from from;
    bool help;
};

enum {
    OPTION_HELP = 'h',
    OPTION_FIRST = 256,
    OPTION_SCORES,
    OPTION_TRUTH,
    OPTION_FROM,
    OPTION_FROM_DAY,
    OPTION_JSON,
    OPTION_PICTURE,
    OPTION_LANG
};

static const struct option long_options[] = {
    {"help", no_argument, NULL, OPTION_HELP},
    {"scores", required_argument, NULL, OPTION_SCORES},
    {"truth", required_argument, NULL, OPTION_TRUTH},
    {"from", required_argument, NULL, OPTION_FROM},
    {"from-day", required_argument, NULL, OPTION_FROM_DAY},
    {"json", required_argument, NULL, OPTION_JSON},
    {"picture", required_argument, NULL, OPTION_PICTURE},
    {"lang", required_argument, NULL, OPTION_LANG},
    {NULL, 0, NULL, 0}};

static bool read_language(const char *text, enum rebut_language *ret,
                          struct rebut_error *err)
{
    return rebut_language_parse(text, ret) ||
           rebut_fail(err, REBUT_EUSAGE, "expected --lang zh or en, got '%.20s'", text);
}

/* One option; 0 or its value where getopt_long does not know it. */
static bool read_option(struct options *options, int which, struct rebut_error *err)
{
    switch (which) {
    case OPTION_HELP:
        options->help = true;
        return true;
    case OPTION_SCORES:
        options->scores = optarg;
        return true;
    case OPTION_TRUTH:
        options->truth = optarg;
        return true;
    case OPTION_JSON:
        options->json = optarg;
        return true;
    case OPTION_PICTURE:
        options->picture = optarg;
        return true;
    case OPTION_LANG:
        return read_language(optarg, &options->language, err);
    case OPTION_FROM:
        return rebut_time_parse_argument(optarg, &options->from.time, err);
    case OPTION_FROM_DAY:
        return rebut_text_double(rebut_text_of(optarg), &options->from.day) ||
               rebut_fail(err, REBUT_EUSAGE, "expected --from-day NUMBER, got '%.20s'",
                          optarg);
    default:
        return rebut_fail(err, REBUT_EUSAGE, "cannot use an option");
    }
}

static bool read_options(struct options *options, int argc, char **argv,
                         struct rebut_error *err)
{
    *options =
        (struct options){.language = REBUT_ENGLISH,
                         .from = {.day = -(double)INFINITY, .time = REBUT_TIME_NONE}};
    optind = 0; /* begin anew: another command line may have been read before */
    int which = 0;
    while ((which = getopt_long(argc, argv, ":h", long_options, NULL)) != -1) {
        if (which == '?' || which == ':')
            return rebut_fail(err, REBUT_EUSAGE,
                              which == '?' ? "no option '%.40s'"
                                           : "expected a value after '%.40s'",
                              argv[optind - 1]);
        if (!read_option(options, which, err))
            return false;
    }
    if (options->help)
        return true;
    if (optind < argc)
        return rebut_fail(err, REBUT_EUSAGE, "no use for '%.40s'", argv[optind]);
    if (options->scores == NULL || options->truth == NULL)
        return rebut_fail(err, REBUT_EUSAGE, "expected --scores and --truth");
    if (options->from.time != REBUT_TIME_NONE && isfinite(options->from.day))
        return rebut_fail(err, REBUT_EUSAGE, "expected --from or --from-day, got both");
    if (strcmp(options->scores, "-") == 0 && strcmp(options->truth, "-") == 0)
        return rebut_fail(err, REBUT_EUSAGE, "only one of the inputs can be '-'");
    return true;
}

static bool write_json(const struct rebut_evaluation *it, const char *path,
                       struct rebut_error *err)
{
    struct rebut_output out;
    if (!rebut_output_open(&out, path, err))
        return false;
    rebut_evaluation_json(it, &out);
    const bool ok = rebut_output_commit(&out, err);
    rebut_output_release(&out);
    return ok;
}

static bool write_picture(const struct rebut_evaluation *it,
                          const struct options *options, struct rebut_error *err)
{
    struct rebut_output out;
    if (!rebut_output_open(&out, options->picture, err))
        return false;
    /* The output knows better than cairo why bytes were not taken: ask it first. */
    struct rebut_error drawing = {0};
    const bool drawn = rebut_evaluation_picture(it, options->language, &out, &drawing);
    bool ok = false;
    if (drawn || out.cause != 0)
        ok = rebut_output_commit(&out, err);
    else
        rebut_fail(err, drawing.code, "%s", drawing.message);
    rebut_output_release(&out);
    return ok;
}

static bool write_table(const struct rebut_evaluation *it, enum rebut_language language,
                        struct rebut_error *err)
{
    struct rebut_output out;
    if (!rebut_output_open(&out, NULL, err))
        return false;
    rebut_evaluation_print(it, language, &out);
    const bool ok = rebut_output_commit(&out, err);
    rebut_output_release(&out);
    return ok;
}

static bool evaluate(const struct options *options, struct rebut_error *err)
{
    struct rebut_evaluation it;
    rebut_evaluation_init(&it);
    /* JSON on standard output takes the table's place. */
    const bool table = options->json == NULL || strcmp(options->json, "-") != 0;
    const bool ok = rebut_evaluation_read(&it, options->scores, options->truth,
                                          &options->from, err) &&
                    rebut_evaluation_measure(&it, err) &&
                    (options->json == NULL || write_json(&it, options->json, err)) &&
                    (options->picture == NULL || write_picture(&it, options, err)) &&
                    (!table || write_table(&it, options->language, err));
    rebut_evaluation_release(&it);
    return ok;
}

static int run(int argc, char **argv)
{
    const struct rebut_command *command = &rebut_command_evaluate;
    struct rebut_error err = {0};
    struct options options;
    if (!read_options(&options, argc, argv, &err))
        return rebut_command_usage(command, "%s", err.message);
    if (options.help)
        return rebut_command_help(command);
    if (!evaluate(&options, &err))
        return rebut_command_failed(command, &err);
    return rebut_command_done(command);
}

const struct rebut_command rebut_command_evaluate = {
    .name = "evaluate",
    .summary = "measure scores against the truth: detection, calibration, who is wronged",
    .usage_text =
        "usage: rebut evaluate --scores FILE --truth FILE.csv [OPTIONS]\n"
        "\n"
        "  --scores FILE      what 'rebut score' wrote: JSON lines with request_id,\n"
        "                     probability and, where there, q_value and at; '-' is "
        "stdin\n"
        "  --truth FILE.csv   request_id, day, abuse (0 or 1), buyer_kind, "
        "merchant_kind\n"
        "                     and, where there, dorm, orders_of_buyer, region, channel\n"
        "  --from T           judge requests from this time on (needs 'at' in the "
        "scores)\n"
        "  --from-day D       judge requests from this day of the truth on\n"
        "  --json FILE        the figures as JSON; '-' is stdout, in place of the table\n"
        "  --picture FILE.svg ROC, precision and recall, reliability, queue\n"
        "  --lang en|zh       language of the table and picture (en)\n"
        "\n"
        "A request without a score counts as probability 0; a score without a request "
        "is\n"
        "passed over; the table counts both.  False positives are honest requests among\n"
        "the first as many as are truly abusive; ties stay in the order of the truth.\n"
        "Intervals are Clopper-Pearson, 95%.\n",
    .run = run,
};
