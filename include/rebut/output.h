/* rebut/output.h -- a file that appears only on success.
 *
 *     struct rebut_output out;
 *     if (!rebut_output_open(&out, path, err))
 *         return false;
 *     rebut_output_print(&out, "{\"orders\":%" PRIu64 "}\n", orders);
 *     ok = rebut_output_commit(&out, err);
 *     rebut_output_release(&out);
 *
 * A regular file is written without a name in the same folder, gets a temporary one
 * (".rebut-PID-N.tmp") on commit and is renamed at once, so a reader sees the old file or
 * the whole new one, and a kill leaves nothing behind.  Where the file system has no
 * nameless files (NFS) it has the temporary name from the start.
 * Through a symbolic link the file it leads to is replaced, not the link.  The mode
 * is 0666 less the umask, and never wider than that of the file it replaces.  A
 * device, FIFO or socket is written straight.
 *
 * The first failure sticks: later writes do nothing and return false, and commit
 * says what it was.  So a run of writes may ignore the results, a long loop should
 * stop on false (a closed pipe), and everybody must check the commit.  SIGPIPE must
 * be ignored by the process.  One output belongs to one thread.
 */
#ifndef REBUT_OUTPUT_H
#define REBUT_OUTPUT_H

#include "rebut/error.h"
#include "rebut/text.h"

struct rebut_output {
    int fd;       /* -1 when not open */
    int cause;    /* errno of the first failure, or 0 */
    bool own;     /* close fd on release */
    bool aside;   /* written elsewhere and put in place by the commit */
    bool memory;  /* no file: the buffer grows */
    char *path;   /* where the file will be; NULL for standard output */
    char *temp;   /* its name until then; NULL when it has none */
    char *buffer; /* [room] */
    size_t used, room;
    uint64_t written; /* bytes taken so far */
};

#define REBUT_OUTPUT_BUFFER ((size_t)1 << 16)

/* Open for writing; NULL, "-" and "/dev/stdout" are standard output.  On failure (EIO,
 * ENOMEM) *out is closed and releasing it does nothing. */
REBUT_MUST_CHECK bool rebut_output_open(struct rebut_output *out, const char *path,
                                        struct rebut_error *err);

/* The same, of mode 0600 from the first moment, whatever was there: for what holds
 * buyers' ids in bulk.  Standard output and devices are as above. */
REBUT_MUST_CHECK bool rebut_output_open_private(struct rebut_output *out,
                                                const char *path,
                                                struct rebut_error *err);

/* Write into memory instead: out->buffer holds out->used bytes, which the caller may set
 * back to 0 to begin again.  No commit; release frees it.  ENOMEM. */
REBUT_MUST_CHECK bool rebut_output_memory(struct rebut_output *out,
                                          struct rebut_error *err);

bool rebut_output_write(struct rebut_output *out, const void *data, size_t size);
bool rebut_output_text(struct rebut_output *out, struct rebut_text text);
bool rebut_output_print(struct rebut_output *out, const char *format, ...)
    REBUT_PRINTF(2, 3);

/* A JSON string with its quotes.  Control characters, quote and backslash are escaped;
 * bytes that are no UTF-8 become U+FFFD, one each. */
bool rebut_output_json(struct rebut_output *out, struct rebut_text text);

/* A JSON number: the shortest of 15, 16 and 17 digits that reads back as the same
 * double; "null" when it is not finite. */
bool rebut_output_double(struct rebut_output *out, double value);

#define REBUT_DOUBLE_SIZE 32
/* A JSON number of at most 14 decimals (15 digits beyond 10^4 or below 10^-4), without
 * trailing zeros: several times as fast as the shortest; "null" when not finite. */
bool rebut_output_decimal(struct rebut_output *out, double value);

/* The same as text; they return its length. */
size_t rebut_double_text(double value, char ret_text[REBUT_DOUBLE_SIZE]);
size_t rebut_decimal_text(double value, char ret_text[REBUT_DOUBLE_SIZE]);

/* Flush, force to disk, rename.  Afterwards only release may be called. */
REBUT_MUST_CHECK bool rebut_output_commit(struct rebut_output *out,
                                          struct rebut_error *err);

/* The same for one of many files: it appears at once, and is on the disk after
 * rebut_output_force of its folder, which is many times as fast as one by one. */
REBUT_MUST_CHECK bool rebut_output_place(struct rebut_output *out,
                                         struct rebut_error *err);
REBUT_MUST_CHECK bool rebut_output_force(const char *folder, struct rebut_error *err);

/* Free everything; what was not committed vanishes. */
void rebut_output_release(struct rebut_output *out);

#endif
