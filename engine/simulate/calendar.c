#include "calendar.h"

#include <stdlib.h>
#include <string.h>

#define BUCKETS_ABOUT 65536

bool sim_calendar_init(struct calendar *calendar, uint32_t end, struct rebut_error *err)
{
    *calendar = (struct calendar){.free = NODE_NONE, .end = end};
    calendar->bucket_seconds = end / BUCKETS_ABOUT + 60;
    calendar->bucket_count = end / calendar->bucket_seconds + 1;
    calendar->buckets = malloc(calendar->bucket_count * sizeof *calendar->buckets);
    if (calendar->buckets == NULL)
        return rebut_fail_memory(err, "the calendar");
    for (uint32_t i = 0; i < calendar->bucket_count; i++)
        calendar->buckets[i] = NODE_NONE;
    return true;
}

void sim_calendar_release(struct calendar *calendar)
{
    free(calendar->nodes);
    free(calendar->buckets);
    free(calendar->heap);
    *calendar = (struct calendar){.free = NODE_NONE};
}

uint32_t sim_calendar_new(struct calendar *calendar)
{
    uint32_t index = calendar->free;
    if (index != NODE_NONE) {
        calendar->free = calendar->nodes[index].next;
    } else {
        if (calendar->node_count == calendar->node_room) {
            const uint32_t room =
                calendar->node_room == 0 ? 1024 : calendar->node_room / 2 * 3;
            if (room <= calendar->node_room)
                return NODE_NONE;
            struct node *nodes = realloc(calendar->nodes, room * sizeof *nodes);
            if (nodes == NULL)
                return NODE_NONE;
            calendar->nodes = nodes;
            calendar->node_room = room;
        }
        index = calendar->node_count++;
    }
    memset(&calendar->nodes[index], 0, sizeof calendar->nodes[index]);
    calendar->nodes[index].next = NODE_NONE;
    return index;
}

void sim_calendar_free(struct calendar *calendar, uint32_t index)
{
    calendar->nodes[index].next = calendar->free;
    calendar->free = index;
}

static bool heap_put(struct calendar *calendar, struct due due)
{
    if (calendar->heap_count == calendar->heap_room) {
        const size_t room = calendar->heap_room == 0 ? 256 : calendar->heap_room * 2;
        struct due *heap = realloc(calendar->heap, room * sizeof *heap);
        if (heap == NULL)
            return false;
        calendar->heap = heap;
        calendar->heap_room = room;
    }
    size_t at = calendar->heap_count++;
    while (at > 0 && calendar->heap[(at - 1) / 2].key > due.key) {
        calendar->heap[at] = calendar->heap[(at - 1) / 2];
        at = (at - 1) / 2;
    }
    calendar->heap[at] = due;
    return true;
}

static void heap_drop_first(struct calendar *calendar)
{
    const struct due last = calendar->heap[--calendar->heap_count];
    size_t at = 0;
    for (;;) {
        size_t child = at * 2 + 1;
        if (child >= calendar->heap_count)
            break;
        if (child + 1 < calendar->heap_count &&
            calendar->heap[child + 1].key < calendar->heap[child].key)
            child++;
        if (calendar->heap[child].key >= last.key)
            break;
        calendar->heap[at] = calendar->heap[child];
        at = child;
    }
    calendar->heap[at] = last;
}

static struct due due_of(const struct node *node, uint32_t index)
{
    return (struct due){(uint64_t)node->at << 32 | node->turn, index};
}

bool sim_calendar_push(struct calendar *calendar, uint32_t index, uint32_t at)
{
    if (at >= calendar->end) {
        sim_calendar_free(calendar, index);
        return true;
    }
    struct node *node = &calendar->nodes[index];
    node->at = at;
    node->turn = calendar->pushes++;
    const uint32_t bucket = at / calendar->bucket_seconds;
    if (bucket <= calendar->bucket_now)
        return heap_put(calendar, due_of(node, index));
    node->next = calendar->buckets[bucket];
    calendar->buckets[bucket] = index;
    return true;
}

/* Move to the next bucket; false when there is no memory. */
static bool open_bucket(struct calendar *calendar)
{
    uint32_t *bucket = &calendar->buckets[++calendar->bucket_now];
    while (*bucket != NODE_NONE) {
        const uint32_t index = *bucket;
        if (!heap_put(calendar, due_of(&calendar->nodes[index], index)))
            return false;
        *bucket = calendar->nodes[index].next;
    }
    return true;
}

bool sim_calendar_take(struct calendar *calendar, uint32_t until, uint32_t *ret_index)
{
    *ret_index = NODE_NONE;
    while (calendar->heap_count == 0) {
        if (calendar->bucket_now + 1 >= calendar->bucket_count ||
            (calendar->bucket_now + 1) * calendar->bucket_seconds > until)
            return true;
        if (!open_bucket(calendar))
            return false;
    }
    if (calendar->heap[0].key >> 32 > until)
        return true;
    *ret_index = calendar->heap[0].node;
    heap_drop_first(calendar);
    return true;
}
