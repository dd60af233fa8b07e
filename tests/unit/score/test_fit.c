#include "random_world.h"

/* ---- data from the model's own equations ---- */

#define MERCHANTS 150
#define BUYERS 3000
#define ORDERS 45000

struct truth {
    double v[MERCHANTS], fault, abuse; /* requests an order, of each source */
    uint8_t abuser[BUYERS];
    double abusers;
};

/* Gamma(shape, shape) by Marsaglia and Tsang, for a shape of 1 and more. */
static double gamma_draw(struct world *world, double shape)
{
    const double d = shape - 1. / 3, c = 1 / sqrt(9 * d);
    for (;;) {
        const double r = sqrt(-2 * log(1 - world_random(world)));
        const double x = r * cos(6.283185307179586 * world_random(world));
        const double t = 1 + c * x;
        if (t > 0 && log(1 - world_random(world)) <
                         .5 * x * x + d - d * t * t * t + 3 * d * log(t))
            return d * t * t * t / shape;
    }
}

static void make_platform(struct world *world, struct truth *truth)
{
    double *u = calloc(2 * BUYERS, sizeof *u), *a = u + BUYERS;
    assert_non_null(u);
    *truth = (struct truth){0};
    for (int m = 0; m < MERCHANTS; m++)
        truth->v[m] = gamma_draw(world, 2);
    for (int b = 0; b < BUYERS; b++) {
        u[b] = gamma_draw(world, 4);
        truth->abuser[b] = world_random(world) < .04;
        a[b] = truth->abuser[b] ? .2 * gamma_draw(world, 3) : 0;
        truth->abusers += truth->abuser[b];
    }
    for (unsigned i = 0; i < ORDERS; i++) {
        const unsigned b = world_pick(world, BUYERS), m = world_pick(world, MERCHANTS);
        const double day = 40 * world_random(world);
        const double fault = .02 * truth->v[m] * u[b];
        world_order(world, i, b, m, m, day);
        const double any = 1 - exp(-fault - a[b]); /* at most one request an order */
        truth->fault += any * fault / (fault + a[b]) / ORDERS;
        truth->abuse += any * a[b] / (fault + a[b]) / ORDERS;
        if (world_random(world) < any)
            world_request(world, i, i, day + 5);
    }
    free(u);
}

static double correlation(const double *x, const double *y, int count)
{
    double sx = 0, sy = 0, xx = 0, yy = 0, xy = 0;
    for (int i = 0; i < count; i++) {
        sx += x[i];
        sy += y[i];
        xx += x[i] * x[i];
        yy += y[i] * y[i];
        xy += x[i] * y[i];
    }
    return (count * xy - sx * sy) / sqrt((count * xx - sx * sx) * (count * yy - sy * sy));
}

static void what_made_the_data_is_found_again(void **state)
{
    (void)state;
    static struct truth truth;
    struct world world = world_make(3);
    struct run run;
    make_platform(&world, &truth);
    run_open(&run, &world, &(struct plan){.fit = true});
    const struct rebut_population *population = &run.own.population;
    const double abuse = population->pi * population->alpha / population->beta;
    double log_true[MERCHANTS], log_found[MERCHANTS], fault = 0;
    for (int m = 0; m < MERCHANTS; m++) {
        const uint32_t index = run_index(&run.state.merchant_ids, 'm', (unsigned)m);
        log_true[m] = log(truth.v[m]);
        log_found[m] = log(run.inference.fault[REBUT_LEVEL_MERCHANT][index].ratio);
        fault += run.inference.fault[REBUT_LEVEL_MERCHANT][index].ratio / MERCHANTS;
    }
    fault *= run.scores.mean_fault_rate;
    print_message("abusers %.4f (true %.4f), abuse %.5f (%.5f), fault %.5f (%.5f), "
                  "merchants %.3f, kappa %.2f, rho %.2f\n",
                  population->pi, truth.abusers / BUYERS, abuse, truth.abuse, fault,
                  truth.fault, correlation(log_true, log_found, MERCHANTS),
                  population->kappa, run.own.rho[REBUT_LEVEL_MERCHANT]);
    /* Eight passes, and a share of claimants that these data do not have: the abuse that
     * is found is low by up to a third. */
    assert_near(population->pi / (truth.abusers / BUYERS), 1, .35);
    assert_near(abuse / truth.abuse, 1, .35);
    assert_near(fault / truth.fault, 1, .15);
    assert_true(correlation(log_true, log_found, MERCHANTS) > .8);
    double of_abusers = 0, of_others = 0;
    for (unsigned b = 0; b < BUYERS; b++) {
        const double abuser = (double)run_buyer(&run, b)->abuser;
        *(truth.abuser[b] ? &of_abusers : &of_others) += abuser;
    }
    print_message("abusers are given %.3f, others %.4f\n", of_abusers / truth.abusers,
                  of_others / (BUYERS - truth.abusers));
    /* Fifteen orders each: an abuser asks four times where another asks once in three. */
    assert_true(of_abusers / truth.abusers > .3);
    assert_true(of_others / (BUYERS - truth.abusers) < .03);
    run_close(&run);
    world_release(&world);
}

