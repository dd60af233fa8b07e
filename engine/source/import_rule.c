/* Reading a map: one rule, its conditions and its values. */
#include <stdlib.h>

#include "import_json.h"
#include "import_map.h"

/* What the text of a field is turned into; an unknown name is a mistake in the map. */
static const struct {
    const char *name;
    enum import_kind kind;
} known_fields[] = {
    {"at", IMPORT_TIME},
    {"promised_ship_at", IMPORT_TIME},
    {"account_created_at", IMPORT_TIME},
    {"amount", IMPORT_MONEY},
    {"price", IMPORT_MONEY},
    {"quantity", IMPORT_WHOLE},
    {"weight_g", IMPORT_WHOLE},
    {"order_id", IMPORT_ID},
    {"request_id", IMPORT_ID},
    {"buyer_id", IMPORT_ID},
    {"merchant_id", IMPORT_ID},
    {"sku_id", IMPORT_ID},
    {"host_id", IMPORT_ID},
    {"device_id", IMPORT_ID},
    {"address_id", IMPORT_ID},
    {"payment_id", IMPORT_ID},
    {"tracking_id", IMPORT_ID},
    {"category", IMPORT_TEXT},
    {"channel", IMPORT_TEXT},
    {"title", IMPORT_TEXT},
    {"campaign", IMPORT_TEXT},
    {"distributor", IMPORT_TEXT},
    {"region", IMPORT_TEXT},
    {"carrier", IMPORT_TEXT},
    {"signed_by", IMPORT_TEXT},
    {"by", IMPORT_TEXT},
    {"kind", IMPORT_TEXT},
    {"reason", IMPORT_TEXT},
    {"text", IMPORT_TEXT},
    {"outcome", IMPORT_TEXT},
    {"verdict", IMPORT_TEXT},
    {"note", IMPORT_TEXT},
    {"selection", IMPORT_TEXT},
};

static bool read_columns(json_t *object, struct import_value *value,
                         struct rebut_error *err)
{
    json_t *columns = json_object_get(object, "columns");
    if (columns == NULL) {
        value->column_count = 1;
        return import_json_string(object, "column", &value->columns[0].name, err);
    }
    if (!import_json_array(columns, "columns", IMPORT_COLUMNS_MAX, err))
        return false;
    value->column_count = json_array_size(columns);
    for (size_t i = 0; i < value->column_count; i++) {
        value->columns[i].name = json_string_value(json_array_get(columns, i));
        if (value->columns[i].name == NULL)
            return rebut_fail(err, REBUT_EDATA, "'columns': expected names");
    }
    return true;
}

static bool check_values(json_t *values, struct rebut_error *err)
{
    const char *key = NULL;
    json_t *word = NULL;
    if (values == NULL)
        return true;
    if (!json_is_object(values))
        return rebut_fail(err, REBUT_EDATA, "'values': expected an object");
    json_object_foreach(values, key, word)
    {
        if (!json_is_string(word))
            return rebut_fail(err, REBUT_EDATA, "'values': expected a string for '%.40s'",
                              key);
    }
    return true;
}

/* A VALUE (see rebut/import.h) for the field. */
static bool read_value(json_t *json, struct import_value *ret, struct rebut_error *err)
{
    if (json_is_string(json)) {
        ret->columns[0].name = json_string_value(json);
        ret->column_count = 1;
        return true;
    }
    ret->values = json_object_get(json, "values");
    if (!import_json_keys(
            json,
            "column columns join constant prefix ordinal values otherwise empty "
            "absolute multiply",
            err) ||
        !read_columns(json, ret, err) || !check_values(ret->values, err) ||
        !import_json_string(json, "join", &ret->join, err) ||
        !import_json_string(json, "constant", &ret->constant, err) ||
        !import_json_string(json, "prefix", &ret->prefix, err) ||
        !import_json_string(json, "otherwise", &ret->otherwise, err) ||
        !import_json_string(json, "empty", &ret->empty, err) ||
        !import_json_string(json, "multiply", &ret->multiply.name, err) ||
        !import_json_bool(json, "ordinal", &ret->ordinal, err) ||
        !import_json_bool(json, "absolute", &ret->absolute, err))
        return false;
    if ((ret->columns[0].name != NULL) == (ret->constant != NULL))
        return rebut_fail(err, REBUT_EDATA,
                          "expected 'column' or 'columns' or 'constant'");
    if (ret->constant != NULL)
        ret->column_count = 0;
    return ret->multiply.name == NULL || ret->kind == IMPORT_MONEY ||
           rebut_fail(err, REBUT_EDATA, "'multiply' is for money");
}

static bool read_fields(json_t *fields, struct import_rule *rule, struct rebut_error *err)
{
    const char *key = NULL;
    json_t *json = NULL;
    const size_t known = sizeof known_fields / sizeof *known_fields;
    const size_t count = json_object_size(fields);
    if (!json_is_object(fields) || count < 1 || count > IMPORT_FIELDS_MAX)
        return rebut_fail(err, REBUT_EDATA, "'fields': expected an object of 1 to %d",
                          IMPORT_FIELDS_MAX);
    rule->values = calloc(count, sizeof *rule->values);
    if (rule->values == NULL)
        return rebut_fail_memory(err, "a map");
    json_object_foreach(fields, key, json)
    {
        struct import_value *value = &rule->values[rule->value_count++];
        size_t which = 0;
        while (which < known && strcmp(known_fields[which].name, key) != 0)
            which++;
        if (which == known)
            return rebut_fail(err, REBUT_EDATA, "no field '%.40s' can be fed", key);
        value->field = known_fields[which].name;
        value->kind = known_fields[which].kind;
        if (!read_value(json, value, err))
            return rebut_fail_context(err, "field '%s'", key);
    }
    return true;
}

