/* rebut/reader.h -- files of events, as blocks of parsed events in order of time.
 *
 * An input is a path; "-" is standard input; a directory is its event files (*.ndjson
 * and *.jsonl, also with .gz or .zst, no hidden ones), sorted by name.  Plain, gzip
 * (of any number of members) and zstd (of any number of frames) are told apart by
 * their first bytes.  Several inputs are merged by `at`: each keeps its own order, and
 * at equal times the input named first goes first.
 *
 *     if (!rebut_reader_open(&reader, paths, count, NULL, err))
 *         goto done;
 *     do {
 *         if (!rebut_reader_next(reader, &block, err))
 *             goto done;
 *         use(block.events, block.count), refuse(block.refused, block.refused_count);
 *     } while (!block.end);
 *     rebut_reader_close(reader);
 *
 * A line that is no event is in `refused` of the block it stands in; only what
 * concerns a whole input (missing, unreadable, truncated) is an error.  A byte order
 * mark at the start of an input is passed over, lines of white space alone are counted
 * as blank, and a last line without newline is a line.
 *
 * Memory: about 1 MiB an input, its decompression window and, while it has a line of
 * up to REBUT_LINE_MAX, 2 MiB more.  A longer line is never held.
 */
#ifndef REBUT_READER_H
#define REBUT_READER_H

#include "rebut/source.h"

#define REBUT_INPUTS_MAX 1000 /* files open at once */

struct rebut_reader_options {
    size_t buffer_size; /* bytes read ahead of each input; 0: 256 KiB */
};

struct rebut_reader;

/* Open all inputs.  NULL options: the defaults.  Fails with EIO (missing, unreadable),
 * EDATA (a directory without event files, a format that is not read), EUSAGE (no
 * input, or standard input twice), ELIMIT (more than REBUT_INPUTS_MAX) or ENOMEM. */
REBUT_MUST_CHECK bool rebut_reader_open(struct rebut_reader **ret_reader,
                                        const char *const *paths, size_t count,
                                        const struct rebut_reader_options *options,
                                        struct rebut_error *err);
void rebut_reader_close(struct rebut_reader *reader); /* NULL is allowed */

/* Fill *ret_block.  Fails with EIO, EDATA (compressed data truncated or corrupt) or
 * ENOMEM; then only _close may follow. */
REBUT_MUST_CHECK bool rebut_reader_next(struct rebut_reader *reader,
                                        struct rebut_block *ret_block,
                                        struct rebut_error *err);

/* The reader as a source, which closes it too; what these functions say there, they say
 * here.  `done` and `total` are bytes, total 0 when an input is no regular file. */
struct rebut_source *rebut_reader_source(struct rebut_reader *reader);

struct rebut_source_place rebut_reader_place(const struct rebut_reader *reader);

/* Files behind the paths, and the name of one of them for messages (a path, or
 * "standard input"); it lives as long as the reader. */
size_t rebut_reader_input_count(const struct rebut_reader *reader);
const char *rebut_reader_input_name(const struct rebut_reader *reader, uint32_t input);

/* Can this input be opened and read once more (a regular file by its name)? */
bool rebut_reader_input_again(const struct rebut_reader *reader, uint32_t input);

#endif
