/* rebut/log.h -- what a long-running program says: one JSON object a line.
 *
 *     {"at":"2026-11-25T02:00:13.250000Z","level":"info","event":"read","events":3300000}
 *
 * For machines that collect lines, and still legible.  No member may hold an identifier
 * or a text of a buyer: counts, times, names of models, tables and reasons only.  The
 * clock is the caller's; nothing here reads one.
 */
#ifndef REBUT_LOG_H
#define REBUT_LOG_H

#include <stdint.h>
#include <stdio.h>

#include "rebut/error.h"

struct rebut_log {
    FILE *to;                /* NULL: silent */
    int64_t (*now_us)(void); /* microseconds since 1970; NULL: no `at` */
};

/* Write a line.  `members` is a printf format for the members after `event`, each with
 * its comma in front (",\"rows\":%d"), or "" for none.  Texts in it must be plain words:
 * rebut_log_error is for others.  NULL log is silent. */
void rebut_log(const struct rebut_log *log, const char *level, const char *event,
               const char *members, ...) REBUT_PRINTF(4, 5);

/* A failure: level error, the code's exit code and the message. */
void rebut_log_error(const struct rebut_log *log, const char *event,
                     const struct rebut_error *err);

#endif
