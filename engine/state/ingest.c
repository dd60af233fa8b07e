#include "rebut/ingest.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "ingest_again.h"
#include "ingest_kept.h"

#define RESERVE_MAX ((uint64_t)1 << 24) /* orders */

struct run {
    const struct rebut_ingest_job *job;
    struct rebut_state *state;
    struct rebut_ingested *sums;
    struct rebut_source *source;
    struct kept kept;
    bool sweeping; /* the lines at hand were kept, and spelled then */
    struct replaced replaced;
    struct rebut_refused_line first_refused; /* without its text */
};

uint64_t rebut_ingested_sum(const uint64_t *counts, size_t length)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < length; i++)
        sum += counts[i];
    return sum;
}

/* ---- what goes to the rejects ---- */

/* The writing may have failed; the commit knows in which words. */
static bool reject(const struct run *run, const struct rebut_line *line,
                   struct rebut_reject *what, struct rebut_error *err)
{
    struct rebut_rejects *rejects = run->job->rejects;
    if (rejects == NULL)
        return true;
    what->input = line->number == 0 /* of another time */
                      ? NULL
                      : run->source->input_name(run->source, line->input);
    what->line = line->number;
    what->text = line->text;
    what->bytes = line->bytes;
    return rebut_rejects_add(rejects, what) || rebut_rejects_commit(rejects, err);
}

/* The line's text is to be one that a person or the parser can read. */
static bool spell(const struct run *run, struct rebut_line *line, struct rebut_error *err)
{
    if (run->source->spell == NULL || run->sweeping)
        return true;
    if (!run->source->spell(run->source, line, &line->text, err))
        return false;
    line->bytes = line->text.size;
    return true;
}

static bool refuse(struct run *run, const struct rebut_refused_line *refused,
                   struct rebut_error *err)
{
    const struct rebut_refusal *why = &refused->refusal;
    run->sums->refused[rebut_refusal_number(why)]++;
    if (run->first_refused.line.number == 0) {
        run->first_refused = *refused;
        run->first_refused.line.text = (struct rebut_text){NULL, 0};
    }
    return reject(run, &refused->line,
                  &(struct rebut_reject){.reason = why->reason,
                                         .field = why->field,
                                         .expected = why->expected,
                                         .came = why->came},
                  err);
}

static bool reject_conflict(struct run *run, const struct rebut_event *event,
                            const struct rebut_line *line, struct rebut_error *err)
{
    struct rebut_reject conflict = {
        .reason = "conflict",
        .expected = "what the first event of this id says, which stands",
        .came = "other content"};
    rebut_event_own_id(event, &conflict.field);
    struct rebut_line spelled = *line;
    return spell(run, &spelled, err) && reject(run, &spelled, &conflict, err);
}

static bool reject_orphan(struct run *run, const struct kept_line *kept,
                          struct rebut_error *err)
{
    struct rebut_event event;
    char came[96];
    rebut_kept_event(&run->kept, kept, &event);
    const bool by_request =
        event.type == REBUT_EVENT_OUTCOME || event.type == REBUT_EVENT_VERDICT;
    const struct rebut_text id = by_request ? event.request_id : event.order_id;
    snprintf(came, sizeof came, "\"%.*s\", which never came", (int)id.size, id.data);
    return reject(run, &kept->line,
                  &(struct rebut_reject){.reason = "orphan",
                                         .field = by_request ? "request_id" : "order_id",
                                         .expected = by_request
                                                         ? "a request of the same input"
                                                         : "an order of the same input",
                                         .came = came},
                  err);
}

/* ---- events into the tables ---- */

static bool apply(struct run *run, const struct rebut_ahead *ahead,
                  const struct rebut_line *line, bool *ret_orphan,
                  struct rebut_error *err)
{
    const struct rebut_event *event = ahead->event;
    enum rebut_applied applied = REBUT_APPLIED;
    uint32_t other = 0;
    *ret_orphan = false;
    if (!rebut_state_apply_ahead(run->state, ahead, &applied, &other, err))
        return false;
    switch (applied) {
    case REBUT_APPLIED:
        run->sums->applied[event->type]++;
        return true;
    case REBUT_DUPLICATE:
        run->sums->duplicates[event->type]++;
        return true;
    case REBUT_ORPHAN:
        *ret_orphan = true;
        return true;
    case REBUT_CONFLICT:
        run->sums->conflicts[event->type]++;
        return reject_conflict(run, event, line, err);
    case REBUT_REPLACED: /* one more stands, one less does */
        run->sums->conflicts[event->type]++;
        return run->job->rejects == NULL ||
               rebut_replaced_add(&run->replaced, event, other, err);
    }
    return true;
}

