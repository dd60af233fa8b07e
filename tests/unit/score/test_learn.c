/* What verdicts teach, on platforms whose truth is known. */
#include "random_world.h"
#include "rebut/learn.h"
#include "rebut/profile.h"

#define BUYERS 1500

/* Requests whose delay tells abuse from fault more than the expert thinks, and how many
 * of them there are is not what the prior thinks. */
struct platform {
    struct world world;
    uint8_t abuse[20 * BUYERS]; /* by request number */
    unsigned requests;
};

static void make_platform(struct platform *it, unsigned seed)
{
    it->world = world_make(seed);
    struct world *world = &it->world;
    unsigned order = 0;
    it->requests = 0;
    for (unsigned b = 1; b <= BUYERS; b++) {
        const bool abuser = b % 8 == 0;
        for (unsigned i = 0; i < 6; i++) {
            const unsigned m = world_pick(world, 40);
            const double day = 1 + 40 * world_random(world);
            world_order(world, ++order, b, m, m, day);
            world_parcel(world, REBUT_EVENT_DELIVERY, order, day + 3);
            const bool abuse = abuser && world_random(world) < .35;
            if (!abuse && world_random(world) > (m < 4 ? .2 : .04))
                continue;
            /* Most abuse asks after more than three days here: the expert has it the
             * other way round. */
            const bool late = world_random(world) < (abuse ? .9 : .1);
            world_request(world, ++it->requests, order, day + 3 + (late ? 4 : .05));
            it->abuse[it->requests] = abuse;
        }
    }
}

/* A verdict on a request, wrong once in so many; true when it was right. */
static void judge(struct platform *it, unsigned request, double error,
                  enum rebut_selection selection, const char *reviewer)
{
    struct rebut_event *event =
        world_ruling(&it->world, REBUT_EVENT_VERDICT, request, 55);
    const bool wrong = world_random(&it->world) < error;
    event->verdict =
        it->abuse[request] != wrong ? REBUT_VERDICT_ABUSE : REBUT_VERDICT_LEGITIMATE;
    event->selection = selection;
    event->reviewer = world_text(&it->world, reviewer);
}

static double auc_of(const struct run *run, const struct platform *it)
{
    double above = 0, positives = 0, negatives = 0;
    for (uint32_t i = 0; i < run->scores.count; i++) {
        const uint32_t claim = run->scores.list[i].claim;
        const uint32_t index = run->frame.claims[claim].request;
        const struct rebut_text id = rebut_intern_text(&run->state.request_ids, index);
        if (rebut_is_judged(&run->frame.claims[claim]))
            continue;
        if (it->abuse[strtoul(id.data + 1, NULL, 10)]) {
            positives++;
        } else {
            negatives++;
            above += positives;
        }
    }
    return above / positives / negatives;
}

/* Sum of probabilities over the share that is truly abuse. */
static double calibration(const struct run *run, const struct platform *it)
{
    double expected = 0, actual = 0;
    for (uint32_t i = 0; i < run->scores.count; i++)
        expected += run->scores.list[i].probability;
    for (unsigned r = 1; r <= it->requests; r++)
        actual += it->abuse[r];
    return expected / actual;
}

static void without_verdicts_nothing_is_learned(void **state)
{
    (void)state;
    static struct platform it;
    struct run run;
    make_platform(&it, 1);
    run_open(&run, &it.world, &(struct plan){.fit = true});
    const struct rebut_top_layer none = rebut_top_layer_none();
    assert_memory_equal(&run.own.top, &none, sizeof none);
    assert_int_equal(run.own.honest.count, 0);
    for (uint32_t i = 0; i < run.scores.count; i++)
        assert_true(isnan(run.scores.list[i].conformal_q));
    run_close(&run);
    world_release(&it.world);
}

static void verdicts_turn_a_mark_that_the_expert_had_wrong(void **state)
{
    (void)state;
    static struct platform without, with;
    struct run before, after;
    make_platform(&without, 2);
    make_platform(&with, 2);
    for (unsigned r = 1; r <= with.requests; r += 3)
        judge(&with, r, .05, REBUT_SELECTION_RANDOM, "anna");
    run_open(&before, &without.world, &(struct plan){.fit = true});
    run_open(&after, &with.world, &(struct plan){.fit = true});
    const double *bin = after.own.top.bin[REBUT_MARK_DELAY];
    assert_true(bin[6] > .3); /* asked after more than three days */
    assert_true(bin[1] < -.3);
    assert_true(auc_of(&after, &with) > auc_of(&before, &without) + .05);
    run_close(&before);
    run_close(&after);
    world_release(&without.world);
    world_release(&with.world);
}

static void verdicts_on_chosen_requests_do_not_fix_the_base_rate(void **state)
{
    (void)state;
    static struct platform it;
    struct run run;
    make_platform(&it, 3);
    /* Nearly every abuse is appealed against and few honest requests are; the random
     * draw knows better. */
    unsigned drawn = 0;
    for (unsigned r = 1; r <= it.requests; r++)
        if (r % 4 == 0) {
            judge(&it, r, .05, REBUT_SELECTION_RANDOM, "anna");
            drawn++;
        } else if (it.abuse[r] || world_random(&it.world) < .1) {
            judge(&it, r, .05, REBUT_SELECTION_APPEAL, "bela");
        }
    run_open(&run, &it.world, &(struct plan){.fit = true});
    assert_int_equal(run.own.top.verdicts[REBUT_SELECTION_RANDOM], drawn);
    assert_true(run.own.top.selection[REBUT_SELECTION_APPEAL] > .5);
    assert_near(run.own.top.selection[REBUT_SELECTION_RANDOM], 0, 1e-12);
    assert_near(calibration(&run, &it), 1, .2);
    run_close(&run);
    world_release(&it.world);
}

