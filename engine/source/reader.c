#include "rebut/reader.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdlib.h>
#include <unistd.h>

#include "reader_input.h"
#include "reader_paths.h"

#define BUFFER_SIZE ((size_t)1 << 18)   /* of one input: what a fast cache holds */
#define BUFFER_LEAST ((size_t)1 << 16)  /* of one of many */
#define BUFFERS_TOTAL ((size_t)1 << 26) /* of all, while each has the least */

#define BYTES_AN_ORDER 600 /* with shipment and so on: fewer than files have */

/* Events parsed ahead of each input: few, so that those of all stay in the cache. */
#define MERGE_BATCH 8

struct reader_merge {
    struct input **heap;    /* [heap_count] with events, the earliest first */
    struct input **waiting; /* [waiting_count] whose next event is not known yet */
    size_t heap_count, waiting_count;
    struct rebut_event *events;         /* [REBUT_BLOCK_MAX] the block, copied together */
    struct rebut_line *lines;           /* [REBUT_BLOCK_MAX] */
    struct rebut_refused_line *refused; /* [REBUT_BLOCK_MAX] */
    size_t count, refused_count;
};

struct rebut_reader {
    struct rebut_source source;
    struct paths paths;
    struct input *inputs; /* [count] */
    size_t count;         /* those that are open */
    size_t buffer_size, batch_size;
    struct reader_merge merge; /* when there is more than one input */
};

/* ---- open and close ---- */

static const struct rebut_source functions;

static bool open_input(struct rebut_reader *reader, const char *path,
                       struct rebut_error *err)
{
    const bool is_standard = strcmp(path, "-") == 0;
    const int fd = is_standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return rebut_fail(err, REBUT_EIO, "cannot open '%s': %s", path, strerror(errno));
    rebut_reader_input_init(&reader->inputs[reader->count],
                            is_standard ? "standard input" : path,
                            (uint32_t)reader->count, fd, !is_standard);
    reader->count++;
    return true;
}

static bool set_up_merge(struct rebut_reader *reader, struct rebut_error *err)
{
    struct reader_merge *merge = &reader->merge;
    merge->heap = calloc(reader->count, sizeof *merge->heap);
    merge->waiting = calloc(reader->count, sizeof *merge->waiting);
    merge->events = calloc(REBUT_BLOCK_MAX, sizeof *merge->events);
    merge->lines = calloc(REBUT_BLOCK_MAX, sizeof *merge->lines);
    merge->refused = calloc(REBUT_BLOCK_MAX, sizeof *merge->refused);
    if (merge->heap == NULL || merge->waiting == NULL || merge->events == NULL ||
        merge->lines == NULL || merge->refused == NULL)
        return rebut_fail_memory(err, "merging the inputs");
    for (size_t i = 0; i < reader->count; i++)
        merge->waiting[merge->waiting_count++] = &reader->inputs[i];
    return true;
}

static size_t default_buffer_size(size_t inputs)
{
    const size_t share = BUFFERS_TOTAL / inputs;
    if (share < BUFFER_LEAST)
        return BUFFER_LEAST;
    return share < BUFFER_SIZE ? share : BUFFER_SIZE;
}

static bool set_up(struct rebut_reader *reader, const char *const *paths, size_t count,
                   const struct rebut_reader_options *options, struct rebut_error *err)
{
    if (!rebut_reader_paths(&reader->paths, paths, count, err))
        return false;
    const size_t files = reader->paths.files.count;
    reader->inputs = calloc(files, sizeof *reader->inputs);
    if (reader->inputs == NULL)
        return rebut_fail_memory(err, "the inputs");
    for (size_t i = 0; i < files; i++)
        if (!open_input(reader, reader->paths.files.data[i], err))
            return false;
    reader->buffer_size = options != NULL && options->buffer_size != 0
                              ? options->buffer_size
                              : default_buffer_size(files);
    reader->batch_size = files == 1 ? REBUT_BLOCK_MAX : MERGE_BATCH;
    return files == 1 || set_up_merge(reader, err);
}

bool rebut_reader_open(struct rebut_reader **ret_reader, const char *const *paths,
                       size_t count, const struct rebut_reader_options *options,
                       struct rebut_error *err)
{
    *ret_reader = NULL;
    struct rebut_reader *reader = calloc(1, sizeof *reader);
    if (reader == NULL)
        return rebut_fail_memory(err, "the reader");
    reader->source = functions;
    if (!set_up(reader, paths, count, options, err)) {
        rebut_reader_close(reader);
        return false;
    }
    *ret_reader = reader;
    return true;
}

