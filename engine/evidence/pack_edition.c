#include "rebut/pack_edition.h"

#include <math.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>

#include "pack_round.h"
#include "pack_words.h"
#include "rebut/pack_json.h"
#include "rebut/ring.h"
#include "rebut/turns.h"
#include "recompute_parts.h"

#define ORDERS_MAX 1000000000 /* of one buyer */

/* Each number draws by itself. */
enum draw {
    DRAW_OTHERS,
    DRAW_ORDERS,
    DRAW_SHOPS,
    DRAW_UNDISPUTED,
    DRAW_RING,
    DRAW_RING_OTHERS,
    DRAW_REASON,
    DRAW_EXPOSURE,
    DRAW_TEMPTATION,
    DRAW_SAID,
    DRAW_NOTICE,
    DRAW_DISTANCE,
    DRAW_FOUND /* and the five after it */
};

/* An edition in the making. */
struct rounding {
    struct rebut_pack *pack;
    struct rebut_text secret; /* of the draws: the exact edition's header.blind */
};

static double draw(const struct rounding *own, int what)
{
    return rebut_round_draw(own->secret, what);
}

/* Those that a reviewer needs most, to 1, 2, 5, …; all others to 1, 3, 10, …. */
static int64_t tell(const struct rounding *own, int64_t value, int64_t most, int what)
{
    const bool fine =
        what == DRAW_OTHERS || what == DRAW_ORDERS || what == DRAW_UNDISPUTED;
    return rebut_round_count(value, fine, most, draw(own, what));
}

/* ---- the buyer's record ---- */

/* Log-odds that the other requests and the ring give. */
static bool others_say(const struct rebut_pack *pack, double *ret,
                       struct rebut_error *err)
{
    const struct rebut_pack_inputs *inputs = &pack->inputs;
    struct rebut_pack scratch = {0};
    struct made made = {0};
    const bool ok = rebut_recompute_others(inputs, &made, &scratch, err);
    rebut_pack_release(&scratch);
    *ret = log(made.others.mean_a / made.others.mean_u);
    return ok;
}

/* This request first, then as many others as are told, all alike. */
static void alike(struct rebut_pack *pack, double p, double ratio)
{
    struct rebut_pack_record_claim *list = pack->inputs.record.list;
    for (uint32_t i = 1; i < pack->inputs.record.count; i++)
        list[i] = (struct rebut_pack_record_claim){p, p * ratio};
}

/* Of a record only the ratios of abuse to fault move a posterior.  The one for all, among
 * the steps, is that by which the record says most nearly what it said: it rises with
 * the ratio, so the steps are halved. */
static bool choose_ratio(struct rebut_pack *pack, double p, double said,
                         struct rebut_error *err)
{
    static const char *const steps[] = {"1", "2", "5"};
    enum { LEAST = -18, MOST = 18 };
    int low = LEAST, high = MOST;
    double ratio = 1, best = (double)INFINITY;
    while (low <= high) {
        const int middle = low + (high - low) / 2;
        const int decade = (middle - LEAST) / 3 + LEAST / 3;
        char text[16];
        double says = 0;
        snprintf(text, sizeof text, "%se%d", steps[(middle - LEAST) % 3], decade);
        const double tried = strtod(text, NULL);
        alike(pack, p, tried);
        if (!others_say(pack, &says, err))
            return false;
        if (fabs(says - said) < best) {
            best = fabs(says - said);
            ratio = tried;
        }
        if (says < said)
            low = middle + 1;
        else
            high = middle - 1;
    }
    alike(pack, p, ratio);
    return true;
}

