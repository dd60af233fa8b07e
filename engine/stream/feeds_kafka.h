/* A topic of Kafka, part by part: feeds_kafka_turns.c sees to partitions that come and
 * go, feeds_kafka_places.c to where each one stands, feeds_kafka.c to messages and to the
 * client itself.  Private to stream. */
#ifndef REBUT_STREAM_FEEDS_KAFKA_H
#define REBUT_STREAM_FEEDS_KAFKA_H

#include <librdkafka/rdkafka.h>

#include "rebut/feeds.h"
#include "rebut/grow.h"

#define REBUT_KAFKA_BATCH 4096 /* messages */

struct rebut_kafka_place {
    bool held, paused, shown;       /* shown: the group's offset is `done` */
    struct rebut_position at, done; /* of the last message given; of effects */
};

struct rebut_kafka {
    struct rebut_feed feed;
    rd_kafka_t *client;
    char *topic;
    const struct rebut_log *log;
    int64_t (*now_us)(void);
    int64_t shown_at;
    bool closing, was_assigned; /* was_assigned: once at least, if nothing */
    REBUT_ARRAY(struct rebut_kafka_place) places; /* by number of the partition */

    rd_kafka_topic_partition_list_t *change; /* of a turn that has not taken effect */
    enum rebut_feed_turn turn;
    bool told;                     /* `next` has given it */
    REBUT_ARRAY(uint32_t) numbers; /* of its partitions */

    rd_kafka_message_t *given[REBUT_KAFKA_BATCH];
    struct rebut_message messages[REBUT_KAFKA_BATCH];
    size_t count;
};

static inline struct rebut_kafka_place *
rebut_kafka_place_of(const struct rebut_kafka *kafka, uint32_t partition)
{
    return partition < kafka->places.count ? &kafka->places.data[partition] : NULL;
}

/* What librdkafka calls when partitions come and go; its opaque is the struct. */
void rebut_kafka_on_rebalance(rd_kafka_t *client, rd_kafka_resp_err_t code,
                              rd_kafka_topic_partition_list_t *list, void *context);

/* Give the turn that waits; its partitions are ours, or no more, from now on. */
REBUT_MUST_CHECK bool rebut_kafka_tell(struct rebut_kafka *kafka, struct rebut_batch *ret,
                                       struct rebut_error *err);
/* The turn that was told takes effect, with what was sought meanwhile. */
REBUT_MUST_CHECK bool rebut_kafka_settle(struct rebut_kafka *kafka,
                                         struct rebut_error *err);
/* A turn that nobody will be told takes effect, as it may. */
void rebut_kafka_pass_over(struct rebut_kafka *kafka);

/* The offset of the message after this position. */
int64_t rebut_kafka_offset_after(struct rebut_position position);

/* Functions of struct rebut_feed. */
REBUT_MUST_CHECK bool rebut_kafka_seek(struct rebut_feed *feed, uint32_t partition,
                                       struct rebut_position position,
                                       struct rebut_error *err);
REBUT_MUST_CHECK bool rebut_kafka_pause(struct rebut_feed *feed, uint32_t partition,
                                        bool paused, struct rebut_error *err);
void rebut_kafka_done(struct rebut_feed *feed, uint32_t partition,
                      struct rebut_position position);
int64_t rebut_kafka_lag(const struct rebut_feed *feed);

/* Commit the group's offsets, which are for those who watch; nothing reads them. */
void rebut_kafka_show(struct rebut_kafka *kafka);

#endif
