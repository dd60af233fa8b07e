/* What the audit's own files share. */
#ifndef REBUT_REPORT_AUDIT_PARTS_H
#define REBUT_REPORT_AUDIT_PARTS_H

#include <jansson.h>

#include "rebut/audit.h"

#define REBUT_AUDIT_ZONE 480 /* minutes: days, weeks and months are China's */

/* A score as it was written. */
struct rebut_audit_line {
    struct rebut_text id; /* the object's */
    double probability, q_value;
    double propensity;             /* 0: not given */
    double terms[REBUT_RAW_TERMS]; /* log-odds within 1000, NaN: not given */
    int64_t as_of;                 /* or REBUT_TIME_NONE */
    bool has_terms;
    uint8_t selection, one_order;
};
REBUT_MUST_CHECK bool rebut_audit_line_read(json_t *object, struct rebut_audit_line *ret,
                                            struct rebut_error *err);

/* Was it shown as likely abuse? */
static inline bool rebut_audit_ranked(const struct rebut_audit_item *item)
{
    return item->selection == REBUT_SELECTION_RANKED;
}

/* Days since 1970-01-01 in China, of a time not before it. */
int64_t rebut_audit_day(int64_t time);

REBUT_MUST_CHECK bool rebut_audit_groups(struct rebut_audit *audit,
                                         struct rebut_error *err);
REBUT_MUST_CHECK bool rebut_audit_reviewers(struct rebut_audit *audit,
                                            struct rebut_error *err);

/* The verdicts that reliability is of are ranked: their Venn-Abers intervals. */
REBUT_MUST_CHECK bool rebut_audit_venn(struct rebut_audit *audit,
                                       struct rebut_error *err);

/* `calibration` and `terms`. */
REBUT_MUST_CHECK bool rebut_audit_calibrate(struct rebut_audit *audit,
                                            struct rebut_error *err);

#endif