static bool round_record(const struct rounding *own, double said, struct rebut_error *err)
{
    struct rebut_pack *pack = own->pack;
    struct rebut_pack_inputs *inputs = &pack->inputs;
    const int64_t others = tell(own, inputs->record.count - (int64_t)1,
                                REBUT_PACK_RECORD_MAX - 1, DRAW_OTHERS);
    const double p = inputs->fault_exposure / (double)pack->buyer.orders;
    struct rebut_pack_record_claim *list =
        rebut_pack_alloc(pack, ((size_t)others + 1) * sizeof *list);
    if (list == NULL)
        return rebut_fail_memory(err, "a pack");
    list[0] = inputs->record.list[inputs->index];
    inputs->record.list = list;
    inputs->record.count = (uint32_t)others + 1;
    inputs->index = 0;
    return others == 0 || choose_ratio(pack, p, said, err);
}

/* Of log-odds; told are -3, 0, 3 and 6. */
#define RING_STEP 3.0

/* What the other requests said is met to half of this, in log-odds: nearer, it would be a
 * figure by itself. */
#define SAID_WIDTH 2.0

static bool round_inputs(const struct rounding *own, struct rebut_error *err)
{
    struct rebut_pack *pack = own->pack;
    struct rebut_pack_inputs *inputs = &pack->inputs;
    const double temptation = inputs->abuse_exposure / inputs->fault_exposure;
    double said = 0;
    if (!others_say(pack, &said, err))
        return false;
    inputs->fault_exposure =
        rebut_round_125(inputs->fault_exposure, draw(own, DRAW_EXPOSURE));
    inputs->abuse_exposure =
        inputs->fault_exposure * rebut_round_125(temptation, draw(own, DRAW_TEMPTATION));
    if (!isnan(inputs->ring_others)) {
        const double told =
            rebut_round_step(inputs->ring_others, RING_STEP, draw(own, DRAW_RING));
        inputs->ring_others = fmin(fmax(told, -RING_STEP), 2 * RING_STEP);
        inputs->prior =
            rebut_ring_pi(&inputs->ring, inputs->population.pi, inputs->ring_others);
    }
    said += SAID_WIDTH * (draw(own, DRAW_SAID) - .5);
    return round_record(own, said, err);
}

/* Orders first: the record's typical request is one of them. */
static void round_orders(const struct rounding *own)
{
    struct rebut_pack_buyer *buyer = &own->pack->buyer;
    const int64_t others = tell(own, buyer->other_requests, INT64_MAX, DRAW_OTHERS);
    const int64_t least =
        buyer->orders_here > others + 1 ? buyer->orders_here : others + 1;
    const int64_t orders = tell(own, buyer->orders, INT64_MAX, DRAW_ORDERS);
    buyer->orders = orders;
    while (buyer->orders < least) /* up the steps */
        buyer->orders = rebut_round_count(3 * buyer->orders, true, INT64_MAX, .5);
    buyer->shops = tell(own, buyer->shops, buyer->orders, DRAW_SHOPS);
    buyer->ring_others = tell(own, buyer->ring_others, INT64_MAX, DRAW_RING_OTHERS);
    buyer->judged_abuse = buyer->judged_legitimate = REBUT_PACK_UNTOLD;
    buyer->account_age = rebut_round_age(buyer->account_age);
    buyer->median_delay = rebut_round_delay(buyer->median_delay);
}

/* Of the reasons the commonest, where it is two or more. */
static void round_reasons(const struct rounding *own)
{
    struct rebut_pack *pack = own->pack;
    struct rebut_pack_buyer *buyer = &pack->buyer;
    struct rebut_pack_reason_count most = {0};
    for (uint32_t i = 0; i < buyer->reasons.count; i++)
        if (buyer->reasons.list[i].count > most.count)
            most = buyer->reasons.list[i];
    most.count = tell(own, most.count, buyer->requests, DRAW_REASON);
    buyer->reasons.count = 0;
    buyer->reasons.list = NULL;
    struct rebut_pack_reason_count *put =
        most.count < 2 ? NULL : REBUT_PACK_MORE(pack, &buyer->reasons);
    if (put != NULL)
        *put = most;
}

