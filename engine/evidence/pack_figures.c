#include "pack_figures.h"

#include <math.h>
#include <stdio.h>

#include "pack_memory.h"
#include "rebut/special.h"

#define LOW .05
#define HIGH .95

static double at_most(double x, double most)
{
    return x > most ? most : x;
}

/* Jeffreys: the posterior after Beta(1/2, 1/2). */
static void jeffreys(double hits, double count, double *ret_share, double *ret_low,
                     double *ret_high)
{
    *ret_share = *ret_low = *ret_high = (double)NAN;
    if (!(count > 0))
        return;
    const double a = at_most(fmax(0, hits), count) + .5;
    const double b = count - a + 1;
    *ret_share = rebut_pack_round(hits / count);
    *ret_low = rebut_pack_round(rebut_beta_quantile(LOW, a, b));
    *ret_high = rebut_pack_round(rebut_beta_quantile(HIGH, a, b));
}

struct rebut_pack_rate rebut_pack_rate_of(int64_t requests, int64_t orders)
{
    struct rebut_pack_rate rate = {.requests = requests, .orders = orders};
    jeffreys((double)requests, (double)orders, &rate.rate, &rate.low, &rate.high);
    return rate;
}

struct rebut_pack_share rebut_pack_share_of(int64_t requests, double fault)
{
    struct rebut_pack_share share = {.requests = requests, .fault = fault};
    jeffreys(fault, (double)requests, &share.share, &share.low, &share.high);
    return share;
}

void rebut_pack_bin_of(struct rebut_pack_bin *bin)
{
    jeffreys((double)bin->abuse, (double)bin->judged, &bin->share, &bin->low, &bin->high);
}

struct rebut_pack_fault rebut_pack_fault_of(const struct rebut_pack_level *level)
{
    const double shape = level->rho + level->counted;
    const double rate = level->rho / level->psi + level->expected;
    return (struct rebut_pack_fault){
        .ratio = rebut_pack_round(shape / rate),
        .low = rebut_pack_round(rebut_gamma_quantile(LOW, shape, rate)),
        .high = rebut_pack_round(rebut_gamma_quantile(HIGH, shape, rate)),
        .usual_low = rebut_pack_round(rebut_gamma_quantile(LOW, level->rho, level->rho)),
        .usual_high =
            rebut_pack_round(rebut_gamma_quantile(HIGH, level->rho, level->rho))};
}

struct rebut_pack_fault rebut_pack_recent_of(const struct rebut_pack_level *merchant,
                                             const struct rebut_pack_level *item)
{
    const double none = (double)NAN;
    const double ratio =
        (merchant->rho + merchant->counted) /
        (merchant->rho / merchant->psi + merchant->expected) *
        ((item->rho + item->counted) / (item->rho / item->psi + item->expected));
    return (struct rebut_pack_fault){rebut_pack_round(ratio), none, none, none, none};
}

void rebut_pack_ratio_of(int64_t count, double expected, double *ret_ratio,
                         double *ret_low, double *ret_high)
{
    const double k = (double)count;
    *ret_ratio = *ret_low = *ret_high = (double)NAN;
    if (!(expected > 0))
        return;
    *ret_ratio = rebut_pack_round(k / expected);
    *ret_low =
        count == 0 ? 0 : rebut_pack_round(rebut_gamma_quantile(LOW, k, 1) / expected);
    *ret_high = rebut_pack_round(rebut_gamma_quantile(HIGH, k + 1, 1) / expected);
}

double rebut_pack_margin_of(const struct rebut_pack_score *score)
{
    const double up = score->border_abuse - score->log_odds;
    const double down = score->border_legitimate - score->log_odds;
    if (score->answer == REBUT_LIKELY_ABUSE)
        return rebut_pack_round(up);
    if (score->answer == REBUT_LIKELY_LEGITIMATE)
        return rebut_pack_round(down);
    if (isnan(up) || isnan(down))
        return rebut_pack_round(isnan(up) ? down : up);
    return rebut_pack_round(fabs(up) < fabs(down) ? up : down);
}

static bool is_faulty(const struct rebut_pack_fault *fault)
{
    return fault->ratio >= REBUT_PACK_FAULTY && fault->low > 1;
}

bool rebut_pack_explains(const struct rebut_pack_shop *shop)
{
    return is_faulty(&shop->shop_fault) || is_faulty(&shop->sku_fault) ||
           shop->recent_fault.ratio >= REBUT_PACK_FAULTY ||
           shop->witnesses >= REBUT_PACK_WITNESSES;
}

const char *rebut_pack_percent(double share, char text[REBUT_PACK_PERCENT])
{
    if (!isfinite(share))
        snprintf(text, REBUT_PACK_PERCENT, "–");
    else if (share > 0 && share < 0.0005)
        snprintf(text, REBUT_PACK_PERCENT, "<0.1%%");
    else if (share < 1 && share >= 0.9995)
        snprintf(text, REBUT_PACK_PERCENT, ">99.9%%");
    else
        snprintf(text, REBUT_PACK_PERCENT, "%.1f%%", 100 * share);
    return text;
}

const char *rebut_pack_log_odds(double value, char text[REBUT_PACK_PERCENT])
{
    if (!isfinite(value))
        snprintf(text, REBUT_PACK_PERCENT, "–");
    else
        snprintf(text, REBUT_PACK_PERCENT, fabs(value) < 0.005 ? "0.00" : "%+.2f", value);
    return text;
}

uint32_t rebut_pack_lines_shown(const struct rebut_pack_score *score,
                                struct rebut_pack_line ret[REBUT_TERMS])
{
    static const struct rebut_text none = {"no_text", 7};
    struct rebut_pack_line *silent = NULL;
    uint32_t shown = 0;
    for (uint32_t i = 0; i < score->lines.count && i < REBUT_TERMS; i++) {
        const struct rebut_pack_line *line = &score->lines.list[i];
        if (!rebut_text_equal(line->bin, none)) {
            ret[shown++] = *line;
        } else if (silent == NULL) {
            silent = &ret[shown++];
            *silent = *line;
        } else {
            silent->log_odds += line->log_odds;
            silent->sentence = (struct rebut_pack_words){
                REBUT_TEXT("没有文字说明，无从与理由、类目和他人的文字对照"),
                REBUT_TEXT("no text was given that could be held against the reason, the "
                           "category or the words of others")};
        }
    }
    return shown;
}
