/* Dead letters to a topic: there before what is behind is committed, not doubled by a
 * commit that is tried again.  By librdkafka's mock cluster. */
#include <librdkafka/rdkafka.h>

#include <librdkafka/rdkafka_mock.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "folder.h"
#include "rebut/effects.h"

#define WAIT_MS 20000

/* The effects behind: they note how many letters were there when they were asked. */
struct behind {
    struct rebut_effects effects;
    struct bench *bench;
    enum rebut_code answer; /* of the next commit */
    int commits;
    int64_t there; /* at the last one */
    bool fenced;
};

struct bench {
    rd_kafka_t *client;
    rd_kafka_mock_cluster_t *cluster;
    struct rebut_effects *effects;
    struct behind behind;
};

static int64_t letters_there(const struct bench *bench)
{
    int64_t low = 0, high = -1;
    assert_int_equal(
        rd_kafka_query_watermark_offsets(bench->client, "dead", 0, &low, &high, WAIT_MS),
        RD_KAFKA_RESP_ERR_NO_ERROR);
    return high;
}

static bool acquire(struct rebut_effects *base, uint32_t partition,
                    struct rebut_position *ret_stored, struct rebut_error *err)
{
    (void)base, (void)partition, (void)err;
    *ret_stored = (struct rebut_position){10, 0};
    return true;
}

static bool holds(const struct rebut_effects *base, uint32_t partition)
{
    return partition == 0 && !((const struct behind *)base)->fenced;
}

static bool commit(struct rebut_effects *base, struct rebut_error *err)
{
    struct behind *behind = (struct behind *)base;
    const enum rebut_code answer = behind->answer;
    behind->commits++;
    behind->there = letters_there(behind->bench);
    behind->answer = REBUT_OK;
    return answer == REBUT_OK || rebut_fail(err, answer, "as told");
}

static void close_behind(struct rebut_effects *base)
{
    (void)base;
}

static int set_up(void **state)
{
    char words[256], path[100];
    struct bench *bench = *state = calloc(1, sizeof *bench);
    make_folder(NULL);
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    rd_kafka_conf_set(conf, "log_level", "0", words, sizeof words);
    rd_kafka_conf_set(conf, "group.id", "test", words, sizeof words);
    rd_kafka_conf_set(conf, "test.mock.num.brokers", "1", words, sizeof words);
    bench->client = rd_kafka_new(RD_KAFKA_CONSUMER, conf, words, sizeof words);
    bench->cluster = rd_kafka_handle_mock_cluster(bench->client);
    rd_kafka_mock_topic_create(bench->cluster, "dead", 1, 1);
    snprintf(path, sizeof path, "%s/config", folder);
    FILE *file = fopen(path, "w");
    fprintf(file, "bootstrap.servers=%s\nreconnect.backoff.max.ms=200\n",
            rd_kafka_mock_cluster_bootstraps(bench->cluster));
    fclose(file);
    bench->behind = (struct behind){.effects = {.acquire = acquire,
                                                .holds = holds,
                                                .commit = commit,
                                                .close = close_behind},
                                    .bench = bench};
    bench->effects = &bench->behind.effects;
    struct rebut_error err = {0};
    struct rebut_position stored;
    return !(rebut_effects_letters(&bench->effects, path, "dead", "shop", &err) &&
             bench->effects->acquire(bench->effects, 0, &stored, &err));
}

static int tear_down(void **state)
{
    struct bench *bench = *state;
    bench->effects->close(bench->effects);
    rd_kafka_destroy(bench->client);
    free(bench);
    return remove_folder(NULL);
}

static void put(struct bench *bench, uint32_t partition, int64_t offset)
{
    const struct rebut_message message = {.line = REBUT_TEXT("nonsense"),
                                          .key = REBUT_TEXT("b1"),
                                          .bytes = 8,
                                          .position = {offset, 0},
                                          .partition = partition};
    const struct rebut_dead_letter letter = {.message = &message,
                                             .reason = "not_json",
                                             .expected = "an object",
                                             .position = {offset, 0}};
    assert_true(bench->effects->dead(bench->effects, &letter));
}

