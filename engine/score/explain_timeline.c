/* The timeline of an explanation. */
#include <stdio.h>

#include "explain_page.h"

#define MOMENTS_MAX 64

static struct rebut_case_moment *add_moment(struct rebut_case_moment *moments, int *count,
                                            int64_t at, int kind)
{
    if (*count == MOMENTS_MAX)
        return NULL;
    moments[*count] = (struct rebut_case_moment){.at = at, .kind = kind};
    return &moments[(*count)++];
}

static void add_order(const struct rebut_page *page, struct rebut_case_moment *moments,
                      int *count)
{
    const struct rebut_order *order = page->order;
    struct rebut_case_moment *moment = add_moment(moments, count, order->at, 0);
    snprintf(moment->what, sizeof moment->what, "%s",
             rebut_case_say(REBUT_CASE_ORDERED, page->language));
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
                 rebut_case_say(REBUT_CASE_SHIPPED, page->language));
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
                 rebut_case_say(REBUT_CASE_DELIVERED, page->language));
        snprintf(moment->more, sizeof moment->more, "%s",
                 rebut_case_signed(order->signed_by, page->language));
    }
    if (order->promised_s != REBUT_SECONDS_NONE) {
        moment =
            add_moment(moments, count, order->at + order->promised_s * REBUT_SECOND, 1);
        snprintf(moment->what, sizeof moment->what, "%s",
                 rebut_case_say(REBUT_CASE_PROMISED, page->language));
    }
}

static void add_request(const struct rebut_page *page, struct rebut_case_moment *moments,
                        int *count)
{
    const struct rebut_order *order = page->order;
    struct rebut_case_moment *moment = add_moment(moments, count, page->request->at, 3);
    const bool delivered = order->delivered_s != REBUT_SECONDS_NONE;
    snprintf(moment->what, sizeof moment->what, "%s",
             rebut_case_say(REBUT_CASE_REQUESTED, page->language));
    rebut_case_asked(moment, page->request->reason, page->request->amount,
                     delivered ? order->at + order->delivered_s * REBUT_SECOND
                               : REBUT_TIME_NONE,
                     page->language);
}

static void add_contacts(const struct rebut_page *page, struct rebut_case_moment *moments,
                         int *count)
{
    const struct rebut_state *state = page->state;
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
        struct rebut_case_moment *moment = add_moment(moments, count, contact->at, 4);
        if (moment == NULL)
            return;
        rebut_case_contact(contact->party, contact->kind, page->language, moment->what);
    }
}

/* What the platform decided is told, and is no evidence. */
static void add_outcomes(const struct rebut_page *page, struct rebut_case_moment *moments,
                         int *count)
{
    const struct rebut_state *state = page->state;
    for (uint32_t i = 0; i < state->outcomes.count; i++) {
        const struct rebut_outcome_seen *seen = &state->outcomes.data[i];
        if (seen->request != page->request_index)
            continue;
        struct rebut_case_moment *moment = add_moment(moments, count, seen->at, 5);
        if (moment == NULL)
            return;
        snprintf(moment->what, sizeof moment->what, "%s",
                 rebut_case_outcome(seen->outcome, page->language));
        snprintf(moment->more, sizeof moment->more, "%s",
                 rebut_case_say(REBUT_CASE_NO_EVIDENCE, page->language));
    }
}

void rebut_page_timeline(const struct rebut_page *page)
{
    struct rebut_case_moment moments[MOMENTS_MAX];
    int count = 0;
    add_order(page, moments, &count);
    add_request(page, moments, &count);
    add_contacts(page, moments, &count);
    add_outcomes(page, moments, &count);
    rebut_case_write_timeline(moments, count, page->order->at, page->language, page->out);
    if (page->order->shipped_s == REBUT_SECONDS_NONE)
        rebut_output_print(page->out, "  %s\n",
                           rebut_case_say(REBUT_CASE_NO_SHIPMENT, page->language));
    if (page->order->delivered_s == REBUT_SECONDS_NONE)
        rebut_output_print(page->out, "  %s\n",
                           rebut_case_say(REBUT_CASE_NOT_DELIVERED, page->language));
}
