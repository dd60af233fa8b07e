#include "rebut/scorer.h"

#include <stdlib.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "parts.h"
#include "rebut/score_write.h"

static struct rebut_scorer *scorer_of(struct rebut_handler *handler)
{
    return (struct rebut_scorer *)(void *)handler; /* its first member */
}

struct rebut_place *rebut_scorer_place(struct rebut_scorer *scorer, uint32_t partition)
{
    for (uint32_t i = 0; i < scorer->places.count; i++)
        if (scorer->places.data[i].partition == partition)
            return &scorer->places.data[i];
    return NULL;
}

/* ---- scores ---- */

const int64_t rebut_scorer_edges[REBUT_SCORER_TIMES] = {
    10, 25, 50, 100, 250, 500, 1000, 2500, 10000, 50000, 250000, 1000000};

static void count_time(struct rebut_scorer *scorer)
{
    const int64_t took = scorer->options.now_us() - scorer->began;
    int at = 0;
    while (at < REBUT_SCORER_TIMES && took > rebut_scorer_edges[at])
        at++;
    scorer->counts.took[at]++;
    scorer->counts.took_us += (uint64_t)took;
}

static bool give(struct rebut_scorer *scorer, const struct rebut_place *place,
                 const struct rebut_judged *judged, const struct rebut_live_due *due,
                 uint32_t revision, struct rebut_effects *effects)
{
    const struct rebut_state *own = judged->scores->inference->frame->state;
    const uint32_t index =
        judged->scores->inference->frame->claims[judged->score->claim].request;
    const struct rebut_request *request = &own->requests.data[index];
    const struct rebut_order *order = &own->orders.data[request->order];
    const struct rebut_stream_score record = {
        .position = place->last,
        .partition = place->partition,
        .revision = revision,
        .unprompted = scorer->unprompted,
        .request_id = rebut_intern_text(&own->request_ids, index),
        .order_id = rebut_intern_text(&own->order_ids, request->order),
        .buyer_id = rebut_intern_text(&own->buyer_ids, order->buyer),
        .merchant_id = rebut_intern_text(&own->merchant_ids, order->merchant),
        .model_id = rebut_text_of(scorer->tonight->model.version),
        .answer = rebut_text_of(rebut_words_answer[judged->score->answer]),
        .requested_at = request->at,
        .as_of = due->as_of,
        .amount = request->amount,
        .probability = judged->score->probability,
        .low = judged->score->low,
        .high = judged->score->high,
        .expected_recovery = judged->score->expected_recovery,
        .log_odds = judged->score->log_odds,
        .json = {scorer->line.buffer, scorer->line.used - 1}}; /* without newline */
    if (revision == 0)
        scorer->counts.scored++;
    else
        scorer->counts.revised++;
    count_time(scorer);
    return effects->score(effects, &record); /* a failure sticks until the commit */
}

/* One request: judged as of its time, and given out if there is anything new. */
static bool score_one(struct rebut_scorer *scorer, struct rebut_place *place,
                      const struct rebut_live_due *due, struct rebut_effects *effects,
                      struct rebut_error *err)
{
    struct rebut_judged judged;
    uint32_t revision = 0;
    if (!rebut_live_view(place->live, due->request, &place->view, err) ||
        !rebut_eye_judge(place->eye, &place->view.state, due->as_of, place->view.request,
                         &judged, err))
        return false;
    scorer->line.used = 0;
    if (!rebut_score_write_line(judged.scores, judged.score, scorer->options.language,
                                &scorer->line))
        return rebut_fail_memory(err, "a score");
    const uint64_t digest = XXH3_64bits(scorer->line.buffer, scorer->line.used);
    if (rebut_live_scored(place->live, due->request, digest, &revision))
        (void)give(scorer, place, &judged, due, revision, effects);
    else
        scorer->counts.unchanged++;
    return true;
}

static void give_up(struct rebut_scorer *scorer, const struct rebut_place *place,
                    const struct rebut_live_dead *dead, struct rebut_effects *effects)
{
    const struct rebut_message message = {.line = dead->line,
                                          .bytes = dead->line.size,
                                          .position = {dead->major, dead->minor},
                                          .partition = place->partition};
    const struct rebut_dead_letter letter = {.message = &message,
                                             .reason = dead->reason,
                                             .field = dead->field,
                                             .expected = dead->expected,
                                             .position = place->last};
    scorer->counts.given_up++;
    (void)effects->dead(effects, &letter); /* sticks */
}

/* All that a message has made due. */
static bool drain(struct rebut_scorer *scorer, struct rebut_place *place,
                  struct rebut_effects *effects, struct rebut_error *err)
{
    struct rebut_live_dead dead;
    struct rebut_live_due due;
    while (rebut_live_next_dead(place->live, &dead))
        give_up(scorer, place, &dead, effects);
    while (rebut_live_next(place->live, &due))
        if (!score_one(scorer, place, &due, effects, err))
            return false;
    return true;
}

/* ---- messages ---- */

