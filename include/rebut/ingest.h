/* rebut/ingest.h -- inputs into the tables, with an account of every line.
 *
 *     struct rebut_ingest_job job = {.paths = paths, .path_count = count,
 *                                    .as_of = as_of, .rejects = &rejects};
 *     if (!rebut_ingest(&job, &state, &ingested, err))
 *         goto done;
 *     rebut_ingested_print(&ingested, stderr);
 *
 * Each line is blank, or refused by the parser, or later than as_of, or applied, or a
 * duplicate of one applied, or in conflict with one, or an orphan:
 *
 *     lines == blank + refused + after + applied + duplicates + conflicts + orphans
 *
 * What names an order or request not seen so far is kept and tried again; at the end
 * it is an orphan.  What is refused, in conflict or an orphan goes to the rejects.
 * Of two events with one id and different content the earlier stands; when that one
 * came later, the inputs are read again for the text of the other, so that it can go to
 * the rejects (null where an input cannot be read again, such as standard input).
 */
#ifndef REBUT_INGEST_H
#define REBUT_INGEST_H

#include "rebut/progress.h"
#include "rebut/reader.h"
#include "rebut/rejects.h"
#include "rebut/state.h"

#define REBUT_KEPT_MAX ((size_t)1 << 30) /* bytes kept of what may become orphans */

/* Whoever keeps the state for another time gets it with everything in it and before it is
 * sealed, and the lines that are orphans so far, as rebut_event_parse reads them. */
typedef bool rebut_ingest_keep(void *context, const struct rebut_state *state,
                               const struct rebut_text *waiting, uint32_t waiting_count,
                               struct rebut_error *err);

struct rebut_ingest_job {
    const char *const *paths; /* [path_count], see rebut/reader.h; or none, and */
    size_t path_count;
    struct rebut_source *source; /* to be read to its end; the caller closes it */
    int64_t as_of; /* later events are only counted; REBUT_TIME_MAX takes all */
    struct rebut_rejects *rejects;   /* open; NULL: only count.  The caller commits */
    struct rebut_progress *progress; /* may be NULL */
    struct rebut_reader_options reader;
    size_t kept_max;         /* bytes; 0: REBUT_KEPT_MAX */
    rebut_ingest_keep *keep; /* may be NULL */
    void *context;           /* of keep */
    /* The state has events from earlier, so that none at all is no error; these lines
     * were orphans then. */
    bool goes_on;
    const struct rebut_text *waiting; /* [waiting_count] */
    uint32_t waiting_count;
};

struct rebut_ingested {
    uint64_t lines, blank;
    uint64_t refused[REBUT_REFUSALS];       /* by rebut_words_refusal */
    uint64_t after[REBUT_EVENT_TYPES];      /* later than as_of */
    uint64_t applied[REBUT_EVENT_TYPES];    /* in the tables */
    uint64_t duplicates[REBUT_EVENT_TYPES]; /* identical to one applied */
    uint64_t conflicts[REBUT_EVENT_TYPES];  /* the id of one applied, other content */
    uint64_t orphans[REBUT_EVENT_TYPES];    /* order or request never seen */
    uint64_t bytes;                         /* of the inputs, as they are stored */
    uint64_t inputs;                        /* files */
    int64_t first_at, last_at; /* of events up to as_of, or REBUT_TIME_NONE */
};

/* Read all inputs into `state` (initialised; empty unless the job goes on) and seal it.
 * Fails as the reader and rebut_state_apply do, with EIO when the rejects cannot be
 * written, ELIMIT when more than kept_max has to be kept, and EDATA when the inputs hold
 * no event at all. After a failure the state holds part of the events and must only be
 * released; *ret_ingested is unspecified. */
REBUT_MUST_CHECK bool rebut_ingest(const struct rebut_ingest_job *job,
                                   struct rebut_state *state,
                                   struct rebut_ingested *ret_ingested,
                                   struct rebut_error *err);

/* Sums over types or reasons. */
uint64_t rebut_ingested_sum(const uint64_t *counts, size_t length);

/* The account for a person: aligned, without lines that would say 0. */
void rebut_ingested_print(const struct rebut_ingested *ingested, FILE *to);

/* The same as one JSON object without newline. */
bool rebut_ingested_json(const struct rebut_ingested *ingested, struct rebut_output *out);

#endif
