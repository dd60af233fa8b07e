/* rebut/intern.h -- which number stands for this id?
 *
 * Strings of 1 to 255 bytes become the indexes 0, 1, 2, … in the order they were
 * first put.  Bytes live in blocks that never move, so a looked-up text stays valid
 * until release.  Open addressing, linear probing, at most 3/4 full; a slot keeps 32
 * bits of the hash, so growth never touches the strings.  A full table gets new slots,
 * and each put after that moves a few of the old ones, so that none waits for all.  Of
 * a large table they are made a while before, and touched beside (rebut/touch.h).
 *
 * In large tables misses of the cache are the cost.  There are two an id: its slot, and
 * its entry of 16 bytes, which holds the bytes if they are at most 15.  Entries are in
 * the order of first puts, so those of one time lie together.
 *
 * Memory: 8 bytes a slot, 16 an entry, and the bytes of longer strings.
 * The hash seed may be random: indexes depend on the order of puts alone.
 */
#ifndef REBUT_INTERN_H
#define REBUT_INTERN_H

#include "rebut/error.h"
#include "rebut/image.h"
#include "rebut/text.h"

#define REBUT_INTERN_NONE UINT32_MAX
#define REBUT_INTERN_TEXT_MAX 255

struct rebut_intern {
    uint64_t *slots;   /* slot_count of them: hash << 32 | index + 1; 0 is empty */
    char **blocks;     /* of 2^14 entries each, by index */
    char **chunks;     /* of longer texts */
    size_t slot_count; /* a power of two, or 0 */
    uint32_t count, block_count, block_room, chunk_count, chunk_room;
    uint32_t chunk_used; /* bytes taken in the last chunk */
    uint64_t seed;
    uintptr_t far_base;  /* that longer texts are addressed from: 0, or in an image */
    uint64_t *old_slots; /* until all are moved, then given back; or NULL */
    size_t old_count, old_done; /* slots, and how many are moved, then given back too */
    uint64_t *next_slots;       /* twice as many, made ahead of growth; or NULL */
    char *next_group;           /* of blocks or chunks, likewise */
};

void rebut_intern_init(struct rebut_intern *table, uint64_t seed);
void rebut_intern_release(struct rebut_intern *table);

/* Forget all entries and keep the memory, to begin again. */
void rebut_intern_clear(struct rebut_intern *table);

/* Make room for `count` entries at once, so that the slots do not grow before them. */
REBUT_MUST_CHECK bool rebut_intern_reserve(struct rebut_intern *table, size_t count,
                                           struct rebut_error *err);

uint64_t rebut_intern_hash(const struct rebut_intern *table, struct rebut_text text);

/* Ask the processor to fetch the slot of `hash` ahead of the find or put. */
static inline void rebut_intern_prefetch(const struct rebut_intern *table, uint64_t hash)
{
    if (table->slot_count != 0)
        __builtin_prefetch(&table->slots[hash & (table->slot_count - 1)]);
    if (table->old_slots != NULL)
        __builtin_prefetch(&table->old_slots[hash & (table->old_count - 1)]);
}

/* The index that an entry with this hash would have if it is there, by the slot's
 * remembered hash alone (to prefetch what belongs to it), or REBUT_INTERN_NONE.  Its
 * entry is asked for. */
uint32_t rebut_intern_guess(const struct rebut_intern *table, uint64_t hash);

/* Ask the processor for the entry of an index below count. */
void rebut_intern_prefetch_entry(const struct rebut_intern *table, uint32_t index);

/* Ask the processor for the text of a guess, if it is not in its entry. */
void rebut_intern_prefetch_text(const struct rebut_intern *table, uint32_t index);

/* Is `text` the text of this index?  The index may be NONE, whose text is none. */
bool rebut_intern_is(const struct rebut_intern *table, uint32_t index,
                     struct rebut_text text);

/* The index of `text`, or REBUT_INTERN_NONE. */
uint32_t rebut_intern_find(const struct rebut_intern *table, struct rebut_text text,
                           uint64_t hash);

/* The index of `text`, adding it if it is new (then *ret_index == the old count).
 * Fails with ENOMEM, or ELIMIT at 2^32 - 2 entries. */
REBUT_MUST_CHECK bool rebut_intern_put(struct rebut_intern *table, struct rebut_text text,
                                       uint64_t hash, uint32_t *ret_index,
                                       struct rebut_error *err);

/* The same of a text that is known not to be there. */
REBUT_MUST_CHECK bool rebut_intern_add(struct rebut_intern *table, struct rebut_text text,
                                       uint64_t hash, uint32_t *ret_index,
                                       struct rebut_error *err);

/* Make entry `index` of `from` the next entry of `table`, without looking whether it is
 * there: its text can be read, but is not found.  A long text stays where it is, so
 * `from` must outlive the entry.  Fails with ENOMEM; at most 2^32 - 2 entries. */
REBUT_MUST_CHECK bool rebut_intern_borrow(struct rebut_intern *table,
                                          const struct rebut_intern *from, uint32_t index,
                                          struct rebut_error *err);

/* The text of an index below count. */
struct rebut_text rebut_intern_text(const struct rebut_intern *table, uint32_t index);

/* The walk over its arrays (rebut/image.h); `seed` is the caller's.  A table that was
 * taken takes no new entries. */
REBUT_MUST_CHECK bool rebut_intern_image(struct rebut_intern *table,
                                         struct rebut_image *image, const char *name,
                                         struct rebut_error *err);

/* Bytes of memory held. */
size_t rebut_intern_bytes(const struct rebut_intern *table);

#endif
