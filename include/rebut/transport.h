/* rebut/transport.h -- the seam between the outside world and a scorer of streams.
 *
 * A feed gives messages, effects take what came of them, and rebut/loop.h ties both to a
 * handler.  Implementations: rebut/feeds.h (standard input, PostgreSQL outbox, Kafka) and
 * rebut/effects.h (standard output, PostgreSQL); each has its struct as first member.
 *
 * Positions.  A message's position orders it within its partition; the next one's is
 * greater, not always by one.  A stored position is that of the last message whose
 * effects are in: reading goes on *after* it.
 *
 *     standard input  {number of the line, 0}   Kafka  {offset, 0}   outbox  {xid, seq}
 *
 * Exactly once.  Effects that can (PostgreSQL) put scores, dead letters and positions
 * into one transaction, in which the epoch of every partition must still be the one that
 * `acquire` gave.  Who was taken for dead, and has been replaced, fails with
 * REBUT_EFENCED and has changed nothing.
 *
 * Replay.  A snapshot of state may be older than the stored position; messages between
 * are handled again, and effects drop what they bring (position <= the one that `acquire`
 * gave), so a handler need not know.  An effect therefore bears the position of the
 * message *whose handling gave it*, which need not be the one with the request.
 */
#ifndef REBUT_TRANSPORT_H
#define REBUT_TRANSPORT_H

#include "rebut/error.h"
#include "rebut/text.h"

struct rebut_position {
    int64_t major, minor;
};
#define REBUT_POSITION_NONE ((struct rebut_position){-1, -1}) /* before all others */

/* Below, at or above zero as `a` comes before, is or comes after `b`. */
int rebut_position_compare(struct rebut_position a, struct rebut_position b);

/* A line as it came: nobody has looked into it. */
struct rebut_message {
    struct rebut_text line; /* no newline; may be empty (blank line, Kafka's tombstone) */
    struct rebut_text key;  /* by which it is partitioned; {NULL, 0}: not told */
    uint64_t bytes;         /* of the whole line; more than line.size: it is longer than a
                               line may be, and `line` is its start */
    struct rebut_position position;
    uint32_t partition;
};

enum rebut_feed_turn {
    REBUT_TURN_NONE,
    REBUT_TURN_ASSIGNED, /* these partitions are ours: acquire and seek each */
    REBUT_TURN_REVOKED,  /* they will be another's: commit and let go */
    REBUT_TURN_LOST,     /* they are another's: let go, nothing can be committed */
};

/* Either messages or a turn.  All of it is valid until the next call of `next` or
 * `close`. */
struct rebut_batch {
    const struct rebut_message *messages; /* [count], in order within a partition */
    size_t count;
    const uint32_t *partitions; /* [partition_count] of the turn */
    size_t partition_count;
    enum rebut_feed_turn turn;
    bool drained; /* nothing more is waiting, as far as is known: a good time to commit */
    bool end;     /* nothing will come any more (standard input has ended) */
};

struct rebut_feed {
    /* Wait at most timeout_ms for something (0: do not wait; an empty batch is no error;
     * a signal ends the wait).  A turn takes effect at the call after the one that told
     * it: until then seeks are collected, and others wait for partitions to be let go.
     * ETRY: the same call may succeed later; after other failures only `close`. */
    bool (*next)(struct rebut_feed *feed, int timeout_ms, struct rebut_batch *ret,
                 struct rebut_error *err);

    /* The next message of this partition, one of ours, is the first after `position`. */
    bool (*seek)(struct rebut_feed *feed, uint32_t partition,
                 struct rebut_position position, struct rebut_error *err);

    /* Give nothing of this partition until told otherwise; NULL: cannot. */
    bool (*pause)(struct rebut_feed *feed, uint32_t partition, bool paused,
                  struct rebut_error *err);

    /* Effects up to `position` are in: for those who watch from outside (Kafka's group
     * offsets); a failure does not matter.  NULL: nobody does. */
    void (*done)(struct rebut_feed *feed, uint32_t partition,
                 struct rebut_position position);

    /* Messages of our partitions not yet given; -1: not known. */
    int64_t (*lag)(const struct rebut_feed *feed);

    void (*close)(struct rebut_feed *feed); /* leaves its group; NULL is not allowed */
};

#endif