/* What follows from the rounded inputs. */
static void say_buyer(const struct rounding *own)
{
    struct rebut_pack *pack = own->pack;
    struct rebut_pack_buyer *buyer = &pack->buyer;
    const struct rebut_pack_inputs *inputs = &pack->inputs;
    buyer->requests = inputs->record.count;
    buyer->other_requests = buyer->requests - 1;
    const int64_t rest = buyer->orders - buyer->requests;
    buyer->returns = REBUT_PACK_UNTOLD;
    buyer->undisputed = tell(own, buyer->undisputed, rest, DRAW_UNDISPUTED);
    buyer->expected = rebut_pack_round(inputs->fault_exposure);
    buyer->prior = rebut_pack_round(inputs->prior);
    rebut_pack_ratio_of(buyer->other_requests, buyer->expected, &buyer->ratio,
                        &buyer->low, &buyer->high);
    buyer->turned_since = REBUT_TIME_NONE;
    if (!isnan(buyer->turned_bound))
        buyer->turned_bound = REBUT_TURN_ALARM;
    round_reasons(own);
    buyer->summary = rebut_pack_buyer_words(pack, buyer);
}

/* ---- the category, which the buyer is left out of ---- */

static struct rebut_pack_rate round_rate(const struct rebut_pack_rate *rate)
{
    return rebut_pack_rate_of((int64_t)rebut_round_digits((double)rate->requests, 2),
                              (int64_t)rebut_round_digits((double)rate->orders, 2));
}

static void round_category(struct rebut_pack *pack)
{
    struct rebut_pack_shop *shop = &pack->shop;
    shop->category_rate = round_rate(&shop->category_rate);
    shop->category_returns = round_rate(&shop->category_returns);
    shop->summary = rebut_pack_shop_words(pack, shop);
    for (uint32_t i = 0; i < pack->sheet.count; i++) {
        struct rebut_pack_claim *claim = &pack->sheet.list[i];
        struct {
            struct rebut_pack_fact *list;
            uint32_t count;
        } sides[] = {{claim->supports.list, claim->supports.count},
                     {claim->contradicts.list, claim->contradicts.count},
                     {claim->silent.list, claim->silent.count}};
        for (int side = 0; side < 3; side++)
            for (uint32_t f = 0; f < sides[side].count; f++)
                if (sides[side].list[f].source == REBUT_SOURCE_RETURNS &&
                    sides[side].list[f].mark.data == NULL)
                    sides[side].list[f].sentence = rebut_pack_returns_words(pack, shop);
    }
}

/* ---- the same elsewhere ---- */

/* Of this shop all; of others the nearest of this buyer and of other buyers. */
static uint32_t round_matches(const struct rounding *own, struct rebut_pack_match *list,
                              uint32_t count)
{
    bool told[REBUT_WHERES] = {0};
    uint32_t kept = 0;
    for (uint32_t i = 0; i < count; i++) {
        struct rebut_pack_match match = list[i];
        if (!match.same_shop) {
            if (told[match.where])
                continue;
            told[match.where] = true;
            match.at = REBUT_TIME_NONE;
            match.distance = tell(own, match.distance, INT64_MAX, DRAW_DISTANCE);
        }
        list[kept++] = match;
    }
    return kept;
}

static void round_elsewhere(const struct rounding *own)
{
    struct rebut_pack_elsewhere *elsewhere = &own->pack->elsewhere;
    int64_t *const counts[] = {&elsewhere->photo_matches, &elsewhere->photo_shops,
                               &elsewhere->photo_buyers,  &elsewhere->text_matches,
                               &elsewhere->text_shops,    &elsewhere->text_buyers};
    for (int i = 0; i < 6; i++)
        *counts[i] = tell(own, *counts[i], INT64_MAX, DRAW_FOUND + i);
    elsewhere->photo.count =
        round_matches(own, elsewhere->photo.list, elsewhere->photo.count);
    elsewhere->text.count =
        round_matches(own, elsewhere->text.list, elsewhere->text.count);
    if (elsewhere->photo.count == 0)
        elsewhere->photo.list = NULL;
    if (elsewhere->text.count == 0)
        elsewhere->text.list = NULL;
}

