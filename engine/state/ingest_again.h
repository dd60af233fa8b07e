/* Events that were applied and then replaced by an earlier one of the same id: where
 * they stood, found by reading the inputs again.  Private to ingest.
 *
 * To remember the place of every event in case it is replaced would cost more than the
 * tables; so only the digests of those that were are kept. */
#ifndef REBUT_STATE_INGEST_AGAIN_H
#define REBUT_STATE_INGEST_AGAIN_H

#include "rebut/grow.h"
#include "rebut/intern.h"
#include "rebut/rejects.h"
#include "rebut/source.h"

struct replaced {
    struct rebut_intern keys; /* type, digest and id, as one string each */
    REBUT_ARRAY(bool) found;  /* [keys.count] */
    uint32_t found_count;
};

void rebut_replaced_init(struct replaced *replaced);
void rebut_replaced_release(struct replaced *replaced);

/* Remember that the event of this one's type and id with that digest was replaced. */
REBUT_MUST_CHECK bool rebut_replaced_add(struct replaced *replaced,
                                         const struct rebut_event *by, uint32_t digest,
                                         struct rebut_error *err);

/* Read again what can be, and put all that were replaced into the rejects. */
REBUT_MUST_CHECK bool rebut_replaced_report(struct replaced *replaced,
                                            struct rebut_source *source,
                                            struct rebut_rejects *rejects,
                                            struct rebut_error *err);

/* The id whose repetition is a conflict: its value and the field's name. */
struct rebut_text rebut_event_own_id(const struct rebut_event *event,
                                     const char **ret_field);

#endif
