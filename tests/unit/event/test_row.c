/* A row of a table means what the line of JSON with the same fields means. */
#include "chance.h"
#include "parsing.h"
#include "rebut/event_row.h"

#define ROUNDS 20000
#define TEXTS_ROOM (1 << 16)

/* ---- random rows ---- */

struct random_row {
    enum rebut_event_type type;
    struct rebut_value values[REBUT_COLUMNS_MAX];
    struct rebut_text photos[40];
    char room[TEXTS_ROOM];
    size_t used;
};

static struct rebut_text any_text(struct random_row *row, uint64_t *dice, size_t most)
{
    static const char *const pieces[] = {"a",        "7",
                                         "-",        "/",
                                         ".",        "\"",
                                         "\\",       "\x01",
                                         "\n",       " ",
                                         "Z",        "\x7f",
                                         "\xc3\xa9", "\xe5\x9d\x9a",
                                         "abcd",     "{}",
                                         "ok",       "\t",
                                         "12345678", "\xf0\x9f\x98\xa1"};
    char *text = row->room + row->used;
    size_t size = 0;
    const uint32_t wanted =
        chance_below(dice, 8) == 0 ? chance_below(dice, 140) : chance_below(dice, 20) + 1;
    for (uint32_t i = 0; i < wanted && size + 8 <= most + 4; i++) {
        const char *piece = pieces[chance_below(dice, LENGTH(pieces))];
        memcpy(text + size, piece, strlen(piece));
        size += strlen(piece);
    }
    row->used += size;
    assert_true(row->used < TEXTS_ROOM);
    return (struct rebut_text){text, size};
}

static struct rebut_text any_word(enum rebut_event_type type, const char *name,
                                  uint64_t *dice)
{
    const bool contact = type == REBUT_EVENT_CONTACT;
    const char *const *words = rebut_words_verdict;
    uint32_t count = REBUT_VERDICTS;
#define WORDS(key, when, list, size)                                                     \
    if (strcmp(name, (key)) == 0 && (when))                                              \
        words = (list), count = (size);
    WORDS("channel", true, rebut_words_channel, REBUT_CHANNELS)
    WORDS("signed_by", true, rebut_words_signed_by, REBUT_SIGNEDS)
    WORDS("by", contact, rebut_words_party, REBUT_PARTIES)
    WORDS("by", !contact, rebut_words_outcome_by, REBUT_OUTCOME_BYS)
    WORDS("kind", contact, rebut_words_contact_kind, REBUT_CONTACTS)
    WORDS("kind", !contact, rebut_words_request_kind, REBUT_KINDS)
    WORDS("reason", true, rebut_words_reason, REBUT_REASONS)
    WORDS("outcome", true, rebut_words_outcome, REBUT_OUTCOMES)
    WORDS("selection", true, rebut_words_selection, REBUT_SELECTIONS)
    if (chance_below(dice, 400) == 0)
        return rebut_text_of("no such word");
    return rebut_text_of(words[1 + chance_below(dice, count - 1)]);
}

static int64_t any_integer(uint64_t *dice)
{
    static const int64_t edges[] = {
        0,
        1,
        -1,
        1000000000,
        1000000001,
        REBUT_MONEY_MAX,
        REBUT_MONEY_MAX + 1,
        INT64_MAX,
        INT64_MIN,
    };
    return chance_below(dice, 50) == 0 ? edges[chance_below(dice, LENGTH(edges))]
                                       : 1 + (int64_t)chance_below(dice, 1000000);
}

/* Of years that RFC 3339 can spell. */
static int64_t any_time(uint64_t *dice)
{
    static const int64_t edges[] = {
        REBUT_TIME_MIN,     REBUT_TIME_MIN - 1,     REBUT_TIME_MAX,
        -25567 * REBUT_DAY, -25567 * REBUT_DAY - 1, -700000 * REBUT_DAY,
    };
    return chance_below(dice, 50) == 0
               ? edges[chance_below(dice, LENGTH(edges))]
               : (int64_t)(chance(dice) * 4e9) * REBUT_SECOND + chance_below(dice, 3);
}

