#include "rebut/term.h"

#include <stddef.h>

static const char *const names[REBUT_TERMS] = {
    [REBUT_TERM_CIRCUMSTANCES] = "circumstances",
    [REBUT_TERM_MERCHANT] = "merchant",
    [REBUT_TERM_ITEM] = "item",
    [REBUT_TERM_RECENT] = "recent",
    [REBUT_TERM_RECORD] = "buyer_record",
    [REBUT_TERM_READINESS] = "readiness",
    [REBUT_TERM_RING] = "ring",
    [REBUT_TERM_CALIBRATION] = "calibration",
    [REBUT_TERM_VERDICT] = "verdict",
};

const char *rebut_term_name(enum rebut_term_id id)
{
    return names[id] != NULL ? names[id] : rebut_mark_tables[id - REBUT_TERM_MARKS].name;
}
