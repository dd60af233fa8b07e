/* Names of what a report of losses is made of, and the arithmetic of its sums. */
#include "rebut/losses_parts.h"

#include <math.h>

#include "losses_sums.h"
#include "rebut/losses.h"

const char *const rebut_words_piece[REBUT_PIECES] = {
    [REBUT_PIECE_ABUSE] = "abuse",     [REBUT_PIECE_FAULT] = "fault",
    [REBUT_PIECE_GOODS] = "goods",     [REBUT_PIECE_SHIPPED] = "shipped_late",
    [REBUT_PIECE_CARRIER] = "carrier", [REBUT_PIECE_TRANSIT] = "transit",
    [REBUT_PIECE_PARCEL] = "parcel",   [REBUT_PIECE_PRICE] = "price_drop",
    [REBUT_PIECE_MIND] = "mind",       [REBUT_PIECE_UNKNOWN] = "undetermined",
};

const char *const rebut_words_cause[REBUT_CAUSES] = {
    [REBUT_CAUSE_ABUSE] = "abuse",          [REBUT_CAUSE_SHOP] = "shop",
    [REBUT_CAUSE_LOGISTICS] = "logistics",  [REBUT_CAUSE_ORDINARY] = "ordinary",
    [REBUT_CAUSE_UNKNOWN] = "undetermined",
};

const char *const rebut_words_dimension[REBUT_DIMENSIONS] = {
    [REBUT_BY_SKU] = "sku",           [REBUT_BY_CATEGORY] = "category",
    [REBUT_BY_CHANNEL] = "channel",   [REBUT_BY_HOST] = "host",
    [REBUT_BY_CAMPAIGN] = "campaign", [REBUT_BY_REGION] = "region",
    [REBUT_BY_CARRIER] = "carrier",   [REBUT_BY_DISTRIBUTOR] = "distributor",
    [REBUT_BY_WEEKDAY] = "weekday",   [REBUT_BY_HOUR] = "hour",
    [REBUT_BY_REASON] = "reason",     [REBUT_BY_FORTNIGHT] = "fortnight",
    [REBUT_BY_MERCHANT] = "merchant",
};

enum rebut_loss_cause rebut_loss_cause_of(enum rebut_loss_piece piece)
{
    static const enum rebut_loss_cause causes[REBUT_PIECES] = {
        [REBUT_PIECE_ABUSE] = REBUT_CAUSE_ABUSE,
        [REBUT_PIECE_FAULT] = REBUT_CAUSE_SHOP,
        [REBUT_PIECE_GOODS] = REBUT_CAUSE_SHOP,
        [REBUT_PIECE_SHIPPED] = REBUT_CAUSE_SHOP,
        [REBUT_PIECE_CARRIER] = REBUT_CAUSE_LOGISTICS,
        [REBUT_PIECE_TRANSIT] = REBUT_CAUSE_LOGISTICS,
        [REBUT_PIECE_PARCEL] = REBUT_CAUSE_LOGISTICS,
        [REBUT_PIECE_PRICE] = REBUT_CAUSE_ORDINARY,
        [REBUT_PIECE_MIND] = REBUT_CAUSE_ORDINARY,
        [REBUT_PIECE_UNKNOWN] = REBUT_CAUSE_UNKNOWN,
    };
    return causes[piece];
}

struct rebut_loss_range rebut_loss_range_of(const struct rebut_loss_part *part,
                                            rebut_total amount)
{
    const double chance =
        LOSS_NORMAL_90 * sqrt((double)part->variance) * (double)LOSS_MICRO;
    const rebut_total low = part->low - (rebut_total)chance;
    const rebut_total high = part->high + (rebut_total)chance;
    return (struct rebut_loss_range){.low = low < 0 ? 0 : low,
                                     .high = high > amount ? amount : high};
}

const char *loss_digits(rebut_total number, char ret_text[LOSS_DIGITS])
{
    char *at = ret_text + LOSS_DIGITS - 1;
    *at = '\0';
    do {
        *--at = (char)('0' + (int)(number % 10));
        number /= 10;
    } while (number > 0);
    return at;
}

double rebut_loss_rate(const struct rebut_loss_row *row, double mean)
{
    return ((double)row->asked + REBUT_LOSS_SHRINK * mean) /
           ((double)row->orders + REBUT_LOSS_SHRINK);
}

void loss_part_add(struct rebut_loss_part *to, const struct rebut_loss_part *from)
{
    to->part += from->part;
    to->low += from->low;
    to->high += from->high;
    to->variance += from->variance;
}

void loss_sum_add(struct rebut_loss_sum *to, const struct rebut_loss_sum *from)
{
    to->requests += from->requests;
    to->amount += from->amount;
    for (int c = 0; c < REBUT_CAUSES; c++)
        loss_part_add(&to->cause[c], &from->cause[c]);
}

void loss_row_add(struct rebut_loss_row *to, const struct rebut_loss_row *from)
{
    to->number++;
    to->orders += from->orders;
    to->asked += from->asked;
    loss_sum_add(&to->sum, &from->sum);
}

struct rebut_loss_sum loss_sum_of(const struct rebut_loss_split *split)
{
    struct rebut_loss_sum sum = {.requests = 1, .amount = split->amount};
    for (int piece = 0; piece < REBUT_PIECES; piece++)
        sum.cause[rebut_loss_cause_of((enum rebut_loss_piece)piece)].part +=
            split->piece[piece];
    for (int c = 0; c < REBUT_CAUSES; c++) {
        sum.cause[c].low = split->low[c];
        sum.cause[c].high = split->high[c];
        sum.cause[c].variance = (rebut_total)split->variance[c];
    }
    return sum;
}

struct rebut_loss_part loss_piece_of(const struct rebut_loss_split *split, int piece)
{
    return (struct rebut_loss_part){.part = split->piece[piece],
                                    .low = split->piece_low[piece],
                                    .high = split->piece_high[piece],
                                    .variance =
                                        (rebut_total)split->piece_variance[piece]};
}

/* Counts a and b with a half added where one is none, exposures n and m; the log of the
 * ratio has variance 1/a + 1/b. */
struct rebut_loss_ratio loss_ratio(double a, double n, double b, double m)
{
    if (!(n > 0 && m > 0 && a >= 0 && b >= 0))
        return (struct rebut_loss_ratio){(double)NAN, (double)NAN, (double)NAN};
    if (a == 0 || b == 0) {
        a += .5;
        b += .5;
    }
    const double value = a / n / (b / m);
    const double half = exp(LOSS_NORMAL_90 * sqrt(1 / a + 1 / b));
    return (struct rebut_loss_ratio){value, value / half, value * half};
}

/* What of a sum would be missing at a ratio of 1: 1 - 1 / ratio of it, nothing below. */
static double excess(double ratio)
{
    return ratio > 1 ? 1 - 1 / ratio : 0;
}

struct rebut_loss_part loss_saving(const struct rebut_loss_part *sum,
                                   const struct rebut_loss_ratio *ratio)
{
    return (struct rebut_loss_part){
        .part = (rebut_total)((double)sum->part * excess(ratio->value)),
        .low = (rebut_total)((double)sum->low * excess(ratio->low)),
        .high = (rebut_total)((double)sum->high * excess(ratio->high)),
        .variance = sum->variance};
}
