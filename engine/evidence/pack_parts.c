/* Every member of a pack's JSON: name, kind, where it lies, and its limit. */
#include "pack_shape.h"

#include <stddef.h>

#define FACTS_MAX 64
#define LINES_MAX 64
#define BINS_MAX 20

/* A row each; T is the struct. */
#define INTEGER(name, field)                                                             \
    {                                                                                    \
        name, PACK_INTEGER, offsetof(T, field), 0, NULL, NULL                            \
    }
#define INSTANT(name, field)                                                             \
    {                                                                                    \
        name, PACK_INSTANT, offsetof(T, field), 0, NULL, NULL                            \
    }
#define DECIMAL(name, field)                                                             \
    {                                                                                    \
        name, PACK_DECIMAL, offsetof(T, field), 0, NULL, NULL                            \
    }
#define DECIMALS(name, field, count)                                                     \
    {                                                                                    \
        name, PACK_DECIMALS, offsetof(T, field), count, NULL, NULL                       \
    }
#define FLAG(name, field)                                                                \
    {                                                                                    \
        name, PACK_FLAG, offsetof(T, field), 0, NULL, NULL                               \
    }
#define TEXT(name, field)                                                                \
    {                                                                                    \
        name, PACK_TEXT, offsetof(T, field), 0, NULL, NULL                               \
    }
#define WORD(name, field, words, count)                                                  \
    {                                                                                    \
        name, PACK_WORD, offsetof(T, field), count, words, NULL                          \
    }
#define WORDS(name, field)                                                               \
    {                                                                                    \
        name, PACK_WORDS, offsetof(T, field), 0, NULL, NULL                              \
    }
#define OBJECT(name, field, shape)                                                       \
    {                                                                                    \
        name, PACK_OBJECT, offsetof(T, field), 0, NULL, &shape##_shape                   \
    }
#define LIST(name, field, shape, limit)                                                  \
    {                                                                                    \
        name, PACK_LIST, offsetof(T, field), limit, NULL, &shape##_shape                 \
    }
#define SHAPE(name, type)                                                                \
    static const struct pack_shape name##_shape = {                                      \
        sizeof(type), name##_members, sizeof name##_members / sizeof *name##_members}

/* clang-format off */
#define T struct rebut_pack_header
static const struct pack_member header_members[] = {
    INSTANT("as_of_us", as_of),
    INTEGER("asked_fen", asked),
    TEXT("blind", blind),
    TEXT("category", category),
    TEXT("config", config),
    WORD("edition", edition, rebut_words_edition, REBUT_EDITIONS),
    TEXT("engine", engine),
    TEXT("exact", exact),
    INSTANT("expires_us", expires),
    TEXT("merchant_id", merchant_id),
    TEXT("model", model),
    TEXT("order_id", order_id),
    INTEGER("paid_fen", paid),
    INTEGER("quantity", quantity),
    WORD("reason", reason, rebut_words_reason, REBUT_REASONS),
    TEXT("request_id", request_id),
    TEXT("schema_hash", schema_hash),
    TEXT("sku_id", sku_id),
    TEXT("wording", wording),
};
SHAPE(header, T);
#undef T

#define T struct rebut_pack_moment
static const struct pack_member moment_members[] = {
    INSTANT("at_us", at),
    FLAG("evidence", evidence),
    WORD("kind", kind, rebut_words_moment, REBUT_MOMENTS),
    WORDS("more", more),
    WORDS("what", what),
};
SHAPE(moment, T);
#undef T

#define T struct rebut_pack_interval
static const struct pack_member interval_members[] = {
    INSTANT("from_us", from),
    WORD("kind", kind, rebut_words_interval, REBUT_INTERVALS),
    WORDS("sentence", sentence),
    INSTANT("span_us", span),
    INSTANT("to_us", to),
};
SHAPE(interval, T);
#undef T

#define T struct rebut_pack_fact
static const struct pack_member fact_members[] = {
    INSTANT("at_us", at),
    TEXT("mark", mark),
    WORDS("sentence", sentence),
    WORD("source", source, rebut_words_pack_source, REBUT_SOURCES),
};
SHAPE(fact, T);
#undef T

