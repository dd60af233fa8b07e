#include "rebut/loop.h"

#include <inttypes.h>
#include <stdlib.h>
#include <time.h>

#include "rebut/grow.h"

#define PARTITIONS_MAX 65536
#define PENDING_BYTES_MAX ((size_t)8 << 20)
#define MS INT64_C(1000)
#define PAUSE_FIRST_MS 50
#define PAUSE_MOST_MS 2000

enum place_state { AWAY, HELD, FENCED };

/* What the loop knows of a partition. */
struct place {
    enum place_state state;
    bool dirty, paused;         /* dirty: handled more than was committed */
    struct rebut_position last; /* handled */
    int64_t reclaim_at;         /* FENCED: when to take it again */
};

struct attempt {
    int64_t until, pause_ms; /* zeroed: the first */
};

struct run {
    struct rebut_loop loop; /* defaults filled in */
    struct attempt reading; /* zeroed while the feed gives */
    struct rebut_loop_counts *counts;
    REBUT_ARRAY(struct place) places; /* by number of the partition */
    uint64_t since_commit;            /* messages handled */
    int64_t dirty_at;                 /* when the first of them was */
    int64_t quiet_since;              /* when the last message was; 0: idle was told */
};

static bool stopping(const struct run *run)
{
    return run->loop.stop != NULL && *run->loop.stop != 0;
}

static struct place *place_of(struct run *run, uint32_t partition)
{
    return partition < run->places.count ? &run->places.data[partition] : NULL;
}

static bool make_place(struct run *run, uint32_t partition, struct rebut_error *err)
{
    if (partition >= PARTITIONS_MAX)
        return rebut_fail(err, REBUT_ELIMIT, "partition %" PRIu32 " is over %d",
                          partition, PARTITIONS_MAX - 1);
    while (run->places.count <= partition) {
        if (!REBUT_ARRAY_MORE(&run->places, 1, "partitions", err))
            return false;
        run->places.data[run->places.count++] = (struct place){.state = AWAY};
    }
    return true;
}

static void let_go(struct run *run, uint32_t partition, enum place_state state)
{
    struct place *place = &run->places.data[partition];
    if (place->state == HELD) {
        run->loop.handler->drop(run->loop.handler, partition);
        run->counts->partitions--;
    }
    *place = (struct place){.state = state};
}

/* ---- what is tried again ---- */

/* After ETRY: sleep a little longer each time.  False when patience is at an end. */
static bool again(struct run *run, struct attempt *attempt,
                  const struct rebut_error *cause, struct rebut_error *err)
{
    const int64_t now = run->loop.now_us();
    if (attempt->until == 0)
        *attempt = (struct attempt){now + run->loop.patience_ms * MS, PAUSE_FIRST_MS};
    if (cause->code != REBUT_ETRY || now >= attempt->until)
        return rebut_fail(err, cause->code, "%s", cause->message);
    rebut_log_error(run->loop.log, "retry", cause);
    run->counts->retries++;
    const struct timespec pause = {.tv_sec = attempt->pause_ms / 1000,
                                   .tv_nsec = attempt->pause_ms % 1000 * 1000000};
    nanosleep(&pause, NULL);
    attempt->pause_ms *= attempt->pause_ms < PAUSE_MOST_MS ? 2 : 1;
    return run->loop.tick == NULL || run->loop.tick(run->loop.context, err);
}

/* ---- commit ---- */

static void drop_fenced(struct run *run)
{
    for (uint32_t i = 0; i < run->places.count; i++) {
        if (run->places.data[i].state != HELD ||
            run->loop.effects->holds(run->loop.effects, i))
            continue;
        let_go(run, i, FENCED);
        run->places.data[i].reclaim_at = run->loop.now_us() + run->loop.reclaim_ms * MS;
        run->counts->fenced++;
        rebut_log(run->loop.log, "warning", "fenced", ",\"partition\":%" PRIu32, i);
    }
}

static void count_commit(struct run *run, int64_t begun)
{
    const int64_t took = run->loop.now_us() - begun;
    run->counts->commits++;
    run->counts->commit_us += took;
    if (took > run->counts->commit_most_us)
        run->counts->commit_most_us = took;
    run->counts->lag = run->loop.feed->lag(run->loop.feed);
}

static bool try_commit(struct run *run, struct rebut_error *err)
{
    struct attempt attempt = {0};
    for (;;) {
        struct rebut_error cause = {0};
        if (run->loop.effects->commit(run->loop.effects, &cause))
            return true;
        if (cause.code == REBUT_EFENCED)
            drop_fenced(run);
        else if (!again(run, &attempt, &cause, err))
            return false;
    }
}

static void tell_feed(struct run *run)
{
    for (uint32_t i = 0; i < run->places.count; i++) {
        struct place *place = &run->places.data[i];
        if (place->dirty && run->loop.feed->done != NULL)
            run->loop.feed->done(run->loop.feed, i, place->last);
        place->dirty = false;
    }
}

