/* Are the parameters what the table says? */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "http_parts.h"
#include "rebut/time.h"

const char *rebut_http_place_word(enum rebut_http_place place)
{
    static const char *const words[] = {"path", "query", "header", "body"};
    return words[place];
}

static bool wrong(struct rebut_http_core *core, const struct rebut_http_param *param,
                  const char *expected, const char *came)
{
    char where[80];
    snprintf(where, sizeof where, "%s %s", rebut_http_place_word(param->place),
             param->name);
    return rebut_http_refuse(&core->call, 400, "bad-parameter", where,
                             "expected '%s' with %s, got '%.40s'", param->name, expected,
                             came);
}

static bool is_word(const char *words, const char *text)
{
    const size_t size = strlen(text);
    for (const char *at = words; *at != '\0';) {
        const char *end = strchrnul(at, ' ');
        if ((size_t)(end - at) == size && memcmp(at, text, size) == 0)
            return true;
        at = *end == '\0' ? end : end + 1;
    }
    return false;
}

static bool check_text(struct rebut_http_core *core, const struct rebut_http_param *param,
                       const char *text, size_t size)
{
    char expected[80];
    if ((int64_t)size < param->low || (int64_t)size > param->high) {
        snprintf(expected, sizeof expected, "%lld to %lld bytes", (long long)param->low,
                 (long long)param->high);
        char came[32];
        snprintf(came, sizeof came, "%zu bytes", size);
        return wrong(core, param, expected, came);
    }
    if (rebut_text_valid_utf8((struct rebut_text){text, size}) != size)
        return wrong(core, param, "UTF-8", "something else");
    for (size_t i = 0; i < size; i++)
        if (((unsigned char)text[i] < 0x20 && text[i] != '\n' && text[i] != '\t') ||
            text[i] == 0x7f)
            return wrong(core, param, "no control characters", "one");
    return true;
}

static bool check_integer(struct rebut_http_core *core,
                          const struct rebut_http_param *param, const char *text)
{
    int64_t value = 0;
    char expected[80];
    if (rebut_text_int64(rebut_text_of(text), &value) && value >= param->low &&
        value <= param->high)
        return true;
    snprintf(expected, sizeof expected, "a whole number from %lld to %lld",
             (long long)param->low, (long long)param->high);
    return wrong(core, param, expected, text);
}

static bool check_number(struct rebut_http_core *core,
                         const struct rebut_http_param *param, const char *text)
{
    double value = 0;
    char expected[80];
    if (rebut_text_double(rebut_text_of(text), &value) && value >= (double)param->low &&
        value <= (double)param->high)
        return true;
    snprintf(expected, sizeof expected, "a number from %lld to %lld",
             (long long)param->low, (long long)param->high);
    return wrong(core, param, expected, text);
}

bool rebut_http_check(struct rebut_http_core *core, const struct rebut_http_param *param,
                      const char *text, size_t size)
{
    int64_t time = 0;
    char expected[200];
    switch (param->type) {
    case REBUT_HTTP_INTEGER:
        return check_integer(core, param, text);
    case REBUT_HTTP_NUMBER:
        return check_number(core, param, text);
    case REBUT_HTTP_WORD:
        snprintf(expected, sizeof expected, "one of: %s", param->words);
        return is_word(param->words, text) || wrong(core, param, expected, text);
    case REBUT_HTTP_TIME:
        return rebut_time_parse(rebut_text_of(text), &time) ||
               wrong(core, param, "a time as 2026-11-26T08:00:00+08:00", text);
    case REBUT_HTTP_OBJECTS:
        return true;
    case REBUT_HTTP_FLAG:
        return is_word("true false", text) || wrong(core, param, "true or false", text);
    default:
        return check_text(core, param, text, size);
    }
}

static const char *find_query(struct rebut_http_core *core, const char *name)
{
    const char *value = NULL;
    for (int i = 0; i < core->target.query_count; i++) {
        if (strcmp(core->target.query[i].name, name) != 0)
            continue;
        if (value != NULL) {
            char where[80];
            snprintf(where, sizeof where, "query %.60s", name);
            rebut_http_refuse(&core->call, 400, "bad-parameter", where,
                              "expected '%.60s' once, got it twice", name);
        }
        value = core->target.query[i].value;
    }
    return value;
}

static bool knows_query(const struct rebut_http_route *route, const char *name)
{
    for (const struct rebut_http_param *p = route->params; p != NULL && p->name; p++)
        if (p->place == REBUT_HTTP_QUERY && strcmp(p->name, name) == 0)
            return true;
    return false;
}

/* A name that nobody knows is a slip of the pen, and passing over it would answer another
 * question than the one asked. */
static bool check_unknown(struct rebut_http_core *core)
{
    for (int i = 0; i < core->target.query_count; i++)
        if (!knows_query(core->call.route, core->target.query[i].name))
            return rebut_http_refuse(&core->call, 400, "unknown-parameter", "query",
                                     "there is no parameter '%.40s' here",
                                     core->target.query[i].name);
    return true;
}

bool rebut_http_params(struct rebut_http_core *core)
{
    const struct rebut_http_route *route = core->call.route;
    const char *values[4] = {0};
    char names[4][32] = {{0}};
    rebut_http_fits(route->pattern, &core->target, values, names, 4);
    if (!check_unknown(core))
        return false;
    for (int i = 0; route->params != NULL && route->params[i].name != NULL; i++) {
        const struct rebut_http_param *param = &route->params[i];
        const char *text = NULL;
        if (param->place == REBUT_HTTP_BODY)
            continue;
        for (int k = 0; param->place == REBUT_HTTP_PATH && k < 4; k++)
            if (strcmp(names[k], param->name) == 0)
                text = values[k];
        if (param->place == REBUT_HTTP_QUERY)
            text = find_query(core, param->name);
        if (param->place == REBUT_HTTP_HEADER)
            text = rebut_http_header(&core->call, param->name);
        if (core->problem != 0)
            return false;
        if (text == NULL && param->required)
            return wrong(core, param, "a value", "nothing");
        if (text != NULL && !rebut_http_check(core, param, text, strlen(text)))
            return false;
        core->call.values[i] = text;
    }
    return true;
}

static int place_of(const struct rebut_http_call *call, const char *name)
{
    const struct rebut_http_param *params = call->route->params;
    for (int i = 0; params != NULL && params[i].name != NULL; i++)
        if (strcmp(params[i].name, name) == 0)
            return i;
    return -1;
}

const char *rebut_http_value(const struct rebut_http_call *call, const char *name)
{
    const int place = place_of(call, name);
    return place < 0 ? NULL : call->values[place];
}

int64_t rebut_http_integer(const struct rebut_http_call *call, const char *name,
                           int64_t otherwise)
{
    const char *text = rebut_http_value(call, name);
    return text == NULL ? otherwise : strtoll(text, NULL, 10);
}
