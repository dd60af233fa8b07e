/* Which sections there are, and what gives their bytes a meaning. */
#include "snapshot_parts.h"

#include <stddef.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#define ROWS(name, member)                                                               \
    {                                                                                    \
        (name), SNAPSHOT_ROWS, sizeof *((struct rebut_state *)NULL)->member.data,        \
            offsetof(struct rebut_state, member), 0                                      \
    }
#define IDS(name, member, most)                                                          \
    {                                                                                    \
        (name), SNAPSHOT_IDS, 1, offsetof(struct rebut_state, member), (most)            \
    }

/* Ids first, so that a reader could check rows as they come. */
const struct snapshot_part rebut_snapshot_parts[SNAPSHOT_SECTIONS] = {
    IDS("order ids", order_ids, REBUT_ID_MAX),
    IDS("request ids", request_ids, REBUT_ID_MAX),
    IDS("buyer ids", buyer_ids, REBUT_ID_MAX),
    IDS("merchant ids", merchant_ids, REBUT_ID_MAX),
    IDS("sku ids", sku_ids, REBUT_ID_MAX),
    IDS("device ids", key_ids[REBUT_KEY_DEVICE], REBUT_ID_MAX),
    IDS("address ids", key_ids[REBUT_KEY_ADDRESS], REBUT_ID_MAX),
    IDS("payment ids", key_ids[REBUT_KEY_PAYMENT], REBUT_ID_MAX),
    IDS("categories", categories, REBUT_LABEL_MAX),
    IDS("campaigns", campaigns, REBUT_LABEL_MAX),
    IDS("regions", regions, REBUT_LABEL_MAX),
    IDS("carriers", carriers, REBUT_LABEL_MAX),
    IDS("distributors", distributors, REBUT_LABEL_MAX),
    IDS("hosts", hosts, REBUT_ID_MAX),
    IDS("reviewers", reviewers, REBUT_ID_MAX),
    ROWS("orders", orders),
    ROWS("order keys", order_keys),
    ROWS("requests", requests),
    ROWS("contacts", contacts),
    ROWS("outcomes", outcomes),
    ROWS("verdicts", verdicts),
    ROWS("prices", prices),
    ROWS("photos", photos),
    {"texts", SNAPSHOT_TEXTS, 4, offsetof(struct rebut_state, texts), REBUT_TEXT_MAX},
    {"waiting", SNAPSHOT_WAITING, 4, offsetof(struct rebut_snapshot_about, waiting),
     REBUT_LINE_MAX},
};

/* No row, and not the header, has bytes that nobody sets. */
_Static_assert(sizeof(struct rebut_order) ==
                   2 * 8 + 4 * 4 + 3 * 2 + 2 + 2 * 4 + 6 * 4 + 4 * 2,
               "an order has no padding");
_Static_assert(sizeof(struct rebut_order_keys) == REBUT_KEYS * 4, "no padding");
_Static_assert(sizeof(struct rebut_request) == 3 * 8 + 3 * 4 + 4, "no padding");
_Static_assert(sizeof(struct rebut_contact) == 2 * 8 + 4 + 4, "no padding");
_Static_assert(sizeof(struct rebut_outcome_seen) == 2 * 8 + 4 + 4, "no padding");
_Static_assert(sizeof(struct rebut_verdict_seen) == 3 * 8 + 4 + 2 + 2, "no padding");
_Static_assert(sizeof(struct rebut_price) == 2 * 8 + 2 * 4, "no padding");
_Static_assert(sizeof(struct snapshot_section) == SNAPSHOT_NAME + 2 * 4 + 3 * 8,
               "no padding");
_Static_assert(sizeof(struct snapshot_header) ==
                   8 + 2 * 4 + (5 + REBUT_EVENT_TYPES) * 8 + REBUT_SNAPSHOT_DIGEST + 4 +
                       4 + REBUT_SNAPSHOT_SOURCE_MAX +
                       SNAPSHOT_SECTIONS * sizeof(struct snapshot_section) + 2 * 8,
               "the header has no padding");
_Static_assert(sizeof(struct snapshot_header) <= REBUT_SNAPSHOT_HEAD, "it has them all");

struct snapshot_checksum rebut_snapshot_sum(const void *data, size_t size)
{
    const XXH128_hash_t hash = XXH3_128bits(data, size);
    return (struct snapshot_checksum){hash.low64, hash.high64};
}

