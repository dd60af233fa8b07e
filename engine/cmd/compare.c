/* rebut compare -- would a new model be better than the one in use? */
#include <stdio.h>
#include <string.h>

#include "rebut/comparison.h"
#include "work.h"

struct own {
    const char *models[REBUT_SIDES];
    const char *truth, *json;
};

enum { OPTION_CHAMPION = 256, OPTION_CHALLENGER, OPTION_TRUTH, OPTION_JSON };

static const struct option long_options[] = {
    {"input", required_argument, NULL, REBUT_OPTION_INPUT},
    {"champion", required_argument, NULL, OPTION_CHAMPION},
    {"challenger", required_argument, NULL, OPTION_CHALLENGER},
    {"as-of", required_argument, NULL, REBUT_OPTION_AS_OF},
    {"since", required_argument, NULL, REBUT_OPTION_SINCE},
    {"truth", required_argument, NULL, OPTION_TRUTH},
    {"json", required_argument, NULL, OPTION_JSON},
    {"lang", required_argument, NULL, REBUT_OPTION_LANG},
    {"rejects", required_argument, NULL, REBUT_OPTION_REJECTS},
    {"quiet", no_argument, NULL, REBUT_OPTION_QUIET},
    {"help", no_argument, NULL, REBUT_OPTION_HELP},
    {NULL, 0, NULL, 0}};

static bool take(void *to, int letter, const char *value, struct rebut_error *err)
{
    struct own *own = to;
    (void)err;
    if (letter == OPTION_CHAMPION || letter == OPTION_CHALLENGER)
        own->models[letter - OPTION_CHAMPION] = value;
    else
        *(letter == OPTION_TRUTH ? &own->truth : &own->json) = value;
    return true;
}

/* Score all requests with one model. */
static bool score_with(struct rebut_comparison *it, enum rebut_side side,
                       const struct rebut_state *state, const struct rebut_model *model,
                       struct rebut_error *err)
{
    struct rebut_frame frame;
    struct rebut_inference inference;
    struct rebut_scores scores;
    if (!rebut_frame_build(&frame, state, it->as_of, model, err))
        return false;
    bool ok = rebut_infer_open(&inference, &frame, err);
    if (ok) {
        ok = rebut_infer(&inference, model, err) &&
             rebut_scores_open(&scores, &inference, model, INT64_MIN, err);
        if (ok) {
            rebut_comparison_scores(it, side, &scores);
            rebut_scores_close(&scores);
        }
        rebut_infer_close(&inference);
    }
    rebut_frame_release(&frame);
    return ok;
}

/* Verdicts after this time judge: as asked for, or when the later model was fitted. */
static bool choose_since(struct rebut_comparison *it, int64_t since,
                         const struct rebut_model *models, struct rebut_error *err)
{
    const int64_t fitted =
        models[0].as_of > models[1].as_of ? models[0].as_of : models[1].as_of;
    it->since = since == INT64_MIN ? fitted : since;
    return it->since >= fitted || it->from_file ||
           rebut_fail(
               err, REBUT_EDATA,
               "a model was fitted to events after the time of '--since', so it may "
               "have seen the verdicts that would judge it");
}

static bool compare_models(struct rebut_comparison *it, struct rebut_work *work,
                           const struct rebut_work_options *options,
                           const struct own *own, const struct rebut_model *models,
                           struct rebut_error *err)
{
    it->as_of = work->as_of;
    it->from_file = own->truth != NULL;
    if (!choose_since(it, options->since, models, err) ||
        !rebut_comparison_requests(it, &work->state, err))
        return false;
    rebut_comparison_verdicts(it, &work->state);
    if (it->from_file && !rebut_comparison_truth(it, &work->state, own->truth, err))
        return false;
    for (int side = 0; side < REBUT_SIDES; side++)
        if (!score_with(it, (enum rebut_side)side, &work->state, &models[side], err))
            return false;
    return rebut_comparison_measure(it, err);
}

