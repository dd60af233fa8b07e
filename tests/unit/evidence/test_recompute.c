/* A figure that was changed is found, whichever it is. */
#include <jansson.h>

#include "packing.h"

static struct packing packing;

static int open_all(void **state)
{
    (void)state;
    return packing_make(&packing, 4);
}

static int close_all(void **state)
{
    (void)state;
    packing_close(&packing);
    return 0;
}

/* A digit at `at`, another one. */
static char other_digit(char digit)
{
    return (char)(digit == '9' ? '4' : digit + 1);
}

/* Of a section's text, change the last digit of every decimal, one at a time. */
static void assert_all_found(struct rebut_text text, const char *section, const char *end,
                             unsigned *found)
{
    char *changed = malloc(text.size + 1);
    const size_t begin = (size_t)(strstr(text.data, section) - text.data);
    const size_t stop = (size_t)(strstr(text.data + begin, end) - text.data);
    for (size_t at = begin; at < stop; at++) {
        const bool last = text.data[at] >= '0' && text.data[at] <= '9' &&
                          text.data[at + 1] == '"' &&
                          strchr(":,", text.data[at + 2]) != NULL;
        size_t start = at;
        while (last && text.data[start] != '"')
            start--;
        if (!last || strspn(text.data + start + 1, "-.0123456789e") != at - start ||
            memchr(text.data + start, '.', at - start) == NULL)
            continue;
        struct rebut_pack pack;
        struct rebut_error err = {0};
        memcpy(changed, text.data, text.size + 1);
        changed[at] = other_digit(changed[at]);
        if (!rebut_pack_read((struct rebut_text){changed, text.size}, &pack, &err))
            fail_msg("%s", err.message);
        if (packing_sum(&pack).wrong == 0)
            fail_msg("nobody noticed %.60s", changed + (start > 30 ? start - 30 : 0));
        rebut_pack_release(&pack);
        (*found)++;
    }
    free(changed);
}

static void the_last_digit_of_every_stated_figure_counts(void **state)
{
    (void)state;
    unsigned found = 0;
    for (unsigned r = 1; r <= 40; r += 13) {
        struct rebut_pack pack = packing_request(&packing, r);
        const struct rebut_text text = packing_text(&pack);
        assert_all_found(text, "\"lines\":[", "],\"log_odds\"", &found);
        packing_free(text);
        rebut_pack_release(&pack);
    }
    assert_true(found > 100);
}

