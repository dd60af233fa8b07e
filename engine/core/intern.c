#include "rebut/intern.h"

#include <stdlib.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#define NEAR_MAX 15 /* bytes of a text that its entry holds */
#define BLOCK_BITS 14
#define BLOCK_ENTRIES ((size_t)1 << BLOCK_BITS)
#define BLOCK_SIZE (BLOCK_ENTRIES * sizeof(struct entry))
#define CHUNK_SIZE ((size_t)1 << 18)

struct entry {
    unsigned char size;
    char near[NEAR_MAX]; /* the text, or at the end of it where a longer one is */
};

void rebut_intern_init(struct rebut_intern *table, uint64_t seed)
{
    *table = (struct rebut_intern){.seed = seed};
}

void rebut_intern_release(struct rebut_intern *table)
{
    for (uint32_t i = 0; i < table->block_count; i++)
        free(table->blocks[i]);
    for (uint32_t i = 0; i < table->chunk_count; i++)
        free(table->chunks[i]);
    free(table->blocks);
    free(table->chunks);
    free(table->slots);
    *table = (struct rebut_intern){.seed = table->seed};
}

void rebut_intern_clear(struct rebut_intern *table)
{
    while (table->chunk_count > 1)
        free(table->chunks[--table->chunk_count]);
    if (table->slot_count != 0)
        memset(table->slots, 0, table->slot_count * sizeof *table->slots);
    table->count = 0;
    table->chunk_used = 0;
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
    return wanted == table->slot_count || grow_slots(table, wanted, err);
}

static inline struct entry *entry_of(const struct rebut_intern *table, uint32_t index)
{
    return (struct entry *)(void *)table->blocks[index >> BLOCK_BITS] +
           (index & (BLOCK_ENTRIES - 1));
}

static inline const char *far_text(const struct entry *entry)
{
    const char *far = NULL;
    memcpy(&far, entry->near + NEAR_MAX - sizeof far, sizeof far);
    return far;
}

static inline struct rebut_text text_of(const struct entry *entry)
{
    return (struct rebut_text){entry->size <= NEAR_MAX ? entry->near : far_text(entry),
                               entry->size};
}

struct rebut_text rebut_intern_text(const struct rebut_intern *table, uint32_t index)
{
    return text_of(entry_of(table, index));
}

bool rebut_intern_is(const struct rebut_intern *table, uint32_t index,
                     struct rebut_text text)
{
    return index != REBUT_INTERN_NONE &&
           rebut_text_equal(text_of(entry_of(table, index)), text);
}

void rebut_intern_prefetch_text(const struct rebut_intern *table, uint32_t index)
{
    const struct entry *entry = entry_of(table, index);
    if (entry->size > NEAR_MAX)
        __builtin_prefetch(far_text(entry));
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
        __builtin_prefetch(entry_of(table, index));
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
            rebut_text_equal(text_of(entry_of(table, index)), text))
            return index;
    }
    return REBUT_INTERN_NONE;
}

/* One more block or chunk of `size` bytes at the end of a list, or NULL. */
static char *add_piece(char ***list, uint32_t *count, uint32_t *room, size_t size)
{
    if (*count == *room) {
        const uint32_t grown = *room == 0 ? 16 : *room * 2;
        char **moved = realloc(*list, grown * sizeof *moved);
        if (moved == NULL)
            return NULL;
        *list = moved;
        *room = grown;
    }
    char *piece = malloc(size);
    if (piece != NULL)
        (*list)[(*count)++] = piece;
    return piece;
}

/* Room for a long text in the last chunk, or NULL. */
static char *far_room(struct rebut_intern *table, size_t size)
{
    if (table->chunk_count == 0 || table->chunk_used + size > CHUNK_SIZE) {
        if (add_piece(&table->chunks, &table->chunk_count, &table->chunk_room,
                      CHUNK_SIZE) == NULL)
            return NULL;
        table->chunk_used = 0;
    }
    char *room = table->chunks[table->chunk_count - 1] + table->chunk_used;
    table->chunk_used += (uint32_t)size;
    return room;
}

/* A block for the next entry. */
static bool entry_room(struct rebut_intern *table, struct rebut_error *err)
{
    return table->count >> BLOCK_BITS != table->block_count ||
           add_piece(&table->blocks, &table->block_count, &table->block_room,
                     BLOCK_SIZE) != NULL ||
           rebut_fail_memory(err, "ids");
}

bool rebut_intern_borrow(struct rebut_intern *table, const struct rebut_intern *from,
                         uint32_t index, struct rebut_error *err)
{
    if (!entry_room(table, err))
        return false;
    *entry_of(table, table->count) = *entry_of(from, index);
    table->count++;
    return true;
}

/* Make `text` that of the next index. */
static bool keep_text(struct rebut_intern *table, struct rebut_text text,
                      struct rebut_error *err)
{
    if (!entry_room(table, err))
        return false;
    struct entry *entry = entry_of(table, table->count);
    char *place = entry->near;
    if (text.size > NEAR_MAX) {
        place = far_room(table, text.size);
        if (place == NULL)
            return rebut_fail_memory(err, "ids");
        memcpy(entry->near + NEAR_MAX - sizeof place, &place, sizeof place);
    }
    entry->size = (unsigned char)text.size;
    memcpy(place, text.data, text.size);
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
    const size_t ceiling = UINT32_MAX - 1;
    if (table->count >= ceiling || table->count + (size_t)1 > table->slot_count / 4 * 3) {
        const size_t room = (size_t)table->count + table->count / 2 + 32;
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
    return table->slot_count * sizeof *table->slots + table->block_count * BLOCK_SIZE +
           (size_t)table->chunk_count * CHUNK_SIZE;
}
