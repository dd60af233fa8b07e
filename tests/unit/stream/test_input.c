/* Standard input to standard output: lines in, records out. */
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "counting.h"
#include "folder.h"
#include "rebut/feeds.h"

static int64_t now_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

/* Positions and sizes of all messages of a feed that has `bytes` to give. */
struct seen {
    uint64_t count, last_bytes;
    int64_t last;
    size_t last_size;
    char last_line[64];
};

static struct seen read_all(struct rebut_feed *feed, struct rebut_error *err)
{
    struct seen seen = {0};
    struct rebut_batch batch = {0};
    while (!batch.end) {
        assert_true(feed->next(feed, 1000, &batch, err));
        for (size_t i = 0; i < batch.count; i++) {
            const struct rebut_message *message = &batch.messages[i];
            seen.count++;
            seen.last = message->position.major;
            seen.last_size = message->line.size;
            seen.last_bytes = message->bytes;
            snprintf(seen.last_line, sizeof seen.last_line, "%.*s",
                     (int)(message->line.size < 60 ? message->line.size : 60),
                     message->line.data);
        }
    }
    return seen;
}

static struct seen read_text(const char *text, size_t size)
{
    char path[] = "/tmp/rebut-input-XXXXXX";
    const int fd = mkstemp(path);
    unlink(path);
    assert_int_equal(write(fd, text, size), size);
    lseek(fd, 0, SEEK_SET);
    struct rebut_error err = {0};
    struct rebut_feed *feed = NULL;
    assert_true(rebut_feed_input(&feed, fd, &err));
    const struct seen seen = read_all(feed, &err);
    feed->close(feed);
    close(fd);
    return seen;
}

static void lines_are_given_with_their_numbers(void **state)
{
    (void)state;
    const char text[] = "one\n\nthree\r\nfour";
    const struct seen seen = read_text(text, sizeof text - 1);
    assert_int_equal(seen.count, 4);
    assert_int_equal(seen.last, 4);
    assert_string_equal(seen.last_line, "four");
    assert_int_equal(read_text("one\n", 4).count, 1);
    assert_int_equal(read_text("", 0).count, 0);
}

static void a_line_too_long_is_given_by_its_start(void **state)
{
    (void)state;
    const size_t sizes[] = {REBUT_STREAM_LINE_MAX, REBUT_STREAM_LINE_MAX + 1,
                            5 * REBUT_STREAM_LINE_MAX};
    for (size_t i = 0; i < 3; i++) {
        char *text = malloc(sizes[i] + 3);
        memset(text, 'x', sizes[i]);
        memcpy(text + sizes[i], "\ny", 2);
        const struct seen first = read_text(text, sizes[i]);
        assert_int_equal(first.last_bytes, sizes[i]);
        assert_int_equal(first.last_size, i == 0 ? sizes[i] : REBUT_STREAM_LINE_HEAD);
        const struct seen seen = read_text(text, sizes[i] + 2);
        assert_int_equal(seen.count, 2);
        assert_string_equal(seen.last_line, "y");
        free(text);
    }
}

static void lines_may_come_in_any_pieces(void **state)
{
    (void)state;
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    struct rebut_error err = {0};
    struct rebut_feed *feed = NULL;
    assert_true(rebut_feed_input(&feed, ends[0], &err));
    struct rebut_batch batch;
    assert_true(feed->next(feed, 0, &batch, &err));
    assert_int_equal(batch.turn, REBUT_TURN_ASSIGNED);
    assert_int_equal(write(ends[1], "on", 2), 2);
    assert_true(feed->next(feed, 100, &batch, &err));
    assert_int_equal(batch.count, 0);
    assert_true(batch.drained);
    assert_int_equal(write(ends[1], "e\ntwo\nthr", 9), 9);
    assert_true(feed->next(feed, 100, &batch, &err));
    assert_int_equal(batch.count, 2);
    assert_int_equal(batch.messages[0].line.size, 3);
    assert_true(batch.drained);
    close(ends[1]);
    assert_int_equal(read_all(feed, &err).count, 1);
    feed->close(feed);
    close(ends[0]);
}

static void seek_passes_over_what_is_done(void **state)
{
    (void)state;
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], "a\nb\nc\n", 6), 6);
    close(ends[1]);
    struct rebut_error err = {0};
    struct rebut_feed *feed = NULL;
    struct rebut_batch batch;
    assert_true(rebut_feed_input(&feed, ends[0], &err));
    assert_true(feed->next(feed, 0, &batch, &err));
    assert_true(feed->seek(feed, 0, (struct rebut_position){2, 0}, &err));
    const struct seen seen = read_all(feed, &err);
    assert_int_equal(seen.count, 1);
    assert_string_equal(seen.last_line, "c");
    assert_false(feed->seek(feed, 0, (struct rebut_position){1, 0}, &err));
    feed->close(feed);
    close(ends[0]);
}

/* ---- with the loop ---- */

struct talk {
    int to, from;
    int rounds, answered;
};

