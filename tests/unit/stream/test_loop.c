/* The loop with a feed and effects that do as they are told. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "counting.h"

/* ---- a feed that gives what a list says ---- */

struct step {
    enum rebut_feed_turn turn;
    uint32_t partition;
    int64_t from, to; /* messages of these positions */
    enum rebut_code fails;
};

struct fake_feed {
    struct rebut_feed feed;
    const struct step *steps; /* the last one is zeroed */
    int64_t sought[4];
    int pauses, resumes, fails_left;
    int64_t shown;
    char lines[64][64];
    struct rebut_message messages[64];
    uint32_t partition;
};

static int64_t clock_us; /* goes on by a second whenever it is read */

static int64_t now_us(void)
{
    return clock_us += 1000000;
}

static bool next(struct rebut_feed *base, int timeout_ms, struct rebut_batch *ret,
                 struct rebut_error *err)
{
    struct fake_feed *feed = (struct fake_feed *)base;
    const struct step *step = feed->steps;
    (void)timeout_ms;
    *ret = (struct rebut_batch){.messages = feed->messages, .drained = true};
    if (step->fails != REBUT_OK && feed->fails_left > 0) {
        feed->fails_left--;
        return rebut_fail(err, step->fails, "the feed fails");
    }
    if (step->turn == REBUT_TURN_NONE && step->to == 0) {
        ret->end = true;
        return true;
    }
    feed->steps++;
    feed->partition = step->partition;
    ret->turn = step->turn;
    ret->partitions = &feed->partition;
    ret->partition_count = step->turn != REBUT_TURN_NONE;
    for (int64_t i = step->from; step->to > 0 && i <= step->to; i++) {
        char *line = feed->lines[ret->count];
        const int size = snprintf(line, 64, "{\"buyer\":\"b1\",\"n\":%d}", (int)i);
        feed->messages[ret->count++] =
            (struct rebut_message){.line = {line, (size_t)size},
                                   .bytes = (uint64_t)size,
                                   .position = {i, 0},
                                   .partition = step->partition};
    }
    return true;
}

static bool seek(struct rebut_feed *feed, uint32_t partition,
                 struct rebut_position position, struct rebut_error *err)
{
    (void)err;
    ((struct fake_feed *)feed)->sought[partition] = position.major;
    return true;
}

static bool pause_feed(struct rebut_feed *feed, uint32_t partition, bool paused,
                       struct rebut_error *err)
{
    (void)partition, (void)err;
    ((struct fake_feed *)feed)->pauses += paused;
    ((struct fake_feed *)feed)->resumes += !paused;
    return true;
}

static void shown(struct rebut_feed *feed, uint32_t partition,
                  struct rebut_position position)
{
    (void)partition;
    ((struct fake_feed *)feed)->shown = position.major;
}

static int64_t lag(const struct rebut_feed *feed)
{
    (void)feed;
    return -1;
}

/* ---- effects that fail as they are told ---- */

struct fake_effects {
    struct rebut_effects effects;
    int acquires, commits, released, scores, fails_left, fence_at_commit;
    enum rebut_code fails;
    bool fenced[4];
    int64_t stored, done;
};

static bool acquire(struct rebut_effects *base, uint32_t partition,
                    struct rebut_position *ret, struct rebut_error *err)
{
    struct fake_effects *effects = (struct fake_effects *)base;
    (void)err;
    effects->acquires++;
    effects->fenced[partition] = false;
    *ret = (struct rebut_position){effects->stored, effects->stored < 0 ? -1 : 0};
    return true;
}

static bool score(struct rebut_effects *effects, const struct rebut_stream_score *score)
{
    (void)score;
    ((struct fake_effects *)effects)->scores++;
    return true;
}

static bool done(struct rebut_effects *effects, uint32_t partition,
                 struct rebut_position position)
{
    (void)partition;
    ((struct fake_effects *)effects)->done = position.major;
    return true;
}

static bool commit(struct rebut_effects *base, struct rebut_error *err)
{
    struct fake_effects *effects = (struct fake_effects *)base;
    effects->commits++;
    if (effects->commits == effects->fence_at_commit) {
        effects->fenced[1] = true;
        return rebut_fail(err, REBUT_EFENCED, "fenced");
    }
    if (effects->fails_left > 0) {
        effects->fails_left--;
        return rebut_fail(err, effects->fails, "the commit fails");
    }
    return true;
}

