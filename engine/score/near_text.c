#include "near_text.h"

#include <stdlib.h>

#include "rebut/map.h"
#include "rebut/shingle.h"

#define NEIGHBOURS_MAX 32 /* of a wording that are noted; more make a template */
#define BUCKET_STEPS 32   /* a wording is held against so many after it in a bucket */
#define BUCKET_FLOOD 512  /* wordings in a bucket that make all of them templates */
#define WRITERS_MAX 512   /* requests looked at for one wording */
#define LENGTHS 4         /* of texts, for how usual copying is */

/* One wording. */
struct wording {
    uint64_t digest;
    uint32_t first; /* in sets */
    uint16_t count; /* shingles */
    uint16_t neighbours;
    uint32_t link; /* the last of its links, or REBUT_NONE */
    bool flood;
};

struct link {
    uint32_t other, next;
};

struct entry {
    uint64_t key; /* of the band */
    uint32_t wording;
    uint32_t unused; /* 0: no byte is left open */
};

struct rebut_near_texts {
    const struct rebut_frame *frame;
    const struct rebut_company *company;
    struct rebut_map digests; /* digest -> wording */
    REBUT_ARRAY(struct wording) wordings;
    REBUT_ARRAY(uint32_t) sets;
    REBUT_ARRAY(struct link) links;
    uint32_t *of_request;    /* [requests]: its wording, or REBUT_NONE */
    uint32_t *first;         /* [wordings + 2] */
    uint32_t *requests;      /* those with a wording, by wording */
    struct entry *entries;   /* [entry_count], by key */
    size_t entry_count;      /* wordings * REBUT_SHINGLE_BANDS */
    uint32_t *writers;       /* [WRITERS_MAX]: requests near one wording */
    uint32_t *writer_buyers; /* [WRITERS_MAX] */
    uint8_t *judged;         /* [requests]: enum rebut_near */
    double usual[LENGTHS];   /* share of returns that were copied, by length */
};

static bool has(struct rebut_text text, const char *words)
{
    return text.size > 0 && memmem(text.data, text.size, words, strlen(words)) != NULL;
}

bool rebut_cites_law(struct rebut_text text)
{
    /* Each has one of the two characters by which most texts are done with. */
    static const char *const names[] = {"法》",       "权益保护法", "食品安全法",
                                        "产品质量法", "电子商务法", "商标法",
                                        "广告法",     "退一赔",     "假一赔"};
    if (!has(text, "法") && !has(text, "赔"))
        return false;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (has(text, names[i]))
            return true;
    return false;
}

/* ---- wordings ---- */

static bool add_wording(struct rebut_near_texts *near, uint32_t request,
                        struct rebut_error *err)
{
    const struct rebut_state *state = near->frame->state;
    const uint32_t text = state->requests.data[request].text;
    uint32_t set[REBUT_SHINGLES_MAX], number = 0;
    near->of_request[request] = REBUT_NONE;
    if (text == REBUT_NONE)
        return true;
    const int count = rebut_shingles(state->texts.data[text], set);
    if (count < REBUT_NEAR_LETTERS)
        return true;
    const uint64_t digest = rebut_shingle_digest(set, count);
    if (!rebut_map_put(&near->digests, digest, &number, err))
        return false;
    near->of_request[request] = number;
    if (number < near->wordings.count)
        return true;
    if (!REBUT_ARRAY_MORE(&near->wordings, 1, "texts", err) ||
        !REBUT_ARRAY_MORE(&near->sets, (size_t)count, "texts", err))
        return false;
    near->wordings.data[near->wordings.count++] =
        (struct wording){.digest = digest,
                         .first = near->sets.count,
                         .count = (uint16_t)count,
                         .link = REBUT_NONE};
    memcpy(near->sets.data + near->sets.count, set, (size_t)count * sizeof *set);
    near->sets.count += (uint32_t)count;
    return true;
}

