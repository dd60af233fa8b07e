#include "rebut/intern.h"

#include <stdlib.h>
#include <sys/mman.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "intern_parts.h"
#include "rebut/huge.h"
#include "rebut/touch.h"

#define CHUNK_SIZE ((size_t)1 << 18)
#define GROUP 8 /* pieces of a large page; from the second group on they share one */
#define MOVED_A_PUT 16             /* slots: all are moved long before it is full */
#define GIVEN_BACK REBUT_HUGE_PAGE /* bytes at once: a fraction of a millisecond */
#define GIVEN_SLOTS (GIVEN_BACK / sizeof(uint64_t))

void rebut_intern_init(struct rebut_intern *table, uint64_t seed)
{
    *table = (struct rebut_intern){.seed = seed};
}

/* Free those from the end on until `left` are left. */
static void free_pieces(char **list, uint32_t *count, uint32_t left)
{
    while (*count > left) {
        const uint32_t last = --*count;
        if (last < GROUP || last % GROUP == 0)
            free(list[last]);
    }
}

/* What was made ahead of growth. */
static void free_next(struct rebut_intern *table)
{
    free(table->next_slots);
    free(table->next_group);
    table->next_slots = NULL;
    table->next_group = NULL;
}

void rebut_intern_release(struct rebut_intern *table)
{
    free_next(table);
    free_pieces(table->blocks, &table->block_count, 0);
    free_pieces(table->chunks, &table->chunk_count, 0);
    free(table->blocks);
    free(table->chunks);
    free(table->slots);
    free(table->old_slots);
    *table = (struct rebut_intern){.seed = table->seed};
}

void rebut_intern_clear(struct rebut_intern *table)
{
    free_next(table);
    free_pieces(table->chunks, &table->chunk_count, 1);
    if (table->slot_count != 0)
        memset(table->slots, 0, table->slot_count * sizeof *table->slots);
    free(table->old_slots);
    table->old_slots = NULL;
    table->count = 0;
    table->chunk_used = 0;
}

uint64_t rebut_intern_hash(const struct rebut_intern *table, struct rebut_text text)
{
    return XXH3_64bits_withSeed(text.data, text.size, table->seed);
}

static size_t free_slot(const uint64_t *slots, size_t mask, uint64_t low_bits)
{
    size_t at = low_bits & mask;
    while (slots[at] != 0)
        at = (at + 1) & mask;
    return at;
}

/* The low hash bits that a slot remembers: enough to place it in 2^32 slots. */
static uint64_t remembered(uint64_t slot)
{
    return slot >> 32;
}

static bool is_moving(const struct rebut_intern *table)
{
    return table->old_slots != NULL && table->old_done < table->old_count;
}

static void move_slots(struct rebut_intern *table, size_t count)
{
    const size_t left = table->old_count - table->old_done;
    const size_t end = table->old_done + (count < left ? count : left);
    for (size_t i = table->old_done; i < end; i++)
        if (table->old_slots[i] != 0)
            table->slots[free_slot(table->slots, table->slot_count - 1,
                                   remembered(table->old_slots[i]))] =
                table->old_slots[i];
    table->old_done = end;
}

/* Slots that are moved go back to the system piece by piece: to unmap a large table at
 * once takes milliseconds. */
static void give_back(struct rebut_intern *table)
{
    const size_t begin = table->old_done - table->old_count;
    if (table->old_count > GIVEN_SLOTS && begin < table->old_count) {
        const uintptr_t page = REBUT_HUGE_PAGE;
        const uintptr_t from = ((uintptr_t)(table->old_slots + begin) + page - 1) & -page;
        const uintptr_t to = (uintptr_t)(table->old_slots + begin + GIVEN_SLOTS) & -page;
        (void)madvise((void *)from, to - from, MADV_DONTNEED); /* if it cannot: later */
        table->old_done += GIVEN_SLOTS;
        return;
    }
    free(table->old_slots);
    table->old_slots = NULL;
}

/* A step, with each put, of what a growth has left to do. */
static inline void go_on_growing(struct rebut_intern *table)
{
    if (is_moving(table))
        move_slots(table, MOVED_A_PUT);
    else if (table->old_slots != NULL)
        give_back(table);
}

/* Empty slots, or NULL. */
static uint64_t *new_slots(size_t slot_count)
{
    const size_t size = rebut_huge_size(slot_count * sizeof(uint64_t));
    uint64_t *slots = calloc(1, size);
    if (slots != NULL && size >= REBUT_HUGE_FROM)
        rebut_huge(slots, size);
    return slots;
}

/* Those of a large table are made when it is five eighths full: whoever fills it on to
 * three quarters gives them the time to be touched. */
static void make_next_slots(struct rebut_intern *table)
{
    const size_t next = table->slot_count * 2;
    if (table->count != table->slot_count / 8 * 5 || table->next_slots != NULL ||
        next * sizeof(uint64_t) < REBUT_HUGE_FROM)
        return;
    table->next_slots = new_slots(next); /* or later, when they are needed */
    if (table->next_slots != NULL)
        rebut_touch(table->next_slots, next * sizeof(uint64_t));
}

