/* The night for those who score requests as they are made: its state and its model as
 * files, and once the scores are written its image, then announced.  Making the image
 * takes a run's memory, so that the run's own is given back before; a transaction of its
 * own holds nobody up while it is made. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "parts.h"
#include "rebut/scorer.h"
#include "rebut/snapshot.h"

/* That there is none for the stream is no reason to have no scores: told, and gone on.
 * Where nothing else is made, or memory is short, it is the end. */
static bool not_kept(struct night *night, const struct rebut_error *why,
                     struct rebut_error *err)
{
    night->has_kept = false;
    if (night->kept.id != 0)
        rebut_nights_discard(night->job->keep_folder, &night->kept);
    if (night->job->night_only || why->code == REBUT_ENOMEM)
        return rebut_fail(err, why->code, "%s", why->message);
    rebut_log_error(night->job->log, "night_not_kept", why);
    return true;
}

static bool write_state(struct night *night, const struct rebut_state *state,
                        const struct rebut_text *waiting, uint32_t waiting_count,
                        struct rebut_error *err)
{
    struct rebut_snapshot_about about = {.as_of = night->kept.as_of};
    char *path = rebut_nights_path(night->job->keep_folder, night->kept.state_file);
    /* Borrowed: the text is ingest's, the list its own. */
    about.waiting.data = (struct rebut_text *)(uintptr_t)waiting;
    about.waiting.count = about.waiting.room = waiting_count;
    const bool ok = path == NULL ? rebut_fail_memory(err, "a night")
                                 : rebut_snapshot_save(state, &about, path, err);
    free(path);
    return ok;
}

bool rebut_night_keep_state(struct night *night, const struct rebut_state *state,
                            const struct rebut_text *waiting, uint32_t waiting_count,
                            struct rebut_error *err)
{
    struct rebut_error why = {0};
    if (!rebut_night_go_on(night, err))
        return false;
    night->has_kept =
        rebut_nights_begin(night->desk, night->job->keep_folder, &night->kept, &why);
    night->kept.as_of = night->as_of == REBUT_TIME_MAX ? state->latest : night->as_of;
    return (night->has_kept && write_state(night, state, waiting, waiting_count, &why)) ||
           not_kept(night, &why, err);
}

static bool write_model(struct night *night, struct rebut_error *err)
{
    struct rebut_output out;
    char *path = rebut_nights_path(night->job->keep_folder, night->kept.model_file);
    char *document = rebut_model_write(&night->model);
    bool ok = path != NULL && document != NULL;
    if (!ok)
        rebut_fail_memory(err, "the model");
    ok = ok && rebut_output_open(&out, path, err);
    if (ok) {
        rebut_output_write(&out, document, strlen(document));
        ok = rebut_output_commit(&out, err);
        rebut_output_release(&out);
    }
    free(document);
    free(path);
    return ok;
}

/* The night scored, so that no stream has to: from what is on disk, as a stream would,
 * and so the same bytes.  One that cannot be written is told: the first stream makes it.
 */
static bool write_image(struct night *night, struct rebut_error *err)
{
    struct rebut_error why = {0};
    const char *folder = night->job->keep_folder;
    const int64_t start = night->job->clock_us();
    uint64_t bytes = 0;
    char *state = rebut_nights_path(folder, night->kept.state_file);
    char *model = rebut_nights_path(folder, night->kept.model_file);
    const bool ok = state == NULL || model == NULL
                        ? rebut_fail_memory(&why, "a night")
                        : rebut_tonight_keep(state, model, &bytes, &why);
    free(state);
    free(model);
    if (ok)
        rebut_log(night->job->log, "info", "night_image",
                  ",\"night\":%" PRId64 ",\"bytes\":%" PRIu64 ",\"seconds\":%.2f",
                  night->kept.id, bytes,
                  (double)(night->job->clock_us() - start) / REBUT_SECOND);
    else
        rebut_log_error(night->job->log, "night_image", &why);
    return rebut_night_go_on(night, err);
}

bool rebut_night_keep_model(struct night *night, struct rebut_error *err)
{
    struct rebut_error why = {0};
    if (!night->has_kept)
        return true;
    snprintf(night->kept.model_id, sizeof night->kept.model_id, "%s",
             night->model.version);
    if (!write_model(night, &why) ||
        !rebut_nights_seal(night->job->keep_folder, &night->kept, &why))
        return not_kept(night, &why, err);
    return true;
}

/* After a COMMIT that failed: true where it was written all the same. */
static bool was_announced(struct night *night, const char *xid, struct rebut_error *err)
{
    struct rebut_error ignored = {0};
    if (rebut_store_run(night->desk, "ROLLBACK", &ignored))
        return false;
    rebut_log_error(night->job->log, "commit_answer_lost", err);
    switch (rebut_night_fate(night, xid)) {
    case NIGHT_WRITTEN:
        night->unlocked = !rebut_store_lock(night->desk, REBUT_LOCK_NIGHTLY, &ignored);
        *err = (struct rebut_error){0};
        return true;
    case NIGHT_NOT_WRITTEN:
        return rebut_fail_context(err, "nothing was announced");
    default:
        night->in_doubt = true;
        return rebut_fail_context(err, "the answer to COMMIT was lost, and whether the "
                                       "night was announced cannot be found out");
    }
}

static bool announce(struct night *night, struct rebut_error *err)
{
    char xid[REBUT_NUMBER_SIZE];
    return rebut_store_run(night->desk, "BEGIN", err) &&
           rebut_night_number(night, xid, err) &&
           rebut_nights_announce(night->desk, &night->kept, err) &&
           (rebut_store_run(night->desk, "COMMIT", err) ||
            was_announced(night, xid, err));
}

static void tell_and_tidy(struct night *night)
{
    struct rebut_error why = {0};
    night->report->night_id = night->kept.id;
    char as_of[REBUT_TIME_SIZE];
    rebut_time_format(night->kept.as_of, 0, as_of);
    rebut_log(night->job->log, "info", "night_announced",
              ",\"night\":%" PRId64 ",\"as_of\":\"%s\",\"model\":\"%s\"", night->kept.id,
              as_of, night->kept.model_id);
    if (night->unlocked) /* whoever has the lock now tidies */
        return;
    if (!rebut_nights_tidy(night->desk, night->job->keep_folder, &why))
        rebut_log_error(night->job->log, "old_nights_not_removed", &why);
}

bool rebut_night_announce(struct night *night, struct rebut_error *err)
{
    struct rebut_error why = {0};
    if (!night->has_kept)
        return true;
    if (write_image(night, &why) && announce(night, &why)) {
        tell_and_tidy(night);
        return true;
    }
    if (night->job->night_only)
        return rebut_fail(err, why.code, "%s", why.message);
    if (rebut_night_stopped(night)) {
        why = (struct rebut_error){0};
        rebut_fail(&why, REBUT_ETRY, "stopped by a signal when the scores were written");
    }
    rebut_log_error(night->job->log, "night_not_kept", &why); /* the scores are there */
    rebut_night_forget_kept(night);
    return true;
}

void rebut_night_forget_kept(struct night *night)
{
    /* In doubt it may have been announced, and somebody be reading it. */
    if (night->has_kept && !night->in_doubt && night->report->night_id == 0)
        rebut_nights_discard(night->job->keep_folder, &night->kept);
}