static bool write_json(const struct rebut_comparison *it, const char *path,
                       struct rebut_error *err)
{
    struct rebut_output out;
    if (!rebut_output_open(&out, path, err))
        return false;
    rebut_comparison_json(it, &out);
    const bool ok = rebut_output_commit(&out, err);
    rebut_output_release(&out);
    return ok;
}

static bool write_out(const struct rebut_comparison *it, struct rebut_work *work,
                      const struct rebut_work_options *options, const char *json,
                      struct rebut_error *err)
{
    struct rebut_output out;
    if (json != NULL && !write_json(it, json, err))
        return false;
    if (json != NULL && strcmp(json, "-") == 0)
        return true; /* in place of the table */
    if (!rebut_output_open(&out, NULL, err))
        return false;
    rebut_comparison_print(it, options->language, &out);
    const bool ok = rebut_work_commit(work, &out, err);
    rebut_output_release(&out);
    return ok;
}

static bool compare(const struct rebut_work_options *options, const struct own *own,
                    struct rebut_error *err)
{
    struct rebut_comparison it;
    struct rebut_work work;
    struct rebut_model models[REBUT_SIDES];
    int loaded = 0;
    rebut_comparison_init(&it);
    bool ok = rebut_work_read(&work, options, err);
    for (; ok && loaded < REBUT_SIDES; loaded += ok)
        ok = rebut_model_load(own->models[loaded], &models[loaded], err);
    ok = ok && compare_models(&it, &work, options, own, models, err) &&
         write_out(&it, &work, options, own->json, err);
    while (loaded > 0)
        rebut_model_release(&models[--loaded]);
    rebut_comparison_release(&it);
    rebut_work_close(&work);
    return ok;
}

static int run(int argc, char **argv)
{
    const struct rebut_command *command = &rebut_command_compare;
    struct own own = {0};
    const struct rebut_work_line line = {command, long_options, take, &own, false};
    struct rebut_work_options options;
    struct rebut_error err = {0};
    const int code = rebut_work_read_line(&line, argc, argv, &options);
    if (code >= 0)
        return code;
    if (own.models[REBUT_CHAMPION] == NULL || own.models[REBUT_CHALLENGER] == NULL)
        return rebut_command_usage(command, "expected --champion and --challenger");
    return compare(&options, &own, &err) ? rebut_command_done(command)
                                         : rebut_command_failed(command, &err);
}

const struct rebut_command rebut_command_compare = {
    .name = "compare",
    .summary = "hold a new model against the one in use, on the same events",
    .usage_text =
        "usage: rebut compare --input PATH --champion MODEL --challenger MODEL "
        "[OPTIONS]\n"
        "\n"
        "Both models score the same events as of the same time; requests whose truth is\n"
        "known say which is better, with intervals of the difference; all requests say\n"
        "whose answer changes.  'rebut fit --output challenger.json' writes a "
        "challenger.\n"
        "\n"
        "  --input PATH        events; may be given again\n"
        "  --champion MODEL    the model in use\n"
        "  --challenger MODEL  the one that would replace it\n"
        "  --as-of TIME        use events up to TIME only (default: the last event)\n"
        "  --since TIME        verdicts after TIME judge, and no score knows them\n"
        "                      (default: when the later of the two models was fitted)\n"
        "  --truth FILE.csv    columns request_id and abuse (0 or 1) judge instead; the\n"
        "                      verdicts after --since are left out all the same\n"
        "  --json FILE         the figures as JSON; '-' is stdout, in place of the "
        "table\n"
        "  --lang LANG         language of the table: zh (default) or en\n"
        "  --rejects FILE      lines of the events set aside, with the reason\n"
        "  --quiet             no progress, no account of lines\n"
        "\n"
        "A model fitted after --since may have seen what would judge it: refused with\n"
        "verdicts, said with --truth.  Requests judged before --since judge no model.\n"
        "Intervals, 95%: AUC DeLong, average precision 500 draws of buyers, always the\n"
        "same ones.  Only '--truth' of all requests is free of who was reviewed and "
        "why.\n",
    .run = run,
};
