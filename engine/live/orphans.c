/* Events that came before the order or request that they name: kept by the id that they
 * wait for, given up by age. */
#include <stdlib.h>

#include "parts.h"

#define NO_PLACE REBUT_NONE

static const struct rebut_intern *ids_of(const struct rebut_live *live, bool by_request)
{
    return by_request ? &live->state.request_ids : &live->state.order_ids;
}

static uint32_t *bucket_of(struct rebut_live *live, bool by_request, struct rebut_text id)
{
    const uint64_t hash = rebut_intern_hash(ids_of(live, by_request), id);
    return &live->orphans
                .buckets[(hash * 2 + by_request) & (live->orphans.bucket_count - 1)];
}

static struct rebut_text id_of(const struct live_orphan *orphan)
{
    return (struct rebut_text){orphan->bytes + orphan->line_size, orphan->id_size};
}

static bool open_buckets(struct rebut_live *live, struct rebut_error *err)
{
    struct live_orphans *orphans = &live->orphans;
    uint32_t count = 64;
    if (orphans->buckets != NULL)
        return true;
    while (count < live->options.orphans_max && count < UINT32_MAX / 2)
        count *= 2;
    orphans->buckets = malloc(count * sizeof *orphans->buckets);
    if (orphans->buckets == NULL)
        return rebut_fail_memory(err, "events that wait");
    memset(orphans->buckets, 0xff, count * sizeof *orphans->buckets); /* NO_PLACE */
    orphans->bucket_count = count;
    orphans->free = NO_PLACE;
    return true;
}

/* ---- in and out ---- */

static bool scratch_for(struct rebut_live *live, size_t size, struct rebut_error *err)
{
    if (live->scratch_size >= size)
        return true;
    char *moved = realloc(live->scratch, size);
    if (moved == NULL)
        return rebut_fail_memory(err, "events that waited");
    live->scratch = moved;
    live->scratch_size = size;
    return true;
}

static void free_place(struct rebut_live *live, uint32_t place)
{
    struct live_orphan *orphan = &live->orphans.places.data[place];
    live->orphans.bytes -= orphan->line_size + (size_t)orphan->id_size;
    live->orphans.count--;
    *orphan = (struct live_orphan){.next = live->orphans.free};
    live->orphans.free = place;
}

static void leave_bucket(struct rebut_live *live, uint32_t place)
{
    const struct live_orphan *orphan = &live->orphans.places.data[place];
    uint32_t *link = bucket_of(live, orphan->by_request, id_of(orphan));
    while (*link != place)
        link = &live->orphans.places.data[*link].next;
    *link = orphan->next;
}

/* Moments of those that are gone stay in the heap until they are most of it. */
static bool note_expiry(struct rebut_live *live, uint32_t place, struct rebut_error *err)
{
    struct live_orphans *orphans = &live->orphans;
    const struct live_orphan *orphan = &orphans->places.data[place];
    if (orphans->expiry.moments.count > (size_t)orphans->count * 2 + 64) {
        orphans->expiry.moments.count = 0;
        for (uint32_t i = 0; i < orphans->places.count; i++) {
            const struct live_orphan *other = &orphans->places.data[i];
            const struct live_moment moment = {other->at, other->number, i};
            if (other->number != 0 && i != place &&
                !rebut_live_heap_put(&orphans->expiry, moment, err))
                return false;
        }
    }
    return rebut_live_heap_put(
        &orphans->expiry, (struct live_moment){orphan->at, orphan->number, place}, err);
}

/* ---- given up ---- */

/* The letter given out last is read. */
static void drop_last(struct rebut_live *live)
{
    if (live->dead_first == 0)
        return;
    free(live->dead.data[live->dead_first - 1].line);
    live->dead.data[live->dead_first - 1].line = NULL;
}

static bool bury(struct rebut_live *live, uint32_t place, const char *reason,
                 const char *expected, struct rebut_error *err)
{
    struct live_orphan *orphan = &live->orphans.places.data[place];
    const bool conflict = strcmp(reason, "conflict") == 0;
    if (live->dead_first == live->dead.count) {
        drop_last(live);
        live->dead_first = live->dead.count = 0;
    }
    if (!REBUT_ARRAY_MORE(&live->dead, 1, "dead letters", err))
        return false;
    live->dead.data[live->dead.count++] = (struct live_given_up){
        .reason = reason,
        .field = orphan->by_request || conflict ? "request_id" : "order_id",
        .expected = expected,
        .line = orphan->bytes,
        .line_size = orphan->line_size,
        .major = orphan->major,
        .minor = orphan->minor};
    free_place(live, place);
    return true;
}

