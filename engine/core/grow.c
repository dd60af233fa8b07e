#include "rebut/grow.h"

#include <stdlib.h>

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
    void *moved = realloc(*data, grown * size);
    if (moved == NULL)
        return rebut_fail_memory(err, what);
    *data = moved;
    *room = (uint32_t)grown;
    return true;
}
