/* The same pictures and the same words on other orders. */
#include <stdlib.h>

#include "pack_maker.h"

/* Matches of one kind: nearest of each request, sorted, and counted. */
struct matches {
    struct pack_case *own;
    struct hit {
        uint32_t request, buyer, merchant;
        int64_t at;
        int distance;
    } * list;
    uint32_t count, room;
    bool failed;
};

/* A flood of one picture is told by its number; so many are looked at. */
#define HITS_MAX 100000

static bool add_hit(struct matches *matches, uint32_t request, int distance)
{
    const struct rebut_state *state = matches->own->maker->state;
    if (matches->count == matches->room) {
        const uint32_t room = matches->room == 0 ? 64 : 2 * matches->room;
        void *larger = realloc(matches->list, room * sizeof *matches->list);
        if (larger == NULL) {
            matches->failed = true;
            return false;
        }
        matches->list = larger;
        matches->room = room;
    }
    const struct rebut_request *other = &state->requests.data[request];
    const struct rebut_order *order = &state->orders.data[other->order];
    matches->list[matches->count++] =
        (struct hit){request, order->buyer, order->merchant, other->at, distance};
    return matches->count < HITS_MAX;
}

static bool see_photo(void *context, uint32_t photo, int distance)
{
    struct matches *matches = context;
    return add_hit(matches, matches->own->maker->album.request[photo], distance);
}

static int compare_requests(const void *left, const void *right)
{
    const struct hit *a = left, *b = right;
    if (a->request != b->request)
        return a->request < b->request ? -1 : 1;
    return a->distance - b->distance;
}

/* Nearest first, then the earlier; never by the order of reading. */
static int compare_hits(const void *left, const void *right, void *context)
{
    const struct rebut_state *state = context;
    const struct hit *a = left, *b = right;
    if (a->distance != b->distance)
        return a->distance - b->distance;
    if (a->at != b->at)
        return a->at < b->at ? -1 : 1;
    return rebut_text_compare(rebut_intern_text(&state->request_ids, a->request),
                              rebut_intern_text(&state->request_ids, b->request));
}

static int compare_numbers(const void *left, const void *right)
{
    const uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
    return a < b ? -1 : a > b;
}

static int64_t count_distinct(uint32_t *numbers, uint32_t count)
{
    int64_t distinct = 0;
    if (count > 0)
        qsort(numbers, count, sizeof *numbers, compare_numbers);
    for (uint32_t i = 0; i < count; i++)
        distinct += i == 0 || numbers[i] != numbers[i - 1];
    return distinct;
}

/* Shops and buyers among the hits, this one's not counted. */
static void count_others(struct matches *matches, int64_t *ret_shops, int64_t *ret_buyers)
{
    const struct pack_case *own = matches->own;
    uint32_t *numbers = malloc((matches->count + (size_t)1) * sizeof *numbers);
    if (numbers == NULL) {
        matches->failed = true;
        return;
    }
    uint32_t count = 0;
    for (uint32_t i = 0; i < matches->count; i++)
        if (matches->list[i].merchant != own->merchant)
            numbers[count++] = matches->list[i].merchant;
    *ret_shops = count_distinct(numbers, count);
    count = 0;
    for (uint32_t i = 0; i < matches->count; i++)
        if (matches->list[i].buyer != own->buyer)
            numbers[count++] = matches->list[i].buyer;
    *ret_buyers = count_distinct(numbers, count);
    free(numbers);
}

static enum rebut_pack_where where_of(const struct pack_case *own, const struct hit *hit)
{
    const struct rebut_state *state = own->maker->state;
    const struct rebut_order *order =
        &state->orders.data[state->requests.data[hit->request].order];
    const int64_t apart = order->at - own->order->at;
    if (hit->buyer != own->buyer)
        return REBUT_WHERE_OTHER_BUYER;
    return hit->merchant == own->merchant && apart <= REBUT_ONE_PURCHASE &&
                   -apart <= REBUT_ONE_PURCHASE
               ? REBUT_WHERE_SAME_PURCHASE
               : REBUT_WHERE_SAME_BUYER;
}

