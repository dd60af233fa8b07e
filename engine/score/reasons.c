#include "reasons.h"

#include <stdlib.h>

#define FIRST REBUT_REASON_DAMAGED
#define KINDS (REBUT_REASON_MISSING_ITEM - REBUT_REASON_DAMAGED + 1)
#define SAME_DAYS (14 * REBUT_DAY)
#define COMPLAINTS_MAX 1024 /* looked at on either side of an order, nearest first */

/* Pseudo-returns that a level gets from the one above it. */
#define SHRINK_CATEGORY 20.0
#define SHRINK_MERCHANT 10.0
#define SHRINK_SKU 5.0

enum level { ALL, CATEGORY, MERCHANT, SKU, LEVELS };

/* Requests by reason. */
struct mix {
    uint32_t count[KINDS];
};

/* One complaint about an item. */
struct complaint {
    int64_t at; /* of the order */
    uint32_t buyer;
    int32_t kind; /* a word, so that no byte is left open */
};

struct rebut_reasons {
    const struct rebut_frame *frame;
    const struct rebut_company *company;
    /* Of returns, by level: [1], [categories + 1], [merchants], [skus]. */
    struct mix *mix[LEVELS];
    struct mix *witnessed;        /* [categories + 1]: of trusted complaints, */
    struct mix witnessed_at_all;  /* and of all of them */
    struct complaint *complaints; /* trusted ones by item, then time of the order */
    uint32_t *sku_first;          /* [skus + 2] */
    uint32_t *buyer_first;        /* [buyers + 2] */
    uint32_t *buyer_requests;     /* those for a reason that lies in the goods */
};

static bool in_goods(uint8_t reason)
{
    return reason >= FIRST && reason < FIRST + KINDS;
}

static struct mix *mix_at(const struct rebut_reasons *reasons, enum level level,
                          const struct rebut_order *order)
{
    const uint32_t index = level == CATEGORY   ? order->category
                           : level == MERCHANT ? order->merchant
                           : level == SKU      ? order->sku
                                               : 0;
    return &reasons->mix[level][index];
}

/* The same for an order that need not be of the frame. */
static const struct mix *mix_of(const struct rebut_reasons *reasons, enum level level,
                                const struct rebut_order *order)
{
    static const struct mix none = {{0}};
    if ((level == MERCHANT && order->merchant == REBUT_NONE) ||
        (level == SKU && order->sku == REBUT_NONE))
        return &none;
    return mix_at(reasons, level, order);
}

/* At other merchants: enough orders, and refund-only requests on few of them. */
static bool trusted(const struct rebut_frame *frame, uint32_t buyer, uint32_t merchant)
{
    uint32_t orders = 0, requests = 0;
    for (uint32_t row = frame->buyer_rows[buyer]; row < frame->buyer_rows[buyer + 1];
         row++)
        orders += frame->unit_merchant[frame->rows[row].unit] != merchant;
    for (uint32_t i = frame->buyer_claims[buyer]; i < frame->buyer_claims[buyer + 1]; i++)
        requests +=
            frame->claims[i].first == i &&
            frame->unit_merchant[frame->rows[frame->claims[i].row].unit] != merchant;
    return orders >= REBUT_TRUSTED_ORDERS && REBUT_TRUSTED_SHARE * requests <= orders;
}

/* Put a request into the mixes (sign 1), or take it out again (UINT32_MAX). */
static void count_request(struct rebut_reasons *reasons, uint32_t request, uint32_t sign)
{
    const struct rebut_state *state = reasons->frame->state;
    const struct rebut_request *r = &state->requests.data[request];
    const struct rebut_order *order = &state->orders.data[r->order];
    const int kind = r->reason - FIRST;
    if (rebut_is_fault_return(r))
        for (int level = 0; level < LEVELS; level++)
            mix_at(reasons, (enum level)level, order)->count[kind] += sign;
    if (trusted(reasons->frame, order->buyer, order->merchant)) {
        reasons->witnessed[order->category].count[kind] += sign;
        reasons->witnessed_at_all.count[kind] += sign;
    }
}