static struct rebut_value any_photos(struct random_row *row, uint64_t *dice)
{
    const size_t count = chance_below(dice, chance_below(dice, 20) == 0 ? 40 : 5);
    for (size_t i = 0; i < count; i++) {
        char *digits = row->room + row->used;
        snprintf(digits, 17, "%016llx", (unsigned long long)chance_bits(dice));
        row->photos[i] = (struct rebut_text){digits, 16};
        row->used += 17;
        if (chance_below(dice, 300) == 0)
            digits[3] = 'g';
        if (chance_below(dice, 300) == 0)
            row->photos[i] = (struct rebut_text){NULL, 0};
        else if (chance_below(dice, 300) == 0)
            row->photos[i].size = 15;
    }
    return (struct rebut_value){.kind = REBUT_VALUE_TEXTS, .texts = {row->photos, count}};
}

static double any_fraction(uint64_t *dice)
{
    return chance_below(dice, 10) == 0 ? chance(dice) * 3 - 1 : 1 - chance(dice);
}

static struct rebut_value any_value(struct random_row *row, size_t column, uint64_t *dice)
{
    const struct rebut_column of = rebut_event_column(row->type, column);
    const uint32_t nulls = of.mandatory ? 300 : 3;
    struct rebut_value value = {.kind = REBUT_VALUE_NULL};
    if (chance_below(dice, nulls) == 0)
        return value;
    switch (of.shape) {
    case REBUT_SHAPE_TEXT:
        value.kind = REBUT_VALUE_TEXT;
        value.text = any_text(row, dice, chance_below(dice, 30) == 0 ? 140 : 60);
        break;
    case REBUT_SHAPE_INTEGER:
        value.kind = REBUT_VALUE_INTEGER;
        value.integer = any_integer(dice);
        break;
    case REBUT_SHAPE_TIME:
        value.kind = REBUT_VALUE_TIME;
        value.time = any_time(dice);
        break;
    case REBUT_SHAPE_WORD:
        value.kind = REBUT_VALUE_TEXT;
        value.text = any_word(row->type, of.name, dice);
        break;
    case REBUT_SHAPE_PHOTOS:
        return any_photos(row, dice);
    case REBUT_SHAPE_FRACTION:
        value.kind = REBUT_VALUE_REAL;
        value.real = any_fraction(dice);
        break;
    }
    return value;
}

static void make_row(struct random_row *row, uint64_t *dice)
{
    row->type = (enum rebut_event_type)chance_below(dice, REBUT_EVENT_TYPES);
    row->used = 0;
    for (size_t i = 0; i < rebut_event_column_count(row->type); i++)
        row->values[i] = any_value(row, i, dice);
}

/* ---- held against each other ---- */

static void assert_same_value(const struct rebut_value *a, const struct rebut_value *b)
{
    char left[TEXTS_ROOM], right[sizeof left];
    const struct rebut_value *both[] = {a, b};
    char *spelled[] = {left, right};
    assert_int_equal(a->kind, b->kind);
    for (int i = 0; i < 2; i++) {
        struct rebut_value values[REBUT_COLUMNS_MAX] = {*both[i]};
        assert_true(rebut_event_spell_row(REBUT_EVENT_PRICE, values, spelled[i],
                                          sizeof left - 1) < sizeof left);
        spelled[i][rebut_event_spell_row(REBUT_EVENT_PRICE, values, spelled[i],
                                         sizeof left - 1)] = '\0';
    }
    assert_string_equal(left, right);
}

static void assert_same_events(const struct rebut_event *a, const struct rebut_event *b)
{
    static struct rebut_event_row left, right;
    assert_int_equal(a->type, b->type);
    rebut_event_to_row(a, &left);
    rebut_event_to_row(b, &right);
    for (size_t i = 0; i < rebut_event_column_count(a->type); i++)
        assert_same_value(&left.values[i], &right.values[i]);
    assert_int_equal(a->photo_count, b->photo_count);
    assert_memory_equal(a->photos, b->photos, a->photo_count * sizeof *a->photos);
    assert_int_equal(a->quantity, b->quantity);
    assert_int_equal(a->weight_g, b->weight_g);
    assert_int_equal(a->promised_ship_at, b->promised_ship_at);
    assert_int_equal(a->account_created_at, b->account_created_at);
    assert_int_equal(a->selection, b->selection);
    assert_true(rebut_event_digest(a) == rebut_event_digest(b));
}

