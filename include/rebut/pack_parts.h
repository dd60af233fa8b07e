/* rebut/pack_parts.h -- the sections of an evidence pack, as plain structs.
 *
 * What a pack is and who owns it: rebut/pack.h.  Texts and lists lie in the pack's own
 * memory.  A text {NULL, 0} and a double NaN are "not known" (null in the JSON); so is
 * an instant REBUT_TIME_NONE.  Money is fen, instants are microseconds UTC, spans are
 * microseconds, rates and probabilities are fractions.  Intervals are of 90 %.
 */
#ifndef REBUT_PACK_PARTS_H
#define REBUT_PACK_PARTS_H

#include "rebut/score.h"

/* A list: `list` is NULL when count is 0. */
#define REBUT_PACK_LIST(type)                                                            \
    struct {                                                                             \
        type *list;                                                                      \
        uint32_t count;                                                                  \
    }

/* One sentence or phrase in both languages. */
struct rebut_pack_words {
    struct rebut_text zh, en;
};

/* ---- 1. header ---- */

/* Figures that are the buyer's over all shops would let two shops find out that two
 * pseudonyms are one account.  So a pack has an edition. */
enum rebut_pack_edition {
    REBUT_EDITION_SHOP,     /* such figures are rounded first: rebut/pack_edition.h */
    REBUT_EDITION_PLATFORM, /* exact, for reviewer, platform and court */
    REBUT_EDITIONS
};
extern const char *const rebut_words_edition[REBUT_EDITIONS];

struct rebut_pack_header {
    int edition; /* enum rebut_pack_edition */
    struct rebut_text request_id, order_id, merchant_id, sku_id; /* the merchant's own */
    struct rebut_text category;
    int64_t paid, asked; /* fen */
    int64_t quantity;
    int reason;      /* enum rebut_reason */
    int64_t as_of;   /* nothing later was used */
    int64_t expires; /* of the appeal's window (rebut/appeals.h), or TIME_NONE */
    /* Versions: hashes are BLAKE2b-128 in hex. */
    struct rebut_text schema_hash; /* of the members of this format, spelled out */
    struct rebut_text engine;      /* "rebut 0.1.0" */
    struct rebut_text model;       /* hash of the model's document */
    struct rebut_text config;      /* hash of the settings that packs are made with */
    struct rebut_text wording;     /* of the sentences of figures: rebut_pack_wording */
    /* A shop's edition: BLAKE2b-512 of the file of the platform's, as b2sum prints it.
     * The platform's: a keyed text that nobody can guess, so that the hash of the whole
     * tells nothing of it; absent without a key. */
    struct rebut_text exact, blind;
};

/* ---- 2. timeline ---- */

enum rebut_pack_moment_kind {
    REBUT_MOMENT_ORDERED,
    REBUT_MOMENT_PROMISED,
    REBUT_MOMENT_SHIPPED,
    REBUT_MOMENT_SIGNED,
    REBUT_MOMENT_ASKED,
    REBUT_MOMENT_CONTACT,
    REBUT_MOMENT_OUTCOME,
    REBUT_MOMENTS
};
extern const char *const rebut_words_moment[REBUT_MOMENTS];
struct rebut_pack_moment { /* in the order of time */
    int64_t at;
    int kind;
    bool evidence; /* false: told, and not used (what the platform decided) */
    struct rebut_pack_words what, more; /* `more` may be absent */
};

enum rebut_pack_interval_kind {
    REBUT_INTERVAL_PROMISE_TO_SHIPMENT, /* below 0: shipped before it */
    REBUT_INTERVAL_SHIPMENT_TO_SIGNATURE,
    REBUT_INTERVAL_SIGNATURE_TO_REQUEST,
    REBUT_INTERVAL_ORDER_TO_REQUEST,
    REBUT_INTERVALS
};
extern const char *const rebut_words_interval[REBUT_INTERVALS];
struct rebut_pack_interval {
    int kind;
    int64_t from, to, span;           /* span = to - from */
    struct rebut_pack_words sentence; /* "asked 13 minutes after signing" */
};

/* ---- 3. contradiction sheet ---- */

enum rebut_pack_source {
    REBUT_SOURCE_CARRIER,
    REBUT_SOURCE_PRICES,
    REBUT_SOURCE_PICTURES,
    REBUT_SOURCE_TEXTS,
    REBUT_SOURCE_RETURNS, /* what is sent back */
    REBUT_SOURCE_BUYERS,  /* what others asked */
    REBUT_SOURCE_CONTACTS,
    REBUT_SOURCE_ORDER,
    REBUT_SOURCE_SHOP, /* the shop's own fault */
    REBUT_SOURCES
};
extern const char *const rebut_words_pack_source[REBUT_SOURCES];
struct rebut_pack_fact {
    int source;
    struct rebut_text mark; /* name of the mark that says so, or absent */
    int64_t at;             /* of what is on record, or TIME_NONE */
    struct rebut_pack_words sentence;
};

