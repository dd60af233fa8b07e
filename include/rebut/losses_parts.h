/* rebut/losses_parts.h -- what a report of losses (rebut/losses.h) is made of. */
#ifndef REBUT_LOSSES_PARTS_H
#define REBUT_LOSSES_PARTS_H

#include "rebut/output.h"
#include "rebut/score.h"

enum rebut_loss_piece {
    REBUT_PIECE_ABUSE,
    REBUT_PIECE_FAULT,   /* the merchant's and item's fault above the average */
    REBUT_PIECE_GOODS,   /* goods wrong, says the reason, at an average rate */
    REBUT_PIECE_SHIPPED, /* shipped later than promised */
    REBUT_PIECE_CARRIER, /* this carrier, above the average one */
    REBUT_PIECE_TRANSIT, /* long under way, or lost */
    REBUT_PIECE_PARCEL,  /* damaged, late or not received, says the reason */
    REBUT_PIECE_PRICE,   /* the price fell within 15 days */
    REBUT_PIECE_MIND,    /* a change of mind */
    REBUT_PIECE_UNKNOWN,
    REBUT_PIECES
};
enum rebut_loss_cause {
    REBUT_CAUSE_ABUSE,
    REBUT_CAUSE_SHOP,      /* fault, goods, shipped */
    REBUT_CAUSE_LOGISTICS, /* carrier, transit, parcel */
    REBUT_CAUSE_ORDINARY,  /* price, mind */
    REBUT_CAUSE_UNKNOWN,
    REBUT_CAUSES
};
enum rebut_loss_cause rebut_loss_cause_of(enum rebut_loss_piece piece);
extern const char *const rebut_words_piece[REBUT_PIECES];
extern const char *const rebut_words_cause[REBUT_CAUSES];

/* Of one request; micro fen, and fen squared. */
struct rebut_loss_split {
    int64_t amount, piece[REBUT_PIECES], piece_low[REBUT_PIECES],
        piece_high[REBUT_PIECES];
    int64_t low[REBUT_CAUSES], high[REBUT_CAUSES];
    double piece_variance[REBUT_PIECES], variance[REBUT_CAUSES];
};

/* Sums over requests, order-free. */
struct rebut_loss_part {
    rebut_total part, low, high; /* micro fen; bounds without the chance of each */
    rebut_total variance;        /* fen squared */
};
struct rebut_loss_range {
    rebut_total low, high; /* micro fen */
};
struct rebut_loss_sum {
    uint64_t requests;
    rebut_total amount;
    struct rebut_loss_part cause[REBUT_CAUSES];
};

enum rebut_loss_dimension {
    REBUT_BY_SKU,
    REBUT_BY_CATEGORY,
    REBUT_BY_CHANNEL,
    REBUT_BY_HOST,
    REBUT_BY_CAMPAIGN,
    REBUT_BY_REGION,
    REBUT_BY_CARRIER,
    REBUT_BY_DISTRIBUTOR, /* a path: each of its beginnings is a row */
    REBUT_BY_WEEKDAY,     /* of the request, at +08:00; 0 is Monday */
    REBUT_BY_HOUR,
    REBUT_BY_REASON,
    REBUT_BY_FORTNIGHT, /* of the request, from 1970-01-01T00:00Z, as units' windows */
    REBUT_BY_MERCHANT,  /* the platform's only */
    REBUT_DIMENSIONS
};
extern const char *const rebut_words_dimension[REBUT_DIMENSIONS];

struct rebut_loss_row {
    struct rebut_text key; /* borrowed from the state; NULL: not known */
    uint32_t number;       /* of weekday, hour, fortnight; groups in `few` and `rest` */
    uint32_t depth;        /* of a path: 1 is the top; 1 for all others */
    uint64_t orders;       /* placed since T, */
    uint64_t asked;        /* and of those with a refund-only request */
    struct rebut_loss_sum sum; /* of the requests made since T */
};
/* rows, few and rest of depth 1 add up to the report's total. */
struct rebut_loss_table {
    struct rebut_loss_row *rows; /* [count], largest first, but numbers and paths in
                                    their order; at most REBUT_LOSS_ROWS */
    uint32_t count;
    struct rebut_loss_row few, rest;
};
#define REBUT_LOSS_ROWS 500

/* a events of n against b of m: rates and their ratio with a 90 % interval. */
struct rebut_loss_ratio {
    double value, low, high; /* NaN when there is nothing to compare with */
};
/* A way of selling against shelf sales of the same categories. */
struct rebut_loss_session {
    enum rebut_channel channel; /* none: a host */
    struct rebut_text host;
    uint64_t orders, asked, returned;
    double asked_expected, returned_expected; /* at the shelf's rates */
    struct rebut_loss_ratio asked_ratio, returned_ratio;
    rebut_total honest; /* micro fen of its requests that are not abuse */
    struct rebut_loss_part saving;
};
/* An item whose fault rose: N of E trusted faults before, and from the window on. */
struct rebut_loss_rise {
    uint32_t listing;
    struct rebut_text sku, merchant;
    int64_t since; /* start of the window of 14 days */
    double before, before_expected, after, after_expected;
    struct rebut_loss_ratio ratio;
    double p, q; /* exact binomial, by the windows tried; Benjamini-Hochberg over items */
    rebut_total shop; /* the shop's part on it since then, micro fen */
    struct rebut_loss_part saving;
};
/* Orders in one of two states, and how often they were asked for. */
struct rebut_loss_pair {
    uint64_t orders[2], asked[2]; /* [0] without, [1] with */
    struct rebut_loss_ratio ratio;
    rebut_total difference; /* price drops: paid above the lowest price, fen */
};
struct rebut_loss_peer {
    struct rebut_text category;
    double own, others; /* asked per order placed since T; NaN: suppressed */
};

struct rebut_losses {
    const struct rebut_scores *scores;
    struct rebut_text merchant; /* NULL: the platform */
    uint32_t merchant_index;    /* or REBUT_NONE */
    int64_t since;              /* INT64_MIN: all */
    uint64_t orders, asked;     /* placed since T */
    uint64_t refused;           /* requests denied or withdrawn so far, */
    rebut_total refused_amount; /* micro fen: asked, not lost */
    struct rebut_loss_sum total;
    struct rebut_loss_part piece[REBUT_PIECES];
    struct rebut_loss_table table[REBUT_DIMENSIONS];
    REBUT_ARRAY(struct rebut_loss_session) sessions;
    REBUT_ARRAY(struct rebut_loss_rise) rises; /* at a false discovery rate of 5 % */
    uint32_t rises_tested;
    REBUT_ARRAY(struct rebut_loss_peer) peers; /* of a merchant's report only */
    struct rebut_loss_pair late, drops;
    struct rebut_intern paths; /* every beginning of a distributor's path */
};

#endif
