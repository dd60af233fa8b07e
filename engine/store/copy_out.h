/* copy_out.h -- COPY BINARY, the way out: rows as cells that lie in libpq's memory.
 * Private to store. */
#ifndef REBUT_STORE_COPY_OUT_H
#define REBUT_STORE_COPY_OUT_H

#include <endian.h>
#include <string.h>

#include "parts.h"
#include "rebut/text.h"

/* A value as it came; size -1: NULL. */
struct cell {
    const char *data;
    int32_t size;
};

struct copy_out {
    struct rebut_store *store;
    const char *name; /* what is read, for messages; borrowed */
    uint64_t rows;    /* given out so far */
    uint64_t bytes;   /* of the messages so far */
    bool open, head;  /* begun and not ended; the stream's head has been read */
};

/* A row: PQfreemem(message) when it is done with. */
struct copy_row {
    char *message;
    struct rebut_text tuple; /* in the message */
};

/* Begin with a whole COPY … TO STDOUT (FORMAT BINARY). */
REBUT_MUST_CHECK bool rebut_copy_out_begin(struct copy_out *copy,
                                           struct rebut_store *store, const char *sql,
                                           const char *name, struct rebut_error *err);

/* The next row; *ret_end, and nothing in *ret_row, when there is none and the server has
 * said that this was all.  A failure names the table and the row. */
REBUT_MUST_CHECK bool rebut_copy_out_next(struct copy_out *copy, struct copy_row *ret_row,
                                          bool *ret_end, struct rebut_error *err);

/* Stop in the middle, so that the connection is of use again.  Nothing to do when it has
 * ended. */
void rebut_copy_out_abandon(struct copy_out *copy);

/* The cells[count] of a tuple; false when they do not fill it exactly. */
bool rebut_copy_out_cells(struct rebut_text tuple, struct cell *ret_cells, int count);

/* Pass over the stream's head at the start of a message; false when it is none. */
bool rebut_copy_out_head(struct rebut_text *message);

static inline int16_t load_16(const char *from)
{
    uint16_t wire;
    memcpy(&wire, from, sizeof wire);
    return (int16_t)be16toh(wire);
}

static inline int32_t load_32(const char *from)
{
    uint32_t wire;
    memcpy(&wire, from, sizeof wire);
    return (int32_t)be32toh(wire);
}

static inline int64_t load_64(const char *from)
{
    uint64_t wire;
    memcpy(&wire, from, sizeof wire);
    return (int64_t)be64toh(wire);
}

#endif
