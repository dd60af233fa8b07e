#include "factors.h"

#include <stdio.h>
#include <stdlib.h>

#define BINS_MAX 16

/* One factor: which rates it moves, and its bins where they are stated ones. */
struct factor {
    const char *name;
    bool moves[REBUT_RATES];
    int bins; /* 0: levels are names from the events */
    const char *bin[BINS_MAX];
};

static const struct factor table[REBUT_FACTORS] = {
    [REBUT_FACTOR_CATEGORY] = {"category", {true, true, true}, 0, {0}},
    [REBUT_FACTOR_CHANNEL] = {"channel", {true, false, true}, REBUT_CHANNELS, {0}},
    [REBUT_FACTOR_CAMPAIGN] = {"campaign", {true, false, true}, 0, {0}},
    [REBUT_FACTOR_PRICE] = {"price_band",
                            {true, true, true},
                            6,
                            {"p00_10", "p10_25", "p25_50", "p50_75", "p75_90",
                             "p90_100"}},
    [REBUT_FACTOR_SHIPPED] = {"shipped",
                              {true, false, false},
                              8,
                              {"no_promise", "in_time", "late_1d", "late_2d", "late_4d",
                               "later", "waiting", "overdue"}},
    [REBUT_FACTOR_TRANSIT] = {"transit",
                              {true, false, true},
                              9,
                              {"not_shipped", "under_1.5d", "under_3d", "under_4.5d",
                               "under_6d", "under_9d", "over_9d", "on_the_way", "lost"}},
    [REBUT_FACTOR_DROP] = {"price_drop",
                           {true, false, false},
                           4,
                           {"under_3%", "under_10%", "under_20%", "over_20%"}},
    [REBUT_FACTOR_AGE] = {"order_age",
                          {true, true, true},
                          10,
                          {"under_1d", "under_2d", "under_3d", "under_4d", "under_5d",
                           "under_6d", "under_8d", "under_10d", "under_14d", "over_14d"}},
    [REBUT_FACTOR_CARRIER] = {"carrier_category", {true, false, false}, 0, {0}},
    [REBUT_FACTOR_ACCOUNT] = {"account_age",
                              {false, true, false},
                              7,
                              {"unknown", "under_30d", "under_90d", "under_180d",
                               "under_1y", "under_2y", "over_2y"}},
};

bool rebut_factor_moves(enum rebut_factor_id factor, enum rebut_rate_id rate)
{
    return table[factor].moves[rate];
}

const char *rebut_factor_name(enum rebut_factor_id factor)
{
    return table[factor].name;
}

static const char *bin_name(int factor, int bin)
{
    if (factor == REBUT_FACTOR_CHANNEL)
        return bin == 0 ? "none" : rebut_words_channel[bin];
    return table[factor].bin[bin];
}

/* The bin of `value` among ascending edges: how many of them it reaches. */
static int bin_of(double value, const double *edges, int count)
{
    int bin = 0;
    while (bin < count && value >= edges[bin])
        bin++;
    return bin;
}

static double days(int64_t microseconds)
{
    return (double)microseconds / (double)REBUT_DAY;
}

int rebut_shipped_bin(const struct rebut_order *order, int64_t as_of)
{
    static const double edges[] = {0, 1, 2, 4};
    if (order->promised_s == REBUT_SECONDS_NONE)
        return 0;
    if (order->shipped_s == REBUT_SECONDS_NONE)
        return order->at + order->promised_s * REBUT_SECOND < as_of ? 7 : 6;
    return 1 + bin_of(((double)order->shipped_s - order->promised_s) / 86400, edges, 4);
}

int rebut_transit_bin(const struct rebut_order *order, int64_t as_of)
{
    static const double edges[] = {1.5, 3, 4.5, 6, 9};
    const int32_t start = order->shipped_s == REBUT_SECONDS_NONE ? 0 : order->shipped_s;
    if (order->delivered_s != REBUT_SECONDS_NONE)
        return 1 + bin_of(((double)order->delivered_s - start) / 86400, edges, 5);
    if (order->shipped_s == REBUT_SECONDS_NONE)
        return 0;
    return days(as_of - order->at - start * REBUT_SECOND) > 12 ? 8 : 7;
}

