/* What must hold in every world, over worlds at random. */
#include "random_world.h"

#define WORLDS 200

static void the_lines_of_an_explanation_add_up(void **state)
{
    (void)state;
    for (unsigned seed = 1; seed <= WORLDS; seed++) {
        struct world world = world_make(seed);
        struct run run;
        world_fill(&world);
        run_open(&run, &world, &(struct plan){.fit = seed % 2 == 0});
        for (uint32_t i = 0; i < run.scores.count; i++) {
            const struct rebut_score *score = &run.scores.list[i];
            struct rebut_term terms[REBUT_TERMS];
            const int count = rebut_score_terms(&run.scores, score, terms);
            double sum = 0, raw = 0;
            for (int t = count - 1; t >= 0; t--) {
                sum += terms[t].log_odds;
                raw += terms[t].raw;
            }
            assert_near(sum, score->log_odds, 1e-12);
            assert_near(score->probability, 1 / (1 + exp(-sum)), 1e-12);
            /* What was there before verdicts weighed it is the exact posterior. */
            const double inferred = run.inference.claims[score->claim].probability;
            assert_near(1 / (1 + exp(-raw)), inferred, 1e-12);
            assert_true(score->low <= score->probability);
            assert_true(score->probability <= score->high);
            assert_true(score->q_value >= 0 && score->q_value <= 1);
            assert_int_equal(score->rank, i + 1);
            if (i > 0)
                assert_true(score[-1].log_odds >= score->log_odds &&
                            score[-1].q_value <= score->q_value);
        }
        run_close(&run);
        world_release(&world);
    }
}

static void the_order_of_events_changes_no_byte(void **state)
{
    (void)state;
    for (unsigned seed = 1; seed <= WORLDS; seed++) {
        struct world world = world_make(1000 + seed);
        const struct plan plan = {.fit = seed % 2 == 0};
        world_fill(&world);
        struct bytes there = world_bytes(&world, &plan);
        world_shuffle(&world);
        struct bytes back = world_bytes(&world, &plan);
        assert_same_bytes(&there, &back);
        free(there.data);
        free(back.data);
        world_release(&world);
    }
}

/* Many requests in the same microsecond, for the same amount and reason. */
static void ties_in_time_change_no_byte_either(void **state)
{
    (void)state;
    for (unsigned seed = 1; seed <= WORLDS; seed++) {
        struct world world = world_make(2000 + seed);
        const struct plan plan = {.fit = seed % 2 == 0};
        world_fill(&world);
        for (uint32_t i = 0; i < world.events.count; i++) {
            struct rebut_event *event = &world.events.data[i];
            if (event->type == REBUT_EVENT_ORDER) {
                event->at = world_time(3);
                event->amount = 5000;
            } else if (event->type == REBUT_EVENT_REQUEST) {
                event->at = world_time(20);
                event->amount = 5000;
                event->reason = REBUT_REASON_DAMAGED;
            } else {
                event->at = world_time(10);
            }
        }
        struct bytes there = world_bytes(&world, &plan);
        world_shuffle(&world);
        struct bytes back = world_bytes(&world, &plan);
        assert_same_bytes(&there, &back);
        free(there.data);
        free(back.data);
        world_release(&world);
    }
}

/* Other names whose bytes sort otherwise. */
static void rename_id(struct world *world, struct rebut_text *id)
{
    char text[80];
    if (id->size == 0)
        return;
    unsigned long number = 0;
    for (size_t i = 1; i < id->size; i++)
        number = number * 10 + (unsigned char)(id->data[i] - '0');
    snprintf(text, sizeof text, "%c%lu", 'z' - id->data[0] % 20, 999983 - 7 * number);
    *id = world_text(world, text);
}

static void rename_all(struct world *world)
{
    for (uint32_t i = 0; i < world->events.count; i++) {
        struct rebut_event *event = &world->events.data[i];
        struct rebut_text *ids[] = {
            &event->order_id, &event->request_id, &event->buyer_id,  &event->merchant_id,
            &event->sku_id,   &event->device_id,  &event->address_id};
        for (size_t k = 0; k < sizeof ids / sizeof ids[0]; k++)
            rename_id(world, ids[k]);
    }
}

