/* Forecasts against what happened, and forecasts as a list. */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#include "forecaster.h"
#include "rebut/metrics.h"

/* One order with its outlook and, when it is judged, what happened. */
struct foreseen {
    uint32_t order;
    uint8_t requested;
    struct rebut_outlook outlook;
};

struct work {
    struct foreseen *list;
    uint32_t count;
    double *scores;
    uint8_t *labels;
    uint32_t *order, *scratch;
};

static void close_work(struct work *work)
{
    free(work->list);
    free(work->scores);
    free(work->labels);
    free(work->order);
    free(work->scratch);
}

/* Which orders of the state have a refund-only request. */
static uint8_t *requested_orders(const struct rebut_state *state)
{
    uint8_t *requested = calloc(state->orders.count + (size_t)1, 1);
    for (uint32_t i = 0; requested != NULL && i < state->requests.count; i++)
        if (state->requests.data[i].kind == REBUT_KIND_REFUND_ONLY)
            requested[state->requests.data[i].order] = 1;
    return requested;
}

/* All orders with after < at <= until, in the order of reading. */
static bool open_work(struct work *work, const struct rebut_forecaster *forecaster,
                      int64_t after, int64_t until, struct rebut_error *err)
{
    const struct rebut_state *state = forecaster->later;
    const size_t room = state->orders.count + (size_t)1;
    uint8_t *requested = requested_orders(state);
    *work = (struct work){.list = malloc(room * sizeof *work->list),
                          .scores = malloc(room * sizeof *work->scores),
                          .labels = malloc(room),
                          .order = malloc(room * sizeof *work->order),
                          .scratch = malloc(room * sizeof *work->scratch)};
    if (requested == NULL || work->list == NULL || work->scores == NULL ||
        work->labels == NULL || work->order == NULL || work->scratch == NULL) {
        free(requested);
        close_work(work);
        return rebut_fail_memory(err, "the forecast");
    }
    for (uint32_t i = 0; i < state->orders.count; i++)
        if (state->orders.data[i].at > after && state->orders.data[i].at <= until)
            work->list[work->count++] =
                (struct foreseen){.order = i,
                                  .requested = requested[i],
                                  .outlook = rebut_forecast(forecaster, i, false)};
    free(requested);
    return true;
}

static double forecast_of(const struct rebut_outlook *outlook)
{
    return outlook->probability;
}
static double buyer_of(const struct rebut_outlook *outlook)
{
    return fmin(1, outlook->by_buyer);
}
static double item_of(const struct rebut_outlook *outlook)
{
    return fmin(1, outlook->by_item);
}

/* AUC and average precision of one kind of forecast over part of the list. */
static bool rank(struct work *work, const struct foreseen *list, uint32_t count,
                 double (*score_of)(const struct rebut_outlook *), double *ret_auc,
                 double *ret_ap, struct rebut_error *err)
{
    struct rebut_ranking ranking;
    for (uint32_t i = 0; i < count; i++) {
        work->scores[i] = score_of(&list[i].outlook);
        work->labels[i] = list[i].requested;
    }
    if (!rebut_ranking_make(work->scores, work->labels, count, work->order, work->scratch,
                            &ranking, err))
        return false;
    *ret_auc = *ret_ap = (double)NAN;
    if (ranking.positives == 0 || ranking.positives == ranking.count)
        return true;
    return rebut_metric_auc(&ranking, ret_auc, err) &&
           rebut_metric_average_precision(&ranking, ret_ap, err);
}

static bool judge_part(struct work *work, const struct foreseen *list, uint32_t count,
                       struct rebut_forecast_split *split, struct rebut_error *err)
{
    split->orders = count;
    split->requested = 0;
    split->expected = 0;
    for (uint32_t i = 0; i < count; i++) {
        split->requested += list[i].requested;
        split->expected += list[i].outlook.probability;
    }
    return rank(work, list, count, forecast_of, &split->auc, &split->ap, err) &&
           rank(work, list, count, buyer_of, &split->auc_buyer, &split->ap_buyer, err) &&
           rank(work, list, count, item_of, &split->auc_item, &split->ap_item, err);
}

static int by_time(const void *left, const void *right, void *context)
{
    const struct rebut_state *state = context;
    const struct foreseen *a = left, *b = right;
    const int64_t x = state->orders.data[a->order].at,
                  y = state->orders.data[b->order].at;
    if (x != y)
        return x < y ? -1 : 1;
    return a->order < b->order ? -1 : a->order > b->order;
}