#define T struct rebut_pack_claim
static const struct pack_member claim_members[] = {
    WORDS("claim", claim),
    LIST("contradicts", contradicts, fact, FACTS_MAX),
    WORD("kind", kind, rebut_words_claimed, REBUT_CLAIMEDS),
    TEXT("quote", quote),
    LIST("silent", silent, fact, FACTS_MAX),
    LIST("supports", supports, fact, FACTS_MAX),
};
SHAPE(claim, T);
#undef T

#define T struct rebut_pack_reason_count
static const struct pack_member reason_count_members[] = {
    INTEGER("count", count),
    WORD("reason", reason, rebut_words_reason, REBUT_REASONS),
};
SHAPE(reason_count, T);
#undef T

#define T struct rebut_pack_buyer
static const struct pack_member buyer_members[] = {
    INSTANT("account_age_us", account_age),
    DECIMAL("expected", expected),
    DECIMAL("high", high),
    INSTANT("judged_abuse", judged_abuse),
    INSTANT("judged_legitimate", judged_legitimate),
    DECIMAL("low", low),
    INSTANT("median_delay_us", median_delay),
    INTEGER("orders", orders),
    INTEGER("orders_here", orders_here),
    INTEGER("other_requests", other_requests),
    DECIMAL("prior", prior),
    DECIMAL("prior_alone", prior_alone),
    TEXT("pseudonym", pseudonym),
    DECIMAL("ratio", ratio),
    LIST("reasons", reasons, reason_count, REBUT_REASONS),
    INTEGER("requests", requests),
    INSTANT("returns", returns),
    WORD("ring_link", ring_link, rebut_words_link, REBUT_LINKS),
    INTEGER("ring_others", ring_others),
    INTEGER("shops", shops),
    WORDS("summary", summary),
    DECIMAL("turned_bound", turned_bound),
    INSTANT("turned_since_us", turned_since),
    INTEGER("undisputed", undisputed),
};
SHAPE(buyer, T);
#undef T

#define T struct rebut_pack_rate
static const struct pack_member rate_members[] = {
    DECIMAL("high", high),
    DECIMAL("low", low),
    INTEGER("orders", orders),
    DECIMAL("rate", rate),
    INTEGER("requests", requests),
};
SHAPE(rate, T);
#undef T

#define T struct rebut_pack_fault
static const struct pack_member fault_members[] = {
    DECIMAL("high", high),
    DECIMAL("low", low),
    DECIMAL("ratio", ratio),
    DECIMAL("usual_high", usual_high),
    DECIMAL("usual_low", usual_low),
};
SHAPE(fault, T);
#undef T

#define T struct rebut_pack_share
static const struct pack_member share_members[] = {
    DECIMAL("fault", fault),
    DECIMAL("high", high),
    DECIMAL("low", low),
    INTEGER("requests", requests),
    DECIMAL("share", share),
};
SHAPE(share, T);
#undef T

#define T struct rebut_pack_words
static const struct pack_member words_members[] = {
    TEXT("en", en),
    TEXT("zh", zh),
};
SHAPE(words, T);
#undef T

#define T struct rebut_pack_shop
static const struct pack_member shop_members[] = {
    OBJECT("category_rate", category_rate, rate),
    OBJECT("category_returns", category_returns, rate),
    FLAG("explains", explains),
    OBJECT("recent_fault", recent_fault, fault),
    INTEGER("shipped", shipped),
    INTEGER("shipped_late", shipped_late),
    OBJECT("shop_fault", shop_fault, fault),
    OBJECT("shop_rate", shop_rate, rate),
    OBJECT("shop_share", shop_share, share),
    OBJECT("sku_fault", sku_fault, fault),
    OBJECT("sku_rate", sku_rate, rate),
    OBJECT("sku_returns", sku_returns, rate),
    OBJECT("sku_share", sku_share, share),
    WORDS("summary", summary),
    LIST("why", why, words, LINES_MAX),
    INTEGER("witnesses", witnesses),
};
SHAPE(shop, T);
#undef T

#define T struct rebut_pack_match
static const struct pack_member match_members[] = {
    INSTANT("at_us", at),
    INTEGER("distance", distance),
    TEXT("order_id", order_id),
    FLAG("same_shop", same_shop),
    WORD("where", where, rebut_words_where, REBUT_WHERES),
};
SHAPE(match, T);
#undef T

