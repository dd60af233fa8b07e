#include "work.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "rebut/fit.h"
#include "rebut/learn.h"
#include "rebut/snapshot.h"
#include "rebut/store_events.h"

static bool add_input(struct rebut_work_options *options, const char *path,
                      struct rebut_error *err)
{
    if (options->input_count == REBUT_WORK_INPUTS_MAX)
        return rebut_fail(err, REBUT_EUSAGE, "at most %d inputs", REBUT_WORK_INPUTS_MAX);
    options->inputs[options->input_count++] = path;
    return true;
}

static bool take_option(struct rebut_work_options *options, int letter, const char *value,
                        struct rebut_error *err)
{
    switch (letter) {
    case REBUT_OPTION_INPUT:
        return add_input(options, value, err);
    case REBUT_OPTION_STORE:
        options->store = value;
        return true;
    case REBUT_OPTION_SCHEMA:
        options->schema = value;
        return true;
    case REBUT_OPTION_AS_OF:
        return rebut_time_parse_argument(value, &options->as_of, err);
    case REBUT_OPTION_SINCE:
        return rebut_time_parse_argument(value, &options->since, err);
    case REBUT_OPTION_MODEL:
        options->model = value;
        return true;
    case REBUT_OPTION_OUTPUT:
        options->output = value;
        return true;
    case REBUT_OPTION_REJECTS:
        options->rejects = value;
        return true;
    case REBUT_OPTION_NIGHT:
        options->night = value;
        return true;
    case REBUT_OPTION_KEEP:
        options->keep = value;
        return true;
    case REBUT_OPTION_QUIET:
        options->quiet = true;
        return true;
    case REBUT_OPTION_LANG:
        return rebut_language_parse(value, &options->language) ||
               rebut_fail(err, REBUT_EUSAGE, "expected --lang zh or en, got '%.20s'",
                          value);
    default:
        return rebut_fail(err, REBUT_EUSAGE, "unknown option");
    }
}

int rebut_work_read_line(const struct rebut_work_line *line, int argc, char **argv,
                         struct rebut_work_options *options)
{
    struct rebut_error err = {0};
    int letter = 0;
    *options = (struct rebut_work_options){
        .as_of = REBUT_TIME_MAX, .since = INT64_MIN, .language = REBUT_CHINESE};
    while ((letter = getopt_long(argc, argv, "", line->long_options, NULL)) != -1) {
        if (letter == REBUT_OPTION_HELP)
            return rebut_command_help(line->command);
        if (letter == '?')
            return 2;
        if (!(letter > 255 ? line->take(line->own, letter, optarg, &err)
                           : take_option(options, letter, optarg, &err)))
            return rebut_command_usage(line->command, "%s", err.message);
    }
    if (optind < argc)
        return rebut_command_usage(line->command, "unexpected argument '%.40s'",
                                   argv[optind]);
    if (options->input_count == 0 && options->store == NULL && !line->no_input)
        return rebut_command_usage(line->command, "expected --input PATH");
    if (options->input_count > 0 && options->store != NULL)
        return rebut_command_usage(line->command,
                                   "expected --input or --store, not both");
    if (options->schema != NULL && options->store == NULL)
        return rebut_command_usage(line->command,
                                   "expected --store with --source-schema");
    return -1;
}

static int64_t clock_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * REBUT_SECOND + now.tv_nsec / 1000;
}

