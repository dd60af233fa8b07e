/* rebut/doctor.h -- is all there that a nightly run needs, and did the last ones go well?
 *
 * Looks and changes nothing.  Each check is a row of a table in engine/nightly/doctor.c:
 * a name, and a function that says how it stands and in words what to do.  A check that
 * needs what an earlier one found missing is left out.
 */
#ifndef REBUT_DOCTOR_H
#define REBUT_DOCTOR_H

#include <stddef.h>
#include <stdint.h>

#include "rebut/error.h"

enum rebut_health { REBUT_WELL, REBUT_WATCH, REBUT_ILL };

struct rebut_finding {
    const char *check; /* its name */
    enum rebut_health health;
    char words[400]; /* what was found; when not well, what to do */
};

struct rebut_doctor_job {
    const char *conninfo;      /* see rebut/store.h */
    const char *source_schema; /* NULL: rebut */
    const char *state_path;    /* NULL: none */
    int64_t now_us;            /* this machine's clock */
    double late_hours;         /* the last run should not have ended longer ago */
};

#define REBUT_FINDINGS_MAX 16

/* Fill ret_findings[REBUT_FINDINGS_MAX]; gives how many. */
size_t rebut_doctor(const struct rebut_doctor_job *job,
                    struct rebut_finding ret_findings[REBUT_FINDINGS_MAX]);

#endif