static void *ask(void *context)
{
    struct talk *talk = context;
    for (int i = 0; i < talk->rounds; i++) {
        char line[64], answer[256];
        const int size =
            snprintf(line, sizeof line, "{\"buyer\":\"b1\",\"n\":%d}\n", 20 * i);
        if (write(talk->to, line, (size_t)size) != size)
            break;
        struct pollfd one = {.fd = talk->from, .events = POLLIN};
        if (poll(&one, 1, 2000) != 1 || read(talk->from, answer, sizeof answer) <= 0)
            break;
        talk->answered++;
    }
    close(talk->to);
    return NULL;
}

static void who_waits_for_an_answer_gets_it_at_once(void **state)
{
    (void)state;
    int in[2], out[2];
    assert_int_equal(pipe(in), 0);
    assert_int_equal(pipe(out), 0);
    struct talk talk = {.to = in[1], .from = out[0], .rounds = 100};
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, ask, &talk), 0);
    struct rebut_error err = {0};
    struct counting counting;
    counting_init(&counting, NULL);
    struct rebut_loop loop = {
        .handler = &counting.handler, .now_us = now_us, .commit_us = 100000000};
    assert_true(rebut_feed_input(&loop.feed, in[0], &err));
    assert_true(rebut_effects_output(&loop.effects, out[1], NULL, &err));
    assert_true(rebut_loop_run(&loop, &err));
    pthread_join(thread, NULL);
    assert_int_equal(talk.answered, 100);
    loop.feed->close(loop.feed);
    loop.effects->close(loop.effects);
    counting_release(&counting);
    close(in[0]), close(out[0]), close(out[1]);
}

static void records_and_dead_letters_bear_their_position(void **state)
{
    (void)state;
    char path[100], text[1000] = "";
    snprintf(path, sizeof path, "%s/letters", folder);
    int in[2], out[2];
    assert_int_equal(pipe(in), 0);
    assert_int_equal(pipe(out), 0);
    const char lines[] =
        "{\"buyer\":\"b1\",\"n\":1}\nnonsense\n{\"buyer\":\"b1\",\"n\":40}\n";
    assert_int_equal(write(in[1], lines, sizeof lines - 1), sizeof lines - 1);
    close(in[1]);
    struct rebut_error err = {0};
    struct counting counting;
    counting_init(&counting, NULL);
    struct rebut_loop loop = {.handler = &counting.handler, .now_us = now_us};
    assert_true(rebut_feed_input(&loop.feed, in[0], &err));
    assert_true(rebut_effects_output(&loop.effects, out[1], path, &err));
    assert_true(rebut_loop_run(&loop, &err));
    assert_true(read(out[0], text, sizeof text - 1) > 0);
    assert_string_equal(text, "{\"partition\":0,\"position\":[3,0],\"revision\":0,"
                              "\"score\":{\"buyer\":\"b1\",\"count\":2}}\n");
    FILE *file = fopen(path, "r");
    assert_non_null(fgets(text, sizeof text, file));
    assert_string_equal(text,
                        "{\"input\":\"0\",\"line\":2,\"reason\":\"no_buyer\",\"field\":"
                        "\"buyer\",\"expected\":\"b1\",\"came\":\"\",\"text\":"
                        "\"nonsense\"}\n");
    fclose(file);
    loop.feed->close(loop.feed);
    loop.effects->close(loop.effects);
    counting_release(&counting);
    close(in[0]), close(out[0]), close(out[1]);
}

static void a_full_device_is_a_failure(void **state)
{
    (void)state;
    struct rebut_error err = {0};
    struct counting counting;
    counting_init(&counting, NULL);
    counting.score_every = 1;
    int in[2];
    assert_int_equal(pipe(in), 0);
    assert_int_equal(write(in[1], "{\"buyer\":\"b1\",\"n\":1}\n", 21), 21);
    close(in[1]);
    const int full = open("/dev/full", O_WRONLY);
    struct rebut_loop loop = {.handler = &counting.handler, .now_us = now_us};
    assert_true(rebut_feed_input(&loop.feed, in[0], &err));
    assert_true(rebut_effects_output(&loop.effects, full, NULL, &err));
    assert_false(rebut_loop_run(&loop, &err));
    assert_int_equal(err.code, REBUT_EIO);
    loop.feed->close(loop.feed);
    loop.effects->close(loop.effects);
    counting_release(&counting);
    close(in[0]), close(full);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_are_given_with_their_numbers),
        cmocka_unit_test(a_line_too_long_is_given_by_its_start),
        cmocka_unit_test(lines_may_come_in_any_pieces),
        cmocka_unit_test(seek_passes_over_what_is_done),
        cmocka_unit_test(who_waits_for_an_answer_gets_it_at_once),
        cmocka_unit_test_setup_teardown(records_and_dead_letters_bear_their_position,
                                        make_folder, remove_folder),
        cmocka_unit_test(a_full_device_is_a_failure),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
