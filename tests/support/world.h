/* world.h -- small platforms in memory: events, then tables, then scores.
 *
 *     struct world w = world_make(1);
 *     world_order(&w, 1, 7, 2, 3, 0.5)->amount = 1999;    order o1: buyer b7, merchant
 *     world_request(&w, 1, 1, 4.25);                      m2, item s3, day 0.5; ...
 *     struct run run;
 *     run_open(&run, &w, &(struct plan){.as_of_day = 30});
 *     ... run.scores
 *     run_close(&run);
 *     world_release(&w);
 *
 * Days are counted from 2026-01-01.  An event's pointer is good until the next one. */
#ifndef TESTS_WORLD_H
#define TESTS_WORLD_H

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "near.h"
#include "rebut/learn.h"
#include "rebut/score_write.h"
#include "rebut/snapshot.h"

#define WORLD_START (INT64_C(1767225600) * REBUT_SECOND)

struct world {
    REBUT_ARRAY(struct rebut_event) events;
    struct rebut_intern strings;
    uint64_t seed;
};

static inline int64_t world_time(double day)
{
    return WORLD_START + (int64_t)(day * (double)REBUT_DAY);
}

static inline struct world world_make(uint64_t seed)
{
    struct world world = {.seed = seed * 0x9e3779b97f4a7c15u + 1};
    rebut_intern_init(&world.strings, 0);
    return world;
}

static inline void world_release(struct world *world)
{
    free(world->events.data);
    rebut_intern_release(&world->strings);
}

/* In [0, 1); SplitMix64. */
static inline double world_random(struct world *world)
{
    uint64_t x = world->seed += 0x9e3779b97f4a7c15u;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
    return (double)((x ^ (x >> 31)) >> 11) / 9007199254740992.0;
}

/* 0, 1, … count - 1. */
static inline unsigned world_pick(struct world *world, unsigned count)
{
    return (unsigned)(world_random(world) * count);
}

static inline struct rebut_text world_text(struct world *world, const char *text)
{
    const struct rebut_text key = rebut_text_of(text);
    uint32_t index = 0;
    assert_true(rebut_intern_put(&world->strings, key,
                                 rebut_intern_hash(&world->strings, key), &index, NULL));
    return rebut_intern_text(&world->strings, index);
}

static inline struct rebut_text world_id(struct world *world, char kind, unsigned number)
{
    char text[32];
    snprintf(text, sizeof text, "%c%u", kind, number);
    return world_text(world, text);
}

static inline struct rebut_event *world_event(struct world *world,
                                              enum rebut_event_type type, double day)
{
    assert_true(REBUT_ARRAY_MORE(&world->events, 1, "events", NULL));
    struct rebut_event *event = &world->events.data[world->events.count++];
    *event = (struct rebut_event){.type = type,
                                  .at = world_time(day),
                                  .quantity = 1,
                                  .weight_g = -1,
                                  .promised_ship_at = REBUT_TIME_NONE,
                                  .account_created_at = REBUT_TIME_NONE};
    return event;
}

static inline struct rebut_event *world_order(struct world *world, unsigned order,
                                              unsigned buyer, unsigned merchant,
                                              unsigned sku, double day)
{
    struct rebut_event *event = world_event(world, REBUT_EVENT_ORDER, day);
    event->order_id = world_id(world, 'o', order);
    event->buyer_id = world_id(world, 'b', buyer);
    event->merchant_id = world_id(world, 'm', merchant);
    event->sku_id = world_id(world, 's', sku);
    event->amount = 5000;
    return event;
}

static inline struct rebut_event *world_request(struct world *world, unsigned request,
                                                unsigned order, double day)
{
    struct rebut_event *event = world_event(world, REBUT_EVENT_REQUEST, day);
    event->request_id = world_id(world, 'r', request);
    event->order_id = world_id(world, 'o', order);
    event->amount = 5000;
    event->request_kind = REBUT_KIND_REFUND_ONLY;
    event->reason = REBUT_REASON_QUALITY;
    return event;
}

/* A shipment or delivery. */
static inline struct rebut_event *
world_parcel(struct world *world, enum rebut_event_type type, unsigned order, double day)
{
    struct rebut_event *event = world_event(world, type, day);
    event->order_id = world_id(world, 'o', order);
    return event;
}

