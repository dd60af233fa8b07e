/* What a night says of one request, against what the whole scoring says of it. */
#include "../../support/folder.h"
#include "../../support/world.h"
#include "rebut/night.h"
#include "rebut/state_image.h"

#define BUYERS 220
#define ORDERS 2600
#define DAYS 50

/* Texts that are copied, that fit and that do not. */
static const char *const texts[] = {
    "收到的衣服颜色和图片完全不一样，布料也很薄，非常失望，要求退款",
    "手机屏幕有划痕，而且充不进电，开机一会儿就自动关机了",
    "水果烂了一大半，根本没法吃，包装也压坏了，太差了",
    "根据《消费者权益保护法》第五十五条，要求退一赔三",
    "东西坏了",
    "鞋子开胶了，穿了一天就这样，质量太差，请给我退款谢谢",
};

static void add_order(struct world *world, unsigned order)
{
    const unsigned buyer = world_pick(world, BUYERS);
    const unsigned merchant = world_pick(world, 18);
    struct rebut_event *event =
        world_order(world, order, buyer, merchant, merchant * 10 + world_pick(world, 5),
                    world_random(world) * DAYS);
    event->amount = 500 + 100 * world_pick(world, 400);
    event->category = world_id(world, 'c', merchant % 4);
    event->campaign = world_pick(world, 3) == 0 ? world_text(world, "618")
                                                : (struct rebut_text){NULL, 0};
    event->channel = (enum rebut_channel)(1 + world_pick(world, 3));
    event->account_created_at = event->at - REBUT_DAY * (1 + world_pick(world, 900));
    event->promised_ship_at = event->at + REBUT_DAY;
    if (buyer < 40)
        event->device_id = world_id(world, 'd', buyer / 3);
    if (buyer < 60)
        event->address_id = world_id(world, 'a', buyer < 25 ? 0 : buyer / 2);
    event->payment_id = world_id(world, 'p', buyer % 150);
}

/* Parcel, and now and then a request with all that may belong to it. */
static void add_rest(struct world *world, unsigned order, unsigned *requests)
{
    const struct rebut_event *placed = &world->events.data[0];
    for (uint32_t i = 0; i < world->events.count; i++)
        if (world->events.data[i].type == REBUT_EVENT_ORDER &&
            rebut_text_equal(world->events.data[i].order_id, world_id(world, 'o', order)))
            placed = &world->events.data[i];
    const double day = (double)(placed->at - WORLD_START) / (double)REBUT_DAY;
    world_parcel(world, REBUT_EVENT_SHIPMENT, order, day + .5)->carrier =
        world_id(world, 'k', world_pick(world, 3));
    world_parcel(world, REBUT_EVENT_DELIVERY, order, day + 2 + 3 * world_random(world));
    if (world_pick(world, 6) != 0)
        return;
    const unsigned number = (*requests)++;
    const double asked = day + 3 + 4 * world_random(world);
    struct rebut_event *request = world_request(world, number, order, asked);
    request->request_kind =
        world_pick(world, 3) == 0 ? REBUT_KIND_RETURN_REFUND : REBUT_KIND_REFUND_ONLY;
    request->reason = (enum rebut_reason)(1 + world_pick(world, REBUT_REASONS - 1));
    request->text = rebut_text_of(texts[world_pick(world, sizeof texts / sizeof *texts)]);
    if (world_pick(world, 2) == 0) {
        request->photos[0] = 0x1234567890abcdefu * (1 + world_pick(world, 90));
        request->photo_count = 1;
    }
    if (world_pick(world, 3) == 0) {
        struct rebut_event *contact = world_event(world, REBUT_EVENT_CONTACT, asked + .1);
        contact->order_id = world_id(world, 'o', order);
        contact->party = REBUT_PARTY_MERCHANT;
        contact->contact_kind = REBUT_CONTACT_OFFER_REPLACEMENT;
    }
    if (world_pick(world, 5) == 0) {
        struct rebut_event *verdict =
            world_ruling(world, REBUT_EVENT_VERDICT, number, asked + 1);
        if (world_pick(world, 2) == 0)
            verdict->verdict = REBUT_VERDICT_LEGITIMATE;
    }
}

