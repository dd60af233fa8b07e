/* rebut/pack.h -- what is on record about one refund-only request, for an appeal.
 *
 * A pack is a plain struct: made from scores (rebut/pack_make.h), or read back from its
 * canonical JSON (rebut/pack_json.h), which is the only truth: every page, form or list
 * is a pure function of it, and rebut/recompute.h finds every number in it again.
 *
 *     struct rebut_pack pack;
 *     if (rebut_pack_make(maker, score, &pack, err)) {
 *         rebut_pack_write(&pack, &out);
 *         rebut_pack_release(&pack);
 *     }
 *
 * It names the merchant's own request, order and item.  The buyer is a pseudonym of that
 * merchant's; no device, address, payment account or telephone, and no other shop, is in
 * it.  Sentences are in both languages; texts from outside are as they came but for what
 * was redacted, and whoever shows them escapes them.
 */
#ifndef REBUT_PACK_H
#define REBUT_PACK_H

#include "rebut/pack_parts.h"

#define REBUT_PACK_SCHEMA "rebut-pack-2"

/* Most that a pack holds. */
#define REBUT_PACK_MOMENTS_MAX 64
#define REBUT_PACK_MATCHES_MAX 50
#define REBUT_PACK_RECORD_MAX 16384 /* requests of one buyer */

/* ---- 6. the same evidence elsewhere ---- */

enum rebut_pack_where {
    REBUT_WHERE_SAME_BUYER,    /* another order of this buyer */
    REBUT_WHERE_SAME_PURCHASE, /* likewise, which may be one parcel */
    REBUT_WHERE_OTHER_BUYER,
    REBUT_WHERES
};
extern const char *const rebut_words_where[REBUT_WHERES];
struct rebut_pack_match {
    int where;
    bool same_shop;
    struct rebut_text order_id; /* of the same shop only */
    int64_t at;                 /* of the request; other shops': its day, 00:00 +08:00 */
    int64_t distance; /* pictures: bits of 64 that differ; texts: thousandths of both */
                      /* sets of letter pairs (rebut/shingle.h) not in common */
};
struct rebut_pack_elsewhere {
    int64_t photos;                                   /* pictures given */
    int64_t photo_matches, photo_shops, photo_buyers; /* all: orders, shops, buyers */
    int64_t text_matches, text_shops, text_buyers;    /* texts nearly the same */
    REBUT_PACK_LIST(struct rebut_pack_match) photo;   /* nearest first, 50 at most */
    REBUT_PACK_LIST(struct rebut_pack_match) text;
};

/* ---- 7. score ---- */

/* A line of the sum.  NaN where the line has no such figure. */
struct rebut_pack_line {
    struct rebut_text name;                              /* rebut_term_name */
    double log_odds, raw, observed, expected, low, high; /* low, high: normal range */
    int64_t n;
    struct rebut_text bin; /* of a mark, or absent */
    struct rebut_pack_words sentence;
};
/* Requests that reviewers judged, by the probability that was stated for them. */
struct rebut_pack_bin {
    double from, to, predicted; /* predicted: its mean */
    int64_t judged, abuse;
    double share, low, high; /* abuse / judged; Jeffreys */
};
struct rebut_pack_score {
    double probability, low, high, log_odds, q_value, conformal_q, expected_recovery;
    /* The log-odds at which, among the requests scored with it, the other answers begin;
     * NaN where none has that answer.  margin: by how much this one's would have to move
     * to leave its answer, NaN when there is nothing to compare with. */
    double border_abuse, border_legitimate, margin;
    int answer; /* enum rebut_answer */
    int64_t rank, of;
    REBUT_PACK_LIST(struct rebut_pack_line) lines;      /* strongest first */
    REBUT_PACK_LIST(struct rebut_pack_words) change;    /* what would change the answer */
    REBUT_PACK_LIST(struct rebut_pack_words) missing;   /* what is not known */
    REBUT_PACK_LIST(struct rebut_pack_bin) reliability; /* empty without verdicts */
};

/* ---- what every number is made from ---- */

struct rebut_pack_factor { /* circumstances of the order */
    struct rebut_text name, level;
    double fault, temptation; /* multipliers; 1 where it does not move the rate */
};
struct rebut_pack_level { /* fault at merchant, item, merchant_window, item_window */
    struct rebut_text name;
    double rho, psi, counted, expected;
};
struct rebut_pack_record_claim {
    double p, q;
};
struct rebut_pack_mark {
    struct rebut_text name, bin;
    double weight, learned; /* the model's, and what verdicts have added */
    int64_t share;          /* requests of the frame in this bin, of `requests` */
};
struct rebut_pack_inputs {
    double base_fault, base_temptation, mean_fault_rate;
    struct rebut_population population;
    struct rebut_ring_prior ring;
    double ring_others; /* log-odds from the other members; NaN: no ring moved it */
    double prior;       /* P(abuser) with the ring */
    double fault_exposure, abuse_exposure;
    double rounding; /* log-odds: the score as given less the sum of the lines; 0 of the
                        platform's edition, whose lines are exact */
    REBUT_PACK_LIST(struct rebut_pack_factor) factors;
    REBUT_PACK_LIST(struct rebut_pack_level) levels;        /* REBUT_LEVELS of them */
    REBUT_PACK_LIST(struct rebut_pack_record_claim) record; /* in time; this is [index] */
    int64_t index;
    bool repeated; /* an earlier request on the same order stands for it in the record */
    REBUT_PACK_LIST(struct rebut_pack_mark) marks; /* REBUT_MARKS of them */
    int64_t requests, orders, merchant_orders;     /* of the frame; of the shop */
    int64_t said_abuse, said_legitimate;           /* of this request */
    double reviewer_error;
    double weight[REBUT_TERM_MARKS]; /* of the top layer */
    double intercept, slope, intercept_variance, slope_variance, covariance;
    int64_t verdicts, random_verdicts;
};

/* ---- 8. notice ---- */

struct rebut_pack_redaction {
    struct rebut_pack_words what;
    int64_t count;
};
struct rebut_pack_notice {
    struct rebut_pack_words text; /* statistical evidence, no legal finding … */
    struct rebut_pack_words
        edition; /* what is rounded in it and why, or that nothing is */
    REBUT_PACK_LIST(struct rebut_pack_redaction) redactions;
    int64_t retain_until; /* the pack is to be deleted then */
};

struct rebut_pack_memory; /* blocks; one owner */

struct rebut_pack {
    struct rebut_pack_header header;
    REBUT_PACK_LIST(struct rebut_pack_moment) timeline;
    REBUT_PACK_LIST(struct rebut_pack_interval) intervals;
    REBUT_PACK_LIST(struct rebut_pack_claim) sheet;
    struct rebut_pack_buyer buyer;
    struct rebut_pack_shop shop;
    struct rebut_pack_elsewhere elsewhere;
    struct rebut_pack_score score;
    struct rebut_pack_inputs inputs;
    struct rebut_pack_notice notice;
    struct rebut_pack_memory *memory; /* all texts and lists */
};

/* Free everything; a pack that is all zero is fine. */
void rebut_pack_release(struct rebut_pack *pack);

#endif
