/* rebut audit -- did what was stated come true? */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "rebut/audit.h"
#include "work.h"

#define SCORES_MAX 1000

struct own {
    const char *scores[SCORES_MAX];
    size_t score_count;
    const char *json, *picture;
    int64_t from, to;
    double error; /* NaN: the model's, or none */
};

enum {
    OPTION_SCORES = 256,
    OPTION_FROM,
    OPTION_TO,
    OPTION_JSON,
    OPTION_PICTURE,
    OPTION_ERROR
};

static const struct option long_options[] = {
    {"input", required_argument, NULL, REBUT_OPTION_INPUT},
    {"scores", required_argument, NULL, OPTION_SCORES},
    {"model", required_argument, NULL, REBUT_OPTION_MODEL},
    {"from", required_argument, NULL, OPTION_FROM},
    {"to", required_argument, NULL, OPTION_TO},
    {"error", required_argument, NULL, OPTION_ERROR},
    {"json", required_argument, NULL, OPTION_JSON},
    {"picture", required_argument, NULL, OPTION_PICTURE},
    {"lang", required_argument, NULL, REBUT_OPTION_LANG},
    {"rejects", required_argument, NULL, REBUT_OPTION_REJECTS},
    {"quiet", no_argument, NULL, REBUT_OPTION_QUIET},
    {"help", no_argument, NULL, REBUT_OPTION_HELP},
    {NULL, 0, NULL, 0}};

static bool take_scores(struct own *own, const char *path, struct rebut_error *err)
{
    if (own->score_count == SCORES_MAX)
        return rebut_fail(err, REBUT_EUSAGE, "at most %d files of scores", SCORES_MAX);
    own->scores[own->score_count++] = path;
    return true;
}

static bool take_error(struct own *own, const char *value, struct rebut_error *err)
{
    return (rebut_text_double(rebut_text_of(value), &own->error) && own->error >= 0 &&
            own->error <= REBUT_REVIEWER_ERROR_MAX) ||
           rebut_fail(err, REBUT_EUSAGE, "expected --error from 0 to %.2f, got '%.20s'",
                      REBUT_REVIEWER_ERROR_MAX, value);
}

static bool take(void *to, int letter, const char *value, struct rebut_error *err)
{
    struct own *own = to;
    switch (letter) {
    case OPTION_SCORES:
        return take_scores(own, value, err);
    case OPTION_FROM:
        return rebut_time_parse_argument(value, &own->from, err);
    case OPTION_TO:
        return rebut_time_parse_argument(value, &own->to, err);
    case OPTION_ERROR:
        return take_error(own, value, err);
    case OPTION_JSON:
        own->json = value;
        return true;
    default:
        own->picture = value;
        return true;
    }
}

/* Raw terms of these requests, when they were scored, against those of the model's fit;
 * and the reviewers' error unless it was given.  What is known now is more than what was
 * known then, so the events are read again up to then. */
static bool measure_drift(struct rebut_audit *audit,
                          const struct rebut_work_options *options,
                          struct rebut_error *err)
{
    struct rebut_work_options then = *options;
    struct rebut_work work;
    struct rebut_scores scores;
    then.rejects = NULL;
    then.quiet = true;
    if (audit->scored_at != REBUT_TIME_NONE)
        then.as_of = audit->scored_at;
    bool ok = rebut_work_open(&work, &then, true, err) &&
              rebut_scores_open(&scores, &work.inference, &work.model, audit->since, err);
    if (ok) {
        ok = rebut_profile_psi(&work.model.profile, &scores, audit->psi, err);
        audit->has_psi = ok;
        if (isnan(audit->reviewer_error))
            audit->reviewer_error = work.model.reviewer_error;
        rebut_scores_close(&scores);
    }
    rebut_work_close(&work);
    return ok;
}

static bool write_json(const struct rebut_audit *audit, const char *path,
                       struct rebut_error *err)
{
    struct rebut_output out;
    if (!rebut_output_open(&out, path, err))
        return false;
    rebut_audit_json(audit, &out);
    const bool ok = rebut_output_commit(&out, err);
    rebut_output_release(&out);
    return ok;
}

static bool write_picture(const struct rebut_audit *audit, const char *path,
                          enum rebut_language language, struct rebut_error *err)
{
    struct rebut_output out;
    if (!rebut_output_open(&out, path, err))
        return false;
    /* The output knows better than cairo why bytes were not taken: ask it first. */
    struct rebut_error drawing = {0};
    const bool drawn = rebut_audit_picture(audit, language, &out, &drawing);
    bool ok = false;
    if (drawn || out.cause != 0)
        ok = rebut_output_commit(&out, err);
    else
        rebut_fail(err, drawing.code, "%s", drawing.message);
    rebut_output_release(&out);
    return ok;
}

