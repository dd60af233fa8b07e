/* Lines of a descriptor: large reads, one memchr a line, no copy but of the last piece.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "rebut/feeds.h"

#define ROOM (2 * REBUT_STREAM_LINE_MAX)
#define READ_AHEAD ((size_t)1 << 18) /* fits the second level of cache */
#define BATCH_MAX 2048               /* messages of a batch */
#define PIPE_SIZE (1 << 20)

struct input {
    struct rebut_feed feed;
    int fd;
    bool assigned, paused, ended, drained;
    char *data;              /* [ROOM]; bytes [start, end) are to be given */
    size_t start, seen, end; /* no newline in [start, seen) */
    uint64_t number;         /* of the last line taken */
    int64_t skip_to;         /* lines up to this one are passed over */
    uint64_t long_bytes;     /* of a line too long that is being passed over; 0: none */
    char head[REBUT_STREAM_LINE_HEAD]; /* its start */
    struct rebut_message messages[BATCH_MAX];
};

static const uint32_t only[] = {0};

static void give(struct input *input, struct rebut_batch *ret, struct rebut_text line,
                 uint64_t bytes)
{
    const int64_t number = (int64_t)++input->number;
    if (number <= input->skip_to)
        return;
    input->messages[ret->count++] = (struct rebut_message){
        .line = line, .bytes = bytes, .position = {number, 0}, .partition = 0};
}

/* The end of a line too long was found `size` bytes after data + start. */
static void give_long(struct input *input, struct rebut_batch *ret, size_t size)
{
    give(input, ret, (struct rebut_text){input->head, sizeof input->head},
         input->long_bytes + size);
    input->long_bytes = 0;
}

/* Take the whole lines that are there, BATCH_MAX at most. */
static void take_lines(struct input *input, struct rebut_batch *ret)
{
    while (ret->count < BATCH_MAX) {
        char *from = input->data + input->seen;
        const char *newline = memchr(from, '\n', input->end - input->seen);
        if (newline == NULL) {
            input->seen = input->end;
            return;
        }
        char *line = input->data + input->start;
        const size_t size = (size_t)(newline - line);
        input->start = input->seen = (size_t)(newline - input->data) + 1;
        if (input->long_bytes > 0)
            give_long(input, ret, size);
        else if (size <= REBUT_STREAM_LINE_MAX)
            give(input, ret, (struct rebut_text){line, size}, size);
        else
            give(input, ret, (struct rebut_text){line, REBUT_STREAM_LINE_HEAD}, size);
    }
}

/* The last line needs no newline. */
static void take_rest(struct input *input, struct rebut_batch *ret)
{
    const size_t size = input->end - input->start;
    if (!input->ended || ret->count == BATCH_MAX || input->seen < input->end)
        return;
    if (input->long_bytes > 0)
        give_long(input, ret, size);
    else if (size > 0)
        give(input, ret, (struct rebut_text){input->data + input->start, size}, size);
    input->start = input->seen = input->end;
    ret->end = true;
}

/* Make room behind the unfinished line; one too long is cut to its start. */
static void make_room(struct input *input)
{
    const size_t kept = input->end - input->start;
    if (input->long_bytes > 0 || kept > REBUT_STREAM_LINE_MAX) {
        if (input->long_bytes == 0)
            memcpy(input->head, input->data + input->start, sizeof input->head);
        input->long_bytes += kept;
        input->start = input->seen = input->end = 0;
    } else if (input->start > 0 && ROOM - input->end < READ_AHEAD) {
        memmove(input->data, input->data + input->start, kept);
        input->start = 0;
        input->seen = input->end = kept;
    } else if (kept == 0) {
        input->start = input->seen = input->end = 0;
    }
}

static bool wait_for(const struct input *input, int timeout_ms, bool *ret_ready,
                     struct rebut_error *err)
{
    struct pollfd one = {.fd = input->fd, .events = POLLIN};
    const int count = poll(&one, 1, timeout_ms);
    *ret_ready = count > 0;
    if (count < 0 && errno != EINTR)
        return rebut_fail(err, REBUT_EIO, "cannot wait for input: %s", strerror(errno));
    return true;
}

static bool read_more(struct input *input, int timeout_ms, struct rebut_error *err)
{
    bool ready = false;
    if (!wait_for(input, timeout_ms, &ready, err) || !ready) {
        input->drained = true;
        return err == NULL || err->code == REBUT_OK;
    }
    make_room(input);
    const size_t room = ROOM - input->end < READ_AHEAD ? ROOM - input->end : READ_AHEAD;
    const ssize_t size = read(input->fd, input->data + input->end, room);
    if (size < 0 && errno != EINTR && errno != EAGAIN)
        return rebut_fail(err, REBUT_EIO, "cannot read input: %s", strerror(errno));
    input->ended = size == 0;
    input->drained = size < (ssize_t)room;
    if (size > 0)
        input->end += (size_t)size;
    return true;
}

static bool next(struct rebut_feed *feed, int timeout_ms, struct rebut_batch *ret,
                 struct rebut_error *err)
{
    struct input *input = (struct input *)feed;
    *ret = (struct rebut_batch){.messages = input->messages};
    if (!input->assigned) {
        input->assigned = true;
        ret->turn = REBUT_TURN_ASSIGNED;
        ret->partitions = only;
        ret->partition_count = 1;
        return true;
    }
    if (input->paused) {
        ret->drained = true;
        return timeout_ms == 0 || poll(NULL, 0, timeout_ms) == 0 || true;
    }
    take_lines(input, ret);
    if (ret->count == 0 && !input->ended) {
        if (!read_more(input, timeout_ms, err))
            return false;
        take_lines(input, ret);
    }
    take_rest(input, ret);
    ret->drained = input->drained && input->seen == input->end;
    return true;
}

static bool seek(struct rebut_feed *feed, uint32_t partition,
                 struct rebut_position position, struct rebut_error *err)
{
    struct input *input = (struct input *)feed;
    (void)partition;
    if (position.major >= 0 && position.major < (int64_t)input->number)
        return rebut_fail(err, REBUT_EINPUT, "standard input cannot be read again");
    input->skip_to = position.major;
    return true;
}

static bool pause_feed(struct rebut_feed *feed, uint32_t partition, bool paused,
                       struct rebut_error *err)
{
    (void)partition, (void)err;
    ((struct input *)feed)->paused = paused;
    return true;
}

static int64_t lag(const struct rebut_feed *feed)
{
    (void)feed;
    return -1;
}

static void close_feed(struct rebut_feed *feed)
{
    struct input *input = (struct input *)feed;
    free(input->data);
    free(input);
}

bool rebut_feed_input(struct rebut_feed **ret, int fd, struct rebut_error *err)
{
    *ret = NULL;
    struct input *input = calloc(1, sizeof *input);
    if (input != NULL)
        input->data = malloc(ROOM);
    if (input == NULL || input->data == NULL) {
        free(input);
        return rebut_fail_memory(err, "the input");
    }
    input->feed = (struct rebut_feed){
        .next = next, .seek = seek, .pause = pause_feed, .lag = lag, .close = close_feed};
    input->fd = fd;
#ifdef F_SETPIPE_SZ
    (void)fcntl(fd, F_SETPIPE_SZ, PIPE_SIZE); /* fewer turns of writer and reader */
#endif
    *ret = &input->feed;
    return true;
}
