/* What the files of this room share: the run under way. */
#ifndef REBUT_NIGHTLY_PARTS_H
#define REBUT_NIGHTLY_PARTS_H

#include "rebut/infer.h"
#include "rebut/nightly.h"
#include "rebut/nights.h"
#include "rebut/score.h"

#define REBUT_NUMBER_SIZE 24
#define REBUT_COUNTS_SIZE 4096

struct night {
    const struct rebut_nightly_job *job;
    struct rebut_nightly_report *report;
    struct rebut_store *desk;   /* writes, and holds the lock */
    struct rebut_store *reader; /* reads, in one transaction */
    int64_t as_of, since;       /* asked for; REBUT_TIME_MAX, INT64_MIN: all */
    uint64_t watermark;
    struct rebut_state state;
    struct rebut_rejects rejects;
    struct rebut_model model;
    struct rebut_frame frame;
    struct rebut_inference inference;
    struct rebut_scores scores;
    struct rebut_queue queue;
    bool has_state, has_rejects, has_model, has_frame, has_inference, has_scores,
        has_queue;
    struct rebut_announced kept; /* for the stream */
    bool has_kept;
    bool fitted;   /* the model is tonight's */
    bool unlocked; /* the session that held the lock is gone */
    bool in_doubt; /* COMMIT was asked for, and nobody said what became of it */
};

/* Has somebody asked it to stop?  And the same as an error, ETRY. */
bool rebut_night_stopped(const struct night *night);
REBUT_MUST_CHECK bool rebut_night_go_on(const struct night *night,
                                        struct rebut_error *err);

/* Connect; the job's hand may cancel it at `place`. */
REBUT_MUST_CHECK bool rebut_night_connect(struct night *night, struct rebut_store **ret,
                                          int place, struct rebut_error *err);

/* run_record.c: the run's row in rebut.runs, which says what became of it; as of when it
 * scores, as soon as that is known. */
REBUT_MUST_CHECK bool rebut_night_begin(struct night *night, struct rebut_error *err);
REBUT_MUST_CHECK bool rebut_night_knows(struct night *night, struct rebut_error *err);
void rebut_night_end(struct night *night, const struct rebut_error *why);
void rebut_night_counts(const struct night *night, char ret[REBUT_COUNTS_SIZE]);

/* night_read.c: events into night->state. */
REBUT_MUST_CHECK bool rebut_night_read(struct night *night, struct rebut_error *err);

/* night_score.c: model, inference, scores, queue, alarms. */
REBUT_MUST_CHECK bool rebut_night_load_model(struct night *night,
                                             struct rebut_error *err);
REBUT_MUST_CHECK bool rebut_night_score(struct night *night, struct rebut_error *err);

/* night_write.c: all results in one transaction. */
REBUT_MUST_CHECK bool rebut_night_write(struct night *night, struct rebut_error *err);

/* night_groups.c: within that transaction. */
REBUT_MUST_CHECK bool rebut_night_write_groups(struct night *night,
                                               struct rebut_error *err);

/* night_keep.c: the night for the stream.  What cannot be written is told and the run
 * goes on, unless it makes nothing else. */
REBUT_MUST_CHECK bool rebut_night_keep_state(struct night *night,
                                             const struct rebut_state *state,
                                             const struct rebut_text *waiting,
                                             uint32_t waiting_count,
                                             struct rebut_error *err);
REBUT_MUST_CHECK bool rebut_night_keep_model(struct night *night,
                                             struct rebut_error *err);
/* After the scores, without tables: its image and its row, or that there is none. */
REBUT_MUST_CHECK bool rebut_night_announce(struct night *night, struct rebut_error *err);
void rebut_night_forget_kept(struct night *night); /* after a failure */

/* night_doubt.c: the number of the desk's transaction, and what became of it after a
 * COMMIT that nobody answered: asked for half a minute, by a new desk.  The lock is not
 * held any more. */
enum night_fate { NIGHT_UNKNOWN, NIGHT_WRITTEN, NIGHT_NOT_WRITTEN };
REBUT_MUST_CHECK bool rebut_night_number(struct night *night,
                                         char ret_xid[REBUT_NUMBER_SIZE],
                                         struct rebut_error *err);
enum night_fate rebut_night_fate(struct night *night, const char *xid);

/* An integer as a parameter; gives ret_text. */
const char *rebut_number_text(int64_t value, char ret_text[REBUT_NUMBER_SIZE]);

#endif
