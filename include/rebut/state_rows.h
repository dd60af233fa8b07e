/* rebut/state_rows.h -- single rows of a state: their order, their times, their copies.
 *
 * For those who keep a few rows of a large state somewhere else.
 */
#ifndef REBUT_STATE_ROWS_H
#define REBUT_STATE_ROWS_H

#include "rebut/state.h"

/* The order of lists in a sealed state; 0 means the same entry. */
int rebut_contact_compare(const struct rebut_contact *a, const struct rebut_contact *b);
int rebut_outcome_compare(const struct rebut_outcome_seen *a,
                          const struct rebut_outcome_seen *b);
int rebut_verdict_compare(const struct rebut_verdict_seen *a,
                          const struct rebut_verdict_seen *b);

/* When it was shipped or delivered, in whole milliseconds, or REBUT_TIME_NONE. */
int64_t rebut_order_shipped_at(const struct rebut_order *order);
int64_t rebut_order_delivered_at(const struct rebut_order *order);

/* What words of another state are called in this one: asked once each, then known by
 * their index.  For copying many rows; 4 bytes a merchant, item and word of `from`.
 * Zeroed is empty, and stands for any state until the first copy; release it before
 * `from` goes, or to copy from another. */
enum rebut_copied {
    REBUT_COPIED_BUYERS,
    REBUT_COPIED_MERCHANTS,
    REBUT_COPIED_SKUS,
    REBUT_COPIED_HOSTS,
    REBUT_COPIED_CATEGORIES,
    REBUT_COPIED_CAMPAIGNS,
    REBUT_COPIED_REGIONS,
    REBUT_COPIED_CARRIERS,
    REBUT_COPIED_DISTRIBUTORS,
    REBUT_COPIED
};
struct rebut_copies {
    uint32_t *known[REBUT_COPIED]; /* [words of `from`]: index + 1; 0: not asked yet */
    uint32_t key_from[REBUT_KEYS], key_to[REBUT_KEYS]; /* + 1: the key copied last */
};
void rebut_copies_release(struct rebut_copies *copies);

/* Copy an order with its keys, or a request with its text and photos, from another
 * state, which may be sealed (with its order_keys).  An id that `state` knows already
 * changes nothing: *ret_new is false.  `copies` may be NULL.  Fails with ENOMEM or
 * ELIMIT. */
REBUT_MUST_CHECK bool rebut_state_copy_order(struct rebut_state *state,
                                             const struct rebut_state *from,
                                             struct rebut_copies *copies, uint32_t order,
                                             uint32_t *ret_index, bool *ret_new,
                                             struct rebut_error *err);
/* An order will be copied: ask for its rows (first) and what they name (a moment later).
 */
void rebut_state_fetch_row(const struct rebut_state *from, uint32_t order);
void rebut_state_fetch_id(const struct rebut_state *state, const struct rebut_state *from,
                          uint32_t order);

REBUT_MUST_CHECK bool rebut_state_copy_request(struct rebut_state *state,
                                               const struct rebut_state *from,
                                               uint32_t request, uint32_t *ret_index,
                                               bool *ret_new, struct rebut_error *err);

/* Add entries to lists; `order` and `request` are indexes of `state`. */
REBUT_MUST_CHECK bool rebut_state_copy_contact(struct rebut_state *state,
                                               const struct rebut_contact *row,
                                               uint32_t order, struct rebut_error *err);
REBUT_MUST_CHECK bool rebut_state_copy_outcome(struct rebut_state *state,
                                               const struct rebut_outcome_seen *row,
                                               uint32_t request, struct rebut_error *err);
REBUT_MUST_CHECK bool rebut_state_copy_verdict(struct rebut_state *state,
                                               const struct rebut_state *from,
                                               const struct rebut_verdict_seen *row,
                                               uint32_t request, struct rebut_error *err);

#endif
