/* One input of the reader: bytes into lines into a batch of events.  Private to
 * source's reader. */
#ifndef REBUT_SOURCE_READER_INPUT_H
#define REBUT_SOURCE_READER_INPUT_H

#include "reader_bytes.h"
#include "rebut/reader.h"

struct input {
    const char *name; /* borrowed */
    uint32_t index;   /* among the reader's inputs */
    struct bytes bytes;
    bool ended; /* no bytes will come into `data` any more */

    char *data; /* [room] bytes read; lines and events point into it */
    size_t room;
    size_t start, scanned, end; /* the next line; no newline before; what is there */
    struct rebut_event_scratch scratch; /* as large as data, so it never runs out */
    uint64_t number, blank;             /* lines taken so far */

    /* A line too long: its start is kept, the rest passed over. */
    char head[REBUT_LINE_HEAD];
    uint64_t long_bytes; /* of the line that is being passed over, or 0 */
    bool long_done;      /* it has ended and is to be refused */

    /* The batch: events [next, count) are still to be given out. */
    struct rebut_event *events;         /* [REBUT_BLOCK_MAX] */
    struct rebut_line *lines;           /* [REBUT_BLOCK_MAX] of each event */
    struct rebut_refused_line *refused; /* [REBUT_BLOCK_MAX] */
    size_t next, count, refused_count;
};

/* Take over `fd`; the buffers come with the first refill. */
void rebut_reader_input_init(struct input *input, const char *name, uint32_t index,
                             int fd, bool own);
void rebut_reader_input_release(struct input *input);

/* Parse the whole lines that `data` holds into a new batch of at most `most` events (and
 * as many refused lines); the one before must be given out.  An empty batch means that a
 * refill is needed, or the end. */
void rebut_reader_input_parse(struct input *input, size_t most);

/* Get more bytes.  Everything that points into `data` is void afterwards. */
bool rebut_reader_input_refill(struct input *input, size_t buffer_size,
                               struct rebut_error *err);

static inline bool rebut_reader_input_exhausted(const struct input *input)
{
    return input->ended && input->start == input->end && !input->long_done;
}

#endif
