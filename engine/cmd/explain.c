/* rebut explain -- the case of one request, for a person. */
#include <getopt.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rebut/explain.h"
#include "work.h"

static const char usage_text[] =
    "usage: rebut explain --input PATH --request ID [OPTIONS]\n"
    "\n"
    "Prints the case of one refund-only request: what happened and when, each reason as\n"
    "a sentence with the normal range, what speaks for the buyer, what is unknown.\n"
    "\n"
    "  --input PATH      events (see 'rebut score --help'); may be given again\n"
    "  --request ID      the request\n"
    "  --as-of TIME      use events up to TIME only (default: the last event)\n"
    "  --model FILE      a model written by 'rebut fit' (default: fit one)\n"
    "  --lang LANG       zh (default) or en\n"
    "  --output FILE     where to write (default: standard output)\n"
    "  --rejects FILE    lines set aside, with the reason\n"
    "  --quiet           no progress, no account of lines\n"
    "\n"
    "Example: rebut explain --input events.ndjson.gz --request r000123 --lang en\n";

enum { OPTION_REQUEST = 256 };

static const struct option long_options[] = {
    REBUT_WORK_LONG_OPTIONS,
    {"lang", required_argument, NULL, REBUT_OPTION_LANG},
    {"request", required_argument, NULL, OPTION_REQUEST},
    {NULL, 0, NULL, 0}};

static bool explain(struct rebut_work *work, const struct rebut_work_options *options,
                    const char *request, struct rebut_error *err)
{
    struct rebut_scores scores;
    struct rebut_output out;
    const struct rebut_score *score = NULL;
    if (!rebut_scores_open(&scores, &work->inference, &work->model, INT64_MIN, err))
        return false;
    bool ok = rebut_explain_find(&scores, rebut_text_of(request), &score, err);
    if (ok)
        ok = rebut_output_open(&out, options->output, err);
    if (ok) {
        rebut_explain(&scores, score, options->language, &out);
        ok = rebut_work_commit(work, &out, err);
        rebut_output_release(&out);
    }
    rebut_scores_close(&scores);
    return ok;
}

static bool take_request(void *own, int letter, const char *value,
                         struct rebut_error *err)
{
    (void)letter; /* the only one */
    (void)err;
    *(const char **)own = value;
    return true;
}

static int run(int argc, char **argv)
{
    const char *request = NULL;
    const struct rebut_work_line line = {&rebut_command_explain, long_options,
                                         take_request, &request, false};
    struct rebut_work_options options;
    struct rebut_work work;
    struct rebut_error err = {0};
    const int code = rebut_work_read_line(&line, argc, argv, &options);
    if (code >= 0)
        return code;
    if (request == NULL)
        return rebut_command_usage(&rebut_command_explain, "expected --request ID");
    const bool ok = rebut_work_open(&work, &options, true, &err) &&
                    explain(&work, &options, request, &err);
    rebut_work_close(&work);
    return ok ? 0 : rebut_command_failed(&rebut_command_explain, &err);
}

const struct rebut_command rebut_command_explain = {
    .name = "explain",
    .summary = "print the case of one request: timeline, reasons, what is unknown",
    .usage_text = usage_text,
    .run = run,
};
