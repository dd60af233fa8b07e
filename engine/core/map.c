#include "rebut/map.h"

#include <stdlib.h>
#include <string.h>

/* The finaliser of SplitMix64 (Steele, Lea, Flood 2014): keys are often small numbers. */
static uint64_t mix(uint64_t key)
{
    key = (key ^ (key >> 30)) * 0xbf58476d1ce4e5b9u;
    key = (key ^ (key >> 27)) * 0x94d049bb133111ebu;
    return key ^ (key >> 31);
}

void rebut_map_release(struct rebut_map *map)
{
    free(map->keys);
    free(map->values);
    *map = (struct rebut_map){0};
}

/* Where `key` is, or the free slot where it would go. */
static size_t slot_of(const struct rebut_map *map, uint64_t key)
{
    const size_t mask = map->slots - 1;
    size_t at = mix(key) & mask;
    while (map->keys[at] != key && map->keys[at] != REBUT_MAP_KEY_NONE)
        at = (at + 1) & mask;
    return at;
}

static bool grow(struct rebut_map *map, struct rebut_error *err)
{
    struct rebut_map grown = {.slots = map->slots == 0 ? 64 : map->slots * 2,
                              .count = map->count};
    grown.keys = malloc(grown.slots * sizeof *grown.keys);
    /* Zero where a slot is empty, so that an image of it is always the same. */
    grown.values = calloc(grown.slots, sizeof *grown.values);
    if (grown.keys == NULL || grown.values == NULL) {
        rebut_map_release(&grown);
        return rebut_fail_memory(err, "a table of numbers");
    }
    memset(grown.keys, 0xff, grown.slots * sizeof *grown.keys);
    for (size_t i = 0; i < map->slots; i++) {
        if (map->keys[i] == REBUT_MAP_KEY_NONE)
            continue;
        const size_t at = slot_of(&grown, map->keys[i]);
        grown.keys[at] = map->keys[i];
        grown.values[at] = map->values[i];
    }
    rebut_map_release(map);
    *map = grown;
    return true;
}

bool rebut_map_put(struct rebut_map *map, uint64_t key, uint32_t *ret_value,
                   struct rebut_error *err)
{
    if (map->count + (size_t)1 > map->slots / 4 * 3 && !grow(map, err))
        return false;
    const size_t at = slot_of(map, key);
    if (map->keys[at] == REBUT_MAP_KEY_NONE) {
        if (map->count == UINT32_MAX - 1)
            return rebut_fail(err, REBUT_ELIMIT, "too many numbers in a table");
        map->keys[at] = key;
        map->values[at] = map->count++;
    }
    *ret_value = map->values[at];
    return true;
}

REBUT_IMAGE_KNOWS(struct rebut_map, 32);
bool rebut_map_image(struct rebut_map *map, struct rebut_image *image, const char *name,
                     struct rebut_error *err)
{
    uint32_t slots = (uint32_t)map->slots;
    uint32_t *numbers[] = {&map->count, &slots};
    if (!rebut_image_numbers(image, name, numbers, 2, err))
        return false;
    map->slots = slots;
    return REBUT_IMAGE_ROWS(image, name, map->keys, map->slots, err) &&
           REBUT_IMAGE_ROWS(image, name, map->values, map->slots, err);
}

uint32_t rebut_map_find(const struct rebut_map *map, uint64_t key)
{
    if (map->slots == 0)
        return REBUT_MAP_NONE;
    const size_t at = slot_of(map, key);
    return map->keys[at] == key ? map->values[at] : REBUT_MAP_NONE;
}

void rebut_map_prefetch(const struct rebut_map *map, uint64_t key)
{
    if (map->slots == 0)
        return;
    const size_t at = mix(key) & (map->slots - 1);
    __builtin_prefetch(&map->keys[at]);
    __builtin_prefetch(&map->values[at]);
}