double rebut_price_drop(const struct rebut_lens *lens, const struct rebut_order *order)
{
    const struct rebut_span span = lens->prices_of[order->sku];
    if (order->amount <= 0)
        return 0;
    double lowest = (double)order->amount;
    for (uint32_t i = span.first; i < span.end; i++) {
        const struct rebut_price *price = &lens->prices[i];
        if (price->at <= order->at)
            continue;
        if (price->at > order->at + 15 * REBUT_DAY)
            break;
        const double now = (double)price->price * order->quantity;
        lowest = now < lowest ? now : lowest;
    }
    return 1 - lowest / (double)order->amount;
}

static int age_bin(const struct rebut_order *order, int64_t as_of)
{
    static const double edges[] = {1, 2, 3, 4, 5, 6, 8, 10, 14};
    return bin_of(days(as_of - order->at), edges, 9);
}

static int account_bin(const struct rebut_order *order)
{
    static const double edges[] = {30, 90, 180, 365, 730};
    if (order->account_age_s == REBUT_SECONDS_NONE)
        return 0;
    return 1 + bin_of((double)order->account_age_s / 86400, edges, 5);
}

static int price_bin(const struct rebut_model *model, int64_t amount)
{
    int bin = 0;
    while (bin < REBUT_PRICE_CUTS && amount >= model->price_cuts[bin])
        bin++;
    return bin;
}

void rebut_lens_levels(const struct rebut_lens *lens, const struct rebut_order *order,
                       uint16_t *ret_level)
{
    static const double drops[] = {.03, .1, .2};
    const int64_t as_of = lens->as_of;
    const uint16_t(*fixed)[BINS_MAX] = lens->fixed;
    const size_t words = lens->state->categories.count + (size_t)1;
    ret_level[REBUT_FACTOR_CATEGORY] = lens->category[order->category];
    ret_level[REBUT_FACTOR_CAMPAIGN] = lens->campaign[order->campaign];
    ret_level[REBUT_FACTOR_CARRIER] =
        lens->carrier[order->carrier * words + order->category];
    ret_level[REBUT_FACTOR_CHANNEL] = fixed[REBUT_FACTOR_CHANNEL][order->channel];
    ret_level[REBUT_FACTOR_PRICE] =
        fixed[REBUT_FACTOR_PRICE][price_bin(lens->model, order->amount)];
    ret_level[REBUT_FACTOR_SHIPPED] =
        fixed[REBUT_FACTOR_SHIPPED][rebut_shipped_bin(order, as_of)];
    ret_level[REBUT_FACTOR_TRANSIT] =
        fixed[REBUT_FACTOR_TRANSIT][rebut_transit_bin(order, as_of)];
    ret_level[REBUT_FACTOR_DROP] =
        fixed[REBUT_FACTOR_DROP][bin_of(rebut_price_drop(lens, order), drops, 3)];
    ret_level[REBUT_FACTOR_AGE] = fixed[REBUT_FACTOR_AGE][age_bin(order, as_of)];
    ret_level[REBUT_FACTOR_ACCOUNT] = fixed[REBUT_FACTOR_ACCOUNT][account_bin(order)];
}

/* ---- names and levels ---- */

uint32_t rebut_model_level(const struct rebut_model *model, enum rebut_factor_id factor,
                           struct rebut_text name)
{
    const struct rebut_intern *names = &model->factors[factor].names;
    const uint32_t index = rebut_intern_find(names, name, rebut_intern_hash(names, name));
    return index == REBUT_INTERN_NONE ? 0 : index + 1;
}

