/* The timeline of an explanation. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "explain_page.h"

static const char *const reasons_zh[REBUT_REASONS] = {
    "",         "商品破损",     "质量问题", "与描述不符", "假冒商品", "发错商品",
    "少件漏件", "发货或配送迟", "未收到货", "降价",       "不想要了", "其他"};
static const char *const contacts_zh[REBUT_CONTACTS] = {
    "", "留言", "回复", "提出补发换货", "提出部分退款", "提出退货退款"};
static const char *const parties_zh[REBUT_PARTIES] = {"", "买家", "商家"};
static const char *const outcomes_zh[REBUT_OUTCOMES] = {"", "平台同意退款", "平台驳回",
                                                        "买家撤回"};
static const char *const signed_zh[REBUT_SIGNEDS] = {"", "本人", "快递柜", "他人"};

/* "2天3小时" or "2 d 3 h" into `text`. */
static void write_span(int64_t microseconds, enum rebut_language language, char *text,
                       size_t size)
{
    const bool zh = language == REBUT_CHINESE;
    const int64_t minutes = microseconds / REBUT_MINUTE;
    const int64_t hours = minutes / 60, days = hours / 24;
    if (days >= 1)
        snprintf(text, size,
                 zh ? "%" PRId64 "天%" PRId64 "小时" : "%" PRId64 " d %" PRId64 " h",
                 days, hours % 24);
    else if (hours >= 1)
        snprintf(text, size,
                 zh ? "%" PRId64 "小时%" PRId64 "分" : "%" PRId64 " h %" PRId64 " min",
                 hours, minutes % 60);
    else
        snprintf(text, size, zh ? "%" PRId64 "分钟" : "%" PRId64 " min", minutes);
}

/* One entry of the timeline: when, what, and how long after the order. */
static void entry(const struct rebut_page *page, int64_t at, const char *what,
                  const char *more)
{
    char when[REBUT_TIME_SIZE], span[64];
    rebut_time_format(at, 8 * 60, when);
    when[16] = '\0';
    when[10] = ' ';
    write_span(at >= page->order->at ? at - page->order->at : page->order->at - at,
               page->language, span, sizeof span);
    rebut_output_print(page->out, "  %s  %s%s%s", when, what, more[0] != '\0' ? "  " : "",
                       more);
    if (at != page->order->at)
        rebut_output_print(page->out, "  (%s%s)", at > page->order->at ? "+" : "-", span);
    rebut_output_print(page->out, "\n");
}

struct moment {
    int64_t at;
    int kind; /* order of equal times */
    char what[160];
    char more[200];
};

static int compare_moments(const void *left, const void *right)
{
    const struct moment *a = left, *b = right;
    if (a->at != b->at)
        return a->at < b->at ? -1 : 1;
    return a->kind - b->kind;
}

#define MOMENTS_MAX 64

static struct moment *add_moment(struct moment *moments, int *count, int64_t at, int kind)
{
    if (*count == MOMENTS_MAX)
        return NULL;
    moments[*count] = (struct moment){.at = at, .kind = kind};
    return &moments[(*count)++];
}

static void add_order(const struct rebut_page *page, struct moment *moments, int *count)
{
    const struct rebut_order *order = page->order;
    struct moment *moment = add_moment(moments, count, order->at, 0);
    snprintf(moment->what, sizeof moment->what, "%s", rebut_page_say(page, W_ORDERED));
    const struct rebut_text category =
        order->category == 0
            ? REBUT_TEXT("")
            : rebut_intern_text(&page->state->categories, order->category - 1);
    snprintf(moment->more, sizeof moment->more, "%.*s %s %.2f", (int)category.size,
             category.data, rebut_words_channel[order->channel],
             (double)order->amount / 100);
    if (order->shipped_s != REBUT_SECONDS_NONE) {
        moment =
            add_moment(moments, count, order->at + order->shipped_s * REBUT_SECOND, 1);
        snprintf(moment->what, sizeof moment->what, "%s",
                 rebut_page_say(page, W_SHIPPED));
        const struct rebut_text carrier =
            order->carrier == 0
                ? REBUT_TEXT("")
                : rebut_intern_text(&page->state->carriers, order->carrier - 1);
        snprintf(moment->more, sizeof moment->more, "%.*s", (int)carrier.size,
                 carrier.data);
    }
    if (order->delivered_s != REBUT_SECONDS_NONE) {
        moment =
            add_moment(moments, count, order->at + order->delivered_s * REBUT_SECOND, 2);
        snprintf(moment->what, sizeof moment->what, "%s",
                 rebut_page_say(page, W_DELIVERED));
        snprintf(moment->more, sizeof moment->more, "%s",
                 page->language == REBUT_CHINESE
                     ? signed_zh[order->signed_by]
                     : rebut_words_signed_by[order->signed_by]);
    }
    if (order->promised_s != REBUT_SECONDS_NONE) {
        moment =
            add_moment(moments, count, order->at + order->promised_s * REBUT_SECOND, 1);
        snprintf(moment->what, sizeof moment->what, "%s",
                 rebut_page_say(page, W_PROMISED));
    }
}

