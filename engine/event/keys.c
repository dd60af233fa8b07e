#include "keys.h"

#define SPELLED(key, name) [KEY_##key] = REBUT_JSON_KEY(name),
#define NAMED(key, name) [KEY_##key] = (name),

static const struct rebut_json_key keys[KEYS] = {KEY_LIST(SPELLED)};
const char *const rebut_event_key_names[KEYS] = {KEY_LIST(NAMED)};

/* How the keys usually follow each other: type by type as in the contract.  HOME is where
 * to go on from when the key came unexpectedly, AGAIN its other places. */
/* clang-format off */
#define KEY_ORDER(HOME, AGAIN)                                                           \
    HOME(TYPE) HOME(AT)                                                                  \
    HOME(ORDER_ID) HOME(BUYER_ID) HOME(MERCHANT_ID) HOME(SKU_ID) HOME(CATEGORY)          \
    HOME(CHANNEL) HOME(AMOUNT) HOME(QUANTITY) HOME(TITLE) HOME(CAMPAIGN) HOME(HOST_ID)   \
    HOME(DISTRIBUTOR) HOME(REGION) HOME(DEVICE_ID) HOME(ADDRESS_ID) HOME(PAYMENT_ID)     \
    HOME(PROMISED_SHIP_AT) HOME(ACCOUNT_CREATED_AT)                                      \
    HOME(CARRIER) HOME(TRACKING_ID) HOME(WEIGHT_G)                                       \
    HOME(SIGNED_BY)                                                                      \
    HOME(PRICE)                                                                          \
    HOME(BY) HOME(KIND) HOME(TEXT)                                                       \
    HOME(REQUEST_ID) AGAIN(REQUEST, ORDER_ID) AGAIN(REQUEST, KIND) HOME(REASON)          \
    AGAIN(REQUEST, AMOUNT) AGAIN(REQUEST, TEXT) HOME(PHOTOS)                             \
    HOME(OUTCOME) AGAIN(OUTCOME, BY)                                                     \
    HOME(VERDICT) AGAIN(VERDICT, BY) HOME(NOTE) HOME(SELECTION) HOME(PROPENSITY)
/* clang-format on */

#define PLACE_HOME(key) PLACE_##key,
#define PLACE_AGAIN(type, key) PLACE_##type##_##key,
enum place { KEY_ORDER(PLACE_HOME, PLACE_AGAIN) PLACES };

#define KEY_HOME(key) KEY_##key,
#define KEY_AGAIN(type, key) KEY_##key,
static const uint8_t order[PLACES] = {KEY_ORDER(KEY_HOME, KEY_AGAIN)};

#define NEXT_OF(key, name) [KEY_##key] = (PLACE_##key + 1) % PLACES,
static const uint8_t next[KEYS] = {KEY_LIST(NEXT_OF)};

/* The multiplier is the first of random odd numbers that sends all keys to different
 * places; tests read every key. */
const struct rebut_json_keys rebut_event_keys = {
    .keys = keys,
    .count = KEYS,
    .order = order,
    .next = next,
    .order_size = PLACES,
    .multiplier = UINT64_C(0x97b01e3e80a23f11),
    .slots = {[111] = KEY_TYPE + 1,
              [35] = KEY_AT + 1,
              [85] = KEY_ORDER_ID + 1,
              [65] = KEY_BUYER_ID + 1,
              [31] = KEY_MERCHANT_ID + 1,
              [116] = KEY_SKU_ID + 1,
              [125] = KEY_CATEGORY + 1,
              [53] = KEY_CHANNEL + 1,
              [119] = KEY_AMOUNT + 1,
              [26] = KEY_QUANTITY + 1,
              [101] = KEY_TITLE + 1,
              [74] = KEY_CAMPAIGN + 1,
              [103] = KEY_HOST_ID + 1,
              [17] = KEY_DISTRIBUTOR + 1,
              [41] = KEY_REGION + 1,
              [57] = KEY_DEVICE_ID + 1,
              [24] = KEY_ADDRESS_ID + 1,
              [45] = KEY_PAYMENT_ID + 1,
              [87] = KEY_PROMISED_SHIP_AT + 1,
              [98] = KEY_ACCOUNT_CREATED_AT + 1,
              [70] = KEY_CARRIER + 1,
              [5] = KEY_TRACKING_ID + 1,
              [72] = KEY_WEIGHT_G + 1,
              [56] = KEY_SIGNED_BY + 1,
              [14] = KEY_PRICE + 1,
              [39] = KEY_BY + 1,
              [6] = KEY_KIND + 1,
              [91] = KEY_TEXT + 1,
              [59] = KEY_REQUEST_ID + 1,
              [7] = KEY_REASON + 1,
              [0] = KEY_PHOTOS + 1,
              [112] = KEY_OUTCOME + 1,
              [46] = KEY_VERDICT + 1,
              [115] = KEY_NOTE + 1,
              [69] = KEY_SELECTION + 1,
              [2] = KEY_PROPENSITY + 1},
};
