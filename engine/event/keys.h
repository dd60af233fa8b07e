/* keys.h -- every key of the input contract.  Private to event. */
#ifndef REBUT_EVENT_KEYS_H
#define REBUT_EVENT_KEYS_H

#include "rebut/json.h"

/* Every key of the contract once, in the order that it names them. */
#define KEY_LIST(X)                                                                      \
    X(TYPE, "type")                                                                      \
    X(AT, "at")                                                                          \
    X(ORDER_ID, "order_id")                                                              \
    X(BUYER_ID, "buyer_id")                                                              \
    X(MERCHANT_ID, "merchant_id")                                                        \
    X(SKU_ID, "sku_id")                                                                  \
    X(CATEGORY, "category")                                                              \
    X(CHANNEL, "channel")                                                                \
    X(AMOUNT, "amount")                                                                  \
    X(QUANTITY, "quantity")                                                              \
    X(TITLE, "title")                                                                    \
    X(CAMPAIGN, "campaign")                                                              \
    X(HOST_ID, "host_id")                                                                \
    X(DISTRIBUTOR, "distributor")                                                        \
    X(REGION, "region")                                                                  \
    X(DEVICE_ID, "device_id")                                                            \
    X(ADDRESS_ID, "address_id")                                                          \
    X(PAYMENT_ID, "payment_id")                                                          \
    X(PROMISED_SHIP_AT, "promised_ship_at")                                              \
    X(ACCOUNT_CREATED_AT, "account_created_at")                                          \
    X(CARRIER, "carrier")                                                                \
    X(TRACKING_ID, "tracking_id")                                                        \
    X(WEIGHT_G, "weight_g")                                                              \
    X(SIGNED_BY, "signed_by")                                                            \
    X(PRICE, "price")                                                                    \
    X(BY, "by")                                                                          \
    X(KIND, "kind")                                                                      \
    X(TEXT, "text")                                                                      \
    X(REQUEST_ID, "request_id")                                                          \
    X(REASON, "reason")                                                                  \
    X(PHOTOS, "photos")                                                                  \
    X(OUTCOME, "outcome")                                                                \
    X(VERDICT, "verdict")                                                                \
    X(NOTE, "note")                                                                      \
    X(SELECTION, "selection")                                                            \
    X(PROPENSITY, "propensity")

#define KEY_ENUM(key, name) KEY_##key,
enum key { KEY_LIST(KEY_ENUM) KEYS };

extern const struct rebut_json_keys rebut_event_keys;
extern const char *const rebut_event_key_names[KEYS];

#endif
