/* Can rows that came from a file be trusted?  Every index is below its count, every word
 * is one of its vocabulary, times and amounts are what an event may bring. */
#include <inttypes.h>

#include "snapshot_parts.h"

/* What is wrong with a row. */
struct fault {
    const char *member;
    int64_t came, least, most;
};

struct check {
    const struct rebut_state *state;
    struct fault fault;
};

static inline bool within(struct check *check, const char *member, int64_t came,
                          int64_t least, int64_t most)
{
    if (came >= least && came <= most)
        return true;
    check->fault = (struct fault){member, came, least, most};
    return false;
}

static inline bool is_index(struct check *check, const char *member, uint32_t index,
                            uint32_t count)
{
    return within(check, member, index, 0, (int64_t)count - 1);
}

/* Words of a small vocabulary are counted from 1; 0 is absent. */
static inline bool is_word(struct check *check, const char *member, uint32_t word,
                           const struct rebut_intern *words)
{
    return within(check, member, word, 0, words->count);
}

static inline bool is_time(struct check *check, int64_t at)
{
    return within(check, "at", at, REBUT_TIME_MIN, check->state->latest);
}

static inline bool is_money(struct check *check, int64_t amount)
{
    return within(check, "amount", amount, 0, REBUT_MONEY_MAX);
}

static bool order_is_fine(struct check *check, uint32_t index)
{
    const struct rebut_state *state = check->state;
    const struct rebut_order *row = &state->orders.data[index];
    return is_time(check, row->at) && is_money(check, row->amount) &&
           within(check, "shipped_ms", row->shipped_ms, 0, 999) &&
           within(check, "delivered_ms", row->delivered_ms, 0, 999) &&
           within(check, "quantity", row->quantity, 1, REBUT_QUANTITY_MAX) &&
           within(check, "signed_by", row->signed_by, 0, REBUT_SIGNEDS - 1) &&
           within(check, "channel", row->channel, 0, REBUT_CHANNELS - 1) &&
           is_index(check, "buyer", row->buyer, state->buyer_ids.count) &&
           is_index(check, "merchant", row->merchant, state->merchant_ids.count) &&
           is_index(check, "sku", row->sku, state->sku_ids.count) &&
           is_word(check, "host", row->host, &state->hosts) &&
           is_word(check, "carrier", row->carrier, &state->carriers) &&
           is_word(check, "category", row->category, &state->categories) &&
           is_word(check, "campaign", row->campaign, &state->campaigns) &&
           is_word(check, "region", row->region, &state->regions) &&
           is_word(check, "distributor", row->distributor, &state->distributors);
}

static bool order_keys_are_fine(struct check *check, uint32_t index)
{
    static const char *const names[REBUT_KEYS] = {"device", "address", "payment"};
    const struct rebut_order_keys *row = &check->state->order_keys.data[index];
    for (int kind = 0; kind < REBUT_KEYS; kind++)
        if (row->key[kind] != REBUT_NONE && !is_index(check, names[kind], row->key[kind],
                                                      check->state->key_ids[kind].count))
            return false;
    return true;
}

static bool request_is_fine(struct check *check, uint32_t index)
{
    const struct rebut_state *state = check->state;
    const struct rebut_request *row = &state->requests.data[index];
    if (row->text != REBUT_NONE &&
        (!is_index(check, "text", row->text, state->texts.count) ||
         !within(check, "size of its text", (int64_t)state->texts.data[row->text].size, 1,
                 REBUT_TEXT_MAX)))
        return false;
    return is_time(check, row->at) && is_money(check, row->amount) &&
           is_index(check, "order", row->order, state->orders.count) &&
           within(check, "photo_count", row->photo_count, 0, REBUT_PHOTOS_MAX) &&
           within(check, "photo_first", row->photo_first, 0,
                  (int64_t)state->photos.count - row->photo_count) &&
           within(check, "kind", row->kind, 0, REBUT_KINDS - 1) &&
           within(check, "reason", row->reason, 0, REBUT_REASONS - 1) &&
           within(check, "unused", row->unused, 0, 0);
}

static bool contact_is_fine(struct check *check, uint32_t index)
{
    const struct rebut_contact *row = &check->state->contacts.data[index];
    return is_time(check, row->at) &&
           is_index(check, "order", row->order, check->state->orders.count) &&
           within(check, "party", row->party, 0, REBUT_PARTIES - 1) &&
           within(check, "kind", row->kind, 0, REBUT_CONTACTS - 1) &&
           within(check, "unused", row->unused[0] | row->unused[1], 0, 0);
}

static bool outcome_is_fine(struct check *check, uint32_t index)
{
    const struct rebut_outcome_seen *row = &check->state->outcomes.data[index];
    return is_time(check, row->at) &&
           is_index(check, "request", row->request, check->state->requests.count) &&
           within(check, "outcome", row->outcome, 0, REBUT_OUTCOMES - 1) &&
           within(check, "by", row->by, 0, REBUT_OUTCOME_BYS - 1) &&
           within(check, "unused", row->unused[0] | row->unused[1], 0, 0);
}

