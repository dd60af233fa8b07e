#include "json_scan.h"

void rebut_json_init(struct rebut_json *json, struct rebut_text text, int nesting_max)
{
    const char *start = text.size == 0 ? "" : text.data;
    *json = (struct rebut_json){
        .start = start,
        .at = start,
        .end = start + text.size,
        .nesting_max =
            nesting_max < REBUT_JSON_NESTING_MAX ? nesting_max : REBUT_JSON_NESTING_MAX,
    };
}

bool rebut_json_fail(struct rebut_json *json, enum rebut_json_fault fault, const char *at,
                     const char *expected)
{
    if (json->fault == REBUT_JSON_FINE) {
        json->fault = fault;
        json->at = at;
        json->expected = expected;
    }
    return false;
}

enum rebut_json_kind rebut_json_peek(struct rebut_json *json)
{
    if (json->fault != REBUT_JSON_FINE)
        return REBUT_JSON_NONE;
    json->at = scan_space(json->at, json->end);
    if (json->at == json->end)
        return REBUT_JSON_NONE;
    switch (*json->at) {
    case '"':
        return REBUT_JSON_STRING;
    case '[':
        return REBUT_JSON_ARRAY;
    case '{':
        return REBUT_JSON_OBJECT;
    case 't':
        return REBUT_JSON_TRUE;
    case 'f':
        return REBUT_JSON_FALSE;
    case 'n':
        return REBUT_JSON_NULL;
    default:
        return *json->at == '-' || is_digit(*json->at) ? REBUT_JSON_INTEGER
                                                       : REBUT_JSON_NONE;
    }
}

bool rebut_json_open(struct rebut_json *json, enum rebut_json_kind kind)
{
    if (rebut_json_peek(json) != kind)
        return rebut_json_fail(json, REBUT_JSON_SYNTAX, json->at,
                               kind == REBUT_JSON_ARRAY ? "'['" : "'{'");
    if (json->nesting == json->nesting_max)
        return rebut_json_fail(json, REBUT_JSON_NESTING, json->at,
                               "fewer arrays and objects in each other");
    json->nesting++;
    json->fresh = true;
    json->at++;
    return true;
}

bool rebut_json_next_place(struct rebut_json *json, char closer)
{
    if (json->fault != REBUT_JSON_FINE)
        return false;
    const bool fresh = json->fresh;
    json->fresh = false;
    json->at = scan_space(json->at, json->end);
    if (json->at < json->end && *json->at == closer) {
        json->at++;
        json->nesting--;
        return false;
    }
    if (fresh)
        return true;
    if (json->at == json->end || *json->at != ',')
        return rebut_json_fail(json, REBUT_JSON_SYNTAX, json->at,
                               closer == ']' ? "',' or ']'" : "',' or '}'");
    json->at++;
    return true;
}

bool rebut_json_next(struct rebut_json *json)
{
    return rebut_json_next_place(json, ']');
}

bool rebut_json_read_key(struct rebut_json *json, struct rebut_text *ret_key)
{
    if (rebut_json_peek(json) != REBUT_JSON_STRING)
        return rebut_json_fail(json, REBUT_JSON_SYNTAX, json->at, "a key in quotes");
    if (!rebut_json_read_string(json, ret_key))
        return false;
    json->at = scan_space(json->at, json->end);
    if (json->at == json->end || *json->at != ':')
        return rebut_json_fail(json, REBUT_JSON_SYNTAX, json->at, "':'");
    json->at++;
    return true;
}

bool rebut_json_next_key(struct rebut_json *json, struct rebut_text *ret_key)
{
    return rebut_json_next_place(json, '}') && rebut_json_read_key(json, ret_key);
}

static bool skip_word(struct rebut_json *json, const char *word)
{
    const size_t size = strlen(word);
    if ((size_t)(json->end - json->at) < size || memcmp(json->at, word, size) != 0)
        return rebut_json_fail(json, REBUT_JSON_SYNTAX, json->at, "a value");
    json->at += size;
    return true;
}

/* Recursion is bounded by the nesting limit. */
static bool skip_container(struct rebut_json *json, enum rebut_json_kind kind)
{
    if (!rebut_json_open(json, kind))
        return false;
    while (kind == REBUT_JSON_ARRAY ? rebut_json_next(json)
                                    : rebut_json_next_key(json, NULL))
        if (!rebut_json_skip(json))
            return false;
    return json->fault == REBUT_JSON_FINE;
}

static bool skip_kind(struct rebut_json *json, enum rebut_json_kind *kind)
{
    switch (*kind) {
    case REBUT_JSON_STRING:
        return rebut_json_read_string(json, NULL);
    case REBUT_JSON_ARRAY:
    case REBUT_JSON_OBJECT:
        return skip_container(json, *kind);
    case REBUT_JSON_TRUE:
        return skip_word(json, "true");
    case REBUT_JSON_FALSE:
        return skip_word(json, "false");
    case REBUT_JSON_NULL:
        return skip_word(json, "null");
    case REBUT_JSON_INTEGER:
    case REBUT_JSON_REAL: {
        const char *stop = scan_number(json->at, json->end, kind);
        if (stop == NULL)
            return rebut_json_fail(json, REBUT_JSON_SYNTAX, json->at, "a number");
        json->at = stop;
        return true;
    }
    case REBUT_JSON_NONE:
        break;
    }
    return rebut_json_fail(json, REBUT_JSON_SYNTAX, json->at, "a value");
}

bool rebut_json_skip(struct rebut_json *json)
{
    enum rebut_json_kind kind = rebut_json_peek(json);
    return skip_kind(json, &kind);
}

bool rebut_json_value(struct rebut_json *json, struct rebut_json_value *ret_value)
{
    enum rebut_json_kind kind = rebut_json_peek(json);
    const char *start = json->at;
    if (kind == REBUT_JSON_STRING) {
        if (!rebut_json_read_string(json, &ret_value->text))
            return false;
    } else {
        if (!skip_kind(json, &kind))
            return false;
        ret_value->text = (struct rebut_text){start, (size_t)(json->at - start)};
    }
    ret_value->kind = kind;
    return true;
}

bool rebut_json_finish(struct rebut_json *json)
{
    if (json->fault != REBUT_JSON_FINE)
        return false;
    json->at = scan_space(json->at, json->end);
    return json->at == json->end ||
           rebut_json_fail(json, REBUT_JSON_SYNTAX, json->at, "nothing behind the value");
}
