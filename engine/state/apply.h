/* What it takes to put an event into the tables.  Private to state's apply files. */
#ifndef REBUT_STATE_APPLY_H
#define REBUT_STATE_APPLY_H

#include "rebut/state.h"

/* An event and where its outcome goes: what every function below works on. */
struct step {
    struct rebut_state *state;
    const struct rebut_event *event;
    enum rebut_applied applied;
    uint32_t other; /* lower bits of the digest of what was replaced */
};

static inline bool put_id(struct rebut_intern *ids, struct rebut_text id,
                          uint32_t *ret_index, struct rebut_error *err)
{
    return rebut_intern_put(ids, id, rebut_intern_hash(ids, id), ret_index, err);
}

/* A word of a small vocabulary as 1, 2, …; 0 when the field is absent. */
bool rebut_state_put_word(struct rebut_intern *words, struct rebut_text word,
                          const char *what, uint16_t *ret_index, struct rebut_error *err);

static inline bool find_order(const struct rebut_state *state, struct rebut_text id,
                              uint32_t *ret_order)
{
    *ret_order = rebut_intern_find(&state->order_ids, id,
                                   rebut_intern_hash(&state->order_ids, id));
    return *ret_order != REBUT_INTERN_NONE;
}

/* Of the event seen before and this one with the same id: which stands?  True when it
 * is this one. */
bool rebut_state_settle(struct step *step, bool earlier, uint64_t old_digest,
                        uint64_t new_digest);

/* Whole milliseconds of the epoch; times of events are never negative. */
static inline int64_t whole_ms(int64_t time)
{
    return time / (REBUT_SECOND / 1000);
}

bool rebut_state_apply_order(struct step *step, struct rebut_error *err);
bool rebut_state_apply_shipment(struct step *step, struct rebut_error *err);
bool rebut_state_apply_delivery(struct step *step, struct rebut_error *err);

#endif