/* ---- the score ---- */

static int stronger(const void *left, const void *right)
{
    const struct rebut_term *a = left, *b = right;
    if (fabs(a->log_odds) != fabs(b->log_odds))
        return fabs(a->log_odds) > fabs(b->log_odds) ? -1 : 1;
    return (int)a->id - (int)b->id;
}

static void put_lines(struct rebut_pack *pack, struct made *made)
{
    struct rebut_pack_score *score = &pack->score;
    score->lines.list = NULL;
    score->lines.count = 0;
    for (int i = 0; i < made->count; i++)
        made->terms[i].log_odds = rebut_pack_round(made->terms[i].log_odds);
    qsort(made->terms, (size_t)made->count, sizeof *made->terms, stronger);
    for (int i = 0; i < made->count; i++) {
        const struct rebut_term *term = &made->terms[i];
        const int mark = (int)term->id - REBUT_TERM_MARKS;
        struct rebut_pack_line *line = REBUT_PACK_MORE(pack, &score->lines);
        if (line == NULL)
            return;
        *line = (struct rebut_pack_line){
            .name = rebut_pack_keep(pack, rebut_text_of(rebut_term_name(term->id))),
            .log_odds = term->log_odds,
            .raw = rebut_pack_round(term->raw),
            .observed = rebut_pack_round(term->observed),
            .expected = rebut_pack_round(term->expected),
            .low = rebut_pack_round(term->low),
            .high = rebut_pack_round(term->high),
            .n = (int64_t)term->n};
        if (mark >= 0 && mark < REBUT_MARKS)
            line->bin = pack->inputs.marks.list[mark].bin;
        line->sentence = rebut_pack_line_words(pack, line);
    }
}

static bool round_score(struct rebut_pack *pack, struct rebut_error *err)
{
    struct rebut_pack_score *score = &pack->score;
    struct made made;
    pack->inputs.rounding = 0;
    if (!rebut_recompute_make(pack, &made, err))
        return false;
    const double given = rebut_round_between(score->log_odds, score->border_abuse,
                                             score->border_legitimate);
    const double rounding = rebut_pack_round(given - made.log_odds);
    pack->inputs.rounding = rounding;
    const double sum = made.log_odds + rounding; /* as recomputing has it */
    score->log_odds = rebut_pack_round(sum);
    const double half = rebut_recompute_half(&pack->inputs, &made);
    score->probability = rebut_pack_round(rebut_recompute_logistic(sum));
    score->low = rebut_pack_round(rebut_recompute_logistic(sum - half));
    score->high = rebut_pack_round(rebut_recompute_logistic(sum + half));
    score->expected_recovery =
        rebut_pack_round(rebut_recompute_logistic(sum) * (double)pack->header.asked);
    score->q_value = rebut_round_125(score->q_value, .5);
    score->conformal_q = fmin(1, rebut_round_125(score->conformal_q, .5));
    score->rank = rebut_round_count(score->rank, true, score->of, .5);
    score->margin = rebut_pack_margin_of(score);
    put_lines(pack, &made);
    return true;
}

/* A sentence that stands alone says why there is nothing to tell: it stays. */
static void round_change(struct rebut_pack *pack)
{
    if (pack->score.change.count == 1)
        return;
    pack->score.change.list = NULL;
    pack->score.change.count = 0;
    rebut_pack_say_change(pack);
}

/* ---- header and notice ---- */

static void round_notice(const struct rounding *own)
{
    struct rebut_pack *pack = own->pack;
    struct rebut_pack_notice *notice = &pack->notice;
    notice->edition = rebut_pack_edition_words(pack, REBUT_EDITION_SHOP);
    for (uint32_t i = 0; i < notice->redactions.count; i++)
        notice->redactions.list[i].count =
            tell(own, notice->redactions.list[i].count, INT64_MAX, DRAW_NOTICE);
}