static void line_and_row_make_the_same_event_or_are_refused_alike(void **state)
{
    static struct random_row row;
    static struct rebut_event_row back;
    static char line[4 * TEXTS_ROOM];
    uint64_t dice = 20260301;
    size_t accepted = 0, refused = 0;
    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        struct rebut_event from_row, again;
        struct rebut_refusal why;
        make_row(&row, &dice);
        const size_t size =
            rebut_event_spell_row(row.type, row.values, line, sizeof line);
        assert_true(size < sizeof line);
        memset(&from_row, 0xa5, sizeof from_row);
        const bool taken = rebut_event_from_row(row.type, row.values, &from_row, &why);
        if (parse_text((struct rebut_text){line, size}) != taken)
            fail_msg("%.*s\nline: %s '%s', row: %s '%s'", (int)size, line,
                     taken ? refusal.reason : "", taken ? refusal.field : "",
                     taken ? "" : why.reason, taken ? "" : why.field);
        if (!taken) {
            refused++;
            assert_string_equal(why.reason, refusal.reason);
            assert_string_equal(why.field, refusal.field);
            assert_string_equal(why.expected, refusal.expected);
            assert_string_equal(why.came, refusal.came);
            continue;
        }
        accepted++;
        assert_same_events(&from_row, &event);
        rebut_event_to_row(&from_row, &back);
        assert_true(rebut_event_from_row(row.type, back.values, &again, &why));
        assert_same_events(&from_row, &again);
    }
    assert_true(accepted > ROUNDS / 2 && refused > ROUNDS / 100);
}

/* ---- what only a row can hold ---- */

static void price_row(struct rebut_value values[3])
{
    values[0] = (struct rebut_value){.kind = REBUT_VALUE_TIME, .time = 5};
    values[1] = (struct rebut_value){.kind = REBUT_VALUE_TEXT, .text = REBUT_TEXT("s1")};
    values[2] = (struct rebut_value){.kind = REBUT_VALUE_INTEGER, .integer = 900};
}

static void assert_row_refused(const struct rebut_value *values, const char *reason,
                               const char *field, const char *came)
{
    struct rebut_event made;
    struct rebut_refusal why;
    assert_false(rebut_event_from_row(REBUT_EVENT_PRICE, values, &made, &why));
    assert_string_equal(why.reason, reason);
    assert_string_equal(why.field, field);
    assert_string_equal(why.came, came);
    assert_true(why.expected[0] != '\0');
}

static void an_infinite_time_is_out_of_range(void **state)
{
    struct rebut_value values[3];
    (void)state;
    price_row(values);
    values[0].time = INT64_MAX;
    assert_row_refused(values, "out_of_range", "at", "\"infinity\"");
    values[0].time = INT64_MIN;
    assert_row_refused(values, "out_of_range", "at", "\"-infinity\"");
    values[0].time = INT64_MAX - 1;
    assert_row_refused(values, "out_of_range", "at", "\"294247-01-10T04:00:54.775806Z\"");
}

static void a_null_in_a_mandatory_column_is_a_missing_field(void **state)
{
    struct rebut_value values[3];
    (void)state;
    for (int i = 0; i < 3; i++) {
        price_row(values);
        values[i].kind = REBUT_VALUE_NULL;
        assert_row_refused(values, "missing_field",
                           rebut_event_column(REBUT_EVENT_PRICE, (size_t)i).name,
                           "nothing");
    }
}