/* All tables at one moment, and nothing written. */
static bool read_store(struct rebut_work *work, const struct rebut_work_options *options,
                       struct rebut_ingest_job job, struct rebut_error *err)
{
    const struct rebut_store_events events = {.schema = options->schema,
                                              .as_of = options->as_of};
    struct rebut_store *store = NULL;
    const bool ok =
        rebut_store_open(&store, options->store, "score", err) &&
        rebut_store_run(store, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", err) &&
        rebut_store_events_open(&job.source, store, &events, err) &&
        rebut_ingest(&job, &work->state, &work->ingested, err);
    rebut_source_close(job.source);
    rebut_store_close(store);
    return ok;
}

/* For the ingest: the state as it is before the seal, for another run. */
static bool keep_state(void *context, const struct rebut_state *state,
                       const struct rebut_text *waiting, uint32_t waiting_count,
                       struct rebut_error *err)
{
    const struct rebut_work_options *options = context;
    struct rebut_snapshot_about about = {
        .as_of = options->as_of == REBUT_TIME_MAX ? state->latest : options->as_of};
    /* Borrowed: the text is ingest's, the list its own. */
    about.waiting.data = (struct rebut_text *)(uintptr_t)waiting;
    about.waiting.count = about.waiting.room = waiting_count;
    return rebut_snapshot_save(state, &about, options->keep, err);
}

static bool read_inputs(struct rebut_work *work, const struct rebut_work_options *options,
                        struct rebut_error *err)
{
    struct rebut_progress progress;
    if (options->rejects != NULL) {
        work->has_rejects = rebut_rejects_open(&work->rejects, options->rejects, err);
        if (!work->has_rejects)
            return false;
    }
    rebut_progress_init(&progress, options->quiet ? NULL : stderr, "reading", clock_us);
    const struct rebut_ingest_job job = {
        .paths = options->inputs,
        .path_count = options->input_count,
        .as_of = options->as_of,
        .rejects = work->has_rejects ? &work->rejects : NULL,
        .progress = &progress,
        .keep = options->keep == NULL ? NULL : keep_state,
        .context = (void *)(uintptr_t)options};
    const bool ok = options->store != NULL
                        ? read_store(work, options, job, err)
                        : rebut_ingest(&job, &work->state, &work->ingested, err);
    rebut_progress_end(&progress);
    if (ok && !options->quiet)
        rebut_ingested_print(&work->ingested, stderr);
    return ok;
}

/* The model to use: the one given, or one fitted to what was read. */
static bool open_model(struct rebut_work *work, const struct rebut_work_options *options,
                       struct rebut_error *err)
{
    if (options->model != NULL) {
        work->has_model = rebut_model_load(options->model, &work->model, err);
        return work->has_model;
    }
    rebut_model_init(&work->model);
    work->has_model = true;
    return rebut_model_learn_levels(&work->model, &work->state, err);
}

static bool fit_model(struct rebut_work *work, struct rebut_error *err)
{
    if (!rebut_train(&work->model, &work->inference, err))
        return false;
    char *document = rebut_model_write(&work->model);
    if (document == NULL)
        return rebut_fail_memory(err, "the model");
    free(document);
    return true;
}

bool rebut_work_read(struct rebut_work *work, const struct rebut_work_options *options,
                     struct rebut_error *err)
{
    *work = (struct rebut_work){0};
    rebut_state_init(&work->state, 0);
    work->state.keeps_keys = options->night != NULL;
    if (options->input_count == 0 && options->store == NULL)
        return rebut_fail(err, REBUT_EUSAGE, "expected --input PATH");
    if (!read_inputs(work, options, err))
        return false;
    work->as_of = options->as_of == REBUT_TIME_MAX ? work->state.latest : options->as_of;
    return true;
}

bool rebut_work_open(struct rebut_work *work, const struct rebut_work_options *options,
                     bool infer, struct rebut_error *err)
{
    if (!rebut_work_read(work, options, err))
        return false;
    if (!open_model(work, options, err))
        return false;
    work->has_frame =
        rebut_frame_build(&work->frame, &work->state, work->as_of, &work->model, err);
    if (!work->has_frame)
        return false;
    work->has_inference = rebut_infer_open(&work->inference, &work->frame, err);
    if (!work->has_inference)
        return false;
    if (options->model == NULL && !fit_model(work, err))
        return false;
    return !infer || options->model == NULL ||
           rebut_infer(&work->inference, &work->model, err);
}

bool rebut_work_commit(struct rebut_work *work, struct rebut_output *out,
                       struct rebut_error *err)
{
    return (!work->has_rejects || rebut_rejects_commit(&work->rejects, err)) &&
           rebut_output_commit(out, err);
}

void rebut_work_close(struct rebut_work *work)
{
    if (work->has_rejects)
        rebut_rejects_release(&work->rejects);
    if (work->has_inference)
        rebut_infer_close(&work->inference);
    if (work->has_frame)
        rebut_frame_release(&work->frame);
    if (work->has_model)
        rebut_model_release(&work->model);
    rebut_state_release(&work->state);
}

int rebut_work_run(const struct rebut_work_line *line, int argc, char **argv,
                   rebut_work_write *write)
{
    struct rebut_work_options options;
    struct rebut_work work;
    struct rebut_error err = {0};
    const int code = rebut_work_read_line(line, argc, argv, &options);
    if (code >= 0)
        return code;
    const bool ok = rebut_work_open(&work, &options, true, &err) &&
                    write(&work, &options, line->own, &err);
    rebut_work_close(&work);
    return ok ? 0 : rebut_command_failed(line->command, &err);
}
