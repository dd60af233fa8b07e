/* Items whose fault rose: since which window of 14 days, by how much, by chance?
 *
 * N and E of a unit are its trusted soft faults and the faults expected of its orders
 * (rebut/infer.h).  If an item's fault never changed, then given the N of all its windows
 * those from window k on are Binomial(N, E from k on / E).  The smallest upper tail over
 * k, times the number of k tried (Bonferroni), is the item's p; Benjamini-Hochberg over
 * items at 5 %.  Soft counts are fractions of requests, which makes the test cautious. */
#include <math.h>
#include <stdlib.h>

#include "losses_sums.h"
#include "rebut/losses.h"
#include "rebut/multiple.h"
#include "rebut/special.h"

#define LEAST_FAULTS 4.0 /* fewer say nothing of a rise */
#define FALSE_RISES 0.05

struct step {
    uint32_t listing, window; /* of 14 days, from 1970 */
    uint32_t sku, merchant;
    double counted, expected;
};

static int compare_steps(const void *left, const void *right)
{
    const struct step *a = left, *b = right;
    if (a->listing != b->listing)
        return a->listing < b->listing ? -1 : 1;
    return a->window < b->window ? -1 : a->window > b->window;
}

/* Units in scope, by listing, then time. */
static struct step *steps_of(const struct rebut_losses *losses, uint32_t *ret_count)
{
    const struct rebut_inference *inference = losses->scores->inference;
    const struct rebut_frame *frame = inference->frame;
    struct step *steps = calloc(frame->units + (size_t)1, sizeof *steps);
    *ret_count = 0;
    if (steps == NULL)
        return NULL;
    for (uint32_t i = 0; i < frame->rows_count; i++) {
        const struct rebut_order *order =
            &frame->state->orders.data[frame->rows[i].order];
        steps[frame->rows[i].unit] =
            (struct step){.window = (uint32_t)(order->at / REBUT_WINDOW),
                          .sku = order->sku,
                          .merchant = order->merchant};
    }
    for (uint32_t unit = 0; unit < frame->units; unit++) {
        struct step step = steps[unit];
        step.listing = frame->unit_listing[unit];
        step.counted = rebut_from_fixed(inference->unit_counted[unit]);
        step.expected = rebut_from_fixed(inference->unit_expected[unit]);
        if (loss_in_scope(losses, frame->unit_merchant[unit]) && step.expected > 0)
            steps[(*ret_count)++] = step;
    }
    if (*ret_count > 0)
        qsort(steps, *ret_count, sizeof *steps, compare_steps);
    return steps;
}

/* The rate from the split on over the rate before, by the Beta posterior of the share
 * that falls there, with half a fault added on each side. */
static struct rebut_loss_ratio rise_ratio(const struct rebut_loss_rise *rise)
{
    const double a = rise->after + .5, b = rise->before + .5;
    const double odds = rise->before_expected / rise->after_expected;
    const double low = rebut_beta_quantile(.05, a, b);
    const double high = rebut_beta_quantile(.95, a, b);
    return (struct rebut_loss_ratio){a / b * odds, low / (1 - low) * odds,
                                     high / (1 - high) * odds};
}

/* The likeliest rise of one listing's steps[count]; false when there is nothing to
 * test. */
static bool test_listing(const struct step *steps, uint32_t count,
                         struct rebut_loss_rise *ret)
{
    double counted = 0, expected = 0;
    for (uint32_t i = 0; i < count; i++) {
        counted += steps[i].counted;
        expected += steps[i].expected;
    }
    if (count < 2 || counted < LEAST_FAULTS)
        return false;
    double before = 0, before_expected = 0;
    *ret = (struct rebut_loss_rise){.listing = steps->listing, .p = 2};
    for (uint32_t k = 1; k < count; k++) {
        before += steps[k - 1].counted;
        before_expected += steps[k - 1].expected;
        const double after = fmax(0, counted - before);
        const double share = (expected - before_expected) / expected;
        const double p = rebut_binomial_upper(fmin(after, counted), counted, share);
        if (!(p < ret->p))
            continue;
        ret->p = p;
        ret->since = (int64_t)steps[k].window * REBUT_WINDOW;
        ret->before = before;
        ret->before_expected = before_expected;
        ret->after = after;
        ret->after_expected = expected - before_expected;
    }
    ret->p = fmin(1, ret->p * (count - 1));
    return ret->after_expected > 0;
}