static bool grow_slots(struct rebut_intern *table, size_t slot_count,
                       struct rebut_error *err)
{
    uint64_t *slots = NULL;
    if (slot_count == table->slot_count * 2)
        slots = table->next_slots;
    else
        free(table->next_slots);
    table->next_slots = NULL;
    if (slots == NULL)
        slots = new_slots(slot_count);
    if (slots == NULL)
        return rebut_fail_memory(err, "an id table");
    if (is_moving(table))
        move_slots(table, table->old_count);
    free(table->old_slots);
    table->old_slots = table->slots;
    table->old_count = table->slot_count;
    table->old_done = 0;
    table->slots = slots;
    table->slot_count = slot_count;
    return true;
}

static bool reserve(struct rebut_intern *table, size_t count, struct rebut_error *err)
{
    if (count >= UINT32_MAX)
        return rebut_fail(err, REBUT_ELIMIT, "at most %u ids of a kind, got %zu",
                          UINT32_MAX - 1, count);
    size_t wanted = table->slot_count == 0 ? 64 : table->slot_count;
    while (wanted / 4 * 3 < count)
        wanted *= 2;
    return wanted == table->slot_count || grow_slots(table, wanted, err);
}

bool rebut_intern_reserve(struct rebut_intern *table, size_t count,
                          struct rebut_error *err)
{
    if (!reserve(table, count, err))
        return false;
    if (is_moving(table))
        move_slots(table, table->old_count);
    free(table->old_slots);
    table->old_slots = NULL;
    return true;
}

struct rebut_text rebut_intern_text(const struct rebut_intern *table, uint32_t index)
{
    return text_of(table, entry_of(table, index));
}

bool rebut_intern_is(const struct rebut_intern *table, uint32_t index,
                     struct rebut_text text)
{
    return index != REBUT_INTERN_NONE &&
           rebut_text_equal(text_of(table, entry_of(table, index)), text);
}

void rebut_intern_prefetch_entry(const struct rebut_intern *table, uint32_t index)
{
    __builtin_prefetch(entry_of(table, index));
}

void rebut_intern_prefetch_text(const struct rebut_intern *table, uint32_t index)
{
    const struct entry *entry = entry_of(table, index);
    if (entry->size > NEAR_MAX)
        __builtin_prefetch(far_text(table, entry));
}

static uint32_t guess_in(const struct rebut_intern *table, const uint64_t *slots,
                         size_t slot_count, uint64_t hash)
{
    const size_t mask = slot_count - 1;
    for (size_t at = hash & mask; slots[at] != 0; at = (at + 1) & mask) {
        if (slots[at] >> 32 != (uint32_t)hash)
            continue;
        const uint32_t index = (uint32_t)slots[at] - 1;
        __builtin_prefetch(entry_of(table, index));
        return index;
    }
    return REBUT_INTERN_NONE;
}

uint32_t rebut_intern_guess(const struct rebut_intern *table, uint64_t hash)
{
    if (table->slot_count == 0)
        return REBUT_INTERN_NONE;
    const uint32_t guess = guess_in(table, table->slots, table->slot_count, hash);
    return guess != REBUT_INTERN_NONE || !is_moving(table)
               ? guess
               : guess_in(table, table->old_slots, table->old_count, hash);
}

/* *ret_free is a free slot for it when it is not there. */
static inline uint32_t find_in(const struct rebut_intern *table, const uint64_t *slots,
                               size_t slot_count, struct rebut_text text, uint64_t hash,
                               size_t *ret_free)
{
    const size_t mask = slot_count - 1;
    size_t at = hash & mask;
    for (; slots[at] != 0; at = (at + 1) & mask) {
        const uint64_t slot = slots[at];
        const uint32_t index = (uint32_t)slot - 1;
        if (slot >> 32 == (uint32_t)hash &&
            rebut_text_equal(text_of(table, entry_of(table, index)), text))
            return index;
    }
    *ret_free = at;
    return REBUT_INTERN_NONE;
}

uint32_t rebut_intern_find(const struct rebut_intern *table, struct rebut_text text,
                           uint64_t hash)
{
    if (table->slot_count == 0)
        return REBUT_INTERN_NONE;
    size_t unused = 0;
    const uint32_t found =
        find_in(table, table->slots, table->slot_count, text, hash, &unused);
    return found != REBUT_INTERN_NONE || !is_moving(table)
               ? found
               : find_in(table, table->old_slots, table->old_count, text, hash, &unused);
}

/* A group of blocks or chunks in a large page, or NULL. */
static char *make_group(void)
{
    char *group = aligned_alloc(REBUT_HUGE_PAGE, REBUT_HUGE_PAGE);
    if (group != NULL)
        rebut_huge(group, REBUT_HUGE_PAGE);
    return group;
}

