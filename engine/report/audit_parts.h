/* What the audit's own files share. */
#ifndef REBUT_REPORT_AUDIT_PARTS_H
#define REBUT_REPORT_AUDIT_PARTS_H

#include "rebut/audit.h"

#define REBUT_AUDIT_ZONE 480 /* minutes: days, weeks and months are China's */

/* Was it shown as likely abuse? */
static inline bool rebut_audit_ranked(const struct rebut_audit_item *item)
{
    return item->selection == REBUT_SELECTION_RANKED;
}

/* Days since 1970-01-01 in China, of a time not before it. */
int64_t rebut_audit_day(int64_t time);

REBUT_MUST_CHECK bool rebut_audit_groups(struct rebut_audit *audit,
                                         struct rebut_error *err);
void rebut_audit_agree(struct rebut_audit *audit);

#endif
