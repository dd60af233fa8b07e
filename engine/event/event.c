#include "limits.h"

static bool read_fields(const struct members *members, struct rebut_event *ret,
                        struct rebut_refusal *refusal)
{
    clear(ret);
    if (!rebut_event_read_field(&rebut_event_field_type, members, ret, refusal) ||
        !rebut_event_read_field(&rebut_event_field_at, members, ret, refusal))
        return false;
    if (!rebut_event_read_fields(&rebut_event_fields[ret->type], members, ret, refusal))
        return false;
    complete(ret);
    return true;
}

bool rebut_event_parse(struct rebut_text line, struct rebut_event_scratch *scratch,
                       struct rebut_event *ret, struct rebut_refusal *refusal)
{
    if (line.size > REBUT_LINE_MAX)
        return rebut_event_refuse_line(refusal, "too_long", "a line of at most 1 MiB",
                                       line);
    struct rebut_json json;
    rebut_json_init(&json, line, REBUT_NESTING_MAX);
    json.room = scratch->data;
    json.room_size = scratch->size;
    json.room_used = scratch->used;
    struct members members;
    if (!rebut_json_members(&json, &rebut_event_keys, members.values, &members.seen,
                            &members.repeated) ||
        !rebut_json_finish(&json)) {
        if (json.nesting == 0 && *json.expected == '\'')
            return rebut_event_refuse_line(refusal, "not_json", "a JSON object", line);
        return rebut_event_refuse_fault(refusal, &json);
    }
    if (!read_fields(&members, ret, refusal))
        return false;
    scratch->used = json.room_used;
    return true;
}
