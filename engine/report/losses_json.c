/* A report of losses as one JSON object; money in fen, exact to the millionth. */
#include <inttypes.h>
#include <math.h>

#include "json_value.h"
#include "losses_sums.h"
#include "rebut/losses.h"

/* "12.5" of 12500000 micro fen: every digit, no rounding. */
static void put_fen(struct rebut_output *out, const char *name, rebut_total micro)
{
    const bool below = micro < 0;
    const rebut_total size = below ? -micro : micro;
    int64_t part = (int64_t)(size % LOSS_MICRO);
    char text[LOSS_DIGITS];
    int digits = 6;
    rebut_output_print(out, "\"%s\":%s%s", name, below ? "-" : "",
                       loss_digits(size / LOSS_MICRO, text));
    for (; digits > 0 && part % 10 == 0; digits--)
        part /= 10;
    if (digits > 0)
        rebut_output_print(out, ".%0*" PRId64, digits, part);
}

static void put_text(struct rebut_output *out, const char *name, struct rebut_text text)
{
    rebut_output_print(out, "\"%s\":", name);
    if (text.data == NULL)
        rebut_output_print(out, "null");
    else
        rebut_output_json(out, text);
}

static void put_time(struct rebut_output *out, const char *name, int64_t at)
{
    char text[REBUT_TIME_SIZE] = "";
    if (at == INT64_MIN) {
        rebut_output_print(out, "\"%s\":null", name);
        return;
    }
    rebut_time_format(at, 480, text);
    rebut_output_print(out, "\"%s\":\"%s\"", name, text);
}

/* `"fen":1,"low":0,"high":2` */
static void put_part(struct rebut_output *out, const struct rebut_loss_part *part,
                     rebut_total amount)
{
    const struct rebut_loss_range range = rebut_loss_range_of(part, amount);
    put_fen(out, "fen", part->part);
    rebut_output_print(out, ",");
    put_fen(out, "low", range.low);
    rebut_output_print(out, ",");
    put_fen(out, "high", range.high);
}

static void put_sum(struct rebut_output *out, const struct rebut_loss_sum *sum)
{
    rebut_output_print(out, "\"requests\":%" PRIu64 ",", sum->requests);
    put_fen(out, "fen", sum->amount);
    for (int c = 0; c < REBUT_CAUSES; c++) {
        rebut_output_print(out, ",\"%s\":{", rebut_words_cause[c]);
        put_part(out, &sum->cause[c], sum->amount);
        rebut_output_print(out, "}");
    }
}

static void put_ratio(struct rebut_output *out, const char *name,
                      const struct rebut_loss_ratio *ratio)
{
    rebut_output_print(out, "\"%s\":{\"value\":", name);
    rebut_output_double(out, ratio->value);
    json_value(out, "low", ratio->low);
    json_value(out, "high", ratio->high);
    rebut_output_print(out, "}");
}

static bool is_numbered(int dimension)
{
    return dimension == REBUT_BY_WEEKDAY || dimension == REBUT_BY_HOUR ||
           dimension == REBUT_BY_FORTNIGHT;
}

static void put_row(const struct rebut_losses *losses, int dimension,
                    const struct rebut_loss_row *row, struct rebut_output *out)
{
    rebut_output_print(out, "{");
    if (dimension == REBUT_BY_FORTNIGHT)
        put_time(out, "key", (int64_t)row->number * REBUT_WINDOW);
    else if (is_numbered(dimension))
        rebut_output_print(out, "\"key\":%" PRIu32, row->number);
    else
        put_text(out, "key", row->key);
    if (dimension == REBUT_BY_DISTRIBUTOR)
        rebut_output_print(out, ",\"depth\":%" PRIu32, row->depth);
    rebut_output_print(out, ",\"orders\":%" PRIu64 ",\"asked\":%" PRIu64, row->orders,
                       row->asked);
    const double mean =
        losses->orders > 0 ? (double)losses->asked / (double)losses->orders : 0;
    json_value(out, "rate_shrunk",
               row->orders > 0 ? rebut_loss_rate(row, mean) : (double)NAN);
    rebut_output_print(out, ",");
    put_sum(out, &row->sum);
    rebut_output_print(out, "}");
}

static void put_bucket(struct rebut_output *out, const char *name,
                       const struct rebut_loss_row *row)
{
    rebut_output_print(out,
                       ",\"%s\":{\"groups\":%" PRIu32 ",\"orders\":%" PRIu64
                       ",\"asked\":%" PRIu64 ",",
                       name, row->number, row->orders, row->asked);
    put_sum(out, &row->sum);
    rebut_output_print(out, "}");
}

static void put_tables(const struct rebut_losses *losses, struct rebut_output *out)
{
    bool any = false;
    rebut_output_print(out, ",\"tables\":{");
    for (int d = 0; d < REBUT_DIMENSIONS; d++) {
        const struct rebut_loss_table *table = &losses->table[d];
        if (d == REBUT_BY_MERCHANT && losses->merchant_index != REBUT_NONE)
            continue;
        rebut_output_print(out, "%s\"%s\":{\"rows\":[", any ? "," : "",
                           rebut_words_dimension[d]);
        any = true;
        for (uint32_t i = 0; i < table->count; i++) {
            rebut_output_print(out, "%s", json_between(i));
            put_row(losses, d, &table->rows[i], out);
        }
        rebut_output_print(out, "]");
        put_bucket(out, "few", &table->few);
        put_bucket(out, "rest", &table->rest);
        rebut_output_print(out, "}");
    }
    rebut_output_print(out, "}");
}

