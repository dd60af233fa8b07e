/* calendar.h -- what is going to happen next?
 *
 * Everything under way (a parcel, a merchant's next day, a planned order) is a node
 * with one time.  Nodes wait in buckets of equal length of time, unordered; only the
 * nodes of the bucket being lived through stand in a small heap.  So a push costs O(1)
 * and memory is the nodes under way, however many orders have been.
 */
#ifndef REBUT_SIMULATE_CALENDAR_H
#define REBUT_SIMULATE_CALENDAR_H

#include "rebut/error.h"

#include <stddef.h>
#include <stdint.h>

#define NODE_NONE UINT32_MAX

enum stage {
    STAGE_SHIP,
    STAGE_DELIVER,
    STAGE_PRICE_CHECK,
    STAGE_MESSAGE,
    STAGE_ANSWER,
    STAGE_REQUEST,
    STAGE_OFFER,
    STAGE_REPLY,
    STAGE_OUTCOME,
    STAGE_VERDICT,
    STAGE_MERCHANT_DAY,
    STAGE_RAID,
    STAGE_PLANNED_ORDER,
};

enum condition {
    CONDITION_OK,
    CONDITION_BLEMISH, /* a scratch on the box: an excuse, not a fault */
    CONDITION_DAMAGED,
    CONDITION_DEFECTIVE,
    CONDITION_WRONG,
    CONDITION_MISSING,
    CONDITION_MISDESCRIBED,
    CONDITION_COUNTERFEIT,
    CONDITION_LOST,
    CONDITION_STOLEN, /* signed for by somebody else, never seen again */
    CONDITIONS
};

/* One thing under way: mostly a parcel, from order to last verdict.  Times are
 * seconds since the start. */
struct node {
    uint32_t at;
    uint32_t next; /* in a list of nodes, or NODE_NONE */
    uint32_t turn; /* of being pushed: ties in time come out as they went in */
    uint32_t buyer;
    uint32_t sku;     /* STAGE_MERCHANT_DAY: the merchant; STAGE_RAID: the raid */
    uint32_t order;   /* 0 is the first */
    uint32_t request; /* 0 is the first */
    uint32_t amount;  /* fen paid */
    uint32_t asked;   /* fen asked back */
    uint32_t delivered_at;
    uint32_t promised_at;
    uint32_t script; /* 0, or the script that the buyer's group shares */
    uint16_t late_hours;
    uint8_t stage, condition, severity; /* severity in 1/255 */
    uint8_t kind;                       /* enum buyer_kind */
    uint8_t channel, carrier, quantity, signed_by;
    uint8_t reason, request_kind;
    uint8_t hype; /* how much was promised, 1/255 */
    bool intent;  /* ordered in order to keep the money */
    bool abuse;
    bool before_goods; /* asked before anything was delivered */
    uint8_t round;     /* which verdict */
    uint8_t review;    /* enum rebut_selection of the review */
    uint8_t outcome;
};

struct due {
    uint64_t key; /* at << 32 | turn */
    uint32_t node;
};

struct calendar {
    struct node *nodes;
    uint32_t node_count, node_room;
    uint32_t free; /* list of unused nodes */
    uint32_t *buckets;
    uint32_t bucket_count;
    uint32_t bucket_now;
    uint32_t bucket_seconds;
    struct due *heap;
    size_t heap_count, heap_room;
    uint32_t pushes;
    uint32_t end; /* what would happen at or after it is forgotten */
};

REBUT_MUST_CHECK bool sim_calendar_init(struct calendar *calendar, uint32_t end,
                                        struct rebut_error *err);
void sim_calendar_release(struct calendar *calendar);

/* A zeroed node, or NODE_NONE when there is no memory.  Pointers to nodes do not
 * survive it. */
uint32_t sim_calendar_new(struct calendar *calendar);
void sim_calendar_free(struct calendar *calendar, uint32_t index);

/* Let the node happen at `at`, which is not before the time last taken.  A node at
 * or after the end is freed.  False when there is no memory. */
REBUT_MUST_CHECK bool sim_calendar_push(struct calendar *calendar, uint32_t index,
                                        uint32_t at);

/* Take out the earliest node at or before `until`, or give NODE_NONE.  False when
 * there is no memory. */
REBUT_MUST_CHECK bool sim_calendar_take(struct calendar *calendar, uint32_t until,
                                        uint32_t *ret_index);

#endif
