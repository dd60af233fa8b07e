#include "pack_memory.h"

#include <math.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include "rebut/output.h"

#define BLOCK ((size_t)1 << 15)

struct block {
    struct block *next;
    size_t used, room;
    max_align_t data[];
};

struct rebut_pack_memory {
    struct block *blocks; /* the one in use first */
    bool failed;
};

static bool add_block(struct rebut_pack_memory *memory, size_t size)
{
    const size_t room = size > BLOCK ? size : BLOCK;
    struct block *block = malloc(sizeof *block + room);
    if (block == NULL)
        return false;
    *block = (struct block){.next = memory->blocks, .room = room};
    memory->blocks = block;
    return true;
}

void *rebut_pack_alloc(struct rebut_pack *pack, size_t size)
{
    const size_t align = sizeof(max_align_t);
    if (pack->memory == NULL)
        pack->memory = calloc(1, sizeof *pack->memory);
    struct rebut_pack_memory *memory = pack->memory;
    if (memory == NULL || memory->failed)
        return NULL;
    size = (size + align - 1) / align * align;
    struct block *block = memory->blocks;
    if ((block == NULL || size > block->room - block->used) && !add_block(memory, size)) {
        memory->failed = true;
        return NULL;
    }
    block = memory->blocks;
    void *data = (char *)block->data + block->used;
    block->used += size;
    memset(data, 0, size);
    return data;
}

void rebut_pack_fail(struct rebut_pack *pack)
{
    if (pack->memory != NULL)
        pack->memory->failed = true;
}

bool rebut_pack_failed(const struct rebut_pack *pack)
{
    return pack->memory == NULL || pack->memory->failed;
}

void rebut_pack_release(struct rebut_pack *pack)
{
    struct block *block = pack->memory == NULL ? NULL : pack->memory->blocks;
    while (block != NULL) {
        struct block *next = block->next;
        free(block);
        block = next;
    }
    free(pack->memory);
    *pack = (struct rebut_pack){0};
}

struct rebut_text rebut_pack_keep(struct rebut_pack *pack, struct rebut_text text)
{
    if (text.data == NULL)
        return (struct rebut_text){0};
    char *copy = rebut_pack_alloc(pack, text.size + 1);
    if (copy == NULL)
        return (struct rebut_text){0};
    if (text.size > 0)
        memcpy(copy, text.data, text.size);
    return (struct rebut_text){copy, text.size};
}

struct rebut_text rebut_pack_print(struct rebut_pack *pack, const char *format, ...)
{
    char small[1024];
    va_list words, again;
    va_start(words, format);
    va_copy(again, words);
    const int size = vsnprintf(small, sizeof small, format, words);
    struct rebut_text text = {0};
    if (size >= 0 && (size_t)size < sizeof small) {
        text = rebut_pack_keep(pack, (struct rebut_text){small, (size_t)size});
    } else if (size >= 0) {
        char *room = rebut_pack_alloc(pack, (size_t)size + 1);
        if (room != NULL) {
            vsnprintf(room, (size_t)size + 1, format, again);
            text = (struct rebut_text){room, (size_t)size};
        }
    }
    va_end(again);
    va_end(words);
    return text;
}

void *rebut_pack_room(struct rebut_pack *pack, void *list, uint32_t *count, size_t size)
{
    /* Room is a power of two, so a list that is not one has some left. */
    if (*count > 0 && (*count & (*count - 1)) != 0)
        return list;
    const size_t room = *count == 0 ? 1 : 2 * (size_t)*count;
    void *larger = rebut_pack_alloc(pack, room * size);
    if (larger == NULL)
        *count = 0;
    else if (*count > 0)
        memcpy(larger, list, *count * size);
    return larger;
}

double rebut_pack_round(double value)
{
    char text[REBUT_DOUBLE_SIZE];
    if (!isfinite(value))
        return (double)NAN;
    snprintf(text, sizeof text, "%.*g", REBUT_PACK_DIGITS, value);
    return strtod(text, NULL);
}
