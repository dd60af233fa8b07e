/* rebut terms -- the additive terms of every request, for other learners. */
#include <getopt.h>
#include <stdio.h>

#include "rebut/score_write.h"
#include "work.h"

static const char usage_text[] =
    "usage: rebut terms --input PATH [OPTIONS]\n"
    "\n"
    "Writes a CSV with a row a refund-only request: the terms of its log-odds before\n"
    "verdicts weigh them, the bin of each mark, what reviewers said and why they were\n"
    "asked.  For those who want to feed a learner of their own; no id but the "
    "request's.\n"
    "\n"
    "  --input PATH      events (see 'rebut score --help'); may be given again\n"
    "  --as-of TIME      use events up to TIME only (default: the last event)\n"
    "  --since TIME      requests made at TIME or later (default: all)\n"
    "  --model FILE      a model written by 'rebut fit' (default: fit one)\n"
    "  --output FILE     where to write (default: standard output)\n"
    "  --rejects FILE    lines set aside, with the reason\n"
    "  --quiet           no progress, no account of lines\n"
    "\n"
    "Example: rebut terms --input events.ndjson.gz --output terms.csv\n";

static const struct option long_options[] = {
    REBUT_WORK_LONG_OPTIONS,
    {"since", required_argument, NULL, REBUT_OPTION_SINCE},
    {NULL, 0, NULL, 0}};

static bool write_terms(struct rebut_work *work, const struct rebut_work_options *options,
                        void *own, struct rebut_error *err)
{
    (void)own; /* it has no options but the shared ones */
    struct rebut_scores scores;
    struct rebut_output out;
    if (!rebut_scores_open(&scores, &work->inference, &work->model, options->since, err))
        return false;
    bool ok = rebut_output_open(&out, options->output, err);
    if (ok) {
        rebut_terms_write_csv(&scores, &out);
        ok = rebut_work_commit(work, &out, err);
        rebut_output_release(&out);
    }
    rebut_scores_close(&scores);
    return ok;
}

static int run(int argc, char **argv)
{
    const struct rebut_work_line line = {&rebut_command_terms, long_options, NULL, NULL,
                                         false};
    return rebut_work_run(&line, argc, argv, write_terms);
}

const struct rebut_command rebut_command_terms = {
    .name = "terms",
    .summary = "the additive terms of every request as CSV, for other learners",
    .usage_text = usage_text,
    .run = run,
};