static bool index_requests(struct rebut_near_texts *near, struct rebut_error *err)
{
    const uint32_t requests = near->frame->state->requests.count;
    near->first = calloc(near->wordings.count + (size_t)2, sizeof *near->first);
    near->requests = malloc((requests + (size_t)1) * sizeof *near->requests);
    if (near->first == NULL || near->requests == NULL)
        return rebut_fail_memory(err, "texts");
    /* first[w + 2] counts, then sums; filling moves first[w + 1] to the end of w. */
    for (uint32_t i = 0; i < requests; i++)
        if (near->of_request[i] != REBUT_NONE)
            near->first[near->of_request[i] + 2]++;
    for (uint32_t w = 0; w < near->wordings.count; w++)
        near->first[w + 2] += near->first[w + 1];
    for (uint32_t i = 0; i < requests; i++)
        if (near->of_request[i] != REBUT_NONE)
            near->requests[near->first[near->of_request[i] + 1]++] = i;
    return true;
}

/* ---- near wordings ---- */

/* By key, then by content, so that what is looked at depends on no order of reading. */
static int compare_entries(const void *left, const void *right, void *context)
{
    const struct rebut_near_texts *near = context;
    const struct entry *a = left, *b = right;
    if (a->key != b->key)
        return a->key < b->key ? -1 : 1;
    const uint64_t x = near->wordings.data[a->wording].digest;
    const uint64_t y = near->wordings.data[b->wording].digest;
    return x < y ? -1 : x > y;
}

static bool linked(const struct rebut_near_texts *near, const struct wording *from,
                   uint32_t to)
{
    for (uint32_t i = from->link; i != REBUT_NONE; i = near->links.data[i].next)
        if (near->links.data[i].other == to)
            return true;
    return false;
}

static bool add_link(struct rebut_near_texts *near, uint32_t from, uint32_t to,
                     struct rebut_error *err)
{
    if (!REBUT_ARRAY_MORE(&near->links, 1, "texts", err))
        return false;
    struct wording *wording = &near->wordings.data[from];
    near->links.data[near->links.count] = (struct link){to, wording->link};
    wording->link = near->links.count++;
    wording->neighbours++;
    wording->flood = wording->flood || wording->neighbours > NEIGHBOURS_MAX;
    return true;
}

static bool compare_pair(struct rebut_near_texts *near, uint32_t a, uint32_t b,
                         struct rebut_error *err)
{
    const struct wording *x = &near->wordings.data[a], *y = &near->wordings.data[b];
    if ((x->flood && y->flood) ||
        !rebut_shingles_near(near->sets.data + x->first, x->count,
                             near->sets.data + y->first, y->count) ||
        linked(near, x->neighbours < y->neighbours ? x : y,
               x->neighbours < y->neighbours ? b : a))
        return true;
    return add_link(near, a, b, err) && add_link(near, b, a, err);
}

static bool search_bucket(struct rebut_near_texts *near, const struct entry *entries,
                          size_t count, struct rebut_error *err)
{
    for (size_t i = 0; i < count; i++) {
        if (count > BUCKET_FLOOD) {
            near->wordings.data[entries[i].wording].flood = true;
            continue;
        }
        for (size_t j = i + 1; j < count && j <= i + BUCKET_STEPS; j++)
            if (!compare_pair(near, entries[i].wording, entries[j].wording, err))
                return false;
    }
    return true;
}

static bool find_near(struct rebut_near_texts *near, struct rebut_error *err)
{
    const size_t count = near->wordings.count * (size_t)REBUT_SHINGLE_BANDS;
    near->entries = malloc((count + 1) * sizeof *near->entries);
    near->entry_count = count;
    if (near->entries == NULL)
        return rebut_fail_memory(err, "texts");
    for (uint32_t w = 0; w < near->wordings.count; w++) {
        uint64_t bands[REBUT_SHINGLE_BANDS];
        const struct wording *wording = &near->wordings.data[w];
        rebut_shingle_bands(near->sets.data + wording->first, wording->count, bands);
        for (size_t band = 0; band < REBUT_SHINGLE_BANDS; band++)
            near->entries[w * (size_t)REBUT_SHINGLE_BANDS + band] =
                (struct entry){.key = bands[band], .wording = w};
    }
    qsort_r(near->entries, count, sizeof *near->entries, compare_entries, near);
    for (size_t begin = 0, end = 0; begin < count; begin = end) {
        while (end < count && near->entries[end].key == near->entries[begin].key)
            end++;
        if (!search_bucket(near, near->entries + begin, end - begin, err))
            return false;
    }
    return true;
}