void rebut_reader_close(struct rebut_reader *reader)
{
    if (reader == NULL)
        return;
    for (size_t i = 0; i < reader->count; i++)
        rebut_reader_input_release(&reader->inputs[i]);
    free(reader->inputs);
    rebut_reader_paths_release(&reader->paths);
    free(reader->merge.heap);
    free(reader->merge.waiting);
    free(reader->merge.events);
    free(reader->merge.lines);
    free(reader->merge.refused);
    free(reader);
}

/* ---- one input: its batches are the blocks ---- */

/* A new batch with something in it, or the end of the input. */
static bool next_batch(struct rebut_reader *reader, struct input *input,
                       struct rebut_error *err)
{
    for (;;) {
        rebut_reader_input_parse(input, reader->batch_size);
        if (input->count + input->refused_count > 0 ||
            rebut_reader_input_exhausted(input))
            return true;
        if (!rebut_reader_input_refill(input, reader->buffer_size, err))
            return false;
    }
}

static bool next_of_one(struct rebut_reader *reader, struct rebut_block *ret_block,
                        struct rebut_error *err)
{
    struct input *input = &reader->inputs[0];
    if (!next_batch(reader, input, err))
        return false;
    *ret_block = (struct rebut_block){.events = input->events,
                                      .lines = input->lines,
                                      .refused = input->refused,
                                      .count = input->count,
                                      .refused_count = input->refused_count,
                                      .end = rebut_reader_input_exhausted(input)};
    return true;
}

/* ---- several: a heap of the inputs by their next event ---- */

static bool goes_before(const struct input *a, const struct input *b)
{
    const int64_t at_a = a->events[a->next].at, at_b = b->events[b->next].at;
    return at_a != at_b ? at_a < at_b : a->index < b->index;
}

/* All but the photos that are not there, which are a third of it. */
static void copy_event(struct rebut_event *to, const struct rebut_event *from)
{
    const size_t photos = offsetof(struct rebut_event, photos);
    const size_t behind = offsetof(struct rebut_event, photo_count);
    memcpy(to, from, photos + from->photo_count * sizeof from->photos[0]);
    memcpy((char *)to + behind, (const char *)from + behind, sizeof *to - behind);
}

static void sift_down(struct reader_merge *merge)
{
    struct input **heap = merge->heap, *moved = heap[0];
    size_t at = 0;
    for (;;) {
        size_t child = 2 * at + 1;
        if (child >= merge->heap_count)
            break;
        if (child + 1 < merge->heap_count && goes_before(heap[child + 1], heap[child]))
            child++;
        if (!goes_before(heap[child], moved))
            break;
        heap[at] = heap[child];
        at = child;
    }
    heap[at] = moved;
}

static void push(struct reader_merge *merge, struct input *input)
{
    size_t at = merge->heap_count++;
    while (at > 0 && goes_before(input, merge->heap[(at - 1) / 2])) {
        merge->heap[at] = merge->heap[(at - 1) / 2];
        at = (at - 1) / 2;
    }
    merge->heap[at] = input;
}

static void pop(struct reader_merge *merge)
{
    merge->heap[0] = merge->heap[--merge->heap_count];
    if (merge->heap_count > 1)
        sift_down(merge);
}

/* Move the input's refused lines into the block; false when there is no room. */
static bool move_refused(struct reader_merge *merge, struct input *input)
{
    if (merge->refused_count + input->refused_count > REBUT_BLOCK_MAX)
        return false;
    for (size_t i = 0; i < input->refused_count; i++)
        merge->refused[merge->refused_count++] = input->refused[i];
    input->refused_count = 0;
    return true;
}

/* All events of the input's batch are given out: parse on in what is already read, for
 * the block may point into it.  False when that gives no event. */
static bool parse_on(struct reader_merge *merge, struct input *input)
{
    for (;;) {
        if (!move_refused(merge, input))
            return false;
        rebut_reader_input_parse(input, MERGE_BATCH);
        if (input->count > 0)
            return true;
        if (input->refused_count == 0)
            return false;
    }
}

/* Find the next event of each waiting input.  Only here, while the block is empty, are
 * buffers refilled; one that still has no event then goes on waiting. */