static bool holds(const struct rebut_effects *effects, uint32_t partition)
{
    return !((const struct fake_effects *)effects)->fenced[partition];
}

static void release(struct rebut_effects *effects, uint32_t partition)
{
    (void)partition;
    ((struct fake_effects *)effects)->released++;
}

static size_t pending(const struct rebut_effects *effects, size_t *ret_bytes)
{
    (void)effects;
    *ret_bytes = 0;
    return 1;
}

/* ---- one run ---- */

struct stage {
    struct fake_feed feed;
    struct fake_effects effects;
    struct counting counting;
    struct rebut_loop_counts counts;
    struct rebut_loop loop;
    struct rebut_error err;
};

static void set(struct stage *stage, const struct step *steps)
{
    *stage = (struct stage){.feed = {.feed = {.next = next,
                                              .seek = seek,
                                              .pause = pause_feed,
                                              .done = shown,
                                              .lag = lag},
                                     .steps = steps},
                            .effects = {.effects = {.remembers = true,
                                                    .acquire = acquire,
                                                    .score = score,
                                                    .dead = NULL,
                                                    .done = done,
                                                    .commit = commit,
                                                    .holds = holds,
                                                    .release = release,
                                                    .pending = pending},
                                        .stored = -1}};
    counting_init(&stage->counting, NULL);
    stage->loop = (struct rebut_loop){.feed = &stage->feed.feed,
                                      .effects = &stage->effects.effects,
                                      .handler = &stage->counting.handler,
                                      .now_us = now_us,
                                      .counts = &stage->counts,
                                      .reclaim_ms = 1};
}

static void messages_of_partitions_not_held_are_passed_over(void **state)
{
    (void)state;
    const struct step steps[] = {{.turn = REBUT_TURN_ASSIGNED, .partition = 1},
                                 {.partition = 2, .from = 1, .to = 5},
                                 {.partition = 1, .from = 1, .to = 3},
                                 {.turn = REBUT_TURN_LOST, .partition = 1},
                                 {.partition = 1, .from = 4, .to = 9},
                                 {0}};
    struct stage stage;
    set(&stage, steps);
    assert_true(rebut_loop_run(&stage.loop, &stage.err));
    assert_int_equal(stage.counting.handled, 3);
    assert_int_equal(stage.effects.done, 3);
    assert_int_equal(stage.counting.saves, 0);
    counting_release(&stage.counting);
}

static void what_is_revoked_is_committed_and_saved_first(void **state)
{
    (void)state;
    const struct step steps[] = {{.turn = REBUT_TURN_ASSIGNED, .partition = 1},
                                 {.partition = 1, .from = 1, .to = 3},
                                 {.turn = REBUT_TURN_REVOKED, .partition = 1},
                                 {0}};
    struct stage stage;
    set(&stage, steps);
    assert_true(rebut_loop_run(&stage.loop, &stage.err));
    assert_int_equal(stage.effects.done, 3);
    assert_int_equal(stage.feed.shown, 3);
    assert_int_equal(stage.counting.saves, 1);
    assert_int_equal(stage.counts.partitions, 0);
    counting_release(&stage.counting);
}

static void a_fenced_partition_is_dropped_unsaved_and_taken_again_in_time(void **state)
{
    (void)state;
    const struct step steps[] = {{.turn = REBUT_TURN_ASSIGNED, .partition = 1},
                                 {.turn = REBUT_TURN_ASSIGNED, .partition = 2},
                                 {.partition = 1, .from = 1, .to = 3},
                                 {.partition = 2, .from = 1, .to = 3},
                                 {.partition = 1, .from = 1, .to = 4},
                                 {0}};
    struct stage stage;
    set(&stage, steps);
    stage.effects.fence_at_commit = 1;
    assert_true(rebut_loop_run(&stage.loop, &stage.err));
    assert_int_equal(stage.counts.fenced, 1);
    assert_int_equal(stage.effects.acquires, 3); /* it was taken again */
    assert_int_equal(stage.counting.handled, 3 + 3 + 4);
    assert_int_equal(stage.counting.saves, 2); /* at the end */
    counting_release(&stage.counting);
}

