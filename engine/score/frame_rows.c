/* Orders as rows, their circumstances as cells, their listings and windows as units. */
#include <stdlib.h>

#include "frame_parts.h"
#include "rebut/map.h"

/* What a table said last, so as not to ask it again. */
struct last {
    uint32_t key, value;
    uint32_t known; /* 0 before */
};

struct maker {
    struct rebut_frame *frame;
    const struct rebut_lens *lens;
    struct rebut_map pairs; /* campaign x carrier */
    struct rebut_map cells, listings, windows, units;
    uint32_t cells_room, merchants_room, listings_room, windows_room;
    struct last *last_of_sku;     /* [skus]: key = merchant, value = listing */
    struct last *last_of_listing; /* [last_count]: key = fortnight, value = unit */
    uint32_t last_count, last_room;
};

/* Room for `wanted` items, of which there are at most as many as orders: all of them at
 * once where those are few. */
static bool grow(const struct maker *maker, void **data, uint32_t *room, size_t wanted,
                 size_t size, struct rebut_error *err)
{
    const uint32_t most = maker->frame->rows_count;
    return wanted <= *room ||
           rebut_grow(data, room, most <= 64 ? most : wanted, size, "rows", err);
}

/* Levels as one key: the factors with few levels by their bits, campaign and carrier
 * by the number of their pair. */
static bool cell_key(struct maker *maker, const uint16_t *level, uint64_t *ret_key,
                     struct rebut_error *err)
{
    uint32_t pair = 0;
    if (!rebut_map_put(&maker->pairs,
                       (uint64_t)level[REBUT_FACTOR_CAMPAIGN] << 16 |
                           level[REBUT_FACTOR_CARRIER],
                       &pair, err))
        return false;
    if (pair >= 1u << 21)
        return rebut_fail(err, REBUT_ELIMIT, "more than 2^21 campaigns x carriers");
    uint64_t key = (uint64_t)pair << 16 | level[REBUT_FACTOR_CATEGORY];
    key = key << 4 | level[REBUT_FACTOR_CHANNEL];
    key = key << 3 | level[REBUT_FACTOR_PRICE];
    key = key << 4 | level[REBUT_FACTOR_SHIPPED];
    key = key << 4 | level[REBUT_FACTOR_TRANSIT];
    key = key << 3 | level[REBUT_FACTOR_DROP];
    key = key << 4 | level[REBUT_FACTOR_AGE];
    *ret_key = key << 4 | level[REBUT_FACTOR_ACCOUNT];
    return true;
}

static bool put_cell(struct maker *maker, const uint16_t *level, uint32_t *ret_cell,
                     struct rebut_error *err)
{
    struct rebut_frame *frame = maker->frame;
    uint64_t key = 0;
    if (!cell_key(maker, level, &key, err) ||
        !rebut_map_put(&maker->cells, key, ret_cell, err))
        return false;
    if (*ret_cell < frame->cells_count)
        return true;
    if (!grow(maker, (void **)&frame->cells, &maker->cells_room,
              (size_t)frame->cells_count + 1, sizeof *frame->cells, err))
        return false;
    struct rebut_cell *cell = &frame->cells[frame->cells_count++];
    cell->rows = cell->returns = 0;
    memcpy(cell->level, level, sizeof cell->level);
    return true;
}

/* The number of an order's listing: nearly always the one its SKU had last. */
static bool put_listing(struct maker *maker, const struct rebut_order *order,
                        uint32_t *ret_listing, struct rebut_error *err)
{
    struct last *last = &maker->last_of_sku[order->sku];
    if (last->known != 0 && last->key == order->merchant) {
        *ret_listing = last->value;
        return true;
    }
    if (!rebut_map_put(&maker->listings, (uint64_t)order->merchant << 32 | order->sku,
                       ret_listing, err))
        return false;
    *last = (struct last){.key = order->merchant, .value = *ret_listing, .known = 1};
    return true;
}

