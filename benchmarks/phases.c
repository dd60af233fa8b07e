/* Where does the time of `rebut score` go?
 *
 *     phases EVENTS
 *
 * The same steps in the same order, with the CPU seconds (user and system), nanoseconds
 * an event, and resident memory so far at the end of each.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "rebut/fit.h"
#include "rebut/ingest.h"
#include "rebut/learn.h"
#include "rebut/score_write.h"

static double last_seconds;
static double events;

static void end_of(const char *phase)
{
    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    const double now = (double)used.ru_utime.tv_sec + (double)used.ru_stime.tv_sec +
                       1e-6 * (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec);
    printf("%-10s %8.3f s %8.1f ns/event %8.1f MB\n", phase, now - last_seconds,
           (now - last_seconds) * 1e9 / events, (double)used.ru_maxrss * 1024 / 1e6);
    last_seconds = now;
}

static void need(bool ok, const struct rebut_error *err)
{
    if (ok)
        return;
    fprintf(stderr, "phases: %s\n", err->message);
    exit(1);
}

static void write_scores(const struct rebut_scores *scores, struct rebut_error *err)
{
    struct rebut_output out;
    need(rebut_output_open(&out, "/dev/null", err), err);
    rebut_scores_write_ndjson(scores, REBUT_CHINESE, &out);
    need(rebut_output_commit(&out, err), err);
    rebut_output_release(&out);
}

int main(int count, char **arguments)
{
    struct rebut_error err = {0};
    struct rebut_state state;
    struct rebut_ingested ingested;
    struct rebut_model model;
    struct rebut_frame frame;
    struct rebut_inference inference;
    struct rebut_scores scores;
    if (count != 2) {
        fputs("usage: phases EVENTS\n", stderr);
        return 2;
    }
    const char *const paths[] = {arguments[1]};
    const struct rebut_ingest_job job = {
        .paths = paths, .path_count = 1, .as_of = REBUT_TIME_MAX};
    rebut_state_init(&state, 0);
    need(rebut_ingest(&job, &state, &ingested, &err), &err);
    events = (double)ingested.lines;
    end_of("ingest");
    rebut_model_init(&model);
    need(rebut_model_learn_levels(&model, &state, &err), &err);
    end_of("levels");
    need(rebut_frame_build(&frame, &state, state.latest, &model, &err), &err);
    end_of("frame");
    need(rebut_infer_open(&inference, &frame, &err), &err);
    need(rebut_fit(&model, &inference, &err), &err);
    end_of("fit");
    need(rebut_infer(&inference, &model, &err), &err);
    end_of("infer");
    need(rebut_learn(&model, &inference, &err), &err);
    free(rebut_model_write(&model));
    end_of("learn");
    need(rebut_scores_open(&scores, &inference, &model, INT64_MIN, &err), &err);
    end_of("scores");
    write_scores(&scores, &err);
    end_of("write");
    printf("%u orders, %u buyers, %u requests, %u cells, %u units, %u groups\n",
           frame.rows_count, frame.buyers, frame.claims_count, frame.cells_count,
           frame.units, frame.groups_count);
    rebut_scores_close(&scores);
    rebut_infer_close(&inference);
    rebut_frame_release(&frame);
    rebut_model_release(&model);
    rebut_state_release(&state);
    return 0;
}