static bool give_up(struct rebut_live *live, uint32_t place, bool crowded,
                    struct rebut_error *err)
{
    const bool by_request = live->orphans.places.data[place].by_request;
    leave_bucket(live, place);
    if (crowded)
        return bury(live, place, "orphan", "fewer events that wait for an id", err);
    return bury(live, place, "orphan",
                by_request ? "a request within the lateness allowed"
                           : "an order within the lateness allowed",
                err);
}

/* The oldest that waits, or NO_PLACE; *ret_at is its time. */
static uint32_t oldest(struct live_orphans *orphans, int64_t *ret_at)
{
    while (orphans->expiry.moments.count > 0) {
        const struct live_moment first = orphans->expiry.moments.data[0];
        *ret_at = first.at;
        if (orphans->places.data[first.what].number == first.number)
            return first.what;
        rebut_live_heap_take(&orphans->expiry);
    }
    return NO_PLACE;
}

bool rebut_live_expire(struct rebut_live *live, int64_t before, struct rebut_error *err)
{
    int64_t at = 0;
    for (uint32_t place = oldest(&live->orphans, &at); place != NO_PLACE && at < before;
         place = oldest(&live->orphans, &at))
        if (!give_up(live, place, false, err))
            return false;
    return true;
}

static bool make_room(struct rebut_live *live, struct rebut_error *err)
{
    const struct rebut_live_options *options = &live->options;
    int64_t at = 0;
    while (live->orphans.count > options->orphans_max ||
           live->orphans.bytes > options->orphan_bytes_max) {
        const uint32_t place = oldest(&live->orphans, &at);
        if (place == NO_PLACE)
            break;
        if (!give_up(live, place, true, err))
            return false;
    }
    return true;
}

bool rebut_live_put_orphan(struct rebut_live *live, const struct live_orphan *row,
                           const char *bytes, struct rebut_error *err)
{
    struct live_orphans *orphans = &live->orphans;
    const size_t size = row->line_size + (size_t)row->id_size;
    if (!open_buckets(live, err) ||
        (orphans->free == NO_PLACE &&
         !REBUT_ARRAY_MORE(&orphans->places, 1, "events that wait", err)))
        return false;
    char *copy = malloc(size);
    if (copy == NULL)
        return rebut_fail_memory(err, "events that wait");
    memcpy(copy, bytes, size);
    uint32_t place = orphans->free;
    if (place == NO_PLACE)
        place = orphans->places.count++;
    else
        orphans->free = orphans->places.data[place].next;
    struct live_orphan *orphan = &orphans->places.data[place];
    *orphan = *row;
    orphan->bytes = copy;
    uint32_t *bucket = bucket_of(live, orphan->by_request, id_of(orphan));
    orphan->next = *bucket;
    *bucket = place;
    orphans->count++;
    orphans->bytes += size;
    return note_expiry(live, place, err);
}

bool rebut_live_keep_orphan(struct rebut_live *live,
                            const struct rebut_live_message *message,
                            struct rebut_error *err)
{
    const struct rebut_event *event = message->event;
    const bool by_request =
        event->type == REBUT_EVENT_OUTCOME || event->type == REBUT_EVENT_VERDICT;
    const struct rebut_text id = by_request ? event->request_id : event->order_id;
    const struct rebut_text line = message->line;
    const struct live_orphan row = {.at = event->at,
                                    .major = message->major,
                                    .minor = message->minor,
                                    .number = ++live->orphans.numbers,
                                    .line_size = (uint32_t)line.size,
                                    .id_size = (uint16_t)id.size,
                                    .by_request = by_request};
    if (!scratch_for(live, line.size + id.size, err))
        return false;
    memcpy(live->scratch, line.data, line.size);
    memcpy(live->scratch + line.size, id.data, id.size);
    return rebut_live_put_orphan(live, &row, live->scratch, err) && make_room(live, err);
}

/* ---- tried again ---- */