static void other_ids_give_the_same_scores_to_the_bit(void **state)
{
    (void)state;
    for (unsigned seed = 1; seed <= WORLDS; seed++) {
        struct world world = world_make(3000 + seed);
        const struct plan plan = {.fit = seed % 2 == 0};
        struct run before, after;
        world_fill(&world);
        run_open(&before, &world, &plan);
        rename_all(&world);
        run_open(&after, &world, &plan);
        assert_int_equal(before.scores.count, after.scores.count);
        for (uint32_t i = 0; i < before.scores.count; i++) {
            const struct rebut_score *a = &before.scores.list[i];
            const struct rebut_score *b = &after.scores.list[i];
            assert_memory_equal(&a->log_odds, &b->log_odds, sizeof a->log_odds);
            assert_memory_equal(&a->low, &b->low, sizeof a->low);
            assert_memory_equal(&a->high, &b->high, sizeof a->high);
            assert_int_equal(a->answer, b->answer);
        }
        run_close(&before);
        run_close(&after);
        world_release(&world);
    }
}

static void what_happens_later_changes_no_byte(void **state)
{
    (void)state;
    for (unsigned seed = 1; seed <= WORLDS; seed++) {
        struct world world = world_make(4000 + seed);
        const struct plan plan = {.as_of_day = 25, .fit = seed % 2 == 0};
        world_fill(&world);
        world_order(&world, 900, 1, 1, 1, 1); /* there is always an order */
        struct world past = world_make(1);
        for (uint32_t i = 0; i < world.events.count; i++)
            if (world.events.data[i].at <= world_time(25))
                *world_event(&past, REBUT_EVENT_ORDER, 0) = world.events.data[i];
        struct bytes whole = world_bytes(&world, &plan);
        struct bytes known = world_bytes(&past, &plan);
        assert_same_bytes(&whole, &known);
        free(whole.data);
        free(known.data);
        world_release(&past);
        world_release(&world);
    }
}

static void outcomes_change_no_byte(void **state)
{
    (void)state;
    for (unsigned seed = 1; seed <= WORLDS; seed++) {
        struct world world = world_make(5000 + seed);
        const struct plan plan = {.fit = seed % 2 == 0};
        world_fill(&world);
        struct bytes with = world_bytes(&world, &plan);
        uint32_t kept = 0;
        for (uint32_t i = 0; i < world.events.count; i++)
            if (world.events.data[i].type != REBUT_EVENT_OUTCOME)
                world.events.data[kept++] = world.events.data[i];
        world.events.count = kept;
        struct bytes without = world_bytes(&world, &plan);
        assert_same_bytes(&with, &without);
        free(with.data);
        free(without.data);
        world_release(&world);
    }
}

static void one_more_clean_order_lowers_the_suspicion(void **state)
{
    (void)state;
    for (unsigned seed = 1; seed <= WORLDS; seed++) {
        struct world world = world_make(6000 + seed);
        struct run before, after;
        world_fill(&world);
        world_order(&world, 900, 1, 90, 900, 1); /* b1 asks for it, and for no other */
        world_request(&world, 900, 900, 6);
        run_open(&before, &world, &(struct plan){0});
        /* At a shop of its own, so that no other record moves. */
        world_order(&world, 901, 1, 91, 901, 2);
        run_open(&after, &world, &(struct plan){.model = before.model});
        /* A float, and so 1 both times where little is left to doubt; not so the odds. */
        assert_true(run_buyer(&after, 1)->abuser <= run_buyer(&before, 1)->abuser);
        assert_true(run_buyer(&after, 1)->log_bf < run_buyer(&before, 1)->log_bf);
        assert_true(run_score(&after, 900)->log_odds < run_score(&before, 900)->log_odds);
        run_close(&after);
        run_close(&before);
        world_release(&world);
    }
}

