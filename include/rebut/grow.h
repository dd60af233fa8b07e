/* rebut/grow.h -- arrays that grow by half, and never silently past 32-bit indexes. */
#ifndef REBUT_GROW_H
#define REBUT_GROW_H

#include <stddef.h>
#include <stdint.h>

#include "rebut/error.h"

/* A growing array: `data` of `count` items, room for `room`.  Zeroed is empty;
 * free(data) releases it. */
#define REBUT_ARRAY(type)                                                                \
    struct {                                                                             \
        type *data;                                                                      \
        uint32_t count, room;                                                            \
    }

/* Move `data` to room for at least `wanted` items of `size` bytes (more, so that adding
 * one at a time costs O(1)).  ENOMEM or ELIMIT; `what` names the items in words. */
REBUT_MUST_CHECK bool rebut_grow(void **data, uint32_t *room, size_t wanted, size_t size,
                                 const char *what, struct rebut_error *err);

/* Room for `extra` more items of an REBUT_ARRAY. */
#define REBUT_ARRAY_MORE(array, extra, what, err)                                        \
    ((size_t)(array)->count + (extra) <= (array)->room ||                                \
     rebut_grow((void **)&(array)->data, &(array)->room,                                 \
                (size_t)(array)->count + (extra), sizeof *(array)->data, (what), (err)))

#endif
