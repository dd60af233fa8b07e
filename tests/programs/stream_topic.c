/* What tests do to a topic of Kafka beside consuming it:
 *
 *     stream_topic BOOTSTRAP TOPIC create PARTITIONS
 *     stream_topic BOOTSTRAP TOPIC produce < LINES      keyed by "buyer":"..."
 *     stream_topic BOOTSTRAP TOPIC cut PARTITION OFFSET  deletes what is before
 *     stream_topic BOOTSTRAP TOPIC show COUNT           so many messages of partition 0:
 *                                  "NAME=VALUE " of each header, and the value */
#include <librdkafka/rdkafka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define WAIT_MS 30000

static int complain(const char *what, const char *why)
{
    fprintf(stderr, "stream_topic: %s: %s\n", what, why);
    return 1;
}

static int undelivered;

static void delivered(rd_kafka_t *client, const rd_kafka_message_t *message,
                      void *context)
{
    (void)client, (void)context;
    undelivered += message->err != RD_KAFKA_RESP_ERR_NO_ERROR;
}

static rd_kafka_t *open_producer(const char *bootstrap)
{
    char words[256];
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    rd_kafka_conf_set(conf, "bootstrap.servers", bootstrap, words, sizeof words);
    rd_kafka_conf_set(conf, "enable.idempotence", "true", words, sizeof words);
    rd_kafka_conf_set(conf, "linger.ms", "5", words, sizeof words);
    rd_kafka_conf_set(conf, "queue.buffering.max.messages", "1000000", words,
                      sizeof words);
    rd_kafka_conf_set_dr_msg_cb(conf, delivered);
    return rd_kafka_new(RD_KAFKA_PRODUCER, conf, words, sizeof words);
}

static int wait_for(rd_kafka_queue_t *queue, const char *what)
{
    rd_kafka_event_t *event = rd_kafka_queue_poll(queue, WAIT_MS);
    const rd_kafka_resp_err_t code =
        event == NULL ? RD_KAFKA_RESP_ERR__TIMED_OUT : rd_kafka_event_error(event);
    rd_kafka_event_destroy(event);
    rd_kafka_queue_destroy(queue);
    return code == RD_KAFKA_RESP_ERR_NO_ERROR ? 0
                                              : complain(what, rd_kafka_err2name(code));
}

static int create(rd_kafka_t *client, const char *topic, int partitions)
{
    char words[256];
    rd_kafka_queue_t *queue = rd_kafka_queue_new(client);
    rd_kafka_NewTopic_t *one =
        rd_kafka_NewTopic_new(topic, partitions, 1, words, sizeof words);
    rd_kafka_CreateTopics(client, &one, 1, NULL, queue);
    rd_kafka_NewTopic_destroy(one);
    return wait_for(queue, "create");
}

static int cut(rd_kafka_t *client, const char *topic, int partition, long long before)
{
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(1);
    rd_kafka_topic_partition_list_add(list, topic, partition)->offset = before;
    rd_kafka_DeleteRecords_t *records = rd_kafka_DeleteRecords_new(list);
    rd_kafka_queue_t *queue = rd_kafka_queue_new(client);
    rd_kafka_DeleteRecords(client, &records, 1, NULL, queue);
    rd_kafka_DeleteRecords_destroy(records);
    rd_kafka_topic_partition_list_destroy(list);
    return wait_for(queue, "cut");
}

/* One message into the client's queue. */
static rd_kafka_resp_err_t queue(rd_kafka_t *client, const char *topic, char *line,
                                 size_t length, char *key, size_t key_size)
{
    const rd_kafka_vu_t parts[] = {
        {.vtype = RD_KAFKA_VTYPE_TOPIC, .u.cstr = topic},
        {.vtype = RD_KAFKA_VTYPE_VALUE, .u.mem = {line, length}},
        {.vtype = RD_KAFKA_VTYPE_KEY, .u.mem = {key, key_size}},
        {.vtype = RD_KAFKA_VTYPE_MSGFLAGS, .u.i = RD_KAFKA_MSG_F_COPY}};
    rd_kafka_error_t *error =
        rd_kafka_produceva(client, parts, sizeof parts / sizeof *parts);
    const rd_kafka_resp_err_t code =
        error == NULL ? RD_KAFKA_RESP_ERR_NO_ERROR : rd_kafka_error_code(error);
    if (error != NULL)
        rd_kafka_error_destroy(error);
    return code;
}

