/* A topic of Kafka.  The group's rebalances are told as turns and take effect at the next
 * call of `next`: until then nothing is assigned or given up. */
#include <inttypes.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "kafka_config.h"
#include "rebut/feeds.h"
#include "rebut/grow.h"

#define BATCH_MAX 4096
#define SEEK_MS 10000
#define SHOW_US INT64_C(1000000) /* the group's offsets at most so often */
#define CLOSE_US INT64_C(5000000)
#define PARTITIONS_MAX 65536

struct place {
    bool held, paused, shown;       /* shown: the group's offset is `done` */
    struct rebut_position at, done; /* of the last message given; of effects */
};

struct kafka {
    struct rebut_feed feed;
    rd_kafka_t *client;
    char *topic;
    const struct rebut_log *log;
    int64_t (*now_us)(void);
    int64_t shown_at;
    bool closing;
    REBUT_ARRAY(struct place) places; /* by number of the partition */

    rd_kafka_topic_partition_list_t *change; /* of a turn that has not taken effect */
    enum rebut_feed_turn turn;
    bool told;                     /* `next` has given it */
    REBUT_ARRAY(uint32_t) numbers; /* of its partitions */

    rd_kafka_message_t *given[BATCH_MAX];
    struct rebut_message messages[BATCH_MAX];
    size_t count;
};

/* ---- rebalance ---- */

static bool is_cooperative(const struct kafka *kafka)
{
    return strcmp(rd_kafka_rebalance_protocol(kafka->client), "COOPERATIVE") == 0;
}

/* Tell librdkafka what is ours from now on. */
static bool put_in_effect(struct kafka *kafka, enum rebut_feed_turn turn,
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

static void on_rebalance(rd_kafka_t *client, rd_kafka_resp_err_t code,
                         rd_kafka_topic_partition_list_t *list, void *context)
{
    struct kafka *kafka = context;
    enum rebut_feed_turn turn = REBUT_TURN_ASSIGNED;
    if (code != RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS)
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

static struct place *place_of(const struct kafka *kafka, uint32_t partition)
{
    return partition < kafka->places.count ? &kafka->places.data[partition] : NULL;
}

static bool make_place(struct kafka *kafka, uint32_t partition, struct rebut_error *err)
{
    if (partition >= PARTITIONS_MAX)
        return rebut_fail(err, REBUT_ELIMIT, "partition %" PRIu32 " is over %d",
                          partition, PARTITIONS_MAX - 1);
    while (kafka->places.count <= partition) {
        if (!REBUT_ARRAY_MORE(&kafka->places, 1, "partitions", err))
            return false;
        kafka->places.data[kafka->places.count++] = (struct place){0};
    }
    return true;
}

/* Give the turn; its partitions are ours, or no more, from now on. */
static bool tell(struct kafka *kafka, struct rebut_batch *ret, struct rebut_error *err)
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
            (struct place){.held = kafka->turn == REBUT_TURN_ASSIGNED,
                           .at = REBUT_POSITION_NONE,
                           .done = REBUT_POSITION_NONE,
                           .shown = true};
    }
    *ret = (struct rebut_batch){.turn = kafka->turn,
                                .partitions = kafka->numbers.data,
                                .partition_count = kafka->numbers.count};
    return true;
}

static int64_t offset_after(struct rebut_position position)
{
    return position.major < 0 ? RD_KAFKA_OFFSET_BEGINNING : position.major + 1;
}

/* The turn that was told takes effect, with what was sought meanwhile. */
static bool settle(struct kafka *kafka, struct rebut_error *err)
{
    for (int i = 0; i < kafka->change->cnt; i++) {
        rd_kafka_topic_partition_t *one = &kafka->change->elems[i];
        one->offset = offset_after(kafka->places.data[one->partition].at);
    }
    const bool ok = put_in_effect(kafka, kafka->turn, kafka->change, err);
    rd_kafka_topic_partition_list_destroy(kafka->change);
    kafka->change = NULL;
    return ok;
}

/* ---- messages ---- */