static bool apply_kept(void *context, const struct rebut_event *event,
                       const struct rebut_line *line, bool *ret_orphan,
                       struct rebut_error *err)
{
    struct run *run = context;
    struct rebut_ahead ahead;
    rebut_state_look_ahead(run->state, event, 1, &ahead);
    return apply(run, &ahead, line, ret_orphan, err);
}

static bool sweep(struct run *run, struct rebut_error *err)
{
    const struct kept_use use = {apply_kept, run};
    run->sweeping = true;
    const bool ok = rebut_kept_sweep(&run->kept, &use, err);
    run->sweeping = false;
    return ok;
}

static bool take(struct run *run, const struct rebut_ahead *ahead,
                 const struct rebut_line *line, struct rebut_error *err)
{
    const struct rebut_event *event = ahead->event;
    struct rebut_ingested *sums = run->sums;
    bool orphan = false;
    if (event->at > run->job->as_of) {
        sums->after[event->type]++;
        return true;
    }
    if (event->at < sums->first_at || sums->first_at == REBUT_TIME_NONE)
        sums->first_at = event->at;
    if (event->at > sums->last_at)
        sums->last_at = event->at;
    if (!apply(run, ahead, line, &orphan, err))
        return false;
    if (!orphan)
        return true;
    struct rebut_line spelled = *line;
    return spell(run, &spelled, err) &&
           rebut_kept_add(&run->kept, event->type, &spelled, err) &&
           (!rebut_kept_is_due(&run->kept) || sweep(run, err));
}

static bool take_block(struct run *run, const struct rebut_block *block,
                       struct rebut_error *err)
{
    struct rebut_ahead ahead[REBUT_BLOCK_MAX];
    for (size_t i = 0; i < block->refused_count; i++)
        if (!refuse(run, &block->refused[i], err))
            return false;
    rebut_state_look_ahead(run->state, block->events, block->count, ahead);
    for (size_t i = 0; i < block->count; i++)
        if (!take(run, &ahead[i], &block->lines[i], err))
            return false;
    return true;
}

/* Lines that were orphans at another time. */
static bool take_waiting(struct run *run, struct rebut_error *err)
{
    char *scratch = run->job->waiting_count == 0 ? NULL : malloc(REBUT_LINE_MAX);
    struct rebut_event_scratch room = {scratch, REBUT_LINE_MAX, 0};
    bool ok = run->job->waiting_count == 0 || scratch != NULL ||
              rebut_fail_memory(err, "lines that waited");
    for (uint32_t i = 0; ok && i < run->job->waiting_count; i++) {
        const struct rebut_line line = {.text = run->job->waiting[i],
                                        .bytes = run->job->waiting[i].size};
        struct rebut_event event;
        struct rebut_refusal refusal;
        struct rebut_ahead ahead;
        room.used = 0;
        run->sweeping = true;
        if (!rebut_event_parse(line.text, &room, &event, &refusal))
            continue; /* no line of ours: it was one when it was kept */
        rebut_state_look_ahead(run->state, &event, 1, &ahead);
        ok = take(run, &ahead, &line, err);
    }
    run->sweeping = false;
    free(scratch);
    return ok;
}

static bool take_all(struct run *run, struct rebut_error *err)
{
    struct rebut_block block = {0};
    const uint64_t orders = run->source->place(run->source).orders;
    if (!rebut_state_reserve(run->state, orders < RESERVE_MAX ? orders : RESERVE_MAX,
                             err))
        return false;
    while (!block.end) {
        if (!run->source->next(run->source, &block, err) || !take_block(run, &block, err))
            return false;
        if (run->job->progress != NULL) {
            const struct rebut_source_place place = run->source->place(run->source);
            rebut_progress_step(run->job->progress, place.done, place.total, place.lines);
        }
    }
    return take_waiting(run, err) && sweep(run, err);
}

/* ---- the end ---- */

