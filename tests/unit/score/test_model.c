#include <jansson.h>

#include "random_world.h"

/* A model fitted on a world that has a bit of everything. */
static struct rebut_model fitted(unsigned seed)
{
    struct world world = world_make(seed);
    struct run run;
    world_fill(&world);
    run_open(&run, &world, &(struct plan){.fit = true});
    const struct rebut_model model = run.own;
    run.own = (struct rebut_model){0};
    run_close(&run);
    world_release(&world);
    return model;
}

static bool read_back(const char *document, struct rebut_model *ret,
                      struct rebut_error *err)
{
    *err = (struct rebut_error){0};
    return rebut_model_read(rebut_text_of(document), ret, err);
}

static void what_was_written_reads_back_as_the_same_bytes(void **state)
{
    (void)state;
    for (unsigned seed = 1; seed <= 20; seed++) {
        struct rebut_model model = fitted(seed), again;
        struct rebut_error err;
        char *document = rebut_model_write(&model);
        assert_non_null(document);
        if (!read_back(document, &again, &err))
            fail_msg("%s", err.message);
        char *rewritten = rebut_model_write(&again);
        assert_string_equal(rewritten, document);
        assert_string_equal(again.version, model.version);
        assert_int_equal(strlen(model.version), 32);
        assert_memory_equal(&again.population, &model.population,
                            sizeof model.population);
        assert_memory_equal(again.rho, model.rho, sizeof model.rho);
        assert_memory_equal(again.price_cuts, model.price_cuts, sizeof model.price_cuts);
        free(document);
        free(rewritten);
        rebut_model_release(&again);
        rebut_model_release(&model);
    }
}

static void another_number_is_another_version(void **state)
{
    (void)state;
    struct rebut_model model = fitted(1);
    char first[REBUT_MODEL_VERSION_SIZE];
    free(rebut_model_write(&model));
    memcpy(first, model.version, sizeof first);
    model.population.pi = nextafter(model.population.pi, 1);
    free(rebut_model_write(&model));
    assert_string_not_equal(model.version, first);
    rebut_model_release(&model);
}

static void the_layout_of_the_file_is_no_part_of_the_version(void **state)
{
    (void)state;
    struct rebut_model model = fitted(2), again;
    struct rebut_error err;
    char *document = rebut_model_write(&model);
    json_t *parsed = json_loads(document, 0, NULL);
    char *pretty = json_dumps(parsed, JSON_INDENT(4) | JSON_REAL_PRECISION(17));
    assert_true(read_back(pretty, &again, &err));
    assert_string_equal(again.version, model.version);
    json_decref(parsed);
    free(pretty);
    free(document);
    rebut_model_release(&again);
    rebut_model_release(&model);
}

/* Words of any kind as levels, among them a carrier whose name is cut for its pair. */
static void odd_names_of_levels_survive(void **state)
{
    (void)state;
    static const char *const names[] = {
        "other", "=", "=other", "a\"b\\c\n\t", "a|b", " ", "双11 🎉", "\x01\x7f", "none"};
    struct world world = world_make(3);
    char long_carrier[129] = "a";
    for (size_t i = 1; i + 3 < sizeof long_carrier; i += 3)
        memcpy(long_carrier + i, "丰", 4);
    for (unsigned i = 0; i < 9; i++) {
        world_order(&world, i, i, 1, 1, i)->category = rebut_text_of(names[i]);
        world.events.data[world.events.count - 1].campaign = rebut_text_of(names[8 - i]);
        world_parcel(&world, REBUT_EVENT_SHIPMENT, i, i + 1.)->carrier =
            rebut_text_of(i % 2 ? long_carrier : names[i]);
        world_request(&world, i, i, i + 5.);
    }
    struct run run, reread;
    struct rebut_error err;
    run_open(&run, &world, &(struct plan){.fit = true});
    char *document = rebut_model_write(&run.own);
    struct rebut_model again;
    if (!read_back(document, &again, &err))
        fail_msg("%s", err.message);
    char *rewritten = rebut_model_write(&again);
    assert_string_equal(rewritten, document);
    for (int f = 0; f < REBUT_FACTORS; f++)
        assert_int_equal(again.factors[f].levels, run.own.factors[f].levels);
    run_open(&reread, &world, &(struct plan){.model = &again});
    struct bytes there = run_bytes(&run), back = run_bytes(&reread);
    assert_same_bytes(&there, &back);
    free(there.data);
    free(back.data);
    free(document);
    free(rewritten);
    run_close(&reread);
    rebut_model_release(&again);
    run_close(&run);
    world_release(&world);
}

/* ---- documents that are refused ---- */

static json_t *sound_document(void)
{
    struct rebut_model model = fitted(4);
    char *document = rebut_model_write(&model);
    json_t *parsed = json_loads(document, 0, NULL);
    assert_non_null(parsed);
    free(document);
    rebut_model_release(&model);
    return parsed;
}