static int compare_numbers(const void *left, const void *right, void *places)
{
    const struct live_orphan *all = places;
    const uint64_t a = all[*(const uint32_t *)left].number,
                   b = all[*(const uint32_t *)right].number;
    return (a > b) - (a < b);
}

bool rebut_live_wake(struct rebut_live *live, bool by_request, struct rebut_text id,
                     struct rebut_error *err)
{
    struct live_orphans *orphans = &live->orphans;
    if (orphans->count == 0)
        return true;
    const uint32_t begin = orphans->woken.count;
    uint32_t *link = bucket_of(live, by_request, id);
    while (*link != NO_PLACE) {
        const uint32_t place = *link;
        struct live_orphan *orphan = &orphans->places.data[place];
        if (orphan->by_request != by_request || !rebut_text_equal(id_of(orphan), id)) {
            link = &orphan->next;
            continue;
        }
        if (!REBUT_ARRAY_MORE(&orphans->woken, 1, "events that waited", err))
            return false;
        *link = orphan->next;
        orphans->woken.data[orphans->woken.count++] = place;
    }
    if (orphans->woken.count - begin > 1)
        qsort_r(orphans->woken.data + begin, orphans->woken.count - begin,
                sizeof *orphans->woken.data, compare_numbers, orphans->places.data);
    return true;
}

static bool try_again(struct rebut_live *live, uint32_t place, struct rebut_error *err)
{
    const struct live_orphan *orphan = &live->orphans.places.data[place];
    const struct rebut_text line = {orphan->bytes, orphan->line_size};
    char *bytes = orphan->bytes;
    enum rebut_live_became became = REBUT_LIVE_ORPHAN;
    struct rebut_ahead ahead;
    struct rebut_event event;
    struct rebut_refusal refusal;
    if (!scratch_for(live, line.size, err))
        return false;
    struct rebut_event_scratch scratch = {live->scratch, live->scratch_size, 0};
    if (!rebut_event_parse(line, &scratch, &event, &refusal)) /* it was one of ours */
        return bury(live, place, "orphan", "a line that can be read again", err);
    rebut_state_seek(&live->state, &event, &ahead);
    if (!rebut_live_take(live, &ahead, &became, err))
        return false;
    if (became == REBUT_LIVE_ORPHAN)
        return bury(live, place, "orphan", "an id that came", err);
    if (became == REBUT_LIVE_CONFLICT)
        return bury(live, place, "conflict", "what the first event of this id says", err);
    free_place(live, place);
    free(bytes);
    return true;
}

bool rebut_live_try_woken(struct rebut_live *live, struct rebut_error *err)
{
    struct live_orphans *orphans = &live->orphans;
    for (uint32_t i = 0; i < orphans->woken.count; i++)
        if (!try_again(live, orphans->woken.data[i], err))
            return false;
    orphans->woken.count = 0;
    return true;
}

bool rebut_live_next_dead(struct rebut_live *live, struct rebut_live_dead *ret)
{
    drop_last(live);
    if (live->dead_first == live->dead.count)
        return false;
    const struct live_given_up *dead = &live->dead.data[live->dead_first++];
    *ret = (struct rebut_live_dead){
        .reason = dead->reason,
        .field = dead->field,
        .expected = dead->expected,
        .line = {dead->line, dead->line_size},
        .major = dead->major,
        .minor = dead->minor,
    };
    return true;
}

void rebut_live_release_orphans(struct rebut_live *live)
{
    for (uint32_t i = 0; i < live->orphans.places.count; i++)
        free(live->orphans.places.data[i].bytes);
    for (uint32_t i = 0; i < live->dead.count; i++)
        free(live->dead.data[i].line);
    free(live->orphans.places.data);
    free(live->orphans.buckets);
    free(live->orphans.expiry.moments.data);
    free(live->orphans.woken.data);
    free(live->dead.data);
    free(live->scratch);
}

size_t rebut_live_orphan_bytes(const struct rebut_live *live)
{
    const struct live_orphans *orphans = &live->orphans;
    return orphans->places.room * sizeof *orphans->places.data +
           orphans->bucket_count * sizeof *orphans->buckets +
           orphans->expiry.moments.room * sizeof *orphans->expiry.moments.data +
           orphans->woken.room * sizeof *orphans->woken.data + orphans->bytes +
           live->scratch_size;
}
