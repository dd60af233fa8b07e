/* Partitions of a topic that come and go: told as turns, which take effect at the next
 * call of `next`; until then nothing is assigned or given up. */
#include <inttypes.h>
#include <string.h>

#include "feeds_kafka.h"

#define PARTITIONS_MAX 65536

static bool is_cooperative(const struct rebut_kafka *kafka)
{
    return strcmp(rd_kafka_rebalance_protocol(kafka->client), "COOPERATIVE") == 0;
}

/* Tell librdkafka what is ours from now on. */
static bool put_in_effect(struct rebut_kafka *kafka, enum rebut_feed_turn turn,
                          const rd_kafka_topic_partition_list_t *list,
                          struct rebut_error *err)
{
    rd_kafka_error_t *error = NULL;
    rd_kafka_resp_err_t code = RD_KAFKA_RESP_ERR_NO_ERROR;
    if (!is_cooperative(kafka))
        code = rd_kafka_assign(kafka->client, turn == REBUT_TURN_ASSIGNED ? list : NULL);
    else if (turn == REBUT_TURN_ASSIGNED)
        error = rd_kafka_incremental_assign(kafka->client, list);
    else
        error = rd_kafka_incremental_unassign(kafka->client, list);
    if (error != NULL)
        code = rd_kafka_error_code(error);
    rd_kafka_error_destroy(error);
    return code == RD_KAFKA_RESP_ERR_NO_ERROR ||
           rebut_fail(err, REBUT_EIO, "kafka does not take the change of partitions: %s",
                      rd_kafka_err2name(code));
}

void rebut_kafka_on_rebalance(rd_kafka_t *client, rd_kafka_resp_err_t code,
                              rd_kafka_topic_partition_list_t *list, void *context)
{
    struct rebut_kafka *kafka = context;
    enum rebut_feed_turn turn = REBUT_TURN_ASSIGNED;
    if (code == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS)
        kafka->was_assigned = true;
    else
        turn = rd_kafka_assignment_lost(client) ? REBUT_TURN_LOST : REBUT_TURN_REVOKED;
    if (kafka->closing || list->cnt == 0) {
        (void)put_in_effect(kafka, turn, list, NULL);
        return;
    }
    if (kafka->change != NULL) /* cannot be: none comes before the last took effect */
        rd_kafka_topic_partition_list_destroy(kafka->change);
    kafka->change = rd_kafka_topic_partition_list_copy(list);
    kafka->turn = turn;
    kafka->told = false;
}

static bool make_place(struct rebut_kafka *kafka, uint32_t partition,
                       struct rebut_error *err)
{
    if (partition >= PARTITIONS_MAX)
        return rebut_fail(err, REBUT_ELIMIT, "partition %" PRIu32 " is over %d",
                          partition, PARTITIONS_MAX - 1);
    while (kafka->places.count <= partition) {
        if (!REBUT_ARRAY_MORE(&kafka->places, 1, "partitions", err))
            return false;
        kafka->places.data[kafka->places.count++] = (struct rebut_kafka_place){0};
    }
    return true;
}

bool rebut_kafka_tell(struct rebut_kafka *kafka, struct rebut_batch *ret,
                      struct rebut_error *err)
{
    kafka->told = true;
    kafka->numbers.count = 0;
    for (int i = 0; i < kafka->change->cnt; i++) {
        const uint32_t partition = (uint32_t)kafka->change->elems[i].partition;
        if (!make_place(kafka, partition, err) ||
            !REBUT_ARRAY_MORE(&kafka->numbers, 1, "partitions", err))
            return false;
        kafka->numbers.data[kafka->numbers.count++] = partition;
        kafka->places.data[partition] =
            (struct rebut_kafka_place){.held = kafka->turn == REBUT_TURN_ASSIGNED,
                                       .at = REBUT_POSITION_NONE,
                                       .done = REBUT_POSITION_NONE,
                                       .shown = true};
    }
    *ret = (struct rebut_batch){.turn = kafka->turn,
                                .partitions = kafka->numbers.data,
                                .partition_count = kafka->numbers.count};
    return true;
}

bool rebut_kafka_settle(struct rebut_kafka *kafka, struct rebut_error *err)
{
    for (int i = 0; i < kafka->change->cnt; i++) {
        rd_kafka_topic_partition_t *one = &kafka->change->elems[i];
        one->offset = rebut_kafka_offset_after(kafka->places.data[one->partition].at);
    }
    const bool ok = put_in_effect(kafka, kafka->turn, kafka->change, err);
    rd_kafka_topic_partition_list_destroy(kafka->change);
    kafka->change = NULL;
    return ok;
}

void rebut_kafka_pass_over(struct rebut_kafka *kafka)
{
    if (kafka->change != NULL)
        (void)put_in_effect(kafka, kafka->turn, kafka->change, NULL);
}