enum rebut_pack_claim_kind {
    REBUT_CLAIMED_REASON,
    REBUT_CLAIMED_WORDS,
    REBUT_CLAIMED_PICTURES,
    REBUT_CLAIMED_AMOUNT,
    REBUT_CLAIMED_TIMING, /* when it was asked, and what came of the offers */
    REBUT_CLAIMEDS
};
extern const char *const rebut_words_claimed[REBUT_CLAIMEDS];
/* One claim; what supports it stands first.  `silent`: records that say nothing. */
struct rebut_pack_claim {
    int kind;
    struct rebut_pack_words claim;
    struct rebut_text quote; /* the buyer's own words, redacted, or absent */
    REBUT_PACK_LIST(struct rebut_pack_fact) supports;
    REBUT_PACK_LIST(struct rebut_pack_fact) contradicts;
    REBUT_PACK_LIST(struct rebut_pack_fact) silent;
};

/* ---- 4. the buyer's record ---- */

struct rebut_pack_reason_count {
    int reason; /* enum rebut_reason */
    int64_t count;
};
/* A count that a shop's edition does not tell (null in the JSON). */
#define REBUT_PACK_UNTOLD REBUT_TIME_NONE
#define REBUT_PACK_STEP (10 * INT64_C(60000000)) /* ten minutes */
struct rebut_pack_buyer {
    struct rebut_text pseudonym; /* "b-" and 16 letters; absent: made without a key */
    int64_t orders, orders_here, shops;
    int64_t requests;        /* orders with a refund-only request, this one among them */
    int64_t other_requests;  /* without this one */
    int64_t returns;         /* requests that sent the goods back; or UNTOLD */
    int64_t undisputed;      /* orders without any request */
    double expected;         /* requests of an ordinary buyer on the same orders */
    double ratio, low, high; /* other_requests over expected, exact Poisson interval */
    REBUT_PACK_LIST(struct rebut_pack_reason_count) reasons; /* of refund-only requests */
    int64_t median_delay;                    /* signature to request of the others, in
                                                whole REBUT_PACK_STEPs, or TIME_NONE */
    int64_t account_age;                     /* at the order, whole days, or TIME_NONE */
    int64_t judged_abuse, judged_legitimate; /* other requests, by reviewers; or UNTOLD */
    int ring_link;                           /* enum rebut_pack_link */
    int64_t ring_others;                     /* accounts that share it, 0 for none */
    double prior, prior_alone;               /* P(abuser) with the ring, and without */
    int64_t turned_since; /* its day, 00:00 +08:00, or TIME_NONE (a shop is not told) */
    double turned_bound;  /* NaN: no alarm */
    struct rebut_pack_words summary;
};
enum rebut_pack_link {
    REBUT_LINK_NONE,
    REBUT_LINK_DEVICE,
    REBUT_LINK_ADDRESS,
    REBUT_LINK_PAYMENT,
    REBUT_LINKS
};
extern const char *const rebut_words_link[REBUT_LINKS];

/* ---- 5. the merchant's own record (this buyer's orders left out) ---- */

/* Refund-only requests on orders; interval of Jeffreys. */
struct rebut_pack_rate {
    int64_t requests, orders;
    double rate, low, high;
};
/* How often it goes wrong, times what is usual for comparable orders: rho, psi, counted
 * and expected are in inputs.fault; Gamma interval. */
struct rebut_pack_fault {
    double ratio, low, high, usual_low, usual_high;
};
/* Of the requests of others, how many look like the shop's fault. */
struct rebut_pack_share {
    int64_t requests;
    double fault; /* sum of 1 - probability */
    double share, low, high;
};
struct rebut_pack_shop {
    struct rebut_pack_rate sku_rate, shop_rate, category_rate;
    struct rebut_pack_fault shop_fault, sku_fault, recent_fault;
    struct rebut_pack_share sku_share, shop_share;
    struct rebut_pack_rate sku_returns, category_returns; /* sent back for a fault */
    int64_t shipped, shipped_late; /* of the shop's orders with a promise */
    int64_t witnesses; /* unsuspected buyers who asked for the same reason, same item */
    bool explains;     /* the shop's own record explains the requests: a warning */
    REBUT_PACK_LIST(struct rebut_pack_words) why; /* sentences, when it does */
    struct rebut_pack_words summary;
};

#endif