static void add_request(const struct rebut_page *page, struct moment *moments, int *count)
{
    const struct rebut_order *order = page->order;
    struct moment *moment = add_moment(moments, count, page->request->at, 3);
    char after[100] = "";
    const int64_t signed_at = order->at + order->delivered_s * REBUT_SECOND;
    if (order->delivered_s != REBUT_SECONDS_NONE && signed_at <= page->request->at) {
        char span[64];
        write_span(page->request->at - signed_at, page->language, span, sizeof span);
        if (page->language == REBUT_CHINESE)
            snprintf(after, sizeof after, "，%s%s", rebut_page_say(page, W_AFTER_SIGNING),
                     span);
        else
            snprintf(after, sizeof after, ", %s %s", span,
                     rebut_page_say(page, W_AFTER_SIGNING));
    }
    snprintf(moment->what, sizeof moment->what, "%s", rebut_page_say(page, W_REQUESTED));
    snprintf(moment->more, sizeof moment->more, "%s %.2f%s",
             page->language == REBUT_CHINESE ? reasons_zh[page->request->reason]
                                             : rebut_words_reason[page->request->reason],
             (double)page->request->amount / 100, after);
}

static void add_contacts(const struct rebut_page *page, struct moment *moments,
                         int *count)
{
    const struct rebut_state *state = page->state;
    const bool zh = page->language == REBUT_CHINESE;
    uint32_t low = 0, high = state->contacts.count;
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        if (state->contacts.data[middle].order < page->request->order)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < state->contacts.count &&
           state->contacts.data[low].order == page->request->order;
         low++) {
        const struct rebut_contact *contact = &state->contacts.data[low];
        struct moment *moment = add_moment(moments, count, contact->at, 4);
        if (moment == NULL)
            return;
        snprintf(moment->what, sizeof moment->what, zh ? "%s%s" : "%s: %s",
                 zh ? parties_zh[contact->party] : rebut_words_party[contact->party],
                 zh ? contacts_zh[contact->kind]
                    : rebut_words_contact_kind[contact->kind]);
    }
}

/* What the platform decided is told, and is no evidence. */
static void add_outcomes(const struct rebut_page *page, struct moment *moments,
                         int *count)
{
    const struct rebut_state *state = page->state;
    const bool zh = page->language == REBUT_CHINESE;
    for (uint32_t i = 0; i < state->outcomes.count; i++) {
        const struct rebut_outcome_seen *seen = &state->outcomes.data[i];
        if (seen->request != page->request_index)
            continue;
        struct moment *moment = add_moment(moments, count, seen->at, 5);
        if (moment == NULL)
            return;
        snprintf(moment->what, sizeof moment->what, "%s",
                 zh ? outcomes_zh[seen->outcome] : rebut_words_outcome[seen->outcome]);
        snprintf(moment->more, sizeof moment->more, "%s",
                 zh ? "（不作为证据）" : "(not used as evidence)");
    }
}

void rebut_page_timeline(const struct rebut_page *page)
{
    struct moment moments[MOMENTS_MAX];
    int count = 0;
    add_order(page, moments, &count);
    add_request(page, moments, &count);
    add_contacts(page, moments, &count);
    add_outcomes(page, moments, &count);
    qsort(moments, (size_t)count, sizeof *moments, compare_moments);
    rebut_output_print(page->out, "\n%s\n", rebut_page_say(page, W_TIMELINE));
    for (int i = 0; i < count; i++)
        entry(page, moments[i].at, moments[i].what, moments[i].more);
    if (page->order->shipped_s == REBUT_SECONDS_NONE)
        rebut_output_print(page->out, "  %s\n", rebut_page_say(page, W_NO_SHIPMENT));
    if (page->order->delivered_s == REBUT_SECONDS_NONE)
        rebut_output_print(page->out, "  %s\n", rebut_page_say(page, W_NOT_DELIVERED));
}