static void expect_header(const rd_kafka_headers_t *headers, const char *name,
                          const char *expected)
{
    const void *value = NULL;
    size_t size = 0;
    const rd_kafka_resp_err_t code =
        rd_kafka_header_get_last(headers, name, &value, &size);
    if (expected == NULL) {
        assert_int_equal(code, RD_KAFKA_RESP_ERR__NOENT);
        return;
    }
    assert_int_equal(code, RD_KAFKA_RESP_ERR_NO_ERROR);
    assert_int_equal(size, strlen(expected));
    assert_memory_equal(value, expected, size);
}

static void a_letter_is_there_with_its_reason_before_the_commit(void **state)
{
    struct bench *bench = *state;
    struct rebut_error err = {0};
    put(bench, 0, 11);
    assert_true(bench->effects->commit(bench->effects, &err));
    assert_int_equal(bench->behind.there, 1);
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(1);
    rd_kafka_topic_partition_list_add(list, "dead", 0)->offset = 0;
    rd_kafka_assign(bench->client, list);
    rd_kafka_topic_partition_list_destroy(list);
    rd_kafka_message_t *message = rd_kafka_consumer_poll(bench->client, WAIT_MS);
    assert_non_null(message);
    rd_kafka_headers_t *headers = NULL;
    assert_int_equal(rd_kafka_message_headers(message, &headers), 0);
    assert_int_equal(message->len, 8);
    assert_memory_equal(message->payload, "nonsense", 8);
    assert_memory_equal(message->key, "b1", 2);
    expect_header(headers, "rebut-reason", "not_json");
    expect_header(headers, "rebut-expected", "an object");
    expect_header(headers, "rebut-came", NULL);
    expect_header(headers, "rebut-stream", "shop");
    expect_header(headers, "rebut-position", "11,0");
    rd_kafka_message_destroy(message);
}

static void a_commit_that_is_tried_again_sends_nothing_twice(void **state)
{
    struct bench *bench = *state;
    struct rebut_error err = {0};
    put(bench, 0, 11);
    bench->behind.answer = REBUT_ETRY;
    assert_false(bench->effects->commit(bench->effects, &err));
    assert_int_equal(err.code, REBUT_ETRY);
    put(bench, 0, 12);
    assert_true(bench->effects->commit(bench->effects, &err));
    assert_int_equal(bench->behind.there, 2);
    assert_true(bench->effects->commit(bench->effects, &err));
    assert_int_equal(bench->behind.there, 2);
}

static void what_is_replayed_or_another_workers_is_not_sent(void **state)
{
    struct bench *bench = *state;
    struct rebut_error err = {0};
    put(bench, 0, 10);
    put(bench, 1, 11);
    bench->behind.answer = REBUT_EFENCED;
    assert_false(bench->effects->commit(bench->effects, &err));
    bench->behind.fenced = true;
    put(bench, 0, 12);
    assert_true(bench->effects->commit(bench->effects, &err));
    assert_int_equal(bench->behind.there, 0);
}

static void nothing_is_committed_while_the_topic_does_not_answer(void **state)
{
    struct bench *bench = *state;
    struct rebut_error err = {0};
    put(bench, 0, 11);
    rd_kafka_mock_broker_set_down(bench->cluster, 1);
    assert_false(bench->effects->commit(bench->effects, &err));
    assert_int_equal(err.code, REBUT_ETRY);
    assert_int_equal(bench->behind.commits, 0);
    rd_kafka_mock_broker_set_up(bench->cluster, 1);
    err = (struct rebut_error){0};
    assert_true(bench->effects->commit(bench->effects, &err));
    assert_int_equal(bench->behind.there, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            a_letter_is_there_with_its_reason_before_the_commit, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_commit_that_is_tried_again_sends_nothing_twice,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_replayed_or_another_workers_is_not_sent,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            nothing_is_committed_while_the_topic_does_not_answer, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