static bool hand_on(struct run *run, struct rebut_error *err)
{
    const uint32_t count = run->kept.lines.count;
    if (run->job->keep == NULL)
        return true;
    struct rebut_text *waiting = malloc((count + (size_t)1) * sizeof *waiting);
    if (waiting == NULL)
        return rebut_fail_memory(err, "events without their order");
    for (uint32_t i = 0; i < count; i++)
        waiting[i] = run->kept.lines.data[i].line.text;
    const bool ok = run->job->keep(run->job->context, run->state, waiting, count, err);
    free(waiting);
    return ok;
}

static bool end_kept(struct run *run, struct rebut_error *err)
{
    for (uint32_t i = 0; i < run->kept.lines.count; i++) {
        const struct kept_line *kept = &run->kept.lines.data[i];
        run->sums->orphans[kept->type]++;
        if (run->job->rejects != NULL && !reject_orphan(run, kept, err))
            return false;
    }
    return true;
}

static bool end_replaced(struct run *run, struct rebut_error *err)
{
    if (run->job->rejects == NULL || run->replaced.found.count == 0)
        return true;
    return rebut_replaced_report(&run->replaced, run->source, run->job->rejects, err);
}

static bool end_state(struct run *run, struct rebut_error *err)
{
    uint64_t duplicates[REBUT_EVENT_TYPES];
    if (!rebut_state_seal(run->state, duplicates, err))
        return false;
    for (int type = 0; type < REBUT_EVENT_TYPES; type++) {
        run->sums->applied[type] -= duplicates[type];
        run->sums->duplicates[type] += duplicates[type];
    }
    const struct rebut_source_place place = run->source->place(run->source);
    run->sums->lines = place.lines;
    run->sums->blank = place.blank;
    run->sums->bytes = place.bytes;
    run->sums->inputs = run->source->input_count(run->source);
    return true;
}

static bool check_any(const struct run *run, struct rebut_error *err)
{
    const struct rebut_ingested *sums = run->sums;
    const uint64_t refused = rebut_ingested_sum(sums->refused, REBUT_REFUSALS);
    const struct rebut_refused_line *first = &run->first_refused;
    char more[48] = "";
    if (run->job->goes_on || sums->lines > sums->blank + refused)
        return true;
    if (sums->inputs > 1)
        snprintf(more, sizeof more, " and %" PRIu64 " more", sums->inputs - 1);
    const char *name = run->source->input_name(run->source, 0);
    if (refused == 0)
        return rebut_fail(err, REBUT_EDATA, "no events in '%s'%s: expected %s", name,
                          more, run->source->spell == NULL ? "NDJSON lines" : "rows");
    return rebut_fail(err, REBUT_EDATA,
                      "no events in '%s'%s: all of %" PRIu64
                      " lines were refused, the first (line %" PRIu64
                      " of '%s') as %s%s%s: expected %s",
                      name, more, refused, first->line.number,
                      run->source->input_name(run->source, first->line.input),
                      first->refusal.reason,
                      first->refusal.field[0] == '\0' ? "" : " in ", first->refusal.field,
                      first->refusal.expected);
}

static bool read_all(struct run *run, struct rebut_error *err)
{
    return take_all(run, err) && hand_on(run, err) && end_kept(run, err) &&
           end_replaced(run, err) && end_state(run, err) && check_any(run, err);
}

static bool read_paths(struct run *run, struct rebut_error *err)
{
    const struct rebut_ingest_job *job = run->job;
    struct rebut_reader *reader = NULL;
    if (!rebut_reader_open(&reader, job->paths, job->path_count, &job->reader, err))
        return false;
    run->source = rebut_reader_source(reader);
    const bool ok = read_all(run, err);
    rebut_reader_close(reader);
    return ok;
}

bool rebut_ingest(const struct rebut_ingest_job *job, struct rebut_state *state,
                  struct rebut_ingested *ret_ingested, struct rebut_error *err)
{
    *ret_ingested =
        (struct rebut_ingested){.first_at = REBUT_TIME_NONE, .last_at = REBUT_TIME_NONE};
    struct run run = {
        .job = job, .state = state, .sums = ret_ingested, .source = job->source};
    rebut_kept_init(&run.kept, job->kept_max == 0 ? REBUT_KEPT_MAX : job->kept_max);
    rebut_replaced_init(&run.replaced);
    const bool ok = job->source == NULL ? read_paths(&run, err) : read_all(&run, err);
    rebut_progress_end(job->progress);
    rebut_replaced_release(&run.replaced);
    rebut_kept_release(&run.kept);
    return ok;
}
