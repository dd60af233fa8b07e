/* Reading on from yesterday's snapshot gives the scores of reading everything, to the
 * byte. */
#include "random_world.h"

static void assert_night_changes_no_byte(unsigned seed, double night_day, bool fit)
{
    struct world world = world_make(seed);
    world_fill(&world);
    world_shuffle(&world);
    const struct bytes whole = world_bytes(&world, &(struct plan){.fit = fit});
    const struct bytes slept =
        world_bytes(&world, &(struct plan){.fit = fit, .night_day = night_day});
    assert_true(whole.size > 1000);
    assert_same_bytes(&whole, &slept);
    free(whole.data);
    free(slept.data);
    world_release(&world);
}

static void a_night_between_two_halves_changes_no_byte(void **state)
{
    (void)state;
    for (unsigned seed = 1; seed <= 12; seed++)
        assert_night_changes_no_byte(seed, 4.0 * seed, false);
}

static void nor_does_it_change_what_is_fitted(void **state)
{
    (void)state;
    for (unsigned seed = 21; seed <= 24; seed++)
        assert_night_changes_no_byte(seed, 25, true);
}

/* The same id twice: the earlier comes a night later than the one that it replaces. */
static void what_was_replaced_after_a_night_leaves_no_trace(void **state)
{
    (void)state;
    struct bytes bytes[2];
    for (int i = 0; i < 2; i++) {
        struct world world = world_make(5);
        world_fill(&world);
        const uint32_t count = world.events.count;
        for (uint32_t e = 0; e < count; e++) {
            struct rebut_event twin = world.events.data[e];
            if (twin.type != REBUT_EVENT_REQUEST && twin.type != REBUT_EVENT_ORDER)
                continue;
            /* Here the later of two is read in the first night, there at the end. */
            twin.amount += 7;
            twin.at += REBUT_SECOND;
            assert_true(REBUT_ARRAY_MORE(&world.events, 1, "events", NULL));
            world.events.data[world.events.count++] = twin;
        }
        struct rebut_state tables;
        uint8_t *done = calloc(world.events.count, 1);
        uint64_t duplicates[REBUT_EVENT_TYPES];
        assert_non_null(done);
        rebut_state_init(&tables, 3);
        if (i == 1) {
            for (uint32_t e = 0; e < count; e++)
                done[e] = 1;
            world_apply(&world, INT64_MAX, done, &tables);
            world_sleep(REBUT_TIME_MAX, &tables);
            memset(done, 0, count);
        }
        world_apply(&world, INT64_MAX, done, &tables);
        assert_int_equal(tables.replaced, i == 1);
        assert_true(rebut_state_seal(&tables, duplicates, NULL));

        struct run run = {.state = tables};
        struct rebut_error err = {0};
        rebut_model_init(&run.own);
        run.model = &run.own;
        assert_true(rebut_model_learn_levels(&run.own, &run.state, &err));
        assert_true(
            rebut_frame_build(&run.frame, &run.state, world_time(60), run.model, &err));
        assert_true(rebut_infer_open(&run.inference, &run.frame, &err));
        assert_true(rebut_infer(&run.inference, run.model, &err));
        assert_true(
            rebut_scores_open(&run.scores, &run.inference, run.model, INT64_MIN, &err));
        bytes[i] = run_bytes(&run);
        run_close(&run);
        free(done);
        world_release(&world);
    }
    assert_same_bytes(&bytes[0], &bytes[1]);
    free(bytes[0].data);
    free(bytes[1].data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_night_between_two_halves_changes_no_byte),
        cmocka_unit_test(nor_does_it_change_what_is_fitted),
        cmocka_unit_test(what_was_replaced_after_a_night_leaves_no_trace),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
