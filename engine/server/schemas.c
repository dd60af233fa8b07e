/* What is answered, as JSON Schema. */
#include "server_parts.h"

#define OBJECT(required, members)                                                        \
    "{\"type\":\"object\",\"required\":[" required "],\"properties\":{" members "}}"
#define TEXT(name) "\"" name "\":{\"type\":\"string\"}"
#define NUMBER(name) "\"" name "\":{\"type\":\"number\"}"
#define WHOLE(name) "\"" name "\":{\"type\":\"integer\"}"
#define MAYBE(name, type) "\"" name "\":{\"type\":[\"" type "\",\"null\"]}"
#define LIST(name) "\"" name "\":{\"type\":\"array\"}"
#define ITEMS(name, of) "\"" name "\":{\"type\":\"array\",\"items\":" of "}"
#define ANSWER                                                                           \
    "\"answer\":{\"enum\":[\"likely_abuse\",\"undetermined\",\"likely_legitimate\"]}"
#define INTERVAL                                                                         \
    "\"interval\":{\"type\":\"array\",\"items\":{\"type\":\"number\"},\"minItems\":2,"   \
    "\"maxItems\":2}"

#define PAGE(item)                                                                       \
    OBJECT("\"items\",\"next\"", ITEMS("items", item) "," MAYBE("next", "string"))

static const char queue[] = PAGE(OBJECT(
    "\"request_id\",\"amount\",\"probability\",\"answer\"",
    MAYBE("slot", "integer") "," TEXT("request_id") "," TEXT("order_id") "," TEXT("buyer_"
                                                                                  "id") "," TEXT("merchant_id") "," TEXT("requested_at") "," WHOLE(
        "amount") "," NUMBER("probability") "," INTERVAL "," ANSWER
                                            "," NUMBER("expected_recovery") "," LIST("not"
                                                                                     "es") "," TEXT(
                                                "as_of") "," MAYBE("mine_until",
                                                                   "string") "," MAYBE("r"
                                                                                       "e"
                                                                                       "a"
                                                                                       "s"
                                                                                       "o"
                                                                                       "n",
                                                                                       "s"
                                                                                       "t"
                                                                                       "r"
                                                                                       "i"
                                                                                       "n"
                                                                                       "g")));

static const char cases[] = PAGE(OBJECT(
    "\"request_id\",\"amount\",\"probability\",\"answer\"",
    TEXT("request_id") "," TEXT("order_id") "," TEXT("merchant_id") "," TEXT(
        "requested_at") "," WHOLE("amount") "," NUMBER("probability") "," INTERVAL
                                                                      "," ANSWER
                                                                      "," NUMBER(
                                                                          "expected_"
                                                                          "recovery")));

static const char claimed[] = OBJECT(
    "\"items\"",
    ITEMS("items", OBJECT("\"request_id\",\"until\",\"second\"",
                          TEXT("request_id") "," TEXT("until") "," MAYBE(
                              "slot", "integer") ",\"second\":{\"type\":\"boolean\"}")));

static const char one_case[] = OBJECT(
    "\"request_id\",\"score\",\"terms\"",
    TEXT("request_id") "," TEXT("order_id") "," TEXT("merchant_id") "," TEXT("requested_"
                                                                             "at") "," WHOLE("amount") "," LIST("terms") "," LIST("timeline") "," LIST(
        "versions") "," LIST("groups") "," LIST("decisions") ",\"score\":" OBJECT("\"answ"
                                                                                  "er\","
                                                                                  "\"prob"
                                                                                  "abilit"
                                                                                  "y\","
                                                                                  "\"inte"
                                                                                  "rval"
                                                                                  "\"",
                                                                                  ANSWER
                                                                                  "," NUMBER(
                                                                                      "pr"
                                                                                      "ob"
                                                                                      "ab"
                                                                                      "il"
                                                                                      "it"
                                                                                      "y") "," INTERVAL
                                                                                           "," NUMBER("log_odds") "," TEXT(
                                                                                               "model") "," TEXT("as_of")));

static const char changed[] = OBJECT(
    "\"request_id\",\"state\"",
    TEXT("request_id") ",\"state\":{\"enum\":[\"claimed\",\"released\",\"decided\"]}"
                       "," TEXT("until") "," TEXT("undo_until") "," TEXT("verdict"));

static const char session[] = OBJECT(
    "\"login\",\"role\",\"scopes\",\"expires_at\",\"csrf\"",
    TEXT("login") "," TEXT("role") "," TEXT("token_id") "," LIST("scopes") "," LIST(
        "merchant_ids") "," TEXT("expires_at") "," MAYBE("csrf", "string"));

static const char audit[] = PAGE(
    OBJECT("\"audit_id\",\"at\",\"login\",\"action\",\"subject\"",
           WHOLE("audit_id") "," TEXT("at") "," TEXT("login") "," TEXT("role") "," TEXT(
               "action") "," TEXT("subject") "," MAYBE("token_id", "string")));

static const char models[] =
    OBJECT("\"items\"", ITEMS("items", OBJECT("\"model_id\",\"role\"",
                                              TEXT("model_id") "," TEXT("role") "," TEXT(
                                                  "as_of") "," TEXT("created_at"))));

const struct rebut_http_schema rebut_server_schemas[] = {
    {"Queue", queue},
    {"Cases", cases},
    {"Claimed", claimed},
    {"Case", one_case},
    {"Changed", changed},
    {"Opened", OBJECT("\"csrf\"", TEXT("csrf"))},
    {"Session", session},
    {"Buyer",
     OBJECT("\"record\",\"requests\",\"groups\"", LIST("requests") "," LIST("groups"))},
    {"Report",
     OBJECT("\"merchant_id\",\"months\"", TEXT("merchant_id") "," LIST("months"))},
    {"Audit", audit},
    {"Models", models},
    {"Summary", OBJECT("\"queue\",\"decisions\",\"false_discovery\",\"reliability\"",
                       LIST("reliability") "," LIST("by_day") "," LIST("runs"))},
    {"Loaded", OBJECT("\"lines\",\"inserted\",\"refused\"",
                      WHOLE("lines") "," WHOLE("blank") "," LIST("set_aside"))},
    {NULL, NULL}};
