/* Partitions kept and restored. */
#include <stdio.h>

#include "parts.h"

void rebut_scorer_too_long(uint64_t bytes, struct rebut_refusal *refusal)
{
    snprintf(refusal->expected, sizeof refusal->expected, "at most %zu bytes",
             REBUT_LINE_MAX);
    snprintf(refusal->came, sizeof refusal->came, "%llu bytes",
             (unsigned long long)bytes);
}

bool rebut_scorer_restore(struct rebut_scorer *scorer, struct rebut_place *place,
                          struct rebut_position stored, struct rebut_error *err)
{
    (void)stored;
    place->last = REBUT_POSITION_NONE;
    return rebut_live_new(&place->live, &scorer->options.live, scorer->tonight->buyers,
                          err);
}

bool rebut_scorer_save(struct rebut_scorer *scorer, struct rebut_place *place, bool now,
                       struct rebut_error *err)
{
    (void)scorer, (void)place, (void)now, (void)err;
    return true;
}

bool rebut_scorer_take_up(struct rebut_scorer *scorer,
                          const struct rebut_tonight *tonight, struct rebut_error *err)
{
    scorer->tonight = tonight;
    (void)err;
    return true;
}
