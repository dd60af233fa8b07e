#include "ingest_kept.h"

#include <stdlib.h>

#define SWEEP_LEAST ((size_t)1 << 26)
#define MALLOC_OVERHEAD 16 /* bytes */

void rebut_kept_init(struct kept *kept, size_t bytes_max)
{
    *kept = (struct kept){.bytes_max = bytes_max, .sweep_at = SWEEP_LEAST};
    if (kept->sweep_at > bytes_max)
        kept->sweep_at = bytes_max;
}

static void free_text(struct kept_line *line)
{
    free((void *)(uintptr_t)line->line.text.data);
    line->line.text = (struct rebut_text){NULL, 0};
}

void rebut_kept_release(struct kept *kept)
{
    for (uint32_t i = 0; i < kept->lines.count; i++)
        free_text(&kept->lines.data[i]);
    free(kept->lines.data);
    free(kept->scratch.data);
    *kept = (struct kept){0};
}

static size_t bytes_of(const struct rebut_line *line)
{
    return line->text.size + sizeof(struct kept_line) + MALLOC_OVERHEAD;
}

bool rebut_kept_add(struct kept *kept, enum rebut_event_type type,
                    const struct rebut_line *line, struct rebut_error *err)
{
    if (!REBUT_ARRAY_MORE(&kept->lines, 1, "events without their order", err))
        return false;
    char *copy = malloc(line->text.size);
    if (copy == NULL)
        return rebut_fail_memory(err, "events without their order");
    memcpy(copy, line->text.data, line->text.size);
    struct kept_line *added = &kept->lines.data[kept->lines.count++];
    *added = (struct kept_line){.line = *line, .type = type};
    added->line.text.data = copy;
    kept->bytes += bytes_of(line);
    return true;
}

void rebut_kept_event(struct kept *kept, const struct kept_line *line,
                      struct rebut_event *ret_event)
{
    struct rebut_refusal refusal; /* there is none: it was parsed before */
    kept->scratch.used = 0;
    (void)rebut_event_parse(line->line.text, &kept->scratch, ret_event, &refusal);
}

static bool names_request(enum rebut_event_type type)
{
    return type == REBUT_EVENT_OUTCOME || type == REBUT_EVENT_VERDICT;
}

static bool try_again(struct kept *kept, bool of_requests, const struct kept_use *use,
                      struct rebut_error *err)
{
    for (uint32_t i = 0; i < kept->lines.count; i++) {
        struct kept_line *line = &kept->lines.data[i];
        struct rebut_event event;
        bool orphan = true;
        if (names_request(line->type) != of_requests)
            continue;
        rebut_kept_event(kept, line, &event);
        if (!use->settle(use->context, &event, &line->line, &orphan, err))
            return false;
        if (orphan)
            continue;
        kept->bytes -= bytes_of(&line->line);
        free_text(line);
        line->settled = true;
    }
    return true;
}

static void drop_settled(struct kept *kept)
{
    uint32_t left = 0;
    for (uint32_t i = 0; i < kept->lines.count; i++)
        if (!kept->lines.data[i].settled)
            kept->lines.data[left++] = kept->lines.data[i];
    kept->lines.count = left;
}

bool rebut_kept_sweep(struct kept *kept, const struct kept_use *use,
                      struct rebut_error *err)
{
    if (kept->lines.count == 0)
        return true;
    if (kept->scratch.data == NULL) {
        kept->scratch.data = malloc(REBUT_LINE_MAX);
        if (kept->scratch.data == NULL)
            return rebut_fail_memory(err, "reading kept lines again");
        kept->scratch.size = REBUT_LINE_MAX;
    }
    if (!try_again(kept, false, use, err) || !try_again(kept, true, use, err))
        return false;
    drop_settled(kept);
    kept->sweep_at = kept->bytes < SWEEP_LEAST / 2 ? SWEEP_LEAST : kept->bytes * 2;
    if (kept->sweep_at > kept->bytes_max)
        kept->sweep_at = kept->bytes_max;
    /* Not to the brim: else near it every other event would be one for a sweep. */
    if (kept->bytes > kept->bytes_max / 4 * 3)
        return rebut_fail(err, REBUT_ELIMIT,
                          "%u events name an order or request that has not come: to keep "
                          "them takes more than %zu MiB; expected orders before what "
                          "names them, so sort the input by time",
                          kept->lines.count, kept->bytes_max >> 20);
    return true;
}