/* An outcome or verdict. */
static inline struct rebut_event *world_ruling(struct world *world,
                                               enum rebut_event_type type,
                                               unsigned request, double day)
{
    struct rebut_event *event = world_event(world, type, day);
    event->request_id = world_id(world, 'r', request);
    event->outcome = REBUT_OUTCOME_GRANTED;
    event->outcome_by = REBUT_OUTCOME_BY_PLATFORM;
    event->verdict = REBUT_VERDICT_ABUSE;
    event->selection = REBUT_SELECTION_RANKED;
    event->reviewer = REBUT_TEXT("anna");
    return event;
}

static inline void world_shuffle(struct world *world)
{
    for (uint32_t i = world->events.count; i > 1; i--) {
        const unsigned j = world_pick(world, i);
        const struct rebut_event event = world->events.data[i - 1];
        world->events.data[i - 1] = world->events.data[j];
        world->events.data[j] = event;
    }
}

/* The events up to `as_of` into the tables, but those that are in them; what names
 * something not yet seen is tried again, as when files are read.  done: [events.count] */
static inline void world_apply(const struct world *world, int64_t as_of, uint8_t *done,
                               struct rebut_state *state)
{
    struct rebut_error err = {0};
    bool more = true;
    while (more) {
        more = false;
        for (uint32_t i = 0; i < world->events.count; i++) {
            enum rebut_applied applied = REBUT_APPLIED;
            uint32_t other = 0;
            if (done[i] || world->events.data[i].at > as_of)
                continue;
            if (!rebut_state_apply(state, &world->events.data[i], &applied, &other, &err))
                fail_msg("%s", err.message);
            done[i] = applied != REBUT_ORPHAN;
            more = more || done[i];
        }
    }
}

/* A night between two runs: the state is saved, forgotten and loaded. */
static inline void world_sleep(int64_t as_of, struct rebut_state *state)
{
    const struct rebut_snapshot_about about = {.as_of = as_of};
    struct rebut_snapshot_about came;
    struct rebut_error err = {0};
    char path[64], before[72];
    snprintf(path, sizeof path, "/tmp/rebut-test-%ld.snapshot", (long)getpid());
    snprintf(before, sizeof before, "%s.1", path);
    if (!rebut_snapshot_save(state, &about, path, &err))
        fail_msg("%s", err.message);
    rebut_state_release(state);
    rebut_state_init(state, 1234567);
    if (!rebut_snapshot_load(path, state, &came, &err))
        fail_msg("%s", err.message);
    assert_false(came.fell_back);
    rebut_snapshot_about_release(&came);
    unlink(path);
    unlink(before);
}

/* All events up to `as_of` into the tables, with a night's sleep after those up to
 * `night`. */
static inline void world_state_slept(const struct world *world, int64_t night,
                                     int64_t as_of, struct rebut_state *ret)
{
    uint8_t *done = calloc(world->events.count + (size_t)1, 1);
    uint64_t duplicates[REBUT_EVENT_TYPES];
    struct rebut_error err = {0};
    assert_non_null(done);
    rebut_state_init(ret, 7);
    if (night != INT64_MIN) {
        world_apply(world, night, done, ret);
        world_sleep(night, ret);
    }
    world_apply(world, as_of, done, ret);
    free(done);
    assert_true(rebut_state_seal(ret, duplicates, &err));
}

static inline void world_state(const struct world *world, int64_t as_of,
                               struct rebut_state *ret)
{
    world_state_slept(world, INT64_MIN, as_of, ret);
}

/* How a world is to be scored. */
struct plan {
    double as_of_day;                /* 0: 60 */
    const struct rebut_model *model; /* NULL: the starting values with learned levels */
    bool fit;                        /* fit that model first (not a given one) */
    bool trusting;                   /* with one order elsewhere a buyer counts in full */
    bool unscored;                   /* stop before the inference */
    double night_day; /* > 0: the state is saved and loaded after the events up to it */
};

struct run {
    struct rebut_state state;
    struct rebut_model own;
    const struct rebut_model *model;
    struct rebut_frame frame;
    struct rebut_inference inference;
    struct rebut_scores scores;
};

static inline void run_open(struct run *run, const struct world *world,
                            const struct plan *plan)
{
    struct rebut_error err = {0};
    const int64_t as_of = world_time(plan->as_of_day > 0 ? plan->as_of_day : 60);
    *run = (struct run){0};
    world_state_slept(world,
                      plan->night_day > 0 ? world_time(plan->night_day) : INT64_MIN,
                      as_of, &run->state);
    rebut_model_init(&run->own);
    if (plan->trusting)
        run->own.trust_orders = 0;
    run->model = plan->model != NULL ? plan->model : &run->own;
    bool ok =
        (plan->model != NULL || rebut_model_learn_levels(&run->own, &run->state, &err)) &&
        rebut_frame_build(&run->frame, &run->state, as_of, run->model, &err) &&
        rebut_infer_open(&run->inference, &run->frame, &err);
    if (ok && !plan->unscored)
        ok =
            (plan->fit ? rebut_train(&run->own, &run->inference, &err)
                       : rebut_infer(&run->inference, run->model, &err)) &&
            rebut_scores_open(&run->scores, &run->inference, run->model, INT64_MIN, &err);
    if (!ok)
        fail_msg("%s", err.message);
}

