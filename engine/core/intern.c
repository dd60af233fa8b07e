#include "rebut/intern.h"

#include <stdlib.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

/* A chunk is addressed by 16 bits of 4-byte steps. */
#define CHUNK_SIZE ((size_t)1 << 18)
#define CHUNKS_MAX ((size_t)1 << 16)

void rebut_intern_init(struct rebut_intern *table, uint64_t seed)
{
    *table = (struct rebut_intern){.seed = seed};
}

void rebut_intern_release(struct rebut_intern *table)
{
    for (uint32_t i = 0; i < table->chunk_count; i++)
        free(table->chunks[i]);
    free(table->chunks);
    free(table->slots);
    free(table->where);
    *table = (struct rebut_intern){.seed = table->seed};
}

uint64_t rebut_intern_hash(const struct rebut_intern *table, struct rebut_text text)
{
    return XXH3_64bits_withSeed(text.data, text.size, table->seed);
}

static void place(uint64_t *slots, size_t mask, uint64_t entry, uint64_t low_bits)
{
    size_t at = low_bits & mask;
    while (slots[at] != 0)
        at = (at + 1) & mask;
    slots[at] = entry;
}

/* The low hash bits that a slot remembers: enough to place it in 2^32 slots. */
static uint64_t remembered(uint64_t slot)
{
    return slot >> 32;
}

static bool grow_slots(struct rebut_intern *table, size_t slot_count,
                       struct rebut_error *err)
{
    uint64_t *slots = calloc(slot_count, sizeof *slots);
    if (slots == NULL)
        return rebut_fail_memory(err, "an id table");
    for (size_t i = 0; i < table->slot_count; i++)
        if (table->slots[i] != 0)
            place(slots, slot_count - 1, table->slots[i], remembered(table->slots[i]));
    free(table->slots);
    table->slots = slots;
    table->slot_count = slot_count;
    return true;
}

bool rebut_intern_reserve(struct rebut_intern *table, size_t count,
                          struct rebut_error *err)
{
    if (count >= UINT32_MAX)
        return rebut_fail(err, REBUT_ELIMIT, "at most %u ids of a kind, got %zu",
                          UINT32_MAX - 1, count);
    size_t wanted = table->slot_count == 0 ? 64 : table->slot_count;
    while (wanted / 4 * 3 < count)
        wanted *= 2;
    if (wanted != table->slot_count && !grow_slots(table, wanted, err))
        return false;
    if (count <= table->where_room)
        return true;
    uint32_t *where = realloc(table->where, count * sizeof *where);
    if (where == NULL)
        return rebut_fail_memory(err, "an id table");
    table->where = where;
    table->where_room = (uint32_t)count;
    return true;
}

struct rebut_text rebut_intern_text(const struct rebut_intern *table, uint32_t index)
{
    const uint32_t where = table->where[index];
    const char *at = table->chunks[where >> 16] + (size_t)(where & 0xffff) * 4;
    return (struct rebut_text){at + 1, (unsigned char)at[0]};
}

uint32_t rebut_intern_guess(const struct rebut_intern *table, uint64_t hash)
{
    if (table->slot_count == 0)
        return REBUT_INTERN_NONE;
    const size_t mask = table->slot_count - 1;
    for (size_t at = hash & mask; table->slots[at] != 0; at = (at + 1) & mask) {
        if (table->slots[at] >> 32 != (uint32_t)hash)
            continue;
        const uint32_t index = (uint32_t)table->slots[at] - 1;
        __builtin_prefetch(&table->where[index]);
        return index;
    }
    return REBUT_INTERN_NONE;
}

uint32_t rebut_intern_find(const struct rebut_intern *table, struct rebut_text text,
                           uint64_t hash)
{
    if (table->slot_count == 0)
        return REBUT_INTERN_NONE;
    const size_t mask = table->slot_count - 1;
    for (size_t at = hash & mask; table->slots[at] != 0; at = (at + 1) & mask) {
        const uint64_t slot = table->slots[at];
        const uint32_t index = (uint32_t)slot - 1;
        if (slot >> 32 == (uint32_t)hash &&
            rebut_text_equal(rebut_intern_text(table, index), text))
            return index;
    }
    return REBUT_INTERN_NONE;
}

/* Copy `text` behind a length byte into the last chunk, on a 4-byte step. */
static bool keep_text(struct rebut_intern *table, struct rebut_text text,
                      struct rebut_error *err)
{
    const size_t size = (text.size + 1 + 3) & ~(size_t)3;
    if (table->chunk_count == 0 || table->chunk_used + size > CHUNK_SIZE) {
        if (table->chunk_count == CHUNKS_MAX)
            return rebut_fail(err, REBUT_ELIMIT, "at most 16 GiB of ids of a kind");
        if (table->chunk_count == table->chunk_room) {
            const uint32_t room = table->chunk_room == 0 ? 16 : table->chunk_room * 2;
            char **chunks = realloc(table->chunks, room * sizeof *chunks);
            if (chunks == NULL)
                return rebut_fail_memory(err, "ids");
            table->chunks = chunks;
            table->chunk_room = room;
        }
        char *chunk = malloc(CHUNK_SIZE);
        if (chunk == NULL)
            return rebut_fail_memory(err, "ids");
        table->chunks[table->chunk_count++] = chunk;
        table->chunk_used = 0;
    }
    char *at = table->chunks[table->chunk_count - 1] + table->chunk_used;
    at[0] = (char)(unsigned char)text.size;
    memcpy(at + 1, text.data, text.size);
    table->where[table->count] =
        (table->chunk_count - 1) << 16 | (uint32_t)(table->chunk_used / 4);
    table->chunk_used += (uint32_t)size;
    return true;
}

bool rebut_intern_put(struct rebut_intern *table, struct rebut_text text, uint64_t hash,
                      uint32_t *ret_index, struct rebut_error *err)
{
    const uint32_t found = rebut_intern_find(table, text, hash);
    if (found != REBUT_INTERN_NONE) {
        *ret_index = found;
        return true;
    }
    if (text.size == 0 || text.size > REBUT_INTERN_TEXT_MAX)
        return rebut_fail(err, REBUT_EINPUT, "an id has 1 to %d bytes, got %zu",
                          REBUT_INTERN_TEXT_MAX, text.size);
    if (table->count == table->where_room ||
        (table->count + 1) > table->slot_count / 4 * 3) {
        const size_t room = (size_t)table->count + table->count / 2 + 32;
        const size_t ceiling = UINT32_MAX - 1;
        if (table->count >= ceiling ||
            !rebut_intern_reserve(table, room < ceiling ? room : ceiling, err))
            return rebut_fail(err, REBUT_ELIMIT, "too many ids of a kind");
    }
    if (!keep_text(table, text, err))
        return false;
    const uint32_t index = table->count++;
    place(table->slots, table->slot_count - 1, hash << 32 | (index + 1), hash);
    *ret_index = index;
    return true;
}

size_t rebut_intern_bytes(const struct rebut_intern *table)
{
    return table->slot_count * sizeof *table->slots +
           (size_t)table->where_room * sizeof *table->where +
           (size_t)table->chunk_count * CHUNK_SIZE;
}
