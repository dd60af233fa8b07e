/* rebut/map.h -- numbers for 64-bit keys: 0, 1, 2, … in the order of first puts.
 *
 * Open addressing, at most 3/4 full, 12 bytes a slot.  Any key but
 * REBUT_MAP_KEY_NONE.
 */
#ifndef REBUT_MAP_H
#define REBUT_MAP_H

#include <stddef.h>
#include <stdint.h>

#include "rebut/error.h"
#include "rebut/image.h"

#define REBUT_MAP_KEY_NONE UINT64_MAX
#define REBUT_MAP_NONE UINT32_MAX

struct rebut_map {
    uint64_t *keys;   /* [slots] */
    uint32_t *values; /* [slots] */
    size_t slots;     /* a power of two, or 0 */
    uint32_t count;
};

void rebut_map_release(struct rebut_map *map);

/* The number of `key`, adding it if it is new (then *ret_value == the old count). */
REBUT_MUST_CHECK bool rebut_map_put(struct rebut_map *map, uint64_t key,
                                    uint32_t *ret_value, struct rebut_error *err);

/* The number of `key`, or REBUT_MAP_NONE. */
uint32_t rebut_map_find(const struct rebut_map *map, uint64_t key);

/* The walk over its arrays (rebut/image.h); a map that was taken takes no new keys. */
REBUT_MUST_CHECK bool rebut_map_image(struct rebut_map *map, struct rebut_image *image,
                                      const char *name, struct rebut_error *err);

/* Ask for the memory where `key` will be looked for. */
void rebut_map_prefetch(const struct rebut_map *map, uint64_t key);

#endif
