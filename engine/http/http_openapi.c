/* The table of routes as an OpenAPI 3.1 document. */
#include <string.h>

#include "http_parts.h"

static void write_text(struct rebut_output *out, const char *name, const char *text)
{
    rebut_output_print(out, "\"%s\":", name);
    rebut_output_json(out, rebut_text_of(text));
}

static void write_words(struct rebut_output *out, const char *words)
{
    rebut_output_print(out, "{\"type\":\"string\",\"enum\":[");
    for (const char *at = words; *at != '\0';) {
        const char *end = strchrnul(at, ' ');
        rebut_output_print(out, "%s\"%.*s\"", at == words ? "" : ",", (int)(end - at),
                           at);
        at = *end == '\0' ? end : end + 1;
    }
    rebut_output_print(out, "]}");
}

/* Lengths in the document are of characters and ours are of bytes: what is said is the
 * wider bound, and the table's words say the rest. */
static void write_schema(struct rebut_output *out, const struct rebut_http_param *param)
{
    const long long low = param->low, high = param->high;
    switch (param->type) {
    case REBUT_HTTP_INTEGER:
        rebut_output_print(
            out, "{\"type\":\"integer\",\"minimum\":%lld,\"maximum\":%lld}", low, high);
        break;
    case REBUT_HTTP_NUMBER:
        rebut_output_print(out, "{\"type\":\"number\",\"minimum\":%lld,\"maximum\":%lld}",
                           low, high);
        break;
    case REBUT_HTTP_WORD:
        write_words(out, param->words);
        break;
    case REBUT_HTTP_OBJECTS:
        rebut_output_print(
            out, "{\"type\":\"array\",\"items\":{\"type\":\"object\"},\"maxItems\":%lld}",
            high);
        break;
    case REBUT_HTTP_TIME:
        rebut_output_print(out, "{\"type\":\"string\",\"format\":\"date-time\"}");
        break;
    case REBUT_HTTP_FLAG:
        rebut_output_print(out,
                           param->place == REBUT_HTTP_BODY
                               ? "{\"type\":\"boolean\"}"
                               : "{\"type\":\"string\",\"enum\":[\"true\",\"false\"]}");
        break;
    default:
        rebut_output_print(out,
                           "{\"type\":\"string\",\"minLength\":%d,\"maxLength\":%lld}",
                           low > 0, high);
    }
}

static void write_params(struct rebut_output *out, const struct rebut_http_param *params)
{
    bool any = false;
    rebut_output_print(out, ",\"parameters\":[");
    for (; params != NULL && params->name != NULL; params++) {
        if (params->place == REBUT_HTTP_BODY)
            continue;
        rebut_output_print(out, "%s{", any ? "," : "");
        write_text(out, "name", params->name);
        rebut_output_print(
            out, ",\"in\":\"%s\",\"required\":%s,", rebut_http_place_word(params->place),
            params->required || params->place == REBUT_HTTP_PATH ? "true" : "false");
        write_text(out, "description", params->about);
        rebut_output_print(out, ",\"schema\":");
        write_schema(out, params);
        rebut_output_print(out, "}");
        any = true;
    }
    rebut_output_print(out, "]");
}

static void write_members(struct rebut_output *out, const struct rebut_http_param *params)
{
    bool any = false;
    rebut_output_print(out, "{\"type\":\"object\",\"additionalProperties\":false,"
                            "\"properties\":{");
    for (const struct rebut_http_param *p = params; p != NULL && p->name != NULL; p++) {
        if (p->place != REBUT_HTTP_BODY)
            continue;
        rebut_output_print(out, "%s\"%s\":", any ? "," : "", p->name);
        write_schema(out, p);
        any = true;
    }
    rebut_output_print(out, "},\"required\":[");
    any = false;
    for (const struct rebut_http_param *p = params; p != NULL && p->name != NULL; p++) {
        if (p->place != REBUT_HTTP_BODY || !p->required)
            continue;
        rebut_output_print(out, "%s\"%s\"", any ? "," : "", p->name);
        any = true;
    }
    rebut_output_print(out, "]}");
}

static void write_body(struct rebut_output *out, const struct rebut_http_route *route)
{
    if (route->body == REBUT_HTTP_LINES)
        rebut_output_print(out, ",\"requestBody\":{\"required\":true,\"content\":{"
                                "\"application/x-ndjson\":{\"schema\":{\"type\":"
                                "\"string\"}}}}");
    if (route->body != REBUT_HTTP_JSON)
        return;
    rebut_output_print(out, ",\"requestBody\":{\"content\":{\"application/json\":{"
                            "\"schema\":");
    write_members(out, route->params);
    rebut_output_print(out, "}}}");
}