static void a_circumstance_that_doubles_the_fault_is_found(void **state)
{
    (void)state;
    struct world world = world_make(4);
    struct run run;
    for (unsigned i = 0; i < 30000; i++) {
        const bool toys = world_pick(&world, 2);
        world_order(&world, i, i % 2000, i % 37, i % 37, 30 * world_random(&world))
            ->category = toys ? REBUT_TEXT("玩具") : REBUT_TEXT("图书");
        if (world_random(&world) < (toys ? .04 : .02))
            world_request(&world, i, i, 50);
    }
    run_open(&run, &world, &(struct plan){.fit = true});
    const struct rebut_factor_table *category = &run.own.factors[REBUT_FACTOR_CATEGORY];
    const double *fault = category->multiplier[REBUT_RATE_FAULT];
    const uint32_t toys =
        rebut_model_level(&run.own, REBUT_FACTOR_CATEGORY, rebut_text_of("玩具"));
    const uint32_t books =
        rebut_model_level(&run.own, REBUT_FACTOR_CATEGORY, rebut_text_of("图书"));
    assert_near(fault[toys] / fault[books], 2, .25);
    run_close(&run);
    world_release(&world);
}

/* Returns with goods are a service fact: they raise the prior of fault where they were
 * followed by requests, without a request of the merchant's own. */
static void returns_teach_the_fault_of_a_shop(void **state)
{
    (void)state;
    struct world world = world_make(5);
    struct run run;
    for (unsigned i = 0; i < 30000; i++) {
        const unsigned m = i % 60;
        const bool bad = m < 20;
        world_order(&world, i, world_pick(&world, 2000), m, m, 30 * world_random(&world));
        if (world_random(&world) < (bad ? .12 : .02)) {
            struct rebut_event *back = world_request(&world, i, i, 40);
            back->request_kind = REBUT_KIND_RETURN_REFUND;
            back->reason = REBUT_REASON_DAMAGED;
        } else if (m != 0 && world_random(&world) < (bad ? .06 : .01)) {
            world_request(&world, i, i, 40);
        }
    }
    run_open(&run, &world, &(struct plan){.fit = true});
    const struct rebut_entity *shops = run.inference.fault[REBUT_LEVEL_MERCHANT];
    const double silent = shops[run_index(&run.state.merchant_ids, 'm', 0)].psi;
    const double good = shops[run_index(&run.state.merchant_ids, 'm', 40)].psi;
    assert_true(silent > 1.8 * good);
    run_close(&run);
    world_release(&world);
}

static void a_saved_model_scores_as_the_fitted_one(void **state)
{
    (void)state;
    for (unsigned seed = 1; seed <= 40; seed++) {
        struct world world = world_make(100 + seed);
        struct run fitted, loaded, again;
        struct rebut_model model;
        struct rebut_error err = {0};
        world_fill(&world);
        run_open(&fitted, &world, &(struct plan){.fit = true});
        char *document = rebut_model_write(&fitted.own);
        if (!rebut_model_read(rebut_text_of(document), &model, &err))
            fail_msg("%s", err.message);
        run_open(&loaded, &world, &(struct plan){.model = &model});
        struct bytes there = run_bytes(&fitted), back = run_bytes(&loaded);
        assert_same_bytes(&there, &back);
        world_shuffle(&world);
        run_open(&again, &world, &(struct plan){.fit = true});
        char *second = rebut_model_write(&again.own);
        assert_string_equal(second, document); /* and fitting again is the same model */
        free(there.data);
        free(back.data);
        free(document);
        free(second);
        run_close(&fitted);
        run_close(&loaded);
        run_close(&again);
        rebut_model_release(&model);
        world_release(&world);
    }
}

static void a_fit_says_what_it_was_fitted_on(void **state)
{
    (void)state;
    struct world world = world_make(1);
    struct run run;
    for (unsigned i = 1; i <= 10; i++)
        world_order(&world, i, i % 3, i % 2, 1, i);
    world_request(&world, 1, 1, 12);
    world_request(&world, 2, 2, 12);
    world_ruling(&world, REBUT_EVENT_VERDICT, 1, 13);
    world_ruling(&world, REBUT_EVENT_VERDICT, 2, 13)->verdict = REBUT_VERDICT_UNCLEAR;
    run_open(&run, &world, &(struct plan){.fit = true});
    assert_int_equal(run.own.orders, 10);
    assert_int_equal(run.own.requests, 2);
    assert_int_equal(run.own.buyers, 3);
    assert_int_equal(run.own.merchants, 2);
    assert_int_equal(run.own.verdicts, 1);
    assert_true(run.own.as_of == world_time(60));
    run_close(&run);
    world_release(&world);
}

/* Every number that a fit may give must be one that a file may hold. */
static void whatever_is_fitted_can_be_read_again(void **state)
{
    (void)state;
    for (unsigned seed = 1; seed <= 60; seed++) {
        struct world world = world_make(200 + seed);
        struct run run;
        struct rebut_model model;
        struct rebut_error err = {0};
        if (seed % 3 > 0)
            world_fill(&world);
        for (unsigned i = 0; seed % 3 != 1 && i < 60; i++) {
            world_order(&world, 700 + i, i % (1 + seed % 5), 1, 1, 1);
            if (seed % 2)
                world_request(&world, 700 + i, 700 + i, 2);
        }
        run_open(&run, &world, &(struct plan){.fit = true});
        char *document = rebut_model_write(&run.own);
        if (!rebut_model_read(rebut_text_of(document), &model, &err))
            fail_msg("seed %u: %s", seed, err.message);
        free(document);
        rebut_model_release(&model);
        run_close(&run);
        world_release(&world);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_made_the_data_is_found_again),
        cmocka_unit_test(a_circumstance_that_doubles_the_fault_is_found),
        cmocka_unit_test(returns_teach_the_fault_of_a_shop),
        cmocka_unit_test(a_saved_model_scores_as_the_fitted_one),
        cmocka_unit_test(a_fit_says_what_it_was_fitted_on),
        cmocka_unit_test(whatever_is_fitted_can_be_read_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
