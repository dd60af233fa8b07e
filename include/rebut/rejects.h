/* rebut/rejects.h -- the file of lines that were set aside, and why.
 *
 * NDJSON, one object a line set aside:
 *
 *     {"input":"may.ndjson","line":7,"reason":"out_of_range","field":"amount",
 *      "expected":"an integer from 0 to 1000000000000","came":"-1","text":"{…}"}
 *
 * `text` is the original line; where it is no UTF-8 there is "text_base64" instead, of a
 * line too long its first 1024 bytes and "bytes", how many it has.  What is not known
 * (an input that cannot be read again) is null.  A message of a stream may have "key"
 * too, by which it was partitioned.  The file holds buyers' data.
 */
#ifndef REBUT_REJECTS_H
#define REBUT_REJECTS_H

#include "rebut/output.h"

struct rebut_reject {
    const char *input; /* NULL: not known */
    uint64_t line;     /* 0: not known */
    const char *reason, *field, *expected, *came;
    struct rebut_text text; /* {NULL, 0}: not known */
    struct rebut_text key;  /* {NULL, 0}: has none */
    uint64_t bytes; /* of the whole line; more than text.size: text is its start */
};

struct rebut_rejects {
    struct rebut_output out;
    uint64_t count;
};

/* Open the file; it appears on commit (see rebut/output.h).  EIO or ENOMEM. */
REBUT_MUST_CHECK bool rebut_rejects_open(struct rebut_rejects *rejects, const char *path,
                                         struct rebut_error *err);

/* Add a line.  A failure sticks and is told by the commit. */
bool rebut_rejects_add(struct rebut_rejects *rejects, const struct rebut_reject *reject);

REBUT_MUST_CHECK bool rebut_rejects_commit(struct rebut_rejects *rejects,
                                           struct rebut_error *err);

/* Free everything; what was not committed vanishes.  A zeroed struct is allowed. */
void rebut_rejects_release(struct rebut_rejects *rejects);

#endif
