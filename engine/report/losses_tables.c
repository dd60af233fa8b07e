/* Losses by item, category, host and so on. */
#include <stdlib.h>

#include "losses_sums.h"
#include "rebut/losses.h"

#define LOCAL (8 * REBUT_HOUR) /* +08:00 */

/* A table while it is filled: a group gets a row with its first request. */
struct filling {
    struct rebut_losses *losses;
    enum rebut_loss_dimension dimension;
    uint32_t groups;
    uint32_t *row_of;         /* [groups]: its row + 1, or 0 */
    uint32_t *orders, *asked; /* [groups] */
    REBUT_ARRAY(struct rebut_loss_row) rows;
    uint32_t *path_first, *path; /* distributors: [words + 2], the groups of each */
};

static const struct rebut_frame *frame_of(const struct filling *filling)
{
    return filling->losses->scores->inference->frame;
}

static bool is_numbered(enum rebut_loss_dimension dimension)
{
    return dimension == REBUT_BY_WEEKDAY || dimension == REBUT_BY_HOUR ||
           dimension == REBUT_BY_FORTNIGHT;
}

/* Of the request and not of its order: there are no orders to count. */
static bool is_of_request(enum rebut_loss_dimension dimension)
{
    return is_numbered(dimension) || dimension == REBUT_BY_REASON;
}

/* The vocabulary of a dimension; NULL where there is none. */
static const struct rebut_intern *words_of(const struct filling *filling)
{
    const struct rebut_state *state = frame_of(filling)->state;
    switch (filling->dimension) {
    case REBUT_BY_SKU:
        return &state->sku_ids;
    case REBUT_BY_CATEGORY:
        return &state->categories;
    case REBUT_BY_HOST:
        return &state->hosts;
    case REBUT_BY_CAMPAIGN:
        return &state->campaigns;
    case REBUT_BY_REGION:
        return &state->regions;
    case REBUT_BY_CARRIER:
        return &state->carriers;
    case REBUT_BY_MERCHANT:
        return &state->merchant_ids;
    case REBUT_BY_DISTRIBUTOR:
        return &filling->losses->paths;
    default:
        return NULL;
    }
}

/* Group 0 is "not known" but for items and merchants, which every order has. */
static bool counts_from_one(enum rebut_loss_dimension dimension)
{
    return dimension != REBUT_BY_SKU && dimension != REBUT_BY_MERCHANT;
}

static uint32_t group_count(const struct filling *filling)
{
    switch (filling->dimension) {
    case REBUT_BY_CHANNEL:
        return REBUT_CHANNELS;
    case REBUT_BY_REASON:
        return REBUT_REASONS;
    case REBUT_BY_WEEKDAY:
        return 7;
    case REBUT_BY_HOUR:
        return 24;
    case REBUT_BY_FORTNIGHT:
        return (uint32_t)(frame_of(filling)->as_of / REBUT_WINDOW) + 2;
    default:
        return words_of(filling)->count + 1;
    }
}

static uint32_t group_of_order(const struct filling *filling,
                               const struct rebut_order *order)
{
    switch (filling->dimension) {
    case REBUT_BY_SKU:
        return order->sku;
    case REBUT_BY_CATEGORY:
        return order->category;
    case REBUT_BY_CHANNEL:
        return order->channel;
    case REBUT_BY_HOST:
        return order->host;
    case REBUT_BY_CAMPAIGN:
        return order->campaign;
    case REBUT_BY_REGION:
        return order->region;
    case REBUT_BY_CARRIER:
        return order->carrier;
    case REBUT_BY_MERCHANT:
        return order->merchant;
    default:
        return 0;
    }
}

static uint32_t group_of_request(const struct filling *filling,
                                 const struct rebut_request *request)
{
    const int64_t local = request->at + LOCAL;
    switch (filling->dimension) {
    case REBUT_BY_REASON:
        return request->reason;
    case REBUT_BY_WEEKDAY:
        return (uint32_t)((local / REBUT_DAY + 3) % 7); /* 1970-01-01: a Thursday */
    case REBUT_BY_HOUR:
        return (uint32_t)(local % REBUT_DAY / REBUT_HOUR);
    case REBUT_BY_FORTNIGHT:
        return (uint32_t)(request->at / REBUT_WINDOW);
    default:
        return 0;
    }
}

