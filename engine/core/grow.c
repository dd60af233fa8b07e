#include "rebut/grow.h"

#include <stdlib.h>

#include "rebut/huge.h"

bool rebut_grow(void **data, uint32_t *room, size_t wanted, size_t size, const char *what,
                struct rebut_error *err)
{
    const size_t ceiling = UINT32_MAX - 1;
    if (wanted <= *room)
        return true;
    if (wanted > ceiling)
        return rebut_fail(err, REBUT_ELIMIT, "at most %zu %s", ceiling, what);
    size_t grown = wanted + wanted / 2 + 16;
    if (grown > ceiling)
        grown = ceiling;
    const size_t bytes = rebut_huge_size(grown * size);
    void *moved = realloc(*data, bytes);
    if (moved == NULL)
        return rebut_fail_memory(err, what);
    if (bytes >= REBUT_HUGE_FROM)
        rebut_huge(moved, bytes);
    *data = moved;
    *room = (uint32_t)grown;
    return true;
}