static bool verdict_is_fine(struct check *check, uint32_t index)
{
    const struct rebut_verdict_seen *row = &check->state->verdicts.data[index];
    const bool fraction = row->propensity >= 0 && row->propensity <= 1; /* not NaN */
    return is_time(check, row->at) &&
           is_index(check, "request", row->request, check->state->requests.count) &&
           is_word(check, "reviewer", row->reviewer, &check->state->reviewers) &&
           within(check, "verdict", row->verdict, 0, REBUT_VERDICTS - 1) &&
           within(check, "selection", row->selection, 0, REBUT_SELECTIONS - 1) &&
           within(check, "whole part of its propensity", fraction ? 0 : -1, 0, 1);
}

static bool price_is_fine(struct check *check, uint32_t index)
{
    const struct rebut_price *row = &check->state->prices.data[index];
    return is_time(check, row->at) && is_money(check, row->price) &&
           is_index(check, "sku", row->sku, check->state->sku_ids.count) &&
           within(check, "unused", row->unused, 0, 0);
}

static bool check_rows(struct check *check, const char *section, uint32_t count,
                       bool (*is_fine)(struct check *, uint32_t), struct rebut_error *err)
{
    for (uint32_t i = 0; i < count; i++)
        if (!is_fine(check, i))
            return rebut_fail(err, REBUT_EDATA,
                              "section '%s', row %" PRIu32 ": '%s' is %" PRId64
                              ", expected %" PRId64 " to %" PRId64,
                              section, i, check->fault.member, check->fault.came,
                              check->fault.least, check->fault.most);
    return true;
}

static bool same_count(const char *section, uint32_t came, const char *other,
                       uint32_t expected, struct rebut_error *err)
{
    return came == expected || rebut_fail(err, REBUT_EDATA,
                                          "section '%s' has %" PRIu32
                                          " entries, expected the %" PRIu32 " of '%s'",
                                          section, came, expected, other);
}

static bool few_words(const char *section, const struct rebut_intern *words,
                      struct rebut_error *err)
{
    return words->count < UINT16_MAX ||
           rebut_fail(err, REBUT_EDATA,
                      "section '%s' has %" PRIu32 " entries, expected at most %d",
                      section, words->count, UINT16_MAX - 1);
}

static bool check_counts(const struct rebut_state *state, struct rebut_error *err)
{
    return same_count("order ids", state->order_ids.count, "orders", state->orders.count,
                      err) &&
           same_count("order keys", state->order_keys.count, "orders",
                      state->orders.count, err) &&
           same_count("request ids", state->request_ids.count, "requests",
                      state->requests.count, err) &&
           few_words("categories", &state->categories, err) &&
           few_words("campaigns", &state->campaigns, err) &&
           few_words("regions", &state->regions, err) &&
           few_words("carriers", &state->carriers, err) &&
           few_words("distributors", &state->distributors, err) &&
           few_words("reviewers", &state->reviewers, err);
}

static bool check_photos(const struct rebut_state *state, struct rebut_error *err)
{
    /* Sealing packs the photos of all requests into as much room as there is. */
    uint64_t photos = 0;
    for (uint32_t i = 0; i < state->requests.count; i++)
        photos += state->requests.data[i].photo_count;
    if (photos > state->photos.count)
        return rebut_fail(err, REBUT_EDATA,
                          "section 'photos' has %" PRIu32
                          " entries, expected at least the %" PRIu64 " of all requests",
                          state->photos.count, photos);
    return true;
}

static bool check_about(const struct rebut_state *state,
                        const struct rebut_snapshot_about *about, struct rebut_error *err)
{
    const size_t size = strnlen(about->source, sizeof about->source);
    const struct rebut_text source = {about->source, size};
    if (about->as_of < REBUT_TIME_MIN || about->as_of > REBUT_TIME_MAX)
        return rebut_fail(err, REBUT_EDATA, "as_of is no time: %" PRId64, about->as_of);
    if (state->latest != REBUT_TIME_NONE &&
        (state->latest < REBUT_TIME_MIN || state->latest > about->as_of))
        return rebut_fail(err, REBUT_EDATA,
                          "the latest event is of %" PRId64
                          " us, expected at most as_of, %" PRId64,
                          state->latest, about->as_of);
    if (size > REBUT_SNAPSHOT_SOURCE_MAX || rebut_text_valid_utf8(source) != size)
        return rebut_fail(err, REBUT_EDATA,
                          "the name of the source is not UTF-8 of up to %d bytes",
                          REBUT_SNAPSHOT_SOURCE_MAX);
    return true;
}

bool rebut_snapshot_check(const struct rebut_state *state,
                          const struct rebut_snapshot_about *about,
                          struct rebut_error *err)
{
    struct check check = {.state = state};
    return check_about(state, about, err) && check_counts(state, err) &&
           check_rows(&check, "orders", state->orders.count, order_is_fine, err) &&
           check_rows(&check, "order keys", state->order_keys.count, order_keys_are_fine,
                      err) &&
           check_rows(&check, "requests", state->requests.count, request_is_fine, err) &&
           check_rows(&check, "contacts", state->contacts.count, contact_is_fine, err) &&
           check_rows(&check, "outcomes", state->outcomes.count, outcome_is_fine, err) &&
           check_rows(&check, "verdicts", state->verdicts.count, verdict_is_fine, err) &&
           check_rows(&check, "prices", state->prices.count, price_is_fine, err) &&
           check_photos(state, err);
}

bool rebut_snapshot_text_is_fine(struct rebut_text text, size_t most)
{
    return text.size == 0 ||
           (text.size <= most && memchr(text.data, '\0', text.size) == NULL &&
            rebut_text_valid_utf8(text) == text.size);
}
