/* rebut report -- what refund-only requests cost a merchant, and who could help it. */
#include <getopt.h>
#include <string.h>

#include "rebut/losses.h"
#include "work.h"

static const char usage_text[] =
    "usage: rebut report (--merchant ID | --platform) --input PATH [OPTIONS]\n"
    "\n"
    "Splits what refund-only requests cost into abuse, the shop's own fault, logistics,\n"
    "changes of mind and price drops, and what cannot be told, each with an interval;\n"
    "by item, category, channel, host, campaign, region, carrier, distributor, time and\n"
    "reason; items whose fault rose and since when; what changing each would save.\n"
    "\n"
    "  --merchant ID     one merchant's report: of others only category averages\n"
    "  --platform        the same over all, and merchants beside each other\n"
    "  --input PATH      events: NDJSON, plain, .gz or .zst; '-' is standard input; a\n"
    "                    directory is all its event files.  May be given again\n"
    "  --store CONNINFO  read a PostgreSQL database instead: libpq's words, a URI or\n"
    "                    'service=rebut'; '' leaves all to the PG* environment\n"
    "  --source-schema NAME  where its tables or views of events are (rebut)\n"
    "  --as-of TIME      use events up to TIME only (default: the last event)\n"
    "  --since TIME      requests made, and orders placed, at TIME or later (all)\n"
    "  --model FILE      a model written by 'rebut fit' (default: fit one)\n"
    "  --output FILE     where to write (default: standard output)\n"
    "  --format FORM     text (default), json, html or pdf\n"
    "  --lang LANG       language of what is written: zh (default) or en\n"
    "  --rejects FILE    lines set aside, with the reason\n"
    "  --quiet           no progress, no account of lines\n"
    "\n"
    "Times: 2026-06-30T00:00:00+08:00, or 2026-06-30 for midnight UTC.\n"
    "No buyer is named.  Savings are associations, not promises.\n"
    "Example: rebut report --merchant m00131 --since 2026-05-01 --input "
    "events.ndjson.gz\n"
    "             --format pdf --output m00131.pdf\n";

enum { OPTION_MERCHANT = 256, OPTION_PLATFORM, OPTION_FORMAT };

static const struct option long_options[] = {
    REBUT_WORK_LONG_OPTIONS,
    REBUT_WORK_STORE_OPTIONS,
    {"since", required_argument, NULL, REBUT_OPTION_SINCE},
    {"lang", required_argument, NULL, REBUT_OPTION_LANG},
    {"merchant", required_argument, NULL, OPTION_MERCHANT},
    {"platform", no_argument, NULL, OPTION_PLATFORM},
    {"format", required_argument, NULL, OPTION_FORMAT},
    {NULL, 0, NULL, 0}};

struct own {
    const char *merchant, *format;
    bool platform;
};

static bool take(void *context, int letter, const char *value, struct rebut_error *err)
{
    struct own *own = context;
    if (letter == OPTION_PLATFORM)
        own->platform = true;
    else if (letter == OPTION_MERCHANT)
        own->merchant = value;
    else if (strcmp(value, "text") == 0 || strcmp(value, "json") == 0 ||
             strcmp(value, "html") == 0 || strcmp(value, "pdf") == 0)
        own->format = value;
    else
        return rebut_fail(
            err, REBUT_EUSAGE,
            "expected '--format text', 'json', 'html' or 'pdf', got '%.20s'", value);
    return true;
}

static bool write_form(const struct rebut_losses *losses, const char *format,
                       enum rebut_language language, struct rebut_output *out,
                       struct rebut_error *err)
{
    if (strcmp(format, "json") == 0) {
        rebut_losses_write_json(losses, out);
        return true;
    }
    return rebut_losses_write(losses,
                              strcmp(format, "html") == 0  ? REBUT_LOSSES_HTML
                              : strcmp(format, "pdf") == 0 ? REBUT_LOSSES_PDF
                                                           : REBUT_LOSSES_TEXT,
                              language, out, err);
}

static bool write_report(struct rebut_work *work,
                         const struct rebut_work_options *options, const struct own *own,
                         struct rebut_error *err)
{
    struct rebut_scores scores;
    struct rebut_losses losses;
    struct rebut_output out;
    if (!rebut_scores_open(&scores, &work->inference, &work->model, options->since, err))
        return false;
    bool ok = rebut_losses_open(&losses, &scores, rebut_text_of(own->merchant),
                                options->since, err);
    if (ok) {
        ok = rebut_output_open(&out, options->output, err);
        if (ok) {
            ok = write_form(&losses, own->format, options->language, &out, err) &&
                 rebut_work_commit(work, &out, err);
            rebut_output_release(&out);
        }
        rebut_losses_close(&losses);
    }
    rebut_scores_close(&scores);
    return ok;
}

static int run(int argc, char **argv)
{
    struct own own = {.format = "text"};
    struct rebut_work_options options;
    struct rebut_work work;
    struct rebut_error err = {0};
    const struct rebut_work_line line = {&rebut_command_report, long_options, take, &own,
                                         false};
    const int code = rebut_work_read_line(&line, argc, argv, &options);
    if (code >= 0)
        return code;
    if ((own.merchant != NULL) == own.platform)
        return rebut_command_usage(&rebut_command_report,
                                   "expected either --merchant ID or --platform");
    const bool ok = rebut_work_open(&work, &options, true, &err) &&
                    write_report(&work, &options, &own, &err);
    rebut_work_close(&work);
    return ok ? 0 : rebut_command_failed(&rebut_command_report, &err);
}

const struct rebut_command rebut_command_report = {
    .name = "report",
    .summary = "split what refunds cost into abuse, own fault, logistics; what to change",
    .usage_text = usage_text,
    .run = run,
};