/* ---- paths ---- */

/* Every beginning of "hq/east/zhang": "hq", "hq/east", and itself; counted into *count
 * when `path` is NULL. */
static bool put_path(struct rebut_intern *paths, struct rebut_text word, uint32_t *path,
                     uint32_t *count, struct rebut_error *err)
{
    for (size_t end = 1; end <= word.size; end++) {
        uint32_t index = 0;
        if (end < word.size && word.data[end] != '/')
            continue;
        const struct rebut_text start = {word.data, end};
        if (path != NULL) {
            if (!rebut_intern_put(paths, start, rebut_intern_hash(paths, start), &index,
                                  err))
                return false;
            path[*count] = index + 1;
        }
        ++*count;
    }
    return true;
}

static bool make_paths(struct filling *filling, struct rebut_error *err)
{
    const struct rebut_intern *words = &frame_of(filling)->state->distributors;
    uint32_t count = 1;
    for (uint32_t i = 0; i < words->count; i++)
        if (!put_path(NULL, rebut_intern_text(words, i), NULL, &count, err))
            return false;
    filling->path_first = calloc(words->count + (size_t)2, sizeof *filling->path_first);
    filling->path = calloc(count, sizeof *filling->path);
    if (filling->path_first == NULL || filling->path == NULL)
        return rebut_fail_memory(err, "distributors");
    count = 1; /* the path of those without a distributor: group 0 */
    for (uint32_t i = 0; i < words->count; i++) {
        filling->path_first[i + 1] = count;
        if (!put_path(&filling->losses->paths, rebut_intern_text(words, i), filling->path,
                      &count, err))
            return false;
    }
    filling->path_first[words->count + 1] = count;
    return true;
}

static uint32_t depth_of(struct rebut_text key)
{
    uint32_t depth = 1;
    for (size_t i = 1; i < key.size; i++)
        depth += key.data[i] == '/';
    return depth;
}

/* ---- filling ---- */

/* The groups of an order and its request: [first, end) of filling->path, or one. */
static uint32_t groups_of(const struct filling *filling, const struct rebut_order *order,
                          const struct rebut_request *request, const uint32_t **ret,
                          uint32_t *room)
{
    *ret = room;
    if (filling->dimension == REBUT_BY_DISTRIBUTOR) {
        *ret = filling->path + filling->path_first[order->distributor];
        return filling->path_first[order->distributor + 1] -
               filling->path_first[order->distributor];
    }
    *room = is_of_request(filling->dimension) ? group_of_request(filling, request)
                                              : group_of_order(filling, order);
    return 1;
}

static bool add_request(struct filling *filling, uint32_t group,
                        const struct rebut_loss_sum *sum, struct rebut_error *err)
{
    if (filling->row_of[group] == 0) {
        if (!REBUT_ARRAY_MORE(&filling->rows, 1, "losses", err))
            return false;
        struct rebut_loss_row *row = &filling->rows.data[filling->rows.count++];
        *row = (struct rebut_loss_row){.number = group, .depth = 1};
        const struct rebut_intern *words = words_of(filling);
        const uint32_t from = counts_from_one(filling->dimension);
        if (words != NULL && group >= from)
            row->key = rebut_intern_text(words, group - from);
        else if (filling->dimension == REBUT_BY_CHANNEL && group > 0)
            row->key = rebut_text_of(rebut_words_channel[group]);
        else if (filling->dimension == REBUT_BY_REASON && group > 0)
            row->key = rebut_text_of(rebut_words_reason[group]);
        if (filling->dimension == REBUT_BY_DISTRIBUTOR)
            row->depth = depth_of(row->key);
        filling->row_of[group] = filling->rows.count;
    }
    loss_sum_add(&filling->rows.data[filling->row_of[group] - 1].sum, sum);
    return true;
}