static void a_commit_that_may_succeed_later_is_tried_again(void **state)
{
    (void)state;
    const struct step steps[] = {{.turn = REBUT_TURN_ASSIGNED, .partition = 1},
                                 {.partition = 1, .from = 1, .to = 3},
                                 {0}};
    struct stage stage;
    set(&stage, steps);
    stage.effects.fails_left = 2;
    stage.effects.fails = REBUT_ETRY;
    assert_true(rebut_loop_run(&stage.loop, &stage.err));
    assert_int_equal(stage.counts.retries, 2);
    counting_release(&stage.counting);

    set(&stage, steps);
    stage.effects.fails_left = 1000;
    stage.effects.fails = REBUT_ETRY;
    stage.loop.patience_ms = 3000;
    assert_false(rebut_loop_run(&stage.loop, &stage.err));
    assert_int_equal(stage.err.code, REBUT_ETRY);
    assert_true(stage.counts.retries < 5);
    counting_release(&stage.counting);

    set(&stage, steps);
    stage.effects.fails_left = 1;
    stage.effects.fails = REBUT_EIO;
    assert_false(rebut_loop_run(&stage.loop, &stage.err));
    assert_int_equal(stage.err.code, REBUT_EIO);
    assert_int_equal(stage.counting.saves, 0);
    counting_release(&stage.counting);
}

static void a_feed_that_fails_for_a_while_is_tried_again(void **state)
{
    (void)state;
    const struct step steps[] = {
        {.turn = REBUT_TURN_ASSIGNED, .partition = 1},
        {.partition = 1, .from = 1, .to = 3, .fails = REBUT_ETRY},
        {0}};
    struct stage stage;
    set(&stage, steps);
    stage.feed.fails_left = 2;
    assert_true(rebut_loop_run(&stage.loop, &stage.err));
    assert_int_equal(stage.counting.handled, 3);
    counting_release(&stage.counting);

    set(&stage, steps);
    stage.feed.fails_left = 1000;
    stage.loop.patience_ms = 3000;
    assert_false(rebut_loop_run(&stage.loop, &stage.err));
    assert_int_equal(stage.err.code, REBUT_ETRY);
    counting_release(&stage.counting);
}

static bool from_the_future(struct rebut_handler *handler, uint32_t partition,
                            struct rebut_position stored, struct rebut_position *ret,
                            struct rebut_error *err)
{
    (void)handler, (void)partition, (void)err;
    *ret = (struct rebut_position){stored.major + 5, 0};
    return true;
}

static void a_state_that_is_ahead_of_its_effects_is_refused(void **state)
{
    (void)state;
    const struct step steps[] = {{.turn = REBUT_TURN_ASSIGNED, .partition = 1}, {0}};
    struct stage stage;
    set(&stage, steps);
    stage.effects.stored = 10;
    stage.counting.handler.load = from_the_future;
    assert_false(rebut_loop_run(&stage.loop, &stage.err));
    assert_int_equal(stage.err.code, REBUT_EDATA);
    counting_release(&stage.counting);
}

static void a_full_handler_presses_back(void **state)
{
    (void)state;
    const struct step steps[] = {{.turn = REBUT_TURN_ASSIGNED, .partition = 1},
                                 {.partition = 1, .from = 1, .to = 3},
                                 {.partition = 1, .from = 4, .to = 5},
                                 {0}};
    struct stage stage;
    set(&stage, steps);
    stage.counting.is_full = true;
    assert_true(rebut_loop_run(&stage.loop, &stage.err));
    assert_int_equal(stage.feed.pauses, 1); /* told once, not at every batch */
    assert_int_equal(stage.feed.resumes, 0);
    counting_release(&stage.counting);
}

static void a_request_to_stop_commits_and_saves(void **state)
{
    (void)state;
    static volatile sig_atomic_t stop = 1;
    const struct step steps[] = {{0}};
    struct stage stage;
    set(&stage, steps);
    stage.loop.stop = &stop;
    assert_true(rebut_loop_run(&stage.loop, &stage.err));
    assert_int_equal(stage.effects.commits, 1);
    counting_release(&stage.counting);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(messages_of_partitions_not_held_are_passed_over),
        cmocka_unit_test(what_is_revoked_is_committed_and_saved_first),
        cmocka_unit_test(a_fenced_partition_is_dropped_unsaved_and_taken_again_in_time),
        cmocka_unit_test(a_commit_that_may_succeed_later_is_tried_again),
        cmocka_unit_test(a_feed_that_fails_for_a_while_is_tried_again),
        cmocka_unit_test(a_state_that_is_ahead_of_its_effects_is_refused),
        cmocka_unit_test(a_full_handler_presses_back),
        cmocka_unit_test(a_request_to_stop_commits_and_saves),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
