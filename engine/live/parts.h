/* What the files of this room share and nobody else sees. */
#ifndef REBUT_LIVE_PARTS_H
#define REBUT_LIVE_PARTS_H

#include "rebut/live.h"
#include "rebut/state_rows.h"

/* Chains go from the last to the first, in the order in which a sealed state has its
 * rows: the view walks past what is too new and turns the rest around. */
struct live_buyer {
    uint32_t orders;   /* the last, or REBUT_NONE */
    bool known;        /* all that a night knows of it has been copied */
    int64_t scored_to; /* no request with a score is as of later; REBUT_TIME_NONE: none */
};
struct live_order {
    uint32_t next; /* the buyer's order before this one */
    uint32_t requests, contacts;
};
struct live_request {
    uint64_t digest; /* of the score emitted last */
    uint32_t next, outcomes, verdicts;
    uint32_t revision : 29; /* of that score */
    uint32_t scored : 1, due : 1, held : 1;
};

struct live_orphan {
    int64_t at, major, minor;
    uint64_t number; /* in the order of coming; 0: the place is free */
    char *bytes;     /* the line, then the id it waits for */
    uint32_t line_size;
    uint16_t id_size;
    bool by_request; /* it waits for a request */
    uint32_t next;   /* of the same bucket, or the next free place */
};

/* A time and what happens at it, in a binary heap with the first on top. */
struct live_moment {
    int64_t at;
    uint64_t number; /* breaks ties */
    uint32_t what;
};
struct live_heap {
    REBUT_ARRAY(struct live_moment) moments;
};
REBUT_MUST_CHECK bool rebut_live_heap_put(struct live_heap *heap,
                                          struct live_moment moment,
                                          struct rebut_error *err);
struct live_moment rebut_live_heap_take(struct live_heap *heap); /* not empty */

struct live_orphans {
    REBUT_ARRAY(struct live_orphan) places;
    uint32_t *buckets; /* [bucket_count], NULL until the first comes */
    uint32_t bucket_count, count, free;
    size_t bytes;
    uint64_t numbers; /* the last one given */
    struct live_heap expiry;
    REBUT_ARRAY(uint32_t) woken; /* places, in no bucket */
};

struct live_given_up {
    const char *reason, *field, *expected;
    char *line; /* owned */
    size_t line_size;
    int64_t major, minor;
};

struct rebut_live {
    struct rebut_state state;
    struct rebut_live_options options;
    const struct rebut_live_night *night; /* or NULL */
    struct rebut_copies copies;           /* of the night's words */
    REBUT_ARRAY(uint32_t) fresh;          /* orders of the night being copied */
    REBUT_ARRAY(struct live_buyer) buyers;
    REBUT_ARRAY(struct live_order) orders;
    REBUT_ARRAY(struct live_request) requests;
    REBUT_ARRAY(uint32_t) contacts; /* the order's contact before this one */
    REBUT_ARRAY(uint32_t) outcomes, verdicts;
    int64_t watermark;
    struct live_heap held;     /* requests, by the time their wait is over */
    uint64_t held_numbers;     /* the last one given */
    REBUT_ARRAY(uint32_t) due; /* requests; those before due_first are given out */
    uint32_t due_first;
    struct live_orphans orphans;
    REBUT_ARRAY(struct live_given_up) dead;
    uint32_t dead_first;
    char *scratch; /* to parse orphans */
    size_t scratch_size;
};

/* ---- night.c: rows of the night by buyer ---- */

struct rebut_live_night {
    const struct rebut_state *state;
    uint32_t *first_order, *orders;     /* [buyers + 1], [orders]: by at */
    uint32_t *first_request, *requests; /* [buyers + 1], [requests] */
    uint64_t *contacted; /* [orders / 64 + 1]: a bit an order, those with contacts */
};
static inline bool rebut_live_has_contacts(const struct rebut_live_night *night,
                                           uint32_t order)
{
    return (night->contacted[order / 64] >> order % 64 & 1) != 0;
}

/* ---- chains.c ---- */

enum live_chain {
    LIVE_ORDERS,
    LIVE_REQUESTS,
    LIVE_CONTACTS,
    LIVE_OUTCOMES,
    LIVE_VERDICTS
};