static bool commit(struct run *run, struct rebut_error *err)
{
    struct rebut_effects *effects = run->loop.effects;
    const int64_t begun = run->loop.now_us();
    for (uint32_t i = 0; i < run->places.count; i++)
        if (run->places.data[i].dirty)
            (void)effects->done(effects, i, run->places.data[i].last); /* sticks */
    if (!try_commit(run, err))
        return false;
    tell_feed(run);
    run->since_commit = 0;
    count_commit(run, begun);
    return run->loop.handler->committed == NULL ||
           run->loop.handler->committed(run->loop.handler, err);
}

static bool is_due(const struct run *run, bool drained)
{
    size_t bytes = 0;
    const size_t count = run->loop.effects->pending(run->loop.effects, &bytes);
    if (run->since_commit == 0)
        return false;
    return (count > 0 && drained) || run->since_commit >= run->loop.commit_messages ||
           bytes >= PENDING_BYTES_MAX ||
           run->loop.now_us() - run->dirty_at >= run->loop.commit_us;
}

/* ---- partitions come and go ---- */

static bool acquire(struct run *run, uint32_t partition, struct rebut_position *ret,
                    struct rebut_error *err)
{
    struct attempt attempt = {0};
    for (;;) {
        struct rebut_error cause = {0};
        if (run->loop.effects->acquire(run->loop.effects, partition, ret, &cause))
            return true;
        if (!again(run, &attempt, &cause, err))
            return false;
    }
}

static bool take(struct run *run, uint32_t partition, struct rebut_error *err)
{
    struct rebut_position stored = REBUT_POSITION_NONE, from = REBUT_POSITION_NONE;
    if (!make_place(run, partition, err))
        return false;
    let_go(run, partition, AWAY);
    if (!acquire(run, partition, &stored, err) ||
        !run->loop.handler->load(run->loop.handler, partition, stored, &from, err))
        return rebut_fail_context(err, "partition %" PRIu32, partition);
    run->places.data[partition] = (struct place){.state = HELD, .last = from};
    run->counts->partitions++;
    if (run->loop.effects->remembers && rebut_position_compare(from, stored) > 0)
        return rebut_fail(err, REBUT_EDATA,
                          "the state of partition %" PRIu32 " ends at %" PRId64
                          ", after its effects, which end at %" PRId64,
                          partition, from.major, stored.major);
    rebut_log(run->loop.log, "info", "partition_taken",
              ",\"partition\":%" PRIu32 ",\"stored\":%" PRId64 ",\"from\":%" PRId64,
              partition, stored.major, from.major);
    return run->loop.feed->seek(run->loop.feed, partition, from, err);
}

static bool save(struct run *run, uint32_t partition, struct rebut_error *err)
{
    const struct place *place = place_of(run, partition);
    if (place == NULL || place->state != HELD)
        return true;
    if (!run->loop.handler->save(run->loop.handler, partition, err))
        return rebut_fail_context(err, "partition %" PRIu32, partition);
    return true;
}

static bool turn(struct run *run, const struct rebut_batch *batch,
                 struct rebut_error *err)
{
    run->counts->turns++;
    if (batch->turn == REBUT_TURN_REVOKED && !commit(run, err))
        return false;
    for (size_t i = 0; i < batch->partition_count; i++) {
        const uint32_t partition = batch->partitions[i];
        if (batch->turn == REBUT_TURN_ASSIGNED) {
            if (!take(run, partition, err))
                return false;
            continue;
        }
        if (batch->turn == REBUT_TURN_REVOKED && !save(run, partition, err))
            return false;
        if (place_of(run, partition) != NULL)
            let_go(run, partition, AWAY);
        run->loop.effects->release(run->loop.effects, partition);
        rebut_log(run->loop.log, "info",
                  batch->turn == REBUT_TURN_LOST ? "partition_lost" : "partition_given",
                  ",\"partition\":%" PRIu32, partition);
    }
    return true;
}

/* Take again what the feed still says is ours. */
static bool reclaim(struct run *run, struct rebut_error *err)
{
    for (uint32_t i = 0; i < run->places.count; i++)
        if (run->places.data[i].state == FENCED &&
            run->loop.now_us() >= run->places.data[i].reclaim_at && !take(run, i, err))
            return false;
    return true;
}

/* ---- messages ---- */

static bool is_held(const struct run *run, uint32_t partition)
{
    return partition < run->places.count && run->places.data[partition].state == HELD;
}