/* What a pack says of a number, changed in the struct. */
#define ASSERT_NAMED(field, change, where)                                               \
    do {                                                                                 \
        struct rebut_pack own = packing_request(&packing, 2);                            \
        own.field change;                                                                \
        const struct rebut_recompute_sum sum = packing_sum(&own);                        \
        if (sum.wrong == 0 || strcmp(sum.first_wrong, where) != 0)                       \
            fail_msg("%s: %u wrong, first '%s'", #field, sum.wrong, sum.first_wrong);    \
        rebut_pack_release(&own);                                                        \
    } while (0)

static void what_differs_is_named(void **state)
{
    (void)state;
    ASSERT_NAMED(score.probability, *= 1 + 1e-10, "score.probability");
    ASSERT_NAMED(score.low, += 1e-10, "score.low");
    ASSERT_NAMED(score.log_odds, += 1e-9, "score.log_odds");
    ASSERT_NAMED(score.expected_recovery, += 1e-6, "score.expected_recovery_fen");
    ASSERT_NAMED(header.asked, += 1, "score.expected_recovery_fen");
    ASSERT_NAMED(score.lines.list[3].log_odds, += 1e-10, "score.lines[3].log_odds");
    ASSERT_NAMED(score.lines.count, -= 1, "score.lines");
    ASSERT_NAMED(buyer.orders, += 1, "score.lines[0].n");
    ASSERT_NAMED(buyer.high, *= 1.0001, "buyer.high");
    ASSERT_NAMED(shop.sku_rate.requests, += 1, "shop.sku_rate.rate");
    ASSERT_NAMED(shop.category_rate.low, *= 1.0001, "shop.category_rate.low");
    ASSERT_NAMED(shop.shop_fault.usual_high, *= 1.0001, "shop.shop_fault.usual_high");
    ASSERT_NAMED(shop.explains, ^= true, "shop.explains");
    ASSERT_NAMED(intervals.list[0].span, += 1, "intervals[0].span_us");
    ASSERT_NAMED(inputs.rounding, = .5, "inputs.rounding");
    ASSERT_NAMED(inputs.record.list[0].q, *= 1.001, "score.lines[0].log_odds");
}

/* The sentence of the buyer's record in other words, as an older version might have it.
 */
static struct rebut_recompute_sum reworded(struct rebut_pack *pack, const char *from,
                                           const char *to)
{
    struct rebut_text *en = &pack->score.lines.list[0].sentence.en;
    static char text[600];
    const char *at = strstr(en->data, from);
    if (at == NULL)
        fail_msg("no '%s' in '%s'", from, en->data);
    snprintf(text, sizeof text, "%.*s%s%s", (int)(at - en->data), en->data, to,
             at + strlen(from));
    const struct rebut_text kept = *en;
    *en = rebut_text_of(text);
    const struct rebut_recompute_sum sum = packing_sum(pack);
    *en = kept;
    return sum;
}

static void another_word_differs_but_for_a_pack_of_an_older_wording(void **state)
{
    (void)state;
    struct rebut_pack pack = packing_request(&packing, 2);
    const struct rebut_text wording = pack.header.wording;
    const char *sentence = pack.score.lines.list[0].sentence.en.data;
    char figure[8] = {sentence[strcspn(sentence, "123456789")]}, other[8];
    snprintf(other, sizeof other, "%c", other_digit(figure[0]));
    struct rebut_recompute_sum sum = reworded(&pack, "of", "among");
    assert_int_equal(sum.wrong, 1);
    assert_string_equal(sum.first_wrong, "score.lines[0].sentence");
    pack.header.wording = REBUT_TEXT("00112233445566778899aabbccddeeff");
    sum = reworded(&pack, "of", "among");
    assert_int_equal(sum.wrong, 0);
    assert_int_equal(sum.worded, 1);
    assert_int_equal(sum.unlike, 0);
    assert_string_equal(sum.first_wrong, "");
    /* A figure more may be the wording's; another one is told apart. */
    assert_int_equal(reworded(&pack, "of", "of 7777").unlike, 0);
    sum = reworded(&pack, figure, other);
    assert_int_equal(sum.wrong, 0);
    assert_int_equal(sum.unlike, 1);
    pack.header.wording = wording;
    pack.score.lines.list[0].sentence.zh = (struct rebut_text){0};
    sum = packing_sum(&pack);
    assert_int_equal(sum.wrong, 1);
    assert_int_equal(sum.worded, 0);
    rebut_pack_release(&pack);
}

static void inputs_that_cannot_be_used_are_refused(void **state)
{
    (void)state;
    struct rebut_recompute_sum sum;
    struct rebut_error err = {0};
    struct rebut_pack pack = packing_request(&packing, 2);
    pack.inputs.record.list[0].p = -1;
    assert_false(rebut_recompute(&pack, packing_ignore, NULL, &sum, &err));
    assert_int_equal(err.code, REBUT_EDATA);
    pack.inputs.index = 1000;
    err = (struct rebut_error){0};
    assert_false(rebut_recompute(&pack, packing_ignore, NULL, &sum, &err));
    assert_non_null(strstr(err.message, "'inputs.index': no such request"));
    pack.inputs.index = 0;
    pack.inputs.marks.count = 3;
    err = (struct rebut_error){0};
    assert_false(rebut_recompute(&pack, packing_ignore, NULL, &sum, &err));
    assert_int_equal(err.code, REBUT_EDATA);
    rebut_pack_release(&pack);
}

static void a_pack_of_nothing_but_blanks_crashes_nothing(void **state)
{
    (void)state;
    struct rebut_recompute_sum sum;
    struct rebut_error err = {0};
    struct rebut_pack pack = packing_request(&packing, 2);
    pack.inputs.levels.list[0] = (struct rebut_pack_level){.rho = (double)NAN};
    pack.inputs.population.kappa = (double)NAN;
    assert_false(rebut_recompute(&pack, packing_ignore, NULL, &sum, &err));
    pack.inputs.population.kappa = 1;
    pack.shop = (struct rebut_pack_shop){0};
    pack.score.lines.list[0].name = REBUT_TEXT("none");
    assert_true(packing_sum(&pack).wrong > 0);
    rebut_pack_release(&pack);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_last_digit_of_every_stated_figure_counts),
        cmocka_unit_test(what_differs_is_named),
        cmocka_unit_test(another_word_differs_but_for_a_pack_of_an_older_wording),
        cmocka_unit_test(inputs_that_cannot_be_used_are_refused),
        cmocka_unit_test(a_pack_of_nothing_but_blanks_crashes_nothing),
    };
    return cmocka_run_group_tests(tests, open_all, close_all);
}
