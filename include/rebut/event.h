/* rebut/event.h -- what happened on the platform, one line at a time.
 *
 * The input contract in C: one struct for all types of event, one function that
 * turns a line of JSON into it or says why the line is refused.  Files, tables,
 * topics and HTTP bodies all come through here, so an event means the same thing
 * everywhere.
 *
 * Fields that an event does not carry are {NULL, 0}, REBUT_TIME_NONE or the stated
 * default.  Every text is valid UTF-8 and borrowed (see rebut_event_parse).
 */
#ifndef REBUT_EVENT_H
#define REBUT_EVENT_H

#include "rebut/error.h"
#include "rebut/text.h"
#include "rebut/time.h"

/* Limits on what comes from outside; more is a refusal of that line alone. */
#define REBUT_ID_MAX 64                        /* bytes of an id */
#define REBUT_LABEL_MAX 128                    /* category, campaign, distributor … */
#define REBUT_MONEY_MAX INT64_C(1000000000000) /* 10^12 minor units (fen) */
#define REBUT_QUANTITY_MAX INT64_C(1000000000)
#define REBUT_WEIGHT_MAX INT64_C(1000000000) /* grams */
#define REBUT_PHOTOS_MAX 32
#define REBUT_TEXT_MAX 16384             /* bytes of a text, title or note */
#define REBUT_LINE_MAX ((size_t)1 << 20) /* bytes of a line */
#define REBUT_NESTING_MAX 32             /* of JSON arrays and objects */

enum rebut_event_type {
    REBUT_EVENT_ORDER,
    REBUT_EVENT_SHIPMENT,
    REBUT_EVENT_DELIVERY,
    REBUT_EVENT_PRICE,
    REBUT_EVENT_CONTACT,
    REBUT_EVENT_REQUEST,
    REBUT_EVENT_OUTCOME,
    REBUT_EVENT_VERDICT,
    REBUT_EVENT_TYPES /* how many there are */
};

/* Closed vocabularies.  Zero is "absent" in each; the words are in rebut_words_*. */
enum rebut_channel {
    REBUT_CHANNEL_NONE,
    REBUT_CHANNEL_SHELF,
    REBUT_CHANNEL_LIVESTREAM,
    REBUT_CHANNEL_SHORT_VIDEO,
    REBUT_CHANNEL_SOCIAL,
    REBUT_CHANNEL_PRIVATE_DOMAIN,
    REBUT_CHANNELS
};
enum rebut_request_kind {
    REBUT_KIND_NONE,
    REBUT_KIND_REFUND_ONLY,
    REBUT_KIND_RETURN_REFUND,
    REBUT_KINDS
};
enum rebut_reason {
    REBUT_REASON_NONE,
    REBUT_REASON_DAMAGED,
    REBUT_REASON_QUALITY,
    REBUT_REASON_NOT_AS_DESCRIBED,
    REBUT_REASON_COUNTERFEIT,
    REBUT_REASON_WRONG_ITEM,
    REBUT_REASON_MISSING_ITEM,
    REBUT_REASON_LATE_DELIVERY,
    REBUT_REASON_NOT_RECEIVED,
    REBUT_REASON_PRICE_DROP,
    REBUT_REASON_CHANGED_MIND,
    REBUT_REASON_OTHER,
    REBUT_REASONS
};
enum rebut_signed_by {
    REBUT_SIGNED_NONE,
    REBUT_SIGNED_SELF,
    REBUT_SIGNED_LOCKER,
    REBUT_SIGNED_OTHER,
    REBUT_SIGNEDS
};
enum rebut_party {
    REBUT_PARTY_NONE,
    REBUT_PARTY_BUYER,
    REBUT_PARTY_MERCHANT,
    REBUT_PARTIES
};
enum rebut_contact_kind {
    REBUT_CONTACT_NONE,
    REBUT_CONTACT_MESSAGE,
    REBUT_CONTACT_REPLY,
    REBUT_CONTACT_OFFER_REPLACEMENT,
    REBUT_CONTACT_OFFER_PARTIAL_REFUND,
    REBUT_CONTACT_OFFER_RETURN,
    REBUT_CONTACTS
};
enum rebut_outcome {
    REBUT_OUTCOME_NONE,
    REBUT_OUTCOME_GRANTED,
    REBUT_OUTCOME_DENIED,
    REBUT_OUTCOME_WITHDRAWN,
    REBUT_OUTCOMES
};
enum rebut_outcome_by {
    REBUT_OUTCOME_BY_NONE,
    REBUT_OUTCOME_BY_PLATFORM_AUTO,
    REBUT_OUTCOME_BY_PLATFORM,
    REBUT_OUTCOME_BY_MERCHANT,
    REBUT_OUTCOME_BYS
};
enum rebut_verdict {
    REBUT_VERDICT_NONE,
    REBUT_VERDICT_ABUSE,
    REBUT_VERDICT_LEGITIMATE,
    REBUT_VERDICT_UNCLEAR,
    REBUT_VERDICTS
};
enum rebut_selection {
    REBUT_SELECTION_NONE,
    REBUT_SELECTION_RANKED,
    REBUT_SELECTION_RANDOM,
    REBUT_SELECTION_APPEAL,
    REBUT_SELECTIONS
};