static void assert_refused(const json_t *document, const char *what, const char *word)
{
    struct rebut_model model;
    struct rebut_error err;
    char *text = json_dumps(document, JSON_REAL_PRECISION(17));
    if (read_back(text, &model, &err)) {
        rebut_model_release(&model);
        fail_msg("%s is taken", what);
    }
    assert_int_equal(err.code, REBUT_EDATA);
    if (strstr(err.message, word) == NULL)
        fail_msg("%s: '%s' does not name '%s'", what, err.message, word);
    free(text);
}

/* Take each member of an object away, then give it another type. */
static void spoil_members(json_t *document, json_t *object)
{
    const char *name = NULL;
    json_t *value = NULL, *names = json_array();
    json_object_foreach(object, name, value)
    {
        json_array_append_new(names, json_string(name));
    }
    for (size_t i = 0; i < json_array_size(names); i++) {
        name = json_string_value(json_array_get(names, i));
        json_t *kept = json_incref(json_object_get(object, name));
        json_object_del(object, name);
        assert_refused(document, name, name);
        json_object_set_new(object, name, json_true());
        assert_refused(document, name, name);
        json_object_set_new(object, name, json_null());
        assert_refused(document, name, name);
        json_object_set_new(object, name, kept);
    }
    json_decref(names);
}

static void every_missing_or_mistyped_member_is_named(void **state)
{
    (void)state;
    json_t *document = sound_document();
    json_t *numbers = json_object_get(document, "numbers");
    json_t *factors = json_object_get(document, "factors");
    json_t *marks = json_object_get(document, "marks");
    spoil_members(document, numbers);
    spoil_members(document, factors);
    spoil_members(document, json_object_get(marks, "delay"));
    spoil_members(document,
                  json_object_get(json_object_get(factors, "channel"), "=livestream"));
    spoil_members(document,
                  json_object_get(json_object_get(factors, "category"), "other"));
    const char *rest[] = {"schema",   "as_of",    "orders",
                          "requests", "verdicts", "price_cuts"};
    for (size_t i = 0; i < sizeof rest / sizeof rest[0]; i++) {
        json_t *kept = json_incref(json_object_get(document, rest[i]));
        json_object_del(document, rest[i]);
        assert_refused(document, rest[i], rest[i]);
        json_object_set_new(document, rest[i], json_real(1.5));
        assert_refused(document, rest[i], rest[i]);
        json_object_set_new(document, rest[i], kept);
    }
    const char *objects[] = {"numbers", "factors", "marks"};
    for (size_t i = 0; i < 3; i++) {
        json_t *kept = json_incref(json_object_get(document, objects[i]));
        json_object_del(document, objects[i]);
        assert_refused(document, objects[i], "expected");
        json_object_set_new(document, objects[i], kept);
    }
    json_decref(document);
}

static void every_number_out_of_range_is_named(void **state)
{
    (void)state;
    json_t *document = sound_document();
    json_t *numbers = json_object_get(document, "numbers");
    const char *name = NULL;
    json_t *value = NULL;
    json_object_foreach(numbers, name, value)
    {
        const double kept = json_real_value(value);
        json_real_set(value, -1e9);
        assert_refused(document, name, name);
        json_real_set(value, 1e300);
        assert_refused(document, name, name);
        json_real_set(value, kept);
    }
    json_t *level = json_object_get(
        json_object_get(json_object_get(document, "factors"), "category"), "other");
    json_object_set_new(level, "fault", json_real(0));
    assert_refused(document, "a multiplier of 0", "category");
    json_object_set_new(level, "fault", json_real(1));
    json_object_set_new(document, "orders", json_integer(-1));
    assert_refused(document, "orders", "orders");
    json_decref(document);
}

static void odd_shapes_are_refused(void **state)
{
    (void)state;
    json_t *document = sound_document();
    json_t *category = json_object_get(json_object_get(document, "factors"), "category");
    json_t *sample = json_deep_copy(json_object_get(category, "other"));
    json_object_set(category, "nobody", sample);
    assert_refused(document, "a level without '='", "nobody");
    json_object_del(category, "nobody");
    json_object_set(category, "=", sample);
    assert_refused(document, "a level without a name", "category");
    json_object_del(category, "=");
    char long_name[300];
    memset(long_name, 'x', sizeof long_name - 1);
    long_name[0] = '=';
    long_name[sizeof long_name - 1] = '\0';
    json_object_set(category, long_name, sample);
    assert_refused(document, "a level of 298 bytes", "category");
    json_object_del(category, long_name);
    json_object_del(category, "other");
    assert_refused(document, "a factor without 'other'", "other");
    json_object_set_new(category, "other", sample);

    json_t *cuts = json_object_get(document, "price_cuts");
    json_array_append_new(cuts, json_integer(1000000));
    assert_refused(document, "six cuts", "price_cuts");
    json_array_remove(cuts, 5);
    json_array_set_new(cuts, 1, json_integer(0));
    json_array_set_new(cuts, 0, json_integer(7));
    assert_refused(document, "cuts that fall", "price_cuts");
    json_decref(document);
}