static bool read_match(json_t *json, struct import_rule *rule, struct rebut_error *err)
{
    static const char *const names[] = {"buyer_id", "sku_id", "quantity"};
    if (json == NULL)
        return true;
    if (!import_json_keys(json, "buyer_id sku_id quantity", err) ||
        json_object_size(json) < 3)
        return rebut_fail(err, REBUT_EDATA, "expected buyer_id, sku_id and quantity");
    rule->match = calloc(3, sizeof *rule->match);
    if (rule->match == NULL)
        return rebut_fail_memory(err, "a map");
    for (int i = 0; i < 3; i++) {
        rule->match[i].field = names[i];
        rule->match[i].kind = i == 2 ? IMPORT_WHOLE : IMPORT_ID;
        if (!read_value(json_object_get(json, names[i]), &rule->match[i], err))
            return rebut_fail_context(err, "'%s'", names[i]);
    }
    return rule->type == REBUT_EVENT_REQUEST ||
           rebut_fail(err, REBUT_EDATA, "only a request can be matched");
}

static bool check_words(json_t *words, struct rebut_error *err)
{
    for (size_t i = 0; i < json_array_size(words); i++)
        if (!json_is_string(json_array_get(words, i)))
            return rebut_fail(err, REBUT_EDATA, "expected words in the array");
    return json_is_string(words) || json_array_size(words) > 0 ||
           rebut_fail(err, REBUT_EDATA, "expected a word or an array of words");
}

static bool read_condition(json_t *json, struct import_condition *ret,
                           struct rebut_error *err)
{
    static const char *const tests[] = {"is",    "not",   "starts", "starts_not",
                                        "empty", "below", "above"};
    int stated = 0;
    json_t *with = NULL;
    if (!import_json_keys(json, "column is not starts starts_not empty below above",
                          err) ||
        !import_json_string(json, "column", &ret->column.name, err))
        return false;
    for (int i = 0; i < 7; i++) {
        json_t *here = json_object_get(json, tests[i]);
        if (here != NULL) {
            stated++;
            with = here;
            ret->test = (enum import_test)i;
        }
    }
    if (ret->column.name == NULL || stated != 1)
        return rebut_fail(err, REBUT_EDATA,
                          "expected 'column' and one of: is not starts starts_not "
                          "empty below above");
    ret->words = with;
    ret->start = json_string_value(with);
    ret->empty = json_is_true(with);
    ret->number = json_number_value(with);
    switch (ret->test) {
    case TEST_IS:
    case TEST_NOT:
        return check_words(with, err);
    case TEST_STARTS:
    case TEST_STARTS_NOT:
        return ret->start != NULL ||
               rebut_fail(err, REBUT_EDATA,
                          "'starts' and 'starts_not': expected a string");
    case TEST_EMPTY:
        return json_is_boolean(with) ||
               rebut_fail(err, REBUT_EDATA, "'empty': expected true or false");
    default:
        return json_is_number(with) ||
               rebut_fail(err, REBUT_EDATA, "'below' and 'above': expected a number");
    }
}

static bool read_conditions(json_t *when, struct import_rule *rule,
                            struct rebut_error *err)
{
    if (when == NULL)
        return true;
    if (json_is_object(when)) {
        rule->condition_count = 1;
        return read_condition(when, &rule->conditions[0], err);
    }
    if (!import_json_array(when, "when", IMPORT_CONDITIONS_MAX, err))
        return false;
    rule->condition_count = json_array_size(when);
    for (size_t i = 0; i < rule->condition_count; i++)
        if (!read_condition(json_array_get(when, i), &rule->conditions[i], err))
            return false;
    return true;
}

bool import_rule_aside(json_t *json, struct import_rule *rule, struct rebut_error *err)
{
    if (!import_json_keys(json, "when reason", err) ||
        !read_conditions(json_object_get(json, "when"), rule, err) ||
        !import_json_string(json, "reason", &rule->reason, err))
        return false;
    const size_t size = rule->reason == NULL ? 0 : strlen(rule->reason);
    if (rule->condition_count == 0 || size == 0 || size > 32 ||
        strspn(rule->reason, "abcdefghijklmnopqrstuvwxyz_") != size)
        return rebut_fail(err, REBUT_EDATA,
                          "expected 'when' and a 'reason' of up to 32 of a-z and _");
    return true;
}

bool import_rule_event(json_t *json, struct import_rule *rule, struct rebut_error *err)
{
    const char *type = NULL;
    if (!import_json_keys(json, "type when fields match", err) ||
        !import_json_string(json, "type", &type, err))
        return false;
    int which = 0;
    while (which < REBUT_EVENT_TYPES &&
           (type == NULL || strcmp(rebut_words_type[which], type) != 0))
        which++;
    if (which == REBUT_EVENT_TYPES)
        return rebut_fail(err, REBUT_EDATA, "'type': expected a type of event");
    rule->type = (enum rebut_event_type)which;
    return read_conditions(json_object_get(json, "when"), rule, err) &&
           read_fields(json_object_get(json, "fields"), rule, err) &&
           (read_match(json_object_get(json, "match"), rule, err) ||
            rebut_fail_context(err, "'match'"));
}

void import_rule_release(struct import_rule *rule)
{
    free(rule->values);
    free(rule->match);
}