bool rebut_model_add_level(struct rebut_model *model, enum rebut_factor_id factor,
                           struct rebut_text name, uint32_t *ret_level,
                           struct rebut_error *err)
{
    struct rebut_factor_table *levels = &model->factors[factor];
    uint32_t index = 0;
    if (!rebut_intern_put(&levels->names, name, rebut_intern_hash(&levels->names, name),
                          &index, err))
        return false;
    *ret_level = index + 1;
    if (levels->levels >= index + 2)
        return true;
    if (table[factor].bins > 0 && index >= (uint32_t)table[factor].bins)
        return rebut_fail(err, REBUT_EDATA, "expected at most %d levels of '%s'",
                          table[factor].bins, table[factor].name);
    if (index + 2 > REBUT_FACTOR_LEVELS_MAX)
        return rebut_fail(err, REBUT_ELIMIT, "at most %d levels of '%s'",
                          REBUT_FACTOR_LEVELS_MAX, table[factor].name);
    for (int rate = 0; rate < REBUT_RATES; rate++) {
        if (!table[factor].moves[rate])
            continue;
        double *grown = realloc(levels->multiplier[rate], (index + 2) * sizeof *grown);
        if (grown == NULL)
            return rebut_fail_memory(err, "a model's factors");
        levels->multiplier[rate] = grown;
        grown[0] = 1;
        grown[index + 1] = 1;
    }
    levels->levels = index + 2;
    return true;
}

/* "carrier|category" into `room`; at most REBUT_INTERN_TEXT_MAX bytes. */
static struct rebut_text pair_name(const struct rebut_state *state, uint32_t carrier,
                                   uint32_t category, char *room, size_t size)
{
    const struct rebut_text a = carrier == 0
                                    ? REBUT_TEXT("none")
                                    : rebut_intern_text(&state->carriers, carrier - 1);
    const struct rebut_text b = category == 0
                                    ? REBUT_TEXT("none")
                                    : rebut_intern_text(&state->categories, category - 1);
    size_t kept = a.size;
    if (kept > 120)
        for (kept = 120; (a.data[kept] & 0xc0) == 0x80; kept--)
            ; /* not within a character */
    const int used =
        snprintf(room, size, "%.*s|%.*s", (int)kept, a.data, (int)b.size, b.data);
    return (struct rebut_text){room, (size_t)used < size ? (size_t)used : size - 1};
}

static bool learn_names(struct rebut_model *model, enum rebut_factor_id factor,
                        const struct rebut_intern *words, struct rebut_error *err)
{
    uint32_t level = 0;
    for (uint32_t i = 0; i < words->count; i++)
        if (!rebut_model_add_level(model, factor, rebut_intern_text(words, i), &level,
                                   err))
            return false;
    return true;
}

/* Amounts on a grid of 1/64 octave: quantiles that depend on no order. */
#define AMOUNT_GRID (64 * 42)

static void cut_prices(struct rebut_model *model, const struct rebut_state *state,
                       uint64_t *grid)
{
    static const double shares[REBUT_PRICE_CUTS] = {.1, .25, .5, .75, .9};
    memset(grid, 0, AMOUNT_GRID * sizeof *grid);
    for (uint32_t i = 0; i < state->orders.count; i++) {
        const uint64_t amount = (uint64_t)state->orders.data[i].amount + 1;
        const int octave = 63 - __builtin_clzll(amount);
        const uint64_t part =
            octave >= 6 ? amount >> (octave - 6) : amount << (6 - octave);
        grid[(size_t)octave * 64 + (part & 63)]++;
    }
    uint64_t below = 0;
    int cut = 0;
    for (size_t at = 0; at < AMOUNT_GRID && cut < REBUT_PRICE_CUTS; at++) {
        below += grid[at];
        while (cut < REBUT_PRICE_CUTS &&
               (double)below >= shares[cut] * (double)state->orders.count) {
            const size_t octave = (at + 1) / 64, part = (at + 1) % 64;
            model->price_cuts[cut++] =
                (int64_t)(((uint64_t)(64 + part) << octave) / 64) - 1;
        }
    }
}

