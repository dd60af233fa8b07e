/* A topic of Kafka: its messages, and the client. */
#include "feeds_kafka.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "kafka_config.h"

#define CLOSE_US INT64_C(5000000)

/* ---- messages ---- */

static void let_go_of_messages(struct rebut_kafka *kafka)
{
    for (size_t i = 0; i < kafka->count; i++)
        rd_kafka_message_destroy(kafka->given[i]);
    kafka->count = 0;
}

static bool give_up(const struct rebut_kafka *kafka, rd_kafka_resp_err_t code,
                    int partition, struct rebut_error *err)
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
static bool take(struct rebut_kafka *kafka, rd_kafka_message_t *message,
                 struct rebut_error *err)
{
    struct rebut_kafka_place *place =
        rebut_kafka_place_of(kafka, (uint32_t)message->partition);
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
    struct rebut_kafka *kafka = (struct rebut_kafka *)feed;
    *ret = (struct rebut_batch){.messages = kafka->messages};
    let_go_of_messages(kafka);
    if (kafka->change != NULL && kafka->told && !rebut_kafka_settle(kafka, err))
        return false;
    while (kafka->count < REBUT_KAFKA_BATCH && kafka->change == NULL) {
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
    return kafka->change == NULL || kafka->count > 0 || rebut_kafka_tell(kafka, ret, err);
}

/* ---- made and closed ---- */

static void on_error(rd_kafka_t *client, int code, const char *words, void *context)
{
    const struct rebut_kafka *kafka = context;
    (void)client, (void)words; /* they may quote what must not be in a log */
    rebut_log(kafka->log, "warning", "kafka", ",\"code\":\"%s\"",
              rd_kafka_err2name((rd_kafka_resp_err_t)code));
}

static void on_log(const rd_kafka_t *client, int level, const char *facility,
                   const char *words)
{
    (void)client, (void)level, (void)facility, (void)words;
}

/* Before 2.3.0 librdkafka aborts the process when a member that was told to join, and
 * never what is its, is destroyed (its issue 4312).  Such a client has left the group and
 * holds nothing; it stays until the process ends. */
static bool may_be_destroyed(const struct rebut_kafka *kafka)
{
    return kafka->was_assigned || rd_kafka_version() >= 0x02030000;
}

static void release(struct rebut_kafka *kafka)
{
    if (kafka->client != NULL && may_be_destroyed(kafka))
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
static bool leave(struct rebut_kafka *kafka)
{
    rebut_kafka_pass_over(kafka);
    rebut_kafka_show(kafka);
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
    struct rebut_kafka *kafka = (struct rebut_kafka *)feed;
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

static rd_kafka_conf_t *configure(struct rebut_kafka *kafka,
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
    rd_kafka_conf_set_rebalance_cb(conf, rebut_kafka_on_rebalance);
    rd_kafka_conf_set_error_cb(conf, on_error);
    rd_kafka_conf_set_log_cb(conf, on_log);
    return conf;
}

static bool subscribe(struct rebut_kafka *kafka, rd_kafka_conf_t *conf,
                      struct rebut_error *err)
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
    struct rebut_kafka *kafka = calloc(1, sizeof *kafka);
    if (kafka == NULL)
        return rebut_fail_memory(err, "a feed");
    kafka->feed = (struct rebut_feed){.next = next,
                                      .seek = rebut_kafka_seek,
                                      .pause = rebut_kafka_pause,
                                      .done = rebut_kafka_done,
                                      .lag = rebut_kafka_lag,
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