static int compare_rises(const void *left, const void *right)
{
    const struct rebut_loss_rise *a = left, *b = right;
    if (a->p != b->p)
        return a->p < b->p ? -1 : 1;
    const int order = rebut_text_compare(a->sku, b->sku);
    return order != 0 ? order : rebut_text_compare(a->merchant, b->merchant);
}

/* All that were tested, the least likely by chance first. */
static bool test_all(struct rebut_losses *losses, const struct step *steps,
                     uint32_t count, struct rebut_error *err)
{
    const struct rebut_state *state = losses->scores->inference->frame->state;
    for (uint32_t first = 0, end = 0; first < count; first = end) {
        struct rebut_loss_rise rise;
        while (end < count && steps[end].listing == steps[first].listing)
            end++;
        if (!test_listing(steps + first, end - first, &rise))
            continue;
        if (!REBUT_ARRAY_MORE(&losses->rises, 1, "items", err))
            return false;
        rise.sku = rebut_intern_text(&state->sku_ids, steps[first].sku);
        rise.merchant = rebut_intern_text(&state->merchant_ids, steps[first].merchant);
        rise.ratio = rise_ratio(&rise);
        losses->rises.data[losses->rises.count++] = rise;
    }
    losses->rises_tested = losses->rises.count;
    return true;
}

/* Keep those that Benjamini and Hochberg keep. */
static bool keep_certain(struct rebut_losses *losses, struct rebut_error *err)
{
    const uint32_t count = losses->rises.count;
    struct rebut_loss_rise *rises = losses->rises.data;
    if (count == 0)
        return true;
    double *p = malloc(count * sizeof *p);
    if (p == NULL)
        return rebut_fail_memory(err, "items");
    qsort(rises, count, sizeof *rises, compare_rises);
    for (uint32_t i = 0; i < count; i++)
        p[i] = rises[i].p;
    rebut_bh_adjust(p, count, p);
    uint32_t kept = 0;
    for (uint32_t i = 0; i < count; i++) {
        rises[i].q = p[i];
        if (p[i] <= FALSE_RISES)
            rises[kept++] = rises[i];
    }
    losses->rises.count = kept;
    free(p);
    return true;
}

/* The shop's part of the requests on orders of the item since then. */
static bool add_costs(struct rebut_losses *losses, const struct rebut_loss_split *splits,
                      struct rebut_error *err)
{
    const struct rebut_scores *scores = losses->scores;
    const struct rebut_frame *frame = scores->inference->frame;
    uint32_t *of = calloc(frame->listings + (size_t)1, sizeof *of);
    if (of == NULL)
        return rebut_fail_memory(err, "items");
    for (uint32_t i = 0; i < losses->rises.count; i++)
        of[losses->rises.data[i].listing] = i + 1;
    for (uint32_t i = 0; i < scores->count; i++) {
        const struct rebut_row *row =
            &frame->rows[frame->claims[scores->list[i].claim].row];
        const uint32_t number = of[frame->unit_listing[row->unit]];
        if (splits[i].amount < 0 || number == 0)
            continue;
        struct rebut_loss_rise *rise = &losses->rises.data[number - 1];
        const struct rebut_loss_sum sum = loss_sum_of(&splits[i]);
        if (frame->state->orders.data[row->order].at >= rise->since)
            loss_part_add(&rise->saving, &sum.cause[REBUT_CAUSE_SHOP]);
    }
    for (uint32_t i = 0; i < losses->rises.count; i++) {
        struct rebut_loss_rise *rise = &losses->rises.data[i];
        const struct rebut_loss_part shop = rise->saving;
        rise->shop = shop.part;
        rise->saving = loss_saving(&shop, &rise->ratio);
    }
    free(of);
    return true;
}

bool loss_find_rises(struct rebut_losses *losses, const struct rebut_loss_split *splits,
                     struct rebut_error *err)
{
    uint32_t count = 0;
    struct step *steps = steps_of(losses, &count);
    const bool ok = (steps != NULL || rebut_fail_memory(err, "items")) &&
                    test_all(losses, steps, count, err) && keep_certain(losses, err) &&
                    add_costs(losses, splits, err);
    free(steps);
    return ok;
}
