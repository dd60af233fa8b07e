/* Records to a descriptor, at least once. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "rebut/effects.h"
#include "rebut/rejects.h"

struct output {
    struct rebut_effects effects;
    int fd, letters_fd;           /* letters_fd -1: none */
    struct rebut_output records;  /* in memory until the commit */
    struct rebut_rejects letters; /* the same */
    size_t count;
};

static bool acquire(struct rebut_effects *effects, uint32_t partition,
                    struct rebut_position *ret_stored, struct rebut_error *err)
{
    (void)effects, (void)partition, (void)err;
    *ret_stored = REBUT_POSITION_NONE;
    return true;
}

/* printf costs as much as the rest of a record. */
static void put_number(struct rebut_output *out, const char *before, int64_t value)
{
    char text[24], *at = text + sizeof text;
    uint64_t left = value < 0 ? -(uint64_t)value : (uint64_t)value;
    do {
        *--at = (char)('0' + left % 10);
        left /= 10;
    } while (left > 0);
    if (value < 0)
        *--at = '-';
    rebut_output_text(out, rebut_text_of(before));
    rebut_output_write(out, at, (size_t)(text + sizeof text - at));
}

static bool score(struct rebut_effects *effects, const struct rebut_stream_score *score)
{
    struct output *output = (struct output *)effects;
    struct rebut_output *out = &output->records;
    put_number(out, "{\"partition\":", score->partition);
    put_number(out, ",\"position\":[", score->position.major);
    put_number(out, ",", score->position.minor);
    put_number(out, "],\"revision\":", score->revision);
    rebut_output_text(out, REBUT_TEXT(",\"score\":"));
    rebut_output_text(out, score->json);
    output->count++;
    return rebut_output_text(out, REBUT_TEXT("}\n"));
}

static bool dead(struct rebut_effects *effects, const struct rebut_dead_letter *letter)
{
    struct output *output = (struct output *)effects;
    if (output->letters_fd < 0)
        return true;
    const struct rebut_message *message = letter->message;
    char partition[16];
    snprintf(partition, sizeof partition, "%" PRIu32, message->partition);
    const struct rebut_reject reject = {
        .input = partition,
        .line = message->position.major < 0 ? 0 : (uint64_t)message->position.major,
        .reason = letter->reason,
        .field = letter->field,
        .expected = letter->expected,
        .came = letter->came,
        .text = message->line,
        .key = message->key,
        .bytes = message->bytes};
    output->count++;
    return rebut_rejects_add(&output->letters, &reject);
}

static bool done(struct rebut_effects *effects, uint32_t partition,
                 struct rebut_position position)
{
    (void)effects, (void)partition, (void)position;
    return true;
}

static bool write_all(struct rebut_output *out, int fd, const char *what,
                      struct rebut_error *err)
{
    if (out->cause != 0)
        return rebut_fail_memory(err, what);
    size_t at = 0;
    while (at < out->used) {
        const ssize_t size = write(fd, out->buffer + at, out->used - at);
        if (size < 0 && errno == EINTR)
            continue;
        if (size <= 0)
            return rebut_fail(err, REBUT_EIO, "cannot write %s: %s", what,
                              size == 0 ? "nothing was taken" : strerror(errno));
        at += (size_t)size;
    }
    out->used = 0;
    return true;
}

static bool commit(struct rebut_effects *effects, struct rebut_error *err)
{
    struct output *output = (struct output *)effects;
    if (output->letters.out.used > 0) {
        if (!write_all(&output->letters.out, output->letters_fd, "dead letters", err))
            return false;
        if (fsync(output->letters_fd) != 0 && errno != EINVAL && errno != EROFS)
            return rebut_fail(err, REBUT_EIO, "cannot force dead letters to disk: %s",
                              strerror(errno));
    }
    output->count = 0;
    return write_all(&output->records, output->fd, "scores", err);
}

static bool holds(const struct rebut_effects *effects, uint32_t partition)
{
    (void)effects, (void)partition;
    return true;
}

static void release(struct rebut_effects *effects, uint32_t partition)
{
    (void)effects, (void)partition; /* at least once: what was said stays said */
}

static size_t pending(const struct rebut_effects *effects, size_t *ret_bytes)
{
    const struct output *output = (const struct output *)effects;
    *ret_bytes = output->records.used + output->letters.out.used;
    return output->count;
}

static void close_effects(struct rebut_effects *effects)
{
    struct output *output = (struct output *)effects;
    rebut_output_release(&output->records);
    rebut_rejects_release(&output->letters);
    if (output->letters_fd >= 0)
        close(output->letters_fd);
    free(output);
}

static bool set_up(struct output *output, const char *letters_path,
                   struct rebut_error *err)
{
    if (!rebut_output_memory(&output->records, err) ||
        !rebut_output_memory(&output->letters.out, err))
        return false;
    if (letters_path == NULL)
        return true;
    output->letters_fd =
        open(letters_path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    return output->letters_fd >= 0 || rebut_fail(err, REBUT_EIO, "cannot write '%s': %s",
                                                 letters_path, strerror(errno));
}

bool rebut_effects_output(struct rebut_effects **ret, int fd, const char *letters_path,
                          struct rebut_error *err)
{
    *ret = NULL;
    struct output *output = calloc(1, sizeof *output);
    if (output == NULL)
        return rebut_fail_memory(err, "the output");
    output->effects = (struct rebut_effects){.acquire = acquire,
                                             .score = score,
                                             .dead = dead,
                                             .done = done,
                                             .commit = commit,
                                             .holds = holds,
                                             .release = release,
                                             .pending = pending,
                                             .close = close_effects};
    output->fd = fd;
    output->letters_fd = -1;
    if (!set_up(output, letters_path, err)) {
        close_effects(&output->effects);
        return false;
    }
    *ret = &output->effects;
    return true;
}