/* Handle those of partitions that we hold, in runs as long as can be. */
static bool handle(struct run *run, const struct rebut_batch *batch,
                   struct rebut_error *err)
{
    struct rebut_handler *handler = run->loop.handler;
    size_t at = 0;
    while (at < batch->count) {
        size_t end = at;
        while (end < batch->count && is_held(run, batch->messages[end].partition)) {
            struct place *place = &run->places.data[batch->messages[end].partition];
            place->last = batch->messages[end].position;
            place->dirty = true;
            run->counts->bytes += batch->messages[end].bytes;
            end++;
        }
        if (end > at && !handler->handle(handler, batch->messages + at, end - at,
                                         run->loop.effects, err))
            return false;
        if (run->since_commit == 0 && end > at)
            run->dirty_at = run->loop.now_us();
        run->since_commit += end - at;
        run->counts->messages += end - at;
        at = end == at ? end + 1 : end;
    }
    return true;
}

static bool press_back(struct run *run, struct rebut_error *err)
{
    if (run->loop.handler->full == NULL || run->loop.feed->pause == NULL)
        return true;
    for (uint32_t i = 0; i < run->places.count; i++) {
        struct place *place = &run->places.data[i];
        if (place->state != HELD)
            continue;
        const bool full = run->loop.handler->full(run->loop.handler, i);
        if (full != place->paused && !run->loop.feed->pause(run->loop.feed, i, full, err))
            return false;
        place->paused = full;
    }
    return true;
}

/* How long the feed may wait: not past the time of the next commit. */
static int wait_ms(const struct run *run)
{
    if (run->since_commit == 0)
        return run->loop.wait_ms;
    const int64_t left = run->dirty_at + run->loop.commit_us - run->loop.now_us();
    const int64_t left_ms = left < 0 ? 0 : left / MS + 1;
    return left_ms < run->loop.wait_ms ? (int)left_ms : run->loop.wait_ms;
}

/* Tell the handler, once, that nothing has come for a while. */
static bool idle(struct run *run, const struct rebut_batch *batch,
                 struct rebut_error *err)
{
    struct rebut_handler *handler = run->loop.handler;
    if (batch->count > 0)
        run->quiet_since = run->loop.now_us();
    if (batch->count > 0 || handler->idle == NULL || run->quiet_since == 0 ||
        run->loop.now_us() - run->quiet_since < run->loop.idle_us)
        return true;
    run->quiet_since = 0;
    if (run->since_commit == 0)
        run->dirty_at = run->loop.now_us();
    run->since_commit++; /* what it gives is to be committed as a message's is */
    return handler->idle(handler, run->loop.effects, err);
}

static bool step(struct run *run, bool *ret_end, struct rebut_error *err)
{
    if (run->loop.tick != NULL && !run->loop.tick(run->loop.context, err))
        return false;
    struct rebut_batch batch = {0};
    const int64_t begun = run->loop.now_us();
    struct rebut_error cause = {0};
    if (!run->loop.feed->next(run->loop.feed, wait_ms(run), &batch, &cause))
        return again(run, &run->reading, &cause, err);
    run->reading = (struct attempt){0};
    if (batch.count == 0)
        run->counts->idle_us += run->loop.now_us() - begun;
    run->counts->batches++;
    if (batch.turn != REBUT_TURN_NONE && !turn(run, &batch, err))
        return false;
    if (!handle(run, &batch, err) || !idle(run, &batch, err) || !press_back(run, err) ||
        !reclaim(run, err))
        return false;
    *ret_end = batch.end;
    return !is_due(run, batch.drained) || commit(run, err);
}

static bool end(struct run *run, bool fed_out, struct rebut_error *err)
{
    struct rebut_handler *handler = run->loop.handler;
    if (fed_out && handler->finish != NULL &&
        !handler->finish(handler, run->loop.effects, err))
        return false;
    if (!commit(run, err))
        return false;
    for (uint32_t i = 0; i < run->places.count; i++) {
        if (!save(run, i, err))
            return false;
        let_go(run, i, AWAY);
        run->loop.effects->release(run->loop.effects, i);
    }
    return true;
}

static void fill_in(struct rebut_loop *loop)
{
    loop->wait_ms = loop->wait_ms == 0 ? 200 : loop->wait_ms;
    loop->idle_us = loop->idle_us == 0 ? 5000000 : loop->idle_us;
    loop->commit_us = loop->commit_us == 0 ? 100000 : loop->commit_us;
    loop->commit_messages = loop->commit_messages == 0 ? 20000 : loop->commit_messages;
    loop->patience_ms = loop->patience_ms == 0 ? 60000 : loop->patience_ms;
    loop->reclaim_ms = loop->reclaim_ms == 0 ? 10000 : loop->reclaim_ms;
}

bool rebut_loop_run(const struct rebut_loop *loop, struct rebut_error *err)
{
    struct rebut_loop_counts unseen = {0};
    struct run run = {.loop = *loop, .counts = loop->counts};
    fill_in(&run.loop);
    if (run.counts == NULL)
        run.counts = &unseen;
    *run.counts = (struct rebut_loop_counts){.lag = -1};
    run.quiet_since = run.loop.now_us();
    bool ended = false, ok = true;
    while (ok && !ended && !stopping(&run))
        ok = step(&run, &ended, err);
    ok = ok && end(&run, ended, err);
    free(run.places.data);
    return ok;
}