static bool add_requests(struct filling *filling, const struct rebut_loss_split *splits,
                         struct rebut_error *err)
{
    const struct rebut_scores *scores = filling->losses->scores;
    const struct rebut_frame *frame = frame_of(filling);
    for (uint32_t i = 0; i < scores->count; i++) {
        const struct rebut_frame_claim *claim = &frame->claims[scores->list[i].claim];
        const struct rebut_order *order =
            &frame->state->orders.data[frame->rows[claim->row].order];
        const uint32_t *groups = NULL;
        uint32_t room = 0;
        if (splits[i].amount < 0)
            continue;
        const struct rebut_loss_sum sum = loss_sum_of(&splits[i]);
        const uint32_t count = groups_of(
            filling, order, &frame->state->requests.data[claim->request], &groups, &room);
        for (uint32_t k = 0; k < count; k++)
            if (!add_request(filling, groups[k], &sum, err))
                return false;
    }
    return true;
}

static void count_orders(struct filling *filling)
{
    const struct rebut_losses *losses = filling->losses;
    const struct rebut_frame *frame = frame_of(filling);
    uint32_t claim = 0;
    for (uint32_t b = 0; b < frame->buyers; b++)
        for (uint32_t r = frame->buyer_rows[b]; r < frame->buyer_rows[b + 1]; r++) {
            const struct rebut_order *order =
                &frame->state->orders.data[frame->rows[r].order];
            const uint32_t *groups = NULL;
            uint32_t room = 0;
            bool asked = false;
            for (claim = frame->buyer_claims[b]; claim < frame->buyer_claims[b + 1];
                 claim++)
                asked = asked || frame->claims[claim].row == r;
            if (!loss_in_scope(losses, order->merchant) || !loss_is_recent(losses, order))
                continue;
            const uint32_t count = groups_of(filling, order, NULL, &groups, &room);
            for (uint32_t k = 0; k < count; k++) {
                filling->orders[groups[k]]++;
                filling->asked[groups[k]] += asked;
            }
        }
}

/* ---- order, and what is put together ---- */

/* Bytes, but '/' before all others, so that a path comes before what it holds. */
static int compare_keys(struct rebut_text a, struct rebut_text b)
{
    const size_t both = a.size < b.size ? a.size : b.size;
    size_t i = 0;
    while (i < both && a.data[i] == b.data[i])
        i++;
    if (i == both)
        return a.size < b.size ? -1 : a.size > b.size;
    const int x = a.data[i] == '/' ? -1 : (unsigned char)a.data[i];
    const int y = b.data[i] == '/' ? -1 : (unsigned char)b.data[i];
    return x < y ? -1 : 1;
}

static int compare_rows(const void *left, const void *right, void *context)
{
    const enum rebut_loss_dimension dimension =
        *(const enum rebut_loss_dimension *)context;
    const struct rebut_loss_row *a = left, *b = right;
    if (is_numbered(dimension))
        return a->number < b->number ? -1 : a->number > b->number;
    if (dimension != REBUT_BY_DISTRIBUTOR && a->sum.amount != b->sum.amount)
        return a->sum.amount > b->sum.amount ? -1 : 1;
    return compare_keys(a->key, b->key);
}

/* Keep rows of depth `most` at most; the others are in the row of their beginning. */
static void keep_depth(struct rebut_loss_table *table, uint32_t most)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < table->count; i++)
        if (table->rows[i].depth <= most)
            table->rows[kept++] = table->rows[i];
    table->count = kept;
}

