/* An id table's entries: intern.c keeps them, intern_image.c writes and takes them. */
#ifndef REBUT_CORE_INTERN_PARTS_H
#define REBUT_CORE_INTERN_PARTS_H

#include <string.h>

#include "rebut/intern.h"

#define NEAR_MAX 15 /* bytes of a text that its entry holds */
#define BLOCK_BITS 14
#define BLOCK_ENTRIES ((size_t)1 << BLOCK_BITS)
#define BLOCK_SIZE (BLOCK_ENTRIES * sizeof(struct entry))

struct entry {
    unsigned char size;
    char near[NEAR_MAX]; /* the text, or at the end of it where a longer one is, from
                            far_base */
};

static inline struct entry *entry_of(const struct rebut_intern *table, uint32_t index)
{
    return (struct entry *)(void *)table->blocks[index >> BLOCK_BITS] +
           (index & (BLOCK_ENTRIES - 1));
}

static inline const char *far_text(const struct rebut_intern *table,
                                   const struct entry *entry)
{
    uintptr_t far = 0;
    memcpy(&far, entry->near + NEAR_MAX - sizeof far, sizeof far);
    return (const char *)(table->far_base + far); /* NOLINT: an address */
}

static inline void set_far(struct entry *entry, uintptr_t far)
{
    memcpy(entry->near + NEAR_MAX - sizeof far, &far, sizeof far);
}

static inline struct rebut_text text_of(const struct rebut_intern *table,
                                        const struct entry *entry)
{
    return (struct rebut_text){
        entry->size <= NEAR_MAX ? entry->near : far_text(table, entry), entry->size};
}

#endif
