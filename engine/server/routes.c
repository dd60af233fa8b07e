/* The table of the API: from it requests are checked and answered, and the OpenAPI
 * document is written.  A statement's parameters are the route's, in this order. */
#include "server_parts.h"

#define ID_OF(name, words)                                                               \
    {                                                                                    \
        name, REBUT_HTTP_PATH, REBUT_HTTP_TEXT, true, 1, 64, NULL, words                 \
    }
#define LIMIT                                                                            \
    {                                                                                    \
        "limit", REBUT_HTTP_QUERY, REBUT_HTTP_INTEGER, false, 1, 200, NULL,              \
            "How many at most (50)"                                                      \
    }
#define CURSOR                                                                           \
    {                                                                                    \
        "cursor", REBUT_HTTP_QUERY, REBUT_HTTP_TEXT, false, 1, 400, NULL,                \
            "Where to go on: 'next' of the page before, with the same filters"           \
    }
#define IF_MATCH                                                                         \
    {                                                                                    \
        "If-Match", REBUT_HTTP_HEADER, REBUT_HTTP_TEXT, false, 1, 80, NULL,              \
            "The ETag of the case as you have read it"                                   \
    }
#define KEY                                                                              \
    {                                                                                    \
        "Idempotency-Key", REBUT_HTTP_HEADER, REBUT_HTTP_TEXT, false, 8, 128, NULL,      \
            "The same key again within a day gives the same answer and does nothing"     \
    }
#define MINUTES                                                                          \
    {                                                                                    \
        "minutes", REBUT_HTTP_BODY, REBUT_HTTP_INTEGER, false, 1, 525600, NULL,          \
            "For how long; as the settings say when absent"                              \
    }
#define LANG(words)                                                                      \
    {                                                                                    \
        "lang", REBUT_HTTP_QUERY, REBUT_HTTP_WORD, false, 0, 0, "zh en",                 \
            "The language " words                                                        \
    }
#define ANSWERS "likely_abuse undetermined likely_legitimate"
#define END                                                                              \
    {                                                                                    \
        NULL, REBUT_HTTP_PATH, REBUT_HTTP_TEXT, false, 0, 0, NULL, NULL                  \
    }

static const struct rebut_http_param of_queue[] = {
    {"sort", REBUT_HTTP_QUERY, REBUT_HTTP_WORD, false, 0, 0,
     "slot recovery amount probability oldest",
     "As drawn (slot), or the largest or oldest first"},
    {"merchant", REBUT_HTTP_QUERY, REBUT_HTTP_TEXT, false, 1, 64, NULL,
     "Only at this one"},
    {"answer", REBUT_HTTP_QUERY, REBUT_HTTP_WORD, false, 0, 0, ANSWERS, "Only of these"},
    {"view", REBUT_HTTP_QUERY, REBUT_HTTP_WORD, false, 0, 0, "open mine escalated",
     "What is free or yours; or, without a filter, all that you hold, or what waits for "
     "a senior (who is none sees what he handed on)"},
    LANG("of the reasons; as they were stored when absent"),
    LIMIT,
    CURSOR,
    END};
static const struct listing queue_list = {.reviewer = rebut_sql_web_queue,
                                          .usual = rebut_sql_web_queue_slot,
                                          .usual_sort = "slot",
                                          .parameters = 3};

static const struct rebut_http_param of_claim_next[] = {
    {"count", REBUT_HTTP_BODY, REBUT_HTTP_INTEGER, false, 1, 100, NULL, "How many (1)"},
    MINUTES,
    {"kind", REBUT_HTTP_BODY, REBUT_HTTP_WORD, false, 0, 0, "next second",
     "Of the queue, or what others have decided, blind"},
    KEY,
    END};

