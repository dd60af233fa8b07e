#include "rebut/album.h"

#include <stdlib.h>

#define BUCKETS 65536

static uint32_t part_of(uint64_t hash, int part)
{
    return (uint32_t)(hash >> (16 * part)) & 0xffff;
}

static bool fill_table(const struct rebut_state *state, struct rebut_album_table *table,
                       int part)
{
    const uint32_t count = state->photos.count;
    table->first = calloc(BUCKETS + 2, sizeof *table->first);
    table->photo = malloc((count + (size_t)1) * sizeof *table->photo);
    if (table->first == NULL || table->photo == NULL)
        return false;
    /* first[b + 2] counts, then sums; filling moves first[b + 1] to the end of b. */
    for (uint32_t i = 0; i < count; i++)
        table->first[part_of(state->photos.data[i], part) + 2]++;
    for (uint32_t bucket = 0; bucket < BUCKETS; bucket++)
        table->first[bucket + 2] += table->first[bucket + 1];
    for (uint32_t i = 0; i < count; i++)
        table->photo[table->first[part_of(state->photos.data[i], part) + 1]++] = i;
    return true;
}

REBUT_IMAGE_KNOWS(struct rebut_album, 80);
bool rebut_album_image(struct rebut_album *album, const struct rebut_state *state,
                       struct rebut_image *image, struct rebut_error *err)
{
    const uint32_t count = state->photos.count;
    album->state = state;
    bool ok = REBUT_IMAGE_ROWS(image, "album", album->request, count, err);
    for (int part = 0; ok && part < REBUT_ALBUM_PARTS; part++)
        ok = REBUT_IMAGE_ROWS(image, "album firsts", album->part[part].first, BUCKETS + 1,
                              err) &&
             REBUT_IMAGE_ROWS(image, "album photos", album->part[part].photo, count, err);
    return ok;
}

void rebut_album_close(struct rebut_album *album)
{
    free(album->request);
    for (int part = 0; part < REBUT_ALBUM_PARTS; part++) {
        free(album->part[part].first);
        free(album->part[part].photo);
    }
    *album = (struct rebut_album){0};
}

bool rebut_album_open(struct rebut_album *ret, const struct rebut_state *state,
                      struct rebut_error *err)
{
    *ret = (struct rebut_album){.state = state};
    ret->request = malloc((state->photos.count + (size_t)1) * sizeof *ret->request);
    bool ok = ret->request != NULL;
    for (int part = 0; ok && part < REBUT_ALBUM_PARTS; part++)
        ok = fill_table(state, &ret->part[part], part);
    if (!ok) {
        rebut_album_close(ret);
        return rebut_fail_memory(err, "pictures");
    }
    for (uint32_t i = 0; i < state->photos.count; i++)
        ret->request[i] = REBUT_NONE; /* of a request that was replaced */
    for (uint32_t r = 0; r < state->requests.count; r++)
        for (uint32_t i = 0; i < state->requests.data[r].photo_count; i++)
            ret->request[state->requests.data[r].photo_first + i] = r;
    return true;
}

/* A picture is held against at most this many others of a bucket, so that a flood of
 * one picture cannot cost a square; a flood is found long before. */
#define COMPARISONS_MAX 65536

/* The picture that is looked for, and who wants to know. */
struct search {
    const struct rebut_album *album;
    uint64_t hash;
    uint32_t order; /* whose pictures are left out */
    rebut_album_visit *visit;
    void *context;
};

static bool search_bucket(const struct search *search,
                          const struct rebut_album_table *table, uint32_t bucket)
{
    const struct rebut_album *album = search->album;
    const struct rebut_state *state = album->state;
    const uint32_t first = table->first[bucket];
    const uint32_t end = table->first[bucket + 1] - first > COMPARISONS_MAX
                             ? first + COMPARISONS_MAX
                             : table->first[bucket + 1];
    for (uint32_t i = first; i < end; i++) {
        const uint32_t other = table->photo[i];
        const int distance =
            __builtin_popcountll(state->photos.data[other] ^ search->hash);
        if (distance > REBUT_PHOTO_DISTANCE || album->request[other] == REBUT_NONE ||
            state->requests.data[album->request[other]].order == search->order)
            continue;
        if (!search->visit(search->context, other, distance))
            return false;
    }
    return true;
}

void rebut_album_look(const struct rebut_album *album, uint64_t hash, uint32_t order,
                      rebut_album_visit *visit, void *context)
{
    const struct search search = {album, hash, order, visit, context};
    for (int part = 0; part < REBUT_ALBUM_PARTS; part++) {
        const struct rebut_album_table *table = &album->part[part];
        const uint32_t bucket = part_of(hash, part);
        if (!search_bucket(&search, table, bucket))
            return;
        for (int bit = 0; bit < 16; bit++)
            if (!search_bucket(&search, table, bucket ^ 1u << bit))
                return;
    }
}

void rebut_album_search(const struct rebut_album *album, uint32_t photo,
                        rebut_album_visit *visit, void *context)
{
    const struct rebut_state *state = album->state;
    rebut_album_look(album, state->photos.data[photo],
                     state->requests.data[album->request[photo]].order, visit, context);
}
