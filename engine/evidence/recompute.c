#include "rebut/recompute.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "rebut/special.h"
#include "recompute_parts.h"

/* Half the width of a 90 % interval in standard deviations. */
#define NORMAL_90 1.6448536269514722
/* What a difference of nearly equal log-odds is known to. */
#define SLACK 1e-14

/* ---- one number ---- */

static void tell(struct checker *checker, struct rebut_recomputed *one,
                 const char *format, va_list words) REBUT_PRINTF(3, 0);
static void tell(struct checker *checker, struct rebut_recomputed *one,
                 const char *format, va_list words)
{
    char name[80];
    vsnprintf(name, sizeof name, format, words);
    one->name = name;
    checker->sum.count++;
    checker->sum.worded += one->worded;
    checker->sum.unlike += one->worded && !one->figures;
    if (!one->equal && !one->worded && checker->sum.wrong++ == 0)
        memcpy(checker->sum.first_wrong, name, sizeof name);
    checker->visit(checker->context, one);
}

/* Is `stated` the nearest number of 12 digits?  On the border of two either is. */
static bool agrees(double stated, double found, double slack)
{
    if (isnan(stated) || isnan(found))
        return isnan(stated) && isnan(found);
    if (stated == found || fabs(stated - found) <= slack)
        return true;
    if (stated == 0 || found == 0)
        return false;
    const double unit = pow(10, floor(log10(fabs(stated))) - (REBUT_PACK_DIGITS - 1));
    return fabs(stated - found) <= .5005 * unit;
}

void rebut_check_number(struct checker *checker, double stated, double found,
                        double slack, const char *format, ...)
{
    struct rebut_recomputed one = {
        .stated = stated, .found = found, .equal = agrees(stated, found, slack)};
    va_list words;
    va_start(words, format);
    tell(checker, &one, format, words);
    va_end(words);
}

void rebut_check_count(struct checker *checker, int64_t stated, int64_t found,
                       const char *format, ...)
{
    struct rebut_recomputed one = {
        .stated = (double)stated, .found = (double)found, .equal = stated == found};
    va_list words;
    va_start(words, format);
    tell(checker, &one, format, words);
    va_end(words);
}

/* The next figure of a sentence at or after *at: digits, with a point or comma among
 * them, and a sign before them; empty at the end. */
static struct rebut_text next_figure(struct rebut_text text, size_t *at)
{
    static const char digits[] = "0123456789";
    size_t begin = *at;
    while (begin < text.size && memchr(digits, text.data[begin], 10) == NULL)
        begin++;
    size_t end = begin;
    while (end < text.size &&
           (memchr(digits, text.data[end], 10) != NULL ||
            (end + 1 < text.size && strchr(".,", text.data[end]) != NULL &&
             memchr(digits, text.data[end + 1], 10) != NULL)))
        end++;
    *at = end;
    if (begin < end && begin > 0 && strchr("+-", text.data[begin - 1]) != NULL)
        begin--;
    return (struct rebut_text){text.data + begin, end - begin};
}

static unsigned count_figure(struct rebut_text text, struct rebut_text figure)
{
    unsigned count = 0;
    size_t at = 0;
    for (struct rebut_text next = next_figure(text, &at); next.size > 0;
         next = next_figure(text, &at))
        count += rebut_text_equal(next, figure);
    return count;
}

/* Does every figure of `part` stand in `whole`, as often? */
static bool has_figures(struct rebut_text whole, struct rebut_text part)
{
    size_t at = 0;
    if (part.size == 0 || whole.size == 0)
        return part.size == whole.size;
    for (struct rebut_text next = next_figure(part, &at); next.size > 0;
         next = next_figure(part, &at))
        if (count_figure(part, next) > count_figure(whole, next))
            return false;
    return true;
}

/* Is the pack's wording not this version's?  Asked when a sentence is another, for the
 * answer costs as much as all else. */
static bool is_older(const struct rebut_pack *pack)
{
    char wording[REBUT_PACK_NAME];
    rebut_pack_wording(wording);
    return !rebut_text_equal(pack->header.wording, rebut_text_of(wording));
}

