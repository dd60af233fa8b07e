/* A body that is one JSON object, whose members are parameters. */
#include <string.h>

#include "http_parts.h"
#include "rebut/json.h"

#define NESTING_MAX 16

static bool bad(struct rebut_http_core *core, const struct rebut_json *json)
{
    return rebut_http_refuse(
        &core->call, 400, "bad-json", "body", "expected %s at byte %zu of the body",
        json->fault == REBUT_JSON_NESTING ? "at most 16 levels of nesting"
        : json->fault == REBUT_JSON_UTF8  ? "UTF-8"
        : json->expected == NULL          ? "one JSON object"
                                          : json->expected,
        (size_t)(json->at - json->start));
}

static bool fits_kind(enum rebut_http_type type, enum rebut_json_kind kind)
{
    switch (type) {
    case REBUT_HTTP_INTEGER:
        return kind == REBUT_JSON_INTEGER;
    case REBUT_HTTP_NUMBER:
        return kind == REBUT_JSON_INTEGER || kind == REBUT_JSON_REAL;
    case REBUT_HTTP_OBJECTS:
        return kind == REBUT_JSON_ARRAY;
    case REBUT_HTTP_FLAG:
        return kind == REBUT_JSON_TRUE || kind == REBUT_JSON_FALSE;
    default:
        return kind == REBUT_JSON_STRING;
    }
}

static const char *kind_words(enum rebut_http_type type)
{
    switch (type) {
    case REBUT_HTTP_INTEGER:
        return "a whole number";
    case REBUT_HTTP_NUMBER:
        return "a number";
    case REBUT_HTTP_OBJECTS:
        return "an array";
    case REBUT_HTTP_FLAG:
        return "true or false";
    default:
        return "a string";
    }
}

static bool take(struct rebut_http_core *core, int place, struct rebut_json_value value)
{
    const struct rebut_http_param *param = &core->call.route->params[place];
    if (value.kind == REBUT_JSON_NULL && !param->required)
        return true;
    if (!fits_kind(param->type, value.kind))
        return rebut_http_refuse(&core->call, 400, "bad-parameter", "body",
                                 "expected '%s' to be %s", param->name,
                                 kind_words(param->type));
    if (core->call.values[place] != NULL)
        return rebut_http_refuse(&core->call, 400, "bad-parameter", "body",
                                 "expected '%s' once, got it twice", param->name);
    const char *text = rebut_http_keep(&core->call, value.text);
    if (text == NULL)
        return false;
    core->call.values[place] = text;
    return rebut_http_check(core, param, text, value.text.size);
}

static int find(const struct rebut_http_route *route, struct rebut_text key)
{
    for (int i = 0; route->params != NULL && route->params[i].name != NULL; i++)
        if (route->params[i].place == REBUT_HTTP_BODY &&
            rebut_text_equal(key, rebut_text_of(route->params[i].name)))
            return i;
    return -1;
}

static bool read_members(struct rebut_http_core *core, struct rebut_json *json)
{
    struct rebut_text key;
    struct rebut_json_value value;
    while (rebut_json_next_key(json, &key)) {
        const int place = find(core->call.route, key);
        if (!rebut_json_value(json, &value))
            return false;
        if (place < 0)
            return rebut_http_refuse(&core->call, 400, "unknown-parameter", "body",
                                     "there is no member '%.*s' here",
                                     (int)(key.size < 40 ? key.size : 40), key.data);
        if (!take(core, place, value))
            return false;
    }
    return true;
}

/* No body is an empty object. */
bool rebut_http_body(struct rebut_http_core *core)
{
    const struct rebut_http_route *route = core->call.route;
    const struct rebut_text text = {core->body == NULL ? "" : core->body,
                                    core->body_size};
    if (text.size > 0) {
        char *room = rebut_http_keep(&core->call, text);
        struct rebut_json json;
        if (room == NULL)
            return false;
        rebut_json_init(&json, text, NESTING_MAX);
        json.room = room, json.room_size = text.size;
        if (!rebut_json_open(&json, REBUT_JSON_OBJECT) || !read_members(core, &json) ||
            !rebut_json_finish(&json))
            return core->problem == 0 ? bad(core, &json) : false;
    }
    for (int i = 0; route->params != NULL && route->params[i].name != NULL; i++)
        if (route->params[i].place == REBUT_HTTP_BODY && route->params[i].required &&
            core->call.values[i] == NULL)
            return rebut_http_refuse(&core->call, 400, "bad-parameter", "body",
                                     "expected a member '%s'", route->params[i].name);
    return true;
}