static const struct rebut_http_param of_requests[] = {
    {"sort", REBUT_HTTP_QUERY, REBUT_HTTP_WORD, false, 0, 0,
     "rank recovery amount newest",
     "The most suspicious (rank), largest or newest first"},
    {"answer", REBUT_HTTP_QUERY, REBUT_HTTP_WORD, false, 0, 0, ANSWERS, "Only of these"},
    {"merchant", REBUT_HTTP_QUERY, REBUT_HTTP_TEXT, false, 1, 64, NULL,
     "Only at this one"},
    {"buyer", REBUT_HTTP_QUERY, REBUT_HTTP_TEXT, false, 1, 64, NULL,
     "Only of this one; a merchant gets nothing"},
    {"since", REBUT_HTTP_QUERY, REBUT_HTTP_TIME, false, 0, 0, NULL, "Made from then on"},
    {"until", REBUT_HTTP_QUERY, REBUT_HTTP_TIME, false, 0, 0, NULL, "Made before then"},
    {"probability", REBUT_HTTP_QUERY, REBUT_HTTP_NUMBER, false, 0, 1, NULL, "At least"},
    {"decided", REBUT_HTTP_QUERY, REBUT_HTTP_FLAG, false, 0, 0, NULL,
     "Only decided or undecided ones; a merchant gets nothing"},
    {"run", REBUT_HTTP_QUERY, REBUT_HTTP_INTEGER, false, 1, INT64_MAX, NULL,
     "Of this run (the one whose queue people work on); a merchant gets nothing"},
    LIMIT,
    CURSOR,
    END};
static const struct listing requests_list = {.reviewer = rebut_sql_web_requests,
                                             .merchant = rebut_sql_web_requests_merchant,
                                             .auditor = rebut_sql_web_requests,
                                             .usual = rebut_sql_web_requests_rank,
                                             .usual_sort = "rank",
                                             .filler = rebut_sql_web_run,
                                             .parameters = 9};

static const struct rebut_http_param of_request[] = {ID_OF("id", "The request"), END};
static const struct rebut_http_param of_case[] = {
    ID_OF("id", "The request"),
    LANG("of the terms' sentences; as they were stored when absent"), END};
static const struct reading case_read = {.reviewer = rebut_sql_web_case,
                                         .merchant = rebut_sql_web_case_merchant,
                                         .auditor = rebut_sql_web_case_auditor,
                                         .parameters = 1,
                                         .what = "request",
                                         .recorded = "id"};

static const struct rebut_http_param of_claim[] = {ID_OF("id", "The request"), MINUTES,
                                                   IF_MATCH, KEY, END};
static const struct rebut_http_param of_change[] = {ID_OF("id", "The request"), IF_MATCH,
                                                    KEY, END};
static const struct rebut_http_param of_escalate[] = {
    ID_OF("id", "The request"),
    {"reason", REBUT_HTTP_BODY, REBUT_HTTP_TEXT, true, 1, 16384, NULL,
     "Why a senior should look at it"},
    IF_MATCH,
    KEY,
    END};
static const struct rebut_http_param of_decide[] = {
    ID_OF("id", "The request"),
    {"verdict", REBUT_HTTP_BODY, REBUT_HTTP_WORD, true, 0, 0, "abuse legitimate unclear",
     "What you found"},
    {"note", REBUT_HTTP_BODY, REBUT_HTTP_TEXT, false, 0, 16384, NULL, "Why"},
    IF_MATCH,
    KEY,
    END};

static const struct rebut_http_param of_evidence[] = {ID_OF("id", "The request"),
                                                      {"lang", REBUT_HTTP_QUERY,
                                                       REBUT_HTTP_WORD, false, 0, 0,
                                                       "zh en", "Its language (zh)"},
                                                      END};

#define WORDS_OF(name, words)                                                            \
    {                                                                                    \
        name, REBUT_HTTP_BODY, REBUT_HTTP_TEXT, false, 1, 255, NULL, words               \
    }
static const struct rebut_http_param of_appeal[] = {
    {"request_id", REBUT_HTTP_BODY, REBUT_HTTP_TEXT, true, 1, 64, NULL,
     "A request at one of your shops"},
    WORDS_OF("reason", "Which of the form's reasons, or why"),
    WORDS_OF("platform", "Where it is appealed"),
    WORDS_OF("form", "With which form"),
    KEY,
    END};
static const struct rebut_http_param of_appeals[] = {
    {"state", REBUT_HTTP_QUERY, REBUT_HTTP_WORD, false, 0, 0,
     "opened waiting won lost expired", "Only of these; a reviewer sees those that wait"},
    {"merchant", REBUT_HTTP_QUERY, REBUT_HTTP_TEXT, false, 1, 64, NULL,
     "Only of this one"},
    LIMIT,
    CURSOR,
    END};
static const struct listing appeals_list = {.reviewer = rebut_sql_web_appeals,
                                            .merchant = rebut_sql_web_appeals_merchant,
                                            .auditor = rebut_sql_web_appeals_auditor,
                                            .parameters = 2};

