/* rebut appeals -- what became of a merchant's appeals, and what they teach. */
#include <getopt.h>
#include <stdio.h>

#include "rebut/appeals_print.h"
#include "work.h"

static const char usage_text[] =
    "usage: rebut appeals --appeals FILE [--input PATH] [OPTIONS]\n"
    "\n"
    "Prints the account of a merchant's appeals: counts and money by status, recovered,\n"
    "the share that succeeds with its interval, by platform and reason, what is due "
    "within\n"
    "48 hours, and how likely an appeal is to succeed, as learned from those decided.\n"
    "\n"
    "  --appeals FILE    NDJSON, an entry a line: request_id, status (opened, "
    "submitted,\n"
    "                    won, lost, expired), at; and, where known, amount and "
    "recovered\n"
    "                    (fen), platform, form, reason, expires_at\n"
    "  --input PATH      events (see 'rebut score --help'); may be given again.  "
    "Without\n"
    "                    them nothing is learned: P(abuse) is not known\n"
    "  --model FILE      a model written by 'rebut fit' (default: fit one)\n"
    "  --as-of TIME      use what was known at TIME (default: the last event, or "
    "without\n"
    "                    events the last entry)\n"
    "  --json            one JSON object instead of tables\n"
    "  --lang LANG       zh (default) or en\n"
    "  --output FILE     where to write (default: standard output)\n"
    "  --rejects FILE    lines of events set aside, with the reason\n"
    "  --quiet           no progress, no account of lines\n"
    "\n"
    "Entries in any order; a line said twice changes nothing, one that contradicts "
    "another\n"
    "is refused, with the file.  Expired appeals tell nothing of success.  With fewer "
    "than\n"
    "30 decided, P(appeal) is taken to be P(abuse), and said to be assumed.\n"
    "Example: rebut appeals --appeals appeals.ndjson --input events.ndjson.gz --lang "
    "en\n";

enum { OPTION_APPEALS = 256, OPTION_JSON };

static const struct option long_options[] = {
    REBUT_WORK_LONG_OPTIONS,
    {"lang", required_argument, NULL, REBUT_OPTION_LANG},
    {"appeals", required_argument, NULL, OPTION_APPEALS},
    {"json", no_argument, NULL, OPTION_JSON},
    {NULL, 0, NULL, 0}};

struct wish {
    const char *file;
    bool json;
};

static bool take_option(void *own, int letter, const char *value, struct rebut_error *err)
{
    struct wish *wish = own;
    (void)err;
    if (letter == OPTION_JSON)
        wish->json = true;
    else
        wish->file = value;
    return true;
}

static bool put(const struct wish *wish, const struct rebut_appeals *appeals, bool scored,
                enum rebut_language language, struct rebut_output *out,
                struct rebut_error *err)
{
    return wish->json ? rebut_appeals_write_json(appeals, scored, out, err)
                      : rebut_appeals_print(appeals, scored, language, out, err);
}

/* From the file alone. */
static bool account(const struct wish *wish, const struct rebut_work_options *options,
                    struct rebut_error *err)
{
    struct rebut_appeals appeals;
    struct rebut_output out;
    if (!rebut_appeals_open(&appeals, wish->file, options->as_of, err))
        return false;
    bool ok = rebut_output_open(&out, options->output, err);
    if (ok) {
        ok = put(wish, &appeals, false, options->language, &out, err) &&
             rebut_output_commit(&out, err);
        rebut_output_release(&out);
    }
    rebut_appeals_close(&appeals);
    return ok;
}

/* With the scores of the events. */
static bool account_scored(struct rebut_work *work,
                           const struct rebut_work_options *options,
                           const struct wish *wish, struct rebut_error *err)
{
    struct rebut_scores scores;
    struct rebut_appeals appeals;
    struct rebut_output out;
    if (!rebut_scores_open(&scores, &work->inference, &work->model, INT64_MIN, err))
        return false;
    bool ok = rebut_appeals_open(&appeals, wish->file, work->as_of, err) &&
              rebut_appeals_learn_scores(&appeals, &scores, err);
    if (ok)
        ok = rebut_output_open(&out, options->output, err);
    if (ok) {
        ok = put(wish, &appeals, true, options->language, &out, err) &&
             rebut_work_commit(work, &out, err);
        rebut_output_release(&out);
    }
    rebut_appeals_close(&appeals);
    rebut_scores_close(&scores);
    return ok;
}

static int run(int argc, char **argv)
{
    struct wish wish = {0};
    const struct rebut_work_line line = {&rebut_command_appeals, long_options,
                                         take_option, &wish, true};
    struct rebut_work_options options;
    struct rebut_work work;
    struct rebut_error err = {0};
    bool ok = false;
    const int code = rebut_work_read_line(&line, argc, argv, &options);
    if (code >= 0)
        return code;
    if (wish.file == NULL)
        return rebut_command_usage(&rebut_command_appeals, "expected --appeals FILE");
    if (options.input_count == 0)
        ok = account(&wish, &options, &err);
    else {
        ok = rebut_work_open(&work, &options, true, &err) &&
             account_scored(&work, &options, &wish, &err);
        rebut_work_close(&work);
    }
    return ok ? 0 : rebut_command_failed(&rebut_command_appeals, &err);
}

const struct rebut_command rebut_command_appeals = {
    .name = "appeals",
    .summary = "what became of appeals, what is due, how likely the next succeeds",
    .usage_text = usage_text,
    .run = run,
};
