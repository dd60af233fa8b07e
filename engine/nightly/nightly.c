#include "rebut/nightly.h"

#include <math.h>
#include <stdio.h>

#include "parts.h"

const char *const rebut_words_stage[REBUT_STAGES] = {"read", "state", "fit", "score",
                                                     "write"};

bool rebut_night_go_on(const struct night *night, struct rebut_error *err)
{
    return !rebut_night_stopped(night) ||
           rebut_fail(err, REBUT_ETRY, "stopped by a signal; nothing was written");
}

bool rebut_night_stopped(const struct night *night)
{
    return night->job->hand != NULL && night->job->hand->stop != 0;
}

void rebut_nightly_stop(struct rebut_nightly_hand *hand)
{
    hand->stop = 1;
    for (int i = 0; i < 2; i++)
        rebut_store_cancel(hand->stores[i]);
}

bool rebut_night_connect(struct night *night, struct rebut_store **ret, int place,
                         struct rebut_error *err)
{
    struct rebut_nightly_hand *hand = night->job->hand;
    if (hand == NULL)
        return rebut_store_open(ret, night->job->conninfo, "nightly", err);
    if (!rebut_night_go_on(night, err))
        return false;
    hand->connecting = 1;
    const bool ok = rebut_store_open(ret, night->job->conninfo, "nightly", err);
    hand->stores[place] = *ret;
    hand->connecting = 0;
    return ok;
}

const char *rebut_number_text(int64_t value, char ret_text[REBUT_NUMBER_SIZE])
{
    snprintf(ret_text, REBUT_NUMBER_SIZE, "%lld", (long long)value);
    return ret_text;
}

/* Everything that is only asked until all is written. */
static void release_tables(struct night *night)
{
    if (night->has_queue)
        rebut_queue_close(&night->queue);
    if (night->has_scores)
        rebut_scores_close(&night->scores);
    if (night->has_inference)
        rebut_infer_close(&night->inference);
    if (night->has_frame)
        rebut_frame_release(&night->frame);
    night->has_queue = night->has_scores = night->has_inference = night->has_frame =
        false;
    rebut_state_release(&night->state);
    rebut_state_init(&night->state, 0);
}

static void release(struct night *night)
{
    for (int i = 0; night->job->hand != NULL && i < 2; i++)
        night->job->hand->stores[i] = NULL;
    release_tables(night);
    if (night->has_model)
        rebut_model_release(&night->model);
    if (night->has_rejects)
        rebut_rejects_release(&night->rejects);
    rebut_store_close(night->reader);
    rebut_store_close(night->desk);
}

/* The desk: schema, lock, and a record of the run. */
static bool open_desk(struct night *night, struct rebut_error *err)
{
    const struct rebut_nightly_job *job = night->job;
    /* Both sessions before the record: a signal while one connects ends the run at once,
     * and no record would say what became of it. */
    if (!rebut_night_connect(night, &night->desk, 0, err) ||
        !rebut_night_connect(night, &night->reader, 1, err) ||
        !rebut_schema_require(night->desk, err))
        return false;
    if (job->dry_run)
        return true;
    return rebut_store_lock(night->desk, REBUT_LOCK_NIGHTLY, err) &&
           (job->night_only || rebut_night_begin(night, err));
}

/* What became of it, in the words of who stopped it and not of what that broke. */
static void end(struct night *night, struct rebut_error *why)
{
    if (rebut_night_stopped(night) && !night->in_doubt) {
        *why = (struct rebut_error){0};
        (void)!rebut_night_go_on(night, why);
    }
    rebut_night_end(night, why);
}

/* Scores, queue and groups, or nothing but the night. */
static bool judge(struct night *night, struct rebut_error *err)
{
    return night->job->night_only ? rebut_night_load_model(night, err)
                                  : rebut_night_score(night, err);
}

static bool write_all(struct night *night, struct rebut_error *err)
{
    if (night->job->dry_run)
        return true;
    if (!rebut_night_keep_model(night, err) ||
        !(night->job->night_only || rebut_night_write(night, err)))
        return false;
    release_tables(night);
    return rebut_night_announce(night, err);
}

static bool commit_rejects(struct night *night, struct rebut_error *err)
{
    return !night->has_rejects || rebut_rejects_commit(&night->rejects, err);
}

bool rebut_nightly(const struct rebut_nightly_job *job, struct rebut_nightly_report *ret,
                   struct rebut_error *err)
{
    struct rebut_error own = {0};
    struct night night = {
        .job = job, .report = ret, .as_of = job->as_of, .since = job->since};
    *ret = (struct rebut_nightly_report){.psi_most = NAN, .as_of = REBUT_TIME_NONE};
    rebut_state_init(&night.state, 0);
    const bool ok = open_desk(&night, &own) && rebut_night_go_on(&night, &own) &&
                    rebut_night_read(&night, &own) && judge(&night, &own) &&
                    commit_rejects(&night, &own) && write_all(&night, &own);
    if (!ok) {
        end(&night, &own);
        rebut_night_forget_kept(&night);
    }
    release(&night);
    return ok || rebut_fail(err, own.code, "%s", own.message);
}