#define T struct rebut_pack_elsewhere
static const struct pack_member elsewhere_members[] = {
    LIST("photo", photo, match, REBUT_PACK_MATCHES_MAX),
    INTEGER("photo_buyers", photo_buyers),
    INTEGER("photo_matches", photo_matches),
    INTEGER("photo_shops", photo_shops),
    INTEGER("photos", photos),
    LIST("text", text, match, REBUT_PACK_MATCHES_MAX),
    INTEGER("text_buyers", text_buyers),
    INTEGER("text_matches", text_matches),
    INTEGER("text_shops", text_shops),
};
SHAPE(elsewhere, T);
#undef T

#define T struct rebut_pack_line
static const struct pack_member line_members[] = {
    TEXT("bin", bin),
    DECIMAL("expected", expected),
    DECIMAL("high", high),
    DECIMAL("log_odds", log_odds),
    DECIMAL("low", low),
    INTEGER("n", n),
    TEXT("name", name),
    DECIMAL("observed", observed),
    DECIMAL("raw", raw),
    WORDS("sentence", sentence),
};
SHAPE(line, T);
#undef T

#define T struct rebut_pack_bin
static const struct pack_member bin_members[] = {
    INTEGER("abuse", abuse),
    DECIMAL("from", from),
    DECIMAL("high", high),
    INTEGER("judged", judged),
    DECIMAL("low", low),
    DECIMAL("predicted", predicted),
    DECIMAL("share", share),
    DECIMAL("to", to),
};
SHAPE(bin, T);
#undef T

#define T struct rebut_pack_score
static const struct pack_member score_members[] = {
    WORD("answer", answer, rebut_words_answer, REBUT_ANSWERS),
    DECIMAL("border_abuse", border_abuse),
    DECIMAL("border_legitimate", border_legitimate),
    LIST("change", change, words, LINES_MAX),
    DECIMAL("conformal_q", conformal_q),
    DECIMAL("expected_recovery_fen", expected_recovery),
    DECIMAL("high", high),
    LIST("lines", lines, line, REBUT_TERMS),
    DECIMAL("log_odds", log_odds),
    DECIMAL("low", low),
    DECIMAL("margin", margin),
    LIST("missing", missing, words, LINES_MAX),
    INTEGER("of", of),
    DECIMAL("probability", probability),
    DECIMAL("q_value", q_value),
    INTEGER("rank", rank),
    LIST("reliability", reliability, bin, BINS_MAX),
};
SHAPE(score, T);
#undef T

#define T struct rebut_pack_factor
static const struct pack_member factor_members[] = {
    DECIMAL("fault", fault),
    TEXT("level", level),
    TEXT("name", name),
    DECIMAL("temptation", temptation),
};
SHAPE(factor, T);
#undef T

#define T struct rebut_pack_level
static const struct pack_member level_members[] = {
    DECIMAL("counted", counted),
    DECIMAL("expected", expected),
    TEXT("name", name),
    DECIMAL("psi", psi),
    DECIMAL("rho", rho),
};
SHAPE(level, T);
#undef T

#define T struct rebut_pack_record_claim
static const struct pack_member record_claim_members[] = {
    DECIMAL("p", p),
    DECIMAL("q", q),
};
SHAPE(record_claim, T);
#undef T

#define T struct rebut_pack_mark
static const struct pack_member mark_members[] = {
    TEXT("bin", bin),
    DECIMAL("learned", learned),
    TEXT("name", name),
    INTEGER("share", share),
    DECIMAL("weight", weight),
};
SHAPE(mark, T);
#undef T

#define T struct rebut_population
static const struct pack_member population_members[] = {
    DECIMAL("alpha", alpha),
    DECIMAL("beta", beta),
    DECIMAL("claimant_mean", claimant_mean),
    DECIMAL("claimant_shape", claimant_shape),
    DECIMAL("claimants", claimants),
    DECIMAL("kappa", kappa),
    DECIMAL("pi", pi),
};
SHAPE(population, T);
#undef T

#define T struct rebut_ring_prior
static const struct pack_member ring_members[] = {
    DECIMAL("lo_share", lo_share),
    DECIMAL("pi_hi", pi_hi),
    DECIMAL("theta", theta),
};
SHAPE(ring, T);
#undef T