static void put_rises(const struct rebut_losses *losses, struct rebut_output *out)
{
    rebut_output_print(out, ",\"rises_tested\":%" PRIu32, losses->rises_tested);
    json_list(out, "rises");
    for (uint32_t i = 0; i < losses->rises.count; i++) {
        const struct rebut_loss_rise *rise = &losses->rises.data[i];
        rebut_output_print(out, "%s{", json_between(i));
        put_text(out, "sku", rise->sku);
        if (losses->merchant_index == REBUT_NONE) {
            rebut_output_print(out, ",");
            put_text(out, "merchant", rise->merchant);
        }
        rebut_output_print(out, ",");
        put_time(out, "since", rise->since);
        json_value(out, "before", rise->before);
        json_value(out, "before_expected", rise->before_expected);
        json_value(out, "after", rise->after);
        json_value(out, "after_expected", rise->after_expected);
        json_value(out, "p", rise->p);
        json_value(out, "q", rise->q);
        rebut_output_print(out, ",");
        put_ratio(out, "ratio", &rise->ratio);
        rebut_output_print(out, ",");
        put_fen(out, "shop_fen", rise->shop);
        rebut_output_print(out, ",\"saving\":{");
        put_part(out, &rise->saving, losses->total.amount);
        rebut_output_print(out, "}}");
    }
    rebut_output_print(out, "]");
}

static void put_sessions(const struct rebut_losses *losses, struct rebut_output *out)
{
    json_list(out, "sessions");
    for (uint32_t i = 0; i < losses->sessions.count; i++) {
        const struct rebut_loss_session *session = &losses->sessions.data[i];
        rebut_output_print(out, "%s{", json_between(i));
        if (session->channel != REBUT_CHANNEL_NONE)
            put_text(out, "channel",
                     rebut_text_of(rebut_words_channel[session->channel]));
        else
            put_text(out, "host", session->host);
        rebut_output_print(
            out, ",\"orders\":%" PRIu64 ",\"asked\":%" PRIu64 ",\"returned\":%" PRIu64,
            session->orders, session->asked, session->returned);
        json_value(out, "asked_expected", session->asked_expected);
        json_value(out, "returned_expected", session->returned_expected);
        rebut_output_print(out, ",");
        put_ratio(out, "asked_ratio", &session->asked_ratio);
        rebut_output_print(out, ",");
        put_ratio(out, "returned_ratio", &session->returned_ratio);
        rebut_output_print(out, ",\"saving\":{");
        put_part(out, &session->saving, losses->total.amount);
        rebut_output_print(out, "}}");
    }
    rebut_output_print(out, "]");
}

static void put_pair(struct rebut_output *out, const char *name,
                     const struct rebut_loss_pair *pair)
{
    rebut_output_print(out,
                       ",\"%s\":{\"orders\":%" PRIu64 ",\"asked\":%" PRIu64
                       ",\"other_orders\":%" PRIu64 ",\"other_asked\":%" PRIu64 ",",
                       name, pair->orders[1], pair->asked[1], pair->orders[0],
                       pair->asked[0]);
    put_fen(out, "difference_fen", pair->difference * LOSS_MICRO);
    rebut_output_print(out, ",");
    put_ratio(out, "ratio", &pair->ratio);
    rebut_output_print(out, "}");
}

static void put_peers(const struct rebut_losses *losses, struct rebut_output *out)
{
    json_list(out, "category_averages");
    for (uint32_t i = 0; i < losses->peers.count; i++) {
        const struct rebut_loss_peer *peer = &losses->peers.data[i];
        rebut_output_print(out, "%s{", json_between(i));
        put_text(out, "category", peer->category);
        json_value(out, "own", peer->own);
        json_value(out, "others", peer->others);
        rebut_output_print(out, "}");
    }
    rebut_output_print(out, "]");
}

bool rebut_losses_write_json(const struct rebut_losses *losses, struct rebut_output *out)
{
    rebut_output_print(out, "{\"schema\":\"rebut-losses-1\",");
    put_text(out, "merchant", losses->merchant);
    rebut_output_print(out, ",");
    put_time(out, "since", losses->since);
    rebut_output_print(out, ",");
    put_time(out, "as_of", losses->scores->inference->frame->as_of);
    rebut_output_print(out,
                       ",\"model\":\"%s\",\"orders\":%" PRIu64 ",\"asked\":%" PRIu64
                       ",\"refused_requests\":%" PRIu64 ",",
                       losses->scores->model->version, losses->orders, losses->asked,
                       losses->refused);
    put_fen(out, "refused_fen", losses->refused_amount);
    rebut_output_print(out, ",\"total\":{");
    put_sum(out, &losses->total);
    rebut_output_print(out, "},\"pieces\":{");
    for (int piece = 0; piece < REBUT_PIECES; piece++) {
        rebut_output_print(out, "%s\"%s\":{", json_between((size_t)piece),
                           rebut_words_piece[piece]);
        put_part(out, &losses->piece[piece], losses->total.amount);
        rebut_output_print(out, "}");
    }
    rebut_output_print(out, "}");
    put_tables(losses, out);
    put_rises(losses, out);
    put_sessions(losses, out);
    put_pair(out, "late_shipments", &losses->late);
    put_pair(out, "price_drops", &losses->drops);
    put_peers(losses, out);
    return rebut_output_print(out, "}\n");
}
