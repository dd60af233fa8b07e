/* One line of a merchant's file of appeals. */
#ifndef REBUT_EVIDENCE_APPEALS_ENTRY_H
#define REBUT_EVIDENCE_APPEALS_ENTRY_H

#include "rebut/appeals.h"
#include "rebut/grow.h"

/* As struct rebut_appeal where unknown. */
struct appeal_entry {
    struct rebut_text request_id, platform, form, reason;
    int64_t at, amount, recovered, expires;
    int status;
    uint32_t line; /* from 1 */
};

/* Texts lie in `text` or in `room`, of at least text.size bytes, of which *ret_used are
 * taken.  EDATA. */
REBUT_MUST_CHECK bool rebut_appeal_entry(struct rebut_text text, uint32_t line,
                                         char *room, size_t *ret_used,
                                         struct appeal_entry *ret,
                                         struct rebut_error *err);

/* Do two entries say the same?  Their lines do not count. */
bool rebut_appeal_entry_equal(const struct appeal_entry *a, const struct appeal_entry *b);

struct appeal_entries {
    REBUT_ARRAY(struct appeal_entry) all;
};

/* All lines, by request, then as an appeal goes on, then by time and line.  `room` as
 * above, for the whole text.  EDATA, ELIMIT, ENOMEM. */
REBUT_MUST_CHECK bool rebut_appeal_entries_read(struct rebut_text text, char *room,
                                                struct appeal_entries *ret,
                                                struct rebut_error *err);
void rebut_appeal_entries_release(struct appeal_entries *entries); /* zeroed is fine */

#endif
