#include "rebut/grow.h"

#include <stdlib.h>

#include "rebut/huge.h"
#include "rebut/touch.h"

/* How many items there should be room for.  A large array moves by its page tables alone,
 * so that it may grow by an eighth. */
static size_t more(size_t wanted, size_t size)
{
    const size_t bytes = wanted * size;
    if (bytes < REBUT_HUGE_FROM)
        return wanted + wanted / 2 + 16;
    return wanted + (bytes / 8 > REBUT_HUGE_PAGE ? wanted / 8 : REBUT_HUGE_PAGE / size);
}

/* Memory for `room` items; of a large array one page more, so that what comes at the next
 * growth has been touched by then. */
static void *move(void *data, size_t old_bytes, size_t bytes)
{
    const size_t whole =
        bytes < REBUT_HUGE_FROM ? bytes : rebut_huge_size(bytes + REBUT_HUGE_PAGE);
    char *moved = realloc(data, whole);
    if (moved != NULL && bytes >= REBUT_HUGE_FROM) {
        rebut_huge(moved, whole);
        rebut_touch(moved + old_bytes, whole - old_bytes);
    }
    return moved;
}

bool rebut_grow(void **data, uint32_t *room, size_t wanted, size_t size, const char *what,
                struct rebut_error *err)
{
    const size_t ceiling = UINT32_MAX - 1;
    if (wanted <= *room)
        return true;
    if (wanted > ceiling)
        return rebut_fail(err, REBUT_ELIMIT, "at most %zu %s", ceiling, what);
    size_t grown = more(wanted, size);
    if (grown > ceiling)
        grown = ceiling;
    void *moved = move(*data, *room * size, grown * size);
    if (moved == NULL)
        return rebut_fail_memory(err, what);
    *data = moved;
    *room = (uint32_t)grown;
    return true;
}
