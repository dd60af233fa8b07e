/* The queue: its bound, its order, its random slots, and who is flagged how often. */
#include "random_world.h"
#include "rebut/queue.h"

/* Shops of which one is bad, buyers of whom some abuse, many with one order only. */
static struct world platform(unsigned seed)
{
    struct world world = world_make(seed);
    unsigned order = 0, request = 0;
    for (unsigned b = 1; b <= 900; b++) {
        const bool abuser = b % 15 == 0;
        const unsigned orders = b % 3 == 0 ? 8 : 1;
        for (unsigned i = 0; i < orders; i++) {
            const unsigned m = world_pick(&world, 60);
            const double day = 40 * world_random(&world);
            world_order(&world, ++order, b, m, m * 10 + world_pick(&world, 10), day)
                ->amount = 100 + world_pick(&world, 90000);
            world_parcel(&world, REBUT_EVENT_DELIVERY, order, day + 3);
            const double fault = m < 4 ? .3 : .04;
            const bool abuse = abuser && world_pick(&world, 2) == 0;
            if (abuse || world_random(&world) < fault)
                world_request(&world, ++request, order,
                              day + 3 + (abuse ? .05 : 6 * world_random(&world)))
                    ->amount = 100 + world_pick(&world, 90000);
        }
    }
    return world;
}

static struct rebut_queue_plan usual(void)
{
    return (struct rebut_queue_plan){
        .fdr = .3, .budget = 40, .random_share = .25, .seed = 5, .even = REBUT_EVEN_NONE};
}

static void the_bound_holds_and_the_dearest_come_first(void **state)
{
    (void)state;
    struct world world = platform(1);
    struct run run;
    run_open(&run, &world, &(struct plan){.fit = true});
    for (uint32_t budget = 4; budget <= 400; budget *= 10) {
        struct rebut_queue_plan plan = usual();
        struct rebut_queue queue;
        struct rebut_error err = {0};
        double wrong = 0, last = (double)INFINITY;
        uint32_t ranked = 0, random = 0;
        plan.budget = budget;
        assert_true(rebut_queue_open(&queue, &run.scores, &plan, &err));
        for (uint32_t i = 0; i < queue.count; i++) {
            const struct rebut_score *score = &run.scores.list[queue.slots[i].score];
            if (queue.slots[i].random) {
                random++;
                continue;
            }
            ranked++;
            wrong += 1 - score->prudent;
            assert_true(score->expected_recovery <= last);
            last = score->expected_recovery;
            assert_true(queue.slots[i].propensity == 1);
        }
        assert_true(ranked > 0 && wrong / ranked <= plan.fdr);
        assert_near(queue.stated, wrong / ranked, 1e-12);
        assert_true(queue.count <= budget && random == queue.drawn);
        assert_int_equal(random, (budget + 2) / 4);
        rebut_queue_close(&queue);
    }
    run_close(&run);
    world_release(&world);
}

static void nobody_stands_in_it_twice_nor_after_a_verdict(void **state)
{
    (void)state;
    struct world world = platform(2);
    struct run run;
    for (unsigned r = 1; r <= 20; r++)
        world_ruling(&world, REBUT_EVENT_VERDICT, r, 50);
    run_open(&run, &world, &(struct plan){.fit = true});
    struct rebut_queue_plan plan = usual();
    struct rebut_queue queue;
    struct rebut_error err = {0};
    uint8_t *seen = calloc(run.scores.count + 1, 1);
    assert_non_null(seen);
    plan.budget = 100000;
    plan.random_share = 1;
    assert_true(rebut_queue_open(&queue, &run.scores, &plan, &err));
    assert_int_equal(queue.count, run.scores.count - 20);
    assert_int_equal(queue.candidates, queue.count);
    for (uint32_t i = 0; i < queue.count; i++) {
        const uint32_t score = queue.slots[i].score;
        assert_int_equal(seen[score]++, 0);
        assert_false(rebut_is_judged(&run.frame.claims[run.scores.list[score].claim]));
    }
    rebut_queue_close(&queue);
    free(seen);
    run_close(&run);
    world_release(&world);
}