static bool add_unit(struct maker *maker, const struct rebut_order *order,
                     uint32_t listing, struct rebut_error *err)
{
    struct rebut_frame *frame = maker->frame;
    const uint64_t fortnight = (uint64_t)(order->at / REBUT_WINDOW);
    const size_t wanted = (size_t)frame->units + 1;
    uint32_t window = 0;
    if (!rebut_map_put(&maker->windows, (uint64_t)order->merchant << 32 | fortnight,
                       &window, err) ||
        !grow(maker, (void **)&frame->unit_merchant, &maker->merchants_room, wanted,
              sizeof *frame->unit_merchant, err) ||
        !grow(maker, (void **)&frame->unit_listing, &maker->listings_room, wanted,
              sizeof *frame->unit_listing, err) ||
        !grow(maker, (void **)&frame->unit_window, &maker->windows_room, wanted,
              sizeof *frame->unit_window, err))
        return false;
    frame->unit_merchant[frame->units] = order->merchant;
    frame->unit_listing[frame->units] = listing;
    frame->unit_window[frame->units++] = window;
    return true;
}

/* The number of an order's unit: where orders come by time, its listing's last. */
static bool put_unit(struct maker *maker, const struct rebut_order *order,
                     uint32_t *ret_unit, struct rebut_error *err)
{
    const uint64_t fortnight = (uint64_t)(order->at / REBUT_WINDOW);
    uint32_t listing = 0;
    if (!put_listing(maker, order, &listing, err) ||
        !grow(maker, (void **)&maker->last_of_listing, &maker->last_room,
              (size_t)listing + 1, sizeof *maker->last_of_listing, err))
        return false;
    for (; maker->last_count <= listing; maker->last_count++)
        maker->last_of_listing[maker->last_count] = (struct last){0};
    struct last *last = &maker->last_of_listing[listing];
    if (last->known != 0 && last->key == (uint32_t)fortnight) {
        *ret_unit = last->value;
        return true;
    }
    if (!rebut_map_put(&maker->units, (uint64_t)listing << 32 | fortnight, ret_unit, err))
        return false;
    *last = (struct last){.key = (uint32_t)fortnight, .value = *ret_unit, .known = 1};
    return *ret_unit < maker->frame->units || add_unit(maker, order, listing, err);
}

/* Where each buyer's rows begin: counts, then their running sum. */
static void place_buyers(struct rebut_frame *frame)
{
    const struct rebut_state *state = frame->state;
    for (uint32_t i = 0; i < state->orders.count; i++)
        frame->buyer_rows[state->orders.data[i].buyer + 1]++;
    for (uint32_t b = 0; b < frame->buyers; b++)
        frame->buyer_rows[b + 1] += frame->buyer_rows[b];
}

static bool make_rows(struct maker *maker, uint32_t *next, struct rebut_error *err)
{
    struct rebut_frame *frame = maker->frame;
    const struct rebut_state *state = frame->state;
    for (uint32_t i = 0; i < state->orders.count; i++) {
        const struct rebut_order *order = &state->orders.data[i];
        uint16_t level[REBUT_FACTORS];
        struct rebut_row row = {.order = i};
        uint32_t cell = 0;
        rebut_lens_levels(maker->lens, order, level);
        if (!put_cell(maker, level, &cell, err) ||
            !put_unit(maker, order, &row.unit, err))
            return false;
        row.cell =
            cell & (UINT32_MAX >> 2); /* a cell holds an order at least: far fewer */
        frame->cells[row.cell].rows++;
        frame->rows[next[order->buyer]++] = row;
        frame->merchant_orders[order->merchant]++;
    }
    return true;
}

/* What a buyer's record is split by, so that a part can be left out: the merchant; in the
 * events of a single shop, where nothing is elsewhere, the listing. */
static uint32_t part_of(const struct rebut_frame *frame, const struct rebut_row *row)
{
    return frame->merchants > 1 ? frame->unit_merchant[row->unit]
                                : frame->unit_listing[row->unit];
}

