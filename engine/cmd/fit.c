/* rebut fit -- write a model. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rebut/fit.h"
#include "rebut/output.h"
#include "work.h"

static const char usage_text[] =
    "usage: rebut fit --input PATH [OPTIONS]\n"
    "\n"
    "Fits the model to events and writes it as a JSON document, whose version is the\n"
    "hash of its content.  'rebut score --model FILE' then needs no fit.\n"
    "\n"
    "  --input PATH      events (see 'rebut score --help'); may be given again\n"
    "  --store CONNINFO  read a PostgreSQL database instead; --source-schema too\n"
    "  --as-of TIME      use events up to TIME only (default: the last event)\n"
    "  --output FILE     where to write it (default: model-VERSION.json in the folder\n"
    "                    where the command runs; '-' is standard output)\n"
    "  --challenger      name it challenger-VERSION.json: 'rebut compare' holds it\n"
    "                    against the model in use before it takes its place\n"
    "  --rejects FILE    lines set aside, with the reason\n"
    "  --quiet           no progress, no account of lines\n"
    "\n"
    "Example: rebut fit --input events.ndjson.gz\n";

enum { OPTION_CHALLENGER = 256 };

static const struct option long_options[] = {
    REBUT_WORK_LONG_OPTIONS,
    REBUT_WORK_STORE_OPTIONS,
    {"challenger", no_argument, NULL, OPTION_CHALLENGER},
    {NULL, 0, NULL, 0}};

static bool take_challenger(void *own, int letter, const char *value,
                            struct rebut_error *err)
{
    bool *challenger = own;
    (void)letter; /* the only one */
    (void)value;
    (void)err;
    *challenger = true;
    return true;
}

static bool write_model(struct rebut_work *work, const struct rebut_work_options *options,
                        bool challenger, struct rebut_error *err)
{
    char own_name[sizeof "challenger-.json" + REBUT_MODEL_VERSION_SIZE];
    struct rebut_output out;
    char *document = rebut_model_write(&work->model);
    if (document == NULL)
        return rebut_fail_memory(err, "the model");
    snprintf(own_name, sizeof own_name, "%s-%s.json", challenger ? "challenger" : "model",
             work->model.version);
    const char *path = options->output == NULL ? own_name : options->output;
    bool ok = rebut_output_open(&out, path, err);
    if (ok) {
        rebut_output_write(&out, document, strlen(document));
        ok = rebut_work_commit(work, &out, err);
        rebut_output_release(&out);
    }
    free(document);
    if (ok && !options->quiet)
        fprintf(stderr, "model %s written to %s\n", work->model.version,
                strcmp(path, "-") == 0 ? "standard output" : path);
    if (ok && !options->quiet && work->model.verdicts < REBUT_VERDICTS_ENOUGH)
        fprintf(stderr,
                "note: %llu verdicts; below %d the base rate of abuse is an assumption\n",
                (unsigned long long)work->model.verdicts, REBUT_VERDICTS_ENOUGH);
    return ok;
}

static int run(int argc, char **argv)
{
    bool challenger = false;
    const struct rebut_work_line line = {&rebut_command_fit, long_options,
                                         take_challenger, &challenger, false};
    struct rebut_work_options options;
    struct rebut_work work;
    struct rebut_error err = {0};
    const int code = rebut_work_read_line(&line, argc, argv, &options);
    if (code >= 0)
        return code;
    if (options.model != NULL)
        return rebut_command_usage(&rebut_command_fit, "a fit takes no --model");
    const bool ok = rebut_work_open(&work, &options, false, &err) &&
                    write_model(&work, &options, challenger, &err);
    rebut_work_close(&work);
    return ok ? 0 : rebut_command_failed(&rebut_command_fit, &err);
}

const struct rebut_command rebut_command_fit = {
    .name = "fit",
    .summary = "fit the model to events and write it as a file",
    .usage_text = usage_text,
    .run = run,
};