static void a_worse_merchant_lowers_the_share_of_abuse(void **state)
{
    (void)state;
    for (unsigned seed = 1; seed <= WORLDS; seed++) {
        struct world world = world_make(7000 + seed);
        struct run before, after;
        world_fill(&world);
        world_order(&world, 900, 900, 1, 3, 20); /* who is judged */
        world_order(&world, 901, 900, 92, 901, 20);
        world_request(&world, 900, 900, 24);
        for (unsigned i = 1; i <= 8; i++) { /* who is trusted, and asks at m1 */
            world_order(&world, 1000 + i, 1000 + i, 1, 3, 20);
            for (unsigned k = 1; k <= 12; k++)
                world_order(&world, 1000 + 20 * k + i, 1000 + i, 92 + k, 901 + k, 21);
        }
        run_open(&before, &world, &(struct plan){0});
        for (unsigned i = 1; i <= 8; i++)
            world_request(&world, 1000 + i, 1000 + i, 25);
        run_open(&after, &world, &(struct plan){.model = before.model});
        assert_true(run_score(&after, 900)->log_odds < run_score(&before, 900)->log_odds);
        assert_true(run_term(&after, 900, REBUT_TERM_MERCHANT).log_odds <
                    run_term(&before, 900, REBUT_TERM_MERCHANT).log_odds);
        run_close(&after);
        run_close(&before);
        world_release(&world);
    }
}

/* The marks of one claim are changed under it.  No other buyer asks at its shops or
 * shares its keys, so nothing can come back to it. */
static void a_request_is_never_evidence_about_itself(void **state)
{
    (void)state;
    for (unsigned seed = 1; seed <= WORLDS; seed++) {
        struct world world = world_make(8000 + seed);
        struct run run;
        struct rebut_error err = {0};
        world_fill(&world);
        for (unsigned i = 0; i < 6; i++) {
            world_order(&world, 900 + i, 900, 90 + i % 3, 900 + i % 3, 3 + i)->device_id =
                REBUT_TEXT("shared");
            world_order(&world, 910 + i, 910 + i, 90 + i % 3, 900 + i % 3, 3 + i)
                ->device_id = REBUT_TEXT("shared");
        }
        for (unsigned i = 0; i < 3; i++)
            world_request(&world, 900 + i, 900 + i, 20 + i);
        run_open(&run, &world, &(struct plan){0});
        const uint32_t claim = run_claim(&run, 901);
        struct rebut_term before[REBUT_TERMS], after[REBUT_TERMS];
        const int count = rebut_score_terms(&run.scores, run_score(&run, 901), before);
        const double other = run_score(&run, 902)->log_odds;
        rebut_scores_close(&run.scores);
        run.frame.claims[claim].bin[REBUT_MARK_PHOTO] = 1; /* on another's order: + 3 */
        run.frame.claims[claim].bin[REBUT_MARK_TEXT] = 1;
        assert_true(rebut_infer(&run.inference, run.model, &err));
        assert_true(
            rebut_scores_open(&run.scores, &run.inference, run.model, INT64_MIN, &err));
        assert_int_equal(rebut_score_terms(&run.scores, run_score(&run, 901), after),
                         count);
        for (int t = 0; t < count; t++)
            if (before[t].id < REBUT_TERM_MARKS)
                assert_near(after[t].log_odds, before[t].log_odds, 1e-9);
        assert_true(run_score(&run, 902)->log_odds > other + .01);
        run_close(&run);
        world_release(&world);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_lines_of_an_explanation_add_up),
        cmocka_unit_test(the_order_of_events_changes_no_byte),
        cmocka_unit_test(ties_in_time_change_no_byte_either),
        cmocka_unit_test(other_ids_give_the_same_scores_to_the_bit),
        cmocka_unit_test(what_happens_later_changes_no_byte),
        cmocka_unit_test(outcomes_change_no_byte),
        cmocka_unit_test(one_more_clean_order_lowers_the_suspicion),
        cmocka_unit_test(a_worse_merchant_lowers_the_share_of_abuse),
        cmocka_unit_test(a_request_is_never_evidence_about_itself),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
