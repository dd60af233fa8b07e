/* rebut score -- rank refund-only requests, best first. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rebut/score_write.h"
#include "rebut/scorer.h"
#include "work.h"

static const char usage_text[] =
    "usage: rebut score --input PATH [OPTIONS]\n"
    "\n"
    "Reads events, fits the model (or takes one), and writes every refund-only request\n"
    "with its probability of abuse, best first, and the reasons that add up to it.\n"
    "\n"
    "  --input PATH      events: NDJSON, plain, .gz or .zst; '-' is standard input; a\n"
    "                    directory is all its event files.  May be given again\n"
    "  --store CONNINFO  read a PostgreSQL database instead: libpq's words, a URI or\n"
    "                    'service=rebut'; '' leaves all to the PG* environment\n"
    "  --source-schema NAME  where its tables or views of events are (rebut)\n"
    "  --as-of TIME      use events up to TIME only (default: the last event)\n"
    "  --since TIME      list requests made at TIME or later (default: all)\n"
    "  --model FILE      a model written by 'rebut fit' (default: fit one)\n"
    "  --output FILE     where to write (default: standard output)\n"
    "  --format FORM     ndjson (default) or csv\n"
    "  --lang LANG       language of the sentences: zh (default) or en\n"
    "  --keep FILE       write what is known there, for 'rebut stream --night'; holds\n"
    "                    buyers' ids.  With --model also FILE.image, the night scored,\n"
    "                    from which a stream of this build begins at once\n"
    "  --night FILE      the state of a night (--keep): list requests by time, each "
    "scored\n"
    "                    as of its own time against that night, as 'rebut stream' does;\n"
    "                    needs --model\n"
    "  --rejects FILE    lines set aside, with the reason\n"
    "  --quiet           no progress, no account of lines\n"
    "\n"
    "Times: 2026-06-30T00:00:00+08:00, or 2026-06-30 for midnight UTC.\n"
    "A score is not a verdict: a person decides.\n"
    "Example: rebut score --input events.ndjson.gz --output ranked.ndjson\n";

enum { OPTION_FORMAT = 256 };

static const struct option long_options[] = {
    REBUT_WORK_LONG_OPTIONS,
    REBUT_WORK_STORE_OPTIONS,
    {"since", required_argument, NULL, REBUT_OPTION_SINCE},
    {"lang", required_argument, NULL, REBUT_OPTION_LANG},
    {"keep", required_argument, NULL, REBUT_OPTION_KEEP},
    {"format", required_argument, NULL, OPTION_FORMAT},
    {"night", required_argument, NULL, REBUT_OPTION_NIGHT},
    {NULL, 0, NULL, 0}};

static bool write_list(const struct rebut_work *work,
                       const struct rebut_work_options *options, bool csv,
                       struct rebut_output *out, struct rebut_error *err)
{
    struct rebut_scores scores;
    if (!rebut_scores_open(&scores, &work->inference, &work->model, options->since, err))
        return false;
    if (csv)
        rebut_scores_write_csv(&scores, out);
    else
        rebut_scores_write_ndjson(&scores, options->language, out);
    rebut_scores_close(&scores);
    return true;
}

/* Each request as of its own time. */
static bool look_back(const struct rebut_work *work,
                      const struct rebut_work_options *options, struct rebut_output *out,
                      struct rebut_error *err)
{
    struct rebut_tonight tonight;
    if (options->model == NULL)
        return rebut_fail(err, REBUT_EUSAGE, "expected --model FILE with --night");
    if (!rebut_tonight_open(&tonight, options->night, options->model, err))
        return false;
    const bool ok = rebut_scorer_hindsight(&tonight, &work->state, options->since,
                                           options->language, out, err);
    rebut_tonight_close(&tonight);
    return ok;
}

/* What the line says beside the shared options, and what is left to do after it. */
struct own {
    bool csv;
    const char *keep, *model; /* of an image; NULL: none */
};

static bool write_scores(struct rebut_work *work,
                         const struct rebut_work_options *options, void *context,
                         struct rebut_error *err)
{
    struct own *own = context;
    struct rebut_output out;
    own->keep = options->keep;
    own->model = options->model;
    if (!rebut_output_open(&out, options->output, err))
        return false;
    const bool ok =
        (options->night != NULL ? look_back(work, options, &out, err)
                                : write_list(work, options, own->csv, &out, err)) &&
        rebut_work_commit(work, &out, err);
    rebut_output_release(&out);
    return ok;
}

static bool take_format(void *own, int letter, const char *value, struct rebut_error *err)
{
    bool *csv = &((struct own *)own)->csv;
    (void)letter; /* the only one */
    *csv = strcmp(value, "csv") == 0;
    return *csv || strcmp(value, "ndjson") == 0 ||
           rebut_fail(err, REBUT_EUSAGE,
                      "expected '--format ndjson' or '--format csv', got '%.20s'", value);
}

/* The image of the night that was kept, for streams to begin with at once: made from what
 * is on disk, after all else is given back. */
static int keep_image(const struct own *own)
{
    struct rebut_error err = {0};
    uint64_t bytes = 0;
    const bool ok = rebut_tonight_keep(own->keep, own->model, &bytes, &err) ||
                    rebut_fail_context(&err, "the image of the night");
    return ok ? 0 : rebut_command_failed(&rebut_command_score, &err);
}

static int run(int argc, char **argv)
{
    struct own own = {false, NULL, NULL};
    const struct rebut_work_line line = {&rebut_command_score, long_options, take_format,
                                         &own, false};
    const int code = rebut_work_run(&line, argc, argv, write_scores);
    return code == 0 && own.keep != NULL && own.model != NULL ? keep_image(&own) : code;
}

const struct rebut_command rebut_command_score = {
    .name = "score",
    .summary = "rank refund-only requests by how likely they are abuse",
    .usage_text = usage_text,
    .run = run,
};