/* ---- what others wrote ---- */

static uint32_t buyer_of(const struct rebut_near_texts *near, uint32_t request)
{
    const struct rebut_state *state = near->frame->state;
    return state->orders.data[state->requests.data[request].order].buyer;
}

static int compare_numbers(const void *left, const void *right)
{
    const uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
    return a < b ? -1 : a > b;
}

/* Add the requests of a wording to `count` writers; WRITERS_MAX + 1 when too many. */
static uint32_t add_writers(const struct rebut_near_texts *near, uint32_t wording,
                            uint32_t count)
{
    const uint32_t begin = near->first[wording], end = near->first[wording + 1];
    if (count + (uint64_t)(end - begin) > WRITERS_MAX)
        return WRITERS_MAX + 1;
    for (uint32_t i = begin; i < end; i++)
        near->writers[count++] = near->requests[i];
    return count;
}

/* The first entry of a key, or of the next greater one. */
static size_t first_entry(const struct rebut_near_texts *near, uint64_t key)
{
    size_t low = 0, high = near->entry_count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (near->entries[middle].key < key)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* How many writers there are: 0 when they make a template. */
static uint32_t unless_template(const struct rebut_near_texts *near, uint32_t count)
{
    if (count > WRITERS_MAX)
        return 0;
    uint32_t buyers = 0;
    for (uint32_t i = 0; i < count; i++)
        near->writer_buyers[i] = buyer_of(near, near->writers[i]);
    qsort(near->writer_buyers, count, sizeof *near->writer_buyers, compare_numbers);
    for (uint32_t i = 0; i < count; i++)
        buyers += i == 0 || near->writer_buyers[i] != near->writer_buyers[i - 1];
    return buyers > REBUT_NEAR_BUYERS ? 0 : count;
}

/* All requests near a wording into writers; false when they make a template. */
static bool find_writers(const struct rebut_near_texts *near, uint32_t wording,
                         uint32_t *ret_count)
{
    const struct wording *w = &near->wordings.data[wording];
    uint32_t count = w->flood ? WRITERS_MAX + 1 : add_writers(near, wording, 0);
    for (uint32_t i = w->link; i != REBUT_NONE && count <= WRITERS_MAX;
         i = near->links.data[i].next)
        count = add_writers(near, near->links.data[i].other, count);
    *ret_count = unless_template(near, count);
    return *ret_count > 0;
}

/* The same for a set that no request of the state has. */
static bool find_new_writers(const struct rebut_near_texts *near, const uint32_t *set,
                             int size, uint32_t *ret_count)
{
    uint32_t seen[NEIGHBOURS_MAX], neighbours = 0, count = 0;
    uint64_t bands[REBUT_SHINGLE_BANDS];
    rebut_shingle_bands(set, size, bands);
    for (int band = 0; band < REBUT_SHINGLE_BANDS; band++) {
        size_t begin = first_entry(near, bands[band]), end = begin;
        while (end < near->entry_count && near->entries[end].key == bands[band])
            end++;
        *ret_count = 0;
        if (end - begin > BUCKET_FLOOD)
            return false;
        for (; begin < end; begin++) {
            const uint32_t number = near->entries[begin].wording;
            const struct wording *w = &near->wordings.data[number];
            uint32_t at = 0;
            while (at < neighbours && seen[at] != number)
                at++;
            if (at < neighbours ||
                !rebut_shingles_near(set, size, near->sets.data + w->first, w->count))
                continue;
            if (neighbours == NEIGHBOURS_MAX)
                return false;
            seen[neighbours++] = number;
            count = add_writers(near, number, count);
            if (count > WRITERS_MAX)
                return false;
        }
    }
    *ret_count = unless_template(near, count);
    return count == 0 || *ret_count > 0;
}

/* What the others say of one request: another merchant's goods weigh most. */
static uint8_t relation(const struct rebut_near_texts *near,
                        const struct rebut_known *known, const struct rebut_order *order,
                        uint32_t writers)
{
    const struct rebut_state *state = near->frame->state;
    uint8_t found = REBUT_NEAR_ALONE;
    for (uint32_t i = 0; i < writers; i++) {
        const struct rebut_order *other =
            &state->orders.data[state->requests.data[near->writers[i]].order];
        if (rebut_company_shared(near->company, known, other->buyer))
            continue;
        if (other->merchant != order->merchant)
            return REBUT_NEAR_COPIED;
        const int64_t apart = other->at - order->at;
        const bool same_days =
            apart <= REBUT_NEAR_DAYS * REBUT_DAY && -apart <= REBUT_NEAR_DAYS * REBUT_DAY;
        if (other->sku != order->sku || !same_days)
            found = REBUT_NEAR_SHOP;
        else if (found == REBUT_NEAR_ALONE)
            found = REBUT_NEAR_GOODS;
    }
    return found;
}

/* ---- how usual copying is ---- */

/* Before any return was seen: so many, of which so many were copied. */
#define PRIOR 20.0
#define PRIOR_COPIED 3.0

static int length_of(int shingles)
{
    return shingles < 12 ? 0 : shingles < 18 ? 1 : shingles < 27 ? 2 : 3;
}

static int length_at(const struct rebut_near_texts *near, uint32_t request)
{
    return length_of(near->wordings.data[near->of_request[request]].count);
}

/* How many of those who send goods back copy, by length. */
static void count_copies(struct rebut_near_texts *near)
{
    const struct rebut_state *state = near->frame->state;
    uint64_t returns[LENGTHS] = {0}, copied[LENGTHS] = {0};
    for (uint32_t i = 0; i < state->requests.count; i++) {
        if (state->requests.data[i].kind != REBUT_KIND_RETURN_REFUND ||
            near->of_request[i] == REBUT_NONE)
            continue;
        const int length = length_at(near, i);
        returns[length]++;
        copied[length] += near->judged[i] == REBUT_NEAR_COPIED;
    }
    for (int length = 0; length < LENGTHS; length++)
        near->usual[length] =
            ((double)copied[length] + PRIOR_COPIED) / ((double)returns[length] + PRIOR);
}

/* What was copied, by how usual that is. */
static uint8_t weigh(const struct rebut_near_texts *near, uint8_t found, int length)
{
    if (found != REBUT_NEAR_COPIED)
        return found;
    return near->usual[length] > .3   ? REBUT_NEAR_COMMON
           : near->usual[length] > .1 ? REBUT_NEAR_USUAL
                                      : REBUT_NEAR_COPIED;
}

static void judge_wording(const struct rebut_near_texts *near, uint32_t wording)
{
    const struct rebut_state *state = near->frame->state;
    uint32_t writers = 0;
    const bool template = !find_writers(near, wording, &writers);
    for (uint32_t i = near->first[wording]; i < near->first[wording + 1]; i++) {
        const struct rebut_request *request = &state->requests.data[near->requests[i]];
        const struct rebut_order *order = &state->orders.data[request->order];
        const struct rebut_known known = rebut_known_of(near->company, order->buyer);
        near->judged[near->requests[i]] =
            template || rebut_cites_law(state->texts.data[request->text])
                ? REBUT_NEAR_PUBLIC
                : relation(near, &known, order, writers);
    }
}

static void judge_requests(struct rebut_near_texts *near)
{
    const uint32_t requests = near->frame->state->requests.count;
    memset(near->judged, REBUT_NEAR_SHORT, requests);
    for (uint32_t w = 0; w < near->wordings.count; w++)
        judge_wording(near, w);
    count_copies(near);
    for (uint32_t i = 0; i < requests; i++)
        if (near->of_request[i] != REBUT_NONE)
            near->judged[i] = weigh(near, near->judged[i], length_at(near, i));
}

uint8_t rebut_near_texts_of(const struct rebut_near_texts *texts, uint32_t request)
{
    return texts->judged[request];
}

uint8_t rebut_near_texts_judge(const struct rebut_near_texts *texts,
                               struct rebut_text text, const struct rebut_known *known,
                               const struct rebut_order *order)
{
    uint32_t set[REBUT_SHINGLES_MAX], writers = 0;
    const int size = rebut_shingles(text, set);
    if (size < REBUT_NEAR_LETTERS)
        return REBUT_NEAR_SHORT;
    const uint32_t wording =
        rebut_map_find(&texts->digests, rebut_shingle_digest(set, size));
    const bool usable = wording == REBUT_MAP_NONE
                            ? find_new_writers(texts, set, size, &writers)
                            : find_writers(texts, wording, &writers);
    if (!usable || rebut_cites_law(text))
        return REBUT_NEAR_PUBLIC;
    return weigh(texts, relation(texts, known, order, writers), length_of(size));
}

static bool open_scratch(struct rebut_near_texts *near, struct rebut_error *err)
{
    near->writers = malloc(WRITERS_MAX * sizeof *near->writers);
    near->writer_buyers = malloc(WRITERS_MAX * sizeof *near->writer_buyers);
    return (near->writers != NULL && near->writer_buyers != NULL) ||
           rebut_fail_memory(err, "texts");
}

REBUT_IMAGE_KNOWS(struct rebut_near_texts, 192);
/* Items of all owners; none where the firsts are forgotten already. */
static size_t last_of(const uint32_t *firsts, size_t owners)
{
    return firsts == NULL ? 0 : firsts[owners];
}

static bool walk(struct rebut_near_texts *near, struct rebut_image *image,
                 struct rebut_error *err)
{
    const uint32_t requests = near->frame->state->requests.count;
    if (!rebut_map_image(&near->digests, image, "digests", err) ||
        !REBUT_IMAGE_ARRAY(image, "wordings", near->wordings, err) ||
        !REBUT_IMAGE_ARRAY(image, "shingles", near->sets, err) ||
        !REBUT_IMAGE_ARRAY(image, "near wordings", near->links, err))
        return false;
    if (image->mode == REBUT_IMAGE_TAKE)
        near->entry_count = near->wordings.count * (size_t)REBUT_SHINGLE_BANDS;
    return REBUT_IMAGE_ROWS(image, "wording firsts", near->first,
                            near->wordings.count + (size_t)1, err) &&
           REBUT_IMAGE_ROWS(image, "wording requests", near->requests,
                            last_of(near->first, near->wordings.count), err) &&
           REBUT_IMAGE_ROWS(image, "bands", near->entries, near->entry_count, err) &&
           REBUT_IMAGE_ROWS(image, "text copies", near->judged, requests, err) &&
           rebut_image_value(image, "usual copies", near->usual, sizeof near->usual, err);
}

bool rebut_near_texts_image(struct rebut_near_texts **texts,
                            const struct rebut_frame *frame,
                            const struct rebut_company *company,
                            struct rebut_image *image, struct rebut_error *err)
{
    if (image->mode == REBUT_IMAGE_TAKE) {
        struct rebut_near_texts *near = *texts = calloc(1, sizeof *near);
        if (near == NULL)
            return rebut_fail_memory(err, "texts");
        near->frame = frame;
        near->company = company;
        if (!open_scratch(near, err))
            return false;
    }
    return *texts == NULL || walk(*texts, image, err);
}

void rebut_near_texts_close(struct rebut_near_texts *texts)
{
    if (texts == NULL)
        return;
    rebut_map_release(&texts->digests);
    free(texts->wordings.data);
    free(texts->sets.data);
    free(texts->links.data);
    free(texts->of_request);
    free(texts->first);
    free(texts->requests);
    free(texts->entries);
    free(texts->writers);
    free(texts->writer_buyers);
    free(texts->judged);
    free(texts);
}

bool rebut_near_texts_open(struct rebut_near_texts **ret, const struct rebut_frame *frame,
                           const struct rebut_company *company, struct rebut_error *err)
{
    const uint32_t requests = frame->state->requests.count;
    struct rebut_near_texts *near = *ret = calloc(1, sizeof *near);
    if (near == NULL)
        return rebut_fail_memory(err, "texts");
    near->frame = frame;
    near->company = company;
    near->of_request = malloc((requests + (size_t)1) * sizeof *near->of_request);
    near->judged = malloc(requests + (size_t)1);
    bool ok = (near->of_request != NULL && near->judged != NULL) ||
              rebut_fail_memory(err, "texts");
    ok = ok && open_scratch(near, err);
    for (uint32_t i = 0; ok && i < requests; i++)
        ok = add_wording(near, i, err);
    ok = ok && index_requests(near, err) && find_near(near, err);
    if (ok)
        judge_requests(near);
    else
        rebut_near_texts_close(near);
    if (!ok)
        *ret = NULL;
    return ok;
}
