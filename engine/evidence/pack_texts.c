#include "pack_texts.h"

#include <stdlib.h>

#include "rebut/shingle.h"

/* Of a band so many wordings are held against one, those of the lowest digests. */
#define BAND_MAX 1024

static int compare_writers(const void *left, const void *right)
{
    const struct pack_writer *a = left, *b = right;
    if (a->digest != b->digest)
        return a->digest < b->digest ? -1 : 1;
    return a->request < b->request ? -1 : a->request > b->request;
}

static int compare_bands(const void *left, const void *right)
{
    const struct pack_band *a = left, *b = right;
    if (a->key != b->key)
        return a->key < b->key ? -1 : 1;
    return a->wording < b->wording ? -1 : a->wording > b->wording;
}

static bool list_writers(struct pack_texts *texts, const struct rebut_state *state,
                         struct rebut_error *err)
{
    uint32_t set[REBUT_SHINGLES_MAX];
    texts->writers = malloc((state->requests.count + (size_t)1) * sizeof *texts->writers);
    if (texts->writers == NULL)
        return rebut_fail_memory(err, "texts");
    for (uint32_t i = 0; i < state->requests.count; i++) {
        const uint32_t text = state->requests.data[i].text;
        const int count =
            text == REBUT_NONE ? 0 : rebut_shingles(state->texts.data[text], set);
        if (count >= PACK_TEXT_LETTERS)
            texts->writers[texts->writers_count++] =
                (struct pack_writer){rebut_shingle_digest(set, count), i};
    }
    qsort(texts->writers, texts->writers_count, sizeof *texts->writers, compare_writers);
    return true;
}

/* A run of writers with one set. */
static bool add_wording(struct pack_texts *texts, const struct rebut_state *state,
                        uint32_t first, uint32_t end, struct rebut_error *err)
{
    const uint32_t request = texts->writers[first].request;
    uint32_t set[REBUT_SHINGLES_MAX];
    const int count =
        rebut_shingles(state->texts.data[state->requests.data[request].text], set);
    if (!REBUT_ARRAY_MORE(&texts->wordings, 1, "texts", err) ||
        !REBUT_ARRAY_MORE(&texts->sets, (uint32_t)count, "texts", err))
        return false;
    texts->wordings.data[texts->wordings.count++] = (struct pack_wording){
        texts->writers[first].digest, first, end, texts->sets.count, (uint32_t)count};
    memcpy(texts->sets.data + texts->sets.count, set, (size_t)count * sizeof *set);
    texts->sets.count += (uint32_t)count;
    return true;
}

static bool list_bands(struct pack_texts *texts, struct rebut_error *err)
{
    const size_t count = texts->wordings.count * (size_t)REBUT_SHINGLE_BANDS;
    texts->bands = malloc((count + 1) * sizeof *texts->bands);
    if (texts->bands == NULL)
        return rebut_fail_memory(err, "texts");
    for (uint32_t w = 0; w < texts->wordings.count; w++) {
        const struct pack_wording *wording = &texts->wordings.data[w];
        uint64_t keys[REBUT_SHINGLE_BANDS];
        rebut_shingle_bands(texts->sets.data + wording->set, (int)wording->count, keys);
        for (int band = 0; band < REBUT_SHINGLE_BANDS; band++)
            texts->bands[texts->bands_count++] = (struct pack_band){keys[band], w};
    }
    qsort(texts->bands, texts->bands_count, sizeof *texts->bands, compare_bands);
    return true;
}

bool rebut_pack_texts_open(struct pack_texts *ret, const struct rebut_state *state,
                           struct rebut_error *err)
{
    *ret = (struct pack_texts){0};
    bool ok = list_writers(ret, state, err);
    for (uint32_t first = 0, end = 0; ok && first < ret->writers_count; first = end) {
        while (end < ret->writers_count &&
               ret->writers[end].digest == ret->writers[first].digest)
            end++;
        ok = add_wording(ret, state, first, end, err);
    }
    ok = ok && list_bands(ret, err);
    if (!ok)
        rebut_pack_texts_close(ret);
    return ok;
}

void rebut_pack_texts_close(struct pack_texts *texts)
{
    free(texts->writers);
    free(texts->wordings.data);
    free(texts->sets.data);
    free(texts->bands);
    *texts = (struct pack_texts){0};
}

/* Thousandths of the union that are not in both. */
static int distance_of(const uint32_t *a, uint32_t count_a, const uint32_t *b,
                       uint32_t count_b)
{
    uint32_t common = 0;
    for (uint32_t i = 0, j = 0; i < count_a && j < count_b;) {
        common += a[i] == b[j];
        const bool first = a[i] <= b[j], second = b[j] <= a[i];
        i += first;
        j += second;
    }
    const uint32_t all = count_a + count_b - common;
    return (int)((1000 * (all - common) + all / 2) / all);
}

static bool visit_writers(const struct pack_texts *texts, uint32_t wording, int distance,
                          rebut_pack_text_visit *visit, void *context)
{
    const struct pack_wording *it = &texts->wordings.data[wording];
    for (uint32_t i = it->first; i < it->end; i++)
        if (!visit(context, texts->writers[i].request, distance))
            return false;
    return true;
}

static size_t first_of_band(const struct pack_texts *texts, uint64_t key)
{
    size_t low = 0, high = texts->bands_count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (texts->bands[middle].key < key)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

void rebut_pack_texts_search(const struct pack_texts *texts, struct rebut_text text,
                             rebut_pack_text_visit *visit, void *context)
{
    uint32_t set[REBUT_SHINGLES_MAX];
    uint64_t keys[REBUT_SHINGLE_BANDS];
    const int count = rebut_shingles(text, set);
    if (count < PACK_TEXT_LETTERS)
        return;
    rebut_shingle_bands(set, count, keys);
    for (int band = 0; band < REBUT_SHINGLE_BANDS; band++) {
        const size_t first = first_of_band(texts, keys[band]);
        for (size_t i = first; i < texts->bands_count && i < first + BAND_MAX &&
                               texts->bands[i].key == keys[band];
             i++) {
            const struct pack_wording *other =
                &texts->wordings.data[texts->bands[i].wording];
            const uint32_t *own = texts->sets.data + other->set;
            if (rebut_shingles_near(set, count, own, (int)other->count) &&
                !visit_writers(texts, texts->bands[i].wording,
                               distance_of(set, (uint32_t)count, own, other->count),
                               visit, context))
                return;
        }
    }
}
