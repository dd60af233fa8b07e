/* One pack, one spelling; what is wrong is named. */
#include <jansson.h>

#include "../../../engine/evidence/pack_shape.h"
#include "packing.h"

static struct packing packing;

static int open_all(void **state)
{
    (void)state;
    return packing_make(&packing, 3);
}

static int close_all(void **state)
{
    (void)state;
    packing_close(&packing);
    return 0;
}

static void assert_sorted(const struct pack_shape *shape)
{
    for (size_t i = 0; i < shape->count; i++) {
        if (i > 0 && strcmp(shape->members[i - 1].name, shape->members[i].name) >= 0)
            fail_msg("'%s' stands before '%s'", shape->members[i - 1].name,
                     shape->members[i].name);
        if (shape->members[i].shape != NULL)
            assert_sorted(shape->members[i].shape);
    }
}

static void the_tables_are_in_the_order_of_their_names(void **state)
{
    (void)state;
    assert_sorted(&rebut_pack_shape);
}

static void what_is_read_writes_the_same_bytes(void **state)
{
    (void)state;
    assert_true(packing.run.scores.count > 60);
    for (uint32_t i = 0; i < packing.run.scores.count; i++) {
        struct rebut_pack pack = packing_of(&packing, &packing.run.scores.list[i]), again;
        struct rebut_error err = {0};
        const struct rebut_text text = packing_text(&pack);
        if (!rebut_pack_read(text, &again, &err))
            fail_msg("%s", err.message);
        const struct rebut_text second = packing_text(&again);
        assert_int_equal(text.size, second.size);
        assert_memory_equal(text.data, second.data, text.size);
        packing_free(second);
        packing_free(text);
        rebut_pack_release(&again);
        rebut_pack_release(&pack);
    }
}

static void assert_no_real(const json_t *value)
{
    const char *key = NULL;
    json_t *member = NULL;
    size_t i = 0;
    assert_false(json_is_real(value));
    if (json_is_array(value))
        json_array_foreach((json_t *)(uintptr_t)value, i, member) assert_no_real(member);
    if (json_is_object(value))
        json_object_foreach((json_t *)(uintptr_t)value, key, member)
            assert_no_real(member);
}

