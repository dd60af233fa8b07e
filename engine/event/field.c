#include "field.h"

#include <stddef.h>

/* ---- what may stand in a field ---- */

static const struct kind id = {REBUT_SHAPE_TEXT, 1, REBUT_ID_MAX,
                               "a string of 1 to 64 bytes"};
static const struct kind label = {REBUT_SHAPE_TEXT, 1, REBUT_LABEL_MAX,
                                  "a string of 1 to 128 bytes"};
static const struct kind text = {REBUT_SHAPE_TEXT, 0, REBUT_TEXT_MAX,
                                 "a string of at most 16384 bytes"};
static const struct kind money = {REBUT_SHAPE_INTEGER, 0, REBUT_MONEY_MAX,
                                  "an integer from 0 to 1000000000000"};
static const struct kind quantity = {REBUT_SHAPE_INTEGER, 1, REBUT_QUANTITY_MAX,
                                     "an integer from 1 to 1000000000"};
static const struct kind weight = {REBUT_SHAPE_INTEGER, 0, REBUT_WEIGHT_MAX,
                                   "an integer from 0 to 1000000000"};
static const struct kind instant = {
    REBUT_SHAPE_TIME, REBUT_TIME_MIN, REBUT_TIME_MAX,
    "RFC 3339 with offset or integer milliseconds, 1970 to 9999"};
/* Accounts may come from before the epoch (a default date, say), but not from nowhere:
 * the least is 1900-01-01. */
static const struct kind birth = {
    REBUT_SHAPE_TIME, -25567 * REBUT_DAY, REBUT_TIME_MAX,
    "RFC 3339 with offset or integer milliseconds, 1900 to 9999"};
static const struct kind word = {REBUT_SHAPE_WORD, 0, 0, NULL};
static const struct kind photos = {REBUT_SHAPE_PHOTOS, 0, REBUT_PHOTOS_MAX,
                                   "an array of at most 32 strings of 16 hex digits"};
static const struct kind fraction = {REBUT_SHAPE_FRACTION, 0, 1,
                                     "a number over 0 and at most 1"};

/* ---- which type has which fields ---- */

#define MUST(key, kind, member)                                                          \
    {                                                                                    \
        (key), &(kind), offsetof(struct rebut_event, member), NULL, true, false          \
    }
#define MAY(key, kind, member)                                                           \
    {                                                                                    \
        (key), &(kind), offsetof(struct rebut_event, member), NULL, false, false         \
    }
#define MUST_WORD(key, words, member)                                                    \
    {                                                                                    \
        (key), &word, offsetof(struct rebut_event, member), &(words), true, false        \
    }
#define MAY_WORD(key, words, member)                                                     \
    {                                                                                    \
        (key), &word, offsetof(struct rebut_event, member), &(words), false, false       \
    }
/* What engine/state keeps nothing of.  Not so the text of a contact and the note of a
 * verdict: by these alone may two events of one moment differ, and then they are two. */
#define PASSED_BY(key, kind, member)                                                     \
    {                                                                                    \
        (key), &(kind), offsetof(struct rebut_event, member), NULL, false, true          \
    }

const struct field rebut_event_field_type = MUST_WORD(KEY_TYPE, rebut_event_types, type);
const struct field rebut_event_field_at = MUST(KEY_AT, instant, at);

static const struct field order_fields[] = {
    MUST(KEY_ORDER_ID, id, order_id),
    MUST(KEY_BUYER_ID, id, buyer_id),
    MUST(KEY_MERCHANT_ID, id, merchant_id),
    MUST(KEY_SKU_ID, id, sku_id),
    MUST(KEY_CATEGORY, label, category),
    MUST_WORD(KEY_CHANNEL, rebut_event_channels, channel),
    MUST(KEY_AMOUNT, money, amount),
    MAY(KEY_QUANTITY, quantity, quantity),
    PASSED_BY(KEY_TITLE, text, title),
    MAY(KEY_CAMPAIGN, label, campaign),
    MAY(KEY_HOST_ID, id, host_id),
    MAY(KEY_DISTRIBUTOR, label, distributor),
    MAY(KEY_REGION, label, region),
    MAY(KEY_DEVICE_ID, id, device_id),
    MAY(KEY_ADDRESS_ID, id, address_id),
    MAY(KEY_PAYMENT_ID, id, payment_id),
    MAY(KEY_PROMISED_SHIP_AT, instant, promised_ship_at),
    MAY(KEY_ACCOUNT_CREATED_AT, birth, account_created_at),
};
static const struct field shipment_fields[] = {
    MUST(KEY_ORDER_ID, id, order_id),
    MAY(KEY_CARRIER, label, carrier),
    PASSED_BY(KEY_TRACKING_ID, id, tracking_id),
    PASSED_BY(KEY_WEIGHT_G, weight, weight_g),
};
static const struct field delivery_fields[] = {
    MUST(KEY_ORDER_ID, id, order_id),
    MAY_WORD(KEY_SIGNED_BY, rebut_event_signed_bys, signed_by),
};
static const struct field price_fields[] = {
    MUST(KEY_SKU_ID, id, sku_id),
    MUST(KEY_PRICE, money, amount),
};
static const struct field contact_fields[] = {
    MUST(KEY_ORDER_ID, id, order_id),
    MUST_WORD(KEY_BY, rebut_event_parties, party),
    MUST_WORD(KEY_KIND, rebut_event_contact_kinds, contact_kind),
    MAY(KEY_TEXT, text, text),
};
static const struct field request_fields[] = {
    MUST(KEY_REQUEST_ID, id, request_id),
    MUST(KEY_ORDER_ID, id, order_id),
    MUST_WORD(KEY_KIND, rebut_event_request_kinds, request_kind),
    MUST_WORD(KEY_REASON, rebut_event_reasons, reason),
    MUST(KEY_AMOUNT, money, amount),
    MAY(KEY_TEXT, text, text),
    MAY(KEY_PHOTOS, photos, photos),
};
static const struct field outcome_fields[] = {
    MUST(KEY_REQUEST_ID, id, request_id),
    MUST_WORD(KEY_OUTCOME, rebut_event_outcomes, outcome),
    MAY_WORD(KEY_BY, rebut_event_outcome_bys, outcome_by),
};
static const struct field verdict_fields[] = {
    MUST(KEY_REQUEST_ID, id, request_id),
    MUST_WORD(KEY_VERDICT, rebut_event_verdicts, verdict),
    MAY(KEY_BY, id, reviewer),
    MAY(KEY_NOTE, text, note),
    MAY_WORD(KEY_SELECTION, rebut_event_selections, selection),
    MAY(KEY_PROPENSITY, fraction, propensity),
};

#define FIELDS(list)                                                                     \
    {                                                                                    \
        (list), sizeof(list) / sizeof *(list)                                            \
    }

const struct fields rebut_event_fields[REBUT_EVENT_TYPES] = {
    [REBUT_EVENT_ORDER] = FIELDS(order_fields),
    [REBUT_EVENT_SHIPMENT] = FIELDS(shipment_fields),
    [REBUT_EVENT_DELIVERY] = FIELDS(delivery_fields),
    [REBUT_EVENT_PRICE] = FIELDS(price_fields),
    [REBUT_EVENT_CONTACT] = FIELDS(contact_fields),
    [REBUT_EVENT_REQUEST] = FIELDS(request_fields),
    [REBUT_EVENT_OUTCOME] = FIELDS(outcome_fields),
    [REBUT_EVENT_VERDICT] = FIELDS(verdict_fields),
};