bool rebut_forecast_judge(const struct rebut_forecaster *forecaster, int64_t after,
                          int64_t until, int splits, struct rebut_forecast_split *ret,
                          struct rebut_error *err)
{
    struct rebut_state state = *forecaster->later; /* for qsort_r, which takes no const */
    struct work work;
    if (!(splits >= 1 && splits <= 12 && after < until))
        return rebut_fail(err, REBUT_EINPUT, "expected 1 to 12 splits of some time");
    if (!open_work(&work, forecaster, after, until, err))
        return false;
    bool ok = work.count > 0 ||
              rebut_fail(err, REBUT_EDATA, "no orders after the as-of time to judge by");
    qsort_r(work.list, work.count, sizeof *work.list, by_time, &state);
    uint32_t first = 0;
    for (int i = 0; ok && i < splits; i++) {
        const int64_t to =
            i + 1 == splits ? until : after + (until - after) / splits * (i + 1);
        uint32_t end = first;
        while (end < work.count && state.orders.data[work.list[end].order].at <= to)
            end++;
        ret[i] = (struct rebut_forecast_split){.from = i == 0 ? after : ret[i - 1].to,
                                               .to = to};
        ok = judge_part(&work, work.list + first, end - first, &ret[i], err);
        first = end;
    }
    ret[splits] = (struct rebut_forecast_split){.from = after, .to = until};
    ok = ok && judge_part(&work, work.list, work.count, &ret[splits], err);
    close_work(&work);
    return ok;
}

static int by_probability(const void *left, const void *right, void *context)
{
    const struct foreseen *a = left, *b = right;
    if (a->outlook.probability != b->outlook.probability)
        return a->outlook.probability > b->outlook.probability ? -1 : 1;
    return by_time(left, right, context);
}

static void write_interval(struct rebut_output *out, const char *name, double value,
                           double low, double high)
{
    rebut_output_print(out, "\"%s\":", name);
    rebut_output_double(out, value);
    rebut_output_print(out, ",\"%s_interval\":[", name);
    rebut_output_double(out, low);
    rebut_output_print(out, ",");
    rebut_output_double(out, high);
    rebut_output_print(out, "],");
}

static bool write_one(const struct rebut_forecaster *forecaster,
                      const struct foreseen *foreseen, uint32_t rank_number,
                      const char *as_of, struct rebut_output *out)
{
    const struct rebut_state *state = forecaster->later;
    const struct rebut_order *order = &state->orders.data[foreseen->order];
    const struct rebut_outlook whole = rebut_forecast(forecaster, foreseen->order, true);
    const struct rebut_outlook *outlook = &whole;
    char placed_at[REBUT_TIME_SIZE];
    rebut_time_format(order->at, 0, placed_at);
    rebut_output_print(out, "{\"rank\":%" PRIu32 ",\"order_id\":", rank_number);
    rebut_output_json(out, rebut_intern_text(&state->order_ids, foreseen->order));
    rebut_output_print(out, ",\"merchant_id\":");
    rebut_output_json(out, rebut_intern_text(&state->merchant_ids, order->merchant));
    rebut_output_print(out, ",\"placed_at\":\"%s\",\"amount\":%" PRId64 ",", placed_at,
                       order->amount);
    write_interval(out, "fault", outlook->fault, outlook->fault_low, outlook->fault_high);
    write_interval(out, "abuse", outlook->abuse, outlook->abuse_low, outlook->abuse_high);
    rebut_output_print(out, "\"probability\":");
    rebut_output_double(out, outlook->probability);
    return rebut_output_print(out, ",\"as_of\":\"%s\",\"model\":\"%s\"}\n", as_of,
                              forecaster->model->version);
}

bool rebut_forecast_write(const struct rebut_forecaster *forecaster, int64_t from,
                          int64_t to, struct rebut_output *out, struct rebut_error *err)
{
    struct rebut_state state = *forecaster->later;
    struct work work;
    char as_of[REBUT_TIME_SIZE];
    if (!open_work(&work, forecaster, from - 1, to, err))
        return false;
    rebut_time_format(forecaster->inference->frame->as_of, 0, as_of);
    qsort_r(work.list, work.count, sizeof *work.list, by_probability, &state);
    uint32_t rank_number = 0;
    for (uint32_t i = 0; i < work.count; i++)
        if (!work.list[i].requested &&
            !write_one(forecaster, &work.list[i], ++rank_number, as_of, out))
            break; /* the commit says why */
    close_work(&work);
    return true;
}