bool rebut_model_learn_levels(struct rebut_model *model, const struct rebut_state *state,
                              struct rebut_error *err)
{
    uint32_t level = 0;
    for (int factor = 0; factor < REBUT_FACTORS; factor++)
        for (int bin = 0; bin < table[factor].bins; bin++)
            if (!rebut_model_add_level(model, (enum rebut_factor_id)factor,
                                       rebut_text_of(bin_name(factor, bin)), &level, err))
                return false;
    if (!learn_names(model, REBUT_FACTOR_CATEGORY, &state->categories, err) ||
        !learn_names(model, REBUT_FACTOR_CAMPAIGN, &state->campaigns, err))
        return false;
    const uint32_t carriers = state->carriers.count, categories = state->categories.count;
    if ((uint64_t)carriers * categories < 10000)
        for (uint32_t a = 1; a <= carriers; a++)
            for (uint32_t b = 1; b <= categories; b++) {
                char room[REBUT_INTERN_TEXT_MAX + 1];
                if (!rebut_model_add_level(model, REBUT_FACTOR_CARRIER,
                                           pair_name(state, a, b, room, sizeof room),
                                           &level, err))
                    return false;
            }
    uint64_t *grid = malloc(AMOUNT_GRID * sizeof *grid);
    if (grid == NULL)
        return rebut_fail_memory(err, "price bands");
    cut_prices(model, state, grid);
    free(grid);
    return true;
}

static uint16_t *name_levels(const struct rebut_model *model, enum rebut_factor_id factor,
                             const struct rebut_intern *words)
{
    uint16_t *levels = calloc(words->count + (size_t)1, sizeof *levels);
    for (uint32_t i = 0; levels != NULL && i < words->count; i++)
        levels[i + 1] =
            (uint16_t)rebut_model_level(model, factor, rebut_intern_text(words, i));
    return levels;
}

static uint16_t *pair_levels(const struct rebut_state *state,
                             const struct rebut_model *model)
{
    const size_t carriers = state->carriers.count + (size_t)1;
    const size_t categories = state->categories.count + (size_t)1;
    uint16_t *levels = calloc(carriers * categories, sizeof *levels);
    for (uint32_t a = 1; levels != NULL && a < carriers; a++)
        for (uint32_t b = 1; b < categories; b++) {
            char room[REBUT_INTERN_TEXT_MAX + 1];
            levels[a * categories + b] = (uint16_t)rebut_model_level(
                model, REBUT_FACTOR_CARRIER, pair_name(state, a, b, room, sizeof room));
        }
    return levels;
}

struct rebut_span *rebut_spans_of_prices(const struct rebut_state *state)
{
    struct rebut_span *spans = calloc(state->sku_ids.count + (size_t)1, sizeof *spans);
    for (uint32_t i = 0; spans != NULL && i < state->prices.count; i++) {
        struct rebut_span *span = &spans[state->prices.data[i].sku];
        if (span->end == 0)
            span->first = i;
        span->end = i + 1;
    }
    return spans;
}

bool rebut_lens_open(struct rebut_lens *ret, const struct rebut_state *state,
                     const struct rebut_model *model, int64_t as_of,
                     struct rebut_error *err)
{
    *ret = (struct rebut_lens){.state = state, .model = model, .as_of = as_of};
    ret->category = name_levels(model, REBUT_FACTOR_CATEGORY, &state->categories);
    ret->campaign = name_levels(model, REBUT_FACTOR_CAMPAIGN, &state->campaigns);
    ret->carrier = pair_levels(state, model);
    ret->prices = state->prices.data;
    ret->prices_of = rebut_spans_of_prices(state);
    if (ret->category == NULL || ret->campaign == NULL || ret->carrier == NULL ||
        ret->prices_of == NULL) {
        rebut_lens_close(ret);
        return rebut_fail_memory(err, "circumstances");
    }
    for (int factor = 0; factor < REBUT_FACTORS; factor++)
        for (int bin = 0; bin < table[factor].bins; bin++)
            ret->fixed[factor][bin] =
                (uint16_t)rebut_model_level(model, (enum rebut_factor_id)factor,
                                            rebut_text_of(bin_name(factor, bin)));
    return true;
}

void rebut_lens_close(struct rebut_lens *lens)
{
    free(lens->category);
    free(lens->campaign);
    free(lens->carrier);
    free(lens->prices_of);
    *lens = (struct rebut_lens){0};
}