static void put_together(struct rebut_loss_table *table)
{
    uint32_t kept = 0, deepest = 1;
    for (uint32_t i = 0; i < table->count; i++) {
        struct rebut_loss_row *row = &table->rows[i];
        if (row->sum.requests >= REBUT_LOSS_FEW) {
            deepest = row->depth > deepest ? row->depth : deepest;
            table->rows[kept++] = *row;
        } else if (row->depth == 1) {
            loss_row_add(&table->few, row);
        }
    }
    table->count = kept;
    while (table->count > REBUT_LOSS_ROWS && deepest > 1)
        keep_depth(table, --deepest);
    for (uint32_t i = REBUT_LOSS_ROWS; i < table->count; i++)
        loss_row_add(&table->rest, &table->rows[i]);
    if (table->count > REBUT_LOSS_ROWS)
        table->count = REBUT_LOSS_ROWS;
}

/* Groups with orders and no request are few too; those within a path are in it. */
static void add_unasked(const struct filling *filling, struct rebut_loss_row *few)
{
    for (uint32_t group = 0; group < filling->groups; group++) {
        const bool within =
            filling->dimension == REBUT_BY_DISTRIBUTOR && group > 0 &&
            depth_of(rebut_intern_text(&filling->losses->paths, group - 1)) > 1;
        if (filling->row_of[group] != 0 || filling->orders[group] == 0 || within)
            continue;
        few->number++;
        few->orders += filling->orders[group];
        few->asked += filling->asked[group];
    }
}

static void finish(struct filling *filling, struct rebut_loss_table *table)
{
    for (uint32_t i = 0; i < filling->rows.count; i++) {
        struct rebut_loss_row *row = &filling->rows.data[i];
        row->orders = filling->orders[row->number];
        row->asked = filling->asked[row->number];
    }
    *table = (struct rebut_loss_table){.rows = filling->rows.data,
                                       .count = filling->rows.count};
    filling->rows.data = NULL;
    if (table->count > 0)
        qsort_r(table->rows, table->count, sizeof *table->rows, compare_rows,
                &filling->dimension);
    put_together(table);
    add_unasked(filling, &table->few);
}

static bool fill(struct filling *filling, const struct rebut_loss_split *splits,
                 struct rebut_error *err)
{
    if (filling->dimension == REBUT_BY_DISTRIBUTOR && !make_paths(filling, err))
        return false;
    filling->groups = group_count(filling);
    filling->row_of = calloc(filling->groups, sizeof *filling->row_of);
    filling->orders = calloc(filling->groups, sizeof *filling->orders);
    filling->asked = calloc(filling->groups, sizeof *filling->asked);
    if (filling->row_of == NULL || filling->orders == NULL || filling->asked == NULL)
        return rebut_fail_memory(err, "losses");
    if (!is_of_request(filling->dimension))
        count_orders(filling);
    if (!add_requests(filling, splits, err))
        return false;
    finish(filling, &filling->losses->table[filling->dimension]);
    return true;
}

static void count_all(struct rebut_losses *losses)
{
    const struct rebut_frame *frame = losses->scores->inference->frame;
    for (uint32_t i = 0; i < frame->rows_count; i++) {
        const struct rebut_order *order =
            &frame->state->orders.data[frame->rows[i].order];
        losses->orders +=
            loss_in_scope(losses, order->merchant) && loss_is_recent(losses, order);
    }
    for (uint32_t i = 0; i < frame->claims_count; i++) {
        const struct rebut_order *order =
            &frame->state->orders.data[frame->rows[frame->claims[i].row].order];
        losses->asked += frame->claims[i].first == i &&
                         loss_in_scope(losses, order->merchant) &&
                         loss_is_recent(losses, order);
    }
}

bool loss_fill_tables(struct rebut_losses *losses, const struct rebut_loss_split *splits,
                      struct rebut_error *err)
{
    bool ok = true;
    count_all(losses);
    for (int d = 0; ok && d < REBUT_DIMENSIONS; d++) {
        struct filling filling = {.losses = losses,
                                  .dimension = (enum rebut_loss_dimension)d};
        if (d == REBUT_BY_MERCHANT && losses->merchant_index != REBUT_NONE)
            continue;
        ok = fill(&filling, splits, err);
        free(filling.row_of);
        free(filling.orders);
        free(filling.asked);
        free(filling.rows.data);
        free(filling.path_first);
        free(filling.path);
    }
    return ok;
}
