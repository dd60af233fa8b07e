/* What happened when, and the intervals that matter. */
#include <stdlib.h>

#include "pack_words.h"
#include "rebut/case_page.h"
#include "rebut/lists.h"

static struct rebut_pack_moment *add_moment(struct pack_case *own, int kind, int64_t at)
{
    struct rebut_pack *pack = own->pack;
    if (pack->timeline.count == REBUT_PACK_MOMENTS_MAX)
        return NULL;
    struct rebut_pack_moment *moment = REBUT_PACK_MORE(pack, &pack->timeline);
    if (moment != NULL)
        *moment = (struct rebut_pack_moment){.at = at, .kind = kind, .evidence = true};
    return moment;
}

static void add_said(struct pack_case *own, int kind, int64_t at,
                     enum rebut_case_word word, struct rebut_pack_words more)
{
    struct rebut_pack_moment *moment = add_moment(own, kind, at);
    if (moment == NULL)
        return;
    moment->what.zh =
        rebut_pack_print(own->pack, "%s", rebut_case_say(word, REBUT_CHINESE));
    moment->what.en =
        rebut_pack_print(own->pack, "%s", rebut_case_say(word, REBUT_ENGLISH));
    moment->more = more;
}

/* A label from outside, the same in both languages. */
static struct rebut_pack_words same(struct rebut_text text)
{
    return (struct rebut_pack_words){text, text};
}

static void add_parcel(struct pack_case *own)
{
    const struct rebut_order *order = own->order;
    const struct rebut_state *state = own->maker->state;
    struct rebut_pack_words by = {0};
    if (order->promised_s != REBUT_SECONDS_NONE)
        add_said(own, REBUT_MOMENT_PROMISED, order->at + order->promised_s * REBUT_SECOND,
                 REBUT_CASE_PROMISED, by);
    if (order->shipped_s != REBUT_SECONDS_NONE)
        add_said(own, REBUT_MOMENT_SHIPPED, order->at + order->shipped_s * REBUT_SECOND,
                 REBUT_CASE_SHIPPED,
                 same(rebut_pack_label(own, &state->carriers, order->carrier)));
    if (order->delivered_s == REBUT_SECONDS_NONE)
        return;
    if (order->signed_by != REBUT_SIGNED_NONE) {
        by.zh = rebut_pack_print(own->pack, "%s",
                                 rebut_case_signed(order->signed_by, REBUT_CHINESE));
        by.en = rebut_pack_print(own->pack, "%s",
                                 rebut_case_signed(order->signed_by, REBUT_ENGLISH));
    }
    add_said(own, REBUT_MOMENT_SIGNED, order->at + order->delivered_s * REBUT_SECOND,
             REBUT_CASE_DELIVERED, by);
}

static void add_request(struct pack_case *own)
{
    const struct rebut_request *request = own->request;
    struct rebut_pack_words more = {
        .zh = rebut_pack_print(own->pack, "%s %.2f元",
                               rebut_case_reason(request->reason, REBUT_CHINESE),
                               (double)request->amount / 100),
        .en = rebut_pack_print(
            own->pack, "%s, %.2f yuan",
            rebut_pack_plain(own->pack, rebut_words_reason[request->reason]).data,
            (double)request->amount / 100)};
    add_said(own, REBUT_MOMENT_ASKED, request->at, REBUT_CASE_REQUESTED, more);
}

static void add_contacts(struct pack_case *own)
{
    const struct rebut_state *state = own->maker->state;
    for (uint32_t i = rebut_state_first_contact(state, own->request->order);
         i < state->contacts.count &&
         state->contacts.data[i].order == own->request->order;
         i++) {
        const struct rebut_contact *contact = &state->contacts.data[i];
        char what[REBUT_CASE_WHAT];
        struct rebut_pack_moment *moment =
            add_moment(own, REBUT_MOMENT_CONTACT, contact->at);
        if (moment == NULL)
            return;
        rebut_case_contact(contact->party, contact->kind, REBUT_CHINESE, what);
        moment->what.zh = rebut_pack_print(own->pack, "%s", what);
        rebut_case_contact(contact->party, contact->kind, REBUT_ENGLISH, what);
        moment->what.en = rebut_pack_plain(own->pack, what);
    }
}

