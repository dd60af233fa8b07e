/* What it takes to put an event into the tables.  Private to state's apply files. */
#ifndef REBUT_STATE_APPLY_H
#define REBUT_STATE_APPLY_H

#include "rebut/state.h"

/* An event and where its outcome goes: what every function below works on. */
struct step {
    struct rebut_state *state;
    const struct rebut_event *event;
    const struct rebut_ahead *ahead;
    enum rebut_applied applied;
    uint32_t other; /* lower bits of the digest of what was replaced */
};

/* The place of an id in struct rebut_ahead: an order has the last four, a request and
 * what names one has the other. */
enum ahead_id { AHEAD_ORDER, AHEAD_SKU, AHEAD_REQUEST, AHEAD_BUYER = 2, AHEAD_KEYS };

/* A guess: it was looked for, and is not there. */
#define AHEAD_ABSENT (REBUT_INTERN_NONE - 1)

/* The index of an id, added if it is new. */
static inline bool put_id(struct rebut_intern *ids, struct rebut_text id,
                          const struct step *step, int place, uint32_t *ret_index,
                          struct rebut_error *err)
{
    *ret_index = step->ahead->ids[place].guess;
    if (*ret_index == AHEAD_ABSENT)
        return rebut_intern_add(ids, id, step->ahead->ids[place].hash, ret_index, err);
    return rebut_intern_is(ids, *ret_index, id) ||
           rebut_intern_put(ids, id, step->ahead->ids[place].hash, ret_index, err);
}

/* The index of an id, or REBUT_NONE. */
static inline uint32_t find_id(const struct rebut_intern *ids, struct rebut_text id,
                               const struct step *step, int place)
{
    const uint32_t guess = step->ahead->ids[place].guess;
    if (guess == AHEAD_ABSENT)
        return REBUT_NONE;
    return rebut_intern_is(ids, guess, id)
               ? guess
               : rebut_intern_find(ids, id, step->ahead->ids[place].hash);
}

static inline bool find_order(const struct step *step, uint32_t *ret_order)
{
    *ret_order =
        find_id(&step->state->order_ids, step->event->order_id, step, AHEAD_ORDER);
    return *ret_order != REBUT_NONE;
}

/* The index of an id of a small table, whose hash is not known. */
static inline bool put_word(struct rebut_intern *words, struct rebut_text word,
                            uint32_t *ret_index, struct rebut_error *err)
{
    return rebut_intern_put(words, word, rebut_intern_hash(words, word), ret_index, err);
}

/* A word of a small vocabulary as 1, 2, …; 0 when the field is absent. */
bool rebut_state_put_word(struct rebut_intern *words, struct rebut_text word,
                          const char *what, uint16_t *ret_index, struct rebut_error *err);

/* Of the event seen before and this one with the same id: which stands?  True when it
 * is this one: the earlier and, of the same time, the one with the smaller digest, so
 * that the order of reading decides nothing. */
bool rebut_state_settle(struct step *step, int64_t old_at, int64_t new_at,
                        uint64_t old_digest, uint64_t new_digest);

/* Whole milliseconds of the epoch; times of events are never negative. */
static inline int64_t whole_ms(int64_t time)
{
    return time / (REBUT_SECOND / 1000);
}

bool rebut_state_apply_order(struct step *step, struct rebut_error *err);
bool rebut_state_apply_shipment(struct step *step, struct rebut_error *err);
bool rebut_state_apply_delivery(struct step *step, struct rebut_error *err);

#endif