void rebut_check_words(struct checker *checker, struct rebut_pack_words stated,
                       struct rebut_pack_words found, const char *format, ...)
{
    const bool zh = rebut_text_equal(stated.zh, found.zh);
    const bool en = rebut_text_equal(stated.en, found.en);
    struct rebut_recomputed one = {.is_text = true,
                                   .stated_text = zh ? stated.en : stated.zh,
                                   .found_text = zh ? found.en : found.zh,
                                   .equal = zh && en};
    one.worded = !one.equal && is_older(checker->pack);
    one.figures =
        (has_figures(found.zh, stated.zh) && has_figures(found.en, stated.en)) ||
        (has_figures(stated.zh, found.zh) && has_figures(stated.en, found.en));
    va_list words;
    va_start(words, format);
    tell(checker, &one, format, words);
    va_end(words);
}

/* ---- score ---- */

static const struct rebut_term *find_term(const struct made *made, enum rebut_term_id id)
{
    for (int i = 0; i < made->count; i++)
        if (made->terms[i].id == id)
            return &made->terms[i];
    return NULL;
}

static void check_line(struct checker *checker, const struct made *made, uint32_t i)
{
    const struct rebut_pack_line *line = &checker->pack->score.lines.list[i];
    const enum rebut_term_id id = rebut_pack_term_of(line->name);
    const struct rebut_term *term = find_term(made, id);
    const double none = (double)NAN;
    const struct rebut_term absent = {0, none, none, none, none, none, none, 0};
    const bool near = id == REBUT_TERM_RING || id == REBUT_TERM_CALIBRATION;
    if (term == NULL)
        term = &absent;
#define CHECK(field, slack)                                                              \
    rebut_check_number(checker, line->field, term->field, slack,                         \
                       "score.lines[%u]." #field, i)
    CHECK(log_odds, near ? SLACK : 0);
    CHECK(raw, near ? SLACK : 0);
    CHECK(observed, 0);
    CHECK(expected, 0);
    CHECK(low, 0);
    CHECK(high, 0);
#undef CHECK
    rebut_check_count(checker, line->n, (int64_t)term->n, "score.lines[%u].n", i);
    const int mark = (int)id - REBUT_TERM_MARKS;
    if (mark >= 0 && mark < REBUT_MARKS)
        rebut_check_count(
            checker, rebut_pack_bin_named(mark, line->bin),
            rebut_pack_bin_named(mark, checker->pack->inputs.marks.list[mark].bin),
            "score.lines[%u].bin", i);
    rebut_check_words(checker, line->sentence,
                      rebut_pack_line_words(&checker->scratch, line),
                      "score.lines[%u].sentence", i);
}

/* Each line once. */
static int64_t distinct_lines(const struct rebut_pack *pack)
{
    bool seen[REBUT_TERMS + 1] = {0};
    int64_t distinct = 0;
    for (uint32_t i = 0; i < pack->score.lines.count; i++) {
        const enum rebut_term_id id = rebut_pack_term_of(pack->score.lines.list[i].name);
        distinct += !seen[id] && id != REBUT_TERMS;
        seen[id] = true;
    }
    return distinct;
}

double rebut_recompute_logistic(double x)
{
    return 1 / (1 + exp(-x));
}

double rebut_recompute_half(const struct rebut_pack_inputs *inputs,
                            const struct made *made)
{
    const struct rebut_pack_level *merchant = &inputs->levels.list[REBUT_LEVEL_MERCHANT];
    const struct rebut_top_layer top = {.intercept_variance = inputs->intercept_variance,
                                        .slope_variance = inputs->slope_variance,
                                        .covariance = inputs->covariance};
    return NORMAL_90 * sqrt(rebut_trigamma(merchant->rho + merchant->counted) +
                            rebut_top_variance(&top, made->raw));
}

static void check_score(struct checker *checker, const struct made *made)
{
    const struct rebut_pack_inputs *inputs = &checker->pack->inputs;
    const struct rebut_pack_score *score = &checker->pack->score;
    const double half = rebut_recompute_half(inputs, made);
    const double probability = rebut_recompute_logistic(made->log_odds);
    for (uint32_t i = 0; i < score->lines.count; i++)
        check_line(checker, made, i);
    if (checker->pack->header.edition == REBUT_EDITION_PLATFORM)
        rebut_check_number(checker, inputs->rounding, 0, 0, "inputs.rounding");
    rebut_check_count(checker, distinct_lines(checker->pack), made->count, "score.lines");
    rebut_check_number(checker, score->log_odds, made->log_odds, SLACK, "score.log_odds");
    rebut_check_number(checker, score->probability, probability, 0, "score.probability");
    rebut_check_number(checker, score->low,
                       rebut_recompute_logistic(made->log_odds - half), 0, "score.low");
    rebut_check_number(checker, score->high,
                       rebut_recompute_logistic(made->log_odds + half), 0, "score.high");
    rebut_check_number(checker, score->expected_recovery,
                       probability * (double)checker->pack->header.asked, 0,
                       "score.expected_recovery_fen");
    rebut_check_number(checker, score->margin, rebut_pack_margin_of(score), 0,
                       "score.margin");
    for (uint32_t i = 0; i < score->reliability.count; i++) {
        struct rebut_pack_bin bin = score->reliability.list[i];
        rebut_pack_bin_of(&bin);
        rebut_check_number(checker, score->reliability.list[i].share, bin.share, 0,
                           "score.reliability[%u].share", i);
        rebut_check_number(checker, score->reliability.list[i].low, bin.low, 0,
                           "score.reliability[%u].low", i);
        rebut_check_number(checker, score->reliability.list[i].high, bin.high, 0,
                           "score.reliability[%u].high", i);
    }
}

/* ---- records ---- */

static void check_buyer(struct checker *checker, const struct made *made)
{
    const struct rebut_pack_inputs *inputs = &checker->pack->inputs;
    const struct rebut_pack_buyer *buyer = &checker->pack->buyer;
    const struct rebut_pack_record_claim *own = &inputs->record.list[inputs->index];
    double ratio = 0, low = 0, high = 0, v = 1;
    rebut_pack_ratio_of(buyer->other_requests, buyer->expected, &ratio, &low, &high);
    for (int k = 0; k < REBUT_LEVELS; k++)
        v *= made->v[k];
    rebut_check_count(checker, buyer->requests, inputs->record.count, "buyer.requests");
    rebut_check_count(checker, buyer->other_requests, inputs->record.count - (int64_t)1,
                      "buyer.other_requests");
    rebut_check_number(checker, buyer->expected, inputs->fault_exposure, 0,
                       "buyer.expected");
    rebut_check_number(checker, buyer->ratio, ratio, 0, "buyer.ratio");
    rebut_check_number(checker, buyer->low, low, 0, "buyer.low");
    rebut_check_number(checker, buyer->high, high, 0, "buyer.high");
    rebut_check_number(checker, buyer->prior, inputs->prior, 0, "buyer.prior");
    rebut_check_number(checker, buyer->prior_alone, inputs->population.pi, 0,
                       "buyer.prior_alone");
    rebut_check_number(
        checker, rebut_pack_round(inputs->prior),
        isnan(inputs->ring_others)
            ? inputs->population.pi
            : rebut_ring_pi(&inputs->ring, inputs->population.pi, inputs->ring_others),
        0, "inputs.prior");
    rebut_check_number(checker, rebut_pack_round(own->p), made->mu * v, 0,
                       "inputs.record[%u].p", (unsigned)inputs->index);
    if (!inputs->repeated)
        rebut_check_number(checker, rebut_pack_round(own->q),
                           made->nu * exp(made->log_marks + made->log_verdict), 0,
                           "inputs.record[%u].q", (unsigned)inputs->index);
    rebut_check_words(checker, buyer->summary,
                      rebut_pack_buyer_words(&checker->scratch, buyer), "buyer.summary");
}

static void check_rate(struct checker *checker, const struct rebut_pack_rate *rate,
                       const char *name)
{
    const struct rebut_pack_rate found = rebut_pack_rate_of(rate->requests, rate->orders);
    rebut_check_number(checker, rate->rate, found.rate, 0, "shop.%s.rate", name);
    rebut_check_number(checker, rate->low, found.low, 0, "shop.%s.low", name);
    rebut_check_number(checker, rate->high, found.high, 0, "shop.%s.high", name);
}

static void check_share(struct checker *checker, const struct rebut_pack_share *share,
                        const char *name)
{
    const struct rebut_pack_share found =
        rebut_pack_share_of(share->requests, share->fault);
    rebut_check_number(checker, share->share, found.share, 0, "shop.%s.share", name);
    rebut_check_number(checker, share->low, found.low, 0, "shop.%s.low", name);
    rebut_check_number(checker, share->high, found.high, 0, "shop.%s.high", name);
}

static void check_fault(struct checker *checker, const struct rebut_pack_fault *fault,
                        struct rebut_pack_fault found, const char *name)
{
    rebut_check_number(checker, fault->ratio, found.ratio, 0, "shop.%s.ratio", name);
    rebut_check_number(checker, fault->low, found.low, 0, "shop.%s.low", name);
    rebut_check_number(checker, fault->high, found.high, 0, "shop.%s.high", name);
    rebut_check_number(checker, fault->usual_low, found.usual_low, 0, "shop.%s.usual_low",
                       name);
    rebut_check_number(checker, fault->usual_high, found.usual_high, 0,
                       "shop.%s.usual_high", name);
}

static void check_shop(struct checker *checker)
{
    const struct rebut_pack_shop *shop = &checker->pack->shop;
    const struct rebut_pack_level *levels = checker->pack->inputs.levels.list;
    check_rate(checker, &shop->sku_rate, "sku_rate");
    check_rate(checker, &shop->shop_rate, "shop_rate");
    check_rate(checker, &shop->category_rate, "category_rate");
    check_rate(checker, &shop->sku_returns, "sku_returns");
    check_rate(checker, &shop->category_returns, "category_returns");
    check_share(checker, &shop->sku_share, "sku_share");
    check_share(checker, &shop->shop_share, "shop_share");
    check_fault(checker, &shop->shop_fault,
                rebut_pack_fault_of(&levels[REBUT_LEVEL_MERCHANT]), "shop_fault");
    check_fault(checker, &shop->sku_fault,
                rebut_pack_fault_of(&levels[REBUT_LEVEL_LISTING]), "sku_fault");
    check_fault(checker, &shop->recent_fault,
                rebut_pack_recent_of(&levels[REBUT_LEVEL_MERCHANT_WINDOW],
                                     &levels[REBUT_LEVEL_UNIT]),
                "recent_fault");
    rebut_check_count(checker, shop->explains, rebut_pack_explains(shop),
                      "shop.explains");
    rebut_check_words(checker, shop->summary,
                      rebut_pack_shop_words(&checker->scratch, shop), "shop.summary");
}

static void check_intervals(struct checker *checker)
{
    const struct rebut_pack *pack = checker->pack;
    for (uint32_t i = 0; i < pack->intervals.count; i++) {
        const struct rebut_pack_interval *interval = &pack->intervals.list[i];
        rebut_check_count(checker, interval->span, interval->to - interval->from,
                          "intervals[%u].span_us", i);
        rebut_check_words(checker, interval->sentence,
                          rebut_pack_interval_words(&checker->scratch, interval),
                          "intervals[%u].sentence", i);
    }
}

bool rebut_recompute(const struct rebut_pack *pack, rebut_recompute_visit *visit,
                     void *context, struct rebut_recompute_sum *ret,
                     struct rebut_error *err)
{
    struct checker checker = {.pack = pack, .visit = visit, .context = context};
    struct made made;
    if (!rebut_recompute_make(pack, &made, err))
        return false;
    check_intervals(&checker);
    check_score(&checker, &made);
    check_buyer(&checker, &made);
    check_shop(&checker);
    const bool ok = !rebut_pack_failed(&checker.scratch) ||
                    rebut_fail_memory(err, "recomputed sentences");
    rebut_pack_release(&checker.scratch);
    if (ok)
        *ret = checker.sum;
    return ok;
}