static struct world platform(uint64_t seed)
{
    struct world world = world_make(seed);
    unsigned requests = 0;
    for (unsigned order = 0; order < ORDERS; order++)
        add_order(&world, order);
    for (unsigned order = 0; order < ORDERS; order++)
        add_rest(&world, order, &requests);
    for (unsigned sku = 0; sku < 180; sku++) {
        struct rebut_event *price =
            world_event(&world, REBUT_EVENT_PRICE, world_random(&world) * DAYS);
        price->sku_id = world_id(&world, 's', sku);
        price->amount = 400 + 100 * world_pick(&world, 200);
    }
    return world;
}

static bool concerns(const struct run *run, const struct rebut_event *event,
                     uint32_t buyer)
{
    const struct rebut_state *state = &run->state;
    uint32_t order = REBUT_NONE;
    if (event->order_id.size > 0)
        order = rebut_intern_find(&state->order_ids, event->order_id,
                                  rebut_intern_hash(&state->order_ids, event->order_id));
    else if (event->request_id.size > 0)
        order = state->requests
                    .data[rebut_intern_find(
                        &state->request_ids, event->request_id,
                        rebut_intern_hash(&state->request_ids, event->request_id))]
                    .order;
    return order != REBUT_NONE && state->orders.data[order].buyer == buyer;
}

/* The facts of one buyer alone. */
static void own_state(const struct run *run, const struct world *world, uint32_t buyer,
                      int64_t as_of, struct rebut_state *ret)
{
    struct world own = world_make(1);
    for (uint32_t i = 0; i < world->events.count; i++)
        if (world->events.data[i].at <= as_of &&
            concerns(run, &world->events.data[i], buyer))
            *world_event(&own, REBUT_EVENT_ORDER, 0) = world->events.data[i];
    world_shuffle(&own);
    world_state(&own, as_of, ret);
    world_release(&own);
}

/* Compare every request of the run with what a night of it says. */
static void compare_all(const struct run *run, const struct world *world,
                        struct rebut_night *night)
{
    struct rebut_error err = {0};
    struct rebut_eye *eye = NULL;
    struct rebut_output whole, alone;
    if (!rebut_eye_open(&eye, night, &err) || !rebut_output_memory(&whole, &err) ||
        !rebut_output_memory(&alone, &err))
        fail_msg("%s", err.message);
    assert_true(run->scores.count > 100);
    for (uint32_t i = 0; i < run->scores.count; i++) {
        struct rebut_state own;
        struct rebut_judged judged;
        const struct rebut_frame_claim *claim =
            &run->frame.claims[run->scores.list[i].claim];
        const uint32_t buyer =
            run->state.orders.data[run->frame.rows[claim->row].order].buyer;
        const struct rebut_text id =
            rebut_intern_text(&run->state.request_ids, claim->request);
        own_state(run, world, buyer, world_time(60), &own);
        const uint32_t request = rebut_intern_find(
            &own.request_ids, id, rebut_intern_hash(&own.request_ids, id));
        /* Vocabularies of different states: an eye each. */
        rebut_eye_close(eye);
        assert_true(rebut_eye_open(&eye, night, &err));
        if (!rebut_eye_judge(eye, &own, world_time(60), request, &judged, &err))
            fail_msg("%s", err.message);
        whole.used = alone.used = 0;
        rebut_score_write_line(&run->scores, &run->scores.list[i], REBUT_CHINESE, &whole);
        rebut_score_write_line(judged.scores, judged.score, REBUT_CHINESE, &alone);
        whole.buffer[whole.used - 1] = alone.buffer[alone.used - 1] = '\0';
        assert_string_equal(alone.buffer, whole.buffer);
        rebut_state_release(&own);
    }
    rebut_output_release(&whole);
    rebut_output_release(&alone);
    rebut_eye_close(eye);
}