#define T struct rebut_pack_inputs
static const struct pack_member inputs_members[] = {
    DECIMAL("abuse_exposure", abuse_exposure),
    DECIMAL("base_fault", base_fault),
    DECIMAL("base_temptation", base_temptation),
    DECIMAL("covariance", covariance),
    LIST("factors", factors, factor, REBUT_FACTORS),
    DECIMAL("fault_exposure", fault_exposure),
    INTEGER("index", index),
    DECIMAL("intercept", intercept),
    DECIMAL("intercept_variance", intercept_variance),
    LIST("levels", levels, level, REBUT_LEVELS),
    LIST("marks", marks, mark, REBUT_MARKS),
    DECIMAL("mean_fault_rate", mean_fault_rate),
    INTEGER("merchant_orders", merchant_orders),
    INTEGER("orders", orders),
    OBJECT("population", population, population),
    DECIMAL("prior", prior),
    INTEGER("random_verdicts", random_verdicts),
    LIST("record", record, record_claim, REBUT_PACK_RECORD_MAX),
    FLAG("repeated", repeated),
    INTEGER("requests", requests),
    DECIMAL("reviewer_error", reviewer_error),
    OBJECT("ring", ring, ring),
    DECIMAL("ring_others", ring_others),
    DECIMAL("rounding", rounding),
    INTEGER("said_abuse", said_abuse),
    INTEGER("said_legitimate", said_legitimate),
    DECIMAL("slope", slope),
    DECIMAL("slope_variance", slope_variance),
    INTEGER("verdicts", verdicts),
    DECIMALS("weight", weight, REBUT_TERM_MARKS),
};
SHAPE(inputs, T);
#undef T

#define T struct rebut_pack_redaction
static const struct pack_member redaction_members[] = {
    INTEGER("count", count),
    WORDS("what", what),
};
SHAPE(redaction, T);
#undef T

#define T struct rebut_pack_notice
static const struct pack_member notice_members[] = {
    WORDS("edition", edition),
    LIST("redactions", redactions, redaction, LINES_MAX),
    INSTANT("retain_until_us", retain_until),
    WORDS("text", text),
};
SHAPE(notice, T);
#undef T

#define T struct rebut_pack
static const struct pack_member pack_members[] = {
    OBJECT("buyer", buyer, buyer),
    OBJECT("elsewhere", elsewhere, elsewhere),
    OBJECT("header", header, header),
    OBJECT("inputs", inputs, inputs),
    LIST("intervals", intervals, interval, REBUT_INTERVALS),
    OBJECT("notice", notice, notice),
    {"schema", PACK_SCHEMA, 0, 0, NULL, NULL},
    OBJECT("score", score, score),
    {"seal", PACK_SEAL, 0, 0, NULL, NULL},
    LIST("sheet", sheet, claim, REBUT_CLAIMEDS),
    OBJECT("shop", shop, shop),
    LIST("timeline", timeline, moment, REBUT_PACK_MOMENTS_MAX),
};
const struct pack_shape rebut_pack_shape = {sizeof(T), pack_members,
    sizeof pack_members / sizeof *pack_members};
#undef T

/* clang-format on */

const char *const rebut_words_moment[REBUT_MOMENTS] = {
    "ordered", "promised", "shipped", "signed", "asked", "contact", "outcome"};
const char *const rebut_words_interval[REBUT_INTERVALS] = {
    "promise_to_shipment", "shipment_to_signature", "signature_to_request",
    "order_to_request"};
const char *const rebut_words_pack_source[REBUT_SOURCES] = {
    "carrier", "prices",   "pictures", "texts", "returns",
    "buyers",  "contacts", "order",    "shop"};
const char *const rebut_words_claimed[REBUT_CLAIMEDS] = {"reason", "words", "pictures",
                                                         "amount", "timing"};
const char *const rebut_words_edition[REBUT_EDITIONS] = {"shop", "platform"};
const char *const rebut_words_link[REBUT_LINKS] = {"", "device", "address", "payment"};
const char *const rebut_words_where[REBUT_WHERES] = {"same_buyer", "same_purchase",
                                                     "other_buyer"};