/* A buyer's rows: by part, then time, then content, then reading. */
static int compare_rows(const void *left, const void *right, void *context)
{
    const struct rebut_frame *frame = context;
    const struct rebut_row *a = left, *b = right;
    const uint32_t part_a = part_of(frame, a), part_b = part_of(frame, b);
    if (part_a != part_b)
        return part_a < part_b ? -1 : 1;
    const struct rebut_order *x = &frame->state->orders.data[a->order];
    const struct rebut_order *y = &frame->state->orders.data[b->order];
    if (x->at != y->at)
        return x->at < y->at ? -1 : 1;
    if (x->amount != y->amount)
        return x->amount < y->amount ? -1 : 1;
    return a->order < b->order ? -1 : a->order > b->order;
}

static void sort_rows(struct rebut_frame *frame, struct rebut_row *rows, uint32_t count)
{
    if (count > 32) {
        qsort_r(rows, count, sizeof *rows, compare_rows, frame);
        return;
    }
    for (uint32_t i = 1; i < count; i++) {
        const struct rebut_row row = rows[i];
        uint32_t at = i;
        for (; at > 0 && compare_rows(&row, &rows[at - 1], frame) < 0; at--)
            rows[at] = rows[at - 1];
        rows[at] = row;
    }
}

/* Mark where the next part of a buyer's rows begins. */
static void mark_starts(struct rebut_frame *frame)
{
    for (uint32_t b = 0; b < frame->buyers; b++)
        for (uint32_t i = frame->buyer_rows[b]; i < frame->buyer_rows[b + 1]; i++)
            frame->rows[i].starts =
                i == frame->buyer_rows[b] ||
                part_of(frame, &frame->rows[i]) != part_of(frame, &frame->rows[i - 1]);
}

bool rebut_frame_rows(struct rebut_frame *frame, const struct rebut_lens *lens,
                      struct rebut_error *err)
{
    const struct rebut_state *state = frame->state;
    struct maker maker = {.frame = frame, .lens = lens};
    uint32_t *next = NULL;
    bool ok = false;
    frame->buyers = state->buyer_ids.count;
    frame->merchants = state->merchant_ids.count;
    frame->rows_count = state->orders.count;
    frame->rows = malloc(frame->rows_count * sizeof *frame->rows);
    frame->buyer_rows = calloc(frame->buyers + (size_t)1, sizeof *frame->buyer_rows);
    frame->merchant_orders = calloc(frame->merchants, sizeof *frame->merchant_orders);
    next = malloc(frame->buyers * sizeof *next);
    maker.last_of_sku =
        calloc(state->sku_ids.count + (size_t)1, sizeof *maker.last_of_sku);
    if (maker.last_of_sku == NULL || frame->rows == NULL || frame->buyer_rows == NULL ||
        next == NULL || frame->merchant_orders == NULL) {
        rebut_fail_memory(err, "rows");
        goto done;
    }
    place_buyers(frame);
    memcpy(next, frame->buyer_rows, frame->buyers * sizeof *next);
    if (!make_rows(&maker, next, err))
        goto done;
    frame->listings = maker.listings.count;
    frame->windows = maker.windows.count;
    for (uint32_t b = 0; b < frame->buyers; b++)
        sort_rows(frame, frame->rows + frame->buyer_rows[b],
                  frame->buyer_rows[b + 1] - frame->buyer_rows[b]);
    mark_starts(frame);
    frame->unit_returns = calloc(frame->units, sizeof *frame->unit_returns);
    ok = frame->unit_returns != NULL || rebut_fail_memory(err, "units");
done:
    free(next);
    free(maker.last_of_sku);
    free(maker.last_of_listing);
    rebut_map_release(&maker.pairs);
    rebut_map_release(&maker.cells);
    rebut_map_release(&maker.listings);
    rebut_map_release(&maker.windows);
    rebut_map_release(&maker.units);
    return ok;
}