/* ---- a night that is mapped ---- */

static bool write_part(void *context, const void *data, size_t size)
{
    return fwrite(data, 1, size, context) == size;
}

static bool walk(struct rebut_image *image, struct rebut_state *state,
                 struct rebut_night **night, const struct rebut_model *model,
                 struct rebut_error *err)
{
    return rebut_state_image(state, image, err) &&
           rebut_night_image(night, state, model, image, err);
}

static void state_with_keys(const struct world *world, struct rebut_state *ret)
{
    uint8_t *done = calloc(world->events.count + (size_t)1, 1);
    uint64_t duplicates[REBUT_EVENT_TYPES];
    rebut_state_init(ret, 7);
    ret->keeps_keys = true;
    world_apply(world, world_time(60), done, ret);
    assert_true(rebut_state_seal(ret, duplicates, NULL));
    free(done);
}

/* Write a night and its state, and hold what is mapped against the run. */
static void compare_mapped(const struct run *run, const struct world *world)
{
    const struct rebut_image_key key = {1, 2};
    const char *path = put_text("image", "");
    struct rebut_error err = {0};
    struct rebut_image image;
    struct rebut_night *night = NULL, *mapped = NULL;
    struct rebut_state state, taken;
    state_with_keys(world, &state);
    FILE *file = fopen(path, "wb");
    if (!rebut_night_open(&night, &state, run->model, world_time(60), &err) ||
        !rebut_image_begin(&image, write_part, file, &key, &err) ||
        !walk(&image, &state, &night, run->model, &err) || !rebut_image_end(&image, &err))
        fail_msg("%s", err.message);
    fclose(file);
    rebut_image_release(&image);
    rebut_night_close(night);
    rebut_state_release(&state);
    if (!rebut_image_open(&image, path, &key, &err) ||
        !walk(&image, &taken, &mapped, run->model, &err) ||
        !rebut_image_all_taken(&image, &err))
        fail_msg("%s", err.message);
    compare_all(run, world, mapped);
    compare_all(run, world, mapped); /* what was left out is in it again */
    rebut_image_forget(&image);
    assert_true(walk(&image, &taken, &mapped, run->model, &err));
    rebut_night_close(mapped);
    rebut_state_release(&taken);
    rebut_image_release(&image);
}

static void compare_opened(const struct run *run, const struct world *world)
{
    struct rebut_error err = {0};
    struct rebut_night *night = NULL;
    if (!rebut_night_open(&night, &run->state, run->model, world_time(60), &err))
        fail_msg("%s", err.message);
    compare_all(run, world, night);
    rebut_night_close(night);
}

static void says_of_a_known_request_what_the_scoring_says_to_the_byte(void **unused)
{
    (void)unused;
    struct world world = platform(3);
    struct run run;
    run_open(&run, &world, &(struct plan){0});
    compare_opened(&run, &world);
    run_close(&run);
    world_release(&world);
}

static void does_so_with_a_fitted_model_and_verdicts(void **unused)
{
    (void)unused;
    struct world world = platform(4);
    struct run run;
    run_open(&run, &world, &(struct plan){.fit = true});
    compare_opened(&run, &world);
    run_close(&run);
    world_release(&world);
}

static void says_the_same_when_it_is_mapped(void **unused)
{
    (void)unused;
    struct world world = platform(5);
    struct run run;
    run_open(&run, &world, &(struct plan){.fit = true});
    compare_mapped(&run, &world);
    run_close(&run);
    world_release(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(says_of_a_known_request_what_the_scoring_says_to_the_byte),
        cmocka_unit_test(does_so_with_a_fitted_model_and_verdicts),
        cmocka_unit_test_setup_teardown(says_the_same_when_it_is_mapped, make_folder,
                                        remove_folder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
