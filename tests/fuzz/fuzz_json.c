/* Does rebut's JSON parser accept what jansson accepts, and read the same from it?
 *
 * Each input is read by both; rebut's side builds a jansson tree by the pull functions,
 * and the trees must be equal.  The differences that are meant:
 *
 * - nesting: refused beyond 64 here, beyond 2048 by jansson;
 * - numbers: text here, so that any size is accepted; jansson refuses integers beyond
 *   64 bits and reals beyond a double;
 * - a NUL byte: always refused here; jansson 2.14 loses one right behind a number or word
 *   ("[1<NUL>]").
 *
 * rebut_json_skip, _value and _members must agree
 * with the walk on every input, too.
 */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <jansson.h>

#include "rebut/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define HOLDS(condition)                                                                 \
    do {                                                                                 \
        if (!(condition)) {                                                              \
            fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__,            \
                    #condition);                                                         \
            abort();                                                                     \
        }                                                                                \
    } while (0)

static json_t *walk(struct rebut_json *json);

static json_t *walk_array(struct rebut_json *json)
{
    json_t *array = json_array();
    if (rebut_json_open(json, REBUT_JSON_ARRAY))
        while (rebut_json_next(json)) {
            json_t *item = walk(json);
            if (item == NULL)
                break;
            json_array_append_new(array, item);
        }
    return array;
}

static json_t *walk_object(struct rebut_json *json)
{
    json_t *object = json_object();
    struct rebut_text key;
    if (rebut_json_open(json, REBUT_JSON_OBJECT))
        while (rebut_json_next_key(json, &key)) {
            json_t *item = walk(json);
            if (item == NULL)
                break;
            json_object_setn_new_nocheck(object, key.data, key.size, item);
        }
    return object;
}

/* The number, or null in its place when jansson's types cannot hold it. */
static json_t *number_of(const struct rebut_json_value *value)
{
    if (value->kind == REBUT_JSON_INTEGER) {
        int64_t integer = 0;
        return rebut_text_int64(value->text, &integer) ? json_integer(integer)
                                                       : json_null();
    }
    char *text = strndup(value->text.data, value->text.size);
    char *end = NULL;
    const double real = strtod(text, &end);
    double again = 0;
    HOLDS(end == text + value->text.size);
    if (value->text.size <= 64)
        HOLDS(rebut_text_double(value->text, &again) ? again == real : !isfinite(real));
    free(text);
    return isfinite(real) ? json_real(real) : json_null();
}

static json_t *walk(struct rebut_json *json)
{
    struct rebut_json_value value;
    const enum rebut_json_kind kind = rebut_json_peek(json);
    if (kind == REBUT_JSON_ARRAY)
        return walk_array(json);
    if (kind == REBUT_JSON_OBJECT)
        return walk_object(json);
    if (!rebut_json_value(json, &value))
        return NULL;
    switch (value.kind) {
    case REBUT_JSON_STRING:
        return json_stringn_nocheck(value.text.data, value.text.size);
    case REBUT_JSON_TRUE:
        return json_true();
    case REBUT_JSON_FALSE:
        return json_false();
    case REBUT_JSON_NULL:
        return json_null();
    default:
        return number_of(&value);
    }
}

static bool skips(struct rebut_text text)
{
    struct rebut_json json;
    rebut_json_init(&json, text, REBUT_JSON_NESTING_MAX);
    return rebut_json_skip(&json) && rebut_json_finish(&json);
}

/* One call on an object, against the walk over it that the tree came from. */
static void check_members(struct rebut_text text, char *room, const json_t *tree)
{
    static const struct rebut_json_key key = REBUT_JSON_KEY("key");
    static const uint8_t order[] = {0}, next[] = {0};
    struct rebut_json_keys keys = {.keys = &key,
                                   .count = 1,
                                   .order = order,
                                   .next = next,
                                   .order_size = 1,
                                   .multiplier = 1};
    struct rebut_json_value value = {.kind = REBUT_JSON_NONE};
    struct rebut_json json;
    uint64_t seen = 0, repeated = 0;
    keys.slots[0] = 1; /* "key" is less than 2^57 */
    rebut_json_init(&json, text, REBUT_JSON_NESTING_MAX);
    json.room = room;
    json.room_size = text.size;
    const bool done = rebut_json_members(&json, &keys, &value, &seen, &repeated) &&
                      rebut_json_finish(&json);
    HOLDS(done == json_is_object(tree));
    if (!done)
        return;
    const json_t *found = json_object_get(tree, "key");
    HOLDS((seen == 1) == (found != NULL));
    HOLDS(repeated == 0 || seen == 1);
    if (seen == 1 && repeated == 0 && json_is_string(found)) {
        HOLDS(value.kind == REBUT_JSON_STRING);
        HOLDS(json_string_length(found) == value.text.size);
        HOLDS(memcmp(json_string_value(found), value.text.data, value.text.size) == 0);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct rebut_text text = {(const char *)data, size};
    char *room = malloc(size + 1);
    if (room == NULL)
        return 0;
    struct rebut_json json;
    rebut_json_init(&json, text, REBUT_JSON_NESTING_MAX);
    json.room = room;
    json.room_size = size;
    json_t *ours = walk(&json);
    const bool accepted = rebut_json_finish(&json);
    HOLDS(skips(text) == accepted);
    HOLDS(json.at >= json.start && json.at <= json.start + size);
    HOLDS(json.fault != REBUT_JSON_ROOM && json.room_used <= size);
    HOLDS(accepted || json.expected != NULL);

    json_error_t error;
    json_t *theirs = json_loadb(text.data, size, JSON_DECODE_ANY, &error);
    const bool nul = size > 0 && memchr(data, '\0', size) != NULL;
    HOLDS(!nul || !accepted);
    if (theirs != NULL && !accepted)
        HOLDS(json.fault == REBUT_JSON_NESTING || nul);
    if (theirs == NULL && accepted)
        HOLDS(json_error_code(&error) == json_error_numeric_overflow);
    if (theirs != NULL && accepted)
        HOLDS(json_equal(ours, theirs));
    char *again = malloc(size + 1);
    if (again != NULL)
        check_members(text, again, accepted ? ours : NULL);
    free(again);
    json_decref(theirs);
    json_decref(ours);
    free(room);
    return 0;
}
