#include "photo.h"

#include <stdlib.h>

#define PARTS 4
#define BUCKETS 65536

/* Pictures in buckets by one 16-bit part. */
struct table {
    uint32_t *first; /* [BUCKETS + 1] */
    uint32_t *photo; /* [photos], by bucket */
};

struct album {
    const struct rebut_state *state;
    uint32_t *request; /* [photos]: whose picture it is */
    struct table part[PARTS];
};

static uint32_t part_of(uint64_t hash, int part)
{
    return (uint32_t)(hash >> (16 * part)) & 0xffff;
}

static bool fill_table(const struct rebut_state *state, struct table *table, int part)
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

static void close_album(struct album *album)
{
    free(album->request);
    for (int part = 0; part < PARTS; part++) {
        free(album->part[part].first);
        free(album->part[part].photo);
    }
}

static bool open_album(struct album *album, const struct rebut_state *state,
                       struct rebut_error *err)
{
    *album = (struct album){.state = state};
    album->request = malloc((state->photos.count + (size_t)1) * sizeof *album->request);
    bool ok = album->request != NULL;
    for (int part = 0; ok && part < PARTS; part++)
        ok = fill_table(state, &album->part[part], part);
    if (!ok) {
        close_album(album);
        return rebut_fail_memory(err, "pictures");
    }
    for (uint32_t i = 0; i < state->photos.count; i++)
        album->request[i] = REBUT_NONE; /* of a request that was replaced */
    for (uint32_t r = 0; r < state->requests.count; r++)
        for (uint32_t i = 0; i < state->requests.data[r].photo_count; i++)
            album->request[state->requests.data[r].photo_first + i] = r;
    return true;
}

/* A picture is held against at most this many others of a bucket, so that a flood of
 * one picture cannot cost a square; a flood is found long before. */
#define COMPARISONS_MAX 65536

/* Two orders of a buyer at one shop within this time may have come in one parcel. */
#define ONE_PURCHASE (3 * REBUT_DAY)

/* What the same picture on two orders means: 1, 2 or 3 of the mark's bins. */
static uint8_t meaning(const struct rebut_order *order, const struct rebut_order *other)
{
    if (order->buyer != other->buyer)
        return 1;
    const bool near =
        order->at - other->at <= ONE_PURCHASE && other->at - order->at <= ONE_PURCHASE;
    return order->merchant == other->merchant && near ? 3 : 2;
}

/* What one bucket adds to the answer for a picture: the smaller bin wins. */
static uint8_t search_bucket(const struct album *album, const struct table *table,
                             uint32_t bucket, uint32_t photo, uint8_t best)
{
    const struct rebut_state *state = album->state;
    const uint64_t hash = state->photos.data[photo];
    const uint32_t order = state->requests.data[album->request[photo]].order;
    const uint32_t first = table->first[bucket];
    const uint32_t end = table->first[bucket + 1] - first > COMPARISONS_MAX
                             ? first + COMPARISONS_MAX
                             : table->first[bucket + 1];
    for (uint32_t i = first; i < end; i++) {
        const uint32_t other = table->photo[i];
        if (__builtin_popcountll(state->photos.data[other] ^ hash) >
                REBUT_PHOTO_DISTANCE ||
            album->request[other] == REBUT_NONE)
            continue;
        const uint32_t other_order = state->requests.data[album->request[other]].order;
        if (other_order == order)
            continue;
        const uint8_t found =
            meaning(&state->orders.data[order], &state->orders.data[other_order]);
        best = found < best ? found : best;
        if (best == 1)
            break;
    }
    return best;
}

static uint8_t search(const struct album *album, uint32_t photo)
{
    uint8_t best = 4;
    for (int part = 0; part < PARTS && best != 1; part++) {
        const struct table *table = &album->part[part];
        const uint32_t bucket = part_of(album->state->photos.data[photo], part);
        best = search_bucket(album, table, bucket, photo, best);
        for (int bit = 0; bit < 16 && best != 1; bit++)
            best = search_bucket(album, table, bucket ^ 1u << bit, photo, best);
    }
    return best;
}

bool rebut_photo_reuse(const struct rebut_state *state, uint8_t *ret_bin,
                       struct rebut_error *err)
{
    struct album album;
    if (!open_album(&album, state, err))
        return false;
    for (uint32_t r = 0; r < state->requests.count; r++) {
        const struct rebut_request *request = &state->requests.data[r];
        ret_bin[r] = request->photo_count == 0 ? 0 : 4;
        if (request->kind != REBUT_KIND_REFUND_ONLY)
            continue;
        for (uint32_t i = 0; i < request->photo_count; i++) {
            const uint8_t found = search(&album, request->photo_first + i);
            ret_bin[r] = found < ret_bin[r] ? found : ret_bin[r];
        }
    }
    close_album(&album);
    return true;
}
