/* A topic of Kafka to send letters to. */
#include <stdlib.h>
#include <string.h>

#include "kafka_config.h"
#include "rebut/letters.h"

#define QUEUE_FULL_MS 100

struct rebut_topic {
    rd_kafka_t *client;
    char *name;
    uint64_t failed; /* messages that the broker has not taken */
    rd_kafka_resp_err_t cause;
};

static void on_delivery(rd_kafka_t *client, const rd_kafka_message_t *message,
                        void *context)
{
    struct rebut_topic *topic = context;
    (void)client;
    if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR)
        return;
    topic->failed++;
    topic->cause = message->err;
}

static void on_log(const rd_kafka_t *client, int level, const char *facility,
                   const char *words)
{
    (void)client, (void)level, (void)facility, (void)words;
}

static bool connect_to(struct rebut_topic *topic, const char *config_path,
                       struct rebut_error *err)
{
    char words[256];
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    if (!rebut_kafka_config_set(conf, "partitioner", "murmur2_random", err) ||
        !rebut_kafka_config_read(conf, config_path, err) ||
        !rebut_kafka_config_set(conf, "enable.idempotence", "true", err)) {
        rd_kafka_conf_destroy(conf);
        return false;
    }
    rd_kafka_conf_set_opaque(conf, topic);
    rd_kafka_conf_set_dr_msg_cb(conf, on_delivery);
    rd_kafka_conf_set_log_cb(conf, on_log);
    topic->client = rd_kafka_new(RD_KAFKA_PRODUCER, conf, words, sizeof words);
    if (topic->client != NULL)
        return true;
    rd_kafka_conf_destroy(conf);
    return rebut_fail(err, REBUT_EUSAGE, "librdkafka does not take the options: %s",
                      words);
}

bool rebut_topic_open(struct rebut_topic **ret, const char *config_path, const char *name,
                      struct rebut_error *err)
{
    *ret = NULL;
    struct rebut_topic *topic = calloc(1, sizeof *topic);
    if (topic == NULL)
        return rebut_fail_memory(err, "a topic");
    topic->name = strdup(name);
    if (topic->name == NULL ? !rebut_fail_memory(err, "a topic")
                            : !connect_to(topic, config_path, err)) {
        rebut_topic_close(topic);
        return false;
    }
    *ret = topic;
    return true;
}

#define PARTS 4 /* beside headers */

/* One message into the client's queue, by the array form: the macros of the other are GNU
 * expressions. */
static rd_kafka_resp_err_t queue(const struct rebut_topic *topic,
                                 const rd_kafka_vu_t *parts, size_t count)
{
    rd_kafka_error_t *error = rd_kafka_produceva(topic->client, parts, count);
    const rd_kafka_resp_err_t code =
        error == NULL ? RD_KAFKA_RESP_ERR_NO_ERROR : rd_kafka_error_code(error);
    if (error != NULL)
        rd_kafka_error_destroy(error);
    return code;
}

bool rebut_topic_send_with(struct rebut_topic *topic, struct rebut_text key,
                           struct rebut_text line,
                           const struct rebut_topic_header *headers, size_t count,
                           struct rebut_error *err)
{
    rd_kafka_vu_t parts[PARTS + REBUT_TOPIC_HEADERS] = {
        {.vtype = RD_KAFKA_VTYPE_TOPIC, .u.cstr = topic->name},
        {.vtype = RD_KAFKA_VTYPE_KEY, .u.mem = {(void *)(uintptr_t)key.data, key.size}},
        {.vtype = RD_KAFKA_VTYPE_VALUE,
         .u.mem = {(void *)(uintptr_t)line.data, line.size}},
        {.vtype = RD_KAFKA_VTYPE_MSGFLAGS, .u.i = RD_KAFKA_MSG_F_COPY}};
    size_t used = PARTS;
    for (size_t i = 0; i < count && i < REBUT_TOPIC_HEADERS; i++)
        if (headers[i].value != NULL)
            parts[used++] =
                (rd_kafka_vu_t){.vtype = RD_KAFKA_VTYPE_HEADER,
                                .u.header = {headers[i].name, headers[i].value, -1}};
    rd_kafka_resp_err_t code = RD_KAFKA_RESP_ERR_NO_ERROR;
    do {
        code = queue(topic, parts, used);
        rd_kafka_poll(topic->client,
                      code == RD_KAFKA_RESP_ERR__QUEUE_FULL ? QUEUE_FULL_MS : 0);
    } while (code == RD_KAFKA_RESP_ERR__QUEUE_FULL);
    return code == RD_KAFKA_RESP_ERR_NO_ERROR ||
           rebut_fail(err, REBUT_EIO, "cannot send to topic '%.100s': %s", topic->name,
                      rd_kafka_err2name(code));
}

bool rebut_topic_send(struct rebut_topic *topic, struct rebut_text key,
                      struct rebut_text line, struct rebut_error *err)
{
    return rebut_topic_send_with(topic, key, line, NULL, 0, err);
}

uint64_t rebut_topic_lost(struct rebut_topic *topic)
{
    const uint64_t failed = topic->failed;
    topic->failed = 0;
    return failed;
}

bool rebut_topic_flush(struct rebut_topic *topic, int timeout_ms, struct rebut_error *err)
{
    const rd_kafka_resp_err_t code = rd_kafka_flush(topic->client, timeout_ms);
    if (code == RD_KAFKA_RESP_ERR_NO_ERROR && topic->failed == 0)
        return true;
    return rebut_fail(err, REBUT_ETRY, "topic '%.100s' has not taken all: %s",
                      topic->name,
                      rd_kafka_err2name(topic->failed > 0 ? topic->cause : code));
}

void rebut_topic_close(struct rebut_topic *topic)
{
    if (topic == NULL)
        return;
    if (topic->client != NULL)
        rd_kafka_destroy(topic->client);
    free(topic->name);
    free(topic);
}