static void it_is_what_another_writer_calls_canonical_and_holds_no_float(void **state)
{
    (void)state;
    struct rebut_pack pack = packing_request(&packing, 1);
    const struct rebut_text text = packing_text(&pack);
    json_t *root = json_loadb(text.data, text.size, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(root);
    assert_no_real(root);
    char *other = json_dumps(root, JSON_COMPACT | JSON_SORT_KEYS);
    assert_int_equal(strlen(other) + 1, text.size);
    assert_memory_equal(other, text.data, text.size - 1);
    assert_int_equal(text.data[text.size - 1], '\n');
    free(other);
    json_decref(root);
    packing_free(text);
    rebut_pack_release(&pack);
}

/* The document with one piece replaced must be refused, and the words name it. */
static void assert_refused(struct rebut_text text, const char *from, const char *to,
                           enum rebut_code code, const char *words)
{
    struct rebut_pack pack;
    struct rebut_error err = {0};
    const char *at = strstr(text.data, from);
    if (at == NULL)
        fail_msg("there is no %s", from);
    char *changed = malloc(text.size + strlen(to) + 1);
    const int size = sprintf(changed, "%.*s%s%s", (int)(at - text.data), text.data, to,
                             at + strlen(from));
    assert_false(
        rebut_pack_read((struct rebut_text){changed, (size_t)size}, &pack, &err));
    if (err.code != code || strstr(err.message, words) == NULL)
        fail_msg("%s for %s: %d %s", to, from, (int)err.code, err.message);
    free(changed);
}

static void every_wrong_member_is_named(void **state)
{
    (void)state;
    struct rebut_pack pack = packing_request(&packing, 1);
    const struct rebut_text text = packing_text(&pack);
    const enum rebut_code data = REBUT_EDATA;
    assert_refused(text, "\"seal\":null,", "", data, "'seal': missing");
    assert_refused(text, "\"asked_fen\":", "\"asked_fen\":\"1\",\"x\":", data,
                   "'header.asked_fen': expected an integer, got a string");
    assert_refused(text, "\"kappa\":\"", "\"kappa\":\"x", data,
                   "'inputs.population.kappa': expected a decimal number, got 'x");
    assert_refused(text, "\"repeated\":false", "\"repeated\":0", data,
                   "'inputs.repeated': expected true or false, got an integer");
    assert_refused(text, "\"reason\":\"quality\"", "\"reason\":\"greed\"", data,
                   "unknown word 'greed'");
    assert_refused(text, "{\"buyer\":", "{\"a\":1,\"buyer\":", data,
                   "'the document': unknown member 'a'");
    assert_refused(text, "rebut-pack-2", "rebut-pack-3", data,
                   "'schema': expected 'rebut-pack-2'");
    assert_refused(text, "\"orders\":", "\"orders\":2.5,\"x\":", data,
                   "a number with a fraction");
    assert_refused(text, "{\"buyer\":", "{ \"buyer\":", data, "not canonical");
    assert_refused(text, "\"index\":", "\"index\":0", data, "no JSON");
    assert_refused(text, "\"retain_until_us\":", "\"retain_until_us\":100", data,
                   "'notice.retain_until_us': expected an integer within 10^18");
    assert_refused(text, "\"weight\":[", "\"weight\":[\"0\",", data,
                   "'inputs.weight': expected 7 numbers, got 8");
    assert_refused(text, "\"factors\":[", "\"factors\":[1,1,1,", REBUT_ELIMIT,
                   "'inputs.factors': expected at most 10, got 13");
    packing_free(text);
    rebut_pack_release(&pack);
}

static void other_spellings_of_the_same_number_are_refused(void **state)
{
    (void)state;
    struct rebut_pack pack = packing_request(&packing, 1);
    const struct rebut_text text = packing_text(&pack);
    assert_refused(text, "\"prior\":\"0.", "\"prior\":\"00.", REBUT_EDATA,
                   "not canonical");
    assert_refused(text, "\"prior\":\"0.", "\"prior\":\"+0.", REBUT_EDATA,
                   "not canonical");
    assert_refused(text, "\"prior\":\"0.", "\"prior\":\"nan0.", REBUT_EDATA, "prior");
    packing_free(text);
    rebut_pack_release(&pack);
}

static void no_part_of_a_document_is_a_pack_and_none_crashes(void **state)
{
    (void)state;
    struct rebut_pack pack = packing_request(&packing, 1), none;
    const struct rebut_text text = packing_text(&pack);
    for (size_t size = 0; size < text.size; size += 37)
        assert_false(rebut_pack_read((struct rebut_text){text.data, size}, &none, NULL));
    char *changed = malloc(text.size);
    for (size_t at = 0; at < text.size; at += 53) {
        struct rebut_error err = {0};
        memcpy(changed, text.data, text.size);
        changed[at] = (char)(changed[at] ^ 1);
        if (rebut_pack_read((struct rebut_text){changed, text.size}, &none, &err))
            rebut_pack_release(&none);
        else
            assert_true(err.code == REBUT_EDATA || err.code == REBUT_ELIMIT);
    }
    free(changed);
    packing_free(text);
    rebut_pack_release(&pack);
}

static void what_is_not_known_is_null(void **state)
{
    (void)state;
    const struct rebut_pack pack = {
        .buyer = {.ratio = (double)NAN, .median_delay = REBUT_TIME_NONE}};
    struct rebut_pack again;
    struct rebut_error err = {0};
    const struct rebut_text text = packing_text(&pack);
    assert_non_null(strstr(text.data, "\"ratio\":null"));
    assert_non_null(strstr(text.data, "\"median_delay_us\":null"));
    assert_non_null(strstr(text.data, "\"pseudonym\":null"));
    assert_non_null(strstr(text.data, "\"summary\":null"));
    if (!rebut_pack_read(text, &again, &err))
        fail_msg("%s", err.message);
    assert_true(isnan(again.buyer.ratio));
    assert_true(again.buyer.median_delay == REBUT_TIME_NONE);
    assert_null(again.buyer.pseudonym.data);
    rebut_pack_release(&again);
    packing_free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_tables_are_in_the_order_of_their_names),
        cmocka_unit_test(what_is_read_writes_the_same_bytes),
        cmocka_unit_test(it_is_what_another_writer_calls_canonical_and_holds_no_float),
        cmocka_unit_test(every_wrong_member_is_named),
        cmocka_unit_test(other_spellings_of_the_same_number_are_refused),
        cmocka_unit_test(no_part_of_a_document_is_a_pack_and_none_crashes),
        cmocka_unit_test(what_is_not_known_is_null),
    };
    return cmocka_run_group_tests(tests, open_all, close_all);
}
