/* Faults between librdkafka and a broker, by its mock cluster.  What exactly-once rests
 * on is tested with a real broker (tests/kafka): the mock has no groups worth the name.
 */
#include <fcntl.h>
#include <librdkafka/rdkafka.h>

#include <librdkafka/rdkafka_mock.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <time.h>

#include <cmocka.h>

#include "counting.h"
#include "folder.h"
#include "rebut/feeds.h"
#include "rebut/letters.h"

#define MESSAGES 2000

static int64_t now_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

struct bench {
    rd_kafka_t *client;
    rd_kafka_mock_cluster_t *cluster;
    char config[100];
    struct counting counting;
    struct rebut_loop loop;
    struct rebut_loop_counts counts;
    volatile sig_atomic_t stop;
    int64_t begun;
    int faults; /* what `tick` does, by now */
    void (*fault)(struct bench *bench);
};

static void set_up(struct bench *bench)
{
    char words[256];
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    rd_kafka_conf_set(conf, "log_level", "0", words, sizeof words);
    bench->client = rd_kafka_new(RD_KAFKA_PRODUCER, conf, words, sizeof words);
    bench->cluster = rd_kafka_mock_cluster_new(bench->client, 1);
    rd_kafka_mock_topic_create(bench->cluster, "events", 3, 1);
    snprintf(bench->config, sizeof bench->config, "%s/config", folder);
    FILE *file = fopen(bench->config, "w");
    fprintf(file,
            "# a comment\n\n bootstrap.servers = %s \nfetch.error.backoff.ms=50\n"
            "reconnect.backoff.max.ms=200\n",
            rd_kafka_mock_cluster_bootstraps(bench->cluster));
    fclose(file);
}

static void send_messages(struct bench *bench, struct rebut_error *err)
{
    struct rebut_topic *topic = NULL;
    assert_true(rebut_topic_open(&topic, bench->config, "events", err));
    for (int i = 1; i <= MESSAGES; i++) {
        char key[16], line[64];
        snprintf(key, sizeof key, "b%d", i % 50);
        snprintf(line, sizeof line, "{\"buyer\":\"%s\",\"n\":%d}", key, i);
        assert_true(
            rebut_topic_send(topic, rebut_text_of(key), rebut_text_of(line), err));
    }
    assert_true(rebut_topic_flush(topic, 30000, err));
    rebut_topic_close(topic);
}

static bool tick(void *context, struct rebut_error *err)
{
    struct bench *bench = context;
    (void)err;
    if (bench->fault != NULL)
        bench->fault(bench);
    bench->stop = bench->counting.handled >= MESSAGES ||
                  now_us() - bench->begun > 60 * INT64_C(1000000);
    return true;
}

static void run(void (*fault)(struct bench *bench))
{
    struct bench *bench = calloc(1, sizeof *bench);
    struct rebut_error err = {0};
    set_up(bench);
    send_messages(bench, &err);
    counting_init(&bench->counting, NULL);
    bench->fault = fault;
    bench->begun = now_us();
    bench->loop = (struct rebut_loop){.handler = &bench->counting.handler,
                                      .now_us = now_us,
                                      .stop = &bench->stop,
                                      .tick = tick,
                                      .context = bench,
                                      .counts = &bench->counts};
    const struct rebut_kafka_options options = {.config_path = bench->config,
                                                .topic = "events",
                                                .group = "test",
                                                .now_us = now_us};
    const int null = open("/dev/null", O_WRONLY);
    assert_true(rebut_feed_kafka(&bench->loop.feed, &options, &err));
    assert_true(rebut_effects_output(&bench->loop.effects, null, NULL, &err));
    assert_true(rebut_loop_run(&bench->loop, &err));
    assert_int_equal(bench->counting.handled, MESSAGES); /* and their order was checked */
    bench->loop.feed->close(bench->loop.feed);
    bench->loop.effects->close(bench->loop.effects);
    counting_release(&bench->counting);
    rd_kafka_mock_cluster_destroy(bench->cluster);
    rd_kafka_destroy(bench->client);
    close(null);
    free(bench);
}

static void messages_come_once_and_in_order(void **state)
{
    (void)state;
    run(NULL);
}

#define FETCH_KEY 1 /* of the protocol: the request's ApiKey */