/* A level more than the key of a cell has room for would mix circumstances up. */
static void more_levels_than_the_stated_bins_are_refused(void **state)
{
    (void)state;
    json_t *document = sound_document();
    json_t *channel = json_object_get(json_object_get(document, "factors"), "channel");
    char name[16];
    for (int i = 0; i < 20; i++) {
        snprintf(name, sizeof name, "=a%d", i);
        json_object_set_new(channel, name,
                            json_deep_copy(json_object_get(channel, "other")));
    }
    assert_refused(document, "26 channels", "channel");
    json_decref(document);
}

static void what_is_no_json_is_refused_with_the_line(void **state)
{
    (void)state;
    struct rebut_model model;
    struct rebut_error err;
    assert_false(read_back("", &model, &err));
    assert_int_equal(err.code, REBUT_EDATA);
    assert_false(read_back("{\"schema\":\n1,\"schema\":2}", &model, &err));
    assert_non_null(strstr(err.message, "duplicate"));
    assert_non_null(strstr(err.message, "line 2"));
    assert_false(read_back("[1]", &model, &err));
    assert_string_equal(err.message, "expected schema 'rebut-model-2', got ''");
    assert_false(read_back("{\"schema\":\"rebut-model-9\"}", &model, &err));
    assert_string_equal(err.message,
                        "expected schema 'rebut-model-2', got 'rebut-model-9'");
    assert_false(read_back("{\"schema\":\"rebut-model-2\"} {}", &model, &err));
    assert_false(read_back("{\"schema\":\"rebut\\u0000\"}", &model, &err));
}

static void a_huge_document_is_refused_unread(void **state)
{
    (void)state;
    struct rebut_model model;
    struct rebut_error err = {0};
    assert_false(rebut_model_read((struct rebut_text){"{", ((size_t)256 << 20) + 1},
                                  &model, &err));
    assert_int_equal(err.code, REBUT_ELIMIT);
}

static void a_file_that_cannot_be_read_is_named(void **state)
{
    (void)state;
    struct rebut_model model;
    struct rebut_error err = {0};
    assert_false(rebut_model_load("/nowhere/model.json", &model, &err));
    assert_int_equal(err.code, REBUT_EIO);
    assert_non_null(strstr(err.message, "/nowhere/model.json"));
    err = (struct rebut_error){0};
    assert_false(rebut_model_load("/tmp", &model, &err));
    assert_int_equal(err.code, REBUT_EIO);
    err = (struct rebut_error){0};
    assert_false(rebut_model_load("/dev/null", &model, &err));
    assert_int_equal(err.code, REBUT_EDATA);
    assert_non_null(strstr(err.message, "model '/dev/null': no JSON"));
}

static void other_is_read_wherever_it_stands(void **state)
{
    (void)state;
    struct rebut_model model = fitted(4), again;
    struct rebut_error err;
    model.factors[REBUT_FACTOR_CATEGORY].multiplier[REBUT_RATE_FAULT][0] = 7;
    char *document = rebut_model_write(&model);
    json_t *parsed = json_loads(document, 0, NULL);
    json_t *factors = json_object_get(parsed, "factors");
    json_t *category = json_object_get(factors, "category");
    json_t *first = json_object();
    json_object_set(first, "other", json_object_get(category, "other"));
    json_object_update_missing(first, category);
    json_object_set_new(factors, "category", first);
    char *moved = json_dumps(parsed, JSON_REAL_PRECISION(17));
    assert_non_null(strstr(moved, "\"category\": {\"other\""));
    assert_true(read_back(moved, &again, &err));
    assert_near(again.factors[REBUT_FACTOR_CATEGORY].multiplier[REBUT_RATE_FAULT][0], 7,
                0);
    assert_string_equal(again.version, model.version);
    free(moved);
    free(document);
    json_decref(parsed);
    rebut_model_release(&again);
    rebut_model_release(&model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_written_reads_back_as_the_same_bytes),
        cmocka_unit_test(another_number_is_another_version),
        cmocka_unit_test(the_layout_of_the_file_is_no_part_of_the_version),
        cmocka_unit_test(odd_names_of_levels_survive),
        cmocka_unit_test(every_missing_or_mistyped_member_is_named),
        cmocka_unit_test(every_number_out_of_range_is_named),
        cmocka_unit_test(odd_shapes_are_refused),
        cmocka_unit_test(more_levels_than_the_stated_bins_are_refused),
        cmocka_unit_test(what_is_no_json_is_refused_with_the_line),
        cmocka_unit_test(a_huge_document_is_refused_unread),
        cmocka_unit_test(a_file_that_cannot_be_read_is_named),
        cmocka_unit_test(other_is_read_wherever_it_stands),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
