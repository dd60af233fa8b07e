/* rebut/feeds.h -- where a stream's messages come from.  See rebut/transport.h. */
#ifndef REBUT_FEEDS_H
#define REBUT_FEEDS_H

#include "rebut/log.h"
#include "rebut/transport.h"

#define REBUT_STREAM_LINE_MAX                                                            \
    ((size_t)1 << 20)                         /* longer lines are given by their start */
#define REBUT_STREAM_LINE_HEAD ((size_t)1024) /* of which this much is kept */

/* Lines of a descriptor that stays the caller's: pipe, socket, file or terminal.  One
 * partition, 0, assigned by the first call; positions are numbers of lines, from 1, and
 * seek can only go forward.  Whole lines are given as soon as they are there. */
REBUT_MUST_CHECK bool rebut_feed_input(struct rebut_feed **ret, int fd,
                                       struct rebut_error *err);

/* ---- the outbox of rebut's schema in PostgreSQL (sql/migrations/0010_stream.sql) ----
 *
 * A platform inserts (buyer_id, payload) in the very transaction that makes the event
 * true.  Rows are given in the order (xid, seq), xid being the writing transaction, and
 * only while xid < xmin, the oldest transaction still under way as this statement sees
 * it.
 *
 * Why nothing is lost.  Numbers of transactions are given out upwards.  When a statement
 * sees xmin, every transaction below it has ended: what it committed is visible to this
 * very statement, and what it did not is gone for good.  A transaction that begins to
 * write later has a number of at least xmin.  So the rows below xmin are complete and
 * will never be more, and a reader that has read them all may forget about them.  A
 * sequence alone, or a time, has no such bound: its order is that of inserting, not of
 * committing, and a reader that has passed a number misses whoever commits below it. (The
 * number is that of the whole transaction, savepoints share it; writers may not set it.)
 *
 * The price: one long transaction that has written, in any database of the cluster, holds
 * everything behind it back.  Watch the lag; set idle_in_transaction_session_timeout.
 * Numbers mean nothing in another cluster: after a restore from a dump, begin anew.
 *
 * The 32 partitions are shared out by leases: each worker gets its share, renews it while
 * it lives, and loses it when it was not heard of for lease_ms.  A worker that was only
 * paused is fenced by the effects' epoch; leases spread the work, no more. */
#define REBUT_OUTBOX_PARTITIONS 32

struct rebut_outbox_options {
    const char *conninfo; /* rebut/store.h; a login in the group rebut_engine */
    const char *stream;   /* the same name as that of the effects */
    const char *worker;   /* unlike that of all other workers, e.g. "host:pid:random" */
    int64_t (*now_us)(void);
    int lease_ms; /* 0: 10,000; renewed at a third of it */
    int poll_ms;  /* how long a notification may be missed; 0: 1,000.  After one it looks
                     more often */
};

/* Checks the schema.  Errors as rebut/store.h says. */
REBUT_MUST_CHECK bool rebut_feed_outbox(struct rebut_feed **ret,
                                        const struct rebut_outbox_options *options,
                                        struct rebut_error *err);

/* ---- a topic of Kafka, by a consumer group (librdkafka 2.0) ----
 *
 * Messages are keyed by buyer, so that a buyer lives in one partition.  Positions are the
 * effects': nothing is read from the group's own offsets, which are committed now and
 * then for those who watch.  What the broker no longer keeps is an error and not a gap
 * (auto.offset.reset=error).  librdkafka's thread keeps the session alive while the
 * handler works; `next` must be called once within max.poll.interval.ms (5 minutes).
 *
 * The file of options has librdkafka's properties, key=value a line, '#' begins a
 * comment: bootstrap.servers, security.protocol, sasl.username, ssl.ca.location,
 * session.timeout.ms and so on.  Its values may be secrets, and stand in no message and
 * no log.  Set by rebut, whatever it says: enable.auto.commit, enable.auto.offset.store,
 * auto.offset.reset, enable.partition.eof; unless it says otherwise:
 * partition.assignment.strategy=cooperative-sticky. */
struct rebut_kafka_options {
    const char *config_path;
    const char *topic, *group;
    const struct rebut_log
        *log; /* what librdkafka complains of, as a word; may be NULL */
    int64_t (*now_us)(void);
};

/* Joins the group at the first `next`.  EUSAGE: a property that there is not, or a value
 * that it does not take; EIO or ENOMEM.  `next` fails with EDATA when the stored position
 * is no longer kept, EIO when librdkafka gives up. */
REBUT_MUST_CHECK bool rebut_feed_kafka(struct rebut_feed **ret,
                                       const struct rebut_kafka_options *options,
                                       struct rebut_error *err);

#endif