static int compare_complaints(const void *left, const void *right)
{
    const struct complaint *a = left, *b = right;
    if (a->at != b->at)
        return a->at < b->at ? -1 : 1;
    return a->kind - b->kind;
}

/* Counts at first[i + 2] become places: filling moves first[i + 1] to the end of i. */
static void sum_up(uint32_t *first, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        first[i + 2] += first[i + 1];
}

static void place_requests(struct rebut_reasons *reasons)
{
    const struct rebut_state *state = reasons->frame->state;
    for (int filling = 0; filling <= 1; filling++) {
        for (uint32_t i = 0; i < state->requests.count; i++) {
            const struct rebut_request *request = &state->requests.data[i];
            const uint32_t buyer = state->orders.data[request->order].buyer;
            if (!in_goods(request->reason))
                continue;
            if (filling == 0) {
                reasons->buyer_first[buyer + 2]++;
                continue;
            }
            reasons->buyer_requests[reasons->buyer_first[buyer + 1]++] = i;
            count_request(reasons, i, 1);
        }
        if (filling == 0)
            sum_up(reasons->buyer_first, reasons->frame->buyers);
    }
}

static void place_complaints(struct rebut_reasons *reasons)
{
    const struct rebut_frame *frame = reasons->frame;
    const struct rebut_state *state = frame->state;
    const uint32_t skus = state->sku_ids.count;
    for (int filling = 0; filling <= 1; filling++) {
        for (uint32_t i = 0; i < state->requests.count; i++) {
            const struct rebut_request *request = &state->requests.data[i];
            const struct rebut_order *order = &state->orders.data[request->order];
            if (!in_goods(request->reason) ||
                !trusted(frame, order->buyer, order->merchant))
                continue;
            if (filling == 0)
                reasons->sku_first[order->sku + 2]++;
            else
                reasons->complaints[reasons->sku_first[order->sku + 1]++] =
                    (struct complaint){order->at, order->buyer, request->reason - FIRST};
        }
        if (filling == 0)
            sum_up(reasons->sku_first, skus);
    }
    for (uint32_t sku = 0; sku < skus; sku++)
        qsort(reasons->complaints + reasons->sku_first[sku],
              reasons->sku_first[sku + 1] - reasons->sku_first[sku],
              sizeof *reasons->complaints, compare_complaints);
}

static double share(const struct mix *mix, int kind, double prior, double weight)
{
    uint32_t all = 0;
    for (int k = 0; k < KINDS; k++)
        all += mix->count[k];
    return (mix->count[kind] + weight * prior) / (all + weight);
}

/* The share of a reason among returns of the item over that of the category.  The
 * buyer's own requests are in no mix while it is judged. */
static double find_ratio(const struct rebut_reasons *reasons,
                         const struct rebut_order *order, int kind)
{
    static const double weights[LEVELS] = {KINDS, SHRINK_CATEGORY, SHRINK_MERCHANT,
                                           SHRINK_SKU};
    double shares[LEVELS], above = 1.0 / KINDS;
    for (int level = 0; level < LEVELS; level++)
        shares[level] = above =
            share(mix_of(reasons, (enum level)level, order), kind, above, weights[level]);
    return shares[SKU] / shares[CATEGORY];
}

/* The share of a reason among what trusted buyers complain of in the category. */
static double usual_share(const struct rebut_reasons *reasons,
                          const struct rebut_order *order, int kind)
{
    const double all = share(&reasons->witnessed_at_all, kind, 1.0 / KINDS, KINDS);
    return share(&reasons->witnessed[order->category], kind, all, SHRINK_CATEGORY);
}