static void let_go_of_messages(struct kafka *kafka)
{
    for (size_t i = 0; i < kafka->count; i++)
        rd_kafka_message_destroy(kafka->given[i]);
    kafka->count = 0;
}

static bool give_up(const struct kafka *kafka, rd_kafka_resp_err_t code, int partition,
                    struct rebut_error *err)
{
    char words[16];
    switch (code) {
    case RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET:
    case RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE:
        return rebut_fail(err, REBUT_EDATA,
                          "partition %d of topic '%.100s' no longer has, or does not yet "
                          "have, what comes after the stored position",
                          partition, kafka->topic);
    case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED:
    case RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED:
    case RD_KAFKA_RESP_ERR__AUTHENTICATION:
        return rebut_fail(err, REBUT_EIO, "kafka turns us away: %s",
                          rd_kafka_err2name(code));
    case RD_KAFKA_RESP_ERR__FATAL:
        code = rd_kafka_fatal_error(kafka->client, words, sizeof words);
        return rebut_fail(err, REBUT_EIO, "librdkafka gives up: %s",
                          rd_kafka_err2name(code));
    default:
        return true; /* librdkafka sees to it */
    }
}

/* Keep one; what is no message, or not ours, or was given before, is passed over. */
static bool take(struct kafka *kafka, rd_kafka_message_t *message,
                 struct rebut_error *err)
{
    struct place *place = place_of(kafka, (uint32_t)message->partition);
    if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR || place == NULL || !place->held ||
        message->offset <= place->at.major) {
        const bool ok = message->err == RD_KAFKA_RESP_ERR_NO_ERROR ||
                        give_up(kafka, message->err, message->partition, err);
        rebut_log(message->err == RD_KAFKA_RESP_ERR_NO_ERROR ? NULL : kafka->log,
                  "warning", "kafka", ",\"code\":\"%s\"",
                  rd_kafka_err2name(message->err));
        rd_kafka_message_destroy(message);
        return ok;
    }
    place->at = (struct rebut_position){message->offset, 0};
    const bool is_long = message->len > REBUT_STREAM_LINE_MAX;
    kafka->messages[kafka->count] = (struct rebut_message){
        .line = {message->payload, is_long ? REBUT_STREAM_LINE_HEAD : message->len},
        .key = {message->key, message->key_len},
        .bytes = message->len,
        .position = place->at,
        .partition = (uint32_t)message->partition};
    kafka->given[kafka->count++] = message;
    return true;
}

static bool next(struct rebut_feed *feed, int timeout_ms, struct rebut_batch *ret,
                 struct rebut_error *err)
{
    struct kafka *kafka = (struct kafka *)feed;
    *ret = (struct rebut_batch){.messages = kafka->messages};
    let_go_of_messages(kafka);
    if (kafka->change != NULL && kafka->told && !settle(kafka, err))
        return false;
    while (kafka->count < BATCH_MAX && kafka->change == NULL) {
        rd_kafka_message_t *message =
            rd_kafka_consumer_poll(kafka->client, kafka->count == 0 ? timeout_ms : 0);
        ret->drained = message == NULL;
        if (message == NULL)
            break;
        if (!take(kafka, message, err))
            return false;
        timeout_ms = 0;
    }
    ret->count = kafka->count;
    /* Messages that came before a turn are given before it. */
    return kafka->change == NULL || kafka->count > 0 || tell(kafka, ret, err);
}

/* ---- positions ---- */

static rd_kafka_topic_partition_list_t *list_of(const struct kafka *kafka,
                                                uint32_t partition, int64_t offset)
{
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(1);
    rd_kafka_topic_partition_list_add(list, kafka->topic, (int32_t)partition)->offset =
        offset;
    return list;
}