/* The one that was made ahead; and one ahead of the next. */
static char *next_group(struct rebut_intern *table)
{
    char *group = table->next_group == NULL ? make_group() : table->next_group;
    table->next_group = make_group();
    if (table->next_group != NULL)
        rebut_touch(table->next_group, REBUT_HUGE_PAGE);
    return group;
}

/* One more block or chunk at the end of a list, or NULL. */
static char *add_piece(struct rebut_intern *table, char ***list, uint32_t *count,
                       uint32_t *room)
{
    _Static_assert(BLOCK_SIZE == CHUNK_SIZE && GROUP * CHUNK_SIZE == REBUT_HUGE_PAGE,
                   "a group is a large page");
    if (*count == *room) {
        const uint32_t grown = *room == 0 ? 16 : *room * 2;
        char **moved = realloc(*list, grown * sizeof *moved);
        if (moved == NULL)
            return NULL;
        *list = moved;
        *room = grown;
    }
    char *piece = *count < GROUP        ? malloc(CHUNK_SIZE)
                  : *count % GROUP == 0 ? next_group(table)
                                        : (*list)[*count - 1] + CHUNK_SIZE;
    if (piece != NULL)
        (*list)[(*count)++] = piece;
    return piece;
}

/* Room for a long text in the last chunk, or NULL. */
static char *far_room(struct rebut_intern *table, size_t size)
{
    if (table->chunk_count == 0 || table->chunk_used + size > CHUNK_SIZE) {
        if (add_piece(table, &table->chunks, &table->chunk_count, &table->chunk_room) ==
            NULL)
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
           add_piece(table, &table->blocks, &table->block_count, &table->block_room) !=
               NULL ||
           rebut_fail_memory(err, "ids");
}

bool rebut_intern_borrow(struct rebut_intern *table, const struct rebut_intern *from,
                         uint32_t index, struct rebut_error *err)
{
    if (!entry_room(table, err))
        return false;
    struct entry *entry = entry_of(table, table->count);
    *entry = *entry_of(from, index);
    if (entry->size > NEAR_MAX)
        set_far(entry, (uintptr_t)far_text(from, entry) - table->far_base);
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
    memset(entry, 0, sizeof *entry); /* so that an image of it is always the same */
    if (text.size > NEAR_MAX) {
        place = far_room(table, text.size);
        if (place == NULL)
            return rebut_fail_memory(err, "ids");
        set_far(entry, (uintptr_t)place);
    }
    entry->size = (unsigned char)text.size;
    memcpy(place, text.data, text.size);
    return true;
}

/* One more text, which is not there; `slot` is free for it, unless the table grows. */
static bool add(struct rebut_intern *table, struct rebut_text text, uint64_t hash,
                size_t slot, uint32_t *ret_index, struct rebut_error *err)
{
    const size_t ceiling = UINT32_MAX - 1;
    if (text.size == 0 || text.size > REBUT_INTERN_TEXT_MAX)
        return rebut_fail(err, REBUT_EINPUT, "an id has 1 to %d bytes, got %zu",
                          REBUT_INTERN_TEXT_MAX, text.size);
    if (table->count >= ceiling || table->count + (size_t)1 > table->slot_count / 4 * 3) {
        const size_t room = (size_t)table->count + table->count / 2 + 32;
        if (table->count >= ceiling ||
            !reserve(table, room < ceiling ? room : ceiling, err))
            return rebut_fail(err, REBUT_ELIMIT, "too many ids of a kind");
        slot = free_slot(table->slots, table->slot_count - 1, hash);
    }
    if (!keep_text(table, text, err))
        return false;
    *ret_index = table->count++;
    table->slots[slot] = hash << 32 | (*ret_index + 1);
    go_on_growing(table);
    make_next_slots(table);
    return true;
}

bool rebut_intern_put(struct rebut_intern *table, struct rebut_text text, uint64_t hash,
                      uint32_t *ret_index, struct rebut_error *err)
{
    size_t slot = 0, unused = 0;
    if (table->slot_count != 0) {
        *ret_index = find_in(table, table->slots, table->slot_count, text, hash, &slot);
        if (*ret_index == REBUT_INTERN_NONE && is_moving(table))
            *ret_index =
                find_in(table, table->old_slots, table->old_count, text, hash, &unused);
        if (*ret_index != REBUT_INTERN_NONE)
            return true;
    }
    return add(table, text, hash, slot, ret_index, err);
}

bool rebut_intern_add(struct rebut_intern *table, struct rebut_text text, uint64_t hash,
                      uint32_t *ret_index, struct rebut_error *err)
{
    const size_t slot =
        table->slot_count == 0 ? 0 : free_slot(table->slots, table->slot_count - 1, hash);
    return add(table, text, hash, slot, ret_index, err);
}

size_t rebut_intern_bytes(const struct rebut_intern *table)
{
    const size_t old = table->old_slots == NULL ? 0 : table->old_count;
    const size_t next = table->next_slots == NULL ? 0 : table->slot_count * 2;
    return (table->slot_count + old + next) * sizeof *table->slots +
           table->block_count * BLOCK_SIZE + (size_t)table->chunk_count * CHUNK_SIZE;
}