static const struct rebut_http_param of_score[] = {
    {"request_id", REBUT_HTTP_BODY, REBUT_HTTP_TEXT, true, 1, 64, NULL,
     "A refund-only request, of the events or known since the night"},
    {"events", REBUT_HTTP_BODY, REBUT_HTTP_OBJECTS, false, 0, 1000, NULL,
     "Events of the input contract, in any order"},
    LANG("of its sentences (zh)"),
    END};

static const struct rebut_http_param of_form[] = {
    ID_OF("id", "The request"),
    {"platform", REBUT_HTTP_QUERY, REBUT_HTTP_TEXT, true, 1, 64, NULL,
     "The form, as 'rebut forms' lists them"},
    LANG("to write in (zh)"),
    END};

static const struct rebut_http_param of_buyer[] = {
    ID_OF("pseudonym", "The buyer, as the platform names it"), END};
static const struct reading buyer_read = {.reviewer = rebut_sql_web_buyer,
                                          .parameters = 1,
                                          .what = "buyer",
                                          .recorded = "pseudonym"};
static const struct rebut_http_param of_merchant[] = {ID_OF("id", "The merchant"), END};
static const struct reading report_read = {.reviewer = rebut_sql_web_report,
                                           .merchant = rebut_sql_web_report_merchant,
                                           .parameters = 1,
                                           .what = "merchant"};

static const struct rebut_http_param of_audit[] = {
    {"subject", REBUT_HTTP_QUERY, REBUT_HTTP_TEXT, false, 1, 128, NULL,
     "What it was done to"},
    {"login", REBUT_HTTP_QUERY, REBUT_HTTP_TEXT, false, 1, 63, NULL, "Who did it"},
    {"action", REBUT_HTTP_QUERY, REBUT_HTTP_TEXT, false, 1, 64, NULL, "What was done"},
    LIMIT,
    CURSOR,
    END};
static const struct listing audit_list = {
    .reviewer = rebut_sql_web_audit, .auditor = rebut_sql_web_audit, .parameters = 3};

static const struct reading models_read = {
    .reviewer = rebut_sql_web_models, .auditor = rebut_sql_web_models, .what = "model"};
static const struct rebut_http_param of_summary[] = {{"days", REBUT_HTTP_QUERY,
                                                      REBUT_HTTP_INTEGER, false, 1, 366,
                                                      NULL, "How far back (30)"},
                                                     END};
static const struct reading summary_read = {.reviewer = rebut_sql_web_summary,
                                            .auditor = rebut_sql_web_summary,
                                            .parameters = 1,
                                            .what = "summary"};

static const struct rebut_http_param of_login[] = {
    {"token", REBUT_HTTP_BODY, REBUT_HTTP_TEXT, false, 1, 100, NULL, "A token, or"},
    {"code", REBUT_HTTP_BODY, REBUT_HTTP_TEXT, false, 1, 100, NULL, "a one-time code"},
    END};

