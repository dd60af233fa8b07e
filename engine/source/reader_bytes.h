/* Bytes of one input, decompressed on the way.  Private to source's reader. */
#ifndef REBUT_SOURCE_READER_BYTES_H
#define REBUT_SOURCE_READER_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum format { FORMAT_UNKNOWN, FORMAT_PLAIN, FORMAT_GZIP, FORMAT_ZSTD };

struct bytes {
    int fd;   /* -1: closed */
    bool own; /* close it */
    enum format format;
    bool ended;  /* nothing more to be had from fd */
    bool inside; /* a gzip member or zstd frame has begun and not ended */
    bool regular;
    uint64_t taken, total; /* bytes read of fd; total 0 unless regular */
    char *packed;          /* [PACKED_ROOM] bytes read ahead, of compressed inputs */
    size_t packed_at, packed_end;
    char head[8]; /* the first bytes, by which the format is told */
    size_t head_at, head_end;
    void *unpacker;     /* z_stream or ZSTD_DStream */
    char fault[160];    /* why reading cannot go on, in words; "" while it can */
    bool fault_is_data; /* the data are at fault, not the system */
};

/* Take over `fd`. */
void rebut_reader_bytes_init(struct bytes *bytes, int fd, bool own);

/* Up to `size` (at least 1) bytes into `room`; *ret_size 0 is the end.  False with
 * bytes->fault filled, but only when all that came before has been given out. */
bool rebut_reader_bytes_read(struct bytes *bytes, char *room, size_t size,
                             size_t *ret_size);

void rebut_reader_bytes_release(struct bytes *bytes);

#endif
