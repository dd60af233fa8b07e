/* What is answered, as JSON Schema. */
#include "server_parts.h"

/* clang-format off */
#define OBJECT(required, members) \
    "{\"type\":\"object\",\"required\":[" required "],\"properties\":{" members "}}"
#define TEXT(name) "\"" name "\":{\"type\":\"string\"}"
#define NUMBER(name) "\"" name "\":{\"type\":\"number\"}"
#define WHOLE(name) "\"" name "\":{\"type\":\"integer\"}"
#define LOGICAL(name) "\"" name "\":{\"type\":\"boolean\"}"
#define MAYBE(name, type) "\"" name "\":{\"type\":[\"" type "\",\"null\"]}"
#define LIST(name) "\"" name "\":{\"type\":\"array\"}"
#define ITEMS(name, of) "\"" name "\":{\"type\":\"array\",\"items\":" of "}"
#define ANSWER \
    "\"answer\":{\"enum\":[\"likely_abuse\",\"undetermined\",\"likely_legitimate\"]}"
#define INTERVAL \
    "\"interval\":{\"type\":\"array\",\"items\":{\"type\":\"number\"}," \
    "\"minItems\":2,\"maxItems\":2}"
#define PAGE(item) \
    OBJECT("\"items\",\"next\"", ITEMS("items", item) "," MAYBE("next", "string"))

/* What lists and cases have in common. */
#define HEAD \
    TEXT("request_id") "," TEXT("order_id") "," TEXT("merchant_id") "," \
    TEXT("requested_at") "," WHOLE("amount")
#define JUDGED NUMBER("probability") "," INTERVAL "," ANSWER "," NUMBER("expected_recovery")
#define HEAD_NAMES "\"request_id\",\"order_id\",\"merchant_id\",\"requested_at\",\"amount\""
#define JUDGED_NAMES "\"probability\",\"interval\",\"answer\",\"expected_recovery\""

#define QUEUE_ITEM \
    OBJECT(HEAD_NAMES "," JUDGED_NAMES, HEAD "," JUDGED "," MAYBE("slot", "integer") "," \
           TEXT("buyer_id") "," LIST("notes") "," TEXT("as_of") "," \
           MAYBE("mine_until", "string") "," MAYBE("reason", "string") "," \
           MAYBE("holder", "string") "," TEXT("escalated_at") "," TEXT("escalated_by") "," \
           TEXT("escalated_for") "," LOGICAL("own"))
#define CASES_ITEM \
    OBJECT(HEAD_NAMES "," JUDGED_NAMES, HEAD "," JUDGED "," TEXT("as_of") "," \
           TEXT("buyer_id") "," WHOLE("rank") "," LOGICAL("decided") "," \
           MAYBE("holder", "string"))
#define CLAIMED_ITEM \
    OBJECT("\"request_id\",\"until\",\"second\"", \
           TEXT("request_id") "," TEXT("until") "," MAYBE("slot", "integer") "," \
           LOGICAL("second"))
#define SCORE \
    OBJECT(JUDGED_NAMES ",\"log_odds\",\"model\",\"as_of\"", \
           JUDGED "," NUMBER("log_odds") "," TEXT("model") "," TEXT("as_of") "," \
           LIST("notes") "," MAYBE("rank", "integer") "," MAYBE("q_value", "number") "," MAYBE("conformal_q", "number"))
#define TERM OBJECT("\"name\"", TEXT("name") "," TEXT("sentence") "," NUMBER("log_odds"))
#define EVENT OBJECT("\"at\",\"type\",\"detail\"", TEXT("at") "," TEXT("type"))
#define AUDIT_ITEM \
    OBJECT("\"audit_id\",\"at\",\"login\",\"role\",\"action\",\"subject\"", \
           WHOLE("audit_id") "," TEXT("at") "," TEXT("login") "," TEXT("role") "," \
           TEXT("action") "," TEXT("subject") "," MAYBE("token_id", "string"))
#define APPEAL \
    OBJECT("\"request_id\",\"merchant_id\",\"state\",\"asked_at\",\"answer_by\"", \
           TEXT("request_id") "," TEXT("merchant_id") "," \
           "\"state\":{\"enum\":[\"opened\",\"waiting\",\"won\",\"lost\",\"expired\"]}," \
           MAYBE("amount", "integer") "," MAYBE("asked_at", "string") "," \
           MAYBE("answer_by", "string") "," MAYBE("expires_at", "string") "," \
           MAYBE("ended_at", "string") "," MAYBE("recovered", "integer") "," \
           MAYBE("reason", "string"))
