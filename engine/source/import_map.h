/* A map as it is after reading: what was words is numbers, what was names is columns. */
#ifndef REBUT_SOURCE_IMPORT_MAP_H
#define REBUT_SOURCE_IMPORT_MAP_H

#include <jansson.h>

#include "rebut/import.h"

#define IMPORT_COLUMNS_MAX 8    /* of one value */
#define IMPORT_FORMATS_MAX 16   /* of time */
#define IMPORT_RULES_MAX 64     /* events, and reasons to set aside */
#define IMPORT_FIELDS_MAX 32    /* of one event */
#define IMPORT_CONDITIONS_MAX 8 /* of one rule */

enum import_kind { IMPORT_TEXT, IMPORT_ID, IMPORT_TIME, IMPORT_MONEY, IMPORT_WHOLE };

/* A column by name; the index is found when a file is opened. */
struct import_column {
    const char *name; /* borrowed from the JSON */
    size_t index;
};

struct import_value {
    const char *field; /* of the event */
    enum import_kind kind;
    struct import_column columns[IMPORT_COLUMNS_MAX];
    size_t column_count;
    struct import_column multiply;                            /* name NULL: none */
    const char *constant, *join, *prefix, *otherwise, *empty; /* NULL: not stated */
    json_t *values; /* object, borrowed; NULL: none */
    bool ordinal, absolute;
};

enum import_test {
    TEST_IS,
    TEST_NOT,
    TEST_STARTS,
    TEST_STARTS_NOT,
    TEST_EMPTY,
    TEST_BELOW,
    TEST_ABOVE
};

struct import_condition {
    struct import_column column;
    enum import_test test;
    json_t *words; /* TEST_IS, TEST_NOT: a string or an array of them */
    const char *start;
    bool empty;
    double number;
};

struct import_rule {
    struct import_condition conditions[IMPORT_CONDITIONS_MAX];
    size_t condition_count;
    const char *reason; /* of a rule that sets aside */
    enum rebut_event_type type;
    struct import_value *values; /* [value_count] */
    size_t value_count;
    struct import_value *match; /* [3]: buyer, sku, quantity; NULL: none */
};

struct rebut_import_map {
    json_t *json;
    int offset_minutes;
    const char *formats[IMPORT_FORMATS_MAX];
    size_t format_count;
    char decimal;
    int minor_digits;
    bool identical_aside;
    struct rebut_csv_options options;
    struct import_rule *asides, *events;
    size_t aside_count, event_count;
};

/* Read one rule that sets rows aside, or that makes an event of them.  Release it
 * whether or not that failed. */
bool import_rule_aside(json_t *json, struct import_rule *rule, struct rebut_error *err);
bool import_rule_event(json_t *json, struct import_rule *rule, struct rebut_error *err);
void import_rule_release(struct import_rule *rule);

/* Call `visit` for every column that the map names. */
typedef bool import_visit(struct import_column *column, void *context);
bool import_map_columns(struct rebut_import_map *map, import_visit *visit, void *context);

#endif