static void a_text_that_is_no_utf8_or_has_nul_is_refused(void **state)
{
    const struct rebut_text texts[] = {REBUT_TEXT("a\xff"), REBUT_TEXT("\xed\xa0\x80"),
                                       REBUT_TEXT("abcdefgh\0i"), REBUT_TEXT("abc\0defg"),
                                       REBUT_TEXT("abcdefghabcdefg\x80")};
    static const char *const came[] = {"\"a…\"", "\"…\"", "\"abcdefgh…\"", "\"abc…\"",
                                       "\"abcdefghabcdefg…\""};
    struct rebut_value values[3];
    (void)state;
    for (size_t i = 0; i < LENGTH(texts); i++) {
        price_row(values);
        values[1].text = texts[i];
        assert_row_refused(values, "invalid_utf8", "sku_id", came[i]);
    }
}

static void a_value_of_another_kind_is_a_wrong_type(void **state)
{
    struct rebut_value values[3];
    (void)state;
    price_row(values);
    values[2] = (struct rebut_value){.kind = REBUT_VALUE_REAL, .real = (double)NAN};
    assert_row_refused(values, "wrong_type", "price", "\"nan\"");
    price_row(values);
    values[0] = values[2];
    assert_row_refused(values, "wrong_type", "at", "900");
}

static void nan_is_no_propensity(void **state)
{
    struct rebut_event made;
    struct rebut_refusal why;
    struct rebut_value values[REBUT_COLUMNS_MAX] = {
        {.kind = REBUT_VALUE_TIME, .time = 5},
        {.kind = REBUT_VALUE_TEXT, .text = REBUT_TEXT("r1")},
        {.kind = REBUT_VALUE_TEXT, .text = REBUT_TEXT("abuse")}};
    (void)state;
    assert_true(rebut_event_from_row(REBUT_EVENT_VERDICT, values, &made, &why));
    assert_int_equal(made.selection, REBUT_SELECTION_RANKED);
    values[6] = (struct rebut_value){.kind = REBUT_VALUE_REAL, .real = (double)NAN};
    assert_false(rebut_event_from_row(REBUT_EVENT_VERDICT, values, &made, &why));
    assert_string_equal(why.reason, "out_of_range");
    assert_string_equal(why.field, "propensity");
}

static void a_line_with_no_room_is_counted_and_cut(void **state)
{
    struct rebut_value values[3];
    char whole[128] = "", part[128] = "";
    (void)state;
    price_row(values);
    const size_t size =
        rebut_event_spell_row(REBUT_EVENT_PRICE, values, whole, sizeof whole);
    assert_string_equal(whole,
                        "{\"type\":\"price\",\"at\":\"1970-01-01T00:00:00.000005Z\","
                        "\"sku_id\":\"s1\",\"price\":900}");
    assert_int_equal(size, strlen(whole));
    for (size_t cut = 0; cut < size; cut++) {
        memset(part, '#', sizeof part);
        assert_int_equal(rebut_event_spell_row(REBUT_EVENT_PRICE, values, part, cut),
                         size);
        assert_memory_equal(part, whole, cut);
        assert_int_equal(part[cut], '#');
    }
}

static void every_type_has_columns_with_room_for_them(void **state)
{
    (void)state;
    for (int type = 0; type < REBUT_EVENT_TYPES; type++) {
        const size_t count = rebut_event_column_count((enum rebut_event_type)type);
        assert_true(count > 2 && count <= REBUT_COLUMNS_MAX);
        const struct rebut_column first =
            rebut_event_column((enum rebut_event_type)type, 0);
        assert_string_equal(first.name, "at");
        assert_true(first.mandatory && first.needed);
        for (size_t i = 0; i < count; i++) {
            const struct rebut_column column =
                rebut_event_column((enum rebut_event_type)type, i);
            assert_true(column.needed || !column.mandatory);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(line_and_row_make_the_same_event_or_are_refused_alike),
        cmocka_unit_test(an_infinite_time_is_out_of_range),
        cmocka_unit_test(a_null_in_a_mandatory_column_is_a_missing_field),
        cmocka_unit_test(a_text_that_is_no_utf8_or_has_nul_is_refused),
        cmocka_unit_test(a_value_of_another_kind_is_a_wrong_type),
        cmocka_unit_test(nan_is_no_propensity),
        cmocka_unit_test(a_line_with_no_room_is_counted_and_cut),
        cmocka_unit_test(every_type_has_columns_with_room_for_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