int64_t rebut_pack_day(int64_t at)
{
    const int64_t offset = 8 * REBUT_HOUR;
    const int64_t within = ((at + offset) % REBUT_DAY + REBUT_DAY) % REBUT_DAY;
    return at - within;
}

static struct rebut_pack_match match_of(struct pack_case *own, const struct hit *hit)
{
    const struct rebut_state *state = own->maker->state;
    const bool same = hit->merchant == own->merchant;
    struct rebut_pack_match match = {.where = where_of(own, hit),
                                     .same_shop = same,
                                     .at = same ? hit->at : rebut_pack_day(hit->at),
                                     .distance = hit->distance};
    if (same)
        match.order_id = rebut_pack_id(own, &state->order_ids,
                                       state->requests.data[hit->request].order);
    return match;
}

static int compare_listed(const void *left, const void *right)
{
    const struct rebut_pack_match *a = left, *b = right;
    if (a->distance != b->distance)
        return a->distance < b->distance ? -1 : 1;
    if (a->at != b->at)
        return a->at < b->at ? -1 : 1;
    if (a->where != b->where)
        return a->where - b->where;
    if (a->same_shop != b->same_shop)
        return a->same_shop ? -1 : 1;
    return rebut_text_compare(a->order_id, b->order_id);
}

/* One a request, its nearest; the first of them listed. */
static void finish(struct matches *matches, void **ret_list, uint32_t *ret_count)
{
    struct pack_case *own = matches->own;
    uint32_t kept = 0;
    if (matches->count > 0)
        qsort(matches->list, matches->count, sizeof *matches->list, compare_requests);
    for (uint32_t i = 0; i < matches->count; i++)
        if (i == 0 || matches->list[i].request != matches->list[i - 1].request)
            matches->list[kept++] = matches->list[i];
    matches->count = kept;
    if (kept > 0)
        qsort_r(matches->list, kept, sizeof *matches->list, compare_hits,
                (void *)(uintptr_t)own->maker->state);
    const uint32_t listed = kept < REBUT_PACK_MATCHES_MAX ? kept : REBUT_PACK_MATCHES_MAX;
    struct rebut_pack_match *list =
        listed == 0 ? NULL : rebut_pack_alloc(own->pack, listed * sizeof *list);
    if (list == NULL)
        return;
    for (uint32_t i = 0; i < listed; i++)
        list[i] = match_of(own, &matches->list[i]);
    qsort(list, listed, sizeof *list, compare_listed);
    *ret_list = list;
    *ret_count = listed;
}

static void find_photos(struct matches *matches)
{
    const struct pack_case *own = matches->own;
    for (uint32_t i = 0; i < own->request->photo_count; i++)
        rebut_album_search(&own->maker->album, own->request->photo_first + i, see_photo,
                           matches);
}

static bool see_text(void *context, uint32_t request, int distance)
{
    struct matches *matches = context;
    const struct rebut_state *state = matches->own->maker->state;
    return state->requests.data[request].order == matches->own->request->order ||
           add_hit(matches, request, distance);
}

static void find_texts(struct matches *matches)
{
    const struct rebut_pack_maker *maker = matches->own->maker;
    const uint32_t text = matches->own->request->text;
    if (text != REBUT_NONE)
        rebut_pack_texts_search(&maker->texts, maker->state->texts.data[text], see_text,
                                matches);
}

void rebut_pack_put_elsewhere(struct pack_case *own)
{
    struct rebut_pack_elsewhere *put = &own->pack->elsewhere;
    struct matches photos = {.own = own}, texts = {.own = own};
    void *list = NULL;
    *put = (struct rebut_pack_elsewhere){.photos = own->request->photo_count};
    find_photos(&photos);
    finish(&photos, &list, &put->photo.count);
    put->photo.list = list;
    put->photo_matches = photos.count;
    count_others(&photos, &put->photo_shops, &put->photo_buyers);
    find_texts(&texts);
    list = NULL;
    finish(&texts, &list, &put->text.count);
    put->text.list = list;
    put->text_matches = texts.count;
    count_others(&texts, &put->text_shops, &put->text_buyers);
    own->shops_removed += (uint32_t)(put->photo_shops + put->text_shops);
    if (photos.failed || texts.failed)
        rebut_pack_fail(own->pack);
    free(photos.list);
    free(texts.list);
}
