/* Inside of making packs: what is counted once, and one file a section. */
#ifndef REBUT_EVIDENCE_PACK_MAKER_H
#define REBUT_EVIDENCE_PACK_MAKER_H

#include "pack_memory.h"
#include "pack_texts.h"
#include "rebut/album.h"
#include "rebut/pack_make.h"

/* What became of an order. */
enum { DISPUTE_REFUND_ONLY = 1, DISPUTE_FAULT_RETURN = 2, DISPUTE_RETURN = 4 };

/* Sums over orders and claims of a shop, an item at a shop or a category. */
struct tally {
    uint32_t orders, requests; /* orders with a refund-only request */
    uint32_t returns;          /* orders sent back for a fault */
    uint32_t claims;           /* refund-only requests */
    uint32_t promised, late;   /* shipped orders with a promise */
    rebut_fixed fault;         /* sum of 1 - probability over claims */
};

#define RELIABILITY_BINS 10

struct rebut_pack_maker {
    const struct rebut_scores *scores;
    const struct rebut_frame *frame;
    const struct rebut_state *state;
    const struct rebut_appeals *appeals; /* NULL: none */
    struct rebut_album album;
    uint8_t *dispute;                            /* [orders] */
    struct tally *shops, *listings, *categories; /* by index; category 0 is absent */
    uint32_t *listing_first, *listing_claims;    /* claims of each listing, by time */
    struct pack_texts texts;
    double border_abuse, border_legitimate; /* NaN: none */
    struct rebut_pack_bin reliability[RELIABILITY_BINS];
    char schema_hash[REBUT_PACK_NAME], config_hash[REBUT_PACK_NAME];
    char wording[REBUT_PACK_NAME];
    enum rebut_pack_edition edition;
    unsigned char secret[REBUT_PACK_SECRET];
    bool has_secret;
    int retain_days;
};

/* One pack in the making. */
struct pack_case {
    struct rebut_pack_maker *maker;
    struct rebut_pack *pack;
    const struct rebut_score *score;
    const struct rebut_frame_claim *claim;
    const struct rebut_claim_result *result;
    const struct rebut_request *request;
    const struct rebut_order *order;
    const struct rebut_row *row;
    uint32_t request_index, buyer, merchant, listing;
    struct rebut_term terms[REBUT_TERMS]; /* figures as the pack states them */
    int terms_count;
    uint32_t shops_removed, text_removed; /* redactions */
};

/* Counting, once. */
bool rebut_pack_count(struct rebut_pack_maker *maker, struct rebut_error *err);
void rebut_pack_judged(struct rebut_pack_maker *maker);
void rebut_pack_tally_order(struct tally *tally, const struct rebut_order *order,
                            uint8_t dispute, int sign);

/* Sections, in this order. */
void rebut_pack_put_header(struct pack_case *own);
void rebut_pack_put_timeline(struct pack_case *own);
void rebut_pack_put_inputs(struct pack_case *own);
void rebut_pack_put_score(struct pack_case *own);
void rebut_pack_put_buyer(struct pack_case *own);
void rebut_pack_put_shop(struct pack_case *own);
void rebut_pack_put_elsewhere(struct pack_case *own);
void rebut_pack_put_sheet(struct pack_case *own);
void rebut_pack_put_notice(struct pack_case *own);

/* The day's beginning in China: of what the buyer did elsewhere no more is told, for an
 * instant known to two shops tells them that two pseudonyms are one account. */
int64_t rebut_pack_day(int64_t at);

/* A text that only the secret makes, for this shop's pseudonym of a buyer. */
void rebut_pack_blind(const unsigned char secret[REBUT_PACK_SECRET],
                      struct rebut_text pseudonym, char ret_text[REBUT_PACK_NAME]);

/* An order's own texts without what may name somebody; counts what was taken out. */
struct rebut_text rebut_pack_redact(struct pack_case *own, struct rebut_text text);

static inline struct rebut_text
rebut_pack_id(struct pack_case *own, const struct rebut_intern *ids, uint32_t index)
{
    return rebut_pack_keep(own->pack, rebut_intern_text(ids, index));
}

/* Of a small vocabulary, where 0 is absent. */
static inline struct rebut_text
rebut_pack_label(struct pack_case *own, const struct rebut_intern *labels, uint32_t index)
{
    return index == 0 ? (struct rebut_text){0} : rebut_pack_id(own, labels, index - 1);
}

/* A sentence in both languages from the same figures. */
#define PACK_SAY(pack, zh, en, ...)                                                      \
    ((struct rebut_pack_words){rebut_pack_print((pack), zh, __VA_ARGS__),                \
                               rebut_pack_print((pack), en, __VA_ARGS__)})

#endif
