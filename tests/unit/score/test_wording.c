#include "world.h"

#include "../../../engine/score/wording.h"

#define SMOOTHING .5 /* s in that header */

/* `count` requests with that text, each on an order of its own. */
static unsigned write_many(struct world *world, unsigned from, unsigned count,
                           const char *category, const char *text)
{
    for (unsigned i = from; i < from + count; i++) {
        struct rebut_event *order = world_order(world, i, i, 1, 1, 1);
        if (category != NULL)
            order->category = rebut_text_of(category);
        world_request(world, i, i, 3)->text = rebut_text_of(text);
    }
    return from + count;
}

/* The least fitting pair of each request r0, r1, …; NaN for one without text. */
static void fits_of(const struct world *world, double *fits, unsigned count)
{
    struct rebut_state state;
    struct rebut_error err = {0};
    struct rebut_fitting fitting[100][REBUT_TOPICS];
    world_state(world, world_time(60), &state);
    assert_true(state.requests.count == count && count <= 100);
    struct rebut_wording wording;
    assert_true(rebut_wording_open(&wording, &state, &err));
    assert_true(rebut_wording_all(&wording, fitting, &err));
    rebut_wording_close(&wording);
    for (unsigned i = 0; i < count; i++) {
        const struct rebut_fitting *fit =
            &fitting[run_index(&state.request_ids, 'r', i)][REBUT_TOPIC_CATEGORY];
        fits[i] = (double)fit->least;
        assert_true(isnan(fit->least) || fit->least <= fit->most);
    }
    rebut_state_release(&state);
}

static void words_of_other_goods_are_found(void **state)
{
    (void)state;
    struct world world = world_make(1);
    double fits[82];
    unsigned next = write_many(&world, 0, 40, "头盔", "头盔开裂");
    next = write_many(&world, next, 40, "食品", "味道很怪");
    next = write_many(&world, next, 1, "食品", "头盔开裂");
    write_many(&world, next, 1, "食品", "味道很怪");
    fits_of(&world, fits, 82);
    /* 40 wrote each pair of it, all about helmets; half of what is written is about
     * food: (0 + s) / (20 + s) or nearly. */
    const double share = (41 * 3.) / (81 * 3);
    assert_near(fits[80], log(SMOOTHING / (40 * share + SMOOTHING)), 1e-6);
    assert_true(fits[0] > 0 && fits[40] > 0 && fits[81] > 0);
    world_release(&world);
}

static void a_pair_nobody_else_wrote_says_nothing(void **state)
{
    (void)state;
    struct world world = world_make(1);
    double fits[42];
    write_many(&world, 0, 20, "头盔", "头盔开裂");
    write_many(&world, 20, 20, "食品", "味道很怪");
    write_many(&world, 40, 1, "食品", "鼕龘靐齉");
    write_many(&world, 41, 1, "食品", "味道很怪鼕");
    fits_of(&world, fits, 42);
    assert_near(fits[40], 0, 0);
    assert_near(fits[41], 0, 0); /* the strange pair is the least fitting, at 0 */
    world_release(&world);
}

/* Alone a request would fit its own words perfectly. */
static void a_request_does_not_vouch_for_itself(void **state)
{
    (void)state;
    struct world one = world_make(1), two = world_make(1);
    double fits[32];
    write_many(&one, 0, 30, "头盔", "头盔开裂");
    write_many(&one, 30, 1, "食品", "头盔开裂");
    write_many(&one, 31, 1, "食品", "无关的话");
    fits_of(&one, fits, 32);
    const double alone = fits[30];
    write_many(&two, 0, 30, "头盔", "头盔开裂");
    write_many(&two, 30, 1, "食品", "头盔开裂头盔开裂");
    write_many(&two, 31, 1, "食品", "无关的话");
    fits_of(&two, fits, 32);
    assert_near(alone, log(SMOOTHING / (30 * (3. / 93) + SMOOTHING)), 1e-6);
    assert_true(fits[30] < 0); /* saying it twice helps as little */
    world_release(&one);
    world_release(&two);
}

/* Nor does what the same buyer wrote elsewhere: here 20 times. */
static void a_buyer_does_not_vouch_for_itself_either(void **state)
{
    (void)state;
    struct world world = world_make(1);
    double fits[61];
    write_many(&world, 0, 20, "头盔", "头盔开裂");
    write_many(&world, 20, 20, "食品", "味道很怪");
    write_many(&world, 40, 20, "食品", "头盔开裂");
    for (uint32_t i = 0; i < world.events.count; i++)
        if (world.events.data[i].at == world_time(1) && i >= 80)
            world.events.data[i].buyer_id = REBUT_TEXT("copyist");
    write_many(&world, 60, 1, "食品", "味道很怪");
    fits_of(&world, fits, 61);
    for (unsigned i = 40; i < 60; i++)
        assert_near(fits[i], log(SMOOTHING / (20 * (63. / 123) + SMOOTHING)), 1e-6);
    world_release(&world);
}

static void without_two_characters_there_is_no_fit(void **state)
{
    (void)state;
    struct world world = world_make(1);
    double fits[4];
    write_many(&world, 0, 1, "食品", "坏");
    write_many(&world, 1, 1, "食品", "");
    write_many(&world, 2, 1, NULL, "坏了");
    world_order(&world, 3, 3, 1, 1, 1);
    world_request(&world, 3, 3, 2);
    fits_of(&world, fits, 4);
    for (int i = 0; i < 4; i++)
        assert_true(isnan(fits[i])); /* the third: nobody else wrote anything */
    world_release(&world);
}

static void a_text_of_any_length_is_read(void **state)
{
    (void)state;
    struct world world = world_make(1);
    double fits[41];
    char *text = malloc(3 * 5000 + 1);
    assert_non_null(text);
    for (int i = 0; i < 5000; i++)
        snprintf(text + 3 * i, 4, "\xe4%c%c", 0x80 + i / 64 % 64, 0x80 + i % 64);
    write_many(&world, 0, 20, "食品", text);
    write_many(&world, 20, 20, "女装", text + 3 * 2000);
    write_many(&world, 40, 1, "女装", text);
    fits_of(&world, fits, 41);
    assert_true(fits[0] > .4 && fits[20] > .4 && fits[40] < -1);
    free(text);
    world_release(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_of_other_goods_are_found),
        cmocka_unit_test(a_pair_nobody_else_wrote_says_nothing),
        cmocka_unit_test(a_request_does_not_vouch_for_itself),
        cmocka_unit_test(a_buyer_does_not_vouch_for_itself_either),
        cmocka_unit_test(without_two_characters_there_is_no_fit),
        cmocka_unit_test(a_text_of_any_length_is_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