static inline void run_close(struct run *run)
{
    rebut_scores_close(&run->scores);
    rebut_infer_close(&run->inference);
    rebut_frame_release(&run->frame);
    rebut_model_release(&run->own);
    rebut_state_release(&run->state);
}

static inline uint32_t run_index(const struct rebut_intern *ids, char kind,
                                 unsigned number)
{
    char text[32];
    snprintf(text, sizeof text, "%c%u", kind, number);
    const struct rebut_text id = rebut_text_of(text);
    const uint32_t index = rebut_intern_find(ids, id, rebut_intern_hash(ids, id));
    if (index == REBUT_INTERN_NONE)
        fail_msg("there is no %s", text);
    return index;
}

static inline uint32_t run_claim(const struct run *run, unsigned request)
{
    const uint32_t index = run_index(&run->state.request_ids, 'r', request);
    for (uint32_t i = 0; i < run->frame.claims_count; i++)
        if (run->frame.claims[i].request == index)
            return i;
    fail_msg("r%u is no claim", request);
    return 0;
}

static inline const struct rebut_score *run_score(const struct run *run, unsigned request)
{
    return &run->scores.list[run->scores.by_claim[run_claim(run, request)]];
}

static inline const struct rebut_buyer_result *run_buyer(const struct run *run,
                                                         unsigned buyer)
{
    return &run->inference.buyers[run_index(&run->state.buyer_ids, 'b', buyer)];
}

/* The line of that name in a request's explanation; {0} when it has none. */
static inline struct rebut_term run_term(const struct run *run, unsigned request,
                                         enum rebut_term_id id)
{
    struct rebut_term terms[REBUT_TERMS];
    const int count = rebut_score_terms(&run->scores, run_score(run, request), terms);
    for (int i = 0; i < count; i++)
        if (terms[i].id == id)
            return terms[i];
    return (struct rebut_term){0};
}

/* ---- what was written, as bytes ---- */

struct bytes {
    char *data; /* with a NUL behind it */
    size_t size;
};

static inline void bytes_begin(struct rebut_output *out, char path[64])
{
    struct rebut_error err = {0};
    snprintf(path, 64, "/tmp/rebut-test-%ld", (long)getpid());
    if (!rebut_output_open(out, path, &err))
        fail_msg("%s", err.message);
}

static inline struct bytes bytes_end(struct rebut_output *out, const char *path)
{
    struct rebut_error err = {0};
    struct bytes bytes = {0};
    if (!rebut_output_commit(out, &err))
        fail_msg("%s", err.message);
    rebut_output_release(out);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    fseek(file, 0, SEEK_END);
    bytes.size = (size_t)ftell(file);
    rewind(file);
    bytes.data = calloc(bytes.size + 1, 1);
    assert_non_null(bytes.data);
    assert_int_equal(fread(bytes.data, 1, bytes.size, file), bytes.size);
    fclose(file);
    unlink(path);
    return bytes;
}

/* All scores of a run as NDJSON. */
static inline struct bytes run_bytes(const struct run *run)
{
    struct rebut_output out;
    char path[64];
    bytes_begin(&out, path);
    rebut_scores_write_ndjson(&run->scores, REBUT_CHINESE, &out);
    return bytes_end(&out, path);
}

static inline struct bytes world_bytes(const struct world *world, const struct plan *plan)
{
    struct run run;
    run_open(&run, world, plan);
    const struct bytes bytes = run_bytes(&run);
    run_close(&run);
    return bytes;
}

static inline void assert_same_bytes(const struct bytes *a, const struct bytes *b)
{
    size_t at = 0;
    while (at < a->size && at < b->size && a->data[at] == b->data[at])
        at++;
    if (a->size != b->size || at != a->size)
        fail_msg("other bytes from %zu on:\n%.200s\n%.200s", at,
                 a->data + (at > 100 ? at - 100 : 0),
                 b->data + (at > 100 ? at - 100 : 0));
}

#endif