static bool end_waiting(struct rebut_reader *reader, struct rebut_error *err)
{
    struct reader_merge *merge = &reader->merge;
    size_t still = 0;
    for (size_t i = 0; i < merge->waiting_count; i++) {
        struct input *input = merge->waiting[i];
        if (input->refused_count == 0 && !next_batch(reader, input, err))
            return false;
        const bool ready = input->count > input->next;
        if (ready)
            push(merge, input);
        else if (!move_refused(merge, input) || !rebut_reader_input_exhausted(input))
            merge->waiting[still++] = input;
    }
    merge->waiting_count = still;
    return true;
}

static bool next_of_many(struct rebut_reader *reader, struct rebut_block *ret_block,
                         struct rebut_error *err)
{
    struct reader_merge *merge = &reader->merge;
    merge->count = merge->refused_count = 0;
    if (!end_waiting(reader, err))
        return false;
    while (merge->waiting_count == 0 && merge->heap_count > 0 &&
           merge->count < REBUT_BLOCK_MAX) {
        struct input *input = merge->heap[0];
        copy_event(&merge->events[merge->count], &input->events[input->next]);
        merge->lines[merge->count++] = input->lines[input->next++];
        if (input->next < input->count || parse_on(merge, input)) {
            sift_down(merge);
        } else {
            pop(merge);
            merge->waiting[merge->waiting_count++] = input;
        }
    }
    *ret_block =
        (struct rebut_block){.events = merge->events,
                             .lines = merge->lines,
                             .refused = merge->refused,
                             .count = merge->count,
                             .refused_count = merge->refused_count,
                             .end = merge->waiting_count == 0 && merge->heap_count == 0};
    return true;
}

bool rebut_reader_next(struct rebut_reader *reader, struct rebut_block *ret_block,
                       struct rebut_error *err)
{
    return reader->count == 1 ? next_of_one(reader, ret_block, err)
                              : next_of_many(reader, ret_block, err);
}

/* ---- what is known of it ---- */

struct rebut_source_place rebut_reader_place(const struct rebut_reader *reader)
{
    struct rebut_source_place place = {0};
    bool all_regular = true;
    for (size_t i = 0; i < reader->count; i++) {
        const struct input *input = &reader->inputs[i];
        place.lines += input->number;
        place.blank += input->blank;
        place.bytes += input->bytes.taken;
        place.total += input->bytes.total;
        all_regular = all_regular && input->bytes.regular;
    }
    if (!all_regular)
        place.total = 0;
    place.done = place.bytes;
    place.orders = place.total / BYTES_AN_ORDER;
    return place;
}

size_t rebut_reader_input_count(const struct rebut_reader *reader)
{
    return reader->count;
}

const char *rebut_reader_input_name(const struct rebut_reader *reader, uint32_t input)
{
    return reader->inputs[input].name;
}

bool rebut_reader_input_again(const struct rebut_reader *reader, uint32_t input)
{
    const struct bytes *bytes = &reader->inputs[input].bytes;
    return bytes->regular && bytes->own;
}

/* ---- as a source ---- */

struct rebut_source *rebut_reader_source(struct rebut_reader *reader)
{
    return &reader->source;
}

/* The source is the reader's first member. */
static const struct rebut_reader *reader_of(const struct rebut_source *source)
{
    return (const void *)source;
}

static bool next(struct rebut_source *source, struct rebut_block *ret_block,
                 struct rebut_error *err)
{
    return rebut_reader_next((void *)source, ret_block, err);
}

static struct rebut_source_place place(const struct rebut_source *source)
{
    return rebut_reader_place(reader_of(source));
}

static size_t input_count(const struct rebut_source *source)
{
    return reader_of(source)->count;
}

static const char *input_name(const struct rebut_source *source, uint32_t input)
{
    return rebut_reader_input_name(reader_of(source), input);
}

static bool again(struct rebut_source *source, uint32_t input,
                  struct rebut_source **ret_source, struct rebut_error *err)
{
    struct rebut_reader *reader = NULL;
    const char *name = input_name(source, input);
    *ret_source = NULL;
    if (!rebut_reader_input_again(reader_of(source), input))
        return true;
    if (!rebut_reader_open(&reader, &name, 1, NULL, err))
        return false;
    *ret_source = &reader->source;
    return true;
}

static void close_reader(struct rebut_source *source)
{
    rebut_reader_close((void *)source);
}

static const struct rebut_source functions = {
    .next = next,
    .place = place,
    .input_count = input_count,
    .input_name = input_name,
    .again = again,
    .close = close_reader,
};