static void refuse(struct rebut_scorer *scorer, const struct rebut_message *message,
                   const struct rebut_refusal *refusal, struct rebut_effects *effects)
{
    const struct rebut_dead_letter letter = {.message = message,
                                             .reason = refusal->reason,
                                             .field = refusal->field,
                                             .expected = refusal->expected,
                                             .came = refusal->came,
                                             .position = message->position};
    scorer->counts.refused[rebut_refusal_number(refusal)]++;
    (void)effects->dead(effects, &letter);
}

/* What set a whole event aside, in words. */
static void set_aside(const struct rebut_message *message, enum rebut_live_became became,
                      struct rebut_effects *effects)
{
    static const char *const expected[REBUT_LIVE_BECAME] = {
        [REBUT_LIVE_CONFLICT] = "the content that this id had before",
        [REBUT_LIVE_TOO_LATE] = "an event no further behind than --lateness",
        [REBUT_LIVE_FUTURE] = "an event that has happened",
    };
    if (expected[became] == NULL)
        return;
    const struct rebut_dead_letter letter = {.message = message,
                                             .reason = rebut_words_live_became[became],
                                             .field = "",
                                             .expected = expected[became],
                                             .position = message->position};
    (void)effects->dead(effects, &letter);
}

static bool is_blank(struct rebut_text line)
{
    for (size_t i = 0; i < line.size; i++)
        if (line.data[i] != ' ' && line.data[i] != '\t' && line.data[i] != '\r')
            return false;
    return true;
}

/* Room for the strings of some lines. */
static bool room_for(struct rebut_scorer *scorer, size_t size, struct rebut_error *err)
{
    scorer->scratch.used = 0;
    if (scorer->scratch.size >= size)
        return true;
    char *grown = realloc(scorer->scratch.data, size + size / 2);
    if (grown == NULL)
        return rebut_fail_memory(err, "lines");
    scorer->scratch.data = grown;
    scorer->scratch.size = size + size / 2;
    return true;
}

/* The event of a message; false when it has none, which is told. */
static bool read_event(struct rebut_scorer *scorer, const struct rebut_message *message,
                       struct rebut_event *event, struct rebut_effects *effects)
{
    struct rebut_refusal refusal;
    if (message->bytes > message->line.size) {
        refusal = (struct rebut_refusal){.reason = "too_long", .field = ""};
        rebut_scorer_too_long(message->bytes, &refusal);
        refuse(scorer, message, &refusal, effects);
        return false;
    }
    if (is_blank(message->line)) {
        scorer->counts.blank++;
        return false;
    }
    if (rebut_event_parse(message->line, &scorer->scratch, event, &refusal))
        return true;
    refuse(scorer, message, &refusal, effects);
    return false;
}

static bool take(struct rebut_scorer *scorer, struct rebut_place *place,
                 const struct rebut_message *message, struct rebut_ahead *ahead,
                 struct rebut_effects *effects, struct rebut_error *err)
{
    const struct rebut_live_message known = {.event = ahead->event,
                                             .line = message->line,
                                             .major = message->position.major,
                                             .minor = message->position.minor,
                                             .now = scorer->now,
                                             .ahead = ahead};
    enum rebut_live_became became = REBUT_LIVE_APPLIED;
    place->last = message->position;
    if (!rebut_live_apply(place->live, &known, &became, err))
        return false;
    scorer->counts.became[became]++;
    set_aside(message, became, effects);
    return drain(scorer, place, effects, err);
}

/* A block of one partition's: parsed, looked ahead at, then taken one by one. */
static bool take_block(struct rebut_scorer *scorer, struct rebut_place *place,
                       const struct rebut_message *messages, size_t count,
                       struct rebut_effects *effects, struct rebut_error *err)
{
    const struct rebut_message *of[REBUT_BLOCK];
    size_t size = 0, events = 0;
    for (size_t i = 0; i < count; i++)
        size += messages[i].line.size;
    if (!room_for(scorer, size, err))
        return false;
    for (size_t i = 0; i < count; i++)
        if (read_event(scorer, &messages[i], &scorer->events[events], effects))
            of[events++] = &messages[i];
    rebut_live_look_ahead(place->live, scorer->events, events, scorer->ahead);
    for (size_t i = 0; i < events; i++)
        if (!take(scorer, place, of[i], &scorer->ahead[i], effects, err))
            return false;
    place->last = messages[count - 1].position;
    place->changed = true;
    return true;
}

static bool handle(struct rebut_handler *handler, const struct rebut_message *messages,
                   size_t count, struct rebut_effects *effects, struct rebut_error *err)
{
    struct rebut_scorer *scorer = scorer_of(handler);
    scorer->now =
        scorer->options.clock_us == NULL ? REBUT_TIME_NONE : scorer->options.clock_us();
    scorer->began = scorer->options.now_us();
    for (size_t first = 0, end = 0; first < count; first = end) {
        const uint32_t partition = messages[first].partition;
        struct rebut_place *place = rebut_scorer_place(scorer, partition);
        if (place == NULL)
            return rebut_fail(err, REBUT_EINPUT,
                              "a message of partition %u, which is not loaded",
                              partition);
        while (end < count && end - first < REBUT_BLOCK &&
               messages[end].partition == partition)
            end++;
        if (!take_block(scorer, place, messages + first, end - first, effects, err))
            return false;
    }
    return true;
}

