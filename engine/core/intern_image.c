/* An id table in an image: its slots, its entries, and the longer texts behind each
 * other, which the entries name by their place there. */
#include <stdlib.h>

#include "intern_parts.h"

static bool write_entries(const struct rebut_intern *table, struct rebut_image *image,
                          const char *name, struct rebut_error *err)
{
    struct entry *block = malloc(BLOCK_SIZE);
    uintptr_t far = 0;
    bool ok = block != NULL || rebut_fail_memory(err, "ids");
    ok = ok && rebut_image_open_section(image, name, sizeof *block, false, err);
    for (uint32_t done = 0; ok && done < table->count;) {
        const uint32_t left = table->count - done;
        const uint32_t count = left < BLOCK_ENTRIES ? left : (uint32_t)BLOCK_ENTRIES;
        memcpy(block, table->blocks[done >> BLOCK_BITS], count * sizeof *block);
        for (uint32_t i = 0; i < count; i++) {
            if (block[i].size <= NEAR_MAX)
                continue;
            set_far(&block[i], far);
            far += block[i].size;
        }
        ok = rebut_image_piece(image, block, count * sizeof *block, err);
        done += count;
    }
    if (ok)
        rebut_image_close_section(image);
    free(block);
    return ok;
}

static bool write_far(const struct rebut_intern *table, struct rebut_image *image,
                      const char *name, struct rebut_error *err)
{
    if (!rebut_image_open_section(image, name, 1, false, err))
        return false;
    for (uint32_t i = 0; i < table->count; i++) {
        const struct rebut_text text = rebut_intern_text(table, i);
        if (text.size > NEAR_MAX && !rebut_image_piece(image, text.data, text.size, err))
            return false;
    }
    rebut_image_close_section(image);
    return true;
}

static bool take(struct rebut_intern *table, struct rebut_image *image, const char *name,
                 struct rebut_error *err)
{
    void *slots = NULL, *entries = NULL, *far = NULL;
    size_t slot_count = 0, count = 0, bytes = 0;
    if (!rebut_image_take(image, name, sizeof *table->slots, &slots, &slot_count, err) ||
        !rebut_image_take(image, name, sizeof(struct entry), &entries, &count, err) ||
        !rebut_image_take(image, name, 1, &far, &bytes, err))
        return false;
    const size_t blocks = (count + BLOCK_ENTRIES - 1) / BLOCK_ENTRIES;
    table->blocks = malloc((blocks + 1) * sizeof *table->blocks);
    if (table->blocks == NULL)
        return rebut_fail_memory(err, "ids");
    for (size_t i = 0; i < blocks; i++)
        table->blocks[i] = (char *)entries + i * BLOCK_SIZE;
    table->slots = slots;
    table->slot_count = slot_count;
    table->count = (uint32_t)count;
    table->block_count = table->block_room = (uint32_t)blocks;
    table->far_base = (uintptr_t)far;
    return true;
}

REBUT_IMAGE_KNOWS(struct rebut_intern, 112);
bool rebut_intern_image(struct rebut_intern *table, struct rebut_image *image,
                        const char *name, struct rebut_error *err)
{
    if (image->mode == REBUT_IMAGE_TAKE)
        return take(table, image, name, err);
    if (image->mode == REBUT_IMAGE_FORGET) {
        free(table->blocks);
        *table = (struct rebut_intern){.seed = table->seed};
        return true;
    }
    /* Nothing is left to be moved to new slots. */
    return rebut_intern_reserve(table, table->count, err) &&
           REBUT_IMAGE_ROWS(image, name, table->slots, table->slot_count, err) &&
           write_entries(table, image, name, err) && write_far(table, image, name, err);
}
