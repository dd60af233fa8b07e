#include "ingest_again.h"

#include <stdio.h>
#include <stdlib.h>

#define HEAD_SIZE 5 /* of a key: type and digest; the id follows */
#define EXPECTED "what the earlier event of this id says, which stands"

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

static bool report_block(struct replaced *replaced, const struct rebut_block *block,
                         const char *input, struct rebut_rejects *rejects)
{
    for (size_t i = 0; i < block->count; i++) {
        const struct rebut_line *line = &block->lines[i];
        const uint32_t index = find(replaced, &block->events[i]);
        if (index == REBUT_INTERN_NONE || replaced->found.data[index])
            continue;
        replaced->found.data[index] = true;
        replaced->found_count++;
        struct rebut_reject reject = {.input = input,
                                      .line = line->number,
                                      .reason = "conflict",
                                      .expected = EXPECTED,
                                      .came = "other content",
                                      .text = line->text,
                                      .bytes = line->bytes};
        rebut_event_own_id(&block->events[i], &reject.field);
        if (!rebut_rejects_add(rejects, &reject))
            return false;
    }
    return true;
}

static bool report_input(struct replaced *replaced, const char *input,
                         struct rebut_rejects *rejects, struct rebut_error *err)
{
    struct rebut_reader *reader = NULL;
    struct rebut_block block = {0};
    bool ok = false;
    if (!rebut_reader_open(&reader, &input, 1, NULL, err))
        goto done;
    while (!block.end && replaced->found_count < replaced->found.count)
        if (!rebut_reader_next(reader, &block, err))
            goto done;
        else if (!report_block(replaced, &block, input, rejects))
            break;
    ok = true;
done:
    rebut_reader_close(reader);
    return ok;
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

bool rebut_replaced_report(struct replaced *replaced, const struct rebut_reader *reader,
                           struct rebut_rejects *rejects, struct rebut_error *err)
{
    const size_t inputs = rebut_reader_input_count(reader);
    for (uint32_t i = 0; i < inputs && replaced->found_count < replaced->found.count; i++)
        if (rebut_reader_input_again(reader, i) &&
            !report_input(replaced, rebut_reader_input_name(reader, i), rejects, err))
            return rebut_fail_context(err, "on reading it again");
    for (uint32_t i = 0; i < replaced->found.count; i++)
        if (!replaced->found.data[i] && !report_lost(replaced, i, rejects))
            break; /* the commit says why */
    return true;
}
