#include "import_row.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "import_cell.h"

static struct rebut_text cell_of(const struct import_row *row,
                                 const struct import_column *column)
{
    return import_cell_unguard(rebut_csv_field(row->csv, column->index));
}

static bool is_word(json_t *words, struct rebut_text cell)
{
    if (json_is_string(words))
        return rebut_text_equal(cell, (struct rebut_text){json_string_value(words),
                                                          json_string_length(words)});
    for (size_t i = 0; i < json_array_size(words); i++)
        if (is_word(json_array_get(words, i), cell))
            return true;
    return false;
}

/* The cell's number on a side of the condition's; a cell that is no number is on none. */
static bool is_beyond(const struct import_row *row, struct rebut_text cell,
                      const struct import_condition *condition)
{
    struct import_decimal number;
    if (!import_cell_decimal(cell, row->map->decimal, &number))
        return false;
    double value = (double)number.mantissa;
    for (int i = 0; i < number.digits; i++)
        value /= 10;
    return condition->test == TEST_BELOW ? value < condition->number
                                         : value > condition->number;
}

static bool starts_with(struct rebut_text cell, const char *start)
{
    const size_t size = strlen(start);
    return cell.size >= size && (size == 0 || memcmp(cell.data, start, size) == 0);
}

static bool holds(const struct import_row *row, const struct import_condition *condition)
{
    const struct rebut_text cell = cell_of(row, &condition->column);
    switch (condition->test) {
    case TEST_IS:
        return is_word(condition->words, cell);
    case TEST_NOT:
        return !is_word(condition->words, cell);
    case TEST_STARTS:
    case TEST_STARTS_NOT:
        return starts_with(cell, condition->start) == (condition->test == TEST_STARTS);
    case TEST_EMPTY:
        return (cell.size == 0) == condition->empty;
    default:
        return is_beyond(row, cell, condition);
    }
}

bool import_row_matches(const struct import_row *row, const struct import_rule *rule)
{
    for (size_t i = 0; i < rule->condition_count; i++)
        if (!holds(row, &rule->conditions[i]))
            return false;
    return true;
}

static bool refuse(struct import_refusal *refusal, const struct import_value *value,
                   const char *reason, const char *expected, struct rebut_text came)
{
    refusal->reason = reason;
    refusal->field = value->field;
    snprintf(refusal->expected, sizeof refusal->expected, "%s", expected);
    refusal->came = came;
    return false;
}

/* Put text behind what is in the room. */
static bool append(const struct import_row *row, struct rebut_text text, size_t *used)
{
    if (text.size > IMPORT_TEXT_MAX - *used)
        return false;
    if (text.size > 0)
        memcpy(row->room + *used, text.data, text.size);
    *used += text.size;
    return true;
}

/* The text that feeds the value: a cell, or several joined in the row's room.  Size 0
 * when any cell is empty. */
static bool gather(const struct import_row *row, const struct import_value *value,
                   struct rebut_text *ret, struct import_refusal *refusal)
{
    size_t used = 0;
    for (size_t i = 0; i < value->column_count; i++) {
        const struct rebut_text cell = cell_of(row, &value->columns[i]);
        if (value->kind == IMPORT_ID && import_cell_rounded(cell))
            return refuse(refusal, value, "rounded_id",
                          "an id as text; a spreadsheet has rounded this one", cell);
        if (cell.size == 0 || value->column_count == 1) {
            *ret = cell;
            return true;
        }
        if (!append(row, rebut_text_of(i == 0 ? NULL : value->join), &used) ||
            !append(row, cell, &used))
            return refuse(refusal, value, "too_long", "shorter cells", cell);
    }
    *ret = value->column_count == 0 ? rebut_text_of(value->constant)
                                    : (struct rebut_text){row->room, used};
    return true;
}

/* What the map's words make of the text. */
static bool translate(const struct import_value *value, struct rebut_text *text,
                      struct import_refusal *refusal)
{
    if (value->values == NULL)
        return true;
    json_t *word = json_object_getn(value->values, text->data, text->size);
    if (word != NULL) {
        *text = (struct rebut_text){json_string_value(word), json_string_length(word)};
        return true;
    }
    if (value->otherwise == NULL)
        return refuse(refusal, value, "bad_value", "a value that the map knows", *text);
    *text = rebut_text_of(value->otherwise);
    return true;
}

/* Which row asking for this id is this?  Values of one row get the same answer, so an
 * order and the request about it agree. */
