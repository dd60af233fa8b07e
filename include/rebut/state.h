/* rebut/state.h -- what is known so far about orders, buyers, merchants and requests.
 *
 * Events go in, in any order; compact tables come out.  What the tables hold depends
 * on the set of events alone, not on the order in which they came: of two events
 * with the same id the earlier `at` stands; at the same `at` the one with the smaller
 * digest.
 *
 * Shipments and deliveries are compared by the millisecond.  Only the id tables remember
 * more: what an event named that was replaced later stays in them, unused.
 *
 * Nothing here knows about models.  Memory: 80 bytes an order (until sealed 92), at
 * least 27 of id table (an id of up to 15 bytes is in it); see rebut_state_bytes.
 */
#ifndef REBUT_STATE_H
#define REBUT_STATE_H

#include "rebut/error.h"
#include "rebut/event.h"
#include "rebut/grow.h"
#include "rebut/intern.h"

#define REBUT_NONE UINT32_MAX
#define REBUT_SECONDS_NONE INT32_MIN /* it has not happened */

/* One order.  Times after the order are whole seconds from it, rounded down.  What a
 * shipment or delivery touches comes first, so that it is one line of the cache. */
struct rebut_order {
    int64_t at; /* microseconds UTC */
    int32_t shipped_s, delivered_s;
    uint32_t shipment_digest, delivery_digest;
    uint16_t shipped_ms, delivered_ms; /* beyond the whole seconds */
    uint16_t carrier;                  /* 0 = absent, as below */
    uint8_t signed_by, channel;
    int64_t amount; /* fen */
    int32_t promised_s;
    int32_t account_age_s; /* at the order */
    uint32_t buyer, merchant, sku, host;
    uint32_t quantity, digest;
    uint16_t category, campaign, region, distributor;
};

/* Rows have no padding (`unused` is 0 in its place), so that equal rows are equal bytes.
 */
struct rebut_request {
    int64_t at, amount;
    uint64_t digest;
    uint32_t order;
    uint32_t text;        /* in state->texts, or REBUT_NONE */
    uint32_t photo_first; /* in state->photos */
    uint8_t photo_count, kind, reason, unused;
};

/* An account was seen with a device, an address or a payment account. */
enum rebut_key { REBUT_KEY_DEVICE, REBUT_KEY_ADDRESS, REBUT_KEY_PAYMENT, REBUT_KEYS };
struct rebut_link {
    uint32_t buyer, key;
};
struct rebut_order_keys {
    uint32_t key[REBUT_KEYS]; /* or REBUT_NONE */
};

struct rebut_contact {
    int64_t at;
    uint64_t digest;
    uint32_t order;
    uint8_t party, kind, unused[2];
};
struct rebut_outcome_seen {
    int64_t at;
    uint64_t digest;
    uint32_t request;
    uint8_t outcome, by, unused[2];
};
struct rebut_verdict_seen {
    int64_t at;
    uint64_t digest;
    double propensity;
    uint32_t request;
    uint16_t reviewer;
    uint8_t verdict, selection;
};
struct rebut_price {
    int64_t at, price;
    uint32_t sku, unused;
};

struct rebut_state {
    struct rebut_intern order_ids, request_ids, buyer_ids, merchant_ids, sku_ids;
    struct rebut_intern key_ids[REBUT_KEYS];
    /* Small vocabularies; entry 0 is "absent". */
    struct rebut_intern categories, campaigns, regions, carriers, distributors, hosts,
        reviewers;
    REBUT_ARRAY(struct rebut_order) orders;     /* by order index */
    REBUT_ARRAY(struct rebut_request) requests; /* by request index */
    REBUT_ARRAY(struct rebut_order_keys)
    order_keys; /* by order index, until sealed (see keeps_keys) */
    REBUT_ARRAY(struct rebut_link)
    links[REBUT_KEYS]; /* once sealed: by key, then buyer */
    REBUT_ARRAY(struct rebut_contact) contacts;
    REBUT_ARRAY(struct rebut_outcome_seen) outcomes;
    REBUT_ARRAY(struct rebut_verdict_seen) verdicts;
    REBUT_ARRAY(struct rebut_price) prices;
    REBUT_ARRAY(uint64_t) photos;
    REBUT_ARRAY(struct rebut_text) texts; /* requests' texts, each owned */
    /* The largest `at` of what stands, or REBUT_TIME_NONE; of shipments and deliveries
     * the whole milliseconds. */
    int64_t latest;
    bool replaced; /* something was: `latest` and photos are put right when sealed */
    bool sealed;
    bool keeps_keys; /* set it before sealing: order_keys stay, 12 bytes an order */
};