static void refuse_fetches(struct bench *bench)
{
    if (bench->faults < 9 && bench->faults++ % 3 == 0)
        rd_kafka_mock_push_request_errors(
            bench->cluster, FETCH_KEY, 3, RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION,
            RD_KAFKA_RESP_ERR__TRANSPORT, RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT);
}

static void fetches_that_are_refused_lose_nothing(void **state)
{
    (void)state;
    run(refuse_fetches);
}

static void go_down_and_up(struct bench *bench)
{
    if (bench->faults == 0 && bench->counting.handled > 0) {
        rd_kafka_mock_broker_set_down(bench->cluster, 1);
        bench->faults = 1;
    } else if (bench->faults > 0 && bench->faults++ == 4) {
        rd_kafka_mock_broker_set_up(bench->cluster, 1);
    }
}

static void go_down(struct bench *bench)
{
    if (bench->counting.handled >= MESSAGES)
        rd_kafka_mock_broker_set_down(bench->cluster, 1);
}

static void leaving_does_not_wait_for_a_broker_that_is_gone(void **state)
{
    (void)state;
    const int64_t begun = now_us();
    run(go_down);
    assert_true(now_us() - begun < 20 * INT64_C(1000000));
}

static void a_broker_that_goes_away_and_comes_back_loses_nothing(void **state)
{
    (void)state;
    run(go_down_and_up);
}

#define SYNC_KEY 14

/* librdkafka up to 2.2 aborts the process there if it is destroyed. */
static void leaving_a_group_before_the_first_assignment_is_no_abort(void **state)
{
    (void)state;
    struct bench *bench = calloc(1, sizeof *bench);
    struct rebut_error err = {0};
    struct rebut_feed *feed = NULL;
    set_up(bench);
    for (int i = 0; i < 100; i++)
        rd_kafka_mock_push_request_errors(bench->cluster, SYNC_KEY, 1,
                                          RD_KAFKA_RESP_ERR_REBALANCE_IN_PROGRESS);
    const struct rebut_kafka_options options = {.config_path = bench->config,
                                                .topic = "events",
                                                .group = "test",
                                                .now_us = now_us};
    assert_true(rebut_feed_kafka(&feed, &options, &err));
    const int64_t until = now_us() + 3 * INT64_C(1000000);
    while (now_us() < until) {
        struct rebut_batch batch = {0};
        assert_true(feed->next(feed, 100, &batch, &err));
        assert_int_equal(batch.partition_count, 0);
    }
    feed->close(feed);
    rd_kafka_mock_cluster_destroy(bench->cluster);
    rd_kafka_destroy(bench->client);
    free(bench);
}

static void properties_are_checked_and_never_quoted(void **state)
{
    (void)state;
    static const struct {
        const char *line, *words;
    } cases[] = {{"sasl.password", "expected key=value"},
                 {"no.such=hunter2", "no property 'no.such'"},
                 {"fetch.wait.max.ms=hunter2", "value of property 'fetch.wait.max.ms'"}};
    char path[100];
    snprintf(path, sizeof path, "%s/config", folder);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        FILE *file = fopen(path, "w");
        fprintf(file, "# first\n%s\n", cases[i].line);
        fclose(file);
        struct rebut_error err = {0};
        struct rebut_feed *feed = NULL;
        const struct rebut_kafka_options options = {
            .config_path = path, .topic = "t", .group = "g", .now_us = now_us};
        assert_false(rebut_feed_kafka(&feed, &options, &err));
        assert_int_equal(err.code, REBUT_EUSAGE);
        assert_non_null(strstr(err.message, "line 2"));
        assert_non_null(strstr(err.message, cases[i].words));
        assert_null(strstr(err.message, "hunter2"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(messages_come_once_and_in_order, make_folder,
                                        remove_folder),
        cmocka_unit_test_setup_teardown(fetches_that_are_refused_lose_nothing,
                                        make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(
            a_broker_that_goes_away_and_comes_back_loses_nothing, make_folder,
            remove_folder),
        cmocka_unit_test_setup_teardown(leaving_does_not_wait_for_a_broker_that_is_gone,
                                        make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(
            leaving_a_group_before_the_first_assignment_is_no_abort, make_folder,
            remove_folder),
        cmocka_unit_test_setup_teardown(properties_are_checked_and_never_quoted,
                                        make_folder, remove_folder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