static void write_answers(struct rebut_output *out, const struct rebut_http_route *route)
{
    const char *media = route->media == NULL ? "application/json" : route->media;
    rebut_output_print(out, ",\"responses\":{\"%d\":{\"description\":\"done\"",
                       route->status);
    if (route->status != 204) {
        rebut_output_print(
            out, ",\"content\":{\"%.*s\":{\"schema\":", (int)strcspn(media, ";"), media);
        if (route->answer == NULL)
            rebut_output_print(out, "{\"type\":\"string\"}");
        else
            rebut_output_print(out, "{\"$ref\":\"#/components/schemas/%s\"}",
                               route->answer);
        rebut_output_print(out, "}}");
    }
    rebut_output_print(out, "},\"default\":{\"description\":\"refused\",\"content\":{"
                            "\"application/problem+json\":{\"schema\":{\"$ref\":"
                            "\"#/components/schemas/Problem\"}}}}}");
}

static void write_route(struct rebut_output *out, const struct rebut_http_route *route)
{
    rebut_output_print(out, "\"");
    for (const char *c = route->method; *c != '\0'; c++)
        rebut_output_print(out, "%c", *c | 0x20);
    rebut_output_print(out, "\":{");
    write_text(out, "operationId", route->operation);
    rebut_output_print(out, ",");
    write_text(out, "summary", route->summary);
    if (route->scope == NULL)
        rebut_output_print(out, ",\"security\":[]");
    else
        rebut_output_print(out,
                           ",\"security\":[{\"token\":[\"%s\"]},{\"session\":[\"%s\"]}]",
                           route->scope, route->scope);
    write_params(out, route->params);
    write_body(out, route);
    write_answers(out, route);
    rebut_output_print(out, "}");
}

/* Routes of one path stand together in the document, wherever they are in the table. */
static void write_paths(struct rebut_output *out, const struct rebut_http_route *table,
                        int count, bool *any)
{
    for (int i = 0; i < count; i++) {
        bool seen = false;
        for (int k = 0; k < i; k++)
            seen = seen || strcmp(table[k].pattern, table[i].pattern) == 0;
        if (seen)
            continue;
        rebut_output_print(out, "%s\"%s\":{", *any ? "," : "", table[i].pattern);
        *any = true;
        bool first = true;
        for (int k = i; k < count; k++) {
            if (strcmp(table[k].pattern, table[i].pattern) != 0)
                continue;
            rebut_output_print(out, first ? "" : ",");
            first = false;
            write_route(out, &table[k]);
        }
        rebut_output_print(out, "}");
    }
}

static const struct rebut_http_schema own_schemas[] = {
    {"Problem",
     "{\"type\":\"object\",\"required\":[\"type\",\"status\",\"title\",\"detail\","
     "\"instance\"],\"properties\":{\"type\":{\"type\":\"string\"},\"status\":{\"type\":"
     "\"integer\"},\"title\":{\"type\":\"string\"},\"detail\":{\"type\":\"string\"},"
     "\"instance\":{\"type\":\"string\"},\"where\":{\"type\":\"string\"}}}"},
    {"Status",
     "{\"type\":\"object\",\"required\":[\"status\"],\"properties\":{\"status\":"
     "{\"const\":\"ok\"}}}"},
    {"Document", "{\"type\":\"object\",\"required\":[\"openapi\",\"info\",\"paths\"]}"},
    {NULL, NULL}};

static void write_schemas(struct rebut_output *out,
                          const struct rebut_http_schema *schemas, bool *any)
{
    for (; schemas != NULL && schemas->name != NULL; schemas++) {
        rebut_output_print(out, "%s\"%s\":%s", *any ? "," : "", schemas->name,
                           schemas->json);
        *any = true;
    }
}

void rebut_http_openapi(const struct rebut_http_options *options,
                        struct rebut_output *out)
{
    bool any = false;
    int count = 0;
    while (options->routes[count].method != NULL)
        count++;
    rebut_output_print(out, "{\"openapi\":\"3.1.0\",\"info\":{");
    write_text(out, "title", options->title);
    rebut_output_print(out, ",\"version\":\"" REBUT_VERSION "\"},\"paths\":{");
    write_paths(out, options->routes, count, &any);
    write_paths(out, rebut_http_routes_own, rebut_http_routes_own_count, &any);
    rebut_output_print(
        out, "},\"components\":{\"securitySchemes\":{\"token\":{\"type\":\"http\","
             "\"scheme\":\"bearer\"},\"session\":{\"type\":\"apiKey\",\"in\":\"cookie\","
             "\"name\":\"rebut_session\"}},\"schemas\":{");
    any = false;
    write_schemas(out, own_schemas, &any);
    write_schemas(out, options->schemas, &any);
    rebut_output_print(out, "}}}\n");
}