/* What became of an event. */
enum rebut_applied {
    REBUT_APPLIED,   /* it is in the tables */
    REBUT_DUPLICATE, /* identical to one that is */
    REBUT_CONFLICT,  /* the same id with other content: this one is set aside */
    REBUT_REPLACED,  /* as above, but this one is the earlier: it stands, and the one
                        applied before it is set aside */
    REBUT_ORPHAN,    /* it names an order or request never seen: nothing changed */
};

void rebut_state_init(struct rebut_state *state, uint64_t seed);
void rebut_state_release(struct rebut_state *state);

/* Make room for this many orders, so that tables do not grow while reading. */
REBUT_MUST_CHECK bool rebut_state_reserve(struct rebut_state *state, size_t orders,
                                          struct rebut_error *err);

/* Put one event in.  *ret_other gets, when it was REPLACED, the lower 32 bits of the
 * other event's digest.  Fails with ENOMEM, ELIMIT when a table is full (2^32 - 2 ids of
 * a kind, 65,534 categories, campaigns, regions, carriers, distributors or reviewers)
 * or EINPUT when the state is sealed. */
REBUT_MUST_CHECK bool rebut_state_apply(struct rebut_state *state,
                                        const struct rebut_event *event,
                                        enum rebut_applied *ret_applied,
                                        uint32_t *ret_other, struct rebut_error *err);

/* An event, and what is known of its ids before it is applied: their hashes, and the
 * indexes that they probably have (or REBUT_INTERN_NONE). */
#define REBUT_AHEAD_IDS 6
struct rebut_ahead {
    const struct rebut_event *event;
    struct {
        uint64_t hash;
        uint32_t guess;
    } ids[REBUT_AHEAD_IDS];
};

/* The same for many events: look ahead at a block of them, which asks the processor for
 * the memory that they will touch, so that its misses overlap; then apply each. */
void rebut_state_look_ahead(const struct rebut_state *state,
                            const struct rebut_event *events, size_t count,
                            struct rebut_ahead *ret_ahead);
/* Then also in another state with the same seed, for what is not here; this only asks for
 * memory. */
void rebut_state_look_also(const struct rebut_state *state,
                           const struct rebut_ahead *ahead, size_t count);
/* One event, without asking for much. */
void rebut_state_seek(const struct rebut_state *state, const struct rebut_event *event,
                      struct rebut_ahead *ret_ahead);
/* Probable indexes of the order and (of orders) the buyer, or REBUT_NONE. */
uint32_t rebut_ahead_order_guess(const struct rebut_ahead *ahead);
uint32_t rebut_ahead_buyer_guess(const struct rebut_ahead *ahead);
/* Indexes of the order and the request that a sought event names, or REBUT_NONE.  What
 * was found, or not, is remembered: ask anew when one was added before it is applied. */
uint32_t rebut_ahead_order(const struct rebut_state *state, struct rebut_ahead *ahead);
uint32_t rebut_ahead_request(const struct rebut_state *state, struct rebut_ahead *ahead);
/* The same in another state with the same seed. */
uint32_t rebut_ahead_other_order(const struct rebut_state *other,
                                 const struct rebut_ahead *ahead);
uint32_t rebut_ahead_other_request(const struct rebut_state *other,
                                   const struct rebut_ahead *ahead);
REBUT_MUST_CHECK bool rebut_state_apply_ahead(struct rebut_state *state,
                                              const struct rebut_ahead *ahead,
                                              enum rebut_applied *ret_applied,
                                              uint32_t *ret_other,
                                              struct rebut_error *err);

/* After the last event: link accounts with their keys, sort what is kept in lists
 * (contacts, outcomes, verdicts, prices, links) and drop identical entries;
 * ret_duplicates[type] counts them.  Fails with ENOMEM. */
REBUT_MUST_CHECK bool rebut_state_seal(struct rebut_state *state,
                                       uint64_t ret_duplicates[REBUT_EVENT_TYPES],
                                       struct rebut_error *err);

/* Bytes of memory held. */
size_t rebut_state_bytes(const struct rebut_state *state);

#endif
