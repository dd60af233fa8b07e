/* Which night is a stream judging against, and is there a newer one?
 *
 * Either two files, which are read again when asked (SIGHUP), or a folder in which nights
 * are announced by PostgreSQL (rebut/nights.h): the newest that is not withdrawn, heard
 * of by LISTEN with a poll behind it.  A thread of its own waits, checks, reads and
 * scores the next night, and frees the one before; the stream meanwhile goes on, and
 * takes the next one up between two batches.  What cannot be read is told, once a night,
 * and tried again at each poll; the one in use stays.
 *
 * Memory: two nights, while one follows the other. */
#ifndef REBUT_CMD_STREAM_NIGHT_H
#define REBUT_CMD_STREAM_NIGHT_H

#include "rebut/log.h"
#include "rebut/scorer.h"

struct rebut_stream_night;

struct rebut_stream_night_options {
    const char *night, *model;  /* files, or */
    const char *nights, *store; /* a folder, and who announces what is in it */
    const struct rebut_log *log;
    int poll_ms; /* 0: 10,000 */
};

struct rebut_stream_night_facts {
    int64_t id;             /* 0: not an announced one */
    int64_t as_of, made_at; /* microseconds; made_at 0: not known */
    uint64_t taken_up, failed;
};

/* Load the first one.  ETRY where none is announced; else as rebut_tonight_open and
 * rebut/store.h say.  Of announced ones that are damaged the next older is taken. */
REBUT_MUST_CHECK bool
rebut_stream_night_open(struct rebut_stream_night **ret,
                        const struct rebut_stream_night_options *options,
                        struct rebut_error *err);
void rebut_stream_night_close(struct rebut_stream_night *night); /* NULL is allowed */

const struct rebut_tonight *
rebut_stream_night_now(const struct rebut_stream_night *night);
struct rebut_stream_night_facts
rebut_stream_night_facts(const struct rebut_stream_night *night);

/* Look again, whatever was heard: files that have changed. */
void rebut_stream_night_again(struct rebut_stream_night *night);

/* Between two batches: let the scorer have what is ready, log what failed.  Costs a look
 * when there is nothing. */
REBUT_MUST_CHECK bool rebut_stream_night_tick(struct rebut_stream_night *night,
                                              struct rebut_scorer *scorer,
                                              struct rebut_error *err);

#endif
