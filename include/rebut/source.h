/* rebut/source.h -- where events come from, whatever that is: files, or a database.
 *
 * A source is a struct of functions; an implementation has it as its first member and
 * is closed by it.  Whoever reads asks for blocks until one says that it is the last:
 *
 *     struct rebut_block block = {0};
 *     while (!block.end) {
 *         if (!source->next(source, &block, err))
 *             goto done;
 *         use(block.events, block.count), refuse(block.refused, block.refused_count);
 *     }
 *     source->close(source);
 *
 * What is no event is in `refused` of the block it stands in; only what concerns a whole
 * input (missing, unreadable, broken off) is an error.
 *
 * A line is a line of a file, or a row of a table.  Of a row `text` is not what a person
 * would read: rebut_source_spell makes that of it, when it is asked for.
 */
#ifndef REBUT_SOURCE_H
#define REBUT_SOURCE_H

#include "rebut/error.h"
#include "rebut/event.h"

#define REBUT_BLOCK_MAX 64             /* events, or refused lines, of a block */
#define REBUT_LINE_HEAD ((size_t)1024) /* bytes that are kept of a line too long */

/* A line and where it stands. */
struct rebut_line {
    struct rebut_text text; /* without newline; too long: the first REBUT_LINE_HEAD bytes.
                               A row: the source's own */
    uint64_t number;        /* in its input, from 1; blank lines count */
    uint64_t bytes;         /* of all of it, without newline */
    uint32_t input;         /* see input_name */
};

struct rebut_refused_line {
    struct rebut_line line; /* of a row too: text for a person */
    struct rebut_refusal refusal;
};

/* Everything in it is valid until the next call of `next` or `close`. */
struct rebut_block {
    const struct rebut_event *events;         /* [count] */
    const struct rebut_line *lines;           /* [count] of each event */
    const struct rebut_refused_line *refused; /* [refused_count] */
    size_t count, refused_count;
    bool end; /* nothing comes after this block (which may itself be empty) */
};

/* How far it is. */
struct rebut_source_place {
    uint64_t lines, blank; /* read so far, blank ones among them */
    uint64_t bytes;        /* taken from the inputs so far, compressed where they are */
    uint64_t done, total;  /* of the work, in units of the source; total 0: not known */
    uint64_t orders;       /* about how many will come; 0: no idea */
};

struct rebut_source {
    /* Fill *ret_block.  After a failure only `close` may follow. */
    bool (*next)(struct rebut_source *source, struct rebut_block *ret_block,
                 struct rebut_error *err);

    struct rebut_source_place (*place)(const struct rebut_source *source);

    /* Files or tables, and the name of one for messages; it lives as long as the
     * source. */
    size_t (*input_count)(const struct rebut_source *source);
    const char *(*input_name)(const struct rebut_source *source, uint32_t input);

    /* Open one input once more, by itself, when `source` has given its last block; NULL
     * in *ret_source: this one cannot be read twice.  The caller closes it first. */
    bool (*again)(struct rebut_source *source, uint32_t input,
                  struct rebut_source **ret_source, struct rebut_error *err);

    /* NULL: the lines' text is text.  Else: make a line of JSON of a line of the current
     * block; it lives until the next call of `spell`, `next` or `close`. */
    bool (*spell)(struct rebut_source *source, const struct rebut_line *line,
                  struct rebut_text *ret_text, struct rebut_error *err);

    void (*close)(struct rebut_source *source);
};

/* The line's text as rebut_event_parse reads it. */
static inline bool rebut_source_spell(struct rebut_source *source,
                                      const struct rebut_line *line,
                                      struct rebut_text *ret_text,
                                      struct rebut_error *err)
{
    if (source->spell != NULL)
        return source->spell(source, line, ret_text, err);
    *ret_text = line->text;
    return true;
}

static inline void rebut_source_close(struct rebut_source *source)
{
    if (source != NULL)
        source->close(source);
}

#endif