static void count_complaint(const struct rebut_reasons *reasons,
                            const struct rebut_known *known, int kind,
                            const struct complaint *complaint,
                            struct rebut_reason_view *view)
{
    if (rebut_company_shared(reasons->company, known, complaint->buyer))
        return;
    view->complaints++;
    view->same += complaint->kind == kind;
}

/* The complaints about the item in the same days, from the order's time outwards. */
static void count_complaints(const struct rebut_reasons *reasons,
                             const struct rebut_known *known,
                             const struct rebut_order *order, int kind,
                             struct rebut_reason_view *view)
{
    const struct complaint *list = reasons->complaints;
    if (order->sku == REBUT_NONE)
        return;
    const uint32_t begin = reasons->sku_first[order->sku];
    const uint32_t end = reasons->sku_first[order->sku + 1];
    uint32_t low = begin, high = end;
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        if (list[middle].at < order->at)
            low = middle + 1;
        else
            high = middle;
    }
    for (uint32_t i = low;
         i < end && i - low < COMPLAINTS_MAX && list[i].at - order->at <= SAME_DAYS; i++)
        count_complaint(reasons, known, kind, &list[i], view);
    for (uint32_t i = low;
         i > begin && low - i < COMPLAINTS_MAX && order->at - list[i - 1].at <= SAME_DAYS;
         i--)
        count_complaint(reasons, known, kind, &list[i - 1], view);
}

void rebut_reasons_leave_out(struct rebut_reasons *reasons, uint32_t buyer, bool out)
{
    for (uint32_t i = reasons->buyer_first[buyer]; i < reasons->buyer_first[buyer + 1];
         i++)
        count_request(reasons, reasons->buyer_requests[i], out ? UINT32_MAX : 1);
}

struct rebut_reason_view rebut_reasons_view(const struct rebut_reasons *reasons,
                                            const struct rebut_known *known,
                                            const struct rebut_order *order,
                                            uint8_t reason)
{
    struct rebut_reason_view view = {.ratio = 0};
    const int kind = reason - FIRST;
    if (!in_goods(reason))
        return view;
    view.ratio = find_ratio(reasons, order, kind);
    count_complaints(reasons, known, order, kind, &view);
    view.expected = view.complaints * usual_share(reasons, order, kind);
    return view;
}

static void judge_buyer(struct rebut_reasons *reasons, uint32_t buyer,
                        struct rebut_reason_view *ret)
{
    const struct rebut_frame *frame = reasons->frame;
    const struct rebut_known known = rebut_known_of(reasons->company, buyer);
    rebut_reasons_leave_out(reasons, buyer, true);
    for (uint32_t i = frame->buyer_claims[buyer]; i < frame->buyer_claims[buyer + 1];
         i++) {
        const struct rebut_request *request =
            &frame->state->requests.data[frame->claims[i].request];
        ret[i] = rebut_reasons_view(
            reasons, &known, &frame->state->orders.data[request->order], request->reason);
    }
    rebut_reasons_leave_out(reasons, buyer, false);
}

void rebut_reasons_all(struct rebut_reasons *reasons, struct rebut_reason_view *ret)
{
    const struct rebut_frame *frame = reasons->frame;
    for (uint32_t buyer = 0; buyer < frame->buyers; buyer++)
        if (frame->buyer_claims[buyer] < frame->buyer_claims[buyer + 1])
            judge_buyer(reasons, buyer, ret);
}

REBUT_IMAGE_KNOWS(struct rebut_reasons, 112);
/* Items of all owners; none where the firsts are forgotten already. */
static size_t last_of(const uint32_t *firsts, size_t owners)
{
    return firsts == NULL ? 0 : firsts[owners];
}