static int produce(rd_kafka_t *client, const char *topic)
{
    static char nobody[] = "none";
    char *line = NULL;
    size_t room = 0;
    ssize_t size = 0;
    while ((size = getline(&line, &room, stdin)) > 0) {
        const size_t length = (size_t)size - (line[size - 1] == '\n');
        char *found = memmem(line, length, "\"buyer\":\"", 9);
        char *key = found == NULL ? nobody : found + 9;
        const size_t key_size = strcspn(key, "\"");
        rd_kafka_resp_err_t code = RD_KAFKA_RESP_ERR_NO_ERROR;
        while ((code = queue(client, topic, line, length, key, key_size)) ==
               RD_KAFKA_RESP_ERR__QUEUE_FULL)
            rd_kafka_poll(client, 100);
        if (code != RD_KAFKA_RESP_ERR_NO_ERROR)
            return complain("produce", rd_kafka_err2name(code));
    }
    free(line);
    if (rd_kafka_flush(client, 4 * WAIT_MS) != RD_KAFKA_RESP_ERR_NO_ERROR ||
        undelivered > 0)
        return complain("produce", "not all was delivered");
    return 0;
}

static void print_one(const rd_kafka_message_t *message)
{
    rd_kafka_headers_t *headers = NULL;
    const char *name = NULL;
    const void *value = NULL;
    size_t size = 0;
    if (rd_kafka_message_headers(message, &headers) == RD_KAFKA_RESP_ERR_NO_ERROR)
        for (size_t i = 0; rd_kafka_header_get_all(headers, i, &name, &value, &size) ==
                           RD_KAFKA_RESP_ERR_NO_ERROR;
             i++)
            printf("%s=%.*s ", name, (int)size, (const char *)value);
    printf("%.*s\n", (int)message->len, (const char *)message->payload);
}

static int show(const char *bootstrap, const char *topic, int count)
{
    char words[256];
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    rd_kafka_conf_set(conf, "bootstrap.servers", bootstrap, words, sizeof words);
    rd_kafka_conf_set(conf, "group.id", "show", words, sizeof words);
    rd_kafka_t *client = rd_kafka_new(RD_KAFKA_CONSUMER, conf, words, sizeof words);
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(1);
    rd_kafka_topic_partition_list_add(list, topic, 0)->offset = 0;
    rd_kafka_assign(client, list);
    rd_kafka_topic_partition_list_destroy(list);
    int code = 0;
    while (code == 0 && count-- > 0) {
        rd_kafka_message_t *message = rd_kafka_consumer_poll(client, WAIT_MS);
        if (message == NULL || message->err != RD_KAFKA_RESP_ERR_NO_ERROR)
            code = complain("show", "no message came");
        else
            print_one(message);
        if (message != NULL)
            rd_kafka_message_destroy(message);
    }
    rd_kafka_destroy(client);
    return code;
}

int main(int argc, char **argv)
{
    if (argc < 4)
        return complain("usage", "BOOTSTRAP TOPIC create|produce|cut|show");
    rd_kafka_t *client = open_producer(argv[1]);
    if (client == NULL)
        return complain("producer", "cannot be made");
    int code = 2;
    if (strcmp(argv[3], "create") == 0 && argc > 4)
        code = create(client, argv[2], (int)strtol(argv[4], NULL, 10));
    else if (strcmp(argv[3], "produce") == 0)
        code = produce(client, argv[2]);
    else if (strcmp(argv[3], "show") == 0 && argc > 4)
        code = show(argv[1], argv[2], (int)strtol(argv[4], NULL, 10));
    else if (strcmp(argv[3], "cut") == 0 && argc > 5)
        code = cut(client, argv[2], (int)strtol(argv[4], NULL, 10),
                   strtoll(argv[5], NULL, 10));
    rd_kafka_destroy(client);
    return code;
}