static void add_outcomes(struct pack_case *own)
{
    const struct rebut_state *state = own->maker->state;
    for (uint32_t i = rebut_state_first_outcome(state, own->request_index);
         i < state->outcomes.count &&
         state->outcomes.data[i].request == own->request_index;
         i++) {
        const struct rebut_outcome_seen *seen = &state->outcomes.data[i];
        struct rebut_pack_moment *moment =
            add_moment(own, REBUT_MOMENT_OUTCOME, seen->at);
        if (moment == NULL)
            return;
        moment->evidence = false;
        moment->what.zh = rebut_pack_print(
            own->pack, "%s", rebut_case_outcome(seen->outcome, REBUT_CHINESE));
        moment->what.en = rebut_pack_print(
            own->pack, "%s", rebut_case_outcome(seen->outcome, REBUT_ENGLISH));
        moment->more.zh = rebut_pack_print(
            own->pack, "%s", rebut_case_say(REBUT_CASE_NO_EVIDENCE, REBUT_CHINESE));
        moment->more.en = rebut_pack_print(
            own->pack, "%s", rebut_case_say(REBUT_CASE_NO_EVIDENCE, REBUT_ENGLISH));
    }
}

static int compare_moments(const void *left, const void *right)
{
    const struct rebut_pack_moment *a = left, *b = right;
    if (a->at != b->at)
        return a->at < b->at ? -1 : 1;
    if (a->kind != b->kind)
        return a->kind < b->kind ? -1 : 1;
    return rebut_text_compare(a->what.en, b->what.en);
}

static void add_interval(struct pack_case *own, int kind, int64_t from, int64_t to)
{
    struct rebut_pack *pack = own->pack;
    struct rebut_pack_interval *interval = REBUT_PACK_MORE(pack, &pack->intervals);
    if (interval == NULL)
        return;
    *interval = (struct rebut_pack_interval){kind, from, to, to - from, {{0}, {0}}};
    interval->sentence = rebut_pack_interval_words(pack, interval);
}

static void add_intervals(struct pack_case *own)
{
    const struct rebut_order *order = own->order;
    const int64_t at = order->at, asked = own->request->at;
    const int64_t shipped = at + order->shipped_s * REBUT_SECOND;
    const int64_t signed_at = at + order->delivered_s * REBUT_SECOND;
    const bool is_shipped = order->shipped_s != REBUT_SECONDS_NONE;
    const bool is_signed = order->delivered_s != REBUT_SECONDS_NONE;
    if (is_shipped && order->promised_s != REBUT_SECONDS_NONE)
        add_interval(own, REBUT_INTERVAL_PROMISE_TO_SHIPMENT,
                     at + order->promised_s * REBUT_SECOND, shipped);
    if (is_shipped && is_signed)
        add_interval(own, REBUT_INTERVAL_SHIPMENT_TO_SIGNATURE, shipped, signed_at);
    if (is_signed)
        add_interval(own, REBUT_INTERVAL_SIGNATURE_TO_REQUEST, signed_at, asked);
    add_interval(own, REBUT_INTERVAL_ORDER_TO_REQUEST, at, asked);
}

void rebut_pack_put_timeline(struct pack_case *own)
{
    struct rebut_pack_words paid = PACK_SAY(own->pack, "实付 %.2f元", "paid %.2f yuan",
                                            (double)own->order->amount / 100);
    add_said(own, REBUT_MOMENT_ORDERED, own->order->at, REBUT_CASE_ORDERED, paid);
    add_parcel(own);
    add_request(own);
    add_outcomes(own);
    add_contacts(own);
    if (own->pack->timeline.count > 0)
        qsort(own->pack->timeline.list, own->pack->timeline.count,
              sizeof *own->pack->timeline.list, compare_moments);
    add_intervals(own);
}