#define MODEL \
    OBJECT("\"model_id\",\"role\",\"as_of\",\"created_at\"", \
           TEXT("model_id") "," TEXT("role") "," TEXT("as_of") "," TEXT("created_at"))

const struct rebut_http_schema rebut_server_schemas[] = {
    {"Queue", PAGE(QUEUE_ITEM)},
    {"Cases", PAGE(CASES_ITEM)},
    {"Claimed", OBJECT("\"items\"", ITEMS("items", CLAIMED_ITEM))},
    {"Case", OBJECT(HEAD_NAMES ",\"score\",\"terms\"",
                    HEAD ",\"score\":" SCORE "," ITEMS("terms", TERM) ","
                    ITEMS("timeline", EVENT) "," LIST("versions") "," LIST("groups") ","
                    LIST("decisions") "," MAYBE("appeal", "object") "," TEXT("buyer_id") ","
                    MAYBE("escalation", "object"))},
    {"Score", OBJECT("\"request_id\",\"answer\",\"probability\",\"interval\",\"log_odds\",\"notes\","
                     "\"as_of\",\"model\"",
                     TEXT("request_id") "," ANSWER "," NUMBER("probability") "," INTERVAL ","
                     NUMBER("log_odds") "," LIST("notes") "," TEXT("as_of") "," TEXT("model"))},
    {"Appealed", OBJECT("\"request_id\",\"asked_at\",\"answer_by\",\"again\"",
                        TEXT("request_id") "," TEXT("asked_at") "," MAYBE("answer_by", "string") ","
                        LOGICAL("again"))},
    {"Appeals", PAGE(APPEAL)},
    {"Form", OBJECT("\"platform\",\"text\",\"points\",\"limit\",\"reason\",\"doubts\"",
                    TEXT("platform") "," TEXT("text") "," WHOLE("points") "," MAYBE("limit", "integer") ","
                    MAYBE("reason", "string") "," LIST("doubts") "," WHOLE("sentences_left"))},
    {"Record", OBJECT("\"request_id\",\"probability\",\"terms\"", TEXT("request_id") "," NUMBER("probability") "," LIST("terms"))},
    {"Changed", OBJECT("\"request_id\",\"state\"",
                       TEXT("request_id") ",\"state\":{\"enum\":[\"claimed\",\"released\","
                       "\"decided\",\"escalated\"]}," TEXT("until") "," TEXT("since") "," TEXT("undo_until") ","
                       TEXT("verdict"))},
    {"Opened", OBJECT("\"csrf\"", TEXT("csrf"))},
    {"Session", OBJECT("\"login\",\"role\",\"scopes\",\"merchant_ids\",\"expires_at\",\"csrf\"",
                       TEXT("login") "," TEXT("role") "," TEXT("token_id") ","
                       LIST("scopes") "," LIST("merchant_ids") "," TEXT("expires_at") ","
                       MAYBE("csrf", "string"))},
    {"Buyer", OBJECT("\"record\",\"requests\",\"groups\"",
                     LIST("requests") "," LIST("groups") ","
                     MAYBE("ratio", "object") "," MAYBE("usual", "object"))},
    {"Report", OBJECT("\"merchant_id\",\"record\",\"months\"",
                      TEXT("merchant_id") "," LIST("months"))},
    {"Pack", OBJECT("\"buyer\"", "\"buyer\":{\"type\":\"object\"}")},
    {"Audit", PAGE(AUDIT_ITEM)},
    {"Models", OBJECT("\"items\"", ITEMS("items", MODEL))},
    {"Summary", OBJECT("\"days\",\"queue\",\"decisions\",\"false_discovery\",\"reliability\"",
                       WHOLE("days") "," LIST("reliability") "," LIST("by_day") ","
                       LIST("runs") "," MAYBE("drift", "object") ","
                       MAYBE("agreement", "object") "," MAYBE("recovered", "object"))},
    {"Loaded", OBJECT("\"lines\",\"blank\",\"inserted\",\"refused\",\"set_aside\"",
                      WHOLE("lines") "," WHOLE("blank") "," LIST("set_aside"))},
    {NULL, NULL}};
/* clang-format on */