static void the_draw_is_fair_and_its_propensity_true(void **state)
{
    (void)state;
    enum { SEEDS = 400 };
    struct world world = platform(3);
    struct run run;
    run_open(&run, &world, &(struct plan){.fit = true});
    double *often = calloc(run.scores.count + 1, sizeof *often), expected = 0;
    assert_non_null(often);
    uint32_t ranked_first = 0;
    for (unsigned seed = 1; seed <= SEEDS; seed++) {
        struct rebut_queue_plan plan = usual();
        struct rebut_queue queue;
        struct rebut_error err = {0};
        plan.seed = seed;
        assert_true(rebut_queue_open(&queue, &run.scores, &plan, &err));
        for (uint32_t i = 0; i < queue.count; i++) {
            if (!queue.slots[i].random)
                continue;
            expected = queue.slots[i].propensity;
            often[queue.slots[i].score]++;
        }
        ranked_first += !queue.slots[0].random;
        rebut_queue_close(&queue);
    }
    /* Random slots stand among the others: neither always first nor never. */
    assert_true(ranked_first > SEEDS / 2 && ranked_first < SEEDS);
    double square = 0, counted = 0;
    for (uint32_t i = 0; i < run.scores.count; i++) {
        if (often[i] == 0)
            continue; /* ranked in every draw */
        const double off = often[i] - SEEDS * expected;
        square += off * off / (SEEDS * expected * (1 - expected));
        counted++;
    }
    /* Chi squared over its degrees of freedom. */
    assert_true(counted > 50 && square / counted < 1.5 && square / counted > .6);
    free(often);
    run_close(&run);
    world_release(&world);
}

/* Expected share of a group's honest requests among the first `count` of the queue. */
static double honest_flagged(const struct run *run, const struct rebut_queue *queue,
                             bool alone)
{
    double flagged = 0, honest = 0;
    for (uint32_t i = 0; i < run->scores.count; i++)
        if (!!(run->scores.list[i].notes & REBUT_NOTE_ONE_ORDER) == alone)
            honest += 1 - run->scores.list[i].probability;
    for (uint32_t i = 0; i < queue->count; i++) {
        const struct rebut_score *score = &run->scores.list[queue->slots[i].score];
        if (!!(score->notes & REBUT_NOTE_ONE_ORDER) == alone)
            flagged += 1 - score->probability;
    }
    return flagged / honest;
}

static void evenness_flags_those_without_a_record_no_more_than_others(void **state)
{
    (void)state;
    struct world world = platform(4);
    struct run run;
    run_open(&run, &world, &(struct plan){.fit = true});
    struct rebut_queue_plan plan = usual();
    struct rebut_queue queue;
    struct rebut_error err = {0};
    plan.budget = 100000;
    plan.random_share = 0;
    plan.even = REBUT_EVEN_RECORD;
    assert_true(rebut_queue_open(&queue, &run.scores, &plan, &err));
    const double alone = honest_flagged(&run, &queue, true);
    const double others = honest_flagged(&run, &queue, false);
    assert_true(queue.count > 20);
    /* To within one request of the smaller group. */
    assert_near(alone, others, .03);
    rebut_queue_close(&queue);
    run_close(&run);
    world_release(&world);
}

static void a_plan_out_of_range_is_refused(void **state)
{
    (void)state;
    struct world world = platform(5);
    struct run run;
    run_open(&run, &world, &(struct plan){0});
    static const double bad[] = {-.1, 1.1, (double)NAN};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct rebut_queue_plan plan = usual();
        struct rebut_queue queue;
        struct rebut_error err = {0};
        plan.fdr = bad[i];
        assert_false(rebut_queue_open(&queue, &run.scores, &plan, &err));
        assert_int_equal(err.code, REBUT_EINPUT);
    }
    run_close(&run);
    world_release(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_bound_holds_and_the_dearest_come_first),
        cmocka_unit_test(nobody_stands_in_it_twice_nor_after_a_verdict),
        cmocka_unit_test(the_draw_is_fair_and_its_propensity_true),
        cmocka_unit_test(evenness_flags_those_without_a_record_no_more_than_others),
        cmocka_unit_test(a_plan_out_of_range_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
