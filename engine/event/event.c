#include "field.h"

#include <stddef.h>

/* memset of a size that is known when compiling becomes "rep stos" with gcc, which takes
 * some 50 cycles to begin: hide it. */
static void zero(void *start, size_t size)
{
    __asm__("" : "+r"(size));
    memset(start, 0, size);
}

/* All but the photos, which photo_count governs. */
static void clear(struct rebut_event *event)
{
    const size_t behind = offsetof(struct rebut_event, photo_count);
    zero(event, offsetof(struct rebut_event, photos));
    zero((char *)event + behind, sizeof *event - behind);
    event->quantity = 1;
    event->weight_g = -1;
    event->promised_ship_at = REBUT_TIME_NONE;
    event->account_created_at = REBUT_TIME_NONE;
}

static bool read_fields(const struct members *members, struct rebut_event *ret,
                        struct rebut_refusal *refusal)
{
    clear(ret);
    if (!rebut_event_read_field(&rebut_event_field_type, members, ret, refusal) ||
        !rebut_event_read_field(&rebut_event_field_at, members, ret, refusal))
        return false;
    if (!rebut_event_read_fields(&rebut_event_fields[ret->type], members, ret, refusal))
        return false;
    if (ret->type == REBUT_EVENT_VERDICT && ret->selection == REBUT_SELECTION_NONE)
        ret->selection = REBUT_SELECTION_RANKED;
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
