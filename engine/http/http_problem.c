/* Refusals as problems, RFC 9457. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "http_parts.h"

static const struct {
    int status;
    const char *title;
} titles[] = {{400, "the request cannot be read"},
              {401, "who are you?"},
              {403, "not for you"},
              {404, "there is no such thing"},
              {405, "not in this way"},
              {406, "not in this form"},
              {408, "too slow"},
              {409, "it has changed meanwhile"},
              {411, "say how long it is"},
              {412, "it is another version"},
              {413, "too large"},
              {415, "not of this kind"},
              {422, "it says what cannot be"},
              {428, "say which version you saw"},
              {429, "too often"},
              {500, "a fault of ours"},
              {503, "not now"}};

static const char *title_of(int status)
{
    for (size_t i = 0; i < sizeof titles / sizeof *titles; i++)
        if (titles[i].status == status)
            return titles[i].title;
    return "refused";
}

bool rebut_http_refuse(struct rebut_http_call *call, int status, const char *kind,
                       const char *where, const char *format, ...)
{
    struct rebut_http_core *core = call->core;
    va_list values;
    if (core->problem != 0)
        return false;
    core->problem = status;
    core->problem_kind = kind;
    snprintf(core->problem_where, sizeof core->problem_where, "%s",
             where == NULL ? "" : where);
    va_start(values, format);
    vsnprintf(core->problem_words, sizeof core->problem_words, format, values);
    va_end(values);
    if ((status == 503 || status == 429) && core->wait_seconds == 0)
        core->wait_seconds = 1;
    return false;
}

bool rebut_http_refused(const struct rebut_http_call *call)
{
    return call->core->problem != 0;
}

static void write_member(struct rebut_output *out, const char *name, const char *text)
{
    rebut_output_print(out, ",\"%s\":", name);
    rebut_output_json(out, rebut_text_of(text));
}

void rebut_http_problem(struct rebut_http_core *core)
{
    struct rebut_output *out = &core->call.out;
    out->used = 0;
    rebut_output_print(out, "{\"type\":\"urn:rebut:problem:%s\",\"status\":%d",
                       core->problem_kind, core->problem);
    write_member(out, "title", title_of(core->problem));
    write_member(out, "detail", core->problem_words);
    rebut_output_print(out, ",\"instance\":\"urn:rebut:request:%s\"", core->id);
    if (core->problem_where[0] != '\0')
        write_member(out, "where", core->problem_where);
    rebut_output_print(out, "}\n");
    core->call.status = core->problem;
    core->call.media = "application/problem+json";
}
