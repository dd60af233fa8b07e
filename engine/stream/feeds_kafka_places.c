/* Where a partition of a topic stands: sought, paused, done. */
#include <inttypes.h>

#include "feeds_kafka.h"

#define SEEK_MS 10000
#define SHOW_US INT64_C(1000000) /* the group's offsets at most so often */

int64_t rebut_kafka_offset_after(struct rebut_position position)
{
    return position.major < 0 ? RD_KAFKA_OFFSET_BEGINNING : position.major + 1;
}

static rd_kafka_topic_partition_list_t *list_of(const struct rebut_kafka *kafka,
                                                uint32_t partition, int64_t offset)
{
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(1);
    rd_kafka_topic_partition_list_add(list, kafka->topic, (int32_t)partition)->offset =
        offset;
    return list;
}

bool rebut_kafka_seek(struct rebut_feed *feed, uint32_t partition,
                      struct rebut_position position, struct rebut_error *err)
{
    struct rebut_kafka *kafka = (struct rebut_kafka *)feed;
    struct rebut_kafka_place *place = rebut_kafka_place_of(kafka, partition);
    if (place == NULL || !place->held)
        return rebut_fail(err, REBUT_EINPUT, "partition %" PRIu32 " is not ours",
                          partition);
    place->at = position;
    if (kafka->change != NULL) /* it begins there */
        return true;
    rd_kafka_topic_partition_list_t *list =
        list_of(kafka, partition, rebut_kafka_offset_after(position));
    rd_kafka_error_t *error = rd_kafka_seek_partitions(kafka->client, list, SEEK_MS);
    const rd_kafka_resp_err_t code =
        error != NULL ? rd_kafka_error_code(error) : list->elems[0].err;
    rd_kafka_error_destroy(error);
    rd_kafka_topic_partition_list_destroy(list);
    return code == RD_KAFKA_RESP_ERR_NO_ERROR ||
           rebut_fail(err, REBUT_ETRY, "cannot seek in partition %" PRIu32 ": %s",
                      partition, rd_kafka_err2name(code));
}

bool rebut_kafka_pause(struct rebut_feed *feed, uint32_t partition, bool paused,
                       struct rebut_error *err)
{
    struct rebut_kafka *kafka = (struct rebut_kafka *)feed;
    rd_kafka_topic_partition_list_t *list =
        list_of(kafka, partition, RD_KAFKA_OFFSET_INVALID);
    const rd_kafka_resp_err_t code =
        paused ? rd_kafka_pause_partitions(kafka->client, list)
               : rd_kafka_resume_partitions(kafka->client, list);
    rd_kafka_topic_partition_list_destroy(list);
    return code == RD_KAFKA_RESP_ERR_NO_ERROR ||
           rebut_fail(err, REBUT_EIO, "cannot pause partition %" PRIu32 ": %s", partition,
                      rd_kafka_err2name(code));
}

void rebut_kafka_show(struct rebut_kafka *kafka)
{
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(4);
    for (uint32_t i = 0; i < kafka->places.count; i++) {
        struct rebut_kafka_place *place = &kafka->places.data[i];
        if (place->held && !place->shown && place->done.major >= 0)
            rd_kafka_topic_partition_list_add(list, kafka->topic, (int32_t)i)->offset =
                place->done.major + 1;
        place->shown = true;
    }
    if (list->cnt > 0)
        (void)rd_kafka_commit(kafka->client, list, 1);
    rd_kafka_topic_partition_list_destroy(list);
}

void rebut_kafka_done(struct rebut_feed *feed, uint32_t partition,
                      struct rebut_position position)
{
    struct rebut_kafka *kafka = (struct rebut_kafka *)feed;
    struct rebut_kafka_place *place = rebut_kafka_place_of(kafka, partition);
    if (place == NULL || !place->held)
        return;
    place->done = position;
    place->shown = false;
    const int64_t now = kafka->now_us();
    if (now - kafka->shown_at < SHOW_US)
        return;
    kafka->shown_at = now;
    rebut_kafka_show(kafka);
}

/* From the high watermarks of the last fetches. */
int64_t rebut_kafka_lag(const struct rebut_feed *feed)
{
    const struct rebut_kafka *kafka = (const struct rebut_kafka *)feed;
    int64_t sum = -1;
    for (uint32_t i = 0; i < kafka->places.count; i++) {
        const struct rebut_kafka_place *place = &kafka->places.data[i];
        int64_t low = -1, high = -1;
        if (!place->held ||
            rd_kafka_get_watermark_offsets(kafka->client, kafka->topic, (int32_t)i, &low,
                                           &high) != RD_KAFKA_RESP_ERR_NO_ERROR ||
            high < 0)
            continue;
        const int64_t from = place->at.major < 0 ? low : place->at.major + 1;
        sum = (sum < 0 ? 0 : sum) + (high > from ? high - from : 0);
    }
    return sum;
}