static bool seek(struct rebut_feed *feed, uint32_t partition,
                 struct rebut_position position, struct rebut_error *err)
{
    struct kafka *kafka = (struct kafka *)feed;
    struct place *place = place_of(kafka, partition);
    if (place == NULL || !place->held)
        return rebut_fail(err, REBUT_EINPUT, "partition %" PRIu32 " is not ours",
                          partition);
    place->at = position;
    if (kafka->change != NULL) /* it begins there */
        return true;
    rd_kafka_topic_partition_list_t *list =
        list_of(kafka, partition, offset_after(position));
    rd_kafka_error_t *error = rd_kafka_seek_partitions(kafka->client, list, SEEK_MS);
    const rd_kafka_resp_err_t code =
        error != NULL ? rd_kafka_error_code(error) : list->elems[0].err;
    rd_kafka_error_destroy(error);
    rd_kafka_topic_partition_list_destroy(list);
    return code == RD_KAFKA_RESP_ERR_NO_ERROR ||
           rebut_fail(err, REBUT_ETRY, "cannot seek in partition %" PRIu32 ": %s",
                      partition, rd_kafka_err2name(code));
}

static bool pause_feed(struct rebut_feed *feed, uint32_t partition, bool paused,
                       struct rebut_error *err)
{
    struct kafka *kafka = (struct kafka *)feed;
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

/* The group's offsets are for those who watch; nothing reads them. */
static void show(struct kafka *kafka)
{
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(4);
    for (uint32_t i = 0; i < kafka->places.count; i++) {
        struct place *place = &kafka->places.data[i];
        if (place->held && !place->shown && place->done.major >= 0)
            rd_kafka_topic_partition_list_add(list, kafka->topic, (int32_t)i)->offset =
                place->done.major + 1;
        place->shown = true;
    }
    if (list->cnt > 0)
        (void)rd_kafka_commit(kafka->client, list, 1);
    rd_kafka_topic_partition_list_destroy(list);
}

static void done(struct rebut_feed *feed, uint32_t partition,
                 struct rebut_position position)
{
    struct kafka *kafka = (struct kafka *)feed;
    struct place *place = place_of(kafka, partition);
    if (place == NULL || !place->held)
        return;
    place->done = position;
    place->shown = false;
    const int64_t now = kafka->now_us();
    if (now - kafka->shown_at < SHOW_US)
        return;
    kafka->shown_at = now;
    show(kafka);
}

/* From the high watermarks of the last fetches. */
static int64_t lag(const struct rebut_feed *feed)
{
    const struct kafka *kafka = (const struct kafka *)feed;
    int64_t sum = -1;
    for (uint32_t i = 0; i < kafka->places.count; i++) {
        const struct place *place = &kafka->places.data[i];
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

/* ---- made and closed ---- */

static void on_error(rd_kafka_t *client, int code, const char *words, void *context)
{
    const struct kafka *kafka = context;
    (void)client, (void)words; /* they may quote what must not be in a log */
    rebut_log(kafka->log, "warning", "kafka", ",\"code\":\"%s\"",
              rd_kafka_err2name((rd_kafka_resp_err_t)code));
}

static void on_log(const rd_kafka_t *client, int level, const char *facility,
                   const char *words)
{
    (void)client, (void)level, (void)facility, (void)words;
}

static void release(struct kafka *kafka)
{
    if (kafka->client != NULL)
        rd_kafka_destroy_flags(kafka->client, RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE);
    if (kafka->change != NULL)
        rd_kafka_topic_partition_list_destroy(kafka->change);
    free(kafka->places.data);
    free(kafka->numbers.data);
    free(kafka->topic);
    free(kafka);
}

static void *release_behind(void *kafka)
{
    release(kafka);
    return NULL;
}

/* Leave the group, so that others need not wait for the session to end.  False when the
 * broker has not answered in time. */
static bool leave(struct kafka *kafka)
{
    if (kafka->change != NULL)
        (void)put_in_effect(kafka, kafka->turn, kafka->change, NULL);
    show(kafka);
    rd_kafka_queue_t *queue = rd_kafka_queue_new(kafka->client);
    const int64_t until = kafka->now_us() + CLOSE_US;
    rd_kafka_error_destroy(rd_kafka_consumer_close_queue(kafka->client, queue));
    while (!rd_kafka_consumer_closed(kafka->client) && kafka->now_us() < until)
        rd_kafka_queue_poll_callback(queue, 50);
    rd_kafka_queue_destroy(queue);
    return rd_kafka_consumer_closed(kafka->client) != 0;
}

static void close_feed(struct rebut_feed *feed)
{
    struct kafka *kafka = (struct kafka *)feed;
    let_go_of_messages(kafka);
    kafka->closing = true;
    if (kafka->client == NULL || leave(kafka)) {
        release(kafka);
        return;
    }
    /* librdkafka ends only when its last commit of offsets has been answered, or the
     * session's time is over: that is nobody's to wait for. */
    kafka->log = NULL;
    pthread_t thread;
    if (pthread_create(&thread, NULL, release_behind, kafka) == 0)
        pthread_detach(thread);
    else
        release(kafka);
}

static rd_kafka_conf_t *configure(struct kafka *kafka,
                                  const struct rebut_kafka_options *options,
                                  struct rebut_error *err)
{
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    const bool ok =
        rebut_kafka_config_set(conf, "partition.assignment.strategy",
                               "cooperative-sticky", err) &&
        rebut_kafka_config_read(conf, options->config_path, err) &&
        rebut_kafka_config_set(conf, "group.id", options->group, err) &&
        rebut_kafka_config_set(conf, "enable.auto.commit", "false", err) &&
        rebut_kafka_config_set(conf, "enable.auto.offset.store", "false", err) &&
        rebut_kafka_config_set(conf, "auto.offset.reset", "error", err) &&
        rebut_kafka_config_set(conf, "enable.partition.eof", "false", err);
    if (!ok) {
        rd_kafka_conf_destroy(conf);
        return NULL;
    }
    rd_kafka_conf_set_opaque(conf, kafka);
    rd_kafka_conf_set_rebalance_cb(conf, on_rebalance);
    rd_kafka_conf_set_error_cb(conf, on_error);
    rd_kafka_conf_set_log_cb(conf, on_log);
    return conf;
}

static bool subscribe(struct kafka *kafka, rd_kafka_conf_t *conf, struct rebut_error *err)
{
    char words[256]; /* about properties that do not go together */
    kafka->client = rd_kafka_new(RD_KAFKA_CONSUMER, conf, words, sizeof words);
    if (kafka->client == NULL) {
        rd_kafka_conf_destroy(conf);
        return rebut_fail(err, REBUT_EUSAGE, "librdkafka does not take the options: %s",
                          words);
    }
    rd_kafka_poll_set_consumer(kafka->client);
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(1);
    rd_kafka_topic_partition_list_add(list, kafka->topic, RD_KAFKA_PARTITION_UA);
    const rd_kafka_resp_err_t code = rd_kafka_subscribe(kafka->client, list);
    rd_kafka_topic_partition_list_destroy(list);
    return code == RD_KAFKA_RESP_ERR_NO_ERROR ||
           rebut_fail(err, REBUT_EUSAGE, "cannot subscribe to topic '%.100s': %s",
                      kafka->topic, rd_kafka_err2name(code));
}

bool rebut_feed_kafka(struct rebut_feed **ret, const struct rebut_kafka_options *options,
                      struct rebut_error *err)
{
    *ret = NULL;
    struct kafka *kafka = calloc(1, sizeof *kafka);
    if (kafka == NULL)
        return rebut_fail_memory(err, "a feed");
    kafka->feed = (struct rebut_feed){.next = next,
                                      .seek = seek,
                                      .pause = pause_feed,
                                      .done = done,
                                      .lag = lag,
                                      .close = close_feed};
    kafka->log = options->log;
    kafka->now_us = options->now_us;
    kafka->topic = strdup(options->topic);
    rd_kafka_conf_t *conf = NULL;
    bool ok = kafka->topic != NULL || rebut_fail_memory(err, "a feed");
    ok = ok && (conf = configure(kafka, options, err)) != NULL;
    ok = ok && subscribe(kafka, conf, err);
    if (!ok) {
        close_feed(&kafka->feed);
        return false;
    }
    *ret = &kafka->feed;
    return true;
}