static bool write_table(const struct rebut_audit *audit, enum rebut_language language,
                        struct rebut_work *work, struct rebut_error *err)
{
    struct rebut_output out;
    if (!rebut_output_open(&out, NULL, err))
        return false;
    rebut_audit_print(audit, language, &out);
    const bool ok = rebut_work_commit(work, &out, err);
    rebut_output_release(&out);
    return ok;
}

static bool audit_work(struct rebut_work *work, const struct rebut_work_options *options,
                       const struct own *own, struct rebut_error *err)
{
    struct rebut_audit audit;
    const struct rebut_audit_job job = {.scores = own->scores,
                                        .score_count = own->score_count,
                                        .from = own->from,
                                        .to = own->to};
    /* JSON on standard output takes the table's place. */
    const bool table = own->json == NULL || strcmp(own->json, "-") != 0;
    rebut_audit_init(&audit);
    audit.reviewer_error = own->error;
    const bool ok = rebut_audit_read(&audit, &work->state, &job, err) &&
                    (options->model == NULL || measure_drift(&audit, options, err)) &&
                    rebut_audit_measure(&audit, err) &&
                    (own->json == NULL || write_json(&audit, own->json, err)) &&
                    (own->picture == NULL ||
                     write_picture(&audit, own->picture, options->language, err)) &&
                    (!table || write_table(&audit, options->language, work, err));
    rebut_audit_release(&audit);
    return ok;
}

static int run(int argc, char **argv)
{
    const struct rebut_command *command = &rebut_command_audit;
    struct own own = {.from = INT64_MIN, .to = REBUT_TIME_MAX, .error = (double)NAN};
    const struct rebut_work_line line = {command, long_options, take, &own, false};
    struct rebut_work_options options;
    struct rebut_work work;
    struct rebut_error err = {0};
    const int code = rebut_work_read_line(&line, argc, argv, &options);
    if (code >= 0)
        return code;
    for (size_t i = 0; i < options.input_count; i++)
        if (options.model != NULL && strcmp(options.inputs[i], "-") == 0)
            return rebut_command_usage(command, "with --model the events are read twice: "
                                                "expected --input with a file, got '-'");
    if (own.score_count == 0)
        return rebut_command_usage(command, "expected --scores FILE");
    const bool ok = (options.model != NULL ? rebut_work_open(&work, &options, true, &err)
                                           : rebut_work_read(&work, &options, &err)) &&
                    audit_work(&work, &options, &own, &err);
    rebut_work_close(&work);
    return ok ? rebut_command_done(command) : rebut_command_failed(command, &err);
}

const struct rebut_command rebut_command_audit = {
    .name = "audit",
    .summary = "hold earlier scores against the verdicts that came after them",
    .usage_text =
        "usage: rebut audit --input PATH --scores FILE [OPTIONS]\n"
        "\n"
        "Did what was stated come true?  Wrong accusations stated and realised by week,\n"
        "precision and recall corrected for who was reviewed, calibration and what it\n"
        "should be, how far reviewers agree and how often they are wrong, error by "
        "group,\n"
        "drift, and what each term of the score is still worth.\n"
        "\n"
        "  --input PATH        events with the verdicts; may be given again\n"
        "  --scores FILE       what 'rebut score' or 'rebut queue' wrote; '-' is "
        "standard\n"
        "                      input.  May be given again: of a request the last score\n"
        "                      before its first verdict counts\n"
        "  --model FILE        the model that scored: drift (PSI) of its terms since "
        "the\n"
        "                      fit, and the reviewers' error\n"
        "  --error E           probability that a verdict is wrong (0 to 0.45)\n"
        "  --from T, --to T    verdicts from T on, and before T\n"
        "  --json FILE         the figures as JSON; '-' is stdout, in place of the "
        "table\n"
        "  --picture FILE.svg  reliability, precision and recall, queue\n"
        "  --lang LANG         language of table and picture: zh (default) or en\n"
        "  --rejects FILE      lines of the events set aside, with the reason\n"
        "  --quiet             no progress, no account of lines\n"
        "\n"
        "A verdict that was known when the score was made ('as_of') judges nothing.\n"
        "Each reviewer's last word is a voice, the majority decides.  Ranked requests\n"
        "stand for themselves, random ones for 1 / propensity; both by the score file\n"
        "if it has 'selection', by the verdict if not.  Days are China's.\n"
        "\n"
        "Too few verdicts are said to be too few: Platt's map takes 20 of each kind, "
        "the\n"
        "beta map 30; the error of a verdict 30 requests reviewed twice, and by "
        "reviewer\n"
        "30 reviewed by three; a term 20 requests that have it, in score files with "
        "'terms'.\n",
    .run = run,
};