/* The word of each value, [0] = "" (absent); the arrays have the counts above. */
extern const char *const rebut_words_type[REBUT_EVENT_TYPES];
extern const char *const rebut_words_channel[REBUT_CHANNELS];
extern const char *const rebut_words_request_kind[REBUT_KINDS];
extern const char *const rebut_words_reason[REBUT_REASONS];
extern const char *const rebut_words_signed_by[REBUT_SIGNEDS];
extern const char *const rebut_words_party[REBUT_PARTIES];
extern const char *const rebut_words_contact_kind[REBUT_CONTACTS];
extern const char *const rebut_words_outcome[REBUT_OUTCOMES];
extern const char *const rebut_words_outcome_by[REBUT_OUTCOME_BYS];
extern const char *const rebut_words_verdict[REBUT_VERDICTS];
extern const char *const rebut_words_selection[REBUT_SELECTIONS];

struct rebut_event {
    enum rebut_event_type type;
    int64_t at; /* microseconds UTC */

    struct rebut_text order_id;   /* all but price, outcome and verdict */
    struct rebut_text request_id; /* request, outcome, verdict */

    /* order */
    struct rebut_text buyer_id, merchant_id, sku_id; /* sku_id: price too */
    struct rebut_text category, title, campaign, host_id, distributor, region;
    struct rebut_text device_id, address_id, payment_id;
    int64_t amount;             /* fen paid (order), asked (request), price (price) */
    int64_t quantity;           /* default 1 */
    int64_t promised_ship_at;   /* or REBUT_TIME_NONE */
    int64_t account_created_at; /* or REBUT_TIME_NONE; may lie before 1970 */
    enum rebut_channel channel;

    /* shipment, delivery */
    struct rebut_text carrier, tracking_id;
    int64_t weight_g; /* -1 when absent */
    enum rebut_signed_by signed_by;

    /* contact */
    enum rebut_party party;
    enum rebut_contact_kind contact_kind;

    /* request; text: contact too */
    enum rebut_request_kind request_kind;
    enum rebut_reason reason;
    struct rebut_text text;
    uint64_t photos[REBUT_PHOTOS_MAX];
    size_t photo_count;

    /* outcome, verdict */
    enum rebut_outcome outcome;
    enum rebut_outcome_by outcome_by;
    enum rebut_verdict verdict;
    struct rebut_text reviewer, note; /* verdict's `by` and `note` */
    enum rebut_selection selection;   /* default ranked, on verdicts */
    double propensity;                /* (0, 1], or 0 when absent */
};

/* Why a line was refused.  `reason` is a stable word for counting ("not_json",
 * "invalid_utf8", "nesting", "missing_field", "wrong_type", "out_of_range",
 * "bad_value", "unknown_type", "duplicate_key", "too_long"); `field` is "" when the
 * line as a whole is meant.  `expected` and `came` are words for a person; `came`
 * holds at most 60 bytes of the input, cut at a character, and may hold buyer data:
 * it goes to the rejects file and nowhere else. */
struct rebut_refusal {
    const char *reason;
    const char *field;
    char expected[96];
    char came[96];
};

/* Every reason, and "other" for one that is not among them (there is none). */
#define REBUT_REFUSALS 11
extern const char *const rebut_words_refusal[REBUT_REFUSALS];

/* The number of a refusal's reason in rebut_words_refusal, for counting. */
size_t rebut_refusal_number(const struct rebut_refusal *refusal);

/* Where strings with escapes are decoded.  A plain buffer; reset it between blocks. */
struct rebut_event_scratch {
    char *data; /* at least as large as all lines parsed between two resets */
    size_t size, used;
};

/* Parse one line (no newline) into *ret.  Texts point into `line`, or into the
 * scratch where the line had escapes; they live as long as both.  Integers with a
 * zero fraction or an exponent ("1e3") are no integers.  `at` and the other times
 * are RFC 3339 with offset or integer milliseconds.  False with *refusal filled
 * when the line is refused; *ret is then unspecified.  Allocates nothing. */
bool rebut_event_parse(struct rebut_text line, struct rebut_event_scratch *scratch,
                       struct rebut_event *ret, struct rebut_refusal *refusal);

/* A 64-bit digest of all the event's known fields: equal for identical events, so
 * that a repeated id is told apart from a conflicting one.  Times in other offsets,
 * key order, white space and unknown fields do not change it. */
uint64_t rebut_event_digest(const struct rebut_event *event);

#endif