/* Make the arrays beside the state's as long as they are. */
REBUT_MUST_CHECK bool rebut_live_extend(struct rebut_live *live, struct rebut_error *err);
uint32_t *rebut_live_next_of(struct rebut_live *live, enum live_chain chain,
                             uint32_t item);
/* Put an item in its place; false when an identical entry of a list is there. */
bool rebut_live_link(struct rebut_live *live, enum live_chain chain, uint32_t *head,
                     uint32_t item);
void rebut_live_unlink(struct rebut_live *live, enum live_chain chain, uint32_t *head,
                       uint32_t item);
/* Below, at or above zero as requests `a` and `b` are in a view's order. */
int rebut_live_compare_requests(const struct rebut_state *state, uint32_t a, uint32_t b);

/* ---- meet.c: what the night knows ---- */

/* The order and the request that an event names, or REBUT_NONE: of the stream, or of the
 * night, from where they are copied alone.  The same seed for all: one hash of an id
 * finds it here and there. */
REBUT_MUST_CHECK bool rebut_live_meet(struct rebut_live *live, struct rebut_ahead *ahead,
                                      uint32_t *ret_order, uint32_t *ret_request,
                                      struct rebut_error *err);

/* ---- take.c: one event into tables and chains ---- */

REBUT_MUST_CHECK bool rebut_live_take(struct rebut_live *live, struct rebut_ahead *ahead,
                                      enum rebut_live_became *ret_became,
                                      struct rebut_error *err);

/* ---- due.c ---- */

static inline uint32_t live_buyer_of(const struct rebut_live *live, uint32_t request)
{
    return live->state.orders.data[live->state.requests.data[request].order].buyer;
}

/* When a request is to be scored as of. */
static inline int64_t live_as_of(const struct rebut_live *live, uint32_t request)
{
    const struct rebut_request *row = &live->state.requests.data[request];
    const int64_t order_at = live->state.orders.data[row->order].at;
    return row->at > order_at ? row->at : order_at;
}

/* A request of the buyer has a score. */
static inline void live_note_score(struct rebut_live *live, uint32_t buyer, int64_t as_of)
{
    if (as_of > live->buyers.data[buyer].scored_to)
        live->buyers.data[buyer].scored_to = as_of;
}

/* A request of the stream that has no score yet: due, or held. */
REBUT_MUST_CHECK bool rebut_live_want(struct rebut_live *live, uint32_t request,
                                      struct rebut_error *err);
/* Something of `from` has changed: scored requests of the buyer that could see it. */
REBUT_MUST_CHECK bool rebut_live_want_again(struct rebut_live *live, uint32_t buyer,
                                            int64_t from, struct rebut_error *err);
/* The watermark has moved, or `all`. */
REBUT_MUST_CHECK bool rebut_live_let_go(struct rebut_live *live, bool all,
                                        struct rebut_error *err);

/* ---- orphans.c ---- */

REBUT_MUST_CHECK bool rebut_live_keep_orphan(struct rebut_live *live,
                                             const struct rebut_live_message *message,
                                             struct rebut_error *err);
/* Keep a row with its bytes, which are copied: the line, then the id. */
REBUT_MUST_CHECK bool rebut_live_put_orphan(struct rebut_live *live,
                                            const struct live_orphan *row,
                                            const char *bytes, struct rebut_error *err);
/* Take those that wait for this id out of their bucket, to be tried again. */
REBUT_MUST_CHECK bool rebut_live_wake(struct rebut_live *live, bool by_request,
                                      struct rebut_text id, struct rebut_error *err);
/* Try those that were woken, and those whom they wake. */
REBUT_MUST_CHECK bool rebut_live_try_woken(struct rebut_live *live,
                                           struct rebut_error *err);
/* Give up those older than `before`. */
REBUT_MUST_CHECK bool rebut_live_expire(struct rebut_live *live, int64_t before,
                                        struct rebut_error *err);
void rebut_live_release_orphans(struct rebut_live *live);
size_t rebut_live_orphan_bytes(const struct rebut_live *live);

#endif
