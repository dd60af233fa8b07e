/* rebut/nightly.h -- one night's work on a platform's PostgreSQL: read, fit, score,
 * write.
 *
 *     lock -> run record -> snapshot of the database -> events -> state -> model
 *          -> scores -> one transaction: model, scores, queue, run record
 *
 * What a run writes appears at once or not at all; killed at any moment, the next run
 * starts as if it had not been, but for a record of it (`abandoned`).  What an earlier
 * run has scored with the same model is skipped.
 *
 * Reading.  All tables are read in one REPEATABLE READ transaction.  With a state file,
 * only what is new is: rows of transactions from the watermark on (pg_snapshot_xmin when
 * the file was made: by sequence numbers, rows committed late would be lost).  Rows read
 * twice are known by their ids and digests.  The result equals that of reading all, to
 * the byte; a state file that is damaged, or of another database, is named and not used.
 *
 * With a folder to keep nights in, the state and the model are written there and, once
 * the scores are committed, scored and announced (rebut/nights.h); `night_only` makes
 * nothing else, and so is cheap enough for every ten minutes.
 *
 * A state file or a night that cannot be written is told, and the run goes on.
 *
 * What stands in the tables and is no event is set aside with its reason, and counted;
 * the run goes on.
 */
#ifndef REBUT_NIGHTLY_H
#define REBUT_NIGHTLY_H

#include <signal.h>

#include "rebut/ingest.h"
#include "rebut/log.h"
#include "rebut/progress.h"
#include "rebut/queue.h"
#include "rebut/store.h"

/* A term whose distribution moved this much since the model in use was fitted, or a queue
 * that grew or shrank by this factor against the runs before: an alarm. */
#define REBUT_ALARM_PSI 0.25
#define REBUT_ALARM_QUEUE 2.0

/* For a signal handler: it sets `stop` and cancels what the stores are waiting for. */
struct rebut_nightly_hand {
    volatile sig_atomic_t stop;
    volatile sig_atomic_t connecting; /* which nobody can cancel: the handler may exit */
    struct rebut_store *volatile stores[2]; /* NULL when closed */
};

/* Safe in a signal handler. */
void rebut_nightly_stop(struct rebut_nightly_hand *hand);

struct rebut_nightly_job {
    const char *conninfo;      /* NULL: the PG* environment */
    const char *source_schema; /* where the event tables or views are; NULL: rebut */
    int64_t as_of;             /* REBUT_TIME_MAX: the last event */
    int64_t since;             /* score requests from then on; INT64_MIN: all */
    const char *model;        /* NULL: fit; "champion", an id in rebut.models or a file */
    const char *state_path;   /* NULL: read everything */
    const char *rejects_path; /* NULL: only count */
    const char *keep_folder;  /* keep and announce the night there, for the stream */
    enum rebut_language language;
    struct rebut_queue_plan plan;
    bool seeded;     /* plan.seed was given; else it is the as-of time */
    bool again;      /* score also what this model has scored as of another time */
    bool dry_run;    /* write nothing, take no lock */
    bool night_only; /* no scores, queue or record: the night, with a model of the
                        database */
    bool resume;     /* as of the time, and since, of the last run, which did not end */
    const struct rebut_log *log;
    struct rebut_progress *progress; /* may be NULL */
    int64_t (*clock_us)(void);       /* monotonic: for durations */
    struct rebut_nightly_hand *hand; /* NULL: nobody stops it */
};

enum rebut_nightly_stage {
    REBUT_STAGE_READ,
    REBUT_STAGE_STATE, /* the state file written */
    REBUT_STAGE_FIT,
    REBUT_STAGE_SCORE,
    REBUT_STAGE_WRITE,
    REBUT_STAGES
};
extern const char *const rebut_words_stage[REBUT_STAGES];

struct rebut_nightly_report {
    int64_t run_id;   /* 0: none */
    int64_t night_id; /* announced; 0: none */
    int64_t as_of;
    struct rebut_ingested ingested;
    bool incremental;
    uint64_t scored, skipped, slots, slots_random, groups;
    double stated, recovery; /* of the queue, see rebut/queue.h */
    double psi_most;         /* of the champion's terms; NaN: no champion before */
    const char *psi_term;    /* which */
    bool psi_alarm, queue_alarm;
    double seconds[REBUT_STAGES];
    char model[REBUT_MODEL_VERSION_SIZE];
};

/* Do it.  Fails with ETRY (another run is under way, server away, cancelled), EDATA
 * (schema, no events), or as the parts do; the run's record then says why, if the
 * database can still be reached.  *ret is filled as far as the run came. */
REBUT_MUST_CHECK bool rebut_nightly(const struct rebut_nightly_job *job,
                                    struct rebut_nightly_report *ret,
                                    struct rebut_error *err);

/* Is a queue of `now` requests within the bound unusual where `usual` are the rule? */
bool rebut_nightly_queue_alarm(double now, double usual);

/* The report as metrics in Prometheus' text format, for its textfile collector; `ok` and
 * the wall-clock time of the end go in.  The file appears whole. */
REBUT_MUST_CHECK bool rebut_nightly_metrics(const struct rebut_nightly_report *report,
                                            bool ok, int64_t ended_at, const char *path,
                                            struct rebut_error *err);

#endif
