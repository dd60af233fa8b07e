/* rebut/progress.h -- how far, how fast, how long still?
 *
 * On a terminal one line that is redrawn at most ten times a second, first after a
 * tenth of one; elsewhere plain lines, at most one every five seconds; nothing at all
 * when `to` is NULL.  Figures and signs only, but for the caller's label: percent, items
 * a second, and the time that is left (-) or, of a whole that is not known, gone (+):
 *
 *     reading  42% [###########................] 1.2M/s -0:12
 *
 * Nothing here reads the clock: the caller gives a function that does.
 *
 *     rebut_progress_init(&progress, quiet ? NULL : stderr, "reading", clock_us);
 *     while (…)
 *         rebut_progress_step(&progress, bytes, bytes_total, events);
 *     rebut_progress_end(&progress);
 */
#ifndef REBUT_PROGRESS_H
#define REBUT_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct rebut_progress {
    FILE *to;                  /* NULL: quiet */
    const char *label;         /* borrowed; UTF-8 */
    int64_t (*clock_us)(void); /* microseconds that never run backwards */
    int64_t start_us, drawn_us;
    uint64_t done, total, items;
    bool terminal;
    bool drawn; /* a bar is on the terminal's current line */
};

/* A NULL `to` or clock is quiet. */
void rebut_progress_init(struct rebut_progress *progress, FILE *to, const char *label,
                         int64_t (*clock_us)(void));

/* `done` of `total` units of work (total 0: not known), and `items`, whose rate is
 * shown.  Costs a clock reading; draws when it is time to.  NULL is allowed. */
void rebut_progress_step(struct rebut_progress *progress, uint64_t done, uint64_t total,
                         uint64_t items);

/* Wipe the bar, so that other words can follow.  NULL is allowed. */
void rebut_progress_end(struct rebut_progress *progress);

#endif
