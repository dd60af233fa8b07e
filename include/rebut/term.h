/* rebut/term.h -- the lines of a score: each a log-odds, and together the whole.
 *
 * Terms of the model first, then the marks, then what is known of the model itself.
 */
#ifndef REBUT_TERM_H
#define REBUT_TERM_H

#include "rebut/marks.h"

enum rebut_term_id {
    REBUT_TERM_CIRCUMSTANCES,
    REBUT_TERM_MERCHANT,
    REBUT_TERM_ITEM,
    REBUT_TERM_RECENT,
    REBUT_TERM_RECORD,
    REBUT_TERM_READINESS,
    REBUT_TERM_RING,
    REBUT_TERM_MARKS, /* the first of REBUT_MARKS */
    REBUT_TERM_CALIBRATION = REBUT_TERM_MARKS + REBUT_MARKS,
    REBUT_TERM_VERDICT,
    REBUT_TERMS
};

/* Terms that come from the events alone; calibration and verdict do not. */
#define REBUT_RAW_TERMS REBUT_TERM_CALIBRATION

/* Stable, as in the outputs: "merchant", "delay". */
const char *rebut_term_name(enum rebut_term_id id);

#endif