static bool walk(struct rebut_reasons *reasons, struct rebut_image *image,
                 struct rebut_error *err)
{
    const struct rebut_frame *frame = reasons->frame;
    const struct rebut_state *state = frame->state;
    const size_t skus = state->sku_ids.count, buyers = frame->buyers;
    const size_t counts[LEVELS] = {1, state->categories.count + (size_t)1,
                                   frame->merchants, skus};
    bool ok = true;
    for (int level = 0; ok && level < LEVELS; level++)
        ok = REBUT_IMAGE_CHANGING(image, "reason mixes", reasons->mix[level],
                                  counts[level], err);
    return ok &&
           REBUT_IMAGE_CHANGING(image, "witnessed", reasons->witnessed, counts[CATEGORY],
                                err) &&
           rebut_image_value(image, "witnessed at all", &reasons->witnessed_at_all,
                             sizeof reasons->witnessed_at_all, err) &&
           REBUT_IMAGE_ROWS(image, "complaint firsts", reasons->sku_first, skus + 1,
                            err) &&
           REBUT_IMAGE_ROWS(image, "reason firsts", reasons->buyer_first, buyers + 1,
                            err) &&
           REBUT_IMAGE_ROWS(image, "complaints", reasons->complaints,
                            last_of(reasons->sku_first, skus), err) &&
           REBUT_IMAGE_ROWS(image, "reason requests", reasons->buyer_requests,
                            last_of(reasons->buyer_first, buyers), err);
}

bool rebut_reasons_image(struct rebut_reasons **reasons, const struct rebut_frame *frame,
                         const struct rebut_company *company, struct rebut_image *image,
                         struct rebut_error *err)
{
    if (image->mode == REBUT_IMAGE_TAKE) {
        *reasons = calloc(1, sizeof **reasons);
        if (*reasons == NULL)
            return rebut_fail_memory(err, "reasons");
        (*reasons)->frame = frame;
        (*reasons)->company = company;
    }
    return *reasons == NULL || walk(*reasons, image, err);
}

void rebut_reasons_close(struct rebut_reasons *reasons)
{
    if (reasons == NULL)
        return;
    for (int level = 0; level < LEVELS; level++)
        free(reasons->mix[level]);
    free(reasons->witnessed);
    free(reasons->complaints);
    free(reasons->sku_first);
    free(reasons->buyer_first);
    free(reasons->buyer_requests);
    free(reasons);
}

bool rebut_reasons_open(struct rebut_reasons **ret, const struct rebut_frame *frame,
                        const struct rebut_company *company, struct rebut_error *err)
{
    const struct rebut_state *state = frame->state;
    const size_t counts[LEVELS] = {1, state->categories.count + (size_t)1,
                                   frame->merchants + (size_t)1,
                                   state->sku_ids.count + (size_t)1};
    const size_t requests = state->requests.count + (size_t)1;
    struct rebut_reasons *reasons = *ret = calloc(1, sizeof *reasons);
    if (reasons == NULL)
        return rebut_fail_memory(err, "reasons");
    reasons->frame = frame;
    reasons->company = company;
    reasons->complaints = malloc(requests * sizeof *reasons->complaints);
    reasons->buyer_requests = malloc(requests * sizeof *reasons->buyer_requests);
    reasons->sku_first = calloc(counts[SKU] + 1, sizeof *reasons->sku_first);
    reasons->buyer_first =
        calloc(frame->buyers + (size_t)2, sizeof *reasons->buyer_first);
    reasons->witnessed = calloc(counts[CATEGORY], sizeof *reasons->witnessed);
    bool ok = reasons->complaints != NULL && reasons->witnessed != NULL &&
              reasons->buyer_requests != NULL && reasons->sku_first != NULL &&
              reasons->buyer_first != NULL;
    for (int level = 0; level < LEVELS; level++) {
        reasons->mix[level] = calloc(counts[level], sizeof *reasons->mix[level]);
        ok = ok && reasons->mix[level] != NULL;
    }
    if (!ok) {
        rebut_reasons_close(reasons);
        *ret = NULL;
        return rebut_fail_memory(err, "reasons");
    }
    place_requests(reasons);
    place_complaints(reasons);
    return true;
}