static bool idle(struct rebut_handler *handler, struct rebut_effects *effects,
                 struct rebut_error *err)
{
    struct rebut_scorer *scorer = scorer_of(handler);
    bool ok = true;
    scorer->began = scorer->options.now_us();
    scorer->unprompted = true;
    for (uint32_t i = 0; ok && i < scorer->places.count; i++) {
        struct rebut_place *place = &scorer->places.data[i];
        ok = rebut_live_idle(place->live, err) && drain(scorer, place, effects, err);
        place->changed = true;
    }
    scorer->unprompted = false;
    return ok;
}

static bool finish(struct rebut_handler *handler, struct rebut_effects *effects,
                   struct rebut_error *err)
{
    struct rebut_scorer *scorer = scorer_of(handler);
    for (uint32_t i = 0; i < scorer->places.count; i++) {
        struct rebut_place *place = &scorer->places.data[i];
        if (!rebut_live_finish(place->live, err) || !drain(scorer, place, effects, err))
            return false;
    }
    return true;
}

/* ---- partitions ---- */

static void close_place(struct rebut_place *place)
{
    struct rebut_error ignored = {0}; /* one snapshot fewer */
    bool done = false;
    if (!rebut_live_save_end(&place->save, true, &done, &ignored))
        place->save = (struct rebut_live_save){0};
    rebut_eye_close(place->eye);
    rebut_live_view_release(&place->view);
    rebut_live_free(place->live);
}

static void drop(struct rebut_handler *handler, uint32_t partition)
{
    struct rebut_scorer *scorer = scorer_of(handler);
    struct rebut_place *place = rebut_scorer_place(scorer, partition);
    if (place == NULL)
        return;
    close_place(place);
    *place = scorer->places.data[--scorer->places.count];
}

static bool load(struct rebut_handler *handler, uint32_t partition,
                 struct rebut_position stored, struct rebut_position *ret_from,
                 struct rebut_error *err)
{
    struct rebut_scorer *scorer = scorer_of(handler);
    struct rebut_place place = {.partition = partition, .last = REBUT_POSITION_NONE};
    if (REBUT_ARRAY_MORE(&scorer->places, 1, "partitions", err) &&
        rebut_eye_open(&place.eye, scorer->tonight->night, err) &&
        rebut_scorer_restore(scorer, &place, stored, err)) {
        *ret_from = place.last;
        scorer->places.data[scorer->places.count++] = place;
        return true;
    }
    close_place(&place);
    return false;
}

static bool save(struct rebut_handler *handler, uint32_t partition,
                 struct rebut_error *err)
{
    struct rebut_scorer *scorer = scorer_of(handler);
    return rebut_scorer_save(scorer, rebut_scorer_place(scorer, partition), true, err);
}

static bool committed(struct rebut_handler *handler, struct rebut_error *err)
{
    struct rebut_scorer *scorer = scorer_of(handler);
    for (uint32_t i = 0; i < scorer->places.count; i++)
        if (!rebut_scorer_save(scorer, &scorer->places.data[i], false, err))
            return false;
    return true;
}

/* ---- the whole ---- */

bool rebut_scorer_open(struct rebut_scorer **ret, const struct rebut_tonight *tonight,
                       const struct rebut_scorer_options *options,
                       struct rebut_error *err)
{
    struct rebut_scorer *scorer = *ret = calloc(1, sizeof *scorer);
    if (scorer == NULL || !rebut_output_memory(&scorer->line, err)) {
        free(scorer);
        *ret = NULL;
        return rebut_fail_memory(err, "the scorer");
    }
    scorer->handler = (struct rebut_handler){.load = load,
                                             .handle = handle,
                                             .committed = committed,
                                             .idle = idle,
                                             .finish = finish,
                                             .save = save,
                                             .drop = drop};
    scorer->tonight = tonight;
    scorer->options = *options;
    return true;
}

void rebut_scorer_close(struct rebut_scorer *scorer)
{
    if (scorer == NULL)
        return;
    for (uint32_t i = 0; i < scorer->places.count; i++)
        close_place(&scorer->places.data[i]);
    free(scorer->places.data);
    free(scorer->scratch.data);
    rebut_output_release(&scorer->line);
    free(scorer);
}

struct rebut_handler *rebut_scorer_handler(struct rebut_scorer *scorer)
{
    return &scorer->handler;
}

const struct rebut_scorer_counts *rebut_scorer_counts(const struct rebut_scorer *scorer)
{
    return &scorer->counts;
}

size_t rebut_scorer_bytes(const struct rebut_scorer *scorer)
{
    size_t bytes = 0;
    for (uint32_t i = 0; i < scorer->places.count; i++)
        bytes += rebut_live_bytes(scorer->places.data[i].live);
    return bytes;
}
