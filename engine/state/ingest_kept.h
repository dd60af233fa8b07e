/* Lines that name what has not been seen: kept and tried again.  Private to ingest.
 *
 * The tables do not depend on the order of events, so it need not be at once that a
 * line is tried again: it is when what is kept has doubled, and at the end. */
#ifndef REBUT_STATE_INGEST_KEPT_H
#define REBUT_STATE_INGEST_KEPT_H

#include "rebut/source.h"
#include "rebut/state.h"

struct kept_line {
    struct rebut_line line; /* text owned */
    enum rebut_event_type type;
    bool settled; /* no orphan any more; the text is freed */
};

struct kept {
    REBUT_ARRAY(struct kept_line) lines; /* in the order of reading */
    struct rebut_event_scratch scratch;
    size_t bytes, bytes_max;
    size_t sweep_at; /* try again when there are more bytes than this */
};

/* What is to be done with an event that is no orphan any more. */
struct kept_use {
    bool (*settle)(void *context, const struct rebut_event *event,
                   const struct rebut_line *line, bool *ret_orphan,
                   struct rebut_error *err);
    void *context;
};

void rebut_kept_init(struct kept *kept, size_t bytes_max);
void rebut_kept_release(struct kept *kept);

/* Copy a line.  Fails with ELIMIT or ENOMEM. */
REBUT_MUST_CHECK bool rebut_kept_add(struct kept *kept, enum rebut_event_type type,
                                     const struct rebut_line *line,
                                     struct rebut_error *err);

/* Has what is kept grown enough to be tried again? */
static inline bool rebut_kept_is_due(const struct kept *kept)
{
    return kept->bytes > kept->sweep_at;
}

/* Try all of them; requests before what names requests.  Fails with ELIMIT when too much
 * is left. */
REBUT_MUST_CHECK bool rebut_kept_sweep(struct kept *kept, const struct kept_use *use,
                                       struct rebut_error *err);

/* Parse a kept line again; the event lives until the next call. */
void rebut_kept_event(struct kept *kept, const struct kept_line *line,
                      struct rebut_event *ret_event);

#endif