/* clang-format off */
const struct rebut_http_route rebut_server_routes[] = {
    {"POST", "/v1/session", "openSession", "Open a session by a token or a one-time code", NULL, of_login, REBUT_HTTP_JSON, 201, NULL, "Opened", rebut_server_session_open, NULL},
    {"GET", "/v1/session", "readSession", "Who am I, and what may I?", "any", NULL, REBUT_HTTP_NO_BODY, 200, NULL, "Session", rebut_server_session_show, NULL},
    {"DELETE", "/v1/session", "endSession", "End this session", "any", NULL, REBUT_HTTP_NO_BODY, 204, NULL, NULL, rebut_server_session_end, NULL},
    {"GET", "/v1/queue", "readQueue", "What to look at next", "queue:read", of_queue, REBUT_HTTP_NO_BODY, 200, NULL, "Queue", rebut_server_queue, &queue_list},
    {"POST", "/v1/queue/claim", "claimNext", "Take the next cases", "cases:write", of_claim_next, REBUT_HTTP_JSON, 200, NULL, "Claimed", rebut_server_claim_next, NULL},
    {"GET", "/v1/requests", "listCases", "Scored requests of the run in force", "cases:read", of_requests, REBUT_HTTP_NO_BODY, 200, NULL, "Cases", rebut_server_list, &requests_list},
    {"GET", "/v1/requests/{id}", "readCase", "All about one request", "cases:read", of_case, REBUT_HTTP_NO_BODY, 200, NULL, "Case", rebut_server_read, &case_read},
    {"GET", "/v1/requests/{id}/score", "readScore", "The latest score of a request, for other systems", "cases:read", of_request, REBUT_HTTP_NO_BODY, 200, NULL, "Score", rebut_server_score_read, NULL},
    {"POST", "/v1/requests/{id}/claim", "claimCase", "Take one case, or keep it for longer", "cases:write", of_claim, REBUT_HTTP_JSON, 200, NULL, "Changed", rebut_server_claim, NULL},
    {"POST", "/v1/requests/{id}/release", "releaseCase", "Give a case back undecided, or take back that it was handed to a senior", "cases:write", of_change, REBUT_HTTP_JSON, 200, NULL, "Changed", rebut_server_release, NULL},
    {"POST", "/v1/requests/{id}/decide", "decideCase", "Decide a case in hand; If-Match is required", "cases:write", of_decide, REBUT_HTTP_JSON, 200, NULL, "Changed", rebut_server_decide, NULL},
    {"POST", "/v1/requests/{id}/undo", "undoCase", "Take a decision back within its grace time", "cases:write", of_change, REBUT_HTTP_JSON, 200, NULL, "Changed", rebut_server_undo, NULL},
    {"POST", "/v1/requests/{id}/escalate", "escalateCase", "Hand a case in hand to a senior", "cases:write", of_escalate, REBUT_HTTP_JSON, 200, NULL, "Changed", rebut_server_escalate, NULL},
    {"GET", "/v1/requests/{id}/evidence.json", "readEvidence", "The evidence pack of a request, canonical", "cases:read", of_request, REBUT_HTTP_NO_BODY, 200, NULL, "Pack", rebut_server_evidence, "json"},
    {"GET", "/v1/requests/{id}/evidence.html", "readEvidencePage", "The same as a page", "cases:read", of_evidence, REBUT_HTTP_NO_BODY, 200, "text/html; charset=utf-8", NULL, rebut_server_evidence, "html"},
    {"GET", "/v1/requests/{id}/evidence.pdf", "readEvidencePaper", "The same on paper", "cases:read", of_evidence, REBUT_HTTP_NO_BODY, 200, "application/pdf", NULL, rebut_server_evidence, "pdf"},
    {"POST", "/v1/score", "makeScore", "Score a request now, with events that nobody stores", "score:make", of_score, REBUT_HTTP_JSON, 200, NULL, "Record", rebut_server_score_make, NULL},
    {"POST", "/v1/appeals", "makeAppeal", "Ask for a person to look at a request of your own; 200 when you had asked before", "appeals:write", of_appeal, REBUT_HTTP_JSON, 201, NULL, "Appealed", rebut_server_appeal, NULL},
    {"GET", "/v1/appeals", "listAppeals", "Appeals: your own, those that wait, or all", "cases:read", of_appeals, REBUT_HTTP_NO_BODY, 200, NULL, "Appeals", rebut_server_list, &appeals_list},
    {"GET", "/v1/requests/{id}/form", "readForm", "What to write in a platform's form about a request", "cases:read", of_form, REBUT_HTTP_NO_BODY, 200, NULL, "Form", rebut_server_form, NULL},
    {"GET", "/v1/buyers/{pseudonym}", "readBuyer", "A buyer's record", "buyers:read", of_buyer, REBUT_HTTP_NO_BODY, 200, NULL, "Buyer", rebut_server_read, &buyer_read},
    {"GET", "/v1/merchants/{id}/report", "readReport", "What a merchant was asked for, by month", "merchants:read", of_merchant, REBUT_HTTP_NO_BODY, 200, NULL, "Report", rebut_server_read, &report_read},
    {"GET", "/v1/audit", "readAudit", "Who did what, newest first", "audit:read", of_audit, REBUT_HTTP_NO_BODY, 200, NULL, "Audit", rebut_server_list, &audit_list},
    {"GET", "/v1/models", "readModels", "The models", "models:read", NULL, REBUT_HTTP_NO_BODY, 200, NULL, "Models", rebut_server_read, &models_read},
    {"GET", "/v1/metrics/summary", "readSummary", "Figures for the dashboard", "summary:read", of_summary, REBUT_HTTP_NO_BODY, 200, NULL, "Summary", rebut_server_read, &summary_read},
    {"POST", "/v1/events", "addEvents", "Add a batch of events, one JSON object a line", "events:write", NULL, REBUT_HTTP_LINES, 200, NULL, "Loaded", rebut_server_events, NULL},
    {NULL, NULL, NULL, NULL, NULL, NULL, REBUT_HTTP_NO_BODY, 0, NULL, NULL, NULL, NULL}};
/* clang-format on */