/* The hash of the pack's own file. */
static bool hash_pack(const struct rebut_pack *pack, char ret[129],
                      struct rebut_error *err)
{
    struct rebut_output out;
    unsigned char hash[64];
    if (!rebut_output_memory(&out, err))
        return false;
    rebut_pack_write(pack, &out);
    const bool ok = out.cause == 0 || rebut_fail_memory(err, "a pack");
    if (ok) {
        crypto_generichash(hash, sizeof hash, (const unsigned char *)out.buffer, out.used,
                           NULL, 0);
        sodium_bin2hex(ret, 129, hash, sizeof hash);
    }
    rebut_output_release(&out);
    return ok;
}

/* A pack from a file may count anything; the steps below go up to what is least. */
static bool check_counts(const struct rebut_pack *pack, struct rebut_error *err)
{
    const struct rebut_pack_buyer *buyer = &pack->buyer;
    const int64_t requests = pack->inputs.record.count;
    return (buyer->orders <= ORDERS_MAX && requests <= buyer->orders &&
            buyer->orders_here <= buyer->orders &&
            buyer->other_requests == requests - 1) ||
           rebut_fail(err, REBUT_EDATA,
                      "'buyer': expected at most %d orders, and as many at least as here "
                      "and as requests",
                      ORDERS_MAX);
}

bool rebut_pack_shop_edition(struct rebut_pack *pack, struct rebut_error *err)
{
    char hash[129];
    struct made made;
    if (pack->header.edition != REBUT_EDITION_PLATFORM)
        return rebut_fail(err, REBUT_EINPUT, "expected a platform's edition of a pack");
    /* As recomputing does, so that what follows need not look. */
    if (!rebut_recompute_make(pack, &made, err) || !check_counts(pack, err) ||
        !hash_pack(pack, hash, err))
        return false;
    const struct rounding own = {pack, pack->header.blind};
    pack->header.edition = REBUT_EDITION_SHOP;
    pack->header.exact = rebut_pack_keep(pack, rebut_text_of(hash));
    pack->header.blind = (struct rebut_text){0};
    round_orders(&own);
    if (!round_inputs(&own, err))
        return false;
    if (rebut_pack_failed(pack))
        return rebut_fail_memory(err, "a pack");
    say_buyer(&own);
    round_category(pack);
    round_elsewhere(&own);
    if (!round_score(pack, err))
        return false;
    round_change(pack);
    round_notice(&own);
    return !rebut_pack_failed(pack) || rebut_fail_memory(err, "a pack");
}

/* ---- a shop's beside the exact one ---- */

static bool same_bytes(const struct rebut_pack *shop, const struct rebut_pack *made,
                       bool *ret, struct rebut_error *err)
{
    char left[129], right[129];
    const bool ok = hash_pack(shop, left, err) && hash_pack(made, right, err);
    *ret = ok && strcmp(left, right) == 0;
    return ok;
}

bool rebut_pack_edition_match(const char *shop_path, const char *exact_path,
                              enum rebut_edition_match *ret, struct rebut_error *err)
{
    struct rebut_pack shop = {0}, exact = {0};
    char hash[129];
    bool same = false;
    bool ok = rebut_pack_load(shop_path, &shop, err) &&
              rebut_pack_load(exact_path, &exact, err) && hash_pack(&exact, hash, err);
    if (ok && shop.header.edition != REBUT_EDITION_SHOP)
        *ret = REBUT_EDITION_NOT_SHOP;
    else if (ok && exact.header.edition != REBUT_EDITION_PLATFORM)
        *ret = REBUT_EDITION_NOT_PLATFORM;
    else if (ok && !rebut_text_equal(shop.header.exact, rebut_text_of(hash)))
        *ret = REBUT_EDITION_OTHER;
    else if (ok) {
        ok =
            rebut_pack_shop_edition(&exact, err) && same_bytes(&shop, &exact, &same, err);
        *ret = same ? REBUT_EDITION_FITS : REBUT_EDITION_ALTERED;
    }
    rebut_pack_release(&shop);
    rebut_pack_release(&exact);
    return ok;
}
