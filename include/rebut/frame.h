/* rebut/frame.h -- the state as numbers: what the models are fitted on and applied to.
 *
 * Orders become rows sorted by buyer, and within a buyer by merchant and time, so that
 * one pass visits each buyer once.  Orders in the same circumstances share a cell;
 * orders of the same listing (an item at a merchant) in the same window of 14 days
 * share a unit.  Refund-only requests become claims.
 *
 * A buyer's rows at one merchant are a part, which can be left out to see what the buyer
 * is like elsewhere.  In the events of a single shop nothing is elsewhere: there a part
 * is the rows of one listing.
 *
 * A frame borrows the state and copies nothing of it; build it after the seal.
 */
#ifndef REBUT_FRAME_H
#define REBUT_FRAME_H

#include "rebut/hierarchy.h"
#include "rebut/model.h"
#include "rebut/state.h"

#define REBUT_WINDOW (14 * REBUT_DAY) /* of fault that moves, from 1970-01-01 */

struct rebut_row {
    uint32_t order;      /* in state->orders */
    uint32_t cell : 30;  /* its circumstances */
    uint32_t judged : 1; /* the buyer has refund-only requests */
    uint32_t starts : 1; /* the first of the buyer's rows at its merchant (listing,
                          where all events are of one merchant) */
    uint32_t unit;       /* its listing and window */
    float expected;      /* mu w E[u], what it adds to its unit's expected faults: w
                          trust, E[u] readiness without this merchant; set by infer */
};

struct rebut_cell {
    uint16_t level[REBUT_FACTORS]; /* in the model's factor tables */
    uint32_t rows;                 /* orders of this cell */
    uint32_t returns;              /* returns for a fault on them */
};

/* One refund-only request. */
struct rebut_frame_claim {
    uint32_t request; /* in state->requests */
    uint32_t row;
    uint32_t first; /* index of the first claim on the same order; itself if it is */
    uint8_t bin[REBUT_MARKS];
    /* Reviewers, each with the last it said; `unclear` says nothing. */
    uint8_t said_abuse, said_legitimate;
    uint8_t selection; /* enum rebut_selection: why it was judged; none when it was not */
};

/* Accounts that share one key. */
struct rebut_group {
    uint32_t first, count; /* in group_members */
    uint32_t key;          /* enum rebut_key; a word, so that no byte is left open */
};

struct rebut_frame {
    const struct rebut_state *state;
    int64_t as_of;
    uint32_t buyers, merchants, rows_count, cells_count, units, listings, windows;
    struct rebut_row *rows;           /* [rows_count] */
    uint32_t *buyer_rows;             /* [buyers + 1]: first row of each buyer */
    struct rebut_frame_claim *claims; /* [claims_count], by buyer, then time */
    uint32_t *buyer_claims;           /* [buyers + 1]: first claim of each buyer */
    uint32_t claims_count;
    struct rebut_cell *cells;                             /* [cells_count] */
    uint32_t *unit_merchant, *unit_listing, *unit_window; /* [units] */
    uint32_t *unit_returns;     /* [units]: returns for a fault */
    uint32_t *merchant_orders;  /* [merchants] */
    uint32_t *group_members;    /* buyers, by group */
    struct rebut_group *groups; /* [groups_count], 2 to 100 members each */
    uint32_t groups_count, group_members_count;
    struct rebut_hierarchy hierarchy; /* points into the arrays above */
};

/* Build the frame of the whole state as of `as_of` with the model's levels.  EDATA
 * when there are no orders (a request means nothing without exposure).  On failure
 * *ret is empty. */
REBUT_MUST_CHECK bool rebut_frame_build(struct rebut_frame *ret,
                                        const struct rebut_state *state, int64_t as_of,
                                        const struct rebut_model *model,
                                        struct rebut_error *err);
void rebut_frame_release(struct rebut_frame *frame);

static inline bool rebut_is_judged(const struct rebut_frame_claim *claim)
{
    return claim->said_abuse + claim->said_legitimate > 0;
}

/* Is the request a return with goods for a fault of the goods? */
bool rebut_is_fault_return(const struct rebut_request *request);

#endif