static void the_error_of_reviewers_is_found(void **state)
{
    (void)state;
    static const double truth[] = {.02, .12, .25};
    for (size_t i = 0; i < sizeof truth / sizeof truth[0]; i++) {
        static struct platform it;
        struct run run;
        make_platform(&it, 4);
        for (unsigned r = 1; r <= it.requests; r++) {
            judge(&it, r, truth[i], REBUT_SELECTION_RANDOM, "anna");
            judge(&it, r, truth[i], REBUT_SELECTION_RANDOM, "bela");
        }
        run_open(&run, &it.world, &(struct plan){.fit = true});
        /* A little too low when high: the regression follows some mistakes. */
        assert_near(run.own.reviewer_error, truth[i], .04);
        run_close(&run);
        world_release(&it.world);
    }
}

static void verdicts_of_one_kind_break_nothing(void **state)
{
    (void)state;
    for (int kind = 0; kind < 2; kind++) {
        static struct platform it, silent;
        struct run run, before;
        make_platform(&it, 5);
        make_platform(&silent, 5);
        unsigned given = 0;
        for (unsigned r = 1; r <= it.requests && given < 60; r++)
            if (it.abuse[r] == kind) {
                judge(&it, r, 0, REBUT_SELECTION_RANKED, "anna");
                given++;
            }
        run_open(&run, &it.world, &(struct plan){.fit = true});
        run_open(&before, &silent.world, &(struct plan){.fit = true});
        for (uint32_t i = 0; i < run.scores.count; i++)
            assert_true(isfinite(run.scores.list[i].log_odds));
        assert_true(auc_of(&run, &it) > auc_of(&before, &silent) - .06);
        /* They do not say how many: that stays the model's own guess. */
        assert_near(run.own.top.intercept, 0, .2);
        run_close(&run);
        run_close(&before);
        world_release(&it.world);
        world_release(&silent.world);
    }
}

static void the_order_of_verdicts_changes_no_bit(void **state)
{
    (void)state;
    static struct platform it;
    char *documents[2] = {NULL, NULL};
    for (int turn = 0; turn < 2; turn++) {
        struct run run;
        make_platform(&it, 6);
        for (unsigned i = 1; i <= 100; i++)
            judge(&it, i * 2, 0, REBUT_SELECTION_RANKED, "anna");
        if (turn == 1)
            for (uint32_t i = 0, n = it.world.events.count; i < n / 2; i++) {
                const struct rebut_event event = it.world.events.data[i];
                it.world.events.data[i] = it.world.events.data[n - 1 - i];
                it.world.events.data[n - 1 - i] = event;
            }
        run_open(&run, &it.world, &(struct plan){.fit = true});
        documents[turn] = rebut_model_write(&run.own);
        assert_non_null(documents[turn]);
        run_close(&run);
        world_release(&it.world);
    }
    assert_string_equal(documents[0], documents[1]);
    free(documents[0]);
    free(documents[1]);
}

static void the_same_requests_have_not_drifted_and_others_have(void **state)
{
    (void)state;
    static struct platform it;
    struct run run;
    struct rebut_error err = {0};
    double psi[REBUT_RAW_TERMS];
    make_platform(&it, 7);
    run_open(&run, &it.world, &(struct plan){.fit = true});
    assert_true(rebut_profile_psi(&run.own.profile, &run.scores, psi, &err));
    for (int term = 0; term < REBUT_RAW_TERMS; term++)
        assert_true(psi[term] < 1e-9);
    /* Another fit weighs a mark's answers a little differently, and nobody has moved. */
    for (int bin = 0; bin < REBUT_MARK_BINS; bin++)
        run.own.mark_weights[REBUT_MARK_DELAY][bin] -= 1e-3;
    assert_true(rebut_profile_psi(&run.own.profile, &run.scores, psi, &err));
    assert_true(psi[REBUT_TERM_MARKS + REBUT_MARK_DELAY] < 1e-9);
    /* Half of the requests, those of the late ones. */
    uint32_t kept = 0;
    for (uint32_t i = 0; i < run.scores.count; i++)
        if (run.frame.claims[run.scores.list[i].claim].bin[REBUT_MARK_DELAY] == 6)
            run.scores.list[kept++] = run.scores.list[i];
    run.scores.count = kept;
    assert_true(rebut_profile_psi(&run.own.profile, &run.scores, psi, &err));
    assert_true(psi[REBUT_TERM_MARKS + REBUT_MARK_DELAY] > .25);
    run_close(&run);
    world_release(&it.world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_verdicts_nothing_is_learned),
        cmocka_unit_test(verdicts_turn_a_mark_that_the_expert_had_wrong),
        cmocka_unit_test(verdicts_on_chosen_requests_do_not_fix_the_base_rate),
        cmocka_unit_test(the_error_of_reviewers_is_found),
        cmocka_unit_test(verdicts_of_one_kind_break_nothing),
        cmocka_unit_test(the_order_of_verdicts_changes_no_bit),
        cmocka_unit_test(the_same_requests_have_not_drifted_and_others_have),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
