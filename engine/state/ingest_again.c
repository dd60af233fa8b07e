#include "ingest_again.h"

#include <stdio.h>
#include <stdlib.h>

#define HEAD_SIZE 5 /* of a key: type and digest; the id follows */
#define EXPECTED "what the other event of this id says, which stands"

void rebut_replaced_init(struct replaced *replaced)
{
    *replaced = (struct replaced){0};
    rebut_intern_init(&replaced->keys, 0);
}

void rebut_replaced_release(struct replaced *replaced)
{
    rebut_intern_release(&replaced->keys);
    free(replaced->found.data);
}

struct rebut_text rebut_event_own_id(const struct rebut_event *event,
                                     const char **ret_field)
{
    const bool of_request = event->type == REBUT_EVENT_REQUEST;
    *ret_field = of_request ? "request_id" : "order_id";
    return of_request ? event->request_id : event->order_id;
}

static struct rebut_text key_of(const struct rebut_event *event, uint32_t digest,
                                char room[HEAD_SIZE + REBUT_ID_MAX])
{
    const char *field = NULL;
    const struct rebut_text id = rebut_event_own_id(event, &field);
    room[0] = (char)event->type;
    memcpy(room + 1, &digest, sizeof digest);
    memcpy(room + HEAD_SIZE, id.data, id.size);
    return (struct rebut_text){room, HEAD_SIZE + id.size};
}

bool rebut_replaced_add(struct replaced *replaced, const struct rebut_event *by,
                        uint32_t digest, struct rebut_error *err)
{
    char room[HEAD_SIZE + REBUT_ID_MAX];
    const struct rebut_text key = key_of(by, digest, room);
    uint32_t index = 0;
    if (!REBUT_ARRAY_MORE(&replaced->found, 1, "replaced events", err) ||
        !rebut_intern_put(&replaced->keys, key, rebut_intern_hash(&replaced->keys, key),
                          &index, err))
        return false;
    if (index == replaced->found.count)
        replaced->found.data[replaced->found.count++] = false;
    return true;
}

/* The number of the replaced event that this is, or REBUT_INTERN_NONE. */
static uint32_t find(const struct replaced *replaced, const struct rebut_event *event)
{
    char room[HEAD_SIZE + REBUT_ID_MAX];
    if (event->type != REBUT_EVENT_ORDER && event->type != REBUT_EVENT_SHIPMENT &&
        event->type != REBUT_EVENT_DELIVERY && event->type != REBUT_EVENT_REQUEST)
        return REBUT_INTERN_NONE;
    const struct rebut_text key =
        key_of(event, (uint32_t)rebut_event_digest(event), room);
    return rebut_intern_find(&replaced->keys, key,
                             rebut_intern_hash(&replaced->keys, key));
}

/* One input, read once more. */
struct second {
    struct replaced *replaced;
    struct rebut_source *source;
    const char *name;
    struct rebut_rejects *rejects;
};

static bool report_line(const struct second *second, const struct rebut_event *event,
                        const struct rebut_line *line, struct rebut_error *err)
{
    struct replaced *replaced = second->replaced;
    struct rebut_reject reject = {.input = second->name,
                                  .line = line->number,
                                  .reason = "conflict",
                                  .expected = EXPECTED,
                                  .came = "other content",
                                  .bytes = line->bytes};
    const uint32_t index = find(replaced, event);
    if (index == REBUT_INTERN_NONE || replaced->found.data[index])
        return true;
    replaced->found.data[index] = true;
    replaced->found_count++;
    if (!rebut_source_spell(second->source, line, &reject.text, err))
        return false;
    if (second->source->spell != NULL)
        reject.bytes = reject.text.size;
    rebut_event_own_id(event, &reject.field);
    (void)rebut_rejects_add(second->rejects, &reject); /* the commit says why not */
    return true;
}

static bool report_input(const struct second *second, struct rebut_error *err)
{
    const struct replaced *replaced = second->replaced;
    struct rebut_block block = {0};
    while (!block.end && replaced->found_count < replaced->found.count) {
        if (!second->source->next(second->source, &block, err))
            return false;
        for (size_t i = 0; i < block.count; i++)
            if (!report_line(second, &block.events[i], &block.lines[i], err))
                return false;
    }
    return true;
}

/* Nobody can say where it stood or what it said, but for its id. */
static bool report_lost(const struct replaced *replaced, uint32_t index,
                        struct rebut_rejects *rejects)
{
    const struct rebut_text key = rebut_intern_text(&replaced->keys, index);
    char came[96];
    snprintf(came, sizeof came, "other content for \"%.*s\"", (int)(key.size - HEAD_SIZE),
             key.data + HEAD_SIZE);
    const bool of_request = key.data[0] == REBUT_EVENT_REQUEST;
    return rebut_rejects_add(
        rejects, &(struct rebut_reject){.reason = "conflict",
                                        .field = of_request ? "request_id" : "order_id",
                                        .expected = EXPECTED,
                                        .came = came});
}

bool rebut_replaced_report(struct replaced *replaced, struct rebut_source *source,
                           struct rebut_rejects *rejects, struct rebut_error *err)
{
    const size_t inputs = source->input_count(source);
    for (uint32_t i = 0; i < inputs && replaced->found_count < replaced->found.count;
         i++) {
        struct second second = {replaced, NULL, source->input_name(source, i), rejects};
        const bool ok = source->again(source, i, &second.source, err) &&
                        (second.source == NULL || report_input(&second, err));
        rebut_source_close(second.source);
        if (!ok)
            return rebut_fail_context(err, "on reading it again");
    }
    for (uint32_t i = 0; i < replaced->found.count; i++)
        if (!replaced->found.data[i] && !report_lost(replaced, i, rejects))
            break; /* the commit says why */
    return true;
}