static bool count_id(struct import_row *row, struct rebut_text text, uint32_t *ret,
                     struct rebut_error *err)
{
    uint32_t index = 0;
    *ret = 1;
    if (text.size > REBUT_INTERN_TEXT_MAX)
        return true; /* too long for an id anyway */
    if (!rebut_intern_put(&row->ids, text, rebut_intern_hash(&row->ids, text), &index,
                          err) ||
        !REBUT_ARRAY_MORE(&row->ordinals, 1, "ids", err))
        return false;
    if (index == row->ordinals.count)
        row->ordinals.data[row->ordinals.count++] = (struct import_ordinal){0};
    struct import_ordinal *ordinal = &row->ordinals.data[index];
    if (ordinal->line != row->csv->row_line)
        ordinal->times++;
    ordinal->line = row->csv->row_line;
    *ret = ordinal->times;
    return true;
}

/* Prefix and ordinal around the text, in the row's room. */
static bool dress(struct import_row *row, const struct import_value *value,
                  struct rebut_text *text, struct import_refusal *refusal,
                  struct rebut_error *err)
{
    const struct rebut_text prefix = rebut_text_of(value->prefix);
    uint32_t times = 1;
    char ordinal[16] = "";
    if (prefix.size == 0 && !value->ordinal)
        return true;
    if (text->size > IMPORT_TEXT_MAX - prefix.size - sizeof ordinal)
        return refuse(refusal, value, "too_long", "shorter cells", *text);
    memmove(row->room + prefix.size, text->data, text->size);
    size_t used = 0;
    append(row, prefix, &used);
    used += text->size;
    if (value->ordinal &&
        !count_id(row, (struct rebut_text){row->room, used}, &times, err))
        return false;
    if (times > 1)
        snprintf(ordinal, sizeof ordinal, "#%" PRIu32, times);
    append(row, rebut_text_of(ordinal), &used);
    *text = (struct rebut_text){row->room, used};
    return true;
}

static json_t *make_time(const struct import_row *row, const struct import_value *value,
                         struct rebut_text text, struct import_refusal *refusal)
{
    const struct rebut_import_map *map = row->map;
    for (size_t i = 0; i < map->format_count; i++) {
        int64_t time = 0;
        char words[REBUT_TIME_SIZE];
        if (!import_cell_time(text, map->formats[i], map->offset_minutes, &time))
            continue;
        rebut_time_format(time, map->offset_minutes, words);
        return json_string(words);
    }
    char expected[64];
    snprintf(expected, sizeof expected, "a time like %.40s", map->formats[0]);
    refuse(refusal, value, "bad_time", expected, text);
    return NULL;
}

static json_t *make_number(const struct import_row *row, const struct import_value *value,
                           struct rebut_text text, struct import_refusal *refusal)
{
    const bool money = value->kind == IMPORT_MONEY;
    const char *reason = money ? "bad_money" : "bad_number";
    struct import_decimal number;
    struct import_decimal factor = {.mantissa = 1};
    int64_t units = 0;
    if (!import_cell_decimal(text, row->map->decimal, &number)) {
        refuse(refusal, value, reason, money ? "a decimal amount" : "a whole number",
               text);
        return NULL;
    }
    if (value->multiply.name != NULL) {
        const struct rebut_text cell = cell_of(row, &value->multiply);
        if (!import_cell_decimal(cell, row->map->decimal, &factor)) {
            refuse(refusal, value, "bad_number", "a number to multiply with", cell);
            return NULL;
        }
    }
    for (; !money && number.digits > 0 && number.mantissa % 10 == 0; number.digits--)
        number.mantissa /= 10;
    if ((!money && number.digits > 0) ||
        !import_decimal_units(number, factor, money ? row->map->minor_digits : 0,
                              &units)) {
        refuse(refusal, value, reason, money ? "an amount that fits" : "a whole number",
               text);
        return NULL;
    }
    if (units < 0 && !value->absolute) {
        refuse(refusal, value, "negative", "a number of 0 or more", text);
        return NULL;
    }
    return json_integer(units < 0 ? -units : units);
}

bool import_row_value(struct import_row *row, const struct import_value *value,
                      json_t **ret, struct import_refusal *refusal,
                      struct rebut_error *err)
{
    struct rebut_text text;
    *ret = NULL;
    refusal->reason = NULL;
    if (!gather(row, value, &text, refusal))
        return false;
    if (text.size == 0) {
        if (value->empty == NULL)
            return true;
        text = rebut_text_of(value->empty);
    } else if (!translate(value, &text, refusal)) {
        return false;
    }
    if (!dress(row, value, &text, refusal, err))
        return false;
    switch (value->kind) {
    case IMPORT_TIME:
        *ret = make_time(row, value, text, refusal);
        break;
    case IMPORT_MONEY:
    case IMPORT_WHOLE:
        *ret = make_number(row, value, text, refusal);
        break;
    default:
        *ret = json_stringn_nocheck(text.data, text.size);
        break;
    }
    if (*ret == NULL && refusal->reason == NULL)
        return rebut_fail_memory(err, "an event");
    return *ret != NULL;
}