bool rebut_snapshot_suits_machine(struct rebut_error *err)
{
    const uint32_t number = 1;
    unsigned char first = 0;
    memcpy(&first, &number, 1);
    return first == 1 ||
           rebut_fail(err, REBUT_EINPUT,
                      "snapshots need a little-endian machine, and this one "
                      "is not");
}

/* ---- the layout ---- */

#define AT(row, member) (uint16_t) offsetof(struct rebut_##row, member)

static const uint16_t places[] = {
    AT(order, at),
    AT(order, shipped_s),
    AT(order, delivered_s),
    AT(order, shipment_digest),
    AT(order, delivery_digest),
    AT(order, shipped_ms),
    AT(order, delivered_ms),
    AT(order, carrier),
    AT(order, signed_by),
    AT(order, channel),
    AT(order, amount),
    AT(order, promised_s),
    AT(order, account_age_s),
    AT(order, buyer),
    AT(order, merchant),
    AT(order, sku),
    AT(order, host),
    AT(order, quantity),
    AT(order, digest),
    AT(order, category),
    AT(order, campaign),
    AT(order, region),
    AT(order, distributor),
    AT(request, at),
    AT(request, amount),
    AT(request, digest),
    AT(request, order),
    AT(request, text),
    AT(request, photo_first),
    AT(request, photo_count),
    AT(request, kind),
    AT(request, reason),
    AT(contact, at),
    AT(contact, digest),
    AT(contact, order),
    AT(contact, party),
    AT(contact, kind),
    AT(outcome_seen, at),
    AT(outcome_seen, digest),
    AT(outcome_seen, request),
    AT(outcome_seen, outcome),
    AT(outcome_seen, by),
    AT(verdict_seen, at),
    AT(verdict_seen, digest),
    AT(verdict_seen, propensity),
    AT(verdict_seen, request),
    AT(verdict_seen, reviewer),
    AT(verdict_seen, verdict),
    AT(verdict_seen, selection),
    AT(price, at),
    AT(price, price),
    AT(price, sku),
    REBUT_KEY_DEVICE,
    REBUT_KEY_ADDRESS,
    REBUT_KEY_PAYMENT,
};

static const struct {
    const char *const *words;
    size_t count;
} vocabularies[] = {
    {rebut_words_type, REBUT_EVENT_TYPES},       {rebut_words_channel, REBUT_CHANNELS},
    {rebut_words_request_kind, REBUT_KINDS},     {rebut_words_reason, REBUT_REASONS},
    {rebut_words_signed_by, REBUT_SIGNEDS},      {rebut_words_party, REBUT_PARTIES},
    {rebut_words_contact_kind, REBUT_CONTACTS},  {rebut_words_outcome, REBUT_OUTCOMES},
    {rebut_words_outcome_by, REBUT_OUTCOME_BYS}, {rebut_words_verdict, REBUT_VERDICTS},
    {rebut_words_selection, REBUT_SELECTIONS},
};

/* Rows hold digests of events, by which one that comes again is known. */
static uint64_t mix_digests(uint64_t sum)
{
    struct rebut_event event = {.at = 1,
                                .order_id = REBUT_TEXT("o"),
                                .request_id = REBUT_TEXT("r"),
                                .buyer_id = REBUT_TEXT("b"),
                                .merchant_id = REBUT_TEXT("m"),
                                .sku_id = REBUT_TEXT("s"),
                                .carrier = REBUT_TEXT("c"),
                                .text = REBUT_TEXT("t"),
                                .reviewer = REBUT_TEXT("v"),
                                .amount = 2,
                                .quantity = 3,
                                .photos = {4},
                                .photo_count = 1};
    for (int type = 0; type < REBUT_EVENT_TYPES; type++) {
        event.type = (enum rebut_event_type)type;
        const uint64_t digest = rebut_event_digest(&event);
        sum = XXH3_64bits_withSeed(&digest, sizeof digest, sum);
    }
    return sum;
}

uint64_t rebut_snapshot_layout(void)
{
    uint64_t sum = XXH3_64bits(places, sizeof places);
    for (size_t i = 0; i < sizeof vocabularies / sizeof *vocabularies; i++)
        for (size_t word = 0; word < vocabularies[i].count; word++)
            sum = XXH3_64bits_withSeed(vocabularies[i].words[word],
                                       strlen(vocabularies[i].words[word]) + 1, sum);
    return mix_digests(sum);
}
